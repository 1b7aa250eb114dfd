"""How fast the trend methods are: every authority and year at once, beside one area at a time.

    python benchmarks/trends.py

153 authorities x 13 years. Best and median of several runs, after one to warm up. The baseline does the same
work plainly, one area (or one figure) after another, with scipy and without our vectorised code.
"""

import itertools
import statistics
import time

import numpy as np
import pandas as pd
from scipy import stats

from cptrends.trends import funnel, joinpoints, judge_changes, project, run_chart, xmr

YEARS = np.arange(2013, 2026)


def figures():
    random = np.random.default_rng(2025)
    population = np.round(random.lognormal(11, 0.7, (153, 1))) * np.ones((153, 13))
    count = random.poisson(population * 42e-4 * np.exp(random.normal(0, 0.3, (153, 1))))
    return count, population


def plain_xmr(rates):
    """Limits and the four rules by loops, as one would write them for a single chart."""
    out = []
    for y in rates:
        centre = sum(y) / len(y)
        ranges = [abs(b - a) for a, b in itertools.pairwise(y)]
        mean = sum(ranges) / len(ranges)
        kept = [r for r in ranges if r <= 3.267 * mean]
        width = 2.66 * sum(kept) / len(kept)
        sides = [(v > centre) - (v < centre) for v in y]
        steps = [(b > a) - (b < a) for a, b in itertools.pairwise(y)]
        for i, v in enumerate(y):
            outside = abs(v - centre) > width
            shift = any(abs(sum(sides[j : j + 7])) == 7 for j in range(max(0, i - 6), min(i, len(y) - 7) + 1))
            trend = any(abs(sum(steps[j : j + 6])) == 6 for j in range(max(0, i - 6), min(i, len(y) - 7) + 1))
            third = [abs(w - centre) > width * 2 / 3 for w in y]
            two = third[i] and any(
                sum(third[j : j + 3]) >= 2 and abs(sum(sides[j : j + 3])) == 3
                for j in range(max(0, i - 2), min(i, len(y) - 3) + 1)
            )
            out.append((v, centre, centre - width, centre + width, outside, shift, trend, two))
    return pd.DataFrame(out)


def plain_funnel(count, population):
    """Exact Poisson limits of every figure, one by one, and winsorised dispersion for each year."""
    out = []
    for year in range(count.shape[1]):
        o, n = count[:, year], population[:, year]
        target = o.sum() / n.sum()
        z = np.log(o / (n * target)) * np.sqrt(n * target)
        phi = np.mean(stats.mstats.winsorize(z, (0.1, 0.1)) ** 2)
        for a, b in zip(o, n, strict=True):
            out.append((a / b, phi, *(stats.poisson.ppf(p, b * target) / b for p in (0.025, 0.975, 0.001, 0.999))))
    return pd.DataFrame(out)


def timed(work, repeats):
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return min(times), statistics.median(times)


def main():
    count, population = figures()
    rates = pd.DataFrame(1e4 * count / population, columns=YEARS)
    by = np.tile(YEARS, 153)
    frame = pd.DataFrame(
        {
            "area_code": np.repeat(np.arange(153), 13),
            "year": by,
            "numerator": count.ravel(),
            "denominator": population.ravel(),
        }
    )
    england = pd.Series(count.sum(axis=0), index=YEARS)
    both = lambda: (xmr(rates), funnel(count.ravel(), population.ravel(), kind="rate", by=by))  # noqa: E731
    work = [
        ("XmR charts, all areas", lambda: xmr(rates), 20, lambda: plain_xmr(rates.to_numpy().tolist())),
        (
            "Funnels, over-dispersed, all years",
            lambda: funnel(count.ravel(), population.ravel(), kind="rate", by=by),
            20,
            lambda: plain_funnel(count, population),
        ),
        (
            "Funnels, exact, all years",
            lambda: funnel(count.ravel(), population.ravel(), kind="rate", by=by, adjust="none"),
            20,
            None,
        ),
        ("Funnels and XmR charts together (target: under 100 ms)", both, 20, None),
        ("Run charts, all areas", lambda: run_chart(rates), 10, None),
        ("Is this change real: 12 neighbouring pairs", lambda: judge_changes(frame, kind="rate"), 5, None),
        ("Is this change real: all 78 pairs", lambda: judge_changes(frame, kind="rate", pairs="all"), 3, None),
        ("Joinpoints, one series of 13 years", lambda: joinpoints(england), 10, None),
        ("Outlook with back-test, one series", lambda: project(england), 3, None),
    ]
    print("| work | best ms | median ms | plain, median ms | times faster |\n| --- | --- | --- | --- | --- |")
    for name, ours, repeats, plain in work:
        best, median = timed(ours, repeats)
        base = timed(plain, 3)[1] if plain else None
        print(f"| {name} | {best:.1f} | {median:.1f} | " + (f"{base:.0f} | {base / median:.0f} |" if plain else " | |"))


if __name__ == "__main__":
    main()
