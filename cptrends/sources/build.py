"""From data/raw to data/processed: tidy, checked observations and the tables beside them, step by step.

Built twice from the same raw data, the files are the same byte for byte.
"""

import hashlib
import json
import pathlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from cptrends.data import paths, schema
from cptrends.errors import BadInput
from cptrends.files import write_folder
from cptrends.memory import forget
from cptrends.sources import common, judgements, registry
from cptrends.sources.derive import derive, graded
from cptrends.sources.observe import observe
from cptrends.sources.processed import contents


def build(
    *,
    raw: common.AnyPath | None = None,
    processed: common.AnyPath | None = None,
    progress: Callable[[int, int, str], object] = lambda *_: None,
) -> dict[str, int]:
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
    processed = pathlib.Path(processed) if processed else paths.raw().parent / "processed"
    steps = [
        "reading data/raw",
        "making observations",
        "putting judgements together",
        "working out derived figures",
        "checking figures",
        "laying out the tables",
        "writing",
    ]
    progress(0, len(steps), steps[0])
    resources = verified(raw)
    figures, tables = read_raw(raw, resources)
    progress(1, len(steps), steps[1])
    observations = observe(figures)
    progress(2, len(steps), steps[2])
    inspections = judgements.of_releases(tables)
    progress(3, len(steps), steps[3])
    derived = [derive(observations, figures, tables), graded(inspections)]
    observations = pd.concat([part for part in derived if len(part)], ignore_index=True)
    progress(4, len(steps), steps[4])
    schema.check(observations, set(observations["release"].unique()) & set(registry.releases()))
    progress(5, len(steps), steps[5])
    files = contents(observations, inspections, figures=figures, tables=tables, resources=resources)
    progress(6, len(steps), steps[6])
    write_folder(processed, files)
    forget()
    progress(len(steps), len(steps), "")
    return {
        "releases": observations["release"].nunique(),
        "measures": observations["measure"].nunique(),
        "observations": len(observations),
        "inspections": len(inspections),
    }


def verified(raw: pathlib.Path) -> list[dict[str, Any]]:
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


def read_raw(
    raw: pathlib.Path, resources: list[dict[str, Any]]
) -> tuple[pd.DataFrame, dict[tuple[str, str], pd.DataFrame]]:
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
