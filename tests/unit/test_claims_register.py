"""Reading claims: what a register or a briefing may say, and a sentence for every mistake in it."""

import json
import re
from importlib import resources

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cptrends import data
from cptrends.claims import checking, register, times, verdicts
from cptrends.claims.operations import KEYS, OPERATIONS
from cptrends.errors import BadInput

GOOD = """
[[claim]]
id = "draft-1"
claim = "Referrals reached 635,600 in 2014/15."
stated = 635600
unit = "referrals"
precision = 100
calculation = { operation = "level", measure = "referrals", year = 2015 }
"""


YEAR = re.compile(r"\b((?:19|20)\d\d)(?:/(\d\d))?\b")


@pytest.fixture
def briefing(tmp_path):
    """A function (text, name) -> the claims read from a file of it."""

    def read(text, name="briefing.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return register.briefing(path)

    return read


def refused(briefing, text, name="briefing.toml"):
    """The sentences with which a file is refused."""
    with pytest.raises(BadInput) as caught:
        briefing(text, name)
    return str(caught.value)


def with_calculation(calculation, stated="5"):
    return f"""
[[claim]]
id = "draft-1"
claim = "A figure."
stated = {stated}
unit = "children"
calculation = {calculation}
"""


# --- The register itself ---


def test_the_register_is_read_whole_and_without_a_mistake():
    claims = register.registered()
    assert len(claims) >= 60
    assert len({claim["id"] for claim in claims}) == len(claims)


def test_every_registered_claim_says_where_and_what_and_by_whom():
    for claim in register.registered():
        assert claim["locator"] and claim["claim"].endswith("."), claim["id"]
        assert claim["document"] in register.documents(), claim["id"]
        for alternative in claim.get("alternative", []):
            assert alternative["reading"].endswith("."), claim["id"]


def printed(calculation):
    """The times of the figures in texts that a calculation names."""
    texts = data.load_table("figures_in_texts").set_index("figure")["period"]
    named = [calculation["text"]] if "text" in calculation else calculation.get("texts", [])
    return "".join(f" {texts[name]}" for name in named)


def test_a_year_that_a_claim_names_is_the_year_it_is_tested_at():
    """Since 2008 is from 2008, and 2014/15 the year to March 2015."""
    #: "since 2013" says which framework's inspections are meant; a paper's own misprint is in its note.
    frameworks = {"eif17-inadequate", "eif17-ri"}
    for claim in register.registered():
        named = [int(first[:2] + last) if last else int(first) for first, last in YEAR.findall(claim["claim"])]
        if "calculation" not in claim or claim["id"] in frameworks:
            continue
        tested = " ".join(map(str, times.time_of(claim["calculation"]).values())) + printed(claim["calculation"])
        beyond = {"before 2013/14": "2013"}  # the years before a year end with the one before it
        for year in named:
            there = str(year) in tested or any(says in claim["claim"] and end in tested for says, end in beyond.items())
            assert there, (claim["id"], year, tested)


def test_the_shares_of_grades_that_a_paper_gives_are_all_of_one_day():
    for document in register.documents():
        shares = [
            claim["calculation"]["date"]
            for claim in register.registered()
            if claim["document"] == document and claim.get("calculation", {}).get("operation") == "grade_share"
        ]
        assert len(set(shares)) <= 1, document


def test_a_verdict_never_rests_on_a_reading_at_another_time():
    for result in checking.registered_results():
        worded, *others = result["readings"] or [None]
        for reading in others:
            if times.another(worded["calculation"], reading["calculation"]):
                assert reading["shown_only"], (result["claim_id"], reading["reading"])


def test_parts_of_a_statement_at_two_times_are_refused(briefing):
    part = GOOD.replace('unit = "referrals"', 'unit = "referrals"\nstatement = "two years"')
    other = part.replace("draft-1", "draft-2").replace("year = 2015", "year = 2014")
    said = refused(briefing, part + other)
    assert "draft-1 and draft-2: the statement 'two years' rests on one time" in said and "2014 and 2015" in said
    assert len(briefing(part + other.replace("2014", "2015"))) == 2


def test_a_claim_can_be_read_alone():
    """It is the heading of a card, and a row of a table sorted by verdict."""
    leaning = re.compile(r"(Nor|So|And|That|This|It|Its|Now|They|The same|A further|Again|The rise|The fall)\b(?! of)")
    assert [claim["claim"] for claim in register.registered() if leaning.match(claim["claim"])] == []


def test_documents_have_title_publisher_and_date():
    import datetime

    for entry in register.documents().values():
        assert entry["title"] and entry["publisher"]
        assert datetime.date.fromisoformat(entry["date"])


PAPER = 'title = "A paper"\npublisher = "A charity"\ndate = "2024-05-01"\n'


def test_a_paper_is_one_file_named_by_it_and_those_without_an_order_follow_by_name():
    texts = {"b-2024.toml": PAPER + GOOD, "a-2024.toml": PAPER, "z-2016.toml": "order = 1\n" + PAPER}
    papers = register.read_papers(texts)
    assert list(papers) == ["z-2016", "a-2024", "b-2024"]
    assert [claim["id"] for claim in papers["b-2024"]["claim"]] == ["draft-1"]
    assert papers["b-2024"]["title"] == "A paper"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PAPER.replace("title", "tilte"), "'title' is missing"),
        (PAPER.replace("title", "tilte"), "'tilte' is not a field of a paper"),
        (PAPER.replace('"2024-05-01"', "2024-05-01"), "date must be text"),
        (PAPER.replace("2024-05-01", "May 2024"), "date must be the day the paper came out"),
        (PAPER.replace("A paper", "<b>A paper</b>"), "title holds markup"),
        (PAPER + 'order = "first"', "order must be a whole number"),
        (PAPER + "claim = 5", "double brackets"),
        (PAPER + GOOD + 'document = "eif-2017"', "draft-1: 'document' is not said of a claim here"),
        ("title = ", "not valid TOML"),
    ],
)
def test_a_mistake_in_a_paper_is_named_with_its_file(text, said):
    with pytest.raises(BadInput) as caught:
        register.read_papers({"a-2024.toml": text, "b-2024.toml": PAPER})
    assert any(line.startswith("  a-2024.toml: ") and said in line for line in str(caught.value).splitlines())


