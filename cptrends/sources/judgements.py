"""One row per inspection, from what the releases of Ofsted's workbooks say of it.

The 2023 history, the later tables and the compilation state the same inspection several times, in the publisher's
words and dated a little differently. `cptrends.data.inspections` then asks who stood where.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from cptrends.data import areas
from cptrends.data.inspections import GRADES, JUDGEMENTS
from cptrends.errors import BadInput
from cptrends.memory import remembered
from cptrends.sources import registry
from cptrends.sources.inspections import vocabulary

#: Columns of `assemble`, all text.
COLUMNS = (
    "area_code", "framework", "inspection_type", "inspection_start", "inspection_end", "published",
    "grade", "grade_as_judged", *JUDGEMENTS, "theme", "release", "status", "note",
)  # fmt: skip

#: An inspection on its way into the table: its columns, with `remarks` and `differs` for its note.
Row = dict[str, Any]

_ADEQUATE = ("SLAC", "CPI", "TLAC")  # frameworks whose third grade was Adequate

_DATES = ("inspection_start", "inspection_end", "published")

# The same inspection can be dated a little differently by two releases (a first day off by one,
# a month of publication mistyped). No authority is given two judgements this close together.
_SAME_START_DAYS = 14
_SAME_PUBLICATION_DAYS = 92


def as_judged(grade: str, framework: str) -> str:
    """The word for a grade when it was given: Adequate under SLAC, CPI and TLAC.

    Parameters
    ----------
    grade : str
        As relabelled.
    framework : str

    Returns
    -------
    str

    >>> as_judged("Requires improvement", "CPI"), as_judged("Requires improvement", "SIF")
    ('Adequate', 'Requires improvement')
    """
    return "Adequate" if grade == "Requires improvement" and framework in _ADEQUATE else grade


def of_releases(tables: Mapping[tuple[str, str], pd.DataFrame]) -> pd.DataFrame:
    """The inspections that the releases of Ofsted's workbooks tell of.

    Parameters
    ----------
    tables : mapping of (str, str) to pandas.DataFrame
        The tables of data/raw that are no figures, by release and part.

    Returns
    -------
    pandas.DataFrame of str
        As from `assemble`; empty where there are none.
    """
    known = registry.releases()
    raw = {name: table for (name, _), table in tables.items() if known[name]["publication"] == "ofsted-inspections"}
    return assemble(raw) if raw else pd.DataFrame(columns=list(COLUMNS))


def assemble(raw_frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row per inspection or visit, from what the releases say of it.

    The newest official release that has an inspection is followed; what it leaves blank is
    filled from older ones, and where an older one differs the `note` says so. A compilation that
    is not official adds only what is newer than anything official (begun after the last official
    inspection or visit, or published after the last official report), with status `low_confidence`.

    Parameters
    ----------
    raw_frames : dict of str to pandas.DataFrame
        By release, as `cptrends.sources.inspections.read` gives them.

    Returns
    -------
    pandas.DataFrame of str
        `COLUMNS`, sorted by area, date of publication (of inspection when that is all there is)
        and framework. Dates are YYYY-MM-DD, "" when not known; `grade` is one of `GRADES` or "".

    Raises
    ------
    BadInput
        If an area, grade, date or type of inspection is not understood.
    """
    known: dict[tuple[str, ...], list[Row]] = {}  # (area, framework, kind) -> inspections found so far
    told = [_clean(raw_frames[release], release) for release in reversed(registry.in_order(raw_frames))]
    for rows in told:
        for row in rows:
            if row["status"] == "reported":
                _add(row, known)
    for rows in told:
        for row in _newer([row for row in rows if row["status"] != "reported"], known):
            _add(row, known)
    inspections = [entry for entries in known.values() for entry in entries]
    for entry in inspections:
        entry["note"] = "; ".join([*entry["remarks"], *_differences(entry["differs"])])
        entry["grade_as_judged"] = as_judged(entry["grade"], entry["framework"])
        for judgement in JUDGEMENTS:
            entry[judgement] = as_judged(entry[judgement], entry["framework"])
    table = pd.DataFrame(inspections, columns=list(COLUMNS), dtype=object)
    dated = table["published"].where(table["published"] != "", table["inspection_start"])
    order = ["area_code", "dated", "framework", "inspection_type", "inspection_start"]
    return table.assign(dated=dated).sort_values(order, kind="stable", ignore_index=True).drop(columns="dated")


