"""# What may be compared

Figures of two years compare, compare with a caution, or do not. The rule is one function; it is told here on a country
of two regions made by hand, and then on every main measure and area that there is.
"""

import itertools
import math

import pytest

import cptrends
from cptrends import data, indicators
from cptrends.data import areas, events, figures, measures
from cptrends.data.comparability import compare
from cptrends.errors import BadInput
from cptrends.indicators import comparability

MAIN = ["referrals", "section_47_enquiries", "initial_conferences", "plans_started", "plans_31_march", "repeat_plans"]
RATIOS = ["referral_rate", "plan_rate", "repeat_plan_share", "plan_per_conference", "safeguarding_spend_per_child"]
COUNTRY, NORTH, SOUTH = areas.ENGLAND, areas.find("South East"), areas.find("North West")
HANTS, KENT, SURREY = (areas.find(name) for name in ("Hampshire", "Kent", "Surrey"))
CUMBRIA, CUMBERLAND, WESTMORLAND = (areas.find(name) for name in ("Cumbria", "Cumberland", "Westmorland and Furness"))


def same(name, area, earlier, later, **options):
    return cptrends.comparable(name, area, earlier, later, **options)["like_for_like"]


def sentence(name, area, earlier, later, **options):
    return cptrends.comparable(name, area, earlier, later, **options)["sentence"]


def answer(name, area, earlier, later, **options):
    return cptrends.comparable(name, area, earlier, later, **options)["answer"]


# ## The case that made the rule: Hampshire's missing return


def test_referrals_of_2024_and_2025_on_the_authorities_that_returned_both():
    found = same("referrals", "England", 2024, 2025)
    assert (found["earlier"], found["later"], found["areas"]) == (590_572, 589_880, 151)
    assert set(found["left_out"]) == {"Hampshire", "Herefordshire"}
    assert found["change"] == -692 and round(found["percent_change"], 1) == -0.1


@pytest.mark.parametrize(("earlier", "later"), [(2023, 2024), (2024, 2025), (2015, 2024)])
@pytest.mark.parametrize("area", ["England", "South East"])
def test_a_carried_over_return_is_told_going_in_and_coming_out(area, earlier, later):
    assert answer("plans_started", area, earlier, later) == "with_caution"
    assert "Hampshire's figures of 2023/24 are those of the year before." in sentence(
        "plans_started", area, earlier, later
    )
    assert "Hampshire" in same("plans_started", area, earlier, later)["left_out"]


@pytest.mark.parametrize("area", ["England", "South East"])
def test_a_pair_that_steps_over_it_compares(area):
    assert cptrends.comparable("plans_started", area, 2023, 2025)["answer"] == "yes"
    assert "Hampshire" not in same("plans_started", area, 2023, 2025)["left_out"]


def test_another_region_is_not_touched():
    assert answer("plans_started", "North East", 2023, 2024) == "yes"


@pytest.mark.parametrize(
    "name, first, before",
    [
        ("Cumberland", 2024, "Cumbria"),
        ("Westmorland and Furness", 2024, "Cumbria"),
        ("North Northamptonshire", 2022, "Northamptonshire"),
        ("West Northamptonshire", 2022, "Northamptonshire"),
    ],
)
def test_a_new_authoritys_first_year_of_rereferrals_cannot_see_those_before_it(name, first, before):
    for what in ("rereferral_share", "rereferrals", "rereferral_percent"):
        found = cptrends.comparable(what, name, first, first + 1)
        assert found["answer"] == "with_caution" and f"children referred to {before} before" in found["sentence"]
    if first + 2 <= 2025:
        assert cptrends.comparable("rereferral_share", name, first + 1, first + 2)["answer"] == "yes"
    # Repeat plans show no such step: 28.0% and 27.6% of plans in Cumberland.
    assert cptrends.comparable("repeat_plan_share", name, first, first + 1)["answer"] == "yes"


def test_the_authority_itself_has_no_figure_and_that_is_said():
    found = cptrends.comparable("referrals", "Hampshire", 2024, 2025)
    assert found["answer"] == "no" and found["sentence"].startswith("Hampshire has no figure for 2023/24")
    assert found["like_for_like"] is None


