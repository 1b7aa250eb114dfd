"""ONS lookups from districts to the upper-tier authorities they belong to."""

import pandas as pd

from cptrends.sources import common, registry, tables


def read(path: common.AnyPath, part: str, release: registry.Release) -> pd.DataFrame:
    """The upper-tier authority of every district in England.

    Parameters
    ----------
    path : path-like
        The lookup as CSV.
    part : {"lookup"}
    release : dict
        Its entry in `publications.toml`, with `year`, the year (at 1 April) of the boundaries.

    Returns
    -------
    pandas.DataFrame of str
        `district_code, district_name, area_code, year`.

    Raises
    ------
    BadInput
        If a column is missing or a district leads to no known authority.
    """
    table = common.read_csv_text(path)
    table.columns = [name.strip() for name in table.columns]
    year = release["year"]
    code, name, upper = (text.format(year % 100) for text in ("LTLA{}CD", "LTLA{}NM", "UTLA{}CD"))
    common.require_columns(table.columns, [code, name, upper], path, extra="allow")
    table = table[table[code].str.startswith("E")]
    return table.assign(
        district_code=table[code],
        district_name=table[name],
        area_code=tables.area_codes(table, code9=upper),
        year=str(year),
    )[["district_code", "district_name", "area_code", "year"]].reset_index(drop=True)
