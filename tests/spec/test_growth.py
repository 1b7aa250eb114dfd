"""Chapter: change between years.

How much a figure rose, in its own unit, in percent, per year, or as an index. A comparison across a
known break says so; figures that were rounded when published bound the answer.
"""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cptrends import data
from cptrends.errors import BadInput
from cptrends.indicators import change, compound_annual_rate, index_to_base, indicator, percent_change

TABLE = pd.DataFrame(
    {
        "area_code": ["E1", "E1", "E1", "E2", "E2"],
        "area_name": ["One", "One", "One", "Two", "Two"],
        "year": [2013, 2014, 2015, 2013, 2015],
        "value": [100.0, 110.0, 121.0, np.nan, 50.0],
        "status": ["reported", "reported", "rounded", "suppressed", "reported"],
    }
)


def test_every_area_gets_its_row_and_a_withheld_figure_is_never_zero():
    one, two = (percent_change(TABLE).iloc[i] for i in (0, 1))
    assert one["area_name"] == "One" and one["value"] == pytest.approx(21) and one["status"] == "rounded"
    assert np.isnan(two["value"]) and two["status"] == "suppressed"
    assert two["note"] == "Not computed: the figure for 2013 is withheld by the publisher."


def test_several_comparisons_at_once():
    result = change(TABLE[TABLE["area_code"] == "E1"], [2013, 2014], [2014, 2015])
    assert result["value"].tolist() == [10, 11]
    assert percent_change(TABLE, 2014, [2014, 2015])["value"].round(6).tolist()[:2] == [0, 10]


def test_a_year_that_is_not_there_is_a_row_with_a_reason():
    row = change(pd.Series({2013: 1.0, 2014: 2.0}), 2013, 2019).iloc[0]
    assert row["status"] == "unavailable" and row["note"] == "Not computed: the figure for 2019 is missing."


def test_the_yearly_rate_compounds_to_the_whole_change():
    row = compound_annual_rate(pd.Series({2002: 27_800, 2015: 62_210})).iloc[0]
    assert 27_800 * (1 + row["value"] / 100) ** 13 == pytest.approx(62_210)


def test_a_yearly_rate_needs_years():
    assert "must come after" in compound_annual_rate(pd.Series({2015: 5.0})).iloc[0]["note"]
    assert change(pd.Series({2015: 5.0})).iloc[0]["value"] == 0


def test_an_index_is_the_base_in_the_base_year_and_follows_the_figures():
    result = index_to_base(TABLE, 2013)
    assert result[result["area_code"] == "E1"]["value"].tolist() == pytest.approx([100, 110, 121])
    assert (result[result["area_code"] == "E2"]["note"] != "").all()
    constant = index_to_base(pd.Series(7.0, index=range(2010, 2020)), 2012)
    assert (constant["value"] == 100).all()


def test_a_base_of_zero_has_no_percentage():
    row = percent_change(pd.Series({2013: 0.0, 2014: 5.0})).iloc[0]
    assert row["status"] == "not_applicable" and "zero" in row["note"] and np.isnan(row["value"])
    assert change(pd.Series({2013: 0.0, 2014: 5.0})).iloc[0]["value"] == 5


# --- Breaks ---

BREAK = [{"year": 2010, "what": "The collection changed."}]


@pytest.mark.parametrize(
    "start, end, says",
    [(2009, 2010, True), (2008, 2012, True), (2010, 2012, False), (2008, 2009, False), (2012, 2008, True)],
)
def test_only_a_comparison_across_the_break_says_so(start, end, says):
    data = pd.Series(range(100, 105), index=range(2008, 2013))
    for function in (change, percent_change):
        assert (function(data, start, end, breaks=BREAK)["note"][0] == "The collection changed.") == says


def test_an_index_says_it_for_every_year_beyond_the_break():
    result = index_to_base(pd.Series(range(100, 105), index=range(2008, 2013)), 2009, breaks={2010: "New."})
    assert result.set_index("year")["note"].tolist() == ["", "", "New.", "New.", "New."]


