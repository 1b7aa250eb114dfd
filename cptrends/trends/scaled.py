"""One indicator's figures as areas x years, on the scale on which their changes are judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from cptrends.data.status import has_value
from cptrends.errors import BadInput
from cptrends.trends.inputs import statuses_of, to_floats

Kind = Literal["share", "rate", "count_ratio"]


@dataclass(frozen=True)
class Figures:
    """One indicator's figures, areas x years.

    Attributes
    ----------
    areas, years : list
    count, size : array of float
        Numerator and denominator; NaN where they cannot be used.
    scaled, variance : array of float
        The figure on the scale on which changes are judged, and its variance by chance.
    statuses : array of str
    usable : array of bool
    """

    areas: list[str]
    years: list[int]
    count: np.ndarray
    size: np.ndarray
    scaled: np.ndarray
    variance: np.ndarray
    statuses: np.ndarray
    usable: np.ndarray

    def of(self, years: Sequence[int]) -> "Figures":
        """The same for some of the years."""
        at = [self.years.index(year) for year in years]
        arrays = (self.count, self.size, self.scaled, self.variance, self.statuses, self.usable)
        return Figures(self.areas, list(years), *(array[:, at] for array in arrays))


def scaled_figures(figures: pd.DataFrame, kind: Kind) -> Figures:
    """Areas x years from the long frame, on the scale on which this kind is judged."""
    missing = {"area_code", "year", "numerator", "denominator"} - set(figures.columns)
    if missing:
        raise BadInput(f"the figures have no column {', '.join(sorted(missing))}")
    if figures["area_code"].isna().any():
        raise BadInput("the figures have a row without an area_code; every row wants one, such as E06000001")
    year = _whole_years(figures["year"])
    areas, years = pd.unique(figures["area_code"]).tolist(), np.unique(year).tolist()
    place = pd.Index(areas).get_indexer(figures["area_code"]), pd.Index(years).get_indexer(year)
    shape = len(areas), len(years)
    if np.unique(np.ravel_multi_index(place, shape)).size < len(figures):
        raise BadInput("an area and year occur twice in the figures; one row each is wanted")
    count, size = np.full(shape, np.nan), np.full(shape, np.nan)
    count[place], size[place] = to_floats(figures["numerator"]), to_floats(figures["denominator"])
    statuses = np.full(shape, "unavailable", dtype=object)
    statuses[place] = figures["status"].to_numpy(dtype=object) if "status" in figures else "reported"
    statuses = statuses_of(count + size, statuses)
    usable = has_value(statuses) & (size > 0) & (count >= 0) & ~((kind == "share") & (count > size))
    count, size = np.where(usable, count, np.nan), np.where(usable, size, np.nan)
    scaled, variance = on_scale(count, size, kind)
    return Figures(areas, years, count, size, scaled, variance, statuses, usable)


def _whole_years(given: pd.Series) -> np.ndarray:
    """The years as whole numbers."""
    year = pd.to_numeric(given, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~(np.isfinite(year) & (year == np.round(year)))
    if wrong.any():
        raise BadInput(f"the figures have the year {given[wrong].iloc[0]!r}; whole years are wanted, such as 2015")
    return year.astype(int)


def on_scale(count: np.ndarray, size: np.ndarray, kind: Kind) -> tuple[np.ndarray, np.ndarray]:
    """Figures on the scale on which their changes are judged, and their variance there by chance.

    >>> [round(float(x), 4) for x in on_scale(np.array(99.5), np.array(1000), "rate")]
    [-2.3026, 0.01]
    """
    if kind == "share":
        return to_scale(count / size, kind), 0.25 / size
    if kind == "rate":
        return to_scale((count + 0.5) / size, kind), 1 / (count + 0.5)
    return to_scale((count + 0.5) / (size + 0.5), kind), 1 / (count + 0.5) + 1 / (size + 0.5)


def to_scale(value: np.ndarray, kind: Kind) -> np.ndarray:
    """A share or a ratio on the scale."""
    return np.arcsin(np.sqrt(np.clip(value, 0, 1))) if kind == "share" else np.log(value)


def off_scale(scaled: np.ndarray, kind: Kind) -> np.ndarray:
    """Back again, as shares or ratios (of counts half an event larger).

    >>> round(float(off_scale(on_scale(np.array(25), np.array(100), "share")[0], "share")), 4)
    0.25
    """
    return np.sin(scaled) ** 2 if kind == "share" else np.exp(scaled)
