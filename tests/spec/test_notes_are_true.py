"""What notes say in words and figures, computed: a note is prose, and data can leave it behind.

Covers the notes of measures.toml that give a figure and those of claims that say when a share held.
"""

import pandas as pd
import pytest

from cptrends import data
from cptrends.claims import register
from cptrends.data import areas, inspections, measures


def england(measure, year, release="latest"):
    return data.load(measure, area="England", start=year, end=year, release=release).value.iloc[0]


def note(measure):
    return measures.dictionary()[measure]["notes"]


def claim_note(name):
    return next(claim["notes"] for claim in register.registered() if claim["id"] == name)


def daily(first, last, grades):
    """The share of authorities with these SIF grades on each day, and how many were judged."""
    judgements, days = data.load_table("inspections"), pd.date_range(first, last)
    # A share moves only when a report comes out, and when authorities come and go on 1 April.
    moves = days[
        (days == first) | days.strftime("%Y-%m-%d").isin(judgements["published"]) | (days.strftime("%d%m") == "0104")
    ]
    table = inspections.grades_by_date(judgements, moves.strftime("%Y-%m-%d"), ("SIF",))
    table = table.set_index(moves).reindex(days, method="ffill")
    return pd.DataFrame({"share": table[grades].sum(axis=1), "judged": table["judged"]})


class TestMeasures:
    def test_episodes_were_cut_by_up_to_four_and_a_half_per_cent(self):
        cuts = [
            1 - england("episodes_in_need", y) / england("episodes_in_need", y, "as_published")
            for y in range(2013, 2018)
        ]
        assert "up to 4.5 per cent" in note("episodes_in_need") and round(100 * max(cuts), 1) == 4.5 and min(cuts) > 0

    def test_doncaster_moved_england_by_440_second_plans(self):
        moved = england("repeat_plans", 2022, "as_published") - england("repeat_plans", 2022)
        doncaster = data.revisions("repeat_plans", area="Doncaster", start=2022, end=2022)
        assert "moves England by 440" in note("repeat_plans") and moved == 440
        assert doncaster.value.isna().tolist()[-1] and not doncaster.value.isna().tolist()[0]

    def test_section_47_of_2010_was_first_87_700_and_later_given_as_89_300(self):
        versions = (
            data.revisions("section_47_enquiries", area="England", start=2010, end=2010).set_index("release").value
        )
        assert "first published as 87,700 and given as 89,300" in note("section_47_enquiries")
        assert versions["cin-2010"] == 87_700 and versions["pq-hl3288"] == 89_300
        assert data.load("section_47_enquiries", area="England", start=2006, end=2006).status.tolist() == ["unverified"]

    def test_the_2022_release_used_a_population_about_three_per_cent_too_large(self):
        used, right = england("population_0_17", 2021, "cin-2022"), england("population_0_17", 2022)
        assert "about 3 per cent too low" in note("population_0_17") and round(100 * (1 - right / used)) == 3

    @pytest.mark.parametrize(
        "measure",
        ["referrals", "section_47_enquiries", "plans_started", "plans_31_march", "repeat_plans", "assessments"],
    )
    def test_england_and_the_south_east_hold_hampshires_figures_of_the_year_before(self, measure):
        before = data.load(measure, area="Hampshire", start=2023, end=2023).value.iloc[0]
        here = data.load(measure, area="authorities", start=2024, end=2024)
        known = here.value.notna()
        south_east = here.area_code.map(areas.region_of) == areas.find("South East")
        region = data.load(measure, area="South East", start=2024, end=2024).value.iloc[0]
        assert any("are those of the year before" in what for _, what in measures.breaks(measure, "South East"))
        assert region - here.value[south_east & known].sum() == pytest.approx(before, abs=10)

    @pytest.mark.parametrize(
        ("measure", "percent", "side"),
        [
            ("safeguarding_spend", 7, "below"),
            ("safeguarding_spend_net", 4, "below"),
            ("childrens_social_care_spend", 2, "above"),
            ("childrens_social_care_spend_net", 3, "above"),
        ],
    )
    def test_revenue_outturn_stands_so_far_from_section_251_in_2019_20(self, measure, percent, side):
        line, net = measure.removesuffix("_net"), "_net" if measure.endswith("_net") else ""
        ro3, outturn = england(f"{line}_ro3{net}", 2020), england(measure, 2020, "section-251-2021-22")
        assert f"{percent} per cent {side} it in 2019-20" in note(f"{line}_ro3{net}")
        assert measure in note(f"{line}_ro3{net}")
        assert round(100 * (ro3 / outturn - 1)) == (percent if side == "above" else -percent)

    def test_revenue_outturn_stands_five_per_cent_above_section_251_in_2024_25(self):
        ro3, outturn = england("childrens_social_care_spend_ro3", 2025), england("childrens_social_care_spend", 2025)
        assert "5 per cent in 2024-25" in note("childrens_social_care_spend_ro3")
        assert round(100 * (ro3 / outturn - 1)) == 5

    @pytest.mark.parametrize("measure", ["childrens_social_care_spend", "safeguarding_spend"])
    def test_lait_gives_what_table_a1_does_to_the_pound(self, measure):
        """But for Slough's total of 2017-18."""
        assert "to the pound, where both have a year (2015-16 to 2018-19)" in note(measure)
        compared, apart = 0, []
        for year in range(2016, 2020):
            tables = {
                release: data.load(measure, area="authorities", start=year, end=year, release=release).set_index(
                    "area_name"
                )["value"]
                for release in (
                    f"section-251-{year - 1}-{year % 100}",
                    "lait-2025-05" if year == 2016 else "lait-2026-04",
                )
            }
            table_a1, lait = tables.values()
            compared += len(table_a1)
            apart += [(name, year, table_a1[name], lait[name]) for name in table_a1.index[(table_a1 - lait).abs() > 1]]
        assert compared == 4 * 152
        assert [(name, year) for name, year, _, _ in apart] == (
            [("Slough", 2018)] if measure == "childrens_social_care_spend" else []
        )
        assert all("Slough in 2017-18, where it is 2 per cent lower" in note(measure) for _ in apart)
        assert all(round(100 * (1 - lait / table_a1)) == 2 for _, _, table_a1, lait in apart)

    def test_england_and_the_north_east_are_60_million_above_their_authorities_in_2017_18(self):
        here = data.load("childrens_social_care_spend", area="authorities", start=2018, end=2018)
        north_east = here[here.area_code.map(areas.region_of) == areas.find("North East")]
        region = data.load("childrens_social_care_spend", area="North East", start=2018, end=2018).value.iloc[0]
        assert "60 million pounds more than their authorities" in note("childrens_social_care_spend")
        assert england("childrens_social_care_spend", 2018) - here.value.sum() == 60_000_000
        assert region - north_east.value.sum() == 60_000_000
        netted = data.load("childrens_social_care_spend_net", area="authorities", start=2018, end=2018).value.sum()
        assert "DfE prints 60 million pounds more" in note("childrens_social_care_spend_net")
        assert england("childrens_social_care_spend_net", 2018) == pytest.approx(netted)
        assert round((england("childrens_social_care_spend_net", 2018, "section-251-2021-22") - netted) / 1e6) == 60

    @pytest.mark.parametrize(
        ("measure", "without"),
        [
            ("childrens_social_care_spend", {2023: ["Luton"]}),
            ("safeguarding_spend", {}),
        ],
    )
    def test_england_leaves_out_the_authorities_without_a_figure(self, measure, without):
        without = without | {2024: ["Cumberland", "Westmorland and Furness"], 2025: ["Middlesbrough", "Wandsworth"]}
        gaps = data.england_gap(measure, start=2019).set_index("year")
        missing = {year: sorted(names.split(", ")) for year, names in gaps.without_value.items() if names}
        assert missing == without
        assert all(name in note(measure) for names in without.values() for name in names)
        assert gaps.gap.abs().max() < 10


