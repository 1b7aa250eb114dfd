"""The register of claims, and a user's own briefing in the same form: read, and every mistake named."""

import csv
import datetime
import io
import math
import pathlib
import tomllib
from importlib import resources

from cptrends.claims import calculations, verdicts
from cptrends.data import areas, figures, measures
from cptrends.errors import BadInput
from cptrends.files import toml
from cptrends.memory import remembered

MAX_FILE_BYTES = 1_000_000
MAX_TEXT = 2_000
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
    "verdict",
)
KEYS = (*TEXT, "stated", "precision", "calculation", "alternative")
NEEDED = ("id", "claim", "stated", "unit")


@remembered
def documents():
    """The papers the registered claims come from, by id: title, publisher, date.

    >>> documents()["eif-2017"]["date"]
    '2017-06-23'
    """
    return toml("cptrends.claims", "documents.toml")


@remembered
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
    problems += [
        f"{claim['id']}: verdict is missing; run `cptrends check` and enter what it finds"
        for claim in claims
        if "verdict" not in claim
    ]
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


def _typed(key, text):
    if key in TEXT:
        return text
    if key in calculations.LISTS:
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
    found += [
        f"{key[:40]!r} is not a field of a claim; the fields are {', '.join(KEYS)}" for key in claim if key not in KEYS
    ]
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
    alternatives = claim.get("alternative", [])
    if not isinstance(alternatives, list):
        found.append("alternative must be written [[claim.alternative]], in double brackets")
        alternatives = []
    for number, alternative in enumerate(alternatives, start=1):
        place = f"alternative {number}"
        if not isinstance(alternative, dict) or not alternative.get("reading"):
            found.append(f"{place} needs a reading: the sentence that explains it")
            continue
        found += _text_problems(f"{place} reading", alternative["reading"])
        fields = ("reading", "calculation", "shown_only")
        found += [f"{place}: {key[:40]!r} is not a field of an alternative" for key in alternative if key not in fields]
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
        return [f"{key} holds markup ({text[text.index('<') :][:20]!r}); plain text is expected"]
    return []


def _is_number(value, above=-math.inf):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) and value > above


def _calculation_problems(calculation, stated):
    given = calculation.get("operation") if isinstance(calculation, dict) else calculation
    if not isinstance(given, str) or not isinstance(calculation, dict) or given not in calculations.OPERATIONS:
        return [f"operation {str(given)[:40]!r} is not known; the operations are {', '.join(calculations.OPERATIONS)}"]
    operation = calculations.OPERATIONS[calculation["operation"]]
    missing = [f"{key!r} is missing" for key in calculations.needs(calculation) if key not in calculation]
    found = [*missing]
    allowed = (*operation["needs"], *operation["may"])
    found += [
        f"{key[:40]!r} does not belong to {calculation['operation']}" for key in calculation if key not in allowed
    ]
    answers = calculations.ANSWERS.get(operation["answer"])
    if answers and stated not in answers:
        found.append(f"stated must be one of {', '.join(map(str, answers)).lower()} for {calculation['operation']}")
    if not answers and stated is not None and not _is_number(stated):
        found.append(f"stated must be a number for {calculation['operation']}")
    return found if missing else found + _value_problems(calculation)


