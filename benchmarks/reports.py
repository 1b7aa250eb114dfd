"""How long the reports take: all notebooks and national pages, beside plain `jupyter nbconvert --execute`.

Run in the clone's environment: python benchmarks/reports.py
Both work on the same notebooks in one run; nbconvert writes notebook pages only, without methods, data or
downloads.
"""

import pathlib
import resource
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).parents[1]


def seconds(*words):
    """Wall time of a command that must succeed."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", *words], check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return time.perf_counter() - started


def main():
    notebooks = sorted(str(path) for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"))
    with tempfile.TemporaryDirectory() as folder:
        report = ["cptrends", "report", "--areas", "none", "--out", folder + "/ours"]
        cold = seconds(*report)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        warm = seconds(*report)
        plain = seconds("nbconvert", "--execute", "--to", "html", "--output-dir", folder + "/plain", *notebooks)
    print(f"{'what':<58}{'seconds':>9}{'ratio':>8}{'promised':>10}")
    for what, took, ratio, promised in (
        (f"report, {len(notebooks)} notebooks and national pages, cold", cold, plain / cold, "30"),
        ("report, nothing changed", warm, plain / warm, "3"),
        (f"nbconvert --execute, the same {len(notebooks)} notebooks", plain, 1, ""),
    ):
        print(f"{what:<58}{took:>9.1f}{ratio:>7.1f}x{promised:>10}")
    print(f"largest process: {peak:.0f} MB")


if __name__ == "__main__":
    main()
