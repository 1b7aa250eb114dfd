"""Every chart: what its SVG says and shows, and that data can never become markup."""

import io
import itertools
import re
import xml.etree.ElementTree as ElementTree

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cptrends import charts, data
from cptrends.charts import axes, style
from cptrends.errors import BadInput

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '<script>alert("1")</script> & $5$ <b>'
WORDS = {
    "title": f"Title {NASTY}",
    "subtitle": f"Subtitle {NASTY}",
    "source": f"Source {NASTY}",
    "notes": [f"Note {NASTY}"],
}


def years(*values, status="reported", first=2013):
    return pd.DataFrame({"year": range(first, first + len(values)), "value": values, "status": status})


def ranged(column, *values):
    frame = pd.DataFrame({column: range(len(values)), "value": values})
    return frame.assign(lower=frame["value"] - 2, upper=frame["value"] + 3)


AHEAD = pd.DataFrame(
    {
        "model": ["naive walk", "naive walk", "average", "average"],
        "year": [2016, 2017] * 2,
        "value": [14.0, 14.0, 13.0, 12.0],
        "lower": [9.0, 8.0, 9.0, 7.0],
        "upper": [19.0, 21.0, 18.0, 20.0],
    }
)
CURVE = pd.DataFrame(
    {"years": [0.0, 1.0, 2.5], "value": [100.0, 60.0, 20.0], "lower": [100.0, 40.0, 5.0], "upper": [100.0, 75.0, 40.0]}
)
SPANS = pd.DataFrame(
    {"area": list("abc"), "years": [1.0, 2.5, 3.0], "better": [True, True, False], "on_curve": [60.0, 20.0, 20.0]}
)
AREAS = pd.DataFrame({"area": [NASTY, "Kent", "York"], "x": [1.0, 2.0, 3.0], "y": [5.0, 9.0, 7.0]})
GROUPS = pd.DataFrame(
    {
        "area": list("abcd"),
        "group": [NASTY, NASTY, "Good", "Good"],
        "value": [1.0, 3.0, 4.0, 4.0],
        "middle": [2.0, 2.0, 4.0, 4.0],
    }
)

#: Family -> a chart of it, its labels hostile.
FAMILIES = {
    "time_series": lambda **k: charts.time_series(
        {NASTY: years(10.0, 12.0, 9.0), "Plans": years(4.0, 5.0, 6.0)}, **WORDS, **k
    ),
    "panels": lambda **k: charts.time_series(
        {NASTY: years(10.0, 12.0), "Plans": years(4.0, 5.0)}, panels=True, breaks=[(2014, NASTY)], **WORDS, **k
    ),
    "shares": lambda **k: charts.shares(
        pd.DataFrame({"date": [NASTY, "2025"], NASTY: [60.0, 97.0], "Rest": [40.0, 3.0]}), **WORDS, **k
    ),
    "columns": lambda **k: charts.columns(
        {NASTY: ranged("category", 6.0, 9.0), "B": ranged("category", 3.0, 4.0)}, x_label=NASTY, **WORDS, **k
    ),
    "parts": lambda **k: charts.parts(
        {NASTY: pd.DataFrame({"label": [NASTY, "total"], "value": [-4.0, 20.0]})}, **WORDS, **k
    ),
    "points": lambda **k: charts.points(AREAS, named=[NASTY], x_label=NASTY, y_label=f"Y {NASTY}", **WORDS, **k),
    "by_group": lambda **k: charts.by_group(GROUPS, x_label=NASTY, **WORDS, **k),
    "estimates": lambda **k: charts.estimates(ranged("label", 0.5, -0.2).assign(label=[NASTY, "B"]), **WORDS, **k),
    "by_year": lambda **k: charts.by_year(
        {NASTY: ranged("year", 5.0, 6.0), "B": ranged("year", 7.0, 8.0)}, x_label=NASTY, **WORDS, **k
    ),
    "two series": lambda **k: charts.by_year(
        {
            "A": pd.concat(
                [ranged("when", 5.0, 6.0).assign(kind=NASTY), ranged("when", 1.0, 0.0).assign(kind="placebo")]
            )
        },
        x="when",
        series="kind",
        **WORDS,
        **k,
    ),
    "waiting": lambda **k: charts.waiting(CURVE, SPANS, x_label=NASTY, half=1.5, **WORDS, **k),
    "outlook": lambda **k: charts.outlook(
        years(10.0, 12.0, 14.0), AHEAD.replace({"model": {"naive walk": NASTY}}), **WORDS, **k
    ),
}


