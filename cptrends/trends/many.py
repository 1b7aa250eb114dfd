"""Allowing for how many changes were looked at: across authorities, and on the page of one."""

import numpy as np
import numpy.typing as npt

from cptrends.errors import BadInput
from cptrends.trends.inputs import to_floats

#: A change is unusual where one as large would come with less than this probability if nothing had changed: of a
#: hundred authorities in which nothing changed one would be called so.
UNUSUAL = 0.01
#: On a page on which nothing changed so many are called unusual on average, one in five pages, where a year's ups and
#: downs do not last into the next.
FALSE_ON_A_PAGE = 0.2


def limit_on_a_page(looked_at: int) -> float:
    """The `limit` for a page on which so many changes are looked at.

    At 0.01 each, a page of 25 indicators and two questions would call one change unusual every other time although
    nothing changed. With this limit it is one page in five, whether the indicators go together or not.

    Parameters
    ----------
    looked_at : int
        Changes on the page: indicators times questions, whether or not each could be judged.

    Returns
    -------
    float

    Notes
    -----
    One page in five holds where a year's ups and downs are over by the next. Where part of them lasts into the next
    year it is several times as many, nearly all of them over five years, and the real figures have such a memory or
    levels that move every few years, which cannot be told apart: benchmarks/README.md has the numbers.

    Examples
    --------
    >>> limit_on_a_page(50), limit_on_a_page(1)
    (0.004, 0.01)
    """
    return min(UNUSUAL, FALSE_ON_A_PAGE / _number(looked_at, "looked_at", least=1))


def expected_on_a_page(judged: int, limit: float | None = None) -> float:
    """How many of a page's changes chance alone would call unusual, on average, had nothing changed.

    Parameters
    ----------
    judged : int
        Changes that could be judged, those among them that nothing could have made unusual.
    limit : float, optional
        At which they were judged; without it, `limit_on_a_page` of so many.

    Returns
    -------
    float
        As `limit_on_a_page`, where ups and downs are over by the next year; several times that where they last.

    Examples
    --------
    >>> round(expected_on_a_page(42, limit_on_a_page(50)), 3)
    0.168
    """
    _number(judged, "judged", least=0)
    if limit is None:
        limit = limit_on_a_page(max(judged, 1))
    if not 0 < limit < 1:
        raise BadInput(f"limit must lie between 0 and 1, such as 0.01, not {limit!r}")
    return judged * limit


def _number(given: int, name: str, least: int) -> int:
    """A number of changes."""
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or given < least:
        raise BadInput(f"{name} must be a whole number of changes, at least {least}, not {given!r}")
    return int(given)


def false_discovery(chance: npt.ArrayLike) -> np.ndarray:
    """Probabilities adjusted for how many were looked at (Benjamini and Hochberg, 1995).

    Parameters
    ----------
    chance : array of float
        p-values; NaN where there was nothing to judge, which counts as not looked at.

    Returns
    -------
    numpy array of float

    Examples
    --------
    >>> false_discovery([0.01, 0.04, float("nan"), 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, nan, 0.0533, 0.5]
    """
    chances = to_floats(chance)
    adjusted = np.full(chances.shape, np.nan)
    looked = np.flatnonzero(~np.isnan(chances))
    if looked.size:
        order = looked[np.argsort(chances[looked], kind="stable")]
        stretched = chances[order] * looked.size / np.arange(1, looked.size + 1)
        adjusted[order] = np.minimum(np.minimum.accumulate(stretched[::-1])[::-1], 1)
    return adjusted
