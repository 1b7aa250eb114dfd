"""Opening publishers' files safely, and saying plainly what is wrong with one.

Every reader goes through these few functions, so that a renamed column, a truncated file or
a hostile workbook is met in one place. Files are checked for size and shape before they are
read whole.
"""

import csv
import io
import os
import pathlib
import zipfile
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from cptrends.errors import BadInput

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

AnyPath = str | os.PathLike[str]

MAX_FILE_BYTES = 64_000_000
MAX_UNPACKED_BYTES = 600_000_000
MAX_CELL_CHARACTERS = 30_000  # the longest real cell is a few thousand


def check_size(path: AnyPath) -> None:
    """Refuse a file that is missing, empty or larger than any published one.

    Raises
    ------
    BadInput
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise BadInput(f"{path} is not a file; give the path of a file or folder as the publisher issued it")
    size = path.stat().st_size
    if size == 0:
        raise BadInput(f"{path.name} is empty; download it again from the publisher")
    if size > MAX_FILE_BYTES:
        raise BadInput(
            f"{path.name} is {size / 1e6:,.0f} MB, more than the {MAX_FILE_BYTES / 1e6:.0f} MB any published file "
            "needs; check that it is the publisher's own"
        )


def read_csv_text(path: AnyPath) -> pd.DataFrame:
    """A CSV file as text, every cell as published.

    Parameters
    ----------
    path : path-like
        UTF-8 with or without a byte order mark, else Windows-1252.

    Returns
    -------
    pandas.DataFrame of str
        The first row gives the columns.

    Raises
    ------
    BadInput
        If the file is empty, too large, not text, has a cell of more than 30,000 characters or
        a row with more or fewer cells than the header (as a truncated file has).
    """
    rows = read_csv_rows(path)
    header = rows[0]
    repeated = sorted({column for column in header if header.count(column) > 1})
    if repeated:
        raise BadInput(f"{pathlib.Path(path).name}: column {repeated[0]!r} appears twice; each should appear once")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise BadInput(
                f"{pathlib.Path(path).name}, line {number}: {len(row)} cells where the header has {len(header)}; "
                "the file may be truncated, download it again"
            )
    return pd.DataFrame(rows[1:], columns=header, dtype=object)


def read_csv_rows(path: AnyPath) -> list[list[str]]:
    """The rows of a CSV file as lists of text, blank rows left out, for files with a preamble.

    Raises
    ------
    BadInput
        As `read_csv_text`, but rows may differ in length.
    """
    path = pathlib.Path(path)
    check_size(path)
    content = path.read_bytes()
    if b"\0" in content:
        raise BadInput(f"{path.name} is not a text file; a CSV as the publisher issued it is expected")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if any(row)]
    except csv.Error as error:
        reason = (
            f"a cell has more than {MAX_CELL_CHARACTERS:,} characters"
            if "field larger" in str(error)
            else "a quotation mark is never closed, as in a truncated file"
        )
        raise BadInput(f"{path.name} cannot be read: {reason}; download it again from the publisher") from None
    if len(rows) < 2:
        raise BadInput(f"{path.name} has no rows below its header; download it again from the publisher")
    return rows


def require_columns(found: Iterable[str], expected: Iterable[str], path: AnyPath, extra: str = "refuse") -> None:
    """Stop if a file's columns are not the ones expected, in one sentence naming the first fault.

    Parameters
    ----------
    found, expected : iterable of str
    path : path-like
        For the sentence.
    extra : {"refuse", "allow"}
        Whether columns that are not expected are an error.

    Raises
    ------
    BadInput

    >>> require_columns(["la", "Referals"], ["la", "Referrals"], "c1.csv")
    Traceback (most recent call last):
    ...
    cptrends.errors.BadInput: c1.csv: column 'Referrals' is missing; 'Referals' was found in its place, ...
    """
    found, expected = list(found), list(expected)
    name = pathlib.Path(path).name
    missing = [column for column in expected if column not in found]
    added = [column for column in found if column not in expected]
    if missing:
        place = f"; {added[0]!r} was found in its place" if added and extra == "refuse" else ""
        raise BadInput(
            f"{name}: column {missing[0]!r} is missing{place}, so check whether the publisher renamed it "
            "or the file is of another release"
        )
    if added and extra == "refuse":
        raise BadInput(
            f"{name}: column {added[0]!r} is not expected after {_before(found, added[0])!r}; "
            "the file may be of another release"
        )


def _before(columns: list[str], column: str) -> str:
    position = columns.index(column)
    return columns[position - 1] if position else "the start"


def check_zip(path: AnyPath) -> None:
    """Refuse a zip archive (a workbook is one) that could do harm when opened.

    Raises
    ------
    BadInput
        If it is not a zip, is damaged, would unpack to more than 600 MB, has a path that climbs
        out of its folder, or links to other workbooks.
    """
    path = pathlib.Path(path)
    check_size(path)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile:
        raise BadInput(f"{path.name} is damaged or not what its ending says; download it again") from None
    total = sum(member.file_size for member in members)
    if total > MAX_UNPACKED_BYTES:
        raise BadInput(
            f"{path.name} would unpack to {total / 1e6:,.0f} MB, more than the {MAX_UNPACKED_BYTES / 1e6:.0f} MB "
            "any published file needs; it is refused"
        )
    for member in members:
        parts = member.filename.replace("\\", "/").split("/")
        if ".." in parts or member.filename.startswith(("/", "\\")) or ":" in parts[0]:
            raise BadInput(
                f"{path.name} holds a path that climbs out of its folder, {member.filename!r}; it is refused"
            )
        if "externalLinks" in parts:
            raise BadInput(
                f"{path.name} is a workbook with links to other workbooks; the publisher's own has none, "
                "save a copy with the links broken"
            )


def read_sheet(path: AnyPath, sheet: str) -> pd.DataFrame:
    """One sheet of a workbook (.xlsx, .xls, .ods) as rows of raw cells, without a header.

    Parameters
    ----------
    path : path-like
    sheet : str
        The sheet's name.

    Returns
    -------
    pandas.DataFrame of object
        Cells as text, numbers, dates or "" when empty; rows and columns numbered from 0, row 0
        being the sheet's first.

    Raises
    ------
    BadInput
        If the workbook is unsafe, damaged or has no sheet of that name.
    """
    workbook = _workbook(path)
    if sheet not in workbook.sheet_names:
        raise BadInput(
            f"{pathlib.Path(path).name} has no sheet {sheet!r}; its sheets are {', '.join(workbook.sheet_names[:12])}"
        )
    rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return pd.DataFrame(rows, dtype=object)


def sheet_names(path: AnyPath) -> list[str]:
    """The names of a workbook's sheets, in order.

    Raises
    ------
    BadInput
    """
    return list(_workbook(path).sheet_names)


def _workbook(path: AnyPath) -> "CalamineWorkbook":
    path = pathlib.Path(path)
    if path.suffix.lower() in (".xlsx", ".ods"):
        check_zip(path)
    else:
        check_size(path)
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise BadInput(
            f"reading {path.name} needs the package python-calamine; install it with "
            'python -m pip install "cptrends[ingest]"'
        ) from None
    try:
        return CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError) as error:
        raise BadInput(f"{path.name} cannot be opened as a workbook ({error}); download it again") from None


def as_published(value: object) -> str:
    """The text of a cell as the publisher has it; numbers in their shortest exact form.

    >>> as_published(17.9), as_published(120.0), as_published(" x "), as_published("")
    ('17.9', '120', 'x', '')
    """
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, float):
        if value != value:
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).strip()
