"""How often the 95% limits hold the true rate or share, at the counts met in this field.

Run: python benchmarks/coverage.py
Seeded. For each expected count, draws counts from the truth, takes the limits, and prints how often they
hold it. Coverage at one truth moves up and down with it (counts are whole), so each line averages over
truths within ten percent, as authorities of that size would give. Beside the simulation stands the exact
probability, summed over all counts, which the simulation must meet within four of its standard errors, and
the lowest at any one of the truths.
"""

import numpy as np
from scipy.special import bdtr, pdtr

from cptrends.indicators import count_limits, share

DRAWS, TRUTHS = 40_000, 41


def rate_coverage(expected, rng, confidence=0.95):
    """How often the limits hold the truth: simulated, exactly, and at the worst truth."""
    truths = expected * np.linspace(0.9, 1.1, TRUTHS)
    truth = rng.choice(truths, DRAWS)
    drawn = rng.poisson(truth)
    lower, upper, _ = count_limits(np.arange(drawn.max() + 1), confidence)
    simulated = ((lower[drawn] <= truth) & (truth <= upper[drawn])).mean()
    counts = np.arange(int(truths[-1] + 12 * np.sqrt(truths[-1]) + 30))
    lower, upper, _ = count_limits(counts, confidence)
    chance = np.diff(pdtr(counts, truths[:, None]), axis=1, prepend=0)
    holds = (lower <= truths[:, None]) & (truths[:, None] <= upper)
    return _checked(simulated, (chance * holds).sum(axis=1))


def _checked(simulated, exact):
    error = np.sqrt(exact.mean() * (1 - exact.mean()) / DRAWS)
    if abs(simulated - exact.mean()) > 4 * error:
        raise SystemExit(f"the simulation gives {simulated:.4f} where the exact coverage is {exact.mean():.4f}")
    return simulated, exact.mean(), exact.min()


def share_coverage(whole, proportion, rng, confidence=0.95):
    """The same for a share of `whole` events."""
    truths = proportion * np.linspace(0.9, 1.1, TRUTHS)
    table = share(np.arange(whole + 1), whole, per=1, confidence=confidence)
    lower, upper = table["lower"].to_numpy(), table["upper"].to_numpy()
    truth = rng.choice(truths, DRAWS)
    drawn = rng.binomial(whole, truth)
    simulated = ((lower[drawn] <= truth) & (truth <= upper[drawn])).mean()
    upto = bdtr(np.arange(whole + 1, dtype=float), whole, truths[:, None])
    chance = np.diff(upto, axis=1, prepend=0)
    holds = (lower <= truths[:, None]) & (truths[:, None] <= upper)
    return _checked(simulated, (chance * holds).sum(axis=1))


def main():
    rng = np.random.default_rng(47)
    print(f"{'rate, expected events':<34}{'simulated':>11}{'exact':>11}{'lowest':>11}")
    for expected in (1, 2, 5, 8, 10, 12, 15, 20, 30, 50, 100, 300, 1_000, 5_000):
        figures = rate_coverage(expected, rng)
        print(f"{expected:<34}" + "".join(f"{f:>11.4f}" for f in figures))
    print(f"\n{'share, of events':<34}{'simulated':>11}{'exact':>11}{'lowest':>11}")
    for whole in (20, 50, 100, 300, 1_000):
        for proportion in (0.03, 0.1, 0.2, 0.5):
            figures = share_coverage(whole, proportion, rng)
            print(f"{f'{proportion:.0%} of {whole}':<34}" + "".join(f"{f:>11.4f}" for f in figures))


if __name__ == "__main__":
    main()
