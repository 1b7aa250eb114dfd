"""The data page: every measure with its England figures down to file and line, and every release."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from cptrends import data, words
from cptrends.data import areas, events, measures, status
from cptrends.errors import BadInput
from cptrends.files import toml
from cptrends.memory import remembered
from cptrends.reports import pages

#: The tables beside the observations, and what each holds.
TABLES = {
    "areas": (
        "England, the regions and the authorities: codes now and before, the years each reported, what came before and "
        "after it"
    ),
    "inspections": (
        "Ofsted's judgements of children's services, one row an inspection, under every framework since 2009"
    ),
    "grades_as_printed": "shares of authorities at each grade as texts print them, back to 2005",
    "figures_in_texts": (
        "figures that were found in texts and in no file, each with its place, its time and the few words that print it"
    ),
    "neighbourhood_deciles": "rates by tenth of neighbourhoods, as two studies print them",
    "statistical_neighbours": "the ten statistical neighbours of each authority, by two editions",
    "releases": "every release the figures come from",
    "files": "every file of every release, with the hash of ours and of the publisher's",
    "england_rows": "the file and line of every figure for England",
}


def page() -> str:
    """The data page.

    Returns
    -------
    str
        HTML.
    """
    return pages.template("data.html.j2").render(
        name="data",
        newest=pages.newest_figure(),
        groups=groups(),
        releases=releases(),
        evidence=status.EVIDENCE,
        statuses=status.MEANING,
        ended=_ended(),
        tables=_tables(),
        frameworks=_frameworks(),
    )


@remembered
def figures(measure: str) -> pd.DataFrame:
    """The latest figures of a measure for every area; none for a part that no release keeps.

    Parameters
    ----------
    measure : str

    Returns
    -------
    pandas.DataFrame
        As `cptrends.data.load`. Do not change it in place: it is read once.

    >>> figures("referrals").area_name.iloc[0]
    'England'
    """
    try:
        return data.load(measure)
    except BadInput:
        return pd.DataFrame(columns=["measure", "area_code", "area_name", "year", "value", "status", "release"])


def groups() -> list[dict]:
    """The measures, group by group.

    Returns
    -------
    list of dict
        id, heading, measures: name, the entry of the data dictionary, coverage (sentences), rows (the
        figures for England: year, text, first, latest), held (whether there is a figure). A measure that the
        register puts nowhere is in a last group, so that none is left out.

    Raises
    ------
    BadInput
        If the register names a measure there is not.
    """
    register = toml("cptrends.reports", "data_groups.toml")["group"]
    placed = {name for group in register for name in group["measures"]}
    others = [name for name in measures.dictionary() if name not in placed]
    if others:
        register = [*register, {"id": "others", "heading": "Other measures", "measures": others}]
    return [{**group, "measures": [_measure(name) for name in group["measures"]]} for group in register]


def _years(event: events.Event) -> str:
    first, last = words.year(event.first), words.year(event.last)
    if event.last == events.NEVER:
        return f"From {first}"
    return f"In {first}" if event.first == event.last else f"From {first} to {last}"


def _measure(name: str) -> dict:
    entry = measures.measure(name)
    breaks = [f"{_years(event)}: {event.what}" for event in events.of(name)]
    held = len(figures(name)) > 0
    return {
        "name": name,
        **entry,
        "breaks": breaks,
        "coverage": coverage(name),
        "rows": england(name) if held else [],
        "held": held,
    }


def coverage(measure: str) -> list[str]:
    """From when to when a measure is held, for how many authorities, and how much is withheld.

    Parameters
    ----------
    measure : str

    Returns
    -------
    list of str
        Sentences.

    >>> coverage("plans_31_march_2_years_or_more")[0]
    'England: 31 March 2012 to 31 March ..., ... years.'
    """
    held, kind = figures(measure), measures.measure(measure)["kind"]
    if held.empty:
        return ["No figure of its own is kept: the build uses it to make others."]
    kind = "stock" if kind == "stock" else "flow"
    england_years = sorted(held.loc[(held["area_code"] == areas.ENGLAND) & held["value"].notna(), "year"])
    sentences = [f"England: {_span(england_years, kind)}." if england_years else "England: no figure."]
    local = held[held["area_code"].isin(areas.authorities())]
    if local.empty:
        return [*sentences, "Authorities: no figures."]
    newest = local[local["year"] == local["year"].max()]
    withheld = int((newest["status"] == "suppressed").sum())
    others = int((newest["value"].isna() & (newest["status"] != "suppressed")).sum())
    there = int(newest["value"].notna().sum())
    sentences.append(
        f"Authorities: {_span(sorted(local['year'].unique()), kind)}; in the newest, {there} have a figure"
        + (f", {withheld} withheld by the publisher" if withheld else "")
        + (f", {others} without one for other reasons" if others else "")
        + "."
    )
    return sentences


def _span(years: Sequence[int], kind: str) -> str:
    first, last = words.year(int(years[0]), kind), words.year(int(years[-1]), kind)
    if len(years) == 1:
        return f"{first} only"
    gaps = int(years[-1]) - int(years[0]) + 1 - len(years)
    return f"{first} to {last}, {len(years)} years" + (f" ({gaps} between them missing)" if gaps else "")


def england(measure: str) -> list[dict]:
    """A measure's figures for England, as first published and latest, each with its place in data/raw.

    Parameters
    ----------
    measure : str

    Returns
    -------
    list of dict
        year (int), text (as printed), first and latest: figure, release, file, line ("" where the
        figure for England is made from the file's rows for authorities); latest is None where it is the first.

    >>> row = next(row for row in england("referrals") if row["year"] == 2010)
    >>> row["text"], row["first"]["release"]
    ('2009/10', 'cin-2010')
    """
    latest = figures(measure)
    latest = latest[latest["area_code"] == areas.ENGLAND]
    if latest.empty:
        return []
    first = data.load(measure, area="England", release="as_published")
    kind = "stock" if measures.measure(measure)["kind"] == "stock" else "flow"
    return [
        {
            "year": int(one.year),
            "text": words.year(int(one.year), kind),
            "first": _placed(one),
            "latest": None if one.release == new.release else _placed(new),
        }
        for one, new in zip(first.itertuples(), latest.itertuples(), strict=True)
    ]


def _placed(figure: Any) -> dict[str, str]:
    """A figure as printed and where it is from; a row as `itertuples` gives it."""
    shown = printed(figure.value) if figure.value == figure.value else figure.status.replace("_", " ")
    if figure.status in ("unverified", "estimated", "low_confidence"):
        shown += f" ({figure.status.replace('_', ' ')})"
    file, line = _lines().get(
        (figure.measure, str(figure.year), figure.release), (_file(figure.measure, figure.release), "")
    )
    return {"figure": shown, "release": figure.release, "file": file.rpartition("/")[2], "line": line}


def printed(value: float) -> str:
    """A figure with as many digits as it has, at most four, and none from 100,000 up.

    >>> printed(635620.0), printed(17.9), printed(1357011142.53), printed(0.123456)
    ('635,620', '17.9', '1,357,011,143', '0.1235')
    """
    most = 0 if abs(value) >= 100_000 else 4
    digits = next(d for d in range(most + 1) if d == most or np.round(value, d) == np.round(value, most))
    return words.number(value, digits)


@remembered
def _lines() -> dict[tuple[str, str, str], tuple[str, str]]:
    rows = data.load_table("england_rows")
    return {(r.measure, r.year, r.release): (r.file, r.line) for r in rows.itertuples()}


@remembered
def _files() -> dict[str, list[dict[str, str]]]:
    return {release: held.to_dict("records") for release, held in data.load_table("files").groupby("release")}


def _file(measure: str, release: str) -> str:
    """The file of a release that has a measure."""
    return next((file["file"] for file in _files().get(release, []) if measure in file["measures"].split(" ")), "")


def releases() -> list[dict]:
    """Every release with its files, from the newest.

    Returns
    -------
    list of dict
        The columns of `cptrends.data.releases`, and files: file, sha256, official_file, official_sha256.
        An address that is not of the web is left out: it becomes a link.
    """
    rows = data.releases().to_dict("records")[::-1]
    return [
        {
            **row,
            "url": row["url"] if row["url"].startswith(("https://", "http://")) else "",
            "files": _files().get(row["release"], []),
        }
        for row in rows
    ]


def _ended() -> list[dict]:
    """The authorities that were split or merged."""
    rows = [(entry["last_year"], entry) for entry in areas.register().values() if entry["last_year"]]
    return [
        {
            "name": entry["name"],
            "last": words.year(last, "stock"),
            "after": words.listed(areas.name(code) for code in entry["successors"]),
        }
        for last, entry in sorted(rows, key=lambda row: (row[0], row[1]["name"]))
    ]


def _tables() -> list[dict]:
    return [{"name": name, "what": what, "rows": len(data.load_table(name))} for name, what in TABLES.items()]


def _frameworks() -> list[dict]:
    """How many inspections there are under each framework, and from when to when."""
    held = data.load_table("inspections")
    dated = held[held["published"] != ""]
    return [
        {
            "name": name,
            "count": int((held["framework"] == name).sum()),
            "first": rows["published"].min()[:4],
            "last": rows["published"].max()[:4],
        }
        for name, rows in dated.groupby("framework", sort=False)
    ]
