"""How an authority's page reads: every sentence of every page, its numbers, its labels and its grammar."""

import dataclasses
import re

import numpy as np
import pytest

from cptrends import words
from cptrends.data import areas
from cptrends.indicators import comparable
from cptrends.indicators import table as indicators
from cptrends.reports.authority import deprivation, over_years, sentences, steps
from cptrends.reports.authority.changed import unusual_sentences
from cptrends.reports.authority.deprivation import Deprived
from cptrends.reports.authority.everyone import everyone, figures_of, limit_here, looked_at
from cptrends.reports.authority.judging import Change, Place
from cptrends.reports.authority.readings import judged, unusual
from cptrends.reports.authority.standing_out import HEADLINES
from cptrends.reports.authority.standing_out import sentence as standing_out
from cptrends.reports.authority.steps import Step
from cptrends.reports.authority.subject import subject_of
from cptrends.reports.authority.table import figures

HACKNEY, SCILLY, HAMPSHIRE = "E09000012", "E06000053", "E10000014"
#: What no sentence may have: figures that are not there, an empty finding, a count that does not agree with its noun.
BANNED = re.compile(
    r"no figure to|None of the|is does not|nought|\bnan\b|one of one|\b(\w+) \1\b|  "
    r"|(rise|fall) of (less than )?0(\.0)?%"
    r"|(?<![\d.,])1 (changes|children|authorities|figures|cells)\b|\b(0|[2-9]|\d{2,}) (change|child|authority|cell)\b"
    r"|(?<![\d.,])1 \w+ (are|were)\b|,,| [,.;:]|\.\.|;\.|\(\)|Could be chance|Probably real",
    re.IGNORECASE,
)
NUMBER = r"£?[\d,]*\d(?:\.\d+)?%?"


@pytest.fixture(scope="module")
def pages(every_page):
    """The pages that have figures."""
    found = {code: page for code, page in every_page.items() if page.figures.readings}
    assert len(found) > 150
    return found


def everything_said(page):
    figures = page.figures
    return [*page.sentences, *page.notes, *figures.notes, *figures.change_notes, *figures.unusual]


def change_of(page, name="plan_rate"):
    return next((r.five_years for r in page.figures.readings if r.name == name), None)


# --- Grammar ---


def test_no_sentence_of_any_page_is_empty_false_in_number_or_broken_off(every_page):
    wrong = [
        (page.subject.name, found[0], text)
        for page in every_page.values()
        for text in everything_said(page)
        if (found := BANNED.search(text)) or not text.endswith(".") or text != text.strip()
    ]
    assert not wrong, wrong[:5]


def test_every_page_with_figures_opens_with_level_direction_and_what_stands_out(pages):
    for page in pages.values():
        assert len(page.sentences) == 5, page.subject.name
        level, way, standing, changes, deprived = page.sentences
        assert "on a child protection plan" in level and re.match(r"Over five years the rate|Whether the rate", way)
        assert re.match(r"Beyond|All \d|\d+ of|No headline|The one|What stands out", standing), standing
        assert re.match(r"Of \d+ changes looked at|One change could be looked at|No other change", changes)
        assert re.match(r"By the income|No score", deprived)


def test_the_sentences_of_an_opening_are_short(pages):
    lengths = [
        len(sentence.split())
        for page in pages.values()
        for text in page.sentences[:3]
        for sentence in re.split(r"(?<=\.) (?=[A-Z])", text)
    ]
    assert max(lengths) < 45 and np.quantile(lengths, 0.95) <= 32


# --- Numbers ---


def test_the_level_is_that_of_the_readings(pages):
    for page in pages.values():
        [reading] = [r for r in page.figures.readings if r.name == "plan_rate"]
        told = page.sentences[0]
        if reading.now is None or reading.now.value != reading.now.value:
            assert re.search(r"withheld|not available|cannot be given", told)
            continue
        numbers = {f"{reading.now.numerator:,.0f}", f"{reading.now.value:.1f}", f"{reading.england.value:.1f}"}
        numbers |= {f"{np.median(reading.neighbours):.1f}"} if len(reading.neighbours) >= 6 else set()
        assert set(re.findall(NUMBER, told)) - {"31", str(page.subject.year), "10,000"} <= numbers | {"31"}
        ratio = reading.now.value / reading.england.value
        side = re.search(r"(near|above|below|the same as) England’s", told)[1]
        same = f"{reading.now.value:.1f}" == f"{reading.england.value:.1f}"
        assert side == ("the same as" if same else "near" if 0.9 <= ratio <= 1.1 else "above" if ratio > 1 else "below")


