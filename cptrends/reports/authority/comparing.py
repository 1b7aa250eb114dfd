"""A few authorities side by side, on a page of their own."""

import dataclasses
import os
import pathlib
from collections.abc import Sequence

import pandas as pd

from cptrends import words
from cptrends.charts import lines
from cptrends.charts.style import Chart
from cptrends.charts.tables import Table
from cptrends.data import areas, measures
from cptrends.errors import BadInput
from cptrends.files import write
from cptrends.indicators import table
from cptrends.reports import notebook, pages, site
from cptrends.reports.authority import origins
from cptrends.reports.authority.cells import lower, shown, sign, upper, value, with_limits
from cptrends.reports.authority.everyone import everyone, figures_of
from cptrends.reports.authority.judging import breaks_of
from cptrends.reports.authority.names import Link, link
from cptrends.reports.authority.over_years import CHARTED
from cptrends.reports.authority.readings import readings_of
from cptrends.reports.authority.sentences import which_way
from cptrends.reports.authority.standing_out import HEADLINES
from cptrends.reports.authority.subject import Subject, own_figure, subject_of

MOST_COMPARED = 4


@dataclasses.dataclass(frozen=True)
class SideBySide:
    """What a page of a few authorities says.

    Attributes
    ----------
    title : str
    finding : str
        A sentence.
    changes : tuple of str
        A sentence or two on each authority: which way its plan rate went over five years.
    table : Table
    notes : tuple of str
    charts : tuple of Chart
    links : tuple of Link
        Their own pages.
    """

    title: str
    finding: str
    changes: tuple[str, ...]
    table: Table
    notes: tuple[str, ...]
    charts: tuple[Chart, ...]
    links: tuple[Link, ...]


def compare(out: str | os.PathLike[str], codes: Sequence[str]) -> pathlib.Path:
    """Write a page with two to four authorities side by side.

    Parameters
    ----------
    out : path-like
        The reports folder.
    codes : list of str
        Area codes.

    Returns
    -------
    pathlib.Path
        The page written: its name is made of theirs.

    Raises
    ------
    BadInput
        If there are not two to four different authorities, or they have no year in common.

    Examples
    --------
    >>> compare("pages", ["E09000012", "E09000019"]).name  # doctest: +SKIP
    'compare-hackney-islington.html'
    >>> compare("pages", ["E09000012", "E09000012"])
    Traceback (most recent call last):
    ...
    cptrends.errors.BadInput: two to four different authorities can be compared, not 1
    """
    page = side_by_side(codes)
    path = site.page_of(out, codes[0]).with_name(f"compare-{'-'.join(its.slug for its in page.links)}.html")
    text = pages.template("compare.html.j2").render(
        page=page,
        drawn=[notebook.figure(chart.facts) for chart in page.charts],
        root="../",
        newest=pages.newest_figure(),
        name=path.stem,
        there=site.slugs_there(out),
    )
    write(path, text)
    return path


def side_by_side(codes: Sequence[str]) -> SideBySide:
    """A few authorities beside each other.

    Parameters
    ----------
    codes : list of str
        Area codes of two to four authorities.

    Returns
    -------
    SideBySide

    Raises
    ------
    BadInput
        If there are not two to four different authorities, or they have no year in common.

    Examples
    --------
    >>> page = side_by_side(["E09000012", "E09000019"])
    >>> page.title, len(page.charts)
    ('Hackney and Islington', 4)
    """
    codes = list(dict.fromkeys(codes))
    if not 2 <= len(codes) <= MOST_COMPARED:
        raise BadInput(f"two to {words.spelt(MOST_COMPARED)} different authorities can be compared, not {len(codes)}")
    subjects = [subject_of(code) for code in codes]
    year, names = min(subject.year for subject in subjects), words.listed([subject.name for subject in subjects])
    entry = table.declared("plan_rate")
    told = [f"{subject.name} {shown(own_figure(subject, 'plan_rate', year), entry)}" for subject in subjects]
    england = figures_of("plan_rate", year).get(areas.ENGLAND)
    return SideBySide(
        title=names,
        finding=f"Children on a child protection plan at 31 March {year} for every 10,000: {words.listed(told)}; "
        f"England {shown(england, entry)}.",
        changes=tuple(_change(subject) for subject in subjects),
        table=_table(subjects, year),
        notes=(
            "Unusual: more than chance in the counts and the authority’s own ups and downs from year to year explain. "
            "Its own page says how many changes were looked at.",
            "In brackets: 95% limits of chance. Where the limits of two authorities overlap by more than a little, "
            "chance alone may explain which is higher; authorities also differ in need, thresholds and recording.",
            "“Withheld”: the publisher does not give counts from 1 to 5, and some others; it is not zero.",
        ),
        charts=tuple(chart for name in CHARTED if (chart := _chart(subjects, name))),
        links=tuple(link(code) for code in codes),
    )