@pytest.fixture(scope="module", params=FAMILIES)
def chart(request):
    return FAMILIES[request.param](name="one")


def root_of(chart):
    return ElementTree.fromstring(chart.drawing)


def texts(chart):
    return ["".join(node.itertext()) for node in root_of(chart).iter(f"{SVG}text")]


def paths(chart, colour):
    """Lines drawn in a colour, markers aside."""
    return [
        node
        for node in root_of(chart).iter(f"{SVG}path")
        if f"stroke: {colour.lower()}" in node.get("style", "") and "fill: none" in node.get("style", "")
    ]


def test_is_one_image_named_and_described_for_those_who_cannot_see_it(chart):
    root = root_of(chart)
    assert root.get("role") == "img"
    named = [root.find(f"{SVG}title"), root.find(f"{SVG}desc")]
    assert root.get("aria-labelledby").split() == [node.get("id") for node in named]
    assert [node.text for node in named] == [chart.title, chart.description]
    assert chart.description.endswith(".")
    assert re.search(r"\d", chart.description)


def test_no_text_becomes_markup(chart):
    for markup in (chart.drawing, chart.svg()):
        root = ElementTree.fromstring(markup)
        tags = {node.tag.removeprefix(SVG) for node in root.iter()}
        assert tags <= {"svg", "title", "desc", "g", "path", "defs", "use", "text", "tspan", "clipPath", "rect"}
        assert not [key for node in root.iter() for key in node.attrib if key.lower().startswith("on")]
    assert any("<script>" in text or "<b>" in text for text in [*texts(chart), chart.description])


def test_dollars_are_not_mathematics(chart):
    assert not [text for text in texts(chart) if "5" in text and "script" in text and "$5$" not in text]


def test_ids_are_its_own_and_every_reference_resolves(chart):
    root = root_of(chart)
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    assert all(ident.startswith("one-") for ident in ids)
    referred = set(re.findall(r'(?:url\(#|href="#)([^")]+)', chart.drawing))
    assert referred <= set(ids)


@pytest.mark.parametrize("family", FAMILIES)
def test_two_charts_on_a_page_share_no_id(family):
    one, other = (
        {node.get("id") for node in root_of(FAMILIES[family](name=n)).iter()} - {None} for n in ("one", "other")
    )
    assert not one & other


@pytest.mark.parametrize("family", FAMILIES)
def test_the_same_data_give_the_same_bytes(family):
    first, again = (FAMILIES[family](name="one") for _ in range(2))
    assert first.svg() == again.svg()
    assert first._repr_mimebundle_() == again._repr_mimebundle_()


def test_text_can_be_read_and_is_text(chart):
    sizes = [float(size) for size in re.findall(r"font(?:-size)?: ([\d.]+)px", chart.drawing)]
    assert sizes
    assert min(sizes) >= 11
    assert "DejaVu" not in chart.drawing
    assert set(re.findall(r"fill: (#[0-9a-f]{6})", " ".join(re.findall("<text[^>]*>", chart.drawing)))) <= {
        style.INK,
        "#ffffff",
        *(colour.lower() for colour in style.COLOURS[:2]),
    }


def test_stays_within_the_standard_width(chart):
    assert root_of(chart).get("viewBox").split()[2] == str(style.WIDTH)
    for node in root_of(chart).iter(f"{SVG}text"):
        assert 0 <= float(node.get("x", node.get("transform", "translate(1").split("(")[1].split()[0])) <= style.WIDTH


