"""Chapter: the front page. Four counts and a share of the newest year, and how they stand among the years before.

These are the most-read sentences of all. Each is made from a series by rule, so a series made by hand shows the rule.
How a change is told that crosses something is in the chapter on what may be compared.
"""

import pytest

from cptrends import data, words
from cptrends.data import areas
from cptrends.reports import front


@pytest.fixture
def said(by_hand):
    """A function (values, kind) -> what is said of England's figures up to 2022/23."""

    def tell(*values, kind="flow"):
        measure = "plans_31_march" if kind == "stock" else "referrals"
        first = 2020 - len(values) + 1
        by_hand(**{measure: [(areas.ENGLAND, first + n, value) for n, value in enumerate(values)]})
        return front.count_sentence(measure, "referrals").text

    return tell


class TestUpOrDown:
    def test_more_than_the_year_before_is_up(self, said):
        assert "1,100 referrals, up 10.0% on 2018/19" in said(900, 1200, 1000, 1100)

    def test_fewer_than_the_year_before_is_down(self, said):
        assert "900 referrals, down 10.0% on 2018/19" in said(1200, 800, 1000, 900)

    @pytest.mark.parametrize("newest", [100_000, 100_040, 99_960])
    def test_a_change_that_prints_as_nothing_is_none(self, said, newest):
        assert f"{newest:,} referrals, unchanged from 2018/19" in said(120_000, 80_000, 100_000, newest)

    def test_a_count_on_one_day_is_told_by_its_date(self, said):
        assert said(300, 220, 200, kind="stock").startswith(
            "On 31 March 2020 there were 200 referrals, down 9.1% on 31 March 2019"
        )
        assert said(300, 220, 200).startswith("In 2019/20 there were 200 referrals")


class TestTheMostSince:
    """After a rise the most, after a fall the fewest: since the last year that went beyond it."""

    @pytest.mark.parametrize(
        "series, place",
        [
            ((1300, 900, 1000, 1100), "the most since 2016/17"),
            ((1300, 1200, 1000, 1100), "the most since 2017/18"),
            ((700, 1300, 1000, 900), "the fewest since 2016/17"),
            ((700, 800, 1000, 900), "the fewest since 2017/18"),
            # A year with just as many is not beyond it.
            ((1300, 1100, 1000, 1100), "the most since 2016/17"),
            ((700, 900, 1000, 900), "the fewest since 2016/17"),
            # A record, and a record reached again.
            ((900, 1000, 1100), "the most of any year from 2017/18 on"),
            ((1000, 900, 800), "the fewest of any year from 2017/18 on"),
            ((1100, 1000, 1100), "as many as in any year from 2017/18 on"),
            ((900, 1000, 900), "as few as in any year from 2017/18 on"),
        ],
    )
    def test_since_the_last_year_beyond_it(self, said, series, place):
        assert said(*series).endswith(f", {place}.")

    def test_an_unchanged_record_is_no_new_one(self, said):
        assert said(900, 800, 800).endswith("unchanged from 2018/19, as few as in any year from 2017/18 on.")


def test_the_newest_share_stands_beside_the_year_before_and_2014_15(by_hand):
    by_hand(repeat_plan_percent=[(areas.ENGLAND, 2015, 17), (areas.ENGLAND, 2019, 24), (areas.ENGLAND, 2020, 24)])
    assert front.repeats_sentence().text == (
        "Of the plans that started in 2019/20, 24.0% were for children who had been on one before, unchanged from "
        "2018/19, and up from 17.0% in 2014/15."
    )


def test_the_front_page_tells_four_counts_and_a_share_of_the_data():
    first, *_, last = front.sentences()
    assert len(front.sentences()) == 5
    referrals = data.load("referrals", area="England", start=2010).set_index("year")["value"]
    assert words.number(referrals.iloc[-1]) in first and words.year(referrals.index[-2]) in first
    assert "been on one before" in last


def test_like_for_like_comes_before_what_was_published():
    first = front.count_sentence("referrals", "referrals", "cin-2025").text
    assert first.startswith(
        "In 2024/25 there were 632,830 referrals, down 0.1% on 2023/24 over the 151 authorities with a figure of their "
        "own in both years (up 1.8% as published; Hampshire's figures of 2023/24 are those of the year before"
    )


def test_the_table_of_pairs_has_each_that_a_sentence_names():
    told = front.compared()
    named = {(s.name, earlier, s.later) for s in front.told() for earlier in s.earlier}
    assert len([row for row in told if row["where"] == "The newest year"]) == len(named)
    assert all((row["answer"] == "yes") == (row["sentence"] == "") for row in told)
