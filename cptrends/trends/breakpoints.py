"""Breakpoints: in which years did the trend itself turn?

Joinpoint regression (Kim, Fay, Feuer and Midthune, *Statistics in Medicine* 19: 335-351, 2000): straight
lines on the log scale that meet at a few years, every placing tried. Events are over-dispersed Poisson
counts (quasi-Poisson). A change in how figures are collected is known, not discovered: it is passed in,
gets a step of its own, and no turn is looked for beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from cptrends.data.status import has_value, weakest
from cptrends.errors import BadInput
from cptrends.trends.inputs import one_series, to_floats
from cptrends.trends.piecewise import (
    Fit,
    Series,
    best_fit,
    designs,
    number_by_bic,
    number_by_permutation,
    placings,
)

#: With fewer years than this there is no trend to speak of.
FEWEST_YEARS = 5
_COLUMNS = [
    "kind",
    "start",
    "end",
    "value",
    "lower",
    "upper",
    "turn_lower",
    "turn_upper",
    "joinpoints",
    "dispersion",
    "n",
    "method",
    "status",
    "note",
]


@dataclass(frozen=True)
class Settings:
    """How the trend is looked for, as in `joinpoints`."""

    max_joinpoints: int | None = None
    choose: Literal["bic", "permutation"] = "bic"
    known_breaks: Mapping[int, str] | None = None
    confidence: float = 0.95
    permutations: int = 499
    seed: int = 2025


def joinpoints(
    events: npt.ArrayLike,
    population: npt.ArrayLike | None = None,
    *,
    max_joinpoints: int | None = None,
    choose: Literal["bic", "permutation"] = "bic",
    known_breaks: Mapping[int, str] | None = None,
    confidence: float = 0.95,
    permutations: int = 499,
    seed: int = 2025,
    status: npt.ArrayLike | None = None,
) -> pd.DataFrame:
    """The stretches of steady growth in a series, and the years in which one turns into the next.

    Parameters
    ----------
    events : Series (index: years, int) or array (years 1, 2, ...)
        Counts; or, without `population`, any positive figures such as rates.
    population : Series or array of the same length, optional
        The trend is then that of events per head.
    max_joinpoints : int, optional
        At most so many. Without it 0 below 7 years, 1 below 12, 2 below 17, 3 below 22, then 4.
    choose : {"bic", "permutation"}
        How the number is chosen. BIC, with three parameters for each joinpoint since its place is
        searched for; or permutation tests at 5% in all, slower: minutes beyond 25 years.
    known_breaks : dict of int to str, optional
        The first year on the new footing, and a sentence.
    confidence : float
    permutations, seed : int
        For `choose="permutation"`.
    status : array of str, optional

    Returns
    -------
    DataFrame
        A row per stretch (kind "trend"): start, end, value (annual percent change), lower, upper, turn_lower
        and turn_upper (years in which its beginning may lie; NA for the first). Then a row per known break
        (kind "known break"): value is the step in percent, once the trend is allowed for. Also joinpoints
        (how many), dispersion, n, method, status, note. When nothing can be fitted there is one row with
        the reason.

    Raises
    ------
    BadInput
        If years are not whole numbers or out of order, lengths differ or a setting is not possible.

    Notes
    -----
    Intervals of annual change take the years of the turns as found, so they are somewhat too narrow. Those
    of a turn are the years whose best fit is no worse than an F test allows. A turn in a short series is a
    description, not evidence that something happened in that year.

    Examples
    --------
    >>> plans = pd.Series([270, 291, 316, 341, 371, 400, 431, 466, 461, 455, 452, 446, 440], index=range(2001, 2014))
    >>> joinpoints(plans)[["start", "end", "value"]].round(1)
       start   end  value
    0   2001  2008    8.1
    1   2008  2013   -1.1
    """
    settings = Settings(max_joinpoints, choose, known_breaks, confidence, permutations, seed)
    return _fitted(events, population, status, settings)[0]


def joinpoint_path(
    events: npt.ArrayLike,
    population: npt.ArrayLike | None = None,
    *,
    per: float = 1,
    status: npt.ArrayLike | None = None,
    **settings: Any,
) -> pd.DataFrame:
    """The fitted line beside the figures, to be drawn.

    Parameters
    ----------
    events, population
        As in `joinpoints`.
    per : float
        Unit of the figures when there is a population, such as 10,000.
    status, **settings
        As in `joinpoints`.

    Returns
    -------
    DataFrame
        year, value (as observed), fitted, stretch (1, 2, ...), status, note.

    Examples
    --------
    >>> joinpoint_path([100, 110, 121, 133, 146, 161, 177]).round(0).loc[:1, ["year", "value", "fitted"]]
       year  value  fitted
    0     1  100.0   100.0
    1     2  110.0   110.0
    """
    unknown = set(settings) - {field.name for field in fields(Settings)}
    if unknown:
        raise BadInput(f"joinpoint_path has no setting {', '.join(sorted(unknown))}")
    path = _fitted(events, population, status, Settings(**settings))[1]
    path[["value", "fitted"]] *= per
    return path


def _fitted(
    events: npt.ArrayLike, population: npt.ArrayLike | None, status: npt.ArrayLike | None, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The stretches, and the line beside the figures."""
    _check(settings)
    path, size = _figures(events, population, status)
    good = path["value"].notna().to_numpy()
    known_breaks = dict(settings.known_breaks or {})
    t = path["year"].to_numpy()[good]
    steps = [b for b in sorted(known_breaks) if (t < b).sum() >= 2 and (t >= b).sum() >= 2]
    series = Series(t, path["events"].to_numpy()[good], np.log(size[good]), steps)
    statuses = path["status"].to_numpy(object)
    carried = weakest(*statuses[good]) if good.any() else weakest(*statuses)
    path = path.drop(columns="events")
    reason = ""
    if t.size < FEWEST_YEARS + len(steps):
        reason = f"No trend fitted: {t.size} years have values, and {FEWEST_YEARS + len(steps)} are needed."
    elif not series.events.any():
        reason = "No trend fitted: every figure is zero."
    if reason:
        row = {
            "kind": "trend",
            "start": path["year"].iloc[0],
            "end": path["year"].iloc[-1],
            "joinpoints": 0,
            "n": t.size,
            "method": "Joinpoint",
            "status": carried if not good.all() else "unavailable",
            "note": reason,
        }
        return _typed([row]), path.assign(note=np.where(path["note"] == "", reason, path["note"]))
    most = _at_most(t.size) if settings.max_joinpoints is None else settings.max_joinpoints
    fits = [best_fit(series, places) for places in placings(series, most)]
    if settings.choose == "bic":
        fit = fits[number_by_bic(series, fits)]
    else:
        fit = fits[number_by_permutation(series, fits, settings.permutations, settings.seed)]
    path.loc[good, "fitted"] = fit.mu / np.exp(series.offset)
    path["stretch"] = 1 + np.searchsorted(fit.turns, path["year"].to_numpy(), side="left")
    left_out = f"{(~good).sum()} of {good.size} years have no value and are left out." if not good.all() else ""
    rows = _described(series, fit, settings, counts=population is not None, left_out=left_out)
    return _typed([{"status": carried, **row} for row in rows]), path


