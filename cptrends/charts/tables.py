"""Tables for notebooks and pages: a caption, headers with scope, text escaped, figures aligned."""

import dataclasses
import html
from collections.abc import Mapping
from typing import Any

import pandas as pd

from cptrends import words
from cptrends.charts import addresses
from cptrends.data.areas import ENGLAND


@dataclasses.dataclass(frozen=True)
class Table:
    """A table as notebooks and reports show it.

    Attributes
    ----------
    caption : str
    columns : tuple of str
    rows : tuple of tuple of str
        Text as printed; the first cell of a row is its header.
    numeric : tuple of bool
        Columns set to the right.
    links : tuple of tuple of str
        For each row the pages its cells lead to, from the folder of the reports; "" for none. Left
        out where no cell leads anywhere.
    sources : tuple of (str, str)
        What the marks [1], [2] in the cells stand for, and the page each leads to.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    links: tuple[tuple[str, ...], ...] = ()
    sources: tuple[tuple[str, str], ...] = ()

    def html(self, root: str | None = "") -> str:
        """The table as HTML; every text is escaped, so data can never be markup.

        Parameters
        ----------
        root : str or None
            From the page to the folder of the reports, such as "../"; None leaves out all links.

        Returns
        -------
        str
        """
        align = ["number" if numeric else "text" for numeric in self.numeric]
        head = "".join(
            f'<th scope="col" class="{a}">{html.escape(c)}</th>' for c, a in zip(self.columns, align, strict=True)
        )
        body = []
        for row, links in zip(self.rows, self.links or [("",) * len(self.columns)] * len(self.rows), strict=True):
            cells = [_linked(text, link, root) for text, link in zip(row, links, strict=True)]
            first = f'<th scope="row" class="{align[0]}">{cells[0]}</th>'
            body.append(
                f"<tr>{first}"
                + "".join(f'<td class="{a}">{c}</td>' for c, a in zip(cells[1:], align[1:], strict=True))
                + "</tr>"
            )
        listed = "".join(
            f"<li>[{n}] {_linked(text, link, root)}</li>" for n, (text, link) in enumerate(self.sources, start=1)
        )
        return (
            f"<table><caption>{html.escape(self.caption)}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{''.join(body)}</tbody></table>" + (f'<ul class="sources">{listed}</ul>' if listed else "")
        )

    def text(self) -> str:
        """The table as aligned plain text."""
        rows = [self.columns, *self.rows]
        widths = [max(len(row[i]) for row in rows) for i in range(len(self.columns))]
        lines = [
            "  ".join(
                cell.rjust(w) if n else cell.ljust(w) for cell, w, n in zip(row, widths, self.numeric, strict=True)
            ).rstrip()
            for row in rows
        ]
        return "\n".join(
            [self.caption, *lines, *(f"[{n}] {text}" for n, (text, _) in enumerate(self.sources, start=1))]
        )

    def _repr_mimebundle_(self, **_asked_for: Any) -> tuple[dict[str, str], dict[str, str]]:
        # Links lead to other pages of the reports: a notebook has none beside it, a page made from it has.
        return {"text/html": self.html(root=None), "text/plain": self.text()}, {"cptrends_table": self.html()}


def _linked(text: str, link: str, root: str | None) -> str:
    text = html.escape(text)
    return f'<a href="{html.escape(root + link)}">{text}</a>' if link and root is not None else text


def table(frame: pd.DataFrame, caption: str, *, digits: int | Mapping[str, int] = 0) -> Table:
    """A table of a frame's columns as they stand; numbers get thousands commas.

    Parameters
    ----------
    frame : pandas.DataFrame
        The first column names the row.
    caption : str
    digits : int or dict of str to int
        Digits after the point, for all columns or by column.

    Returns
    -------
    Table

    >>> import pandas as pd
    >>> print(table(pd.DataFrame({"Year": ["2014/15"], "Referrals": [635600.0]}), "Referrals").text())
    Referrals
    Year     Referrals
    2014/15    635,600
    """
    numeric = tuple(frame[column].dtype.kind in "fiu" for column in frame.columns)
    places = dict.fromkeys(frame.columns, digits) if isinstance(digits, int) else digits
    printed = []
    for column, is_number in zip(frame.columns, numeric, strict=True):
        values = frame[column]
        printed.append(
            [words.number(v, places.get(column, 0)) for v in values] if is_number else [_plain(v) for v in values]
        )
    return Table(caption, tuple(map(str, frame.columns)), tuple(zip(*printed, strict=True)), numeric)


def source_table(
    series: Mapping[str, pd.DataFrame],
    caption: str,
    *,
    kind: str = "flow",
    digits: int = 0,
    sources: Mapping[str, str] | None = None,
) -> Table:
    """Figures year by year, each with what may be said of it and where it is from.

    Parameters
    ----------
    series : dict of str to pandas.DataFrame
        Label -> year, value, status, release, one row a year, as `cptrends.data.load` gives them for one
        area; with their columns measure and area_code each figure links to its place on the data page.
    caption : str
    kind : {"flow", "stock"}
    digits : int
    sources : dict of str to str
        Release -> how its source is named; the release's own name otherwise.

    Returns
    -------
    Table
        A column a series and a last one with a number for each source, which are listed under the table.

    >>> import pandas as pd
    >>> one = pd.DataFrame({"year": [2015], "value": [635600.0], "status": ["rounded"], "release": ["cin-2015"]})
    >>> print(source_table({"Referrals": one}, "Referrals, England").text())
    Referrals, England
    Year     Referrals  Source
    2014/15    635,600  [1]
    [1] cin-2015
    """
    named = sources or {}
    numbers: dict[str, int] = {}
    rows, links = [], []
    for year in sorted({int(year) for frame in series.values() for year in frame["year"]}):
        cells, places, marks = [], [], []
        for frame in series.values():
            here = frame[frame["year"] == year]
            figure = here.iloc[0] if len(here) else None
            cells.append("no figure" if figure is None else _figure(figure, digits))
            places.append("" if figure is None else _place(figure))
            if figure is not None:
                marks.append(f"[{numbers.setdefault(figure['release'], len(numbers) + 1)}]")
        rows.append((words.year(year, kind), *cells, ", ".join(dict.fromkeys(marks))))
        links.append(("", *places, ""))
    listed = tuple((named.get(release, release), addresses.release(release)) for release in numbers)
    columns = ("Year", *series, "Source" if len(series) == 1 else "Sources")
    return Table(caption, columns, tuple(rows), (False, *(True,) * len(series), False), tuple(links), listed)


def _figure(figure: pd.Series, digits: int) -> str:
    status = figure["status"].replace("_", " ")
    if figure["value"] != figure["value"]:
        return status
    mark = f" ({status})" if status in ("unverified", "low confidence", "estimated") else ""
    return words.number(figure["value"], digits) + mark


def _place(figure: pd.Series) -> str:
    """Where the data page tells of a figure: its own row for England, its measure for other areas."""
    if "measure" not in figure.index:
        return ""
    return addresses.figure(figure["measure"], figure["year"], england=figure.get("area_code") == ENGLAND)


def _plain(value: object) -> str:
    return "" if value is None or value != value else str(value)
