"""Chapter: the two parts of an indicator. Both come from the release asked for, and a part withheld stays withheld.

A rate "as first published" divides by the children known then. Divided by today's estimate of the same children it
would be a figure that nobody published.
"""

import numpy as np
import pandas as pd
import pytest

from cptrends import data, indicators

AREAS = "authorities"


def parts(release, measures=("plans_31_march", "population_0_17")):
    tables = [data.load(m, area=AREAS, release=release).set_index(["area_code", "year"]) for m in measures]
    return (table["value"] for table in tables)


class TestANamedRelease:
    def test_its_counts_are_divided_by_its_own_children(self):
        rates = indicators.indicator("plan_rate", area=AREAS, release="cin-2021").set_index(["area_code", "year"])
        plans, children = parts("cin-2021")
        wanted = (1e4 * plans / children).reindex(rates.index)
        pd.testing.assert_series_equal(rates["value"], wanted, check_names=False)
        assert set(rates["releases"]) == {"cin-2021"}
        # The children have been estimated anew since, so that another release would show.
        _, today = parts("latest")
        assert (today.reindex(rates.index) != rates["denominator"]).mean() > 0.9

    @pytest.mark.parametrize("release", ["as_published", "latest"])
    def test_the_other_two_choices_hold_for_both_parts_too(self, release):
        rates = indicators.indicator("plan_rate", area=AREAS, release=release).set_index(["area_code", "year"])
        plans, children = (part.reindex(rates.index) for part in parts(release))
        np.testing.assert_array_equal(rates["denominator"], children)
        np.testing.assert_array_equal(rates["numerator"], plans)


class TestAPartWithheld:
    def test_a_suppressed_count_is_missing_and_never_zero(self):
        area = pd.DataFrame({"area_code": "E09000001", "area_name": "City of London", "year": [2024, 2025]})
        top = area.assign(value=[np.nan, 4.0], status=["suppressed", "reported"])
        bottom = area.assign(value=900.0, status="reported")
        for kind in ("plan_rate", "repeat_plan_share", "section_47_per_referral"):
            withheld, known = indicators.combine(top, bottom, indicators.declared(kind)).itertuples()
            assert withheld.status == "suppressed" and withheld.note
            assert all(np.isnan(v) for v in (withheld.numerator, withheld.value, withheld.lower, withheld.upper))
            assert (known.numerator, known.denominator) == (4, 900)

    def test_no_suppressed_count_of_the_data_becomes_a_figure(self):
        counts = data.load("plans_31_march", area=AREAS).set_index(["area_code", "year"])
        hidden = counts.index[counts["status"] == "suppressed"]
        rows = indicators.indicator("plan_rate", area=AREAS).set_index(["area_code", "year"]).loc[hidden]
        assert len(rows) > 10
        assert rows[["numerator", "value", "lower", "upper"]].isna().all(axis=None)
        assert (rows["status"] == "suppressed").all() and (rows["note"] != "").all()
