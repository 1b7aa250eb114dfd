"""Levels, changes and shares of one area's figures, England's where no area is named."""

from cptrends import words
from cptrends.claims.operations.declared import operation
from cptrends.claims.operations.figures import Answer, Figures, Missing, Rounded, area_of, spread
from cptrends.claims.operations.keys import ABOVE_ZERO, AREA, MEASURE, MEASURES, YEAR, YES_OR_NO, Calculation
from cptrends.data import comparability, measures


def _of_a_percentage(calculation: Calculation) -> list[str]:
    name = calculation["measure"]
    if measures.measure(name)["unit"] != "percent":
        return []
    return [f"{name} is a percentage, and a percentage of a percentage misleads; use change, which is in points"]


def _already_a_percentage(calculation: Calculation) -> list[str]:
    name = calculation["numerator"]
    return [f"{name} is a percentage already; use level"] if measures.measure(name)["unit"] == "percent" else []


@operation(needs={"measure": MEASURE, "year": YEAR}, may={"area": AREA, "scale": ABOVE_ZERO}, looks_up=("year",))
def level(calculation: Calculation, figures: Figures) -> Answer:
    """A figure, in another unit where `scale` says so."""
    scale = calculation.get("scale", 1)
    return spread(lambda v: v * scale, figures.fetch(calculation["measure"], area_of(calculation), calculation["year"]))


@operation(needs={"measures": MEASURES, "year": YEAR}, may={"area": AREA, "scale": ABOVE_ZERO})
def total(calculation: Calculation, figures: Figures) -> Answer:
    """Several figures of a year added up, in another unit where `scale` says so."""
    scale = calculation.get("scale", 1)
    found = [figures.fetch(name, area_of(calculation), calculation["year"]) for name in calculation["measures"]]
    return spread(lambda *values: scale * sum(values), *found)


@operation(
    needs={"measure": MEASURE, "from": YEAR, "to": YEAR},
    may={"area": AREA, "fall": YES_OR_NO},
    looks_up=("from", "to"),
)
def change(calculation: Calculation, figures: Figures) -> Answer:
    """By how much a figure rose between two years."""
    first, last = _both_years(calculation, figures)
    sign = _sign(calculation)
    return spread(lambda a, b: sign * (b - a), first, last, note=caution(calculation, figures))


@operation(
    needs={"measure": MEASURE, "from": YEAR, "to": YEAR},
    may={"area": AREA, "fall": YES_OR_NO},
    looks_up=("from", "to"),
    senseless=_of_a_percentage,
)
def percent_change(calculation: Calculation, figures: Figures) -> Answer:
    """By how many per cent a figure rose between two years."""
    first, last = _both_years(calculation, figures)
    if first[0] <= 0:
        raise Missing(
            f"the figure of {calculation['from']} is {first[0]:g}, and a percentage needs more than zero to start from"
        )
    sign = _sign(calculation)
    return spread(lambda a, b: sign * 100 * (b / a - 1), first, last, note=caution(calculation, figures))


@operation(
    needs={"numerator": MEASURE, "denominator": MEASURE, "year": YEAR},
    may={"area": AREA, "per": ABOVE_ZERO},
    looks_up=("year",),
    senseless=_already_a_percentage,
)
def share(calculation: Calculation, figures: Figures) -> Answer:
    """One measure per 100 of another, or per as many as `per` says."""
    over, under = _both_parts(calculation, figures, "year")
    return spread(lambda a, b: calculation.get("per", 100) * a / b, over, under)


@operation(
    needs={"numerator": MEASURE, "denominator": MEASURE, "from": YEAR, "to": YEAR},
    may={"area": AREA},
    senseless=_already_a_percentage,
)
def share_change(calculation: Calculation, figures: Figures) -> Answer:
    """By how many points a share rose between two years."""
    parts = [*_both_parts(calculation, figures, "from"), *_both_parts(calculation, figures, "to")]
    return spread(lambda a, b, x, y: 100 * x / y - 100 * a / b, *parts, note=caution(calculation, figures))


@operation(
    needs={"numerator": MEASURE, "denominator": MEASURE, "from": YEAR, "to": YEAR},
    may={"area": AREA, "fall": YES_OR_NO},
)
def rate_percent_change(calculation: Calculation, figures: Figures) -> Answer:
    """By how many per cent the ratio of two measures rose between two years; over a deflator, in real terms."""
    parts = [*_both_parts(calculation, figures, "from"), *_both_parts(calculation, figures, "to")]
    sign = _sign(calculation)
    return spread(lambda a, b, x, y: sign * 100 * ((x / y) / (a / b) - 1), *parts, note=caution(calculation, figures))


def _both_years(calculation: Calculation, figures: Figures) -> tuple[Rounded, Rounded]:
    first, last = (
        figures.fetch(calculation["measure"], area_of(calculation), calculation[year]) for year in ("from", "to")
    )
    return first, last


def _both_parts(calculation: Calculation, figures: Figures, year: str) -> tuple[Rounded, Rounded]:
    """The numerator and the denominator in the year that a key holds."""
    parts = calculation["numerator"], calculation["denominator"]
    return figures.fetch_parts(*parts, area_of(calculation), calculation[year])


def _sign(calculation: Calculation) -> int:
    """A claim that something fell by so much states the fall as a positive number."""
    return -1 if calculation.get("fall") else 1


def caution(calculation: Calculation, figures: Figures) -> str:
    """What is known against comparing the two years of a calculation, and both like for like; "" where nothing is."""
    earlier, later = calculation["from"], calculation["to"]
    if not earlier < later:
        return ""
    keys = ("measure", "denominator") if "measure" in calculation else ("numerator", "denominator")
    parts = [calculation[key] for key in keys if key in calculation]
    found = comparability.compare(parts, area_of(calculation), earlier, later, per=100, release=figures.release)
    if found["answer"] == "yes":
        return ""
    said = f"{'Does not compare' if found['answer'] == 'no' else 'With caution'}: {found['sentence']}"
    if (same := found["like_for_like"]) and same["percent_change"] is not None:
        said += (
            f" Like for like, over the {same['areas']} areas with a figure of their own in both years: "
            f"{words.signed(same['percent_change'], 1, '%')}."
        )
    return said
