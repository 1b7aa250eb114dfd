"""The register of indicators, and any of them as a table by area and year."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Any

import pandas as pd

from cptrends import data
from cptrends.data import areas, years
from cptrends.data.figures import AS_PUBLISHED, LATEST
from cptrends.data.status import weakest
from cptrends.errors import BadInput
from cptrends.files import did_you_mean, nearest
from cptrends.indicators import coverage
from cptrends.indicators.proportions import share
from cptrends.indicators.published import NOTE, filled
from cptrends.indicators.rates import rate, ratio
from cptrends.memory import remembered

#: The columns that are printed, those that are downloaded, and all there are.
FIGURES = ["area_code", "area_name", "year", "value", "lower", "upper", "numerator", "denominator", "status"]
DOWNLOADED = [*FIGURES, "without"]
COLUMNS = [*DOWNLOADED, "note", "releases"]

_FIELDS = {"label", "numerator", "denominator", "of"}
#: published: the measure that is the publisher's own figure of the same; spoken: the subject of a sentence.
_OPTIONAL = {"definition", "published", "spoken"}
_CHOICES = {
    "interval": ("byar", "wilson", "none"),
    "judged_as": ("rate", "share", "count_ratio", "none"),
    "shown": ("number", "percent", "pounds"),
}
_KIND_FIELDS = {"per", "unit", "sheet", "format", *_CHOICES}
#: A sheet's name has at most 31 characters in a spreadsheet, and " by year" follows.
_SHEET = re.compile(r"[A-Za-z][A-Za-z0-9 ]{0,22}")


@remembered
def register() -> dict[str, dict[str, Any]]:
    """Every declared indicator.

    Returns
    -------
    dict of str to dict
        By name: label, numerator, denominator, definition, perhaps published, and of its kind per, interval, unit,
        shown, judged_as, sheet, format.

    Raises
    ------
    BadInput
        If `indicators.toml` is not as it should be; the sentence says where.

    Examples
    --------
    >>> register()["plan_rate"]["numerator"], register()["plan_rate"]["interval"]
    ('plans_31_march', 'byar')
    """
    return read_register(resources.files("cptrends.indicators").joinpath("indicators.toml").read_text("utf-8"))


def read_register(text: str) -> dict[str, dict[str, Any]]:
    """Indicators from the text of a register laid out like `indicators.toml`.

    Parameters
    ----------
    text : str

    Returns
    -------
    dict
        As `register`.

    Raises
    ------
    BadInput
        If the text is not TOML, if a kind does not say how it is computed, judged and shown, or if an entry
        lacks a field, has one too many or names a kind there is not.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"the register of indicators is not valid TOML: {error}") from None
    kinds, found = document.get("kinds", {}), {}
    for name, kind in kinds.items():
        _check_kind(name, kind, [str(other.get("sheet")).casefold() for other in kinds.values()])
    for name, entry in document.get("indicators", {}).items():
        _check_fields(f"indicator {name!r}", entry, _FIELDS, _OPTIONAL)
        if entry["of"] not in kinds:
            raise BadInput(f"indicator {name!r} is of kind {entry['of']!r}; the kinds are {', '.join(kinds)}")
        plain = {key: value for key, value in entry.items() if key != "of"}
        lowered = entry["label"][:1].lower() + entry["label"][1:]
        found[name] = {"definition": entry["label"] + ".", "spoken": lowered, **plain, **kinds[entry["of"]]}
    return found


def _check_kind(name: str, kind: dict[str, Any], sheets: list[str]) -> None:
    where = f"kind {name!r} of the indicators"
    _check_fields(where, kind, _KIND_FIELDS)
    for field, choices in _CHOICES.items():
        if kind[field] not in choices:
            raise BadInput(f"{where} has {field} {kind[field]!r}; it must be one of {', '.join(choices)}")
    if not isinstance(kind["per"], int) or kind["per"] < 1:
        raise BadInput(f"{where} has per {kind['per']!r}; it must be a whole number such as 10000, 100 or 1")
    if kind["interval"] == "none" and kind["judged_as"] != "none":
        raise BadInput(f"{where} has no interval and is judged as a {kind['judged_as']}; only counts can be judged")
    if kind["shown"] == "percent" and kind["per"] != 100:
        raise BadInput(f"{where} is shown as percent and has per {kind['per']}; a percentage is per 100")
    if not _SHEET.fullmatch(str(kind["sheet"])):
        raise BadInput(
            f"{where} has sheet {kind['sheet']!r}; it must be a name of at most 23 letters, figures and spaces"
        )
    if sheets.count(kind["sheet"].casefold()) > 1:
        raise BadInput(f"{where} has the sheet {kind['sheet']!r} of another kind; each must have its own")


