"""Every generated sentence that compares two years asks whether they compare, and carries the caution there is.

Two nets. By structure: `comparability.moved`, `place` and `caution` form the words, and what they gave is noted while
the front page's sentences and all notebooks are made. By denial: a computed text that names two years, or the year
before, is refused, whatever its words, unless each clause of it is what one of them gave, or a caution was asked for
that very pair on the same page, or the clause is of a kind that compares nothing (`NOT_COMPARED`).
"""

import ast
import dataclasses
import io
import json
import re
from contextlib import redirect_stdout
from typing import NamedTuple

import pytest

from cptrends.charts import lines
from cptrends.data import areas, events, measures, paths
from cptrends.data import comparability as compared
from cptrends.indicators import comparability, table
from cptrends.memory import forget
from cptrends.reports import front, methods
from cptrends.reports.authority import sentences as page
from cptrends.reports.authority import table as figures
from cptrends.reports.authority.subject import subject_of

YEAR = re.compile(r"\b(?:19|20)\d\d(?:/\d\d)?\b")
BEFORE = re.compile(
    r"\b(?:(?:years?|twelvemonth) (?:before|earlier|ago)|(?:last|previous|past|preceding|prior) years?|on record|"
    r"(?:highest|lowest|most|fewest) ever|ever (?:recorded|since)|a year on)\b"
)
A_YEAR = YEAR.pattern
ACROSS = r"(?:,? across (?:a break|breaks) before [\d/, and]+)?"
COURSE = rf"[£\d][^;:]*? in {A_YEAR}(?:, (?:highest at |lowest at )?[£\d][\d,.]*%? in {A_YEAR})*"
#: The notebooks whose findings are told by figures of measures.
PAGES = ("01_demand", "02_plans", "03_durations", "04_repeat_plans", "10_outlook")
#: Clauses of computed texts with years that no two figures of one area are compared in, and why. Each is taken out of a
#: text, and what is left must name one year at most.
NOT_COMPARED = {
    rf"[Ii]n (?:the )?prices of {A_YEAR}": "what pounds are in, as the prices of the newest year",
    # test_every_authoritys_sentences_carry_their_cautions asks of every pair of these.
    r", the average of [^;()]+?, to [^;()]+, that of [^;()]+": "averages of years",
    r"^Five years: the average of the two newest years .*$": "how five years are compared",
    rf"\(Each episode, {A_YEAR}\.\)": "the year of the sentence before it",
    r"(?:the|since the) year before(?= the judgement|, less that of the five| is zero by)": "the year of a judgement",
    rf"stretches since 2013, England, to \w+ {A_YEAR}": "from when to when stretches were counted",
    r", the last year the 2017 overview drew": "a date of a paper",
    r"Source of the three lines in the table: .*$": "titles of publications",
    rf"SIF grades with figures of {A_YEAR}": "figures of the time beside grades: an association, no change",
}
#: As these, but only in one kind of text: a subtitle says from when to when, a note or a description lists by year.
NOT_COMPARED_IN = {
    "subtitle": {
        rf"^{A_YEAR} to {A_YEAR}$": "what is drawn",
        rf"(?<=, )(?:from )?{A_YEAR} to {A_YEAR}(?=$|, (?:latest|as first published|and four mod))": "what is drawn",
        rf"average with its 95% interval to {A_YEAR}$": "a year that is yet to come",
    },
    "note": {
        r"^(?:Breaks? [^:]*|England’s line alone), before [^:]*: ": "what lies between, of which the caution is told",
        r"^[^:]+ has no figure(?: of [^:]+)? for [^:]+: the publishers’ files do not give it\.$": "why lines have gaps",
        rf"^{A_YEAR} to {A_YEAR}: \d+ authorities, with .*; without .*$": "over which authorities parts were taken",
        r"^Authorities left out: .*$": "how many are left out in each year",
        r"^Without (?:it|Hampshire) in any year, the (?:slope|index) of referrals is .*$": "why a step is not one",
    },
    "description": {
        r"^No figure (?:of [^:]+ )?for .*$|^Unverified: .*$": "years without a sound figure",
        r"^Judgements: .*$": "grades, each on its day",
        # test_englands_line_on_an_authoritys_charts_has_the_events_that_it_crosses asks these.
        rf"^[^:]+: Hackney {COURSE}; England {COURSE}{ACROSS}(?:; both{ACROSS})?\.$": "an authority's lines",
        rf"^Children on a plan at 31 March per 10,000: {COURSE}\.$": "the line under judgements, and its note",
        rf"^{A_YEAR} to {A_YEAR}: children .*$": "parts over the authorities that a note names",
        r"^So far: .*$": "the points of a chart whose first year is after the change of collection",
        r"^Without (?:it|Hampshire) in any year, the (?:slope|index) of referrals is .*$": "why a step is not one",
        # test_a_line_says_which_breaks_it_goes_across asks these of the breaks there are.
        rf"^[^:]+: \S+ in {A_YEAR}, \S+ in {A_YEAR}; lowest \S+ in {A_YEAR}, highest \S+ in {A_YEAR}"
        rf"{ACROSS}\.$": "the points of a line",
        # What moves them stands in the same description: test_what_moves_a_slope_is_in_its_description.
        rf"^[^:]+: \S+ \(\S+ to \S+\) at {A_YEAR}, \S+ \(\S+ to \S+\) at {A_YEAR}\.$": "gradients over authorities",
    },
}