def test_the_direction_is_that_of_the_averages_of_the_years_named(pages):
    rates = everyone().figures["plan_rate"].set_index("year", append=True)["value"]
    told = 0
    for code, page in pages.items():
        found = re.search(
            rf"rate went (up|down) from ({NUMBER}), the average of ([^,(]+(?:, \d+)*(?: and \d+)?), to ({NUMBER}), "
            r"that of (\d+) and (\d+)",
            page.sentences[1],
        )
        if not found:
            continue
        way, before, years, after, first, last = found.groups()
        span = [int(year) for year in re.findall(r"\d{4}", years)]
        span = list(range(span[0], span[-1] + 1)) if " to " in years else span
        means = [np.mean([rates[code, year] for year in each]) for each in (span, (int(first), int(last)))]
        assert [before, after] == [f"{mean:,.1f}" for mean in means], page.subject.name
        assert (way == "up") == (means[1] > means[0]) and int(last) == page.subject.year
        told += 1
    assert told > 120


def test_a_page_says_how_many_changes_were_looked_at_and_how_many_chance_alone_would_make_unusual(pages):
    for page in pages.values():
        figures = page.figures
        both = [step for r in figures.readings for step in (r.one_year, r.five_years)]
        found = sum(step.label == "Unusual" for step in both)
        changes = [step for step in both if step.change and step.change.chance == step.change.chance]
        looked, blind = len(changes), sum(step.label == "Cannot tell" for step in changes)
        assert (len(judged(figures.readings)), len(unusual(figures.readings))) == (looked, found)
        note, said = figures.change_notes[0], re.match(r"Of (\d+) changes looked at", page.sentences[3])
        assert (int(said[1]) if said else "One change" in page.sentences[3]) == looked and len(figures.unusual) == found
        if not looked:
            assert note.startswith("No change could be looked at")
            continue
        assert (
            note.startswith(f"{looked} change") and f"{found or 'none'} {'is' if found == 1 else 'are'} unusual" in note
        )
        assert (f"Of {words.spelt(blind)} it cannot be told" in note) == (blind > 0)
        assert f"on about one such page in {words.spelt(round(1 / (looked * limit_here())))}. Where they last" in note
        assert f"a whole page looks at {looked_at()}." in figures.change_notes[1]


def test_how_many_were_looked_at_does_not_depend_on_what_was_found(pages):
    """A change that not even a doubling would show counts also where it is no more than that."""
    [small] = [page for page in pages.values() if page.subject.name == "City of London"]
    labels = [step.label for step in judged(small.figures.readings)]
    assert "Cannot tell" in labels and "Unusual" in labels
    calm = {step.label for page in pages.values() for step in judged(page.figures.readings)}
    assert calm == {"Unusual", "Within its ordinary range", "Cannot tell"}


def test_the_notes_say_what_else_can_look_like_an_unusual_change(pages):
    for page in pages.values():
        note = page.figures.change_notes[1]
        assert "A change in how something is recorded can look like this." in note
        assert note.count("A level that moves every few years is unusual by this measure") == 1


# --- The clearest ---


def test_each_unusual_change_of_an_opening_ends_with_how_many_moved_as_far(pages):
    told = 0
    for page in pages.values():
        found = unusual(page.figures.readings)
        level = [change for r, _, change in found if r.name == "plan_rate" and len(change.years_later) == 2]
        for change in level:
            assert steps.as_far(change) in page.sentences[1]
        names = list(dict.fromkeys(r.name for r, _, _ in found if not (level and r.name == "plan_rate")))[:3]
        for name in names:
            clearest = next(change for r, _, change in found if r.name == name)
            [sentence] = [
                s for s in re.split(r"(?<=\.) (?=[A-Z])", page.sentences[3]) if steps.told(clearest, name) in s
            ]
            assert sentence.endswith(f"; {steps.as_far(clearest)}.")
            told += 1
        assert page.sentences[3].count("moved at least as far") + page.sentences[3].count("looked at moved") == len(
            names
        )
    assert told > 300


