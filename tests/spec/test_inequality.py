"""Chapter: deprivation. Ratio and gap, slope and relative index, concentration index.

Tenths of authorities and tenths of neighbourhoods answer different questions and differ by a factor
of six, so every function asks which it is given.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cptrends.errors import BadInput
from cptrends.indicators import (
    concentration_index,
    deprivation_groups,
    group_rates,
    mean,
    most_to_least,
    published_ratio_and_gap,
    relative_index,
    slope_index,
    standard_error,
)

# --- Who is in which tenth ---


def test_groups_by_number_of_areas_agree_with_the_peer(vectors):
    cases = vectors("groups_of_equal_size")
    for (_, groups, highest_first), rows in cases.groupby(["case", "groups", "highest_first"]):
        ours = deprivation_groups(
            rows["value"],
            unit="authority" if len(rows) < 400 else "neighbourhood",
            groups=groups,
            highest_first=bool(highest_first),
        )
        np.testing.assert_array_equal(ours["rank"], rows["rank"])
        np.testing.assert_array_equal(ours["group"], rows["group"])
        assert ((ours["note"] != "") | rows["value"].notna()).all()
    assert len(cases) == 982


def test_groups_by_population_hold_equal_numbers_of_people():
    # One city holds half of all children: it cannot be one tenth of them, but it moves the others.
    score, people = [40, 30, 20, 10], [100, 100, 200, 400]
    by_people = deprivation_groups(score, unit="authority", groups=2, population=people)
    assert by_people["group"].tolist() == [1, 1, 1, 2]
    assert deprivation_groups(score, unit="authority", groups=2)["group"].tolist() == [1, 1, 2, 2]


@given(st.lists(st.integers(0, 50), min_size=10, max_size=100), st.sampled_from([2, 4, 5, 10]), st.booleans())
def test_more_deprived_areas_are_never_in_a_less_deprived_group(score, groups, weighted):
    people = [1 + (7 * i) % 13 for i in range(len(score))] if weighted else None
    result = deprivation_groups(score, unit="authority", groups=groups, population=people).sort_values("score")
    assert result["group"].is_monotonic_decreasing and result["group"].between(1, groups).all()
    assert (result.groupby("score")["group"].nunique() == 1).all()


def test_nine_areas_have_no_tenths():
    result = deprivation_groups(range(9), unit="authority")
    assert result["group"].isna().all() and (result["note"] == "Too few areas (9) for 10 groups.").all()


def test_ranks_count_from_the_most_deprived_and_ends_are_labelled():
    result = deprivation_groups([1, 2, 3, None], unit="neighbourhood", groups=3, highest_first=False)
    assert result["label"].tolist() == [
        "1 (most deprived neighbourhoods)",
        "2",
        "3 (least deprived neighbourhoods)",
        "",
    ]
    assert result["status"].tolist()[-1] == "unavailable" and "no score" in result["note"].iloc[-1]


# --- Authorities or neighbourhoods ---


def test_the_unit_must_be_said():
    with pytest.raises(TypeError):
        deprivation_groups([1, 2])
    for unit in ("authorities", "LSOA", None):
        with pytest.raises(BadInput, match="tenths are not comparable"):
            deprivation_groups([1, 2], unit=unit)


def test_thousands_of_areas_are_not_authorities():
    with pytest.raises(BadInput, match="cannot be authorities"):
        deprivation_groups(np.arange(32_844), unit="authority")
    assert len(deprivation_groups(np.arange(32_844), unit="neighbourhood")) == 32_844


def test_authority_codes_are_not_neighbourhoods():
    score = pd.Series([1.0, 2.0], index=["E09000012", "E06000001"])
    with pytest.raises(BadInput, match="codes of local authorities"):
        deprivation_groups(score, unit="neighbourhood")
    assert (
        len(
            deprivation_groups(
                score.rename(index={"E09000012": "E01000001", "E06000001": "E01000002"}), unit="neighbourhood"
            )
        )
        == 2
    )


def test_the_unit_is_in_every_result():
    y, n, x = [60, 50, 30, 20], [9_000] * 4, [4, 3, 2, 1]
    results = [
        deprivation_groups(x, unit="authority"),
        group_rates(y, n, x, unit="authority"),
        most_to_least(y, n, x, unit="authority", groups=2),
        slope_index(y, n, x, unit="authority"),
        relative_index(y, n, x, unit="authority"),
        concentration_index(y, n, x, unit="authority"),
        published_ratio_and_gap(y, x, unit="authority", most_deprived=4),
    ]
    assert all((frame["unit"] == "authority").all() for frame in results)


def test_the_neighbourhood_study_of_2015_found_a_ratio_near_thirteen(vectors):
    tenths = vectors("tenths_of_neighbourhoods_2015")
    for measure, expected in (("on_plans_per_10000", 113 / 9), ("looked_after_per_10000", 133 / 12)):
        result = published_ratio_and_gap(tenths[measure], tenths["tenth"], unit="neighbourhood", most_deprived=10)
        assert result["value"].iloc[0] == pytest.approx(expected)
        assert (result["of"] == "tenth of neighbourhoods").all() and (result["note"] != "").all()


# --- Ratio and gap ---

COUNT, PEOPLE, SCORE = [90, 40, 30, 10], [10_000, 8_000, 9_000, 5_000], [40, 30, 20, 10]


def test_the_mean_of_authorities_and_the_pooled_rate_are_both_given():
    result = most_to_least(COUNT, PEOPLE, SCORE, unit="authority", groups=2).set_index(["comparison", "average"])
    assert result.loc[("ratio", "mean of areas"), "value"] == pytest.approx((90 + 50) / (30 / 0.9 + 20))
    assert result.loc[("ratio", "pooled"), "value"] == pytest.approx((130 / 18_000) / (40 / 14_000))
    assert result.loc[("gap", "mean of areas"), "value"] == pytest.approx(70 - (30 / 0.9 + 20) / 2)
    assert result.loc[("gap", "pooled"), "value"] == pytest.approx(1e4 * (130 / 18_000 - 40 / 14_000))
    assert (result["lower"] < result["value"]).all() and (result["value"] < result["upper"]).all()


def test_the_gap_has_welchs_limits():
    from scipy.stats import ttest_ind

    rng = np.random.default_rng(3)
    rates = rng.normal(50, 10, 20)
    result = most_to_least(rates, [10_000] * 20, np.arange(20), unit="authority", groups=2)
    gap = result[(result["comparison"] == "gap") & (result["average"] == "mean of areas")].iloc[0]
    theirs = ttest_ind(rates[10:], rates[:10], equal_var=False).confidence_interval(0.95)
    assert (gap["lower"], gap["upper"]) == pytest.approx((theirs.low, theirs.high))


def test_the_mean_of_a_tenth_is_the_plain_mean_with_students_t():
    result = group_rates(COUNT, PEOPLE, [1, 1, 2, 2], unit="authority")
    ours = result[result["average"] == "mean of areas"]
    theirs = mean([90, 50, 100 / 3, 20], [1, 1, 2, 2])
    np.testing.assert_allclose(ours[["value", "upper"]], theirs[["value", "upper"]])
    assert (ours["lower"] >= 0).all()


def test_a_withheld_authority_stops_its_tenth_unless_told_to_leave_it_out():
    count, status = [90, None, 30, 10], ["reported", "suppressed", "reported", "reported"]
    refused = most_to_least(count, PEOPLE, SCORE, unit="authority", groups=2, status=status)
    assert refused["value"].isna().all() and (refused["status"] == "suppressed").all()
    assert refused["note"].str.contains("1 of 2 areas have no figure").all()
    told = most_to_least(count, PEOPLE, SCORE, unit="authority", groups=2, status=status, missing="leave_out")
    # The groups are then of the three with a figure: the two most deprived of them against the last.
    assert told["value"].iloc[0] == pytest.approx((90 + 30 / 0.9) / 2 / 20) and (told["left_out"] == 1).all()
    assert told["note"].str.contains("1 of 4 areas left out (1 suppressed).", regex=False).all()


def test_an_authority_without_a_score_is_counted_as_left_out():
    result = most_to_least([*COUNT, 5], [*PEOPLE, 100], [*SCORE, None], unit="authority", groups=2)
    assert (result["left_out"] == 1).all() and (
        result["note"] == "1 of 5 areas left out (1 no deprivation score)."
    ).all()


def test_a_least_deprived_rate_of_zero_has_a_gap_and_no_ratio():
    result = most_to_least([10, 0], [100, 100], [2, 1], unit="authority", groups=2).set_index("comparison")
    assert (result.loc["ratio", "status"] == "not_applicable").all() and result.loc["ratio", "note"].str.contains(
        "zero"
    ).all()
    assert (result.loc["gap", "value"] == 1_000).all() and (result.loc["gap", "note"] != "").all()


def test_one_area_or_none_is_rows_with_reasons():
    one = most_to_least([10], [100], [2], unit="authority")
    assert one["value"].isna().all() and (one["note"] != "").all() and (one["status"] != "derived").all()
    none = most_to_least(
        [None, None], [100, 100], [2, 1], unit="authority", groups=2, status="suppressed", missing="leave_out"
    )
    assert none["value"].isna().all() and (none["status"] == "suppressed").all()


# --- Slope and relative index ---


def _peer_case(row, inputs):
    """Values, standard errors and transform of one of the peer's cases, on the peer's terms."""
    data = inputs[inputs["set"] == row.set]
    kind = {"other": None, "rate": "log", "proportion": "logit"}[row.kind]
    transform = kind if row.transformed else None
    value = data["value"].to_numpy()
    if transform or row.errors_from == "limits":
        se = standard_error(data["lower"], data["upper"], transform=transform)
    elif row.errors_from == "population":
        se = np.sqrt(value * (1 - value) / data["population"].to_numpy())
    else:
        # The peer takes the error of a rate on the log scale and of a proportion on the logit scale.
        se = data["standard_error"].to_numpy() * {None: 1, "log": value, "logit": value * (1 - value)}[kind]
    return data, se, transform


def test_slope_and_relative_index_agree_with_the_peer(vectors):
    inputs, cases = vectors("slopes_values"), vectors("slopes")
    for row in cases.itertuples():
        data, se, transform = _peer_case(row, inputs)
        options = {
            "unit": "neighbourhood",
            "se": se,
            "multiplier": row.multiplier,
            "transform": transform,
            "confidence": row.confidence,
        }
        slope = slope_index(data["value"], data["population"], data["position"], **options).iloc[0]
        relative = relative_index(data["value"], data["population"], data["position"], **options).iloc[0]
        assert slope["value"] == pytest.approx(row.slope, rel=1e-9)
        assert relative["value"] == pytest.approx(row.relative, rel=1e-9)
        assert slope["intercept"] == pytest.approx(row.intercept, rel=1e-9)
        if np.isnan(row.slope_lower):
            continue
        # The peer's limits are simulated, and move from run to run by up to 0.8% of their width. For
        # the slope on a transformed scale it holds the level fixed, which ours do not: 4% of the width.
        for ours, low, high, share in (
            (slope, row.slope_lower, row.slope_upper, 0.04 if transform else 0.01),
            (relative, row.relative_lower, row.relative_upper, 0.01),
        ):
            within = share * (high - low)
            assert abs(ours["lower"] - low) < within and abs(ours["upper"] - high) < within
            assert (ours["lower"], ours["upper"]) == pytest.approx((low, high), rel=0.05)
    assert len(cases) == 52


def test_many_groups_at_once_are_the_groups_one_by_one(vectors):
    inputs = vectors("slopes_values")
    keys = inputs[["set"]].assign(study="one")
    for function in (slope_index, relative_index, concentration_index):
        together = function(inputs["value"], inputs["population"], inputs["position"], unit="neighbourhood", group=keys)
        for label, rows in inputs.groupby(["set", keys["study"]]):
            alone = function(rows["value"], rows["population"], rows["position"], unit="neighbourhood").iloc[0]
            np.testing.assert_allclose(
                together.loc[label][["value", "lower", "upper"]].astype(float),
                alone[["value", "lower", "upper"]].astype(float),
                rtol=1e-9,
            )


def _by_hand(value, population, transform=lambda v: v):
    """The peer's definition, as a regression: value x sqrt(weight) on sqrt(weight), rank x sqrt(weight)."""
    weight = population / population.sum()
    rank = np.cumsum(weight) - weight / 2
    design = np.sqrt(weight)[:, None] * np.column_stack([np.ones_like(rank), rank])
    return np.linalg.lstsq(design, np.sqrt(weight) * transform(value), rcond=None)[0]


