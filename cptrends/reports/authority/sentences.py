"""What an authority's page says in words: its facts, its five sentences, and what else its reader should know."""

from typing import NamedTuple

import numpy as np

from cptrends import words
from cptrends.charts.tables import Table
from cptrends.data import areas
from cptrends.reports.authority import deprivation, ofsted
from cptrends.reports.authority.cells import lower, shown, the, value, valued
from cptrends.reports.authority.everyone import figures_of, standing
from cptrends.reports.authority.judging import Place
from cptrends.reports.authority.names import Link, link
from cptrends.reports.authority.readings import FEWEST_NEIGHBOURS, Reading, looked_at, median, really_changed
from cptrends.reports.authority.subject import Subject

#: What the sentences may speak of: one indicator for each thing, so that one cause is not told five times.
HEADLINES = {
    "plan_rate": "children on a plan",
    "section_47_rate": "section 47 enquiries",
    "referral_rate": "referrals",
    "rereferral_share": "re-referrals",
    "conference_per_section_47": "conferences for each section 47 enquiry",
    "plan_per_conference": "plans for each conference",
    "repeat_plan_share": "repeat plans",
    "plans_ended_2_years_share": "long plans (two years or more, of those ended)",
    "reviewed_in_time_share": "reviews in time",
    "in_need_rate": "children in need",
    "looked_after_rate": "looked-after children",
}
#: An authority with fewer children than this is called small on its page.
SMALL = 5_000


class Fact(NamedTuple):
    """A term and what is said of it, which may end in links."""

    term: str
    text: str
    links: tuple[Link, ...] = ()


def facts(subject: Subject) -> tuple[Fact, ...]:
    """Who the authority is: its region, neighbours, latest judgement, and whom it came from or went into."""
    area = areas.register()[subject.code]
    found = [Fact("Region", subject.region_name)]
    if subject.near:
        term = f"Statistical neighbours ({subject.neighbour_set} set)"
        found.append(Fact(term, "", tuple(link(code) for code in subject.near)))
    else:
        found.append(Fact("Statistical neighbours", f"The {subject.neighbour_set} set has none for {subject.name}."))
    found.append(Fact("Ofsted’s latest judgement", ofsted.latest(subject)))
    if area["last_year"]:
        said = "Then split or merged. Its series stop there and are not joined to those of its successors:"
        after = tuple(link(code) for code in area["successors"])
        found.append(Fact(f"Reported until {words.year(area['last_year'])}", said, after))
    before = tuple(link(code) for code in areas.predecessors(subject.code))
    if before:
        said = "Its series begin there and are not joined to those of its predecessors:"
        found.append(Fact(f"Reports since {words.year(area['first_year'])}", said, before))
    return tuple(found)


def sentences(subject: Subject, readings: tuple[Reading, ...]) -> tuple[str, ...]:
    """Five sentences: where it is, what changed, what stands out, what is ordinary, what its deprivation explains.

    >>> from cptrends.reports.authority.subject import subject_of
    >>> from cptrends.reports.authority.readings import readings_of
    >>> hackney = subject_of("E09000012")
    >>> len(sentences(hackney, readings_of(hackney)))
    5
    """
    if not readings:
        return (
            f"{subject.name} reported until {words.year(subject.year)}, before the first figures by authority "
            "that are held here, so there is nothing of it to show; see its successors.",
        )
    by_name = {reading.name: reading for reading in readings}
    placed = [
        (reading, reading.place)
        for name in HEADLINES
        if (reading := by_name.get(name)) is not None and reading.place is not None
    ]
    return (
        _where(subject, by_name.get("plan_rate")),
        _what_changed(readings),
        _what_stands_out(subject, placed),
        _what_is_ordinary(placed),
        deprivation.sentence(deprivation.deprived(subject), subject.name),
    )