class Asked(NamedTuple):
    """What a helper was asked and what it said."""

    how: str
    name: str
    area: str
    pairs: tuple
    release: str
    text: str
    per: str | None = None


class Said(NamedTuple):
    """A text that a page shows, where, and what was asked while it was made."""

    page: str
    what: str
    text: str
    asked: tuple = ()


def sentences(text):
    plain = re.sub(r"[*_`#]+", "", text)
    return [each.strip() for each in re.split(r"(?<=[.!?])\s+(?=[A-Z0-9£“])|\n\s*(?:\n|- )", plain) if each.strip()]


def ending(year):
    """2014/15 and 31 March 2015 are both 2015."""
    return int(year[:4]) + ("/" in year)


def compares(sentence):
    """Whether a text names two years, or one and the year before it."""
    return len({ending(year) for year in YEAR.findall(sentence)}) > 1 or BEFORE.search(sentence) is not None


def texts_of(value):
    """What a cell's value says: each part by its kind."""
    if type(value).__name__ == "Markdown":
        yield "finding", value.data
    for part in ("title", "subtitle", "description", "caption"):
        if isinstance(text := getattr(value, part, None), str):
            yield f"{getattr(value, 'name', '')} {part}", text
    yield from (("note", note) for note in getattr(value, "notes", ()))


def shown_by(path, asked):
    """What a notebook shows, run here: prose, and of each chart or table title, subtitle, notes and description."""
    found, names, before = [], {"__name__": "notebook"}, len(asked)
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
        with pytest.MonkeyPatch.context() as patch:
            shown = []
            patch.setitem(names, "display", lambda *values, to=shown: to.extend(values))
            shown.append(eval(compile(ast.Expression(last.value), path.stem, "eval"), names))
        texts = [text for value in shown for text in texts_of(value)]
        found += [Said(path.stem, what, text, tuple(asked[before:])) for what, text in texts]
    return found


class Drawn(NamedTuple):
    """A line chart: what was given of it and what it says."""

    series: dict
    description: str


@pytest.fixture(scope="module")
def walked():
    """All that the front page and the notebooks say, all that was asked meanwhile, and all lines drawn."""
    forget()
    asked, drawn = [], []
    plain = {name: getattr(comparability, name) for name in ("moved", "place", "caution")}
    draw = lines.time_series

    def noting(name):
        def called(measure, area, first, later, *more, **options):
            given = plain[name](measure, area, first, later, *more, **options)
            years = given.years if name == "place" else (first,)
            release = options.get("release", more[0] if more else "latest")
            text = given.text if name == "place" else given
            pairs, per = tuple((year, later) for year in years), options.get("per")
            asked.append(Asked(name, measure, area, pairs, release, text, per))
            return given

        return called

    def drawing(series, **options):
        chart = draw(series, **options)
        drawn.append(Drawn(series, chart.description))
        return chart

    with pytest.MonkeyPatch.context() as patch:
        for name in plain:
            patch.setattr(comparability, name, noting(name))
        patch.setattr("cptrends.charts.time_series", drawing, raising=False)
        said = []
        for make in [*(lambda m=m, w=w: front.count_sentence(m, w) for m, w in front.TOLD), front.repeats_sentence]:
            before = len(asked)
            text = make().text
            said.append(Said("index", "sentence", text, tuple(asked[before:])))
        assert tuple(one.text for one in said) == front.sentences()
        with redirect_stdout(io.StringIO()):
            for path in sorted(paths.notebooks().glob("[0-9]*.ipynb")):
                said += shown_by(path, asked)
    forget()
    return said, asked, drawn


