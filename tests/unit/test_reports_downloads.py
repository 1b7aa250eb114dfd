"""Downloads: the tables are what loading gives, the spreadsheet can be read by everyone, the bytes repeat."""

import hashlib
import io
import json
import math
import re
import xml.etree.ElementTree as ET
import zipfile

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cptrends import claims, data
from cptrends.data import areas
from cptrends.indicators import table
from cptrends.reports import datapage, downloads, spreadsheet

CLAIM = {
    "id": "referrals-<script>",
    "claim": "There were 635,600 <script>alert(1)</script> referrals.",
    "stated": 635600,
    "unit": "referrals",
    "precision": 100,
    "calculation": {"operation": "level", "measure": "referrals", "year": 2015},
}
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def results():
    return claims.check([CLAIM])


@pytest.fixture(scope="module")
def folder(tmp_path_factory, results):
    """All downloads, written once, with one claim of the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(downloads.checking, "registered_results", lambda: results)
        folder = tmp_path_factory.mktemp("reports") / "downloads"
        downloads.write(folder)
    return folder


def read(path):
    return pd.read_csv(
        path, dtype={"status": str, "release": str, "area_code": str}, keep_default_na=False, na_values={"value": [""]}
    )


# CSV


def test_there_is_a_file_for_every_measure_held_and_every_indicator(folder):
    held = {name for name in datapage.measures.dictionary() if len(datapage.figures(name))}
    assert {path.stem for path in (folder / "measures").glob("*.csv")} == held
    assert {path.stem for path in (folder / "indicators").glob("*.csv")} == set(table.register())
    assert not list(folder.rglob("*.new"))


@pytest.mark.parametrize(
    "measure", ["plans_started", "plans_31_march_2_years_or_more", "repeat_plan_percent", "social_work_spend"]
)
def test_a_measure_as_csv_is_the_measure_as_loaded(folder, measure):
    written, loaded = read(folder / "measures" / f"{measure}.csv"), data.load(measure)
    assert list(written.columns) == downloads.MEASURE_COLUMNS
    for column in ("area_code", "area_name", "year", "status", "release"):
        assert written[column].tolist() == loaded[column].tolist()
    assert (written["value"].isna() == loaded["value"].isna()).all()
    both = pd.DataFrame({"a": written["value"].astype(float), "b": loaded["value"]}).dropna()
    assert ((both["a"] - both["b"]).abs() <= 1e-11 * both["b"].abs()).all()


def test_what_is_withheld_is_empty_and_never_nought(folder):
    written = read(folder / "measures" / "plans_31_march_2_years_or_more.csv")
    withheld = written[written["status"] == "suppressed"]
    assert len(withheld) and withheld["value"].isna().all()


def test_an_indicator_as_csv_says_whom_a_total_is_without(folder):
    written = read(folder / "indicators" / "repeat_plan_share.csv").set_index(["area_name", "year"])
    assert written["without"]["England", 2022] == "Doncaster"


def test_an_indicator_as_csv_has_its_limits_and_the_columns_of_the_command_line(folder):
    written = read(folder / "indicators" / "plan_rate.csv")
    assert list(written.columns) == [*table.FIGURES, "without"]
    known = written.dropna(subset=["value"])
    assert (known["lower"].astype(float) <= known["value"]).all() and (
        known["value"] <= known["upper"].astype(float)
    ).all()


def test_inspections_carry_the_names_of_areas(folder):
    written = pd.read_csv(folder / "tables" / "inspections.csv", dtype=str, keep_default_na=False)
    assert len(written) == len(data.load_table("inspections"))
    assert written.columns[1] == "area_name" and (written["area_name"] != "").all()


@given(st.lists(st.one_of(st.floats(allow_infinity=False), st.integers(-(10**9), 10**9).map(float)), min_size=1))
def test_numbers_come_back_from_csv_to_twelve_digits(values):
    text = downloads.csv_text(pd.DataFrame({"value": values, "last": "x"}))
    back = [line.partition(",")[0] for line in text.splitlines()[1:]]
    for before, after in zip(values, back, strict=True):
        assert after == "" if math.isnan(before) else math.isclose(float(after), before, rel_tol=1e-11)
        assert not after.endswith(".0")


# Claims


def test_claims_are_there_three_ways(folder, results):
    assert pd.read_csv(folder / "claims.csv").loc[0, "verdict"] == results[0]["verdict"] == "confirmed"
    graph = json.loads((folder / "claims.jsonld").read_text("utf-8"))["@graph"]
    assert graph[0]["claimReviewed"] == CLAIM["claim"]
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["claims"][0]["inputs"][0]["release"] == "cin-2015"


def test_the_manifest_has_the_hash_of_every_other_file(folder):
    listed = {entry["file"]: entry for entry in json.loads((folder / "manifest.json").read_text("utf-8"))["files"]}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(listed) == there - {"manifest.json"}
    for file, entry in listed.items():
        content = (folder / file).read_bytes()
        assert (entry["bytes"], entry["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


# The page


def test_the_page_lists_every_file_with_its_size(folder):
    page = downloads.page(folder)
    linked = re.findall(r'href="downloads/([^"]+)"', page)
    assert sorted(linked) == sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert downloads.size((folder / "indicators.xlsx").stat().st_size) in page
    assert not re.search(r"<(link|img|iframe)\b|\bsrc=|@import|url\(", page)
    assert ">Size<" not in downloads.page()


def test_the_data_page_links_to_files_that_are_there(folder):
    from cptrends.data import figures

    linked = set(re.findall(r'href="downloads/([^"]+)"', datapage.page()))
    assert [file for file in linked if not (folder / file).is_file()] == []
    assert {f"measures/{name}.csv" for name in figures.measures_held()} <= linked
    assert {"tables/inspections.csv", "tables/releases.csv", "tables/areas.csv"} <= linked


def test_a_failure_leaves_the_old_file_and_says_so(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text("old")

    def fails():
        raise KeyError("no such figure")

    monkeypatch.setattr(downloads, "_files", lambda: {"a.csv": ("tables", "A", fails)})
    with pytest.raises(KeyError):
        downloads.write(tmp_path)
    assert (tmp_path / "a.csv").read_text() == "old"


def test_progress_is_told_of_every_file_and_the_manifest_comes_last(tmp_path, monkeypatch, results):
    monkeypatch.setattr(downloads, "_files", lambda: {f"{n}.csv": ("tables", "A", lambda: "a\n") for n in "ab"})
    monkeypatch.setattr(downloads.checking, "registered_results", lambda: results)
    told, names = [], ["a.csv", "b.csv", "manifest.json"]
    assert downloads.write(tmp_path, lambda *what: told.append(what)) == [tmp_path / name for name in names]
    assert told == [(1, 3, "a.csv"), (2, 3, "b.csv"), (3, 3, "manifest.json")]


# The spreadsheet


class Book:
    """A spreadsheet as any program would read it: the cells of each sheet, and its tables."""

    def __init__(self, content):
        self.files = {
            name: zipfile.ZipFile(io.BytesIO(content)).read(name)
            for name in zipfile.ZipFile(io.BytesIO(content)).namelist()
        }
        self.strings = [
            "".join(t.text or "" for t in item.iter(f"{MAIN}t")) for item in self.xml("xl/sharedStrings.xml")
        ]
        self.names = [sheet.get("name") for sheet in self.xml("xl/workbook.xml").iter(f"{MAIN}sheet")]

    def xml(self, name):
        return ET.fromstring(self.files[name])

    def number(self, name):
        return self.names.index(name) + 1

    def cells(self, name):
        """Cell -> text or number, and the kinds of cell there are."""
        found = {}
        for cell in self.xml(f"xl/worksheets/sheet{self.number(name)}.xml").iter(f"{MAIN}c"):
            value = cell.find(f"{MAIN}v")
            if value is not None:
                found[cell.get("r")] = self.strings[int(value.text)] if cell.get("t") == "s" else float(value.text)
        return found

    def tables(self, name):
        relations = self.files.get(f"xl/worksheets/_rels/sheet{self.number(name)}.xml.rels", b"").decode()
        return [self.xml(f"xl/tables/{file}") for file in re.findall(r"tables/(table\d+\.xml)", relations)]

    def rows(self, name):
        """The header and the rows of a sheet's one table."""
        reference = self.tables(name)[0].get("ref")
        first, last = (re.match(r"([A-Z]+)(\d+)", end).groups() for end in reference.split(":"))
        cells = self.cells(name)
        columns = [chr(code) for code in range(ord(first[0]), ord(last[0]) + 1)]
        return [[cells.get(f"{column}{row}") for column in columns] for row in range(int(first[1]), int(last[1]) + 1)]


