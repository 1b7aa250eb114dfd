"""Ofsted's grades: how many authorities stood at each on a date, and the shares that Ofsted printed."""

from typing import TYPE_CHECKING

from cptrends import data, words
from cptrends.claims.operations.declared import operation
from cptrends.claims.operations.figures import Answer, Figures, Missing
from cptrends.claims.operations.keys import DATE, TEXT, Calculation, one_of, some_of
from cptrends.data import areas, inspections
from cptrends.data.figures import newest
from cptrends.memory import remembered

if TYPE_CHECKING:
    import pandas as pd

FRAMEWORKS = some_of(*inspections.FRAMEWORKS)

_STANDING = {"frameworks": FRAMEWORKS, "by": one_of("published", "inspected"), "published_by": DATE}


@operation(needs={"grades": some_of(*inspections.GRADES), "date": DATE}, may=_STANDING)
def grade_share(calculation: Calculation, figures: Figures) -> Answer:
    """The share of authorities judged, by a date, to be of certain grades."""
    counts, judged = _grades(calculation, figures)
    listed = ", ".join(f"{grade} {number}" for grade, number in counts.items())
    part = sum(counts[grade] for grade in calculation["grades"])
    return Answer(100 * part / judged, note=f"{listed}, of {judged} authorities.")


@operation(needs={"grades": some_of(*inspections.GRADES), "date": DATE}, may=_STANDING)
def grade_count(calculation: Calculation, figures: Figures) -> Answer:
    """How many authorities were judged, by a date, to be of certain grades."""
    counts, judged = _grades(calculation, figures)
    part = sum(counts[grade] for grade in calculation["grades"])
    return Answer(float(part), note=f"Of {judged} authorities judged.")


@operation(needs={"date": DATE}, may={"frameworks": FRAMEWORKS})
def not_yet_judged(calculation: Calculation, figures: Figures) -> Answer:
    """How many of the authorities there were had no overall judgement by a date."""
    _, judged = _grades(calculation, figures)
    date = calculation["date"]
    there = len(areas.authorities(int(date[:4]) + (date[5:] > "03-31")))
    return Answer(float(there - judged), note=f"{judged} of {there} authorities judged by then.")


@operation(
    needs={
        "framework": TEXT,
        "as_at": TEXT,
        "column": one_of("pct_good_or_outstanding", "pct_ri_or_adequate", "pct_inadequate"),
    }
)
def printed_share(calculation: Calculation, figures: Figures) -> Answer:
    """A share of grades that Ofsted printed, or a text that quotes it, where no list of authorities is held."""
    framework, as_at, column = (calculation[key] for key in ("framework", "as_at", "column"))
    printed = data.load_table("grades_as_printed")
    rows = printed[printed["framework"].str.startswith(framework) & (printed["as_at"] == as_at)]
    rows = rows[rows[column] != ""]
    if rows.empty:
        raise Missing(f"no source held prints {column} of {framework} for {as_at}")
    row = rows.iloc[0]
    value = float(row[column])
    half = 0.5 if value.is_integer() else 0.05
    status = "unverified" if row["evidence"] == "unverified" else "rounded"
    year = int(row["as_at"][:4])
    figures.note(f"{row['framework']}, {row['as_at']}", "England", year, value, row["release"], status, half)
    return Answer(value, value - half, value + half, row["note"])


def _grades(calculation: Calculation, figures: Figures) -> tuple[dict[str, int], int]:
    """How many authorities stood at each grade, and how many were judged."""
    counts = standing(calculation, figures)["grade"].value_counts()
    return {grade: int(counts.get(grade, 0)) for grade in inspections.GRADES}, int(counts.sum())


def standing(calculation: Calculation, figures: Figures) -> "pd.DataFrame":
    """The judgement each authority stood under on a date, noted."""
    date, frameworks = calculation["date"], frameworks_of(calculation)
    judged = _judgements(date, frameworks, calculation.get("by", "published"), calculation.get("published_by"))
    if judged.empty:
        raise Missing(f"no authority had been judged under {words.listed(frameworks)} by {date}")
    note_judgements(figures, date, len(judged), newest(judged["release"]))
    return judged


def frameworks_of(calculation: Calculation) -> tuple[str, ...]:
    """The frameworks whose judgements a calculation counts."""
    return tuple(calculation.get("frameworks", inspections.OVERALL))


@remembered
def _judgements(date: str, frameworks: tuple[str, ...], by: str, published_by: str | None) -> "pd.DataFrame":
    table = data.load_table("inspections")
    return inspections.latest_judgements(table, date, frameworks, by=by, published_by=published_by)


def note_judgements(figures: Figures, date: str, number: int, release: str) -> None:
    """Note that so many judgements up to a date were counted, and the newest release that tells of them."""
    figures.note("inspections", "authorities", int(date[:4]), number, release)
