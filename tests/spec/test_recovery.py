"""Recovery: how long an Inadequate judgement lasts, and what the figures do around it."""

import numpy as np
import pandas as pd
import pytest

from cptrends.errors import BadInput
from cptrends.indicators.recovery import event_study, inadequate_spells, recovery_curve, recovery_time


def inspections(*rows):
    return pd.DataFrame(rows, columns=["area_code", "framework", "published", "grade"])


class TestSpells:
    def test_a_second_inadequate_does_not_start_the_clock_again(self):
        spells = inadequate_spells(
            inspections(
                ("E1", "SIF", "2014-01-01", "Inadequate"),
                ("E1", "SIF", "2016-01-01", "Inadequate"),
                ("E1", "ILACS", "2018-01-01", "Requires improvement to be good"),
            ),
            "2020-01-01",
        )
        assert len(spells) == 1 and spells["better"][0] and spells["years"][0] == pytest.approx(4, abs=0.01)

    def test_falling_back_is_a_new_spell(self):
        spells = inadequate_spells(
            inspections(
                ("E1", "SIF", "2014-01-01", "Inadequate"),
                ("E1", "SIF", "2016-01-01", "Good"),
                ("E1", "ILACS", "2018-01-01", "Inadequate"),
            ),
            "2020-01-01",
        )
        assert spells["better"].tolist() == [True, False] and spells["note"][1] == "Still waiting."

    def test_nothing_published_after_the_date_counts(self):
        rows = inspections(("E1", "SIF", "2014-01-01", "Inadequate"), ("E1", "SIF", "2016-01-01", "Good"))
        spells = inadequate_spells(rows, "2015-01-01")
        assert not spells["better"][0] and spells["years"][0] == pytest.approx(1, abs=0.01)
        assert inadequate_spells(rows, "2013-01-01").empty

    def test_visits_without_a_grade_unknown_dates_and_other_frameworks_do_not_count(self):
        spells = inadequate_spells(
            inspections(
                ("E1", "ILACS", "2018-01-01", "Inadequate"),
                ("E1", "ILACS", "2018-09-01", ""),
                ("E1", "ILACS", "", "Good"),
                ("E1", "SLAC", "2019-01-01", "Good"),
                ("E2", "SLAC", "2012-01-01", "Inadequate"),
            ),
            "2020-01-01",
        )
        assert spells["area_code"].tolist() == ["E1"] and not spells["better"][0]

    def test_an_abolished_authority_stops_waiting_when_it_ends(self):
        rows = inspections(("E1", "SIF", "2019-01-01", "Inadequate"))
        spells = inadequate_spells(rows, "2023-01-01", ended={"E1": "2021-01-01"})
        assert spells["years"][0] == pytest.approx(2, abs=0.01) and not spells["better"][0]
        assert "abolished" in spells["note"][0]

    def test_a_wrong_date_or_column_is_refused(self):
        with pytest.raises(BadInput):
            inadequate_spells(inspections(("E1", "SIF", "soon", "Good")), "2020-01-01")
        with pytest.raises(BadInput, match="published"):
            inadequate_spells(pd.DataFrame({"area_code": [], "framework": [], "grade": []}), "2020-01-01")


class TestHowLong:
    @pytest.mark.parametrize("seed", range(40))
    def test_times_and_curve_are_those_of_statsmodels(self, seed):
        from statsmodels.duration.survfunc import SurvfuncRight

        draws = np.random.default_rng(seed)
        n = int(draws.integers(4, 60))
        years = np.round(draws.exponential(3, n) + 0.1, int(draws.integers(0, 3)) + 1)
        better = draws.random(n) < draws.uniform(0.3, 0.95)
        better[0] = True
        spells = pd.DataFrame({"years": years, "better": better})
        peer = SurvfuncRight(years, better.astype(int))
        for quantile in (0.25, 0.5, 0.75):
            with np.errstate(all="ignore"):
                expected = [peer.quantile(quantile), *peer.quantile_ci(quantile, alpha=0.05, method="cloglog")]
            expected = [float(x) if x is not None and np.isfinite(x) else np.nan for x in expected]
            ours = recovery_time(spells, quantile=quantile)[["value", "lower", "upper"]].iloc[0]
            np.testing.assert_allclose(ours.to_numpy(float), expected, rtol=1e-9)
        curve = recovery_curve(spells).iloc[1:]
        happened = np.asarray(peer.n_events) > 0
        np.testing.assert_allclose(curve["years"], np.asarray(peer.surv_times)[happened], rtol=1e-12)
        np.testing.assert_allclose(curve["value"], 100 * np.asarray(peer.surv_prob)[happened], rtol=1e-9, atol=1e-12)

    def test_the_curve_is_kaplan_and_meiers_by_hand(self):
        spells = pd.DataFrame({"years": [1.0, 1.5, 2.0, 2.0, 3.0], "better": [True, False, True, True, False]})
        curve = recovery_curve(spells)
        np.testing.assert_allclose(curve["value"], [100, 80, 80 / 3])
        assert curve["at_risk"].tolist() == [5, 5, 3]
        assert ((curve["lower"] <= curve["value"]) & (curve["value"] <= curve["upper"])).all()

    def test_those_still_waiting_make_the_median_longer_than_the_recovered_alone(self):
        random = np.random.default_rng(2)
        true, watched = random.exponential(3, 400), random.uniform(0.5, 6, 400)
        spells = pd.DataFrame({"years": np.minimum(true, watched), "better": true <= watched})
        median = recovery_time(spells).iloc[0]
        assert median["lower"] < 3 * np.log(2) < median["upper"]
        assert spells.loc[spells["better"], "years"].median() < median["lower"]
        assert median["n"] == median["n_better"] + median["n_censored"] == 400

    def test_a_median_not_reached_says_so(self):
        row = recovery_time(pd.DataFrame({"years": [1.0, 2, 3, 4], "better": [True, False, False, False]})).iloc[0]
        assert np.isnan(row["value"]) and row["status"] == "unavailable" and "Fewer than 50%" in row["note"]

    @pytest.mark.parametrize(
        "spells", [pd.DataFrame({"years": [], "better": []}), pd.DataFrame({"years": [2.0], "better": [False]})]
    )
    def test_nothing_to_go_on_gives_a_reason(self, spells):
        assert recovery_time(spells)["note"][0] and np.isnan(recovery_time(spells)["value"][0])
        assert recovery_curve(spells)["note"][0]

    def test_one_spell_on_its_own(self):
        row = recovery_time(pd.DataFrame({"years": [2.0], "better": [True]})).iloc[0]
        assert row["value"] == 2 and row["n"] == 1


