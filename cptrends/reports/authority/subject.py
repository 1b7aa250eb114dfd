"""The authority a page is about: who it is, up to when, and what its page compares it with and leaves out."""

import dataclasses

from cptrends.data import areas, neighbours
from cptrends.indicators import table
from cptrends.reports.authority.everyone import Figure, counts, everyone, figures_of
from cptrends.reports.authority.names import Link, link
from cptrends.reports.authority.withheld import WITHHELD_HERE, Member, withheld_here
from cptrends.reports.site import slug_of

_NOTHING = float("nan")


@dataclasses.dataclass(frozen=True)
class Subject:
    """An authority as a page has it, made once.

    Attributes
    ----------
    code, name, slug : str
        Slug: its page's name without the ending.
    year : int
        The page's newest, ending 31 March: an authority that was split or merged stops with its last.
    ended : bool
        Whether it no longer exists.
    neighbour_set : int
        The year of the set of statistical neighbours.
    near : tuple of str
        Its neighbours' codes, nearest first; empty where the set has none for it.
    region, region_name : str
        Region: the code.
    withheld : frozenset of (measure, year)
        Published counts that the page leaves out; see `withheld_here`.
    """

    code: str
    name: str
    slug: str
    year: int
    ended: bool
    neighbour_set: int
    near: tuple[str, ...]
    region: str
    region_name: str
    withheld: frozenset[Member]


def subject_of(code: str, chosen: int | None = None) -> Subject:
    """The authority a page is about.

    Parameters
    ----------
    code : str
        An authority's area code.
    chosen : int, optional
        Which set of statistical neighbours, by its year; the newest when left out.

    Returns
    -------
    Subject

    Raises
    ------
    BadInput
        If there is no such set.

    Examples
    --------
    >>> one = subject_of("E09000012")
    >>> one.name, one.region_name, len(one.near), one.ended
    ('Hackney', 'London', 10, False)
    """
    chosen = neighbours.which(chosen)
    area, region, newest = areas.register()[code], areas.region_of(code), newest_year()
    return Subject(
        code=code,
        name=area["name"],
        slug=slug_of(code),
        year=min(newest, area["last_year"] or newest),
        ended=bool(area["last_year"]),
        neighbour_set=chosen,
        near=tuple(neighbours.nearest(code, chosen)),
        region=region,
        region_name=areas.name(region),
        withheld=withheld_here(counts().get(code, {})),
    )


def newest_year() -> int:
    """The newest year in which an authority has a figure, ending 31 March."""
    return max(everyone().newest.values())


def others_in_region(subject: Subject) -> tuple[Link, ...]:
    """The authorities of today in its region, by name, without itself."""
    others = [
        code
        for code in areas.authorities(newest_year())
        if areas.region_of(code) == subject.region and code != subject.code
    ]
    return tuple(link(code) for code in sorted(others, key=areas.name))


def own_figure(subject: Subject, name: str, year: int) -> Figure | None:
    """An indicator of the authority, or what is left of it where the page withholds a count it needs."""
    figure = figures_of(name, year).get(subject.code)
    entry = table.declared(name)
    if figure is None or not {(entry["numerator"], year), (entry["denominator"], year)} & subject.withheld:
        return figure
    return figure._replace(
        value=_NOTHING,
        lower=_NOTHING,
        upper=_NOTHING,
        numerator=_NOTHING,
        denominator=_NOTHING,
        status=WITHHELD_HERE,
    )
