"""Make mistakes on purpose and see whether the tests notice: `.venv/bin/python tests/mutations/run.py [NAME ...]`.

Each entry of register.toml is one mistake in one line. It is made in a copy of the project, never in the project
itself, and the tests named beside it are run there; they must fail. Ends with 1 where a mistake survives.
"""

import argparse
import concurrent.futures
import difflib
import os
import pathlib
import queue
import shutil
import subprocess
import sys
import tempfile
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
REGISTER = pathlib.Path(__file__).with_name("register.toml")
FIELDS = {"file", "old", "new", "tests"}
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "reports", "__pycache__", ".*_cache", "*.egg-info")


def main(words: list[str] | None = None) -> int:
    """Run the mutations named, or all, and print what became of each."""
    parser = argparse.ArgumentParser(description="Make mistakes on purpose and see whether the tests notice.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="of the register; all when left out")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time (2)")
    options = parser.parse_args(words)
    register = tomllib.loads(REGISTER.read_text("utf-8"))
    wrong = problems(register) + [unknown(name, register) for name in options.names if name not in register]
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return 2
    chosen = {name: register[name] for name in options.names or register}
    with tempfile.TemporaryDirectory(prefix="cptrends-mutations-") as folder:
        copies: queue.Queue[pathlib.Path] = queue.Queue()
        for number in range(min(options.jobs, len(chosen))):
            copies.put(shutil.copytree(ROOT, pathlib.Path(folder, str(number)), ignore=_left_out))
        if says := passing(copies.queue[0], chosen):
            print(f"the tests fail before any mistake is made, so they would tell nothing:\n{says}", file=sys.stderr)
            return 2
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            fates = pool.map(lambda name: (name, try_one(copies, chosen[name])), chosen)
            survived = [name for name, fate in fates if report(name, fate) != "killed"]
    print(
        f"{len(chosen) - len(survived)} of {len(chosen)} killed" + (f"; not: {', '.join(survived)}" if survived else "")
    )
    return 1 if survived else 0


def problems(register: dict[str, dict]) -> list[str]:
    """A sentence for each entry that cannot be used as it is."""
    found = []
    for name, entry in register.items():
        if set(entry) != FIELDS:
            found.append(f"{name}: an entry has {', '.join(sorted(FIELDS))}, no more and no less")
            continue
        path = ROOT / entry["file"]
        times = path.read_text("utf-8").count(entry["old"]) if path.is_file() else 0
        if not path.is_file():
            found.append(f"{name}: there is no file {entry['file']}; where the code has moved, name its new file")
        elif times != 1:
            found.append(f"{name}: {entry['file']} has its old text {times} times and must have it once")
        elif entry["old"] == entry["new"]:
            found.append(f"{name}: old and new are the same")
        found += [f"{name}: there is no test {test}" for test in entry["tests"] if not (ROOT / test).is_file()]
    return found


def unknown(name: str, register: dict[str, dict]) -> str:
    """A sentence for a name that is none."""
    near = difflib.get_close_matches(name, register, 1)
    return f"no mutation is called {name}" + (f"; did you mean {near[0]}?" if near else f"; see {REGISTER.name}")


def try_one(copies: queue.Queue[pathlib.Path], entry: dict) -> str:
    """Make a mistake in a copy that nobody uses, run the tests, and put the copy right again."""
    copy = copies.get()
    path = copy / entry["file"]
    right = path.read_text("utf-8")
    try:
        path.write_text(right.replace(entry["old"], entry["new"]), "utf-8")
        status, says = run_tests(copy, entry["tests"])
    finally:
        path.write_text(right, "utf-8")
        copies.put(copy)
    return {0: "SURVIVED", 1: "killed"}.get(status, f"BROKEN, the tests did not run: {says}")


def passing(copy: pathlib.Path, chosen: dict[str, dict]) -> str:
    """What the tests say where they fail without a mutation; nothing where they pass."""
    tests = sorted({test for entry in chosen.values() for test in entry["tests"]})
    status, says = run_tests(copy, tests)
    return says if status else ""


def run_tests(copy: pathlib.Path, tests: list[str]) -> tuple[int, str]:
    """Run tests in a copy until the first that fails: pytest's status, and its last lines."""
    # No compiled files are kept: one of the right text would be taken for the wrong text of the same second.
    own = {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "CPTRENDS_NO_VENV": "1"}
    kept = {key: value for key, value in os.environ.items() if key != "CPTRENDS_HOME"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--no-header", *tests]
    done = subprocess.run(command, cwd=copy, env={**kept, **own}, capture_output=True, text=True)
    return done.returncode, "\n".join((done.stdout + done.stderr).strip().splitlines()[-5:])


def report(name: str, fate: str) -> str:
    """Print and give back what became of a mutation."""
    print(f"{name:32} {fate}", flush=True)
    return fate


def _left_out(folder: str, names: list[str]) -> set[str]:
    found = LEFT_OUT(folder, names)
    return found if pathlib.Path(folder) == ROOT else found - {"reports"}  # cptrends/reports is code


if __name__ == "__main__":
    sys.exit(main())
