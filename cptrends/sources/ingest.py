"""From the publishers' files to data/raw: figures as published, symbols and all.

One CSV for each official file, described in datapackage.json with the hash of both. Everything is
read and checked before anything is written; files are written beside their place and moved into it.
"""

import hashlib
import importlib
import io
import json
import pathlib
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from cptrends.data import areas, paths
from cptrends.errors import BadInput
from cptrends.files import write_together
from cptrends.sources import common, registry

KEY = ["measure", "area_code", "year"]
DATAPACKAGE = "datapackage.json"
#: What data/raw holds already: publication -> release -> figures.
Held = dict[str, dict[str, pd.DataFrame]]


def ingest(
    given: Iterable[common.AnyPath],
    release: str | None = None,
    *,
    raw: common.AnyPath | None = None,
    progress: Callable[[int, int, str], object] = lambda *_: None,
) -> dict[str, Any]:
    """Read official files into data/raw.

    Parameters
    ----------
    given : list of path-like
        Files, folders (searched through) or zip archives as the publisher issues them.
    release : str, optional
        The release they are of; otherwise told by their names.
    raw : path-like, optional
        Instead of the clone's data/raw.
    progress : callable, optional
        Called with files done, files in all and the name of the one being read.

    Returns
    -------
    dict
        files (int), figures (int), passed_over (int: files in folders that no reader knows),
        new, unchanged, revised (int: figures against what was held before) and
        revisions (DataFrame: measure, area_code, year, old, new, release).

    Raises
    ------
    BadInput
        With nothing written.
    """
    raw = pathlib.Path(raw) if raw else paths.raw()
    with tempfile.TemporaryDirectory() as unpacked:
        found, passed_over = _find(given, release, pathlib.Path(unpacked))
        readings = []
        for number, (path, name, part) in enumerate(found):
            progress(number, len(found), path.name)
            entry = registry.releases()[name]
            reader = importlib.import_module(f"cptrends.sources.{entry['reader']}")
            common.check_size(path)  # before its bytes are read for the hash
            readings.append((entry, part, path.name, _hash(path.read_bytes()), reader.read(path, part, entry)))
        progress(len(found), len(found), "")
    package = _read_package(raw)
    held = _held(raw, package)
    summary: dict[str, Any] = {
        "files": len(found),
        "figures": 0,
        "passed_over": passed_over,
        "new": 0,
        "unchanged": 0,
        "revised": 0,
    }
    revisions = []
    written = {}
    for entry, part, filename, digest, table in readings:
        text = _to_csv(table)
        summary["figures"] += len(table)
        if set(KEY) <= set(table.columns):
            counts, changed = _compare(table, entry, held)
            for kind, count in counts.items():
                summary[kind] += count
            revisions.append(changed)
            releases = held.setdefault(entry["publication"], {})
            kept = releases.get(entry["id"])
            if kept is not None:
                kept = kept[~kept["measure"].isin(set(table["measure"]))]
            releases[entry["id"]] = table if kept is None else pd.concat([kept, table])
        place = f"{entry['publication']}/{entry['id']}{'' if len(entry['files']) == 1 else '-' + part}.csv"
        written[place] = (text, _resource(entry, part, place, text, filename, digest, table))
    _write(raw, package, written)
    summary["revisions"] = (
        pd.concat(revisions, ignore_index=True) if revisions else pd.DataFrame(columns=[*KEY, "old", "new", "release"])
    )
    return summary


