"""Chapter: the money is there and stands on another line.

A council that books its social work under another heading for a year has not stopped working. Its figure is known for
what it is by the years beside it, and by one rule for every line, not by a list of those that somebody noticed.
"""

import pytest

import cptrends
from cptrends.data import areas, booked, events, figures, measures

ENGLAND, EAST, KENT, LEEDS = (areas.find(name) for name in ("England", "South East", "Kent", "Leeds"))
LINE = "safeguarding_spend"


def odd(measure, release="latest"):
    """Names and years of the authorities that stand apart."""
    found = booked.odd_years(measure, release)
    return {(areas.name(code), one.year) for one in found for code in one.own}


def amounts(code, *values, first=2020):
    return [(code, first + n, value) for n, value in enumerate(values)]


# ## What stands apart


@pytest.mark.parametrize(
    ("values", "years"),
    [
        ((20_000_000, 5_000_000, 21_000_000), [2021]),
        ((20_000_000, 60_000_000, 21_000_000), [2021]),
        ((20_000_000, 8_000_000, 20_000_000), []),  # 2.5 times is not more than 2.5 times
        ((20_000_000, 7_999_999, 20_000_000), [2021]),
        ((20_000_000, 5_000_000, 6_000_000, 5_500_000), [2020]),  # it stays: only the first year may be the odd one
        ((900_000, 100_000, 2_000_000), []),  # too little money
        ((20_000_000, 5_000_000, 0, 21_000_000), []),  # nothing to hold it against but other doubtful years
        ((20_000_000, 5_000_000, None), []),
        ((20_000_000, 22_000_000, 5_000_000), [2022]),  # the newest year: held against the two before it
        ((20_000_000, 5_000_000, 21_000_000, 22_000_000), [2021]),  # and the year after an odd one is not odd
        ((20_000_000, 22_000_000, None, 5_000_000), []),
    ],
)
def test_a_year_far_from_both_years_beside_it(by_hand, values, years):
    by_hand(**{LINE: amounts(KENT, *values)})
    assert odd(LINE) == {("Kent", year) for year in years}


def test_counts_and_prices_are_not_spending(by_hand):
    by_hand(referrals=amounts(KENT, 20_000_000, 5_000_000, 21_000_000))
    assert odd("referrals") == odd("gdp_deflator") == odd("no_such_measure") == set()


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ((20, 5, 21), "less than a third of that of the years beside it; most of it may be booked on other lines."),
        ((20, 50.1, 8), "more than twice that of the years beside it; other lines may be booked on it."),
        ((40, 0.01, 50), "less than a hundredth of that of the years beside it;"),
        ((2, 50, 3), "more than ten times that of the years beside it; other lines"),
        (
            (20, 24, 3),
            "less than a sixth of that of the two years before it; most of it may be booked on other lines, or",
        ),
        ((3.9, 20, 21), "less than a fifth of that of the two years after it; most of it may"),
    ],
)
def test_the_sentence_says_how_far_and_from_which_years(by_hand, values, what):
    by_hand(**{LINE: amounts(KENT, *(int(value * 1_000_000) for value in values))})
    said = [one.what for one in booked.odd_years(LINE, "latest")]
    assert any(f"is {what}" in one for one in said) and all(one.endswith(".") for one in said)
    assert all(one.startswith("Kent's spending on safeguarding children in 20") for one in said)


# ## Who is told


def test_a_total_is_touched_where_it_moves_by_more_than_half_a_per_cent(by_hand):
    def told(total):
        whole = amounts(ENGLAND, total, total, total) + amounts(EAST, 40_000_000, 30_000_000, 40_000_000)
        by_hand(**{LINE: amounts(KENT, 20_000_000, 5_000_000, 20_000_000) + whole})
        return {areas.name(code) for one in booked.odd_years(LINE, "latest") for code in one.touched}

    assert told(2_999_000_000) == {"Kent", "South East", "England"}
    assert told(3_001_000_000) == {"Kent", "South East"}


