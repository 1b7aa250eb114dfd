"""The methods page: every indicator and every method, from the registers and the docstrings."""

import importlib
import inspect
import re

from cptrends.data import measures
from cptrends.errors import BadInput
from cptrends.files import toml
from cptrends.indicators import table
from cptrends.memory import remembered
from cptrends.reports import front, pages
from cptrends.reports.notebook import markdown

#: How the limits of an indicator are found, by its interval.
LIMITS = {
    "byar": "Byar's limits; exact Poisson under 10 events",
    "wilson": "Wilson's score limits",
}
#: Why an indicator has none, by how it is shown.
NO_LIMITS = {
    "pounds": "none: an amount of money is not a sample",
    "percent": "none: it is not a share of counted events",
    "number": "none: it is not a number of events",
}

_HEADING = re.compile(r"^(\w[\w ]*)\n-{3,}\s*$", re.MULTILINE)


def page() -> str:
    """The methods page.

    Returns
    -------
    str
        HTML.
    """
    return pages.template("methods.html.j2").render(
        name="methods",
        newest=pages.newest_figure(),
        indicators=indicators(),
        groups=groups(),
        compared=front.compared(),
    )


def indicators() -> list[dict]:
    """The declared indicators by their unit and limits, each with its formula in words.

    Returns
    -------
    list of dict
        unit, limits, rows: name, label, definition ("" where the label says it all), numerator and denominator
        (name, label), scale.

    >>> rates = indicators()[0]
    >>> rates["unit"], rates["rows"][0]["numerator"]["label"], rates["rows"][0]["scale"]
    ('per 10,000 children', 'Referrals', ' × 10,000')
    """
    found: dict[tuple[str, str], list[dict]] = {}
    for name, entry in table.register().items():
        limits = LIMITS.get(entry["interval"]) or NO_LIMITS[entry["shown"]]
        found.setdefault((entry["unit"], limits), []).append(
            {
                "name": name,
                "label": entry["label"],
                "definition": "" if entry["definition"] == entry["label"] + "." else entry["definition"],
                **{
                    part: {"name": entry[part], "label": measures.measure(entry[part])["label"]}
                    for part in ("numerator", "denominator")
                },
                "scale": "" if entry["per"] == 1 else f" × {entry['per']:,}",
            }
        )
    return [{"unit": unit, "limits": limits, "rows": rows} for (unit, limits), rows in found.items()]


@remembered
def groups() -> tuple[dict, ...]:
    """The methods in the order of `methods.toml`, with what their docstrings say.

    Returns
    -------
    tuple of dict
        id, heading, plain, about (HTML), methods: id, function, heading, plain, formula, text (HTML), notes
        (HTML), example.

    Raises
    ------
    BadInput
        If the register names a function or module there is not.
    """
    register = toml("cptrends.reports", "methods.toml")
    return tuple(
        {
            **{key: group[key] for key in ("id", "heading", "plain")},
            "about": _about(group.get("about")),
            "methods": [_method(entry) for entry in group["method"]],
        }
        for group in register["group"]
    )


def _about(module: str | None) -> str:
    if module is None:
        return ""
    # The first sentence is the module's heading, which the page has already.
    return markdown(sections(inspect.getdoc(_found(module)) or "")["text"].partition("\n\n")[2])


def _method(entry: dict[str, str]) -> dict[str, str]:
    described = sections(inspect.getdoc(_found(entry["function"])) or "")
    return {
        "id": entry["function"].rpartition(".")[2].replace("_", "-"),
        "formula": "",
        **entry,
        "text": markdown(described["text"]),
        "notes": markdown("\n\n".join(described[name] for name in ("Notes", "References") if name in described)),
        "example": described.get("Examples", ""),
    }


def _found(address: str) -> object:
    """The module or function at a dotted address."""
    try:
        return importlib.import_module(address)
    except ModuleNotFoundError:
        module, _, name = address.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)
    except (ModuleNotFoundError, AttributeError):
        raise BadInput(
            f"methods.toml names {address!r}, which is not there; give a function's address as in an import"
        ) from None


def sections(docstring: str) -> dict[str, str]:
    r"""A numpy docstring taken apart.

    Parameters
    ----------
    docstring : str
        As from `inspect.getdoc`.

    Returns
    -------
    dict of str to str
        `text` (the summary and the paragraphs before the first heading) and each section by its heading;
        an example that stands without a heading is under `Examples`.

    >>> parts = sections("Adds up.\n\nNotes\n-----\nEuclid.\n\n>>> 1 + 1\n2")
    >>> parts["text"], parts["Notes"], parts["Examples"]
    ('Adds up.', 'Euclid.', '>>> 1 + 1\n2')
    """
    start, *rest = _HEADING.split(docstring)
    found = {"text": start.strip(), **dict(zip(rest[::2], map(str.strip, rest[1::2]), strict=True))}
    for name in [name for name in found if name != "Examples"]:
        before, mark, example = found[name].partition(">>> ")
        if mark:
            found[name] = before.strip()
            found["Examples"] = "\n\n".join(filter(None, [mark + example, found.get("Examples")]))
    return found
