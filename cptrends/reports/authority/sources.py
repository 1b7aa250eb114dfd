"""Where a chart's figures are from: every release that a figure drawn was taken from."""

from collections.abc import Iterable

from cptrends.indicators import table
from cptrends.reports.authority.panel import origins, source_names


def parts(*indicators: str) -> list[str]:
    """The measures indicators are made of, numerators and denominators.

    >>> parts("plan_rate", "section_47_rate")
    ['plans_31_march', 'population_0_17', 'section_47_enquiries']
    """
    entries = [table.declared(name) for name in indicators]
    return list(dict.fromkeys(entry[part] for entry in entries for part in ("numerator", "denominator")))


def releases(measures: Iterable[str], codes: Iterable[str], years: Iterable[int]) -> list[str]:
    """The release of each figure of these measures, areas and years, withheld ones included.

    >>> releases(["plans_31_march", "population_0_17"], ["E92000001"], [2010])
    ['cin-2010', 'cin-2010']
    """
    codes, years = list(codes), set(years)
    return [
        release
        for measure in measures
        for code in codes
        for year, release in origins(measure).get(code, {}).items()
        if year in years
    ]


def named(*found: Iterable[str]) -> str:
    """Releases as a source under a chart: publisher and title of each, the newest first.

    >>> named(["cin-2010"], ["cin-2011", "cin-2010"])
    'Department for Education, OSR26/2011, underlying data (2011-11); Department for Education, OSR28/2010, ...'
    """
    there = {release for each in found for release in each}
    return "; ".join(dict.fromkeys(name for release, name in source_names().items() if release in there))
