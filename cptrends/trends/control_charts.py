"""Control charts: is a point of a series out of keeping with the rest of it?

The XmR chart and its rules follow NHS England's *Making Data Count*; the limits are those of
Wheeler (*Understanding Variation*, 1993). The run chart rules are those of Anhøj and Olesen
(*PLoS ONE*, 2014). The P, U and C charts are Shewhart's, as in Montgomery (*Introduction to
Statistical Quality Control*). A chart of thirteen annual points is a short one:
`chance_of_signals` says how often each rule fires when nothing has happened.
"""

import numpy as np
import pandas as pd
from scipy import special

from cptrends.data.status import weakest
from cptrends.errors import BadInput
from cptrends.trends._tables import as_table, long

#: Three standard deviations over the mean moving range of two points: 3 / 1.128, as printed.
LIMIT_FACTOR = 2.66
#: The upper limit of a moving range is this many times the mean moving range.
RANGE_FACTOR = 3.267
#: Fewer points than this give limits that the next year can move a good deal.
PROVISIONAL_BELOW = 12

DIRECTIONS = {
    "up": {1: "improvement", -1: "concern"},
    "down": {1: "concern", -1: "improvement"},
    "neither": {1: "high", -1: "low"},
}
#: In the order in which they give a point its `rule`.
RULES = ("outside", "trend", "two_of_three", "shift")


def xmr(values, *, status=None, direction="neither", shift=7, trend=7, screen_outliers=True, fix_after=None):
    """The XmR chart of each series: its limits, and which points the NHS rules pick out.

    A point is picked out when it lies outside the limits; when it is one of `trend` or more points in a
    row each above (or each below) the one before; when it lies in the outer third between mean and limit
    with another such point among three in a row on that side of the mean; or when it is one of `shift` or
    more in a row on one side of the mean. Points on the mean belong to neither side. Where several rules
    fire, `rule` names the first in that order. A gap ends a run, and no moving range is taken across it.

    Parameters
    ----------
    values : array, Series (index: years) or DataFrame (rows: areas, columns: years)
        In any unit; limits and mean are in the same one.
    status : array of str of the same shape, optional
    direction : {"up", "down", "neither"}
        Which way is better. "neither" labels points high and low and judges nothing.
    shift, trend : int, at least 3
        How many points make a shift and a trend; the NHS uses 7, many others 6.
    screen_outliers : bool
        Leave moving ranges above their own upper limit out of the mean range, once.
    fix_after : int, optional
        Compute mean and limits from the first so many years only.

    Returns
    -------
    DataFrame
        A row per area and year: area_code, year, value, centre, lower, upper, moving_range,
        moving_range_upper, outside, shift, trend, two_of_three (each -1, 0 or 1: low or falling, not
        picked out, high or rising), rule, label, method, status, note. Without two neighbouring values
        there are no limits, and the note says so.

    Raises
    ------
    BadInput
        If a direction, run length or `fix_after` is not possible.

    Notes
    -----
    A constant series has a moving range of nought and limits on its mean, screened or not.

    Examples
    --------
    >>> chart = xmr(pd.Series([41, 43, 42, 44, 43, 42, 43, 41, 42, 44, 43, 42, 60], index=range(2013, 2026)))
    >>> chart.loc[[12], ["year", "centre", "rule", "label"]].round(1)
        year  centre     rule label
    12  2025    43.8  outside  high
    """
    if direction not in DIRECTIONS:
        raise BadInput(f"direction {direction!r} is not known; it must be up, down or neither")
    for name, length in (("shift", shift), ("trend", trend)):
        if int(length) != length or length < 3:
            raise BadInput(f"{name} must be a whole number of points, at least 3, not {length!r}")
    if fix_after is not None and (int(fix_after) != fix_after or fix_after < 2):
        raise BadInput(f"fix_after must be a whole number of points, at least 2, or None, not {fix_after!r}")
    numbers, statuses, areas, years = as_table(values, status)

    ranges = np.abs(np.diff(numbers, axis=1, prepend=np.nan))
    base = slice(None, None if fix_after is None else int(fix_after))
    centre = _mean(numbers[:, base])
    range_mean = _mean(ranges[:, base])
    if screen_outliers:
        # At most, not below: a constant series keeps its ranges of nought.
        range_mean = _mean(np.where(ranges[:, base] <= RANGE_FACTOR * range_mean, ranges[:, base], np.nan))
    width = LIMIT_FACTOR * range_mean
    fired = _signals(numbers, centre, width, shift, trend)

    side, rule = _first(fired)
    label = np.full(numbers.shape, "common cause", dtype=object)
    for way, word in DIRECTIONS[direction].items():
        label[side == way] = word
    label[np.isnan(numbers)] = ""

    method = f"XmR: mean and {LIMIT_FACTOR} x mean moving range"
    method += ", ranges above their limit left out" if screen_outliers else ""
    method += f", from the first {fix_after} years" if fix_after is not None else ""
    return long(
        areas,
        years,
        value=numbers,
        centre=centre,
        lower=centre - width,
        upper=centre + width,
        moving_range=ranges,
        moving_range_upper=RANGE_FACTOR * range_mean,
        **fired,
        rule=rule,
        label=label,
        method=method,
        status=_carried(numbers, statuses),
        note=_notes(numbers[:, base], range_mean),
    )


