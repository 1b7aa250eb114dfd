"""Funnels: which areas lie further from the rest than their size explains.

Limits narrow as an area gets larger. Authorities differ by more than chance even when none is unusual
(different families, thresholds and recording), so by default the limits are widened by the variation
between areas, as Spiegelhalter proposes (*Statistics in Medicine* 24: 1185-1202, 2005; *Quality and
Safety in Health Care* 14: 347-351, 2005).
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from cptrends.data.status import has_value, weakest
from cptrends.errors import BadInput
from cptrends.trends.inputs import statuses_of, to_floats
from cptrends.trends.limits import Kind, Place, chance_error, distance_from, limits_at

#: Over-dispersion is not judged from fewer areas than this.
FEWEST_AREAS = 10
SCALE = {"share": 100, "rate": 10_000, "ratio": 1, "count_ratio": 1}
_EXACT = {
    "share": "score limits",
    "rate": "exact Poisson limits",
    "ratio": "exact Poisson limits",
    "count_ratio": "log-normal limits",
}
_ADJUSTED = {"share": "arcsine scale", "rate": "log scale", "ratio": "log scale", "count_ratio": "log scale"}


def funnel(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    *,
    kind: Kind,
    per: float | None = None,
    target: float | None = None,
    by: npt.ArrayLike | None = None,
    adjust: Literal["tau2", "phi", "none"] = "tau2",
    trim: float = 0.1,
    confidence: Sequence[float] = (0.95, 0.998),
    status: npt.ArrayLike | None = None,
) -> pd.DataFrame:
    """Each area's figure beside the limits within which areas of its size lie.

    Parameters
    ----------
    numerator, denominator : array or Series, one element per area (and year)
        Counts. For "ratio" the denominator is the expected number.
    kind : {"share", "rate", "ratio", "count_ratio"}
        A part of its denominator; events among a population; observed over expected events; or two
        counts of which neither is part of the other, such as section 47 enquiries per referral.
    per : float, optional
        100 for a share, 10,000 for a rate and 1 for ratios unless said otherwise.
    target : float, optional
        In the unit of the figures; without it the pooled figure of the areas (of each group), and 1 x
        `per` for observed over expected.
    by : array, optional
        Groups, usually years: each has its own target and over-dispersion.
    adjust : {"tau2", "phi", "none"}
        Widen by variation between areas added to chance (DerSimonian and Laird), by a multiple of
        chance, or not at all.
    trim : float in [0, 0.5)
        The share of areas at each end whose z is drawn in to the next before dispersion is judged.
    confidence : sequence of float
        One or more levels.
    status : array of str, optional

    Returns
    -------
    DataFrame
        On the index of `numerator`: value, target, z (in standard errors, widened), lower_95, upper_95,
        lower_99_8, upper_99_8 (names follow `confidence`), label ("higher (99.8%)", ..., "not unusual"),
        phi, tau2, n_areas, numerator, denominator, method, status, note.

    Raises
    ------
    BadInput
        If a kind, adjustment or level is not known or lengths differ.

    Notes
    -----
    Drawing in a tenth of the areas at each end keeps a few unusual ones from hiding themselves. The cost:
    where areas differ normally, about 13% rather than 5% of them lie outside widened 95% limits, and
    about 2% outside 99.8% ones. `trim=0` removes that, and lets unusual areas widen the limits.

    Examples
    --------
    >>> plans = funnel([30, 260, 55], [10_000, 50_000, 12_000], kind="rate", adjust="none")
    >>> plans[["value", "label"]].round(1)
       value        label
    0   30.0  lower (95%)
    1   52.0  not unusual
    2   45.8  not unusual
    """
    _check(kind, adjust, trim, confidence)
    per = SCALE[kind] if per is None else per
    given, size = np.atleast_1d(to_floats(numerator)), np.atleast_1d(to_floats(denominator))
    if given.shape != size.shape:
        raise BadInput(f"numerator has {given.size} numbers and denominator has {size.size}; they must match")
    statuses = statuses_of(given + size, status)
    usable = has_value(statuses) & (size > 0) & (given >= 0) & ~((kind == "share") & (given > size))
    count, exposure = np.where(usable, given, np.nan), np.where(usable, size, np.nan)
    groups = np.zeros(given.size, dtype=int) if by is None else pd.factorize(np.asarray(by, dtype=object))[0]
    if groups.shape != given.shape:
        raise BadInput(f"by has {groups.size} labels and numerator has {given.size} numbers; they must match")

    centre = _centre(kind, count, exposure, groups, None if target is None else target / per)
    s = chance_error(kind, exposure, centre)
    if kind == "count_ratio":
        s = np.sqrt(count / (count + 0.5) ** 2 + exposure / (exposure + 0.5) ** 2)
    distance = distance_from(kind, count, exposure, centre)
    phi, tau2 = _dispersion(distance, s, usable, groups, trim)
    wider = np.nan_to_num(tau2) if adjust == "tau2" else np.zeros(given.size)
    multiple = np.fmax(phi, 1) if adjust == "phi" else np.ones(given.size)
    place = Place(exposure, centre, s, wider, multiple)
    n_areas = np.bincount(groups, usable)[groups].astype(int)
    limits = limits_at(kind, place, confidence)
    return pd.DataFrame(
        {
            "value": count / exposure * per,
            "target": centre * per,
            "z": _over(distance, place.spread),
            **_columns(limits, per),
            "label": _labels(count / exposure, limits, usable),
            "phi": phi,
            "tau2": tau2,
            "n_areas": n_areas,
            "numerator": count,
            "denominator": exposure,
            "method": np.where(
                (wider > 0) | (multiple > 1),
                f"Funnel: over-dispersed limits ({adjust}, {_ADJUSTED[kind]})",
                f"Funnel: {_EXACT[kind]}",
            ),
            "status": np.where(has_value(statuses) & ~usable, "unavailable", weakest(statuses)),
            "note": _notes(statuses, given, size, usable, (n_areas < FEWEST_AREAS) & (adjust != "none")),
        },
        index=numerator.index if isinstance(numerator, pd.Series) else None,
    )


def funnel_limits(
    size: npt.ArrayLike,
    target: float,
    *,
    kind: Kind,
    per: float | None = None,
    tau2: float = 0.0,
    phi: float = 1.0,
    confidence: Sequence[float] = (0.95, 0.998),
) -> pd.DataFrame:
    """The funnel itself: limits at any size, to be drawn as curves.

    Parameters
    ----------
    size : array
        Denominators (for "ratio", expected numbers), above zero.
    target : float
        The line in the middle, in the unit of the figures.
    kind, per
        As in `funnel`.
    tau2, phi : float
        The widening that `funnel` reports.
    confidence
        As in `funnel`.

    Returns
    -------
    DataFrame
        size, target and a lower and an upper column per level.

    Notes
    -----
    Without widening a share has score limits, and a rate or ratio the exact Poisson ones: at the lower
    limit the chance of so few events or fewer is 2.5% (0.1%). An upper limit of a share stops at 100%.

    Examples
    --------
    >>> funnel_limits([10_000, 100_000], 42, kind="rate").round(1)[["size", "lower_95", "upper_95"]]
           size  lower_95  upper_95
    0   10000.0      29.3      55.7
    1  100000.0      38.0      46.1
    """
    _check(kind, "none", 0, confidence)
    per = SCALE[kind] if per is None else per
    sizes = np.atleast_1d(to_floats(size))
    sizes = np.where(sizes > 0, sizes, np.nan)
    centre = np.full(sizes.shape, target / per)
    s = chance_error(kind, sizes, centre)
    place = Place(sizes, centre, s, np.full(sizes.shape, tau2), np.full(sizes.shape, phi))
    limits = limits_at(kind, place, confidence)
    return pd.DataFrame({"size": sizes, "target": centre * per, **_columns(limits, per)})


def overdispersion(distance: npt.ArrayLike, standard_error: npt.ArrayLike, *, trim: float = 0.1) -> tuple[float, float]:
    """By how much areas differ beyond chance.

    Parameters
    ----------
    distance : array
        Of each area from the target, on a scale on which chance is normal.
    standard_error : array
        What chance alone explains of it.
    trim : float in [0, 0.5)
        Share of z-scores at each end drawn in to the next (winsorised).

    Returns
    -------
    phi : float
        Mean squared z: about 1 when there is chance only.
    tau2 : float
        Variance between areas, on the scale of `distance`, by DerSimonian and Laird; zero when phi
        is that of chance or less.

    Examples
    --------
    >>> overdispersion([-0.3, 0.1, 0.2, -0.1, 0.4], [0.05, 0.1, 0.1, 0.1, 0.2], trim=0)
    (9.2, 0.0908...)
    """
    s = np.asarray(standard_error, dtype=float)
    z = np.asarray(distance, dtype=float) / s
    n = z.size
    if n < 2:
        return np.nan, np.nan
    z = np.clip(z, *np.quantile(z, [trim, 1 - trim]))
    phi, weight = np.mean(z**2), s**-2.0
    tau2 = (n * phi - (n - 1)) / (weight.sum() - (weight**2).sum() / weight.sum())
    return float(phi), max(float(tau2), 0.0)


def _check(kind: str, adjust: str, trim: float, confidence: Sequence[float]) -> None:
    if kind not in SCALE:
        raise BadInput(f"kind {kind!r} is not known; it must be one of {', '.join(SCALE)}")
    if adjust not in ("tau2", "phi", "none"):
        raise BadInput(f"adjust {adjust!r} is not known; it must be tau2, phi or none")
    if not 0 <= trim < 0.5:
        raise BadInput(f"trim must be at least 0 and below 0.5, not {trim!r}")
    if not len(confidence) or not all(0 < level < 1 for level in confidence):
        raise BadInput(f"confidence must be levels between 0 and 1, such as (0.95, 0.998), not {confidence!r}")


def _centre(
    kind: Kind, count: np.ndarray, exposure: np.ndarray, groups: np.ndarray, target: float | None
) -> np.ndarray:
    """Each area's target, as a fraction: as given, one for observed over expected, or its group's pooled figure."""
    if target is not None:
        return np.full(count.size, target)
    if kind == "ratio":
        return np.ones(count.size)
    with np.errstate(invalid="ignore", divide="ignore"):
        pooled = np.bincount(groups, np.nan_to_num(count)) / np.bincount(groups, np.nan_to_num(exposure))
    return pooled[groups]


def _dispersion(
    distance: np.ndarray, chance: np.ndarray, usable: np.ndarray, groups: np.ndarray, trim: float
) -> tuple[np.ndarray, np.ndarray]:
    """phi and tau2 of each area's group; NaN where it has too few areas."""
    phi, tau2 = np.full(distance.size, np.nan), np.full(distance.size, np.nan)
    for group in range(groups.max() + 1 if groups.size else 0):
        members = usable & (groups == group) & np.isfinite(distance) & np.isfinite(chance)
        if members.sum() >= FEWEST_AREAS:
            phi[groups == group], tau2[groups == group] = overdispersion(distance[members], chance[members], trim=trim)
    return phi, tau2


