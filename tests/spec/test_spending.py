"""Chapter: spending per child and per episode.

Gross or net, cash or real terms, over which children: each must be said, because each changes the
answer. The lowest and highest authority are named, and so is every authority left out, with why.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cptrends import data
from cptrends.errors import BadInput
from cptrends.indicators import real_terms, spend_per, spend_summary

NAMES = {
    "E92000001": "England",
    "E12000007": "London",
    "E09000001": "City of London",
    "E06000053": "Isles of Scilly",
    "E09000005": "Brent",
    "E10000032": "West Sussex",
    "E06000041": "Wokingham",
    "E09000012": "Hackney",
}


def _table(values, year=2015, status=None):
    return pd.DataFrame(
        [
            {
                "area_code": code,
                "area_name": NAMES[code],
                "year": year,
                "value": value,
                "status": (status or {}).get(code, "reported"),
            }
            for code, value in values.items()
        ]
    )


SPEND = _table(
    {
        "E12000007": 9e9,
        "E09000001": 1e6,
        "E06000053": 2e6,
        "E09000005": 0.0,
        "E10000032": 4e6,
        "E06000041": 5e6,
        "E09000012": 6e6,
    }
)
EPISODES = _table(
    {
        "E92000001": 20_000,
        "E12000007": 10,
        "E09000001": 50,
        "E06000053": 10,
        "E09000005": 3_000,
        "E10000032": 10_000,
        "E06000041": 1_000,
        "E09000012": 3_000,
    }
)
OPTIONS = {"basis": "gross", "per_what": "episode of need"}


def test_what_it_is_travels_with_the_figure():
    row = spend_per(SPEND, EPISODES, **OPTIONS).set_index("area_name").loc["Hackney"]
    assert row["value"] == 2_000 and (row["basis"], row["prices"], row["per_what"]) == (
        "gross",
        "cash",
        "episode of need",
    )
    assert np.isnan(row["lower"]) and row["method"] == "ratio, no interval"


def test_gross_or_net_must_be_said():
    with pytest.raises(TypeError):
        spend_per(SPEND, EPISODES, per_what="episode of need")
    with pytest.raises(BadInput, match="'gross' or 'net'"):
        spend_per(SPEND, EPISODES, basis="total", per_what="episode of need")


def test_the_city_and_scilly_are_left_out_by_name_and_zero_spending_with_its_reason():
    left = spend_per(SPEND, EPISODES, **OPTIONS).set_index("area_name")["left_out"]
    assert left["City of London"].startswith("City of London: so few children")
    assert left["Isles of Scilly"].startswith("Isles of Scilly: so few children")
    assert left["Brent"] == "Brent's spending is recorded as zero or less; it may be booked on another line."
    assert left["Hackney"] == left["West Sussex"] == ""


def test_an_odd_year_of_spending_is_no_lowest_figure():
    spend, episodes = data.load_spend("social_work"), data.load("episodes_in_need")
    table = spend_per(spend, episodes, basis="gross", per_what="episode of need").set_index(["area_name", "year"])
    assert "less than a hundredth" in table["left_out"]["Manchester", 2013]
    assert table["left_out"]["Manchester", 2014] == table["left_out"]["West Sussex", 2013] == ""
    unnamed = spend_per(spend.drop(columns="measure"), episodes, basis="gross", per_what="episode of need")
    assert unnamed.set_index(["area_name", "year"])["left_out"]["Manchester", 2013] == ""


def test_england_lowest_median_highest():
    result = spend_summary(spend_per(SPEND, EPISODES, **OPTIONS)).set_index("figure")
    assert result.loc["lowest", ["area_name", "value"]].tolist() == ["West Sussex", 400]
    assert result.loc["highest", ["area_name", "value"]].tolist() == ["Wokingham", 5_000]
    assert result.loc["median", "value"] == 2_000
    # The City, Scilly and Brent are not extremes, but they are part of England; London the region is not.
    assert result.loc["England", "numerator"] == 18e6 and result.loc["England", "value"] == 900
    assert result.loc["lowest", "areas"] == 3 and result.loc["lowest", "left_out"] == 3
    assert all(
        name in result.loc["lowest", "left_out_areas"] for name in ("City of London", "Isles of Scilly", "Brent")
    )


def test_englands_own_figure_goes_before_the_sum():
    published = pd.concat([SPEND, _table({"E92000001": 20e6})])
    table = spend_per(published, EPISODES, **OPTIONS)
    assert spend_summary(table).set_index("figure").loc["England", "value"] == 1_000
    assert spend_summary(table, england="sum").set_index("figure").loc["England", "value"] == 900
    refused = (
        spend_summary(spend_per(SPEND, EPISODES, **OPTIONS), england="published").set_index("figure").loc["England"]
    )
    assert np.isnan(refused["value"]) and refused["note"] != "" and refused["status"] == "unavailable"


def test_a_withheld_denominator_is_left_out_and_counted():
    episodes = _table(
        {**dict(zip(EPISODES["area_code"], EPISODES["value"], strict=True)), "E10000032": np.nan},
        status={"E10000032": "suppressed"},
    )
    table = spend_per(SPEND, episodes, **OPTIONS).set_index("area_name")
    assert table.loc["West Sussex", "status"] == "suppressed" and np.isnan(table.loc["West Sussex", "value"])
    result = spend_summary(table.reset_index()).set_index("figure")
    assert result.loc["lowest", "area_name"] == "Hackney" and result.loc["lowest", "left_out"] == 4
    assert "West Sussex: Not computed: a figure it needs was withheld" in result.loc["lowest", "left_out_areas"]


def test_an_authority_that_did_not_report_spending_is_left_out_of_englands_sum_and_of_what_it_is_divided_by():
    result = spend_summary(spend_per(SPEND[SPEND["area_name"] != "Hackney"], EPISODES, **OPTIONS)).set_index("figure")
    england = result.loc["England"]
    assert (england["numerator"], england["denominator"]) == (12e6, 20_000 - 3_000) and england["left_out"] == 1
    assert (
        england["left_out_areas"] == "Hackney: no spending figure" and "left out of the denominator" in england["note"]
    )


def test_real_terms_are_in_the_prices_of_the_year_said():
    deflator = pd.Series({2013: 95.0, 2015: 100.0})
    spend = pd.concat([_table({"E09000012": 6e6}, 2013), _table({"E09000012": 6e6}, 2015)])
    children = pd.concat([_table({"E09000012": 3_000}, 2013), _table({"E09000012": 3_000}, 2015)])
    result = spend_per(spend, children, prices="real", deflator=deflator, base_year=2015, **OPTIONS).set_index("year")
    assert result["value"].tolist() == pytest.approx([2_000 / 0.95, 2_000])
    assert (result["prices"] == "real, prices of 2014-15").all()


@given(st.floats(1, 1e9), st.floats(50, 150), st.floats(50, 150))
def test_to_other_prices_and_back_again(amount, first, second):
    deflator = pd.Series({2010: first, 2020: second})
    there = real_terms(amount, 2010, deflator, 2020)
    assert real_terms(there, 2020, deflator, 2010)[0] == pytest.approx(amount)


def test_a_year_the_deflator_lacks_is_missing_and_a_base_year_it_lacks_is_refused():
    deflator = pd.Series({2015: 100.0})
    assert np.isnan(real_terms(5, 2009, deflator, 2015)[0])
    row = spend_per(
        _table({"E09000012": 6e6}, 2009),
        _table({"E09000012": 3e3}, 2009),
        prices="real",
        deflator=deflator,
        base_year=2015,
        **OPTIONS,
    ).iloc[0]
    assert np.isnan(row["value"]) and row["note"] != "" and row["status"] == "unavailable"
    with pytest.raises(BadInput, match="no figure for 2009"):
        real_terms(5, 2015, deflator, 2009)


def test_nothing_known_is_four_rows_with_reasons():
    nothing = _table({"E09000012": np.nan}, status={"E09000012": "suppressed"})
    result = spend_summary(spend_per(nothing, EPISODES, **OPTIONS))
    assert len(result) == 4 and result["value"].isna().all() and (result["note"] != "").all()


def test_one_authority_is_lowest_median_and_highest():
    result = spend_summary(spend_per(_table({"E09000012": 6e6}), _table({"E09000012": 3e3}), **OPTIONS)).iloc[1:]
    assert (result["value"] == 2_000).all() and (result["areas"] == 1).all()


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: spend_per(SPEND, EPISODES, prices="constant", **OPTIONS), "'cash' or 'real'"),
        (lambda: spend_per(SPEND, EPISODES, prices="real", **OPTIONS), "deflator and a base_year"),
        (lambda: spend_per(SPEND.drop(columns="year"), EPISODES, **OPTIONS), "no column 'year'"),
        (lambda: spend_per(pd.concat([SPEND, SPEND]), EPISODES, **OPTIONS), "two figures"),
        (lambda: spend_per([1], EPISODES, **OPTIONS), "must be a table"),
        (lambda: spend_summary(SPEND), "come from spend_per"),
        (lambda: spend_summary(spend_per(SPEND, EPISODES, **OPTIONS), england="mean"), "england is"),
        (lambda: spend_summary(spend_per(SPEND.iloc[:0], EPISODES.iloc[:0], **OPTIONS)), "no rows"),
        (lambda: real_terms(5, 2015, {2015: 1}, 2015), "must be a Series"),
        (lambda: real_terms(5, 2015, pd.Series({2015: 0.0}), 2015), "above zero"),
    ],
)
def test_bad_input_gets_one_plain_sentence(call, words):
    with pytest.raises(BadInput, match=words):
        call()
