"""Deprivation: three layouts, and districts averaged to authorities by population (trap 12)."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cptrends.errors import BadInput
from cptrends.sources import deprivation


def header(sheet, title, year, boundaries, blank=""):
    place = "Upper Tier Local Authority District"
    names = [f"{place} code ({boundaries})", f"{place} name ({boundaries})"]
    for what in ("verage rank", "verage score", "roportion of LSOAs in most deprived 10% nationally"):
        first = "P" if what.startswith("rop") else "A"
        names += [f"{title} - {first}{what}{blank}", f"{title} - Rank of {first.lower()}{what}{blank}"]
    if sheet == "IMD":
        edition = "IMD" if year == 2015 else f"IMD {year}"
        names += [f"{edition} - Extent{blank}", f"{edition} - Rank of extent{blank}",
                  f"{edition} - Local concentration{blank}",
                  f"{edition} - Rank of local concentration{blank}"]  # fmt: skip
    return names


def sheets(year):
    boundaries, blank = (2013, "") if year == 2015 else (2019, " ")
    idaci = "Income Deprivation Affecting Children Index (IDACI)" if year == 2015 else "IDACI"
    return {
        "IMD": [header("IMD", "IMD", year, boundaries, blank),
                ["E06000001", "Hartlepool", 21886.6, 28, 33.178, 17, 0.3276, 9, 0.4589, 16, 32428.23, 10]],
        "IDACI": [header("IDACI", idaci, year, boundaries, blank),
                  ["E06000001", "Hartlepool", 22579.19, 28, 0.307, 14, 0.3448, 10]],
    }  # fmt: skip


@pytest.mark.parametrize("year", [2015, 2019])
def test_score_and_rank_of_score_not_of_rank(workbook, year):
    frame = deprivation.read(workbook("imd.xlsx", sheets(year)), "upper_tier", {"year": year})
    found = frame.set_index("measure")["published"].to_dict()
    assert found == {"imd_score": "33.178", "imd_rank": "17", "idaci_score": "0.307", "idaci_rank": "14"}
    assert set(frame["area_code"]) == {"E06000001"} and set(frame["year"]) == {year}


def test_another_edition_or_a_renamed_column_is_refused(workbook):
    with pytest.raises(BadInput, match="no row beginning with"):
        deprivation.read(workbook("a.xlsx", sheets(2015)), "upper_tier", {"year": 2019})
    changed = sheets(2015)
    changed["IDACI"][0][4] = "IDACI - Mean score"
    with pytest.raises(BadInput, match="is missing; 'IDACI - Mean score' was found in its place"):
        deprivation.read(workbook("b.xlsx", changed), "upper_tier", {"year": 2015})


def district_file(tmp_path, domain="Income Deprivation Affecting Children", year="2025"):
    rows = [
        f"E07000008,Cambridge,District,{year},Index of Multiple Deprivation,1,2,15.1,200,0,100",
        f"E07000008,Cambridge,District,{year},{domain},1,2,0.25,210,0,100",
        f"E07000008,Cambridge,District,{year},Crime,1,2,0.9,3,0,100",
    ]
    path = tmp_path / "districts.csv"
    path.write_text("\n".join([",".join(deprivation.DISTRICT_COLUMNS), *rows]))
    return path


def test_districts_keep_their_own_codes_and_names_of_measure(tmp_path):
    frame = deprivation.read(district_file(tmp_path), "districts", {"year": 2025})
    assert frame.set_index("measure")["published"].to_dict() == {
        "district_imd_score": "15.1", "district_imd_rank": "200", "district_idaci_score": "0.25",
        "district_idaci_rank": "210",
    }  # fmt: skip
    assert set(frame["area_code"]) == {"E07000008"}
    with pytest.raises(BadInput, match="index_domain"):
        deprivation.read(district_file(tmp_path, domain="IDACI"), "districts", {"year": 2025})
    with pytest.raises(BadInput, match="deprivation_data_year"):
        deprivation.read(district_file(tmp_path, year="2019"), "districts", {"year": 2025})


def scores(values, measure="district_imd_score", year=2025):
    return pd.DataFrame(
        {"measure": measure, "area_code": list(values), "year": year, "published": [str(v) for v in values.values()]}
    )


def people(values, measure="district_population"):
    return scores(values, measure, 2023)


LOOKUP = pd.DataFrame({
    "district_code": ["E07000008", "E07000009", "E06000031"], "area_code": ["E10000003", "E10000003", "E06000031"],
})  # fmt: skip


def test_a_county_is_the_weighted_mean_of_its_districts_and_a_unitary_its_own_score():
    result = deprivation.to_upper_tier(
        scores({"E07000008": 10, "E07000009": 20, "E06000031": 30}),
        LOOKUP,
        people({"E07000008": 300, "E07000009": 100, "E06000031": 50}),
    ).set_index(["measure", "area_code"])
    assert result.loc[("imd_score", "E10000003"), "value"] == 12.5
    assert result.loc[("imd_score", "E06000031"), "value"] == 30
    assert result.loc[("imd_rank", "E06000031"), "value"] == 1
    assert set(result["status"]) == {"derived"}


def test_idaci_is_weighted_by_children_not_by_everyone():
    values = {"E07000008": 0.1, "E07000009": 0.5, "E06000031": 0.2}
    everyone = people({"E07000008": 900, "E07000009": 100, "E06000031": 50})
    children = people({"E07000008": 100, "E07000009": 100, "E06000031": 10}, "district_population_0_15")
    result = deprivation.to_upper_tier(scores(values, "district_idaci_score"), LOOKUP, pd.concat([everyone, children]))
    county = result[(result["measure"] == "idaci_score") & (result["area_code"] == "E10000003")]
    assert county["value"].item() == pytest.approx(0.3)


def test_a_missing_district_score_makes_the_county_missing_not_smaller():
    result = deprivation.to_upper_tier(
        scores({"E07000008": "", "E07000009": 20, "E06000031": 30}),
        LOOKUP,
        people({"E07000008": 300, "E07000009": 100, "E06000031": 50}),
    ).set_index(["measure", "area_code"])
    assert pd.isna(result.loc[("imd_score", "E10000003"), "value"])
    assert result.loc[("imd_rank", "E10000003"), "status"] == "unavailable"
    assert result.loc[("imd_rank", "E06000031"), "value"] == 1


def test_a_lookup_or_population_that_does_not_fit_is_refused():
    values = {"E07000008": 10, "E07000009": 20}
    with pytest.raises(BadInput, match="E07000009 is not in the lookup"):
        deprivation.to_upper_tier(scores(values), LOOKUP.iloc[[0]], people({"E07000008": 1, "E07000009": 1}))
    with pytest.raises(BadInput, match="E07000009 is not in district_population"):
        deprivation.to_upper_tier(scores(values), LOOKUP, people({"E07000008": 1}))
    with pytest.raises(BadInput, match="one year"):
        deprivation.to_upper_tier(
            pd.concat([scores(values), scores(values, year=2019)]), LOOKUP, people({"E07000008": 1, "E07000009": 1})
        )


@given(st.floats(0, 100), st.floats(0, 100), st.integers(1, 10**6), st.integers(1, 10**6))
def test_an_authority_lies_between_its_districts(low, high, first, second):
    result = deprivation.to_upper_tier(
        scores({"E07000008": low, "E07000009": high}), LOOKUP, people({"E07000008": first, "E07000009": second})
    )
    value = result.loc[result["measure"] == "imd_score", "value"].item()
    assert min(low, high) - 1e-9 <= value <= max(low, high) + 1e-9
