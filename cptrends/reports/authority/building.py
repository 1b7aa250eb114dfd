"""The pages of many authorities, written side by side in several processes."""

import concurrent.futures
import gc
import os
from collections.abc import Callable, Sequence

from cptrends.data import areas
from cptrends.files import write
from cptrends.reports import site
from cptrends.reports.authority import page
from cptrends.reports.authority.everyone import everyone
from cptrends.reports.authority.subject import subject_of


def build(
    out: str | os.PathLike[str],
    codes: Sequence[str],
    jobs: int | None = None,
    progress: Callable[[int, int, str], object] | None = None,
    *,
    neighbours: int | None = None,
) -> tuple[list[str], list[str]]:
    """Write a page for each authority, a few at a time.

    Parameters
    ----------
    out : path-like
        The reports folder; pages go to `areas` in it.
    codes : list of str
        Area codes of authorities.
    jobs : int, optional
        Processes; the number of processors when left out.
    progress : callable, optional
        Told done, total and the name: see `cptrends.progress.bar`.
    neighbours : int, optional
        Which set of statistical neighbours, by its year; the newest when left out.

    Returns
    -------
    tuple
        Codes of the pages built, and a sentence for each failure; a page that fails leaves its old one in place.

    >>> build("pages", ["E09000012"])  # doctest: +SKIP
    (['E09000012'], [])
    >>> build("pages", [])
    ([], [])
    """
    if not codes:
        return [], []
    jobs = max(1, min(jobs or os.cpu_count() or 1, len(codes) // 4 or 1))
    built: list[str] = []
    failures: list[str] = []
    there = site.slugs_there(out) | {site.slug_of(code) for code in codes}

    def told(code: str, failure: str) -> None:
        (failures if failure else built).append(failure or code)
        if progress:
            progress(len(built) + len(failures), len(codes), areas.name(code))

    if jobs == 1:
        for code in codes:
            told(code, _write(code, out, neighbours, there))
    else:
        with concurrent.futures.ProcessPoolExecutor(jobs, initializer=_warm) as pool:
            waiting = {pool.submit(_write, code, out, neighbours, there): code for code in codes}
            for done in concurrent.futures.as_completed(waiting):
                told(waiting[done], done.result())
    return sorted(built), sorted(failures)


def _warm() -> None:
    """What every page needs, once in each process of the pool; there it stays, no work for the garbage collector."""
    everyone()
    gc.freeze()


def _write(code: str, out: str | os.PathLike[str], neighbours: int | None, there: frozenset[str]) -> str:
    """Write a page; returns what went wrong, if anything did."""
    try:
        write(site.page_of(out, code), page.html(page.profile_of(subject_of(code, neighbours)), there))
    except Exception as error:  # one page's failure must not cost the others
        return f"{areas.name(code)}: {type(error).__name__}: {' '.join(str(error).split())[:300]}"
    return ""
