"""Paired comparison of two variants: the same parameters and the same random numbers in both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from frankensam.simulation.store import ResultStore
from frankensam.study.distributions import paired_distribution
from frankensam.study.indicators import INDICATORS, Indicator
from frankensam.study.intervals import Interval, ShareEstimate


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """One indicator in a variant minus the same in the baseline, replication by replication.

    Attributes
    ----------
    indicator, name, unit, more_is_better
        Key, name, unit and direction of the indicator (`frankensam.study.indicators`).
    variant, baseline
        Names of the two variants.
    mean_variant, mean_baseline
        Means over the pairs in which both are defined.
    difference
        Mean of the paired differences, variant minus baseline.
    standard_error, interval
        Of that mean, with the design point as sampling unit; 95 % by Student's t.
    spread
        5 % and 95 % quantile of the paired differences themselves (level 0.90):
        how much a single future may differ, where `interval` says how well the mean is known.
    better
        Share of pairs in which the variant is better than the baseline, ties not counted
        as better; None if the indicator has no direction.
    ties
        Share of pairs that are equal.
    n_pairs, n_undefined, n_points
        Pairs used, pairs left out because either side is undefined, design points.
    variance_reduction
        Variance of the difference had the variants been simulated independently, over the
        variance of the paired difference: what pairing was worth; NaN if either is zero.
    """

    indicator: str
    name: str
    unit: str
    more_is_better: bool | None
    variant: str
    baseline: str
    mean_variant: float
    mean_baseline: float
    difference: float
    standard_error: float
    interval: Interval
    spread: Interval
    better: ShareEstimate | None
    ties: float
    n_pairs: int
    n_undefined: int
    n_points: int
    variance_reduction: float


def compare(store: ResultStore, variant: str, baseline: str, indicators: Iterable[str] | None = None) -> tuple[PairedDifference, ...]:
    """Return the paired differences ``variant - baseline`` of the named indicators, of all indicators unless named.

    Replication r of both variants shares its parameters and its random draws
    (common random numbers), so the difference is taken within each replication.
    """
    variant, baseline = store.variant(variant), store.variant(baseline)
    return tuple(_paired(store, variant, baseline, INDICATORS[key]) for key in (indicators if indicators is not None else INDICATORS))


def paired_difference(store: ResultStore, variant: str, baseline: str, key: str) -> PairedDifference:
    """Return the paired difference of one indicator."""
    return compare(store, variant, baseline, (key,))[0]


def _paired(store: ResultStore, variant: str, baseline: str, indicator: Indicator) -> PairedDifference:
    pairs = paired_distribution(store, variant, baseline, indicator.key)
    mean = pairs.difference.mean()
    low, high = pairs.difference.quantiles((0.05, 0.95))
    return PairedDifference(
        indicator=indicator.key, name=indicator.name, unit=indicator.unit, more_is_better=indicator.more_is_better,
        variant=variant, baseline=baseline, mean_variant=pairs.mean_variant, mean_baseline=pairs.mean_baseline,
        difference=mean.mean, standard_error=mean.standard_error, interval=mean.interval, spread=Interval(low, high, 0.90),
        better=None if indicator.more_is_better is None else pairs.more if indicator.more_is_better else pairs.less, ties=pairs.ties,
        n_pairs=mean.n, n_undefined=mean.undefined, n_points=mean.clusters, variance_reduction=pairs.variance_reduction,
    )
