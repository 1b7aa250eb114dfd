"""The two layouts of children in need: every figure under its measure, area and year, as published."""

import pytest

from cptrends.data import areas
from cptrends.errors import BadInput
from cptrends.sources import children_in_need, registry

CIN = {name: entry for name, entry in registry.releases().items() if entry["publication"] == "children-in-need"}
PARTS = [(name, part) for name, entry in CIN.items() for part in entry["files"]]


@pytest.mark.parametrize("release, part", PARTS)
def test_a_small_file_of_every_layout_is_read_whole(release, part, tidy_file, wide_file, tmp_path):
    entry = CIN[release]
    if part == "underlying":
        path, year = wide_file(tmp_path, release), entry["year"]
    else:
        newest = entry.get("newest_population", entry["year"] - 1) if part == "population" else entry["year"]
        path, year = tidy_file(tmp_path, release, part, years=(newest,)), newest + (part == "population")
    table = children_in_need.read(path, part, entry)
    assert list(table.columns) == ["measure", "area_code", "year", "published"]
    assert set(table["year"]) == {year}
    england = table[table["area_code"] == areas.ENGLAND]
    assert set(england["published"]) <= {"1000", "24.5"} and england["measure"].is_unique
    local = table[table["area_code"] == areas.find("Kent")]
    assert set(local["published"]) <= {"10", "24.5"} and set(local["measure"]) == set(england["measure"])


def test_every_column_named_in_the_mapping_is_in_a_header():
    for measure, entry in children_in_need.mapping().items():
        for kind in ("wide", "doubt"):
            for year, column in entry.get(kind, {}).items():
                assert column in children_in_need.header(f"cin-{year}", "underlying"), (measure, year)
        if "part" in entry:
            headers = [children_in_need.header(name, entry["part"]) for name, part in PARTS if part == entry["part"]]
            for column in entry["tidy"]:
                assert any(column in header for header in headers), (measure, column)
            for header in headers:
                assert sum(column in header for column in entry["tidy"]) <= 1, measure


def test_symbols_and_commas_are_kept_to_the_letter(wide_file, tmp_path):
    wide = wide_file(
        tmp_path,
        cells={("Kent", "Referrals1415"): "1,234", ("Hackney", "Referrals1415"): "x", ("York", "Referrals1415"): ".."},
    )
    table = (
        children_in_need.read(wide, "underlying", CIN["cin-2015"])
        .query("measure == 'referrals'")
        .set_index("area_code")["published"]
    )
    assert [table[areas.find(name)] for name in ("Kent", "Hackney", "York")] == ["1,234", "x", ".."]


def test_doubt_is_kept_beside_the_figure_it_is_about(wide_file, tmp_path):
    wide = wide_file(tmp_path, cells={("Kent", "Referrals1415DCI"): "1"})
    table = children_in_need.read(wide, "underlying", CIN["cin-2015"])
    marks = table[table["measure"] == "referrals:confidence"]
    assert marks[["area_code", "published"]].values.tolist() == [[areas.find("Kent"), "1"]]


def test_a_back_series_keeps_each_year(tidy_file, tmp_path):
    path = tidy_file(tmp_path, years=(2019, 2024, 2025), cells={("Cumbria", 2019, "CPP_start"): "77"})
    table = children_in_need.read(path, "d3", CIN["cin-2025"])
    assert table.groupby("year")["area_code"].nunique().to_dict() == {2019: 152 + 10, 2024: 153 + 10, 2025: 153 + 10}
    assert table.query("published == '77'")[["measure", "area_code", "year"]].values.tolist() == [
        ["plans_started", "E10000006", 2019]
    ]


def test_a_release_without_a_header_on_record_is_refused():
    with pytest.raises(
        BadInput,
        match=r"no header is on record for cin-1999 d3; add it to cptrends/sources/children_in_need_headers.toml",
    ):
        children_in_need.header("cin-1999", "d3")
