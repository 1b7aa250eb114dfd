"""Every area's figures, loaded and worked out once in a process: the only answers that authority pages remember.

A page picks out its own rows. What is remembered here is every area's; nothing of one page is kept.
"""

import dataclasses
from typing import NamedTuple

import pandas as pd

from cptrends import data
from cptrends.data import areas, inspections
from cptrends.data.status import has_value, weakest
from cptrends.indicators import proportions, spending, table
from cptrends.indicators.expected import expected_at_deprivation
from cptrends.indicators.proportions import DURATION_BANDS
from cptrends.memory import remembered
from cptrends.reports.authority.judging import Standing, judge, keyed, kind_of
from cptrends.reports.authority.withheld import WHOLES, Counts
from cptrends.trends.many import limit_on_a_page

#: An indicator without a figure in so many years is history, and not in the table.
RECENT_YEARS = 2


class Figure(NamedTuple):
    """An indicator of an area in a year, as `indicator` gives it; value is NaN where there is none."""

    area_code: str
    area_name: str
    year: int
    value: float
    lower: float
    upper: float
    numerator: float
    denominator: float
    status: str
    note: str


@dataclasses.dataclass(frozen=True)
class Everyone:
    """Every area's figures.

    Attributes
    ----------
    names : tuple of str
        Indicators, in the register's order.
    newest : dict of str to int
        The last year in which an authority has a figure.
    figures : dict of str to pandas.DataFrame
        As `indicator` gives them, for every area; index: area_code.
    spends : dict of str to pandas.DataFrame
        Pounds for each child in need in the prices of `prices_of`; index: area_code.
    prices_of : int
        The deflator's last year, ending 31 March.
    """

    names: tuple[str, ...]
    newest: dict[str, int]
    figures: dict[str, pd.DataFrame]
    spends: dict[str, pd.DataFrame]
    prices_of: int


@remembered
def everyone() -> Everyone:
    """Every area's figures.

    >>> "plan_rate" in everyone().names
    True
    """
    everywhere = {name: table.indicator(name) for name in table.register()}
    local = areas.authorities()
    years = {
        name: frame.loc[frame["value"].notna() & frame["area_code"].isin(local), "year"]
        for name, frame in everywhere.items()
    }
    newest = {name: int(found.max()) for name, found in years.items() if len(found)}
    names = tuple(name for name in newest if newest[name] >= max(newest.values()) - RECENT_YEARS)
    figures = {name: everywhere[name].set_index("area_code", drop=False) for name in names}
    spends, prices_of = _spends()
    return Everyone(names, newest, figures, spends, prices_of)


def _spends() -> tuple[dict[str, pd.DataFrame], int]:
    """Social work and safeguarding spending for each child in need, in the prices of the deflator's last year."""
    deflator = data.load("gdp_deflator").set_index("year")["value"]
    base, need, spends = int(deflator.index.max()), data.load("children_in_need_31_march"), {}
    for measure in ("social_work_spend", "safeguarding_spend"):
        frame = spending.spend_per(
            data.load(measure),
            need,
            basis="gross",
            per_what="child in need at 31 March",
            prices="real",
            deflator=deflator,
            base_year=base,
        )
        # Nothing spent on social work means that it was booked on another line.
        elsewhere = frame["numerator"] <= 0
        frame = frame.assign(
            value=frame["value"].where(~elsewhere), status=frame["status"].where(~elsewhere, "unavailable")
        )
        # Rows of years before the authorities' figures begin, or after they end, are no gaps in them.
        years = frame.loc[frame["value"].notna(), "year"]
        spends[measure] = frame[frame["year"].between(years.min(), years.max())].set_index("area_code", drop=False)
    return spends, base


@remembered
def figures_of(name: str, year: int) -> dict[str, Figure]:
    """Every area's figure of an indicator in a year, by area code."""
    frame = everyone().figures[name]
    return keyed(frame[frame["year"] == year], Figure)


@remembered
def standing(name: str, year: int) -> Standing:
    """Every authority's changes up to a year and its place in it, all judged together."""
    frame = everyone().figures[name]
    return judge(name, frame[frame.index.isin(areas.authorities())].reset_index(drop=True), year, limit_here())


def looked_at() -> int:
    """How many changes a whole page looks at: of each indicator that is judged, over one year and over five."""
    return 2 * sum(kind_of(name) is not None for name in everyone().names)


def limit_here() -> float:
    """Below which probability a change is called unusual on a page that looks at so many."""
    return limit_on_a_page(looked_at())


