"""Estimates with their intervals: side by side, over the years, and shares still waiting."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Unpack

import pandas as pd

from cptrends import words
from cptrends.charts import axes, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def estimates(frame: pd.DataFrame, *, digits: int = 2, **about: Unpack[style.About]) -> style.Chart:
    """Estimates one under another, each with its interval and its figures, about zero.

    Parameters
    ----------
    frame : pandas.DataFrame
        label, value, lower, upper. A row without a value says so.
    digits : int
    **about
        title, subtitle, source, notes and name: see `cptrends.charts.About`.

    Returns
    -------
    cptrends.charts.Chart

    >>> import pandas as pd
    >>> one = pd.DataFrame({"label": ["Deprivation"], "value": [-0.11], "lower": [-0.27], "upper": [0.05]})
    >>> estimates(one, title="T", subtitle="S", source="Ofsted").description
    'Estimates with intervals. Deprivation: −0.11, interval −0.27 to 0.05.'
    """
    figure = [_figure(row, digits) for row in frame.itertuples()]
    description = (
        "Estimates with intervals. "
        + ". ".join(
            f"{' '.join(row.label.split())}: {words.number(row.value, digits)}"
            + (
                f", interval {words.number(row.lower, digits)} to {words.number(row.upper, digits)}"
                if row.lower == row.lower
                else ""
            )
            for row in frame.itertuples()
        )
        + "."
    )
    ticks = axes.round_ends(frame[["value", "lower"]].min(axis=None), frame[["value", "upper"]].max(axis=None))
    height = 48 + 44 * len(frame)
    with axes.panels(height=height, left=0.34, right=0.74, top=1 - 8 / height, bottom=34 / height) as (drawing, (ax,)):
        places = range(len(frame))
        ax.hlines(places, frame["lower"], frame["upper"], color=style.COLOURS[0], linewidth=2.4)
        ax.plot(frame["value"], places, linestyle="none", marker="o", markersize=8, color=style.COLOURS[0])
        for at, text in zip(places, figure, strict=True):
            ax.annotate(
                text,
                (1, at),
                xycoords=("axes fraction", "data"),
                xytext=(8, 0),
                textcoords="offset points",
                va="center",
                fontsize=style.FONT_SIZE - 2,
                annotation_clip=False,
            )
        ax.axvline(0, color=style.INK, linewidth=1.2)
        ax.set_yticks(places, frame["label"])
        ax.set_ylim(len(frame) - 0.5, -0.5)
        ax.set_xlim(ticks[0], ticks[-1])
        ax.set_xticks(ticks, axes.tick_words(ticks))
        axes.lines(ax, "x")
        ax.spines["bottom"].set_visible(False)
        return axes.finished(drawing, description, frame, [frame], **about)


def _figure(row: Any, digits: int) -> str:
    if row.value != row.value:
        return "no figure"
    limits = (
        f"\n{words.number(row.lower, digits)} to {words.number(row.upper, digits)}" if row.lower == row.lower else ""
    )
    return words.number(row.value, digits) + limits


def by_year(
    panels: Mapping[str, pd.DataFrame],
    *,
    x: str = "year",
    series: str | None = None,
    x_label: str = "",
    x_words: Mapping[int, str] | None = None,
    level: float = 0,
    digits: int = 1,
    unit: str = "",
    one_scale: bool = True,
    **about: Unpack[style.About],
) -> style.Chart:
    """Points with intervals over the years, in one to three panels; a second series hollow beside the first.

    Parameters
    ----------
    panels : dict of str to pandas.DataFrame
        Heading -> the column `x`, value, lower, upper and, where there are two series, the column `series`.
    x : str
        The column of years, such as year or relative_year.
    series : str, optional
        The column that tells two series apart, the same two in each panel.
    x_label : str
    x_words : dict of number to str, optional
        The ticks to write, and how; every third year as a number when left out.
    level : float
        Where the line of no difference lies: 0, or 1 for ratios.
    digits : int
    unit : {"", "%", "£"}
    one_scale : bool
        All panels on one scale; otherwise each has its own.
    **about
        title, subtitle, source, notes and name: see `cptrends.charts.About`.

    Returns
    -------
    cptrends.charts.Chart

    >>> import pandas as pd
    >>> slope = pd.DataFrame({"year": [2015, 2025], "value": [20.0, 25.0], "lower": [12.0, 17.0], "upper": [28.0, 33]})
    >>> by_year({"Plans": slope}, title="T", subtitle="S", source="DfE").description
    'Points with intervals. Plans: 20.0 (12.0 to 28.0) at 2015, 25.0 (17.0 to 33.0) at 2025.'
    """
    drawn = pd.concat([_points(panel, frame, x, series) for panel, frame in panels.items()], ignore_index=True)
    labels = list(pd.unique(drawn["series"]))
    sentences = ". ".join(
        f"{panel}{', ' + label if label else ''}: "
        + ", ".join(_point(row, digits, unit) for row in _told(rows).itertuples())
        for (panel, label), rows in drawn.dropna(subset=["value"]).groupby(["panel", "series"], sort=False)
    )
    description = f"Points with intervals. {sentences}."
    sheet = axes.panels(
        1,
        len(panels),
        left=0.08,
        right=0.985,
        top=0.82 if series else 0.9,
        bottom=0.17 if x_label else 0.1,
        wspace=0.08 if one_scale else 0.24,
    )
    with sheet as (drawing, grid):
        if series:
            _key(drawing, labels)
        years = sorted(drawn["x"].unique())
        at = x_words or {year: str(int(year)) for year in years[::-3]}
        for ax, panel in zip(grid, panels, strict=True):
            here = drawn[drawn["panel"] == panel]
            scaled = drawn if one_scale else here
            ticks = axes.round_ends(
                scaled[["value", "lower"]].min(axis=None), scaled[["value", "upper"]].max(axis=None)
            )
            for turn, label in enumerate(labels):
                _marks(ax, here[here["series"] == label], turn, off=(-0.12, 0.12)[turn] if series else 0.0)
            ax.axhline(level, color=style.INK, linewidth=1.2)
            ax.set_xticks(list(at), list(at.values()))
            ax.set_xlim(years[0] - 0.6, years[-1] + 0.6)
            ax.set_ylim(ticks[0], ticks[-1])
            told = ax is grid[0] or not one_scale
            ax.set_yticks(ticks, axes.tick_words(ticks, unit) if told else [""] * len(ticks))
            ax.set_xlabel(x_label)
            axes.lines(ax, "y")
            axes.heading(ax, panel)
        table = drawn.rename(columns={"x": x})
        table = table if series else table.drop(columns="series")
        return axes.finished(drawing, description, table, panels.values(), **about)


def _marks(ax: "Axes", frame: pd.DataFrame, turn: int, *, off: float) -> None:
    """One series: filled points on whole lines, or, as the second, hollow ones on broken lines."""
    colour = style.COLOURS[turn]
    ax.vlines(
        frame["x"] + off,
        frame["lower"],
        frame["upper"],
        color=colour,
        linewidth=2,
        linestyle="-" if turn == 0 else (0, (2, 1)),
    )
    ax.plot(
        frame["x"] + off,
        frame["value"],
        linestyle="none",
        marker="oD"[turn],
        markersize=7 - turn,
        color=colour,
        markerfacecolor=colour if turn == 0 else "white",
        markeredgewidth=1.6,
    )


def _points(panel: str, frame: pd.DataFrame, x: str, series: str | None) -> pd.DataFrame:
    """A panel's points as they are drawn and given as CSV."""
    named = {"panel": panel, "series": frame[series] if series else "", "x": frame[x]}
    return pd.DataFrame({**named, **{name: frame[name] for name in ("value", "lower", "upper")}})


