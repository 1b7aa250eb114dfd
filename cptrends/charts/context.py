"""One authority among others: its line before theirs, its steps and bands beside theirs, its place by deprivation."""

import textwrap

import numpy as np
import pandas as pd

from cptrends import words
from cptrends.charts import axes, light, style

_OWN, _ENGLAND = style.COLOURS[0], style.INK
_SMALL = style.FONT_SIZE - 2


def against(panels, *, name_of_own, title, subtitle, source, notes=(), name=None):
    """Small charts over the years: one authority before England and its neighbours.

    Parameters
    ----------
    panels : list of dict
        One or more of: label; years (consecutive); own and england (a number a year, NaN where there is none);
        status (of own); others (array, areas x years, drawn thin behind; may have no row); unit ("", "%", "£");
        kind ("flow" or "stock": how years are printed); breaks (list of (int, str), as in the data dictionary).
    name_of_own : str
        The authority.
    title, subtitle, source : str
    notes : sequence of str
    name : str, optional

    Returns
    -------
    cptrends.charts.Chart
        A year without a figure is a gap; one withheld by the publisher has a cross at the foot.

    >>> panel = {"label": "Plans", "years": [2024, 2025], "own": [40.0, float("nan")], "england": [41.0, 42.0],
    ...     "status": ["derived", "suppressed"], "others": [], "unit": "", "kind": "stock", "breaks": []}
    >>> chart = against([panel], name_of_own="Rutland", title="T", subtitle="S", source="DfE")
    >>> chart.description
    'Line charts. Plans: Rutland 40.0 at 31 March 2024, England 42.0 at 31 March 2025, from 41.0 in 2024. Withheld: 2025.'
    """
    across = min(2, len(panels))
    down = -(-len(panels) // across)
    height = 34 + 216 * down
    said, rows = [], []
    with style.settings():
        drawing = style.figure(height=height)
        grid = drawing.subplots(down, across, squeeze=False).ravel()
        drawing.subplots_adjust(
            left=0.075,
            right=0.905,
            top=1 - 46 / height,
            bottom=26 / height,
            wspace=0.42,
            hspace=0.46 if down > 1 else 0,
        )
        for ax, panel in zip(grid, panels, strict=False):
            panel = panel | {part: np.asarray(panel[part], dtype=float) for part in ("years", "own", "england")}
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
        return axes.finished(
            drawing,
            name,
            title,
            subtitle,
            source,
            "Line charts. " + " ".join(said),
            pd.concat(rows, ignore_index=True),
            [*_break_notes(panels), *notes],
        )


def _panel(ax, panel):
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
    _line(ax, years, england, _ENGLAND, 1.6, (0, (4, 2)))
    _line(ax, years, own, _OWN, 2.8, "-")
    withheld = years[np.asarray(panel["status"], dtype=object) == "suppressed"]
    ax.plot(withheld, np.zeros(len(withheld)), linestyle="none", marker="x", color=_OWN, markersize=6, clip_on=False)
    # A line that stops before the end has no figure there: its last one would be read as the newest.
    missing = "withheld" if len(withheld) and withheld[-1] == years[-1] else "no figure"
    ends = [
        (
            0 if np.isnan(values[-1]) else values[-1],
            who + (missing if np.isnan(values[-1]) else _short(values[-1], panel["unit"])),
        )
        for values, who in ((own, ""), (england, "England\n"))
        if not (who and np.isnan(values[-1]))
    ]
    places = axes.apart([end for end, _ in ends], ticks[-1] * 0.2)
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
    first, last = int(years[0]), int(years[-1])
    ax.set_xlim(first - 0.3, last + 0.3)
    ax.set_ylim(0, ticks[-1])
    shown = list(range(last, first - 1, -max(1, (last - first) // 3)))[::-1]
    light.scaffold(
        ax,
        shown,
        [words.year(y) if panel["kind"] == "flow" else str(y) for y in shown],
        ticks,
        axes.tick_words(ticks, panel["unit"]),
        size=_SMALL,
    )
    for number, (year, _) in enumerate(_inside(panel), start=1):
        ax.axvline(year - 0.5, color=style.GREY, linewidth=1, linestyle=(0, (3, 3)))
        ax.annotate(
            f"{number}",
            (year - 0.5, ticks[-1]),
            xytext=(0, 2),
            ha="center",
            textcoords="offset points",
            fontsize=_SMALL - 1,
            annotation_clip=False,
        )
    ax.set_title(
        "\n".join(textwrap.wrap(panel["label"], 40)), loc="left", fontsize=_SMALL + 1, fontweight="bold", pad=14
    )


def _line(ax, years, values, colour, width, dash):
    """A line with gaps; a year between two gaps is a dot."""
    ax.plot(years, values, color=colour, linewidth=width, linestyle=dash)
    there = np.concatenate([[False], ~np.isnan(values), [False]])
    alone = there[1:-1] & ~there[:-2] & ~there[2:]
    ax.plot(years[alone], values[alone], linestyle="none", marker="o", markersize=4, color=colour)


def _inside(panel):
    return [(year, what) for year, what in panel["breaks"] if panel["years"][0] < year <= panel["years"][-1]]


def _break_notes(panels):
    found = {}
    for panel in panels:
        for number, (year, what) in enumerate(_inside(panel), start=1):
            found.setdefault((year, what), []).append(
                f"{panel['label'].split(' per ')[0].split(',')[0]}, break {number}"
            )
    return [f"{'; '.join(where)}: before {words.year(year)}. {what}" for (year, what), where in found.items()]


def _said(panel, name):
    parts = []
    for who, values in (name, panel["own"]), ("England", panel["england"]):
        known = np.flatnonzero(~np.isnan(values))
        if not known.size:
            parts.append(f"{who} no figure")
            continue
        (first, a), (last, b) = ((int(panel["years"][at]), _short(values[at], panel["unit"])) for at in known[[0, -1]])
        when = f"at {words.year(last, 'stock')}" if panel["kind"] == "stock" else f"in {words.year(last)}"
        parts.append(f"{who} {b} {when}" + (f", from {a} in {_year(first, panel)}" if last > first else ""))
    withheld = panel["years"][np.asarray(panel["status"], dtype=object) == "suppressed"]
    gap = f" Withheld: {words.listed(_year(int(year), panel) for year in withheld)}." if len(withheld) else ""
    return f"{panel['label']}: {', '.join(parts)}.{gap}"


def _year(year, panel):
    return words.year(year) if panel["kind"] == "flow" else str(year)


def steps(frame, *, name_of_own, title, subtitle, source, notes=(), name=None):
    """The steps from referral to plan: one authority, England and the range of its neighbours.

    Parameters
    ----------
    frame : pandas.DataFrame
        step, own, england, low, high, status (of own): one row a step, in order. Numbers for every 100
        of the step before; NA where there is none.
    name_of_own, title, subtitle, source : str
    notes : sequence of str
    name : str, optional

    Returns
    -------
    cptrends.charts.Chart

    >>> import pandas as pd
    >>> one = pd.DataFrame({"step": ["Plans for every 100 conferences"], "own": [80.0], "england": [85.0], "low": [70.0],
    ...     "high": [90.0], "status": "derived"})
    >>> steps(one, name_of_own="Kent", title="T", subtitle="S", source="DfE").description
    'Dots along a line for each step. Plans for every 100 conferences: Kent 80.0, England 85.0, neighbours 70.0 to 90.0.'
    """
    said = [
        f"{row.step}: {name_of_own} {_or_withheld(row)}, England {words.number(row.england, 1)}, neighbours "
        f"{words.number(row.low, 1)} to {words.number(row.high, 1)}."
        for row in frame.itertuples()
    ]
    top = axes.round_ends(0, frame[["own", "england", "high"]].max().max())
    height = 46 + 58 * len(frame)
    with style.settings():
        drawing = style.figure(height=height)
        ax = drawing.subplots()
        drawing.subplots_adjust(left=0.33, right=0.96, top=1 - 12 / height, bottom=30 / height)
        for at, row in enumerate(frame.itertuples()):
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
        return axes.finished(
            drawing, name, title, subtitle, source, "Dots along a line for each step. " + " ".join(said), frame, notes
        )


def bands(panels, *, name_of_own, title, subtitle, source, notes=(), name=None):
    """How long plans lasted, in bands: one authority's shares as bars, England's as marks.

    Parameters
    ----------
    panels : dict of str to pandas.DataFrame
        Heading -> band, own, england (percent), status (of own, "suppressed" or "withheld here" where it has
        no value): one row a band.
    name_of_own, title, subtitle, source : str
    notes : sequence of str
    name : str, optional

    Returns
    -------
    cptrends.charts.Chart

    >>> import pandas as pd
    >>> two = pd.DataFrame({"band": ["Up to 3 months", "2 years or more"], "own": [20.0, None], "england": [19.0, 4.0],
    ...     "status": ["derived", "suppressed"]})
    >>> bands({"Ended": two}, name_of_own="Kent", title="T", subtitle="S", source="DfE").description
    'Bars. Ended: Up to 3 months: Kent 20.0%, England 19.0%; 2 years or more: Kent withheld, England 4.0%.'
    """
    said, rows = [], []
    most = max(frame[["own", "england"]].max().max() for frame in panels.values())
    ticks = axes.round_ends(0, most)
    height = 250
    with style.settings():
        drawing = style.figure(height=height)
        grid = drawing.subplots(1, len(panels), squeeze=False)[0]
        drawing.subplots_adjust(left=0.19, right=0.97, top=0.86, bottom=0.13, wspace=0.14)
        for ax, (heading, frame) in zip(grid, panels.items(), strict=True):
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
                text = words.percent(row.own) if row.own == row.own else _or_withheld(row)
                beyond = max([v for v in (row.own, row.england) if v == v], default=0)
                ax.annotate(
                    text,
                    (beyond, at),
                    xytext=(6, 0),
                    textcoords="offset points",
                    va="center",
                    fontsize=_SMALL,
                    fontweight="bold" if row.own == row.own else "normal",
                    annotation_clip=False,
                )
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
            said.append(
                f"{heading}: "
                + "; ".join(
                    f"{r.band}: {name_of_own} {words.percent(r.own) if r.own == r.own else _or_withheld(r)}, England "
                    f"{words.percent(r.england)}"
                    for r in frame.itertuples()
                )
                + "."
            )
            rows.append(frame.assign(plans=heading))
        return axes.finished(
            drawing,
            name,
            title,
            subtitle,
            source,
            "Bars. " + " ".join(said),
            pd.concat(rows)[["plans", "band", "own", "england", "status"]],
            notes,
        )


def deprivation(frame, *, own, name_of_own, title, subtitle, source, x_label, y_label, notes=(), name=None):
    """Rates against deprivation, the line through them, and what is usual for one authority.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `cptrends.indicators.expected.expected_at_deprivation`, index: area codes.
    own : str
        The authority's code; its interval is drawn as an upright line.
    name_of_own, title, subtitle, source, x_label, y_label : str
    notes : sequence of str
    name : str, optional

    Returns
    -------
    cptrends.charts.Chart
    """
    known = frame.dropna(subset=["value", "score"])
    row = frame.loc[own]
    xs = axes.round_ends(known["score"].min(), known["score"].max())
    ys = axes.round_ends(0, max(known["value"].max(), row["upper"]))
    usual = f"{words.number(row['expected'], 1)}, between {words.number(row['lower'], 1)} and {words.number(row['upper'], 1)}"
    description = (
        f"Scatter chart of {len(known)} authorities. {name_of_own}: {words.number(row['value'], 1)}; usual at its "
        f"deprivation: {usual}."
    )
    with style.settings():
        drawing = style.figure(height=300)
        ax = drawing.subplots()
        drawing.subplots_adjust(left=0.08, right=0.97, top=0.9, bottom=0.17)
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
                f"{name_of_own} {words.number(row['value'], 1)}",
                (row["score"], row["value"]),
                va="center",
                xytext=(-10 if left else 10, 0),
                textcoords="offset points",
                ha="right" if left else "left",
                fontweight="bold",
                fontsize=style.FONT_SIZE - 1,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.85},
            )
        ax.set_xlim(xs[0], xs[-1])
        ax.set_ylim(0, ys[-1])
        light.scaffold(ax, xs, axes.tick_words(xs), ys, axes.tick_words(ys), size=_SMALL, grid="both", x_label=x_label)
        ax.set_title(y_label, loc="left", fontsize=_SMALL)
        table = known[["area_name", "score", "value", "fitted"]].round(4)
        return axes.finished(drawing, name, title, subtitle, source, description, table, notes)


def _or_withheld(row):
    if row.own == row.own:
        return words.number(row.own, 1)
    return {"suppressed": "withheld", "withheld here": "withheld"}.get(row.status, "no figure")


def _short(value, unit):
    return axes.shown(value, 0 if unit == "£" or abs(value) >= 1000 else 1, unit)
