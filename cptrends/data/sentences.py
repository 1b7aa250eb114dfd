"""Sentences for whoever asks for figures: why there are none, and what to know of areas that were split or merged."""

from collections.abc import Iterable, Sequence

import pandas as pd

from cptrends.data import areas
from cptrends.data.figures import LATEST


def no_figure(
    measure: str,
    there: pd.DataFrame,
    chosen: Sequence[str] | None,
    *,
    start: int | None = None,
    end: int | None = None,
    release: str = LATEST,
) -> str:
    """Why a question has no answer.

    Parameters
    ----------
    measure : str
    there : pandas.DataFrame
        The figures of these areas for all years.
    chosen : sequence of str, optional
        Area codes asked for; None where any area would do.
    start, end, release
        The years and the release asked for.

    >>> no_figure("referrals", pd.DataFrame({"year": [2010, 2012]}), ["E09000012"], start=1999, end=1999)
    'referrals has no figure for 1999; it has 2010 to 2012 for Hackney'
    >>> no_figure("referrals", pd.DataFrame({"year": []}), None, release="cin-2015")
    'referrals has no figure for any area in release cin-2015'
    """
    which = "" if release == LATEST else f" in release {release}"
    if not len(there):
        return f"{measure} has no figure for {_named(chosen)}{which}"
    span = f"{there['year'].min()} to {there['year'].max()}"
    asked = start if start == end else f"{start or 'the beginning'} to {end or 'today'}"
    before_and_after = "".join(f"; {sentence}" for code in chosen or [] if (sentence := lineage(code)))
    return f"{measure} has no figure for {asked}{which}; it has {span} for {_named(chosen)}" + before_and_after


def notes(chosen: Sequence[str] | None) -> list[str]:
    """What a reader of figures of these areas, twelve at most, should know: which were split or merged.

    >>> notes(["E09000012", "E10000006"])[-1]
    'Cumbria reported until 2023, its successors are Cumberland and Westmorland and Furness; the series are not joined.'
    """
    if not chosen or len(chosen) > 12:
        return []
    return [sentence + "; the series are not joined." for code in chosen if (sentence := lineage(code))]


def lineage(code: str) -> str:
    """Who came after an area that ended, or before one that is new; "" for any other.

    >>> lineage("E09000012")
    ''
    """
    area = areas.register()[code]
    if area["last_year"]:
        after = "successors are" if len(area["successors"]) > 1 else "successor is"
        return f"{area['name']} reported until {area['last_year']}, its {after} {_joined(area['successors'])}"
    if area["first_year"]:
        before = areas.predecessors(code)
        were = "were" if len(before) > 1 else "was"
        return f"{area['name']} has reported since {area['first_year']}, before it there {were} {_joined(before)}"
    return ""


def _named(chosen: Sequence[str] | None) -> str:
    if chosen is None:
        return "any area"
    others = len(chosen) - 3
    more = f" and {others} other{'s' if others > 1 else ''}" if others > 0 else ""
    return ", ".join(areas.name(code) for code in chosen[:3]) + more


def _joined(codes: Iterable[str]) -> str:
    return " and ".join(areas.name(code) for code in codes)
