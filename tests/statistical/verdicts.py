"""How far an observation lies from what theory says, on one scale: standard normal deviations.

Every comparison becomes a two-sided p-value and, by the normal quantile, a
distance. One limit holds for all: `CRITICAL`, whose false-alarm rate is 5e-10
for a comparison. A run of the whole suite makes fewer than 2,000 comparisons, so by
Bonferroni it raises a false alarm with probability below 1e-6 under fresh
seeds; the seeds are fixed, so an unchanged program never does. An exact
comparison has distance 0 or infinity. Means of few replications (ten at the least) are judged
by their estimated spread with normal quantiles, so that single comparisons of
this kind raise a false alarm up to once in 6,000 fresh seeds.

Power: a planted bug counts as caught at `CAUGHT` or more. A true distance of
`CAUGHT` would be missed with probability below 0.001, because the distance
observed scatters about the true one with standard deviation 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

FALSE_ALARM = 5e-10
CRITICAL = float(stats.norm.isf(FALSE_ALARM / 2.0))
CAUGHT = CRITICAL + float(stats.norm.isf(0.001))
BEYOND_DOUBLES = 38.0
"""Distance given to a p-value too small for a double."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One comparison: what was compared, and the distance between the observation and theory."""

    what: str
    distance: float

    @property
    def holds(self) -> bool:
        """Whether the distance is within the limit."""
        return self.distance <= CRITICAL


def _of_p(what: str, p: float) -> Verdict:
    return Verdict(what, float(stats.norm.isf(min(p, 1.0) / 2.0)) if p > 0.0 else BEYOND_DOUBLES)


def same(what: str, found: ArrayLike, expected: ArrayLike, relative: float = 0.0) -> Verdict:
    """Compare exactly, or within a relative rounding error; a difference is infinitely far."""
    left, right = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    agree = left.shape == right.shape and bool(np.all(np.abs(left - right) <= relative * np.maximum(np.abs(left), np.abs(right))))
    return Verdict(what, 0.0 if agree else math.inf)


def share(what: str, successes: float, trials: float, p: float) -> Verdict:
    """Compare a number of successes with the binomial of `trials` and `p`, exactly in both tails."""
    k, n = int(successes), int(trials)
    return _of_p(what, 2.0 * min(float(stats.binom.cdf(k, n, p)), float(stats.binom.sf(k - 1, n, p))))


def mean(what: str, sample: ArrayLike, expected: float, bias: float = 0.0) -> Verdict:
    """Compare the mean of independent observations; `bias` is the stated error of theory itself."""
    values = np.asarray(sample, dtype=float)
    error = float(values.std(ddof=1)) / math.sqrt(values.size) if values.size > 1 else 0.0
    excess = max(0.0, abs(float(values.mean()) - expected) - bias)
    if error == 0.0:
        return Verdict(what, 0.0 if excess <= 1e-12 * abs(expected) else math.inf)
    return Verdict(what, excess / error)


def variance(what: str, sample: ArrayLike, expected: float) -> Verdict:
    """Compare the variance of independent observations; its standard error from the fourth moment."""
    values = np.asarray(sample, dtype=float)
    deviations = values - values.mean()
    second, fourth = float((deviations**2).mean()), float((deviations**4).mean())
    error = math.sqrt(max(fourth - second**2, 0.0) / values.size)
    return Verdict(what, abs(second - expected) / error if error > 0.0 else math.inf)


def frequencies(what: str, counts: ArrayLike, probabilities: Sequence[float] | np.ndarray) -> Verdict:
    """Compare counts with a distribution by chi-square; classes that expect fewer than 10 are joined, smallest first."""
    observed, chances = np.asarray(counts, dtype=float), np.asarray(probabilities, dtype=float)
    expected = observed.sum() * chances / chances.sum()
    order = np.argsort(expected)
    cut = int(np.searchsorted(np.cumsum(expected[order]), 10.0))
    rare, common = order[: cut + 1], order[cut + 1 :]
    if expected[rare].min() >= 10.0:
        rare, common = order[:0], order
    o = np.append(observed[common], observed[rare].sum()) if rare.size else observed[common]
    e = np.append(expected[common], expected[rare].sum()) if rare.size else expected[common]
    return _of_p(what, float(stats.chi2.sf(((o - e) ** 2 / e).sum(), o.size - 1)))


def uncorrelated(what: str, x: ArrayLike, y: ArrayLike) -> Verdict:
    """Compare a correlation with zero by Fisher's transformation."""
    r = float(np.corrcoef(np.asarray(x, dtype=float).ravel(), np.asarray(y, dtype=float).ravel())[0, 1])
    return Verdict(what, abs(math.atanh(max(-1.0 + 1e-15, min(1.0 - 1e-15, r)))) * math.sqrt(np.asarray(x).size - 3))
