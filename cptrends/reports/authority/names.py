"""What a person calls an authority, and what its page is called: names are made into codes here and nowhere below."""

import os
import pathlib
from collections.abc import Iterable
from typing import NamedTuple

from cptrends.charts import style
from cptrends.data import areas
from cptrends.errors import BadInput


class Link(NamedTuple):
    """An authority's name, and its page's without the ending."""

    text: str
    slug: str


def authority(text: str) -> str:
    """The code of an authority.

    Parameters
    ----------
    text : str
        A name or code in any usual form; also of an authority that no longer exists.

    Returns
    -------
    str

    Raises
    ------
    BadInput
        If it is no area, or an area that is not an authority.

    Examples
    --------
    >>> authority("Hackney"), authority("204")
    ('E09000012', 'E09000012')
    >>> authority("London")
    Traceback (most recent call last):
    ...
    cptrends.errors.BadInput: London is not an authority, and only authorities have a page; try Hackney
    """
    return _only_authority(areas.find(text))


def codes(words: Iterable[str]) -> list[str]:
    """The authorities somebody asks for.

    Parameters
    ----------
    words : iterable of str
        Names or codes, or the one word `all` (also those that are no more) or `none`.

    Returns
    -------
    list of str
        Without repeats, in the order given.

    Raises
    ------
    BadInput
        As `authority`.

    Examples
    --------
    >>> codes(["Hackney", "204", "Kent"]), codes(["none"])
    (['E09000012', 'E10000016'], [])
    """
    words = list(words)
    if words == ["none"]:
        return []
    if words == ["all"]:
        return areas.authorities()
    return [_only_authority(code) for code in areas.select(words)]


def _only_authority(code: str) -> str:
    if areas.register()[code]["level"] != "authority":
        raise BadInput(f"{areas.name(code)} is not an authority, and only authorities have a page; try Hackney")
    return code


def slug_of(code: str) -> str:
    """The name of an authority's page, without its ending.

    >>> slug_of("E09000012"), slug_of("E10000009")
    ('hackney', 'dorset-to-2019')
    """
    return style.slug(areas.name(code))


def link(code: str) -> Link:
    """An authority's name and page.

    >>> link("E09000012")
    Link(text='Hackney', slug='hackney')
    """
    return Link(areas.name(code), slug_of(code))


def page_of(out: str | os.PathLike[str], code: str) -> pathlib.Path:
    """Where an authority's page is.

    Parameters
    ----------
    out : path-like
        The reports folder.
    code : str

    >>> page_of("reports", "E09000012").as_posix()
    'reports/areas/hackney.html'
    """
    return pathlib.Path(out) / "areas" / f"{slug_of(code)}.html"
