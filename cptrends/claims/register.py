"""The register of claims, and a user's own briefing in the same form: read, and every mistake named.

Each paper is one file of `papers/`, with its title and its claims; `papers/README.md` says how to write one.
"""

import csv
import datetime
import io
import pathlib
import tomllib
from importlib import resources
from typing import Any

from cptrends.claims import mistakes
from cptrends.claims.mistakes import FIELDS, TEXT, Claim
from cptrends.claims.operations import KEYS
from cptrends.errors import BadInput
from cptrends.memory import remembered

MAX_FILE_BYTES = 1_000_000
#: What is said of a paper; its `order` among the papers may be said as well.
PAPER = ("title", "publisher", "date")


@remembered
def documents() -> dict[str, dict[str, str]]:
    """The papers the registered claims come from, by id: title, publisher, date.

    >>> documents()["eif-2017"]["date"]
    '2017-06-23'
    """
    return {name: {key: paper[key] for key in PAPER} for name, paper in _papers().items()}


@remembered
def registered() -> list[Claim]:
    """Every registered claim, checked, paper by paper.

    Returns
    -------
    list of dict

    Raises
    ------
    BadInput
        If an entry has a mistake; one line for each, with the entry and field.

    >>> next(claim["claim"] for claim in registered() if claim["id"] == "eif17-plans-growth")
    'Between 2002 and 2014/15 the children on a plan grew by 124%.'
    """
    claims = [{**claim, "document": name} for name, paper in _papers().items() for claim in paper.get("claim", [])]
    problems = mistakes.in_claims(claims)
    problems += [
        f"{claim.get('id')}: verdict is missing; enter cannot_be_checked, and `cptrends check` says what it finds"
        for claim in claims
        if "verdict" not in claim
    ]
    if not problems:
        problems = [
            late for claim in claims for late in mistakes.after_the_paper(claim, _papers()[claim["document"]]["date"])
        ]
    _raise(problems, "the papers' claims")
    return claims


@remembered
def _papers() -> dict[str, dict[str, Any]]:
    """Every paper by its file's name, in the order they ask for, then by name."""
    folder = resources.files("cptrends.claims").joinpath("papers")
    texts = {entry.name: entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".toml")}
    return read_papers(texts)


