"""Whether an indicator or a measure of two years compares, and how it moved, in words that carry the caution.

Every sentence that compares two years of one area is made by `moved`, `grew` or `place`, which ask `comparable`.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from cptrends import data, words
from cptrends.data import areas, comparability, measures, rounding
from cptrends.data.figures import AS_PUBLISHED, LATEST
from cptrends.errors import BadInput
from cptrends.files import did_you_mean, nearest
from cptrends.indicators.table import indicator, register


def comparable(
    measure_or_indicator: str, area: str, earlier: int, later: int, release: str = "latest"
) -> comparability.Comparison:
    """Whether the figures of two years compare, with the sentence to print and both years on the same authorities.

    Parameters
    ----------
    measure_or_indicator : str
        A name of the data dictionary or of the register of indicators.
    area : str
        A name or code.
    earlier, later : int
        Years ending 31 March.
    release : str
        As for `cptrends.load`.

    Returns
    -------
    dict
        answer: "yes" where nothing is known against it, "with_caution", or "no" (a figure is missing, or the two
        were worked out in different ways). sentence: what to print beside the comparison, "" where the answer is yes.
        like_for_like: None, or for England and regions earlier, later, change, percent_change, areas (how many)
        and left_out (names). It rests on the authorities with a figure of their own in both years; those that were
        split or merged count as one, where all of them have one. An indicator's is the ratio of the sums. Sums are
        rounded to 10 where an authority's count is withheld.

    Raises
    ------
    BadInput
        If the name, the area or the release is not known, or the years are not two, the earlier one first.

    Examples
    --------
    >>> import cptrends
    >>> found = cptrends.comparable("referrals", "England", 2024, 2025, release="cin-2025")
    >>> found["answer"], found["sentence"].split(". ")[0]
    ('with_caution', "Hampshire's figures of 2023/24 are those of the year before")
    >>> same = found["like_for_like"]
    >>> same["earlier"], same["later"], same["areas"], same["left_out"]
    (590572.0, 589880.0, 151, ('Hampshire', 'Herefordshire'))
    """
    parts = parts_of(measure_or_indicator)
    per = register()[measure_or_indicator]["per"] if len(parts) == 2 else 1
    found = comparability.compare(parts, area, earlier, later, per=per, release=release)
    if found["answer"] == "no" and (own := register().get(measure_or_indicator, {}).get("published")):
        # Where a year has the publisher's own figure and no counts, that figure is the indicator's.
        if release in (LATEST, AS_PUBLISHED) and not any(_missing(own, area, y, release) for y in (earlier, later)):
            return comparability.compare([own], area, earlier, later, release=release)
    if found["answer"] == "no" and len(parts) == 2:
        return _none_of_withheld(found, measure_or_indicator, area, (earlier, later), release)
    return found


def _none_of_withheld(
    found: comparability.Comparison, name: str, area: str, years: tuple[int, int], release: str
) -> comparability.Comparison:
    """Where a year's figure is zero of a withheld number it is a figure, though one of its parts is not printed."""
    none = [year for year in years if published(name, area, year, release) == 0]
    missing = [year_of(name, year) for year in years if _missing(name, area, year, release)]
    if not none or len(missing) == 2:
        return found
    if missing:
        return found | {"sentence": f"{areas.name(areas.find(area))} has no figure for {missing[0]}."}
    sentence = (
        f"The figure of {words.listed(year_of(name, year) for year in none)} is zero of a number that is withheld."
    )
    return found | {"answer": "with_caution", "sentence": sentence}


def parts_of(measure_or_indicator: str) -> list[str]:
    """The measures that a figure is made of: itself, or numerator and denominator.

    >>> parts_of("referrals"), parts_of("plan_rate")
    (['referrals'], ['plans_31_march', 'population_0_17'])
    """
    if not isinstance(measure_or_indicator, str):
        raise BadInput(f"{str(measure_or_indicator)[:60]!r} is no name of a measure or indicator; give one, as text")
    if measure_or_indicator in register():
        return [register()[measure_or_indicator][part] for part in ("numerator", "denominator")]
    if measure_or_indicator in measures.dictionary():
        return [measure_or_indicator]
    near = nearest(measure_or_indicator, [*measures.dictionary(), *register()])
    hint = did_you_mean(near, "`cptrends measures` and `cptrends indicator list` have them all")
    raise BadInput(f"no measure or indicator is called {str(measure_or_indicator)[:60]!r}; {hint}")


