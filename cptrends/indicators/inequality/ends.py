"""The most deprived tenth against the least: ratio and gap."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from cptrends.data.status import weakest
from cptrends.errors import BadInput
from cptrends.indicators.inequality.groups import (
    AVERAGES,
    Unit,
    by_group,
    check_unit,
    counted,
    deprivation_groups,
    part_of,
)
from cptrends.indicators.inputs import Missing, check_missing, judge, one_status, t_value, together
from cptrends.indicators.rates import count_faults

Comparison = Literal["ratio", "gap"]


@dataclass(frozen=True)
class End:
    """One of the two groups that are compared, its rate on one of the two averages."""

    rate: float
    error: float
    areas: int
    status: str
    note: str


@dataclass(frozen=True)
class LeftOut:
    """The areas in no group: how many, the sentence on them, and the weakest status they lost their figure by."""

    areas: int
    sentence: str
    status: str


def most_to_least(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    score: npt.ArrayLike,
    *,
    unit: Unit,
    groups: int = 10,
    per: float = 10_000,
    confidence: float = 0.95,
    population: npt.ArrayLike | None = None,
    highest_first: bool = True,
    status: npt.ArrayLike | None = None,
    missing: Missing = "carry",
) -> pd.DataFrame:
    """The most deprived tenth against the least: ratio and gap, mean of areas and pooled.

    Parameters
    ----------
    numerator, denominator : array or Series
        Counts and children, one per area.
    score : array or Series
        Deprivation, one per area; areas without a score are left out and counted.
    unit : {"authority", "neighbourhood"}
        What the areas are. Required: tenths of the two differ by a factor of six.
    groups : as for `deprivation_groups`
    per, confidence : as for `group_rates`
    population, highest_first : as for `deprivation_groups`
    status : as for `group_rates`
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
    check_missing(missing)
    columns, combined, index = together(status, numerator=numerator, denominator=denominator, score=score)
    count, base, place = columns["numerator"], columns["denominator"], columns["score"]
    ok, row_status, _ = judge(len(index), combined, *count_faults(count, base))
    gone = np.isnan(place) | (~ok if missing == "leave_out" else False)
    if population is not None and isinstance(population, pd.Series) and not index.equals(population.index):
        raise BadInput("population and the counts have different indexes; align them before computing")
    grouped = deprivation_groups(
        pd.Series(np.where(gone, np.nan, place), index=index),
        unit=unit,
        groups=groups,
        population=None if population is None else np.asarray(population),
        highest_first=highest_first,
    )
    table = by_group(
        count,
        base,
        grouped["group"].to_numpy(),
        unit=unit,
        per=per,
        confidence=confidence,
        status=combined,
        missing="carry",
    )
    left_out = _left_out(ok, row_status, gone)
    rows: list[dict[str, object]] = []
    for comparison in ("ratio", "gap"):
        for average, centre, error in AVERAGES:
            most, least = (_end(table, number, centre, error, left_out) for number in (1, groups))
            compared = _compared(most, least, comparison, average, confidence, left_out)
            rows.append({"comparison": comparison, "average": average, **compared})
    result = pd.DataFrame(rows)
    at = list(result.columns).index("method")
    result.insert(at, "unit", unit)
    result.insert(at + 1, "of", part_of(groups, unit))
    return result


def published_ratio_and_gap(
    rates: npt.ArrayLike, group: npt.ArrayLike, *, unit: Unit, most_deprived: int
) -> pd.DataFrame:
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
    check_unit(unit)
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
                "of": part_of(int(last), unit),
                "method": "" if np.isnan(value) else "from published rates",
                "status": status,
                "note": reason,
            }
        )
    return pd.DataFrame(rows)


def _left_out(ok: np.ndarray, status: np.ndarray, gone: np.ndarray) -> LeftOut:
    if not gone.any():
        return LeftOut(0, "", "unavailable")
    why = counted(np.where(ok, "no deprivation score", status)[gone])
    lost = gone & ~ok
    return LeftOut(
        int(gone.sum()),
        f"{gone.sum()} of {len(gone)} areas left out ({why}).",
        one_status(status[lost]) if lost.any() else "unavailable",
    )


def _end(table: pd.DataFrame, number: int, centre: str, error: str, left_out: LeftOut) -> End:
    if number not in table.index:
        # An end without any area stands for what was left out.
        return End(np.nan, np.nan, 0, left_out.status, "")
    row = table.loc[number]
    return End(float(row[centre]), float(row[error]), int(row["areas"]), row["status"], row["note"])


def _compared(
    most: End, least: End, comparison: Comparison, average: str, confidence: float, left_out: LeftOut
) -> dict[str, object]:
    """The columns of one comparison."""
    notes = [end.note for end in (most, least) if end.note]
    status, method = weakest(most.status, least.status), ""
    value = lower = upper = np.nan
    if np.isnan(most.rate) or np.isnan(least.rate):
        notes = notes or ["Not computed: there are too few areas with a score and a figure."]
        notes.append(left_out.sentence)
    elif comparison == "ratio" and least.rate == 0:
        status, notes = "not_applicable", ["Not computed: the rate of the least deprived group is zero."]
    else:
        notes.append(left_out.sentence)
        value, lower, upper = _with_limits(most, least, comparison, confidence)
        if comparison == "ratio" and most.rate == 0:
            notes.append("The rate of the most deprived group is zero, so no interval can be given.")
        if np.isnan(lower) and not any("interval" in sentence for sentence in notes):
            notes.append("No interval: the areas of a group do not differ, or there is one only.")
        method = f"{comparison} of {'means of areas' if average == 'mean of areas' else 'pooled rates'}, Welch's t"
    return {
        "value": value,
        "lower": lower,
        "upper": upper,
        "most_deprived": most.rate,
        "least_deprived": least.rate,
        "areas_most": most.areas,
        "areas_least": least.areas,
        "left_out": left_out.areas,
        "method": method,
        "status": status,
        "note": " ".join(filter(None, dict.fromkeys(notes))),
    }


def _with_limits(most: End, least: End, comparison: Comparison, confidence: float) -> tuple[float, float, float]:
    """The comparison, lower and upper: Welch's degrees of freedom on the scale the comparison is made on."""
    a, b = most.rate, least.rate
    scale_a, scale_b = (1.0, 1.0) if comparison == "gap" or a == 0 else (a**2, b**2)
    v_a, v_b = most.error**2 / scale_a, least.error**2 / scale_b
    n_a, n_b = float(most.areas), float(least.areas)
    freedom = np.nan
    if v_a + v_b > 0 and n_a > 1 and n_b > 1:
        freedom = (v_a + v_b) ** 2 / (v_a**2 / (n_a - 1) + v_b**2 / (n_b - 1))
    half = float(t_value(freedom, confidence)) * np.sqrt(v_a + v_b)
    if comparison == "gap":
        return a - b, a - b - half, a - b + half
    if a == 0:
        return 0.0, np.nan, np.nan
    return a / b, a / b * np.exp(-half), a / b * np.exp(half)
