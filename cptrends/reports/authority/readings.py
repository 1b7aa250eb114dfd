"""The readings of an authority's page: each indicator as it stands there, beside England and its neighbours."""

import dataclasses

import numpy as np

from cptrends.data import areas
from cptrends.indicators import table
from cptrends.reports.authority.cells import Entry, value, valued
from cptrends.reports.authority.everyone import Figure, everyone, figures_of, standing
from cptrends.reports.authority.judging import Change, Place, Rank
from cptrends.reports.authority.steps import Step, other_way, step_of
from cptrends.reports.authority.subject import Subject, own_figure

#: Fewer neighbours with a figure than this have no median.
FEWEST_NEIGHBOURS = 6


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
    one_year, five_years : Step
        Its change since the year before, and of its level over five years.
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
    one_year: Step
    five_years: Step
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
    return Reading(
        name=name,
        year=year,
        now=now,
        before=before,
        england=figures_of(name, year).get(areas.ENGLAND),
        one_year=step_of(subject, name, others.changes.get(subject.code)),
        five_years=step_of(subject, name, others.five_years.get(subject.code)),
        place=others.places.get(subject.code) if valued(now) else None,
        rank=others.ranks.get(subject.code) if valued(now) else None,
        neighbours=neighbour_values(subject, name, year),
    )


def steps(readings: tuple[Reading, ...]) -> list[tuple[Reading, Step]]:
    """Both changes of each reading."""
    return [(reading, step) for reading in readings for step in (reading.five_years, reading.one_year)]


def unusual(readings: tuple[Reading, ...]) -> list[tuple[Reading, Step, Change]]:
    """The changes that are unusual, the least likely to be chance first."""
    found = [(reading, step, change) for reading, step in steps(readings) if (change := step.unusual)]
    return sorted(found, key=lambda each: each[2].chance)


def judged(readings: tuple[Reading, ...]) -> list[Step]:
    """The changes with figures enough to be called unusual, were they large enough, also where that is very large."""
    return [step for _, step in steps(readings) if step.judged]


def beside(reading: Reading, change: Change) -> str:
    """What follows an unusual change of a reading whose other change is unusual too and goes the other way."""
    other = reading.five_years if len(change.years_later) == 1 else reading.one_year
    return other_way(change, other, reading.name)


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