def _clean(raw: pd.DataFrame, release: str) -> list[Row]:
    """The rows of a release that tell of an inspection, in our codes and words."""
    codes: dict[tuple[str, str, str, bool], str] = {}
    rows = []
    for said in raw.to_dict("records"):
        ended = said["area_status"] == "No longer exists"
        place = (said["la_code"], said["ons_code"], said["name"], ended)
        if place not in codes:
            codes[place] = _area(*place, release)
        where = f"{release}, {said['name']}"
        grades = {field: _grade(said[field], where) for field in ("overall", *JUDGEMENTS)}
        dates = {field: _date(said[field], where) for field in _DATES}
        if not dates["inspection_start"] and not dates["published"]:
            continue  # listed, not yet inspected
        compiled = said["table"] == "compiled"
        unread = compiled and not grades["overall"]
        rows.append(
            {
                "area_code": codes[place],
                "framework": said["framework"],
                "inspection_type": _type(said["inspection_type"], where),
                **dates,
                "grade": grades.pop("overall"),
                **grades,
                "theme": said["theme"],
                "release": release,
                "status": "low_confidence" if compiled else "reported",
                "remarks": ["overall grade not read by the compiler"] if unread else [],
                "differs": {},
            }
        )
    return rows


def _add(row: Row, known: dict[tuple[str, ...], list[Row]]) -> None:
    """Take a row among the inspections known: as a new one, or to fill and note one that is there."""
    entries = known.setdefault((row["area_code"], row["framework"], _kind(row)), [])
    same = next((entry for entry in entries if _same(entry, row)), None)
    if same is None:
        entries.append(row)
    elif row["status"] == "reported":
        _merge(same, row)


def _area(la_code: str, ons_code: str, name: str, ended: bool, release: str) -> str:
    if not la_code and not ons_code:
        shared = vocabulary()["shared_names"]
        la_code = next((one["la_code"] for one in shared if (one["name"], one["ended"]) == (name, ended)), "")
    code = areas.code_from(code3=la_code, code9=ons_code, name=name)
    area = areas.register()[code]
    if area["level"] != "authority" or (ended and area["last_year"] is None):
        meant = "an authority that no longer exists" if ended else "an authority"
        raise BadInput(
            f"{release}: {name!r} should be {meant} but was read as {area['name']} ({code}); "
            "correct areas.csv or add the name to shared_names in cptrends/sources/inspections.toml"
        )
    return code


@remembered
def _meanings(of: str) -> dict[str, str]:
    """What each of the publisher's texts for a grade or type means, in our word."""
    return {text: ours for ours, texts in vocabulary()[of].items() for text in texts}


def _grade(text: str, where: str) -> str:
    try:
        return _meanings("grades")[text.strip().lower()]
    except KeyError:
        raise BadInput(f"{where}: {text!r} is not a grade; the grades are {', '.join(GRADES)}") from None


def _type(text: str, where: str) -> str:
    try:
        return _meanings("types")[text]
    except KeyError:
        raise BadInput(
            f"{where}: {text!r} is not a known type of inspection; add it to types in cptrends/sources/inspections.toml"
        ) from None


def _date(text: str, where: str) -> str:
    if text.strip() in vocabulary()["dates"]["none"]:
        return ""
    for layout in ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y"):
        try:
            return datetime.datetime.strptime(text.strip(), layout).strftime("%Y-%m-%d")
        except ValueError:
            pass
    raise BadInput(f"{where}: {text!r} is not a date; YYYY-MM-DD or DD/MM/YYYY is expected")


def _kind(row: Row) -> str:
    """What two reports of one inspection have in common even if one mistakes short for standard."""
    return row["inspection_type"] if row["inspection_type"] not in ("standard", "short", "") else "judgement"


def _same(entry: Row, row: Row) -> bool:
    near = {"inspection_start": _SAME_START_DAYS, "published": _SAME_PUBLICATION_DAYS}
    if _kind(row) in ("focused", "monitoring"):  # these can follow each other within months
        near["published"] = _SAME_START_DAYS
    return any(_days_apart(entry[field], row[field]) <= days for field, days in near.items())


def _days_apart(one: str, other: str) -> float:
    if not one or not other:
        return np.inf
    return abs((datetime.date.fromisoformat(one) - datetime.date.fromisoformat(other)).days)


def _merge(entry: Row, row: Row) -> None:
    for field in ("inspection_type", *_DATES, "grade", *JUDGEMENTS, "theme"):
        if not entry[field]:
            entry[field] = row[field]
        elif row[field] and row[field] != entry[field]:
            said_by = entry["differs"].setdefault((field, row[field]), [])
            if row["release"] not in said_by:
                said_by.append(row["release"])


def _differences(differs: Mapping[tuple[str, str], Iterable[str]]) -> Iterator[str]:
    for (field, text), releases in sorted(differs.items()):
        yield f"{field} is {text} in {' and '.join(registry.in_order(releases))}"


def _newer(rows: list[Row], known: Mapping[tuple[str, ...], list[Row]]) -> list[Row]:
    """The rows of a compilation that are newer than anything known."""
    entries = [entry for some in known.values() for entry in some]
    last_start = max((entry["inspection_start"] for entry in entries), default="")
    last_report = max((entry["published"] for entry in entries), default="")
    return [row for row in rows if row["inspection_start"] > last_start or row["published"] > last_report]
