"""The charts of authority pages: what they say in words is what was given, and gaps stay gaps."""

import re

import numpy as np
import pandas as pd
import pytest

from cptrends import trends
from cptrends.charts import beside, context, funnels, timeline
from cptrends.indicators.expected import expected_at_deprivation

STATUS = ["derived", "derived", "suppressed"]
ABOUT = {"title": "T <b>", "subtitle": "S", "source": "DfE", "name_of_own": "Kent"}


def panel(**changes):
    years = list(range(2015, 2026))
    own = np.linspace(30, 40, 11)
    own[5] = np.nan
    return {
        "label": "Plans",
        "years": years,
        "own": own,
        "england": np.linspace(41, 43, 11),
        "others": np.full((3, 11), 35.0),
        "status": ["derived"] * 5 + ["suppressed"] + ["derived"] * 5,
        "unit": "",
        "kind": "stock",
        "breaks": [(2020, "Another way of counting."), (2010, "Before the chart begins.")],
    } | changes


def every_chart():
    random = np.random.default_rng(4)
    codes = [f"E{n:08}" for n in range(40)]
    children = random.uniform(20_000, 200_000, 40).round()
    plans = pd.Series(random.poisson(children * 0.004), index=codes, dtype=float)
    size = pd.Series(children, index=codes)
    places = trends.funnel(plans, size, kind="rate")
    limits = trends.funnel_limits(np.geomspace(20_000, 200_000, 20), places["target"].iloc[0], kind="rate")
    bands = pd.DataFrame(
        {"band": ["Short", "Long"], "own": [90.0, np.nan], "england": [80.0, 20.0], "status": ["derived", "suppressed"]}
    )
    step = pd.DataFrame(
        {
            "step": ["Plans", "Conferences"],
            "own": [np.nan, 52.0],
            "england": [85.0, 38.0],
            "low": [np.nan, 31.0],
            "high": [np.nan, 64.0],
            "status": ["suppressed", "derived"],
        }
    )
    seen = pd.DataFrame(
        {
            "published": ["2014-05-01", "2014-09-30", "2022-11-03"],
            "grade": ["Inadequate", "Requires improvement", "Good"],
            "framework": ["SIF", "SIF", "ILACS"],
        }
    )
    series = pd.DataFrame({"year": [2014, 2015, 2017], "value": [40.0, 42.0, np.nan], "status": STATUS})
    expected = expected_at_deprivation(plans, size, random.uniform(10, 60, 40)).assign(area_name=codes)
    return {
        "against": context.against([panel(), panel(label="Other", unit="%")], name="a", **ABOUT),
        "steps": beside.steps(step, name="b", **ABOUT),
        "bands": beside.bands({"Ended": bands}, name="c", **ABOUT),
        "deprivation": context.deprivation(expected, own=codes[0], x_label="X", y_label="Y", name="d", **ABOUT),
        "funnels": funnels.funnels(
            [{"label": "Plans", "places": places, "limits": limits, "unit": "", "size_label": "Children"}],
            own=codes[3],
            name="e",
            **ABOUT,
        ),
        "judgements": timeline.judgements(
            seen, series, label="Plans", title="T <b>", subtitle="S", source="Ofsted", name="f"
        ),
    }


@pytest.fixture(scope="module")
def charts():
    return every_chart()


def test_titles_and_descriptions_are_in_the_drawing_and_escaped(charts):
    for chart in charts.values():
        assert "<title" in chart.drawing and "T &lt;b&gt;" in chart.drawing and "<b>" not in chart.drawing
        assert 'role="img"' in chart.drawing


def test_a_chart_drawn_twice_has_the_same_bytes(charts):
    again = every_chart()
    assert {name: chart.drawing for name, chart in charts.items()} == {
        name: chart.drawing for name, chart in again.items()
    }


def test_ids_begin_with_the_charts_name_so_that_several_can_share_a_page(charts):
    for chart in charts.values():
        assert all(ident.startswith(f"{chart.name}-") for ident in re.findall(r'\bid="([^"]+)"', chart.drawing))


def test_a_withheld_year_is_a_gap_and_is_said(charts):
    assert "Withheld: 2020." in charts["against"].description
    table = charts["against"].table
    assert table.loc[(table["year"] == 2020) & (table["figure"] == "Plans"), "Kent"].isna().all()


def test_a_line_that_stops_before_the_end_is_not_labelled_with_its_last_figure():
    own = np.full(11, 33.3)
    own[-1] = np.nan
    for status, word in ("suppressed", "withheld"), ("unavailable", "no figure"):
        drawing = context.against([panel(own=own, status=["derived"] * 10 + [status])], name="j", **ABOUT).drawing
        assert f">{word}<" in drawing and ">33.3<" not in drawing


def test_only_breaks_within_the_years_are_marked(charts):
    assert charts["against"].notes == ("Plans, break 1; Other, break 1: before 2019/20. Another way of counting.",)


def test_a_year_between_two_gaps_is_still_seen():
    alone = np.array([np.nan, 30.0, np.nan, 31.0])
    chart = context.against(
        [
            panel(
                years=[2022, 2023, 2024, 2025],
                own=alone,
                england=np.full(4, np.nan),
                others=[],
                status=["unavailable", "derived", "unavailable", "derived"],
                breaks=[],
            )
        ],
        name="g",
        **ABOUT,
    )
    assert "England no figure" in chart.description
    assert chart.drawing.count("#12436d") >= 3  # the line's own path and two dots


