"""What the chapters on authority pages share: every page as it is before it is drawn."""

from typing import NamedTuple

import pytest

from cptrends.data import areas, figures
from cptrends.memory import forget
from cptrends.reports.authority import names, sentences, table
from cptrends.reports.authority.subject import Subject, subject_of


class Said(NamedTuple):
    """A page without its charts, which are slow to draw."""

    subject: Subject
    figures: table.Figures
    facts: tuple
    sentences: tuple
    notes: tuple


def _said(subject):
    figures = table.figures(subject)
    return Said(
        subject,
        figures,
        sentences.facts(subject),
        sentences.sentences(subject, figures.readings),
        sentences.notes(subject, figures.table),
    )


@pytest.fixture(scope="session")
def said():
    """A function (subject) -> what its page says."""
    return _said


@pytest.fixture(scope="session")
def page_of():
    """A function (name, neighbours) -> what the page of an authority says."""
    return lambda name, neighbours=None: _said(subject_of(names.authority(name), neighbours))


@pytest.fixture(scope="session")
def every_page():
    """Every authority's page, by code."""
    return {code: _said(subject_of(code)) for code in areas.authorities()}


@pytest.fixture
def by_hand(tmp_path, monkeypatch):
    """A function (measure=rows) that puts figures made by hand in the place of the data.

    A row is area code, year and value: a whole number, None for one that is not available, "c" for one withheld.
    """
    releases = figures.releases()

    def write(**measures):
        folder = tmp_path / "data" / "processed" / "observations"
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in measures.items():
            lines = ["area_code,year,value,status,releases"]
            for code, year, value in rows:
                status = {"c": "suppressed", None: "unavailable"}.get(value, "reported")
                lines.append(f"{code},{year},{value if status == 'reported' else ''},{status},cin-2025")
            (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
        releases.to_csv(folder.parent / "releases.csv", index=False)
        monkeypatch.setenv("CPTRENDS_HOME", str(tmp_path))
        forget()

    yield write
    monkeypatch.undo()
    forget()