def _check(settings: Settings) -> None:
    choose, most, confidence = settings.choose, settings.max_joinpoints, settings.confidence
    if choose not in ("bic", "permutation"):
        raise BadInput(f"choose {choose!r} is not known; it must be bic or permutation")
    if most is not None and (int(most) != most or most < 0):
        raise BadInput(f"max_joinpoints must be a whole number, zero or more, not {most!r}")
    if not 0 < confidence < 1:
        raise BadInput(f"confidence must lie between 0 and 1, such as 0.95, not {confidence!r}")


def _figures(
    events: npt.ArrayLike, population: npt.ArrayLike | None, status: npt.ArrayLike | None
) -> tuple[pd.DataFrame, np.ndarray]:
    """The path without its line, with the events beside it, and the population."""
    y, statuses, years = one_series(events, status, "joinpoints")
    size = np.ones(y.size) if population is None else to_floats(population).ravel()
    if size.size != y.size:
        raise BadInput(f"population has {size.size} numbers and events has {y.size}; they must match")
    good = ~np.isnan(y) & (size > 0) & (y >= 0)
    path = pd.DataFrame(
        {
            "year": years,
            "events": y,
            "value": np.where(good, y / np.where(good, size, 1), np.nan),
            "fitted": np.nan,
            "stretch": 1,
            "status": np.where(good, weakest(statuses), np.where(has_value(statuses), "unavailable", statuses)),
            "note": np.where(good, "", "No value, or nobody in the population: left out of the fit."),
        }
    )
    return path, size


