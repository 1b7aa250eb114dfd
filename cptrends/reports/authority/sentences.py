"""What an authority's page says in words: its facts, its five sentences, and what else its reader should know."""

from typing import NamedTuple

import numpy as np

from cptrends import words
from cptrends.charts.tables import Table
from cptrends.data import areas
from cptrends.reports.authority import deprivation, ofsted, standing_out
from cptrends.reports.authority.cells import against, counted, shown, side, the, upper, value, valued
from cptrends.reports.authority.everyone import closeness, figures_of
from cptrends.reports.authority.judging import FEWEST_BEFORE_FIVE, Change
from cptrends.reports.authority.names import Link, link
from cptrends.reports.authority.readings import FEWEST_NEIGHBOURS, Reading, beside, judged, unusual
from cptrends.reports.authority.standing_out import HEADLINES
from cptrends.reports.authority.steps import Step, as_far, told, way, with_caution
from cptrends.reports.authority.subject import Subject, own_figure
from cptrends.trends.change_words import WITHIN, seen

#: So many unusual changes are told in a sentence; all of them stand beneath the table.
MOST_TOLD = 3
#: An authority with fewer children than this is called small on its page.
SMALL = 5_000


#: What `unusual` gives.
Unusual = list[tuple[Reading, Step, Change]]


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
        term = f"Statistical neighbours ({subject.neighbour_set} set), nearest first"
        close = closeness(subject.neighbour_set)
        far = all(close[subject.code, code] == "Not close" for code in subject.near)
        said = "Not close, by the set’s own word:" if far else ""
        found.append(Fact(term, said, tuple(link(code) for code in subject.near)))
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
    """Where it is, which way it went, what stands out, which changes are unusual, what its deprivation explains.

    The first three are the opening of the page.

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
    headlines = [reading for name in HEADLINES if (reading := by_name.get(name)) is not None]
    return (
        _where(subject, by_name.get("plan_rate")),
        which_way(subject, by_name.get("plan_rate")),
        standing_out.sentence(subject, headlines),
        _what_changed(readings),
        deprivation.sentence(deprivation.deprived(subject), subject.name),
    )


def _where(subject: Subject, reading: Reading | None) -> str:
    """The level of children on a plan, beside England's and the neighbours'."""
    date, now = words.year(subject.year, "stock"), reading.now if reading else None
    if reading is None or not valued(now):
        if now is not None and now.status == "unavailable" and now.numerator == now.numerator:
            return (
                f"{counted(now.numerator, 'child was', 'children were')} on a child protection plan in "
                f"{the(subject.name)} at {date}. A rate cannot be given, for want of a population."
            )
        withheld = now is not None and now.status == "suppressed"
        why = "withheld by the publisher" if withheld else "not available"
        return f"How many children in {the(subject.name)} were on a child protection plan at {date} is {why}."
    entry, near = reading.entry, reading.neighbours
    others = [(reading.england.value, "England’s {}")] if valued(reading.england) else []
    if len(near) >= FEWEST_NEIGHBOURS:
        others.append((float(np.median(near)), "the {} in the middle of its statistical neighbours"))
    sides = [against(now.value, other, entry) for other, _ in others]
    told = [text.format(value(other, entry)) for other, text in others]
    if len(set(sides)) == 1:  # one word for both
        others_there = [f"{sides[0]} {words.listed(told)}"]
    else:
        others_there = [f"{where} {text}" for where, text in zip(sides, told, strict=True)]
    children, were = counted(now.numerator, "child", "children"), "was" if now.numerator == 1 else "were"
    rate = f"That is {shown(now, entry)} for every 10,000"
    return (
        f"{children} in {the(subject.name)} {were} on a child protection plan at {date}. "
        f"{rate}{', ' if others_there else ''}{' and '.join(others_there)}."
    )


def which_way(subject: Subject, reading: Reading | None) -> str:
    """Which way the plan rate went over five years, and whether that is unusual."""
    found = reading.five_years if reading else None
    change = found.change if found else None
    if change is None or found is None:
        return f"Whether the rate changed over five years cannot be told. {_why_not(subject, found)}"
    moved = f"Over five years the rate {told(change, 'plan_rate')}{with_caution(found)}"
    but = ""
    if reading:
        but = (beside(reading, change) if found.unusual else "") or _newest(reading, found, change)
    if found.unusual:
        kind = "rise" if change.value > 0 else "fall"
        return f"{moved}: an unusual {kind}, beyond its ordinary ups and downs; {as_far(change)}.{but}"
    if found.label == WITHIN:
        unseen = seen(change.visible_rise, change.visible_fall)
        return f"{moved}. That is within its ordinary range: {unseen} would look like this.{but}"
    return f"{moved}. Whether that is unusual cannot be told: the counts are too small or too unsteady.{but}"


def _newest(reading: Reading, step: Step, change: Change) -> str:
    """A sentence for where the newest year by itself lies on the other side of the years before; "" elsewhere."""
    now, moved = reading.now, way(change, reading.entry)
    if not valued(now) or not moved:
        return ""
    lies = side(now.value, change.value_earlier)
    if lies != {"up": "below", "down": "above"}[moved]:
        return ""
    by_itself = f"The newest year by itself, {shown(now, reading.entry)},"
    return f" {by_itself} lies {lies} the first of these averages{with_caution(step)}."


def _why_not(subject: Subject, found: Step | None) -> str:
    """Why there is no change over five years to tell."""
    first = areas.register()[subject.code]["first_year"]
    if found is not None and found.caution:
        return found.caution
    if first and first > subject.year - FEWEST_BEFORE_FIVE:
        return f"{subject.name} has reported only since {words.year(first)}."
    newest = {year: own_figure(subject, "plan_rate", year) for year in (subject.year - 1, subject.year)}
    gone = [words.year(year, "stock") for year, figure in newest.items() if not valued(figure)]
    if any(figure is not None and figure.status == "suppressed" for figure in newest.values()):
        return f"Its count is withheld for {words.listed(gone)}."
    return f"There is no rate for {words.listed(gone)}." if gone else "The counts are withheld, missing or too small."


def _what_changed(readings: tuple[Reading, ...]) -> str:
    """How many changes were looked at, and the clearest of those that are unusual."""
    looked, found = len(judged(readings)), unusual(readings)
    if not looked:
        return "No other change can be judged: the counts are withheld, missing or too small."
    over = f"Of {counted(looked, 'change')} looked at, {_over(readings)}"
    if looked == 1:
        over = f"One change could be looked at, {_over(readings)}"
    if not found:
        return f"{over}{', and it is not' if looked == 1 else ', none is'} unusual."
    rest = _clearest(found)
    over += f", {_so_many(len(found), looked)} unusual"
    if len(rest) < len(found) and _level_of_the_plan_rate(found):
        over += ", that of the plan rate above" if len(found) == 1 else ", that of the plan rate above among them"
    others = "The clearest others" if _level_of_the_plan_rate(found) else "The clearest"
    if len(rest) > MOST_TOLD:
        over += f". {others}, of {words.spelt(MOST_TOLD)} different indicators, are these"
    elif len(rest) > 1 and len({reading.name for reading, _, _ in found}) < len(found):
        over += f". {others}, one of each indicator, are these"
    return " ".join([f"{over}.", *(_told(*each) for each in rest[:MOST_TOLD])])


def _so_many(found: int, looked: int) -> str:
    """How many of those looked at, with the verb."""
    if looked == 1:
        return "and it is"
    if found == looked:
        return "both are" if found == 2 else f"all {found} are"
    return f"{found} {'is' if found == 1 else 'are'}"


def _level_of_the_plan_rate(found: Unusual) -> bool:
    """Whether the plan rate's change over five years is unusual: the opening tells it already."""
    return any(reading.name == "plan_rate" and len(change.years_later) > 1 for reading, _, change in found)


