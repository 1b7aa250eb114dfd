"""# Loading figures

The same figure is published many times: first in the year's own release, then again in the back series of later ones,
sometimes revised. This chapter says which of them `load` gives, what it gives where there is no number, and what it
refuses to give.
"""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cptrends
from cptrends import data
from cptrends.data import areas, events, loading, measures
from cptrends.data.figures import measures_held
from cptrends.data.status import STATUSES, has_value
from cptrends.errors import BadInput

HELD = measures_held()
#: The releases of the census, and LAIT's editions, from the earliest to the newest: tests follow when one is added.
CENSUS = [name for name in data.releases()["release"] if name.startswith("cin-")]
LAIT = [name for name in data.releases()["release"] if name.startswith("lait-")]


def value(measure, area, year, release="latest"):
    (figure,) = cptrends.load(measure, area=area, start=year, end=year, release=release).value
    return figure


# ## Latest, as published, and one release


def test_latest_is_the_newest_release_that_has_the_figure():
    row = cptrends.load("referrals", area="England", start=2015, end=2015).iloc[0]
    assert row.release == CENSUS[-1] != "cin-2015"
    assert row.value == value("referrals", "England", 2015, CENSUS[-1])


def test_as_published_is_the_first_release_that_had_it():
    row = cptrends.load("referrals", area="England", start=2015, end=2015, release="as_published").iloc[0]
    assert (row.value, row.release) == (635600, "cin-2015")


def test_a_named_release_gives_what_that_release_said_and_nothing_else():
    figures = cptrends.load("repeat_plans", area="England", release="cin-2022")
    assert set(figures.release) == {"cin-2022"} and figures.year.tolist() == list(range(2013, 2023))
    assert (
        value("repeat_plans", "England", 2022, "cin-2022") == 14990
        and value("repeat_plans", "England", 2022, "cin-2025") == 14550
    )


def test_each_area_and_year_may_come_from_another_release():
    figures = cptrends.load("referrals", area="England").set_index("year").release
    assert figures[2011] == "cin-2011" and figures[2020] == CENSUS[-1]


def test_the_primary_publication_goes_before_one_that_repeats_it():
    # LAIT's edition of April 2026 is newer than the release of 2025 and gives the same count.
    assert value("repeat_plans", "Kent", 2024, "lait-2026-04") == value("repeat_plans", "Kent", 2024, "cin-2025")
    assert cptrends.load("repeat_plans", area="Kent", start=2024, end=2024).release.tolist() == [CENSUS[-1]]


def test_where_the_primary_publication_is_not_to_be_had_the_secondary_one_fills_in_and_is_named():
    told = data.observations().query("area_code == @kent", local_dict={"kent": areas.find("Kent")})
    by_census, by_lait = (told[told.release.isin(names)] for names in (CENSUS, LAIT))
    gaps = set(zip(by_lait.measure, by_lait.year, strict=True)) - set(
        zip(by_census.measure, by_census.year, strict=True)
    )
    gaps = sorted((measure, year) for measure, year in gaps if measure in set(by_census.measure))
    assert gaps
    for measure, year in gaps:
        assert cptrends.load(measure, area="Kent", start=year, end=year).release.iloc[0] in LAIT, (measure, year)


def test_texts_come_last_and_say_so():
    figures = cptrends.load("plans_31_march", area="England", end=2009)
    table = data.releases().set_index("release")
    assert len(figures) > 10 and not table.loc[figures.release, "evidence"].eq("official-file").any()
    # The written answer of 2018 does not displace the publication.
    assert cptrends.load(
        "section_47_enquiries", area="England", start=2017, end=2017, release="as_published"
    ).release.tolist() == ["cin-2017"]


def test_a_figure_with_no_confirmed_source_is_used_only_where_there_is_no_other_and_is_marked():
    unsourced = cptrends.load("section_47_enquiries", release="unsourced")
    assert set(unsourced.status) == {"unverified"}
    shown = cptrends.load("section_47_enquiries", area="England").set_index("year")
    assert shown.at[2006, "status"] == "unverified" and shown.at[2024, "status"] == "rounded"


