"""How long authorities wait for a better grade, those still waiting included."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from cptrends.errors import BadInput
from cptrends.indicators.recovery.spells import DAYS_A_YEAR

_METHOD = "Kaplan-Meier, complementary log-log interval"


@dataclass(frozen=True)
class Curve:
    """At each time that one was judged better: an element for each.

    Attributes
    ----------
    times : array of float
        Years since Inadequate.
    share, error : array of float
        Still waiting, and Greenwood's error of it.
    at_risk : array of int
        Still waiting and under observation just before.
    """

    times: np.ndarray
    share: np.ndarray
    error: np.ndarray
    at_risk: np.ndarray


def recovery_time(spells: pd.DataFrame, *, quantile: float = 0.5, confidence: float = 0.95) -> pd.DataFrame:
    """The time by which half of the authorities judged Inadequate have a better grade.

    Parameters
    ----------
    spells : DataFrame
        From `inadequate_spells`: columns years and better.
    quantile : float in (0, 1)
        0.5 is the median; 0.75 the time by which three quarters have.
    confidence : float

    Returns
    -------
    DataFrame
        One row: value (years), lower, upper, n, n_better, n_censored (still waiting), method, status, note. A
        time or limit that has not been reached is NA, and the note says so.

    Notes
    -----
    Kaplan and Meier, with limits from the complementary log-log interval of the curve. The same as
    statsmodels' SurvfuncRight, which the tests compare it with and which is not used here because its
    import takes longer than checking every claim. Leaving out those still waiting would make recovery
    look quicker than it is.

    Examples
    --------
    >>> spells = pd.DataFrame({"years": [1.5, 2.0, 2.5, 3.0, 4.0], "better": [True, True, True, True, False]})
    >>> recovery_time(spells)[["value", "n", "n_censored"]]
       value  n  n_censored
    0    2.5  5           1
    """
    if not 0 < quantile < 1 or not 0 < confidence < 1:
        raise BadInput("quantile and confidence must lie between 0 and 1, such as 0.5 and 0.95")
    years, better = _spans(spells)
    value, lower, upper = np.nan, np.nan, np.nan
    if not years.size:
        note = "No authority was judged Inadequate."
    elif not better.any():
        note = "None has been judged better yet."
    else:
        value, lower, upper = _reached(_kaplan_meier(years, better), quantile, confidence)
        note = "The upper limit lies beyond the time seen." if np.isnan(upper) else ""
        if np.isnan(value):
            note = f"Fewer than {100 * quantile:g}% have been judged better within the time seen."
    row = {
        "value": value,
        "lower": lower,
        "upper": upper,
        "n": years.size,
        "n_better": int(better.sum()),
        "n_censored": int((~better).sum()),
        "method": _METHOD,
        "status": "unavailable" if np.isnan(value) else "derived",
        "note": note,
    }
    return pd.DataFrame([row])


def recovery_curve(spells: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """The share of authorities still waiting for a better grade, by years since Inadequate.

    Parameters
    ----------
    spells, confidence
        As in `recovery_time`.

    Returns
    -------
    DataFrame
        From year 0 on, a row at each time that one was judged better: years, value (percent still waiting),
        lower, upper, at_risk (still waiting and under observation just before), method, status, note.

    Examples
    --------
    >>> spells = pd.DataFrame({"years": [1.0, 2.0, 3.0, 4.0], "better": [True, False, True, True]})
    >>> recovery_curve(spells)[["years", "value", "at_risk"]]
       years  value  at_risk
    0    0.0  100.0        4
    1    1.0   75.0        4
    2    3.0   37.5        2
    3    4.0    0.0        1
    """
    years, better = _spans(spells)
    start = {
        "years": 0.0,
        "value": 100.0,
        "lower": 100.0,
        "upper": 100.0,
        "at_risk": years.size,
        "method": _METHOD,
        "status": "derived",
        "note": "",
    }
    if not better.any():
        note = "None has been judged better yet." if years.size else "No authority was judged Inadequate."
        nobody = {} if years.size else dict.fromkeys(("value", "lower", "upper"), np.nan)
        return pd.DataFrame([{**start, **nobody, "status": "unavailable", "note": note}])
    curve = _kaplan_meier(years, better)
    z = -special.ndtri((1 - confidence) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = z * curve.error / (curve.share * np.log(curve.share))
        limits = [np.where(curve.share > 0, curve.share ** np.exp(sign * half), 0) for sign in (-1, 1)]
    rows = pd.DataFrame(
        {
            "years": curve.times,
            "value": 100 * curve.share,
            "lower": 100 * np.minimum(*limits),
            "upper": 100 * np.maximum(*limits),
            "at_risk": curve.at_risk,
            "method": _METHOD,
            "status": "derived",
            "note": "",
        }
    )
    return pd.concat([pd.DataFrame([start]), rows], ignore_index=True)


def place_on_curve(spells: pd.DataFrame, curve: pd.DataFrame) -> pd.DataFrame:
    """Where on the curve each stretch ends, so that those still waiting can be marked on it.

    Parameters
    ----------
    spells : DataFrame
        From `inadequate_spells`.
    curve : DataFrame
        From `recovery_curve`.

    Returns
    -------
    DataFrame
        area (code), years, better and on_curve (percent still waiting after so many years).

    Examples
    --------
    >>> spells = pd.DataFrame({"area_code": list("abcd"), "years": [1.0, 2.0, 3.0, 4.0],
    ...     "better": [True, False, True, True]})
    >>> place_on_curve(spells, recovery_curve(spells))["on_curve"].tolist()
    [75.0, 75.0, 37.5, 0.0]
    """
    steps = np.searchsorted(curve["years"].to_numpy(), spells["years"].to_numpy(), side="right") - 1
    return pd.DataFrame(
        {
            "area": spells["area_code"].to_numpy(object),
            "years": spells["years"].to_numpy(),
            "better": spells["better"].to_numpy(bool),
            "on_curve": curve["value"].to_numpy()[steps],
        }
    )


def _spans(spells: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    missing = {"years", "better"} - set(spells.columns)
    if missing:
        raise BadInput(f"the spells have no column {', '.join(sorted(missing))}; inadequate_spells makes them")
    years, better = spells["years"].to_numpy(dtype=float), spells["better"].to_numpy(dtype=bool)
    if (years < 0).any() or np.isnan(years).any():
        raise BadInput("every spell needs a length of zero years or more")
    # Judged again on the day it is published would be time zero, which a survival curve cannot take.
    return np.maximum(years, 1 / DAYS_A_YEAR), better


def _kaplan_meier(years: np.ndarray, better: np.ndarray) -> Curve:
    times = np.unique(years[better])
    at_risk = (years[:, None] >= times).sum(axis=0)
    events = ((years[:, None] == times) & better[:, None]).sum(axis=0)
    share = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = share * np.sqrt(np.cumsum(events / (at_risk * (at_risk - events))))
    return Curve(times, share, error, at_risk)


def _reached(curve: Curve, quantile: float, confidence: float) -> tuple[float, float, float]:
    """The time by which so many have a better grade, and its limits; NaN for what has not been reached."""
    times, share = curve.times, curve.share
    reached = times[share < 1 - quantile - 1e-12]  # products of fractions may fall a hair short of a tie
    with np.errstate(divide="ignore", invalid="ignore"):
        away = (np.log(-np.log(share)) - np.log(-np.log(1 - quantile))) / (curve.error / (share * np.log(share)))
    within = np.flatnonzero(np.abs(away) <= -special.ndtri((1 - confidence) / 2))
    lower = times[within[0]] if within.size else np.nan
    upper = times[within[-1] + 1] if within.size and within[-1] + 1 < times.size else np.nan
    return (reached[0] if reached.size else np.nan), lower, upper
