"""The workforce file as issued."""

from cptrends.data import areas


def test_workforce(official, unmapped):
    frame = official("workforce-2025")
    assert unmapped("workforce-2025", frame) == []
    england = frame[frame["area_code"] == areas.ENGLAND].set_index(["measure", "year"])["published"]
    assert england["social_worker_turnover_percent", 2025] == "11.8"
    assert england["social_worker_agency_percent", 2025] == "13"
    assert england["caseload_per_social_worker", 2017] == "17.7"
    agency = frame[frame["measure"] == "social_worker_agency_percent"]
    latest = set(agency.loc[agency["year"] == 2025, "area_code"])
    assert latest == {areas.ENGLAND, *areas.regions(), "E13000001", "E13000002", *areas.authorities(2025)}


def test_marks_stay_marks(official):
    frame = official("workforce-2025")
    marks = frame[frame["published"].isin(["x", "z", "u", "low"])]
    assert marks["published"].value_counts().to_dict() == {"x": 18, "z": 5, "u": 5, "low": 3}
