"""The arithmetic that claims are checked by: each operation is declared as data and computed here.

A calculation is a table with the key `operation` and that operation's own keys. Its result keeps every
input with its release and status, and carries the inputs' rounding through: `low` and `high` are the
least and most the value can be, given what the publisher rounded.
"""

import itertools
import math

from cptrends import data, words
from cptrends.data import areas, loading, measures, rounding
from cptrends.errors import BadInput
from cptrends.memory import remembered

#: The two sets of figures a claim is judged on.
THEN, TODAY = "as_published", "latest"


class Missing(Exception):
    """A figure that a calculation needs is not there; the message says which and why."""


def evaluate(calculation, release=THEN):
    """Compute one calculation.

    Parameters
    ----------
    calculation : dict
        `operation` and its keys; see `OPERATIONS`.
    release : str
        For figures that the calculation does not pin to a release itself.

    Returns
    -------
    dict
        value (float, bool or str; None if it cannot be computed), low, high (float: what rounding
        allows), period (str), inputs (list of dict), unverified (list of str), missing (str: why
        there is no value), note (str).

    Raises
    ------
    BadInput
        If the calculation names what does not exist.

    >>> evaluate({"operation": "percent_change", "measure": "plans_started", "from": 2002, "to": 2015})["value"]
    123.741...
    """
    function = OPERATIONS[calculation["operation"]]["compute"]
    inputs = []
    fetch = _fetcher(inputs, calculation.get("release", release))
    result = {"value": None, "low": None, "high": None, "period": _period(calculation), "missing": "", "note": ""}
    try:
        result |= function(calculation, fetch)
    except Missing as reason:
        result["missing"] = str(reason)
    except ZeroDivisionError:
        result["missing"] = "it would divide by nought"
    unverified = [f"{i['measure']} {i['area']} {i['year']}" for i in inputs if i["status"] == "unverified"]
    if result["low"] is None and isinstance(result["value"], float):
        result |= {"low": result["value"], "high": result["value"]}
    return {**result, "inputs": inputs, "unverified": unverified}


def _fetcher(inputs, release):
    """A function that fetches one figure and remembers it."""

    def fetch(measure, area, year):
        code, value, status, source = figure(measure, area, year, release)
        half = rounding.half_unit(measure, code, value, status, source)
        inputs.append(
            {
                "measure": measure,
                "area": areas.name(code),
                "year": int(year),
                "value": _number(value),
                "status": status,
                "release": source,
                "half_rounding": half,
            }
        )
        if value != value:
            label, when = measures.measure(measure)["label"], words.year(int(year), measures.measure(measure)["kind"])
            raise Missing(f"{label} of {areas.name(code)}, {when}, is {status.replace('_', ' ')}")
        return float(value), half

    fetch.release = release
    fetch.inputs = inputs
    return fetch


def _number(value):
    return None if value != value else float(value)


def figure(measure, area, year, release=THEN):
    """One figure of one area and year, from tables that are read once.

    Parameters
    ----------
    measure, area : str
    year : int
    release : str
        As for `cptrends.data.load`.

    Returns
    -------
    tuple
        area_code, value (NaN when there is no number), status, release.

    Raises
    ------
    BadInput
        In the words of `cptrends.data.load`, if there is no such figure.

    >>> figure("referrals", "England", 2015)
    ('E92000001', 635600.0, 'rounded', 'cin-2015')
    """
    code = areas.find(area)
    found = _table(measure, release).get((code, int(year)))
    if found is None:
        data.load(measure, area=area, start=year, end=year, release=release)  # refuses, and says what there is
    return code, *found


@remembered
def _table(measure, release):
    """Every figure of a measure by area and year: value, status, release."""
    measures.measure(measure)
    figures = loading.pick(measure, release)  # as `load`, without its names and order: it halves the time
    columns = (figures[name].tolist() for name in ("area_code", "year", "value", "status", "release"))
    return {(code, year): found for code, year, *found in zip(*columns)}


