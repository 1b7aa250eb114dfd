"""A page for every authority, built side by side in several processes, and a page that compares a few."""

import concurrent.futures
import os
import pathlib

from cptrends.data import areas
from cptrends.errors import BadInput
from cptrends.files import write

MOST_COMPARED = 4


def build(out, codes=None, jobs=None, progress=None, *, neighbours=2025):
    """Write a page for each authority, a few at a time.

    Parameters
    ----------
    out : path-like
        The reports folder; pages go to `areas` in it.
    codes : list of str, optional
        Names or codes in any usual form; every authority, also those that are no more, when left out.
    jobs : int, optional
        Processes; the number of processors when left out.
    progress : callable, optional
        Told done, total and the name: see `cptrends.progress.bar`.
    neighbours : {2025, 2021}
        Which set of statistical neighbours.

    Returns
    -------
    tuple
        Codes of the pages built, and a sentence for each failure; a page that fails leaves its old one in place.

    Raises
    ------
    BadInput
        If a name is not an authority, before any page is built.
    """
    codes = [_authority(code) for code in codes] if codes is not None else areas.authorities()
    if not codes:
        return [], []
    out = pathlib.Path(out)
    _page_of(out, codes[0]).parent.mkdir(parents=True, exist_ok=True)
    jobs = max(1, min(jobs or os.cpu_count() or 1, len(codes) // 4 or 1))
    built, failures = [], []
    there = _pages_there(out, codes)

    def told(code, failure):
        (failures if failure else built).append(failure or code)
        if progress:
            progress(len(built) + len(failures), len(codes), areas.name(code))

    if jobs == 1:
        _warm()
        for code in codes:
            told(code, _write(code, out, neighbours, there))
    else:
        with concurrent.futures.ProcessPoolExecutor(jobs, initializer=_warm) as pool:
            waiting = {pool.submit(_write, code, out, neighbours, there): code for code in codes}
            for done in concurrent.futures.as_completed(waiting):
                told(waiting[done], done.result())
    return sorted(built), sorted(failures)


def page_html(code, *, neighbours=2025, there=frozenset()):
    """One authority's page.

    Parameters
    ----------
    code : str
    neighbours : {2025, 2021}
    there : set of str
        Slugs of the authorities that have a page; the others are named without a link.

    Returns
    -------
    str
        HTML, the same bytes each time for the same data.
    """
    from cptrends.reports import notebook, pages, profile

    page = profile.assemble(code, neighbours=neighbours)
    drawn = {name: notebook.figure(_facts(chart)) for name, chart in page["charts"].items()}
    return pages.template("profile.html.j2").render(
        page=page, drawn=drawn, root="../", newest=pages.newest_figure(), name=page["slug"], there=there
    )


def compare(out, codes):
    """A page with two to four authorities side by side.

    Parameters
    ----------
    out : path-like
        The reports folder.
    codes : list of str
        Names or codes in any usual form.

    Returns
    -------
    pathlib.Path
        The page written: its name is made of theirs.

    Raises
    ------
    BadInput
        If there are not two to four different authorities.
    """
    from cptrends.reports import notebook, pages, profile

    codes = list(dict.fromkeys(_authority(code) for code in codes))
    if not 2 <= len(codes) <= MOST_COMPARED:
        raise BadInput(f"two to {MOST_COMPARED} different authorities can be compared, not {len(codes)}")
    page = profile.side_by_side(codes)
    drawn = [notebook.figure(_facts(chart)) for chart in page["charts"]]
    folder = _page_of(pathlib.Path(out), codes[0]).parent
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"compare-{'-'.join(profile.slug_of(code) for code in codes)}.html"
    write(
        path,
        pages.template("compare.html.j2").render(
            page=page,
            drawn=drawn,
            root="../",
            newest=pages.newest_figure(),
            name=path.stem,
            there=_pages_there(pathlib.Path(out), []),
        ),
    )
    return path


def _authority(text):
    code = areas.find(text)
    if areas.register()[code]["level"] != "authority":
        raise BadInput(f"{areas.name(code)} is not an authority, and only authorities have a page; try Hackney")
    return code


def _facts(chart):
    return chart._repr_mimebundle_()[1]["cptrends"]


def _warm():
    """What every page needs, once in each process; it stays, so it is no work for the garbage collector."""
    import gc

    from cptrends.reports import profile

    profile.panel()
    gc.freeze()


def _page_of(out, code):
    from cptrends.reports import site

    return out / site.page_of(code)


def _pages_there(out, codes):
    """Slugs of the authorities that have a page or are about to: others are named without a link."""
    return frozenset(
        [*(_page_of(out, code).stem for code in codes), *(path.stem for path in (out / "areas").glob("*.html"))]
    )


def _write(code, out, neighbours, there):
    """Write a page; returns what went wrong, if anything did."""

    try:
        write(_page_of(out, code), page_html(code, neighbours=neighbours, there=there))
    except Exception as error:  # one page's failure must not cost the others
        return f"{areas.name(code)}: {type(error).__name__}: {' '.join(str(error).split())[:300]}"
    return ""
