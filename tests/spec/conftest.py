"""What the chapters on authority pages share: every page as it is before it is drawn."""

from typing import NamedTuple

import pytest

from cptrends.data import areas
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
