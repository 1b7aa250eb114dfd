"""What an authority's page says, and what it must never say.

The page is judged here before it is drawn: its rows, its sentences, its withheld figures.
"""

import numpy as np
import pandas as pd
import pytest

from cptrends import data
from cptrends.data import areas
from cptrends.errors import BadInput
from cptrends.indicators import table
from cptrends.indicators.proportions import DURATION_BANDS
from cptrends.reports import profile

CITY, SCILLY, HACKNEY = "E09000001", "E06000053", "E09000012"


def page_of(area, neighbours=2025):
    """A page without its charts, which are slow to draw."""
    page = profile._begin(areas.find(area), neighbours)
    page.update(profile._table(page))
    page["facts"] = profile._facts(page)
    page["sentences"] = profile._sentences(page)
    page["notes"] = profile._notes(page)
    return page


@pytest.fixture(scope="module")
def every_page():
    return {code: page_of(code) for code in areas.authorities()}


# --- What is told ---


def test_every_authority_that_reports_has_five_sentences(every_page):
    for page in every_page.values():
        if page["shown"]:
            assert len(page["sentences"]) == 5, page["name"]
            assert all(sentence.endswith(".") and "nan" not in sentence for sentence in page["sentences"])


def test_the_first_sentence_is_the_plan_rate_beside_englands_and_the_neighbours():
    page = page_of("Hackney")
    own = table.indicator("plan_rate", "Hackney", start=page["year"]).iloc[0]
    england = table.indicator("plan_rate", "England", start=page["year"]).iloc[0]
    near = table.indicator("plan_rate", page["near"], start=page["year"])["value"]
    sentence = page["sentences"][0]
    assert f"{own.numerator:,.0f} children in Hackney" in sentence and f"{own.value:.1f} for every 10,000" in sentence
    assert f"{england.value:.1f} in England" in sentence and f"{near.median():.1f} in the middle" in sentence


def test_the_page_says_how_many_changes_were_looked_at(every_page):
    for page in every_page.values():
        if not page["shown"]:
            continue
        judged = [item for item in page["shown"] if item["verdict"] in ("Probably real", "Could be chance")]
        assert page["looked_at"] == len(judged)
        assert f"{len(judged)} changes were looked at" in page["table_notes"][0]
        real = [item for item in judged if item["verdict"] == "Probably real"]
        assert f"{len(real)} called" in page["table_notes"][0] and len(page["real"]) == len(real)


def test_what_stands_out_is_outside_the_widest_limits_and_what_is_ordinary_within_the_narrowest(every_page):
    for page in every_page.values():
        for item in page["shown"]:
            if item["name"] not in profile.HEADLINES or item["place"] is None:
                continue
            short, label = profile.HEADLINES[item["name"]], item["place"].label
            if "Ordinary" in page["sentences"][3] and f" {short}" in page["sentences"][3].split("figures,")[-1].replace(
                "and ", ""
            ):
                assert label == "not unusual", (page["name"], short)
        loud = [
            item
            for item in page["shown"]
            if item["name"] in profile.HEADLINES and item["place"] is not None and "99.8" in item["place"].label
        ]
        if page["shown"]:
            assert page["sentences"][2].startswith("Furthest") == bool(loud)


def test_a_rank_is_printed_only_where_chance_leaves_it_narrow():
    assert profile._rank((3, 9, 150)) == "3 to 9 of 150"
    assert profile._rank((1, 1, 150)) == "1 of 150"
    assert profile._rank((20, 60, 150)) == "not ranked"
    assert profile._rank(None) == "not ranked"


def test_ranks_count_only_those_whose_limits_lie_apart():
    figures = pd.DataFrame(
        {
            "area_code": list("ABC"),
            "year": 2025,
            "value": [9.0, 5.0, 4.8],
            "lower": [8.0, 4.0, 4.0],
            "upper": [10.0, 6.0, 6.0],
        }
    )
    assert profile._ranked(figures) == {"A": (1, 1, 3), "B": (2, 3, 3), "C": (2, 3, 3)}


