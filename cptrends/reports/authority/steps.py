"""A change as a page tells it: over one year and over five, what is said of it, and what must be said beside it."""

import dataclasses

from cptrends import words
from cptrends.charts.course import without
from cptrends.data import measures
from cptrends.indicators import table
from cptrends.indicators.comparability import comparable
from cptrends.reports.authority.cells import Entry, value, valued
from cptrends.reports.authority.judging import Change, kind_of
from cptrends.reports.authority.subject import Subject, own_figure
from cptrends.trends.change_words import CANNOT, UNUSUAL_LABEL

NOT_COMPARABLE, NOT_JUDGED = "Not comparable", "Not judged"


@dataclasses.dataclass(frozen=True)
class Step:
    """A change of one indicator of an authority.

    Attributes
    ----------
    change : Change or None
        None where the page has not all the figures it compares, or they do not compare.
    label : str
        "Unusual", "Within its ordinary range", "Cannot tell", "Not comparable"; "Not judged" of money.
    caution : str
        What must be said wherever the change is told; "" where nothing is known against it.
    """

    change: Change | None
    label: str
    caution: str

    @property
    def judged(self) -> bool:
        """Whether there are figures enough to call it unusual, were it large enough."""
        return self.change is not None and self.change.chance == self.change.chance

    @property
    def unusual(self) -> Change | None:
        """The change, where it is unusual."""
        return self.change if self.label == UNUSUAL_LABEL else None


def step_of(subject: Subject, name: str, change: Change | None) -> Step:
    """A change as the page of an authority tells it.

    Parameters
    ----------
    subject : Subject
    name : str
        The indicator.
    change : Change or None
        None where there is none.

    Returns
    -------
    Step
    """
    if kind_of(name) is None:
        return Step(None, NOT_JUDGED, "")
    if change is None or change.value != change.value:
        return Step(None, CANNOT, "")
    years = change.years_earlier + change.years_later
    if not all(valued(own_figure(subject, name, year)) for year in years):
        return Step(None, CANNOT, "")
    found = [
        comparable(name, subject.code, earlier, later)
        for earlier in change.years_earlier
        for later in change.years_later
    ]
    caution = " ".join(dict.fromkeys(each["sentence"] for each in found if each["sentence"]))
    if any(each["answer"] == "no" for each in found):
        return Step(None, NOT_COMPARABLE, caution)
    return Step(change, change.label, caution)


def with_caution(step: Step) -> str:
    """What a sentence that tells a change has before its full stop; "" where nothing must be said.

    >>> with_caution(Step(None, CANNOT, "Kent's figure is an estimate. It may be revised."))
    " (caution: Kent's figure is an estimate; It may be revised)"
    """
    return f" (caution: {step.caution.rstrip('.').replace('. ', '; ')})" if step.caution else ""


def way(change: Change, entry: Entry) -> str:
    """Which way a change goes, as printed: "up", "down" or "" where both figures print alike."""
    if value(change.value_earlier, entry) == value(change.value_later, entry):
        return ""
    return "up" if change.value > 0 else "down"


def told(change: Change, name: str) -> str:
    """A change in words, as a verb: from what to what, and when. A change of level is one of the averages of years."""
    entry = table.declared(name)
    kind = measures.measure(entry["numerator"])["kind"]
    before, after = value(change.value_earlier, entry), value(change.value_later, entry)
    moved = way(change, entry)
    if len(change.years_later) == 1:
        on = "at" if kind == "stock" else "in"
        first, last = (f"{on} {words.year(year, kind)}" for year in (change.earlier, change.later))
        return f"went {moved} from {before} {first} to {after} {last}" if moved else f"was {after} {first} and {last}"
    first, last = (without(years, kind) for years in (change.years_earlier, change.years_later))
    if not moved:
        return f"stayed at {after}, the average of {first} and of {last}"
    return f"went {moved} from {before}, the average of {first}, to {after}, that of {last}"


def as_far(change: Change) -> str:
    """How many authorities moved as far, the one told of among them, so that nobody takes unusual for rare.

    >>> nothing = Change(*[None] * 14)
    >>> as_far(nothing._replace(n_areas=146, moved_as_far=14.4))
    '14% of authorities moved at least as far'
    >>> as_far(nothing._replace(n_areas=150, moved_as_far=100 / 150))
    'no other authority looked at moved as far'
    """
    if round(change.n_areas * change.moved_as_far / 100) <= 1:
        return "no other authority looked at moved as far"
    return f"{change.moved_as_far:.0f}% of authorities moved at least as far"


def other_way(told_of: Change, other: Step, name: str) -> str:
    """A sentence for where both changes of an indicator are unusual and go opposite ways; "" where they do not."""
    change, entry = other.unusual, table.declared(name)
    if change is None or not way(change, entry) or (change.value > 0) == (told_of.value > 0):
        return ""
    before, after = value(change.value_earlier, entry), value(change.value_later, entry)
    over = "one year" if len(change.years_later) == 1 else "five years"
    way_there = f"{way(change, entry)} from {before} to {after}"
    return f" Over {over} the figure went the other way, {way_there}{with_caution(other)}."
