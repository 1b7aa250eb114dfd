"""The register of indicators and the table made from two measures."""

import numpy as np
import pandas as pd
import pytest

from cptrends import indicators
from cptrends.errors import BadInput
from cptrends.indicators import table

KINDS = '[kinds.percent]\nper = 100\ninterval = "wilson"\nunit = "percent"\n'


def _part(rows, years=(2014, 2015)):
    return pd.DataFrame(
        [
            {"area_code": code, "area_name": name, "year": year, "value": value, "status": status}
            for code, name, *figures in rows
            for year, (value, status) in zip(years, figures)
        ]
    )


TOP = _part(
    [
        ("E92000001", "England", (10.0, "rounded"), (20.0, "rounded")),
        ("E09000012", "Hackney", (np.nan, "suppressed"), (30.0, "reported")),
    ]
)
BOTTOM = _part(
    [
        ("E92000001", "England", (100.0, "rounded"), (100.0, "rounded")),
        ("E09000012", "Hackney", (200.0, "reported"), (0.0, "reported")),
        ("E06000001", "Hartlepool", (50.0, "reported"), (50.0, "reported")),
    ]
)


def test_four_lines_declare_an_indicator():
    text = KINDS + '[indicators.new]\nlabel = "New"\nnumerator = "a"\ndenominator = "b"\nof = "percent"\n'
    assert table.read_register(text) == {
        "new": {
            "label": "New",
            "numerator": "a",
            "denominator": "b",
            "per": 100,
            "interval": "wilson",
            "unit": "percent",
            "definition": "New.",
        }
    }


@pytest.mark.parametrize(
    "text, words",
    [
        ('[indicators.x]\nlabel = "X"\nnumerator = "a"\nof = "percent"\n', "lacks 'denominator'"),
        (
            '[indicators.x]\nlabel = "X"\nnumerator = "a"\ndenominator = "b"\nof = "percent"\npolarity = "up"\n',
            "unknown field 'polarity'",
        ),
        ('[indicators.x]\nlabel = "X"\nnumerator = "a"\ndenominator = "b"\nof = "share"\n', "the kinds are percent"),
        ('[kinds.y]\nper = 1\ninterval = "exact"\nunit = "x"\n', "byar, wilson, none"),
        ("[indicators", "not valid TOML"),
    ],
)
def test_a_register_with_a_mistake_is_refused_with_its_place(text, words):
    with pytest.raises(BadInput, match=words):
        table.read_register(KINDS + text)


def test_every_declared_indicator_names_measures_of_the_dictionary():
    from cptrends.data import measures

    for name, entry in indicators.register().items():
        for part in ("numerator", "denominator"):
            assert measures.measure(entry[part]), (name, part)


def test_the_names_the_design_promises_are_there():
    promised = (
        "referral_rate rereferral_share section_47_rate conference_rate plan_start_rate plan_rate repeat_plan_share "
        "plans_ended_2_years_share plans_31_march_2_years_share section_47_per_referral conference_per_section_47 "
        "plan_per_conference domestic_abuse_share mental_health_share spend_per_episode spend_per_child"
    ).split()
    assert set(promised) <= set(indicators.register())


def test_the_order_asked_for_is_kept_and_rows_that_cannot_be_computed_say_why():
    result = table.combine(TOP, BOTTOM, {"per": 100, "interval": "wilson"})
    assert result.columns.tolist() == table.COLUMNS
    assert result["area_name"].tolist() == ["England"] * 2 + ["Hackney"] * 2 + ["Hartlepool"] * 2
    assert result["value"].tolist()[:2] == [10, 20] and result["value"].iloc[2:].isna().all()
    assert result["status"].tolist() == ["rounded"] * 2 + ["suppressed", "not_applicable"] + ["unavailable"] * 2
    assert (result["note"].iloc[2:] != "").all() and (result["note"].iloc[:2] == "").all()


def test_only_years_that_both_parts_have():
    earlier = TOP.assign(year=TOP["year"] - 1)
    assert table.combine(earlier, BOTTOM, {"per": 100, "interval": "byar"})["year"].unique().tolist() == [2014]


def test_money_has_no_limits():
    result = table.combine(TOP, BOTTOM, {"per": 1, "interval": "none"})
    assert result["lower"].isna().all() and result["value"].iloc[0] == 0.1


def test_an_unknown_name_gets_the_nearest_ones():
    with pytest.raises(BadInput, match="did you mean plan_rate"):
        indicators.indicator("plan_rat")
    with pytest.raises(BadInput, match="there are referral_rate"):
        indicators.declared("zzz")


def test_public_names_exist_and_have_examples():
    for name in indicators.__all__:
        thing = getattr(indicators, name)
        if callable(thing) and name != "combine":
            assert ">>>" in thing.__doc__, name
