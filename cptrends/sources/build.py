"""From data/raw to data/processed: tidy, checked observations and the tables beside them.

Figures that several releases give alike are stored once, with the releases that gave them. Built
twice from the same raw data, the files are the same byte for byte.
"""

import hashlib
import json
import pathlib

import numpy as np
import pandas as pd

from cptrends.data import areas, inspections, measures, paths, schema
from cptrends.data.status import weakest
from cptrends.errors import BadInput
from cptrends.files import write_folder
from cptrends.memory import forget
from cptrends.sources import deprivation, judgements, registry

#: A column DfE calls a data confidence indicator: 1 is low (3 high; A aggregate; P pilot).
CONFIDENCE = ":confidence"
LOW_CONFIDENCE = "1"


def build(*, raw=None, processed=None, progress=lambda done, total, what: None):
    """Build data/processed from data/raw.

    Parameters
    ----------
    raw, processed : path-like, optional
        Instead of the clone's data/raw and data/processed.
    progress : callable, optional
        Called with steps done, steps in all and what is being done.

    Returns
    -------
    dict
        releases, measures, observations, inspections (int).

    Raises
    ------
    BadInput
        If a file of data/raw is missing, changed or not described, or a figure in it is neither
        a number nor a known symbol. Nothing is written then.
    """
    raw = pathlib.Path(raw) if raw else paths.raw()
    processed = pathlib.Path(processed) if processed else paths.root() / "data" / "processed"
    steps = ["reading figures", "checking figures", "reading judgements", "writing"]
    progress(0, len(steps), steps[0])
    resources = verified(raw)
    figures, tables = read_raw(raw, resources)
    progress(1, len(steps), steps[1])
    observations = observe(figures)
    judgements = _judgements(tables)
    derived = [derive(observations, figures, tables), graded(judgements)]
    observations = pd.concat([part for part in derived if len(part)], ignore_index=True)
    schema.check(observations, set(observations["release"].unique()) & set(registry.releases()))
    progress(2, len(steps), steps[2])
    contents = {f"observations/{name}.csv": _text(table) for name, table in _collapsed(observations)}
    contents |= {name: _text(table) for name, table in _tables(tables).items()}
    contents["inspections.csv"] = _text(judgements)
    contents["areas.csv"] = _text(area_table())
    contents["releases.csv"] = _text(release_table(resources))
    contents["files.csv"] = _text(file_table(resources, figures))
    contents["england_rows.csv"] = _text(england_rows(figures))
    progress(3, len(steps), steps[3])
    write_folder(processed, contents)
    forget()
    progress(len(steps), len(steps), "")
    return {
        "releases": observations["release"].nunique(),
        "measures": observations["measure"].nunique(),
        "observations": len(observations),
        "inspections": len(judgements),
    }


def verified(raw):
    """The resources of data/raw, each file's hash compared with the description's.

    Raises
    ------
    BadInput
    """
    description = raw / "datapackage.json"
    if not description.is_file():
        raise BadInput(f"{description} is missing; run `cptrends ingest` on the publishers' files first")
    try:
        resources = json.loads(description.read_text("utf-8"))["resources"]
    except (ValueError, KeyError):
        raise BadInput(f"{description} is damaged; restore it or run `cptrends ingest` again") from None
    for resource in resources:
        path = raw / resource["path"]
        if not path.is_file():
            raise BadInput(f"data/raw/{resource['path']} is missing; restore it or run `cptrends ingest` again")
        if "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest() != resource["hash"]:
            raise BadInput(
                f"data/raw/{resource['path']} was changed by hand; restore it or run `cptrends ingest` again"
            )
    described = {resource["path"] for resource in resources}
    for path in sorted(raw.glob("*/*.csv")):
        if (name := path.relative_to(raw).as_posix()) not in described:
            raise BadInput(f"data/raw/{name} is not described in datapackage.json; remove it or ingest its source")
    return resources


def read_raw(raw, resources):
    """All figures as published with their release, and the other tables by release and part."""
    figures, tables = [], {}
    for resource in resources:
        columns = [field["name"] for field in resource["schema"]["fields"]]
        if columns[:1] == ["measure"] and "published" in columns:
            table = pd.read_csv(
                raw / resource["path"],
                dtype={"measure": "category", "area_code": "category", "year": int, "published": str},
                keep_default_na=False,
            )
            figures.append(
                table.astype({"measure": object, "area_code": object}).assign(
                    release=resource["release"],
                    part=resource["part"],
                    file=resource["path"],
                    line=np.arange(2, len(table) + 2),
                )
            )
        else:
            tables[resource["release"], resource["part"]] = pd.read_csv(
                raw / resource["path"], dtype=str, keep_default_na=False
            )
    return pd.concat(figures, ignore_index=True), tables