@remembered
def _authorities(measure, year, release):
    """One year's figures of the authorities, by code. Not to be changed in place."""
    return data.load(measure, area="authorities", start=year, end=year, release=release).set_index("area_code")["value"]


def _spread(function, *pairs):
    """A function of rounded inputs: its value, and the least and most it can be."""
    value = function(*(value for value, _ in pairs))
    corners = itertools.product(*(((v - h, v + h) if h else (v,)) for v, h in pairs))
    results = [function(*corner) for corner in corners]
    return {"value": float(value), "low": float(min(results)), "high": float(max(results))}


def _area(c):
    return c.get("area", "England")


def _level(c, fetch):
    scale = c.get("scale", 1)
    return _spread(lambda v: v * scale, fetch(c["measure"], _area(c), c["year"]))


def _change(c, fetch):
    pairs = fetch(c["measure"], _area(c), c["from"]), fetch(c["measure"], _area(c), c["to"])
    sign = _sign(c)
    return {**_spread(lambda a, b: sign * (b - a), *pairs), "note": _break_note(c)}


def _percent_change(c, fetch):
    pairs = fetch(c["measure"], _area(c), c["from"]), fetch(c["measure"], _area(c), c["to"])
    if pairs[0][0] <= 0:
        raise Missing(
            f"the figure of {c['from']} is {pairs[0][0]:g}, and a percentage needs more than nought to start from"
        )
    sign = _sign(c)
    return {**_spread(lambda a, b: sign * 100 * (b / a - 1), *pairs), "note": _break_note(c)}


def _sign(c):
    """A claim that something fell by so much states the fall as a positive number."""
    return -1 if c.get("fall") else 1


def _break_note(c):
    crossed = [
        what for year, what in measures.breaks(c["measure"], areas.select(_area(c))) if c["from"] < year <= c["to"]
    ]
    return " ".join(f"Across a break: {what}" for what in crossed)


def _share(c, fetch):
    pairs = fetch(c["numerator"], _area(c), c["year"]), fetch(c["denominator"], _area(c), c["year"])
    return _spread(lambda a, b: c.get("per", 100) * a / b, *pairs)


def _share_change(c, fetch):
    return _spread(
        lambda a, b, x, y: 100 * x / y - 100 * a / b,
        *(fetch(c[part], _area(c), c[year]) for year in ("from", "to") for part in ("numerator", "denominator")),
    )


def _rate_percent_change(c, fetch):
    return _spread(
        lambda a, b, x, y: 100 * ((x / y) / (a / b) - 1),
        *(fetch(c[part], _area(c), c[year]) for year in ("from", "to") for part in ("numerator", "denominator")),
    )


def _per_head(c, fetch):
    """England's ratio of two measures, or the lowest, median or highest of the authorities'."""
    if c.get("take", "england") == "england":
        pairs = fetch(c["numerator"], "England", c["year"]), fetch(c["denominator"], "England", c["year"])
        return _spread(lambda a, b: c.get("per", 1) * a / b, *pairs)
    ratios = _authority_ratios(c, fetch)
    if ratios.empty:
        raise Missing(f"no authority has both figures in {c['year']}")
    if c["take"] in ("median", "mean"):
        fetch.inputs.extend(
            _authorities_input(c[part], c["year"], fetch.release, ratios) for part in ("numerator", "denominator")
        )
        return {"value": float(ratios.agg(c["take"])), "note": f"The {c['take']} of {len(ratios)} authorities."}
    at = ratios.idxmin() if c["take"] == "lowest" else ratios.idxmax()
    fetch(c["numerator"], at, c["year"]), fetch(c["denominator"], at, c["year"])
    left_out = words.listed([areas.name(areas.find(a)) for a in c.get("leave_out", [])])
    note = f"{areas.name(at)}, of {len(ratios)} authorities" + (f"; left out: {left_out}." if left_out else ".")
    return {"value": float(ratios[at]), "note": note}