def _mean(numbers):
    """Row means of what there is, as a column; NaN for a row without anything."""
    n = (~np.isnan(numbers)).sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        return np.nansum(numbers, axis=1, keepdims=True) / np.where(n, n, np.nan)


def _signals(numbers, centre, width, shift, trend):
    """Each rule's verdict on each point: -1, 0 or 1."""
    with np.errstate(invalid="ignore"):
        side = np.nan_to_num(np.sign(numbers - centre)).astype(int)
        distance = np.nan_to_num(np.abs(numbers - centre))
        limit = np.nan_to_num(width, nan=np.inf)
        outside = np.where(distance > limit, side, 0)
        outer_third = (distance > limit * 2 / 3) & (outside == 0)
        step = np.nan_to_num(np.sign(np.diff(numbers, axis=1))).astype(int)
    return {
        "outside": outside,
        "shift": _runs(side == 1, shift) - _runs(side == -1, shift),
        "trend": _runs(step == 1, trend - 1, 1) - _runs(step == -1, trend - 1, 1),
        "two_of_three": _two_of_three(outer_third, side) * outer_third,
    }


def _runs(condition, length, extra=0):
    """1 for every point of a run of at least `length` places where the condition holds.

    With `extra` the places are steps between points, and the run has that many more points.
    """
    rows, places = condition.shape
    member = np.zeros((rows, places + extra), dtype=int)
    starts = places - length + 1
    if starts < 1:
        return member
    whole = np.all([condition[:, i : i + starts] for i in range(length)], axis=0)
    for i in range(length + extra):
        member[:, i : i + starts] |= whole
    return member


def _two_of_three(outer_third, side):
    """1 or -1 for every point of three on one side, of which two or more are in the outer third."""
    member = np.zeros(side.shape, dtype=int)
    starts = side.shape[1] - 2
    if starts < 1:
        return member
    three_sides = sum(side[:, i : i + starts] for i in range(3))
    two_out = sum(outer_third[:, i : i + starts].astype(int) for i in range(3)) >= 2
    for way in (1, -1):
        whole = two_out & (three_sides == 3 * way)
        for i in range(3):
            member[:, i : i + starts][whole] = way
    return member


def _first(fired):
    """Side and name of the first rule, in order, that picks out each point."""
    shape = fired["outside"].shape
    side, rule = np.zeros(shape, dtype=int), np.full(shape, "", dtype=object)
    for name in RULES:
        new = (side == 0) & (fired[name] != 0)
        side[new] = fired[name][new]
        rule[new] = name
    return side, rule


def _carried(numbers, statuses):
    """Every row is computed from its value; a gap keeps its reason."""
    return np.where(np.isnan(numbers), statuses, weakest(statuses))


def _notes(numbers, range_mean):
    """One sentence for each series that needs one."""
    have = (~np.isnan(numbers)).sum(axis=1)
    notes = []
    for n, mean in zip(have, range_mean[:, 0]):
        if n == 0:
            notes.append("No limits: the series has no values.")
        elif np.isnan(mean):
            notes.append("No limits: there are no two neighbouring years with values.")
        elif n < numbers.shape[1]:
            notes.append(f"Limits rest on {n} of {numbers.shape[1]} years; the others have no value.")
        elif n < PROVISIONAL_BELOW:
            notes.append(f"Limits rest on {n} points and are provisional: {PROVISIONAL_BELOW} or more are wanted.")
        else:
            notes.append("")
    return np.array(notes, dtype=object)[:, None]


def anhoej_thresholds(n_useful):
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


def run_chart(values, *, status=None):
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
    for series, series_statuses in zip(numbers, statuses):
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


def _run_note(n, useful, years):
    if n == 0:
        return "No verdict: the series has no values."
    if useful < 2:
        return "No verdict: fewer than two points lie off the median."
    return "" if n == years else f"{years - n} of {years} years have no value and are left out."