def _missing(name: str, area: str, year: int, release: str) -> bool:
    value = published(name, area, year, release)
    return value != value


def published(measure_or_indicator: str, area: str, year: int, release: str = "latest") -> float:
    """The figure of a measure or an indicator, as it is published or worked out from what is; NaN where there is none.

    >>> published("referrals", "England", 2025, "cin-2025")
    632830.0
    """
    fetch = indicator if measure_or_indicator in register() else data.load
    try:
        return float(fetch(measure_or_indicator, area=area, start=year, end=year, release=release).value.iloc[0])
    except BadInput:
        if measure_or_indicator not in register():
            measures.measure(measure_or_indicator)
        areas.find(area)
        return float("nan")


def moved(
    measure_or_indicator: str,
    area: str,
    earlier: int,
    later: int,
    *,
    by: Literal["percent", "level"] | None = None,
    release: str = "latest",
) -> str:
    """How a figure moved between two years, with the caution that there is: the end of a sentence on the later year.

    Parameters
    ----------
    measure_or_indicator, area, earlier, later, release
        As for `comparable`.
    by : {"percent", "level"}, optional
        "down 0.1% on 2023/24", or "up from 16.6% in 2014/15"; the first when left out, but for percentages the second.

    Returns
    -------
    str
        Like for like first where that differs from the published figures by more than rounding, and both are given.

    >>> moved("referrals", "Kent", 2023, 2024, release="cin-2025")
    'up 6.7% on 2022/23'
    >>> moved("repeat_plan_percent", "England", 2015, 2020, release="cin-2020")
    'up from 16.6% in 2014/15'
    """
    name = measure_or_indicator
    found = comparable(name, area, earlier, later, release)
    before, after = (published(name, area, year, release) for year in (earlier, later))
    when, known = year_of(name, earlier), _clauses(found)
    if found["answer"] == "no":
        return f"not to be compared with {when} ({known})"
    by = by or ("level" if _in_percent(name) else "percent")
    if before <= 0:
        by = "level"  # nothing is so many percent more than zero
    plain, same = _way(name, by, before, after, when, _as_printed(name, area, earlier, release)), found["like_for_like"]
    if same and _differs(name, (before, after), (same["earlier"], same["later"])):
        like = _way(name, by, same["earlier"], same["later"], when)
        if by == "level":  # the later level of a sentence is the published one
            like += f" to {shown(name, same['later'])}"
        who = "areas" if _reorganised(area, earlier, later) else "authorities"
        known = "; ".join(filter(None, [f"{plain.removesuffix(f' on {when}')} as published", known]))
        return f"{like} over the {same['areas']} {who} with a figure of their own in both years ({known})"
    return plain + (f" ({known})" if known else "")


def caution(
    measure_or_indicator: str, area: str, earlier: int, later: int, release: str = "latest", *, per: str | None = None
) -> str:
    """What is known against comparing two years, in brackets after a blank; "" where nothing is.

    Where no indicator is declared of two measures that are divided, `per` is the second.

    >>> caution("referrals", "South East", 2023, 2024, "cin-2025")
    " (Hampshire's figures of 2023/24 are those of the year before)"
    """
    if per is not None:
        found = comparability.compare([measure_or_indicator, per], area, earlier, later, release=release)
    else:
        found = comparable(measure_or_indicator, area, earlier, later, release)
    return f" ({_clauses(found)})" if found["sentence"] else ""


def _clauses(found: comparability.Comparison) -> str:
    return found["sentence"].rstrip(".").replace(". ", "; ")


def year_of(name: str, year: int) -> str:
    """A year of a measure or indicator in words: a day for what is counted on one.

    >>> year_of("plan_rate", 2025), year_of("referrals", 2025), year_of("imd_score", 2025)
    ('31 March 2025', '2024/25', '2025')
    """
    measure = register()[name]["numerator"] if name in register() else name
    kind = measures.measure(measure)["kind"]
    return words.year(year, kind) if kind == "stock" else comparability.when(measure, year)


def shown(name: str, value: float) -> str:
    """A value of a measure or indicator as sentences have it: shares in percent, money in pounds, rates with a digit.

    >>> shown("repeat_plan_share", 24.5), shown("referrals", 632830.0), shown("spend_per_child", 300.4)
    ('24.5%', '632,830', '£300')
    """
    if _in_percent(name):
        return words.percent(value)
    if register()[name]["shown"] == "pounds" if name in register() else measures.measure(name)["kind"] == "money":
        return words.pounds(value)
    return words.number(value, 0 if name in measures.dictionary() and float(value).is_integer() else 1)


