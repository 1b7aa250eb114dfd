"""The pages of authorities as a reader gets them: every figure against the command line and the publisher's files."""

import csv
import dataclasses
import html
import html.parser
import io
import random
import re
import statistics
import urllib.parse

import numpy as np
import pandas as pd
import pytest

from cptrends import data
from cptrends.data import areas
from cptrends.data import figures as held_figures
from cptrends.errors import BadInput
from cptrends.indicators import table
from cptrends.reports import authority
from cptrends.reports.authority import page
from cptrends.reports.authority.among_others import Durations, durations_chart
from cptrends.reports.authority.subject import subject_of
from cptrends.reports.authority.withheld import WITHHELD_HERE
from cptrends.reports.site import page_of, slug_of

NEWEST = int(data.load("plans_31_march", area="England")["year"].max())
DRAWN = random.Random(20251122).sample(areas.authorities(NEWEST), 10)
#: What a rate's count is in the publisher's files: file, column.
OFFICIAL = {
    "referral_rate": ("c1_children_in_need_referrals", "referral_count"),
    "rereferral_share": ("c1_children_in_need_referrals", "rereferral_count"),
    "section_47_rate": ("c4_children_in_need_section_47s", "Section47"),
    "conference_rate": ("c4_children_in_need_section_47s", "ICPC"),
    "plan_start_rate": ("d3_cpps_subsequent_plan", "CPP_start"),
    "repeat_plan_share": ("d3_cpps_subsequent_plan", "CPP_subsequent"),
    "plan_rate": ("d5_cpps_at31march_by_duration", "CPP_At31"),
    "plans_31_march_2_years_share": ("d5_cpps_at31march_by_duration", "2_years_or_more"),
    "in_need_rate": ("b1_children_in_need", "At31_episodes"),
    "neglect_share": ("c3_factors_identified", "Neglect"),
}


class Tables(html.parser.HTMLParser):
    """The cells of every table, by its caption."""

    def __init__(self, text):
        super().__init__()
        self.found, self._cell, self._in = {}, None, None
        self.feed(text)

    def handle_starttag(self, tag, _attributes):
        if tag == "table":
            self._rows = []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th", "caption"):
            self._cell = ""

    def handle_data(self, text):
        if self._cell is not None:
            self._cell += text

    def handle_endtag(self, tag):
        if tag == "caption":
            self._caption = self._cell
        elif tag in ("td", "th"):
            self._rows[-1].append(self._cell)
        elif tag == "table":
            self.found[self._caption] = self._rows
        if tag in ("td", "th", "caption"):
            self._cell = None


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Ten pages drawn at random: folder and text of each by code."""
    out = tmp_path_factory.mktemp("reports")
    made, failures = authority.build(out, DRAWN, jobs=2, neighbours=None)
    assert failures == [] and made == sorted(DRAWN)
    return out, {code: page_of(out, code).read_text("utf-8") for code in DRAWN}


@pytest.fixture(scope="module")
def figures(built):
    """The table of figures of each page: code -> indicator's name -> (year, cells)."""
    labels = {entry["label"]: name for name, entry in table.register().items()}
    found = {}
    for code, text in built[1].items():
        [rows] = [rows for caption, rows in Tables(text).found.items() if caption.startswith("Indicators")]
        assert rows[0][:5] == ["Indicator", "Number", "Latest", "Year before", "England"]
        found[code] = {}
        for label, *cells in rows[1:]:
            year = re.search(r" \((\d{4})/\d\d\)$", label)
            name = labels[label[: year.start()] if year else label]
            found[code][name] = (int(year[1]) + 1 if year else NEWEST), cells
    return found


@pytest.fixture
def by_command(run):
    """A function (command, name) -> (area code, year) -> the row `cptrends` prints for it."""

    def rows(command, name):
        status, out, _ = run(
            command, name, "--area", "England", "regions", "authorities", "--from", "2009", "--format", "csv"
        )
        assert status == 0
        return {(row["area_code"], int(row["year"])): row for row in csv.DictReader(io.StringIO(out))}

    return rows


