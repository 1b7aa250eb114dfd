"""Shewhart's charts of a count against its own chance variation."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from cptrends.errors import BadInput
from cptrends.trends.inputs import as_table


def count_chart(
    count: npt.ArrayLike,
    size: npt.ArrayLike | None = None,
    *,
    kind: Literal["p", "u", "c"],
    fix_after: int | None = None,
    exclude: Sequence[int] = (),
    multiply: float = 1.0,
) -> pd.DataFrame:
    """Shewhart's chart of a count against its own chance variation: P, U or C.

    Unlike the XmR chart it takes the spread from the counts themselves. Children's services counts vary
    more than that, so for authorities prefer `xmr`, or `funnel` with its over-dispersion adjustment.

    Parameters
    ----------
    count : array or Series (index: years)
        Children or events.
    size : array of the same length
        For "p" the number the count is out of; for "u" the exposure, such as children aged 0-17.
    kind : {"p", "u", "c"}
        A share, a rate, or a count with the same exposure every year.
    fix_after : int, optional
        Compute the centre from the first so many points only.
    exclude : list of int
        Points, counted from 1, left out of the centre because their cause is known.
    multiply : float
        The unit shown: 100 for percent, 10_000 for a rate per 10,000.

    Returns
    -------
    DataFrame
        year, value, centre, lower, upper, outside (-1, 0, 1), method, status, note.

    Raises
    ------
    BadInput
        If the kind is not known, or `size` is missing or of another length.

    Examples
    --------
    >>> count_chart([12, 8, 6, 31], [100, 80, 80, 100], kind="p", multiply=100)[["centre", "upper", "outside"]].round(2)
       centre  upper  outside
    0   15.83  26.78        0
    1   15.83  28.08        0
    2   15.83  28.08        0
    3   15.83  26.78        1
    """
    if kind not in ("p", "u", "c"):
        raise BadInput(f"kind {kind!r} is not known; it must be p (share), u (rate) or c (count)")
    counts, _, _, years = as_table(count)
    counts = counts[0]
    sizes = np.ones(counts.shape)
    if kind != "c":
        if size is None:
            raise BadInput(f"a {kind} chart needs the size that each count is out of")
        sizes = as_table(size)[0][0]
    if sizes.shape != counts.shape:
        raise BadInput(f"size has {sizes.size} numbers and count has {counts.size}; they must match")
    sizes = np.where(sizes > 0, sizes, np.nan)
    good = ~np.isnan(counts + sizes)
    used = good.copy()
    used[[i - 1 for i in exclude]] = False
    if fix_after is not None:
        used[fix_after:] = False
    centre = counts[used].sum() / sizes[used].sum() if used.any() else np.nan
    spread = centre * (1 - centre) if kind == "p" else centre
    width = 3 * np.sqrt(spread / sizes)
    value = counts / sizes
    upper = np.minimum(centre + width, 1) if kind == "p" else centre + width
    lower = np.maximum(centre - width, 0)
    note = "" if used.any() else "No limits: no point has both a count and a size above zero."
    return pd.DataFrame(
        {
            "year": years,
            "value": value * multiply,
            "centre": centre * multiply,
            "lower": lower * multiply,
            "upper": upper * multiply,
            "outside": (value > upper).astype(int) - (value < lower).astype(int),
            "method": f"{kind.upper()} chart: three standard errors",
            "status": np.where(good, "derived", "unavailable"),
            "note": np.where(good, note, "The count or the size is missing, or the size is zero."),
        }
    )
