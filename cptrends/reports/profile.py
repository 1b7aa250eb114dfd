"""What an authority's page says: sentences, tables and charts, all from library calls and none typed.

Everything is computed for all authorities at once, the first time a page is asked for; a page then only
picks out its own rows. Notebook 09 and the pages of `cptrends report --areas` call the same function.
"""

import dataclasses

import numpy as np
import pandas as pd

from cptrends import data, words
from cptrends.charts import beside, context, funnels, lines, style, timeline
from cptrends.charts.tables import Table
from cptrends.data import areas, inspections, measures
from cptrends.data.status import has_value, weakest
from cptrends.errors import BadInput
from cptrends.indicators import spending, table
from cptrends.indicators.expected import expected_at_deprivation
from cptrends.indicators.proportions import DURATION_BANDS, STEPS
from cptrends.memory import remembered
from cptrends.trends.change import judge_changes
from cptrends.trends.funnels import funnel, funnel_limits

#: What the sentences may speak of: one indicator for each thing, so that one cause is not told five times.
HEADLINES = {
    "plan_rate": "children on a plan",
    "section_47_rate": "section 47 enquiries",
    "referral_rate": "referrals",
    "rereferral_share": "re-referrals",
    "conference_per_section_47": "conferences for each section 47 enquiry",
    "plan_per_conference": "plans for each conference",
    "repeat_plan_share": "repeat plans",
    "plans_ended_2_years_share": "long plans (two years or more, of those ended)",
    "reviewed_in_time_share": "reviews in time",
    "in_need_rate": "children in need",
    "looked_after_rate": "looked-after children",
}
CHARTED = ("plan_rate", "section_47_rate", "referral_rate", "repeat_plan_share")
PLACED = ("plan_rate", "section_47_rate", "repeat_plan_share")
#: An authority with fewer children than this is called small on its page.
SMALL = 5_000
#: Fewer neighbours with a figure than this have no median.
FEWEST_NEIGHBOURS = 6
#: An indicator without a figure in so many years is history, and not in the table.
RECENT_YEARS = 2
BAND_WORDS = ("3 months or less", "3 to 6 months", "6 to 12 months", "1 to 2 years", "2 years or more")
WITHHELD_HERE = "withheld here"
NO_VALUE = {
    "suppressed": "withheld",
    WITHHELD_HERE: "withheld",
    "unavailable": "not available",
    "not_applicable": "does not apply",
}


@dataclasses.dataclass(frozen=True)
class Panel:
    """Every area's figures.

    Attributes
    ----------
    names : tuple of str
        Indicators, in the register's order.
    newest : dict of str to int
        The last year in which an authority has a figure.
    figures : dict of str to pandas.DataFrame
        As `indicator` gives them, for every area; index: area_code.
    spends : dict of str to pandas.DataFrame
        Pounds for each child in need in the prices of `prices_of`; index: area_code.
    """

    names: tuple
    newest: dict
    figures: dict
    spends: dict
    prices_of: int


@remembered
def panel():
    """Every area's figures, loaded once in a process.

    Returns
    -------
    Panel
    """
    everywhere = {name: table.indicator(name) for name in table.register()}
    local = areas.authorities()
    years = {
        name: frame.loc[frame["value"].notna() & frame["area_code"].isin(local), "year"]
        for name, frame in everywhere.items()
    }
    newest = {name: int(found.max()) for name, found in years.items() if len(found)}
    names = tuple(name for name in newest if newest[name] >= max(newest.values()) - RECENT_YEARS)
    spends, prices_of = _spends()
    return Panel(
        names, newest, {name: everywhere[name].set_index("area_code", drop=False) for name in names}, spends, prices_of
    )


@remembered
def figures_of(name, year):
    """Every area's row of an indicator in a year: area_code -> row as `indicator` gives it."""
    frame = panel().figures[name]
    return _keyed(frame[frame["year"] == year])


@remembered
def standing(name, year):
    """Every authority's change into a year and its place in it, all judged together.

    Returns
    -------
    tuple of dict
        area_code -> row of `judge_changes`; -> row of `funnel`; -> (from, to, of) rank. Money is not judged.
    """
    frame = panel().figures[name]
    return judge(name, frame[frame.index.isin(areas.authorities())].reset_index(drop=True), year)


def kind_of(name):
    """What an indicator is judged as, in changes and funnels; None for what is not judged.

    >>> kind_of("plan_rate"), kind_of("repeat_plan_share"), kind_of("plan_per_conference"), kind_of("spend_per_child")
    ('rate', 'share', 'count_ratio', None)
    """
    judged_as = table.declared(name)["judged_as"]
    return None if judged_as == "none" else judged_as


def _keyed(frame):
    return {row.area_code: row for row in frame.itertuples(index=False)}


def judge(name, figures, year):
    """The same for figures given: area_code, year, value, lower, upper, numerator, denominator, status."""
    kind, per = kind_of(name), table.declared(name)["per"]
    here = figures[figures["year"] == year].reset_index(drop=True)
    if kind is None or here.empty:
        return {}, {}, {}
    changes = {}
    if (figures["year"] == year - 1).any():
        breaks = {after: what for after, what in _breaks(name) if after == year}
        changes = _keyed(judge_changes(figures, kind=kind, per=per, pairs=[(year - 1, year)], breaks=breaks))
    places = funnel(here["numerator"], here["denominator"], kind=kind, per=per, status=here["status"])
    return changes, _keyed(places.assign(area_code=here["area_code"])), _ranked(here)


def _breaks(name, codes=()):
    """Known breaks of either part: those of all areas, and those of the areas given."""
    entry = table.declared(name)
    found = {}
    for measure in (entry["numerator"], entry["denominator"]):
        for year, what in measures.breaks(measure, list(codes) or ["none"]):
            found.setdefault((year, what), None)
    return sorted(found)


