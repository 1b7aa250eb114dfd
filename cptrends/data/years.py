"""The years that people ask for: whole ones, in order."""

from typing import SupportsIndex, SupportsInt

from cptrends.errors import BadInput

#: No figure is older, and none is so far ahead.
FIRST, LAST = 1900, 2100


def whole(year: object, name: str = "") -> int:
    """A year that was asked for, as a whole number.

    Parameters
    ----------
    year : int
        The year ending 31 March; 2025.0 will do.
    name : str
        What it is called there, such as start.

    Raises
    ------
    BadInput
        If it is no whole year from 1900 to 2100.

    >>> whole(2025.0)
    2025
    >>> whole("abc", "start")
    Traceback (most recent call last):
    ...
    cptrends.errors.BadInput: start is 'abc', which is no year; give the year ending 31 March, such as 2025
    """
    if isinstance(year, SupportsInt | SupportsIndex) and not isinstance(year, bool | str | bytes):
        try:
            if int(year) == year and FIRST <= int(year) <= LAST:
                return int(year)
        except (TypeError, ValueError, OverflowError):
            pass
    shown = f"{name} is {str(year)[:40]!r}, which" if name else f"{str(year)[:40]!r}"
    raise BadInput(f"{shown} is no year; give the year ending 31 March, such as 2025")


def span(start: object, end: object) -> tuple[int | None, int | None]:
    """The first and the last year that were asked for; None where that is left open.

    Raises
    ------
    BadInput
        If one is no year, or they are the wrong way round.

    >>> span(2015, None)
    (2015, None)
    >>> span(2025, 2010)
    Traceback (most recent call last):
    ...
    cptrends.errors.BadInput: start is 2025 and end is 2010; the first year must not come after the last
    """
    first = None if start is None else whole(start, "start")
    last = None if end is None else whole(end, "end")
    if first is not None and last is not None and first > last:
        raise BadInput(f"start is {first} and end is {last}; the first year must not come after the last")
    return first, last
