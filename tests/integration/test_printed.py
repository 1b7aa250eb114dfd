"""Our rates and shares beside those that the publisher prints, for every area and year.

What the publisher prints stands in tests/golden/printed.csv; every difference that is accepted, with its reason and its
bound, in tests/golden/printed_accepted.toml. `.venv/bin/python tests/golden/compare_printed.py` prints the comparison.
"""

import importlib.util
import pathlib

import pytest

from cptrends.data import areas

GOLDEN = pathlib.Path(__file__).parents[1] / "golden"


def _script(name):
    spec = importlib.util.spec_from_file_location(f"golden_{name}", GOLDEN / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


COMPARE = _script("compare_printed")


@pytest.fixture(scope="module")
def beside():
    return COMPARE.beside(COMPARE.printed())


def test_every_printed_rate_and_share_is_ours_or_its_difference_is_accepted(beside):
    table, rules = COMPARE.explained(beside, COMPARE.accepted())
    open_ = table[table["reason"] == ""]
    columns = ["indicator", "release", "year", "area_name", "text", "value", "beyond"]
    assert not len(open_), open_[columns].to_string()
    assert (table["reason"] == "agrees").sum() > 35_000
    assert [rule["reason"] for rule in rules if not rule["matched"]] == []


def test_it_covers_every_indicator_that_the_publisher_prints_and_all_levels(beside):
    assert beside["indicator"].nunique() == 17 and set(range(2010, 2026)) <= set(beside["year"])
    assert {areas.ENGLAND, *areas.regions()} <= set(beside["area_code"])
    assert len(set(beside["area_code"]) & set(areas.authorities(2025))) == 153


def test_a_figure_that_is_off_is_noticed_and_no_rule_takes_it_in(beside):
    """One in fifty of those that agree, moved by two units of the last digit beyond what rounding allows."""
    counted = beside["numerator"].notna() & beside["denominator"].notna()
    agree = beside[(beside["beyond"] == 0) & counted & (beside["half_numerator"] == 0)]
    some = agree[agree["year"] >= 2013].iloc[::50]
    moved = some.assign(printed=some["printed"] + 4 * some["half"])
    moved = moved.assign(beyond=COMPARE.beyond(moved, moved["numerator"], moved["denominator"]))
    assert len(some) > 300 and (moved["beyond"] > 0).all()
    rules = [rule for rule in COMPARE.accepted() if "population_of" not in rule]
    assert (COMPARE.explained(moved, rules)[0]["reason"] == "").all()


def test_a_rule_takes_in_no_more_than_its_bound(beside):
    few = [rule | {"at_most": 1} if "at_most" in rule else rule for rule in COMPARE.accepted()]
    table, rules = COMPARE.explained(beside, few)
    assert [rule["matched"] for rule in rules if "at_most" in rule] == [0] * sum("at_most" in rule for rule in rules)
    assert (table["reason"] == "").sum() == sum(
        rule["matched"] for rule in COMPARE.explained(beside, COMPARE.accepted())[1] if "at_most" in rule
    )


def test_the_difference_that_leaving_doncaster_in_would_make_is_noticed(beside):
    """Second plans without Doncaster's over all that were started: 22.6 where 22.7 is printed, 22.2 for 23.6."""
    here = beside[(beside["indicator"] == "repeat_plan_share") & (beside["without"] == "Doncaster")]
    left_in = here.assign(beyond=COMPARE.beyond(here, here["whole_numerator"], here["whole_denominator"]))
    assert len(here) and (left_in["beyond"] > 0).all() and (here["beyond"] == 0).all()


def test_what_is_printed_is_as_the_publishers_files_have_it(shared, tmp_path, monkeypatch):
    update = _script("update_printed")
    monkeypatch.setattr(update, "HERE", tmp_path)
    update.main(shared / "data" / "official")
    assert (tmp_path / "printed.csv").read_bytes() == (GOLDEN / "printed.csv").read_bytes()
