"""English Indices of Deprivation: scores and ranks of authorities, 2015, 2019 and 2025.

2015 and 2019 come from the publisher's upper-tier summaries. 2025 is to hand for districts only;
`to_upper_tier` averages them to upper-tier authorities. Scores do not compare between the three
editions (the domains and their data change); ranks, 1 the most deprived, do.
"""

import pathlib

import numpy as np
import pandas as pd

from cptrends.data import areas, status
from cptrends.errors import BadInput
from cptrends.sources import common, registry, tables

DISTRICT_COLUMNS = [
    "area_code",
    "area_name",
    "area_type",
    "deprivation_data_year",
    "index_domain",
    "average_rank",
    "rank_average_rank",
    "average_score",
    "rank_average_score",
    "proportion_bottom_decile",
    "rank_proportion_bottom_decile",
]
DISTRICT_DOMAINS = {
    "Index of Multiple Deprivation": "district_imd",
    "Income Deprivation Affecting Children": "district_idaci",
}
WEIGHTS = {"imd": "district_population", "idaci": "district_population_0_15"}


def read(path: common.AnyPath, part: str, release: registry.Release) -> pd.DataFrame:
    """Average score and rank of average score, for the IMD and the IDACI.

    Parameters
    ----------
    path : path-like
        The workbook of upper-tier summaries (File 11), or the 2025 districts as CSV.
    part : {"upper_tier", "districts"}
    release : dict
        Its entry in `publications.toml`, with `year`, the year of the index.

    Returns
    -------
    pandas.DataFrame
        `measure, area_code, year, published`: `imd_score, imd_rank, idaci_score, idaci_rank` by
        authority, or the same with `district_` before them by district, under its own code.

    Raises
    ------
    BadInput
        If a column is missing, renamed or unexpected.
    """
    return _districts(path, release) if part == "districts" else _upper_tier(path, release)


def _upper_tier(path: common.AnyPath, release: registry.Release) -> pd.DataFrame:
    year = release["year"]
    # The 2015 edition writes the index's name out, the 2019 one does not.
    idaci = "Income Deprivation Affecting Children Index (IDACI)" if year == 2015 else "IDACI"
    parts = []
    for sheet, title in {"IMD": "IMD", "IDACI": idaci}.items():
        code = f"Upper Tier Local Authority District code ({_boundaries(year)})"
        table = tables.below_header(common.read_sheet(path, sheet), code, path, depth=1)
        common.require_columns(table.columns, _upper_tier_columns(sheet, title, year), path)
        codes = tables.area_codes(table, code9=code)
        columns = {
            f"{sheet.lower()}_score": f"{title} - Average score",
            f"{sheet.lower()}_rank": f"{title} - Rank of average score",
        }
        parts.append(tables.observations(table, codes, year, columns, path))
    return pd.concat(parts, ignore_index=True)


def _boundaries(year: int) -> int:
    """The year of the authority boundaries an edition uses."""
    return {2015: 2013}.get(year, year)


def _upper_tier_columns(sheet: str, title: str, year: int) -> list[str]:
    place = "Upper Tier Local Authority District"
    columns = [f"{place} code ({_boundaries(year)})", f"{place} name ({_boundaries(year)})"]
    summaries = ["average rank", "average score", "proportion of LSOAs in most deprived 10% nationally"]
    for summary in summaries:
        columns += [f"{title} - {summary[0].upper()}{summary[1:]}", f"{title} - Rank of {summary}"]
    if sheet == "IMD":
        edition = "IMD" if year == 2015 else f"IMD {year}"
        for summary in ["extent", "local concentration"]:
            columns += [f"{edition} - {summary.capitalize()}", f"{edition} - Rank of {summary}"]
    return columns


def _districts(path: common.AnyPath, release: registry.Release) -> pd.DataFrame:
    table = common.read_csv_text(path)
    common.require_columns(table.columns, DISTRICT_COLUMNS, path)
    if set(table["deprivation_data_year"]) != {str(release["year"])}:
        raise BadInput(
            f"{pathlib.Path(path).name}: column 'deprivation_data_year' should hold {release['year']} throughout"
        )
    parts = []
    for domain, measure in DISTRICT_DOMAINS.items():
        rows = table[table["index_domain"] == domain]
        if rows.empty:
            raise BadInput(
                f"{pathlib.Path(path).name}: column 'index_domain' has no {domain!r}; it may have been renamed"
            )
        columns = {f"{measure}_score": "average_score", f"{measure}_rank": "rank_average_score"}
        parts.append(tables.observations(rows, rows["area_code"], release["year"], columns, path))
    return pd.concat(parts, ignore_index=True)


