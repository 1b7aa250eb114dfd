"""Chapter: shares of a whole, how long plans last, and the way along the pathway.

A share is a part of a whole and carries Wilson's limits. Steps along the pathway are not shares,
because a year's enquiries are not a part of that year's referrals: they are ratios.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from cptrends.errors import BadInput
from cptrends.indicators import DURATION_BANDS, duration_shares, pathway_conversion, rate, share


def test_shares_agree_with_the_peer_on_every_case(vectors):
    cases = vectors("shares")
    for (per, confidence), rows in cases.groupby(["per", "confidence"]):
        ours = share(rows["part"], rows["whole"], per=per, confidence=confidence)
        for column in ("value", "lower", "upper"):
            np.testing.assert_allclose(ours[column], rows[column], rtol=1e-9)
        assert (ours["method"][rows["value"].notna()] == "Wilson").all()
        assert (ours["note"][rows["value"].isna()] != "").all()
    assert len(cases) == 38


def test_a_share_of_several_areas_is_the_share_of_their_sums(vectors):
    cases = vectors("shares_of_groups").groupby("case")
    for _, rows in cases:
        one = rows.iloc[0]
        ours = share(rows["part"].sum(), rows["whole"].sum(), per=one["per"], confidence=one["confidence"]).iloc[0]
        for column in ("value", "lower", "upper"):
            np.testing.assert_allclose(ours[column], one[column], rtol=1e-9)
    assert len(cases) == 8


def test_wilsons_formula_agrees_also_for_counts_that_are_not_whole(vectors):
    cases = vectors("wilson_limits")
    assert len(cases) == 6
    for row in cases.itertuples():
        ours = share(row.part, row.whole, per=1, confidence=row.confidence).iloc[0]
        np.testing.assert_allclose([ours["lower"], ours["upper"]], [row.lower, row.upper], rtol=1e-9)


@pytest.mark.parametrize("part, whole", [(5, 40), (39, 40), (200, 1_000)])
def test_the_score_test_just_rejects_each_limit(part, whole):
    row = share(part, whole, per=1).iloc[0]
    for limit in (row["lower"], row["upper"]):
        score = (part / whole - limit) / np.sqrt(limit * (1 - limit) / whole)
        assert abs(score) == pytest.approx(ndtri(0.975))


def test_none_and_all_are_shares_too():
    frame = share([0, 40], [40, 40])
    assert frame["value"].tolist() == [0, 100]
    assert frame["lower"][0] == 0 and frame["upper"][1] == 100
    assert frame["upper"][0] > 0 and frame["lower"][1] < 100


def test_more_than_the_whole_is_not_a_share():
    row = share(41, 40).iloc[0]
    assert np.isnan(row["value"]) and row["note"] == "The numerator is larger than the denominator."


def test_a_denominator_of_zero_says_so():
    row = share(0, 0).iloc[0]
    assert np.isnan(row["value"]) and row["status"] == "not_applicable" and "zero" in row["note"]


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_limits_hold_the_share_and_stay_within_none_and_all(pair):
    part, whole = pair
    row = share(part, whole).iloc[0]
    assert 0 <= row["lower"] <= row["value"] * (1 + 1e-12) and row["value"] <= row["upper"] * (1 + 1e-12) <= 100.0000001


@given(st.integers(1, 10**5).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_and_the_share_of_the_rest_mirror_each_other(pair):
    part, whole = pair
    this, rest = share(part, whole).iloc[0], share(whole - part, whole).iloc[0]
    assert this["lower"] + rest["upper"] == pytest.approx(100)


# --- How long plans last ---

COUNTS = dict(zip(DURATION_BANDS, (20, 15, 40, 20, 5), strict=True))


def test_the_five_bands_add_up_to_the_whole():
    assert duration_shares(COUNTS)["value"].sum() == pytest.approx(100)
    assert duration_shares(COUNTS, per=1)["value"].sum() == pytest.approx(1)


@given(st.lists(st.integers(0, 10**5), min_size=5, max_size=5).filter(any))
def test_they_do_so_for_any_counts(counts):
    assert duration_shares(dict(zip(DURATION_BANDS, counts, strict=True)), per=1)["value"].sum() == pytest.approx(1)


def test_a_withheld_band_stays_withheld_and_the_others_keep_their_shares():
    counts = pd.DataFrame({f"plans_ended_{band}": [20, 20] for band in DURATION_BANDS}, index=["Rutland", "Kent"])
    counts = counts.astype(float)
    counts.iloc[0, 4] = np.nan
    status = pd.DataFrame("reported", index=counts.index, columns=counts.columns)
    status.iloc[0, 4] = "suppressed"
    result = duration_shares(counts, pd.Series([83, 100], index=counts.index), status=status)
    rutland, kent = result.loc["Rutland"].set_index("band"), result.loc["Kent"].set_index("band")
    hidden = rutland.loc["2_years_or_more"]
    assert np.isnan(hidden["value"]) and hidden["status"] == "suppressed" and "withheld" in hidden["note"]
    assert rutland["value"].iloc[:4].tolist() == pytest.approx([100 * 20 / 83] * 4)
    assert rutland["note"].iloc[0].startswith("Share of the published total")
    assert kent["value"].sum() == pytest.approx(100)
    # Nothing in the table gives the withheld 3 away except the published total itself.
    assert np.isnan(hidden["numerator"])


def test_a_withheld_band_without_a_published_total_leaves_no_shares_but_reasons():
    result = duration_shares(
        {**COUNTS, "2_years_or_more": None},
        status={**dict.fromkeys(DURATION_BANDS, "reported"), "2_years_or_more": "suppressed"},
    )
    assert result["value"].isna().all() and (result["note"] != "").all()
    assert result["status"].tolist() == ["unavailable"] * 4 + ["suppressed"]


def test_a_published_total_that_differs_is_said():
    assert (
        duration_shares(COUNTS, 110)["note"][0].tolist() == ["The bands add up to 100; the published total is 110."] * 5
    )
    assert (duration_shares(COUNTS, 100)["note"] == "").all()


def test_every_plan_withheld_is_five_rows_with_reasons():
    result = duration_shares(dict.fromkeys(DURATION_BANDS), status=dict.fromkeys(DURATION_BANDS, "suppressed"))
    assert len(result) == 5 and (result["status"] == "suppressed").all() and (result["note"] != "").all()


@pytest.mark.parametrize(
    "bands",
    [
        dict.fromkeys(DURATION_BANDS[:4], 1),
        {**COUNTS, "unknown": 3},
        {**{f"a_{b}": 1 for b in DURATION_BANDS[:4]}, "a_3_months_or_less_": 1},
    ],
)
def test_anything_but_the_five_bands_is_refused(bands):
    with pytest.raises(BadInput, match="five bands"):
        duration_shares(bands)


# --- The pathway ---


def test_steps_are_ratios_with_the_limits_of_a_rate():
    result = pathway_conversion([635_600, 100], [160_150, 120], [71_140, 50], [62_210, 60])
    first, second = result.loc[0].set_index("step"), result.loc[1].set_index("step")
    assert first["value"].round(1).tolist() == [25.2, 44.4, 87.4]
    # More enquiries than referrals, and more plans than conferences, happen and are shown.
    assert second["value"].tolist() == pytest.approx([120, 100 * 50 / 120, 120])
    expected = rate(62_210, 71_140, per=100).iloc[0]
    assert first.loc["plan_per_conference", ["lower", "upper"]].tolist() == expected[["lower", "upper"]].tolist()


def test_a_withheld_count_touches_only_the_steps_it_is_part_of():
    result = pathway_conversion(100, 50, None, 20, status={"initial_conferences": "suppressed"}).set_index("step")
    assert result.loc["section_47_per_referral", "value"] == 50
    assert (result.loc[["conference_per_section_47", "plan_per_conference"], "status"] == "suppressed").all()


def test_a_status_for_something_else_is_refused():
    with pytest.raises(BadInput, match="the four counts"):
        pathway_conversion(1, 1, 1, 1, status={"plans": "reported"})
