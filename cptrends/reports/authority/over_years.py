"""An authority's lines over the years, before England and its neighbours: its main indicators, and its spending."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from cptrends import words
from cptrends.charts import context
from cptrends.charts.course import gaps, without
from cptrends.charts.style import Chart
from cptrends.data import areas, events, measures
from cptrends.indicators import table
from cptrends.reports.authority import origins
from cptrends.reports.authority.cells import against, lower, sign, the, upper
from cptrends.reports.authority.everyone import by_year, everyone
from cptrends.reports.authority.subject import Subject

#: The indicators drawn year by year, the first of them in the chart's title.
CHARTED = ("plan_rate", "section_47_rate", "referral_rate", "repeat_plan_share")
SPENT = {
    "social_work_spend": "Social work, per child in need",
    "safeguarding_spend": "Safeguarding, per child in need",
}


def indicator_panel(subject: Subject, name: str) -> dict[str, Any]:
    """One small chart of an indicator, as `cptrends.charts.context.against` takes it."""
    entry = table.declared(name)
    kind = measures.measure(entry["numerator"])["kind"]
    parts = (entry["numerator"], entry["denominator"])
    return _panel(subject, name, label=entry["label"], unit=sign(entry), kind=kind, **breaks_along(subject, parts))


def breaks_along(subject: Subject, parts: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
    """Those of the authority's own line, and those that England's alone goes across."""
    own, englands = (
        {each for part in parts for each in measures.breaks(part, code)} for code in (subject.code, areas.ENGLAND)
    )
    # Figures carried over for want of a return are in England's totals alone: its own line has a gap there, and a note.
    carried = [e for part in parts for e in events.of(part, [subject.code]) if e.kind == "carried_over"]
    gaps_told = {events.said_to(event, [subject.code]) for event in carried}
    own = {each for each in own if each[1] not in gaps_told}
    return {"breaks": sorted(own), "england_breaks": sorted(englands - own)}


def _panel(subject: Subject, name: str, **drawn: Any) -> dict[str, Any]:
    """From the first year that authorities have to the page's."""
    values, statuses = (part.loc[:, : subject.year] for part in by_year(name))
    # An authority without any row has no figure and no status in any year.
    status = [None] * values.shape[1] if subject.code not in statuses.index else statuses.loc[subject.code].tolist()
    return drawn | {
        "years": list(values.columns),
        "own": values.reindex([subject.code]).to_numpy()[0],
        "england": values.reindex([areas.ENGLAND]).to_numpy()[0],
        "status": status,
        "others": values.reindex(list(subject.near)).to_numpy(),
    }


def _drawn(subject: Subject) -> list[str]:
    return [subject.code, areas.ENGLAND, *subject.near]


def series(subject: Subject) -> Chart:
    """The main indicators, year by year."""
    panels = [indicator_panel(subject, name) for name in CHARTED]
    first = panels[0]
    own, england = first["own"][-1], first["england"][-1]
    if first["years"][-1] == subject.year and own == own and england == england:
        than = against(own, england, table.declared(CHARTED[0]))
        title = (
            f"{words.number(own, 1)} children in 10,000 were on a plan at {words.year(subject.year, 'stock')}, {than} "
            f"England’s {words.number(england, 1)}"
        )
    else:
        title = f"{subject.name} beside England, year by year"
    crosses = ["A cross at the foot of a chart marks a year whose count is withheld by the publisher."]
    crossed = any("suppressed" in panel["status"] for panel in panels)
    return context.against(
        panels,
        name_of_own=subject.name,
        title=title,
        subtitle=f"Thick line: {subject.name}; dashed: England; thin grey: its statistical neighbours. "
        f"{words.year(first['years'][0])} to {words.year(subject.year)}",
        source=origins.named(
            *(
                origins.releases(origins.parts(name), _drawn(subject), panel["years"])
                for name, panel in zip(CHARTED, panels, strict=True)
            )
        ),
        notes=(*_gap_notes(subject, panels), *(crosses if crossed else ())),
        name="series",
    )


def _gap_notes(subject: Subject, panels: list[dict[str, Any]]) -> list[str]:
    """Why the authority's own lines stop and begin again: the years the publisher has no figure of it for."""
    found: dict[tuple[int, ...], list[str]] = {}
    for panel in panels:
        by_year = zip(panel["years"], panel["status"], strict=True)
        withheld = [year for year, status in by_year if status == "suppressed"]
        if missing := gaps(panel["years"], panel["own"], but=withheld):
            found.setdefault(missing, []).append(lower(panel["label"].split(" per ")[0].split(",")[0]))
    notes = []
    for missing, labels in found.items():
        of = "" if len(labels) == len(panels) else f" of {words.listed(labels)}"
        when = without(missing, "flow")
        notes.append(f"{upper(the(subject.name))} has no figure{of} for {when}: the publishers’ files do not give it.")
    return notes


def spending(subject: Subject) -> Chart | None:
    """Spending for each child in need, in the prices of one year; None where the authority has no figure of it."""
    panels = {}
    for measure, label in SPENT.items():
        parts = (measure, "children_in_need_31_march")
        drawn = _panel(subject, measure, label=label, unit="£", kind="flow", **breaks_along(subject, parts))
        if drawn["years"] and not np.isnan(drawn["own"]).all():
            panels[measure] = drawn
    if not panels:
        return None
    last = list(panels.values())[-1]
    at = np.flatnonzero(~np.isnan(last["own"]))[-1]
    year, own, england = (last[part][at] for part in ("years", "own", "england"))
    against = f"; England {words.pounds(england)}" if england == england else ""
    return context.against(
        list(panels.values()),
        name_of_own=subject.name,
        title=f"{words.pounds(own)} on {last['label'].split(',')[0].lower()} for each child in need in "
        f"{words.year(year)}{against}",
        subtitle=f"Gross spending over children in need at 31 March, in prices of {words.year(everyone().prices_of)} "
        f"(GDP deflator). Thick line: {subject.name}; dashed: England; thin grey: its neighbours",
        source=origins.named(
            *(
                origins.releases([measure, "children_in_need_31_march", "gdp_deflator"], _drawn(subject), d["years"])
                for measure, d in panels.items()
            )
        ),
        name="spending",
        notes=[
            *_gap_notes(subject, list(panels.values())),
            "After 2018/19 social work is not published by authority. Safeguarding holds social work, commissioning "
            "and the safeguarding board. A sudden jump is often a change in where costs are booked.",
        ],
    )
