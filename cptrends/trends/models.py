"""The plain models of an outlook, and their average: an equal mixture."""

import warnings

import numpy as np
import pandas as pd
from scipy import special

MODELS = ("naive walk", "local level", "local trend", "damped trend")
AVERAGE = "average"


def paths(series: np.ndarray, horizon: int, confidence: float) -> dict[str, np.ndarray]:
    """model -> years ahead x (value, lower, upper), in the unit of the series."""
    logs = bool((series > 0).all())
    y = np.log(series) if logs else series
    # Likelihoods are flattest near zero: work in units of the usual step.
    usual = np.sqrt(np.mean(np.diff(y) ** 2))
    back = np.exp if logs else (lambda x: x)
    if usual < 1e-9:
        still = np.column_stack([np.full(horizon, series[-1])] * 3)
        return dict.fromkeys((*MODELS, AVERAGE), still)
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


def _fit(model: str, y: np.ndarray, horizon: int) -> tuple[np.ndarray, np.ndarray]:
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


def _mixture(normal: list[tuple[np.ndarray, np.ndarray]], tail: float) -> np.ndarray:
    """Quantile of an equal mixture of normals, by bisection."""
    mean, sd = (np.array(part) for part in zip(*normal, strict=True))
    sd = np.maximum(sd, 1e-12)
    low, high = (mean - 10 * sd).min(axis=0), (mean + 10 * sd).max(axis=0)
    for _ in range(80):
        middle = (low + high) / 2
        under = special.ndtr((middle - mean) / sd).mean(axis=0) < tail
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return (low + high) / 2
