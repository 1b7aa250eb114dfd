"""Deprivation: tenths, ratio and gap, slope and relative index, concentration index.

Tenths of what? A tenth of *authorities* holds whole councils, each a mixture of rich and poor
streets; a tenth of *neighbourhoods* holds small areas ranked nationally. On one and the same date
the most deprived tenth had 1.85 times the plan rate of the least among authorities, and 12.6 times
among neighbourhoods. Every function here therefore asks for ``unit=`` and carries it in its result.
"""

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from cptrends.data.status import weakest
from cptrends.errors import BadInput
from cptrends.indicators.inputs import judge, one_status, together, z_value
from cptrends.indicators.rates import _check_per, count_faults, mean

UNITS = ("authority", "neighbourhood")
#: England has some 150 authorities and some 33,000 neighbourhoods; no count between can be either.
MOST_AUTHORITIES = 400
ORDINALS = {4: "quarter", 5: "fifth", 10: "tenth"}


def deprivation_groups(score, *, unit, groups=10, population=None, highest_first=True):
    """Which tenth (or fifth, quarter …) each area belongs to; 1 is the most deprived.

    Parameters
    ----------
    score : array or Series
        Average score of the index of deprivation; one per area.
    unit : {"authority", "neighbourhood"}
        What the areas are. Required: see the module.
    groups : int
        10 for tenths.
    population : array, Series or None
        None: each group holds as near as can be the same number of areas. Given: the same number of
        people; an area goes where the middle of its population falls.
    highest_first : bool
        True when a high score means more deprived (IMD and IDACI average score); False for ranks,
        where 1 is the most deprived.

    Returns
    -------
    DataFrame
        score, rank (1 the most deprived; areas with the same score share the better rank), group
        (float, NaN where there is no score), label, unit, status, note.

    Raises
    ------
    BadInput
        If `unit` is missing or cannot be right for this many areas, or the inputs do not match.

    Notes
    -----
    By number of areas, group = floor((rank - 1) x groups / n) + 1, as PHEindicatormethods has it;
    with fewer areas than groups there are no groups.

    Examples
    --------
    >>> deprivation_groups([40, 10, 30, 20], unit="authority", groups=2)[["rank", "group", "label"]]
       rank  group                         label
    0   1.0    1.0   1 (most deprived authorities)
    1   4.0    2.0  2 (least deprived authorities)
    2   2.0    1.0   1 (most deprived authorities)
    3   3.0    2.0  2 (least deprived authorities)
    """
    _check_groups(groups)
    columns = {"score": score} if population is None else {"score": score, "population": population}
    columns, _, index = together(**columns)
    _check_unit(unit, len(index), index)
    score = columns["score"]
    missing = np.isnan(score)
    faults = [(missing, "unavailable", "The area has no score, so it is in no group.")]
    if population is not None:
        faults.append(
            (~(columns["population"] > 0), "unavailable", "The area has no population, so it is in no group.")
        )
    ok, status, note = judge(len(index), None, *faults)
    n = ok.sum()
    if n < groups:
        status[ok], note[ok] = "not_applicable", f"Too few areas ({n}) for {groups} groups."
    usable = pd.Series(np.where(ok, score, np.nan))
    rank = usable.rank(method="min", ascending=not highest_first).to_numpy()
    if population is None:
        group = np.floor((rank - 1) * groups / max(n, 1)) + 1
    else:
        people = np.where(ok, columns["population"], 0.0)
        # Equal scores stay together: the middle of all their people decides.
        at_score = pd.Series(people).groupby(rank).sum()
        middle = (at_score.cumsum() - at_score / 2) / max(people.sum(), 1e-300)
        group = np.minimum(np.floor(pd.Series(rank).map(middle).to_numpy() * groups) + 1, groups)
    group = np.where(n < groups, np.nan, group)
    return pd.DataFrame(
        {
            "score": score,
            "rank": rank,
            "group": group,
            "label": [_label(g, groups, unit) for g in group],
            "unit": unit,
            "status": status,
            "note": note,
        },
        index=index,
    )


