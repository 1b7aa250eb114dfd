"""Figures over the years: lines with direct labels, breaks marked, gaps left as gaps."""

import math
import textwrap

import pandas as pd

from cptrends import words
from cptrends.charts import style

UNVERIFIED = "unverified"


def time_series(
    series, *, title, subtitle, source, kind="flow", percent=False, breaks=(), notes=(), panels=False, name=None
):
    """A line for each series, labelled at its end.

    Parameters
    ----------
    series : dict of str to pandas.DataFrame
        Label -> year, value, status; at most four. A year that is missing or has no value is a gap.
        Unverified figures are drawn hollow and are not joined to the others.
    title, subtitle, source : str
    kind : {"flow", "stock"}
        How years are printed: 2014/15 or 31 March 2015.
    percent : bool
        Whether values are percentages.
    breaks : sequence of (int, str)
        The first year of another way of counting, and what changed.
    notes : sequence of str
    panels : bool
        Each series in a panel of its own on one scale.
    name : str, optional
        For the ids inside the drawing; from the title when left out.

    Returns
    -------
    cptrends.charts.Chart

    >>> import pandas as pd
    >>> two = pd.DataFrame({"year": [2014, 2015], "value": [10.0, 12.0], "status": ["reported"] * 2})
    >>> chart = time_series({"Plans": two}, title="Up", subtitle="Plans", source="DfE")
    >>> chart.description
    'Line chart. Plans: 10 in 2013/14, 12 in 2014/15; lowest 10 in 2013/14, highest 12 in 2014/15.'
    """
    name = name or style.slug(title)
    everything = pd.concat(series.values())
    span = (int(everything["year"].min()), int(everything["year"].max()))
    breaks = [(year, what) for year, what in breaks if span[0] < year <= span[1]]
    description = _description(series, kind, percent, breaks)
    with style.settings():
        drawing = style.figure()
        axes = drawing.subplots(1, len(series) if panels else 1, sharey=True, squeeze=False)[0]
        _place(drawing, panels)
        top = _nice_top(everything["value"].max())
        for number, (label, frame) in enumerate(series.items()):
            ax = axes[number if panels else 0]
            _line(ax, frame, number)
            if panels:
                ax.set_title(label, loc="left", fontsize=style.FONT_SIZE, fontweight="bold", color=style.INK)
        if not panels:
            _end_labels(axes[0], series, top, percent)
        for ax in axes:
            _finish(ax, span, top, kind, percent, breaks, narrow=panels)
        svg = style.to_svg(drawing, name, title, description)
    measures = tuple(
        dict.fromkeys(m for frame in series.values() if "measure" in frame for m in frame["measure"].unique())
    )
    notes = tuple(notes) + _break_notes(breaks)
    return style.Chart(name, title, subtitle, svg, description, source, _table(series, kind), notes, measures)


def _line(ax, frame, number):
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


def _runs(frame):
    """Stretches of consecutive years."""
    groups = (frame["year"].diff() != 1).cumsum()
    return [run for _, run in frame.groupby(groups)]


def _place(drawing, panels):
    drawing.subplots_adjust(left=0.1, right=0.97 if panels else 0.8, top=0.9, bottom=0.1, wspace=0.12)


def _end_labels(ax, series, top, percent):
    """The label and last value of each line beside its end, moved apart where they would touch."""
    ends = []
    for number, (label, frame) in enumerate(series.items()):
        last = frame.dropna(subset=["value"]).sort_values("year").iloc[-1]
        ends.append([last["value"], last["value"], last["year"], label, number])
    ends.sort(key=lambda end: end[0])
    least = top * 0.13
    for below, above in zip(ends, ends[1:], strict=False):
        above[0] = max(above[0], below[0] + least)
    right = max(end[2] for end in ends)
    for at, value, _, label, _ in ends:
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


def _finish(ax, span, top, kind, percent, breaks, narrow):
    first, last = span
    ax.set_ylim(0, top)
    ax.set_xlim(first - 0.4, last + 0.4)
    step = max(1, math.ceil((last - first) / (3 if narrow else 6)))
    years = list(range(last, first - 1, -step))[::-1]
    ax.set_xticks(years, [words.year(year) if kind == "flow" else str(year) for year in years])
    ticks = [top * fraction / 5 for fraction in range(6)]
    ax.set_yticks(
        ticks,
        [words.percent(t, 0 if top >= 5 else 1) if percent else words.number(t, 0 if top >= 5 else 1) for t in ticks],
    )
    ax.grid(axis="y", color=style.GRID, linewidth=0.8)
    ax.set_axisbelow(True)
    for number, (year, _) in enumerate(breaks):
        ax.axvline(year - 0.5, color=style.GREY, linewidth=1, linestyle=(0, (3, 3)))
        if not narrow:
            # Breaks close together have room for their numbers only.
            crowded = any(0 < abs(other - year) < (last - first) / 8 for other, _ in breaks)
            ax.annotate(
                f"{number + 1}" if crowded else f"break {number + 1}",
                (year - 0.5, top),
                xytext=(3, 4),
                textcoords="offset points",
                color=style.INK,
                fontsize=style.FONT_SIZE - 2,
                annotation_clip=False,
            )


def _nice_top(largest):
    """The first round number that leaves room above the largest value."""
    if not largest or largest != largest or largest <= 0:
        return 1
    size = 10 ** math.floor(math.log10(largest * 1.05))
    return next(size * step for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 8, 10) if size * step >= largest * 1.05)


def _break_notes(breaks):
    return tuple(f"Break {number + 1}, before {words.year(year)}: {what}" for number, (year, what) in enumerate(breaks))


def _description(series, kind, percent, breaks):
    show = (
        (lambda v: words.percent(v))
        if percent
        else (lambda v: words.number(v, 0 if abs(v) >= 100 or float(v).is_integer() else 1))
    )
    parts = []
    for label, frame in series.items():
        known = frame.dropna(subset=["value"]).sort_values("year")
        if known.empty:
            parts.append(f"{label}: no figures")
            continue
        first, last = known.iloc[0], known.iloc[-1]
        low, high = known.loc[known["value"].idxmin()], known.loc[known["value"].idxmax()]
        at = lambda row: (
            f"{show(row['value'])} in {words.year(int(row['year']), 'flow') if kind == 'flow' else int(row['year'])}"
        )  # noqa: E731
        parts.append(f"{label}: {at(first)}, {at(last)}; lowest {at(low)}, highest {at(high)}")
        years = range(int(first["year"]), int(last["year"]) + 1)
        if gaps := sorted(set(years) - set(known["year"])):
            parts.append(f"No figure for {words.listed(words.year(year) if kind == 'flow' else year for year in gaps)}")
        if len(hollow := known[known["status"] == UNVERIFIED]):
            parts.append(
                f"Unverified: {words.listed(words.year(year) if kind == 'flow' else year for year in hollow['year'])}"
            )
    if breaks:
        parts.append("Breaks before " + words.listed(words.year(year) for year, _ in breaks))
    return "Line chart. " + ". ".join(parts) + "."


def _table(series, kind):
    columns = {}
    for label, frame in series.items():
        columns[label] = frame.set_index("year")["value"]
    table = pd.DataFrame(columns).sort_index().reset_index(names="year")
    return table.assign(year=[words.year(int(y), kind) for y in table["year"]])
