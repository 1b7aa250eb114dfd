"""An outlook: the past, each model's path, their average and how far it may be out."""

import textwrap

import pandas as pd

from cptrends import words
from cptrends.charts import axes, style

AVERAGE = "average"


def outlook(history, ahead, *, title, subtitle, source, kind="stock", notes=(), name=None):
    """The series so far, the average of the models with its interval, and each model's own path.

    Parameters
    ----------
    history : pandas.DataFrame
        year, value.
    ahead : pandas.DataFrame
        model, year, value, lower, upper; one of the models is "average". A model without values is
        left out.
    title, subtitle, source : str
    kind : {"flow", "stock"}
    notes : sequence of str
    name : str, optional

    Returns
    -------
    cptrends.charts.Chart

    >>> import pandas as pd
    >>> past = pd.DataFrame({"year": [2024, 2025], "value": [49_900.0, 49_420.0]})
    >>> ahead = pd.DataFrame({"model": ["average"], "year": [2026], "value": [49_000.0], "lower": [45_000.0], "upper": [53_000.0]})
    >>> outlook(past, ahead, title="T", subtitle="S", source="DfE").description
    'Line chart with an outlook. So far: 49,900 in 2024, 49,420 in 2025. Average of the models: 49,000 in 2026 (45,000 to 53,000).'
    """
    history, ahead = history.dropna(subset=["value"]).sort_values("year"), ahead.dropna(subset=["value"])
    print_year = (lambda y: words.year(y)) if kind == "flow" else str
    first, last = history.iloc[0], history.iloc[-1]
    middle = ahead[ahead["model"] == AVERAGE].sort_values("year")
    models = [m for m in pd.unique(ahead["model"]) if m != AVERAGE]
    end = middle.iloc[-1]
    said = [
        f"{model}: {words.number(ahead.loc[ahead['model'] == model, 'value'].iloc[-1])} in {print_year(int(end['year']))}"
        for model in models
    ]
    description = (
        f"Line chart with an outlook. So far: {words.number(first['value'])} in {print_year(int(first['year']))}, {words.number(last['value'])} in "
        f"{print_year(int(last['year']))}. Average of the models: {words.number(end['value'])} in {print_year(int(end['year']))} "
        f"({words.number(end['lower'])} to {words.number(end['upper'])})." + (f" {'; '.join(said)}." if said else "")
    )
    with style.settings():
        drawing = style.figure()
        ax = drawing.subplots()
        drawing.subplots_adjust(left=0.1, right=0.77, top=0.95, bottom=0.1)
        ticks = axes.round_ends(0, max(history["value"].max(), middle["upper"].max()))
        joined = {model: _joined(last, ahead[ahead["model"] == model]) for model in (*models, AVERAGE)}
        band = joined[AVERAGE]
        ax.fill_between(band["year"], band["lower"], band["upper"], color=style.COLOURS[0], alpha=0.14, linewidth=0)
        for model in models:
            ax.plot(joined[model]["year"], joined[model]["value"], color=style.GREY, linewidth=1.2)
        ax.plot(history["year"], history["value"], color=style.COLOURS[0], marker="o", markersize=3.5)
        ax.plot(band["year"], band["value"], color=style.COLOURS[0], linestyle=style.DASHES[1])
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
        ax.axvline(last["year"], color=style.GREY, linewidth=1, linestyle=(0, (3, 3)))
        start, stop = int(first["year"]), int(end["year"])
        years = list(range(stop, start - 1, -max(1, -(-(stop - start) // 6))))[::-1]
        ax.set_xticks(years, [print_year(y) for y in years])
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
        return axes.finished(drawing, name, title, subtitle, source, description, table, notes)


def _about(value):
    """Three figures: an outlook is not known to the last plan."""
    return words.number(float(f"{value:.3g}"))


def _joined(last, path):
    """A model's path from the last figure on."""
    start = pd.DataFrame({"year": [last["year"]], **dict.fromkeys(("value", "lower", "upper"), [last["value"]])})
    return pd.concat([start, path[["year", "value", "lower", "upper"]]])
