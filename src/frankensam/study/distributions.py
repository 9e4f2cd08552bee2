"""What is known of the distribution of one number over the replications, from single values or from a tally of them.

A store that keeps every replication answers exactly; one that keeps summaries
only answers means, intervals and shares from exact sums and quantiles from
counts of rounded values (`frankensam.simulation.sketch`).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from frankensam.errors import UsageRefused, printable
from frankensam.simulation.results import StudyResults
from frankensam.simulation.store import ResultStore, SummaryStore
from frankensam.simulation.tally import Moments
from frankensam.study import column_names
from frankensam.study.indicators import INDICATORS, indicator_values
from frankensam.study.intervals import (
    MeanEstimate,
    Points,
    ShareEstimate,
    Values,
    mean_by_design_point,
    mean_from_sums,
    quantile_error,
    quantile_error_at,
    quantiles,
    share_by_design_point,
    share_estimate,
    squared_deviations,
)

Compute = Callable[[StudyResults, str], Values]


class Distribution(Protocol):
    """One number over the replications in which it is defined."""

    @property
    def undefined(self) -> int:
        """Replications in which it is not defined."""

    def plain_mean(self) -> float:
        """Return the mean of the defined values; NaN if there are none."""

    def mean(self) -> MeanEstimate:
        """Return the mean with its interval, the design point as sampling unit."""

    def quantiles(self, probabilities: tuple[float, ...]) -> tuple[float, ...]:
        """Return quantiles of the defined values; NaN if there are none."""

    def median_error(self) -> float:
        """Return the Monte Carlo standard error of the median."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Every value ``[replication]``, NaN where undefined, with its design point."""

    values: Values
    points: Points

    @property
    def undefined(self) -> int:
        """Replications in which it is not defined."""
        return int(np.isnan(self.values).sum())

    def plain_mean(self) -> float:
        """Return the mean of the defined values; NaN if there are none."""
        defined = self.values[~np.isnan(self.values)]
        return float(defined.mean()) if defined.size else math.nan

    def mean(self) -> MeanEstimate:
        """Return the mean with its interval, the design point as sampling unit."""
        return mean_by_design_point(self.values, self.points)

    def quantiles(self, probabilities: tuple[float, ...]) -> tuple[float, ...]:
        """Return sample quantiles of the defined values; NaN if there are none."""
        return quantiles(self.values, probabilities)

    def median_error(self) -> float:
        """Return the Monte Carlo standard error of the median."""
        return quantile_error(self.values, self.points, 0.5)


@dataclass(frozen=True, slots=True)
class Tallied:
    """One number of a column of a summary store; `mirrored` if its negative is meant."""

    store: SummaryStore
    column: str
    at: int = 0
    mirrored: bool = False

    @property
    def undefined(self) -> int:
        """Replications in which it is not defined."""
        sums = self.store.moments(self.column, self.at)
        return sums.replications - sums.defined

    def plain_mean(self) -> float:
        """Return the mean of the defined values; NaN if there are none."""
        sums = self._sums()
        return sums.total / sums.defined * 2.0**-sums.bits if sums.defined else math.nan

    def mean(self) -> MeanEstimate:
        """Return the mean with its interval, the design point as sampling unit."""
        return mean_from_sums(self._sums())

    def quantiles(self, probabilities: tuple[float, ...]) -> tuple[float, ...]:
        """Return quantiles of the rounded values; NaN if there are none."""
        if not self.mirrored:
            return self.store.quantiles(self.column, probabilities, self.at)
        return tuple(-value for value in self.store.quantiles(self.column, tuple(1.0 - share for share in probabilities), self.at))

    def median_error(self) -> float:
        """Return the Monte Carlo standard error of the median, with the design effect of the mean.

        The design effect of the event "at most the median" cannot be had without the values. That of the mean is
        taken in its place; for values that vary between points and within them in like manner it is the larger one.
        """
        sums = self._sums()
        if sums.defined < 2:
            return math.nan
        variance = float(squared_deviations(sums)) / sums.defined
        estimate = self.mean()
        size = float(sums.defined) if variance == 0.0 else effective_size_of_mean(variance, estimate)
        return quantile_error_at(self.quantiles, size, 0.5)

    def _sums(self) -> Moments:
        sums = self.store.moments(self.column, self.at)
        return sums if not self.mirrored else mirrored(sums)


@dataclass(frozen=True, slots=True)
class Pairs:
    """One indicator of two variants over the pairs of replications in which both are defined.

    `more` and `less` estimate the shares of pairs in which the variant has more, or less, than the
    baseline; `ties` is the share of equal pairs. `variance_reduction` is what pairing was worth.
    """

    difference: Distribution
    mean_variant: float
    mean_baseline: float
    more: ShareEstimate
    less: ShareEstimate
    ties: float
    variance_reduction: float


def indicator_distribution(store: ResultStore, variant: str, key: str) -> Distribution:
    """Return the distribution of one indicator of one variant."""
    if isinstance(store, SummaryStore):
        known_indicator(key)
        return Tallied(store, column_names.indicator(store.variants.index(store.variant(variant)), key))
    return Sample(indicator_values(store, variant, key), store.design_points)


