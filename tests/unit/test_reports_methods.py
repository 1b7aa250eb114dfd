"""The methods page: all indicators, all registered methods, and only what the docstrings say."""

import re
import types

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cptrends.data import measures
from cptrends.errors import BadInput
from cptrends.indicators import table
from cptrends.reports import methods


@pytest.fixture(scope="module")
def page():
    return methods.page()


def test_every_indicator_is_there_with_both_parts_linked(page):
    for name, entry in table.register().items():
        row = page.partition(f'id="i-{name}"')[2].partition("</tr>")[0]
        assert f'href="data.html#m-{entry["numerator"]}"' in row, name
        assert f'href="data.html#m-{entry["denominator"]}"' in row, name
    assert set(re.findall(r'data\.html#m-([^"]+)"', page)) <= set(measures.dictionary())


def test_a_rate_and_an_amount_have_their_formula():
    rows = {row["name"]: row | group for group in methods.indicators() for row in group["rows"]}
    assert rows["plan_rate"]["scale"] == " × 10,000" and "Byar" in rows["plan_rate"]["limits"]
    assert rows["spend_per_child"]["scale"] == "" and rows["spend_per_child"]["limits"].startswith("none")
    assert rows["plan_rate"]["definition"].startswith("A stock") and rows["referral_rate"]["definition"] == ""


def test_every_method_has_plain_words_a_description_and_an_example():
    found = [method for group in methods.groups() for method in group["methods"]]
    assert len(found) > 30
    for method in found:
        assert method["plain"].endswith("."), method["function"]
        assert method["text"].startswith("<p>"), method["function"]
        assert method["example"].startswith(">>> "), method["function"]


def test_the_examples_are_the_ones_the_tests_run(page):
    import doctest
    import html
    import importlib

    for group in methods.groups():
        for method in group["methods"]:
            module, _, name = method["function"].rpartition(".")
            docstring = getattr(importlib.import_module(module), name).__doc__
            shown = {example.source for example in doctest.DocTestParser().get_examples(method["example"])}
            assert shown == {example.source for example in doctest.DocTestParser().get_examples(docstring)}
            assert html.escape(method["example"].splitlines()[0], quote=False).partition('"')[0] in page


def test_the_page_stands_alone(page):
    assert not re.search(r"<(link|img|iframe)\b|\bsrc=|@import|url\(", page)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert re.findall(r"<h1", page) == ["<h1"]


def test_markup_in_a_docstring_stays_text(monkeypatch):
    function = types.FunctionType((lambda: None).__code__, {})
    function.__doc__ = "Adds <script>alert(1)</script> up.\n\nNotes\n-----\n<b>Bold</b>."
    monkeypatch.setattr(methods, "_found", lambda address: function)
    method = methods._method({"function": "a.b", "heading": "h", "plain": "p."})
    assert "<script" not in method["text"] and "&lt;script&gt;" in method["text"]
    assert "<b>" not in method["notes"]


@pytest.mark.parametrize("address", ["cptrends.indicators.rates.no_such", "cptrends.no_such.rate"])
def test_a_function_that_is_not_there_is_named(address):
    with pytest.raises(BadInput, match=address):
        methods._found(address)


@given(st.lists(st.text(alphabet="abc .,", min_size=1).map(str.strip).filter(bool), min_size=1, max_size=4))
def test_taking_a_docstring_apart_loses_nothing(texts):
    headings = ["Parameters", "Returns", "Notes"][: len(texts) - 1]
    docstring = texts[0] + "".join(
        f"\n\n{h}\n{'-' * len(h)}\n{text}" for h, text in zip(headings, texts[1:], strict=False)
    )
    found = methods.sections(docstring)
    assert [found["text"], *(found[h] for h in headings)] == texts[: len(headings) + 1]
