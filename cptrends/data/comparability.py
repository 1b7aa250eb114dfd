"""Whether figures of two years compare: what stands between them, and both years on the same authorities.

One measure, or the two parts of a ratio. A total compares like for like on the authorities that have a figure of their
own in both years; where some were split or merged, all that came before and after count as one. Such a sum holds
published counts only. Where an authority is left out because its count is withheld, the sums are rounded to 10, as the
publisher rounds totals: the published total less the sum then says nothing of a withheld count of 1 to 5 that the
publisher's words "1 to 5" do not, and of a larger one, withheld to protect another, no more than its own counts do.
"""

from collections.abc import Iterable, Sequence
from typing import TypedDict

from cptrends import words
from cptrends.data import areas, booked, events, figures, measures, sentences, years
from cptrends.data.status import MEANING
from cptrends.errors import BadInput
from cptrends.files import toml
from cptrends.memory import remembered

#: The statuses of a figure that a comparison must tell, as sentences name them.
_TOLD = {"estimated": "an estimate", "low_confidence": "of low reliability", "unverified": "of no confirmed source"}
_ADDS_UP = ("flow", "stock", "money")
#: Where more than this share of the authorities is left out for withheld counts, the others are no fair sample of the
#: whole and nothing is said of it: most withheld counts are small ones, and some are withheld only to protect another.
_MOST_WITHHELD = 0.1


class LikeForLike(TypedDict):
    """Two years on the same authorities."""

    earlier: float
    later: float
    change: float
    percent_change: float | None
    areas: int
    left_out: tuple[str, ...]


class Comparison(TypedDict):
    """Whether two years compare, in words, and on the same authorities."""

    answer: str
    sentence: str
    like_for_like: LikeForLike | None


def compare(
    parts: Sequence[str], area: str, earlier: int, later: int, *, per: float = 1, release: str = figures.LATEST
) -> Comparison:
    """Whether figures of two years compare, of one measure or of the ratio of two.

    Parameters
    ----------
    parts : sequence of str
        A measure, or numerator and denominator.
    area : str
        A name or code.
    earlier, later : int
        Years ending 31 March.
    per : float
        What a ratio is multiplied by.
    release : str
        As for `load`.

    Returns
    -------
    dict
        As `cptrends.comparable`.

    Raises
    ------
    BadInput
        If a measure, the area or the release is not known, or the years are not two, in order.

    >>> compare(["imd_score"], "Kent", 2015, 2019)["answer"]
    'no'
    """
    for part in parts:
        measures.measure(part)
    earlier, later = years.whole(earlier), years.whole(later)
    if not earlier < later:
        raise BadInput(f"{earlier} does not come before {later}; give two different years, the earlier one first")
    if release not in (figures.LATEST, figures.AS_PUBLISHED):
        figures.known_release(release)
    code = areas.find(area)
    found = _compared(tuple(parts), code, earlier, later, float(per), release)
    like = found["like_for_like"]
    return Comparison(
        answer=found["answer"],
        sentence=found["sentence"],
        like_for_like=None if like is None else LikeForLike(**like),
    )


@remembered
def _compared(parts: tuple[str, ...], code: str, earlier: int, later: int, per: float, release: str) -> Comparison:
    for part in parts:
        figures.pick(part, release)  # says what is wrong with the release
    years = (earlier, later)
    without = list(dict.fromkeys(s for part in parts for year in years if (s := _no_figure(part, code, year, release))))
    if without:
        return Comparison(answer="no", sentence=" ".join(without), like_for_like=None)
    crossed = [event for part in parts for event in _crossed(part, code, earlier, later, release)]
    said = [event.what for event in crossed]
    said += [s for part in parts for s in _of_status(part, code, years, release)]
    said += _of_members(parts, code, years, release)
    unspent = [s for part in parts for year in years if (s := _nothing_spent(part, code, year, release))]
    said += unspent
    no = bool(unspent) or any(event.answer == "no" for event in crossed)
    answer = "no" if no else "with_caution" if said else "yes"
    like = None if no else _like_for_like(parts, code, years, per, release)
    return Comparison(answer=answer, sentence=" ".join(dict.fromkeys(said)), like_for_like=like)


@remembered
def _placed(measure: str, release: str) -> dict[tuple[str, int], tuple[float, str, str]]:
    """(area, year) -> value, status and release of the figure that was picked."""
    table = figures.pick(measure, release)
    keys = zip(table["area_code"], table["year"], strict=True)
    return dict(zip(keys, zip(table["value"], table["status"], table["release"], strict=True), strict=True))


