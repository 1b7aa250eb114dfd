"""Change between years: difference, percent, yearly rate, index; breaks said, rounding carried through."""

import numpy as np
import pandas as pd

from cptrends.errors import BadInput
from cptrends.indicators.pairs_of_years import Breaks, Rounding, Way, Years, as_long, compare, years_of


def change(
    data: pd.DataFrame | pd.Series,
    start: Years = None,
    end: Years = None,
    *,
    rounding: Rounding | None = None,
    breaks: Breaks = None,
    of: str | None = None,
) -> pd.DataFrame:
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
    breaks : mapping of year to sentence, or list of {"first", "last", "what"}, or None
        Known breaks: figures from the first year on, and up to the last where it ends again, do not
        compare with others. A comparison that goes into one or comes out of it carries the sentence
        in its note. None asks `cptrends.comparable`, where it is known what the figures are; breaks
        that are given are taken instead of it, and `()` is for none.
    of : str, optional
        The measure or indicator that the figures are of. Left out, it is the column measure or
        indicator, as the tables of `cptrends.load` and `cptrends.indicator` have it.

    Returns
    -------
    DataFrame
        area_code, area_name (where given), start_year, end_year, start_value, end_value, value,
        lower, upper, method, status, note: a row per area and comparison. Where `comparable` is
        asked its sentence is in the note, a pair that it answers with no has no value, and before
        value stand like_for_like (the comparison over the authorities with a figure of their own in
        both years; NaN where there is none), like_for_like_areas (how many) and left_out (names).

    Raises
    ------
    BadInput
        If a column is missing, an area has two figures for a year, no measure or indicator is
        called `of`, or the years, rounding or breaks are not usable. A missing figure is never an
        exception: the row says what is missing.

    Examples
    --------
    >>> plans = pd.Series({2010: 39_100, 2015: 49_690})
    >>> change(plans, rounding={2010: 100, 2015: 10})[["value", "lower", "upper"]]
         value    lower    upper
    0  10590.0  10535.0  10645.0
    """
    way = Way("difference", lambda first, last, _: last - first)
    return compare(data, start, end, way, rounding=rounding, breaks=breaks, of=of)


def percent_change(
    data: pd.DataFrame | pd.Series,
    start: Years = None,
    end: Years = None,
    *,
    rounding: Rounding | None = None,
    breaks: Breaks = None,
    of: str | None = None,
) -> pd.DataFrame:
    """How much a figure rose or fell between two years, in percent of the first.

    Parameters, returns and errors are those of `change`.

    Parameters
    ----------
    data, start, end, rounding, breaks, of : as for `change`

    Examples
    --------
    >>> plans = pd.Series({2002: 27_800, 2015: 62_210})
    >>> percent_change(plans, 2002, 2015, rounding={2002: 100, 2015: 10}).round(2)[["value", "lower", "upper"]]
        value   lower   upper
    0  123.78  123.36  124.2
    >>> percent_change(plans, 2002, 2015, breaks={2010: "The collection changed in 2009/10."})["note"][0]
    'The collection changed in 2009/10.'
    """
    way = Way("percent change", lambda first, last, _: 100 * (last / first - 1), needs_base=True)
    return compare(data, start, end, way, rounding=rounding, breaks=breaks, of=of)


def compound_annual_rate(
    data: pd.DataFrame | pd.Series,
    start: Years = None,
    end: Years = None,
    *,
    rounding: Rounding | None = None,
    breaks: Breaks = None,
    of: str | None = None,
) -> pd.DataFrame:
    """The steady yearly growth, in percent, that leads from the first figure to the last.

    Only the two end years count; what happened between them does not. Parameters, returns and
    errors are those of `change`.

    Parameters
    ----------
    data, start, end, rounding, breaks, of : as for `change`

    Examples
    --------
    >>> compound_annual_rate(pd.Series({2010: 100, 2012: 121})).round(2)[["value", "method"]]
       value                method
    0   10.0  compound annual rate
    """
    way = Way(
        "compound annual rate",
        lambda first, last, span: 100 * ((last / first) ** (1 / span) - 1),
        needs_base=True,
        needs_span=True,
    )
    return compare(data, start, end, way, rounding=rounding, breaks=breaks, of=of)


def index_to_base(
    data: pd.DataFrame | pd.Series,
    base: int,
    *,
    to: float = 100,
    rounding: Rounding | None = None,
    breaks: Breaks = None,
    of: str | None = None,
) -> pd.DataFrame:
    """Every year as an index: the base year is `to` (100).

    Parameters
    ----------
    data : as for `change`
    base : int
        The base year.
    to : float
        What the base year is set to.
    rounding, breaks, of : as for `change`

    Returns
    -------
    DataFrame
        area_code, area_name (where given), year, value, lower, upper, base_year, base_value,
        end_value, method, status, note: a row per area and year; and like for like as `change`.

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
    years = years_of(as_long(data))
    way = Way("index", lambda first, last, _: to * last / first, needs_base=True)
    result = compare(data, [base] * len(years), list(years), way, rounding=rounding, breaks=breaks, of=of)
    at_base = (result["end_year"] == base) & result["value"].notna()
    # The base year is the base exactly, whatever its rounding: figure and base are the same number.
    result.loc[at_base, "value"] = float(to)
    if rounding is not None:
        result.loc[at_base, ["lower", "upper"]] = float(to)
    result = result.rename(columns={"start_year": "base_year", "start_value": "base_value", "end_year": "year"})
    first = [c for c in ("area_code", "area_name") if c in result] + ["year", "value", "lower", "upper"]
    return result[first + [c for c in result if c not in first]]