def group_rates(numerator, denominator, group, *, unit, per=10_000, confidence=0.95, status=None, missing="carry"):
    """The rate in each tenth, both ways: the mean of its areas' rates, and all its areas pooled.

    The mean of areas lets each council count once; pooled lets each child count once. Large
    authorities weigh more in the second, and the two can differ a good deal. Limits of both come
    from how much the areas of a tenth differ among themselves (Student's t; for the pooled rate the
    usual linearised error of a ratio), so over-dispersion between authorities is in them.

    Parameters
    ----------
    numerator, denominator : array or Series
        Counts and children, one per area.
    group : array or Series
        The area's group, 1 the most deprived (from `deprivation_groups`); NaN for none.
    unit : {"authority", "neighbourhood"}
    per : float
    confidence : float
    status : str, array of str or None
        The weakest status of each area's inputs.
    missing : {"carry", "leave_out"}
        What to do with a group in which an area has no figure: give it no value and say why, or
        compute it from the others and say how many were left out.

    Returns
    -------
    DataFrame
        group, average ("mean of areas", "pooled"), value, lower, upper, numerator, denominator,
        areas, left_out, unit, method, status, note: two rows per group.

    Raises
    ------
    BadInput
        If `unit` is missing or cannot be right, or the inputs do not match.

    Examples
    --------
    >>> group_rates([30, 20, 12], [4_000, 5_000, 6_000], [1, 1, 2], unit="authority").round(1)[
    ...     ["group", "average", "value", "areas"]]
       group        average  value  areas
    0      1  mean of areas   57.5      2
    1      1         pooled   55.6      2
    2      2  mean of areas   20.0      1
    3      2         pooled   20.0      1
    """
    table = _by_group(numerator, denominator, group, unit, per, confidence, status, missing)
    n = table["areas"].to_numpy(float)
    t = _t_quantile(n - 1, confidence)
    frames = []
    for average, centre, error in (("mean of areas", "mean", "mean_error"), ("pooled", "pooled", "pooled_error")):
        half = t * table[error].to_numpy()
        value = table[centre].to_numpy()
        frames.append(
            pd.DataFrame(
                {
                    "group": table.index,
                    "average": average,
                    "value": value,
                    "lower": np.maximum(value - half, 0.0),
                    "upper": value + half,
                    "numerator": table["numerator"].to_numpy(),
                    "denominator": table["denominator"].to_numpy(),
                    "areas": table["areas"].to_numpy(),
                    "left_out": table["left_out"].to_numpy(),
                    "unit": unit,
                    "method": np.where(np.isnan(value), "", f"{average}, limits from the areas' own spread"),
                    "status": table["status"].to_numpy(),
                    "note": table["note"].to_numpy(),
                }
            )
        )
    both = pd.concat(frames, ignore_index=True)
    return both.sort_values(["group", "average"], kind="stable", ignore_index=True)


def most_to_least(
    numerator,
    denominator,
    score,
    *,
    unit,
    groups=10,
    per=10_000,
    confidence=0.95,
    population=None,
    highest_first=True,
    status=None,
    missing="carry",
):
    """The most deprived tenth against the least: ratio and gap, mean of areas and pooled.

    Parameters
    ----------
    numerator, denominator : array or Series
        Counts and children, one per area.
    score : array or Series
        Deprivation, one per area; areas without a score are left out and counted.
    unit : {"authority", "neighbourhood"}
        What the areas are. Required: tenths of the two differ by a factor of six.
    groups, population, highest_first : as for `deprivation_groups`
    per, confidence, status : as for `group_rates`
    missing : {"carry", "leave_out"}
        "carry": tenths are of all areas with a score, and a missing figure in either end leaves no
        result. "leave_out": areas without a figure are set aside first, tenths are of the others,
        and the note says how many were left out. Areas without a score are in no tenth either way.

    Returns
    -------
    DataFrame
        comparison ("ratio", "gap"), average ("mean of areas", "pooled"), value, lower, upper,
        most_deprived, least_deprived (the two rates), areas_most, areas_least, left_out, unit,
        of ("tenth of authorities" …), method, status, note: four rows.

    Raises
    ------
    BadInput
        As `deprivation_groups`.

    Notes
    -----
    Limits use the spread of areas within the two groups: for the gap Welch's t, for the ratio the
    same on the log scale (delta method).

    Examples
    --------
    >>> result = most_to_least([60, 50, 30, 20], [9_000, 9_000, 9_000, 9_000], [4, 3, 2, 1],
    ...                        unit="authority", groups=2)
    >>> result.round(2)[["comparison", "average", "value", "of"]]
      comparison        average  value                   of
    0      ratio  mean of areas   2.20  half of authorities
    1      ratio         pooled   2.20  half of authorities
    2        gap  mean of areas  33.33  half of authorities
    3        gap         pooled  33.33  half of authorities
    """
    _check_missing(missing)
    columns, combined, index = together(status, numerator=numerator, denominator=denominator, score=score)
    ok, row_status, _ = judge(len(index), combined, *count_faults(columns["numerator"], columns["denominator"]))
    unscored = np.isnan(columns["score"])
    gone = unscored | (~ok if missing == "leave_out" else False)
    ranked = pd.Series(np.where(gone, np.nan, columns["score"]), index=index)
    if population is not None and isinstance(population, pd.Series) and not index.equals(population.index):
        raise BadInput("population and the counts have different indexes; align them before computing")
    people = None if population is None else np.asarray(population)
    grouped = deprivation_groups(ranked, unit=unit, groups=groups, population=people, highest_first=highest_first)
    out = _left_out_sentence(row_status, ok, unscored, gone)
    lost = one_status(row_status[gone & ~ok]) if (gone & ~ok).any() else "unavailable"
    table = _by_group(
        columns["numerator"],
        columns["denominator"],
        grouped["group"].to_numpy(),
        unit,
        per,
        confidence,
        combined,
        "carry",
    )
    ends = table.reindex([1, groups])
    rows = []
    for comparison in ("ratio", "gap"):
        for average, centre, error in (("mean of areas", "mean", "mean_error"), ("pooled", "pooled", "pooled_error")):
            rows.append(
                {
                    "comparison": comparison,
                    "average": average,
                    **_compare_ends(ends, centre, error, comparison, confidence, int(gone.sum()), out, lost),
                }
            )
    result = pd.DataFrame(rows)
    at = list(result.columns).index("method")
    result.insert(at, "unit", unit)
    result.insert(at + 1, "of", _of(groups, unit))
    return result


