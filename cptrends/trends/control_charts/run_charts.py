"""The run chart: does a series stay too long on one side of its median?"""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from cptrends.data.status import weakest
from cptrends.trends.inputs import as_table


def anhoej_thresholds(n_useful: npt.ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """The longest run and fewest crossings that chance allows in a run chart.

    Parameters
    ----------
    n_useful : int or array of int
        Points not on the median.

    Returns
    -------
    longest_run_max, n_crossings_min : numpy arrays of float
        A run longer than the first or fewer crossings than the second is a signal. NaN below two points.

    Notes
    -----
    Longest run: log2(n) + 3, rounded. Crossings: the 5% point of Binomial(n - 1, 1/2). Anhøj and Olesen,
    *PLoS ONE* 9(11): e113825, 2014.

    Examples
    --------
    >>> [limit.tolist() for limit in anhoej_thresholds([12, 40])]
    [[7.0, 8.0], [3.0, 14.0]]
    """
    n = np.asarray(n_useful, dtype=float)
    enough = n >= 2
    longest = np.where(enough, np.round(np.log2(np.where(enough, n, 2))) + 3, np.nan)
    trials = np.unique(n[enough]) - 1
    fewest = {t + 1: float(np.argmax(special.bdtr(np.arange(int(t) + 1), int(t), 0.5) >= 0.05)) for t in trials}
    crossings = np.array([fewest.get(x, np.nan) for x in n.ravel()]).reshape(n.shape)
    return longest, crossings


def run_chart(values: npt.ArrayLike, *, status: npt.ArrayLike | None = None) -> pd.DataFrame:
    """Whether a series runs too long on one side of its median, or crosses it too seldom.

    Parameters
    ----------
    values : array, Series (index: years) or DataFrame (rows: areas, columns: years)
    status : array of str of the same shape, optional

    Returns
    -------
    DataFrame
        A row per series: area_code, value (the median), n, n_useful (points not on the median),
        longest_run, longest_run_max, n_crossings, n_crossings_min, signal (True, False or NA), method,
        status, note.

    Notes
    -----
    Points on the median, and gaps, are left out, and the runs on both sides of them joined.

    Examples
    --------
    >>> run_chart([32, 34, 36, 38, 39, 42, 43, 44, 46, 46, 47, 49, 50])[["longest_run", "n_crossings", "signal"]]
       longest_run  n_crossings  signal
    0            6            1    True
    """
    numbers, statuses, areas, _ = as_table(values, status)
    rows = []
    for series, series_statuses in zip(numbers, statuses, strict=True):
        have = series[~np.isnan(series)]
        median = np.median(have) if have.size else np.nan
        sides = np.sign(have - median)
        sides = sides[sides != 0]
        changes = np.flatnonzero(np.diff(sides)) + 1
        longest = int(np.diff(np.concatenate([[0], changes, [sides.size]])).max()) if sides.size else 0
        longest_max, crossings_min = (float(limit) for limit in anhoej_thresholds(sides.size))
        enough = sides.size >= 2
        rows.append(
            {
                "value": median,
                "n": have.size,
                "n_useful": sides.size,
                "longest_run": longest,
                "longest_run_max": longest_max,
                "n_crossings": len(changes),
                "n_crossings_min": crossings_min,
                "signal": bool(longest > longest_max or len(changes) < crossings_min) if enough else pd.NA,
                "method": "Run chart: Anhøj rules",
                "status": weakest(*series_statuses[~np.isnan(series)]) if have.size else weakest(*series_statuses),
                "note": _run_note(have.size, sides.size, series.size),
            }
        )
    frame = pd.DataFrame(rows)
    frame["signal"] = frame["signal"].astype("boolean")
    frame.insert(0, "area_code", np.array(areas, dtype=object))
    return frame


def _run_note(n: int, useful: int, years: int) -> str:
    if n == 0:
        return "No verdict: the series has no values."
    if useful < 2:
        return "No verdict: fewer than two points lie off the median."
    return "" if n == years else f"{years - n} of {years} years have no value and are left out."
