"""Loading: any measure, area, year and release, and what the releases changed."""

from collections.abc import Iterable, Sequence
from typing import TypedDict, Unpack

import pandas as pd

from cptrends.data import areas, events, inspections, measures, rounding, sentences, years
from cptrends.data.figures import (
    AS_PUBLISHED,
    LATEST,
    distinct,
    exploded,
    known_release,
    load_table,
    measures_held,
    path_of,
    pick,
    places,
    releases,
)
from cptrends.errors import BadInput

#: The five bands of plan duration, shortest first, as the measures name them.
BANDS = ("3_months_or_less", "3_to_6_months", "6_to_12_months", "1_to_2_years", "2_years_or_more")


class Options(TypedDict, total=False):
    """What every function here takes beside the measure, as for `load`."""

    area: str | Iterable[str] | None
    start: int | None
    end: int | None
    release: str


def load(
    measure: str,
    *,
    area: str | Iterable[str] | None = None,
    start: int | None = None,
    end: int | None = None,
    release: str = LATEST,
) -> pd.DataFrame:
    """One measure's figures, one for each area and year.

    Parameters
    ----------
    measure : str
        A name in the data dictionary.
    area : str or list of str, optional
        Names or codes in any usual form, `authorities` or `regions`; every area when left out.
    start, end : int, optional
        First and last year, as the years ending 31 March.
    release : str
        `latest`: the newest release that has the figure. `as_published`: the first one. A
        release's name, such as `cin-2015`, pins it. In all cases a measure's primary publication
        goes before secondary ones, and texts come last.

    Returns
    -------
    pandas.DataFrame
        measure, area_code, area_name, year, value (NA when not a number), status, release;
        ordered by area and year. `attrs["notes"]` lists sentences a reader should know.

    Raises
    ------
    BadInput
        If the measure, an area or the release is unknown, a year is none, or nothing is there for the years.

    >>> load("referrals", area="England", start=2015, end=2015, release="cin-2025").value.tolist()
    [635620.0]
    >>> load("referrals", area="England", start=2015, end=2015, release="as_published").value.tolist()
    [635600.0]
    """
    if not path_of(measure).is_file():
        measures.measure(measure)  # says what is wrong with the name
    chosen = areas.select(area) if area is not None else None
    start, end = years.span(start, end)
    if release not in (LATEST, AS_PUBLISHED):
        known_release(release)
    figures = pick(measure, release)
    if chosen is not None:
        figures = figures[figures["area_code"].isin(chosen)]
    there = figures
    if start is not None:
        figures = figures[figures["year"] >= start]
    if end is not None:
        figures = figures[figures["year"] <= end]
    if figures.empty:
        raise BadInput(sentences.no_figure(measure, there, chosen, start=start, end=end, release=release))
    figures = figures.assign(measure=measure)
    order = [places()[code] for code in chosen or []]
    if chosen and order != sorted(order):
        wanted = {code: number for number, code in enumerate(chosen)}
        figures = figures.assign(order=figures["area_code"].map(wanted)).sort_values(["order", "year"], kind="stable")
    figures = figures[["measure", "area_code", "area_name", "year", "value", "status", "release"]]
    figures = figures.reset_index(drop=True)
    figures.attrs["notes"] = sentences.notes(chosen)
    return figures


def load_referrals(**options: Unpack[Options]) -> pd.DataFrame:
    """Referrals in the year.

    Parameters
    ----------
    **options
        As for `load`.

    >>> load_referrals(area="Hackney", start=2024, end=2025).year.tolist()
    [2024, 2025]
    """
    return load("referrals", **options)


def load_plans(count: str = "31_march", **options: Unpack[Options]) -> pd.DataFrame:
    """Child protection plans: `31_march` (children on a plan that day), `started` or `ended` (in the year).

    The first is a stock and the others are flows; papers confuse them.

    Parameters
    ----------
    count : {"31_march", "started", "ended"}
    **options
        As for `load`.

    >>> load_plans("started", area="England", start=2025, end=2025).status.tolist()
    ['rounded']
    """
    _one_of("count", count, ("31_march", "started", "ended"))
    return load(f"plans_{count}", **options)