@pytest.fixture(scope="module")
def book(folder):
    return Book((folder / "indicators.xlsx").read_bytes())


def test_the_cover_contents_and_notes_come_first(book):
    assert book.names[:3] == ["Cover", "Contents", "Notes"]
    assert [row[0] for row in book.rows("Contents")[1:]] == book.names[2:]
    assert len({name.casefold() for name in book.names}) == len(book.names)


def test_every_sheet_has_a_title_one_table_and_no_merged_cells(book):
    for name in book.names:
        assert isinstance(book.cells(name)["A1"], str), name
        assert len(book.tables(name)) == (0 if name == "Cover" else 1), name
        assert b"mergeCell" not in book.files[f"xl/worksheets/sheet{book.number(name)}.xml"], name


def test_no_cell_of_a_table_is_empty_and_its_headers_are_the_marked_ones(book):
    for name in book.names[1:]:
        header, *rows = book.rows(name)
        assert header == [column.get("name") for column in book.tables(name)[0].iter(f"{MAIN}tableColumn")]
        assert len(set(header)) == len(header)
        assert rows and all(cell not in (None, "") for row in rows for cell in row), name


def test_every_indicator_is_in_it_with_england_and_the_authorities(book):
    latest = [row for name in book.names if name.endswith("latest") for row in book.rows(name)[1:]]
    assert {row[0] for row in latest} == {entry["label"] for entry in table.register().values()}
    plan_rate = [row for row in latest if row[0] == table.declared("plan_rate")["label"]]
    assert plan_rate[0][2] == "England"
    newest = table.indicator("plan_rate", "authorities")["year"].max()
    assert [row[2] for row in plan_rate[1:]] == [areas.name(code) for code in areas.authorities(newest)]