def to_upper_tier(districts: pd.DataFrame, lookup: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Upper-tier scores and ranks, averaged from districts by population.

    An authority's average score is by definition the population-weighted mean over its small
    areas, so the weighted mean of its districts' scores is the same quantity. The IMD is
    weighted by everyone; the IDACI, the share of children aged 0 to 15 in income-deprived
    families, by those children. Ranks are of the scores so found, 1 the most deprived.

    Parameters
    ----------
    districts : pandas.DataFrame
        `measure, area_code, year, published` with `district_imd_score` and
        `district_idaci_score`, of one index.
    lookup : pandas.DataFrame
        `district_code, area_code`: the upper-tier authority of each district.
    population : pandas.DataFrame
        `measure, area_code, year, published` with `district_population` and
        `district_population_0_15`, of one mid-year (the one the index uses: mid-2022 for 2025).

    Returns
    -------
    pandas.DataFrame
        `measure, area_code, year, value, status` for `imd_score, imd_rank, idaci_score,
        idaci_rank`; status `derived`. Where a district's score is not a number the authority's
        is NA and `unavailable`, and no rank is given.

    Raises
    ------
    BadInput
        If a district has no authority in the lookup or no population, or the figures are of
        more than one year.

    >>> import pandas
    >>> def frame(measure, year, **values):
    ...     rows = [(measure, code, year, text) for code, text in values.items()]
    ...     return pandas.DataFrame(rows, columns=["measure", "area_code", "year", "published"])
    >>> scores = frame("district_imd_score", 2025, E07000008="10", E07000009="20", E06000031="30")
    >>> people = frame("district_population", 2023, E07000008="300", E07000009="100", E06000031="50")
    >>> upper = pandas.DataFrame({"district_code": ["E07000008", "E07000009", "E06000031"],
    ...                           "area_code": ["E10000003", "E10000003", "E06000031"]})
    >>> to_upper_tier(scores, upper, people)[["measure", "area_code", "value", "status"]]
    measure area_code value status
    0 imd_score E06000031 30.0 derived
    1 imd_score E10000003 12.5 derived
    2 imd_rank E06000031 1.0 derived
    3 imd_rank E10000003 2.0 derived
    """
    authority = lookup.drop_duplicates("district_code").set_index("district_code")["area_code"]
    parts = []
    for index, weight in WEIGHTS.items():
        scores = districts[districts["measure"] == f"district_{index}_score"]
        if scores.empty:
            continue
        people = population[population["measure"] == weight]
        for frame, what in ((scores, f"district_{index}_score"), (people, weight)):
            if frame["year"].nunique() != 1:
                raise BadInput(f"{what} should be of one year; {frame['year'].nunique()} years were given")
        people = pd.to_numeric(people.set_index("area_code")["published"])
        for known, what in ((authority, "in the lookup to upper tier"), (people, f"in {weight}")):
            missing = sorted(set(scores["area_code"]) - set(known.index))
            if missing:
                raise BadInput(f"district {missing[0]} is not {what}; use a lookup and a population of the same year")
        score = pd.to_numeric(scores["published"], errors="coerce").to_numpy()
        weights = people[scores["area_code"]].to_numpy(dtype=float)
        # skipna=False: one district without a score leaves its authority without one.
        sums = (
            pd.DataFrame(
                {
                    "area_code": authority[scores["area_code"]].to_numpy(),
                    "weighted": score * weights,
                    "weight": weights,
                }
            )
            .groupby("area_code")
            .agg(lambda values: values.sum(skipna=False))
        )
        value = sums["weighted"] / sums["weight"]
        state = np.where(value.isna(), "unavailable", status.weakest("reported", "reported"))
        for name, column in (("score", value), ("rank", value.rank(ascending=False, method="min"))):
            parts.append(
                pd.DataFrame(
                    {
                        "measure": f"{index}_{name}",
                        "area_code": value.index,
                        "year": scores["year"].iloc[0],
                        "value": column.to_numpy(),
                        "status": state,
                    }
                )
            )
    result = pd.concat(parts, ignore_index=True)
    unknown = sorted(set(result["area_code"]) - set(areas.register()))
    if unknown:
        raise BadInput(
            f"the lookup leads to {unknown[0]}, which is no upper-tier authority; check its area_code column"
        )
    return result
