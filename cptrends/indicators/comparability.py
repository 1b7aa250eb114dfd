"""Whether an indicator or a measure of two years compares: the one rule that everybody asks."""

from cptrends.data import comparability, measures
from cptrends.errors import BadInput
from cptrends.files import did_you_mean, nearest
from cptrends.indicators.table import register


def comparable(
    measure_or_indicator: str, area: str, earlier: int, later: int, release: str = "latest"
) -> comparability.Comparison:
    """Whether the figures of two years compare, with the sentence to print and both years on the same authorities.

    Parameters
    ----------
    measure_or_indicator : str
        A name of the data dictionary or of the register of indicators.
    area : str
        A name or code.
    earlier, later : int
        Years ending 31 March.
    release : str
        As for `cptrends.load`.

    Returns
    -------
    dict
        answer: "yes" where nothing is known against it, "with_caution", or "no" (a figure is missing, or the two
        were worked out in different ways). sentence: what to print beside the comparison, "" where the answer is yes.
        like_for_like: None, or for England and regions earlier, later, change, percent_change, areas (how many)
        and left_out (names). It rests on the authorities with a figure of their own in both years; those that were
        split or merged count as one, where all of them have one. An indicator's is the ratio of the sums. Sums are
        rounded to 10 where an authority's count is withheld.

    Raises
    ------
    BadInput
        If the name, the area or the release is not known, or the years are not two, the earlier one first.

    Examples
    --------
    >>> import cptrends
    >>> found = cptrends.comparable("referrals", "England", 2024, 2025, release="cin-2025")
    >>> found["answer"], found["sentence"].split(". ")[0]
    ('with_caution', "Hampshire's figures of 2023/24 are those of the year before")
    >>> same = found["like_for_like"]
    >>> same["earlier"], same["later"], same["areas"], same["left_out"]
    (590572.0, 589880.0, 151, ('Hampshire', 'Herefordshire'))
    """
    if measure_or_indicator in register():
        entry = register()[measure_or_indicator]
        parts, per = [entry["numerator"], entry["denominator"]], entry["per"]
    elif measure_or_indicator in measures.dictionary():
        parts, per = [measure_or_indicator], 1
    else:
        near = nearest(measure_or_indicator, [*measures.dictionary(), *register()])
        hint = did_you_mean(near, "`cptrends measures` and `cptrends indicator list` have them all")
        raise BadInput(f"no measure or indicator is called {str(measure_or_indicator)[:60]!r}; {hint}")
    return comparability.compare(parts, area, earlier, later, per=per, release=release)