def test_the_walk_meets_what_readers_meet(walked):
    said, asked, drawn = walked
    assert {one.page for one in said} >= {"index", "01_demand", "04_repeat_plans", "05_ofsted", "07_spending"}
    assert len(asked) > 25 and sum(compares(s) for one in said for s in sentences(one.text)) > 15 and len(drawn) > 8


def rule_on(one, earlier, later):
    """What the rule says of a pair that was asked."""
    if one.per:
        return compared.compare([one.name, one.per], one.area, earlier, later, release=one.release)
    return comparability.comparable(one.name, one.area, earlier, later, one.release)


def test_what_was_asked_carries_its_caution(walked):
    _, asked, _ = walked
    cautions = 0
    for one in asked:
        for earlier, later in one.pairs:
            found = rule_on(one, earlier, later)
            cautions += found["answer"] != "yes"
            assert all(part in one.text for part in found["sentence"].rstrip(".").split(". ")), one
    assert cautions > 5


def test_what_was_asked_is_said(walked):
    """A caution that a cell asks for and leaves out would let its two years pass."""
    said, asked, _ = walked
    everything = " ".join(re.sub(r"[*_`#]+", "", one.text) for one in said)
    for one in asked:
        # Of spending per child the caution stands behind other words in the same brackets.
        assert all(part in everything for part in one.text.strip(" ()").split("; ")), one


def bare(sentence, kind, asked):
    """What is left of a text without the clauses that were given for it or compare nothing, and the years allowed."""
    later, allowed = [], set()
    for one in sorted(asked, key=lambda one: -len(one.text)):
        if one.how == "caution":
            known = one.text.strip(" ()")
            if all(part in sentence for part in known.split("; ")):
                allowed |= set(one.pairs)
                for part in filter(None, known.split("; ")):
                    sentence = sentence.replace(part, "", 1)
        elif one.text and one.text in sentence:
            sentence = sentence.replace(one.text, "", 1)
            # "up from 13.3% in 2010/11" may have been given for several later years.
            later.append({pair[1] for other in asked if other.text == one.text for pair in other.pairs})
    for event in events.register().values():
        for what in (event.what, events.said_to(event, event.own)):
            sentence = sentence.replace(what, "").replace(what.rstrip("."), "")
    for pattern in (*NOT_COMPARED, *NOT_COMPARED_IN.get(kind, ())):
        sentence = re.sub(pattern, "", sentence)
    return sentence, later, allowed


def bypassing(said):
    """The computed sentences that compare two years in words of their own."""
    found = []
    for one in said:
        if one.what == "prose":
            continue
        kind = one.what.split()[-1]
        for sentence in sentences(one.text):
            if not compares(sentence):
                continue
            left, later, allowed = bare(sentence, kind, one.asked)
            years = {ending(year) for year in YEAR.findall(left)}
            years |= {year for given in later if years and not given & years for year in given}
            untold = [(year, max(years)) for year in years if year < max(years) and (year, max(years)) not in allowed]
            share = kind == "subtitle" and re.search(r"(?<!95)%", left)  # a subtitle tells no change of its own
            if untold or BEFORE.search(left) or share:
                found.append((one.page, one.what, sentence))
    return found


def test_a_sentence_that_compares_two_years_holds_what_the_rule_gave(walked):
    assert bypassing(walked[0]) == []


@pytest.mark.parametrize(
    "untrue",
    [
        "In 2024/25 there were 632,830 referrals, up 1.8% on 2023/24.",
        "Referrals rose from 621,880 in 2023/24 to 632,830 in 2024/25.",
        "On 31 March 2025 there were 49,420, the fewest since 31 March 2014.",
        "Plans: from 10 in 2014/15 to 12 in 2024/25",
        "Referrals climbed 6.6% between 2012/13 and 2024/25.",
        "In 2024/25 they were 1.8% higher than they were in 2023/24.",
        "They are up 1.8% on the year before.",
        "Referrals dropped; 2024/25 is below 2014/15.",
        "There were more plans in 2024/25 than in 2012/13.",
        "Rising growth: 5 in 2012/13, 6 in 2024/25.",
        "On 31 March 2025 plans were at the highest ever.",
        "Good or better went from 25.0% in 2015 to 67.3% in 2025.",
        "Referrals grew from 2013 to 2018 over the authorities with figures in both years.",
    ],
)
@pytest.mark.parametrize("kind", ["sentence", "finding", "name title", "name subtitle", "note", "name description"])
def test_a_sentence_in_words_of_its_own_is_caught(untrue, kind):
    assert bypassing([Said("page", kind, untrue)]) == [("page", kind, untrue)]