def _authority_ratios(c, fetch):
    """The ratio of two measures for every authority that has both, the ones left out by name apart."""
    over, under = (_authorities(c[part], c["year"], fetch.release) for part in ("numerator", "denominator"))
    ratios = (c.get("per", 1) * over / under).dropna()
    return ratios[(ratios > 0) & ~ratios.index.isin([areas.find(area) for area in c.get("leave_out", [])])]


def _authorities_up(c, fetch):
    """The share of authorities whose ratio of two measures is higher in one year than in another."""
    first, last = (_authority_ratios({**c, "year": c[year]}, fetch) for year in ("from", "to"))
    both = first.index.intersection(last.index)
    if both.empty:
        raise Missing("no authority has both figures in both years")
    for part in ("numerator", "denominator"):
        for year in (c["from"], c["to"]):
            fetch(c[part], "England", year)
    up = int((last[both] > first[both]).sum())
    return {"value": 100 * up / len(both), "note": f"{up} of the {len(both)} authorities with figures in both years."}


def _authorities_without(c, fetch):
    """How many authorities gave no figure at all; one that is withheld was given."""
    there = areas.authorities(c["year"])
    table, absent = _table(c["measure"], fetch.release), (None, "unavailable", "")
    without = [code for code in there if table.get((code, c["year"]), absent)[1] == "unavailable"]
    fetch(c["measure"], "England", c["year"])
    return {
        "value": float(len(without)),
        "note": f"Of {len(there)}: {words.listed(map(areas.name, without)) or 'none'}.",
    }


def _all_above(c, fetch):
    """Whether each of some measures is above every one of some others."""
    above = {name: fetch(name, _area(c), c["year"])[0] for name in c["measures"]}
    below = {name: fetch(name, _area(c), c["year"])[0] for name in c["others"]}
    least, most = min(above, key=above.get), max(below, key=below.get)
    said = [
        f"{measures.measure(name)['label']}, {words.number(value)}"
        for name, value in ((least, above[least]), (most, below[most]))
    ]
    return {
        "value": above[least] > below[most],
        "note": f"The lower of the first: {said[0]}. The highest of the others: {said[1]}.",
    }


def _rank(c, fetch):
    """An authority's place among all, 1 the highest."""
    value, _ = fetch(c["measure"], c["area"], c["year"])
    known = _authorities(c["measure"], c["year"], fetch.release).dropna()
    higher = (known > value) if c.get("highest_first", True) else (known < value)
    return {"value": float(higher.sum() + 1), "note": f"Of {len(known)} authorities with a figure."}


def _above_all(c, fetch):
    """Whether a year's figure is above those of every year in a span."""
    value, half = fetch(c["measure"], _area(c), c["year"])
    others, absent = [], []
    for year in range(c["from"], c["to"] + 1):
        try:
            others.append((year, *fetch(c["measure"], _area(c), year)))
        except (BadInput, Missing):
            absent.append(str(year))
    if absent:
        raise Missing(f"no figure for {words.listed(absent)}")
    highest = max(others, key=lambda other: other[1])
    note = f"The highest of the {len(others)} years is {words.number(highest[1])}, in {words.year(highest[0])}."
    if abs(value - highest[1]) <= half + highest[2]:
        note += " The difference is within the rounding."
    return {"value": bool(value > highest[1]), "note": note}


def _direction(c, fetch):
    """Up, down or level between two years, beyond what rounding could do, and how steadily.

    With `denominator` the ratio of the two is followed; with `real_terms` in the prices of 2024-25.
    """
    table, code = _table(c["measure"], fetch.release), areas.find(_area(c))
    years = [
        year for year in range(c["from"], c["to"] + 1) if (found := table.get((code, year))) and found[0] == found[0]
    ]
    if absent := [year for year in (c["from"], c["to"]) if year not in years]:
        raise Missing(
            f"no figure for {words.listed(words.year(year, measures.measure(c['measure'])['kind']) for year in absent)}"
        )
    figures = [(year, *_of_year(c, fetch, year)) for year in years]
    (_, first, half), (_, last, other) = figures[0], figures[-1]
    way = "up" if last - first > half + other else "down" if first - last > half + other else "level"
    steps = [b[1] - a[1] for a, b in itertools.pairwise(figures)]
    agree = sum(step > 0 if way == "up" else step < 0 for step in steps)
    note = f"{words.number(first, _digits(first))} to {words.number(last, _digits(last))}"
    note += "." if way == "level" else f"; {agree} of {len(steps)} steps between the years there are go that way."
    if absent := sorted(set(range(c["from"], c["to"] + 1)) - set(years)):
        note += f" No figure for {len(absent)} of the years."
    return {"value": way, "note": f"{note} {_break_note(c)}".strip()}


