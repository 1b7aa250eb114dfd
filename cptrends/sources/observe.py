"""The second step of building: figures as published become observations, each with a number or a reason for none."""

import numpy as np
import pandas as pd

from cptrends.data import areas, measures, schema
from cptrends.errors import BadInput
from cptrends.sources import registry

#: A column DfE calls a data confidence indicator: 1 is low (3 high; A aggregate; P pilot).
CONFIDENCE = ":confidence"
LOW_CONFIDENCE = "1"


def observe(figures: pd.DataFrame) -> pd.DataFrame:
    """Figures as published -> observations with a number or a reason why there is none.

    Parameters
    ----------
    figures : pandas.DataFrame
        measure, area_code, year, published, release, part.

    Returns
    -------
    pandas.DataFrame
        The columns of an observation.

    Raises
    ------
    BadInput
        If a text is neither a number nor one of the release's symbols.
    """
    is_confidence = figures["measure"].str.endswith(CONFIDENCE)
    low = figures[is_confidence & (figures["published"] == LOW_CONFIDENCE)]
    low = pd.MultiIndex.from_arrays(
        [low["measure"].str.removesuffix(CONFIDENCE), low["area_code"], low["year"], low["release"]]
    )
    figures = figures[~is_confidence].reset_index(drop=True)
    status = pd.Series(index=figures.index, dtype=object)
    scale = np.ones(len(figures))
    money = [name for name, entry in measures.dictionary().items() if entry["kind"] == "money"]
    for release, rows in figures.groupby("release", sort=False).groups.items():
        entry = registry.releases().get(release)
        if entry is None:
            raise BadInput(f"data/raw has release {release!r}, which cptrends/sources/publications.toml does not")
        status.loc[rows] = figures.loc[rows, "published"].map(registry.symbols(entry["symbols"]))
        if "symbols_of_money" in entry:
            amounts = figures.loc[rows].index[figures.loc[rows, "measure"].isin(money)]
            status.loc[amounts] = figures.loc[amounts, "published"].map(registry.symbols(entry["symbols_of_money"]))
        scale[rows] = entry.get("scale", 1)
    # Python's own float: the parsers of pandas 2 and 3 differ in the last digit of such as 8.1999999999999993.
    text = figures["published"].where(status.isna(), "").str.replace(",", "")
    value = pd.Series([_float(one) for one in text], index=figures.index)
    neither = status.isna() & value.isna()
    if neither.any():
        row = figures[neither].iloc[0]
        area = areas.name_or_code(row["area_code"])
        raise BadInput(
            f"{row['release']} {row['part']}: {row['measure']} of {area} in {row['year']} is "
            f"{row['published'][:40]!r}, neither a number nor a symbol of that release"
        )
    # To the penny: pounds from thousands or millions would carry the noise of the multiplication.
    scaled = np.where(scale == 1, value, np.round(value * scale, 2))
    figures = figures.assign(value=scaled, status=status.fillna("reported"))
    _mark_rounded(figures)
    _mark_unverified(figures)
    _mark_england(figures)
    keys = pd.MultiIndex.from_frame(figures[["measure", "area_code", "year", "release"]])
    figures.loc[keys.isin(low) & figures["value"].notna(), "status"] = "low_confidence"
    return figures[schema.COLUMNS]


def _float(text: str) -> float:
    """A number as published, or NaN for any other text ("inf", "nan" and "1_000" among it)."""
    try:
        return float(text) if text[:1] in "0123456789.-" and "_" not in text and "inf" not in text else np.nan
    except ValueError:
        return np.nan


def _mark_rounded(figures: pd.DataFrame) -> None:
    """England and the regions are rounded to 10 or 100; a release that gives exact ones shows it."""
    counts = {name for name, entry in measures.dictionary().items() if entry["kind"] in ("flow", "stock")}
    levels = {code: area["level"] for code, area in areas.register().items()}
    wide = figures["area_code"].map(levels).isin(["country", "region"]) & figures["measure"].isin(counts)
    wide &= figures["value"].notna()
    exact = figures["value"].mod(10).ne(0)
    any_exact = exact[wide].groupby([figures["release"][wide], figures["measure"][wide]]).transform("any")
    figures.loc[any_exact.index[~any_exact], "status"] = "rounded"


def _mark_unverified(figures: pd.DataFrame) -> None:
    unverified = [name for name, entry in registry.releases().items() if entry["evidence"] == "unverified"]
    figures.loc[figures["release"].isin(unverified) & figures["value"].notna(), "status"] = "unverified"


def _mark_england(figures: pd.DataFrame) -> None:
    """Releases whose figure for England the publisher estimated, or gives in millions."""
    england = (figures["area_code"] == areas.ENGLAND) & figures["value"].notna()
    for release in figures["release"].unique():
        if status := registry.releases()[release].get("england_status"):
            figures.loc[england & (figures["release"] == release), "status"] = status
