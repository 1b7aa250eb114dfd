"""What an authority's page must never say: a count withheld by the publisher, also not by subtraction."""

import dataclasses

import numpy as np
import pytest

from cptrends.indicators import table
from cptrends.indicators.proportions import DURATION_BANDS
from cptrends.reports.authority.among_others import durations
from cptrends.reports.authority.cells import number, valued
from cptrends.reports.authority.everyone import counts, everyone
from cptrends.reports.authority.over_years import CHARTED, indicator_panel
from cptrends.reports.authority.subject import subject_of
from cptrends.reports.authority.withheld import WITHHELD_HERE, withheld_here

HACKNEY = "E09000012"


# --- Which count goes with one that is suppressed, on counts made by hand ---


def in_bands(whole, *bands, total=225.0, year=2025):
    """The counts of one year: the five bands, shortest first, None for one that is suppressed, and their sum."""
    told = {f"{whole}_{band}": value for band, value in zip(DURATION_BANDS, bands, strict=True)} | {whole: total}
    return {
        (name, year): (np.nan, "suppressed") if value is None else (value, "reported") for name, value in told.items()
    }


@pytest.mark.parametrize("whole", ["plans_31_march", "plans_ended"])
@pytest.mark.parametrize(
    "bands, goes",
    [
        ((5.0, 40.0, 30.0, 90.0, None), "6_to_12_months"),  # the shortest band is smaller, and stays
        ((None, 40.0, 60.0, 35.0, 6.0), "1_to_2_years"),  # the longest band is smaller, and stays
        ((60.0, None, 40.0, 90.0, 5.0), "6_to_12_months"),  # one of the middle is suppressed: of the other two
        ((60.0, 0.0, 40.0, 90.0, None), "6_to_12_months"),  # zero is withheld only where nothing else can be
        ((60.0, 0.0, 0.0, 0.0, None), "3_to_6_months"),
    ],
)
def test_beside_one_suppressed_band_the_smallest_of_the_middle_three_is_withheld(whole, bands, goes):
    assert withheld_here(in_bands(whole, *bands)) == {(f"{whole}_{goes}", 2025)}


@pytest.mark.parametrize("bands", [(60.0, 40.0, 30.0, 90.0, 6.0), (60.0, None, 30.0, 90.0, None), (None,) * 5])
def test_where_no_band_or_more_than_one_is_suppressed_nothing_else_goes(bands):
    assert withheld_here(in_bands("plans_31_march", *bands)) == set()


def test_where_the_total_is_suppressed_or_a_band_is_not_published_nothing_gives_it_away():
    whole = in_bands("plans_31_march", 60.0, 40.0, 30.0, 90.0, None)
    unavailable = whole | {("plans_31_march", 2025): (np.nan, "unavailable")}
    missing = {key: value for key, value in whole.items() if "3_to_6" not in key[0]}
    assert withheld_here(unavailable) == withheld_here(missing) == set()


def over_a_year(started, ended, year=2025):
    found = {"plans_started": started, "plans_ended": ended}
    told = {
        (name, year): (np.nan, "suppressed") if value is None else (value, "reported") for name, value in found.items()
    }
    return told | {("plans_31_march", year - 1): (60.0, "reported"), ("plans_31_march", year): (58.0, "reported")}


def test_where_a_years_plans_would_give_a_suppressed_count_away_those_ended_go_or_those_started():
    assert withheld_here(over_a_year(None, 6.0)) == {("plans_ended", 2025)}
    assert withheld_here(over_a_year(6.0, None)) == {("plans_started", 2025)}
    assert withheld_here(over_a_year(6.0, 8.0)) == withheld_here(over_a_year(None, None)) == set()
    suppressed = over_a_year(6.0, 8.0) | {("plans_31_march", 2025): (np.nan, "suppressed")}
    assert withheld_here(suppressed) == {("plans_ended", 2025)}


# --- What that does to a page ---


def test_a_count_withheld_here_is_no_number_on_the_page(said):
    newest = everyone().newest["plan_end_rate"]
    page = said(dataclasses.replace(subject_of(HACKNEY), withheld=frozenset({("plans_ended", newest)})))
    rows = {r.name: row for r, row in zip(page.figures.readings, page.figures.table.rows, strict=True)}
    assert rows["plan_end_rate"][1:3] == ("withheld", "withheld")
    assert rows["plans_ended_2_years_share"][2] == "withheld" and rows["plan_end_rate"][7] == "not ranked"
    [change] = [row for row in page.figures.changes.rows if row[0].startswith("Child protection plans ended")]
    assert change[1:] == ("", "Cannot tell", "", "", "Cannot tell", "")
    assert "withheld here too" in " ".join(page.figures.notes)


