"""data/raw -> data/processed: twice the same bytes, what is committed, and nothing that was changed by hand."""

import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
from collections import Counter

import pandas as pd
import pytest

import cptrends
from cptrends import data
from cptrends.data import areas, measures
from cptrends.errors import BadInput
from cptrends.memory import forget
from cptrends.sources import build, ingest, registry

ROOT = pathlib.Path(__file__).parents[2]
RAW, PROCESSED = ROOT / "data" / "raw", ROOT / "data" / "processed"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The whole build, here."""
    folder = tmp_path_factory.mktemp("build") / "processed"
    return folder, build.build(raw=RAW, processed=folder)


def test_what_is_committed_is_what_the_build_gives(built, contents):
    fresh, held = contents(built[0]), contents(PROCESSED)
    assert sorted(set(fresh) ^ set(held)) == []
    assert [name for name in fresh if fresh[name] != held[name]] == [], "run `cptrends build` and commit data/processed"


def test_built_again_elsewhere_the_bytes_are_the_same(built, contents, tmp_path):
    """In another process, with other hashes of strings, which is where an order by chance would show."""
    code = "import sys; from cptrends.sources import build; build.build(raw=sys.argv[1], processed=sys.argv[2])"
    seed = {**os.environ, "PYTHONHASHSEED": "12345"}
    subprocess.run([sys.executable, "-c", code, str(RAW), str(tmp_path / "again")], check=True, env=seed, cwd=tmp_path)
    assert contents(tmp_path / "again") == contents(built[0])


def test_the_counts_told_are_those_written(built):
    folder, counts = built
    rows = sum(
        len(row["releases"].split(" ")) for path in (folder / "observations").glob("*.csv") for row in _rows(path)
    )
    assert counts["observations"] == rows
    assert counts["measures"] == len(list((folder / "observations").glob("*.csv")))
    assert counts["inspections"] == len(_rows(folder / "inspections.csv"))


def _rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_suppressed_cell_of_raw_is_a_suppressed_cell_of_processed():
    """Counted with the csv module, release by release and measure by measure; none has become a nought."""
    in_raw, hidden_cells = Counter(), {}
    for resource in json.loads((RAW / "datapackage.json").read_text("utf-8"))["resources"]:
        if [field["name"] for field in resource["schema"]["fields"]][-1] != "published":
            continue
        entry = registry.releases()[resource["release"]]
        symbols = registry.symbols(entry["symbols"])
        of_money = registry.symbols(entry.get("symbols_of_money", entry["symbols"]))
        for row in _rows(RAW / resource["path"]):
            money = measures.dictionary().get(row["measure"], {}).get("kind") == "money"
            if (of_money if money else symbols).get(row["published"]) == "suppressed" and not row["measure"].endswith(
                ":confidence"
            ):
                in_raw[resource["release"], row["measure"]] += 1
                hidden_cells[resource["release"], row["measure"], row["area_code"], row["year"]] = True
    in_processed = Counter()
    for path in sorted((PROCESSED / "observations").glob("*.csv")):
        for row in _rows(path):
            for release in row["releases"].split(" "):
                if row["status"] == "suppressed":
                    in_processed[release, path.stem] += 1
                withheld = hidden_cells.pop((release, path.stem, row["area_code"], row["year"]), False)
                assert not withheld or (row["value"], row["status"]) == ("", "suppressed"), (
                    f"{path.stem}: {row} was withheld"
                )
    assert hidden_cells == {} and in_processed == in_raw and in_raw.total() > 15_000


def test_the_data_are_small_enough_to_carry():
    files = [path for folder in (RAW, PROCESSED) for path in folder.rglob("*") if path.is_file()]
    assert max(path.stat().st_size for path in files) < 3_000_000
    assert sum(path.stat().st_size for path in files) < 40_000_000


def test_the_description_is_a_data_package():
    package = json.loads((RAW / "datapackage.json").read_text("utf-8"))
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    names = [resource["name"] for resource in package["resources"]]
    assert len(names) == len(set(names)) and all(name == name.lower() for name in names)
    for resource in package["resources"]:
        assert resource["bytes"] == (RAW / resource["path"]).stat().st_size
        assert resource["officialFile"]["hash"].startswith("sha256:") and resource["officialFile"]["name"]
        assert resource.get("licenses") or registry.releases()[resource["release"]]["licence"] == ""
        with (RAW / resource["path"]).open(encoding="utf-8", newline="") as stream:
            assert next(csv.reader(stream)) == [field["name"] for field in resource["schema"]["fields"]]


# --- a small clone, changed one thing at a time ---


@pytest.fixture
def small(tmp_path, tidy_file):
    """A data/raw with two small releases of repeat plans."""
    for release, year in (("cin-2024", 2024), ("cin-2025", 2025)):
        ingest.ingest(
            [tidy_file(tmp_path / release, release, years=(2024, year) if year > 2024 else (2024,))],
            raw=tmp_path / "raw",
        )
    return tmp_path / "raw"


def refuse(raw, why, tmp_path):
    out = tmp_path / "out"
    out.mkdir(exist_ok=True)
    (out / "kept.txt").write_text("still here")
    with pytest.raises(BadInput, match=why) as stop:
        build.build(raw=raw, processed=out)
    assert "\n" not in str(stop.value)
    assert [path.name for path in out.parent.glob("out*")] == ["out"] and [path.name for path in out.iterdir()] == [
        "kept.txt"
    ]


def test_a_small_clone_builds(small, tmp_path):
    assert build.build(raw=small, processed=tmp_path / "out")["releases"] == 2
    rows = {
        row["area_code"]: row
        for row in _rows(tmp_path / "out" / "observations" / "repeat_plans.csv")
        if row["year"] == "2024"
    }
    assert rows[areas.ENGLAND]["releases"] == "cin-2024 cin-2025"


def test_a_changed_raw_file_is_refused(small, tmp_path):
    path = small / "children-in-need" / "cin-2025-d3.csv"
    path.write_text(path.read_text().replace(",1000\n", ",1001\n", 1))
    refuse(small, "data/raw/children-in-need/cin-2025-d3.csv was changed by hand; restore it", tmp_path)


def test_an_extra_file_is_refused(small, tmp_path):
    shutil.copy(small / "children-in-need" / "cin-2025-d3.csv", small / "children-in-need" / "cin-2026-d3.csv")
    refuse(small, "cin-2026-d3.csv is not described in datapackage.json", tmp_path)


def test_a_missing_file_is_refused(small, tmp_path):
    (small / "children-in-need" / "cin-2025-d3.csv").unlink()
    refuse(small, "data/raw/children-in-need/cin-2025-d3.csv is missing; restore it", tmp_path)


def test_a_missing_or_damaged_description_is_refused(small, tmp_path):
    (small / "datapackage.json").write_text('{"resources": [')
    refuse(small, "datapackage.json is damaged", tmp_path)
    (small / "datapackage.json").unlink()
    refuse(small, "datapackage.json is missing; run `cptrends ingest`", tmp_path)


def test_a_release_that_is_not_registered_is_refused(small, tmp_path):
    package = json.loads((small / "datapackage.json").read_text("utf-8"))
    package["resources"][0]["release"] = "cin-2051"
    (small / "datapackage.json").write_text(json.dumps(package))
    refuse(small, "data/raw has release 'cin-2051', which cptrends/sources/publications.toml does not", tmp_path)


def test_what_is_neither_a_number_nor_a_symbol_is_refused(tmp_path, tidy_file):
    # x meant suppressed to 2017, not available since 2022, and nothing in 2020.
    path = tidy_file(tmp_path / "in", "cin-2020", years=(2020,), cells={("Hackney", 2020, "CPP_subsequent"): "x"})
    ingest.ingest([path], raw=tmp_path / "raw")
    refuse(
        tmp_path / "raw", "cin-2020 d3: repeat_plans of Hackney in 2020 is 'x', neither a number nor a symbol", tmp_path
    )


def test_a_share_over_a_hundred_is_refused(tmp_path, tidy_file):
    path = tidy_file(tmp_path / "in", cells={("Hackney", 2025, "CPP_subsequent_percent"): "124.5"})
    ingest.ingest([path], raw=tmp_path / "raw")
    refuse(
        tmp_path / "raw", "repeat_plan_percent, Hackney, 2025, cin-2025: a share must be between 0 and 100", tmp_path
    )


def test_a_build_that_fails_half_way_leaves_the_old_data(small, tmp_path, monkeypatch, contents):
    build.build(raw=small, processed=tmp_path / "out")
    before = contents(tmp_path / "out")

    def full_disk(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pathlib.Path, "write_bytes", full_disk)
    with pytest.raises(OSError, match="No space"):
        build.build(raw=small, processed=tmp_path / "out")
    assert contents(tmp_path / "out") == before


# --- one session, such as a notebook's: what was loaded before a build is not what is shown after it ---


@pytest.fixture
def session(home):
    """A clone of one's own, in a session that has loaded nothing yet."""
    forget()
    yield home
    forget()


