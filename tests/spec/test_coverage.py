"""Chapter: numerator and denominator cover the same places.

A share of England is a share of the children of some authorities. Where one authority is in the one count and not in
the other the quotient is of nothing: second plans without Doncaster's over plans started with them. The authority is
left out of both, and named; but only where the total really lacks it, for the publisher may have put in an estimate.
"""

import numpy as np
import pandas as pd
import pytest

from cptrends import data, indicators
from cptrends.claims import calculations
from cptrends.data import areas
from cptrends.indicators import coverage

YEAR, SHARE = 2022, {"per": 100, "interval": "wilson"}
DONCASTER, LEEDS, SCILLY = (areas.find(name) for name in ("Doncaster", "Leeds", "Isles of Scilly"))
HERE, YORKSHIRE = areas.authorities(YEAR), areas.find("Yorkshire and The Humber")


def part(each, *, without=(), withheld=(), estimated=0.0, totals=True, unlike=None):
    """A count of `each` in every authority, and its totals: those lacking are in them only as the estimate."""
    rows = [
        (code, "unavailable", np.nan)
        if code in without
        else (code, "suppressed", np.nan)
        if code in withheld
        else (code, "reported", float((unlike or {}).get(code, each)))
        for code in HERE
    ]
    frame = pd.DataFrame(rows, columns=["area_code", "status", "value"])
    of_region = frame.groupby(frame["area_code"].map(areas.region_of))["value"].sum()
    for code in without:
        of_region[areas.region_of(code)] += estimated / len(without)
    for code in withheld:
        of_region[areas.region_of(code)] += 3
    if totals:
        of_region[areas.ENGLAND] = of_region.sum()
        above = pd.DataFrame({"area_code": of_region.index, "status": "reported", "value": of_region.to_numpy()})
        frame = pd.concat([frame, above], ignore_index=True)
    return frame.assign(year=YEAR, area_name=frame["area_code"].map(areas.name))


def share_of(code, top, bottom):
    return indicators.combine(top, bottom, SHARE).set_index("area_code").loc[code]


