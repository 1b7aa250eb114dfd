"""Control charts: is a point of a series out of keeping with the rest of it?

The XmR chart and its rules follow NHS England's *Making Data Count*; the limits are those of
Wheeler (*Understanding Variation*, 1993). The run chart rules are those of Anhøj and Olesen
(*PLoS ONE*, 2014). The P, U and C charts are Shewhart's, as in Montgomery (*Introduction to
Statistical Quality Control*). A chart of thirteen annual points is a short one:
`chance_of_signals` says how often each rule fires when nothing has happened.
"""

from cptrends.lazy import lazy

__getattr__, __dir__, __all__ = lazy(
    __name__,
    {
        "cptrends.trends.control_charts.individuals": ["xmr"],
        "cptrends.trends.control_charts.run_charts": ["run_chart", "anhoej_thresholds"],
        "cptrends.trends.control_charts.counts": ["count_chart"],
        "cptrends.trends.control_charts.false_alarms": ["chance_of_signals"],
    },
)
