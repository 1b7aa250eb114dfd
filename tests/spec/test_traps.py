"""# Fourteen traps in the published files

Each of the publishers' files has something in it that a careful reader would still get wrong. One chapter a trap; each
test fails if the trap is fallen into. Small files made here come first, then the project's own data.

| Trap | Also tested in |
|---|---|
| 1 population year | unit/test_sources_population (ONS workbooks) |
| 2 vintages | unit/test_sources_population (Nomis stops at 16) |
| 5 England is not the sum | spec/test_data_loading |
| 10 section 251 | unit/test_sources_section_251 (lines by name, totals, two lines to 2010-11, noughts) |
| 12 deprivation | unit/test_sources_deprivation (2025 weighted from districts, editions refused for one another) |
| 13 Ofsted | spec/test_inspections (dates, relabelling, SLAC, abolished authorities, as-at tables) |
| 14 RO3 | unit/test_sources_revenue_outturn (missing returns, the GLA, lines) |
"""

import pathlib

import numpy as np
import pytest

import cptrends
from cptrends import data
from cptrends.data import areas, events, measures, paths
from cptrends.errors import BadInput
from cptrends.sources import children_in_need, lait, registry


def read(path, release, part):
    return children_in_need.read(path, part, registry.releases()[release])


def published(table, measure, area, year):
    """The text that was read for one figure."""
    chosen = (table.measure == measure) & (table.area_code == areas.find(area)) & (table.year == year)
    (text,) = table[chosen].published
    return text


def value(measure, area, year, release="latest"):
    (figure,) = cptrends.load(measure, area=area, start=year, end=year, release=release).value
    return figure


# ## 1. The population file's "reporting year" is the mid-year, which serves the rates of the year after


def test_trap_1_a_mid_year_is_stored_under_the_year_whose_rates_use_it(tidy_file, tmp_path):
    path = tidy_file(
        tmp_path, "cin-2025", "population", years=(2024,), cells={("Hackney", 2024, "population_estimate"): "54321"}
    )
    table = read(path, "cin-2025", "population")
    assert set(table.year) == {2025} and published(table, "population_0_17", "Hackney", 2025) == "54321"


def test_trap_1_counts_over_our_population_are_the_publishers_own_rates():
    keys = ["area_code", "year"]
    rates = cptrends.load("section_47_enquiries_per_10000", area="authorities", start=2024, release="lait-2026-04")
    both = rates.merge(cptrends.load("section_47_enquiries", release="cin-2025"), on=keys, suffixes=("_rate", ""))
    both = both.merge(cptrends.load("population_0_17", release="cin-2025"), on=keys, suffixes=("", "_people"))
    both = both.dropna(subset=["value", "value_rate", "value_people"])
    assert len(both) > 290
    assert (both.value / both.value_people * 10_000 - both.value_rate).abs().max() <= 0.05 + 1e-9


def test_trap_1_the_2022_release_had_no_population_for_its_own_year_and_none_is_made_up():
    assert cptrends.load("population_0_17", release="cin-2022").year.max() == 2021
    assert cptrends.load(
        "population_0_17", area="England", start=2022, end=2022, release="as_published"
    ).release.tolist() == ["cin-2024"]


# ## 2. Populations before and after the 2021 Census are two vintages


def test_trap_2_a_release_keeps_its_vintage_and_the_change_can_be_seen():
    before, after = (value("population_0_17", "Westminster", 2021, release) for release in ("cin-2022", "cin-2025"))
    assert round(100 * (after / before - 1)) == -37
    assert set(cptrends.revisions("population_0_17", area="Leicester", start=2021, end=2021).release) >= {
        "cin-2021",
        "cin-2025",
    }
    assert (value("population_0_17", "England", 2021, "cin-2022"), value("population_0_17", "England", 2021)) == (
        12093290,
        11787794,
    )


@pytest.mark.parametrize("name", ["Dorset (to 2019)", "Poole", "Bournemouth"])
def test_trap_2_where_no_rebased_population_exists_the_old_one_is_not_mixed_in(name):
    latest = cptrends.load("population_0_17", area=name, start=2013)
    assert latest.value.isna().all() and set(latest.status) == {"unavailable"}
    assert cptrends.load("population_0_17", area=name, start=2015, end=2015, release="as_published").value.notna().all()


