"""What the front page says: the newest year in five sentences."""

from typing import TYPE_CHECKING

from cptrends import data, words
from cptrends.data import measures
from cptrends.memory import remembered

if TYPE_CHECKING:
    import pandas as pd

#: The measures the newest year is told by: name, what there were, how many digits.
TOLD = (
    ("referrals", "referrals to children's social care"),
    ("section_47_enquiries", "section 47 enquiries"),
    ("plans_started", "child protection plans started"),
    ("plans_31_march", "children on a child protection plan"),
)


@remembered
def sentences() -> tuple[str, ...]:
    """Five sentences on the newest year for England, computed from the latest figures.

    Returns
    -------
    tuple of str

    >>> len(sentences())
    5
    """
    said = []
    for measure, what in TOLD:
        series = data.load(measure, area="England", start=2010).set_index("year")["value"]
        said.append(count_sentence(series, what, measures.measure(measure)["kind"]))
    share = data.load("repeat_plan_percent", area="England").set_index("year")["value"]
    return (*said, repeats_sentence(share))


def repeats_sentence(share: "pd.Series") -> str:
    """How many of the newest year's plans were repeat plans, beside the year before and 2014/15.

    Parameters
    ----------
    share : pandas.Series
        Percent by year.

    Returns
    -------
    str

    >>> import pandas as pd
    >>> repeats_sentence(pd.Series({2015: 16.6, 2024: 24.0, 2025: 24.0}))[-64:]
    '24.0% in 2023/24 and 16.6% in 2014/15, so no change on the year.'
    """
    newest, before = share.index[-1], share.index[-2]
    points = share[newest] - share[before]
    return (
        f"Of the plans that started in {words.year(newest)}, {words.percent(share[newest])} were for children who had "
        f"been on one before, against {words.percent(share[before])} in {words.year(before)} and "
        f"{words.percent(share[2015])} in {words.year(2015)}"
        f"{'' if round(abs(points), 1) else ', so no change on the year'}."
    )


def count_sentence(series: "pd.Series", what: str, kind: str) -> str:
    """How many there were in the newest year, whether that is up or down, and since when it is the most or fewest.

    Parameters
    ----------
    series : pandas.Series
        Counts by year, in order; the last one is told.
    what : str
        What is counted, in the plural.
    kind : {"flow", "stock"}
        Counted through the year, or on 31 March.

    Returns
    -------
    str

    >>> import pandas as pd
    >>> count_sentence(pd.Series({2023: 1300, 2024: 1000, 2025: 1100}), "referrals", "flow")
    'In 2024/25 there were 1,100 referrals, up 10.0% on 2023/24, the most since 2022/23.'
    """
    newest, before = series.index[-1], series.index[-2]
    when = f"On {words.year(newest, 'stock')} there were" if kind == "stock" else f"In {words.year(newest)} there were"
    change = 100 * (series[newest] / series[before] - 1)
    moved = (
        f"{'up' if change > 0 else 'down'} {words.percent(abs(change))} on" if round(change, 1) else "unchanged from"
    )
    return f"{when} {words.number(series[newest])} {what}, {moved} {words.year(before, kind)}{_place(series, kind)}."


def _place(series: "pd.Series", kind: str) -> str:
    """How the newest figure stands among the years since the census of children in need began."""
    value, earlier = series.iloc[-1], series.iloc[:-1]
    first = words.year(earlier.index[0], kind)
    if value > earlier.max():
        return f", the most of any year from {first} on"
    if value < earlier.min():
        return f", the fewest of any year from {first} on"
    rose = value > earlier.iloc[-1]
    passed = earlier[earlier > value] if rose else earlier[earlier < value]
    if passed.empty:
        return f", as {'many' if rose else 'few'} as in any year from {first} on"
    return f", the {'most' if rose else 'fewest'} since {words.year(passed.index[-1], kind)}"
