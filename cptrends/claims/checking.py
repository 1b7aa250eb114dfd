"""Checking claims: each computed as worded and by every other reading, and given its verdict."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypedDict

from cptrends import words
from cptrends.claims import calculations, evidence, mistakes, register, revised, times, verdicts
from cptrends.claims.mistakes import Claim
from cptrends.claims.operations.figures import THEN, TODAY, Input
from cptrends.claims.operations.keys import Calculation, is_number
from cptrends.claims.values import Value
from cptrends.errors import BadInput
from cptrends.memory import remembered


class Judged(TypedDict):
    """One calculation on the figures of one release, and what it says of the claim."""

    reading: str
    computed: Value | None
    low: float | None
    high: float | None
    effect: float | None
    verdict: str
    period: str
    inputs: list[Input]
    unverified: list[str]
    missing: str
    note: str
    calculation: Calculation
    shown_only: bool


class Reading(Judged):
    """A reading of a claim: judged on the figures as first published, and on today's beside it."""

    today: Judged


class Today(TypedDict):
    """What a claim would be told of on the latest figures."""

    computed: Value | None
    verdict: str


class Checked(TypedDict):
    """A claim checked; see `check_one`."""

    claim_id: str
    document: str
    locator: str
    claim: str
    stated: Value
    qualifier: str
    unit: str
    precision: float
    computed: Value | None
    as_worded: Value | None
    other_reading: Value | None
    verdict: str
    reading: str
    period: str
    releases: list[str]
    note: str
    registered: str
    today: Today
    readings: list[Reading]
    would_need: str


def check(claims: Iterable[Claim] | None = None) -> list[Checked]:
    """Check claims against the data.

    Parameters
    ----------
    claims : list of dict, optional
        From `register.briefing`; the registered ones when left out.

    Returns
    -------
    list of dict
        In the order given; see `check_one`. Whether a statement cuts digits off is seen from all its parts.

    >>> claim = {"id": "a", "claim": "There were 635,600 referrals in 2014/15.", "stated": 635600, "unit": "referrals"}
    >>> claim["calculation"] = {"operation": "level", "measure": "referrals", "year": 2015}
    >>> [(result["computed"], result["verdict"]) for result in check([claim])]
    [(635600.0, 'confirmed')]
    """
    claims = list(register.registered() if claims is None else claims)
    results = {number: check_one(claim) for number, claim in enumerate(claims)}
    places = {id(claim): number for number, claim in enumerate(claims)}
    for parts in mistakes.statements(claims).values():
        numbers = [places[id(part)] for part in parts]
        if verdicts.cut_off(_exact(results[number] for number in numbers)):
            results |= {number: check_one(claims[number], cut=True) for number in numbers}
    return list(results.values())


def _exact(results: Iterable[Checked]) -> Iterator[tuple[float, float, float]]:
    """What is stated exactly as a number, with the value as worded and the last digit's unit."""
    for result in results:
        stated, value = result["stated"], result["as_worded"]
        if result["qualifier"] == "exact" and is_number(stated) and is_number(value):
            yield stated, value, result["precision"]


@remembered
def registered_results() -> list[Checked]:
    """The registered claims checked, once for every page that shows them."""
    return check()


def check_one(claim: Claim, *, cut: bool = False) -> Checked:
    """Check one claim.

    Parameters
    ----------
    claim : dict
        An entry of the register or of a briefing.
    cut : bool
        Whether digits cut off are a reading here, as `verdicts.cut_off` finds from the whole statement.

    Returns
    -------
    dict
        claim_id, document, claim, stated, qualifier, unit, precision, computed (as worded, on the
        figures as first published; of the reading that confirms it where one does), as_worded (None without
        a calculation), other_reading (the value of the reading that holds where it is not the one as worded,
        else None), verdict, reading, period, releases (list), note, registered (verdict or ""), today (computed and
        verdict on the latest figures), readings (the one as worded first), would_need.
    """
    worded = "calculation" in claim
    as_worded = "As worded" + (f": {claim['reading']}" if claim.get("reading") else "")
    readings = [_reading(claim, as_worded, claim["calculation"], cut=cut)] if worded else []
    readings += [
        _reading(claim, other["reading"], other["calculation"], cut=cut, shown_only=_only_shown(claim, other))
        for other in claim.get("alternative", [])
    ]
    verdict, chosen = _strongest(readings, worded)
    today_verdict, today = _strongest([reading["today"] for reading in readings], worded)
    return {
        "claim_id": claim["id"],
        "document": claim.get("document", ""),
        "locator": claim.get("locator", ""),
        "claim": claim["claim"],
        "stated": claim["stated"],
        "qualifier": claim.get("qualifier", "exact"),
        "unit": claim["unit"],
        "precision": _precision(claim),
        "computed": chosen["computed"] if chosen else None,
        "as_worded": readings[0]["computed"] if worded else None,
        "other_reading": chosen["computed"] if chosen and verdict == "confirmed_differently" else None,
        "verdict": verdict,
        "reading": chosen["reading"] if chosen else "",
        "period": chosen["period"] if chosen else "",
        "releases": sorted({i["release"] for i in chosen["inputs"]}) if chosen else [],
        "note": _note(claim, chosen, verdict, today_verdict, today),
        "registered": claim.get("verdict", ""),
        "today": {"computed": today["computed"] if today else None, "verdict": today_verdict},
        "readings": readings,
        "would_need": claim.get("would_need", ""),
    }