def _labels(value: np.ndarray, limits: dict[float, list[np.ndarray]], usable: np.ndarray) -> np.ndarray:
    """The widest limits that each area lies outside, in words."""
    label = np.full(value.size, "not unusual", dtype=object)
    for level in sorted(limits):
        lower, upper = limits[level]
        label[value < lower] = f"lower ({100 * level:g}%)"
        label[value > upper] = f"higher ({100 * level:g}%)"
    label[~usable] = ""
    return label


def _notes(
    statuses: np.ndarray, count: np.ndarray, size: np.ndarray, usable: np.ndarray, few: np.ndarray
) -> np.ndarray:
    note = np.select(
        [~has_value(statuses), ~(size > 0), (count < 0) | ~usable, few],
        [
            "No value in the numerator or the denominator.",
            "The denominator is zero.",
            "The numerator is negative or larger than the whole it is part of.",
            f"Fewer than {FEWEST_AREAS} areas: over-dispersion cannot be judged, and limits are not widened.",
        ],
        "",
    )
    return note.astype(object)


def _columns(limits: dict[float, list[np.ndarray]], per: float) -> dict[str, np.ndarray]:
    """A lower and an upper column per level, in the unit of the figures."""
    found = {}
    for level, (lower, upper) in limits.items():
        name = f"{100 * level:.4g}".replace(".", "_")
        found[f"lower_{name}"], found[f"upper_{name}"] = lower * per, upper * per
    return found


def _over(number: np.ndarray, by: np.ndarray) -> np.ndarray:
    """A division that gives NaN, quietly, where it cannot be done."""
    possible = np.isfinite(number) & np.isfinite(by) & (by > 0)
    return np.divide(number, by, out=np.full(np.shape(number), np.nan), where=possible)
