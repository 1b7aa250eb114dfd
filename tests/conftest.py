"""What tests of several rooms share: the publishers' files, small files in their layouts, the command line."""

import csv
import hashlib
import pathlib

import hypothesis
import pandas as pd
import pytest

from cptrends import cli
from cptrends.data import areas
from cptrends.sources import children_in_need, registry

# A busy machine is no failure.
hypothesis.settings.register_profile("cptrends", deadline=None)
hypothesis.settings.load_profile("cptrends")

TESTS = pathlib.Path(__file__).parent
SHARED = TESTS.parents[1] / "shared"
TIDY_ID = [
    "time_period",
    "time_identifier",
    "geographic_level",
    "country_code",
    "country_name",
    "region_code",
    "region_name",
    "old_la_code",
    "new_la_code",
    "la_name",
    "category",
    "Category",
    "age_group",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Give the marks that follow from what a test asks for, `shared`, and from where it is, `slow`."""
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.shared)
        if {TESTS / "integration", TESTS / "browser"} & set(item.path.parents):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def shared():
    """The folder of the publishers' own files, which only developers have: the one way to one, or to a skip."""
    if not SHARED.is_dir():
        pytest.skip("the publishers' own files are not beside the project")
    return SHARED


@pytest.fixture(scope="session")
def vectors():
    """A function (name) -> cases other packages print or test themselves with; tests/vectors/README.md says whose."""

    def read(name):
        path = TESTS / "vectors" / f"{name}.csv"
        return pd.read_csv(path, true_values=["yes"], false_values=["no"])

    return read


@pytest.fixture(scope="session")
def pack(shared):
    """The pack of official files."""
    return shared / "data" / "official"


def _write(path, header, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *rows])
    return path


def _filler(column, level):
    if column.endswith("DCI"):
        return ""
    if "percent" in column or column.startswith("%") or column.endswith("_A"):
        return "24.5"
    return "10" if level == "authority" else "1000"


def _file_name(release, part):
    return registry.releases()[release]["files"][part].replace("*", "x")


@pytest.fixture(scope="session")
def tidy_file():
    """A function (folder, release, part) -> a small file in the layout used since 2020.

    `years` are its periods; `cells` puts a text in (area name, year, column), every other count being
    1000 for England and the regions and 10 for an authority, a percentage 24.5; `columns` renames, adds or (with
    None) leaves out columns; `without` leaves out an area by name.
    """

    def make(folder, release="cin-2025", part="d3", *, years=(2025,), cells=None, columns=None, without=(), name=None):
        header = children_in_need.header(release, part)
        rows = []
        for year in years:
            # A mid-year's population is given for the authorities of the year it serves.
            there = [areas.ENGLAND, *areas.regions(), *areas.authorities(year + (part == "population"))]
            for code in there:
                area = areas.register()[code]
                if area["name"] in without:
                    continue
                level = area["level"]
                region = code if level == "region" else area["parent_code"] if level == "authority" else ""
                known = {
                    "time_period": year,
                    "time_identifier": "Reporting year",
                    "geographic_level": {"country": "National", "region": "Regional", "authority": "Local authority"}[
                        level
                    ],
                    "country_code": areas.ENGLAND,
                    "country_name": "England",
                    "region_code": region,
                    "region_name": areas.name(region) if region else "",
                    "old_la_code": area["la_code"] if level == "authority" else "",
                    "new_la_code": code if level == "authority" else "",
                    "la_name": area["name"] if level == "authority" else "",
                }
                row = {
                    column: known.get(column, "Total" if column in TIDY_ID else _filler(column, level))
                    for column in header
                }
                for (place, when, column), text in (cells or {}).items():
                    if place == area["name"] and when == year:
                        row[column] = text
                rows.append(row)
        renamed = {column: (columns or {}).get(column, column) for column in header}
        added = [column for column in columns or {} if column not in header]
        names = [new for new in renamed.values() if new is not None] + added
        table = [[row[old] for old, new in renamed.items() if new is not None] + ["1"] * len(added) for row in rows]
        return _write(folder / (name or _file_name(release, part)), names, table)

    return make


@pytest.fixture(scope="session")
def wide_file():
    """A function (folder, release) -> a small file in the layout of 2009-10 to 2016-17.

    `cells` puts a text in (area name, column); every other count is 1000 for England and 10 for an
    authority. England's row carries a code of the Isle of Wight, as the real ones do.
    """

    def make(folder, release="cin-2015", *, cells=None, without=(), name=None):
        header = children_in_need.header(release, "underlying")
        rows = []
        for code in [areas.ENGLAND, *areas.authorities(registry.releases()[release]["year"])]:
            area = areas.register()[code]
            england = code == areas.ENGLAND
            if area["name"] in without:
                continue
            known = {
                "geog_l": "National" if england else "LA",
                "geog_c": "921" if england else area["la_code"],
                "new_la_code": "E06000046" if england else code,
                "geog_n": area["name"],
            }
            row = {column: known.get(column, _filler(column, area["level"])) for column in header}
            for (place, column), text in (cells or {}).items():
                if place == area["name"]:
                    row[column] = text
            rows.append([row[column] for column in header])
        return _write(folder / (name or _file_name(release, "underlying")), header, rows)

    return make


@pytest.fixture
def run(capsys):
    """The command line: a function (words) -> exit status, what it printed and what it complained of."""

    def command(*words):
        try:
            status = cli.main([str(word) for word in words])
        except SystemExit as stop:  # argparse's own refusals
            status = stop.code
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return command


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty clone of one's own for commands that write."""
    (tmp_path / "home" / "data" / "raw").mkdir(parents=True)
    monkeypatch.setenv("CPTRENDS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="session")
def contents():
    """A function (folder) -> every file under it with the hash of what it holds: was anything written?"""

    def listing(folder):
        files = sorted(path for path in pathlib.Path(folder).rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    return listing
