"""An authority among others in its newest year: by size, from referral to plan, by duration and by deprivation."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cptrends import words
from cptrends.charts import beside, context, funnels
from cptrends.charts.style import Chart
from cptrends.data import areas, measures
from cptrends.indicators import table
from cptrends.indicators.proportions import DURATION_BANDS, STEPS
from cptrends.reports.authority import deprivation, origins
from cptrends.reports.authority.cells import NO_VALUE, lower, sign, the, valued
from cptrends.reports.authority.deprivation import Deprived
from cptrends.reports.authority.everyone import bands, everyone, expected, figures_of, standing
from cptrends.reports.authority.judging import Place, kind_of
from cptrends.reports.authority.readings import FEWEST_NEIGHBOURS, Reading, neighbour_values
from cptrends.reports.authority.subject import Subject, own_figure
from cptrends.reports.authority.withheld import WITHHELD_HERE
from cptrends.trends.funnels import funnel_limits

#: The indicators drawn as funnels, and what the title calls them.
PLACED = {
    "plan_rate": "children on a plan",
    "section_47_rate": "section 47 enquiries",
    "repeat_plan_share": "repeat plans",
}
BAND_WORDS = ("3 months or less", "3 to 6 months", "6 to 12 months", "1 to 2 years", "2 years or more")


def funnel_chart(subject: Subject, readings: tuple[Reading, ...]) -> Chart | None:
    """Its place among authorities of its size; None where no indicator can be drawn so."""
    by_name = {reading.name: reading for reading in readings}
    drawn = [
        (by_name[name], found)
        for name in PLACED
        if name in by_name and (found := _funnel_panel(subject, by_name[name])) is not None
    ]
    if not drawn:
        return None
    return funnels.funnels(
        [found for _, found in drawn],
        own=subject.code,
        name_of_own=subject.name,
        title=_funnel_title(
            subject,
            [(PLACED[reading.name], reading.place) for reading, _ in drawn if reading.place and reading.place.label],
        ),
        subtitle=f"Each dot an authority, the diamond {subject.name}; 95% (dashed) and 99.8% limits, widened for how "
        f"authorities differ, {words.year(subject.year)}",
        source=origins.named(
            *(
                origins.releases(origins.parts(reading.name), found["places"].index, [reading.year])
                for reading, found in drawn
            )
        ),
        name="funnels",
    )


def _funnel_title(subject: Subject, placed: list[tuple[str, Place]]) -> str:
    """Which of the indicators drawn lie outside the limits, and on which side."""
    if not placed:
        return f"{subject.name} cannot be placed: its figures are withheld or missing"
    outside = [f"{what} ({place.label.split(' ')[0]})" for what, place in placed if place.label != "not unusual"]
    if outside:
        return f"Outside the 95% limits for its size: {words.listed(outside)}"
    named = words.listed([what for what, _ in placed])
    return f"Within the 95% limits for its size: {named}"


def _funnel_panel(subject: Subject, reading: Reading) -> dict[str, Any] | None:
    """One funnel, as `cptrends.charts.funnels` takes it."""
    places = standing(reading.name, reading.year).funnel
    known = places if places.empty else places.dropna(subset=["value"])
    kind = kind_of(reading.name)
    if known.empty or kind is None:
        return None
    if not valued(reading.now):
        places = places.drop(index=subject.code, errors="ignore")
    entry, tau2 = reading.entry, float(known["tau2"].iloc[0])
    limits = funnel_limits(
        np.geomspace(max(known["denominator"].min(), 1), known["denominator"].max(), 60),
        known["target"].iloc[0],
        kind=kind,
        per=entry["per"],
        tau2=tau2 if tau2 == tau2 else 0.0,
    )
    return {
        "label": entry["label"],
        "places": places,
        "limits": limits,
        "unit": sign(entry),
        "size_label": measures.measure(entry["denominator"])["label"].split(" in the year")[0],
    }


def pathway_chart(subject: Subject) -> Chart:
    """From referral to plan: each step for every 100 of the one before."""
    frame, found = _steps(subject)
    first = frame.iloc[0]
    title = (
        f"{words.number(first['own'], 0)} section 47 enquiries for every 100 referrals; England "
        f"{words.number(first['england'], 0)}"
        if first["own"] == first["own"]
        else "From referral to plan"
    )
    return beside.steps(
        frame,
        name_of_own=subject.name,
        title=title,
        subtitle=f"Dot: {subject.name}; upright mark: England; grey bar: from the lowest to the highest of its "
        f"neighbours, {words.year(subject.year)}",
        source=origins.named(found),
        name="pathway",
        notes=["The events of one year, not one group of children followed through it."],
    )


def _steps(subject: Subject) -> tuple[pd.DataFrame, list[str]]:
    """The steps as `cptrends.charts.beside.steps` takes them, and the releases they are from."""
    rows, found, drawn = [], [], [subject.code, areas.ENGLAND, *subject.near]
    for name, _, _ in STEPS:
        year = min(everyone().newest[name], subject.year)
        own, england = own_figure(subject, name, year), figures_of(name, year).get(areas.ENGLAND)
        near = neighbour_values(subject, name, year)
        enough = len(near) >= FEWEST_NEIGHBOURS
        found += origins.releases(origins.parts(name), drawn, [year])
        rows.append(
            {
                "step": table.declared(name)["label"],
                "own": own.value if own is not None else np.nan,
                "england": england.value if england is not None else np.nan,
                "low": min(near) if enough else np.nan,
                "high": max(near) if enough else np.nan,
                "status": own.status if own is not None else "unavailable",
            }
        )
    return pd.DataFrame(rows), found


class Durations(NamedTuple):
    """Shares of plans in the five bands of duration.

    `whole` is the count they are shares of, `year` ends 31 March, `heading` says both in words; `shares` is as
    `cptrends.charts.beside.bands` takes it: band, own, england, status.
    """

    whole: str
    year: int
    heading: str
    shares: pd.DataFrame


def durations(subject: Subject) -> tuple[Durations, ...]:
    """How long plans lasted, of those that ended and those still open, in the newest year that has all bands."""
    found, nothing = [], (np.nan, "unavailable")
    for whole, heading, kind in (
        ("plans_ended", "Plans that ended in {}", "flow"),
        ("plans_31_march", "Plans at {}", "stock"),
    ):
        shares, complete = bands(whole)
        years = [year for year in complete if year <= subject.year]
        if not years or (subject.code, max(years)) not in shares:
            continue
        year = max(years)
        england, own = (
            shares[areas.ENGLAND, year],
            {
                band: (np.nan, WITHHELD_HERE) if (f"{whole}_{band}", year) in subject.withheld else share
                for band, share in shares[subject.code, year].items()
            },
        )
        frame = pd.DataFrame(
            {
                "band": BAND_WORDS,
                "own": [own.get(band, nothing)[0] for band in DURATION_BANDS],
                "england": [england[band][0] for band in DURATION_BANDS],
                "status": [own.get(band, nothing)[1] for band in DURATION_BANDS],
            }
        )
        found.append(Durations(whole, year, heading.format(words.year(year, kind)), frame))
    return tuple(found)


def durations_chart(subject: Subject, found: tuple[Durations, ...]) -> Chart:
    """How long plans lasted: the authority's shares beside England's."""
    first = next((each for each in found if each.shares["own"].iloc[-1] == each.shares["own"].iloc[-1]), found[0])
    last = first.shares.iloc[-1]
    if last["own"] == last["own"]:
        share, england = words.percent(last["own"]), words.percent(last["england"])
        title = f"{share} of {lower(first.heading)} had lasted two years or more; England {england}"
    else:
        title = _no_duration(first, last["status"])
    return beside.bands(
        {each.heading: each.shares for each in found},
        name_of_own=subject.name,
        title=title,
        subtitle=f"Share of plans in each band of duration. Bars: {subject.name}; upright marks: England",
        source=origins.named(
            *(
                origins.releases(
                    [each.whole, *(f"{each.whole}_{band}" for band in DURATION_BANDS)],
                    [subject.code, areas.ENGLAND],
                    [each.year],
                )
                for each in found
            )
        ),
        name="durations",
        notes=[
            "Plans that ended and plans at 31 March are different children: long plans count for more among the second."
        ],
    )


def _no_duration(found: Durations, status: str) -> str:
    """Why the share of plans of two years or more cannot be the title."""
    if status == "not_applicable":
        ended = (
            f"ended in {words.year(found.year)}"
            if found.whole == "plans_ended"
            else f"was open at {words.year(found.year, 'stock')}"
        )
        return f"No plan {ended}, so there is no duration to show"
    return f"How long plans lasted: the share of two years or more is {NO_VALUE[status]}"


def deprivation_chart(subject: Subject, found: Deprived) -> Chart:
    """The authority's plan rate among those of all, by how deprived they are."""
    frame = expected(subject.year, found.edition)
    row = frame.loc[subject.code]
    notes = [
        "Line: through all authorities. Upright bar: from where to where 95 in 100 authorities as deprived and of this "
        "size would lie, with what is expected as its tick."
    ]
    if f"{row['fitted']:.1f}" != f"{row['expected']:.1f}":
        notes.append(
            f"The line is drawn through all authorities, at {words.number(row['fitted'], 1)} here. What is expected of "
            f"{the(subject.name)}, {words.number(row['expected'], 1)}, leaves its own figure out."
        )
    return context.deprivation(
        frame,
        own=subject.code,
        name_of_own=subject.name,
        title=deprivation.title(found),
        subtitle=f"Children on a plan at 31 March {subject.year} per 10,000, by the share of children who are "
        "income-deprived",
        source=origins.named(
            origins.releases(origins.parts("plan_rate"), frame.index, [subject.year]),
            origins.releases(["idaci_score"], frame.index, [found.edition]),
        ),
        x_label=f"Children in income-deprived families, % (IDACI {found.edition})",
        y_label="Children on a plan per 10,000",
        name="deprivation",
        notes=notes,
    )
