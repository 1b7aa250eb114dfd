"""Children in low-income families on the real files."""

import pytest

from cptrends.data import areas

#: England, all children under 20, as printed in each workbook.
ENGLAND = {2011: "0.201", 2012: "0.186", 2013: "0.18", 2014: "0.199", 2015: "0.166", 2016: "0.17"}


@pytest.mark.parametrize("snapshot", ENGLAND)
def test_hmrc(official, unmapped, snapshot):
    frame = official(f"low-income-hmrc-{snapshot}")
    figures = frame.set_index("area_code")["published"]
    assert set(frame["year"]) == {snapshot + 1}
    assert figures[areas.ENGLAND] == ENGLAND[snapshot]
    wanted = set(areas.authorities(2015))
    if snapshot == 2016:
        wanted = {code for code in wanted if not code.startswith("E10")} - {"E06000060", "E06000065", "E06000066"}
    assert set(figures.index) == {areas.ENGLAND, *wanted}
    assert unmapped(f"low-income-hmrc-{snapshot}", frame) == []


def test_isles_of_scilly_are_suppressed_not_nought(official):
    scilly = {
        year: official(f"low-income-hmrc-{year}").set_index("area_code")["published"]["E06000053"] for year in ENGLAND
    }
    assert scilly[2012] == "0 (note 2)" and scilly[2013] == "-" and scilly[2014] == "0.028 (note 2)"
    assert scilly[2011] == "0.029"


@pytest.mark.parametrize("edition, years", [(2021, 7), (2022, 8)])
def test_dwp(official, unmapped, edition, years):
    frame = official(f"low-income-dwp-{edition}")
    assert sorted(set(frame["year"])) == list(range(2015, 2015 + years))
    assert set(frame["area_code"]) == set(areas.authorities(2022)) and len(frame) == 152 * years
    assert unmapped(f"low-income-dwp-{edition}", frame) == []


def test_dwp_cells_read_by_eye_and_revised_from_edition_to_edition(official):
    old = official("low-income-dwp-2021").set_index(["area_code", "year"])["published"]
    new = official("low-income-dwp-2022").set_index(["area_code", "year"])["published"]
    assert old["E06000047", 2015] == "19533" and new["E06000047", 2015] == "19564"
    assert new["E06000047", 2022] == "27178"
    ratio = new.astype(float).reindex(old.index) / old.astype(float)
    assert ratio[old.astype(float) > 1000].between(0.9, 1.1).all()