def test_a_median_of_neighbours_says_how_many_of_them_it_rests_on():
    page, entry = {"near": list("ABCDEFGHIJ")}, table.declared("plan_rate")
    assert profile._median([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10], page, entry) == "5.5"
    assert profile._median([1.0, 2, 3, 4, 5, 6, 7, 8], page, entry) == "4.5 (8 of 10)"
    assert profile._median([1.0, 2, 3, 4, 5], page, entry) == "no figure"


def test_the_other_set_of_neighbours_is_there_on_request():
    page = page_of("Hackney", 2021)
    assert page["near"] != page_of("Hackney")["near"] and any("2021 set" in term for term, _, _ in page["facts"])
    with pytest.raises(BadInput, match="there are 2021 and 2025"):
        page_of("Hackney", 2023)


def test_an_authority_without_neighbours_in_a_set_says_so():
    page = page_of("Cumberland", 2021)
    assert page["near"] == [] and any("has none for Cumberland" in text for _, text, _ in page["facts"])


def test_only_authorities_have_a_page():
    for text in ("England", "London"):
        with pytest.raises(BadInput, match="not an authority"):
            profile.assemble(text)


# --- Authorities that were split or merged ---


def test_an_authority_that_ended_stops_with_its_last_year_and_names_its_successors(every_page):
    for code, page in every_page.items():
        last = areas.register()[code]["last_year"]
        if not last:
            continue
        assert page["ended"] and page["year"] == last
        assert all(item["year"] <= last for item in page["shown"])
        [links] = [links for term, text, links in page["facts"] if "not joined" in text]
        assert [slug for _, slug in links] == [profile.slug_of(c) for c in areas.register()[code]["successors"]]
        for name in profile.CHARTED:
            assert max(profile._indicator_panel(page, name)["years"], default=0) <= last


def test_a_count_without_a_population_is_still_told(every_page):
    page = every_page[areas.find("Dorset (to 2019)")]
    count = data.load("plans_31_march", area="Dorset (to 2019)", start=2019)["value"].iloc[0]
    assert (
        page["sentences"][0].startswith(f"At 31 March 2019 {count:,.0f} children")
        and "for want of a population" in page["sentences"][0]
    )


def test_a_successor_begins_with_its_first_year_and_names_its_predecessors(every_page):
    code = areas.find("Cumberland")
    page = every_page[code]
    [text] = [term for term, said, _ in page["facts"] if "predecessors" in said]
    assert text == "Reports since 2023/24"
    for name in profile.CHARTED:
        chart = profile._indicator_panel(page, name)
        years = [year for year, value in zip(chart["years"], chart["own"], strict=True) if value == value]
        assert years and min(years) >= 2024


# --- Small numbers ---


@pytest.mark.parametrize("code", [CITY, SCILLY])
def test_the_two_tiny_authorities_are_told_to_be_small_in_words(every_page, code):
    page = every_page[code]
    assert any("so small that one family" in note for note in page["notes"])
    assert "withheld by the publisher" in page["sentences"][0] and page["sentences"][0].startswith(
        "How many children in the "
    )


def test_a_withheld_figure_is_never_nought_and_never_judged(every_page):
    for page in every_page.values():
        rows = [] if page["table"] is None else page["table"].rows
        for item, row in zip(page["shown"], rows, strict=True):
            for figure, cell in ((item["now"], row[2]), (item["before"], row[3])):
                if figure is not None and figure.status in ("suppressed", profile.WITHHELD_HERE):
                    assert cell == "withheld" and item["verdict"] in ("Cannot tell", "Not judged")
                    assert item["now"] is not figure or row[8] == "not ranked"