# --- Rounding ---


def test_the_published_rise_of_124_percent_is_124_whatever_was_rounded_away():
    row = percent_change(pd.Series({2002: 27_800, 2015: 62_210}), rounding={2002: 100, 2015: 10}).iloc[0]
    assert (round(row["lower"]), round(row["value"]), round(row["upper"])) == (123, 124, 124)


@given(st.integers(60, 10**5), st.integers(0, 10**5), st.sampled_from([1, 10, 100]), st.sampled_from([1, 10, 100]))
def test_the_bounds_hold_every_figure_that_rounds_to_what_was_printed(start, end, unit_start, unit_end):
    printed = {2010: round(start / unit_start) * unit_start, 2015: round(end / unit_end) * unit_end}
    for function, true in (
        (change, end - start),
        (percent_change, 100 * (end / start - 1)),
        (compound_annual_rate, 100 * ((end / start) ** 0.2 - 1)),
    ):
        row = function(pd.Series(printed), rounding={2010: unit_start, 2015: unit_end}).iloc[0]
        if row["note"] == "":
            assert row["lower"] - 1e-9 <= true <= row["upper"] + 1e-9
            assert row["lower"] <= row["value"] <= row["upper"]


def test_the_bounds_are_reached_at_the_corners():
    row = percent_change(pd.Series({2010: 200, 2015: 300}), rounding=10).iloc[0]
    corners = [100 * (b / a - 1) for a, b in itertools.product((195, 205), (295, 305))]
    assert row["lower"] == min(corners) and row["upper"] == max(corners)


def test_a_base_that_may_be_zero_has_no_bounds_and_says_so():
    row = percent_change(pd.Series({2010: 5, 2015: 300}), rounding=10).iloc[0]
    assert row["value"] == 5_900 and np.isnan(row["upper"]) and "no bounds" in row["note"]


def test_exact_figures_have_bounds_of_no_width():
    row = change(pd.Series({2010: 5, 2015: 300}), rounding=0).iloc[0]
    assert row["lower"] == row["value"] == row["upper"]


def test_a_count_rounded_to_nothing_was_never_below_it():
    assert change(pd.Series({2010: 0, 2015: 10}), rounding=10).iloc[0]["upper"] == 15


@given(st.lists(st.floats(1, 1e6), min_size=2, max_size=12))
def test_index_and_percent_change_tell_the_same_story(values):
    data = pd.Series(values, index=range(2010, 2010 + len(values)))
    index = index_to_base(data, 2010)["value"].iloc[-1]
    assert percent_change(data).iloc[0]["value"] == pytest.approx(index - 100)


def test_all_suppressed_is_rows_with_reasons():
    data = TABLE.assign(value=np.nan, status="suppressed")
    for frame in (change(data), percent_change(data), compound_annual_rate(data), index_to_base(data, 2014)):
        assert frame["value"].isna().all() and (frame["status"] == "suppressed").iloc[0] and (frame["note"] != "").all()


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: change(TABLE.drop(columns="value")), "no column 'value'"),
        (lambda: change(pd.concat([TABLE, TABLE])), "two figures"),
        (lambda: change([1, 2]), "table with columns"),
        (lambda: change(TABLE, 2013.5, 2015), "whole years"),
        (lambda: change(TABLE, [2013, 2014], [2013, 2014, 2015]), "whole years"),
        (lambda: change(TABLE, breaks=[2010]), "breaks"),
        (lambda: change(TABLE, rounding=-10), "rounding"),
        (lambda: change(TABLE, rounding={2013: 10}), "says nothing about 2015"),
        (lambda: change(TABLE.assign(status="x")), "STATUSES"),
        (lambda: change(TABLE.iloc[:0]), "empty"),
        (lambda: index_to_base(TABLE, 2013, to=0), "above zero"),
        (lambda: change(pd.Series({"a": 1, "b": 2})), "whole number"),
        (lambda: change(TABLE, of="referals"), "did you mean referrals"),
        (lambda: change(pd.Series({2013: 1.0, 2014: 2.0}), of="referrals"), "area_code"),
    ],
)
def test_bad_input_gets_one_plain_sentence(call, words):
    with pytest.raises(BadInput, match=words):
        call()