def _value_problems(calculation):
    """Names and years that do not exist, and arithmetic that makes no sense."""
    found = [problem for key, value in calculation.items() for problem in _type_problems(key, value)]
    if found:
        return found
    for key, words in calculations.CHOICES.items():
        given = calculation.get(key, [])
        wrong = [word for word in (given if isinstance(given, list) else [given]) if word not in words]
        found += [f"{key} {word[:40]!r} must be one of {', '.join(words)}" for word in wrong]
    called = {"association": 1, "correlation": 2}.get(calculation["operation"])
    if "called" in calculation and len(calculation["called"]) != called:
        found.append(f"called must have {called} name{'s' * (called > 1)} for {calculation['operation']}")
    for key in ("date", "published_by"):
        if key in calculation:
            found += _refused(_date, calculation[key])
    if "indicator" in calculation:
        found += _refused(_indicator, str(calculation["indicator"]))
    keys = () if calculation.get("unit") == "neighbourhood" else ("measure", "numerator", "denominator")
    named = [calculation[key] for key in keys if key in calculation]
    named += [name for key in ("measures", "others") for name in calculation.get(key, [])]
    if calculation.get("against") not in (None, "region", "per_head"):
        named.append(calculation["against"])
    for name in named:
        found += _refused(measures.measure, str(name))
    for area in [calculation["area"]] if "area" in calculation else []:
        found += _refused(areas.find, str(area))
    for area in calculation.get("leave_out", []):
        found += _refused(areas.find, str(area))
    if "from" in calculation and calculation["from"] >= calculation["to"]:
        found.append("from must be a year before to")
    if found:
        return found
    if calculation["operation"] == "percent_change" and measures.measure(calculation["measure"])["unit"] == "percent":
        found.append(
            f"{calculation['measure']} is a percentage, and a percentage of a percentage misleads; use change, which is in points"
        )
    if (
        calculation["operation"] in ("share", "share_change")
        and measures.measure(calculation["numerator"])["unit"] == "percent"
    ):
        found.append(f"{calculation['numerator']} is a percentage already; use level")
    if not found and calculation["operation"] in _ONE_AREA:
        release = calculation.get("release", figures.AS_PUBLISHED)
        area = calculation.get("area", "England")
        years = [calculation[key] for key in ("year", "from", "to") if key in calculation]
        if calculation["operation"] == "above_all":
            years = [calculation["year"]]
        found += [problem for name in named for year in years for problem in _no_figure(name, area, year, release)]
    return found


_YEARS = ("year", "from", "to", "measure_year", "index_year")


def _type_problems(key, value):
    """What is wrong with the kind of thing a key holds."""
    if key in calculations.LISTS:
        fine = isinstance(value, list) and value and all(isinstance(word, str) for word in value)
        return [] if fine else [f"{key} must be a list of words in quotation marks, in square brackets"]
    if key in _YEARS:
        fine = isinstance(value, int) and not isinstance(value, bool) and 1900 <= value <= 2100
        return [] if fine else [f"{key} must be a year such as 2015, the year ending 31 March"]
    if key in ("per", "scale"):
        return [] if _is_number(value, above=0) else [f"{key} must be a number above nought"]
    if key == "years_after":
        return [] if value in (1, 2, 3) else ["years_after must be 1, 2 or 3"]
    if key in ("fall", "highest_first", "improved_only", "real_terms"):
        return [] if isinstance(value, bool) else [f"{key} must be true or false"]
    return (
        [] if isinstance(value, str) or key in ("date", "published_by") else [f"{key} must be text, in quotation marks"]
    )


#: Operations on figures of one area, which can be looked for beforehand.
_ONE_AREA = ("level", "change", "percent_change", "rank", "above_all", "share", "per_head")


def _no_figure(measure, area, year, release):
    """Why there is no number to compute with, or nothing."""
    try:
        code, value, status, _ = calculations.figure(measure, area, year, release)
    except BadInput as error:
        return [str(error)]
    if value != value:
        return [
            f"{measure} of {areas.name(code)} in {year} is {status.replace('_', ' ')}, so there is no number to check against"
        ]
    return []


def _date(text):
    """Refuse what is not a date written as YYYY-MM-DD."""
    try:
        datetime.date.fromisoformat(text)
    except (TypeError, ValueError):
        raise BadInput(
            f"{str(text)[:40]!r} is not a date; write it in quotation marks as YYYY-MM-DD, for example 2017-06-13"
        ) from None


def _indicator(name):
    """Refuse the name of an indicator that there is not."""
    from cptrends.indicators import table

    if name not in table.register():
        raise BadInput(f"there is no indicator {name[:40]!r}; there are {', '.join(table.register())}")


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
