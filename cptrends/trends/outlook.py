"""Outlook: where a series may go next, as several models see it, and how wrong they have been.

Four plain models and their average, never a single line. A forecast for children's services says what
follows if the past goes on; it knows nothing of policy. The back-test, which replays the past, is the
evidence on how far to trust it.
"""

import warnings

import numpy as np
import pandas as pd
from scipy import special

from cptrends.data.status import has_value, weakest
from cptrends.errors import BadInput
from cptrends.trends._tables import as_table, statuses_of, to_floats

MODELS = ("naive walk", "local level", "local trend", "damped trend")
AVERAGE = "average"
#: With fewer years than this, unbroken to the end, no outlook is given.
FEWEST_YEARS = 8
#: The first origin of the back-test has this many years behind it.
_FIRST_ORIGIN = 7


def project(values, *, horizon=5, confidence=0.95, status=None, test=True):
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
    series, years, status, reason, note = _usable(values, status)
    if reason:
        return _nothing(reason, status)
    ahead = _paths(series, horizon, confidence)
    rows = []
    for model in (*MODELS, AVERAGE):
        for h in range(horizon):
            rows.append(
                {
                    "model": model,
                    "year": years[-1] + h + 1,
                    "horizon": h + 1,
                    **dict(zip(("value", "lower", "upper"), ahead[model][h])),
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
    frame["status"] = status
    failed = frame["value"].isna()
    frame["note"] = np.where(failed, "This model could not be fitted, and the average leaves it out.", note)
    frame.loc[failed, "status"] = "unavailable"
    return frame


def backtest(values, *, horizon=3, confidence=0.95, status=None):
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
    series, years, status, reason, note = _usable(values, status)
    if reason:
        return _nothing(reason, status)
    past = _replay(series, years, horizon, confidence)
    return past.assign(method=f"Back-test from {_FIRST_ORIGIN} years on", status=status, note=note)


def population_only(latest, latest_population, population, *, status="reported"):
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
    reason = "" if possible else "No scenario: the latest count or its population is missing or nought."
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


def _check(horizon, confidence):
    if int(horizon) != horizon or horizon < 1:
        raise BadInput(f"horizon must be a whole number of years, at least 1, not {horizon!r}")
    if not 0 < confidence < 1:
        raise BadInput(f"confidence must lie between 0 and 1, such as 0.95, not {confidence!r}")


def _usable(values, status):
    """The unbroken years up to the last, or the reason why there are too few."""
    numbers, statuses, areas, labels = as_table(values, status)
    if len(areas) != 1:
        raise BadInput("an outlook takes one series; call it for each area")
    series, statuses = numbers[0], statuses[0]
    try:
        years = np.array([int(year) for year in labels])
    except (TypeError, ValueError):
        raise BadInput(f"the series' index must hold years, such as 2015, not {labels[0]!r}") from None
    if (np.diff(years) <= 0).any():
        raise BadInput("the years of the series must be in order, each once")
    if np.isnan(series[-1]):
        return None, None, weakest(str(statuses[-1])), "No outlook: the latest year has no value.", ""
    gaps = np.flatnonzero(np.isnan(series) | (np.diff(years, prepend=years[0] - 1) != 1))
    gaps = [g + np.isnan(series[g]) for g in gaps]
    start = int(gaps[-1]) if gaps else 0
    kept = series[start:]
    if kept.size < FEWEST_YEARS:
        reason = (
            f"No outlook: {kept.size} unbroken years up to {years[-1]}, and {FEWEST_YEARS} are needed to tell "
            "a trend from a wobble."
        )
        return None, None, "unavailable", reason, ""
    note = f"Only the unbroken years from {years[start]} are used." if start else ""
    return kept, years[start:], "estimated", "", note


def _nothing(reason, status):
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


def _replay(series, years, horizon, confidence):
    rows = []
    for n in range(_FIRST_ORIGIN, series.size):
        ahead = _paths(series[:n], min(horizon, series.size - n), confidence)
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


def _paths(series, horizon, confidence):
    """model -> years ahead x (value, lower, upper), in the unit of the series."""
    logs = bool((series > 0).all())
    y = np.log(series) if logs else series
    # Likelihoods are flattest near nought: work in units of the usual step.
    usual = np.sqrt(np.mean(np.diff(y) ** 2))
    back = np.exp if logs else (lambda x: x)
    if usual < 1e-9:
        still = np.column_stack([np.full(horizon, series[-1])] * 3)
        return {model: still for model in (*MODELS, AVERAGE)}
    scaled = (y - y[-1]) / usual
    z = -special.ndtri((1 - confidence) / 2)
    normal = {model: _fit(model, scaled, horizon) for model in MODELS}
    fitted = [m for m in normal.values() if not np.isnan(m[0]).any()]
    paths = {}
    for model, (mean, sd) in normal.items():
        paths[model] = back(y[-1] + usual * np.column_stack([mean, mean - z * sd, mean + z * sd]))
    mean = np.mean([m for m, _ in fitted], axis=0)
    low, high = (_mixture(fitted, tail) for tail in ((1 - confidence) / 2, (1 + confidence) / 2))
    paths[AVERAGE] = back(y[-1] + usual * np.column_stack([mean, low, high]))
    return paths


def _fit(model, y, horizon):
    """Mean and standard deviation of each year ahead."""
    ahead = np.arange(1, horizon + 1)
    if model == "naive walk":
        return np.full(horizon, y[-1]), np.sqrt(ahead * np.mean(np.diff(y) ** 2))
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # convergence is judged below, by what comes out
        try:
            if model == "damped trend":
                smoothing = ETSModel(
                    pd.Series(y), error="add", trend="add", damped_trend=True, initialization_method="estimated"
                )
                fit = smoothing.fit(disp=False)
                forecast = fit.get_prediction(start=len(y), end=len(y) + horizon - 1)
                mean, sd = np.asarray(forecast.predicted_mean), np.sqrt(np.asarray(forecast.forecast_variance))
            else:
                kind = {"local level": "llevel", "local trend": "lltrend"}[model]
                fit = UnobservedComponents(y, level=kind).fit(disp=False, method="lbfgs", maxiter=200)
                forecast = fit.get_forecast(horizon)
                mean, sd = np.asarray(forecast.predicted_mean), np.asarray(forecast.se_mean)
        except (np.linalg.LinAlgError, ValueError, ArithmeticError):
            mean = sd = np.full(horizon, np.nan)
    # A fit that runs away is no forecast: a hundred usual steps a year is far outside any history.
    sane = np.isfinite(mean + sd) & (np.abs(mean) < 100 * (len(y) + ahead)) & (sd < 100 * ahead)
    return (mean, sd) if sane.all() else (np.full(horizon, np.nan), np.full(horizon, np.nan))


def _mixture(normal, tail):
    """Quantile of an equal mixture of normals, by bisection."""
    mean, sd = (np.array(part) for part in zip(*normal))
    sd = np.maximum(sd, 1e-12)
    low, high = (mean - 10 * sd).min(axis=0), (mean + 10 * sd).max(axis=0)
    for _ in range(80):
        middle = (low + high) / 2
        under = special.ndtr((middle - mean) / sd).mean(axis=0) < tail
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return (low + high) / 2