def published_ratio_and_gap(rates, group, *, unit, most_deprived):
    """Ratio and gap from rates that were published by group, without the counts.

    Parameters
    ----------
    rates : array or Series
        The published rate of each group.
    group : array or Series
        The number of each group, as published.
    unit : {"authority", "neighbourhood"}
    most_deprived : int
        Which number is the most deprived: studies differ (1 in the official indices, 10 in the
        Child Welfare Inequalities Project).

    Returns
    -------
    DataFrame
        comparison, value, lower, upper (missing: the counts are not known), most_deprived,
        least_deprived, unit, of, method, status, note: two rows.

    Raises
    ------
    BadInput
        If a group comes twice or `most_deprived` is neither the first nor the last.

    Examples
    --------
    >>> published_ratio_and_gap([9, 14, 113], [1, 2, 10], unit="neighbourhood", most_deprived=10).round(1)[
    ...     ["comparison", "value", "of"]]
      comparison  value                       of
    0      ratio   12.6  tenth of neighbourhoods
    1        gap  104.0  tenth of neighbourhoods
    """
    columns, _, _ = together(rates=rates, group=group)
    _check_unit(unit, 0, None)
    number = columns["group"]
    if len(set(number)) != len(number) or np.isnan(number).any():
        raise BadInput("every group must have one number and one rate")
    first, last = number.min(), number.max()
    if most_deprived not in (first, last) or first == last:
        raise BadInput(
            f"most_deprived is {most_deprived!r}; it must be the first or the last group, {first:g} or {last:g}"
        )
    least = last if most_deprived == first else first
    most_rate, least_rate = (float(columns["rates"][number == g][0]) for g in (most_deprived, least))
    note = "Published rates only: without the counts no interval can be given."
    rows = []
    for comparison in ("ratio", "gap"):
        status, value = "derived", np.nan
        reason = note
        if np.isnan(most_rate) or np.isnan(least_rate):
            status, reason = "unavailable", "Not computed: the rate of one of the two groups is missing."
        elif comparison == "ratio" and least_rate == 0:
            status, reason = "not_applicable", "Not computed: the rate of the least deprived group is zero."
        else:
            value = most_rate / least_rate if comparison == "ratio" else most_rate - least_rate
        rows.append(
            {
                "comparison": comparison,
                "value": value,
                "lower": np.nan,
                "upper": np.nan,
                "most_deprived": most_rate,
                "least_deprived": least_rate,
                "unit": unit,
                "of": _of(int(last), unit),
                "method": "" if np.isnan(value) else "from published rates",
                "status": status,
                "note": reason,
            }
        )
    return pd.DataFrame(rows)


def slope_index(
    value,
    population,
    position,
    *,
    unit,
    group=None,
    se=None,
    multiplier=1,
    transform=None,
    confidence=0.95,
    status=None,
    missing="carry",
):
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
    fit = _fit(value, population, position, unit, group, se, multiplier, transform, confidence, status, missing)
    top, bottom = fit["top"], fit["bottom"]
    slope = (top - bottom) * multiplier
    d_top, d_bottom = fit["d_top"], fit["d_bottom"]
    variance = d_top**2 * fit["v_top"] + d_bottom**2 * fit["v_bottom"] - 2 * d_top * d_bottom * fit["c"]
    half = fit["quantile"] * np.sqrt(np.maximum(variance, 0)) * abs(multiplier)
    return _index_frame(fit, unit, "slope index", slope, slope - half, slope + half)


