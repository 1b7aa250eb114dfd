"""The data dictionary: what is measured."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from cptrends.errors import BadInput
from cptrends.files import did_you_mean, nearest, toml
from cptrends.memory import remembered


@remembered
def dictionary() -> Mapping[str, Mapping[str, Any]]:
    """Every measure, by name.

    Returns
    -------
    mapping of str to mapping
        label, unit, kind, definition, source_table, breaks (year and what of each, and areas where it touches some
        only), notes. To read, not to change.

    Raises
    ------
    BadInput
        If a measure names a break that there is not.

    >>> dictionary()["plans_31_march"]["kind"]
    'stock'
    """
    named = named_breaks()
    return MappingProxyType(
        {
            name: MappingProxyType({"notes": "", **entry, "breaks": tuple(breaks_of(name, entry, named))})
            for name, entry in toml("cptrends.data", "measures.toml").items()
        }
    )


def named_breaks() -> dict[str, dict[str, Any]]:
    """What changed in the counting, and when, by name: the contents of breaks.toml.

    Returns
    -------
    dict of str to dict
        first (the first year counted in the new way), last (where the change ended again: told, not yet drawn, as
        `breaks` gives the first year), what, areas (where it touches some only).

    >>> named_breaks()["hampshire_2024"]["first"], named_breaks()["hampshire_2024"]["last"]
    (2024, 2024)
    """
    return toml("cptrends.data", "breaks.toml")


def breaks_of(name: str, entry: Mapping[str, Any], named: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The breaks that a measure names, each with its first year as `year`, its what and its areas.

    Parameters
    ----------
    name : str
        The measure, for the sentence.
    entry : mapping
        As measures.toml has it.
    named : mapping of str to mapping
        The breaks there are, as `named_breaks` gives them.

    Raises
    ------
    BadInput
        If one is not among them; the sentence offers the nearest.

    >>> breaks_of("referrals", {"breaks": ["census"]}, {"census": {"first": 2010, "what": "A new return."}})
    [{'year': 2010, 'what': 'A new return.'}]
    """
    found = []
    for called in entry.get("breaks", []):
        if called not in named:
            hint = did_you_mean(nearest(called, named), "cptrends/data/breaks.toml has those there are")
            raise BadInput(f"measures.toml: {name}: there is no break called {str(called)[:60]!r}; {hint}")
        event = named[called]
        areas = {"areas": event["areas"]} if "areas" in event else {}
        found.append({"year": event["first"], "what": event["what"], **areas})
    return found


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
    if name in dictionary():
        return dictionary()[name]
    spelt = str(name).casefold().replace(" ", "_").replace("-", "_")
    hint = did_you_mean(nearest(spelt, dictionary()), "`cptrends measures` lists them all")
    raise BadInput(f"no measure is called {str(name)[:60]!r}; {hint}")


def breaks(name: str, area_codes: Collection[str] | None = None) -> list[tuple[int, str]]:
    """The years from which a measure is counted another way, with what changed.

    Parameters
    ----------
    name : str
        A measure.
    area_codes : collection of str, optional
        Leaves out breaks that touch none of these areas.

    Returns
    -------
    list of (int, str)

    >>> [year for year, what in breaks("plans_started", ["E92000001"])]
    [2010, 2024]
    >>> [year for year, what in breaks("plans_started", ["E09000012"])]
    [2010]
    """
    return [
        (entry["year"], entry["what"])
        for entry in measure(name)["breaks"]
        if area_codes is None or not entry.get("areas") or set(entry["areas"]) & set(area_codes)
    ]
