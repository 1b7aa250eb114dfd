"""Claims as people read them: a card has the claim, what the data say and the verdict; no text is markup."""

import html.parser

import pytest

from cptrends import claims, data, words
from cptrends.claims import checking, register, shown, verdicts

REPEAT = {"operation": "share", "numerator": "repeat_plans", "denominator": "plans_started", "year": 2015}


def level(measure, year, **other):
    return {"calculation": {"operation": "level", "measure": measure, "year": year}, **other}


#: A claim for each verdict: what it states, and its readings.
CLAIMS = {
    "confirmed": {"stated": 635600, "precision": 100, "unit": "referrals", **level("referrals", 2015)},
    "confirmed_by_rounding": {"stated": 62210, "precision": 10, "unit": "plans", **level("plans_started", 2015)},
    "confirmed_differently": {
        "stated": 62200,
        "precision": 100,
        "unit": "children",
        **level("plans_31_march", 2015),
        "alternative": [
            level("plans_31_march", 2014, reading="The year before."),
            level("plans_started", 2015, reading="Plans started."),
        ],
    },
    "close": {"stated": 17.4, "precision": 1, "unit": "percent", "reading": "of plans started", "calculation": REPEAT},
    "not_confirmed": {"stated": 30, "unit": "percent", "qualifier": "over", "calculation": REPEAT},
    "cannot_be_checked": {"stated": 6, "unit": "billion pounds", "reason": "No cost.", "would_need": "A costing."},
}


#: What a card says in plain text of a claim that holds only in another reading.
COMPUTED = {"confirmed_differently": "49,700 as worded, 62,200 in another reading"}


