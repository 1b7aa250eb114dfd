"""Is this change real? Every area and pair of years, judged together.

A figure moves for three reasons: counts of children vary by chance; recording, thresholds and large families make an
authority wobble about its own level by more than that; and sometimes the level itself has changed. The first follows
from the counts, the second is measured here from all authorities' years. A change larger than these two together would
explain is called unusual.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from cptrends.data.status import has_value
from cptrends.trends.change_settings import Settings, checked_wobble, settings
from cptrends.trends.change_words import CANNOT, UNUSUAL_LABEL, WITHIN, sentence
from cptrends.trends.compared import Pair, Pairs, compared, spans
from cptrends.trends.funnels import FEWEST_AREAS, SCALE
from cptrends.trends.many import UNUSUAL, false_discovery
from cptrends.trends.scaled import Kind, scaled_figures
from cptrends.trends.visible import visible
from cptrends.trends.wobble import known, ordinary, unsteadiness

#: Where neither a rise by so many percent nor a fall by so many could be seen, a label would say nothing: a doubling
#: and a halving.
MOST_VISIBLE_RISE, MOST_VISIBLE_FALL = 100, 50
#: With fewer events than this in the years compared nothing can be said.
FEWEST_EVENTS = 10
_UNIT = {"share": "%", "rate": " per 10,000", "count_ratio": ""}


class Distance(NamedTuple):
    """How changes are measured against chance and wobble, area by area."""

    unsteadiness: np.ndarray
    freedom: np.ndarray

    def variance(self, by_chance: np.ndarray, by_wobble: np.ndarray) -> np.ndarray:
        """Of a change when nothing lasting happened: never less than that of the counts."""
        return np.maximum((by_chance + by_wobble) * self.unsteadiness, by_chance)

    def probability(self, change: np.ndarray, by_chance: np.ndarray, by_wobble: np.ndarray) -> np.ndarray:
        """Of a change as large, either way."""
        with np.errstate(invalid="ignore", divide="ignore"):
            away = np.where(change == 0, 0, np.abs(change) / np.sqrt(self.variance(by_chance, by_wobble)))
        return np.minimum(2 * special.stdtr(self.freedom, -away), 1)


def judge_changes(
    figures: pd.DataFrame,
    *,
    kind: Kind,
    pairs: Pairs = "adjacent",
    per: float | None = None,
    wobble: float | None = None,
    breaks: Mapping[int, str] | None = None,
    rate_of_error: float = 0.05,
    confidence: float = 0.95,
    limit: float = UNUSUAL,
    into: int | None = None,
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
    pairs : "adjacent", "all", "five_years", or a list of (earlier, later) years
        "five_years" asks whether the level has changed: the mean of the last two years, against the mean of up to five
        years (two at least) that end five years before the last.
    per : float, optional
        100 for a share, 10,000 for a rate, 1 for a ratio of counts unless said otherwise.
    wobble : float, optional
        Variance of a change from one year to another in which nothing lasting happened, beyond chance, on the scale
        named under Notes, where it is known from elsewhere. Without it at least ten areas are needed.
    breaks : dict of int to str, optional
        Known breaks: the first year after it, and a sentence. A pair across one carries it.
    rate_of_error : float
        Of the changes called probably real in a pair of years, at most this share is expected to be
        chance (false discovery rate, Benjamini and Hochberg 1995).
    confidence : float
        Of the interval, which is for one area looked at alone.
    limit : float
        A change is called unusual where its `chance` is smaller. 0.01 is for one authority and one indicator; for a
        page of many use `limit_on_a_page`, which is stricter and finds less.
    into : int, optional
        Only the pairs whose later year this is.

    Returns
    -------
    DataFrame
        A row per pair and area.

        - area_code, earlier, later; years_earlier, years_later: the years compared, tuples of int.
        - value_earlier, value_later: what is compared, the mean of those years; value: the difference; lower, upper.
        - chance: probability of a change this large, either way, when nothing has changed.
        - label: "Unusual" where that is below `limit`; otherwise "Within its ordinary range", or "Cannot tell" where
          nothing could be judged or neither a doubling nor a halving would have been called unusual. For one area.
        - visible_rise, visible_fall: the smallest that would have been called unusual there, in percent of
          value_earlier, positive; NaN where nothing could be judged, or none would have been.
        - chance_adjusted, verdict: allowing for the number of areas looked at ("Probably real", "Could be chance" or
          "Cannot tell"). For lists across areas.
        - n_areas: how many could be judged; typical: the median change of the areas; moved_as_far: percent of areas
          whose change, either way, is at least as large; wobble, as the argument; unsteadiness: the area's multiple
          of the variance; sentence, method, status, note.

    Raises
    ------
    BadInput
        If a column or a year is missing, an area and year occur twice, or a setting is not possible.

    Notes
    -----
    Scale: log of a rate or ratio (half an event added), arcsine root of a share. The variance of a change is that of
    the counts plus the wobble, both multiplied by the area's unsteadiness, and never less than that of the counts.

    What is ordinary: how far a year lies from the area's own level. It is measured from second differences, a year
    against the mean of the years beside it, of all areas and years: the wobble is that at which half of them lie
    within half of a normal distribution. So a level that moved, the area's own or others', does not widen it, nor does
    a steady drift; of levels that wander every year a third does. The price: an authority that is high for three years
    and comes back has, here, changed its level twice. Unusual therefore means "more than its ups and downs from year to
    year", and not "rare": see moved_as_far.

    The number of false calls that `limit` promises holds where ups and downs are over by the next year. Where part of
    them lasts longer, several times as many quiet authorities are called unusual over five years. The real figures
    have such a memory, or levels that move every few years: fifteen years hardly tell the two apart.
    benchmarks/README.md has how many are called, what is found, and where it falls short. Wobbles with heavy tails
    (Student's t with 3 degrees of freedom) make it 3% instead of 1%, and twelve areas, from which little can be learnt
    of how they wobble, nearly 2%. A change that all areas share is not taken out: with a drift of 3% a year in all of
    them one in eight is called unusual over five years. Hold `typical`, the median change of the areas, beside it.

    Some authorities are unsteadier than others. An area's unsteadiness combines the record of its own other years,
    without the two largest second differences (one lasting change makes two), with that of all areas by empirical
    Bayes (Smyth, *Statistical Applications in Genetics and Molecular Biology* 3: 3, 2004), and the t distribution that
    goes with it is used.

    Children on a plan on two neighbouring 31 Marches are partly the same children, and the counts above and below the
    line of a ratio may be. Where second differences, of small areas above all, are smaller than independent counts
    allow, the share of chance that is counted twice is measured from them and left out.

    Examples
    --------
    >>> random = np.random.default_rng(1)
    >>> figures = pd.DataFrame([(f"A{i:02}", year, random.poisson(400), 100_000)
    ...     for i in range(30) for year in (2014, 2015)], columns=["area_code", "year", "numerator", "denominator"])
    >>> figures.loc[1, "numerator"] = 700
    >>> judge_changes(figures, kind="rate").loc[:2, ["area_code", "value_later", "label", "verdict"]]
      area_code  value_later                      label          verdict
    0       A00         70.0                    Unusual    Probably real
    1       A01         40.3  Within its ordinary range  Could be chance
    2       A02         39.0  Within its ordinary range  Could be chance
    """
    asked = settings(kind, per, rate_of_error, confidence, limit, breaks)
    wobble = checked_wobble(wobble)
    found = scaled_figures(figures, kind)
    usual = ordinary(found) if wobble is None else known(wobble / 2, found)
    frames = []
    for span in spans(pairs, found.years, into):
        record = usual.record.copy()
        if span.later - span.earlier == 1:  # An area's own record, less the change that is being judged.
            last = found.years.index(span.later)
            record[:, max(last - 2, 0) : last] = np.nan
        distance = Distance(*unsteadiness(record, usual.typical, usual.freedom))
        frames.append(_judged(compared(found, span, usual, kind), distance, asked))
    return pd.concat(frames, ignore_index=True)


