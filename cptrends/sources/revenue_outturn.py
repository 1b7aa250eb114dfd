"""Revenue outturn RO3: what all councils spent on social care, as returned to MHCLG.

Very wide sheets, a row per council of every class, in thousands of pounds. Up to 2023-24 a line's
name stands two rows above its seven columns, and 2022-23 and 2023-24 put a running number after
each; since 2024-25 name and column are one header. RO3 has no line for social work, only for
safeguarding as a whole.
"""

import pathlib
import re
from collections.abc import Iterable

import pandas as pd

from cptrends.data import areas
from cptrends.errors import BadInput
from cptrends.sources import common, registry, tables

#: RO3's figures are measures of their own: its total and its safeguarding line are not those of section 251.
LINES = {
    "safeguarding_spend_ro3": "Children's social care: Safeguarding children and young people's services",
    "childrens_social_care_spend_ro3": "TOTAL CHILDREN SOCIAL CARE",
    "adult_social_care_spend_ro3": "TOTAL ADULT SOCIAL CARE",
}
#: A footnote after a line's name, as some years have it.
_NOTE = re.compile(r" (\([a-z]\)|\[note \d+\]) - ")
GROSS = "Total Expenditure (C3 = C1 + C2)"
NET = "Net Current Expenditure (C7 = C3 - C6)"
#: Classes of council with children's services: unitary, county, metropolitan, London borough.
CLASSES = ("UA", "SC", "MD", "L", "LB")


def read(path: common.AnyPath, part: str, release: registry.Release) -> pd.DataFrame:
    """Gross and net spending on safeguarding, children's and adult social care, by authority and for England.

    Parameters
    ----------
    path : path-like
        The workbook (.ods) of RO3 by authority.
    part : {"ro3"}
    release : dict
        Its entry in `publications.toml`, with `sheet`, `year` and `scale` (1000: published in
        thousands of pounds).

    Returns
    -------
    pandas.DataFrame
        `measure, area_code, year, published`; gross, and with `_net` net current expenditure.

    Raises
    ------
    BadInput
        If a column or line is missing or renamed.
    """
    cells = common.read_sheet(path, release["sheet"])
    year = release["year"]
    label = f"{year - 1}-{year % 100:02d}"
    title = tables.one_line(cells.iat[0, 0]) if len(cells) else ""
    if label not in title:
        raise BadInput(f"{pathlib.Path(path).name} is headed {title[:80]!r}; RO3 of {label} is expected")
    table = tables.below_header(cells, "E-code", path)
    table.columns = _headers(cells, table.index[0], table.columns)
    columns = {}
    for measure, line in LINES.items():
        columns[measure] = f"{line} - {GROSS}"
        columns[f"{measure}_net"] = f"{line} - {NET}"
    keys = ["ONS Code", "Local authority", "Class"]
    common.require_columns(table.columns, [*keys, *columns.values()], path, extra="allow")
    table = table.loc[:, [*keys, *columns.values()]]
    if table.columns.has_duplicates:
        raise BadInput(
            f"{pathlib.Path(path).name}: the columns of {' or '.join(LINES.values())} are there twice; once is right"
        )
    england = table["Local authority"] == "ENGLAND"
    # Headings between the classes carry a class too, but no code; the GLA has London's own region code.
    authority = table["Class"].isin(CLASSES) & table["ONS Code"].astype(str).str.match(r"E(06|08|09|10)\d{6}$")
    table = table[england | authority].copy()
    table.loc[england, "ONS Code"] = areas.ENGLAND
    codes = tables.area_codes(table, code9="ONS Code", name="Local authority")  # 2015-16 has a code that is nobody's
    return tables.observations(table, codes, year, columns, path)


def _headers(cells: pd.DataFrame, first_row: int, names: Iterable[str]) -> list[str]:
    """One name per column, `line - column`, whichever way the year lays its headers out."""
    above = cells.loc[: first_row - 1]
    lines = next((row for _, row in above.iterrows() if LINES["childrens_social_care_spend_ro3"] in set(row)), None)
    names = [re.sub(r"\)\d+$", ")", name) for name in names]
    if lines is not None:
        lines = lines.map(tables.one_line)
        lines = lines.where(lines != "").ffill().fillna("")
        names = [f"{line} - {name}" if line else name for line, name in zip(lines, names, strict=False)]
    return [_NOTE.sub(" - ", name.replace("’", "'")) for name in names]
