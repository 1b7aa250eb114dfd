"""Chapter: what is taken when nothing is said. Each default is a rule somebody published, or one that pages tell.

A default that moves changes every figure made without naming it, and no other test need notice.
"""

import inspect

import pytest

from cptrends import indicators, trends
from cptrends.claims.verdicts import judge
from cptrends.indicators.rates import EXACT_BELOW
from cptrends.trends import xmr
from cptrends.trends.change import FEWEST_AREAS, FEWEST_EVENTS, MOST_VISIBLE_FALL, MOST_VISIBLE_RISE
from cptrends.trends.many import FALSE_ON_A_PAGE, UNUSUAL

STEADY = [41.0, 43, 42, 44, 43, 42, 43, 41, 42, 44, 43, 42]


def defaults(function):
    signature = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in signature if p.default is not p.empty}


class TestControlCharts:
    """NHS England's rules for XmR charts: seven points make a shift or a trend."""

    def test_the_run_lengths_are_seven(self):
        assert defaults(xmr) == {
            "status": None, "direction": "neither", "shift": 7, "trend": 7, "screen_outliers": True, "fix_after": None,
        }  # fmt: skip

    @pytest.mark.parametrize("above, shift", [(6, False), (7, True), (8, True)])
    def test_seven_points_above_the_mean_are_a_shift_and_six_are_none(self, above, shift):
        chart = xmr([43, 41] * 6 + [42.1, 42.2] * (above // 2) + [42.1] * (above % 2), fix_after=12)
        assert (chart["shift"] == 1).tolist() == [False] * 12 + [shift] * above

    @pytest.mark.parametrize("rising, trend", [(6, False), (7, True)])
    def test_seven_points_each_above_the_last_are_a_trend_and_six_are_none(self, rising, trend):
        chart = xmr([*STEADY, *(41 + 0.1 * n for n in range(rising))])
        assert (chart["trend"].iloc[-rising:] == 1).all() == trend == (chart["trend"] == 1).any()


class TestWhatIsPrinted:
    def test_limits_hold_95_times_in_a_hundred_unless_another_share_is_named(self):
        for function in (indicators.indicator, indicators.rate, indicators.share, indicators.ratio, indicators.mean):
            assert defaults(function).get("confidence", 0.95) == 0.95, function.__name__
        assert "confidence" in defaults(indicators.rate) and "confidence" in defaults(indicators.share)

    def test_rates_are_per_10_000_and_shares_of_100(self):
        assert defaults(indicators.rate)["per"] == 10_000 and defaults(indicators.share)["per"] == 100

    def test_fewer_than_ten_events_have_exact_limits(self):
        assert EXACT_BELOW == 10
        methods = indicators.rate([9, 10], [1000, 1000])["method"].tolist()
        assert methods == ["exact Poisson", "Byar"]

    def test_a_change_needs_ten_events_and_ten_areas_and_one_false_alarm_in_twenty_is_allowed(self):
        assert (FEWEST_EVENTS, FEWEST_AREAS) == (10, 10)
        assert defaults(trends.judge_changes)["rate_of_error"] == 0.05

    def test_unusual_is_one_in_a_hundred_for_one_authority_and_one_in_five_pages(self):
        assert defaults(trends.judge_changes)["limit"] == UNUSUAL == 0.01
        assert FALSE_ON_A_PAGE == 0.2 and trends.limit_on_a_page(20) == UNUSUAL > trends.limit_on_a_page(21)

    def test_a_label_says_nothing_where_neither_a_doubling_nor_a_halving_could_be_seen(self):
        assert (MOST_VISIBLE_RISE, MOST_VISIBLE_FALL) == (100, 50)


class TestHowFarAClaimMayMiss:
    """One unit of the last printed digit is close; "about" says less, so two units are."""

    @pytest.mark.parametrize("way", [1, -1])
    def test_about_is_close_within_two_units(self, way):
        for miss, verdict in ((1000, "confirmed"), (1001, "close"), (2000, "close"), (2001, "not_confirmed")):
            assert judge(20_000, 20_000 + way * miss, precision=1000, qualifier="about") == verdict, miss

    @pytest.mark.parametrize("qualifier, way", [("exact", 1), ("exact", -1), ("over", -1), ("under", 1), ("almost", 1),
                                                ("just under", 1), ("just over", -1)])  # fmt: skip
    def test_every_other_word_is_close_within_one(self, qualifier, way):
        for miss, verdict in ((1000, "close"), (1001, "not_confirmed"), (2000, "not_confirmed")):
            assert judge(20_000, 20_000 + way * miss, precision=1000, qualifier=qualifier) == verdict, miss
