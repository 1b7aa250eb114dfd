"""Chapter: what is ordinary for an authority, and what is unusual.

Ordinary is how far a year lies from the authority's own level. A level that has moved, its own or others', is no part
of that. A change is unusual where ordinary ups and downs would go as far in fewer than one of a hundred authorities, if
they are over by the next year.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cptrends.errors import BadInput
from cptrends.trends import expected_on_a_page, judge_changes, limit_on_a_page

YEARS = list(range(2011, 2026))
AREAS = [f"A{n:03}" for n in range(150)]
LABELS = ["Unusual", "Within its ordinary range", "Cannot tell"]


def panel(wobble=0.12, mean=300.0, seed=1, areas=AREAS, level=None, years=YEARS):
    """Events among children: own levels, a wobble that comes and goes, chance. `level` multiplies what is expected."""
    random = np.random.default_rng(seed)
    shape = len(areas), len(years)
    size = random.lognormal(np.log(mean / 0.004), 0.5, (len(areas), 1)) * np.ones(shape)
    expected = size * 0.004 * np.exp(random.normal(0, 0.3, (len(areas), 1)) + wobble * random.normal(size=shape))
    count = random.poisson(expected * (1 if level is None else level))
    return long(count, size.round(), areas, years)


def long(count, size, areas=AREAS, years=YEARS):
    """Areas x years as a frame."""
    return pd.DataFrame(
        {
            "area_code": np.repeat(areas, len(years)),
            "year": list(years) * len(areas),
            "numerator": np.asarray(count, dtype=float).ravel(),
            "denominator": np.broadcast_to(size, np.shape(count)).ravel(),
            "status": "reported",
        }
    )


def five_years(figures, **options):
    """The newest change of level of each area."""
    kind = options.pop("kind", "rate")
    return judge_changes(figures, kind=kind, pairs="five_years", into=2025, **options).set_index("area_code")


class TestWhatIsOrdinary:
    def test_levels_of_others_that_moved_for_good_do_not_widen_it(self):
        still = five_years(panel())["visible_rise"].median()
        level = np.ones((150, 15))
        for n in range(75):  # half of the others moved, each in another year, by half or by a third
            level[75 + n, 2 + n % 11 :] *= 1.5 if n % 2 else 0.67
        moved = five_years(panel(level=level)).iloc[:75]["visible_rise"].median()
        assert moved == pytest.approx(still, rel=0.15)

    def test_a_drift_of_all_does_not_widen_it(self):
        level = np.exp(0.06 * np.arange(15)) * np.ones((150, 1))
        assert five_years(panel(level=level))["wobble"].iloc[0] == pytest.approx(
            five_years(panel())["wobble"].iloc[0], rel=0.15
        )

    def test_its_own_level_that_moved_for_good_long_ago_hardly_widens_it(self):
        level = np.ones((150, 15))
        level[:15, 4:] *= 2.5
        still, moved = five_years(panel()).iloc[:15], five_years(panel(level=level)).iloc[:15]
        assert np.median(moved["unsteadiness"] / still["unsteadiness"]) < 1.25

    def test_years_that_come_and_go_do_widen_it(self):
        calm, wild = (five_years(panel(wobble=wobble))["visible_rise"].median() for wobble in (0.08, 0.2))
        assert wild > 1.8 * calm

    def test_the_wobble_that_is_there_is_the_wobble_that_is_found(self):
        found = [five_years(panel(wobble=wobble, seed=5))["wobble"].iloc[0] for wobble in (0.05, 0.12, 0.3)]
        assert np.sqrt(np.array(found) / 2) == pytest.approx([0.05, 0.12, 0.3], rel=0.15)

    def test_children_counted_on_both_days_of_a_stock_are_not_two_counts(self):
        random = np.random.default_rng(4)
        stock = [random.poisson(400, 150)]
        for _ in YEARS[1:]:  # three of four are still there a year later
            stock.append(random.binomial(stock[-1], 0.75) + random.poisson(100, 150))
        kept = judge_changes(long(np.array(stock).T, 100_000), kind="rate", into=2025)
        fresh = judge_changes(long(random.poisson(400, (150, 15)), 100_000), kind="rate", into=2025)
        assert kept["visible_rise"].median() < 0.75 * fresh["visible_rise"].median()
        assert (kept["label"] == "Unusual").mean() < 0.04

    def test_children_above_and_below_the_line_of_a_ratio_are_not_two_counts(self):
        random = np.random.default_rng(4)
        referrals = random.poisson(2000, (150, 15))
        children = random.binomial(referrals, 0.9)
        found = five_years(long(children, referrals), kind="count_ratio")
        assert found["visible_rise"].median() < 5 and (found["label"] == "Unusual").mean() < 0.04


class TestHowOftenItIsWrong:
    @pytest.mark.parametrize("pairs", ["five_years", "adjacent"])
    def test_of_a_hundred_authorities_in_which_nothing_changed_about_one_is_called_unusual(self, pairs):
        called = [
            (judge_changes(panel(wobble=wobble, mean=mean, seed=seed), kind="rate", pairs=pairs)["label"] == "Unusual")
            for seed in range(3)
            for wobble, mean in ((0.0, 100), (0.12, 300), (0.2, 2000))
        ]
        assert 0.004 < np.concatenate(called).mean() < 0.015

    def test_on_a_page_of_quiet_indicators_one_in_five_is_called_unusual(self):
        limit = limit_on_a_page(50)
        called = [
            (five_years(panel(seed=seed), limit=limit)["label"] == "Unusual").mean() * 25
            + (judge_changes(panel(seed=seed), kind="rate", into=2025, limit=limit)["label"] == "Unusual").mean() * 25
            for seed in range(8)
        ]
        assert 0.1 < np.mean(called) < 0.25

    def test_where_ups_and_downs_last_into_the_next_year_several_times_as_many_are_called_over_five(self):
        random = np.random.default_rng(6)
        shake = random.normal(0, 0.12, (150, 15))
        for t in range(1, 15):
            shake[:, t] = 0.3 * shake[:, t - 1] + np.sqrt(1 - 0.3**2) * shake[:, t]
        figures = panel(wobble=0.0, mean=1000, level=np.exp(shake))
        five = judge_changes(figures, kind="rate", pairs="five_years")["label"] == "Unusual"
        one = judge_changes(figures, kind="rate")["label"] == "Unusual"
        assert 0.03 < five.mean() < 0.12 and one.mean() < 0.02

    def test_wobbles_with_heavy_tails_make_it_three_of_a_hundred(self):
        tails = np.random.default_rng(6).standard_t(3, (150, 15)) / np.sqrt(3)
        figures = panel(wobble=0.0, mean=1000, level=np.exp(0.14 * tails))
        called = [judge_changes(figures, kind="rate", pairs=pairs)["label"] for pairs in ("adjacent", "five_years")]
        assert all(0.015 < (labels == "Unusual").mean() < 0.05 for labels in called)

    def test_a_drift_that_all_areas_share_is_not_taken_out(self):
        level = np.exp(0.03 * np.arange(15)) * np.ones((150, 1))
        rows = five_years(panel(level=level, wobble=0.14, mean=600))
        assert 0.06 < (rows["label"] == "Unusual").mean() < 0.2 and (rows["typical"] > 0).all()

    @pytest.mark.parametrize("number", [0, -1, 2.5, float("nan"), "50", None, True])
    def test_what_is_no_number_of_changes_has_no_limit(self, number):
        with pytest.raises(BadInput, match="looked_at"):
            limit_on_a_page(number)

    def test_a_page_of_few_changes_expects_few(self):
        limit = limit_on_a_page(50)
        assert expected_on_a_page(50, limit) == pytest.approx(0.2) and expected_on_a_page(0, limit) == 0
        assert expected_on_a_page(8, limit) == pytest.approx(0.032)
        with pytest.raises(BadInput, match="judged"):
            expected_on_a_page(-1, limit)
        with pytest.raises(BadInput, match="limit"):
            expected_on_a_page(8, 0)


class TestWhatIsFound:
    def test_two_years_half_as_high_again_are_found_most_of_the_time(self):
        level = np.ones((150, 15))
        level[::10, -2:] *= 1.5
        found = [five_years(panel(level=level, seed=seed))["label"].iloc[::10] == "Unusual" for seed in range(6)]
        assert np.concatenate(found).mean() > 0.6

    def test_a_drift_no_year_of_which_stands_out_is_found_over_five(self):
        level = np.ones((150, 15))
        level[::10] *= np.exp(0.12 * np.maximum(np.arange(15) - 7, 0))
        figures = panel(level=level, wobble=0.1)
        assert (five_years(figures)["label"].iloc[::10] == "Unusual").mean() > 0.8
        last = judge_changes(figures, kind="rate", into=2025).iloc[::10]
        assert (last["label"] == "Unusual").mean() < 0.2

    def test_what_is_compared_are_the_means_that_it_gives(self):
        count = np.full((20, 15), 100.0)
        count[0] = [90, 90, 90, 90, 90, 100, 110, 120, 130, 140, 1, 1, 1, 200, 240]
        row = five_years(long(count, 10_000.0, AREAS[:20])).loc["A000"]
        assert (row["earlier"], row["later"]) == (2020, 2025)
        assert (row["years_earlier"], row["years_later"]) == ((2016, 2017, 2018, 2019, 2020), (2024, 2025))
        assert (row["value_earlier"], row["value_later"]) == pytest.approx((120, 220))

    def test_years_without_a_figure_are_left_out_of_the_mean_before_while_two_are_left(self):
        figures = panel(areas=AREAS[:20])
        first = figures["area_code"] == "A000"
        figures.loc[first & figures["year"].isin([2017, 2018, 2020]), ["numerator", "status"]] = [np.nan, "suppressed"]
        assert five_years(figures).loc["A000", "years_earlier"] == (2016, 2019)
        assert "mean of 2016 and 2019, then of 2024 and 2025" in five_years(figures).loc["A000", "sentence"]
        figures.loc[first & (figures["year"] == 2016), ["numerator", "status"]] = [np.nan, "suppressed"]
        row = five_years(figures).loc["A000"]
        assert (row["label"], row["status"]) == ("Cannot tell", "suppressed") and np.isnan(row["visible_rise"])

    def test_both_of_the_last_years_are_needed(self):
        figures = panel(areas=AREAS[:20])
        figures.loc[(figures["area_code"] == "A000") & (figures["year"] == 2024), "numerator"] = np.nan
        row = five_years(figures).loc["A000"]
        assert row["sentence"] == "Cannot tell: there are no counts for enough of the years."

    def test_a_break_within_the_years_compared_is_told(self):
        noted = five_years(panel(areas=AREAS[:20]), breaks={2018: "Counting changed.", 2016: "Before all that."})
        assert (noted["note"] == "Counting changed.").all()

    def test_with_six_years_there_is_nothing_five_years_ago_to_compare_with(self):
        with pytest.raises(BadInput, match="no pair"):
            judge_changes(panel(areas=AREAS[:20], years=range(2020, 2026)), kind="rate", pairs="five_years")


class TestWhatCouldHaveBeenSeen:
    @pytest.mark.parametrize("pairs", ["five_years", "adjacent"])
    def test_a_change_is_unusual_exactly_where_it_is_as_large_as_could_be_seen(self, pairs):
        level = np.exp(np.random.default_rng(3).normal(0, 0.4, (150, 1)) * (np.arange(15) > 12))
        rows = judge_changes(panel(level=level, mean=150), kind="rate", pairs=pairs)
        percent = 100 * rows["value"] / rows["value_earlier"]
        seen = (percent > rows["visible_rise"] * 1.001) | (-percent > rows["visible_fall"] * 1.001)
        near = np.abs(percent / rows["visible_rise"].where(percent > 0, -rows["visible_fall"]) - 1) < 0.002
        assert ((rows["label"] == "Unusual") == seen)[~near & (rows["label"] != "Cannot tell")].all()
        assert (rows["label"] == "Unusual").sum() > 20

    @pytest.mark.parametrize("pairs", ["five_years", "adjacent"])
    def test_what_is_unusual_could_be_seen_also_of_shares_near_the_whole(self, pairs):
        random = np.random.default_rng(9)
        share = np.clip(random.choice([0.85, 0.93], (150, 1)) + 0.07 * (random.random((150, 15)) > 0.4), 0, 1)
        share[:, :10] -= random.choice([0, 0.12, 0.3], (150, 1))
        rows = judge_changes(long(random.binomial(400, share), 400.0), kind="share", pairs=pairs)
        percent = 100 * rows["value"] / rows["value_earlier"]
        unusual, rose = rows["label"] == "Unusual", percent > 0
        assert (unusual & rose).sum() > 20
        assert (rows["visible_rise"] <= percent * 1.0001)[unusual & rose].all()
        assert (rows["visible_fall"] <= -percent * 1.0001)[unusual & ~rose].all()

    def test_a_rise_that_only_twenty_times_as_many_would_show_is_sought_as_far_as_what_there_was(self):
        figures = panel(wobble=0.7)
        first = figures["area_code"] == "A000"
        figures.loc[first, "numerator"] = [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 30, 30]
        row = five_years(figures).loc["A000"]
        assert row["label"] == "Unusual" and 2000 < row["visible_rise"] <= 100 * row["value"] / row["value_earlier"]

    def test_of_a_share_that_was_the_whole_no_rise_is_spoken_of(self):
        count = np.random.default_rng(1).binomial(400, 0.93, (20, 15))
        count[0] = 400
        sentence = five_years(long(count, 400.0, AREAS[:20]), kind="share")["sentence"].iloc[0]
        assert "; a fall of less than" in sentence and "rise" not in sentence

    def test_where_nothing_ever_moves_the_smallest_change_would_show(self):
        row = five_years(long(np.full((20, 15), 400.0), 400.0, AREAS[:20]), kind="share").iloc[0]
        assert "the same, 100.0%" in row["sentence"] and "even the smallest change would have shown" in row["sentence"]

    def test_where_neither_a_doubling_nor_a_halving_could_be_seen_it_cannot_tell(self):
        rows = five_years(panel(wobble=0.6, mean=60))
        blind = (rows["visible_rise"] > 100) & ~(rows["visible_fall"] <= 50) & (rows["chance"] > 0.01)
        assert blind.mean() > 0.5 and (rows["label"] == "Cannot tell").equals(blind)
        assert rows.loc[blind, "sentence"].str.contains("could not be told from its ordinary ups and downs").all()

    def test_a_stricter_limit_sees_less(self):
        loose, strict = (five_years(panel(), limit=limit) for limit in (0.01, 0.004))
        assert (strict["visible_rise"] > loose["visible_rise"]).all()
        assert (strict["label"] == "Unusual").sum() <= (loose["label"] == "Unusual").sum()

    def test_a_share_near_the_whole_can_rise_no_further_than_to_it(self):
        random = np.random.default_rng(2)
        rows = five_years(long(random.binomial(400, 0.99, (150, 15)), 400.0), kind="share")
        assert (rows["visible_rise"] <= 100 * (100 / rows["value_earlier"] - 1) + 1e-6).all()
        few = five_years(long(random.binomial(60, 0.98, (150, 15)), 60.0), kind="share")
        none = few[few["visible_rise"].isna() & (few["label"] == "Within its ordinary range")]
        assert len(none) > 50 and (none["visible_fall"] > 2).all()
        below = none[none["value_earlier"] < 100]
        assert below["sentence"].str.contains("a fall of less than .*% or any rise would look like this").all()


FIGURES = st.lists(
    st.lists(st.one_of(st.none(), st.integers(0, 40), st.integers(0, 5000)), min_size=9, max_size=9),
    min_size=12,
    max_size=16,
)


@settings(max_examples=40, deadline=None)
@given(FIGURES, st.sampled_from(["rate", "share", "count_ratio"]), st.sampled_from(["five_years", "adjacent"]))
def test_every_sentence_begins_with_its_label_and_every_number_is_one_that_can_be(counts, kind, pairs):
    years = range(2017, 2026)
    areas = [f"A{n}" for n in range(len(counts))]
    figures = long(np.array(counts, dtype=float), 5000.0, areas, years).drop(columns="status")
    rows = judge_changes(figures, kind=kind, pairs=pairs)
    assert set(rows["label"]) <= set(LABELS)
    assert all(
        sentence.startswith(f"{label}: ") for sentence, label in zip(rows["sentence"], rows["label"], strict=True)
    )
    assert not rows["sentence"].str.contains("nan|inf|None|nought").any()
    judged = rows[rows["chance"].notna()]
    assert judged["chance"].between(0, 1).all()
    assert (judged["visible_rise"].dropna() >= 0).all() and judged["visible_fall"].dropna().between(0, 100).all()
    assert rows.loc[rows["chance"].isna(), ["visible_rise", "visible_fall"]].isna().all().all()
    assert (rows["verdict"].eq("Cannot tell") == rows["chance"].isna()).all()
    assert ((rows["label"] == "Unusual") == (rows["chance"] <= 0.01)).all()