def _judged(pair: Pair, distance: Distance, asked: Settings) -> pd.DataFrame:
    """One pair of years, a row for each area."""
    per, span, value = asked.per, pair.span, pair.values()
    value[~pair.told] = np.nan
    enough, no_wobble = pair.events() >= FEWEST_EVENTS, bool(np.isnan(pair.ordinary.wobble))
    with np.errstate(all="ignore"):
        parts = pair.change()
    change = np.where(enough & ~no_wobble, parts[0], np.nan)
    chance = distance.probability(change, *parts[1:])
    adjusted = false_discovery(chance)
    difference = value[:, 1] - value[:, 0]
    lower, upper = _limits(value, distance.variance(*parts[1:]), distance.freedom, asked)
    status, reason = _reasons(pair, enough, no_wobble)
    reach = special.stdtrit(distance.freedom, 1 - asked.limit / 2)
    with np.errstate(all="ignore"):
        rise, fall = visible(pair, lambda move, *by: np.abs(move) >= reach * np.sqrt(distance.variance(*by)))
    rise, fall = (np.where(np.isnan(chance), np.nan, smallest) for smallest in (rise, fall))
    told = ~np.isnan(difference)
    frame = pd.DataFrame(
        {
            "area_code": np.array(pair.figures.areas, dtype=object),
            "earlier": span.earlier,
            "later": span.later,
            "years_earlier": _years(pair, slice(None, pair.split)),
            "years_later": _years(pair, slice(pair.split, None)),
            "value_earlier": value[:, 0] * per,
            "value_later": value[:, 1] * per,
            "value": difference * per,
            "lower": lower * per,
            "upper": upper * per,
            "chance": chance,
            "label": _labels(chance, rise, fall, asked.limit),
            "visible_rise": rise,
            "visible_fall": fall,
            "chance_adjusted": adjusted,
            "n_areas": int((~np.isnan(chance)).sum()),
            "typical": np.median(difference[told]) * per if told.any() else np.nan,
            "moved_as_far": _moved_as_far(change),
            "wobble": 2 * pair.ordinary.wobble,
            "unsteadiness": distance.unsteadiness,
            "verdict": np.where(adjusted <= asked.rate_of_error, "Probably real", "Could be chance"),
        }
    )
    frame.loc[reason != "", "verdict"] = CANNOT
    unit = _UNIT[asked.kind] if per == SCALE[asked.kind] else f" per {per:,g}"
    frame["sentence"] = [
        f"Cannot tell: {why}" if why else sentence(row, unit)
        for why, row in zip(reason, frame.itertuples(index=False), strict=True)
    ]
    scale = "arcsine" if asked.kind == "share" else "log"
    frame["method"] = f"Difference on the {scale} scale against the area's wobble about its level"
    frame["status"] = status
    crossed = (what for year, what in sorted(asked.breaks.items()) if span.before[0] < year <= span.later)
    frame["note"] = " ".join(crossed)
    return frame


