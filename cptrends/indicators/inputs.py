"""Reading the arguments that every indicator takes, and judging each row once.

Not part of the public interface: the functions here keep one answer to four questions
for all indicators. What counts as a number, what to do with a row that has none, which
status the result carries, and in which words the reason is given.
"""

from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri, stdtrit

from cptrends.data.status import has_value, weakest
from cptrends.errors import BadInput

#: What an area without a figure does: leave no result and say why, or be left out and counted.
Missing = Literal["carry", "leave_out"]

#: Rows with a fault, the status they get and the sentence that says why.
Fault = tuple[np.ndarray, str, str]

_PANDAS = (pd.Series, pd.Index, pd.api.extensions.ExtensionArray)


def z_value(confidence: float) -> float:
    """The normal quantile that leaves `confidence` in the middle.

    >>> round(float(z_value(0.95)), 6)
    1.959964
    """
    if isinstance(confidence, (str, bytes)) or np.ndim(confidence) or not 0 < confidence < 1:
        raise BadInput(f"confidence is {confidence!r}; it must be one number between 0 and 1, such as 0.95 or 0.998")
    return ndtri(0.5 + confidence / 2)


def t_value(freedom: npt.ArrayLike, confidence: float) -> np.ndarray:
    """The quantile of Student's t that leaves `confidence` in the middle; NaN without degrees of freedom.

    >>> t_value([10, 0], 0.95).round(3).tolist()
    [2.228, nan]
    """
    freedom = np.asarray(freedom, dtype=float)
    with np.errstate(invalid="ignore"):
        usable = freedom > 0
    return np.where(usable, stdtrit(np.where(usable, freedom, 1.0), 0.5 + confidence / 2), np.nan)


def check_per(per: float) -> None:
    """Refuse a scale that is not one number above zero.

    >>> check_per(0)
    Traceback (most recent call last):
    ...
    cptrends.errors.BadInput: per is 0; it must be one number above zero, such as 10_000 or 100
    """
    if isinstance(per, (str, bytes)) or np.ndim(per) or not np.isfinite(per) or per <= 0:
        raise BadInput(f"per is {per!r}; it must be one number above zero, such as 10_000 or 100")


def check_missing(missing: Missing) -> None:
    """Refuse what is neither of the two ways to treat an area without a figure.

    >>> check_missing("drop")
    Traceback (most recent call last):
    ...
    cptrends.errors.BadInput: missing is 'drop'; it must be 'carry' or 'leave_out'
    """
    if missing not in get_args(Missing):
        raise BadInput(f"missing is {missing!r}; it must be 'carry' or 'leave_out'")


def numbers(values: npt.ArrayLike, name: str) -> np.ndarray:
    """A one-dimensional float array, NaN where a value is missing.

    >>> numbers([1, None, 3], "count")
    array([ 1., nan,  3.])
    """
    if not isinstance(values, (np.ndarray, *_PANDAS)):
        values = np.array(values, dtype=object)
    if values.dtype.kind not in "iufb":
        values = np.atleast_1d(np.asarray(values, dtype=object))
        for value in values.ravel():
            if isinstance(value, (str, bytes)):
                raise BadInput(f"{name} holds the text {value!r}; every value must be a number or missing")
    if values.ndim > 1:
        raise BadInput(f"{name} has {values.ndim} dimensions; give one column of numbers")
    try:
        if isinstance(values, np.ndarray) and values.dtype != object:
            array = np.atleast_1d(values).astype(float)
        else:
            array = pd.Series(values).to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        raise BadInput(f"{name} must be a number, a list of numbers or a Series of numbers") from None
    if np.isinf(array).any():
        raise BadInput(f"{name} holds an infinite number; use NA for a figure that is missing")
    return array


