"""What a calculation may say: every operation declares its keys, and a claim is refused by the declaration.

An operation is one function with its declaration above it. From that follow what a claim must and may say, the
sentence for each mistake in it, the columns of the CSV form, and the list in the example briefing.
"""

import pytest

from cptrends.claims import calculations, checking, mistakes, register, shown
from cptrends.claims.operations import KEYS, OPERATIONS, declared, keys
from cptrends.claims.operations.figures import Answer

#: A calculation for each operation that no registered claim uses.
OWN = [
    {
        "operation": "share_change",
        "numerator": "repeat_plans",
        "denominator": "plans_started",
        "from": 2011,
        "to": 2015,
    },
    {"operation": "rank", "measure": "plans_31_march", "area": "Hackney", "year": 2015},
    {"operation": "grade_count", "grades": ["Good"], "date": "2017-06-23", "frameworks": ["SIF"]},
]
STATED = {"number": 5, "yes or no": True, "direction": "up"}


def in_use():
    """Every calculation of the register, and the tests' own."""
    for entry in register.registered():
        readings = [entry, *entry.get("alternative", [])]
        yield from (reading["calculation"] for reading in readings if "calculation" in reading)
    yield from OWN


def examples(operation):
    return [calculation for calculation in in_use() if calculation["operation"] == operation]


def claim(calculation, stated=None):
    """A claim with this calculation, which states an answer of its operation."""
    stated = STATED[OPERATIONS[calculation["operation"]].answer] if stated is None else stated
    return {"id": "a", "claim": "C.", "unit": "u", "stated": stated, "calculation": calculation}


def problems(calculation, stated=None):
    """What a claim with this calculation is told."""
    return mistakes.in_claims([claim(calculation, stated)])


each = pytest.mark.parametrize("name", OPERATIONS)


# --- Declarations are whole ---


@each
def test_a_declaration_is_complete(name):
    operation = OPERATIONS[name]
    assert operation.name == name and operation.compute.__doc__, "its name and what it answers are the function's"
    assert operation.needs
    assert not operation.needs.keys() & operation.may.keys()
    assert operation.answer in STATED
    assert set(operation.looks_up) <= operation.needs.keys()
    assert all(operation.needs[key] is keys.YEAR for key in operation.looks_up)


@each
def test_further_keys_are_among_those_it_may_have(name):
    operation = OPERATIONS[name]
    for calculation in [{}, *examples(name)]:
        assert set(operation.needed(calculation)) <= operation.keys.keys()


def test_a_key_is_a_list_in_every_operation_or_in_none():
    """A column of the CSV form is read by its name alone."""
    for operation in OPERATIONS.values():
        assert [key for key, kind in operation.keys.items() if kind.many != KEYS[key].many] == []


@each
def test_there_is_an_example_and_it_is_accepted(name):
    assert examples(name), f"no claim uses {name}: add a calculation to OWN"
    assert [said for calculation in examples(name) for said in problems(calculation)] == []


@each
def test_an_answer_is_of_the_kind_declared(name):
    readings = [checking.check_one(claim(calculation))["readings"][0] for calculation in examples(name)]
    answered = [reading["computed"] for reading in readings if reading["computed"] is not None]
    assert answered, "no example can be computed"
    allowed = declared.ANSWERS.get(OPERATIONS[name].answer)
    assert all(answer in allowed if allowed else keys.is_number(answer) for answer in answered)


# --- Mistakes follow from them ---


@each
def test_a_key_that_is_needed_is_missed_by_name(name):
    for calculation in examples(name):
        for key in OPERATIONS[name].needs:
            without = {other: value for other, value in calculation.items() if other != key}
            assert f"a: calculation: {key!r} is missing" in problems(without)


@each
def test_a_key_that_does_not_belong_is_named(name):
    assert problems({**examples(name)[0], "colour": "red"}) == [f"a: calculation: 'colour' does not belong to {name}"]