def _ranked(figures):
    """The ranks each authority may have, its limits and the others' considered: 1 is the highest."""
    known = figures.dropna(subset=["value", "lower", "upper"])
    lower, upper = known["lower"].to_numpy(), known["upper"].to_numpy()
    surely_above = (lower[None, :] > upper[:, None]).sum(axis=1)
    surely_below = (upper[None, :] < lower[:, None]).sum(axis=1)
    return {
        code: (int(above) + 1, len(known) - int(below), len(known))
        for code, above, below in zip(known["area_code"], surely_above, surely_below, strict=True)
    }


def _spends():
    """Social work and safeguarding spending for each child in need, in the prices of the deflator's last year."""
    deflator = data.load("gdp_deflator").set_index("year")["value"]
    base, need, spends = int(deflator.index.max()), data.load("children_in_need_31_march"), {}
    for measure in ("social_work_spend", "safeguarding_spend"):
        frame = spending.spend_per(
            data.load(measure),
            need,
            basis="gross",
            per_what="child in need at 31 March",
            prices="real",
            deflator=deflator,
            base_year=base,
        )
        # Nothing spent on social work means that it was booked on another line.
        elsewhere = frame["numerator"] <= 0
        frame = frame.assign(
            value=frame["value"].where(~elsewhere), status=frame["status"].where(~elsewhere, "unavailable")
        )
        # Rows of years before the authorities' figures begin, or after they end, are no gaps in them.
        years = frame.loc[frame["value"].notna(), "year"]
        spends[measure] = frame[frame["year"].between(years.min(), years.max())].set_index("area_code", drop=False)
    return spends, base


def assemble(area, *, neighbours=2025):
    """What one authority's page says.

    Parameters
    ----------
    area : str
        A name or code in any usual form; also of an authority that no longer exists.
    neighbours : {2025, 2021}
        Which set of statistical neighbours.

    Returns
    -------
    dict
        code, name, slug, year (the page's newest, year ending 31 March); facts (list of term, text and links);
        sentences (five at most); table (Table) and table_notes; real (a sentence for each change that is
        probably real); charts (dict of Chart); inspections (Table or None); words (dict of sentences beside the
        charts); neighbours and region (name and links); notes. A link is (name, slug).

    Raises
    ------
    BadInput
        If it is not an authority, or there is no such set.

    Examples
    --------
    >>> page = assemble("Hackney")
    >>> page["name"], len(page["sentences"]), sorted(page["charts"])[:2]
    ('Hackney', 5, ['deprivation', 'durations'])
    """
    code = areas.find(area)
    if areas.register()[code]["level"] != "authority":
        raise BadInput(f"{areas.name(code)} is not an authority, and only authorities have a page; try Hackney")
    page = _begin(code, neighbours)
    figures = _table(page)
    page.update(figures)
    page["facts"] = _facts(page)
    page["sentences"] = _sentences(page)
    page["charts"], page["words"] = _charts(page)
    page["inspections"] = _inspections_table(code)
    page["notes"] = _notes(page)
    return page


def slug_of(code):
    """The name of an authority's page, without its ending.

    >>> slug_of("E09000012"), slug_of("E10000009")
    ('hackney', 'dorset-to-2019')
    """
    return style.slug(areas.name(code))


def _link(code):
    return areas.name(code), slug_of(code)


def _begin(code, neighbours):
    area = areas.register()[code]
    every = _neighbour_sets()
    if neighbours not in every:
        raise BadInput(
            f"there is no set of statistical neighbours {neighbours!r}; there are {words.listed(sorted(every))}"
        )
    near = every[neighbours].get(code, [])
    newest = max(panel().newest.values())
    year = min(newest, area["last_year"] or newest)
    region = areas.region_of(code)
    others = sorted(
        (c for c in areas.authorities(newest) if areas.region_of(c) == region and c != code), key=areas.name
    )
    return {
        "code": code,
        "name": area["name"],
        "slug": slug_of(code),
        "year": year,
        "ended": bool(area["last_year"]),
        "near": near,
        "neighbour_set": neighbours,
        "neighbours": [_link(c) for c in near],
        "region": areas.name(region),
        "region_code": region,
        "region_links": [_link(c) for c in others],
        "withheld_here": withheld_here(code),
    }


@remembered
def _neighbour_sets():
    frame = data.load_table("statistical_neighbours")
    frame = frame.assign(
        rank=frame["neighbour_rank"].astype(int), set=frame["release"].str[-4:].astype(int)
    ).sort_values("rank")
    return {
        year: group.groupby("area_code", sort=False)["neighbour_code"].agg(list).to_dict()
        for year, group in frame.groupby("set")
    }


def side_by_side(codes):
    """A few authorities beside each other.

    Parameters
    ----------
    codes : list of str
        Area codes of two to four authorities.

    Returns
    -------
    dict
        title, finding (a sentence), table (Table), notes, charts (list of Chart) and links (name, slug).

    Examples
    --------
    >>> page = side_by_side(["E09000012", "E09000019"])
    >>> page["title"], len(page["charts"])
    ('Hackney and Islington', 4)
    """
    pages = [_begin(code, 2025) for code in codes]
    year = min(page["year"] for page in pages)
    names, rows = [page["name"] for page in pages], []
    for name in panel().names:
        entry, when = table.declared(name), min(panel().newest[name], year)
        figures = [_figure(page, name, page["code"], when) for page in pages]
        england = figures_of(name, when).get(areas.ENGLAND)
        if all(figure is None for figure in figures):
            continue
        rows.append(
            (
                entry["label"] + ("" if when == year else f" ({words.year(when)})"),
                *(_with_limits(figure, entry) for figure in figures),
                _shown(england, entry),
            )
        )
    if not rows:
        raise BadInput(f"{words.listed(names)} have no year in common; choose authorities of the same time")
    figures = Table(
        f"Indicators, {words.year(year)} or 31 March {year}",
        ("Indicator", *names, "England"),
        tuple(rows),
        (False, *(True,) * (len(names) + 1)),
    )
    plans = {page["name"]: _figure(page, "plan_rate", page["code"], year) for page in pages}
    told = [f"{name} {_shown(figure, table.declared('plan_rate'))}" for name, figure in plans.items()]
    notes = [
        "In brackets: 95% limits of chance. Where the limits of two authorities overlap by more than a little, chance alone may "
        "explain which is higher; authorities also differ in need, thresholds and recording.",
        "“Withheld”: the publisher does not give counts from 1 to 5, and some others; it is not nought.",
    ]
    return {
        "title": words.listed(names),
        "table": figures,
        "notes": notes,
        "links": [_link(code) for code in codes],
        "finding": f"Children on a child protection plan at 31 March {year} for every 10,000: {words.listed(told)}; England "
        f"{_shown(figures_of('plan_rate', year).get(areas.ENGLAND), table.declared('plan_rate'))}.",
        "charts": [_compared_chart(pages, name) for name in CHARTED],
    }


