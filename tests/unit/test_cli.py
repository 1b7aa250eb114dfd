"""The command line's contract: columns, formats, exit statuses, and one-line complaints."""

import csv
import io
import json

import pytest

from cptrends.cli import making
from cptrends.cli.parser import parser
from cptrends.data import figures, loading

#: Every verb that the parser knows.
COMMANDS = [
    verb for action in parser()._actions if isinstance(action.choices, dict) for verb in action.choices
]  # argparse offers no public way to its sub-commands


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def complained(status, out, err):
    """Bad input: status 2, nothing on the way out, one sentence without a traceback."""
    assert (status, out) == (2, "")
    assert err.startswith("cptrends: ") and err.count("\n") == 1 and "Traceback" not in err
    return err


# --- help ---


def test_without_a_command_the_help_is_shown(run):
    status, out, _ = run()
    assert status == 0 and len(COMMANDS) > 10 and all(command in out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(run, command):
    status, out, _ = run(command, "--help")
    assert status == 0 and f"Example: cptrends {command}" in out


def test_version(run):
    import cptrends

    assert run("--version") == (0, f"cptrends {cptrends.__version__}\n", "")


@pytest.mark.parametrize(
    "words", ["no-such-command", "series", "series referrals --from lately", "series referrals --format xml"]
)
def test_what_cannot_be_parsed_is_status_2(run, words):
    status, out, err = run(*words.split())
    assert (status, out) == (2, "") and "usage:" in err


# --- series ---


def test_series_as_csv_has_the_columns_of_the_contract(run):
    status, out, err = run("series", "plans_31_march", "--area", "hackney", "--format", "csv")
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == "area_code,area_name,year,value,status,release"
    held = loading.load("plans_31_march", area="Hackney")
    assert [(r["area_name"], int(r["year"]), r["status"]) for r in rows(out)] == [
        ("Hackney", year, status) for year, status in zip(held["year"], held["status"], strict=True)
    ]
    assert [r["value"] for r in rows(out)] == ["" if v != v else str(int(v)) for v in held["value"]]


def test_series_takes_several_areas_years_and_a_release(run):
    words = ["series", "referrals", "--area", "England", "204", "--from", "2014", "--to", "2015", "--format", "csv"]
    latest, first = (rows(run(*words, "--release", release)[1]) for release in ("latest", "as_published"))
    both = [(area, year) for area in ("England", "Hackney") for year in ("2014", "2015")]
    assert [(r["area_name"], r["year"]) for r in latest] == both
    (newest,) = loading.load("referrals", area="England", start=2015, end=2015)["value"]
    assert latest[1]["value"] == f"{newest:.0f}" != "635600" and first[1]["value"] == "635600"
    assert {r["release"] for r in rows(run(*words, "--release", "cin-2022")[1])} == {"cin-2022"}


def test_series_for_groups_of_areas(run):
    words = ["series", "referrals", "--from", "2025", "--to", "2025", "--format", "csv"]
    assert len(rows(run(*words, "--area", "authorities")[1])) == 153
    assert len(rows(run(*words, "--area", "regions")[1])) == 9


def test_a_suppressed_figure_is_an_empty_cell_with_its_status(run):
    words = ["series", "plans_31_march_2_years_or_more", "--area", "authorities", "--from", "2024", "--to", "2024"]
    hidden = [r for r in rows(run(*words, "--format", "csv")[1]) if r["status"] == "suppressed"]
    assert len(hidden) > 20 and {r["value"] for r in hidden} == {""}
    listed = [r for r in json.loads(run(*words, "--format", "json")[1]) if r["status"] == "suppressed"]
    assert len(listed) == len(hidden) and {r["value"] for r in listed} == {None}


def test_series_as_json_is_the_same_table(run):
    words = ["series", "rereferral_percent", "--area", "England", "Kent"]
    listed, table = json.loads(run(*words, "--format", "json")[1]), rows(run(*words, "--format", "csv")[1])
    assert [{key: "" if value is None else str(value) for key, value in row.items()} for row in listed] == table


def test_series_as_a_table_tells_the_definition_the_breaks_and_where_england_is_not_the_sum(run):
    status, out, _ = run("series", "section_47_enquiries", "--area", "England", "--from", "2020")
    assert status == 0
    assert "definition" not in out and "Section 47 enquiries" in out
    assert "Breaks in 2024 and 2025: Hampshire" in out
    assert any(line.startswith("2024: ") and "Hampshire" in line for line in out.splitlines())
    line = next(line for line in out.splitlines() if line.startswith("E92000001") and " 2025 " in line)
    assert f"{loading.load('section_47_enquiries', area='England', start=2025).value.iloc[0]:,.0f}" in line


def test_series_and_indicator_tell_how_the_last_year_compares(run):
    _, out, _ = run("series", "referrals", "--from", "2024", "--release", "cin-2025")
    assert (
        "England, 2025: down 0.1% on 2023/24 over the 151 authorities with a figure of their own in both years" in out
    )
    _, out, _ = run("series", "imd_score", "--area", "Kent", "--to", "2019")
    assert "Kent, 2019: not to be compared with 2015 (A new edition of the indices" in out
    _, out, _ = run("indicator", "plan_rate", "--area", "Kent", "South East", "--from", "2024", "--to", "2025")
    assert "South East, 2025: " in out and "Hampshire's figures of 2023/24" in out and "Kent, 2025: " in out


def test_series_as_a_table_tells_what_became_of_an_area(run):
    assert "Cumbria reported until 2023" in run("series", "referrals", "--area", "Cumbria")[1]


@pytest.mark.parametrize(
    "words, why",
    [
        (["referal"], "no measure is called 'referal'; did you mean referrals"),
        (["referrals", "--area", "Atlantis"], "no area is called 'Atlantis'"),
        (["referrals", "--from", "1999", "--to", "1999"], "referrals has no figure for 1999"),
        (["referrals", "--from", "2020", "--to", "2015"], "start is 2020 and end is 2015"),
        (
            ["referrals", "--release", "cin-2051"],
            "no release is called 'cin-2051'; use latest, as_published or a name: did you mean",
        ),
        (["plans_ended", "--release", "cin-2025"], "cin-2025 does not have plans_ended; it is in cin-2010"),
        (
            ["referrals", "--area", "Cumbria", "--from", "2024"],
            "its successors are Cumberland and Westmorland and Furness",
        ),
    ],
)
def test_series_of_what_is_not_there(run, words, why):
    assert why in complained(*run("series", *words, "--format", "csv"))


# --- indicator ---


def test_indicator_as_csv_has_the_columns_of_the_contract(run):
    asked = ["repeat_plan_share", "--area", "England", "Kent", "--from", "2025", "--release", "cin-2025"]
    status, out, err = run("indicator", *asked, "--format", "csv")
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == "area_code,area_name,year,value,lower,upper,numerator,denominator,status"
    england, kent = rows(out)
    assert (england["numerator"], england["denominator"], round(float(england["value"]), 1)) == ("15130", "61840", 24.5)
    assert float(kent["lower"]) < float(kent["value"]) < float(kent["upper"]) and kent["area_name"] == "Kent"


def test_an_indicator_of_a_withheld_figure_has_no_value_and_the_status(run):
    words = [
        "indicator",
        "plans_31_march_2_years_share",
        "--area",
        "authorities",
        "--from",
        "2024",
        "--to",
        "2024",
        "--format",
        "csv",
    ]
    hidden = [r for r in rows(run(*words)[1]) if r["status"] == "suppressed"]
    assert len(hidden) > 20 and {(r["value"], r["lower"], r["upper"]) for r in hidden} == {("", "", "")}


def test_indicators_are_listed_and_explained(run):
    listed = rows(run("indicator", "list", "--format", "csv")[1])
    assert {"plan_rate", "repeat_plan_share"} <= {r["indicator"] for r in listed}
    assert "95% limits." in run("indicator", "plan_rate", "--from", "2025")[1]
    complained(*run("indicator", "plan_rat"))


# --- report ---


def test_report_hands_on_what_was_asked(run, monkeypatch):
    from cptrends import reports

    asked = []
    monkeypatch.setattr(reports, "build", lambda **options: asked.append(options) or 0, raising=False)
    assert run("report", "--only", "01_demand", "--out", "there", "--jobs", "2")[0] == 0
    assert (asked[0]["only"], asked[0]["out"], asked[0]["jobs"]) == (["01_demand"], "there", 2)


# --- lists ---


def test_measures_lists_the_dictionary(run):
    from cptrends.data import measures

    listed = rows(run("measures", "--format", "csv")[1])
    assert list(listed[0]) == ["measure", "label", "unit", "kind", "definition"]
    assert [r["measure"] for r in listed] == list(measures.dictionary())
    assert "definition" not in run("measures")[1].splitlines()[0]


def test_areas_finds_a_word_in_any_name(run):
    names = [r["name"] for r in rows(run("areas", "dorset", "--format", "csv")[1])]
    assert names == ["Dorset (to 2019)", "Dorset"]
    assert [r["name"] for r in rows(run("areas", "BCP", "--format", "csv")[1])] == [
        "Bournemouth, Christchurch and Poole"
    ]
    assert [r["name"] for r in rows(run("areas", "E10000002", "--format", "csv")[1])] == ["Buckinghamshire"]
    assert len(rows(run("areas", "--format", "csv")[1])) == len(figures.load_table("areas"))
    assert "did you mean Hackney" in complained(*run("areas", "hackny"))
    assert run("areas", "hackney")[1].splitlines()[0].split() == [
        "area_code",
        "la_code",
        "name",
        "level",
        "region",
        "first_year",
        "last_year",
    ]


def test_releases_lists_what_is_held(run):
    listed = [r["release"] for r in rows(run("releases", "--format", "csv")[1])]
    assert listed == figures.releases()["release"].tolist() and "cin-2025" in listed
    assert "cin-2025" in run("releases")[1]


def test_inspections(run):
    shares = rows(run("inspections", "--as-at", "2017-06-13", "--format", "csv")[1])
    assert list(shares[0]) == ["grade", "authorities", "share"]
    assert sum(int(r["authorities"]) for r in shares) == 132
    assert sum(float(r["share"]) for r in shares) == pytest.approx(100)
    judged = rows(run("inspections", "--area", "Hackney", "--format", "csv")[1])
    assert judged and {r["area_name"] for r in judged} == {"Hackney"}
    assert list(judged[0])[:2] == ["area_code", "area_name"]
    assert "Hackney" in run("inspections", "--area", "Hackney")[1]
    assert "no judgement is held for" in complained(*run("inspections", "--area", "North East"))
    complained(*run("inspections", "--as-at", "last June"))


# --- ingest and build ---


def test_ingest_then_build_then_a_revision(run, home, tidy_file):
    file = tidy_file(home / "downloads", cells={("England", 2025, "CPP_subsequent"): "15130"})
    status, out, err = run("ingest", file)
    assert (status, err) == (0, "")
    assert out == "1 file read, 489 figures: 489 new, 0 unchanged, 0 revised.\n"
    status, out, err = run("build")
    assert (status, err) == (0, "") and "489 observations" in out
    assert "measures" in out and (home / "data" / "processed" / "observations" / "repeat_plans.csv").is_file()
    tidy_file(home / "downloads", cells={("England", 2025, "CPP_subsequent"): "15140"})
    status, out, _ = run("ingest", home / "downloads")
    assert "0 new, 488 unchanged, 1 revised" in out and "cin-2025: repeat_plans England 2025: 15130 -> 15140" in out


def test_an_empty_clone_cannot_be_built(run, home, contents):
    assert "datapackage.json is missing; run `cptrends ingest`" in complained(*run("build"))
    assert contents(home) == {}


# --- looking after the code ---


@pytest.mark.parametrize(("answers", "status"), [([0, 0, 0], 0), ([1, 0, 0], 1), ([0, 0, 2], 1)])
def test_the_code_is_checked_by_every_tool_even_where_the_first_complains(run, monkeypatch, answers, status):
    asked, left = [], iter(answers)
    monkeypatch.setattr(making.importlib.util, "find_spec", lambda name: name)
    monkeypatch.setattr(making.subprocess, "call", lambda words, cwd: asked.append(words[2:]) or next(left))
    assert run("check-code")[0] == status
    assert asked == [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]]


