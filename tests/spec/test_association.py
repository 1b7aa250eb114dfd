"""Association: do grade and deprivation, or any two things, go together across authorities?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cptrends.errors import BadInput
from cptrends.indicators.association import association, grade_score

RANDOM = np.random.default_rng(11)
DEPRIVATION = RANDOM.normal(22, 7, 150)


def row(x, y, kind, **settings):
    frame = association(x, y, kind=kind, **settings)
    assert len(frame) == 1
    return frame.iloc[0]


class TestGradesAsRanks:
    def test_they_are_ordered_and_adequate_counts_as_requires_improvement(self):
        grades = ["Outstanding", "Good", "Requires improvement to be good", "Adequate", "Inadequate"]
        assert grade_score(grades).tolist() == [4, 3, 2, 2, 1]

    def test_no_grade_is_missing_and_another_word_is_refused(self):
        assert np.isnan(grade_score(["", None])).all()
        with pytest.raises(BadInput, match="Excellent"):
            grade_score(["Excellent"])


class TestOrdered:
    def test_a_known_case(self):
        got = row([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [2, 1, 4, 3, 6, 5, 8, 7, 10, 9], "ordered")
        assert got["value"] == pytest.approx(1 - 6 * 10 / 990)  # rho from the squared differences of ranks
        assert got["kendall"] == pytest.approx((40 - 5) / 45)

    def test_nothing_to_find_is_no_clear_relationship(self):
        got = row(np.random.default_rng(4).integers(1, 5, 150), DEPRIVATION, "ordered", names=("grade", "deprivation"))
        assert got["lower"] < 0 < got["upper"] and "150 areas" in got["sentence"]
        assert got["sentence"].startswith("No clear relationship between grade and deprivation")

    def test_a_relationship_is_named_with_its_direction_and_strength(self):
        grades = np.clip(np.round(2.5 - (DEPRIVATION - 22) / 7 + RANDOM.normal(0, 0.7, 150)), 1, 4)
        got = row(DEPRIVATION, grades, "ordered", names=("deprivation", "grade"))
        assert got["sentence"].startswith("Where deprivation is higher, grade tends to be lower, a strong relationship")
        assert got["upper"] < -0.5

    def test_the_interval_covers(self):
        random = np.random.default_rng(8)
        truth = 6 / np.pi * np.arcsin(0.4 / 2)  # Spearman's rho of a normal pair correlated at 0.4
        inside = []
        for _ in range(300):
            x = random.normal(size=60)
            got = row(x, 0.4 * x + np.sqrt(1 - 0.16) * random.normal(size=60), "ordered")
            inside.append(got["lower"] <= truth <= got["upper"])
        assert 0.92 <= np.mean(inside) <= 0.99


class TestTwoGroups:
    def test_delta_is_the_chance_of_higher_less_the_chance_of_lower(self):
        good, other = np.array([5.0, 6, 7, 8]), np.array([1.0, 2, 6, 3])
        got = row([True] * 4 + [False] * 4, np.r_[good, other], "two_groups")
        pairs = np.sign(good[:, None] - other[None, :])
        assert got["value"] == pytest.approx(pairs.mean())
        assert got["lower"] < got["value"] < got["upper"]

    def test_complete_separation_still_has_an_interval(self):
        got = row([True] * 6 + [False] * 6, range(12), "two_groups")
        assert got["value"] == -1 and -1 <= got["lower"] <= got["upper"] < 0

    def test_three_groups_are_refused(self):
        with pytest.raises(BadInput, match="groups"):
            row(["a", "b", "c"] * 3, range(9), "two_groups")


class TestGroups:
    def test_regions_that_differ(self):
        region = np.repeat(list("abcdefghi"), 16)
        got = row(region, np.repeat(np.arange(9), 16) + RANDOM.normal(0, 2, 144), "groups", names=("region", "grade"))
        assert got["sentence"].startswith("Grade differs by region") and got["lower"] > 0.2

    def test_regions_that_do_not_are_seldom_said_to(self):
        region, random = np.repeat(list("abcdefghi"), 16), np.random.default_rng(5)
        said = [row(region, random.normal(size=144), "groups", draws=50)["sentence"] for _ in range(60)]
        assert np.mean([s.startswith("No clear relationship") for s in said]) > 0.85

    def test_the_effect_is_h_over_n_less_one(self):
        from scipy import stats

        y = RANDOM.integers(1, 5, 60)
        region = np.repeat(list("abc"), 20)
        h = stats.kruskal(*(y[region == g] for g in "abc")).statistic
        assert row(region, y, "groups")["value"] == pytest.approx(h / 59)


class TestGapsAndOddities:
    def test_a_suppressed_area_is_left_out_and_counted(self):
        status = ["suppressed"] + ["reported"] * 149
        got = row(DEPRIVATION, DEPRIVATION, "ordered", status=status)
        assert (got["n_areas"], got["left_out"]) == (149, 1) and "1 area " in got["note"]

    @pytest.mark.parametrize("kind", ["ordered", "two_groups", "groups"])
    @pytest.mark.parametrize(
        "x, y",
        [([], []), ([1.0], [2.0]), ([1.0] * 9, range(9)), ([0.0, 1] * 5, [3.0] * 10), ([np.nan] * 9, [np.nan] * 9)],
    )
    def test_nothing_to_go_on_gives_a_reason(self, kind, x, y):
        got = row(x, list(y), kind)
        assert np.isnan(got["value"]) and got["sentence"].startswith("Cannot tell:") and got["status"] == "unavailable"

    @pytest.mark.parametrize(
        "x, y, kind", [([1, 2], [1], "ordered"), ([1] * 9, [1] * 9, "linear"), ([1] * 5, ["Good"] * 5, "ordered")]
    )
    def test_impossible_input_is_refused(self, x, y, kind):
        with pytest.raises(BadInput):
            association(x, y, kind=kind)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 60)), min_size=5, max_size=40))
def test_turning_one_over_turns_the_effect_over(pairs):
    x, y = np.array(pairs, dtype=float).T
    one, other = row(x, y, "ordered"), row(-x, y, "ordered")
    if one["status"] == "derived":
        assert one["value"] == pytest.approx(-other["value"], abs=1e-12)
        assert one["lower"] == pytest.approx(-other["upper"], abs=1e-9)
        assert one["lower"] - 1e-9 <= one["value"] <= one["upper"] + 1e-9
