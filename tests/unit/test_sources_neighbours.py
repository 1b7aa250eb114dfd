"""Statistical neighbours: ten columns of one name, dashes, and authorities that are no more."""

import pytest

from cptrends.errors import BadInput
from cptrends.sources import neighbours

HEADER = ["LA num", "LA Name", "LA number", "GOInd", "GOReg"]
for _rank in range(1, 11):
    HEADER += [f"SN{_rank}", "SNP"]
CODES = [207, 213, 212, 205, 302, 314, 846, 868, 909, 390]


def authority(code, name, codes, words):
    row = [code, name, code, 3, "London"]
    for neighbour, word in zip(codes, words, strict=True):
        row += [neighbour, word]
    return row


def rows():
    return [
        ["A", "B", "C", *map(float, range(3, 25)), ""],
        [*map(float, range(1, 26)), ""],
        [*HEADER, ""],
        [*authority(202, "Camden", CODES, ["Very Close", "Very close", "Close "] + ["Not Close"] * 7), ""],
        [*authority(942, "Cumberland", ["-"] * 10, ["-"] * 10), ""],
        [""] * 26,
        ["", "Old SNs:", *[""] * 24],
        [*authority(836, "Poole (Pre LG)", CODES, ["Extremely Close"] * 10), ""],
    ]


def read(workbook, cells):
    return neighbours.read(workbook("sn.xlsx", {"LA SN Groups": cells}), "model", {"sheet": "LA SN Groups"})


def test_ten_neighbours_in_order_with_closeness_in_one_spelling(workbook):
    table = read(workbook, rows())
    camden = table[table["area_code"] == "E09000007"]
    assert list(camden["neighbour_rank"]) == [str(rank) for rank in range(1, 11)]
    assert list(camden["neighbour_code"])[:2] == ["E09000020", "E09000033"]
    assert list(camden["closeness"])[:4] == ["Very close", "Very close", "Close", "Not close"]
    # Gateshead by its code of today; Cumbria, since split, as itself.
    assert list(camden["neighbour_code"])[-2:] == ["E10000006", "E08000037"]


def test_an_authority_without_neighbours_has_no_rows_and_old_ones_are_kept(workbook):
    assert set(read(workbook, rows())["area_code"]) == {"E09000007", "E06000029"}


@pytest.mark.parametrize(
    "row, column, value, sentence",
    [
        (2, 5, "Neighbour 1", "column 'Neighbour 1' stands where 'SN1' is expected"),
        (3, 6, "Quite close", "closeness 'Quite close' is not one of"),
        (3, 5, 111, "no area is known by '111'"),
        (2, 0, "LA", "no row beginning with 'LA num'"),
    ],
)
def test_what_is_not_as_expected_is_refused(workbook, row, column, value, sentence):
    cells = rows()
    cells[row][column] = value
    with pytest.raises(BadInput, match=sentence):
        read(workbook, cells)
