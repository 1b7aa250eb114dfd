"""The cases of other packages: each says where it comes from, and each is asked for by a test."""

import pathlib
import re

TESTS = pathlib.Path(__file__).parents[1]


def test_every_file_has_its_origin_and_a_test_that_reads_it():
    held = {path.stem for path in (TESTS / "vectors").glob("*.csv")}
    code = "".join(path.read_text("utf-8") for path in TESTS.rglob("test_*.py"))
    assert held == set(re.findall(r"vectors\(\"([a-z_0-9]+)\"\)", code))
    # Origins are in the table's first column; one file is no package's and stands beneath it.
    rows = re.findall(r"^\| ([^|]*) \|", (TESTS / "vectors" / "README.md").read_text("utf-8"), re.MULTILINE)
    assert held - {"tenths_of_neighbourhoods_2015"} <= {name for row in rows for name in row.split(", ")}