def test_the_example_of_how_to_write_a_paper_is_one():
    readme = resources.files("cptrends.claims").joinpath("papers", "README.md").read_text("utf-8")
    example = readme.split("```toml\n")[1].split("```")[0]
    (claim,) = register.read_papers({"paper.toml": example})["paper"]["claim"]
    assert register.read_toml(example[example.index("[[claim]]") :]) == ([claim], [])
    assert checking.check_one(claim)["verdict"] == "confirmed"


# --- A briefing of one's own ---


def test_a_good_briefing_is_read_and_can_be_checked(briefing):
    (claim,) = briefing(GOOD)
    assert checking.check_one(claim)["verdict"] == "confirmed"


def test_the_csv_form_gives_the_same_claims(briefing):
    text = "id,claim,stated,unit,precision,operation,measure,year\n"
    text += 'draft-1,"Referrals reached 635,600 in 2014/15.","635,600",referrals,100,level,referrals,2015\n'
    assert briefing(text, "briefing.csv") == briefing(GOOD)


def test_the_csv_form_takes_lists_and_answers(briefing):
    text = "id,claim,stated,unit,operation,grades,date,frameworks\n"
    text += "draft-1,Share.,31,percent,grade_share,Outstanding; Good,2017-06-23,SIF\n"
    (claim,) = briefing(text, "briefing.csv")
    assert claim["calculation"]["grades"] == ["Outstanding", "Good"]
    assert checking.check_one(claim)["verdict"] == "confirmed"


def test_a_spreadsheets_mark_at_the_start_of_the_file_is_no_mistake(tmp_path):
    path = tmp_path / "excel.csv"
    path.write_bytes(
        "﻿id,claim,stated,unit,operation,measure,year\r\nd,Claim.,5,plans,level,plans_started,2015\r\n".encode()
    )
    assert register.briefing(path)[0]["id"] == "d"


