"""DfE's characteristics of children in need: the wide files to 2016-17 and the tidy ones since.

`children_in_need.toml` says which column holds which measure in which year, and
`children_in_need_headers.toml` what each file's header must be. The headers have slips, kept in
those two files: the 2014-15 file calls its own year's rate 310314, the 2016-17 file calls
31 March 2017 310316, and 2011-12 misspells ReferralsNFA112.
"""

import pathlib
from typing import Any

import pandas as pd

from cptrends.data import areas
from cptrends.errors import BadInput
from cptrends.files import toml
from cptrends.sources import common, registry

LEVELS = {"National", "Regional", "Local authority"}


def read(path: pathlib.Path, part: str, release: registry.Release) -> pd.DataFrame:
    """One file of a children in need release as published figures.

    Parameters
    ----------
    path : pathlib.Path
    part : str
        `underlying` for the wide files, else the table: b1, c1 ... d7, population.
    release : dict
        The release's entry in publications.toml.

    Returns
    -------
    pandas.DataFrame
        measure, area_code, year, published. The wide files' data confidence indicators are
        kept as rows of the measure's name with `:confidence` added. Populations are under the
        year whose rates use them: mid-2014 is year 2015.

    Raises
    ------
    BadInput
        If a column is renamed, missing or new, an area is unknown, missing or there twice, or
        the file holds another release's years.
    """
    table = common.read_csv_text(path)
    common.require_columns(table.columns, header(release["id"], part), path)
    return _read_wide(table, path, release) if part == "underlying" else _read_tidy(table, path, part, release)


def _read_wide(table: pd.DataFrame, path: pathlib.Path, release: registry.Release) -> pd.DataFrame:
    year = release["year"]
    levels = set(table["geog_l"])
    if levels != {"National", "LA"}:
        raise BadInput(f"{path.name}: geog_l holds {', '.join(sorted(levels))}; National and LA are expected")
    # England's row carries a code of the Isle of Wight, so its level is asked first.
    codes = [
        areas.ENGLAND if level == "National" else areas.code_from(code3=code)
        for level, code in zip(table["geog_l"], table["geog_c"], strict=True)
    ]
    columns = {}
    for measure, entry in mapping().items():
        if column := entry.get("wide", {}).get(str(year)):
            columns[measure] = table[column]
        if column := entry.get("doubt", {}).get(str(year)):
            columns[f"{measure}:confidence"] = table[column]
    wide = pd.DataFrame(columns).assign(area_code=codes, year=year)
    long = wide.melt(["area_code", "year"], var_name="measure", value_name="published")
    unmarked = long["measure"].str.endswith(":confidence") & (long["published"] == "")
    return _checked(long[~unmarked], path)


def _read_tidy(table: pd.DataFrame, path: pathlib.Path, part: str, release: registry.Release) -> pd.DataFrame:
    levels = set(table["geographic_level"])
    if levels != LEVELS:
        raise BadInput(
            f"{path.name}: geographic_level holds {', '.join(sorted(levels))}; expected {', '.join(sorted(LEVELS))}"
        )
    identity = table[["geographic_level", "region_code", "old_la_code", "new_la_code"]].drop_duplicates()
    codes = {tuple(row): _tidy_code(*row) for row in identity.itertuples(index=False)}
    area = [codes[key] for key in zip(*(table[column] for column in identity.columns), strict=True)]
    odd = table["time_period"][~table["time_period"].str.fullmatch(r"20\d\d")]
    if len(odd):
        raise BadInput(
            f"{path.name}: time_period holds {odd.iloc[0][:40]!r}; a year such as {release['year']} is expected"
        )
    years = table["time_period"].astype(int)
    newest = release.get("newest_population", release["year"] - 1) if part == "population" else release["year"]
    if years.max() != newest:
        raise BadInput(
            f"{path.name} ends in {years.max()}, but {release['id']} should end in {newest}; it is of another release"
        )
    columns = {}
    for measure, entry in mapping().items():
        if entry.get("part") == part and (names := [name for name in entry["tidy"] if name in table]):
            columns[measure] = table[names[0]]
        elif entry.get("fallback", {}).get("part") == part and entry["part"] not in release["files"]:
            columns[measure] = table[entry["fallback"]["tidy"]].where(years == newest)
    wide = pd.DataFrame(columns).assign(area_code=area, year=years + (part == "population"))
    long = wide.melt(["area_code", "year"], var_name="measure", value_name="published")
    return _checked(long[long["published"].notna()], path)


def _tidy_code(level: str, region_code: str, la_code: str, la_code9: str) -> str:
    if level == "National":
        return areas.ENGLAND
    if level == "Regional":
        return areas.code_from(code9=region_code)
    return areas.code_from(code3=la_code, code9=la_code9)


def _checked(long: pd.DataFrame, path: pathlib.Path) -> pd.DataFrame:
    repeated = long.duplicated(["measure", "area_code", "year"])
    if repeated.any():
        row = long[repeated].iloc[0]
        raise BadInput(
            f"{path.name}: {areas.name(row.area_code)} {row.year} is there twice; each area and year should be once"
        )
    for year, codes in long.groupby("year")["area_code"]:
        absent = {areas.ENGLAND, *areas.authorities(year)} - set(codes)
        if absent:
            raise BadInput(
                f"{path.name}: {year} lacks {areas.name(min(absent))}; the file may be truncated, download it again"
            )
    return long[["measure", "area_code", "year", "published"]]


def header(release: str, part: str) -> list[str]:
    """The columns a file must have, in order: the release's own, else those of the release that it is like.

    >>> header("cin-2025", "d3")[-2:]
    ['CPP_subsequent', 'CPP_subsequent_percent']
    >>> header("cin-2022", "d1") == header("cin-2020", "d1")
    True
    """
    headers = toml("cptrends.sources", "children_in_need_headers.toml")
    line = registry.lineage(release) if release in registry.releases() else [release]
    for one in line:
        if columns := headers.get(one, {}).get(part):
            return columns
    raise BadInput(
        f"no header is on record for {release} {part}; add it to cptrends/sources/children_in_need_headers.toml"
    )


def mapping() -> dict[str, dict[str, Any]]:
    """Which column holds which measure: the contents of children_in_need.toml.

    >>> mapping()["repeat_plans"]["wide"]["2014"]
    'CPPStart1314SecondTime'
    """
    return toml("cptrends.sources", "children_in_need.toml")
