"""Spending that an authority booked on another line: recorded as zero or less, or far from the years beside it.

The money return is filled in line by line, and what one year stands on a line may stand on another the year after. Such
a figure says how a council kept its books and not what it spent, so no comparison rests on it and no total is divided
as if it were there.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from cptrends import words
from cptrends.data import areas
from cptrends.errors import BadInput
from cptrends.files import toml
from cptrends.memory import remembered

#: The two years that a year is held against, the first pair of which both have a figure.
_BESIDE = {"the years beside it": (-1, 1), "the two years before it": (-1, -2), "the two years after it": (1, 2)}
#: So many times less, in words; as many times more is said with the number.
_PARTS = {2: "half", 3: "a third", 4: "a quarter", 5: "a fifth", 6: "a sixth", 7: "a seventh", 8: "an eighth"}
_PARTS |= {9: "a ninth", 10: "a tenth", 20: "a twentieth", 50: "a fiftieth", 100: "a hundredth"}


class OddYear(NamedTuple):
    """Spending of a year that stands apart from the years beside it.

    Attributes
    ----------
    year : int
        Ending 31 March.
    own : frozenset of str
        Whose spending it is: one authority, or all whose figures move the same totals the same way.
    touched : frozenset of str
        Whose figures it touches: the authority, or a total that each of `own` moves by more than `moves_a_total` of
        events.toml.
    what : str
        The sentence.
    """

    year: int
    own: frozenset[str]
    touched: frozenset[str]
    what: str


class _Odd(NamedTuple):
    """One authority's: how many times below or above, and which years it is held against."""

    area_code: str
    year: int
    times: float
    low: bool
    beside: str
    moved: frozenset[str]


def spending(measure: str | None) -> bool:
    """Whether a measure is money spent, in pounds; what a table calls none is not.

    >>> spending("safeguarding_spend"), spending("social_work_weekly_unit_cost"), spending("referrals"), spending(None)
    (True, False, False, False)
    """
    entry = toml("cptrends.data", "measures.toml").get(measure or "", {})
    return entry.get("kind") == "money" and entry.get("unit") == "GBP"


def elsewhere(value: float) -> bool:
    """Whether spending is recorded as zero or less: no figure of what was spent.

    >>> elsewhere(0.0), elsewhere(-9000.0), elsewhere(0.4), elsewhere(float("nan"))
    (True, True, False, False)
    """
    return value <= 0


def lacking(name: str, year: int | None = None) -> str:
    """The sentence on spending of zero or less.

    >>> lacking("Brent", 2013)
    "Brent's spending of 2012/13 is recorded as zero or less; it may be booked on another line."
    """
    when = "" if year is None else f" of {words.year(year)}"
    return f"{name}'s spending{when} is recorded as zero or less; it may be booked on another line."


@remembered
def odd_years(measure: str, release: str) -> tuple[OddYear, ...]:
    """The years in which an authority's spending stands apart from both years beside it.

    Where one of the two years has no figure, as before the first year and after the last, the two nearest on the other
    side stand for them: a year later it may turn out to have been the first of many, and the sentence says so. How far
    apart is apart, and from how much money on, is in events.toml.

    Parameters
    ----------
    measure, release : str
        As for `figures.pick`.

    Returns
    -------
    tuple of OddYear
        In order of years; none for what is not spending, or where the release does not have it.

    >>> [odd.what for odd in odd_years("safeguarding_spend", "latest") if odd.year == 2024]
    ["Nottingham's spending on safeguarding children in 2023/24 is less than a fifth of that of the years beside it; \
most of it may be booked on other lines."]
    """
    groups: dict[tuple[int, bool, str], list[_Odd]] = {}
    for odd in _found(measure, release):
        groups.setdefault((odd.year, odd.low, odd.beside), []).append(odd)
    told = []
    for (year, *_), group in sorted(groups.items()):
        touched: dict[tuple[_Odd, ...], set[str]] = {(odd,): {odd.area_code} for odd in group}
        for total in dict.fromkeys(total for odd in group for total in sorted(odd.moved)):
            touched.setdefault(tuple(odd for odd in group if total in odd.moved), set()).add(total)
        for odds, codes in touched.items():
            own = frozenset(odd.area_code for odd in odds)
            told.append(OddYear(year, own, frozenset(codes), _sentence(measure, odds)))
    return tuple(told)


