"""Whether two things go together across authorities, by a test stated beforehand."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cptrends.claims.operations.authorities import ratio_by_authority
from cptrends.claims.operations.declared import operation
from cptrends.claims.operations.figures import Answer, Figures, Missing
from cptrends.claims.operations.grades import FRAMEWORKS, standing
from cptrends.claims.operations.keys import (
    ABOVE_ZERO,
    AREAS,
    DATE,
    MEASURE,
    YEAR,
    Calculation,
    as_many,
    one_of,
    word_or,
)
from cptrends.data import areas

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


#: What a judgement is called in a sentence.
NAMES = {"grade": "grade", "help_and_protection": "the grade for help and protection"}


def _by_what(calculation: Calculation) -> Iterable[str]:
    """A ratio has two parts and a year, a measure a year, a region neither."""
    further = {"region": (), "per_head": ("numerator", "denominator", "year")}
    against = calculation.get("against")
    return further.get(against, ("year",)) if isinstance(against, str) else ("year",)


@operation(
    needs={"date": DATE, "against": word_or(MEASURE, "region", "per_head")},
    may={
        "frameworks": FRAMEWORKS,
        "judgement": one_of(*NAMES),
        "year": YEAR,
        "numerator": MEASURE,
        "denominator": MEASURE,
        "per": ABOVE_ZERO,
        "called": as_many(1),
        "leave_out": AREAS,
    },
    further=_by_what,
    answer="direction",
)
def association(calculation: Calculation, figures: Figures) -> Answer:
    """Whether authorities' grades on a date go with a figure: the overall ones, or those of a `judgement` of its own.

    Positive means that better grades go with higher figures. "none" is an interval that holds zero.
    """
    from cptrends.indicators import association as tests

    against = calculation["against"]
    judgement = calculation.get("judgement", "grade")
    grades = standing(calculation, figures).set_index("area_code")[judgement].dropna()
    scores = tests.grade_score(grades)
    names = (NAMES[judgement], *calculation.get("called", [against]))
    if against == "region":
        regions = [areas.name(areas.region_of(code)) for code in grades.index]
        row = tests.association(regions, scores, kind="groups", names=names).iloc[0]
        way = "none" if row["chance"] >= 0.05 else "some"
    else:
        theirs = _figures_of(calculation, figures, grades.index)
        row = tests.association(scores, theirs, kind="ordered", names=names).iloc[0]
        way = direction_of(row, "positive", "negative")
    if row["value"] != row["value"]:
        raise Missing(row["sentence"])
    return Answer(way, effect=float(row["value"]), note=str(row["sentence"]))


@operation(
    needs={
        "measure": MEASURE,
        "measure_year": YEAR,
        "numerator": MEASURE,
        "denominator": MEASURE,
        "year": YEAR,
        "called": as_many(2),
    },
    may={"per": ABOVE_ZERO, "leave_out": AREAS},
    answer="direction",
)
def correlation(calculation: Calculation, figures: Figures) -> Answer:
    """Whether two figures go together across authorities; the second is a ratio."""
    from cptrends.indicators import association as tests

    measure, measure_year, year = calculation["measure"], calculation["measure_year"], calculation["year"]
    first = figures.of_authorities(measure, measure_year)
    second = ratio_by_authority(calculation, figures, year)
    both = first.index.intersection(second.index)
    names = tuple(calculation["called"])
    row = tests.association(first[both].to_numpy(), second[both].to_numpy(), kind="ordered", names=names).iloc[0]
    figures.note_authorities(measure, measure_year, first)
    for part in ("numerator", "denominator"):
        figures.note_authorities(calculation[part], year, second)
    if row["value"] != row["value"]:
        raise Missing(row["sentence"])
    way = direction_of(row, "positive", "negative")
    return Answer(way, effect=float(row["value"]), note=str(row["sentence"]))


def direction_of(row: "pd.Series", above: str, below: str) -> str:
    """The word for a value by its interval: "none" where that holds zero."""
    return "none" if row["lower"] <= 0 <= row["upper"] else above if row["value"] > 0 else below


def _figures_of(calculation: Calculation, figures: Figures, codes: "pd.Index") -> "np.ndarray":
    """The figure that goes with each of these authorities."""
    year = calculation["year"]
    if calculation["against"] == "per_head":
        theirs = ratio_by_authority(calculation, figures, year)
        measures = [calculation["numerator"], calculation["denominator"]]
    else:
        theirs = figures.of_authorities(calculation["against"], year)
        measures = [calculation["against"]]
    for measure in measures:
        figures.note_authorities(measure, year, theirs)
    return theirs.reindex(codes).to_numpy(float)