def test_where_one_year_and_five_years_go_opposite_ways_both_are_told_and_joined(pages):
    found = []
    for page in pages.values():
        for reading in page.figures.readings:
            one, five = reading.one_year.unusual, reading.five_years.unusual
            if not (one and five) or (one.value > 0) == (five.value > 0):
                continue
            found.append(page.subject.name)
            [own] = [s for s in page.figures.unusual if steps.told(one, reading.name) in s]
            assert "Over five years the figure went the other way, " in own
            [own] = [s for s in page.figures.unusual if steps.told(five, reading.name) in s]
            assert "Over one year the figure went the other way, " in own
            for opening in page.sentences[1:4]:  # never both as if they were two things
                assert not (steps.told(one, reading.name) in opening and steps.told(five, reading.name) in opening)
    assert found


def test_how_many_moved_as_far_counts_the_one_told_of():
    change = by_hand("Unusual", 40.0, 80.0).change
    assert steps.as_far(change._replace(moved_as_far=100 / 140)) == "no other authority looked at moved as far"
    assert steps.as_far(change._replace(moved_as_far=200 / 140)) == "1% of authorities moved at least as far"


# --- Labels ---


def test_a_change_is_called_what_its_label_says_and_nothing_else(pages):
    for page in pages.values():
        step, told = change_of(page), page.sentences[1]
        label = step.label if step and step.change else "Cannot tell"
        assert ("an unusual" in told) == (label == "Unusual"), page.subject.name
        assert ("within its ordinary range" in told) == (label == "Within its ordinary range")
        assert ("cannot be told" in told) == (label == "Cannot tell")
        others = [
            r for r in page.figures.readings if r.five_years.label == r.one_year.label == "Within its ordinary range"
        ]
        clearest = page.sentences[3].partition("unusual")[2]
        for reading in others:
            assert f"{reading.entry['label']} went" not in clearest


def test_the_table_of_changes_has_a_row_for_each_indicator_that_is_judged_with_its_labels(pages):
    for page in pages.values():
        shown = [r for r in page.figures.readings if r.one_year.label != "Not judged"]
        for reading, row in zip(shown, page.figures.changes.rows, strict=True):
            assert row[0].startswith(reading.entry["label"])
            for step, (moved, label, missed) in ((reading.one_year, row[1:4]), (reading.five_years, row[4:7])):
                assert label.partition(" (note")[0] == step.label and bool(moved) == (step.change is not None)
                assert not missed or step.change is not None
                if step.caution:
                    number = int(re.search(r"\(note (\d+)\)", label)[1])
                    assert f"Note {number}: {step.caution}" in page.figures.change_notes


def test_what_would_not_have_shown_is_smaller_than_what_would(pages):
    seen = 0
    for page in pages.values():
        for reading in page.figures.readings:
            change = reading.five_years.change
            if change is None or change.value_earlier == 0:
                continue
            moved = 100 * (change.value_later / change.value_earlier - 1)
            limit = change.visible_rise if moved > 0 else -change.visible_fall
            if change.label == "Unusual" and limit == limit:
                assert abs(moved) >= abs(limit) * 0.999, (page.subject.name, reading.name)
                seen += 1
    assert seen > 100


# --- Years that do not compare ---


def test_no_two_years_are_compared_without_the_caution_that_there_is(pages):
    """Every change told in a sentence: its years compare, or the caution stands in the same sentence."""
    cautions = 0
    for code, page in pages.items():
        for reading, _, change in unusual(page.figures.readings):
            for earlier in change.years_earlier:
                for later in change.years_later:
                    found = comparable(reading.name, code, earlier, later)
                    assert found["answer"] != "no", (page.subject.name, reading.name)
                    for part in filter(None, found["sentence"].rstrip(".").split(". ")):
                        [told] = [s for s in unusual_sentences(((reading),)) if steps.told(change, reading.name) in s]
                        assert part in told.partition(". Of the")[0]
                        cautions += 1
        step = change_of(page)
        if step and step.caution:
            assert step.caution.rstrip(".").replace(". ", "; ") in page.sentences[1] or step.change is None
    assert cautions > 10


