"""What the front page says: the newest year in five sentences, and what each of its comparisons rests on."""

import dataclasses
import json

from cptrends import data, words
from cptrends.data import areas, measures
from cptrends.files import toml
from cptrends.indicators import comparability
from cptrends.memory import remembered
from cptrends.reports import site

#: The measures the newest year is told by: name, what there were.
TOLD = (
    ("referrals", "referrals to children's social care"),
    ("section_47_enquiries", "section 47 enquiries"),
    ("plans_started", "child protection plans started"),
    ("plans_31_march", "children on a child protection plan"),
)
#: The first year of the children in need census, and the last one that the overview of 2017 drew.
FIRST, DRAWN = 2010, 2015


@dataclasses.dataclass(frozen=True)
class Sentence:
    """A sentence and the pairs of years that it compares.

    Attributes
    ----------
    text : str
    name : str
        The measure or the indicator.
    later : int
    earlier : tuple of int
        Each year that the later one is compared with by name.
    """

    text: str
    name: str
    later: int
    earlier: tuple[int, ...]


@remembered
def told() -> tuple[Sentence, ...]:
    """Five sentences on the newest year for England, computed from the latest figures, with what they compare.

    >>> [sentence.name for sentence in told()][-1]
    'repeat_plan_percent'
    """
    return (*(count_sentence(measure, what) for measure, what in TOLD), repeats_sentence())


def sentences() -> tuple[str, ...]:
    """The five sentences alone.

    >>> len(sentences())
    5
    """
    return tuple(sentence.text for sentence in told())


def repeats_sentence(release: str = "latest") -> Sentence:
    """How many of the newest year's plans were repeat plans, beside the year before and 2014/15.

    >>> repeats_sentence("cin-2020").text[-70:]
    'on one before, up from 20.8% in 2018/19, and up from 16.6% in 2014/15.'
    """
    name = "repeat_plan_percent"
    share = data.load(name, area="England", release=release).set_index("year")["value"].dropna()
    newest, before = int(share.index[-1]), int(share.index[-2])
    ways = [
        comparability.moved(name, areas.ENGLAND, year, newest, by="level", release=release) for year in (before, DRAWN)
    ]
    text = (
        f"Of the plans that started in {words.year(newest)}, {words.percent(share[newest])} were for children who had "
        f"been on one before, {ways[0]}, and {ways[1]}."
    )
    return Sentence(text, name, newest, (before, DRAWN))


def count_sentence(measure: str, what: str, release: str = "latest") -> Sentence:
    """How many there were in the newest year, whether that is up or down, and since when it is the most or fewest.

    Parameters
    ----------
    measure : str
        A count.
    what : str
        What is counted, in the plural.
    release : str
        As for `cptrends.load`.

    Returns
    -------
    Sentence

    >>> count_sentence("plans_started", "plans started", "cin-2020").text
    'In 2019/20 there were 66,380 plans started, ...'
    """
    series = data.load(measure, area="England", start=FIRST, release=release).set_index("year")["value"].dropna()
    kind = measures.measure(measure)["kind"]
    *earlier, newest = (int(year) for year in series.index)
    when = f"On {words.year(newest, 'stock')} there were" if kind == "stock" else f"In {words.year(newest)} there were"
    way = comparability.moved(measure, areas.ENGLAND, earlier[-1], newest, release=release)
    place = comparability.place(measure, areas.ENGLAND, earlier, newest, release=release)
    # What holds of the same authorities only is a clause of its own; else it goes with the figure itself.
    stands = f"{';' if place.like_for_like else ','} {place.text}" if place.text else ""
    text = f"{when} {words.number(series[newest])} {what}, {way}{stands}."
    return Sentence(text, measure, newest, tuple(dict.fromkeys((earlier[-1], *place.years))))


def compared() -> list[dict]:
    """Each pair of years that a sentence of the front page compares, with whether they do and both like for like.

    The five sentences say themselves what they compare; of the notebooks, whose findings and charts the front page
    shows, `compared.toml` has the pairs.

    Returns
    -------
    list of dict
        where, page ("" for the front page's own), label; earlier and later, in words; published, both figures; answer
        and sentence, as `cptrends.comparable`; about, what the sentence has otherwise; same, both figures like for
        like and of how many areas ("" where there are none), and left_out.

    >>> compared()[0]["label"], compared()[0]["where"]
    ('Referrals', 'The newest year')
    """
    own = [("The newest year", s.name, "England", earlier, s.later, "") for s in told() for earlier in s.earlier]
    taken = [_taken(entry) for entry in toml("cptrends.reports", "compared.toml")["pair"]]
    return [_row(*pair) for pair in dict.fromkeys([*own, *taken])]


def _taken(entry: dict) -> tuple[str, str, str, int, int, str]:
    """A pair of `compared.toml`: where, measure, area, earlier, later, and what the sentence has."""
    name, area = entry["name"], entry.get("area", "England")
    figures = data.load(name, area=area).dropna(subset=["value"])
    later = entry.get("later", int(figures["year"].max()))
    return entry["where"], name, area, entry["earlier"], later, entry.get("about", "")


def _title(page: str) -> str:
    """What a notebook is headed."""
    cells = json.loads(site.notebooks()[page].read_text("utf-8"))["cells"]
    return "".join(cells[0]["source"]).removeprefix("# ").strip()


def _row(where: str, name: str, area: str, earlier: int, later: int, about: str) -> dict:
    found = comparability.comparable(name, area, earlier, later)
    same = found["like_for_like"]
    said = ""
    if same:
        first, last = (comparability.shown(name, same[side]) for side in ("earlier", "later"))
        said = f"{first} to {last}, {same['areas']} areas"
    page = where if where in site.notebooks() else ""
    return {
        "where": _title(page) if page else where,
        "page": page,
        "label": measures.measure(name)["label"] + ("" if area == "England" else f", {area}"),
        "earlier": comparability.year_of(name, earlier),
        "later": comparability.year_of(name, later),
        "published": " to ".join(
            comparability.shown(name, comparability.published(name, area, year)) for year in (earlier, later)
        ),
        "answer": {"yes": "yes", "with_caution": "with caution", "no": "no"}[found["answer"]],
        "sentence": found["sentence"],
        "about": about,
        "same": said,
        "left_out": same["left_out"] if same else (),
    }
