"""How well the figures of a claim are known: what rests on a text, and on no data file, says so."""

from collections.abc import Iterable

from cptrends import data
from cptrends.data.status import EVIDENCE
from cptrends.memory import remembered

#: The levels that are weaker than a data file because somebody wrote the figure down.
TEXTS = ("official-text", "author-text", "secondary-text")


def said(releases: Iterable[str]) -> str:
    """A sentence for figures that come from texts, by level; "" where all are from files.

    Parameters
    ----------
    releases : iterable of str
        Where the figures of a claim are from.

    >>> said(["cin-2015"])
    ''
    >>> print(said(["cin-2015", "pq-55895"]))
    Weaker than a data file, from a text of the publisher, Parliament or an auditor: UK Parliament ...
    """
    known, used = _levels(), set(releases)
    parts = []
    for level in TEXTS:
        theirs = sorted(known[name][1] for name in used if name in known and known[name][0] == level)
        if theirs:
            parts.append(f"{EVIDENCE[level]}: {'; '.join(theirs)}")
    return f"Weaker than a data file, {'; and '.join(parts)}." if parts else ""


@remembered
def _levels() -> dict[str, tuple[str, str]]:
    """The level of evidence of every release held, and who published it under which title."""
    return {row.release: (row.evidence, f"{row.publisher}, {row.title}") for row in data.releases().itertuples()}
