"""The time a claim is of. A reading at another time is shown and never judged; parts of a statement share one time."""

from collections.abc import Mapping, Sequence
from typing import Any

from cptrends import words
from cptrends.claims.operations import texts

#: The keys of a calculation that say when: a day, or years.
DAYS = ("date", "as_at", "published_by")
YEARS = ("year", "from", "to", "measure_year", "index_year")


def time_of(calculation: Mapping[str, Any]) -> dict[str, Any]:
    """What a calculation says of its time; where it says nothing, the time of the figures in texts that it takes.

    >>> time_of({"operation": "level", "measure": "referrals", "year": 2015})
    {'year': 2015}
    >>> time_of({"operation": "text_figure", "text": "council-spending-2015"})
    {'from': 2010, 'to': 2015}
    """
    own = {key: calculation[key] for key in (*DAYS, *YEARS) if key in calculation}
    return own or texts.times_of(texts.named(calculation))


def another(worded: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether another reading is of another time than the one as worded.

    A calculation that names no time, such as a study's own ratio, is of no other.

    >>> another({"date": "2016-11-03"}, {"date": "2016-07-31"}), another({"year": 2015}, {"study": "A study"})
    (True, False)
    """
    time = time_of(other)
    return bool(time) and time != time_of(worded)


def at_odds(calculations: Sequence[Mapping[str, Any]]) -> str:
    """Why these calculations cannot be parts of one statement; "" where they rest on one time.

    One day, and one pair of years: a level is of either end of the growth it stands beside.

    >>> at_odds([{"year": 2006}, {"year": 2016}, {"from": 2006, "to": 2016}])
    ''
    >>> at_odds([{"date": "2016-11-03"}, {"date": "2016-07-31"}])
    'its parts are of 2016-07-31 and 2016-11-03'
    >>> at_odds([{"text": "schools-good-2016-08"}, {"text": "schools-good-2016-03"}])
    'its parts are of 2016-03-31 and 2016-08-31'
    """
    times = [time_of(calculation) for calculation in calculations]
    days = {time[key] for time in times for key in DAYS if key in time}
    spans = {tuple(time[key] for key in ("from", "to", "year") if key in time) for time in times if "from" in time}
    years = {time["year"] for time in times if "year" in time and "from" not in time}
    if len(days) > 1:
        return f"its parts are of {words.listed(sorted(days))}"
    if len(spans) > 1:
        return f"its parts are of {words.listed([f'{first} to {last}' for first, last, *_ in sorted(spans)])}"
    span = next(iter(spans), tuple(sorted(years)[:1]))
    if not years <= set(span):
        return f"its parts are of {words.listed([str(year) for year in sorted(years | set(span))])}"
    return ""
