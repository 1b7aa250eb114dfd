"""How spending per child or per episode is spread over authorities: England, the lowest, the median, the highest."""

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import pandas as pd

from cptrends.data import areas
from cptrends.data.status import weakest
from cptrends.errors import BadInput


def spend_summary(per_area: pd.DataFrame, *, england: Literal["published", "sum"] | None = None) -> pd.DataFrame:
    """England, lowest, median and highest authority, with the areas left out and why.

    Parameters
    ----------
    per_area : DataFrame
        From `spend_per`; the regions in it are passed over.
    england : str or None
        How England is reached: "published" uses its own row; "sum" adds up the authorities'
        spending over England's published denominator; None takes the row when it has a value, and
        the sum when not.

    Returns
    -------
    DataFrame
        year, figure ("England", "lowest", "median", "highest"), area_code, area_name, value, lower,
        upper, numerator, denominator, basis, prices, per_what, areas (that the figure rests on),
        left_out (how many), left_out_areas (names, with reasons), method, status, note: four rows
        a year. The areas left out count for England's sum wherever they have a figure.

    Raises
    ------
    BadInput
        If `per_area` did not come from `spend_per` or `england` is not usable.

    Examples
    --------
    >>> from cptrends.indicators import spend_per
    >>> table = pd.DataFrame({"area_code": ["E06000001", "E06000002", "E09000001"], "year": 2015,
    ...     "area_name": ["Hartlepool", "Middlesbrough", "City of London"], "value": [2e6, 9e6, 1e6]})
    >>> heads = table.assign(value=[1_000.0, 3_000.0, 10.0])
    >>> spend_summary(spend_per(table, heads, basis="gross", per_what="episode of need"))[
    ...     ["figure", "area_name", "value", "left_out"]]
        figure      area_name   value  left_out
    0  England        England     NaN         0
    1   lowest     Hartlepool  2000.0         1
    2   median                 2500.0         1
    3  highest  Middlesbrough  3000.0         1
    """
    if england not in (None, "published", "sum"):
        raise BadInput(f"england is {england!r}; it must be 'published', 'sum' or None")
    needed = {"area_code", "area_name", "year", "value", "numerator", "denominator", "left_out", "status"}
    if not isinstance(per_area, pd.DataFrame) or not needed <= set(per_area.columns):
        raise BadInput("the table must come from spend_per, with a column left_out")
    rows = []
    for year, table in per_area.groupby("year", sort=True):
        country = table[table["area_code"] == areas.ENGLAND]
        # E12 regions, E13 inner and outer London: neither authorities nor England.
        local = table[~table["area_code"].str.startswith(("E92", "E12", "E13"))]
        rows.append(
            {
                "figure": "England",
                "area_code": areas.ENGLAND,
                "area_name": "England",
                "year": year,
                **_england(country, local, england),
            }
        )
        rows += [{"year": year, **row} for row in _extremes(local)]
    frame = pd.DataFrame(rows)
    if frame.empty:
        raise BadInput("the table has no rows, so there is nothing to sum up")
    for column in ("basis", "prices", "per_what"):
        frame[column] = per_area[column].iloc[0]
    frame["lower"], frame["upper"] = np.nan, np.nan
    return frame[
        [
            "year",
            "figure",
            "area_code",
            "area_name",
            "value",
            "lower",
            "upper",
            "numerator",
            "denominator",
            "basis",
            "prices",
            "per_what",
            "areas",
            "left_out",
            "left_out_areas",
            "method",
            "status",
            "note",
        ]
    ]


def _england(country: pd.DataFrame, local: pd.DataFrame, how: str | None) -> dict[str, Any]:
    used = local[local["numerator"].notna()]
    without = local[local["numerator"].isna()]
    out = {
        "areas": len(used),
        "left_out": len(without),
        "left_out_areas": _named(without, "no spending figure"),
        "numerator": np.nan,
        "denominator": np.nan,
        "value": np.nan,
        "method": "",
        "note": "",
    }
    row = country.iloc[0] if len(country) else None
    if how != "sum" and row is not None and pd.notna(row["value"]):
        gone = [name for name in row["without"].split("; ") if name]
        return {
            **out,
            "areas": len(local) - len(gone),
            "left_out": len(gone),
            "left_out_areas": "; ".join(f"{name}: left out of both parts" for name in gone),
            **row[["numerator", "denominator", "value", "status", "note"]],
            "method": "England's own row",
        }
    if how == "published" or row is None or pd.isna(row["denominator"]) or row["denominator"] <= 0 or used.empty:
        status = row["status"] if row is not None and pd.isna(row["value"]) else "unavailable"
        return {**out, "status": status, "note": "Not computed: England's own figures are not all there."}
    total, base = used["numerator"].sum(), row["denominator"] - without["denominator"].sum()
    note = f"Spending of {len(used)} authorities added up."
    if len(without):
        note += f" {len(without)} have no figure and are left out of the denominator too."
    return {
        **out,
        "numerator": total,
        "denominator": base,
        "value": total / base,
        "method": "sum of authorities over England's published denominator, for the same authorities",
        "status": "derived",
        "note": note,
    }


def _extremes(local: pd.DataFrame) -> Iterator[dict[str, Any]]:
    used, without = local[local["left_out"] == ""], local[local["left_out"] != ""]
    shared = {"areas": len(used), "left_out": len(without), "left_out_areas": " ".join(without["left_out"])}
    for figure in ("lowest", "median", "highest"):
        out = {
            "figure": figure,
            "area_code": "",
            "area_name": "",
            "value": np.nan,
            "numerator": np.nan,
            "denominator": np.nan,
            **shared,
            "method": "",
            "status": "unavailable",
            "note": "Not computed: no authority has a figure.",
        }
        if len(used) and figure == "median":
            out.update(
                value=used["value"].median(),
                status=weakest(*used["status"].unique()),
                note="",
                method="median of authorities",
            )
        elif len(used):
            ordered = used.sort_values(["value", "area_code"])
            row = ordered.iloc[0 if figure == "lowest" else -1]
            out.update(
                {k: row[k] for k in ("area_code", "area_name", "value", "numerator", "denominator", "status")},
                method=f"{figure} of authorities",
                note="",
            )
        yield out


def _named(table: pd.DataFrame, reason: str) -> str:
    names = np.where(table["area_name"] == "", table["area_code"], table["area_name"])
    return "; ".join(f"{name}: {reason}" for name in names)
