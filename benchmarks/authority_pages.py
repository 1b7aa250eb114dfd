"""Every authority's page, beside one notebook run for each authority.

Run: python benchmarks/authority_pages.py [--notebooks 6]
Each is started cold, in a process of its own: one page, all pages, and a sample of notebooks run as papermill
runs them (a kernel for each, the parameters' cell replaced, then the page made of it), one after another and two
at a time. Prints seconds, the ratio for a page, the heaviest page and the most memory the build held.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

PAGES = """
import sys
from cptrends.reports import authority
codes = authority.codes(sys.argv[3:] or ["all"])
made, failures = authority.build(sys.argv[1], codes, int(sys.argv[2]))
assert not failures, failures
print(len(made))
"""

NOTEBOOKS = """
import asyncio, pathlib, sys, tempfile
import nbformat
from cptrends.data import paths
from cptrends.reports import building, notebook
source, out, at_once = paths.notebooks() / "09_authority.ipynb", pathlib.Path(sys.argv[1]), int(sys.argv[2])

async def one(name, turn):
    async with turn:
        copy = nbformat.read(source, as_version=4)
        copy.cells[1].source = f"AUTHORITY = {name!r}\\nNEIGHBOURS = 2025"
        path = out / f"{name}.ipynb"
        nbformat.write(copy, path)
        page = notebook.render(await notebook.execute(path, out), name)
        (out / f"{name}.html").write_text(page.body, encoding="utf-8")

async def everyone():
    turn = asyncio.Semaphore(at_once)
    await asyncio.gather(*(one(name, turn) for name in sys.argv[3:]))

building.quietly(everyone())
print(len(sys.argv[3:]))
"""


def timed(script, *arguments):
    """Seconds and the number the script prints, and the most memory its processes held together, in megabytes."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", script, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
    most = 0
    while process.poll() is None:
        most = max(most, held(process.pid))
        time.sleep(0.5)  # asking more often would slow them
    seconds = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(f"a run failed: {arguments}")
    return seconds, int(process.stdout.read().split()[-1]), most / 1024


def held(pid):
    """Kilobytes held by a process and its children, shared pages counted once each: Linux only, else zero."""
    total = 0
    for one in [pid, *children(pid)]:
        try:
            lines = pathlib.Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (OSError, StopIteration):
            pass
    return total


def children(pid):
    """Process ids below one."""
    found = []
    try:
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            below = (task / "children").read_text().split()
            found += [int(child) for child in below]
    except OSError:
        return []
    return found + [deeper for child in found for deeper in children(child)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notebooks", type=int, default=6, metavar="N", help="notebooks in the sample (6)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    options = parser.parse_args()
    names = ["Hackney", "Kent", "Leeds", "Rutland", "Devon", "Barnet", "Hull", "Essex", "York", "Bury"][
        : options.notebooks
    ]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        single, _, _ = timed(PAGES, folder / "one", 1, "Hackney")
        every, pages, memory = timed(PAGES, folder / "all", options.jobs)
        sizes = [path.stat().st_size / 1000 for path in (folder / "all" / "areas").glob("*.html")]
        rows = [("one page, cold", single, 1), (f"all pages, {options.jobs} at a time", every, pages)]
        for at_once in (1, options.jobs):
            place = folder / f"notebooks-{at_once}"
            place.mkdir()
            seconds, count, _ = timed(NOTEBOOKS, place, at_once, *names)
            rows.append((f"{count} notebooks, {at_once} at a time", seconds, count))
    print(f"{'':34}{'seconds':>9}{'pages':>7}{'a page':>9}")
    for label, seconds, count in rows:
        print(f"{label:34}{seconds:9.1f}{count:7}{seconds / count:9.2f}")
    per_page = rows[1][1] / rows[1][2]
    for label, seconds, count in rows[2:]:
        print(f"{label}: {seconds / count / per_page:.1f} times as long for a page")
    print(
        f"heaviest page {max(sizes):.0f} kB of at most 400; all pages {sum(sizes) / 1000:.0f} MB; "
        f"most memory held {memory:,.0f} MB of 1,500"
    )


if __name__ == "__main__":
    main()
