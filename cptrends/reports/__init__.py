"""From executed notebooks to pages that open from a file share, with no request to anywhere."""

from cptrends.lazy import lazy

__getattr__, __dir__, __all__ = lazy(__name__, {"cptrends.reports.building": ["build", "compare"]})
