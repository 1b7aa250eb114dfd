"""Small steps several readers share: finding a table on a sheet, and laying it out as observations."""

import pathlib

import pandas as pd

from cptrends.data import areas
from cptrends.errors import BadInput
from cptrends.sources import common

OBSERVATION_COLUMNS = ["measure", "area_code", "year", "published"]


def one_line(value: object) -> str:
    """The text of a header or label with tabs, line breaks and repeated blanks made single blanks.

    >>> one_line(" 19 Local safeguarding\\tchildrens  board\\t")
    '19 Local safeguarding childrens board'
    """
    return " ".join(str(value).split())


def below_header(cells: pd.DataFrame, first: str, path: common.AnyPath, depth: int = 20) -> pd.DataFrame:
    """The table whose header row begins with a given column.

    Parameters
    ----------
    cells : pandas.DataFrame of object
        A sheet as `common.read_sheet` gives it.
    first : str
        The name of the header's first filled cell.
    path : path-like
        For the sentence.
    depth : int
        How many rows may stand above the header.

    Returns
    -------
    pandas.DataFrame of object
        Rows that are not blank; columns named by the header, blanks at its ends removed.

    Raises
    ------
    BadInput
        If no row begins so.

    >>> import pandas
    >>> sheet = pandas.DataFrame([["A title", ""], ["LA", "Total "], [201.0, 5.0], ["", ""]], dtype=object)
    >>> below_header(sheet, "LA", "example.xls")
    LA Total
    2 201.0 5.0
    """
    for row in range(min(depth, len(cells))):
        names = [one_line(cell) for cell in cells.iloc[row]]
        if next((name for name in names if name), "") == first:
            table = cells.iloc[row + 1 :].copy()
            table.columns = names
            blank = (table == "").all(axis=1)
            return table[~blank]
    raise BadInput(
        f"{pathlib.Path(path).name}: no row beginning with {first!r} was found in the first {depth} rows; "
        "the publisher may have renamed that column, or the file is of another release"
    )


def area_codes(frame: pd.DataFrame, **columns: str) -> pd.Series:
    """The area_code of every row, looked up once for each area there is.

    Parameters
    ----------
    frame : pandas.DataFrame
    **columns : str
        `code3`, `code9`, `name`: the columns that hold what `areas.code_from` takes.

    Returns
    -------
    pandas.Series of str

    Raises
    ------
    BadInput
        If an area is not known.

    >>> import pandas
    >>> list(area_codes(pandas.DataFrame({"LA": [390.0, 204.0]}), code3="LA"))
    ['E08000037', 'E09000012']
    """
    keys = pd.DataFrame({key: frame[column].map(common.as_published) for key, column in columns.items()})
    given = list(keys.itertuples(index=False, name=None))
    found = {key: areas.code_from(**dict(zip(keys.columns, key, strict=True))) for key in set(given)}
    return pd.Series([found[key] for key in given], index=frame.index, dtype=object)


def observations(
    frame: pd.DataFrame, codes: pd.Series, year: int | pd.Series, measures: dict[str, str], path: common.AnyPath
) -> pd.DataFrame:
    """Columns of a table as observations, each cell's text as published.

    Parameters
    ----------
    frame : pandas.DataFrame of object
    codes : pandas.Series of str
        The area of each row.
    year : int or pandas.Series of int
        The year of the rows.
    measures : dict of str to str
        Measure -> the column that holds it.
    path : path-like
        For the sentence.

    Returns
    -------
    pandas.DataFrame
        `measure, area_code, year, published`.

    Raises
    ------
    BadInput
        If an area has two rows for one measure and year.

    >>> import pandas
    >>> table = pandas.DataFrame({"Gross": [5.0, "x"]}, dtype=object)
    >>> observations(table, pandas.Series(["E09000012", "E09000019"]), 2015, {"spend": "Gross"}, "a.xls")
    measure area_code year published
    0 spend E09000012 2015 5
    1 spend E09000019 2015 x
    """
    parts = [
        pd.DataFrame(
            {
                "measure": measure,
                "area_code": codes.to_numpy(),
                "year": year if isinstance(year, int) else year.to_numpy(),
                "published": frame[column].map(common.as_published).to_numpy(),
            }
        )
        for measure, column in measures.items()
    ]
    return checked(pd.concat(parts, ignore_index=True), path)


def checked(frame: pd.DataFrame, path: common.AnyPath) -> pd.DataFrame:
    """Observations as given, unless an area has two figures for one measure and year.

    Raises
    ------
    BadInput
    """
    again = frame.duplicated(["measure", "area_code", "year"])
    if again.any():
        row = frame[again].iloc[0]
        raise BadInput(
            f"{pathlib.Path(path).name}: {areas.name_or_code(row.area_code)} has two "
            f"figures for {row.measure} in {row.year}; each area should have one row"
        )
    return frame[OBSERVATION_COLUMNS]
