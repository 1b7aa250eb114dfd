"""The figures that operations compute with: fetched one by one or for all authorities, and each of them noted."""

import dataclasses
import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, TypedDict

from cptrends import data, words
from cptrends.claims.operations.keys import Calculation
from cptrends.data import areas, measures, rounding
from cptrends.data.figures import pick
from cptrends.memory import remembered

if TYPE_CHECKING:
    import pandas as pd

#: The two sets of figures a claim is judged on.
THEN, TODAY = "as_published", "latest"

#: A figure, and half the unit it was rounded to.
Rounded = tuple[float, float]


class Missing(Exception):
    """A figure that a calculation needs is not there; the message says which and why."""


class Input(TypedDict):
    """A figure that an answer rests on, as the manifest and a claim's card show it."""

    measure: str
    area: str
    year: int | None
    value: float | None
    status: str
    release: str
    half_rounding: float


@dataclasses.dataclass(frozen=True)
class Answer:
    """What an operation answers.

    Attributes
    ----------
    value : float, bool or str
    low, high : float or None
        The least and most the value can be, given what the publisher rounded; None where that is not worked out.
    note : str
        A sentence a reader should know.
    effect : float or None
        How strong a relationship is, where the value is its direction.
    """

    value: float | bool | str
    low: float | None = None
    high: float | None = None
    note: str = ""
    effect: float | None = None


@dataclasses.dataclass
class Figures:
    """The figures of one set of releases, and a note of each that a calculation asked for.

    Attributes
    ----------
    release : str
        As for `cptrends.data.load`.
    inputs : list of Input
        What has been asked for so far.
    remarks : list of str
        What a reader should know of them: whom a total is without.
    """

    release: str
    inputs: list[Input] = dataclasses.field(default_factory=list)
    remarks: list[str] = dataclasses.field(default_factory=list)

    def fetch(self, measure: str, area: str, year: int) -> Rounded:
        """One figure and half the unit it was rounded to.

        Raises
        ------
        Missing
            If the release has no number there.
        BadInput
            If there is no such figure.
        """
        code, value, status, source = figure(measure, area, year, self.release)
        half = rounding.half_unit(measure, code, value, status, source)
        self.note(measure, areas.name(code), year, None if value != value else value, source, status, half)
        if value != value:
            label, when = measures.measure(measure)["label"], words.year(int(year), measures.measure(measure)["kind"])
            raise Missing(f"{label} of {areas.name(code)}, {when}, is {status.replace('_', ' ')}")
        return float(value), half

    def fetch_parts(self, numerator: str, denominator: str, area: str, year: int) -> tuple[Rounded, Rounded]:
        """Two figures that are to be divided, for the same places.

        Where England's or a region's total lacks an authority in one of them, the authority is left out of the other
        too (see `cptrends.indicators.coverage`), and `remarks` says so.

        Raises
        ------
        Missing, BadInput
            As `fetch`.
        """
        from cptrends.indicators import table

        over, under = self.fetch(numerator, area, year), self.fetch(denominator, area, year)
        found = table.corrections(numerator, denominator, self.release)
        found = found[(found["area_code"] == areas.find(area)) & (found["year"] == int(year))]
        for row in found.itertuples():
            self.remarks.append(f"{words.year(int(year))}: {row.coverage_note}")
            over, under = (over[0] - row.less, over[1]), (under[0] - row.less_bottom, under[1])
            for part, name in itertools.product((numerator, denominator), filter(None, row.without.split("; "))):
                _, value, status, source = figure(part, name, year, self.release)
                self.note(part, name, year, None if value != value else value, source, status)
        return over, under

    def note(
        self,
        measure: str,
        area: str,
        year: int | None,
        value: float | None,
        release: str,
        status: str = "reported",
        half_rounding: float = 0.0,
    ) -> None:
        """Note a figure that the answer rests on."""
        self.inputs.append(
            {
                "measure": measure,
                "area": area,
                "year": None if year is None else int(year),
                "value": None if value is None else float(value),
                "status": status,
                "release": release,
                "half_rounding": half_rounding,
            }
        )

    def of_authorities(self, measure: str, year: int) -> "pd.Series":
        """A year's figures of the authorities, by code. Not to be changed in place, and not noted."""
        return authorities(measure, year, self.release)

    def note_authorities(self, measure: str, year: int, theirs: "pd.Series") -> None:
        """Note a measure of every authority: how many have a figure, and where it is from."""
        source = by_area_and_year(measure, self.release)[theirs.index[0], year][2]
        self.note(measure, "authorities", year, theirs.notna().sum(), source)


def figure(measure: str, area: str, year: int, release: str = THEN) -> tuple[str, float, str, str]:
    """One figure of one area and year, from tables that are read once.

    Parameters
    ----------
    measure, area : str
    year : int
    release : str
        As for `cptrends.data.load`.

    Returns
    -------
    tuple
        area_code, value (NaN when there is no number), status, release.

    Raises
    ------
    BadInput
        In the words of `cptrends.data.load`, if there is no such figure.

    >>> figure("referrals", "England", 2015)
    ('E92000001', 635600.0, 'rounded', 'cin-2015')
    """
    code = areas.find(area)
    found = by_area_and_year(measure, release).get((code, int(year)))
    if found is None:
        data.load(measure, area=area, start=year, end=year, release=release)  # refuses, and says what there is
        raise AssertionError(f"{measure} of {area} in {year} is loaded, but not by area and year")
    return code, *found


@remembered
def by_area_and_year(measure: str, release: str) -> dict[tuple[str, int], tuple[float, str, str]]:
    """Every figure of a measure by area and year: value, status, release."""
    measures.measure(measure)
    figures = pick(measure, release)  # as `load`, without its names and order: it halves the time
    columns = (figures[name].tolist() for name in ("area_code", "year", "value", "status", "release"))
    return {(code, year): tuple(found) for code, year, *found in zip(*columns, strict=True)}


@remembered
def authorities(measure: str, year: int, release: str) -> "pd.Series":
    """One year's figures of the authorities, by code. Not to be changed in place."""
    return data.load(measure, area="authorities", start=year, end=year, release=release).set_index("area_code")["value"]


def area_of(calculation: Calculation) -> str:
    """The area a calculation is of: England where it names none."""
    return calculation.get("area", "England")


def within(function: Callable[..., float], *inputs: Rounded) -> tuple[float, float, float]:
    """A function of rounded figures: its value, and the least and most it can be.

    >>> within(lambda part, whole: 100 * part / whole, (20.0, 0.0), (80.0, 5.0))
    (25.0, 23.5..., 26.6...)
    """
    value = function(*(value for value, _ in inputs))
    corners = itertools.product(*(((v - h, v + h) if h else (v,)) for v, h in inputs))
    results = [function(*corner) for corner in corners]
    return float(value), float(min(results)), float(max(results))


def spread(function: Callable[..., float], *inputs: Rounded, note: str = "") -> Answer:
    """A function of rounded figures as an answer; see `within`."""
    return Answer(*within(function, *inputs), note)


def steps_said(agree: int, number: int) -> str:
    """How steadily a figure went its way: the sentence for so many steps of a number of them.

    >>> steps_said(3, 5), steps_said(1, 5)
    ('3 of 5 steps between the years there are go that way.', '1 of 5 steps between the years there are goes that way.')
    """
    return f"{agree} of {number} steps between the years there are go{'es' * (agree == 1)} that way."