def printed(row, name):
    """A figure as a page should print it, written out here once more."""
    if row is None:
        return "no figure"
    if not row["value"]:
        return {"suppressed": "withheld", "unavailable": "not available", "not_applicable": "does not apply"}[
            row["status"]
        ]
    entry, value = table.declared(name), float(row["value"])
    return (
        f"£{value:,.0f}" if entry["unit"] == "pounds" else f"{value:,.1f}" + ("%" if entry["unit"] == "percent" else "")
    )


def test_every_figure_in_the_table_is_the_command_lines(figures, by_command):
    near = data.load_table("statistical_neighbours")
    near = (
        near[near["release"] == held_figures.newest(near["release"])].groupby("area_code")["neighbour_code"].agg(list)
    )
    compared = 0
    for name in sorted({name for found in figures.values() for name in found}):
        rows = by_command("indicator", name)
        for code, found in figures.items():
            if name not in found:
                continue
            year, cells = found[name]
            own = rows.get((code, year))
            expected = [printed(rows.get(key), name) for key in ((code, year), (code, year - 1))]
            assert cells[1:3] == expected, (name, areas.name(code))
            places = [rows.get((place, year)) for place in (areas.ENGLAND, areas.region_of(code))]
            assert cells[3:5] == [printed(row, name) for row in places], (name, areas.name(code))
            known = [float(rows[c, year]["value"]) for c in near[code] if rows.get((c, year), {}).get("value")]
            median = printed({"value": statistics.median(known)}, name) if len(known) >= 6 else "no figure"
            assert cells[5].split(" (")[0] == median and (f"({len(known)} of 10)" in cells[5]) == (
                6 <= len(known) < 10
            ), name
            if own and own["value"] and "£" not in cells[0]:
                # The publisher's own rate stands where it has not given the count.
                assert cells[0] == (f"{float(own['numerator']):,.0f}" if own["numerator"] else "no figure")
            compared += 1
    assert compared >= 250


def test_every_count_is_that_of_its_series(figures, by_command):
    for name in sorted({name for found in figures.values() for name in found}):
        entry = table.declared(name)
        if entry["unit"] == "pounds":
            continue
        rows = by_command("series", entry["numerator"])
        for code, found in figures.items():
            if name in found and found[name][1][0] not in (
                "withheld",
                "not available",
                "does not apply",
                "no figure",
                "",
            ):
                year, cells = found[name]
                assert cells[0] == f"{float(rows[code, year]['value']):,.0f}", (name, areas.name(code))


def test_the_newest_counts_and_rates_are_those_of_the_publishers_file(figures, pack):
    folder = pack / "dfe-children-in-need" / str(NEWEST)
    if not folder.is_dir():
        pytest.skip(f"the publishers' files that are here end before {NEWEST}")
    counts, children = {}, {}
    with next(folder.glob("ons_mid-year*")).open(encoding="utf-8-sig") as stream:
        for row in csv.DictReader(stream):
            if (
                row["time_period"] == str(NEWEST - 1)
                and row["geographic_level"] == "Local authority"
                and row["age_group"] == "Children aged 0 to 17 years"
            ):
                children[row["new_la_code"]] = row["population_estimate"]
    compared = 0
    for name, (start, column) in OFFICIAL.items():
        with next(folder.glob(f"{start}*")).open(encoding="utf-8-sig") as stream:
            counts = {
                row["new_la_code"]: row[column]
                for row in csv.DictReader(stream)
                if row["time_period"] == str(NEWEST) and row["geographic_level"] == "Local authority"
            }
        for code, found in figures.items():
            year, cells = found[name]
            assert year == NEWEST
            if counts[code] == "c":
                assert cells[:2] == ["withheld", "withheld"], (name, areas.name(code))
                continue
            assert cells[0] == f"{int(counts[code]):,}", (name, areas.name(code))
            if table.declared(name)["per"] == 10_000:
                assert cells[1] == f"{10_000 * int(counts[code]) / int(children[code]):,.1f}", (name, areas.name(code))
                compared += 1
    assert compared >= 50