class TestTheRule:
    @pytest.mark.parametrize("code", [areas.ENGLAND, YORKSHIRE])
    def test_an_authority_that_one_part_lacks_is_left_out_of_both_and_named(self, code):
        row = share_of(code, part(20, without=[DONCASTER]), part(100, unlike={DONCASTER: 900}))
        assert row["value"] == 20 and row["without"] == "Doncaster"
        count = len(HERE) if code == areas.ENGLAND else sum(areas.region_of(one) == YORKSHIRE for one in HERE)
        assert row["denominator"] == 100 * (count - 1)
        assert row["note"].endswith(f"no figure for it: Doncaster (1 of {count} authorities).")

    def test_which_part_lacks_it_does_not_matter(self):
        row = share_of(YORKSHIRE, part(20, unlike={LEEDS: 500}), part(100, without=[LEEDS]))
        assert row["value"] == 20 and row["without"] == "Leeds"

    def test_each_part_may_lack_another(self):
        row = share_of(YORKSHIRE, part(20, without=[DONCASTER]), part(100, without=[LEEDS]))
        assert (
            row["value"] == 20
            and row["without"] == "Doncaster; Leeds"
            and "for them: Doncaster and Leeds (2" in row.note
        )

    def test_other_regions_and_the_authorities_themselves_are_as_they_were(self):
        result = indicators.combine(part(20, without=[DONCASTER]), part(100), SHARE).set_index("area_code")
        changed = result.index[result["without"] != ""]
        assert set(changed) == {areas.ENGLAND, YORKSHIRE}
        assert np.isnan(result["value"][DONCASTER]) and result["denominator"][DONCASTER] == 100

    def test_an_estimate_in_the_total_stands_for_the_authority(self):
        row = share_of(areas.ENGLAND, part(200, without=[DONCASTER], estimated=190), part(1000))
        assert row["denominator"] == 1000 * len(HERE) and row["without"] == "" and row["note"] == ""

    def test_a_withheld_count_is_in_its_total(self):
        row = share_of(YORKSHIRE, part(20, withheld=[DONCASTER]), part(100))
        assert (row["without"], row["note"]) == ("", "") and row["denominator"] == 100 * 15

    def test_where_there_was_nothing_to_count_nothing_is_missing(self):
        """In 2013-14 some made single assessments already; of the others the file says not applicable."""
        row = indicators.indicator("assessment_rate", "England", start=2014, end=2014, release="cin-2014").iloc[0]
        assert round(row["value"], 1) == 153.3 and row["without"] == "Southampton"

    def test_an_authority_that_both_parts_lack_is_left_out_already(self):
        row = share_of(YORKSHIRE, part(20, without=[DONCASTER]), part(100, without=[DONCASTER]))
        assert row["value"] == 20 and (row["without"], row["note"]) == ("", "")

    def test_a_total_that_holds_something_else_is_left_alone_and_says_so(self):
        row = share_of(YORKSHIRE, part(200, without=[DONCASTER], estimated=30), part(1000))
        assert row["without"] == "" and row["denominator"] == 1000 * 15
        assert "Doncaster; whether its total counts it cannot be told, so nothing is taken out." in row["note"]

    def test_a_place_that_would_be_lost_among_the_withheld_cannot_be_told(self):
        top, bottom = part(20, without=[SCILLY], withheld=["E06000052"]), part(100, unlike={SCILLY: 2})
        row = share_of(areas.find("South West"), top, bottom)
        assert row["without"] == "" and "Isles of Scilly; whether its total counts it cannot be told" in row["note"]

    def test_an_authority_that_did_not_exist_lacks_nothing(self):
        gone = areas.find("Cumberland")
        assert gone not in HERE and "Cumberland" not in str(coverage.corrections(part(20), part(100)))

    def test_without_the_authorities_nothing_is_said(self):
        top, bottom = part(20, without=[DONCASTER]), part(100)
        england = [frame[frame["area_code"] == areas.ENGLAND] for frame in (top, bottom)]
        assert indicators.combine(*england, SHARE)["note"].tolist() == [""]

    def test_the_other_authorities_are_added_up_where_the_totals_were_rounded(self):
        top, bottom = part(20, without=[DONCASTER]), part(100)
        rounded = top.assign(value=top["value"].where(top["area_code"] != YORKSHIRE, 10 * 14 * 2 + 0.0002))
        row = share_of(YORKSHIRE, rounded, bottom)
        assert row["numerator"] == 280 and row["denominator"] == 1400

    def test_spending_is_divided_by_the_same_rule(self):
        spend, children = part(2e6, without=[DONCASTER]), part(1000)
        table = indicators.spend_per(spend, children, basis="gross", per_what="child").set_index("area_code")
        for code in (areas.ENGLAND, YORKSHIRE):
            assert table["value"][code] == 2000 and table["without"][code] == "Doncaster"
        summary = indicators.spend_summary(table.reset_index()).set_index("figure").loc["England"]
        assert (summary["areas"], summary["left_out"]) == (len(HERE) - 1, 1) and "Doncaster" in summary[
            "left_out_areas"
        ]

    @pytest.mark.parametrize("measure", [{}, {"measure": "social_work_spend"}])
    def test_spending_of_zero_or_less_is_no_figure_and_is_named_as_that(self, measure):
        spend, children = part(2e6, unlike={DONCASTER: 0, LEEDS: -9000}), part(1000)
        spend = spend.assign(value=spend["value"].where(spend["area_code"] != YORKSHIRE, 2e6 * 13), **measure)
        table = indicators.spend_per(spend, children, basis="gross", per_what="child").set_index("area_code")
        assert (table["value"][YORKSHIRE], table["without"][YORKSHIRE]) == (2000, "Doncaster; Leeds")
        assert (
            "no figure, or spending of zero or less, for them: Doncaster and Leeds (2 of 15" in table["note"][YORKSHIRE]
        )

    def test_a_count_of_zero_is_a_count(self):
        row = share_of(YORKSHIRE, part(20, unlike={DONCASTER: 0}), part(100))
        assert row["without"] == "" and row["denominator"] == 1500

    def test_spending_of_zero_in_a_tiny_place_is_what_it_spent(self):
        spend = part(2e6, unlike={SCILLY: 0})
        table = indicators.spend_per(spend, part(1000), basis="gross", per_what="child").set_index("area_code")
        assert set(table["without"]) == {""}


