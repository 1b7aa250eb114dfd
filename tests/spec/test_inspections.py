"""Inspections: what was judged, when it counts, and of whom.

A chapter for each thing that a reader of Ofsted's tables can get wrong.
"""

import datetime
import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cptrends.data.inspections import (
    FRAMEWORKS,
    GRADES,
    grades_as_at,
    latest_judgements,
)
from cptrends.errors import BadInput
from cptrends.sources.inspections import COLUMNS as RAW_COLUMNS
from cptrends.sources.judgements import COLUMNS, as_judged, assemble

HACKNEY, CAMDEN, MERTON = "E09000012", "E09000007", "E09000024"
OLD_DORSET, NEW_DORSET, NORTHAMPTONSHIRE = "E10000009", "E06000059", "E10000021"
RI = "Requires improvement to be good"
ILACS = {"framework": "ILACS", "inspection_type": "ILACS Standard Inspection", "table": "history"}
SIF = {"framework": "SIF", "inspection_type": "First SIF", "table": "history"}


def raw(*rows):
    """A release as the reader gives it; Hackney unless another name is given."""
    return pd.DataFrame([{"name": "Hackney", **row} for row in rows], dtype=object).reindex(
        columns=RAW_COLUMNS, fill_value=""
    ).fillna("")  # fmt: skip


def only(frame):
    assert len(frame) == 1, frame
    return frame.iloc[0]


def counted(frame):
    return dict(zip(frame["grade"], frame["authorities"], strict=True))


# --- The grades -------------------------------------------------------------------------------


@pytest.mark.parametrize("framework", ["CPI", "TLAC"])
def test_adequate_was_relabelled_and_both_words_are_kept(framework):
    kind = {"CPI": "Child Protection Inspection", "TLAC": "Targeted Looked After Children inspection"}[framework]
    row = {"framework": framework, "inspection_type": kind, "published": "2013-02-15", "overall": RI}
    found = only(assemble({"ofsted-inspections-2023": raw(row)}))
    assert found["grade"] == "Requires improvement"
    assert found["grade_as_judged"] == "Adequate"


def test_requires_improvement_under_sif_was_never_adequate():
    found = only(
        assemble({"ofsted-inspections-2023": raw({**SIF, "published": "2014-07-07", "overall": RI, "leadership": RI})})
    )
    assert found["grade"] == found["grade_as_judged"] == found["leadership"] == "Requires improvement"


def test_slac_made_no_overall_judgement_and_none_is_made_up():
    row = {"framework": "SLAC", "inspection_type": "SLAC inspection", "published": "2011-05-06"}
    found = assemble({"ofsted-inspections-2023": raw({**row, "safeguarding": RI, "children_in_care": "Good"})})
    assert only(found)["grade"] == only(found)["grade_as_judged"] == ""
    assert only(found)["safeguarding"] == "Adequate"  # in the words used then
    with pytest.raises(BadInput, match="no authority had a judgement under SLAC by 2012-12-31"):
        grades_as_at(found, "2012-12-31", ["SLAC"])
    shares = grades_as_at(found, "2012-12-31", ["SLAC"], judgement="safeguarding")
    assert counted(shares) == {"Outstanding": 0, "Good": 0, "Requires improvement": 1, "Inadequate": 0}


def test_two_re_inspections_reported_together_are_one_row():
    row = {"framework": "SLAC", "published": "2011-02-25"}
    found = only(
        assemble(
            {
                "ofsted-inspections-2023": raw(
                    {**row, "inspection_type": "SLAC re-inspection of Safeguarding", "safeguarding": "Inadequate"},
                    {
                        **row,
                        "inspection_type": "SLAC re-inspection of services for Children Looked After",
                        "children_in_care": RI,
                    },
                )
            }
        )
    )
    assert (found["inspection_type"], found["safeguarding"], found["children_in_care"], found["note"]) == (
        "re-inspection", "Inadequate", "Adequate", "",
    )  # fmt: skip


