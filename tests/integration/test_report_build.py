"""Building pages from notebooks: what is rebuilt, what a failure leaves, what stays text."""

import json

import nbformat
import pytest

from cptrends.data import paths
from cptrends.errors import BadInput
from cptrends.reports import building

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


def test_a_damaged_record_only_means_that_everything_is_built_again(notebooks, tmp_path, capsys):
    save(notebooks, "01_good", GOOD)
    build(tmp_path / "out", "01_good")
    (tmp_path / "out" / building.RECORD).write_text("{ not json", "utf-8")
    capsys.readouterr()
    assert build(tmp_path / "out", "01_good") == 0
    assert "1 pages built" in capsys.readouterr().out


@pytest.mark.parametrize("names", [["03_nothing"], ["<script>"]])
def test_a_notebook_that_is_not_there_gets_a_sentence(notebooks, tmp_path, names):
    save(notebooks, "01_good", GOOD)
    with pytest.raises(BadInput, match="no notebook is called"):
        build(tmp_path / "out", *names)
    assert not (tmp_path / "out").exists()


def test_only_authorities_get_pages_of_their_own():
    with pytest.raises(BadInput, match="London is not an authority"):
        building._codes(["London"])
    assert building._codes(["none"]) == []
    assert len(building._codes(["all"])) > 153


def test_the_record_is_plain_json(notebooks, tmp_path):
    save(notebooks, "01_good", GOOD)
    build(tmp_path / "out", "01_good")
    record = json.loads((tmp_path / "out" / building.RECORD).read_text("utf-8"))
    assert record["01_good"]["title"] == "A page"
