"""Paired comparison of two variants: the same parameters and the same random numbers in both."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frankensam.simulation.store import ResultStore
from frankensam.study.indicators import INDICATORS, Indicator, indicator_values
from frankensam.study.intervals import Interval, ShareEstimate, mean_by_design_point, quantiles, share_by_design_point


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
    ours, theirs = (indicator_values(store, name, indicator.key) for name in (variant, baseline))
    differences = ours - theirs
    both = ~np.isnan(differences)
    mean = mean_by_design_point(differences, store.design_points)
    low, high = quantiles(differences, (0.05, 0.95))
    better = None
    if indicator.more_is_better is not None:
        sign = 1.0 if indicator.more_is_better else -1.0
        better = share_by_design_point(sign * differences[both] > 0, store.design_points[both])
    return PairedDifference(
        indicator=indicator.key, name=indicator.name, unit=indicator.unit, more_is_better=indicator.more_is_better,
        variant=variant, baseline=baseline,
        mean_variant=_mean(ours[both]), mean_baseline=_mean(theirs[both]),
        difference=mean.mean, standard_error=mean.standard_error, interval=mean.interval,
        spread=Interval(low, high, 0.90), better=better, ties=_mean((differences[both] == 0).astype(np.float64)),
        n_pairs=mean.n, n_undefined=mean.undefined, n_points=mean.clusters,
        variance_reduction=_variance_reduction(ours[both], theirs[both]),
    )


def _variance_reduction(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> float:
    if ours.size < 2:
        return math.nan
    independent, paired = float(ours.var() + theirs.var()), float((ours - theirs).var())
    return independent / paired if paired > 0 and independent > 0 else math.nan


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if values.size else math.nan
