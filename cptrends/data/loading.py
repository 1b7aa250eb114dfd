"""Loading: any measure, area, year and release, and what the releases changed."""

import collections

import numpy as np
import pandas as pd

from cptrends.data import areas, measures, paths, rounding
from cptrends.errors import BadInput
from cptrends.files import did_you_mean, nearest
from cptrends.memory import remembered

LATEST, AS_PUBLISHED = "latest", "as_published"
#: pandas 2 reads a decimal to the nearest double only when asked; pandas 3 always does.
_EXACT = {"float_precision": "round_trip"} if pd.__version__ < "3" else {}
#: The five bands of plan duration, shortest first, as the measures name them.
BANDS = ("3_months_or_less", "3_to_6_months", "6_to_12_months", "1_to_2_years", "2_years_or_more")


def load(measure, *, area=None, start=None, end=None, release=LATEST):
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
        If the measure, an area or the release is unknown, or nothing is there for the years.

    >>> load("referrals", area="England", start=2015, end=2015).value.tolist()
    [635620.0]
    >>> load("referrals", area="England", start=2015, end=2015, release="as_published").value.tolist()
    [635600.0]
    """
    if not _path(measure).is_file():
        measures.measure(measure)  # says what is wrong with the name
    chosen = areas.select(area) if area is not None else None
    figures = pick(measure, release)
    if chosen is not None:
        figures = figures[figures["area_code"].isin(chosen)]
    there = figures
    if start is not None:
        figures = figures[figures["year"] >= int(start)]
    if end is not None:
        figures = figures[figures["year"] <= int(end)]
    _refuse_empty(figures, there, measure, chosen, start, end, release)
    figures = figures.assign(measure=measure)
    places = [_places()[code] for code in chosen or []]
    if places != sorted(places):
        wanted = {code: number for number, code in enumerate(chosen)}
        figures = figures.assign(order=figures["area_code"].map(wanted)).sort_values(["order", "year"], kind="stable")
    figures = figures[["measure", "area_code", "area_name", "year", "value", "status", "release"]].reset_index(
        drop=True
    )
    figures.attrs["notes"] = _notes(chosen, start, figures)
    return figures


def load_referrals(**options):
    """Referrals in the year; options as for `load`.

    >>> load_referrals(area="Hackney", start=2025, end=2025).year.tolist()
    [2025]
    """
    return load("referrals", **options)


def load_plans(count="31_march", **options):
    """Child protection plans: `31_march` (children on a plan that day), `started` or `ended` (in the year).

    The first is a stock and the others are flows; papers confuse them.

    >>> load_plans("started", area="England", start=2025, end=2025).status.tolist()
    ['rounded']
    """
    _one_of("count", count, ("31_march", "started", "ended"))
    return load(f"plans_{count}", **options)


def load_repeat_plans(**options):
    """Plans started in the year by children who had been on one before; options as for `load`.

    >>> load_repeat_plans(area="England", start=2022, end=2022, release="cin-2022").value.tolist()
    [14990.0]
    """
    return load("repeat_plans", **options)


def load_plan_durations(of="ended", **options):
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


def load_spend(line="social_work", *, net=False, **options):
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


def load_deprivation(index="imd", *, what="score", **options):
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


def load_population(**options):
    """Children aged 0 to 17 at the mid-year before, which is what rates use; options as for `load`.

    >>> load_population(area="England", start=2015, end=2015, release="as_published").value.tolist()
    [11591700.0]
    """
    return load("population_0_17", **options)


def load_ofsted_ratings(date=None, **options):
    """Ofsted's judgements of authorities' children's services.

    Parameters
    ----------
    date : str, optional
        YYYY-MM-DD: the latest overall judgement of each authority published by then. All
        judgements when left out.
    **options
        For `cptrends.data.inspections.latest_judgements`.

    Returns
    -------
    pandas.DataFrame
        One row per judgement; see `cptrends.data.inspections`.

    >>> len(load_ofsted_ratings("2017-06-13", frameworks=("SIF",)))
    132
    """
    from cptrends.data import inspections

    judgements = load_table("inspections")
    return judgements if date is None else inspections.latest_judgements(judgements, date, **options)


def revisions(measure, *, area=None, start=None, end=None):
    """Every figure that releases give differently, with all the versions.

    Parameters
    ----------
    measure, area, start, end
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        measure, area_code, area_name, year, release, published, value, status; ordered by area,
        year and date of publication. Empty where no release differs from another.

    >>> revisions("episodes_in_need", area="England", start=2015, end=2015).value.tolist()[:2]
    [781700.0, 754460.0]
    """
    measures.measure(measure)
    figures = _exploded(_figures(measure))
    if area is not None:
        figures = figures[figures["area_code"].isin(areas.select(area))]
    figures = figures[figures["year"].between(int(start or 0), int(end or 9999))]
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
    return rows[["measure", "area_code", "area_name", "year", "release", "published", "value", "status"]]


def england_gap(measure, *, start=None, end=None, release=LATEST):
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

    >>> england_gap("referrals", start=2024, end=2024).without_value.tolist()
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


def observations(release=None):
    """Every observation of every release, or of one.

    Returns
    -------
    pandas.DataFrame
        measure, area_code, year, value, status, release.

    >>> list(observations("cin-2015").columns)
    ['measure', 'area_code', 'year', 'value', 'status', 'release']
    """
    tables = [_figures(path.stem).assign(measure=path.stem) for path in _files()]
    everything = _exploded(pd.concat(tables, ignore_index=True))
    if release is not None:
        _known_release(release)
        everything = everything[everything["release"] == release].reset_index(drop=True)
    return everything[["measure", "area_code", "year", "value", "status", "release"]]


def releases():
    """The releases held, from the earliest published to the newest.

    Returns
    -------
    pandas.DataFrame
        release, publication, title, publisher, reference, published, url, licence, evidence,
        precedence, files.

    >>> "cin-2025" in set(releases().release)
    True
    """
    return load_table("releases")


def source_names():
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


@remembered
def load_table(name):
    """One of the tables beside the observations: areas, releases, inspections, and so on.

    Returns
    -------
    pandas.DataFrame of str
        Do not change it in place: it is read once.

    Raises
    ------
    BadInput
        If there is no such table.
    """
    path = paths.processed() / f"{name}.csv"
    if not path.is_file():
        there = ", ".join(sorted(p.stem for p in path.parent.glob("*.csv"))) or "none; run `cptrends build`"
        raise BadInput(f"there is no table {name!r}; the tables are {there}")
    numbers = {"releases": {"precedence": int, "files": int}}.get(name, {})
    return pd.read_csv(path, dtype=collections.defaultdict(lambda: str, numbers), keep_default_na=False)


def _files():
    folder = paths.processed() / "observations"
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise BadInput(f"{folder} has no observations; run `cptrends build`, or install cptrends again")
    return files


def _path(measure):
    """The file of a measure's observations; a name that is not one leads nowhere."""
    name = measure if str(measure).isidentifier() else "-"
    return paths.processed() / "observations" / f"{name}.csv"


