"""The releases in which the figures of a claim were revised: those that turned a verdict, not the newest there is."""

from collections.abc import Iterable

from cptrends import data
from cptrends.claims.operations.figures import THEN, TODAY, Input, by_area_and_year
from cptrends.data import areas, measures


def releases(figures: Iterable[Input]) -> list[str]:
    """The releases that first gave today's figure where it is not the one first published, the oldest first.

    Parameters
    ----------
    figures : iterable of Input
        What a claim rests on.

    Returns
    -------
    list of str

    >>> releases([{"measure": "plans_started", "area": "England", "year": 2015}])
    ['cin-2018']
    """
    keys = {(figure["measure"], figure["area"], figure["year"]) for figure in figures}
    found = {
        release
        for measure, area, year in keys
        if measure in measures.dictionary() and year is not None
        for release in _of(measure, area, year)
    }
    published = data.load_table("releases").set_index("release")["published"]
    return sorted(found, key=lambda release: (published[release], release))


def _of(measure: str, area: str, year: int) -> set[str]:
    """The releases in which a year's figures became what they are today, of those that are not as first published."""
    old, new = by_area_and_year(measure, THEN), by_area_and_year(measure, TODAY)
    codes = areas.authorities(year) if area == "authorities" else [areas.find(area)]
    here = [(code, year) for code in codes if (code, year) in old and (code, year) in new]
    moved = {code: new[code, year] for code, year in here if new[code, year][0] not in (old[code, year][0], None)}
    moved = {code: now for code, now in moved.items() if now[0] == now[0]}
    if not moved:
        return set()
    versions = data.revisions(measure, area=area, start=year, end=year).sort_values("published", kind="stable")
    precedence = data.load_table("releases").set_index("release")["precedence"]
    found = set()
    for code, own in versions[versions["area_code"].isin(list(moved))].groupby("area_code"):
        value, _, newest = moved[code]
        own = own[own["release"].map(precedence) == precedence[newest]]
        stays = own["value"].eq(value)[::-1].cummin()[::-1]
        found |= set(own.loc[stays, "release"].head(1))
    return found