def _of_year(c, fetch, year):
    """A year's figure and what its rounding leaves open on either side."""
    pairs = [fetch(c["measure"], _area(c), year)]
    pairs.append(fetch(c["denominator"], _area(c), year) if "denominator" in c else (1.0, 0.0))
    pairs.append(fetch("gdp_deflator", "England", year) if c.get("real_terms") else (100.0, 0.0))
    result = _spread(lambda value, over, prices: 100 * value / over / prices, *pairs)
    return result["value"], (result["high"] - result["low"]) / 2


def _digits(value):
    return 0 if float(value).is_integer() or abs(value) >= 100 else 1


def _grade_share(c, fetch):
    """The share of authorities judged, by a date, to be of certain grades."""
    counts, judged = _grades(c, fetch)
    listed = ", ".join(f"{grade} {number}" for grade, number in counts.items())
    return {
        "value": 100 * sum(counts[grade] for grade in c["grades"]) / judged,
        "note": f"{listed}, of {judged} authorities.",
    }


def _grade_count(c, fetch):
    counts, judged = _grades(c, fetch)
    return {"value": float(sum(counts[grade] for grade in c["grades"])), "note": f"Of {judged} authorities judged."}


def _not_yet_judged(c, fetch):
    """How many of the authorities there were had no overall judgement by a date."""
    _, judged = _grades(c, fetch)
    there = len(areas.authorities(int(c["date"][:4]) + (c["date"][5:] > "03-31")))
    return {"value": float(there - judged), "note": f"{judged} of {there} authorities judged by then."}


def _grades(c, fetch):
    """How many authorities stood at each grade, and how many were judged."""
    from cptrends.data import inspections

    standing = _standing(c, fetch)["grade"].value_counts()
    return {grade: int(standing.get(grade, 0)) for grade in inspections.GRADES}, int(standing.sum())


def _standing(c, fetch):
    """The judgement each authority stood under on a date."""
    frameworks = tuple(c.get("frameworks", ("SIF", "ILACS")))
    judged = _judgements(c["date"], frameworks, c.get("by", "published"), c.get("published_by"))
    if judged.empty:
        raise Missing(f"no authority had been judged under {words.listed(frameworks)} by {c['date']}")
    fetch.inputs.append(_judgements_input(c["date"], judged))
    return judged


@remembered
def _judgements(date, frameworks, by, published_by):
    from cptrends.data import inspections

    return inspections.latest_judgements(
        data.load_table("inspections"), date, frameworks, by=by, published_by=published_by
    )


def _judgements_input(date, judged, releases=None):
    return {
        "measure": "inspections",
        "area": "authorities",
        "year": int(date[:4]),
        "value": float(len(judged)),
        "status": "reported",
        "release": max(judged["release"] if releases is None else releases),
        "half_rounding": 0.0,
    }


