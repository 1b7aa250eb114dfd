"""Tables: captions, headers with a scope, and text that stays text."""

import html.parser

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from cptrends import charts


class Parsed(html.parser.HTMLParser):
    """Tags in order, with their attributes, and the text of each cell."""

    def __init__(self, markup):
        super().__init__()
        self.tags, self.cells, self.caption = [], [], ""
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in ("th", "td"):
            self.cells.append("")

    def handle_data(self, text):
        if self.tags[-1][0] == "caption":
            self.caption += text
        elif self.cells:
            self.cells[-1] += text


ALLOWED = {"table", "caption", "thead", "tbody", "tr", "th", "td"}


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_whatever_the_data_say_they_stay_text(caption, column, cell):
    parsed = Parsed(charts.table(pd.DataFrame({"Area": [cell], column or "x": [cell]}), caption).html())
    assert {tag for tag, _ in parsed.tags} <= ALLOWED


def test_a_script_in_a_name_is_shown_as_it_is():
    nasty = "<script>alert(1)</script>"
    parsed = Parsed(charts.table(pd.DataFrame({"Area": [nasty], "Plans": [5]}), nasty).html())
    assert parsed.caption == nasty
    assert parsed.cells == ["Area", "Plans", nasty, "5"]


def test_headers_say_what_they_head():
    parsed = Parsed(charts.table(pd.DataFrame({"Area": ["Kent", "York"], "Plans": [1234, 5]}), "Plans").html())
    scopes = [attrs.get("scope") for tag, attrs in parsed.tags if tag == "th"]
    assert scopes == ["col", "col", "row", "row"]
    assert "1,234" in parsed.cells
    assert [attrs["class"] for tag, attrs in parsed.tags if tag == "td"] == ["number", "number"]


def test_digits_for_each_column_and_words_for_a_missing_figure():
    frame = pd.DataFrame({"Area": ["Kent"], "Rate": [43.21], "Share": [None]}).astype({"Share": float})
    assert charts.table(frame, "T", digits={"Rate": 1}).rows == (("Kent", "43.2", "no figure"),)


def test_a_source_table_names_the_source_of_each_figure_and_what_is_withheld():
    frame = pd.DataFrame(
        {
            "year": [2014, 2015],
            "value": [10.0, None],
            "status": ["unverified", "suppressed"],
            "release": ["unsourced", "cin-2015"],
        }
    )
    made = charts.source_table({"Plans": frame}, "Plans", sources={"cin-2015": "DfE, SFR41/2015"})
    assert made.rows == (("2013/14", "10 (unverified)", "[1]"), ("2014/15", "suppressed", "[2]"))
    assert [text for text, _ in made.sources] == ["unsourced", "DfE, SFR41/2015"]
    assert made.text().splitlines()[-1] == "[2] DfE, SFR41/2015"


def test_a_year_that_one_series_lacks_has_no_figure():
    one = pd.DataFrame({"year": [2014], "value": [10.0], "status": ["reported"], "release": ["a"]})
    made = charts.source_table({"A": one, "B": one.assign(year=2015)}, "T")
    assert [row[1:3] for row in made.rows] == [("10", "no figure"), ("no figure", "10")]


def test_a_source_that_is_markup_stays_text_and_its_link_stays_one_attribute():
    nasty = '"><script>alert(1)</script>'
    frame = pd.DataFrame({"year": [2014], "value": [10.0], "status": ["reported"], "release": [nasty]})
    parsed = Parsed(charts.source_table({nasty: frame}, "T").html())
    assert {tag for tag, _ in parsed.tags} <= {*ALLOWED, "ul", "li", "a"}
    assert {key for tag, attrs in parsed.tags if tag == "a" for key in attrs} == {"href"}


def test_shows_as_html_without_links_and_as_plain_text():
    frame = pd.DataFrame({"year": [2014], "value": [10.0], "status": ["reported"], "release": ["a"]})
    made = charts.source_table({"Plans": frame}, "Plans by area")
    bundle, _ = made._repr_mimebundle_()
    assert "<a " not in bundle["text/html"]
    assert "<a " in made.html()
    assert bundle["text/plain"].splitlines()[0] == "Plans by area"
