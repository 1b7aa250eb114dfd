"""Control charts: which years of a series stand out from the rest of it.

Checked against NHSRplotthedots and qicharts2 (their cases are in tests/vectors) and against small
series a reader can check by eye.
"""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cptrends.errors import BadInput
from cptrends.trends import anhoej_thresholds, chance_of_signals, count_chart, run_chart, xmr
from cptrends.trends.control_charts.rules import runs, two_of_three

STEADY = [41.0, 43, 42, 44, 43, 42, 43, 41, 42, 44, 43, 42]


def years(values, first=2013):
    return pd.Series(values, index=range(first, first + len(values)))


class TestLimits:
    def test_they_are_the_mean_and_2_66_mean_moving_ranges(self):
        chart = xmr([1, 3, 2, 4], screen_outliers=False)
        assert chart["centre"].tolist() == [2.5] * 4
        assert chart["upper"].to_numpy() == pytest.approx(2.5 + 2.66 * 5 / 3)
        assert chart["moving_range"].tolist()[1:] == [2, 1, 2]

    def test_a_single_leap_does_not_widen_them_when_outliers_are_screened(self):
        values = [*STEADY[:6], 80, *STEADY[6:]]
        screened, raw = xmr(values), xmr(values, screen_outliers=False)
        assert (screened["upper"] - screened["lower"])[0] < (raw["upper"] - raw["lower"])[0]

    def test_they_can_be_fixed_on_the_first_years(self):
        chart = xmr([*STEADY, 60, 61, 62], fix_after=12)
        assert chart["centre"][14] == pytest.approx(np.mean(STEADY))
        assert chart["rule"].tolist()[-3:] == ["outside"] * 3

    @pytest.mark.parametrize("screen", [True, False])
    def test_a_constant_series_has_limits_on_its_mean(self, screen):
        chart = xmr([25.0] * 13, screen_outliers=screen)
        assert (chart["lower"] == 25).all() and (chart["upper"] == 25).all()
        assert (chart["label"] == "common cause").all()


class TestLabels:
    @pytest.mark.parametrize("direction, word", [("up", "improvement"), ("down", "concern"), ("neither", "high")])
    def test_a_high_point_is_named_by_which_way_is_better(self, direction, word):
        assert xmr([*STEADY, 60], direction=direction)["label"].iloc[-1] == word

    def test_seven_years_on_one_side_are_a_shift_and_six_are_not_unless_asked(self):
        values = [10, 12, 10, 12, 10, 12, 10, 12.1, 12.2, 12.1, 12.3, 12.2, 12.1]
        assert (xmr(values, shift=7)["shift"] == 0).all()
        assert xmr(values, shift=6)["shift"].tolist() == [0] * 7 + [1] * 6

    def test_a_steady_rise_is_a_trend_from_its_first_year(self):
        values = [5.0, 3, 4, 5, 6, 7, 8, 9, 6]
        assert xmr(values)["trend"].tolist() == [0] + [1] * 7 + [0]
        assert xmr([-v for v in values])["trend"].tolist() == [0] + [-1] * 7 + [0]


class TestGapsAndOddities:
    def test_a_suppressed_year_breaks_a_run_and_says_so(self):
        values = years([*STEADY[:5], np.nan, *STEADY[6:]])
        status = ["reported"] * 5 + ["suppressed"] + ["reported"] * 6
        chart = xmr(values, status=status)
        gap = chart[chart["year"] == 2018].iloc[0]
        assert gap["status"] == "suppressed" and np.isnan(gap["value"]) and gap["label"] == ""
        assert chart["moving_range"].isna().sum() == 3
        assert "11 of 12" in gap["note"]

    def test_a_suppressed_nought_is_not_a_nought(self):
        chart = xmr([3, 0, 4, 5], status=["reported", "suppressed", "reported", "reported"])
        assert np.isnan(chart["value"][1]) and chart["centre"][0] == 4

    @pytest.mark.parametrize("values", [[5.0], [np.nan, np.nan], [1.0, np.nan, 2.0]])
    def test_too_little_to_go_on_gives_a_reason(self, values):
        chart = xmr(values)
        assert chart["lower"].isna().all() and chart["note"].str.startswith("No limits").all()
        assert (chart[["outside", "shift", "trend", "two_of_three"]] == 0).all(axis=None)

    def test_every_area_at_once_equals_each_alone(self):
        rates = np.random.default_rng(1).normal(50, 5, (7, 13))
        table = pd.DataFrame(rates, index=list("abcdefg"), columns=range(2013, 2026))
        table.iloc[2, 4] = np.nan
        together = xmr(table)
        for area in table.index:
            alone = xmr(table.loc[area])
            pd.testing.assert_frame_equal(together[together["area_code"] == area].reset_index(drop=True), alone)

    @pytest.mark.parametrize(
        "values, status", [(["many", 2], None), ([1, 2], ["reported"] * 3), ([1, 2], ["hidden"] * 2), ([[[1]]], None)]
    )
    def test_what_is_no_series_is_refused(self, values, status):
        with pytest.raises(BadInput):
            xmr(values, status=status)

    @pytest.mark.parametrize("wrong", [{"direction": "sideways"}, {"shift": 2}, {"fix_after": 1}])
    def test_impossible_settings_are_refused(self, wrong):
        with pytest.raises(BadInput):
            xmr(STEADY, **wrong)


