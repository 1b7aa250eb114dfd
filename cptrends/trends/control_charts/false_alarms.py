"""How often the rules of the charts fire when nothing has happened."""

import numpy as np
import pandas as pd
from scipy import special

from cptrends.errors import BadInput
from cptrends.trends.control_charts.individuals import xmr
from cptrends.trends.control_charts.rules import RULES
from cptrends.trends.control_charts.run_charts import run_chart


def chance_of_signals(
    n: int = 13,
    *,
    shift: int = 7,
    trend: int = 7,
    screen_outliers: bool = True,
    autocorrelation: float = 0.0,
    draws: int = 4000,
    seed: int = 2025,
) -> pd.DataFrame:
    """How often each rule fires in a series in which nothing has happened.

    Parameters
    ----------
    n : int
        Points in the series; thirteen years by default.
    shift, trend, screen_outliers
        As in `xmr`.
    autocorrelation : float in (-1, 1)
        Of one year with the next. Nought is what the rules assume; annual figures drift, and with
        drift the rules fire far more often.
    draws : int
        Simulated series.
    seed : int

    Returns
    -------
    DataFrame
        rule (each of the four, the run chart's, and "any of the four"), value (percent of series in which
        the rule picks out at least one point), lower, upper (95%, Wilson: simulation error only), points
        (percent of points picked out; NA for the run chart, which judges a whole series), n, draws, method.

    Examples
    --------
    >>> chance = chance_of_signals(13, draws=500).set_index("rule")
    >>> bool(chance.loc["any of the four", "value"] >= chance.loc["outside", "value"])
    True
    """
    if n < 2 or draws < 1 or not -1 < autocorrelation < 1:
        raise BadInput("n must be 2 or more, draws 1 or more and autocorrelation between -1 and 1")
    random = np.random.default_rng(seed)
    series = random.standard_normal((draws, n))
    for t in range(1, n):
        series[:, t] = autocorrelation * series[:, t - 1] + np.sqrt(1 - autocorrelation**2) * series[:, t]
    chart = xmr(series, shift=shift, trend=trend, screen_outliers=screen_outliers)
    fired = {name: chart[name].to_numpy().reshape(draws, n) != 0 for name in RULES}
    fired["any of the four"] = np.any(list(fired.values()), axis=0)
    often = {name: points.any(axis=1) for name, points in fired.items()}
    often["run chart"] = run_chart(series)["signal"].fillna(False).to_numpy(dtype=bool)
    rows = []
    z = special.ndtri(0.975)
    for name, hit in often.items():
        p = hit.mean()
        middle, half = p + z**2 / 2 / draws, z * np.sqrt(p * (1 - p) / draws + z**2 / 4 / draws**2)
        rows.append(
            {
                "rule": name,
                "value": 100 * p,
                "lower": 100 * (middle - half) / (1 + z**2 / draws),
                "upper": 100 * (middle + half) / (1 + z**2 / draws),
                "points": 100 * fired[name].mean() if name in fired else np.nan,
            }
        )
    drift = f", autocorrelation {autocorrelation:g}" if autocorrelation else ""
    return pd.DataFrame(rows).assign(n=n, draws=draws, method=f"Simulation of normal series{drift}")