def test_two_years_that_hold_the_same_return_are_told_too():
    assert (
        sentence("referrals", "London", 2021, 2022) == "Hackney's figures of 2020/21 and 2021/22 are those of 2019/20."
    )
    assert "Hackney" in same("referrals", "London", 2021, 2022)["left_out"]


# ## The other reasons


def test_an_authority_of_which_nothing_is_known_may_be_compared():
    assert cptrends.comparable("referrals", "Kent", 2024, 2025) == {
        "answer": "yes",
        "sentence": "",
        "like_for_like": None,
    }


def test_a_missing_return_is_named_and_left_out():
    assert "Havering and Newham have no figure of their own for 2011/12." in sentence(
        "referrals", "England", 2012, 2013
    )
    assert "Norfolk has no figure of its own for 2012/13." in sentence("referrals", "East of England", 2013, 2015)
    assert {"Havering", "Newham", "Norfolk"} <= set(same("referrals", "England", 2012, 2013)["left_out"])


def test_many_missing_returns_are_counted():
    assert "14 authorities have no figure of their own for 2009/10." in sentence(
        "section_47_enquiries", "England", 2010, 2015
    )


def test_a_withdrawn_figure_is_told_of_the_authority_its_region_and_england():
    assert answer("repeat_plans", "Doncaster", 2022, 2023) == "no"
    for area in ("Yorkshire and The Humber", "England"):
        for pair in ((2021, 2022), (2022, 2025)):
            found = cptrends.comparable("repeat_plan_share", area, *pair)
            assert found["answer"] == "with_caution" and "Doncaster's figure of 2021/22" in found["sentence"]
            assert "Doncaster" in found["like_for_like"]["left_out"]
    # Also where an older release is asked for, which still had it.
    assert answer("repeat_plans", "Doncaster", 2021, 2022, release="cin-2022") == "with_caution"


def test_a_new_collection_asks_for_caution_and_a_new_edition_forbids():
    assert answer("plans_31_march", "England", 2009, 2010) == "with_caution"
    assert answer("imd_score", "Kent", 2015, 2019) == answer("idaci_score", "Kent", 2019, 2025) == "no"
    assert answer("imd_rank", "Kent", 2015, 2019) == "yes"
    assert answer("children_in_relative_low_income_percent", "England", 2021, 2022) == "no"
    assert answer("children_in_relative_low_income_percent", "England", 2022, 2023) == "yes"


def test_a_rebased_population_is_told_where_the_two_years_stand_on_different_footings():
    assert "rebased to the 2021 Census" in sentence("plan_rate", "Kent", 2012, 2015)
    assert answer("plan_rate", "Kent", 2013, 2015) == answer("plan_rate", "Surrey", 2011, 2012) == "yes"
    # What was first published for 2012 and 2015 stood on one footing; for 2021 and 2022 it did not.
    assert answer("population_0_17", "Kent", 2012, 2015, release="as_published") == "yes"
    assert answer("population_0_17", "Kent", 2021, 2022, release="as_published") == "with_caution"


def test_an_estimate_for_england_is_told():
    figure = cptrends.load("childrens_social_care_spend", area="England")
    estimated = figure[figure.status == "estimated"].year
    for year in estimated:
        assert "is an estimate" in sentence("childrens_social_care_spend", "England", 2019, int(year))


def test_spending_of_nothing_is_spending_booked_elsewhere():
    assert answer("social_work_spend", "Brent", 2013, 2015) == "no"
    assert "may be booked on another line" in sentence("social_work_spend", "Brent", 2013, 2015)
    assert "Brent" in same("social_work_spend", "England", 2013, 2015)["left_out"]
    assert sentence("social_work_spend", "England", 2013, 2015).endswith(
        " Brent and Norfolk record spending of zero or less for 2012/13; it may be booked on another line."
    )
    assert {"Salford", "Sandwell"} <= set(same("safeguarding_spend", "England", 2019, 2020)["left_out"])


def test_an_authority_that_was_not_there_is_told_with_what_came_before():
    assert sentence("referrals", "Cumberland", 2023, 2025).startswith("Cumberland has reported since 2024")


def test_a_withheld_figure_is_no_figure():
    found = cptrends.comparable("plans_31_march", "City of London", 2024, 2025)
    assert found["answer"] == "no" and "ithheld by the publisher" in found["sentence"]