def _at_most(n: int) -> int:
    return int(np.searchsorted([7, 12, 17, 22], n, side="right"))


def _described(series: Series, fit: Fit, settings: Settings, *, counts: bool, left_out: str) -> list[dict[str, Any]]:
    """A row for each stretch and for each known break."""
    k, spare = fit.turns.size, series.spare(fit.turns.size)
    X = designs(series.years, fit.turns[None, :], series.steps)[0]
    dispersion = ((series.events - fit.mu) ** 2 / fit.mu).sum() / spare
    if counts:
        dispersion = max(dispersion, 1.0)
    covariance = dispersion * np.linalg.inv((X * fit.mu[:, None]).T @ X)
    reach = special.stdtrit(spare, (1 + settings.confidence) / 2)

    def percent(parameters: slice) -> dict[str, float]:
        """Annual change, or a step, of the sum of some parameters."""
        combination = np.zeros(fit.beta.size)
        combination[parameters] = 1
        middle, half = combination @ fit.beta, reach * np.sqrt(combination @ covariance @ combination)
        limits = {"value": middle, "lower": middle - half, "upper": middle + half}
        return {name: 100 * np.expm1(x) for name, x in limits.items()}

    known, t = dict(settings.known_breaks or {}), series.years
    edges = [t[0], *fit.turns, t[-1]]
    rows = []
    for j in range(k + 1):
        inside = [known[b] for b in series.steps if edges[j] < b <= edges[j + 1]]
        note = " ".join([*inside, left_out]).strip()
        row = {"kind": "trend", "start": edges[j], "end": edges[j + 1], **percent(slice(1, 2 + j)), "note": note}
        if j:
            within = fit.deviances <= fit.deviances.min() + dispersion * special.fdtri(1, spare, settings.confidence)
            turn = fit.places[within, j - 1]
            row |= {"turn_lower": turn.min(), "turn_upper": turn.max()}
        rows.append(row)
    for b in sorted(known):
        row = {"kind": "known break", "start": b, "end": b, "note": known[b]}
        if b in series.steps:
            step = 2 + k + series.steps.index(b)
            rows.append(row | percent(slice(step, step + 1)))
        elif t[0] < b <= t[-1]:
            why = "Its step cannot be told: fewer than two years lie on one side."
            rows.append(row | {"status": "unavailable", "note": f"{known[b]} {why}"})
    method = f"Joinpoint: quasi-Poisson, number by {'BIC' if settings.choose == 'bic' else 'permutation'}"
    return [row | {"joinpoints": k, "dispersion": dispersion, "n": t.size, "method": method} for row in rows]


def _typed(rows: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    types = {"turn_lower": "Int64", "turn_upper": "Int64", "start": int, "end": int}
    return frame.astype(types | dict.fromkeys(("value", "lower", "upper", "dispersion"), float))
