"""Ofsted's judgements of children's services: one row per inspection, and who stood where on a date.

What to know of the figures:

- **Two scales.** Until the single inspection framework (SIF, from November 2013) the third grade
  was Adequate; Ofsted's files now call it Requires improvement to be good everywhere.
  `grade_as_judged` has the word used then, `grade` the word used now. The judgements beneath the
  overall one are in the words used then.
- **SLAC (2009 to 2012) made no overall judgement**: it judged safeguarding and the services for
  looked after children. Its `grade` is blank and never filled from either. CPI and TLAC each
  judged one side only, so they too are left out unless asked for.
- **Two clocks.** Before 2018 Ofsted's files give only the date a report was published; from then
  on the first day of the inspection as well. Ofsted's own tables "as at 31 March" count the
  inspections begun by then whose reports were out by a cut-off date (30 June in 2024 and 2025).
- **Authorities that ended** (split or merged) keep their judgements under their own code, are
  counted until 31 March of their last year, and are not passed on to their successors: these
  are counted from their own first judgement.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import TypedDict, Unpack

import pandas as pd

from cptrends.data import areas
from cptrends.data.status import weakest
from cptrends.errors import BadInput

#: Best first.
GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")

#: The frameworks in order of their beginning: safeguarding and looked after children (2009),
#: unannounced child protection (2012), targeted looked after children (2013), single
#: inspection framework (2013), inspections of local authority children's services (2018).
FRAMEWORKS = ("SLAC", "CPI", "TLAC", "SIF", "ILACS")

#: The frameworks with an overall judgement on the four grades of today.
OVERALL = ("SIF", "ILACS")

#: Judgements beneath, or in SLAC instead of, the overall one. `children_in_care` is looked after
#: children in SLAC and SIF, and includes care leavers in ILACS until the end of 2022;
#: `safeguarding_board` was made of the board in its own right, beside the first SIF inspection.
JUDGEMENTS = (
    "safeguarding", "help_and_protection", "children_in_care", "care_leavers", "adoption", "leadership",
    "safeguarding_board",
)  # fmt: skip


#: A date as text YYYY-MM-DD, or as one.
Date = str | datetime.date


class Rule(TypedDict, total=False):
    """Which judgement is asked for, and from when it counts; see `latest_judgements`."""

    judgement: str
    by: str
    published_by: Date | None
    official_only: bool


def latest_judgements(
    inspections: pd.DataFrame,
    date: Date,
    frameworks: str | Sequence[str] = OVERALL,
    *,
    judgement: str = "grade",
    by: str = "published",
    published_by: Date | None = None,
    official_only: bool = False,
) -> pd.DataFrame:
    """The judgement each authority stood under on a date.

    Parameters
    ----------
    inspections : pandas.DataFrame
        One row per inspection, as in the table `inspections`; needs area_code, framework,
        inspection_start, published, status and the judgement.
    date : str (YYYY-MM-DD) or datetime.date
    frameworks : sequence of str
        Whose judgements count; SIF and ILACS are the two with an overall one.
    judgement : str
        "grade" for the overall judgement, or a column of `JUDGEMENTS`.
    by : {"published", "inspected"}
        Whether a judgement counts from the day its report was published, or from the first day
        of the inspection provided the report was out by `published_by`. Where only the date of
        publication is known (everything before 2018) that date stands for both.
    published_by : str or datetime.date, optional
        With by="inspected"; the last day of the third month after `date` if not given, which is
        Ofsted's own cut-off of 30 June for 31 March.
    official_only : bool
        Leave out what comes from an unofficial compilation (status low_confidence).

    Returns
    -------
    pandas.DataFrame
        The columns of `inspections`, one row per authority that has a judgement, by area code;
        the column of the judgement in today's words. An authority that was split or merged is
        not there after 31 March of its last year, and its successors not before they are judged.
        `attrs["grade_unread"]` lists the authorities with a newer inspection whose overall grade
        the unofficial compilation could not read, so that an older judgement is given for them.

    Raises
    ------
    BadInput
        If the date, a framework, the judgement or `by` is not understood.

    >>> one = {"area_code": "E09000012", "framework": "SIF", "status": "reported", "inspection_start": ""}
    >>> inspections = pd.DataFrame([
    ...     {**one, "published": "2014-05-01", "grade": "Inadequate"},
    ...     {**one, "published": "2016-09-30", "grade": "Good"},
    ... ])
    >>> latest_judgements(inspections, "2016-09-29")["grade"].tolist()
    ['Inadequate']
    >>> latest_judgements(inspections, "2016-09-30")["grade"].tolist()
    ['Good']
    """
    day = _day(date)
    frameworks = [frameworks] if isinstance(frameworks, str) else list(frameworks)
    for framework in frameworks:
        if framework not in FRAMEWORKS:
            raise BadInput(f"no inspection framework is called {framework!r}; there are {', '.join(FRAMEWORKS)}")
    if judgement != "grade" and judgement not in JUDGEMENTS:
        others = ", ".join(JUDGEMENTS)
        raise BadInput(f"no judgement is called {judgement!r}; 'grade' is the overall one, the others are {others}")
    if by not in ("published", "inspected"):
        raise BadInput(f"by={by!r} is not understood; 'published' or 'inspected' is")
    published = pd.to_datetime(inspections["published"], errors="coerce")
    started = pd.to_datetime(inspections["inspection_start"], errors="coerce").fillna(published)
    grade = inspections[judgement].fillna("").replace({"Adequate": "Requires improvement"})
    if by == "published":
        counted_from, in_time = published, published <= day
    else:
        cut_off = _day(published_by) if published_by is not None else day + pd.offsets.MonthEnd(3)
        counted_from, in_time = started, (started <= day) & (published <= cut_off)
    last_days = {code: _end(code) for code in inspections["area_code"].unique()}
    ends = pd.to_datetime(inspections["area_code"].map(last_days))
    stands = in_time & inspections["framework"].isin(frameworks) & ~(ends < day)
    if official_only:
        stands &= inspections["status"] != "low_confidence"
    found = inspections.assign(**{judgement: grade, "_from": counted_from, "_started": started})
    found = found[stands & grade.isin(GRADES)].sort_values(["area_code", "_from", "_started"], kind="stable")
    found = found.drop_duplicates("area_code", keep="last", ignore_index=True).drop(columns=["_from", "_started"])
    unread = stands & (inspections["status"] == "low_confidence") & (grade == "")
    unread &= judgement == "grade"
    found.attrs["grade_unread"] = sorted(inspections.loc[unread, "area_code"].unique())
    return found


def grades_as_at(
    inspections: pd.DataFrame, date: Date, frameworks: str | Sequence[str] = OVERALL, **options: Unpack[Rule]
) -> pd.DataFrame:
    """How many authorities stood at each grade on a date, and their share.

    Counted over the authorities that had a judgement by then, not over all authorities: in June
    2017 only 132 of 152 had been inspected under SIF.

    Parameters
    ----------
    inspections : pandas.DataFrame
        As in the table `inspections`.
    date : str (YYYY-MM-DD) or datetime.date
    frameworks : sequence of str
        Whose judgements count.
    **options
        `judgement`, `by`, `published_by` and `official_only`, as for `latest_judgements`, where
        the rule for authorities that were split or merged is given too.

    Returns
    -------
    pandas.DataFrame
        grade (best first, all four), authorities (int), share (percent of the authorities
        counted, not rounded). `attrs["status"]` is the weakest status among the judgements
        counted, `derived` when all are official; `attrs["grade_unread"]` as for `latest_judgements`.

    Raises
    ------
    BadInput
        As `latest_judgements`, and if no authority had a judgement by then.

    >>> inspections = pd.DataFrame({
    ...     "area_code": ["E09000012", "E09000013"], "framework": "SIF", "inspection_start": "",
    ...     "published": ["2014-05-01", "2016-09-30"], "grade": ["Inadequate", "Good"], "status": "reported",
    ... })
    >>> grades_as_at(inspections, "2017-03-31")
                      grade  authorities  share
    0           Outstanding            0    0.0
    1                  Good            1   50.0
    2  Requires improvement            0    0.0
    3            Inadequate            1   50.0
    """
    latest = latest_judgements(inspections, date, frameworks, **options)
    if latest.empty:
        named = frameworks if isinstance(frameworks, str) else " or ".join(frameworks)
        raise BadInput(f"no authority had a judgement under {named} by {_day(date):%Y-%m-%d}; choose a later date")
    counts = latest[options.get("judgement", "grade")].value_counts().reindex(GRADES, fill_value=0)
    shares = pd.DataFrame(
        {"grade": list(GRADES), "authorities": counts.to_numpy(), "share": 100 * counts.to_numpy() / len(latest)}
    )
    shares.attrs["grade_unread"] = latest.attrs["grade_unread"]
    shares.attrs["status"] = weakest(*latest["status"].unique())
    return shares


def grades_by_date(
    inspections: pd.DataFrame,
    dates: Iterable[Date],
    frameworks: str | Sequence[str] = OVERALL,
    **options: Unpack[Rule],
) -> pd.DataFrame:
    """The share of authorities at each grade on each of several dates, a row for each date.

    Parameters
    ----------
    inspections : pandas.DataFrame
        As in the table `inspections`.
    dates : sequence of str (YYYY-MM-DD) or datetime.date
    frameworks, **options
        As for `grades_as_at`.

    Returns
    -------
    pandas.DataFrame
        date (timestamp), judged (int, authorities that had a judgement by then), a column for each
        of `GRADES` (percent of those judged, not rounded) and status.

    Raises
    ------
    BadInput
        As `grades_as_at`.

    >>> inspections = pd.DataFrame({
    ...     "area_code": ["E09000012", "E09000013"], "framework": "SIF", "inspection_start": "",
    ...     "published": ["2014-05-01", "2016-09-30"], "grade": ["Inadequate", "Good"], "status": "reported",
    ... })
    >>> grades_by_date(inspections, ["2015-03-31", "2017-03-31"])[["judged", "Good", "Inadequate"]]
       judged  Good  Inadequate
    0       1   0.0       100.0
    1       2  50.0        50.0
    """
    rows = []
    for date in dates:
        grades = grades_as_at(inspections, date, frameworks, **options)
        shares = dict(zip(grades["grade"], grades["share"], strict=True))
        rows.append(
            {"date": _day(date), "judged": int(grades["authorities"].sum()), **shares, "status": grades.attrs["status"]}
        )
    return pd.DataFrame(rows, columns=["date", "judged", *GRADES, "status"])


def _day(date: Date) -> pd.Timestamp:
    """A date as a timestamp; only YYYY-MM-DD is taken as text, since 04/05/2017 may be either."""
    try:
        if isinstance(date, str):
            date = datetime.date.fromisoformat(date.strip())
        day = pd.Timestamp(date)
    except (TypeError, ValueError):
        day = pd.NaT
    if day is pd.NaT:
        raise BadInput(f"{date!r} is not a date; write it YYYY-MM-DD, for example 2017-06-13")
    return day.normalize()


def _end(area_code: str) -> pd.Timestamp:
    """The last day an authority was there, or NaT."""
    last_year = areas.register().get(area_code, {}).get("last_year")
    return pd.Timestamp(last_year, 3, 31) if last_year else pd.NaT
