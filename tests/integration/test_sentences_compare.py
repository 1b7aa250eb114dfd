"""Every generated sentence that compares two years asks whether they compare, and carries the caution there is.

Two nets. By structure: `comparability.moved`, `place` and `caution` form the words, and what they gave is noted while
the front page's sentences and all notebooks are made. By text: a sentence with two years and a word such as "up" or
"since" has to hold words that were so formed, so that a new sentence which bypasses them is found.
"""

import ast
import dataclasses
import io
import json
import re
from contextlib import redirect_stdout
from typing import NamedTuple

import pytest

from cptrends.data import areas, measures, paths
from cptrends.indicators import comparability, table
from cptrends.memory import forget
from cptrends.reports import front, methods
from cptrends.reports.authority import sentences as page
from cptrends.reports.authority import table as figures
from cptrends.reports.authority.subject import subject_of

MOVES = re.compile(
    r"\b(up|down|rose|fell|rise|fall|grew|grown|risen|fallen|since|changed?|unchanged|increased?|decreased?|went|gone|"
    r"doubled|halved|more than in|fewer than in|higher than in|lower than in|the most|the fewest|from .+ to)\b"
)
YEAR = re.compile(r"\b(?:19|20)\d\d(?:/\d\d)?\b")
#: The notebooks whose findings are told by figures of measures.
PAGES = ("01_demand", "02_plans", "03_durations", "04_repeat_plans", "10_outlook")
#: Sentences of two years that no rule on figures of one area can judge, and why.
ACCEPTED = {
    r"[Gg]ood or better": "Ofsted's judgements on two days, of the authorities judged by then",
    r"slope of plans|least to most deprived": "gradients over authorities; a note of the chart says what moves them",
    r"the average of (?:19|20)\d\d": "averages of years; test_authority_sentences asks of every pair",
    r"authorities with figures in both years": "parts of a change, over the same authorities by construction",
}


class Asked(NamedTuple):
    """What a helper was asked and what it said."""

    name: str
    area: str
    pairs: tuple
    release: str
    text: str


class Said(NamedTuple):
    """A text that a page shows, and where."""

    page: str
    what: str
    text: str


def sentences(text):
    plain = re.sub(r"[*_`#]+", "", text)
    return [each.strip() for each in re.split(r"(?<=[.!?])\s+(?=[A-Z0-9£“])|\n\s*(?:\n|- )", plain) if each.strip()]


def compares(sentence):
    return len(set(YEAR.findall(sentence))) > 1 and MOVES.search(sentence) is not None


def shown_by(path):
    """What a notebook shows, run here: prose, and of each chart or table title, subtitle, notes and description."""
    found, names = [], {"__name__": "notebook"}
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            found.append(Said(path.stem, "prose", source))
            continue
        tree = ast.parse(source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, path.stem, "exec"), names)
        if last is None:
            continue
        value = eval(compile(ast.Expression(last.value), path.stem, "eval"), names)
        if type(value).__name__ == "Markdown":
            found.append(Said(path.stem, "finding", value.data))
        for part in ("title", "subtitle", "description", "caption"):
            if isinstance(text := getattr(value, part, None), str):
                found.append(Said(path.stem, f"{getattr(value, 'name', '')} {part}", text))
        found += [Said(path.stem, "note", note) for note in getattr(value, "notes", ())]
    return found


@pytest.fixture(scope="module")
def walked():
    """All that the front page and the notebooks say, and all that the helpers were asked meanwhile."""
    forget()
    asked = []
    plain = {name: getattr(comparability, name) for name in ("moved", "place", "caution")}

    def noting(name):
        def called(measure, area, first, later, *more, **options):
            given = plain[name](measure, area, first, later, *more, **options)
            years = given.years if name == "place" else (first,)
            release = options.get("release", more[0] if more else "latest")
            text = given.text if name == "place" else given
            asked.append(Asked(measure, area, tuple((year, later) for year in years), release, text))
            return given

        return called

    with pytest.MonkeyPatch.context() as patch:
        for name in plain:
            patch.setattr(comparability, name, noting(name))
        said = [Said("index", "sentence", text) for text in front.sentences()]
        with redirect_stdout(io.StringIO()):
            for path in sorted(paths.notebooks().glob("[0-9]*.ipynb")):
                said += shown_by(path)
    forget()
    return said, asked


