"""Verdicts for machines: the contract's JSON, ClaimReview JSON-LD, and a manifest to repeat them from."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from cptrends import data
from cptrends.claims import register, verdicts
from cptrends.claims.checking import Checked
from cptrends.claims.operations.figures import Input
from cptrends.claims.shown import as_worded, other_reading, stated

#: The keys of the command line's JSON and CSV. `computed` is what the verdict rests on: the value as worded, or where
#: only another reading holds, that reading's.
KEYS = (
    "claim_id",
    "document",
    "stated",
    "as_worded",
    "other_reading",
    "computed",
    "unit",
    "verdict",
    "reading",
    "period",
    "releases",
    "note",
)

#: How good a verdict is on ClaimReview's scale; one that cannot be checked has no rating.
RATINGS = {"confirmed": 5, "confirmed_by_rounding": 4, "confirmed_differently": 3, "close": 2, "not_confirmed": 1}


def rows(results: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The contract's columns for each claim.

    >>> rows([dict.fromkeys(KEYS) | {"claim_id": "a", "extra": 1}])[0]["claim_id"]
    'a'
    """
    return [{key: result[key] for key in KEYS} for result in results]


def table(results: Iterable[Checked]) -> pd.DataFrame:
    """The same as a table: the releases of a claim stand in one cell, joined by a blank.

    Parameters
    ----------
    results : list of dict
        From `cptrends.claims.check`.

    Returns
    -------
    pandas.DataFrame
        The columns `KEYS`.

    >>> table([dict.fromkeys(KEYS) | {"claim_id": "a", "releases": ["cin-2014", "cin-2015"]}])["releases"].tolist()
    ['cin-2014 cin-2015']
    """
    return pd.DataFrame([{**row, "releases": " ".join(row["releases"])} for row in rows(results)], columns=list(KEYS))


def claim_reviews(results: Iterable[Checked]) -> dict[str, Any]:
    """Schema.org ClaimReview for each claim, as JSON-LD.

    Parameters
    ----------
    results : list of dict
        From `cptrends.claims.check`.

    Returns
    -------
    dict
        With `@context` and `@graph`.

    >>> from cptrends import claims
    >>> claim = {"id": "a", "claim": "There were 635,600 referrals in 2014/15.", "stated": 635600, "unit": "referrals"}
    >>> claim["calculation"] = {"operation": "level", "measure": "referrals", "year": 2015}
    >>> claim_reviews(claims.check([claim]))["@graph"][0]["reviewBody"]
    'Stated 635,600 referrals, computed 635,600 as worded.'
    """
    return {"@context": "https://schema.org", "@graph": [_review(result) for result in results]}


def _review(result: Checked) -> dict[str, Any]:
    document = register.documents().get(result["document"], {})
    review: dict[str, Any] = {
        "@type": "ClaimReview",
        "@id": f"#{result['claim_id']}",
        "claimReviewed": result["claim"],
        "author": {"@type": "Organization", "name": "cptrends"},
        "itemReviewed": {"@type": "Claim", "text": result["claim"]},
        "reviewBody": f"{_found(result)} {result['note']}".strip(),
    }
    if document:
        review["itemReviewed"] |= {
            "datePublished": document["date"],
            "author": {"@type": "Organization", "name": document["publisher"]},
            "appearance": {"@type": "CreativeWork", "name": document["title"]},
        }
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": verdicts.WORDS[result["verdict"]][1]}
    if result["verdict"] in RATINGS:
        rating |= {"ratingValue": RATINGS[result["verdict"]], "bestRating": 5, "worstRating": 1}
    return {**review, "reviewRating": rating}


def _found(result: Checked) -> str:
    said = f"Stated {stated(result)}, computed {as_worded(result)} as worded"
    if result["as_worded"] is None:
        said = f"Stated {stated(result)}, not computed as worded"
    other = result["other_reading"] is not None
    return said + (f" and {other_reading(result)} in another reading: {result['reading']}" if other else ".")


def manifest(results: Iterable[Checked]) -> list[dict[str, Any]]:
    """What each verdict was computed from, so that a third party can repeat it.

    Parameters
    ----------
    results : list of dict
        From `cptrends.claims.check`.

    Returns
    -------
    list of dict
        claim_id, verdict, computed, calculation, and inputs: measure, area, year, value, status,
        release and the files that hold it, each with its sha256 and its official file's.

    >>> from cptrends import claims
    >>> claim = {"id": "a", "claim": "There were 635,600 referrals in 2014/15.", "stated": 635600, "unit": "referrals"}
    >>> claim["calculation"] = {"operation": "level", "measure": "referrals", "year": 2015}
    >>> figure = manifest(claims.check([claim]))[0]["inputs"][0]
    >>> figure["value"], figure["release"], figure["files"][0]["official_file"]
    (635600.0, 'cin-2015', 'SFR41-2015_Underlying_data.csv')
    """
    files = data.load_table("files")
    entries = []
    for result in results:
        chosen = next((r for r in result["readings"] if r["reading"] == result["reading"]), None)
        inputs = [{**i, "files": _files(files, i)} for i in chosen["inputs"]] if chosen else []
        entries.append(
            {
                "claim_id": result["claim_id"],
                "verdict": result["verdict"],
                "as_worded": result["as_worded"],
                "other_reading": result["other_reading"],
                "computed": result["computed"],
                "calculation": chosen["calculation"] if chosen else None,
                "inputs": inputs,
            }
        )
    return entries


def _files(files: pd.DataFrame, figure: Input) -> list[dict[str, str]]:
    held = files[files["release"] == figure["release"]]
    with_measure = held[[figure["measure"] in measures.split(" ") for measures in held["measures"]]]
    return (with_measure if len(with_measure) else held)[
        ["file", "sha256", "official_file", "official_sha256"]
    ].to_dict("records")
