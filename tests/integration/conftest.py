"""The publishers' own files, beside the project where a developer has them."""

import fnmatch
import functools
import importlib
import pathlib

import pytest

from cptrends.sources import registry

OFFICIAL = pathlib.Path(__file__).parents[2].parent / "shared" / "data" / "official"


@functools.cache
def _read(name):
    release = registry.releases()[name]
    [(part, pattern)] = release["files"].items()
    [path] = [
        path for path in OFFICIAL.rglob("*") if fnmatch.fnmatch(path.as_posix().casefold(), f"*/{pattern}".casefold())
    ]
    return importlib.import_module(f"cptrends.sources.{release['reader']}").read(path, part, release)


@pytest.fixture
def official_folder():
    """The folder of official files; a test that asks for it is skipped where there is none."""
    if not OFFICIAL.is_dir():
        pytest.skip("the publishers' own files are not beside the project")
    return OFFICIAL


@pytest.fixture
def official(official_folder):
    """A function: name of a release with one file -> what its reader makes of the real file."""
    return lambda name: _read(name).copy()


@pytest.fixture
def releases_of():
    """A function: name of a reader -> the releases it reads, name -> entry."""
    return lambda reader: {name: entry for name, entry in registry.releases().items() if entry["reader"] == reader}


@pytest.fixture
def unmapped():
    """A function: release name, frame -> texts that are neither numbers nor marks in its table of symbols."""

    def find(name, frame):
        marks = registry.symbols(registry.releases()[name]["symbols"])
        texts = set(frame["published"]) - set(marks)
        return sorted(text for text in texts if not text.lstrip("-").replace(".", "", 1).isdigit())

    return find
