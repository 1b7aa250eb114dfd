"""The authorities beside each other: one's place, the lowest and highest, how many rose, how many gave no figure."""

from typing import TYPE_CHECKING

from cptrends import words
from cptrends.claims.operations.declared import operation
from cptrends.claims.operations.figures import Answer, Figures, Missing, by_area_and_year, spread
from cptrends.claims.operations.keys import ABOVE_ZERO, AREA, AREAS, MEASURE, YEAR, YES_OR_NO, Calculation, one_of
from cptrends.data import areas, events

if TYPE_CHECKING:
    import pandas as pd


@operation(
    needs={"numerator": MEASURE, "denominator": MEASURE, "year": YEAR},
    may={
        "per": ABOVE_ZERO,
        "take": one_of("england", "lowest", "median", "mean", "highest"),
        "leave_out": AREAS,
    },
    looks_up=("year",),
)
def per_head(calculation: Calculation, figures: Figures) -> Answer:
    """England's ratio of two measures, or the lowest, median or highest of the authorities'."""
    parts, year, take = _parts(calculation), calculation["year"], calculation.get("take", "england")
    if take == "england":
        pairs = figures.fetch_parts(*parts, "England", year)
        return spread(lambda a, b: calculation.get("per", 1) * a / b, *pairs)
    ratios = ratio_by_authority(calculation, figures, year)
    if ratios.empty:
        raise Missing(f"no authority has both figures in {year}")
    if take in ("median", "mean"):
        for part in parts:
            figures.note_authorities(part, year, ratios)
        return Answer(float(ratios.agg(take)), note=f"The {take} of {len(ratios)} authorities.")
    at = ratios.idxmin() if take == "lowest" else ratios.idxmax()
    for part in parts:
        figures.fetch(part, at, year)
    left_out = words.listed([areas.name(areas.find(a)) for a in calculation.get("leave_out", [])])
    note = f"{areas.name(at)}, of {len(ratios)} authorities" + (f"; left out: {left_out}." if left_out else ".")
    return Answer(float(ratios[at]), note=note)


@operation(
    needs={"numerator": MEASURE, "denominator": MEASURE, "from": YEAR, "to": YEAR},
    may={"leave_out": AREAS},
)
def authorities_up(calculation: Calculation, figures: Figures) -> Answer:
    """The share of authorities whose ratio of two measures is higher in one year than in another."""
    first, last = (ratio_by_authority(calculation, figures, calculation[year]) for year in ("from", "to"))
    both = first.index.intersection(last.index)
    if both.empty:
        raise Missing("no authority has both figures in both years")
    for part in _parts(calculation):
        for year in (calculation["from"], calculation["to"]):
            figures.fetch(part, "England", year)
    up = int((last[both] > first[both]).sum())
    note = f"{up} of the {len(both)} authorities with figures in both years."
    crossed = [
        event.what
        for part in _parts(calculation)
        for event in events.of(part)
        if not event.own and event.crossed(calculation["from"], calculation["to"])
    ]
    return Answer(100 * up / len(both), note=" ".join(dict.fromkeys([note, *crossed])))


@operation(needs={"measure": MEASURE, "other": MEASURE, "from": YEAR, "to": YEAR}, answer="yes or no")
def mostly_faster(calculation: Calculation, figures: Figures) -> Answer:
    """Whether in most authorities one measure rose by more per cent, or fell by less, than another."""
    growth = []
    for measure in (calculation["measure"], calculation["other"]):
        first, last = (figures.of_authorities(measure, calculation[year]) for year in ("from", "to"))
        figures.note_authorities(measure, calculation["from"], first)
        figures.note_authorities(measure, calculation["to"], last)
        growth.append((last / first.where(first > 0)).dropna())
    both = growth[0].index.intersection(growth[1].index)
    if both.empty:
        raise Missing("no authority has all four figures")
    faster = int((growth[0][both] > growth[1][both]).sum())
    return Answer(2 * faster > len(both), note=f"In {faster} of the {len(both)} authorities with all four figures.")


@operation(needs={"measure": MEASURE, "year": YEAR})
def authorities_without(calculation: Calculation, figures: Figures) -> Answer:
    """How many authorities gave no figure at all; one that is withheld was given."""
    measure, year = calculation["measure"], calculation["year"]
    there = areas.authorities(year)
    table, absent = by_area_and_year(measure, figures.release), (None, "unavailable", "")
    without = [code for code in there if table.get((code, year), absent)[1] == "unavailable"]
    figures.fetch(measure, "England", year)
    note = f"Of {len(there)}: {words.listed(map(areas.name, without)) or 'none'}."
    return Answer(float(len(without)), note=note)


@operation(
    needs={"measure": MEASURE, "area": AREA, "year": YEAR},
    may={"highest_first": YES_OR_NO},
    looks_up=("year",),
)
def rank(calculation: Calculation, figures: Figures) -> Answer:
    """An authority's place among all, 1 the highest."""
    value, _ = figures.fetch(calculation["measure"], calculation["area"], calculation["year"])
    known = figures.of_authorities(calculation["measure"], calculation["year"]).dropna()
    higher = (known > value) if calculation.get("highest_first", True) else (known < value)
    return Answer(float(higher.sum() + 1), note=f"Of {len(known)} authorities with a figure.")


def ratio_by_authority(calculation: Calculation, figures: Figures, year: int) -> "pd.Series":
    """The ratio of two measures for every authority that has both, the ones left out by name apart."""
    over, under = (figures.of_authorities(part, year) for part in _parts(calculation))
    ratios = (calculation.get("per", 1) * over / under).dropna()
    return ratios[(ratios > 0) & ~ratios.index.isin([areas.find(area) for area in calculation.get("leave_out", [])])]


def _parts(calculation: Calculation) -> tuple[str, str]:
    return calculation["numerator"], calculation["denominator"]
