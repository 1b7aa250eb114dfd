"""Figures of pairs of years, for every area: what is missing, what rounding allows, and whether the two compare.

Whether they do is asked of `comparable` where it is known what the figures are; breaks that are given go before it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from cptrends.data import comparability, events
from cptrends.data.figures import AS_PUBLISHED, LATEST
from cptrends.data.status import weakest
from cptrends.errors import BadInput
from cptrends.indicators.comparability import comparable, parts_of
from cptrends.indicators.inputs import Fault, judge, numbers

Years = int | Sequence[int] | None
Rounding = float | Mapping[int, float]
Breaks = Mapping[int, str] | Iterable[Mapping[str, Any]] | None
#: Whether two years cross a break, and what it is.
Crossing = tuple[Callable[[int, int], bool], str]


@dataclass(frozen=True)
class Way:
    """A way to compare two figures.

    Attributes
    ----------
    method : str
    compute : function
        Of the first figure, the last, and the years between.
    needs_base, needs_span : bool
        Whether the first figure must be above zero, and the last year come after the first.
    """

    method: str
    compute: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
    needs_base: bool = False
    needs_span: bool = False


@dataclass(frozen=True)
class Pairs:
    """The figures compared, an element for each area and comparison."""

    start_year: np.ndarray
    end_year: np.ndarray
    first: np.ndarray
    last: np.ndarray


def compare(
    data: pd.DataFrame | pd.Series,
    start: Years,
    end: Years,
    way: Way,
    *,
    rounding: Rounding | None,
    breaks: Breaks,
    of: str | None,
) -> pd.DataFrame:
    """Every area's figures of each pair of years; parameters, answer and errors are those of `growth.change`."""
    long = as_long(data)
    starts, ends = _pairs(start, end, years_of(long))
    given = _breaks(breaks)
    areas, values, statuses, year_at = _grid(long)
    pairs = Pairs(
        start_year=np.tile(starts, len(areas)),
        end_year=np.tile(ends, len(areas)),
        first=_take(values, year_at, starts, np.nan).ravel(),
        last=_take(values, year_at, ends, np.nan).ravel(),
    )
    both = weakest(_take(statuses, year_at, starts, "unavailable"), _take(statuses, year_at, ends, "unavailable"))
    ok, status, note = judge(pairs.first.size, np.asarray(both, dtype=object).ravel(), *_faults(pairs, way))
    _say_what_is_missing(note, status, pairs)
    rows = np.repeat(np.arange(len(areas)), len(starts))
    asked = None if given is not None else _asked(long, areas, rows, pairs, ok, of)
    same: dict[str, Any] = {}
    if asked is not None:
        refused = np.array([found is not None and found["answer"] == "no" for found in asked])
        ok, status = ok & ~refused, np.where(refused, "not_applicable", status)
        same = _like_for_like(asked, pairs, way)
    value, lower, upper = _computed(pairs, way, ok, rounding)
    bounded = ~np.isnan(lower)
    how = np.where(ok, way.method, "").astype(object)
    if rounding is not None:
        how[bounded] = f"{way.method}, bounds from the rounding of the published figures"
        note[ok & ~bounded] = "The first figure is too small for its rounding: no bounds can be given."
    for i in np.flatnonzero(ok):
        low, high = sorted((int(pairs.start_year[i]), int(pairs.end_year[i])))
        note[i] = " ".join(filter(None, [note[i], *(what for crosses, what in given or () if crosses(low, high))]))
    for row, found in enumerate(asked or ()):
        if found is not None and found["sentence"]:
            before = "Not to be compared:" if found["answer"] == "no" else note[row]
            note[row] = f"{before} {found['sentence']}".strip()
    return pd.DataFrame(
        {
            **{column: areas[column].to_numpy()[rows] for column in areas},
            "start_year": pairs.start_year,
            "end_year": pairs.end_year,
            "start_value": pairs.first,
            "end_value": pairs.last,
            **same,
            "value": value,
            "lower": lower,
            "upper": upper,
            "method": how,
            "status": status,
            "note": note,
        }
    )


def _faults(pairs: Pairs, way: Way) -> list[Fault]:
    faults: list[Fault] = []
    if way.needs_base:
        faults += [
            (pairs.first == 0, "not_applicable", "The first figure is zero, so no percentage of it can be taken."),
            (pairs.first < 0, "not_applicable", "The first figure is below zero; a percentage of it has no meaning."),
        ]
    if way.needs_span:
        backwards = pairs.end_year <= pairs.start_year
        faults += [
            (pairs.last < 0, "not_applicable", "The last figure is below zero, so there is no yearly rate."),
            (backwards, "not_applicable", "The last year must come after the first."),
        ]
    return faults


def _say_what_is_missing(note: np.ndarray, status: np.ndarray, pairs: Pairs) -> None:
    gap_first, gap_last = np.isnan(pairs.first), np.isnan(pairs.last)
    for i in np.flatnonzero(gap_first | gap_last):
        years = ((pairs.start_year[i], gap_first[i]), (pairs.end_year[i], gap_last[i]))
        missing = dict.fromkeys(str(year) for year, gap in years if gap)
        note[i] = f"Not computed: the figure for {' and '.join(missing)} is {_word(status[i])}."


