"""Chapter: the front page. Four counts and a share of the newest year, and how they stand among the years before.

These are the most-read sentences of all. Each is made from a series by rule, so a series made by hand shows the rule.
"""

import pandas as pd
import pytest

from cptrends.reports import front


def counts(*values, first=2021):
    return pd.Series(values, index=range(first, first + len(values)), dtype=float)


def said(*values, kind="flow"):
    return front.count_sentence(counts(*values), "referrals", kind)


class TestUpOrDown:
    def test_more_than_the_year_before_is_up(self):
        assert "1,100 referrals, up 10.0% on 2022/23" in said(900, 1200, 1000, 1100)

    def test_fewer_than_the_year_before_is_down(self):
        assert "900 referrals, down 10.0% on 2022/23" in said(1200, 800, 1000, 900)

    def test_a_change_that_prints_as_nothing_is_none(self):
        for newest in (100_000, 100_040, 99_960):
            assert f"{newest:,} referrals, unchanged from 2022/23" in said(120_000, 80_000, 100_000, newest)

    def test_a_count_on_one_day_is_told_by_its_date(self):
        assert said(300, 220, 200, kind="stock").startswith("On 31 March 2023 there were 200 referrals, down 9.1% on")
        assert said(300, 220, 200).startswith("In 2022/23 there were 200 referrals")


class TestTheMostSince:
    """After a rise the most, after a fall the fewest: since the last year that went beyond it."""

    @pytest.mark.parametrize(
        "series, place",
        [
            ((1300, 900, 1000, 1100), "the most since 2020/21"),
            ((1300, 1200, 1000, 1100), "the most since 2021/22"),
            ((700, 1300, 1000, 900), "the fewest since 2020/21"),
            ((700, 800, 1000, 900), "the fewest since 2021/22"),
        ],
    )
    def test_since_the_last_year_beyond_it(self, series, place):
        assert said(*series).endswith(f", {place}.")

    def test_a_year_with_just_as_many_is_not_beyond_it(self):
        assert said(1300, 1100, 1000, 1100).endswith(", the most since 2020/21.")
        assert said(700, 900, 1000, 900).endswith(", the fewest since 2020/21.")

    def test_a_record_is_the_most_or_fewest_of_all_years(self):
        assert said(900, 1000, 1100).endswith(", the most of any year from 2020/21 on.")
        assert said(1000, 900, 800).endswith(", the fewest of any year from 2020/21 on.")

    def test_a_record_reached_again_is_no_new_one(self):
        assert said(1100, 1000, 1100).endswith(", as many as in any year from 2020/21 on.")
        assert said(900, 1000, 900).endswith(", as few as in any year from 2020/21 on.")
        assert said(900, 800, 800).endswith("unchanged from 2021/22, as few as in any year from 2020/21 on.")


class TestRepeatPlans:
    def test_the_newest_share_stands_beside_the_year_before_and_2014_15(self):
        share = pd.Series({2015: 16.6, 2024: 23.0, 2025: 24.5})
        assert front.repeats_sentence(share) == (
            "Of the plans that started in 2024/25, 24.5% were for children who had been on one before, "
            "against 23.0% in 2023/24 and 16.6% in 2014/15."
        )

    @pytest.mark.parametrize("before, same", [(24.5, True), (24.46, True), (24.4, False), (24.6, False)])
    def test_no_change_is_said_only_where_the_printed_shares_are_the_same(self, before, same):
        sentence = front.repeats_sentence(pd.Series({2015: 16.6, 2024: before, 2025: 24.5}))
        assert sentence.endswith("so no change on the year.") is same


def test_the_front_page_tells_four_counts_and_a_share_of_the_data():
    from cptrends import data, words

    first, *_, last = sentences = front.sentences()
    assert len(sentences) == 5
    referrals = data.load("referrals", area="England", start=2010).set_index("year")["value"]
    assert first == front.count_sentence(referrals, "referrals to children's social care", "flow")
    # The same again by another way: the figures of the sentence read back.
    newest, before = referrals.iloc[-1], referrals.iloc[-2]
    moved = round(100 * (newest / before - 1), 1)
    assert words.number(newest) in first
    assert ("up" if moved > 0 else "down" if moved < 0 else "unchanged") in first.split()
    assert "been on one before" in last
