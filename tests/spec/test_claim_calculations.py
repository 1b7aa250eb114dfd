"""What each calculation of the register computes, beside the same done by hand from the tables.

The figures on the right are read with nothing but Python's csv module, so that a mistake in loading or choosing
a release would show.
"""

import csv
import math
import statistics

import pytest

from cptrends.claims import calculations, checking
from cptrends.claims.operations import OPERATIONS
from cptrends.data import areas, paths
from cptrends.errors import BadInput

ENGLAND = "E92000001"
CITY, SCILLY = "E09000001", "E06000053"


def read(name, folder="observations"):
    with (paths.processed() / folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def number(measure, year, release, area=ENGLAND):
    """The one figure that a release gives."""
    (value,) = [
        row["value"]
        for row in read(measure)
        if row["area_code"] == area and row["year"] == str(year) and release in row["releases"].split()
    ]
    return float(value)


def authorities(measure, year, release):
    """A release's figures of the authorities that have one."""
    theirs = set(areas.authorities())
    return {
        row["area_code"]: float(row["value"])
        for row in read(measure)
        if row["area_code"] in theirs
        and row["year"] == str(year)
        and release in row["releases"].split()
        and row["value"]
    }


def standing(date, frameworks=("SIF",)):
    """The last grade of each authority by a date."""
    rows = [
        row
        for row in read("inspections", "")
        if row["framework"] in frameworks and row["grade"] and "" < row["published"] <= date
    ]
    return {row["area_code"]: row["grade"] for row in sorted(rows, key=lambda row: row["published"])}


def compute(operation, release="as_published", **keys):
    keys = {key.rstrip("_"): value for key, value in keys.items()}
    return calculations.evaluate({"operation": operation, **keys}, release)


# --- Levels, changes and shares of England's figures ---


def test_level_as_first_published_and_as_it_stands_today():
    assert compute("level", measure="referrals", year=2015)["value"] == number("referrals", 2015, "cin-2015")
    census = [row for row in read("releases", "") if row["publication"] == "children-in-need"]
    newest = max(census, key=lambda row: row["published"])["release"]
    assert newest != "cin-2015"
    assert compute("level", "latest", measure="referrals", year=2015)["value"] == number("referrals", 2015, newest)


def test_level_in_another_unit():
    found = compute("level", measure="social_work_spend", year=2015, scale=1e-9)["value"]
    assert found == pytest.approx(number("social_work_spend", 2015, "section-251-2014-15") / 1e9)


def test_a_level_carries_the_publishers_rounding():
    found = compute("level", measure="referrals", year=2015)
    assert (found["low"], found["high"]) == (635550, 635650), "to the nearest hundred in the release of 2015"
    found = compute("level", "cin-2025", measure="referrals", year=2015)
    assert (found["low"], found["high"]) == (635615, 635625), "to the nearest ten since"


def test_change_and_its_rounding():
    a, b = number("referrals", 2013, "cin-2013"), number("referrals", 2014, "cin-2014")
    found = compute("change", measure="referrals", from_=2013, to=2014)
    assert (found["value"], found["low"], found["high"]) == (b - a, b - a - 100, b - a + 100)


def test_a_fall_is_stated_as_a_positive_number():
    a, b = number("referrals", 2014, "cin-2014"), number("referrals", 2015, "cin-2015")
    found = compute("change", measure="referrals", from_=2014, to=2015, fall=True)
    assert (found["value"], found["low"], found["high"]) == (a - b, a - b - 100, a - b + 100)
    assert compute("percent_change", measure="referrals", from_=2014, to=2015, fall=True)["value"] == pytest.approx(
        100 * (a - b) / a
    )


def test_percent_change_and_the_most_that_rounding_allows():
    a, b = number("plans_started", 2002, "cmills-2013-12-16"), number("plans_started", 2015, "cin-2015")
    found = compute("percent_change", measure="plans_started", from_=2002, to=2015)
    assert found["value"] == pytest.approx(100 * (b / a - 1))
    assert found["low"] == pytest.approx(100 * ((b - 50) / (a + 50) - 1))
    assert found["high"] == pytest.approx(100 * ((b + 50) / (a - 50) - 1))


def test_a_change_across_a_break_says_so():
    assert "CPR3" in compute("percent_change", measure="plans_started", from_=2002, to=2015)["note"]
    assert compute("change", measure="plans_started", from_=2011, to=2015)["note"] == ""


def test_share_and_its_change_in_points():
    def share(year, release):
        return 100 * number("repeat_plans", year, release) / number("plans_started", year, release)

    repeat = {"numerator": "repeat_plans", "denominator": "plans_started"}
    assert compute("share", year=2015, **repeat)["value"] == pytest.approx(share(2015, "cin-2015"))
    change = compute("share_change", from_=2011, to=2015, **repeat)["value"]
    assert change == pytest.approx(share(2015, "cin-2015") - share(2011, "cin-2011"))


def test_a_rate_grows_less_than_a_number_where_there_are_more_children():
    rates = [
        number("section_47_enquiries", y, r) / number("population_0_17", y, r)
        for y, r in ((2010, "cin-2010"), (2016, "cin-2016"))
    ]
    found = compute(
        "rate_percent_change", numerator="section_47_enquiries", denominator="population_0_17", from_=2010, to=2016
    )
    assert found["value"] == pytest.approx(100 * (rates[1] / rates[0] - 1))
    assert found["value"] < compute("percent_change", measure="section_47_enquiries", from_=2010, to=2016)["value"]


# --- Money per head ---

SPENDING = {"numerator": "social_work_spend", "denominator": "episodes_in_need", "year": 2015}


def ratios(leave_out=(CITY, SCILLY)):
    over, under = (
        authorities("social_work_spend", 2015, "section-251-2014-15"),
        authorities("episodes_in_need", 2015, "cin-2015"),
    )
    return {
        code: over[code] / under[code] for code in over if under.get(code) and over[code] > 0 and code not in leave_out
    }


def test_per_head_of_england_is_the_ratio_of_its_totals():
    expected = number("social_work_spend", 2015, "section-251-2014-15") / number("episodes_in_need", 2015, "cin-2015")
    assert compute("per_head", **SPENDING)["value"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("take", "of"), [("lowest", min), ("highest", max), ("median", statistics.median), ("mean", statistics.fmean)]
)
def test_per_head_over_the_authorities(take, of):
    found = compute("per_head", take=take, leave_out=["City of London", "Isles of Scilly"], **SPENDING)
    assert found["value"] == pytest.approx(of(ratios().values()))


def test_the_authority_at_the_end_is_named_and_so_are_those_left_out():
    code = min(ratios(), key=ratios().get)
    note = compute("per_head", take="lowest", leave_out=["City of London", "Isles of Scilly"], **SPENDING)["note"]
    assert note.startswith(areas.name(code)) and "City of London and Isles of Scilly" in note


def test_left_in_the_smallest_authority_is_the_highest():
    assert compute("per_head", take="highest", **SPENDING)["value"] == pytest.approx(ratios(())[CITY])


# --- Authorities ---


def test_authorities_up():
    def repeat(year, release):
        over, under = authorities("repeat_plans", year, release), authorities("plans_started", year, release)
        return {code: over[code] / under[code] for code in over if under.get(code) and over[code] > 0}

    before, after = repeat(2014, "cin-2014"), repeat(2016, "cin-2016")
    both = before.keys() & after.keys()
    found = compute("authorities_up", numerator="repeat_plans", denominator="plans_started", from_=2014, to=2016)
    assert found["value"] == pytest.approx(100 * sum(after[code] > before[code] for code in both) / len(both))
    assert str(len(both)) in found["note"]


def test_authorities_without_a_figure_are_those_that_gave_none():
    marked = [
        row["area_code"]
        for row in read("episodes_with_factors")
        if row["year"] == "2015" and row["status"] == "unavailable"
    ]
    assert compute("authorities_without", measure="episodes_with_factors", year=2015)["value"] == len(marked) == 4


def test_rank_one_is_the_highest():
    theirs = authorities("plans_31_march", 2015, "cin-2015")
    place = sorted(theirs.values(), reverse=True).index(theirs["E09000012"]) + 1
    assert compute("rank", measure="plans_31_march", area="Hackney", year=2015)["value"] == place
    from_the_bottom = sorted(theirs.values()).index(theirs["E09000012"]) + 1
    assert (
        compute("rank", measure="plans_31_march", area="Hackney", year=2015, highest_first=False)["value"]
        == from_the_bottom
    )


# --- Comparisons and directions ---


def test_above_all_the_years_of_a_span():
    others = [number("section_47_enquiries", year, f"cin-{year}") for year in range(2010, 2015)]
    assert compute("above_all", measure="section_47_enquiries", year=2015, from_=2010, to=2014)["value"] is True
    assert max(others) < number("section_47_enquiries", 2015, "cin-2015")
    assert compute("above_all", measure="referrals", year=2015, from_=2010, to=2014)["value"] is False
    assert number("referrals", 2014, "cin-2014") > number("referrals", 2015, "cin-2015")


def test_above_all_is_not_answered_with_a_year_missing():
    found = compute("above_all", measure="children_referred", year=2015, from_=2009, to=2014)
    assert found["value"] is None
    assert "2009, 2011 and 2012" in found["missing"]


def test_all_above_holds_only_if_the_least_of_the_first_beats_the_most_of_the_others():
    two, others = ["factor_domestic_abuse", "factor_mental_health"], ["factor_neglect", "factor_emotional_abuse"]
    values = {name: number(name, 2015, "cin-2015") for name in two + others}
    assert compute("all_above", measures=two, others=others, year=2015)["value"] is True
    assert min(values[name] for name in two) > max(values[name] for name in others)
    assert compute("all_above", measures=[two[0], others[0]], others=[two[1]], year=2015)["value"] is False


def test_direction_is_up_down_or_level_beyond_rounding():
    assert compute("direction", measure="section_47_enquiries", from_=2010, to=2015)["value"] == "up"
    assert compute("direction", measure="referrals", from_=2014, to=2016)["value"] == "down"
    level = compute("direction", measure="plans_ended_2_years_or_more", from_=2010, to=2015)
    assert level["value"] == "level"
    assert (
        number("plans_ended_2_years_or_more", 2010, "cin-2010")
        - number("plans_ended_2_years_or_more", 2015, "cin-2015")
        == 50
    )


def test_direction_counts_the_steps_that_agree_and_the_years_that_are_not_there():
    assert "5 of 5 steps" in compute("direction", measure="section_47_enquiries", from_=2010, to=2015)["note"]
    assert (
        "No figure for 2 of the years" in compute("direction", measure="children_referred", from_=2010, to=2015)["note"]
    )


def test_direction_needs_both_ends():
    found = compute("direction", measure="plans_ended_2_years_or_more_percent", from_=1994, to=2015)
    assert (found["value"], found["missing"]) == (None, "no figure for 1993/94")


def test_direction_in_real_terms_per_something():
    def real(year, spending, counts):
        return (
            100
            * number("social_work_spend", year, spending)
            / number("section_47_enquiries", year, counts)
            / number("gdp_deflator", year, "gdp-deflators-2026-03")
        )

    found = compute(
        "direction",
        measure="social_work_spend",
        denominator="section_47_enquiries",
        from_=2013,
        to=2016,
        real_terms=True,
    )
    first, last = real(2013, "section-251-2012-13", "cin-2013"), real(2016, "section-251-2015-16", "cin-2016")
    assert (found["value"], first > last) == ("down", True)
    assert found["note"].startswith(f"{first:,.0f} to {last:,.0f};")


# --- Ofsted ---


def test_grades_on_a_date():
    grades = list(standing("2017-06-23").values())
    keys = {"date": "2017-06-23", "frameworks": ["SIF"]}
    assert compute("grade_share", grades=["Inadequate"], **keys)["value"] == pytest.approx(
        100 * grades.count("Inadequate") / len(grades)
    )
    good = grades.count("Good") + grades.count("Outstanding")
    assert compute("grade_count", grades=["Outstanding", "Good"], **keys)["value"] == good
    assert compute("not_yet_judged", **keys)["value"] == 152 - len(grades)


def test_a_reinspection_replaces_the_judgement_and_does_not_add_an_authority():
    early, late = standing("2016-11-03"), standing("2017-12-31")
    assert early.keys() <= late.keys()
    assert compute("grade_count", grades=["Inadequate"], date="2017-12-31", frameworks=["SIF"])["value"] == list(
        late.values()
    ).count("Inadequate")


def test_no_judgement_yet_is_said_not_counted_as_nought():
    found = compute("grade_share", grades=["Good"], date="2013-01-01", frameworks=["SIF"])
    assert found["value"] is None and "no authority had been judged" in found["missing"]


def test_a_share_that_ofsted_printed():
    (row,) = [
        r
        for r in read("grades_as_printed", "")
        if r["framework"].startswith("Children's homes") and r["as_at"] == "2014-03-31"
    ]
    found = compute("printed_share", framework="Children's homes", as_at="2014-03-31", column="pct_good_or_outstanding")
    assert found["value"] == float(row["pct_good_or_outstanding"])
    assert found["high"] - found["low"] == pytest.approx(0.1), "printed to a tenth"


def test_recovery_counts_those_still_waiting():
    full = compute("recovery", date="2025-03-31")
    improved = compute("recovery", date="2025-03-31", improved_only=True)
    assert improved["value"] <= full["value"]
    assert compute("recovery", date="2025-03-31", in_="months")["value"] == pytest.approx(12 * full["value"])


def test_recovery_of_those_improved_is_the_median_of_their_waits():
    import datetime

    waits, begun = [], {}
    rows = [
        r
        for r in read("inspections", "")
        if r["framework"] in ("SIF", "ILACS") and r["grade"] and "" < r["published"] <= "2025-03-31"
    ]
    for row in sorted(rows, key=lambda row: row["published"]):
        code, day = row["area_code"], datetime.date.fromisoformat(row["published"])
        if row["grade"] == "Inadequate":
            begun.setdefault(code, day)
        elif code in begun:
            waits.append((day - begun.pop(code)).days / 365.25)
    assert compute("recovery", date="2025-03-31", improved_only=True)["value"] == pytest.approx(
        statistics.median(waits), rel=1e-3
    )


# --- Deprivation and relationships ---


def test_tenths_of_authorities():
    release = "cin-2020"
    score = authorities("imd_score", 2015, "deprivation-2015")
    plans, children = (authorities(measure, 2015, release) for measure in ("plans_31_march", "population_0_17"))
    ranked = sorted((code for code in score if code in plans and code in children), key=score.get)
    size = len(ranked) / 10

    def rate(codes):
        return sum(plans[code] for code in codes) / sum(children[code] for code in codes)

    groups = [[code for place, code in enumerate(ranked) if int(place / size) == tenth] for tenth in (0, 9)]
    keys = {
        "unit": "authority",
        "index": "imd",
        "index_year": 2015,
        "numerator": "plans_31_march",
        "denominator": "population_0_17",
    }
    found = compute("decile_ratio", year=2015, release=release, **keys)
    assert found["value"] == pytest.approx(rate(groups[1]) / rate(groups[0]), rel=0.05), (
        "the two may cut the ends a little differently"
    )


def test_tenths_of_neighbourhoods_as_a_study_prints_them():
    rows = {
        row["decile"]: float(row["rate_per_10000"])
        for row in read("neighbourhood_deciles", "")
        if row["study"] == "CWIP final report 2020" and row["country"] == "England" and row["measure"] == "cpp"
    }
    found = compute("decile_ratio", unit="neighbourhood", study="CWIP final report 2020", measure="cpp")
    assert found["value"] == pytest.approx(rows["10"] / rows["1"])
    assert found["low"] == pytest.approx((rows["10"] - 0.5) / (rows["1"] + 0.5))


def test_a_ratio_known_only_from_the_paper_that_is_checked_is_unverified():
    found = compute("decile_ratio", unit="neighbourhood", study="Bywaters et al. 2014", measure="cpp")
    assert found["value"] == 10 and found["unverified"]


def ranks(values):
    order = sorted(values)
    return [(order.index(value) + 1 + len(order) - order[::-1].index(value)) / 2 for value in values]


def spearman(x, y):
    return statistics.correlation(ranks(x), ranks(y))


def test_association_of_grades_with_a_figure_is_a_rank_correlation():
    grades, score = standing("2017-06-23"), authorities("imd_score", 2015, "deprivation-2015")
    better = {"Inadequate": 1, "Requires improvement": 2, "Good": 3, "Outstanding": 4}
    codes = [code for code in grades if code in score]
    found = compute("association", date="2017-06-23", frameworks=["SIF"], against="imd_score", year=2015)
    assert found["effect"] == pytest.approx(
        spearman([better[grades[code]] for code in codes], [score[code] for code in codes])
    )
    assert found["value"] == "none"


def test_correlation_of_two_figures_across_authorities():
    score = authorities("imd_score", 2015, "deprivation-2015")
    theirs = ratios()
    codes = [code for code in theirs if code in score]
    found = compute(
        "correlation",
        measure="imd_score",
        measure_year=2015,
        called=["deprivation", "spending"],
        leave_out=["City of London", "Isles of Scilly"],
        **SPENDING,
    )
    assert found["effect"] == pytest.approx(spearman([score[code] for code in codes], [theirs[code] for code in codes]))
    assert found["value"] == "negative"


def test_performance_goes_down_where_a_bad_figure_goes_up():
    keys = {"indicator": "rereferral_share", "to": 2025}
    worse, better = (compute("after_inadequate", higher_is=word, **keys) for word in ("worse", "better"))
    assert worse["effect"] == better["effect"] > 0
    assert (worse["value"], better["value"]) == ("down", "up")


# --- What cannot be computed ---


def test_a_withheld_figure_is_not_nought():
    (code, year), *_ = [
        (row["area_code"], int(row["year"]))
        for row in read("plans_ended_2_years_or_more")
        if row["status"] == "suppressed" and "cin-2015" in row["releases"].split()
    ]
    found = compute("level", measure="plans_ended_2_years_or_more", area=code, year=year, release="cin-2015")
    assert found["value"] is None
    assert found["missing"].endswith("is suppressed") and areas.name(code) in found["missing"]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"operation": "recovery", "date": "1990-01-01"}, "no authority had been judged by 1990-01-01"),
        (
            {"operation": "after_inadequate", "indicator": "plan_rate", "to": 2010, "higher_is": "worse"},
            "no authority was judged Inadequate before 2009/10",
        ),
    ],
)
def test_nothing_is_said_of_a_time_without_judgements(keys, said):
    assert calculations.evaluate(keys)["missing"] == said


