"""What the keys of a calculation may hold, and the sentence for whatever else is written there."""

import dataclasses
import datetime
import math
from collections.abc import Callable, Mapping
from typing import Any, TypeGuard

from cptrends.data import areas, measures
from cptrends.errors import BadInput

#: A calculation as TOML gives it: `operation`, and keys that hold what the operation declares.
Calculation = Mapping[str, Any]


def _anything(word: str) -> None:
    """Refuses nothing."""


@dataclasses.dataclass(frozen=True)
class Kind:
    """What one key may hold.

    Attributes
    ----------
    fits : function of any value to bool
        Whether it is the right kind of thing at all.
    must : str
        What is said of a value that is not, after the key's name.
    names : function of one word
        Raises BadInput for a word that names nothing there is.
    words : tuple of str
        The only words there are, where there are few.
    many : bool
        Whether the key holds a list; `names` and `words` are then of each in it.
    exactly : int or None
        How many a list holds, where that is settled.
    """

    fits: Callable[[Any], bool]
    must: str
    names: Callable[[str], object] = _anything
    words: tuple[str, ...] = ()
    many: bool = False
    exactly: int | None = None

    def wrong_kind(self, key: str, value: object) -> list[str]:
        """The sentence for a value that is not the right kind of thing, if it is not."""
        return [] if self.fits(value) else [f"{key} {self.must}"]

    def wrong_words(self, key: str, value: Any, operation: str) -> list[str]:
        """A sentence for each word that is not one of those there are; `value` is the right kind of thing."""
        given = value if self.many else [value]
        found = []
        if self.exactly and len(given) != self.exactly:
            found.append(f"{key} must have {self.exactly} name{'s' * (self.exactly > 1)} for {operation}")
        for word in given:
            if self.words and word not in self.words:
                found.append(f"{key} {word[:40]!r} must be one of {', '.join(self.words)}")
            try:
                self.names(word)
            except BadInput as error:
                found.append(str(error))
        return found


def is_number(value: object, above: float = -math.inf) -> TypeGuard[float]:
    """Whether a value is a finite number above another; true and false are none.

    >>> is_number(5), is_number(True), is_number(0, above=0), is_number("5")
    (True, False, False, False)
    """
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > above


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_year(value: object) -> bool:
    return isinstance(value, int) and is_number(value) and 1900 <= value <= 2100


def _is_list(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(word, str) for word in value)


def _date(text: object) -> None:
    """Refuse what is not a date written as YYYY-MM-DD."""
    try:
        datetime.date.fromisoformat(text)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise BadInput(
            f"{str(text)[:40]!r} is not a date; write it in quotation marks as YYYY-MM-DD, for example 2017-06-13"
        ) from None


def _indicator(name: str) -> None:
    """Refuse the name of an indicator that there is not."""
    from cptrends.indicators import table

    if name not in table.register():
        raise BadInput(f"there is no indicator {name[:40]!r}; there are {', '.join(table.register())}")


_TEXT, _LIST = "must be text, in quotation marks", "must be a list of words in quotation marks, in square brackets"

TEXT = Kind(_is_text, _TEXT)
YEAR = Kind(_is_year, "must be a year such as 2015, the year ending 31 March")
DATE = Kind(lambda _: True, "", names=_date)  # `_date` tells a date of TOML from one in quotation marks
MEASURE = Kind(_is_text, _TEXT, names=measures.measure)
MEASURES = Kind(_is_list, _LIST, names=measures.measure, many=True)
INDICATOR = Kind(_is_text, _TEXT, names=_indicator)
AREA = Kind(_is_text, _TEXT, names=areas.find)
AREAS = Kind(_is_list, _LIST, names=areas.find, many=True)
ABOVE_ZERO = Kind(lambda value: is_number(value, above=0), "must be a number above zero")
YES_OR_NO = Kind(lambda value: isinstance(value, bool), "must be true or false")


def one_of(*words: str) -> Kind:
    """One of a few words."""
    return Kind(_is_text, _TEXT, words=words)


def some_of(*words: str) -> Kind:
    """A list of words, each one of a few."""
    return Kind(_is_list, _LIST, words=words, many=True)


def word_or(kind: Kind, *words: str) -> Kind:
    """One of a few words, or else whatever a kind allows."""
    return dataclasses.replace(kind, names=lambda word: None if word in words else kind.names(word))


def as_many(number: int) -> Kind:
    """A list of so many words of one's own."""
    return Kind(_is_list, _LIST, many=True, exactly=number)


def whole_number(first: int, last: int) -> Kind:
    """A whole number from one to another, both included.

    >>> whole_number(1, 3).wrong_kind("years_after", 4)
    ['years_after must be 1, 2 or 3']
    """
    few = [str(number) for number in range(first, last + 1)]
    return Kind(
        lambda value: isinstance(value, int) and is_number(value) and first <= value <= last,
        f"must be {', '.join(few[:-1])} or {few[-1]}",
    )