def test_shows_as_svg_and_plain_text_and_never_html(chart):
    bundle, facts = chart._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "text/plain"}
    assert bundle["text/plain"] == f"{chart.title}\n{chart.subtitle}\n{chart.description}"
    assert facts["cptrends"]["notes"][0] == WORDS["notes"][0]


def test_the_csv_is_the_table(chart):
    facts = chart.facts
    back = pd.read_csv(io.StringIO(facts["csv"]), keep_default_na=False, na_values=[""], dtype=object)
    assert list(back.columns) == [str(column) for column in chart.table.columns]
    for column, original in zip(back.columns, chart.table.columns, strict=True):
        if chart.table[original].dtype.kind in "fi":
            assert back[column].astype(float).tolist() == pytest.approx(
                chart.table[original].astype(float).tolist(), nan_ok=True
            )
        else:
            assert (
                back[column].fillna("").tolist() == chart.table[original].astype(object).fillna("").astype(str).tolist()
            )


# --- where the figures are from ---


CENSUS_2015 = "Department for Education, Characteristics of children in need: 2014 to 2015 (2015-10)"
FROM = {"title": "T", "subtitle": "S"}
SOURCE_LEFT_OUT = {
    "time_series": lambda **r: charts.time_series({"Plans": years(4.0, 5.0).assign(**r)}, **FROM),
    "columns": lambda **r: charts.columns({"A": ranged("category", 6.0).assign(**r)}, x_label="X", **FROM),
    "points": lambda **r: charts.points(AREAS.assign(**r), x_label="X", y_label="Y", **FROM),
    "by_group": lambda **r: charts.by_group(GROUPS.assign(**r), x_label="X", **FROM),
    "by_year": lambda **r: charts.by_year({"A": ranged("year", 5.0, 6.0).assign(**r)}, **FROM),
    "waiting": lambda **r: charts.waiting(CURVE, SPANS.assign(**r), x_label="X", **FROM),
    "outlook": lambda **r: charts.outlook(years(10.0, 12.0).assign(**r), AHEAD, **FROM),
}


@pytest.mark.parametrize("family", SOURCE_LEFT_OUT)
def test_a_source_left_out_is_read_from_the_figures_drawn(family):
    drawn = SOURCE_LEFT_OUT[family]
    assert drawn(release="cin-2015").source == CENSUS_2015
    assert drawn(releases="cin-2014 cin-2015").source == f"{CENSUS_2015} and earlier releases"


@pytest.mark.parametrize("family", SOURCE_LEFT_OUT)
def test_no_chart_is_drawn_without_a_source(family):
    with pytest.raises(BadInput, match=r"'t' do not say which release they are from; give source="):
        SOURCE_LEFT_OUT[family]()


def test_a_source_that_is_given_stands():
    frame = years(4.0, 5.0).assign(release="cin-2015")
    assert charts.time_series({"Plans": frame}, source="A survey", **FROM).source == "A survey"


def test_an_option_there_is_not_is_refused():
    with pytest.raises(TypeError, match="tittle"):
        charts.time_series({"Plans": years(4.0, 5.0)}, tittle="T", subtitle="S", source="DfE")


# --- each family ---------------------------------------------------------------------------------------


def test_lines_one_for_each_series_and_broken_where_a_year_is_missing():
    with_gap = years(10.0, None, 12.0, 13.0)
    chart = charts.time_series(
        {"Plans": with_gap, "Referrals": years(20.0, 21.0, 22.0, 23.0)}, title="T", subtitle="S", source="DfE"
    )
    assert len(paths(chart, style.COLOURS[1])) == 1
    # A lone year is a mark; the two years after the gap are the line.
    lengths = [node.get("d").count("L") + node.get("d").count("M") for node in paths(chart, style.COLOURS[0])]
    assert max(lengths) == 2
    assert "No figure for 2013/14" in chart.description


def test_lines_label_each_end_with_its_name_and_value():
    said = texts(charts.time_series({"Plans": years(10.0, 1234.0)}, title="T", subtitle="S", source="DfE"))
    assert "Plans" in said
    assert "1,234" in said


