"""Outlook: never a single line, and always beside how wrong such lines have been."""

import numpy as np
import pandas as pd
import pytest

from cptrends.errors import BadInput
from cptrends.trends import backtest, population_only, project

PLANS = pd.Series([392, 428, 426, 431, 483, 497, 503, 511, 537, 523, 515, 500, 507], index=range(2013, 2026))


@pytest.fixture(scope="module")
def ahead():
    return project(PLANS, horizon=4)


class TestNeverASingleLine:
    def test_four_models_and_their_average_each_with_an_interval(self, ahead):
        assert ahead.groupby("model").size().to_dict() == dict.fromkeys(
            ["naive walk", "local level", "local trend", "damped trend", "average"], 4
        )
        assert (ahead["lower"] < ahead["value"]).all() and (ahead["value"] < ahead["upper"]).all()

    def test_the_spread_between_models_stands_beside_each_interval(self, ahead):
        models = ahead[ahead["model"] != "average"].groupby("horizon")["value"]
        first = ahead.drop_duplicates("horizon").set_index("horizon")
        np.testing.assert_allclose(first["spread_lower"], models.min())
        np.testing.assert_allclose(first["spread_upper"], models.max())

    def test_the_average_lies_between_the_models_and_covers_much_of_each(self, ahead):
        average = ahead[ahead["model"] == "average"]
        assert average["value"].between(average["spread_lower"], average["spread_upper"]).all()
        others = ahead[ahead["model"] != "average"].groupby("horizon")
        assert (average["lower"].to_numpy() >= others["lower"].min() - 1e-9).all()
        assert (average["upper"].to_numpy() <= others["upper"].max() + 1e-9).all()

    def test_nothing_ahead_looks_like_data(self, ahead):
        assert (ahead["status"] == "estimated").all() and ahead["year"].min() == 2026


class TestModels:
    def test_the_naive_walk_is_the_last_value_with_a_spread_growing_as_the_root(self):
        walk = project(PLANS, horizon=4, test=False).query("model == 'naive walk'")
        assert walk["value"].to_numpy() == pytest.approx(507)
        width = np.log(walk["upper"] / walk["value"]).to_numpy()
        np.testing.assert_allclose(width / width[0], np.sqrt([1, 2, 3, 4]))

    def test_a_steady_rise_goes_on_in_the_trend_models_and_not_in_the_walk(self):
        rise = pd.Series(
            400 * np.exp(0.05 * np.arange(13) + np.random.default_rng(3).normal(0, 0.01, 13)), index=PLANS.index
        )
        last = project(rise, horizon=3, test=False).query("horizon == 3").set_index("model")["value"]
        assert last["naive walk"] < last["average"] < last["local trend"]
        assert last["local trend"] == pytest.approx(rise.iloc[-1] * np.exp(0.15), rel=0.05)

    def test_the_unit_does_not_matter(self):
        one, other = project(PLANS, test=False), project(PLANS * 1e-4, test=False)
        np.testing.assert_allclose(one["value"] * 1e-4, other["value"], rtol=1e-6)

    def test_a_series_with_noughts_is_modelled_as_it_is(self):
        rows = project([3, 0, 4, 2, 5, 0, 3, 4, 2], test=False)
        assert rows["value"].notna().all() and (rows["method"] == "Outlook, natural scale").all()


class TestBackTest:
    def test_it_shows_what_was_said_and_what_happened(self):
        past = backtest(PLANS, horizon=2)
        walk = past[(past["model"] == "naive walk") & (past["origin"] == 2019) & (past["horizon"] == 2)].iloc[0]
        assert walk["year"] == 2021 and walk["value"] == pytest.approx(PLANS[2019]) and walk["actual"] == PLANS[2021]
        assert walk["error"] == pytest.approx(100 * (PLANS[2019] / PLANS[2021] - 1))

    def test_it_never_looks_ahead(self):
        later = PLANS.copy()
        later.loc[2022:] *= 3
        one, other = (backtest(s, horizon=1).query("origin <= 2021").reset_index(drop=True) for s in (PLANS, later))
        np.testing.assert_allclose(one["value"], other["value"])

    def test_the_outlook_carries_its_errors(self, ahead):
        past = backtest(PLANS, horizon=4)
        for row in ahead.itertuples():
            cases = past[(past["model"] == row.model) & (past["horizon"] == row.horizon)]
            assert row.cases == len(cases)
            assert row.error == pytest.approx(cases["error"].abs().mean())
            assert row.covered == pytest.approx(100 * cases["inside"].mean())


class TestGapsAndOddities:
    @pytest.mark.parametrize(
        "values, why",
        [([5.0], "unbroken years"), ([np.nan] * 12, "latest year"), (list(range(1, 8)), "unbroken years")],
    )
    def test_a_short_series_gets_a_sentence(self, values, why):
        for rows in (project(values), backtest(values)):
            assert len(rows) == 1 and why in rows["note"][0] and np.isnan(rows["value"][0])

    def test_a_suppressed_last_year_is_no_nought(self):
        rows = project(PLANS, status=["reported"] * 12 + ["suppressed"])
        assert rows["status"].tolist() == ["suppressed"] and "latest year" in rows["note"][0]

    def test_only_the_years_since_a_gap_are_used_and_it_says_so(self):
        gap = PLANS.astype(float).copy()
        gap.loc[2015] = np.nan
        rows, short = project(gap, test=False), project(PLANS.loc[2016:], test=False)
        np.testing.assert_allclose(rows["value"], short["value"])
        assert rows["note"].str.contains("from 2016").all()
        missing_row = project(PLANS.drop(index=2015), test=False)
        np.testing.assert_allclose(missing_row["value"], short["value"])

    def test_a_constant_series_stays_where_it_is(self):
        rows = project([25.0] * 13)
        assert (rows[["value", "lower", "upper"]].to_numpy() == 25).all()

    @pytest.mark.parametrize("wrong", [{"horizon": 0}, {"confidence": 1}])
    def test_impossible_settings_are_refused(self, wrong):
        with pytest.raises(BadInput):
            project(PLANS, **wrong)


class TestPopulationOnly:
    CHILDREN = pd.Series({2026: 11.9e6, 2030: 11.4e6, 2039: np.nan})

    def test_the_count_follows_the_children(self):
        rows = population_only(49_690, 12.0e6, self.CHILDREN)
        assert rows["value"][1] == pytest.approx(49_690 * 11.4 / 12.0)
        assert rows["status"].tolist() == ["estimated", "estimated", "unavailable"] and rows["note"][2]

    @pytest.mark.parametrize(
        "latest, size, status", [(np.nan, 1e6, "reported"), (5, 0, "reported"), (0, 1e6, "suppressed")]
    )
    def test_without_a_rate_there_is_no_scenario(self, latest, size, status):
        rows = population_only(latest, size, self.CHILDREN, status=status)
        assert rows["value"].isna().all() and rows["note"].str.startswith("No scenario").all()
        assert (rows["status"] == ("suppressed" if status == "suppressed" else "unavailable")).all()
