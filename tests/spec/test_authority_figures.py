"""What an authority's page says: its rows, its sentences, and where its years begin and end.

The page is judged here before it is drawn. What it must never say is in `test_authority_withheld.py`, when it may call
a change unusual in `test_authority_judging.py`, and how its sentences read in `test_authority_sentences.py`.
"""

import pytest

from cptrends import data
from cptrends.data import areas, neighbours
from cptrends.errors import BadInput
from cptrends.indicators import table as indicators
from cptrends.reports import authority
from cptrends.reports.authority.everyone import everyone
from cptrends.reports.authority.judging import Rank
from cptrends.reports.authority.over_years import CHARTED, indicator_panel
from cptrends.reports.authority.readings import median
from cptrends.reports.authority.table import printed_rank
from cptrends.reports.site import slug_of

CITY, SCILLY, HACKNEY = "E09000001", "E06000053", "E09000012"


# --- Who is meant ---


@pytest.mark.parametrize("asked", [lambda name: authority.codes(["Kent", name]), authority.assemble])
@pytest.mark.parametrize("name", ["England", "London"])
def test_only_authorities_have_a_page_and_one_sentence_says_so(asked, name):
    with pytest.raises(BadInput) as refusal:
        asked(name)
    assert str(refusal.value) == f"{name} is not an authority, and only authorities have a page; try Hackney"


def test_all_is_every_authority_also_those_that_are_no_more_and_none_is_none():
    assert authority.codes(["none"]) == [] and authority.codes(["all"]) == areas.authorities()
    assert any(areas.register()[code]["last_year"] for code in authority.codes(["all"]))
    assert authority.codes(["Kent", "204", "Hackney"]) == [areas.find("Kent"), HACKNEY]


# --- What is told ---


def test_the_first_sentence_is_the_plan_rate_beside_englands_and_the_neighbours(page_of):
    page = page_of("Hackney")
    year = page.subject.year
    own = indicators.indicator("plan_rate", "Hackney", start=year).iloc[0]
    england = indicators.indicator("plan_rate", "England", start=year).iloc[0]
    near = indicators.indicator("plan_rate", list(page.subject.near), start=year)["value"]
    sentence = page.sentences[0]
    assert f"{own.numerator:,.0f} children in Hackney" in sentence and f"{own.value:.1f} for every 10,000" in sentence
    assert f"England’s {england.value:.1f}" in sentence and f"{near.median():.1f} in the middle" in sentence


def test_a_rank_is_printed_only_where_chance_leaves_it_within_a_fifth_of_the_ranks():
    assert printed_rank(Rank(3, 9, 150)) == "3 to 9 of 150"
    assert printed_rank(Rank(1, 1, 150)) == "1 of 150"
    assert printed_rank(Rank(20, 50, 150)) == "20 to 50 of 150" and printed_rank(Rank(20, 51, 150)) == "not ranked"
    assert printed_rank(None) == "not ranked"


def test_a_median_of_neighbours_says_how_many_of_them_it_rests_on():
    entry = indicators.declared("plan_rate")
    assert median((1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10), 10, entry) == "5.5"
    assert median((1.0, 2, 3, 4, 5, 6, 7, 8), 10, entry) == "4.5 (8 of 10)"
    assert median((1.0, 2, 3, 4, 5), 10, entry) == "no figure"


def test_the_newest_set_of_neighbours_is_taken_and_an_older_one_on_request(page_of):
    page, older = page_of("Hackney"), page_of("Hackney", 2021)
    assert page.subject.neighbour_set == max(neighbours.sets())
    assert older.subject.near != page.subject.near and any("2021 set" in fact.term for fact in older.facts)
    with pytest.raises(BadInput, match="there is no set of statistical neighbours 1999; there are 2021 and"):
        page_of("Hackney", 1999)


def test_an_authority_without_neighbours_in_a_set_says_so(page_of):
    page = page_of("Cumberland", 2021)
    assert page.subject.near == () and any("has none for Cumberland" in fact.text for fact in page.facts)


def test_the_same_call_gives_the_same_page_twice(page_of):
    first, second = page_of("Kent"), page_of("Kent")
    assert first.sentences == second.sentences and first.figures.table == second.figures.table


# --- Authorities that were split or merged ---


def test_an_authority_that_ended_stops_with_its_last_year_and_names_its_successors(every_page):
    for code, page in every_page.items():
        last = areas.register()[code]["last_year"]
        if not last:
            continue
        assert page.subject.ended and page.subject.year == last
        assert all(reading.year <= last for reading in page.figures.readings)
        [links] = [fact.links for fact in page.facts if "not joined" in fact.text]
        assert [link.slug for link in links] == [slug_of(c) for c in areas.register()[code]["successors"]]
        for name in CHARTED:
            assert max(indicator_panel(page.subject, name)["years"], default=0) <= last


def test_a_count_without_a_population_is_still_told(every_page):
    page = every_page[areas.find("Dorset (to 2019)")]
    count = data.load("plans_31_march", area="Dorset (to 2019)", start=2019)["value"].iloc[0]
    assert page.sentences[0].startswith(f"{count:,.0f} children") and "at 31 March 2019" in page.sentences[0]
    assert "for want of a population" in page.sentences[0]


def test_a_successor_begins_with_its_first_year_and_names_its_predecessors(every_page):
    page = every_page[areas.find("Cumberland")]
    [term] = [fact.term for fact in page.facts if "predecessors" in fact.text]
    assert term == "Reports since 2023/24"
    for name in CHARTED:
        chart = indicator_panel(page.subject, name)
        years = [year for year, value in zip(chart["years"], chart["own"], strict=True) if value == value]
        assert years and min(years) >= 2024


# --- Small numbers ---


@pytest.mark.parametrize("code", [CITY, SCILLY])
def test_the_two_tiny_authorities_are_told_to_be_small_in_words(every_page, code):
    page = every_page[code]
    assert any("so small that one family" in note for note in page.notes)
    assert page.sentences[0].startswith("How many children in the ")
    assert "withheld by the publisher" in page.sentences[0]


# --- Money ---


def test_spending_is_in_the_prices_of_the_deflators_last_year_and_zero_is_not_drawn():
    spends, base = everyone().spends, everyone().prices_of
    row = spends["social_work_spend"].loc[[HACKNEY]].set_index("year").loc[2015]
    deflator = data.load("gdp_deflator").set_index("year")["value"]
    cash = data.load("social_work_spend", area=HACKNEY, start=2015, end=2015)["value"].iloc[0]
    need = data.load("children_in_need_31_march", area=HACKNEY, start=2015, end=2015)["value"].iloc[0]
    assert base == deflator.index.max() and row["value"] == pytest.approx(cash / need * deflator[base] / deflator[2015])
    for frame in spends.values():
        assert not (frame["value"] <= 0).any()
