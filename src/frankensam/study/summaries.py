"""Indicators of one variant, summarised over the replications."""

from __future__ import annotations

from dataclasses import dataclass

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
