"""Whether each authority's changes are unusual and where it stands among the others, all of them judged together."""

import dataclasses
from collections.abc import Collection
from typing import NamedTuple, TypeVar

import pandas as pd

from cptrends.data import measures
from cptrends.indicators import table
from cptrends.indicators.published import with_implied_counts
from cptrends.trends.change import judge_changes
from cptrends.trends.compared import APART, FEWEST_BEFORE
from cptrends.trends.funnels import funnel
from cptrends.trends.many import UNUSUAL
from cptrends.trends.scaled import Kind

R = TypeVar("R", bound=tuple)
#: A change over five years wants a figure of at least so many years before.
FEWEST_BEFORE_FIVE = APART + FEWEST_BEFORE - 1


class Change(NamedTuple):
    """An authority's change, as `judge_changes` gives it: into a year, or of its level over five years."""

    earlier: int
    later: int
    years_earlier: tuple[int, ...]
    years_later: tuple[int, ...]
    value_earlier: float
    value_later: float
    value: float
    chance: float
    n_areas: int
    moved_as_far: float
    label: str
    visible_rise: float
    visible_fall: float
    sentence: str


class Place(NamedTuple):
    """An authority's place in a funnel: how far out, and in words, as `funnel` gives them."""

    z: float
    label: str


class Rank(NamedTuple):
    """The ranks an authority may have; 1 is the highest."""

    first: int
    last: int
    of: int


@dataclasses.dataclass(frozen=True)
class Standing:
    """How all authorities stand on an indicator in a year; of money nothing is judged.

    Attributes
    ----------
    changes, five_years : dict of str to Change
        Into the year, and of the level over the five years to it, by area code.
    places : dict of str to Place
        By area code.
    ranks : dict of str to Rank
        By area code.
    funnel : pandas.DataFrame
        As `funnel` gives it; index: area_code.
    """

    changes: dict[str, Change]
    five_years: dict[str, Change]
    places: dict[str, Place]
    ranks: dict[str, Rank]
    funnel: pd.DataFrame


def judge(name: str, figures: pd.DataFrame, year: int, limit: float = UNUSUAL) -> Standing:
    """How all authorities stand.

    Parameters
    ----------
    name : str
        An indicator.
    figures : pandas.DataFrame
        Of authorities: area_code, year, value, lower, upper, numerator, denominator, status.
    year : int
        Ending 31 March; changes are those that end in it.
    limit : float
        A change is unusual where one as large comes with less than this probability though nothing changed.

    Returns
    -------
    Standing
    """
    kind, per = kind_of(name), table.declared(name)["per"]
    if "published" in table.declared(name):
        figures = with_implied_counts(figures, table.declared(name))
    here = figures[figures["year"] == year].reset_index(drop=True)
    if kind is None or here.empty:
        return Standing({}, {}, {}, {}, pd.DataFrame())
    changes, five_years = {}, {}
    if (figures["year"] == year - 1).any():
        of = {"kind": kind, "per": per, "limit": limit}
        changes = keyed(judge_changes(figures, pairs=[(year - 1, year)], **of), Change)
        if figures["year"].min() <= year - FEWEST_BEFORE_FIVE:
            levels = judge_changes(figures, pairs="five_years", **of)
            five_years = keyed(levels[levels["later"] == year], Change)
    placed = funnel(here["numerator"], here["denominator"], kind=kind, per=per, status=here["status"])
    placed = placed.assign(area_code=here["area_code"])
    return Standing(changes, five_years, keyed(placed, Place), ranked(here), placed.set_index("area_code"))


def kind_of(name: str) -> Kind | None:
    """As what an indicator's changes and places are judged, as its kind declares; None for what is not, as money.

    >>> kind_of("plan_rate"), kind_of("repeat_plan_share"), kind_of("plan_per_conference"), kind_of("spend_per_child")
    ('rate', 'share', 'count_ratio', None)
    """
    judged_as = table.declared(name)["judged_as"]
    return None if judged_as == "none" else judged_as


def breaks_of(name: str, codes: Collection[str]) -> list[tuple[int, str]]:
    """Known breaks of either part of an indicator: those of all areas, and those of the areas given.

    Parameters
    ----------
    name : str
    codes : collection of str
        Area codes.

    Returns
    -------
    list of (int, str)
        The first year after each, and what changed.
    """
    entry = table.declared(name)
    found = [
        each for measure in (entry["numerator"], entry["denominator"]) for each in measures.breaks(measure, list(codes))
    ]
    return sorted(set(found))


def ranked(figures: pd.DataFrame) -> dict[str, Rank]:
    """The ranks each authority may have, its limits and the others' considered.

    Parameters
    ----------
    figures : pandas.DataFrame
        One year: area_code, value, lower, upper. An authority without a figure is not counted.

    Returns
    -------
    dict of str to Rank
        By area code.

    Examples
    --------
    >>> ranked(pd.DataFrame({"area_code": ["A", "B"], "value": [9.0, 5.0], "lower": [8.0, 4.0], "upper": [10.0, 6.0]}))
    {'A': Rank(first=1, last=1, of=2), 'B': Rank(first=2, last=2, of=2)}
    """
    known = figures.dropna(subset=["value", "lower", "upper"])
    lower, upper = known["lower"].to_numpy(), known["upper"].to_numpy()
    surely_above = (lower[None, :] > upper[:, None]).sum(axis=1)
    surely_below = (upper[None, :] < lower[:, None]).sum(axis=1)
    return {
        code: Rank(int(above) + 1, len(known) - int(below), len(known))
        for code, above, below in zip(known["area_code"], surely_above, surely_below, strict=True)
    }


def keyed(frame: pd.DataFrame, row: type[R]) -> dict[str, R]:
    """The rows of a frame by area code, each as the named tuple given."""
    rows = frame[list(row._fields)].itertuples(index=False, name=None)  # type: ignore[attr-defined]
    return {code: row(*values) for code, values in zip(frame["area_code"], rows, strict=True)}
