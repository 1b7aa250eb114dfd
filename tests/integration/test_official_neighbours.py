"""Statistical neighbours on the real files, against the same model as issued in CSV."""

import csv

import pytest

from cptrends.data import areas

TWINS = {2021: ("2021/New_Statistical_Neighbour_Groupings_April_2021.csv", 5), 2025: ("2025/sn_model_2025_wide.csv", 4)}


@pytest.mark.parametrize("year", TWINS)
def test_ten_each_nearest_first_none_its_own(official, year):
    table = official(f"neighbours-{year}")
    for code, rows in table.groupby("area_code"):
        assert list(rows["neighbour_rank"]) == [str(rank) for rank in range(1, 11)]
        assert rows["neighbour_code"].is_unique and code not in set(rows["neighbour_code"])
    order = ["Extremely close", "Very close", "Close", "Somewhat close", "Not close"]
    step = table["closeness"].map(order.index).groupby(table["area_code"]).diff().dropna()
    assert (step >= 0).mean() > 0.99


@pytest.mark.parametrize("year", TWINS)
def test_the_same_neighbours_as_in_the_csv_twin(official, pack, year):
    name, first = TWINS[year]
    table = official(f"neighbours-{year}").groupby("area_code")["neighbour_code"].agg(list)
    with (pack / "dfe-statistical-neighbours" / name).open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in list(csv.reader(file))[1:] if row[0] and row[first] not in ("", "-")]
    assert len(rows) >= 153
    for row in rows:
        expected = [areas.code_from(code3=cell) for cell in row[first : first + 20 : 2]]
        assert table[areas.code_from(code3=row[0])] == expected, row[1]


def test_2025_has_every_authority_of_today(official):
    assert set(areas.authorities(2025)) <= set(official("neighbours-2025")["area_code"])
