"""The verbs that answer a question: series, indicator, inspections, measures, areas, releases."""

import argparse
from typing import TYPE_CHECKING

from cptrends.cli.printing import show
from cptrends.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd


def series(options: argparse.Namespace) -> None:
    """Print the figures of one measure, and what a reader of them should know."""
    from cptrends import data, words
    from cptrends.data import areas, measures

    figures = data.load(
        options.measure, area=options.area, start=options.start, end=options.end, release=options.release
    )
    show(figures.drop(columns="measure"), options.format)
    if options.format == "table":
        entry = measures.measure(options.measure)
        years = set(figures["year"])
        notes = [f"{entry['label']} ({entry['unit']}). {entry['definition']}"]
        breaks: dict[str, list[int]] = {}
        for year, what in measures.breaks(options.measure, figures["area_code"].unique()):
            if min(years) < year <= max(years):
                breaks.setdefault(what, []).append(year)
        notes += [
            f"Break{'s' if len(which) > 1 else ''} in {words.listed(which)}: {what}" for what, which in breaks.items()
        ]
        notes += figures.attrs["notes"]
        notes += _moves(options.measure, figures, options.release)
        if areas.ENGLAND in set(figures["area_code"]) and entry["kind"] in ("flow", "stock", "money"):
            notes += _gap_sentences(
                data.england_gap(options.measure, start=options.start, end=options.end, release=options.release)
            )
        print("\n" + "\n".join(notes))


def _moves(name: str, figures: "pd.DataFrame", release: str) -> list[str]:
    """How three areas at most moved in the last year printed, with what is known against comparing."""
    from cptrends.indicators import comparability

    known = figures[figures["value"].notna()]
    said: list[str] = []
    for area, theirs in known.groupby("area_name", sort=False):
        if len(said) < 3 and len(theirs) > 1:
            earlier, later = (int(year) for year in theirs["year"].iloc[-2:])
            way = comparability.moved(name, str(area), earlier, later, release=release)
            said.append(f"{area}, {later}: {way}.")
    return said


def _gap_sentences(gaps: "pd.DataFrame") -> list[str]:
    """Where England is not the sum of its authorities, said in words."""
    sentences = []
    for row in gaps.itertuples():
        if row.without_value:
            names = row.without_value.split(", ")
            who = row.without_value if len(names) < 4 else f"{len(names)} authorities"
            sentences.append(
                f"{row.year}: no figure for {who}; England is {row.gap:,.0f} more than the sum of the others."
            )
        elif abs(row.gap) > max(row.rounding, row.england * 1e-6):
            sentences.append(
                f"{row.year}: England is {row.gap:+,.0f} against the sum of its authorities, beyond rounding."
            )
    return sentences


def indicator(options: argparse.Namespace) -> None:
    """Print an indicator with its limits."""
    import pandas as pd

    from cptrends.indicators import table

    if options.name == "list":
        rows = [
            {"indicator": name, "label": entry["label"], "unit": entry["unit"]}
            for name, entry in table.register().items()
        ]
        show(pd.DataFrame(rows), options.format)
        return
    figures = table.indicator(options.name, options.area, start=options.start, end=options.end, release=options.release)
    show(figures[table.FIGURES], options.format)
    if options.format == "table":
        entry = table.declared(options.name)
        limits = "" if entry["interval"] == "none" else ", 95% limits"
        notes = [f"{entry['label']} ({entry['unit']}){limits}.", *_noted(figures)]
        print("\n" + "\n".join([*notes, *_moves(options.name, figures, options.release)]))


def _noted(figures: "pd.DataFrame") -> list[str]:
    """Each note of a table with the areas and years that it is of, or with how many rows where they are many."""
    from cptrends import words

    said = []
    for note, rows in figures[figures["note"] != ""].groupby("note", sort=False):
        places = [
            f"{area}, {words.listed(map(str, theirs['year']))}"
            for area, theirs in rows.groupby("area_name", sort=False)
        ]
        said.append(f"{'; '.join(places) if len(places) < 4 else f'{len(rows)} rows'}: {note}")
    return said


def inspections(options: argparse.Namespace) -> None:
    """Print Ofsted's judgements, or the share of each grade on a date."""
    from cptrends import data
    from cptrends.data import areas, inspections

    judgements = data.load_table("inspections")
    if options.area:
        judgements = judgements[judgements["area_code"].isin(areas.select(options.area))]
        if judgements.empty:
            raise BadInput(f"no judgement is held for {', '.join(options.area)}")
    if options.as_at:
        judgements = inspections.grades_as_at(judgements, options.as_at)
    else:
        judgements = judgements.assign(area_name=judgements["area_code"].map(areas.name))
        first = ["area_code", "area_name"]
        judgements = judgements[first + [c for c in judgements.columns if c not in first]]
        if options.format == "table":
            judgements = judgements[
                ["area_name", "framework", "inspection_type", "published", "grade_as_judged", "grade", "release"]
            ]
    show(judgements, options.format)


def measures(options: argparse.Namespace) -> None:
    """Print what is measured."""
    import pandas as pd

    from cptrends.data import measures

    rows = [
        {
            "measure": name,
            "label": entry["label"],
            "unit": entry["unit"],
            "kind": entry["kind"],
            "definition": entry["definition"],
        }
        for name, entry in measures.dictionary().items()
    ]
    table = pd.DataFrame(rows)
    show(table.drop(columns="definition") if options.format == "table" else table, options.format)


def areas(options: argparse.Namespace) -> None:
    """Print the areas, or those a word finds."""
    from cptrends import data
    from cptrends.data import areas

    table = data.load_table("areas")
    if options.word:
        word = options.word.casefold()
        names = {code: [area["name"], *area["other_names"]] for code, area in areas.register().items()}
        held = [code for code in table["area_code"] if any(word in name.casefold() for name in names[code])]
        table = table[table["area_code"].isin(held or [areas.find(options.word)])]
    if options.format == "table":
        table = table[["area_code", "la_code", "name", "level", "region", "first_year", "last_year"]]
    show(table, options.format)


def releases(options: argparse.Namespace) -> None:
    """Print the releases held."""
    from cptrends import data

    table = data.releases()
    if options.format == "table":
        table = table[["release", "publisher", "published", "evidence", "title"]]
    show(table, options.format)
