"""The revenue outturn summary on the real files, and what data/raw holds of them."""

import csv
import pathlib

import pytest

from cptrends import data

ROOT = pathlib.Path(__file__).parents[2]
#: England, £ thousand, read off the workbooks by eye: all services, education, public health.
ENGLAND = {
    "2010-11": ("102629539", "45283348", None),
    "2011-12": ("95435145", "40219115", None),
    "2012-13": ("91072348", "37133633", None),
    "2013-14": ("91808869", "35880994", "2507832"),
    "2014-15": ("91198676", "34477276", "2736852"),
}
MEASURES = [f"council_{name}_spend_net" for name in ("all_services", "education", "public_health")]


def read_off(label):
    return {name: text for name, text in zip(MEASURES, ENGLAND[label], strict=True) if text}


@pytest.mark.parametrize("label", ENGLAND)
def test_englands_row_of_the_workbook(official, shared, label):
    frame = official(f"outturn-summary-{label}")
    assert dict(zip(frame["measure"], frame["published"], strict=True)) == read_off(label)


@pytest.mark.parametrize("label", ENGLAND)
def test_data_raw_holds_them(label):
    with (ROOT / "data" / "raw" / "outturn-summary" / f"outturn-summary-{label}.csv").open(encoding="utf-8") as stream:
        assert {row["measure"]: row["published"] for row in csv.DictReader(stream)} == read_off(label)


def test_other_services_are_all_less_education_and_public_health_in_pounds():
    held = data.load("council_services_spend_net").set_index("year")["value"]
    for label, figures in ENGLAND.items():
        total, *others = (1000 * int(text or 0) for text in figures)
        assert held[int(label[:4]) + 1] == total - sum(others)
