"""Ofsted's own workbooks, read whole, and checked against cells read by another route."""

import datetime
from collections import Counter

import pandas as pd
import pytest

from cptrends.data import areas
from cptrends.data.inspections import GRADES, grades_as_at, latest_judgements
from cptrends.sources import inspections, registry
from cptrends.sources.judgements import assemble

LINK = "Ofsted Local Authority Webpage"
RELEASES = {name: entry for name, entry in registry.releases().items() if "workbook" in entry}


@pytest.fixture(scope="module")
def files(pack):
    folder = pack / "ofsted-la-inspections"
    return {name: folder / entry["files"]["inspections"] for name, entry in RELEASES.items()}


@pytest.fixture(scope="module")
def raw(files):
    return {name: inspections.read(files[name], "inspections", entry) for name, entry in RELEASES.items()}


@pytest.fixture(scope="module")
def found(raw):
    return assemble(raw)


@pytest.fixture(scope="module")
def official(raw):
    return assemble({name: frame for name, frame in raw.items() if not name.endswith("compiled")})


@pytest.fixture(scope="module")
def national(shared):
    return shared / "data" / "national" / "ofsted_judgements.csv"


@pytest.fixture(scope="module")
def printed(national):
    return pd.read_csv(national, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def cells(files):
    """A function (release, sheet): the second route, every cell by its position, straight from the library."""
    calamine = pytest.importorskip("python_calamine", reason="the ingest extra is not installed")

    def read(release, sheet):
        workbook = calamine.CalamineWorkbook.from_path(str(files[release]))
        return workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)

    return read


def counts(frame):
    return frame["authorities"].tolist()


# --- Reading ----------------------------------------------------------------------------------


def test_every_release_registered_is_read(raw):
    assert {name: len(frame) for name, frame in raw.items()} == {
        "ofsted-inspections-2023": 832,
        "ofsted-inspections-2024": 479,
        "ofsted-inspections-2025": 536,
        "ofsted-inspections-2026-compiled": 153,
    }


def test_dates_and_grades_equal_the_cells_of_the_2023_history(raw, cells):
    frame = raw["ofsted-inspections-2023"]
    history = frame[frame["table"] == "history"]
    rows = [row for row in cells("ofsted-inspections-2023", "LA_inspections_2009-2023") if row[0] == LINK]
    assert len(rows) == 156
    places = {("SIF", "First SIF"): (17, 18), ("SIF", "SIF Re-inspection"): (25, 26),
              ("CPI", "Child Protection Inspection"): (11, 12), ("TLAC", None): (15, 16)}  # fmt: skip
    for (framework, kind), (date, grade) in places.items():
        wanted = Counter((row[1], row[date].date().isoformat(), row[grade]) for row in rows if row[date] != "")
        ours = history[history["framework"] == framework]
        ours = ours[ours["inspection_type"] == kind] if kind else ours
        assert Counter(zip(ours["name"], ours["published"], ours["overall"], strict=True)) == wanted
    slac = history[history["inspection_type"] == "SLAC inspection"]
    assert Counter(slac["safeguarding"]) == Counter(row[5] for row in rows if row[4] != "")
    assert Counter(slac["children_in_care"])["-"] == 1  # Isles of Scilly


def test_dates_and_grades_equal_the_cells_of_the_2025_history(raw, cells):
    frame = raw["ofsted-inspections-2025"]
    ours = frame[frame["table"] == "history"]
    rows = cells("ofsted-inspections-2025", "ILACS_inspection_history")[3:]
    assert [tuple(row) for row in ours[["ons_code", "inspection_start", "published", "overall"]].to_numpy()] == [
        (row[1], row[5].date().isoformat(), row[6].date().isoformat(), row[8]) for row in rows
    ]


def test_children_s_homes_shares_equal_ofsteds_table_8b(cells, national):
    name = "grades-ofsted-csc-2023-ud"
    ours = inspections.read(national, "shares", registry.releases()[name]).set_index("as_at")
    rows = cells("ofsted-inspections-2023", "Latest_OE_31_Mar_Time_Series")
    start = next(i for i, row in enumerate(rows) if str(row[0]).startswith("Table 8b"))
    for row in rows[start + 2 : start + 12]:
        assert isinstance(row[0], datetime.datetime)
        columns = ["outstanding", "good", "requires_improvement_or_adequate", "inadequate"]
        assert ours.loc[row[0].date().isoformat(), columns].astype(float).tolist() == row[1:5]


def test_every_printed_share_with_a_source_belongs_to_one_release(printed, national):
    releases = [entry for entry in registry.releases().values() if entry["publication"] == "ofsted-grades"]
    read = sum(len(inspections.read(national, "shares", entry)) for entry in releases)
    ours = printed["basis"].str.startswith(("recomputed", "counted")) | (printed["source_id"] == "UNSOURCED")
    assert read == (~ours).sum()