@pytest.mark.parametrize("measure", HELD)
@pytest.mark.parametrize("release", ["latest", "as_published"])
def test_one_figure_for_each_area_and_year_with_a_number_or_a_reason(measure, release):
    figures = cptrends.load(measure, release=release)
    assert list(figures.columns) == ["measure", "area_code", "area_name", "year", "value", "status", "release"]
    assert not figures.duplicated(["area_code", "year"]).any()
    assert (figures.value.notna() == has_value(figures.status.to_numpy(object))).all()
    assert set(figures.status) <= set(STATUSES) and set(figures.measure) == {measure}


@given(
    st.sampled_from(["referrals", "plans_31_march", "repeat_plan_percent"]),
    st.lists(st.sampled_from(areas.authorities(2025)), min_size=1, max_size=5, unique=True),
    st.integers(2013, 2025),
    st.integers(0, 5),
)
def test_a_narrower_question_gives_the_same_figures(measure, codes, start, length):
    every = cptrends.load(measure)
    keep = every[every.area_code.isin(codes) & every.year.between(start, start + length)]
    if keep.empty:
        with pytest.raises(BadInput, match="has no figure for"):
            cptrends.load(measure, area=codes, start=start, end=start + length)
        return
    some = cptrends.load(measure, area=codes, start=start, end=start + length)
    order = keep.assign(place=keep.area_code.map(codes.index)).sort_values(["place", "year"]).drop(columns="place")
    pd.testing.assert_frame_equal(some, order.reset_index(drop=True), check_flags=False)


#: Every function that the package and `cptrends.data` offer and that gives a frame, with what it may be asked.
GIVEN = {
    "load": lambda: data.load("referrals", area="England"),
    "load every area": lambda: data.load("referrals", release="cin-2025"),
    "load_referrals": lambda: data.load_referrals(area="Kent"),
    "load_plans": lambda: data.load_plans("started", area="Kent"),
    "load_repeat_plans": lambda: data.load_repeat_plans(area="Kent"),
    "load_plan_durations": lambda: data.load_plan_durations(area="Kent"),
    "load_spend": lambda: data.load_spend(area="Kent"),
    "load_deprivation": lambda: data.load_deprivation(area="Kent"),
    "load_population": lambda: data.load_population(area="Kent"),
    "load_ofsted_ratings": lambda: data.load_ofsted_ratings(),
    "load_ofsted_ratings of a day": lambda: data.load_ofsted_ratings("2017-06-13"),
    "revisions": lambda: data.revisions("referrals", area="England"),
    "england_gap": lambda: data.england_gap("referrals", start=2024),
    "observations": lambda: data.observations("cin-2015"),
    "load_table": lambda: data.load_table("areas"),
    "releases": lambda: data.releases(),
}


@pytest.mark.parametrize("ask", GIVEN.values(), ids=GIVEN)
def test_what_is_given_may_be_changed_without_harm(ask):
    before, given_out = ask().copy(), ask()
    for column in given_out.columns:
        given_out[column] = "changed"
    again = ask()
    pd.testing.assert_frame_equal(again, before)
    again.iloc[0, 0] = again.iloc[-1, 0]  # in the cells, not by a new column
    pd.testing.assert_frame_equal(ask(), before)


def test_none_that_gives_a_frame_is_left_out_of_those_that_are_changed():
    asked = {name.split(" ")[0] for name in GIVEN}
    offered = set(cptrends.__all__) | set(data.__all__)
    assert offered - asked == {"source_names", "sources_of", "comparable"}  # which give text or one answer


def test_the_registers_are_to_read():
    with pytest.raises(TypeError):
        events.register()["hampshire_2024"] = {}
    for register in (areas.register(), measures.dictionary()):
        name, entry = next(iter(register.items()))
        with pytest.raises(TypeError):
            register[name] = {}
        with pytest.raises(TypeError):
            entry["name"] = "Outstanding"
    assert isinstance(areas.register()[areas.find("Cumbria")]["successors"], tuple)


# ## What the releases changed


