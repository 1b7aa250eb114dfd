"""The data dictionary says what every measure is, and offers the nearest name when asked for another."""

import pytest

from cptrends.data import areas, measures
from cptrends.errors import BadInput

KINDS = {"flow", "stock", "share", "score", "money", "rank", "rate"}


@pytest.mark.parametrize("name", measures.dictionary())
def test_every_entry_is_complete(name):
    entry = measures.measure(name)
    assert entry["label"] and entry["unit"] and entry["source_table"]
    assert entry["definition"].endswith(".")
    assert entry["kind"] in KINDS
    assert all(1985 <= year <= 2100 and what.endswith(".") for year, what in measures.breaks(name))


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
    census = [2010, 2010, 2011]  # a new return, and out of its first year
    assert everyone == [*census, 2021, 2023, 2024, 2025]
    assert [year for year, _ in measures.breaks("referrals", "Hampshire")] == [*census, 2024, 2025]
    assert [year for year, _ in measures.breaks("referrals", [areas.find("South East")])] == [*census, 2024, 2025]
    assert [year for year, _ in measures.breaks("referrals", ["Kent", "Hackney"])] == [*census, 2021, 2023]


@pytest.mark.parametrize("area", ["Hampshyre", "E99999999", ["Kent", "E10000099"]])
def test_an_area_that_there_is_not_is_refused(area):
    with pytest.raises(BadInput, match="no area is called"):
        measures.breaks("referrals", area)


def test_only_a_stated_change_may_pass_100():
    assert [name for name, entry in measures.dictionary().items() if entry.get("may_pass_100")] == [
        "initial_contacts_change_since_2008_percent"
    ]
