"""Which tenth an area belongs to, and the rate in each tenth."""

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from cptrends.errors import BadInput
from cptrends.indicators.inputs import Missing, check_missing, check_per, judge, one_status, t_value, together, z_value
from cptrends.indicators.rates import count_faults, mean

Unit = Literal["authority", "neighbourhood"]

PLURALS = {"authority": "authorities", "neighbourhood": "neighbourhoods"}
#: England has some 150 authorities and some 33,000 neighbourhoods; no count between can be either.
MOST_AUTHORITIES = 400
#: Both averages of a group: what each is called, and its columns in the table of `by_group`.
AVERAGES = (("mean of areas", "mean", "mean_error"), ("pooled", "pooled", "pooled_error"))


def deprivation_groups(
    score: npt.ArrayLike,
    *,
    unit: Unit,
    groups: int = 10,
    population: npt.ArrayLike | None = None,
    highest_first: bool = True,
) -> pd.DataFrame:
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
    given = {"score": score} if population is None else {"score": score, "population": population}
    columns, _, index = together(**given)
    check_unit(unit, index)
    faults = [(np.isnan(columns["score"]), "unavailable", "The area has no score, so it is in no group.")]
    if population is not None:
        faults.append(
            (~(columns["population"] > 0), "unavailable", "The area has no population, so it is in no group.")
        )
    ok, status, note = judge(len(index), None, *faults)
    n = ok.sum()
    if n < groups:
        status[ok], note[ok] = "not_applicable", f"Too few areas ({n}) for {groups} groups."
    usable = pd.Series(np.where(ok, columns["score"], np.nan))
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
            "score": columns["score"],
            "rank": rank,
            "group": group,
            "label": [_label(g, groups, unit) for g in group],
            "unit": unit,
            "status": status,
            "note": note,
        },
        index=index,
    )


def group_rates(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    unit: Unit,
    per: float = 10_000,
    confidence: float = 0.95,
    status: npt.ArrayLike | None = None,
    missing: Missing = "carry",
) -> pd.DataFrame:
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
    table = by_group(
        numerator, denominator, group, unit=unit, per=per, confidence=confidence, status=status, missing=missing
    )
    n = table["areas"].to_numpy(float)
    t = t_value(n - 1, confidence)
    frames = []
    for average, centre, error in AVERAGES:
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


def by_group(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    unit: Unit,
    per: float,
    confidence: float,
    status: npt.ArrayLike | None,
    missing: Missing,
) -> pd.DataFrame:
    """Per group: mean of rates and pooled rate with standard errors, areas used and left out.

    Parameters and errors are those of `group_rates`; the index is the group's number.
    """
    check_per(per)
    z_value(confidence)
    check_missing(missing)
    columns, status, index = together(status, numerator=numerator, denominator=denominator, group=group)
    check_unit(unit, index)
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
    table = pd.DataFrame(
        {
            "mean": means["value"],
            "mean_error": mean_error,
            "pooled": pooled,
            "pooled_error": pooled_error,
            "numerator": sums["count"],
            "denominator": sums["base"],
            "areas": used.astype(int),
            "left_out": (total - used).astype(int),
        }
    )
    return _remarked(table, frame, key, missing)


def _remarked(table: pd.DataFrame, frame: pd.DataFrame, key: np.ndarray, missing: Missing) -> pd.DataFrame:
    """The table with a status and a note for each group, and no figures where it may have none."""
    out = table.assign(status="derived", note="").astype({"status": object, "note": object})
    figures = ["mean", "mean_error", "pooled", "pooled_error", "numerator", "denominator"]
    for label, rows in frame.groupby(key):
        gone = int((~rows["ok"]).sum())
        reasons = counted(rows.loc[~rows["ok"], "status"])
        if gone and (missing == "carry" or gone == len(rows)):
            out.at[label, "status"] = one_status(rows["status"])
            out.at[label, "note"] = f"Not computed: {gone} of {len(rows)} areas have no figure ({reasons})."
            out.loc[label, figures] = np.nan
        else:
            out.at[label, "status"] = one_status(rows.loc[rows["ok"], "status"])
            if gone:
                out.at[label, "note"] = f"{gone} of {len(rows)} areas left out ({reasons})."
            elif len(rows) == 1:
                out.at[label, "note"] = "One area only, so no interval can be given."
    return out


def counted(words: npt.ArrayLike) -> str:
    """How often each word comes.

    >>> counted(["unavailable", "suppressed", "unavailable"])
    '1 suppressed, 2 unavailable'
    """
    times = pd.Series(np.asarray(words, dtype=object)).value_counts().sort_index()
    return ", ".join(f"{n} {word.replace('_', ' ')}" for word, n in times.items())


def part_of(groups: int, unit: Unit) -> str:
    """What one of so many groups is called.

    >>> part_of(10, "authority")
    'tenth of authorities'
    """
    names = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 10: "tenth"}
    return f"{names.get(groups, f'one of {groups} groups')} of {PLURALS[unit]}"


def check_unit(unit: Unit, index: pd.Index | None = None, *, several: bool = False) -> None:
    """Refuse a unit that is not known, or cannot be what so many areas, or areas with these codes, are.

    With `several` the index holds several sets of areas, such as those of many years, and may be of any length.

    >>> check_unit("authority", pd.RangeIndex(32_844))
    Traceback (most recent call last):
    ...
    cptrends.errors.BadInput: 32,844 areas cannot be authorities, of which England has about 150; did you mean ...
    """
    if unit not in PLURALS:
        raise BadInput(
            f"unit is {unit!r}; say what the areas are, 'authority' or 'neighbourhood': their tenths are not comparable"
        )
    if index is None or not len(index):
        return
    if unit == "authority" and not several and len(index) > MOST_AUTHORITIES:
        raise BadInput(
            f"{len(index):,} areas cannot be authorities, of which England has about 150; "
            "did you mean unit='neighbourhood'?"
        )
    if unit == "neighbourhood" and isinstance(index[0], str):
        if all(str(code)[:3] in ("E06", "E07", "E08", "E09", "E10") for code in index):
            raise BadInput("these areas have the codes of local authorities, so unit must be 'authority'")


def _check_groups(groups: int) -> None:
    if isinstance(groups, bool) or not isinstance(groups, (int, np.integer)) or groups < 2:
        raise BadInput(f"groups is {groups!r}; it must be a whole number from 2, such as 10")


def _label(group: float, groups: int, unit: Unit) -> str:
    if np.isnan(group):
        return ""
    end = {1: "most deprived", groups: "least deprived"}.get(int(group))
    return f"{int(group)} ({end} {PLURALS[unit]})" if end else f"{int(group)}"