@remembered
def _figures(measure):
    """A measure's distinct figures, each with the releases that gave it."""
    path = _path(measure)
    if not path.is_file():
        _files()
        raise BadInput(
            f"{measure} is in the dictionary but no release held has it; run `cptrends ingest` on one that does"
        )
    return pd.read_csv(
        path,
        dtype={"area_code": object, "year": "int64", "value": float, "status": object, "releases": object},
        na_values={"value": [""]},
        keep_default_na=False,
        **_EXACT,
    )


def _exploded(figures):
    """One row for each release that gave a figure, instead of a row with all of them."""
    # Few combinations of releases occur, so each is split once and its rows are repeated.
    which, combinations = pd.factorize(figures["releases"])
    split = [text.split(" ") for text in combinations]
    sizes = np.array([len(names) for names in split])
    names = np.array([name for one in split for name in one], dtype=object)
    repeats = sizes[which]
    row = np.repeat(np.arange(len(figures)), repeats)
    within = np.arange(len(row)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    first = np.cumsum(sizes) - sizes
    exploded = figures.drop(columns="releases").take(row).reset_index(drop=True)
    exploded["release"] = names[first[which[row]] + within]
    return exploded


@remembered
def _ranks():
    """release -> (rank when the latest is wanted, rank when the first is wanted); lower is better."""
    table = releases()
    size = len(table)
    return {
        row.release: (row.precedence * size + size - position, row.precedence * size + position)
        for position, row in enumerate(table.itertuples())
    }


@remembered
def pick(measure, release):
    """One figure for each area and year, by the rule asked for, in the register's order of areas.

    Parameters
    ----------
    measure, release : str
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        area_code, area_name, year, value, status, release. Do not change it in place: it is kept.
    """
    figures = _figures(measure)
    names = figures["releases"].unique()
    if release in (LATEST, AS_PUBLISHED):
        side = 0 if release == LATEST else 1
        best = {text: min(text.split(" "), key=lambda name: _ranks()[name][side]) for text in names}
        chosen = figures["releases"].map(best)
        rank = chosen.map({name: ranks[side] for name, ranks in _ranks().items()})
        picked = figures.assign(release=chosen, rank=rank).sort_values("rank", kind="stable")
        picked = picked.drop_duplicates(["area_code", "year"])
    else:
        _known_release(release)
        having = [text for text in names if release in text.split(" ")]
        if not having:
            held = sorted({name for text in names for name in text.split(" ")})
            raise BadInput(f"{release} does not have {measure}; it is in {', '.join(held)}")
        picked = figures[figures["releases"].isin(having)].assign(release=release)
    # Names and order are the same for every caller, so they are looked up once for each area.
    which, codes = pd.factorize(picked["area_code"])
    picked = picked.assign(
        area_name=np.array([areas.name(code) for code in codes], dtype=object)[which],
        order=np.array([_places()[code] for code in codes], dtype=int)[which],
    )
    picked = picked.sort_values(["order", "year"], kind="stable")
    return picked[["area_code", "area_name", "year", "value", "status", "release"]]


@remembered
def _places():
    """Each area's place in the register."""
    return {code: place for place, code in enumerate(areas.register())}


def _known_release(release):
    known = set(releases()["release"])
    if release not in known:
        hint = did_you_mean(nearest(release, known), "`cptrends releases` lists them")
        raise BadInput(f"no release is called {str(release)[:60]!r}; use latest, as_published or a name: {hint}")


def _refuse_empty(figures, there, measure, chosen, start, end, release):
    if len(figures):
        return
    which = "" if release == LATEST else f" in release {release}"
    if len(there):
        span = f"{there['year'].min()} to {there['year'].max()}"
        asked = start if start == end else f"{start or 'the beginning'} to {end or 'today'}"
        raise BadInput(
            f"{measure} has no figure for {asked}{which}; it has {span} for {_named(chosen)}" + _lineage(chosen)
        )
    raise BadInput(f"{measure} has no figure for {_named(chosen)}{which}")


def _named(chosen):
    if chosen is None:
        return "any area"
    names = [areas.name(code) for code in chosen[:3]]
    return ", ".join(names) + (f" and {len(chosen) - 3} other" + "s" * (len(chosen) > 4) if len(chosen) > 3 else "")


def _lineage(chosen):
    sentences = [_lineage_of(code) for code in chosen or []]
    return "".join(f"; {sentence}" for sentence in sentences if sentence)


def _lineage_of(code):
    area = areas.register()[code]
    if area["last_year"]:
        after = "successors are" if len(area["successors"]) > 1 else "successor is"
        return f"{area['name']} reported until {area['last_year']}, its {after} {_names(area['successors'])}"
    if area["first_year"]:
        before = [other for other, entry in areas.register().items() if code in entry["successors"]]
        were = "were" if len(before) > 1 else "was"
        return f"{area['name']} has reported since {area['first_year']}, before it there {were} {_names(before)}"
    return ""


def _names(codes):
    return " and ".join(areas.name(code) for code in codes)


def _notes(chosen, start, figures):
    """What a reader of these figures should know about areas that were split or merged."""
    if not chosen or len(chosen) > 12:
        return []
    return [sentence + "; the series are not joined." for code in chosen if (sentence := _lineage_of(code))]


def _one_of(name, value, allowed):
    if value not in allowed:
        raise BadInput(f"{name} must be one of {', '.join(allowed)}, not {str(value)[:40]!r}")
