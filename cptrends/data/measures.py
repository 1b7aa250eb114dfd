"""The data dictionary: what is measured."""

from cptrends.errors import BadInput
from cptrends.files import did_you_mean, nearest, toml
from cptrends.memory import remembered


@remembered
def dictionary():
    """Every measure, by name.

    Returns
    -------
    dict of str to dict
        label, unit, kind, definition, source_table, breaks (list of year and what), notes.

    >>> dictionary()["plans_31_march"]["kind"]
    'stock'
    """
    entries = toml("cptrends.data", "measures.toml")
    return {name: {"breaks": [], "notes": "", **entry} for name, entry in entries.items()}


def measure(name):
    """One measure's entry in the dictionary.

    Raises
    ------
    BadInput
        If there is none of that name; the sentence offers the nearest.

    >>> measure("plans_startd")
    Traceback (most recent call last):
    ...
    cptrends.errors.BadInput: no measure is called 'plans_startd'; did you mean plans_started ...?
    """
    if name in dictionary():
        return dictionary()[name]
    spelt = str(name).casefold().replace(" ", "_").replace("-", "_")
    hint = did_you_mean(nearest(spelt, dictionary()), "`cptrends measures` lists them all")
    raise BadInput(f"no measure is called {str(name)[:60]!r}; {hint}")


def breaks(name, area_codes=None):
    """The years from which a measure is counted another way, with what changed.

    Parameters
    ----------
    name : str
        A measure.
    area_codes : collection of str, optional
        Leaves out breaks that touch none of these areas.

    Returns
    -------
    list of (int, str)

    >>> [year for year, what in breaks("plans_started", ["E92000001"])]
    [2010, 2024]
    >>> [year for year, what in breaks("plans_started", ["E09000012"])]
    [2010]
    """
    return [
        (entry["year"], entry["what"])
        for entry in measure(name)["breaks"]
        if area_codes is None or not entry.get("areas") or set(entry["areas"]) & set(area_codes)
    ]
