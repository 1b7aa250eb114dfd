"""An outlook: the past, each model's path, their average and how far it may be out."""

import textwrap
from typing import TYPE_CHECKING, Unpack

import pandas as pd

from cptrends import words
from cptrends.charts import axes, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

AVERAGE = "average"


def outlook(
    history: pd.DataFrame, ahead: pd.DataFrame, *, kind: str = "stock", **about: Unpack[style.About]
) -> style.Chart:
    """The series so far, the average of the models with its interval, and each model's own path.

    Parameters
    ----------
    history : pandas.DataFrame
        year, value.
    ahead : pandas.DataFrame
        model, year, value, lower, upper; one of the models is "average". A model without values is
        left out.
    kind : {"flow", "stock"}
        How years are printed: 2014/15 or 2015.
    **about
        title, subtitle, source, notes and name: see `cptrends.charts.About`.

    Returns
    -------
    cptrends.charts.Chart

    >>> import pandas as pd
    >>> past = pd.DataFrame({"year": [2024, 2025], "value": [49_900.0, 49_420.0]})
    >>> ahead = pd.DataFrame({"model": "average", "year": [2026], "value": [49e3], "lower": [45e3], "upper": [53e3]})
    >>> print(outlook(past, ahead, title="T", subtitle="S", source="DfE").description)
    Line chart with an outlook. So far: 49,900 in 2024, 49,420 in 2025. Average of the models: 49,000 in 2026
    (45,000 to 53,000).
    """
    history, ahead = history.dropna(subset=["value"]).sort_values("year"), ahead.dropna(subset=["value"])
    first, last = history.iloc[0], history.iloc[-1]
    middle = ahead[ahead["model"] == AVERAGE].sort_values("year")
    models = [m for m in pd.unique(ahead["model"]) if m != AVERAGE]
    end = middle.iloc[-1]
    with axes.panels(left=0.1, right=0.77, top=0.95, bottom=0.1) as (drawing, (ax,)):
        ticks = axes.round_ends(0, max(history["value"].max(), middle["upper"].max()))
        joined = {model: _joined(last, ahead[ahead["model"] == model]) for model in (*models, AVERAGE)}
        band = joined[AVERAGE]
        ax.fill_between(band["year"], band["lower"], band["upper"], color=style.COLOURS[0], alpha=0.14, linewidth=0)
        for model in models:
            ax.plot(joined[model]["year"], joined[model]["value"], color=style.GREY, linewidth=1.2)
        ax.plot(history["year"], history["value"], color=style.COLOURS[0], marker="o", markersize=3.5)
        ax.plot(band["year"], band["value"], color=style.COLOURS[0], linestyle=style.DASHES[1])
        _labels(ax, end, models)
        ax.axvline(last["year"], color=style.GREY, linewidth=1, linestyle=style.MARKING)
        start, stop = int(first["year"]), int(end["year"])
        years = list(range(stop, start - 1, -max(1, -(-(stop - start) // 6))))[::-1]
        ax.set_xticks(years, [axes.year(y, kind) for y in years])
        ax.set_xlim(start - 0.4, stop + 0.2)
        ax.set_ylim(ticks[0], ticks[-1])
        ax.set_yticks(ticks, axes.tick_words(ticks))
        axes.lines(ax, "y")
        table = pd.concat(
            [
                history.assign(model="so far")[["model", "year", "value"]],
                ahead[["model", "year", "value", "lower", "upper"]],
            ]
        )
        said = _description(first, last, end, {model: ahead[ahead["model"] == model] for model in models}, kind)
        return axes.finished(drawing, said, table, [history], **about)


def _labels(ax: "Axes", end: pd.Series, models: list[str]) -> None:
    """What the average and its limits come to, beside their ends, and which lines are thin."""
    for value, text in (
        (end["value"], f"Average\n{_about(end['value'])}"),
        (end["upper"], f"May be as high\nas {_about(end['upper'])}"),
        (end["lower"], f"or as low\nas {_about(end['lower'])}"),
    ):
        ax.annotate(
            text,
            (end["year"], value),
            xytext=(10, 0),
            textcoords="offset points",
            va="center",
            fontsize=style.FONT_SIZE - 1,
            fontweight="bold" if value == end["value"] else "normal",
            annotation_clip=False,
        )
    if models:
        ax.annotate(
            "\n".join(textwrap.wrap(f"Thin lines: {words.listed(models)}", 40)),
            (0.02, 0.05),
            xycoords="axes fraction",
            fontsize=style.FONT_SIZE - 2,
        )


def _description(first: pd.Series, last: pd.Series, end: pd.Series, paths: dict[str, pd.DataFrame], kind: str) -> str:
    when = {row["year"]: axes.year(int(row["year"]), kind) for row in (first, last, end)}
    average = words.number(end["value"])
    said = [f"{model}: {words.number(path['value'].iloc[-1])} in {when[end['year']]}" for model, path in paths.items()]
    return (
        f"Line chart with an outlook. So far: {words.number(first['value'])} in {when[first['year']]}, "
        f"{words.number(last['value'])} in {when[last['year']]}. Average of the models: {average} in "
        f"{when[end['year']]} ({words.number(end['lower'])} to {words.number(end['upper'])})."
    ) + (f" {'; '.join(said)}." if said else "")


def _about(value: float) -> str:
    """Three figures: an outlook is not known to the last plan."""
    return words.number(float(f"{value:.3g}"))


def _joined(last: pd.Series, path: pd.DataFrame) -> pd.DataFrame:
    """A model's path from the last figure on."""
    start = pd.DataFrame({"year": [last["year"]], **{part: [last["value"]] for part in ("value", "lower", "upper")}})
    return pd.concat([start, path[["year", "value", "lower", "upper"]]])