areas = st.lists(st.tuples(st.floats(1, 1000), st.integers(100, 10**6)), min_size=3, max_size=40)


@given(areas)
def test_the_closed_form_is_the_weighted_regression(rows):
    value, population = map(np.array, zip(*rows, strict=True))
    intercept, slope = _by_hand(value, population)
    ours = slope_index(value, population, np.arange(len(rows)), unit="authority").iloc[0]
    assert ours["value"] == pytest.approx(slope, abs=1e-6 * value.max())
    assert ours["intercept"] == pytest.approx(intercept, abs=1e-6 * value.max())


@given(areas, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter_and_equal_positions_share_a_rank(rows, random):
    value, population = map(np.array, zip(*rows, strict=True))
    place = np.arange(len(rows)) // 2
    shuffled = list(range(len(rows)))
    random.shuffle(shuffled)
    a = slope_index(value, population, place, unit="authority").iloc[0]
    b = slope_index(value[shuffled], population[shuffled], place[shuffled], unit="authority").iloc[0]
    if a["status"] == "derived":
        assert a["value"] == pytest.approx(b["value"], abs=1e-6 * value.max())
    else:
        assert a["note"] == b["note"] != ""


def test_without_standard_errors_the_limits_are_those_of_the_regression():
    import statsmodels.api as sm

    rng = np.random.default_rng(5)
    population = rng.integers(10_000, 300_000, 150).astype(float)
    value = 40 + 30 * np.linspace(0, 1, 150) + rng.normal(0, 8, 150)
    weight = population / population.sum()
    rank = np.cumsum(weight) - weight / 2
    theirs = sm.WLS(value, sm.add_constant(rank), weights=weight).fit()
    ours = slope_index(value, population, np.arange(150), unit="authority").iloc[0]
    assert (ours["lower"], ours["upper"]) == pytest.approx(tuple(theirs.conf_int()[1]))
    assert ours["method"] == "slope index, limits from the scatter about the line"


def test_a_relative_index_has_fiellers_limits():
    ours = relative_index([20, 26, 40], [100] * 3, [1, 2, 3], unit="authority", se=[2, 2, 2]).iloc[0]
    # At either limit r, the line at 1 less r times the line at 0 is just 1.96 standard errors from zero.
    weight = np.ones(3) / 3
    rank = np.array([1, 3, 5]) / 6
    slope = weight * (rank - 0.5) / (weight * (rank - 0.5) ** 2).sum()
    at0, at1 = weight - slope / 2, weight + slope / 2
    for limit in (ours["lower"], ours["upper"]):
        contrast = at1 - limit * at0
        assert abs(contrast @ [20, 26, 40]) / np.sqrt((contrast**2 * 4).sum()) == pytest.approx(1.959964, rel=1e-6)


def test_the_relative_index_of_a_multiple_is_the_same_and_turning_round_inverts_it():
    y, n, x = np.array([20.0, 26, 40]), [100] * 3, [1, 2, 3]
    one = relative_index(y, n, x, unit="authority").iloc[0]["value"]
    assert relative_index(9 * y, n, x, unit="authority").iloc[0]["value"] == pytest.approx(one)
    assert relative_index(y, n, x, unit="authority", multiplier=-1).iloc[0]["value"] == pytest.approx(1 / one)


def test_no_difference_is_no_inequality():
    y, n, x = [30.0] * 10, [100] * 10, range(10)
    assert slope_index(y, n, list(x), unit="authority").iloc[0]["value"] == pytest.approx(0, abs=1e-12)
    assert relative_index(y, n, list(x), unit="authority").iloc[0]["value"] == pytest.approx(1)
    assert concentration_index(y, n, list(x), unit="authority").iloc[0]["value"] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    "value, population, place, word",
    [
        ([5.0], [10], [1], "Fewer than two positions"),
        ([5.0, 6.0], [10, 10], [1, 1], "Fewer than two positions"),
        ([None, 6.0, 7.0], [10, 10, 10], [1, 2, 3], "1 of 3"),
        ([5.0, 6.0, 7.0], [0, 10, 10], [1, 2, 3], "1 of 3"),
        ([None, None], [10, 10], [1, 2], "2 of 2"),
        ([], [], [], "no areas"),
    ],
)
def test_a_group_that_cannot_be_fitted_says_why(value, population, place, word):
    for function in (slope_index, relative_index):
        row = function(value, population, place, unit="authority").iloc[0]
        assert np.isnan(row["value"]) and word in row["note"] and row["status"] in ("not_applicable", "unavailable")


