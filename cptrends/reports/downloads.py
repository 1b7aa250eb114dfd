"""The downloads: every table as CSV, one spreadsheet of all indicators, and the claims for machines."""

import functools
import hashlib
import json
import pathlib
from collections.abc import Callable

import numpy as np
import pandas as pd

from cptrends import data, files
from cptrends.claims import checking, export
from cptrends.data import areas, measures
from cptrends.indicators import table as indicator_table
from cptrends.memory import remembered
from cptrends.reports import datapage, pages, spreadsheet

MEASURE_COLUMNS = ["area_code", "area_name", "year", "value", "status", "release"]
#: Digits kept of a value or limit: beyond the twelfth they are the computer's, and differ between computers.
SIGNIFICANT = 12

#: What makes a file's content.
Maker = Callable[[], str | bytes]

_MANIFEST = "manifest.json"
_OF_MANIFEST = ("claims", "What each verdict was computed from, and the sha256 of every file here")

SECTIONS = {
    "spreadsheet": (
        "All indicators in one spreadsheet",
        "Opens in Excel and LibreOffice. A cover, contents and notes, then two sheets for each kind of indicator: the "
        "latest year with its limits, and every year. One table a sheet, and what is withheld says so in words.",
    ),
    "claims": (
        "Claims",
        "Every registered claim with its verdict: as a table, as ClaimReview for search engines, and with all it rests "
        "on so that others can repeat it.",
    ),
    "indicators": (
        "Indicators",
        "England, the regions and the authorities, every year, with 95% limits and both parts. Columns: "
        + ", ".join(indicator_table.DOWNLOADED)
        + "; without names the authorities left out of both parts of a total, because one part has no figure for them.",
    ),
    "measures": (
        "Measures",
        "The latest figure for each area and year. Where there is none the value is empty and the status says why. "
        "Columns: " + ", ".join(MEASURE_COLUMNS) + ".",
    ),
    "tables": ("Other tables", "What stands beside the figures."),
}


def page(folder: pathlib.Path | None = None) -> str:
    """The downloads page.

    Parameters
    ----------
    folder : path-like, optional
        Where `write` put the files; without it the page says nothing of their size.

    Returns
    -------
    str
        HTML.
    """
    listed = {file: (section, what) for file, (section, what, _) in _files().items()} | {_MANIFEST: _OF_MANIFEST}
    sections = [
        {
            "id": ident,
            "heading": heading,
            "plain": plain,
            "files": [
                {
                    "file": file,
                    "what": what,
                    "size": size((pathlib.Path(folder) / file).stat().st_size) if folder else "",
                }
                for file, (section, what) in listed.items()
                if section == ident
            ],
        }
        for ident, (heading, plain) in SECTIONS.items()
    ]
    return pages.template("downloads.html.j2").render(name="downloads", newest=pages.newest_figure(), sections=sections)


def write(folder: pathlib.Path, progress: Callable[..., None] | None = None) -> list[pathlib.Path]:
    """Write every download; the same data give the same bytes.

    Parameters
    ----------
    folder : path-like
        Made where it is not there. A file is replaced only when the new one is whole.
    progress : callable, optional
        Told done, total and which file.

    Returns
    -------
    list of pathlib.Path
    """
    folder, made = pathlib.Path(folder), _files()
    written: list[pathlib.Path] = []

    def keep(file: str, content: str | bytes) -> None:
        files.write(folder / file, content)
        written.append(folder / file)
        if progress:
            progress(len(written), len(made) + 1, file)

    for file, (_, _, make) in made.items():
        keep(file, make())
    keep(_MANIFEST, _manifest(written, folder))  # the last, for it lists the others
    return written


def _files() -> dict[str, tuple[str, str, Maker]]:
    """file -> (section, what it holds, function that makes it); all but the manifest."""
    names, kept = indicator_table.register(), measures.dictionary()
    named: dict[str, tuple[str, str, Maker]] = {
        "indicators.xlsx": ("spreadsheet", f"All {len(names)} indicators, England and authorities", _spreadsheet)
    }
    named |= {
        f"indicators/{name}.csv": ("indicators", entry["label"], functools.partial(_indicator_csv, name))
        for name, entry in names.items()
    }
    named |= {
        f"measures/{name}.csv": ("measures", entry["label"], functools.partial(_measure_csv, name))
        for name, entry in kept.items()
        if len(datapage.figures(name))
    }
    named |= {
        f"tables/{name}.csv": ("tables", what[0].upper() + what[1:], functools.partial(_table_csv, name))
        for name, what in datapage.TABLES.items()
    }
    named |= {
        "claims.csv": ("claims", "Claims as a table", _claims_csv),
        "claims.jsonld": ("claims", "Claims as ClaimReview JSON-LD (schema.org)", _claims_jsonld),
    }
    return named


@remembered
def indicator(name: str) -> pd.DataFrame:
    """An indicator for every area and year, read once for the CSV and the spreadsheet."""
    return indicator_table.indicator(name)


def _spreadsheet() -> bytes:
    return spreadsheet.workbook({name: indicator(name) for name in indicator_table.register()})


def _indicator_csv(name: str) -> str:
    return csv_text(indicator(name)[indicator_table.DOWNLOADED])


def _measure_csv(name: str) -> str:
    return csv_text(datapage.figures(name)[MEASURE_COLUMNS])


def _table_csv(name: str) -> str:
    held = data.load_table(name)
    if "area_code" in held and "area_name" not in held and name != "areas":
        held = held.copy()
        held.insert(
            1, "area_name", [areas.name(code) if code in areas.register() else "" for code in held["area_code"]]
        )
    return csv_text(held)


def _claims_csv() -> str:
    return csv_text(export.table(checking.registered_results()))


def _claims_jsonld() -> str:
    return _json(export.claim_reviews(checking.registered_results()))


def _manifest(written: list[pathlib.Path], folder: pathlib.Path) -> str:
    held = [
        {
            "file": path.relative_to(folder).as_posix(),
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in written
    ]
    return _json({"files": held, "claims": export.manifest(checking.registered_results())})


def _json(content: object) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def csv_text(frame: pd.DataFrame) -> str:
    r"""A table as CSV: whole numbers without a point, missing ones empty, twelve digits at most.

    Parameters
    ----------
    frame : pandas.DataFrame

    Returns
    -------
    str

    >>> csv_text(pd.DataFrame({"area": ["Kent", "York"], "value": [5.0, float("nan")]}))
    'area,value\nKent,5\nYork,\n'
    """
    columns = {
        name: [_text(v) for v in frame[name].to_numpy(float)] for name in frame.columns if frame[name].dtype.kind == "f"
    }
    return frame.assign(**columns).to_csv(index=False, lineterminator="\n")


def _text(value: float) -> str:
    if np.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() else f"{value:.{SIGNIFICANT}g}"


def size(count: int) -> str:
    """A file's size as readers know it.

    >>> size(312), size(45_300), size(2_340_000)
    ('1 kB', '45 kB', '2.3 MB')
    """
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1000))} kB"