def read_papers(texts: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Papers from their files.

    Parameters
    ----------
    texts : dict of str to str
        The files' names, such as "eif-2017.toml", and what they hold.

    Returns
    -------
    dict of str to dict
        The file's name without its ending -> title, publisher, date and `claim`, a list. Papers with an `order` come
        first, in that order; the others follow by name.

    Raises
    ------
    BadInput
        If a file is not a paper; one line for each mistake.

    >>> text = 'title = "A paper"\\npublisher = "A charity"\\ndate = "2024-05-01"\\n'
    >>> list(read_papers({"b.toml": text, "a.toml": text, "c.toml": text + "order = 1"}))
    ['c', 'a', 'b']
    """
    papers, problems = {}, []
    for file, text in sorted(texts.items()):
        try:
            paper = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            problems.append(f"{file}: not valid TOML: {error}")
            continue
        problems += [f"{file}: {problem}" for problem in _paper_problems(paper)]
        papers[file.removesuffix(".toml")] = paper
    _raise(problems, "the papers of the claims")
    return dict(sorted(papers.items(), key=lambda item: (item[1].get("order", len(papers) + 1), item[0])))


def _paper_problems(paper: dict[str, Any]) -> list[str]:
    found = [f"{key!r} is missing" for key in PAPER if key not in paper]
    found += [
        f"{key[:40]!r} is not a field of a paper; the fields are {', '.join(PAPER)} and order, and then [[claim]]"
        for key in paper
        if key not in (*PAPER, "order", "claim")
    ]
    for key in PAPER:
        if key in paper:
            found += mistakes.in_text(key, paper[key])
    try:
        datetime.date.fromisoformat(paper.get("date", "2000-01-01"))
    except (TypeError, ValueError):
        found.append("date must be the day the paper came out, in quotation marks, as 2017-06-13")
    if not isinstance(paper.get("order", 1), int):
        found.append("order must be a whole number: the paper's place among the papers")
    claims = paper.get("claim", [])
    if not isinstance(claims, list) or not all(isinstance(claim, dict) for claim in claims):
        return [*found, "claims begin with [[claim]], in double brackets"]
    found += [
        f"{claim.get('id')}: 'document' is not said of a claim here; the paper is the one of the file"
        for claim in claims
        if "document" in claim
    ]
    return found


def briefing(path: str | pathlib.Path) -> list[Claim]:
    """A user's own claims, from a TOML file or a CSV with the same columns.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    list of dict

    Raises
    ------
    BadInput
        With a line for every mistake in the file, all at once.

    >>> import tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "my-briefing.csv"
    >>> header = "id,claim,stated,unit,operation,measure,year"
    >>> _ = path.write_text(header + '\\n"a","There were 635,600 referrals.",635600,referrals,level,referrals,2015\\n')
    >>> briefing(path)[0]["calculation"]
    {'operation': 'level', 'measure': 'referrals', 'year': 2015}
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise BadInput(f"{path} is not a file; `cptrends check --new` writes an example to start from")
    if path.stat().st_size > MAX_FILE_BYTES:
        raise BadInput(
            f"{path.name} is larger than {MAX_FILE_BYTES // 1_000_000} MB; a briefing of claims is a few kilobytes"
        )
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{path.name} is not text in UTF-8; save it as UTF-8 (in Excel: CSV UTF-8)") from None
    claims, problems = read_csv(text) if path.suffix.lower() == ".csv" else read_toml(text)
    _raise(problems, path.name)
    return claims


def read_toml(text: str) -> tuple[list[Claim], list[str]]:
    """Claims from TOML, and a sentence for every mistake."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [], [f"not valid TOML: {error}"]
    claims = table.pop("claim", [])
    problems = [f"{key!r} is not expected at the top; claims begin with [[claim]]" for key in table]
    if not isinstance(claims, list) or not all(isinstance(claim, dict) for claim in claims):
        return [], [*problems, "claims begin with [[claim]], in double brackets"]
    if not claims:
        problems.append("there is no [[claim]]; `cptrends check --new` writes an example")
    return claims, problems + mistakes.in_claims(claims)


def read_csv(text: str) -> tuple[list[Claim], list[str]]:
    """Claims from CSV: columns as the TOML's keys, and the calculation's keys as further columns."""
    csv.field_size_limit(MAX_FILE_BYTES)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    claims, problems = [], []
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            problems.append(f"line {number}: more or fewer cells than the header has")
            continue
        cells = {key.strip(): value.strip() for key, value in row.items() if value and value.strip()}
        claim: Claim = {key: _typed(key, value) for key, value in cells.items() if key in FIELDS}
        calculation = {key: _typed(key, value) for key, value in cells.items() if key in KEYS and key not in FIELDS}
        if calculation:
            claim["calculation"] = calculation
        problems += [
            f"line {number}: column {key!r} is not known" for key in cells if key not in FIELDS and key not in KEYS
        ]
        claims.append(claim)
    if not rows:
        problems.append("there are no rows below the header")
    return claims, problems + mistakes.in_claims(claims)


def _typed(key: str, text: str) -> object:
    """A cell as TOML would have it."""
    if key in TEXT:
        return text
    if key in KEYS and KEYS[key].many:
        return [part.strip() for part in text.split(";")]
    if text.casefold() in ("true", "yes"):
        return True
    if text.casefold() in ("false", "no"):
        return False
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


def _raise(problems: list[str], where: str) -> None:
    if problems:
        lines = "\n".join(f"  {problem}" for problem in problems[:50])
        more = f"\n  and {len(problems) - 50} more" if len(problems) > 50 else ""
        raise BadInput(f"{where}: {len(problems)} to put right\n{lines}{more}")