# --- One row per inspection -------------------------------------------------------------------


def test_no_inspection_is_lost_and_none_is_there_twice(official):
    kinds = official.groupby(["framework", "inspection_type"]).size().to_dict()
    assert kinds == {
        ("CPI", "full"): 50,
        ("CPI", "re-inspection"): 1,
        ("SLAC", "full"): 152,
        ("SLAC", "re-inspection"): 9,  # 11 reports; two authorities had both sides reported on one day
        ("TLAC", "full"): 5,
        ("SIF", "full"): 152,
        ("SIF", "re-inspection"): 21,
        ("ILACS", "standard"): 171,
        ("ILACS", "short"): 100,
        ("ILACS", "focused"): 36 + 37 + 36,
        ("ILACS", "monitoring"): 24 + 28 + 24,
    }
    assert not official.duplicated(["area_code", "framework", "inspection_type", "published", "inspection_start"]).any()
    judged = official[(official["framework"] == "ILACS") & (official["grade"] != "")]
    for _, dates in pd.to_datetime(judged["published"]).groupby(judged["area_code"]):
        assert (dates.diff().dropna() > pd.Timedelta(days=180)).all()


def test_every_area_is_an_authority_and_those_that_ended_are_marked_by_their_code(found):
    levels = {areas.register()[code]["level"] for code in found["area_code"]}
    assert levels == {"authority"}
    ended = {code for code in found["area_code"] if areas.register()[code]["last_year"]}
    assert {areas.name(code) for code in ended} == {
        "Bournemouth", "Poole", "Dorset (to 2019)", "Northamptonshire", "Cumbria",
    }  # fmt: skip


def test_where_the_releases_disagree_it_is_noted(official):
    noted = official[official["note"] != ""]
    assert dict(zip(noted["area_code"].map(areas.name), noted["note"], strict=True)) == {
        "Nottingham": "published is 2022-11-05 in ofsted-inspections-2023 and ofsted-inspections-2024",
        "Isles of Scilly": "inspection_start is 2023-07-10 in ofsted-inspections-2024",
        "Merton": "inspection_type is standard in ofsted-inspections-2023 and ofsted-inspections-2024",
        "Cumbria": "inspection_start is 2022-09-21 in ofsted-inspections-2023",
        # Ofsted's own notes of 2025 give this as an error put right
        "Staffordshire": "care_leavers is Good in ofsted-inspections-2024",
    }


def test_adequate_stands_where_it_was_the_word_then(found):
    relabelled = found["grade"] != found["grade_as_judged"]
    assert set(found.loc[relabelled, "framework"]) == {"CPI", "TLAC"}
    assert set(found.loc[relabelled, "grade_as_judged"]) == {"Adequate"}
    assert (found.loc[found["framework"] == "SLAC", "grade"] == "").all()
    assert found.loc[relabelled, "published"].max() < "2013-11"


def test_the_compilation_adds_only_what_is_newer_and_no_names_of_people(found, official, cells):
    added = found[found["status"] == "low_confidence"]
    assert len(found) - len(official) == len(added) > 0
    last_start = official["inspection_start"].max()
    assert ((added["inspection_start"] > last_start) | (added["published"] > official["published"].max())).all()
    assert set(added["release"]) == {"ofsted-inspections-2026-compiled"}
    inspectors = {row[10] for row in cells("ofsted-inspections-2026-compiled", "ofsted_cs_inspections_overview")[1:]}
    assert len(inspectors) > 10 and not found.isin(inspectors).any(axis=None)


# --- Ofsted's own totals ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("release", "sheet", "date", "cut_off", "start", "grade"),
    [
        # South Tyneside's report came out after the cut-off of 30 April 2023, and is counted: note 4
        ("ofsted-inspections-2023", "LA_level_at_31_Mar_2023", "2023-03-31", "2023-05-10", 4, 4),
        ("ofsted-inspections-2024", "Inspections_31_March_2024", "2024-03-31", None, 3, 4),
        ("ofsted-inspections-2025", "Inspections_as_at_31_March", "2025-03-31", None, 3, 6),
    ],
)
def test_as_at_31_march_equals_ofsteds_table(found, release, sheet, date, cut_off, start, grade, cells):
    rows = [row for row in cells(release, sheet)[start:] if row[grade] != ""]
    wanted = Counter(row[grade].removesuffix(" to be good") for row in rows)
    shares = grades_as_at(found, date, by="inspected", published_by=cut_off)
    assert dict(zip(shares["grade"], shares["authorities"], strict=True)) == wanted
    assert shares.attrs["status"] == "derived"
    names = 2 if release.endswith("2025") else 1
    latest = latest_judgements(found, date, by="inspected", published_by=cut_off).set_index("area_code")["grade"]
    for row in rows:
        code = areas.code_from(code3="201" if row[names] == "City of London" else "", name=row[names])
        assert latest[code] == row[grade].removesuffix(" to be good"), row[names]