def test_the_walk_meets_what_readers_meet(walked):
    said, asked = walked
    assert {one.page for one in said} >= {"index", "01_demand", "04_repeat_plans", "07_spending", "10_outlook"}
    assert len(asked) > 25 and sum(compares(s) for one in said for s in sentences(one.text)) > 15


def test_what_was_asked_carries_its_caution(walked):
    _, asked = walked
    cautions = 0
    for one in asked:
        for earlier, later in one.pairs:
            found = comparability.comparable(one.name, one.area, earlier, later, one.release)
            if found["answer"] == "yes":
                continue
            cautions += 1
            like_for_like = "over the same authorities" in one.text
            told = all(part in one.text for part in found["sentence"].rstrip(".").split(". "))
            assert told or like_for_like, one
    assert cautions > 5


def bypassing(said, asked):
    """The computed sentences that compare two years in words of their own."""
    given = [one.text for one in asked if one.text]
    return [
        (one.page, one.what, sentence)
        for one in said
        if one.what not in ("note", "prose") and not one.what.endswith(("description", "subtitle", "caption"))
        for sentence in sentences(one.text)
        if compares(sentence)
        and not any(text in sentence for text in given)
        and not any(re.search(pattern, sentence) for pattern in ACCEPTED)
    ]


def test_a_sentence_that_compares_two_years_holds_what_the_rule_gave(walked):
    assert bypassing(*walked) == []


@pytest.mark.parametrize(
    "bare",
    [
        "In 2024/25 there were 632,830 referrals, up 1.8% on 2023/24.",
        "Referrals rose from 621,880 in 2023/24 to 632,830 in 2024/25.",
        "On 31 March 2025 there were 49,420, the fewest since 31 March 2014.",
        "Plans: from 10 in 2014/15 to 12 in 2024/25",
    ],
)
def test_a_sentence_in_words_of_its_own_is_caught(walked, bare):
    assert bypassing([Said("index", "sentence", bare)], walked[1]) == [("index", "sentence", bare)]


def test_prose_names_no_change_of_a_figure(walked):
    """Prose is not computed: of two years it may tell the paper of 2017 or the collection, and no figure."""
    said, _ = walked
    for one in said:
        for sentence in sentences(one.text) if one.what == "prose" else []:
            if compares(sentence):
                assert not re.search(r"\b(up|down|rose|fell|grew)\b.*\d", sentence.replace("rose by 124%", "")), (
                    sentence
                )


def test_a_description_says_which_breaks_its_line_goes_across(walked):
    said, _ = walked
    told = 0
    for one in said:
        for sentence in sentences(one.text) if one.what.endswith("description") else []:
            if "; lowest " in sentence and re.search(
                r"(Referrals|Plans started|Plans that ended|Second or later)", sentence
            ):
                years = [int(text[:4]) + ("/" in text) for text in YEAR.findall(sentence.partition(", across")[0])]
                known = [y for y, _ in measures.breaks("plans_started", "England") if min(years) < y <= max(years)]
                assert ("across" in sentence) == bool(known), sentence
                told += bool(known)
    assert told > 4


def in_words(one):
    """The pairs that a helper was asked, as the table on the methods page has them."""
    label = measures.measure(one.name)["label"] if one.name in measures.dictionary() else one.name
    return [(label, *(comparability.year_of(one.name, year) for year in pair)) for pair in one.pairs]


