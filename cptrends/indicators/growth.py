"""Change between years: difference, percent, yearly rate, index; breaks said, rounding carried through."""

import numpy as np
import pandas as pd

from cptrends.data.status import weakest
from cptrends.errors import BadInput
from cptrends.indicators.inputs import judge, numbers


def change(data, start=None, end=None, *, rounding=None, breaks=()):
    """How much a figure rose or fell between two years, in its own unit.

    Parameters
    ----------
    data : DataFrame or Series
        Long table with columns year, value and, where there are any, area_code, area_name and
        status (what `cptrends.data.load` gives); or a Series on years.
    start, end : int, list of int, or None
        Years ending 31 March. Lists of one length give several comparisons; None is the first or
        last year of the data.
    rounding : float, mapping of year to float, or None
        The unit the published figures are rounded to, such as 10, or ``{2010: 100, 2025: 10}``.
        With it, lower and upper bound what the change can be given that rounding: exact interval
        arithmetic, each figure lying within half a unit of what was printed. It is not a confidence
        interval.
    breaks : mapping of year to sentence, or list of {"year", "what"} as in measures.toml
        Known breaks: figures from that year on do not compare with earlier ones. A comparison
        across one carries the sentence in its note.

    Returns
    -------
    DataFrame
        area_code, area_name (where given), start_year, end_year, start_value, end_value, value,
        lower, upper, method, status, note: a row per area and comparison.

    Raises
    ------
    BadInput
        If a column is missing, an area has two figures for a year, or the years, rounding or
        breaks are not usable. A missing figure is never an exception: the row says what is missing.

    Examples
    --------
    >>> plans = pd.Series({2010: 39_100, 2015: 49_690})
    >>> change(plans, rounding={2010: 100, 2015: 10})[["value", "lower", "upper"]]
         value    lower    upper
    0  10590.0  10535.0  10645.0
    """

    def compute(first, last, span):
        return last - first

    return _compare(data, start, end, rounding, breaks, "difference", compute)


def percent_change(data, start=None, end=None, *, rounding=None, breaks=()):
    """How much a figure rose or fell between two years, in percent of the first.

    Parameters, returns and errors are those of `change`.

    Examples
    --------
    >>> plans = pd.Series({2002: 27_800, 2015: 62_210})
    >>> percent_change(plans, 2002, 2015, rounding={2002: 100, 2015: 10}).round(2)[["value", "lower", "upper"]]
        value   lower   upper
    0  123.78  123.36  124.2
    >>> percent_change(plans, 2002, 2015, breaks={2010: "The collection changed in 2009/10."})["note"][0]
    'The collection changed in 2009/10.'
    """

    def compute(first, last, span):
        return 100 * (last / first - 1)

    return _compare(data, start, end, rounding, breaks, "percent change", compute, needs_base=True)


def compound_annual_rate(data, start=None, end=None, *, rounding=None, breaks=()):
    """The steady yearly growth, in percent, that leads from the first figure to the last.

    Only the two end years count; what happened between them does not. Parameters, returns and
    errors are those of `change`.

    Examples
    --------
    >>> compound_annual_rate(pd.Series({2010: 100, 2012: 121})).round(2)[["value", "method"]]
       value                method
    0   10.0  compound annual rate
    """

    def compute(first, last, span):
        with np.errstate(invalid="ignore"):
            return 100 * ((last / first) ** (1 / span) - 1)

    return _compare(
        data, start, end, rounding, breaks, "compound annual rate", compute, needs_base=True, needs_span=True
    )


def index_to_base(data, base, *, to=100, rounding=None, breaks=()):
    """Every year as an index: the base year is `to` (100).

    Parameters
    ----------
    data, rounding, breaks : as for `change`
    base : int
        The base year.
    to : float
        What the base year is set to.

    Returns
    -------
    DataFrame
        area_code, area_name (where given), year, value, lower, upper, base_year, base_value,
        end_value, method, status, note: a row per area and year.

    Raises
    ------
    BadInput
        As `change`.

    Examples
    --------
    >>> index_to_base(pd.Series({2010: 50, 2011: 55, 2012: 60}), 2010)[["year", "value"]]
       year  value
    0  2010  100.0
    1  2011  110.0
    2  2012  120.0
    """
    if not isinstance(to, (int, float, np.integer, np.floating)) or not np.isfinite(to) or to <= 0:
        raise BadInput(f"to is {to!r}; the base year must be set to a number above zero, such as 100")
    years = _years_of(_as_long(data))

    def compute(first, last, span):
        return to * last / first

    result = _compare(data, [base] * len(years), list(years), rounding, breaks, "index", compute, needs_base=True)
    at_base = (result["end_year"] == base) & result["value"].notna()
    # The base year is the base exactly, whatever its rounding: figure and base are the same number.
    result.loc[at_base, "value"] = float(to)
    if rounding is not None:
        result.loc[at_base, ["lower", "upper"]] = float(to)
    result = result.rename(columns={"start_year": "base_year", "start_value": "base_value", "end_year": "year"})
    first = [c for c in ("area_code", "area_name") if c in result] + ["year", "value", "lower", "upper"]
    return result[first + [c for c in result if c not in first]]


