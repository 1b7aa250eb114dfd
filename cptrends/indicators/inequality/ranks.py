"""Relative rank: where every area stands, from 0 to 1, in the order of deprivation."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from cptrends.errors import BadInput
from cptrends.indicators.inequality.groups import Unit, check_unit
from cptrends.indicators.inputs import Fault, Missing, check_missing, judge, one_status, together

Transform = Literal["log", "logit"] | None


@dataclass(frozen=True)
class Groups:
    """What can be said of each group of areas, such as a year: an element for each, in the order of their labels.

    Attributes
    ----------
    labels : pandas.Index
    areas, left_out : array of int
        How many have what is needed, and how many not.
    ok : array of bool
        Whether an index can be computed; where not, note says why.
    status, note : array of str
    """

    labels: pd.Index
    areas: np.ndarray
    left_out: np.ndarray
    ok: np.ndarray
    status: np.ndarray
    note: np.ndarray


@dataclass(frozen=True)
class Ranked:
    """The areas that can be used, sorted by group and then by position: an element for each.

    Attributes
    ----------
    value, se : array of float
        The figure and its standard error, NaN where none is given.
    weight : array of float
        The area's share of the population of its group.
    rank : array of float
        The middle of its share, from 0 to 1 in the order of position; areas at one position share it.
    which : array of int
        The area's group, as its place in `groups`.
    groups : Groups
    """

    value: np.ndarray
    se: np.ndarray
    weight: np.ndarray
    rank: np.ndarray
    which: np.ndarray
    groups: Groups

    def total(self, each: np.ndarray) -> np.ndarray:
        """The sum over the areas of each group."""
        return np.bincount(self.which, weights=each, minlength=len(self.groups.labels))


def ranked(
    value: npt.ArrayLike,
    population: npt.ArrayLike,
    position: npt.ArrayLike,
    *,
    unit: Unit,
    group: npt.ArrayLike | None,
    se: npt.ArrayLike | None,
    transform: Transform,
    status: npt.ArrayLike | None,
    missing: Missing,
) -> Ranked:
    """Sort into groups and order, and give every area its weight and relative rank.

    Parameters and errors are those of `slope_index`.
    """
    check_missing(missing)
    given = {"value": value, "population": population, "position": position}
    if se is not None:
        given["se"] = se
    columns, status, index = together(status, **given)
    check_unit(unit, index, several=group is not None)
    which, labels = _group_codes(group, len(index))
    fine, row_status, _ = judge(len(index), status, *_faults(columns, transform))
    groups = _groups(which, labels, fine, row_status, missing)

    keep = np.flatnonzero(fine & (which >= 0))
    order = keep[np.lexsort((columns["position"][keep], which[keep]))]
    which, people, place = which[order], columns["population"][order], columns["position"][order]
    whole = np.bincount(which, weights=people, minlength=len(labels))
    weight = people / whole[which]
    return Ranked(
        value=columns["value"][order],
        se=columns["se"][order] if se is not None else np.full(len(order), np.nan),
        weight=weight,
        rank=_middle_ranks(which, place, weight),
        which=which,
        groups=groups,
    )


def refused(groups: Groups, where: np.ndarray, why: str) -> Groups:
    """The groups without an index where the mask says so: it has no meaning there, and why."""
    status, note = groups.status.copy(), groups.note.copy()
    status[where], note[where] = "not_applicable", why
    return replace(groups, ok=groups.ok & ~where, status=status, note=note)


def remarked(groups: Groups, where: np.ndarray, sentence: str) -> Groups:
    """The groups with one more sentence in the note where the mask says so."""
    note = groups.note.copy()
    note[where] = [f"{said} {sentence}".strip() for said in note[where]]
    return replace(groups, note=note)


def _faults(columns: dict[str, np.ndarray], transform: Transform) -> list[Fault]:
    """What makes an area unusable, in the order in which it counts."""
    value, people = columns["value"], columns["population"]
    faults: list[Fault] = [
        (np.isnan(columns[name]), "unavailable", name) for name in ("value", "population", "position")
    ]
    faults.append((people <= 0, "not_applicable", "population"))
    if transform == "log":
        faults.append((value <= 0, "not_applicable", "value"))
    if transform == "logit":
        faults.append((~((value > 0) & (value < 1)), "not_applicable", "value"))
    if "se" in columns:
        faults.append((~(columns["se"] >= 0), "unavailable", "se"))
    return faults


def _groups(which: np.ndarray, labels: pd.Index, fine: np.ndarray, row_status: np.ndarray, missing: Missing) -> Groups:
    """How many areas of each group can be used, and what the others mean for it."""
    count, in_group = len(labels), which >= 0
    total = np.bincount(which[in_group], minlength=count)
    areas = np.bincount(which[in_group & fine], minlength=count)
    gone, ok = total - areas, areas > 0
    status, note = np.full(count, "derived", dtype=object), np.full(count, "", dtype=object)
    status[total == 0], note[total == 0] = "unavailable", "Not computed: there are no areas."
    rows = pd.DataFrame({"which": which, "status": row_status})
    for g, statuses in rows[fine & in_group & (row_status != "derived")].groupby("which")["status"]:
        status[g] = one_status(statuses)
    for g, statuses in rows[~fine & in_group].groupby("which")["status"]:
        if missing == "carry" or not ok[g]:
            status[g], ok[g] = one_status(statuses), False
            note[g] = f"Not computed: {gone[g]} of {total[g]} figures are missing, withheld or not usable."
        else:
            note[g] = f"{gone[g]} of {total[g]} areas left out."
    return Groups(labels, areas, gone, ok, status, note)


def _middle_ranks(which: np.ndarray, place: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The middle of each block of equal positions, in shares of its group's population."""
    if not len(which):
        return weight
    block = np.ones(len(which), dtype=bool)
    block[1:] = (which[1:] != which[:-1]) | (place[1:] != place[:-1])
    starts = np.flatnonzero(block)
    size = np.add.reduceat(weight, starts)
    upto = np.cumsum(size)
    first = np.ones(len(starts), dtype=bool)
    first[1:] = which[starts[1:]] != which[starts[:-1]]
    before = np.maximum.accumulate(np.where(first, upto - size, -np.inf))
    return (upto - size / 2 - before)[np.cumsum(block) - 1]


def _group_codes(group: npt.ArrayLike | None, size: int) -> tuple[np.ndarray, pd.Index]:
    if group is None:
        return np.zeros(size, dtype=np.intp), pd.Index(["all"])
    given = np.shape(group)
    if given[:1] != (size,):
        raise BadInput(f"group has {given[0] if given else 1} labels for {size} values")
    if isinstance(group, pd.DataFrame):
        grouped = group.groupby(list(group.columns), sort=True, dropna=False)
        return grouped.ngroup().to_numpy(np.intp), grouped.size().index
    codes, labels = pd.factorize(group if isinstance(group, (pd.Series, pd.Index)) else np.asarray(group), sort=True)
    return codes, pd.Index(labels, name=getattr(group, "name", None))
