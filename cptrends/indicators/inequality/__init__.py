"""Deprivation: tenths, ratio and gap, slope and relative index, concentration index.

Tenths of what? A tenth of *authorities* holds whole councils, each a mixture of rich and poor
streets; a tenth of *neighbourhoods* holds small areas ranked nationally. On one and the same date
the most deprived tenth had 1.85 times the plan rate of the least among authorities, and 12.6 times
among neighbourhoods. Every function here therefore asks for ``unit=`` and carries it in its result.
"""

from cptrends.lazy import lazy

__getattr__, __dir__, __all__ = lazy(
    __name__,
    {
        "cptrends.indicators.inequality.groups": ["deprivation_groups", "group_rates"],
        "cptrends.indicators.inequality.ends": ["most_to_least", "published_ratio_and_gap"],
        "cptrends.indicators.inequality.indices": [
            "slope_index",
            "relative_index",
            "concentration_index",
            "standard_error",
        ],
        "cptrends.indicators.inequality.by_year": ["with_scores", "tenths_by_year", "index_by_year"],
    },
)
