"""Funnels: every authority by its size, the limits within which areas of that size lie, and one of them picked out."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pandas as pd

from cptrends import words
from cptrends.charts import axes, light, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SMALL = style.FONT_SIZE - 2


def funnels(
    panels: Sequence[Mapping[str, Any]], *, own: str, name_of_own: str, **about: Unpack[style.About]
) -> style.Chart:
    """One to three funnels side by side.

    Parameters
    ----------
    panels : list of dict
        label; places (from `cptrends.trends.funnel`, index: area codes); limits (from
        `cptrends.trends.funnel_limits`, with the same over-dispersion); unit ("" or "%"); size_label.
    own : str
        The area code to pick out.
    name_of_own : str
    **about
        title, subtitle, source, notes and name: see `cptrends.charts.About`.

    Returns
    -------
    cptrends.charts.Chart

    >>> import pandas as pd
    >>> from cptrends import trends
    >>> count = pd.Series([30.0, 260, 55], index=list("ABC"))
    >>> size = pd.Series([10_000.0, 50_000, 12_000], index=list("ABC"))
    >>> panel = {"label": "Plans", "places": trends.funnel(count, size, kind="rate", adjust="none"), "unit": "",
    ...     "limits": trends.funnel_limits([10_000, 50_000], 47.9, kind="rate"), "size_label": "Children"}
    >>> chart = funnels([panel], own="A", name_of_own="A", title="T", subtitle="S", source="DfE")
    >>> chart.description
    'Funnel plots. Plans: A 30.0, of 3 areas the pooled figure is 47.9; lower (95%).'
    """
    said, tables = [], []
    sheet = axes.panels(1, len(panels), height=300, left=0.065, right=0.975, top=0.82, bottom=0.17, wspace=0.26)
    with sheet as (drawing, grid):
        for ax, panel in zip(grid, panels, strict=True):
            _funnel(ax, panel, own)
            said.append(_said(panel, own, name_of_own))
            short = panel["label"].split(",")[0]
            tables.append(panel["places"][["value", "label"]].round(1).set_axis([short, f"{short}: place"], axis=1))
        table = pd.concat(tables, axis=1).sort_index().reset_index(names="area_code")
        frames = [panel["places"] for panel in panels]
        return axes.finished(drawing, "Funnel plots. " + " ".join(said), table, frames, **about)


def _funnel(ax: "Axes", panel: Mapping[str, Any], own: str) -> None:
    places, limits = panel["places"], panel["limits"]
    known = places.dropna(subset=["value"])
    sizes = axes.round_ends(0, known["denominator"].max() / _unit(known))
    ticks = axes.round_ends(0, known["value"].max())
    by = limits["size"] / _unit(known)
    for level, dash in ("95", (0, (4, 2))), ("99_8", "-"):
        for side in ("lower", "upper"):
            ax.plot(by, limits[f"{side}_{level}"], color=style.GREY, linewidth=1.1, linestyle=dash)
    ax.plot(by, limits["target"], color=style.INK, linewidth=1.1)
    others = known.drop(index=own, errors="ignore")
    light.dots(ax, others["denominator"] / _unit(known), others["value"], 3.6)
    if own in known.index:
        row = known.loc[own]
        at = row["denominator"] / _unit(known)
        ax.plot([at], [row["value"]], marker="D", markersize=8.5, color=style.COLOURS[1], markeredgecolor=style.INK)
        left = at > sizes[-1] / 2
        ax.annotate(
            axes.shown(row["value"], 1, panel["unit"]),
            (at, row["value"]),
            xytext=(-9 if left else 9, 0),
            va="center",
            textcoords="offset points",
            ha="right" if left else "left",
            fontweight="bold",
            fontsize=_SMALL,
            bbox=style.LABEL_BOX,
        )
    ax.set_xlim(0, sizes[-1])
    ax.set_ylim(0, ticks[-1])
    thousand = ", thousands" if _unit(known) == 1000 else ""
    shown = sizes[::2] if len(sizes) > 4 else sizes
    light.scaffold(
        ax,
        shown,
        axes.tick_words(shown),
        ticks,
        axes.tick_words(ticks, panel["unit"]),
        size=_SMALL - 1,
        x_label=panel["size_label"] + thousand,
    )
    ax.set_title("\n".join(textwrap.wrap(panel["label"], 29)), loc="left", fontsize=_SMALL, fontweight="bold")


def _unit(known: pd.DataFrame) -> int:
    return 1000 if np.nanmax(known["denominator"]) >= 10_000 else 1


def _said(panel: Mapping[str, Any], own: str, name: str) -> str:
    places = panel["places"]
    row = places.loc[own] if own in places.index else None
    target = axes.shown(places["target"].dropna().iloc[0], 1, panel["unit"])
    areas = int(places["value"].notna().sum())
    if row is None or row["value"] != row["value"]:
        return f"{panel['label']}: {name} has no figure to place; the pooled figure of {areas} areas is {target}."
    return (
        f"{panel['label']}: {name} {axes.shown(row['value'], 1, panel['unit'])}, of {words.number(areas)} areas the "
        f"pooled figure is {target}; {row['label']}."
    )