# --- Mistakes ---


def test_a_misspelt_measure_is_named_and_the_right_one_offered(briefing):
    said = refused(briefing, GOOD.replace('"referrals", year', '"referals", year'))
    assert "draft-1" in said and "'referals'" in said and "referrals" in said


def test_a_year_outside_the_series_is_told_the_span(briefing):
    said = refused(briefing, GOOD.replace("2015 }", "1985 }"))
    assert "1985" in said and "it has 2002 to 20" in said


def test_a_withheld_figure_cannot_be_checked_against(briefing):
    plans = data.load("plans_ended_2_years_or_more", area="authorities", start=2015, end=2015)
    area = plans[plans["status"] == "suppressed"]["area_name"].iloc[0]
    calculation = f'{{ operation = "level", measure = "plans_ended_2_years_or_more", area = "{area}", year = 2015 }}'
    said = refused(briefing, with_calculation(calculation))
    assert area in said and "is suppressed" in said


def test_a_percentage_of_a_percentage_is_refused(briefing):
    said = refused(
        briefing,
        with_calculation('{ operation = "percent_change", measure = "repeat_plan_percent", from = 2011, to = 2015 }'),
    )
    assert "percentage of a percentage" in said and "change" in said


@pytest.mark.parametrize("key", ["claim", "unit", "notes", "reading"])
def test_markup_in_a_text_is_refused(briefing, key):
    text = GOOD if key in ("claim", "unit") else GOOD.replace("[[claim]]", f'[[claim]]\n{key} = "x"')
    lines = [
        f'{key} = "<script>alert(1)</script>"' if line.startswith(f"{key} =") else line for line in text.splitlines()
    ]
    said = refused(briefing, "\n".join(lines))
    assert f"{key} holds markup" in said


def test_a_sign_for_less_is_not_markup(briefing):
    assert briefing(GOOD.replace("reached 635,600", "were < 700,000"))


def test_a_field_of_ten_megabytes_is_refused_without_reading_it_on(briefing):
    said = refused(briefing, GOOD.replace("Referrals reached", "x" * 10_000_000))
    assert "larger than 1 MB" in said and len(said) < 300


def test_a_field_too_long_in_a_small_file(briefing):
    said = refused(briefing, GOOD.replace("Referrals reached", "x" * 50_000))
    assert "claim has 50," in said and "2,000 are allowed" in said and len(said) < 300


def test_unknown_fields_and_keys_are_named(briefing):
    said = refused(briefing, GOOD.replace("precision = 100", "precison = 100"))
    assert "'precison' is not a field of a claim" in said
    said = refused(briefing, GOOD.replace("year = 2015", "yaer = 2015"))
    assert "'year' is missing" in said and "'yaer' does not belong to level" in said


def test_an_id_there_twice(briefing):
    assert "draft-1: this id is there twice" in refused(briefing, GOOD + GOOD)


def test_every_mistake_is_told_at_once(briefing):
    text = GOOD.replace('"referrals", year', '"referals", year')
    text += GOOD.replace("draft-1", "draft-2").replace("2015 }", "1985 }")
    text += GOOD.replace("draft-1", "draft-3").replace("precision = 100", 'qualifier = "roughly"')
    said = refused(briefing, text)
    assert "3 to put right" in said
    assert [f"draft-{n}:" in said for n in (1, 2, 3)] == [True] * 3


def test_a_claim_without_a_calculation_needs_a_reason_and_what_would_settle_it(briefing):
    text = "\n".join(line for line in GOOD.splitlines() if not line.startswith("calculation"))
    said = refused(briefing, text)
    assert "needs a calculation, or a reason" in said and "would_need is missing" in said


