"""Losses and expenditures by side and type, per variant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from frankensam.glossary import THREAT_LABELS, ThreatClass
from frankensam.simulation.store import ResultStore
from frankensam.study.intervals import quantiles

Side = Literal["defender", "attacker"]
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LossRow:
    """Median and 5-95 % quantiles over the replications of one loss or expenditure.

    `category` says what happened ("rounds expended", "launchers destroyed",
    "threats stopped by fire units", ...), `item` to what (a hybrid, an item, a
    threat class; its name as the scenario gives it).
    """

    side: Side
    category: str
    item: str
    unit: str
    variant: str
    mean: float
    median: float
    q05: float
    q95: float


_DEFENDER: tuple[tuple[str, str, str, str], ...] = (
    # category, outcome, dimension, unit
    ("rounds expended", "rounds_fired", "hybrid", "count"),
    ("launchers destroyed", "launchers_destroyed", "hybrid", "count"),
    ("launchers sent to repair by a hit", "launchers_damaged", "hybrid", "count"),
    ("launcher failures", "launcher_failures", "hybrid", "count"),
    ("destroyed in stock", "destroyed_in_stock", "item", "count"),
    ("expired", "expired", "item", "count"),
    ("lost in transit", "lost_in_transit", "route", "count"),
    ("output lost", "site_damage_days", "site", "day"),
    ("programme spending", "spending", "spending", "USD"),
)

_ATTACKER: tuple[tuple[str, str], ...] = (
    # category, outcome by threat class
    ("threats launched", "threats"),
    ("threats stopped by fire units", "killed"),
    ("threats stopped by background layers", "background_killed"),
    ("threats not stopped", "leakers"),
    ("hits", "hits"),
)


def losses(store: ResultStore, variant: str) -> tuple[LossRow, ...]:
    """Return losses and expenditures of both sides over the whole time; the same rows, in the same order, for equal dimensions."""
    variant = store.variant(variant)
    return tuple(_row(side, category, item, unit, variant, values) for side, category, item, unit, values in _columns(store, variant))


def _columns(store: ResultStore, variant: str) -> Iterator[tuple[Side, str, str, str, Values]]:
    names = store.names(variant)
    for category, outcome, dimension, unit in _DEFENDER:
        totals = store.outcome(variant, outcome)
        for index, label in enumerate(names[dimension]):
            yield "defender", category, label, unit, totals[:, index]
    yield "defender", "cost of damage", "all sites", "USD", store.metric(variant, "damage_cost")[:, -1]
    for category, outcome in _ATTACKER:
        totals = store.outcome(variant, outcome)
        by_class = totals.sum(axis=1) if outcome == "killed" else totals
        for index, threat in enumerate(ThreatClass):
            yield "attacker", category, THREAT_LABELS[threat], "count", by_class[:, index]
    yield "attacker", "cost of threats launched", "all classes", "USD", store.metric(variant, "attacker_cost")[:, -1]


def _row(side: Side, category: str, item: str, unit: str, variant: str, values: Values) -> LossRow:
    q05, median, q95 = quantiles(values, (0.05, 0.5, 0.95))
    return LossRow(side, category, item, unit, variant, float(values.mean()), median, q05, q95)
