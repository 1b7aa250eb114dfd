"""Do two things go together across authorities? A test stated beforehand, an effect and a sentence.

For claims such as "no clear relationship between an authority's grade and its deprivation". A bare
p-value answers nobody's question: what is returned is how strong the relationship is, how strong or
weak it may be, and from how many authorities.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from cptrends.data import areas, inspections
from cptrends.data.status import has_value
from cptrends.errors import BadInput
from cptrends.indicators import rank_tests

#: What Ofsted's overall grades count, the worst 1, with the names they have had.
GRADES = {grade: score for score, grade in enumerate(reversed(inspections.GRADES), start=1)}
GRADES |= dict.fromkeys(("Requires improvement to be good", "Adequate"), GRADES["Requires improvement"])
Kind = Literal["ordered", "two_groups", "groups"]
TESTS = {
    "ordered": ("Spearman rank correlation", "Spearman's rho"),
    "two_groups": ("Mann-Whitney test", "Cliff's delta"),
    "groups": ("Kruskal-Wallis test", "epsilon squared"),
}
#: Below each bound the strength of a relationship has this name. Epsilon squared is a share of variance.
_STRENGTH = (0.1, "negligible"), (0.3, "weak"), (0.5, "moderate"), (np.inf, "strong")
#: With fewer areas than this no relationship can be judged.
FEWEST = 5


def grade_score(grades: Iterable[object]) -> np.ndarray:
    """Ofsted grades as numbers, 1 Inadequate to 4 Outstanding, so that they can be ranked.

    Parameters
    ----------
    grades : sequence of str
        Empty or missing where there is no overall grade. Adequate counts as requires improvement.

    Returns
    -------
    numpy array of float

    Raises
    ------
    BadInput
        If a grade is not Ofsted's.

    Examples
    --------
    >>> grade_score(["Good", "Inadequate", ""]).tolist()
    [3.0, 1.0, nan]
    """
    scores = []
    for grade in grades:
        if not isinstance(grade, str) or not grade.strip():
            scores.append(np.nan)
        elif grade.strip().capitalize() in GRADES:
            scores.append(GRADES[grade.strip().capitalize()])
        else:
            raise BadInput(f"{grade!r} is not an Ofsted grade; the grades are {', '.join(GRADES)}")
    return np.array(scores, dtype=float)


def association(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    kind: Kind,
    names: tuple[str, str] = ("x", "y"),
    confidence: float = 0.95,
    status: npt.ArrayLike | None = None,
    draws: int = 2000,
    seed: int = 2025,
) -> pd.DataFrame:
    """Whether, how strongly and in which direction x and y go together across areas.

    Parameters
    ----------
    x : array, one element per area
        Numbers or ranks ("ordered"); True or False, such as good or better ("two_groups"); or labels,
        such as regions ("groups").
    y : array of the same length
        Numbers or ranks: grades as `grade_score` gives them, a deprivation score, spending.
    kind : {"ordered", "two_groups", "groups"}
        The test, stated beforehand: Spearman, Mann-Whitney or Kruskal-Wallis.
    names : pair of str
        What x and y are, for the sentence.
    confidence : float
    status : array of str, optional
        Of each area's pair. Areas without a value are left out and counted.
    draws, seed : int
        Resamples for the interval of "groups".

    Returns
    -------
    DataFrame
        One row: test, effect, value, lower, upper, kendall (tau-b; "ordered" only), chance (p-value), n_areas,
        left_out, sentence, method, status, note. Values run from -1 to 1; epsilon squared from 0 to 1.

    Raises
    ------
    BadInput
        If a kind is not known, lengths differ or "two_groups" has other than two.

    Notes
    -----
    Intervals. Rho: Fisher's z with the variance of Bonett and Wright (*Psychometrika* 65: 23-28, 2000). Delta,
    the chance that an area of the first kind has the higher y less the chance of the lower: Newcombe's method 5
    (*Statistics in Medicine* 25: 559-573, 2006). Epsilon squared, the share of rank variance between groups:
    bootstrap over areas; it cannot be negative, so even without a relationship it averages (groups - 1) /
    (n - 1), and the sentence rests on the test. Below 0.1 a relationship is called negligible, below 0.3 weak,
    below 0.5 moderate (for epsilon squared 0.01, 0.09 and 0.25).

    Examples
    --------
    >>> grades = grade_score(["Good", "Good", "Inadequate", "Outstanding", "Requires improvement", "Good"])
    >>> deprivation = [20.1, 15.0, 30.2, 10.4, 25.6, 22.3]
    >>> row = association(grades, deprivation, kind="ordered", names=("grade", "deprivation")).iloc[0]
    >>> round(float(row["value"]), 2), int(row["n_areas"])
    (-0.94, 6)
    """
    if kind not in TESTS:
        raise BadInput(f"kind {kind!r} is not known; it must be one of {', '.join(TESTS)}")
    if not 0 < confidence < 1:
        raise BadInput(f"confidence must lie between 0 and 1, such as 0.95, not {confidence!r}")
    a, b = np.asarray(x, dtype=object).ravel(), _numbers(y)
    if a.size != b.size:
        raise BadInput(f"x has {a.size} areas and y has {b.size}; they must match")
    used = ~pd.isna(a) & ~np.isnan(b) & (a != "")
    if status is not None:
        used &= has_value(np.asarray(status, dtype=object).ravel())
    left_out, a, b = int((~used).sum()), a[used], b[used]
    labels = pd.unique(a)
    if kind == "two_groups" and labels.size > 2:
        raise BadInput(f"two_groups needs two groups, and x has {labels.size}: use kind='groups'")
    reason = ""
    if a.size < FEWEST:
        reason = f"{a.size} areas have both figures, and {FEWEST} are needed."
    elif labels.size < 2 or np.unique(b).size < 2:
        reason = f"{names[0] if labels.size < 2 else names[1]} is the same in every area."
    test, effect = TESTS[kind]
    row = {
        "test": test,
        "effect": effect,
        "value": np.nan,
        "lower": np.nan,
        "upper": np.nan,
        "kendall": np.nan,
        "chance": np.nan,
        "n_areas": a.size,
        "left_out": left_out,
    }
    if not reason:
        row |= _effect(a, b, kind, confidence, draws, seed)
    row["sentence"] = f"Cannot tell: {reason}" if reason else _sentence(row, kind, names, confidence)
    row["method"] = f"{test}; {effect} with {100 * confidence:g}% interval"
    row["status"] = "unavailable" if reason else "derived"
    left = f"{left_out} area{'s' * (left_out != 1)} without both figures left out."
    row["note"] = reason or (left if left_out else "")
    return pd.DataFrame([row])


def association_table(
    y: pd.Series, against: Mapping[str, tuple[Kind, pd.Series]], *, name: str, confidence: float = 0.95
) -> pd.DataFrame:
    """One figure against several others, each by the test stated for it: a row each.

    Parameters
    ----------
    y : Series on area codes
        Numbers or ranks, such as grades as `grade_score` gives them.
    against : mapping of str to (kind, Series on area codes)
        What each is called in the sentence, the test stated beforehand (see `association`) and the figures.
    name : str
        What y is, in the sentence.
    confidence : float

    Returns
    -------
    DataFrame
        against, kind, then the columns of `association`. Areas that either side lacks are left out and counted.

    Raises
    ------
    BadInput
        As `association`, and if an area comes twice.

    Examples
    --------
    >>> grade = pd.Series([1.0, 2.0, 3.0, 4.0, 3.0, 2.0], index=list("abcdef"))
    >>> score = pd.Series([30.0, 25.0, 20.0, 10.0, 15.0, 28.0], index=list("abcdef"))
    >>> association_table(grade, {"deprivation": ("ordered", score)}, name="grade")[["against", "effect", "n_areas"]]
           against          effect  n_areas
    0  deprivation  Spearman's rho        6
    """
    tables = []
    for called, (kind, x) in against.items():
        for series, what in ((x, called), (y, name)):
            if series.index.has_duplicates:
                raise BadInput(
                    f"{what} has two figures for {series.index[series.index.duplicated()][0]}; keep one each"
                )
        x = x.reindex(y.index)
        row = association(
            x.to_numpy(dtype=object), y.to_numpy(), kind=kind, names=(called, name), confidence=confidence
        )
        tables.append(row.assign(against=called, kind=kind))
    whole = pd.concat(tables, ignore_index=True)
    return whole[["against", "kind", *[c for c in whole.columns if c not in ("against", "kind")]]]


def grade_associations(
    latest: pd.DataFrame,
    *,
    deprivation: pd.DataFrame,
    children: pd.DataFrame,
    spending: pd.DataFrame,
    spending_name: str = "spending",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Whether Ofsted's grades go with deprivation, region, size and spending, by tests stated beforehand.

    Parameters
    ----------
    latest : DataFrame
        area_code and grade: one judgement for each authority (`cptrends.data.inspections.latest_judgements`).
    deprivation, children, spending : DataFrame
        area_code and value, one row for each authority. Areas with a reason in a column left_out are not used.
    spending_name : str
        What the spending is, in the sentence.
    confidence : float

    Returns
    -------
    DataFrame
        As `association_table`: Spearman for deprivation, children and spending, Kruskal-Wallis for region.

    Raises
    ------
    BadInput
        As `association_table`.

    Examples
    --------
    >>> codes = ["E06000001", "E06000002", "E06000003", "E09000001", "E09000012", "E09000013"]
    >>> grades = ["Good", "Good", "Inadequate", "Outstanding", "Good", "Inadequate"]
    >>> latest = pd.DataFrame({"area_code": codes, "grade": grades})
    >>> figure = pd.DataFrame({"area_code": codes, "value": [35.0, 40.0, 45.0, 10.0, 25.0, 44.0]})
    >>> grade_associations(latest, deprivation=figure, children=figure, spending=figure)["against"].tolist()
    ['deprivation', 'region', 'the number of children', 'spending']
    """
    grade = pd.Series(grade_score(latest["grade"]), index=latest["area_code"].to_numpy(object))
    region = pd.Series([areas.name(areas.region_of(code)) for code in grade.index], index=grade.index, dtype=object)
    against: dict[str, tuple[Kind, pd.Series]] = {
        "deprivation": ("ordered", _by_area(deprivation)),
        "region": ("groups", region),
        "the number of children": ("ordered", _by_area(children)),
        spending_name: ("ordered", _by_area(spending)),
    }
    return association_table(grade, against, name="grade", confidence=confidence)


