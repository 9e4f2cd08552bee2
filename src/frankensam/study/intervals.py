"""Intervals for means, shares and quantiles of a nested Monte Carlo study.

A study is nested: uncertain parameters are drawn once per *design point*, and
several replications share each point. Replications of one point are therefore
not independent, and a standard error that treated them as such would be too
small. The mean and the shares below treat the design point as the sampling
unit (a cluster): Cochran (1977), *Sampling Techniques*, 3rd ed., ch. 9 and
6.3 (ratio estimator for unequal clusters). Undefined values (NaN) are left out
and counted; they are never replaced.

References
----------
Wilson (1927), J. Am. Stat. Assoc. 22, 209-212.
Clopper & Pearson (1934), Biometrika 26, 404-413.
Brown, Cai & DasGupta (2001), Stat. Sci. 16, 101-133 (why not Wald near 0 and 1).
Korn & Graubard (1998), Survey Methodology 24, 193-201 (shares of clustered data).
Vehtari, Gelman, Simpson, Carpenter & Bürkner (2021), Bayesian Analysis 16,
667-718, section 4 (Monte Carlo standard error of a quantile from beta quantiles).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy import special

from frankensam.simulation.tally import Moments

Values = NDArray[np.float64]
Points = NDArray[np.int64]

LEVEL = 0.95
"""Confidence level of every interval shown, unless a caller says otherwise."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval; both ends are NaN where the data cannot give one."""

    low: float
    high: float
    level: float = LEVEL


@dataclass(frozen=True, slots=True)
class MeanEstimate:
    """A mean with its standard error and interval, from `n` defined values at `clusters` design points."""

    mean: float
    standard_error: float
    interval: Interval
    n: int
    clusters: int
    undefined: int


@dataclass(frozen=True, slots=True)
class ShareEstimate:
    """A share of `n` replications with an interval that respects design points; `effective_n` is n over the design effect."""

    share: float
    interval: Interval
    successes: int
    n: int
    effective_n: float


def quantiles(values: Values, probabilities: tuple[float, ...]) -> tuple[float, ...]:
    """Return sample quantiles of the defined `values` (Hyndman & Fan 1996, type 7); NaN where none is defined."""
    defined = values[~np.isnan(values)]
    if defined.size == 0:
        return tuple(math.nan for _ in probabilities)
    return tuple(float(value) for value in np.quantile(defined, probabilities))


def mean_by_design_point(values: Values, points: Points, level: float = LEVEL) -> MeanEstimate:
    r"""Return the mean of `values` with an interval in which the design point is the sampling unit.

    With design points k of n_k defined values and sum S_k, n = sum n_k and m = sum S_k / n,

    .. math:: se^2 = \frac{K}{K-1} \sum_k (S_k - m\,n_k)^2 / n^2

    (Cochran 1977, eq. 6.9, the linearised variance of a ratio); with equal n_k
    this is the variance of the K design-point means over K. The interval is
    Student's t with K - 1 degrees of freedom. With a single design point the
    replications are the sampling unit, and the interval holds for its
    parameters only.

    Parameters
    ----------
    values, points
        ``[replication]``, any unit; NaN is undefined and left out.
    """
    keep = ~np.isnan(values)
    defined, where = values[keep], points[keep]
    n, undefined = int(defined.size), int(values.size - defined.size)
    _, cluster = np.unique(where, return_inverse=True)
    clusters = int(cluster.max()) + 1 if n else 0
    if n == 0:
        return MeanEstimate(math.nan, math.nan, Interval(math.nan, math.nan, level), 0, 0, undefined)
    mean = float(defined.mean())
    units = n if clusters == 1 else clusters
    residuals = defined - mean
    if clusters > 1:
        residuals = np.bincount(cluster, weights=residuals).astype(np.float64)
    if units == 1:
        return MeanEstimate(mean, math.nan, Interval(math.nan, math.nan, level), n, clusters, undefined)
    error = math.sqrt(units / (units - 1) * float(residuals @ residuals)) / n
    half = _student(units - 1, level) * error
    return MeanEstimate(mean, error, Interval(mean - half, mean + half, level), n, clusters, undefined)


def mean_from_sums(sums: Moments, level: float = LEVEL) -> MeanEstimate:
    """Return the estimate of `mean_by_design_point` from exact sums, without a single value.

    With m = S / n: sum over points of (t - m k)**2 = sum t**2 - 2 m sum t k + m**2 sum k**2, where t is the sum of
    the values of a point and k their number. The cancellation does no harm, because the arithmetic is exact until the
    last step.
    """
    n, undefined, clusters = sums.defined, sums.replications - sums.defined, sums.points
    if n == 0:
        return MeanEstimate(math.nan, math.nan, Interval(math.nan, math.nan, level), 0, 0, undefined)
    unit = Fraction(2) ** -sums.bits
    mean = float(Fraction(sums.total, n) * unit)
    units = n if clusters == 1 else clusters
    if units == 1:
        return MeanEstimate(mean, math.nan, Interval(math.nan, math.nan, level), n, clusters, undefined)
    if clusters == 1:
        residuals = squared_deviations(sums)
    else:
        m = Fraction(sums.total, n)
        residuals = (sums.point_squares - 2 * m * sums.point_products + m * m * sums.point_sizes) * unit**2
    error = math.sqrt(float(Fraction(units, units - 1) * residuals)) / n
    half = _student(units - 1, level) * error
    return MeanEstimate(mean, error, Interval(mean - half, mean + half, level), n, clusters, undefined)


