"""What counts as a column of numbers, and how rows are judged."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cptrends.data.status import STATUSES, has_value, weakest
from cptrends.errors import BadInput
from cptrends.indicators import rate, share
from cptrends.indicators.inputs import judge, numbers, one_status, together, z_value


@pytest.mark.parametrize(
    "values",
    [
        [1, 2, None],
        (1.0, 2.0, np.nan),
        pd.Series([1, 2, None]),
        pd.Series([1, 2, None], dtype="Int64"),
        pd.array([1, 2, None], dtype="Float64"),
        np.array([1, 2, None], dtype=object),
        pd.Index([1.0, 2.0, np.nan]),
        pd.Series([1, 2, pd.NA], dtype=object),
    ],
)
def test_any_column_of_numbers_will_do(values):
    np.testing.assert_array_equal(numbers(values, "count"), [1, 2, np.nan])


@pytest.mark.parametrize(
    "value, expected", [(3, 3), (3.5, 3.5), (None, np.nan), (pd.NA, np.nan), (np.int64(3), 3), (range(3, 4), 3)]
)
def test_one_number_is_a_column_of_one(value, expected):
    np.testing.assert_array_equal(numbers(value, "count"), [expected])


@pytest.mark.parametrize(
    "values",
    [
        "c",
        ["1", "2"],
        pd.Series(["x", 2]),
        pd.Series(["1"]),
        {"a": 1},
        [[1], [2, 3]],
        np.zeros((2, 2)),
        [1, float("inf")],
        [object()],
        np.array(["5"]),
    ],
)
def test_anything_else_is_refused_by_name(values):
    with pytest.raises(BadInput, match=r"^count "):
        numbers(values, "count")


def test_one_number_stands_for_a_whole_column():
    arrays, status, index = together(None, a=pd.Series([1, 2], index=["x", "y"]), b=7)
    assert arrays["b"].tolist() == [7, 7] and status is None and index.tolist() == ["x", "y"]


def test_a_status_column_must_belong_to_the_same_rows():
    counts = pd.Series([1, 2], index=["x", "y"])
    with pytest.raises(BadInput, match="status have different indexes"):
        rate(counts, 10, status=pd.Series(["reported", "suppressed"], index=["y", "x"]))


def test_the_first_fault_is_the_one_that_is_said():
    yes, no = np.array([True, True]), np.array([False, True])
    ok, status, note = judge(2, None, (no, "unavailable", "first"), (yes, "not_applicable", "second"))
    assert (
        not ok.any() and status.tolist() == ["not_applicable", "unavailable"] and note.tolist() == ["second", "first"]
    )


statuses = st.lists(st.sampled_from(STATUSES), min_size=1, max_size=20)


@given(statuses)
def test_a_row_has_a_value_or_a_reason_never_both_never_neither(given_statuses):
    for function in (rate, share):
        frame = function([5] * len(given_statuses), 10, status=given_statuses)
        there = frame["value"].notna().to_numpy()
        assert (there == has_value(np.array(given_statuses, dtype=object))).all()
        assert ((frame["note"] == "").to_numpy() == there).all()
        assert frame["status"].tolist() == list(weakest(given_statuses))


@given(statuses)
def test_many_statuses_make_their_weakest(given_statuses):
    assert one_status(given_statuses) == weakest(*given_statuses)


def test_no_statuses_make_derived():
    assert one_status([]) == "derived"


@pytest.mark.parametrize("confidence", [0, 1, -0.5, 95, "0.95", [0.95], float("nan")])
def test_confidence_is_one_number_between_none_and_all(confidence):
    with pytest.raises(BadInput, match="between 0 and 1"):
        z_value(confidence)
