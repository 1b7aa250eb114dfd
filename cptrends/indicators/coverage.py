"""One rule for a total's two parts: they cover the same places, or the place is left out of both.

England's total, or a region's, may lack an authority in one part and hold it in the other: of the plans started in
England in 2021-22 Doncaster's are counted, of the second plans they are not, because its figure was withdrawn. A share
of the two is too low. So the authority is taken out of the other part too, and the row says so.

An authority lacks a figure where the publisher has none, or where it records spending of zero or less, which is booked
on another line: not where a figure is withheld to protect individuals, for the publisher's totals hold it, nor where it
does not apply, for there was nothing to count. Whether a total nevertheless holds something for an authority that lacks
its figure, as an estimate or the year before's return, is read from the figures: from the total less its authorities'
figures, held against what the authority had in the years beside it. An authority that both parts lack is taken out too
where one total holds something for it and the other does not. Nothing is taken out where both do, nor where that cannot
be told, which the row then says.
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from cptrends import words
from cptrends.data import areas, booked, rounding
from cptrends.data.status import WITH_VALUE
from cptrends.memory import remembered

#: What is taken from either part of a total, whose it is, and what the row says.
COLUMNS = ["area_code", "year", "less", "less_bottom", "without", "coverage_note"]

#: Without a number, and yet in the publisher's totals: as what is withheld, or as nothing to count.
_IN_ITS_TOTAL = ("suppressed", "not_applicable")
#: A withheld count is in its total and not among the figures. Most are of 1 to 5; but others are withheld so that these
#: cannot be worked out, of any size (three of factor_mental_health_child in 2021-22 come to 200), so that a withheld
#: count may be as large as what the authority had in the years beside it.
_WITHHELD = 5
#: A total may differ from its parts by this part of itself, where amounts were rounded to the pound.
_ROUNDED_POUNDS = 1e-6
#: An estimate for a place lies within this factor of what is expected of it. The narrowest that a figure rests on is
#: Herefordshire's of 2023-24: the West Midlands' referrals hold 807 for it, half of the 1,663 that its years beside it
#: lead to expect, and a third of the 2,348 that its section 47 enquiries do. Its referrals do move so: 2,308 in
#: 2021-22, 1,569 the year after.
_FACTOR = 3

#: Nothing is held for a place where the total is nearer to its other parts than this part of what it should add: a
#: figure revised elsewhere may keep the two from agreeing to the last ten.
_NEAR_NOTHING = 0.1

_OUT, _IN, _UNKNOWN = "out", "in", "unknown"


class _Figure(NamedTuple):
    """One area's figure in one part and year; measure and release are None where the table does not say."""

    area_code: str
    year: int
    value: float
    status: str
    measure: str | None
    release: str | None

    @property
    def known(self) -> bool:
        return self.status in WITH_VALUE and self.value == self.value


class _Part(NamedTuple):
    """One part in one year: figures by area, which authorities of that year have none, and the years beside it."""

    figures: dict[str, _Figure]
    lacking: frozenset[str]
    beside: tuple[dict[str, _Figure], ...] = ()

    def value(self, code: str) -> float:
        return self.figures[code].value if code in self.figures else float("nan")

    def total(self, codes: Iterable[str]) -> float:
        # Whatever the order of the codes, the sum is the same to the last digit.
        return math.fsum(
            self.figures[code].value for code in codes if code in self.figures and self.figures[code].known
        )


def corrections(top: pd.DataFrame, bottom: pd.DataFrame, *, spent: bool = False) -> pd.DataFrame:
    """What must be taken out of the totals of two tables before one is divided by the other.

    Parameters
    ----------
    top, bottom : DataFrame
        All areas of both parts: area_code, year, value, status and, where they are known, measure and release, from
        which the rounding of the totals follows.
    spent : bool
        `top` is spending, whether or not it has a measure.

    Returns
    -------
    DataFrame
        `COLUMNS`: a row for each total whose parts lack different authorities and where something follows from it.
        `less` and `less_bottom` are amounts to subtract, `without` the names of the authorities left out, separated
        by semicolons, and `coverage_note` a sentence. Years in which a table holds under half of the authorities say
        nothing.

    Examples
    --------
    >>> from cptrends import data
    >>> found = corrections(data.load("repeat_plans"), data.load("plans_started"))
    >>> found[found["area_code"] == "E92000001"][["year", "less_bottom", "without"]].to_string(index=False)
    ' year  less_bottom   without\\n 2022        437.0 Doncaster'
    """
    parts = _by_year(top, spent), _by_year(bottom)
    rows = []
    for year in sorted(set(parts[0]) & set(parts[1])):
        pair = parts[0][year], parts[1][year]
        apart = pair[0].lacking | pair[1].lacking
        for total, members in _members().items():
            if apart & members and all(total in part.figures and part.figures[total].known for part in pair):
                rows.append((total, year, *_correction(total, year, members, pair)))
    found = pd.DataFrame(rows, columns=COLUMNS).astype({"less": float, "less_bottom": float})
    return found[found["coverage_note"] != ""].reset_index(drop=True)


