"""After an Inadequate judgement: how long until a better one, and what happens to the figures meanwhile?"""

import itertools

import numpy as np
import pandas as pd
from scipy import special

from cptrends.data.status import has_value
from cptrends.errors import BadInput
from cptrends.indicators.association import grade_score

_DAYS_A_YEAR = 365.25
_SPELL_COLUMNS = ["area_code", "framework", "start", "end", "years", "better", "next_grade", "note"]


def inadequate_spells(inspections, as_at, *, frameworks=("SIF", "ILACS"), ended=None):
    """Each stretch that an authority spent on an overall grade of Inadequate.

    A stretch begins when an Inadequate judgement is published and ends with the first better one, under
    any of the frameworks; a further Inadequate in between does not begin a new one. Where there is no better
    judgement yet, the authority is still waiting, and its stretch is cut off (censored) at `as_at`, or when
    the authority was abolished.

    Parameters
    ----------
    inspections : DataFrame
        Columns area_code, framework, published (date; empty when unknown) and grade (empty for visits and
        judgements without an overall grade).
    as_at : str or date
        Nothing published later counts.
    frameworks : sequence of str
        SIF and ILACS have a single overall grade.
    ended : dict of area_code to date, optional
        When authorities were abolished.

    Returns
    -------
    DataFrame
        A row per stretch: area_code, framework (of the judgement that began it), start, end (dates), years,
        better (False: still waiting), next_grade, note. Empty when there is none.

    Raises
    ------
    BadInput
        If a column is missing, a date cannot be read or a grade is not Ofsted's.

    Examples
    --------
    >>> inspections = pd.DataFrame({"area_code": ["E1", "E1", "E2"], "framework": ["SIF", "ILACS", "SIF"],
    ...     "published": ["2014-05-01", "2018-05-01", "2015-06-01"], "grade": ["Inadequate", "Good", "Inadequate"]})
    >>> inadequate_spells(inspections, "2019-06-01")[["area_code", "years", "better"]].round(1)
      area_code  years  better
    0        E1    4.0    True
    1        E2    4.0   False
    """
    missing = {"area_code", "framework", "published", "grade"} - set(inspections.columns)
    if missing:
        raise BadInput(f"the inspections have no column {', '.join(sorted(missing))}")
    as_at, ended = _date(as_at), {area: _date(day) for area, day in (ended or {}).items()}
    frame = inspections[inspections["framework"].isin(list(frameworks))]
    frame = frame.assign(score=grade_score(frame["grade"]), published=_dates(frame["published"]))
    frame = frame[frame["score"].notna() & (frame["published"] <= as_at)]
    frame = frame.sort_values(["area_code", "published"], kind="stable")
    # Plain objects: text held by pyarrow is slow to go through row by row.
    frame = frame[["area_code", "framework", "published", "score", "grade"]].astype(
        {"area_code": object, "framework": object, "grade": object}
    )
    rows = []
    for area, judgements in itertools.groupby(frame.itertuples(), key=lambda judgement: judgement.area_code):
        begun = None
        for judgement in judgements:
            if begun is None and judgement.score == 1:
                begun = judgement
            elif begun is not None and judgement.score > 1:
                rows.append(_spell(area, begun, judgement.published, True, judgement.grade, ""))
                begun = None
        if begun is not None:
            last = min(as_at, ended.get(area, as_at))
            note = "The authority was abolished before it was judged again." if last < as_at else "Still waiting."
            rows.append(_spell(area, begun, max(last, begun.published), False, "", note))
    return pd.DataFrame(rows, columns=_SPELL_COLUMNS)


def _spell(area, begun, end, better, next_grade, note):
    return dict(
        zip(
            _SPELL_COLUMNS,
            [
                area,
                begun.framework,
                begun.published,
                end,
                (end - begun.published).days / _DAYS_A_YEAR,
                better,
                next_grade,
                note,
            ],
        )
    )


def _date(day):
    try:
        return pd.Timestamp(day)
    except ValueError:
        raise BadInput(f"{day!r} is not a date; write it as 2017-06-13") from None


def _dates(days):
    try:
        return pd.to_datetime(days.where(days != ""))
    except ValueError as error:
        raise BadInput(f"a publication date cannot be read ({error}); dates are written as 2017-06-13") from None


