"""DfE's Local Authority Interactive Tool: its benchmarking store, one long table of text.

Only the measures in `lait.toml` are taken. The store writes one mark, `-`, for withheld, not
available and an authority that did not exist; the last kind is left out here.
"""

import pathlib
import re

import pandas as pd

from cptrends.data import areas
from cptrends.errors import BadInput
from cptrends.files import toml
from cptrends.sources import common, registry

COLUMNS = ["Short Desc", "Data item", "Years", "LA and Regions", "Values", "LA Number", "Region"]
_YEAR = re.compile(r"(?P<first>20\d\d)(?:-(?P<last>\d\d))?(?: \((?:OT|Rev)\))?")


def read(path: pathlib.Path, part: str, release: registry.Release) -> pd.DataFrame:
    """One edition of the store as published figures.

    Parameters
    ----------
    path : pathlib.Path
        The store's parquet file.
    part : str
        `store`.
    release : dict

    Returns
    -------
    pandas.DataFrame
        measure, area_code, year, published.

    Raises
    ------
    BadInput
        If a column or a measure is missing, or a year cannot be read.
    """
    common.check_size(path)
    try:
        table = pd.read_parquet(path)
    except ImportError:
        raise BadInput(
            f'reading {path.name} needs the package pyarrow; install it with python -m pip install "cptrends[ingest]"'
        ) from None
    except (ValueError, OSError) as error:
        raise BadInput(f"{path.name} cannot be opened as parquet ({error}); download it again") from None
    common.require_columns(table.columns, COLUMNS, path)
    wanted = mapping()
    table = table[table["Short Desc"].isin(list(wanted))]
    absent = set(wanted) - set(table["Short Desc"])
    if absent:
        raise BadInput(
            f"{path.name}: measure {min(absent)!r} is missing; see cptrends/sources/lait.toml for those expected"
        )
    numbers = {number: areas.code_from(code3=str(int(number))) for number in table["LA Number"].unique()}
    years = {text: year_ending(text, path) for text in table["Years"].unique()}
    figures = pd.DataFrame(
        {
            "measure": table["Short Desc"].map(wanted),
            "area_code": table["LA Number"].map(numbers),
            "year": table["Years"].map(years).astype(int),
            "published": table["Values"].astype(str).str.strip(),
        }
    )
    was_there = [areas.existed(code, year) for code, year in zip(figures["area_code"], figures["year"], strict=True)]
    return figures[pd.Series(was_there, index=figures.index) | (figures["published"] != "-")].reset_index(drop=True)


def year_ending(text: str, path: pathlib.Path) -> int:
    """The year ending 31 March that LAIT's text for a period means.

    >>> year_ending("2016", "store"), year_ending("2016-17 (OT)", "store"), year_ending("2025 (Rev)", "store")
    (2016, 2017, 2025)
    """
    match = _YEAR.fullmatch(text.strip())
    if not match:
        raise BadInput(f"{path}: the period {text!r} is not understood; 2016, 2016-17 or 2016-17 (OT) is expected")
    year = int(match["first"])
    if match["last"] is None:
        return year
    if (year + 1) % 100 != int(match["last"]):
        raise BadInput(f"{path}: the period {text!r} is not one year; 2016-17 is expected")
    return year + 1


def mapping() -> dict[str, str]:
    """LAIT's short name -> our measure.

    >>> mapping()["ReRegCPR"]
    'repeat_plans'
    """
    return toml("cptrends.sources", "lait.toml")
