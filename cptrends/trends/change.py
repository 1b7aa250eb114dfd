"""Is this change real? Every area and pair of years, judged together.

A figure moves from year to year for three reasons: counts of children vary by chance; recording,
thresholds and large families make an authority wobble by more than that; and sometimes something has
changed. The first follows from the counts. The second is measured here across authorities: it is the part
of their changes that does not last. What is larger than both together, even after allowing for how many
authorities were looked at, is called probably real.
"""

import itertools

import numpy as np
import pandas as pd
from scipy import special

from cptrends.data.status import has_value, weakest
from cptrends.errors import BadInput
from cptrends.trends._tables import statuses_of, to_floats
from cptrends.trends.funnels import FEWEST_AREAS, SCALE

#: With fewer events than this in the two years together nothing can be said.
FEWEST_EVENTS = 10
KINDS = ("share", "rate", "count_ratio")
_UNIT = {"share": "%", "rate": " per 10,000", "count_ratio": ""}
#: z-scores beyond this count as this when the ordinary wobble is measured, so that an area in which
#: something did change does not widen everyone's limits (Huber's proposal 2).
_CLIP = 1.5
_CLIPPED_VARIANCE = float(
    2 * (special.ndtr(_CLIP) - 0.5 - _CLIP * np.exp(-(_CLIP**2) / 2) / np.sqrt(2 * np.pi))
    + 2 * _CLIP**2 * special.ndtr(-_CLIP)
)
#: A squared change counts as at most this many standard deviations in an area's record.
_FAR = 3
#: Changes an area's record needs before it says how much areas differ in steadiness.
_RECORD = 4
#: Degrees of freedom of what all areas say about one: when its wobble is given as known; at most, since there may
#: always be one that is unlike the rest; and without any record.
_SURE, _MOST, _UNKNOWN = 1000.0, 20.0, 10.0
#: Neighbouring changes share a year, so a record of n is worth about two thirds of n.
_EFFECTIVE = 2 / 3


def judge_changes(
    figures, *, kind, pairs="adjacent", per=None, wobble=None, breaks=None, rate_of_error=0.05, confidence=0.95
):
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
    per = SCALE[kind] if per is None else per
    count, size, statuses, areas, years = _wide(figures)
    usable = has_value(statuses) & (size > 0) & (count >= 0) & ~((kind == "share") & (count > size))
    count, size = np.where(usable, count, np.nan), np.where(usable, size, np.nan)
    if kind == "share":
        scaled, variance = np.arcsin(np.sqrt(count / size)), 0.25 / size
    else:
        scaled, variance = np.log((count + 0.5) / size), 1 / (count + 0.5)
        if kind == "count_ratio":
            scaled, variance = np.log((count + 0.5) / (size + 0.5)), variance + 1 / (size + 0.5)
    known = wobble is not None
    one_year = wobble if known else _excess(scaled, variance, years, 1)
    if not known:
        wobble = _wobble(scaled, variance, years, one_year)
    history = _history(scaled, variance, years, one_year)
    prior = (1.0, _SURE) if known else _prior(history)

    at = {year: place for place, year in enumerate(years)}
    frames = []
    for earlier, later in _pairs(pairs, years):
        a, b = at[earlier], at[later]
        # An area's own record, less the change that is being judged.
        record = np.delete(history, a, axis=1) if later - earlier == 1 else history
        unsteadiness, freedom = _unsteadiness(record, *prior)
        frames.append(
            _judge(
                areas,
                earlier,
                later,
                count[:, [a, b]],
                size[:, [a, b]],
                scaled[:, [a, b]],
                variance[:, [a, b]],
                statuses[:, [a, b]],
                usable[:, [a, b]],
                wobble,
                unsteadiness,
                freedom,
                kind,
                per,
                rate_of_error,
                confidence,
                breaks or {},
            )
        )
    if not frames:
        raise BadInput("there is no pair of years to compare; figures for at least two years are wanted")
    return pd.concat(frames, ignore_index=True)


def false_discovery(chance):
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
    chance = to_floats(chance)
    adjusted = np.full(chance.shape, np.nan)
    looked = np.flatnonzero(~np.isnan(chance))
    if looked.size:
        order = looked[np.argsort(chance[looked], kind="stable")]
        stretched = chance[order] * looked.size / np.arange(1, looked.size + 1)
        adjusted[order] = np.minimum(np.minimum.accumulate(stretched[::-1])[::-1], 1)
    return adjusted


