"""Spending per child or per episode, and how it is spread over authorities.

Spending is what authorities report in the section 251 outturn. Whether it is gross or net of
income, and in cash or in the prices of one year, changes the answer; both must be said.
"""

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from cptrends.data import areas, booked
from cptrends.data.figures import LATEST
from cptrends.data.status import weakest
from cptrends.errors import BadInput
from cptrends.indicators import coverage
from cptrends.indicators.inputs import numbers
from cptrends.indicators.rates import ratio

BASES = ("gross", "net")


def real_terms(amount: npt.ArrayLike, year: npt.ArrayLike, deflator: pd.Series, base_year: int) -> np.ndarray:
    """Amounts of several years in the prices of one.

    Parameters
    ----------
    amount : number, array or Series
        Pounds, cash.
    year : int or array of int
        The year each was spent, ending 31 March.
    deflator : Series
        Price index on years; its base does not matter.
    base_year : int
        The year whose prices to use.

    Returns
    -------
    array
        Pounds in prices of `base_year`; NaN where the deflator has no such year.

    Raises
    ------
    BadInput
        If the deflator lacks the base year, has a year twice or is not above zero.

    Examples
    --------
    >>> real_terms([100, 100], [2013, 2015], pd.Series({2013: 96.0, 2015: 100.0}), 2015).round(2)
    array([104.17, 100.  ])
    """
    if not isinstance(deflator, pd.Series) or deflator.index.has_duplicates:
        raise BadInput("the deflator must be a Series with one price index for each year")
    index = pd.Series(numbers(deflator, "deflator"), index=deflator.index)
    if base_year not in index.index or np.isnan(index[base_year]):
        raise BadInput(f"the deflator has no figure for {base_year}; it covers {_span(index.dropna().index)}")
    if (index <= 0).any():
        raise BadInput("a price index must be above zero in every year")
    factor = index[base_year] / index.reindex(np.atleast_1d(year)).to_numpy()
    return numbers(amount, "amount") * factor


def spend_per(
    spend: pd.DataFrame,
    denominator: pd.DataFrame,
    *,
    basis: Literal["gross", "net"],
    per_what: str,
    prices: Literal["cash", "real"] = "cash",
    deflator: pd.Series | None = None,
    base_year: int | None = None,
) -> pd.DataFrame:
    """Spending for each child in need, episode or child, by area and year.

    Parameters
    ----------
    spend, denominator : DataFrame
        Long tables with area_code, year, value and, where there are any, area_name and status
        (what `cptrends.data.load` gives). Pounds in cash, and children or episodes.
    basis : {"gross", "net"}
        What the spending is: before or after income. Required.
    per_what : str
        What it is divided by, in words: "episode of need", "child in need at 31 March",
        "child aged 0 to 17".
    prices : {"cash", "real"}
        "real" needs `deflator` and `base_year`.
    deflator, base_year : as for `real_terms`

    Returns
    -------
    DataFrame
        area_code, area_name, year, value, lower, upper (missing: money has no interval),
        numerator (in the prices said), denominator, basis, prices, per_what, left_out, without,
        method, status, note. A row for each area and year found in either table. `left_out` says why
        an area may not stand as lowest, median or highest ("" where it may): the two tiny
        authorities by name, those with no figure, and those whose spending may be booked on another
        line (see `cptrends.data.booked`; an odd year only where `spend` has a column measure).
        `without` names the authorities that England or a region is given without, because one table
        lacks them (see `cptrends.indicators.coverage`).

    Raises
    ------
    BadInput
        If a column is missing, an area and year come twice, or basis, prices or the deflator are
        not usable.

    Examples
    --------
    >>> spend = pd.DataFrame({"area_code": ["A"], "year": [2015], "value": [2_000_000.0]})
    >>> episodes = pd.DataFrame({"area_code": ["A"], "year": [2015], "value": [1_000.0]})
    >>> spend_per(spend, episodes, basis="gross", per_what="episode of need")[["value", "basis", "prices"]]
        value  basis prices
    0  2000.0  gross   cash
    """
    if basis not in BASES:
        raise BadInput(f"basis is {basis!r}; say whether the spending is 'gross' or 'net'")
    if prices not in ("cash", "real"):
        raise BadInput(f"prices is {prices!r}; it must be 'cash' or 'real'")
    top, bottom = _tidy(spend, "spend"), _tidy(denominator, "denominator")
    both = top.merge(bottom, on=["area_code", "year"], how="outer", suffixes=("", "_bottom"), sort=True)
    both["area_name"] = both["area_name"].fillna(both["area_name_bottom"]).fillna("")
    both = coverage.apply(both, coverage.corrections(top, bottom, spent=True))
    amount, said = both["value"].to_numpy(float), "cash"
    if prices == "real":
        if deflator is None or base_year is None:
            raise BadInput("real terms need a deflator and a base_year")
        said = f"real, prices of {base_year - 1}-{base_year % 100:02d}"
        amount = real_terms(amount, both["year"].to_numpy(), deflator, base_year)
    status = weakest(
        both["status"].fillna("unavailable").to_numpy(object),
        both["status_bottom"].fillna("unavailable").to_numpy(object),
    )
    gone = (np.isnan(both["value"]) | np.isnan(both["value_bottom"])).to_numpy()
    status = np.where(gone, weakest(status, "unavailable"), status) if len(both) else status
    result = ratio(amount, both["value_bottom"].to_numpy(float), status=status)
    for position, column in enumerate(("area_code", "area_name", "year")):
        result.insert(position, column, both[column].to_numpy())
    at = list(result.columns).index("method")
    result.insert(at, "basis", basis)
    result.insert(at + 1, "prices", said)
    result.insert(at + 2, "per_what", per_what)
    result.insert(at + 3, "left_out", _left_out(result, spend))
    result.insert(at + 4, "without", both["without"].to_numpy())
    result["note"] = (result["note"] + " " + both["coverage_note"].to_numpy()).str.strip()
    return result