# ## 3. Episodes of need were cut in the back series, and the old header calls them children


def test_trap_3_both_counts_are_kept_and_the_fall_is_the_publishers():
    fall = {}
    for year in range(2013, 2018):
        first, latest = (value("episodes_in_need", "England", year, rule) for rule in ("as_published", "latest"))
        fall[year] = round(100 * (latest / first - 1), 1)
    assert fall == {2013: -1.0, 2014: -1.7, 2015: -3.5, 2016: -4.0, 2017: -4.5}


def test_trap_3_episodes_are_not_children():
    assert measures.measure("episodes_in_need")["unit"] == "episodes"
    assert children_in_need.mapping()["episodes_in_need"]["wide"]["2015"] == "CINThro1415"
    both = [value(name, "England", 2017, "cin-2017") for name in ("episodes_in_need", "children_in_need_any_point")]
    assert both[0] > both[1]


# ## 4. Smaller revisions, and one withdrawal


def test_trap_4_the_withdrawn_second_plans_of_doncaster_stay_withdrawn():
    row = cptrends.load("repeat_plans", area="Doncaster", start=2022, end=2022).iloc[0]
    assert np.isnan(row.value) and row.status == "unavailable"
    assert value("repeat_plans", "Doncaster", 2022, "cin-2024") == 437
    assert value("repeat_plans", "England", 2022) - value("repeat_plans", "England", 2022, "cin-2024") == -440


def test_trap_4_counts_of_plans_were_not_revised_but_by_rounding():
    for measure in ("plans_started", "plans_31_march", "plans_ended"):
        for year in range(2013, 2018):
            first, last = (value(measure, "England", year, rule) for rule in ("as_published", "latest"))
            assert abs(first - last) <= 100


# ## 5. England is not the sum of its authorities where returns are missing


@pytest.mark.parametrize(
    "measure, year, missing",
    [
        ("referrals", 2012, {"Havering", "Newham"}),
        ("referrals", 2013, {"Norfolk"}),
        ("referrals", 2014, {"Cornwall"}),
        ("referrals", 2015, {"South Tyneside"}),
        ("referrals", 2021, {"Hackney"}),
        ("referrals", 2022, {"Hackney"}),
        ("referrals", 2024, {"Hampshire", "Herefordshire"}),
        ("plans_31_march", 2024, {"Hampshire", "City of London"}),
    ],
)
def test_trap_5_the_gap_is_told_with_names(measure, year, missing):
    gap = cptrends.england_gap(measure, start=year, end=year).iloc[0]
    assert gap.gap > 100 and set(gap.without_value.split(", ")) == missing


def test_trap_5_an_authority_may_be_missing_from_one_table_only():
    assert (
        np.isnan(value("referrals", "South Tyneside", 2015))
        and value("children_in_need_31_march", "South Tyneside", 2015) > 0
    )


# ## England's row carries a code of the Isle of Wight


@pytest.mark.parametrize("release", [f"cin-{year}" for year in range(2010, 2018)])
def test_england_is_not_the_isle_of_wight(release, wide_file, tmp_path):
    table = read(wide_file(tmp_path, release), release, "underlying")
    year = registry.releases()[release]["year"]
    assert (
        published(table, "referrals", "England", year) == "1000"
        and published(table, "referrals", "Isle of Wight", year) == "10"
    )
    assert (
        value("referrals", "England", year, release) > 500_000
        and not value("referrals", "Isle of Wight", year, release) > 10_000
    )


# ## 6. Slips in the headers


@pytest.mark.parametrize(
    "release, column, measure, year",
    [
        ("cin-2012", "ReferralsNFA112", "referrals_no_further_action", 2012),
        ("cin-2014", "CPPStart1314SecondTime", "repeat_plans", 2014),
        ("cin-2014", "CPPStart1314SecondTime_A", "repeat_plan_percent", 2014),
        ("cin-2016", "CINAt310316", "children_in_need_31_march", 2016),
        ("cin-2017", "CINAt310316", "children_in_need_31_march", 2017),
    ],
)
def test_trap_6_a_slip_of_the_wide_files_is_read_for_what_it_holds(wide_file, tmp_path, release, column, measure, year):
    table = read(wide_file(tmp_path, release, cells={("Kent", column): "77"}), release, "underlying")
    assert published(table, measure, "Kent", year) == "77" and set(table.year) == {year}


