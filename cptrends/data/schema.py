"""What an observation must be, checked before any is written or used."""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pandas as pd

from cptrends.data import areas, measures
from cptrends.data.status import STATUSES, has_value
from cptrends.errors import BadInput

#: The columns of an observation; all but value and status make its key.
COLUMNS = ["measure", "area_code", "year", "value", "status", "release"]
YEARS = range(1985, 2101)


def check(observations: pd.DataFrame, releases: Collection[str]) -> None:
    """Stop at the first observation that breaks a rule, in one sentence that names it.

    Parameters
    ----------
    observations : pandas.DataFrame
        With the columns of `COLUMNS`.
    releases : collection of str
        The releases there are.

    Raises
    ------
    BadInput
        If a measure, area, status or release is not known, a year cannot be, a value and its
        status contradict each other, a count is negative, a share is outside 0 to 100 or an
        observation is there twice.

    >>> import pandas as pd
    >>> row = ["referrals", "E92000001", 2015, 635600.0, "suppressed", "cin-2015"]
    >>> check(pd.DataFrame([row], columns=COLUMNS), {"cin-2015"})
    Traceback (most recent call last):
    ...
    cptrends.errors.BadInput: referrals, England, 2015, cin-2015: the value 635600.0 has status suppressed, ...
    """
    known = measures.dictionary()
    kinds = observations["measure"].map({name: entry["kind"] for name, entry in known.items()})
    # A stated change is a percentage that may pass 100.
    parts = [
        name
        for name, e in known.items()
        if (e["kind"], e["unit"]) == ("share", "percent") and not e.get("may_pass_100")
    ]
    value = observations["value"].to_numpy(float)
    numeric = ~np.isnan(value)
    _refuse(observations, kinds.isna(), "the measure is not in cptrends/data/measures.toml")
    _refuse(
        observations,
        ~observations["area_code"].isin(list(areas.register())),
        "the area is not in cptrends/data/areas.csv",
    )
    _refuse(observations, ~observations["year"].isin(YEARS), "the year cannot be right")
    _refuse(observations, ~observations["status"].isin(STATUSES), "the status is not one of " + ", ".join(STATUSES))
    _refuse(observations, ~observations["release"].isin(list(releases)), "the release is not in publications.toml")
    wrong = numeric != has_value(observations["status"].to_numpy(object))
    if wrong.any():
        row = observations[wrong].iloc[0]
        _refuse(
            observations,
            wrong,
            f"the value {row['value']} has status {row['status']}, and one of the two must be wrong",
        )
    _refuse(observations, kinds.isin(["flow", "stock"]) & (value < 0), "a count below zero cannot be right")
    outside = observations["measure"].isin(parts) & ((value < 0) | (value > 100))
    _refuse(observations, outside, "a share must be between 0 and 100")
    _refuse(
        observations, observations.duplicated(["measure", "area_code", "year", "release"]), "the figure is there twice"
    )


def _refuse(observations: pd.DataFrame, wrong: npt.ArrayLike, why: str) -> None:
    wrong = np.asarray(wrong)
    if wrong.any():
        row = observations[wrong].iloc[0]
        area = areas.name_or_code(row["area_code"])
        raise BadInput(f"{row['measure']}, {area}, {row['year']}, {row['release']}: {why}")
