"""Whether this tree prints the same figures as another revision: .venv/bin/python tests/golden/compare.py [REVISION]

For a change that is meant to change no figure. Builds the data from data/raw, runs `series` and `indicator` for every
measure and indicator, `check`, `inspections` and the lists, here and in a checkout of REVISION (HEAD when left out),
and names every output that differs, with its first line that does. Exit 0: all the same; 1: some differ.
"""

import contextlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
AREAS = ["England", "regions", "authorities"]


def main(arguments):
    """Compare the two; the exit status."""
    if arguments[:1] == ["--collect"]:
        json.dump(collected(), sys.stdout)
        return 0
    revision = arguments[0] if arguments else "HEAD"
    with tempfile.TemporaryDirectory() as folder:
        other = pathlib.Path(folder) / "other"
        subprocess.run(["git", "worktree", "add", "-q", "--detach", str(other), revision], cwd=ROOT, check=True)
        try:
            before, after = printed_by(other, pathlib.Path(folder) / "a"), printed_by(ROOT, pathlib.Path(folder) / "b")
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(other)], cwd=ROOT, check=True)
    differing = [name for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name)]
    for name in differing:
        print(f"{name}\n  {first_difference(before.get(name), after.get(name))}")
    print(f"{len(before)} outputs of {revision}, {len(after)} here, {len(differing)} differ")
    return 1 if differing else 0


def printed_by(tree, home):
    """What the tree builds and prints: name of the output -> its text."""
    shutil.copytree(tree / "data" / "raw", home / "data" / "raw")
    shutil.copy(tree / "pyproject.toml", home)
    environment = os.environ | {"PYTHONPATH": str(tree), "CPTRENDS_HOME": str(home), "CPTRENDS_NO_VENV": "1"}
    build = [sys.executable, "-m", "cptrends", "build"]
    subprocess.run(build, cwd=home, env=environment, check=True, stdout=subprocess.DEVNULL)
    command = [sys.executable, str(pathlib.Path(__file__).resolve()), "--collect"]
    done = subprocess.run(command, cwd=home, env=environment, check=True, stdout=subprocess.PIPE)
    built = {
        f"data/processed/{path.relative_to(home / 'data' / 'processed')}": path.read_text("utf-8")
        for path in (home / "data" / "processed").rglob("*")
        if path.is_file()
    }
    return json.loads(done.stdout) | built


def collected():
    """Every output of the command line that carries figures."""
    outputs = {}

    def run(*words):
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            status = cli.main(list(words))
        outputs[" ".join(words)] = f"{out.getvalue()}exit {status}"
        return out.getvalue()

    from cptrends import cli

    measures = [row["measure"] for row in json.loads(run("measures", "--format", "json"))]
    indicators = [row["indicator"] for row in json.loads(run("indicator", "list", "--format", "json"))]
    for verb, names in (("series", measures), ("indicator", indicators)):
        for name in names:
            for release in ("latest", "as_published", "cin-2015", "cin-2021"):
                run(verb, name, "--area", *AREAS, "--release", release, "--format", "csv")
            run(verb, name, "--area", "England", "Hackney", "Hampshire")
    for style in ("table", "json", "csv", "claimreview", "manifest"):
        run("check", "--format", style)
    for word in ("areas", "releases", "inspections"):
        run(word, "--format", "csv")
    run("inspections", "--as-at", "2017-06-13")
    return outputs


def first_difference(before, after):
    """The first line that differs, as it was and as it is."""
    if before is None or after is None:
        return "only here" if before is None else "no longer here"
    pairs = zip([*before.splitlines(), ""], [*after.splitlines(), ""], strict=False)
    return next((f"was {old[:200]!r}, is {new[:200]!r}" for old, new in pairs if old != new), "more or fewer lines")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