def test_what_stands_out_after_a_year_without_a_return_is_told_with_a_caution(hackney):
    [own] = [r for r in hackney.figures.readings if r.name == "rereferral_share"]
    loud = dataclasses.replace(own, place=Place(4.0, "higher (99.8%)"))
    gone = dataclasses.replace(loud, before=own.before._replace(status="unavailable", value=np.nan))
    said = f"There is no figure for {words.year(own.year - 1)}, the year before: until another confirms them, read"
    assert said in standing_out(hackney.subject, [gone]) and "year before" not in standing_out(hackney.subject, [loud])


# --- What stands out ---


def test_what_stands_out_is_beyond_the_widest_limits_and_what_is_ordinary_within_the_narrowest(pages):
    for page in pages.values():
        placed = [r for r in page.figures.readings if r.name in HEADLINES and r.place is not None]
        loud = [r for r in placed if "99.8" in r.place.label]
        told = page.sentences[2]
        assert told.startswith("Beyond") == bool(loud), page.subject.name
        if loud:
            assert any(
                f"{HEADLINES[r.name]}, {'high' if 'higher' in r.place.label else 'low'} at" in told for r in loud
            )
        ordinary = sum(r.place.label == "not unusual" for r in placed)
        if said := re.search(r"(?:All (\d+)|(\d+) of (\d+)) headline figure", told):
            assert int(said[1] or said[2]) == ordinary and int(said[1] or said[3]) == len(placed)


# --- Deprivation ---


def test_where_it_lies_beside_what_is_expected_is_said_in_words_that_fit(pages):
    wide = 0
    for page in pages.values():
        found, told = deprivation.deprived(page.subject), page.sentences[4]
        if found is None or found.value != found.value:
            assert not re.search(r"Its .* are (near|above|below)", told) and "usual" not in told
            continue
        ratio = found.value / found.expected
        word = "near" if 0.9 <= ratio <= 1.1 else "above" if ratio > 1 else "below"
        assert f"are {word} the {found.expected:.1f} expected of an authority as deprived" in told
        assert told.endswith(f": {found.lower:.1f} to {found.upper:.1f}.")
        assert ("inside the wide range" in told) == (found.lower <= found.value <= found.upper)
        assert f"{found.value:.1f} in 10,000 on a plan: {word} the" in deprivation.title(found)
        wide += word != "near" and "inside the wide range" in told
    assert wide > 80  # most of those that differ from what is expected do so within the range


def test_a_range_that_is_not_known_is_not_told():
    found = Deprived(2015, 16.0, 111, 152, *[float("nan"), 39.2, float("nan"), float("nan")], position="")
    told = deprivation.sentence(found, "Poole")
    assert told.endswith("No plan rate of its own can be held against the 39.2 expected of an authority as deprived.")
    assert deprivation.title(found) == "39.2 children in 10,000 on a plan are expected of an authority as deprived"


# --- By hand ---


@pytest.fixture
def hackney(pages):
    return pages[HACKNEY]


def rewritten(page, **changes):
    """The sentences of a page with its plan rate's reading changed."""
    readings = tuple(dataclasses.replace(r, **changes) if r.name == "plan_rate" else r for r in page.figures.readings)
    return sentences.sentences(page.subject, readings)


def by_hand(label, before, after, rise=44.6, fall=31.2, years=((2017, 2018, 2019, 2020), (2024, 2025))):
    change = Change(2020, 2025, *years, before, after, after - before, 0.5, 140, 50.0, label, rise, fall, "")
    return Step(change, label, "")


def test_one_child_is_one_child(hackney):
    [reading] = [r for r in hackney.figures.readings if r.name == "plan_rate"]
    told = rewritten(hackney, now=reading.now._replace(numerator=1.0, value=0.2))[0]
    assert told.startswith("1 child in Hackney was on a child protection plan at") and "below England’s" in told