@remembered
def by_year(name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Values and statuses, areas x years without a gap in the years, of an indicator or of a spending line."""
    held = everyone().spends if name in everyone().spends else everyone().figures
    frame = held[name].reset_index(drop=True)
    local = frame[frame["area_code"].isin(areas.authorities()) & frame["value"].notna()]
    years = range(int(local["year"].min()), int(local["year"].max()) + 1)
    both = frame.pivot(index="area_code", columns="year", values=["value", "status"])
    return both["value"].astype(float).reindex(columns=years), both["status"].reindex(columns=years)


@remembered
def counts() -> dict[str, Counts]:
    """Counts that sums tie together, by area code."""
    names = ["plans_31_march", "plans_started", "plans_ended"]
    names += [f"{whole}_{band}" for whole in WHOLES for band in DURATION_BANDS]
    found: dict[str, Counts] = {}
    for name in names:
        frame = data.load(name, area="authorities")
        columns = (frame[column].tolist() for column in ("area_code", "year", "value", "status"))
        for code, year, value, status in zip(*columns, strict=True):
            found.setdefault(code, {})[name, year] = value, status
    return found


@remembered
def bands(whole: str) -> tuple[dict[tuple[str, int], dict[str, tuple[float, str]]], list[int]]:
    """Shares of plans in each band of duration, and the years for which England has all bands.

    Of the published total and not of the bands' own sum, so that a band that is withheld does not change the others.

    Parameters
    ----------
    whole : {"plans_31_march", "plans_ended"}

    Returns
    -------
    dict
        (area code, year) -> band -> percent, status.
    list of int
    """
    frame = data.load_plan_durations(whole.removeprefix("plans_"))
    total = data.load(whole)[["area_code", "year", "value", "status"]]
    both = frame.merge(total, on=["area_code", "year"], how="left", suffixes=("", "_total"))
    status = weakest(both["status"].to_numpy(object), both["status_total"].fillna("unavailable").to_numpy(object))
    share = proportions.share(both["value"], both["value_total"], status=status)
    shares: dict[tuple[str, int], dict[str, tuple[float, str]]] = {}
    for row in both.assign(value=share["value"], status=share["status"]).itertuples():
        shares.setdefault((row.area_code, row.year), {})[row.band] = row.value, row.status
    complete = [
        year
        for (code, year), found in shares.items()
        if code == areas.ENGLAND and sum(value == value for value, _ in found.values()) == len(DURATION_BANDS)
    ]
    return shares, complete


@remembered
def closeness(year: int) -> dict[tuple[str, str], str]:
    """How close the makers of a set of statistical neighbours call each, by authority and neighbour."""
    held = data.load_table("statistical_neighbours")
    published = held["release"].map(data.releases().set_index("release")["published"]).str[:4]
    chosen = held[published == str(year)]
    pairs = zip(chosen["area_code"], chosen["neighbour_code"], strict=True)
    return dict(zip(pairs, chosen["closeness"], strict=True))


@remembered
def judgements() -> pd.DataFrame:
    """Ofsted's judgements of all authorities."""
    return data.load_table("inspections")


@remembered
def latest_judgements(date: str) -> pd.DataFrame:
    """The latest overall judgement of each authority published by a date, YYYY-MM-DD."""
    return inspections.latest_judgements(judgements(), date)


@remembered
def idaci() -> tuple[dict[tuple[str, int], float], dict[tuple[str, int], float]]:
    """Scores and ranks of income deprivation affecting children, by area code and edition."""
    scores, ranks = (
        {
            (row.area_code, row.year): row.value
            for row in data.load(name, area="authorities").dropna(subset=["value"]).itertuples()
        }
        for name in ("idaci_score", "idaci_rank")
    )
    return scores, ranks


@remembered
def expected(year: int, edition: int) -> pd.DataFrame:
    """Every authority's plan rate beside what is expected at its deprivation; index: area codes."""
    local = pd.Series({code: score for (code, of), score in idaci()[0].items() if of == edition})
    plans = everyone().figures["plan_rate"]
    plans = plans[(plans["year"] == year) & plans.index.isin(areas.authorities(year))]
    frame = expected_at_deprivation(
        plans["numerator"], plans["denominator"], 100 * local.reindex(plans.index), status=plans["status"]
    )
    return frame.assign(area_name=plans["area_name"])


@remembered
def releases_of(measure: str) -> dict[str, dict[int, str]]:
    """The releases a measure's figures are from, also those withheld: area code -> year -> release."""
    frame = data.load(measure)
    frame = frame[has_value(frame["status"].to_numpy(object)) | (frame["status"] == "suppressed")]
    found: dict[str, dict[int, str]] = {}
    for code, year, release in zip(*(frame[part].tolist() for part in ("area_code", "year", "release")), strict=True):
        found.setdefault(code, {})[year] = release
    return found
