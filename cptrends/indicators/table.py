"""The register of indicators, and any of them as a table by area and year."""

import tomllib
from importlib import resources

import pandas as pd

from cptrends.data.status import weakest
from cptrends.errors import BadInput
from cptrends.files import did_you_mean, nearest
from cptrends.indicators.proportions import share
from cptrends.indicators.rates import rate, ratio
from cptrends.memory import remembered

COLUMNS = ["area_code", "area_name", "year", "value", "lower", "upper", "numerator", "denominator", "status", "note"]

_FIELDS = {"label", "numerator", "denominator", "of", "definition"}
_KIND_FIELDS = {"per", "interval", "unit"}
_INTERVALS = ("byar", "wilson", "none")


@remembered
def register():
    """Every declared indicator.

    Returns
    -------
    dict of str to dict
        By name: label, numerator, denominator, per, interval, unit, definition.

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


def read_register(text):
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
        If the text is not TOML, or an entry lacks a field, has one too many, or names a kind or
        interval there is not.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"the register of indicators is not valid TOML: {error}") from None
    kinds, found = document.get("kinds", {}), {}
    for name, kind in kinds.items():
        if set(kind) != _KIND_FIELDS or kind["interval"] not in _INTERVALS:
            raise BadInput(
                f"kind {name!r} of the indicators must have per, unit and interval ({', '.join(_INTERVALS)})"
            )
    for name, entry in document.get("indicators", {}).items():
        missing, unknown = _FIELDS - {"definition"} - set(entry), set(entry) - _FIELDS
        if missing or unknown:
            raise BadInput(
                f"indicator {name!r} "
                + (f"lacks {sorted(missing)[0]!r}" if missing else f"has an unknown field {sorted(unknown)[0]!r}")
            )
        if entry["of"] not in kinds:
            raise BadInput(f"indicator {name!r} is of kind {entry['of']!r}; the kinds are {', '.join(kinds)}")
        plain = {key: value for key, value in entry.items() if key != "of"}
        found[name] = {"definition": entry["label"] + ".", **plain, **kinds[entry["of"]]}
    return found


def declared(name):
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


def indicator(name, area=None, *, start=None, end=None, release="latest", confidence=0.95):
    """An indicator by area and year, with its limits, parts and status.

    Parameters
    ----------
    name : str
        From `register`, such as "plan_rate" or "repeat_plan_share".
    area, start, end, release : as for `cptrends.data.load`
    confidence : float
        0.95 or 0.998, or any between 0 and 1. Money has no limits.

    Returns
    -------
    DataFrame
        area_code, area_name, year, value, lower, upper, numerator, denominator, status, note. A row
        for each area and year for which either part was published; where one part is missing or
        withheld the row has no value and says so.

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
    parts = [_load(entry[part], area, start, end, release) for part in ("numerator", "denominator")]
    return combine(*parts, entry, confidence=confidence)


def combine(top, bottom, entry, *, confidence=0.95):
    """The table of an indicator from the tables of its two parts.

    Parameters
    ----------
    top, bottom : DataFrame
        Numerator and denominator: area_code, area_name, year, value, status.
    entry : dict
        per and interval, as in `register`.
    confidence : float

    Returns
    -------
    DataFrame
        As `indicator`.
    """
    keep = ["area_code", "area_name", "year", "value", "status"]
    both = top[keep].merge(bottom[keep], on=["area_code", "year"], how="outer", suffixes=("", "_bottom"), sort=True)
    # Years in which the indicator cannot exist at all are no rows: one part had not begun.
    years = set(top["year"]) & set(bottom["year"])
    both = both[both["year"].isin(years)]
    # In the order the areas were asked for, as loading gives them, and then by year.
    order = {code: n for n, code in enumerate(pd.unique(pd.concat([top["area_code"], bottom["area_code"]])))}
    both = both.iloc[both["area_code"].map(order).argsort(kind="stable")].reset_index(drop=True)
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
    return result[COLUMNS]


def _load(measure, area, start, end, release):
    """The one place where indicators meet the data."""
    from cptrends import data

    return data.load(measure, area=area, start=start, end=end, release=release)
