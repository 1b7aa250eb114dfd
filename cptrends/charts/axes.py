"""What chart families share: round axis ends, ticks in words, labels that do not touch, names."""

import math

from cptrends import words
from cptrends.charts import style


def round_ends(low, high, *, zero=True):
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
    size = 10 ** math.floor(math.log10((high - low) / 5))
    step = next(size * part for part in (1, 2, 2.5, 5, 10) if (high - low) / (size * part) <= 5)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


def shown(value, digits, unit=""):
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


def tick_words(ticks, unit=""):
    """Ticks in words, with as many digits as their step needs.

    >>> tick_words([0, 0.5, 1]), tick_words([0, 2000], "£")
    (['0.0', '0.5', '1.0'], ['£0', '£2,000'])
    """
    step = min((b - a for a, b in zip(ticks, ticks[1:], strict=False)), default=1)
    digits = next(d for d in (0, 1, 2, 3) if d == 3 or abs(round(step, d) - step) < 1e-9)
    return [shown(tick, digits, unit) for tick in ticks]


def apart(places, least):
    """Places moved up just enough that neighbours keep a distance; order is kept.

    >>> apart([0, 1, 10], 5)
    [0, 5, 10]
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = list(places)
    for below, above in zip(order, order[1:], strict=False):
        moved[above] = max(moved[above], moved[below] + least)
    return moved


def lines(ax, axis):
    """Light gridlines across one axis, behind the data."""
    ax.grid(axis=axis, color=style.GRID, linewidth=0.8)
    ax.set_axisbelow(True)


def heading(ax, text):
    """A panel's own heading, in ink."""
    ax.set_title(text, loc="left", fontsize=style.FONT_SIZE, fontweight="bold", color=style.INK)


def finished(drawing, name, title, subtitle, source, description, table, notes=()):
    """The drawing as a chart.

    Returns
    -------
    cptrends.charts.Chart
    """
    name = name or style.slug(title)
    svg = style.to_svg(drawing, name, title, description)
    return style.Chart(name, title, subtitle, svg, description, source, table, tuple(notes))
