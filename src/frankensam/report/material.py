"""What the report is made of: everything it needs of a result store, gathered once, before anything is worded or drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frankensam.kernels.arrays import METRICS
from frankensam.report.map import Flow, Place
from frankensam.report.page import Parameter, Source
from frankensam.simulation.manifest import Manifest
from frankensam.simulation.results import StudyResults
from frankensam.simulation.store import ResultStore
from frankensam.study.bands import DERIVED, Series, SeriesBand, band
from frankensam.study.claims_tested import ClaimTest, judge_claims
from frankensam.study.comparison import PairedDifference
from frankensam.study.indicators import indicator_values
from frankensam.study.losses import LossRow, losses
from frankensam.study.summaries import IndicatorSummary, summarise

Values = NDArray[np.float64]

TIME_PLOTS = (
    "launchers_fielded", "launchers_held", "launchers_depot_repair", "launchers_waiting_part", "rounds_issued", "rounds_stock",
    "operational_availability", "stopped_share", "unit_share", "leakers", "leakers_prevented", "damage", "spend",
)
"""Series that the report draws, in order: those of `frankensam.study.bands` and recorded metrics."""

KEY_FIGURES = (
    "launchers_fielded_12_months", "launchers_fielded_24_months", "days_to_first_launcher", "days_to_tenth_launcher",
    "launchers_produced", "interceptors_fielded", "rounds_expended", "unit_days_empty", "days_to_stock_out",
    "operational_availability",
    "stopped_share", "unit_share", "leakers", "hits", "damage_days", "damage_cost", "spend", "cost_per_threat_stopped", "cost_exchange",
)
"""Indicators of the table of key figures, in order."""


@dataclass(frozen=True, slots=True)
class VariantFacts:
    """Name, description and changes of one variant, as the scenario gives them."""

    name: str
    description: str
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScenarioFacts:
    """What a report needs to know of the scenario; read from the snapshot kept with the results."""

    title: str
    description: str
    held_equal: str | None
    days: int
    price_year: int | None
    variants: tuple[VariantFacts, ...]
    places: tuple[Place, ...]
    flows: tuple[Flow, ...]
    parameters: tuple[Parameter, ...]
    sources: tuple[Source, ...]
    limits: tuple[str, ...]
    warnings: tuple[str, ...]
    resolutions: tuple[str, ...] = ("salvo",)
    """Engagement resolutions of the variants, each once."""


@dataclass(frozen=True, slots=True)
class Material:
    """Everything of one study; mappings are keyed by the name of the variant or, for `drawn`, of the claim whose headline it is."""

    scenario: ScenarioFacts
    manifest: Manifest
    results_digest: str
    start: dt.date
    variants: tuple[str, ...]
    bands: Mapping[str, Mapping[str, SeriesBand]]
    summaries: Mapping[str, Mapping[str, IndicatorSummary]]
    losses: Mapping[str, tuple[LossRow, ...]]
    claims: tuple[ClaimTest, ...]
    drawn: Mapping[str, Values]


def gather(store: ResultStore, scenario: ScenarioFacts) -> Material:
    """Return everything the report needs of a complete store.

    Raises StoreIncomplete if blocks are missing, StoreDamaged if a chunk is not
    what its checksum says.
    """
    claims = judge_claims(store)
    return Material(
        scenario=scenario, manifest=store.manifest, results_digest=store.digest(), start=store.start, variants=store.variants,
        bands={variant: {series.key: band(store, variant, series) for series in plotted_series()} for variant in store.variants},
        summaries={variant: {row.indicator: row for row in summarise(store, variant, KEY_FIGURES)} for variant in store.variants},
        losses={variant: losses(store, variant) for variant in store.variants},
        claims=claims,
        drawn={
            claim.key: paired_values(store, claim.headline)
            for claim in claims if claim.headline is not None and store.manifest.keeps_replications
        },
    )


def paired_values(store: ResultStore, difference: PairedDifference) -> Values:
    """Return the differences ``[replication]`` of two variants in one indicator, NaN where undefined."""
    key = difference.indicator
    return indicator_values(store, difference.variant, key) - indicator_values(store, difference.baseline, key)


def plotted_series() -> tuple[Series, ...]:
    """Return the series of `TIME_PLOTS`: derived ones and recorded metrics."""
    known = {series.key: series for series in DERIVED}
    for name, unit, meaning in METRICS:
        title = METRIC_TITLES.get(name, name.replace("_", " "))
        known.setdefault(name, Series(name, title, "fraction" if name in METRIC_FRACTIONS else unit, meaning, _metric(name)))
    return tuple(known[key] for key in TIME_PLOTS)


METRIC_TITLES = {
    "launchers_held": "launchers held by fire units", "launchers_depot_repair": "launchers away for depot-level repair",
    "launchers_waiting_part": "launchers waiting for a spare part",
    "rounds_issued": "interceptors fielded", "leakers": "leakers since the start",
    "damage": "output lost at defended sites", "spend": "programme spending since the start",
}
"""Titles of recorded metrics whose own name says too little on a chart."""

METRIC_FRACTIONS = ("damage",)
"""Recorded metrics that are shares of a whole and are drawn in per cent."""


def _metric(name: str) -> Callable[[StudyResults, str], Values]:
    return lambda results, variant: results.metric(variant, name)
