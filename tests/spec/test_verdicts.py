"""Verdicts: when a stated figure counts as right, and how far from right it may be.

A claim is judged by what it prints. 124% is right for anything that prints as 124; 10.8% says more, and so
must hold to a tenth. The words around a figure count too: "over 20", "almost 400", "about 20,000".
"""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cptrends import data
from cptrends.claims import checking, revised, times, verdicts
from cptrends.claims.verdicts import QUALIFIERS, VERDICTS, judge

STRENGTH = {verdict: -place for place, verdict in enumerate(VERDICTS)}

precisions = st.sampled_from([0.1, 0.5, 1, 10, 100, 1000])
units = st.integers(-2000, 2000)
offsets = st.floats(-5, 5, allow_nan=False)


# --- Confirmed: prints to the stated figure ---


@pytest.mark.parametrize("value", [123.5, 123.741, 124, 124.49, 124.5])
def test_a_value_that_rounds_to_the_stated_one_is_confirmed(value):
    assert judge(124, value) == "confirmed"


def test_the_printed_precision_decides_how_near_it_must_be():
    assert judge(10.8, 10.84, precision=0.1) == "confirmed"
    assert judge(10.8, 10.9, precision=0.1) == "close"
    assert judge(635600, 635620, precision=100) == "confirmed"
    assert judge(635600, 635620, precision=1) == "not_confirmed"


@given(units, precisions, st.floats(-0.499, 0.499))
def test_whatever_rounds_to_the_stated_figure_is_confirmed(number, precision, part):
    assert judge(number * precision, (number + part) * precision, precision=precision) == "confirmed"


@given(units, precisions, offsets, st.sampled_from([q for q in QUALIFIERS if q not in ("over", "under")]))
def test_no_word_but_over_and_under_lets_by_a_figure_two_units_away(number, precision, part, qualifier):
    assume(abs(part) > 2.01)
    assert (
        judge(number * precision, (number + part) * precision, precision=precision, qualifier=qualifier) != "confirmed"
    )


# --- The words around a figure ---


@pytest.mark.parametrize(
    ("qualifier", "confirmed", "refused"),
    [
        ("about", [19_000, 20_000, 21_000], [18_999, 21_001]),
        ("over", [20_000.1, 50_000], [20_000, 19_999]),
        ("under", [19_999.9, 0], [20_000, 20_001]),
        ("almost", [19_000, 19_999.9], [20_000, 18_999]),
        ("just under", [19_000, 19_999.9], [20_000, 18_999]),
        ("just over", [20_000.1, 21_000], [20_000, 21_001]),
    ],
)
def test_each_word_has_its_own_interval(qualifier, confirmed, refused):
    for value in confirmed:
        assert judge(20_000, value, precision=1000, qualifier=qualifier) == "confirmed", value
    for value in refused:
        assert judge(20_000, value, precision=1000, qualifier=qualifier) != "confirmed", value


def test_less_than_is_not_met_by_the_figure_itself():
    assert judge(3.7, 3.7, precision=0.1, qualifier="under") == "close"


@given(units, precisions, offsets)
def test_over_and_under_are_never_both_confirmed(number, precision, part):
    stated, value = number * precision, (number + part) * precision
    both = [judge(stated, value, precision=precision, qualifier=qualifier) for qualifier in ("over", "under")]
    assert both.count("confirmed") <= 1


# --- Confirmed by rounding: what the publisher rounded, or digits cut off ---


def test_what_the_publisher_rounded_may_make_the_difference():
    assert judge(62210, 62200, precision=10, low=62150, high=62250) == "confirmed_by_rounding"
    assert judge(62210, 62200, precision=10) == "close"


def test_digits_cut_off_instead_of_rounded_where_the_statement_does_so():
    assert judge(32, 32.55) == "close"
    assert judge(32, 32.55, cut=True) == judge(-32, -32.55, cut=True) == "confirmed_by_rounding"
    assert judge(32, 31.45, cut=True) == "close", "31.45 cuts off to 31"


def test_cutting_off_is_only_forgiven_where_no_word_says_more():
    assert judge(3.7, 3.725, precision=0.1, qualifier="under", cut=True) == "close"
    assert judge(32, 32.55, qualifier="just under", cut=True) == "close"


def _shares(*stated, statement="shares"):
    """Parts of one statement on 23 June 2017, when 21.97% were inadequate and 46.97% required improvement."""
    grades = ("Inadequate", "Requires improvement")
    share = {"operation": "grade_share", "date": "2017-06-23", "frameworks": ["SIF"]}
    common = {"claim": "A share.", "unit": "percent", "statement": statement}
    claims = [
        {**common, "id": grade, "stated": figure, "calculation": {**share, "grades": [grade]}}
        for grade, figure in zip(grades, stated, strict=True)
    ]
    return [result["verdict"] for result in checking.check(claims)]


