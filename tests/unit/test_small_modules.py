"""Words, lazy imports, the progress bar and where things are."""

import io
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cptrends
from cptrends import progress, words
from cptrends.data import paths
from cptrends.errors import BadInput
from cptrends.lazy import lazy

# --- words ---


@given(st.floats(-1e12, 1e12), st.integers(0, 3))
def test_a_number_in_words_reads_back_to_its_digits(value, digits):
    text = words.number(value, digits)
    assert float(text.replace(",", "").replace("−", "-")) == float(f"{value:.{digits}f}")
    assert "-" not in text and not (text.startswith("−") and float(text[1:].replace(",", "")) == 0)


@pytest.mark.parametrize("tell", [words.number, words.percent, words.signed, words.pounds])
@pytest.mark.parametrize("nothing", [None, float("nan")])
def test_a_missing_number_is_said_to_be_missing(tell, nothing):
    assert tell(nothing) == "no figure"


def test_changes_carry_their_sign():
    assert [words.signed(v, 1, "%") for v in (3.26, -3.26, 0.01, -0.01)] == ["+3.3%", "−3.3%", "0.0%", "0.0%"]


def test_amounts():
    assert [words.pounds(v) for v in (0, 2303.2, 1_800_100_000, 2_500_000, -3_000_000)] == [
        "£0",
        "£2,303",
        "£1.80 billion",
        "£2.50 million",
        "−£3.00 million",
    ]


def test_years():
    assert [words.year(y) for y in (2000, 2001, 2010, 2025)] == ["1999/00", "2000/01", "2009/10", "2024/25"]
    assert words.year(2025, "stock") == "31 March 2025"


def test_lists():
    assert [words.listed(x) for x in ([], ["a"], ["a", "b"], [1, 2, 3])] == ["", "a", "a and b", "1, 2 and 3"]


# --- names imported when first used ---


def test_public_names_are_there_and_others_are_not():
    assert callable(cptrends.load) and "load" in dir(cptrends) and set(cptrends.__all__) <= set(dir(cptrends))
    with pytest.raises(AttributeError, match="module 'cptrends' has no attribute 'laod'"):
        cptrends.laod  # noqa: B018


def test_every_public_name_can_be_had():
    from cptrends import data

    for package in (cptrends, data):
        assert [name for name in package.__all__ if getattr(package, name, None) is None] == []


def test_importing_the_package_imports_nothing_large():
    heavy = "('numpy', 'pandas', 'scipy', 'matplotlib', 'statsmodels')"
    code = f"import sys, cptrends; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_loading_figures_imports_neither_scipy_nor_matplotlib():
    code = (
        "import sys, cptrends; cptrends.load('referrals', area='England'); "
        "print([m for m in ('scipy', 'matplotlib', 'statsmodels') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_name_is_looked_up_where_it_lives():
    get, listing, everything = lazy("example", {"math": ["tau", "pi"], "string": ["digits"]})
    assert get("digits") == "0123456789" and listing() == everything == ["digits", "pi", "tau"]


# --- the progress bar ---


class Terminal(io.StringIO):
    def isatty(self):
        return True


def clock(monkeypatch, *times):
    ticks = iter(times)
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(ticks))


def test_under_two_seconds_nothing_is_shown(monkeypatch):
    clock(monkeypatch, 0, 0.5, 1.9)
    tell = progress.bar("reading", stream := Terminal())
    tell(1, 2, "a.csv")
    tell(2, 2, "b.csv")
    assert stream.getvalue() == ""


def test_after_two_seconds_a_bar_grows_and_is_wiped_at_the_end(monkeypatch):
    clock(monkeypatch, *range(0, 30, 3))
    tell = progress.bar("reading", stream := Terminal())
    tell(1, 2, "a.csv")
    assert "\rreading [###############...............] 1/2 a.csv" in stream.getvalue()
    tell(2, 2, "b" * 500)
    assert stream.getvalue().endswith("\r" + " " * 100 + "\r")
    assert max(len(part) for part in stream.getvalue().split("\r")) <= 100


def test_nothing_to_do_is_no_error(monkeypatch):
    clock(monkeypatch, 0, 5, 5)
    progress.bar("reading", Terminal())(0, 0)


# --- where things are ---


def test_a_folder_of_ones_own_is_used(home):
    assert paths.root() == home.resolve()
    assert paths.raw() == home.resolve() / "data" / "raw"
    assert paths.processed() == home.resolve() / "data" / "processed"
    assert paths.notebooks() == home.resolve() / "notebooks"


def test_an_installation_without_a_clone_uses_what_travels_in_the_package(tmp_path, monkeypatch):
    monkeypatch.delenv("CPTRENDS_HOME", raising=False)
    monkeypatch.setattr(paths, "PACKAGE", tmp_path / "site-packages" / "cptrends")
    assert paths.root() is None
    assert paths.processed() == tmp_path / "site-packages" / "cptrends" / "processed"
    assert paths.notebooks() == tmp_path / "site-packages" / "cptrends" / "notebooks"
    with pytest.raises(BadInput, match="data/raw is only in a clone"):
        paths.raw()
