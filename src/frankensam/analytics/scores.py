"""Continuous ranked probability score: closed forms and ensembles; smaller is better.

CRPS(F, y) = integral of (F(x) - 1{x >= y})^2 dx = E|X - y| - E|X - X'|/2.
References: Gneiting & Raftery (2007) JASA 102:359-378; Jordan, Krüger & Lerch (2019)
J. Stat. Software 90(12); Ferro (2014) QJRMS 140:1917-1923 for the fair ensemble score.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from frankensam.analytics.arguments import require, require_positive, require_probability

TAIL = 1e-17


def crps_ensemble(members: ArrayLike, observed: float, *, fair: bool = False) -> float:
    """Return the score of the members' empirical distribution, or its fair (unbiased) form for members as a sample.

    The fair form divides the mean difference of members by m(m - 1) instead of m^2.
    """
    x = np.sort(np.asarray(members, dtype=float))
    m = x.size
    require(m > (1 if fair else 0) and bool(np.all(np.isfinite(x))), "an ensemble needs finite members, two for the fair form")
    spread = 2.0 * float(x @ (2.0 * np.arange(m) - m + 1.0))  # sum of |x_i - x_j| over all ordered pairs
    return float(np.mean(np.abs(x - observed))) - spread / (2.0 * m * (m - 1 if fair else m))


def crps_poisson(mean: float, observed: float) -> float:
    """Return the score of a Poisson forecast (Wei & Held 2014); `observed` may be any number."""
    require_positive(mean, "mean")
    y = math.floor(observed)
    below, at = float(stats.poisson.cdf(observed, mean)), float(stats.poisson.pmf(y, mean)) if y >= 0 else 0.0
    spread = mean * float(special.ive(0, 2.0 * mean) + special.ive(1, 2.0 * mean))
    return (observed - mean) * (2.0 * below - 1.0) + 2.0 * mean * at - spread


def crps_binomial(trials: int, probability: float, observed: float) -> float:
    """Return the score of a binomial forecast by its finite sums."""
    require_probability(probability, "probability")
    x = np.arange(trials + 1, dtype=float)
    return _discrete(x, stats.binom.pmf(x, trials, probability), observed)


def crps_negative_binomial(size: float, probability: float, observed: float) -> float:
    """Return the score of a negative binomial forecast: failures before `size` successes."""
    require_positive(size, "size")
    require(0.0 < probability <= 1.0, "probability lies above 0 and up to 1")
    last = int(stats.nbinom.isf(TAIL, size, probability)) + 10
    x = np.arange(last + 1, dtype=float)
    return _discrete(x, stats.nbinom.pmf(x, size, probability), observed)


def crps_normal(mean: float, sd: float, observed: float) -> float:
    """Return the score of a normal forecast."""
    require_positive(sd, "sd")
    z = (observed - mean) / sd
    return float(sd * (z * (2.0 * stats.norm.cdf(z) - 1.0) + 2.0 * stats.norm.pdf(z) - 1.0 / math.sqrt(math.pi)))


def crps_lognormal(log_mean: float, log_sd: float, observed: float) -> float:
    """Return the score of a lognormal forecast (Baran & Lerch 2015)."""
    require_positive(log_sd, "log_sd")
    mean = math.exp(log_mean + log_sd**2 / 2.0)
    omega = (math.log(observed) - log_mean) / log_sd if observed > 0.0 else -math.inf
    return float(
        observed * (2.0 * stats.norm.cdf(omega) - 1.0)
        - 2.0 * mean * (stats.norm.cdf(omega - log_sd) + stats.norm.cdf(log_sd / math.sqrt(2.0)) - 1.0)
    )


def crps_exponential(rate: float, observed: float) -> float:
    """Return the score of an exponential forecast: |y| - 2 F(y)/rate + 1/(2 rate)."""
    require_positive(rate, "rate")
    below = -math.expm1(-rate * max(observed, 0.0))
    return abs(observed) - 2.0 * below / rate + 1.0 / (2.0 * rate)


def crps_gamma(shape: float, rate: float, observed: float) -> float:
    """Return the score of a gamma forecast."""
    require_positive(shape, "shape")
    require_positive(rate, "rate")
    below, below_next = stats.gamma.cdf(observed, shape, scale=1.0 / rate), stats.gamma.cdf(observed, shape + 1.0, scale=1.0 / rate)
    spread = 1.0 / (rate * float(special.beta(0.5, shape)))
    return float(observed * (2.0 * below - 1.0) - shape / rate * (2.0 * below_next - 1.0) - spread)


def crps_uniform(low: float, high: float, observed: float) -> float:
    """Return the score of a uniform forecast."""
    require(low < high, "low lies below high")
    width = high - low
    u = min(max((observed - low) / width, 0.0), 1.0)
    outside = abs((observed - low) / width - u)
    return width * (outside + u * u - u + 1.0 / 3.0)


def crps_laplace(location: float, scale: float, observed: float) -> float:
    """Return the score of a Laplace forecast: s (|z| + exp(-|z|) - 3/4)."""
    require_positive(scale, "scale")
    z = abs(observed - location) / scale
    return scale * (z + math.exp(-z) - 0.75)


def crps_logistic(location: float, scale: float, observed: float) -> float:
    """Return the score of a logistic forecast: s (z - 2 log F(z) - 1)."""
    require_positive(scale, "scale")
    z = (observed - location) / scale
    return scale * (z + 2.0 * float(np.logaddexp(0.0, -z)) - 1.0)


def _discrete(x: np.ndarray[tuple[int], np.dtype[np.float64]], pmf: ArrayLike, observed: float) -> float:
    p = np.asarray(pmf, dtype=float)
    below = np.cumsum(p)
    spread = 2.0 * float(np.sum(below[:-1] * (1.0 - below[:-1])))  # E|X - X'| on a unit lattice
    return float(p @ np.abs(x - observed)) - spread / 2.0
