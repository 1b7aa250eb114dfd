"""Figures that stand in texts and in no file; `data/processed/figures_in_texts.csv` has the words that print each."""

import dataclasses
import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from cptrends import data, words
from cptrends.claims.operations.declared import operation
from cptrends.claims.operations.figures import Answer, Figures, Missing, area_of, steps_said
from cptrends.claims.operations.keys import ABOVE_ZERO, MEASURE, MEASURES, TEXT, YEAR, YES_OR_NO, Calculation
from cptrends.data import areas
from cptrends.errors import BadInput
from cptrends.files import did_you_mean, nearest
from cptrends.memory import remembered
from cptrends.sources.texts import CHANGE

#: The ends of an interval that do not belong to it: what rounds to 89 is below 89.5, and "over 600" is not 600.
_OPEN = 1e-6


class Printed(NamedTuple):
    """A printed figure, and the least and most that the words and the rounding allow it to be."""

    value: float
    low: float
    high: float


def _known(name: str) -> None:
    """Refuse the name of a figure that no text held prints."""
    if name not in _table():
        hint = did_you_mean(nearest(name, _table()), "the table figures_in_texts has those there are")
        raise BadInput(f"no text held prints a figure called {name[:60]!r}; {hint}")


FIGURE = dataclasses.replace(TEXT, names=_known)
FIGURES = dataclasses.replace(MEASURES, names=_known)


def _unlike(names: Sequence[str], *columns: str) -> list[str]:
    """Why printed figures cannot be put side by side: they differ in one of these columns."""
    for column in columns:
        found = list(dict.fromkeys(_table()[name][column] for name in names))
        if len(found) > 1:
            said = "are not of one kind" if column == "what" else f"have not the same {column}"
            return [f"{names[0]} and the others {said}: {found[0]}, and {found[1]}"]
    return []


def _not_together(calculation: Calculation) -> list[str]:
    """A sum takes two or more figures of one kind, place and unit."""
    names = [*calculation["texts"], *calculation.get("less", [])]
    return _unlike(names, "unit", "place", "what") or _too_few(names)


def _not_one_after_another(calculation: Calculation) -> list[str]:
    """A direction takes a change, or two or more figures of one kind, place and unit."""
    names = calculation["texts"]
    return _unlike(names, "unit", "place", "what") or ([] if _are_changes(names) else _too_few(names))


def _too_few(names: Sequence[str]) -> list[str]:
    return ["texts must name two figures or more"] if len(names) < 2 else []


def _not_side_by_side(calculation: Calculation) -> list[str]:
    return _unlike([calculation["text"], calculation["other"]], "unit", "place")


def of_another_measure(calculation: Calculation) -> list[str]:
    """The sentence for a text that prints another measure than the calculation's, or of another place."""
    name, entry, measure = calculation["text"], _table()[calculation["text"]], calculation["measure"]
    if entry["measure"] != measure:
        return [f"{name} is no figure of {measure}: {entry['what']}"]
    place = areas.name(areas.find(area_of(calculation)))
    return [] if entry["place"] == place else [f"{name} is of {entry['place']}, and the calculation of {place}"]


def _another_year(calculation: Calculation) -> list[str]:
    """The text must print its figure of the measure, and of the year that the calculation begins with."""
    printed = int(_table()[calculation["text"]]["year"])
    if printed != calculation["from"]:
        return [f"{calculation['text']} is printed of {printed}; say so in from"]
    return of_another_measure(calculation)


@operation(needs={"text": FIGURE}, may={"scale": ABOVE_ZERO, "fall": YES_OR_NO})
def text_figure(calculation: Calculation, figures: Figures) -> Answer:
    """A figure that a text prints, in another unit where `scale` says so; a fall as a positive number if asked."""
    scale = calculation.get("scale", 1) * (-1 if calculation.get("fall") else 1)
    return _over(lambda value: scale * value, fetch_printed(calculation["text"], figures), told(calculation["text"]))


@operation(needs={"texts": FIGURES}, may={"less": FIGURES}, senseless=_not_together)
def text_sum(calculation: Calculation, figures: Figures) -> Answer:
    """Figures that texts print added up, and those in `less` taken off."""
    added, less = calculation["texts"], calculation.get("less", [])
    more, off = ([fetch_printed(name, figures) for name in names] for names in (added, less))
    low = sum(one.low for one in more) - sum(one.high for one in off)
    high = sum(one.high for one in more) - sum(one.low for one in off)
    return Answer(float(sum(one.value for one in more) - sum(one.value for one in off)), low, high, told(*added, *less))


