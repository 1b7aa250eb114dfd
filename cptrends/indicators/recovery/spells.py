"""The stretches that authorities spent on an overall grade of Inadequate."""

import datetime
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cptrends.data.inspections import OVERALL
from cptrends.errors import BadInput
from cptrends.indicators.association import grade_score

DAYS_A_YEAR = 365.25
_SPELL_COLUMNS = ["area_code", "framework", "start", "end", "years", "better", "next_grade", "note"]


def inadequate_spells(
    inspections: pd.DataFrame,
    as_at: str | datetime.date,
    *,
    frameworks: Sequence[str] = OVERALL,
    ended: Mapping[str, str | datetime.date] | None = None,
) -> pd.DataFrame:
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
    until, closed = _date(as_at), {area: _date(day) for area, day in (ended or {}).items()}
    frame = inspections[inspections["framework"].isin(list(frameworks))]
    frame = frame.assign(score=grade_score(frame["grade"]), published=_dates(frame["published"]))
    frame = frame[frame["score"].notna() & (frame["published"] <= until)]
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
                rows.append(_spell(begun, judgement.published, better=True, next_grade=judgement.grade))
                begun = None
        if begun is not None:
            last = min(until, closed.get(area, until))
            note = "The authority was abolished before it was judged again." if last < until else "Still waiting."
            rows.append(_spell(begun, max(last, begun.published), better=False, note=note))
    return pd.DataFrame(rows, columns=_SPELL_COLUMNS)


def judgement_years(spells: pd.DataFrame) -> pd.DataFrame:
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


def _spell(begun: Any, end: pd.Timestamp, *, better: bool, next_grade: str = "", note: str = "") -> dict[str, Any]:
    return {
        "area_code": begun.area_code,
        "framework": begun.framework,
        "start": begun.published,
        "end": end,
        "years": (end - begun.published).days / DAYS_A_YEAR,
        "better": better,
        "next_grade": next_grade,
        "note": note,
    }


def _date(day: str | datetime.date) -> pd.Timestamp:
    try:
        return pd.Timestamp(day)
    except ValueError:
        raise BadInput(f"{day!r} is not a date; write it as 2017-06-13") from None


def _dates(days: pd.Series) -> pd.Series:
    try:
        return pd.to_datetime(days.where(days != ""))
    except ValueError as error:
        raise BadInput(f"a publication date cannot be read ({error}); dates are written as 2017-06-13") from None
