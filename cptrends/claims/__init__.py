"""Claims that papers make, recomputed from pinned official data and judged by rule.

>>> from cptrends import claims
>>> [r["verdict"] for r in claims.check() if r["claim_id"] == "eif17-referrals-2015"]
['confirmed']
"""

from cptrends.lazy import lazy

__getattr__, __dir__, __all__ = lazy(
    __name__,
    {
        "cptrends.claims.register": ["registered", "documents", "briefing"],
        "cptrends.claims.checking": ["check", "changed"],
        "cptrends.claims.shown": ["scoreboard", "cards", "table"],
        "cptrends.claims.export": ["claim_reviews", "manifest"],
        "cptrends.claims.verdicts": ["judge", "VERDICTS"],
    },
)