def _where(subject: Subject, reading: Reading | None) -> str:
    date, now = words.year(subject.year, "stock"), reading.now if reading else None
    if reading is None or not valued(now):
        if now is not None and now.status == "unavailable" and now.numerator == now.numerator:
            return (
                f"At {date} {words.number(now.numerator)} children in {the(subject.name)} were on a child protection "
                "plan; a rate cannot be given, for want of a population."
            )
        withheld = now is not None and now.status == "suppressed"
        why = "withheld by the publisher" if withheld else "not available"
        return f"How many children in {the(subject.name)} were on a child protection plan at {date} is {why}."
    near, england = reading.neighbours, reading.england.value if reading.england else None
    beside = (
        f" and {words.number(float(np.median(near)), 1)} in the middle of its statistical neighbours"
        if len(near) >= FEWEST_NEIGHBOURS
        else ""
    )
    return (
        f"At {date} {words.number(now.numerator)} children in {the(subject.name)} were on a child protection plan, "
        f"{words.number(now.value, 1)} for every 10,000, against {words.number(england, 1)} in England{beside}."
    )


def _what_changed(readings: tuple[Reading, ...]) -> str:
    if not looked_at(readings):
        return "None of its changes since the year before can be judged: the counts are withheld, missing or too small."
    real = really_changed(readings)
    if not real:
        return (
            f"None of the {looked_at(readings)} changes since the year before that could be judged is larger than "
            "chance and ordinary ups and downs explain."
        )
    told = [
        f"{lower(reading.entry['label'])} (from {value(change.value_earlier, reading.entry)} to "
        f"{value(change.value_later, reading.entry)})"
        for reading, change in real[:3]
    ]
    are = "is" if len(real) == 1 else "are"
    first = "" if len(real) <= 3 else "first "
    return (
        f"Of {looked_at(readings)} changes since the year before {len(real)} {are} probably real: "
        f"{first}{words.listed(told)}."
    )


def _what_stands_out(subject: Subject, placed: list[tuple[Reading, Place]]) -> str:
    """The headline figures outside the limits for its size, furthest from its neighbours first."""
    found = []
    for reading, place in placed:
        places = [standing(reading.name, reading.year).places.get(code) for code in subject.near]
        near = [other.z for other in places if other is not None and other.z == other.z]
        found.append((abs(place.z - np.median(near or [0.0])), len(near) >= FEWEST_NEIGHBOURS, reading, place))
    found.sort(key=lambda each: -each[0])
    limits = "the limits (99.8%, widened for how authorities differ) for one of its size"
    told = [
        f"{_beside(subject, reading)}, {place.label.split(' (')[0]}"
        for _, _, reading, place in found
        if "99.8" in place.label
    ]
    if told:
        return f"Furthest from authorities like it, and outside {limits}: {'; '.join(told[:2])}."
    compared = [reading for _, enough, reading, _ in found if enough]
    furthest = (
        f"; furthest from its neighbours, though within them: {_beside(subject, compared[0])}" if compared else ""
    )
    return f"No headline figure lies outside {limits}{furthest}."


def _beside(subject: Subject, reading: Reading) -> str:
    """A headline figure with what to hold it against."""
    entry = reading.entry
    middle = median(reading.neighbours, len(subject.near), entry)
    against = f"England {shown(reading.england, entry)}" if middle == "no figure" else f"neighbours {middle}"
    return f"{lower(entry['label'])}, {shown(reading.now, entry)} ({against})"


def _what_is_ordinary(placed: list[tuple[Reading, Place]]) -> str:
    usual = [HEADLINES[reading.name] for reading, place in placed if place.label == "not unusual"]
    if not placed:
        return "None of the headline figures can be placed among authorities of its size."
    if not usual:
        return f"None of the {len(placed)} headline figures lies within the 95% limits for its size."
    return (
        f"Ordinary for an authority of its size (within 95% limits): {len(usual)} of {len(placed)} headline figures, "
        f"{'among them' if len(usual) > 4 else 'namely'} {words.listed(usual[:4])}."
    )


def notes(subject: Subject, printed: Table | None) -> tuple[str, ...]:
    """What else a reader of this page should know."""
    found = []
    referrals = figures_of("referral_rate", subject.year).get(subject.code)
    if valued(referrals) and referrals.denominator < SMALL:
        found.append(
            f"{subject.name} has about {words.number(round(referrals.denominator, -2))} children. Its counts are so "
            "small that one family can move a rate by a third; most are withheld, and none should be read as a trend."
        )
    rows = printed.rows if printed else ()
    withheld = sum(cell == "withheld" for row in rows for cell in row[1:])
    if withheld:
        found.append(
            f"{withheld} cells of the table say withheld. A withheld figure is never taken as zero, and no total on "
            "this page lets it be worked out."
        )
    return tuple(found)