def test_a_figure_that_prints_as_englands_is_the_same_as_it(hackney):
    [reading] = [r for r in hackney.figures.readings if r.name == "plan_rate"]
    england = reading.england.value
    told = rewritten(hackney, now=reading.now._replace(value=england + 0.001))[0]
    assert f"the same as England’s {england:.1f}" in told


WITHIN = "Within its ordinary range"
OTHERWISE = Step(None, "Not comparable", "Figures were counted another way.")
CAUTIOUS = dataclasses.replace(by_hand("Unusual", 40.0, 80.0), caution="A. B.")
GAP = ((2017, 2019, 2020), (2024, 2025))


@pytest.mark.parametrize(
    "step, said",
    [
        (
            by_hand("Unusual", 131.9, 88.0),
            "down from 131.9, the average of 2017 to 2020, to 88.0, that of 2024 and 2025",
        ),
        (by_hand("Unusual", 131.9, 88.0), ": an unusual fall, beyond its ordinary ups and downs; 50% of authorities"),
        (by_hand("Unusual", 40.0, 80.0), ": an unusual rise, beyond its ordinary ups and downs; 50% of authorities"),
        (by_hand(WITHIN, 40.0, 42.0), "a rise of less than 44% or a fall of less than 31% would look like this."),
        (by_hand(WITHIN, 40.0, 40.01), "stayed at 40.0, the average of 2017 to 2020 and of 2024 and 2025."),
        (by_hand(WITHIN, 40.0, 42.0, fall=float("nan")), "a rise of less than 44% or any fall would look like this."),
        (by_hand("Cannot tell", 4.0, 5.0), "unusual cannot be told: the counts are too small or too unsteady."),
        (by_hand("Unusual", 1.0, 9.0, years=GAP), "the average of 2017, 2019 and 2020, to"),
        (OTHERWISE, "cannot be told. Figures were counted another way."),
        (CAUTIOUS, "2024 and 2025 (caution: A; B): an unusual rise"),
    ],
)
def test_each_label_has_its_sentence(hackney, step, said):
    told = rewritten(hackney, five_years=step)[1]
    assert said in told and not BANNED.search(told)


def test_a_newest_year_on_the_other_side_of_the_years_before_is_told(hackney):
    [reading] = [r for r in hackney.figures.readings if r.name == "plan_rate"]
    for now, caution, said in (
        (30.0, "", "like this. The newest year by itself, 30.0, lies below the first of these averages."),
        (30.0, "A.", "lies below the first of these averages (caution: A)."),
        (37.0, "", "would look like this."),  # near it
        (52.0, "", "would look like this."),
    ):
        step = dataclasses.replace(by_hand(WITHIN, 40.0, 50.0), caution=caution)
        told = rewritten(hackney, five_years=step, now=reading.now._replace(value=now))[1]
        assert told.endswith(said) and not BANNED.search(told), told


def test_the_chart_of_the_years_says_of_england_what_the_opening_says(pages):
    for name in ("Bristol", "Hackney", "Hampshire"):
        page = pages[areas.find(name)]
        where = re.search(r"(near|above|below|the same as) England’s", page.sentences[0])[0]
        assert where in over_years.series(page.subject).title


def test_a_page_of_one_change_and_of_none(hackney):
    nothing = Step(None, "Cannot tell", "")
    blank = [dataclasses.replace(r, one_year=nothing, five_years=nothing) for r in hackney.figures.readings]
    assert sentences.sentences(hackney.subject, tuple(blank))[3].startswith("No other change can be judged")
    [at] = [n for n, r in enumerate(blank) if r.name == "plan_rate"]
    one = "One change could be looked at, over five years, and it is"
    for label, said in (
        (WITHIN, f"{one} not unusual."),
        ("Unusual", f"{one} unusual, that of the plan rate above."),
    ):
        five = [*blank[:at], dataclasses.replace(blank[at], five_years=by_hand(label, 40.0, 90.0)), *blank[at + 1 :]]
        assert sentences.sentences(hackney.subject, tuple(five))[3] == said


