"""Ofsted's judgements on a time line, beneath a series of the same years."""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

import pandas as pd

from cptrends import words
from cptrends.charts import axes, course, light, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Filled by degree, so that grades are told apart without colour; the word stands beside each.
_FACE = {"Outstanding": style.COLOURS[0], "Good": "#6BACE6", "Requires improvement": "white", "Inadequate": style.INK}
_SMALL = style.FONT_SIZE - 2


def judgements(
    inspections: pd.DataFrame, series: pd.DataFrame, *, label: str, unit: str = "", **about: Unpack[style.About]
) -> style.Chart:
    """Judgements as marks on a time line, with a series of figures above them.

    Parameters
    ----------
    inspections : pandas.DataFrame
        published (YYYY-MM-DD), grade, framework: one row for each judgement to mark.
    series : pandas.DataFrame
        year, value, status: what is drawn above. A figure stands at 31 March: a count of that day, or of the
        year that ends then. A year without one is a gap, and one withheld by the publisher a cross. Where nothing
        above zero is there to be drawn the judgements stand alone.
    label : str
        What the series is.
    unit : {"", "%"}
    **about
        title, subtitle, source, notes and name: see `cptrends.charts.About`.

    Returns
    -------
    cptrends.charts.Chart
        Its last figure is named with its year where it is not the newest year.

    >>> import pandas as pd
    >>> seen = pd.DataFrame({"published": ["2016-09-30"], "grade": ["Good"], "framework": ["SIF"]})
    >>> plans = pd.DataFrame({"year": [2016, 2017], "value": [40.0, 42.0], "status": "derived"})
    >>> judgements(seen, plans, label="Plans", title="T", subtitle="S", source="Ofsted").description
    'Time line. Judgements: Good, published 30 September 2016 (SIF). Plans: 40.0 in 2016, 42.0 in 2017.'
    """
    said = "; ".join(
        f"{row.grade}, published {words.date(row.published)} ({row.framework})" for row in inspections.itertuples()
    )
    known = series.dropna(subset=["value"]).sort_values("year")
    withheld = sorted(series.loc[series["status"] == "suppressed", "year"])
    drawn = (known["value"] > 0).any()
    description = f"Time line. Judgements: {said or 'none'}. {label}: " + _figures_said(series, withheld, unit)
    marks = [_decimal(date) for date in inspections["published"]]
    when = [*marks, *(known["year"] + 0.25)] or [2010.0, 2020.0]  # some years, where there is nothing to draw
    left, right = min(when) - 0.6, max(when) + 0.6
    placed = _levels(inspections, marks, left, right)
    strip = 34 + 20 * (1 + max((level for _, _, level in placed), default=0))
    years = range(int(left) + 1, int(right) + 1, 2)
    table, frames = _table(inspections, series, label), [inspections, series]
    if not drawn:
        with axes.panels(height=strip, left=0.075, right=0.93, top=0.98, bottom=0.02) as (drawing, (lower,)):
            _strip(lower, inspections, marks, placed)
            lower.set_xlim(left, right)
            return axes.finished(drawing, description, table, frames, **about)
    height = 200 + strip
    sheet = axes.panels(
        2, 1, height=height, heights=[144, strip], left=0.075, right=0.93, top=1 - 28 / height, bottom=0.005, hspace=0.3
    )
    with sheet as (drawing, (upper, lower)):
        ticks = axes.round_ends(0, known["value"].max())
        for _, run in known.groupby((known["year"].diff() != 1).cumsum()):
            upper.plot(run["year"] + 0.25, run["value"], color=style.COLOURS[0], marker="o", markersize=3.5)
        crosses = [year + 0.25 for year in withheld]
        upper.plot(
            crosses, [0] * len(crosses), linestyle="none", marker="x", color=style.COLOURS[0], markersize=6,
            clip_on=False,
        )  # fmt: skip
        last = known.iloc[-1]
        old = f" in {last['year']:.0f}" if last["year"] < series["year"].max() else ""
        upper.annotate(
            axes.shown(last["value"], 1, unit) + old,
            (last["year"] + 0.25, last["value"]),
            xytext=(0, 8) if old else (7, 0),
            va="center",
            ha="center" if old else "left",
            textcoords="offset points",
            fontsize=_SMALL,
            fontweight="bold",
            annotation_clip=False,
        )
        upper.set_ylim(0, ticks[-1])
        upper.set_title(label, loc="left", fontsize=_SMALL + 1, fontweight="bold")
        _strip(lower, inspections, marks, placed)
        for mark in marks:
            upper.axvline(mark, color=style.CONTEXT, linewidth=1)
        upper.set_xlim(left, right)
        lower.set_xlim(left, right)
        light.scaffold(upper, years, [str(year) for year in years], ticks, axes.tick_words(ticks, unit), size=_SMALL)
        return axes.finished(drawing, description, table, frames, **about)


def _figures_said(series: pd.DataFrame, withheld: list[int], unit: str) -> str:
    """The figures over the years, and the years without one."""
    ordered = series.sort_values("year")
    years, values = ordered["year"].tolist(), ordered["value"].to_numpy(float)
    told = course.course(years, values, lambda value: axes.shown(value, 1, unit), "stock", last=max(years, default=0))
    missing = course.gaps(years, values, but=withheld)
    for word, which in (("No figure for", missing), ("Withheld:", withheld)):
        told += f". {word} {course.without(which, 'stock')}" if which else ""
    return f"{told}."


def _table(inspections: pd.DataFrame, series: pd.DataFrame, label: str) -> pd.DataFrame:
    """The judgements, and the figures above them by their date."""
    figures = pd.DataFrame(
        {"published": [f"{year}-03-31" for year in series["year"]], label: series["value"], "status": series["status"]}
    )
    return pd.concat([inspections[["published", "framework", "grade"]], figures]).sort_values("published")


def _levels(
    inspections: pd.DataFrame, marks: Sequence[float], left: float, right: float
) -> list[tuple[str, float, int]]:
    """Words of each mark, where they are centred, and the level that keeps them from touching."""
    free: list[float] = []
    found, span = [], right - left
    for mark, row in zip(marks, inspections.itertuples(), strict=True):
        text = f"{row.grade}, {row.published[:4]}"
        half = len(text) * 0.0054 * span
        middle = min(max(mark, left + half), right - half)
        level = next((n for n, end in enumerate(free) if middle - half > end), len(free))
        free[level : level + 1] = [middle + half + 0.01 * span]
        found.append((text, middle, level))
    return found


def _strip(
    ax: "Axes", inspections: pd.DataFrame, marks: Sequence[float], placed: Sequence[tuple[str, float, int]]
) -> None:
    for mark, row, (text, middle, level) in zip(marks, inspections.itertuples(), placed, strict=True):
        ax.plot([mark, mark], [0, -level - 0.55], color=style.CONTEXT, linewidth=1)
        ax.plot(
            [mark],
            [0],
            marker="o",
            markersize=11,
            markerfacecolor=_FACE.get(row.grade, "white"),
            markeredgecolor=style.INK,
            markeredgewidth=1.4,
            zorder=3,
        )
        ax.annotate(
            text,
            (middle, -level - 0.85),
            ha="center",
            va="center",
            fontsize=_SMALL,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )
    ax.axhline(0, color=style.GREY, linewidth=1, zorder=0)
    ax.set_ylim(-1.25 - max((level for _, _, level in placed), default=0), 0.5)
    ax.set_axis_off()


def _decimal(text: str) -> float:
    day = datetime.date.fromisoformat(text)
    return day.year + (day.timetuple().tm_yday - 1) / 365.25
