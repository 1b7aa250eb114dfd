"""The table of an authority's changes over one year and five: which are unusual, and which could have been seen."""

from cptrends import words
from cptrends.charts.tables import Table
from cptrends.reports.authority.cells import Entry, counted, upper, value
from cptrends.reports.authority.everyone import limit_here, looked_at
from cptrends.reports.authority.judging import Change
from cptrends.reports.authority.readings import Reading, beside, judged, unusual
from cptrends.reports.authority.steps import NOT_JUDGED, Step, told, with_caution
from cptrends.trends.change_words import CANNOT, floor
from cptrends.trends.compared import AFTER, APART, BEFORE
from cptrends.trends.many import expected_on_a_page

COLUMNS = (
    "Indicator",
    "One year",
    "One year: is it real?",
    "Too small to show, up to",
    "Five years",
    "Five years: is it real?",
    "Too small to show, up to",
)


def table(readings: tuple[Reading, ...]) -> tuple[Table, tuple[str, ...]]:
    """The changes of each indicator that is judged, and what stands beside the table.

    Parameters
    ----------
    readings : tuple of Reading

    Returns
    -------
    Table
    tuple of str
        What the labels mean; and each caution that a cell refers to by its number.
    """
    shown = [reading for reading in readings if reading.one_year.label != NOT_JUDGED]
    steps = [step for reading in shown for step in (reading.one_year, reading.five_years)]
    cautions = list(dict.fromkeys(step.caution for step in steps if step.caution))
    rows = tuple(
        (
            reading.entry["label"] + ("" if reading.year == max(r.year for r in shown) else f" ({_until(reading)})"),
            *_cells(reading.one_year, reading.entry, cautions),
            *_cells(reading.five_years, reading.entry, cautions),
        )
        for reading in shown
    )
    numbered = tuple(f"Note {number}: {caution}" for number, caution in enumerate(cautions, start=1))
    left = (False, True, False, True, True, False, True)
    return Table("Is the change real? Over one year and over five", COLUMNS, rows, left), (*_notes(readings), *numbered)


def _until(reading: Reading) -> str:
    return words.year(reading.year)


def _cells(step: Step, entry: Entry, cautions: list[str]) -> tuple[str, str, str]:
    """From what to what, the label with the number of its caution, and what would not have shown."""
    note = f" (note {cautions.index(step.caution) + 1})" if step.caution else ""
    if step.change is None:
        return "", step.label + note, ""
    change = step.change
    moved = f"{value(change.value_earlier, entry)} to {value(change.value_later, entry)}"
    return moved, step.label + note, _would_not_show(change, entry)


def _would_not_show(change: Change, entry: Entry) -> str:
    """The changes too small to be called unusual, as short as a cell wants it."""
    if change.chance != change.chance or change.value_earlier == 0:
        return ""  # not judged, or no percentage of nothing
    ends = [("+", change.visible_rise, "rise"), ("−", change.visible_fall, "fall")]
    if entry["shown"] == "percent" and change.value_earlier >= 100:
        del ends[0]  # the whole cannot rise
    return ", ".join(f"{sign}{floor(seen)}%" if seen == seen else f"any {what}" for sign, seen, what in ends)


def _notes(readings: tuple[Reading, ...]) -> tuple[str, ...]:
    return (
        _how_many(readings),
        f"Unusual: chance in the counts and the authority’s own ups and downs from year to year would make one of "
        f"{round(1 / limit_here()):,} such changes as large. That is strict because a whole page looks at "
        f"{looked_at()}. A level that moves every few years is unusual by this measure, and so is one that moved "
        "everywhere: how many others moved as far stands with each. A change in how something is recorded can look "
        "like this. The label does not say why, nor whether it is for better or worse.",
        "Within its ordinary range does not say that nothing changed: the column beside it has how far a rise or a "
        f"fall could have gone and looked the same. {CANNOT}: a count is withheld or missing, or not even a doubling "
        "or a halving would show.",
        f"Five years: the average of the {words.spelt(AFTER)} newest years is held against that of up to "
        f"{words.spelt(BEFORE)} years that end {words.spelt(APART)} years before. One odd year does not decide.",
    )


def _how_many(readings: tuple[Reading, ...]) -> str:
    """How many changes the page looked at, how many are unusual, and how many chance alone would make so."""
    looked, found = judged(readings), len(unusual(readings))
    if not looked:
        return "No change could be looked at on this page: the counts are withheld, missing or too small."
    blind = sum(step.label == CANNOT for step in looked)
    were, are = "was" if len(looked) == 1 else "were", "is" if found == 1 else "are"
    said = f"{counted(len(looked), 'change')} {were} looked at on this page and {found or 'none'} {are} unusual."
    if blind:
        said += f" Of {words.spelt(blind)} it cannot be told: not even a doubling or a halving would show."
    pages = round(1 / expected_on_a_page(len(looked), limit_here()))
    return (
        f"{said} If one year’s ups and downs never lasted into the next, chance alone would make a change unusual on "
        f"about one such page in {words.spelt(pages)}. Where they last, as they often do, chance alone makes several "
        "times as many."
    )


def unusual_sentences(readings: tuple[Reading, ...]) -> tuple[str, ...]:
    """A sentence for each unusual change: from what to what, how many moved as far, and what must be said beside it."""
    return tuple(
        f"{upper(reading.entry['spoken'])} {told(change, reading.name)}{with_caution(step)}. Of the {change.n_areas} "
        f"authorities looked at, this one among them, {change.moved_as_far:.0f}% moved at least as far."
        f"{beside(reading, change)}"
        for reading, step, change in unusual(readings)
    )
