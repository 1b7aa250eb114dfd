"""The lookups from district to upper tier, on the real files."""

import pytest

from cptrends.data import areas


@pytest.mark.parametrize("year, districts", [(2021, 309), (2023, 296)])
def test_every_district_once_and_every_authority(official, year, districts):
    table = official(f"geography-{year}")
    assert len(table) == districts and table["district_code"].is_unique
    assert set(table["area_code"]) == set(areas.authorities(year + 1))
    counties = table[table["area_code"].str.startswith("E10")]
    assert counties["district_code"].str.startswith("E07").all()


def test_the_lookup_of_2023_fits_the_districts_of_the_2025_indices(official):
    scores = official("deprivation-2025")
    assert set(scores["area_code"]) == set(official("geography-2023")["district_code"])