def test_one_bad_group_does_not_spoil_the_others():
    result = slope_index(
        [1, 2, None, 5, 6, 9],
        [10] * 6,
        [1, 2, 1, 2, 1, 2],
        group=[2013, 2013, 2014, 2014, 2015, 2015],
        unit="authority",
        status=["reported"] * 2 + ["suppressed"] + ["reported"] * 3,
    )
    assert result["value"].notna().tolist() == [True, False, True]
    assert result.loc[2014, "status"] == "suppressed" and result.loc[2014, "left_out"] == 1
    told = slope_index(
        [1, 2, None, 5, 6, 9],
        [10] * 6,
        [1, 2, 3, 2, 1, 2],
        group=[1, 1, 1, 2, 2, 2],
        unit="authority",
        missing="leave_out",
    )
    assert told.loc[1, "value"] == pytest.approx(2) and told.loc[1, "note"].startswith("1 of 3 areas left out.")


def test_a_line_that_reaches_zero_has_no_relative_index():
    row = relative_index([0, 1, 10], [10] * 3, [1, 2, 3], unit="authority").iloc[0]
    assert np.isnan(row["value"]) and "zero or below" in row["note"] and row["status"] == "not_applicable"


def test_a_ratio_without_bounds_says_so():
    row = relative_index([20, 30, 40], [100] * 3, [1, 2, 3], unit="authority", se=[20, 20, 20]).iloc[0]
    assert row["value"] == pytest.approx(3) and np.isnan(row["lower"]) and "no bounds" in row["note"]


