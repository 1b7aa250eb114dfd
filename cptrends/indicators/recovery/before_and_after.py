"""What an indicator does in the years before and after an Inadequate judgement, beside matched authorities."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from cptrends.data.status import has_value
from cptrends.errors import BadInput


@dataclass(frozen=True)
class Study:
    """What the judgements are studied by.

    Attributes
    ----------
    wide : DataFrame
        The indicator, areas x years; NaN where there is no figure.
    judged : DataFrame
        area_code and year of the true judgements: nobody judged near the year studied is a comparator.
    window, comparators : int
        As in `event_study`.
    """

    wide: pd.DataFrame
    judged: pd.DataFrame
    window: int
    comparators: int

    @property
    def relative(self) -> np.ndarray:
        """The years before and after, from -window to window."""
        return np.arange(-self.window, self.window + 1)


def event_study(
    figures: pd.DataFrame,
    events: pd.DataFrame,
    *,
    window: int = 3,
    comparators: int = 5,
    placebo: bool = True,
    confidence: float = 0.95,
) -> pd.DataFrame:
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
        comparators, mean before), method, status, note. The year before is zero by construction. With
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
    study = Study(wide, events, window, comparators)
    parts = [_effects(study, events, "judgement", confidence)]
    if placebo:
        pretended = events.assign(year=events["year"] - (window + 1))
        parts.append(_effects(study, pretended, "placebo", confidence))
    return pd.concat(parts, ignore_index=True)


def _effects(study: Study, events: pd.DataFrame, kind: str, confidence: float) -> pd.DataFrame:
    """The rows of one kind."""
    found = {}
    for number, (area, year) in enumerate(zip(events["area_code"], events["year"], strict=True)):
        effect = _one_effect(study, area, year)
        if effect is not None:
            found[number, area] = effect
    by_event = pd.DataFrame([effect for effect, _ in found.values()], columns=study.relative, dtype=float)
    by_area = by_event.groupby(np.array([area for _, area in found], dtype=object)).mean() if found else by_event
    method = f"Event study: {study.comparators} authorities nearest on the mean of the {study.window} years before"
    rows = []
    for year in study.relative:
        effect = by_area[year].dropna().to_numpy()
        mean, half, note = _mean_effect(effect, year, confidence)
        rows.append(
            {
                "kind": kind,
                "relative_year": year,
                "value": mean,
                "lower": mean - half,
                "upper": mean + half,
                "n_events": int(by_event[year].notna().sum()),
                "n_areas": effect.size,
                "left_out": len(events) - len(found),
                "imbalance": np.mean([gap for _, gap in found.values()]) if found else np.nan,
                "method": method,
                "status": "derived" if effect.size else "unavailable",
                "note": note,
            }
        )
    return pd.DataFrame(rows)


def _mean_effect(effect: np.ndarray, year: int, confidence: float) -> tuple[float, float, str]:
    """The mean over authorities, the half-width of its interval, and what is to be said of both."""
    n = effect.size
    if n == 0:
        return np.nan, np.nan, "No judgement has figures and comparators for this year."
    if year == -1:
        note = "The year before, from which change is counted: zero by construction."
        return effect.mean(), np.nan, note
    if n < 3:
        return effect.mean(), np.nan, "Fewer than three authorities: no interval."
    return effect.mean(), special.stdtrit(n - 1, (1 + confidence) / 2) * effect.std(ddof=1) / np.sqrt(n), ""


def _one_effect(study: Study, area: str, year: int) -> tuple[np.ndarray, float] | None:
    """One judgement's effect in each relative year, and how far its comparators' mean before is from its own."""
    wide, window = study.wide, study.window
    length = study.relative.size
    start = year - window - wide.columns[0] if len(wide) else 0
    if area not in wide.index or start < 0 or start + length > wide.shape[1]:
        return None
    span, own = wide.to_numpy()[:, start : start + length], wide.index.get_loc(area)
    before, last = _mean_of_known(span[:, :window], axis=1), span[:, window - 1]
    near = study.judged.loc[(study.judged["year"] - year).abs() <= window, "area_code"]
    others = np.flatnonzero(~np.isnan(before) & ~np.isnan(last) & ~wide.index.isin([*near, area]))
    if np.isnan(before[own]) or np.isnan(last[own]) or not others.size:
        return None
    # Ties go to the earlier code, so that the answer does not depend on the order of the rows.
    nearest = np.argsort(np.abs(before[others] - before[own]), kind="stable")[: study.comparators]
    matched, change = others[nearest], span - last[:, None]
    return change[own] - _mean_of_known(change[matched], axis=0), float(before[own] - before[matched].mean())


def _mean_of_known(values: np.ndarray, axis: int) -> np.ndarray:
    known = ~np.isnan(values)
    n = known.sum(axis=axis)
    return np.where(n, np.where(known, values, 0.0).sum(axis=axis) / np.maximum(n, 1), np.nan)
