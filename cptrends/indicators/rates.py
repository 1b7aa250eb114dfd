"""Rates per head of population, averages over authorities, and the limits that belong to them."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import chdtri, stdtrit

from cptrends.errors import BadInput
from cptrends.indicators.inputs import (
    NONE_OF_WITHHELD,
    Fault,
    check_per,
    judge,
    none_of_withheld,
    together,
    z_value,
)

#: Below this many events Byar's approximation is no longer good and exact limits are used.
EXACT_BELOW = 10


def rate(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    *,
    per: float = 10_000,
    confidence: float = 0.95,
    status: npt.ArrayLike | None = None,
) -> pd.DataFrame:
    """How many events there were for every `per` children, with limits.

    The numerator is taken as a Poisson count: Byar's approximation from ten events up, exact
    limits (quantiles of chi-square) below. The limits speak of chance in the count only; they do
    not cover errors in recording, nor the extra variation between authorities.

    Parameters
    ----------
    numerator : number, array or Series
        Counts of events: referrals, plans, enquiries.
    denominator : number, array or Series
        Children aged 0 to 17, or whatever the rate is of.
    per : float
        The number of children the rate is for.
    confidence : float
        Between 0 and 1; 0.95 and 0.998 are the field's two.
    status : str, array of str or None
        The weakest status of each row's inputs. Rows that were suppressed or are unavailable come
        back with no value, the same status and a sentence. None: every figure is as reported.

    Returns
    -------
    DataFrame
        value, lower, upper, numerator, denominator, method, status, note; one row for each input,
        on the index of the Series given.

    Raises
    ------
    BadInput
        If the inputs differ in length or index or are not numbers, or `confidence` or `per` is
        out of range. A bad row is never an exception: it has no value and says why; none for a
        number that is withheld is none, without limits.

    Notes
    -----
    Breslow and Day (1987), Statistical Methods in Cancer Research II, for Byar's formula; Garwood
    (1936) for the exact limits. This is what Fingertips publishes.

    Examples
    --------
    >>> rate(49_690, 11_591_700).round(2)[["value", "lower", "upper", "method"]]
       value  lower  upper method
    0  42.87  42.49  43.25   Byar
    >>> rate([5, 12], [0, 3_000])[["status", "note"]]
               status                      note
    0  not_applicable  The denominator is zero.
    1         derived
    """
    check_per(per)
    columns, status, index = together(status, numerator=numerator, denominator=denominator)
    count, base = columns["numerator"], columns["denominator"]
    none = none_of_withheld(count, base, status)
    ok, status, note = judge(len(index), status, *count_faults(count, base))
    usable = np.where(ok, count, np.nan)
    lower, upper, method = count_limits(usable, confidence)
    scale = per / np.where(ok, base, np.nan)
    status[none], note[none] = "derived", NONE_OF_WITHHELD
    return pd.DataFrame(
        {
            "value": np.where(none, 0.0, usable * scale),
            "lower": lower * scale,
            "upper": upper * scale,
            "numerator": count,
            "denominator": base,
            "method": method,
            "status": status,
            "note": note,
        },
        index=index,
    )


def count_limits(count: npt.ArrayLike, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Limits of a Poisson count: Byar's from ten up, exact below.

    Parameters
    ----------
    count : number or array
        Events; NaN is passed through.
    confidence : float

    Returns
    -------
    tuple of arrays
        lower, upper, method ("Byar", "exact Poisson", or "" where there is no count).

    Examples
    --------
    >>> lower, upper, method = count_limits([0, 65])
    >>> lower.round(2), upper.round(2), list(method)
    (array([ 0.  , 50.16]), array([ 3.69, 82.85]), ['exact Poisson', 'Byar'])
    """
    counts = np.atleast_1d(np.asarray(count, dtype=float))
    lower, upper = byar_limits(counts, confidence)
    method = np.full(counts.shape, "Byar", dtype=object)
    few = counts < EXACT_BELOW
    if few.any():
        tail, n = (1 - confidence) / 2, counts[few]
        with np.errstate(invalid="ignore"):
            # chdtri inverts the upper tail; no events has no lower quantile, and the limit is 0.
            lower[few] = np.where(n > 0, chdtri(2 * np.maximum(n, 0.5), 1 - tail) / 2, 0.0)
            upper[few] = chdtri(2 * n + 2, tail) / 2
        method[few] = "exact Poisson"
    method[np.isnan(counts)] = ""
    return lower, upper, method


