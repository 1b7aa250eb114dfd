"""Shares of a whole: repeat plans, how long plans last, the way along the pathway."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cptrends.data.loading import BANDS
from cptrends.data.status import has_value, weakest
from cptrends.errors import BadInput
from cptrends.indicators.inputs import NONE_OF_WITHHELD, check_per, judge, none_of_withheld, together, z_value
from cptrends.indicators.rates import count_faults, rate

#: The five bands of how long plans lasted, shortest first.
DURATION_BANDS = BANDS


def share(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    *,
    per: float = 100,
    confidence: float = 0.95,
    status: npt.ArrayLike | None = None,
) -> pd.DataFrame:
    """What part of the denominator the numerator is, with Wilson's score limits.

    For a part of a whole only: every event in the numerator is also one in the denominator. Events
    that merely follow one another (conferences and enquiries of a year) take `pathway_conversion`.

    Parameters
    ----------
    numerator, denominator : number, array or Series
        Counts; the numerator is part of the denominator.
    per : float
        100 for percent, 1 for a proportion.
    confidence : float
        Between 0 and 1; 0.95 and 0.998 are the field's two.
    status : str, array of str or None
        The weakest status of each row's inputs; None: every figure is as reported.

    Returns
    -------
    DataFrame
        value, lower, upper, numerator, denominator, method, status, note; one row for each input,
        on the index of the Series given.

    Raises
    ------
    BadInput
        If the inputs differ in length or index or are not numbers, or `confidence` or `per` is out
        of range. A bad row is never an exception: it has no value and says why; none of a number that is
        withheld is none, without limits.

    Notes
    -----
    Wilson (1927), Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> share(10_310, 62_210).round(2)[["value", "lower", "upper", "method"]]
       value  lower  upper  method
    0  16.57  16.28  16.87  Wilson
    """
    check_per(per)
    z = z_value(confidence)
    columns, status, index = together(status, numerator=numerator, denominator=denominator)
    part, whole = columns["numerator"], columns["denominator"]
    none = none_of_withheld(part, whole, status)
    ok, status, note = judge(
        len(index),
        status,
        *count_faults(part, whole),
        (part > whole, "unavailable", "The numerator is larger than the denominator."),
    )
    x, n = np.where(ok, part, np.nan), np.where(ok, whole, np.nan)
    value = x / n
    middle = (x + z**2 / 2) / (n + z**2)
    half = z * np.sqrt(value * (n - x) + z**2 / 4) / (n + z**2)
    # Subtracting equal numbers leaves rounding dust where the limit is exactly none or all.
    lower = np.where(x == 0, 0.0, middle - half)
    upper = np.where(x == n, 1.0, middle + half)
    status[none], note[none] = "derived", NONE_OF_WITHHELD
    return pd.DataFrame(
        {
            "value": np.where(none, 0.0, value * per),
            "lower": lower * per,
            "upper": upper * per,
            "numerator": part,
            "denominator": whole,
            "method": np.where(ok, "Wilson", "").astype(object),
            "status": status,
            "note": note,
        },
        index=index,
    )


def duration_shares(
    bands: pd.DataFrame | Mapping[str, npt.ArrayLike],
    total: npt.ArrayLike | None = None,
    *,
    per: float = 100,
    confidence: float = 0.95,
    status: pd.DataFrame | Mapping[str, npt.ArrayLike] | None = None,
) -> pd.DataFrame:
    """What share of plans falls in each of the five bands of duration.

    Serves plans at 31 March and plans that ended; these are different children, so never put the
    bands of one beside the total of the other. Where all five bands are known the shares are of
    their sum, so that they add up to `per`. Where one is withheld they are of the published total;
    the withheld band stays withheld and is not worked out from the others.

    Parameters
    ----------
    bands : DataFrame or mapping of five columns
        Counts, shortest band first; columns are named as in `DURATION_BANDS`, with or without a
        prefix such as `plans_ended_`.
    total : number, array, Series or None
        The published total. The pages of authorities show shares of it throughout, so that a band that is
        withheld does not change the others; where rounded bands do not add up to it the two differ a little.
    per : float
        100 for percent, 1 for shares that add up to one.
    confidence : float
    status : DataFrame, mapping of columns, or None
        Statuses of the same shape as `bands`.

    Returns
    -------
    DataFrame
        band, value, lower, upper, numerator, denominator, method, status, note: five rows for each
        row of `bands`, with its index label.

    Raises
    ------
    BadInput
        If there are not the five bands, or the shapes differ.

    Examples
    --------
    >>> counts = dict(zip(DURATION_BANDS, (20, 15, 40, 20, 5)))
    >>> duration_shares(counts).round(1)[["band", "value", "lower", "upper"]]
                   band  value  lower  upper
    0  3_months_or_less   20.0   13.3   28.9
    0     3_to_6_months   15.0    9.3   23.3
    0    6_to_12_months   40.0   30.9   49.8
    0      1_to_2_years   20.0   13.3   28.9
    0   2_years_or_more    5.0    2.2   11.2
    """
    columns = _five_bands(bands, "bands")
    arrays, _, index = together(**columns)
    counts = np.column_stack([arrays[name] for name in DURATION_BANDS])
    statuses = np.full(counts.shape, "reported", dtype=object)
    if status is not None:
        given = _five_bands(status, "status")
        statuses = np.column_stack(
            [np.broadcast_to(np.asarray(given[band], dtype=object), len(index)) for band in DURATION_BANDS]
        )
    statuses[np.isnan(counts) & (statuses == "reported")] = "unavailable"
    known = has_value(statuses) & ~np.isnan(counts)
    complete = known.all(axis=1)
    summed = np.where(complete, np.nansum(counts, axis=1), np.nan)
    published = np.full(len(index), np.nan)
    if total is not None:
        arrays, _, _ = together(total=total, **columns)
        published = arrays["total"]
    whole = np.where(complete, summed, published)
    rows = np.repeat(np.arange(len(index)), 5)
    result = share(
        np.where(known, counts, np.nan).ravel(), whole[rows], per=per, confidence=confidence, status=statuses.ravel()
    )
    note = result["note"].to_numpy(object, copy=True)
    differs = (complete & ~np.isnan(published) & (summed != published))[rows] & (note == "")
    for i in np.flatnonzero(differs):
        note[i] = f"The bands add up to {summed[rows[i]]:,.0f}; the published total is {published[rows[i]]:,.0f}."
    hidden = (~complete & ~np.isnan(published))[rows] & (note == "")
    note[hidden] = "Share of the published total, because another band is withheld or missing."
    result["note"] = note
    result.insert(0, "band", np.tile(np.array(DURATION_BANDS, dtype=object), len(index)))
    result.index = index[rows]
    return result


def _five_bands(table: pd.DataFrame | Mapping[str, Any], what: str) -> dict[str, Any]:
    names = list(table.keys())
    found = {
        band: [name for name in names if name == band or str(name).endswith("_" + band)] for band in DURATION_BANDS
    }
    wrong = [band for band, hits in found.items() if len(hits) != 1]
    if wrong or len(names) != 5:
        raise BadInput(
            f"{what} must have one column for each of the five bands {', '.join(DURATION_BANDS)}; "
            f"it has {', '.join(map(str, names)) or 'none'}"
        )
    return {band: table[hits[0]] for band, hits in found.items()}


#: Each step of the pathway: the indicator's name, what is counted, and what it is for every 100 of.
STEPS = (
    ("section_47_per_referral", "section_47_enquiries", "referrals"),
    ("conference_per_section_47", "initial_conferences", "section_47_enquiries"),
    ("plan_per_conference", "plans_started", "initial_conferences"),
)


def pathway_conversion(
    referrals: npt.ArrayLike,
    section_47_enquiries: npt.ArrayLike,
    initial_conferences: npt.ArrayLike,
    plans_started: npt.ArrayLike,
    *,
    per: float = 100,
    confidence: float = 0.95,
    status: Mapping[str, npt.ArrayLike] | None = None,
) -> pd.DataFrame:
    """How many go on at each step: referral, section 47 enquiry, conference, plan.

    The four are all the events of one year, not one group of children followed through it, and a
    referral may lead to more than one enquiry. So these are ratios of counts, not shares: they can
    pass 100, and their limits are those of a rate (Byar), a little wider than a share's.

    Parameters
    ----------
    referrals, section_47_enquiries, initial_conferences, plans_started : number, array or Series
        Counts in the same year and area.
    per : float
    confidence : float
    status : mapping of the four names to statuses, or None

    Returns
    -------
    DataFrame
        step (the indicator's name), value, lower, upper, numerator, denominator, method, status,
        note: three rows for each input row, with its index label.

    Raises
    ------
    BadInput
        As `rate`.

    Examples
    --------
    >>> pathway_conversion(635_600, 160_150, 71_140, 62_210).round(1)[["step", "value"]]
                            step  value
    0    section_47_per_referral   25.2
    0  conference_per_section_47   44.4
    0        plan_per_conference   87.4
    """
    given = {
        "referrals": referrals,
        "section_47_enquiries": section_47_enquiries,
        "initial_conferences": initial_conferences,
        "plans_started": plans_started,
    }
    columns, _, index = together(**given)
    statuses = {name: np.full(len(index), "reported", dtype=object) for name in given}
    for name, values in (status or {}).items():
        if name not in statuses:
            raise BadInput(f"status has an entry for {name!r}; the four counts are {', '.join(given)}")
        statuses[name] = np.broadcast_to(np.asarray(values, dtype=object), len(index))
    frames = []
    for step, top, bottom in STEPS:
        frame = rate(
            columns[top],
            columns[bottom],
            per=per,
            confidence=confidence,
            status=weakest(statuses[top], statuses[bottom]),
        )
        frame.insert(0, "step", step)
        frames.append(frame)
    # Interleave: the three steps of the first area, then of the second.
    order = np.arange(3 * len(index)).reshape(3, -1).T.ravel()
    result = pd.concat(frames, ignore_index=True).take(order)
    result.index = index[np.repeat(np.arange(len(index)), 3)]
    return result
