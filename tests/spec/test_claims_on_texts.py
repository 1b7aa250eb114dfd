"""A claim that rests on a text says so, and one that is judged in part says which part.

A text is weaker evidence than a file: the card of every claim whose verdict rests on one names the level and the text,
and a body's own reckoning never confirms what it claims.
"""

import html

import pytest

from cptrends import claims, data
from cptrends.claims import checking, evidence, register, shown

RESULTS = {result["claim_id"]: result for result in checking.registered_results()}
EVIDENCE = dict(zip(data.releases()["release"], data.releases()["evidence"], strict=True))
TEXTS = {name for name, level in EVIDENCE.items() if level in ("official-text", "secondary-text")}


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


@pytest.mark.parametrize("name", ["lobby17-eig-cut", "lobby17-eig-further", "lobby17-childrens-centres"])
def test_what_a_text_does_not_settle_is_shown_with_its_source_and_not_judged(name):
    result = RESULTS[name]
    assert result["verdict"] == "cannot_be_checked" and result["would_need"]
    assert all(reading["shown_only"] and reading["computed"] is not None for reading in result["readings"])
    card = shown.cards([result]).html()
    assert "The figures shown, none of which makes a verdict" in card and "The figures it rests on" not in card
    for reading in result["readings"]:
        for figure in reading["inputs"]:
            assert figure["release"] in TEXTS and html.escape(figure["measure"]) in card