def csv_beside(text, figure):
    found = re.search(rf'<figure id="{figure}">.*?href="data:text/csv;charset=utf-8,([^"]*)"', text, re.DOTALL)
    return list(csv.DictReader(io.StringIO(urllib.parse.unquote(found[1]))))


def test_every_point_of_the_lines_is_the_command_lines(built, by_command):
    labels = {entry["label"]: name for name, entry in table.register().items()}
    for name in ("plan_rate", "section_47_rate", "referral_rate", "repeat_plan_share"):
        rows = by_command("indicator", name)
        for code, text in built[1].items():
            points = [row for row in csv_beside(text, "series") if labels[row["figure"]] == name]
            assert len(points) >= 13
            for point in points:
                for column, place in (areas.name(code), code), ("England", areas.ENGLAND):
                    known = rows.get((place, int(point["year"])), {}).get("value", "")
                    assert point[column] == known or float(point[column]) == pytest.approx(float(known)), (name, point)


def test_the_durations_are_the_bands_over_the_published_plans(built, by_command):
    rows = {
        band: by_command("series", f"plans_31_march_{band}")
        for band in ("3_months_or_less", "3_to_6_months", "6_to_12_months", "1_to_2_years", "2_years_or_more")
    }
    total = by_command("series", "plans_31_march")
    for code, text in built[1].items():
        bars = [row for row in csv_beside(text, "durations") if row["plans"] == f"Plans at 31 March {NEWEST}"]
        for bar, band in zip(bars, rows.values(), strict=True):
            own, whole = band[code, NEWEST], total[code, NEWEST]
            if bar["own"]:
                assert float(bar["own"]) == pytest.approx(100 * float(own["value"]) / float(whole["value"]))
            else:
                assert "suppressed" in (own["status"], whole["status"]) or bar["status"] == "withheld here"


def test_pages_are_whole_alone_and_light(built):
    slugs = {f"{slug_of(code)}.html" for code in areas.authorities()}
    for text in built[1].values():
        assert len(text.encode()) < 400_000
        assert (
            not re.search(r'(?:src|href|action)="(?:https?:)?//', text)
            and "<script" not in text
            and "@import" not in text
        )
        links = re.findall(r'<a [^>]*?href="([^"#:]+)(?:#[^"]*)?"', text)
        assert all(link in slugs or link.startswith("../") for link in links)
        assert (
            "nan"
            not in re.sub(r"<[^>]*>", " ", re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)).lower().split()
        )
        ids = re.findall(r'\bid="([^"]+)"', text)
        assert len(ids) == len(set(ids))


def test_the_bytes_do_not_depend_on_how_many_work_at_it(tmp_path):
    for jobs in (1, 2):
        made, failures = authority.build(tmp_path / str(jobs), DRAWN[:8], jobs=jobs, neighbours=None)
        assert (len(made), failures) == (8, [])
    for code in DRAWN[:8]:
        one, two = (page_of(tmp_path / str(jobs), code) for jobs in (1, 2))
        assert one.read_bytes() == two.read_bytes()


def test_only_authorities_that_have_a_page_are_linked(tmp_path):
    authority.build(tmp_path, authority.codes(["Hackney", "Newham"]), jobs=1, neighbours=None)
    text = (tmp_path / "areas" / "hackney.html").read_text("utf-8")
    linked = set(re.findall(r'href="([a-z0-9-]+\.html)"', text))
    assert linked == {"newham.html"} and "Islington" in text


def test_pages_of_authorities_that_ended_and_of_the_smallest_are_built(tmp_path):
    names = ["Bedfordshire", "Cumbria", "Dorset (to 2019)", "Cumberland", "City of London", "Isles of Scilly"]
    made, failures = authority.build(tmp_path, authority.codes(names), jobs=1, neighbours=None)
    assert failures == [] and len(made) == 6
    text = (tmp_path / "areas" / "cumbria.html").read_text("utf-8")
    assert (
        "no longer exists" in text
        and 'href="cumberland.html"' in text
        and "2023/24" not in re.sub(r"<figure.*?</figure>", "", text, flags=re.DOTALL)
    )


