"""Whatever a page depends on makes it be built again when it changes: code, registers, templates and data.

A page left as it was after a correction is a wrong figure that looks right.
"""

import concurrent.futures
import shutil

import nbformat
import pytest

from cptrends import memory
from cptrends.data import paths
from cptrends.reports import building, record, site

#: A file of each kind that a page is made from, by its place in the package or in the processed data.
PACKAGE = ("claims/papers/paper.toml", "indicators/rates.py", "reports/templates/page.css", "data/areas.csv")
DATA = ("observations/plans_31_march.csv", "inspections.csv")
OTHERS = ("reports/templates/finder.js", "reports/templates/page.html.j2", "new/room.toml")


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A small package and its data where the real ones are looked for; the templates are the real ones."""
    own, data = tmp_path / "package", tmp_path / "processed"
    shutil.copytree(paths.PACKAGE / "reports" / "templates", own / "reports" / "templates")
    for folder, names in ((own, PACKAGE), (data, DATA)):
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            if not (folder / name).is_file():
                (folder / name).write_text("as it was\n", "utf-8")
    monkeypatch.setattr(paths, "PACKAGE", own)
    monkeypatch.setattr(paths, "processed", lambda: data)
    memory.forget()
    yield {**{name: own / name for name in (*PACKAGE, *OTHERS)}, **{name: data / name for name in DATA}}
    memory.forget()


def inputs():
    memory.forget()
    return record.inputs("page")


@pytest.mark.parametrize("name", [*PACKAGE, *DATA, *OTHERS])
def test_a_changed_or_added_file_of_any_kind_changes_what_a_page_is_made_from(package, name):
    before = inputs()
    assert inputs() == before
    package[name].parent.mkdir(exist_ok=True)
    with package[name].open("a", encoding="utf-8") as file:
        file.write("another line\n")
    assert inputs() != before


def test_a_file_that_no_page_is_made_from_changes_nothing(package):
    before = inputs()
    (package["data/areas.csv"].parent / "notes.txt").write_text("mine\n", "utf-8")
    assert inputs() == before


@pytest.fixture
def build(package, tmp_path, monkeypatch, capsys):
    """A function: builds a notebook's page and an authority's, and gives the names of those it made."""
    made = []
    folder = tmp_path / "notebooks"
    folder.mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A page")]), folder / "01_a.ipynb")

    async def execute(path, _):
        made.append(path.stem)
        return nbformat.read(path, as_version=4)

    def authorities(out, codes, *_, **__):
        for code in codes:
            site.page_of(out, code).parent.mkdir(exist_ok=True)
            site.page_of(out, code).write_text("page", "utf-8")
        made.extend(codes)
        return codes, []

    monkeypatch.setattr(paths, "notebooks", lambda: folder)
    monkeypatch.setattr("cptrends.data.neighbours.which", lambda year: year or 2025)
    monkeypatch.setattr(site, "WRITTEN", ())
    monkeypatch.setattr(concurrent.futures, "ProcessPoolExecutor", concurrent.futures.ThreadPoolExecutor)
    monkeypatch.setattr("cptrends.claims.checking.registered_results", lambda: [])
    monkeypatch.setattr("cptrends.reports.notebook.execute", execute)
    monkeypatch.setattr("cptrends.reports.authority.build", authorities)
    monkeypatch.setattr("cptrends.reports.pages.front_page", lambda *_, **__: "front")
    monkeypatch.setattr("cptrends.reports.pages.notebook_page", lambda *_: "page")

    def run():
        made.clear()
        assert building.build(out=tmp_path / "out", area=["Hackney"]) == 0
        return list(made)

    return run


@pytest.mark.parametrize("name", [*PACKAGE, *DATA, *OTHERS])
def test_a_build_after_it_makes_every_page_again(build, package, name):
    assert build() == ["01_a", "E09000012"]
    assert build() == []
    package[name].parent.mkdir(exist_ok=True)
    package[name].write_text("corrected\n", "utf-8")
    assert build() == ["01_a", "E09000012"]
    assert build() == []
