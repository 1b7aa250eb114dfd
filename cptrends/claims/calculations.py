"""The arithmetic that claims are checked by: each operation is declared as data and computed here.

A calculation is a table with the key `operation` and that operation's own keys. Its result keeps every
input with its release and status, and carries the inputs' rounding through: `low` and `high` are the
least and most the value can be, given what the publisher rounded.
"""

import itertools
import math

from cptrends import data, words
from cptrends.data import areas, measures
from cptrends.data.loading import BANDS  # noqa: F401  (named in `cptrends check --new`)
from cptrends.errors import BadInput

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
    unverified = [f"{i['measure']} {i['area']} {i['year']}" for i in inputs if i["status"] == "unverified"]
    if result["low"] is None and isinstance(result["value"], float):
        result |= {"low": result["value"], "high": result["value"]}
    return {**result, "inputs": inputs, "unverified": unverified}


def _fetcher(inputs, release):
    """A function that fetches one figure and remembers it."""

    def fetch(measure, area, year):
        figures = data.load(measure, area=area, start=year, end=year, release=release)
        row = figures.iloc[0]
        half = _half_rounding(measure, row)
        inputs.append({
            "measure": measure, "area": row["area_name"], "year": int(year), "value": _number(row["value"]),
            "status": row["status"], "release": row["release"], "half_rounding": half,
        })
        if row["value"] != row["value"]:
            raise Missing(f"{measures.measure(measure)['label']} of {row['area_name']} in {year} is {row['status'].replace('_', ' ')}")
        return float(row["value"]), half

    fetch.release = release
    fetch.inputs = inputs
    return fetch


def _number(value):
    return None if value != value else float(value)


def _half_rounding(measure, row):
    """Half the unit a figure was rounded to by its publisher; 0 if it was not rounded."""
    value = row["value"]
    if value != value:
        return 0.0
    if measures.measure(measure)["kind"] == "share":
        return 0.05 if row["release"].startswith(("cin", "lait")) and "." in repr(float(value)) and row["release"] > "cin-2010" else 0.5 if float(value).is_integer() else 0.05
    if row["status"] == "rounded" or row["area_code"] == areas.ENGLAND and row["status"] == "unverified":
        return 50.0 if value % 100 == 0 and _rounds_to_100(row["release"]) else 5.0
    return 0.0


def _rounds_to_100(release):
    """Whether a release rounds England to 100: those to 2014-15, and texts that quote the time before."""
    return not (release.startswith(("cin-", "lait-")) and release > "cin-2015")


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
    return {**_spread(lambda a, b: b - a, *pairs), "note": _break_note(c)}


def _percent_change(c, fetch):
    pairs = fetch(c["measure"], _area(c), c["from"]), fetch(c["measure"], _area(c), c["to"])
    if pairs[0][0] <= 0:
        raise Missing(f"the figure of {c['from']} is {pairs[0][0]:g}, and a percentage needs more than nought to start from")
    return {**_spread(lambda a, b: 100 * (b / a - 1), *pairs), "note": _break_note(c)}


def _break_note(c):
    crossed = [what for year, what in measures.breaks(c["measure"], areas.select(_area(c))) if c["from"] < year <= c["to"]]
    return " ".join(f"Across a break: {what}" for what in crossed)


def _share(c, fetch):
    pairs = fetch(c["numerator"], _area(c), c["year"]), fetch(c["denominator"], _area(c), c["year"])
    return _spread(lambda a, b: c.get("per", 100) * a / b, *pairs)


def _share_change(c, fetch):
    return _spread(lambda a, b, x, y: 100 * x / y - 100 * a / b, *(
        fetch(c[part], _area(c), c[year]) for year in ("from", "to") for part in ("numerator", "denominator")
    ))


def _rate_percent_change(c, fetch):
    return _spread(lambda a, b, x, y: 100 * ((x / y) / (a / b) - 1), *(
        fetch(c[part], _area(c), c[year]) for year in ("from", "to") for part in ("numerator", "denominator")
    ))


