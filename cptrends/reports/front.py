"""What the front page says: the newest year in five sentences."""

from cptrends import data, words
from cptrends.data import measures
from cptrends.memory import remembered

#: The measures the newest year is told by: name, what there were, how many digits.
TOLD = (
    ("referrals", "referrals to children's social care"),
    ("section_47_enquiries", "section 47 enquiries"),
    ("plans_started", "child protection plans started"),
    ("plans_31_march", "children on a child protection plan"),
)


@remembered
def sentences() -> list[str]:
    """Five sentences on the newest year for England, computed from the latest figures.

    Returns
    -------
    list of str

    >>> len(sentences())
    5
    """
    said = [_count_sentence(measure, what) for measure, what in TOLD]
    share = data.load("repeat_plan_percent", area="England").set_index("year")["value"]
    newest, before = share.index[-1], share.index[-2]
    points = share[newest] - share[before]
    said.append(
        f"Of the plans that started in {words.year(newest)}, {words.percent(share[newest])} were for children who had "
        f"been on one before, against {words.percent(share[before])} in {words.year(before)} and "
        f"{words.percent(share[2015])} in {words.year(2015)}"
        f"{'' if round(abs(points), 1) else ', so no change on the year'}."
    )
    return said


def _count_sentence(measure, what):
    series = data.load(measure, area="England", start=2010).set_index("year")["value"]
    newest, before = series.index[-1], series.index[-2]
    kind = measures.measure(measure)["kind"]
    when = f"On {words.year(newest, 'stock')} there were" if kind == "stock" else f"In {words.year(newest)} there were"
    change = 100 * (series[newest] / series[before] - 1)
    moved = (
        f"{'up' if change > 0 else 'down'} {words.percent(abs(change))} on" if round(change, 1) else "unchanged from"
    )
    return f"{when} {words.number(series[newest])} {what}, {moved} {words.year(before, kind)}{_place(series, kind)}."


def _place(series, kind):
    """How the newest figure stands among the years since the census of children in need began."""
    value, earlier = series.iloc[-1], series.iloc[:-1]
    first = words.year(earlier.index[0], kind)
    if value > earlier.max():
        return f", the most of any year from {first} on"
    if value < earlier.min():
        return f", the fewest of any year from {first} on"
    rose = value > earlier.iloc[-1]
    passed = earlier[earlier > value] if rose else earlier[earlier < value]
    return f", the {'most' if rose else 'fewest'} since {words.year(passed.index[-1], kind)}"
