"""Figures over the years: lines with direct labels, breaks marked, gaps left as gaps."""

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Unpack

import pandas as pd

from cptrends import words
from cptrends.charts import axes, style
from cptrends.data import events

if TYPE_CHECKING:
    from matplotlib.axes import Axes

UNVERIFIED = "unverified"


def time_series(
    series: Mapping[str, pd.DataFrame],
    *,
    kind: str = "flow",
    percent: bool = False,
    breaks: Sequence[axes.Break] = (),
    panels: bool = False,
    **about: Unpack[style.About],
) -> style.Chart:
    """A line for each series, labelled at its end.

    Parameters
    ----------
    series : dict of str to pandas.DataFrame
        Label -> year, value, status; at most four. A year that is missing or has no value is a gap.
        Unverified figures are drawn hollow and are not joined to the others.
    kind : {"flow", "stock"}
        How years are printed: 2014/15 or 31 March 2015.
    percent : bool
        Whether values are percentages.
    breaks : sequence of (int, str)
        As `cptrends.data.measures.breaks` gives them: the years that do not simply follow those before, and why.
        Where figures do not compare at all, as of two editions of an index, no line joins them.
    panels : bool
        Each series in a panel of its own on one scale.
    **about
        title, subtitle, source, notes and name: see `cptrends.charts.About`.

    Returns
    -------
    cptrends.charts.Chart

    >>> import pandas as pd
    >>> two = pd.DataFrame({"year": [2014, 2015], "value": [10.0, 12.0], "status": ["reported"] * 2})
    >>> chart = time_series({"Plans": two}, title="Up", subtitle="Plans", source="DfE")
    >>> chart.description
    'Line chart. Plans: 10 in 2013/14, 12 in 2014/15; lowest 10 in 2013/14, highest 12 in 2014/15.'

    The source of figures as `cptrends.data.load` gives them is read from them.

    >>> from cptrends import data
    >>> plans = data.load("plans_started", area="England", start=2014, end=2015, release="cin-2015")
    >>> time_series({"Plans": plans}, title="Up", subtitle="Plans").source
    'Department for Education, Characteristics of children in need: 2014 to 2015 (2015-10)'
    """
    everything = pd.concat(series.values())
    span = (int(everything["year"].min()), int(everything["year"].max()))
    breaks = axes.inside(breaks, span)
    ticks = axes.fifths(everything["value"].max())
    across, right = (len(series), 0.97) if panels else (1, 0.8)
    sheet = axes.panels(1, across, same_scale=True, left=0.1, right=right, top=0.9, bottom=0.1, wspace=0.12)
    with sheet as (drawing, grid):
        for number, (label, frame) in enumerate(series.items()):
            ax = grid[number if panels else 0]
            _line(ax, frame, number)
            if panels:
                axes.heading(ax, label)
        if not panels:
            _end_labels(grid[0], series, ticks[-1], percent)
        for ax in grid:
            _finish(ax, span, ticks, kind=kind, percent=percent, narrow=panels)
            _mark_breaks(ax, span, ticks[-1], breaks, narrow=panels)
        about["notes"] = (*about.get("notes", ()), *_break_notes(breaks))
        described = _description(series, kind, percent, breaks)
        drawn = dict.fromkeys(m for frame in series.values() if "measure" in frame for m in frame["measure"].unique())
        return axes.finished(drawing, described, _table(series, kind), series.values(), measures=drawn, **about)


def _line(ax: "Axes", frame: pd.DataFrame, number: int) -> None:
    colour, dash = style.COLOURS[number], style.DASHES[number]
    frame = frame.sort_values("year")
    sound = frame[frame["status"] != UNVERIFIED].dropna(subset=["value"])
    for run in _runs(sound):
        ax.plot(
            run["year"],
            run["value"],
            color=colour,
            linestyle=dash if len(run) > 1 else "-",
            marker="o",
            markersize=3.5 if len(run) > 1 else 5.5,
            markeredgewidth=0,
        )
    hollow = frame[frame["status"] == UNVERIFIED].dropna(subset=["value"])
    ax.plot(
        hollow["year"],
        hollow["value"],
        linestyle="none",
        marker="o",
        markersize=6,
        markerfacecolor="white",
        markeredgecolor=colour,
        markeredgewidth=1.6,
    )