def test_a_year_that_is_still_to_come_is_refused_with_the_years_there_are():
    with pytest.raises(BadInput, match="plans_31_march has no figure for 2050"):
        compute("after_inadequate", indicator="plan_rate", to=2050, higher_is="worse")


def test_a_part_of_the_grade_may_be_followed_instead_of_the_whole():
    keys = {
        "date": "2016-10-12",
        "frameworks": ["SIF"],
        "against": "imd_score",
        "year": 2015,
        "called": ["deprivation"],
    }
    whole, part = compute("association", **keys), compute("association", **keys, judgement="help_and_protection")
    assert (whole["value"], part["value"]) == ("negative", "none")
    assert "between the grade for help and protection and deprivation" in part["note"] and "109 areas" in part["note"]


# --- Figures that stand in texts ---


def printed(name):
    """A figure of the table by hand."""
    (row,) = [row for row in read("figures_in_texts", "") if row["figure"] == name]
    return sum(float(part.replace(",", "")) for part in row["value"].split(" + "))


def test_a_printed_figure_its_unit_and_its_rounding():
    found = compute("text_figure", text="late-intervention-2016", scale=1000)
    assert found["value"] == pytest.approx(1000 * printed("late-intervention-2016"))
    assert (found["low"], found["high"]) == pytest.approx((6350, 6450), abs=0.01)
    assert "“It costs local councils £6.4bn a year”" in found["note"]
    assert compute("text_figure", text="council-spending-2015", fall=True)["value"] == -printed("council-spending-2015")