def relative_index(
    value,
    population,
    position,
    *,
    unit,
    group=None,
    se=None,
    multiplier=1,
    transform=None,
    confidence=0.95,
    status=None,
    missing="carry",
):
    """Relative index of inequality (RII): the fitted line at rank 1 divided by the line at rank 0.

    1 means no inequality. Parameters are those of `slope_index`; a negative `multiplier` gives
    rank 0 over rank 1. Limits are Fieller's for a ratio, exact on the log scale for
    ``transform="log"``, by the delta method on the log of the ratio for "logit".

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
    fit = _fit(value, population, position, unit, group, se, multiplier, transform, confidence, status, missing)
    forwards = multiplier > 0
    over, under = ("top", "bottom") if forwards else ("bottom", "top")
    with np.errstate(divide="ignore", invalid="ignore"):
        crossed = fit["ok"] & ~((fit["top"] > 0) & (fit["bottom"] > 0))
        top, bottom = (np.where(crossed, np.nan, fit[name]) for name in (over, under))
        ratio = top / bottom
        if transform is None:
            lower, upper = _fieller(top, bottom, fit["v_" + over], fit["v_" + under], fit["c"], fit["quantile"])
        else:
            g_top, g_bottom = fit["d_" + over] / top, fit["d_" + under] / bottom
            variance = g_top**2 * fit["v_" + over] + g_bottom**2 * fit["v_" + under] - 2 * g_top * g_bottom * fit["c"]
            half = fit["quantile"] * np.sqrt(np.maximum(variance, 0))
            lower, upper = ratio * np.exp(-half), ratio * np.exp(half)
    fit["status"][crossed] = "not_applicable"
    fit["note"][crossed] = "The fitted line is zero or below at one end, so a ratio has no meaning."
    no_limits = fit["ok"] & ~crossed & ~np.isnan(fit["quantile"]) & np.isnan(lower)
    fit["note"][no_limits] = [
        f"{n} The ratio's interval has no bounds at this confidence.".strip() for n in fit["note"][no_limits]
    ]
    fit["ok"] = fit["ok"] & ~crossed
    return _index_frame(fit, unit, "relative index", ratio, lower, upper)


def concentration_index(
    value,
    population,
    position,
    *,
    unit,
    relative=True,
    group=None,
    se=None,
    confidence=0.95,
    status=None,
    missing="carry",
):
    """Concentration index: how far a figure is gathered at one end of the deprivation order.

    Twice the weighted covariance of the figure with relative rank. Absolute, it is in the unit of
    the figure; relative, it is divided by the mean and lies between -1 and 1. Zero is no gradient;
    positive, the figure is gathered at the end with the highest `position`.

    Parameters
    ----------
    value, population, position, unit, group, se, confidence, status, missing : as for `slope_index`
    relative : bool
        Divide by the mean.

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
    ranked = _rank(value, population, position, unit, group, se, None, status, missing)
    y, w, x, sums = ranked["y"], ranked["w"], ranked["x"], ranked["sums"]
    lean = w * (2 * x - 1)
    average, index = sums(w * y), sums(lean * y)
    ok, status, note = ranked["ok"], ranked["status"], ranked["note"]
    if relative:
        flat = ok & ~(average > 0)
        status[flat], note[flat] = "not_applicable", "The mean is not above zero, so there is no relative index."
        ok &= ~flat
    with np.errstate(divide="ignore", invalid="ignore"):
        result = index / average if relative else index
        half = np.full(len(result), np.nan)
        if se is not None:
            per_area = (lean - w * result[ranked["which"]]) / average[ranked["which"]] if relative else lean
            half = z * np.sqrt(sums(per_area**2 * ranked["se"] ** 2))
    name = "relative concentration index" if relative else "absolute concentration index"
    limits = "limits from the standard errors given" if se is not None else "no interval"
    missing_value = np.where(ok, result, np.nan)
    return pd.DataFrame(
        {
            "value": missing_value,
            "lower": missing_value - half,
            "upper": missing_value + half,
            "areas": ranked["areas"],
            "left_out": ranked["left_out"],
            "unit": unit,
            "method": np.where(ok, f"{name}, {limits}", "").astype(object),
            "status": status,
            "note": note,
        },
        index=ranked["labels"],
    )


def standard_error(lower, upper, *, confidence=0.95, transform=None):
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
    to_scale, _, _ = _transforms(transform)
    columns, _, _ = together(lower=lower, upper=upper)
    with np.errstate(divide="ignore", invalid="ignore"):
        se = (to_scale(columns["upper"]) - to_scale(columns["lower"])) / (2 * z_value(confidence))
    return np.where(np.isfinite(se), se, np.nan)


# --- groups -----------------------------------------------------------------------------------------


def _by_group(numerator, denominator, group, unit, per, confidence, status, missing):
    """Per group: mean of rates and pooled rate with standard errors, areas used and left out."""
    _check_per(per)
    z_value(confidence)
    _check_missing(missing)
    columns, status, index = together(status, numerator=numerator, denominator=denominator, group=group)
    _check_unit(unit, len(index), index)
    count, base, number = columns["numerator"], columns["denominator"], columns["group"]
    ok, status, _ = judge(len(index), status, *count_faults(count, base))
    inside = ~np.isnan(number)
    frame = pd.DataFrame(
        {"count": np.where(ok, count, np.nan), "base": np.where(ok, base, np.nan), "ok": ok, "status": status}
    )[inside]
    frame["rate"] = per * frame["count"] / frame["base"]
    key = number[inside].astype(int)
    grouped = frame.groupby(key, sort=True)
    used, total = grouped["ok"].sum(), grouped.size()
    sums = grouped[["count", "base"]].sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = per * sums["count"] / sums["base"]
        n = used.to_numpy(float)
        residual = (frame["count"] - frame["base"] * pooled.reindex(key).to_numpy() / per) ** 2
        spread = residual.groupby(key).sum().to_numpy()
        pooled_error = per * np.sqrt(spread * n / np.where(n > 1, n - 1, np.nan)) / sums["base"].to_numpy()
        means = mean(frame["rate"].reset_index(drop=True), key)
        mean_error = means["standard_deviation"].to_numpy() / np.sqrt(n)
    out = pd.DataFrame(
        {
            "mean": means["value"],
            "mean_error": mean_error,
            "pooled": pooled,
            "pooled_error": pooled_error,
            "numerator": sums["count"],
            "denominator": sums["base"],
            "areas": used.astype(int),
            "left_out": (total - used).astype(int),
            "status": "derived",
            "note": "",
        }
    )
    out[["status", "note"]] = out[["status", "note"]].astype(object)
    for label, rows in frame.groupby(key):
        gone = int((~rows["ok"]).sum())
        if gone and (missing == "carry" or gone == len(rows)):
            out.at[label, "status"] = one_status(rows["status"])
            out.at[label, "note"] = f"Not computed: {gone} of {len(rows)} areas have no figure ({_reasons(rows)})."
            out.loc[label, ["mean", "mean_error", "pooled", "pooled_error", "numerator", "denominator"]] = np.nan
        else:
            out.at[label, "status"] = one_status(rows.loc[rows["ok"], "status"])
            if gone:
                out.at[label, "note"] = f"{gone} of {len(rows)} areas left out ({_reasons(rows)})."
            elif len(rows) == 1:
                out.at[label, "note"] = "One area only, so no interval can be given."
    return out