def load_repeat_plans(**options: Unpack[Options]) -> pd.DataFrame:
    """Plans started in the year by children who had been on one before.

    Parameters
    ----------
    **options
        As for `load`.

    >>> load_repeat_plans(area="England", start=2022, end=2022, release="cin-2022").value.tolist()
    [14990.0]
    """
    return load("repeat_plans", **options)


def load_plan_durations(of: str = "ended", **options: Unpack[Options]) -> pd.DataFrame:
    """How long plans lasted, all five bands.

    Parameters
    ----------
    of : {"ended", "31_march"}
        Plans that ended in the year, or plans still open on 31 March: two different populations.
    **options
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        As `load`, with the column `band`.

    >>> load_plan_durations(area="England", start=2015, end=2015).band.tolist()
    ['3_months_or_less', '3_to_6_months', '6_to_12_months', '1_to_2_years', '2_years_or_more']
    """
    _one_of("of", of, ("ended", "31_march"))
    parts = [load(f"plans_{of}_{band}", **options).assign(band=band) for band in BANDS]
    return pd.concat(parts, ignore_index=True)


def load_spend(line: str = "social_work", *, net: bool = False, **options: Unpack[Options]) -> pd.DataFrame:
    """Section 251 outturn in pounds, cash.

    Parameters
    ----------
    line : {"social_work", "safeguarding", "childrens_social_care"}
    net : bool
        Net of income; gross otherwise.
    **options
        As for `load`.

    >>> load_spend(area="West Sussex", start=2015, end=2015).measure.tolist()
    ['social_work_spend']
    """
    _one_of("line", line, ("social_work", "safeguarding", "childrens_social_care"))
    return load(f"{line}_spend{'_net' if net else ''}", **options)


def load_deprivation(index: str = "imd", *, what: str = "score", **options: Unpack[Options]) -> pd.DataFrame:
    """The Index of Multiple Deprivation (`imd`) or of income deprivation affecting children (`idaci`).

    Parameters
    ----------
    index : {"imd", "idaci"}
    what : {"score", "rank"}
        Scores are not comparable between 2015, 2019 and 2025; ranks are.
    **options
        As for `load`; years are those of the index.

    >>> sorted(load_deprivation(area="Hackney", start=2015, end=2019).year)
    [2015, 2019]
    """
    _one_of("index", index, ("imd", "idaci"))
    _one_of("what", what, ("score", "rank"))
    return load(f"{index}_{what}", **options)


def load_population(**options: Unpack[Options]) -> pd.DataFrame:
    """Children aged 0 to 17 at the mid-year before, which is what rates use.

    Parameters
    ----------
    **options
        As for `load`.

    >>> load_population(area="England", start=2015, end=2015, release="as_published").value.tolist()
    [11591700.0]
    """
    return load("population_0_17", **options)


def load_ofsted_ratings(
    date: inspections.Date | None = None,
    frameworks: str | Sequence[str] = inspections.OVERALL,
    **options: Unpack[inspections.Rule],
) -> pd.DataFrame:
    """Ofsted's judgements of authorities' children's services.

    Parameters
    ----------
    date : str or datetime.date, optional
        YYYY-MM-DD: the latest overall judgement of each authority published by then. All
        judgements when left out.
    frameworks, **options
        For `cptrends.data.inspections.latest_judgements`.

    Returns
    -------
    pandas.DataFrame
        One row per judgement; see `cptrends.data.inspections`.

    >>> len(load_ofsted_ratings("2017-06-13", frameworks=("SIF",)))
    132
    """
    judgements = load_table("inspections")
    return judgements if date is None else inspections.latest_judgements(judgements, date, frameworks, **options)