def test_an_event_is_told_going_in_and_coming_out_and_not_of_a_pair_that_steps_over_it():
    plans = pd.Series({2023: 10.0, 2024: 10.0, 2025: 20.0})
    event = [{"first": 2024, "last": 2024, "what": "Carried over."}]
    result = change(plans, [2023, 2024, 2023], [2024, 2025, 2025], breaks=event)
    assert result["note"].tolist() == ["Carried over.", "Carried over.", ""]


# --- Whether two years compare is asked of the one rule ---


def test_what_load_gives_is_held_against_the_rule():
    plans = data.load("plans_started", area=["England", "Kent"], start=2023, end=2025)
    result = percent_change(plans, [2024, 2023], [2025, 2025]).set_index(["area_name", "start_year"])
    assert "Hampshire's figures of 2023/24" in result.loc[("England", 2024), "note"]
    assert result.loc[("England", 2023), "note"] == result.loc[("Kent", 2024), "note"] == ""
    assert percent_change(plans, 2024, 2025, breaks=())["note"].tolist() == ["", ""]


def test_a_missing_return_is_told_though_no_event_lies_between():
    row = percent_change(data.load("referrals", area="England"), 2015, 2025).iloc[0]
    assert row["note"] == "South Tyneside has no figure of its own for 2014/15."


def test_the_same_authorities_stand_beside_what_was_published():
    plans = data.load("referrals", area="England", release="cin-2025")
    forwards, back = (percent_change(plans, *years).iloc[0] for years in ((2024, 2025), (2025, 2024)))
    assert (round(forwards["value"], 1), round(forwards["like_for_like"], 1)) == (1.8, -0.1)
    assert forwards["like_for_like_areas"] == 151 and forwards["left_out"] == "Hampshire; Herefordshire"
    assert back["like_for_like"] == pytest.approx(100 * (590_572 / 589_880 - 1))
    assert change(plans, 2024, 2025).iloc[0]["like_for_like"] == -692


@pytest.mark.parametrize(
    "name, area, years", [("imd_score", "Kent", (2015, 2019)), ("social_work_spend", "Brent", (2012, 2013))]
)
def test_what_does_not_compare_has_no_change(name, area, years):
    row = percent_change(data.load(name, area=area), *years, rounding=1).iloc[0]
    assert np.isnan(row[["value", "lower", "upper"]].astype(float)).all()
    assert row["status"] == "not_applicable" and row["method"] == "" and row["note"].startswith("Not to be compared:")


def test_an_indicator_says_what_it_is_and_is_held_against_the_rule():
    rates = indicator("plan_rate", "England")
    notes = percent_change(rates, [2024, 2012], [2025, 2013])["note"]
    assert "Hampshire" in notes[0] and "rebased" in notes[1]
    # As first published both populations are on one census.
    assert (
        "rebased" not in percent_change(indicator("plan_rate", "England", release="as_published"), 2012, 2013).note[0]
    )


def test_figures_worked_out_elsewhere_are_held_against_the_rule_where_one_says_what_they_are():
    plain = indicator("plan_rate", "England")[["area_code", "year", "value"]]
    assert "like_for_like" not in percent_change(plain, 2024, 2025)
    assert "Hampshire" in percent_change(plain, 2024, 2025, of="plan_rate")["note"][0]


def test_a_year_carries_no_caution_against_itself():
    notes = index_to_base(data.load("referrals", area="England", start=2023), 2024).set_index("year")["note"]
    assert notes[2024] == "" and "Hampshire" in notes[2023] and "Hampshire" in notes[2025]
