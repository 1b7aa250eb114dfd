"""The verbs that make something, report, ingest and build, and those that look after the clone, test and check-code."""

import argparse
import importlib.util
import os
import pathlib
import shlex
import subprocess
import sys

from cptrends.errors import BadInput
from cptrends.progress import bar


def report(options: argparse.Namespace) -> int:
    """Build the pages."""
    from cptrends import reports

    if options.compare:
        print(f"Open {reports.compare(options.compare, out=options.out)}")
        return 0
    return reports.build(
        out=options.out,
        only=options.only,
        area=options.areas,
        jobs=options.jobs,
        force=options.force,
        neighbours=options.neighbours,
    )


def ingest(options: argparse.Namespace) -> None:
    """Read publishers' files into data/raw."""
    from cptrends.sources import ingest

    summary = ingest.ingest(options.path, options.release, progress=bar("reading"))
    print("\n".join(ingest.describe(summary)))


def build(_options: argparse.Namespace) -> None:
    """Build data/processed from data/raw."""
    from cptrends.sources import build

    counts = build.build(progress=bar("building"))
    print(", ".join(f"{count:,} {what}" for what, count in counts.items()) + " in data/processed.")


#: The tests of a minute: chapters, unit tests and the examples of docstrings.
QUICK = "not (slow or browser or shared)"
#: The most processes that tests are shared among: each loads the data again.
MOST_WORKERS = 4


def test(options: argparse.Namespace) -> int:
    """Run the tests: what was typed beside the command's own options goes to pytest."""
    root = _clone("the tests are")
    try:
        import pytest
    except ImportError:
        raise BadInput('the tests need pytest; install it with python -m pip install "cptrends[test]"') from None
    os.chdir(root)
    words = list(options.pytest)
    words += ["-m", QUICK] if options.quick else []
    words += ["--cov=cptrends", "--cov-report=term:skip-covered"] if options.coverage else []
    if not options.pytest and (workers := min(MOST_WORKERS, os.cpu_count() or 1)) > 1:
        # Whole files, so that what a file makes for its tests is made once; those that take longest come first.
        shared = ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"]
        words += shared if importlib.util.find_spec("xdist") else []
    print(f"pytest {shlex.join(words)}".strip(), flush=True)
    return int(pytest.main(words))


#: What the code is checked with: the lint, the format, the types.
CODE_CHECKS = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",))


def check_code(_options: argparse.Namespace) -> int:
    """Check lint, format and types; 1 where something is to be mended."""
    root = _clone("the settings of the checks are")
    failed = 0
    for tool, *words in CODE_CHECKS:
        if importlib.util.find_spec(tool) is None:
            raise BadInput(f'the checks need {tool}; install it with python -m pip install "cptrends[code]"')
        failed |= subprocess.call([sys.executable, "-m", tool, *words], cwd=root)
    return int(failed != 0)


def _clone(what: str) -> pathlib.Path:
    """The clone's folder, where the tests and their settings are."""
    from cptrends.data import paths

    root = paths.root()
    if root is None or not (root / "tests").is_dir():
        raise BadInput(f"{what} only in a clone of the project; run the command in its folder")
    return root
