"""Is this change real? Every area and pair of years, judged together.

A figure moves from year to year for three reasons: counts of children vary by chance; recording,
thresholds and large families make an authority wobble by more than that; and sometimes something has
changed. The first follows from the counts. The second is measured here across authorities: it is the part
of their changes that does not last. What is larger than both together, even after allowing for how many
authorities were looked at, is called probably real.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from cptrends.data.status import has_value, weakest
from cptrends.errors import BadInput
from cptrends.trends.funnels import FEWEST_AREAS, SCALE
from cptrends.trends.inputs import to_floats
from cptrends.trends.scaled import Figures, Kind, scaled_figures
from cptrends.trends.wobble import SURE, excess, history, typical_unsteadiness, unsteadiness, wobble_of

#: With fewer events than this in the two years together nothing can be said.
FEWEST_EVENTS = 10
KINDS = ("share", "rate", "count_ratio")
_UNIT = {"share": "%", "rate": " per 10,000", "count_ratio": ""}


@dataclass(frozen=True)
class Ordinary:
    """What a change looks like in which nothing lasting happened.

    Attributes
    ----------
    wobble : float
        Its variance beyond chance, of the typical area.
    unsteadiness, freedom : array of float
        Each area's multiple of the variance, and the degrees of freedom behind it.
    """

    wobble: float
    unsteadiness: np.ndarray
    freedom: np.ndarray


class Settings(NamedTuple):
    """How a pair of years is judged, as in `judge_changes`."""

    kind: Kind
    per: float
    rate_of_error: float
    confidence: float
    breaks: Mapping[int, str]


def judge_changes(
    figures: pd.DataFrame,
    *,
    kind: Kind,
    pairs: Literal["adjacent", "all"] | Sequence[tuple[int, int]] = "adjacent",
    per: float | None = None,
    wobble: float | None = None,
    breaks: Mapping[int, str] | None = None,
    rate_of_error: float = 0.05,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Whether each area's change between each pair of years is more than chance and ordinary wobble.

    Parameters
    ----------
    figures : DataFrame
        Columns area_code, year, numerator, denominator and, if wanted, status: one indicator, the
        authorities only (no England or regions, which are not further examples of an authority), and as
        many years as there are: the wobble is measured from all of them.
    kind : {"share", "rate", "count_ratio"}
        A part of its denominator, events among a population, or one count over another.
    pairs : "adjacent", "all", or a list of (earlier, later) years
    per : float, optional
        100 for a share, 10,000 for a rate, 1 for a ratio of counts unless said otherwise.
    wobble : float, optional
        Variance of a change in which nothing lasting happened, beyond chance, on the scale named under Notes, where
        it is known from elsewhere. Without it at least ten areas are needed.
    breaks : dict of int to str, optional
        Known breaks: the first year after it, and a sentence. A pair across one carries it.
    rate_of_error : float
        Of the changes called probably real in a pair of years, at most this share is expected to be
        chance (false discovery rate, Benjamini and Hochberg 1995).
    confidence : float
        Of the interval, which is for one area looked at alone.

    Returns
    -------
    DataFrame
        A row per pair and area: area_code, earlier, later, value_earlier, value_later, value (the
        difference), lower, upper, chance (probability of a change this large, either way, when nothing
        has changed), chance_adjusted (allowing for the number looked at), n_areas (how many), typical (the
        median change of the areas), moved_as_far (percent of areas whose change, either way, is at least as
        large), wobble, unsteadiness, verdict ("Probably real", "Could be chance" or "Cannot tell"), sentence,
        method, status, note.

    Raises
    ------
    BadInput
        If a column or a year is missing, an area and year occur twice, or a setting is not possible.

    Notes
    -----
    Scale: log of a rate or ratio (half an event added), arcsine root of a share. The variance of a change is that of
    the two counts plus the wobble, both multiplied by the area's unsteadiness, and never less than that of the counts.

    The wobble is what comes and goes. A year that is high for no lasting reason makes the change into it large and the
    change out of it small: the covariance of neighbouring changes (about their years' medians, z clipped at 3) is minus
    half of the wobble, less chance. It is taken to be at most the whole variance of one-year changes beyond chance (z
    clipped at 1.5), and just that without three years in a row, when real but modest changes are called chance.

    Some authorities are unsteadier than others. An area's unsteadiness combines the record of its own other years
    with that of all areas by empirical Bayes (Smyth, *Statistical Applications in Genetics and Molecular Biology* 3: 3,
    2004), and the t distribution that goes with it is used.

    Children on a plan on two neighbouring 31 Marches are partly the same children, so for such counts the judgement
    errs on the side of chance.

    Examples
    --------
    >>> random = np.random.default_rng(1)
    >>> figures = pd.DataFrame([(f"A{i:02}", year, random.poisson(400), 100_000)
    ...     for i in range(30) for year in (2014, 2015)], columns=["area_code", "year", "numerator", "denominator"])
    >>> figures.loc[1, "numerator"] = 700
    >>> judge_changes(figures, kind="rate").loc[:2, ["area_code", "value_later", "verdict"]]
      area_code  value_later          verdict
    0       A00         70.0    Probably real
    1       A01         40.3  Could be chance
    2       A02         39.0  Could be chance
    """
    if kind not in KINDS:
        raise BadInput(f"kind {kind!r} is not known; it must be one of {', '.join(KINDS)}")
    if not 0 < rate_of_error < 1 or not 0 < confidence < 1:
        raise BadInput("rate_of_error and confidence must lie between 0 and 1, such as 0.05 and 0.95")
    settings = Settings(kind, SCALE[kind] if per is None else per, rate_of_error, confidence, breaks or {})
    found = scaled_figures(figures, kind)
    one_year = excess(found, 1) if wobble is None else wobble
    usual = wobble_of(found, one_year) if wobble is None else wobble
    records = history(found, one_year)
    typical, freedom = typical_unsteadiness(records) if wobble is None else (1.0, SURE)
    frames = []
    for earlier, later in _pairs(pairs, found.years):
        # An area's own record, less the change that is being judged.
        own = np.delete(records, found.years.index(earlier), axis=1) if later - earlier == 1 else records
        ordinary = Ordinary(usual, *unsteadiness(own, typical, freedom))
        frames.append(_judged(found.of((earlier, later)), ordinary, settings))
    if not frames:
        raise BadInput("there is no pair of years to compare; figures for at least two years are wanted")
    return pd.concat(frames, ignore_index=True)


