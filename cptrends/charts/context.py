"""One authority among others: its line over the years before theirs, and its place by deprivation."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pandas as pd

from cptrends import words
from cptrends.charts import axes, course, light, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_OWN, _ENGLAND = style.COLOURS[0], style.INK
_SMALL = style.FONT_SIZE - 2


def against(panels: Sequence[Mapping[str, Any]], *, name_of_own: str, **about: Unpack[style.About]) -> style.Chart:
    """Small charts over the years: one authority before England and its neighbours.

    Parameters
    ----------
    panels : list of dict
        One or more of: label; years (consecutive); own and england (a number a year, NaN where there is none);
        status (of own); others (array, areas x years, drawn thin behind; may have no row); unit ("", "%", "£");
        kind ("flow" or "stock": how years are printed); breaks (list of (int, str), as in the data dictionary);
        england_breaks (those of England's line alone, which are told and not drawn; may be left out).
    name_of_own : str
        The authority.
    **about
        title, subtitle, source, notes and name: see `cptrends.charts.About`; panels of numbers have no release, so
        the source has to be given.

    Returns
    -------
    cptrends.charts.Chart
        A year without a figure is a gap; one withheld by the publisher has a cross at the foot.

    >>> panel = {"label": "Plans", "years": [2024, 2025], "own": [40.0, float("nan")], "england": [41.0, 42.0],
    ...     "status": ["derived", "suppressed"], "others": [], "unit": "", "kind": "stock", "breaks": []}
    >>> chart = against([panel], name_of_own="Rutland", title="T", subtitle="S", source="DfE")
    >>> print(chart.description)
    Line charts. Plans: Rutland 40.0 in 2024, its last figure; England 41.0 in 2024, 42.0 in 2025. Withheld: 2025.
    """
    across = min(2, len(panels))
    down = -(-len(panels) // across)
    height = 34 + 216 * down
    said, rows = [], []
    sheet = axes.panels(
        down,
        across,
        height=height,
        left=0.075,
        right=0.905,
        top=1 - 46 / height,
        bottom=26 / height,
        wspace=0.42,
        hspace=0.46 if down > 1 else 0,
    )
    with sheet as (drawing, grid):
        for ax, given in zip(grid, panels, strict=False):
            panel = {**given, **{part: np.asarray(given[part], dtype=float) for part in ("years", "own", "england")}}
            _panel(ax, panel)
            said.append(_said(panel, name_of_own))
            rows.append(
                pd.DataFrame(
                    {
                        "figure": panel["label"],
                        "year": panel["years"].astype(int),
                        name_of_own: panel["own"],
                        "England": panel["england"],
                        "status": panel["status"],
                    }
                )
            )
        for ax in grid[len(panels) :]:
            ax.set_axis_off()
        about["notes"] = (*_break_notes(panels), *about.get("notes", ()))
        table = pd.concat(rows, ignore_index=True)
        return axes.finished(drawing, "Line charts. " + " ".join(said), table, [], **about)


def _panel(ax: "Axes", panel: Mapping[str, Any]) -> None:
    years, own, england = panel["years"], panel["own"], panel["england"]
    others = np.asarray(panel["others"], dtype=float).reshape(-1, len(years))
    most = np.nanmax([np.nanmax(part, initial=0) for part in (own, england, others)])
    ticks = axes.round_ends(0, most or 1)
    # One line with gaps for all the neighbours: what is missing is NaN, and NaN is not joined.
    gap = np.full((len(others), 1), np.nan)
    ax.plot(
        np.tile(np.append(years, np.nan), len(others)),
        np.hstack([others, gap]).ravel(),
        color=style.GRID,
        linewidth=1.3,
    )
    _line(ax, years, england, colour=_ENGLAND, width=1.6, dash=(0, (4, 2)))
    _line(ax, years, own, colour=_OWN, width=2.8, dash="-")
    withheld = _withheld(panel)
    ax.plot(withheld, np.zeros(len(withheld)), linestyle="none", marker="x", color=_OWN, markersize=6, clip_on=False)
    _end_labels(ax, panel, ticks[-1])
    first, last = int(years[0]), int(years[-1])
    ax.set_xlim(first - 0.3, last + 0.3)
    ax.set_ylim(0, ticks[-1])
    shown = list(range(last, first - 1, -max(1, (last - first) // 3)))[::-1]
    light.scaffold(
        ax,
        shown,
        [axes.year(year, panel["kind"]) for year in shown],
        ticks,
        axes.tick_words(ticks, panel["unit"]),
        size=_SMALL,
    )
    _mark_breaks(ax, panel, ticks[-1])
    ax.set_title(
        "\n".join(textwrap.wrap(panel["label"], 40)), loc="left", fontsize=_SMALL + 1, fontweight="bold", pad=14
    )


def _end_labels(ax: "Axes", panel: Mapping[str, Any], top: float) -> None:
    """The last figure of each line beside its end; what there is instead, where a line stops before the end.

    Its last figure would be read as the newest.
    """
    years, withheld = panel["years"], _withheld(panel)
    missing = "withheld" if len(withheld) and withheld[-1] == years[-1] else "no figure"
    ends = []
    for values, who in ((panel["own"], ""), (panel["england"], "England\n")):
        last = values[-1]
        if not np.isnan(last):
            ends.append((last, who + _short(last, panel["unit"])))
        elif not who:
            ends.append((0, missing))
    places = axes.apart([end for end, _ in ends], top * 0.2)
    for (_, text), at in zip(ends, places, strict=True):
        ax.annotate(
            text,
            (years[-1], at),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=_SMALL,
            fontweight="normal" if "\n" in text else "bold",
            annotation_clip=False,
            linespacing=0.95,
        )


def _mark_breaks(ax: "Axes", panel: Mapping[str, Any], top: float) -> None:
    for year, number in axes.numbered(_inside(panel)).items():
        axes.break_line(ax, year)
        axes.break_label(ax, year, top, f"{number}", away=(0, 2), size=_SMALL - 1, ha="center")


def _line(ax: "Axes", years: np.ndarray, values: np.ndarray, *, colour: str, width: float, dash: Any) -> None:
    """A line with gaps; a year between two gaps is a dot."""
    ax.plot(years, values, color=colour, linewidth=width, linestyle=dash)
    there = np.concatenate([[False], ~np.isnan(values), [False]])
    alone = there[1:-1] & ~there[:-2] & ~there[2:]
    ax.plot(years[alone], values[alone], linestyle="none", marker="o", markersize=4, color=colour)


def _withheld(panel: Mapping[str, Any]) -> np.ndarray:
    """The years whose figure of the authority's own the publisher withheld."""
    return panel["years"][np.asarray(panel["status"], dtype=object) == "suppressed"]


def _inside(panel: Mapping[str, Any], which: str = "breaks") -> list[axes.Break]:
    return axes.inside(panel.get(which, ()), (int(panel["years"][0]), int(panel["years"][-1])))


def _break_notes(panels: Sequence[Mapping[str, Any]]) -> list[str]:
    found: dict[tuple[str, str], list[str]] = {}
    for panel in panels:
        for which, before, what in axes.break_words(_inside(panel)):
            found.setdefault((before, what), []).append(f"{panel['label'].split(' per ')[0].split(',')[0]}, {which}")
    told = [f"{'; '.join(where)}: before {before}. {what}" for (before, what), where in found.items()]
    englands = [each for panel in panels for each in _inside(panel, "england_breaks")]
    told += [
        f"England’s line alone, before {before}: {what}"
        for _, before, what in axes.break_words(dict.fromkeys(englands))
    ]
    return told


def _said(panel: Mapping[str, Any], name: str) -> str:
    years, kind = panel["years"].astype(int).tolist(), panel["kind"]
    parts = [
        f"{who} {course.course(years, values, lambda value: _short(value, panel['unit']), kind, last=years[-1])}"
        for who, values in ((name, panel["own"]), ("England", panel["england"]))
    ]
    withheld = [int(year) for year in _withheld(panel)]
    missing = course.gaps(years, panel["own"], but=withheld)
    without = f" No figure of {name} for {course.without(missing, kind)}." if missing else ""
    withheld_too = f" Withheld: {course.without(withheld, kind)}." if withheld else ""
    parts[1] += axes.across(_inside(panel, "england_breaks"), years[0], years[-1])
    across = axes.across(_inside(panel), years[0], years[-1])
    if across and parts[1].count(", across"):
        across = f"; both{across[1:]}"
    return f"{panel['label']}: {'; '.join(parts)}{across}.{without}{withheld_too}"


def deprivation(
    frame: pd.DataFrame, *, own: str, name_of_own: str, x_label: str, y_label: str, **about: Unpack[style.About]
) -> style.Chart:
    """Rates against deprivation, the line through them, and what is expected of one authority.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `cptrends.indicators.expected.expected_at_deprivation`, index: area codes.
    own : str
        The authority's code; its interval is drawn as an upright line.
    name_of_own, x_label, y_label : str
    **about
        title, subtitle, source, notes and name: see `cptrends.charts.About`.

    Returns
    -------
    cptrends.charts.Chart
    """
    known = frame.dropna(subset=["value", "score"])
    row = frame.loc[own]
    xs = axes.round_ends(known["score"].min(), known["score"].max())
    known_limits = row["lower"] == row["lower"]
    ys = axes.round_ends(0, max(known["value"].max(), row["upper"] if known_limits else row["expected"]))
    value, expected, lower, upper = (words.number(row[part], 1) for part in ("value", "expected", "lower", "upper"))
    limits = f"; 95 in 100 as deprived and of its size would lie between {lower} and {upper}" if known_limits else ""
    description = (
        f"Scatter chart of {len(known)} authorities. {name_of_own}: {value}; expected at its deprivation: "
        f"{expected}{limits}."
    )
    with axes.panels(height=300, left=0.08, right=0.97, top=0.9, bottom=0.17) as (drawing, (ax,)):
        others = known.drop(index=own, errors="ignore")
        light.dots(ax, others["score"], others["value"], 5)
        fitted = known.sort_values("score")
        ax.plot(fitted["score"], fitted["fitted"], color=style.INK, linewidth=1.4)
        ax.plot([row["score"]] * 2, [row["lower"], row["upper"]], color=_OWN, linewidth=2.4, solid_capstyle="butt")
        ax.plot([row["score"]], [row["expected"]], marker="_", markersize=14, markeredgewidth=2.4, color=_OWN)
        if row["value"] == row["value"]:
            ax.plot(
                [row["score"]],
                [row["value"]],
                marker="D",
                markersize=9,
                color=style.COLOURS[1],
                markeredgecolor=style.INK,
            )
            left = row["score"] > (xs[0] + xs[-1]) / 2
            ax.annotate(
                f"{name_of_own} {value}",
                (row["score"], row["value"]),
                va="center",
                xytext=(-10 if left else 10, 0),
                textcoords="offset points",
                ha="right" if left else "left",
                fontweight="bold",
                fontsize=style.FONT_SIZE - 1,
                bbox=style.LABEL_BOX,
            )
        ax.set_xlim(xs[0], xs[-1])
        ax.set_ylim(0, ys[-1])
        light.scaffold(ax, xs, axes.tick_words(xs), ys, axes.tick_words(ys), size=_SMALL, grid="both", x_label=x_label)
        ax.set_title(y_label, loc="left", fontsize=_SMALL)
        # The line drawn and what is expected of each are two things: the latter leaves its own figure out.
        table = known[["area_name", "score", "value", "expected", "lower", "upper", "fitted"]].round(4)
        table = table.rename(columns={"fitted": "line through all"})
        return axes.finished(drawing, description, table, [frame], **about)


def _short(value: float, unit: str) -> str:
    return axes.shown(value, 0 if unit == "£" or abs(value) >= 1000 else 1, unit)
