"""What a person calls an authority: names are made into codes here and nowhere below."""

from collections.abc import Iterable
from typing import NamedTuple

from cptrends.data import areas
from cptrends.errors import BadInput
from cptrends.reports.site import slug_of


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


def link(code: str) -> Link:
    """An authority's name and page.

    >>> link("E09000012")
    Link(text='Hackney', slug='hackney')
    """
    return Link(areas.name(code), slug_of(code))
