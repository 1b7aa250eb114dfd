"""Which pages there are: the one list from which navigation, front page and finder are made.

A page that needs no notebook is a line here, a module with a function `page` and a template. A notebook in the
folder of notebooks is a page by being there. An authority has a page where its file is on the disk.
"""

import dataclasses
import os
import pathlib
from typing import TypedDict

from cptrends import words
from cptrends.charts import addresses
from cptrends.data import areas, paths

#: The folder of the authorities' pages, in the folder of reports.
AUTHORITIES = "areas"


@dataclasses.dataclass(frozen=True)
class Page:
    """A page that is written from the package and the data alone.

    Attributes
    ----------
    name : str
        Of its file, without ending.
    title : str
        In the navigation and on the front page.
    blurb : str
        A sentence on the front page.
    module : str
        Where its function `page` is, which gives the HTML.
    folder : str
        Of the files that go with it, if there are any: the module's function `write` fills it, and `page` is told it.
    """

    name: str
    title: str
    blurb: str
    module: str
    folder: str = ""


WRITTEN = (
    Page(
        "methods", "Methods", "How each figure is computed, with an example worked through.", "cptrends.reports.methods"
    ),
    Page(
        addresses.DATA,
        "Data",
        "Every measure: what it counts, from when, what broke, and the file and line of each figure.",
        "cptrends.reports.datapage",
    ),
    Page(
        "downloads",
        "Downloads",
        "All tables as CSV, one spreadsheet of all indicators, and the claims for machines.",
        "cptrends.reports.downloads",
        folder="downloads",
    ),
)

#: The site's navigation, on every page: file and text.
NAVIGATION = (
    (addresses.FRONT, "Front page"),
    (addresses.CLAIMS, "Claims"),
    *((page.name, page.title) for page in WRITTEN),
)


def notebooks() -> dict[str, pathlib.Path]:
    """The notebooks that are pages, in their order.

    Returns
    -------
    dict of str to pathlib.Path
        By name, which is that of the page.

    >>> list(notebooks())[0]
    '01_demand'
    """
    return {path.stem: path for path in sorted(paths.notebooks().glob("[0-9]*.ipynb"))}


def slug_of(code: str) -> str:
    """The name of an authority's page, without its ending.

    >>> slug_of("E09000012"), slug_of("E10000009")
    ('hackney', 'dorset-to-2019')
    """
    return words.slug(areas.name(code))


def page_of(out: str | os.PathLike[str], code: str) -> pathlib.Path:
    """Where an authority's page is.

    Parameters
    ----------
    out : path-like
        The folder of reports.
    code : str

    >>> page_of("reports", "E09000012").as_posix()
    'reports/areas/hackney.html'
    """
    return pathlib.Path(out) / AUTHORITIES / f"{slug_of(code)}.html"


def slugs_there(out: str | os.PathLike[str]) -> frozenset[str]:
    """The names of the authorities' pages that are there, without their endings: others are named without a link."""
    return frozenset(path.stem for path in (pathlib.Path(out) / AUTHORITIES).glob("*.html"))


class Listed(TypedDict):
    """An authority in the finder."""

    code: str
    name: str
    ended: int | None
    page: str


def authorities_there(out: str | os.PathLike[str]) -> list[Listed]:
    """The authorities that have a page, for the finder.

    Parameters
    ----------
    out : path-like
        The folder of reports.

    Returns
    -------
    list of Listed
        code, name, ended (the last year it reported for, or None) and page (its address); by name.
    """
    there = slugs_there(out)
    rows: list[Listed] = [
        {
            "code": code,
            "name": area["name"],
            "ended": area["last_year"],
            "page": page_of("", code).as_posix(),
        }
        for code, area in areas.register().items()
        if area["level"] == "authority" and slug_of(code) in there
    ]
    return sorted(rows, key=lambda row: row["name"])