def observe(figures):
    """Figures as published -> observations with a number or a reason why there is none.

    Parameters
    ----------
    figures : pandas.DataFrame
        measure, area_code, year, published, release, part.

    Returns
    -------
    pandas.DataFrame
        The columns of an observation.

    Raises
    ------
    BadInput
        If a text is neither a number nor one of the release's symbols.
    """
    is_confidence = figures["measure"].str.endswith(CONFIDENCE)
    low = figures[is_confidence & (figures["published"] == LOW_CONFIDENCE)]
    low = pd.MultiIndex.from_arrays(
        [low["measure"].str.removesuffix(CONFIDENCE), low["area_code"], low["year"], low["release"]]
    )
    figures = figures[~is_confidence].reset_index(drop=True)
    status = pd.Series(index=figures.index, dtype=object)
    scale = np.ones(len(figures))
    money = [name for name, entry in measures.dictionary().items() if entry["kind"] == "money"]
    for release, rows in figures.groupby("release", sort=False).groups.items():
        entry = registry.releases().get(release)
        if entry is None:
            raise BadInput(f"data/raw has release {release!r}, which cptrends/sources/publications.toml does not")
        status.loc[rows] = figures.loc[rows, "published"].map(registry.symbols(entry["symbols"]))
        if "symbols_of_money" in entry:
            amounts = figures.loc[rows].index[figures.loc[rows, "measure"].isin(money)]
            status.loc[amounts] = figures.loc[amounts, "published"].map(registry.symbols(entry["symbols_of_money"]))
        scale[rows] = entry.get("scale", 1)
    # Python's own float: the parsers of pandas 2 and 3 differ in the last digit of such as 8.1999999999999993.
    text = figures["published"].where(status.isna(), "").str.replace(",", "")
    value = pd.Series([_float(one) for one in text], index=figures.index)
    neither = status.isna() & value.isna()
    if neither.any():
        row = figures[neither].iloc[0]
        area = areas.register().get(row["area_code"], {}).get("name", row["area_code"])
        raise BadInput(
            f"{row['release']} {row['part']}: {row['measure']} of {area} in {row['year']} is "
            f"{row['published'][:40]!r}, neither a number nor a symbol of that release"
        )
    # To the penny: pounds from thousands or millions would carry the noise of the multiplication.
    scaled = np.where(scale == 1, value, np.round(value * scale, 2))
    figures = figures.assign(value=scaled, status=status.fillna("reported"))
    _mark_rounded(figures)
    _mark_unverified(figures)
    _mark_england(figures)
    keys = pd.MultiIndex.from_frame(figures[["measure", "area_code", "year", "release"]])
    figures.loc[keys.isin(low) & figures["value"].notna(), "status"] = "low_confidence"
    return figures[schema.COLUMNS]


def _float(text):
    """A number as published, or NaN for any other text ("inf", "nan" and "1_000" among it)."""
    try:
        return float(text) if text[:1] in "0123456789.-" and "_" not in text and "inf" not in text else np.nan
    except ValueError:
        return np.nan


def _mark_rounded(figures):
    """England and the regions are rounded to 10 or 100; a release that gives exact ones shows it."""
    counts = {name for name, entry in measures.dictionary().items() if entry["kind"] in ("flow", "stock")}
    levels = {code: area["level"] for code, area in areas.register().items()}
    wide = figures["area_code"].map(levels).isin(["country", "region"]) & figures["measure"].isin(counts)
    wide &= figures["value"].notna()
    exact = figures["value"].mod(10).ne(0)
    any_exact = exact[wide].groupby([figures["release"][wide], figures["measure"][wide]]).transform("any")
    figures.loc[any_exact.index[~any_exact], "status"] = "rounded"


def _mark_unverified(figures):
    unverified = [name for name, entry in registry.releases().items() if entry["evidence"] == "unverified"]
    figures.loc[figures["release"].isin(unverified) & figures["value"].notna(), "status"] = "unverified"


def _mark_england(figures):
    """Releases whose figure for England the publisher estimated, or gives in millions."""
    england = (figures["area_code"] == areas.ENGLAND) & figures["value"].notna()
    for release in figures["release"].unique():
        if status := registry.releases()[release].get("england_status"):
            figures.loc[england & (figures["release"] == release), "status"] = status


