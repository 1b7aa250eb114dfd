"""Figures as data/processed has them: read once, and one picked for each area and year by the release wanted."""

import pathlib
from collections.abc import Iterable

import numpy as np
import pandas as pd

from cptrends.data import areas, paths
from cptrends.errors import BadInput
from cptrends.files import did_you_mean, nearest
from cptrends.memory import remembered

LATEST, AS_PUBLISHED = "latest", "as_published"
#: pandas 2 reads a decimal to the nearest double only when asked; pandas 3 always does.
_EXACT = {"float_precision": "round_trip"} if pd.__version__ < "3" else {}


def load_table(name: str) -> pd.DataFrame:
    """One of the tables beside the observations: areas, releases, inspections, and so on.

    Parameters
    ----------
    name : str
        Of a file of data/processed, without its ending.

    Returns
    -------
    pandas.DataFrame of str
        The reader's own: it may be changed.

    Raises
    ------
    BadInput
        If there is no such table.

    >>> load_table("statistical_neighbours")["neighbour_rank"].unique().tolist()
    ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']
    """
    return _table(name).copy()


@remembered
def _table(name: str) -> pd.DataFrame:
    """A table as it is kept: read once, given to nobody who might change it."""
    path = paths.processed() / f"{name}.csv"
    if not path.is_file():
        there = ", ".join(sorted(p.stem for p in path.parent.glob("*.csv"))) or "none; run `cptrends build`"
        raise BadInput(f"there is no table {name!r}; the tables are {there}")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    return table.astype({"precedence": int, "files": int}) if name == "releases" else table


def releases() -> pd.DataFrame:
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


@remembered
def _places_of_releases() -> dict[str, int]:
    """Each release's place, from the earliest published to the newest."""
    return {name: place for place, name in enumerate(_table("releases")["release"])}


def newest(names: Iterable[str]) -> str:
    """The one of some releases held that was published last; "" where there are none.

    >>> newest(["lait-2025-05", "cin-2025", "cin-2011"])
    'cin-2025'
    """
    return max(set(names), key=_places_of_releases().__getitem__, default="")


def measures_held() -> list[str]:
    """The measures that some release held gives figures of.

    Raises
    ------
    BadInput
        If there are none at all.
    """
    folder = paths.processed() / "observations"
    names = sorted(path.stem for path in folder.glob("*.csv"))
    if not names:
        raise BadInput(f"{folder} has no observations; run `cptrends build`, or install cptrends again")
    return names


def path_of(measure: str) -> pathlib.Path:
    """The file of a measure's observations; a name that is not one leads nowhere."""
    name = measure if str(measure).isidentifier() else "-"
    return paths.processed() / "observations" / f"{name}.csv"


@remembered
def distinct(measure: str) -> pd.DataFrame:
    """A measure's distinct figures, each with the releases that gave it."""
    path = path_of(measure)
    if not path.is_file():
        measures_held()
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


def exploded(figures: pd.DataFrame) -> pd.DataFrame:
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
def _ranks() -> dict[str, tuple[int, int]]:
    """release -> (rank when the latest is wanted, rank when the first is wanted); lower is better."""
    table = _table("releases")
    size = len(table)
    return {
        row.release: (row.precedence * size + size - position, row.precedence * size + position)
        for position, row in enumerate(table.itertuples())
    }


@remembered
def pick(measure: str, release: str) -> pd.DataFrame:
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
    figures = distinct(measure)
    names = figures["releases"].unique()
    if release in (LATEST, AS_PUBLISHED):
        side = 0 if release == LATEST else 1
        best = {text: min(text.split(" "), key=lambda name: _ranks()[name][side]) for text in names}
        chosen = figures["releases"].map(best)
        rank = chosen.map({name: ranks[side] for name, ranks in _ranks().items()})
        picked = figures.assign(release=chosen, rank=rank).sort_values("rank", kind="stable")
        picked = picked.drop_duplicates(["area_code", "year"])
    else:
        known_release(release)
        having = [text for text in names if release in text.split(" ")]
        if not having:
            held = sorted({name for text in names for name in text.split(" ")})
            raise BadInput(f"{release} does not have {measure}; it is in {', '.join(held)}")
        picked = figures[figures["releases"].isin(having)].assign(release=release)
    # Names and order are the same for every caller, so they are looked up once for each area.
    which, codes = pd.factorize(picked["area_code"])
    picked = picked.assign(
        area_name=np.array([areas.name(code) for code in codes], dtype=object)[which],
        order=np.array([places()[code] for code in codes], dtype=int)[which],
    )
    picked = picked.sort_values(["order", "year"], kind="stable")
    return picked[["area_code", "area_name", "year", "value", "status", "release"]]


@remembered
def places() -> dict[str, int]:
    """Each area's place in the register."""
    return {code: place for place, code in enumerate(areas.register())}


def known_release(release: str) -> None:
    known = _places_of_releases()
    if not isinstance(release, str) or release not in known:
        hint = did_you_mean(nearest(str(release), known), "`cptrends releases` lists them")
        raise BadInput(f"no release is called {str(release)[:60]!r}; use latest, as_published or a name: {hint}")
