"""Building the pages: notebooks run side by side, each page written beside its place and moved in."""

import asyncio
import concurrent.futures
import hashlib
import json
import os
import pathlib
import sys

from cptrends.data import paths
from cptrends.errors import BadInput
from cptrends.files import nearest, write
from cptrends.memory import remembered

RECORD = ".built.json"  # page -> hash of all that it was made from, and what it says
NATIONAL = "national pages"
NATIONAL_PAGES = ("methods", "data", "downloads")
AUTHORITIES = "authority pages"


def build(out=None, only=None, area=("all",), jobs=None, force=False, neighbours=2025):
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
    neighbours : {2025, 2021}
        Which set of statistical neighbours the authority pages compare with.

    Returns
    -------
    int
        0, or 1 if a notebook failed: its old page stays, and the others are built.

    Raises
    ------
    BadInput
        If a notebook or an area named is not there.
    """
    out = pathlib.Path(out) if out else (paths.root() or pathlib.Path.cwd()) / "reports"
    jobs = max(1, jobs or os.cpu_count() or 1)
    notebooks = {path.stem: path for path in sorted(paths.notebooks().glob("[0-9]*.ipynb"))}
    chosen = [_known(name, notebooks) for name in only] if only else list(notebooks)
    codes = [] if only else _codes(area)
    out.mkdir(parents=True, exist_ok=True)
    record = {} if force else _read_record(out)
    with concurrent.futures.ProcessPoolExecutor(1) as beside:
        # The national pages need no notebook, so they are written while those run.
        national = None if only else _start_national(beside, out, record)
        made, unchanged, failures = _notebook_pages(out, notebooks, chosen, record, jobs)
        if national:
            record[NATIONAL] = {"inputs": _shared_inputs().hex(), "scoreboard": national.result()}
    if not only:
        built, same, failed = _authority_pages(out, record, jobs, codes, neighbours)
        made += built + len(NATIONAL_PAGES) * bool(national)
        unchanged += same + len(NATIONAL_PAGES) * (not national)
        failures += failed
    _frame_pages(out, notebooks, record)
    write(out / RECORD, json.dumps(record, indent=0, sort_keys=True))
    for failure in failures:
        print(f"cptrends: {failure}", file=sys.stderr)
    print(f"{made} pages built, {unchanged} unchanged, {len(failures)} failed: open {out / 'index.html'}")
    return 1 if failures else 0


def compare(names, out=None):
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
        If a name is not an authority.
    """
    from cptrends.reports import authorities

    out = pathlib.Path(out) if out else (paths.root() or pathlib.Path.cwd()) / "reports"
    return authorities.compare(out, _codes(names))


def _notebook_pages(out, notebooks, chosen, record, jobs):
    """Run the notebooks that changed and keep what they say in the record."""
    from cptrends.progress import bar

    hashes = {name: hashlib.sha256(_shared_inputs() + notebooks[name].read_bytes()).hexdigest() for name in chosen}
    stale = [name for name in chosen if record.get(name, {}).get("inputs") != hashes[name]]
    if not stale:
        return 0, len(chosen), []
    run = _run_all([notebooks[name] for name in stale], jobs, bar("notebooks"))
    with concurrent.futures.ThreadPoolExecutor(1) as thread:
        # In a thread of its own: the caller may have a running event loop, as a notebook does.
        made, failures = thread.submit(asyncio.run, run).result()
    for name, page in made.items():
        record[name] = {
            "inputs": hashes[name],
            "title": page.title,
            "finding": page.finding,
            "contents": page.contents,
            "figures": page.figures,
            "body": page.body,
        }
    return len(made), len(chosen) - len(stale), failures


def _start_national(pool, out, record):
    """Begin on the national pages in another process, unless nothing they depend on has changed."""
    there = all((out / f"{name}.html").is_file() for name in NATIONAL_PAGES)
    if there and record.get(NATIONAL, {}).get("inputs") == _shared_inputs().hex():
        return None
    return pool.submit(_write_national, out)


