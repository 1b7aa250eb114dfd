"""Breakpoints: in which years the trend itself turned, and how fast it went before and after."""

import numpy as np
import pandas as pd
import pytest

from cptrends.errors import BadInput
from cptrends.trends import joinpoint_path, joinpoints
from cptrends.trends.piecewise import designs, poisson_regressions

CHANGE_OF_COLLECTION = {2010: "From 2010 figures come from the children in need census."}


def series(slopes, turns=(), *, start=2001, n=13, level=40_000, noise=0.01, seed=5, step=None):
    """Straight lines on the log scale, meeting at the turns, with a little noise and perhaps a step."""
    years = np.arange(start, start + n)
    line = slopes[0] * (years - start)
    for turn, before, after in zip(turns, slopes[:-1], slopes[1:], strict=True):
        line = line + (after - before) * np.maximum(years - turn, 0)
    if step:
        line = line + step[1] * (years >= step[0])
    return pd.Series(np.round(level * np.exp(line + np.random.default_rng(seed).normal(0, noise, n))), index=years)


class TestFindingTurns:
    def test_one_turn_is_found_with_the_growth_on_either_side(self):
        found = joinpoints(series([0.07, -0.01], [2007]))
        assert found["start"].tolist() == [2001, 2007]
        assert found["lower"][0] < 100 * np.expm1(0.07) < found["upper"][0]
        assert found["lower"][1] < 100 * np.expm1(-0.01) < found["upper"][1]
        assert found["turn_lower"][1] <= 2007 <= found["turn_upper"][1]

    def test_two_turns_in_a_longer_series(self):
        found = joinpoints(series([0.06, -0.03, 0.05], [2008, 2014], n=22))
        assert found["start"].tolist() == [2001, 2008, 2014]

    def test_steady_growth_seldom_gets_a_turn(self):
        turns = [joinpoints(series([0.05], noise=0.02, seed=seed))["joinpoints"][0] for seed in range(60)]
        assert np.mean(np.array(turns) > 0) < 0.2

    def test_permutation_finds_the_clear_turn_and_no_other(self):
        settings = {"choose": "permutation", "permutations": 199}
        assert joinpoints(series([0.08, -0.02], [2007]), **settings)["start"].tolist() == [2001, 2007]
        assert len(joinpoints(series([0.05], noise=0.02), **settings)) == 1

    def test_growth_per_head_allows_for_more_children(self):
        plans = series([0.05])
        children = pd.Series(11e6 * np.exp(0.02 * np.arange(13)), index=plans.index)
        assert joinpoints(plans, children)["value"][0] == pytest.approx(100 * np.expm1(0.03), abs=0.3)

    def test_the_path_is_the_fitted_line(self):
        plans = series([0.07, -0.01], [2007])
        path = joinpoint_path(plans)
        assert (np.abs(path["fitted"] / path["value"] - 1) < 0.05).all()
        assert path["stretch"].tolist() == [1] * 7 + [2] * 6


class TestKnownBreaks:
    def test_a_change_of_collection_is_a_step_and_never_a_discovery(self):
        stepped = series([0.03], step=(2010, 0.25), n=16)
        assert joinpoints(stepped)["joinpoints"][0] > 0
        rows = joinpoints(stepped, known_breaks=CHANGE_OF_COLLECTION)
        trend, known = rows[rows["kind"] == "trend"], rows[rows["kind"] == "known break"]
        assert trend["joinpoints"].iloc[0] == 0 and trend["value"].iloc[0] == pytest.approx(100 * np.expm1(0.03), abs=1)
        assert known["lower"].iloc[0] < 100 * np.expm1(0.25) < known["upper"].iloc[0]
        assert "census" in known["note"].iloc[0] and "census" in trend["note"].iloc[0]

    @pytest.mark.parametrize("seed", range(8))
    def test_no_turn_is_placed_beside_one(self, seed):
        rows = joinpoints(
            series([0.06, 0.0], [2010], step=(2010, 0.2), n=20, seed=seed), known_breaks=CHANGE_OF_COLLECTION
        )
        assert not rows.loc[rows["kind"] == "trend", "start"].isin([2009, 2010, 2011]).any()

    def test_one_too_near_the_end_cannot_be_told(self):
        rows = joinpoints(series([0.03], start=1998), known_breaks=CHANGE_OF_COLLECTION)
        assert "cannot be told" in rows["note"].iloc[-1] and np.isnan(rows["value"].iloc[-1])

    def test_one_outside_the_series_is_no_matter(self):
        assert len(joinpoints(series([0.03], start=2012), known_breaks=CHANGE_OF_COLLECTION)) == 1


class TestGapsAndOddities:
    @pytest.mark.parametrize("values", [[5.0], [np.nan] * 9, [0.0] * 9, [1.0, 2, 3]])
    def test_too_little_gives_a_row_with_a_reason(self, values):
        row = joinpoints(values).iloc[0]
        assert np.isnan(row["value"]) and row["note"].startswith("No trend fitted")

    def test_a_constant_series_grows_by_nought(self):
        rows = joinpoints([25.0] * 13)
        assert len(rows) == 1 and rows["value"][0] == pytest.approx(0, abs=1e-6)

    def test_a_suppressed_year_is_left_out_and_said(self):
        plans = series([0.05])
        row = joinpoints(plans, status=["reported"] * 5 + ["suppressed"] + ["reported"] * 7).iloc[0]
        assert row["n"] == 12 and "1 of 13 years" in row["note"]
        path = joinpoint_path(plans, status=["reported"] * 5 + ["suppressed"] + ["reported"] * 7)
        assert path["status"][5] == "suppressed" and np.isnan(path["value"][5]) and path["note"][5]

    def test_a_zero_population_is_left_out(self):
        assert joinpoints(series([0.05]), [0.0] + [1e6] * 12)["n"][0] == 12

    @pytest.mark.parametrize(
        "wrong", [{"choose": "aic"}, {"max_joinpoints": -1}, {"population": [1.0]}, {"confidence": 2}]
    )
    def test_impossible_settings_are_refused(self, wrong):
        with pytest.raises(BadInput):
            joinpoints(series([0.05]), **wrong)

    def test_years_out_of_order_are_refused(self):
        with pytest.raises(BadInput, match="order"):
            joinpoints(pd.Series([1.0, 2, 3], index=[2003, 2002, 2001]))


def test_the_fit_is_that_of_statsmodels():
    sm = pytest.importorskip("statsmodels.api")
    plans, children = series([0.07, -0.01], [2007], level=300), np.linspace(1.0e5, 1.2e5, 13)
    t = plans.index.to_numpy()
    for place in (2005, 2007, 2009):
        X = designs(t, np.array([[place]]), [2010])
        beta, _, deviance = poisson_regressions(X, plans.to_numpy()[None, :], np.log(children))
        theirs = sm.GLM(plans.to_numpy(), X[0], family=sm.families.Poisson(), offset=np.log(children)).fit(tol=1e-12)
        np.testing.assert_allclose(beta[0], theirs.params, rtol=1e-6)
        assert deviance[0] == pytest.approx(theirs.deviance, rel=1e-8)
    ours = joinpoints(plans, children, max_joinpoints=0).iloc[0]
    theirs = sm.GLM(
        plans.to_numpy(), designs(t, np.empty((1, 0)), [])[0], family=sm.families.Poisson(), offset=np.log(children)
    ).fit(scale="X2", use_t=True)
    assert ours["dispersion"] == pytest.approx(theirs.scale, rel=1e-6)
    np.testing.assert_allclose([ours["lower"], ours["upper"]], 100 * np.expm1(theirs.conf_int()[1]), rtol=1e-6)
