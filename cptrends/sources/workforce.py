"""DfE's children's social work workforce: vacancy, turnover, agency use and caseload at 30 September."""

import pandas as pd

from cptrends.sources import common, registry, tables

MEASURES = {
    "social_worker_agency_percent": "agency_rate_fte",
    "social_worker_turnover_percent": "turnover_rate_fte",
    "social_worker_vacancy_percent": "vacancy_rate_fte",
    "caseload_per_social_worker": "caseload_fte",
}
COLUMNS = [
    "time_period",
    "time_identifier",
    "geographic_level",
    "country_code",
    "country_name",
    "region_code",
    "region_name",
    "old_la_code",
    "new_la_code",
    "la_name",
    "inpost_fte",
    "inpost_headcount",
    "starters_fte",
    "starters_headcount",
    "leavers_fte",
    "leavers_headcount",
    "turnover_rate_fte",
    "turnover_rate_headcount",
    "agency_fte",
    "agency_headcount",
    "agency_rate_fte",
    "agency_rate_headcount",
    "agency_cover_fte",
    "agency_cover_rate_fte",
    "vacancy_fte",
    "vacancy_rate_fte",
    "vacancy_agency_cover_rate_fte",
    "case_holders_fte",
    "cases",
    "caseload_fte",
    "working_days_lost_fte",
    "absence_rate_fte",
]


def read(path: common.AnyPath, part: str, release: registry.Release) -> pd.DataFrame:
    """Rates in full-time equivalents for England, its regions and authorities.

    Parameters
    ----------
    path : path-like
        The CSV of indicators.
    part : {"indicators"}
    release : dict
        Its entry in `publications.toml`.

    Returns
    -------
    pandas.DataFrame
        `measure, area_code, year, published`; the year is that of the 30 September. Two
        authorities with one workforce (Kingston upon Thames and Richmond upon Thames; North and
        West Northamptonshire) are one row in the file, `314 / 318`: each gets the joint figure.

    Raises
    ------
    BadInput
        If a column is missing, renamed or unexpected.
    """
    table = common.read_csv_text(path)
    common.require_columns(table.columns, COLUMNS, path)
    england = table["geographic_level"] == "National"
    regional = table["geographic_level"] == "Regional"
    table["code9"] = table["new_la_code"].mask(regional, table["region_code"]).mask(england, table["country_code"])
    table["code3"] = table["old_la_code"].str.split(" / ")
    table["code9"] = table["code9"].str.split(" / ")
    table = table.explode(["code3", "code9"], ignore_index=True)
    codes = tables.area_codes(table, code3="code3", code9="code9")
    return tables.observations(table, codes, table["time_period"].astype(int), MEASURES, path)
