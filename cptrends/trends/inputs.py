"""What the trend functions share: reading areas x years from whatever the caller has, and statuses."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cptrends.data.status import has_value
from cptrends.errors import BadInput


def as_table(
    values: npt.ArrayLike, status: npt.ArrayLike | None = None
) -> tuple[np.ndarray, np.ndarray, list[Any], list[Any]]:
    """Numbers, statuses and labels of one series or of many.

    Parameters
    ----------
    values : array, Series (index: years) or DataFrame (rows: areas, columns: years)
        One series or one row per area. A one-dimensional input is one row.
    status : array or DataFrame of str, same shape, optional
        Without it a number is `reported` and a gap `unavailable`.

    Returns
    -------
    numbers : float array, areas x years
        NaN wherever the status says there is no value.
    statuses : object array, areas x years
    areas, years : lists

    Raises
    ------
    BadInput
        If the values are not numbers, have more than two dimensions or no year, or if the statuses
        have another shape.

    >>> numbers, statuses, areas, years = as_table(pd.Series([4.0, None], index=[2014, 2015]))
    >>> numbers.tolist(), statuses.tolist(), areas, years
    ([[4.0, nan]], [['reported', 'unavailable']], [''], [2014, 2015])
    """
    numbers = np.atleast_2d(to_floats(values))
    if numbers.ndim != 2 or numbers.shape[1] == 0:
        raise BadInput(f"values must be a series, or areas x years, of at least one year, not of shape {numbers.shape}")
    areas: list[Any] = [""] if np.ndim(values) == 1 else list(range(1, len(numbers) + 1))
    years: list[Any] = list(range(1, numbers.shape[1] + 1))
    if isinstance(values, pd.DataFrame):
        areas, years = list(values.index), list(values.columns)
    elif isinstance(values, pd.Series):
        areas, years = ["" if values.name is None else values.name], list(values.index)
    statuses = statuses_of(numbers, status)
    return np.where(has_value(statuses), numbers, np.nan), statuses, areas, years


def one_series(
    values: npt.ArrayLike, status: npt.ArrayLike | None, what: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Numbers, statuses and years of one series.

    Parameters
    ----------
    values, status
        As for `as_table`.
    what : str
        What takes the series, for the sentence that refuses several: "an outlook".

    Returns
    -------
    numbers, statuses, years : arrays

    Raises
    ------
    BadInput
        As `as_table`, and if there are several series, or their labels are no years or not in order.

    >>> one_series(pd.Series([4.0, 5.0], index=[2015, 2014]), None, "an outlook")
    Traceback (most recent call last):
    ...
    cptrends.errors.BadInput: the years of the series must be in order, each once
    """
    numbers, statuses, areas, labels = as_table(values, status)
    if len(areas) != 1:
        raise BadInput(f"{what} takes one series; call it for each area")
    try:
        years = np.array([int(label) for label in labels])
    except (TypeError, ValueError):
        raise BadInput(f"the series' index must hold years, such as 2015, not {labels[0]!r}") from None
    if (np.diff(years) <= 0).any():
        raise BadInput("the years of the series must be in order, each once")
    return numbers[0], statuses[0], years


def to_floats(values: npt.ArrayLike) -> np.ndarray:
    """Any list, array, Series or frame of numbers and gaps as floats.

    >>> to_floats([1, None, 2.5]).tolist()
    [1.0, nan, 2.5]
    """
    try:
        if isinstance(values, (pd.Series, pd.DataFrame)):
            values = values.to_numpy(dtype=float, na_value=np.nan)
        return np.array(values, dtype=float)
    except (TypeError, ValueError):
        raise BadInput("values must be numbers, with NA where there is none") from None


def statuses_of(numbers: npt.ArrayLike, status: npt.ArrayLike | None = None) -> np.ndarray:
    """A status for every number: as given, `unavailable` where a number is missing without a reason.

    Raises `BadInput` when there is not one status for each value, or one is not in the vocabulary.

    >>> statuses_of(np.array([1.0, np.nan, np.nan]), ["rounded", "suppressed", "reported"]).tolist()
    ['rounded', 'suppressed', 'unavailable']
    """
    numbers = np.asarray(numbers, dtype=float)
    given = np.full(numbers.shape, "reported", dtype=object)
    if status is not None:
        given = np.asarray(status, dtype=object)
        if given.size not in (1, numbers.size):
            raise BadInput(f"status has {given.size} entries for {numbers.size} values; one each is wanted")
        given = given.reshape(numbers.shape) if given.size == numbers.size else np.broadcast_to(given, numbers.shape)
    given = given.copy()
    given[pd.isna(given)] = "reported"  # a pivoted table has no status where it has no row
    try:
        given[np.isnan(numbers) & has_value(given)] = "unavailable"
    except ValueError as error:
        raise BadInput(str(error)) from None
    return given


def long(areas: list[Any], years: list[Any], **columns: npt.ArrayLike) -> pd.DataFrame:
    """The areas x years arrays as one frame, a row per area and year.

    >>> long(["E06000001"], [2014, 2015], value=np.array([[1.0, 2.0]]))
       area_code  year  value
    0  E06000001  2014    1.0
    1  E06000001  2015    2.0
    """
    shape = len(areas), len(years)
    frame = {"area_code": np.repeat(np.array(areas, dtype=object), len(years)), "year": years * len(areas)}
    for name, column in columns.items():
        frame[name] = np.broadcast_to(column, shape).ravel()
    return pd.DataFrame(frame)
