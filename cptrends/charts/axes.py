"""What chart families share: the empty panels, round axis ends, ticks in words, labels that do not touch."""

import contextlib
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal

import pandas as pd

from cptrends import words
from cptrends.charts import style
from cptrends.data import sources_of
from cptrends.errors import BadInput

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_POINTS_TO_THE_INCH = 72

#: A year that does not simply follow the one before, and why.
Break = tuple[int, str]


@contextlib.contextmanager
def panels(
    down: int = 1,
    across: int = 1,
    *,
    height: float = style.HEIGHT,
    same_scale: bool = False,
    heights: Sequence[float] | None = None,
    **margins: float,
) -> Iterator[tuple["Figure", list["Axes"]]]:
    """An empty drawing of the standard width and its panels, outside pyplot's global state.

    Parameters
    ----------
    down, across : int
        How many panels.
    height : float
        Of the drawing, in points.
    same_scale : bool
        One upright scale for all panels.
    heights : sequence of float, optional
        Of the rows of panels, against one another.
    **margins : float
        left, right, top, bottom, wspace and hspace, as matplotlib takes them.

    Yields
    ------
    tuple of (matplotlib.figure.Figure, list of matplotlib.axes.Axes)
        To be drawn on, and made a chart with `finished`, inside the `with`.
    """
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(style.SETTINGS):
        size = (style.WIDTH / _POINTS_TO_THE_INCH, height / _POINTS_TO_THE_INCH)
        drawing = Figure(figsize=size, dpi=_POINTS_TO_THE_INCH, facecolor="none")
        grid = drawing.subplots(down, across, squeeze=False, sharey=same_scale, height_ratios=heights)
        drawing.subplots_adjust(**margins)
        yield drawing, list(grid.ravel())


def finished(
    drawing: "Figure",
    description: str,
    table: pd.DataFrame,
    frames: Iterable[pd.DataFrame],
    *,
    title: str,
    subtitle: str,
    source: str | None = None,
    notes: Iterable[str] = (),
    name: str | None = None,
    also: str = "",
    measures: Iterable[str] = (),
) -> style.Chart:
    """The drawing as a chart.

    Parameters
    ----------
    drawing : matplotlib.figure.Figure
    description : str
        What the chart shows, in words.
    table : pandas.DataFrame
        The numbers drawn.
    frames : iterable of pandas.DataFrame
        What was drawn, as it was given: the source is read from it.
    title, subtitle, source, notes, name, also
        See `cptrends.charts.About`.
    measures : iterable of str
        See `cptrends.charts.Chart`.

    Returns
    -------
    cptrends.charts.Chart

    Raises
    ------
    BadInput
        If no source is given and the frames do not say where their figures are from.
    """
    name = name or words.slug(title)
    description = f"{description} {also}".strip()
    if source is None:
        try:
            source = sources_of(*frames)
        except BadInput:
            raise BadInput(
                f"the figures of the chart {name!r} do not say which release they are from; give source=, such as "
                "data.sources_of(what they were computed from)"
            ) from None
    svg = style.to_svg(drawing, name, title, description)
    return style.Chart(name, title, subtitle, svg, description, source, table, tuple(notes), tuple(measures))


def round_ends(low: float, high: float, *, zero: bool = True) -> list[float]:
    """Axis ends and ticks at round numbers that take in all the values.

    Parameters
    ----------
    low, high : float
    zero : bool
        Take in zero.

    Returns
    -------
    list of float
        Ticks from the first to the last.

    >>> [float(t) for t in round_ends(3, 47)]
    [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]
    >>> [float(t) for t in round_ends(-0.35, 0.3)]
    [-0.4, -0.2, 0.0, 0.2, 0.4]
    """
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high <= low:
        high = low + 1
    step = _round_up((high - low) / 5, (1, 2, 2.5, 5, 10))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


def fifths(high: float) -> list[float]:
    """Six ticks from zero to a round number with some room above the largest value.

    >>> fifths(47), fifths(0)
    ([0.0, 10.0, 20.0, 30.0, 40.0, 50.0], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    """
    top = _round_up(high * 1.05, (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 8, 10)) if high > 0 else 1
    return [top * number / 5 for number in range(6)]


def _round_up(least: float, parts: Sequence[float]) -> float:
    """The first number that is one of the parts times a power of ten and not less."""
    size = 10.0 ** math.floor(math.log10(least))
    return next(size * part for part in parts if size * part >= least)


def shown(value: float, digits: int, unit: str = "") -> str:
    """A value as charts print it, with its unit: "%" after it, "£" before it.

    >>> shown(12.34, 1, "%"), shown(-2303.2, 0, "£"), shown(float("nan"), 1, "%")
    ('12.3%', '−£2,303', 'no figure')
    """
    text = words.number(value, digits)
    if value != value or value is None:
        return text
    if unit == "£":
        return text.replace("−", "−£") if text.startswith("−") else f"£{text}"
    return text + unit


