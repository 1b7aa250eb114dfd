"""What is wrong with a claim as it is written: a sentence for every mistake, all of them at once."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from cptrends import words
from cptrends.claims import times, verdicts
from cptrends.claims.operations import OPERATIONS, texts
from cptrends.claims.operations.declared import ANSWERS, Operation
from cptrends.claims.operations.figures import THEN, area_of, figure
from cptrends.claims.operations.keys import MEASURE, Calculation, is_number
from cptrends.data import areas
from cptrends.errors import BadInput

#: A claim as TOML gives it, with whatever it may hold.
Claim = dict[str, Any]

MAX_TEXT = 2_000
#: The fields of a claim: those that hold text, all of them, and those it cannot be without.
TEXT = (
    "id",
    "document",
    "locator",
    "claim",
    "unit",
    "qualifier",
    "reading",
    "notes",
    "reason",
    "would_need",
    "part",
    "verdict",
    "statement",
    "own_time",
)
FIELDS = (*TEXT, "stated", "precision", "calculation", "alternative")
NEEDED = ("id", "claim", "stated", "unit")
ALTERNATIVE = ("reading", "calculation", "shown_only")


def in_claims(claims: Sequence[Claim]) -> list[str]:
    """A sentence for every mistake in every claim, with the claim's id in front.

    >>> in_claims([{"id": "draft", "claim": "A figure.", "stated": 5, "unit": "plans"}])[0]
    'draft: it needs a calculation, or a reason why it cannot be checked'
    """
    problems, seen = [], set()
    for number, claim in enumerate(claims, start=1):
        name = str(claim.get("id") or f"claim {number}")[:60]
        if name in seen:
            problems.append(f"{name}: this id is there twice")
        seen.add(name)
        problems += [f"{name}: {problem}" for problem in _in_claim(claim)]
    return problems or _in_statements(claims)


def _in_statements(claims: Iterable[Claim]) -> list[str]:
    """Statements whose parts are tested at different times: each would have been given the time at which it holds.

    A part with `own_time` is left out: its figure is published for another time, and the card says why.
    """
    found = []
    for parts in statements(claims).values():
        odds = times.at_odds(
            [part["calculation"] for part in parts if "calculation" in part and "own_time" not in part]
        )
        if odds:
            ids = words.listed([part["id"] for part in parts])
            found.append(f"{ids}: the statement {parts[0]['statement']!r} rests on one time, and {odds}")
    return found


def statements(claims: Iterable[Claim]) -> dict[tuple[str, str], list[Claim]]:
    """The claims that are parts of one statement, by the paper and the statement's name.

    >>> shares = [{"id": grade, "document": "a", "statement": "grades"} for grade in ("good", "inadequate")]
    >>> [[part["id"] for part in parts] for parts in statements([*shares, {"id": "alone"}]).values()]
    [['good', 'inadequate']]
    """
    found: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        if claim.get("statement"):
            found.setdefault((claim.get("document", ""), claim["statement"]), []).append(claim)
    return found


def after_the_paper(claim: Claim, date: str) -> list[str]:
    """A sentence for each text that came out after a paper and would judge its claim.

    >>> later = {"operation": "text_figure", "text": "youth-centres-closed-2012-to-2018"}
    >>> after_the_paper({"id": "a", "calculation": later}, "2017-06-29")
    ['a: youth-centres-closed-2012-to-2018 is from a text that came out after the paper: show it, shown_only = true']
    """
    judged = [claim.get("calculation", {})]
    judged += [other["calculation"] for other in claim.get("alternative", []) if not other.get("shown_only")]
    late = texts.published_after([name for calculation in judged for name in texts.named(calculation)], date)
    said = "is from a text that came out after the paper: show it, shown_only = true"
    return [f"{claim['id']}: {name} {said}" for name in late]


def _in_claim(claim: Claim) -> list[str]:
    found = [f"{key!r} is missing" for key in NEEDED if key not in claim]
    found += [
        f"{key[:40]!r} is not a field of a claim; the fields are {', '.join(FIELDS)}"
        for key in claim
        if key not in FIELDS
    ]
    for key in TEXT:
        if key in claim:
            found += in_text(key, claim[key])
    qualifier = claim.get("qualifier", "exact")
    if qualifier not in verdicts.QUALIFIERS:
        found.append(f"qualifier {str(qualifier)[:40]!r} must be one of {', '.join(verdicts.QUALIFIERS)}")
    if "precision" in claim and not is_number(claim["precision"], above=0):
        found.append("precision must be a number above zero: the unit of the last digit the claim prints")
    if "verdict" in claim and claim["verdict"] not in verdicts.VERDICTS:
        found.append(f"verdict {str(claim['verdict'])[:40]!r} must be one of {', '.join(verdicts.VERDICTS)}")
    if "calculation" not in claim and not claim.get("reason"):
        found.append("it needs a calculation, or a reason why it cannot be checked")
    if "calculation" not in claim and "would_need" not in claim:
        found.append("would_need is missing: what data would settle it")
    if "own_time" in claim and not claim.get("statement"):
        found.append("own_time says why a part of a statement is tested at another time, and there is no statement")
    if "calculation" in claim:
        found += _in_calculation("calculation", claim["calculation"], claim.get("stated"))
    return found + _in_alternatives(claim.get("alternative", []), claim.get("stated"))


def _in_alternatives(alternatives: object, stated: object) -> list[str]:
    if not isinstance(alternatives, list):
        return ["alternative must be written [[claim.alternative]], in double brackets"]
    found = []
    for number, alternative in enumerate(alternatives, start=1):
        place = f"alternative {number}"
        if not isinstance(alternative, dict) or not alternative.get("reading"):
            found.append(f"{place} needs a reading: the sentence that explains it")
            continue
        found += in_text(f"{place} reading", alternative["reading"])
        found += [
            f"{place}: {key[:40]!r} is not a field of an alternative" for key in alternative if key not in ALTERNATIVE
        ]
        found += _in_calculation(place, alternative.get("calculation"), stated)
    return found


def in_text(key: str, text: object) -> list[str]:
    """What is wrong with a text: another kind of thing, too long, or markup in it.

    >>> in_text("claim", "<b>124%</b>")
    ["claim holds markup ('<b>124%</b>'); plain text is expected"]
    """
    if not isinstance(text, str):
        return [f"{key} must be text, in quotation marks"]
    if len(text) > MAX_TEXT:
        return [f"{key} has {len(text):,} characters; {MAX_TEXT:,} are allowed"]
    if "<" in text and ">" in text.split("<", 1)[1]:
        return [f"{key} holds markup ({text[text.index('<') :][:20]!r}); plain text is expected"]
    return []


def _in_calculation(place: str, calculation: object, stated: object) -> list[str]:
    """What is wrong with a calculation, or with what the claim states as its answer."""
    given = calculation.get("operation") if isinstance(calculation, dict) else calculation
    if not isinstance(calculation, dict) or not isinstance(given, str) or given not in OPERATIONS:
        known = ", ".join(OPERATIONS)
        return [f"{place}: operation {str(given)[:40]!r} is not known; the operations are {known}"]
    operation = OPERATIONS[given]
    missing = [f"{key!r} is missing" for key in operation.needed(calculation) if key not in calculation]
    foreign = [f"{key[:40]!r} does not belong to {given}" for key in calculation if key not in operation.keys]
    found = missing + foreign + _in_stated(stated, operation)
    if not missing:
        checks: tuple[Callable[[Calculation, Operation], Iterable[str]], ...] = (_kinds, _words, _sense, _figures)
        found += next((problems for check in checks if (problems := list(check(calculation, operation)))), [])
    return [f"{place}: {problem}" for problem in found]


def _in_stated(stated: object, operation: Operation) -> list[str]:
    """A claim states one of the answers that its operation gives."""
    answers = ANSWERS.get(operation.answer)
    if answers and stated not in answers:
        return [f"stated must be one of {', '.join(map(str, answers)).lower()} for {operation.name}"]
    if not answers and stated is not None and not is_number(stated):
        return [f"stated must be a number for {operation.name}"]
    return []


def _own(calculation: Calculation, operation: Operation) -> dict[str, Any]:
    """The keys that belong to the operation."""
    return {key: value for key, value in calculation.items() if key in operation.keys}


def _kinds(calculation: Calculation, operation: Operation) -> Iterable[str]:
    """Keys that hold the wrong kind of thing."""
    for key, value in _own(calculation, operation).items():
        yield from operation.keys[key].wrong_kind(key, value)


def _words(calculation: Calculation, operation: Operation) -> Iterable[str]:
    """Words that name nothing there is, and years that are the wrong way round."""
    own = _own(calculation, operation)
    for key, value in own.items():
        yield from operation.keys[key].wrong_words(key, value, operation.name)
    if {"from", "to"} <= own.keys() and own["from"] >= own["to"]:
        yield "from must be a year before to"


def _sense(calculation: Calculation, operation: Operation) -> Iterable[str]:
    """Arithmetic that has no meaning."""
    return operation.senseless(calculation)


def _figures(calculation: Calculation, operation: Operation) -> Iterable[str]:
    """Why there is no number to compute with, for every year that the operation looks up."""
    release = calculation.get("release", THEN)
    named = [value for key, value in _own(calculation, operation).items() if operation.keys[key] is MEASURE]
    for measure in named:
        for year in operation.looks_up:
            yield from _no_figure(measure, area_of(calculation), calculation[year], release)


def _no_figure(measure: str, area: str, year: int, release: str) -> list[str]:
    try:
        code, value, status, _ = figure(measure, area, year, release)
    except BadInput as error:
        return [str(error)]
    if value != value:
        said = f"{measure} of {areas.name(code)} in {year} is {status.replace('_', ' ')}"
        return [f"{said}, so there is no number to check against"]
    return []