def _computed(
    pairs: Pairs, way: Way, ok: np.ndarray, rounding: Rounding | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The comparison, and between what it lies given the rounding of both figures."""
    span = np.where(pairs.end_year == pairs.start_year, 1, pairs.end_year - pairs.start_year)
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = np.where(ok, pairs.first, np.nan), np.where(ok, pairs.last, np.nan)
        value = way.compute(a, b, span)
        if rounding is None:
            return value, np.full(a.size, np.nan), np.full(a.size, np.nan)
        a_low, a_high = _within(a, _units(rounding, pairs.start_year))
        b_low, b_high = _within(b, _units(rounding, pairs.end_year))
        corners = np.array([way.compute(x, y, span) for x in (a_low, a_high) for y in (b_low, b_high)])
        bounded = ok & (a_low > 0) if way.needs_base else ok
        return (
            value,
            np.where(bounded, corners.min(axis=0), np.nan),
            np.where(bounded, corners.max(axis=0), np.nan),
        )


def _word(status: str) -> str:
    return {"suppressed": "withheld by the publisher", "not_applicable": "not applicable"}.get(status, "missing")


def as_long(data: pd.DataFrame | pd.Series) -> pd.DataFrame:
    if isinstance(data, pd.Series):
        data = pd.DataFrame({"year": data.index, "value": data.to_numpy()})
    if not isinstance(data, pd.DataFrame):
        raise BadInput("the data must be a table with columns year and value, or a Series on years")
    for column in ("year", "value"):
        if column not in data:
            raise BadInput(f"the data have no column {column!r}; they have {', '.join(map(str, data.columns))}")
    return data


def years_of(long: pd.DataFrame) -> np.ndarray:
    try:
        years = pd.to_numeric(long["year"], errors="raise").astype("int64")
    except (TypeError, ValueError):
        raise BadInput("every year must be a whole number, the year ending 31 March, such as 2015") from None
    return np.unique(years.to_numpy())


def _pairs(start: Years, end: Years, years: np.ndarray) -> tuple[np.ndarray, ...]:
    if not len(years) and (start is None or end is None):
        raise BadInput("the data are empty, so the years to compare must be given")
    start = years[0] if start is None else start
    end = years[-1] if end is None else end
    try:
        starts, ends = np.broadcast_arrays(np.atleast_1d(np.asarray(start)), np.atleast_1d(np.asarray(end)))
        if starts.ndim != 1 or starts.dtype.kind not in "iu" or ends.dtype.kind not in "iu":
            raise ValueError
    except ValueError:
        raise BadInput(f"start is {start!r} and end is {end!r}; give whole years, or two lists of one length") from None
    return starts, ends


def _breaks(breaks: Breaks) -> list[Crossing] | None:
    """Whether a pair of years crosses each break that was given, in their order; None where none were."""
    if breaks is None:
        return None
    try:
        if isinstance(breaks, Mapping):
            spans = [(int(year), events.NEVER, _sentence(what)) for year, what in breaks.items()]
        else:
            spans = [_span(each) for each in breaks]
    except (TypeError, ValueError, KeyError):
        raise BadInput(
            "breaks must give a sentence for each year, such as {2010: 'The collection changed.'}, or first, last and "
            "what of each"
        ) from None
    return [(partial(_steps_over, first, last), what) for first, last, what in sorted(spans)]


def _span(each: Mapping[str, Any]) -> tuple[int, int, str]:
    first = each["first"] if "first" in each else each["year"]
    return int(first), int(each.get("last", events.NEVER)), _sentence(each["what"])


def _sentence(what: object) -> str:
    if not isinstance(what, str) or not what.strip():
        raise ValueError
    return what


def _steps_over(first: int, last: int, low: int, high: int) -> bool:
    """Whether one of two years is within a span and the other is not."""
    return (first <= low <= last) != (first <= high <= last)


def _asked(
    long: pd.DataFrame, areas: pd.DataFrame, rows: np.ndarray, pairs: Pairs, ok: np.ndarray, of: str | None
) -> list[comparability.Comparison | None] | None:
    """What the rule says of each pair of two years that have a figure; None where it is not known what these are."""
    name = of if of is not None else _called(long)
    if name is None:
        return None
    parts = parts_of(name)
    if "area_code" not in areas:
        raise BadInput(f"of is {name!r}, so the data need the column area_code: whether years compare goes by area")
    releases = _releases(long)
    found: list[comparability.Comparison | None] = [None] * pairs.first.size
    for i in np.flatnonzero(ok & (pairs.start_year != pairs.end_year)):
        code = areas["area_code"].iloc[rows[i]]
        earlier, later = sorted((int(pairs.start_year[i]), int(pairs.end_year[i])))
        here = [releases.get((code, year)) for year in (earlier, later)]
        found[i] = comparable(name, code, earlier, later, _footing(parts, code, (earlier, later), here))
    return found


def _called(long: pd.DataFrame) -> str | None:
    """The measure or the indicator that the data say they are, as those of `load` and `indicator` do."""
    held = [str(each) for column in ("measure", "indicator") if column in long for each in pd.unique(long[column])]
    return held[0] if len(held) == 1 else None


def _releases(long: pd.DataFrame) -> dict[tuple[str, int], str]:
    """(area, year) -> the releases that the data name for it."""
    column = next((each for each in ("release", "releases") if each in long), None)
    if column is None:
        return {}
    years = pd.to_numeric(long["year"]).astype("int64")
    return dict(zip(zip(long["area_code"], years, strict=True), long[column], strict=True))


def _footing(parts: Sequence[str], code: str, years: tuple[int, int], named: list[str | None]) -> str:
    """The release by which the figures of two years were picked: `latest` unless they name other ones."""
    if None in named:
        return LATEST
    alone = {each for each in named if each and " " not in each}
    for release in (LATEST, AS_PUBLISHED, *(alone if len(alone) == 1 else ())):
        if [comparability.releases_of(parts, code, year, release) for year in years] == named:
            return release
    return LATEST


def _like_for_like(
    asked: list[comparability.Comparison | None], pairs: Pairs, way: Way
) -> dict[str, np.ndarray | list[str]]:
    """The same comparison over the same authorities in both years, how many these are, and who is left out."""
    both = [None if found is None else found["like_for_like"] for found in asked]
    earlier = np.array([np.nan if like is None else like["earlier"] for like in both])
    later = np.array([np.nan if like is None else like["later"] for like in both])
    backwards = pairs.end_year < pairs.start_year
    first, last = np.where(backwards, later, earlier), np.where(backwards, earlier, later)
    if way.needs_base:
        first = np.where(first > 0, first, np.nan)
    if way.needs_span:
        first = np.where(backwards, np.nan, first)
    return {
        "like_for_like": way.compute(first, last, np.maximum(pairs.end_year - pairs.start_year, 1)),
        "like_for_like_areas": np.array([0 if like is None else like["areas"] for like in both]),
        "left_out": ["" if like is None else "; ".join(like["left_out"]) for like in both],
    }


def _grid(long: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray, np.ndarray, dict[int, int]]:
    """Values and statuses as areas by years, the areas in order of appearance."""
    years = years_of(long)
    year_at = {int(y): i for i, y in enumerate(years)}
    columns = np.searchsorted(years, pd.to_numeric(long["year"]).astype("int64").to_numpy())
    if "area_code" in long:
        rows, codes = pd.factorize(long["area_code"])
        areas = pd.DataFrame({"area_code": np.asarray(codes, dtype=object)})
        if "area_name" in long:
            # The last name an area went by.
            names = pd.Series(long["area_name"].to_numpy(object)).groupby(rows).last()
            areas["area_name"] = names.reindex(range(len(codes))).to_numpy()
    else:
        rows, areas = np.zeros(len(long), dtype=int), pd.DataFrame(index=range(1))
    values = np.full((len(areas), len(years)), np.nan)
    statuses = np.full(values.shape, "unavailable", dtype=object)
    twice = pd.DataFrame({"row": rows, "year": columns}).duplicated()
    if twice.any():
        where = long.loc[twice.to_numpy()].iloc[0]
        raise BadInput(
            f"{where.get('area_code', 'the series')} has two figures for {where['year']}; keep one measure "
            "and one release"
        )
    value = numbers(long["value"].reset_index(drop=True), "value")
    status = long["status"].to_numpy(object) if "status" in long else np.full(len(long), "reported", dtype=object)
    try:
        weakest(status)
    except (ValueError, TypeError):
        raise BadInput("status holds a value that is not in cptrends.data.status.STATUSES") from None
    # A number that is not there cannot be used, whatever its status claims.
    values[rows, columns] = value
    statuses[rows, columns] = np.where(np.isnan(value), weakest(status, "unavailable"), status)
    return areas, values, statuses, year_at


def _take(grid: np.ndarray, year_at: dict[int, int], years: np.ndarray, missing: Any) -> np.ndarray:
    out = np.full((len(grid), len(years)), missing, dtype=grid.dtype)
    for i, year in enumerate(years):
        if int(year) in year_at:
            out[:, i] = grid[:, year_at[int(year)]]
    return out


def _units(rounding: Rounding, years: np.ndarray) -> np.ndarray:
    if isinstance(rounding, (Mapping, pd.Series)):
        units = {int(year): unit for year, unit in rounding.items()}
        missing = sorted(set(years.tolist()) - set(units))
        if missing:
            raise BadInput(f"rounding says nothing about {missing[0]}; give a unit for every year (0 for exact)")
        found = numbers([units[int(year)] for year in years], "rounding")
    else:
        found = np.broadcast_to(numbers(rounding, "rounding"), len(years))
    if not (found >= 0).all():
        raise BadInput("rounding must be 0 (exact) or the unit that figures are rounded to, such as 10 or 100")
    return found


def _within(value: np.ndarray, unit: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and highest a rounded figure can have been; a count is never below zero."""
    low = value - unit / 2
    return np.where(value >= 0, np.maximum(low, 0), low), value + unit / 2
