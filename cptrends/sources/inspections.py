"""Ofsted's inspections of local authority children's services, in the layouts of 2023, 2024 and 2025.

Every table of a release's workbook is read into one long frame, a row for each inspection a
table states, with each cell as published: the 2023 history has one wide row per authority, the
later tables one row per inspection. The same inspection therefore stands in several rows and
several releases; `cptrends.sources.judgements.assemble` brings them together. The layouts, and what the
publisher's words mean, are in `inspections.toml`.

Also read here: a compilation of published reports by Data to Insight (not an official statistic;
inspectors' names are not read), and the national shares that Ofsted and the press have printed.
"""

import datetime
import pathlib
from collections.abc import Iterator
from typing import Any

import pandas as pd

from cptrends.errors import BadInput
from cptrends.files import toml
from cptrends.sources import common, registry

#: Columns of the long frame, all text.
COLUMNS = (
    "table", "area_status", "la_code", "ons_code", "name", "region", "framework", "inspection_type",
    "inspection_start", "inspection_end", "published", "overall", "safeguarding", "help_and_protection",
    "children_in_care", "care_leavers", "adoption", "leadership", "safeguarding_board", "theme",
)  # fmt: skip

#: Columns of the file of printed national shares.
SHARE_COLUMNS = (
    "framework", "as_at", "n", "outstanding", "good", "requires_improvement_or_adequate", "inadequate",
    "pct_good_or_outstanding", "pct_ri_or_adequate", "pct_inadequate", "basis", "source_id", "evidence", "note",
)  # fmt: skip


def vocabulary() -> dict[str, Any]:
    """The layouts, and what the publisher's words mean: the contents of inspections.toml.

    >>> vocabulary()["grades"]["Inadequate"]
    ['inadequate']
    """
    return toml("cptrends.sources", "inspections.toml")


def layout(workbook: str) -> dict[str, list[dict[str, Any]]]:
    """The sheets of a workbook, each with its tables from the top.

    Parameters
    ----------
    workbook : str
        As a release's `workbook` names it: "2023", "2024", "2025" or "compiled".

    Returns
    -------
    dict of str to list of dict
        A table has `area` (our field -> its column), `inspections` (those a row describes, each with framework,
        columns and perhaps inspection_type) and `unused`, the columns that are passed over.

    Raises
    ------
    BadInput
        If no layout has that name.

    >>> list(layout("2025"))
    ['ILACS_inspection_history', 'Inspections_as_at_31_March', 'In-year_inspections']
    >>> layout("2024")["Inspections_31_March_2024"][0]["inspections"][0]["columns"]["leadership"]
    'Impact of leaders'
    """
    if workbook not in vocabulary()["workbooks"]:
        known = ", ".join(vocabulary()["workbooks"])
        raise BadInput(f"no layout of Ofsted's workbooks is called {workbook!r}; inspections.toml has {known}")
    return {
        sheet: [{**table, "inspections": [_inspection(name) for name in table["inspections"]]} for table in tables]
        for sheet, tables in vocabulary()["workbooks"][workbook].items()
    }


def _inspection(name: str) -> dict[str, Any]:
    """An inspection of inspections.toml, its set of columns among its own."""
    entry = vocabulary()["inspections"][name]
    shared = vocabulary()["sets"][entry["set"]] if "set" in entry else {}
    columns = {field: column.format(entry.get("called", "")) for field, column in shared.items()}
    kind = {"inspection_type": entry["inspection_type"]} if "inspection_type" in entry else {}
    return {"framework": entry["framework"], **kind, "columns": {**columns, **entry.get("columns", {})}}


def read(path: common.AnyPath, part: str, release: registry.Release) -> pd.DataFrame:
    """What a release says of inspections, each cell as published.

    Parameters
    ----------
    path : pathlib.Path
        The publisher's workbook, or the file of printed national shares.
    part : {"inspections", "shares"}
    release : dict
        Its entry in `publications.toml`: `workbook` names the layout ("2023", "2024", "2025",
        "compiled") of inspections; `source_id` picks the rows of the printed shares that this
        release is the source of.

    Returns
    -------
    pandas.DataFrame of str
        For inspections `COLUMNS`, one row for each inspection each table states, dates as
        YYYY-MM-DD where the cell is a date. For shares `SHARE_COLUMNS`.

    Raises
    ------
    BadInput
        If a sheet, table or column is missing, renamed or added.
    """
    path = pathlib.Path(path)
    if part == "shares":
        return read_shares(common.read_csv_text(path), release["source_id"], path)
    if part != "inspections":
        raise BadInput(f"{path.name}: {part!r} is not a part of an inspections release; 'inspections' or 'shares' is")
    sheets = layout(release["workbook"])
    frames = [parse(common.read_sheet(path, sheet), tables, path, sheet) for sheet, tables in sheets.items()]
    return pd.concat(frames, ignore_index=True)


