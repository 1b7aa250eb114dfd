"""What came after an Inadequate judgement: how long until a better one, and how a figure moved."""

from typing import TYPE_CHECKING

from cptrends import data, words
from cptrends.claims.operations.associations import direction_of
from cptrends.claims.operations.declared import operation
from cptrends.claims.operations.figures import Answer, Figures, Missing, figure
from cptrends.claims.operations.grades import FRAMEWORKS, frameworks_of, note_judgements
from cptrends.claims.operations.keys import DATE, INDICATOR, YEAR, YES_OR_NO, Calculation, one_of, whole_number
from cptrends.data.figures import newest
from cptrends.memory import remembered

if TYPE_CHECKING:
    import pandas as pd


@operation(
    needs={"date": DATE},
    may={"frameworks": FRAMEWORKS, "in": one_of("years", "months"), "improved_only": YES_OR_NO},
)
def recovery(calculation: Calculation, figures: Figures) -> Answer:
    """Time from an Inadequate judgement to the next better one: the median, those still waiting counted.

    With `improved_only` those still waiting are left out, as a survey of improved authorities would.
    """
    from cptrends.indicators import recovery as recoveries

    date = calculation["date"]
    spells, release = _spells(date, frameworks_of(calculation))
    if not release:
        raise Missing(f"no authority had been judged by {date}")
    note_judgements(figures, date, len(spells), release)
    unit, waiting = {"years": 1, "months": 12}[calculation.get("in", "years")], int((~spells["better"]).sum())
    if calculation.get("improved_only"):
        improved = spells.loc[spells["better"], "years"]
        if improved.empty:
            raise Missing(f"none had been judged better by {date}")
        note = f"Median of the {len(improved)} judged better by {date}; {waiting} still waiting are left out."
        return Answer(float(improved.median() * unit), note=note)
    row = recoveries.recovery_time(spells).iloc[0]
    if row["value"] != row["value"]:
        raise Missing(row["note"])
    upper = f"{row['upper'] * unit:.1f}" if row["upper"] == row["upper"] else "beyond what is seen yet"
    note = f"Median over {len(spells)} stretches on Inadequate, each counted once however many judgements repeat it, "
    note += f"{waiting} still waiting on {date}; "
    note += f"95% interval {row['lower'] * unit:.1f} to {upper}."
    return Answer(float(row["value"] * unit), note=note)


@remembered
def _spells(date: str, frameworks: tuple[str, ...]) -> "tuple[pd.DataFrame, str]":
    """The stretches that authorities spent on Inadequate up to a date, and the newest release with any."""
    from cptrends.indicators import recovery as recoveries

    judgements = data.load_table("inspections")
    known = judgements["release"][judgements["published"].between("2000", date)]
    return recoveries.inadequate_spells(judgements, date, frameworks=frameworks), newest(known)


@operation(
    needs={"indicator": INDICATOR, "to": YEAR, "higher_is": one_of("better", "worse")},
    may={"frameworks": FRAMEWORKS, "years_after": whole_number(1, 3)},
    answer="direction",
)
def after_inadequate(calculation: Calculation, figures: Figures) -> Answer:
    """Whether performance went up or down after an Inadequate judgement, against matched authorities.

    Performance is one indicator; `higher_is` says whether a rise of it is better or worse.
    """
    from cptrends.indicators import table

    indicator, to, later = calculation["indicator"], calculation["to"], calculation.get("years_after", 2)
    row, release, judged = _study(indicator, to, figures.release, frameworks_of(calculation), later)
    if judged.empty:
        raise Missing(f"no authority was judged Inadequate before {words.year(to)}")
    note_judgements(figures, f"{to}-03-31", len(judged), newest(judged["release"]))
    figures.note(indicator, "authorities", to, row["n_areas"], release)
    if row["lower"] != row["lower"]:
        raise Missing(row["note"] or "too few judgements with figures on both sides")
    rise, fall = ("down", "up") if calculation["higher_is"] == "worse" else ("up", "down")
    note = (
        f"{table.register()[indicator]['label']}: {words.signed(row['value'], 1)} "
        f"(95% interval {words.signed(row['lower'], 1)} to {words.signed(row['upper'], 1)}) "
        f"{later} year{'s' * (later > 1)} after, {int(row['n_areas'])} authorities against matched ones, from "
        f"{int(row['n_events'])} Inadequate judgements: one that repeats another counts too."
    )
    return Answer(direction_of(row, rise, fall), effect=float(row["value"]), note=note)


@remembered
def _study(
    indicator: str, to: int, release: str, frameworks: tuple[str, ...], years_after: int
) -> "tuple[pd.Series, str, pd.DataFrame]":
    """The effect so many years after, the release of the newest figures, and the judgements it was taken from."""
    import pandas as pd

    from cptrends.indicators import recovery as recoveries
    from cptrends.indicators import table

    figures = table.indicator(indicator, "authorities", end=to, release=release)
    judgements = data.load_table("inspections")
    inadequate = judgements[(judgements["grade"] == "Inadequate") & judgements["framework"].isin(frameworks)]
    dates = pd.to_datetime(inadequate["published"])
    inadequate = inadequate.assign(year=dates.dt.year + (dates.dt.month > 3))
    inadequate = inadequate[inadequate["year"] < to]
    result = recoveries.event_study(figures, inadequate[["area_code", "year"]], placebo=False)
    row = result[(result["kind"] == "judgement") & (result["relative_year"] == years_after)].iloc[0]
    england = figure(table.register()[indicator]["numerator"], "England", to, release)
    return row, england[3], inadequate
