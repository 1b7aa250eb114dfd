"""Reading Ofsted's workbooks: small ones made here in the official layouts."""

import datetime
import zipfile
from xml.sax.saxutils import escape

import pandas as pd
import pytest

from cptrends.data.inspections import GRADES
from cptrends.errors import BadInput
from cptrends.sources import inspections

LINK = "Ofsted Local Authority Webpage"
RI = "Requires improvement to be good"

HISTORY_2025 = [
    "Web link", "Local authority area code", "Local authority name", "Local authority status", "Ofsted region",
    "Inspection date", "Publication date", "Inspection type", "Overall effectiveness",
    "The impact of leaders on social work practice with children and families",
    "The experiences and progress of children who need help and protection",
    "The experiences and progress of children in care",
    "The experiences and progress of care leavers",
]  # fmt: skip
LATEST_2025 = [column for column in HISTORY_2025 if column not in ("Local authority status", "Inspection type")]
IN_YEAR_2025 = [
    "Web link", "Local authority area code", "Local authority name", "Region", "Inspection/Visit date",
    "Publication date", "Inspection/Visit type", *HISTORY_2025[8:], "Visit Theme",
]  # fmt: skip

# As the publisher has it: line breaks and blanks around names included.
SIF_2023 = [
    "Single Inspection of LA Children's Services (SIF)  First SIF publication date",
    " First SIF Overall Judgement\n(OE)",
    " First SIF children who need help and protection ",
    " First SIF children looked after and achieving permanence ",
    " First SIF CLA Sub: Adoption Performance",
    " First SIF CLA Sub: Experiences and progress of care leavers",
    " First SIF leadership, management and governance",
    "LSCB Overall Effectiveness ",
    "Single Inspection of LA Children's Services (SIF) SIF Re-inspection publication date",
    " SIF Re-inspection Overall Judgement\n(OE)",
    " SIF Re-inspection children who need help and protection ",
    " SIF Re-inspection children looked after and achieving permanence ",
    " SIF Re-inspection CLA Sub: Adoption Performance",
    " SIF Re-inspection CLA Sub: Experiences and progress of care leavers",
    " SIF Re-inspection leadership, management and governance",
]
EARLIER_2023 = [
    "Web link", "Local authority name", "LA region", "LA Authority Type",
    "Safeguarding & Looked After Children (SLAC) Inspection publication date",
    "SLAC Safeguarding Overall effectiveness (OE)",
    "SLAC Looked After Children Overall Effectiveness (OE)",
    "SLAC re-inspection of Safeguarding publication date",
    "SLAC re-inspection Safeguarding OE",
    "SLAC re-inspection of services for Children Looked After publication date",
    "SLAC re-inspection of services Children Looked After OE",
    "Child Protection Inspections (CPI) publication date",
    "CPI Overall Effectiveness (OE)",
    "Child Protection Re-Inspection (CPRI) publication date",
    "CPRI Overall Effectiveness (OE)",
    "Targeted Looked After Children (TLAC) inspection publication date",
    "TLAC Overall Effectiveness (OE)",
    *SIF_2023,
]  # fmt: skip


def ilacs_2023(prefix, *care):
    return [
        f"{prefix} inspection type",
        f"{prefix} publication date",
        f"{prefix} overall effectiveness",
        f"{prefix} impact of leaders",
        f"{prefix} experiences and progress of children who need help and protection",
        *(f"{prefix} experiences and progress of {group}" for group in care),
    ]


JOINT = "children in care and care leavers"
HISTORY_2023 = [
    *EARLIER_2023,
    *ilacs_2023("First ILACS framework", JOINT),
    *ilacs_2023("Second ILACS framework", "children in care", "care leavers"),
]
ENDED_2023 = [*EARLIER_2023, *ilacs_2023("ILACS framework", JOINT)]


def day(text):
    return datetime.date.fromisoformat(text)


def sheet(*rows):
    """Rows of unequal length as a sheet, blank cells as calamine gives them."""
    width = max(map(len, rows))
    return pd.DataFrame([[*row, *[""] * (width - len(row))] for row in rows], dtype=object)