class TestInvariants:
    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.floats(-1e4, 1e4), min_size=2, max_size=20), st.floats(0.5, 20), st.floats(-100, 100))
    def test_limits_move_with_the_unit(self, values, scale, move):
        one, other = xmr(values, screen_outliers=False), xmr(np.array(values) * scale + move, screen_outliers=False)
        size = 1 + np.abs(values).max() * scale + abs(move)
        assert np.allclose(one["upper"] * scale + move, other["upper"], atol=1e-9 * size)

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.integers(0, 50), min_size=3, max_size=20))
    def test_turning_the_series_over_turns_the_signals_over(self, values):
        one, other = xmr(values), xmr([-v for v in values])
        assert (one[["shift", "trend"]] == -other[["shift", "trend"]]).all(axis=None)


class TestRunChart:
    def test_a_rising_series_has_a_long_run_and_one_crossing(self):
        row = run_chart(years(range(30, 43))).iloc[0]
        assert (row["longest_run"], row["n_crossings"], row["signal"]) == (6, 1, True)

    @pytest.mark.parametrize("values", [[3.0], [np.nan] * 4, [25.0] * 13])
    def test_without_points_off_the_median_there_is_no_verdict(self, values):
        row = run_chart(values).iloc[0]
        assert row["signal"] is pd.NA and row["note"].startswith("No verdict")


class TestByChance:
    def test_thirteen_quiet_years_still_set_rules_off(self):
        chance = chance_of_signals(13, draws=2000).set_index("rule")["value"]
        assert chance["any of the four"] >= chance[["outside", "shift", "trend", "two_of_three"]].max()
        assert 5 < chance["any of the four"] < 40
        assert chance["trend"] < 1

    @staticmethod
    def by_hand(length, autocorrelation=0.0, draws=6000):
        """Percent of series of 13 with so many points in a row on one side of their mean; counted with plain loops."""
        random, hits = np.random.default_rng(7), 0
        for _ in range(draws):
            noise = random.standard_normal(13)
            values = [noise[0]]
            for shock in noise[1:]:
                values.append(autocorrelation * values[-1] + np.sqrt(1 - autocorrelation**2) * shock)
            sides = np.sign(values - np.mean(values))
            hits += max(len(list(run)) for _, run in itertools.groupby(sides)) >= length
        return 100 * hits / draws

    def test_six_point_rules_fire_more_often_than_seven(self):
        seven, six = (chance_of_signals(13, shift=k, trend=k).set_index("rule")["value"] for k in (7, 6))
        assert six["shift"] == pytest.approx(self.by_hand(6), abs=1.5)
        assert seven["shift"] == pytest.approx(self.by_hand(7), abs=0.8)
        assert six["shift"] > seven["shift"] + 3 and six["trend"] > seven["trend"]

    def test_drift_sets_them_off_far_more_often(self):
        quiet, drifting = (
            chance_of_signals(13, autocorrelation=a, draws=1000).set_index("rule")["value"] for a in (0, 0.7)
        )
        assert drifting["shift"] > 2 * quiet["shift"]
        assert drifting["shift"] == pytest.approx(self.by_hand(7, 0.7), abs=4)

    def test_the_same_seed_gives_the_same_answer(self):
        pd.testing.assert_frame_equal(chance_of_signals(draws=100), chance_of_signals(draws=100))


def test_count_charts_refuse_a_missing_size_and_flag_a_zero_one():
    with pytest.raises(BadInput, match="needs the size"):
        count_chart([1, 2], kind="p")
    chart = count_chart([1, 2, 3], [10, 0, 10], kind="p")
    assert chart["status"].tolist() == ["derived", "unavailable", "derived"] and chart["note"][1]