def _reasons(rows):
    return _counted(rows.loc[~rows["ok"], "status"])


def _left_out_sentence(status, ok, unscored, gone):
    """How many areas stand in no group, and why."""
    if not gone.any():
        return ""
    return (
        f"{gone.sum()} of {len(gone)} areas left out ({_counted(np.where(ok, 'no deprivation score', status)[gone])})."
    )


def _counted(words):
    """How often each word comes: "2 suppressed, 3 unavailable"."""
    times = pd.Series(np.asarray(words, dtype=object)).value_counts().sort_index()
    return ", ".join(f"{n} {word.replace('_', ' ')}" for word, n in times.items())


def _compare_ends(ends, centre, error, comparison, confidence, gone, out_of_groups, lost):
    most, least = ends.iloc[0], ends.iloc[1]
    a, b = float(most[centre]), float(least[centre])
    notes = [str(n) for n in (most["note"], least["note"]) if isinstance(n, str) and n]
    out = {
        "value": np.nan,
        "lower": np.nan,
        "upper": np.nan,
        "most_deprived": a,
        "least_deprived": b,
        "areas_most": _whole(most["areas"]),
        "areas_least": _whole(least["areas"]),
        "left_out": gone,
        "method": "",
    }
    # An end without any area stands for what was left out.
    out["status"] = weakest(*(s if isinstance(s, str) else lost for s in (most["status"], least["status"])))
    if np.isnan(a) or np.isnan(b):
        if not notes:
            notes = ["Not computed: there are too few areas with a score and a figure."]
        return {**out, "note": " ".join(filter(None, dict.fromkeys([*notes, out_of_groups])))}
    if comparison == "ratio" and b == 0:
        return {
            **out,
            "status": "not_applicable",
            "note": "Not computed: the rate of the least deprived group is zero.",
        }
    if out_of_groups:
        notes.append(out_of_groups)
    v_a, v_b = float(most[error]) ** 2, float(least[error]) ** 2
    n_a, n_b = float(most["areas"]), float(least["areas"])
    # Welch's degrees of freedom, on the scale the comparison is made on.
    scale_a, scale_b = (1.0, 1.0) if comparison == "gap" or a == 0 else (a**2, b**2)
    v_a, v_b = v_a / scale_a, v_b / scale_b
    freedom = np.nan
    if v_a + v_b > 0 and n_a > 1 and n_b > 1:
        freedom = (v_a + v_b) ** 2 / (v_a**2 / (n_a - 1) + v_b**2 / (n_b - 1))
    half = float(_t_quantile(freedom, confidence)) * np.sqrt(v_a + v_b)
    if comparison == "gap":
        out.update(value=a - b, lower=a - b - half, upper=a - b + half)
    elif a == 0:
        out.update(value=0.0)
        notes.append("The rate of the most deprived group is zero, so no interval can be given.")
    else:
        out.update(value=a / b, lower=a / b * np.exp(-half), upper=a / b * np.exp(half))
    if np.isnan(out["lower"]) and not any("interval" in sentence for sentence in notes):
        notes.append("No interval: the areas of a group do not differ, or there is one only.")
    out["method"] = f"{comparison} of {'means of areas' if centre == 'mean' else 'pooled rates'}, Welch's t"
    return {**out, "note": " ".join(dict.fromkeys(notes))}


def _whole(number):
    return 0 if pd.isna(number) else int(number)


# --- indices ----------------------------------------------------------------------------------------


def _transforms(transform):
    """To the scale of the fit, back, and the slope of the way back (from the value there)."""
    if transform is None:
        return (lambda v: v), (lambda v: v), (lambda v: np.ones_like(v))
    if transform == "log":
        return np.log, np.exp, (lambda v: v)
    if transform == "logit":
        return (lambda v: np.log(v / (1 - v))), (lambda v: 1 / (1 + np.exp(-v))), (lambda v: v * (1 - v))
    raise BadInput(f"transform is {transform!r}; it must be None, 'log' (rates) or 'logit' (proportions)")


