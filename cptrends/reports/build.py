"""Building the pages: notebooks run side by side, each page written beside its place and moved in."""

import asyncio
import functools
import hashlib
import json
import os
import pathlib
import sys

from cptrends.data import paths
from cptrends.errors import BadInput

RECORD = ".built.json"  # page -> hash of all that it was made from


def build(out=None, only=None, jobs=None, force=False):
    """Run the notebooks and write a page for each, and the front page.

    Parameters
    ----------
    out : path-like, optional
        The clone's `reports` folder, or `reports` here where there is no clone.
    only : list of str, optional
        Notebooks by name, such as `01_demand`.
    jobs : int, optional
        Notebooks run at a time; the number of processors when left out.
    force : bool
        Also rebuild pages whose inputs have not changed.

    Returns
    -------
    int
        0, or 1 if a notebook failed: its old page stays, and the others are built.

    Raises
    ------
    BadInput
        If a name in `only` is not a notebook.
    """
    from cptrends.progress import bar
    from cptrends.reports import pages

    out = pathlib.Path(out) if out else (paths.root() or pathlib.Path.cwd()) / "reports"
    notebooks = {path.stem: path for path in sorted(paths.notebooks().glob("[0-9]*.ipynb"))}
    chosen = [_known(name, notebooks) for name in only] if only else list(notebooks)
    out.mkdir(parents=True, exist_ok=True)
    record = _read_record(out)
    shared = _shared_inputs()
    hashes = {name: hashlib.sha256(shared + notebooks[name].read_bytes()).hexdigest() for name in chosen}
    stale = [name for name in chosen if force or record.get(name, {}).get("inputs") != hashes[name] or not (out / f"{name}.html").is_file()]
    made, failures = asyncio.run(_run_all([notebooks[name] for name in stale], jobs or os.cpu_count() or 1, bar("pages")))
    for name, page in made.items():
        record[name] = {"inputs": hashes[name], "title": page.title, "finding": page.finding, "contents": page.contents, "body": page.body}
    known = [name for name in notebooks if name in record]
    for name in known:
        if name in made or not (out / f"{name}.html").is_file():
            write(out / f"{name}.html", pages.notebook_page(name, record, known))
    write(out / "index.html", pages.front_page(record, known))
    write(out / RECORD, json.dumps(record, indent=0, sort_keys=True))
    for failure in failures:
        print(f"cptrends: {failure}", file=sys.stderr)
    unchanged = len(chosen) - len(stale)
    print(f"{len(made)} pages built, {unchanged} unchanged, {len(failures)} failed: open {out / 'index.html'}")
    return 1 if failures else 0


async def _run_all(notebooks, jobs, progress):
    """Run notebooks a few at a time; returns pages by name, and a sentence for each failure."""
    from cptrends.reports import notebook

    _be_quiet()
    turn = asyncio.Semaphore(max(1, jobs))
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


def write(path, text):
    """Write a file beside its place and move it in, so that it is never half there."""
    new = path.with_name(path.name + ".new")
    new.write_text(text, encoding="utf-8", newline="\n")
    os.replace(new, path)


def _known(name, notebooks):
    import difflib

    stem = pathlib.Path(name).stem
    if stem in notebooks:
        return stem
    matching = [known for known in notebooks if known.split("_", 1)[-1] == stem]
    if matching:
        return matching[0]
    near = difflib.get_close_matches(stem, notebooks, n=1) or list(notebooks)
    raise BadInput(f"no notebook is called {name[:60]!r}; there is {', '.join(near)}")


def _read_record(out):
    try:
        return json.loads((out / RECORD).read_text("utf-8"))
    except (OSError, ValueError):
        return {}


@functools.cache
def _shared_inputs():
    """A hash of all that any page depends on beside its notebook: the package and the data."""
    digest = hashlib.sha256()
    files = [*paths.PACKAGE.rglob("*"), *paths.processed().rglob("*.csv")]
    for path in sorted(files):
        if path.is_file() and path.suffix in (".py", ".toml", ".csv", ".j2", ".css"):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.digest()
