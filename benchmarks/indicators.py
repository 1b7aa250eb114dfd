"""How long the indicators take for 153 authorities and 13 years, beside a plain loop that does the same.

Run: python benchmarks/indicators.py
Prints a table: milliseconds (median of the repeats), the target, the plain way, and how many times faster.
The plain way is the formula written for one row at a time in Python, with scipy's distribution objects
where a plain analyst would use them; it must give the same numbers, and is checked to.
"""

import math
import statistics
import time

import numpy as np
import pandas as pd
from scipy.special import chdtri

from cptrends.indicators import (
    concentration_index,
    deprivation_groups,
    most_to_least,
    percent_change,
    rate,
    relative_index,
    share,
    slope_index,
)

AREAS, YEARS = 153, 13
Z = 1.959963984540054


def milliseconds(function, repeats=15):
    """Median time of one call, after one call to warm up."""
    function()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        function()
        times.append(time.perf_counter() - began)
    return 1_000 * statistics.median(times)


def plain_rate(counts, people):
    rows = []
    for count, base in zip(counts, people, strict=True):
        if count < 10:
            low = chdtri(2 * count, 0.975) / 2 if count else 0.0
            high = chdtri(2 * count + 2, 0.025) / 2
        else:
            low = count * (1 - 1 / (9 * count) - Z / (3 * math.sqrt(count))) ** 3
            high = (count + 1) * (1 - 1 / (9 * (count + 1)) + Z / (3 * math.sqrt(count + 1))) ** 3
        rows.append((1e4 * count / base, 1e4 * low / base, 1e4 * high / base))
    return pd.DataFrame(rows, columns=["value", "lower", "upper"])


def plain_share(counts, wholes):
    rows = []
    for x, n in zip(counts, wholes, strict=True):
        p = x / n
        middle, half = p + Z**2 / (2 * n), Z * math.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
        rows.append((100 * p, 100 * (middle - half) / (1 + Z**2 / n), 100 * (middle + half) / (1 + Z**2 / n)))
    return pd.DataFrame(rows, columns=["value", "lower", "upper"])


def plain_slope(table):
    """A least-squares fit group by group."""
    rows = []
    for _, group in table.groupby("group"):
        weight = (group["population"] / group["population"].sum()).to_numpy()
        rank = np.cumsum(weight) - weight / 2
        root = np.sqrt(weight)
        fit = np.linalg.lstsq(np.column_stack([root, root * rank]), root * group["value"].to_numpy(), rcond=None)[0]
        rows.append((fit[1], (fit[0] + fit[1]) / fit[0]))
    return np.array(rows)


def main():
    rng = np.random.default_rng(2015)
    size = AREAS * YEARS
    people = rng.integers(5_000, 320_000, size)
    counts = rng.poisson(people * 0.0043)
    counts[:60] = rng.integers(0, 10, 60)
    wholes = np.maximum(counts, 1)
    parts = rng.binomial(wholes, 0.2)
    status = np.full(size, "reported", dtype=object)
    tenths = pd.DataFrame(
        {
            "group": np.repeat(np.arange(size), 10),
            "position": np.tile(np.arange(1, 11), size),
            "population": rng.integers(1_000, 30_000, 10 * size),
            "value": rng.gamma(20, 2, 10 * size),
        }
    )
    tenths["se"] = tenths["value"] / 15
    columns = (tenths["value"], tenths["population"], tenths["position"])
    options = {"unit": "neighbourhood", "group": tenths["group"]}
    long = pd.DataFrame(
        {
            "area_code": np.repeat([f"E{i:08d}" for i in range(AREAS)], YEARS),
            "year": np.tile(np.arange(2013, 2013 + YEARS), AREAS),
            "value": counts + 10.0,
            "status": status,
        }
    )
    score = rng.gamma(9, 2.5, AREAS)

    np.testing.assert_allclose(rate(counts, people)[["value", "lower", "upper"]], plain_rate(counts, people), rtol=1e-9)
    np.testing.assert_allclose(share(parts, wholes)[["value", "lower", "upper"]], plain_share(parts, wholes), atol=1e-9)
    fitted = np.column_stack([slope_index(*columns, **options)["value"], relative_index(*columns, **options)["value"]])
    np.testing.assert_allclose(fitted, plain_slope(tenths), rtol=1e-6, atol=1e-9)

    def both_indices():
        slope_index(*columns, se=tenths["se"], **options)
        relative_index(*columns, se=tenths["se"], **options)

    plain_fit = milliseconds(lambda: plain_slope(tenths), 3)
    lines = [
        (f"rates, {size} rows", 10, lambda: rate(counts, people), lambda: plain_rate(counts, people)),
        (f"rates with statuses, {size} rows", 10, lambda: rate(counts, people, status=status), None),
        (f"shares, {size} rows", 2, lambda: share(parts, wholes), lambda: plain_share(parts, wholes)),
        (f"shares with statuses, {size} rows", 2, lambda: share(parts, wholes, status=status), None),
        (
            f"slope index with limits, {size} groups of ten",
            20,
            lambda: slope_index(*columns, se=tenths["se"], **options),
            plain_fit,
        ),
        ("slope and relative index, both calls", 20, both_indices, plain_fit),
        (f"concentration index, {size} groups of ten", None, lambda: concentration_index(*columns, **options), None),
        (f"tenths of {AREAS} authorities", None, lambda: deprivation_groups(score, unit="authority"), None),
        (
            "most to least deprived tenth",
            None,
            lambda: most_to_least(counts[:AREAS], people[:AREAS], score, unit="authority"),
            None,
        ),
        (
            f"percent change, {AREAS} authorities, 12 pairs of years, bounds",
            None,
            lambda: percent_change(long, list(range(2013, 2025)), list(range(2014, 2026)), rounding=10),
            None,
        ),
    ]
    print(f"{'what':<62}{'ms':>8}{'target':>8}{'plain ms':>10}{'ratio':>8}")
    for what, target, ours, plain in lines:
        took = milliseconds(ours)
        beside = milliseconds(plain, 5) if callable(plain) else plain
        print(f"{what:<62}{took:>8.2f}{target or '':>8}" + (f"{beside:>10.1f}{beside / took:>8.1f}" if beside else ""))


if __name__ == "__main__":
    main()
