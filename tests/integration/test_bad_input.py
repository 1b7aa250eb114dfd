"""Whatever is wrong with what is given: exit status 2, one sentence, nothing written."""

import shutil
import zipfile

import pytest

from cptrends.data import figures, loading
from cptrends.errors import BadInput
from cptrends.memory import forget


@pytest.fixture
def refused(run, home, contents):
    """A function (words): the command must refuse them; gives its sentence."""

    def command(*words):
        before = contents(home)
        status, out, err = run(*words)
        assert (status, out) == (2, ""), err
        assert err.startswith("cptrends: ") and err.endswith("\n") and err.count("\n") == 1 and len(err) < 500
        assert "Traceback" not in err and "Error" not in err
        assert contents(home) == before, "something was written"
        return err

    return command


@pytest.fixture
def good(tidy_file, tmp_path):
    return tidy_file(tmp_path / "good")


def changed(path, tmp_path, content):
    copy = tmp_path / "changed" / path.name
    copy.parent.mkdir(exist_ok=True)
    copy.write_bytes(content)
    return copy


def test_a_truncated_csv_in_the_middle_of_a_row(refused, good, tmp_path):
    content = good.read_bytes()
    cut = content[: content.rindex(b",", 0, len(content) // 2)]
    assert "the file may be truncated" in refused("ingest", changed(good, tmp_path, cut))


def test_a_truncated_csv_at_the_end_of_a_row(refused, good, tmp_path):
    content = good.read_bytes()
    cut = content[: content.rindex(b"\n", 0, len(content) // 2) + 1]
    sentence = refused("ingest", changed(good, tmp_path, cut))
    assert "2025 lacks" in sentence and "the file may be truncated" in sentence


def test_a_truncated_wide_file(refused, wide_file, tmp_path):
    path = wide_file(tmp_path, without=["Wokingham"])
    assert "2015 lacks Wokingham; the file may be truncated" in refused("ingest", path)


@pytest.mark.parametrize(
    "columns, why",
    [
        (
            {"CPP_subsequent": "CPP_subseqent"},
            "column 'CPP_subsequent' is missing; 'CPP_subseqent' was found in its place",
        ),
        ({"CPP_subsequent": None}, "column 'CPP_subsequent' is missing"),
        ({"extra": "extra"}, "column 'extra' is not expected after 'CPP_subsequent_percent'"),
    ],
)
def test_a_wrong_header(refused, tidy_file, tmp_path, columns, why):
    sentence = refused("ingest", tidy_file(tmp_path, columns=columns))
    assert why in sentence and "d3_cpps_subsequent_plan_2013_to_2025.csv" in sentence


def test_a_file_of_another_release_by_its_years(refused, tidy_file, tmp_path):
    path = tidy_file(tmp_path, years=(2023, 2024))
    assert "ends in 2024, but cin-2025 should end in 2025; it is of another release" in refused("ingest", path)


def test_a_file_of_another_release_by_its_columns(refused, tidy_file, tmp_path):
    older = tidy_file(tmp_path / "old", "cin-2020", "d5", years=(2020,))
    newer = tmp_path / "d5_cpps_at31march_by_duration_2013_to_2025.csv"
    shutil.copy(older, newer)
    assert "column 'category' is missing; 'Category' was found in its place" in refused("ingest", newer)


def test_a_file_of_no_release(refused, good, tmp_path):
    copy = shutil.copy(good, tmp_path / "my-own.csv")
    assert "my-own.csv is not a file of any release known" in refused("ingest", copy)
    assert "my-own.csv is not a file of cin-2024" in refused("ingest", copy, "--release", "cin-2024")
    assert "no release is called 'cin-1999'" in refused("ingest", good, "--release", "cin-1999")


def test_what_is_not_there(refused, tmp_path):
    assert "does not exist; give a file or folder" in refused("ingest", tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert "no file of any known release is under" in refused("ingest", tmp_path / "empty")


def test_an_area_unknown_there_twice_or_at_no_level(refused, tidy_file, good, tmp_path):
    text = good.read_text()
    unknown = text.replace(",204,E09000012,Hackney,", ",999,E09999999,Atlantis,")
    assert unknown != text
    assert "no area is known by '999', 'E09999999'" in refused("ingest", changed(good, tmp_path, unknown.encode()))
    row = next(line for line in text.splitlines() if ",Hackney," in line)
    assert "Hackney 2025 is there twice" in refused("ingest", changed(good, tmp_path, (text + row + "\n").encode()))
    level = text.replace("Local authority", "District")
    assert "geographic_level holds District, National, Regional" in refused(
        "ingest", changed(good, tmp_path, level.encode())
    )


def test_a_year_that_is_none(refused, good, tmp_path):
    text = good.read_text().replace("2025,Reporting year,National", "2024-25,Reporting year,National")
    assert "time_period holds '2024-25'; a year such as 2025 is expected" in refused(
        "ingest", changed(good, tmp_path, text.encode())
    )


def test_a_wide_file_without_england(refused, wide_file, tmp_path):
    assert "geog_l holds LA; National and LA are expected" in refused(
        "ingest", wide_file(tmp_path, without=["England"])
    )


@pytest.mark.parametrize("name", ["../../escaped.csv", "/tmp/escaped.csv", "C:\\escaped.csv"])
def test_a_zip_with_a_path_that_climbs_out(refused, good, tmp_path, name):
    with zipfile.ZipFile(tmp_path / "climbs.zip", "w") as archive:
        archive.write(good, good.name)
        archive.writestr(name, "a,b\n1,2\n")
    assert "holds a path that climbs out of its folder" in refused("ingest", tmp_path / "climbs.zip")
    assert not list(tmp_path.parent.glob("escaped.csv"))


def test_a_zip_that_would_fill_the_disk(refused, good, tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w") as archive:
        archive.write(good, good.name)
        archive.filelist[0].file_size = 5_000_000_000
    assert "would unpack to 5,000 MB" in refused("ingest", tmp_path / "bomb.zip")


def test_a_zip_whose_content_is_damaged_or_locked(refused, good, tmp_path):
    with zipfile.ZipFile(tmp_path / "damaged.zip", "w") as archive:
        archive.write(good, good.name)
    content = (tmp_path / "damaged.zip").read_bytes()
    (tmp_path / "damaged.zip").write_bytes(content.replace(b"Hackney", b"Hackmey"))
    assert "damaged.zip is damaged or locked with a password" in refused("ingest", tmp_path / "damaged.zip")
    locked = bytearray(content)
    locked[6] |= 1  # the flag of an encrypted member, in its own header and in the directory
    locked[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    assert "locked.zip is damaged or locked with a password" in refused("ingest", tmp_path / "locked.zip")


def test_a_cell_of_a_gigabyte(refused, good, tmp_path):
    path = tmp_path / "big" / good.name
    path.parent.mkdir()
    with path.open("wb") as stream:
        stream.write(good.read_bytes()[:-3])
        stream.truncate(1_000_000_000)  # a last cell without end, that takes no room on disk
    assert "is 1,000 MB, more than the 64 MB any published file needs" in refused("ingest", path)


def test_a_cell_just_too_long(refused, good, tmp_path):
    content = good.read_bytes().replace(b"Hackney", b"x" * 30_001)
    assert "a cell has more than 30,000 characters" in refused("ingest", changed(good, tmp_path, content))


def test_a_workbook_with_external_links(refused, tmp_path):
    path = tmp_path / "s251ye2009.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    from cptrends.sources import registry

    name = next(
        (
            pattern
            for entry in registry.releases().values()
            for pattern in entry["files"].values()
            if pattern.endswith(".xlsx")
        ),
        None,
    )
    assert name, "no workbook of that kind is registered"
    target = tmp_path / "in" / name.replace("*", "x")
    target.parent.mkdir(parents=True)
    shutil.move(path, target)
    assert "is a workbook with links to other workbooks" in refused("ingest", target)


def test_what_is_not_text(refused, good, tmp_path):
    assert "is not a text file" in refused("ingest", changed(good, tmp_path, good.read_bytes() + b"\0"))
    assert "is empty" in refused("ingest", changed(good, tmp_path, b""))


def test_two_files_that_say_they_are_the_same(refused, tidy_file, tmp_path):
    tidy_file(tmp_path / "two" / "a")
    tidy_file(tmp_path / "two" / "b", cells={("England", 2025, "CPP_start"): "1001"})
    assert "are both cin-2025 d3 but differ; give one of them" in refused("ingest", tmp_path / "two")


def test_one_bad_file_among_good_ones_stops_them_all(refused, tidy_file, tmp_path):
    tidy_file(tmp_path / "in", "cin-2024", years=(2024,))
    tidy_file(tmp_path / "in", columns={"CPP_start": "CPP_begin"})
    assert "CPP_begin" in refused("ingest", tmp_path / "in")


def test_a_file_where_a_folder_should_be(refused, home, good):
    (home / "data" / "raw" / "children-in-need").write_text("in the way")
    refused("ingest", good)


# --- asking for what is not there (on the data of the project, so without a clone of one's own) ---


@pytest.mark.parametrize(
    "words, why",
    [
        (["series", "referrals", "--area", "Atlantis"], "no area is called 'Atlantis'"),
        (["series", "referrals", "--from", "1999", "--to", "1999"], "no figure for 1999; it has "),
        (
            ["series", "referrals", "--from", "1999", "--to", "1999", "--area", "Hackney"],
            "no figure for 1999; it has 2010 to … for Hackney",
        ),
        (["series", "refferals"], "did you mean referrals"),
        (["series", "referrals", "--release", "cin-1999"], "no release is called 'cin-1999'"),
        (["areas", "Atlantis"], "no area is called 'Atlantis'"),
    ],
)
def test_asking_for_what_is_not_there(run, words, why):
    status, out, err = run(*words)
    assert (status, out) == (2, "") and err.count("\n") == 1
    assert all(part in err for part in why.split("…"))  # the newest year stands between


def test_a_clone_without_processed_data_says_how_to_get_it(home):
    forget()
    try:
        with pytest.raises(BadInput, match="run `cptrends build`"):
            figures.load_table("releases")
        with pytest.raises(BadInput, match="has no observations; run `cptrends build`"):
            loading.observations()
    finally:
        forget()
