"""RO3: the same lines found in three ways of laying headers out, and district councils left out (trap 14)."""

import pytest

from cptrends.errors import BadInput
from cptrends.sources import revenue_outturn

SAFEGUARDING = "Children's social care: Safeguarding children and young people’s services"
TOTAL = "TOTAL CHILDREN SOCIAL CARE"
ADULTS = "TOTAL ADULT SOCIAL CARE"
PARTS = [
    "Employees\n (C1)", "Running Expenses\n (C2)", "Total Expenditure\n (C3 = C1 + C2)",
    "Sales, Fees and Charges\n (C4)",
    "Other Income\n (C5)", "Total Income\n (C6 = C4 + C5)", "Net Current Expenditure\n (C7 = C3 - C6)",
]  # fmt: skip
KEYS = ["E-code", "ONS Code", "Local authority", "", "Class"]


def figures(gross, net):
    return [1, 2, gross, 3, 4, 5, net]


ROWS = [
    ["", "", "ENGLAND", "", "", *figures(900, 800), *figures(5000, 4000), *figures(9000, 7000)],
    [
        "E0101",
        "E06000022",
        "Bath & North East Somerset UA",
        "",
        "UA",
        *figures(9, 8),
        *figures(50, 40),
        *figures(90, 70),
    ],
    ["", "", "LONDON BOROUGHS", "", "L", *[""] * 21],
    ["E5010", "E09000001", "City of London", "", "L", *(3 * figures("[x]", "[x]"))],
    ["E5100", "E12000007", "Greater London Authority", "", "L", *(3 * figures(7, 7))],
    ["E0931", "E07000026", "Allerdale", "", "SD", *(3 * figures(0, 0))],
]
RELEASE = {"year": 2020, "sheet": "RO3", "scale": 1000}


def two_row_headers(number=""):
    numbered = [f"{part}{number}" for part in PARTS]
    lines = ["", "", "", "", "", SAFEGUARDING, *[""] * 6, TOTAL, *[""] * 6, ADULTS, *[""] * 6]
    return [
        ["RO3 2019-20 by LA"],
        ["Net current expenditure"],
        lines,
        ["", "", "", "", "Col_no"],
        [*KEYS, *numbered, *numbered, *numbered],
    ]


def one_row_header():
    parts = [part.replace("\n", "") for part in PARTS]
    lines = (SAFEGUARDING, TOTAL, f"{ADULTS} [note 2]")
    header = [*KEYS, *(f"{line} - {part}" for line in lines for part in parts)]
    return [["Worksheet 2: RO3 2019-20"], ["Data are reported in £ thousand. "], header]


@pytest.mark.parametrize(
    "header", [two_row_headers(), two_row_headers("30"), one_row_header()], ids=["plain", "numbered", "joined"]
)
def test_lines_are_found_however_headers_are_laid_out(workbook, header):
    frame = revenue_outturn.read(workbook("ro3.xlsx", {"RO3": [*header, *ROWS]}), "ro3", RELEASE)
    found = {(row.measure, row.area_code): row.published for row in frame.itertuples()}
    assert found["safeguarding_spend_ro3", "E92000001"] == "900"
    assert found["safeguarding_spend_ro3_net", "E06000022"] == "8"
    assert found["childrens_social_care_spend_ro3", "E06000022"] == "50"
    assert found["childrens_social_care_spend_ro3_net", "E92000001"] == "4000"
    assert found["adult_social_care_spend_ro3_net", "E92000001"] == "7000"


def test_a_missing_return_stays_missing_and_the_gla_is_not_london(workbook):
    frame = revenue_outturn.read(workbook("ro3.xlsx", {"RO3": [*two_row_headers(), *ROWS]}), "ro3", RELEASE)
    assert set(frame["area_code"]) == {"E92000001", "E06000022", "E09000001"}
    assert set(frame.loc[frame["area_code"] == "E09000001", "published"]) == {"[x]"}


def test_a_renamed_line_or_another_year_is_refused(workbook):
    header = two_row_headers()
    header[2][12] = "TOTAL CHILDRENS CARE"
    with pytest.raises(BadInput, match=r"column .* is missing"):
        revenue_outturn.read(workbook("a.xlsx", {"RO3": [*header, *ROWS]}), "ro3", RELEASE)
    with pytest.raises(BadInput, match="RO3 of 2022-23 is expected"):
        revenue_outturn.read(workbook("b.xlsx", {"RO3": [*two_row_headers(), *ROWS]}), "ro3", RELEASE | {"year": 2023})
    with pytest.raises(BadInput, match="no row beginning with 'E-code'"):
        revenue_outturn.read(workbook("c.xlsx", {"RO3": [["RO3 2019-20"], *ROWS]}), "ro3", RELEASE)


def test_a_code_that_is_nobodys_is_found_by_the_name_beside_it(workbook):
    """North Yorkshire stands with a code that no authority had in 2015-16."""
    rows = [*ROWS, ["E2721", "E10000022", "North Yorkshire", "", "SC", *(3 * figures(6, 5))]]
    frame = revenue_outturn.read(workbook("ro3.xlsx", {"RO3": [*two_row_headers(), *rows]}), "ro3", RELEASE)
    assert "E06000065" in set(frame["area_code"])
    rows[-1][2] = "Nowhere"
    with pytest.raises(BadInput, match="no area is known by 'E10000022', 'Nowhere'"):
        revenue_outturn.read(workbook("b.xlsx", {"RO3": [*two_row_headers(), *rows]}), "ro3", RELEASE)
