"""The tables of indicators and of their changes as printed, and what a reader needs to know to read them fairly."""

import dataclasses

from cptrends import words
from cptrends.charts.tables import Table
from cptrends.data import areas, events
from cptrends.reports.authority import changed
from cptrends.reports.authority.cells import number, shown
from cptrends.reports.authority.everyone import figures_of
from cptrends.reports.authority.judging import Rank
from cptrends.reports.authority.readings import Reading, median, readings_of
from cptrends.reports.authority.subject import Subject


@dataclasses.dataclass(frozen=True)
class Figures:
    """The figures of an authority's page.

    Attributes
    ----------
    readings : tuple of Reading
        One for each row of the table; empty for an authority that has no figure.
    table, changes : Table or None
        The figures, and which of their changes are unusual.
    notes, change_notes : tuple of str
        Beside each.
    unusual : tuple of str
        A sentence for each change that is unusual, the least likely to be chance first.
    """

    readings: tuple[Reading, ...]
    table: Table | None
    notes: tuple[str, ...]
    changes: Table | None
    change_notes: tuple[str, ...]
    unusual: tuple[str, ...]


def figures(subject: Subject) -> Figures:
    """The tables of an authority's indicators and what stands beside them.

    >>> from cptrends.reports.authority.subject import subject_of
    >>> hackney = figures(subject_of("E09000012"))
    >>> hackney.table.columns[:3], len(hackney.table.rows) == len(hackney.readings)
    (('Indicator', 'Number', 'Latest'), True)
    """
    readings = readings_of(subject)
    changes, change_notes = changed.table(readings) if readings else (None, ())
    return Figures(
        readings=readings,
        table=_table(subject, readings) if readings else None,
        notes=_notes(subject, readings) if readings else (),
        changes=changes,
        change_notes=change_notes,
        unusual=changed.unusual_sentences(readings),
    )


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
        "England",
        subject.region_name,
        "Neighbours’ median",
        "Rank",
    )
    return Table(
        f"Indicators, {subject.name}, {words.year(subject.year)} or 31 March {subject.year}",
        columns,
        tuple(_row(subject, reading) for reading in readings),
        (False, *(True,) * 7),
    )


def _row(subject: Subject, reading: Reading) -> tuple[str, ...]:
    entry, year = reading.entry, reading.year
    return (
        entry["label"] + ("" if year == subject.year else f" ({words.year(year)})"),
        number(reading.now, entry),
        shown(reading.now, entry),
        shown(reading.before, entry),
        shown(reading.england, entry),
        shown(figures_of(reading.name, year).get(subject.region), entry),
        median(reading.neighbours, len(subject.near), entry),
        printed_rank(reading.rank),
    )


def _notes(subject: Subject, readings: tuple[Reading, ...]) -> tuple[str, ...]:
    notes = [
        "A rank is given where the 95% limits of chance leave an authority within a fifth of the ranks; 1 is the "
        "highest, which is neither best nor worst. Authorities whose figure is withheld are not counted.",
        "“Withheld”: the publisher does not give counts from 1 to 5, and some others from which they could be worked "
        "out; it is not zero."
        + (
            " One or more figures are withheld here too, so that they cannot be worked out by subtraction."
            if subject.withheld
            else ""
        ),
    ]
    if any(reading.entry["shown"] == "pounds" for reading in readings):
        notes.append("Spending is gross and in cash, as returned.")
    if subject.near:
        notes.append(
            f"Neighbours are the ten statistical neighbours of the {subject.neighbour_set} set. Where one has no "
            "figure the number that have is given, and under six there is no median."
        )
    notes += _not_its_own(subject, readings)
    return tuple(notes)


def _not_its_own(subject: Subject, readings: tuple[Reading, ...]) -> list[str]:
    """What a figure of England or the region holds that is not of its year, as a return of the year before."""
    found = []
    for reading in readings:
        for measure in (reading.entry["numerator"], reading.entry["denominator"]):
            for event in events.of(measure, [subject.region, areas.ENGLAND]):
                if event.kind in events.NOT_ITS_OWN and event.own and event.holds(reading.year):
                    found.append(f"In England’s totals {event.what}")
    return list(dict.fromkeys(found))