class TestClaims:
    def test_when_a_quarter_were_good_or_better(self):
        shares = daily("2016-04-14", "2016-08-04", ["Outstanding", "Good"]).share
        assert (
            "within a point of that from mid-April to early August 2016, and at it for four weeks of July"
            in claim_note("lga16-good-sif")
        )
        assert shares.between(24, 26).all() and (shares["2016-07-07":"2016-08-03"] == 25).all()

    def test_when_a_quarter_were_inadequate(self):
        shares = daily("2015-06-01", "2016-11-03", ["Inadequate"]).share
        held = shares[(shares - 25).abs() <= 0.5]
        assert "between June 2015 and April 2016, and on none in the half year before" in claim_note(
            "lga16-inadequate-sif"
        )
        assert (
            held.index.min() >= pd.Timestamp("2015-06-01")
            and held.index.max() < pd.Timestamp("2016-05-01")
            and len(held)
        )
        printed = data.load_table("grades_as_printed")
        printed = printed[
            printed.framework.str.startswith("SIF") & (printed.pct_inadequate != "")
        ].pct_inadequate.astype(float)
        assert len(printed) >= 5 and ((printed - 25).abs() > 0.5).all()

    def test_when_38_had_not_been_inspected(self):
        judged = daily("2016-12-01", "2017-03-23", list(inspections.GRADES)).judged
        left = len(areas.authorities(2017)) - judged
        assert "stood from 9 December to 23 January; seven reports came out" in claim_note("mins17-not-yet-inspected")
        assert (
            left[left == 38].index.tolist() == pd.date_range("2016-12-09", "2017-01-23").tolist()
            and left.iloc[-1] == 38 - 7
        )
