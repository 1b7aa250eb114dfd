"""When an authority's page may call a change unusual, and how closely it may rank."""

import numpy as np
import pandas as pd

from cptrends.indicators import table
from cptrends.reports.authority.everyone import everyone, limit_here, looked_at
from cptrends.reports.authority.judging import judge, kind_of, ranked
from cptrends.trends.many import limit_on_a_page


def test_ranks_count_only_those_whose_limits_lie_apart():
    figures = pd.DataFrame(
        {
            "area_code": list("ABC"),
            "year": 2025,
            "value": [9.0, 5.0, 4.8],
            "lower": [8.0, 4.0, 4.0],
            "upper": [10.0, 6.0, 6.0],
        }
    )
    assert ranked(figures) == {"A": (1, 1, 3), "B": (2, 3, 3), "C": (2, 3, 3)}


# --- False alarms ---


def no_change(seed, names, areas_there=150, years=12):
    """Figures in which nothing lasting happens: chance, and a wobble that comes and goes."""
    random = np.random.default_rng(seed)
    found = {}
    for name in names:
        kind = kind_of(name)
        size = (
            random.integers(200, 4_000, areas_there)
            if kind != "rate"
            else random.integers(15_000, 250_000, areas_there)
        )
        level = random.uniform(0.1, 0.4, areas_there) if kind != "rate" else random.uniform(0.002, 0.03, areas_there)
        rows = []
        for year in range(2026 - years, 2026):
            rate = np.clip(level * np.exp(random.normal(0, 0.08, areas_there)), 0, 0.95)
            count = random.binomial(size, rate) if kind == "share" else random.poisson(size * rate)
            rows.append(
                pd.DataFrame(
                    {
                        "area_code": [f"A{n:03}" for n in range(areas_there)],
                        "year": year,
                        "numerator": count.astype(float),
                        "denominator": size.astype(float),
                        "status": "reported",
                    }
                )
            )
        figures = pd.concat(rows, ignore_index=True)
        scale = table.declared(name)["per"] * figures["numerator"] / figures["denominator"]
        found[name] = figures.assign(value=scale, lower=scale * 0.9, upper=scale * 1.1)
    return found


def test_on_a_page_where_nothing_changed_fewer_than_one_in_four_has_an_unusual_change():
    """A page of the indicators there are, made of four, looked at over one year and over five."""
    names, limit = ("plan_rate", "repeat_plan_share", "section_47_per_referral", "referral_rate"), limit_here()
    labels = []
    for seed in range(6):
        for name, figures in no_change(seed, names).items():
            found = judge(name, figures, 2025, limit)
            labels += [change.label for place in (found.changes, found.five_years) for change in place.values()]
    assert len(labels) == 6 * 4 * 2 * 150 and not set(labels) - {"Unusual", "Within its ordinary range", "Cannot tell"}
    assert np.mean(np.array(labels) == "Unusual") * looked_at() < 0.25


def test_a_change_that_is_there_is_called_unusual():
    figures = no_change(1, ["plan_rate"])["plan_rate"]
    row = (figures["area_code"] == "A007") & (figures["year"] == 2025)
    figures.loc[row, "numerator"] = 4 * figures.loc[figures["area_code"] == "A007", "numerator"].max()
    found = judge("plan_rate", figures, 2025, limit_here())
    assert found.changes["A007"].label == "Unusual" and found.five_years["A007"].years_later == (2024, 2025)


def test_a_page_looks_at_each_judged_indicator_twice():
    assert looked_at() == 2 * sum(kind_of(name) is not None for name in everyone().names)
    assert limit_here() == limit_on_a_page(looked_at()) < 0.01


def test_over_five_years_nothing_is_judged_where_there_are_too_few_years():
    figures = no_change(1, ["plan_rate"], years=5)["plan_rate"]
    assert judge("plan_rate", figures, 2025).five_years == {} and judge("plan_rate", figures, 2025).changes


def test_money_is_neither_judged_nor_ranked():
    nothing = judge("spend_per_child", no_change(1, ["plan_rate"])["plan_rate"], 2025)
    assert (nothing.changes, nothing.five_years, nothing.places, nothing.ranks) == (
        {},
        {},
        {},
        {},
    ) and nothing.funnel.empty