@pytest.mark.parametrize(
    "release, part, column, measure",
    [
        ("cin-2020", "d5", "3_months", "plans_31_march_3_months_or_less"),
        ("cin-2020", "d5", "2_years+", "plans_31_march_2_years_or_more"),
        ("cin-2020", "d7", "2_years+", "plans_ended_2_years_or_more"),
        ("cin-2024", "d7", "2_years_or_more", "plans_ended_2_years_or_more"),
        ("cin-2024", "c1", "Referrals", "referrals"),
        ("cin-2025", "c1", "referral_count", "referrals"),
        ("cin-2025", "c1", "rereferral_count", "rereferrals"),
        ("cin-2025", "c1", "no_further_action_count", "referrals_no_further_action"),
    ],
)
def test_trap_6_a_column_may_have_another_name_in_another_release(tidy_file, tmp_path, release, part, column, measure):
    year = registry.releases()[release]["year"]
    table = read(tidy_file(tmp_path, release, part, years=(year,), cells={("Kent", year, column): "77"}), release, part)
    assert published(table, measure, "Kent", year) == "77"


def test_trap_6_the_second_plan_column_of_2014_is_the_percentage():
    share, count, all_plans = (
        value(m, "England", 2014, "cin-2014") for m in ("repeat_plan_percent", "repeat_plans", "plans_started")
    )
    assert share == pytest.approx(100 * count / all_plans, abs=0.1)


# ## 7. Plans at 31 March by length and plans that ended by length are two populations, and small numbers are withheld


def test_trap_7_the_two_are_two_measures_from_two_tables(tidy_file, tmp_path):
    still = read(tidy_file(tmp_path, "cin-2024", "d5", years=(2024,)), "cin-2024", "d5")
    ended = read(tidy_file(tmp_path, "cin-2024", "d7", years=(2024,)), "cin-2024", "d7")
    # d5 holds the total at 31 March too, but where d1 is to be had, d1 gives it.
    assert {m.removeprefix("plans_31_march_") for m in still.measure} == {
        m.removeprefix("plans_ended_") for m in ended.measure
    }
    assert set(still.measure).isdisjoint(ended.measure)


@pytest.mark.parametrize("of, least, most", [("ended", 0.13, 0.27), ("31_march", 0.28, 0.43)])
def test_trap_7_withheld_cells_are_many_and_never_a_nought(of, least, most):
    figures = cptrends.load(f"plans_{of}_2_years_or_more", area="authorities", release="cin-2024")
    withheld = figures[figures.status == "suppressed"]
    shares = withheld.groupby("year").size() / figures.groupby("year").size()
    assert withheld.value.isna().all() and shares.between(least, most).all() and len(shares) == 12


def test_trap_7_only_the_newest_total_of_d5_is_taken_where_d1_is_not_to_be_had(tidy_file, tmp_path):
    table = read(tidy_file(tmp_path, "cin-2025", "d5", years=(2024, 2025)), "cin-2025", "d5")
    assert set(table[table.measure == "plans_31_march"].year) == {2025}
    assert set(table[table.measure == "plans_31_march_2_years_or_more"].year) == {2024, 2025}


def test_trap_7_the_back_series_total_of_d5_is_not_taken_for_the_stock():
    # d5 leaves out plans of unknown length: 43,140 where the stock of 2013 is 43,190.
    assert value("plans_31_march", "England", 2013) == 43190
    assert cptrends.load("plans_31_march", area="England", release="cin-2025").year.tolist() == [2025]


# ## The same mark means different things


@pytest.mark.parametrize(
    "release, mark, status",
    [
        ("cin-2015", "x", "suppressed"),
        ("cin-2015", "..", "unavailable"),
        ("cin-2021", "c", "suppressed"),
        ("cin-2021", ":", "unavailable"),
        ("cin-2022", "x", "unavailable"),
        ("cin-2025", "c", "suppressed"),
        ("cin-2025", "u", "unavailable"),
        ("cin-2025", "z", "not_applicable"),
    ],
)
def test_marks_are_read_as_their_release_means_them(release, mark, status):
    assert registry.symbols(registry.releases()[release]["symbols"])[mark] == status