def _precision(claim: Claim) -> float:
    return claim.get("precision", verdicts.default_precision(claim["stated"]))


def _only_shown(claim: Claim, other: dict[str, Any]) -> bool:
    """Whether a reading never makes the verdict: the register says so, or it is of another time."""
    return other.get("shown_only", False) or (
        "calculation" in claim and times.another(claim["calculation"], other["calculation"])
    )


def _reading(
    claim: Claim, text: str, calculation: Calculation, *, cut: bool = False, shown_only: bool = False
) -> Reading:
    """One reading on the figures as first published, and the same on today's."""
    then, today = (_judged(claim, text, calculation, release, cut, shown_only) for release in (THEN, TODAY))
    return {**then, "today": today}


def _judged(claim: Claim, text: str, calculation: Calculation, release: str, cut: bool, shown_only: bool) -> Judged:
    try:
        result = calculations.evaluate(calculation, release)
    except BadInput as error:
        result = calculations.not_computed(str(error))
    verdict = "cannot_be_checked"
    if result["value"] is not None and not result["unverified"]:
        verdict = verdicts.judge(
            claim["stated"],
            result["value"],
            precision=_precision(claim),
            qualifier=claim.get("qualifier", "exact"),
            low=result["low"],
            high=result["high"],
            cut=cut,
        )
    return {
        "reading": text,
        "computed": result["value"],
        "low": result["low"],
        "high": result["high"],
        "effect": result["effect"],
        "verdict": verdict,
        "period": result["period"],
        "inputs": result["inputs"],
        "unverified": result["unverified"],
        "missing": result["missing"],
        "note": result["note"],
        "calculation": calculation,
        "shown_only": shown_only,
    }


def _strongest(readings: Sequence[Judged], worded: bool) -> tuple[str, Judged | None]:
    """The verdict, and the reading it rests on: as worded if that holds, else the first other that does.

    A reading that is only shown (another time, a narrower test, or what came after) never makes the verdict.
    """
    first = readings[0] if worded else None
    if first and first["verdict"] in ("confirmed", "confirmed_by_rounding"):
        return first["verdict"], first
    others = [reading for reading in readings[1 if worded else 0 :] if not reading["shown_only"]]
    for strength in ("confirmed", "confirmed_by_rounding"):
        for other in others:
            if other["verdict"] == strength:
                return "confirmed_differently", other
    return (first["verdict"], first) if first else ("cannot_be_checked", None)


def _note(claim: Claim, chosen: Judged | None, verdict: str, today_verdict: str, today: Judged | None) -> str:
    parts = [f"Judged in part: {claim['part']}" if claim.get("part") else ""]
    parts += [f"At a time of its own: {claim['own_time']}" if claim.get("own_time") else ""]
    parts += [claim.get("reason", "") if chosen is None else "", claim.get("notes", "")]
    if chosen is None:
        parts += [f"To check it: {claim['would_need']}" if claim.get("would_need") else ""]
    else:
        if chosen["missing"]:
            parts.append(f"Cannot be computed: {chosen['missing'].rstrip('.')}.")
        if chosen["unverified"]:
            parts.append(
                f"No confirmed source for {words.listed(chosen['unverified'])}; the value is shown, not judged."
            )
        parts.append(chosen["note"])
        parts.append(evidence.said(i["release"] for i in chosen["inputs"]))
        if today_verdict != verdict and today and chosen["inputs"]:
            parts.append(_flip(chosen, today_verdict, today))
    return " ".join(part.strip() for part in parts if part and part.strip())


def _flip(chosen: Judged, today_verdict: str, today: Judged) -> str:
    """What the verdict would be today, and the first releases held that revised the figures it rests on."""
    releases = revised.releases([*chosen["inputs"], *today["inputs"]])
    since = f" (revised by {words.listed(releases)})" if releases else ""
    return f"On today's figures{since} the verdict would be {verdicts.WORDS[today_verdict][1]}."


def changed(results: Iterable[Checked]) -> list[str]:
    """A sentence for each claim whose verdict is not the registered one.

    Parameters
    ----------
    results : list of dict
        From `check`.

    >>> changed([{"claim_id": "a", "registered": "close", "verdict": "confirmed"}])
    ['a: registered as close, now confirmed']
    """
    return [
        f"{r['claim_id']}: registered as {verdicts.WORDS[r['registered']][1]}, now {verdicts.WORDS[r['verdict']][1]}"
        for r in results
        if r["registered"] and r["registered"] != r["verdict"]
    ]
