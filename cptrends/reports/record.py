"""The record beside the pages: what each was made from, so that only what changed is made again.

It is a JSON file in the folder of reports: for each page the hash of all that it depends on and, for a notebook's,
what it says, so that the pages around it can be written without running it again.
"""

import hashlib
import json
import pathlib
from collections.abc import Iterable

from cptrends.data import paths
from cptrends.files import write
from cptrends.memory import remembered

FILE = ".built.json"
_ENDINGS = (".py", ".toml", ".csv", ".j2", ".css", ".js")


def read(out: pathlib.Path) -> dict:
    """The record of a folder of reports; an empty one where there is none or it is damaged.

    Returns
    -------
    dict
        `notebooks` (name -> inputs, title, finding, contents, figures, body), `written` (inputs and the scoreboard of
        claims), `authorities` (code -> inputs), `frame` (inputs of the front page).
    """
    empty: dict = {"notebooks": {}, "written": {}, "authorities": {}, "frame": ""}
    try:
        held = json.loads((out / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return empty
    usable = isinstance(held, dict) and all(isinstance(held.get(key), type(value)) for key, value in empty.items())
    return held if usable else empty


def save(out: pathlib.Path, record: dict) -> None:
    """Write the record."""
    write(out / FILE, json.dumps(record, indent=0, sort_keys=True))


@remembered
def _shared() -> bytes:
    digest = hashlib.sha256()
    files = [*paths.PACKAGE.rglob("*"), *paths.processed().rglob("*.csv")]
    for path in sorted(files):
        if path.is_file() and path.suffix in _ENDINGS:
            digest.update(path.name.encode() + path.read_bytes())
    return digest.digest()


def inputs(*more: str | bytes | Iterable[str]) -> str:
    """A hash of all that a page depends on: the package and the data, and what else is its own.

    Parameters
    ----------
    *more : str, bytes or iterable of str
        Such as the notebook, the set of neighbours or the pages that it links to.

    Returns
    -------
    str

    >>> inputs("2025", ["hackney"]) == inputs("2025", ["hackney"]), inputs("2025") == inputs("2021")
    (True, False)
    """
    plain = [one if isinstance(one, str | bytes) else "\n".join(one) for one in more]
    digest = hashlib.sha256(_shared())
    for one in plain:
        part = one if isinstance(one, bytes) else one.encode()
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
