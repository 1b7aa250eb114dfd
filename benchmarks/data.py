"""How long reading and building take, beside a plain pandas.read_csv of the same rows in the same run.

`python benchmarks/data.py [REPEATS]`, in the project's folder. Times are the best of the repeats: on a busy machine the
others measure the neighbours. What is promised (issue 2) stands in the last column.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
PROCESSED, RAW = ROOT / "data" / "processed", ROOT / "data" / "raw"
MEASURE = "plans_31_march"

# Each runs in a process of its own and prints the seconds of what is measured, imports of pandas left out.
INSIDE = {
    "read_all": "f = lambda: loading.observations()",
    "read_one": "f = lambda: loading.load('plans_31_march')",
    "plain_all": (
        "files = sorted((pathlib.Path(sys.argv[1]) / 'observations').glob('*.csv')); "
        "f = lambda: [pd.read_csv(path) for path in files]"
    ),
    "plain_one": (
        "path = pathlib.Path(sys.argv[1]) / 'observations' / 'plans_31_march.csv'; f = lambda: pd.read_csv(path)"
    ),
    "plain_raw": (
        "files = sorted(pathlib.Path(sys.argv[2]).glob('*/*.csv')); "
        "f = lambda: [pd.read_csv(path, dtype=str) for path in files]"
    ),
}
PREPARE = "import pathlib, sys, time; import pandas as pd; from cptrends.data import loading; "
MEASURED = "; start = time.perf_counter(); f(); print(time.perf_counter() - start)"
# Peak memory in kilobytes on Linux, in bytes on macOS; Windows has no such count.
BUILD = """
import json, sys, time
import pandas
start = time.perf_counter()
from cptrends.sources import build
build.build(raw=sys.argv[2], processed=sys.argv[3])
seconds = time.perf_counter() - start
try:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
except ImportError:
    peak = None
print(json.dumps([seconds, peak]))
"""


def python(*arguments):
    """What a fresh Python prints."""
    environment = {**os.environ, "CPTRENDS_NO_VENV": "1"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout


def best(repeats, run):
    """The least of several runs."""
    return min(run() for _ in range(repeats))


def wall(*arguments):
    """Seconds of wall time of a fresh Python."""
    start = time.perf_counter()
    python(*arguments)
    return time.perf_counter() - start


def main(repeats=5):
    """Measure everything and print the table."""
    code = {name: PREPARE + body + MEASURED for name, body in INSIDE.items()}
    inside = {
        name: best(repeats, lambda text=text: float(python("-c", text, str(PROCESSED), str(RAW))))
        for name, text in code.items()
    }
    series = best(repeats, lambda: wall("-m", "cptrends", "series", MEASURE, "--area", "hackney", "--format", "csv"))
    plain = f"import pandas as pd; d = pd.read_csv(r'{PROCESSED / 'observations' / (MEASURE + '.csv')}'); print(len(d))"
    plain_series = best(repeats, lambda: wall("-c", plain))
    package = best(repeats, lambda: wall("-c", "import cptrends"))
    nothing = best(repeats, lambda: wall("-c", "pass"))
    with tempfile.TemporaryDirectory() as folder:
        runs = [
            json.loads(python("-c", BUILD, str(PROCESSED), str(RAW), f"{folder}/{n}")) for n in range(min(repeats, 2))
        ]
    seconds, peak = min(run[0] for run in runs), runs[0][1]
    rows = [
        ("series, one area, whole process", series, plain_series, "read_csv of the measure, whole process", 0.9),
        ("import cptrends, whole process", package, nothing, "python -c pass", 0.25),
        (
            "reading every observation of every release",
            inside["read_all"],
            inside["plain_all"],
            "read_csv of the same files",
            0.5,
        ),
        ("reading one measure", inside["read_one"], inside["plain_one"], "read_csv of the same file", 0.03),
        ("build", seconds, inside["plain_raw"], "read_csv of data/raw", 20),
    ]
    print(f"{'what':44}{'seconds':>9}{'plain':>9}{'ratio':>7}{'promised':>10}  plain is")
    for what, ours, theirs, is_what, promised in rows:
        print(f"{what:44}{ours:9.3f}{theirs:9.3f}{ours / theirs:7.1f}{promised:>10}  {is_what}")
    if peak:
        print(f"{'build, peak memory':44}{peak / 1e6:6.0f} MB{'':16}{'1000 MB':>10}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
