"""One spreadsheet of all indicators, laid out as the Government Analysis Function asks.

A cover, contents and notes come first; then each sheet holds one table with a marked header row, a title
in its first cell, no merged and no empty cells, and words where there is no number.
"""

import datetime
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cptrends import data, words
from cptrends.data import areas, measures, status
from cptrends.indicators import table
from cptrends.reports import pages

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: Where an indicator has no row for an area and year.
NO_FIGURE = "no figure"
_DOUBTFUL = ("low_confidence", "estimated", "unverified")
_TITLE = "Child protection in England: indicators by area and year"


Rows = list[tuple[str | float, ...]]


@dataclass(frozen=True)
class Sheet:
    """A sheet with one table.

    Attributes
    ----------
    name, title, about : str
        Of the sheet, of the table, and a sentence on it.
    columns : list of str
    rows : list of tuple
        Text and numbers.
    pattern : str
        How its numbers are shown, in the spreadsheet's own notation.
    """

    name: str
    title: str
    about: str
    columns: list[str]
    rows: Rows
    pattern: str


def workbook(indicators: dict[str, pd.DataFrame]) -> bytes:
    """The spreadsheet.

    Parameters
    ----------
    indicators : dict of str to pandas.DataFrame
        By the names of the register, as `cptrends.indicators.indicator` gives them for all areas.

    Returns
    -------
    bytes
        An .xlsx file; the same figures give the same bytes.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "default_format_properties": {"font_name": "Arial", "font_size": 12}}
    )
    book.set_properties({"title": _TITLE, "author": "cptrends", "created": _dated()})
    formats = {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "whole": book.add_format({"num_format": "#,##0"}),
    }
    sheets = _sheets(indicators)
    for pattern in dict.fromkeys(sheet.pattern for sheet in sheets):
        formats[pattern] = book.add_format({"num_format": pattern})
    _cover(book, formats)
    _contents(book, formats, sheets)
    _notes(book, formats)
    for sheet in sheets:
        _table(book, formats, sheet)
    book.close()
    return buffer.getvalue()


def _sheets(indicators: dict[str, pd.DataFrame]) -> list[Sheet]:
    """For each kind of indicator the latest year, and every year."""
    kinds: dict[str, tuple[dict[str, Any], dict[str, pd.DataFrame]]] = {}
    sheets: list[Sheet] = []
    for key, entry in table.register().items():
        if key in indicators:
            kinds.setdefault(entry["sheet"], (entry, {}))[1][key] = indicators[key]
    for name, (entry, frames) in kinds.items():
        latest = latest_rows(frames, limits=entry["interval"] != "none")
        reported = "England and the authorities that reported for the newest year of each indicator."
        ever = "England and every authority there has been, by year ending 31 March."
        for which, title, about, (columns, rows) in (
            ("latest", "the latest year", reported, latest),
            ("by year", "every year", ever, series_rows(frames)),
        ):
            about = f"{_unit(entry)}. {about}"
            sheets.append(Sheet(f"{name} {which}", f"{name}: {title}", about, columns, rows, entry["format"]))
    return sheets


def _unit(entry: dict[str, Any]) -> str:
    return "Pounds, cash" if entry["shown"] == "pounds" else entry["unit"][0].upper() + entry["unit"][1:]


def latest_rows(frames: dict[str, pd.DataFrame], *, limits: bool = True) -> tuple[list[str], Rows]:
    """England and the authorities in the newest year of each indicator.

    Parameters
    ----------
    frames : dict of str to pandas.DataFrame
    limits : bool
        Whether there are limits to show.

    Returns
    -------
    tuple
        Column names, and rows of text and numbers; a number that is missing is the word for its status.
    """
    shown = ["value", *(["lower", "upper"] if limits else []), "numerator", "denominator"]
    headings = {
        "value": "Value",
        "lower": "Lower 95% limit",
        "upper": "Upper 95% limit",
        "numerator": "Numerator",
        "denominator": "Denominator",
    }
    rows = []
    for name, frame in frames.items():
        chosen = _england_and_authorities(frame)
        chosen = chosen[chosen["year"] == chosen.loc[chosen["value"].notna(), "year"].max()]
        kind = _kind(name)
        for figure in chosen.itertuples():
            word = figure.status.replace("_", " ")
            numbers = [word if np.isnan(number) else number for number in (getattr(figure, column) for column in shown)]
            rows.append(
                (_label(name), figure.area_code, figure.area_name, words.year(figure.year, kind), *numbers, word)
            )
    return ["Indicator", "Area code", "Area", "Year", *(headings[column] for column in shown), "Status"], rows


def series_rows(frames: dict[str, pd.DataFrame]) -> tuple[list[str], Rows]:
    """A row for each indicator and area, a column for each year.

    Parameters
    ----------
    frames : dict of str to pandas.DataFrame

    Returns
    -------
    tuple
        Column names, and rows of text and numbers; the last column names the years whose figure is doubtful.
    """
    years = sorted({year for frame in frames.values() for year in frame["year"]})
    rows = []
    for name, frame in frames.items():
        chosen = _england_and_authorities(frame)
        held: dict[tuple[str, str], dict[int, tuple[float, str]]] = {}
        for code, area, year, value, state in zip(
            chosen["area_code"], chosen["area_name"], chosen["year"], chosen["value"], chosen["status"], strict=True
        ):
            held.setdefault((code, area), {})[year] = (value, state)
        for (code, area), figures in held.items():
            cells = [_cell(*figures[year]) if year in figures else NO_FIGURE for year in years]
            rows.append((_label(name), code, area, *cells, _remark(figures)))
    return ["Indicator", "Area code", "Area", *(words.year(year) for year in years), "Remarks"], rows


def _cell(value: float, state: str) -> str | float:
    return state.replace("_", " ") if np.isnan(value) else value


def _remark(figures: dict[int, tuple[float, str]]) -> str:
    said = []
    for state in _DOUBTFUL:
        years = [year for year in sorted(figures) if figures[year][1] == state]
        if years:
            said.append(f"{state.replace('_', ' ')}: {words.listed(words.year(year) for year in years)}")
    return "; ".join(said) or "none"


def _england_and_authorities(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["area_code"].isin([areas.ENGLAND, *areas.authorities()])]


def _label(name: str) -> str:
    return table.register()[name]["label"]


def _kind(name: str) -> str:
    numerator = measures.measure(table.register()[name]["numerator"])
    return "stock" if numerator["kind"] == "stock" else "flow"


def _table(book: "Workbook", formats: dict[str, "Format"], content: Sheet) -> None:
    sheet = book.add_worksheet(content.name)
    first = _heading(
        sheet,
        formats,
        content.title,
        [f"This sheet has one table. {content.about}", "Words stand where there is no number: see the sheet Notes."],
    )
    for column, heading in enumerate(content.columns):
        style = formats["whole"] if heading in ("Numerator", "Denominator") else formats[content.pattern]
        for row, cells in enumerate(content.rows, start=first + 1):
            if isinstance(cells[column], str):
                sheet.write_string(row, column, cells[column])
            else:
                sheet.write_number(row, column, cells[column], style)
    _mark(sheet, content.name, first, content.columns, len(content.rows))
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, len(content.columns) - 1, 18)
    sheet.freeze_panes(first + 1, 3)


def _heading(sheet: "Worksheet", formats: dict[str, "Format"], title: str, lines: list[str]) -> int:
    """Title and lines in the first column; returns the row that the table begins on."""
    sheet.write_string(0, 0, title, formats["title"])
    for row, line in enumerate(lines, start=1):
        sheet.write_string(row, 0, line)
    return len(lines) + 1


def _mark(sheet: "Worksheet", name: str, first: int, columns: list[str], count: int) -> None:
    """Make a table of cells already written, so that its header row is marked as one."""
    sheet.add_table(
        first,
        0,
        first + count,
        len(columns) - 1,
        {
            "name": name.lower().replace(" ", "_"),
            "style": "Table Style Light 1",
            "banded_rows": False,
            "columns": [{"header": heading} for heading in columns],
        },
    )


def _cover(book: "Workbook", formats: dict[str, "Format"]) -> None:
    sheet = book.add_worksheet("Cover")
    sheet.set_column(0, 0, 100, formats["wrap"])
    _heading(
        sheet,
        formats,
        _TITLE,
        [
            "Made by cptrends from figures that the Department for Education and other publishers give by authority.",
            f"Newest release of children in need: {pages.newest_children_in_need()}.",
            "The sheet Contents leads to every table. The sheet Notes says what words and years mean.",
            "The data page of the reports has the definition, breaks and known problems of each measure, "
            "and the file each figure is from.",
            "Contains public sector information licensed under the Open Government Licence v3.0.",
        ],
    )


def _contents(book: "Workbook", formats: dict[str, "Format"], sheets: list[Sheet]) -> None:
    sheet = book.add_worksheet("Contents")
    first = _heading(sheet, formats, "Contents", ["This sheet has one table. Each name leads to its sheet."])
    link = book.get_default_url_format()
    listed = [
        ("Notes", "What the words and the years mean"),
        *((content.name, f"{content.title}. {content.about}") for content in sheets),
    ]
    for row, (name, what) in enumerate(listed, start=first + 1):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", link, name)
        sheet.write_string(row, 1, what, formats["wrap"])
    _mark(sheet, "Contents", first, ["Sheet", "What it holds"], len(listed))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)


def _notes(book: "Workbook", formats: dict[str, "Format"]) -> None:
    sheet = book.add_worksheet("Notes")
    first = _heading(sheet, formats, "Notes", ["This sheet has one table."])
    notes = [
        ("Year", "2014/15 is the year to 31 March 2015. Of a figure on one day it is that day: 31 March 2015."),
        (
            "Limits",
            "95% limits speak of chance alone: Byar's for rates and counts for every 100, Wilson's for shares. "
            "Money has none.",
        ),
        (
            "Remarks",
            "The years whose figure the publisher marks as doubtful or estimated, or that has no confirmed source.",
        ),
        (
            NO_FIGURE.capitalize(),
            "The figure was not collected or not published for that year, or the authority did not exist then.",
        ),
        *((name.replace("_", " ").capitalize(), meaning) for name, meaning in status.MEANING.items()),
    ]
    for row, note in enumerate(notes, start=first + 1):
        for column, text in enumerate(note):
            sheet.write_string(row, column, text, formats["wrap"])
    _mark(sheet, "Notes", first, ["Word", "What it means"], len(notes))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)


def _dated() -> datetime.datetime:
    """The day of the newest release, or the first of its month or year: the same data, the same date in the file."""
    newest = max(date for date in data.releases()["published"] if date)
    return datetime.datetime.fromisoformat((newest + "-01-01")[:10])