def series_levels(
    store: ResultStore, variant: str, key: str, compute: Compute, probabilities: tuple[float, ...],
) -> tuple[Values, Values, NDArray[np.int64]]:
    """Return mean ``[time]``, quantiles ``[probability, time]`` and undefined replications ``[time]`` of a series.

    Where only summaries are kept the series is found by its `key`, elsewhere it is computed.
    """
    if isinstance(store, SummaryStore):
        column = column_names.series(store.variants.index(store.variant(variant)), key)
        tallied = [Tallied(store, column, at) for at in range(len(store.times))]
        return (
            np.array([one.plain_mean() for one in tallied]), np.array([one.quantiles(probabilities) for one in tallied]).T,
            np.array([one.undefined for one in tallied], dtype=np.int64),
        )
    values = compute(store, variant)
    defined = ~np.isnan(values)
    if defined.all():
        mean, levels = values.mean(axis=0), np.quantile(values, probabilities, axis=0)
    else:
        mean, levels = np.full(values.shape[1], np.nan), np.full((len(probabilities), values.shape[1]), np.nan)
        for time in np.flatnonzero(defined.any(axis=0)):
            column_values = values[defined[:, time], time]
            mean[time], levels[:, time] = column_values.mean(), np.quantile(column_values, probabilities)
    return mean, levels, (~defined).sum(axis=0).astype(np.int64)


def loss_distribution(store: ResultStore, variant: str, key: str, compute: Compute) -> Distribution:
    """Return the distribution of a loss."""
    if isinstance(store, SummaryStore):
        return Tallied(store, column_names.loss(store.variants.index(store.variant(variant)), key))
    return Sample(compute(store, variant), store.design_points)


def paired_distribution(store: ResultStore, variant: str, baseline: str, key: str) -> Pairs:
    """Return one indicator of a variant minus the same of a baseline, replication by replication."""
    if isinstance(store, SummaryStore):
        return _tallied_pairs(store, variant, baseline, key)
    ours, theirs = (indicator_values(store, name, key) for name in (variant, baseline))
    differences = ours - theirs
    both = ~np.isnan(differences)
    points, defined = store.design_points[both], (ours[both], theirs[both], differences[both])
    return Pairs(
        difference=Sample(differences, store.design_points), mean_variant=_mean(defined[0]), mean_baseline=_mean(defined[1]),
        more=share_by_design_point(defined[2] > 0, points), less=share_by_design_point(defined[2] < 0, points),
        ties=_mean((defined[2] == 0).astype(np.float64)),
        variance_reduction=_variance_reduction(*(float(values.var()) for values in defined)) if both.sum() > 1 else math.nan,
    )


def _tallied_pairs(store: SummaryStore, variant: str, baseline: str, key: str) -> Pairs:
    known_indicator(key)
    ours, theirs = store.variants.index(variant), store.variants.index(baseline)
    mirror = ours < theirs
    first, second = min(ours, theirs), max(ours, theirs)

    def sums(part: str) -> Moments:
        return store.moments(column_names.pair(part, second, first, key))

    more, less = (share_estimate(mean_from_sums(part), part.total) for part in (sums(column_names.MORE), sums(column_names.LESS)))
    later, earlier = sums(column_names.LATER), sums(column_names.EARLIER)
    difference = sums(column_names.DIFFERENCE)
    n = difference.defined
    variances = [float(squared_deviations(part)) / n if n else math.nan for part in (later, earlier, difference)]
    means = [part.total / n * 2.0**-part.bits if n else math.nan for part in (later, earlier)]
    if mirror:
        more, less, means = less, more, means[::-1]
    return Pairs(
        difference=Tallied(store, column_names.pair(column_names.DIFFERENCE, second, first, key), mirrored=mirror),
        mean_variant=means[0], mean_baseline=means[1], more=more, less=less,
        ties=(n - more.successes - less.successes) / n if n else math.nan,
        variance_reduction=_variance_reduction(*variances) if n > 1 else math.nan,
    )


def effective_size_of_mean(variance: float, estimate: MeanEstimate) -> float:
    """Return n over the design effect of a mean of values with this variance, between the number of design points and n."""
    if estimate.clusters == 1 or estimate.standard_error == 0.0:
        return float(estimate.n)
    return min(float(estimate.n), max(float(estimate.clusters), variance / estimate.standard_error**2))


def mirrored(sums: Moments) -> Moments:
    """Return the sums of the negated values."""
    return dataclasses.replace(sums, total=-sums.total, point_products=-sums.point_products)


def known_indicator(key: str) -> None:
    """Refuse a word that names no indicator."""
    if key not in INDICATORS:
        raise UsageRefused(f"no indicator is called {printable(key)!r}", slug="unknown-indicator", suggestion=", ".join(INDICATORS))


def _variance_reduction(ours: float, theirs: float, paired: float) -> float:
    independent = ours + theirs
    return independent / paired if paired > 0 and independent > 0 else math.nan


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if values.size else math.nan