def _with_limits(figure, entry):
    if not _valued(figure) or figure.lower != figure.lower:
        return _shown(figure, entry)
    return f"{_shown(figure, entry)} ({_value(figure.lower, entry)} to {_value(figure.upper, entry)})"


def _compared_chart(pages, name):
    entry, everyone = table.declared(name), panel().figures[name]
    kind = measures.measure(entry["numerator"])["kind"]
    series = {
        page["name"]: everyone.loc[[page["code"]]].reset_index(drop=True)
        for page in pages
        if page["code"] in everyone.index
    }
    last = {
        who: frame.dropna(subset=["value"]).iloc[-1] for who, frame in series.items() if frame["value"].notna().any()
    }
    series = {who: frame for who, frame in series.items() if who in last}
    highest = max(last, key=lambda who: last[who]["value"])
    return lines.time_series(
        series,
        title=f"{HEADLINES[name][0].upper() + HEADLINES[name][1:]}: highest in {highest}, at {_value(last[highest]['value'], entry)}",
        subtitle=f"{entry['label']}, {words.listed(series)}",
        source=_source({"year": None}, entry["numerator"]),
        kind=kind,
        percent=entry["unit"] == "percent",
        breaks=_breaks(name, [page["code"] for page in pages]),
        name=f"compared-{style.slug(name)}",
    )


# --- What is withheld by the publisher must not come out by subtraction ---


def withheld_here(code):
    """Counts that a page leaves out so that one withheld by the publisher cannot be worked out.

    Parameters
    ----------
    code : str

    Returns
    -------
    set of (measure, year)

    Notes
    -----
    Two sums tie counts together: the five bands of duration make up all plans, and a year's plans are those of
    the year before, with those started and without those ended (nearly so: records are corrected). Where just
    one figure of a sum is suppressed, another goes: of the bands the smallest of the middle three, of the
    others the plans that ended, or those that started.

    Examples
    --------
    >>> withheld_here("E09000012")
    set()
    """
    counts, hidden = _counts().get(code, {}), set()
    for year in sorted({year for _, year in counts}):
        for whole in ("plans_31_march", "plans_ended"):
            bands = [(f"{whole}_{band}", year) for band in DURATION_BANDS]
            hidden |= _another(counts, [*bands, (whole, year)], bands[1:4], hidden)
        flow = [("plans_31_march", year - 1), ("plans_31_march", year), ("plans_started", year), ("plans_ended", year)]
        hidden |= _another(counts, flow, [flow[3], flow[2]], hidden)
    return hidden


def _another(counts, members, may_go, hidden):
    """The member to withhold as well, where exactly one is suppressed and the rest would be printed."""
    figures = {member: counts.get(member) for member in members}
    if any(figure is None for figure in figures.values()):
        return set()
    gone = [m for m, (_, status) in figures.items() if status == "suppressed" or m in hidden]
    known = [m for m, (_, status) in figures.items() if has_value(status) and m not in hidden]
    if len(gone) != 1 or len(known) != len(members) - 1:
        return set()
    can = [m for m in may_go if m in known]
    if len(may_go) == 3:  # bands: the smallest that is not nought
        can.sort(key=lambda m: (figures[m][0] == 0, figures[m][0]))
    return {can[0]} if can else set()


@remembered
def _counts():
    """Counts that sums tie together: area_code -> (measure, year) -> (value, status)."""
    names = ["plans_31_march", "plans_started", "plans_ended"]
    names += [f"{whole}_{band}" for whole in ("plans_31_march", "plans_ended") for band in DURATION_BANDS]
    found = {}
    for name in names:
        frame = data.load(name, area="authorities")
        for code, year, value, status in zip(
            *(frame[c].tolist() for c in ("area_code", "year", "value", "status")), strict=True
        ):
            found.setdefault(code, {})[name, year] = value, status
    return found


# --- The table of indicators ---


