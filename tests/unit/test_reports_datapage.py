"""The data page: every measure, every figure for England with its file and line, every release."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cptrends import data
from cptrends.data import measures, paths
from cptrends.errors import BadInput
from cptrends.reports import datapage


@pytest.fixture(scope="module")
def page():
    return datapage.page()


@pytest.fixture(scope="module")
def ids(page):
    return re.findall(r'\bid="([^"]+)"', page)


def test_every_measure_and_release_has_its_place(ids):
    assert {f"m-{name}" for name in measures.dictionary()} <= set(ids)
    assert {f"release-{name}" for name in data.releases()["release"]} <= set(ids)
    assert len(ids) == len(set(ids))


def test_every_figure_of_england_has_a_row_of_its_own(ids):
    for name in measures.dictionary():
        if len(datapage.figures(name)):
            try:
                years = data.load(name, area="England")["year"]
            except BadInput:
                continue
            assert {f"m-{name}-{year}" for year in years} <= set(ids), name


def test_links_within_the_page_lead_somewhere(page, ids):
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_the_file_and_line_named_hold_the_figure():
    root = paths.root()
    rows = data.load_table("england_rows")
    published = {(r.measure, r.year, r.release): (r.file, r.published) for r in rows.itertuples()}
    lines, looked_at = {}, 0
    for name in ("referrals", "plans_started", "repeat_plan_percent", "episodes_in_need", "section_47_enquiries"):
        for row in datapage.england(name):
            for place in filter(None, (row["first"], row["latest"])):
                file, text = published[name, str(row["year"]), place["release"]]
                assert file.endswith("/" + place["file"])
                if file not in lines:
                    lines[file] = (root / file).read_text("utf-8").splitlines()
                assert text in lines[file][int(place["line"]) - 1].replace('"', "")
                looked_at += 1
    assert looked_at > 100


def test_only_figures_made_from_rows_of_authorities_have_no_line():
    without = set()
    for group in datapage.groups():
        for measure in group["measures"]:
            for row in measure["rows"]:
                if not row["first"]["line"]:
                    without.add((measure["name"], row["year"]))
    for name, year in without:
        figure = data.load(name, area="England", start=year, end=year, release="as_published").iloc[0]
        assert figure["status"] == "derived", (name, year)


def test_first_and_latest_are_told_apart():
    row = next(row for row in datapage.england("referrals") if row["year"] == 2015)
    assert (row["first"]["figure"], row["first"]["release"]) == ("635,600", "cin-2015")
    newest = data.load("referrals", area="England", start=2015, end=2015).iloc[0]
    assert newest["value"] != 635_600  # or the row would have no latest to tell apart
    assert (row["latest"]["figure"], row["latest"]["release"]) == (f"{newest['value']:,.0f}", newest["release"])


def test_an_unverified_figure_says_so():
    rows = {row["year"]: row for row in datapage.england("plans_31_march")}
    unverified = data.load("plans_31_march", area="England")
    unverified = unverified[unverified["status"] == "unverified"]
    assert len(unverified)
    for year in unverified["year"]:
        shown = rows[year]["latest"] or rows[year]["first"]
        assert shown["figure"].endswith("(unverified)")


def test_the_page_weighs_less_than_600_kb_and_asks_for_nothing(page):
    assert len(page.encode()) < 600_000
    assert not re.search(r"<(link|img|iframe)\b|\bsrc=|@import|url\(", page)


def test_an_address_that_is_not_of_the_web_is_no_link(monkeypatch):
    held = data.releases().head(1).assign(url="javascript:alert(1)")
    monkeypatch.setattr(datapage.data, "releases", lambda: held)
    assert datapage.releases()[0]["url"] == ""


def test_markup_in_a_definition_stays_text(monkeypatch):
    nasty = {**measures.measure("referrals"), "label": "<script>alert(1)</script>", "definition": "<img src=x>"}
    known = measures.measure
    monkeypatch.setattr(datapage.measures, "measure", lambda name: nasty if name == "referrals" else known(name))
    page = datapage.page()
    assert "<script>alert" not in page and "<img" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_measure_in_no_group_is_not_left_out(monkeypatch):
    extended = {**measures.dictionary(), "new_measure": {**measures.measure("referrals"), "label": "New"}}
    monkeypatch.setattr(datapage.measures, "dictionary", lambda: extended)
    monkeypatch.setattr(datapage.measures, "measure", lambda name: extended[name])
    last = datapage.groups()[-1]
    assert last["heading"] == "Other measures"
    assert [measure["name"] for measure in last["measures"]][-1] == "new_measure"


def _local(statuses, year=2025):
    from cptrends.data import areas

    codes = areas.authorities(year)[: len(statuses)]
    values = [10.0 if state == "reported" else np.nan for state in statuses]
    return pd.DataFrame(
        {
            "measure": "plans_started",
            "area_code": codes,
            "area_name": codes,
            "year": year,
            "value": values,
            "status": statuses,
            "release": "cin-2025",
        }
    )


@given(st.lists(st.sampled_from(["reported", "suppressed", "unavailable"]), min_size=1, max_size=20))
def test_coverage_counts_every_authority_once(statuses):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(datapage, "figures", lambda measure: _local(statuses))
        sentences = datapage.coverage("plans_started")
    numbers = dict.fromkeys(("reported", "suppressed", "unavailable"), 0)
    for state, pattern in {
        "reported": r"(\d+) have a figure",
        "suppressed": r"(\d+) withheld",
        "unavailable": r"(\d+) without",
    }.items():
        if found := re.search(pattern, sentences[1]):
            numbers[state] = int(found[1])
    assert numbers == {state: statuses.count(state) for state in numbers}
    assert sentences[0] == "England: no figure."


def test_a_part_that_is_not_kept_says_so():
    assert "No figure of its own" in datapage.coverage("social_work_spend_part_1")[0]


@given(st.floats(-1e9, 1e9, allow_nan=False))
def test_a_printed_figure_is_the_figure_to_four_digits_or_whole(value):
    text = float(datapage.printed(value).replace(",", "").replace("−", "-"))
    assert abs(text - value) <= (0.5 if abs(value) >= 100_000 else 0.00005) * 1.000001
