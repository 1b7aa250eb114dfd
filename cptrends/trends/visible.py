"""The smallest change that would have been called unusual."""

from collections.abc import Callable

import numpy as np

from cptrends.trends.compared import Compared

#: Rises up to so many times the mean before are tried, and how many steps there are to there, and to nothing.
_LARGEST, _STEPS = 20.0, 24


def visible(pair: Compared, far: Callable[..., np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The smallest rise and fall, in percent of the mean before, that lie far enough; NaN where none would.

    Parameters
    ----------
    pair : Compared
        What is compared; the years after keep their proportions to each other.
    far : function of change, variance by chance, variance by wobble
        Which areas' changes would be called unusual.
    """
    before, after = pair.values().T
    count, size = pair.figures.count, pair.figures.size[:, pair.split :]
    level = after[:, None] > 0
    shape = np.where(level, count[:, pair.split :] / np.where(level, after[:, None], 1), size) * before[:, None]
    known = pair.told & (before > 0)

    def seen(ratio: np.ndarray) -> np.ndarray:
        """Whether an area, or each in many rows of areas, would have been called so with so many times the mean."""
        tried = shape * ratio[..., None]
        possible = (tried <= size).all(axis=-1) if pair.kind == "share" else True
        kept = np.broadcast_to(count[:, : pair.split], (*ratio.shape, pair.split))
        return known & possible & far(*pair.change(np.concatenate([kept, tried], axis=-1)))

    rises, falls = np.geomspace(1, _LARGEST, _STEPS + 1), np.linspace(1, 0, _STEPS + 1)
    return 100 * (_first(seen, rises, len(before)) - 1), 100 * (1 - _first(seen, falls, len(before)))


def _first(seen: Callable[[np.ndarray], np.ndarray], steps: np.ndarray, areas: int) -> np.ndarray:
    """Where each area's change is first seen, between the two steps that hold it; NaN where at none."""
    at = seen(np.repeat(steps[:, None], areas, axis=1))
    first = np.where(at.any(axis=0), at.argmax(axis=0), 0)
    not_yet, there = steps[np.maximum(first - 1, 0)], steps[first]
    for _ in range(12):
        middle = (not_yet + there) / 2
        now = seen(middle)
        not_yet, there = np.where(now, not_yet, middle), np.where(now, middle, there)
    return np.where(at.any(axis=0), there, np.nan)
