"""The smallest change that would have been called unusual."""

from collections.abc import Callable

import numpy as np

from cptrends.trends.compared import Pair

#: Rises up to so many times the mean before are tried, or what there was if that is more, but no share above the
#: whole; and how many steps there are to there, and to nothing.
_LARGEST, _STEPS = 20.0, 24


def visible(pair: Pair, far: Callable[..., np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The smallest rise and fall, in percent of the mean before, that lie far enough; NaN where none would.

    Parameters
    ----------
    pair : Pair
        What is compared; the years after keep their proportions to each other, as far as no share leaves the whole.
    far : function of change, variance by chance, variance by wobble
        Which areas' changes would be called unusual.
    """
    before, after = pair.values().T
    count, size = pair.figures.count, pair.figures.size[:, pair.split :]
    level = after[:, None] > 0
    shape = np.where(level, count[:, pair.split :] / np.where(level, after[:, None], 1), size) * before[:, None]
    known = pair.told & (before > 0)
    top = np.where(known, np.maximum(_LARGEST, after / before), _LARGEST)
    full = np.full(len(top), np.inf)
    if pair.kind == "share":
        full = np.where(known, 1 / before, _LARGEST)
        first_full = np.where(shape > 0, size / np.where(shape > 0, shape, 1), np.inf).min(axis=1)

    def seen(ratio: np.ndarray) -> np.ndarray:
        """Whether an area, or each in many rows of areas, would have been called so with so many times the mean."""
        tried = shape * ratio[..., None]
        if pair.kind == "share":  # beyond where the first year is the whole, all go there together
            beyond = np.clip((ratio - first_full) / np.where(full > first_full, full - first_full, np.inf), 0, 1)
            tried = shape * np.minimum(ratio, first_full)[..., None]
            tried = tried + (size - shape * first_full[:, None]) * beyond[..., None]
        kept = np.broadcast_to(count[:, : pair.split], (*ratio.shape, pair.split))
        return known & far(*pair.change(np.concatenate([kept, tried], axis=-1)))

    rises = np.geomspace(np.ones_like(top), np.minimum(top, full), _STEPS + 1)
    falls = np.repeat(np.linspace(1, 0, _STEPS + 1)[:, None], len(before), axis=1)
    return 100 * (_first(seen, rises) - 1), 100 * (1 - _first(seen, falls))


def _first(seen: Callable[[np.ndarray], np.ndarray], steps: np.ndarray) -> np.ndarray:
    """Where each area's change is first seen, between the two of its steps that hold it; NaN where at none."""
    at, area = seen(steps), np.arange(steps.shape[1])
    first = np.where(at.any(axis=0), at.argmax(axis=0), 0)
    not_yet, there = steps[np.maximum(first - 1, 0), area], steps[first, area]
    for _ in range(18):
        middle = (not_yet + there) / 2
        now = seen(middle)
        not_yet, there = np.where(now, not_yet, middle), np.where(now, middle, there)
    return np.where(at.any(axis=0), there, np.nan)
