"""The notebooks as their readers meet them: short, prose and calls only, run top to bottom, a finding first."""

import ast
import asyncio
import json
import re

import pytest

from cptrends import data, indicators, words
from cptrends.data import inspections, paths
from cptrends.reports import notebook

NOTEBOOKS = sorted(paths.notebooks().glob("[0-9]*.ipynb"))
MOST_CELLS = 20
#: What a notebook may not hold: it has prose and calls, the library has the logic.
LOGIC = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.If,
    ast.Try,
    ast.With,
    ast.Raise,
    ast.Assert,
    ast.Match,
    ast.Global,
    ast.Delete,
    ast.Await,
)
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
#: A year, alone or as 2014/15, and a day.
YEARS = rf"\b\d{{1,2}} (?:{MONTHS})\b|\b(?:19|20)\d\d(?:/\d\d)?\b"
#: Figures of the paper's own or of a publisher's practice, which no file here could give.
QUOTED = {"02_plans": ["124%", "100"], "04_repeat_plans": ["17%"], "01_demand": ["10", "100"]}


def cells(path, kind):
    return [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == kind]


def source(cell):
    return "".join(cell["source"])


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def ran(request):
    """A notebook after running top to bottom in a kernel of its own."""
    return asyncio.run(notebook.execute(request.param, request.param.parent))


def test_is_short(path):
    assert len(json.loads(path.read_text("utf-8"))["cells"]) < MOST_CELLS


def test_is_committed_without_outputs(path):
    for cell in cells(path, "code"):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


def test_holds_no_logic(path):
    for cell in cells(path, "code"):
        tree = ast.parse(source(cell))
        assert not [type(node).__name__ for node in ast.walk(tree) if isinstance(node, LOGIC)]
        named = [node for node in ast.walk(tree) if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda)]
        assert not named, "a named lambda is a function"


def test_begins_with_a_title_and_ends_with_how_far_to_trust_it(path):
    prose = cells(path, "markdown")
    assert source(prose[0]).startswith("# ")
    assert "## How far to trust this" in source(prose[-1])
    assert "**Try next:**" in source(prose[-1])


def test_prose_states_no_typed_figure(path):
    for cell in cells(path, "markdown"):
        text = re.sub(r"`[^`]*`", "", source(cell))
        text = re.sub(r"\b(Figure|Figures|section) \d+\b", "", text)
        left = re.findall(r"\d[\d,.]*%?", re.sub(YEARS, "", text))
        assert not [figure for figure in left if figure.rstrip(".,") not in QUOTED.get(path.stem, [])], source(cell)


def typed_of_the_newest_release():
    """What would be untrue on the day of the next release, were it typed: the newest releases and years."""
    releases = data.releases().drop_duplicates("publication", keep="last")
    year = int(data.load("plans_31_march", area="England").year.max())
    months = [
        f"{MONTHS.split('|')[int(published[5:7]) - 1]} {published[:4]}"
        for published in releases.published
        if published[:4] >= str(year) and len(published) >= 7
    ]
    years = [text for one in range(year, year + 3) for text in (str(one), words.year(one))]
    return [*releases.release, *months, *years]


def test_types_neither_the_newest_release_nor_the_newest_year(path):
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        for text in typed_of_the_newest_release():
            assert not re.search(rf"\b{re.escape(text)}\b", source(cell)), f"{text} is typed: take it from the data"


def test_types_no_source(path):
    for cell in cells(path, "code"):
        for node in ast.walk(ast.parse(source(cell))):
            if isinstance(node, ast.keyword) and node.arg == "source":
                read = [part for part in ast.walk(node.value) if isinstance(part, ast.Attribute)]
                assert any(part.attr == "sources_of" for part in read), ast.unparse(node)


def test_no_line_of_a_cell_is_longer_than_a_line_of_code_may_be(path):
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        assert not [line for line in source(cell).splitlines() if len(line) > 120]


def test_runs_and_opens_with_a_finding_from_the_data(ran):
    outputs = [output for cell in ran.cells for output in cell.get("outputs", [])]
    first = outputs[0].get("data", {})
    assert "text/markdown" in first
    assert re.search(r"\d", first["text/markdown"])
    opening = next(cell for cell in ran.cells if cell.get("outputs"))
    typed = [
        node.value
        for node in ast.walk(ast.parse(opening.source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert not [text for text in typed if re.search(r"\d", re.sub(YEARS, "", text)) and " " in text], (
        "a figure in the finding is typed"
    )


def test_shows_charts_tables_and_sentences_only_and_warns_of_nothing(ran):
    for cell in ran.cells:
        for output in cell.get("outputs", []):
            assert output.output_type in ("execute_result", "display_data"), output.get("text")
            assert set(output.data) & {"image/svg+xml", "text/html", "text/markdown"}


def test_its_charts_have_names_of_their_own(ran):
    names = [
        output.metadata["cptrends"]["name"]
        for cell in ran.cells
        for output in cell.get("outputs", [])
        if "cptrends" in output.get("metadata", {})
    ]
    assert len(names) == len(set(names))


def test_no_figure_is_missing_from_the_finding_or_a_chart(ran):
    said = [output for cell in ran.cells for output in cell.get("outputs", [])]
    headings = [
        output.metadata["cptrends"][key]
        for output in said
        if "cptrends" in output.get("metadata", {})
        for key in ("title", "subtitle")
    ]
    for text in (said[0].data["text/markdown"], *headings):
        assert not re.search(r"no figure(?! of (?:its|their) own)", text)
        assert "nan" not in text.lower().split()


def opening_of(name):
    ran = asyncio.run(notebook.execute(paths.notebooks() / f"{name}.ipynb", paths.notebooks()))
    return next(output for cell in ran.cells for output in cell.get("outputs", [])).data["text/markdown"]


def test_grades_are_told_as_ofsteds_own_list_has_them_and_of_how_many_authorities():
    official = data.load_ofsted_ratings().query("status == 'reported'")
    dates = [f"{year}-03-31" for year in (2015, int(official.published.max()[:4]))]
    early, newest = inspections.grades_by_date(official, dates, by="inspected").itertuples()
    told = opening_of("05_ofsted")
    assert f"**{words.percent(newest.Outstanding + newest.Good)} of the {newest.judged} authorities" in told
    assert f"{words.percent(early.Outstanding + early.Good)} and" in told and "of the 48 judged by then, of 152" in told


def test_a_childs_chance_is_the_pooled_rate_and_the_mean_of_rates_has_its_name():
    told = opening_of("06_deprivation")
    assert "was 1.53 times as likely to be on a plan" in told and "(the pooled rate)" in told
    assert "the mean of the authorities' own rates was 1.86 times as high" in told
    assert "12.6 times: **8.2 times as steep**" in told


def test_spending_for_each_child_in_need_is_divided_for_the_same_authorities():
    path = paths.notebooks() / "07_spending.ipynb"
    ran = asyncio.run(notebook.execute(path, path.parent))
    charts = {
        output.metadata["cptrends"]["name"]: output.metadata["cptrends"]
        for cell in ran.cells
        for output in cell.get("outputs", [])
        if "cptrends" in output.get("metadata", {})
    }
    spend, need = data.load("safeguarding_spend"), data.load("children_in_need_31_march")
    table = indicators.spend_per(spend, need, basis="gross", per_what="child in need")
    rows = table[(table.area_name == "England") & table.value.notna()].set_index("year")
    year = rows.index.max()
    drawn = charts["spending-per-child-in-need"]
    assert words.pounds(rows.value[year]) in drawn["title"]
    assert all(name in str(drawn["notes"]) for name in rows.without[2024].split("; "))