def brief(value: float, unit: str = "") -> str:
    """A value with one digit after the point where it is small and not whole.

    >>> brief(12.34, "%"), brief(12.0), brief(123.4)
    ('12.3%', '12', '123')
    """
    return shown(value, 0 if abs(value) >= 100 or float(value).is_integer() else 1, unit)


def year(ending: int, kind: str) -> str:
    """A year ending 31 March, as short as an axis needs it.

    >>> year(2015, "flow"), year(2015, "stock")
    ('2014/15', '2015')
    """
    return words.year(ending) if kind == "flow" else str(ending)


def tick_words(ticks: Sequence[float], unit: str = "") -> list[str]:
    """Ticks in words, with as many digits as their step needs.

    >>> tick_words([0, 0.5, 1]), tick_words([0, 2000], "£")
    (['0.0', '0.5', '1.0'], ['£0', '£2,000'])
    """
    step = min((b - a for a, b in itertools.pairwise(ticks)), default=1)
    digits = next(d for d in (0, 1, 2, 3) if d == 3 or abs(round(step, d) - step) < 1e-9)
    return [shown(tick, digits, unit) for tick in ticks]


def apart(places: Sequence[float], least: float) -> list[float]:
    """Places moved up just enough that neighbours keep a distance; order is kept.

    >>> apart([0, 1, 10], 5)
    [0, 5, 10]
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = list(places)
    for below, above in itertools.pairwise(order):
        moved[above] = max(moved[above], moved[below] + least)
    return moved


def lines(ax: "Axes", axis: Literal["both", "x", "y"]) -> None:
    """Light gridlines across one axis, behind the data."""
    ax.grid(axis=axis, color=style.GRID, linewidth=0.8)
    ax.set_axisbelow(True)


def heading(ax: "Axes", text: str) -> None:
    """A panel's own heading, in ink."""
    ax.set_title(text, loc="left", fontsize=style.FONT_SIZE, fontweight="bold", color=style.INK)


def inside(breaks: Iterable[Break], span: tuple[int, int]) -> list[Break]:
    """The breaks between the first and the last year of a chart."""
    return [(year, what) for year, what in breaks if span[0] < year <= span[1]]


def numbered(breaks: Iterable[Break]) -> dict[int, int]:
    """Each year that has a break, and its number on the chart.

    >>> numbered([(2010, "A new return."), (2022, "A late figure."), (2022, "A withdrawn figure.")])
    {2010: 1, 2022: 2}
    """
    return {year: number for number, year in enumerate(sorted({year for year, _ in breaks}), start=1)}


def break_words(breaks: Iterable[Break]) -> list[tuple[str, str, str]]:
    """Each reason once: its break or breaks by number, before which years, and the reason.

    >>> break_words([(2010, "A new return."), (2024, "Kent's are of 2023."), (2025, "Kent's are of 2023.")])[1]
    ('breaks 2 and 3', '2023/24 and 2024/25', "Kent's are of 2023.")
    """
    breaks = list(breaks)
    numbers = numbered(breaks)
    years: dict[str, list[int]] = {}
    for year, what in breaks:
        years.setdefault(what, []).append(year)
    return [
        (
            f"break{'s' if len(which) > 1 else ''} {words.listed(numbers[year] for year in which)}",
            words.listed(words.year(year) for year in which),
            what,
        )
        for what, which in years.items()
    ]


def across(breaks: Iterable[Break], first: int, last: int) -> str:
    """What a description says of two years with breaks between them; "" where there are none.

    >>> across([(2010, "A new return."), (2024, "Kent's are of 2023.")], 2009, 2015)
    ', across a break before 2009/10'
    """
    years = sorted({year for year, _ in inside(breaks, (first, last))})
    if not years:
        return ""
    which = "a break" if len(years) == 1 else "breaks"
    return f", across {which} before {words.listed(map(words.year, years))}"


def break_line(ax: "Axes", year: int) -> None:
    """The dashed upright line of a break, between its first year and the year before."""
    ax.axvline(_before(year), color=style.GREY, linewidth=1, linestyle=style.MARKING)


def break_label(
    ax: "Axes",
    year: int,
    top: float,
    text: str,
    *,
    away: tuple[float, float],
    size: float,
    ha: Literal["left", "center"] = "left",
) -> None:
    """A break's number above its line, so many points away from the end of it."""
    ax.annotate(
        text,
        (_before(year), top),
        xytext=away,
        textcoords="offset points",
        ha=ha,
        color=style.INK,
        fontsize=size,
        annotation_clip=False,
    )


def _before(year: int) -> float:
    """Where a break stands that has this first year."""
    return year - 0.5
