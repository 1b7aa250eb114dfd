"""Taking a change apart: how much is more children, how much a higher rate, how much where they live."""

from collections.abc import Callable, Mapping
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cptrends import words
from cptrends.data.status import weakest
from cptrends.errors import BadInput
from cptrends.indicators.inputs import Missing, check_missing, judge, numbers, one_status, together


def decompose(
    start: Mapping[str, npt.ArrayLike],
    end: Mapping[str, npt.ArrayLike],
    *,
    combine: Callable[..., float] | None = None,
) -> pd.DataFrame:
    """How much of the difference between two times (or places) each of two to five factors makes.

    Each factor's part is the difference it makes while the others stand still, averaged over every
    mixture of start and end in which the others can stand. With two factors this is Kitagawa's
    decomposition, with more Das Gupta's. The parts add up to the whole change; there is no residual.

    Parameters
    ----------
    start, end : mapping of factor name to number or array
        The same two to five names in both. Arrays hold the cells of a table (ages, authorities),
        all of one length.
    combine : function or None
        Makes the figure out of the factors, called with their names as keywords. None multiplies
        them and, where they are arrays, adds up over the cells.

    Returns
    -------
    DataFrame
        factor, start, end (the figure standardised for all other factors), value (the part of the
        change, end less start), percent (of the whole change), method, status, note: a row per
        factor and a last one called "total" with the figures themselves.

    Raises
    ------
    BadInput
        If the names differ, there are fewer than two or more than five, or lengths differ.
        A missing number is not an exception: the rows say that they cannot be computed.

    Notes
    -----
    Kitagawa (1955), Journal of the American Statistical Association 50, 1168-1194; Das Gupta
    (1993), Standardization and Decomposition of Rates, US Bureau of the Census P23-186.

    Examples
    --------
    >>> decompose({"children": 11_000, "rate": 0.004}, {"children": 12_000, "rate": 0.005}).round(3)[
    ...     ["factor", "value", "percent"]]
         factor  value  percent
    0  children    4.5   28.125
    1      rate   11.5   71.875
    2     total   16.0  100.000
    """
    names = list(start)
    if set(names) != set(end):
        raise BadInput(f"start has the factors {', '.join(names)} and end has {', '.join(end)}; they must be the same")
    if not 2 <= len(names) <= 5:
        raise BadInput(f"there are {len(names)} factors; give two to five")
    a = {name: _cells(start[name], f"{name} at the start") for name in names}
    b = {name: _cells(end[name], f"{name} at the end") for name in names}
    lengths = {v.size for v in (*a.values(), *b.values()) if v.ndim}
    if len(lengths) > 1:
        raise BadInput(f"the factors have arrays of different lengths ({', '.join(map(str, sorted(lengths)))})")
    combine = _sum_of_products if combine is None else combine

    n, figure = len(names), {}
    for size in range(n + 1):
        for changed in combinations(names, size):
            mixture = {name: (b if name in changed else a)[name] for name in names}
            try:
                figure[frozenset(changed)] = float(combine(**mixture))
            except TypeError as error:
                raise BadInput(
                    f"combine must take {', '.join(names)} as keywords and return one number ({error})"
                ) from None
    rows = []
    for name in names:
        others = [other for other in names if other != name]
        standardised = [0.0, 0.0]
        for size in range(n):
            weight = 1 / (n * comb(n - 1, size))
            for changed in combinations(others, size):
                standardised[0] += weight * figure[frozenset(changed)]
                standardised[1] += weight * figure[frozenset((*changed, name))]
        rows.append({"factor": name, "start": standardised[0], "end": standardised[1]})
    rows.append({"factor": "total", "start": figure[frozenset()], "end": figure[frozenset(names)]})
    frame = pd.DataFrame(rows)
    frame["value"] = frame["end"] - frame["start"]
    whole = frame["value"].iloc[-1]
    missing = not np.isfinite(frame[["start", "end"]].to_numpy()).all()
    # A change this small against the figures is the rounding of floating-point sums.
    still = not missing and abs(whole) <= 1e-12 * max(abs(frame["start"].iloc[-1]), abs(frame["end"].iloc[-1]))
    frame["percent"] = np.nan if missing or still else 100 * frame["value"] / whole
    frame["method"] = "" if missing else ("Kitagawa" if n == 2 else "Das Gupta")
    frame["status"] = "unavailable" if missing else "derived"
    frame["note"] = (
        "Not computed: a factor is missing."
        if missing
        else "The figure did not change, so there are no percentages."
        if still
        else ""
    )
    if missing:
        frame[["start", "end", "value"]] = np.nan
    return frame


