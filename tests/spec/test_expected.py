"""What an authority as deprived as this one usually has: what the line and its interval promise."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cptrends.errors import BadInput
from cptrends.indicators.expected import expected_at_deprivation


def country(seed, areas=150, slope=3.0, spread=0.2, size=None):
    """Authorities whose rates follow their deprivation, but for chance and `spread`."""
    random = np.random.default_rng(seed)
    score = random.uniform(0.05, 0.35, areas)
    children = random.uniform(15_000, 150_000, areas).round() if size is None else np.full(areas, float(size))
    rate = 0.004 * np.exp(slope * (score - 0.2) + random.normal(0, spread, areas))
    return random.poisson(children * rate).astype(float), children, score


def test_without_chance_or_spread_the_line_is_the_rates_themselves():
    score = np.linspace(0.05, 0.35, 30)
    children = np.full(30, 1e9)
    plans = children * 0.004 * np.exp(3 * (score - 0.2))
    found = expected_at_deprivation(plans, children, score)
    assert found["expected"].to_numpy() == pytest.approx(1e4 * 0.004 * np.exp(3 * (score - 0.2)), rel=1e-5)
    assert found["per_score"].iloc[0] == pytest.approx(np.exp(3), rel=1e-4)
    assert found["spread"].iloc[0] == pytest.approx(0, abs=1e-3)


def test_the_spread_between_areas_is_found_and_not_taken_for_chance():
    spreads = [expected_at_deprivation(*country(seed, spread=0.3))["spread"].iloc[0] for seed in range(20)]
    assert np.mean(spreads) == pytest.approx(0.3, abs=0.02)


def test_with_chance_alone_the_spread_is_near_nought():
    spreads = [expected_at_deprivation(*country(seed, spread=0))["spread"].iloc[0] for seed in range(20)]
    assert np.mean(spreads) < 0.03


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_interval_holds_as_many_areas_as_it_says(confidence):
    inside = [
        (expected_at_deprivation(*country(seed), confidence=confidence)["position"] == "within").mean()
        for seed in range(40)
    ]
    assert np.mean(inside) == pytest.approx(confidence, abs=0.015)


def test_an_area_is_not_held_against_a_line_it_pulls_itself():
    plans, children, score = country(5, areas=12)
    score[0] = 0.9  # far out: on its own it would draw the line to it
    with_it = expected_at_deprivation(plans, children, score)
    plans[0] *= 3
    changed = expected_at_deprivation(plans, children, score)
    moved = changed["fitted"].iloc[0] / with_it["fitted"].iloc[0]
    assert moved > 1.5  # the line through all areas follows it
    without = expected_at_deprivation(np.r_[np.nan, plans[1:]], children, score)
    # What it is compared with is what the others say, but for the spread, which all areas give.
    assert changed["expected"].iloc[0] == pytest.approx(without["expected"].iloc[0], rel=0.1)


def test_a_large_authority_has_narrower_limits_than_a_small_one():
    plans, children, score = country(3)
    plans[:2], children[:2], score[:2] = (40, 4_000), (10_000, 1_000_000), 0.2
    small, large = expected_at_deprivation(plans, children, score).iloc[:2].itertuples()
    assert small.upper / small.lower > large.upper / large.lower
    # Both hold the spread between areas; the small one's 40 plans add chance, 10,000 add hardly any.
    for row, plans in ((small, 40), (large, 10_000)):
        half = np.log(row.upper / row.lower) / 2
        assert half == pytest.approx(1.96 * np.sqrt(1 / plans + row.spread**2), rel=0.03)


def test_a_suppressed_count_stays_suppressed_and_leaves_the_fit():
    plans, children, score = country(6)
    status = np.full(150, "reported", dtype=object)
    status[0] = "suppressed"
    found = expected_at_deprivation(plans, children, score, status=status)
    row = found.iloc[0]
    assert np.isnan(row["value"]) and row["status"] == "suppressed" and row["position"] == ""
    assert row["expected"] > 0 and row["n_areas"] == 149  # what is usual can still be said


def test_an_area_without_a_score_is_said_to_have_none():
    plans, children, score = country(7)
    score[0] = np.nan
    row = expected_at_deprivation(plans, children, score).iloc[0]
    assert np.isnan(row["expected"]) and row["note"] == "No deprivation score for this area." and row["n_areas"] == 149


def test_too_few_areas_have_no_line():
    plans, children, score = country(8, areas=9)
    found = expected_at_deprivation(plans, children, score)
    assert found["expected"].isna().all() and set(found["note"]) == {"Fewer than 10 areas have both figures."}


def test_the_index_given_comes_back():
    plans, children, score = (pd.Series(part, index=[f"A{n}" for n in range(150)]) for part in country(9))
    assert list(expected_at_deprivation(plans, children, score).index) == list(plans.index)


def test_bad_input_is_refused():
    with pytest.raises(BadInput, match="confidence"):
        expected_at_deprivation([1], [2], [3], confidence=95)
    with pytest.raises(BadInput, match="length"):
        expected_at_deprivation([1, 2], [2, 3], [3])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 10))
def test_the_unit_of_the_score_and_of_the_rate_do_not_matter(seed, factor):
    plans, children, score = country(seed, areas=40)
    plain, other = (
        expected_at_deprivation(plans, children, score),
        expected_at_deprivation(plans, children, factor * score, per=100),
    )
    assert other["expected"].to_numpy() == pytest.approx(plain["expected"].to_numpy() / 100, rel=1e-6)
    assert list(other["position"]) == list(plain["position"])
    assert (plain["lower"] < plain["expected"]).all() and (plain["expected"] < plain["upper"]).all()
