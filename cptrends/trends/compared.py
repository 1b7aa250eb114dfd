"""What a pair of years compares: which years' means, how far apart they lie, and how far apart luck would put them."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from cptrends.data.status import weakest
from cptrends.errors import BadInput
from cptrends.trends.scaled import Figures, Kind, off_scale, on_scale, to_scale
from cptrends.trends.wobble import Ordinary
from cptrends.words import listed

Pairs = Literal["adjacent", "all", "five_years"] | Sequence[tuple[int, int]]

#: A change of level is that of the mean of so many years since the mean of at most, and at least, so many, of which
#: the last is so many years earlier than the last of the others.
AFTER, BEFORE, FEWEST_BEFORE, APART = 2, 5, 2, 5


class Span(NamedTuple):
    """A pair of years, and the years whose means are compared for it."""

    earlier: int
    later: int
    before: tuple[int, ...]
    after: tuple[int, ...]
    fewest_before: int


@dataclass(frozen=True)
class Pair:
    """The two sides of a span of each area; areas x years, those before first.

    Attributes
    ----------
    span : Span
    kind : str
    figures : Figures
        Of the years compared.
    used : array of bool
        Which years of each area have a figure and are in a mean.
    ordinary : Ordinary
    told : array of bool
        Areas with the figures that are needed.
    """

    span: Span
    kind: Kind
    figures: Figures
    used: np.ndarray
    ordinary: Ordinary
    told: np.ndarray

    @property
    def split(self) -> int:
        """How many of the years are before."""
        return len(self.span.before)

    def values(self) -> np.ndarray:
        """Mean before and after, areas x 2."""
        value = np.where(self.used, self.figures.count / self.figures.size, np.nan)
        return np.stack([_mean(value[:, : self.split]), _mean(value[:, self.split :])], axis=1)

    def events(self) -> np.ndarray:
        """How many there are in all years compared."""
        return np.where(self.used, self.figures.count, 0).sum(axis=1)

    def status(self) -> np.ndarray:
        """The weakest of the figures used; where there are too few, of all that were wanted."""
        statuses = np.where(self.used | ~self.told[:, None], self.figures.statuses, "reported")
        return np.asarray(weakest(*statuses.T), dtype=object)

    def change(self, count: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """How far the means lie apart on the scale, and its variance by chance and by wobble.

        Parameters
        ----------
        count : array of float, optional
            What the counts might have been instead, areas x years, or many such.
        """
        scaled, chance = on_scale(self.figures.count if count is None else count, self.figures.size, self.kind)
        value = np.where(self.used, off_scale(scaled, self.kind), 0)
        before, after = (
            to_scale(value[..., side].sum(axis=-1) / self.used[:, side].sum(axis=1), self.kind)
            for side in self._sides()
        )
        weight = self._weight()
        by_chance = self._by_chance(weight * np.sqrt(np.where(self.used, chance, 0)))
        return np.where(self.told, after - before, np.nan), by_chance, self.ordinary.wobble * (weight**2).sum(axis=1)

    def _sides(self) -> tuple[slice, slice]:
        return slice(None, self.split), slice(self.split, None)

    def _weight(self) -> np.ndarray:
        """Of each year in the difference of the means."""
        weight = np.where(self.used, 1.0, 0.0)
        for side, sign in zip(self._sides(), (-1, 1), strict=True):
            weight[:, side] *= sign / np.maximum(self.used[:, side].sum(axis=1, keepdims=True), 1)
        return weight

    def _by_chance(self, each: np.ndarray) -> np.ndarray:
        """Variance by chance of the weighted sum, some of which neighbouring years may share."""
        if self.kind == "count_ratio":  # the same children above and below the line, so it never was there
            return (each**2).sum(axis=-1) * (1 - self.ordinary.counted_twice)
        years = np.array(self.figures.years)
        shared = self.ordinary.carried ** np.abs(np.subtract.outer(years, years))  # 0**0 is 1
        return ((each @ shared) * each).sum(axis=-1)


def compared(figures: Figures, span: Span, ordinary: Ordinary, kind: Kind) -> Pair:
    """The figures of a span, and which areas have enough of them."""
    there = figures.of((*span.before, *span.after))
    split = len(span.before)
    enough = there.usable[:, :split].sum(axis=1) >= span.fewest_before
    return Pair(span, kind, there, there.usable, ordinary, enough & there.usable[:, split:].all(axis=1))


def spans(pairs: Pairs, years: list[int], into: int | None = None) -> list[Span]:
    """The pairs of years that are wanted and the years that each compares; of one later year only, where it is given.

    >>> spans("five_years", list(range(2015, 2026)))[-1]
    Span(earlier=2020, later=2025, before=(2016, 2017, 2018, 2019, 2020), after=(2024, 2025), fewest_before=2)
    """
    found = _wanted(pairs, years)
    kept = [span for span in found if into in (None, span.later)]
    if kept:
        return kept
    if found:
        raise BadInput(
            f"there is no pair of years to compare whose later year is {into!r}; "
            f"into must be one of {listed(sorted({span.later for span in found}))}"
        )
    if isinstance(pairs, str) and pairs == "five_years":
        raise BadInput(
            "there is no pair of years to compare five years apart; figures for two years in a row are wanted, and "
            "for two or more of the five that end five years before the second"
        )
    raise BadInput("there is no pair of years to compare; figures for at least two years are wanted")


def _wanted(pairs: Pairs, years: list[int]) -> list[Span]:
    if isinstance(pairs, str):
        if pairs not in ("adjacent", "all", "five_years"):
            raise BadInput(
                f"pairs {pairs!r} is not known; it must be adjacent, all, five_years or a list of pairs of years"
            )
        if pairs == "five_years":
            found = (_five_years(later, years) for later in years)
            return [span for span in found if span]
        every = list(itertools.combinations(years, 2))
        pairs = every if pairs == "all" else [pair for pair in every if pair[1] - pair[0] == 1]
    try:
        given = [tuple(pair) for pair in pairs]
    except TypeError:
        raise BadInput(f"pairs must be a list of pairs of years, such as [(2014, 2015)], not {pairs!r}") from None
    for pair in given:
        if len(pair) != 2 or not all(year in years for year in pair) or pair[0] >= pair[1]:
            raise BadInput(
                f"the pair {pair} cannot be compared; two years from {years[0]} to {years[-1]} are wanted, "
                "the earlier first"
                if years
                else "there is no pair of years to compare; the figures hold no year"
            )
    return [Span(earlier, later, (earlier,), (later,), 1) for earlier, later in given]


def _five_years(later: int, years: list[int]) -> Span | None:
    after = tuple(range(later - AFTER + 1, later + 1))
    before = tuple(year for year in range(later - APART - BEFORE + 1, later - APART + 1) if year in years)
    if not set(after) <= set(years) or len(before) < FEWEST_BEFORE:
        return None
    return Span(later - APART, later, before, after, FEWEST_BEFORE)


def _mean(values: np.ndarray) -> np.ndarray:
    """Of each row, of what there is."""
    n = (~np.isnan(values)).sum(axis=1)
    return np.nansum(values, axis=1) / np.where(n, n, np.nan)
