"""cptrends: child protection in England, from the published figures to whether a paper has them right.

>>> import cptrends
>>> cptrends.load("referrals", area="England", start=2025, end=2025, release="cin-2025").value.tolist()
[632830.0]
"""

from cptrends.lazy import lazy

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy(
    __name__,
    {
        "cptrends.data.loading": [
            "load",
            "load_referrals",
            "load_plans",
            "load_repeat_plans",
            "load_plan_durations",
            "load_spend",
            "load_deprivation",
            "load_population",
            "load_ofsted_ratings",
            "revisions",
            "england_gap",
        ],
        "cptrends.indicators.comparability": ["comparable"],
    },
)
