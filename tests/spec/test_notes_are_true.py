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
        assert any("figures of the year before" in what for _, what in measures.breaks(measure, ["E12000008"]))
        assert region - here.value[south_east & known].sum() == pytest.approx(before, abs=10)

    @pytest.mark.parametrize(
        ("measure", "percent", "side"),
        [
            ("safeguarding_spend_net", 4, "below"),
            ("childrens_social_care_spend", 2, "above"),
            ("childrens_social_care_spend_net", 3, "above"),
        ],
    )
    def test_revenue_outturn_stands_so_far_from_section_251_in_2019_20(self, measure, percent, side):
        ro3, outturn = england(measure, 2020, "revenue-outturn-2019-20"), england(measure, 2020, "section-251-2021-22")
        said = next(what for year, what in measures.breaks(measure) if year == 2020)
        assert f"{percent} per cent {side}" in said
        assert round(100 * (ro3 / outturn - 1)) == (percent if side == "above" else -percent)


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