def together(
    status: npt.ArrayLike | None = None, **columns: npt.ArrayLike
) -> tuple[dict[str, np.ndarray], Any, pd.Index]:
    """The columns as float arrays of one length, the status beside them, and the index to give back.

    Parameters
    ----------
    status : str, array of str or None
        Status of each row's inputs; None means every figure present is as reported.
    **columns : number, array or Series

    Returns
    -------
    tuple
        (dict of arrays, status array or None, index)

    Raises
    ------
    BadInput
        If the lengths or the indexes of Series differ, or a status is not in the vocabulary.
    """
    index, owner = None, None
    for name, values in columns.items():
        if isinstance(values, pd.Series):
            if index is None:
                index, owner = values.index, name
            elif not index.equals(values.index):
                raise BadInput(
                    f"{owner} and {name} have different indexes; align them (for example with "
                    "DataFrame.merge) before computing"
                )
    arrays = {name: numbers(values, name) for name, values in columns.items()}
    lengths = {name: len(a) for name, a in arrays.items() if np.ndim(columns[name])}
    if len(set(lengths.values())) > 1:
        raise BadInput("the inputs differ in length: " + ", ".join(f"{k} has {n}" for k, n in lengths.items()))
    size = next(iter(lengths.values()), 1)
    arrays = {name: np.broadcast_to(a, size) if len(a) != size else a for name, a in arrays.items()}
    if status is not None:
        if isinstance(status, pd.Series) and index is not None and not index.equals(status.index):
            raise BadInput(f"{owner} and status have different indexes; align them before computing")
        status = np.asarray(status, dtype=object)
        if status.ndim and len(status) != size:
            raise BadInput(f"status has {len(status)} entries for {size} rows")
        try:
            status = np.broadcast_to(np.asarray(weakest(status), dtype=object), size)
        except (ValueError, TypeError):
            raise BadInput("status holds a value that is not in cptrends.data.status.STATUSES") from None
    return arrays, status, pd.RangeIndex(size) if index is None else index


#: Why a row has no value, by the status its inputs carried.
CARRIED = {
    "suppressed": "Not computed: a figure it needs was withheld by the publisher.",
    "unavailable": "Not computed: a figure it needs is not available.",
    "not_applicable": "Not computed: a figure it needs does not apply here.",
}


def judge(size: int, status: npt.ArrayLike | None, *faults: Fault) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whether each row can be computed, the status of its result, and why not.

    Parameters
    ----------
    size : int
    status : array of str or None
        Already combined (see `together`).
    *faults : (mask, status, note)
        In order of precedence. A status that rules out a value comes before all of them.

    Returns
    -------
    tuple of arrays
        ok (bool), status (object), note (object, "" where there is nothing to say).
    """
    note = np.full(size, "", dtype=object)
    if status is None:
        out, ok = np.full(size, "derived", dtype=object), np.ones(size, dtype=bool)
    else:
        out = np.array(status, dtype=object)
        ok = np.atleast_1d(has_value(out)).copy()
        for name in set(out[~ok]):
            note[out == name] = CARRIED[name]
    for mask, fault, sentence in faults:
        hit = mask & ok
        if hit.any():
            out[hit], note[hit] = fault, sentence
            ok &= ~hit
    return ok, out, note


#: What a row says that is none of a number that nobody may know.
NONE_OF_WITHHELD = "None of a number that the publisher withholds."


def none_of_withheld(part: np.ndarray, whole: np.ndarray, status: npt.ArrayLike | None) -> np.ndarray:
    """Rows in which none were counted, of a number that is withheld: none of it, whatever the number is.

    A number is withheld because it is small and not zero; publishers print zeros.

    >>> none_of_withheld(np.array([0.0, 0.0, 3.0]), np.array([np.nan, 9.0, np.nan]), np.array(["suppressed"] * 3))
    array([ True, False, False])
    """
    if status is None:
        return np.zeros(len(part), dtype=bool)
    return (part == 0) & np.isnan(whole) & (np.asarray(status, dtype=object) == "suppressed")


def one_status(statuses: npt.ArrayLike) -> str:
    """The weakest of many statuses, as one word; `derived` when there are none."""
    found = pd.unique(np.asarray(statuses, dtype=object))
    return weakest(*found) if len(found) else "derived"