def recovery_time(spells, *, quantile=0.5, confidence=0.95):
    """The time by which half of the authorities judged Inadequate have a better grade.

    Parameters
    ----------
    spells : DataFrame
        From `inadequate_spells`: columns years and better.
    quantile : float in (0, 1)
        0.5 is the median; 0.75 the time by which three quarters have.
    confidence : float

    Returns
    -------
    DataFrame
        One row: value (years), lower, upper, n, n_better, n_censored (still waiting), method, status, note. A
        time or limit that has not been reached is NA, and the note says so.

    Notes
    -----
    Kaplan and Meier, with limits from the complementary log-log interval of the curve. The same as
    statsmodels' SurvfuncRight, which the tests compare it with and which is not used here because its
    import takes longer than checking every claim. Leaving out those still waiting would make recovery
    look quicker than it is.

    Examples
    --------
    >>> spells = pd.DataFrame({"years": [1.5, 2.0, 2.5, 3.0, 4.0], "better": [True, True, True, True, False]})
    >>> recovery_time(spells)[["value", "n", "n_censored"]]
       value  n  n_censored
    0    2.5  5           1
    """
    if not 0 < quantile < 1 or not 0 < confidence < 1:
        raise BadInput("quantile and confidence must lie between 0 and 1, such as 0.5 and 0.95")
    years, better = _spans(spells)
    row = {
        "value": np.nan,
        "lower": np.nan,
        "upper": np.nan,
        "n": years.size,
        "n_better": int(better.sum()),
        "n_censored": int((~better).sum()),
        "method": "Kaplan-Meier, complementary log-log interval",
        "status": "unavailable",
        "note": "",
    }
    if not years.size:
        row["note"] = "No authority was judged Inadequate."
    elif not better.any():
        row["note"] = "None has been judged better yet."
    else:
        times, share, error, _ = _kaplan_meier(years, better)
        reached = times[share < 1 - quantile - 1e-12]  # products of fractions may fall a hair short of a tie
        with np.errstate(divide="ignore", invalid="ignore"):
            away = (np.log(-np.log(share)) - np.log(-np.log(1 - quantile))) / (error / (share * np.log(share)))
        within = np.flatnonzero(np.abs(away) <= -special.ndtri((1 - confidence) / 2))
        row["value"] = reached[0] if reached.size else np.nan
        if within.size:
            row["lower"] = times[within[0]]
            row["upper"] = times[within[-1] + 1] if within[-1] + 1 < times.size else np.nan
        if np.isnan(row["value"]):
            row["note"] = f"Fewer than {100 * quantile:g}% have been judged better within the time seen."
        else:
            row["status"] = "derived"
            row["note"] = "The upper limit lies beyond the time seen." if np.isnan(row["upper"]) else ""
    return pd.DataFrame([row])


def _kaplan_meier(years, better):
    """At each time of a better judgement: the share still waiting, Greenwood's error of it, and how many were at risk."""
    times = np.unique(years[better])
    at_risk = (years[:, None] >= times).sum(axis=0)
    events = ((years[:, None] == times) & better[:, None]).sum(axis=0)
    share = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = share * np.sqrt(np.cumsum(events / (at_risk * (at_risk - events))))
    return times, share, error, at_risk