def _rank(value, population, position, unit, group, se, transform, status, missing):
    """Sort into groups and order, give every area its weight and relative rank."""
    _check_missing(missing)
    given = {"value": value, "population": population, "position": position}
    if se is not None:
        given["se"] = se
    columns, status, index = together(status, **given)
    size = len(index)
    _check_unit(unit, 0 if group is not None else size, index)
    which, labels = _group_codes(group, size)
    groups = len(labels)
    y, people, place = columns["value"], columns["population"], columns["position"]
    faults = [
        (np.isnan(y), "unavailable", "value"),
        (np.isnan(people), "unavailable", "population"),
        (np.isnan(place), "unavailable", "position"),
        (people <= 0, "not_applicable", "population"),
    ]
    if transform == "log":
        faults.append((y <= 0, "not_applicable", "value"))
    if transform == "logit":
        faults.append((~((y > 0) & (y < 1)), "not_applicable", "value"))
    if se is not None:
        faults.append((~(columns["se"] >= 0), "unavailable", "se"))
    fine, row_status, _ = judge(size, status, *faults)
    in_group = which >= 0
    total = np.bincount(which[in_group], minlength=groups)
    areas = np.bincount(which[in_group & fine], minlength=groups)
    gone = total - areas

    keep = np.flatnonzero(fine & in_group)
    order = keep[np.lexsort((place[keep], which[keep]))]
    which, y, people, place = which[order], y[order], people[order], place[order]
    errors = columns["se"][order] if se is not None else np.full(len(order), np.nan)

    def sums(v):
        return np.bincount(which, weights=v, minlength=groups)

    w = people / sums(people)[which] if len(order) else people
    # The middle of each block of equal positions, in shares of the group's population.
    block = np.ones(len(order), dtype=bool)
    block[1:] = (which[1:] != which[:-1]) | (place[1:] != place[:-1])
    starts = np.flatnonzero(block)
    size_of = np.add.reduceat(w, starts) if len(starts) else np.zeros(0)
    upto = np.cumsum(size_of)
    first = np.ones(len(starts), dtype=bool)
    first[1:] = which[starts[1:]] != which[starts[:-1]]
    before = np.maximum.accumulate(np.where(first, upto - size_of, -np.inf)) if len(starts) else upto
    x = (upto - size_of / 2 - before)[np.cumsum(block) - 1] if len(order) else w

    out_status, note = np.full(groups, "derived", dtype=object), np.full(groups, "", dtype=object)
    ok = areas > 0
    out_status[total == 0], note[total == 0] = "unavailable", "Not computed: there are no areas."
    if status is not None:
        for g, s in pd.Series(row_status[order]).groupby(which):
            out_status[g] = one_status(s)
    if gone.any():
        lost = pd.DataFrame({"which": _group_codes(group, size)[0], "status": row_status})[~fine & in_group]
        for g, s in lost.groupby("which")["status"]:
            refuse = missing == "carry" or not ok[g]
            if refuse:
                out_status[g], ok[g] = one_status(s), False
                note[g] = f"Not computed: {gone[g]} of {total[g]} figures are missing, withheld or not usable."
            else:
                note[g] = f"{gone[g]} of {total[g]} areas left out."
    return {
        "y": y,
        "w": w,
        "x": x,
        "se": errors,
        "which": which,
        "sums": sums,
        "labels": labels,
        "areas": areas,
        "left_out": gone,
        "ok": ok,
        "status": out_status,
        "note": note,
    }


def _fit(value, population, position, unit, group, se, multiplier, transform, confidence, status, missing):
    z = z_value(confidence)
    if isinstance(multiplier, (str, bytes)) or np.ndim(multiplier) or not np.isfinite(multiplier) or multiplier == 0:
        raise BadInput(f"multiplier is {multiplier!r}; it must be a number other than zero")
    to_scale, back, slope_back = _transforms(transform)
    r = _rank(value, population, position, unit, group, se, transform, status, missing)
    w, x, which, sums = r["w"], r["x"], r["which"], r["sums"]
    y = to_scale(r["y"])
    centre = sums(w * x)
    away = x - centre[which]
    spread = sums(w * away**2)
    n = r["areas"].astype(float)
    # Floating dust is not a spread of ranks: one area, or all at one position, has no slope.
    lone = r["ok"] & ~(spread > 1e-12)
    r["status"][lone], r["note"][lone] = "not_applicable", "Fewer than two positions, so no line can be fitted."
    r["ok"] = r["ok"] & ~lone
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.where(r["ok"], spread, np.nan)
        b_weight = w * away / spread[which]
        level = sums(w * y)
        slope = sums(b_weight * y)
        bottom, top = level - slope * centre, level + slope * (1 - centre)
        if se is not None:
            quantile = np.where(r["ok"], z, np.nan)
            e2 = r["se"] ** 2
            v_slope, v_level, cov = sums(b_weight**2 * e2), sums(w**2 * e2), sums(w * b_weight * e2)
            r["limits"] = "limits from the standard errors given"
        else:
            fitted = level[which] + slope[which] * away
            residual = np.where(n > 2, sums(w * (y - fitted) ** 2) / np.maximum(n - 2, 1), np.nan)
            v_slope, v_level, cov = residual / spread, residual, np.zeros(len(n))
            quantile = np.where(r["ok"], _t_quantile(n - 2, confidence), np.nan)
            r["limits"] = "limits from the scatter about the line"
            few = r["ok"] & (n <= 2)
            r["note"][few] = [f"{s} Two areas only, so no interval can be given.".strip() for s in r["note"][few]]
        low, high = -centre, 1 - centre
        r.update(
            v_bottom=v_level + low**2 * v_slope + 2 * low * cov,
            v_top=v_level + high**2 * v_slope + 2 * high * cov,
            c=v_level + low * high * v_slope + (low + high) * cov,
            quantile=quantile,
        )
        r["bottom"], r["top"] = (np.where(r["ok"], back(v), np.nan) for v in (bottom, top))
        r["d_bottom"], r["d_top"] = slope_back(r["bottom"]), slope_back(r["top"])
    r["scale"] = "" if transform is None else f" fitted on the {transform} scale"
    return r


