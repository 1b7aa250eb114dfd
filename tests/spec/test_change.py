"""Is this change real? What is said of an area's change, and how rarely it is said wrongly."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cptrends.errors import BadInput
from cptrends.trends import false_discovery, judge_changes

YEARS = range(2013, 2026)


def figures(n_areas=153, mean=200.0, wobble=0.0, seed=1, kind="rate", years=YEARS, uneven=False):
    """Areas in which nothing changes: levels differ, years differ by chance and by wobble only.

    Uneven: some areas wobble far more than others.
    """
    random = np.random.default_rng(seed)
    shape = n_areas, len(years)
    typical = mean / 0.004 if kind == "rate" else mean * 4
    size = np.round(random.lognormal(np.log(typical), 0.6, (n_areas, 1))) * np.ones(shape)
    unsteady = random.gamma(2, 0.5, (n_areas, 1)) if uneven else 1
    level = random.normal(0, 0.3, (n_areas, 1)) + wobble * unsteady * random.normal(0, 1, shape)
    if kind == "rate":
        count = random.poisson(size * 0.004 * np.exp(level))
    else:
        count = random.binomial(size.astype(int), 1 / (1 + np.exp(1.1 - level)))
    return pd.DataFrame(
        {
            "area_code": np.repeat([f"A{i:03}" for i in range(n_areas)], len(years)),
            "year": list(years) * n_areas,
            "numerator": count.ravel(),
            "denominator": size.ravel(),
            "status": "reported",
        }
    )


class TestFalseAlarms:
    """The share of authorities called `Probably real` when nothing has changed stays far below 5%."""

    @pytest.mark.parametrize("kind", ["rate", "share"])
    @pytest.mark.parametrize("wobble", [0.0, 0.15, 0.4])
    @pytest.mark.parametrize("mean", [20, 300])
    def test_nothing_changed(self, kind, wobble, mean):
        flagged = [
            (
                judge_changes(figures(mean=mean, wobble=wobble, seed=seed, kind=kind), kind=kind)["verdict"]
                == "Probably real"
            ).mean()
            for seed in range(3)
        ]
        assert np.mean(flagged) < 0.01

    def test_some_areas_wobble_more_than_others(self):
        judged = [
            judge_changes(figures(mean=1000, wobble=0.2, seed=seed, uneven=True), kind="rate") for seed in range(3)
        ]
        assert np.mean([(j["verdict"] == "Probably real").mean() for j in judged]) < 0.01
        assert 0.93 < np.mean([((j["lower"] <= 0) & (0 <= j["upper"])).mean() for j in judged]) < 0.97

    def test_two_years_only(self):
        for uneven in (False, True):
            judged = [
                judge_changes(figures(wobble=0.2, years=[2014, 2015], seed=seed, uneven=uneven), kind="rate")
                for seed in range(5)
            ]
            assert np.mean([(j["verdict"] == "Probably real").mean() for j in judged]) < 0.05

    def test_without_the_wobble_many_would_be_false(self):
        data = figures(mean=300, wobble=0.2)
        assert (judge_changes(data, kind="rate", wobble=0.0)["verdict"] == "Probably real").mean() > 0.05


class TestRealChanges:
    def test_large_ones_are_found_among_steady_areas(self):
        data = figures(mean=300, wobble=0.05)
        changed = data["area_code"].isin([f"A{i:03}" for i in range(10)]) & (data["year"] == 2025)
        data.loc[changed, "numerator"] *= 2
        last = judge_changes(data, kind="rate", pairs=[(2024, 2025)])
        found = last.set_index("area_code")["verdict"] == "Probably real"
        assert found.iloc[:10].mean() >= 0.8 and found.iloc[10:].mean() < 0.03

    def test_the_interval_holds_the_true_difference_about_as_often_as_it_says(self):
        data = judge_changes(figures(mean=150, wobble=0.1), kind="rate")
        inside = (data["lower"] <= 0) & (0 <= data["upper"])
        assert 0.93 < inside.mean() < 0.98

    def test_the_same_change_says_less_in_an_area_that_always_wobbles(self):
        data = figures(mean=2000, wobble=0.05)
        unsteady = data["area_code"] == "A000"
        data.loc[unsteady, "numerator"] = (
            data.loc[unsteady, "denominator"] * 0.004 * np.tile([1, 1.6], 7)[:13]
        ).round()
        steady = data["area_code"] == "A001"
        data.loc[steady, "numerator"] = (data.loc[steady, "denominator"] * 0.004 * np.r_[np.ones(12), 1.6]).round()
        last = judge_changes(data, kind="rate", pairs=[(2024, 2025)]).set_index("area_code")
        assert (
            last.loc["A001", "verdict"] == "Probably real" and last.loc["A001", "chance"] < last.loc["A000", "chance"]
        )
        assert last.loc["A000", "unsteadiness"] > 3 > last.loc["A001", "unsteadiness"]

    def test_drift_that_lasts_is_found_although_every_area_drifts(self):
        random = np.random.default_rng(7)
        data = figures(mean=2000, wobble=0.0)
        drift = np.exp(np.cumsum(random.normal(0, 0.15, (153, 13)), axis=1)).ravel()
        data["numerator"] = random.poisson(data["numerator"] * drift)
        judged = judge_changes(data, kind="rate", pairs="five_years")
        assert (judged["label"] == "Unusual").mean() > 0.3 and (judged["verdict"] == "Probably real").mean() > 0.3


class TestWhatIsSaid:
    def test_the_sentence_begins_with_the_label_and_gives_both_figures(self):
        row = judge_changes(figures(), kind="rate").iloc[0]
        assert row["sentence"].startswith(row["label"] + ":")
        assert f"{row['value_earlier']:.1f}" in row["sentence"] and "of the 153 areas looked at" in row["sentence"]

    def test_a_suppressed_count_cannot_be_told_and_is_no_nought(self):
        data = figures(n_areas=20)
        data.loc[3, ["numerator", "status"]] = [0, "suppressed"]
        rows = judge_changes(data, kind="rate")
        hit = rows[(rows["area_code"] == "A000") & ((rows["earlier"] == 2016) | (rows["later"] == 2016))]
        assert len(hit) == 2
        assert (hit["status"] == "suppressed").all() and hit["value"].isna().all()
        assert (hit["sentence"] == "Cannot tell: a count is suppressed.").all()

    def test_small_numbers_zero_denominators_and_gaps_each_have_their_reason(self):
        data = figures(n_areas=20, years=[2014, 2015])
        data.loc[0:1, "numerator"] = 2
        data.loc[2, "denominator"] = 0
        data = data.drop(index=5)
        data.loc[6, "numerator"] = np.nan
        rows = judge_changes(data, kind="rate").set_index("area_code")
        assert (rows.loc[["A000", "A001", "A002", "A003"], "verdict"] == "Cannot tell").all()
        assert "fewer than 10" in rows.loc["A000", "sentence"]
        assert "denominator" in rows.loc["A001", "sentence"]
        assert "no counts for both" in rows.loc["A002", "sentence"]
        assert (rows["verdict"] == "Cannot tell").sum() == 4 and (rows["n_areas"] == 16).all()

    def test_few_areas_cannot_be_told_unless_the_wobble_is_given(self):
        data = figures(n_areas=3)
        assert (judge_changes(data, kind="rate")["verdict"] == "Cannot tell").all()
        assert (judge_changes(data, kind="rate", wobble=0.01)["verdict"] != "Cannot tell").all()

    def test_constant_series_are_chance(self):
        data = figures(n_areas=20).assign(numerator=100, denominator=1000)
        rows = judge_changes(data, kind="share")
        assert (rows["verdict"] == "Could be chance").all() and (rows["value"] == 0).all()

    def test_a_pair_across_a_break_says_so(self):
        rows = judge_changes(
            figures(n_areas=20, years=range(2008, 2013)),
            kind="rate",
            pairs="all",
            breaks={2010: "The way figures are collected changed in 2010."},
        )
        across = (rows["earlier"] < 2010) & (rows["later"] >= 2010)
        assert (rows.loc[across, "note"] != "").all() and (rows.loc[~across, "note"] == "").all()

    def test_how_many_moved_as_far_stands_beside_it(self):
        rows = judge_changes(figures(), kind="rate", pairs=[(2024, 2025)])
        assert rows["moved_as_far"].max() == 100 and rows["moved_as_far"].min() == pytest.approx(100 / 153)

    def test_every_pair_is_judged(self):
        assert len(judge_changes(figures(n_areas=12), kind="rate", pairs="all")) == 12 * 78

    @pytest.mark.parametrize(
        "wrong",
        [
            {"kind": "odds"},
            {"pairs": "some"},
            {"pairs": [(2015, 2014)]},
            {"pairs": [(1999, 2015)]},
            {"pairs": [2013, 2014]},
            {"pairs": 2014},
            {"pairs": []},
            {"rate_of_error": 5},
            {"limit": "small"},
            {"confidence": float("nan")},
            {"wobble": -1},
            {"wobble": "x"},
            {"per": 0},
            {"per": -1},
            {"breaks": {"2015": "Counting changed."}},
            {"breaks": [2015]},
            {"into": 1999},
            {"into": 2013},
        ],
    )
    def test_impossible_settings_are_refused(self, wrong):
        with pytest.raises(BadInput):
            judge_changes(figures(n_areas=12), **{"kind": "rate", **wrong})

    def test_a_later_year_that_no_pair_has_is_named_with_those_that_there_are(self):
        with pytest.raises(BadInput, match=r"later year is 1999; into must be one of 2014, .* and 2025$"):
            judge_changes(figures(n_areas=12), kind="rate", into=1999)

    @pytest.mark.parametrize("wrong", [np.nan, 2015.5, "next"])
    def test_a_year_that_is_none_is_refused(self, wrong):
        data = figures(n_areas=12).astype({"year": object})
        data.loc[3, "year"] = wrong
        with pytest.raises(BadInput, match="whole years"):
            judge_changes(data, kind="rate")

    def test_a_row_without_an_area_is_refused(self):
        data = figures(n_areas=12)
        data.loc[3, "area_code"] = None
        with pytest.raises(BadInput, match="without an area_code"):
            judge_changes(data, kind="rate")

    def test_a_year_twice_or_a_column_missing_is_refused(self):
        data = figures(n_areas=2)
        with pytest.raises(BadInput, match="twice"):
            judge_changes(pd.concat([data, data]), kind="rate")
        with pytest.raises(BadInput, match="denominator"):
            judge_changes(data.drop(columns="denominator"), kind="rate")
        with pytest.raises(BadInput, match="no pair"):
            judge_changes(data[data["year"] == 2015], kind="rate")
        with pytest.raises(BadInput, match="no pair"):
            judge_changes(data.iloc[:0], kind="rate")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_allowing_for_how_many_were_looked_at_never_makes_a_change_more_striking(chance):
    adjusted = false_discovery(chance)
    assert (adjusted >= np.array(chance) - 1e-12).all() and (adjusted <= 1).all()
    assert (np.diff(adjusted[np.argsort(chance, kind="stable")]) >= -1e-12).all()


def test_the_adjustment_is_benjamini_and_hochbergs():
    stats = pytest.importorskip("statsmodels.stats.multitest")
    chance = np.random.default_rng(2).uniform(0, 1, 50) ** 3
    np.testing.assert_allclose(false_discovery(chance), stats.multipletests(chance, method="fdr_bh")[1], rtol=1e-12)