def _left_out(table: pd.DataFrame, spend: pd.DataFrame) -> np.ndarray:
    reasons = np.full(len(table), "", dtype=object)
    name = np.where(table["area_name"] == "", table["area_code"], table["area_name"])
    odd = _odd(spend)
    for i, place in enumerate(zip(table["area_code"], table["year"], strict=True)):
        if pd.isna(table["value"].iloc[i]):
            reasons[i] = f"{name[i]}: {table['note'].iloc[i] or 'no figure.'}"
        elif booked.elsewhere(table["numerator"].iloc[i]):
            reasons[i] = booked.lacking(name[i])
        else:
            reasons[i] = odd.get(place, "")
    for code in areas.TINY:
        # They count for England.
        reasons[(table["area_code"] == code).to_numpy()] = (
            f"{areas.name(code)}: so few children that spending per child says little."
        )
    return reasons


def _odd(spend: pd.DataFrame) -> dict[tuple[str, int], str]:
    """What is said of each authority and year whose spending stands apart, where the table says what was spent."""
    measures = spend["measure"].unique() if "measure" in spend else []
    found = [odd for measure in measures for odd in booked.odd_years(measure, LATEST)]
    return {(code, odd.year): odd.what for odd in found if len(odd.own) == 1 for code in odd.own}


def _tidy(table: pd.DataFrame, what: str) -> pd.DataFrame:
    if not isinstance(table, pd.DataFrame):
        raise BadInput(f"{what} must be a table with columns area_code, year and value")
    for column in ("area_code", "year", "value"):
        if column not in table:
            raise BadInput(f"{what} has no column {column!r}; it has {', '.join(map(str, table.columns))}")
    tidy = pd.DataFrame(
        {
            "area_code": table["area_code"].to_numpy(object),
            "year": table["year"].to_numpy("int64"),
            "value": numbers(table["value"], f"{what} value"),
        }
    )
    tidy["area_name"] = table["area_name"].to_numpy(object) if "area_name" in table else None
    tidy["area_name"] = tidy["area_name"].astype(object)
    found = np.where(np.isnan(tidy["value"]), "unavailable", "reported")
    tidy["status"] = table["status"].to_numpy(object) if "status" in table else found
    for column in {"measure", "release"} & set(table.columns):
        tidy[column] = table[column].to_numpy(object)
    twice = tidy.duplicated(["area_code", "year"])
    if twice.any():
        first = tidy[twice].iloc[0]
        raise BadInput(
            f"{what} has two figures for {first['area_code']} in {first['year']}; keep one measure and one release"
        )
    return tidy


def _span(years: pd.Index) -> str:
    return f"{min(years)} to {max(years)}" if len(years) else "no year"
