"""The limits of a funnel: within which figures of areas of a size lie, on the scale on which chance is near normal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

Kind = Literal["share", "rate", "ratio", "count_ratio"]


@dataclass(frozen=True)
class Place:
    """Where the areas stand on the scale on which chance is near normal: an element for each.

    Attributes
    ----------
    size, centre : array of float
        Denominator, and the target as a fraction.
    chance : array of float
        The standard error that chance alone explains.
    tau2, phi : array of float
        Variance between areas added to chance, and the multiple of chance.
    """

    size: np.ndarray
    centre: np.ndarray
    chance: np.ndarray
    tau2: np.ndarray
    phi: np.ndarray

    @property
    def spread(self) -> np.ndarray:
        """The standard error, widened."""
        return np.sqrt(self.phi * self.chance**2 + self.tau2)


def chance_error(kind: Kind, size: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """What chance alone explains at the target, on the scale on which it is near normal."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if kind == "share":
            return 0.5 / np.sqrt(size)
        if kind == "count_ratio":
            return np.sqrt(centre * size / (centre * size + 0.5) ** 2 + size / (size + 0.5) ** 2)
        return 1 / np.sqrt(centre * size)


def distance_from(kind: Kind, count: np.ndarray, size: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Distance from the target on that scale. A log cannot take zero: none counts as half an event."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if kind == "share":
            return np.arcsin(np.sqrt(count / size)) - np.arcsin(np.sqrt(centre))
        if kind == "count_ratio":
            return np.log((count + 0.5) / (size + 0.5)) - np.log(centre)
        return np.log(np.maximum(count, 0.5) / (size * centre))


def limits_at(kind: Kind, place: Place, confidence: Sequence[float]) -> dict[float, list[np.ndarray]]:
    """Lower and upper limit, as fractions, for each level."""
    centre, size = place.centre, place.size
    widened = (place.tau2 > 0) | (place.phi > 1) | (kind == "count_ratio")
    limits = {}
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        for level in confidence:
            tail = (1 - level) / 2
            half = -special.ndtri(tail) * place.spread
            if kind == "share":
                middle = np.arcsin(np.sqrt(centre))
                wide = [np.sin(np.clip(middle + sign * half, 0, np.pi / 2)) ** 2 for sign in (-1, 1)]
                score = -special.ndtri(tail) * np.sqrt(centre * (1 - centre) / size)
                exact = [np.maximum(centre - score, 0), np.minimum(centre + score, 1)]
            else:
                wide = [centre * np.exp(-half), centre * np.exp(half)]
                exact = wide if widened.all() else _poisson(centre * size, tail, size)
            limits[level] = [np.where(widened, w, e) for w, e in zip(wide, exact, strict=True)]
    return limits


def _poisson(expected: np.ndarray, tail: float, size: np.ndarray) -> list[np.ndarray]:
    """Counts whose tail beyond them has this chance, over the size.

    The counts between whole numbers join the steps smoothly, so that an observed count is outside the
    limits exactly when its own tail has less than the chance.
    """
    lower = np.where(np.exp(-expected) < tail, special.pdtrik(tail, expected), 0)
    upper = 1 + np.where(np.exp(-expected) < 1 - tail, special.pdtrik(1 - tail, expected), 0)
    missing = np.isnan(expected) | (expected == 0)
    return [np.where(missing, np.nan, limit / size) for limit in (lower, upper)]