def _table(page):
    """The table, what stands beside it, and the rows behind both."""
    everything, columns = (
        [],
        [
            "Indicator",
            "Number",
            "Latest",
            "Year before",
            "Is the change real?",
            "England",
            page["region"],
            "Neighbours’ median",
            "Rank",
        ],
    )
    judged = {"Probably real": [], "Could be chance": [], "Cannot tell": []}
    shown = []
    for name in panel().names:
        entry, year = table.declared(name), min(panel().newest[name], page["year"])
        now, before = (_figure(page, name, page["code"], y) for y in (year, year - 1))
        if now is None and before is None:
            continue
        changes, places, ranks = standing(name, year)
        change = changes.get(page["code"])
        if change is not None and not (_valued(now) and _valued(before)):
            change = None
        verdict = change.verdict if change else "Not judged" if kind_of(name) is None else "Cannot tell"
        judged.setdefault(verdict, []).append((name, change))
        known = _neighbour_values(page, name, year)
        middle = _median(known, page, entry)
        rank = ranks.get(page["code"]) if _valued(now) else None
        shown.append(
            {
                "name": name,
                "year": year,
                "now": now,
                "before": before,
                "change": change,
                "verdict": verdict,
                "neighbours": known,
                "place": places.get(page["code"]) if _valued(now) else None,
                "england": figures_of(name, year).get(areas.ENGLAND),
            }
        )
        everything.append(
            (
                entry["label"] + ("" if year == page["year"] else f" ({words.year(year)})"),
                _number(now, entry),
                _shown(now, entry),
                _shown(before, entry),
                verdict,
                *(_shown(figures_of(name, year).get(place), entry) for place in (areas.ENGLAND, page["region_code"])),
                middle,
                _rank(rank),
            )
        )
    caption = f"Indicators, {page['name']}, {words.year(page['year'])} or 31 March {page['year']}"
    figures = Table(
        caption, tuple(columns), tuple(everything), (False, True, True, True, False, True, True, True, True)
    )
    real = [
        _change_sentence(name, change)
        for name, change in sorted(judged["Probably real"], key=lambda pair: pair[1].chance)
    ]
    looked = len(judged["Probably real"]) + len(judged["Could be chance"])
    return {
        "table": figures if everything else None,
        "shown": shown,
        "real": real,
        "looked_at": looked,
        "table_notes": _table_notes(page, shown, looked, len(real)),
    }


def _figure(page, name, code, year):
    """A row of the panel, or what is left of it where the page withholds it."""
    row = figures_of(name, year).get(code)
    if row is None or code != page["code"]:
        return row
    entry = table.declared(name)
    if {(entry["numerator"], year), (entry["denominator"], year)} & page["withheld_here"]:
        return row._replace(
            value=np.nan, lower=np.nan, upper=np.nan, numerator=np.nan, denominator=np.nan, status=WITHHELD_HERE
        )
    return row


def _valued(row):
    return row is not None and row.value == row.value


def _shown(row, entry):
    if row is None:
        return "no figure"
    if row.value != row.value:
        return NO_VALUE[row.status]
    return _value(row.value, entry)


def _value(value, entry):
    if entry["interval"] == "none":
        return words.pounds(value)
    return words.percent(value) if entry["unit"] == "percent" else words.number(value, 1)


def _number(row, entry):
    """How many; money is in its own unit. A count may be there though what it is divided by is not."""
    if row is None:
        return ""
    if row.status in ("suppressed", WITHHELD_HERE) or row.numerator != row.numerator:
        return NO_VALUE.get(row.status, "no figure")
    return words.pounds(row.numerator) if entry["interval"] == "none" else words.number(row.numerator)


def _neighbour_values(page, name, year):
    found = [figures_of(name, year).get(code) for code in page["near"]]
    return [row.value for row in found if _valued(row)]


def _median(known, page, entry):
    if len(known) < FEWEST_NEIGHBOURS:
        return "no figure"
    left_out = f" ({len(known)} of {len(page['near'])})" if len(known) < len(page["near"]) else ""
    return _value(float(np.median(known)), entry) + left_out


def _rank(rank):
    if rank is None:
        return "not ranked"
    first, last, of = rank
    if last - first > of / 5:
        return "not ranked"
    return f"{first} of {of}" if first == last else f"{first} to {last} of {of}"


def _change_sentence(name, change):
    entry = table.declared(name)
    way = "up" if change.value > 0 else "down"
    note = f" {change.note}" if change.note else ""
    return (
        f"{entry['label']}: {way} from {_value(change.value_earlier, entry)} in {words.year(change.earlier)} to "
        f"{_value(change.value_later, entry)} in {words.year(change.later)}. Of the {change.n_areas} authorities looked at, "
        f"{change.moved_as_far:.0f}% moved as far.{note}"
    )


def _table_notes(page, shown, looked, real):
    """What a reader needs to know to read the table fairly."""
    if not shown:
        return []
    notes = [
        f"“Probably real” is said of a change that is larger than chance and an authority's ordinary ups and downs explain, "
        f"also allowing for how many authorities were looked at. {looked} changes were looked at on this page and {real} called "
        f"probably real; of all that are so called, fewer than one in twenty should be chance.",
        "A rank is given where the 95% limits of chance leave an authority within a fifth of the ranks; 1 is the highest, which is "
        "neither best nor worst. Authorities whose figure is withheld are not counted.",
        "“Withheld”: the publisher does not give counts from 1 to 5, and some others from which they could be worked out; it is not "
        "nought."
        + (
            " One or more figures are withheld here too, so that they cannot be worked out by subtraction."
            if page["withheld_here"]
            else ""
        ),
        "Spending is gross and in cash, as returned." if any(kind_of(item["name"]) is None for item in shown) else "",
    ]
    if page["near"]:
        notes.append(
            f"Neighbours are the ten statistical neighbours of the {page['neighbour_set']} set. Where one has no figure the "
            "number that have is given, and under six there is no median."
        )
    for item in shown:
        for year, what in _breaks(item["name"], [page["code"], areas.ENGLAND]):
            if item["year"] == year and what not in " ".join(notes):
                notes.append(f"Before {words.year(year)}: {what}")
    return [note for note in notes if note]


# --- Facts and sentences ---


def _facts(page):
    area = areas.register()[page["code"]]
    facts = [("Region", page["region"], [])]
    if page["near"]:
        facts.append((f"Statistical neighbours ({page['neighbour_set']} set)", "", page["neighbours"]))
    else:
        facts.append(("Statistical neighbours", f"The {page['neighbour_set']} set has none for {page['name']}.", []))
    facts.append(("Ofsted’s latest judgement", _latest_judgement(page), []))
    if area["last_year"]:
        facts.append(
            (
                f"Reported until {words.year(area['last_year'])}",
                "Then split or merged. Its series stop there and are not joined to those of its successors:",
                [_link(code) for code in area["successors"]],
            )
        )
    before = [code for code, other in areas.register().items() if page["code"] in other["successors"]]
    if before:
        facts.append(
            (
                f"Reports since {words.year(area['first_year'])}",
                "Its series begin there and are not joined to those of its predecessors:",
                [_link(code) for code in before],
            )
        )
    return facts