def false_discovery(chance: npt.ArrayLike) -> np.ndarray:
    """Probabilities adjusted for how many were looked at (Benjamini and Hochberg, 1995).

    Parameters
    ----------
    chance : array of float
        p-values; NaN where there was nothing to judge, which counts as not looked at.

    Returns
    -------
    numpy array of float

    Examples
    --------
    >>> false_discovery([0.01, 0.04, float("nan"), 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, nan, 0.0533, 0.5]
    """
    chances = to_floats(chance)
    adjusted = np.full(chances.shape, np.nan)
    looked = np.flatnonzero(~np.isnan(chances))
    if looked.size:
        order = looked[np.argsort(chances[looked], kind="stable")]
        stretched = chances[order] * looked.size / np.arange(1, looked.size + 1)
        adjusted[order] = np.minimum(np.minimum.accumulate(stretched[::-1])[::-1], 1)
    return adjusted


def _pairs(
    pairs: Literal["adjacent", "all"] | Sequence[tuple[int, int]], years: list[int]
) -> Sequence[tuple[int, int]]:
    if isinstance(pairs, str):
        if pairs not in ("adjacent", "all"):
            raise BadInput(f"pairs {pairs!r} is not known; it must be adjacent, all or a list of pairs of years")
        every = list(itertools.combinations(years, 2))
        return every if pairs == "all" else [pair for pair in every if pair[1] - pair[0] == 1]
    for pair in pairs:
        if len(pair) != 2 or not set(pair) <= set(years) or pair[0] >= pair[1]:
            raise BadInput(
                f"the pair {tuple(pair)} cannot be compared; two years from {years[0]} to {years[-1]} "
                "are wanted, the earlier first"
            )
    return pairs


def _judged(pair: Figures, ordinary: Ordinary, settings: Settings) -> pd.DataFrame:
    """One pair of years, a row for each area."""
    per, (earlier, later) = settings.per, pair.years
    value = pair.count / pair.size
    both, enough = pair.usable.all(axis=1), pair.count.sum(axis=1) >= FEWEST_EVENTS
    change = np.where(enough & both, pair.scaled[:, 1] - pair.scaled[:, 0], np.nan)
    total = _variance(pair, ordinary)
    chance = np.minimum(2 * special.stdtr(ordinary.freedom, -np.abs(change) / np.sqrt(total)), 1)
    adjusted = false_discovery(chance)
    difference = value[:, 1] - value[:, 0]
    lower, upper = _limits(pair, ordinary, settings)
    status, reason = _reasons(pair, enough, np.isnan(ordinary.wobble))
    verdict = np.where(adjusted <= settings.rate_of_error, "Probably real", "Could be chance")
    told = ~np.isnan(difference)
    frame = pd.DataFrame(
        {
            "area_code": np.array(pair.areas, dtype=object),
            "earlier": earlier,
            "later": later,
            "value_earlier": value[:, 0] * per,
            "value_later": value[:, 1] * per,
            "value": difference * per,
            "lower": lower * per,
            "upper": upper * per,
            "chance": chance,
            "chance_adjusted": adjusted,
            "n_areas": int((~np.isnan(chance)).sum()),
            "typical": np.median(difference[told]) * per if told.any() else np.nan,
            "moved_as_far": _moved_as_far(change),
            "wobble": ordinary.wobble,
            "unsteadiness": ordinary.unsteadiness,
            "verdict": np.where(reason != "", "Cannot tell", verdict),
        }
    )
    unit = _UNIT[settings.kind] if per == SCALE[settings.kind] else f" per {per:,g}"
    frame["sentence"] = [
        f"Cannot tell: {why}" if why else _sentence(row, unit)
        for why, row in zip(reason, frame.itertuples(index=False), strict=True)
    ]
    scale = "arcsine" if settings.kind == "share" else "log"
    frame["method"] = f"Difference on the {scale} scale, over-dispersed; false discovery rate"
    frame["status"] = status
    crossed = (sentence for year, sentence in sorted(settings.breaks.items()) if earlier < year <= later)
    frame["note"] = " ".join(crossed)
    return frame


