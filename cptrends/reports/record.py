"""The record beside the pages: what each was made from, so that only what changed is made again.

It is a JSON file in the folder of reports: for each page the hash of all that it depends on and, for a notebook's,
what it says, so that the pages around it can be written without running it again.
"""

import hashlib
import json
import pathlib
from collections.abc import Iterable, Sequence
from typing import Any, TypedDict

from cptrends.data import paths
from cptrends.files import write
from cptrends.memory import remembered

FILE = ".built.json"


class Kept(TypedDict):
    """A notebook's page: what it was made from, and what it says (see `cptrends.reports.notebook.Page`)."""

    inputs: str
    title: str
    finding: str
    contents: Sequence[Sequence[str]]
    figures: dict[str, str]
    body: str


class Written(TypedDict):
    """The pages that need no notebook: what they were made from, and the scoreboard of claims for the front page."""

    inputs: str
    scoreboard: str | None


class Record(TypedDict):
    """What each page was made from: notebooks' by name, authorities' by code, and the frame around them."""

    notebooks: dict[str, Kept]
    written: Written
    authorities: dict[str, str]
    frame: str


_ENDINGS = (".py", ".toml", ".csv", ".j2", ".css", ".js")


def read(out: pathlib.Path) -> Record:
    """The record of a folder of reports; an empty one where there is none, or it is damaged or of another version."""
    empty: Record = {"notebooks": {}, "written": {"inputs": "", "scoreboard": None}, "authorities": {}, "frame": ""}
    try:
        held = json.loads((out / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return empty
    return held if _usable(held, empty) else empty


def _usable(held: Any, empty: Record) -> bool:
    """Whether what was read has the shape of a record, down to each notebook's page."""
    if not isinstance(held, dict) or any(not isinstance(held.get(key), type(value)) for key, value in empty.items()):
        return False
    pages = held["notebooks"].values()
    kept = all(isinstance(page, dict) and set(page) == set(Kept.__annotations__) for page in pages)
    return kept and set(held["written"]) == set(Written.__annotations__)


def save(out: pathlib.Path, record: Record) -> None:
    """Write the record."""
    write(out / FILE, json.dumps(record, indent=0, sort_keys=True))


@remembered
def _shared() -> bytes:
    digest = hashlib.sha256()
    for folder in (paths.PACKAGE, paths.processed()):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in _ENDINGS:
                content = path.read_bytes()
                digest.update(f"{path.relative_to(folder).as_posix()} {len(content)} ".encode() + content)
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
