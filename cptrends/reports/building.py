"""Building the pages: notebooks run side by side, each page written whole, and only what changed made again."""

import asyncio
import concurrent.futures
import dataclasses
import importlib
import os
import pathlib
import sys
import warnings
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from cptrends import memory
from cptrends.charts import addresses
from cptrends.data import neighbours as neighbours_held
from cptrends.data import paths
from cptrends.errors import BadInput
from cptrends.files import nearest, write
from cptrends.progress import bar
from cptrends.reports import authority, record, site
from cptrends.reports.notebook import Page

R = TypeVar("R")


@dataclasses.dataclass
class Run:
    """One build: where to, how, what is known of the build before, and what came of it so far.

    Attributes
    ----------
    out : pathlib.Path
        The folder of reports.
    jobs : int
    force : bool
    held : Record
        Of the build before, and brought up to date by each step.
    made, unchanged : int
        Pages.
    failures : list of str
        A sentence for each page that could not be made.
    """

    out: pathlib.Path
    jobs: int
    force: bool
    held: record.Record
    made: int = 0
    unchanged: int = 0
    failures: list[str] = dataclasses.field(default_factory=list)


def build(
    out: str | os.PathLike | None = None,
    only: Sequence[str] | None = None,
    area: Sequence[str] = ("all",),
    jobs: int | None = None,
    force: bool = False,
    neighbours: int | None = None,
) -> int:
    """Run the notebooks and write every page whose inputs have changed.

    Parameters
    ----------
    out : path-like, optional
        The clone's `reports` folder, or `reports` here where there is no clone.
    only : list of str, optional
        Notebooks by name, such as `01_demand`; then no other page but the front page is built.
    area : sequence of str
        Authorities by name or code, or `all` or `none`.
    jobs : int, optional
        Notebooks or authority pages made at a time; the number of processors when left out.
    force : bool
        Also rebuild pages whose inputs have not changed.
    neighbours : int, optional
        Which set of statistical neighbours the authority pages compare with, by its year; the newest when left out.

    Returns
    -------
    int
        0, or 1 if a page could not be made: its old one stays, and the others are built.

    Raises
    ------
    BadInput
        If a notebook, an area or a set named is not there.

    >>> build(out="pages", area=["Hackney"])  # doctest: +SKIP
    0
    >>> build(only=["demands"])
    Traceback (most recent call last):
    ...
    cptrends.errors.BadInput: no notebook is called 'demands'; there is 01_demand
    """
    memory.forget()  # the files may have changed since this process last looked
    out = _folder(out)
    notebooks = site.notebooks()
    chosen = [_known(name, notebooks) for name in only] if only else list(notebooks)
    codes = [] if only else authority.codes(area)
    chosen_set = neighbours_held.which(neighbours)
    out.mkdir(parents=True, exist_ok=True)
    run = Run(out, max(1, jobs or os.cpu_count() or 1), force, record.read(out))
    with concurrent.futures.ProcessPoolExecutor(1) as beside:
        # The pages that need no notebook are written while those run.
        scoreboard = None if only else _start_written(beside, run)
        _notebook_pages(run, {name: notebooks[name] for name in chosen})
        if scoreboard:
            run.held["written"] = {"inputs": record.inputs(), "scoreboard": scoreboard.result()}
    if codes:
        _authority_pages(run, codes, chosen_set)
    _frame_pages(run, list(notebooks))
    record.save(out, run.held)
    for failure in run.failures:
        print(f"cptrends: {failure}", file=sys.stderr)
    print(
        f"{run.made} pages built, {run.unchanged} unchanged, {len(run.failures)} failed: "
        f"open {out / f'{addresses.FRONT}.html'}"
    )
    return 1 if run.failures else 0


def compare(names: Sequence[str], out: str | os.PathLike | None = None) -> pathlib.Path:
    """One page with a few authorities side by side.

    Parameters
    ----------
    names : list of str
        Authorities by name or code.
    out : path-like, optional
        As for `build`.

    Returns
    -------
    pathlib.Path
        The page.

    Raises
    ------
    BadInput
        If a name is not an authority, or there are not two to four of them.

    >>> compare(["Hackney", "Islington"], out="pages").name  # doctest: +SKIP
    'compare-hackney-islington.html'
    >>> compare(["Hackney"], out="pages")
    Traceback (most recent call last):
    ...
    cptrends.errors.BadInput: two to four different authorities can be compared, not 1
    """
    return authority.compare(_folder(out), authority.codes(names))


def _folder(out: str | os.PathLike | None) -> pathlib.Path:
    return pathlib.Path(out) if out else (paths.root() or pathlib.Path.cwd()) / "reports"


def _start_written(pool: concurrent.futures.Executor, run: Run) -> concurrent.futures.Future | None:
    """Begin on the pages that need no notebook, in another process, unless nothing they depend on has changed."""
    there = all((run.out / f"{page.name}.html").is_file() for page in site.WRITTEN)
    if there and not run.force and run.held["written"]["inputs"] == record.inputs():
        run.unchanged += len(site.WRITTEN)
        return None
    run.made += len(site.WRITTEN)
    return pool.submit(_write_pages, run.out)