@remembered
def _judgements():
    return data.load_table("inspections")


def _latest_judgement(page):
    judged = _judgements()
    date = f"{page['year']}-03-31" if page["ended"] else judged["published"].max()
    latest = _latest_on(date)
    mine = latest[latest["area_code"] == page["code"]]
    if mine.empty:
        return "None overall is held under the frameworks since 2013."
    row = mine.iloc[0]
    text = f"{row['grade']}, published {timeline.words_date(row['published'])} ({row['framework']})"
    if row["status"] == "low_confidence":
        text += "; from an unofficial compilation"
    if page["code"] in latest.attrs["grade_unread"]:
        text += "; a newer report has been published whose grade is not held"
    return text + "."


@remembered
def _latest_on(date):
    return inspections.latest_judgements(_judgements(), date)


def _sentences(page):
    if not page["shown"]:
        return [
            f"{page['name']} reported until {words.year(page['year'])}, before the first figures by authority "
            "that are held here, so there is nothing of it to show; see its successors."
        ]
    shown = {item["name"]: item for item in page["shown"]}
    sentences = [
        _where(page, shown),
        _what_changed(page),
        _what_stands_out(page, shown),
        _what_is_ordinary(page, shown),
        _for_its_deprivation(page),
    ]
    return [sentence for sentence in sentences if sentence]


def _where(page, shown):
    item = shown.get("plan_rate")
    date = words.year(page["year"], "stock")
    if item is None or not _valued(item["now"]):
        why = (
            "withheld by the publisher"
            if item and item["now"] and item["now"].status == "suppressed"
            else "not available"
        )
        if (
            item
            and item["now"]
            and item["now"].status == "unavailable"
            and item["now"].numerator == item["now"].numerator
        ):
            return (
                f"At {date} {words.number(item['now'].numerator)} children in {_the(page['name'])} were on a child protection plan; "
                "a rate cannot be given, for want of a population."
            )
        return f"How many children in {_the(page['name'])} were on a child protection plan at {date} is {why}."
    sentence = (
        f"At {date} {words.number(item['now'].numerator)} children in {_the(page['name'])} were on a child protection plan, "
        f"{words.number(item['now'].value, 1)} for every 10,000, against {words.number(item['england'].value, 1)} in England"
    )
    if len(item["neighbours"]) >= FEWEST_NEIGHBOURS:
        sentence += (
            f" and {words.number(float(np.median(item['neighbours'])), 1)} in the middle of its statistical neighbours"
        )
    return sentence + "."


def _the(name):
    """A name as it stands in a sentence.

    >>> _the("City of London"), _the("Kent")
    ('the City of London', 'Kent')
    """
    return f"the {name}" if name.startswith(("City of", "Isles of", "Isle of")) and name != "Isle of Wight" else name


def _what_changed(page):
    real = sorted(
        (item for item in page["shown"] if item["verdict"] == "Probably real"), key=lambda item: item["change"].chance
    )
    if not page["looked_at"]:
        return "None of its changes since the year before can be judged: the counts are withheld, missing or too small."
    if not real:
        return (
            f"None of the {page['looked_at']} changes since the year before that could be judged is larger than chance and ordinary "
            "ups and downs explain."
        )
    told = []
    for item in real[:3]:
        entry, change = table.declared(item["name"]), item["change"]
        told.append(
            f"{_lower(entry['label'])} (from {_value(change.value_earlier, entry)} to {_value(change.value_later, entry)})"
        )
    are = "is" if len(real) == 1 else "are"
    first = "" if len(real) <= 3 else "first "
    return f"Of {page['looked_at']} changes since the year before {len(real)} {are} probably real: {first}{words.listed(told)}."


def _what_stands_out(page, shown):
    """The headline figures outside the limits for its size, furthest from its neighbours first."""
    placed = []
    for name in HEADLINES:
        item = shown.get(name)
        if item is None or item["place"] is None:
            continue
        near = [standing(name, item["year"])[1].get(code) for code in page["near"]]
        near = [row.z for row in near if row is not None and row.z == row.z]
        placed.append((abs(item["place"].z - np.median(near or [0.0])), len(near) >= FEWEST_NEIGHBOURS, item))
    placed.sort(key=lambda found: -found[0])
    limits = "the limits (99.8%, widened for how authorities differ) for one of its size"
    outside = [item for _, _, item in placed if "99.8" in item["place"].label]
    if outside:
        told = [f"{_beside(page, item)}, {item['place'].label.split(' (')[0]}" for item in outside[:2]]
        return f"Furthest from authorities like it, and outside {limits}: {'; '.join(told)}."
    compared = [item for _, enough, item in placed if enough]
    furthest = f"; furthest from its neighbours, though within them: {_beside(page, compared[0])}" if compared else ""
    return f"No headline figure lies outside {limits}{furthest}."


def _beside(page, item):
    """A headline figure with what to hold it against."""
    entry = table.declared(item["name"])
    middle = _median(item["neighbours"], page, entry)
    against = f"England {_value(item['england'].value, entry)}" if middle == "no figure" else f"neighbours {middle}"
    return f"{_lower(entry['label'])}, {_value(item['now'].value, entry)} ({against})"


def _what_is_ordinary(page, shown):
    placed = [shown[name] for name in HEADLINES if name in shown and shown[name]["place"] is not None]
    usual = [item for item in placed if item["place"].label == "not unusual"]
    if not placed:
        return "None of the headline figures can be placed among authorities of its size."
    if not usual:
        return f"None of the {len(placed)} headline figures lies within the 95% limits for its size."
    told = words.listed([HEADLINES[item["name"]] for item in usual[:4]])
    return (
        f"Ordinary for an authority of its size (within 95% limits): {len(usual)} of {len(placed)} headline figures, "
        f"{'among them' if len(usual) > 4 else 'namely'} {told}."
    )