def byar_limits(count: npt.ArrayLike, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Byar's approximate limits of a Poisson count, at any size.

    At very small counts and high confidence the formula's lower limit falls below zero; a count
    cannot, so it is zero there. `rate` uses the formula from ten events up only.

    Parameters
    ----------
    count : number or array
    confidence : float

    Returns
    -------
    tuple of arrays
        lower, upper.

    Examples
    --------
    >>> [x.round(3).tolist() for x in byar_limits([1, 65], 0.998)]
    [[0.0, 42.88], [9.362, 94.0]]
    """
    z = z_value(confidence)
    counts = np.atleast_1d(np.asarray(count, dtype=float))
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = np.maximum(counts * (1 - 1 / (9 * counts) - z / (3 * np.sqrt(counts))) ** 3, 0.0)
        more = counts + 1
        upper = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    return np.where(counts == 0, 0.0, lower), upper


def ratio(
    numerator: npt.ArrayLike, denominator: npt.ArrayLike, *, per: float = 1, status: npt.ArrayLike | None = None
) -> pd.DataFrame:
    """One amount divided by another, without limits: pounds per child, say.

    A sum of money is not a count of events, so no interval is given and `method` says so.

    Parameters
    ----------
    numerator, denominator : number, array or Series
    per : float
        Multiplies the quotient.
    status : as for `rate`

    Returns
    -------
    DataFrame
        As `rate`, with lower and upper missing.

    Raises
    ------
    BadInput
        As `rate`.

    Examples
    --------
    >>> ratio(1_800_100_000, 781_700).round(0)[["value", "method"]]
        value                method
    0  2303.0  ratio, no interval
    """
    check_per(per)
    columns, status, index = together(status, numerator=numerator, denominator=denominator)
    amount, base = columns["numerator"], columns["denominator"]
    ok, status, note = judge(len(index), status, *count_faults(amount, base, amount_may_be_negative=True))
    missing = np.full(len(index), np.nan)
    return pd.DataFrame(
        {
            "value": np.where(ok, amount, np.nan) * per / np.where(ok, base, np.nan),
            "lower": missing,
            "upper": missing,
            "numerator": amount,
            "denominator": base,
            "method": np.where(ok, "ratio, no interval", "").astype(object),
            "status": status,
            "note": note,
        },
        index=index,
    )


def mean(values: npt.ArrayLike, groups: npt.ArrayLike | None = None, *, confidence: float = 0.95) -> pd.DataFrame:
    """The plain mean of areas, each counting once, with Student's t limits.

    Parameters
    ----------
    values : array or Series
        One figure per area. Missing ones are left out and counted in `left_out`.
    groups : array, Series or None
        A label per area; None takes them all together.
    confidence : float

    Returns
    -------
    DataFrame
        value, lower, upper, standard_deviation, areas, left_out, method, status, note; a row per
        group, in order of the labels.

    Raises
    ------
    BadInput
        If values are not numbers or groups has another length.

    Examples
    --------
    >>> mean([40, 50, 60]).round(1)[["value", "lower", "upper", "areas"]]
         value  lower  upper  areas
    all   50.0   25.2   74.8      3
    """
    z_value(confidence)
    columns, _, _ = together(values=values)
    figures = columns["values"]
    labels = np.full(len(figures), "all", dtype=object) if groups is None else np.asarray(groups)
    if len(labels) != len(figures):
        raise BadInput(f"groups has {len(labels)} labels for {len(figures)} values")
    grouped = pd.Series(figures).groupby(labels, sort=True)
    n, total, centre, spread = grouped.count(), grouped.size(), grouped.mean(), grouped.std()
    count = n.to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = np.where(count > 1, stdtrit(np.maximum(count - 1, 1), 0.5 + confidence / 2), np.nan)
        half = half * spread.to_numpy() / np.sqrt(count)
    _, status, note = judge(len(count), None, (count == 0, "unavailable", "No area has a figure."))
    note[count == 1] = "One area only, so no interval can be given."
    return pd.DataFrame(
        {
            "value": centre.to_numpy(),
            "lower": centre.to_numpy() - half,
            "upper": centre.to_numpy() + half,
            "standard_deviation": spread.to_numpy(),
            "areas": n.to_numpy(),
            "left_out": (total - n).to_numpy(),
            "method": np.where(count > 1, "mean of areas, Student's t", np.where(count == 1, "mean of areas", "")),
            "status": status,
            "note": note,
        },
        index=centre.index,
    )


def count_faults(count: np.ndarray, base: np.ndarray, *, amount_may_be_negative: bool = False) -> list[Fault]:
    """What can be wrong with a numerator and a denominator, in the order it is said."""
    faults: list[Fault] = [
        (np.isnan(count), "unavailable", "The numerator is missing."),
        (np.isnan(base), "unavailable", "The denominator is missing."),
        (base == 0, "not_applicable", "The denominator is zero."),
        (base < 0, "unavailable", "The denominator is negative."),
    ]
    if not amount_may_be_negative:
        faults.append((count < 0, "unavailable", "The numerator is negative."))
    return faults