def printed_counts(page):
    """Every count a reader of the page could have: rates give theirs away, as populations are published."""
    known = set()
    for item in page["shown"]:
        entry = table.declared(item["name"])
        for figure, year in ((item["now"], item["year"]), (item["before"], item["year"] - 1)):
            if profile._valued(figure):
                known |= {(entry["numerator"], year), (entry["denominator"], year)}
            elif figure is not None and profile._number(figure, entry)[:1].isdigit():
                known.add((entry["numerator"], year))
    for name in profile.CHARTED:
        if table.declared(name)["interval"] == "byar":
            chart = profile._indicator_panel(page, name)
            known |= {
                (table.declared(name)["numerator"], y)
                for y, v in zip(chart["years"], chart["own"], strict=True)
                if v == v
            }
    for heading, frame in profile._durations(page).items():
        whole, year = ("plans_ended" if "ended" in heading else "plans_31_march"), _year_in(heading)
        known |= {
            (f"{whole}_{band}", year)
            for band, value in zip(DURATION_BANDS, frame["own"], strict=True)
            if value == value
        }
        if frame["own"].notna().any():
            known.add((whole, year))
    return known


def _year_in(heading):
    last = heading.split()[-1]
    return int(last) if "/" not in last else int(last.split("/")[0]) + 1


def sums(year):
    """Counts of which one is the sum of the others, or nearly."""
    for whole in ("plans_31_march", "plans_ended"):
        yield [(whole, year), *((f"{whole}_{band}", year) for band in DURATION_BANDS)]
    yield [("plans_31_march", year - 1), ("plans_31_march", year), ("plans_started", year), ("plans_ended", year)]


def leaks(page, counts):
    known = printed_counts(page)
    for year in range(2009, page["year"] + 1):
        for members in sums(year):
            unknown = [member for member in members if member not in known]
            if len(unknown) == 1 and counts.get(page["code"], {}).get(unknown[0], (0, ""))[1] == "suppressed":
                yield unknown[0]


def test_no_subtraction_reveals_a_suppressed_count_on_any_page(every_page):
    counts = profile._counts()
    assert (
        sum(status == "suppressed" for own in counts.values() for _, status in own.values()) > 1000
    )  # there is something to protect
    assert {page["name"]: found for page in every_page.values() if (found := list(leaks(page, counts)))} == {}


def test_the_search_for_leaks_finds_one_that_is_there(monkeypatch):
    page, newest = page_of(HACKNEY), profile.panel().newest["plan_end_rate"]
    page["shown"] = [item for item in page["shown"] if "plans_ended" not in table.declared(item["name"]).values()]
    monkeypatch.setattr(profile, "_durations", lambda page: {})
    counts = {HACKNEY: {("plans_ended", newest): (np.nan, "suppressed")}}
    assert list(leaks(page, counts)) == [("plans_ended", newest)]


def test_where_one_band_alone_is_suppressed_another_goes_with_it(monkeypatch):
    year = profile.panel().newest["plan_rate"]
    values = dict(zip(DURATION_BANDS, (60.0, 40, 30, 90, 5), strict=True))
    counts = {(f"plans_31_march_{band}", year): (value, "reported") for band, value in values.items()}
    counts[f"plans_31_march_{DURATION_BANDS[4]}", year] = (np.nan, "suppressed")
    counts["plans_31_march", year] = (225.0, "reported")
    monkeypatch.setattr(profile, "_counts", lambda: {HACKNEY: counts})
    assert profile.withheld_here(HACKNEY) == {(f"plans_31_march_{DURATION_BANDS[2]}", year)}
    counts[f"plans_31_march_{DURATION_BANDS[1]}", year] = (np.nan, "suppressed")
    assert profile.withheld_here(HACKNEY) == set()  # the publisher has seen to it


