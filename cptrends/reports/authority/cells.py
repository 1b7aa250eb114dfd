"""A figure as text: in a cell of a table, and in a sentence."""

from typing import Any, TypeGuard

from cptrends import words
from cptrends.reports.authority.everyone import Figure
from cptrends.reports.authority.withheld import WITHHELD_HERE

#: What stands in place of a figure, by its status.
NO_VALUE = {
    "suppressed": "withheld",
    WITHHELD_HERE: "withheld",
    "unavailable": "not available",
    "not_applicable": "does not apply",
}

#: A figure within this part of another, either way, is called near it: chance alone moves the count of a typical
#: authority, of some 270 plans, about as far (1.96 / √270 is 12%).
NEAR = 0.1

#: An indicator's entry in the register.
Entry = dict[str, Any]


def valued(figure: Figure | None) -> TypeGuard[Figure]:
    """Whether there is a number to show."""
    return figure is not None and figure.value == figure.value


def value(number: float, entry: Entry) -> str:
    """An indicator's value as its kind is shown.

    >>> value(16.574, {"shown": "percent"}), value(2303.2, {"shown": "pounds"}), value(3.04, {"shown": "number"})
    ('16.6%', '£2,303', '3.0')
    """
    if entry["shown"] == "pounds":
        return words.pounds(number)
    return words.percent(number) if entry["shown"] == "percent" else words.number(number, 1)


def side(own: float, other: float) -> str:
    """Where a figure lies beside another: "near", "above" or "below".

    >>> side(86.1, 49.8), side(40.5, 40.6), side(40.0, 49.8)
    ('above', 'near', 'below')
    """
    if abs(own - other) <= NEAR * other:
        return "near"
    return "above" if own > other else "below"


def against(own: float, other: float, entry: Entry) -> str:
    """As `side`, or "the same as" where both print alike.

    >>> against(40.52, 40.46, {"shown": "number"}), against(40.5, 40.6, {"shown": "number"})
    ('the same as', 'near')
    """
    return "the same as" if value(own, entry) == value(other, entry) else side(own, other)


def sign(entry: Entry) -> str:
    """What stands beside the numbers on an indicator's axis: "%", "£" or nothing.

    >>> sign({"shown": "percent"}), sign({"shown": "pounds"}), sign({"shown": "number"})
    ('%', '£', '')
    """
    return {"percent": "%", "pounds": "£", "number": ""}[entry["shown"]]


def shown(figure: Figure | None, entry: Entry) -> str:
    """A figure's value, or why there is none."""
    if figure is None:
        return "no figure"
    return value(figure.value, entry) if valued(figure) else NO_VALUE[figure.status]


def with_limits(figure: Figure | None, entry: Entry) -> str:
    """A figure's value and its 95% limits, where it has any."""
    if not valued(figure) or figure.lower != figure.lower:
        return shown(figure, entry)
    return f"{shown(figure, entry)} ({value(figure.lower, entry)} to {value(figure.upper, entry)})"


def number(figure: Figure | None, entry: Entry) -> str:
    """How many; money is in its own unit. A count may be there though what it is divided by is not."""
    if figure is None:
        return ""
    if figure.status in ("suppressed", WITHHELD_HERE) or figure.numerator != figure.numerator:
        return NO_VALUE.get(figure.status, "no figure")
    return words.pounds(figure.numerator) if entry["shown"] == "pounds" else words.number(figure.numerator)


def lower(label: str) -> str:
    """A label within a sentence.

    >>> lower("Referrals per 10,000 children")
    'referrals per 10,000 children'
    """
    return label[0].lower() + label[1:]


def upper(text: str) -> str:
    """A text at the beginning of a sentence.

    >>> upper("referrals per 10,000 children")
    'Referrals per 10,000 children'
    """
    return text[:1].upper() + text[1:]


def counted(count: float, one: str, many: str = "") -> str:
    """A count with its noun.

    >>> counted(1, "change"), counted(3600, "child", "children")
    ('1 change', '3,600 children')
    """
    return f"{words.number(count)} {one if count == 1 else many or one + 's'}"


def the(name: str) -> str:
    """An authority's name within a sentence.

    >>> the("City of London"), the("Kent")
    ('the City of London', 'Kent')
    """
    return f"the {name}" if name.startswith(("City of", "Isles of", "Isle of", "East Riding of")) else name
