"""The section 251 outturn: lines are taken by name, and totals are never mistaken for lines (trap 10)."""

import pytest

from cptrends.errors import BadInput
from cptrends.files import toml
from cptrends.sources import section_251

COLUMNS_2015 = [
    "LA", "LA Name", "ReportGroup", "OrderLine", "Description", "s251line", "OwnProvision", "PrivateProvision",
    "OtherPublic", "Voluntary", "TotalExpenditure", "Income", "NetCurrentExpenditure", "GovGrantsInsideAEF",
    "GovGrantsOutsideAEF", "LEANetRevenueExpenditure",
]  # fmt: skip
COLUMNS_2010 = [
    "LEA", "LEA Name", "Line", "S52 Line Reference", "Own Provision (y)", "Private (z(i))", "Other Public (z(ii))",
    "Voluntary (z(iii))", "Total Expenditure (k)", "Income (l)", "NET Current Expenditure (m)",
    "Govt. Grants Inside AEF (n)", "Govt. Grants Outside AEF (o)", "LEA NET Revenue Expenditure (p)",
]  # fmt: skip
SOCIAL_WORK = "18. Social work (including LA functions in relation to child protection)"
RELEASE_2015 = {"year": 2015, "sheet": "Sheet1"}


def row_2015(code, name, line, number, gross, income):
    return [code, name, "GROUP", number, line, number, 0, 0, 0, 0, gross, income, gross - income, 0, 0, 0]


def rows_2015(code=202, name="Camden"):
    return [
        row_2015(code, name, SOCIAL_WORK, 18, 1000.5, 100),
        row_2015(code, name, "19. Commissioning and Children's Services Strategy", 19, 200, 0),
        row_2015(code, name, "16 Total Children Looked After", 16, 5000, 0),
        # As issued: two blanks in the name, and the number of another total.
        row_2015(code, name, "21 Total  Safeguarding Children and Young People's Services", 16, 1200.5, 100),
        row_2015(code, name, "33 CHILDREN AND YOUNG PEOPLE'S SERVICES EXPENDITURE(excluding CERA)", 33, 9000, 500),
        row_2015(code, name, "34 CHILDREN AND YOUNG PEOPLE'S SERVICES EXPENDITURE (including CERA)", 34, 9100, 500),
    ]


def figures(frame):
    return {(row.measure, row.area_code): row.published for row in frame.itertuples()}


def test_lines_are_picked_by_name_and_totals_are_not_added_in(workbook):
    path = workbook("s251.xlsx", {"Sheet1": [COLUMNS_2015, *rows_2015(), *rows_2015(204, "Hackney")]})
    frame = section_251.read(path, "outturn", RELEASE_2015)
    assert list(frame.columns) == ["measure", "area_code", "year", "published"]
    assert set(frame["year"]) == {2015}
    assert len(frame) == 8 * 2
    found = figures(frame)
    assert found["social_work_spend", "E09000007"] == "1000.5"
    assert found["social_work_spend_net", "E09000007"] == "900.5"
    # Its `s251line` says 16, which is the looked-after total's number.
    assert found["safeguarding_spend", "E09000012"] == "1200.5"
    assert found["childrens_social_care_spend", "E09000012"] == "9000"
    assert found["looked_after_spend", "E09000012"] == "5000"


def test_to_2010_11_social_work_is_two_lines_kept_apart(workbook):
    def row(line, name, gross):
        return [202, "Camden", line, name, 0, 0, 0, 0, gross, 1, gross - 1, 0, 0, 0]

    path = workbook("s251.xlsx", {"Table A1": [
        ["S251 Outturn 2009-10 - Table A1"], ["Cash terms figures"], [""], COLUMNS_2010,
        row(20, "LA functions in relation to child protection", 10),
        row(22, "Total Children and Young People's Safety", 40),
        row(39, "Commissioning and social work", 300),
        row(40, "Total Children's Services Strategy", 350),
        row(43, "TOTAL CHILDREN AND YOUNG PEOPLE'S SERVICES BUDGET (including CERA)", 901),
        row(44, "TOTAL CHILDREN AND YOUNG PEOPLE'S SERVICES BUDGET (excluding CERA)", 900),
    ]})  # fmt: skip
    found = figures(section_251.read(path, "outturn", {"year": 2010, "sheet": "Table A1"}))
    assert found["social_work_spend_part_1", "E09000007"] == "10"
    assert found["social_work_spend_part_2", "E09000007"] == "300"
    assert found["safeguarding_spend_part_1", "E09000007"] == "40"
    assert found["childrens_social_care_spend", "E09000007"] == "900"
    assert ("social_work_spend", "E09000007") not in found


def test_a_zero_stays_a_zero_and_a_blank_stays_blank(workbook):
    rows = rows_2015()
    rows[0][10], rows[0][12] = 0, ""
    found = figures(section_251.read(workbook("a.xlsx", {"Sheet1": [COLUMNS_2015, *rows]}), "outturn", RELEASE_2015))
    assert found["social_work_spend", "E09000007"] == "0"
    assert found["social_work_spend_net", "E09000007"] == ""


@pytest.mark.parametrize(
    "change, sentence",
    [
        (lambda rows: rows[0].__setitem__(10, "TotalExp"), "column 'TotalExpenditure' is missing"),
        (lambda rows: rows[0].append("Notes"), "column 'Notes' is not expected"),
        (lambda rows: rows[1].__setitem__(4, "18. Social care work"), "no line is called 'Social work"),
        (lambda rows: rows.append(rows[1]), "Camden has two figures for social_work_spend in 2015"),
        (lambda rows: rows.append(row_2015(204, "Hackney", "1. Other", 1, 5, 0)), "Hackney has no line"),
        (lambda rows: rows.insert(0, ["S251 Outturn 2013-14 - Table A1"]), "the outturn of 2014-15 is expected"),
        (lambda rows: rows.append(row_2015(999, "Nowhere", SOCIAL_WORK, 18, 5, 0)), "no area is known by '999'"),
    ],
)
def test_a_file_that_is_not_as_expected_is_refused(workbook, change, sentence):
    rows = [list(COLUMNS_2015), *rows_2015()]
    change(rows)
    rows = [row + [""] * (max(map(len, rows)) - len(row)) for row in rows]
    with pytest.raises(BadInput, match=sentence.replace("(", r"\(")):
        section_251.read(workbook("a.xlsx", {"Sheet1": rows}), "outturn", RELEASE_2015)


def test_englands_lines_are_in_millions_and_keep_their_marks(tmp_path):
    columns = toml("cptrends.sources", "section_251.toml")["national"]["columns"]

    def line(name, gross, net):
        cells = dict.fromkeys(columns, "0") | {
            "time_period": "201920", "geographic_level": "National", "country_code": "E92000001",
            "description_of_expenditure": name, "total_expenditure": gross, "net_current_expenditure": net,
        }  # fmt: skip
        return ",".join(cells.values())

    path = tmp_path / "national.csv"
    path.write_text("\n".join([
        ",".join(columns),
        line("3.3.1 Social work (including LA functions in relation to child protection)", "2321.06", "x"),
        line("3.3.4 Total Safeguarding Children and Young Peoples Services", "2676.89", "2471.37"),
        line("5.0.2 Total Children and Young Peoples Services Expenditure (excluding CERA)", "10530.79", "9591.59"),
    ]), encoding="utf-8-sig")  # fmt: skip
    frame = section_251.read(path, "national", {"year": 2022})
    found = figures(frame)
    assert set(frame["year"]) == {2020}
    assert found["social_work_spend", "E92000001"] == "2321.06"
    assert found["social_work_spend_net", "E92000001"] == "x"
