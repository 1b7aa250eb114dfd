"""The register against the data: every claim is there, and each verdict is the one that readers were given."""

import csv
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

from cptrends import claims
from cptrends.data import paths

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "golden"))
import update_claims


@pytest.fixture(scope="module")
def results():
    return claims.check()


@pytest.fixture(scope="module")
def golden():
    return update_claims.read(update_claims.GOLDEN.read_text("utf-8"))


def test_every_verdict_and_value_is_the_golden_one(golden):
    lines = update_claims.differences(golden, update_claims.table())
    assert not lines, "\n".join(["claims have moved; if that is right, run tests/golden/update_claims.py", *lines])


def test_the_registered_verdicts_are_those_found(results):
    assert claims.changed(results) == []


def test_the_golden_claims_are_the_registered_ones_in_their_order(golden, results):
    """A claim more, a claim less or an id misspelt is named here before it is in anybody's list."""
    assert [row["claim_id"] for row in golden] == [r["claim_id"] for r in results]


def test_every_claim_of_the_list_is_registered(shared, results):
    with (shared / "claims.csv").open(encoding="utf-8", newline="") as stream:
        listed = {row["claim_id"]: row for row in csv.DictReader(stream)}
    registered = {r["claim_id"]: r for r in results}
    assert listed.keys() - registered.keys() == set()
    for claim_id, row in listed.items():
        assert registered[claim_id]["document"] == row["document"], claim_id


def test_stated_figures_are_those_of_the_list(shared, results):
    with (shared / "claims.csv").open(encoding="utf-8", newline="") as stream:
        listed = {row["claim_id"]: row["stated"] for row in csv.DictReader(stream) if row["stated"]}
    for r in results:
        if r["claim_id"] in listed:
            stated = listed[r["claim_id"]]
            assert r["stated"] == stated if isinstance(r["stated"], str) else r["stated"] == float(stated), r[
                "claim_id"
            ]


def test_none_is_left_without_a_verdict_or_a_reason(results):
    for r in results:
        assert r["verdict"] in claims.VERDICTS, r["claim_id"]
        if r["verdict"] == "cannot_be_checked":
            assert r["note"], r["claim_id"]
            assert r["would_need"] or any(reading["unverified"] for reading in r["readings"]), r["claim_id"]


def test_nothing_unverified_confirms_anything(results):
    for r in results:
        for reading in r["readings"]:
            if reading["unverified"]:
                assert reading["verdict"] == "cannot_be_checked", (r["claim_id"], reading["reading"])


def test_every_figure_computed_names_its_inputs(results):
    for r in results:
        for reading in r["readings"]:
            if reading["computed"] is not None:
                assert reading["inputs"], (r["claim_id"], reading["reading"])


def test_claims_are_in_our_own_words(shared):
    """No run of seven words of a claim is in the papers."""
    papers = " ".join(
        " ".join(path.read_text("utf-8").casefold().replace(",", "").split())
        for path in (shared / "documents").glob("*.txt")
    )
    for claim in claims.registered():
        words = claim["claim"].casefold().replace(",", "").replace(".", "").split()
        for start in range(len(words) - 6):
            assert " ".join(words[start : start + 7]) not in papers, claim["id"]


def test_a_difference_is_told_by_claim_with_old_and_new():
    row = {"claim_id": "a", "verdict": "close", "computed": "1", "verdict_today": "close", "computed_today": "1"}
    assert update_claims.differences([row], [row]) == []
    assert update_claims.differences([row], [{**row, "verdict": "confirmed"}]) == ["a: verdict was close, is confirmed"]
    assert update_claims.differences([row], [{**row, "claim_id": "b"}]) == ["a: gone", "b: new"]


def test_a_changed_digit_in_the_data_is_found_and_the_claim_named(tmp_path, golden):
    """In a copy: a digit of England's referrals of 2014/15, and one authority's grade."""
    copy = tmp_path / "data" / "processed"
    shutil.copytree(paths.processed(), copy)
    _replace(copy / "observations" / "referrals.csv", "E92000001,2015,635600,", "E92000001,2015,655600,")
    with (copy / "inspections.csv").open(encoding="utf-8", newline="") as stream:
        (line, *_) = [row for row in stream if ",SIF," in row and ",2017-06-13," in row and ",Good," in row]
    _replace(copy / "inspections.csv", line, line.replace(",Good,", ",Inadequate,", 1))

    found = subprocess.run(
        [sys.executable, update_claims.__file__, "--print"],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "CPTRENDS_HOME": str(tmp_path), "PYTHONUTF8": "1"},
    )
    lines = {line.split(":")[0]: line for line in update_claims.differences(golden, update_claims.read(found.stdout))}
    assert "computed was 635600, is 655600" in lines["eif17-referrals-2015"]
    assert "verdict was confirmed, is not_confirmed" in lines["eif17-referrals-2015"]
    assert {"eif17-referrals-fall", "eif17-referrals-fall-pct", "eif17-inadequate"} <= lines.keys()
    assert not lines.keys() & {"eif17-plans-2015", "eif17-repeat-2015", "lobby17-plans-start", "lga16-ri-sif"}


def _replace(path, old, new):
    text = path.read_bytes().decode("utf-8")
    assert text.count(old) == 1, (path.name, old)
    path.write_bytes(text.replace(old, new).encode("utf-8"))
