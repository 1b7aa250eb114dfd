"""Which release a file is of: told by its name, by nothing else."""

import pathlib
import re

import pytest

from cptrends.errors import BadInput
from cptrends.sources import registry


def test_every_pattern_finds_its_own_release_and_part():
    for name, entry in registry.releases().items():
        for part, pattern in entry["files"].items():
            assert (name, part) in registry.matches(pathlib.Path("downloads") / pattern.replace("*", "x")), pattern


def test_children_in_need_files_belong_to_one_release_each():
    for name, entry in registry.releases().items():
        if entry["publication"] == "children-in-need":
            for part, pattern in entry["files"].items():
                assert registry.matches(pathlib.Path(pattern.replace("*", "x"))) == [(name, part)]


def test_capitals_and_the_kind_of_slash_make_no_difference():
    path = pathlib.PureWindowsPath("C:\\Users\\me\\B1_Children_In_Need_2013_to_2025.CSV")
    assert registry.matches(path) == [("cin-2025", "b1")]


def test_a_file_name_that_only_ends_alike_is_not_taken():
    assert registry.matches(pathlib.Path("old_b1_children_in_need_2013_to_2025.csv")) == []
    assert registry.matches(pathlib.Path("b1_children_in_need_2013_to_2025.csv.bak")) == []


def test_names_that_repeat_need_their_folder_unless_the_release_is_named():
    name = "bds_long_0.parquet"
    assert registry.matches(pathlib.Path(name)) == []
    assert registry.matches(pathlib.Path("2026-04-08") / name) == [("lait-2026-04", "store")]
    assert registry.matches(pathlib.Path(name), "lait-2025-05") == [("lait-2025-05", "store")]


def test_a_release_that_is_none_is_refused():
    with pytest.raises(BadInput, match="no release is called 'cin-1999'"):
        registry.matches(pathlib.Path("b1.csv"), "cin-1999")


@pytest.mark.parametrize("name", registry.releases())
def test_every_release_is_described(name):
    entry = registry.releases()[name]
    assert entry["id"] == name and entry["title"] and entry["files"] and entry["reader"]
    assert re.fullmatch(r"(\d{4}(-\d\d(-\d\d)?)?)?", entry["published"])
    assert entry["evidence"] in registry.EVIDENCE
    assert entry["evidence"] == "unverified" or (entry["publisher"] and entry["url"].startswith("http"))
    assert entry["precedence"] in range(5)
    assert entry["precedence"] == 4 or entry["evidence"] != "unverified"


def test_the_same_mark_means_different_things_in_different_releases():
    to_2017, to_2021, since = (registry.symbols(f"children-in-need-{name}") for name in ("to-2017", "2020", "2022"))
    assert to_2017["x"] == "suppressed" and since["x"] == "unavailable" and "x" not in to_2021
    assert to_2021["c"] == since["c"] == "suppressed" and "c" not in to_2017
    assert to_2021[":"] == "unavailable" and to_2017["."] == "not_applicable" and since["z"] == "not_applicable"