def recovery_curve(spells, *, confidence=0.95):
    """The share of authorities still waiting for a better grade, by years since Inadequate.

    Parameters
    ----------
    spells, confidence
        As in `recovery_time`.

    Returns
    -------
    DataFrame
        From year 0 on, a row at each time that one was judged better: years, value (percent still waiting),
        lower, upper, at_risk (still waiting and under observation just before), method, status, note.

    Examples
    --------
    >>> spells = pd.DataFrame({"years": [1.0, 2.0, 3.0, 4.0], "better": [True, False, True, True]})
    >>> recovery_curve(spells)[["years", "value", "at_risk"]]
       years  value  at_risk
    0    0.0  100.0        4
    1    1.0   75.0        4
    2    3.0   37.5        2
    3    4.0    0.0        1
    """
    years, better = _spans(spells)
    method = "Kaplan-Meier, complementary log-log interval"
    start = {
        "years": 0.0,
        "value": 100.0,
        "lower": 100.0,
        "upper": 100.0,
        "at_risk": years.size,
        "method": method,
        "status": "derived",
        "note": "",
    }
    if not better.any():
        note = "None has been judged better yet." if years.size else "No authority was judged Inadequate."
        nobody = {} if years.size else dict.fromkeys(("value", "lower", "upper"), np.nan)
        return pd.DataFrame([{**start, **nobody, "status": "unavailable", "note": note}])
    times, share, error, at_risk = _kaplan_meier(years, better)
    z = -special.ndtri((1 - confidence) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = z * error / (share * np.log(share))
        limits = [np.where(share > 0, share ** np.exp(sign * half), 0) for sign in (-1, 1)]
    rows = pd.DataFrame(
        {
            "years": times,
            "value": 100 * share,
            "lower": 100 * np.minimum(*limits),
            "upper": 100 * np.maximum(*limits),
            "at_risk": at_risk,
            "method": method,
            "status": "derived",
            "note": "",
        }
    )
    return pd.concat([pd.DataFrame([start]), rows], ignore_index=True)


def judgement_years(spells):
    """The year to 31 March in which each stretch on Inadequate began, for an event study.

    Parameters
    ----------
    spells : DataFrame
        From `inadequate_spells`: columns area_code and start.

    Returns
    -------
    DataFrame
        area_code, year.

    Examples
    --------
    >>> spells = pd.DataFrame({"area_code": ["E1", "E2"], "start": pd.to_datetime(["2015-03-31", "2015-04-01"])})
    >>> judgement_years(spells)["year"].tolist()
    [2015, 2016]
    """
    start = spells["start"]
    return pd.DataFrame(
        {
            "area_code": spells["area_code"].to_numpy(object),
            "year": (start.dt.year + (start.dt.month > 3)).to_numpy("int64"),
        }
    )


def place_on_curve(spells, curve):
    """Where on the curve each stretch ends, so that those still waiting can be marked on it.

    Parameters
    ----------
    spells : DataFrame
        From `inadequate_spells`.
    curve : DataFrame
        From `recovery_curve`.

    Returns
    -------
    DataFrame
        area (code), years, better and on_curve (percent still waiting after so many years).

    Examples
    --------
    >>> spells = pd.DataFrame({"area_code": list("abcd"), "years": [1.0, 2.0, 3.0, 4.0], "better": [True, False, True, True]})
    >>> place_on_curve(spells, recovery_curve(spells))["on_curve"].tolist()
    [75.0, 75.0, 37.5, 0.0]
    """
    steps = np.searchsorted(curve["years"].to_numpy(), spells["years"].to_numpy(), side="right") - 1
    return pd.DataFrame(
        {
            "area": spells["area_code"].to_numpy(object),
            "years": spells["years"].to_numpy(),
            "better": spells["better"].to_numpy(bool),
            "on_curve": curve["value"].to_numpy()[steps],
        }
    )


def _spans(spells):
    missing = {"years", "better"} - set(spells.columns)
    if missing:
        raise BadInput(f"the spells have no column {', '.join(sorted(missing))}; inadequate_spells makes them")
    years, better = spells["years"].to_numpy(dtype=float), spells["better"].to_numpy(dtype=bool)
    if (years < 0).any() or np.isnan(years).any():
        raise BadInput("every spell needs a length of nought years or more")
    # Judged again on the day it is published would be time nought, which a survival curve cannot take.
    return np.maximum(years, 1 / _DAYS_A_YEAR), better


def event_study(figures, events, *, window=3, comparators=5, placebo=True, confidence=0.95):
    """What an indicator does in the years before and after an Inadequate judgement, beside matched authorities.

    Each judged authority is compared with the authorities nearest to it on the mean of the indicator in the
    years before, among those that had no Inadequate judgement within the window of that year. The effect in a
    year is the judged authority's change since the year before the judgement, less the comparators' mean change.

    Parameters
    ----------
    figures : DataFrame
        Columns area_code, year, value and, if wanted, status: one indicator, authorities only.
    events : DataFrame
        Columns area_code, year: the year (to 31 March) in which an Inadequate judgement was published.
    window : int
        Years before and after.
    comparators : int
        Matched authorities for each judgement.
    placebo : bool
        Also pretend that each judgement came `window + 1` years earlier, so that the pretended years end before the
        true judgement. What it finds is not due to that judgement; if it finds much, believe the rest less.
    confidence : float

    Returns
    -------
    DataFrame
        A row per kind ("judgement", "placebo") and relative year, -window to window: kind, relative_year, value
        (mean effect, in the indicator's unit), lower, upper (t interval over authorities), n_events, n_areas
        (judged authorities), left_out (judgements without figures or comparators), imbalance (judged less
        comparators, mean before), method, status, note. The year before is nought by construction. With
        fewer than three authorities there is a value but no interval, and the note says so.

    Raises
    ------
    BadInput
        If a column is missing, an area and year occur twice or a setting is not possible.

    Notes
    -----
    An authority judged twice counts once per relative year (its mean), so that the interval is over independent
    authorities. Comparators may serve several; that dependence is not in the interval. An association in time:
    inspectors come when figures are already bad, which shows in the years before.

    Examples
    --------
    >>> figures = pd.DataFrame([(f"A{i}", year, 10.0 + i + 2 * (i < 3) * (year >= 2015))
    ...     for i in range(20) for year in range(2012, 2019)], columns=["area_code", "year", "value"])
    >>> events = pd.DataFrame({"area_code": ["A0", "A1", "A2"], "year": [2015] * 3})
    >>> event_study(figures, events, placebo=False)[["relative_year", "value", "n_areas"]].tail(4)
       relative_year  value  n_areas
    3              0    2.0        3
    4              1    2.0        3
    5              2    2.0        3
    6              3    2.0        3
    """
    for frame, name, columns in ((figures, "figures", "area_code year value"), (events, "events", "area_code year")):
        for column in columns.split():
            if column not in frame.columns:
                raise BadInput(f"the {name} have no column {column}")
    for name, number in (("window", window), ("comparators", comparators)):
        if int(number) != number or number < 1:
            raise BadInput(f"{name} must be a whole number, at least 1, not {number!r}")
    if figures.duplicated(["area_code", "year"]).any():
        raise BadInput("an area and year occur twice in the figures; one row each is wanted")
    value = figures["value"].to_numpy(dtype=float, na_value=np.nan)
    if "status" in figures:
        value = np.where(has_value(figures["status"].to_numpy(dtype=object)), value, np.nan)
    wide = figures.assign(value=value).pivot(index="area_code", columns="year", values="value")
    if len(wide):
        wide = wide.reindex(columns=range(min(wide.columns) - 4 * window, max(wide.columns) + window + 1))
    events = events.drop_duplicates(["area_code", "year"])
    parts = [_effects(wide, events, events, "judgement", window, comparators, confidence)]
    if placebo:
        pretended = events.assign(year=events["year"] - (window + 1))
        parts.append(_effects(wide, pretended, events, "placebo", window, comparators, confidence))
    return pd.concat(parts, ignore_index=True)


def _effects(wide, events, judged, kind, window, comparators, confidence):
    """The rows of one kind. Comparators are free of true judgements near the year studied."""
    relative = np.arange(-window, window + 1)
    per_event, areas, gaps = [], [], []
    for area, year in zip(events["area_code"], events["year"]):
        effect, gap = _one_effect(wide, judged, area, year, relative, window, comparators)
        if effect is not None:
            per_event.append(effect)
            areas.append(area)
            gaps.append(gap)
    left_out = len(events) - len(per_event)
    method = f"Event study: {comparators} authorities nearest on the mean of the {window} years before"
    by_event = pd.DataFrame(per_event, columns=relative, dtype=float)
    by_area = by_event.groupby(np.array(areas, dtype=object)).mean() if areas else by_event
    rows = []
    for year in relative:
        effect = by_area[year].dropna().to_numpy()
        n = effect.size
        mean = effect.mean() if n else np.nan
        half = special.stdtrit(n - 1, (1 + confidence) / 2) * effect.std(ddof=1) / np.sqrt(n) if n > 2 else np.nan
        if n == 0:
            note = "No judgement has figures and comparators for this year."
        elif year == -1:
            note = "The year before, from which change is counted: nought by construction."
            half = np.nan
        else:
            note = "" if n > 2 else "Fewer than three authorities: no interval."
        rows.append(
            {
                "kind": kind,
                "relative_year": year,
                "value": mean,
                "lower": mean - half,
                "upper": mean + half,
                "n_events": int(by_event[year].notna().sum()),
                "n_areas": n,
                "left_out": left_out,
                "imbalance": np.mean(gaps) if gaps else np.nan,
                "method": method,
                "status": "derived" if n else "unavailable",
                "note": note,
            }
        )
    return pd.DataFrame(rows)


def _one_effect(wide, judged, area, year, relative, window, comparators):
    """One judgement's effect in each relative year, and how far its comparators' mean before is from its own."""
    start = year - window - wide.columns[0] if len(wide) else 0
    if area not in wide.index or start < 0 or start + relative.size > wide.shape[1]:
        return None, None
    span, own = wide.to_numpy()[:, start : start + relative.size], wide.index.get_loc(area)
    before, last = _mean_of_known(span[:, :window], axis=1), span[:, window - 1]
    near = judged.loc[(judged["year"] - year).abs() <= window, "area_code"]
    others = np.flatnonzero(~np.isnan(before) & ~np.isnan(last) & ~wide.index.isin([*near, area]))
    if np.isnan(before[own]) or np.isnan(last[own]) or not others.size:
        return None, None
    # Ties go to the earlier code, so that the answer does not depend on the order of the rows.
    matched = others[np.argsort(np.abs(before[others] - before[own]), kind="stable")[:comparators]]
    change = span - last[:, None]
    return change[own] - _mean_of_known(change[matched], axis=0), float(before[own] - before[matched].mean())


def _mean_of_known(values, axis):
    known = ~np.isnan(values)
    n = known.sum(axis=axis)
    return np.where(n, np.where(known, values, 0.0).sum(axis=axis) / np.maximum(n, 1), np.nan)
