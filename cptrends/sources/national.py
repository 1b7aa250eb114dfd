"""The long national series: figures for England found in official and other texts.

Each source is a release of its own, so that no figure loses where it came from. Rows from files
that are read in full elsewhere are left out; so are rows that only repeat the claim a paper makes,
which could otherwise be used to confirm it.
"""

import pathlib
from typing import Any

import pandas as pd

from cptrends.data import areas
from cptrends.errors import BadInput
from cptrends.files import toml
from cptrends.sources import common, registry

SERIES_COLUMNS = ["series", "period", "year_ending", "value", "unit", "source_id", "evidence", "note"]
DECILE_COLUMNS = [
    "study",
    "country",
    "measure",
    "unit_of_decile",
    "decile",
    "rate_per_10000",
    "ratio_to_decile_1",
    "sample",
    "source_id",
    "evidence",
    "note",
]
DEFLATOR_COLUMNS = ["financial_year", "year_ending", "index_2024_25_100", "release", "source_id", "evidence", "note"]


def read(path: pathlib.Path, part: str, release: registry.Release) -> pd.DataFrame:
    """One source's figures from the national series, or one of the small national tables.

    Parameters
    ----------
    path : pathlib.Path
    part : {"series", "deflator", "deciles"}
    release : dict
        `source_id` names the source whose rows are wanted.

    Returns
    -------
    pandas.DataFrame
        measure, area_code, year, published; for `deciles` a table of its own.

    Raises
    ------
    BadInput
    """
    table = common.read_csv_text(path)
    if part == "deciles":
        common.require_columns(table.columns, DECILE_COLUMNS, path)
        return table.drop(columns=["source_id"])
    if part == "deflator":
        common.require_columns(table.columns, DEFLATOR_COLUMNS, path)
        return _figures(table, "gdp_deflator", "index_2024_25_100")
    common.require_columns(table.columns, SERIES_COLUMNS, path)
    unknown = set(table["series"]) - set(mapping()["measures"]) - set(mapping()["left_out"])
    if unknown:
        raise BadInput(f"{path.name}: series {min(unknown)!r} is not known; add it to cptrends/sources/national.toml")
    circular = (table["evidence"] == "unverified") & table["series"].isin(mapping()["left_out_unsourced"])
    known = table["series"].isin(list(mapping()["measures"])) & ~circular
    rows = table[(table["source_id"] == release["source_id"]) & known]
    if rows.empty:
        raise BadInput(f"{path.name} has no figures from {release['source_id']!r}; see the source_id column")
    figures = _figures(rows, rows["series"].map(mapping()["measures"]), "value")
    # A source may give the same figure under two readings of its text; the first is the closer one.
    return figures.drop_duplicates(["measure", "year"])


def _figures(table: pd.DataFrame, measure: str | pd.Series, column: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "measure": measure,
            "area_code": areas.ENGLAND,
            "year": table["year_ending"].astype(int),
            "published": table[column],
        }
    ).reset_index(drop=True)


def mapping() -> dict[str, Any]:
    """Series name -> our measure, and the series left out.

    >>> mapping()["measures"]["B_cpp_starts"]
    'plans_started'
    """
    return toml("cptrends.sources", "national.toml")