def _compare(data, start, end, rounding, breaks, method, compute, *, needs_base=False, needs_span=False):
    long = _as_long(data)
    starts, ends = _pairs(start, end, _years_of(long))
    breaks = _breaks(breaks)
    areas, values, statuses, year_at = _grid(long)
    first, last = _take(values, year_at, starts, np.nan), _take(values, year_at, ends, np.nan)
    status = weakest(_take(statuses, year_at, starts, "unavailable"), _take(statuses, year_at, ends, "unavailable"))
    size, pairs = first.size, len(starts)
    start_year, end_year = np.tile(starts, len(areas)), np.tile(ends, len(areas))
    first, last, status = first.ravel(), last.ravel(), np.asarray(status, dtype=object).ravel()

    gap_first, gap_last = np.isnan(first), np.isnan(last)
    faults = []
    if needs_base:
        faults += [
            (first == 0, "not_applicable", "The first figure is zero, so no percentage of it can be taken."),
            (first < 0, "not_applicable", "The first figure is below zero; a percentage of it has no meaning."),
        ]
    if needs_span:
        faults += [
            (last < 0, "not_applicable", "The last figure is below zero, so there is no yearly rate."),
            (end_year <= start_year, "not_applicable", "The last year must come after the first."),
        ]
    ok, status, note = judge(size, status, *faults)
    for i in np.flatnonzero(gap_first | gap_last):
        missing = [str(year) for year, gap in ((start_year[i], gap_first[i]), (end_year[i], gap_last[i])) if gap]
        note[i] = f"Not computed: the figure for {' and '.join(dict.fromkeys(missing))} is {_word(status[i])}."

    span = np.where(end_year == start_year, 1, end_year - start_year)
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = np.where(ok, first, np.nan), np.where(ok, last, np.nan)
        value = compute(a, b, span)
        lower, upper = np.full(size, np.nan), np.full(size, np.nan)
        bounded = ok.copy()
        if rounding is not None:
            a_low, a_high = _within(a, _units(rounding, start_year))
            b_low, b_high = _within(b, _units(rounding, end_year))
            corners = np.array([compute(x, y, span) for x in (a_low, a_high) for y in (b_low, b_high)])
            if needs_base:
                bounded &= a_low > 0
            lower = np.where(bounded, corners.min(axis=0), np.nan)
            upper = np.where(bounded, corners.max(axis=0), np.nan)
    how = np.where(ok, method, "").astype(object)
    if rounding is not None:
        how[bounded] = f"{method}, bounds from the rounding of the published figures"
        note[ok & ~bounded] = "The first figure is too small for its rounding: no bounds can be given."
    for year, sentence in breaks:
        crossed = ok & (np.minimum(start_year, end_year) < year) & (year <= np.maximum(start_year, end_year))
        note[crossed] = [(f"{n} {sentence}").strip() for n in note[crossed]]
    frame = {}
    rows = np.repeat(np.arange(len(areas)), pairs)
    for column in areas:
        frame[column] = areas[column].to_numpy()[rows]
    frame.update(
        start_year=start_year,
        end_year=end_year,
        start_value=first,
        end_value=last,
        value=value,
        lower=lower,
        upper=upper,
        method=how,
        status=status,
        note=note,
    )
    return pd.DataFrame(frame)


def _word(status):
    return {"suppressed": "withheld by the publisher", "not_applicable": "not applicable"}.get(status, "missing")


def _as_long(data):
    if isinstance(data, pd.Series):
        data = pd.DataFrame({"year": data.index, "value": data.to_numpy()})
    if not isinstance(data, pd.DataFrame):
        raise BadInput("the data must be a table with columns year and value, or a Series on years")
    for column in ("year", "value"):
        if column not in data:
            raise BadInput(f"the data have no column {column!r}; they have {', '.join(map(str, data.columns))}")
    return data


def _years_of(long):
    try:
        years = pd.to_numeric(long["year"], errors="raise").astype("int64")
    except (TypeError, ValueError):
        raise BadInput("every year must be a whole number, the year ending 31 March, such as 2015") from None
    return np.unique(years.to_numpy())


def _pairs(start, end, years):
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


def _breaks(breaks):
    try:
        pairs = breaks.items() if hasattr(breaks, "items") else [(b["year"], b["what"]) for b in breaks]
        return sorted((int(year), str(sentence)) for year, sentence in pairs)
    except (TypeError, ValueError, KeyError):
        raise BadInput("breaks must give a sentence for each year, such as {2010: 'The collection changed.'}") from None


def _grid(long):
    """Values and statuses as areas by years, the areas in order of appearance."""
    years = _years_of(long)
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


def _take(grid, year_at, years, missing):
    out = np.full((len(grid), len(years)), missing, dtype=grid.dtype)
    for i, year in enumerate(years):
        if int(year) in year_at:
            out[:, i] = grid[:, year_at[int(year)]]
    return out


def _units(rounding, years):
    if hasattr(rounding, "get"):
        units = {int(year): unit for year, unit in rounding.items()}
        missing = sorted(set(years.tolist()) - set(units))
        if missing:
            raise BadInput(f"rounding says nothing about {missing[0]}; give a unit for every year (0 for exact)")
        rounding = [units[int(year)] for year in years]
    units = np.broadcast_to(numbers(rounding, "rounding"), len(years))
    if not (units >= 0).all():
        raise BadInput("rounding must be 0 (exact) or the unit that figures are rounded to, such as 10 or 100")
    return units


def _within(value, unit):
    """The lowest and highest a rounded figure can have been; a count is never below zero."""
    low = value - unit / 2
    return np.where(value >= 0, np.maximum(low, 0), low), value + unit / 2
