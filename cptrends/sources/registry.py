"""The register of releases, and which release a file on disk is."""

import fnmatch
import pathlib
from collections.abc import Iterable, Mapping
from typing import Any

from cptrends.errors import BadInput
from cptrends.files import did_you_mean, nearest, toml
from cptrends.memory import remembered

#: What is said of one release alone: one that is like another must say its own, wherever the other does.
OWN = ("title", "reference", "published", "year", "mid_year", "source_id")
#: Exceptions of one release, which none that is like it has unless it says so too.
EXCEPTIONS = ("newest_population", "districts")


#: What publications.toml says of a release, in full.
Release = dict[str, Any]


@remembered
def releases() -> dict[str, Release]:
    """Every release in publications.toml, each told in full.

    Returns
    -------
    dict of str to dict
        By id, each with its own `id`.

    Raises
    ------
    BadInput
        As `told_in_full`.

    >>> releases()["cin-2015"]["reference"]
    'SFR41/2015, underlying data'
    >>> releases()["cin-2015"]["reader"]
    'children_in_need'
    """
    entries = _register()
    return {name: {"id": name, **told_in_full(name, entries)} for name in entries}


def told_in_full(name: str, entries: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A release's entry with what it leaves to the release that it is `like`.

    A key that is stated replaces the other's whole: `files` too is stated for all parts or for none.

    Parameters
    ----------
    name : str
        A release.
    entries : mapping of str to mapping
        The register as it is written, by release.

    Returns
    -------
    dict
        Without `like`.

    Raises
    ------
    BadInput
        If it is like a release that there is not, or in a circle like itself, or does not state what is its `OWN`.

    >>> entries = {
    ...     "cin-2024": {"title": "2024", "reader": "children_in_need", "year": 2024},
    ...     "cin-2025": {"like": "cin-2024", "title": "2025", "year": 2025},
    ... }
    >>> told_in_full("cin-2025", entries)
    {'title': '2025', 'reader': 'children_in_need', 'year': 2025}
    """
    full: dict[str, Any] = {}
    for one in reversed(lineage(name, entries)):
        unsaid = [key for key in OWN if key in full and key not in entries[one]]
        if unsaid:
            raise BadInput(
                f"publications.toml: {one} is like {entries[one]['like']} and must state its own {' and '.join(unsaid)}"
            )
        kept = {key: value for key, value in full.items() if key not in EXCEPTIONS}
        full = {**kept, **{key: value for key, value in entries[one].items() if key != "like"}}
    return full


def lineage(name: str, entries: Mapping[str, Mapping[str, Any]] | None = None) -> list[str]:
    """A release, the one that it is like, the one that is like, and so on.

    Parameters
    ----------
    name : str
        A release.
    entries : mapping of str to mapping, optional
        Instead of publications.toml.

    Raises
    ------
    BadInput
        If a release is like one that there is not, or in a circle like itself.

    >>> lineage("cin-2022")
    ['cin-2022', 'cin-2021', 'cin-2020']
    """
    entries = _register() if entries is None else entries
    line = [name]
    while like := entries[line[-1]].get("like"):
        if like not in entries:
            hint = did_you_mean(nearest(like, entries), "`cptrends releases` lists them")
            raise BadInput(f"publications.toml: {line[-1]}: there is no release called {like!r}; {hint}")
        if like in line:
            raise BadInput(
                f"publications.toml: {' is like '.join([*line, like])}, a circle; one of them must be told in full"
            )
        line.append(like)
    return line


def in_order(names: Iterable[str] | None = None) -> list[str]:
    """Releases from the earliest published to the newest; the register's order settles ties.

    Parameters
    ----------
    names : iterable of str, optional
        Some releases; all of the register when left out. A release that is there twice is told once.

    >>> in_order(["lait-2025-05", "cin-2025", "cin-2011"])
    ['cin-2011', 'lait-2025-05', 'cin-2025']
    """
    wanted = None if names is None else set(names)
    some = [name for name in releases() if wanted is None or name in wanted]
    return sorted(some, key=lambda name: releases()[name]["published"])


def symbols(name: str) -> dict[str, str]:
    """What a publication's marks mean: published text -> status.

    >>> symbols("children-in-need-to-2017")["x"], symbols("children-in-need-2022")["x"]
    ('suppressed', 'unavailable')
    """
    return toml("cptrends.sources", "publications.toml")["symbols"][name]


def _register() -> dict[str, dict[str, Any]]:
    entries = toml("cptrends.sources", "publications.toml")
    return {name: entry for name, entry in entries.items() if name != "symbols"}


def matches(path: pathlib.PurePath, only: str | None = None) -> list[tuple[str, str]]:
    """The releases and parts a file may be, by its name (and folder, where names repeat).

    Parameters
    ----------
    path : pathlib.Path
    only : str, optional
        A release's id; then the folder is not asked.

    Returns
    -------
    list of (str, str)
        Release id and part; a file of the national series belongs to several releases.

    Raises
    ------
    BadInput
        If `only` is not a release.

    >>> import pathlib
    >>> matches(pathlib.Path("b1_children_in_need_2013_to_2025.csv"))
    [('cin-2025', 'b1')]
    """
    if only is not None and only not in releases():
        raise BadInput(f"no release is called {only!r}; `cptrends releases` lists them")
    tail = path.as_posix().casefold()
    found = []
    for release in releases().values():
        if only not in (None, release["id"]):
            continue
        for part, pattern in release["files"].items():
            pattern = pattern.casefold()
            if only:
                pattern = pattern.rsplit("/", 1)[-1]
            if fnmatch.fnmatchcase(tail, pattern) or fnmatch.fnmatchcase(tail, "*/" + pattern):
                found.append((release["id"], part))
    return found
