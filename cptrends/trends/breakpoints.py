"""Breakpoints: in which years did the trend itself turn?

Joinpoint regression (Kim, Fay, Feuer and Midthune, *Statistics in Medicine* 19: 335-351, 2000): straight
lines on the log scale that meet at a few years, every placing tried. Events are over-dispersed Poisson
counts (quasi-Poisson). A change in how figures are collected is known, not discovered: it is passed in,
gets a step of its own, and no turn is looked for beside it.
"""

import itertools

import numpy as np
import pandas as pd
from scipy import special

from cptrends.data.status import has_value, weakest
from cptrends.errors import BadInput
from cptrends.trends._tables import as_table, to_floats

#: Years on each side of a joinpoint, and between two, beside the joinpoints themselves.
_ROOM = 2
#: With fewer years than this there is no trend to speak of.
FEWEST_YEARS = 5


def joinpoints(
    events,
    population=None,
    *,
    max_joinpoints=None,
    choose="bic",
    known_breaks=None,
    confidence=0.95,
    permutations=499,
    seed=2025,
    status=None,
):
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
    return _fitted(events, population, max_joinpoints, choose, known_breaks, confidence, permutations, seed, status)[0]


def joinpoint_path(events, population=None, *, per=1, **settings):
    """The fitted line beside the figures, to be drawn.

    Parameters
    ----------
    events, population, **settings
        As in `joinpoints`.
    per : float
        Unit of the figures when there is a population, such as 10,000.

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
    defaults = {
        "max_joinpoints": None,
        "choose": "bic",
        "known_breaks": None,
        "confidence": 0.95,
        "permutations": 499,
        "seed": 2025,
        "status": None,
    }
    unknown = set(settings) - set(defaults)
    if unknown:
        raise BadInput(f"joinpoint_path has no setting {', '.join(sorted(unknown))}")
    path = _fitted(events, population, **{**defaults, **settings})[1]
    path[["value", "fitted"]] *= per
    return path


def _fitted(events, population, max_joinpoints, choose, known_breaks, confidence, permutations, seed, status):
    if choose not in ("bic", "permutation"):
        raise BadInput(f"choose {choose!r} is not known; it must be bic or permutation")
    if max_joinpoints is not None and (int(max_joinpoints) != max_joinpoints or max_joinpoints < 0):
        raise BadInput(f"max_joinpoints must be a whole number, nought or more, not {max_joinpoints!r}")
    if not 0 < confidence < 1:
        raise BadInput(f"confidence must lie between 0 and 1, such as 0.95, not {confidence!r}")
    numbers, statuses, areas, labels = as_table(events, status)
    if len(areas) != 1:
        raise BadInput("joinpoints takes one series; call it for each area")
    try:
        years = np.array([int(y) for y in labels])
    except (TypeError, ValueError):
        raise BadInput(f"the series' index must hold years, such as 2015, not {labels[0]!r}") from None
    if (np.diff(years) <= 0).any():
        raise BadInput("the years of the series must be in order, each once")
    y, statuses = numbers[0], statuses[0]
    size = np.ones(y.size) if population is None else to_floats(population).ravel()
    if size.size != y.size:
        raise BadInput(f"population has {size.size} numbers and events has {y.size}; they must match")
    known_breaks = dict(known_breaks or {})
    good = ~np.isnan(y) & (size > 0) & (y >= 0)
    path = pd.DataFrame(
        {
            "year": years,
            "value": np.where(good, y / np.where(good, size, 1), np.nan),
            "fitted": np.nan,
            "stretch": 1,
            "status": np.where(good, weakest(statuses), np.where(has_value(statuses), "unavailable", statuses)),
            "note": np.where(good, "", "No value, or nobody in the population: left out of the fit."),
        }
    )
    left_out = f"{(~good).sum()} of {y.size} years have no value and are left out." if not good.all() else ""
    t, y, offset = years[good], y[good], np.log(size[good])
    carried = weakest(*statuses[good]) if good.any() else weakest(*statuses)
    steps = [b for b in sorted(known_breaks) if (t < b).sum() >= 2 and (t >= b).sum() >= 2]
    reason = ""
    if t.size < FEWEST_YEARS + len(steps):
        reason = f"No trend fitted: {t.size} years have values, and {FEWEST_YEARS + len(steps)} are needed."
    elif not y.any():
        reason = "No trend fitted: every figure is nought."
    if reason:
        row = {
            "kind": "trend",
            "start": years[0],
            "end": years[-1],
            "value": np.nan,
            "lower": np.nan,
            "upper": np.nan,
            "turn_lower": pd.NA,
            "turn_upper": pd.NA,
            "joinpoints": 0,
            "dispersion": np.nan,
            "n": t.size,
            "method": "Joinpoint",
            "status": carried if not good.all() else "unavailable",
            "note": reason,
        }
        return _typed([row]), path.assign(note=np.where(path["note"] == "", reason, path["note"]))

    grid = _grid(t, steps, _at_most(t.size) if max_joinpoints is None else max_joinpoints)
    fits = [_best(t, y, offset, places, steps) for places in grid]
    k = (
        _by_bic(fits, y, len(steps))
        if choose == "bic"
        else _by_permutation(t, y, offset, grid, fits, steps, permutations, np.random.default_rng(seed))
    )
    return _described(
        t,
        y,
        offset,
        grid[k],
        fits[k],
        steps,
        known_breaks,
        population is not None,
        confidence,
        choose,
        carried,
        left_out,
        path,
        good,
    )


def _at_most(n):
    return int(np.searchsorted([7, 12, 17, 22], n, side="right"))


def _grid(t, steps, most):
    """For 0, 1, 2 ... joinpoints: every allowed set of years, as long as there are any."""
    allowed = [i for i in range(_ROOM, t.size - _ROOM) if all(abs(t[i] - b) > 1 for b in steps)]
    grid = []
    for k in range(most + 1):
        sets = [s for s in itertools.combinations(allowed, k) if all(b - a > _ROOM for a, b in itertools.pairwise(s))]
        # A fit needs years to spare after two parameters per joinpoint.
        if not sets or t.size - (2 + len(steps) + 2 * k) < 2:
            break
        grid.append(t[np.array(sets, dtype=int)].reshape(len(sets), k))
    return grid


def _designs(t, places, steps):
    """Design matrices, one per set of joinpoints: level, slope, change of slope at each, step at each break."""
    columns = [np.ones((len(places), t.size)), np.broadcast_to(t - t[0], (len(places), t.size))]
    columns += [np.maximum(t - places[:, [j]], 0) for j in range(places.shape[1])]
    columns += [np.broadcast_to(t >= b, (len(places), t.size)) for b in steps]
    return np.stack(columns, axis=2).astype(float)


def _glm(X, y, offset, *, tolerance=1e-10):
    """Many Poisson regressions with log link at once, by iteratively reweighted least squares.

    X is fits x years x parameters, y fits x years. Returns coefficients, fitted means and deviances.
    """
    mu = np.maximum(y, 0.5 * y.mean(axis=1, keepdims=True) + 1e-12)
    beta = np.zeros((len(X), X.shape[2]))
    ridge = 1e-12 * np.eye(X.shape[2])
    for _ in range(50):
        working = np.log(mu) - offset + (y - mu) / mu
        weighted = X * mu[:, :, None]
        gram = np.swapaxes(weighted, 1, 2) @ X
        gram += ridge * np.trace(gram, axis1=1, axis2=2)[:, None, None]
        new = np.linalg.solve(gram, np.swapaxes(weighted, 1, 2) @ working[:, :, None])[:, :, 0]
        step = np.abs(new - beta).max()
        beta = new
        mu = np.exp(np.clip((X @ beta[:, :, None])[:, :, 0] + offset, -700, 700))
        if step < tolerance:
            break
    deviance = 2 * (special.xlogy(y, y / mu) - (y - mu)).sum(axis=1)
    return beta, mu, np.maximum(deviance, 0)


def _best(t, y, offset, places, steps, tolerance=1e-10):
    """The best of the sets: its number, coefficients, means, and every set's deviance."""
    X = _designs(t, places, steps)
    beta, mu, deviance = _glm(X, np.broadcast_to(y, (len(X), y.size)), offset, tolerance=tolerance)
    best = int(np.argmin(deviance))
    return best, beta[best], mu[best], deviance


