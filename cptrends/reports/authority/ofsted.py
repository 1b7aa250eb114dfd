"""Ofsted's judgements of an authority: the latest in a sentence, all in a table, the overall ones on a time line."""

import pandas as pd

from cptrends import words
from cptrends.charts import timeline
from cptrends.charts.style import Chart
from cptrends.charts.tables import Table
from cptrends.data import inspections
from cptrends.reports.authority import origins
from cptrends.reports.authority.everyone import by_year, judgements, latest_judgements
from cptrends.reports.authority.over_years import breaks_along
from cptrends.reports.authority.subject import Subject

#: The frameworks that make one overall judgement, and those before them that made none but are listed.
BEFORE = tuple(name for name in inspections.FRAMEWORKS if name not in inspections.OVERALL)
#: Ofsted counts differently, which a reader who holds its list beside this page will notice.
BY_WHICH_DATE = (
    "A judgement counts here from the day its report was published. Ofsted’s own lists as at 31 March also count "
    "inspections begun by then whose report came out by 30 June."
)


def latest(subject: Subject) -> str:
    """The latest overall judgement, of an authority that ended the one it ended with."""
    held = judgements()
    standing = latest_judgements(f"{subject.year}-03-31" if subject.ended else held["published"].max())
    mine = standing[standing["area_code"] == subject.code]
    if mine.empty:
        return "None overall is held under the frameworks since 2013."
    row = mine.iloc[0]
    text = f"{row['grade']}, published {words.date(row['published'])} ({row['framework']})"
    if row["status"] == "low_confidence":
        text += "; from an unofficial compilation"
    if subject.code in standing.attrs["grade_unread"]:
        text += "; a newer report has been published whose grade is not held"
    return text + "."


def overall(subject: Subject) -> pd.DataFrame:
    """Overall judgements under the frameworks that have one, oldest first."""
    mine = _published(subject)
    return mine[mine["framework"].isin(inspections.OVERALL) & (mine["grade"] != "")].sort_values("published")


def table(subject: Subject) -> Table | None:
    """All judgements, newest first; None where none is held."""
    mine = _published(subject)
    mine = mine[(mine["grade"] != "") | mine["framework"].isin(BEFORE)].sort_values("published", ascending=False)
    if mine.empty:
        return None
    rows = tuple(
        (
            words.date(row.published),
            row.framework,
            row.grade_as_judged or "none overall",
            row.help_and_protection or row.safeguarding or "",
            row.leadership or "",
            "unofficial compilation" if row.status == "low_confidence" else "Ofsted",
        )
        for row in mine.itertuples()
    )
    columns = ("Published", "Framework", "Overall", "Help and protection", "Leadership", "Source")
    return Table("Ofsted’s judgements, in the words used then", columns, rows, (False,) * 6)


def _published(subject: Subject) -> pd.DataFrame:
    held = judgements()
    return held[(held["area_code"] == subject.code) & (held["published"] != "")]


def chart(subject: Subject) -> Chart | None:
    """The overall judgements under the authority's plan rate; None where there is none."""
    judged = overall(subject)
    if judged.empty:
        return None
    last, (rates, statuses) = judged.iloc[-1], (part.loc[:, : subject.year] for part in by_year("plan_rate"))
    own, status = (part.reindex([subject.code]).loc[subject.code].to_numpy() for part in (rates, statuses))
    plans = pd.DataFrame({"year": rates.columns, "value": own, "status": status})
    drawn = (plans["value"] > 0).any()
    under = ", under its plan rate" if drawn else ""
    known = plans.dropna(subset="value")["year"]
    own_breaks = breaks_along(subject, origins.parts("plan_rate"))["breaks"]
    crossed = dict.fromkeys(what for year, what in own_breaks if known.min() < year <= known.max())
    told = [f"The line of the plan rate goes across a break: {what}" for what in crossed]
    not_caused = ["That one followed the other does not show that it caused it."] if drawn else []
    counted = origins.releases(origins.parts("plan_rate"), [subject.code], rates.columns)
    return timeline.judgements(
        judged,
        plans,
        label="Children on a plan at 31 March per 10,000",
        title=f"Judged {last['grade'].lower()} in the report of {words.date(last['published'])}",
        subtitle=f"Ofsted’s overall judgements of {subject.name}, by the date their report was published{under}",
        source=origins.named(counted, judged["release"]),
        name="ofsted",
        notes=[*not_caused, *told, BY_WHICH_DATE],
        also=" ".join(told),
    )