@pytest.mark.parametrize(
    "name, said",
    [
        ("Cumbria", "2022/23"),
        ("Cumberland", "Westmorland"),
        ("City of London", "withheld"),
        ("Isles of Scilly", "withheld"),
    ],
)
def test_one_that_ended_one_that_is_new_and_the_smallest_assemble(name, said):
    profile = authority.assemble(name)
    assert len(profile.sentences) == 5 and profile.figures.readings and profile.figures.table
    assert set(profile.charts) | set(profile.words) == {
        "series", "funnels", "pathway", "durations", "deprivation", "spending", "ofsted",
    }  # fmt: skip
    text = page.html(profile)
    assert said in text and f"<h1>{name}: where it {'stood' if profile.subject.ended else 'stands'}</h1>" in text


#: What no text of a chart may have.
BROKEN = re.compile(
    r"no figure to \d|None of|is does not|nought|\bnan\b|on (one|two|three) of (one|two|three)|  |\b(\w+) \2\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "name",
    [
        "Isles of Scilly",
        "City of London",
        "Bournemouth",
        "Poole",
        "Dorset (to 2019)",
        "Hampshire",
        "Hackney",
        "Cumberland",
    ],
)
def test_no_text_of_a_chart_is_broken_where_figures_are_few(name):
    profile = authority.assemble(name)
    texts = [*profile.words.values(), *(text for fact in profile.facts for text in (fact.term, fact.text))]
    for chart in profile.charts.values():
        texts += [chart.title, chart.subtitle, chart.description.replace("no figure to place", ""), *chart.notes]
    wrong = [(found[0], text) for text in texts if (found := BROKEN.search(text))]
    assert not wrong
    titles = {part: chart.title for part, chart in profile.charts.items()}
    assert re.match(r"(Outside|Within) the 95% limits for its size: |.* cannot be placed", titles["funnels"])


def test_the_shares_of_an_authority_without_any_plan_are_not_there_to_show():
    bands = pd.DataFrame({"band": ["Short", "Long"], "own": [np.nan] * 2, "england": [80.0, 20.0]})
    for whole, status, said in (
        ("plans_ended", "not_applicable", "No plan ended in 2024/25, so there is no duration to show"),
        ("plans_31_march", "not_applicable", "No plan was open at 31 March 2025, so there is no duration to show"),
        ("plans_ended", "suppressed", "How long plans lasted: the share of two years or more is withheld"),
        ("plans_ended", "unavailable", "How long plans lasted: the share of two years or more is not available"),
    ):
        found = Durations(whole, 2025, "Plans", bands.assign(status=status))
        assert durations_chart(subject_of(areas.find("Isles of Scilly")), (found,)).title == said


def test_a_year_without_a_figure_of_its_own_is_told_under_its_lines_and_why():
    notes = authority.assemble("Hampshire").charts["series"].notes
    [note] = [note for note in notes if "has no figure" in note]
    assert "Hampshire has no figure for 2023/24" in note
    assert any("England’s line alone" in note and "Hampshire's figures of 2023/24" in note for note in notes)
    assert not any("has no figure" in note for note in authority.assemble("Kent").charts["series"].notes)


def test_englands_line_on_an_authoritys_charts_has_the_events_that_it_crosses():
    charts = authority.assemble("Kent").charts
    for name, events in {"series": ("Hackney's", "Hampshire's"), "spending": ("Salford's", "Hampshire's")}.items():
        notes = [note for note in charts[name].notes if note.startswith("England’s line alone")]
        assert all(any(event in note for note in notes) for event in events)
    assert "across breaks before 2020/21, 2022/23, 2023/24 and 2024/25" in charts["series"].description
    # Doncaster's own line crosses what is Doncaster's, so there it is told of both.
    notes = authority.assemble("Doncaster").charts["series"].notes
    assert not any(note.startswith("England’s line alone") and "Doncaster" in note for note in notes)