def test_its_numbers_are_the_indicators_and_its_words_their_statuses(book):
    figures = table.indicator("plans_31_march_2_years_share", "authorities").set_index(["area_code", "year"])
    header, *rows = book.rows("Shares by year")
    rows = [
        row
        for row in rows
        if row[0] == table.declared("plans_31_march_2_years_share")["label"] and row[1] != "E92000001"
    ]
    seen = set()
    for row in rows:
        for heading, cell in zip(header[3:-1], row[3:-1], strict=True):
            key = (row[1], int(heading[:4]) + 1)
            if key not in figures.index:
                assert cell == spreadsheet.NO_FIGURE
                continue
            figure = figures.loc[key]
            expected = figure["status"].replace("_", " ") if math.isnan(figure["value"]) else figure["value"]
            assert cell == expected if isinstance(expected, str) else math.isclose(cell, expected, rel_tol=1e-12)
            seen.add(type(cell))
            seen.add(cell) if isinstance(cell, str) else None
    assert float in seen and "suppressed" in seen


def test_the_file_is_dated_by_the_newest_release_and_not_by_the_clock(book):
    created = re.search(rb"<dcterms:created[^>]*>([\d-]+)T", book.files["docProps/core.xml"])[1].decode()
    newest = max(date for date in data.releases()["published"] if date)
    assert created == (newest + "-01")[:10]  # of a release dated by its month, the first day


def _figures(name, status):
    value = [1.5 if state in ("derived", "low_confidence") else float("nan") for state in status]
    return pd.DataFrame(
        {
            "area_code": "E92000001",
            "area_name": name,
            "year": range(2011, 2011 + len(status)),
            "value": value,
            "lower": value,
            "upper": value,
            "numerator": value,
            "denominator": 10.0,
            "status": status,
            "note": "",
        }
    )


def test_the_same_figures_give_the_same_bytes_and_no_clock_is_in_them():
    frames = {"plan_rate": _figures("England", ["derived", "suppressed"])}
    content = spreadsheet.workbook(frames)
    assert spreadsheet.workbook(frames) == content
    assert {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(content)).infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = Book(content).files["docProps/core.xml"]
    assert len(set(re.findall(rb"W3CDTF\">([^<]+)<", core))) == 1


def test_an_indicator_of_a_new_kind_stands_on_its_own_sheets(monkeypatch):
    text = """
        [kinds.per_1000_children]
        per = 1000
        interval = "byar"
        unit = "per 1,000 children"
        shown = "number"
        judged_as = "rate"
        sheet = "Rates per 1000"
        format = "0.00"
        [indicators.referrals_per_1000]
        label = "Referrals per 1,000 children"
        numerator = "referrals"
        denominator = "population_0_17"
        of = "per_1000_children"
    """
    register = {**table.register(), **table.read_register(text)}
    monkeypatch.setattr(table, "register", lambda: register)
    figures = _figures("England", ["derived", "suppressed"])
    book = Book(spreadsheet.workbook({"plan_rate": figures, "referrals_per_1000": figures}))
    new = ["Rates per 1000 latest", "Rates per 1000 by year"]
    assert book.names[3:] == ["Rates latest", "Rates by year", *new]
    for name in new:
        assert [row[0] for row in book.rows(name)[1:]] == ["Referrals per 1,000 children"]
    assert "Lower 95% limit" in book.rows("Rates per 1000 latest")[0]
    assert b'formatCode="0.00"' in book.files["xl/styles.xml"] or b'numFmtId="2"' in book.files["xl/styles.xml"]


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(["=1+1", "+1", "@SUM(A1)", "<script>", "https://example.org", "{=A1}", "internal:'x'!A1"]))
def test_a_name_that_looks_like_a_formula_or_a_link_stays_text(name):
    content = Book(spreadsheet.workbook({"plan_rate": _figures(name, ["derived"])}))
    assert content.rows("Rates latest")[1][2] == name
    sheet = content.files[f"xl/worksheets/sheet{content.number('Rates latest')}.xml"]
    assert b"<f>" not in sheet and b"<hyperlink" not in sheet


def test_doubtful_years_are_named_and_the_newest_year_with_a_figure_is_the_latest():
    frames = {"plan_rate": _figures("England", ["low_confidence", "derived", "suppressed"])}
    assert spreadsheet.series_rows(frames)[1][0][-1] == "low confidence: 2010/11"
    columns, rows = spreadsheet.latest_rows(frames)
    assert rows[0][columns.index("Year")] == "31 March 2012" and rows[0][-1] == "derived"
    assert "Lower 95% limit" not in spreadsheet.latest_rows(frames, limits=False)[0]