def test_a_judgement_that_was_not_made_is_blank():
    found = only(
        assemble(
            {"ofsted-inspections-2023": raw({**SIF, "published": "2016-06-27", "overall": "Good", "adoption": "-"})}
        )
    )
    assert found["adoption"] == ""


def test_an_unknown_grade_stops():
    with pytest.raises(
        BadInput, match="ofsted-inspections-2023, Hackney: 'Fair' is not a grade; the grades are Outstanding, Good"
    ):
        assemble({"ofsted-inspections-2023": raw({**SIF, "published": "2016-06-27", "overall": "Fair"})})


# --- One inspection in several tables and releases --------------------------------------------


def test_the_same_inspection_in_three_releases_is_one_row_with_both_dates():
    releases = {
        "ofsted-inspections-2023": raw(
            {**ILACS, "published": "2022-05-09", "overall": "Good"},
            {**ILACS, "table": "latest", "inspection_type": "", "inspection_start": "2022-02-28", "overall": "Good"},
        ),
        "ofsted-inspections-2024": raw({**ILACS, "published": "2022-05-09", "overall": "Good", "care_leavers": ""}),
        "ofsted-inspections-2025": raw(
            {**ILACS, "published": "2022-05-09", "inspection_start": "2022-02-28", "overall": "Good"},
            {**ILACS, "table": "latest", "published": "2022-05-09", "inspection_start": "2022-02-28",
             "overall": "Good"},
        ),
    }  # fmt: skip
    found = only(assemble(releases))
    assert (found["inspection_start"], found["published"], found["release"], found["note"]) == (
        "2022-02-28", "2022-05-09", "ofsted-inspections-2025", "",
    )  # fmt: skip
    assert found["status"] == "reported" and found["inspection_type"] == "standard"


def test_the_newest_release_is_followed_and_what_an_older_one_said_is_noted():
    releases = {
        "ofsted-inspections-2024": raw(
            {
                **ILACS,
                "inspection_type": "ILACS Short Inspection",
                "published": "2022-11-05",
                "overall": "Good",
                "care_leavers": "Good",
            }
        ),
        "ofsted-inspections-2025": raw({**ILACS, "published": "2022-09-05", "overall": "Good", "care_leavers": RI}),
    }
    found = only(assemble(releases))
    assert (found["published"], found["care_leavers"], found["inspection_type"]) == (
        "2022-09-05", "Requires improvement", "standard",
    )  # fmt: skip
    assert found["note"] == (
        "care_leavers is Good in ofsted-inspections-2024; inspection_type is short in ofsted-inspections-2024; "
        "published is 2022-11-05 in ofsted-inspections-2024"
    )


def test_two_inspections_of_one_authority_stay_two():
    rows = [
        {**ILACS, "inspection_start": "2019-02-18", "published": "2019-04-01", "overall": RI},
        {**ILACS, "inspection_start": "2023-07-10", "published": "2023-09-04", "overall": RI},
        {**ILACS, "inspection_start": "2021-01-12", "inspection_type": "ILACS Focused Visit", "theme": "Front door"},
        {**ILACS, "inspection_start": "2021-04-20", "inspection_type": "LA Monitoring visit", "theme": "Care leavers"},
    ]
    found = assemble({"ofsted-inspections-2025": raw(*rows)})
    assert found["inspection_type"].tolist() == ["standard", "focused", "monitoring", "standard"]


def test_order_of_releases_and_of_rows_makes_no_difference():
    releases = {
        "ofsted-inspections-2023": raw(
            {**SIF, "published": "2014-07-07", "overall": RI}, {**ILACS, "published": "2019-04-01"}
        ),
        "ofsted-inspections-2025": raw(
            {**ILACS, "published": "2019-04-02", "inspection_start": "2019-02-18", "overall": "Good"},
            {**ILACS, "name": "Camden", "published": "2018-09-01", "overall": "Good"},
        ),
    }
    expected = assemble(releases)
    for names in itertools.permutations(releases):
        pd.testing.assert_frame_equal(
            assemble({name: releases[name].iloc[::-1] for name in names}), expected
        )  # fmt: skip
    assert list(expected.columns) == list(COLUMNS)