def test_a_withheld_figure_is_never_zero_and_never_judged(every_page):
    for page in every_page.values():
        rows = page.figures.table.rows if page.figures.table else ()
        for reading, row in zip(page.figures.readings, rows, strict=True):
            for figure, cell in ((reading.now, row[2]), (reading.before, row[3])):
                if figure is not None and figure.status in ("suppressed", WITHHELD_HERE):
                    assert cell == "withheld" and reading.one_year.label in ("Cannot tell", "Not judged")
                    assert reading.one_year.change is None
                    assert reading.now is not figure or row[7] == "not ranked"


def test_an_average_of_years_rests_on_no_figure_that_the_page_withholds(said):
    whole = said(subject_of(HACKNEY))
    [change] = [r.five_years.change for r in whole.figures.readings if r.name == "plan_end_rate"]
    for year in (change.years_earlier[0], change.years_later[-1]):
        page = said(dataclasses.replace(whole.subject, withheld=frozenset({("plans_ended", year)})))
        [step] = [r.five_years for r in page.figures.readings if r.name == "plan_end_rate"]
        assert step.change is None and step.label == "Cannot tell"


# --- No page gives a suppressed count away ---


def printed_counts(page, lasted):
    """Every count a reader of the page could have: rates give theirs away, as populations are published."""
    known = set()
    for reading in page.figures.readings:
        entry = reading.entry
        for figure, year in ((reading.now, reading.year), (reading.before, reading.year - 1)):
            if valued(figure):
                known.add((entry["numerator"], year))
                if figure.value > 0:  # none of a number tells nothing of the number
                    known.add((entry["denominator"], year))
            elif figure is not None and number(figure, entry)[:1].isdigit():
                known.add((entry["numerator"], year))
        for change in (reading.one_year.change, reading.five_years.change):
            years = change.years_earlier + change.years_later if change else ()
            known |= {(entry[part], year) for part in ("numerator", "denominator") for year in years}
    for name in CHARTED:
        if table.declared(name)["interval"] == "byar":
            chart = indicator_panel(page.subject, name)
            drawn = [year for year, value in zip(chart["years"], chart["own"], strict=True) if value == value]
            known |= {(table.declared(name)["numerator"], year) for year in drawn}
    for each in lasted:
        bars = zip(DURATION_BANDS, each.shares["own"], strict=True)
        known |= {(f"{each.whole}_{band}", each.year) for band, value in bars if value == value}
        if (each.shares["own"] > 0).any():
            known.add((each.whole, each.year))
    return known


def sums(year):
    """Counts of which one is the sum of the others, or nearly."""
    for whole in ("plans_31_march", "plans_ended"):
        yield [(whole, year), *((f"{whole}_{band}", year) for band in DURATION_BANDS)]
    yield [("plans_31_march", year - 1), ("plans_31_march", year), ("plans_started", year), ("plans_ended", year)]


def leaks(page, published, lasted):
    known = printed_counts(page, lasted)
    for year in range(2009, page.subject.year + 1):
        for members in sums(year):
            unknown = [member for member in members if member not in known]
            if len(unknown) == 1 and published.get(unknown[0], (0, ""))[1] == "suppressed":
                yield unknown[0]


def test_no_subtraction_reveals_a_suppressed_count_on_any_page(every_page):
    published = counts()
    suppressed = sum(status == "suppressed" for own in published.values() for _, status in own.values())
    assert suppressed > 1000  # there is something to protect
    found = {
        page.subject.name: list(leaks(page, published.get(code, {}), durations(page.subject)))
        for code, page in every_page.items()
    }
    assert {name: leaked for name, leaked in found.items() if leaked} == {}


def test_the_search_for_leaks_finds_one_that_is_there(every_page):
    page = every_page[HACKNEY]
    newest = page.subject.year
    told = tuple(r for r in page.figures.readings if "plans_ended" not in r.entry.values())
    page = page._replace(figures=dataclasses.replace(page.figures, readings=told))
    suppressed = {("plans_ended", newest): (np.nan, "suppressed")}
    assert list(leaks(page, suppressed, lasted=())) == [("plans_ended", newest)]
