"""# A year of which the publisher gives a rate or a share and not the counts, and a zero over a withheld number

DfE's release of October 2025 has no table of plans ended, and LAIT of April 2026 has their rate, and how many and what
share had lasted two years. A page that stopped a year earlier said "withheld" of figures that DfE prints.
"""

import numpy as np
import pandas as pd
import pytest

from cptrends import data, indicators
from cptrends.data import areas
from cptrends.indicators import inputs, proportions, published, rates
from cptrends.reports.authority.subject import subject_of
from cptrends.reports.authority.table import figures


def row(name, area, year, release="latest"):
    return indicators.indicator(name, area, start=year, end=year, release=release).iloc[0]


def cells(area, name):
    found = figures(subject_of(areas.find(area)))
    return next(cells for reading, cells in zip(found.readings, found.table.rows, strict=True) if reading.name == name)


# ## The newest source of a year


@pytest.mark.parametrize(
    "area, rate, number, share",
    [
        ("Hackney", 48.3, 7, 2.7),
        ("Milton Keynes", 44.8, 7, 2.1),
        ("Kent", 37.6, 65, 4.9),
        ("England", 51.1, 2710, 4.4),
    ],
)
def test_plans_ended_in_2024_25_are_as_lait_prints_them(area, rate, number, share):
    ended, lasted = row("plan_end_rate", area, 2025), row("plans_ended_2_years_share", area, 2025)
    assert (ended.value, ended.status, ended.releases) == (rate, "reported", "lait-2026-04")
    assert (lasted.value, lasted.numerator, lasted.releases) == (share, number, "lait-2026-04")


def test_the_authorities_that_lait_has_are_all_there():
    in_2025 = {"area": "authorities", "start": 2025, "end": 2025}
    assert indicators.indicator("plan_end_rate", **in_2025).value.notna().sum() == 151
    assert indicators.indicator("plans_ended_2_years_share", **in_2025).value.notna().sum() == 133


def test_no_count_is_made_up():
    """No measure has plans ended of an authority in 2024/25, and no row of the indicators has a number for them."""
    ended = indicators.indicator("plan_end_rate", start=2025, end=2025)
    lasted = indicators.indicator("plans_ended_2_years_share", start=2025, end=2025)
    assert ended.numerator.isna().all() and lasted.denominator.isna().all()
    held = data.load("plans_ended", start=2025)
    assert held.area_name.tolist() == ["England"]


def test_what_the_publisher_withholds_stays_withheld():
    """LAIT has a count or a share of neither for twenty authorities; Hampshire's missing return is not filled."""
    lasted = indicators.indicator("plans_ended_2_years_share", "authorities", start=2025, end=2025)
    gone = lasted[lasted.value.isna()]
    assert len(gone) == 20 and set(gone.status) == {"suppressed"}
    assert row("plan_end_rate", "City of London", 2025).status == "suppressed"
    assert row("plan_end_rate", "Hampshire", 2024).status == "unavailable"


def test_counts_go_before_the_publishers_own_figure():
    for area in ("England", "Hackney", "Kent"):
        of_2024 = row("plan_end_rate", area, 2024)
        assert of_2024.value == pytest.approx(1e4 * of_2024.numerator / of_2024.denominator) and of_2024.note == ""


def test_limits_allow_for_the_rounding_of_the_figure():
    """Kent's rate of 37.6 is of between 37.55 and 37.65: its limits are those of the fewer and of the more plans."""
    kent = row("plan_end_rate", "Kent", 2025)
    fewest, most = (rates.rate(rate * kent.denominator / 1e4, kent.denominator).iloc[0] for rate in (37.55, 37.65))
    assert (kent.lower, kent.upper) == pytest.approx((fewest.lower, most.upper))
    hackney = row("plans_ended_2_years_share", "Hackney", 2025)
    ends = [proportions.share(7, 7 / (share / 100)).iloc[0] for share in (2.65, 2.75)]
    assert (hackney.lower, hackney.upper) == pytest.approx((ends[0].lower, ends[1].upper))
    assert hackney.lower < proportions.share(7, 7 / 0.027).iloc[0].lower


def test_the_count_that_a_figure_implies_is_that_of_the_years_that_have_both():
    """Judging takes it. In 2023/24, where DfE gave the counts too, it is within what rounding allows."""
    own = data.load("plans_ended_per_10000", area="authorities", start=2024, end=2024).set_index("area_code").value
    known = indicators.indicator("plan_end_rate", "authorities", start=2024, end=2024).set_index("area_code")
    entry = indicators.declared("plan_end_rate")
    implied = published.with_implied_counts(known.assign(value=own, numerator=np.nan), entry).numerator
    apart = ((implied - known.numerator).abs() / (known.denominator * 0.05 / 1e4)).dropna()
    assert len(apart) == 151 and (apart <= 1.02).mean() > 0.9


# ## A zero that the publisher prints


@pytest.mark.parametrize(
    "area, name, year",
    [
        ("City of London", "repeat_plan_share", 2025),
        ("City of London", "plans_ended_2_years_share", 2024),
        ("City of London", "plans_31_march_2_years_share", 2025),
        ("City of London", "plans_ended_3_months_share", 2024),
        ("Isles of Scilly", "repeat_plan_share", 2025),
        ("Isles of Scilly", "plans_31_march_2_years_share", 2025),
    ],
)
def test_none_of_a_number_that_is_withheld_is_none(area, name, year):
    found = row(name, area, year)
    assert (found.value, found.numerator, found.status) == (0, 0, "derived") and np.isnan(found.denominator)
    assert np.isnan([found.lower, found.upper]).all()  # how sure it is depends on the number that nobody may know
    printed = cells(area, name)
    assert printed[1] == "0" and printed[2] == "0.0%" and printed[-1] == "not ranked"


@pytest.mark.parametrize(
    "name, own",
    [
        ("repeat_plan_share", "repeat_plan_percent"),
        ("plans_ended_2_years_share", "plans_ended_2_years_or_more_percent"),
        ("plans_31_march_2_years_share", "plans_31_march_2_years_or_more_percent"),
        ("rereferral_share", "rereferral_percent"),
    ],
)
def test_the_publisher_prints_the_same_zero(name, own):
    """Every share that is zero over a withheld number is printed as zero by the publisher, wherever it prints one."""
    found = indicators.indicator(name)
    found = found[found.note == inputs.NONE_OF_WITHHELD]
    theirs = found.merge(data.load(own), on=["area_code", "year"], suffixes=("", "_own"))
    assert len(found) and len(theirs) == len(found) and (theirs.value_own == 0).all()


def test_a_missing_number_is_no_withheld_one():
    """Of a number that is not available nothing can be said: it may be zero."""
    one = pd.DataFrame({"part": [0.0, 0.0, 2.0], "whole": [np.nan, np.nan, np.nan]})
    found = proportions.share(one.part, one.whole, status=["suppressed", "unavailable", "suppressed"])
    assert found.value.fillna(-1).tolist() == [0, -1, -1]
    found = rates.rate(one.part, one.whole, per=100, status=["suppressed", "unavailable", "suppressed"])
    assert found.value.fillna(-1).tolist() == [0, -1, -1]
