"""Building pages from notebooks: what is rebuilt, what a failure leaves, what stays text."""

import html
import importlib
import json
import re

import nbformat
import pytest

from cptrends.charts import addresses
from cptrends.data import paths
from cptrends.errors import BadInput
from cptrends.files import write
from cptrends.reports import building, record, site

GOOD = [
    ("markdown", "# A page\n\nText with <script>alert(1)</script> in it."),
    ("code", "from IPython.display import Markdown\nMarkdown('It found **<script>alert(2)</script>** one thing.')"),
    ("code", "print('<script>alert(3)</script>')"),
    ("code", "'<script>alert(4)</script>'"),
    ("markdown", "## What <b>else</b>\n\nMore."),
]
BAD = [("markdown", "# Broken"), ("code", "1"), ("code", "raise KeyError('no such figure')")]


def save(folder, name, cells):
    make = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    notebook = nbformat.v4.new_notebook(cells=[make[kind](text) for kind, text in cells])
    nbformat.write(notebook, folder / f"{name}.ipynb")


@pytest.fixture
def notebooks(tmp_path, monkeypatch):
    """A folder of notebooks of our own, where the package looks for them."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    monkeypatch.setattr(paths, "notebooks", lambda: folder)
    return folder


def build(out, *only):
    return building.build(out=out, only=list(only))


def test_a_page_keeps_markup_in_data_as_text(notebooks, tmp_path):
    save(notebooks, "01_good", GOOD)
    out = tmp_path / "out é"
    assert build(out, "01_good") == 0
    for name in ("01_good.html", "index.html"):
        page = (out / name).read_text("utf-8")
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(2)" in page
    assert '<h2 id="what-b-else-b">' in (out / "01_good.html").read_text("utf-8")


def test_a_failing_notebook_names_its_cell_and_leaves_the_old_page_and_the_others(notebooks, tmp_path, capsys):
    save(notebooks, "01_good", GOOD)
    save(notebooks, "02_other", GOOD)
    assert build(tmp_path / "out", "01_good", "02_other") == 0
    before = (tmp_path / "out" / "02_other.html").read_bytes()
    save(notebooks, "02_other", BAD)
    save(notebooks, "03_new", GOOD)
    capsys.readouterr()
    assert build(tmp_path / "out", "01_good", "02_other", "03_new") == 1
    said = capsys.readouterr()
    assert "02_other.ipynb, cell 3: KeyError: 'no such figure'" in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert (tmp_path / "out" / "03_new.html").is_file()
    old = (tmp_path / "out" / "02_other.html").read_text("utf-8")
    assert "A page" in old and len(old) == pytest.approx(len(before), rel=0.1)


def test_pages_whose_inputs_have_not_changed_are_not_built_again(notebooks, tmp_path, capsys):
    save(notebooks, "01_good", GOOD)
    save(notebooks, "02_other", GOOD)
    build(tmp_path / "out", "01_good", "02_other")
    first = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    capsys.readouterr()
    build(tmp_path / "out", "01_good", "02_other")
    assert "0 pages built, 2 unchanged" in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == first
    save(notebooks, "02_other", [*GOOD[:-1], ("markdown", "## Changed\n\nText.")])
    build(tmp_path / "out", "01_good", "02_other")
    assert "1 pages built, 1 unchanged" in capsys.readouterr().out


def test_built_twice_the_bytes_are_the_same(notebooks, tmp_path):
    save(notebooks, "01_good", GOOD)
    for name in ("one", "two"):
        build(tmp_path / name, "01_good")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


@pytest.mark.parametrize(
    "text",
    [
        "{ not json",
        "[]",
        "null",
        '{"01_good": {"inputs": "x"}, "frame": "y"}',
        '{"notebooks": {"01_good": {"inputs": "x"}}, "written": {}, "authorities": {}, "frame": ""}',
        '{"notebooks": [], "written": {"inputs": "", "scoreboard": null}, "authorities": {}, "frame": ""}',
    ],
)
def test_a_record_that_is_damaged_or_of_another_version_only_means_that_all_is_built_again(
    notebooks, tmp_path, capsys, text
):
    save(notebooks, "01_good", GOOD)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / record.FILE).write_text(text, "utf-8")
    assert build(tmp_path / "out", "01_good") == 0
    assert "1 pages built" in capsys.readouterr().out


@pytest.mark.parametrize("names", [["03_nothing"], ["<script>"]])
def test_a_notebook_that_is_not_there_gets_a_sentence(notebooks, tmp_path, names):
    save(notebooks, "01_good", GOOD)
    with pytest.raises(BadInput, match="no notebook is called"):
        build(tmp_path / "out", *names)
    assert not (tmp_path / "out").exists()


@pytest.fixture
def authority_pages(monkeypatch):
    """Authorities' pages are made without their content; a list of the codes made, call by call."""
    calls = []

    def made(out, codes, jobs=None, progress=None, *, neighbours):
        for code in codes:
            write(site.page_of(out, code), f"{code} {neighbours}")
        calls.append(codes)
        return codes, []

    monkeypatch.setattr("cptrends.reports.authority.build", made)
    monkeypatch.setattr(site, "WRITTEN", ())
    return calls


