"""The pages around the notebooks: one template, the front page, and what both say about sources."""

from cptrends import data, words
from cptrends.charts import style
from cptrends.data import areas, paths
from cptrends.memory import remembered


def notebook_page(name, record, known):
    """A notebook's page, with the ones before and after it.

    Parameters
    ----------
    name : str
    record : dict
        By page: title, finding, contents and body.
    known : list of str
        The pages there are, in order.

    Returns
    -------
    str
        HTML.
    """
    at = known.index(name)
    around = {
        "previous": (known[at - 1], record[known[at - 1]]["title"]) if at else ("index", "Front page"),
        "next": (known[at + 1], record[known[at + 1]]["title"]) if at + 1 < len(known) else None,
    }
    page = record[name]
    return template("page.html.j2").render(page=page, name=name, newest=newest_figure(), **around)


def front_page(record, known, built=(), scoreboard=None):
    """The front page: the newest year, the four figures, the scoreboard, and the way to every page.

    Parameters
    ----------
    record, known
        As for `notebook_page`.
    built : set of str
        Codes of the authorities that have a page.
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
        {"page": name, "title": record[name]["title"], "html": html}
        for name in known
        for figure, html in record[name]["figures"].items()
        if figure.startswith("figure-") and figure.endswith("-today")
    ]
    return template("front.html.j2").render(
        name="index",
        sentences=front.sentences(),
        figures=figures,
        pages=[{"name": name, **record[name]} for name in known],
        scoreboard=scoreboard or shown.scoreboard(checking.registered_results()).html(),
        authorities=[{**row, "page": authority_page(row["code"])} for row in front.finder() if row["code"] in built],
        newest=newest_figure(),
        newest_release=_newest_release(),
    )


def authority_page(area_code):
    """The address of an authority's page, from the front page's folder.

    >>> authority_page("E09000012")
    'areas/hackney.html'
    """
    return f"areas/{style.slug(areas.name(area_code))}.html"


def claims_page(results, name=None):
    """Claims checked, as a page of its own.

    Parameters
    ----------
    results : list of dict
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
def newest_figure():
    """The newest year for which England has a figure of plans, in words.

    >>> newest_figure()
    '31 March 2025'
    """
    return words.year(int(data.load("plans_31_march", area="England")["year"].max()), "stock")


def _newest_release():
    """The newest children in need release held, as a source is named."""
    table = data.releases()
    newest = table[table["publication"] == "children-in-need"].iloc[-1]
    return data.source_names()[newest["release"]]


@remembered
def template(name):
    """A template of the pages, by file name; everything put into it is escaped."""
    import jinja2

    loader = jinja2.FileSystemLoader(paths.PACKAGE / "reports" / "templates")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template(name)
