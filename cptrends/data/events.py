"""What happened to the figures: events that a comparison of two years must know, each written once in `events.toml`.

The kinds: `counting` changed; an `edition` is worked out another way; a population was `rebased`; figures are
`carried_over` from an earlier year in place of a return; they were `withdrawn`; they may be `booked_elsewhere`, which
is found from the figures by one rule (see `cptrends.data.booked`). That an authority gave no figure, or that a total is
an estimate, is not written down: figures and their statuses say so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from cptrends import words
from cptrends.data import areas, booked
from cptrends.errors import BadInput
from cptrends.files import did_you_mean, nearest, toml
from cptrends.memory import remembered

KINDS = ("counting", "edition", "rebased", "carried_over", "withdrawn", "booked_elsewhere")
#: The last year of an event that has not ended.
NEVER = 9999
#: The kinds after which the figure of an authority is not its own of that year.
NOT_ITS_OWN = ("carried_over", "withdrawn", "booked_elsewhere")
_NEEDED, _OPTIONAL = {"kind", "first", "measures", "what"}, {"last", "areas", "answer", "published"}


@dataclass(frozen=True)
class Event:
    """One event, with its areas as codes.

    Attributes
    ----------
    name, kind, what : str
    first, last : int
        Years ending 31 March; `last` is `NEVER` where it has not ended.
    measures : frozenset of str
    own : frozenset of str
        The authorities it happened to; empty where it happened everywhere.
    touched : frozenset of str
        They, their region and England; where spending may be booked elsewhere, only the totals that it moves.
    answer : {"with_caution", "no"}
        What may be said of figures of its two sides.
    published : str
        The date from which releases are on the newer footing; "" where the year decides.
    """

    name: str
    kind: str
    first: int
    last: int
    measures: frozenset[str]
    own: frozenset[str]
    touched: frozenset[str]
    what: str
    answer: str
    published: str

    def holds(self, year: int) -> bool:
        """Whether it is true of a year."""
        return self.first <= year <= self.last

    def crossed(self, earlier: int, later: int) -> bool:
        """Whether figures of two years do not stand alike because of it.

        What is not an authority's own of that year spoils a pair also where both years have it.
        """
        inside = (self.holds(earlier), self.holds(later))
        return any(inside) if self.kind in NOT_ITS_OWN and self.own else inside[0] != inside[1]

    def touches(self, area_code: str) -> bool:
        """Whether the figures of an area are touched."""
        return not self.own or area_code in self.touched


@remembered
def register() -> Mapping[str, Event]:
    """Every event, by name, in the order of the file.

    >>> hampshire = register()["hampshire_2024"]
    >>> hampshire.holds(2024), hampshire.holds(2025), hampshire.touches(areas.find("South East"))
    (True, False, True)
    """
    known = read_register(toml("cptrends.data", "events.toml"), toml("cptrends.data", "measures.toml"))
    return MappingProxyType(known)


def read_register(document: Mapping[str, Any], measures: Iterable[str]) -> dict[str, Event]:
    """Events from a document laid out like `events.toml`.

    Parameters
    ----------
    document : mapping
        sets (name -> measures) and events.
    measures : iterable of str
        The measures there are.

    Raises
    ------
    BadInput
        If an event lacks a field, has one too many, or names a kind, measure or area that is not there.

    >>> census = {"kind": "counting", "first": 2010, "measures": ["referals"], "what": "A new return."}
    >>> read_register({"events": {"census": census}}, ["referrals"])
    Traceback (most recent call last):
    ...
    cptrends.errors.BadInput: events.toml: census: no measure is called 'referals'; did you mean referrals?
    """
    sets = document.get("sets", {})
    names = list(measures)
    return {name: _event(name, entry, sets, names) for name, entry in document.get("events", {}).items()}


def _event(name: str, entry: Mapping[str, Any], sets: Mapping[str, list[str]], measures: list[str]) -> Event:
    where = f"events.toml: {name}"
    if missing := _NEEDED - set(entry):
        raise BadInput(f"{where}: it lacks {min(missing)!r}")
    if unknown := set(entry) - _NEEDED - _OPTIONAL:
        raise BadInput(f"{where}: {min(unknown)!r} is no field of an event")
    _one_of(where, "kind", entry["kind"], KINDS)
    _one_of(where, "answer", answer := entry.get("answer", "with_caution"), ("with_caution", "no"))
    last = entry.get("last", NEVER)
    if not entry["first"] <= last:
        raise BadInput(f"{where}: it ends in {last}, before it begins in {entry['first']}")
    found: list[str] = []
    for called in entry["measures"]:
        found += sets.get(called) or [_known(where, called, measures)]
    try:
        own = areas.select(entry["areas"]) if "areas" in entry else []
    except BadInput as refused:
        raise BadInput(f"{where}: {refused}") from None
    return Event(
        name=name,
        kind=entry["kind"],
        first=entry["first"],
        last=last,
        measures=frozenset(_known(where, each, measures) for each in found),
        own=frozenset(own),
        touched=frozenset(above for code in own for above in (code, *areas.above(code))),
        what=entry["what"],
        answer=answer,
        published=entry.get("published", ""),
    )


def _known(where: str, called: str, measures: list[str]) -> str:
    if called not in measures:
        hint = did_you_mean(nearest(called, measures), "measures.toml has those there are")
        raise BadInput(f"{where}: no measure is called {str(called)[:60]!r}; {hint}")
    return called


def _one_of(where: str, field: str, value: object, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise BadInput(f"{where}: {field} is {str(value)[:60]!r}; it must be one of {', '.join(allowed)}")


def said_to(event: Event, area_codes: Iterable[str] | None = None) -> str:
    """What a reader of some areas gets: an authority whose earlier figures stand in a total gave no return itself.

    >>> said_to(register()["hackney_2021"], [areas.find("Hackney")])
    'Hackney gave no return for 2020/21 and 2021/22.'
    >>> said_to(register()["hackney_2021"], [areas.find("London")])
    "Hackney's figures of 2020/21 and 2021/22 are those of 2019/20."
    """
    if event.kind != "carried_over" or area_codes is None or not set(area_codes) <= event.own:
        return event.what
    years = words.listed(words.year(year) for year in range(event.first, event.last + 1))
    return f"{words.listed(sorted(map(areas.name, area_codes)))} gave no return for {years}."


def of(measure: str, area_codes: Iterable[str] | None = None, release: str = "latest") -> list[Event]:
    """The events that touch a measure, in the order of their first years: those written down and those found.

    Parameters
    ----------
    measure : str
    area_codes : iterable of str, optional
        Leaves out those that touch none of these areas. Without it what several authorities did to one total is there
        for each of them.
    release : str
        As for `load`: from whose figures odd years of spending are found.

    >>> [event.name for event in of("repeat_plans", [areas.find("Doncaster")])]
    ['doncaster_2022']
    >>> [event.first for event in of("safeguarding_spend", [areas.find("Nottingham")]) if event.own]
    [2024]
    """
    codes = None if area_codes is None else list(area_codes)
    return [
        event
        for event in _all_of(measure, release)
        if not event.own
        or (event.own <= event.touched if codes is None else any(event.touches(code) for code in codes))
    ]


@remembered
def _all_of(measure: str, release: str) -> tuple[Event, ...]:
    written = [event for event in register().values() if measure in event.measures]
    found = [_odd(measure, odd) for odd in booked.odd_years(measure, release)]
    return tuple(sorted(written + found, key=lambda event: event.first))


def _odd(measure: str, odd: booked.OddYear) -> Event:
    return Event(
        name="_".join([measure, *sorted(odd.own), str(odd.year)]),
        kind="booked_elsewhere",
        first=odd.year,
        last=odd.year,
        measures=frozenset([measure]),
        own=odd.own,
        touched=odd.touched,
        what=odd.what,
        answer="with_caution",
        published="",
    )


def apart(measure: str, area_codes: Iterable[str] | None = None) -> list[int]:
    """The years whose figures do not compare with those of the year before, so that no line may join the two.

    >>> apart("imd_score"), apart("referrals")
    ([2019, 2025], [])
    """
    found = [event for event in of(measure, area_codes) if event.answer == "no"]
    return sorted({event.first for event in found} | {event.last + 1 for event in found if event.last < NEVER})