def _clearest(found: Unusual) -> Unusual:
    """The clearest unusual change of each indicator but the plan rate, where that is told already."""
    without = {"plan_rate"} if _level_of_the_plan_rate(found) else set()
    first: dict[str, tuple[Reading, Step, Change]] = {}
    for each in found:
        first.setdefault(each[0].name, each)
    return [each for name, each in first.items() if name not in without]


def _over(readings: tuple[Reading, ...]) -> str:
    """Over how many years the changes go that could be judged."""
    one, five = any(r.one_year.judged for r in readings), any(r.five_years.judged for r in readings)
    return "over one year and over five" if one and five else f"over {'one year' if one else 'five years'}"


def _told(reading: Reading, step: Step, change: Change) -> str:
    """An unusual change as a sentence, with what must be said beside it."""
    moved = f"{upper(reading.entry['spoken'])} {told(change, reading.name)}{with_caution(step)}"
    return f"{moved}; {as_far(change)}.{beside(reading, change)}"


def notes(subject: Subject, printed: Table | None) -> tuple[str, ...]:
    """What else a reader of this page should know."""
    found = []
    referrals = figures_of("referral_rate", subject.year).get(subject.code)
    rows = printed.rows if printed else ()
    withheld = sum(cell == "withheld" for row in rows for cell in row[1:])
    if valued(referrals) and referrals.denominator < SMALL:
        found.append(
            f"{upper(the(subject.name))} has about {words.number(round(referrals.denominator, -2))} children. Its "
            "counts are so small that one family can move a rate by a third: read even a change called unusual with "
            "caution."
        )
    if withheld:
        say = "cell of the table says" if withheld == 1 else "cells of the table say"
        found.append(
            f"{withheld} {say} withheld. A withheld figure is never taken as zero, and no total on "
            "this page lets it be worked out."
        )
    return tuple(found)
