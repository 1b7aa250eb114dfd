"""What is said of a change: the labels and the sentence."""

import math
from typing import Any

import numpy as np

from cptrends.words import listed

UNUSUAL_LABEL, WITHIN, CANNOT = "Unusual", "Within its ordinary range", "Cannot tell"
#: Below so many percent no printed figure would differ.
SMALLEST = 0.05


def sentence(row: Any, unit: str) -> str:
    """One judged change in a sentence that begins with its label.

    Parameters
    ----------
    row : namedtuple
        A row of `judge_changes`, judged.
    unit : str
        What follows a figure, as " per 10,000".

    Returns
    -------
    str
    """
    moved = f"{row.label}: {_moved(row, unit)} ({_compared(row)})"
    if row.label == UNUSUAL_LABEL:
        return f"{moved}; its ordinary ups and downs would go this far {_often(row.chance)}; {_others(row)}"
    if row.label == WITHIN and np.fmax(row.visible_rise, row.visible_fall) < SMALLEST:
        return f"{moved}; even the smallest change would have shown; {_others(row)}"
    if row.label == WITHIN:
        return f"{moved}; {_smaller(row, unit)} would look like this; {_others(row)}"
    if row.value_earlier == 0:
        return f"{moved}; it was zero before, so no rise can be given in percent; {_others(row)}"
    if not (row.visible_rise > 0 or row.visible_fall > 0):
        return f"{moved}; no change could be told from its ordinary ups and downs; {_others(row)}"
    return f"{moved}; {_smaller(row, unit)} could not be told from its ordinary ups and downs; {_others(row)}"


def _others(row: Any) -> str:
    """How many moved as far, so that nobody takes unusual for rare."""
    if row.n_areas == 1:
        return "no other area was looked at."
    share = f"{row.moved_as_far:.0f}%" if row.moved_as_far >= 0.5 else "fewer than 1%"
    return f"{share} of the {row.n_areas} areas looked at, this one among them, moved at least as far."


def _moved(row: Any, unit: str) -> str:
    """From which figure to which."""
    digits = 1 if max(abs(row.value_later), abs(row.value_earlier)) >= 1 else 3
    before, after = f"{row.value_earlier:.{digits}f}", f"{row.value_later:.{digits}f}"
    if before == after:
        return f"hardly changed, at {after}{unit}" if row.value else f"the same, {after}{unit}"
    return f"{'up' if row.value > 0 else 'down'} from {before} to {after}{unit}"


def _compared(row: Any) -> str:
    """Which years stand against which: 2024 to 2025, or mean of 2016 to 2020, then of 2024 and 2025."""
    if len(row.years_later) == 1:
        return f"{row.earlier} to {row.later}"
    return f"mean of {_years(row.years_earlier)}, then of {_years(row.years_later)}"


def _years(years: tuple[int, ...]) -> str:
    if len(years) > 2 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]} to {years[-1]}"
    return listed(years)


def _often(chance: float) -> str:
    """How often, in words."""
    if chance < 0.001:
        return "less than once in 1,000 times"
    return f"about once in {round(1 / chance):,} times" if chance < 0.1 else f"{100 * chance:.0f}% of the time"


def _smaller(row: Any, unit: str) -> str:
    """What would not have been seen there; a share that was the whole could only fall."""
    if unit == "%" and row.value_earlier >= 100:
        return f"a fall of less than {floor(row.visible_fall)}%" if row.visible_fall > 0 else "any fall"
    return seen(row.visible_rise, row.visible_fall)


def seen(visible_rise: float, visible_fall: float) -> str:
    """Which changes would have looked like nothing.

    Parameters
    ----------
    visible_rise, visible_fall : float
        The smallest that would have been called unusual, in percent, positive; NaN where none would have been.

    Returns
    -------
    str

    Examples
    --------
    >>> seen(44.6, 31.9)
    'a rise of less than 44% or a fall of less than 31%'
    >>> seen(float("nan"), 31.9)
    'a fall of less than 31% or any rise'
    """
    ends = [("rise", visible_rise), ("fall", visible_fall)]
    bounded = [f"a {what} of less than {floor(percent)}%" for what, percent in ends if not math.isnan(percent)]
    return " or ".join(bounded + [f"any {what}" for what, percent in ends if math.isnan(percent)])


def floor(percent: float) -> str:
    """Rounded down, so that no change that would have been seen is said not to.

    Examples
    --------
    >>> floor(44.6), floor(1.26), floor(0.047), floor(1308.2)
    ('44', '1.2', '0.04', '1,300')
    """
    digits = math.floor(math.log10(percent)) if percent > 0 else 0
    step = 10.0 ** (digits - 1 if percent >= 100 else 0 if percent >= 2 else max(min(digits, -1), -4))
    down = math.floor(percent / step * (1 + 1e-12)) * step
    return f"{down:,.{max(-round(math.log10(step)), 0)}f}"
