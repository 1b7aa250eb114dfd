"""Straight lines that meet at a few years: every placing of the joinpoints fitted at once, and their number chosen."""

import itertools
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

#: Years on each side of a joinpoint, and between two, beside the joinpoints themselves.
_ROOM = 2


@dataclass(frozen=True)
class Series:
    """The years of a series that have a figure.

    Attributes
    ----------
    years, events : array
    offset : array of float
        Log of the population.
    steps : list of int
        The known breaks that get a step of their own: the first year on the new footing.
    """

    years: np.ndarray
    events: np.ndarray
    offset: np.ndarray
    steps: list[int]

    def spare(self, joinpoints: int) -> int:
        """Years to spare after two parameters for each joinpoint."""
        return self.years.size - (2 + len(self.steps) + 2 * joinpoints)


@dataclass(frozen=True)
class Fit:
    """The best of the placings of so many joinpoints.

    Attributes
    ----------
    turns : array of int
        The years of its joinpoints.
    beta, mu : array of float
        Coefficients and fitted means.
    places : array of int, placings x joinpoints
        Every placing tried.
    deviances : array of float
        Of each of them.
    """

    turns: np.ndarray
    beta: np.ndarray
    mu: np.ndarray
    places: np.ndarray
    deviances: np.ndarray


def placings(series: Series, most: int) -> list[np.ndarray]:
    """For 0, 1, 2 ... joinpoints: every allowed set of years, as long as there are any."""
    t = series.years
    allowed = [i for i in range(_ROOM, t.size - _ROOM) if all(abs(t[i] - b) > 1 for b in series.steps)]
    grid = []
    for k in range(most + 1):
        sets = [s for s in itertools.combinations(allowed, k) if all(b - a > _ROOM for a, b in itertools.pairwise(s))]
        if not sets or series.spare(k) < 2:
            break
        grid.append(t[np.array(sets, dtype=int)].reshape(len(sets), k))
    return grid


def designs(t: np.ndarray, places: np.ndarray, steps: list[int]) -> np.ndarray:
    """Design matrices, one per set of joinpoints: level, slope, change of slope at each, step at each break."""
    columns = [np.ones((len(places), t.size)), np.broadcast_to(t - t[0], (len(places), t.size))]
    columns += [np.maximum(t - places[:, [j]], 0) for j in range(places.shape[1])]
    columns += [np.broadcast_to(t >= b, (len(places), t.size)) for b in steps]
    return np.stack(columns, axis=2).astype(float)


def poisson_regressions(
    X: np.ndarray, y: np.ndarray, offset: np.ndarray, *, tolerance: float = 1e-10
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Many Poisson regressions with log link at once, by iteratively reweighted least squares.

    X is fits x years x parameters, y fits x years. Returns coefficients, fitted means and deviances.
    """
    mu = np.maximum(y, 0.5 * y.mean(axis=1, keepdims=True) + 1e-12)
    beta = np.zeros((len(X), X.shape[2]))
    ridge = 1e-12 * np.eye(X.shape[2])
    for _ in range(50):
        working = np.log(mu) - offset + (y - mu) / mu
        weighted = X * mu[:, :, None]
        gram = np.swapaxes(weighted, 1, 2) @ X
        gram += ridge * np.trace(gram, axis1=1, axis2=2)[:, None, None]
        new = np.linalg.solve(gram, np.swapaxes(weighted, 1, 2) @ working[:, :, None])[:, :, 0]
        step = np.abs(new - beta).max()
        beta = new
        mu = np.exp(np.clip((X @ beta[:, :, None])[:, :, 0] + offset, -700, 700))
        if step < tolerance:
            break
    deviance = 2 * (special.xlogy(y, y / mu) - (y - mu)).sum(axis=1)
    return beta, mu, np.maximum(deviance, 0)


def best_fit(series: Series, places: np.ndarray, *, tolerance: float = 1e-10) -> Fit:
    """The best of the placings."""
    X = designs(series.years, places, series.steps)
    y = np.broadcast_to(series.events, (len(X), series.events.size))
    beta, mu, deviances = poisson_regressions(X, y, series.offset, tolerance=tolerance)
    best = int(np.argmin(deviances))
    return Fit(places[best], beta[best], mu[best], places, deviances)


def number_by_bic(series: Series, fits: list[Fit]) -> int:
    """How many joinpoints by BIC: three parameters for each, since its place is searched for."""
    n = series.events.size
    lowest = np.array([max(fit.deviances.min(), _floor(series)) for fit in fits])
    parameters = 2 + len(series.steps) + 3 * np.arange(len(fits))
    scores = n * np.log(lowest / n) + parameters * np.log(n)
    return int(np.argmin(scores))


def number_by_permutation(series: Series, fits: list[Fit], permutations: int, seed: int) -> int:
    """Fewest against most joinpoints, closing in from both ends; 5% shared out over the tests."""
    few, many, random = 0, len(fits) - 1, np.random.default_rng(seed)
    level = 0.05 / max(many, 1)
    while few < many:
        mu = fits[few].mu
        residual = (series.events - mu) / np.sqrt(mu)
        observed = fits[few].deviances.min() / max(fits[many].deviances.min(), _floor(series))
        larger = 0
        for _ in range(permutations):
            shuffled = replace(series, events=np.maximum(mu + np.sqrt(mu) * random.permutation(residual), 1e-9))
            lowest = [best_fit(shuffled, fits[k].places, tolerance=1e-5).deviances.min() for k in (few, many)]
            larger += lowest[0] / max(lowest[1], _floor(series)) >= observed
        few, many = (few + 1, many) if (1 + larger) / (1 + permutations) <= level else (few, many - 1)
    return few


def _floor(series: Series) -> float:
    """Below this deviance the fit is perfect to rounding, and a smaller one means nothing."""
    return 1e-10 * series.events.sum()
