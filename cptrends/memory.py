"""What has been loaded and computed once in this process, in one place, so that all of it can be forgotten.

Figures, registers and what is worked out for all areas at once are kept by `remembered`. After `cptrends build` the
files say something else, so `build` forgets; a session in Jupyter then shows the new figures.
"""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")

_clearings: list[Callable[[], None]] = []


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """A function whose answers are kept, for each set of arguments, until `forget`.

    >>> @remembered
    ... def read(name):
    ...     print("reading", name)
    ...     return name.upper()
    >>> read("kent"), read("kent")
    reading kent
    ('KENT', 'KENT')
    >>> forget()
    >>> read("kent")
    reading kent
    'KENT'
    """
    kept = functools.cache(function)
    _clearings.append(kept.cache_clear)
    return cast("Callable[P, T]", kept)


def forget() -> None:
    """Empty everything that `remembered` keeps."""
    for clear in _clearings:
        clear()
