"""ONS population: the mid-year serves the year after it (trap 1), and 0 to 16 is never 0 to 17 (trap 2)."""

import pytest

from cptrends.errors import BadInput
from cptrends.sources import population

SHEET = "MYE2 - Persons"
RELEASE = {"mid_year": 2022, "sheet": SHEET, "districts": True}


def row(code, name, kind, per_age):
    return [code, name, kind, per_age * 91, *[per_age] * 91]


def rows():
    return [
        ["MYE2: Persons by single year of age, mid-2022"],
        ["This worksheet contains one table."],
        ["Code", "Name", "Geography", "All ages", *population.AGES],
        row("K02000001", "UNITED KINGDOM", "Country", 9),
        row("E92000001", "ENGLAND", "Country", 8),
        row("E12000006", "EAST", "Region", 7),
        row("E10000003", "Cambridgeshire", "County", 5),
        row("E07000008", "Cambridge", "Non-metropolitan District", 2),
        row("E06000031", "Peterborough", "Unitary Authority", 3),
        row("E11000001", "Greater Manchester", "Metropolitan County", 6),
        row("W06000020", "Torfaen", "Unitary Authority", 1),
    ]


def persons(workbook, cells=None, release=RELEASE):
    return population.read(workbook("mye.xlsx", {SHEET: cells or rows()}), "persons", release)


def test_children_are_the_eighteen_years_from_0_to_17_under_the_year_they_serve(workbook):
    frame = persons(workbook)
    found = frame[frame["measure"] == "population_0_17"].set_index("area_code")["published"].to_dict()
    assert found == {"E92000001": "144", "E12000006": "126", "E10000003": "90", "E06000031": "54"}
    assert set(frame["year"]) == {2023}


def test_districts_are_weights_only_and_only_where_asked_for(workbook):
    frame = persons(workbook)
    districts = frame[frame["measure"] == "district_population"].set_index("area_code")["published"].to_dict()
    assert districts == {"E07000008": "182", "E06000031": "273"}
    young = frame[frame["measure"] == "district_population_0_15"].set_index("area_code")["published"].to_dict()
    assert young == {"E07000008": "32", "E06000031": "48"}
    assert set(persons(workbook, release=RELEASE | {"districts": False})["measure"]) == {"population_0_17"}


def test_another_year_a_missing_age_or_a_cell_that_is_no_count_is_refused(workbook):
    with pytest.raises(BadInput, match="mid-2023 are expected"):
        persons(workbook, release=RELEASE | {"mid_year": 2023})
    cells = rows()
    cells[2][4 + 17] = "Seventeen"
    with pytest.raises(BadInput, match="column '17' is missing"):
        persons(workbook, cells)
    cells = rows()
    cells[8][4 + 3] = "No data"
    with pytest.raises(BadInput, match="Peterborough has 'No data' under '3'"):
        persons(workbook, cells)


BANDS = ["Age 0 - 4", "Aged 5-9", "Aged 10-14", "Age 15", "Age 16"]
YEARS = range(2009, 2021)


def nomis(tmp_path, bands=BANDS, count=lambda band: band, without=()):
    tables = []
    for place, band in enumerate(bands, start=1):
        years = ",".join(f'"{year}"' for year in YEARS)
        cells = ",".join(str(count(place)) for _ in YEARS)
        lines = ['"Population estimates - local authority based by single year of age"', f'"Age        :","{band}"',
                 f'"local authority: county / unitary (as of April 2021)","mnemonic",{years}',
                 f'"Darlington","E06000005",{cells}', f'"Cardiff","W06000015",{cells}']  # fmt: skip
        if place not in without:
            lines.append(f'"Gateshead","E08000037",{cells}')
        tables.append("\n\n".join(lines))
    path = tmp_path / "nomis.csv"
    path.write_text("\n" + "\n\n\n".join(tables))
    return path


def test_nomis_adds_its_five_bands_to_ages_0_to_16(tmp_path):
    frame = population.read(nomis(tmp_path), "nomis", {})
    assert set(frame["measure"]) == {"population_0_16"}
    assert set(frame["published"]) == {str(1 + 2 + 3 + 4 + 5)}
    assert set(frame["area_code"]) == {"E06000005", "E08000037"}
    assert sorted(set(frame["year"])) == list(range(2010, 2022))


def test_a_missing_band_or_an_authority_missing_from_one_is_refused(tmp_path):
    with pytest.raises(BadInput, match="should hold tables for the ages"):
        population.read(nomis(tmp_path, bands=BANDS[:4]), "nomis", {})
    with pytest.raises(BadInput, match="E08000037 is not in all 5 tables"):
        population.read(nomis(tmp_path, without=(3,)), "nomis", {})
    with pytest.raises(BadInput, match="a whole number of people"):
        population.read(nomis(tmp_path, count=lambda band: "-" if band == 2 else 1), "nomis", {})
