"""What `judge_changes` was asked, checked."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from cptrends.errors import BadInput
from cptrends.trends.funnels import SCALE
from cptrends.trends.scaled import Kind

KINDS = ("share", "rate", "count_ratio")


class Settings(NamedTuple):
    """How a pair of years is judged, as in `judge_changes`."""

    kind: Kind
    per: float
    rate_of_error: float
    confidence: float
    limit: float
    breaks: Mapping[int, str]


def settings(
    kind: Kind,
    per: float | None,
    rate_of_error: float,
    confidence: float,
    limit: float,
    breaks: Mapping[int, str] | None,
) -> Settings:
    """The settings, per the usual scale of the kind unless told otherwise.

    >>> settings("share", None, 0.05, 0.95, 0.01, None).per
    100
    >>> settings("share", 0, 0.05, 0.95, 0.01, None)
    Traceback (most recent call last):
    ...
    cptrends.errors.BadInput: per is 0; it must be a number above zero, such as 10,000
    """
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadInput(f"kind {kind!r} is not known; it must be one of {', '.join(KINDS)}")
    if per is not None and not (_is_number(per) and per > 0):
        raise BadInput(f"per is {per!r}; it must be a number above zero, such as 10,000")
    for name, share in (("rate_of_error", rate_of_error), ("confidence", confidence), ("limit", limit)):
        if not _is_number(share) or not 0 < share < 1:
            raise BadInput(f"{name} is {share!r}; it must lie between 0 and 1, such as 0.05, 0.95 or 0.01")
    breaks = {} if breaks is None else breaks
    if not isinstance(breaks, Mapping) or not all(_is_break(*each) for each in breaks.items()):
        raise BadInput("breaks must be a dict of the first year after each, such as 2015, to a sentence")
    return Settings(kind, SCALE[kind] if per is None else per, rate_of_error, confidence, limit, breaks)


def checked_wobble(wobble: float | None) -> float | None:
    """A variance as given, or None."""
    if wobble is not None and not (_is_number(wobble) and wobble >= 0):
        raise BadInput(f"wobble is {wobble!r}; it must be a variance, zero or more, such as 0.04")
    return wobble


def _is_break(year: object, what: object) -> bool:
    return isinstance(year, int | np.integer) and isinstance(what, str)


def _is_number(given: object) -> bool:
    """A finite number: no bool, no text."""
    return isinstance(given, int | float | np.number) and not isinstance(given, bool) and math.isfinite(given)
