"""The verdict on a claim, by rule.

In order of strength:

- **confirmed**: as worded, the computed value prints to the stated one.
- **confirmed by rounding**: only within the rounding of the published inputs, or by cutting digits off
  instead of rounding.
- **confirmed differently**: not as worded, but in another reading of the words; it is named.
- **close**: misses by no more than one unit of the last printed digit.
- **not confirmed**.
- **cannot be checked**: a figure is missing, withheld or without a confirmed source, or no figure held
  measures what is said.

What "prints to" means depends on the claim's qualifier: an exact figure rounds to the stated one;
`about` allows one unit of the last printed digit; `over` and `under` need the value beyond the stated
one; `almost` and `just under` need it below by no more than one unit, `just over` above likewise.

What may be judged:

- **The time is fixed before the figure is looked at.** It is the one that the paper gives: "since 2008" is
  2008. Where it gives none it is that of the source it cites, else the newest there was when the paper came
  out. A date, year or count that is looked for until the figure holds confirms nothing, even where it is
  the only one; a reading at another time is shown and never judged.
  "Current", "now" and what is told of a state in the present tense are the paper's own day, whatever source it cites.
- **Parts of one statement rest on one time.** Four shares given together are tested on one day. Only where a part's
  figure is published for another span or day, which its source fixes, is it tested at that; the card says why.
- **Digits cut off are a reading only where the statement's figures are.** At least two of them must be
  such as cutting gives and rounding does not, and none the other way round.
- **Another reading has a reason of its own**, from the paper or what it cites. What came out after the paper,
  a narrower test, and a count that the paper sets apart are shown and never judged.
- **A test too weak to find what is claimed refutes nothing**, and a figure that measures something else
  neither confirms nor refutes: such a claim cannot be checked.
"""

import math
from collections.abc import Iterable

VERDICTS = (
    "confirmed",
    "confirmed_by_rounding",
    "confirmed_differently",
    "close",
    "not_confirmed",
    "cannot_be_checked",
)
QUALIFIERS = ("exact", "about", "over", "under", "almost", "just under", "just over")

#: Verdicts as printed, each with a mark so that colour is never needed.
WORDS = {
    "confirmed": ("✓", "confirmed"),
    "confirmed_by_rounding": ("≈", "confirmed by rounding"),
    "confirmed_differently": ("↔", "confirmed differently"),
    "close": ("~", "close"),
    "not_confirmed": ("✗", "not confirmed"),
    "cannot_be_checked": ("?", "cannot be checked"),
}

_TINY = 1e-9


def judge(
    stated: float | str | bool,
    value: float | str | bool,
    *,
    precision: float = 1,
    qualifier: str = "exact",
    low: float | None = None,
    high: float | None = None,
    cut: bool = False,
) -> str:
    """The verdict on one stated figure against one computed value.

    Parameters
    ----------
    stated : float, str or bool
    value : float, str or bool
    precision : float
        The unit of the last digit the claim prints: 1 for 124%, 0.1 for 10.8%, 100 for 635,600.
    qualifier : str
        One of `QUALIFIERS`.
    low, high : float, optional
        What the rounding of the inputs allows.
    cut : bool
        Whether digits cut off are a reading; see `cut_off`.

    Returns
    -------
    str
        `confirmed`, `confirmed_by_rounding`, `close` or `not_confirmed`; `cannot_be_checked` where a figure that is
        known to one side only ("at least 160") leaves it open.

    >>> judge(124, 123.74)
    'confirmed'
    >>> judge(32, 32.55), judge(32, 32.55, cut=True), judge(32, 32.55, qualifier="about")
    ('close', 'confirmed_by_rounding', 'confirmed')
    >>> judge(3.7, 3.725, precision=0.1, qualifier="under")
    'close'
    >>> judge("none", "negative"), judge("down", "down")
    ('not_confirmed', 'confirmed')
    """
    if isinstance(stated, str | bool) or isinstance(value, str | bool):
        return "confirmed" if value == stated else "not_confirmed"
    low, high = (value if low is None else low), (value if high is None else high)
    if _must_fit(stated, low, high, precision, qualifier):
        return "confirmed"
    if math.isinf(high - low) and _can_fit(stated, low, high, precision, qualifier):
        return "cannot_be_checked"
    if low <= value <= high and _fits(stated, value, precision, qualifier):
        return "confirmed"
    if _can_fit(stated, low, high, precision, qualifier) or (
        cut and qualifier == "exact" and _cut(value, precision) == _units(stated, precision)
    ):
        return "confirmed_by_rounding"
    miss = {"about": 2.0}.get(qualifier, 1.0) * precision
    return "close" if abs(value - stated) <= miss * (1 + _TINY) else "not_confirmed"