def test_listed_but_not_yet_inspected_is_no_inspection():
    row = {**ILACS, "name": "Cumberland", "table": "latest", "inspection_start": "Not yet inspected"}
    assert assemble({"ofsted-inspections-2024": raw(row)}).empty


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"published": "spring 2022"}, "ofsted-inspections-2025, Hackney: 'spring 2022' is not a date"),
        ({"inspection_type": "Joint visit"}, "'Joint visit' is not a known type of inspection"),
        ({"name": "Hacknee"}, "no area is known by 'Hacknee'"),
        ({"name": "London"}, "'London' should be an authority but was read as London"),
        ({"name": "Camden", "area_status": "No longer exists"}, "'Camden' should be an authority that no longer"),
    ],
)
def test_what_is_not_understood_stops(change, message):
    with pytest.raises(BadInput) as stopped:
        assemble({"ofsted-inspections-2025": raw({**ILACS, "published": "2022-05-09", **change})})
    assert message in str(stopped.value)


# --- A compilation that is not official -------------------------------------------------------

COMPILED = {"framework": "ILACS", "table": "compiled", "name": "hackney", "la_code": "204", "inspection_type": "short"}


def test_a_compilation_adds_only_what_is_newer_and_is_marked():
    official = raw({**ILACS, "inspection_start": "2024-06-10", "published": "2024-07-23", "overall": "Good"})
    compiled = raw(
        {**COMPILED, "inspection_start": "10/06/2024", "published": "23/07/24", "overall": "outstanding"},
        {**COMPILED, "la_code": "202", "inspection_start": "05/02/2024", "published": "11/03/24", "overall": "good"},
        {**COMPILED, "la_code": "315", "inspection_start": "14/07/2025", "published": "27/08/25",
         "inspection_end": "18/07/2025", "overall": "requires improvement"},
    )  # fmt: skip
    found = assemble({"ofsted-inspections-2025": official, "ofsted-inspections-2026-compiled": compiled})
    assert found["area_code"].tolist() == [HACKNEY, MERTON]
    hackney, merton = found.iloc[0], found.iloc[1]
    assert hackney["grade"] == "Good" and hackney["note"] == ""  # the official word is not questioned
    assert (merton["status"], merton["inspection_end"], merton["published"]) == (
        "low_confidence", "2025-07-18", "2025-08-27",
    )  # fmt: skip
    assert merton["grade"] == "Requires improvement"


def test_what_rests_on_a_compilation_says_so_and_can_be_left_out():
    official = raw({**ILACS, "inspection_start": "2024-06-10", "published": "2024-07-23", "overall": "Good"})
    compiled = raw({**COMPILED, "inspection_start": "14/07/2025", "published": "27/08/25", "overall": "inadequate"})
    found = assemble({"ofsted-inspections-2025": official, "ofsted-inspections-2026-compiled": compiled})
    assert grades_as_at(found, "2025-08-26").attrs["status"] == "derived"
    later = grades_as_at(found, "2025-08-27")
    assert later.attrs["status"] == "low_confidence" and counted(later)["Inadequate"] == 1
    official_only = grades_as_at(found, "2025-08-27", official_only=True)
    assert official_only.attrs["status"] == "derived" and counted(official_only)["Good"] == 1


def test_a_grade_the_compilation_could_not_read_is_not_guessed():
    official = raw({**ILACS, "inspection_start": "2024-06-10", "published": "2024-07-23", "overall": "Good"})
    compiled = raw({**COMPILED, "inspection_start": "27/04/2026", "published": "17/06/26", "overall": "nan"})
    found = assemble({"ofsted-inspections-2025": official, "ofsted-inspections-2026-compiled": compiled})
    assert found["note"].tolist() == ["", "overall grade not read by the compiler"]
    assert grades_as_at(found, "2026-06-16").attrs["grade_unread"] == []
    shares = grades_as_at(found, "2026-06-17")
    assert counted(shares)["Good"] == 1 and shares.attrs["grade_unread"] == [HACKNEY]