def _runs(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """Stretches of consecutive years that compare."""
    apart: set[int] = set()
    if {"measure", "area_code"} <= set(frame):
        for measure, code in set(zip(frame["measure"], frame["area_code"], strict=True)):
            apart |= set(events.apart(measure, [code]))
    groups = ((frame["year"].diff() != 1) | frame["year"].isin(apart)).cumsum()
    return [run for _, run in frame.groupby(groups)]


def _end_labels(ax: "Axes", series: Mapping[str, pd.DataFrame], top: float, percent: bool) -> None:
    """The label and last value of each line beside its end, moved apart where they would touch."""
    ends = []
    for label, frame in series.items():
        last = frame.dropna(subset=["value"]).sort_values("year").iloc[-1]
        ends.append((last["value"], label, last["year"]))
    ends.sort(key=lambda end: end[0])
    right = max(year for _, _, year in ends)
    places = axes.apart([value for value, _, _ in ends], top * 0.13)
    for at, (value, label, _) in zip(places, ends, strict=True):
        figure = words.percent(value) if percent else words.number(value, 0 if value >= 100 else 1)
        wrapped = "\n".join(textwrap.wrap(label, 16))
        ax.annotate(
            f"{wrapped}\n{figure}",
            (right, at),
            xytext=(10, 0),
            textcoords="offset points",
            va="center",
            ha="left",
            color=style.INK,
            fontweight="bold",
            fontsize=style.FONT_SIZE - 1,
            annotation_clip=False,
        )


def _finish(ax: "Axes", span: tuple[int, int], ticks: list[float], *, kind: str, percent: bool, narrow: bool) -> None:
    first, last = span
    ax.set_ylim(0, ticks[-1])
    ax.set_xlim(first - 0.4, last + 0.4)
    step = max(1, math.ceil((last - first) / (3 if narrow else 6)))
    years = list(range(last, first - 1, -step))[::-1]
    ax.set_xticks(years, [axes.year(year, kind) for year in years])
    show, digits = words.percent if percent else words.number, 0 if ticks[-1] >= 5 else 1
    ax.set_yticks(ticks, [show(tick, digits) for tick in ticks])
    axes.lines(ax, "y")


def _mark_breaks(ax: "Axes", span: tuple[int, int], top: float, breaks: Sequence[axes.Break], *, narrow: bool) -> None:
    years = axes.numbered(breaks)
    for year, number in years.items():
        axes.break_line(ax, year)
        if narrow:
            continue
        # Breaks close together have room for their numbers only.
        crowded = any(0 < abs(other - year) < (span[1] - span[0]) / 8 for other in years)
        text = f"{number}" if crowded else f"break {number}"
        axes.break_label(ax, year, top, text, away=(3, 4), size=style.FONT_SIZE - 2)


def _break_notes(breaks: Sequence[axes.Break]) -> list[str]:
    return [f"B{which[1:]}, before {before}: {what}" for which, before, what in axes.break_words(breaks)]


def _description(series: Mapping[str, pd.DataFrame], kind: str, percent: bool, breaks: Sequence[axes.Break]) -> str:
    def show(value: float) -> str:
        return words.percent(value) if percent else axes.brief(value)

    def at(row: pd.Series) -> str:
        return f"{show(row['value'])} in {axes.year(int(row['year']), kind)}"

    parts = []
    for label, frame in series.items():
        known = frame.dropna(subset=["value"]).sort_values("year")
        if known.empty:
            parts.append(f"{label}: no figures")
            continue
        first, last = known.iloc[0], known.iloc[-1]
        low, high = known.loc[known["value"].idxmin()], known.loc[known["value"].idxmax()]
        across = axes.across(breaks, int(first["year"]), int(last["year"]))
        parts.append(f"{label}: {at(first)}, {at(last)}; lowest {at(low)}, highest {at(high)}{across}")
        years = range(int(first["year"]), int(last["year"]) + 1)
        if gaps := sorted(set(years) - set(known["year"])):
            parts.append(f"No figure for {words.listed(axes.year(year, kind) for year in gaps)}")
        if len(hollow := known[known["status"] == UNVERIFIED]):
            parts.append(f"Unverified: {words.listed(axes.year(year, kind) for year in hollow['year'])}")
    return "Line chart. " + ". ".join(parts) + "."


def _table(series: Mapping[str, pd.DataFrame], kind: str) -> pd.DataFrame:
    columns = {label: frame.set_index("year")["value"] for label, frame in series.items()}
    table = pd.DataFrame(columns).sort_index().reset_index(names="year")
    return table.assign(year=[words.year(int(y), kind) for y in table["year"]])