def _by_bic(fits, y, n_steps):
    n = y.size
    # Below this the fit is perfect to rounding, and a smaller deviance means nothing.
    floor = 1e-10 * y.sum()
    lowest = np.array([max(fit[3].min(), floor) for fit in fits])
    parameters = 2 + n_steps + 3 * np.arange(len(fits))
    scores = n * np.log(lowest / n) + parameters * np.log(n)
    return int(np.argmin(scores))


def _by_permutation(t, y, offset, grid, fits, steps, permutations, random):
    """Fewest against most joinpoints, closing in from both ends; 5% shared out over the tests."""
    few, many = 0, len(grid) - 1
    level = 0.05 / max(many, 1)
    while few < many:
        mu = fits[few][2]
        residual = (y - mu) / np.sqrt(mu)
        observed = fits[few][3].min() / max(fits[many][3].min(), 1e-10 * y.sum())
        larger = 0
        for _ in range(permutations):
            shuffled = np.maximum(mu + np.sqrt(mu) * random.permutation(residual), 1e-9)
            lowest = [_best(t, shuffled, offset, grid[k], steps, tolerance=1e-5)[3].min() for k in (few, many)]
            larger += lowest[0] / max(lowest[1], 1e-10 * y.sum()) >= observed
        few, many = (few + 1, many) if (1 + larger) / (1 + permutations) <= level else (few, many - 1)
    return few