def _rule() -> Mapping[str, Any]:
    return toml("cptrends.data", "events.toml")["booked_elsewhere"]


def _found(measure: str, release: str) -> list[_Odd]:
    if not spending(measure):
        return []
    placed = _placed(measure, release)
    found = []
    for code in areas.authorities():
        series = {year: v for year, v in placed.get(code, {}).items() if v == v and not elsewhere(v)}
        for year, value in series.items():
            which, beside = _beside(series, year)
            if times := _times(value, beside):
                moved = _moved(code, year, value, beside, placed)
                found.append(_Odd(code, year, times, value < beside[0], which, moved))
    return found


def _placed(measure: str, release: str) -> dict[str, dict[int, float]]:
    """Figures by area and year; none where no file is held or the release lacks the measure."""
    from cptrends.data import figures  # lazy: figures bring pandas, and the dictionary of measures does without

    try:
        table = figures.pick(measure, release)
    except BadInput:
        return {}
    placed: dict[str, dict[int, float]] = {}
    for code, year, value in zip(table["area_code"], table["year"].tolist(), table["value"].tolist(), strict=True):
        placed.setdefault(code, {})[year] = value
    return placed


def _beside(series: Mapping[int, float], year: int) -> tuple[str, list[float]]:
    """Which two years a year is held against, in words, and their figures; none where there are not two."""
    for which, steps in _BESIDE.items():
        if all(year + step in series for step in steps):
            return which, [series[year + step] for step in steps]
    return "", []


def _times(value: float, beside: list[float]) -> float:
    """How many times a figure is below or above both of the years beside it; 0 where that is not far enough."""
    if not beside or min(beside) < _rule()["floor"]:
        return 0
    times = max(min(beside) / value, value / max(beside))
    return times if times > _rule()["factor"] else 0


def _moved(
    code: str, year: int, value: float, beside: list[float], placed: Mapping[str, Mapping[int, float]]
) -> frozenset[str]:
    """The totals that a figure moves, away from the mean of the years beside it, by more than a small part of them."""
    off = abs(value - sum(beside) / len(beside))
    totals = {above: placed.get(above, {}).get(year, float("nan")) for above in areas.above(code)}
    return frozenset(above for above, total in totals.items() if off > _rule()["moves_a_total"] * abs(total))


def _sentence(measure: str, odds: Sequence[_Odd]) -> str:
    """What is odd of one authority's year, or of several authorities' that move one total the same way."""
    label = toml("cptrends.data", "measures.toml")[measure]["label"].removeprefix("Councils' ")
    line = f"{label[0].lower()}{label[1:].rsplit(', ', 1)[0]} in {words.year(odds[0].year)}"
    low, beside = odds[0].low, odds[0].beside
    number = max(number for number in _PARTS if number < min(odd.times for odd in odds))
    far = f"less than {_PARTS[number]} of" if low else "more than twice"
    far = far if low or number == 2 else f"more than {words.spelt(number)} times"
    if len(odds) == 1:
        said = f"{areas.name(odds[0].area_code)}'s {line} is {far} that of {beside}"
    else:
        names = words.listed(areas.name(odd.area_code) for odd in odds)
        who = names if len(odds) < 5 else f"{words.spelt(len(odds)).capitalize()} authorities"
        said = f"{who} each record {far} the {line} that they do in {beside}"
    why = "most of it may be booked on other lines" if low else "other lines may be booked on it"
    return f"{said}; {why}{'' if beside == next(iter(_BESIDE)) else ', or the change may be lasting'}."
