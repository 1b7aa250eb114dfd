"""The table of indicators as it is printed, and what a reader needs to know to read it fairly."""

import dataclasses

from cptrends import words
from cptrends.charts.tables import Table
from cptrends.data import areas
from cptrends.reports.authority.cells import Entry, number, shown, value
from cptrends.reports.authority.everyone import figures_of
from cptrends.reports.authority.judging import Change, Rank, breaks_of
from cptrends.reports.authority.readings import Reading, looked_at, median, readings_of, really_changed
from cptrends.reports.authority.subject import Subject


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
    """

    readings: tuple[Reading, ...]
    table: Table | None
    notes: tuple[str, ...]
    real: tuple[str, ...]


def figures(subject: Subject) -> Figures:
    """The table of an authority's indicators and what stands beside it.

    >>> from cptrends.reports.authority.subject import subject_of
    >>> hackney = figures(subject_of("E09000012"))
    >>> hackney.table.columns[:3], len(hackney.table.rows) == len(hackney.readings)
    (('Indicator', 'Number', 'Latest'), True)
    """
    readings = readings_of(subject)
    return Figures(
        readings=readings,
        table=_table(subject, readings) if readings else None,
        notes=_notes(subject, readings) if readings else (),
        real=tuple(_change_sentence(reading.entry, change) for reading, change in really_changed(readings)),
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


def _notes(subject: Subject, readings: tuple[Reading, ...]) -> tuple[str, ...]:
    judged, real = looked_at(readings), len(really_changed(readings))
    notes = [
        "“Probably real” is said of a change that is larger than chance and an authority's ordinary ups and downs "
        f"explain, also allowing for how many authorities were looked at. {judged} changes were looked at on this "
        f"page and {real} called probably real; of all that are so called, fewer than one in twenty should be chance.",
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
    for reading in readings:
        for year, what in breaks_of(reading.name, [subject.code, areas.ENGLAND]):
            if reading.year == year and what not in " ".join(notes):
                notes.append(f"Before {words.year(year)}: {what}")
    return tuple(notes)
