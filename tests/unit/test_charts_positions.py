"""Where things are drawn, read back from the SVG: a pixel becomes a year and a value by the ticks beside it.

What a chart says in words may be right while the line beside it is not, so the drawing itself is measured.
"""

import re
import xml.etree.ElementTree as xml

import numpy as np
import pandas as pd
import pytest

from cptrends.charts import context, lines, style, timeline
from cptrends.indicators.expected import expected_at_deprivation

SVG = "{http://www.w3.org/2000/svg}"
BREAK = style.GREY  # a break is a dashed upright line of this colour


def _number(text):
    """A tick's text as a number: 2014/15 is the year that ends in 2015."""
    if re.fullmatch(r"\d{4}/\d\d", text):
        return int(text[:4]) + 1
    plain = re.sub("[£%,]", "", text)
    return float(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else None


def _scale(pixels, numbers):
    """The straight line from pixels to numbers; without ticks nothing can be placed."""
    return np.polyfit(pixels, numbers, 1) if len(numbers) == len(pixels) > 1 else [np.nan, np.nan]


class Axes:
    """One set of axes of a drawing: its lines and marks in the units of its ticks."""

    def __init__(self, group):
        self.group = group
        single = [text for text in self.group.iter(f"{SVG}text") if text.get("x")]  # several lines have none
        texts = [(t.get("style"), float(t.get("x")), float(t.get("y")), _number(t.text)) for t in single]
        below = [(y, x, number) for look, x, y, number in texts if "anchor: middle" in look and number is not None]
        foot = max((y for y, *_ in below), default=0)
        self._x = _scale([x for y, x, _ in below if y == foot], [number for y, _, number in below if y == foot])
        beside = sorted(number for look, *_, number in texts if "anchor: end" in look and number is not None)
        # Gridlines stand at the ticks exactly; text stands a little lower.
        grid = {line[0][1] for look, line in self._paths() if style.GRID in look and line[0][1] == line[-1][1]}
        self._y = _scale(sorted(grid, reverse=True), beside)

    def _paths(self):
        inside_defs = {id(path) for defs in self.group.iter(f"{SVG}defs") for path in defs.iter(f"{SVG}path")}
        for path in self.group.iter(f"{SVG}path"):
            if id(path) not in inside_defs and "C" not in path.get("d"):
                points = [tuple(map(float, pair.split())) for pair in re.split("[MLz]", path.get("d")) if pair.strip()]
                yield path.get("style", "").lower(), points

    def _placed(self, points):
        return [(float(np.polyval(self._x, x)), float(np.polyval(self._y, y))) for x, y in points]

    def lines(self, colour, dashed=None):
        """The lines of a colour, each a list of (x, y)."""
        return [
            self._placed(points)
            for look, points in self._paths()
            if f"stroke: {colour.lower()}" in look and dashed in (None, "dasharray" in look)
        ]

    def marks(self, colour):
        """Where the marks of a colour stand, by fill or by stroke."""
        fills = (f"fill: {colour.lower()}", f"stroke: {colour.lower()}")
        used = [u for u in self.group.iter(f"{SVG}use") if any(look in u.get("style", "").lower() for look in fills)]
        return self._placed([(float(u.get("x")), float(u.get("y"))) for u in used])


def axes_of(chart):
    drawn = xml.fromstring(chart.drawing)
    return [Axes(group) for group in drawn.iter(f"{SVG}g") if re.search(r"-axes_\d+$", group.get("id", ""))]


def upright(line):
    """The one x of an upright line."""
    (x,) = {round(x, 3) for x, _ in line}
    return x


def near(points):
    return [pytest.approx(point, abs=0.01) for point in points]


FIRST, LAST = 2013, 2025
VALUES = {year: 40.0 + (year * 7) % 5 for year in range(FIRST, LAST + 1)}


class TestLinesOverTheYears:
    @pytest.fixture
    def frame(self):
        return pd.DataFrame({"year": list(VALUES), "value": list(VALUES.values()), "status": "derived"})

    def draw(self, frame, **options):
        return lines.time_series({"Plans": frame}, title="T", subtitle="S", source="DfE", **options)

    @pytest.mark.parametrize("kind", ["flow", "stock"])
    def test_points_stand_at_their_years_and_values(self, frame, kind):
        (ax,) = axes_of(self.draw(frame, kind=kind))
        (line,) = ax.lines(style.COLOURS[0])
        assert line == near(VALUES.items())
        assert ax.marks(style.COLOURS[0]) == near(VALUES.items())

    @pytest.mark.parametrize("kind", ["flow", "stock"])
    def test_a_break_stands_between_its_first_year_and_the_year_before(self, frame, kind):
        (ax,) = axes_of(self.draw(frame, kind=kind, breaks=[(2015, "Another form."), (2021, "Another law.")]))
        assert [upright(line) for line in ax.lines(BREAK, dashed=True)] == [2014.5, 2020.5]

    def test_in_panels_a_break_stands_in_each(self, frame):
        chart = lines.time_series(
            {"A": frame, "B": frame}, title="T", subtitle="S", source="DfE", breaks=[(2018, "New.")], panels=True
        )
        assert [upright(ax.lines(BREAK, dashed=True)[0]) for ax in axes_of(chart)] == [2017.5, 2017.5]

    def test_a_year_without_a_figure_is_a_gap_and_an_unverified_one_is_hollow(self, frame):
        frame.loc[frame["year"] == 2018, "value"] = np.nan
        frame.loc[frame["year"] == 2020, "status"] = "unverified"
        (ax,) = axes_of(self.draw(frame))
        runs = [[round(x) for x, _ in line] for line in ax.lines(style.COLOURS[0])]
        assert [run for run in runs if len(run) > 1] == [list(range(2013, 2018)), list(range(2021, 2026))]
        assert ax.marks("#ffffff") == near([(2020, VALUES[2020])])


class TestOneAuthorityBeforeOthers:
    def draw(self, **changes):
        panel = {
            "label": "Plans",
            "years": list(VALUES),
            "own": list(VALUES.values()),
            "england": [42.0] * len(VALUES),
            "status": ["derived"] * len(VALUES),
            "others": [],
            "unit": "",
            "kind": "stock",
            "breaks": [],
        }
        panels = [panel | changes, panel]
        return axes_of(context.against(panels, name_of_own="Rutland", title="T", subtitle="S", source="DfE"))

    @pytest.mark.parametrize("kind", ["flow", "stock"])
    def test_its_line_and_englands_stand_at_their_years_and_values(self, kind):
        ax, _ = self.draw(kind=kind)
        assert near(VALUES.items()) in ax.lines(style.COLOURS[0])
        assert near((year, 42.0) for year in VALUES) in ax.lines(style.INK)

    @pytest.mark.parametrize("kind", ["flow", "stock"])
    def test_a_break_stands_between_its_first_year_and_the_year_before(self, kind):
        ax, other = self.draw(kind=kind, breaks=[(2015, "Another form."), (2021, "Another law.")])
        assert [upright(line) for line in ax.lines(BREAK, dashed=True)] == [2014.5, 2020.5]
        assert other.lines(BREAK, dashed=True) == []

    def test_a_break_at_the_first_year_or_outside_is_not_drawn(self):
        ax, _ = self.draw(breaks=[(FIRST, "Before."), (LAST + 1, "After."), (LAST, "At the end.")])
        assert [upright(line) for line in ax.lines(BREAK, dashed=True)] == [LAST - 0.5]

    def test_a_year_withheld_has_a_cross_at_the_foot_of_its_year(self):
        own, status = list(VALUES.values()), ["derived"] * len(VALUES)
        own[3], status[3] = np.nan, "suppressed"
        ax, _ = self.draw(own=own, status=status)
        assert ax.marks(style.COLOURS[0]) == near([(FIRST + 3, 0)])


class TestJudgementsBeneathASeries:
    SEEN = pd.DataFrame(
        {
            "published": ["2014-07-02", "2016-09-30", "2023-01-01"],
            "grade": ["Good", "Inadequate", "Outstanding"],
            "framework": "ILACS",
        }
    )

    def draw(self):
        frame = pd.DataFrame({"year": list(VALUES), "value": list(VALUES.values()), "status": "derived"})
        chart = timeline.judgements(self.SEEN, frame, label="Plans", title="T", subtitle="S", source="Ofsted")
        upper, _ = axes_of(chart)
        return upper

    def test_a_count_of_31_march_is_drawn_a_quarter_into_its_year(self):
        wanted = [(year + 0.25, value) for year, value in VALUES.items()]
        ax = self.draw()
        assert ax.lines(style.COLOURS[0]) == [near(wanted)]
        assert ax.marks(style.COLOURS[0]) == near(wanted)

    def test_a_judgement_stands_at_the_day_it_was_published(self):
        found = [upright(line) for line in self.draw().lines(style.CONTEXT)]
        assert found == pytest.approx([2014 + 182 / 365, 2016 + 273 / 366, 2023], abs=0.004)


class TestWhatIsUsualAtADeprivation:
    @pytest.fixture
    def frame(self):
        random = np.random.default_rng(3)
        score, children = random.uniform(0.05, 0.35, 150), random.integers(20_000, 200_000, 150)
        plans = random.poisson(children * 0.002 * np.exp(3 * score))
        found = expected_at_deprivation(plans, children, score)
        return found.assign(area_name="x").set_axis([f"A{n:03}" for n in range(150)])

    def test_the_range_runs_from_its_lower_to_its_upper_end_and_the_dash_is_what_is_expected(self, frame):
        row = frame.loc["A007"]
        assert row["upper"] > row["expected"] > row["lower"] > 0
        (ax,) = axes_of(
            context.deprivation(
                frame, own="A007", name_of_own="Kent", title="T", subtitle="S", source="DfE", x_label="x", y_label="y"
            )
        )
        [span, _] = ax.lines(style.COLOURS[0])  # the second is the dash, a mark without a line
        assert span == near([(row["score"], row["lower"]), (row["score"], row["upper"])])
        assert ax.marks(style.COLOURS[0]) == near([(row["score"], row["expected"])])
        assert ax.marks(style.COLOURS[1]) == near([(row["score"], row["value"])])
        assert ax.lines(style.INK)[0] == near(frame.sort_values("score")[["score", "fitted"]].to_numpy())