def test_revisions_list_every_version_of_a_figure_that_changed():
    changed = cptrends.revisions("episodes_in_need", area="England", start=2015, end=2015)
    assert changed.value.tolist()[:2] == [781700, 754460]
    assert changed.release.tolist()[0] == "cin-2015" and changed.release.tolist()[-1] == CENSUS[-1]
    assert changed.published.is_monotonic_increasing


def test_a_figure_that_was_withdrawn_is_a_revision():
    changed = cptrends.revisions("repeat_plans", area="Doncaster", start=2022, end=2022)
    assert changed[["release", "status"]].values.tolist()[:6] == [
        ["cin-2022", "reported"],
        ["cin-2023", "reported"],
        ["cin-2024", "reported"],
        ["lait-2025-05", "reported"],
        ["cin-2025", "unavailable"],
        ["lait-2026-04", "suppressed"],
    ]
    # The newest release speaks: an older number is not brought back.
    said = value("repeat_plans", "Doncaster", 2022, CENSUS[-1])
    assert pd.isna(value("repeat_plans", "Doncaster", 2022, "cin-2025")) and said != 437
    assert value("repeat_plans", "Doncaster", 2022) == pytest.approx(said, nan_ok=True)
    assert value("repeat_plans", "Doncaster", 2022, "as_published") == 437


def test_another_mark_for_no_number_is_no_revision():
    for measure in ("plans_31_march_2_years_or_more", "repeat_plans"):
        changed = cptrends.revisions(measure)
        assert (changed.groupby(["area_code", "year"]).value.count() > 0).all()


def test_where_nothing_changed_there_is_nothing():
    told = data.observations().query("measure == 'referrals' and area_code == 'E92000001'")
    versions = told.groupby("year").value.nunique()
    changed = set(cptrends.revisions("referrals", area="England").year)
    assert changed == set(versions[versions > 1].index) and len(changed) < len(versions)


# ## Areas that were split or merged


@pytest.mark.parametrize(
    "before, after, last",
    [
        ("Cumbria", ["Cumberland", "Westmorland and Furness"], 2023),
        ("Northamptonshire", ["North Northamptonshire", "West Northamptonshire"], 2021),
        ("Poole", ["BCP"], 2019),
        ("Bournemouth", ["BCP"], 2019),
        ("Dorset (to 2019)", ["Dorset", "BCP"], 2019),
    ],
)
def test_each_keeps_its_own_years_and_no_series_is_joined(before, after, last):
    figures = cptrends.load("referrals", area=[before, *after])
    years = figures.groupby("area_name").year.agg(["min", "max"])
    assert years.loc[areas.name(areas.find(before)), "max"] == last
    assert {years.loc[areas.name(areas.find(name)), "min"] for name in after} == {last + 1}
    assert any(
        f"{areas.name(areas.find(before))} reported until {last}" in note and "not joined" in note
        for note in figures.attrs["notes"]
    )


def test_two_authorities_called_dorset_are_two():
    assert areas.find("Dorset") != areas.find("Dorset (to 2019)")
    assert cptrends.load("referrals", area="Dorset").year.min() == 2020


def test_an_authority_whose_code_alone_changed_is_one_series():
    for name in ("Buckinghamshire", "North Yorkshire", "Somerset", "Gateshead", "Northumberland"):
        figures = cptrends.load("plans_31_march", area=name)
        newest = cptrends.load("plans_31_march", area="England").year.max()
        assert figures.year.tolist() == list(range(2010, newest + 1)) and figures.attrs["notes"] == []
    assert value("plans_31_march", "E10000002", 2025) == value("plans_31_march", "E06000060", 2025)


def test_asking_for_years_before_or_after_an_area_was_there_says_what_became_of_it():
    with pytest.raises(
        BadInput, match="Cumbria reported until 2023, its successors are Cumberland and Westmorland and Furness"
    ):
        cptrends.load("referrals", area="Cumbria", start=2024)
    with pytest.raises(BadInput, match="Cumberland has reported since 2024, before it there was Cumbria"):
        cptrends.load("referrals", area="Cumberland", end=2023)


# ## England