def test_a_page_whose_changes_are_all_unusual(hackney):
    nothing, far = Step(None, "Cannot tell", ""), by_hand("Unusual", 40.0, 90.0)
    for many, said in ((2, "both are"), (3, "all 3 are")):
        few = [dataclasses.replace(r, one_year=nothing, five_years=nothing) for r in hackney.figures.readings[:5]]
        few[:many] = [dataclasses.replace(r, five_years=far) for r in few[:many]]
        told = sentences.sentences(hackney.subject, tuple(few))[3]
        assert told.startswith(f"Of {many} changes looked at, over five years, {said} unusual."), told


def test_a_share_of_few_is_told_with_their_number(hackney):
    [own] = [r for r in hackney.figures.readings if r.name == "rereferral_share"]
    many = dataclasses.replace(own, place=Place(-4.0, "lower (99.8%)"))
    few = dataclasses.replace(many, now=own.now._replace(denominator=32.0))
    assert " (of 32 referrals) against" in standing_out(hackney.subject, [few])
    assert "(of " not in standing_out(hackney.subject, [many])


@pytest.mark.parametrize(
    "labels, said",
    [
        (["not unusual"], "The one headline figure is ordinary for an authority of its size."),
        (["not unusual"] * 3, "All 3 headline figures are ordinary for an authority of its size."),
        (
            ["not unusual", "lower (95%)"],
            "1 of 2 headline figures is ordinary, and none lies beyond the widest limits,",
        ),
        (["higher (95%)", "lower (95%)"], "No headline figure is ordinary, and none lies beyond the widest limits,"),
        (["higher (95%)"], "The one headline figure is unusual, though not beyond the widest limits, for an authority"),
        (["higher (99.8%)", "not unusual"], "Beyond the limits for an authority of its size: "),
        ([], "What stands out cannot be told"),
    ],
)
def test_what_stands_out_of_few_figures(hackney, labels, said):
    headlines = [r for r in hackney.figures.readings if r.name in HEADLINES][: len(labels)]
    placed = [dataclasses.replace(r, place=Place(1.0, label)) for r, label in zip(headlines, labels, strict=True)]
    told = standing_out(hackney.subject, placed)
    assert told.startswith(said) and not BANNED.search(told)


@pytest.mark.parametrize(
    "name, said",
    [
        ("Cumberland", "Cumberland has reported only since 2023/24."),
        ("Hampshire", "There is no rate for 31 March 2024."),
        ("Isles of Scilly", "Its count is withheld for 31 March 2025."),
        ("City of London", "Its count is withheld for 31 March 2024 and 31 March 2025."),
        ("Poole", "There is no rate for 31 March 2018 and 31 March 2019."),
    ],
)
def test_why_no_direction_can_be_told(name, said):
    subject = subject_of(areas.find(name))
    as_at_2025 = dataclasses.replace(subject, year=min(subject.year, 2025))
    assert sentences.which_way(as_at_2025, None).endswith(said)


def test_the_figures_of_england_that_hold_another_years_return_are_told(hackney):
    said = "In England’s totals Hampshire's figures of 2023/24 are those of the year before."
    for year, told in ((2023, False), (2024, True)):
        assert (said in figures(dataclasses.replace(hackney.subject, year=year)).notes) == told, year


def test_neighbours_are_named_nearest_first_and_called_far_where_they_are(pages):
    far = [page for page in pages.values() if any(fact.text.startswith("Not close") for fact in page.facts)]
    assert sorted(page.subject.name for page in far) == ["City of London", "Isles of Scilly"]
    assert any("nearest first" in fact.term for fact in pages[HACKNEY].facts)


def test_the_smallest_are_told_to_be_small_and_nothing_more_than_that(pages):
    [small] = [note for note in pages[SCILLY].notes if "so small" in note]
    assert "most are withheld" not in small and "none should be read" not in small
    children = figures_of("referral_rate", subject_of(SCILLY).year)[SCILLY].denominator
    assert f"about {round(children, -2):,.0f} children" in small
    assert indicators.declared("referral_rate")["denominator"] == "population_0_17"