@pytest.mark.parametrize("subtitle", ["Up 6.6% from 2012/13 to 2024/25", "Up 6.6%, England, 2012/13 to 2024/25"])
def test_a_subtitle_may_say_from_when_to_when_and_no_change(subtitle):
    assert bypassing([Said("page", "name subtitle", subtitle)])
    assert not bypassing([Said("page", "name subtitle", "Referrals, England, 2012/13 to 2024/25, latest figures")])


def test_one_clause_of_the_rule_does_not_clear_the_others(walked):
    said, _, _ = walked
    front_page = [one for one in said if one.page == "index"]
    assert not bypassing(front_page)
    for one in front_page:
        for more in (", and 9% above 2012/13", "; 9% more than in 2012/13", ", above the year before"):
            added = one._replace(text=one.text[:-1] + more + ".")
            assert len(bypassing([added])) == 1, added.text


def test_a_caution_clears_its_own_pair_and_where_it_is_said(walked):
    said, _, _ = walked
    [one] = [one for one in said if one.what == "grades-31-march title"]
    assert not bypassing([one])
    assert bypassing([one._replace(text=one.text.replace("2015", "2016"))])
    assert bypassing([one._replace(text=one.text.partition(" (ILACS")[0])])


#: Figures in prose of two years: what a paper of 2017 said.
QUOTED = ("rose by 124%", "to 17% in 2014/15", "2010/11 a slight increase")


def test_prose_gives_no_figure_of_two_years(walked):
    """Prose is not computed: of two years it may tell a paper or the collection, and no figure, in whatever words."""
    for one in walked[0]:
        for sentence in sentences(one.text) if one.what == "prose" else []:
            if compares(sentence):
                assert not figure_in(sentence), sentence


def figure_in(sentence):
    """Whether a text has a number that is no year."""
    for quoted in QUOTED:
        sentence = sentence.replace(quoted, "")
    return re.search(r"\d", YEAR.sub("", sentence)) is not None


def test_a_figure_in_prose_is_caught_in_any_words():
    assert figure_in("Referrals climbed by 6.6% between 2012/13 and 2024/25.")
    assert not figure_in("The overview drew referrals from 2001/02 to 2014/15.")


#: What lines are drawn of that say no measure: worked out from others.
WORKED_OUT = {
    "spending": ("safeguarding_spend", "children_in_need_31_march"),
    "trend": ("plans_31_march",),
}


def test_a_line_says_which_breaks_it_goes_across(walked):
    """Of every series drawn, whatever it is called: no break between its first and last year may be left out."""
    told = 0
    for chart in walked[2]:
        for label, frame in chart.series.items():
            [said] = [
                s for s in sentences(chart.description.removeprefix("Line chart. ")) if s.startswith(f"{label}: ")
            ]
            known = frame.dropna(subset=["value"])["year"]
            of = list(frame["measure"].unique()) if "measure" in frame else worked_out(frame)
            area = frame["area_code"].iloc[0] if "area_code" in frame else areas.ENGLAND
            steps = {year for each in of for year, _ in measures.breaks(each, area)}
            between = {year for year in steps if known.min() < year <= known.max()}
            across = {ending(year) for year in YEAR.findall(said.partition(", across")[2])}
            assert between <= across, (said, sorted(between - across))
            told += bool(between)
    assert told > 8


def worked_out(frame):
    """The measures behind figures that do not say theirs."""
    return WORKED_OUT["spending" if "per_what" in frame else "trend"]


def test_what_moves_a_slope_is_in_its_description(walked):
    slopes = [one for one in walked[0] if one.what in ("slope-index description", "relative-index description")]
    assert len(slopes) == 2 and all("Without" in one.text and "Hampshire" in one.text for one in slopes)


