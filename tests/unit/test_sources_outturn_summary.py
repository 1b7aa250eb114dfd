"""The revenue outturn summary: England's row, the services up to the total, public health since councils have it."""

import pandas as pd
import pytest

from cptrends.errors import BadInput
from cptrends.sources import outturn_summary
from cptrends.sources.derive import derive

RELEASE = {"year": 2014, "sheet": "RS", "scale": 1000}
TITLE = "Revenue Outturn Summary (RS): 2013-14 data"
# Beyond the total the grants name education again.
HEADER = [
    "E-code", "Local authority", "", "Class", "Education services", "Public Health", "Police services",
    "TOTAL SERVICE EXPENDITURE (TOTAL OF LINES 190 to 698)", "Education services",
]  # fmt: skip
ENGLAND = ["", "ENGLAND", "", "", 300.0, 50.0, 20.0, 1000.0, 7.0]
BATH = ["E0101", "Bath & North East Somerset UA", "", "UA", 3.0, 0.5, 0.0, 10.0, 1.0]


def rows(title=TITLE, header=HEADER, body=(BATH, ENGLAND)):
    return [[title], ["Net current expenditure (£ thousand)"], [""], header, *body]


def read(workbook, sheet, year=2014):
    return outturn_summary.read(workbook("rs.xlsx", {"RS": sheet}), "summary", RELEASE | {"year": year})


def test_englands_services_are_read_up_to_the_total(workbook):
    frame = read(workbook, rows())
    assert set(frame["area_code"]) == {"E92000001"} and set(frame["year"]) == {2014}
    assert dict(zip(frame["measure"], frame["published"], strict=True)) == {
        "council_all_services_spend_net": "1000",
        "council_education_spend_net": "300",
        "council_public_health_spend_net": "50",
    }


def test_before_2013_14_there_is_no_public_health_to_look_for(workbook):
    header = [name for name in HEADER if name != "Public Health"]
    england = [cell for name, cell in zip(HEADER, ENGLAND, strict=True) if name != "Public Health"]
    sheet = rows("Revenue Outturn Summary (RS): 2012-13 data", header, [england])
    assert set(read(workbook, sheet, 2013)["measure"]) == {
        "council_all_services_spend_net",
        "council_education_spend_net",
    }
    with pytest.raises(BadInput, match="0 columns begin with 'public health'"):
        read(workbook, rows(header=header, body=[england]))


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (rows("Revenue Outturn Summary (RS): 2012-13 data"), "the revenue outturn summary (RS) of 2013-14 is expected"),
        (rows("Revenue Outturn (RO3): 2013-14 data"), "the revenue outturn summary (RS) of 2013-14 is expected"),
        (rows(body=[BATH]), "0 rows are called ENGLAND"),
        (rows(body=[ENGLAND, ENGLAND]), "2 rows are called ENGLAND"),
        (rows(header=["E-code", "Council", *HEADER[2:]]), "column 'Local authority' is missing"),
        (rows(header=[*HEADER[:4], "Schools", *HEADER[5:]]), "0 columns begin with 'education services'"),
        (rows(header=["Code", *HEADER[1:]]), "no row beginning with 'E-code'"),
        ([[""]], "is headed ''"),
    ],
)
def test_another_sheet_year_or_layout_is_refused(workbook, sheet, said):
    with pytest.raises(BadInput) as refused:
        read(workbook, sheet)
    assert said in str(refused.value) and "rs.xlsx" in str(refused.value)


def test_what_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "rs.xlsx"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(BadInput, match=r"rs\.xlsx is damaged"):
        outturn_summary.read(path, "summary", RELEASE)


def test_a_line_less_others_counts_one_that_a_release_has_not_as_nothing():
    """And one that is there without a number leaves none."""

    def row(measure, value, year, status="reported"):
        return (f"council_{measure}_spend_net", "E92000001", year, value, status, "outturn-summary-2010-11")

    columns = ["measure", "area_code", "year", "value", "status", "release"]
    observations = pd.DataFrame(
        [
            row("all_services", 1000.0, 2013),
            row("education", 300.0, 2013),
            row("all_services", 1000.0, 2014),
            row("education", 300.0, 2014),
            row("public_health", float("nan"), 2014, "unavailable"),
        ],
        columns=columns,
    )
    figures = pd.DataFrame(columns=["measure", "area_code", "year", "published", "release", "part"], dtype=object)
    left = derive(observations, figures, {})
    left = left[left["measure"] == "council_services_spend_net"].set_index("year")
    assert left.loc[2013, ["value", "status"]].tolist() == [700.0, "derived"]
    assert left.loc[2014, "value"] != left.loc[2014, "value"] and left.loc[2014, "status"] == "unavailable"
