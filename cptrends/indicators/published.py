"""Where a publisher gives a rate or a share and not the counts that it is of: the publisher's own figure stands."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from cptrends.data.figures import releases
from cptrends.indicators.inputs import CARRIED
from cptrends.indicators.proportions import share
from cptrends.indicators.rates import rate

#: What a row says whose figure is the publisher's own.
NOTE = "The publisher's own figure, as its files do not give both counts."
#: Publishers print these to one decimal, so that the true figure may lie half of one away.
_HALF = 0.05


def filled(
    result: pd.DataFrame,
    given: pd.DataFrame,
    entry: Mapping[str, Any],
    *,
    counted: pd.MultiIndex,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """An indicator's table with the publisher's own figure in rows of which its files give no counts.

    Where no release has a count, or a text has it while the figure is from a file: so an area's row and England's are
    on one basis. A count that a release withholds or marks as not available stays so, and a figure that the publisher
    withholds is withheld. No count is worked back from the figure.

    Parameters
    ----------
    result : DataFrame
        As `cptrends.indicators.indicator` gives it.
    given : DataFrame
        The publisher's own figures: area_code, year, value, status, release.
    entry : dict
        The indicator's per and interval.
    counted : MultiIndex
        The area codes and years of which both counts have a release, whatever it says.
    confidence : float

    Returns
    -------
    DataFrame
        As `result`. A row that was filled has the figure's status, release and limits; the limits allow for its
        rounding, and are missing where the other count is missing too or is zero.

    Examples
    --------
    >>> row = {"area_code": ["A"], "year": [2025], "value": [np.nan], "lower": [np.nan], "upper": [np.nan]}
    >>> result = pd.DataFrame(row | {"numerator": [7.0], "denominator": [np.nan], "status": ["unavailable"]})
    >>> given = pd.DataFrame({"area_code": ["A"], "year": [2025], "value": [2.7], "status": "reported", "release": "r"})
    >>> nowhere = pd.MultiIndex.from_tuples([], names=["area_code", "year"])
    >>> long = filled(result, given, {"per": 100, "interval": "wilson"}, counted=nowhere)
    >>> long[["value", "lower", "upper", "numerator"]].round(1)
       value  lower  upper  numerator
    0    2.7    1.3    5.6        7.0
    """
    keys = ["area_code", "year"]
    own = result[keys].merge(given[[*keys, "value", "status", "release"]], on=keys, how="left").set_index(result.index)
    uncounted = ~pd.MultiIndex.from_frame(result[keys]).isin(counted) & (result["status"] == "unavailable")
    here = uncounted & (own["value"].notna() | (own["status"] == "suppressed"))
    result = result.copy()
    if "releases" in result:
        from_file = own["value"].notna() & ~own["release"].isin(_texts())
        for part, place in (("numerator", 0), ("denominator", -1)):
            from_text = result["releases"].str.split(" ").str[place].isin(_texts()) & from_file
            result.loc[from_text, part] = np.nan
            here |= from_text
    lower, upper = _limits(result[here], own.loc[here, "value"], entry, confidence)
    note = own.loc[here, "value"].notna().map({True: NOTE, False: CARRIED["suppressed"]})
    for column, values in (
        ("value", own.loc[here, "value"]),
        ("lower", lower),
        ("upper", upper),
        ("status", own.loc[here, "status"]),
        ("releases", own.loc[here, "release"]),
        ("note", note),
    ):
        result.loc[here, column] = values
    return result


def _texts() -> set[str]:
    """The releases that are not the publisher's own data files."""
    held = releases()
    return set(held.loc[held["evidence"] != "official-file", "release"])


def _limits(
    rows: pd.DataFrame, value: pd.Series, entry: Mapping[str, Any], confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """The wider of the limits that the figure has at either end of its rounding."""
    per, low, high = entry["per"], (value - _HALF).clip(lower=0), value + _HALF
    if entry["interval"] == "byar":
        ends = [
            rate(end * rows["denominator"] / per, rows["denominator"], per=per, confidence=confidence)
            for end in (low, high)
        ]
    else:
        # The larger whole goes with the lower limit; a share printed as 0.0 says nothing of how large the whole is.
        part = rows["numerator"].where((rows["numerator"] > 0) & (low > 0))
        wholes = [part * per / end.where(low > 0).clip(upper=per) for end in (low, high)]
        ends = [share(part, whole, per=per, confidence=confidence) for whole in wholes]
    return ends[0]["lower"].to_numpy(), ends[1]["upper"].to_numpy()


def with_implied_counts(figures: pd.DataFrame, entry: Mapping[str, Any]) -> pd.DataFrame:
    """Figures with the count that a publisher's own figure implies, for judging and never for printing.

    A rate to one decimal and its population give the count to within a few; a share and its count give the whole to
    within its rounding. That moves no chance worth the name, and without it no change could be judged.

    Parameters
    ----------
    figures : DataFrame
        value, numerator, denominator, as `cptrends.indicators.indicator` gives them.
    entry : dict
        The indicator's per and interval.

    Returns
    -------
    DataFrame
        As `figures`; a row without a figure, or with both counts missing, stays as it is.

    Examples
    --------
    >>> rate = pd.DataFrame({"value": [48.3], "numerator": [np.nan], "denominator": [55_176]})
    >>> with_implied_counts(rate, {"per": 10_000, "interval": "byar"})["numerator"].round(1).tolist()
    [266.5]
    """
    value, part, whole = figures["value"], figures["numerator"], figures["denominator"]
    if entry["interval"] == "byar":
        return figures.assign(numerator=part.fillna(value * whole / entry["per"]))
    return figures.assign(denominator=whole.fillna(part * entry["per"] / value.where(value > 0)))