# ## 8. Factors: one column for anyone to 2016-17, three that overlap since


@pytest.mark.parametrize("factor", ["domestic_abuse", "mental_health"])
def test_trap_8_the_columns_are_kept_apart_and_never_added(factor):
    anyone = cptrends.load(f"factor_{factor}", area="England")
    assert anyone.year.tolist() == [2015, 2016, 2017]
    for who in ("child", "parent", "person"):
        assert cptrends.load(f"factor_{factor}_{who}", area="England").year.min() == 2018
    everyone = sum(value(f"factor_{factor}_{who}", "England", 2025) for who in ("child", "parent", "person"))
    held = {value(m, "England", 2025) for m in measures.dictionary() if m.startswith("factor_") and _has(m, 2025)}
    assert everyone not in held


def _has(measure, year):
    try:
        return len(cptrends.load(measure, area="England", start=year, end=year)) > 0
    except BadInput:
        return False


@pytest.mark.parametrize(
    "release, column", [("cin-2021", "Domestic_Violence_parent"), ("cin-2022", "Domestic_Abuse_parent")]
)
def test_trap_8_violence_became_abuse_in_the_header_only(tidy_file, tmp_path, release, column):
    year = registry.releases()[release]["year"]
    table = read(tidy_file(tmp_path, release, "c3", years=(year,), cells={("Kent", year, column): "77"}), release, "c3")
    assert published(table, "factor_domestic_abuse_parent", "Kent", year) == "77"


# ## 9. Assessments: initial and core to 2013-14, one single assessment after; no series across the change


def test_trap_9_the_three_kinds_of_assessment_are_three_measures():
    years = {
        m: set(cptrends.load(m, area="England").year)
        for m in ("initial_assessments", "core_assessments", "assessments")
    }
    assert years["initial_assessments"] == years["core_assessments"] == set(range(2010, 2015))
    assert min(years["assessments"]) == 2014
    assert measures.breaks("assessments")[0][0] == 2015


# ## 10. Section 251: totals among the lines, lines that move, noughts that mean elsewhere


def test_trap_10_england_is_the_lines_we_name_and_no_total_is_added_in():
    # The Audit Office's numerator for 2014-15, and its net counterpart.
    assert round(value("social_work_spend", "England", 2015) / 1e6, 1) == 1800.1
    assert round(value("social_work_spend_net", "England", 2015) / 1e6, 1) == 1754.2
    for year in range(2009, 2020):
        parts = [
            value(f"{line}_spend", "England", year) for line in ("social_work", "safeguarding", "childrens_social_care")
        ]
        assert parts == sorted(parts), f"{year}: a part is larger than the whole"


def test_trap_10_every_change_of_the_line_is_a_break_and_the_noughts_are_in_the_notes():
    everywhere = [event.first for event in events.of("social_work_spend") if not event.own]
    assert everywhere[:2] == [2012, 2013]
    assert value("social_work_spend", "Brent", 2013) == 0 and "Brent" in measures.measure("social_work_spend")["notes"]


# ## 11. LAIT: numbers as long text, periods of several kinds, one mark for everything


def store(tmp_path, rows):
    """A small store of LAIT: every measure we take, for Kent in 2016, and the rows given."""
    parquet = pytest.importorskip("pyarrow.parquet", reason="the ingest extra is not installed")
    import pyarrow

    kent = [(short, "", "2016", "Kent", "1", 886, "South East") for short in lait.mapping()]
    table = [dict(zip(lait.COLUMNS, row, strict=True)) for row in [*kent, *rows]]
    path = tmp_path / "bds_long_0.parquet"
    parquet.write_table(pyarrow.Table.from_pylist(table), path)
    return path


