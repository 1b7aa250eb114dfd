"""Chapter: what is withheld so that a count withheld by the publisher cannot be worked out.

The five bands of how long plans lasted make up all plans. Where one band is suppressed and the rest are printed, taking
them from the whole gives it away, so another band goes with it.
"""

import numpy as np
import pytest

from cptrends.indicators import DURATION_BANDS
from cptrends.reports import profile

YEAR, CODE = 2025, "E09000012"
WHOLES = ("plans_31_march", "plans_ended")


@pytest.fixture
def hidden(monkeypatch):
    """A function: counts of an authority -> those a page leaves out."""

    def find(counts):
        monkeypatch.setattr(profile, "_counts", lambda: {CODE: counts})
        return set(profile.withheld_here(CODE))

    return find


def counts(whole, values, suppressed):
    """The five bands of a whole, some of them suppressed by their place."""
    found = {(whole, YEAR): (float(sum(values)), "reported")}
    for place, (band, value) in enumerate(zip(DURATION_BANDS, values, strict=True)):
        gone = place in suppressed
        found[f"{whole}_{band}", YEAR] = (np.nan, "suppressed") if gone else (float(value), "reported")
    return found


def band(whole, place):
    return {(f"{whole}_{DURATION_BANDS[place]}", YEAR)}


@pytest.mark.parametrize("whole", WHOLES)
@pytest.mark.parametrize(
    "values, suppressed, goes",
    [
        ((7, 40, 30, 90, 5), 4, 2),  # the first is smaller, but the middle ones go
        ((60, 40, 30, 20, 5), 4, 3),
        ((60, 20, 30, 40, 5), 4, 1),
        ((5, 40, 30, 90, 7), 0, 2),  # the last is smaller
        ((60, 40, 5, 90, 7), 2, 1),  # a middle one is suppressed: one of the two others goes
        ((60, 0, 30, 90, 5), 4, 2),  # one that is zero goes last: nothing is lost by printing it
        ((60, 5, 0, 0, 70), 1, 2),
    ],
)
def test_the_smallest_of_the_middle_three_goes_with_it(hidden, whole, values, suppressed, goes):
    assert hidden(counts(whole, values, {suppressed})) == band(whole, goes)


@pytest.mark.parametrize("whole", WHOLES)
@pytest.mark.parametrize("suppressed", [set(), {0, 1}, {1, 4}, {0, 2, 4}, {0, 1, 2, 3, 4}])
def test_where_none_or_several_are_suppressed_nothing_more_goes(hidden, whole, suppressed):
    assert hidden(counts(whole, (7, 40, 30, 90, 5), suppressed)) == set()


def test_where_the_whole_is_suppressed_a_band_goes(hidden):
    found = counts("plans_ended", (7, 40, 30, 90, 5), set())
    found["plans_ended", YEAR] = np.nan, "suppressed"
    assert hidden(found) == band("plans_ended", 2)


def test_where_the_whole_or_a_band_is_not_held_there_is_nothing_to_work_out(hidden):
    for missing in (("plans_ended", YEAR), *band("plans_ended", 1)):
        found = counts("plans_ended", (7, 40, 30, 90, 5), {4})
        del found[missing]
        assert hidden(found) == set()


@pytest.mark.parametrize("suppressed, goes", [("plans_started", "plans_ended"), ("plans_ended", "plans_started")])
def test_where_started_or_ended_alone_is_suppressed_the_other_goes(hidden, suppressed, goes):
    found = {
        ("plans_31_march", YEAR - 1): (60.0, "reported"),
        ("plans_31_march", YEAR): (58.0, "reported"),
        ("plans_started", YEAR): (4.0, "reported"),
        ("plans_ended", YEAR): (6.0, "reported"),
    }
    assert hidden(found) == set()
    found[suppressed, YEAR] = np.nan, "suppressed"
    assert hidden(found) == {(goes, YEAR)}
