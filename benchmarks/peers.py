"""What others would say of a newest point: the XmR chart with the NHS rules, Poisson limits. Used by `is_it_real.py`.

Each gives, for counts and sizes (areas x years), which areas' newest points lie outside limits so many times as wide.
"""

from functools import partial

import numpy as np

from cptrends.trends.control_charts.individuals import LIMIT_FACTOR, RANGE_FACTOR
from cptrends.trends.control_charts.rules import signals

#: Years before the newest that a chart needs to be looked at.
FEWEST = 6


def xmr(count, size, newest, _, wide, *, own_past, run):
    """Picked out by any of the NHS rules; limits from all years, or from those before the newest."""
    value = count / size
    base = value[:, :-newest] if own_past else value
    ranges = np.abs(np.diff(base, axis=1))
    mean = np.nanmean(ranges, axis=1, keepdims=True)
    mean = np.nanmean(np.where(ranges <= RANGE_FACTOR * mean, ranges, np.nan), axis=1, keepdims=True)
    width = LIMIT_FACTOR * wide * mean
    fired = signals(value, np.nanmean(base, axis=1, keepdims=True), width, shift=run, trend=run)
    return np.any([rule[:, -newest:] != 0 for rule in fired.values()], axis=(0, 2))


def poisson(count, size, newest, kind, wide, *, own):
    """Outside over-dispersed Poisson (binomial) limits about the mean of the years before.

    The dispersion is that of all areas, which tuning finds, or each area's own, from its ranges (Laney's U' and P').
    """
    past, size = slice(None, -newest), np.where(np.isnan(count), np.nan, size)
    mean = np.nansum(count[:, past], axis=1, keepdims=True) / np.nansum(size[:, past], axis=1, keepdims=True)
    z = (count - mean * size) / np.sqrt(np.maximum(mean * size * (1 - mean if kind == "share" else 1), 1e-9))
    if own:
        z = z / np.maximum(np.nanmean(np.abs(np.diff(z[:, past], axis=1)), axis=1, keepdims=True) / 1.128, 1e-9)
    return np.nanmax(np.abs(z[:, -newest:]), axis=1) > wide


def tuned(panels, newest, kind, false=0.01):
    """Each peer in both variants, as wide as calls so many of the quiet areas: name, function of counts and sizes.

    Where the NHS rules on runs of 7 alone call too many, whatever the limits, the runs are longer.
    """
    variants = [("Poisson", partial(poisson, own=own)) for own in (False, True)]
    for own_past in (False, True):
        for run in (7, 8, 9, 10, 99):
            method = partial(xmr, own_past=own_past, run=run)
            if _crossed(method, panels, newest, kind, 1e6) < 0.6 * false:
                break
        variants.append(("XmR", method))
    found = []
    for name, method in variants:
        low, high = 0.0, 1e3
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if _crossed(method, panels, newest, kind, middle) > false else (low, middle)
        found.append((name, partial(_called, method, newest, kind, high)))
    return found


def _called(method, newest, kind, wide, count, size):
    """Which areas a tuned peer calls."""
    return method(count, size, newest, kind, wide)


def _crossed(method, panels, newest, kind, wide):
    """Share of areas that are called."""
    return np.concatenate([method(c, s, newest, kind, wide)[long(c)] for c, s, *_ in panels]).mean()


def long(count):
    """Areas with the years that a chart needs."""
    return (~np.isnan(count)).sum(axis=1) >= FEWEST + 2