def derive(observations, figures, tables):
    """Published observations with the measures that are worked out from them.

    measures.toml declares three rules: `sum_of` (one line that was published as two), `england =
    "sum"` (a publication of authorities only) and `raw_only` (parts that are not kept). Upper-tier
    deprivation in 2025 is averaged from districts.

    Parameters
    ----------
    observations, figures : pandas.DataFrame
        From `observe`, and the figures as published that they came from.
    tables : dict
        The other raw tables by release and part.

    Returns
    -------
    pandas.DataFrame
        The columns of an observation.
    """
    known = measures.dictionary()
    parts = [observations]
    for name, entry in known.items():
        if "sum_of" in entry:
            parts.append(_sum_of_lines(observations, name, entry["sum_of"]))
    with_sums = pd.concat(parts, ignore_index=True)
    for name, entry in known.items():
        if entry.get("england") == "sum":
            parts.append(_sum_of_authorities(with_sums[with_sums["measure"] == name]))
    parts.append(_deprivation_from_districts(figures, tables))
    everything = pd.concat([part for part in parts if len(part)], ignore_index=True)
    raw_only = [name for name, entry in known.items() if entry.get("raw_only")]
    return everything[~everything["measure"].isin(raw_only)].reset_index(drop=True)[schema.COLUMNS]


def _sum_of_lines(observations, name, lines):
    """One measure from the lines it was published as, where a release has all of them."""
    keys = ["area_code", "year", "release"]
    both = observations[observations["measure"] == lines[0]]
    for line in lines[1:]:
        other = observations[observations["measure"] == line]
        both = both.merge(other[[*keys, "value", "status"]], on=keys, suffixes=("", "_other"))
        both["value"] = both["value"] + both["value_other"]
        both["status"] = weakest(both["status"].to_numpy(), both["status_other"].to_numpy())
        both = both.drop(columns=["value_other", "status_other"])
    return both.assign(measure=name)[schema.COLUMNS]


def _sum_of_authorities(observations):
    """England as the sum of authorities, where a release has no row of its own for it.

    One authority without a figure leaves England without one: a sum over the rest would be low.
    """
    rows = []
    authorities = set(areas.authorities())
    for (release, year, measure), group in observations.groupby(["release", "year", "measure"]):
        local = group[group["area_code"].isin(authorities)]
        if areas.ENGLAND in set(group["area_code"]) or local.empty:
            continue
        whole = local["value"].notna().all() and set(areas.authorities(year)) <= set(local["area_code"])
        value, status = (local["value"].sum(), "derived") if whole else (np.nan, "unavailable")
        rows.append((measure, areas.ENGLAND, year, value, status, release))
    return pd.DataFrame(rows, columns=schema.COLUMNS)


def _deprivation_from_districts(figures, tables):
    districts = figures[figures["measure"].str.startswith("district_") & figures["measure"].str.endswith("_score")]
    people = figures[figures["measure"].isin(["district_population", "district_population_0_15"])]
    lookups = {release: table for (release, part), table in tables.items() if release.startswith("geography-")}
    out = []
    for release, scores in districts.groupby("release"):
        entry = registry.releases()[release]
        weights = people[people["release"] == entry["weights"]]
        upper = deprivation.to_upper_tier(scores, lookups[entry["lookup"]], weights)
        out.append(upper.assign(release=release)[schema.COLUMNS])
    return pd.concat(out, ignore_index=True) if out else pd.DataFrame(columns=schema.COLUMNS)


def _collapsed(observations):
    """A table per measure, one row per distinct figure with the releases that gave it."""
    order = {name: position for position, name in enumerate(release_order())}
    sort = observations.assign(position=observations["release"].map(order)).sort_values(
        ["measure", "area_code", "year", "position"], kind="stable"
    )
    value = sort["value"].to_numpy()
    text = np.array([_number(v) for v in value], dtype=object)
    keys = ["measure", "area_code", "year", "value", "status"]
    sort = sort.assign(value=text)
    rows = sort.groupby(keys, sort=False)["release"].agg(" ".join).reset_index(name="releases")
    for name, table in rows.groupby("measure", sort=True):
        yield name, table.drop(columns="measure")


def _number(value):
    if value != value:
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def release_order():
    """Releases from the earliest published to the newest; the register's order settles ties."""
    return sorted(registry.releases(), key=lambda name: registry.releases()[name]["published"])