def test_a_publishers_own_rate_stands_where_its_files_give_no_counts():
    """Plans ended in 2024/25 are given per 10,000 children and not as a number."""
    assert answer("plan_end_rate", "Hackney", 2024, 2025) == "yes"
    assert comparability.moved("plan_end_rate", "Hackney", 2024, 2025, by="level").startswith("up from 46.")
    # Withheld in 2023/24, so there is nothing to compare with.
    assert answer("plans_ended_2_years_share", "Hackney", 2024, 2025) == "no"


# ## What is refused


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (("referals", "England", 2024, 2025), "no measure or indicator is called 'referals'; did you mean referrals"),
        (("referrals", "Englnd", 2024, 2025), "no area is called 'Englnd'; did you mean England"),
        (("referrals", "E99999999", 2024, 2025), "no area is called 'E99999999'"),
        (("referrals", "England", 2024, 2024), "2024 does not come before 2024"),
        (("referrals", "England", 2025, 2024), "2025 does not come before 2024"),
        (("referrals", "England", "2024", 2025), "'2024' is no year"),
        (("referrals", "England", 2024.5, 2025), "'2024.5' is no year"),
        (("referrals", "England", None, 2025), "'None' is no year"),
        (("referrals", "England", True, 2025), "'True' is no year"),
        (("referrals", "England", 2024, 2025, "cin-2099"), "no release is called 'cin-2099'"),
    ],
)
def test_what_there_is_not_is_refused_in_one_sentence(arguments, refusal):
    with pytest.raises(BadInput, match=refusal) as refused:
        cptrends.comparable(*arguments)
    assert "\n" not in str(refused.value)


def test_what_is_given_may_be_changed_without_harm():
    cptrends.comparable("referrals", "England", 2024, 2025)["like_for_like"]["earlier"] = 0
    assert same("referrals", "England", 2024, 2025)["earlier"] == 590_572


# ## The same authorities, on a country made by hand


def rows(year, **values):
    codes = {"country": COUNTRY, "se": NORTH, "nw": SOUTH, "hants": HANTS, "kent": KENT, "surrey": SURREY}
    codes |= {"cumbria": CUMBRIA, "cumberland": CUMBERLAND, "westmorland": WESTMORLAND}
    return [(codes[name], year, value) for name, value in values.items()]


def test_sums_are_over_those_with_both_years_and_a_split_authority_counts_as_one(by_hand):
    before = rows(2022, country=1000, se=600, nw=400, hants=300, kent=200, surrey=100, cumbria=400)
    after = rows(2025, country=1200, se=700, nw=500, hants=310, kent=None, surrey=120, cumberland=200, westmorland=300)
    by_hand(referrals=before + after)
    found = cptrends.comparable("referrals", "England", 2022, 2025)
    assert found["like_for_like"] | {"left_out": None} == {
        "earlier": 800,
        "later": 930,
        "change": 130,
        "percent_change": pytest.approx(16.25),
        "areas": 3,
        "left_out": None,
    }
    assert "Kent" in found["like_for_like"]["left_out"]
    assert same("referrals", "North West", 2022, 2025)["earlier"] == 400
    # Every other authority of the country has no figure here, and is said not to have one.
    assert found["answer"] == "with_caution" and "authorities have no figure of their own for" in found["sentence"]


def test_a_split_authority_is_left_out_where_one_of_its_successors_has_no_figure(by_hand):
    before = rows(2022, country=1000, kent=200, cumbria=400)
    after = rows(2025, country=1200, kent=250, cumberland=200, westmorland=None)
    by_hand(referrals=before + after)
    found = same("referrals", "England", 2022, 2025)
    assert (found["earlier"], found["later"], found["areas"]) == (200, 250, 1)
    assert {"Cumbria", "Cumberland", "Westmorland and Furness"} <= set(found["left_out"])


