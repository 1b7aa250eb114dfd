"""From a number to its source: figures lead to their row on the data page, sources are numbered."""

import re

import nbformat
import pandas as pd

from cptrends import data
from cptrends.charts import tables
from cptrends.data import paths
from cptrends.reports import datapage, notebook


def frame(rows, measure="plans_started", area="E92000001"):
    table = pd.DataFrame(rows, columns=["year", "value", "status", "release"])
    return table.assign(measure=measure, area_code=area)


def test_links_begin_where_the_page_says_and_are_left_out_for_notebooks():
    table = tables.Table("c", ("a", "b"), (("r", "1"),), (False, True), (("", "data.html#m-x"),))
    assert '<a href="data.html#m-x">1</a>' in table.html()
    assert '<a href="../data.html#m-x">1</a>' in table.html("../")
    assert "<a " not in table.html(None)
    bundle, metadata = table._repr_mimebundle_()
    assert "<a " not in bundle["text/html"] and metadata["cptrends_table"] == table.html()


def test_a_link_cannot_leave_its_attribute():
    html = tables.Table("c", ("a",), (("r",),), (False,), (('x"><script>',),), (("s", 'y"><script>'),)).html()
    assert "<script" not in html and 'x">' not in html and 'y">' not in html


def test_figures_of_england_lead_to_their_own_row_and_others_to_their_measure():
    one = frame([(2015, 100.0, "reported", "cin-2015")])
    assert 'href="data.html#m-plans_started-2015"' in tables.source_table({"Plans": one}, "c").html()
    kent = tables.source_table({"Plans": one.assign(area_code="E10000016")}, "c").html()
    assert 'href="data.html#m-plans_started"' in kent
    plain = tables.source_table({"Plans": one.drop(columns=["measure", "area_code"])}, "c").html()
    assert 'href="data.html#m-' not in plain and 'href="data.html#release-cin-2015"' in plain


def test_sources_are_numbered_in_the_order_they_are_met_and_listed_once():
    started = frame([(2014, 1.0, "reported", "cin-2014"), (2015, 2.0, "reported", "cin-2015")])
    ended = frame([(2014, 3.0, "reported", "cin-2015"), (2015, 4.0, "reported", "cin-2015")], "plans_ended")
    table = tables.source_table({"Started": started, "Ended": ended}, "c", sources={"cin-2014": "DfE, 2014"})
    assert table.columns == ("Year", "Started", "Ended", "Sources")
    assert [row[-1] for row in table.rows] == ["[1], [2]", "[2]"]
    assert table.sources == (("DfE, 2014", "data.html#release-cin-2014"), ("cin-2015", "data.html#release-cin-2015"))
    assert table.text().endswith("[1] DfE, 2014\n[2] cin-2015")


def test_what_is_no_number_says_why():
    rows = [
        (2013, float("nan"), "suppressed", "cin-2013"),
        (2014, 5.0, "unverified", "cin-2014"),
        (2015, 6.0, "low_confidence", "cin-2015"),
    ]
    table = tables.source_table({"Plans": frame(rows), "Other": frame(rows[1:])}, "c")
    assert [row[1] for row in table.rows] == ["suppressed", "5 (unverified)", "6 (low confidence)"]
    assert table.rows[0][2] == "no figure"


def test_a_number_on_a_page_leads_to_its_own_file_and_line():
    """A table as a notebook shows it: its link, the row it leads to, and the line that row names."""
    referrals = data.load("referrals", area="England", start=2015, end=2015, release="as_published")
    bundle, metadata = tables.source_table({"Referrals": referrals}, "Referrals")._repr_mimebundle_()
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("charts.source_table(...)")])
    made.cells[0].outputs = [nbformat.v4.new_output("execute_result", data=bundle, metadata=metadata)]
    body = notebook.render(made, "one").body
    link = re.search(r'<a href="data\.html#([^"]+)">635,600</a>', body)[1]
    row = datapage.page().partition(f'id="{link}"')[2].partition("</tr>")[0]
    file, line = re.search(r'<a href="#release-cin-2015">([^<]+)</a>, line (\d+)', row).groups()
    if root := paths.root():
        there = next(root.rglob(f"data/raw/*/{file}")).read_text("utf-8").splitlines()[int(line) - 1]
        assert "635600" in there.replace(",", "")