def _for_its_deprivation(page):
    found = _deprivation(page)
    if found is None:
        return f"No score of deprivation fits the years of {page['name']}."
    row, edition, rank, of = found
    start = (
        f"{words.percent(row['score'], 0)} of children were counted as income-deprived (IDACI {edition}), which is place "
        f"{rank} of {of} where 1 is the most deprived; "
    )
    usual = (
        f"an authority as deprived, and of its size, usually has {words.number(row['expected'], 1)} children on a plan for every "
        f"10,000 ({words.number(row['lower'], 1)} to {words.number(row['upper'], 1)})"
    )
    if row["value"] != row["value"]:
        return start + usual + "."
    place = {"within": "within that range", "above": "above that range", "below": "below that range"}[row["position"]]
    return start + usual + f", and it has {words.number(row['value'], 1)}, {place}."


def _lower(label):
    return label[0].lower() + label[1:]


def _deprivation(page):
    """The authority's row of `expected_at_deprivation`, the edition, its rank and of how many."""
    scores, ranks = _idaci()
    editions = [year for code, year in scores if code == page["code"] and year <= page["year"]]
    if not editions or "plan_rate" not in panel().names:
        return None
    edition = max(editions)
    frame = _expected(page["year"], edition)
    if page["code"] not in frame.index:
        return None
    return (
        frame.loc[page["code"]],
        edition,
        int(ranks[page["code"], edition]),
        sum(year == edition for _, year in ranks),
    )


@remembered
def _idaci():
    """Scores and ranks of income deprivation affecting children, by area and edition."""
    return [
        {
            (row.area_code, row.year): row.value
            for row in data.load(name, area="authorities").dropna(subset=["value"]).itertuples()
        }
        for name in ("idaci_score", "idaci_rank")
    ]


@remembered
def _expected(year, edition):
    """Every authority's plan rate beside what is usual at its deprivation; index: area codes."""
    local = pd.Series({code: score for (code, year), score in _idaci()[0].items() if year == edition})
    plans = panel().figures["plan_rate"]
    plans = plans[(plans["year"] == year) & plans.index.isin(areas.authorities(year))]
    frame = expected_at_deprivation(
        plans["numerator"], plans["denominator"], 100 * local.reindex(plans.index), status=plans["status"]
    )
    return frame.assign(area_name=plans["area_name"])


# --- Charts ---


def _charts(page):
    """The charts, and a sentence or two beside each where it needs them."""
    charts, beside = {}, {}
    if page["shown"]:
        charts["series"] = _series_chart(page)
        if places := _funnel_panels(page):
            charts["funnels"] = _funnel_chart(page, places)
        charts["pathway"] = _pathway_chart(page)
        if durations := _durations(page):
            charts["durations"] = _durations_chart(page, durations)
        if found := _deprivation(page):
            charts["deprivation"] = _deprivation_chart(page, *found)
        else:
            beside["deprivation"] = _for_its_deprivation(page)
    if spends := _spending_chart(page):
        charts["spending"] = spends
    judged = _marked(page["code"])
    if len(judged):
        charts["ofsted"] = _ofsted_chart(page, judged)
    else:
        beside["ofsted"] = "No overall judgement under the frameworks since 2013 is held."
    return charts, beside


@remembered
def _wide(measure):
    """Values and statuses, areas x years without a gap in the years, of an indicator or of a spending line."""
    frame = panel().spends.get(measure, panel().figures.get(measure)).reset_index(drop=True)
    local = frame[frame["area_code"].isin(areas.authorities()) & frame["value"].notna()]
    years = range(int(local["year"].min()), int(local["year"].max()) + 1)
    both = frame.pivot(index="area_code", columns="year", values=["value", "status"])
    return both["value"].astype(float).reindex(columns=years), both["status"].reindex(columns=years)


def _line_panel(page, measure, label, unit, kind, breaks):
    """One small chart: from the first year that authorities have to the page's."""
    values, statuses = (part.loc[:, : page["year"]] for part in _wide(measure))
    return {
        "label": label,
        "years": list(values.columns),
        "own": _row(values, page["code"]),
        "england": _row(values, areas.ENGLAND),
        "status": statuses.loc[page["code"]].tolist() if page["code"] in statuses.index else [None] * values.shape[1],
        "others": values.reindex(page["near"]).to_numpy(),
        "unit": unit,
        "kind": kind,
        "breaks": breaks,
    }


def _row(values, code):
    return values.loc[code].to_numpy() if code in values.index else np.full(values.shape[1], np.nan)


def _indicator_panel(page, name):
    entry = table.declared(name)
    unit = "%" if entry["unit"] == "percent" else ""
    kind = measures.measure(entry["numerator"])["kind"]
    return _line_panel(page, name, entry["label"], unit, kind, _breaks(name, [page["code"]]))


def _series_chart(page):
    first = _indicator_panel(page, "plan_rate")
    own, england = first["own"][-1], first["england"][-1]
    if first["years"][-1] == page["year"] and own == own and england == england:
        than = "the same as" if f"{own:.1f}" == f"{england:.1f}" else "above" if own > england else "below"
        title = f"{words.number(own, 1)} children in 10,000 were on a plan, {than} England’s {words.number(england, 1)}"
    else:
        title = f"{page['name']} beside England, year by year"
    years = words.year(first["years"][0]), words.year(page["year"])
    return context.against(
        [first, *(_indicator_panel(page, name) for name in CHARTED[1:])],
        name_of_own=page["name"],
        title=title,
        subtitle=f"Thick line: {page['name']}; dashed: England; thin grey: its statistical neighbours. {years[0]} to {years[1]}",
        source=_source(page, "plans_31_march"),
        notes=_crosses(first, page),
        name="series",
    )


def _crosses(chart_panel, page):
    return (
        ["A cross at the foot of a chart marks a year whose count is withheld by the publisher."]
        if ("suppressed" in chart_panel["status"])
        else []
    )


