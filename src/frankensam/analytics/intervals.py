"""Intervals for a binomial proportion, their true coverage, and the rank of simulation-based calibration.

References: Wilson (1927); Clopper & Pearson (1934); Agresti & Coull (1998); Brown, Cai & DasGupta
(2001) Statistical Science 16:101-133; Talts et al. (2018) arXiv:1804.06788.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from frankensam.analytics.arguments import require, require_count, require_probability

Interval = tuple[float, float]


def _checked(successes: int, trials: int, level: float) -> tuple[int, int, float]:
    n = require_count(trials, "trials", 1)
    x = require_count(successes, "successes")
    require(x <= n, "successes are not more than trials")
    require(0.0 < level < 1.0, "level lies strictly between 0 and 1")
    return x, n, float(stats.norm.ppf(0.5 + level / 2.0))


def wald(successes: int, trials: int, level: float = 0.95) -> Interval:
    """Return p +- z sqrt(p(1-p)/n), cut to 0 to 1; collapses at 0 and n successes, shown here for comparison only."""
    x, n, z = _checked(successes, trials, level)
    p = x / n
    half = z * math.sqrt(p * (1.0 - p) / n)
    return max(0.0, p - half), min(1.0, p + half)


def wilson(successes: int, trials: int, level: float = 0.95) -> Interval:
    """Return Wilson's score interval."""
    x, n, z = _checked(successes, trials, level)
    p, z2 = x / n, z * z
    centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n)
    half = z / (1.0 + z2 / n) * math.sqrt(p * (1.0 - p) / n + z2 / (4.0 * n * n))
    return (0.0 if x == 0 else centre - half), (1.0 if x == n else centre + half)


def agresti_coull(successes: int, trials: int, level: float = 0.95) -> Interval:
    """Return the Wald interval around (x + z^2/2)/(n + z^2), cut to 0 to 1."""
    x, n, z = _checked(successes, trials, level)
    n_adjusted = n + z * z
    p = (x + z * z / 2.0) / n_adjusted
    half = z * math.sqrt(p * (1.0 - p) / n_adjusted)
    return max(0.0, p - half), min(1.0, p + half)


def clopper_pearson(successes: int, trials: int, level: float = 0.95) -> Interval:
    """Return the exact interval from the binomial tails, by quantiles of the beta distribution."""
    x, n, _ = _checked(successes, trials, level)
    tail = (1.0 - level) / 2.0
    low = 0.0 if x == 0 else float(stats.beta.ppf(tail, x, n - x + 1))
    high = 1.0 if x == n else float(stats.beta.isf(tail, x + 1, n - x))
    return low, high


def coverage(interval: Callable[[int, int, float], Interval], probability: float, trials: int, level: float = 0.95) -> float:
    """Return the chance that `interval` covers a true `probability` in `trials` trials: a sum of the binomial pmf."""
    require_probability(probability, "probability")
    n = require_count(trials, "trials", 1)
    ends = [interval(x, n, level) for x in range(n + 1)]
    return math.fsum(
        float(stats.binom.pmf(x, n, probability)) for x, (low, high) in enumerate(ends) if low <= probability <= high
    )


def sbc_rank(truth: ArrayLike, draws: ArrayLike) -> NDArray[np.int64]:
    """Return for each quantity the number of draws strictly below the truth.

    Args:
        truth: shape (quantities,).
        draws: shape (draws, quantities).
    """
    true_values, sample = np.asarray(truth, dtype=float), np.asarray(draws, dtype=float)
    require(sample.ndim == 2 and sample.shape[1] == true_values.size, "draws have one column for every quantity")
    return np.asarray((sample < true_values).sum(axis=0), dtype=np.int64)