def _change(subject: Subject) -> str:
    """Which way an authority's plan rate went, as its own page says it."""
    rates = [reading for reading in readings_of(subject) if reading.name == "plan_rate"]
    return f"{subject.name}: {lower(which_way(subject, rates[0] if rates else None))}"


def _table(subjects: list[Subject], year: int) -> Table:
    names, rows = [subject.name for subject in subjects], []
    for name in everyone().names:
        entry, when = table.declared(name), min(everyone().newest[name], year)
        figures = [own_figure(subject, name, when) for subject in subjects]
        if all(figure is None for figure in figures):
            continue
        rows.append(
            (
                entry["label"] + ("" if when == year else f" ({words.year(when)})"),
                *(with_limits(figure, entry) for figure in figures),
                shown(figures_of(name, when).get(areas.ENGLAND), entry),
            )
        )
    if not rows:
        raise BadInput(f"{words.listed(names)} have no year in common; choose authorities of the same time")
    caption = f"Indicators, {words.year(year)} or 31 March {year}"
    numeric = (False, *(True,) * (len(names) + 1))
    return Table(caption, ("Indicator", *names, "England"), tuple(rows), numeric)


def _chart(subjects: list[Subject], name: str) -> Chart | None:
    """An indicator year by year; None where it is withheld or missing in all of them."""
    entry, held = table.declared(name), everyone().figures[name]
    there = [subject for subject in subjects if subject.code in held.index]
    series = {subject.name: held.loc[[subject.code]].reset_index(drop=True) for subject in there}
    series = {who: frame for who, frame in series.items() if frame["value"].notna().any()}
    if not series:
        return None
    what = upper(HEADLINES[name])
    codes = [subject.code for subject in subjects]
    years = {year for frame in series.values() for year in frame["year"]}
    return lines.time_series(
        series,
        title=f"{what}{_highest(series, name)}",
        subtitle=f"{entry['label']}, {words.listed(series)}",
        source=origins.named(origins.releases(origins.parts(name), codes, years)),
        kind=measures.measure(entry["numerator"])["kind"],
        percent=sign(entry) == "%",
        breaks=breaks_of(name, codes),
        name=f"compared-{words.slug(name)}",
    )


def _highest(series: dict[str, pd.DataFrame], name: str) -> str:
    """Which is highest in the newest year in which all have a figure, as the end of a title."""
    known = {who: frame.dropna(subset=["value"]).set_index("year")["value"] for who, frame in series.items()}
    years = set.intersection(*(set(values.index) for values in known.values()))
    if len(known) < 2 or not years:
        return f", {words.listed(known)}"
    entry, year = table.declared(name), max(years)
    printed = {who: value(values[year], entry) for who, values in known.items()}
    top = max(known, key=lambda who: known[who][year])
    when = words.year(year, measures.measure(entry["numerator"])["kind"])
    if list(printed.values()).count(printed[top]) > 1:
        return f": {printed[top]} in {words.listed(who for who in printed if printed[who] == printed[top])}, {when}"
    return f": highest in {top}, at {printed[top]}, {when}"