def test_a_ratio_is_of_the_sums_over_the_same_authorities(by_hand):
    count = rows(2022, se=90, kent=60, surrey=30) + rows(2025, se=95, kent=66, surrey=None)
    people = rows(2022, se=30_000, kent=20_000, surrey=10_000) + rows(2025, se=31_000, kent=22_000, surrey=9_000)
    by_hand(referrals=count, population_0_17=people)
    found = same("referral_rate", "South East", 2022, 2025)
    assert (found["earlier"], found["later"], found["areas"]) == (30.0, 30.0, 1)


def test_nobody_with_both_years_leaves_nothing_to_compare(by_hand):
    by_hand(referrals=rows(2022, se=90, kent=90) + rows(2025, se=95, surrey=95))
    assert same("referrals", "South East", 2022, 2025) is None


def test_a_sum_is_rounded_where_a_count_is_withheld_and_exact_where_none_is(by_hand):
    before = rows(2022, se=306, kent=204, hants=102)
    by_hand(referrals=before + rows(2025, se=310, kent=206, hants="c"))
    assert (same("referrals", "South East", 2022, 2025)["earlier"]) == 200
    by_hand(referrals=before + rows(2025, se=310, kent=206, hants=None))
    assert (same("referrals", "South East", 2022, 2025)["earlier"]) == 204


# ## In words


def test_like_for_like_comes_first_and_what_was_published_after(by_hand):
    before = rows(2024, country=1000, hants=None, kent=200, surrey=100)
    by_hand(referrals=before + rows(2025, country=1100, hants=330, kent=190, surrey=80))
    said = comparability.moved("referrals", "England", 2024, 2025)
    assert said.startswith("down 10.0% on 2023/24 over the 2 authorities with a figure of their own in both years (")
    assert "up 10.0% as published; Hampshire's figures of 2023/24 are those of the year before;" in said


def test_what_agrees_like_for_like_is_given_once_with_the_caution(by_hand):
    by_hand(referrals=rows(2024, se=600, kent=200) + rows(2025, se=540, kent=180))
    said = comparability.moved("referrals", "South East", 2024, 2025)
    assert said.startswith("down 10.0% on 2023/24 (Hampshire's figures of 2023/24")


@pytest.mark.parametrize(
    ("earlier", "later", "percent", "level"),
    [
        (100, 110, "up 10.0% on 2022/23", "up from 100 in 2022/23"),
        (100, 90, "down 10.0% on 2022/23", "down from 100 in 2022/23"),
        (100, 100, "unchanged from 2022/23", "unchanged from 2022/23"),
        (100_000, 100_040, "unchanged from 2022/23", "up from 100,000 in 2022/23"),
        (0, 5, "up from 0 in 2022/23", "up from 0 in 2022/23"),
    ],
)
def test_up_down_or_unchanged(by_hand, earlier, later, percent, level):
    by_hand(referrals=rows(2023, kent=earlier) + rows(2025, kent=later))
    assert comparability.moved("referrals", "Kent", 2023, 2025) == percent
    assert comparability.moved("referrals", "Kent", 2023, 2025, by="level") == level


def test_what_does_not_compare_is_not_told_as_a_change():
    said = comparability.moved("imd_score", "Kent", 2015, 2019, by="level")
    assert said == "not to be compared with 2015 (A new edition of the indices: scores do not compare, ranks do)"


def test_a_percentage_printed_whole_stays_whole():
    assert comparability.moved("plans_ended_2_years_or_more_percent", "England", 2010, 2015, by="level").startswith(
        "down from 6% in 2009/10"
    )


def test_the_fewest_since_is_judged_over_the_same_authorities(by_hand):
    """As published 2025 is the most of all; of Kent and Surrey alone it is the fewest since 2022."""
    years = [(2022, 900, 90), (2023, 950, 110), (2024, 960, 120), (2025, 1000, 100)]
    by_hand(referrals=[row for year, whole, each in years for row in rows(year, se=whole, kent=each, surrey=each)])
    found = comparability.place("referrals", "South East", (2022, 2023, 2024), 2025)
    each = "each year compared over the authorities with a figure of their own in both, they are"
    assert found.text.startswith(f"{each} the fewest since 2021/22 (") and found.years == (2022,)
    assert found.like_for_like


