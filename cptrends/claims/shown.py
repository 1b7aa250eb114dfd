"""Claims as people read them: a scoreboard, a card for each, rows for a table, and an example briefing."""

import dataclasses
import html

from cptrends import data, words
from cptrends.charts.tables import Table
from cptrends.claims import checking, register, verdicts
from cptrends.data import measures

QUALIFIED = {
    "exact": "",
    "about": "about ",
    "over": "over ",
    "under": "under ",
    "almost": "almost ",
    "just under": "just under ",
    "just over": "just over ",
}


def stated(result):
    """What a claim states, as the paper would print it.

    >>> stated({"stated": 23000, "unit": "plans", "qualifier": "over", "precision": 1000})
    'over 23,000 plans'
    """
    value, unit = result["stated"], result["unit"]
    if isinstance(value, (bool, str)):
        return checking.printed(value)
    digits = 0 if float(value).is_integer() else len(repr(float(value)).split(".")[1])
    text = QUALIFIED[result["qualifier"]] + ("£" if unit == "GBP" else "") + words.number(value, digits)
    if unit.startswith("percent"):
        return text + "%"
    return text if unit in ("GBP", "ratio") else f"{text} {unit}"


def computed(result):
    """What the data give, to one digit more than the claim."""
    text = checking.printed(result["computed"], result["unit"], result["precision"])
    return text


def verdict(result):
    """The verdict in words with its mark.

    >>> verdict({"verdict": "confirmed"})
    '✓ confirmed'
    """
    return " ".join(verdicts.WORDS[result["verdict"]])


def scoreboard(results):
    """How many claims got each verdict.

    Returns
    -------
    cptrends.charts.Table
    """
    rows = [
        (" ".join(verdicts.WORDS[name]), str(sum(r["verdict"] == name for r in results)), verdict_meaning(name))
        for name in verdicts.VERDICTS
    ]
    return Table(
        f"{len(results)} claims by verdict", ("Verdict", "Claims", "What it means"), tuple(rows), (False, True, False)
    )


def verdict_meaning(name):
    """One sentence for a verdict."""
    return {
        "confirmed": "As worded, the published figures give the stated one.",
        "confirmed_by_rounding": "They do so only within the rounding of the published figures, or by cutting a digit off.",
        "confirmed_differently": "Another reading of the words gives the stated figure; the card says which.",
        "close": "It misses by no more than one unit of the last printed digit.",
        "not_confirmed": "No reading that the words allow gives the stated figure.",
        "cannot_be_checked": "A figure it needs is missing, withheld or has no confirmed source.",
    }[name]


def table(results):
    """A row per claim.

    Returns
    -------
    cptrends.charts.Table
    """
    rows = [(r["claim"], stated(r), computed(r), verdict(r)) for r in results]
    links = [(f"08_claims.html#{r['claim_id']}", "", "", "") for r in results]
    return Table("Claims checked", ("Claim", "Stated", "Computed", "Verdict"), tuple(rows), (False,) * 4, tuple(links))


@dataclasses.dataclass(frozen=True)
class Cards:
    """Claims one by one, for a notebook or a page."""

    results: tuple

    def html(self):
        """The cards as HTML; every text in them is escaped."""
        return "\n".join(_card(result) for result in self.results)

    def text(self):
        """The cards as plain text."""
        lines = []
        for r in self.results:
            lines += [
                f"{r['claim']} [{r['claim_id']}]",
                f"  said {stated(r)}; computed {computed(r)}: {verdict(r)}",
                f"  {r['note']}",
            ]
        return "\n".join(lines)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.html(), "text/plain": self.text()}


def cards(results):
    """Cards for these claims.

    Parameters
    ----------
    results : list of dict
        From `cptrends.claims.check`.

    Returns
    -------
    Cards
    """
    return Cards(tuple(results))


def _card(result):
    text = lambda value: html.escape(str(value))  # noqa: E731
    document = register.documents().get(result["document"])
    where = (
        f"{document['publisher']}, {document['title']} ({document['date'][:4]}), {result['locator']}"
        if document
        else result["document"]
    )
    rows = [
        ("Said", stated(result)),
        ("The data say", computed(result) + (f" ({result['period']})" if result["period"] else "")),
    ]
    if result["verdict"] == "confirmed_differently" and result["readings"]:
        first = result["readings"][0]
        rows[1:1] = [("As worded", checking.printed(first["computed"], result["unit"], result["precision"]))]
        rows.append(("Reading that makes it true", result["reading"]))
    elif result["reading"]:
        rows.append(("Read as", result["reading"]))
    if result["today"]["computed"] is not None:
        today = checking.printed(result["today"]["computed"], result["unit"], result["precision"])
        rows.append(("On today's figures", f"{today}: {verdicts.WORDS[result['today']['verdict']][1]}"))
    if result["note"]:
        rows.append(("Note", result["note"]))
    facts = "".join(f"<dt>{text(key)}</dt><dd>{text(value)}</dd>" for key, value in rows)
    mark, word = verdicts.WORDS[result["verdict"]]
    return (
        f'<article class="claim" id="{text(result["claim_id"])}"><h3>{text(result["claim"])}</h3>'
        f'<p class="verdict {result["verdict"]}"><span aria-hidden="true">{mark}</span> {word.capitalize()}</p>'
        f'<dl class="facts">{facts}</dl><p class="source">{text(where)}</p>{_workings(result)}</article>'
    )