def test_what_rounds_to_89_does_not_round_to_88():
    found = compute("text_figure", text="schools-good-2016-08")
    assert (found["value"], found["inputs"][0]["status"]) == (89, "rounded")
    assert 88.5 < found["low"] < 88.5001
    claim = {"id": "a", "claim": "c", "stated": 88, "unit": "percent", "precision": 1}
    claim["calculation"] = {"operation": "text_figure", "text": "schools-good-2016-08"}
    assert checking.check_one(claim)["verdict"] == "close"


def test_printed_figures_are_added_up_and_taken_off():
    years = [f"centres-closed-{year}" for year in range(2012, 2016)]
    assert compute("text_sum", texts=years)["value"] == 27 + 33 + 85 + 156 == sum(map(printed, years))
    more, less = "youth-centres-closed-2012-to-2018", "youth-centres-closed-2016-to-2018"
    found = compute("text_sum", texts=[more], less=[less])
    assert found["value"] == printed(more) - printed(less)
    assert found["high"] == pytest.approx(605, abs=0.001) and found["low"] == -math.inf, "at least so many off"


def test_figures_printed_apart_count_together():
    found = compute("text_figure", text="suicides-13-17-1996")
    assert found["value"] == 1 + 2 + 9 + 24 + 25 and "together 61" in found["note"]