def _by_area(table: pd.DataFrame) -> pd.Series:
    """Its figures on area codes, without the areas that have a reason to be left out."""
    used = table[table["left_out"] == ""] if "left_out" in table else table
    return used.set_index("area_code")["value"]


def _numbers(values: npt.ArrayLike) -> np.ndarray:
    try:
        return pd.Series(values).to_numpy(dtype=float, na_value=np.nan).ravel()
    except (TypeError, ValueError):
        raise BadInput("figures must be numbers; turn grades into ranks with grade_score") from None


def _effect(x: np.ndarray, y: np.ndarray, kind: Kind, confidence: float, draws: int, seed: int) -> dict[str, float]:
    if kind == "ordered":
        return rank_tests.ordered(_numbers(x), y, confidence)
    if kind == "two_groups":
        return rank_tests.two_groups(x, y, confidence)
    return rank_tests.groups(x, y, confidence, draws=draws, seed=seed)


def _sentence(row: dict[str, Any], kind: Kind, names: tuple[str, str], confidence: float) -> str:
    value, lower, upper = row["value"], row["lower"], row["upper"]
    shown = (
        f"{row['effect']} {value:.2f} ({100 * confidence:g}% interval {lower:.2f} to {upper:.2f}, "
        f"{row['n_areas']} areas)"
    ).replace("-0.00", "0.00")
    size = np.sqrt(value) if kind == "groups" else abs(value)
    clear = row["chance"] <= 1 - confidence if kind == "groups" else lower > 0 or upper < 0
    strength = next(name for bound, name in _STRENGTH if size < bound)
    begun = names[1][:1].upper() + names[1][1:]
    if not clear:
        most = np.sqrt(upper) if kind == "groups" else max(-lower, upper)
        could = next(name for bound, name in _STRENGTH if most < bound)
        return (
            f"No clear relationship between {names[0]} and {names[1]}: {shown}. "
            f"One that is {could} cannot be ruled out."
        )
    if kind == "groups":
        return f"{begun} differs by {names[0]}, a {strength} relationship: {shown}."
    if kind == "two_groups":
        way = "higher" if value > 0 else "lower"
        return f"{begun} tends to be {way} where {names[0]} holds, a {strength} relationship: {shown}."
    way = "higher" if value > 0 else "lower"
    return f"Where {names[0]} is higher, {names[1]} tends to be {way}, a {strength} relationship: {shown}."
