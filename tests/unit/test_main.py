"""`python3 -m cptrends` on a bare machine: the environment is made once, and what is missing gets a sentence."""

import importlib.util
import pathlib
import sys
import types

import pytest

from cptrends import __main__ as start


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A clone in a new place, a machine without uv, and a record of the commands run instead of running them."""
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "constraints.txt").write_text("pandas==3.1.1\n")
    monkeypatch.setattr(start, "ROOT", tmp_path)
    monkeypatch.setattr(start, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(start, "STAMP", tmp_path / ".venv" / "cptrends-installed")
    monkeypatch.delenv("CPTRENDS_NO_VENV", raising=False)
    here = types.SimpleNamespace(ran=[], answers={}, absent=set(start.NEEDED), root=tmp_path, uv=None, called=[])

    def call(command, cwd=None):
        words = " ".join(map(str, command))
        here.ran.append(words)
        if "venv" in words and "install" not in words and "-m cptrends" not in words:
            (tmp_path / ".venv").mkdir(exist_ok=True)
        return next((status for part, status in here.answers.items() if part in words), 0)

    real = importlib.util.find_spec
    monkeypatch.setattr(start.subprocess, "call", call)
    monkeypatch.setattr(start.shutil, "which", lambda name: here.uv)
    monkeypatch.setattr(start.importlib.util, "find_spec", lambda name: None if name in here.absent else real(name))
    monkeypatch.setattr("cptrends.cli.main", lambda words: here.called.append(words) or 0)

    def python_m(*words):
        monkeypatch.setattr(sys, "argv", ["cptrends", *words])
        return start.main()

    here.python_m = python_m
    return here


def test_where_everything_is_at_hand_the_command_just_runs(machine):
    machine.absent = set()
    assert machine.python_m("measures") == 0
    assert machine.called == [["measures"]] and machine.ran == []


def test_on_a_bare_machine_the_environment_is_made_and_the_command_runs_in_it(machine, capsys):
    assert machine.python_m("report", "--only", "01_demand") == 0
    make, install, run = machine.ran
    assert make == f"{sys.executable} -m venv {machine.root / '.venv'}"
    assert install.endswith("-m pip install -q -c constraints.txt -e .")
    assert run.endswith("-m cptrends report --only 01_demand") and run.startswith(str(machine.root / ".venv"))
    assert machine.called == [] and "a minute or two, once" in capsys.readouterr().err


def test_the_second_time_nothing_is_made(machine, capsys):
    machine.python_m("measures")
    machine.ran.clear()
    capsys.readouterr()
    assert machine.python_m("measures") == 0
    assert len(machine.ran) == 1 and machine.ran[0].endswith("-m cptrends measures")
    assert capsys.readouterr().err == ""


def test_tests_add_what_they_need_to_the_environment_and_it_stays(machine):
    machine.python_m("measures")
    machine.ran.clear()
    machine.absent |= set(start.NEEDED_FOR["test"])
    assert machine.python_m("test") == 0
    install, run = machine.ran
    assert install.endswith("-e .[ingest,test,browser,code]") and run.endswith("-m cptrends test")
    machine.ran.clear()
    machine.python_m("measures")
    machine.python_m("test")
    assert [words.split("-m cptrends ")[1] for words in machine.ran] == ["measures", "test"]


def test_a_change_of_what_is_wanted_makes_it_anew(machine):
    machine.python_m("measures")
    (machine.root / ".venv" / "old").write_text("left over")
    (machine.root / "constraints.txt").write_text("pandas==3.1.2\n")
    machine.ran.clear()
    machine.python_m("measures")
    assert len(machine.ran) == 3 and not (machine.root / ".venv" / "old").exists()


def test_uv_is_used_where_it_is(machine):
    machine.uv = "/usr/bin/uv"
    machine.absent |= {"ensurepip"}
    assert machine.python_m("measures") == 0
    assert machine.ran[0].startswith("/usr/bin/uv venv -q --python") and machine.ran[1].startswith(
        "/usr/bin/uv pip install -q"
    )


def test_somebody_elses_environment_is_left_alone(machine, monkeypatch):
    monkeypatch.setenv("CPTRENDS_NO_VENV", "1")
    assert machine.python_m("measures") == 0 and machine.called == [["measures"]] and machine.ran == []


def test_an_installation_without_a_clone_just_runs(machine):
    (machine.root / "pyproject.toml").unlink()
    assert machine.python_m("measures") == 0 and machine.called == [["measures"]] and machine.ran == []


def test_windows_keeps_python_elsewhere(machine, monkeypatch):
    assert start._python() == machine.root / ".venv" / "bin" / "python"
    monkeypatch.setattr(start.os, "name", "nt")
    assert start._python().as_posix().endswith(".venv/Scripts/python.exe")


# --- what a machine may lack ---


def stopped(machine, capsys, *words):
    assert machine.python_m(*words) == 2
    complaint = capsys.readouterr().err.splitlines()[-1]
    assert complaint.startswith("cptrends: ") and not machine.called
    assert not any("-m cptrends" in words for words in machine.ran) and not start.STAMP.exists()
    return complaint


def test_an_old_python(machine, monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    assert "Python 3.11 or later is needed, this is" in stopped(machine, capsys, "report")
    assert machine.ran == []


def test_debian_without_venv(machine, capsys):
    machine.absent |= {"ensurepip"}
    assert "run `sudo apt install python3-venv`, then try again" in stopped(machine, capsys, "report")
    assert machine.ran == []


def test_a_path_too_long_for_windows(monkeypatch):
    long = pathlib.PurePosixPath("/") / ("x" * 95)
    monkeypatch.setattr(start, "_wanted", lambda: "anything")
    monkeypatch.setattr(start, "ROOT", long)
    monkeypatch.setattr(start.os, "name", "nt")
    problem = start._prepare("")
    monkeypatch.undo()
    assert "has 96 characters and Windows allows 95 here" in problem and "C:\\cptrends" in problem


def test_a_folder_that_cannot_be_written(machine, capsys):
    machine.answers = {" -m venv ": 1}
    assert "check that the folder can be written to" in stopped(machine, capsys, "report")


def test_packages_that_cannot_be_had(machine, capsys):
    machine.answers = {"pip install": 1}
    assert "behind a proxy set HTTPS_PROXY" in stopped(machine, capsys, "report")


def test_a_damaged_environment_is_named(machine, monkeypatch, capsys):
    monkeypatch.setattr(sys, "prefix", str(machine.root / ".venv"))
    assert "is damaged; delete that folder and run the command again" in stopped(machine, capsys, "report")
    assert machine.ran == []


def test_the_exit_status_is_the_commands_own(machine):
    machine.answers = {"-m cptrends": 1}
    assert machine.python_m("check") == 1


def test_being_stopped_is_status_130_without_a_traceback(machine, monkeypatch):
    def stop(command, cwd=None):
        raise KeyboardInterrupt

    monkeypatch.setattr(start.subprocess, "call", stop)
    assert machine.python_m("report") == 130


def test_only_the_standard_library_is_imported_to_start():
    import subprocess

    heavy = "[m for m in ('numpy', 'pandas') if m in sys.modules]"
    code = f"import sys; sys.argv = ['x']; import cptrends.__main__; print({heavy})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