def _write_national(out):
    """Write the pages that depend on the package and the data alone; returns the scoreboard of claims."""
    from cptrends.claims import checking, shown
    from cptrends.reports import datapage, downloads, methods

    downloads.write(out / "downloads")
    for name, page in zip(
        NATIONAL_PAGES, (methods.page(), datapage.page(), downloads.page(out / "downloads")), strict=True
    ):
        write(out / f"{name}.html", page)
    return shown.scoreboard(checking.registered_results()).html()


def _authority_pages(out, record, jobs, codes, neighbours):
    """Build the pages of these authorities that are not there yet or whose inputs changed."""
    inputs = f"{_shared_inputs().hex()} {neighbours}"
    before = record.get(AUTHORITIES, {})
    done = set(before.get("codes", [])) if before.get("inputs") == inputs else set()
    wanted = [code for code in codes if code not in done]
    if not wanted:
        return 0, len(codes), []
    from cptrends.progress import bar
    from cptrends.reports import authorities

    made, failures = authorities.build(out, wanted, jobs, bar("authorities"), neighbours=neighbours)
    record[AUTHORITIES] = {"inputs": inputs, "codes": sorted(done | set(made))}
    return len(made), len(codes) - len(wanted), failures


def _frame_pages(out, notebooks, record):
    """Write the notebooks' pages and the front page from the record."""
    from cptrends.reports import pages

    known = [name for name in notebooks if name in record]
    built = set(record.get(AUTHORITIES, {}).get("codes", []))
    state = hashlib.sha256(
        _shared_inputs() + json.dumps([known, sorted(built), [record[name]["inputs"] for name in known]]).encode()
    ).hexdigest()
    if record.get("frame") == state and (out / "index.html").is_file():
        return
    for name in known:
        write(out / f"{name}.html", pages.notebook_page(name, record, known))
    write(out / "index.html", pages.front_page(record, known, built, record.get(NATIONAL, {}).get("scoreboard")))
    record["frame"] = state


async def _run_all(notebooks, jobs, progress):
    """Run notebooks a few at a time; returns pages by name, and a sentence for each failure."""
    from cptrends.reports import notebook

    _be_quiet()
    turn = asyncio.Semaphore(jobs)
    made, failures, done = {}, [], 0

    async def one(path):
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


def _be_quiet():
    """Jupyter's notes about its own workings are not for the reader of a report."""
    import warnings

    warnings.filterwarnings("ignore", module="zmq|jupyter_client|nbclient|ipykernel|traitlets")
    if os.name == "nt":
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())


def _known(name, notebooks):
    stem = pathlib.Path(name).stem
    if stem in notebooks:
        return stem
    matching = [known for known in notebooks if known.split("_", 1)[-1] == stem]
    if matching:
        return matching[0]
    near = nearest(stem, notebooks)[:1] or list(notebooks)
    raise BadInput(f"no notebook is called {name[:60]!r}; there is {', '.join(near)}")


def _codes(area):
    """The authorities whose pages are wanted."""
    from cptrends.data import areas

    if list(area) == ["none"]:
        return []
    if list(area) == ["all"]:
        return areas.authorities()
    codes = areas.select(list(area))
    for code in codes:
        if areas.register()[code]["level"] != "authority":
            raise BadInput(
                f"{areas.name(code)} is not an authority; pages are made for authorities, `cptrends areas` lists them"
            )
    return codes


def _read_record(out):
    try:
        return json.loads((out / RECORD).read_text("utf-8"))
    except (OSError, ValueError):
        return {}


@remembered
def _shared_inputs():
    """A hash of all that any page depends on beside its notebook: the package and the data."""
    digest = hashlib.sha256()
    files = [*paths.PACKAGE.rglob("*"), *paths.processed().rglob("*.csv")]
    for path in sorted(files):
        if path.is_file() and path.suffix in (".py", ".toml", ".csv", ".j2", ".css", ".js"):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.digest()