def _printed_share(c, fetch):
    """A share of grades that Ofsted printed, or a text that quotes it, where no list of authorities is held."""
    printed = data.load_table("grades_as_printed")
    rows = printed[printed["framework"].str.startswith(c["framework"]) & (printed["as_at"] == c["as_at"])]
    rows = rows[rows[c["column"]] != ""]
    if rows.empty:
        raise Missing(f"no source held prints {c['column']} of {c['framework']} for {c['as_at']}")
    row = rows.iloc[0]
    value = float(row[c["column"]])
    half = 0.5 if value.is_integer() else 0.05
    fetch.inputs.append(
        {
            "measure": f"{row['framework']}, {row['as_at']}",
            "area": "England",
            "year": int(row["as_at"][:4]),
            "value": value,
            "status": "unverified" if row["evidence"] == "unverified" else "rounded",
            "release": row["release"],
            "half_rounding": half,
        }
    )
    return {"value": value, "low": value - half, "high": value + half, "note": row["note"]}


def _decile_ratio(c, fetch):
    """The most deprived tenth over the least: of authorities by computation, of neighbourhoods as a study printed."""
    return _authority_tenths(c, fetch) if c["unit"] == "authority" else _neighbourhood_tenths(c, fetch)


def _authority_tenths(c, fetch):
    from cptrends.indicators import inequality

    index = _authorities(f"{c['index']}_score", c["index_year"], TODAY)
    counts, children = (_authorities(c[part], c["year"], fetch.release) for part in ("numerator", "denominator"))
    both = counts.index.intersection(children.index)
    table = inequality.most_to_least(
        counts[both], children[both], index.reindex(both), unit="authority", missing="leave_out"
    )
    row = table[(table["comparison"] == "ratio") & (table["average"].str.startswith(c.get("average", "pooled")))].iloc[
        0
    ]
    if row["value"] != row["value"]:
        raise Missing(row["note"] or "the ratio cannot be computed")
    for part in ("numerator", "denominator"):
        fetch(c[part], "England", c["year"])
    rates = f"{row['most_deprived']:.1f} and {row['least_deprived']:.1f} per 10,000"
    return {
        "value": float(row["value"]),
        "note": f"Tenths of authorities by {c['index'].upper()} {c['index_year']}, {row['average']}: {rates}.",
    }


def _neighbourhood_tenths(c, fetch):
    """The ratio from a study's rates by tenth, or the ratio itself where that is all a study prints."""
    import pandas as pd

    table = data.load_table("neighbourhood_deciles")
    of = {"study": c["study"], "country": c.get("country", "England"), "measure": c["measure"]}
    rows = table[(table[list(of)] == pd.Series(of)).all(axis=1)].set_index("decile")
    if "10 v 1" in rows.index:
        row = rows.loc["10 v 1"]
        pairs, said = [(float(row["ratio_to_decile_1"]), 0.5)], f"{row['ratio_to_decile_1']} times as printed"
    elif {"1", "10"} <= set(rows.index):
        row = rows.loc["10"]
        pairs = [(float(rows.loc[decile, "rate_per_10000"]), 0.5) for decile in ("10", "1")]
        said = f"{pairs[0][0]:g} and {pairs[1][0]:g} per 10,000"
    else:
        raise Missing(f"{c['study']} gives no rates by tenth for {c['measure']}")
    fetch.inputs.append(
        {
            "measure": f"{c['measure']} by tenth of neighbourhoods, {c['study']}",
            "area": row["country"],
            "year": 2015,
            "value": pairs[0][0],
            "status": "unverified" if row["evidence"] == "unverified" else "rounded",
            "release": "neighbourhood-deciles",
            "half_rounding": 0.5,
        }
    )
    ratio = _spread(lambda most, least=1.0: most / least, *pairs)
    return {**ratio, "note": f"Tenths of neighbourhoods, {c['study']} ({row['sample']}): {said}."}


def _association(c, fetch):
    """Whether authorities' grades on a date go with a figure, by a test stated beforehand.

    Positive means that better grades go with higher figures. "none" is an interval that holds nought.
    """
    from cptrends.indicators import association

    grades = _standing(c, fetch).set_index("area_code")["grade"]
    figures = _figures_for(c, fetch, grades.index)
    kind = "groups" if c["against"] == "region" else "ordered"
    scores = association.grade_score(grades)
    x, y = (figures, scores) if kind == "groups" else (scores, figures)
    row = association.association(x, y, kind=kind, names=("grade", *c.get("called", [c["against"]]))).iloc[0]
    if row["value"] != row["value"]:
        raise Missing(row["sentence"])
    if kind == "groups":
        way = "none" if row["chance"] >= 0.05 else "some"
    else:
        way = "none" if row["lower"] <= 0 <= row["upper"] else "positive" if row["value"] > 0 else "negative"
    return {"value": way, "effect": float(row["value"]), "note": str(row["sentence"])}