def test_a_value_the_transform_cannot_take_is_a_reason():
    row = slope_index([0, 1, 2], [10] * 3, [1, 2, 3], unit="authority", transform="log").iloc[0]
    assert row["status"] == "not_applicable" and "not usable" in row["note"]


# --- Concentration index ---


def test_concentration_indices_agree_with_the_world_health_organizations(vectors):
    rows = vectors("concentration")
    for column in ("absolute", "relative"):
        ours = concentration_index(
            rows["value"], rows["population"], rows["position"], unit="neighbourhood", relative=column == "relative"
        ).iloc[0]
        # The peer prints eight digits and its own tests allow 1e-6 and 1e-3.
        assert ours["value"] == pytest.approx(rows[column][0], rel=2e-7)


@given(areas)
def test_the_concentration_index_is_twice_the_covariance_with_rank(rows):
    value, population = map(np.array, zip(*rows, strict=True))
    weight = population / population.sum()
    rank = np.cumsum(weight) - weight / 2
    twice = 2 * (weight * (value - (weight * value).sum()) * (rank - 0.5)).sum()
    ours = concentration_index(value, population, np.arange(len(rows)), unit="authority", relative=False).iloc[0]
    assert ours["value"] == pytest.approx(twice, abs=1e-7 * value.max())
    relative = concentration_index(value, population, np.arange(len(rows)), unit="authority").iloc[0]["value"]
    assert -1 < relative < 1