def test_the_way_printed_figures_go():
    down = [f"victims-under-16-{year}" for year in (2003, 2004, 2015, 2016)]
    found = compute("text_direction", texts=down)
    assert found["value"] == "down"
    steps = "2 of 2 steps between the years there are go that way. No figures between 2003/04 and 2014/15."
    assert found["note"].endswith(steps), "ten years without a figure are no step"
    assert compute("text_direction", texts=down[::-1])["value"] == "up"
    assert compute("text_direction", texts=[down[0], down[0]])["value"] == "level"
    fell = [f"spending-power-{year}" for year in range(2012, 2017)]
    assert compute("text_direction", texts=fell)["value"] == "down", "changes are printed, and each is a fall"
    level = ["schools-good-2016-08", "schools-good-2017-08"]
    assert compute("text_direction", texts=level)["value"] == "level"


def test_one_printed_figure_above_another():
    pair = {"text": "schools-good-2016-08", "other": "schools-good-2016-03"}
    assert compute("text_above", **pair)["value"] is True
    assert compute("text_above", text=pair["other"], other=pair["text"])["value"] is False
    same = compute("text_above", text=pair["text"], other="schools-good-2017-08")
    assert same["value"] is False and same["note"].endswith("The difference is within the rounding.")


def test_growth_from_a_printed_figure_to_one_of_a_release():
    found = compute(
        "percent_change_since_text",
        text="section-47-enquiries-2006",
        measure="section_47_enquiries",
        from_=2006,
        to=2016,
    )
    last = number("section_47_enquiries", 2016, "cin-2016")
    assert found["value"] == pytest.approx(100 * (last / printed("section-47-enquiries-2006") - 1))
    assert found["period"] == "2005/06 to 2015/16" and found["low"] < found["value"] < found["high"]


