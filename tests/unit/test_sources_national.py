"""The national series: each source's rows under its own release, and no claim used to confirm itself."""

import csv

import pytest

from cptrends.errors import BadInput
from cptrends.sources import national, registry


def series(tmp_path, *rows):
    path = tmp_path / "national_series.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([national.SERIES_COLUMNS, *rows])
    return path


def row(name="B_cpp_starts", year="2002", value="27800", source="HANSARD_2001_11_21", evidence="official-text"):
    return [name, f"{year}", year, value, "plans", source, evidence, ""]


ENTRY = registry.releases()["hansard-2001-11-21"]


def test_only_the_rows_of_the_source_are_taken(tmp_path):
    path = series(tmp_path, row(), row(source="UKFLR_2006", value="1"), row("J_population_0_17", value="2"))
    table = national.read(path, "series", ENTRY)
    assert table.values.tolist() == [["plans_started", "E92000001", 2002, "27800"]]


def test_a_source_that_gives_a_figure_twice_gives_the_first(tmp_path):
    table = national.read(series(tmp_path, row(), row(value="27900")), "series", ENTRY)
    assert table["published"].tolist() == ["27800"]


def test_a_figure_known_only_from_the_claim_is_not_read(tmp_path):
    unsourced = registry.releases()["unsourced"]
    known = row(source="UNSOURCED", evidence="unverified")
    claim = row("K_initial_contacts", source="UNSOURCED", evidence="unverified")
    assert national.read(series(tmp_path, known, claim), "series", unsourced)["measure"].tolist() == ["plans_started"]


def test_a_series_that_is_not_known_or_a_source_without_rows_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"series 'Z_new' is not known; add it to cptrends/sources/national.toml"):
        national.read(series(tmp_path, row("Z_new")), "series", ENTRY)
    with pytest.raises(BadInput, match="has no figures from 'HANSARD_2001_11_21'"):
        national.read(series(tmp_path, row(source="UKFLR_2006")), "series", ENTRY)
    renamed = series(tmp_path, row())
    renamed.write_text(renamed.read_text().replace("series,", "Series,", 1))
    with pytest.raises(BadInput, match="column 'series' is missing; 'Series' was found in its place"):
        national.read(renamed, "series", ENTRY)
