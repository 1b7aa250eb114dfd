"""A claim that rests on a text says so, and one that is judged in part says which part.

A text is weaker evidence than a file: the card of every claim whose verdict rests on one names the level and the text,
and a body's own reckoning never confirms what it claims.
"""

import html

import pytest

from cptrends import claims, data
from cptrends.claims import calculations, checking, evidence, mistakes, register, shown, times

RESULTS = {result["claim_id"]: result for result in checking.registered_results()}
EVIDENCE = dict(zip(data.releases()["release"], data.releases()["evidence"], strict=True))
TEXTS = {name for name, level in EVIDENCE.items() if level in evidence.TEXTS}


def chosen(result):
    return [r for r in result["readings"] if r["reading"] == result["reading"]]


@pytest.mark.parametrize("name", RESULTS)
def test_a_text_says_that_it_is_weaker_than_a_file(name):
    result = RESULTS[name]
    sources = {i["release"] for reading in chosen(result) for i in reading["inputs"]}
    assert ("Weaker than a data file" in result["note"]) == bool(sources & TEXTS)


def test_the_sentence_names_the_text_and_its_level():
    said = evidence.said(["cin-2015", "pq-55895", "bbc-2017-02"])
    assert said.startswith("Weaker than a data file, from a text of the publisher, Parliament or an auditor: UK Parl")
    assert "; and repeated by the press, a blog or another third party: BBC News, Homicide victims" in said
    told = "from a text of those who reckoned it: Institute for Fiscal Studies, Central cuts"
    assert told in evidence.said(["ifs-bn166-2015"]), "not a third party's: it is their own reckoning"
    assert evidence.said(["cin-2015", "ofsted-2025"]) == evidence.said([]) == ""


def test_what_is_judged_in_part_says_which_part_first():
    in_part = [claim for claim in register.registered() if "part" in claim]
    assert in_part
    for claim in in_part:
        result = RESULTS[claim["id"]]
        assert result["verdict"] != "cannot_be_checked", "nothing of it is judged"
        assert result["note"].startswith(f"Judged in part: {claim['part'].strip()}")
        assert "Judged in part" in shown.cards([result]).html()


def test_a_part_may_be_said_in_a_briefing_too():
    claim = {"id": "a", "claim": "c", "stated": 635600, "unit": "referrals", "part": "The first half."}
    claim["calculation"] = {"operation": "level", "measure": "referrals", "year": 2015}
    assert claims.check([claim])[0]["note"].startswith("Judged in part: The first half.")


@pytest.mark.parametrize(
    "name",
    [
        "eif17-child-homicide",
        "eif17-child-deaths",
        "lobby17-eig-cut",
        "lobby17-eig-further",
        "lobby17-childrens-centres",
        "lobby17-youth-centres",
    ],
)
def test_what_a_text_does_not_settle_is_shown_with_its_source_and_not_judged(name):
    result = RESULTS[name]
    assert result["verdict"] == "cannot_be_checked" and result["would_need"]
    assert all(reading["shown_only"] and reading["computed"] is not None for reading in result["readings"])
    card = shown.cards([result]).html()
    assert "The figures shown, none of which makes a verdict" in card and "The figures it rests on" not in card
    for reading in result["readings"]:
        for figure in reading["inputs"]:
            assert figure["release"] in TEXTS and html.escape(figure["measure"]) in card


OF_THE_ASSOCIATION = {
    "government-business-2017-05": "section 47 enquiries of 2005/06",
    "politicshome-2017-08-09": "the Early Intervention Grant",
    "familylawweek-2016-06": "children dying by homicide or assault",
}


def test_what_the_association_says_of_its_own_claims_is_never_judged_wherever_it_is_printed():
    seen = set()
    for result in RESULTS.values():
        for reading in result["readings"]:
            own = {i["release"] for i in reading["inputs"]} & OF_THE_ASSOCIATION.keys()
            assert not own or reading["shown_only"], (result["claim_id"], own)
            seen |= own
    assert seen == OF_THE_ASSOCIATION.keys()


def test_a_text_from_after_the_paper_is_refused_as_a_claims_calculation_and_allowed_where_it_is_only_shown():
    later = {"operation": "text_figure", "text": "youth-centres-closed-2012-to-2018"}
    (said,) = mistakes.after_the_paper({"id": "a", "calculation": later}, "2017-06-29")
    assert said.startswith("a: youth-centres-closed-2012-to-2018 is from a text that came out after the paper")
    shown_only = {"reading": "r", "calculation": later, "shown_only": True}
    assert mistakes.after_the_paper({"id": "a", "alternative": [shown_only]}, "2017-06-29") == []
    assert mistakes.after_the_paper({"id": "a", "alternative": [{**shown_only, "shown_only": False}]}, "2017-06-29")
    assert mistakes.after_the_paper({"id": "a", "calculation": later}, "2018-12-31") == [], "the month is all there is"


