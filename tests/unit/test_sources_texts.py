"""Figures found in texts: an entry that does not print its figure is refused, and data/raw holds what the file says."""

import pathlib
import tomllib

import pandas as pd
import pytest

from cptrends import data
from cptrends.data import paths
from cptrends.errors import BadInput
from cptrends.sources import registry, texts

FILE = pathlib.Path(texts.__file__).with_name("text_figures.toml")
RELEASES = [name for name, entry in registry.releases().items() if entry["publication"] == "texts"]
ENTRY = {
    "source": "pq-55895",
    "what": "Children's centres closed in the year",
    "place": "England",
    "period": "2012",
    "year": 2012,
    "value": "27",
    "unit": "centres",
    "words": "2012 | 27",
}


@pytest.fixture
def text_file(tmp_path):
    """A function (entries by name, or raw text) -> the path of a file of figures."""

    def make(content):
        path = tmp_path / "text_figures.toml"
        if isinstance(content, dict):
            lines = [
                f"[{name}]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in entry.items())
                for name, entry in content.items()
            ]
            content = "\n".join(lines)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


def _toml(value):
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def read(path, source="pq-55895"):
    return texts.read(path, "figures", registry.releases()[source])


def test_only_the_figures_of_the_text_are_taken(text_file):
    other = ENTRY | {"source": "pq-hl14383", "value": "585", "words": "585 centres", "rounded_to": 5, "about": "over"}
    path = text_file({"a": ENTRY, "b": other})
    assert read(path).to_dict("records") == [
        dict.fromkeys(texts.COLUMNS, "") | {"figure": "a"} | {k: str(v) for k, v in ENTRY.items() if k != "source"}
    ]
    (row,) = read(path, "pq-hl14383").to_dict("records")
    assert (row["value"], row["rounded_to"], row["about"]) == ("585", "5", "over")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"words": "2012 | 28"}, "the words '2012 | 28' do not print '27'"),
        ({"words": "2012 | 127"}, "do not print '27'"),
        ({"words": "2012 | 27.5"}, "do not print '27'"),
        ({"words": "27,000 in 2012"}, "do not print '27'"),
        ({"value": "1 + 2", "words": "1 and 3"}, "do not print '2'"),
        ({"spelt": "a dozen"}, "do not print 'a dozen'"),
        ({"words": "27 " + "and " * 20}, "more than 15 words; quote only the phrase"),
        ({"value": "many"}, "value 'many' is not a number as printed"),
        ({"value": "nan"}, "value 'nan' is not a number as printed"),
        ({"value": 27}, "value must be text, in quotation marks"),
        ({"year": "2012"}, "since and year must be whole numbers, years such as 2015"),
        ({"year": True}, "since and year must be whole numbers"),
        ({"year": 1}, "since and year must be whole numbers"),
        ({"since": 2012}, "since must be a year before year"),
        ({"day": "31 August"}, "day '31 August' is not a date; write it as YYYY-MM-DD"),
        ({"rounded_to": float("nan")}, "rounded_to must be a number above zero"),
        ({"rounded_to": float("inf")}, "rounded_to must be a number above zero"),
        ({"rounded_to": -5}, "rounded_to must be a number above zero"),
        ({"rounded_to": 0}, "rounded_to must be a number above zero"),
        ({"rounded_to": True}, "rounded_to must be a number above zero"),
        ({"value": "-27"}, "value '-27' is below zero, and only a figure in percent change can be"),
        (
            {"value": "-38", "unit": "percent change", "words": "rose by 38"},
            "value '-38' is a fall, and the words say 'rose'",
        ),
        ({"measure": "referals"}, "measure 'referals' is not in the dictionary of measures"),
        ({"about": "roughly"}, "about 'roughly' must be one of about, over, at least, under, almost"),
        ({"verdict": "confirmed"}, "'verdict' is not said of a figure in a text"),
        ({"source": "a-rumour"}, "source 'a-rumour' is no release; add it to"),
    ],
)
def test_an_entry_that_does_not_hold_together_is_refused(text_file, change, said):
    with pytest.raises(BadInput, match=r"text_figures\.toml") as refused:
        read(text_file({"a": ENTRY | change}))
    assert said in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize("key", texts.NEEDED)
def test_an_entry_that_leaves_something_out_is_refused(text_file, key):
    with pytest.raises(BadInput, match=f"a: '{key}' is missing"):
        read(text_file({"a": {k: v for k, v in ENTRY.items() if k != key}}))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xff\xfe\x00 = 1", "is not valid TOML"),
        ("[a\n", "is not valid TOML"),
        ('a = "27"', "a figure is a table in square brackets"),
    ],
)
def test_what_is_no_file_of_figures_is_refused(text_file, content, said):
    with pytest.raises(BadInput, match=said):
        read(text_file(content))


def test_a_text_without_figures_is_refused(text_file):
    with pytest.raises(BadInput, match="has no figures from 'pq-hl14383'"):
        read(text_file({"a": ENTRY}), "pq-hl14383")


# --- The register's own ---


@pytest.mark.parametrize("name", RELEASES)
def test_data_raw_holds_what_the_file_says_of_each_text(name):
    held = pd.read_csv(paths.raw() / "texts" / f"{name}.csv", dtype=str, keep_default_na=False)
    said = texts.read(FILE, "figures", registry.releases()[name]).sort_values("year", kind="stable")
    assert held.to_dict("records") == said.to_dict("records")


def test_every_figure_is_in_the_table_that_claims_read_once():
    entries = tomllib.loads(FILE.read_text("utf-8"))
    table = data.load_table("figures_in_texts").set_index("figure")
    assert sorted(table.index) == sorted(entries)
    assert {name: table.loc[name, "release"] for name in entries} == {n: e["source"] for n, e in entries.items()}


def test_a_text_is_never_called_a_file_and_says_where_it_can_be_read():
    for name in RELEASES:
        entry = registry.releases()[name]
        assert entry["evidence"] in ("official-text", "author-text", "secondary-text")
        assert entry["url"].startswith("http") and entry["publisher"] and entry["published"]
        parliament = entry["publisher"].startswith(("UK Parliament", "House of Commons"))
        assert (entry["licence"] == "OPL-UK-3.0") == parliament
        assert parliament or entry["evidence"] == "official-text" or not entry["licence"], "a newspaper grants none"
