"""A line over the years in words: where it begins, turns and ends, and the years it has no figure for."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from cptrends import words
from cptrends.charts import axes


def course(
    years: Sequence[int], values: npt.ArrayLike, shown: Callable[[float], str], kind: str, *, last: int | None = None
) -> str:
    """What a line does over its years: its first and last figure, and its highest and lowest where they lie between.

    Parameters
    ----------
    years : sequence of int
        Ending 31 March.
    values : array of float
        One a year, NaN where there is none.
    shown : callable
        A value as text.
    kind : {"flow", "stock"}
        How years are printed.
    last : int, optional
        The newest year, where a line that ends before it should say so.

    Returns
    -------
    str

    >>> course([2022, 2023, 2024, 2025], [65.5, 140.5, 90.0, 86.1], "{:.1f}".format, "stock")
    '65.5 in 2022, highest at 140.5 in 2023, 86.1 in 2025'
    >>> course([2024, 2025], [float("nan"), float("nan")], str, "flow")
    'no figure'
    """
    known = [(int(year), value) for year, value in zip(years, np.asarray(values, float), strict=True) if value == value]
    if not known:
        return "no figure"
    first, end = known[0], known[-1]
    highest, lowest = max(known, key=lambda each: each[1]), min(known, key=lambda each: each[1])
    between = []
    for (year, value), word in ((highest, "highest"), (lowest, "lowest")):
        if all(shown(value) != shown(edge) for _, edge in (first, end)):
            between.append((year, f"{word} at {shown(value)} in {axes.year(year, kind)}"))
    told = [f"{shown(first[1])} in {axes.year(first[0], kind)}", *(text for _, text in sorted(between))]
    if end != first:
        told.append(f"{shown(end[1])} in {axes.year(end[0], kind)}")
    if last is not None and end[0] < last:
        told[-1] += ", its last figure"
    return ", ".join(told)


def gaps(years: Sequence[int], values: npt.ArrayLike, but: Sequence[int] = ()) -> tuple[int, ...]:
    """The years after a line's first figure for which it has none.

    Parameters
    ----------
    years : sequence of int
    values : array of float
    but : sequence of int
        Years that are told otherwise, as those withheld.

    >>> gaps([2020, 2021, 2022, 2023], [float("nan"), 4.0, float("nan"), float("nan")], but=[2023])
    (2022,)
    """
    missing = np.isnan(np.asarray(values, float))
    if missing.all():
        return ()
    first = int(np.flatnonzero(~missing)[0])
    return tuple(int(year) for at, year in enumerate(years) if at > first and missing[at] and int(year) not in set(but))


def without(years: Sequence[int], kind: str) -> str:
    """Years in words, those in a row as a span.

    >>> without([2012, 2021, 2022], "flow"), without([2016, 2017, 2018], "stock")
    ('2011/12, 2020/21 and 2021/22', '2016 to 2018')
    """
    spans: list[list[int]] = []
    for year in years:
        if spans and year == spans[-1][-1] + 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    told: list[str] = []
    for span in spans:
        ends = [axes.year(year, kind) for year in span]
        told += [f"{ends[0]} to {ends[-1]}"] if len(span) > 2 else ends
    return words.listed(told)