def _figures_for(c, fetch, codes):
    """The figure, or region, that goes with each of these authorities."""
    if c["against"] == "region":
        return [areas.name(areas.region_of(code)) for code in codes]
    if c["against"] == "per_head":
        frame = _authority_ratios(c, fetch)
        inputs = [c["numerator"], c["denominator"]]
    else:
        frame = _authorities(c["against"], c["year"], fetch.release)
        inputs = [c["against"]]
    fetch.inputs.extend(_authorities_input(measure, c["year"], fetch.release, frame) for measure in inputs)
    return frame.reindex(codes).to_numpy(float)


def _authorities_input(measure, year, release, frame):
    """What is noted of a figure of every authority: how many have one, and where it is from."""
    return {
        "measure": measure,
        "area": "authorities",
        "year": int(year),
        "value": float(frame.notna().sum()),
        "status": "reported",
        "release": _table(measure, release)[frame.index[0], year][2],
        "half_rounding": 0.0,
    }


def _correlation(c, fetch):
    """Whether two figures go together across authorities; the second may be a ratio."""
    from cptrends.indicators import association

    first = _authorities(c["measure"], c["measure_year"], fetch.release)
    second = _authority_ratios(c, fetch)
    both = first.index.intersection(second.index)
    row = association.association(
        first[both].to_numpy(), second[both].to_numpy(), kind="ordered", names=tuple(c["called"])
    ).iloc[0]
    fetch.inputs.append(_authorities_input(c["measure"], c["measure_year"], fetch.release, first))
    fetch.inputs.extend(
        _authorities_input(c[part], c["year"], fetch.release, second) for part in ("numerator", "denominator")
    )
    if row["value"] != row["value"]:
        raise Missing(row["sentence"])
    way = "none" if row["lower"] <= 0 <= row["upper"] else "positive" if row["value"] > 0 else "negative"
    return {"value": way, "effect": float(row["value"]), "note": str(row["sentence"])}


def _recovery(c, fetch):
    """Time from an Inadequate judgement to the next better one: the median, those still waiting counted.

    With `improved_only` those still waiting are left out, as a survey of improved authorities would.
    """
    from cptrends.indicators import recovery

    spells, releases = _spells(c["date"], tuple(c.get("frameworks", ("SIF", "ILACS"))))
    fetch.inputs.append(_judgements_input(c["date"], spells, releases))
    unit, waiting = {"years": 1, "months": 12}[c.get("in", "years")], int((~spells["better"]).sum())
    if c.get("improved_only"):
        improved = spells.loc[spells["better"], "years"]
        if improved.empty:
            raise Missing(f"none had been judged better by {c['date']}")
        note = f"Median of the {len(improved)} judged better by {c['date']}; {waiting} still waiting are left out."
        return {"value": float(improved.median() * unit), "note": note}
    row = recovery.recovery_time(spells).iloc[0]
    if row["value"] != row["value"]:
        raise Missing(row["note"])
    upper = f"{row['upper'] * unit:.1f}" if row["upper"] == row["upper"] else "beyond what is seen yet"
    note = f"Median over {len(spells)} judgements, {waiting} still waiting on {c['date']}; "
    note += f"95% interval {row['lower'] * unit:.1f} to {upper}."
    return {"value": float(row["value"] * unit), "note": note}


@remembered
def _spells(date, frameworks):
    """The stretches that authorities spent on Inadequate up to a date, and the releases that tell of them."""
    from cptrends.indicators import recovery

    judgements = data.load_table("inspections")
    known = judgements["release"][judgements["published"].between("2000", date)]
    return recovery.inadequate_spells(judgements, date, frameworks=frameworks), tuple(known.unique())