def row_of(columns, **values):
    """A row with these cells, by the start of the column's name once blanks are trimmed."""
    cells = dict.fromkeys(range(len(columns)), "")
    for wanted, value in values.items():
        cells[next(i for i, column in enumerate(columns) if " ".join(column.split()) == wanted)] = value
    return list(cells.values())


def history_2023(*current, ended=()):
    return sheet(
        ["Children's social care data in England 2023 - LA inspections 2009-2023"],
        ["This worksheet contains two tables with no blank rows or columns."],
        HISTORY_2023,
        *current,
        [""],
        [""],
        ["Table 11:History of inspections of local authorities that existed before the restructure"],
        ENDED_2023,
        *ended,
    )


def history_row(columns, name, region="London", kind="Unitary", **values):
    row = row_of(columns, **values)
    row[:4] = [LINK, name, region, kind]
    return row


def write_ods(path, sheets):
    """The smallest workbook that is an .ods: enough for the real way in through the reader."""

    def cell(value):
        if isinstance(value, datetime.date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        if value == "":
            return "<table:table-cell/>"
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'

    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr("content.xml", content)


def workbook_2025(history=HISTORY_2025, history_rows=None):
    """The three sheets of the 2025 workbook, as rows."""
    started, published = day("2024-06-10"), day("2024-07-23")
    grades = ["Good", "Good", RI, "Outstanding", "Good"]
    barnet = [LINK, "E09000003", "Barnet"]
    rows = history_rows or [
        [*barnet, "Current", "London", started, published, "ILACS Short Inspection", *grades],
        [LINK, "E10000006", "Cumbria", "No longer exists", "North West", day("2022-09-20"), day("2022-11-15"),
         "ILACS Standard Inspection", RI, RI, RI, "Good", ""],
    ]  # fmt: skip
    title = [["Local authority inspections"], ["This worksheet contains one table."]]
    return {
        "ILACS_inspection_history": [*title, history, *rows],
        "Inspections_as_at_31_March": [*title, LATEST_2025, [*barnet, "London", started, published, *grades]],
        "In-year_inspections": [
            *title,
            IN_YEAR_2025,
            [*barnet, "London", started, published, "ILACS Short Inspection", *grades, ""],
            [*barnet, "London", day("2025-01-14"), day("2025-02-20"), "ILACS Focused Visit", "", "", "", "", "",
             "Front door"],
        ],
    }  # fmt: skip


RELEASE_2025 = {"workbook": "2025"}


def test_2025_workbook_is_read_sheet_by_sheet(tmp_path):
    path = tmp_path / "LA_Inspection_Outcomes_as_at_31_March_2025.ods"
    write_ods(path, workbook_2025())
    found = inspections.read(path, "inspections", RELEASE_2025)
    assert list(found.columns) == list(inspections.COLUMNS)
    assert found["table"].value_counts().to_dict() == {"history": 2, "in_year": 2, "latest": 1}
    first = found.iloc[0]
    assert first[["ons_code", "name", "area_status"]].tolist() == ["E09000003", "Barnet", "Current"]
    assert first[["inspection_start", "published"]].tolist() == ["2024-06-10", "2024-07-23"]
    assert first["help_and_protection"] == RI and first["children_in_care"] == "Outstanding"
    visit = found[found["inspection_type"] == "ILACS Focused Visit"].iloc[0]
    assert visit["overall"] == "" and visit["theme"] == "Front door"
    assert found.map(lambda cell: isinstance(cell, str)).all(axis=None)


def test_one_wide_row_of_the_2023_history_is_many_inspections():
    hackney = history_row(
        HISTORY_2023,
        "Hackney",
        **{
            "Safeguarding & Looked After Children (SLAC) Inspection publication date": day("2012-09-01"),
            "SLAC Safeguarding Overall effectiveness (OE)": RI,
            "SLAC Looked After Children Overall Effectiveness (OE)": "Good",
            "Single Inspection of LA Children's Services (SIF) First SIF publication date": day("2016-09-09"),
            "First SIF Overall Judgement (OE)": "Good",
            "First SIF CLA Sub: Adoption Performance": "Outstanding",
            "LSCB Overall Effectiveness": "Inadequate",
            "Second ILACS framework inspection type": "ILACS Short Inspection",
            "Second ILACS framework publication date": day("2022-05-05"),
            "Second ILACS framework overall effectiveness": "Good",
        },
    )
    dorset = history_row(
        ENDED_2023,
        "Dorset",
        region="South West",
        **{
            "Single Inspection of LA Children's Services (SIF) First SIF publication date": day("2016-05-23"),
            "First SIF Overall Judgement (OE)": RI,
            "First SIF children looked after and achieving permanence": " -",
        },
    )
    tables = inspections.layout("2023")["LA_inspections_2009-2023"]
    found = inspections.parse(history_2023(hackney, ended=[dorset]), tables, "history.ods")
    assert found["framework"].tolist() == ["SLAC", "SIF", "ILACS", "SIF"]
    assert found["area_status"].tolist() == ["Current"] * 3 + ["No longer exists"]
    slac, sif, ilacs, ended = (found.iloc[i] for i in range(4))
    # trap 13: no single overall grade, so nothing may stand there
    assert slac["overall"] == "" and slac["safeguarding"] == RI and slac["children_in_care"] == "Good"
    assert sif["overall"] == "Good" and sif["adoption"] == "Outstanding" and sif["safeguarding_board"] == "Inadequate"
    assert ilacs["published"] == "2022-05-05" and ilacs["inspection_start"] == ""
    # the history dates by publication: that date must not be taken for the day of the inspection
    assert (found["inspection_start"] == "").all()
    assert ended["children_in_care"] == "-"


def test_an_authority_not_yet_inspected_keeps_the_publishers_words():
    header = [
        "Web link", "Local authority name", "Ofsted region", "Inspection date", "Overall effectiveness",
        "Impact of leaders", "Experiences and progress of children who need help and protection",
        "Experiences and progress of children in care", "Experiences and progress of care leavers",
    ]  # fmt: skip
    cells = sheet(["Title"], header, [LINK, "Cumberland", "North West", "Not yet inspected", "", "", "", "", ""])
    tables = inspections.layout("2024")["Inspections_31_March_2024"]
    found = inspections.parse(cells, tables, "LA_Inspection_Outcomes_as_at_March_2024.ods")
    assert found["inspection_start"].tolist() == ["Not yet inspected"]


def compiled_sheet(**changes):
    header = [
        "urn", "la_code", "region_code", "ltla23cd", "stat_neighbours", "stat_neighbour_judgement",
        "local_authority", "inspection_link", "overall_effectiveness_grade", "inspection_framework",
        "inspector_name", "inspection_start_date", "inspection_end_date", "publication_date",
        "local_link_to_all_inspections", "impact_of_leaders_grade", "help_and_protection_grade", "in_care_grade",
        "care_leavers_grade", "inspectors_inspections_count",
    ]  # fmt: skip
    values = {
        "la_code": "370", "local_authority": "barnsley", "overall_effectiveness_grade": "good",
        "inspection_framework": "short", "inspector_name": "a person", "inspection_start_date": "11/09/2023",
        "inspection_end_date": "15/09/2023", "publication_date": "27/10/23", "ltla23cd": "E08000016",
    }  # fmt: skip
    return sheet(header, [{**values, **changes}.get(column, "") for column in header])


def test_inspectors_names_are_not_read():
    tables = inspections.layout("compiled")["ofsted_cs_inspections_overview"]
    found = inspections.parse(compiled_sheet(), tables, "overview.xlsx")
    assert not found.isin(["a person"]).any(axis=None)
    assert found.loc[0, ["la_code", "name", "inspection_end", "table"]].tolist() == [
        "370", "barnsley", "15/09/2023", "compiled",
    ]  # fmt: skip


def renamed(column, new):
    return [new if name == column else name for name in HISTORY_2025]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (renamed("Overall effectiveness", "Overall"), "column 'Overall effectiveness' is missing; 'Overall' was found"),
        (renamed("Local authority name", "Authority"), "0 table(s) with a column 'Local authority name' found where 1"),
        ([*HISTORY_2025, "Framework"], "column 'Framework' is not expected"),
        (renamed("Publication date", "Inspection date"), "column 'Inspection date' appears twice"),
        ([name for name in HISTORY_2025 if name != "Inspection type"], "column 'Inspection type' is missing"),
    ],
)
def test_a_changed_column_stops_with_a_sentence(tmp_path, header, message):
    path = tmp_path / "LA_Inspection_Outcomes_as_at_31_March_2025.ods"
    write_ods(path, workbook_2025(history=header))
    with pytest.raises(BadInput) as stopped:
        inspections.read(path, "inspections", RELEASE_2025)
    assert message in str(stopped.value)
    assert "LA_Inspection_Outcomes_as_at_31_March_2025.ods, sheet ILACS_inspection_history" in str(stopped.value)


