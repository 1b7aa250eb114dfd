"""What the publishers' own files hold, where a developer has them."""

import fnmatch
import functools
import importlib

import pytest

from cptrends.sources import registry


@functools.cache
def _read(name, folder):
    release = registry.releases()[name]
    [(part, pattern)] = release["files"].items()
    [path] = [
        path for path in folder.rglob("*") if fnmatch.fnmatch(path.as_posix().casefold(), f"*/{pattern}".casefold())
    ]
    return importlib.import_module(f"cptrends.sources.{release['reader']}").read(path, part, release)


@pytest.fixture
def official(shared):
    """A function: name of a release with one file -> what its reader makes of the real file."""
    return lambda name: _read(name, shared / "data").copy()


@pytest.fixture
def unmapped():
    """A function: release name, frame -> texts that are neither numbers nor marks in its table of symbols."""

    def find(name, frame):
        marks = registry.symbols(registry.releases()[name]["symbols"])
        texts = set(frame["published"]) - set(marks)
        return sorted(text for text in texts if not text.lstrip("-").replace(".", "", 1).isdigit())

    return find