def test_unverified_figures_are_hollow_and_unjoined():
    frame = years(10.0, 11.0, 12.0).assign(status=["unverified", "unverified", "reported"])
    chart = charts.time_series({"Plans": frame}, title="T", subtitle="S", source="DfE")
    hollow = [node for node in root_of(chart).iter(f"{SVG}use") if "fill: #ffffff" in node.get("style", "")]
    assert len(hollow) == 2
    assert not [node for node in paths(chart, style.COLOURS[0]) if node.get("d").count("L")]
    assert "Unverified: 2012/13 and 2013/14" in chart.description


def test_breaks_are_drawn_and_explained():
    chart = charts.time_series(
        {"Plans": years(10.0, 11.0, 12.0)},
        title="T",
        subtitle="S",
        source="DfE",
        breaks=[(2014, "Counted anew."), (1990, "Long ago.")],
    )
    assert chart.notes == ("Break 1, before 2013/14: Counted anew.",)
    assert "break 1" in texts(chart)


def test_one_reason_is_said_once_with_both_its_breaks_and_the_description_goes_across_them():
    chart = charts.time_series(
        {"Plans": years(*range(1, 9))},
        title="T",
        subtitle="S",
        source="DfE",
        breaks=[(2015, "Carried over."), (2016, "Carried over."), (2016, "Withdrawn.")],
    )
    assert chart.notes == (
        "Breaks 1 and 2, before 2014/15 and 2015/16: Carried over.",
        "Break 2, before 2015/16: Withdrawn.",
    )
    assert ", across breaks before 2014/15 and 2015/16." in chart.description


def test_no_line_joins_figures_that_do_not_compare():
    score = data.load("imd_score", area="Kent", start=2015, end=2019)
    joined = score.assign(year=[2018, 2019])  # consecutive, so that only the new edition stands between
    for frame, lines in ((joined, 0), (joined.assign(measure="imd_rank"), 1)):
        chart = charts.time_series({"Score": frame}, title="T", subtitle="S", source="MHCLG")
        assert sum(node.get("d").count("L") > 0 for node in paths(chart, style.COLOURS[0])) == lines


def test_breaks_close_together_have_their_numbers_only():
    close = charts.time_series(
        {"Plans": years(*range(1, 18))},
        title="T",
        subtitle="S",
        source="DfE",
        breaks=[(2015, "a"), (2016, "b"), (2024, "c")],
    )
    said = texts(close)
    assert "break 3" in said
    assert "break 1" not in said
    assert {"1", "2"} <= set(said)


def test_shares_give_each_part_a_bar_and_its_figure_unless_narrow():
    chart = charts.shares(
        pd.DataFrame({"date": ["2025"], "Good": [96.0], "Other": [4.0]}), title="T", subtitle="S", source="Ofsted"
    )
    said = texts(chart)
    assert "96%" in said
    assert "4%" not in said
    assert {"Good", "Other", "2025"} <= set(said)


def test_columns_as_high_as_their_values_on_one_scale():
    chart = charts.columns(
        {
            "A": pd.DataFrame({"category": ["1"], "value": [40.0]}),
            "B": pd.DataFrame({"category": ["1"], "value": [10.0]}),
        },
        title="T",
        subtitle="S",
        source="DfE",
        x_label="Tenth",
    )
    bars = [
        node
        for node in root_of(chart).iter(f"{SVG}path")
        if f"fill: {style.COLOURS[0].lower()}" in node.get("style", "")
    ]
    heights = []
    for bar in bars:
        ys = [float(y) for y in re.findall(r"[ML] [\d.]+ ([\d.]+)", bar.get("d"))]
        heights.append(max(ys) - min(ys))
    assert heights[0] == pytest.approx(4 * heights[1], rel=1e-6)


