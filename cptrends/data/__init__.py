"""The data: what is measured, where, and what each release said.

>>> from cptrends import data
>>> data.load("plans_31_march", area="England", start=2025, end=2025, release="cin-2025").value.tolist()
[49420.0]
"""

from cptrends.lazy import lazy

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
            "observations",
            "source_names",
        ],
        "cptrends.data.origin": ["sources_of"],
        "cptrends.data.figures": ["load_table", "releases"],
    },
)
