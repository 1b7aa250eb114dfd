"""Panels in which nothing lasting happens, made from the real figures of an indicator. Used by `is_it_real.py`."""

import dataclasses
from typing import NamedTuple

import numpy as np
import pandas as pd

from cptrends.data import areas
from cptrends.reports.authority.everyone import everyone
from cptrends.reports.authority.judging import kind_of
from cptrends.trends import judge_changes
from cptrends.trends.scaled import Figures, scaled_figures
from cptrends.trends.wobble import Ordinary, ordinary

#: No authority of a quiet panel has more than so many times the typical variance.
MOST_UNEVEN = 20
#: A memory is fitted to the changes over one year and over so many, or as many as there are.
FAR = 8
MOST_MEMORY = 0.95


class Panel(NamedTuple):
    """An indicator's real figures: of all authorities, and counts and sizes of those with both of the newest years."""

    name: str
    kind: str
    figures: Figures
    ordinary: Ordinary
    count: np.ndarray
    size: np.ndarray


def panel(name):
    """An indicator's panel, up to the newest year with counts."""
    kind, frame = kind_of(name), everyone().figures[name]
    frame = frame[frame.index.isin(areas.authorities())].reset_index(drop=True)
    counted = frame["numerator"].notna() & frame["denominator"].notna()
    found = scaled_figures(frame[frame["year"] <= frame.loc[counted, "year"].max()], kind)
    here = ~np.isnan(found.scaled[:, -2:]).any(axis=1)
    return Panel(name, kind, found, ordinary(found), found.count[here], found.size[here])


def quiet(panel, random, memory=0.0):
    """Counts and sizes in which nothing lasting happens, and each authority's multiple of the typical variance.

    Every authority keeps its level and differs from it by chance and wobble, some more than others; with `memory` a
    year's wobble carries over into the next.
    """
    usual, there, shape = panel.ordinary, ~np.isnan(panel.count), panel.count.shape
    uneven = usual.freedom * usual.typical / random.chisquare(usual.freedom, (shape[0], 1))
    uneven = np.minimum(uneven, MOST_UNEVEN)
    shake = random.normal(size=shape)
    for t in range(1, shape[1]):
        shake[:, t] = memory * shake[:, t - 1] + np.sqrt(1 - memory**2) * shake[:, t]
    shake *= np.sqrt(usual.wobble * uneven)
    size = np.where(there, panel.size, np.nan)
    level = np.nansum(panel.count, axis=1, keepdims=True) / np.nansum(size, axis=1, keepdims=True)
    steady = np.nanmean(size, axis=1, keepdims=True) * np.ones(shape)
    if panel.kind == "share":
        size = np.round(steady)
        share = np.sin(np.clip(np.arcsin(np.sqrt(level)) + shake, 0, np.pi / 2)) ** 2
        count = random.binomial(size.astype(int), share)
    elif panel.kind == "count_ratio":
        # Some of the children are above and below the line, so both differ by less than chance.
        size, count = (_less_than_chance(random, mean, usual) for mean in (steady, level * np.exp(shake) * steady))
        size = np.maximum(size, 1)
    elif usual.counted_twice:
        count, size = _stock(random, level * steady, usual) * np.exp(shake), steady
    else:
        count = random.poisson(np.nan_to_num(level * np.exp(shake) * size))
    return np.where(there, np.round(count), np.nan), np.where(there, size, np.nan), uneven


def spread(panel, lag):
    """Spread of a year about an authority's level that changes over so many years show, by their median, beyond chance.

    The same for every lag where years differ from a level by themselves; it grows with the lag where a year's wobble
    carries over into the next, and where levels move.
    """
    usual, scaled, variance = panel.ordinary, panel.figures.scaled, panel.figures.variance
    change = scaled[:, lag:] - scaled[:, :-lag]
    away = np.abs(change - np.nanmedian(change, axis=0))
    twice = usual.counted_twice if panel.kind == "count_ratio" else usual.carried**lag
    chance = (variance[:, lag:] + variance[:, :-lag])[~np.isnan(change)] * (1 - twice)
    return np.sqrt(max((np.nanmedian(away) / 0.6745) ** 2 - np.median(chance), 0) / 2)


def remembering(panel):
    """The panel with the wobble that its changes over many years show, and the memory that those over one year do.

    As if no level had ever moved: whatever lasts counts as memory.
    """
    far = min(FAR, len(panel.figures.years) - 1)
    near, wide = spread(panel, 1) ** 2, max(spread(panel, far) ** 2, 1e-9)
    low, high = 0.0, MOST_MEMORY
    for _ in range(30):
        memory = (low + high) / 2
        low, high = (memory, high) if (1 - memory) / (1 - memory**far) > near / wide else (low, memory)
    wobble = wide / (1 - memory**far)
    return panel._replace(ordinary=dataclasses.replace(panel.ordinary, wobble=float(wobble))), memory


def shuffled(panel, random):
    """The real figures with each authority's years in another order, gaps where they are: quiet without a model."""
    count, size = panel.count.copy(), panel.size.copy()
    for row in range(len(count)):
        there = np.flatnonzero(~np.isnan(count[row]))
        order = random.permutation(there)
        count[row, there], size[row, there] = count[row, order], size[row, order]
    return count, size


def changed(panel, count, size, which, factor, lasting):
    """The same with some authorities' newest years multiplied, and which of those could change so far."""
    count = count.copy()
    count[which, -lasting:] = np.round(count[which, -lasting:] * factor)
    if panel.kind == "share":
        which = which & (count <= size)[:, -lasting:].all(axis=1)
        count = np.minimum(count, size)
    return count, which


def judged(panel, count, size, pairs, **options):
    """The newest change of each authority, as `judge_changes` gives it."""
    years = panel.figures.years
    frame = pd.DataFrame(
        {
            "area_code": np.repeat(np.arange(len(count)), len(years)).astype(str),
            "year": np.tile(years, len(count)),
            "numerator": count.ravel(),
            "denominator": np.where(np.isnan(count), np.nan, size).ravel(),
        }
    )
    return judge_changes(frame, kind=panel.kind, pairs=pairs, into=years[-1], **options)


def _less_than_chance(random, mean, usual):
    return mean + np.sqrt(1 - usual.counted_twice) * (random.poisson(mean) - mean)


def _stock(random, mean, usual):
    """Of last year's children a share is still there, and new ones have come."""
    stay = usual.carried
    stock = [random.poisson(mean[:, 0])]
    for t in range(1, mean.shape[1]):
        stock.append(random.binomial(stock[-1], stay) + random.poisson(mean[:, t] * (1 - stay)))
    return np.array(stock).T