def _fieller(top, bottom, v_top, v_bottom, cov, quantile):
    """Limits of a ratio of two correlated normal estimates."""
    a = bottom**2 - quantile**2 * v_bottom
    b = top * bottom - quantile**2 * cov
    c = top**2 - quantile**2 * v_top
    bounded = a > 0
    root = np.sqrt(np.maximum(b**2 - a * c, 0))
    return np.where(bounded, (b - root) / a, np.nan), np.where(bounded, (b + root) / a, np.nan)


def _index_frame(fit, unit, name, value, lower, upper):
    ok = fit["ok"]
    return pd.DataFrame(
        {
            "value": np.where(ok, value, np.nan),
            "lower": np.where(ok, lower, np.nan),
            "upper": np.where(ok, upper, np.nan),
            "intercept": np.where(ok, fit["bottom"], np.nan),
            "areas": fit["areas"],
            "left_out": fit["left_out"],
            "unit": unit,
            "method": np.where(ok, f"{name}{fit['scale']}, {fit['limits']}", "").astype(object),
            "status": fit["status"],
            "note": fit["note"],
        },
        index=fit["labels"],
    )


def _group_codes(group, size):
    if group is None:
        return np.zeros(size, dtype=np.intp), pd.Index(["all"])
    if len(group) != size:
        raise BadInput(f"group has {len(group)} labels for {size} values")
    if isinstance(group, pd.DataFrame):
        grouped = group.groupby(list(group.columns), sort=True, dropna=False)
        return grouped.ngroup().to_numpy(np.intp), grouped.size().index
    codes, labels = pd.factorize(group if isinstance(group, (pd.Series, pd.Index)) else np.asarray(group), sort=True)
    return codes, pd.Index(labels, name=getattr(group, "name", None))


def _t_quantile(freedom, confidence):
    freedom = np.asarray(freedom, dtype=float)
    with np.errstate(invalid="ignore"):
        usable = freedom > 0
    return np.where(usable, stdtrit(np.where(usable, freedom, 1.0), 0.5 + confidence / 2), np.nan)


def with_scores(figures, scores):
    """Each figure beside its area's deprivation score, from the edition of the index nearest to its year.

    Scores of one edition do not compare with those of another, so a gradient is always taken within a
    year, whose areas all have scores of one edition.

    Parameters
    ----------
    figures : DataFrame
        Columns area_code and year, and any others.
    scores : DataFrame
        area_code, year (of the edition) and value.

    Returns
    -------
    DataFrame
        The rows and columns of `figures`, with score (NaN where the edition has none for the area, such
        as one created later) and edition (the year of the index used; of two as near, the earlier).

    Raises
    ------
    BadInput
        If a column is missing, there are no scores, or an area has two in one edition.

    Examples
    --------
    >>> figures = pd.DataFrame({"area_code": ["E06000001"] * 3, "year": [2015, 2017, 2018]})
    >>> scores = pd.DataFrame({"area_code": ["E06000001"] * 2, "year": [2015, 2019], "value": [33.2, 35.0]})
    >>> with_scores(figures, scores)[["year", "score", "edition"]]
       year  score  edition
    0  2015   33.2     2015
    1  2017   33.2     2015
    2  2018   35.0     2019
    """
    for table, what, columns in (
        (figures, "figures", ("area_code", "year")),
        (scores, "scores", ("area_code", "year", "value")),
    ):
        for column in columns:
            if column not in table:
                raise BadInput(f"the {what} have no column {column!r}")
    if not len(scores):
        raise BadInput("there are no scores, so nothing can be put beside the figures")
    if scores.duplicated(["area_code", "year"]).any():
        raise BadInput("an area has two scores in one edition of the index; keep one")
    editions = np.sort(scores["year"].unique())
    years = figures["year"].to_numpy("int64")
    nearest = editions[np.abs(years[:, None] - editions[None, :]).argmin(axis=1)]
    score = scores.set_index(["area_code", "year"])["value"]
    wanted = pd.MultiIndex.from_arrays([figures["area_code"], nearest])
    return figures.assign(score=score.reindex(wanted).to_numpy(float), edition=nearest)