@pytest.mark.parametrize(
    ("calculation", "said"),
    [
        (
            {"operation": "above_all", "measure": "referrals", "year": 2015, "from": 2002, "to": 2013}
            | {"text": "schools-good-2016-08"},
            "schools-good-2016-08 is no figure of referrals: Schools good",
        ),
        (
            {"operation": "percent_change_since_text", "text": "referrals-before-2005", "measure": "plans_31_march"}
            | {"from": 2004, "to": 2016},
            "referrals-before-2005 is no figure of plans_31_march",
        ),
        (
            {"operation": "text_direction", "texts": ["cruelty-england-2006", "schools-good-2016-08"]},
            "have not the same unit: offences, and percent",
        ),
        (
            {"operation": "text_direction", "texts": ["cruelty-england-2006", "cruelty-uk-2018"]},
            "have not the same place: England, and United Kingdom",
        ),
        ({"operation": "text_direction", "texts": ["victims-under-16-2016"]}, "texts must name two figures or more"),
        ({"operation": "text_sum", "texts": ["centres-closed-2012"]}, "texts must name two figures or more"),
        (
            {"operation": "text_sum", "texts": ["schools-good-2016-08", "overspent-adults-2016"]},
            "have not the same unit: percent, and million pounds",
        ),
        (
            {"operation": "text_sum", "texts": ["overspent-children-2016", "overspent-adults-2016"]},
            "are not of one kind: Spent on children's social care",
        ),
        (
            {"operation": "text_above", "text": "overspent-adults-2016", "other": "councils-overspent-adults-2016"},
            "have not the same unit",
        ),
    ],
)
def test_figures_that_do_not_belong_together_are_refused_in_one_sentence(calculation, said):
    stated = {"above_all": True, "text_above": True, "text_direction": "down"}.get(calculation["operation"], 5)
    (problem,) = mistakes.in_claims(
        [{"id": "a", "claim": "c", "stated": stated, "unit": "u", "calculation": calculation}]
    )
    assert said in problem and "\n" not in problem


@pytest.mark.parametrize(
    ("text", "stated", "verdict"),
    [
        ("youth-centres-closed-2010-to-2016", 580, "not_confirmed"),  # more than 600
        ("youth-centres-closed-2010-to-2016", 650, "confirmed_by_rounding"),
        ("early-intervention-lost-2017", 540, "not_confirmed"),  # almost 500
        ("early-intervention-lost-2017", 480, "confirmed_by_rounding"),
        ("youth-centres-closed-2016-to-2018", 120, "not_confirmed"),  # at least 160
        ("youth-centres-closed-2016-to-2018", 603, "cannot_be_checked"),
    ],
)
def test_over_almost_and_at_least_bound_a_figure_on_one_side(text, stated, verdict):
    claim = {"id": "a", "claim": "c", "stated": stated, "unit": "u", "precision": 1}
    claim["calculation"] = {"operation": "text_figure", "text": text}
    assert checking.check_one(claim)["verdict"] == verdict
    more = checking.check_one({**claim, "stated": 100, "qualifier": "over"})
    assert more["verdict"] == "confirmed", "what is at least 160 is over 100"


def test_which_is_larger_is_not_said_where_a_text_leaves_it_open():
    pair = ["youth-centres-closed-2016-to-2018", "youth-centres-closed-2012-to-2018"]  # at least 160, and 760
    found = calculations.evaluate({"operation": "text_above", "text": pair[0], "other": pair[1]})
    assert found["value"] is None and "either may be the larger" in found["missing"]
    assert calculations.evaluate({"operation": "text_direction", "texts": pair})["value"] is None


def test_a_text_has_a_time_that_the_rules_read():
    spending, grants = (
        {"operation": "text_figure", "text": text} for text in ("council-spending-2015", "council-grants-2015")
    )
    assert not times.another(spending, grants)
    assert times.another(spending, {**grants, "text": "government-funding-2015"}), "a year less"
    assert times.at_odds([spending, {**grants, "text": "government-funding-2015"}])
    assert times.at_odds([{"from": 2010, "to": 2015}, spending]) == ""


def test_a_part_of_a_statement_at_a_time_of_its_own_says_why_on_its_card():
    part = {"claim": "c", "stated": 89, "unit": "percent", "statement": "schools", "document": "d"}
    days = ("2016-08", "2016-03")
    texts = [{"operation": "text_figure", "text": f"schools-good-{day}"} for day in days]
    both = [{**part, "id": day, "calculation": text} for day, text in zip(days, texts, strict=True)]
    (problem,) = mistakes.in_claims(both)
    assert "rests on one time, and its parts are of 2016-03-31 and 2016-08-31" in problem
    both[1]["own_time"] = "It is counted on another day."
    assert mistakes.in_claims(both) == []
    assert "At a time of its own: It is counted on another day." in checking.check_one(both[1])["note"]
    (problem,) = mistakes.in_claims([{**both[1], "statement": ""}])
    assert "there is no statement" in problem


def test_a_verdict_on_a_text_carries_its_time():
    for result in RESULTS.values():
        used = {i["release"] for reading in chosen(result) for i in reading["inputs"]}
        assert not (used and used <= TEXTS) or result["period"], result["claim_id"]


@pytest.mark.parametrize(
    "names",
    [
        ("lga16-demand-rise", "lga16-spending-power"),
        ("eif17-schools-good", "eif17-homes-good"),
        ("eif17-child-homicide", "eif17-child-deaths"),
    ],
)
def test_claims_of_one_sentence_are_parts_of_one_statement(names):
    (found,) = {claim.get("statement") for claim in register.registered() if claim["id"] in names}
    assert found