def _funnel_panels(page):
    found = []
    for name in PLACED:
        item = next((item for item in page["shown"] if item["name"] == name), None)
        if item is None:
            continue
        places = pd.DataFrame(list(standing(name, item["year"])[1].values())).set_index("area_code")
        known = places.dropna(subset=["value"])
        if known.empty or (page["code"] in places.index and not _valued(item["now"])):
            places = places.drop(index=page["code"], errors="ignore")
        if known.empty:
            continue
        entry = table.declared(name)
        size = np.geomspace(max(known["denominator"].min(), 1), known["denominator"].max(), 60)
        tau2 = float(known["tau2"].iloc[0])
        limits = funnel_limits(
            size, known["target"].iloc[0], kind=kind_of(name), per=entry["per"], tau2=tau2 if tau2 == tau2 else 0.0
        )
        found.append(
            {
                "label": entry["label"],
                "places": places,
                "limits": limits,
                "unit": "%" if entry["unit"] == "percent" else "",
                "size_label": measures.measure(entry["denominator"])["label"].split(" in the year")[0],
                "item": item,
            }
        )
    return found


def _funnel_chart(page, panels):
    outside = [
        p["item"] for p in panels if p["item"]["place"] is not None and p["item"]["place"].label != "not unusual"
    ]
    placed = [p["item"] for p in panels if p["item"]["place"] is not None]
    count = ("none", "one", "two", "three")
    if not placed:
        title = f"{page['name']} cannot be placed: its figures are withheld or missing"
    elif outside:
        title = f"Outside the 95% limits for its size on {count[len(outside)]} of {count[len(placed)]}"
    else:
        title = (
            f"Within the limits for its size on all {count[len(placed)]}"
            if len(placed) > 1
            else "Within the limits for its size"
        )
    return funnels.funnels(
        panels,
        own=page["code"],
        name_of_own=page["name"],
        title=title,
        subtitle=f"Each dot an authority, the diamond {page['name']}; 95% (dashed) and 99.8% limits, widened for how authorities "
        f"differ, {words.year(page['year'])}",
        source=_source(page, "plans_31_march"),
        name="funnels",
    )


def _pathway_chart(page):
    rows = []
    for name, top, bottom in STEPS:
        year = min(panel().newest[name], page["year"])
        own, england = _figure(page, name, page["code"], year), figures_of(name, year).get(areas.ENGLAND)
        near = _neighbour_values(page, name, year)
        enough = len(near) >= FEWEST_NEIGHBOURS
        rows.append(
            {
                "step": table.declared(name)["label"],
                "own": own.value if own is not None else np.nan,
                "england": england.value if england is not None else np.nan,
                "low": min(near) if enough else np.nan,
                "high": max(near) if enough else np.nan,
                "status": own.status if own is not None else "unavailable",
            }
        )
    frame = pd.DataFrame(rows)
    first = frame.iloc[0]
    title = (
        f"{words.number(first['own'], 0)} section 47 enquiries for every 100 referrals; England {words.number(first['england'], 0)}"
        if first["own"] == first["own"]
        else "From referral to plan"
    )
    return beside.steps(
        frame,
        name_of_own=page["name"],
        title=title,
        subtitle=f"Dot: {page['name']}; upright mark: England; grey bar: from the lowest to the highest of its neighbours, "
        f"{words.year(page['year'])}",
        source=_source(page, "section_47_enquiries"),
        name="pathway",
        notes=["The events of one year, not one group of children followed through it."],
    )


def _durations(page):
    """Heading -> shares of plans in the five bands, of the newest year that has them."""
    found, nothing = {}, (np.nan, "unavailable")
    for whole, heading in ("plans_ended", "Plans that ended in {}"), ("plans_31_march", "Plans at {}"):
        shares, complete = _bands(whole)
        years = [year for year in complete if year <= page["year"]]
        if not years or (page["code"], max(years)) not in shares:
            continue
        year = max(years)
        own, england = (shares[code, year].copy() for code in (page["code"], areas.ENGLAND))
        hidden = [band for band in DURATION_BANDS if (f"{whole}_{band}", year) in page["withheld_here"]]
        own.update({band: (np.nan, WITHHELD_HERE) for band in hidden})
        found[heading.format(words.year(year, "flow" if whole == "plans_ended" else "stock"))] = pd.DataFrame(
            {
                "band": BAND_WORDS,
                "own": [own.get(band, nothing)[0] for band in DURATION_BANDS],
                "england": [england[band][0] for band in DURATION_BANDS],
                "status": [own.get(band, nothing)[1] for band in DURATION_BANDS],
            }
        )
    return found


@remembered
def _bands(whole):
    """Shares of plans in each band, (value, status) by (area, year) and band; and the years England has all bands.

    Of the published total and not of the bands' own sum, so that a band that is withheld does not change the others.
    """
    of = whole.removeprefix("plans_")
    frame = data.load_plan_durations(of)
    total = data.load(whole)[["area_code", "year", "value", "status"]]
    both = frame.merge(total, on=["area_code", "year"], how="left", suffixes=("", "_total"))
    status = weakest(both["status"].to_numpy(object), both["status_total"].fillna("unavailable").to_numpy(object))
    share = table.share(both["value"], both["value_total"], status=status)
    shares = {}
    for row in both.assign(value=share["value"], status=share["status"]).itertuples():
        shares.setdefault((row.area_code, row.year), {})[row.band] = row.value, row.status
    complete = [
        year
        for (code, year), bands in shares.items()
        if code == areas.ENGLAND and sum(value == value for value, _ in bands.values()) == len(DURATION_BANDS)
    ]
    return shares, complete


