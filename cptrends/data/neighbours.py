"""Statistical neighbours: for each authority the ten that DfE's model finds most like it, by edition of the model."""

from cptrends import words
from cptrends.data import areas
from cptrends.data.figures import load_table, releases
from cptrends.errors import BadInput
from cptrends.memory import remembered


def sets() -> list[int]:
    """The sets of neighbours held, each named by the year it was published, newest first.

    >>> sets()[-2:]
    [2025, 2021]
    """
    return sorted(_sets(), reverse=True)


def which(year: int | None = None) -> int:
    """The set meant: that of a year, or the newest.

    Raises
    ------
    BadInput
        If there is no such set; the sentence names those there are.

    >>> which(2021)
    2021
    >>> which(1999)
    Traceback (most recent call last):
    ...
    cptrends.errors.BadInput: there is no set of statistical neighbours 1999; there are 2021 and 2025...
    """
    if year is None:
        return sets()[0]
    if year not in _sets():
        raise BadInput(f"there is no set of statistical neighbours {year!r}; there are {words.listed(sorted(_sets()))}")
    return year


def nearest(area: str, year: int | None = None) -> list[str]:
    """An authority's statistical neighbours, the nearest first.

    Parameters
    ----------
    area : str
        A name or code.
    year : int, optional
        The set, as in `sets`; the newest when left out.

    Returns
    -------
    list of str
        Area codes, ten of them; none for an area that the set does not have, such as an authority that was not there
        when the model was made.

    Raises
    ------
    BadInput
        If there is no such set or area.

    >>> [areas.name(code) for code in nearest("Hackney", 2025)[:3]]
    ['Southwark', 'Islington', 'Haringey']
    >>> nearest("E06000063", 2021)  # Cumberland, new in 2023
    []
    """
    return list(_sets()[which(year)].get(areas.find(area), []))


@remembered
def _sets() -> dict[int, dict[str, list[str]]]:
    """Set -> authority -> its neighbours."""
    published = releases().set_index("release")["published"]
    table = load_table("statistical_neighbours")
    table = table.assign(
        year=table["release"].map(published).str[:4].astype(int), rank=table["neighbour_rank"].astype(int)
    ).sort_values("rank", kind="stable")
    return {
        int(year): group.groupby("area_code", sort=False)["neighbour_code"].agg(list).to_dict()
        for year, group in table.groupby("year")
    }
