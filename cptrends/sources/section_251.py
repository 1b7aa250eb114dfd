"""Section 251 outturn (section 52 outturn in 2008-09): what authorities spent on children's services.

Table A1 has a row per authority and line, in pounds of the day. The lines we take are named, not
numbered: the same line has been 17, 20, 21, 14, 17, 18 and 3.3.1, and in 2014-15 and 2015-16 the
column `s251line` gives the safeguarding total the number of another one. Totals stand among the
lines as rows of their own, so nothing is ever added up over the whole file.
Headers and line names are in `section_251.toml`.
"""

import pathlib
import re
from typing import Any

import pandas as pd

from cptrends.data import areas
from cptrends.errors import BadInput
from cptrends.files import toml
from cptrends.sources import common, registry, tables

_NUMBER = re.compile(r"^\d+[a-z]?(\.\d+)*\.? ")


def _in_force(entries: list[dict[str, Any]], year: int) -> dict[str, Any]:
    """The newest entry that began in or before a year."""
    return max((entry for entry in entries if entry["first_year"] <= year), key=lambda entry: entry["first_year"])


def _line_name(text: str) -> str:
    """The name of a line without its number, capitals and apostrophes, for comparing.

    >>> _line_name("3.3.4 Total  Safeguarding Services"), _line_name("18. Social work"), _line_name("Youth justice")
    ('total safeguarding services', 'social work', 'youth justice')
    """
    return re.sub("['’]", "", _NUMBER.sub("", tables.one_line(text))).casefold()


def read(path: common.AnyPath, part: str, release: registry.Release) -> pd.DataFrame:
    """Spending on the lines we follow, gross and net, from one year's outturn.

    Parameters
    ----------
    path : path-like
        Table A1 as issued (.xls, .xlsx or .ods), or for `national` the CSV of England's lines.
    part : {"outturn", "national"}
    release : dict
        Its entry in `publications.toml`; for `outturn` with `sheet` and `year`.

    Returns
    -------
    pandas.DataFrame
        `measure, area_code, year, published`; a measure is gross (total expenditure), the same
        with `_net` is net current expenditure. No row stands for England in `outturn`.

    Raises
    ------
    BadInput
        If a column or a line is missing, renamed or repeated.
    """
    return _national(path) if part == "national" else _outturn(path, release)


def _outturn(path: common.AnyPath, release: registry.Release) -> pd.DataFrame:
    year = release["year"]
    layouts = toml("cptrends.sources", "section_251.toml")
    layout = _in_force(layouts["layout"], year)
    lines = {name: text for name, text in _in_force(layouts["lines"], year).items() if name != "first_year"}
    cells = common.read_sheet(path, release["sheet"])
    title = tables.one_line(cells.iat[0, 0]) if len(cells) else ""
    label = f"{year - 1}-{year % 100:02d}"
    if "Outturn" in title and label not in title:
        raise BadInput(f"{pathlib.Path(path).name} is headed {title!r}; the outturn of {label} is expected")
    table = tables.below_header(cells, layout["columns"][0], path)
    common.require_columns(table.columns, layout["columns"], path)
    codes = tables.area_codes(table, code3=layout["code"])
    names = table[layout["line"]].map(_line_name)
    parts = []
    for measure, text in lines.items():
        rows = table[names == _line_name(text)]
        _require_line(rows, codes, text, path)
        columns = {measure: layout["gross"], f"{measure}_net": layout["net"]}
        parts.append(tables.observations(rows, codes[rows.index], year, columns, path))
    return pd.concat(parts, ignore_index=True)


def _require_line(rows: pd.DataFrame, codes: pd.Series, text: str, path: common.AnyPath) -> None:
    """Stop unless every authority in the file has the line."""
    without = sorted(set(codes) - set(codes[rows.index]))
    if len(without) == codes.nunique():
        raise BadInput(
            f"{pathlib.Path(path).name}: no line is called {text!r}; the lines may have been renamed, "
            "correct cptrends/sources/section_251.toml if so"
        )
    if without:
        raise BadInput(
            f"{pathlib.Path(path).name}: {areas.name(without[0])} has no line {text!r}; every authority should, "
            "so the file may be truncated"
        )


def _national(path: common.AnyPath) -> pd.DataFrame:
    layout = toml("cptrends.sources", "section_251.toml")["national"]
    table = common.read_csv_text(path)
    common.require_columns(table.columns, layout["columns"], path)
    table = table[table["geographic_level"] == "National"]
    names = table["description_of_expenditure"].map(_line_name)
    parts = []
    for measure, text in layout["lines"].items():
        rows = table[names == _line_name(text)]
        if rows.empty:
            raise BadInput(f"{pathlib.Path(path).name}: no line is called {text!r}; it may have been renamed")
        years = rows["time_period"].str[:4].astype(int) + 1
        codes = tables.area_codes(rows, code9="country_code")
        columns = {measure: "total_expenditure", f"{measure}_net": "net_current_expenditure"}
        parts.append(tables.observations(rows, codes, years, columns, path))
    return pd.concat(parts, ignore_index=True)
