"""How often a change that is there is called unusual, and how often one that is not, beside XmR and Poisson limits.

    python benchmarks/is_it_real.py [--draws N]

Every indicator that is judged on the authorities' pages, with its own counts and areas, on quiet panels
(`quiet_panels.py`) and on the real figures. Changes are put into a tenth of the authorities at a time. The peers
(`peers.py`) are as wide as calls 1% of the authorities of the quiet panels; `judge_changes` is as it comes, at 1% for
one authority and at the limit of a page. Seeded.
"""

import argparse
import concurrent.futures
import time
import warnings

import numpy as np
from peers import long, tuned
from quiet_panels import changed, judged, panel, quiet, remembering, shuffled, spread

from cptrends.memory import remembered
from cptrends.reports.authority.everyone import everyone
from cptrends.reports.authority.judging import kind_of
from cptrends.trends import limit_on_a_page
from cptrends.trends.many import UNUSUAL
from cptrends.trends.scaled import on_scale

FACTORS = (1.3, 1.5, 2.0, 1 / 1.5, 1 / 2)
MEMORY = (0.3, 0.45, 0.6)
FITTED = "fitted"
LAGS = (1, 2, 3, 5, 8)
WHO = ("ours", "XmR", "Poisson")
BAR = 60  # percent of +50% in children on a plan that are to be found
LABELS = ("Unusual", "Within its ordinary range", "Cannot tell")
QUESTIONS = ("five_years", "adjacent")
EXAMPLES = ("Milton Keynes", "Blackpool")


def page_limit():
    """Below which a change is called unusual on a page that judges all indicators over one year and five."""
    return limit_on_a_page(2 * len(judged_names()))


def false_calls(the_panel, panels, pairs):
    """Percent of quiet authorities called unusual at the limit for one, and at that of a page."""
    chance = np.concatenate([judged(the_panel, c, s, pairs)["chance"].to_numpy() for c, s, *_ in panels])
    chance = chance[~np.isnan(chance)]
    return [100 * (chance <= limit).mean() for limit in (UNUSUAL, page_limit())]


def careful_limit(the_panel, panels):
    """The limit that would call 1% over five years on panels that remember."""
    chance = np.concatenate([judged(the_panel, c, s, "five_years")["chance"].to_numpy() for c, s, *_ in panels])
    return np.nanquantile(chance, UNUSUAL)


def oracle(the_panel, count, size, uneven, lasting):
    """The most powerful test there is of the last years: it knows which years they are, the wobble and the chance."""
    usual, (scaled, chance) = the_panel.ordinary, on_scale(count, size, the_panel.kind)
    chance = np.nanmean(chance, axis=1) * (1 - usual.counted_twice if the_panel.kind == "count_ratio" else 1)
    before = (~np.isnan(scaled[:, :-lasting])).sum(axis=1)
    move = np.nanmean(scaled[:, -lasting:], axis=1) - np.nanmean(scaled[:, :-lasting], axis=1)
    error = np.sqrt((usual.wobble * uneven[:, 0] + chance) * (1 / lasting + 1 / before))
    return np.abs(move) > 2.576 * error


def detection(the_panel, panels, random, lasting, peers, careful, with_oracle):
    """For each factor the percent found, and what was found without a change.

    By us at the limit for one authority, at that of a page, at a more careful one, and as "Probably real" in the list
    of all; by each peer; by the oracle.
    """
    pairs = "five_years" if lasting == 2 else "adjacent"
    rows = {}
    for factor in (1.0, *FACTORS):
        hits = {name: [] for name in ("ours", "page", "careful", "listed", *range(len(peers)), "oracle")}
        for tenth, (count, size, *uneven) in enumerate(panels):
            groups = [None] if factor == 1 else range(10) if len(panels) == 1 else [tenth % 10]
            place = random.permutation(len(count)) % 10
            for group in groups:
                which = np.ones(len(count), dtype=bool) if group is None else place == group
                moved, which = changed(the_panel, count, size, which, factor, lasting)
                frame = judged(the_panel, moved, size, pairs)
                which = which & long(count) & frame["chance"].notna().to_numpy()
                hits["ours"] += (frame["label"] == "Unusual")[which].tolist()
                hits["page"] += (frame["chance"] <= page_limit())[which].tolist()
                hits["careful"] += (frame["chance"] <= careful)[which].tolist()
                hits["listed"] += (frame["verdict"] == "Probably real")[which].tolist()
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


