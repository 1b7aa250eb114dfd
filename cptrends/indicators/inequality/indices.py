"""Indices of inequality over the whole range of deprivation: slope, relative and concentration index."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from cptrends.indicators.inequality.groups import Unit
from cptrends.indicators.inequality.lines import LineEnd, fitted_line, transforms
from cptrends.indicators.inequality.ranks import Groups, Transform, ranked, refused, remarked
from cptrends.indicators.inputs import Missing, together, z_value


def slope_index(
    value: npt.ArrayLike,
    population: npt.ArrayLike,
    position: npt.ArrayLike,
    *,
    unit: Unit,
    group: npt.ArrayLike | None = None,
    se: npt.ArrayLike | None = None,
    multiplier: float = 1,
    transform: Transform = None,
    confidence: float = 0.95,
    status: npt.ArrayLike | None = None,
    missing: Missing = "carry",
) -> pd.DataFrame:
    """Slope index of inequality (SII): the difference across the whole range of deprivation.

    A straight line is fitted to the figures against relative rank: every area or tenth sits at the
    middle of its share of the population, ordered by `position`, so that rank runs from 0 to 1.
    The index is the line at 1 less the line at 0. It uses all groups, not only the two at the ends.

    Parameters
    ----------
    value : array or Series
        Rate or share in each area or tenth.
    population : array or Series
        Its population; the weight, and what rank is counted in.
    position : array or Series
        Order from rank 0 to rank 1: a deprivation score (then a positive index means higher where
        deprivation is higher) or a tenth's number. Equal positions share one rank.
    unit : {"authority", "neighbourhood"}
        What is ranked.
    group : array, Series, DataFrame of keys, or None
        One index per group (years, regions …), all at once; None is a single one.
    se : array, Series or None
        Standard error of each value, on the scale of the fit (see `standard_error`). With it the
        limits say what chance in the values does; without, they come from the scatter about the
        line (Student's t), which takes in over-dispersion between areas.
    multiplier : float
        Scales the slope index; a negative one also turns the direction of both indices.
    transform : {None, "log", "logit"}
        Fit rates on the log scale or proportions on the logit scale and turn the line back.
    confidence : float
    status : str, array of str or None
    missing : {"carry", "leave_out"}
        With "carry" one missing figure leaves its group without an index and says why; with
        "leave_out" the index rests on the others and says how many were left out.

    Returns
    -------
    DataFrame
        value, lower, upper, intercept (the line at rank 0), areas, left_out, unit, method, status,
        note; one row per group, on the group labels.

    Raises
    ------
    BadInput
        If the inputs do not match, or `unit`, `transform`, `multiplier` or `missing` is not usable.

    Notes
    -----
    Definition of PHEindicatormethods (regression of value x sqrt(weight) on sqrt(weight) and
    rank x sqrt(weight)), solved in closed form. That package simulates its limits; the ones here
    are exact for the untransformed index, and by the delta method for a transformed one.

    Examples
    --------
    >>> slope_index([20, 30, 40], [100, 100, 100], [1, 2, 3], unit="authority").round(2)[["value", "intercept"]]
         value  intercept
    all   30.0       15.0
    """
    line = fitted_line(
        value,
        population,
        position,
        unit=unit,
        group=group,
        se=se,
        multiplier=multiplier,
        transform=transform,
        confidence=confidence,
        status=status,
        missing=missing,
    )
    top, bottom = line.top, line.bottom
    slope = (top.value - bottom.value) * multiplier
    variance = (
        top.steepness**2 * top.variance
        + bottom.steepness**2 * bottom.variance
        - 2 * top.steepness * bottom.steepness * line.covariance
    )
    half = line.quantile * np.sqrt(np.maximum(variance, 0)) * abs(multiplier)
    return _frame(
        line.groups,
        unit,
        f"slope index{line.method}",
        value=slope,
        lower=slope - half,
        upper=slope + half,
        intercept=bottom.value,
    )


def relative_index(
    value: npt.ArrayLike,
    population: npt.ArrayLike,
    position: npt.ArrayLike,
    *,
    unit: Unit,
    group: npt.ArrayLike | None = None,
    se: npt.ArrayLike | None = None,
    multiplier: float = 1,
    transform: Transform = None,
    confidence: float = 0.95,
    status: npt.ArrayLike | None = None,
    missing: Missing = "carry",
) -> pd.DataFrame:
    """Relative index of inequality (RII): the fitted line at rank 1 divided by the line at rank 0.

    1 means no inequality. Parameters are those of `slope_index`; a negative `multiplier` gives
    rank 0 over rank 1. Limits are Fieller's for a ratio, exact on the log scale for
    ``transform="log"``, by the delta method on the log of the ratio for "logit".

    Parameters
    ----------
    value, population, position, unit, group, se, multiplier, transform, confidence, status, missing
        As for `slope_index`.

    Returns
    -------
    DataFrame
        As `slope_index`. No value, with the reason, where the line reaches zero or below at either
        end; no limits, with the reason, where the ratio has none.

    Raises
    ------
    BadInput
        As `slope_index`.

    Examples
    --------
    >>> relative_index([20, 30, 40], [100, 100, 100], [1, 2, 3], unit="authority").round(2)[["value"]]
         value
    all    3.0
    """
    line = fitted_line(
        value,
        population,
        position,
        unit=unit,
        group=group,
        se=se,
        multiplier=multiplier,
        transform=transform,
        confidence=confidence,
        status=status,
        missing=missing,
    )
    fitted = line.groups.ok
    over, under = (line.top, line.bottom) if multiplier > 0 else (line.bottom, line.top)
    with np.errstate(divide="ignore", invalid="ignore"):
        crossed = fitted & ~((line.top.value > 0) & (line.bottom.value > 0))
        over, under = (replace(end, value=np.where(crossed, np.nan, end.value)) for end in (over, under))
        ratio = over.value / under.value
        if transform is None:
            lower, upper = _fieller(over, under, line.covariance, line.quantile)
        else:
            g_over, g_under = over.steepness / over.value, under.steepness / under.value
            variance = g_over**2 * over.variance + g_under**2 * under.variance - 2 * g_over * g_under * line.covariance
            half = line.quantile * np.sqrt(np.maximum(variance, 0))
            lower, upper = ratio * np.exp(-half), ratio * np.exp(half)
    groups = refused(line.groups, crossed, "The fitted line is zero or below at one end, so a ratio has no meaning.")
    unbounded = fitted & ~crossed & ~np.isnan(line.quantile) & np.isnan(lower)
    groups = remarked(groups, unbounded, "The ratio's interval has no bounds at this confidence.")
    return _frame(
        groups,
        unit,
        f"relative index{line.method}",
        value=ratio,
        lower=lower,
        upper=upper,
        intercept=line.bottom.value,
    )


def concentration_index(
    value: npt.ArrayLike,
    population: npt.ArrayLike,
    position: npt.ArrayLike,
    *,
    unit: Unit,
    relative: bool = True,
    group: npt.ArrayLike | None = None,
    se: npt.ArrayLike | None = None,
    confidence: float = 0.95,
    status: npt.ArrayLike | None = None,
    missing: Missing = "carry",
) -> pd.DataFrame:
    """Concentration index: how far a figure is gathered at one end of the deprivation order.

    Twice the weighted covariance of the figure with relative rank. Absolute, it is in the unit of
    the figure; relative, it is divided by the mean and lies between -1 and 1. Zero is no gradient;
    positive, the figure is gathered at the end with the highest `position`.

    Parameters
    ----------
    value, population, position, unit : as for `slope_index`
    relative : bool
        Divide by the mean.
    group, se, confidence, status, missing : as for `slope_index`

    Returns
    -------
    DataFrame
        value, lower, upper, areas, left_out, unit, method, status, note; one row per group. Limits
        are there when `se` is given; those of the relative index use the delta method.

    Raises
    ------
    BadInput
        As `slope_index`.

    Notes
    -----
    Kakwani, Wagstaff and van Doorslaer (1997), Journal of Econometrics 77, 87-103.

    Examples
    --------
    >>> people, estimate = [78, 91, 162, 103, 105], [20, 30, 40, 50, 60]
    >>> concentration_index(estimate, people, [1, 2, 3, 4, 5], unit="authority").round(6)[["value"]]
            value
    all  0.177769
    """
    z = z_value(confidence)
    areas = ranked(
        value, population, position, unit=unit, group=group, se=se, transform=None, status=status, missing=missing
    )
    groups = areas.groups
    lean = areas.weight * (2 * areas.rank - 1)
    average, index = areas.total(areas.weight * areas.value), areas.total(lean * areas.value)
    if relative:
        flat = groups.ok & ~(average > 0)
        groups = refused(groups, flat, "The mean is not above zero, so there is no relative index.")
    with np.errstate(divide="ignore", invalid="ignore"):
        result = index / average if relative else index
        half = np.full(len(result), np.nan)
        if se is not None:
            per_area = lean
            if relative:
                per_area = (lean - areas.weight * result[areas.which]) / average[areas.which]
            half = z * np.sqrt(areas.total(per_area**2 * areas.se**2))
    name = "relative concentration index" if relative else "absolute concentration index"
    limits = "limits from the standard errors given" if se is not None else "no interval"
    return _frame(groups, unit, f"{name}, {limits}", value=result, lower=result - half, upper=result + half)


def standard_error(
    lower: npt.ArrayLike, upper: npt.ArrayLike, *, confidence: float = 0.95, transform: Transform = None
) -> np.ndarray:
    """The standard error that limits stand for, on the scale of the fit.

    Parameters
    ----------
    lower, upper : array or Series
        Limits of a rate or share, as `rate` or `share` give them (per 1 for "logit").
    confidence : float
        What the limits were made for.
    transform : {None, "log", "logit"}
        The scale `slope_index` will fit on.

    Returns
    -------
    array

    Raises
    ------
    BadInput
        If the two differ in length or `transform` is not known.

    Examples
    --------
    >>> standard_error([8], [12]).round(4)
    array([1.0204])
    """
    to_scale, _, _ = transforms(transform)
    columns, _, _ = together(lower=lower, upper=upper)
    with np.errstate(divide="ignore", invalid="ignore"):
        se = (to_scale(columns["upper"]) - to_scale(columns["lower"])) / (2 * z_value(confidence))
    return np.where(np.isfinite(se), se, np.nan)


def _fieller(
    over: LineEnd, under: LineEnd, covariance: np.ndarray, quantile: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Limits of a ratio of two correlated normal estimates."""
    a = under.value**2 - quantile**2 * under.variance
    b = over.value * under.value - quantile**2 * covariance
    c = over.value**2 - quantile**2 * over.variance
    bounded = a > 0
    root = np.sqrt(np.maximum(b**2 - a * c, 0))
    return np.where(bounded, (b - root) / a, np.nan), np.where(bounded, (b + root) / a, np.nan)


def _frame(groups: Groups, unit: Unit, method: str, **figures: np.ndarray) -> pd.DataFrame:
    """The result: figures where there may be any, and what there is to say of each group."""
    return pd.DataFrame(
        {
            **{name: np.where(groups.ok, each, np.nan) for name, each in figures.items()},
            "areas": groups.areas,
            "left_out": groups.left_out,
            "unit": unit,
            "method": np.where(groups.ok, method, "").astype(object),
            "status": groups.status,
            "note": groups.note,
        },
        index=groups.labels,
    )
