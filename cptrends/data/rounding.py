"""How far from the true figure a published one can lie, because its publisher rounded it."""

from cptrends.data import areas, measures
from cptrends.data.figures import known_release, releases
from cptrends.files import toml
from cptrends.memory import remembered


def half_unit(measure: str, area_code: str, value: float, status: str, release: str) -> float:
    """Half the unit that a figure was rounded to; 0 if it was not rounded or is no number.

    What each publisher rounds to, and since when, is in `rounding.toml`. Where counts are rounded to 100, those that do
    not end in two zeros were rounded to 10; where percentages are whole, those with a decimal were rounded to it.

    Parameters
    ----------
    measure, area_code : str
    value : float
    status, release : str

    Returns
    -------
    float
        In the measure's unit.

    Raises
    ------
    BadInput
        If the measure or the release is none.

    >>> half_unit("referrals", "E92000001", 635_600.0, "rounded", "cin-2015")
    50.0
    >>> half_unit("referrals", "E92000001", 635_600.0, "rounded", "cin-2025")
    5.0
    >>> half_unit("referrals", "E09000012", 3653.0, "reported", "cin-2025")
    0.0
    """
    if value != value:
        return 0.0
    if measures.measure(measure)["kind"] == "share":
        return (rounds_to(release)["percentages"] if float(value).is_integer() else 0.1) / 2
    if status == "rounded" or (area_code == areas.ENGLAND and status == "unverified"):
        return (10 if value % 100 else rounds_to(release)["counts"]) / 2
    return 0.0


@remembered
def rounds_to(release: str) -> dict[str, float]:
    """What a release rounds to: `counts` of England and the regions, and `percentages`.

    Raises
    ------
    BadInput
        If no release held has that name.

    >>> rounds_to("cin-2011"), rounds_to("cin-2016")
    ({'counts': 100, 'percentages': 1}, {'counts': 10, 'percentages': 0.1})
    """
    known_release(release)
    entry = releases().set_index("release").loc[release]
    rules = toml("cptrends.data", "rounding.toml")
    units: dict[str, float] = {}
    for name in ("otherwise", entry["publication"], release):
        for rule in rules.get(name, []):
            if entry["published"] >= rule.get("since", ""):
                units |= {key: unit for key, unit in rule.items() if key != "since"}
    return units
