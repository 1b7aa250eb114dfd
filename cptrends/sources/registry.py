"""The register of releases, and which release a file on disk is."""

import fnmatch

from cptrends.errors import BadInput
from cptrends.files import toml
from cptrends.memory import remembered

#: From strongest to weakest; the release's `precedence` follows it.
EVIDENCE = ("official-file", "official-text", "secondary-text", "compiled", "unverified")


@remembered
def releases():
    """Every release in publications.toml.

    Returns
    -------
    dict of str to dict
        By id, each with its own `id`.

    >>> releases()["cin-2015"]["reference"]
    'SFR41/2015, underlying data'
    """
    entries = toml("cptrends.sources", "publications.toml")
    return {name: {"id": name, **entry} for name, entry in entries.items() if name != "symbols"}


@remembered
def symbols(name):
    """What a publication's marks mean: published text -> status.

    >>> symbols("children-in-need-to-2017")["x"], symbols("children-in-need-2022")["x"]
    ('suppressed', 'unavailable')
    """
    return toml("cptrends.sources", "publications.toml")["symbols"][name]


def matches(path, only=None):
    """The releases and parts a file may be, by its name (and folder, where names repeat).

    Parameters
    ----------
    path : pathlib.Path
    only : str, optional
        A release's id; then the folder is not asked.

    Returns
    -------
    list of (str, str)
        Release id and part; a file of the national series belongs to several releases.

    Raises
    ------
    BadInput
        If `only` is not a release.

    >>> import pathlib
    >>> matches(pathlib.Path("b1_children_in_need_2013_to_2025.csv"))
    [('cin-2025', 'b1')]
    """
    if only is not None and only not in releases():
        raise BadInput(f"no release is called {only!r}; `cptrends releases` lists them")
    tail = path.as_posix().casefold()
    found = []
    for release in releases().values():
        if only not in (None, release["id"]):
            continue
        for part, pattern in release["files"].items():
            pattern = pattern.casefold()
            if only:
                pattern = pattern.rsplit("/", 1)[-1]
            if fnmatch.fnmatchcase(tail, pattern) or fnmatch.fnmatchcase(tail, "*/" + pattern):
                found.append((release["id"], part))
    return found