def _after_inadequate(c, fetch):
    """Whether performance went up or down after an Inadequate judgement, against matched authorities.

    Performance is one indicator; `higher_is` says whether a rise of it is better or worse.
    """
    frameworks, later = tuple(c.get("frameworks", ("SIF", "ILACS"))), c.get("years_after", 2)
    row, release, judged = _inadequate_study(c["indicator"], c["to"], fetch.release, frameworks, later)
    fetch.inputs.append(_judgements_input(f"{c['to']}-03-31", judged))
    fetch.inputs.append(
        {
            "measure": c["indicator"],
            "area": "authorities",
            "year": int(c["to"]),
            "value": float(row["n_areas"]),
            "status": "reported",
            "release": release,
            "half_rounding": 0.0,
        }
    )
    if row["lower"] != row["lower"]:
        raise Missing(row["note"] or "too few judgements with figures on both sides")
    rise = "down" if c["higher_is"] == "worse" else "up"
    fall = "up" if c["higher_is"] == "worse" else "down"
    way = "none" if row["lower"] <= 0 <= row["upper"] else rise if row["value"] > 0 else fall
    note = (
        f"{c['indicator'].replace('_', ' ').capitalize()}: {words.signed(row['value'], 1)} "
        f"(95% interval {words.signed(row['lower'], 1)} to {words.signed(row['upper'], 1)}) "
        f"{later} year{'s' * (later > 1)} after, {int(row['n_areas'])} authorities against matched ones."
    )
    return {"value": way, "effect": float(row["value"]), "note": note}


@remembered
def _inadequate_study(indicator, to, release, frameworks, years_after):
    import pandas as pd

    from cptrends.indicators import recovery, table

    figures = table.indicator(indicator, "authorities", end=to, release=release)
    judgements = data.load_table("inspections")
    inadequate = judgements[(judgements["grade"] == "Inadequate") & judgements["framework"].isin(frameworks)]
    dates = pd.to_datetime(inadequate["published"])
    inadequate = inadequate.assign(year=dates.dt.year + (dates.dt.month > 3))
    inadequate = inadequate[inadequate["year"] < to]
    result = recovery.event_study(figures, inadequate[["area_code", "year"]], placebo=False)
    row = result[(result["kind"] == "judgement") & (result["relative_year"] == years_after)].iloc[0]
    source = table.register()[indicator]["numerator"]
    return row, _table(source, release)[areas.ENGLAND, to][2], inadequate


def needs(c):
    """The keys a calculation needs: its operation's own, and what its other keys then ask for.

    Parameters
    ----------
    c : dict
        With an operation that there is.

    Returns
    -------
    tuple of str

    >>> needs({"operation": "association", "against": "region"})
    ('date', 'against')
    """
    further = ()
    if c["operation"] == "decile_ratio":
        further = (
            ("study", "measure")
            if c.get("unit") == "neighbourhood"
            else ("numerator", "denominator", "year", "index", "index_year")
        )
    if c["operation"] == "association" and c.get("against") != "region":
        further = ("numerator", "denominator", "year") if c.get("against") == "per_head" else ("year",)
    return (*OPERATIONS[c["operation"]]["needs"], *further)


def _period(c):
    """The time a calculation is of, as the measure's kind has it."""
    if "date" in c or "as_at" in c:
        return c.get("date", c.get("as_at"))
    if "indicator" in c:
        return f"to {words.year(c['to'])}"
    name = c.get("measure") or c.get("numerator") or c.get("measures", [None])[0]
    if c.get("unit") == "neighbourhood" or not name:
        return ""
    if "from" in c:
        return f"{_when(name, c['from'])} to {_when(name, c['to'])}"
    return _when(name, c["year"])


def _when(name, year):
    """A measure's year in words; populations are of the mid-year before."""
    return f"mid-{year - 1}" if name.startswith("population") else words.year(year, measures.measure(name)["kind"])


