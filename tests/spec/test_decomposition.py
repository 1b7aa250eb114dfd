"""Chapter: taking a rise apart into more children, higher rates, and where they live.

Kitagawa for two factors and Das Gupta for up to five: the parts add up to the whole change.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cptrends.errors import BadInput
from cptrends.indicators import children_rate_place, decompose

EXAMPLES = ["2.1", "2.2", "2.3", "2.4", "3.1", "4.3", "two factors"]


@pytest.mark.parametrize("case", EXAMPLES)
def test_das_guptas_worked_examples(case, vectors):
    inputs, expected = (table[table["case"] == case] for table in (vectors("das_gupta_factors"), vectors("das_gupta")))
    factors = {
        time: {
            name: rows["value"].to_numpy() if rows["cell"].notna().all() else float(rows["value"].iloc[0])
            for name, rows in factors.groupby("factor", sort=False)
        }
        for time, factors in inputs.groupby("time", sort=False)
    }
    difference = (expected["combined"] == "difference").all()
    combine = (lambda crude_birth, crude_death: crude_birth - crude_death) if difference else None
    ours = decompose(factors["start"], factors["end"], combine=combine).set_index("factor")
    assert set(ours.index) == set(expected["factor"])
    for row in expected.itertuples():
        assert ours.loc[row.factor, "start"] == pytest.approx(row.start, rel=1e-9)
        assert ours.loc[row.factor, "end"] == pytest.approx(row.end, rel=1e-9)
    parts = ours.drop("total")["value"]
    assert parts.sum() == pytest.approx(ours.loc["total", "value"], rel=1e-9)


def test_the_peers_examples_are_all_there(vectors):
    assert vectors("das_gupta")["case"].unique().tolist() == EXAMPLES
    assert len(vectors("das_gupta_factors")) == 90


def test_two_factors_are_kitagawas_formula():
    share = np.array([[0.3, 0.7], [0.5, 0.5]])
    rate = np.array([[10.0, 40.0], [20.0, 30.0]])
    ours = decompose({"share": share[0], "rate": rate[0]}, {"share": share[1], "rate": rate[1]}).set_index("factor")
    assert ours.loc["share", "value"] == pytest.approx(((share[1] - share[0]) * rate.mean(axis=0)).sum())
    assert ours.loc["rate", "value"] == pytest.approx(((rate[1] - rate[0]) * share.mean(axis=0)).sum())
    assert (ours["method"] == "Kitagawa").all()


numbers = st.floats(0.01, 1000)


@given(
    st.integers(2, 5).flatmap(
        lambda n: st.tuples(st.lists(numbers, min_size=n, max_size=n), st.lists(numbers, min_size=n, max_size=n))
    )
)
def test_the_parts_add_up_and_reversing_time_reverses_them(pair):
    a, b = ({f"f{i}": v for i, v in enumerate(values)} for values in pair)
    there, back = decompose(a, b), decompose(b, a)
    scale = max(abs(there[["start", "end"]].to_numpy()).max(), 1)
    assert there["value"].iloc[:-1].sum() == pytest.approx(there["value"].iloc[-1], abs=1e-9 * scale)
    assert (there["value"] + back["value"]).abs().max() <= 1e-9 * scale


@given(st.lists(numbers, min_size=3, max_size=3), numbers)
def test_a_factor_that_stood_still_made_no_difference(values, other):
    a = dict(zip("xyz", values, strict=True))
    result = decompose(a, {**a, "x": other}).set_index("factor")
    assert result.loc[["y", "z"], "value"].tolist() == pytest.approx([0, 0], abs=1e-6 * result["end"].max())


def test_nothing_changed_has_no_percentages_and_says_so():
    result = decompose({"a": 2, "b": 3}, {"a": 2, "b": 3})
    assert (result["value"] == 0).all() and result["percent"].isna().all() and (result["note"] != "").all()


def test_a_missing_factor_is_rows_with_a_reason():
    result = decompose({"a": 2, "b": None}, {"a": 2, "b": 3})
    assert len(result) == 3 and result["value"].isna().all() and (result["status"] == "unavailable").all()
    assert (result["note"] == "Not computed: a factor is missing.").all()


# --- Children, rate, where they live ---


def test_only_more_children():
    result = children_rate_place([40, 20], [10_000, 10_000], [60, 30], [15_000, 15_000]).set_index("factor")
    assert result["value"].tolist() == pytest.approx([30, 0, 0, 30])


def test_only_higher_rates():
    result = children_rate_place([40, 20], [10_000, 10_000], [60, 30], [10_000, 10_000]).set_index("factor")
    assert result.loc["rate", "percent"] == pytest.approx(100)


def test_only_where_they_live():
    result = children_rate_place([40, 20], [10_000, 10_000], [60, 10], [15_000, 5_000]).set_index("factor")
    assert result.loc["where they live", "value"] == pytest.approx(10) == result.loc["total", "value"]


def test_one_area_has_no_where():
    result = children_rate_place(40, 10_000, 60, 12_000).set_index("factor")
    assert result.loc["where they live", "value"] == pytest.approx(0, abs=1e-12)
    assert result.loc["total", "value"] == pytest.approx(20)


def test_a_withheld_authority_stops_it_unless_told_to_leave_it_out():
    inputs = ([40, None, 20], [10_000, 500, 10_000], [60, 3, 30], [10_000, 500, 10_000])
    status = ["reported", "suppressed", "reported"]
    refused = children_rate_place(*inputs, status=status)
    assert refused["value"].isna().all() and (refused["status"] == "suppressed").all()
    assert refused["note"][0] == "Not computed: 1 of 3 areas have no figure in one of the years."
    told = children_rate_place(*inputs, status=status, missing="leave_out").set_index("factor")
    assert told.loc["total", "value"] == pytest.approx(30) and told["left_out"].iloc[0] == 1
    assert "1 of 3 areas left out" in told["note"].iloc[0]


def test_all_withheld_is_rows_with_a_reason():
    result = children_rate_place([None], [None], [None], [None], status="suppressed", missing="leave_out")
    assert result["value"].isna().all() and (result["status"] == "suppressed").all()


@pytest.mark.parametrize(
    "start, end, words",
    [
        ({"a": 1}, {"a": 1}, "two to five"),
        ({"a": 1, "b": 1}, {"a": 1, "c": 1}, "must be the same"),
        ({"a": [1, 2], "b": [1, 2, 3]}, {"a": [1, 2], "b": [1, 2, 3]}, "different lengths"),
        ({"a": "1", "b": 1}, {"a": 1, "b": 1}, "text"),
    ],
)
def test_bad_input_gets_one_plain_sentence(start, end, words):
    with pytest.raises(BadInput, match=words):
        decompose(start, end)


def test_a_combination_that_does_not_take_the_factors_is_refused():
    with pytest.raises(BadInput, match="keywords"):
        decompose({"a": 1, "b": 2}, {"a": 2, "b": 2}, combine=lambda x: x)
