"""Opening files: what is whole is read to the letter, what is not is refused in a sentence."""

import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cptrends.errors import BadInput
from cptrends.sources import common


def refused(path, why, reader=common.read_csv_text):
    with pytest.raises(BadInput, match=why) as stop:
        reader(path)
    sentence = str(stop.value)
    assert "\n" not in sentence and path.name in sentence
    return sentence


@pytest.fixture
def file(tmp_path):
    def make(content, name="file.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return make


def test_cells_are_kept_to_the_letter(file):
    table = common.read_csv_text(file(b'la,count,share\r\nHackney,"1,234"," 7.0 "\r\nKent,,NA\r\n\r\n'))
    assert list(table.columns) == ["la", "count", "share"]
    assert table.to_numpy().tolist() == [["Hackney", "1,234", " 7.0 "], ["Kent", "", "NA"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_byte_order_mark_or_windows_letters_make_no_difference(file, encoding):
    table = common.read_csv_text(file("la,note\nKent,a pound £ and a dash –\n".encode(encoding)))
    assert list(table.columns) == ["la", "note"]
    assert table["note"].tolist() == ["a pound £ and a dash –"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(cut=st.integers(1, 60))
def test_a_file_cut_inside_a_row_is_refused(file, cut):
    whole = b'la,name,count\n201,"London, City of",10\n202,Camden,20\n'
    inside = whole[:-cut].rstrip(b"\n")
    path = file(inside)
    short = inside.split(b"\n")[-1].count(b",") < 2 or inside.count(b'"') % 2
    if not inside.count(b"\n") or short:
        with pytest.raises(BadInput):
            common.read_csv_text(path)


def test_each_way_of_being_cut_has_its_sentence(file):
    refused(file(b"a,b\n1,2\n3\n"), "line 3: 1 cells where the header has 2; the file may be truncated")
    refused(file(b'a,b\n1,"2\n3,4\n'), "a quotation mark is never closed")
    refused(file(b"a,b\n"), "no rows below its header")
    refused(file(b""), "is empty")


def test_a_row_too_long_is_refused(file):
    refused(file(b"a,b\n1,2,3\n"), "line 2: 3 cells where the header has 2")


def test_a_column_twice_is_refused(file):
    refused(file(b"a,b,a\n1,2,3\n"), "column 'a' appears twice")


def test_what_is_not_text_is_refused(file):
    refused(file(b"a,b\n1,\x002\n"), "is not a text file")


def test_a_cell_too_long_is_refused(file):
    longest = b"x" * common.MAX_CELL_CHARACTERS
    assert len(common.read_csv_text(file(b"a,b\n1," + longest + b"\n")).at[0, "b"]) == common.MAX_CELL_CHARACTERS
    refused(file(b"a,b\n1," + longest + b"x\n"), "a cell has more than 30,000 characters")


def test_a_file_of_a_gigabyte_is_refused_unread(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as stream:
        stream.write(b"a,b\n1,")
        stream.truncate(1_000_000_000)  # takes no room on disk
    refused(path, "huge.csv is 1,000 MB, more than the 64 MB")


def test_what_is_not_a_file_is_refused(tmp_path):
    refused(tmp_path / "none.csv", "is not a file")
    refused(tmp_path, "is not a file")


def test_rows_of_a_file_with_a_preamble_may_differ_in_length(file):
    assert common.read_csv_rows(file(b"Title\n\na,b\n1,2\n")) == [["Title"], ["a", "b"], ["1", "2"]]


def test_columns_must_be_those_expected():
    common.require_columns(["b", "a"], ["a", "b"], "c1.csv")
    common.require_columns(["a", "b", "c"], ["a", "b"], "c1.csv", extra="allow")
    for found, why in [
        (["a"], "c1.csv: column 'b' is missing, so check"),
        (["a", "B"], "column 'b' is missing; 'B' was found in its place"),
        (["a", "b", "c"], "column 'c' is not expected after 'b'"),
        (["c", "a", "b"], "column 'c' is not expected after 'the start'"),
    ]:
        with pytest.raises(BadInput, match=why):
            common.require_columns(found, ["a", "b"], "folder/c1.csv")


# --- zip archives and workbooks ---


def archive(path, *names, size=None):
    with zipfile.ZipFile(path, "w") as made:
        for name in names:
            made.writestr(name, b"a,b\n1,2\n")
        if size:
            made.filelist[-1].file_size = size  # what the archive says of itself, which is all that is asked
    return path


def test_a_plain_archive_passes(tmp_path):
    common.check_zip(archive(tmp_path / "plain.zip", "folder/c1.csv", "a..b.csv"))


@pytest.mark.parametrize(
    "name", ["../c1.csv", "folder/../../c1.csv", "/etc/c1.csv", "..\\c1.csv", "C:\\c1.csv", "C:c1.csv", "\\c1.csv"]
)
def test_a_path_that_climbs_out_is_refused(tmp_path, name):
    path = archive(tmp_path / "climbs.zip", "fine.csv", name)
    refused(path, "holds a path that climbs out of its folder", common.check_zip)


def test_an_archive_that_would_fill_the_disk_is_refused(tmp_path):
    path = archive(tmp_path / "bomb.zip", "c1.csv", size=3_000_000_000)
    refused(path, "would unpack to 3,000 MB", common.check_zip)


def test_links_to_other_workbooks_are_refused(tmp_path):
    path = archive(tmp_path / "links.xlsx", "xl/workbook.xml", "xl/externalLinks/externalLink1.xml")
    refused(path, "is a workbook with links to other workbooks", common.check_zip)
    refused(path, "is a workbook with links to other workbooks", common.sheet_names)


def test_a_damaged_archive_is_refused(tmp_path):
    whole = archive(tmp_path / "whole.zip", "c1.csv").read_bytes()
    path = tmp_path / "cut.zip"
    path.write_bytes(whole[:-10])
    refused(path, "is damaged or not what its ending says", common.check_zip)


def test_a_sheet_is_found_by_name_and_another_name_gets_the_list(workbook):
    pytest.importorskip("python_calamine", reason="the ingest extra is not installed")
    path = workbook("book.xlsx", {"Notes": [["a note"]], "Table A1": [["LA", "Total"], [201, 5.5], ["", "x"]]})
    assert common.sheet_names(path) == ["Notes", "Table A1"]
    assert common.read_sheet(path, "Table A1").to_numpy().tolist() == [["LA", "Total"], [201.0, 5.5], ["", "x"]]
    with pytest.raises(BadInput, match=r"book.xlsx has no sheet 'Table A2'; its sheets are Notes, Table A1"):
        common.read_sheet(path, "Table A2")


@pytest.mark.parametrize("name", ["book.xls", "book.xlsx", "book.ods"])
def test_what_only_ends_like_a_workbook_is_refused(file, name):
    pytest.importorskip("python_calamine", reason="the ingest extra is not installed")
    refused(
        file(b"a,b\n1,2\n", name),
        "cannot be opened as a workbook|is damaged or not what its ending says",
        common.sheet_names,
    )


def test_without_the_ingest_extra_the_sentence_says_what_to_install(workbook, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "python_calamine", None)
    refused(
        workbook("book.xlsx", {"a": [["b"]]}),
        r'install it with python -m pip install "cptrends\[ingest\]"',
        common.sheet_names,
    )


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_in_a_cell_is_written_so_that_it_reads_back(value):
    assert float(common.as_published(value)) == value


@pytest.mark.parametrize(
    "cell, text", [(None, ""), (float("nan"), ""), (True, "True"), (" c ", "c"), (0.0, "0"), (-3.0, "-3")]
)
def test_other_cells_as_text(cell, text):
    assert common.as_published(cell) == text
