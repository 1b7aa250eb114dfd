"""Claims as people read them: a scoreboard, a card for each, rows for a table, and an example briefing."""

import dataclasses
import html
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from cptrends import data, words
from cptrends.charts import addresses
from cptrends.charts.tables import Table
from cptrends.claims import register, values, verdicts
from cptrends.claims.checking import Checked
from cptrends.claims.operations import OPERATIONS
from cptrends.claims.operations.figures import Input
from cptrends.claims.values import Value
from cptrends.data import measures

#: What stands in a cell that has nothing to tell.
DASH = "–"

#: What a table says of a claim.
COLUMNS = ("Stated", "Computed as worded", "In the reading that holds", "Verdict")


def stated(result: Mapping[str, Any]) -> str:
    """What a claim states, as the paper would print it.

    >>> stated({"stated": 23000, "unit": "plans", "qualifier": "over", "precision": 1000})
    'over 23,000 plans'
    >>> stated({"stated": 0, "unit": "authorities", "qualifier": "over", "precision": 1})
    'some authorities'
    """
    value, unit = result["stated"], result["unit"]
    if isinstance(value, (bool, str)):
        return values.printed(value)
    if value == 0 and result["qualifier"] == "over" and not result["unit"].startswith(("percent", "GBP")):
        return f"some {result['unit']}"
    digits = 0 if float(value).is_integer() else len(repr(float(value)).split(".")[1])
    qualifier = "" if result["qualifier"] == "exact" else result["qualifier"] + " "
    text = qualifier + ("£" if unit == "GBP" else "") + words.number(value, digits)
    if unit.startswith("percent"):
        return text + "%"
    return text if unit in ("GBP", "ratio") else f"{text} {unit}"


def computed(result: Mapping[str, Any]) -> str:
    """What the data give in the reading that the verdict rests on."""
    return _value(result, result["computed"])


def as_worded(result: Mapping[str, Any]) -> str:
    """What the data give for the claim as it is worded; a dash where that cannot be computed.

    >>> claim = {"stated": 46, "unit": "percent", "precision": 1, "qualifier": "exact", "readings": []}
    >>> as_worded(claim | {"as_worded": 46.97}), as_worded(claim | {"as_worded": None})
    ('46.97%', '–')
    """
    if result["as_worded"] is None:
        return DASH
    unverified = result["readings"] and result["readings"][0]["unverified"]
    return _value(result, result["as_worded"]) + (" (no confirmed source)" if unverified else "")


def other_reading(result: Mapping[str, Any]) -> str:
    """What the data give in another reading, where only that holds; else a dash."""
    return DASH if result["other_reading"] is None else _value(result, result["other_reading"])


def verdict(result: Mapping[str, Any]) -> str:
    """The verdict in words with its mark.

    >>> verdict({"verdict": "confirmed"})
    '✓ confirmed'
    """
    return " ".join(verdicts.WORDS[result["verdict"]])


def scoreboard(results: list[Checked]) -> Table:
    """How many claims got each verdict.

    Parameters
    ----------
    results : list of dict
        From `cptrends.claims.check`.

    Returns
    -------
    cptrends.charts.Table

    >>> scoreboard([{"verdict": "confirmed"}, {"verdict": "confirmed"}, {"verdict": "close"}]).rows[0][:2]
    ('✓ confirmed', '2')
    """
    rows = [
        (" ".join(verdicts.WORDS[name]), str(sum(r["verdict"] == name for r in results)), verdict_meaning(name))
        for name in verdicts.VERDICTS
    ]
    return Table(
        f"{len(results)} claims by verdict", ("Verdict", "Claims", "What it means"), tuple(rows), (False, True, False)
    )


def verdict_meaning(name: str) -> str:
    """One sentence for a verdict."""
    return {
        "confirmed": "As worded, the published figures give the stated one.",
        "confirmed_by_rounding": (
            "They do so only within the rounding of the published figures, or by cutting digits off where the "
            "statement's other figures are cut off too."
        ),
        "confirmed_differently": (
            "Not as worded: only another reading of the words gives the stated figure; the card says which."
        ),
        "close": "It misses by no more than one unit of the last printed digit.",
        "not_confirmed": "No reading that the words allow, at the time they allow, gives the stated figure.",
        "cannot_be_checked": (
            "A figure it needs is missing, withheld or has no confirmed source, or no figure held measures it."
        ),
    }[name]