def _as_printed(name: str, area: str, year: int, release: str) -> str | None:
    """A percentage that the publisher gives as a whole number, as one; None for any other figure."""
    if name in register() or not _in_percent(name):
        return None
    row = data.load(name, area=area, start=year, end=year, release=release).iloc[0]
    half = rounding.half_unit(name, row["area_code"], row["value"], row["status"], row["release"])
    return words.percent(row["value"], 0) if half >= 0.5 else None


def _way(name: str, by: str, before: float, after: float, when: str, printed: str | None = None) -> str:
    """Up or down, by how many percent or from which level; no change where none would be printed."""
    change = 100 * (after / before - 1) if before > 0 else float("nan")
    if not round(change, 1) if by == "percent" else shown(name, before) == shown(name, after):
        return f"unchanged from {when}"
    way = "up" if after > before else "down"
    if by == "percent":
        return f"{way} {words.percent(abs(change))} on {when}"
    return f"{way} from {printed or shown(name, before)} {'on' if when.startswith('31 March') else 'in'} {when}"


def _differs(name: str, plain: tuple[float, float], same: tuple[float, float]) -> bool:
    """Whether like for like says more than rounding another thing than the published figures: in percent, or points."""
    if _in_percent(name):
        changes = [after - before for before, after in (plain, same)]
    else:
        changes = [100 * (after / before - 1) if before > 0 else 0.0 for before, after in (plain, same)]
    return round(changes[0], 1) != round(changes[1], 1) and abs(changes[0] - changes[1]) > 0.05


def _in_percent(name: str) -> bool:
    return (register()[name]["shown"] if name in register() else measures.measure(name)["unit"]) == "percent"


def _reorganised(area: str, earlier: int, later: int) -> bool:
    code = areas.find(area)
    return any(
        code in areas.above(each) and areas.existed(each, earlier) != areas.existed(each, later)
        for each in areas.authorities()
    )


class Place(NamedTuple):
    """How a figure stands among earlier ones: words, the years that they name, and how each year was compared."""

    text: str
    years: tuple[int, ...]
    like_for_like: bool


def place(measure: str, area: str, years: Iterable[int], later: int, release: str = "latest") -> Place:
    """How a year's figure stands among earlier ones: the most or the fewest, and since which.

    Where the published figures and both years over the same authorities put it alike, that is said, with the caution
    that there is of the year named; where they do not, what holds of the same authorities. Where a year does not
    compare, nothing is said.

    Parameters
    ----------
    measure, area, later, release
        As for `comparable`.
    years : iterable of int
        The earlier years, the last of them the one that the figure has moved from.

    Returns
    -------
    Place

    >>> place("plans_31_march", "Kent", range(2014, 2017), 2017, release="cin-2020")
    Place(text='the most since 31 March 2015', years=(2015,), like_for_like=False)
    """
    earlier = sorted(years)
    plain, same = {}, {}
    for year in earlier:
        found = comparable(measure, area, year, later, release)
        like = found["like_for_like"]
        if found["answer"] == "no" or (found["answer"] != "yes" and like is None):
            return Place("", (), False)
        plain[year] = published(measure, area, later, release) - published(measure, area, year, release)
        same[year] = plain[year] if found["answer"] == "yes" or like is None else like["change"]
    text, named = _among(measure, same)
    known = caution(measure, area, named, later, release)
    if _among(measure, plain) == (text, named):
        return Place(text + known, (named,), False)
    each = "each year compared over the authorities with a figure of their own in both, they are"
    return Place(f"{each} {text}{known}", (named,), True)


def _among(measure: str, steps: dict[int, float]) -> tuple[str, int]:
    """The most or the fewest since which year, from the steps up from each earlier one; and the year named."""
    first, *_, last = (*steps, *steps)
    rose = steps[last] > 0
    if all(step > 0 for step in steps.values()):
        return f"the most of any year from {year_of(measure, first)} on", first
    if all(step < 0 for step in steps.values()):
        return f"the fewest of any year from {year_of(measure, first)} on", first
    beyond = [year for year, step in steps.items() if (step < 0 if rose else step > 0)]
    if not beyond:
        return f"as {'many' if rose else 'few'} as in any year from {year_of(measure, first)} on", first
    return f"the {'most' if rose else 'fewest'} since {year_of(measure, beyond[-1])}", beyond[-1]
