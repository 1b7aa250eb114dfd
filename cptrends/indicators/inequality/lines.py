"""A straight line through the figures of a group's areas, against their relative rank."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cptrends.errors import BadInput
from cptrends.indicators.inequality.groups import Unit
from cptrends.indicators.inequality.ranks import Groups, Ranked, Transform, ranked, refused, remarked
from cptrends.indicators.inputs import Missing, t_value, z_value


@dataclass(frozen=True)
class LineEnd:
    """The fitted line at one end of the range, for each group.

    Attributes
    ----------
    value : array of float
        In the unit of the figures.
    steepness : array of float
        By how much that moves for a small step on the scale of the fit.
    variance : array of float
        On the scale of the fit.
    """

    value: np.ndarray
    steepness: np.ndarray
    variance: np.ndarray


@dataclass(frozen=True)
class Line:
    """A straight line through the figures of each group, against relative rank.

    Attributes
    ----------
    bottom, top : LineEnd
        At rank 0 and at rank 1.
    covariance : array of float
        Of the two, on the scale of the fit.
    quantile : array of float
        So many standard errors make the limits; NaN where there are none.
    method : str
        The scale, and where the limits come from.
    groups : Groups
    """

    bottom: LineEnd
    top: LineEnd
    covariance: np.ndarray
    quantile: np.ndarray
    method: str
    groups: Groups


def fitted_line(
    value: npt.ArrayLike,
    population: npt.ArrayLike,
    position: npt.ArrayLike,
    *,
    unit: Unit,
    group: npt.ArrayLike | None,
    se: npt.ArrayLike | None,
    multiplier: float,
    transform: Transform,
    confidence: float,
    status: npt.ArrayLike | None,
    missing: Missing,
) -> Line:
    """The line through the areas of each group; parameters and errors are those of `slope_index`."""
    z = z_value(confidence)
    if isinstance(multiplier, (str, bytes)) or np.ndim(multiplier) or not np.isfinite(multiplier) or multiplier == 0:
        raise BadInput(f"multiplier is {multiplier!r}; it must be a number other than zero")
    to_scale, back, slope_back = transforms(transform)
    areas = ranked(
        value, population, position, unit=unit, group=group, se=se, transform=transform, status=status, missing=missing
    )
    areas = replace(areas, value=to_scale(areas.value))
    centre = areas.total(areas.weight * areas.rank)
    away = areas.rank - centre[areas.which]
    spread = areas.total(areas.weight * away**2)
    # Floating dust is not a spread of ranks: one area, or all at one position, has no slope.
    lone = areas.groups.ok & ~(spread > 1e-12)
    groups = refused(areas.groups, lone, "Fewer than two positions, so no line can be fitted.")
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.where(groups.ok, spread, np.nan)
        slope_weight = areas.weight * away / spread[areas.which]
        level, slope = areas.total(areas.weight * areas.value), areas.total(slope_weight * areas.value)
        if se is not None:
            v_slope, v_level, cov = _given_errors(areas, slope_weight)
            quantile, limits = np.where(groups.ok, z, np.nan), "the standard errors given"
        else:
            residual = _scatter(areas, level[areas.which] + slope[areas.which] * away)
            v_slope, v_level, cov = residual / spread, residual, np.zeros(len(residual))
            t = t_value(groups.areas - 2, confidence)
            quantile, limits = np.where(groups.ok, t, np.nan), "the scatter about the line"
            groups = remarked(groups, groups.ok & (groups.areas <= 2), "Two areas only, so no interval can be given.")
        low, high = -centre, 1 - centre
        bottom, top = (
            np.where(groups.ok, back(height), np.nan) for height in (level - slope * centre, level + slope * high)
        )
        scale = "" if transform is None else f" fitted on the {transform} scale"
        return Line(
            bottom=LineEnd(bottom, slope_back(bottom), v_level + low**2 * v_slope + 2 * low * cov),
            top=LineEnd(top, slope_back(top), v_level + high**2 * v_slope + 2 * high * cov),
            covariance=v_level + low * high * v_slope + (low + high) * cov,
            quantile=quantile,
            method=f"{scale}, limits from {limits}",
            groups=groups,
        )


def _given_errors(areas: Ranked, slope_weight: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Variance of the slope, of the level and their covariance, from the standard error of each area."""
    e2 = areas.se**2
    return (
        areas.total(slope_weight**2 * e2),
        areas.total(areas.weight**2 * e2),
        areas.total(areas.weight * slope_weight * e2),
    )


def _scatter(areas: Ranked, fitted: np.ndarray) -> np.ndarray:
    """Residual variance of each group; NaN where two areas or fewer leave nothing to judge it by."""
    n = areas.groups.areas.astype(float)
    return np.where(n > 2, areas.total(areas.weight * (areas.value - fitted) ** 2) / np.maximum(n - 2, 1), np.nan)


def transforms(transform: Transform) -> tuple[Callable, Callable, Callable]:
    """To the scale of the fit, back, and the slope of the way back (from the value there)."""
    if transform is None:
        return (lambda v: v), (lambda v: v), (lambda v: np.ones_like(v))
    if transform == "log":
        return np.log, np.exp, (lambda v: v)
    if transform == "logit":
        return (lambda v: np.log(v / (1 - v))), (lambda v: 1 / (1 + np.exp(-v))), (lambda v: v * (1 - v))
    raise BadInput(f"transform is {transform!r}; it must be None, 'log' (rates) or 'logit' (proportions)")
