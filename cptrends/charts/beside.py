"""One authority beside England and its neighbours: its steps from referral to plan, and how long its plans last."""

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Unpack

import pandas as pd

from cptrends import words
from cptrends.charts import axes, light, style
from cptrends.data.status import WITHHELD_HERE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_OWN, _ENGLAND = style.COLOURS[0], style.INK
_SMALL = style.FONT_SIZE - 2


def steps(frame: pd.DataFrame, *, name_of_own: str, **about: Unpack[style.About]) -> style.Chart:
    """The steps from referral to plan: one authority, England and the range of its neighbours.

    Parameters
    ----------
    frame : pandas.DataFrame
        step, own, england, low, high, status (of own): one row a step, in order. Numbers for every 100
        of the step before; NA where there is none.
    name_of_own : str
        The authority.
    **about
        title, subtitle, source, notes and name: see `cptrends.charts.About`.

    Returns
    -------
    cptrends.charts.Chart

    >>> import pandas as pd
    >>> one = pd.DataFrame({"step": ["Plans for every 100 conferences"], "own": [80.0], "england": [85.0],
    ...     "low": [70.0], "high": [90.0], "status": "derived"})
    >>> print(steps(one, name_of_own="Kent", title="T", subtitle="S", source="DfE").description)
    Dots along a line for each step. Plans for every 100 conferences: Kent 80.0, England 85.0,
    neighbours 70.0 to 90.0.
    """
    said = [
        f"{row.step}: {name_of_own} {_or_withheld(row)}, England {words.number(row.england, 1)}, neighbours "
        f"{words.number(row.low, 1)} to {words.number(row.high, 1)}."
        for row in frame.itertuples()
    ]
    top = axes.round_ends(0, frame[["own", "england", "high"]].max().max())
    height = 46 + 58 * len(frame)
    with axes.panels(height=height, left=0.33, right=0.96, top=1 - 12 / height, bottom=30 / height) as (drawing, (ax,)):
        for at, row in enumerate(frame.itertuples()):
            _step(ax, at, row)
        ax.set_ylim(len(frame) - 0.5, -0.6)
        ax.set_xlim(0, top[-1])
        light.scaffold(
            ax,
            top,
            axes.tick_words(top),
            range(len(frame)),
            ["\n".join(textwrap.wrap(step, 27)) for step in frame["step"]],
            size=_SMALL,
            grid="x",
        )
        return axes.finished(drawing, "Dots along a line for each step. " + " ".join(said), frame, [frame], **about)


def _step(ax: "Axes", at: int, row: Any) -> None:
    ax.plot([row.low, row.high], [at, at], color=style.CONTEXT, linewidth=5, solid_capstyle="butt")
    ax.plot([row.england], [at], marker="|", markersize=18, markeredgewidth=2.4, color=_ENGLAND)
    ax.plot([row.own], [at], marker="o", markersize=10, color=_OWN, markeredgecolor="white", zorder=3)
    if row.own == row.own:
        ax.annotate(
            words.number(row.own, 1),
            (row.own, at),
            xytext=(0, 9),
            textcoords="offset points",
            ha="center",
            fontweight="bold",
            fontsize=_SMALL,
        )
    else:
        ax.annotate(_or_withheld(row), (0, at), xytext=(6, 9), textcoords="offset points", fontsize=_SMALL)


def bands(panels: Mapping[str, pd.DataFrame], *, name_of_own: str, **about: Unpack[style.About]) -> style.Chart:
    """How long plans lasted, in bands: one authority's shares as bars, England's as marks.

    Parameters
    ----------
    panels : dict of str to pandas.DataFrame
        Heading -> band, own, england (percent), status (of own, "suppressed" or "withheld here" where it has
        no value): one row a band.
    name_of_own : str
        The authority.
    **about
        title, subtitle, source, notes and name: see `cptrends.charts.About`.

    Returns
    -------
    cptrends.charts.Chart

    >>> import pandas as pd
    >>> two = pd.DataFrame({"band": ["Up to 3 months", "2 years or more"], "own": [20.0, None],
    ...     "england": [19.0, 4.0], "status": ["derived", "suppressed"]})
    >>> bands({"Ended": two}, name_of_own="Kent", title="T", subtitle="S", source="DfE").description
    'Bars. Ended: Up to 3 months: Kent 20.0%, England 19.0%; 2 years or more: Kent withheld, England 4.0%.'
    """
    most = max(frame[["own", "england"]].max().max() for frame in panels.values())
    ticks = axes.round_ends(0, most)
    sheet = axes.panels(1, len(panels), height=250, left=0.19, right=0.97, top=0.86, bottom=0.13, wspace=0.14)
    with sheet as (drawing, grid):
        for ax, (heading, frame) in zip(grid, panels.items(), strict=True):
            _bars(ax, frame)
            ax.set_ylim(len(frame) - 0.5, -0.5)
            ax.set_xlim(0, ticks[-1] * 1.15)
            light.scaffold(
                ax,
                ticks,
                axes.tick_words(ticks, "%"),
                range(len(frame)),
                frame["band"] if ax is grid[0] else [""] * len(frame),
                size=_SMALL,
                grid="x",
            )
            ax.set_title(heading, loc="left", fontsize=_SMALL + 1, fontweight="bold")
        said = " ".join(_said(heading, frame, name_of_own) for heading, frame in panels.items())
        rows = pd.concat([frame.assign(plans=heading) for heading, frame in panels.items()])
        table = rows[["plans", "band", "own", "england", "status"]]
        return axes.finished(drawing, f"Bars. {said}", table, panels.values(), **about)


def _bars(ax: "Axes", frame: pd.DataFrame) -> None:
    """A bar for each band of the authority's own, a mark for England's, and the authority's figure beyond both."""
    known = frame["own"].notna()
    ax.barh(frame.index[known], frame["own"][known], height=0.56, color=_OWN)
    ax.plot(
        frame["england"],
        frame.index,
        linestyle="none",
        marker="|",
        markersize=20,
        markeredgewidth=2.4,
        color=_ENGLAND,
    )
    for at, row in enumerate(frame.itertuples()):
        beyond = max([v for v in (row.own, row.england) if v == v], default=0)
        ax.annotate(
            _percent_or_withheld(row),
            (beyond, at),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=_SMALL,
            fontweight="bold" if row.own == row.own else "normal",
            annotation_clip=False,
        )


def _said(heading: str, frame: pd.DataFrame, name: str) -> str:
    said = (
        f"{row.band}: {name} {_percent_or_withheld(row)}, England {words.percent(row.england)}"
        for row in frame.itertuples()
    )
    return f"{heading}: {'; '.join(said)}."


def _percent_or_withheld(row: Any) -> str:
    return words.percent(row.own) if row.own == row.own else _or_withheld(row)


def _or_withheld(row: Any) -> str:
    if row.own == row.own:
        return words.number(row.own, 1)
    return "withheld" if row.status in ("suppressed", WITHHELD_HERE) else "no figure"