def _described(
    t, y, offset, places, fit, steps, known_breaks, counts, confidence, choose, carried, left_out, path, good
):
    best, beta, mu, deviances = fit
    turns = places[best]
    k = turns.size
    X = _designs(t, places[[best]], steps)[0]
    spare = t.size - (2 + len(steps) + 2 * k)
    dispersion = ((y - mu) ** 2 / mu).sum() / spare
    if counts:
        dispersion = max(dispersion, 1.0)
    covariance = dispersion * np.linalg.inv((X * mu[:, None]).T @ X)
    reach = special.stdtrit(spare, (1 + confidence) / 2)
    within = deviances <= deviances[best] + dispersion * special.fdtri(1, spare, confidence)

    def percent(combination):
        middle, half = combination @ beta, reach * np.sqrt(combination @ covariance @ combination)
        return [100 * np.expm1(x) for x in (middle, middle - half, middle + half)]

    rows, edges = [], [t[0], *turns, t[-1]]
    method = f"Joinpoint: quasi-Poisson, number by {'BIC' if choose == 'bic' else 'permutation'}"
    common = {"joinpoints": k, "dispersion": dispersion, "n": t.size, "method": method, "status": carried}
    for j in range(k + 1):
        slope = np.zeros(beta.size)
        slope[1 : 2 + j] = 1
        value, lower, upper = percent(slope)
        inside = [known_breaks[b] for b in steps if edges[j] < b <= edges[j + 1]]
        turn = places[within, j - 1] if j else None
        rows.append(
            {
                "kind": "trend",
                "start": edges[j],
                "end": edges[j + 1],
                "value": value,
                "lower": lower,
                "upper": upper,
                "turn_lower": turn.min() if j else pd.NA,
                "turn_upper": turn.max() if j else pd.NA,
                **common,
                "note": " ".join([*inside, left_out]).strip(),
            }
        )
    for b in sorted(known_breaks):
        row = {"kind": "known break", "start": b, "end": b, "turn_lower": pd.NA, "turn_upper": pd.NA, **common}
        if b in steps:
            step = np.zeros(beta.size)
            step[2 + k + steps.index(b)] = 1
            value, lower, upper = percent(step)
            rows.append({**row, "value": value, "lower": lower, "upper": upper, "note": known_breaks[b]})
        elif t[0] < b <= t[-1]:
            rows.append(
                {
                    **row,
                    "value": np.nan,
                    "lower": np.nan,
                    "upper": np.nan,
                    "status": "unavailable",
                    "note": f"{known_breaks[b]} Its step cannot be told: fewer than two years lie on one side.",
                }
            )
    path.loc[good, "fitted"] = mu / np.exp(offset)
    path["stretch"] = 1 + np.searchsorted(turns, path["year"].to_numpy(), side="left")
    return _typed(rows), path


def _typed(rows):
    frame = pd.DataFrame(
        rows,
        columns=[
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
        ],
    )
    return frame.astype({"turn_lower": "Int64", "turn_upper": "Int64", "start": int, "end": int, "value": float})