def test_parts_of_a_fall_point_left_and_say_minus():
    chart = charts.parts(
        {"A": pd.DataFrame({"label": ["rate", "total"], "value": [-10.0, -4.0]})}, title="T", subtitle="S", source="DfE"
    )
    assert {"−10", "−4", "Rate", "Total"} <= set(texts(chart))
    assert "rate −10, total −4" in chart.description


def test_points_one_for_each_area_with_both_figures():
    frame = pd.DataFrame({"area": list("abc"), "x": [1.0, 2.0, None], "y": [1.0, 2.0, 3.0]})
    chart = charts.points(frame, title="T", subtitle="S", source="DfE", x_label="X", y_label="Y", named=["b"])
    marks = [
        node
        for node in root_of(chart).iter(f"{SVG}use")
        if f"fill: {style.COLOURS[0].lower()}" in node.get("style", "")
    ]
    assert len(marks) == 2
    assert "b" in texts(chart)
    assert "1 without both figures" in chart.description
    assert len(chart.table) == 3


def test_groups_keep_their_order_and_mark_the_middle_given():
    said = texts(FAMILIES["by_group"](name="one"))
    assert "median 2.0" in said
    assert "median 4.0" in said


def test_estimates_without_a_value_say_so():
    frame = pd.DataFrame({"label": ["A", "B"], "value": [0.3, None], "lower": [0.1, None], "upper": [0.5, None]})
    chart = charts.estimates(frame, title="T", subtitle="S", source="DfE")
    assert "no figure" in texts(chart)
    assert "B: no figure" in chart.description


def test_waiting_marks_those_whose_wait_goes_on():
    chart = FAMILIES["waiting"](name="one")
    assert "1 of 3 had not got there" in chart.description
    assert any("1 still waiting" in text for text in texts(chart))
    assert "after 3 years: 20%" in chart.description


def test_outlook_draws_every_model_and_its_ends_to_three_figures():
    past = years(10_000.0, 12_000.0, 49_420.0)
    ahead = AHEAD.assign(**{column: 1000 * AHEAD[column] + 49 for column in ("value", "lower", "upper")})
    chart = charts.outlook(past, ahead, title="T", subtitle="S", source="DfE")
    assert len(paths(chart, style.GREY)) >= 1
    assert any("12,000" in text for text in texts(chart))
    assert not any("12,049" in text for text in texts(chart))
    assert "12,049 in 2017 (7,049 to 20,049)" in chart.description


# --- axes ----------------------------------------------------------------------------------------------

finite = st.floats(min_value=-1e7, max_value=1e7, allow_nan=False).map(lambda x: round(x, 3))


@given(finite, finite)
def test_ends_take_in_every_value_in_few_even_steps(a, b):
    low, high = min(a, b), max(a, b)
    ticks = axes.round_ends(low, high)
    unseen = 1e-6 + 1e-9 * (high - low)  # less than any eye or pixel
    assert ticks[0] <= min(low, 0) + unseen
    assert ticks[-1] >= max(high, 0) - unseen
    assert 2 <= len(ticks) <= 8
    steps = [y - x for x, y in itertools.pairwise(ticks)]
    assert max(steps) == pytest.approx(min(steps), rel=1e-6)


@given(st.lists(st.floats(min_value=0, max_value=100), min_size=1, max_size=6), st.floats(min_value=0.1, max_value=20))
@settings(max_examples=60)
def test_labels_moved_apart_keep_their_order_and_distance(places, least):
    moved = axes.apart(places, least)
    order = sorted(range(len(places)), key=lambda i: places[i])
    gaps = [moved[b] - moved[a] for a, b in itertools.pairwise(order)]
    assert all(gap >= least - 1e-9 for gap in gaps)
    assert all(new >= old for new, old in zip(moved, places, strict=True))


def test_an_area_named_that_no_point_has_is_refused():
    two = pd.DataFrame({"area": ["Kent", "York"], "x": [1.0, 2.0], "y": [5.0, 3.0]})
    with pytest.raises(BadInput, match="no point is of 'Yorck'"):
        charts.points(two, named=["Yorck"], title="T", subtitle="S", source="DfE", x_label="A", y_label="B")