def _check_fields(where: str, entry: dict[str, Any], wanted: Iterable[str], optional: Iterable[str] = ()) -> None:
    missing, unknown = set(wanted) - set(entry), set(entry) - set(wanted) - set(optional)
    if missing:
        choices = _CHOICES.get(min(missing))
        raise BadInput(f"{where} lacks {min(missing)!r}" + (f", one of {', '.join(choices)}" if choices else ""))
    if unknown:
        raise BadInput(f"{where} has an unknown field {min(unknown)!r}")


def declared(name: str) -> dict[str, Any]:
    """One indicator's entry in the register.

    Parameters
    ----------
    name : str

    Returns
    -------
    dict
        As in `register`.

    Raises
    ------
    BadInput
        If there is no such indicator; the sentence has the nearest names.

    Examples
    --------
    >>> declared("plan_rates")
    Traceback (most recent call last):
    ...
    cptrends.errors.BadInput: there is no indicator 'plan_rates'; did you mean plan_rate or ...
    """
    if name not in register():
        hint = did_you_mean(nearest(name, register()), f"there are {', '.join(register())}")
        raise BadInput(f"there is no indicator {name!r}; {hint}")
    return register()[name]


def indicator(
    name: str,
    area: str | Sequence[str] | None = None,
    *,
    start: int | None = None,
    end: int | None = None,
    release: str = "latest",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """An indicator by area and year, with its limits, parts and status.

    Parameters
    ----------
    name : str
        From `register`, such as "plan_rate" or "repeat_plan_share".
    area, start, end, release : as for `cptrends.data.load`
    confidence : float
        0.95 or 0.998, or any between 0 and 1. A kind without an interval, as money, has no limits.

    Returns
    -------
    DataFrame
        area_code, area_name, year, value, lower, upper, numerator, denominator, status, without, note, releases (of
        the numerator and the denominator, joined by a blank), indicator (its name). A row for each area and year for
        which either part was published; where one part is missing or withheld the row has no value and says so. Where
        the indicator names a measure that is the publisher's own, and its files give no counts, the row has that
        figure and says so. `without` names the authorities that England or a region is given without, because one part
        lacks them (see `cptrends.indicators.coverage`).

    Raises
    ------
    BadInput
        If the indicator, the area, the years or the release are not known.

    Examples
    --------
    >>> indicator("repeat_plan_share", "England", start=2015, end=2015).round(1)[["year", "value", "lower", "upper"]]
       year  value  lower  upper
    0  2015   16.6   16.3   16.9
    """
    entry = declared(name)
    start, end = years.span(start, end)
    if "published" in entry and release in (LATEST, AS_PUBLISHED):
        table = _of_those(_with_own(entry, release, confidence), area, start, end)
        if len(table):
            return table.assign(indicator=name)
    top, bottom = (_load(entry[part], area, start, end, release) for part in ("numerator", "denominator"))
    found = corrections(entry["numerator"], entry["denominator"], release)
    return combine(top, bottom, entry, confidence=confidence, found=found).assign(indicator=name)


def _with_own(entry: Mapping[str, Any], release: str, confidence: float) -> pd.DataFrame:
    """An indicator of everywhere, with the publisher's own figure where its files give no counts.

    Of everywhere, as an area may have no count at all in a year of which it has the figure.
    """
    top, bottom, own = (
        _load(entry[part], None, None, None, release) for part in ("numerator", "denominator", "published")
    )
    keys = ["area_code", "year"]
    counted = pd.MultiIndex.from_frame(top[keys]).intersection(pd.MultiIndex.from_frame(bottom[keys]))
    found = corrections(entry["numerator"], entry["denominator"], release)
    table = combine(top, bottom, entry, confidence=confidence, found=found)
    table = filled(table, own, entry, counted=counted, confidence=confidence)
    # The publisher's own figure is of the places that it is of.
    return table.assign(without=table["without"].where(table["note"] != NOTE, ""))


def _of_those(
    table: pd.DataFrame, area: str | Sequence[str] | None, start: int | None, end: int | None
) -> pd.DataFrame:
    """The rows of the areas, in the order they were asked for, and of the years."""
    table = table[table["year"].between(start or years.FIRST, end or years.LAST)]
    if area is not None:
        place = {code: number for number, code in enumerate(areas.select(area))}
        table = table[table["area_code"].isin(list(place))]
        table = table.iloc[table["area_code"].map(place).argsort(kind="stable")]
    return table.reset_index(drop=True)


def combine(
    top: pd.DataFrame,
    bottom: pd.DataFrame,
    entry: Mapping[str, Any],
    *,
    confidence: float = 0.95,
    found: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The table of an indicator from the tables of its two parts.

    Parameters
    ----------
    top, bottom : DataFrame
        Numerator and denominator: area_code, area_name, year, value, status and, where it is known, release.
    entry : dict
        per and interval, as in `register`.
    confidence : float
    found : DataFrame, optional
        What `coverage.corrections` found for the two parts; read from the tables themselves when left out, which then
        must hold the authorities.

    Returns
    -------
    DataFrame
        As `indicator`.

    Examples
    --------
    >>> place = {"area_code": ["E92000001"], "area_name": ["England"], "year": [2015], "status": ["reported"]}
    >>> plans, started = pd.DataFrame(place | {"value": [10_310]}), pd.DataFrame(place | {"value": [62_210]})
    >>> repeat = combine(plans, started, {"per": 100, "interval": "wilson"})
    >>> repeat.round(1)[["year", "value", "lower", "upper", "status"]]
       year  value  lower  upper   status
    0  2015   16.6   16.3   16.9  derived
    """
    found = coverage.corrections(top, bottom) if found is None else found
    keep = ["area_code", "area_name", "year", "value", "status", "release"]
    top, bottom = (part.assign(release=part.get("release", ""))[keep] for part in (top, bottom))
    both = top.merge(bottom, on=["area_code", "year"], how="outer", suffixes=("", "_bottom"), sort=True)
    # Years in which the indicator cannot exist at all are no rows: one part had not begun.
    shared = set(top["year"]) & set(bottom["year"])
    both = both[both["year"].isin(shared)]
    # In the order the areas were asked for, as loading gives them, and then by year.
    order = {code: n for n, code in enumerate(pd.unique(pd.concat([top["area_code"], bottom["area_code"]])))}
    both = both.iloc[both["area_code"].map(order).argsort(kind="stable")].reset_index(drop=True)
    both = coverage.apply(both, found)
    status = weakest(
        both["status"].fillna("unavailable").to_numpy(object),
        both["status_bottom"].fillna("unavailable").to_numpy(object),
    )
    given = (both["value"], both["value_bottom"])
    if entry["interval"] == "none":
        result = ratio(*given, per=entry["per"], status=status)
    else:
        compute = {"byar": rate, "wilson": share}[entry["interval"]]
        result = compute(*given, per=entry["per"], confidence=confidence, status=status)
    result["area_code"], result["year"] = both["area_code"], both["year"]
    result["area_name"] = both["area_name"].fillna(both["area_name_bottom"])
    result["without"], result["note"] = both["without"], (result["note"] + " " + both["coverage_note"]).str.strip()
    above, below = both["release"].fillna(""), both["release_bottom"].fillna("")
    result["releases"] = (above + " " + below).str.strip().where(above != below, above)
    return result[COLUMNS]


def _load(
    measure: str, area: str | Sequence[str] | None, start: int | None, end: int | None, release: str
) -> pd.DataFrame:
    """The one place where indicators meet the data."""
    return data.load(measure, area=area, start=start, end=end, release=release)


@remembered
def corrections(numerator: str, denominator: str, release: str = "latest") -> pd.DataFrame:
    """What the totals of two measures must be relieved of so that they cover the same places.

    Parameters
    ----------
    numerator, denominator : str
        Measures of the data dictionary.
    release : str
        As for `cptrends.data.load`.

    Returns
    -------
    DataFrame
        As `cptrends.indicators.coverage.corrections`, from all areas. Not to be changed in place: it is kept.

    Raises
    ------
    BadInput
        If a measure or the release is not known.

    Examples
    --------
    >>> england = corrections("safeguarding_spend", "population_0_17").query("area_code == 'E92000001'")
    >>> england.query("year == 2025")["without"].tolist()
    ['Middlesbrough; Wandsworth']
    """
    return coverage.corrections(*(_load(part, None, None, None, release) for part in (numerator, denominator)))
