"""Running a calculation that is declared as data: its answer, with every figure that it took.

A calculation is a table with the key `operation` and that operation's own keys. Its result keeps every
input with its release and status, and carries the inputs' rounding through: `low` and `high` are the
least and most the value can be, given what the publisher rounded.
"""

from collections.abc import Sequence
from typing import TypedDict

from cptrends import words
from cptrends.claims.operations import OPERATIONS, texts
from cptrends.claims.operations.figures import THEN, Answer, Figures, Input, Missing
from cptrends.claims.operations.keys import Calculation
from cptrends.data import measures


class Result(TypedDict):
    """What a calculation gives; see `evaluate`."""

    value: float | bool | str | None
    low: float | None
    high: float | None
    effect: float | None
    period: str
    inputs: list[Input]
    unverified: list[str]
    missing: str
    note: str


def evaluate(calculation: Calculation, release: str = THEN) -> Result:
    """Compute one calculation.

    Parameters
    ----------
    calculation : mapping
        `operation` and its keys; see `cptrends.claims.operations`.
    release : str
        For figures that the calculation does not pin to a release itself.

    Returns
    -------
    dict
        value (float, bool or str; None if it cannot be computed), low, high (float: what rounding
        allows), effect (float: how strong a relationship is, where the value is its direction),
        period (str), inputs (list of dict), unverified (list of str), missing (str: why there is no
        value), note (str).

    Raises
    ------
    BadInput
        If the calculation names what does not exist.

    >>> evaluate({"operation": "percent_change", "measure": "plans_started", "from": 2002, "to": 2015})["value"]
    123.741...
    """
    figures = Figures(calculation.get("release", release))
    try:
        answer, missing = OPERATIONS[calculation["operation"]](calculation, figures), ""
    except Missing as reason:
        answer, missing = None, str(reason)
    except ZeroDivisionError:
        answer, missing = None, "it would divide by zero"
    return _result(answer, missing, _period(calculation), figures.inputs, figures.remarks)


def not_computed(missing: str) -> Result:
    """The result of a calculation that could not be begun, and why."""
    return _result(None, missing, "", [])


def _result(
    answer: Answer | None, missing: str, period: str, inputs: list[Input], remarks: Sequence[str] = ()
) -> Result:
    value, low, high = (answer.value, answer.low, answer.high) if answer else (None, None, None)
    if low is None and isinstance(value, float):
        low = high = value
    return {
        "value": value,
        "low": low,
        "high": high,
        "effect": answer.effect if answer else None,
        "period": period,
        "inputs": inputs,
        "unverified": [_called(figure) for figure in inputs if figure["status"] == "unverified"],
        "missing": missing,
        "note": " ".join(filter(None, [answer.note, *remarks])) if answer else "",
    }


def _called(figure: Input) -> str:
    return " ".join(str(part) for part in (figure["measure"], figure["area"], figure["year"]) if part is not None)


def _period(calculation: Calculation) -> str:
    """The time a calculation is of, as the measure's kind has it."""
    if "date" in calculation or "as_at" in calculation:
        return calculation.get("date", calculation.get("as_at"))
    if "indicator" in calculation:
        return f"to {words.year(calculation['to'])}"
    if "from" not in calculation and (printed := texts.named(calculation)) and "year" not in calculation:
        return texts.period_of(printed)
    name = calculation.get("measure") or calculation.get("numerator") or calculation.get("measures", [None])[0]
    if calculation.get("unit") == "neighbourhood" or not name:
        return ""
    if "from" in calculation:
        return f"{_when(name, calculation['from'])} to {_when(name, calculation['to'])}"
    return _when(name, calculation["year"])


def _when(name: str, year: int) -> str:
    """A measure's year in words; an estimate of the population is of the mid-year before."""
    measure = measures.measure(name)
    return f"mid-{year - 1}" if measure.get("counted") == "mid-year before" else words.year(year, measure["kind"])
