"""An authority's page: put together from its parts, and as HTML. Notebook 09 shows the same parts."""

import dataclasses
from collections.abc import Collection

from cptrends.charts.style import Chart
from cptrends.charts.tables import Table
from cptrends.reports import notebook, pages
from cptrends.reports.authority import among_others, deprivation, ofsted, over_years, sentences, table
from cptrends.reports.authority.names import Link, authority, link
from cptrends.reports.authority.sentences import Fact
from cptrends.reports.authority.subject import Subject, others_in_region, subject_of
from cptrends.reports.authority.table import Figures


@dataclasses.dataclass(frozen=True)
class Profile:
    """What one authority's page says.

    Attributes
    ----------
    subject : Subject
    facts : tuple of Fact
        Term, text and links.
    sentences : tuple of str
        Five at most.
    notes : tuple of str
        What else a reader should know.
    figures : Figures
        The table and what stands beside it.
    charts : dict of str to Chart
        By the part of the page they are in.
    words : dict of str to str
        A sentence for a part that has no chart.
    inspections : Table or None
    neighbours, in_region : tuple of Link
    """

    subject: Subject
    facts: tuple[Fact, ...]
    sentences: tuple[str, ...]
    notes: tuple[str, ...]
    figures: Figures
    charts: dict[str, Chart]
    words: dict[str, str]
    inspections: Table | None
    neighbours: tuple[Link, ...]
    in_region: tuple[Link, ...]


def assemble(area: str, *, neighbours: int | None = None) -> Profile:
    """What one authority's page says.

    Parameters
    ----------
    area : str
        A name or code in any usual form; also of an authority that no longer exists.
    neighbours : int, optional
        Which set of statistical neighbours, by its year; the newest when left out.

    Returns
    -------
    Profile

    Raises
    ------
    BadInput
        If it is not an authority, or there is no such set.

    Examples
    --------
    >>> page = assemble("Hackney")
    >>> page.subject.name, len(page.sentences), sorted(page.charts)[:2]
    ('Hackney', 5, ['deprivation', 'durations'])
    """
    return profile_of(subject_of(authority(area), neighbours))


def profile_of(subject: Subject) -> Profile:
    """What the page of an authority says.

    Parameters
    ----------
    subject : Subject

    Returns
    -------
    Profile
    """
    figures = table.figures(subject)
    charts, words = _charts(subject, figures)
    return Profile(
        subject=subject,
        facts=sentences.facts(subject),
        sentences=sentences.sentences(subject, figures.readings),
        notes=sentences.notes(subject, figures.table),
        figures=figures,
        charts=charts,
        words=words,
        inspections=ofsted.table(subject),
        neighbours=tuple(link(code) for code in subject.near),
        in_region=others_in_region(subject),
    )


def _charts(subject: Subject, figures: Figures) -> tuple[dict[str, Chart], dict[str, str]]:
    """The charts, and a sentence where one cannot be drawn."""
    drawn: dict[str, Chart | None] = {}
    words = {}
    if figures.readings:
        lasted, at = among_others.durations(subject), deprivation.deprived(subject)
        drawn = {
            "series": over_years.series(subject),
            "funnels": among_others.funnel_chart(subject, figures.readings),
            "pathway": among_others.pathway_chart(subject),
            "durations": among_others.durations_chart(subject, lasted) if lasted else None,
            "deprivation": among_others.deprivation_chart(subject, at) if at else None,
        }
        if not at:
            words["deprivation"] = deprivation.sentence(at, subject.name)
    drawn |= {"spending": over_years.spending(subject), "ofsted": ofsted.chart(subject)}
    if not drawn["ofsted"]:
        words["ofsted"] = "No overall judgement under the frameworks since 2013 is held."
    return {part: chart for part, chart in drawn.items() if chart is not None}, words


def html(profile: Profile, there: Collection[str] = ()) -> str:
    """An authority's page.

    Parameters
    ----------
    profile : Profile
    there : collection of str
        Slugs of the authorities that have a page; the others are named without a link.

    Returns
    -------
    str
        HTML, the same bytes each time for the same data.
    """
    return pages.template("authority.html.j2").render(
        page=profile,
        drawn={part: notebook.figure(chart.facts) for part, chart in profile.charts.items()},
        root="../",
        newest=pages.newest_figure(),
        name=profile.subject.slug,
        there=there,
    )
