"""Indicators: from counts to rates, shares, changes and inequality, and the register of ratios.

>>> from cptrends import indicators
>>> indicators.rate(65, 100_000)[["value"]]
   value
0    6.5
"""

from cptrends.lazy import lazy

__getattr__, __dir__, __all__ = lazy(
    __name__,
    {
        "cptrends.indicators.rates": ["rate", "ratio", "mean", "count_limits", "byar_limits"],
        "cptrends.indicators.proportions": ["share", "duration_shares", "pathway_conversion", "DURATION_BANDS"],
        "cptrends.indicators.comparability": ["comparable"],
        "cptrends.indicators.growth": ["change", "percent_change", "compound_annual_rate", "index_to_base"],
        "cptrends.indicators.inequality": [
            "deprivation_groups",
            "group_rates",
            "most_to_least",
            "published_ratio_and_gap",
            "slope_index",
            "relative_index",
            "concentration_index",
            "standard_error",
            "with_scores",
            "tenths_by_year",
            "index_by_year",
        ],
        "cptrends.indicators.spending": ["real_terms", "spend_per"],
        "cptrends.indicators.spending_spread": ["spend_summary"],
        "cptrends.indicators.decomposition": ["decompose", "children_rate_place", "drivers"],
        "cptrends.indicators.association": ["grade_score"],
        "cptrends.indicators.recovery": ["inadequate_spells", "recovery_time", "recovery_curve", "event_study"],
        "cptrends.indicators.table": ["indicator", "register", "declared", "combine"],
    },
)