def test_a_tool_that_is_missing_is_named(run, monkeypatch):
    monkeypatch.setattr(making.importlib.util, "find_spec", lambda name: None)
    assert "the checks need ruff; install it with" in complained(*run("check-code"))


# --- what goes wrong outside ---


def test_a_file_the_system_refuses_is_one_line(run, monkeypatch):
    def refuse(options):
        raise PermissionError(13, "Permission denied", "data/raw/x.csv")

    monkeypatch.setattr(making, "build", refuse)
    assert complained(*run("build")) == "cptrends: data/raw/x.csv: Permission denied\n"


def test_being_stopped_is_status_130(run, monkeypatch):
    def stop(options):
        raise KeyboardInterrupt

    monkeypatch.setattr(making, "build", stop)
    assert run("build") == (130, "", "cptrends: stopped\n")


def test_a_reader_that_goes_away_is_no_error():
    import subprocess
    import sys

    words = ["series", "referrals", "--area", "authorities", "--format", "csv"]
    code = f"import sys; from cptrends.cli import main; sys.exit(main({words}))"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        complaint = process.stderr.read()
        process.wait()
    assert b"Traceback" not in complaint and process.returncode == 0


def test_tests_need_pytest_and_a_clone(run, monkeypatch, tmp_path):
    monkeypatch.setenv("CPTRENDS_HOME", str(tmp_path))
    assert "the tests are only in a clone" in complained(*run("test"))
    (tmp_path / "tests").mkdir()
    monkeypatch.setitem(__import__("sys").modules, "pytest", None)
    assert "the tests need pytest; install it with" in complained(*run("test"))