def test_judgements_without_a_plan_rate_to_draw_are_not_said_to_stand_under_one():
    small, large = (authority.assemble(name).charts["ofsted"] for name in ("Isles of Scilly", "Kent"))
    assert "under its plan rate" not in small.subtitle and "under its plan rate" in large.subtitle
    assert all("counts here from the day its report was published" in chart.notes[-1] for chart in (small, large))


# --- Where the figures are from ---


def source_of(text, figure):
    """What is named under a chart, in any order."""
    [found] = re.findall(rf'<figure id="{figure}">.*?<p class="source">Source: (.*?)\. <span', text, re.DOTALL)
    return sorted(html.unescape(found).split("; "))


def sources(*frames):
    """How the figures that are not missing in these frames are named."""
    told = [frame.loc[frame["status"] != "unavailable", ["release"]] for frame in frames]
    return sorted(data.sources_of(*told).split("; "))


def loaded(measures, codes, first, last):
    return [data.load(measure, area=codes, start=first, end=last) for measure in measures]


def test_every_chart_names_the_releases_of_all_it_draws(built):
    rates, everyone = ["plans_31_march", "population_0_17"], areas.authorities(NEWEST)
    drawn = [*rates, "section_47_enquiries", "repeat_plans", "plans_started"]
    edition = int(data.load("idaci_score", end=NEWEST)["year"].max())
    judged = data.load_table("inspections")
    judged = judged[judged["framework"].isin(["SIF", "ILACS"]) & (judged["grade"] != "")]
    for code, text in built[1].items():
        beside, years = (
            [code, areas.ENGLAND, *subject_of(code).near],
            [row["year"] for row in csv_beside(text, "series")],
        )
        span, newest = (int(min(years)), int(max(years))), (NEWEST, NEWEST)
        assert source_of(text, "series") == sources(*loaded([*drawn, "referrals"], beside, *span))
        assert source_of(text, "funnels") == sources(*loaded(drawn, everyone, *newest))
        scores = loaded(["idaci_score"], everyone, edition, edition)
        assert source_of(text, "deprivation") == sources(*loaded(rates, everyone, *newest), *scores)
        mine = judged[judged["area_code"] == code]
        assert source_of(text, "ofsted") == sources(mine, *loaded(rates, [code], *span))
        assert all(source_of(text, figure) for figure in ("pathway", "durations", "spending"))


# --- What is withheld here ---


def without_figure(text, figure):
    return re.sub(rf'<figure id="{figure}">.*?</figure>', "", text, flags=re.DOTALL)


def test_a_band_withheld_here_is_in_no_text_no_csv_and_no_alternative_text():
    whole = subject_of(areas.find("Kent"))
    count = ("plans_31_march_6_to_12_months", NEWEST)
    open_page, closed = (
        page.html(page.profile_of(dataclasses.replace(whole, withheld=held)))
        for held in (frozenset(), frozenset({count}))
    )
    [bar] = [
        row
        for row in csv_beside(open_page, "durations")
        if row["band"] == "6 to 12 months" and str(NEWEST) in row["plans"]
    ]
    share = float(bar["own"])
    [description] = re.findall(r'<figure id="durations">.*?<desc[^>]*>(.*?)</desc>', open_page, re.DOTALL)
    assert f"6 to 12 months: Kent {share:.1f}%" in description  # so there is something to keep back
    [bar] = [
        row
        for row in csv_beside(closed, "durations")
        if row["band"] == "6 to 12 months" and str(NEWEST) in row["plans"]
    ]
    assert (bar["own"], bar["status"]) == ("", WITHHELD_HERE)
    drawn = urllib.parse.unquote(re.search(r'<figure id="durations">.*?</figure>', closed, re.DOTALL)[0])
    assert "6 to 12 months: Kent withheld" in drawn
    assert f"{share:.1f}%" not in drawn and f"{share:.4f}" not in drawn
    note = " One or more figures are withheld here too, so that they cannot be worked out by subtraction."
    assert without_figure(closed, "durations").replace(note, "") == without_figure(open_page, "durations")


