"""The social work workforce: England, regions, authorities, and pairs that make one return."""

import pytest

from cptrends.errors import BadInput
from cptrends.sources import workforce


def line(level, region="", code3="", code9="", **cells):
    values = dict.fromkeys(workforce.COLUMNS, "1") | {
        "time_period": "2024", "geographic_level": level, "country_code": "E92000001", "country_name": "England",
        "region_code": region, "old_la_code": code3, "new_la_code": code9,
    } | cells  # fmt: skip
    return ",".join(values.values())


LINES = [
    line("National", agency_rate_fte="16.2", caseload_fte="15.4"),
    line("Regional", "E12000007", agency_rate_fte="20.1"),
    line("Regional", "E13000001", agency_rate_fte="21.1"),
    line("Local authority", "E13000001", "204", "E09000012", agency_rate_fte="low", turnover_rate_fte="z"),
    line("Local authority", "E13000002", "314 / 318", "E09000021 / E09000027", agency_rate_fte="9.9"),
]


HEADER = ",".join(workforce.COLUMNS)


def read(tmp_path, lines=LINES, header=HEADER):
    path = tmp_path / "workforce.csv"
    path.write_text("\n".join([header, *lines]))
    return workforce.read(path, "indicators", {"year": 2025})


def test_each_level_is_found_and_marks_are_kept(tmp_path):
    frame = read(tmp_path)
    agency = frame[frame["measure"] == "social_worker_agency_percent"].set_index("area_code")["published"].to_dict()
    assert agency == {
        "E92000001": "16.2", "E12000007": "20.1", "E13000001": "21.1", "E09000012": "low",
        "E09000021": "9.9", "E09000027": "9.9",
    }  # fmt: skip
    turnover = frame[frame["measure"] == "social_worker_turnover_percent"].set_index("area_code")["published"]
    assert turnover["E09000012"] == "z"
    assert set(frame["year"]) == {2024}


def test_a_renamed_column_or_a_second_row_is_refused(tmp_path):
    with pytest.raises(BadInput, match="column 'agency_rate_fte' is missing; 'agency_rate' was found"):
        read(tmp_path, header=",".join(workforce.COLUMNS).replace("agency_rate_fte", "agency_rate"))
    with pytest.raises(BadInput, match="Hackney has two figures"):
        read(tmp_path, [*LINES, LINES[3]])
