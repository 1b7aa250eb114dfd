"""Our rates and shares beside those that the publisher prints: .venv/bin/python tests/golden/compare_printed.py

Prints how many are compared, how many are accepted for which reason, and every difference that no rule of
`printed_accepted.toml` explains. A figure agrees where what the publisher's rounding of the counts allows and what its
rounding of the rate allows have something in common.
"""

import pathlib
import sys
import tomllib

import numpy as np
import pandas as pd

from cptrends import data, indicators
from cptrends.data import areas, rounding
from cptrends.indicators import published

HERE = pathlib.Path(__file__).parent
PLACE = ["area_code", "year"]
BOUNDS = ("population_of", "denominator_within", "beyond", "without", "no_figure")
#: Beyond rounding by no more than what a computer adds.
DUST = 1e-6


def main() -> int:
    """Print the comparison; 1 where something is unexplained or a rule is not needed."""
    table, rules = explained(beside(printed()), accepted())
    print(f"{len(table):,} rates and shares printed by the publisher are compared.")
    agree = table[table["reason"] == "agrees"]
    held = (agree["note"] == published.NOTE).sum()
    print(f"{len(agree):,} agree, {held:,} of them because ours is the printed one: its counts are not given.")
    for rule in rules:
        print(f"{rule['matched']:,} accepted: {rule['reason']}")
    open_ = table[table["reason"] == ""]
    print(f"{len(open_):,} unexplained.")
    if len(open_):
        print(open_[["indicator", "release", "year", "area_name", "text", "value", "beyond", "status"]].to_string())
    idle = [rule["reason"] for rule in rules if not rule["matched"]]
    print("".join(f"No longer needed: {reason}\n" for reason in idle), end="")
    return int(bool(len(open_) or idle))


def printed() -> pd.DataFrame:
    """What the publisher prints: indicator, release, year, area_code, text."""
    table = pd.read_csv(HERE / "printed.csv", dtype=str, keep_default_na=False)
    table = table.melt(["indicator", "release", "year"], var_name="area_code", value_name="text")
    return table[table["text"] != ""].astype({"year": int}).reset_index(drop=True)


def accepted() -> list[dict]:
    """The rules, each with exactly one bound."""
    rules = tomllib.loads((HERE / "printed_accepted.toml").read_text("utf-8"))["accepted"]
    for rule in rules:
        if sum(bound in rule for bound in BOUNDS) != 1 or ("no_figure" in rule) != ("at_most" in rule):
            raise ValueError(f"a rule needs exactly one bound, and no_figure needs at_most: {rule}")
    return rules


def beside(table: pd.DataFrame) -> pd.DataFrame:
    """The printed figures with ours, the parts and their rounding, and how far the two are beyond rounding."""
    return pd.concat([_one(name, theirs) for name, theirs in table.groupby("indicator")], ignore_index=True)


def _one(name: str, theirs: pd.DataFrame) -> pd.DataFrame:
    entry = indicators.declared(name)
    ours = indicators.indicator(name).drop(columns="indicator")
    both = theirs.merge(ours, on=PLACE, how="left").assign(per=entry["per"])
    both["status"] = both["status"].fillna("unavailable")
    both["area_name"] = both["area_code"].map(areas.name)
    for part in ("numerator", "denominator"):
        held = data.load(entry[part])[[*PLACE, "value", "status", "release"]]
        held[f"half_{part}"] = [
            rounding.half_unit(entry[part], code, value, status, release)
            for code, _, value, status, release in held.itertuples(index=False)
        ]
        both = both.merge(
            held.rename(columns={"value": f"whole_{part}"}).drop(columns=["status", "release"]), on=PLACE, how="left"
        )
    digits = both["text"].str.partition(".")[2].str.len()
    both["printed"], both["half"] = both["text"].astype(float), 0.5 * 10.0**-digits
    counted = both["numerator"].notna() & both["denominator"].notna()
    as_it_is = (np.abs(both["value"] - both["printed"]) - both["half"] - DUST).clip(lower=0)
    both["beyond"] = beyond(both, both["numerator"], both["denominator"]).where(counted, as_it_is)
    return both


def beyond(table: pd.DataFrame, top: pd.Series, bottom: pd.Series, slack: float = 0.0) -> pd.Series:
    """How far the printed figures lie outside of what rounding allows for the quotient of two parts."""
    above, below = table["half_numerator"], table["half_denominator"] + slack
    least, most = table["per"] * (top - above) / (bottom + below), table["per"] * (top + above) / (bottom - below)
    least, most = least - table["half"] - DUST, most + table["half"] + DUST
    return np.maximum(np.maximum(least - table["printed"], table["printed"] - most), 0.0)


def explained(table: pd.DataFrame, rules: list[dict]) -> tuple[pd.DataFrame, list[dict]]:
    """The table with a column reason ("agrees", a rule's, "" where there is none), and the rules with their count."""
    reason = pd.Series(np.where(table["beyond"] == 0, "agrees", ""), index=table.index)
    counted = []
    for rule in rules:
        hit = (reason == "") & _where(rule, table) & _bounded(rule, table)
        if hit.sum() > rule.get("at_most", len(table)):
            hit[:] = False
        reason[hit] = rule["reason"]
        counted.append(rule | {"matched": int(hit.sum())})
    return table.assign(reason=reason), counted


def _where(rule: dict, table: pd.DataFrame) -> pd.Series:
    asked = {"indicators": "indicator", "releases": "release", "years": "year", "areas": "area_code"}
    there = pd.Series(True, index=table.index)
    for key, column in asked.items():
        if key in rule:
            there &= table[column].isin(areas.select(rule[key]) if key == "areas" else rule[key])
    return there


def _bounded(rule: dict, table: pd.DataFrame) -> pd.Series:
    top, bottom = table["numerator"], table["denominator"]
    if "no_figure" in rule:
        return table["value"].isna() & (table["status"] == rule["no_figure"])
    if "population_of" in rule:
        held = data.load("population_0_17", release=rule["population_of"])[[*PLACE, "value"]]
        bottom = table[PLACE].merge(held, on=PLACE, how="left")["value"]
    if "without" in rule:
        wholly = beyond(table, table["whole_numerator"], table["whole_denominator"])
        return (table["without"] != "") & (wholly == 0)
    within = beyond(table, top, bottom, rule.get("denominator_within", 0)) <= rule.get("beyond", 0)
    return within & table["value"].notna()


if __name__ == "__main__":
    sys.exit(main())