def _wide(figures):
    """Areas x years arrays from the long frame."""
    missing = {"area_code", "year", "numerator", "denominator"} - set(figures.columns)
    if missing:
        raise BadInput(f"the figures have no column {', '.join(sorted(missing))}")
    areas, years = pd.unique(figures["area_code"]).tolist(), sorted(int(y) for y in pd.unique(figures["year"]))
    place = pd.Index(areas).get_indexer(figures["area_code"]), pd.Index(years).get_indexer(figures["year"])
    shape = len(areas), len(years)
    if np.unique(np.ravel_multi_index(place, shape)).size < len(figures):
        raise BadInput("an area and year occur twice in the figures; one row each is wanted")
    count, size = np.full(shape, np.nan), np.full(shape, np.nan)
    count[place], size[place] = to_floats(figures["numerator"]), to_floats(figures["denominator"])
    statuses = np.full(shape, "unavailable", dtype=object)
    statuses[place] = figures["status"].to_numpy(dtype=object) if "status" in figures else "reported"
    return count, size, statuses_of(count + size, statuses), areas, years


def _pairs(pairs, years):
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
    return [tuple(pair) for pair in pairs]


def _wobble(scaled, variance, years, one_year):
    """What does not last of the changes from one year to the next, as a variance beyond chance.

    A year that is high by a wobble makes the change into it large and the change out of it small, so neighbouring
    changes go against each other by as much as the wobble; what lasts leaves no such trace. Without three years in a
    row everything beyond chance counts as wobble.
    """
    if np.isnan(one_year):
        return _excess(scaled, variance, years, years[-1] - years[0])
    change = np.diff(scaled, axis=1)
    change[:, np.diff(years) != 1] = np.nan
    usual = np.sqrt(variance[:, 1:] + variance[:, :-1] + one_year)
    z = np.clip((change - _median(change)) / usual, -_FAR, _FAR)
    product, scale = z[:, 1:] * z[:, :-1], usual[:, 1:] * usual[:, :-1]
    have = ~np.isnan(product)
    if have.sum() < FEWEST_AREAS:
        return one_year
    against = -product[have].sum() - (variance[:, 1:-1] / scale)[have].sum()
    return float(np.clip(2 * against / (1 / scale[have]).sum(), 0, one_year))


def _median(change):
    """Median change of each pair of years; nought where there is none."""
    return np.nanmedian(np.where(np.isnan(change).all(axis=0), 0, change), axis=0)


def _excess(scaled, variance, years, lag):
    """Variance of all changes over so many years beyond that of the counts; NaN without enough areas."""
    at = {year: place for place, year in enumerate(years)}
    away, by_chance = [], []
    for year in years:
        if lag and year + lag in at:
            a, b = at[year], at[year + lag]
            change = scaled[:, b] - scaled[:, a]
            have = ~np.isnan(change)
            if have.sum() >= FEWEST_AREAS:
                away.append(change[have] - np.median(change[have]))
                by_chance.append((variance[:, a] + variance[:, b])[have])
    if not away:
        return np.nan
    away, by_chance = np.concatenate(away), np.concatenate(by_chance)

    def clipped(tau2):
        return np.minimum(away**2 / (by_chance + tau2), _CLIP**2).mean()

    low, high = 0.0, max(float(np.max(away**2)), 1e-12)
    if clipped(low) <= _CLIPPED_VARIANCE:
        return 0.0
    while clipped(high) > _CLIPPED_VARIANCE:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if clipped(middle) > _CLIPPED_VARIANCE else (low, middle)
    return high


def _history(scaled, variance, years, one_year):
    """Squared one-year changes over their usual variance, areas x (years - 1); NaN where there is none."""
    change = np.diff(scaled, axis=1)
    change[:, np.diff(years) != 1] = np.nan
    squared = (change - _median(change)) ** 2 / (variance[:, 1:] + variance[:, :-1] + one_year)
    return np.minimum(squared, _FAR**2)


