"""RO3 on the real files."""

import pytest

from cptrends.data import areas

#: Authorities with children's services whose return did not arrive in time, by year.
MISSING = {
    "2015-16": 0,
    "2016-17": 1,
    "2017-18": 0,
    "2018-19": 0,
    "2019-20": 0,
    "2020-21": 3,
    "2022-23": 4,
    "2023-24": 11,
    "2024-25": 3,
}
#: The safeguarding line for England, gross, £ thousand, read off the workbooks by eye.
ENGLAND = {"2019-20": 2499090, "2020-21": 2607116, "2022-23": 3162008, "2023-24": 3428089, "2024-25": 3592335}


@pytest.mark.parametrize("label", MISSING)
def test_every_authority_is_there_and_a_missing_return_is_no_nought(official, unmapped, label):
    year = int(label[:4]) + 1
    frame = official(f"revenue-outturn-{label}")
    for measure, rows in frame.groupby("measure"):
        assert set(rows["area_code"]) == {areas.ENGLAND, *areas.authorities(year)}, measure
        marks = rows[rows["published"].isin(["[x]", "...", "…"])]
        assert len(marks) == MISSING[label]
    assert unmapped(f"revenue-outturn-{label}", frame) == []


@pytest.mark.parametrize("label", ENGLAND)
def test_england(official, label):
    frame = official(f"revenue-outturn-{label}")
    england = frame[frame["area_code"] == areas.ENGLAND].set_index("measure")["published"].astype(float)
    assert round(england["safeguarding_spend_ro3"]) == ENGLAND[label]
    net, gross = england["safeguarding_spend_ro3_net"], england["safeguarding_spend_ro3"]
    assert net < gross < england["childrens_social_care_spend_ro3"]


def test_where_every_return_came_england_is_nearly_their_sum(official):
    """Nearly: combined and other authorities spend a little on children too, and a little more on adults."""
    frame = official("revenue-outturn-2019-20")
    for measure, rows in frame.groupby("measure"):
        figures = rows.set_index("area_code")["published"].astype(float)
        assert figures.drop(areas.ENGLAND).sum() == pytest.approx(figures[areas.ENGLAND], rel=0.0012), measure


#: England's net current expenditure on children's and on adult social care, £ thousand, read off the workbooks by eye.
SOCIAL_CARE = {
    "2015-16": (8302532, 14399028),
    "2016-17": (8476039, 14914268),
    "2017-18": (8833736, 15330129),
    "2018-19": (9375428, 16076259),
    "2024-25": (15556137, 25243898),
}


@pytest.mark.parametrize("label", SOCIAL_CARE)
def test_social_care_of_children_and_of_adults(official, label):
    frame = official(f"revenue-outturn-{label}")
    england = frame[frame["area_code"] == areas.ENGLAND].set_index("measure")["published"].astype(float)
    found = (england["childrens_social_care_spend_ro3_net"], england["adult_social_care_spend_ro3_net"])
    assert tuple(map(round, found)) == SOCIAL_CARE[label]