def test_its_limits_come_from_the_errors_given():
    exact = concentration_index([20, 30, 40], [100] * 3, [1, 2, 3], unit="authority", se=[0, 0, 0]).iloc[0]
    assert exact["lower"] == exact["value"] == exact["upper"]
    loose = concentration_index(
        [20, 30, 40], [100] * 3, [1, 2, 3], unit="authority", se=[2, 2, 2], relative=False
    ).iloc[0]
    by_hand = 1.959964 * 2 * np.sqrt((((2 * np.array([1, 3, 5]) / 6 - 1) / 3) ** 2).sum())
    assert loose["upper"] - loose["value"] == pytest.approx(by_hand, rel=1e-6)


def test_a_mean_of_zero_has_no_relative_concentration():
    row = concentration_index([0, 0], [10, 10], [1, 2], unit="authority").iloc[0]
    assert np.isnan(row["value"]) and "mean is not above zero" in row["note"]


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: slope_index([1, 2], [1, 2], [1, 2], unit="authority", transform="sqrt"), "transform"),
        (lambda: slope_index([1, 2], [1, 2], [1, 2], unit="authority", multiplier=0), "multiplier"),
        (lambda: slope_index([1, 2], [1, 2], [1, 2], unit="authority", missing="drop"), "missing is"),
        (lambda: slope_index([1, 2], [1, 2], [1, 2], unit="authority", group=[1]), "labels"),
        (lambda: deprivation_groups([1, 2], unit="authority", groups=1), "whole number"),
        (lambda: published_ratio_and_gap([1, 2], [1, 2], unit="neighbourhood", most_deprived=5), "most_deprived"),
        (lambda: published_ratio_and_gap([1, 2], [1, 1], unit="neighbourhood", most_deprived=1), "one number"),
    ],
)
def test_bad_input_gets_one_plain_sentence(call, words):
    with pytest.raises(BadInput, match=words):
        call()
