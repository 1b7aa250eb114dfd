"""Where figures are from: the source of a chart or a page, read from the frames it shows."""

import pandas as pd

from cptrends import words
from cptrends.data import figures
from cptrends.errors import BadInput

#: A frame of figures names its releases in one of these: one release a row, or several joined by a blank.
COLUMNS = ("release", "releases")

_UNKNOWN = "the figures do not say which release they are from; give frames with the column release or releases"


def sources_of(*frames: pd.DataFrame) -> str:
    """Publishers and newest releases of the figures in some frames, as a line beneath a chart.

    Of each publication only the newest release is named, by its title, with "and earlier releases" where figures come
    from others too. Texts, from which years before the files come, are named by who wrote them.

    Parameters
    ----------
    *frames : pandas.DataFrame
        With the column `release` (figures, judgements) or `releases` (indicators). The sources of the first frame
        come first, and within a frame the publication with the most figures.

    Returns
    -------
    str
        Joined by "; ".

    Raises
    ------
    BadInput
        If a frame does not say where its figures are from, or there are no figures.

    >>> from cptrends import data
    >>> sources_of(data.load("plans_31_march", area="Kent", start=2015, end=2015, release="cin-2015"))
    'Department for Education, Characteristics of children in need: 2014 to 2015 (2015-10)'
    >>> sources_of(data.load("referrals", area="England", start=2009, end=2012)).split(" (2012-10) ")[1]
    'and earlier releases; texts by Chris Mills (blog)'
    """
    names = list(dict.fromkeys(name for frame in frames for name in _names(frame)))
    if not names:
        raise BadInput(_UNKNOWN)
    held = figures.releases().set_index("release")
    age = {name: number for number, name in enumerate(held.index)}
    publications: dict[tuple[str, ...], list[str]] = {}
    writers: list[str] = []
    for name in names:
        if name not in age:
            publications[(name,)] = [name]
        elif _is_text(held.loc[name]):
            writers.append(held.loc[name, "publisher"])
        else:
            publications.setdefault((held.loc[name, "publisher"], held.loc[name, "publication"]), []).append(name)
    found = []
    for releases in publications.values():
        newest = max(releases, key=lambda name: age.get(name, 0))
        named = _named(held.loc[newest]) if newest in age else newest
        found.append(named + (" and earlier releases" if len(releases) > 1 else ""))
    if texts := sorted({writer for writer in writers if writer}):
        found.append(f"texts by {words.listed(texts)}")
    if not all(writers):
        found.append("no source confirmed for the figures marked unverified")
    return "; ".join(found)


def _named(release: pd.Series) -> str:
    """Publisher, title and when it came out, where that is known: a reader finds the publication by its title."""
    when = f" ({release['published']})" if release["published"] else ""
    return f"{release['publisher']}, {release['title']}{when}"


def _names(frame: pd.DataFrame) -> list[str]:
    """The releases of a frame, that with the most figures first."""
    column = next((column for column in COLUMNS if column in frame), None)
    counts = frame.groupby(column, sort=False).size() if column else {}
    rows: dict[str, int] = {}
    for text, number in counts.items():
        for name in str(text).split():
            rows[name] = rows.get(name, 0) + int(number)
    if column is None or (len(frame) and not rows):
        raise BadInput(_UNKNOWN)
    return sorted(rows, key=lambda name: -rows[name])  # of two with as many, the one that comes first


def _is_text(release: pd.Series) -> bool:
    """Whether a figure was read in a text and not in a publisher's file."""
    return int(release["precedence"]) >= 2 and release["evidence"] in (
        "official-text",
        "author-text",
        "secondary-text",
        "unverified",
    )
