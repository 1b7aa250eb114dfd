"""The register of mistakes made on purpose fits the code, and the script that makes them tells what became of each."""

import importlib.util
import pathlib
import tomllib

import pytest

FOLDER = pathlib.Path(__file__).parents[1] / "mutations"


@pytest.fixture
def script():
    spec = importlib.util.spec_from_file_location("mutations_run", FOLDER / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_entry_fits_the_code_as_it_is(script):
    assert script.problems(tomllib.loads((FOLDER / "register.toml").read_text("utf-8"))) == []


@pytest.fixture
def project(script, tmp_path, monkeypatch):
    """A project of one function, one test and three possible mistakes."""
    (tmp_path / "sums.py").write_text("def more(a):\n    return a + 1  # one more\n", "utf-8")
    (tmp_path / "test_sums.py").write_text(
        "from sums import more\n\n\ndef test_more():\n    assert more(1) == 2\n", "utf-8"
    )
    register = tmp_path / "register.toml"
    entry = '[{}]\nfile = "sums.py"\nold = "{}"\nnew = "{}"\ntests = ["test_sums.py"]\n'
    mistakes = (("seen", "a + 1", "a + 2"), ("unseen", "one more", "none"), ("broken", "return", "return ("))
    register.write_text("".join(entry.format(*mistake) for mistake in mistakes), "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n", "utf-8")
    monkeypatch.setattr(script, "ROOT", tmp_path)
    monkeypatch.setattr(script, "REGISTER", register)
    return tmp_path


@pytest.mark.slow
def test_a_mistake_is_killed_survives_or_breaks_and_the_project_is_left_alone(script, project, contents, capsys):
    before = contents(project)
    assert script.main([]) == 1
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in said[:2]] == [["seen", "killed"], ["unseen", "SURVIVED"]]
    assert said[2].startswith("broken") and "BROKEN, the tests did not run" in said[2]
    assert said[-1] == "1 of 3 killed; not: unseen, broken"
    assert contents(project) == before


@pytest.mark.parametrize(
    "change, words",
    [
        ({"old": "nothing"}, "sums.py has its old text 0 times and must have it once"),
        ({"old": "a"}, "sums.py has its old text 2 times and must have it once"),
        ({"new": "a + 1"}, "old and new are the same"),
        ({"file": "gone.py"}, "there is no file gone.py; where the code has moved, name its new file"),
        ({"tests": ["test_gone.py"]}, "there is no test test_gone.py"),
        ({"why": "because"}, "an entry has file, new, old, tests, no more and no less"),
    ],
)
def test_an_entry_that_does_not_fit_gets_one_sentence(script, project, change, words):
    entry = tomllib.loads(script.REGISTER.read_text("utf-8"))["seen"]
    assert script.problems({"seen": entry}) == []
    assert script.problems({"seen": entry | change}) == [f"seen: {words}"]


@pytest.mark.slow
def test_a_name_that_is_none_and_tests_that_fail_already_are_refused(script, project, capsys):
    assert script.main(["seem"]) == 2
    assert capsys.readouterr().err == "no mutation is called seem; did you mean seen?\n"
    (project / "test_sums.py").write_text("def test_more():\n    assert False\n", "utf-8")
    assert script.main(["seen"]) == 2
    assert "the tests fail before any mistake is made" in capsys.readouterr().err