def test_where_a_years_plans_would_give_a_suppressed_count_away_those_ended_go(monkeypatch):
    newest = profile.panel().newest["plan_end_rate"]
    counts = {
        ("plans_31_march", newest - 1): (60.0, "reported"),
        ("plans_31_march", newest): (58.0, "reported"),
        ("plans_started", newest): (np.nan, "suppressed"),
        ("plans_ended", newest): (6.0, "reported"),
    }
    monkeypatch.setattr(profile, "_counts", lambda: {HACKNEY: counts})
    page = page_of(HACKNEY)
    assert page["withheld_here"] == {("plans_ended", newest)}
    rows = {item["name"]: row for item, row in zip(page["shown"], page["table"].rows, strict=True)}
    assert rows["plan_end_rate"][1:3] == ("withheld", "withheld") and rows["plan_end_rate"][4] == "Cannot tell"
    assert rows["plans_ended_2_years_share"][2] == "withheld" and "withheld here too" in " ".join(page["table_notes"])


# --- False alarms ---


def no_change(seed, names, areas_there=150, years=12):
    """Figures in which nothing lasting happens: chance, and a wobble that comes and goes."""
    random = np.random.default_rng(seed)
    found = {}
    for name in names:
        kind = profile.kind_of(name)
        size = (
            random.integers(200, 4_000, areas_there)
            if kind != "rate"
            else random.integers(15_000, 250_000, areas_there)
        )
        level = random.uniform(0.1, 0.4, areas_there) if kind != "rate" else random.uniform(0.002, 0.03, areas_there)
        rows = []
        for year in range(2026 - years, 2026):
            rate = np.clip(level * np.exp(random.normal(0, 0.08, areas_there)), 0, 0.95)
            count = random.binomial(size, rate) if kind == "share" else random.poisson(size * rate)
            rows.append(
                pd.DataFrame(
                    {
                        "area_code": [f"A{n:03}" for n in range(areas_there)],
                        "year": year,
                        "numerator": count.astype(float),
                        "denominator": size.astype(float),
                        "status": "reported",
                    }
                )
            )
        figures = pd.concat(rows, ignore_index=True)
        scale = table.declared(name)["per"] * figures["numerator"] / figures["denominator"]
        found[name] = figures.assign(value=scale, lower=scale * 0.9, upper=scale * 1.1)
    return found


def test_where_nothing_changed_fewer_than_one_in_twenty_labels_say_real():
    names = ("plan_rate", "repeat_plan_share", "section_47_per_referral", "referral_rate")
    labels = []
    for seed in range(6):
        for name, figures in no_change(seed, names).items():
            changes, _, _ = profile.judge(name, figures, 2025)
            labels += [change.verdict == "Probably real" for change in changes.values()]
    assert len(labels) == 6 * 4 * 150 and np.mean(labels) < 0.05


def test_a_change_that_is_there_is_called_real():
    figures = no_change(1, ["plan_rate"])["plan_rate"]
    row = (figures["area_code"] == "A007") & (figures["year"] == 2025)
    figures.loc[row, "numerator"] = 4 * figures.loc[figures["area_code"] == "A007", "numerator"].max()
    changes, _, _ = profile.judge("plan_rate", figures, 2025)
    assert changes["A007"].verdict == "Probably real"


# --- Money ---


def test_spending_is_in_the_prices_of_the_deflators_last_year_and_nought_is_not_drawn():
    spends, base = profile.panel().spends, profile.panel().prices_of
    row = spends["social_work_spend"].loc[[HACKNEY]].set_index("year").loc[2015]
    deflator = data.load("gdp_deflator").set_index("year")["value"]
    cash = data.load("social_work_spend", area=HACKNEY, start=2015, end=2015)["value"].iloc[0]
    need = data.load("children_in_need_31_march", area=HACKNEY, start=2015, end=2015)["value"].iloc[0]
    assert base == deflator.index.max() and row["value"] == pytest.approx(cash / need * deflator[base] / deflator[2015])
    for frame in spends.values():
        assert not (frame["value"] <= 0).any()


def test_the_same_call_gives_the_same_page_twice():
    first, second = page_of("Kent"), page_of("Kent")
    assert first["sentences"] == second["sentences"] and first["table"] == second["table"]
