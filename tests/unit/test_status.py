"""The arithmetic of statuses: what is computed from figures is never surer than the weakest of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cptrends.data.status import MEANING, STATUSES, WITH_VALUE, WITHOUT_VALUE, has_value, weakest

one = st.sampled_from(STATUSES)
several = st.lists(one, min_size=1, max_size=6)
RANK = {status: rank for rank, status in enumerate(STATUSES)}


@given(several, st.randoms())
def test_order_makes_no_difference(statuses, random):
    shuffled = random.sample(statuses, len(statuses))
    assert weakest(*statuses) == weakest(*shuffled)


@given(one, one, one)
def test_steps_make_no_difference(a, b, c):
    assert weakest(weakest(a, b), c) == weakest(a, weakest(b, c)) == weakest(a, b, c)


@given(several, one)
def test_another_figure_never_strengthens(statuses, another):
    assert RANK[weakest(*statuses, another)] >= RANK[weakest(*statuses)]
    assert RANK[weakest(*statuses)] >= max(RANK[status] for status in statuses)


@given(several)
def test_what_has_no_value_never_gets_one(statuses):
    assert has_value(weakest(*statuses)) == all(has_value(status) for status in statuses)
    if "suppressed" in statuses:
        assert weakest(*statuses) == "suppressed"


def test_a_figure_worked_out_from_reported_ones_is_derived_not_reported():
    assert weakest("reported") == weakest("reported", "reported", "derived") == "derived"


@given(st.lists(st.tuples(one, one), min_size=1, max_size=20))
def test_arrays_are_combined_cell_by_cell(pairs):
    left, right = (list(side) for side in zip(*pairs, strict=True))
    assert list(weakest(left, right)) == [weakest(a, b) for a, b in pairs]
    assert list(has_value(np.array(left, dtype=object))) == [has_value(a) for a in left]
    assert list(weakest(left, "suppressed")) == ["suppressed"] * len(left)


def test_nothing_to_combine_is_nothing():
    assert weakest(np.array([], dtype=object), "reported").shape == (0,)


@pytest.mark.parametrize("word", ["", "Suppressed", "c", "x"])
def test_other_words_are_refused(word):
    with pytest.raises(ValueError, match="the statuses are reported, derived"):
        weakest("reported", word)
    with pytest.raises(ValueError, match="is not a status"):
        has_value(["reported", word])


def test_each_status_is_on_one_side_and_explained():
    assert set(WITH_VALUE).isdisjoint(WITHOUT_VALUE)
    assert set(MEANING) == set(STATUSES)
    assert all(sentence.endswith(".") for sentence in MEANING.values())