def cut_off(figures: Iterable[tuple[float, float, float]]) -> bool:
    """Whether the figures of a statement have had digits cut off: two or more show it and none speaks against it.

    Parameters
    ----------
    figures : iterable of tuple
        Stated, computed, and the unit of the last printed digit, of each figure that is stated exactly.

    Returns
    -------
    bool

    >>> cut_off([(46, 46.97, 1), (32, 32.55, 1)]), cut_off([(46, 46.97, 1), (22, 21.97, 1)]), cut_off([(46, 46.97, 1)])
    (True, False, False)
    """
    ways = [
        (_fits(stated, value, precision, "exact"), _cut(value, precision) == _units(stated, precision))
        for stated, value, precision in figures
    ]
    return ways.count((False, True)) >= 2 and (True, False) not in ways


def default_precision(stated: object) -> float:
    """The unit of the last digit a number is printed to, where a claim does not say.

    Decimals count as printed; of a whole number above 100 the zeros at its end are taken as rounding.

    >>> default_precision(10.8), default_precision(124), default_precision(635600), default_precision(62210)
    (0.1, 1, 100, 10)
    """
    if not isinstance(stated, int | float) or isinstance(stated, bool) or not math.isfinite(stated):
        return 1
    text = repr(stated)
    if "." in text and not float(stated).is_integer():
        return 10 ** -len(text.split(".")[1])
    digits = str(abs(int(stated)))
    if len(digits) <= 2 or (len(digits) == 3 and int(digits) < 200):
        return 1
    return 10 ** (len(digits) - len(digits.rstrip("0")))


def _bounds(stated: float, precision: float, qualifier: str) -> tuple[float, float, bool, bool]:
    """The interval a value must lie in, and whether each end belongs to it."""
    half = precision / 2
    return {
        "exact": (stated - half, stated + half, True, True),
        "about": (stated - precision, stated + precision, True, True),
        "over": (stated, math.inf, False, False),
        "under": (-math.inf, stated, False, False),
        "almost": (stated - precision, stated, True, False),
        "just under": (stated - precision, stated, True, False),
        "just over": (stated, stated + precision, False, True),
    }[qualifier]


def _fits(stated: float, value: float, precision: float, qualifier: str) -> bool:
    return _can_fit(stated, value, value, precision, qualifier)


def _can_fit(stated: float, low: float, high: float, precision: float, qualifier: str) -> bool:
    """Whether any value from low to high lies in the interval the claim allows."""
    least, most, with_least, with_most = _bounds(stated, precision, qualifier)
    slack = precision * _TINY
    above = high >= least - slack if with_least else high > least + slack
    below = low <= most + slack if with_most else low < most - slack
    return above and below


def _must_fit(stated: float, low: float, high: float, precision: float, qualifier: str) -> bool:
    """Whether every value from low to high lies in the interval the claim allows."""
    least, most, _, _ = _bounds(stated, precision, qualifier)
    ends = [end for end, limit in ((low, least), (high, most)) if math.isfinite(limit)]
    return all(math.isfinite(end) and _fits(stated, end, precision, qualifier) for end in ends)


def _cut(value: float, precision: float) -> int:
    return math.trunc(value / precision + math.copysign(_TINY, value))


def _units(stated: float, precision: float) -> int:
    return round(stated / precision)
