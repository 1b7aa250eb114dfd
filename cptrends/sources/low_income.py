"""Children in low-income families: HMRC's percentages 2011 to 2016 and DWP's counts since 2014/15.

HMRC counts children in families on out-of-work benefits or on tax credits with a low income, on
31 August, as a share of children in Child Benefit families. DWP counts children in families below
60 per cent of contemporary median income before housing costs, over the year to 31 March, and gives
no share. The two do not join.
"""

import itertools
import pathlib
import re

import pandas as pd

from cptrends.data import areas
from cptrends.errors import BadInput
from cptrends.sources import common, registry, tables


def read(path: common.AnyPath, part: str, release: registry.Release) -> pd.DataFrame:
    """Children in low-income families, as the publisher counts them.

    Parameters
    ----------
    path : path-like
        HMRC's workbook of a year, or an extract of DWP's Stat-Xplore as CSV.
    part : {"summary", "counts"}
    release : dict
        Its entry in `publications.toml`; `year` for `summary`, `boundaries` (the year ending
        31 March whose authorities it lists) for `counts`.

    Returns
    -------
    pandas.DataFrame
        `measure, area_code, year, published`. `summary`: `children_in_low_income_percent`, all
        dependent children under 20, published as a fraction; 31 August 2014 is year 2015.
        `counts`: `children_in_low_income`, children aged 0 to 19, a count.

    Raises
    ------
    BadInput
        If the columns are not where the publisher puts them, or an authority is missing.
    """
    return _counts(path, release) if part == "counts" else _summary(path, release)


def _summary(path: common.AnyPath, release: registry.Release) -> pd.DataFrame:
    sheet = next((name for name in common.sheet_names(path) if name.strip().startswith("Summary")), None)
    if sheet is None:
        raise BadInput(f"{pathlib.Path(path).name} has no sheet called Summary; it may be of another release")
    cells = common.read_sheet(path, sheet)
    text = cells.map(tables.one_line)
    top = range(min(20, len(text)))
    places = [(row, column) for row in top for column in (0, 1) if text.iat[row, column] == areas.ENGLAND]
    if not places:
        raise BadInput(
            f"{pathlib.Path(path).name}: England ({areas.ENGLAND}) is not in the first rows of sheet {sheet!r}"
        )
    first, code = places[0]
    # The 2016 file has the United Kingdom's rows above England's.
    first = min(row for row in range(first + 1) if re.match(r"[A-Z]\d{8}$", text.iat[row, code]))
    share = _share_column(text.iloc[:first], path)
    # Counties are not in the 2016 file, which lists their districts instead (E07).
    rows = text[code].str.match(r"E(92|06|08|09|10)\d{6}$")
    table = pd.DataFrame({"code9": text.loc[rows, code], "published": cells.loc[rows, share].map(common.as_published)})
    table["published"] += _suppressed_marks(text, rows, code)
    codes = tables.area_codes(table, code9="code9")
    return tables.observations(table, codes, release["year"], {"children_in_low_income_percent": "published"}, path)


def _share_column(header: pd.DataFrame, path: common.AnyPath) -> int:
    """The column of the percentage of all children, found under its two headings."""
    for column in header.columns:
        titles = [cell for cell in header[column] if cell.startswith("% of Children in low-income families")]
        if titles and "alternative" not in titles[0]:
            below = [next((cell for cell in header[place][::-1] if cell), "") for place in (column, column + 1)]
            if below == ["Under 16", "All Children"]:
                return column + 1
    raise BadInput(
        f"{pathlib.Path(path).name}: no column '% of Children in low-income families', 'All Children' was found; "
        "the publisher may have renamed it"
    )


def _suppressed_marks(text: pd.DataFrame, rows: pd.Series, code: int) -> pd.Series:
    """' (note N)' for rows whose name carries the number of a note that says they are suppressed.

    In 2012 the Isles of Scilly are printed as 0 and in 2014 as 0.028 with such a note: neither
    is a figure, and the mark keeps the cell from being taken for one.
    """
    notes = " ".join(cell for cell in text.to_numpy().ravel() if "suppressed to prevent disclosure" in cell)
    numbers = re.findall(r"(\d) The percentage [^.]*? suppressed", notes)
    # Up to 2014 an old code stands between code and name.
    names = text.loc[rows, code + 2]
    names = names.where(names.str.contains("[A-Za-z]"), text.loc[rows, code + 1])
    marks = pd.Series("", index=names.index)
    for number in numbers:
        marks[names.str.endswith(number)] = f" (note {number})"
    return marks


def _counts(path: common.AnyPath, release: registry.Release) -> pd.DataFrame:
    rows = common.read_csv_rows(path)
    start = next((place for place, row in enumerate(rows) if row[0] == "Year"), None)
    if start is None or "Relative Low Income" not in rows[1][0]:
        raise BadInput(
            f"{pathlib.Path(path).name}: no header row 'Year' over counts of Relative Low Income was found; "
            "an extract of that table is expected"
        )
    header = [cell for cell in rows[start] if cell]
    columns = _year_columns(header, path)
    below = itertools.takewhile(lambda row: row[0] != "Total", rows[start + 2 :])
    found: dict[str, list[str]] = {}
    for code, row in ((code, row) for row in below if (code := _english(row[0]))):
        if code in found or len(row) < len(header):
            raise BadInput(f"{pathlib.Path(path).name}: the row of {row[0]!r} is repeated or cut short")
        found[code] = row
    missing = [code for code in areas.authorities(release["boundaries"]) if code not in found]
    if missing:
        raise BadInput(
            f"{pathlib.Path(path).name}: {areas.name(missing[0])} is not in the table; every authority should be"
        )
    frame = pd.DataFrame(
        [(code, year, row[place]) for code, row in found.items() for year, place in columns.items()],
        columns=["area_code", "year", "published"],
    )
    return tables.observations(frame, frame["area_code"], frame["year"], {"children_in_low_income": "published"}, path)


def _year_columns(header: list[str], path: common.AnyPath) -> dict[int, int]:
    """The column of each year ending 31 March; every other column holds annotations."""
    a_year = re.compile(r"\d{4}/\d\d( \(p\))?$")
    columns = {int(cell[:4]) + 1: place for place, cell in enumerate(header) if a_year.match(cell)}
    if len(columns) * 2 != len(header) - 1 or not all(cell.endswith("Annotations") for cell in header[2::2]):
        raise BadInput(
            f"{pathlib.Path(path).name}: years such as '2014/15', each with an Annotations column, "
            "are expected in the header"
        )
    return columns


def _english(label: str) -> str | None:
    """The area_code of an English authority given by code or name; None for any other row.

    >>> _english("E06000047"), _english("St. Helens"), _english("Greenwich"), _english("W06000001")
    ('E06000047', 'E08000013', 'E09000011', None)
    """
    try:
        return areas.find(label)
    except BadInput:
        if re.match(r"E\d{8}$", label):
            raise
        return None
