"""Districts and the upper-tier authorities they belong to."""

import pytest

from cptrends.errors import BadInput
from cptrends.sources import geography

LINES = [
    "FID,LTLA21CD,LTLA21NM,UTLA21CD,UTLA21NM",
    "1,E06000001,Hartlepool,E06000001,Hartlepool",
    "2,E07000008,Cambridge,E10000003,Cambridgeshire",
    "3,E07000026,Allerdale,E10000006,Cumbria",
    "4,W06000020,Torfaen,W06000020,Torfaen",
]


def write(tmp_path, lines, name="lookup.csv"):
    path = tmp_path / name
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    return path


def test_each_english_district_has_its_authority(tmp_path):
    table = geography.read(write(tmp_path, LINES), "lookup", {"year": 2021})
    assert list(table.columns) == ["district_code", "district_name", "area_code", "year"]
    assert dict(zip(table["district_code"], table["area_code"], strict=True)) == {
        "E06000001": "E06000001", "E07000008": "E10000003", "E07000026": "E10000006",
    }  # fmt: skip
    assert set(table["year"]) == {"2021"}


def test_a_lookup_of_another_year_is_refused(tmp_path):
    with pytest.raises(BadInput, match="column 'LTLA23CD' is missing"):
        geography.read(write(tmp_path, LINES), "lookup", {"year": 2023})
    with pytest.raises(BadInput, match="no area is known"):
        geography.read(write(tmp_path, [*LINES, "5,E07999999,Nowhere,E10999999,Nowhere"]), "lookup", {"year": 2021})
