"""The data dictionary: what is measured."""

import difflib
import functools
import tomllib
from importlib import resources

from cptrends.errors import BadInput


@functools.cache
def dictionary():
    """Every measure, by name.

    Returns
    -------
    dict of str to dict
        label, unit, kind, definition, source_table, breaks (list of year and what), notes.

    >>> dictionary()["plans_31_march"]["kind"]
    'stock'
    """
    text = resources.files("cptrends.data").joinpath("measures.toml").read_text("utf-8")
    return {name: {"breaks": [], "notes": "", **entry} for name, entry in tomllib.loads(text).items()}


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
    shown = str(name)[:60]
    near = difflib.get_close_matches(
        shown.casefold().replace(" ", "_").replace("-", "_"), dictionary(), n=3, cutoff=0.5
    )
    hint = f"did you mean {' or '.join(near)}?" if near else "`cptrends measures` lists them all"
    raise BadInput(f"no measure is called {shown!r}; {hint}")


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