def _durations_chart(page, durations):
    heading, frame = next(iter(durations.items()))
    last = frame.iloc[-1]
    if last["own"] == last["own"]:
        title = f"{words.percent(last['own'])} of plans that ended had lasted two years or more; England {words.percent(last['england'])}"
        title = title if "ended" in heading else title.replace("that ended had", "had")
    else:
        title = "How long plans lasted: the number of two years or more is " + NO_VALUE[last["status"]]
    return beside.bands(
        durations,
        name_of_own=page["name"],
        title=title,
        subtitle=f"Share of plans in each band of duration. Bars: {page['name']}; upright marks: England",
        source=_source(page, "plans_ended"),
        name="durations",
        notes=[
            "Plans that ended and plans at 31 March are different children: long plans count for more among the second."
        ],
    )


def _deprivation_chart(page, row, edition, rank, of):
    place = {"within": "is usual for", "above": "is above what is usual for", "below": "is below what is usual for"}
    if row["value"] == row["value"]:
        title = f"{words.number(row['value'], 1)} in 10,000 {place[row['position']]} an authority as deprived"
    else:
        title = f"An authority as deprived usually has {words.number(row['expected'], 1)} children in 10,000 on a plan"
    return context.deprivation(
        _expected(page["year"], edition),
        own=page["code"],
        name_of_own=page["name"],
        title=title,
        subtitle=f"Children on a plan at 31 March {page['year']} per 10,000, by the share of children who are income-deprived; line: what is "
        "usual; upright bar: from where to where 95% of authorities as deprived and of this size would lie",
        source=_source(page, "plans_31_march", "idaci_score"),
        x_label=f"Children in income-deprived families, % (IDACI {edition})",
        y_label="Children on a plan per 10,000",
        name="deprivation",
    )


def _spending_chart(page):
    labels = {
        "social_work_spend": "Social work, per child in need",
        "safeguarding_spend": "Safeguarding, per child in need",
    }
    panels = []
    for measure, label in labels.items():
        chart = _line_panel(page, measure, label, "£", "flow", measures.breaks(measure, [page["code"]]))
        if chart["years"] and not np.isnan(chart["own"]).all():
            panels.append(chart)
    if not panels:
        return None
    at = np.flatnonzero(~np.isnan(panels[-1]["own"]))[-1]
    year, own, england = (panels[-1][part][at] for part in ("years", "own", "england"))
    against = f"; England {words.pounds(england)}" if england == england else ""
    title = f"{words.pounds(own)} on {panels[-1]['label'].split(',')[0].lower()} for each child in need in {words.year(year)}{against}"
    return context.against(
        panels,
        name_of_own=page["name"],
        title=title,
        subtitle=f"Gross spending over children in need at 31 March, in prices of {words.year(panel().prices_of)} (GDP deflator). Thick "
        f"line: {page['name']}; dashed: England; thin grey: its neighbours",
        source=_source(page, "safeguarding_spend", "gdp_deflator"),
        name="spending",
        notes=[
            "After 2018/19 social work is not published by authority. Safeguarding holds social work, commissioning and the "
            "safeguarding board. A sudden jump is often a change in where costs are booked."
        ],
    )


def _marked(code):
    """Overall judgements under the frameworks that have one, oldest first."""
    judged = _judgements()
    mine = judged[(judged["area_code"] == code) & judged["framework"].isin(["SIF", "ILACS"]) & (judged["grade"] != "")]
    return mine[mine["published"] != ""].sort_values("published")


def _ofsted_chart(page, judged):
    last = judged.iloc[-1]
    title = f"Judged {last['grade'].lower()} in the report of {timeline.words_date(last['published'])}"
    values = _row(_wide("plan_rate")[0].loc[:, : page["year"]], page["code"])
    plans = pd.DataFrame({"year": _wide("plan_rate")[0].loc[:, : page["year"]].columns, "value": values})
    return timeline.judgements(
        judged,
        plans,
        label="Children on a plan at 31 March per 10,000",
        title=title,
        subtitle=f"Ofsted’s overall judgements of {page['name']}, by date of publication, under its plan rate",
        source=_source(page, "plans_31_march", judgements=True),
        name="ofsted",
        notes=["That one followed the other does not show that it caused it."],
    )


def _inspections_table(code):
    judged = _judgements()
    mine = judged[
        (judged["area_code"] == code) & ((judged["grade"] != "") | judged["framework"].isin(["SLAC", "CPI", "TLAC"]))
    ]
    mine = mine[mine["published"] != ""].sort_values("published", ascending=False)
    if mine.empty:
        return None
    rows = tuple(
        (
            timeline.words_date(row.published),
            row.framework,
            row.grade_as_judged or "none overall",
            row.help_and_protection or row.safeguarding or "",
            row.leadership or "",
            "unofficial compilation" if row.status == "low_confidence" else "Ofsted",
        )
        for row in mine.itertuples()
    )
    return Table(
        "Ofsted’s judgements, in the words used then",
        ("Published", "Framework", "Overall", "Help and protection", "Leadership", "Source"),
        rows,
        (False,) * 6,
    )


def _source(page, *names, judgements=False):
    """Publishers, and the newest release used of each measure."""
    found = [_source_of(name, page["year"]) for name in names] + (["Ofsted, inspection outcomes"] if judgements else [])
    return "; ".join(dict.fromkeys(found))


@remembered
def _source_of(name, year):
    frame = data.load(name, end=year)
    return data.source_names()[frame.loc[frame["year"] == frame["year"].max(), "release"].iloc[0]]


def _notes(page):
    """What else a reader of this page should know."""
    notes = []
    children = figures_of("referral_rate", page["year"]).get(page["code"])
    if _valued(children) and children.denominator < SMALL:
        notes.append(
            f"{page['name']} has about {words.number(round(children.denominator, -2))} children. Its counts are so "
            "small that one family can move a rate by a third; most are withheld, and none should be read as a trend."
        )
    withheld = sum(cell == "withheld" for row in page["table"].rows for cell in row[1:]) if page["table"] else 0
    if withheld:
        notes.append(
            f"{withheld} cells of the table say withheld. A withheld figure is never taken as nought, and no total on this "
            "page lets it be worked out."
        )
    return notes
