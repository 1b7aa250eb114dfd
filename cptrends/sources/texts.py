"""Figures that stand in texts and in no file: each with the place, the time and the few words that print it.

They are kept in `text_figures.toml`, by source, and read into data/raw as a publisher's file is. They join no series:
a text says less than a file of what it counts, and may be of England and Wales or of the United Kingdom.
"""

import datetime
import math
import pathlib
import re
import tomllib
from typing import Any

import pandas as pd

from cptrends.data import measures
from cptrends.errors import BadInput
from cptrends.sources import common, registry

#: What is said of a figure, and what may be said as well.
NEEDED = ("source", "what", "place", "period", "year", "value", "unit", "words")
MAY = ("since", "day", "measure", "about", "rounded_to", "spelt")
COLUMNS = "figure what place period since year day value unit about rounded_to measure words".split()
ABOUT = ("about", "over", "at least", "under", "almost")
#: The unit of a figure that is a change already, and so may be below zero.
CHANGE = "percent change"
#: A phrase is quoted, not a passage.
MAX_WORDS = 15

_RISE = re.compile(r"\b(rose|risen|rise[sn]?|rising|grew|grown|up|increase[sd]?|higher|more)\b", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d{1,3}(,\d{3})*(\.\d+)?$|-?\d+(\.\d+)?$")


def read(path: common.AnyPath, part: str, release: registry.Release) -> pd.DataFrame:
    """The figures that one text prints.

    Parameters
    ----------
    path : path-like
        `text_figures.toml`.
    part : {"figures"}
    release : dict
        The text: its `id` is what the figures name as their source.

    Returns
    -------
    pandas.DataFrame of str
        `COLUMNS`.

    Raises
    ------
    BadInput
        If an entry is not whole, its words do not print its figure, or nothing is from this text.
    """
    path = pathlib.Path(path)
    entries = _entries(path)
    strange = {entry["source"] for entry in entries.values()} - set(registry.releases())
    if strange:
        raise BadInput(
            f"{path.name}: source {min(strange)!r} is no release; add it to cptrends/sources/publications.toml"
        )
    rows = [
        {"figure": name, **dict.fromkeys(MAY, ""), **entry}
        for name, entry in entries.items()
        if entry["source"] == release["id"]
    ]
    if not rows:
        raise BadInput(f"{path.name} has no figures from {release['id']!r}; see what its entries name as source")
    return pd.DataFrame(rows).astype(str)[COLUMNS]


def _entries(path: pathlib.Path) -> dict[str, dict[str, Any]]:
    """Every figure of the file, each of them checked."""
    common.check_size(path)
    try:
        entries = tomllib.loads(path.read_bytes().decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{path.name} is not valid TOML: {error}") from None
    for name, entry in entries.items():
        if problem := _problem(entry):
            raise BadInput(f"{path.name}, {str(name)[:60]}: {problem}")
    return entries


def _problem(entry: object) -> str:
    """What is wrong with an entry; "" if nothing is."""
    if not isinstance(entry, dict):
        return "a figure is a table in square brackets, with its source, what it counts and the words that print it"
    missing = [key for key in NEEDED if key not in entry]
    foreign = [key for key in entry if key not in (*NEEDED, *MAY)]
    if missing or foreign:
        return f"{missing[0]!r} is missing" if missing else f"{foreign[0][:40]!r} is not said of a figure in a text"
    texts = [key for key in (*NEEDED, *MAY) if key not in ("since", "year", "rounded_to")]
    if wrong := next((key for key in texts if not isinstance(entry.get(key, ""), str)), None):
        return f"{wrong} must be text, in quotation marks"
    return _in_time(entry) or _in_value(entry) or _in_words(entry)


def _in_time(entry: dict[str, Any]) -> str:
    years = [entry[key] for key in ("since", "year") if key in entry]
    if not all(type(year) is int and 1900 <= year <= 2100 for year in years):
        return "since and year must be whole numbers, years such as 2015"
    if years != sorted(set(years)):
        return "since must be a year before year"
    try:
        datetime.date.fromisoformat(entry.get("day", "2000-01-01"))
    except ValueError:
        return f"day {entry['day'][:40]!r} is not a date; write it as YYYY-MM-DD"
    return ""


def _in_value(entry: dict[str, Any]) -> str:
    parts = entry["value"].split(" + ")
    for part in parts:
        if not _NUMBER.match(part):
            return f"value {part[:40]!r} is not a number as printed"
    if any(part.startswith("-") for part in parts):
        if entry["unit"] != CHANGE:
            return f"value {entry['value'][:40]!r} is below zero, and only a figure in {CHANGE} can be"
        if rise := _RISE.search(entry["words"]):
            return f"value {entry['value'][:40]!r} is a fall, and the words say {rise[0]!r}"
    rounded_to = entry.get("rounded_to", 1)
    if isinstance(rounded_to, bool) or not isinstance(rounded_to, int | float) or not 0 < rounded_to < math.inf:
        return "rounded_to must be a number above zero"
    if entry.get("about", "about") not in ABOUT:
        return f"about {entry['about'][:40]!r} must be one of {', '.join(ABOUT)}"
    if entry.get("measure", "referrals") not in measures.dictionary():
        return f"measure {entry['measure'][:40]!r} is not in the dictionary of measures"
    return ""


def _in_words(entry: dict[str, Any]) -> str:
    if len(entry["words"].split()) > MAX_WORDS:
        return f"words has more than {MAX_WORDS} words; quote only the phrase that prints the figure"
    for part in entry["value"].split(" + "):
        printed = entry.get("spelt", part.lstrip("-"))
        if not re.search(rf"(?<![\d.,]){re.escape(printed)}(?!\d|[.,]\d)", entry["words"]):
            return f"the words {entry['words'][:60]!r} do not print {printed!r}"
    return ""
