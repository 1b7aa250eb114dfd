"""The ordinary wobble: how far an area's year lies from its own level when nothing lasting has happened.

It is read from second differences, a year against the mean of the years beside it. What lasts leaves little trace in
them: a level that moves once touches two of an area's, a steady drift none.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from cptrends.trends.funnels import FEWEST_AREAS
from cptrends.trends.scaled import Figures

#: Half of the values of a normal distribution lie within so many standard deviations.
_HALF = float(special.ndtri(0.75))
#: z-scores beyond this count as this where only changes can be had (Huber's proposal 2).
_CLIP = 1.5
_CLIPPED_VARIANCE = float(
    2 * (special.ndtr(_CLIP) - 0.5 - _CLIP * np.exp(-(_CLIP**2) / 2) / np.sqrt(2 * np.pi))
    + 2 * _CLIP**2 * special.ndtr(-_CLIP)
)
#: Of an area's own second differences so many, the largest, are left out: one lasting change makes two large.
_LEFT_OUT = 2
#: Second differences an area's record needs before it says anything.
_RECORD = 4
#: Without the two largest, n second differences of normal years are worth so many degrees of freedom each, and their
#: mean square is 1 - 1.22 / n^0.43 of the whole (by simulation, n from 4 to 14: to 0.01).
_WORTH = 0.48
#: No second difference counts as more than twenty times the usual.
_WILDEST = 400.0
#: All second differences together give the wobble as surely as so many degrees of freedom each: a median uses 0.37 of
#: what is there, and neighbouring ones share years.
_KNOWN = 0.2
#: Degrees of freedom of a wobble that is given as known.
SURE = 1000.0
#: Degrees of freedom of what all areas say about one: at most, since there may always be one that is unlike the
#: rest; and without any record.
_MOST, _UNKNOWN = 40.0, 10.0


@dataclass(frozen=True)
class Ordinary:
    """How areas' years lie about their own levels.

    Attributes
    ----------
    wobble : float
        Variance of a typical area's year about its level, beyond chance; NaN where it cannot be measured.
    counted_twice : float
        Share of the counts' chance that second differences do not show, 0 to 1, because the same children stand in
        neighbouring years of a stock, or above and below the line of a ratio of counts.
    typical, freedom : float
        Typical unsteadiness and its degrees of freedom: few when areas differ much in how steady they are.
    record : array of float
        Squared second differences over their usual variance, areas x (years - 2), NaN where there is none: the
        first is about the second year.
    """

    wobble: float
    counted_twice: float
    typical: float
    freedom: float
    record: np.ndarray

    @property
    def carried(self) -> float:
        """Share of a stock's children who are still there a year later, if that is why chance does not show.

        Were it the same share each year, second differences would show (1 - carried)(3 - carried) / 3 of the chance.
        """
        return float(2 - np.sqrt(1 + 3 * (1 - self.counted_twice)))


def ordinary(figures: Figures) -> Ordinary:
    """How areas' years lie about their own levels, measured from all of them.

    Parameters
    ----------
    figures : Figures
        One indicator's.

    Returns
    -------
    Ordinary
    """
    bend, chance = _second_differences(figures)
    have = ~np.isnan(bend)
    if (have.any(axis=1)).sum() < FEWEST_AREAS:
        one_year = excess(figures, 1)
        far = max(figures.years, default=0) - min(figures.years, default=0)
        change = excess(figures, far) if np.isnan(one_year) else one_year
        return known(change / 2, figures, _UNKNOWN)
    wobble, shown = _fitted(np.abs(bend[have]), chance[have])
    record = np.minimum(bend**2 / np.maximum(6 * wobble + shown * chance, 1e-12), _WILDEST)
    return Ordinary(wobble, 1 - shown, *_typical(record), record)


def known(wobble: float, figures: Figures, freedom: float = SURE) -> Ordinary:
    """The same wobble for every area, as given."""
    return Ordinary(wobble, 0.0, 1.0, freedom, np.full((len(figures.areas), max(len(figures.years) - 2, 0)), np.nan))


def unsteadiness(record: np.ndarray, typical: float, freedom: float) -> tuple[np.ndarray, np.ndarray]:
    """Each area's multiple of the variance, and the degrees of freedom behind it."""
    own, n = _own(record)
    worth = np.where(n >= _RECORD, n * _WORTH, 0)
    return (freedom * typical + np.where(worth > 0, own, 0) * worth) / (freedom + worth), freedom + worth


