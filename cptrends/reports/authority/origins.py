"""Where a chart's figures are from: every release that a figure drawn was taken from."""

from collections.abc import Iterable

import pandas as pd

from cptrends import data
from cptrends.indicators import table
from cptrends.reports.authority.everyone import releases_of


def parts(*indicators: str) -> list[str]:
    """The measures indicators are made of: numerators, denominators, publisher's own figures in place of them.

    >>> parts("plan_rate", "section_47_rate")
    ['plans_31_march', 'population_0_17', 'section_47_enquiries']
    """
    entries = [table.declared(name) for name in indicators]
    named = ("numerator", "denominator", "published")
    return list(dict.fromkeys(entry[part] for entry in entries for part in named if part in entry))


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
        for year, release in releases_of(measure).get(code, {}).items()
        if year in years
    ]


def named(*found: Iterable[str]) -> str:
    """Releases as the source of a chart, as `cptrends.data.sources_of` names them.

    >>> named(["cin-2010"], ["cin-2011", "cin-2010"])
    'Department for Education, Characteristics of children in need in England: 2010 to 2011, ... and earlier releases'
    """
    return data.sources_of(*(pd.DataFrame({"release": list(each)}) for each in found))