def release_table(resources):
    """A row per release held: what it is, who published it, when, and how many figures it gave."""
    files = pd.DataFrame(
        [(r["release"], r["officialFile"]["name"], r["officialFile"]["hash"]) for r in resources],
        columns=["release", "file", "hash"],
    )
    held = files.groupby("release").size()
    columns = [
        "publication",
        "title",
        "publisher",
        "reference",
        "published",
        "url",
        "licence",
        "evidence",
        "precedence",
    ]
    rows = [
        {"release": name, **{column: registry.releases()[name][column] for column in columns}, "files": held[name]}
        for name in release_order()
        if name in held
    ]
    return pd.DataFrame(rows)


def file_table(resources, figures):
    """A row per file of data/raw: what it holds, its hash, and the official file it was read from."""
    held = figures.groupby("file")["measure"].unique()
    rows = [
        {
            "release": resource["release"],
            "file": "data/raw/" + resource["path"],
            "sha256": resource["hash"].removeprefix("sha256:"),
            "official_file": resource["officialFile"]["name"],
            "official_sha256": resource["officialFile"]["hash"].removeprefix("sha256:"),
            "measures": " ".join(sorted(m for m in held.get(resource["path"], []) if not m.endswith(CONFIDENCE))),
        }
        for resource in resources
    ]
    return pd.DataFrame(rows)


def england_rows(figures):
    """The file and line of data/raw that every figure for England was read from."""
    rows = figures[(figures["area_code"] == areas.ENGLAND) & ~figures["measure"].str.endswith(CONFIDENCE)]
    rows = rows.assign(file="data/raw/" + rows["file"]).sort_values(["measure", "year", "release"], kind="stable")
    return rows[["measure", "year", "release", "file", "line", "published"]]


def area_table():
    """The register of areas with their lineage, as a table."""
    rows = []
    register = areas.register()
    for code, area in register.items():
        before = [other for other, entry in register.items() if code in entry["successors"]]
        region = areas.region_of(code) if area["level"] == "authority" else ""
        rows.append(
            {
                "area_code": code,
                "la_code": area["la_code"],
                "name": area["name"],
                "level": area["level"],
                "region_code": region,
                "region": areas.name(region) if region else "",
                "first_year": area["first_year"] or "",
                "last_year": area["last_year"] or "",
                "predecessors": " ".join(before),
                "successors": " ".join(area["successors"]),
                "former_codes": " ".join(area["former_codes"]),
            }
        )
    return pd.DataFrame(rows)


def _judgements(tables):
    publication = {name: entry["publication"] for name, entry in registry.releases().items()}
    raw = {release: table for (release, _), table in tables.items() if publication[release] == "ofsted-inspections"}
    return judgements.assemble(raw) if raw else pd.DataFrame(columns=judgements.COLUMNS)


def graded(judgements):
    """How many authorities had an overall grade, and a good one, on each 31 March.

    Counted from Ofsted's own list of judgements under SIF and ILACS, by date of publication. An
    area has a row from the first year in which one of its authorities had been judged.

    Parameters
    ----------
    judgements : pandas.DataFrame
        From `cptrends.sources.judgements.assemble`.

    Returns
    -------
    pandas.DataFrame
        The columns of an observation, for England and the regions; status `derived`.
    """
    official = judgements[judgements["status"] == "reported"]
    if official.empty:
        return pd.DataFrame(columns=schema.COLUMNS)
    release = max(official["release"])
    rows = []
    for year in range(2014, registry.releases()[release]["year"] + 1):
        latest = inspections.latest_judgements(judgements, f"{year}-03-31", official_only=True)
        good = latest["grade"].isin(["Outstanding", "Good"])
        region = latest["area_code"].map(areas.region_of)
        for area, here in [(areas.ENGLAND, region == region), *((code, region == code) for code in areas.regions())]:
            if here.any():
                rows.append(("authorities_judged", area, year, float(here.sum()), "derived", release))
                rows.append(
                    ("authorities_good_or_outstanding", area, year, float((good & here).sum()), "derived", release)
                )
    return pd.DataFrame(rows, columns=schema.COLUMNS)


def _tables(tables):
    """The processed tables that are neither observations nor judgements."""
    out = {}
    kept = {
        "neighbourhood_deciles": "neighbourhood-deciles",
        "statistical_neighbours": "neighbours",
        "grades_as_printed": "ofsted-grades",
    }
    for name, publication in kept.items():
        found = [
            table.assign(release=release)
            for (release, _), table in tables.items()
            if registry.releases()[release]["publication"] == publication
        ]
        if found:
            out[f"{name}.csv"] = pd.concat(found, ignore_index=True)
    return out


def _text(table):
    return table.to_csv(index=False, lineterminator="\n").encode()
