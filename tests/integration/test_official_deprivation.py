"""Deprivation on the real files: three editions, and 2025 averaged to upper tier (trap 12)."""

import pytest

from cptrends.data import areas
from cptrends.sources import deprivation


def figures(frame, measure, column="published"):
    return frame[frame["measure"] == measure].set_index("area_code")[column].astype(float)


@pytest.fixture
def upper_2025(official):
    return deprivation.to_upper_tier(
        official("deprivation-2025"), official("geography-2023"), official("population-mid-2022")
    )


@pytest.mark.parametrize("year, count", [(2015, 152), (2019, 151)])
def test_ranks_run_from_the_most_deprived_and_follow_the_scores(official, unmapped, year, count):
    frame = official(f"deprivation-{year}")
    assert set(frame["area_code"]) == set(areas.authorities(year if year == 2015 else 2020))
    for index in ("imd", "idaci"):
        score, rank = figures(frame, f"{index}_score"), figures(frame, f"{index}_rank")
        assert rank.min() == 1 and rank.max() == count
        # Published scores are rounded, so authorities next to each other can tie.
        assert score[rank.sort_values().index].is_monotonic_decreasing
    assert unmapped(f"deprivation-{year}", frame) == []


@pytest.mark.parametrize(
    "year, measure, code, value",
    [(2015, "imd_score", "E06000002", 40.216), (2015, "imd_rank", "E06000001", 17),
     (2015, "idaci_score", "E06000001", 0.307),
     (2019, "imd_score", "E06000002", 40.46), (2019, "idaci_score", "E10000034", 0.142),
     (2019, "idaci_rank", "E10000034", 105)],
)  # fmt: skip
def test_cells_read_off_the_workbooks_by_eye(official, year, measure, code, value):
    assert figures(official(f"deprivation-{year}"), measure)[code] == value


def test_authorities_made_after_2019_have_no_score_of_2019(official):
    codes = set(official("deprivation-2019")["area_code"])
    assert not {"E06000061", "E06000062", "E06000063", "E06000064"} & codes
    # Northamptonshire and Cumbria, split since, keep their own.
    assert {"E10000021", "E10000006"} <= codes


def test_2025_covers_todays_authorities_and_is_marked_derived(upper_2025):
    assert set(upper_2025["area_code"]) == set(areas.authorities(2025))
    assert set(upper_2025["status"]) == {"derived"} and upper_2025["value"].notna().all()


def test_2025_leaves_single_tier_scores_as_published_and_ranks_them_anew(official, upper_2025):
    districts = figures(official("deprivation-2025"), "district_imd_score")
    upper = figures(upper_2025, "imd_score", "value")
    single = districts.index.intersection(upper.index)
    assert len(single) == 132
    assert upper[single].to_numpy() == pytest.approx(districts[single].to_numpy())
    # The district rank is among 296, so it may not stand as an authority's.
    assert figures(upper_2025, "imd_rank", "value").max() == 153


def test_a_county_lies_between_its_districts(official, upper_2025):
    lookup = official("geography-2023")
    districts = figures(official("deprivation-2025"), "district_imd_score")
    upper = figures(upper_2025, "imd_score", "value")
    for code, rows in lookup.groupby("area_code"):
        members = districts[rows["district_code"]]
        assert members.min() - 1e-9 <= upper[code] <= members.max() + 1e-9


def test_ranks_change_slowly_from_edition_to_edition(official, upper_2025):
    now = figures(upper_2025, "imd_rank", "value")
    before = figures(official("deprivation-2019"), "imd_rank")
    both = now.index.intersection(before.index)
    assert len(both) == 149
    assert now.corr(before) > 0.95
    moved = (now[both].rank() - before[both].rank()).abs()
    assert moved.median() <= 6 and moved.max() <= 40
