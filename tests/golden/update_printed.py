"""Write tests/golden/printed.csv: .venv/bin/python tests/golden/update_printed.py FOLDER

The rates and shares that the publisher itself prints, of every area and year, for the indicators that are computed here
from counts. FOLDER holds the publisher's files (the folders dfe-children-in-need and dfe-lait). A row is an indicator,
a release and a year, a column an area, a cell the text as printed; symbols for no figure are left out. Each is taken
from the newest release of the census that prints it, and from LAIT where that prints it otherwise or alone.

Department for Education, Open Government Licence v3.0.
"""

import csv
import pathlib
import sys
from collections.abc import Iterator

from cptrends.data import areas
from cptrends.sources import lait

HERE = pathlib.Path(__file__).parent
COLUMNS = ["indicator", "release", "year"]

#: The newest release's file of the census with each printed figure; rates are no longer in that of 2025.
TIDY = {
    ("cin-2024", "2024/b1_children_in_need_2013_to_2024.csv"): {
        "Anypoint_episodes_rate": "episodes_in_need_rate",
        "At31_episodes_rate": "in_need_rate",
    },
    ("cin-2024", "2024/c1_children_in_need_referrals_and_rereferrals_2013_to_2024.csv"): {
        "Referrals_rate": "referral_rate"
    },
    ("cin-2025", "2025/c1_children_in_need_referrals_and_rereferrals_2013_to_2025.csv"): {
        "rereferral_percent": "rereferral_share",
        "no_further_action_percent": "no_further_action_share",
    },
    ("cin-2024", "2024/c2_children_in_need_assessments_duration_2014_to_2024.csv"): {
        "Assessments_completed_rate": "assessment_rate"
    },
    ("cin-2024", "2024/c4_children_in_need_section_47s_and_icpcs_2013_to_2024.csv"): {
        "Section47_rate": "section_47_rate",
        "ICPC_rate": "conference_rate",
    },
    ("cin-2024", "2024/d1_child_protection_plans_2013_to_2024.csv"): {
        "CPP_start_rate": "plan_start_rate",
        "CPP_end_rate": "plan_end_rate",
        "CPP_At31_rate": "plan_rate",
    },
    ("cin-2025", "2025/d3_cpps_subsequent_plan_2013_to_2025.csv"): {"CPP_subsequent_percent": "repeat_plan_share"},
    ("cin-2025", "2025/d5_cpps_at31march_by_duration_2013_to_2025.csv"): {
        "2_years_or_more_percent": "plans_31_march_2_years_share"
    },
    ("cin-2024", "2024/d6_cpps_reviewed_within_timescales_2013_to_2024.csv"): {
        "Reviewed_within_timescales_percent": "reviewed_in_time_share"
    },
    ("cin-2024", "2024/d7_cpps_ending_by_duration_2013_to_2024.csv"): {
        "2_years_or_more_percent": "plans_ended_2_years_share",
        "3_months_or_less_percent": "plans_ended_3_months_share",
    },
}

#: The years before the series begin: one wide file each.
WIDE = {
    ("cin-2010", "2009-10/osr28-2010ud.csv", 2010): {
        "CINRatePer10K": "in_need_rate",
        "Referrals0910Rate": "referral_rate",
        "CPPAt310310RatePer10k": "plan_rate",
        "%CPPin0910SecondTime": "repeat_plan_share",
        "%CPPCeased0910Duration2+yrs": "plans_ended_2_years_share",
        "%CPPCeased0910Duration<3mths": "plans_ended_3_months_share",
        "%CPPsReviewedinTimescales": "reviewed_in_time_share",
    },
    ("cin-2011", "2010-11/osr26-2011ud.csv", 2011): {
        "CINRatePer10K": "in_need_rate",
        "Referrals1011Rate": "referral_rate",
        "%ReferralsWithin12mths1011": "rereferral_share",
        "CPPAt310311RatePer10k": "plan_rate",
        "%CPPin1011SecondTime": "repeat_plan_share",
        "%CPPCeased1011Duration2+yrs": "plans_ended_2_years_share",
        "%CPPCeased1011Duration<3mths": "plans_ended_3_months_share",
        "%CPPsReviewedinTimescales": "reviewed_in_time_share",
    },
    ("cin-2012", "2011-12/SFR27-2012ud.csv", 2012): {
        "CINThroRatePer10K": "episodes_in_need_rate",
        "CINAt310312RatePer10k": "in_need_rate",
        "Referrals1112Rate": "referral_rate",
        "%ReferralsWithin12mths1112": "rereferral_share",
        "%ReferralsNFA1112": "no_further_action_share",
        "S47Rate1112": "section_47_rate",
        "ICPCRate1112": "conference_rate",
        "CPPStartRate1112": "plan_start_rate",
        "CPPCeasedRate1112": "plan_end_rate",
        "CPPAt310312Rate": "plan_rate",
        "%CPPStart1112SecondTime": "repeat_plan_share",
        "%CPPAt310312Duration2+yrs": "plans_31_march_2_years_share",
    },
}