def test_test_runs_pytest_in_the_clone(run, monkeypatch, tmp_path):
    (tmp_path / "tests").mkdir()
    monkeypatch.setenv("CPTRENDS_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    given = []
    monkeypatch.setattr(pytest, "main", lambda words: given.append(words) or 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    status, said, _ = run("test")
    everything = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    assert (status, said, given.pop()) == (1, f"pytest {' '.join(everything)}\n", everything)
    run("test", "--quick")
    assert given.pop() == ["-m", making.QUICK, *everything]
    run("test", "--coverage")
    assert given.pop() == ["--cov=cptrends", "--cov-report=term:skip-covered", *everything]


@pytest.mark.parametrize(
    "words", [["tests/unit", "-k", "areas"], ["-m", "not shared"], ["-x", "--lf", "tests/spec"], ["--cov=cptrends"]]
)
def test_what_else_is_typed_goes_to_pytest_as_it_is(run, monkeypatch, tmp_path, words):
    (tmp_path / "tests").mkdir()
    monkeypatch.setenv("CPTRENDS_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    given = []
    monkeypatch.setattr(pytest, "main", lambda words: given.append(words) or 0)
    assert run("test", *words)[0] == 0 and given.pop() == words
    assert run("test", *words, "--quick")[0] == 0 and given.pop() == [*words, "-m", making.QUICK]


def test_a_word_too_many_is_refused_by_every_other_command(run):
    status, _, said = run("measures", "--lf")
    assert status == 2 and said.endswith("cptrends: error: unrecognized arguments: --lf\n")
