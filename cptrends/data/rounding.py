"""How far from the true figure a published one can lie, because its publisher rounded it."""

from cptrends.data import areas, measures


def half_unit(measure, area_code, value, status, release):
    """Half the unit that a figure was rounded to; 0 if it was not rounded or is no number.

    England is rounded to 100 by the children in need releases to 2014-15, except the figures that do
    not end in two noughts, and by texts of that time; to 10 since, as the regions are. Percentages are
    printed to a decimal by DfE from 2011-12 on, to whole ones before and in texts.

    Parameters
    ----------
    measure, area_code : str
    value : float
    status, release : str

    Returns
    -------
    float
        In the measure's unit.

    >>> half_unit("referrals", "E92000001", 635_600.0, "rounded", "cin-2015")
    50.0
    >>> half_unit("referrals", "E92000001", 635_600.0, "rounded", "cin-2025")
    5.0
    >>> half_unit("referrals", "E09000012", 3653.0, "reported", "cin-2025")
    0.0
    """
    if value != value:
        return 0.0
    recent = release.startswith(("cin-", "lait-"))
    if measures.measure(measure)["kind"] == "share":
        whole = float(value).is_integer() and not (recent and release > "cin-2011")
        return 0.5 if whole else 0.05
    if status == "rounded" or area_code == areas.ENGLAND and status == "unverified":
        return 5.0 if value % 100 or recent and release > "cin-2015" else 50.0
    return 0.0
