"""Where the data are: in a clone beside the package, in an installation inside it."""

import os
import pathlib

from cptrends.errors import BadInput

PACKAGE = pathlib.Path(__file__).resolve().parents[1]


def root() -> pathlib.Path | None:
    """The folder of the clone, or None where the package is installed without one.

    The environment variable CPTRENDS_HOME names another folder.
    """
    if home := os.environ.get("CPTRENDS_HOME"):
        return pathlib.Path(home).resolve()
    clone = PACKAGE.parent
    return clone if (clone / "data" / "raw").is_dir() and (clone / "pyproject.toml").is_file() else None


def processed() -> pathlib.Path:
    """The folder of processed data: the clone's, else the copy that travels in the package."""
    clone = root()
    return clone / "data" / "processed" if clone else PACKAGE / "processed"


def notebooks() -> pathlib.Path:
    """The folder of notebooks: the clone's, else the copy that travels in the package."""
    clone = root()
    return clone / "notebooks" if clone else PACKAGE / "notebooks"


def raw() -> pathlib.Path:
    """The folder of figures as published.

    Raises
    ------
    BadInput
        Outside a clone, which alone has them.
    """
    clone = root()
    if clone is None:
        raise BadInput(
            "data/raw is only in a clone of the project; set CPTRENDS_HOME to its folder or run the command there"
        )
    return clone / "data" / "raw"
