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

import numpy as np
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

#: Judgements beneath, or in SLAC instead of, the overall one. `children_in_care` is looked after
#: children in SLAC and SIF, and includes care leavers in ILACS until the end of 2022;
#: `safeguarding_board` was made of the board in its own right, beside the first SIF inspection.
JUDGEMENTS = (
    "safeguarding", "help_and_protection", "children_in_care", "care_leavers", "adoption", "leadership",
    "safeguarding_board",
)  # fmt: skip

#: Columns of `assemble`, all text.
COLUMNS = (
    "area_code", "framework", "inspection_type", "inspection_start", "inspection_end", "published",
    "grade", "grade_as_judged", *JUDGEMENTS, "theme", "release", "status", "note",
)  # fmt: skip

_ADEQUATE = ("SLAC", "CPI", "TLAC")  # frameworks whose third grade was Adequate

_GRADE_TEXTS = {
    "outstanding": "Outstanding",
    "good": "Good",
    "requires improvement to be good": "Requires improvement",
    "requires improvement": "Requires improvement",
    "adequate": "Requires improvement",
    "inadequate": "Inadequate",
    # no judgement made, published or readable
    "": "",
    "-": "",
    "nan": "",
    "inspection_pre_dates_judgement": "",
}

_TYPES = {
    "SLAC inspection": "full",
    "SLAC re-inspection of Safeguarding": "re-inspection",
    "SLAC re-inspection of services for Children Looked After": "re-inspection",
    "Child Protection Inspection": "full",
    "Child Protection Re-Inspection": "re-inspection",
    "Targeted Looked After Children inspection": "full",
    "First SIF": "full",
    "SIF Re-inspection": "re-inspection",
    "ILACS Standard Inspection": "standard",
    "ILACS Short Inspection": "short",
    "ILACS Focused Visit": "focused",
    "LA Monitoring visit": "monitoring",
    "standard": "standard",
    "short": "short",
    "None": "",
    "": "",
}

_DATES = ("inspection_start", "inspection_end", "published")
_NO_DATE = ("", "-", "nan", "Not yet inspected")

# Names, in tables without codes, that more than one area has or had: by whether the authority ended.
_SHARED_NAMES = {("Dorset", True): "835", ("City of London", False): "201"}

# The same inspection can be dated a little differently by two releases (a first day off by one,
# a month of publication mistyped). No authority is given two judgements this close together.
_SAME_START_DAYS = 14
_SAME_PUBLICATION_DAYS = 92


def as_judged(grade, framework):
    """The word for a grade when it was given: Adequate under SLAC, CPI and TLAC.

    Parameters
    ----------
    grade : str
        As relabelled.
    framework : str

    Returns
    -------
    str

    >>> as_judged("Requires improvement", "CPI"), as_judged("Requires improvement", "SIF")
    ('Adequate', 'Requires improvement')
    """
    return "Adequate" if grade == "Requires improvement" and framework in _ADEQUATE else grade


def assemble(raw_frames):
    """One row per inspection or visit, from what the releases say of it.

    The newest official release that has an inspection is followed; what it leaves blank is
    filled from older ones, and where an older one differs the `note` says so. A compilation that
    is not official adds only what is newer than anything official (begun after the last official
    inspection or visit, or published after the last official report), with status `low_confidence`.

    Parameters
    ----------
    raw_frames : dict of str to pandas.DataFrame
        By release, as `cptrends.sources.inspections.read` gives them. Release names must sort
        by date.

    Returns
    -------
    pandas.DataFrame of str
        `COLUMNS`, sorted by area, date of publication (of inspection when that is all there is)
        and framework. Dates are YYYY-MM-DD, "" when not known; `grade` is one of `GRADES` or "".

    Raises
    ------
    BadInput
        If an area, grade, date or type of inspection is not understood.
    """
    known = {}  # (area, framework, kind) -> inspections found so far
    for compiled in (False, True):
        for release in sorted(raw_frames, reverse=True):
            rows = _clean(raw_frames[release], release)
            rows = [row for row in rows if (row.pop("table") == "compiled") == compiled]
            if compiled:
                rows = _newer(rows, [entry for entries in known.values() for entry in entries])
            for row in rows:
                key = row["area_code"], row["framework"], _kind(row)
                same = next((entry for entry in known.setdefault(key, []) if _same(entry, row)), None)
                if same is None:
                    row["status"] = "low_confidence" if compiled else "reported"
                    row["differs"] = {}
                    known[key].append(row)
                elif not compiled:
                    _merge(same, row)
    inspections = [entry for entries in known.values() for entry in entries]
    for entry in inspections:
        entry["note"] = "; ".join([*entry.pop("remarks"), *_differences(entry.pop("differs"))])
        entry["grade_as_judged"] = as_judged(entry["grade"], entry["framework"])
        for judgement in JUDGEMENTS:
            entry[judgement] = as_judged(entry[judgement], entry["framework"])
    table = pd.DataFrame(inspections, columns=list(COLUMNS), dtype=object)
    dated = table["published"].where(table["published"] != "", table["inspection_start"])
    order = ["area_code", "dated", "framework", "inspection_type", "inspection_start"]
    return table.assign(dated=dated).sort_values(order, kind="stable", ignore_index=True).drop(columns="dated")


