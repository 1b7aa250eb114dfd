"""`python3 -m cptrends COMMAND` on a machine with nothing but Python 3.11 or later.

Standard library only. Where the packages cptrends needs are at hand the command just runs; else
`.venv` is made in the clone, once, and the command runs in it. CPTRENDS_NO_VENV=1 says that the
environment is somebody else's business.
"""

import hashlib
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
STAMP = VENV / "cptrends-installed"
NEEDED = ["pandas", "scipy", "matplotlib", "statsmodels", "nbclient", "nbconvert", "jinja2", "xlsxwriter"]
NEEDED_FOR = {
    "test": ["pytest", "xdist", "hypothesis", "python_calamine", "pyarrow", "playwright"],
    "check-code": ["ruff", "mypy"],
}
EXTRAS_FOR_CODE = "ingest,test,browser,code"
LONGEST_WINDOWS_FOLDER = 95  # the longest path installed is 155 characters, and Windows allows 260


def main() -> int:
    """Run the command here or in the clone's own environment."""
    try:
        return _run()
    except KeyboardInterrupt:  # whatever was running has said so itself
        return 130


def _run() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - who has an older one is to be told
        return _stop(
            f"Python 3.11 or later is needed, this is {sys.version.split()[0]}; install a newer one from python.org"
        )
    arguments = sys.argv[1:]
    more = NEEDED_FOR.get(arguments[0], []) if arguments else []
    needed = NEEDED + more
    ready = all(importlib.util.find_spec(name) for name in needed)
    if ready or os.environ.get("CPTRENDS_NO_VENV") or not (ROOT / "pyproject.toml").is_file():
        from cptrends.cli import main as run

        return run(arguments)
    if pathlib.Path(sys.prefix).resolve() == VENV and not more:
        return _stop(f"{VENV} is damaged; delete that folder and run the command again")
    extras = EXTRAS_FOR_CODE if more else ""
    problem = _prepare(extras)
    if problem:
        return _stop(problem)
    return subprocess.call([str(_python()), "-m", "cptrends", *arguments])


def _prepare(extras: str) -> str | None:
    """Make or bring up to date the environment; returns a sentence if that failed, else nothing."""
    installed = STAMP.read_text() if STAMP.is_file() else ""
    wanted = _wanted()
    if installed.splitlines()[:1] == [wanted] and (not extras or extras in installed.splitlines()):
        return None
    if os.name == "nt" and len(str(ROOT)) > LONGEST_WINDOWS_FOLDER:
        return (
            f"the folder's path has {len(str(ROOT))} characters and Windows allows {LONGEST_WINDOWS_FOLDER} here; "
            "move the project to a shorter one, such as C:\\cptrends"
        )
    uv = shutil.which("uv")
    if not uv and not importlib.util.find_spec("ensurepip"):
        return (
            "this Python cannot make environments; on Debian or Ubuntu run `sudo apt install python3-venv`, "
            "then try again"
        )
    print("Making cptrends' own environment in .venv; this takes a minute or two, once.", file=sys.stderr)
    if installed.splitlines()[:1] != [wanted]:
        shutil.rmtree(VENV, ignore_errors=True)
        made = (
            [uv, "venv", "-q", "--python", sys.executable, str(VENV)]
            if uv
            else [sys.executable, "-m", "venv", str(VENV)]
        )
        if subprocess.call(made):
            return f"the environment could not be made in {VENV}; check that the folder can be written to"
    install = (
        [uv, "pip", "install", "-q", "--compile-bytecode", "--python", str(_python())]
        if uv
        else [str(_python()), "-m", "pip", "install", "-q"]
    )
    target = f".[{extras}]" if extras else "."
    if subprocess.call([*install, "-c", "constraints.txt", "-e", target], cwd=ROOT):
        return (
            "the packages could not be installed, see above; behind a proxy set HTTPS_PROXY, and without the internet "
            "see 'Installing offline' in README.md"
        )
    STAMP.write_text("\n".join([wanted, extras]) + "\n")
    return None


def _wanted() -> str:
    """What the environment must have been made from: a change of either file or of Python remakes it."""
    digest = hashlib.sha256()
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    digest.update(sys.version.encode())
    return digest.hexdigest()


def _python() -> pathlib.Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _stop(sentence: str) -> int:
    print(f"cptrends: {sentence}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
