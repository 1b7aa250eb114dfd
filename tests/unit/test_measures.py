"""The data dictionary says what every measure is, and offers the nearest name when asked for another."""

import pytest

from cptrends.data import areas, measures
from cptrends.errors import BadInput
from cptrends.files import toml

KINDS = {"flow", "stock", "share", "score", "money", "rank", "rate"}


@pytest.mark.parametrize("name", measures.dictionary())
def test_every_entry_is_complete(name):
    entry = measures.measure(name)
    assert entry["label"] and entry["unit"] and entry["source_table"]
    assert entry["definition"].endswith(".")
    assert entry["kind"] in KINDS
    assert all(1985 <= what["year"] <= 2100 and what["what"].endswith(".") for what in entry["breaks"])
    assert all(code in areas.register() for what in entry["breaks"] for code in what.get("areas", []))


def test_design_names_are_all_there():
    bands = ["3_months_or_less", "3_to_6_months", "6_to_12_months", "1_to_2_years", "2_years_or_more"]
    named = """referrals children_referred rereferrals referrals_no_further_action assessments section_47_enquiries
        initial_conferences children_in_need_31_march episodes_in_need plans_started plans_ended plans_31_march
        repeat_plans plans_reviewed_in_time factor_domestic_abuse factor_mental_health population_0_17
        looked_after_31_march social_work_spend safeguarding_spend childrens_social_care_spend imd_score idaci_score
        children_in_low_income_percent gdp_deflator""".split()
    named += [f"plans_{of}_{band}" for of in ("31_march", "ended") for band in bands]
    assert [name for name in named if name not in measures.dictionary()] == []


@pytest.mark.parametrize(
    "typed, meant",
    [("referal", "referrals"), ("Plans Started", "plans_started"), ("section-47-enquiry", "section_47_enquiries")],
)
def test_the_nearest_names_are_offered(typed, meant):
    with pytest.raises(BadInput, match=f"did you mean .*{meant}"):
        measures.measure(typed)


def test_a_name_like_no_other_points_to_the_list():
    with pytest.raises(BadInput, match="`cptrends measures` lists them all") as refused:
        measures.measure("zzzz" * 1000)
    assert len(str(refused.value)) < 200


def test_a_break_that_touches_some_areas_is_told_only_to_those():
    everyone = [year for year, _ in measures.breaks("referrals")]
    assert everyone == [2010, 2024]
    assert [year for year, _ in measures.breaks("referrals", [areas.find("Hampshire")])] == [2010, 2024]
    assert [year for year, _ in measures.breaks("referrals", [areas.find("Kent")])] == [2010]
    assert [year for year, _ in measures.breaks("referrals", [])] == [2010]


def test_every_break_is_named_by_a_measure_and_says_when_what_and_where():
    named = [name for entry in toml("cptrends.data", "measures.toml").values() for name in entry.get("breaks", [])]
    assert set(named) == set(measures.named_breaks())
    for name, event in measures.named_breaks().items():
        assert set(event) <= {"first", "last", "what", "areas"}, name
        assert event["first"] <= event.get("last", 2100), name


def test_a_break_that_there_is_not_is_refused_with_the_nearest():
    with pytest.raises(
        BadInput, match="referrals: there is no break called 'hampshire_2042'; did you mean hampshire_2024"
    ):
        measures.breaks_of("referrals", {"breaks": ["hampshire_2042"]}, measures.named_breaks())


def test_only_a_stated_change_may_pass_100():
    assert [name for name, entry in measures.dictionary().items() if entry.get("may_pass_100")] == [
        "initial_contacts_change_since_2008_percent"
    ]
