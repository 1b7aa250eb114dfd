"""The XmR chart: a series between limits from its own moving range."""

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from cptrends.data.status import weakest
from cptrends.errors import BadInput
from cptrends.trends.control_charts.rules import first, signals
from cptrends.trends.inputs import as_table, long

#: Three standard deviations over the mean moving range of two points: 3 / 1.128, as printed.
LIMIT_FACTOR = 2.66
#: The upper limit of a moving range is this many times the mean moving range.
RANGE_FACTOR = 3.267
#: Fewer points than this give limits that the next year can move a good deal.
PROVISIONAL_BELOW = 12

DIRECTIONS = {
    "up": {1: "improvement", -1: "concern"},
    "down": {1: "concern", -1: "improvement"},
    "neither": {1: "high", -1: "low"},
}


def xmr(
    values: npt.ArrayLike,
    *,
    status: npt.ArrayLike | None = None,
    direction: Literal["up", "down", "neither"] = "neither",
    shift: int = 7,
    trend: int = 7,
    screen_outliers: bool = True,
    fix_after: int | None = None,
) -> pd.DataFrame:
    """The XmR chart of each series: its limits, and which points the NHS rules pick out.

    A point is picked out when it lies outside the limits; when it is one of `trend` or more points in a
    row each above (or each below) the one before; when it lies in the outer third between mean and limit
    with another such point among three in a row on that side of the mean; or when it is one of `shift` or
    more in a row on one side of the mean. Points on the mean belong to neither side. Where several rules
    fire, `rule` names the first in that order. A gap ends a run, and no moving range is taken across it.

    Parameters
    ----------
    values : array, Series (index: years) or DataFrame (rows: areas, columns: years)
        In any unit; limits and mean are in the same one.
    status : array of str of the same shape, optional
    direction : {"up", "down", "neither"}
        Which way is better. "neither" labels points high and low and judges nothing.
    shift, trend : int, at least 3
        How many points make a shift and a trend; the NHS uses 7, many others 6.
    screen_outliers : bool
        Leave moving ranges above their own upper limit out of the mean range, once.
    fix_after : int, optional
        Compute mean and limits from the first so many years only.

    Returns
    -------
    DataFrame
        A row per area and year: area_code, year, value, centre, lower, upper, moving_range,
        moving_range_upper, outside, shift, trend, two_of_three (each -1, 0 or 1: low or falling, not
        picked out, high or rising), rule, label, method, status, note. Without two neighbouring values
        there are no limits, and the note says so.

    Raises
    ------
    BadInput
        If a direction, run length or `fix_after` is not possible.

    Notes
    -----
    A constant series has a moving range of zero and limits on its mean, screened or not.

    Examples
    --------
    >>> chart = xmr(pd.Series([41, 43, 42, 44, 43, 42, 43, 41, 42, 44, 43, 42, 60], index=range(2013, 2026)))
    >>> chart.loc[[12], ["year", "centre", "rule", "label"]].round(1)
        year  centre     rule label
    12  2025    43.8  outside  high
    """
    if direction not in DIRECTIONS:
        raise BadInput(f"direction {direction!r} is not known; it must be up, down or neither")
    for name, length in (("shift", shift), ("trend", trend)):
        if int(length) != length or length < 3:
            raise BadInput(f"{name} must be a whole number of points, at least 3, not {length!r}")
    if fix_after is not None and (int(fix_after) != fix_after or fix_after < 2):
        raise BadInput(f"fix_after must be a whole number of points, at least 2, or None, not {fix_after!r}")
    numbers, statuses, areas, years = as_table(values, status)

    ranges = np.abs(np.diff(numbers, axis=1, prepend=np.nan))
    base = slice(None, None if fix_after is None else int(fix_after))
    centre = _mean(numbers[:, base])
    range_mean = _mean(ranges[:, base])
    if screen_outliers:
        # At most, not below: a constant series keeps its ranges of zero.
        range_mean = _mean(np.where(ranges[:, base] <= RANGE_FACTOR * range_mean, ranges[:, base], np.nan))
    width = LIMIT_FACTOR * range_mean
    fired = signals(numbers, centre, width, shift=shift, trend=trend)

    side, rule = first(fired)
    label = np.full(numbers.shape, "common cause", dtype=object)
    for way, word in DIRECTIONS[direction].items():
        label[side == way] = word
    label[np.isnan(numbers)] = ""

    method = f"XmR: mean and {LIMIT_FACTOR} x mean moving range"
    method += ", ranges above their limit left out" if screen_outliers else ""
    method += f", from the first {fix_after} years" if fix_after is not None else ""
    return long(
        areas,
        years,
        value=numbers,
        centre=centre,
        lower=centre - width,
        upper=centre + width,
        moving_range=ranges,
        moving_range_upper=RANGE_FACTOR * range_mean,
        **fired,
        rule=rule,
        label=label,
        method=method,
        status=_carried(numbers, statuses),
        note=_notes(numbers[:, base], range_mean),
    )


def _mean(numbers: np.ndarray) -> np.ndarray:
    """Row means of what there is, as a column; NaN for a row without anything."""
    n = (~np.isnan(numbers)).sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        return np.nansum(numbers, axis=1, keepdims=True) / np.where(n, n, np.nan)


def _carried(numbers: np.ndarray, statuses: np.ndarray) -> np.ndarray:
    """Every row is computed from its value; a gap keeps its reason."""
    return np.where(np.isnan(numbers), statuses, weakest(statuses))


def _notes(numbers: np.ndarray, range_mean: np.ndarray) -> np.ndarray:
    """One sentence for each series that needs one."""
    have = (~np.isnan(numbers)).sum(axis=1)
    years = numbers.shape[1]
    notes = [_note(n, years, mean) for n, mean in zip(have, range_mean[:, 0], strict=True)]
    return np.array(notes, dtype=object)[:, None]


def _note(n: int, years: int, range_mean: float) -> str:
    if n == 0:
        return "No limits: the series has no values."
    if np.isnan(range_mean):
        return "No limits: there are no two neighbouring years with values."
    if n < years:
        return f"Limits rest on {n} of {years} years; the others have no value."
    if n < PROVISIONAL_BELOW:
        return f"Limits rest on {n} points and are provisional: {PROVISIONAL_BELOW} or more are wanted."
    return ""
