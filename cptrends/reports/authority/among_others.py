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
from cptrends.reports.authority import origins
from cptrends.reports.authority.cells import NO_VALUE, sign, valued
from cptrends.reports.authority.deprivation import Deprived
from cptrends.reports.authority.everyone import bands, everyone, expected, figures_of, standing
from cptrends.reports.authority.judging import kind_of
from cptrends.reports.authority.readings import FEWEST_NEIGHBOURS, Reading, neighbour_values
from cptrends.reports.authority.subject import Subject, own_figure
from cptrends.reports.authority.withheld import WITHHELD_HERE
from cptrends.trends.funnels import funnel_limits

#: The indicators drawn as funnels.
PLACED = ("plan_rate", "section_47_rate", "repeat_plan_share")
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
    placed = [reading.place for reading, _ in drawn if reading.place is not None]
    outside = [place for place in placed if place.label != "not unusual"]
    count = ("none", "one", "two", "three")
    if not placed:
        title = f"{subject.name} cannot be placed: its figures are withheld or missing"
    elif outside:
        title = f"Outside the 95% limits for its size on {count[len(outside)]} of {count[len(placed)]}"
    elif len(placed) > 1:
        title = f"Within the limits for its size on all {count[len(placed)]}"
    else:
        title = "Within the limits for its size"
    return funnels.funnels(
        [found for _, found in drawn],
        own=subject.code,
        name_of_own=subject.name,
        title=title,
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
    first = found[0]
    last = first.shares.iloc[-1]
    if last["own"] == last["own"]:
        lasted = "plans that ended had lasted" if first.whole == "plans_ended" else "plans had lasted"
        title = f"{words.percent(last['own'])} of {lasted} two years or more; England {words.percent(last['england'])}"
    else:
        title = "How long plans lasted: the number of two years or more is " + NO_VALUE[last["status"]]
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


def deprivation_chart(subject: Subject, found: Deprived) -> Chart:
    """The authority's plan rate among those of all, by how deprived they are."""
    place = {"within": "is usual for", "above": "is above what is usual for", "below": "is below what is usual for"}
    if found.value == found.value:
        title = f"{words.number(found.value, 1)} in 10,000 {place[found.position]} an authority as deprived"
    else:
        title = f"An authority as deprived usually has {words.number(found.expected, 1)} children in 10,000 on a plan"
    frame = expected(subject.year, found.edition)
    return context.deprivation(
        frame,
        own=subject.code,
        name_of_own=subject.name,
        title=title,
        subtitle=f"Children on a plan at 31 March {subject.year} per 10,000, by the share of children who are "
        "income-deprived; line: what is usual; upright bar: from where to where 95% of authorities as deprived and of "
        "this size would lie",
        source=origins.named(
            origins.releases(origins.parts("plan_rate"), frame.index, [subject.year]),
            origins.releases(["idaci_score"], frame.index, [found.edition]),
        ),
        x_label=f"Children in income-deprived families, % (IDACI {found.edition})",
        y_label="Children on a plan per 10,000",
        name="deprivation",
    )
