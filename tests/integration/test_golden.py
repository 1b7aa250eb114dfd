"""Golden figures: every measure for England and for eleven authorities, as published and latest.

They were checked against the publishers' files (test_official_children_in_need.py does it again where those are) and
may change only with a publication; tests/golden/update.py writes them anew.
"""

import csv
import importlib.util
import pathlib

import pytest

GOLDEN = pathlib.Path(__file__).parents[1] / "golden"


def _update():
    spec = importlib.util.spec_from_file_location("golden_update", GOLDEN / "update.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


UPDATE = _update()


def differences(golden, now):
    """Readable lines, one for each figure that moved, came or went."""
    lines = []
    for key in sorted(golden.keys() | now.keys()):
        old, new = golden.get(key, ["", ""]), now.get(key, ["", ""])
        for rule, before, after in zip(("as published", "latest"), old, new, strict=True):
            if before != after:
                measure, area, year = key
                lines.append(
                    f"{measure}, {area}, {year}, {rule}: was {before or 'not there'}, is {after or 'not there'}"
                )
    return lines


@pytest.mark.parametrize("name", UPDATE.FILES)
def test_no_golden_figure_has_moved(name):
    with (GOLDEN / name).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == UPDATE.COLUMNS
    golden = {(measure, area, int(year)): [first, latest] for measure, area, year, first, latest in rows[1:]}
    moved = differences(golden, UPDATE.figures(UPDATE.FILES[name]))
    more = f"\n  and {len(moved) - 40} more" if len(moved) > 40 else ""
    assert not moved, (
        f"{len(moved)} golden figures in {name} have moved:\n  "
        + "\n  ".join(moved[:40])
        + more
        + "\nIf a publication explains each, run `.venv/bin/python tests/golden/update.py` and commit the difference."
    )


def test_no_opening_names_a_change_that_it_did_not_name_or_names_one_no_more():
    with (GOLDEN / UPDATE.OPENINGS).open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    assert header == UPDATE.OPENING
    golden, now = ({row[0]: row[1:] for row in each} for each in (rows, UPDATE.openings()))
    moved = [
        f"{name}, {what}: was {before}, is {after}"
        for name in sorted(golden.keys() | now.keys())
        for what, before, after in zip(
            header[1:], golden.get(name, ["not there"] * 3), now.get(name, ["not there"] * 3), strict=True
        )
        if before != after
    ]
    assert not moved, "\n".join([*moved, "If a publication explains each, run `tests/golden/update.py`."])


@pytest.mark.parametrize(
    "direction, changes, told",
    [
        ("Over five years the rate went up: an unusual rise.", "Of 3 changes looked at, none.", ["yes", "yes", "yes"]),
        (
            "Over five years the rate went up.",
            "X went down; 4% of authorities moved at least as far.",
            ["yes", "no", "yes"],
        ),
        ("Whether the rate changed cannot be told.", "Of 3 changes looked at, none is unusual.", ["no", "no", "no"]),
    ],
)
def test_what_an_opening_is_counted_as(direction, changes, told):
    assert UPDATE.opening("Kent", ["", direction, "", changes]) == ["Kent", *told]


def test_the_golden_figures_are_of_every_area_and_year():
    for name, names in UPDATE.FILES.items():
        with (GOLDEN / name).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert {row["area"] for row in rows} == set(names)
        assert set(range(2010, 2026)) <= {int(row["year"]) for row in rows}


def test_a_difference_names_measure_area_year_old_and_new():
    golden = {
        ("referrals", "England", 2015): ["635600 (rounded)", "635620 (rounded)"],
        ("referrals", "England", 2016): ["1", "2"],
    }
    now = {
        ("referrals", "England", 2015): ["635600 (rounded)", "635630 (rounded)"],
        ("referrals", "England", 2017): ["3", "3"],
    }
    assert differences(golden, now) == [
        "referrals, England, 2015, latest: was 635620 (rounded), is 635630 (rounded)",
        "referrals, England, 2016, as published: was 1, is not there",
        "referrals, England, 2016, latest: was 2, is not there",
        "referrals, England, 2017, as published: was not there, is 3",
        "referrals, England, 2017, latest: was not there, is 3",
    ]


@pytest.mark.parametrize(
    "measure, area, year, first, latest",
    [
        # From the publications, read by eye: SFR41/2015 and the 2024-25 release, tables b1, c1, d1 and d3.
        ("referrals", "England", 2015, "635600 (rounded)", "635620 (rounded)"),
        ("episodes_in_need", "England", 2015, "781700 (rounded)", "754460 (rounded)"),
        ("repeat_plans", "England", 2022, "14990 (rounded)", "14550 (rounded)"),
        ("repeat_plan_percent", "England", 2025, "24.5", "24.5"),
        ("plans_31_march", "England", 2013, "43100 (rounded)", "43190 (rounded)"),
        ("plans_started", "England", 2015, "62200 (rounded)", "62210 (rounded)"),
        ("plans_ended_2_years_or_more_percent", "England", 2015, "3.7", "3.7"),
        ("repeat_plans", "Doncaster", 2022, "437", "unavailable"),
    ],
)
def test_the_best_known_figures_are_in_the_golden_files(measure, area, year, first, latest):
    name = next(name for name, names in UPDATE.FILES.items() if area in names)
    with (GOLDEN / name).open(encoding="utf-8", newline="") as stream:
        rows = [
            row
            for row in csv.DictReader(stream)
            if (row["measure"], row["area"], row["year"]) == (measure, area, str(year))
        ]
    assert [(row["as_published"], row["latest"]) for row in rows] == [(first, latest)]