def _told(rows: pd.DataFrame) -> pd.DataFrame:
    """What the description says of a series: all of a short one, the two ends of a long one."""
    return rows if len(rows) <= 8 else rows.iloc[[0, -1]]


def _key(drawing: "Figure", labels: Sequence[str]) -> None:
    """What the two marks mean, in ink above the panels."""
    for turn, (label, x) in enumerate(zip(labels, (0.085, 0.4), strict=True)):
        drawing.text(x, 0.945, "●◇"[turn], color=style.COLOURS[turn], fontsize=style.FONT_SIZE, va="center")
        drawing.text(x + 0.025, 0.945, label, color=style.INK, fontsize=style.FONT_SIZE - 1, va="center")


def _point(row: Any, digits: int, unit: str) -> str:
    limits = (
        f" ({axes.shown(row.lower, digits, unit)} to {axes.shown(row.upper, digits, unit)})"
        if row.lower == row.lower
        else ""
    )
    return f"{axes.shown(row.value, digits, unit)}{limits} at {int(row.x) if row.x >= 1000 else words.signed(row.x)}"


def waiting(
    curve: pd.DataFrame,
    spans: pd.DataFrame,
    *,
    x_label: str,
    half: float | None = None,
    **about: Unpack[style.About],
) -> style.Chart:
    """The share still waiting as time goes on, as steps, with those not yet at their end marked.

    Parameters
    ----------
    curve : pandas.DataFrame
        years, value, lower, upper (percent still waiting), from year 0 on.
    spans : pandas.DataFrame
        area, years, better and on_curve (percent still waiting at that time): those not yet better
        are marked where they stand.
    x_label : str
    half : float, optional
        The time by which half are no longer waiting, to be marked.
    **about
        title, subtitle, source, notes and name: see `cptrends.charts.About`.

    Returns
    -------
    cptrends.charts.Chart

    >>> import pandas as pd
    >>> curve = pd.DataFrame({"years": [0.0, 2.0], "value": [100.0, 50], "lower": [100.0, 10], "upper": [100.0, 80]})
    >>> spans = pd.DataFrame({"area": ["A", "B"], "years": [2.0, 3.0], "better": [True, False], "on_curve": [50.0, 50]})
    >>> print(waiting(curve, spans, title="T", subtitle="S", source="Ofsted", x_label="Years").description)
    Steps. Still waiting after 1 year: 100%, after 2 years: 50%, after 3 years: 50%. 1 of 2 had not got there when
    the record ends.
    """
    end = spans["years"].max()
    at_year = [(year, curve.loc[curve["years"] <= year, "value"].iloc[-1]) for year in range(1, int(end) + 1)]
    gone = spans[~spans["better"]]
    description = (
        "Steps. Still waiting "
        + ", ".join(f"after {y} year{'s' * (y > 1)}: {words.percent(v, 0)}" for y, v in at_year)
        + f". {len(gone)} of {len(spans)} had not got there when the record ends."
    )
    line = pd.concat(
        [curve[["years", "value", "lower", "upper"]], curve[["value", "lower", "upper"]].iloc[[-1]].assign(years=end)]
    )
    with axes.panels(left=0.09, right=0.97, top=0.96, bottom=0.16) as (drawing, (ax,)):
        ax.fill_between(
            line["years"], line["lower"], line["upper"], step="post", color=style.COLOURS[0], alpha=0.14, linewidth=0
        )
        ax.step(line["years"], line["value"], where="post", color=style.COLOURS[0])
        ax.plot(
            gone["years"],
            gone["on_curve"],
            linestyle="none",
            marker="|",
            markersize=13,
            markeredgewidth=2,
            color=style.INK,
        )
        if half is not None:
            ax.plot([0, half, half], [50, 50, 0], color=style.GREY, linewidth=1.2, linestyle=style.MARKING)
            ax.annotate(
                f"half by {words.number(half, 1)} years",
                (half, 50),
                xytext=(8, 5),
                textcoords="offset points",
                fontweight="bold",
                fontsize=style.FONT_SIZE - 1,
            )
        if len(gone):
            ax.annotate(
                f"upright marks: {len(gone)} still waiting when the record ends",
                (0.99, 0.93),
                xycoords="axes fraction",
                ha="right",
                fontsize=style.FONT_SIZE - 2,
            )
        ax.set_xlim(0, int(end) + 1)
        ax.set_xticks(range(int(end) + 2))
        ax.set_ylim(0, 102)
        ax.set_yticks([0, 25, 50, 75, 100], axes.tick_words([0, 25, 50, 75, 100], "%"))
        ax.set_xlabel(x_label)
        axes.lines(ax, "y")
        return axes.finished(drawing, description, curve[["years", "value", "lower", "upper"]], [spans], **about)
