"""The rules that pick points out of an XmR chart."""

import numpy as np

#: In the order in which they give a point its `rule`.
RULES = ("outside", "trend", "two_of_three", "shift")


def signals(
    numbers: np.ndarray, centre: np.ndarray, width: np.ndarray, *, shift: int, trend: int
) -> dict[str, np.ndarray]:
    """Each rule's verdict on each point: -1, 0 or 1.

    Parameters
    ----------
    numbers : array of float, series x points
    centre, width : array of float, series x 1
        The middle of each series, and how far its limits are from it.
    shift, trend : int
        As in `xmr`.
    """
    with np.errstate(invalid="ignore"):
        side = np.nan_to_num(np.sign(numbers - centre)).astype(int)
        distance = np.nan_to_num(np.abs(numbers - centre))
        limit = np.nan_to_num(width, nan=np.inf)
        outside = np.where(distance > limit, side, 0)
        outer_third = (distance > limit * 2 / 3) & (outside == 0)
        step = np.nan_to_num(np.sign(np.diff(numbers, axis=1))).astype(int)
    return {
        "outside": outside,
        "shift": runs(side == 1, shift) - runs(side == -1, shift),
        "trend": runs(step == 1, trend - 1, 1) - runs(step == -1, trend - 1, 1),
        "two_of_three": two_of_three(outer_third, side) * outer_third,
    }


def first(fired: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Side and name of the first rule, in order, that picks out each point."""
    shape = fired["outside"].shape
    side, rule = np.zeros(shape, dtype=int), np.full(shape, "", dtype=object)
    for name in RULES:
        new = (side == 0) & (fired[name] != 0)
        side[new] = fired[name][new]
        rule[new] = name
    return side, rule


def runs(condition: np.ndarray, length: int, extra: int = 0) -> np.ndarray:
    """1 for every point of a run of at least `length` places where the condition holds.

    With `extra` the places are steps between points, and the run has that many more points.

    >>> runs(np.array([[True, True, False, True]]), 2).tolist()
    [[1, 1, 0, 0]]
    """
    rows, places = condition.shape
    member = np.zeros((rows, places + extra), dtype=int)
    starts = places - length + 1
    if starts < 1:
        return member
    whole = np.all([condition[:, i : i + starts] for i in range(length)], axis=0)
    for i in range(length + extra):
        member[:, i : i + starts] |= whole
    return member


def two_of_three(outer_third: np.ndarray, side: np.ndarray) -> np.ndarray:
    """1 or -1 for every point of three on one side, of which two or more are in the outer third."""
    member = np.zeros(side.shape, dtype=int)
    starts = side.shape[1] - 2
    if starts < 1:
        return member
    three_sides = sum(side[:, i : i + starts] for i in range(3))
    two_out = sum(outer_third[:, i : i + starts].astype(int) for i in range(3)) >= 2
    for way in (1, -1):
        whole = two_out & (three_sides == 3 * way)
        for i in range(3):
            member[:, i : i + starts][whole] = way
    return member
