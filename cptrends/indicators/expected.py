"""What an area as deprived as this one usually has: a rate beside the rates of areas like it.

A funnel asks whether an area differs from England. Deprived areas do, and for good reason, so the
fairer question is whether it differs from what its deprivation would lead one to expect.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from cptrends.errors import BadInput
from cptrends.indicators.inputs import judge, together
from cptrends.indicators.rates import count_faults

#: With fewer areas than this no line is fitted.
FEWEST_AREAS = 10


def expected_at_deprivation(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    score: npt.ArrayLike,
    *,
    per: float = 10_000,
    confidence: float = 0.95,
    status: npt.ArrayLike | None = None,
) -> pd.DataFrame:
    """Each area's rate beside what the other areas' rates say of one as deprived.

    Parameters
    ----------
    numerator, denominator : array or Series, one element per area
        Events, and children.
    score : array or Series
        Deprivation, all of one edition of one index; missing where an area has none.
    per : float
    confidence : float
        Of the interval: the share of areas as deprived, and of this size, whose rate would lie within it.
    status : array of str, optional
        Of the rates. An area without one is left out of the fit and still has an expected rate.

    Returns
    -------
    DataFrame
        On the index of `numerator`: value (its own rate), expected, lower, upper, position ("within",
        "above" or "below" the interval, "" where it cannot be said), fitted (the line through all
        areas, for drawing), score, per_score (by what factor the rate grows for each point of the
        score), spread (standard deviation of areas about the line, on the log scale), n_areas (in the
        fit), method, status, note.

    Raises
    ------
    BadInput
        If lengths or indexes differ or `confidence` is out of range.

    Notes
    -----
    A straight line of the log rate (half an event added) on the score, each area weighted by the inverse
    of its variance: that of its count and that between areas of the same deprivation, found by the method
    of Paule and Mandel (*Journal of Research of the National Bureau of Standards* 87: 377, 1982). An area's
    own figure is left out of the line it is held against (deletion residuals; Cook and Weisberg 1982). The
    interval is for a new area: the line's error, the variance between areas, and chance in a count of the
    expected size; on t with n - 3 degrees of freedom.

    Examples
    --------
    >>> random = np.random.default_rng(2)
    >>> score, children = random.uniform(0.05, 0.35, 60), np.full(60, 50_000)
    >>> plans = random.poisson(children * 0.003 * np.exp(3 * score) * random.lognormal(0, 0.1, 60))
    >>> plans[0] = 600
    >>> expected_at_deprivation(plans, children, score).loc[:1, ["value", "expected", "position"]].round(0)
       value  expected position
    0  120.0      44.0    above
    1   44.0      47.0   within
    """
    if isinstance(confidence, str) or not 0 < confidence < 1:
        raise BadInput(f"confidence must lie between 0 and 1, such as 0.95, not {confidence!r}")
    columns, status, index = together(status, numerator=numerator, denominator=denominator, score=score)
    count, size, x = columns["numerator"], columns["denominator"], columns["score"]
    ok, status, note = judge(len(index), status, *count_faults(count, size))
    scored = ~np.isnan(x)
    used = ok & scored
    n = int(used.sum())
    out = {name: np.full(len(index), np.nan) for name in ("expected", "lower", "upper", "fitted")}
    slope, tau2 = np.nan, np.nan
    if n >= FEWEST_AREAS and np.ptp(x[used]) > 0:
        logs, slope, tau2 = _on_the_line(count, size, x, used, confidence)
        out = {name: np.where(scored, np.exp(value) * per, np.nan) for name, value in logs.items()}
    value = np.where(ok, count, np.nan) / size * per
    with np.errstate(invalid="ignore"):
        position = np.select(
            [value > out["upper"], value < out["lower"], (value >= out["lower"]) & (value <= out["upper"])],
            ["above", "below", "within"],
            "",
        )
    note = np.where((note == "") & ~scored, "No deprivation score for this area.", note)
    note = np.where(
        (note == "") & np.isnan(out["expected"]), f"Fewer than {FEWEST_AREAS} areas have both figures.", note
    )
    return pd.DataFrame(
        {
            "value": value,
            **{k: out[k] for k in ("expected", "lower", "upper")},
            "position": position,
            "fitted": out["fitted"],
            "score": x,
            "per_score": np.exp(slope),
            "spread": np.sqrt(tau2),
            "n_areas": n,
            "method": f"log-linear on the score, random between areas, {100 * confidence:g}% interval for a new area",
            "status": status,
            "note": note.astype(object),
        },
        index=index,
    )


def _on_the_line(
    count: np.ndarray, size: np.ndarray, score: np.ndarray, used: np.ndarray, confidence: float
) -> tuple[dict[str, np.ndarray], float, float]:
    """Logarithms of what is expected of each area, with limits, and of the line; its slope; the areas' variance."""
    design = np.column_stack([np.ones(len(count)), np.where(np.isnan(score), 0, score)])
    y = np.log((np.where(used, count, 1) + 0.5) / np.where(used, size, 1))
    tau2, beta, cover = _fit(y[used], 1 / (count[used] + 0.5), design[used])
    line = design @ beta
    error2 = np.einsum("ij,jk,ik->i", design, cover, design)
    weight = np.where(used, 1 / (tau2 + 1 / (np.where(used, count, 1) + 0.5)), 0)
    leverage = weight * error2
    without = np.where(used, y - (y - line) / (1 - leverage), line)
    error2 = error2 / (1 - leverage)
    with np.errstate(invalid="ignore", divide="ignore"):
        by_chance = 1 / (np.exp(without) * size)
    half = special.stdtrit(int(used.sum()) - 3, (1 + confidence) / 2) * np.sqrt(tau2 + by_chance + error2)
    logs = {"expected": without, "lower": without - half, "upper": without + half, "fitted": line}
    return logs, float(beta[1]), tau2


def _fit(y: np.ndarray, variance: np.ndarray, design: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Variance between areas, coefficients and their covariance, by Paule and Mandel."""
    freedom = len(y) - design.shape[1]

    def at(tau2: float) -> tuple[float, np.ndarray, np.ndarray]:
        weight = 1 / (variance + tau2)
        cover = np.linalg.inv(design.T @ (weight[:, None] * design))
        beta = cover @ (design.T @ (weight * y))
        return float((weight * (y - design @ beta) ** 2).sum()), beta, cover

    low, high = 0.0, max(float(np.var(y)), 1e-9)
    if at(low)[0] <= freedom:
        return 0.0, *at(0.0)[1:]
    while at(high)[0] > freedom:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if at(middle)[0] > freedom else (low, middle)
    return high, *at(high)[1:]