def _workings(result):
    """Every reading with its value and verdict, and the figures the chosen one rests on."""
    parts = []
    if len(result["readings"]) > 1:
        rows = tuple(
            (
                r["reading"],
                checking.printed(r["computed"], result["unit"], result["precision"]),
                "shown, not judged" if r.get("shown_only") else verdicts.WORDS[r["verdict"]][1],
                r["missing"],
            )
            for r in result["readings"]
        )
        parts.append(
            Table(
                "Under each reading", ("Reading", "Value", "Verdict", "Why not"), rows, (False, True, False, False)
            ).html()
        )
    inputs = [i for r in result["readings"] if r["reading"] == result["reading"] for i in r["inputs"]]
    if inputs:
        sources = data.source_names()
        rows = tuple(
            (
                i["measure"],
                i["area"],
                str(i["year"]),
                words.number(i["value"], 0 if float(i["value"] or 0).is_integer() else 1),
                i["status"].replace("_", " "),
                sources.get(i["release"], i["release"]),
            )
            for i in inputs
        )
        known = measures.dictionary()
        links = tuple(("", "", "", _address(i, known), "", f"data.html#release-{i['release']}") for i in inputs)
        columns = ("Measure", "Area", "Year", "Figure", "Status", "Source")
        parts.append(
            Table("The figures it rests on", columns, rows, (False, False, False, True, False, False), links).html()
        )
    if not parts:
        return ""
    name = html.escape(result["claim_id"])
    return (
        f'<details class="workings"><summary>Workings and sources<span class="visually-hidden"> of {name}</span></summary>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="Workings of {name}">{"".join(parts)}</div></details>'
    )


def _address(figure, known):
    """Where the data page says which file and line a figure is from."""
    if figure["measure"] not in known:
        return ""
    return f"data.html#m-{figure['measure']}" + (f"-{figure['year']}" if figure["area"] == "England" else "")


EXAMPLE = """# Your own claims, checked the way the registered ones are:
#   cptrends check my-briefing.toml
# Copy a block for each claim. Years are years ending 31 March: 2015 is 2014/15.

[[claim]]
id = "referrals-2015"                     # a short name of your own
claim = "England had 635,600 referrals in 2014/15."
stated = 635600                           # the figure you print
unit = "referrals"                        # percent, GBP, plans ...
precision = 100                           # the unit of the last digit you print
qualifier = "exact"                       # {qualifiers}
calculation = {{ operation = "level", measure = "referrals", year = 2015 }}

[[claim]]
id = "plans-since-2015"
claim = "Children on a plan fell by 0.5% from March 2015 to March 2025."
stated = -0.5
unit = "percent"
precision = 0.1
calculation = {{ operation = "percent_change", measure = "plans_31_march", from = 2015, to = 2025, release = "latest" }}
  # Other ways your sentence could be read, each with the reason somebody might:
  [[claim.alternative]]
  reading = "Plans that started in the year, not children on a plan that day."
  calculation = {{ operation = "percent_change", measure = "plans_started", from = 2015, to = 2025, release = "latest" }}

[[claim]]
id = "hackney-repeat-plans"
claim = "Under a third of Hackney's plans in 2024/25 were for children who had been on one before."
stated = 33
unit = "percent"
qualifier = "under"
calculation = {{ operation = "share", numerator = "repeat_plans", denominator = "plans_started", area = "Hackney", year = 2025, release = "latest" }}

# The operations, with the keys each needs:
{operations}
# Measures: `cptrends measures`. Areas: `cptrends areas`. Releases: `cptrends releases`.
"""


def example():
    """The text of an example briefing, commented."""
    from cptrends.claims.calculations import OPERATIONS

    operations = "\n".join(f"#   {name}: {', '.join(entry['needs'])}" for name, entry in OPERATIONS.items())
    return EXAMPLE.format(qualifiers=", ".join(verdicts.QUALIFIERS), operations=operations)