def test_a_workbook_of_another_release_stops(tmp_path):
    path = tmp_path / "LA_Inspection_Outcomes.ods"
    write_ods(path, workbook_2025())
    with pytest.raises(BadInput, match="has no sheet 'ILACS_inspections_2018-2024'; its sheets are"):
        inspections.read(path, "inspections", {"workbook": "2024"})


def test_a_table_without_rows_stops():
    tables = inspections.layout("2025")["ILACS_inspection_history"]
    with pytest.raises(BadInput, match="no rows below the header in row 2"):
        inspections.parse(sheet(["Title"], HISTORY_2025), tables, "x.ods")


def test_a_lost_second_table_stops():
    tables = inspections.layout("2023")["LA_inspections_2009-2023"]
    with pytest.raises(BadInput, match=r"1 table.* found where 2 are expected"):
        inspections.parse(sheet(["Title"], HISTORY_2023, history_row(HISTORY_2023, "Hackney")), tables, "x.ods")


def test_an_unknown_part_stops(tmp_path):
    with pytest.raises(BadInput, match="'grades' is not a part"):
        inspections.read(tmp_path / "x.ods", "grades", RELEASE_2025)


def printed(rows):
    return pd.DataFrame(rows, dtype=object).reindex(columns=inspections.SHARE_COLUMNS, fill_value="")


