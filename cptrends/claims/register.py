"""The register of claims, and a user's own briefing in the same form: read, and every mistake named."""

import csv
import functools
import io
import math
import pathlib
import tomllib
from importlib import resources

from cptrends.claims import calculations, verdicts
from cptrends.data import areas, loading, measures
from cptrends.errors import BadInput

MAX_FILE_BYTES = 1_000_000
MAX_TEXT = 2_000
TEXT = ("id", "document", "locator", "claim", "unit", "qualifier", "reading", "notes", "reason", "would_need", "verdict")
KEYS = (*TEXT, "stated", "precision", "calculation", "alternative")
NEEDED = ("id", "claim", "stated", "unit")


@functools.cache
def documents():
    """The papers the registered claims come from, by id: title, publisher, date.

    >>> documents()["eif-2017"]["date"]
    '2017-06-23'
    """
    return tomllib.loads(resources.files("cptrends.claims").joinpath("documents.toml").read_text("utf-8"))


@functools.cache
def registered():
    """Every registered claim, checked.

    Returns
    -------
    list of dict

    Raises
    ------
    BadInput
        If an entry has a mistake; one line for each, with the entry and field.
    """
    text = resources.files("cptrends.claims").joinpath("claims.toml").read_text("utf-8")
    claims, problems = read_toml(text)
    problems += [
        f"{claim['id']}: document {claim.get('document')!r} is not in documents.toml"
        for claim in claims
        if claim.get("document") not in documents()
    ]
    problems += [f"{claim['id']}: verdict is missing; run `cptrends check` and enter what it finds" for claim in claims if "verdict" not in claim]
    _raise(problems, "claims.toml")
    return claims


def briefing(path):
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
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise BadInput(f"{path} is not a file; `cptrends check --new` writes an example to start from")
    if path.stat().st_size > MAX_FILE_BYTES:
        raise BadInput(f"{path.name} is larger than {MAX_FILE_BYTES // 1_000_000} MB; a briefing of claims is a few kilobytes")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{path.name} is not text in UTF-8; save it as UTF-8 (in Excel: CSV UTF-8)") from None
    claims, problems = read_csv(text) if path.suffix.lower() == ".csv" else read_toml(text)
    _raise(problems, path.name)
    return claims


def read_toml(text):
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
    return claims, problems + _problems(claims)


def read_csv(text):
    """Claims from CSV: columns as the TOML's keys, and the calculation's keys as further columns."""
    csv.field_size_limit(MAX_FILE_BYTES)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    known = {key for operation in calculations.OPERATIONS.values() for key in (*operation["needs"], *operation["may"])}
    claims, problems = [], []
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            problems.append(f"line {number}: more or fewer cells than the header has")
            continue
        cells = {key.strip(): value.strip() for key, value in row.items() if value and value.strip()}
        claim = {key: _typed(key, value) for key, value in cells.items() if key in KEYS}
        calculation = {key: _typed(key, value) for key, value in cells.items() if key in known and key not in KEYS}
        if calculation:
            claim["calculation"] = calculation
        problems += [f"line {number}: column {key!r} is not known" for key in set(cells) - set(KEYS) - known]
        claims.append(claim)
    if not rows:
        problems.append("there are no rows below the header")
    return claims, problems + _problems(claims)


_LISTS = ("grades", "frameworks", "leave_out", "called")


def _typed(key, text):
    if key in TEXT:
        return text
    if key in _LISTS:
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


def _problems(claims):
    """A sentence for every mistake in every claim."""
    problems, seen = [], set()
    for number, claim in enumerate(claims, start=1):
        name = str(claim.get("id") or f"claim {number}")[:60]
        if name in seen:
            problems.append(f"{name}: this id is there twice")
        seen.add(name)
        problems += [f"{name}: {problem}" for problem in _claim_problems(claim)]
    return problems


def _claim_problems(claim):
    found = [f"{key!r} is missing" for key in NEEDED if key not in claim]
    found += [f"{key[:40]!r} is not a field of a claim; the fields are {', '.join(KEYS)}" for key in claim if key not in KEYS]
    for key in TEXT:
        if key in claim:
            found += _text_problems(key, claim[key])
    stated, qualifier = claim.get("stated"), claim.get("qualifier", "exact")
    if qualifier not in verdicts.QUALIFIERS:
        found.append(f"qualifier {str(qualifier)[:40]!r} must be one of {', '.join(verdicts.QUALIFIERS)}")
    if "precision" in claim and not _is_number(claim["precision"], above=0):
        found.append("precision must be a number above nought: the unit of the last digit the claim prints")
    if "verdict" in claim and claim["verdict"] not in verdicts.VERDICTS:
        found.append(f"verdict {str(claim['verdict'])[:40]!r} must be one of {', '.join(verdicts.VERDICTS)}")
    if "calculation" not in claim and not claim.get("reason"):
        found.append("it needs a calculation, or a reason why it cannot be checked")
    if "calculation" not in claim and "would_need" not in claim:
        found.append("would_need is missing: what data would settle it")
    calculated = [("calculation", claim.get("calculation"))] if "calculation" in claim else []
    for number, alternative in enumerate(claim.get("alternative", []), start=1):
        place = f"alternative {number}"
        if not isinstance(alternative, dict) or not alternative.get("reading"):
            found.append(f"{place} needs a reading: the sentence that explains it")
            continue
        found += _text_problems(f"{place} reading", alternative["reading"])
        calculated.append((place, alternative.get("calculation")))
    for place, calculation in calculated:
        found += [f"{place}: {problem}" for problem in _calculation_problems(calculation, stated)]
    return found


