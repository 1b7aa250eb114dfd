"""The pages around the notebooks: one template, the front page, and what both say about sources."""

from typing import TYPE_CHECKING

from cptrends import data, words
from cptrends.charts import addresses
from cptrends.data import paths
from cptrends.memory import remembered
from cptrends.reports import site
from cptrends.reports.record import Kept

if TYPE_CHECKING:
    import jinja2

    from cptrends.claims.checking import Checked


def notebook_page(name: str, known: dict[str, Kept]) -> str:
    """A notebook's page, with the ones before and after it.

    Parameters
    ----------
    name : str
    known : dict of str to Kept
        The notebooks' pages there are, in order: title, finding, contents and body of each.

    Returns
    -------
    str
        HTML.
    """
    names = list(known)
    at = names.index(name)
    around = {
        "previous": (names[at - 1], known[names[at - 1]]["title"]) if at else site.NAVIGATION[0],
        "next": (names[at + 1], known[names[at + 1]]["title"]) if at + 1 < len(names) else None,
    }
    return template("page.html.j2").render(page=known[name], name=name, newest=newest_figure(), **around)


def front_page(known: dict[str, Kept], authorities: list[site.Listed], scoreboard: str | None = None) -> str:
    """The front page: the newest year, the four figures, the scoreboard, and the way to every page.

    Parameters
    ----------
    known
        As for `notebook_page`.
    authorities : list of dict
        Those that have a page, as `cptrends.reports.site.authorities_there` gives them.
    scoreboard : str, optional
        HTML of the claims by verdict, where it is made already.

    Returns
    -------
    str
        HTML.
    """
    from cptrends.claims import checking, shown
    from cptrends.reports import front

    figures = [
        {"page": name, "title": page["title"], "html": html}
        for name, page in known.items()
        for figure, html in page["figures"].items()
        if figure.startswith("figure-") and figure.endswith("-today")
    ]
    return template("front.html.j2").render(
        name=addresses.FRONT,
        sentences=front.sentences(),
        figures=figures,
        pages=[{"name": name, **page} for name, page in known.items()],
        written=site.WRITTEN,
        scoreboard=scoreboard or shown.scoreboard(checking.registered_results()).html(),
        authorities=authorities,
        newest=newest_figure(),
        newest_release=newest_children_in_need(),
    )


def claims_page(results: "list[Checked]", name: str | None = None) -> str:
    """Claims checked, as a page of its own.

    Parameters
    ----------
    results : list of Checked
        From `cptrends.claims.check`.
    name : str, optional
        The briefing's file name.

    Returns
    -------
    str
        HTML.
    """
    from cptrends.claims import shown

    return template("claims.html.j2").render(
        title=f"Claims in {name}" if name else "Claims checked",
        scoreboard=shown.scoreboard(results).html(),
        cards=shown.cards(results).html(),
        newest=newest_figure(),
        name="claims",
    )


@remembered
def newest_figure() -> str:
    """The newest year for which England has a figure of plans, in words.

    >>> newest_figure()
    '31 March ...'
    """
    return words.year(int(data.load("plans_31_march", area="England")["year"].max()), "stock")


def newest_children_in_need() -> str:
    """The newest children in need release held, as a source is named.

    >>> newest_children_in_need()
    'Department for Education, ...'
    """
    table = data.releases()
    newest = table[table["publication"] == "children-in-need"].iloc[-1]
    return data.source_names()[newest["release"]]


@remembered
def template(name: str) -> "jinja2.Template":
    """A template of the pages, by file name; everything put into it is escaped."""
    import jinja2

    loader = jinja2.FileSystemLoader(paths.PACKAGE / "reports" / "templates")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.globals |= {"navigation": site.NAVIGATION, "addresses": addresses}
    return environment.get_template(name)