class Card(html.parser.HTMLParser):
    """What a browser makes of a card: its facts in order, its tables, its texts and the tags there are."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.classes, self.links = set(), [], [], []
        self.facts, self.rows, self.words, self._open = [], [], {}, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.tags.add(tag)
        self._open.append(tag)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if "href" in values else []
        self.classes += values.get("class", "").split()
        if tag == "dt":
            self.facts.append(["", ""])
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        inside = set(self._open)
        for place, tag in enumerate(("dt", "dd")):
            if tag in inside:
                self.facts[-1][place] += data
        if inside & {"td", "th"}:
            self.rows[-1][-1] += data
        for tag in inside:
            self.words[tag] = self.words.get(tag, "") + data


def checked(verdict, **other):
    claim = {"id": f"draft-{verdict}", "claim": "A figure.", **CLAIMS[verdict], **other}
    return checking.check_one(claim)


def card(result):
    return Card(shown.cards([result]).html())


def facts(verdict):
    return dict(card(checked(verdict)).facts)


@pytest.mark.parametrize("verdict", verdicts.VERDICTS)
def test_a_card_says_its_claim_and_verdict_in_words_with_its_mark(verdict):
    result = checked(verdict)
    assert result["verdict"] == verdict
    found, (mark, word) = card(result), verdicts.WORDS[verdict]
    assert found.ids == [f"draft-{verdict}"]
    assert found.words["h3"] == "A figure."
    assert f"{mark} {word.capitalize()}" in found.words["p"]
    assert verdict in found.classes
    assert dict(found.facts)["Said"] == shown.stated(result)
    assert shown.cards([result]).text().splitlines()[:2] == [
        f"A figure. [draft-{verdict}]",
        f"  said {shown.stated(result)}; computed {COMPUTED.get(verdict, shown.computed(result))}: {mark} {word}",
    ]


def test_a_confirmed_claim_is_shown_with_its_value_its_time_and_todays():
    newest = data.load("referrals", area="England", start=2015, end=2015)["value"].iloc[0]
    assert facts("confirmed") == {
        "Said": "635,600 referrals",
        "The data say": "635,600 (2014/15)",
        "Read as": "As worded",
        "On today's figures": f"{words.number(newest)}: confirmed",
    }


def test_a_value_within_the_rounding_says_what_the_revised_figure_is():
    found = facts("confirmed_by_rounding")
    assert (found["Said"], found["The data say"]) == ("62,210 plans", "62,200 (2014/15)")
    assert found["On today's figures"] == "62,210: confirmed"
    assert "(revised by cin-2018) the verdict would be confirmed" in found["Note"]


def test_a_claim_confirmed_differently_shows_both_values_and_the_reading():
    found = card(checked("confirmed_differently"))
    assert [name for name, _ in found.facts[:4]] == ["Said", "As worded", "The data say", "Reading that makes it true"]
    said = dict(found.facts)
    assert said["As worded"] == "49,700"
    assert said["The data say"] == "62,200 (2014/15)"
    assert said["Reading that makes it true"] == "Plans started."
    assert "Read as" not in said


def test_a_claim_that_is_close_or_not_confirmed_shows_what_the_data_say():
    assert facts("close")["The data say"] == "16.6% (2014/15)"
    assert facts("close")["Read as"] == "As worded: of plans started"
    found = facts("not_confirmed")
    assert (found["Said"], found["The data say"]) == ("over 30%", "16.6% (2014/15)")


def test_a_claim_that_cannot_be_checked_says_why_and_what_would_settle_it():
    assert card(checked("cannot_be_checked")).facts == [
        ["Said", "6 billion pounds"],
        ["The data say", "no value"],
        ["Note", "No cost. To check it: A costing."],
    ]


def test_workings_list_every_reading_and_the_figures_of_the_one_it_rests_on():
    found = card(checked("confirmed_differently"))
    readings, figures = found.rows[1:4], found.rows[5:]
    assert [(row[0], row[1], row[2]) for row in readings] == [
        ("As worded", "49,700", "not confirmed"),
        ("The year before.", "48,300", "shown, not judged"),
        ("Plans started.", "62,200", "confirmed"),
    ]
    (figure,) = figures
    assert figure[:5] == ["Child protection plans started", "England", "2015", "62,200", "rounded"]
    assert "data.html#m-plans_started-2015" in found.links


def test_a_figure_without_a_year_leaves_the_cell_empty():
    tenths = {"operation": "decile_ratio", "unit": "neighbourhood", "study": "Webb and Thomas 2021", "measure": "cpp"}
    claim = {"id": "tenths", "claim": "Twelve times.", "stated": 12, "unit": "ratio", "calculation": tenths}
    result = checking.check_one(claim)
    assert (result["verdict"], result["readings"][0]["inputs"][0]["year"]) == ("confirmed", None)
    assert card(result).rows[1][1:4] == ["England", "", "12"]


def test_without_a_calculation_there_are_no_workings():
    assert "details" not in card(checked("cannot_be_checked")).tags
    assert "details" in card(checked("confirmed")).tags


def test_a_registered_claim_names_its_paper_and_the_place_in_it():
    (result,) = claims.check([claim for claim in register.registered() if claim["id"] == "eif17-referrals-2015"])
    paper = register.documents()["eif-2017"]
    source = f"{paper['publisher']}, {paper['title']} (2017), {result['locator']}"
    assert card(result).words["p"].endswith(source)
    assert card(checked("close", document="my own draft")).words["p"].endswith("my own draft")


HOSTILE = "<script>alert('1')</script> \"&amp;' <img src=x onerror=alert(2)>"


def test_hostile_text_is_shown_as_text_wherever_it_stands():
    reading = level("plans_started", 2015, reading=f"Reading {HOSTILE}.")
    parts = {"id": HOSTILE, "claim": f"Claim {HOSTILE}.", "document": f"Paper {HOSTILE}.", "notes": f"Note {HOSTILE}."}
    result = checked("confirmed_differently", **parts, unit=f"unit {HOSTILE}", alternative=[reading])
    for readings in (result["readings"], [r["today"] for r in result["readings"]]):
        readings[0]["missing"] = f"Missing {HOSTILE}."
    result["readings"][1]["inputs"][0]["measure"] = f"Measure {HOSTILE}."

    found = card(result)
    assert not found.tags & {"script", "img"}
    assert found.ids == [HOSTILE]
    assert found.words["h3"] == f"Claim {HOSTILE}."
    assert found.words["p"].endswith(f"Paper {HOSTILE}.")
    said, cells = dict(found.facts), [cell for row in found.rows for cell in row]
    assert said["Said"] == f"62,200 unit {HOSTILE}"
    assert said["Reading that makes it true"] == f"Reading {HOSTILE}."
    assert said["Note"].startswith(f"Note {HOSTILE}.")
    assert {f"Reading {HOSTILE}.", f"Missing {HOSTILE}.", f"Measure {HOSTILE}."} <= set(cells)


def test_a_notebook_is_given_the_cards_both_ways():
    cards = shown.cards([checked("confirmed")])
    assert cards._repr_mimebundle_(include=None, exclude=None) == {
        "text/html": cards.html(),
        "text/plain": cards.text(),
    }


def test_the_scoreboard_counts_every_verdict_and_says_what_it_means():
    results = [checked(verdict) for verdict in ("close", "close", "confirmed")]
    rows = shown.scoreboard(results).rows
    assert [(verdict, count) for verdict, count, _ in rows] == [
        ("✓ confirmed", "1"),
        ("≈ confirmed by rounding", "0"),
        ("↔ confirmed differently", "0"),
        ("~ close", "2"),
        ("✗ not confirmed", "0"),
        ("? cannot be checked", "0"),
    ]
    assert all(meaning.endswith(".") for *_, meaning in rows)


def test_the_table_leads_from_each_claim_to_its_card():
    table = shown.table([checked("close")])
    assert table.rows == (("A figure.", "17.4%", "16.6%", "–", "~ close"),)
    assert table.links[0][0] == "08_claims.html#draft-close"


def test_the_table_has_the_value_as_worded_beside_that_of_the_reading_that_holds():
    (row,) = shown.table([checked("confirmed_differently")]).rows
    assert row[1:] == ("62,200 children", "49,700", "62,200", "↔ confirmed differently")
    for verdict in set(verdicts.VERDICTS) - {"confirmed_differently"}:
        (row,) = shown.table([checked(verdict)]).rows
        assert row[3] == "–" and (row[2] == "–") == (verdict == "cannot_be_checked"), verdict


def test_a_value_without_a_confirmed_source_says_so_beside_it():
    result = checked("confirmed", **level("plans_31_march", 2002), stated=25700)
    assert shown.table([result]).rows[0][2] == "25,700 (no confirmed source)"


@pytest.mark.parametrize(
    ("stated", "value", "printed"),
    [(46, 46.97, "46.97%"), (22, 21.97, "21.97%"), (32, 32.546, "32.55%"), (17, 16.576, "16.6%"), (50, 50.0, "50%")],
)
def test_a_value_is_printed_with_the_digits_that_show_its_verdict(stated, value, printed):
    result = {"stated": stated, "precision": 1, "qualifier": "exact", "unit": "percent", "computed": value}
    assert shown.computed(result) == printed


def test_the_example_briefing_can_be_checked_as_it_is(tmp_path):
    path = tmp_path / "my-briefing.toml"
    path.write_text(shown.example(), encoding="utf-8")
    results = claims.check(register.briefing(path))
    assert [r["verdict"] for r in results] == ["confirmed", "confirmed", "confirmed"]
    assert "{" not in path.read_text("utf-8").replace("calculation = {", "")