def in_words(one):
    """The pairs that a helper was asked, as the table on the methods page has them."""
    label = measures.measure(one.name)["label"] if one.name in measures.dictionary() else one.name
    return [(label, *(comparability.year_of(one.name, year) for year in pair)) for pair in one.pairs]


def test_the_methods_page_has_every_pair_that_the_front_page_compares(walked):
    said, asked, _ = walked
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
FIGURE, ON = r"[£\d][\d,.]*%?", r"(?: in| on| at)?(?: 31 March)?"
YEARS = rf"{A_YEAR}(?:(?: to |, | and ){A_YEAR})*"
AVERAGES = re.compile(
    rf"from {FIGURE}, the average of ({YEARS}), to {FIGURE}, that of ({YEARS})|"
    rf"at {FIGURE}, the average of ({YEARS}?) and of ({YEARS})"
)
FROM_TO = re.compile(rf"from {FIGURE}{ON} ({A_YEAR}) to {FIGURE}{ON} ({A_YEAR})")


def years_in(text):
    """All the years of "2016 to 2018 and 2020" or of "2024 and 2025"."""
    spans = [[ending(year) for year in YEAR.findall(part)] for part in re.split(r", | and ", text)]
    return [year for span in spans for year in range(span[0], span[-1] + 1)]


def spoken_of(sentence):
    """The indicators that a sentence of an authority's page may be about, by what they are called."""
    if "the rate" in sentence:
        return ["plan_rate"]
    text = sentence.casefold()
    called = [
        (name, re.split(r" per |, ", entry[field].casefold())[0])
        for name, entry in table.register().items()
        for field in ("label", "spoken")
    ]
    longest = max((len(each) for _, each in called if each in text), default=0)
    return list(dict.fromkeys(name for name, each in called if each in text and len(each) == longest))


def uncautioned(sentence, area):
    """The pairs of years of a sentence on an authority that do not simply compare, without the caution in it."""
    spans = [(years_in(a or c), years_in(b or d)) for a, b, c, d in AVERAGES.findall(sentence)]
    spans += [([ending(a)], [ending(b)]) for a, b in FROM_TO.findall(sentence)]
    pairs = [(a, b) for first, last in spans for a in first for b in last if a < b]
    found = []
    for pair in pairs:
        known = [comparability.comparable(name, area, *pair)["sentence"] for name in spoken_of(sentence)]
        if known and all(one and any(part not in sentence for part in one.rstrip(".").split(". ")) for one in known):
            found.append((areas.name(area), sentence, pair, known[0]))
    return found


#: Texts of an authority's page with two years that tell no change, and why.
NO_CHANGE = {
    r"\(caution: [^()]*\)": "what stands between two years; `uncautioned` asks whether it is all there",
    r"^Five years: the average of the two newest years .*$": "how five years are compared",
    r"^In England’s totals ": "what an event is told with",
    r"There is no rate for [^.]*\.|withheld for [^.]*\.": "years without a figure",
    r"^There is no figure for [^,]*, the year before: until another confirms them, .*$": "as above",
}


def loosely(sentence):
    """Whether a text compares years in other words than the changes that are asked of: any year beside those."""
    for event in events.register().values():
        for what in (event.what, events.said_to(event, event.own)):
            sentence = sentence.replace(what, "").replace(what.rstrip("."), "")
    for pattern in NO_CHANGE:
        sentence = re.sub(pattern, "", sentence)
    left = FROM_TO.sub("", AVERAGES.sub("", sentence))
    return compares(left) or (left != sentence and YEAR.search(left) is not None)


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
    found, loose, told = [], [], 0
    for code in areas.authorities():
        subject = subject_of(code)
        shown = figures.figures(subject)
        parts = [page.facts(subject), page.sentences(subject, shown.readings), page.notes(subject, shown.table), shown]
        for text in strings(parts):
            for sentence in sentences(text):
                told += bool(AVERAGES.search(sentence) or FROM_TO.search(sentence))
                found += uncautioned(sentence, code)
                loose += [sentence] if loosely(sentence) else []
    assert found == [] and told
    assert loose == []


@pytest.mark.parametrize("more", ["; in 2010/11 it was lower", ", above the year before", "; 3 in 2012, 4 in 2015"])
def test_words_of_its_own_in_an_authoritys_sentence_are_caught(more):
    known = "Over five years it went up from 1,030.0, the average of 2011 and 2012, to 40.0, that of 2014 and 2015"
    assert not loosely(f"{known}.") and loosely(f"{known}{more}.")