def test_a_withheld_step_and_band_say_so_in_the_drawing(charts):
    assert "withheld" in charts["steps"].description and ">withheld<" in charts["steps"].drawing
    assert (
        ">withheld<" in charts["bands"].drawing and "Long: Kent withheld, England 20.0%" in charts["bands"].description
    )


def test_an_area_without_a_figure_is_not_placed_on_a_funnel():
    places = trends.funnel(
        pd.Series([30.0, 260, 55], index=list("ABC")),
        pd.Series([10_000.0, 50_000, 12_000], index=list("ABC")),
        kind="rate",
        adjust="none",
    )
    limits = trends.funnel_limits([10_000, 50_000], 47.9, kind="rate")
    chart = funnels.funnels(
        [{"label": "Plans", "places": places, "limits": limits, "unit": "", "size_label": "Children"}],
        own="D",
        name="h",
        **ABOUT,
    )
    assert "Kent has no figure to place; the pooled figure of 3 areas is 47.9" in chart.description


def test_words_of_judgements_close_together_are_on_different_levels(charts):
    heights = {
        text: float(y)
        for text, y in re.findall(r'<text[^>]* y="([\d.]+)"[^>]*>([^<]*, 2014)</text>', charts["judgements"].drawing)
        for text, y in [(y, text)]
    }
    assert len(heights) == 2 and len(set(heights.values())) == 2


def test_no_judgement_at_all_is_a_time_line_that_says_none():
    none = pd.DataFrame({"published": [], "grade": [], "framework": []})
    series = pd.DataFrame({"year": [2014, 2015], "value": [40.0, 42.0], "status": "derived"})
    chart = timeline.judgements(none, series, label="Plans", title="T", subtitle="S", source="Ofsted", name="i")
    assert chart.description.startswith("Time line. Judgements: none.")


def judged(values, statuses):
    seen = pd.DataFrame({"published": ["2023-08-25"], "grade": ["Inadequate"], "framework": ["ILACS"]})
    years = range(2026 - len(values), 2026)
    series = pd.DataFrame({"year": years, "value": values, "status": statuses})
    return timeline.judgements(seen, series, label="Plans", title="T", subtitle="S", source="Ofsted", name="k")


def test_the_last_figure_of_a_time_line_names_its_year_where_the_newest_is_withheld():
    chart = judged([30.0, 33.3, np.nan], ["derived", "derived", "suppressed"])
    assert ">33.3 in 2024<" in chart.drawing and ">33.3<" not in chart.drawing
    assert chart.description.endswith("Plans: 30.0 in 2023, 33.3 in 2024, its last figure. Withheld: 2025.")
    assert ">33.3<" in judged([30.0, 31.0, 33.3], ["derived"] * 3).drawing


def test_a_year_withheld_has_a_cross_on_the_time_line_and_one_not_available_has_none():
    crosses = [
        judged([30.0, np.nan, 33.3], ["derived", status, "derived"]).drawing.count("<use ")
        for status in ("suppressed", "unavailable")
    ]
    assert crosses[0] == crosses[1] + 1


@pytest.mark.parametrize("values", [[np.nan, np.nan], [0.0, np.nan]])
def test_a_time_line_without_a_figure_above_zero_has_the_judgements_alone(values):
    chart = judged(values, ["derived" if value == value else "suppressed" for value in values])
    assert ">0.0" not in chart.drawing and ">Plans<" not in chart.drawing and ">Inadequate, 2023<" in chart.drawing
    assert len(chart.table) == 3 and "Withheld" in chart.description


def test_the_alternative_text_of_a_line_tells_its_turns_and_its_gaps():
    own = [24.6, 55.2, np.nan, np.nan, 41.5]
    given = panel(years=list(range(2021, 2026)), own=own, england=[40.0, 41.0, 42.0, 43.0, 44.0], others=[], breaks=[])
    chart = context.against([given | {"status": ["derived"] * 5}], name="l", **ABOUT)
    assert "Kent 24.6 in 2021, highest at 55.2 in 2022, 41.5 in 2025" in chart.description
    assert "England 40.0 in 2021, 44.0 in 2025." in chart.description
    assert chart.description.endswith("No figure of Kent for 2023 and 2024.")


def test_an_interval_that_is_not_known_is_not_told_and_what_is_expected_is_in_the_numbers():
    size = pd.Series(np.linspace(20_000, 90_000, 12), index=[f"E{n:08}" for n in range(12)])
    size.iloc[0] = np.nan
    frame = expected_at_deprivation((size * 0.004).round(), size, np.linspace(10, 60, 12)).assign(area_name=size.index)
    chart = context.deprivation(frame, own=size.index[0], x_label="X", y_label="Y", name="m", **ABOUT)
    assert "no figure" in chart.description and "between" not in chart.description
    assert list(chart.table.columns[2:]) == ["value", "expected", "lower", "upper", "line through all"]


def test_breaks_of_englands_line_alone_are_told_and_not_drawn():
    plain = context.against([panel()], name="m", **ABOUT)
    told = panel(england_breaks=[(2021, "A figure carried over."), (2010, "Before the chart begins.")])
    chart = context.against([told], name="m", **ABOUT)
    assert "England’s line alone, before 2020/21: A figure carried over." in chart.notes
    assert "across a break before 2020/21; both across a break before 2019/20" in chart.description
    assert chart.drawing.count("<path") == plain.drawing.count("<path")