def _per_head(c, fetch):
    """England's ratio of two measures, or the lowest, median or highest of the authorities'."""
    if c.get("take", "england") == "england":
        pairs = fetch(c["numerator"], "England", c["year"]), fetch(c["denominator"], "England", c["year"])
        return _spread(lambda a, b: c.get("per", 1) * a / b, *pairs)
    ratios = _authority_ratios(c, fetch)
    if ratios.empty:
        raise Missing(f"no authority has both figures in {c['year']}")
    if c["take"] == "median":
        return {"value": float(ratios.median()), "note": f"Over {len(ratios)} authorities."}
    at = ratios.idxmin() if c["take"] == "lowest" else ratios.idxmax()
    fetch(c["numerator"], at, c["year"]), fetch(c["denominator"], at, c["year"])
    left_out = words.listed([areas.name(areas.find(a)) for a in c.get("leave_out", [])])
    note = f"{areas.name(at)}, of {len(ratios)} authorities" + (f"; left out: {left_out}." if left_out else ".")
    return {"value": float(ratios[at]), "note": note}


def _authority_ratios(c, fetch):
    """The ratio of two measures for every authority that has both, the ones left out by name apart."""
    frames = []
    for part in ("numerator", "denominator"):
        frame = data.load(c[part], area="authorities", start=c["year"], end=c["year"], release=fetch.release)
        frames.append(frame.set_index("area_code")["value"])
    ratios = (c.get("per", 1) * frames[0] / frames[1]).dropna()
    ratios = ratios[(ratios > 0) & ~ratios.index.isin([areas.find(area) for area in c.get("leave_out", [])])]
    return ratios


def _rank(c, fetch):
    """An authority's place among all, 1 the highest."""
    frame = data.load(c["measure"], area="authorities", start=c["year"], end=c["year"], release=fetch.release)
    value, _ = fetch(c["measure"], c["area"], c["year"])
    known = frame["value"].dropna()
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
    """Up, down or level between two years, beyond what rounding could do, and how steadily."""
    series = data.load(c["measure"], area=_area(c), start=c["from"], end=c["to"], release=fetch.release)
    years = series[series["value"].notna()]["year"].tolist()
    if c["from"] not in years or c["to"] not in years:
        absent = [year for year in (c["from"], c["to"]) if year not in years]
        raise Missing(f"no figure for {words.listed(words.year(year) for year in absent)}")
    figures = [(year, *fetch(c["measure"], _area(c), year)) for year in years]
    (_, first, half), (_, last, other) = figures[0], figures[-1]
    way = "up" if last - first > half + other else "down" if first - last > half + other else "level"
    steps = [b[1] - a[1] for a, b in itertools.pairwise(figures)]
    agree = sum(step > 0 if way == "up" else step < 0 for step in steps)
    note = f"{words.number(first, _digits(first))} to {words.number(last, _digits(last))}; {agree} of {len(steps)} steps between the years there are go that way."
    if absent := sorted(set(range(c["from"], c["to"] + 1)) - set(years)):
        note += f" No figure for {len(absent)} of the years."
    return {"value": way, "note": f"{note} {_break_note(c)}".strip()}


def _digits(value):
    return 0 if float(value).is_integer() else 1


def _grade_share(c, fetch):
    """The share of authorities judged, by a date, to be of certain grades."""
    table, judged = _grades(c)
    share = float(table[table["grade"].isin(c["grades"])]["authorities"].sum()) / judged * 100
    fetch.inputs.append(_judgements_input(c, judged))
    counts = ", ".join(f"{row.grade} {row.authorities}" for row in table.itertuples())
    return {"value": share, "note": f"{counts}, of {judged} authorities."}


def _grade_count(c, fetch):
    table, judged = _grades(c)
    fetch.inputs.append(_judgements_input(c, judged))
    return {"value": float(table[table["grade"].isin(c["grades"])]["authorities"].sum()), "note": f"Of {judged} authorities judged."}


def _not_yet_judged(c, fetch):
    """How many of the authorities there were had no overall judgement by a date."""
    _, judged = _grades(c)
    year = int(c["date"][:4]) + (c["date"][5:] > "03-31")
    there = len(areas.authorities(year))
    fetch.inputs.append(_judgements_input(c, judged))
    return {"value": float(there - judged), "note": f"{judged} of {there} authorities judged by then."}


