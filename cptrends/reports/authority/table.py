"""The table of indicators, the readings behind it, and what a reader needs to know to read it fairly."""

import dataclasses

import numpy as np

from cptrends import words
from cptrends.charts.tables import Table
from cptrends.data import areas
from cptrends.indicators import table
from cptrends.reports.authority.cells import Entry, number, shown, value, valued
from cptrends.reports.authority.everyone import Figure, everyone, figures_of, standing
from cptrends.reports.authority.judging import Change, Place, Rank, breaks_of, kind_of
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


@dataclasses.dataclass(frozen=True)
class Figures:
    """The figures of an authority's page.

    Attributes
    ----------
    readings : tuple of Reading
        One for each row of the table; empty for an authority that has no figure.
    table : Table or None
    notes : tuple of str
        Beside the table.
    real : tuple of str
        A sentence for each change that is probably real, the least likely to be chance first.
    looked_at : int
        How many changes could be judged.
    """

    readings: tuple[Reading, ...]
    table: Table | None
    notes: tuple[str, ...]
    real: tuple[str, ...]
    looked_at: int


def figures(subject: Subject) -> Figures:
    """The table of an authority's indicators and what stands beside it.

    >>> from cptrends.reports.authority.subject import subject_of
    >>> hackney = figures(subject_of("E09000012"))
    >>> hackney.table.columns[:3], len(hackney.table.rows) == len(hackney.readings)
    (('Indicator', 'Number', 'Latest'), True)
    """
    readings = tuple(found for name in everyone().names if (found := _reading(subject, name)))
    real = really_changed(readings)
    looked_at = len(real) + sum(reading.verdict == CHANCE for reading in readings)
    return Figures(
        readings=readings,
        table=_table(subject, readings) if readings else None,
        notes=_notes(subject, readings, looked_at, len(real)) if readings else (),
        real=tuple(_change_sentence(reading.entry, change) for reading, change in real),
        looked_at=looked_at,
    )


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


def printed_rank(rank: Rank | None) -> str:
    """A rank as printed: only where chance leaves an authority within a fifth of the ranks.

    >>> printed_rank(Rank(3, 9, 150)), printed_rank(Rank(20, 60, 150))
    ('3 to 9 of 150', 'not ranked')
    """
    if rank is None or rank.last - rank.first > rank.of / 5:
        return "not ranked"
    return f"{rank.first} of {rank.of}" if rank.first == rank.last else f"{rank.first} to {rank.last} of {rank.of}"


def _table(subject: Subject, readings: tuple[Reading, ...]) -> Table:
    columns = (
        "Indicator",
        "Number",
        "Latest",
        "Year before",
        "Is the change real?",
        "England",
        subject.region_name,
        "Neighbours’ median",
        "Rank",
    )
    return Table(
        f"Indicators, {subject.name}, {words.year(subject.year)} or 31 March {subject.year}",
        columns,
        tuple(_row(subject, reading) for reading in readings),
        (False, True, True, True, False, True, True, True, True),
    )


def _row(subject: Subject, reading: Reading) -> tuple[str, ...]:
    entry, year = reading.entry, reading.year
    return (
        entry["label"] + ("" if year == subject.year else f" ({words.year(year)})"),
        number(reading.now, entry),
        shown(reading.now, entry),
        shown(reading.before, entry),
        reading.verdict,
        shown(reading.england, entry),
        shown(figures_of(reading.name, year).get(subject.region), entry),
        median(reading.neighbours, len(subject.near), entry),
        printed_rank(reading.rank),
    )


def _change_sentence(entry: Entry, change: Change) -> str:
    way = "up" if change.value > 0 else "down"
    note = f" {change.note}" if change.note else ""
    return (
        f"{entry['label']}: {way} from {value(change.value_earlier, entry)} in {words.year(change.earlier)} to "
        f"{value(change.value_later, entry)} in {words.year(change.later)}. Of the {change.n_areas} authorities looked "
        f"at, {change.moved_as_far:.0f}% moved as far.{note}"
    )


def _notes(subject: Subject, readings: tuple[Reading, ...], looked_at: int, real: int) -> tuple[str, ...]:
    notes = [
        "“Probably real” is said of a change that is larger than chance and an authority's ordinary ups and downs "
        f"explain, also allowing for how many authorities were looked at. {looked_at} changes were looked at on this "
        f"page and {real} called probably real; of all that are so called, fewer than one in twenty should be chance.",
        "A rank is given where the 95% limits of chance leave an authority within a fifth of the ranks; 1 is the "
        "highest, which is neither best nor worst. Authorities whose figure is withheld are not counted.",
        "“Withheld”: the publisher does not give counts from 1 to 5, and some others from which they could be worked "
        "out; it is not nought."
        + (
            " One or more figures are withheld here too, so that they cannot be worked out by subtraction."
            if subject.withheld
            else ""
        ),
    ]
    if any(kind_of(reading.name) is None for reading in readings):
        notes.append("Spending is gross and in cash, as returned.")
    if subject.near:
        notes.append(
            f"Neighbours are the ten statistical neighbours of the {subject.neighbour_set} set. Where one has no "
            "figure the number that have is given, and under six there is no median."
        )
    for reading in readings:
        for year, what in breaks_of(reading.name, [subject.code, areas.ENGLAND]):
            if reading.year == year and what not in " ".join(notes):
                notes.append(f"Before {words.year(year)}: {what}")
    return tuple(notes)
