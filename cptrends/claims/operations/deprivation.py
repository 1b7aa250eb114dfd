"""The most deprived tenth beside the least."""

import re
from collections.abc import Iterable

from cptrends import data
from cptrends.claims.operations.declared import operation
from cptrends.claims.operations.figures import TODAY, Answer, Figures, Missing, authorities, spread
from cptrends.claims.operations.keys import MEASURE, TEXT, YEAR, Calculation, one_of


def _by_unit(calculation: Calculation) -> Iterable[str]:
    """Neighbourhoods are a study's; of authorities the tenths are cut here."""
    if calculation.get("unit") == "neighbourhood":
        return ("study", "measure")
    return ("numerator", "denominator", "year", "index", "index_year")


@operation(
    needs={"unit": one_of("authority", "neighbourhood")},
    may={
        "study": TEXT,
        "country": TEXT,
        "measure": TEXT,  # a study's own word for it
        "numerator": MEASURE,
        "denominator": MEASURE,
        "year": YEAR,
        "index": one_of("imd", "idaci"),
        "index_year": YEAR,
        "average": one_of("pooled", "mean"),
    },
    further=_by_unit,
)
def decile_ratio(calculation: Calculation, figures: Figures) -> Answer:
    """The most deprived tenth over the least: of authorities by computation, of neighbourhoods as a study printed."""
    tenths = {"authority": _authority_tenths, "neighbourhood": _neighbourhood_tenths}
    return tenths[calculation["unit"]](calculation, figures)


def _authority_tenths(calculation: Calculation, figures: Figures) -> Answer:
    from cptrends.indicators import inequality

    parts, year = (calculation["numerator"], calculation["denominator"]), calculation["year"]
    index = authorities(f"{calculation['index']}_score", calculation["index_year"], TODAY)
    counts, children = (figures.of_authorities(part, year) for part in parts)
    both = counts.index.intersection(children.index)
    table = inequality.most_to_least(
        counts[both], children[both], index.reindex(both), unit="authority", missing="leave_out"
    )
    averaged = table["average"].str.startswith(calculation.get("average", "pooled"))
    row = table[(table["comparison"] == "ratio") & averaged].iloc[0]
    if row["value"] != row["value"]:
        raise Missing(row["note"] or "the ratio cannot be computed")
    for part in parts:
        figures.fetch(part, "England", year)
    rates = f"{row['most_deprived']:.1f} and {row['least_deprived']:.1f} per 10,000"
    tenths = f"{calculation['index'].upper()} {calculation['index_year']}, {row['average']}"
    return Answer(float(row["value"]), note=f"Tenths of authorities by {tenths}: {rates}.")


def _neighbourhood_tenths(calculation: Calculation, figures: Figures) -> Answer:
    """The ratio from a study's rates by tenth, or the ratio itself where that is all a study prints."""
    import pandas as pd

    table = data.load_table("neighbourhood_deciles")
    study, measure = calculation["study"], calculation["measure"]
    of = {"study": study, "country": calculation.get("country", "England"), "measure": measure}
    rows = table[(table[list(of)] == pd.Series(of)).all(axis=1)].set_index("decile")
    if "10 v 1" in rows.index:
        row = rows.loc["10 v 1"]
        pairs, said = [(float(row["ratio_to_decile_1"]), 0.5)], f"{row['ratio_to_decile_1']} times as printed"
    elif {"1", "10"} <= set(rows.index):
        row = rows.loc["10"]
        pairs = [(float(rows.loc[decile, "rate_per_10000"]), 0.5) for decile in ("10", "1")]
        said = f"{pairs[0][0]:g} and {pairs[1][0]:g} per 10,000"
    else:
        raise Missing(f"{study} gives no rates by tenth for {measure}")
    status = "unverified" if row["evidence"] == "unverified" else "rounded"
    what, year = f"{measure} by tenth of neighbourhoods, {study}", _year(row["sample"])
    figures.note(what, row["country"], year, pairs[0][0], row["release"], status, half_rounding=0.5)
    note = f"Tenths of neighbourhoods, {study} ({row['sample']}): {said}."
    return spread(lambda most, least=1.0: most / least, *pairs, note=note)


def _year(sample: str) -> int | None:
    """The year of the day a sample was taken on, where the study says."""
    day = re.search(r"\b31 March (\d{4})\b", sample)
    return int(day[1]) if day else None