def apply(both: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Two parts side by side, with what `corrections` found taken out.

    Parameters
    ----------
    both : DataFrame
        area_code, year, value and value_bottom.
    found : DataFrame
        As `corrections` gives it.

    Returns
    -------
    DataFrame
        `both` in its order, with the columns without and coverage_note, "" where nothing is taken out or to be said.

    Examples
    --------
    >>> both = pd.DataFrame({"area_code": ["E92000001"], "year": [2022], "value": [14_550.0]})
    >>> both["value_bottom"] = 64_390.0
    >>> found = pd.DataFrame([["E92000001", 2022, 0.0, 437.0, "Doncaster", "Without Doncaster."]], columns=COLUMNS)
    >>> apply(both, found)[["value", "value_bottom", "without"]]
         value  value_bottom    without
    0  14550.0       63953.0  Doncaster
    """
    both = both.merge(found, on=["area_code", "year"], how="left")
    less = both[["less", "less_bottom"]].fillna(0.0)
    both["value"], both["value_bottom"] = both["value"] - less["less"], both["value_bottom"] - less["less_bottom"]
    both[["without", "coverage_note"]] = both[["without", "coverage_note"]].fillna("")
    return both.drop(columns=["less", "less_bottom"])


def _correction(
    total: str, year: int, members: frozenset[str], pair: tuple[_Part, _Part]
) -> tuple[float, float, str, str]:
    """What is taken from the numerator and the denominator of one total, from whom, and the sentence."""
    less, out, unknown = [0.0, 0.0], [], []
    held: tuple[list[str], list[str]] = ([], [])
    existing = _existing(year) & members
    holdings = tuple(_holdings(total, members, *parts) for parts in (pair, pair[::-1]))
    for code in sorted(holdings[0] | holdings[1]):
        holds = [holding.get(code) for holding in holdings]
        if None in holds:
            # One part has the figure: its total holds just that.
            other, holds_it = holds.index(None), holds[1 - holds.index(None)]
            figure = pair[other].value(code)
            if holds_it == _OUT and figure == figure:
                less[other] += figure
                out.append(code)
            elif holds_it != _IN:
                unknown.append(code)
        elif set(holds) == {_OUT, _IN}:
            held[holds.index(_IN)].append(code)
    for which, codes in enumerate(held):
        for code in codes:
            amount = _held(code, total, pair[which])
            less[which] += amount or 0.0
            (unknown if amount is None else out).append(code)
    left = existing - set(out)
    if out and all(_all_known(part, left) for part in pair):
        # All others have a figure, so that the parts need not be totals that the publisher rounded.
        less = [part.value(total) - part.total(left) for part in pair]
    names, unsure = sorted(map(areas.name, out)), sorted(map(areas.name, unknown))
    spent = any(part.value(code) == part.value(code) for part in pair for code in part.lacking & set(out))
    return (less[0], less[1], "; ".join(names), _sentence(names, unsure, len(existing), spent))


def _held(code: str, total: str, part: _Part) -> float | None:
    """What the region's total or the one asked about holds for an authority; None where others lack a figure too."""
    for above in (areas.region_of(code), total):
        others = (_existing(part.figures[total].year) & _members()[above]) - {code}
        if above in part.figures and part.figures[above].known and _all_known(part, others):
            return part.value(above) - part.total(others)
    return None


def _all_known(part: _Part, codes: Iterable[str]) -> bool:
    return all(code in part.figures and part.figures[code].known for code in codes)


def _sentence(out: list[str], unknown: list[str], of: int, spent: bool) -> str:
    said = []
    if out:
        it = "it" if len(out) == 1 else "them"
        why = f"one has no figure{', or spending of zero or less,' if spent else ''} for {it}"
        said.append(
            f"Left out of both the numerator and the denominator, because {why}: "
            f"{words.listed(out)} ({len(out)} of {of} authorities)."
        )
    if unknown:
        it = "it" if len(unknown) == 1 else "them"
        said.append(
            f"The numerator or the denominator has no figure for {words.listed(unknown)}; whether its "
            f"total counts {it} cannot be told, so nothing is taken out."
        )
    return " ".join(said)


def _holdings(total: str, members: frozenset[str], this: _Part, other: _Part) -> dict[str, str]:
    """Whether the total of a part holds each authority that lacks its figure there."""
    lacking = sorted(this.lacking & members)
    if not lacking:
        return {}
    if total == areas.ENGLAND and _regions_add_up(this):
        found: dict[str, str] = {}
        for region in {areas.region_of(code) for code in lacking} & set(other.figures):
            found |= _holdings(region, _members()[region], this, other)
        if len(found) == len(lacking):
            return found
    gap = this.value(total) - this.total(members - this.lacking)
    withheld = [code for code in members & set(this.figures) if this.figures[code].status == "suppressed"]
    hidden = math.fsum(max(_WITHHELD, _expected(code, total, this, other)) for code in withheld)
    slack = _slack(this.figures[total])
    expected = {code: _expected(code, total, this, other) for code in lacking}
    little = _NEAR_NOTHING * min(expected.values())
    if abs(gap) > max(slack, little):
        slack += hidden  # what is withheld may be all that there is
    if abs(gap) <= max(slack, little):
        # A place so small that it would be lost in the rounding cannot be told from one that is not there.
        return {code: _OUT if size > _FACTOR * slack else _UNKNOWN for code, size in expected.items()}
    as_in_the_other = {code: _as_in_the_other(code, total, this, other) for code in lacking}
    held = any(
        all(size > 0 or code not in other.lacking for code, size in sizes.items())
        and sum(sizes.values()) / _FACTOR + hidden <= gap <= sum(sizes.values()) * _FACTOR
        for sizes in (expected, as_in_the_other)
    )
    return dict.fromkeys(expected, _IN if held else _UNKNOWN)


def _expected(code: str, total: str, this: _Part, other: _Part) -> float:
    """What an authority would add to a total if it stood to it as in the years beside, or else as in the other part.

    0 where neither says anything, nor does a single year beside where the other part has no figure: a figure carried
    over from the other side may be another one, as Hackney's referrals without further action of 2021-22 (2019-20: 0,
    2022-23: 249).
    """
    shares = [
        figures[code].value / figures[total].value
        for figures in this.beside
        if all(each in figures and figures[each].known and figures[each].value > 0 for each in (code, total))
    ]
    if len(shares) > (code in other.lacking):
        return this.value(total) * math.fsum(shares) / len(shares)
    return _as_in_the_other(code, total, this, other)


def _as_in_the_other(code: str, total: str, this: _Part, other: _Part) -> float:
    size, whole = other.value(code), other.value(total)
    return this.value(total) * size / whole if size > 0 and whole > 0 else 0.0


def _regions_add_up(part: _Part) -> bool:
    """Whether England is the sum of its regions within their rounding."""
    regions = areas.regions()
    if not all(code in part.figures and part.figures[code].known for code in regions):
        return False
    slack = sum(_slack(part.figures[code]) for code in (areas.ENGLAND, *regions))
    return abs(part.value(areas.ENGLAND) - part.total(regions)) <= slack


def _slack(figure: _Figure) -> float:
    """How far a total may be from the sum of its parts for its rounding alone."""
    half = 0.0
    if figure.measure is not None and figure.release is not None:
        half = rounding.half_unit(figure.measure, figure.area_code, figure.value, figure.status, figure.release)
    return half + _ROUNDED_POUNDS * abs(figure.value)


def _by_year(table: pd.DataFrame, spent: bool = False) -> dict[int, _Part]:
    """A part by year, without the years in which it holds under half of the authorities."""
    nothing = [None] * len(table)
    columns = [table[name].tolist() if name in table else nothing for name in _Figure._fields]
    by_year: dict[int, dict[str, _Figure]] = {}
    for figure in map(_Figure, *columns):
        of_spending = figure.area_code not in areas.TINY and (spent or booked.spending(figure.measure))
        if of_spending and booked.elsewhere(figure.value):
            figure = figure._replace(status="unavailable")
        by_year.setdefault(figure.year, {})[figure.area_code] = figure
    parts = {}
    for year, figures in by_year.items():
        existing = _existing(year)
        there = {code for code, figure in figures.items() if figure.known or figure.status in _IN_ITS_TOTAL}
        if len(existing & there) >= len(existing) / 2:
            beside = tuple(by_year[near] for near in (year - 1, year + 1) if near in by_year)
            parts[year] = _Part(figures, existing - there, beside)
    return parts


@remembered
def _existing(year: int) -> frozenset[str]:
    return frozenset(areas.authorities(year))


@remembered
def _members() -> dict[str, frozenset[str]]:
    """Every total, England, the regions and the parts of London, and the authorities it is made of, of all years."""
    members: dict[str, set[str]] = {}
    for code in areas.authorities():
        above = areas.register()[code]["parent_code"]
        while above:
            members.setdefault(above, set()).add(code)
            above = areas.register()[above]["parent_code"]
    return {total: frozenset(codes) for total, codes in members.items()}
