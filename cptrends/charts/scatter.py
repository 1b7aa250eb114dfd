"""Points: one figure against another, and a figure's spread in groups."""

import textwrap
from collections.abc import Sequence
from typing import Unpack

import pandas as pd

from cptrends.charts import axes, style
from cptrends.errors import BadInput


def points(
    frame: pd.DataFrame,
    *,
    x_label: str,
    y_label: str,
    named: Sequence[str] = (),
    x_unit: str = "",
    y_unit: str = "",
    **about: Unpack[style.About],
) -> style.Chart:
    """A point for each area, one figure against another.

    Parameters
    ----------
    frame : pandas.DataFrame
        area, x, y. Rows without both are not drawn; the description says how many.
    x_label, y_label : str
    named : sequence of str
        Areas whose names to write.
    x_unit, y_unit : {"", "%", "£"}
    **about
        title, subtitle, source, notes and name: see `cptrends.charts.About`.

    Returns
    -------
    cptrends.charts.Chart

    >>> import pandas as pd
    >>> two = pd.DataFrame({"area": ["A", "B", "C"], "x": [1.0, 2.0, None], "y": [5.0, 3.0, 4.0]})
    >>> points(two, title="T", subtitle="S", source="DfE", x_label="Score", y_label="Rate").description
    'Scatter chart of 2 areas; 1 without both figures. Score from 1 to 2, Rate from 3 to 5.'
    """
    whole = frame.dropna(subset=["x", "y"])
    gone = len(frame) - len(whole)
    spans = [
        f"{label} from {axes.brief(whole[axis].min(), unit)} to {axes.brief(whole[axis].max(), unit)}"
        for axis, label, unit in (("x", x_label, x_unit), ("y", y_label, y_unit))
    ]
    if unknown := [name for name in named if name not in set(frame["area"])]:
        raise BadInput(f"no point is of {unknown[0]!r}; name areas that the table has")
    described = whole[whole["area"].isin(named)]
    highlights = "".join(
        f" {row.area}: {axes.brief(row.x, x_unit)}, {axes.brief(row.y, y_unit)}." for row in described.itertuples()
    )
    without = f"; {gone} without both figures" if gone else ""
    description = f"Scatter chart of {len(whole)} areas{without}. {', '.join(spans)}." + highlights
    with axes.panels(left=0.11, right=0.97, top=0.91, bottom=0.16) as (drawing, (ax,)):
        ax.scatter(whole["x"], whole["y"], s=34, color=style.COLOURS[0], alpha=0.65, edgecolor="white", linewidth=0.6)
        ax.scatter(
            described["x"], described["y"], s=46, color=style.COLOURS[1], marker="D", edgecolor=style.INK, linewidth=0.8
        )
        x_ticks, y_ticks = (
            axes.round_ends(whole["x"].min(), whole["x"].max()),
            axes.round_ends(whole["y"].min(), whole["y"].max() * 1.03),
        )
        middle = (x_ticks[0] + x_ticks[-1]) / 2
        for row in described.itertuples():
            right = row.x <= middle
            ax.annotate(
                row.area,
                (row.x, row.y),
                xytext=(8 if right else -8, 0),
                textcoords="offset points",
                va="center",
                ha="left" if right else "right",
                fontsize=style.FONT_SIZE - 1,
                fontweight="bold",
                bbox=style.LABEL_BOX,
            )
        ax.set_xlim(x_ticks[0], x_ticks[-1])
        ax.set_ylim(y_ticks[0], y_ticks[-1])
        ax.set_xticks(x_ticks, axes.tick_words(x_ticks, x_unit))
        ax.set_yticks(y_ticks, axes.tick_words(y_ticks, y_unit))
        ax.set_xlabel(x_label)
        # Upright reading: the label of the upright axis stands above it, not on its side.
        ax.set_title(y_label, loc="left", fontsize=style.FONT_SIZE, color=style.INK)
        axes.lines(ax, "both")
        table = frame[["area", "x", "y"]].rename(columns={"x": x_label, "y": y_label})
        return axes.finished(drawing, description, table, [frame], **about)


def by_group(
    frame: pd.DataFrame, *, x_label: str, digits: int = 1, unit: str = "", **about: Unpack[style.About]
) -> style.Chart:
    """A row of points for each group, a point for each area, with the row's own middle marked.

    Parameters
    ----------
    frame : pandas.DataFrame
        area, group, value and middle (the group's median, the same on each of its rows). Groups are
        drawn in the order in which they come.
    x_label : str
    digits : int
    unit : {"", "%", "£"}
    **about
        title, subtitle, source, notes and name: see `cptrends.charts.About`.

    Returns
    -------
    cptrends.charts.Chart

    >>> import pandas as pd
    >>> two = pd.DataFrame({"area": ["A", "B"], "group": "Good", "value": [1.0, 3.0], "middle": 2.0})
    >>> by_group(two, title="T", subtitle="S", source="DfE", x_label="Score").description
    'Points by group. Good: 2 areas, median 2.0, from 1.0 to 3.0.'
    """
    whole = frame.dropna(subset=["value"])
    rows = dict(tuple(whole.groupby("group", sort=False)))
    description = (
        "Points by group. "
        + ". ".join(
            f"{group}: {len(rows_)} areas, median {axes.shown(rows_['middle'].iloc[0], digits, unit)}, from "
            f"{axes.shown(rows_['value'].min(), digits, unit)} to {axes.shown(rows_['value'].max(), digits, unit)}"
            for group, rows_ in rows.items()
        )
        + "."
    )
    ticks = axes.round_ends(whole["value"].min(), whole["value"].max())
    height = 60 + 74 * len(rows)
    with axes.panels(height=height, left=0.24, right=0.94, top=1 - 8 / height, bottom=52 / height) as (drawing, (ax,)):
        for at, rows_ in enumerate(rows.values()):
            ax.scatter(
                rows_["value"],
                at + _spread(rows_["value"], ticks),
                s=26,
                color=style.COLOURS[0],
                alpha=0.65,
                edgecolor="white",
                linewidth=0.5,
            )
            middle = rows_["middle"].iloc[0]
            ax.vlines(middle, at - 0.36, at + 0.36, color=style.INK, linewidth=2.4)
            ax.annotate(
                f"median {axes.shown(middle, digits, unit)}",
                (middle, at - 0.4),
                xytext=(0, 1),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=style.FONT_SIZE - 2,
                fontweight="bold",
            )
        ax.set_yticks(
            range(len(rows)),
            ["\n".join([*textwrap.wrap(group, 20), f"({len(rows_)} areas)"]) for group, rows_ in rows.items()],
        )
        ax.set_ylim(len(rows) - 0.5, -0.72)
        ax.set_xlim(ticks[0] - 0.01 * (ticks[-1] - ticks[0]), ticks[-1])
        ax.set_xticks(ticks, axes.tick_words(ticks, unit))
        ax.set_xlabel(x_label)
        axes.lines(ax, "x")
        return axes.finished(drawing, description, frame[["area", "group", "value"]], [frame], **about)


def _spread(values: pd.Series, ticks: Sequence[float]) -> pd.Series:
    """Points that would lie on one another moved up and down in turn."""
    narrow = (values / ((ticks[-1] - ticks[0]) / 60)).round()
    place = narrow.groupby(narrow).cumcount()
    steps = pd.Series([(-1) ** n * ((n + 1) // 2) for n in place], index=values.index, dtype=float)
    widest = steps.abs().max()
    return steps * (0.3 / widest if widest > 3 else 0.1)
