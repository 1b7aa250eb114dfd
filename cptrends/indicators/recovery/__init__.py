"""After an Inadequate judgement: how long until a better one, and what happens to the figures meanwhile?"""

from cptrends.lazy import lazy

__getattr__, __dir__, __all__ = lazy(
    __name__,
    {
        "cptrends.indicators.recovery.spells": ["inadequate_spells", "judgement_years"],
        "cptrends.indicators.recovery.waiting": ["recovery_time", "recovery_curve", "place_on_curve"],
        "cptrends.indicators.recovery.before_and_after": ["event_study"],
    },
)