def test_after_a_new_build_the_same_session_shows_the_new_figures(session, tmp_path, tidy_file):
    def hackney():
        return cptrends.load("plans_started", area="Hackney", start=2025, end=2025, release="cin-2025").value.tolist()

    ingest.ingest([tidy_file(tmp_path / "first")], raw=session / "data" / "raw")
    build.build()
    assert hackney() == [10]
    corrected = tidy_file(tmp_path / "second", cells={("Hackney", 2025, "CPP_start"): "11"})
    ingest.ingest([corrected], raw=session / "data" / "raw")
    assert hackney() == [10]  # ingested, not yet built
    build.build()
    assert hackney() == [11]


def test_a_release_that_is_new_in_a_build_is_known_to_the_session(session, tmp_path, tidy_file):
    ingest.ingest([tidy_file(tmp_path / "first", "cin-2024", years=(2024,))], raw=session / "data" / "raw")
    build.build()
    assert data.releases()["release"].tolist() == ["cin-2024"]
    ingest.ingest([tidy_file(tmp_path / "second")], raw=session / "data" / "raw")
    build.build()
    assert data.releases()["release"].tolist() == ["cin-2024", "cin-2025"]
    assert cptrends.load("plans_started", area="England").year.tolist() == [2024, 2025]


# --- what ingest says of a new edition ---