def test_a_page_that_fails_is_named_and_costs_neither_the_others_nor_its_old_self(tmp_path, monkeypatch):
    (tmp_path / "areas").mkdir()
    (tmp_path / "areas" / "kent.html").write_text("the old page")
    whole = page.profile_of

    def breaking(subject):
        if subject.name == "Kent":
            raise ValueError("something\nbroke")
        return whole(subject)

    monkeypatch.setattr(page, "profile_of", breaking)
    seen = []
    codes = authority.codes(["Kent", "Rutland"])
    made, failures = authority.build(tmp_path, codes, 1, lambda *told: seen.append(told), neighbours=None)
    assert [areas.name(code) for code in made] == ["Rutland"] and failures == ["Kent: ValueError: something broke"]
    assert (tmp_path / "areas" / "kent.html").read_text() == "the old page"
    assert seen == [(1, 2, "Kent"), (2, 2, "Rutland")]


def test_a_name_that_is_no_authority_is_refused_before_anything_is_built(tmp_path, run):
    for words in (["--areas", "Kent", "London"], ["--compare", "Kent", "London"]):
        status, _, said = run("report", "--out", tmp_path / "reports", *words)
        assert status == 2 and "London is not an authority, and only authorities have a page" in said
    assert not any(tmp_path.iterdir())


def test_compared_authorities_stand_side_by_side(tmp_path, by_command):
    path = authority.compare(tmp_path, authority.codes(["Hackney", "Islington", "E09000025"]))
    text = path.read_text("utf-8")
    assert path.name == "compare-hackney-islington-newham.html"
    [rows] = Tables(text).found.values()
    assert rows[0] == ["Indicator", "Hackney", "Islington", "Newham", "England"]
    known = by_command("indicator", "plan_rate")
    row = next(row for row in rows if row[0] == table.declared("plan_rate")["label"])
    for cell, name in zip(row[1:4], ("Hackney", "Islington", "Newham"), strict=True):
        own = known[areas.find(name), NEWEST]
        assert cell == "{:,.1f} ({:,.1f} to {:,.1f})".format(
            *(float(own[part]) for part in ("value", "lower", "upper"))
        )
    for wrong in (["Hackney"], ["Hackney", "hackney"], ["Kent", "Essex", "Devon", "Dorset", "York"]):
        with pytest.raises(BadInput, match="two to four different"):
            authority.compare(tmp_path, authority.codes(wrong))
    assert [path.name for path in (tmp_path / "areas").iterdir()] == [path.name]


def test_a_chart_that_none_of_the_compared_has_a_figure_for_is_left_out():
    tiny = authority.side_by_side(authority.codes(["City of London", "Isles of Scilly"]))
    assert tiny.table.rows and 0 < len(tiny.charts) <= 4 and all("nan" not in chart.title for chart in tiny.charts)


def test_compared_authorities_have_their_direction_and_titles_of_a_year_that_all_have():
    page = authority.side_by_side(authority.codes(["Hackney", "Hampshire"]))
    assert [text.partition(":")[0] for text in page.changes] == ["Hackney", "Hampshire"]
    own = [authority.assemble(name).sentences[1] for name in ("Hackney", "Hampshire")]
    assert [text.partition(": ")[2] for text in page.changes] == [text[0].lower() + text[1:] for text in own]
    rates = {name: table.indicator("plan_rate", name, start=NEWEST).value.iloc[0] for name in ("Hackney", "Hampshire")}
    top = max(rates, key=rates.get)
    assert page.charts[0].title == f"Children on a plan: highest in {top}, at {rates[top]:.1f}, 31 March {NEWEST}"
    tiny = authority.side_by_side(authority.codes(["City of London", "Isles of Scilly"]))
    assert tiny.charts[0].title.startswith("Children on a plan: 0.0 in City of London and Isles of Scilly, 31 March ")
