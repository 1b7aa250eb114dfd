"""Tables for notebooks and pages: a caption, headers with scope, text escaped, figures aligned."""

import dataclasses
import html

from cptrends import words
from cptrends.data.status import MEANING


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
    """

    caption: str
    columns: tuple
    rows: tuple
    numeric: tuple

    def html(self):
        """The table as HTML; every text is escaped, so data can never be markup."""
        align = ["number" if numeric else "text" for numeric in self.numeric]
        head = "".join(f'<th scope="col" class="{a}">{html.escape(c)}</th>' for c, a in zip(self.columns, align, strict=True))
        body = []
        for row in self.rows:
            cells = [f'<th scope="row" class="{align[0]}">{html.escape(row[0])}</th>']
            cells += [f'<td class="{a}">{html.escape(c)}</td>' for c, a in zip(row[1:], align[1:], strict=True)]
            body.append("<tr>" + "".join(cells) + "</tr>")
        return (
            f'<table><caption>{html.escape(self.caption)}</caption><thead><tr>{head}</tr></thead>'
            f'<tbody>{"".join(body)}</tbody></table>'
        )

    def text(self):
        """The table as aligned plain text."""
        rows = [self.columns, *self.rows]
        widths = [max(len(row[i]) for row in rows) for i in range(len(self.columns))]
        lines = [
            "  ".join(cell.rjust(w) if n else cell.ljust(w) for cell, w, n in zip(row, widths, self.numeric, strict=True)).rstrip()
            for row in rows
        ]
        return self.caption + "\n" + "\n".join(lines)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.html(), "text/plain": self.text()}


def table(frame, caption, *, digits=0):
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
    places = digits if isinstance(digits, dict) else dict.fromkeys(frame.columns, digits)
    printed = []
    for column, is_number in zip(frame.columns, numeric, strict=True):
        values = frame[column]
        printed.append([words.number(v, places.get(column, 0)) for v in values] if is_number else [_plain(v) for v in values])
    return Table(caption, tuple(map(str, frame.columns)), tuple(zip(*printed, strict=True)), numeric)


def source_table(series, caption, *, kind="flow", digits=0, sources=None):
    """Figures year by year, each with what may be said of it and where it is from.

    Parameters
    ----------
    series : dict of str to pandas.DataFrame
        Label -> year, value, status, release.
    caption : str
    kind : {"flow", "stock"}
    digits : int
    sources : dict of str to str
        Release -> how its source is named; the release's own name otherwise.

    Returns
    -------
    Table
    """
    sources = sources or {}
    rows = []
    for year in sorted({int(year) for frame in series.values() for year in frame["year"]}):
        row = [words.year(year, kind)]
        for frame in series.values():
            here = frame[frame["year"] == year]
            row += _figure_and_source(here.iloc[0], digits, sources) if len(here) else ["no figure", ""]
        rows.append(tuple(row))
    columns = ["Year"]
    for label in series:
        columns += [label, "Source" if len(series) == 1 else f"Source of {label[0].lower() + label[1:]}"]
    return Table(caption, tuple(columns), tuple(rows), (False, *(True, False) * len(series)))


def _figure_and_source(figure, digits, sources):
    status = figure["status"].replace("_", " ")
    if figure["value"] != figure["value"]:
        return [status, sources.get(figure["release"], figure["release"])]
    mark = f" ({status})" if status in ("unverified", "low confidence", "estimated") else ""
    return [words.number(figure["value"], digits) + mark, sources.get(figure["release"], figure["release"])]


def status_note(frame):
    """A sentence for each status in a frame that a reader should know about.

    >>> import pandas as pd
    >>> status_note(pd.DataFrame({"status": ["reported", "unverified"]}))
    ['Unverified: No published source has been confirmed.']
    """
    worth = [s for s in ("rounded", "estimated", "low_confidence", "unverified", "unavailable", "suppressed") if (frame["status"] == s).any()]
    return [f"{s.replace('_', ' ').capitalize()}: {MEANING[s]}" for s in worth]


def _plain(value):
    return "" if value is None or value != value else str(value)
