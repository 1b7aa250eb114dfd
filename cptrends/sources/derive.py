"""The third step of building: the few measures that are worked out from published ones."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from cptrends.data import areas, inspections, measures, schema
from cptrends.data.status import weakest
from cptrends.sources import deprivation, registry


def derive(
    observations: pd.DataFrame, figures: pd.DataFrame, tables: Mapping[tuple[str, str], pd.DataFrame]
) -> pd.DataFrame:
    """Published observations with the measures that are worked out from them.

    measures.toml declares four rules: `sum_of` (one line that was published as two), `less` (a line
    without others that are in it), `england = "sum"` (a publication of authorities only) and
    `raw_only` (parts that are not kept). Upper-tier deprivation in 2025 is averaged from districts.

    Parameters
    ----------
    observations, figures : pandas.DataFrame
        From `observe`, and the figures as published that they came from.
    tables : dict
        The other raw tables by release and part.

    Returns
    -------
    pandas.DataFrame
        The columns of an observation.
    """
    known = measures.dictionary()
    parts = [observations]
    for name, entry in known.items():
        if "sum_of" in entry:
            parts.append(_sum_of_lines(observations, name, entry["sum_of"]))
        if "less" in entry:
            parts.append(_less_lines(observations, name, entry["less"]))
    with_sums = pd.concat(parts, ignore_index=True)
    for name, entry in known.items():
        if entry.get("england") == "sum":
            parts.append(_sum_of_authorities(with_sums[with_sums["measure"] == name]))
    parts.append(_deprivation_from_districts(figures, tables))
    everything = pd.concat([part for part in parts if len(part)], ignore_index=True)
    raw_only = [name for name, entry in known.items() if entry.get("raw_only")]
    return everything[~everything["measure"].isin(raw_only)].reset_index(drop=True)[schema.COLUMNS]


def _sum_of_lines(observations: pd.DataFrame, name: str, lines: Sequence[str]) -> pd.DataFrame:
    """One measure from the lines it was published as, where a release has all of them."""
    keys = ["area_code", "year", "release"]
    both = observations[observations["measure"] == lines[0]]
    for line in lines[1:]:
        other = observations[observations["measure"] == line]
        both = both.merge(other[[*keys, "value", "status"]], on=keys, suffixes=("", "_other"))
        both["value"] = both["value"] + both["value_other"]
        both["status"] = weakest(both["status"].to_numpy(), both["status_other"].to_numpy())
        both = both.drop(columns=["value_other", "status_other"])
    return both.assign(measure=name)[schema.COLUMNS]


def _less_lines(observations: pd.DataFrame, name: str, lines: Sequence[str]) -> pd.DataFrame:
    """The first line less the others; one that a release does not have in a year was not in the first either."""
    keys = ["area_code", "year", "release"]
    left = observations[observations["measure"] == lines[0]]
    for line in lines[1:]:
        other = observations[observations["measure"] == line]
        left = left.merge(other[[*keys, "value", "status"]], on=keys, how="left", suffixes=("", "_other"))
        there = left["status_other"].notna()
        left["value"] = left["value"] - left["value_other"].where(there, 0.0)
        left["status"] = weakest(left["status"].to_numpy(), left["status_other"].where(there, "derived").to_numpy())
        left = left.drop(columns=["value_other", "status_other"])
    return left.assign(measure=name)[schema.COLUMNS]


def _sum_of_authorities(observations: pd.DataFrame) -> pd.DataFrame:
    """England as the sum of authorities, where a release has no row of its own for it.

    One authority without a figure leaves England without one: a sum over the rest would be low.
    """
    rows = []
    authorities = set(areas.authorities())
    for (release, year, measure), group in observations.groupby(["release", "year", "measure"]):
        local = group[group["area_code"].isin(authorities)]
        if areas.ENGLAND in set(group["area_code"]) or local.empty:
            continue
        whole = local["value"].notna().all() and set(areas.authorities(year)) <= set(local["area_code"])
        value, status = (local["value"].sum(), "derived") if whole else (np.nan, "unavailable")
        rows.append((measure, areas.ENGLAND, year, value, status, release))
    return pd.DataFrame(rows, columns=schema.COLUMNS)


def _deprivation_from_districts(figures: pd.DataFrame, tables: Mapping[tuple[str, str], pd.DataFrame]) -> pd.DataFrame:
    districts = figures[figures["measure"].str.startswith("district_") & figures["measure"].str.endswith("_score")]
    people = figures[figures["measure"].isin(["district_population", "district_population_0_15"])]
    lookups = {release: table for (release, _), table in tables.items() if release.startswith("geography-")}
    out = []
    for release, scores in districts.groupby("release"):
        entry = registry.releases()[release]
        weights = people[people["release"] == entry["weights"]]
        upper = deprivation.to_upper_tier(scores, lookups[entry["lookup"]], weights)
        out.append(upper.assign(release=release)[schema.COLUMNS])
    return pd.concat(out, ignore_index=True) if out else pd.DataFrame(columns=schema.COLUMNS)


def graded(judgements: pd.DataFrame) -> pd.DataFrame:
    """How many authorities had an overall grade, and a good one, on each 31 March.

    Counted from Ofsted's own list of judgements under SIF and ILACS, by date of publication. An
    area has a row from the first year in which one of its authorities had been judged.

    Parameters
    ----------
    judgements : pandas.DataFrame
        From `cptrends.sources.judgements.assemble`.

    Returns
    -------
    pandas.DataFrame
        The columns of an observation, for England and the regions; status `derived`.
    """
    official = judgements[judgements["status"] == "reported"]
    if official.empty:
        return pd.DataFrame(columns=schema.COLUMNS)
    release = registry.in_order(official["release"])[-1]
    rows = []
    for year in range(2014, registry.releases()[release]["year"] + 1):
        latest = inspections.latest_judgements(judgements, f"{year}-03-31", official_only=True)
        good = latest["grade"].isin(inspections.GRADES[:2])
        region = latest["area_code"].map(areas.region_of)
        for area, here in [(areas.ENGLAND, region == region), *((code, region == code) for code in areas.regions())]:
            if here.any():
                rows.append(("authorities_judged", area, year, float(here.sum()), "derived", release))
                rows.append(
                    ("authorities_good_or_outstanding", area, year, float((good & here).sum()), "derived", release)
                )
    return pd.DataFrame(rows, columns=schema.COLUMNS)