def test_years_without_a_confirmed_source_are_taken_from_a_text_where_one_is_named():
    keys = {"measure": "referrals", "year": 2015, "from_": 2002, "to": 2013}
    assert compute("above_all", **keys)["unverified"], "the figures themselves are known from nowhere"
    found = compute("above_all", **keys, text="referrals-before-2005")
    assert found["value"] is True and found["unverified"] == []
    assert "2001/02, 2002/03 and 2003/04 from a text alone" in found["note"]


def test_several_measures_of_a_year_together():
    names = ["safeguarding_spend", "looked_after_spend"]
    found = compute("total", measures=names, year=2015, scale=1e-9)["value"]
    assert found == pytest.approx(sum(number(name, 2015, "section-251-2014-15") for name in names) / 1e9)


def test_whether_most_authorities_spend_faster_on_the_one_than_on_the_other():
    names = [f"{whose}_social_care_spend_ro3_net" for whose in ("childrens", "adult")]
    growth = []
    for name in names:
        first, last = (authorities(name, year, f"revenue-outturn-{year - 1}-{year % 100}") for year in (2016, 2017))
        growth.append({code: last[code] / first[code] for code in first.keys() & last.keys() if first[code] > 0})
    both = growth[0].keys() & growth[1].keys()
    faster = sum(growth[0][code] > growth[1][code] for code in both)
    found = compute("mostly_faster", measure=names[0], other=names[1], from_=2016, to=2017)
    assert found["value"] is (faster > len(both) / 2)
    assert found["note"] == f"In {faster} of the {len(both)} authorities with all four figures."
    turned = compute("mostly_faster", measure=names[1], other=names[0], from_=2016, to=2017)
    assert turned["value"] is not found["value"]
    with pytest.raises(BadInput):
        compute("mostly_faster", measure=names[0], other="plans_started", from_=2050, to=2051)