def finds(rows, factors=FACTORS):
    """A cell for each factor: ours (ours at the limit of a page) / XmR / Poisson."""
    cells = []
    for factor in factors:
        ours, page, *peers = (
            "–" if np.isnan(rows[factor][w]) else f"{rows[factor][w]:.0f}" for w in ("ours", "page", *WHO[1:])
        )
        cells.append(" / ".join((f"{ours} ({page})", *peers)))
    return cells


def one(name, draws):
    """Everything about one indicator."""
    warnings.simplefilter("ignore", RuntimeWarning)  # areas without a year
    random, the_panel = np.random.default_rng(20251126), panel(name)
    panels = [quiet(the_panel, random) for _ in range(draws)]
    few = max(draws // 3, 1)
    fitted, memory = remembering(the_panel)
    made = {"quiet": panels, "shuffled": [shuffled(the_panel, random) for _ in range(draws)]}
    made |= {m: [quiet(the_panel, random, m) for _ in range(few)] for m in MEMORY}
    made[FITTED] = [quiet(fitted, random, memory) for _ in range(few)]
    real = [(the_panel.count, the_panel.size)]
    made["real"] = real
    found = {
        "panel": the_panel,
        "memory": memory,
        "spread": [spread(the_panel, lag) for lag in LAGS if lag < len(the_panel.figures.years)],
    }
    found["false"] = {
        (what, pairs): false_calls(the_panel, those, pairs) for what, those in made.items() for pairs in QUESTIONS
    }
    careful = careful_limit(the_panel, made[MEMORY[0]])
    for lasting in (2, 1):
        peers = tuned(panels, lasting, the_panel.kind)
        found["quiet", lasting] = detection(the_panel, panels, random, lasting, peers, careful, with_oracle=True)
        found["real", lasting] = detection(the_panel, real, random, lasting, peers, careful, with_oracle=False)
    return found


@remembered
def judged_names():
    """The indicators that pages judge."""
    return [name for name in everyone().names if kind_of(name)]


def of_today(name):
    """What is said of the newest changes of all authorities that have one, at the limit of a page."""
    the_panel = panel(name)
    figures = the_panel.figures
    found = [judged(the_panel, figures.count, figures.size, pairs, limit=page_limit()) for pairs in QUESTIONS]
    level, step = (frame[frame["value_later"].notna()] for frame in found)
    labels = [f"{(level['label'] == label).sum()}" for label in LABELS]
    one_authority = f"{(level['chance'] <= UNUSUAL).sum()}"
    half = 100 * (level["visible_rise"] <= 50).mean()
    row = [name, *labels, one_authority, level["visible_rise"].median(), level["visible_fall"].median(), half]
    return found[0].assign(area_code=figures.areas), [*row, f"{(step['label'] == LABELS[0]).sum()}"]


def print_false(found):
    """How much is called unusual where nothing changed, and per page."""
    kinds = [("quiet", q) for q in QUESTIONS] + [("shuffled", q) for q in QUESTIONS]
    kinds += [(m, "five_years") for m in (*MEMORY, FITTED)] + [("real", "five_years")]
    words = {"five_years": "five years", "adjacent": "one year"}
    names = [f"{words[q]}, {f'memory {what}' if what in (*MEMORY, FITTED) else what}" for what, q in kinds]
    table(
        "Nothing changed: percent of authorities called unusual (wanted: 1); last, what the real figures give",
        ["indicator", "median count", *names, "memory fitted", f"spread over {', '.join(map(str, LAGS))} years"],
        [
            [
                name,
                float(np.nanmedian(f["panel"].count)),
                *(f["false"][kind][0] for kind in kinds),
                f["memory"],
                ", ".join(f"{each:.3f}" for each in f["spread"]),
            ]
            for name, f in found.items()
        ],
    )
    print(f"\nUnusual on a page of {len(found)} indicators over five years and one (allowed: 0.25 of quiet ones):")
    for at, limit in enumerate((UNUSUAL, page_limit())):
        for what in ("quiet", "shuffled", *MEMORY, FITTED, "real"):
            level, step = (sum(f["false"][what, pairs][at] for f in found.values()) / 100 for pairs in QUESTIONS)
            print(f"limit {limit:.3f}, {what}: five years {level:.2f}, one year {step:.2f}, both {level + step:.2f}")


def print_found(found):
    """What is found of changes that were put in."""
    kinds = [f"{'+' if f > 1 else '−'}{100 * abs(f - 1):.0f}%" for f in FACTORS]
    cell = f"percent found, ours at 1% (at {100 * page_limit():.1f}%) / XmR / Poisson"
    for lasting, words in ((2, "two years, five-year label"), (1, "one year, one-year label")):
        table(
            f"Quiet panels, a change that lasts {words}: {cell}",
            ["indicator", "none put in", *kinds, "oracle +50%"],
            [
                [n, *finds(f["quiet", lasting], (1.0, *FACTORS)), f["quiet", lasting][1.5]["oracle"]]
                for n, f in found.items()
            ],
        )
        table(
            f"Real figures, a change put into the last {words}: {cell}",
            ["indicator", "none put in", *kinds],
            [[n, *finds(f["real", lasting], (1.0, *FACTORS))] for n, f in found.items()],
        )
        for where in ("quiet", "real"):
            means = [mean(found, where, lasting, w, FACTORS) for w in (*WHO, "page")]
            print(
                f"\n{where}, mean of all: ours {means[0]:.1f}, XmR {means[1]:.1f}, Poisson {means[2]:.1f}; "
                f"ratio {means[0] / means[1]:.2f} and {means[0] / means[2]:.2f}; at the limit of a page {means[3]:.1f}"
            )


def mean(found, where, lasting, who, factors):
    """Mean percent found over indicators and sizes of change."""
    return np.nanmean([[f[where, lasting][x][who] for x in factors] for f in found.values()])


def print_short(found):
    """Where it falls short of what is wanted."""
    print("\n## Where it falls short, changes that last two years\n")
    for where in ("quiet", "real"):
        for factor, words in ((1.5, "+50%"), (1 / 1.5, "−33%")):
            for peer in WHO[1:]:
                rows = {n: f[where, 2][factor] for n, f in found.items()}
                more = [n for n, row in rows.items() if row[peer] > row["ours"]]
                print(f"{where}, {words}: {peer} finds more in {len(more)} of {len(rows)}: {', '.join(more)}")
        for who in (*WHO, "page", "careful"):
            none, rise, fall = (mean(found, where, 2, who, [x]) for x in (1.0, 1.5, 1 / 1.5))
            print(f"{where}, mean, {who}: none put in {none:.1f}, +50% {rise:.1f}, −33% {fall:.1f}")
    for where in ("quiet", "real"):
        plan = found["plan_rate"][where, 2]
        cells = ", ".join(
            f"{who} {plan[1.5][who]:.0f} (none put in {plan[1.0][who]:.0f})" for who in (*WHO, "page", "careful")
        )
        print(f"children on a plan, +50%, {where}, wanted {BAR}: {cells}")
    step = found["plan_rate"]["real", 1]
    for factor in (1.3, 1.5, 2.0):
        cells = ", ".join(f"{who} {step[factor][who]:.0f}" for who in ("listed", *WHO, "page"))
        print(f"children on a plan, real, {100 * (factor - 1):+.0f}% in the newest year alone: {cells}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=12, help="quiet panels of each indicator (default 12)")
    draws, started = parser.parse_args().draws, time.perf_counter()
    names = judged_names()
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        found = dict(zip(names, pool.map(one, names, [draws] * len(names)), strict=True))
    print_false(found)
    print_found(found)
    print_short(found)
    today = {name: of_today(name) for name in names}
    table(
        f"Today's authorities over five years, at {100 * page_limit():.1f}% as on their pages",
        [
            "indicator",
            *("unusual", "within", "cannot tell", "unusual at 1%"),
            *(
                "median visible rise, %",
                "median visible fall, %",
                "would see a rise of half, %",
                "unusual over one year",
            ),
        ],
        [row for _, row in today.values()],
    )
    code = {name: everyone().figures["plan_rate"].query("area_name == @name")["area_code"].iloc[0] for name in EXAMPLES}
    frame = today["plan_rate"][0].set_index("area_code")
    for name in EXAMPLES:
        print(f"\n{name}, children on a plan. {frame.loc[code[name], 'sentence']}")
    print(f"\n{time.perf_counter() - started:.0f} seconds.")


if __name__ == "__main__":
    main()