def revisions(
    measure: str, *, area: str | Iterable[str] | None = None, start: int | None = None, end: int | None = None
) -> pd.DataFrame:
    """Every figure that releases give differently, with all the versions.

    Parameters
    ----------
    measure, area, start, end
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        measure, area_code, area_name, year, release, published, value, status; ordered by area,
        year and date of publication. Empty where no release differs from another. `attrs["notes"]`
        lists what is known of these figures: a year that is not an authority's own, or was withdrawn.

    >>> revisions("episodes_in_need", area="England", start=2015, end=2015).value.tolist()[:2]
    [781700.0, 754460.0]
    """
    measures.measure(measure)
    start, end = years.span(start, end)
    figures = exploded(distinct(measure))
    if area is not None:
        figures = figures[figures["area_code"].isin(areas.select(area))]
    figures = figures[figures["year"].between(start or years.FIRST, end or years.LAST)]
    # A figure withdrawn differs from a number; two marks for no number do not differ.
    text = figures["value"].map(repr) + figures["status"].where(figures["value"].notna(), "")
    differs = text.groupby([figures["area_code"], figures["year"]]).transform("nunique") > 1
    names = {code: entry["name"] for code, entry in areas.register().items()}
    info = releases().set_index("release")
    rows = figures[differs].assign(
        measure=measure,
        area_name=lambda d: d["area_code"].map(names),
        published=lambda d: d["release"].map(info["published"]),
        order=lambda d: d["release"].map({name: n for n, name in enumerate(info.index)}),
    )
    rows = rows.sort_values(["area_code", "year", "order"], kind="stable").reset_index(drop=True)
    known = [e for e in events.of(measure, rows["area_code"].unique()) if e.kind in events.NOT_ITS_OWN and e.own]
    rows.attrs["notes"] = [e.what for e in known if any(map(e.holds, rows["year"].unique()))]
    return rows[["measure", "area_code", "area_name", "year", "release", "published", "value", "status"]]


def england_gap(
    measure: str, *, start: int | None = None, end: int | None = None, release: str = LATEST
) -> pd.DataFrame:
    """How far England's published figure is from the sum of its authorities, and why.

    Parameters
    ----------
    measure : str
        A count or an amount.
    start, end, release
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        year, england, authorities_sum, gap (England less the sum), without_value (names of the
        authorities with no number) and rounding (half a unit of England's rounding): the gap is
        explained by neither where it is larger than `rounding` and no name is given.

    >>> england_gap("referrals", start=2024, end=2024, release="cin-2025").without_value.tolist()
    ['Hampshire, Herefordshire']
    """
    if measures.measure(measure)["kind"] not in ("flow", "stock", "money"):
        raise BadInput(f"{measure} is not a count or an amount, so authorities do not add up to England")
    england = load(measure, area="England", start=start, end=end, release=release)
    local = pick(measure, release)
    local = local[local["area_code"].isin(areas.authorities())]
    rows = []
    for row in england.itertuples():
        here = local[local["year"] == row.year]
        if here.empty:
            continue  # no authority has a figure for that year anywhere
        having = set(here[here["value"].notna()]["area_code"])
        missing = [areas.name(code) for code in areas.authorities(row.year) if code not in having]
        total = here["value"].sum()
        half = rounding.half_unit(measure, row.area_code, row.value, row.status, row.release)
        rows.append((row.year, row.value, total, row.value - total, ", ".join(missing), half))
    return pd.DataFrame(rows, columns=["year", "england", "authorities_sum", "gap", "without_value", "rounding"])


def observations(release: str | None = None) -> pd.DataFrame:
    """Every observation of every release, or of one.

    Parameters
    ----------
    release : str, optional
        A release's name.

    Returns
    -------
    pandas.DataFrame
        measure, area_code, year, value, status, release.

    >>> list(observations("cin-2015").columns)
    ['measure', 'area_code', 'year', 'value', 'status', 'release']
    """
    tables = [distinct(name).assign(measure=name) for name in measures_held()]
    everything = exploded(pd.concat(tables, ignore_index=True))
    if release is not None:
        known_release(release)
        everything = everything[everything["release"] == release].reset_index(drop=True)
    return everything[["measure", "area_code", "year", "value", "status", "release"]]


def source_names() -> dict[str, str]:
    """How each release is named as a source.

    Returns
    -------
    dict of str to str
        By release: publisher, reference or title, and when it was published.

    >>> source_names()["cin-2015"]
    'Department for Education, SFR41/2015, underlying data (2015-10)'
    """
    return {
        row.release: f"{row.publisher or 'No source confirmed'}"
        + (f", {row.reference or row.title}" if row.publisher else "")
        + (f" ({row.published})" if row.published else "")
        for row in releases().itertuples()
    }


def _one_of(name: str, value: str, allowed: Iterable[str]) -> None:
    if value not in allowed:
        raise BadInput(f"{name} must be one of {', '.join(allowed)}, not {str(value)[:40]!r}")
