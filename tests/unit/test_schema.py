"""What an observation must be: one test for each rule."""

import math

import pandas as pd
import pytest

from cptrends.data import schema
from cptrends.errors import BadInput

RELEASES = {"cin-2015"}
GOOD = {
    "measure": "referrals",
    "area_code": "E92000001",
    "year": 2015,
    "value": 635600.0,
    "status": "rounded",
    "release": "cin-2015",
}


def check(**changes):
    schema.check(pd.DataFrame([{**GOOD, **changes}], columns=schema.COLUMNS), RELEASES)


def test_a_good_observation_passes():
    check()
    check(value=math.nan, status="suppressed")
    check(value=0.0, status="reported")
    check(measure="initial_contacts_change_since_2008_percent", value=124.0)
    check(measure="social_work_spend", value=-5.0)  # net of income an authority may come out below nought


@pytest.mark.parametrize(
    "changes, why",
    [
        ({"measure": "referals"}, "the measure is not in"),
        ({"area_code": "E99999999"}, "the area is not in"),
        ({"year": 1899}, "the year cannot be right"),
        ({"year": 20145}, "the year cannot be right"),
        ({"status": "secret"}, "the status is not one of reported, derived"),
        ({"release": "cin-1815"}, "the release is not in publications.toml"),
        ({"status": "suppressed"}, "the value 635600.0 has status suppressed"),
        ({"value": 0.0, "status": "suppressed"}, "the value 0.0 has status suppressed"),
        ({"value": math.nan}, "the value nan has status rounded"),
        ({"value": -1.0}, "a count below zero cannot be right"),
        ({"measure": "rereferral_percent", "value": 100.1}, "a share must be between 0 and 100"),
        ({"measure": "rereferral_percent", "value": -0.1}, "a share must be between 0 and 100"),
    ],
)
def test_each_rule_stops_what_breaks_it(changes, why):
    with pytest.raises(BadInput, match=why):
        check(**changes)


def test_a_figure_may_be_there_once():
    with pytest.raises(BadInput, match="referrals, England, 2015, cin-2015: the figure is there twice"):
        schema.check(pd.DataFrame([GOOD, {**GOOD, "value": 1.0}]), RELEASES)
    schema.check(pd.DataFrame([GOOD, {**GOOD, "year": 2016}]), RELEASES)


def test_the_sentence_names_the_first_row_that_is_wrong():
    rows = pd.DataFrame([GOOD, {**GOOD, "area_code": "E09000012", "value": -3.0}])
    with pytest.raises(BadInput, match=r"^referrals, Hackney, 2015, cin-2015: "):
        schema.check(rows, RELEASES)
