"""The verbs that make something: report, ingest, build, and test."""

import argparse
import os

from cptrends.errors import BadInput


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
    from cptrends.progress import bar
    from cptrends.sources import ingest

    summary = ingest.ingest(options.path, options.release, progress=bar("reading"))
    print("\n".join(ingest.describe(summary)))


def build(_options: argparse.Namespace) -> None:
    """Build data/processed from data/raw."""
    from cptrends.progress import bar
    from cptrends.sources import build

    counts = build.build(progress=bar("building"))
    print(", ".join(f"{count:,} {what}" for what, count in counts.items()) + " in data/processed.")


def test(options: argparse.Namespace) -> int:
    """Run the tests."""
    from cptrends.data import paths

    root = paths.root()
    if root is None or not (root / "tests").is_dir():
        raise BadInput("the tests are only in a clone of the project; run the command in its folder")
    try:
        import pytest
    except ImportError:
        raise BadInput('the tests need pytest; install it with python -m pip install "cptrends[test]"') from None
    os.chdir(root)
    return int(pytest.main(options.pytest or ["--cov=cptrends", "--cov-report=term:skip-covered"]))