def children_rate_place(
    count_start: npt.ArrayLike,
    children_start: npt.ArrayLike,
    count_end: npt.ArrayLike,
    children_end: npt.ArrayLike,
    *,
    status: npt.ArrayLike | None = None,
    missing: Missing = "carry",
) -> pd.DataFrame:
    """How much of a rise is more children, how much a higher rate, how much where they live.

    England's number of plans (say) is all children times each authority's share of them times each
    authority's rate. The change between two years is taken apart into those three: more children
    everywhere; children moving towards places with high or low rates; and rates themselves, with
    neither.

    Parameters
    ----------
    count_start, children_start, count_end, children_end : array or Series
        One figure per authority, the same authorities in the same order in both years.
    status : str, array of str or None
        The weakest status of each authority's four figures.
    missing : {"carry", "leave_out"}
        With "carry" one authority without a figure leaves no result and says why; with "leave_out"
        the result is for the others in both years and says how many were left out.

    Returns
    -------
    DataFrame
        factor ("children", "where they live", "rate", "total"), start, end, value, percent,
        areas, left_out, method, status, note.

    Raises
    ------
    BadInput
        If the inputs differ in length or index.

    Examples
    --------
    >>> children_rate_place([50, 30], [10_000, 10_000], [60, 40], [10_000, 12_000]).round(2)[
    ...     ["factor", "value"]]
                factor  value
    0         children   8.56
    1  where they live  -2.23
    2             rate  13.68
    3            total  20.00
    """
    check_missing(missing)
    columns, status, index = together(
        status, count_start=count_start, children_start=children_start, count_end=count_end, children_end=children_end
    )
    faults = [(np.isnan(v), "unavailable", name) for name, v in columns.items()]
    faults += [(columns[c] <= 0, "not_applicable", c) for c in ("children_start", "children_end")]
    ok, status, _ = judge(len(index), status, *faults)
    gone = int((~ok).sum())
    if not ok.any() or (gone and missing == "carry"):
        frame = pd.DataFrame({"factor": ["children", "where they live", "rate", "total"]})
        for column in ("start", "end", "value", "percent"):
            frame[column] = np.nan
        return frame.assign(
            areas=int(ok.sum()),
            left_out=gone,
            method="",
            status=one_status(status[~ok]) if gone else "unavailable",
            note=f"Not computed: {gone} of {len(ok)} areas have no figure in one of the years.",
        )
    used = {name: v[ok] for name, v in columns.items()}
    times = []
    for when in ("start", "end"):
        children, count = used[f"children_{when}"], used[f"count_{when}"]
        times.append({"children": children.sum(), "place": children / children.sum(), "rate": count / children})
    frame = decompose(*times)
    frame["factor"] = frame["factor"].replace({"place": "where they live"})
    frame.insert(list(frame.columns).index("method"), "areas", int(ok.sum()))
    frame.insert(list(frame.columns).index("method"), "left_out", gone)
    frame["status"] = one_status(status[ok])
    if gone:
        frame["note"] = (frame["note"] + f" {gone} of {len(ok)} areas left out of both years.").str.strip()
    return frame


