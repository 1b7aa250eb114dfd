"""What a page must leave out so that a count withheld by the publisher cannot be worked out from it."""

from cptrends.data.status import WITHHELD_HERE as WITHHELD_HERE  # the page's rooms take it from here
from cptrends.data.status import has_value
from cptrends.indicators.proportions import DURATION_BANDS

#: The counts that are made up of the five bands of duration.
WHOLES = ("plans_31_march", "plans_ended")

#: A count: measure, year.
Member = tuple[str, int]
#: The counts of one authority that sums tie together: value, status.
Counts = dict[Member, tuple[float, str]]


def withheld_here(counts: Counts) -> frozenset[Member]:
    """Counts that a page leaves out so that one withheld by the publisher cannot be worked out.

    Parameters
    ----------
    counts : dict
        Of one authority: (measure, year) -> value, status.

    Returns
    -------
    frozenset of (measure, year)

    Notes
    -----
    Two sums tie counts together: the five bands of duration make up all plans, and a year's plans are those of
    the year before, with those started and without those ended (nearly so: records are corrected). Where just
    one figure of a sum is suppressed, another goes: of the bands the smallest of the middle three, of the
    others the plans that ended, or those that started.

    Examples
    --------
    >>> year = {("plans_31_march", 2024): (60, "reported"), ("plans_31_march", 2025): (58, "reported"),
    ...     ("plans_started", 2025): (float("nan"), "suppressed"), ("plans_ended", 2025): (6, "reported")}
    >>> withheld_here(year)
    frozenset({('plans_ended', 2025)})
    """
    hidden: set[Member] = set()
    for year in sorted({year for _, year in counts}):
        for whole in WHOLES:
            bands = [(f"{whole}_{band}", year) for band in DURATION_BANDS]
            known = _known_beside_one(counts, [*bands, (whole, year)], hidden)
            middle = [member for member in bands[1:4] if member in known]
            # One that is zero goes last: the smallest of the others is the least loss to a reader.
            hidden.update(sorted(middle, key=lambda member: (counts[member][0] == 0, counts[member][0]))[:1])
        before, now = ("plans_31_march", year - 1), ("plans_31_march", year)
        started, ended = ("plans_started", year), ("plans_ended", year)
        known = _known_beside_one(counts, [before, now, started, ended], hidden)
        hidden.update([member for member in (ended, started) if member in known][:1])
    return frozenset(hidden)


def _known_beside_one(counts: Counts, members: list[Member], hidden: set[Member]) -> list[Member]:
    """The members of a sum that would be printed, where exactly one is not and could be worked out from them."""
    if any(member not in counts for member in members):
        return []
    gone = [member for member in members if counts[member][1] == "suppressed" or member in hidden]
    known = [member for member in members if has_value(counts[member][1]) and member not in hidden]
    return known if len(gone) == 1 and len(known) == len(members) - 1 else []