class TestTheYearsBeside:
    """What an authority had the year before and the year after tells best what a total would hold for it."""

    def three_years(self, **now):
        before, after = (part(100).assign(year=year) for year in (YEAR - 1, YEAR + 1))
        return pd.concat([before, part(100, **now), after], ignore_index=True)

    @pytest.mark.parametrize("estimated", [60, 290])
    def test_an_authority_that_both_lack_and_one_total_holds_is_taken_out_of_that_one(self, estimated):
        top, bottom = self.three_years(without=[DONCASTER]), self.three_years(without=[DONCASTER], estimated=estimated)
        found = indicators.combine(top, bottom, SHARE).set_index(["area_code", "year"])
        for code, others in ((YORKSHIRE, 14), (areas.ENGLAND, len(HERE) - 1)):
            row = found.loc[code, YEAR]
            assert (row["value"], row["denominator"], row["without"]) == (100, 100 * others, "Doncaster")

    def test_an_authority_that_both_totals_hold_is_left_in_both(self):
        both = self.three_years(without=[DONCASTER], estimated=90)
        row = indicators.combine(both, both, SHARE).set_index(["area_code", "year"]).loc[YORKSHIRE, YEAR]
        assert (row["without"], row["note"], row["denominator"]) == ("", "", 1490)

    def test_where_others_are_withheld_how_much_a_total_holds_cannot_be_told(self):
        top = self.three_years(without=[DONCASTER])
        bottom = self.three_years(without=[DONCASTER], withheld=[LEEDS], estimated=150)
        row = indicators.combine(top, bottom, SHARE).set_index(["area_code", "year"]).loc[YORKSHIRE, YEAR]
        assert row["without"] == "" and "has no figure for Doncaster; whether its total counts it" in row["note"]

    def test_the_other_part_alone_would_have_said_that_it_cannot_be_told(self):
        """Doncaster's share of the other part is ten times its own: the estimate fits its years beside."""
        top, bottom = self.three_years(without=[DONCASTER], estimated=100), part(100, unlike={DONCASTER: 1500})
        assert share_of(YORKSHIRE, top[top["year"] == YEAR], bottom)["note"] != ""
        row = indicators.combine(top, bottom, SHARE).set_index(["area_code", "year"]).loc[YORKSHIRE, YEAR]
        assert (row["without"], row["note"], row["denominator"]) == ("", "", 2900)

    def test_a_count_withheld_to_protect_another_may_be_a_large_one(self):
        """Leeds had 100 in the years beside: a total that is 70 above the others holds Leeds, or Doncaster."""
        top = self.three_years(without=[DONCASTER], withheld=[LEEDS])
        hidden = top.assign(value=top["value"] + 70 * top["area_code"].isin([YORKSHIRE, areas.ENGLAND]))
        row = (
            indicators.combine(hidden, self.three_years(), SHARE).set_index(["area_code", "year"]).loc[YORKSHIRE, YEAR]
        )
        assert row["without"] == "" and "Doncaster; whether its total counts it cannot be told" in row["note"]


def _row(name, area, year):
    return indicators.indicator(name, area, start=year, end=year).iloc[0]


