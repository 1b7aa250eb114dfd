"""What is expected of an authority as deprived as this one, and where it lies beside that."""

import dataclasses

from cptrends import words
from cptrends.reports.authority.cells import side
from cptrends.reports.authority.everyone import everyone, expected, idaci
from cptrends.reports.authority.subject import Subject


@dataclasses.dataclass(frozen=True)
class Deprived:
    """An authority's plan rate beside what is expected at its deprivation.

    Attributes
    ----------
    edition : int
        Of the index of income deprivation affecting children.
    score : float
        Percent of children counted as income-deprived.
    rank, of : int
        Its place among the authorities of the edition, 1 the most deprived.
    value : float
        Children on a plan for every 10,000; NaN where there is no figure.
    expected, lower, upper : float
        What the other authorities lead one to expect, and between which limits 95 in 100 authorities as deprived
        and of its size would lie; the limits are NaN where its size is not known.
    position : str
        "within", "above" or "below" those limits.
    """

    edition: int
    score: float
    rank: int
    of: int
    value: float
    expected: float
    lower: float
    upper: float
    position: str


def deprived(subject: Subject) -> Deprived | None:
    """An authority beside those as deprived; None where no edition fits its years.

    >>> from cptrends.reports.authority.subject import subject_of
    >>> hackney = deprived(subject_of("E09000012"))
    >>> hackney.lower < hackney.expected < hackney.upper
    True
    """
    scores, ranks = idaci()
    editions = [year for code, year in scores if code == subject.code and year <= subject.year]
    if not editions or "plan_rate" not in everyone().names:
        return None
    edition = max(editions)
    frame = expected(subject.year, edition)
    if subject.code not in frame.index:
        return None
    row = frame.loc[subject.code]
    return Deprived(
        edition=edition,
        rank=int(ranks[subject.code, edition]),
        of=sum(year == edition for _, year in ranks),
        position=row["position"],
        **{part: float(row[part]) for part in ("score", "value", "expected", "lower", "upper")},
    )


def title(found: Deprived) -> str:
    """Where an authority lies, as the title of a chart.

    >>> title(Deprived(2025, 35.0, 12, 153, value=86.1, expected=49.8, lower=26.0, upper=95.0, position="within"))
    '86.1 in 10,000 on a plan: above the 49.8 expected at its deprivation, inside the wide range (26.0 to 95.0)'
    """
    expected, limits = words.number(found.expected, 1), f"({_limits(found)})"
    if found.value != found.value:
        return f"{expected} children in 10,000 on a plan are expected of an authority as deprived"
    where = side(found.value, found.expected)
    said = f"{words.number(found.value, 1)} in 10,000 on a plan: {where} the {expected} expected"
    inside = found.position == "within"
    return f"{said} at its deprivation, {'inside the wide' if inside else f'and {found.position} the'} range {limits}"


def sentence(found: Deprived | None, name: str) -> str:
    """What is expected of an authority at its deprivation, and where it lies.

    Parameters
    ----------
    found : Deprived or None
    name : str
        The authority's.

    >>> here = Deprived(2025, 35.0, 12, 153, value=86.1, expected=49.8, lower=26.0, upper=95.0, position="within")
    >>> print(sentence(here, "Blackpool"))  # doctest: +NORMALIZE_WHITESPACE
    By the income deprivation index IDACI 2025, 35% of its children live in income-deprived families, place 12 of 153
    where 1 is the most deprived.
    Its 86.1 children on a plan for every 10,000 are above the 49.8 expected of an authority as deprived, but inside the
    wide range for one of its size: 26.0 to 95.0.
    """
    if found is None:
        return f"No score of deprivation fits the years of {name}."
    deprived_children = f"{words.percent(found.score, 0)} of its children live in income-deprived families"
    said = (
        f"By the income deprivation index IDACI {found.edition}, {deprived_children}, place {found.rank} of {found.of} "
        "where 1 is the most deprived. "
    )
    expected = f"the {words.number(found.expected, 1)} expected of an authority as deprived"
    limits = f"range for one of its size: {_limits(found)}"
    if found.value == found.value:
        where = side(found.value, found.expected)
        said += f"Its {words.number(found.value, 1)} children on a plan for every 10,000 are {where} {expected}"
        if found.position != "within":
            return f"{said}, and {found.position} the {limits}."
        return f"{said}, {'and' if where == 'near' else 'but'} inside the wide {limits}."
    said += f"No plan rate of its own can be held against {expected}"
    return f"{said}." if found.lower != found.lower else f"{said}, nor against the wide {limits}."


def _limits(found: Deprived) -> str:
    return f"{words.number(found.lower, 1)} to {words.number(found.upper, 1)}"