def _variance(pair: Figures, ordinary: Ordinary) -> np.ndarray:
    """Of each area's change when nothing lasting happened: never less than that of the counts."""
    by_chance = pair.variance.sum(axis=1)
    return np.maximum((by_chance + ordinary.wobble) * ordinary.unsteadiness, by_chance)


def _limits(pair: Figures, ordinary: Ordinary, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """Of each area's difference: each year's limits carry half of the wobble, combined as in Newcombe's method."""
    value, scaled = pair.count / pair.size, pair.scaled
    grown = (_variance(pair, ordinary) / (pair.variance.sum(axis=1) + ordinary.wobble))[:, None]
    reach = special.stdtrit(ordinary.freedom, (1 + settings.confidence) / 2)[:, None]
    half = reach * np.sqrt((pair.variance + ordinary.wobble / 2) * grown)
    if settings.kind == "share":
        low, high = (np.sin(np.clip(scaled + sign * half, 0, np.pi / 2)) ** 2 for sign in (-1, 1))
    else:
        low, high = np.exp(scaled - half), np.exp(scaled + half)
    below, above = np.maximum(value - low, 0), np.maximum(high - value, 0)
    difference = value[:, 1] - value[:, 0]
    return (
        difference - np.sqrt(below[:, 1] ** 2 + above[:, 0] ** 2),
        difference + np.sqrt(above[:, 1] ** 2 + below[:, 0] ** 2),
    )


def _reasons(pair: Figures, enough: np.ndarray, no_wobble: bool) -> tuple[np.ndarray, np.ndarray]:
    """Each area's status, and why nothing can be said of it ("" where something can)."""
    status, both = weakest(pair.statuses[:, 0], pair.statuses[:, 1]), pair.usable.all(axis=1)
    reason = np.select(
        [~has_value(status), ~both, ~enough, np.full(len(pair.areas), no_wobble)],
        [
            np.where(status == "suppressed", "a count is suppressed.", "there is no figure for both years."),
            "a denominator is nought, or a count is larger than the whole it is part of.",
            f"there are fewer than {FEWEST_EVENTS} in the two years together.",
            f"fewer than {FEWEST_AREAS} areas have both years, so ordinary wobble cannot be measured.",
        ],
        "",
    )
    return np.where(has_value(status) & ~both, "unavailable", status), reason


def _moved_as_far(change: np.ndarray) -> np.ndarray:
    """Percent of areas whose change is at least as large, either way: a lasting change may still be a common one."""
    far = np.sort(np.abs(change[~np.isnan(change)]))
    as_far = 100 * (far.size - np.searchsorted(far, np.abs(change) * (1 - 1e-12))) / max(far.size, 1)
    return np.where(np.isnan(change), np.nan, as_far)


def _sentence(row: Any, unit: str) -> str:
    digits = 1 if abs(row.value_later) >= 1 or abs(row.value_earlier) >= 1 else 3
    way = "up" if row.value > 0 else "down"
    moved = f"{way} from {row.value_earlier:.{digits}f} to {row.value_later:.{digits}f}{unit}"
    if row.value == 0:
        moved = f"the same, {row.value_later:.{digits}f}{unit}"
    if row.chance < 0.001:
        often = "fewer than 1 in 1,000 times"
    elif row.chance < 0.1:
        often = f"about 1 in {round(1 / row.chance):,} times"
    else:
        often = f"{100 * row.chance:.0f}% of the time"
    return (
        f"{row.verdict}: {moved} ({row.earlier} to {row.later}); an area in which nothing changed moves this far "
        f"{often}; {row.moved_as_far:.0f}% of the {row.n_areas} areas looked at did."
    )