# --- Who stood where on a date ----------------------------------------------------------------


def judged(*rows):
    """Inspections as assembled: (area_code, framework, inspection_start, published, grade)."""
    names = ["area_code", "framework", "inspection_start", "published", "grade"]
    return pd.DataFrame(rows, columns=names, dtype=object).assign(status="reported", care_leavers="")


def test_a_judgement_counts_from_the_day_of_its_report_and_the_latest_counts():
    found = judged(
        (HACKNEY, "SIF", "", "2014-05-01", "Inadequate"),
        (HACKNEY, "SIF", "", "2016-02-17", "Good"),
        (CAMDEN, "SIF", "", "2016-02-18", "Inadequate"),
    )
    assert counted(grades_as_at(found, "2016-02-16"))["Inadequate"] == 1
    assert counted(grades_as_at(found, "2016-02-17")) == {
        "Outstanding": 0, "Good": 1, "Requires improvement": 0, "Inadequate": 0,
    }  # fmt: skip
    assert grades_as_at(found, "2016-02-18")["share"].tolist() == [0, 50, 0, 50]


def test_a_newer_framework_follows_an_older_one_only_when_both_are_asked_for():
    found = judged(
        (HACKNEY, "SIF", "", "2016-09-09", "Good"),
        (HACKNEY, "ILACS", "2019-10-14", "2019-12-19", "Inadequate"),
    )
    assert latest_judgements(found, "2020-01-01")["grade"].tolist() == ["Inadequate"]
    assert latest_judgements(found, "2020-01-01", ["SIF"])["grade"].tolist() == ["Good"]
    assert latest_judgements(found, "2020-01-01", "SIF")["grade"].tolist() == ["Good"]


def test_visits_without_a_grade_leave_the_judgement_standing():
    found = judged(
        (HACKNEY, "ILACS", "2019-10-14", "2019-12-19", "Good"),
        (HACKNEY, "ILACS", "2021-01-12", "2021-02-20", ""),
    )
    assert latest_judgements(found, "2022-01-01")["grade"].tolist() == ["Good"]


def test_ofsteds_own_as_at_tables_count_inspections_done_and_published_by_a_cut_off():
    found = judged(
        (HACKNEY, "ILACS", "2019-10-14", "2019-12-19", "Good"),
        (HACKNEY, "ILACS", "2025-03-24", "2025-06-30", "Inadequate"),
        (CAMDEN, "ILACS", "2025-03-31", "2025-07-01", "Good"),
        (MERTON, "ILACS", "2025-04-01", "2025-05-09", "Good"),
    )
    on = latest_judgements(found, "2025-03-31", by="inspected").set_index("area_code")["grade"].to_dict()
    assert on == {HACKNEY: "Inadequate"}
    earlier = latest_judgements(found, "2025-03-31", by="inspected", published_by="2025-04-30")
    assert earlier["grade"].tolist() == ["Good"]
    assert latest_judgements(found, "2025-03-31")["grade"].tolist() == ["Good"]


def test_where_only_the_publication_date_is_known_it_stands_for_the_inspection():
    found = judged((HACKNEY, "SIF", "", "2017-03-31", "Good"), (CAMDEN, "SIF", "", "2017-04-24", "Good"))
    assert latest_judgements(found, "2017-03-31", by="inspected")["area_code"].tolist() == [HACKNEY]


@pytest.mark.parametrize(("day", "counts"), [("2021-03-31", True), ("2021-04-01", False)])
def test_an_authority_that_ended_counts_until_31_march_of_its_last_year(day, counts):
    found = judged(
        (NORTHAMPTONSHIRE, "ILACS", "2019-06-17", "2019-07-29", "Inadequate"),
        (HACKNEY, "ILACS", "2019-10-14", "2019-12-19", "Good"),
    )
    assert (NORTHAMPTONSHIRE in set(latest_judgements(found, day)["area_code"])) is counts


