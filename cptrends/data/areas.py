"""Areas: England, its regions and its authorities, found by any usual name or code.

The register is `areas.csv` beside this file. One authority has one `area_code`, its newest
9-character code; codes it had before are listed in `former_codes`. An authority that was
split or merged keeps its own row, with the last year it reported and its successors: no
series is carried across such a change.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from importlib import resources
from types import MappingProxyType
from typing import Any

from cptrends.errors import BadInput
from cptrends.files import did_you_mean, nearest
from cptrends.memory import remembered

ENGLAND = "E92000001"
#: City of London and Isles of Scilly: so few children that no total moves by them, and that spending for each says
#: little; what is zero elsewhere for want of a figure can be just that here.
TINY = ("E09000001", "E06000053")

_ENDINGS = re.compile(r"\b(city council|county council|borough council|metropolitan borough|council|ua)\b")
_TITLES = re.compile(r"\b(london borough of|royal borough of|city of|county of)\b")


@remembered
def register() -> Mapping[str, Mapping[str, Any]]:
    """The register of areas, as published codes and names.

    Returns
    -------
    mapping of str to mapping
        By `area_code`: la_code, name, level (country, region, authority), parent_code,
        first_year and last_year (int or None: the years ending 31 March it reported for),
        successors, former_codes (tuples of codes), other_names (tuple). To read, not to change.

    >>> register()["E09000012"]["name"]
    'Hackney'
    """
    text = resources.files("cptrends.data").joinpath("areas.csv").read_text("utf-8")
    areas: dict[str, Mapping[str, Any]] = {}
    for row in csv.DictReader(text.splitlines()):
        years = {column: int(row[column]) if row[column] else None for column in ("first_year", "last_year")}
        codes = {column: tuple(row[column].split()) for column in ("successors", "former_codes")}
        others = tuple(row["other_names"].split("|")) if row["other_names"] else ()
        areas[row["area_code"]] = MappingProxyType({**row, **years, **codes, "other_names": others})
    return MappingProxyType(areas)


@remembered
def _codes() -> dict[str, str]:
    """Any code an area has or had -> its area_code."""
    known = {}
    for code, area in register().items():
        for key in (code, area["la_code"], *area["former_codes"]):
            known[key] = code
    return known


@remembered
def _names() -> dict[str, str]:
    """Any normalised name, then any shortened one that is still free -> its area_code."""
    spelt = [(_normalised(n), code) for code, area in register().items() for n in (area["name"], *area["other_names"])]
    known: dict[str, str] = {}
    for step in range(3):
        for text, code in spelt:
            known.setdefault(_shorter(text)[step], code)
    return known


def _normalised(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", " ", name.casefold().replace("&", " and ")).split()
    return " ".join("st" if word == "saint" else word for word in words)


def _shorter(text: str) -> tuple[str, str, str]:
    """As it is, without "council" and the like, then without "city of" too: the City of London is not London."""
    without_ending = " ".join(_ENDINGS.sub(" ", text).split()) or text
    return text, without_ending, " ".join(_TITLES.sub(" ", without_ending, count=1).split()) or without_ending


def _by_name(name: str) -> str | None:
    return next((_names()[text] for text in _shorter(_normalised(name)) if text in _names()), None)


def find(text: str) -> str:
    """The area meant by a name in any usual spelling, or by a 9-character or 3-digit code.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        The `area_code`.

    Raises
    ------
    BadInput
        If nothing has that name or code; the sentence offers the nearest names.

    >>> find("hackney"), find("St. Helens"), find("E08000020"), find("204")
    ('E09000012', 'E08000013', 'E08000037', 'E09000012')
    >>> name(find("City of London")), name(find("London Borough of Hackney Council"))
    ('City of London', 'Hackney')
    >>> find("Hackny")
    Traceback (most recent call last):
    ...
    cptrends.errors.BadInput: no area is called 'Hackny'; did you mean Hackney?
    """
    text = str(text).strip()
    code = _codes().get(text.upper()) or _by_name(text)
    if code:
        return code
    shown = text if len(text) <= 60 else text[:57] + "..."
    near = [register()[_names()[name]]["name"] for name in nearest(_normalised(text), _names(), cutoff=0.6)]
    hint = did_you_mean(near, "`cptrends areas` lists them all")
    raise BadInput(f"no area is called {shown!r}; {hint}")


def code_from(code3: str = "", code9: str = "", name: str = "") -> str:
    """The area_code for what a publisher's row gives, the 3-digit code first.

    Parameters
    ----------
    code3, code9, name : str
        Whichever the row has; blanks are passed over.

    Returns
    -------
    str
        The `area_code`.

    Raises
    ------
    BadInput
        If none of them is known.

    >>> code_from(code3="390", code9="E08000020")
    'E08000037'
    >>> code_from(name="Kingston upon Hull  City of")
    'E06000010'
    """
    given_code = str(code3).strip() or str(code9).strip()
    if given_code and given_code in _codes():
        return _codes()[given_code]
    if name and (code := _by_name(name)):
        return code
    given = ", ".join(repr(x) for x in (code3, code9, name) if x)
    raise BadInput(f"no area is known by {given or 'a blank row'}; add it to cptrends/data/areas.csv if it is new")


def name(area_code: str) -> str:
    """The name of an area.

    >>> name("E92000001")
    'England'
    """
    return _entry(area_code)["name"]


def _entry(area_code: str) -> Mapping[str, Any]:
    """An area's row, by its `area_code` alone: a name or a code of before leads to nothing here and is refused."""
    if area_code not in register():
        raise BadInput(f"no area has the code {str(area_code)[:60]!r}; `areas.find` gives the code of a name")
    return register()[area_code]


