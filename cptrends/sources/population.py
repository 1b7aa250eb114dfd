"""ONS mid-year population estimates: single years of age, and the older Nomis extract.

A mid-year estimate is stored under the year ending 31 March after it, the year whose rates it
serves: mid-2022 is 2023. The Nomis extract has no age 17, so it yields ages 0 to 16 and is never
called 0 to 17; it also predates the rebasing to the 2021 Census.
"""

import pathlib
import re

import pandas as pd

from cptrends.errors import BadInput
from cptrends.sources import common, registry, tables

AGES = [str(age) for age in range(90)] + ["90+"]
UPPER_TIER = ("Unitary Authority", "County", "Metropolitan District", "London Borough")
ABOVE = ("Country", "Region")
DISTRICTS = ("Unitary Authority", "Non-metropolitan District", "Metropolitan District", "London Borough")
BANDS = ["0 - 4", "5-9", "10-14", "15", "16"]


def read(path: common.AnyPath, part: str, release: registry.Release) -> pd.DataFrame:
    """Children by area, from one publication of estimates.

    Parameters
    ----------
    path : path-like
        The workbook of single years of age, or the Nomis extract as CSV.
    part : {"persons", "nomis"}
    release : dict
        Its entry in `publications.toml`; for `persons` with `sheet`, `mid_year` and, where the
        districts are wanted as weights, `districts = true`.

    Returns
    -------
    pandas.DataFrame
        `measure, area_code, year, published`. `persons`: `population_0_17`, the sum of the
        eighteen single years, and for districts `district_population` (all ages) and
        `district_population_0_15`. `nomis`: `population_0_16`, the sum of its five bands.

    Raises
    ------
    BadInput
        If a column, age or band is missing, or a cell that should be a count is not.
    """
    return _nomis(path) if part == "nomis" else _persons(path, release)


def _persons(path: common.AnyPath, release: registry.Release) -> pd.DataFrame:
    mid_year = release["mid_year"]
    cells = common.read_sheet(path, release["sheet"])
    title = tables.one_line(cells.iat[0, 0]) if len(cells) else ""
    if f"mid-{mid_year}" not in title:
        raise BadInput(f"{pathlib.Path(path).name} is headed {title[:80]!r}; estimates for mid-{mid_year} are expected")
    table = tables.below_header(cells, "Code", path)
    common.require_columns(table.columns, ["Code", "Name", "Geography", "All ages", *AGES], path)
    table = table[table["Code"].str.match(r"E\d{8}$")].copy()
    table["0-15"] = _summed(table, AGES[:16], path)
    table["0-17"] = _summed(table, AGES[:18], path)
    rows = table[table["Geography"].isin(ABOVE + UPPER_TIER)]
    parts = [
        tables.observations(
            rows, tables.area_codes(rows, code9="Code"), mid_year + 1, {"population_0_17": "0-17"}, path
        )
    ]
    if release.get("districts"):
        rows = table[table["Geography"].isin(DISTRICTS)]
        columns = {"district_population": "All ages", "district_population_0_15": "0-15"}
        parts.append(tables.observations(rows, rows["Code"], mid_year + 1, columns, path))
    return pd.concat(parts, ignore_index=True)


def _summed(table: pd.DataFrame, columns: list[str], path: common.AnyPath) -> pd.Series:
    """The sum over columns of counts; anything that is not a whole number stops it."""
    numbers = table[columns].apply(pd.to_numeric, errors="coerce")
    bad = numbers.isna() | (numbers % 1 != 0)
    if bad.any(axis=None):
        row = bad.index[bad.any(axis=1)][0]
        column = bad.columns[bad.loc[row]][0]
        raise BadInput(
            f"{pathlib.Path(path).name}: {table.loc[row, 'Name']} has {table.loc[row, column]!r} under {column!r}; "
            "a whole number of people is expected"
        )
    return numbers.sum(axis=1).astype(int).astype(object)


def _nomis(path: common.AnyPath) -> pd.DataFrame:
    bands: list[str] = []
    columns: list[str] = []
    counts = []
    for row in common.read_csv_rows(path):
        if row[0].startswith("Age "):
            bands.append(re.sub(r"^Aged? ", "", row[1]))
        elif row[0].startswith("local authority"):
            expected = ["mnemonic", *map(str, range(2009, 2021))]
            if row[1:] != expected:
                raise BadInput(
                    f"{pathlib.Path(path).name}: the columns after {row[0]!r} should be {', '.join(expected)}"
                )
            columns = row[1:]
        elif columns and len(row) == len(columns) + 1 and re.match(r"E\d{8}$", row[1]):
            counts.append([bands[-1], row[0], *row[1:]])
    if bands != BANDS:
        raise BadInput(
            f"{pathlib.Path(path).name} should hold tables for the ages {', '.join(BANDS)}; "
            f"found {', '.join(bands) or 'none'}"
        )
    frame = pd.DataFrame(counts, columns=["band", "Name", *columns])
    years = columns[1:]
    for year in years:
        frame[year] = _summed(frame, [year], path)
    tally = frame.groupby("mnemonic")["band"].nunique()
    if (tally != len(BANDS)).any():
        raise BadInput(
            f"{pathlib.Path(path).name}: {tally.idxmin()} is not in all {len(BANDS)} tables; the file may be cut short"
        )
    total = frame.groupby("mnemonic")[years].sum().reset_index()
    long = total.melt("mnemonic", var_name="mid_year", value_name="count")
    codes = tables.area_codes(long, code9="mnemonic")
    return tables.observations(long, codes, long["mid_year"].astype(int) + 1, {"population_0_16": "count"}, path)