def test_successors_count_from_their_own_first_judgement_and_inherit_none():
    current = {**ILACS, "name": "Dorset", "published": "2021-11-19", "overall": "Good"}
    ended = {**SIF, "name": "Dorset", "area_status": "No longer exists", "published": "2016-05-23", "overall": RI}
    found = assemble({"ofsted-inspections-2023": raw(current, ended)})
    assert found["area_code"].tolist() == [NEW_DORSET, OLD_DORSET]  # two authorities were called Dorset
    assert latest_judgements(found, "2019-03-31")["area_code"].tolist() == [OLD_DORSET]
    assert latest_judgements(found, "2019-04-01").empty
    assert latest_judgements(found, "2021-11-19")["area_code"].tolist() == [NEW_DORSET]


def test_the_city_of_london_is_not_london():
    city = {**SIF, "name": "City of London", "published": "2016-09-20", "overall": "Good"}
    assert only(assemble({"ofsted-inspections-2023": raw(city)}))["area_code"] == "E09000001"


def test_dates_may_be_text_or_dates_and_columns_too():
    found = judged((HACKNEY, "SIF", "", "2016-02-17", "Good"))
    for day in ("2016-02-17", datetime.date(2016, 2, 17), pd.Timestamp("2016-02-17 09:00")):
        assert len(latest_judgements(found, day)) == 1
    dated = found.assign(published=pd.to_datetime(found["published"]))
    assert len(latest_judgements(dated, "2016-02-17")) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"date": "31 March 2017"}, "'31 March 2017' is not a date; write it YYYY-MM-DD"),
        ({"date": None}, "None is not a date"),
        ({"frameworks": ["APA"]}, "no inspection framework is called 'APA'; there are SLAC"),
        ({"judgement": "overall"}, "no judgement is called 'overall'; 'grade' is the overall one"),
        ({"by": "visited"}, "by='visited' is not understood"),
        ({"date": "1999-03-31"}, "no authority had a judgement under SIF or ILACS by 1999-03-31"),
    ],
)
def test_questions_that_have_no_answer_get_a_sentence(arguments, message):
    found = judged((HACKNEY, "SIF", "", "2016-02-17", "Good"))
    with pytest.raises(BadInput) as stopped:
        grades_as_at(found, **{"date": "2017-03-31", **arguments})
    assert message in str(stopped.value)


# --- Always -----------------------------------------------------------------------------------

DAYS = st.dates(datetime.date(2009, 8, 1), datetime.date(2026, 6, 30)).map(str)
ROWS = st.lists(
    st.tuples(
        st.sampled_from([HACKNEY, CAMDEN, MERTON, NORTHAMPTONSHIRE, OLD_DORSET]),
        st.sampled_from(["SIF", "ILACS"]),
        st.just(""),
        DAYS,
        st.sampled_from([*GRADES, ""]),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(ROWS, DAYS)
def test_shares_are_of_the_authorities_counted_and_each_is_counted_once(rows, day):
    found = judged(*rows)
    latest = latest_judgements(found, day)
    assert latest["area_code"].is_unique
    assert set(latest["area_code"]) <= {row[0] for row in rows if row[3] <= day and row[4]}
    assert (latest["published"] <= day).all()
    if len(latest):
        shares = grades_as_at(found, day)
        assert shares["grade"].tolist() == list(GRADES)
        assert shares["authorities"].sum() == len(latest)
        assert shares["share"].sum() == pytest.approx(100)


@given(st.sampled_from(GRADES), st.sampled_from(FRAMEWORKS))
def test_only_one_grade_was_ever_relabelled(grade, framework):
    was = as_judged(grade, framework)
    assert was == grade or (grade, was) == ("Requires improvement", "Adequate")
