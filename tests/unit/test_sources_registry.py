"""The register: a release like another one is told in full, and a file is of the release that its name says."""

import pathlib
import re

import pytest

from cptrends.data.status import EVIDENCE
from cptrends.errors import BadInput
from cptrends.sources import children_in_need, registry


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
    assert entry["evidence"] in EVIDENCE
    assert entry["evidence"] == "unverified" or (entry["publisher"] and entry["url"].startswith("http"))
    assert entry["precedence"] in range(5)
    assert entry["precedence"] == 4 or entry["evidence"] != "unverified"


def test_the_same_mark_means_different_things_in_different_releases():
    to_2017, to_2021, since = (registry.symbols(f"children-in-need-{name}") for name in ("to-2017", "2020", "2022"))
    assert to_2017["x"] == "suppressed" and since["x"] == "unavailable" and "x" not in to_2021
    assert to_2021["c"] == since["c"] == "suppressed" and "c" not in to_2017
    assert to_2021[":"] == "unavailable" and to_2017["."] == "not_applicable" and since["z"] == "not_applicable"


# --- a release that is like another ---

FIRST = {
    "title": "Children in need, 2024",
    "published": "2024-10",
    "year": 2024,
    "reader": "children_in_need",
    "newest_population": 2022,
    "files": {"b1": "b1_2024.csv", "c1": "c1_2024.csv"},
}
SECOND = {"like": "first", "title": "Children in need, 2025", "published": "2025-10", "year": 2025}


def told(**entries):
    return registry.told_in_full(next(iter(entries)), {"first": FIRST, **entries})


def test_what_a_release_leaves_unsaid_is_what_the_one_it_is_like_says():
    full = told(second=SECOND)
    assert (full["year"], full["title"], full["reader"]) == (2025, "Children in need, 2025", "children_in_need")
    assert full["files"] == FIRST["files"] and "like" not in full


def test_a_key_that_is_stated_replaces_the_whole_of_it():
    assert told(second={**SECOND, "files": {"b1": "b1_2025.csv"}})["files"] == {"b1": "b1_2025.csv"}


def test_an_exception_of_one_release_is_not_handed_on():
    assert "newest_population" not in told(second=SECOND)
    assert told(second={**SECOND, "newest_population": 2023})["newest_population"] == 2023


def test_likeness_goes_on_from_release_to_release():
    third = {"like": "second", "title": "Children in need, 2026", "published": "2026-10", "year": 2026}
    full = told(third=third, second={**SECOND, "symbols": "new"})
    assert (full["year"], full["symbols"], full["reader"]) == (2026, "new", "children_in_need")


@pytest.mark.parametrize("key", ["title", "published", "year"])
def test_what_is_said_of_one_release_alone_must_be_its_own(key):
    unsaid = {name: value for name, value in SECOND.items() if name != key}
    with pytest.raises(BadInput, match=f"^publications.toml: second is like first and must state its own {key}$"):
        told(second=unsaid)


def test_a_release_like_none_or_like_itself_is_refused_in_a_sentence():
    with pytest.raises(BadInput, match="second: there is no release called 'frist'; did you mean first"):
        told(second={**SECOND, "like": "frist"})
    with pytest.raises(BadInput, match="second is like third is like second, a circle; one of them must be told in"):
        told(second={**SECOND, "like": "third"}, third={**SECOND, "like": "second"})


def test_a_layout_kept_for_a_year_needs_no_header_of_its_own():
    assert "cin-2021" in registry.lineage("cin-2023")
    assert children_in_need.header("cin-2023", "d5") == children_in_need.header("cin-2021", "d5")
    assert children_in_need.header("cin-2023", "d3") != children_in_need.header("cin-2021", "d3")
