"""The pages around the notebooks: one template, the front page, and what both say about sources."""

import functools

from cptrends import data, words
from cptrends.data import paths


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
    return _template("page.html.j2").render(page=page, name=name, **around, **_common(record, known))


def front_page(record, known):
    """The front page: what each page finds, and from which releases.

    Returns
    -------
    str
        HTML.
    """
    return _template("front.html.j2").render(name="index", **_common(record, known))


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

    return _template("claims.html.j2").render(
        title=f"Claims in {name}" if name else "Claims checked",
        scoreboard=shown.scoreboard(results).html(), cards=shown.cards(results).html(), newest=newest_figure(), name="claims",
    )


def _common(record, known):
    return {
        "pages": [{"name": name, **record[name]} for name in known],
        "releases": _releases_used(),
        "newest": newest_figure(),
    }


@functools.cache
def newest_figure():
    """The newest year for which England has a figure of plans, in words.

    >>> newest_figure()
    '31 March 2025'
    """
    return words.year(int(data.load("plans_31_march", area="England")["year"].max()), "stock")


@functools.cache
def _releases_used():
    table = data.releases()
    official = table[table["evidence"] == "official-file"]
    return [
        {"release": row.release, "publisher": row.publisher, "title": row.title, "published": row.published}
        for row in official.itertuples()
    ]


@functools.cache
def _template(name):
    import jinja2

    loader = jinja2.FileSystemLoader(paths.PACKAGE / "reports" / "templates")
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    return environment.get_template(name)