def _grades(c):
    from cptrends.data import inspections

    options = {key: c[key] for key in ("by", "published_by") if key in c}
    table = inspections.grades_as_at(data.load_table("inspections"), c["date"], tuple(c.get("frameworks", ["SIF", "ILACS"])), **options)
    judged = int(table["authorities"].sum())
    if not judged:
        raise Missing(f"no authority had been judged under {words.listed(c.get('frameworks', ['SIF', 'ILACS']))} by {c['date']}")
    return table, judged


def _judgements_input(c, judged):
    return {
        "measure": "inspections", "area": "authorities", "year": int(c["date"][:4]), "value": float(judged),
        "status": "reported", "release": "ofsted-inspections-2023", "half_rounding": 0.0,
    }


def _printed_share(c, fetch):
    """A share of grades that Ofsted printed, or a text that quotes it, where no list of authorities is held."""
    printed = data.load_table("grades_as_printed")
    rows = printed[printed["framework"].str.startswith(c["framework"]) & (printed["as_at"] == c["as_at"]) & (printed[c["column"]] != "")]
    if rows.empty:
        raise Missing(f"no source held prints {c['column']} of {c['framework']} for {c['as_at']}")
    row = rows.iloc[0]
    value = float(row[c["column"]])
    fetch.inputs.append({
        "measure": f"{row['framework']}, {row['as_at']}", "area": "England", "year": int(row["as_at"][:4]) if row["as_at"][:4].isdigit() else 0,
        "value": value, "status": "unverified" if row["evidence"] == "unverified" else "rounded", "release": row["release"], "half_rounding": 0.5,
    })
    return {"value": value, "low": value - 0.5, "high": value + 0.5, "note": row["note"]}


def _decile_ratio(c, fetch):
    """The most deprived tenth over the least: of authorities by computation, of neighbourhoods as a study printed."""
    return _authority_tenths(c, fetch) if c["unit"] == "authority" else _neighbourhood_tenths(c, fetch)


def _authority_tenths(c, fetch):
    from cptrends.indicators import inequality

    index = data.load_deprivation(c["index"], area="authorities", start=c["index_year"], end=c["index_year"]).set_index("area_code")["value"]
    counts, children = (
        data.load(c[part], area="authorities", start=c["year"], end=c["year"], release=fetch.release).set_index("area_code")["value"]
        for part in ("numerator", "denominator")
    )
    both = counts.index.intersection(children.index)
    table = inequality.most_to_least(
        counts[both], children[both], index.reindex(both), unit="authority", missing="leave_out"
    )
    average = c.get("average", "pooled")
    row = table[(table["comparison"] == "ratio") & (table["average"].str.startswith(average))].iloc[0]
    if row["value"] != row["value"]:
        raise Missing(row["note"] or "the ratio cannot be computed")
    for part in ("numerator", "denominator"):
        fetch(c[part], "England", c["year"])
    return {"value": float(row["value"]), "note": f"Tenths of authorities by {c['index'].upper()} {c['index_year']}, {row['average']}."}


def _neighbourhood_tenths(c, fetch):
    table = data.load_table("neighbourhood_deciles")
    rows = table[(table["study"] == c["study"]) & (table["country"] == c.get("country", "England")) & (table["measure"] == c["measure"])]
    rows = rows[rows["rate_per_10000"] != ""].set_index("decile")["rate_per_10000"].astype(float)
    if not {"1", "10"} <= set(rows.index):
        raise Missing(f"{c['study']} gives no rates by tenth for {c['measure']}")
    fetch.inputs.append({
        "measure": f"{c['measure']} by tenth of neighbourhoods", "area": c.get("country", "England"), "year": 2015,
        "value": float(rows["10"]), "status": "rounded", "release": "neighbourhood-deciles", "half_rounding": 0.5,
    })
    pairs = (rows["10"], 0.5), (rows["1"], 0.5)
    return {**_spread(lambda most, least: most / least, *pairs), "note": f"Tenths of neighbourhoods, {c['study']}: {rows['10']:g} and {rows['1']:g} per 10,000."}