def test_one_changed_figure_is_told_old_and_new(small, tmp_path, tidy_file):
    path = tidy_file(tmp_path / "cin-2025", years=(2024, 2025), cells={("Hackney", 2025, "CPP_start"): "11"})
    summary = ingest.ingest([path], raw=small)
    assert (summary["new"], summary["revised"], summary["unchanged"]) == (0, 1, summary["figures"] - 1)
    assert summary["revisions"].iloc[0].to_dict() == {
        "measure": "plans_started",
        "area_code": "E09000012",
        "year": 2025,
        "old": "10",
        "new": "11",
        "release": "cin-2025",
    }
    assert ingest.describe(summary)[-1] == "  cin-2025: plans_started Hackney 2025: 10 -> 11"


def test_a_new_release_is_compared_with_the_one_before(tmp_path, tidy_file):
    ingest.ingest([tidy_file(tmp_path / "a", "cin-2024", years=(2024,))], raw=tmp_path / "raw")
    newer = tidy_file(tmp_path / "b", years=(2024, 2025), cells={("England", 2024, "CPP_subsequent"): "u"})
    summary = ingest.ingest([newer], raw=tmp_path / "raw")
    assert summary["revised"] == 1 and summary["revisions"]["new"].tolist() == ["u"]
    assert summary["new"] == summary["figures"] // 2 and summary["unchanged"] == summary["new"] - 1


def test_a_thousands_comma_is_no_revision(tmp_path, wide_file):
    ingest.ingest([wide_file(tmp_path / "a")], raw=tmp_path / "raw")
    again = wide_file(tmp_path / "b", cells={("England", "Referrals1415"): "1,000"})
    assert ingest.ingest([again], raw=tmp_path / "raw")["revised"] == 0


def test_many_revisions_are_shown_in_part_englands_first(tmp_path, tidy_file):
    ingest.ingest([tidy_file(tmp_path / "a")], raw=tmp_path / "raw")
    cells = {(areas.name(code), 2025, "CPP_start"): "12" for code in [*areas.authorities(2025)[:30], areas.ENGLAND]}
    lines = ingest.describe(ingest.ingest([tidy_file(tmp_path / "b", cells=cells)], raw=tmp_path / "raw"))
    assert "England 2025: 1000 -> 12" in lines[1] and len(lines) == 22
    assert lines[-1] == "  and 11 more; data/raw's own differences show them all."


def test_ingested_twice_not_a_byte_changes(small, tmp_path, contents):
    before = contents(small)
    ingest.ingest([tmp_path / "cin-2024", tmp_path / "cin-2025"], raw=small)
    assert contents(small) == before


def test_a_folder_of_many_things_gives_what_is_known_and_says_what_was_passed_over(tmp_path, tidy_file):
    tidy_file(tmp_path / "in")
    (tmp_path / "in" / "data-guidance.txt").write_text("notes")
    summary = ingest.ingest([tmp_path / "in"], raw=tmp_path / "raw")
    assert (summary["files"], summary["passed_over"]) == (1, 1)
    assert ingest.describe(summary)[1].startswith("Passed over, because no reader is registered: 1 file.")


def test_a_zip_as_downloaded_is_read(tmp_path, tidy_file):
    tidy_file(tmp_path / "in" / "data")
    archive = shutil.make_archive(str(tmp_path / "children-in-need"), "zip", tmp_path / "in")
    assert ingest.ingest([archive], raw=tmp_path / "raw")["files"] == 1


def test_tables_that_are_not_figures_are_kept_whole(built):
    neighbours = pd.read_csv(built[0] / "statistical_neighbours.csv", dtype=str)
    deciles = pd.read_csv(built[0] / "neighbourhood_deciles.csv", dtype=str)
    assert len(neighbours) > 3000 and deciles["release"].unique().tolist() == ["neighbourhood-deciles"]
