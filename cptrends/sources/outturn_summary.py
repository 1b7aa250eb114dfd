"""Revenue outturn summary (RS): what all councils of England spent on each of their services.

One row a council and one for England, a column a service, in thousands of pounds, net current expenditure. Only
England's row is read: services are shared out differently between the tiers of councils from place to place. RS is
neither a budget nor spending power, which is what councils could have spent.
"""

import pathlib

import pandas as pd

from cptrends.data import areas
from cptrends.errors import BadInput
from cptrends.sources import common, registry, tables

#: How a column begins, capitals apart; the numbers of the lines that a total adds up differ from year to year.
TOTAL = "council_all_services_spend_net"
COLUMNS = {
    TOTAL: "total service expenditure",
    "council_education_spend_net": "education services",
}
#: Councils have this service from 2013-14.
PUBLIC_HEALTH, PUBLIC_HEALTH_SINCE = {"council_public_health_spend_net": "public health"}, 2014


def read(path: common.AnyPath, part: str, release: registry.Release) -> pd.DataFrame:
    """England's net current expenditure on all services, on education and on public health.

    Parameters
    ----------
    path : path-like
        The workbook of RS by local authority (.xls or .xlsx).
    part : {"summary"}
    release : dict
        Its entry in `publications.toml`, with `sheet` (that of net current expenditure) and `year`.

    Returns
    -------
    pandas.DataFrame
        `measure, area_code, year, published`.

    Raises
    ------
    BadInput
        If it is of another year, or England's row or a column is missing, renamed or repeated.
    """
    year, name = release["year"], pathlib.Path(path).name
    cells = common.read_sheet(path, release["sheet"])
    title = tables.one_line(cells.iat[0, 0]) if len(cells) else ""
    label = f"{year - 1}-{year % 100:02d}"
    if label not in title or "(RS)" not in title:
        raise BadInput(f"{name} is headed {title[:80]!r}; the revenue outturn summary (RS) of {label} is expected")
    table = tables.below_header(cells, "E-code", path)
    common.require_columns(table.columns, ["Local authority"], path, extra="allow")
    england = table[table["Local authority"] == "ENGLAND"]
    if len(england) != 1:
        raise BadInput(f"{name}: {len(england)} rows are called ENGLAND; one is right, the file may be truncated")
    wanted = COLUMNS | (PUBLIC_HEALTH if year >= PUBLIC_HEALTH_SINCE else {})
    # Beyond the total some of the services follow again, in other accounts.
    ends = [place for place, column in enumerate(table.columns) if _begins(column, COLUMNS[TOTAL])]
    england = england.iloc[:, : ends[0] + 1] if ends else england
    columns = {measure: _column(list(england.columns), begins, name) for measure, begins in wanted.items()}
    return tables.observations(england, pd.Series([areas.ENGLAND]), year, columns, path)


def _begins(column: str, text: str) -> bool:
    return column.casefold().startswith(text)


def _column(names: list[str], begins: str, file: str) -> str:
    """The one column that begins so."""
    found = [name for name in names if _begins(name, begins)]
    if len(found) != 1:
        raise BadInput(
            f"{file}: {len(found)} columns begin with {begins!r}; one is right, so check whether the publisher "
            "renamed it or the sheet is another one"
        )
    return found[0]