@operation(needs={"texts": FIGURES}, answer="direction", senseless=_not_one_after_another)
def text_direction(calculation: Calculation, figures: Figures) -> Answer:
    """Up, down or level over figures that texts print one after another, or by the changes that they print."""
    names = calculation["texts"]
    found = [fetch_printed(name, figures) for name in names]
    if _are_changes(names):
        ways = {_way(change.low, change.high) for change in found}
        return Answer(ways.pop() if len(ways) == 1 else "level", note=told(*names))
    first, last = found[0], found[-1]
    _settled(first, last)
    way = _way(last.low - first.high, last.high - first.low)
    return Answer(way, note=told(*names) + _steps(names, [one.value for one in found], way))


def _steps(names: Sequence[str], values: Sequence[float], way: str) -> str:
    """How many of the steps from one year to the next go a way; a gap in the years is none of them, and is named."""
    pairs = list(itertools.pairwise(zip((_table()[name] for name in names), values, strict=True)))
    near = [int(later["year"]) == int(earlier["year"]) + 1 for (earlier, _), (later, _) in pairs]
    ways = [_way(last - first, last - first) for ((_, first), (_, last)), one in zip(pairs, near, strict=True) if one]
    gaps = [
        f"{earlier['period']} and {later['period']}"
        for ((earlier, _), (later, _)), one in zip(pairs, near, strict=True)
        if not one
    ]
    note = f" {steps_said(ways.count(way), len(ways))}" if len(ways) > 1 else ""
    return note + (f" No figures between {words.listed(gaps)}." if gaps and len(names) > 2 else "")


@operation(needs={"text": FIGURE, "other": FIGURE}, answer="yes or no", senseless=_not_side_by_side)
def text_above(calculation: Calculation, figures: Figures) -> Answer:
    """Whether a printed figure is above another."""
    one, other = (fetch_printed(calculation[key], figures) for key in ("text", "other"))
    _settled(one, other)
    note = told(calculation["text"], calculation["other"])
    if one.low <= other.high and other.low <= one.high:
        note += " The difference is within the rounding."
    return Answer(bool(one.value > other.value), note=note)


@operation(
    needs={"text": FIGURE, "measure": MEASURE, "from": YEAR, "to": YEAR}, looks_up=("to",), senseless=_another_year
)
def percent_change_since_text(calculation: Calculation, figures: Figures) -> Answer:
    """By how many per cent a measure is above what a text prints of an earlier year."""
    first = fetch_printed(calculation["text"], figures)
    last, half = figures.fetch(calculation["measure"], area_of(calculation), calculation["to"])
    low, high = ((last + sign * half) / base for sign, base in ((-1, first.high), (1, first.low)))
    value, low, high = (100 * (ratio - 1) for ratio in (last / first.value, low, high))
    return Answer(value, low, high, told(calculation["text"]))


def _settled(one: Printed, other: Printed) -> None:
    """Refuse two figures of which one is known to one side only, so that either may be the larger."""
    if (
        math.isinf(max(one.high, other.high) - min(one.low, other.low))
        and one.low <= other.high
        and other.low <= one.high
    ):
        raise Missing("a text gives only the least or the most that its figure can be, so either may be the larger")


def _over(function: Callable[[float], float], printed: Printed, note: str) -> Answer:
    """A function of one printed figure as an answer, with what it can be at the least and most."""
    low, high = sorted((function(printed.low), function(printed.high)))
    return Answer(float(function(printed.value)), low, high, note)


def _way(low: float, high: float) -> str:
    """Where a change goes, beyond what rounding could do."""
    return "up" if low > 0 else "down" if high < 0 else "level"


def _are_changes(names: Iterable[str]) -> bool:
    """Whether all of them are printed as changes already."""
    return all(_table()[name]["unit"] == CHANGE for name in names)


def fetch_printed(name: str, figures: Figures) -> Printed:
    """A printed figure, noted, with the least and most it can be.

    "Over" and "almost" leave it open on one side: as far as the next figure of that roundness, or for ever
    where the figure is not a round one.

    >>> fetch_printed("youth-centres-closed-2010-to-2016", Figures("latest"))
    Printed(value=600.0, low=600.0006, high=699.9994)
    """
    entry = _table()[name]
    value, unit = _value(entry), float(entry["rounded_to"] or 0)
    half = unit / 2
    status = "rounded" if half else "reported"
    figures.note(entry["what"], entry["place"], int(entry["year"]), value, entry["release"], status, half)
    return Printed(value, *_ends(value, unit, entry["about"]))


