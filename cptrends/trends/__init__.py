"""Trends: control charts, funnels, breakpoints, outlook, and whether a change is real.

>>> from cptrends import trends
>>> trends.funnel_limits([10_000], 42, kind="rate").round(1)["upper_95"].tolist()
[55.7]
"""

from cptrends.lazy import lazy

__getattr__, __dir__, __all__ = lazy(
    __name__,
    {
        "cptrends.trends.control_charts": ["xmr", "run_chart", "count_chart", "anhoej_thresholds", "chance_of_signals"],
        "cptrends.trends.funnels": ["funnel", "funnel_limits", "overdispersion"],
        "cptrends.trends.breakpoints": ["joinpoints", "joinpoint_path"],
        "cptrends.trends.outlook": ["project", "backtest", "population_only"],
        "cptrends.trends.many": ["limit_on_a_page", "expected_on_a_page", "false_discovery"],
        "cptrends.trends.change": ["judge_changes"],
    },
)
