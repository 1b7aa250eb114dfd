"""A computed value as people read it: with its unit, and with the digits that show its verdict."""

import math
from collections.abc import Mapping
from typing import Any

from cptrends import words
from cptrends.claims import verdicts
from cptrends.claims.operations.keys import is_number

#: What a calculation gives, and so what is stated of it: a number, yes or no, or a direction.
Value = float | bool | str


def printed(value: Value | None, unit: str = "", precision: float = 1) -> str:
    """A computed value as text, to one digit more than the claim prints.

    >>> printed(123.741, "percent"), printed(True), printed(2303.2, "GBP", 10), printed(None)
    ('123.7%', 'yes', '£2,303', 'no value')
    """
    if value is None:
        return "no value"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    digits = _digits(precision)
    if float(value).is_integer() and digits <= 1:
        digits = 0
    text = words.number(value, digits)
    if unit.startswith("percent"):
        return text + "%"
    return "£" + text if unit == "GBP" else text


def telling_precision(claim: Mapping[str, Any], value: Value | None) -> float:
    """The precision to print a value with, so that its verdict can be seen from the digits.

    That of the claim, unless the value as printed would be judged otherwise, or would end in a zero that only
    rounding puts there: 32.546 beside 32 is printed as 32.55, 46.97 beside 46 not as 47.0.

    >>> claim = {"stated": 46, "precision": 1, "qualifier": "exact"}
    >>> [printed(value, "percent", telling_precision(claim, value)) for value in (46.97, 46.52, 46.31)]
    ['46.97%', '46.52%', '46.3%']
    """
    stated, precision = claim["stated"], claim["precision"]
    if not is_number(value) or not is_number(stated):
        return precision
    finer = (precision / 10**more for more in range(4))
    return next((step for step in finer if _tells(claim, float(value), _digits(step))), precision)


def _tells(claim: Mapping[str, Any], value: float, digits: int) -> bool:
    """Whether a value printed with so many digits has the verdict of the value itself and no zero of rounding's."""
    shown, finer = round(value, digits), round(value, digits + 1)
    if digits and finer != shown and round(shown * 10**digits) % 10 == 0:
        return False
    as_shown, as_it_is = (
        verdicts.judge(claim["stated"], number, precision=claim["precision"], qualifier=claim["qualifier"])
        for number in (shown, value)
    )
    return as_shown == as_it_is


def _digits(precision: float) -> int:
    """The digits after the point: one more than the claim prints."""
    return max(0, 1 - math.floor(math.log10(precision) + 1e-9)) if precision <= 1 else 0
