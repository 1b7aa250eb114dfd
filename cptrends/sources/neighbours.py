"""DfE's statistical neighbours: for each authority the ten most like it, nearest first."""

import pathlib

import pandas as pd

from cptrends.errors import BadInput
from cptrends.sources import common, registry, tables

RANKS = range(1, 11)
KEYS = ["LA num", "LA Name", "LA number", "GOInd", "GOReg"]
CLOSENESS = ("Extremely close", "Very close", "Close", "Somewhat close", "Not close")


def read(path: common.AnyPath, part: str, release: registry.Release) -> pd.DataFrame:
    """The neighbours of every authority, abolished ones that the file keeps included.

    Parameters
    ----------
    path : path-like
        The workbook of the statistical neighbour model.
    part : {"model"}
    release : dict
        Its entry in `publications.toml`, with `sheet`.

    Returns
    -------
    pandas.DataFrame of str
        `area_code, neighbour_rank, neighbour_code, closeness`, ten rows an authority. Closeness is
        in the publisher's words; the file writes them with varying capitals, here it is one way.
        An authority the model gives no neighbours (new in 2023, in the 2021 model) has no rows.

    Raises
    ------
    BadInput
        If a column is missing or renamed, or a cell holds neither a neighbour nor a dash.
    """
    table = tables.below_header(common.read_sheet(path, release["sheet"]), KEYS[0], path)
    # The ten closeness columns share one name, so columns are taken by place once the header is checked.
    header = [name for name in table.columns if name]
    expected = KEYS + [name for rank in RANKS for name in (f"SN{rank}", "SNP")]
    if header != expected:
        wrong = next(
            (pair for pair in zip(header, expected, strict=False) if pair[0] != pair[1]), (len(header), len(expected))
        )
        raise BadInput(f"{pathlib.Path(path).name}: column {wrong[0]!r} stands where {wrong[1]!r} is expected")
    table = table.iloc[:, : len(expected)]
    table.columns = KEYS + [f"{kind}{rank}" for rank in RANKS for kind in ("code", "close")]
    table = table[table["LA num"] != ""]
    parts = []
    for rank in RANKS:
        rows = table[table[f"code{rank}"] != "-"]
        closeness = rows[f"close{rank}"].map(lambda text: tables.one_line(text).capitalize())
        odd = sorted(set(closeness) - set(CLOSENESS))
        if odd:
            raise BadInput(f"{pathlib.Path(path).name}: closeness {odd[0]!r} is not one of {', '.join(CLOSENESS)}")
        parts.append(
            pd.DataFrame(
                {
                    "area_code": tables.area_codes(rows, code3="LA num"),
                    "neighbour_rank": str(rank),
                    "neighbour_code": tables.area_codes(rows, code3=f"code{rank}"),
                    "closeness": closeness,
                }
            )
        )
    return pd.concat(parts).sort_values("area_code", kind="stable").reset_index(drop=True)