def _text_problems(key, text):
    if not isinstance(text, str):
        return [f"{key} must be text, in quotation marks"]
    if len(text) > MAX_TEXT:
        return [f"{key} has {len(text):,} characters; {MAX_TEXT:,} are allowed"]
    if "<" in text and ">" in text.split("<", 1)[1]:
        return [f"{key} holds markup ({text[text.index('<'):][:20]!r}); plain text is expected"]
    return []


def _is_number(value, above=-math.inf):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) and value > above


def _calculation_problems(calculation, stated):
    if not isinstance(calculation, dict) or calculation.get("operation") not in calculations.OPERATIONS:
        given = calculation.get("operation") if isinstance(calculation, dict) else calculation
        return [f"operation {str(given)[:40]!r} is not known; the operations are {', '.join(calculations.OPERATIONS)}"]
    operation = calculations.OPERATIONS[calculation["operation"]]
    found = [f"{key!r} is missing" for key in operation["needs"] if key not in calculation]
    allowed = (*operation["needs"], *operation["may"])
    found += [f"{key[:40]!r} does not belong to {calculation['operation']}" for key in calculation if key not in allowed]
    answers = calculations.ANSWERS.get(operation["answer"])
    if answers and stated not in answers:
        found.append(f"stated must be one of {', '.join(map(str, answers)).lower()} for {calculation['operation']}")
    if not answers and stated is not None and not _is_number(stated):
        found.append(f"stated must be a number for {calculation['operation']}")
    return found + _value_problems(calculation)


def _value_problems(calculation):
    """Names and years that do not exist, and arithmetic that makes no sense."""
    found = []
    named = [calculation[key] for key in ("measure", "numerator", "denominator") if key in calculation and calculation.get("unit") != "neighbourhood"]
    for name in named:
        found += _refused(measures.measure, str(name))
    for area in [calculation["area"]] if "area" in calculation else []:
        found += _refused(areas.find, str(area))
    for area in calculation.get("leave_out", []):
        found += _refused(areas.find, str(area))
    for key in ("year", "from", "to", "measure_year", "index_year"):
        if key in calculation and (not isinstance(calculation[key], int) or isinstance(calculation[key], bool)):
            found.append(f"{key} must be a year such as 2015, the year ending 31 March")
    if found:
        return found
    if calculation["operation"] == "percent_change" and measures.measure(calculation["measure"])["unit"] == "percent":
        found.append(f"{calculation['measure']} is a percentage, and a percentage of a percentage misleads; use change, which is in points")
    if calculation["operation"] in ("share", "share_change") and measures.measure(calculation["numerator"])["unit"] == "percent":
        found.append(f"{calculation['numerator']} is a percentage already; use level")
    if not found and calculation["operation"] in ("level", "change", "percent_change", "rank", "above_all", "share", "per_head"):
        release = calculation.get("release", loading.AS_PUBLISHED)
        area = calculation.get("area", "England")
        for name in named:
            for key in ("year", "to"):
                if key in calculation and not (calculation["operation"] == "above_all" and key == "to"):
                    found += _refused(lambda n, y=calculation[key]: loading.load(n, area=area, start=y, end=y, release=release), name)
            if "from" in calculation and calculation["operation"] != "above_all":
                found += _refused(lambda n: loading.load(n, area=area, start=calculation["from"], end=calculation["from"], release=release), name)
    return found


def _refused(function, value):
    try:
        function(value)
    except BadInput as error:
        return [str(error)]
    return []


def _raise(problems, where):
    if problems:
        lines = "\n".join(f"  {problem}" for problem in problems[:50])
        more = f"\n  and {len(problems) - 50} more" if len(problems) > 50 else ""
        raise BadInput(f"{where}: {len(problems)} to put right\n{lines}{more}")


def default_precision(stated):
    """The unit of the last digit a number is printed to, where a claim does not say.

    Decimals count as printed; of a whole number above 100 the noughts at its end are taken as rounding.

    >>> default_precision(10.8), default_precision(124), default_precision(635600), default_precision(62210)
    (0.1, 1, 100, 10)
    """
    if not _is_number(stated):
        return 1
    text = repr(stated)
    if "." in text and not float(stated).is_integer():
        return 10 ** -len(text.split(".")[1])
    digits = str(abs(int(stated)))
    if len(digits) <= 2 or len(digits) == 3 and int(digits) < 200:
        return 1
    return 10 ** (len(digits) - len(digits.rstrip("0")))