def _association(c, fetch):
    """Whether authorities' grades on a date go with a figure, by a test stated beforehand.

    Positive means that better grades go with higher figures. "none" is an interval that holds nought.
    """
    from cptrends.data import inspections
    from cptrends.indicators import association

    judged = inspections.latest_judgements(data.load_table("inspections"), c["date"], tuple(c.get("frameworks", ["SIF", "ILACS"])))
    grades = judged.set_index("area_code")["grade"]
    fetch.inputs.append(_judgements_input(c, len(grades)))
    figures = _figures_for(c, fetch, grades.index)
    kind = "groups" if c["against"] == "region" else "ordered"
    scores = association.grade_score(grades)
    x, y = (figures, scores) if kind == "groups" else (scores, figures)
    row = association.association(x, y, kind=kind, names=("grade", c.get("called", c["against"]))).iloc[0]
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
        frame = _authority_ratios({**c, "leave_out": c.get("leave_out", [])}, fetch)
        inputs = [c["numerator"], c["denominator"]]
    else:
        frame = data.load(c["against"], area="authorities", start=c["year"], end=c["year"], release=fetch.release).set_index("area_code")["value"]
        inputs = [c["against"]]
    release = data.load(inputs[0], area="authorities", start=c["year"], end=c["year"], release=fetch.release)["release"].iloc[0]
    fetch.inputs.append({
        "measure": ", ".join(inputs), "area": "authorities", "year": int(c["year"]), "value": float(frame.notna().sum()),
        "status": "reported", "release": release, "half_rounding": 0.0,
    })
    return frame.reindex(codes).to_numpy(float)


def _correlation(c, fetch):
    """Whether two figures go together across authorities; the second may be a ratio."""
    from cptrends.indicators import association

    first = data.load(c["measure"], area="authorities", start=c["measure_year"], end=c["measure_year"], release=fetch.release)
    first = first.set_index("area_code")["value"]
    second = _authority_ratios(c, fetch)
    both = first.index.intersection(second.index)
    row = association.association(first[both].to_numpy(), second[both].to_numpy(), kind="ordered", names=tuple(c["called"])).iloc[0]
    for part in ("numerator", "denominator"):
        release = data.load(c[part], area="authorities", start=c["year"], end=c["year"], release=fetch.release)["release"].iloc[0]
        fetch.inputs.append({
            "measure": c[part], "area": "authorities", "year": int(c["year"]), "value": float(len(both)), "status": "reported",
            "release": release, "half_rounding": 0.0,
        })
    if row["value"] != row["value"]:
        raise Missing(row["sentence"])
    way = "none" if row["lower"] <= 0 <= row["upper"] else "positive" if row["value"] > 0 else "negative"
    return {"value": way, "effect": float(row["value"]), "note": str(row["sentence"])}


def _recovery(c, fetch):
    """Months from an Inadequate judgement to the next better one: the median, those still waiting counted."""
    from cptrends.indicators import recovery

    spells = recovery.inadequate_spells(data.load_table("inspections"), c["date"], frameworks=tuple(c.get("frameworks", ["SIF", "ILACS"])))
    row = recovery.recovery_time(spells).iloc[0]
    fetch.inputs.append(_judgements_input(c, int(row["n"])))
    if row["value"] != row["value"]:
        raise Missing(row["note"])
    years = {"years": 1, "months": 12}[c.get("in", "years")]
    note = f"Median over {int(row['n'])} judgements, {int(row['n_censored'])} still waiting on {c['date']}; 95% interval {row['lower'] * years:.1f} to {row['upper'] * years:.1f}."
    return {"value": float(row["value"] * years), "note": note}