def test_how_years_were_compared_is_said_only_where_the_published_figures_say_otherwise(by_hand):
    years = [(2022, 900, 90), (2023, 1100, 110), (2024, 1200, 120), (2025, 1000, 100)]
    by_hand(referrals=[row for year, whole, each in years for row in rows(year, se=whole, kent=each, surrey=each)])
    found = comparability.place("referrals", "South East", (2022, 2023, 2024), 2025)
    assert found.text.startswith("the fewest since 2021/22 (") and not found.like_for_like


def test_the_year_since_which_it_is_the_fewest_has_its_caution(by_hand):
    found = comparability.place("section_47_enquiries", "England", range(2010, 2025), 2025)
    known = comparability.caution("section_47_enquiries", "England", 2010, 2025)
    assert "no figure of their own for 2009/10" in known
    assert found.text == f"the most of any year from 2009/10 on{known}"


# ## A withheld count stays withheld


def test_a_rounded_total_less_a_rounded_sum_never_narrows_down_a_count_of_1_to_5():
    possible = {}
    for others, withheld in itertools.product(range(300), range(1, 6)):
        printed = (10 * round((others + withheld) / 10), 10 * round(others / 10))
        possible.setdefault(printed, set()).add(withheld)
    # The ends of the range cut some combinations off.
    inner = {printed: found for printed, found in possible.items() if 10 <= printed[1] <= 280}
    assert inner and all(found == {1, 2, 3, 4, 5} for found in inner.values())


@pytest.mark.parametrize("measure", MAIN)
def test_no_withheld_count_is_closer_to_be_worked_out_than_from_the_publishers_own_figures(measure):
    table = figures.pick(measure, "latest").set_index(["area_code", "year"])
    seen = 0
    for code in (areas.ENGLAND, *areas.regions()):
        for year in range(2014, 2025):
            found = same(measure, code, year, year + 1)
            here = [c for c in areas.authorities(year) if code in areas.above(c)]
            withheld = [c for c in here if table.status.get((c, year)) == "suppressed"]
            if not withheld or found is None:
                continue
            seen += 1
            # The publisher's own: a rounded total less exact counts. Ours has the same counts, rounded too: wider.
            counted = [c for c in here if areas.name(c) not in found["left_out"]]
            exact = sum(table.value.get((c, year), math.nan) for c in counted)
            assert found["earlier"] == 10 * round(exact / 10)
    assert seen or measure == "referrals"


# ## Every main measure, ratio and area


@pytest.mark.parametrize("name", MAIN + RATIOS)
def test_every_area_and_pair_is_answered_in_a_sentence_that_fits_the_answer(name):
    for area in areas.register():
        for earlier, later in ((2012, 2015), (2019, 2025), (2021, 2022), (2023, 2024), (2024, 2025)):
            found = cptrends.comparable(name, area, earlier, later)
            assert set(found) == {"answer", "sentence", "like_for_like"}
            assert (found["sentence"] == "") == (found["answer"] == "yes"), (name, area)
            assert found["answer"] == "yes" or found["sentence"].endswith("."), (name, area)
            assert "nan" not in found["sentence"] and "  " not in found["sentence"]
            like = found["like_for_like"]
            if like is None:
                continue
            assert areas.register()[area]["level"] != "authority" and like["areas"] > 0
            assert like["later"] - like["earlier"] == pytest.approx(like["change"])
            assert not set(like["left_out"]) & {"England", "London"}


@pytest.mark.parametrize("measure", MAIN)
def test_where_nothing_is_left_out_the_sum_is_the_published_total(measure):
    seen = 0
    for area in (areas.ENGLAND, *areas.regions()):
        series = cptrends.load(measure, area=area, start=2014).set_index("year").value
        for earlier, later in itertools.pairwise(series.index):
            found = cptrends.comparable(measure, area, earlier, later)
            if found["like_for_like"] and not found["like_for_like"]["left_out"]:
                seen += 1
                assert found["answer"] == "yes"
                assert found["like_for_like"]["later"] == pytest.approx(series[later], abs=51)
    assert seen > 20


