"""Chapter: rates per head, and how far chance alone could move them.

A rate is a count over a population, times 10,000. The count is taken as a Poisson count: Byar's
limits from ten events up, exact ones below. Checked against PHEindicatormethods' own test cases.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import pdtr, pdtrc

from cptrends.errors import BadInput
from cptrends.indicators import byar_limits, count_limits, mean, rate, ratio


def test_rates_agree_with_the_peer_on_every_case(vectors):
    cases = vectors("rates")
    for (per, confidence), rows in cases.groupby(["per", "confidence"]):
        ours = rate(rows["events"], rows["population"], per=per, confidence=confidence)
        for column in ("value", "lower", "upper"):
            np.testing.assert_allclose(ours[column], rows[column], rtol=1e-9)
        known = rows["value"].notna()
        assert list(ours["method"][known]) == list(rows["method"][known])
        assert (ours["status"][~known] == "unavailable").all() and (ours["note"][~known] != "").all()
    assert len(cases) == 40


def test_a_rate_of_several_areas_is_the_rate_of_their_sums(vectors):
    cases = vectors("rates_of_groups").groupby("case")
    for _, rows in cases:
        one = rows.iloc[0]
        events, population = rows["events"].sum(), rows["population"].sum()
        ours = rate(events, population, per=one["per"], confidence=one["confidence"]).iloc[0]
        for column in ("value", "lower", "upper"):
            np.testing.assert_allclose(ours[column], one[column], rtol=1e-9)
        assert ours["method"] == one["method"]
    assert len(cases) == 8


def test_byars_formula_agrees_and_never_gives_a_count_below_zero(vectors):
    cases = vectors("byar_limits")
    assert len(cases) == 7 and cases["lower"].isna().sum() == 1
    for row in cases.itertuples():
        lower, upper = (float(v[0]) for v in byar_limits(row.events, row.confidence))
        np.testing.assert_allclose(upper, row.upper, rtol=1e-9)
        if pd.isna(row.lower):
            # The formula gives a negative number here and the peer gives nothing; a count's limit is zero.
            assert lower == 0
        else:
            np.testing.assert_allclose(lower, row.lower, rtol=1e-9)


def test_means_of_areas_agree_with_students_t(vectors):
    inputs, expected = vectors("means_values"), vectors("means").set_index("group")
    for confidence, level in ((0.95, "95"), (0.998, "99_8")):
        ours = pd.concat(
            [
                mean(inputs["value"], inputs["group"], confidence=confidence),
                mean(inputs["value"], confidence=confidence),
            ]
        )
        assert list(ours.index) == list(expected.index)
        same = {"value": "value", "standard_deviation": "standard_deviation"}
        for mine, theirs in {**same, "lower": f"lower_{level}", "upper": f"upper_{level}"}.items():
            np.testing.assert_allclose(ours[mine], expected[theirs], rtol=1e-9)
        assert (ours["areas"] == expected["areas"]).all()


@pytest.mark.parametrize("count", range(1, 10))
@pytest.mark.parametrize("confidence", [0.95, 0.998, 0.8])
def test_exact_limits_leave_half_of_the_rest_on_each_side(count, confidence):
    lower, upper, _ = count_limits(count, confidence)
    tail = (1 - confidence) / 2
    assert pdtrc(count - 1, lower[0]) == pytest.approx(tail)  # this many or more, were the lower limit true
    assert pdtr(count, upper[0]) == pytest.approx(tail)  # this many or fewer, were the upper limit true


def test_no_events_is_a_rate_of_zero_with_an_upper_limit():
    row = rate(0, 10_000).iloc[0]
    assert row["value"] == row["lower"] == 0
    assert row["upper"] == pytest.approx(-np.log(0.025))
    assert row["status"] == "derived" and row["method"] == "exact Poisson"


def test_a_suppressed_count_is_never_zero():
    frame = rate([None, 12], [10_000, 10_000], status=["suppressed", "rounded"])
    assert list(frame["status"]) == ["suppressed", "rounded"]
    assert np.isnan(frame["value"][0]) and np.isnan(frame["lower"][0]) and np.isnan(frame["upper"][0])
    assert frame["note"][0] == "Not computed: a figure it needs was withheld by the publisher."
    assert frame["value"][1] == 12


def test_a_number_beside_a_suppressed_status_is_not_used():
    assert np.isnan(rate(3, 10_000, status="suppressed")["value"][0])


@pytest.mark.parametrize(
    "numerator, denominator, status, word",
    [
        (5, 0, "not_applicable", "denominator is zero"),
        (5, None, "unavailable", "denominator is missing"),
        (None, 5, "unavailable", "numerator is missing"),
        (-1, 5, "unavailable", "numerator is negative"),
        (5, -1, "unavailable", "denominator is negative"),
    ],
)
def test_a_row_that_cannot_be_computed_says_why(numerator, denominator, status, word):
    row = rate([numerator, 20], [denominator, 1_000]).iloc[0]
    assert np.isnan(row["value"]) and row["status"] == status and word in row["note"] and row["method"] == ""
    assert rate([numerator, 20], [denominator, 1_000])["value"][1] == 200


def test_the_index_of_the_series_comes_back():
    plans = pd.Series([20, 30], index=["Hackney", "Camden"])
    assert list(rate(plans, plans * 100).index) == ["Hackney", "Camden"]
    assert list(rate(plans, 1_000).index) == ["Hackney", "Camden"]


def test_no_rows_give_no_rows():
    assert rate([], []).empty and list(rate([], []).columns)[:3] == ["value", "lower", "upper"]


def test_integers_that_pandas_can_leave_out_are_numbers():
    frame = rate(pd.Series([5, None], dtype="Int64"), pd.Series([1_000, 1_000], dtype="Int64"))
    assert frame["value"][0] == 50 and frame["status"][1] == "unavailable"


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: rate([1, 2], [1, 2, 3]), "differ in length"),
        (lambda: rate("12", 100), "text '12'"),
        (lambda: rate(["c"], [100]), "text 'c'"),
        (lambda: rate(1, 100, confidence=95), "between 0 and 1"),
        (lambda: rate(1, 100, confidence=1), "between 0 and 1"),
        (lambda: rate(1, 100, per=0), "above zero"),
        (lambda: rate(1, float("inf")), "infinite"),
        (lambda: rate(1, 100, status="x"), "STATUSES"),
        (lambda: rate([1], [1], status=["reported", "reported"]), "status has 2 entries"),
        (lambda: rate(pd.Series([1], index=["a"]), pd.Series([1], index=["b"])), "different indexes"),
        (lambda: rate(np.ones((2, 2)), 3), "dimensions"),
        (lambda: rate([[1, 2], [3]], 3), "list of numbers"),
        (lambda: mean([1, 2], ["a"]), "labels"),
    ],
)
def test_bad_input_gets_one_plain_sentence(call, words):
    with pytest.raises(BadInput, match=words) as caught:
        call()
    assert "\n" not in str(caught.value)


@given(st.integers(0, 10**6), st.integers(1, 10**8), st.floats(0.5, 0.999))
def test_the_limits_hold_the_rate_and_widen_with_confidence(count, people, confidence):
    row = rate(count, people, confidence=confidence).iloc[0]
    wider = rate(count, people, confidence=(1 + confidence) / 2).iloc[0]
    assert 0 <= row["lower"] <= row["value"] * (1 + 1e-12) and row["value"] < row["upper"]
    assert wider["lower"] <= row["lower"] and wider["upper"] >= row["upper"]


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 10**6)), min_size=2, max_size=30))
def test_the_rate_of_the_sum_lies_between_the_rates_of_the_parts(parts):
    top, bottom = map(np.array, zip(*parts, strict=True))
    each = rate(top, bottom)["value"]
    whole = rate(top.sum(), bottom.sum())["value"][0]
    assert each.min() * (1 - 1e-12) <= whole <= each.max() * (1 + 1e-12)


def test_money_has_no_interval_and_may_be_negative():
    row = ratio(-500, 100).iloc[0]
    assert row["value"] == -5 and np.isnan(row["lower"]) and row["method"] == "ratio, no interval"


def test_the_mean_of_one_area_or_none_says_so():
    frame = mean([1.0, None, None], ["a", "b", "b"])
    assert frame.loc["a", "value"] == 1 and "One area only" in frame.loc["a", "note"]
    assert frame.loc["b", "status"] == "unavailable" and frame.loc["b", "left_out"] == 2