def _ends(value: float, unit: float, about: str) -> tuple[float, float]:
    """The least and most that a figure can be, of which the words say `about` and which is rounded to a unit."""
    inside, far = _OPEN * max(unit, abs(value)), unit or math.inf
    low, high = {
        "": (value - unit / 2, value + unit / 2),
        "about": (value - unit, value + unit),
        "over": (value, value + far),
        "at least": (value, value + far),
        "under": (value - far, value),
        "almost": (value - far, value),
    }[about]
    closed = about == "at least" or not (unit or about in ("over", "under", "almost"))
    return (low if closed else low + inside), (high if closed and not unit else high - inside)


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
            listed = ", ".join(f"{_as_printed(entry)} ({entry['period']})" for entry in entries)
            said.append(f"{what}, {place}: {listed}.")
    return " ".join(said)


def named(calculation: Mapping[str, Any]) -> list[str]:
    """The printed figures that a calculation names.

    >>> named({"operation": "text_sum", "texts": ["innovation-first-two-years"], "less": ["innovation-to-2020"]})
    ['innovation-first-two-years', 'innovation-to-2020']
    """
    given = [calculation.get(key, []) for key in ("text", "other", "texts", "less")]
    return [name for some in given for name in ([some] if isinstance(some, str) else some) if name in _table()]


def times_of(names: Iterable[str]) -> dict[str, int | str]:
    """The time of printed figures in the keys of a calculation: a day, a year, or from one year to another.

    >>> times_of(["schools-good-2016-08"]), times_of(["innovation-first-two-years"])
    ({'date': '2016-08-31'}, {'year': 2016})
    >>> times_of(["council-spending-2015"]), times_of(["cruelty-uk-2013", "cruelty-uk-2018"])
    ({'from': 2010, 'to': 2015}, {'from': 2013, 'to': 2018})
    """
    entries = [_table()[name] for name in names]
    if not entries:
        return {}
    days = {entry["day"] for entry in entries}
    first = min(int(entry["since"] or entry["year"]) for entry in entries)
    last = max(int(entry["year"]) for entry in entries)
    if len(days) == 1 and "" not in days:
        return {"date": days.pop()}
    return {"year": last} if first == last else {"from": first, "to": last}


def period_of(names: Sequence[str]) -> str:
    """The time of printed figures as the texts print it.

    >>> period_of(["council-spending-2015"]), period_of(["cruelty-uk-2013", "cruelty-uk-2018"])
    ('2009/10 to 2014/15', '2012/13 to 2017/18')
    >>> period_of(["innovation-first-two-years", "innovation-to-2020"])
    'the first two years and 2016 to 2020'
    """
    periods = list(dict.fromkeys(_table()[name]["period"] for name in names))
    ends = list(dict.fromkeys((periods[0], periods[-1])))
    return (" and " if any(" to " in end for end in ends) else " to ").join(ends)


def published_after(names: Iterable[str], date: str) -> list[str]:
    """Those figures whose text came out after a day; one of that year or month without a day is not known to have.

    >>> published_after(["youth-centres-closed-2012-to-2018", "youth-centres-closed-2010-to-2016"], "2017-06-29")
    ['youth-centres-closed-2012-to-2018']
    """
    out = data.load_table("releases").set_index("release")["published"].astype(str)
    when = {name: out[_table()[name]["release"]] for name in names}
    return [name for name, published in when.items() if published > date[: len(published)]]


def _of_what(entry: dict[str, Any]) -> tuple[str, str]:
    return entry["what"], entry["place"]


def _as_printed(entry: dict[str, Any]) -> str:
    """The figure with the digits that the text prints, and its word: "over 600"."""
    figure = words.number(_value(entry), 0) if " + " in entry["value"] else entry["value"].replace("-", "−")
    return f"{entry['about']} {figure}".strip()


def _value(entry: dict[str, Any]) -> float:
    return float(sum(float(part.replace(",", "")) for part in entry["value"].split(" + ")))


@remembered
def _table() -> dict[str, dict[str, Any]]:
    """Every figure that a text held prints, by its name."""
    return {row["figure"]: row for row in data.load_table("figures_in_texts").fillna("").to_dict("records")}