def test_trap_11_periods_marks_and_numbers(tmp_path):
    path = store(
        tmp_path,
        [
            ("PrevRegCPR", "", "2017", "Kent", "17.899999999999999", 886, "South East"),
            ("ReRegCPR", "Number", "2025 (Rev)", "Kent", "7.0000000000000007E-2", 886, "South East"),
            ("SafeguardingFinance", "", "2016-17 (OT)", "Kent", "-", 886, "South East"),
            ("CPP_Num", "", "2019", "England", "52260", 970, "England"),
            ("CPP_Num", "", "2019", "Cumberland", "-", 942, "North West"),
            ("CPP_Num", "", "2019", "Cumbria", "-", 909, "North West"),
            ("Not one of ours", "", "2019", "Kent", "5", 886, "South East"),
        ],
    )
    table = lait.read(path, "store", registry.releases()["lait-2026-04"])
    assert published(table, "repeat_plan_percent", "Kent", 2017) == "17.899999999999999"
    assert published(table, "repeat_plans", "Kent", 2025) == "7.0000000000000007E-2"
    assert published(table, "safeguarding_spend", "Kent", 2017) == "-"
    assert published(table, "plans_31_march", "England", 2019) == "52260"
    # Cumberland did not exist in 2019: its dash is no withheld figure. Cumbria's is.
    assert published(table, "plans_31_march", "Cumbria", 2019) == "-"
    assert not ((table.area_code == areas.find("Cumberland")) & (table.year == 2019)).any()
    assert "5" not in set(table.published)


@pytest.mark.parametrize("period", ["2016/17", "2016-18", "16-17", "2016-17 (XX)", "mid-2016", ""])
def test_trap_11_a_period_of_another_kind_is_refused(tmp_path, period):
    path = store(tmp_path, [("CPP_Num", "", period, "Kent", "5", 886, "South East")])
    with pytest.raises(BadInput, match=r"the period .* is not (understood|one year)"):
        lait.read(path, "store", registry.releases()["lait-2026-04"])


def test_trap_11_what_only_ends_like_a_store_or_lacks_a_measure_is_refused(tmp_path):
    pytest.importorskip("pyarrow", reason="the ingest extra is not installed")
    import pandas as pd

    entry = registry.releases()["lait-2026-04"]
    path = store(tmp_path, [])
    table = pd.read_parquet(path)
    table[table["Short Desc"] != "CPP_Num"].to_parquet(path)
    with pytest.raises(BadInput, match="measure 'CPP_Num' is missing"):
        lait.read(path, "store", entry)
    table.rename(columns={"Values": "Value"}).to_parquet(path)
    with pytest.raises(BadInput, match="column 'Values' is missing; 'Value' was found in its place"):
        lait.read(path, "store", entry)
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(BadInput, match="cannot be opened as parquet"):
        lait.read(path, "store", entry)


def test_trap_11_without_pyarrow_the_sentence_says_what_to_install(tmp_path, monkeypatch):
    import pandas as pd

    def absent(path):
        raise ImportError("no pyarrow")

    monkeypatch.setattr(pd, "read_parquet", absent)
    (tmp_path / "bds_long_0.parquet").write_bytes(b"PAR1")
    with pytest.raises(BadInput, match=r'install it with python -m pip install "cptrends\[ingest\]"'):
        lait.read(tmp_path / "bds_long_0.parquet", "store", registry.releases()["lait-2026-04"])


def test_trap_11_long_decimals_are_the_short_number_and_counts_agree_with_the_releases():
    shares = cptrends.load("repeat_plan_percent", release="lait-2026-04").value.dropna()
    assert ((shares * 10).round() / 10 - shares).abs().max() < 1e-9
    told = data.observations()
    told = told[told.release.str.fullmatch(r"cin-20(1\d|2[0-5])")]  # the censuses that the edition could follow
    newest = told.sort_values("release", kind="stable").drop_duplicates(["measure", "area_code", "year"], keep="last")
    for measure in ("referrals", "plans_31_march", "plans_started", "repeat_plans"):
        both = (
            cptrends.load(measure, area="authorities", release="lait-2026-04")
            .merge(newest[newest.measure == measure], on=["area_code", "year"], suffixes=("_lait", ""))
            .dropna(subset=["value", "value_lait"])
        )
        assert len(both) > 1400 and (both.value == both.value_lait).all()


def test_trap_11_what_does_not_join_or_cannot_be_is_said():
    assert [year for year, _ in measures.breaks("children_in_relative_low_income_percent")] == [2022]
    assert cptrends.load("children_in_low_income_percent").release.str.startswith("low-income-hmrc").all()
    notes = measures.measure("safeguarding_spend")["notes"]
    assert "Salford" in notes and "Sandwell" in notes
    gap = cptrends.england_gap("safeguarding_spend", start=2025, end=2025, release="lait-2026-04")
    assert gap.without_value.tolist() == ["Wandsworth, Middlesbrough"]


