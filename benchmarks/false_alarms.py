"""How often the trend methods cry wolf, and how often they see a wolf, by seeded simulation.

    python benchmarks/false_alarms.py [--draws N]

Each table is printed as Markdown. Authorities are simulated with the sizes and levels met in England: a
child population of 5,000 to 350,000 and plans, section 47 enquiries and re-referrals of the usual order.
"""

import argparse

import numpy as np
import pandas as pd

from cptrends.trends import chance_of_signals, funnel, joinpoints, judge_changes

YEARS = np.arange(2013, 2026)
N_AREAS = 153


def quiet(random, kind, mean, wobble, shape="normal"):
    """Figures of authorities in which nothing changes from year to year but chance and wobble.

    `shape`: every area wobbles alike ("normal"), with now and then a large jolt ("heavy tails", t with three
    degrees of freedom), or some areas far more than others ("uneven").
    """
    size = (N_AREAS, YEARS.size)
    if shape == "heavy tails":
        shake = wobble * random.standard_t(3, size) / np.sqrt(3)
    elif shape == "uneven":
        shake = wobble * random.normal(size=size) * random.gamma(2, 0.5, (N_AREAS, 1))
    else:
        shake = wobble * random.normal(size=size)
    level = random.normal(0, 0.3, (N_AREAS, 1)) + shake
    base = random.lognormal(0, 0.7, (N_AREAS, 1)) * np.ones(size)
    if kind == "rate":
        denominator = np.round(mean / 0.0042 * base)
        numerator = random.poisson(denominator * 0.0042 * np.exp(level))
    else:
        denominator = np.maximum(np.round(mean / 0.2 * base), 1)
        numerator = random.binomial(denominator.astype(int), 1 / (1 + np.exp(1.386 - level)))
    return numerator, denominator


def as_frame(numerator, denominator):
    return pd.DataFrame(
        {
            "area_code": np.repeat([f"A{i:03}" for i in range(N_AREAS)], YEARS.size),
            "year": np.tile(YEARS, N_AREAS),
            "numerator": numerator.ravel(),
            "denominator": denominator.ravel(),
        }
    )


def false_changes(draws):
    rows = []
    for kind in ("rate", "share"):
        for mean in (20, 60, 300, 2000):
            for wobble, shape in (
                (0, "normal"),
                (0.1, "normal"),
                (0.3, "normal"),
                (0.2, "heavy tails"),
                (0.2, "uneven"),
            ):
                random = np.random.default_rng(20251122)
                flagged, covered = [], []
                for _ in range(draws):
                    judged = judge_changes(as_frame(*quiet(random, kind, mean, wobble, shape)), kind=kind)
                    told = judged["verdict"] != "Cannot tell"
                    flagged.append((judged.loc[told, "verdict"] == "Probably real").mean())
                    covered.append(((judged["lower"] <= 0) & (0 <= judged["upper"]))[told].mean())
                percent = [100 * x for x in (np.mean(flagged), np.max(flagged), np.mean(covered))]
                rows.append((kind, mean, wobble, shape, *percent))
    return rows


def found_changes(draws):
    rows = []
    for mean in (60, 300, 2000):
        for wobble in (0.05, 0.15):
            for factor in (1.25, 1.5, 2.0):
                random = np.random.default_rng(20251123)
                found, false = [], []
                for _ in range(draws):
                    numerator, denominator = quiet(random, "rate", mean, wobble)
                    changed = np.arange(15)  # one in ten authorities, in the last year
                    numerator[changed, -1] = random.poisson(numerator[changed, -1] * factor)
                    judged = judge_changes(as_frame(numerator, denominator), kind="rate", pairs=[(2024, 2025)])
                    real = (judged["verdict"] == "Probably real").to_numpy()
                    found.append(real[:15].mean())
                    false.append(real[15:].sum() / max(real.sum(), 1))
                rows.append((mean, wobble, factor, 100 * np.mean(found), 100 * np.mean(false)))
    return rows


def rule_signals(draws):
    rows = []
    for n in (9, 13, 16, 25):
        for run in (6, 7):
            for drift in (0.0, 0.5):
                chance = chance_of_signals(n, shift=run, trend=run, autocorrelation=drift, draws=draws)
                rows.append((n, run, drift, *chance["value"]))
    return rows, list(chance["rule"])


def funnel_flags(draws):
    rows = []
    for spread in (0.0, 0.3):
        for adjust in ("none", "phi", "tau2"):
            for trim in (0.0, 0.1):
                random = np.random.default_rng(20251124)
                outer, far = [], []
                for _ in range(draws):
                    population = np.round(random.lognormal(11, 0.7, N_AREAS))
                    count = random.poisson(population * 42e-4 * np.exp(random.normal(0, spread, N_AREAS)))
                    label = funnel(count, population, kind="rate", adjust=adjust, trim=trim)["label"]
                    outer.append((label != "not unusual").mean())
                    far.append(label.str.endswith("(99.8%)").mean())
                rows.append((spread, adjust, trim, 100 * np.mean(outer), 100 * np.mean(far)))
    return rows


def false_turns(draws):
    rows = []
    for n in (9, 13, 16, 25):
        for drift in (0.0, 0.5):
            random = np.random.default_rng(20251125)
            found = []
            for _ in range(draws):
                noise = random.normal(0, 0.02, n)
                for t in range(1, n):
                    noise[t] = drift * noise[t - 1] + np.sqrt(1 - drift**2) * noise[t]
                found.append(joinpoints(50_000 * np.exp(0.04 * np.arange(n) + noise))["joinpoints"][0] > 0)
            rows.append((n, drift, 100 * np.mean(found)))
    return rows


def table(title, header, rows):
    print(f"\n## {title}\n\n| " + " | ".join(header) + " |\n|" + " --- |" * len(header))
    for row in rows:
        print(
            "| "
            + " | ".join(
                f"{cell:.3g}"
                if isinstance(cell, float) and abs(cell) >= 1
                else f"{cell:.2f}"
                if isinstance(cell, float)
                else str(cell)
                for cell in row
            )
            + " |"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--draws", type=int, default=20, help="simulated Englands per line of the first two tables (default 20)"
    )
    draws = parser.parse_args().draws
    changes = false_changes(draws)
    table(
        "Nothing changed: percent of judgements `Probably real` (must stay under 5)",
        ["kind", "mean count", "wobble (sd)", "its shape", "mean", "worst draw", "95% interval holds zero"],
        changes,
    )
    table(
        "One authority in ten changed: percent found, and percent of those called real that are false",
        ["mean count", "wobble (sd)", "factor", "found", "false"],
        found_changes(draws),
    )
    rows, rules = rule_signals(50 * draws)
    table(
        "Control chart rules: percent of quiet series that set one off",
        ["years", "run", "autocorrelation", *rules],
        rows,
    )
    table(
        "Funnel: percent of areas outside when none is unusual",
        ["spread (sd of log)", "adjust", "trim", "outside 95%", "outside 99.8%"],
        funnel_flags(5 * draws),
    )
    table(
        "Joinpoints by BIC: percent of straight lines given a turn",
        ["years", "autocorrelation", "with a turn"],
        false_turns(10 * draws),
    )
    worst = max(row[4] for row in changes)
    print(f"\nWorst false alarm rate: {worst:.2f}% of authorities (limit 5%).")
    return 0 if worst < 5 else 1


if __name__ == "__main__":
    raise SystemExit(main())