class TestOnTheData:
    def test_second_plans_of_2021_22_are_a_share_of_those_started_elsewhere_than_in_doncaster(self):
        row = _row("repeat_plan_share", "England", 2022)
        assert (row["numerator"], row["denominator"], row["without"]) == (14_550, 64_390 - 437, "Doncaster")
        assert round(_row("repeat_plan_share", "Yorkshire and The Humber", 2022)["value"], 1) == 23.6

    @pytest.mark.parametrize(
        ("area", "pounds", "without"),
        [
            ("North East", 345, "Middlesbrough"),
            ("London", 366, "Wandsworth"),
            ("England", 297, "Middlesbrough; Wandsworth"),
        ],
    )
    def test_safeguarding_spending_of_2024_25_lacks_two_authorities(self, area, pounds, without):
        row = _row("safeguarding_spend_per_child", area, 2025)
        assert (round(row["value"]), row["without"]) == (pounds, without)

    def test_and_so_it_is_for_each_child_in_need(self):
        parts = (data.load(name) for name in ("safeguarding_spend", "children_in_need_31_march"))
        table = indicators.spend_per(*parts, basis="gross", per_what="child in need").set_index(["area_name", "year"])
        assert round(table["value"]["England", 2025]) == 8996

    @pytest.mark.parametrize(
        ("name", "pounds"), [("spend_per_episode", 2201), ("spend_per_child_in_need", 4239), ("spend_per_child", 141)]
    )
    def test_social_work_of_2012_13_lacks_brent_and_norfolk_which_record_none(self, name, pounds):
        row = _row(name, "England", 2013)
        assert (round(row["value"]), row["without"]) == (pounds, "Brent; Norfolk")
        assert "cannot be told" not in row["note"]

    def test_what_england_holds_for_norfolk_is_what_it_had(self):
        """Norfolk gave no return in 2012-13: England's episodes are 10,564 above those of the other authorities."""
        whole = data.load("episodes_in_need", area="England", start=2013, end=2013).value.iloc[0]
        brent = data.load("episodes_in_need", area="Brent", start=2013, end=2013).value.iloc[0]
        assert whole - _row("spend_per_episode", "England", 2013)["denominator"] - brent == pytest.approx(
            10_564, abs=10
        )

    def test_rotherhams_factors_of_2015_16_are_known_not_to_be_in_englands(self):
        row = _row("emotional_abuse_share", "England", 2016)
        assert row["without"] == "Rotherham" and "cannot be told" not in row["note"]

    def test_herefordshires_referrals_of_2023_24_are_in_the_totals(self):
        """Half of what the years beside lead to expect, and within what its referrals do from year to year."""
        row = _row("referral_rate", "West Midlands", 2024)
        assert (row["without"], row["note"]) == ("", "")

    @pytest.mark.parametrize(
        ("name", "year", "lacking"),
        [("plan_rate", 2021, "Hackney"), ("referral_rate", 2024, "Hampshire"), ("in_need_rate", 2014, "Cornwall")],
    )
    def test_where_the_department_put_in_an_estimate_nothing_is_taken_out(self, name, year, lacking):
        assert np.isnan(_row(name, lacking, year)["value"])
        whole = data.load("population_0_17", area="England", start=year, end=year).value.iloc[0]
        assert (_row(name, "England", year)["denominator"], _row(name, "England", year)["without"]) == (whole, "")

    def test_an_area_asked_for_alone_has_the_figure_it_has_among_all(self):
        everywhere = indicators.indicator("repeat_plan_share")
        alone = indicators.indicator("repeat_plan_share", "England")
        pd.testing.assert_frame_equal(
            everywhere[everywhere["area_code"] == areas.ENGLAND].reset_index(drop=True), alone.reset_index(drop=True)
        )

    def test_a_claim_is_computed_by_the_same_rule_and_notes_whom_it_is_without(self):
        calculation = {"operation": "share", "numerator": "repeat_plans", "denominator": "plans_started", "year": 2022}
        result = calculations.evaluate(calculation, "latest")
        assert result["value"] == pytest.approx(_row("repeat_plan_share", "England", 2022)["value"])
        assert "Doncaster (1 of 152 authorities)" in result["note"]
        assert [row["value"] for row in result["inputs"] if row["area"] == "Doncaster"] == [None, 437]

    def test_every_row_that_leaves_someone_out_names_and_counts_them(self):
        for name in indicators.register():
            table = indicators.indicator(name)
            short = table[table["without"] != ""]
            assert not set(short["area_code"]) & set(areas.authorities())
            for row in short.itertuples():
                assert all(one in row.note for one in row.without.split("; ")), (name, row.area_name, row.year)
                assert f"({len(row.without.split('; '))} of " in row.note
                assert row.value == pytest.approx(row.numerator / row.denominator * indicators.declared(name)["per"])
