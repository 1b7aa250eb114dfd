"""How far from the true figure a published one can lie: what each publisher rounded to, and since when."""

import pytest

from cptrends.data import areas, rounding
from cptrends.data.figures import releases
from cptrends.errors import BadInput
from cptrends.files import toml

ENGLAND, HACKNEY = areas.ENGLAND, areas.find("Hackney")


def half(value, *, measure="referrals", area=ENGLAND, status="rounded", release="cin-2025"):
    return rounding.half_unit(measure, area, value, status, release)


@pytest.mark.parametrize(
    ("release", "within"),
    [("cin-2015", 50), ("cin-2016", 5), ("cin-2018", 5), ("lait-2025-05", 5), ("hansard-2008-11-26", 50)],
)
def test_england_was_rounded_to_a_hundred_and_is_to_ten(release, within):
    assert half(635_600.0, release=release) == within


def test_a_count_that_does_not_end_in_two_zeros_was_rounded_to_ten():
    assert half(635_620.0, release="cin-2015") == 5


@pytest.mark.parametrize(
    ("release", "within"), [("cin-2011", 0.5), ("cin-2012", 0.05), ("lait-2026-04", 0.05), ("seced-2015", 0.5)]
)
def test_a_whole_percentage_is_whole_by_rounding_or_by_chance(release, within):
    assert half(24.0, measure="rereferral_percent", status="reported", release=release) == within


def test_a_percentage_with_a_decimal_was_rounded_to_it_by_everyone():
    assert {half(24.5, measure="rereferral_percent", release=name) for name in ("cin-2011", "cin-2025")} == {0.05}


def test_what_is_exact_is_not_rounded():
    assert half(3653.0, area=HACKNEY, status="reported") == half(float("nan")) == 0


def test_an_unverified_figure_for_england_is_taken_for_a_rounded_one():
    assert half(540_000.0, status="unverified", release="unsourced") == 50
    assert half(3600.0, area=HACKNEY, status="unverified", release="unsourced") == 0


def test_every_entry_is_of_a_publication_or_release_held():
    held = releases()
    assert set(toml("cptrends.data", "rounding.toml")) <= {"otherwise", *held["publication"], *held["release"]}


def test_a_release_that_is_none_is_refused():
    with pytest.raises(BadInput, match="no release is called 'cin-1815'"):
        half(100.0, release="cin-1815")