def _labels(chance: np.ndarray, rise: np.ndarray, fall: np.ndarray, limit: float) -> np.ndarray:
    """What is said of each area by itself."""
    blind = ~(rise <= MOST_VISIBLE_RISE) & ~(fall <= MOST_VISIBLE_FALL)
    return np.select([np.isnan(chance), chance <= limit, blind], [CANNOT, UNUSUAL_LABEL, CANNOT], WITHIN)


def _years(pair: Pair, side: slice) -> list[tuple[int, ...]]:
    """The years that are compared of each area."""
    years = np.array(pair.figures.years[side])
    return [tuple(years[used].tolist()) for used in pair.used[:, side]]


def _limits(
    value: np.ndarray, variance: np.ndarray, freedom: np.ndarray, asked: Settings
) -> tuple[np.ndarray, np.ndarray]:
    """Of each area's difference: either figure's limits carry half of the variance, combined as Newcombe does."""
    half = (special.stdtrit(freedom, (1 + asked.confidence) / 2) * np.sqrt(variance / 2))[:, None]
    if asked.kind == "share":
        scaled = np.arcsin(np.sqrt(np.clip(value, 0, 1)))
        low, high = (np.sin(np.clip(scaled + sign * half, 0, np.pi / 2)) ** 2 for sign in (-1, 1))
    else:
        low, high = value * np.exp(-half), value * np.exp(half)
    below, above = np.maximum(value - low, 0), np.maximum(high - value, 0)
    difference = value[:, 1] - value[:, 0]
    return (
        difference - np.sqrt(below[:, 1] ** 2 + above[:, 0] ** 2),
        difference + np.sqrt(above[:, 1] ** 2 + below[:, 0] ** 2),
    )


def _reasons(pair: Pair, enough: np.ndarray, no_wobble: bool) -> tuple[np.ndarray, np.ndarray]:
    """Each area's status, and why nothing can be said of it ("" where something can)."""
    status = pair.status()
    two = "both years" if len(pair.figures.years) == 2 else "enough of the years"
    reason = np.select(
        [~pair.told & ~has_value(status), ~pair.told, ~enough, np.full(len(status), no_wobble)],
        [
            np.where(status == "suppressed", "a count is suppressed.", f"there are no counts for {two}."),
            "a denominator is zero, or a count is larger than the whole it is part of.",
            f"there are fewer than {FEWEST_EVENTS} in the years compared.",
            f"fewer than {FEWEST_AREAS} areas have counts for the years, so ordinary wobble cannot be measured.",
        ],
        "",
    )
    return np.where(has_value(status) & ~pair.told, "unavailable", status), reason


def _moved_as_far(change: np.ndarray) -> np.ndarray:
    """Percent of areas whose change is at least as large, either way: a lasting change may still be a common one."""
    far = np.sort(np.abs(change[~np.isnan(change)]))
    as_far = 100 * (far.size - np.searchsorted(far, np.abs(change) * (1 - 1e-12))) / max(far.size, 1)
    return np.where(np.isnan(change), np.nan, as_far)
