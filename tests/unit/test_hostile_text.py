"""Text that would be markup stays text: in every template, in claim cards, charts, tables and notebooks' pages.

Each thing is made twice, with hostile text and with harmless text of the same length. What a browser builds of the two,
tag by tag and attribute by attribute, must be the same.
"""

import html.parser
import re
import xml.etree.ElementTree as xml

import jinja2
import nbformat
import pandas as pd
import pytest

from cptrends.charts import Table, lines, style
from cptrends.claims import shown
from cptrends.data import paths
from cptrends.reports import notebook, pages

HOSTILE = 'x <script>alert(1)</script><img src=x onerror=alert(2)> " onload="alert(3)" \' & &lt; ]]> -- {{ 7*7 }} y'
HARMLESS = re.sub(r"[^\w ]", "z", HOSTILE)
TEMPLATES = sorted(path.name for path in (paths.PACKAGE / "reports" / "templates").glob("*.j2"))


class Built(html.parser.HTMLParser):
    """What a browser would build: tags with their attributes' names, and the text."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text = [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, *(name for name, _ in attrs)))
        self.text += [value or "" for _, value in attrs]

    def handle_endtag(self, tag):
        self.tags.append(f"/{tag}")

    def handle_data(self, data):
        self.text.append(data)


def check_same(make):
    """`make` (text) -> HTML; the hostile text must be readable in it and build nothing."""
    hostile, harmless = Built(make(HOSTILE)), Built(make(HARMLESS))
    assert hostile.tags == harmless.tags
    read = "".join(hostile.text)
    assert "<script>alert(1)</script>" in read, "the hostile text is not shown at all"
    assert not [tag for tag in hostile.tags if tag[0] == "img" or "onerror" in tag or "onload" in tag]


def test_the_check_finds_what_is_not_escaped():
    with pytest.raises(AssertionError):
        check_same(lambda text: f"<p>{text}</p>")
    with pytest.raises(AssertionError):
        check_same(lambda text: f'<p title="{text.replace("<", "&lt;")}">&lt;script>alert(1)&lt;/script></p>')
    check_same(lambda text: f"<p>{html.escape(text)}</p>")


# --- Every template ---

#: HTML that templates take as it is, and the test below that looks into its maker.
MADE_ELSEWHERE = {
    "cards": "test_a_claim_card",
    "scoreboard": "test_a_table",
    "page.table.html()": "test_a_table",
    "page.figures.changes.html()": "test_a_table",
    "page.figures.table.html()": "test_a_table",
    "page.inspections.html()": "test_a_table",
    "chart": "test_a_chart_on_a_page",
    "drawn[id]": "test_a_chart_on_a_page",
    "figure.html": "test_a_chart_on_a_page",
    "page.body": "test_a_notebooks_page",
    "page.finding": "test_a_notebooks_page",
    "group.about": "test_markdown",
    "method.text": "test_markdown",
    "method.notes": "test_markdown",
}


def anything(text, true):
    """A kind of undefined variable that has every attribute, item and member, all of which print as this text.

    In conditions it counts as true or not: a template is rendered both ways.
    """

    class Anything(jinja2.Undefined):
        def _more(self, *_, **__):
            return Anything(name=self._undefined_name)

        def __getattr__(self, name):
            if name.startswith("__"):
                raise AttributeError(name)
            return Anything(name=name)

        __getitem__ = __call__ = __add__ = __radd__ = __mod__ = _more

        def __iter__(self):
            # Members are taken apart into as many names as the template writes: three for facts, else two.
            many = 3 if self._undefined_name == "one of facts" else 2
            return iter([Anything(name=f"one of {self._undefined_name}")] * many)

        def __len__(self):
            return 2

        def __bool__(self):
            return true

        def __contains__(self, _):
            return true

        def __str__(self):
            return text

        def __format__(self, _):
            return text

        def __hash__(self):
            return hash(text)

        def __eq__(self, other):
            return str(other) == text

    return Anything


def render(name, text, true):
    """A template whose every variable is this text; HTML that comes ready made is left out."""
    template = pages.template(name)
    environment = template.environment.overlay(undefined=anything(text, true))
    environment.filters = {**environment.filters, "safe": lambda _: ""}
    return environment.get_template(name).render()


@pytest.mark.parametrize("true", [True, False])
@pytest.mark.parametrize("name", [name for name in TEMPLATES if name != "base.html.j2"])
def test_a_template_escapes_every_variable(name, true):
    check_same(lambda text: render(name, text, true))


def test_html_that_templates_take_as_it_is_is_looked_into():
    folder = paths.PACKAGE / "reports" / "templates"
    taken = {
        what for name in TEMPLATES for what in re.findall(r"{{-? *([^}]*?) *\| *safe", (folder / name).read_text())
    }
    assert taken == set(MADE_ELSEWHERE)
    assert not [name for name in TEMPLATES if "autoescape" in (folder / name).read_text()]
    assert all(test in globals() for test in MADE_ELSEWHERE.values())


# --- What comes ready made ---


def claim(text):
    """A claim checked, every text of it this one."""
    figure = {"measure": text, "area": text, "year": 2015, "value": 1.5, "status": text, "release": text}
    reading = {
        "reading": text, "computed": 1.0, "low": None, "high": None, "verdict": "close", "period": text,
        "inputs": [figure], "unverified": [], "missing": text, "note": text,
    }  # fmt: skip
    return {
        "claim_id": text, "document": text, "locator": text, "claim": text, "stated": text, "qualifier": "exact",
        "unit": text, "precision": 1, "computed": text, "verdict": "confirmed_differently", "reading": text,
        "as_worded": text, "other_reading": text,
        "period": text, "releases": [text], "note": text, "registered": "", "would_need": text,
        "today": {"computed": text, "verdict": "close"}, "readings": [reading, {**reading, "shown_only": True}],
    }  # fmt: skip


def test_a_claim_card():
    check_same(lambda text: shown.cards([claim(text)]).html())
    check_same(lambda text: shown.cards([{**claim(text), "verdict": "close"}]).html())
    check_same(lambda text: shown.table([claim(text)]).html())


def test_a_table():
    def table(text):
        return Table(text, (text, text), ((text, text), (text, text)), (False, True), ((text, ""), ("", text)),
                     ((text, text),))  # fmt: skip

    check_same(lambda text: table(text).html())
    check_same(lambda text: table(text).html(root=None))


def facts(text):
    """What a chart tells the page that shows it."""
    return {
        "name": text, "title": text, "subtitle": text, "drawing": "<svg></svg>", "description": text, "source": text,
        "notes": [text, text], "measures": [text], "csv": f"year,value\n{text},1\n",
    }  # fmt: skip


@pytest.mark.parametrize("part", ["name", "title", "subtitle", "source", "notes", "measures", "csv"])
def test_a_chart_on_a_page(part):
    one = facts("plain")
    if part == "csv":  # figures to download stand in an address, where every sign of markup is written out
        shown = Built(notebook.figure(one | {part: facts(HOSTILE)[part]}))
        assert shown.tags == Built(notebook.figure(one)).tags and not any("<script>" in text for text in shown.text)
        return
    check_same(lambda text: notebook.figure(one | {part: facts(text)[part]}))


def test_a_drawing():
    def drawn(text):
        frame = pd.DataFrame({"year": [2014, 2015], "value": [1.0, 2.0], "status": "derived"})
        chart = lines.time_series({text: frame}, title=text, subtitle=text, source=text, breaks=[(2015, text)])
        return [xml.fromstring(chart.drawing), xml.fromstring(chart.svg())]

    for hostile, harmless in zip(drawn(HOSTILE), drawn(HARMLESS), strict=True):
        assert [part.tag for part in hostile.iter()] == [part.tag for part in harmless.iter()]
        assert "<script>alert(1)</script>" in "".join(hostile.itertext())


def test_a_standing_chart_of_a_notebook_is_drawn_from_its_facts():
    chart = style.Chart(
        "n", HOSTILE, HOSTILE, '<svg viewBox="0 0 9 9"></svg>', "d", HOSTILE, pd.DataFrame({"a": [HOSTILE]}), (HOSTILE,)
    )
    assert set(facts("")) == set(chart.facts)


def test_a_notebooks_page():
    def page(text):
        make = nbformat.v4
        shown = [
            make.new_output("stream", name="stdout", text=text),
            make.new_output("display_data", data={"text/markdown": text}),
            make.new_output("execute_result", data={"text/plain": text}),
            make.new_output("display_data", metadata={"cptrends": facts(text)}),
            make.new_output("display_data", data={"text/html": Table(text, ("a",), ((text,),), (False,)).html()}),
        ]
        cells = [
            make.new_markdown_cell(f"# {text}\n\n## {text}\n\n{text}"),
            make.new_code_cell(text, outputs=shown),
        ]
        return notebook.render(make.new_notebook(cells=cells), "01_page")

    check_same(lambda text: page(text).body)
    check_same(lambda text: page(text).finding)
    # Title and contents are text: the templates escape them.
    assert page(HOSTILE).title == page(HOSTILE).contents[0][1]
    assert "<script>alert(1)</script>" in page(HOSTILE).title


def test_markdown():
    check_same(notebook.markdown)
    check_same(lambda text: notebook.markdown(f"| a | b |\n|---|---|\n| {text} | {text} |"))
    assert "javascript:" not in notebook.markdown("[press](javascript:alert(1))")


def test_no_page_is_put_together_beside_the_templates():
    made = [path.stem for path in (paths.PACKAGE / "reports").rglob("*.py") if "<html" in path.read_text("utf-8")]
    assert made == []