def drivers(counts: pd.DataFrame, children: pd.DataFrame, start: int, end: int) -> pd.DataFrame:
    """What drove a count between two years, from figures by authority: children, rates, where children live.

    Parameters
    ----------
    counts, children : DataFrame
        Long tables with area_code, area_name, year, value and status: authorities only, as
        `cptrends.data.load` gives them with ``area="authorities"``.
    start, end : int
        Years ending 31 March.

    Returns
    -------
    DataFrame
        As `children_rate_place`, with start_year, end_year, left_out_areas (names) and covered (percent of the
        count at the end, as far as authorities have figures, that lies in the areas compared). An authority
        without both figures in both years, among them those split or merged in between, is left out.

    Raises
    ------
    BadInput
        If a column is missing, an authority comes twice in a year, or no figure is there for one of the years.

    Examples
    --------
    >>> plans = pd.DataFrame({"area_code": list("ABAB"), "area_name": list("ABAB"), "year": [2013, 2013, 2018, 2018],
    ...     "value": [50.0, 30.0, 60.0, 40.0], "status": "reported"})
    >>> children = plans.assign(value=[10_000.0, 10_000.0, 10_000.0, 12_000.0])
    >>> drivers(plans, children, 2013, 2018).round(2)[["factor", "value", "areas"]]
                factor  value  areas
    0         children   8.56      2
    1  where they live  -2.23      2
    2             rate  13.68      2
    3            total  20.00      2
    """
    wide = {}
    for what, table in (("count", counts), ("children", children)):
        for column in ("area_code", "area_name", "year", "value", "status"):
            if column not in table:
                raise BadInput(f"the {what} table has no column {column!r}")
        if table.duplicated(["area_code", "year"]).any():
            raise BadInput(f"the {what} table has two figures for an area and year; keep one measure and one release")
        for when, year in (("start", start), ("end", end)):
            rows = table[table["year"] == year].set_index("area_code")
            if not len(rows):
                raise BadInput(f"the {what} table has no figure for {year}")
            wide[f"{what}_{when}"], wide[f"status_{what}_{when}"] = rows["value"], rows["status"]
    table = pd.DataFrame(wide).sort_index()
    status = weakest(*(table[c].fillna("unavailable").to_numpy(object) for c in table if c.startswith("status_")))
    figures = table[[c for c in table if not c.startswith("status_")]]
    out = children_rate_place(
        *(figures[f"{what}_{when}"] for when in ("start", "end") for what in ("count", "children")),
        status=status,
        missing="leave_out",
    )
    whole = figures.notna().all(axis=1)
    names = pd.concat([counts, children]).drop_duplicates("area_code", keep="last").set_index("area_code")["area_name"]
    out.insert(0, "start_year", start)
    out.insert(1, "end_year", end)
    out["left_out_areas"] = ", ".join(names.reindex(figures.index[~whole]))
    out["covered"] = 100 * figures.loc[whole, "count_end"].sum() / figures["count_end"].sum()
    return out


def in_words(parts: pd.DataFrame, noun: str) -> str:
    """A decomposition in a sentence.

    Parameters
    ----------
    parts : DataFrame
        From `decompose`, `children_rate_place` or `drivers`: factor and value, with the total last.
    noun : str
        What was counted, in the plural.

    Returns
    -------
    str

    Examples
    --------
    >>> parts = children_rate_place([50, 30], [10_000, 10_000], [60, 40], [10_000, 12_000])
    >>> in_words(parts, "plans")
    'Of the change of +20 plans, children make +9, where they live −2 and rate +14.'
    """
    if parts["value"].isna().any():
        return f"What drove {noun} cannot be told: a figure is missing."
    by_factor = [
        f"{factor} {'make ' if n == 0 else ''}{words.signed(value)}"
        for n, (factor, value) in enumerate(zip(parts["factor"], parts["value"], strict=True))
        if factor != "total"
    ]
    return f"Of the change of {words.signed(parts['value'].iloc[-1])} {noun}, {words.listed(by_factor)}."


def _sum_of_products(**factors: np.ndarray) -> float:
    product = np.prod(np.broadcast_arrays(*factors.values()), axis=0)
    return product.sum()


def _cells(values: npt.ArrayLike, name: str) -> Any:
    array = numbers(values, name)
    return array[0] if np.ndim(values) == 0 else array
