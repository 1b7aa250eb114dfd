"""The readings of an authority's page: each indicator as it stands there, beside England and its neighbours."""

import dataclasses

import numpy as np

from cptrends.data import areas
from cptrends.indicators import table
from cptrends.reports.authority.cells import Entry, value, valued
from cptrends.reports.authority.everyone import Figure, everyone, figures_of, standing
from cptrends.reports.authority.judging import Change, Place, Rank, kind_of
from cptrends.reports.authority.subject import Subject, own_figure

#: Fewer neighbours with a figure than this have no median.
FEWEST_NEIGHBOURS = 6
REAL, CHANCE = "Probably real", "Could be chance"


@dataclasses.dataclass(frozen=True)
class Reading:
    """An indicator as it stands on an authority's page.

    Attributes
    ----------
    name : str
        The indicator.
    year : int
        Of its newest figure on the page, ending 31 March.
    now, before, england : Figure or None
        The authority in that year and the one before, England in that year.
    change : Change or None
        None where the page has not both figures.
    verdict : str
        Whether the change is real: "Probably real", "Could be chance", "Cannot tell"; "Not judged" of money.
    place : Place or None
        Among authorities of its size.
    rank : Rank or None
    neighbours : tuple of float
        The values of those neighbours that have one.
    """

    name: str
    year: int
    now: Figure | None
    before: Figure | None
    england: Figure | None
    change: Change | None
    verdict: str
    place: Place | None
    rank: Rank | None
    neighbours: tuple[float, ...]

    @property
    def entry(self) -> Entry:
        """The indicator's entry in the register."""
        return table.declared(self.name)


def readings_of(subject: Subject) -> tuple[Reading, ...]:
    """A reading of each indicator that an authority has a figure of; empty for one that has none.

    >>> from cptrends.reports.authority.subject import subject_of
    >>> [reading.name for reading in readings_of(subject_of("E09000012"))][:2]
    ['referral_rate', 'in_need_rate']
    """
    return tuple(found for name in everyone().names if (found := _reading(subject, name)))


def _reading(subject: Subject, name: str) -> Reading | None:
    year = min(everyone().newest[name], subject.year)
    now, before = (own_figure(subject, name, y) for y in (year, year - 1))
    if now is None and before is None:
        return None
    others = standing(name, year)
    change = others.changes.get(subject.code) if valued(now) and valued(before) else None
    return Reading(
        name=name,
        year=year,
        now=now,
        before=before,
        england=figures_of(name, year).get(areas.ENGLAND),
        change=change,
        verdict=change.verdict if change else "Not judged" if kind_of(name) is None else "Cannot tell",
        place=others.places.get(subject.code) if valued(now) else None,
        rank=others.ranks.get(subject.code) if valued(now) else None,
        neighbours=neighbour_values(subject, name, year),
    )


def really_changed(readings: tuple[Reading, ...]) -> list[tuple[Reading, Change]]:
    """The readings whose change is probably real, the least likely to be chance first."""
    real = [(reading, reading.change) for reading in readings if reading.verdict == REAL and reading.change]
    return sorted(real, key=lambda pair: pair[1].chance)


def looked_at(readings: tuple[Reading, ...]) -> int:
    """How many changes could be judged, whether they are real or not."""
    return sum(reading.verdict in (REAL, CHANCE) for reading in readings)


def neighbour_values(subject: Subject, name: str, year: int) -> tuple[float, ...]:
    """An indicator's values for those of the statistical neighbours that have one."""
    found = [figures_of(name, year).get(code) for code in subject.near]
    return tuple(figure.value for figure in found if valued(figure))


def median(known: tuple[float, ...], of: int, entry: Entry) -> str:
    """The middle of the neighbours as printed, and on how many of them it rests.

    Parameters
    ----------
    known : tuple of float
        The neighbours' values.
    of : int
        How many neighbours there are.
    entry : dict
        The indicator's, for its unit.

    Examples
    --------
    >>> median((1.0, 2, 3, 4, 5, 6, 7, 8), 10, table.declared("plan_rate"))
    '4.5 (8 of 10)'
    """
    if len(known) < FEWEST_NEIGHBOURS:
        return "no figure"
    left_out = f" ({len(known)} of {of})" if len(known) < of else ""
    return value(float(np.median(known)), entry) + left_out