def squared_deviations(sums: Moments) -> Fraction:
    """Return the sum over the defined values of (x - mean)**2, exact for the fixed-point values."""
    return (sums.squares - Fraction(sums.total * sums.total, sums.defined)) * Fraction(2) ** (-2 * sums.bits)


def wilson(successes: float, n: float, level: float = LEVEL) -> Interval:
    """Return Wilson's score interval (1927) for a share of `n` independent trials."""
    z = float(special.ndtri(0.5 + level / 2))
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Interval(max(0.0, centre - half), min(1.0, centre + half), level)


def clopper_pearson(successes: float, n: float, level: float = LEVEL) -> Interval:
    """Return the exact interval of Clopper & Pearson (1934) from beta quantiles; `successes` and `n` need not be whole."""
    tail = (1 - level) / 2
    low = 0.0 if successes <= 0 else float(special.betaincinv(successes, n - successes + 1, tail))
    high = 1.0 if successes >= n else float(special.betaincinv(successes + 1, n - successes, 1 - tail))
    return Interval(low, high, level)


def share_by_design_point(flags: NDArray[np.bool_], points: Points, level: float = LEVEL) -> ShareEstimate:
    """Return the share of true `flags` with an interval that respects design points.

    With several design points: Korn & Graubard (1998), Clopper & Pearson's
    interval at the effective sample size n / design effect, corrected for the
    degrees of freedom. Where the share is 0 or 1 the design effect cannot be
    estimated, and the number of design points is taken, the cautious extreme.
    With one design point the replications are independent: Wilson's interval.
    """
    if flags.size == 0:
        return share_estimate(mean_by_design_point(np.zeros(0), points, level), 0)
    return share_estimate(mean_by_design_point(flags.astype(np.float64), points, level), int(flags.sum()))


def share_estimate(mean: MeanEstimate, successes: int) -> ShareEstimate:
    """Return the estimate of a share from that of the mean of its flags, 0 or 1: see `share_by_design_point`."""
    n, clusters, level = mean.n, mean.clusters, mean.interval.level
    if n == 0:
        return ShareEstimate(math.nan, Interval(math.nan, math.nan, level), 0, 0, 0.0)
    share = successes / n
    if clusters == 1:
        return ShareEstimate(share, wilson(successes, n, level), successes, n, float(n))
    effective = effective_size(share, mean.standard_error, n, clusters)
    correction = (_student(n - 1, level) / _student(clusters - 1, level)) ** 2
    corrected = effective * correction
    return ShareEstimate(share, clopper_pearson(share * corrected, corrected, level), successes, n, effective)


def quantile_error(values: Values, points: Points, probability: float) -> float:
    """Return the Monte Carlo standard error of a sample quantile.

    Half the distance between the sample quantiles at the 16 % and 84 %
    quantiles of Beta(S p + 1, S (1 - p) + 1) (Vehtari et al. 2021, section
    4.3), with S the effective number of replications of the event "at most the
    quantile". NaN with fewer than two defined values.
    """
    keep = ~np.isnan(values)
    defined, where = values[keep], points[keep]
    if defined.size < 2:
        return math.nan
    at_most = mean_by_design_point((defined <= np.quantile(defined, probability)).astype(np.float64), where)
    size = effective_size(at_most.mean, at_most.standard_error, at_most.n, at_most.clusters)
    return quantile_error_at(lambda probabilities: quantiles(defined, probabilities), size, probability)


def quantile_error_at(quantiles_at: Callable[[tuple[float, ...]], tuple[float, ...]], size: float, probability: float) -> float:
    """Return the Monte Carlo standard error of a quantile at an effective number of replications: see `quantile_error`."""
    ends = tuple(float(special.betaincinv(size * probability + 1, size * (1 - probability) + 1, tail)) for tail in (0.1587, 0.8413))
    below, above = quantiles_at(ends)
    return (above - below) / 2


def effective_size(share: float, standard_error: float, n: int, clusters: int) -> float:
    """Return n over the design effect of a share, between the number of design points and n."""
    if clusters == 1:
        return float(n)
    if standard_error == 0.0:
        return float(clusters) if share in (0.0, 1.0) else float(n)
    return min(float(n), max(float(clusters), share * (1 - share) / standard_error**2))


def _student(degrees: int, level: float) -> float:
    return float(special.stdtrit(degrees, 0.5 + level / 2))
