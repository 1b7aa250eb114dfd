"""The cases of other packages: each says where it comes from, and each is asked for by a test."""

import pathlib
import re

TESTS = pathlib.Path(__file__).parents[1]


def test_every_file_has_its_origin_and_a_test_that_reads_it():
    held = {path.stem for path in (TESTS / "vectors").glob("*.csv")}
    told = set(re.findall(r"[a-z_0-9]+", "".join(
        line.split("|")[1] for line in (TESTS / "vectors" / "README.md").read_text("utf-8").splitlines() if line.startswith("|")
    ))) | {"tenths_of_neighbourhoods_2015"}  # fmt: skip
    asked = set(
        re.findall(r"vectors\(\"([a-z_0-9]+)\"\)", "".join(p.read_text("utf-8") for p in TESTS.rglob("test_*.py")))
    )
    assert held == asked
    assert held <= told
