"""Statistical neighbours: which sets are held is read from the releases, and the nearest come first."""

import csv

import pytest

from cptrends.data import areas, neighbours, paths
from cptrends.errors import BadInput


def test_the_newest_set_comes_first_and_is_the_one_given_when_none_is_named():
    sets = neighbours.sets()
    assert {2021, 2025} <= set(sets) and sets == sorted(sets, reverse=True)
    assert neighbours.nearest("E09000012") == neighbours.nearest("E09000012", sets[0])


@pytest.mark.parametrize("year", [2021, 2025])
def test_the_nearest_come_in_the_publishers_order(year):
    with (paths.processed() / "statistical_neighbours.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["release"] == f"neighbours-{year}"]
    for code in {row["area_code"] for row in rows}:
        ranked = {int(row["neighbour_rank"]): row["neighbour_code"] for row in rows if row["area_code"] == code}
        assert neighbours.nearest(code, year) == [ranked[rank] for rank in range(1, 11)]


def test_an_authority_made_after_the_model_has_none():
    assert neighbours.nearest(areas.find("Cumberland"), 2021) == []
    assert len(neighbours.nearest(areas.find("Cumberland"), 2025)) == 10


def test_a_set_that_is_none_is_refused_with_those_there_are():
    with pytest.raises(BadInput, match=r"no set of statistical neighbours 2023; there are .*2021"):
        neighbours.nearest("E09000012", 2023)


def test_what_is_given_may_be_changed_without_harm():
    neighbours.nearest("E09000012").clear()
    assert len(neighbours.nearest("E09000012")) == 10


def test_an_authority_is_found_by_any_name_and_one_that_there_is_not_is_refused():
    assert neighbours.nearest("Hackney", 2025) == neighbours.nearest("E09000012", 2025) != []
    with pytest.raises(BadInput, match="no area is called 'Hackny'"):
        neighbours.nearest("Hackny")