class TestPeers:
    def test_nhsrplotthedots_limits_and_labels(self, vectors):
        expected = vectors("xmr")
        for (_, screen, fix), rows in expected.groupby(["series", "screened", "fixed_after"], dropna=False):
            options = {"screen_outliers": screen, "fix_after": None if np.isnan(fix) else int(fix)}
            for direction in ("up", "down", "neither"):
                ours = xmr(rows["value"].to_numpy(), direction=direction, **options)
                theirs = rows[["centre", "lower", "upper"]]
                np.testing.assert_allclose(ours[["centre", "lower", "upper"]], theirs, rtol=1e-9, atol=1e-12)
                assert ours["label"].tolist() == rows[f"label_{direction}"].tolist()
            assert ours["rule"].tolist() == rows["rule"].fillna("").tolist()
            assert (ours["outside"] != 0).tolist() == rows["outside"].tolist()
        assert len(expected) == 956

    def test_nhsrplotthedots_single_rules(self, vectors):
        cases = vectors("xmr_rules").groupby(["case", "rule"])
        assert len(cases) == 26
        for (case, rule), rows in cases:
            values, expected = (rows[column].to_numpy()[None].astype(float) for column in ("value", "marked"))
            if rule == "shift":
                # The peer marks a run from its seventh point on; we mark all of it.
                ours = runs(values == 1, 7) - runs(values == -1, 7)
                whole = np.array([[expected[0, i : i + 7].any() for i in range(expected.size)]])
                assert ((ours != 0) == whole).all(), case
            elif rule == "widening":
                # Its own test of that widening: a mark on one point covers the six before it.
                ends = np.flatnonzero(values[0])
                whole = [any(end - 6 <= i <= end for end in ends) for i in range(values.size)]
                assert whole == (expected[0] != 0).tolist(), case
            elif rule == "trend":
                step = np.sign(np.diff(values, axis=1))
                ours = runs(step == 1, 6, 1) - runs(step == -1, 6, 1)
                for i in np.flatnonzero(expected[0]):
                    assert (ours[0, i - 6 : i + 1] == expected[0, i]).all(), case
                assert np.abs(ours).sum() == 7 * np.abs(expected).sum(), case
            else:
                side = rows["side"].to_numpy()[None].astype(int)
                assert np.abs(two_of_three(values == 1, side)).tolist() == expected.tolist(), case

    def test_qicharts2_run_and_i_charts(self, vectors):
        series = vectors("run_charts_values")
        cases = vectors("run_charts")
        assert len(cases) == 17
        for row in cases.itertuples():
            values = series.loc[series["series"] == row.series, "value"].to_numpy()
            ours = run_chart(values).iloc[0]
            assert ours["value"] == pytest.approx(row.median, rel=1e-9, abs=1e-12)
            assert (ours["n"], ours["n_useful"]) == (row.n, row.n_useful)
            chart = xmr(values)
            assert chart["centre"][0] == pytest.approx(row.mean, rel=1e-9, abs=1e-12)
            if row.series == "flat13":
                continue  # the peer gives a constant series no limits
            assert (ours["longest_run"], ours["longest_run_max"]) == (row.longest_run, row.longest_run_max)
            assert (ours["n_crossings"], ours["n_crossings_min"]) == (row.n_crossings, row.n_crossings_min)
            assert ours["signal"] == row.signal
            # The peer's factor is 3 / 1.128, not the printed 2.66.
            width = (chart["upper"][0] - chart["centre"][0]) / 2.66 * 3 / 1.128
            assert chart["centre"][0] + width == pytest.approx(row.upper, rel=1e-9)
            assert chart["centre"][0] - width == pytest.approx(row.lower, rel=1e-9)

    def test_anhoej_thresholds(self, vectors):
        expected = vectors("run_chart_thresholds")
        longest, crossings = anhoej_thresholds(expected["n_useful"].to_numpy())
        assert longest.tolist() == expected["longest_run_max"].tolist()
        assert crossings.tolist() == expected["n_crossings_min"].tolist()

    @pytest.mark.parametrize(
        "case, settings",
        [
            ("example 7.1", {"kind": "p"}),
            ("table 7.4", {"kind": "p"}),
            ("example 7.3", {"kind": "c", "exclude": [6, 20], "fix_after": 26}),
            ("example 7.4", {"kind": "u"}),
            ("example 7.5", {"kind": "u", "multiply": 50}),
        ],
    )
    def test_montgomerys_count_charts(self, case, settings, vectors):
        for number, part in vectors("count_charts").query("case == @case").groupby("part"):
            if case == "example 7.1" and number == 1:
                settings = {**settings, "exclude": [15, 23]}
            ours = count_chart(part["events"].to_numpy(), part["size"].to_numpy(), **settings)
            columns = ["value", "centre", "lower", "upper"]
            np.testing.assert_allclose(ours[columns], part[columns], rtol=1e-9)
            settings = {key: value for key, value in settings.items() if key != "exclude"}

    def test_montgomerys_individuals_and_moving_range_charts(self, vectors):
        rows = vectors("moving_ranges")
        ours = xmr(rows["value"].to_numpy(), fix_after=20)
        np.testing.assert_allclose(ours["centre"], rows["centre"], rtol=1e-9)
        width = (ours["upper"] - ours["centre"]) / 2.66 * 3 / 1.128
        np.testing.assert_allclose(width, rows["upper"] - rows["centre"], rtol=1e-9)
        np.testing.assert_allclose(ours["moving_range"], rows["moving_range"], rtol=1e-9)
        np.testing.assert_allclose(ours["moving_range_upper"], rows["moving_range_upper"], rtol=1e-9)