# ## 12. Deprivation: editions do not compare, and later authorities have no score


@pytest.mark.parametrize("index", ["imd", "idaci"])
def test_trap_12_each_edition_is_a_break_and_an_authority_has_a_score_only_from_its_time(index):
    assert {2019, 2025} <= {year for year, _ in measures.breaks(f"{index}_score")}
    assert cptrends.load_deprivation(index, area="Cumberland").year.min() == 2025
    assert cptrends.load_deprivation(index, area="Cumberland", release="deprivation-2025").status.tolist() == [
        "derived"
    ]
    assert cptrends.load_deprivation(index, area="Cumbria").year.max() == 2019


def test_trap_12_idaci_2025_counts_income_after_housing_costs_and_says_so():
    (what,) = [what for year, what in measures.breaks("idaci_score") if year == 2025]
    assert "housing costs" in what


def test_trap_12_ranks_are_one_to_the_number_of_authorities():
    for year in (2015, 2019, 2025):
        ranks = cptrends.load_deprivation("imd", what="rank", area="authorities", start=year, end=year).value
        assert ranks.min() == 1 and ranks.max() <= len(ranks) and len(ranks) in (150, 151, 152, 153)


# ## 13. Ofsted: relabelled grades, SLAC without one overall grade, abolished authorities


def test_trap_13_adequate_became_requires_improvement_and_both_words_are_kept():
    held = data.load_table("inspections")
    relabelled = held[(held.grade_as_judged != held.grade) & (held.grade_as_judged != "")]
    assert set(relabelled.grade_as_judged) == {"Adequate"} and set(relabelled.grade) == {"Requires improvement"}


def test_trap_13_the_counts_of_13_june_2017_are_ofsteds():
    ratings = cptrends.load_ofsted_ratings("2017-06-13", frameworks=("SIF",))
    assert len(ratings) == 132 and (ratings.grade == "Inadequate").sum() == 29
    assert (ratings.grade == "Requires improvement").sum() == 62


# ## 14. RO3 has no line for social work, and not every council returned it


def test_trap_14_no_social_work_is_read_from_ro3():
    releases = [name for name in registry.releases() if name.startswith("revenue-outturn")]
    held = {path.stem: path.read_text("utf-8") for path in (paths.processed() / "observations").glob("*spend*.csv")}
    assert not any(
        name in text for name in releases for measure, text in held.items() if measure.startswith("social_work")
    )
    assert all(any(name in text for text in held.values()) for name in releases)


def test_trap_14_england_where_returns_are_missing_is_the_publishers_estimate():
    row = cptrends.load(
        "childrens_social_care_spend_ro3", area="England", start=2025, end=2025, release="revenue-outturn-2024-25"
    ).iloc[0]
    assert row.status == "estimated"


def test_trap_14_no_measure_of_section_251_is_continued_with_ro3():
    """Hackney's total of 2019-20 would fall by 14% and England's of 2024-25 rise by £0.9bn for the change of return."""
    for line in ("social_work", "safeguarding", "childrens_social_care"):
        for net in (False, True):
            assert not cptrends.load_spend(line, net=net).release.str.startswith("revenue-outturn").any(), (line, net)
    for measure in measures.dictionary():
        if "_spend_ro3" in measure:
            assert cptrends.load(measure).release.str.startswith("revenue-outturn").all(), measure
    assert value("childrens_social_care_spend", "England", 2025) == 16_012_355_892
    assert value("childrens_social_care_spend", "Hackney", 2020) == 88_067_820
    assert value("childrens_social_care_spend_ro3", "England", 2025) == pytest.approx(16_878_875_000, abs=1e6)
    assert value("childrens_social_care_spend_ro3", "Hackney", 2020) == 75_685_000
    assert [year for year, _ in measures.breaks("childrens_social_care_spend")] == [2011]


def test_the_chapter_on_every_trap_is_here():
    text = pathlib.Path(__file__).read_text("utf-8")
    assert [number for number in range(1, 15) if f"def test_trap_{number}_" not in text] == []