def _write_pages(out: pathlib.Path) -> str:
    """Write the pages that depend on the package and the data alone; gives the scoreboard of claims."""
    from cptrends.claims import checking, shown

    for page in site.WRITTEN:
        module = importlib.import_module(page.module)
        if page.folder:
            module.write(out / page.folder)
            content = module.page(out / page.folder)
        else:
            content = module.page()
        write(out / f"{page.name}.html", content)
    return shown.scoreboard(checking.registered_results()).html()


def _notebook_pages(run: Run, chosen: dict[str, pathlib.Path]) -> None:
    """Run the notebooks that changed and keep what they say in the record."""
    kept = run.held["notebooks"]
    hashes = {name: record.inputs(path.read_bytes()) for name, path in chosen.items()}
    stale = [name for name in chosen if run.force or name not in kept or kept[name]["inputs"] != hashes[name]]
    run.unchanged += len(chosen) - len(stale)
    if not stale:
        return
    everyone = _run_all([chosen[name] for name in stale], run.jobs, bar("notebooks"))
    with concurrent.futures.ThreadPoolExecutor(1) as thread:
        # In a thread of its own: the caller may have a running event loop, as a notebook does.
        made, failures = thread.submit(quietly, everyone).result()
    kept |= {name: _kept(page, hashes[name]) for name, page in made.items()}
    run.made += len(made)
    run.failures += failures


def _kept(page: Page, inputs: str) -> record.Kept:
    """What the record keeps of a notebook's page."""
    return {
        "inputs": inputs,
        "title": page.title,
        "finding": page.finding,
        "contents": page.contents,
        "figures": page.figures,
        "body": page.body,
    }


def _authority_pages(run: Run, codes: list[str], neighbours: int) -> None:
    """Build the pages of these authorities that are not there yet or whose inputs changed."""
    kept, there = run.held["authorities"], {row["code"] for row in site.authorities_there(run.out)}
    # A page names those of its neighbours that have none without a link, so it depends on which are there.
    made_from = record.inputs(str(neighbours), sorted(there | set(codes)))
    wanted = [code for code in codes if run.force or code not in there or kept.get(code) != made_from]
    run.unchanged += len(codes) - len(wanted)
    if not wanted:
        return
    made, failures = authority.build(run.out, wanted, run.jobs, bar("authorities"), neighbours=neighbours)
    kept |= dict.fromkeys(made, made_from)
    run.made += len(made)
    run.failures += failures


def _frame_pages(run: Run, notebooks: list[str]) -> None:
    """Write the notebooks' pages and the front page from the record."""
    from cptrends.reports import pages

    known = {name: run.held["notebooks"][name] for name in notebooks if name in run.held["notebooks"]}
    there = site.authorities_there(run.out)
    state = record.inputs(list(known), [page["inputs"] for page in known.values()], [row["page"] for row in there])
    front = run.out / f"{addresses.FRONT}.html"
    if run.held["frame"] == state and front.is_file():
        return
    for name in known:
        write(run.out / f"{name}.html", pages.notebook_page(name, known))
    write(front, pages.front_page(known, there, run.held["written"]["scoreboard"]))
    run.held["frame"] = state


async def _run_all(
    notebooks: list[pathlib.Path], jobs: int, progress: Callable[[int, int, str], None]
) -> tuple[dict[str, Page], list[str]]:
    """Run notebooks a few at a time; returns pages by name, and a sentence for each failure."""
    from cptrends.reports import notebook

    turn = asyncio.Semaphore(jobs)
    made: dict[str, Page] = {}
    failures: list[str] = []
    done = 0

    async def one(path: pathlib.Path) -> None:
        nonlocal done
        async with turn:
            try:
                made[path.stem] = notebook.render(await notebook.execute(path, path.parent), path.stem)
            except BadInput as error:
                failures.append(str(error))
            done += 1
            progress(done, len(notebooks), path.stem)

    await asyncio.gather(*(one(path) for path in notebooks))
    return made, sorted(failures)


def quietly(run: Coroutine[Any, Any, R]) -> R:
    """Run notebooks to their end without Jupyter's notes about its own workings, which no reader of a report needs.

    Parameters
    ----------
    run : coroutine
        What runs them. Needs a thread without a running event loop.

    Returns
    -------
    object
        What it gives. Warnings and event loops of the process are afterwards as they were.
    """
    # Jupyter's sockets cannot be waited for on the loop that is the usual one on Windows.
    loop = asyncio.SelectorEventLoop if sys.platform == "win32" else None
    with warnings.catch_warnings(), asyncio.Runner(loop_factory=loop) as runner:
        warnings.filterwarnings("ignore", module="zmq|jupyter_client|nbclient|ipykernel|traitlets")
        return runner.run(run)


def _known(name: str, notebooks: dict[str, pathlib.Path]) -> str:
    """The notebook meant by its name, with or without its number."""
    stem = pathlib.Path(name).stem
    if stem in notebooks:
        return stem
    matching = [known for known in notebooks if known.split("_", 1)[-1] == stem]
    if matching:
        return matching[0]
    near = nearest(stem, notebooks)[:1] or list(notebooks)
    raise BadInput(f"no notebook is called {name[:60]!r}; there is {', '.join(near)}")
