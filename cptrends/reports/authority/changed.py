"""The table of an authority's changes over one year and five: which are unusual, and which could have been seen."""

from cptrends import words
from cptrends.charts.tables import Table
from cptrends.reports.authority.cells import Entry, counted, upper, value
from cptrends.reports.authority.everyone import limit_here, looked_at
from cptrends.reports.authority.judging import Change
from cptrends.reports.authority.readings import Reading, judged, unusual
from cptrends.reports.authority.steps import NOT_JUDGED, Step, floor, told, with_caution
from cptrends.trends.change_words import CANNOT
from cptrends.trends.compared import AFTER, APART, BEFORE
from cptrends.trends.many import FALSE_ON_A_PAGE

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
    return moved, step.label + note, _would_not_show(change)


def _would_not_show(change: Change) -> str:
    """The changes too small to be called unusual, as short as a cell wants it."""
    if change.chance != change.chance or change.value_earlier == 0:
        return ""  # not judged, or no percentage of nothing
    ends = [
        f"{sign}{floor(percent)}%" if percent == percent else f"any {what}"
        for sign, percent, what in (("+", change.visible_rise, "rise"), ("−", change.visible_fall, "fall"))
    ]
    return ", ".join(ends)


def _notes(readings: tuple[Reading, ...]) -> tuple[str, ...]:
    found, pages = len(unusual(readings)), round(1 / FALSE_ON_A_PAGE)
    of = counted(judged(readings), "change")
    are = f"{found} are" if found > 1 else "one is" if found else "none is"
    return (
        f"{of} could be judged on this page and {are} unusual. Where nothing has changed, chance alone makes a "
        f"change unusual on about one page in {words.spelt(pages)}.",
        f"Unusual: chance in the counts and the authority’s own ups and downs from year to year would make one of "
        f"{round(1 / limit_here()):,} such changes as large. That allows for the {looked_at()} changes that a whole "
        "page looks at. It is said of the authority by itself: how many others moved as far stands with each unusual "
        "change. It does not say why, nor whether it is for better or worse.",
        "Within its ordinary range does not say that nothing changed: the column beside it has how far a rise or a "
        f"fall could have gone and looked the same. {CANNOT}: a count is withheld or missing, or not even a doubling "
        "or a halving would show.",
        f"Five years: the average of the {words.spelt(AFTER)} newest years is held against that of up to "
        f"{words.spelt(BEFORE)} years that end {words.spelt(APART)} years before. One odd year does not decide.",
    )


def unusual_sentences(readings: tuple[Reading, ...]) -> tuple[str, ...]:
    """A sentence for each unusual change: from what to what, how many moved as far, and what must be said beside it."""
    return tuple(
        f"{upper(reading.entry['spoken'])} {told(change, reading.name)}{with_caution(step)}. Of the {change.n_areas} "
        f"authorities looked at, this one among them, {change.moved_as_far:.0f}% moved at least as far."
        for reading, step, change in unusual(readings)
    )
