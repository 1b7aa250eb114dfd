"""Which of an authority's headline figures stand out among authorities of its size and among its neighbours."""

from typing import NamedTuple

import numpy as np

from cptrends import words
from cptrends.data import areas, measures
from cptrends.reports.authority.cells import counted, lower, shown, valued
from cptrends.reports.authority.everyone import standing
from cptrends.reports.authority.judging import Place
from cptrends.reports.authority.readings import FEWEST_NEIGHBOURS, Reading, median
from cptrends.reports.authority.subject import Subject

#: What the sentence may speak of: one indicator for each thing, so that one cause is not told five times.
HEADLINES = {
    "plan_rate": "children on a plan",
    "section_47_rate": "section 47 enquiries",
    "referral_rate": "referrals",
    "rereferral_share": "re-referrals",
    "conference_per_section_47": "conferences for every 100 section 47 enquiries",
    "plan_per_conference": "plans started for every 100 conferences",
    "repeat_plan_share": "repeat plans",
    "plans_ended_2_years_share": "plans ended after two years or more",
    "reviewed_in_time_share": "plans reviewed in time",
    "in_need_rate": "children in need",
    "looked_after_rate": "looked-after children",
}
#: A share of fewer than this is told with their number.
FEW = 100


class Headline(NamedTuple):
    """A headline figure and its place: how far from the neighbours' places, and whether enough of them have one."""

    reading: Reading
    place: Place
    away: float
    compared: bool


def sentence(subject: Subject, headlines: list[Reading]) -> str:
    """The headline figures beyond the widest limits for its size, furthest from its neighbours first.

    Parameters
    ----------
    subject : Subject
    headlines : list of Reading
        Of `HEADLINES`, those the page has.

    Returns
    -------
    str
        With how many lie within the narrower limits; and with a caution where there is no figure for the year before.
    """
    found = [_standing(subject, reading, reading.place) for reading in headlines if reading.place is not None]
    if not found:
        return "What stands out cannot be told: no headline figure can be placed among authorities of its size."
    found.sort(key=lambda each: -each.away)
    ordinary, all_of = sum(each.place.label == "not unusual" for each in found), counted(len(found), "headline figure")
    told = [each for each in found if "99.8" in each.place.label][:2]
    if told:
        said = f"Beyond the limits for an authority of its size: {_told(subject, told[0])}."
        said += "".join(f" Beyond them too: {_told(subject, each)}." for each in told[1:])
        if ordinary:
            said += f" {ordinary} of {all_of} {'is' if ordinary == 1 else 'are'} ordinary for its size."
    else:
        told = [each for each in found if each.compared][:1]
        said = f"{_none_beyond(ordinary, len(found))} for an authority of its size."
        said += "".join(f" Furthest from its neighbours: {_told(subject, each)}." for each in told)
    return said + _after_a_gap(subject, [each.reading for each in told])


def _none_beyond(ordinary: int, of: int) -> str:
    """How many headline figures lie within the narrower limits, where all lie within the wider ones."""
    if ordinary == of:
        return f"All {counted(of, 'headline figure')} are ordinary" if of > 1 else "The one headline figure is ordinary"
    if of == 1:
        return "The one headline figure is unusual, though not beyond the widest limits,"
    few = f"{ordinary} of {counted(of, 'headline figure')} {'is' if ordinary == 1 else 'are'}"
    return f"{few if ordinary else 'No headline figure is'} ordinary, and none lies beyond the widest limits,"


def _standing(subject: Subject, reading: Reading, place: Place) -> Headline:
    places = [standing(reading.name, reading.year).places.get(code) for code in subject.near]
    near = [other.z for other in places if other is not None and other.z == other.z]
    return Headline(reading, place, abs(place.z - float(np.median(near or [0.0]))), len(near) >= FEWEST_NEIGHBOURS)


def _told(subject: Subject, each: Headline) -> str:
    """A headline figure with what to hold it against; beyond the limits, on which side."""
    reading, entry = each.reading, each.reading.entry
    middle = median(reading.neighbours, len(subject.near), entry).partition(" (")[0]
    other = f"England’s {shown(reading.england, entry)}" if middle == "no figure" else f"its neighbours’ {middle}"
    of = " per 10,000 children" if entry["per"] == 10_000 else ""
    year = "" if reading.year == subject.year else f" in {words.year(reading.year)}"
    side = (
        {"higher": "high at ", "lower": "low at "}[each.place.label.split(" ")[0]] if "99.8" in each.place.label else ""
    )
    return (
        f"{HEADLINES[reading.name]}, {side}{shown(reading.now, entry)}{of}{year}{_resting_on(reading)} against {other}"
    )


def _resting_on(reading: Reading) -> str:
    """On how many a share or ratio rests, where they are few."""
    if not valued(reading.now) or not reading.now.denominator < FEW:
        return ""
    of_what = lower(measures.measure(reading.entry["denominator"])["label"])
    return f" (of {words.number(reading.now.denominator)} {of_what})"


def _after_a_gap(subject: Subject, readings: list[Reading]) -> str:
    """A caution where a figure told is the first after a year without one."""
    gone = {
        reading.year - 1
        for reading in readings
        if not valued(reading.before)
        and (reading.before is None or reading.before.status == "unavailable")
        and areas.existed(subject.code, reading.year - 1)
    }
    if not gone:
        return ""
    years = words.listed(words.year(year) for year in sorted(gone))
    return (
        f" There is no figure for {years}, the year before: until another confirms them, read the headline figures "
        "with caution."
    )