@pytest.mark.parametrize(
    "year, names",
    [
        (2012, "Havering, Newham"),
        (2013, "Norfolk"),
        (2014, "Cornwall"),
        (2015, "South Tyneside"),
        (2021, "Hackney"),
        (2022, "Hackney"),
        (2024, "Hampshire, Herefordshire"),
    ],
)
def test_england_is_the_publishers_and_where_it_is_not_the_sum_the_gap_has_names(year, names):
    gap = cptrends.england_gap("referrals", start=year, end=year).iloc[0]
    assert gap.england == value("referrals", "England", year)
    assert gap.gap == gap.england - gap.authorities_sum and gap.gap > 1500
    assert gap.without_value == names


def test_where_every_authority_is_there_england_is_the_sum_within_its_rounding():
    gaps = cptrends.england_gap("referrals", start=2018, end=2020)
    assert (gaps.without_value == "").all() and (gaps.gap.abs() <= gaps.rounding).all()


def test_before_authorities_were_published_there_is_no_gap_to_tell():
    assert cptrends.load("plans_31_march", area="England").year.min() < 2000
    assert cptrends.england_gap("plans_31_march").year.min() == 2010


def test_shares_do_not_add_up_and_are_not_asked_to():
    with pytest.raises(BadInput, match="repeat_plan_percent is not a count or an amount"):
        cptrends.england_gap("repeat_plan_percent")


# ## What is not a number


def test_a_withheld_figure_has_no_value_and_says_why():
    figures = cptrends.load("plans_31_march_2_years_or_more", area="authorities", start=2024, end=2024)
    withheld = figures[figures.status == "suppressed"]
    assert len(withheld) > 20 and withheld.value.isna().all()


def test_a_reported_nought_is_a_number():
    figures = cptrends.load("plans_31_march_2_years_or_more", area="authorities", start=2020)
    nought = figures[figures.value == 0]
    assert len(nought) and set(nought.status) == {"reported"}


def test_an_england_figure_rounded_by_the_publisher_says_so():
    assert cptrends.load("referrals", area="England", start=2010, end=2025).status.unique().tolist() == ["rounded"]
    assert cptrends.load("population_0_17", area="England", start=2025, end=2025).status.tolist() == ["reported"]


def test_a_figure_the_publisher_doubts_says_so():
    figures = cptrends.load("referrals", release="cin-2011")
    doubtful = figures[figures.status == "low_confidence"]
    assert len(doubtful) and doubtful.value.notna().all()


# ## Ways in by subject


def test_each_way_in_is_a_measure():
    options = {"area": "England", "start": 2015, "end": 2015}
    for loaded, measure in [
        (cptrends.load_referrals(**options), "referrals"),
        (cptrends.load_plans(**options), "plans_31_march"),
        (cptrends.load_plans("started", **options), "plans_started"),
        (cptrends.load_plans("ended", **options), "plans_ended"),
        (cptrends.load_repeat_plans(**options), "repeat_plans"),
        (cptrends.load_population(**options), "population_0_17"),
        (cptrends.load_spend(**options), "social_work_spend"),
        (cptrends.load_spend("safeguarding", net=True, **options), "safeguarding_spend_net"),
        (cptrends.load_deprivation("idaci", what="rank", area="Hackney", start=2015, end=2015), "idaci_rank"),
    ]:
        area = "Hackney" if measure == "idaci_rank" else "England"
        pd.testing.assert_frame_equal(loaded, cptrends.load(measure, area=area, start=2015, end=2015))


@pytest.mark.parametrize("of", ["ended", "31_march"])
def test_durations_are_five_bands_that_make_up_the_plans_whose_length_is_known(of):
    bands = cptrends.load_plan_durations(of, area="England", start=2015, end=2015)
    assert bands.band.tolist() == list(loading.BANDS)
    assert bands.value.sum() == pytest.approx(value(f"plans_{of}", "England", 2015), abs=30)