def _find(
    given: Iterable[common.AnyPath], release: str | None, unpacked: pathlib.Path
) -> tuple[list[tuple[pathlib.Path, str, str]], int]:
    """Every known file among those given, (path, release, part) in the register's order, and how many are not known."""
    given = list(given)
    found: dict[tuple[str, str], pathlib.Path] = {}
    unknown = 0
    for one in given:
        matched = [(file, registry.matches(file, release)) for file in _files_of(pathlib.Path(one), unpacked)]
        if len(matched) == 1 and not matched[0][1]:
            raise BadInput(
                f"{matched[0][0].name} is not a file of {release or 'any release known'}; the names expected are in "
                "cptrends/sources/publications.toml, and --release says which release a file is of"
            )
        unknown += sum(not matches for _, matches in matched)
        for match, file in ((match, file) for file, matches in matched for match in matches):
            if match in found and _hash(found[match].read_bytes()) != _hash(file.read_bytes()):
                raise BadInput(f"{file} and {found[match]} are both {' '.join(match)} but differ; give one of them")
            found[match] = file
    if not found:
        raise BadInput(
            f"no file of any known release is under {', '.join(str(one) for one in given)}; the names expected are in "
            "cptrends/sources/publications.toml"
        )
    order = {name: position for position, name in enumerate(registry.releases())}
    return [(found[key], *key) for key in sorted(found, key=lambda key: (order[key[0]], key[1]))], unknown


def _files_of(path: pathlib.Path, unpacked: pathlib.Path) -> list[pathlib.Path]:
    """The files of a path: itself, or all in the folder or zip archive that it is."""
    if not path.exists():
        raise BadInput(f"{path} does not exist; give a file or folder as the publisher issued it")
    if path.suffix.lower() == ".zip":
        path = _unpack(path, unpacked / path.stem)
    return sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path.resolve()]


def _unpack(path: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    common.check_zip(path)
    try:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):  # RuntimeError: it asks for a password
        raise BadInput(
            f"{path.name} is damaged or locked with a password; download it again from the publisher"
        ) from None
    return folder


def _compare(table: pd.DataFrame, entry: registry.Release, held: Held) -> tuple[dict[str, int], pd.DataFrame]:
    """New, unchanged and revised figures against the same release, else the newest one before."""
    before = held.get(entry["publication"], {})
    measures = set(table["measure"])
    own = before.get(entry["id"])
    if own is not None:
        own = own[own["measure"].isin(measures)]
    earlier = own if own is not None and len(own) else _newest_before(before, entry, measures)
    counts = {"new": len(table), "unchanged": 0, "revised": 0}
    none = pd.DataFrame(columns=[*KEY, "old", "new", "release"])
    if earlier is None or not len(earlier):
        return counts, none
    both = table.merge(earlier[[*KEY, "published"]].rename(columns={"published": "old"}), on=KEY)
    # A thousands comma or another mark for the same thing is not a revision.
    changed = both["published"].str.replace(",", "") != both["old"].str.replace(",", "")
    counts = {"new": len(table) - len(both), "unchanged": int((~changed).sum()), "revised": int(changed.sum())}
    revised = both[changed].rename(columns={"published": "new"})[[*KEY, "old", "new"]]
    return counts, revised.assign(release=entry["id"])


def _newest_before(before: dict[str, pd.DataFrame], entry: registry.Release, measures: set[str]) -> pd.DataFrame | None:
    order = {name: (r["published"], position) for position, (name, r) in enumerate(registry.releases().items())}
    earlier = [
        before[name][before[name]["measure"].isin(measures)]
        for name in sorted(before, key=order.__getitem__)
        if order[name] < order[entry["id"]]
    ]
    if not earlier:
        return None
    return pd.concat(earlier).drop_duplicates(KEY, keep="last")


def _held(raw: pathlib.Path, package: dict[str, Any]) -> Held:
    """What data/raw holds already: publication -> release -> figures."""
    held: Held = {}
    for resource in package["resources"]:
        path = raw / resource["path"]
        if resource["schema"]["fields"][0]["name"] == "measure" and path.is_file():
            table = pd.read_csv(path, dtype={"year": int, "published": str}, keep_default_na=False)
            releases = held.setdefault(path.parent.name, {})
            held_already = releases.get(resource["release"])
            releases[resource["release"]] = table if held_already is None else pd.concat([held_already, table])
    return held


def _to_csv(table: pd.DataFrame) -> bytes:
    sorted_table = table.sort_values([c for c in KEY if c in table.columns] or list(table.columns), kind="stable")
    buffer = io.StringIO()
    sorted_table.to_csv(buffer, index=False, lineterminator="\n")
    return buffer.getvalue().encode()