@each
@pytest.mark.parametrize("wrong", [{"a": 1}, [1], [], None], ids=str)
def test_the_wrong_kind_of_thing_has_one_sentence(name, wrong):
    calculation = examples(name)[0]
    for key, kind in OPERATIONS[name].keys.items():
        if key == "operation":
            continue
        (said,) = problems({**calculation, key: wrong})
        assert "is not a date" in said if kind is keys.DATE else said.startswith(f"a: calculation: {key} must be"), said


@each
def test_a_word_that_names_nothing_has_one_sentence(name):
    calculation = examples(name)[0]
    for key, kind in OPERATIONS[name].keys.items():
        if kind.words or kind.names in (keys.MEASURE.names, keys.AREA.names, keys.INDICATOR.names):
            (said,) = problems({**calculation, key: ["Nonesuch"] if kind.many else "Nonesuch"})
            assert "'Nonesuch'" in said


@each
def test_a_span_runs_forwards(name):
    if "from" in OPERATIONS[name].needs:
        (said,) = problems({**examples(name)[0], "from": 2016, "to": 2016})
        assert said == "a: calculation: from must be a year before to"


@each
def test_what_a_claim_states_is_an_answer_of_its_operation(name):
    expected = "must be a number" if OPERATIONS[name].answer == "number" else "must be one of"
    (said,) = problems(examples(name)[0], stated="sideways")
    assert f"stated {expected}" in said and said.endswith(f"for {name}")


@pytest.mark.parametrize(
    ("calculation", "missing"),
    [
        ({"operation": "decile_ratio", "unit": "neighbourhood"}, ["study", "measure"]),
        ({"operation": "decile_ratio", "unit": "authority", "year": 2015, "index": "imd", "index_year": 2015},
         ["numerator", "denominator"]),
        ({"operation": "association", "date": "2017-06-23", "against": "region"}, []),
        ({"operation": "association", "date": "2017-06-23", "against": "imd_score"}, ["year"]),
        ({"operation": "association", "date": "2017-06-23", "against": "per_head"},
         ["numerator", "denominator", "year"]),
    ],
)  # fmt: skip
def test_one_key_may_ask_for_others(calculation, missing):
    assert problems(calculation) == [f"a: calculation: {key!r} is missing" for key in missing]


def test_names_for_a_relationship_are_as_many_as_it_has_sides():
    of = {"operation": "association", "date": "2017-06-23", "against": "imd_score", "year": 2015}
    assert problems({**of, "called": ["deprivation"]}) == []
    assert problems({**of, "called": ["a", "b"]}) == ["a: calculation: called must have 1 name for association"]


def test_a_percentage_is_not_divided_again():
    parts = {"numerator": "repeat_plan_percent", "denominator": "plans_started"}
    for calculation in (
        {"operation": "share", **parts, "year": 2015},
        {"operation": "share_change", **parts, "from": 2011, "to": 2015},
    ):
        assert problems(calculation) == ["a: calculation: repeat_plan_percent is a percentage already; use level"]


# --- A new one ---


def test_a_new_operation_is_one_function(monkeypatch):
    """Declared and nothing else: it is computed, its mistakes have their sentences, the example lists it."""

    @declared.operation(needs={"measure": keys.MEASURE, "year": keys.YEAR}, may={"times": keys.whole_number(2, 4)})
    def multiplied(calculation, figures):
        """A figure so many times."""
        value, _ = figures.fetch(calculation["measure"], "England", calculation["year"])
        return Answer(value * calculation.get("times", 2), note="For the test.")

    assert multiplied.name == "multiplied"
    monkeypatch.setitem(OPERATIONS, multiplied.name, multiplied)

    calculation = {"operation": "multiplied", "measure": "referrals", "year": 2015}
    assert problems(calculation) == []
    assert problems({**calculation, "times": 9}) == ["a: calculation: times must be 2, 3 or 4"]
    found = calculations.evaluate({**calculation, "times": 3})
    assert (found["value"], found["note"], found["period"]) == (3 * 635_600, "For the test.", "2014/15")
    assert [figure["release"] for figure in found["inputs"]] == ["cin-2015"]
    assert "#   multiplied: measure, year" in shown.example().splitlines()
