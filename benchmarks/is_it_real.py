"""How often a change that is there is called unusual, and how often one that is not, beside XmR and Poisson limits.

    python benchmarks/is_it_real.py [--draws N]

Every indicator that is judged on the authorities' pages, with its own counts and areas, on quiet panels
(`quiet_panels.py`) and on the real figures. Changes are put into a tenth of the authorities at a time. The peers
(`peers.py`) are as wide as calls 1% of the authorities of the quiet panels; `judge_changes` is as it comes. Seeded.
"""

import argparse
import concurrent.futures
import time
import warnings

import numpy as np
from peers import long, tuned
from quiet_panels import changed, judged, panel, quiet, shuffled

from cptrends.reports.authority.everyone import everyone
from cptrends.reports.authority.judging import kind_of
from cptrends.trends import limit_on_a_page
from cptrends.trends.many import UNUSUAL
from cptrends.trends.scaled import on_scale

FACTORS = (1.3, 1.5, 2.0, 1 / 1.5, 1 / 2)
MEMORY = (0.3, 0.6)
LABELS = ("Unusual", "Within its ordinary range", "Cannot tell")
QUESTIONS = ("five_years", "adjacent")
EXAMPLES = ("Milton Keynes", "Blackpool")


def false_calls(the_panel, panels, limit, pairs):
    """Percent of quiet authorities called unusual."""
    chance = np.concatenate([judged(the_panel, c, s, pairs)["chance"].to_numpy() for c, s, *_ in panels])
    return 100 * (chance[~np.isnan(chance)] <= limit).mean()


def oracle(the_panel, count, size, uneven, lasting):
    """The most powerful test there is of the last years: it knows which years they are, the wobble and the chance."""
    usual, (scaled, chance) = the_panel.ordinary, on_scale(count, size, the_panel.kind)
    chance = np.nanmean(chance, axis=1) * (1 - usual.counted_twice if the_panel.kind == "count_ratio" else 1)
    before = (~np.isnan(scaled[:, :-lasting])).sum(axis=1)
    move = np.nanmean(scaled[:, -lasting:], axis=1) - np.nanmean(scaled[:, :-lasting], axis=1)
    error = np.sqrt((usual.wobble * uneven[:, 0] + chance) * (1 / lasting + 1 / before))
    return np.abs(move) > 2.576 * error


def detection(the_panel, panels, random, lasting, peers, with_oracle):
    """For each factor the percent found: by us, by each peer, by the oracle; and what was found without a change."""
    pairs = "five_years" if lasting == 2 else "adjacent"
    rows = {}
    for factor in (1.0, *FACTORS):
        hits = {name: [] for name in ("ours", *range(len(peers)), "oracle")}
        for tenth, (count, size, *uneven) in enumerate(panels):
            groups = [None] if factor == 1 else range(10) if len(panels) == 1 else [tenth % 10]
            place = random.permutation(len(count)) % 10
            for group in groups:
                which = np.ones(len(count), dtype=bool) if group is None else place == group
                moved, which = changed(the_panel, count, size, which, factor, lasting)
                frame = judged(the_panel, moved, size, pairs)
                which = which & long(count) & frame["chance"].notna().to_numpy()
                hits["ours"] += (frame["label"] == "Unusual")[which].tolist()
                for at, (_, peer) in enumerate(peers):
                    hits[at] += peer(moved, size)[which].tolist()
                if with_oracle:
                    hits["oracle"] += oracle(the_panel, moved, size, uneven[0], lasting)[which].tolist()
        rows[factor] = {name: 100 * np.mean(found) if found else np.nan for name, found in hits.items()}
    return better(rows, peers)


def better(rows, peers):
    """Of each peer the variant that finds more."""
    for name in ("XmR", "Poisson"):
        variants = [at for at, (peer, _) in enumerate(peers) if peer == name]
        best = max(variants, key=lambda at: np.nanmean([rows[factor][at] for factor in FACTORS]))
        for row in rows.values():
            row[name] = row[best]
    return rows


def table(title, header, rows):
    print(f"\n## {title}\n\n| " + " | ".join(header) + " |\n|" + " --- |" * len(header))
    for row in rows:
        print(
            "| "
            + " | ".join(cell if isinstance(cell, str) else "–" if np.isnan(cell) else f"{cell:.3g}" for cell in row)
            + " |"
        )


def finds(rows, factors=FACTORS, who=("ours", "XmR", "Poisson")):
    """A cell for each factor: ours / XmR / Poisson."""
    return [" / ".join("–" if np.isnan(rows[f][w]) else f"{rows[f][w]:.0f}" for w in who) for f in factors]