#: LAIT's short names.
LAIT = {
    "CPP_Total_Rateper10,000": "referral_rate",
    "CIN": "in_need_rate",
    "Section_47": "section_47_rate",
    "ISCP_Conf": "conference_rate",
    "CPP_rate": "plan_rate",
    "CPP_Abuse_Rate": "plan_start_rate",
    "DeRegCPR": "plan_end_rate",
    "LAC": "looked_after_rate",
    "ReReferral": "rereferral_share",
    "CIN_Refferals_NFA": "no_further_action_share",
    "PrevRegCPR": "repeat_plan_share",
    "RevCP": "reviewed_in_time_share",
    "CPPlans2yrs": "plans_ended_2_years_share",
    "CPPlans2yrsActive": "plans_31_march_2_years_share",
}
LAIT_FILE = "dfe-lait/2026-04-08/bds_long_0.parquet"

#: indicator, release, area_code, year, text as printed.
Printed = tuple[str, str, str, int, str]


def main(folder: str) -> None:
    """Read the files and write the table."""
    root = pathlib.Path(folder)
    table: dict[tuple[str, str, int], dict[str, str]] = {}
    known: dict[tuple[str, str, int], float] = {}
    for name, release, code, year, text in [*census(root / "dfe-children-in-need"), *interactive(root)]:
        number = float(text)
        if release.startswith("lait") and known.get((name, code, year)) == number:
            continue
        known[name, code, year] = number
        table.setdefault((name, release, year), {})[code] = text
    codes = [code for code in areas.register() if any(code in row for row in table.values())]
    with (HERE / "printed.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*COLUMNS, *codes])
        for key in sorted(table):
            writer.writerow([*key, *(table[key].get(code, "") for code in codes)])


def census(folder: pathlib.Path) -> Iterator[Printed]:
    """What the children in need census' own releases print."""
    for (release, path, year), columns in WIDE.items():
        for row in read(folder / path, "cp1252"):
            # England carries the code of the Isle of Wight.
            code = areas.ENGLAND if row["geog_n"].strip() == "England" else areas.code_from(row["geog_c"])
            yield from numbers(row, columns, release, code, year)
    for (release, path), columns in TIDY.items():
        for row in read(folder / path, "utf-8-sig"):
            row = {name.strip(): text for name, text in row.items()}
            level = row["geographic_level"]
            if level == "National":
                code = areas.ENGLAND
            elif level == "Regional":
                code = areas.code_from(code9=row["region_code"], name=row["region_name"])
            else:
                code = areas.code_from(row["old_la_code"], row["new_la_code"], row["la_name"])
            yield from numbers(row, columns, release, code, int(row["time_period"][:4]) + (len(row["time_period"]) > 4))


def interactive(root: pathlib.Path) -> Iterator[Printed]:
    """What the local authority interactive tool prints: numbers there are what a spreadsheet made of them."""
    import pandas as pd

    path = root / LAIT_FILE
    table = pd.read_parquet(path)
    table = table[table["Short Desc"].isin(list(LAIT))]
    for short, text, number, years in table[["Short Desc", "Values", "LA Number", "Years"]].itertuples(index=False):
        row = {short: f"{float(text):.10g}" if text.strip().replace(".", "").isdigit() else ""}
        code = areas.code_from(str(int(number)))
        yield from numbers(row, LAIT, "lait-2026-04", code, lait.year_ending(str(years), path))


def read(path: pathlib.Path, encoding: str) -> Iterator[dict[str, str]]:
    """The rows of a file."""
    with path.open(encoding=encoding, newline="") as stream:
        yield from csv.DictReader(stream)


def numbers(row: dict[str, str], columns: dict[str, str], release: str, code: str, year: int) -> Iterator[Printed]:
    """The printed numbers of a row, symbols passed over."""
    for column, name in columns.items():
        text = row.get(column, "").strip().replace(",", "")
        if text.replace(".", "", 1).isdigit():
            yield name, release, code, year, text


if __name__ == "__main__":
    main(sys.argv[1])
