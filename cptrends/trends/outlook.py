"""Outlook: where a series may go next, as several models see it, and how wrong they have been.

Four plain models and their average, never a single line. A forecast for children's services says what
follows if the past goes on; it knows nothing of policy. The back-test, which replays the past, is the
evidence on how far to trust it.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from cptrends.data.status import has_value, weakest
from cptrends.errors import BadInput
from cptrends.trends.inputs import one_series, statuses_of, to_floats
from cptrends.trends.models import AVERAGE, MODELS, paths

#: With fewer years than this, unbroken to the end, no outlook is given.
FEWEST_YEARS = 8
#: The first origin of the back-test has this many years behind it.
_FIRST_ORIGIN = 7


@dataclass(frozen=True)
class Usable:
    """The unbroken years of a series up to its last, or the reason why there are too few.

    Attributes
    ----------
    status : str
        Of what comes of them.
    reason : str
        "" where there are enough.
    note : str
        On the years not used, if any.
    """

    status: str
    reason: str = ""
    note: str = ""
    series: np.ndarray = field(default_factory=lambda: np.empty(0))
    years: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=int))


def project(
    values: npt.ArrayLike,
    *,
    horizon: int = 5,
    confidence: float = 0.95,
    status: npt.ArrayLike | None = None,
    test: bool = True,
) -> pd.DataFrame:
    """Each model's path for the coming years, their average, and the spread between them.

    Parameters
    ----------
    values : Series (index: years, int) or array (years 1, 2, ...)
        A count, rate or share, in any unit. Leave out years before a break in collection.
    horizon : int
        Years ahead.
    confidence : float
        Of each model's interval.
    status : array of str, optional
    test : bool
        Also replay the past (`backtest`), which takes a second or two.

    Returns
    -------
    DataFrame
        A row per model (naive walk, local level, local trend, damped trend, average) and year: model, year,
        horizon, value, lower, upper, spread_lower, spread_upper (lowest and highest of the four models'
        values that year), error (mean absolute error of the back-test at that horizon, percent of the
        outcome), covered (percent of back-test outcomes inside the interval), cases (how many), method,
        status, note. When there is no outlook, one row says why.

    Raises
    ------
    BadInput
        If a setting is not possible or the years are not in order.

    Notes
    -----
    Models: the last value; an exponentially weighted level; a level with a drifting slope (both by
    maximum likelihood, statsmodels UnobservedComponents); exponential smoothing with a damped trend
    (statsmodels ETSModel). Positive series are modelled on the log scale. The average is an equal mixture:
    its value is the mean of the four, its interval that of the four taken together. Intervals treat the
    fitted parameters as known; with a dozen years that makes them too narrow, as `covered` shows.

    Examples
    --------
    >>> plans = pd.Series([392, 428, 426, 431, 483, 497, 503, 511, 537, 523, 515, 500], index=range(2010, 2022))
    >>> ahead = project(plans, horizon=2, test=False)
    >>> ahead["model"].unique().tolist(), sorted(ahead["year"].unique().tolist())
    (['naive walk', 'local level', 'local trend', 'damped trend', 'average'], [2022, 2023])
    """
    _check(horizon, confidence)
    usable = _usable(values, status)
    if usable.reason:
        return _nothing(usable.reason, usable.status)
    series, years = usable.series, usable.years
    ahead = paths(series, horizon, confidence)
    rows = []
    for model in (*MODELS, AVERAGE):
        for h in range(horizon):
            rows.append(
                {
                    "model": model,
                    "year": years[-1] + h + 1,
                    "horizon": h + 1,
                    **dict(zip(("value", "lower", "upper"), ahead[model][h], strict=True)),
                }
            )
    frame = pd.DataFrame(rows)
    middle = np.array([ahead[model][:, 0] for model in MODELS if not np.isnan(ahead[model]).any()])
    frame["spread_lower"], frame["spread_upper"] = np.tile(middle.min(axis=0), 5), np.tile(middle.max(axis=0), 5)
    frame[["error", "covered", "cases"]] = np.nan, np.nan, 0
    if test:
        past = _replay(series, years, horizon, confidence)
        if len(past):
            past = past.assign(error=past["error"].abs(), inside=100.0 * past["inside"])
            found = past.groupby(["model", "horizon"]).agg(
                error=("error", "mean"), covered=("inside", "mean"), cases=("error", "size")
            )
            frame = frame.drop(columns=["error", "covered", "cases"]).join(found, on=["model", "horizon"])
            frame["cases"] = frame["cases"].fillna(0)
    frame["cases"] = frame["cases"].astype(int)
    frame["method"] = f"Outlook, {'log' if (series > 0).all() else 'natural'} scale"
    frame["status"] = usable.status
    failed = frame["value"].isna()
    frame["note"] = np.where(failed, "This model could not be fitted, and the average leaves it out.", usable.note)
    frame.loc[failed, "status"] = "unavailable"
    return frame


def backtest(
    values: npt.ArrayLike, *, horizon: int = 3, confidence: float = 0.95, status: npt.ArrayLike | None = None
) -> pd.DataFrame:
    """What each model would have said in the past, beside what happened.

    Parameters
    ----------
    values, horizon, confidence, status
        As in `project`.

    Returns
    -------
    DataFrame
        A row per model, origin and year ahead: model, origin (last year the model saw), year, horizon, value,
        lower, upper, actual, error (percent of what happened, positive when too high), inside (whether the
        outcome lay in the interval), method, status, note. One row says why when there is none.

    Raises
    ------
    BadInput
        As `project`.

    Examples
    --------
    >>> plans = pd.Series([392, 428, 426, 431, 483, 497, 503, 511, 537, 523], index=range(2010, 2020))
    >>> past = backtest(plans, horizon=1)
    >>> past.loc[past["model"] == "naive walk", ["origin", "value", "actual"]].astype(int)
       origin  value  actual
    0    2016    503     511
    5    2017    511     537
    10   2018    537     523
    """
    _check(horizon, confidence)
    usable = _usable(values, status)
    if usable.reason:
        return _nothing(usable.reason, usable.status)
    past = _replay(usable.series, usable.years, horizon, confidence)
    method = f"Back-test from {_FIRST_ORIGIN} years on"
    return past.assign(method=method, status=usable.status, note=usable.note)


def population_only(
    latest: float, latest_population: float, population: npt.ArrayLike, *, status: str = "reported"
) -> pd.DataFrame:
    """The count if its rate stayed as it is and only the number of children changed.

    Parameters
    ----------
    latest : float
        The latest count.
    latest_population : float
        Children when it was counted.
    population : Series (index: years)
        Projected children.
    status : str
        Of the latest count.

    Returns
    -------
    DataFrame
        model ("population only"), year, value, population, method, status, note. It has no interval: it is
        a scenario and not a forecast.

    Examples
    --------
    >>> population_only(52_000, 12_000_000, pd.Series({2027: 11_700_000, 2030: 11_400_000}))[["year", "value"]]
       year    value
    0  2027  50700.0
    1  2030  49400.0
    """
    path = to_floats(population).ravel()
    years = list(population.index) if isinstance(population, pd.Series) else list(range(1, path.size + 1))
    base = to_floats([latest, latest_population])
    carried = weakest(str(statuses_of(base[:1], [status])[0]))
    possible = not np.isnan(base).any() and base[1] > 0 and has_value(carried)
    reason = "" if possible else "No scenario: the latest count or its population is missing or zero."
    value = path * base[0] / base[1] if possible else np.full(path.size, np.nan)
    return pd.DataFrame(
        {
            "model": "population only",
            "year": years,
            "value": value,
            "population": path,
            "method": "Latest rate held, projected population",
            "status": np.where(np.isnan(value), carried if carried == "suppressed" else "unavailable", "estimated"),
            "note": np.where(np.isnan(path), "No projected population for this year.", "") if possible else reason,
        }
    )


def _check(horizon: int, confidence: float) -> None:
    if int(horizon) != horizon or horizon < 1:
        raise BadInput(f"horizon must be a whole number of years, at least 1, not {horizon!r}")
    if not 0 < confidence < 1:
        raise BadInput(f"confidence must lie between 0 and 1, such as 0.95, not {confidence!r}")


def _usable(values: npt.ArrayLike, status: npt.ArrayLike | None) -> Usable:
    series, statuses, years = one_series(values, status, "an outlook")
    if np.isnan(series[-1]):
        return Usable(weakest(str(statuses[-1])), "No outlook: the latest year has no value.")
    broken = np.flatnonzero(np.isnan(series) | (np.diff(years, prepend=years[0] - 1) != 1))
    start = int(broken[-1] + np.isnan(series[broken[-1]])) if broken.size else 0
    kept = series[start:]
    if kept.size < FEWEST_YEARS:
        reason = (
            f"No outlook: {kept.size} unbroken years up to {years[-1]}, and {FEWEST_YEARS} are needed to tell "
            "a trend from a wobble."
        )
        return Usable("unavailable", reason)
    note = f"Only the unbroken years from {years[start]} are used." if start else ""
    return Usable("estimated", note=note, series=kept, years=years[start:])


def _nothing(reason: str, status: str) -> pd.DataFrame:
    row = {
        "model": "",
        "year": pd.NA,
        "horizon": pd.NA,
        "value": np.nan,
        "lower": np.nan,
        "upper": np.nan,
        "spread_lower": np.nan,
        "spread_upper": np.nan,
        "error": np.nan,
        "covered": np.nan,
        "cases": 0,
        "method": "Outlook",
        "status": status,
        "note": reason,
    }
    return pd.DataFrame([row]).astype({"year": "Int64", "horizon": "Int64"})


def _replay(series: np.ndarray, years: np.ndarray, horizon: int, confidence: float) -> pd.DataFrame:
    rows = []
    for n in range(_FIRST_ORIGIN, series.size):
        ahead = paths(series[:n], min(horizon, series.size - n), confidence)
        for model, path in ahead.items():
            for h, (value, lower, upper) in enumerate(path):
                actual = series[n + h]
                if np.isnan(value):
                    continue
                rows.append(
                    {
                        "model": model,
                        "origin": years[n - 1],
                        "year": years[n + h],
                        "horizon": h + 1,
                        "value": value,
                        "lower": lower,
                        "upper": upper,
                        "actual": actual,
                        "error": 100 * (value / actual - 1) if actual else np.nan,
                        "inside": bool(lower <= actual <= upper),
                    }
                )
    return pd.DataFrame(rows)