def one(name, draws):
    """Everything about one indicator."""
    warnings.simplefilter("ignore", RuntimeWarning)  # areas without a year
    random, the_panel = np.random.default_rng(20251126), panel(name)
    panels = [quiet(the_panel, random) for _ in range(draws)]
    page = limit_on_a_page(2 * len(judged_names()))
    mixed = [shuffled(the_panel, random) for _ in range(draws)]
    found = {"panel": the_panel, "false": {}, "page": {}, "memory": []}
    for what, those in (("quiet", panels), ("shuffled", mixed)):
        for pairs in QUESTIONS:
            found["false"][what, pairs] = false_calls(the_panel, those, UNUSUAL, pairs)
            found["page"][what, pairs] = false_calls(the_panel, those, page, pairs) / 100
    for memory in MEMORY:
        remembering = [quiet(the_panel, random, memory) for _ in range(draws)]
        found["memory"].append(false_calls(the_panel, remembering, UNUSUAL, "five_years"))
    real = [(the_panel.count, the_panel.size)]
    for lasting in (2, 1):
        peers = tuned(panels, lasting, the_panel.kind)
        found["quiet", lasting] = detection(the_panel, panels, random, lasting, peers, with_oracle=True)
        found["real", lasting] = detection(the_panel, real, random, lasting, peers, with_oracle=False)
    return found


def judged_names():
    """The indicators that pages judge."""
    return [name for name in everyone().names if kind_of(name)]


def of_today(name):
    """What is said of the newest changes of all authorities that have one."""
    the_panel = panel(name)
    found = [judged(the_panel, the_panel.figures.count, the_panel.figures.size, pairs) for pairs in QUESTIONS]
    level, step = (frame[frame["value_later"].notna()] for frame in found)
    labels = [f"{(level['label'] == label).sum()}" for label in LABELS]
    half = 100 * (level["visible_rise"] <= 50).mean()
    row = [name, *labels, level["visible_rise"].median(), level["visible_fall"].median(), half]
    return found[0].assign(area_code=the_panel.figures.areas), [*row, f"{(step['label'] == LABELS[0]).sum()}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=12, help="quiet panels of each indicator (default 12)")
    draws, started = parser.parse_args().draws, time.perf_counter()
    names = judged_names()
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        found = dict(zip(names, pool.map(one, names, [draws] * len(names)), strict=True))
    table(
        "Nothing changed: percent of authorities called unusual (wanted: 1)",
        [
            "indicator",
            "median count",
            *(f"{question}, {what}" for what in ("quiet", "shuffled") for question in ("five years", "one year")),
            *(f"five years, memory {m}" for m in MEMORY),
        ],
        [
            [
                n,
                float(np.nanmedian(f["panel"].count)),
                *f["false"].values(),
                *f["memory"],
            ]
            for n, f in found.items()
        ],
    )
    kinds = [f"{'+' if f > 1 else '−'}{100 * abs(f - 1):.0f}%" for f in FACTORS]
    for lasting, words in ((2, "two years, five-year label"), (1, "one year, one-year label")):
        table(
            f"Quiet panels, a change that lasts {words}: percent found, ours / XmR / Poisson",
            ["indicator", "none put in", *kinds, "oracle +50%"],
            [
                [n, *finds(f["quiet", lasting], (1.0, *FACTORS)), f["quiet", lasting][1.5]["oracle"]]
                for n, f in found.items()
            ],
        )
        table(
            f"Real figures, a change put into the last {words}: percent found, ours / XmR / Poisson",
            ["indicator", "none put in", *kinds],
            [[n, *finds(f["real", lasting], (1.0, *FACTORS))] for n, f in found.items()],
        )
        for where in ("quiet", "real"):
            means = [
                np.nanmean([[f[where, lasting][x][w] for x in FACTORS] for f in found.values()])
                for w in ("ours", "XmR", "Poisson")
            ]
            print(
                f"\n{where}, mean of all: ours {means[0]:.1f}, XmR {means[1]:.1f}, Poisson {means[2]:.1f}; "
                f"ratio {means[0] / means[1]:.2f} and {means[0] / means[2]:.2f}"
            )
    on_a_page = {what: sum(f["page"][what] for f in found.values()) for what in next(iter(found.values()))["page"]}
    print(
        f"\nUnusual on a page of {len(names)} indicators, limit {limit_on_a_page(2 * len(names)):.4f} (allowed: 0.25):"
    )
    for what in ("quiet", "shuffled"):
        level, step = on_a_page[what, "five_years"], on_a_page[what, "adjacent"]
        print(f"{what}: {level:.2f} over five years and {step:.2f} over one, {level + step:.2f} together")
    table(
        "Today's authorities over five years",
        [
            "indicator",
            "unusual",
            "within",
            "cannot tell",
            "median visible rise, %",
            "median visible fall, %",
            "would see a rise of half, %",
            "unusual over one year",
        ],
        [of_today(name)[1] for name in names],
    )
    code = {name: everyone().figures["plan_rate"].query("area_name == @name")["area_code"].iloc[0] for name in EXAMPLES}
    frame = of_today("plan_rate")[0].set_index("area_code")
    for name in EXAMPLES:
        print(f"\n{name}, children on a plan. {frame.loc[code[name], 'sentence']}")
    print(f"\n{time.perf_counter() - started:.0f} seconds.")


if __name__ == "__main__":
    main()
