"""The ordinary wobble: how much areas' figures come and go when nothing lasting has happened."""

import numpy as np
from scipy import special

from cptrends.trends.funnels import FEWEST_AREAS
from cptrends.trends.scaled import Figures

#: z-scores beyond this count as this when the ordinary wobble is measured, so that an area in which
#: something did change does not widen everyone's limits (Huber's proposal 2).
_CLIP = 1.5
_CLIPPED_VARIANCE = float(
    2 * (special.ndtr(_CLIP) - 0.5 - _CLIP * np.exp(-(_CLIP**2) / 2) / np.sqrt(2 * np.pi))
    + 2 * _CLIP**2 * special.ndtr(-_CLIP)
)
#: A squared change counts as at most this many standard deviations in an area's record.
_FAR = 3
#: Changes an area's record needs before it says how much areas differ in steadiness.
_RECORD = 4
#: Degrees of freedom of a wobble that is given as known.
SURE = 1000.0
#: Degrees of freedom of what all areas say about one: at most, since there may always be one that is unlike the
#: rest; and without any record.
_MOST, _UNKNOWN = 20.0, 10.0
#: Neighbouring changes share a year, so a record of n is worth about two thirds of n.
_EFFECTIVE = 2 / 3


def wobble_of(figures: Figures, one_year: float) -> float:
    """What does not last of the changes from one year to the next, as a variance beyond chance.

    A year that is high by a wobble makes the change into it large and the change out of it small, so neighbouring
    changes go against each other by as much as the wobble; what lasts leaves no such trace. Without three years in a
    row everything beyond chance counts as wobble.
    """
    if np.isnan(one_year):
        return excess(figures, figures.years[-1] - figures.years[0])
    change = _one_year_changes(figures)
    usual = np.sqrt(figures.variance[:, 1:] + figures.variance[:, :-1] + one_year)
    z = np.clip((change - _median(change)) / usual, -_FAR, _FAR)
    product, scale = z[:, 1:] * z[:, :-1], usual[:, 1:] * usual[:, :-1]
    have = ~np.isnan(product)
    if have.sum() < FEWEST_AREAS:
        return one_year
    against = -product[have].sum() - (figures.variance[:, 1:-1] / scale)[have].sum()
    return float(np.clip(2 * against / (1 / scale[have]).sum(), 0, one_year))


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

    def clipped(tau2: float) -> float:
        return np.minimum(squared / (chance + tau2), _CLIP**2).mean()

    low, high = 0.0, max(float(np.max(squared)), 1e-12)
    if clipped(low) <= _CLIPPED_VARIANCE:
        return 0.0
    while clipped(high) > _CLIPPED_VARIANCE:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if clipped(middle) > _CLIPPED_VARIANCE else (low, middle)
    return high


def history(figures: Figures, one_year: float) -> np.ndarray:
    """Squared one-year changes over their usual variance, areas x (years - 1); NaN where there is none."""
    change = _one_year_changes(figures)
    squared = (change - _median(change)) ** 2 / (figures.variance[:, 1:] + figures.variance[:, :-1] + one_year)
    return np.minimum(squared, _FAR**2)


def typical_unsteadiness(history: np.ndarray) -> tuple[float, float]:
    """Typical unsteadiness and its degrees of freedom: few when areas differ much in how steady they are."""
    n = (~np.isnan(history)).sum(axis=1)
    many = n >= _RECORD
    if many.sum() < FEWEST_AREAS:
        return 1.0, _UNKNOWN
    freedom = n[many] * _EFFECTIVE
    log = np.log(np.maximum(np.nanmean(history[many], axis=1), 1e-6))
    log += np.log(freedom / 2) - special.psi(freedom / 2)
    excess = log.var(ddof=1) - special.polygamma(1, freedom / 2).mean()
    low, high = 0.5, SURE
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if special.polygamma(1, middle / 2) > excess else (low, middle)
    return float(np.exp(log.mean() + special.psi(high / 2) - np.log(high / 2))), min(high, _MOST)


def unsteadiness(record: np.ndarray, typical: float, freedom: float) -> tuple[np.ndarray, np.ndarray]:
    """Each area's multiple of the variance, and the degrees of freedom behind it."""
    n = (~np.isnan(record)).sum(axis=1) * _EFFECTIVE
    return (freedom * typical + np.nansum(record, axis=1) * _EFFECTIVE) / (freedom + n), freedom + n


def _median(change: np.ndarray) -> np.ndarray:
    """Median change of each pair of years; nought where there is none."""
    return np.nanmedian(np.where(np.isnan(change).all(axis=0), 0, change), axis=0)


def _one_year_changes(figures: Figures) -> np.ndarray:
    """From each year to the next; NaN where the years are further apart."""
    change = np.diff(figures.scaled, axis=1)
    change[:, np.diff(figures.years) != 1] = np.nan
    return change