def count_chart(count, size=None, *, kind, fix_after=None, exclude=(), multiply=1.0):
    """Shewhart's chart of a count against its own chance variation: P, U or C.

    Unlike the XmR chart it takes the spread from the counts themselves. Children's services counts vary
    more than that, so for authorities prefer `xmr`, or `funnel` with its over-dispersion adjustment.

    Parameters
    ----------
    count : array or Series (index: years)
        Children or events.
    size : array of the same length
        For "p" the number the count is out of; for "u" the exposure, such as children aged 0-17.
    kind : {"p", "u", "c"}
        A share, a rate, or a count with the same exposure every year.
    fix_after : int, optional
        Compute the centre from the first so many points only.
    exclude : list of int
        Points, counted from 1, left out of the centre because their cause is known.
    multiply : float
        The unit shown: 100 for percent, 10_000 for a rate per 10,000.

    Returns
    -------
    DataFrame
        year, value, centre, lower, upper, outside (-1, 0, 1), method, status, note.

    Raises
    ------
    BadInput
        If the kind is not known, or `size` is missing or of another length.

    Examples
    --------
    >>> count_chart([12, 8, 6, 31], [100, 80, 80, 100], kind="p", multiply=100)[["centre", "upper", "outside"]].round(2)
       centre  upper  outside
    0   15.83  26.78        0
    1   15.83  28.08        0
    2   15.83  28.08        0
    3   15.83  26.78        1
    """
    if kind not in ("p", "u", "c"):
        raise BadInput(f"kind {kind!r} is not known; it must be p (share), u (rate) or c (count)")
    if kind != "c" and size is None:
        raise BadInput(f"a {kind} chart needs the size that each count is out of")
    counts, _, _, years = as_table(count)
    counts = counts[0]
    sizes = np.ones(counts.shape) if kind == "c" else as_table(size)[0][0]
    if sizes.shape != counts.shape:
        raise BadInput(f"size has {sizes.size} numbers and count has {counts.size}; they must match")
    sizes = np.where(sizes > 0, sizes, np.nan)
    good = ~np.isnan(counts + sizes)
    used = good.copy()
    used[[i - 1 for i in exclude]] = False
    if fix_after is not None:
        used[fix_after:] = False
    centre = counts[used].sum() / sizes[used].sum() if used.any() else np.nan
    spread = centre * (1 - centre) if kind == "p" else centre
    width = 3 * np.sqrt(spread / sizes)
    value = counts / sizes
    upper = np.minimum(centre + width, 1) if kind == "p" else centre + width
    lower = np.maximum(centre - width, 0)
    note = "" if used.any() else "No limits: no point has both a count and a size above nought."
    return pd.DataFrame(
        {
            "year": years,
            "value": value * multiply,
            "centre": centre * multiply,
            "lower": lower * multiply,
            "upper": upper * multiply,
            "outside": (value > upper).astype(int) - (value < lower).astype(int),
            "method": f"{kind.upper()} chart: three standard errors",
            "status": np.where(good, "derived", "unavailable"),
            "note": np.where(good, note, "The count or the size is missing, or the size is nought."),
        }
    )


def chance_of_signals(n=13, *, shift=7, trend=7, screen_outliers=True, autocorrelation=0.0, draws=4000, seed=2025):
    """How often each rule fires in a series in which nothing has happened.

    Parameters
    ----------
    n : int
        Points in the series; thirteen years by default.
    shift, trend, screen_outliers
        As in `xmr`.
    autocorrelation : float in (-1, 1)
        Of one year with the next. Nought is what the rules assume; annual figures drift, and with
        drift the rules fire far more often.
    draws : int
        Simulated series.
    seed : int

    Returns
    -------
    DataFrame
        rule (each of the four, the run chart's, and "any of the four"), value (percent of series in which
        the rule picks out at least one point), lower, upper (95%, Wilson: simulation error only), points
        (percent of points picked out; NA for the run chart, which judges a whole series), n, draws, method.

    Examples
    --------
    >>> chance = chance_of_signals(13, draws=500).set_index("rule")
    >>> bool(chance.loc["any of the four", "value"] >= chance.loc["outside", "value"])
    True
    """
    if n < 2 or draws < 1 or not -1 < autocorrelation < 1:
        raise BadInput("n must be 2 or more, draws 1 or more and autocorrelation between -1 and 1")
    random = np.random.default_rng(seed)
    series = random.standard_normal((draws, n))
    for t in range(1, n):
        series[:, t] = autocorrelation * series[:, t - 1] + np.sqrt(1 - autocorrelation**2) * series[:, t]
    chart = xmr(series, shift=shift, trend=trend, screen_outliers=screen_outliers)
    fired = {name: chart[name].to_numpy().reshape(draws, n) != 0 for name in RULES}
    fired["any of the four"] = np.any(list(fired.values()), axis=0)
    often = {name: points.any(axis=1) for name, points in fired.items()}
    often["run chart"] = run_chart(series)["signal"].fillna(False).to_numpy(dtype=bool)
    rows = []
    z = special.ndtri(0.975)
    for name, hit in often.items():
        p = hit.mean()
        middle, half = p + z**2 / 2 / draws, z * np.sqrt(p * (1 - p) / draws + z**2 / 4 / draws**2)
        rows.append(
            {
                "rule": name,
                "value": 100 * p,
                "lower": 100 * (middle - half) / (1 + z**2 / draws),
                "upper": 100 * (middle + half) / (1 + z**2 / draws),
                "points": 100 * fired[name].mean() if name in fired else np.nan,
            }
        )
    drift = f", autocorrelation {autocorrelation:g}" if autocorrelation else ""
    return pd.DataFrame(rows).assign(n=n, draws=draws, method=f"Simulation of normal series{drift}")
