"""Indicators of one variant, summarised over the replications."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from frankensam.simulation.store import ResultStore
from frankensam.study.distributions import indicator_distribution
from frankensam.study.indicators import INDICATORS
from frankensam.study.intervals import Interval


@dataclass(frozen=True, slots=True)
class IndicatorSummary:
    """Mean with interval, and quantiles, of one indicator of one variant.

    `interval` is the 95 % interval of the mean with the design point as
    sampling unit; `median_error` the Monte Carlo standard error of the median;
    `defined` and `undefined` count replications.
    """

    indicator: str
    name: str
    unit: str
    meaning: str
    variant: str
    mean: float
    interval: Interval
    median: float
    median_error: float
    q05: float
    q95: float
    defined: int
    undefined: int


def summarise(store: ResultStore, variant: str, indicators: Iterable[str] | None = None) -> tuple[IndicatorSummary, ...]:
    """Return summaries of the named indicators of a variant, of all indicators unless named."""
    return tuple(_summary(store, variant, key) for key in (indicators if indicators is not None else INDICATORS))


def _summary(store: ResultStore, variant: str, key: str) -> IndicatorSummary:
    distribution = indicator_distribution(store, variant, key)
    mean = distribution.mean()
    q05, median, q95 = distribution.quantiles((0.05, 0.5, 0.95))
    indicator = INDICATORS[key]
    return IndicatorSummary(
        indicator=key, name=indicator.name, unit=indicator.unit, meaning=indicator.meaning, variant=variant,
        mean=mean.mean, interval=mean.interval, median=median, median_error=distribution.median_error(),
        q05=q05, q95=q95, defined=mean.n, undefined=mean.undefined,
    )