def name_or_code(area_code: str) -> str:
    """The name of an area, or the code itself where the register has none: for sentences about what was found.

    >>> name_or_code("E92000001"), name_or_code("X1")
    ('England', 'X1')
    """
    return name(area_code) if area_code in register() else area_code


def predecessors(area_code: str) -> list[str]:
    """Codes of the areas that an area came after, because they were split or merged.

    >>> [name(code) for code in predecessors(find("BCP"))]
    ['Dorset (to 2019)', 'Poole', 'Bournemouth']
    >>> predecessors("E09000012")
    []
    """
    _entry(area_code)
    return [code for code, area in register().items() if area_code in area["successors"]]


def authorities(year: int | None = None) -> list[str]:
    """Codes of the authorities that reported in a year ending 31 March; all of them if None.

    >>> len(authorities(2025)), len(authorities(2019)), len(authorities(2021))
    (153, 152, 151)
    """
    return [
        code
        for code, area in register().items()
        if area["level"] == "authority" and (year is None or existed(code, year))
    ]


def regions() -> list[str]:
    """Codes of the nine regions (Inner and Outer London are parts of London, not regions).

    >>> len(regions())
    9
    """
    return [code for code, area in register().items() if area["level"] == "region" and area["parent_code"] == ENGLAND]


def region_of(area_code: str) -> str:
    """The region an authority is in; an authority in Inner or Outer London is in London.

    >>> name(region_of("E09000012"))
    'London'
    """
    parent = _entry(area_code)["parent_code"]
    above = register().get(parent, {}).get("parent_code", "")
    return above if above and above != ENGLAND else parent


def above(area_code: str) -> list[str]:
    """Codes of the areas that an area lies in, the nearest first.

    >>> [name(code) for code in above(find("Hackney"))]
    ['Inner London', 'London', 'England']
    """
    found = []
    while area_code := _entry(area_code)["parent_code"]:
        found.append(area_code)
    return found


def existed(area_code: str, year: int) -> bool:
    """Whether an area was there in the year ending 31 March of `year`.

    >>> existed("E10000006", 2023), existed("E10000006", 2024)
    (True, False)
    """
    area = _entry(area_code)
    return (area["first_year"] or 0) <= year <= (area["last_year"] or 9999)


def select(words: str | Iterable[str]) -> list[str]:
    """Area codes for a list of names or codes; `authorities` and `regions` stand for all of them.

    Parameters
    ----------
    words : str or iterable of str

    Returns
    -------
    list of str
        Without repeats, in the order given.

    Raises
    ------
    BadInput
        If one of them is not there, or none is given.

    >>> select("regions") == regions(), select(["Hackney", "204"])
    (True, ['E09000012'])
    """
    if isinstance(words, str):
        words = [words]
    if not isinstance(words, Iterable):
        raise BadInput(f"area is {str(words)[:40]!r}; give a name or code, or a list of them")
    groups = {"authorities": authorities, "regions": regions}
    codes = []
    for word in words:
        codes += groups[word]() if isinstance(word, str) and word in groups else [find(word)]
    if not codes:
        raise BadInput("area is an empty list; name one area or more, or leave it out for all of them")
    return list(dict.fromkeys(codes))
