"""Section 251: every year on the real files, and the National Audit Office's figures found again."""

import pytest
import python_calamine

from cptrends.data import areas

YEARS = [f"{year}-{(year + 1) % 100:02d}" for year in range(2008, 2019)]
WANTED = ["social_work_spend", "safeguarding_spend", "childrens_social_care_spend"]


def pounds(frame, measure):
    rows = frame[frame["measure"] == measure]
    return rows.set_index("area_code")["published"].astype(float).sort_index()


@pytest.mark.parametrize("label", YEARS)
def test_every_authority_of_the_year_has_every_line(official, unmapped, label):
    year = int(label[:4]) + 1
    frame = official(f"section-251-{label}")
    assert set(frame["year"]) == {year}
    for measure, rows in frame.groupby("measure"):
        assert set(rows["area_code"]) == set(areas.authorities(year)), measure
    assert unmapped(f"section-251-{label}", frame) == []


#: Where an authority returned negative income, so that net is more than gross; as published.
NEGATIVE_INCOME = {
    ("2010-11", "social_work_spend_part_1"): ["Devon"],
    ("2013-14", "safeguarding_spend"): ["Bournemouth"],
}


@pytest.mark.parametrize("label", YEARS)
def test_net_is_no_more_than_gross_and_a_line_no_more_than_its_total(official, label):
    frame = official(f"section-251-{label}")
    for measure in set(frame["measure"]):
        if not measure.endswith("_net"):
            more = pounds(frame, f"{measure}_net") > pounds(frame, measure) + 1
            assert [areas.name(code) for code in more[more].index] == NEGATIVE_INCOME.get((label, measure), []), measure
    if "social_work_spend" in set(frame["measure"]):
        assert (pounds(frame, "social_work_spend") <= pounds(frame, "safeguarding_spend") + 1).all()


def test_social_work_of_2014_15_is_what_the_audit_office_used(official):
    spend = pounds(official("section-251-2014-15"), "social_work_spend")
    assert len(spend) == 152
    assert round(spend.sum() / 1e6, 1) == 1800.1


def test_spend_per_episode_of_2014_15_is_the_audit_offices(official, pack):
    """£2,300 for England, £340 in the lowest authority, £4,970 in the highest but the two smallest."""
    from cptrends.sources import common

    (path,) = (pack / "dfe-children-in-need" / "2014-15").glob("*.csv")
    table = common.read_csv_text(path)
    # Authorities' rows have a 9-character code and a 3-digit one; England's carries 921 in other years.
    episodes = {
        areas.code_from(code3=row.geog_c): float(row.CINThro1415.replace(",", ""))
        for row in table.itertuples()
        if row.geog_c.isdigit() and row.CINThro1415.replace(",", "").isdigit() and "England" not in row.geog_n.title()
    }
    spend = pounds(official("section-251-2014-15"), "social_work_spend")
    assert len(episodes) == 152
    per_episode = {areas.name(code): spend[code] / episodes[code] for code in spend.index}
    for tiny in ("City of London", "Isles of Scilly"):
        del per_episode[tiny]
    assert min(per_episode, key=per_episode.get) == "West Sussex" and round(per_episode["West Sussex"]) == 338
    assert max(per_episode, key=per_episode.get) == "Wokingham" and round(per_episode["Wokingham"]) == 4974
    assert round(spend.sum() / 781_700, -2) == 2300


@pytest.mark.parametrize(
    "label, measure, code, row, column, text",
    [
        ("2008-09", "social_work_spend_part_2", 204, "42 Commissioning and social work", 6, None),
        ("2010-11", "social_work_spend_part_1", 888, "LA functions in relation to child protection", 9, None),
        (
            "2012-13",
            "social_work_spend",
            304,
            "17 Social work (includes LA functions in relation to child protection",
            9,
            "0",
        ),
        ("2014-15", "safeguarding_spend", 869, "21 Total  Safeguarding Children and Young People's Services", 10, None),
        (
            "2018-19",
            "social_work_spend",
            306,
            "3.3.1 Social work (including LA functions in relation to child protection)",
            11,
            None,
        ),
    ],
)
def test_cells_found_by_another_route(official, pack, label, measure, code, row, column, text):
    (path,) = (pack / "dfe-section-251" / label).glob("*251ye*")
    cells = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    [line] = [cell for cell in cells if code in cell[:2] and row in cell]
    frame = official(f"section-251-{label}")
    figure = pounds(frame, measure)[areas.code_from(code3=str(code))]
    assert figure == line[column]
    if text is not None:
        found = frame[(frame["measure"] == measure) & (frame["area_code"] == areas.code_from(code3=str(code)))]
        assert found["published"].item() == text


def test_england_in_millions_agrees_with_the_sum_of_authorities(official):
    england = official("section-251-2021-22")
    assert sorted(set(england["year"])) == list(range(2016, 2023))
    for label in ("2015-16", "2016-17", "2018-19"):
        year = int(label[:4]) + 1
        for measure in WANTED:
            stated = (
                england[(england["measure"] == measure) & (england["year"] == year)]["published"].astype(float).item()
            )
            assert stated == pytest.approx(pounds(official(f"section-251-{label}"), measure).sum() / 1e6, abs=0.006), (
                measure
            )


@pytest.mark.parametrize(
    ("label", "safeguarding", "looked_after"), [("2014-15", 2122.4, 3768.5), ("2015-16", 2226.8, 3941.6)]
)
def test_safeguarding_and_children_looked_after_in_millions(official, label, safeguarding, looked_after):
    frame = official(f"section-251-{label}")
    assert pounds(frame, "safeguarding_spend").sum() / 1e6 == pytest.approx(safeguarding, abs=0.05)
    assert pounds(frame, "looked_after_spend").sum() / 1e6 == pytest.approx(looked_after, abs=0.05)
