"""Chapter: an area is judged by its own record, and the change that is judged is no part of it.

An authority that wobbles from year to year must move further before its change counts as real. Were the change itself
in that record, every large change would make its own excuse.
"""

import numpy as np
import pandas as pd
import pytest

from cptrends.trends import judge_changes

YEARS = list(range(2013, 2026))
AREAS = [f"A{n:02}" for n in range(60)]
JUMP = 2019


def figures(jump=1.0, lasts=True):
    """Sixty steady areas; the first jumps once, in 2019."""
    random = np.random.default_rng(11)
    expected = np.full((len(AREAS), len(YEARS)), 400.0)
    expected[0, YEARS.index(JUMP) :] *= jump
    if not lasts:
        expected[0, YEARS.index(JUMP) + 1 :] /= jump
    return pd.DataFrame(
        {
            "area_code": np.repeat(AREAS, len(YEARS)),
            "year": YEARS * len(AREAS),
            "numerator": random.poisson(np.full(expected.shape, 400.0)).ravel() * (expected / 400).ravel().round(6),
            "denominator": 100_000.0,
            "status": "reported",
        }
    ).assign(numerator=lambda frame: frame["numerator"].round())


def first_area(frame, **options):
    judged = judge_changes(frame, kind="rate", **options)
    return judged[judged["area_code"] == AREAS[0]].set_index(["earlier", "later"])


def test_its_own_jump_makes_an_area_no_less_steady_for_judging_that_jump():
    before = first_area(figures())["unsteadiness"]
    after = first_area(figures(jump=2.0))["unsteadiness"]
    assert after[JUMP - 1, JUMP] == pytest.approx(before[JUMP - 1, JUMP], rel=0.1)


def test_a_lasting_jump_long_ago_makes_an_area_hardly_less_steady():
    before, after = (first_area(figures(jump=jump), pairs="five_years")["unsteadiness"] for jump in (1.0, 2.0))
    assert (after / before < 1.5).all()


def test_a_larger_jump_is_never_less_surely_real():
    chances = [first_area(figures(jump=jump)).loc[(JUMP - 1, JUMP), "chance"] for jump in (1.3, 1.6, 2.0, 3.0)]
    assert chances == sorted(chances, reverse=True) and chances[-1] < 1e-6


def test_the_jump_is_real_and_the_years_around_it_are_not():
    judged = first_area(figures(jump=2.0))
    assert judged.index[judged["verdict"] == "Probably real"].tolist() == [(JUMP - 1, JUMP)]


def test_over_several_years_the_whole_record_counts():
    frame = figures(jump=2.0)
    over_two = first_area(frame, pairs=[(JUMP - 1, JUMP + 1)])["unsteadiness"].iloc[0]
    elsewhere = first_area(frame)["unsteadiness"][2013, 2014]
    assert over_two == pytest.approx(elsewhere, rel=0.2)
