"""The data dictionary: what is measured."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from cptrends.data import areas, events
from cptrends.errors import BadInput
from cptrends.files import did_you_mean, nearest, toml
from cptrends.memory import remembered


@remembered
def dictionary() -> Mapping[str, Mapping[str, Any]]:
    """Every measure, by name.

    Returns
    -------
    mapping of str to mapping
        label, unit, kind, definition, source_table, notes. To read, not to change.

    >>> dictionary()["plans_31_march"]["kind"]
    'stock'
    """
    return MappingProxyType(
        {
            name: MappingProxyType({"notes": "", **entry})
            for name, entry in toml("cptrends.data", "measures.toml").items()
        }
    )


def measure(name: str) -> Mapping[str, Any]:
    """One measure's entry in the dictionary.

    Raises
    ------
    BadInput
        If there is none of that name; the sentence offers the nearest.

    >>> measure("plans_startd")
    Traceback (most recent call last):
    ...
    cptrends.errors.BadInput: no measure is called 'plans_startd'; did you mean plans_started ...?
    """
    if isinstance(name, str) and name in dictionary():
        return dictionary()[name]
    spelt = str(name).casefold().replace(" ", "_").replace("-", "_")
    hint = did_you_mean(nearest(spelt, dictionary()), "`cptrends measures` lists them all")
    raise BadInput(f"no measure is called {str(name)[:60]!r}; {hint}")


def breaks(name: str, area: str | Iterable[str] | None = None) -> list[tuple[int, str]]:
    """The years whose figures do not simply follow those of the year before, with why.

    One that is true of some years only is there twice: for the first of them, and for the year after the last.

    Parameters
    ----------
    name : str
        A measure.
    area : str or list of str, optional
        As for `load`: leaves out what touches none of these areas.

    Returns
    -------
    list of (int, str)

    Raises
    ------
    BadInput
        If there is no such measure or area.

    >>> [year for year, what in breaks("plans_started", "England")]
    [2010, 2010, 2011, 2021, 2023, 2024, 2025]
    >>> [year for year, what in breaks("plans_started", "Kent")]
    [2010, 2010, 2011]
    """
    measure(name)
    codes = None if area is None else areas.select(area)
    found = [(event, events.said_to(event, codes)) for event in events.of(name, codes)]
    steps = [(event.first, what) for event, what in found]
    steps += [(event.last + 1, what) for event, what in found if event.last < events.NEVER]
    return sorted(steps, key=lambda step: step[0])
