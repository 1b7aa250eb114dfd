"""Children in low-income families: HMRC's moving headers and DWP's Stat-Xplore extracts."""

import pytest

from cptrends.data import areas
from cptrends.errors import BadInput
from cptrends.sources import low_income

ALTERNATIVE = "using alternative child population estimate"
SHARE = "% of Children in low-income families"
NOTE = (
    "2 The percentage of children in low-income families within the Isles of Scilly has been suppressed "
    "to prevent disclosure."
)


def early(share=SHARE, scilly="Isles of Scilly2", note=NOTE):
    """2011 to 2014: an old code between code and name; England's name under the old code's head."""
    return [
        ["Local Authority Code", "Local Authority", "", "", "Children in Child Benefit families", "", "", share, ""],
        ["", "", "", "", "Under 16", "All Children", "", "Under 16", "All Children"],
        ["", "", "", "", "", "", "", "", ""],
        ["E92000001", "England", "", "", 100, 120, "", 0.192, 0.186],
        ["E09000012", "00AM", "Hackney", "", 50, 60, "", 0.298, 0.301],
        ["E06000053", "00HF", scilly, "", 320, 375, "", 0, 0],
        ["E06000048", "00EM", "Northumberland", "", 52975, 62600, "", 0.176, 0.167],
        [note, "", "", "", "", "", "", "", ""],
    ]


def late():
    """2016: headings over several rows, another percentage beside, the United Kingdom above England."""
    blank = [""] * 10
    return [
        blank,
        ["", "", "", "", "", SHARE + "*", "", "", "", ""],
        ["", "Local Authority Code", "Local Authority Name", "", "", "", "", "", f"{SHARE}* {ALTERNATIVE}", ""],
        ["", "", "", "Under 16", "All Children", "Under 16", "All Children", "", "Under 16", "All Children"],
        ["", "K02000001", "United Kingdom", 9, 9, 0.173, 0.172, "", 0.165, 0.166],
        ["", "E92000001", "England", 9, 9, 0.168, 0.167, "", 0.16, 0.161],
        ["", "E06000001", "Hartlepool", 9, 2, 0.25, 0.24, "", 0.23, 0.22],
        ["", "E07000008", "Cambridge", 9, 9, 0.1, 0.1, "", 0.1, 0.1],
        ["", "W06000020", "Torfaen", 9, 9, 0.1, 0.1, "", 0.1, 0.1],
    ]  # fmt: skip


def shares(path, year=2013):
    frame = low_income.read(path, "summary", {"year": year})
    assert set(frame["measure"]) == {"children_in_low_income_percent"} and set(frame["year"]) == {year}
    return frame.set_index("area_code")["published"].to_dict()


def test_the_percentage_of_all_children_is_taken_not_of_those_under_16(workbook):
    found = shares(workbook("a.xlsx", {"Notes": [["Notes"]], "Summary (rounded)": early()}))
    assert found["E92000001"] == "0.186" and found["E09000012"] == "0.301"


def test_an_old_code_is_the_authority_of_today(workbook):
    assert shares(workbook("a.xlsx", {"Summary ": early()}))["E06000057"] == "0.167"


def test_a_suppressed_share_printed_as_nought_is_marked(workbook):
    assert shares(workbook("a.xlsx", {"Summary": early()}))["E06000053"] == "0 (note 2)"
    # Without the note, or without its number at the name, it is the publisher's nought.
    assert shares(workbook("b.xlsx", {"Summary": early(note="")}))["E06000053"] == "0"
    assert shares(workbook("c.xlsx", {"Summary": early(scilly="Isles of Scilly")}))["E06000053"] == "0"


def test_2016_takes_the_first_percentage_and_leaves_out_districts_and_other_nations(workbook):
    found = shares(workbook("a.xlsx", {"Summary": late()}), 2017)
    assert found == {"E92000001": "0.167", "E06000001": "0.24"}


def test_renamed_headings_are_refused(workbook):
    with pytest.raises(BadInput, match="no column '% of Children"):
        shares(workbook("a.xlsx", {"Summary": early(share="% of Children in poverty")}))
    with pytest.raises(BadInput, match="no sheet called Summary"):
        shares(workbook("b.xlsx", {"Table": early()}))
    with pytest.raises(BadInput, match="England"):
        shares(workbook("c.xlsx", {"Summary": early()[:2]}))


PREAMBLE = (
    'Stat-Xplore\n\n"Relative Low Income (I II)"\n"National - Regional - LA - OAs by Year"\n\n'
    'Filters:\n"Default Summation","Relative Low Income"\n\n'
)
HEADER = (
    '"Year","2014/15","2014/15 - Annotations","2015/16 (p)","2015/16 - Annotations",\n'
    '"National - Regional - LA - OAs",\n'
)
CODES = areas.authorities(2022)


def extract(tmp_path, codes=CODES, header=HEADER, more=""):
    rows = "".join(f'"{code}",{100 + place},,..,,\n' for place, code in enumerate(codes))
    path = tmp_path / "extract.csv"
    path.write_text(
        f'{PREAMBLE}{header}{rows}{more}"W06000001",5,,6,,\n"ZZXXXXXXX",..,,..,,\n"Total",999,,999,,\n\n"INFO","About"\n'
    )
    return path


def test_counts_are_of_english_authorities_by_year_to_31_march(tmp_path):
    frame = low_income.read(extract(tmp_path), "counts", {"year": 2016, "boundaries": 2022})
    assert set(frame["area_code"]) == set(CODES) and len(frame) == 2 * len(CODES)
    found = frame.set_index(["area_code", "year"])["published"]
    assert found[CODES[0], 2015] == "100"
    # Nil or negligible: the mark is kept, it is not a nought.
    assert set(found[:, 2016]) == {".."}


def test_an_extract_with_an_authority_missing_or_twice_is_refused(tmp_path):
    release = {"year": 2016, "boundaries": 2022}
    with pytest.raises(BadInput, match="is not in the table"):
        low_income.read(extract(tmp_path, codes=CODES[1:]), "counts", release)
    with pytest.raises(BadInput, match="repeated"):
        low_income.read(extract(tmp_path, more=f'"{CODES[0]}",1,,2,,\n'), "counts", release)
    with pytest.raises(BadInput, match="Annotations column"):
        low_income.read(extract(tmp_path, header=HEADER.replace("2014/15 - Annotations", "Change")), "counts", release)
    with pytest.raises(BadInput, match="no area"):
        low_income.read(extract(tmp_path, more='"E06999999",1,,2,,\n'), "counts", release)