def test_31_march_2025(found):
    shares = grades_as_at(found, "2025-03-31", by="inspected")
    assert counts(shares) == [36, 67, 31, 19]
    # by the date of publication a few authorities differ: the two clocks are not the same
    assert counts(grades_as_at(found, "2025-03-31")) == [33, 67, 34, 19]


# --- Shares that were printed -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2016-09-30", [2, 28, 54, 25]),
        ("2017-03-31", [2, 35, 58, 29]),
        ("2017-06-13", [2, 39, 62, 29]),
    ],
)
def test_shares_behind_the_claims_of_2016_and_2017(found, date, expected):
    assert counts(grades_as_at(found, date)) == expected


def listed(printed, kind):
    """Rows of the list whose counts were worked out from the authorities, not printed."""
    rows = printed[printed["framework"].str.startswith(kind) & printed["basis"].str.startswith("recomputed")]
    assert len(rows)
    return rows.to_dict("records")


@pytest.mark.parametrize(
    ("kind", "frameworks", "judgement", "first_only"),
    [
        ("SLAC safeguarding", ["SLAC"], "safeguarding", True),
        ("SIF overall, first", ["SIF"], "grade", True),
        ("SIF overall, latest", ["SIF"], "grade", False),
        ("SIF help and protection", ["SIF"], "help_and_protection", True),
    ],
)
def test_another_count_from_the_same_list_agrees(found, printed, kind, frameworks, judgement, first_only):
    chosen = found[found["inspection_type"] == "full"] if first_only else found
    for row in listed(printed, kind):
        date = "2012-12-31" if row["as_at"] == "all" else row["as_at"]
        shares = grades_as_at(chosen, date, frameworks, judgement=judgement)
        expected = [row[c] for c in ("outstanding", "good", "requires_improvement_or_adequate", "inadequate")]
        assert [str(n) for n in counts(shares)] == expected, row
        assert str(shares["authorities"].sum()) == row["n"]


@pytest.mark.parametrize(
    ("as_at", "cut_off"),
    [
        ("2015-06-30", "2015-06-30"),
        ("2016-03-31", "2016-04-30"),
        ("2016-09-30 (published by 31 Oct)", "2016-10-31"),
        ("2017-03-31 (published by 30 Apr)", "2017-04-30"),
        ("2017-03-31", "2017-04-30"),
        ("2017-10-31 (published by 8 Dec)", "2017-12-08"),
    ],
)
def test_what_ofsted_printed_is_what_was_published_by_its_cut_off(found, printed, as_at, cut_off):
    rows = printed[printed["framework"].isin(["SIF overall", "SIF overall, latest"])]
    rows = rows[(rows["as_at"] == as_at) & (rows["basis"] == "printed")]
    row = rows.iloc[0]
    share = grades_as_at(found, cut_off, ["SIF"]).set_index("grade")["share"]
    digits = 0 if row["pct_inadequate"].endswith(".0") else 1
    assert round(share["Outstanding"] + share["Good"], digits) == float(row["pct_good_or_outstanding"])
    assert round(share["Inadequate"], digits) == float(row["pct_inadequate"])


def test_the_annual_report_of_2018_as_the_press_had_it(found, printed):
    row = printed[printed["source_id"] == "LOCUM_2018"].iloc[0]
    share = grades_as_at(found, "2018-08-31").set_index("grade")["share"]
    assert round(share["Outstanding"] + share["Good"]) == float(row["pct_good_or_outstanding"])
    assert round(share["Requires improvement"]) == float(row["pct_ri_or_adequate"])
    assert round(share["Inadequate"]) == float(row["pct_inadequate"])


def test_grades_are_only_the_four(found):
    assert set(found["grade"]) == {*GRADES, ""}


def test_nothing_changes_through_a_csv_file(raw, found, tmp_path):
    """`data/raw` and `data/processed` hold these tables as CSV."""

    def through(frame, name):
        frame.to_csv(tmp_path / name, index=False)
        return pd.read_csv(tmp_path / name, dtype=str, keep_default_na=False)

    again = assemble({name: through(frame, f"{name}.csv") for name, frame in raw.items()})
    pd.testing.assert_frame_equal(again, found)
    read_back = through(found, "inspections.csv")
    for options in ({}, {"by": "inspected"}):
        for date in ("2017-06-13", "2025-03-31"):
            expected = grades_as_at(found, date, **options)
            pd.testing.assert_frame_equal(grades_as_at(read_back, date, **options), expected)