def _figure(measure: str, code: str, year: int, release: str) -> tuple[float, str, str]:
    return _placed(measure, release).get((code, year), (float("nan"), "", ""))


def releases_of(parts: Iterable[str], area_code: str, year: int, release: str) -> str:
    """The releases that figures of a year were picked from, joined by a blank, each once.

    >>> releases_of(["plans_31_march", "population_0_17"], areas.ENGLAND, 2015, "cin-2015")
    'cin-2015'
    """
    return " ".join(dict.fromkeys(filter(None, (_figure(part, area_code, year, release)[2] for part in parts))))


def _has(measure: str, code: str, year: int, release: str) -> bool:
    value = _figure(measure, code, year, release)[0]
    return value == value


def when(measure: str, year: int) -> str:
    """A year as sentences on two years have it; that of an index is no year ending 31 March.

    >>> when("referrals", 2025), when("imd_score", 2025)
    ('2024/25', '2025')
    """
    kind = measures.measure(measure)["kind"]
    return str(year) if kind in ("score", "rank") else words.year(year)


def _no_figure(measure: str, code: str, year: int, release: str) -> str:
    """Why an area has no figure; "" where it has one."""
    if _has(measure, code, year, release):
        return ""
    if not areas.existed(code, year):
        return sentences.lineage(code) + "; the series are not joined."
    status = _figure(measure, code, year, release)[1]
    why = MEANING[status][0].lower() + MEANING[status][1:-1] if status in MEANING else "none is published"
    return f"{areas.name(code)} has no figure for {when(measure, year)}: {why}."


def _crossed(measure: str, code: str, earlier: int, later: int, release: str) -> list[events.Event]:
    """The events that touch an area and are not true of both years alike."""
    found = []
    for event in events.of(measure, [code], release):
        if event.published:
            footings = {_published(measure, code, year, release) >= event.published for year in (earlier, later)}
            crossed = len(footings) == 2
        else:
            crossed = event.crossed(earlier, later)
        if crossed:
            found.append(event)
    return found


def _published(measure: str, code: str, year: int, release: str) -> str:
    return _dates()[_figure(measure, code, year, release)[2]]


@remembered
def _dates() -> dict[str, str]:
    table = figures.releases()
    return dict(zip(table["release"], table["published"], strict=True))


def _of_status(measure: str, code: str, years: Iterable[int], release: str) -> list[str]:
    told = []
    for year in years:
        status = _figure(measure, code, year, release)[1]
        if status in _TOLD:
            label = measures.measure(measure)["label"]
            what = label[0].lower() + label[1:]
            told.append(f"{areas.name(code)}'s figure of {when(measure, year)} for {what} is {_TOLD[status]}.")
    return told


def _nothing_spent(measure: str, code: str, year: int, release: str) -> str:
    """Spending of zero or less is no figure of what was spent: it can be booked on another line."""
    if not booked.spending(measure) or not booked.elsewhere(_figure(measure, code, year, release)[0]):
        return ""
    return booked.lacking(areas.name(code), year)


@remembered
def _members(code: str) -> tuple[str, ...]:
    """The authorities of England or a region, in all years; none for an authority."""
    if areas.register()[code]["level"] == "authority":
        return ()
    return tuple(each for each in areas.authorities() if code in areas.above(each))


def _returned(measure: str) -> bool:
    """Whether authorities themselves give the figures that a total is made of."""
    return measure not in toml("cptrends.data", "events.toml")["sets"]["estimates"]


def _of_members(parts: Sequence[str], code: str, years: Iterable[int], release: str) -> list[str]:
    """The authorities whose figures a total lacks or stands in for, apart from those withheld or told by an event."""
    told = []
    for year in years:
        without: dict[str, None] = {}
        unspent: dict[str, None] = {}
        for part in filter(_returned, parts):
            here = [each for each in _members(code) if areas.existed(each, year)]
            if not any(_has(part, each, year, release) for each in here):
                continue  # nobody has a figure of their own, as in a national series
            for each in here:
                if each in _not_its_own(part, year, release) or each in areas.TINY:
                    continue
                if _has(part, each, year, release):
                    unspent |= {each: None} if _nothing_spent(part, each, year, release) else {}
                elif _figure(part, each, year, release)[1] not in ("suppressed", "not_applicable"):
                    without[each] = None
        at = when(parts[0], year)
        if without:
            its = "its" if len(without) == 1 else "their"
            told.append(f"{_these(without, 'has', 'have')} no figure of {its} own for {at}.")
        if unspent:
            records = _these(unspent, "records", "record")
            told.append(f"{records} spending of zero or less for {at}; it may be booked on another line.")
    return told


