"""The last step of building: what data/processed holds, table by table, as the bytes of its files.

Figures that several releases give alike are stored once, with the releases that gave them.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from cptrends.data import areas
from cptrends.sources import registry
from cptrends.sources.observe import CONFIDENCE

#: A description of a file of data/raw: an entry of datapackage.json's resources.
Resource = Mapping[str, Any]
#: The tables of data/raw that are no figures, by release and part.
Tables = Mapping[tuple[str, str], pd.DataFrame]


def contents(
    observations: pd.DataFrame,
    judgements: pd.DataFrame,
    *,
    figures: pd.DataFrame,
    tables: Tables,
    resources: Iterable[Resource],
) -> dict[str, bytes]:
    """Every file of data/processed.

    Parameters
    ----------
    observations : pandas.DataFrame
        All, checked.
    judgements : pandas.DataFrame
        From `cptrends.sources.judgements.assemble`.
    figures : pandas.DataFrame
        As published, with the file and line of each.
    tables : mapping of (str, str) to pandas.DataFrame
        The other raw tables by release and part.
    resources : iterable of mapping
        The descriptions of the files of data/raw.

    Returns
    -------
    dict of str to bytes
        Path in data/processed -> what the file holds.
    """
    named = {f"observations/{name}.csv": table for name, table in collapsed(observations)}
    named |= other_tables(tables)
    named["inspections.csv"] = judgements
    named["areas.csv"] = area_table()
    named["releases.csv"] = release_table(resources)
    named["files.csv"] = file_table(resources, figures)
    named["england_rows.csv"] = england_rows(figures)
    return {path: table.to_csv(index=False, lineterminator="\n").encode() for path, table in named.items()}


def collapsed(observations: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """A table per measure, one row per distinct figure with the releases that gave it."""
    order = {name: position for position, name in enumerate(registry.in_order())}
    sort = observations.assign(position=observations["release"].map(order)).sort_values(
        ["measure", "area_code", "year", "position"], kind="stable"
    )
    value = sort["value"].to_numpy()
    text = np.array([_number(v) for v in value], dtype=object)
    keys = ["measure", "area_code", "year", "value", "status"]
    sort = sort.assign(value=text)
    rows = sort.groupby(keys, sort=False)["release"].agg(" ".join).reset_index(name="releases")
    for name, table in rows.groupby("measure", sort=True):
        yield name, table.drop(columns="measure")


def _number(value: float) -> str:
    if value != value:
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def release_table(resources: Iterable[Resource]) -> pd.DataFrame:
    """A row per release held: what it is, who published it, when, and how many figures it gave."""
    files = pd.DataFrame(
        [(r["release"], r["officialFile"]["name"], r["officialFile"]["hash"]) for r in resources],
        columns=["release", "file", "hash"],
    )
    held = files.groupby("release").size()
    columns = "publication title publisher reference published url licence evidence precedence".split()
    rows = [
        {"release": name, **{column: registry.releases()[name][column] for column in columns}, "files": held[name]}
        for name in registry.in_order()
        if name in held
    ]
    return pd.DataFrame(rows)


def file_table(resources: Iterable[Resource], figures: pd.DataFrame) -> pd.DataFrame:
    """A row per file of data/raw: what it holds, its hash, and the official file it was read from."""
    held = figures.groupby("file")["measure"].unique()
    rows = [
        {
            "release": resource["release"],
            "file": "data/raw/" + resource["path"],
            "sha256": resource["hash"].removeprefix("sha256:"),
            "official_file": resource["officialFile"]["name"],
            "official_sha256": resource["officialFile"]["hash"].removeprefix("sha256:"),
            "measures": " ".join(sorted(m for m in held.get(resource["path"], []) if not m.endswith(CONFIDENCE))),
        }
        for resource in resources
    ]
    return pd.DataFrame(rows)


def england_rows(figures: pd.DataFrame) -> pd.DataFrame:
    """The file and line of data/raw that every figure for England was read from."""
    rows = figures[(figures["area_code"] == areas.ENGLAND) & ~figures["measure"].str.endswith(CONFIDENCE)]
    rows = rows.assign(file="data/raw/" + rows["file"]).sort_values(["measure", "year", "release"], kind="stable")
    return rows[["measure", "year", "release", "file", "line", "published"]]


def area_table() -> pd.DataFrame:
    """The register of areas with their lineage, as a table."""
    rows = []
    for code, area in areas.register().items():
        region = areas.region_of(code) if area["level"] == "authority" else ""
        rows.append(
            {
                "area_code": code,
                "la_code": area["la_code"],
                "name": area["name"],
                "level": area["level"],
                "region_code": region,
                "region": areas.name(region) if region else "",
                "first_year": area["first_year"] or "",
                "last_year": area["last_year"] or "",
                "predecessors": " ".join(areas.predecessors(code)),
                "successors": " ".join(area["successors"]),
                "former_codes": " ".join(area["former_codes"]),
            }
        )
    return pd.DataFrame(rows)


def other_tables(tables: Tables) -> dict[str, pd.DataFrame]:
    """The processed tables that are neither observations nor judgements."""
    out = {}
    kept = {
        "neighbourhood_deciles": "neighbourhood-deciles",
        "statistical_neighbours": "neighbours",
        "grades_as_printed": "ofsted-grades",
        "figures_in_texts": "texts",
    }
    for name, publication in kept.items():
        found = [
            table.assign(release=release)
            for (release, _), table in tables.items()
            if registry.releases()[release]["publication"] == publication
        ]
        if found:
            out[f"{name}.csv"] = pd.concat(found, ignore_index=True)
    return out
