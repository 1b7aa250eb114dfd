"""What is usual for an authority as deprived as this one."""

import dataclasses

from cptrends.reports.authority.everyone import everyone, expected, idaci
from cptrends.reports.authority.subject import Subject


@dataclasses.dataclass(frozen=True)
class Deprived:
    """An authority's plan rate beside what is usual at its deprivation.

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
        What is usual, and between which limits 95% of authorities as deprived and of its size would lie.
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