def test_the_methods_page_has_every_pair_that_the_front_page_compares(walked):
    said, asked = walked
    rows = {(row["label"], row["earlier"], row["later"]) for row in front.compared()}
    front_page = [one.text for one in said if one.page == "index" or re.match(r"figure-.*-today title", one.what)]
    front_page += [next(one.text for one in said if one.page == page and one.what == "finding") for page in PAGES]
    told = [one for one in asked if one.text and any(one.text in text for text in front_page)]
    # The words "up from 13.3% in 2010/11" may be asked of two later years: one of them is the front page's.
    missing = {one.text for one in told} - {one.text for one in told if all(pair in rows for pair in in_words(one))}
    missing = {text for text in missing if not text.startswith(" (")}  # a caution by itself names no pair
    assert missing == set()
    page = methods.page()
    assert all(row["label"] in page and row["published"] in page for row in front.compared())


# ## Authorities' pages

#: "from 40.8, the average of 2017 to 2020, to 40.4, that of 2024 and 2025"; "from 30.0 in 2011/12 to 40.0 in 2014/15".
AVERAGES = re.compile(r"from [^,;()]+, the average of ([^,;()]+), to [^,;()]+, that of ([^,;()]+)")
FROM_TO = re.compile(r"from [^,;()]*? ((?:19|20)\d\d(?:/\d\d)?) to [^,;()]*? ((?:19|20)\d\d(?:/\d\d)?)")


def ending(year):
    """2014/15 and 31 March 2015 are both 2015."""
    return int(year[:4]) + ("/" in year)


def years_in(text):
    """All the years of "2016 to 2018 and 2020" or of "2024 and 2025"."""
    spans = [[ending(year) for year in YEAR.findall(part)] for part in text.split(" and ")]
    return [year for span in spans for year in range(span[0], span[-1] + 1)]


def spoken_of(sentence):
    """The indicators that a sentence of an authority's page may be about, by what they are called."""
    if "the rate" in sentence:
        return ["plan_rate"]
    text = sentence.casefold()
    short = {n: re.split(r" per |, ", entry["label"].casefold())[0] for n, entry in table.register().items()}
    longest = max((len(each) for each in short.values() if each in text), default=0)
    return [name for name, each in short.items() if each in text and len(each) == longest]


def uncautioned(sentence, area):
    """The pairs of years of a sentence on an authority that do not simply compare, without the caution in it."""
    spans = [(years_in(a), years_in(b)) for a, b in AVERAGES.findall(sentence)]
    spans += [([ending(a)], [ending(b)]) for a, b in FROM_TO.findall(sentence)]
    pairs = [(a, b) for first, last in spans for a in first for b in last if a < b]
    found = []
    for pair in pairs:
        known = [comparability.comparable(name, area, *pair)["sentence"] for name in spoken_of(sentence)]
        if known and all(one and any(part not in sentence for part in one.rstrip(".").split(". ")) for one in known):
            found.append((areas.name(area), sentence, pair, known[0]))
    return found


def strings(held):
    """Every text in what a page is made of."""
    if isinstance(held, str):
        return [held]
    if dataclasses.is_dataclass(held):
        held = [getattr(held, field.name) for field in dataclasses.fields(held) if field.name != "readings"]
    return [text for each in held for text in strings(each)] if isinstance(held, list | tuple) else []


@pytest.mark.parametrize(
    "bare",
    [
        "Over five years the rate went up from 30.0, the average of 2011 and 2012, to 40.0, that of 2014 and 2015.",
        "Children on a child protection plan at 31 March: up from 30.0 in 2011/12 to 40.0 in 2014/15.",
    ],
)
def test_the_net_for_authorities_catches_a_sentence_without_its_caution(bare):
    surrey = areas.find("Surrey")
    assert uncautioned(bare, surrey)
    assert not uncautioned(bare[:-1] + comparability.caution("plan_rate", surrey, 2012, 2015) + ".", surrey)


def test_every_authoritys_sentences_carry_their_cautions():
    found, told = [], 0
    for code in areas.authorities():
        subject = subject_of(code)
        shown = figures.figures(subject)
        parts = [page.facts(subject), page.sentences(subject, shown.readings), page.notes(subject, shown.table), shown]
        for text in strings(parts):
            for sentence in sentences(text):
                told += bool(AVERAGES.search(sentence) or FROM_TO.search(sentence))
                found += uncautioned(sentence, code)
    assert found == [] and told
