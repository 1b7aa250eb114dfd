"""What is said of a change: the labels and the sentence."""

import math
from typing import Any

from cptrends.words import listed

UNUSUAL_LABEL, WITHIN, CANNOT = "Unusual", "Within its ordinary range", "Cannot tell"


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
    if row.label == WITHIN:
        return f"{moved}; {_smaller(row)} would look like this; {_others(row)}"
    if row.value_earlier == 0:
        return f"{moved}; it was zero before, so no rise can be given in percent; {_others(row)}"
    if not (row.visible_rise > 0 or row.visible_fall > 0):
        return f"{moved}; no change could be told from its ordinary ups and downs; {_others(row)}"
    return f"{moved}; {_smaller(row)} could not be told from its ordinary ups and downs; {_others(row)}"


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


def _smaller(row: Any) -> str:
    """What would not have been seen: a rise of less than 45% or a fall of less than 31%."""
    rise = f"a rise of less than {_floor(row.visible_rise)}%" if row.visible_rise > 0 else "any rise"
    fall = f"a fall of less than {_floor(row.visible_fall)}%" if row.visible_fall > 0 else "any fall"
    return f"{rise} or {fall}" if row.visible_rise > 0 else f"{rise}, or {fall},"


def _floor(percent: float) -> str:
    """Rounded down, so that no change that would have been seen is said not to."""
    return f"{math.floor(percent)}" if percent >= 2 else f"{math.floor(10 * percent) / 10:.1f}"
