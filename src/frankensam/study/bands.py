"""Time series bands: what the middle half and the middle nine tenths of the replications do, day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frankensam.kernels.arrays import METRICS
from frankensam.simulation.results import StudyResults
from frankensam.simulation.store import ResultStore
from frankensam.study.distributions import series_levels
from frankensam.study.indicators import FIELDED, INTERCEPTOR, launchers_fielded, ratio

Values = NDArray[np.float64]

BAND = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class SeriesBand:
    """Quantiles over the replications of one recorded or derived series of one variant.

    Every array has shape ``[time]`` and is aligned with `dates`; a value is NaN
    where the series is undefined in every replication. `undefined` counts the
    replications left out at each time. A series "per period" belongs to the
    time since the previous recorded date.
    """

    key: str
    name: str
    unit: str
    meaning: str
    variant: str
    dates: tuple[dt.date, ...]
    mean: Values
    q05: Values
    q25: Values
    median: Values
    q75: Values
    q95: Values
    undefined: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Series:
    """A series ``[replication, time]`` of one variant with its name, unit and meaning."""

    key: str
    name: str
    unit: str
    meaning: str
    compute: Callable[[StudyResults, str], Values]


def series_bands(store: ResultStore, variant: str) -> tuple[SeriesBand, ...]:
    """Return a band for every series of `observed_series`."""
    variant = store.variant(variant)
    return tuple(band(store, variant, series) for series in observed_series(store, variant))


def observed_series(results: StudyResults, variant: str) -> tuple[Series, ...]:
    """Return every metric, the derived series, and launchers held by hybrid and stocks by interceptor.

    Keys: the metric's name; those of `DERIVED`; ``held:HYBRID``; ``stock:ITEM``.
    """
    return (*_metrics(), *DERIVED, *_by_hybrid(results, variant), *_by_interceptor(results, variant))


def band(store: ResultStore, variant: str, series: Series) -> SeriesBand:
    """Return the quantiles over replications of one series, at each recorded day over the replications in which it is defined.

    Where only summaries are kept the series is found by its key.
    """
    mean, levels, undefined = series_levels(store, variant, series.key, series.compute, BAND)
    q05, q25, median, q75, q95 = levels
    return SeriesBand(
        series.key, series.name, series.unit, series.meaning, variant, store.times, mean, q05, q25, median, q75, q95, undefined,
    )


def per_period(values: Values) -> Values:
    """Return the increase of a cumulative series ``[replication, time]`` since the previous recorded day, the first since the start."""
    return np.diff(values, axis=1, prepend=0.0)


def stopped_share_by_period(store: StudyResults, variant: str) -> Values:
    """Return (stopped by fire units + stopped by background) / arrivals of each period, decoys included; NaN without arrivals."""
    stopped = store.metric(variant, "killed_units") + store.metric(variant, "killed_background")
    return ratio(per_period(stopped), per_period(store.metric(variant, "threats")))


def unit_share_by_period(store: StudyResults, variant: str) -> Values:
    """Return stopped by fire units / arrivals of each period, decoys included; NaN without arrivals."""
    return ratio(per_period(store.metric(variant, "killed_units")), per_period(store.metric(variant, "threats")))


def availability_by_period(store: StudyResults, variant: str) -> Values:
    """Return launcher-days available / launcher-days held of each period; NaN while no launcher is held."""
    available, held = (per_period(store.metric(variant, name)) for name in ("launcher_days_available", "launcher_days_held"))
    return ratio(available, held)


def rounds_in_stock(store: StudyResults, variant: str) -> Values:
    """Return serviceable rounds at the issuing depots and on fire units now."""
    return store.metric(variant, "rounds_units") + store.metric(variant, "rounds_depot")


def leakers_prevented(store: StudyResults, variant: str) -> Values:
    """Return leakers of the first variant minus leakers of this one since the start, replication by replication."""
    return store.metric(store.variants[0], "leakers") - store.metric(variant, "leakers")


def _increase(metric: str) -> Callable[[StudyResults, str], Values]:
    return lambda store, variant: per_period(store.metric(variant, metric))


DERIVED: tuple[Series, ...] = (
    Series("launchers_fielded", "launchers fielded", "count", FIELDED, launchers_fielded),
    Series(
        "operational_availability", "operational availability", "fraction", "launcher-days available over held, in each period",
        availability_by_period,
    ),
    Series(
        "stopped_share", "arrivals stopped", "fraction", "share of the period's arrivals stopped by anything, decoys included",
        stopped_share_by_period,
    ),
    Series(
        "unit_share", "arrivals stopped by fire units", "fraction", "share of the period's arrivals stopped by fire units, decoys included",
        unit_share_by_period,
    ),
    Series("threats_per_period", "arrivals per period", "count", "threats of the period, decoys included", _increase("threats")),
    Series("leakers_per_period", "leakers per period", "count", "threats not stopped in the period, decoys excluded", _increase("leakers")),
    Series("hits_per_period", "hits per period", "count", "leakers of the period that hit their aimpoint", _increase("hits")),
    Series("rounds_per_period", "rounds expended per period", "count", "rounds fired in the period", _increase("rounds_expended")),
    Series("rounds_stock", "interceptors in stock", "count", "serviceable rounds at the issuing depots and on fire units now",
           rounds_in_stock),
    Series("leakers_prevented", "leakers prevented since the start", "count",
           "leakers of the baseline minus leakers of the variant in the same replication: the paired difference", leakers_prevented),
)


def _metrics() -> Iterator[Series]:
    for name, unit, meaning in METRICS:
        yield Series(name, name.replace("_", " "), unit, meaning, lambda store, variant, metric=name: store.metric(variant, metric))  # type: ignore[misc]


def _by_hybrid(store: StudyResults, variant: str) -> Iterator[Series]:
    for index, label in enumerate(store.names(variant)["hybrid"]):
        yield Series(
            f"held:{label}", f"launchers held, {label}", "count", "launchers held by fire units now",
            lambda store, variant, at=index: store.outcome(variant, "held_series")[:, :, at],  # type: ignore[misc]
        )


def _by_interceptor(store: StudyResults, variant: str) -> Iterator[Series]:
    kinds = store.structure(variant)["item_kind"]
    for index, label in enumerate(store.names(variant)["item"]):
        if kinds[index] == INTERCEPTOR:
            yield Series(
                f"stock:{label}", f"stock of {label}", "count", "items in stock now, over all sites",
                lambda store, variant, at=index: store.outcome(variant, "stock_series")[:, :, at],  # type: ignore[misc]
            )