@pytest.mark.parametrize(
    "ask, why",
    [
        (lambda: cptrends.load_plans("open"), "count must be one of 31_march, started, ended, not 'open'"),
        (lambda: cptrends.load_plan_durations("started"), "of must be one of ended, 31_march"),
        (lambda: cptrends.load_spend("roads"), "line must be one of social_work, safeguarding"),
        (lambda: cptrends.load_deprivation("crime"), "index must be one of imd, idaci"),
        (lambda: cptrends.load_deprivation(what="decile"), "what must be one of score, rank"),
    ],
)
def test_another_word_gets_the_list(ask, why):
    with pytest.raises(BadInput, match=why):
        ask()


def test_ofsted_ratings_on_a_day_or_all_of_them():
    every, that_day = cptrends.load_ofsted_ratings(), cptrends.load_ofsted_ratings("2017-06-13", frameworks=("SIF",))
    assert len(every) > 500 and len(that_day) == 132 and that_day.area_code.is_unique


# ## Asking for what is not there


@pytest.mark.parametrize(
    "ask, why",
    [
        (lambda: cptrends.load("referal"), "no measure is called 'referal'; did you mean referrals"),
        (lambda: cptrends.load("referrals", area="Hackny"), "no area is called 'Hackny'; did you mean Hackney"),
        (lambda: cptrends.load("referrals", start=1999, end=1999), "referrals has no figure for 1999; it has "),
        (
            lambda: cptrends.load("referrals", area="Kent", start=2099),
            r"no figure for 2099 to today; it has 2010 to 20\d\d for Kent",
        ),
        (
            lambda: cptrends.load("referrals", area="Kent", end=1999),
            r"no figure for the beginning to 1999; it has 2010 to 20\d\d for Kent",
        ),
        (
            lambda: cptrends.load("referrals", release="cin-2014 "),
            "no release is called 'cin-2014 '; use latest, as_published or a name: did you mean cin-2014",
        ),
        (lambda: cptrends.load("referrals", release="zzz"), "`cptrends releases` lists them"),
        (
            lambda: cptrends.load("plans_ended", release="cin-2025"),
            "cin-2025 does not have plans_ended; it is in cin-2010",
        ),
        (lambda: cptrends.load("imd_score", area="England"), "imd_score has no figure for England$"),
        (
            lambda: cptrends.load("imd_score", area=["England", "London", "North East", "South West"]),
            "for England, London, North East and 1 other$",
        ),
        (
            lambda: cptrends.load("referrals", area="London", release="cin-2015"),
            "referrals has no figure for London in release cin-2015",
        ),
        (lambda: loading.observations("cin-1815"), "no release is called 'cin-1815'"),
        (lambda: data.load_table("inspection"), "there is no table 'inspection'; the tables are areas, "),
    ],
)
def test_one_sentence_with_a_way_on(ask, why):
    with pytest.raises(BadInput, match=why) as stop:
        ask()
    assert "\n" not in str(stop.value)


def test_a_measure_of_the_dictionary_that_no_release_holds():
    name = next(name for name in measures.dictionary() if name not in HELD)
    with pytest.raises(BadInput, match=f"{name} is in the dictionary but no release held has it"):
        cptrends.load(name)


# ## Everything at once


def test_every_observation_of_every_release():
    everything = cptrends.data.observations()
    assert list(everything.columns) == ["measure", "area_code", "year", "value", "status", "release"]
    assert not everything.duplicated(["measure", "area_code", "year", "release"]).any()
    assert set(everything.measure) == set(HELD) and set(everything.release) <= set(data.releases().release)
    one = cptrends.data.observations("cin-2015")
    assert len(one) == (everything.release == "cin-2015").sum() and set(one.release) == {"cin-2015"}


def test_every_release_can_be_named_as_a_source():
    names = loading.source_names()
    assert set(names) == set(data.releases().release)
    assert names["unsourced"] == "No source confirmed" and names["cin-2025"].startswith("Department for Education, ")


def test_revisions_say_what_is_known_of_the_figures_they_list():
    said = data.revisions("repeat_plans", area="Doncaster", start=2022, end=2022).attrs["notes"]
    assert said == ["Doncaster's figure of 2021/22, in which every plan was a repeat plan, has been withdrawn."]
    assert data.revisions("repeat_plans", area="Kent").attrs["notes"] == []