def test_a_fall_in_real_terms_is_a_ratio_to_the_deflator():
    names = ("council_services_spend_net", "gdp_deflator")
    found = compute("rate_percent_change", numerator=names[0], denominator=names[1], from_=2011, to=2015, fall=True)
    first, last = (
        number(names[0], year, f"outturn-summary-{year - 1}-{year % 100}")
        / number(names[1], year, "gdp-deflators-2026-03")
        for year in (2011, 2015)
    )
    assert found["value"] == pytest.approx(100 * (1 - last / first)) and found["value"] == pytest.approx(12.5, abs=0.1)


def test_every_operation_is_tested_here():
    import pathlib

    text = pathlib.Path(__file__).read_text("utf-8")
    assert [name for name in OPERATIONS if f'"{name}"' not in text] == []


# ## Two years that do not simply compare


@pytest.mark.parametrize(
    ("calculation", "parts"),
    [
        (
            {"operation": "percent_change", "measure": "referrals", "from": 2024, "to": 2025},
            ["With caution: Hampshire's figures of 2023/24", "over the 151 areas", "own in both years: −0.1%."],
        ),
        (
            {"operation": "direction", "measure": "imd_score", "area": "Kent", "from": 2015, "to": 2019},
            ["Does not compare: A new edition of the indices"],
        ),
        (
            {"operation": "share_change", "numerator": "repeat_plans", "denominator": "plans_started"}
            | {"from": 2022, "to": 2025},
            ["With caution: ", "Doncaster's figure of 2021/22"],
        ),
        (
            {"operation": "above_all", "measure": "plans_31_march", "year": 2015, "from": 2008, "to": 2012},
            ["With caution: The CPR3 return"],
        ),
    ],
)
def test_the_note_says_what_is_known_against_comparing(calculation, parts):
    note = calculations.evaluate(calculation, "latest")["note"]
    assert [part for part in parts if part not in note] == []


def test_nothing_is_said_where_nothing_is_known():
    calculation = {"operation": "percent_change", "measure": "referrals", "area": "Kent", "from": 2024, "to": 2025}
    assert calculations.evaluate(calculation, "latest")["note"] == ""