def links(out):
    """The names that the finder of the front page leads to."""
    listed = re.findall(r'<li><a href="areas/(.*?).html">', (out / "index.html").read_text("utf-8"))
    assert all((out / "areas" / f"{slug}.html").is_file() for slug in listed)
    return listed


class TestTheFinder:
    def test_it_leads_to_every_page_there_is_whatever_was_built_last(self, notebooks, authority_pages, tmp_path):
        save(notebooks, "01_good", GOOD)
        building.build(out=tmp_path, area=["Hackney", "Kent", "York"])
        building.build(out=tmp_path, area=["Hackney"], neighbours=2021)
        assert links(tmp_path) == ["hackney", "kent", "york"]
        assert (tmp_path / "areas" / "hackney.html").read_text() == "E09000012 2021"
        build(tmp_path, "01_good")
        assert links(tmp_path) == ["hackney", "kent", "york"]

    def test_a_page_that_was_taken_away_is_not_offered_and_is_made_again(self, notebooks, authority_pages, tmp_path):
        building.build(out=tmp_path, area=["Hackney", "Kent"])
        (tmp_path / "areas" / "kent.html").unlink()
        building.build(out=tmp_path, area=["Hackney"])
        assert links(tmp_path) == ["hackney"]
        building.build(out=tmp_path, area=["Kent"])
        assert links(tmp_path) == ["hackney", "kent"]

    def test_a_page_is_made_again_when_its_set_of_neighbours_or_the_pages_it_links_to_are_others(
        self, notebooks, authority_pages, tmp_path
    ):
        building.build(out=tmp_path, area=["Hackney"])
        building.build(out=tmp_path, area=["Hackney"])
        assert authority_pages == [["E09000012"]]
        building.build(out=tmp_path, area=["Hackney"], neighbours=2021)
        building.build(out=tmp_path, area=["Hackney", "York"], neighbours=2021)
        assert authority_pages[1:] == [["E09000012"], ["E09000012", "E06000014"]]

    def test_a_page_of_another_name_in_the_folder_is_no_authority(self, notebooks, authority_pages, tmp_path):
        write(tmp_path / "areas" / "compare-hackney-kent.html", "")
        building.build(out=tmp_path, area=["Hackney"])
        assert links(tmp_path) == ["hackney"]


def test_one_page_built_by_force_leaves_the_others_where_they_were(notebooks, tmp_path, capsys):
    save(notebooks, "01_good", GOOD)
    save(notebooks, "02_other", GOOD)
    build(tmp_path, "01_good", "02_other")
    front = (tmp_path / "index.html").read_bytes()
    capsys.readouterr()
    building.build(out=tmp_path, only=["01_good"], force=True)
    assert "1 pages built, 0 unchanged" in capsys.readouterr().out
    assert (tmp_path / "index.html").read_bytes() == front


class TestTheListOfPages:
    def test_navigation_and_front_page_offer_each_page_that_is_written(self, notebooks, tmp_path):
        save(notebooks, "01_good", GOOD)
        build(tmp_path, "01_good")
        front = (tmp_path / "index.html").read_text("utf-8")
        for page in site.WRITTEN:
            assert front.count(f'<a href="{page.name}.html">{page.title}</a>') == 2  # the navigation and the list
            assert f"<p>{page.blurb}</p>" in html.unescape(front)
        assert all(
            f'<a href="{name}.html"' in (tmp_path / "01_good.html").read_text("utf-8") for name, _ in site.NAVIGATION
        )

    def test_each_page_that_is_written_has_a_module_that_makes_it(self):
        for page in site.WRITTEN:
            module = importlib.import_module(page.module)
            assert callable(module.page) and callable(module.write if page.folder else module.page)

    def test_the_claims_have_a_notebook(self):
        assert addresses.CLAIMS in site.notebooks()


def test_the_record_is_plain_json(notebooks, tmp_path):
    save(notebooks, "01_good", GOOD)
    build(tmp_path / "out", "01_good")
    held = json.loads((tmp_path / "out" / record.FILE).read_text("utf-8"))
    assert held["notebooks"]["01_good"]["title"] == "A page"