def parse(cells: pd.DataFrame, tables: list[dict[str, Any]], path: common.AnyPath, sheet: str = "") -> pd.DataFrame:
    """The inspections in one sheet.

    Parameters
    ----------
    cells : pandas.DataFrame of object
        The sheet, as `common.read_sheet` gives it.
    tables : list of dict
        The tables expected in it from the top, as in `layout`.
    path : path-like
        For messages.
    sheet : str
        For messages.

    Returns
    -------
    pandas.DataFrame of str
        With `COLUMNS`.

    Raises
    ------
    BadInput
        If the sheet has not the tables and columns expected, or a table is empty.
    """
    where = f"{pathlib.Path(path).name}, sheet {sheet}" if sheet else pathlib.Path(path).name
    name_column = tables[0]["area"]["name"]
    rows = [[_text(cell) for cell in row] for row in cells.to_numpy(dtype=object)]
    starts = [number for number, row in enumerate(rows) if name_column in row]
    if len(starts) != len(tables):
        raise BadInput(
            f"{where}: {len(starts)} table(s) with a column {name_column!r} found where {len(tables)} are "
            "expected; the column may have been renamed or the file may be of another release"
        )
    found = []
    for table, start, end in zip(tables, starts, [*starts[1:], len(rows)], strict=True):
        _check_header(rows[start], table, where)
        body = [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 : end]]
        body = [row for row in body if row[name_column]]
        if not body:
            raise BadInput(f"{where}: no rows below the header in row {start + 1}; download the file again")
        found += [said for row in body for said in _described(row, table)]
    return pd.DataFrame(found, columns=list(COLUMNS), dtype=object).fillna("")


def _check_header(header: list[str], table: dict[str, Any], where: str) -> None:
    named = [column for column in header if column]
    repeated = [column for column in named if named.count(column) > 1]
    if repeated:
        raise BadInput(f"{where}: column {repeated[0]!r} appears twice; each should appear once")
    used = [column for inspection in table["inspections"] for column in inspection["columns"].values()]
    common.require_columns(named, [*table["unused"], *table["area"].values(), *used], where)


def _described(row: dict[str, str], table: dict[str, Any]) -> Iterator[dict[str, str]]:
    """The inspections that one row describes: those it says anything of."""
    area = {field: row[column] for field, column in table["area"].items()}
    area.setdefault("area_status", table.get("area_status", ""))
    for inspection in table["inspections"]:
        said = {field: row[column] for field, column in inspection["columns"].items()}
        if any(said.values()):
            said.setdefault("inspection_type", inspection.get("inspection_type", ""))
            yield {"table": table["table"], "framework": inspection["framework"], **area, **said}


def read_shares(printed: pd.DataFrame, source_id: str, path: common.AnyPath) -> pd.DataFrame:
    """National shares of each grade that one source printed.

    Shares recomputed from the list of authorities by whoever compiled the file are left out, for
    this package computes those itself; so are claims without a source, which belong in the
    register of claims.

    Parameters
    ----------
    printed : pandas.DataFrame of str
        The whole file.
    source_id : str
        The source wanted, alone or the first of several in a cell.
    path : path-like
        For messages.

    Returns
    -------
    pandas.DataFrame of str
        With `SHARE_COLUMNS`.

    Raises
    ------
    BadInput
        If a column is missing or the file has nothing from that source.
    """
    common.require_columns(printed.columns, SHARE_COLUMNS, path)
    first = printed["source_id"].str.split(";").str[0].str.strip()
    ours = printed["basis"].str.startswith(("recomputed", "counted"))
    found = printed[(first == source_id) & ~ours].reset_index(drop=True)
    if found.empty:
        raise BadInput(f"{pathlib.Path(path).name} has no printed share from {source_id!r}; see the source_id column")
    return found[list(SHARE_COLUMNS)]


def _text(cell: object) -> str:
    """A cell as text on one line; a date without its time of day."""
    if isinstance(cell, datetime.datetime | datetime.date):
        return cell.strftime("%Y-%m-%d")
    return " ".join(common.as_published(cell).split())