def _resource(
    entry: registry.Release, part: str, path: str, content: bytes, filename: str, digest: str, table: pd.DataFrame
) -> dict[str, Any]:
    """One resource of the data package (Data Package standard, version 2)."""
    figures = set(KEY) <= set(table.columns)
    fields = [{"name": c, "type": "integer" if figures and c == "year" else "string"} for c in table.columns]
    resource = {
        "name": path.removesuffix(".csv").replace("/", "-").lower(),
        "path": path,
        "title": entry["title"],
        "release": entry["id"],
        "part": part,
        "publisher": entry["publisher"],
        "reference": entry["reference"],
        "published": entry["published"],
        "homepage": entry["url"],
        "evidence": entry["evidence"],
        "licenses": _licences(entry["licence"]),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": "sha256:" + _hash(content),
        "officialFile": {"name": filename, "hash": "sha256:" + digest},
        "schema": {"fields": fields, **({"primaryKey": KEY} if figures else {})},
    }
    if not resource["licenses"]:
        del resource["licenses"]
    return resource


def _licences(name: str) -> list[dict[str, str]]:
    known = {
        "OGL-UK-3.0": {
            "name": "OGL-UK-3.0",
            "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            "title": "Open Government Licence v3.0",
        },
        "OPL-UK-3.0": {
            "name": "OPL-UK-3.0",
            "path": "https://www.parliament.uk/site-information/copyright-parliament/open-parliament-licence/",
            "title": "Open Parliament Licence v3.0",
        },
        "MIT": {"name": "MIT", "path": "https://opensource.org/license/mit", "title": "MIT Licence"},
    }
    return [known[one] for one in name.split(" AND ") if one]


def _read_package(raw: pathlib.Path) -> dict[str, Any]:
    path = raw / DATAPACKAGE
    if path.is_file():
        return json.loads(path.read_text("utf-8"))
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "cptrends-raw",
        "title": "Child protection in England: figures as published",
        "description": (
            "Figures copied from the publishers' files by cptrends, symbols and all, in one layout: measure, "
            "area code, year ending 31 March, published text. What each symbol means is in "
            "cptrends/sources/publications.toml."
        ),
        "resources": [],
    }


def _write(raw: pathlib.Path, package: dict[str, Any], written: dict[str, tuple[bytes, dict[str, Any]]]) -> None:
    """Write every CSV, the description last."""
    resources = {resource["path"]: resource for resource in package["resources"]}
    resources.update({path: resource for path, (_, resource) in written.items()})
    package = {**package, "resources": [resources[path] for path in sorted(resources)]}
    contents = {path: content for path, (content, _) in written.items()}
    contents[DATAPACKAGE] = (json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode()
    write_together(raw, contents)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def describe(summary: dict[str, Any], limit: int = 20) -> list[str]:
    """The summary `cptrends ingest` ends with, as lines of text.

    Parameters
    ----------
    summary : dict
        From `ingest`.
    limit : int
        Revisions shown one by one, England's first.
    """
    lines = [
        f"{_files(summary['files'])} read, {summary['figures']:,} figures: {summary['new']:,} new, "
        f"{summary['unchanged']:,} unchanged, {summary['revised']:,} revised."
    ]
    if summary["passed_over"]:
        lines.append(f"Passed over, because no reader is registered: {_files(summary['passed_over'])}.")
    revisions = summary["revisions"]
    shown = (
        revisions.assign(other=revisions["area_code"] != areas.ENGLAND)
        .sort_values(["other", *KEY], kind="stable")
        .head(limit)
    )
    for row in shown.itertuples():
        area = areas.name_or_code(row.area_code)
        lines.append(f"  {row.release}: {row.measure} {area} {row.year}: {row.old} -> {row.new}")
    if len(revisions) > limit:
        lines.append(f"  and {len(revisions) - limit:,} more; data/raw's own differences show them all.")
    return lines


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"