@pytest.mark.parametrize(
    ("calculation", "said"),
    [
        ('{ operation = "levle" }', "operation 'levle' is not known"),
        ('{ operation = "level", measure = "referrals", year = "2015" }', "year must be a year"),
        ('{ operation = "level", measure = "referrals", year = 2015, area = "Hackny" }', "did you mean Hackney?"),
        ('{ operation = "change", measure = "referrals", from = 2015, to = 2014 }', "from must be a year before to"),
        (
            '{ operation = "grade_share", grades = ["Satisfactory"], date = "2017-06-13" }',
            "grades 'Satisfactory' must be one of",
        ),
        ('{ operation = "grade_share", grades = "Good", date = "2017-06-13" }', "grades must be a list"),
        ('{ operation = "grade_share", grades = ["Good"], date = 2017-06-13 }', "write it in quotation marks"),
        ('{ operation = "grade_share", grades = ["Good"], date = "13/06/2017" }', "write it in quotation marks"),
        ('{ operation = "decile_ratio", unit = "authority" }', "'index_year' is missing"),
        ('{ operation = "association", date = "2017-06-13", against = "per_head" }', "'numerator' is missing"),
        (
            '{ operation = "after_inadequate", indicator = "plan_rat", to = 2025, higher_is = "worse" }',
            "no indicator 'plan_rat'",
        ),
        (
            '{ operation = "share", numerator = "repeat_plan_percent", denominator = "plans_started", year = 2015 }',
            "percentage already",
        ),
        ('{ operation = ["level"] }', "is not known"),
        ("5", "is not known"),
    ],
)
def test_a_mistake_in_a_calculation_has_its_sentence(briefing, calculation, said):
    assert said in refused(briefing, with_calculation(calculation))


def test_a_direction_is_stated_in_one_of_the_words_for_it(briefing):
    calculation = '{ operation = "direction", measure = "referrals", from = 2010, to = 2015 }'
    assert "stated must be one of up, down, level" in refused(briefing, with_calculation(calculation, "5"))
    assert briefing(with_calculation(calculation, '"up"'))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no [[claim]]"),
        ("[[claim", "not valid TOML"),
        ("claim = 5", "double brackets"),
        ('[claim]\nid = "x"', "double brackets"),
        (GOOD + "alternative = 5", "double brackets"),
        ('title = "My briefing"\n' + GOOD, "'title' is not expected at the top"),
    ],
)
def test_a_file_that_is_not_a_briefing(briefing, text, said):
    assert said in refused(briefing, text)


def test_a_csv_with_a_row_too_short_or_nothing_in_it(briefing):
    header = "id,claim,stated,unit,operation,measure,year\n"
    assert "line 2: more or fewer cells" in refused(briefing, header + "draft,Claim.\n", "b.csv")
    assert "no rows below the header" in refused(briefing, header, "b.csv")


def test_a_file_that_is_not_there_or_not_text(tmp_path):
    with pytest.raises(BadInput, match="is not a file"):
        register.briefing(tmp_path / "nowhere.toml")
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="UTF-8"):
        register.briefing(tmp_path / "b.toml")


# --- Whatever is in it ---

_KEYS = sorted(KEYS.keys() - {"operation"})
_VALUES = st.one_of(
    st.sampled_from(["England", "Hackney", "referrals", "plans_31_march", "imd_score", "2017-06-13", "authority"]),
    st.sampled_from(["lowest", "nonsense"]),
    st.integers(2000, 2030), st.booleans(), st.floats(-2, 2), st.just([]), st.just(["Good"]), st.just({"a": 1}),
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(sorted(OPERATIONS)), st.data())
def test_a_calculation_is_refused_in_sentences_or_computed(operation, draws):
    spec = OPERATIONS[operation]
    calculation = {"operation": operation}
    for key in {*spec.needs, *draws.draw(st.lists(st.sampled_from(_KEYS), max_size=2))}:
        calculation[key] = draws.draw(_VALUES)
    stated = {"yes or no": "true", "direction": '"up"'}.get(spec.answer, "5")
    claims, problems = register.read_toml(with_calculation(_inline(calculation), stated))
    if problems:
        assert all(isinstance(problem, str) and len(problem) < 1500 for problem in problems)
    else:
        assert checking.check_one(claims[0])["verdict"] in verdicts.VERDICTS


def _inline(value):
    """A value as TOML."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_inline(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return json.dumps(value)