def test_cutting_off_is_a_reading_only_where_the_other_figures_of_the_statement_are_cut_off_too():
    assert _shares(21, 46) == ["confirmed_by_rounding", "confirmed_by_rounding"]
    assert _shares(22, 46) == ["confirmed", "close"], "22 is rounded up, so 46 is not cut off"
    assert _shares(21, 46, statement="") == ["close", "close"], "figures of two statements say nothing of each other"


def test_a_figure_that_either_way_gives_speaks_neither_for_cutting_nor_against():
    assert not verdicts.cut_off([(48, 48.16, 1), (32, 32.55, 1)])
    assert verdicts.cut_off([(48, 48.16, 1), (32, 32.55, 1), (21, 21.97, 1)])


@given(units, precisions, offsets, st.sampled_from(QUALIFIERS), st.floats(0, 3), st.floats(0, 3))
def test_more_rounding_never_weakens_a_verdict(number, precision, part, qualifier, narrow, more):
    stated, value = number * precision, (number + part) * precision
    strengths = [
        STRENGTH[judge(stated, value, precision=precision, qualifier=qualifier, low=value - half, high=value + half)]
        for half in (narrow * precision, (narrow + more) * precision)
    ]
    assert strengths[1] >= strengths[0]


@given(units, precisions, offsets, st.sampled_from(QUALIFIERS))
def test_a_verdict_does_not_depend_on_the_unit(number, precision, part, qualifier):
    assume(abs(abs(part) % 0.5 - 0.25) < 0.24)  # away from the edges, where the last bit of a float decides
    in_units = judge(number, number + part, precision=1, qualifier=qualifier)
    assert judge(number * precision, (number + part) * precision, precision=precision, qualifier=qualifier) == in_units


# --- Close, and not confirmed ---


def test_close_is_within_one_unit_of_the_last_printed_digit():
    assert judge(22, 22.9, qualifier="under") == "close"
    assert judge(47, 46.0) == "close"
    assert judge(47, 45.99) == "not_confirmed"


def test_directions_and_answers_either_agree_or_do_not():
    assert judge("down", "down") == "confirmed"
    assert judge("none", "negative") == "not_confirmed"
    assert judge(True, True) == "confirmed"
    assert judge(True, False) == "not_confirmed"


@given(units, precisions, offsets, st.sampled_from(QUALIFIERS))
def test_one_of_four_verdicts_and_the_same_every_time(number, precision, part, qualifier):
    stated, value = number * precision, (number + part) * precision
    verdict = judge(stated, value, precision=precision, qualifier=qualifier)
    assert verdict in ("confirmed", "confirmed_by_rounding", "close", "not_confirmed")
    assert verdict == judge(stated, value, precision=precision, qualifier=qualifier)
    assert math.isfinite(value)


# --- A claim's verdict, from all its readings ---


def _claim(calculation=None, alternatives=(), **other):
    claim = {"id": "draft", "claim": "A figure.", "stated": 26400, "unit": "children", "precision": 100, **other}
    if calculation:
        claim["calculation"] = calculation
    claim["alternative"] = [{"reading": f"Reading {n}.", **given} for n, given in enumerate(alternatives, start=1)]
    return checking.check_one(claim)


def _plans(year, **other):
    return {"calculation": {"operation": "level", "measure": "plans_31_march", "year": year}, **other}


def test_as_worded_comes_first():
    found = _claim(_plans(2006)["calculation"], [_plans(2006)])
    assert (found["verdict"], found["reading"]) == ("confirmed", "As worded")


def test_another_reading_confirms_differently_and_is_named():
    started = {"calculation": {"operation": "level", "measure": "plans_started", "year": 2015}}
    found = _claim(_plans(2015)["calculation"], [_plans(2014), started], stated=62200)
    assert (found["verdict"], found["reading"], found["computed"]) == ("confirmed_differently", "Reading 2.", 62200)
    assert (found["as_worded"], found["other_reading"]) == (49700, 62200)


def test_a_reading_at_another_time_is_shown_and_never_makes_the_verdict():
    """However well it fits, and also where it is the only time at which the figure holds."""
    found = _claim(_plans(2015)["calculation"], [_plans(2006)])
    assert (found["verdict"], found["computed"], found["other_reading"]) == ("not_confirmed", 49700, None)
    assert (found["readings"][1]["verdict"], found["readings"][1]["shown_only"]) == ("confirmed", True)


