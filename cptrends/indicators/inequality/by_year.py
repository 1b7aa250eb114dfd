"""Deprivation year by year: figures beside the scores of the nearest edition, tenths and indices of each year."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from cptrends.errors import BadInput
from cptrends.indicators.inequality.ends import most_to_least
from cptrends.indicators.inequality.groups import Unit, deprivation_groups, group_rates


def with_scores(figures: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Each figure beside its area's deprivation score, from the edition of the index nearest to its year.

    Scores of one edition do not compare with those of another, so a gradient is always taken within a
    year, whose areas all have scores of one edition.

    Parameters
    ----------
    figures : DataFrame
        Columns area_code and year, and any others.
    scores : DataFrame
        area_code, year (of the edition) and value.

    Returns
    -------
    DataFrame
        The rows and columns of `figures`, with score (NaN where the edition has none for the area, such
        as one created later) and edition (the year of the index used; of two as near, the earlier).

    Raises
    ------
    BadInput
        If a column is missing, there are no scores, or an area has two in one edition.

    Examples
    --------
    >>> figures = pd.DataFrame({"area_code": ["E06000001"] * 3, "year": [2015, 2017, 2018]})
    >>> scores = pd.DataFrame({"area_code": ["E06000001"] * 2, "year": [2015, 2019], "value": [33.2, 35.0]})
    >>> with_scores(figures, scores)[["year", "score", "edition"]]
       year  score  edition
    0  2015   33.2     2015
    1  2017   33.2     2015
    2  2018   35.0     2019
    """
    for table, what, columns in (
        (figures, "figures", ("area_code", "year")),
        (scores, "scores", ("area_code", "year", "value")),
    ):
        for column in columns:
            if column not in table:
                raise BadInput(f"the {what} have no column {column!r}")
    if not len(scores):
        raise BadInput("there are no scores, so nothing can be put beside the figures")
    if scores.duplicated(["area_code", "year"]).any():
        raise BadInput("an area has two scores in one edition of the index; keep one")
    editions = np.sort(scores["year"].unique())
    years = figures["year"].to_numpy("int64")
    nearest = editions[np.abs(years[:, None] - editions[None, :]).argmin(axis=1)]
    score = scores.set_index(["area_code", "year"])["value"]
    wanted = pd.MultiIndex.from_arrays([figures["area_code"], nearest])
    return figures.assign(score=score.reindex(wanted).to_numpy(float), edition=nearest)


def tenths_by_year(
    scored: pd.DataFrame, *, unit: Unit, groups: int = 10, confidence: float = 0.95
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rate in each tenth, year by year, and the most deprived tenth against the least.

    Areas without a figure or a score are set aside first and counted.

    Parameters
    ----------
    scored : DataFrame
        From `with_scores`, of an indicator: area_code, year, numerator, denominator, status, score, edition.
    unit : {"authority", "neighbourhood"}
    groups : int
    confidence : float

    Returns
    -------
    rates : DataFrame
        year, edition and the columns of `group_rates`.
    ends : DataFrame
        year, edition and the columns of `most_to_least`.

    Raises
    ------
    BadInput
        As `most_to_least`.

    Examples
    --------
    >>> scored = pd.DataFrame({"area_code": list("abcd"), "year": 2015, "edition": 2015, "status": "reported",
    ...     "numerator": [60.0, 50, 30, 20], "denominator": 9_000.0, "score": [4.0, 3, 2, 1]})
    >>> rates, ends = tenths_by_year(scored, unit="authority", groups=2)
    >>> rates["value"].round(1).tolist(), ends["value"].round(1).tolist()
    ([61.1, 61.1, 27.8, 27.8], [2.2, 2.2, 33.3, 33.3])
    """
    rates, ends = [], []
    for (year, edition), rows in scored.groupby(["year", "edition"], sort=True):
        rows = rows.reset_index(drop=True)
        figures = rows["numerator"], rows["denominator"]
        status = rows["status"].to_numpy(object)
        end = most_to_least(
            *figures, rows["score"], unit=unit, groups=groups, confidence=confidence, status=status, missing="leave_out"
        )
        fine = rows[["numerator", "denominator", "score"]].notna().all(axis=1)
        group = deprivation_groups(rows["score"].where(fine), unit=unit, groups=groups)["group"]
        rate = group_rates(*figures, group, unit=unit, confidence=confidence, status=status)
        rates.append(rate.assign(year=year, edition=edition))
        ends.append(end.assign(year=year, edition=edition))
    return _years_first(rates), _years_first(ends)


def _years_first(tables: list[pd.DataFrame]) -> pd.DataFrame:
    whole = pd.concat(tables, ignore_index=True)
    return whole[["year", "edition", *[c for c in whole if c not in ("year", "edition")]]]


def index_by_year(
    scored: pd.DataFrame, index: Callable[..., pd.DataFrame], *, unit: Unit, **options: object
) -> pd.DataFrame:
    """An index of inequality for each year, from the areas that have a figure and a score.

    Parameters
    ----------
    scored : DataFrame
        From `with_scores`, of an indicator: year, value, denominator, status, score.
    index : function
        `slope_index`, `relative_index` or `concentration_index`.
    unit : {"authority", "neighbourhood"}
    **options
        For the index.

    Returns
    -------
    DataFrame
        year and the columns of the index.

    Raises
    ------
    BadInput
        As the index.

    Examples
    --------
    >>> from cptrends.indicators import slope_index
    >>> scored = pd.DataFrame({"year": [2015] * 3, "value": [20.0, 30, 40], "denominator": 100.0, "status": "reported",
    ...     "score": [1.0, 2, 3]})
    >>> index_by_year(scored, slope_index, unit="authority").round(1)[["year", "value"]]
       year  value
    0  2015   30.0
    """
    found = index(
        scored["value"],
        scored["denominator"],
        scored["score"],
        unit=unit,
        group=scored["year"],
        status=scored["status"].to_numpy(object),
        missing="leave_out",
        **options,
    )
    return found.reset_index(names="year")
