"""Charts and tables for notebooks and reports; they draw what they are given and compute nothing."""

from cptrends.lazy import lazy

__getattr__, __dir__, __all__ = lazy(
    __name__,
    {
        "cptrends.charts.style": ["About", "Chart"],
        "cptrends.charts.lines": ["time_series"],
        "cptrends.charts.bars": ["shares", "columns", "parts"],
        "cptrends.charts.scatter": ["points", "by_group"],
        "cptrends.charts.intervals": ["estimates", "by_year", "waiting"],
        "cptrends.charts.fan": ["outlook"],
        "cptrends.charts.tables": ["Table", "table", "source_table"],
    },
)