def test_printed_shares_are_taken_source_by_source_and_recomputed_ones_left_out():
    table = printed(
        [
            {"source_id": "A", "basis": "printed", "pct_inadequate": "24.0"},
            {"source_id": "A", "basis": "recomputed from LA list", "pct_inadequate": "23.9"},
            {"source_id": "B; A", "basis": "printed", "pct_inadequate": "0.0"},
        ]
    )
    assert inspections.read_shares(table, "A", "x.csv")["pct_inadequate"].tolist() == ["24.0"]
    assert inspections.read_shares(table, "B", "x.csv")["pct_inadequate"].tolist() == ["0.0"]
    with pytest.raises(BadInput, match=r"x.csv has no printed share from 'C'"):
        inspections.read_shares(table, "C", "x.csv")


def test_printed_shares_with_a_renamed_column_stop():
    table = printed([{"source_id": "A", "basis": "printed"}]).rename(columns={"as_at": "date"})
    with pytest.raises(BadInput, match="column 'as_at' is missing"):
        inspections.read_shares(table, "A", "x.csv")


def test_a_layout_that_is_none_is_refused():
    with pytest.raises(
        BadInput, match=r"no layout of Ofsted's workbooks is called '2031'; inspections.toml has 2023, 2024"
    ):
        inspections.layout("2031")


def test_the_words_for_grades_lead_to_the_four_grades_and_to_none():
    assert set(inspections.vocabulary()["grades"]) == {*GRADES, ""}


@pytest.mark.parametrize("name", inspections.vocabulary()["workbooks"])
def test_every_layout_names_columns_of_ours_alone(name):
    for tables in inspections.layout(name).values():
        for table in tables:
            ours = {*table["area"], *(field for event in table["inspections"] for field in event["columns"])}
            assert ours <= set(inspections.COLUMNS)
            assert all("{}" not in text for event in table["inspections"] for text in event["columns"].values())