def _these(codes: Iterable[str], one: str, several: str) -> str:
    """Three areas at most by name, more of them by their number, and the verb."""
    names = [areas.name(code) for code in codes]
    who = words.listed(names) if len(names) < 4 else f"{words.spelt(len(names)).capitalize()} authorities"
    return f"{who} {one if len(names) == 1 else several}"


def _groups(code: str, years: tuple[int, int]) -> list[tuple[list[str], list[str]]]:
    """The authorities of an area in the earlier and in the later year: one, or all that came before and after."""
    there = [c for c in _members(code) if any(areas.existed(c, year) for year in years)]
    group = {c: {c} for c in there}
    for each in there:
        for after in areas.register()[each]["successors"]:
            if after in group and not (areas.existed(each, years[0]) and areas.existed(each, years[1])):
                joined = group[each] | group[after]
                group.update(dict.fromkeys(joined, joined))
    distinct = {id(members): members for members in group.values()}.values()
    order = {c: n for n, c in enumerate(there)}
    earlier, later = years
    in_order = [sorted(members, key=order.__getitem__) for members in distinct]
    return [
        ([c for c in members if areas.existed(c, earlier)], [c for c in members if areas.existed(c, later)])
        for members in in_order
    ]


def _like_for_like(
    parts: tuple[str, ...], code: str, years: tuple[int, int], per: float, release: str
) -> LikeForLike | None:
    if len(parts) == 1 and "parts" in (entry := measures.measure(parts[0])):
        parts, per = tuple(entry["parts"]), 100 if entry["unit"] == "percent" else 10_000
    if not _members(code) or any(measures.measure(part)["kind"] not in _ADDS_UP for part in parts):
        return None
    if not all(_given(part, release) for part in parts):
        return None
    sums = {(part, year): 0.0 for part in parts for year in years}
    count = 0
    left_out: list[str] = []
    withheld: list[set[str]] = []
    for members in (groups := _groups(code, years)):
        placed = [(part, year, c) for part in parts for year, here in zip(years, members, strict=True) for c in here]
        spoilt = [place for place in placed if not _usable(*place, release)]
        if not all(members) or spoilt:
            left_out += [areas.name(c) for c in dict.fromkeys(members[0] + members[1])]
            withheld.append({part for part, year, c in spoilt if _withheld(part, year, c, release)})
            continue
        count += 1
        for part, year, c in placed:
            sums[part, year] += _figure(part, c, year, release)[0]
    if not count or sum(map(bool, withheld)) > _MOST_WITHHELD * len(groups):
        return None
    for part, year in sums:
        if any(part in parts_withheld for parts_withheld in withheld):
            sums[part, year] = 10.0 * round(sums[part, year] / 10)
    first, last = (_value([sums[part, year] for part in parts], per) for year in years)
    if first is None or last is None:
        return None
    return LikeForLike(
        earlier=first,
        later=last,
        change=last - first,
        percent_change=100 * (last / first - 1) if first > 0 else None,
        areas=count,
        left_out=tuple(left_out),
    )


def _given(measure: str, release: str) -> bool:
    """Whether a release gives a measure at all; some give a percentage without its parts."""
    try:
        figures.pick(measure, release)
    except BadInput:
        return False
    return True


def _value(sums: list[float], per: float) -> float | None:
    if len(sums) == 1:
        return sums[0]
    return per * sums[0] / sums[1] if sums[1] > 0 else None


def _usable(measure: str, year: int, code: str, release: str) -> bool:
    """Whether an authority has a figure of its own that can stand in a sum."""
    if code in _not_its_own(measure, year, release) or not _has(measure, code, year, release):
        return False
    return not _nothing_spent(measure, code, year, release)


def _withheld(measure: str, year: int, code: str, release: str) -> bool:
    return code not in _not_its_own(measure, year, release) and _figure(measure, code, year, release)[1] == "suppressed"


@remembered
def _not_its_own(measure: str, year: int, release: str) -> frozenset[str]:
    """The authorities whose figure of a year is carried over, withdrawn or booked elsewhere."""
    spoilt = (e for e in events.of(measure, None, release) if e.kind in events.NOT_ITS_OWN and e.holds(year))
    return frozenset(code for event in spoilt for code in event.own)
