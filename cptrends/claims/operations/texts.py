"""Figures that stand in texts and in no file; `data/processed/figures_in_texts.csv` has the words that print each."""

import dataclasses
import itertools
from typing import Any

from cptrends import data, words
from cptrends.claims.operations.declared import operation
from cptrends.claims.operations.figures import Answer, Figures, Rounded, area_of, spread
from cptrends.claims.operations.keys import ABOVE_ZERO, MEASURE, MEASURES, TEXT, YEAR, YES_OR_NO, Calculation
from cptrends.errors import BadInput
from cptrends.files import did_you_mean, nearest
from cptrends.memory import remembered

#: A figure that rounds to 89 is below 89.5, and one that rounds to 90 is not: the ends of the two do not meet.
_OPEN_END = 1 - 1e-6


def _known(name: str) -> None:
    """Refuse the name of a figure that no text held prints."""
    if name not in _table():
        hint = did_you_mean(nearest(name, _table()), "the table figures_in_texts has those there are")
        raise BadInput(f"no text held prints a figure called {name[:60]!r}; {hint}")


#: The unit of a printed figure that is a change already.
CHANGE = "percent change"
FIGURE = dataclasses.replace(TEXT, names=_known)
FIGURES = dataclasses.replace(MEASURES, names=_known)


@operation(needs={"text": FIGURE}, may={"scale": ABOVE_ZERO, "fall": YES_OR_NO})
def text_figure(calculation: Calculation, figures: Figures) -> Answer:
    """A figure that a text prints, in another unit where `scale` says so; a fall as a positive number if asked."""
    scale = calculation.get("scale", 1) * (-1 if calculation.get("fall") else 1)
    found = fetch_printed(calculation["text"], figures)
    return spread(lambda value: scale * value, found, note=told(calculation["text"]))


@operation(needs={"texts": FIGURES}, may={"less": FIGURES})
def text_sum(calculation: Calculation, figures: Figures) -> Answer:
    """Figures that texts print added up, and those in `less` taken off."""
    added, taken = calculation["texts"], calculation.get("less", [])
    found = [fetch_printed(name, figures) for name in (*added, *taken)]
    return spread(
        lambda *values: sum(values[: len(added)]) - sum(values[len(added) :]),
        *found,
        note=told(*added, *taken),
    )


@operation(needs={"texts": FIGURES}, answer="direction")
def text_direction(calculation: Calculation, figures: Figures) -> Answer:
    """Up, down or level from the first printed figure to the last; of printed changes, the way that all of them go."""
    names = calculation["texts"]
    found = [fetch_printed(name, figures) for name in names]
    if all(_table()[name]["unit"] == CHANGE for name in names):
        ways = {_way(change) for change in found}
        return Answer(ways.pop() if len(ways) == 1 else "level", note=told(*names))
    (first, half), (last, other) = found[0], found[-1]
    way = _way((last - first, half + other))
    note = told(*names)
    if len(found) > 2:
        steps = [later - earlier for (earlier, _), (later, _) in itertools.pairwise(found)]
        agree = sum(step > 0 if way == "up" else step < 0 for step in steps)
        note += f" {agree} of {len(steps)} steps go that way."
    return Answer(way, note=note)


@operation(needs={"text": FIGURE, "other": FIGURE}, answer="yes or no")
def text_above(calculation: Calculation, figures: Figures) -> Answer:
    """Whether a printed figure is above another."""
    (one, half), (other, other_half) = (fetch_printed(calculation[key], figures) for key in ("text", "other"))
    note = told(calculation["text"], calculation["other"])
    if abs(one - other) <= half + other_half:
        note += " The difference is within the rounding."
    return Answer(bool(one > other), note=note)


def _another_year(calculation: Calculation) -> list[str]:
    """The text must print its figure of the year that the calculation begins with."""
    printed = int(_table()[calculation["text"]]["year"])
    return [] if printed == calculation["from"] else [f"{calculation['text']} is printed of {printed}; say so in from"]


@operation(
    needs={"text": FIGURE, "measure": MEASURE, "from": YEAR, "to": YEAR}, looks_up=("to",), senseless=_another_year
)
def percent_change_since_text(calculation: Calculation, figures: Figures) -> Answer:
    """By how many per cent a measure is above what a text prints of an earlier year."""
    first = fetch_printed(calculation["text"], figures)
    last = figures.fetch(calculation["measure"], area_of(calculation), calculation["to"])
    return spread(lambda a, b: 100 * (b / a - 1), first, last, note=told(calculation["text"]))


def _way(change: Rounded) -> str:
    """Where a change goes, beyond what rounding could do."""
    value, half = change
    return "up" if value > half else "down" if -value > half else "level"


def fetch_printed(name: str, figures: Figures) -> Rounded:
    """A printed figure and half the unit it was rounded to, noted."""
    entry = _table()[name]
    half = float(entry["rounded_to"] or 0) / 2 * _OPEN_END
    status = "rounded" if half else "reported"
    figures.note(entry["what"], entry["place"], int(entry["year"]), _value(entry), entry["release"], status, half)
    return _value(entry), half


def told(*names: str) -> str:
    """What printed figures are of, where and when: one with the words that print it, several as a list.

    >>> told("schools-good-2016-03")
    'Schools good or outstanding at their last inspection, England, 31 March 2016: “86 per cent of schools making ...”.'
    >>> told("cruelty-uk-2013", "cruelty-uk-2018")
    'Offences of cruelty to and neglect of children recorded by the police, United Kingdom: 7,965 (2012/13), 16,939 ...'
    """
    said = []
    for (what, place), some in itertools.groupby((_table()[name] for name in names), _of_what):
        entries = list(some)
        if len(entries) == 1:
            (entry,) = entries
            added = f", together {words.number(_value(entry), 0)}" if " + " in entry["value"] else ""
            said.append(f"{what}, {place}, {entry['period']}: “{entry['words']}”{added}.")
        else:
            listed = ", ".join(f"{_printed(entry)} ({entry['period']})" for entry in entries)
            said.append(f"{what}, {place}: {listed}.")
    return " ".join(said)


def _of_what(entry: dict[str, Any]) -> tuple[str, str]:
    return entry["what"], entry["place"]


def _printed(entry: dict[str, Any]) -> str:
    value = _value(entry)
    return words.number(value, 0 if value.is_integer() else 1)


def _value(entry: dict[str, Any]) -> float:
    return float(sum(float(part.replace(",", "")) for part in entry["value"].split(" + ")))


@remembered
def _table() -> dict[str, dict[str, Any]]:
    """Every figure that a text held prints, by its name."""
    return {row["figure"]: row for row in data.load_table("figures_in_texts").to_dict("records")}