def test_several_that_move_one_total_are_told_in_one_sentence(by_hand):
    each = amounts(KENT, 20_000_000, 5_000_000, 20_000_000) + amounts(LEEDS, 20_000_000, 2_000_000, 20_000_000)
    by_hand(**{LINE: each + amounts(ENGLAND, 90_000_000, 57_000_000, 90_000_000)})
    assert cptrends.comparable(LINE, "England", 2020, 2021)["sentence"].startswith(
        "Leeds and Kent each record less than a third of the spending on safeguarding children in 2020/21 that they do "
        "in the years beside it; most of it may be booked on other lines."
    )
    assert "Kent" not in cptrends.comparable(LINE, "Leeds", 2020, 2021)["sentence"]
    assert [year for year, _ in measures.breaks(LINE, "England") if year > 2014] == [2021, 2022]
    # Asked of nobody in particular, each is named once.
    assert len([one for one in events.of(LINE) if one.kind == "booked_elsewhere"]) == 2


def test_an_authoritys_small_line_is_its_own_caution_and_no_mark_on_englands():
    assert ("West Sussex", 2012) in odd(LINE)
    assert cptrends.comparable(LINE, "West Sussex", 2012, 2013)["answer"] == "with_caution"
    assert not any("West Sussex" in what for _, what in measures.breaks(LINE, "England"))
    assert 2012 in [year for year, what in measures.breaks(LINE, "West Sussex") if "West Sussex" in what]


# ## On the data


def test_nottinghams_safeguarding_of_2023_24():
    said = (
        "Nottingham's spending on safeguarding children in 2023/24 is less than a fifth of that of the years beside it"
        "; most of it may be booked on other lines."
    )
    for area in ("Nottingham", "East Midlands", "England"):
        for pair in ((2023, 2024), (2024, 2025)):
            found = cptrends.comparable(LINE, area, *pair)
            assert found["answer"] == "with_caution" and said in found["sentence"]
            assert area == "Nottingham" or "Nottingham" in found["like_for_like"]["left_out"]
    assert cptrends.comparable("safeguarding_spend_per_child", "Nottingham", 2023, 2024)["answer"] == "with_caution"
    assert cptrends.comparable(LINE, "Nottingham", 2023, 2025)["answer"] == "yes"


def test_the_lines_found_are_those_that_moved_and_moved_back():
    assert {year for name, year in odd(LINE) if name in ("Salford", "Sandwell", "Nottingham")} == {2020, 2024}
    assert {("Manchester", 2013), ("Kingston upon Hull", 2013), ("Newham", 2013), ("Southwark", 2013)} <= odd(
        "social_work_spend"
    )
    assert {("Birmingham", 2019), ("Lambeth", 2019), ("Wirral", 2017)} <= odd("safeguarding_spend_ro3")


@pytest.mark.parametrize("measure", [name for name in measures.dictionary() if booked.spending(name)])
def test_every_sentence_found_is_true_of_the_figures(measure):
    """Read back from the words: the years named, the number of times, and each authority."""
    times = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9}
    times |= {"tenth": 10, "twentieth": 20, "fiftieth": 50, "hundredth": 100, "twice": 2, "three": 3, "four": 4}
    times |= {"five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
    if measure not in figures.measures_held():
        assert booked.odd_years(measure, "latest") == ()
        return
    value = cptrends.load(measure).set_index(["area_code", "year"])["value"]
    for one in booked.odd_years(measure, "latest"):
        size = next(times[word] for word in one.what.replace(" a ", " ").split() if word in times)
        steps = (-1, 1) if "beside" in one.what else (-1, -2) if "before" in one.what else (1, 2)
        assert ("lasting" in one.what) == ("beside" not in one.what)
        for code in one.own:
            assert areas.name(code) in one.what
            for step in steps:
                was, here = value[code, one.year + step], value[code, one.year]
                assert here < was / size if "less than" in one.what else here > was * size
