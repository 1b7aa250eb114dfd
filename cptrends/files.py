"""Files: written whole or not at all, registers read from TOML, and what a mistyped name may have meant."""

import difflib
import os
import pathlib
import shutil
import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from cptrends.memory import remembered


def write(path: pathlib.Path, content: str | bytes) -> None:
    """Write a file beside its place and move it in, so that it is never half there.

    Parameters
    ----------
    path : pathlib.Path
        Its folder is made where it is not there.
    content : str or bytes
        Text is written as UTF-8, with the line ends it has.

    >>> import tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "areas" / "hackney.html"
    >>> write(path, "<p>£1</p>")
    >>> path.read_bytes(), [one.name for one in path.parent.iterdir()]
    (b'<p>\\xc2\\xa31</p>', ['hackney.html'])
    """
    write_together(path.parent, {path.name: content})


def write_together(folder: pathlib.Path, contents: Mapping[str, str | bytes]) -> None:
    """Write several files beside their places, and only when all are there move them in, in order.

    Parameters
    ----------
    folder : pathlib.Path
    contents : mapping of str to str or bytes
        Path in the folder -> what the file holds. One that describes the others comes last.
    """
    moves = []
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(path.name + ".new")
        new.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        moves.append((new, path))
    for new, path in moves:
        os.replace(new, path)


def write_folder(folder: pathlib.Path, contents: Mapping[str, str | bytes]) -> None:
    """Write a whole folder beside its place and put it there: nothing that was in the old one stays.

    Parameters
    ----------
    folder : pathlib.Path
    contents : mapping of str to str or bytes
        Path in the folder -> what the file holds.
    """
    new, old = folder.with_name(folder.name + ".new"), folder.with_name(folder.name + ".old")
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    write_together(new, contents)
    if folder.exists():
        os.replace(folder, old)
    os.replace(new, folder)
    shutil.rmtree(old, ignore_errors=True)


@remembered
def toml(package: str, name: str) -> dict[str, Any]:
    """A register that lies beside the code which reads it.

    Parameters
    ----------
    package, name : str
        Such as "cptrends.data" and "measures.toml".

    Returns
    -------
    dict
        Do not change it: it is read once.

    >>> toml("cptrends.data", "measures.toml")["referrals"]["kind"]
    'flow'
    """
    return tomllib.loads(resources.files(package).joinpath(name).read_text("utf-8"))


def nearest(word: object, known: Iterable[str], *, cutoff: float = 0.5) -> list[str]:
    """The names, three at most, that somebody who typed a word may have meant.

    Parameters
    ----------
    word : str
    known : iterable of str
        The names there are.
    cutoff : float
        How alike a name must be, from 0 to 1.

    >>> nearest("plan_rat", ["plan_rate", "referral_rate"])
    ['plan_rate']
    """
    return difflib.get_close_matches(str(word)[:60], list(known), n=3, cutoff=cutoff)


def did_you_mean(names: Iterable[str], otherwise: str) -> str:
    """The end of a sentence that refuses a name: those it may have meant, or where to look.

    >>> did_you_mean(["Kent", "Gwent"], "`cptrends areas` lists them all")
    'did you mean Kent or Gwent?'
    >>> did_you_mean([], "`cptrends areas` lists them all")
    '`cptrends areas` lists them all'
    """
    offered = " or ".join(dict.fromkeys(names))
    return f"did you mean {offered}?" if offered else otherwise