def panel(effect=0.0, seed=1, n=120, n_judged=30, noise=1.0):
    """Areas with their own levels and common years; the effect begins in the year of the judgement."""
    random = np.random.default_rng(seed)
    years = np.arange(2005, 2021)
    value = (
        20 + random.normal(0, 3, (n, 1)) + random.normal(0, 1, years.size) + random.normal(0, noise, (n, years.size))
    )
    judged = {f"A{i:03}": int(y) for i, y in enumerate(random.integers(2015, 2018, n_judged))}
    for i, year in enumerate(judged.values()):
        value[i, years >= year] += effect
    figures = pd.DataFrame(
        {
            "area_code": np.repeat([f"A{i:03}" for i in range(n)], years.size),
            "year": np.tile(years, n),
            "value": value.ravel(),
        }
    )
    return figures, pd.DataFrame({"area_code": judged.keys(), "year": judged.values()})


class TestEventStudy:
    def test_an_effect_is_found_after_and_not_before_nor_in_placebo_years(self):
        result = event_study(*panel(effect=3.0))
        real, placebo = (result[result["kind"] == kind].set_index("relative_year") for kind in ("judgement", "placebo"))
        assert (real.loc[0:3, "lower"] > 0).all() and (real.loc[0:3, "value"] - 3).abs().max() < 1
        assert real.loc[[-3, -2], "value"].abs().max() < 1
        assert placebo["value"].abs().max() < 1 and placebo.loc[0, "n_areas"] == 30

    def test_without_an_effect_the_interval_holds_nought_about_as_often_as_it_says(self):
        inside = []
        for seed in range(40):
            result = event_study(*panel(seed=seed, n=60, n_judged=20), placebo=False).query("relative_year != -1")
            inside.append(((result["lower"] <= 0) & (0 <= result["upper"])).mean())
        assert np.mean(inside) > 0.88

    def test_what_moves_everyone_is_no_effect(self):
        figures, events = panel(noise=0.0)
        figures["value"] += 5 * (figures["year"] - 2005)
        assert event_study(figures, events)["value"].abs().max() < 1e-9

    def test_comparators_are_never_themselves_judged_nearby(self):
        figures, events = panel(effect=50.0, n=12, n_judged=8, noise=0.1)
        result = event_study(figures, events, comparators=4, placebo=False).set_index("relative_year")
        assert result.loc[1, "value"] == pytest.approx(50, abs=1)

    def test_a_suppressed_figure_is_left_out_not_taken_as_nought(self):
        figures, events = panel(noise=0.0)
        hit = (figures["area_code"] == events["area_code"][0]) & (figures["year"] == events["year"][0] + 1)
        figures["status"] = np.where(hit, "suppressed", "reported")
        figures.loc[hit, "value"] = 0
        result = event_study(figures, events, placebo=False).set_index("relative_year")
        assert result.loc[1, "n_events"] == 29 and result.loc[0, "n_events"] == 30
        assert abs(result.loc[1, "value"]) < 1e-9

    def test_the_year_before_is_nought_and_said_to_be(self):
        row = event_study(*panel()).query("kind == 'judgement' and relative_year == -1").iloc[0]
        assert row["value"] == 0 and "construction" in row["note"]

    def test_nothing_to_go_on_gives_rows_with_reasons(self):
        figures, events = panel()
        for f, e in (
            (figures, events.iloc[:0]),
            (figures.iloc[:0], events),
            (figures.assign(value=np.nan), events),
            (figures, events.assign(area_code="elsewhere")),
        ):
            result = event_study(f, e)
            assert len(result) == 14 and result["value"].isna().all() and (result["note"] != "").all()

    def test_one_judgement_has_no_interval_and_says_so(self):
        figures, events = panel()
        result = event_study(figures, events.iloc[:1], placebo=False)
        assert result["lower"].isna().all() and result["note"].ne("").all()

    @pytest.mark.parametrize("wrong", [{"window": 0}, {"comparators": 1.5}])
    def test_impossible_settings_are_refused(self, wrong):
        with pytest.raises(BadInput):
            event_study(*panel(n=5, n_judged=1), **wrong)
