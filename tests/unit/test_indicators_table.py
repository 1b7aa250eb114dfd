"""The register of indicators and the table made from two measures."""

import numpy as np
import pandas as pd
import pytest

from cptrends import indicators
from cptrends.errors import BadInput
from cptrends.indicators import table

KINDS = """
[kinds.percent]
per = 100
interval = "wilson"
unit = "percent"
shown = "percent"
judged_as = "share"
sheet = "Shares"
format = "0.0"
"""
PER_1000 = """
[kinds.per_1000_children]
per = 1000
interval = "byar"
unit = "per 1,000 children"
shown = "number"
judged_as = "rate"
sheet = "Rates per 1000"
format = "0.00"
"""


def _part(rows, years=(2014, 2015)):
    return pd.DataFrame(
        [
            {"area_code": code, "area_name": name, "year": year, "value": value, "status": status}
            for code, name, *figures in rows
            for year, (value, status) in zip(years, figures, strict=True)
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
            "shown": "percent",
            "judged_as": "share",
            "sheet": "Shares",
            "format": "0.0",
            "definition": "New.",
            "spoken": "new",
        }
    }


def test_every_share_says_what_it_is_as_the_subject_of_a_sentence():
    for name, entry in table.register().items():
        if ", share of " in entry["label"]:
            assert entry["spoken"].startswith("the share of "), name
        else:
            assert entry["spoken"].casefold() == entry["label"].casefold(), name


@pytest.mark.parametrize(
    "text, words",
    [
        ('[indicators.x]\nlabel = "X"\nnumerator = "a"\nof = "percent"\n', "lacks 'denominator'"),
        (
            '[indicators.x]\nlabel = "X"\nnumerator = "a"\ndenominator = "b"\nof = "percent"\npolarity = "up"\n',
            "unknown field 'polarity'",
        ),
        ('[indicators.x]\nlabel = "X"\nnumerator = "a"\ndenominator = "b"\nof = "share"\n', "the kinds are percent"),
        (PER_1000.replace('"byar"', '"exact"'), "per_1000_children.*interval 'exact'.*byar, wilson, none"),
        (PER_1000.replace('judged_as = "rate"\n', ""), "per_1000_children.*lacks 'judged_as', one of rate, share"),
        (PER_1000.replace('"rate"', '"per head"'), "per_1000_children.*judged_as 'per head'.*rate, share, count_ratio"),
        (
            PER_1000.replace('shown = "number"\n', ""),
            "per_1000_children.*lacks 'shown', one of number, percent, pounds",
        ),
        (PER_1000.replace('"number"', '"days"'), "per_1000_children.*shown 'days'; it must be one of number, percent"),
        (PER_1000.replace('"number"', '"percent"'), "per_1000_children.*shown as percent and has per 1000"),
        (PER_1000.replace('"byar"', '"none"'), "per_1000_children.*no interval and is judged as a rate"),
        (PER_1000.replace("per = 1000\n", "per = 0\n"), "per_1000_children.*per 0.*whole number"),
        (PER_1000.replace('sheet = "Rates per 1000"\n', ""), "per_1000_children.*lacks 'sheet'"),
        (
            PER_1000.replace("Rates per 1000", "Rates: per 1,000"),
            "per_1000_children.*sheet.*letters, figures and spaces",
        ),
        (PER_1000.replace("Rates per 1000", "shares"), "sheet '[Ss]hares' of another kind"),
        (PER_1000 + 'polarity = "up"\n', "per_1000_children.*unknown field 'polarity'"),
        ("[indicators", "not valid TOML"),
    ],
)
def test_a_register_with_a_mistake_is_refused_with_its_place(text, words):
    with pytest.raises(BadInput, match=words):
        table.read_register(KINDS + text)


def test_an_indicator_of_a_new_kind_is_judged_as_the_kind_declares(monkeypatch):
    from cptrends.reports.authority import judging

    text = (
        '[indicators.referrals_per_1000]\nlabel = "X"\nnumerator = "a"\ndenominator = "b"\nof = "per_1000_children"\n'
    )
    for declared in ("rate", "count_ratio", "share"):
        kind = PER_1000.replace('"rate"', f'"{declared}"')
        register = table.read_register(kind + text)
        monkeypatch.setattr(table, "register", lambda register=register: register)
        assert judging.kind_of("referrals_per_1000") == declared


DAYS = """
[kinds.days]
per = 1
interval = "none"
unit = "days"
shown = "number"
judged_as = "none"
sheet = "Days"
format = "0.0"
"""


@pytest.fixture
def new_kinds(monkeypatch):
    """A register of two kinds of one unit that differ in their limits, and two that no event is counted in."""
    per_1000_share = PER_1000.replace("per_1000_children]", "part_of_1000]").replace("byar", "wilson")
    pounds = DAYS.replace('"number"', '"pounds"').replace("kinds.days", "kinds.amount").replace('"days"', '"an amount"')
    kinds = [PER_1000, per_1000_share.replace("Rates", "Parts"), DAYS, pounds.replace('"Days"', '"Amounts"')]
    names = {"a_rate": "per_1000_children", "a_part": "part_of_1000", "some_days": "days", "an_amount": "amount"}
    parts = 'numerator = "plans_started"\ndenominator = "referrals"\n'
    indicators_of = [f'[indicators.{name}]\nlabel = "{name}"\n{parts}of = "{kind}"\n' for name, kind in names.items()]
    register = table.read_register("".join([*kinds, *indicators_of]))
    monkeypatch.setattr(table, "register", lambda: register)
    return register


def test_a_figure_of_a_new_kind_is_printed_as_the_kind_declares(new_kinds):
    from cptrends.reports.authority import cells
    from cptrends.reports.authority.everyone import Figure

    gone = np.nan
    figure = Figure("E92000001", "England", 2025, 3.0, gone, gone, 6000.0, 2000.0, "derived", "")
    printed = {
        name: (cells.shown(figure, entry), cells.number(figure, entry), cells.sign(entry))
        for name, entry in new_kinds.items()
    }
    number = ("3.0", "6,000", "")
    assert printed == {
        "a_rate": number,
        "a_part": number,
        "some_days": number,
        "an_amount": ("£3", "£6,000", "£"),
    }


def test_on_the_methods_page_a_new_kind_has_its_own_limits(new_kinds):
    from cptrends.reports import methods

    page = methods.page()
    told = {}
    for name in new_kinds:
        after = page.partition(f'id="i-{name}"')[2]
        told[name] = after.partition("Limits: ")[2].partition(".</p>")[0]
    assert told["a_rate"].startswith("Byar") and told["a_part"].startswith("Wilson")
    assert told["some_days"] == "none: it is not a number of events"
    assert told["an_amount"] == "none: an amount of money is not a sample"


def test_every_declared_indicator_names_measures_of_the_dictionary():
    from cptrends.data import figures, measures

    held = set(figures.measures_held())
    for name, entry in indicators.register().items():
        top, bottom = entry["numerator"], entry["denominator"]
        assert {top, bottom} <= held and top != bottom, name
        # A part is a number of something: a percentage cannot be divided again.
        assert not [part for part in (top, bottom) if measures.measure(part)["kind"] == "share"], name


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