def table(results: list[Checked]) -> Table:
    """A row per claim.

    Parameters
    ----------
    results : list of dict
        From `cptrends.claims.check`.

    Returns
    -------
    cptrends.charts.Table

    >>> claim = {"id": "a", "claim": "There were 635,600 referrals in 2014/15.", "stated": 635600, "unit": "referrals"}
    >>> claim["calculation"] = {"operation": "level", "measure": "referrals", "year": 2015}
    >>> from cptrends import claims
    >>> table(claims.check([claim])).rows
    (('There were 635,600 referrals in 2014/15.', '635,600 referrals', '635,600', '–', '✓ confirmed'),)
    """
    rows = [(r["claim"], stated(r), as_worded(r), other_reading(r), verdict(r)) for r in results]
    links = [(addresses.claim(r["claim_id"]), "", "", "", "") for r in results]
    return Table("Claims checked", ("Claim", *COLUMNS), tuple(rows), (False,) * 5, tuple(links))


@dataclasses.dataclass(frozen=True)
class Cards:
    """Claims one by one, for a notebook or a page."""

    results: tuple[Checked, ...]

    def html(self) -> str:
        """The cards as HTML; every text in them is escaped."""
        return "\n".join(_card(result) for result in self.results)

    def text(self) -> str:
        """The cards as plain text."""
        lines = []
        for r in self.results:
            lines += [
                f"{r['claim']} [{r['claim_id']}]",
                f"  said {stated(r)}; {_computed(r)}: {verdict(r)}",
                f"  {r['note']}",
            ]
        return "\n".join(lines)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.text()}


def cards(results: Iterable[Checked]) -> Cards:
    """Cards for these claims.

    Parameters
    ----------
    results : list of dict
        From `cptrends.claims.check`.

    Returns
    -------
    Cards

    >>> claim = {"id": "a", "claim": "There were 635,600 referrals in 2014/15.", "stated": 635600, "unit": "referrals"}
    >>> claim["calculation"] = {"operation": "level", "measure": "referrals", "year": 2015}
    >>> from cptrends import claims
    >>> print(cards(claims.check([claim])).text())
    There were 635,600 referrals in 2014/15. [a]
      said 635,600 referrals; computed 635,600: ✓ confirmed
    """
    return Cards(tuple(results))


def _card(result: Checked) -> str:
    facts = "".join(f"<dt>{_escaped(key)}</dt><dd>{_escaped(value)}</dd>" for key, value in _facts(result))
    mark, word = verdicts.WORDS[result["verdict"]]
    return (
        f'<article class="claim" id="{_escaped(result["claim_id"])}"><h3>{_escaped(result["claim"])}</h3>'
        f'<p class="verdict {result["verdict"]}"><span aria-hidden="true">{mark}</span> {word.capitalize()}</p>'
        f'<dl class="facts">{facts}</dl><p class="source">{_escaped(_where(result))}</p>{_workings(result)}</article>'
    )


def _computed(result: Checked) -> str:
    """What was computed, as worded and in the reading that holds."""
    if result["other_reading"] is None:
        return f"computed {computed(result)}"
    return f"computed {as_worded(result)} as worded, {other_reading(result)} in another reading"


def _facts(result: Checked) -> list[tuple[str, str]]:
    """What a card lists: what was said, what the data say, under which reading, then and today."""
    when = f" ({result['period']})" if result["period"] else ""
    facts = [("Said", stated(result))]
    if result["verdict"] == "confirmed_differently" and result["readings"]:
        facts.append(("As worded", as_worded(result)))
        facts.append(("The data say", computed(result) + when))
        facts.append(("Reading that makes it true", result["reading"]))
    else:
        facts.append(("The data say", computed(result) + when))
        if result["reading"]:
            facts.append(("Read as", result["reading"]))
    today = result["today"]
    if today["computed"] is not None:
        facts.append(
            ("On today's figures", f"{_value(result, today['computed'])}: {verdicts.WORDS[today['verdict']][1]}")
        )
    if result["note"]:
        facts.append(("Note", result["note"]))
    return facts


