"""The indicators on the built data: figures that were published, or worked out by others, come out again."""

import numpy as np
import pandas as pd
import pytest

from cptrends import data, indicators
from cptrends.data.status import has_value, weakest
from cptrends.indicators import inputs, published


def _authorities(measure, year=2015, release="as_published"):
    return data.load(measure, area="authorities", start=year, end=year, release=release)


def _merged(**parts):
    """Parts side by side by authority, with the weakest status of each row."""
    merged = None
    for name, part in parts.items():
        part = part[["area_code", "value", "status"]].rename(columns={"value": name, "status": f"status_{name}"})
        merged = part if merged is None else merged.merge(part, on="area_code", how="outer")
    statuses = [merged[f"status_{name}"].fillna("unavailable").to_numpy(object) for name in parts]
    return merged.assign(status=weakest(*statuses)).set_index("area_code")


@pytest.mark.parametrize("name", sorted(indicators.register()))
def test_every_indicator_has_a_figure_or_a_reason_in_every_row(name):
    entry = indicators.declared(name)
    table = indicators.indicator(name)
    assert len(table) and not table.duplicated(["area_code", "year"]).any()
    none = table["value"].isna()
    without_counts = table["note"].isin([published.NOTE, inputs.NONE_OF_WITHHELD])
    # A figure is remarked on where its parts do not cover the same places, as they are or as published.
    totals = table["note"].str.contains("Left out of both the numerator|nothing is taken out")
    assert table["area_code"][totals].str.startswith(("E92", "E12", "E13")).all()
    assert (table["note"][none] != "").all() and ((table["note"] == "") | without_counts | totals)[~none].all()
    assert (has_value(table["status"]) == ~none.to_numpy()).all()
    if entry["interval"] != "none":
        assert table["lower"].notna()[~none & ~without_counts].all()
        known = table[table["lower"].notna()]
        assert (known["lower"] <= known["value"] + 1e-9).all() and (known["value"] <= known["upper"] + 1e-9).all()


def test_no_suppressed_part_ever_gives_a_value():
    table = indicators.indicator("plans_ended_2_years_share")
    withheld = data.load("plans_ended_2_years_or_more")
    withheld = withheld[withheld["status"] == "suppressed"][["area_code", "year"]].merge(
        table, on=["area_code", "year"]
    )
    assert len(withheld) > 100
    assert withheld["value"].isna().all() and (withheld["status"] == "suppressed").all()


@pytest.mark.parametrize(
    "name, year, release, printed, digits",
    [
        ("repeat_plan_share", 2015, "as_published", 16.6, 1),
        ("plans_ended_2_years_share", 2015, "as_published", 3.7, 1),
        ("domestic_abuse_share", 2015, "latest", 48.2, 1),
        ("mental_health_share", 2015, "latest", 32.5, 1),
        ("repeat_plan_share", 2011, "as_published", 13.3, 1),
    ],
)
def test_englands_shares_are_the_published_ones(name, year, release, printed, digits):
    row = indicators.indicator(name, area="England", start=year, end=year, release=release).iloc[0]
    assert round(row["value"], digits) == printed


def test_plans_up_by_124_percent_within_the_rounding_of_both_figures():
    # 27,800 in 2001-02 is from the national series, rounded to 100; 62,210 is rounded to 10.
    plans = data.load("plans_started", area="England", start=2002, end=2015, release="as_published")
    result = indicators.percent_change(
        plans, 2002, 2015, rounding={2002: 100, 2015: 10}, breaks={2010: "The collection changed."}
    ).iloc[0]
    assert round(result["value"]) == 124 and result["lower"] < 123.78 < result["upper"]
    assert result["note"] == "The collection changed."


def test_the_rise_in_plans_taken_apart_adds_up():
    early, late = _authorities("plans_31_march", 2013, "latest"), _authorities("plans_31_march", 2019, "latest")
    table = _merged(
        n0=early, p0=_authorities("population_0_17", 2013), n1=late, p1=_authorities("population_0_17", 2019)
    )
    refused = indicators.children_rate_place(table["n0"], table["p0"], table["n1"], table["p1"], status=table["status"])
    assert refused["value"].isna().all() and (refused["note"] != "").all()
    result = indicators.children_rate_place(
        table["n0"], table["p0"], table["n1"], table["p1"], status=table["status"], missing="leave_out"
    ).set_index("factor")
    used = table[table[["n0", "p0", "n1", "p1"]].notna().all(axis=1)]
    assert result.loc["total", "value"] == pytest.approx(used["n1"].sum() - used["n0"].sum())
    assert result["value"].iloc[:3].sum() == pytest.approx(result.loc["total", "value"])
    assert result["areas"].iloc[0] == len(used)


def test_the_most_deprived_tenth_of_authorities_in_2015():
    scores = data.load("imd_score", area="authorities", release="latest")
    # Mid-2014 estimates as the release of 2020 has them, unrounded and before the 2021 Census. The 2015
    # release rounds them to 100, which gives 1.855; on the rebased ones three authorities have none.
    table = _merged(
        n=_authorities("plans_31_march"),
        p=_authorities("population_0_17", release="cin-2020"),
        score=scores[scores["year"] == 2015],
    )
    result = indicators.most_to_least(
        table["n"], table["p"], table["score"], unit="authority", status=table["status"], missing="leave_out"
    ).set_index(["comparison", "average"])
    assert round(result.loc[("ratio", "mean of areas"), "value"], 2) == 1.85
    assert round(result.loc[("ratio", "pooled"), "value"], 2) == 1.53
    assert (result["of"] == "tenth of authorities").all()
    # The two that are set aside are the City and Scilly, whose counts are withheld.
    assert result["left_out"].iloc[0] == 2


def _spend_2015(measure="social_work_spend", basis="gross"):
    spend = data.load(measure, start=2015, end=2015)
    episodes = data.load("episodes_in_need", start=2015, end=2015, release="as_published")
    return indicators.spend_per(spend, episodes, basis=basis, per_what="episode of need")


def test_spending_per_child_in_need_as_the_audit_office_had_it():
    result = indicators.spend_summary(_spend_2015()).set_index("figure")
    assert [round(result.loc[f, "value"]) for f in ("England", "lowest", "highest")] == [2_303, 338, 4_974]
    assert result.loc["lowest", "area_name"] == "West Sussex" and result.loc["highest", "area_name"] == "Wokingham"
    assert all(name in result.loc["lowest", "left_out_areas"] for name in ("City of London", "Isles of Scilly"))
    assert (result["basis"] == "gross").all() and (result["prices"] == "cash").all()


def test_net_spending_gives_other_figures():
    result = indicators.spend_summary(_spend_2015("social_work_spend_net", "net")).set_index("figure")
    assert [round(result.loc[f, "value"]) for f in ("England", "lowest")] == [2_244, 188]


def test_the_order_of_areas_asked_for_is_kept():
    table = indicators.indicator("plan_rate", area=["Hackney", "England"], start=2015, end=2015)
    assert table["area_name"].tolist() == ["Hackney", "England"]


def test_regions_and_authorities_can_be_compared_over_time():
    table = indicators.indicator("plan_rate", area="regions")
    change = indicators.percent_change(table, 2015, 2024)
    assert len(change) >= 9 and isinstance(change, pd.DataFrame)
    assert (np.isfinite(change["value"]) | (change["note"] != "")).all()
    assert "Hampshire" in change.set_index("area_name")["note"]["South East"]