def _prior(history):
    """Typical unsteadiness and its degrees of freedom: few when areas differ much in how steady they are."""
    n = (~np.isnan(history)).sum(axis=1)
    many = n >= _RECORD
    if many.sum() < FEWEST_AREAS:
        return 1.0, _UNKNOWN
    freedom = n[many] * _EFFECTIVE
    log = np.log(np.maximum(np.nanmean(history[many], axis=1), 1e-6))
    log += np.log(freedom / 2) - special.psi(freedom / 2)
    excess = log.var(ddof=1) - special.polygamma(1, freedom / 2).mean()
    low, high = 0.5, _SURE
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if special.polygamma(1, middle / 2) > excess else (low, middle)
    return float(np.exp(log.mean() + special.psi(high / 2) - np.log(high / 2))), min(high, _MOST)


def _unsteadiness(record, typical, freedom):
    """Each area's multiple of the variance, and the degrees of freedom behind it."""
    n = (~np.isnan(record)).sum(axis=1) * _EFFECTIVE
    return (freedom * typical + np.nansum(record, axis=1) * _EFFECTIVE) / (freedom + n), freedom + n


def _judge(
    areas,
    earlier,
    later,
    count,
    size,
    scaled,
    variance,
    statuses,
    usable,
    wobble,
    unsteadiness,
    freedom,
    kind,
    per,
    rate_of_error,
    confidence,
    breaks,
):
    """One pair of years: arrays are areas x 2."""
    value = count / size
    by_chance = variance.sum(axis=1)
    total = np.maximum((by_chance + wobble) * unsteadiness, by_chance)
    enough = count.sum(axis=1) >= FEWEST_EVENTS
    both = usable.all(axis=1)
    change = np.where(enough & both, scaled[:, 1] - scaled[:, 0], np.nan)
    chance = np.minimum(2 * special.stdtr(freedom, -np.abs(change) / np.sqrt(total)), 1)
    adjusted = false_discovery(chance)

    # Each year's limits carry half of the wobble; they combine as in Newcombe's method for differences.
    grown = (total / (by_chance + wobble))[:, None]
    half = special.stdtrit(freedom, (1 + confidence) / 2)[:, None] * np.sqrt((variance + wobble / 2) * grown)
    if kind == "share":
        low, high = (np.sin(np.clip(scaled + sign * half, 0, np.pi / 2)) ** 2 for sign in (-1, 1))
    else:
        low, high = np.exp(scaled - half), np.exp(scaled + half)
    below, above = np.maximum(value - low, 0), np.maximum(high - value, 0)
    difference = value[:, 1] - value[:, 0]
    lower = difference - np.sqrt(below[:, 1] ** 2 + above[:, 0] ** 2)
    upper = difference + np.sqrt(above[:, 1] ** 2 + below[:, 0] ** 2)

    status = weakest(statuses[:, 0], statuses[:, 1])
    reason = np.select(
        [~has_value(status), ~both, ~enough, np.full(len(areas), np.isnan(wobble))],
        [
            np.where(status == "suppressed", "a count is suppressed.", "there is no figure for both years."),
            "a denominator is nought, or a count is larger than the whole it is part of.",
            f"there are fewer than {FEWEST_EVENTS} in the two years together.",
            f"fewer than {FEWEST_AREAS} areas have both years, so ordinary wobble cannot be measured.",
        ],
        "",
    )
    status = np.where(has_value(status) & ~both, "unavailable", status)
    verdict = np.where(adjusted <= rate_of_error, "Probably real", "Could be chance")
    verdict = np.where(reason != "", "Cannot tell", verdict)
    told = ~np.isnan(difference)
    # A lasting change may still be a common one.
    far = np.sort(np.abs(change[~np.isnan(change)]))
    as_far = 100 * (far.size - np.searchsorted(far, np.abs(change) * (1 - 1e-12))) / max(far.size, 1)
    frame = pd.DataFrame(
        {
            "area_code": np.array(areas, dtype=object),
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
            "moved_as_far": np.where(np.isnan(change), np.nan, as_far),
            "wobble": wobble,
            "unsteadiness": unsteadiness,
            "verdict": verdict,
        }
    )
    unit = _UNIT[kind] if per == SCALE[kind] else f" per {per:,g}"
    frame["sentence"] = [
        f"Cannot tell: {why}" if why else _sentence(row, unit)
        for why, row in zip(reason, frame.itertuples(index=False))
    ]
    scale = "arcsine" if kind == "share" else "log"
    frame["method"] = f"Difference on the {scale} scale, over-dispersed; false discovery rate"
    frame["status"] = status
    frame["note"] = " ".join(sentence for year, sentence in sorted(breaks.items()) if earlier < year <= later)
    return frame


def _sentence(row, unit):
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