def _where(result: Checked) -> str:
    """The paper and the place in it."""
    document = register.documents().get(result["document"])
    if not document:
        return result["document"]
    return f"{document['publisher']}, {document['title']} ({document['date'][:4]}), {result['locator']}"


def _value(result: Mapping[str, Any], value: Value | None) -> str:
    """A computed value as text, in the claim's unit and to the digits that show its verdict."""
    return values.printed(value, result["unit"], values.telling_precision(result, value))


def _escaped(value: object) -> str:
    return html.escape(str(value))


def _workings(result: Checked) -> str:
    """Every reading with its value and verdict, and the figures the chosen one rests on."""
    parts = [_readings_table(result)] if len(result["readings"]) > 1 else []
    # Where no reading makes a verdict, what is shown beside the claim is all there is, and has sources too.
    chosen = [r for r in result["readings"] if r["reading"] == result["reading"]]
    inputs = [i for r in chosen or result["readings"] for i in r["inputs"]]
    if inputs:
        title = "The figures it rests on" if chosen else "The figures shown, none of which makes a verdict"
        parts.append(_inputs_table([i for place, i in enumerate(inputs) if i not in inputs[:place]], title))
    if not parts:
        return ""
    name, tables = _escaped(result["claim_id"]), "".join(part.html() for part in parts)
    of_what = f'<span class="visually-hidden"> of {name}</span>'
    return (
        f'<details class="workings"><summary>Workings and sources{of_what}</summary>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="Workings of {name}">{tables}</div></details>'
    )


def _readings_table(result: Checked) -> Table:
    rows = tuple(
        (
            reading["reading"],
            _value(result, reading["computed"]),
            "shown, not judged" if reading.get("shown_only") else verdicts.WORDS[reading["verdict"]][1],
            reading["missing"],
        )
        for reading in result["readings"]
    )
    return Table("Under each reading", ("Reading", "Value", "Verdict", "Why not"), rows, (False, True, False, False))


def _inputs_table(inputs: list[Input], title: str) -> Table:
    sources, known = data.source_names(), measures.dictionary()
    rows = tuple(
        (
            _label(i["measure"]),
            i["area"],
            "" if i["year"] is None else str(i["year"]),
            words.number(i["value"], 0 if float(i["value"] or 0).is_integer() else 1),
            i["status"].replace("_", " "),
            sources.get(i["release"], i["release"]),
        )
        for i in inputs
    )
    links = tuple(("", "", "", _address(i, known), "", addresses.release(i["release"])) for i in inputs)
    columns = ("Measure", "Area", "Year", "Figure", "Status", "Source")
    numeric = (False, False, False, True, False, False)
    return Table(title, columns, rows, numeric, links)


def _label(name: str) -> str:
    """What readers call a figure: the label of a measure or an indicator; else it is named in words already."""
    from cptrends.indicators import table

    entry = measures.dictionary().get(name) or table.register().get(name)
    return entry["label"] if entry else name


def _address(figure: Input, known: Mapping[str, Any]) -> str:
    """Where the data page says which file and line a figure is from."""
    if figure["measure"] not in known:
        return ""
    return addresses.figure(figure["measure"], figure["year"], england=figure["area"] == "England")


def example() -> str:
    """The text of an example briefing, commented.

    >>> example().splitlines()[0]
    '# Your own claims, checked the way the registered ones are:'
    """
    text = resources.files("cptrends.claims").joinpath("example.toml").read_text("utf-8")
    operations = "\n".join(f"#   {name}: {', '.join(entry.needs)}" for name, entry in OPERATIONS.items())
    return text.replace("{qualifiers}", ", ".join(verdicts.QUALIFIERS)).replace("# {operations}", operations)