def _after_inadequate(c, fetch):
    """Whether an indicator moved, in the years after an Inadequate judgement, against matched authorities."""
    import pandas as pd

    from cptrends.indicators import recovery, table

    figures = table.indicator(c["indicator"], "authorities", end=c["to"], release=fetch.release)
    judgements = data.load_table("inspections")
    inadequate = judgements[(judgements["grade"] == "Inadequate") & judgements["framework"].isin(c.get("frameworks", ["SIF", "ILACS"]))]
    dates = pd.to_datetime(inadequate["published"])
    events = pd.DataFrame({"area_code": inadequate["area_code"], "year": dates.dt.year + (dates.dt.month > 3)})
    events = events[events["year"] <= c["to"] - 1]
    result = recovery.event_study(figures, events)
    row = result[(result["kind"] == "judgement") & (result["relative_year"] == c.get("years_after", 2))].iloc[0]
    fetch.inputs.append({
        "measure": c["indicator"], "area": "authorities", "year": int(c["to"]), "value": float(row["n_areas"]),
        "status": "reported", "release": figures["release"].iloc[-1] if "release" in figures else "cin-2025", "half_rounding": 0.0,
    })
    if row["lower"] != row["lower"]:
        raise Missing(row["note"] or "too few judgements with figures on both sides")
    way = "none" if row["lower"] <= 0 <= row["upper"] else "up" if row["value"] > 0 else "down"
    note = (
        f"{words.signed(row['value'], 1)} (95% interval {words.signed(row['lower'], 1)} to {words.signed(row['upper'], 1)}) "
        f"{c.get('years_after', 2)} years after, {int(row['n_areas'])} authorities against matched ones."
    )
    return {"value": way, "note": note}


def _period(c):
    if "date" in c:
        return c["date"]
    if "from" in c:
        return f"{c['from']} to {c['to']}"
    if "as_at" in c:
        return c["as_at"]
    return str(c.get("year", ""))


def _operation(compute, needs, may=(), answer="number"):
    return {"compute": compute, "needs": tuple(needs), "may": (*may, "operation", "release"), "answer": answer}


#: What can be computed: for each operation the keys it needs, those it may have, and what it answers.
OPERATIONS = {
    "level": _operation(_level, ["measure", "year"], ["area", "scale"]),
    "change": _operation(_change, ["measure", "from", "to"], ["area"]),
    "percent_change": _operation(_percent_change, ["measure", "from", "to"], ["area"]),
    "share": _operation(_share, ["numerator", "denominator", "year"], ["area", "per"]),
    "share_change": _operation(_share_change, ["numerator", "denominator", "from", "to"], ["area"]),
    "rate_percent_change": _operation(_rate_percent_change, ["numerator", "denominator", "from", "to"], ["area"]),
    "per_head": _operation(_per_head, ["numerator", "denominator", "year"], ["per", "take", "leave_out"]),
    "rank": _operation(_rank, ["measure", "area", "year"], ["highest_first"]),
    "above_all": _operation(_above_all, ["measure", "year", "from", "to"], ["area"], "yes or no"),
    "direction": _operation(_direction, ["measure", "from", "to"], ["area"], "direction"),
    "grade_share": _operation(_grade_share, ["grades", "date"], ["frameworks", "by", "published_by"]),
    "grade_count": _operation(_grade_count, ["grades", "date"], ["frameworks", "by", "published_by"]),
    "not_yet_judged": _operation(_not_yet_judged, ["date"], ["frameworks"]),
    "printed_share": _operation(_printed_share, ["framework", "as_at", "column"]),
    "decile_ratio": _operation(
        _decile_ratio, ["unit"],
        ["study", "country", "measure", "numerator", "denominator", "year", "index", "index_year", "average"],
    ),
    "association": _operation(
        _association, ["date", "against"], ["frameworks", "year", "numerator", "denominator", "per", "called", "leave_out"], "direction"
    ),
    "correlation": _operation(
        _correlation, ["measure", "measure_year", "numerator", "denominator", "year", "called"], ["per", "leave_out"], "direction"
    ),
    "recovery": _operation(_recovery, ["date"], ["frameworks", "in"]),
    "after_inadequate": _operation(_after_inadequate, ["indicator", "to"], ["frameworks", "years_after"], "direction"),
}

#: The answers an operation that does not give a number may give.
ANSWERS = {"yes or no": (True, False), "direction": ("up", "down", "level", "none", "some", "positive", "negative")}


def close_enough(one, other):
    """Whether two computed numbers are the same but for the last digits of floating point.

    >>> close_enough(123.7, 123.7 + 1e-12)
    True
    """
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