def _operation(compute, needs, may=(), answer="number"):
    return {"compute": compute, "needs": tuple(needs), "may": (*may, "operation", "release"), "answer": answer}


#: What can be computed: for each operation the keys it needs, those it may have, and what it answers.
OPERATIONS = {
    "level": _operation(_level, ["measure", "year"], ["area", "scale"]),
    "change": _operation(_change, ["measure", "from", "to"], ["area", "fall"]),
    "percent_change": _operation(_percent_change, ["measure", "from", "to"], ["area", "fall"]),
    "share": _operation(_share, ["numerator", "denominator", "year"], ["area", "per"]),
    "share_change": _operation(_share_change, ["numerator", "denominator", "from", "to"], ["area"]),
    "rate_percent_change": _operation(_rate_percent_change, ["numerator", "denominator", "from", "to"], ["area"]),
    "per_head": _operation(_per_head, ["numerator", "denominator", "year"], ["per", "take", "leave_out"]),
    "authorities_up": _operation(_authorities_up, ["numerator", "denominator", "from", "to"], ["leave_out"]),
    "authorities_without": _operation(_authorities_without, ["measure", "year"]),
    "rank": _operation(_rank, ["measure", "area", "year"], ["highest_first"]),
    "above_all": _operation(_above_all, ["measure", "year", "from", "to"], ["area"], "yes or no"),
    "all_above": _operation(_all_above, ["measures", "others", "year"], ["area"], "yes or no"),
    "direction": _operation(_direction, ["measure", "from", "to"], ["area", "denominator", "real_terms"], "direction"),
    "grade_share": _operation(_grade_share, ["grades", "date"], ["frameworks", "by", "published_by"]),
    "grade_count": _operation(_grade_count, ["grades", "date"], ["frameworks", "by", "published_by"]),
    "not_yet_judged": _operation(_not_yet_judged, ["date"], ["frameworks"]),
    "printed_share": _operation(_printed_share, ["framework", "as_at", "column"]),
    "decile_ratio": _operation(
        _decile_ratio,
        ["unit"],
        ["study", "country", "measure", "numerator", "denominator", "year", "index", "index_year", "average"],
    ),
    "association": _operation(
        _association,
        ["date", "against"],
        ["frameworks", "year", "numerator", "denominator", "per", "called", "leave_out"],
        "direction",
    ),
    "correlation": _operation(
        _correlation,
        ["measure", "measure_year", "numerator", "denominator", "year", "called"],
        ["per", "leave_out"],
        "direction",
    ),
    "recovery": _operation(_recovery, ["date"], ["frameworks", "in", "improved_only"]),
    "after_inadequate": _operation(
        _after_inadequate, ["indicator", "to", "higher_is"], ["frameworks", "years_after"], "direction"
    ),
}

#: The words that a key may have, or that each of its list may be.
CHOICES = {
    "take": ("england", "lowest", "median", "mean", "highest"),
    "grades": ("Outstanding", "Good", "Requires improvement", "Inadequate"),
    "frameworks": ("SLAC", "CPI", "TLAC", "SIF", "ILACS"),
    "by": ("published", "inspected"),
    "unit": ("authority", "neighbourhood"),
    "index": ("imd", "idaci"),
    "average": ("pooled", "mean"),
    "higher_is": ("better", "worse"),
    "in": ("years", "months"),
    "column": ("pct_good_or_outstanding", "pct_ri_or_adequate", "pct_inadequate"),
}

#: Keys that hold a list.
LISTS = ("grades", "frameworks", "leave_out", "called", "measures", "others")

#: The answers an operation that does not give a number may give.
ANSWERS = {"yes or no": (True, False), "direction": ("up", "down", "level", "none", "some", "positive", "negative")}


def close_enough(one, other):
    """Whether two computed numbers are the same but for the last digits of floating point.

    >>> close_enough(123.7, 123.7 + 1e-12)
    True
    """
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
