"""Bars: shares of a whole, tenths side by side, and the parts of a change."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Unpack

import pandas as pd

from cptrends import words
from cptrends.charts import axes, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: The palette from best to worst of an ordered set, and text that can be read on each: dark at both ends.
_ORDERED = tuple(style.COLOURS[number] for number in (0, 2, 1, 3))
_ON = ("#ffffff", style.INK, style.INK, "#ffffff")
_LIGHT = "#6BACE6"  # a bar on which an interval in ink can be seen
_SMALLEST_LABELLED = 6  # percent; a narrower part has its figure in the table only


def shares(frame: pd.DataFrame, *, digits: int = 0, **about: Unpack[style.About]) -> style.Chart:
    """Shares of a whole, a bar for each row, the first row on top.

    Parameters
    ----------
    frame : pandas.DataFrame
        The first column names the bar; the others, at most four, are percentages that add up to 100.
    digits : int
        Digits after the point: as many as parts that are added up in words need.
    **about
        title, subtitle, source, notes and name: see `cptrends.charts.About`.

    Returns
    -------
    cptrends.charts.Chart

    >>> import pandas as pd
    >>> grades = pd.DataFrame({"date": ["31 March 2025"], "Good or better": [65.0], "Less than good": [35.0]})
    >>> shares(grades, title="Good", subtitle="Share", source="Ofsted").description
    'Bars of shares that add up to 100%. 31 March 2025: Good or better 65%, Less than good 35%.'
    """
    label, *parts = frame.columns
    description = (
        "Bars of shares that add up to 100%. "
        + ". ".join(
            f"{row[label]}: " + ", ".join(f"{part} {words.percent(row[part], digits)}" for part in parts)
            for _, row in frame.iterrows()
        )
        + "."
    )
    height = 70 + 27 * len(frame)
    with axes.panels(height=height, left=0.26, right=0.985, top=1 - 46 / height, bottom=8 / height) as (drawing, (ax,)):
        left = pd.Series(0.0, index=frame.index)
        for number, part in enumerate(parts):
            ax.barh(
                range(len(frame)),
                frame[part],
                left=left,
                height=0.8,
                color=_ORDERED[number],
                edgecolor="white",
                linewidth=1.5,
            )
            _part_figures(ax, left, frame[part], _ON[number], digits)
            left = left + frame[part]
        _part_names(ax, frame.iloc[0], parts)
        ax.set_yticks(range(len(frame)), frame[label])
        ax.set_ylim(len(frame) - 0.5, -0.5)
        ax.set_xlim(0, 100)
        ax.set_xticks([])
        ax.spines["bottom"].set_visible(False)
        return axes.finished(drawing, description, frame, [frame], **about)


def _part_figures(ax: "Axes", left: pd.Series, widths: pd.Series, colour: str, digits: int) -> None:
    """The figure of one part in the middle of it in each bar, where there is room."""
    for at, (start, width) in enumerate(zip(left, widths, strict=True)):
        if width >= _SMALLEST_LABELLED:
            ax.text(
                start + width / 2,
                at,
                words.percent(width, digits),
                ha="center",
                va="center",
                color=colour,
                fontsize=style.FONT_SIZE - 2,
            )


def _part_names(ax: "Axes", first: pd.Series, parts: Sequence[str]) -> None:
    """The name of each part above the first bar, moved apart where parts are narrow."""
    middles, at = [], 0.0
    for part in parts:
        middles.append(at + first[part] / 2)
        at += first[part]
    places = axes.apart(middles, 19)
    for number, (part, x) in enumerate(zip(parts, places, strict=True)):
        # The outermost names end where the bar ends.
        side = "center"
        if number == len(parts) - 1 and x > 92:
            x, side = 100, "right"
        elif number == 0 and x < 8:
            x, side = 0, "left"
        ax.annotate(
            "\n".join(textwrap.wrap(part, 12)),
            (x, -0.5),
            xytext=(0, 4),
            textcoords="offset points",
            ha=side,
            va="bottom",
            color=style.INK,
            fontweight="bold",
            fontsize=style.FONT_SIZE - 2,
            annotation_clip=False,
        )


def columns(
    panels: Mapping[str, pd.DataFrame], *, x_label: str, digits: int = 0, unit: str = "", **about: Unpack[style.About]
) -> style.Chart:
    """Upright bars in one or two panels on one scale, each with its figure and, where given, its interval.

    Parameters
    ----------
    panels : dict of str to pandas.DataFrame
        Heading -> category, value and, where there are any, lower and upper. One or two panels.
    x_label : str
    digits : int
    unit : {"", "%", "£"}
    **about
        title, subtitle, source, notes and name: see `cptrends.charts.About`.

    Returns
    -------
    cptrends.charts.Chart

    >>> import pandas as pd
    >>> tenths = pd.DataFrame({"category": ["1", "2"], "value": [60.0, 30.0]})
    >>> columns({"Authorities": tenths}, title="T", subtitle="S", source="DfE", x_label="Tenth").description
    'Bar chart. Authorities: 1: 60, 2: 30.'
    """
    drawn = pd.concat([frame.assign(panel=panel) for panel, frame in panels.items()], ignore_index=True)
    described = []
    for panel, frame in panels.items():
        described.append(
            f"{panel}: "
            + ", ".join(
                f"{c}: {axes.shown(v, digits, unit)}" for c, v in zip(frame["category"], frame["value"], strict=True)
            )
        )
    description = "Bar chart. " + ". ".join(described) + "."
    tops = drawn[[c for c in ("value", "upper") if c in drawn]].max(axis=None)
    ticks = axes.round_ends(0, tops * 1.06)
    sheet = axes.panels(1, len(panels), same_scale=True, left=0.09, right=0.985, top=0.9, bottom=0.16, wspace=0.08)
    with sheet as (drawing, grid):
        for ax, (panel, frame) in zip(grid, panels.items(), strict=True):
            tops_here = _upright(ax, frame)
            for at, (value, y) in enumerate(zip(frame["value"], tops_here, strict=True)):
                if value == value:
                    _above(ax, axes.shown(value, digits, unit), at, y)
            ax.set_xticks(range(len(frame)), frame["category"])
            ax.set_xlabel(x_label)
            ax.set_ylim(ticks[0], ticks[-1])
            if ax is grid[0]:
                ax.set_yticks(ticks, axes.tick_words(ticks, unit))
            axes.lines(ax, "y")
            axes.heading(ax, panel)
        table = drawn[["panel", *[c for c in drawn.columns if c != "panel"]]]
        return axes.finished(drawing, description, table, panels.values(), **about)


def _upright(ax: "Axes", frame: pd.DataFrame) -> pd.Series:
    """Bars and, where there are any, their intervals; the top of each."""
    ranged = "lower" in frame and frame["lower"].notna().any()
    places = range(len(frame))
    colour = _LIGHT if ranged else style.COLOURS[0]
    ax.bar(places, frame["value"], width=0.72, color=colour, edgecolor=style.COLOURS[0])
    if not ranged:
        return frame["value"]
    ax.vlines(places, frame["lower"], frame["upper"], color=style.INK, linewidth=1.4)
    return frame[["value", "upper"]].max(axis=1)


def _above(ax: "Axes", text: str, at: float, top: float) -> None:
    ax.annotate(
        text,
        (at, top),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=style.FONT_SIZE - 2,
    )


def parts(
    groups: Mapping[str, pd.DataFrame], *, digits: int = 0, unit: str = "", **about: Unpack[style.About]
) -> style.Chart:
    """The parts that make up a change, as bars to the left and right of zero, under a heading for each change.

    Parameters
    ----------
    groups : dict of str to pandas.DataFrame
        Heading -> label, value. A row labelled "total" is drawn as an outline, in ink.
    digits : int
    unit : {"", "%", "£"}
    **about
        title, subtitle, source, notes and name: see `cptrends.charts.About`.

    Returns
    -------
    cptrends.charts.Chart

    >>> import pandas as pd
    >>> rise = pd.DataFrame({"label": ["children", "total"], "value": [4.0, 20.0]})
    >>> parts({"2013 to 2018": rise}, title="T", subtitle="S", source="DfE").description
    'Bars of the parts of a change. 2013 to 2018: children +4, total +20.'
    """

    def signed(value: float) -> str:
        text = axes.shown(value, digits, unit)
        return f"+{text}" if value > 0 else text

    drawn = pd.concat([frame.assign(change=heading) for heading, frame in groups.items()], ignore_index=True)
    description = (
        "Bars of the parts of a change. "
        + ". ".join(
            f"{heading}: "
            + ", ".join(f"{lab} {signed(v)}" for lab, v in zip(frame["label"], frame["value"], strict=True))
            for heading, frame in groups.items()
        )
        + "."
    )
    height = 44 + sum(34 + 26 * len(frame) for frame in groups.values())
    ticks = axes.round_ends(min(0, drawn["value"].min() * 1.25), drawn["value"].max() * 1.25)
    with axes.panels(height=height, left=0.24, right=0.94, top=1 - 6 / height, bottom=34 / height) as (drawing, (ax,)):
        at, ticked = 0.0, []
        for heading, frame in groups.items():
            _group_heading(ax, heading, at)
            for lab, value in zip(frame["label"], frame["value"], strict=True):
                at += 1
                _part(ax, at, value, signed(value), whole=lab == "total")
                ticked.append((at, lab[:1].upper() + lab[1:]))
            at += 1.3
        ax.axvline(0, color=style.INK, linewidth=1.2)
        ax.set_yticks([y for y, _ in ticked], [lab for _, lab in ticked])
        ax.set_ylim(at - 0.7, -0.6)
        ax.set_xlim(ticks[0], ticks[-1])
        ax.set_xticks(ticks, axes.tick_words(ticks, unit))
        ax.spines["bottom"].set_visible(False)
        axes.lines(ax, "x")
        return axes.finished(drawing, description, drawn[["change", "label", "value"]], groups.values(), **about)


def _group_heading(ax: "Axes", text: str, at: float) -> None:
    ax.annotate(
        text,
        (0, at),
        xycoords=("axes fraction", "data"),
        xytext=(-155, 0),
        textcoords="offset points",
        va="center",
        fontweight="bold",
        fontsize=style.FONT_SIZE,
        annotation_clip=False,
    )


def _part(ax: "Axes", at: float, value: float, text: str, *, whole: bool) -> None:
    """One part's bar, the whole as an outline, with its figure beyond its end."""
    ax.barh(
        at,
        value,
        height=0.66,
        color="white" if whole else style.COLOURS[0],
        edgecolor=style.INK if whole else style.COLOURS[0],
        linewidth=1.6,
    )
    ax.annotate(
        text,
        (value, at),
        xytext=(5 if value >= 0 else -5, 0),
        textcoords="offset points",
        ha="left" if value >= 0 else "right",
        va="center",
        fontsize=style.FONT_SIZE - 1,
    )
