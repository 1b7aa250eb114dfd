"""The tests of association and the intervals of their effects: x and y are arrays with an element for each area."""

import numpy as np
import pandas as pd
from scipy import special


def ordered(x: np.ndarray, y: np.ndarray, confidence: float) -> dict[str, float]:
    """Spearman's rho, with the variance of Bonett and Wright on Fisher's z, and Kendall's tau-b."""
    rho = np.corrcoef(pd.Series(x).rank(), pd.Series(y).rank())[0, 1]
    with np.errstate(divide="ignore"):
        chance = 2 * special.stdtr(x.size - 2, -abs(rho) * np.sqrt((x.size - 2) / ((1 + rho) * (1 - rho))))
    z, half = np.arctanh(np.clip(rho, -1 + 1e-15, 1 - 1e-15)), -special.ndtri((1 - confidence) / 2)
    half *= np.sqrt((1 + rho**2 / 2) / (x.size - 3))
    return {
        "value": rho,
        "lower": np.tanh(z - half),
        "upper": np.tanh(z + half),
        "chance": chance,
        "kendall": _kendall(x, y),
    }


def _kendall(x: np.ndarray, y: np.ndarray) -> float:
    """Kendall's tau-b: pairs in the same order less pairs in the other, among those not tied."""
    a, b = (np.sign(values[:, None] - values[None, :]) for values in (x, y))
    return (a * b).sum() / np.sqrt((a**2).sum() * (b**2).sum())


def two_groups(x: np.ndarray, y: np.ndarray, confidence: float) -> dict[str, float]:
    """Cliff's delta of the areas of the first kind against the others, with Newcombe's interval."""
    from scipy import stats

    # The first kind: True itself, or the label that sorts last, as True does.
    first = x == max(pd.unique(x))
    a, b = y[first], y[~first]
    result = stats.mannwhitneyu(a, b, alternative="two-sided")
    higher = result.statistic / (a.size * b.size)
    lower, upper = _newcombe(higher, a.size, b.size, confidence)
    return {"value": 2 * higher - 1, "lower": 2 * lower - 1, "upper": 2 * upper - 1, "chance": result.pvalue}


def _newcombe(higher: float, m: int, n: int, confidence: float) -> list[float]:
    """Interval of the chance that one of m is higher than one of n: where it would just not be rejected."""
    z, spare = -special.ndtri((1 - confidence) / 2), (m + n) / 2 - 1

    def away(theta: float) -> float:
        variance = theta * (1 - theta) / (m * n) * (1 + spare * ((1 - theta) / (2 - theta) + theta / (1 + theta)))
        return abs(higher - theta) - z * np.sqrt(max(variance, 0))

    limits = []
    for outer in (0.0, 1.0):
        inner = higher
        for _ in range(100):
            middle = (inner + outer) / 2
            inner, outer = (middle, outer) if away(middle) < 0 else (inner, middle)
        limits.append((inner + outer) / 2)
    return limits


def groups(x: np.ndarray, y: np.ndarray, confidence: float, *, draws: int, seed: int) -> dict[str, float]:
    """Epsilon squared, with limits from resampled areas."""
    codes, labels = pd.factorize(x)
    places = np.random.default_rng(seed).integers(0, x.size, (draws, x.size))
    resampled = _epsilon_squared(codes[places], y[places], labels.size)
    tail = (1 - confidence) / 2
    value = _epsilon_squared(codes[None, :], y[None, :], labels.size)[0]
    # Kruskal and Wallis: with ties allowed for, their H is this share of the variance times n - 1.
    chance = special.chdtrc(labels.size - 1, value * (x.size - 1))
    lower, upper = np.nanquantile(resampled, [tail, 1 - tail])
    return {"value": value, "lower": min(lower, value), "upper": max(upper, value), "chance": chance}


def _epsilon_squared(codes: np.ndarray, y: np.ndarray, n_groups: int) -> np.ndarray:
    """Share of the variance of ranks that lies between groups; rows are resamples."""
    ranks = pd.DataFrame(y).rank(axis=1).to_numpy()
    away = ranks - ranks.mean(axis=1, keepdims=True)
    between = np.zeros(len(y))
    for g in range(n_groups):
        member = codes == g
        n = member.sum(axis=1)
        between += (away * member).sum(axis=1) ** 2 / np.maximum(n, 1)
    whole = (away**2).sum(axis=1)
    return np.divide(between, whole, out=np.full(len(y), np.nan), where=whole > 0)