@pytest.mark.parametrize(
    "event", [e for e in events.register().values() if e.kind == "carried_over"], ids=lambda e: e.name
)
def test_what_is_said_to_be_carried_over_is_in_the_totals_of_every_count_that_can_be_summed(event):
    (code,) = event.own
    seen = 0
    for measure in sorted(event.measures & set(figures.measures_held())):
        table = figures.pick(measure, "latest").set_index(["area_code", "year"])
        for year in range(event.first, event.last + 1):
            assert not table.value.get((code, year), math.nan) == table.value.get((code, year), math.nan)
            if measures.measure(measure)["kind"] not in ("flow", "stock"):
                continue
            region = areas.region_of(code)
            here = [c for c in areas.authorities(year) if areas.region_of(c) == region]
            values = [table.value.get((c, year), math.nan) for c in here if c != code]
            if any(math.isnan(value) for value in values) or (region, year) not in table.index:
                continue
            seen += 1
            gap = table.value[region, year] - sum(values)
            assert gap == pytest.approx(table.value[code, event.first - 1], abs=10), (measure, year)
    assert seen > 20


def test_an_indicator_is_asked_by_its_name_and_by_none_other():
    assert indicators.comparable is cptrends.comparable
    assert compare(["repeat_plans", "plans_started"], "England", 2015, 2020, per=100) == (
        cptrends.comparable("repeat_plan_share", "England", 2015, 2020)
    )


# ## What cannot be asked


@pytest.mark.parametrize(
    ("ask", "why"),
    [
        (lambda: cptrends.comparable("referrals", "England", float("inf"), 2025), "no year"),
        (lambda: cptrends.comparable("referrals", "England", float("nan"), 2025), "no year"),
        (lambda: cptrends.comparable("referrals", "England", -5, 2025), "no year"),
        (lambda: cptrends.comparable("referrals", "England", 1, 99999), "no year"),
        (lambda: cptrends.comparable([], "England", 2024, 2025), "no name"),
        (lambda: cptrends.comparable({}, "England", 2024, 2025), "no name"),
        (lambda: cptrends.comparable("referrals", "England", 2024, 2025, release=[]), "no release"),
        (lambda: measures.breaks([]), "no measure"),
        (lambda: measures.breaks("referrals", []), "empty list"),
        (lambda: measures.breaks("referrals", 5), "a name or code"),
        (lambda: measures.breaks("referrals", float("nan")), "a name or code"),
        (lambda: cptrends.load("referrals", area=[]), "empty list"),
        (lambda: cptrends.load("referrals", area=5), "a name or code"),
        (lambda: cptrends.load("referrals", start="abc"), "start is 'abc'"),
        (lambda: cptrends.load("referrals", release=[]), "no release"),
        (lambda: data.revisions("referrals", area=[]), "empty list"),
        (lambda: data.revisions("referrals", area=float("nan")), "a name or code"),
        (lambda: data.revisions("referrals", start="abc"), "start is 'abc'"),
        (lambda: data.revisions("referrals", start=float("nan")), "no year"),
        (lambda: data.revisions("referrals", start=2025, end=2010), "must not come after"),
        (lambda: indicators.indicator("plan_rate", start="abc"), "start is 'abc'"),
        (lambda: indicators.indicator("plan_rate", "England", start=2025, end=2010), "must not come after"),
        (lambda: indicators.percent_change(cptrends.load("referrals", area="Kent"), breaks={2024: 5}), "a sentence"),
    ],
)
def test_what_is_no_question_gets_one_plain_sentence_and_never_an_empty_answer(ask, why):
    with pytest.raises(BadInput, match=why):
        ask()


def test_a_figure_like_for_like_is_a_float_also_where_it_is_rounded():
    found = same("plans_31_march", "England", 2015, 2025)
    assert all(type(found[part]) is float for part in ("earlier", "later", "change", "percent_change"))


def test_zero_of_a_withheld_number_is_a_figure_and_compares_with_a_caution():
    found = cptrends.comparable("repeat_plan_share", "City of London", 2022, 2025, release="cin-2025")
    assert found["answer"] == "with_caution" and "zero of a number that is withheld" in found["sentence"]
    half = cptrends.comparable("repeat_plan_share", "Isles of Scilly", 2024, 2025, release="cin-2025")
    assert half["answer"] == "no" and half["sentence"] == "Isles of Scilly has no figure for 2023/24."
    none = cptrends.comparable("plan_rate", "Cumberland", 2023, 2025)
    assert none["answer"] == "no" and "Cumbria" in none["sentence"]