def _clean(raw, release):
    """The rows of a release that tell of an inspection, in our codes and words, as dicts."""
    codes = {}
    rows = []
    for said in raw.to_dict("records"):
        ended = said["area_status"] == "No longer exists"
        place = (said["la_code"], said["ons_code"], said["name"], ended)
        if place not in codes:
            codes[place] = _area(*place, release)
        where = f"{release}, {said['name']}"
        grades = {field: _grade(said[field], where) for field in ("overall", *JUDGEMENTS)}
        dates = {field: _date(said[field], where) for field in _DATES}
        if not dates["inspection_start"] and not dates["published"]:
            continue  # listed, not yet inspected
        if said["inspection_type"] not in _TYPES:
            kind = said["inspection_type"]
            raise BadInput(f"{where}: {kind!r} is not a known type of inspection; add it to _TYPES")
        remarks = []
        if said["table"] == "compiled" and not grades["overall"]:
            remarks.append("overall grade not read by the compiler")
        rows.append(
            {
                "table": said["table"],
                "area_code": codes[place],
                "framework": said["framework"],
                "inspection_type": _TYPES[said["inspection_type"]],
                **dates,
                "grade": grades.pop("overall"),
                **grades,
                "theme": said["theme"],
                "release": release,
                "remarks": remarks,
            }
        )
    return rows


def _area(la_code, ons_code, name, ended, release):
    if not la_code and not ons_code:
        la_code = _SHARED_NAMES.get((name, ended), "")
    code = areas.code_from(code3=la_code, code9=ons_code, name=name)
    area = areas.register()[code]
    if area["level"] != "authority" or (ended and area["last_year"] is None):
        meant = "an authority that no longer exists" if ended else "an authority"
        raise BadInput(
            f"{release}: {name!r} should be {meant} but was read as {area['name']} ({code}); "
            "correct areas.csv or add the name to _SHARED_NAMES in cptrends/data/inspections.py"
        )
    return code


def _grade(text, where):
    try:
        return _GRADE_TEXTS[text.strip().lower()]
    except KeyError:
        raise BadInput(f"{where}: {text!r} is not a grade; the grades are {', '.join(GRADES)}") from None


def _date(text, where):
    if text.strip() in _NO_DATE:
        return ""
    for layout in ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y"):
        try:
            return datetime.datetime.strptime(text.strip(), layout).strftime("%Y-%m-%d")
        except ValueError:
            pass
    raise BadInput(f"{where}: {text!r} is not a date; YYYY-MM-DD or DD/MM/YYYY is expected")


def _kind(row):
    """What two reports of one inspection have in common even if one mistakes short for standard."""
    return row["inspection_type"] if row["inspection_type"] not in ("standard", "short", "") else "judgement"


def _same(entry, row):
    near = {"inspection_start": _SAME_START_DAYS, "published": _SAME_PUBLICATION_DAYS}
    if _kind(row) in ("focused", "monitoring"):  # these can follow each other within months
        near["published"] = _SAME_START_DAYS
    return any(_days_apart(entry[field], row[field]) <= days for field, days in near.items())


def _days_apart(one, other):
    if not one or not other:
        return np.inf
    return abs((datetime.date.fromisoformat(one) - datetime.date.fromisoformat(other)).days)


def _merge(entry, row):
    for field in ("inspection_type", *_DATES, "grade", *JUDGEMENTS, "theme"):
        if not entry[field]:
            entry[field] = row[field]
        elif row[field] and row[field] != entry[field]:
            said_by = entry["differs"].setdefault((field, row[field]), [])
            if row["release"] not in said_by:
                said_by.append(row["release"])


def _differences(differs):
    for (field, text), releases in sorted(differs.items()):
        yield f"{field} is {text} in {' and '.join(sorted(releases))}"


def _newer(rows, official):
    last_start = max((entry["inspection_start"] for entry in official), default="")
    last_report = max((entry["published"] for entry in official), default="")
    return [row for row in rows if row["inspection_start"] > last_start or row["published"] > last_report]


def latest_judgements(
    inspections,
    date,
    frameworks=("SIF", "ILACS"),
    *,
    judgement="grade",
    by="published",
    published_by=None,
    official_only=False,
):
    """The judgement each authority stood under on a date.

    Parameters
    ----------
    inspections : pandas.DataFrame
        As from `assemble`; needs area_code, framework, inspection_start, published, status and
        the judgement.
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


def grades_as_at(inspections, date, frameworks=("SIF", "ILACS"), **options):
    """How many authorities stood at each grade on a date, and their share.

    Counted over the authorities that had a judgement by then, not over all authorities: in June
    2017 only 132 of 152 had been inspected under SIF.

    Parameters
    ----------
    inspections : pandas.DataFrame
        As from `assemble`.
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


def grades_by_date(inspections, dates, frameworks=("SIF", "ILACS"), **options):
    """The share of authorities at each grade on each of several dates, a row for each date.

    Parameters
    ----------
    inspections : pandas.DataFrame
        As from `assemble`.
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


def _day(date):
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


def _end(area_code):
    """The last day an authority was there, or NaT."""
    last_year = areas.register().get(area_code, {}).get("last_year")
    return pd.Timestamp(last_year, 3, 31) if last_year else pd.NaT