def excess(figures: Figures, lag: int) -> float:
    """Variance of all changes over so many years beyond that of the counts; NaN without enough areas."""
    scaled, variance = figures.scaled, figures.variance
    at = {year: place for place, year in enumerate(figures.years)}
    away, by_chance = [], []
    for year in at:
        if lag and year + lag in at:
            a, b = at[year], at[year + lag]
            change = scaled[:, b] - scaled[:, a]
            have = ~np.isnan(change)
            if have.sum() >= FEWEST_AREAS:
                away.append(change[have] - np.median(change[have]))
                by_chance.append((variance[:, a] + variance[:, b])[have])
    if not away:
        return np.nan
    squared, chance = np.concatenate(away) ** 2, np.concatenate(by_chance)

    def too_small(tau2: float) -> bool:
        return bool(np.minimum(squared / (chance + tau2), _CLIP**2).mean() > _CLIPPED_VARIANCE)

    return _crossing(too_small, float(np.max(squared)) * 100) if too_small(0.0) else 0.0


def _second_differences(figures: Figures) -> tuple[np.ndarray, np.ndarray]:
    """Of three years in a row, less the areas' median, and their variance by chance; NaN where a year is missing."""
    scaled, variance = figures.scaled, figures.variance
    if len(figures.years) < 3:
        return np.full((len(figures.areas), 0), np.nan), np.full((len(figures.areas), 0), np.nan)
    bend = scaled[:, 2:] - 2 * scaled[:, 1:-1] + scaled[:, :-2]
    bend[:, (np.diff(figures.years)[1:] != 1) | (np.diff(figures.years)[:-1] != 1)] = np.nan
    middle = np.nanmedian(np.where(np.isnan(bend).all(axis=0), 0, bend), axis=0)
    return bend - middle, variance[:, 2:] + 4 * variance[:, 1:-1] + variance[:, :-2]


def _fitted(size: np.ndarray, chance: np.ndarray) -> tuple[float, float]:
    """The wobble, and the share of chance that shows, at which half of the second differences lie within half.

    All of chance shows unless that leaves no room for what is seen, or would make small areas steadier than large ones
    by more than luck explains.
    """

    def wobble(shown: float) -> float:
        """At which half lie within."""

        def too_small(tau2: float) -> bool:
            return bool(np.median(size / np.sqrt(6 * tau2 + shown * chance + 1e-300)) > _HALF)

        return _crossing(too_small, float(size.max()) ** 2 + 1e-12) if too_small(0.0) else 0.0

    place = np.argsort(np.argsort(chance)) - (chance.size - 1) / 2
    luck = np.sqrt((place**2).sum() / 4)

    def too_large(shown: float) -> bool:
        """Whether so much would be too much: small areas' second differences lie within half too often."""
        tau2 = wobble(shown)
        out = size > _HALF * np.sqrt(6 * tau2 + shown * chance)
        no_room = tau2 == 0 and out.mean() < 0.49
        return bool(no_room or (place * (out - out.mean())).sum() < -2 * luck)

    shown = 1.0
    if too_large(1.0):
        shown = _crossing(lambda share: not too_large(share), 1.0, steps=10)
    return wobble(shown), shown


def _crossing(before: Callable[[float], bool], high: float, steps: int = 30) -> float:
    """Where a condition that holds from 0 on ceases to hold."""
    low = 0.0
    for _ in range(steps):
        middle = (low + high) / 2
        low, high = (middle, high) if before(middle) else (low, middle)
    return high


def _own(record: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean square of each area's record without its largest, as a multiple of the usual, and how many it rests on."""
    n = (~np.isnan(record)).sum(axis=1)
    ordered = np.sort(record, axis=1)
    kept = np.where(np.arange(record.shape[1]) < (n - _LEFT_OUT)[:, None], ordered, 0).sum(axis=1)
    some = np.maximum(n, _RECORD)
    return kept / (some - _LEFT_OUT) / (1 - 1.22 / some**0.43), n


def _typical(record: np.ndarray) -> tuple[float, float]:
    """Typical unsteadiness and its degrees of freedom (Smyth's estimates by moments of the logarithm)."""
    own, n = _own(record)
    many = n >= _RECORD
    if many.sum() < FEWEST_AREAS:
        return 1.0, _UNKNOWN
    freedom = n[many] * _WORTH
    log = np.log(np.maximum(own[many], 1e-6))
    log += np.log(freedom / 2) - special.psi(freedom / 2)
    spread = log.var(ddof=1) - special.polygamma(1, freedom / 2).mean()
    prior = _crossing(lambda half: bool(special.polygamma(1, max(half, 1e-9)) > spread), _MOST / 2) * 2
    prior = float(np.clip(prior, 1, _KNOWN * (~np.isnan(record)).sum()))
    return float(np.exp(log.mean() + special.psi(prior / 2) - np.log(prior / 2))), prior