@pytest.mark.parametrize(
    ("worded", "other"),
    [
        ({"from": 2008, "to": 2015}, {"from": 2006, "to": 2011}),
        ({"from": 2008, "to": 2015}, {"from": 2008, "to": 2016}),
        ({"date": "2016-11-03"}, {"date": "2016-07-31"}),
        ({"as_at": "2008 results"}, {"as_at": "2007 results"}),
        ({"date": "2016-11-03"}, {"as_at": "2016-09-30"}),
        ({"date": "2016-11-03", "year": 2015}, {"date": "2016-11-03", "year": 2014}),
    ],
)
def test_since_2008_is_2008_and_a_day_is_that_day(worded, other):
    assert times.another(worded, other) and times.another(other, worded)
    assert not times.another(worded, {**worded, "measure": "another"})


def test_the_parts_of_a_statement_rest_on_one_time():
    days, years = (
        [{"date": "2016-11-03"}, {"date": "2016-07-31"}],
        [{"from": 2008, "to": 2015}, {"from": 2008, "to": 2016}],
    )
    for parts in (days, years, [{"year": 2015}, {"year": 2016}], [{"year": 2014}, {"from": 2006, "to": 2016}]):
        assert times.at_odds(parts), parts
    for parts in (days[:1] * 2, years[:1] * 2, [{"year": 2006}, {"year": 2016}, {"from": 2006, "to": 2016}], []):
        assert times.at_odds(parts) == "", parts


def test_a_reading_that_is_only_shown_never_makes_the_verdict():
    narrower = {"calculation": {"operation": "level", "measure": "plans_started", "year": 2015}, "shown_only": True}
    found = _claim(_plans(2015)["calculation"], [narrower], stated=62200)
    assert found["verdict"] == "not_confirmed"
    assert found["readings"][1]["verdict"] == "confirmed"
    alone = _claim(None, [_plans(2006, shown_only=True)], reason="No data.", would_need="Data.")
    assert (alone["verdict"], alone["computed"]) == ("cannot_be_checked", None)


def test_with_no_reading_at_all_it_cannot_be_checked_and_the_note_says_what_would_settle_it():
    found = _claim(reason="Only a survey has it.", would_need="The survey's answers.")
    assert found["verdict"] == "cannot_be_checked"
    assert "Only a survey has it." in found["note"] and "The survey's answers." in found["note"]


@pytest.mark.parametrize("stated", [25700, 25650, 25800, 26000, 1])
@pytest.mark.parametrize("qualifier", QUALIFIERS)
def test_a_figure_without_a_confirmed_source_confirms_nothing(stated, qualifier):
    """Children on a plan at 31 March 2002: the value is shown, the verdict withheld, on any reading."""
    found = _claim(_plans(2002)["calculation"], [_plans(2002)], stated=stated, qualifier=qualifier)
    assert found["verdict"] == "cannot_be_checked"
    assert found["today"]["verdict"] == "cannot_be_checked"
    assert found["computed"] == 25700
    assert "No confirmed source" in found["note"]


def test_nor_does_anything_computed_from_it():
    enquiries = {"operation": "percent_change", "measure": "section_47_enquiries", "from": 2006, "to": 2016}
    found = _claim(enquiries, stated=140, precision=1)
    assert found["computed"] == pytest.approx(139.958, abs=0.001)
    assert found["verdict"] == "cannot_be_checked"


def test_a_revision_that_turns_a_verdict_is_told_with_the_release():
    plans = {"operation": "level", "measure": "plans_started", "year": 2015}
    found = _claim(plans, stated=62210, precision=10)
    assert (found["verdict"], found["today"]["verdict"]) == ("confirmed_by_rounding", "confirmed")
    assert "On today's figures (revised by cin-2018) the verdict would be confirmed" in found["note"]


def test_the_release_named_is_the_one_that_revised_and_not_the_newest():
    figure = {"measure": "plans_started", "area": "England", "year": 2015}
    versions = data.revisions("plans_started", area="England", start=2015, end=2015).set_index("release")["value"]
    (named,) = revised.releases([figure])
    before = versions[: list(versions.index).index(named)]
    assert (before == 62200).all() and (versions[named:] == 62210).all() and named != versions.index[-1]
    assert revised.releases([{**figure, "measure": "children_referred"}]) == [], "never revised"


def test_every_verdict_has_its_words_and_its_own_mark():
    marks = [mark for mark, _ in verdicts.WORDS.values()]
    assert set(verdicts.WORDS) == set(VERDICTS)
    assert len(set(marks)) == len(marks)
