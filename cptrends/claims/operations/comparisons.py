"""Yes or no, up or down: one year above others, some measures above others, the direction between two years."""

import itertools
import re

from cptrends import words
from cptrends.claims.operations.declared import operation
from cptrends.claims.operations.figures import (
    Answer,
    Figures,
    Missing,
    Rounded,
    area_of,
    by_area_and_year,
    figure,
    steps_said,
    within,
)
from cptrends.claims.operations.keys import AREA, MEASURE, MEASURES, YEAR, YES_OR_NO, Calculation
from cptrends.claims.operations.one_area import caution
from cptrends.claims.operations.texts import FIGURE, fetch_printed, of_another_measure, told
from cptrends.data import areas, comparability, measures
from cptrends.errors import BadInput


@operation(
    needs={"measure": MEASURE, "year": YEAR, "from": YEAR, "to": YEAR},
    may={"area": AREA, "text": FIGURE},
    looks_up=("year",),
    answer="yes or no",
    senseless=lambda calculation: of_another_measure(calculation) if "text" in calculation else [],
)
def above_all(calculation: Calculation, figures: Figures) -> Answer:
    """Whether a year's figure is above those of every year in a span.

    With `text` the years whose figure has no confirmed source are taken at what that text prints of them.
    """
    measure, area = calculation["measure"], area_of(calculation)
    value, half = figures.fetch(measure, area, calculation["year"])
    others, absent, from_text = [], [], []
    for year in range(calculation["from"], calculation["to"] + 1):
        try:
            if "text" in calculation and figure(measure, area, year, figures.release)[2] == "unverified":
                from_text.append(year)
                continue
            others.append((year, *figures.fetch(measure, area, year)))
        except (BadInput, Missing):
            absent.append(str(year))
    if absent:
        raise Missing(f"no figure for {words.listed(absent)}")
    if from_text:
        printed = fetch_printed(calculation["text"], figures)
        others = [*((year, printed.value, printed.high - printed.value) for year in from_text), *others]
    highest = max(others, key=lambda other: other[1])
    note = f"The highest of the {len(others)} years is {words.number(highest[1])}, in {words.year(highest[0])}."
    if abs(value - highest[1]) <= half + highest[2]:
        note += " The difference is within the rounding."
    if from_text:
        note += f" {words.listed(map(words.year, from_text))} from a text alone. {told(calculation['text'])}"
    read = [year for year, *_ in others if year not in (calculation["year"], *from_text)]
    pairs = [sorted((year, calculation["year"])) for year in read]
    found = [comparability.compare([measure], area, *pair, release=figures.release)["sentence"] for pair in pairs]
    cautions = " ".join(dict.fromkeys(sentence for each in found for sentence in re.findall(r"\S.*?\.(?= |$)", each)))
    return Answer(bool(value > highest[1]), note=f"{note} With caution: {cautions}" if cautions else note)


@operation(needs={"measures": MEASURES, "others": MEASURES, "year": YEAR}, may={"area": AREA}, answer="yes or no")
def all_above(calculation: Calculation, figures: Figures) -> Answer:
    """Whether each of some measures is above every one of some others."""
    above, below = (
        {name: figures.fetch(name, area_of(calculation), calculation["year"])[0] for name in calculation[some]}
        for some in ("measures", "others")
    )
    least, most = min(above, key=lambda name: above[name]), max(below, key=lambda name: below[name])
    said = [
        f"{measures.measure(name)['label']}, {words.number(value)}"
        for name, value in ((least, above[least]), (most, below[most]))
    ]
    note = f"The lower of the first: {said[0]}. The highest of the others: {said[1]}."
    return Answer(above[least] > below[most], note=note)


@operation(
    needs={"measure": MEASURE, "from": YEAR, "to": YEAR},
    may={"area": AREA, "denominator": MEASURE, "real_terms": YES_OR_NO},
    answer="direction",
)
def direction(calculation: Calculation, figures: Figures) -> Answer:
    """Up, down or level between two years, beyond what rounding could do, and how steadily.

    With `denominator` the ratio of the two is followed; with `real_terms` in the prices of 2024-25.
    """
    measure, between = calculation["measure"], range(calculation["from"], calculation["to"] + 1)
    table, code = by_area_and_year(measure, figures.release), areas.find(area_of(calculation))
    years = [year for year in between if (found := table.get((code, year))) and found[0] == found[0]]
    if absent := [year for year in (calculation["from"], calculation["to"]) if year not in years]:
        kind = measures.measure(measure)["kind"]
        raise Missing(f"no figure for {words.listed(words.year(year, kind) for year in absent)}")
    followed = [_of_year(calculation, figures, year) for year in years]
    (first, half), (last, other) = followed[0], followed[-1]
    way = "up" if last - first > half + other else "down" if first - last > half + other else "level"
    steps = [later - earlier for (earlier, _), (later, _) in itertools.pairwise(followed)]
    agree = sum(step > 0 if way == "up" else step < 0 for step in steps)
    note = f"{words.number(first, _digits(first))} to {words.number(last, _digits(last))}"
    note += "." if way == "level" or len(steps) < 2 else f"; {steps_said(agree, len(steps))}"
    if len(years) < len(between):
        note += f" No figure for {len(between) - len(years)} of the years."
    return Answer(way, note=f"{note} {caution(calculation, figures)}".strip())


def _of_year(calculation: Calculation, figures: Figures, year: int) -> Rounded:
    """A year's figure and what its rounding leaves open on either side."""
    area = area_of(calculation)
    pairs = [figures.fetch(calculation["measure"], area, year)]
    pairs.append(figures.fetch(calculation["denominator"], area, year) if "denominator" in calculation else (1.0, 0.0))
    pairs.append(figures.fetch("gdp_deflator", "England", year) if calculation.get("real_terms") else (100.0, 0.0))
    value, low, high = within(lambda value, over, prices: 100 * value / over / prices, *pairs)
    return value, (high - low) / 2


def _digits(value: float) -> int:
    return 0 if value.is_integer() or abs(value) >= 100 else 1