def tenths_by_year(scored, *, unit, groups=10, confidence=0.95):
    """The rate in each tenth, year by year, and the most deprived tenth against the least.

    Areas without a figure or a score are set aside first and counted.

    Parameters
    ----------
    scored : DataFrame
        From `with_scores`, of an indicator: area_code, year, numerator, denominator, status, score, edition.
    unit : {"authority", "neighbourhood"}
    groups : int
    confidence : float

    Returns
    -------
    rates : DataFrame
        year, edition and the columns of `group_rates`.
    ends : DataFrame
        year, edition and the columns of `most_to_least`.

    Raises
    ------
    BadInput
        As `most_to_least`.

    Examples
    --------
    >>> scored = pd.DataFrame({"area_code": list("abcd"), "year": 2015, "edition": 2015, "numerator": [60.0, 50, 30, 20],
    ...     "denominator": 9_000.0, "status": "reported", "score": [4.0, 3, 2, 1]})
    >>> rates, ends = tenths_by_year(scored, unit="authority", groups=2)
    >>> rates["value"].round(1).tolist(), ends["value"].round(1).tolist()
    ([61.1, 61.1, 27.8, 27.8], [2.2, 2.2, 33.3, 33.3])
    """
    rates, ends = [], []
    for (year, edition), rows in scored.groupby(["year", "edition"], sort=True):
        rows = rows.reset_index(drop=True)
        figures = rows["numerator"], rows["denominator"]
        status = rows["status"].to_numpy(object)
        end = most_to_least(
            *figures, rows["score"], unit=unit, groups=groups, confidence=confidence, status=status, missing="leave_out"
        )
        fine = rows[["numerator", "denominator", "score"]].notna().all(axis=1)
        group = deprivation_groups(rows["score"].where(fine), unit=unit, groups=groups)["group"]
        rate = group_rates(*figures, group, unit=unit, confidence=confidence, status=status)
        rates.append(rate.assign(year=year, edition=edition))
        ends.append(end.assign(year=year, edition=edition))
    return tuple(
        whole[["year", "edition", *[c for c in whole if c not in ("year", "edition")]]]
        for whole in (pd.concat(rates, ignore_index=True), pd.concat(ends, ignore_index=True))
    )


def index_by_year(scored, index, *, unit, **options):
    """An index of inequality for each year, from the areas that have a figure and a score.

    Parameters
    ----------
    scored : DataFrame
        From `with_scores`, of an indicator: year, value, denominator, status, score.
    index : function
        `slope_index`, `relative_index` or `concentration_index`.
    unit : {"authority", "neighbourhood"}
    **options
        For the index.

    Returns
    -------
    DataFrame
        year and the columns of the index.

    Raises
    ------
    BadInput
        As the index.

    Examples
    --------
    >>> scored = pd.DataFrame({"year": [2015] * 3, "value": [20.0, 30, 40], "denominator": 100.0, "status": "reported",
    ...     "score": [1.0, 2, 3]})
    >>> index_by_year(scored, slope_index, unit="authority").round(1)[["year", "value"]]
       year  value
    0  2015   30.0
    """
    found = index(
        scored["value"],
        scored["denominator"],
        scored["score"],
        unit=unit,
        group=scored["year"],
        status=scored["status"].to_numpy(object),
        missing="leave_out",
        **options,
    )
    return found.reset_index(names="year")


# --- checks -----------------------------------------------------------------------------------------


def _check_unit(unit, areas, index):
    if unit not in UNITS:
        raise BadInput(
            f"unit is {unit!r}; say what the areas are, 'authority' or 'neighbourhood': their tenths are not comparable"
        )
    if unit == "authority" and areas > MOST_AUTHORITIES:
        raise BadInput(
            f"{areas:,} areas cannot be authorities, of which England has about 150; did you mean unit='neighbourhood'?"
        )
    if unit == "neighbourhood" and index is not None and len(index) and isinstance(index[0], str):
        if all(str(code)[:3] in ("E06", "E07", "E08", "E09", "E10") for code in index):
            raise BadInput("these areas have the codes of local authorities, so unit must be 'authority'")


def _check_missing(missing):
    if missing not in ("carry", "leave_out"):
        raise BadInput(f"missing is {missing!r}; it must be 'carry' or 'leave_out'")


def _check_groups(groups):
    if isinstance(groups, bool) or not isinstance(groups, (int, np.integer)) or groups < 2:
        raise BadInput(f"groups is {groups!r}; it must be a whole number from 2, such as 10")


def _label(group, groups, unit):
    if np.isnan(group):
        return ""
    end = {1: "most deprived", groups: "least deprived"}.get(int(group))
    return f"{int(group)} ({end} {_plural(unit)})" if end else f"{int(group)}"


def _plural(unit):
    return {"authority": "authorities", "neighbourhood": "neighbourhoods"}[unit]


def _of(groups, unit):
    part = {2: "half", 3: "third", **ORDINALS}.get(groups, f"one of {groups} groups")
    return f"{part} of {_plural(unit)}"
