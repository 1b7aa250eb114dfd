"""Drawing for pages made by the hundred: axes and dots at a fraction of the usual time and bytes.

Matplotlib's own ticks are half the time of a small chart. These charts know where their ticks are, so
gridlines are drawn as one collection and labels as plain text.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cptrends.charts import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def scaffold(
    ax: "Axes",
    xs: Sequence[float],
    x_labels: Iterable[str],
    ys: Sequence[float],
    y_labels: Iterable[str],
    *,
    size: float,
    grid: str = "y",
    x_label: str = "",
) -> None:
    """Gridlines, a foot and labels in place of matplotlib's axes; call when both limits are set.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    xs : sequence of float
        Where the labels of x stand.
    x_labels : sequence of str
    ys : sequence of float
        Where the labels of y stand.
    y_labels : sequence of str
    size : float
        Of the text, in points.
    grid : {"x", "y", "both"}
        Which values have a line across.
    x_label : str
        Beneath the labels of x.
    """
    ax.set_axis_off()
    (left, right), (foot, top) = ax.get_xlim(), ax.get_ylim()
    if grid in ("y", "both"):
        ax.hlines(ys, left, right, color=style.GRID, linewidth=0.8, zorder=0.4)
    if grid in ("x", "both"):
        ax.vlines(xs, foot, top, color=style.GRID, linewidth=0.8, zorder=0.4)
    ax.hlines([foot], left, right, color=style.GREY, linewidth=0.8, zorder=0.5)
    height, width = ax.get_window_extent().height, ax.get_window_extent().width  # pixels are points: 72 to the inch
    below = foot - (top - foot) * 5 / height
    for x, label in zip(xs, x_labels, strict=True):
        ax.text(x, below, label, ha="center", va="top", fontsize=size)
    for y, label in zip(ys, y_labels, strict=True):
        ax.text(left - (right - left) * 5 / width, y, label, ha="right", va="center", fontsize=size, linespacing=1.1)
    if x_label:
        ax.text(
            (left + right) / 2,
            foot - (top - foot) * (9 + 1.25 * size) / height,
            x_label,
            ha="center",
            va="top",
            fontsize=size,
        )


def dots(ax: "Axes", x: pd.Series, y: pd.Series, size: float) -> None:
    """Round grey dots, all of them one path: a marker each would be most of a page's bytes and time.

    A stroke of no length with round ends is drawn as a dot.
    """
    x, y = (np.column_stack([part, part, np.full(len(part), np.nan)]).ravel() for part in (x, y))
    ax.plot(x, y, color=style.CONTEXT, linewidth=size, solid_capstyle="round")
