"""Losses and expenditures by side and type, per variant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from frankensam.glossary import THREAT_LABELS, ThreatClass
from frankensam.simulation.results import StudyResults
from frankensam.simulation.store import ResultStore
from frankensam.study.distributions import loss_distribution

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
    ("repairs at fire units", "unit_repairs", "hybrid", "count"),
    ("repairs at depot level", "shop_repairs_done", "shop", "count"),
    ("spares needed by repairs", "spares_needed", "hybrid", "count"),
    ("spares used by repairs", "spares_used", "hybrid", "count"),
    ("spares ordered anew and received", "spares_resupplied", "hybrid", "count"),
    ("launchers made whole by cannibalisation", "cannibalisations", "hybrid", "count"),
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
    return tuple(_row(store, variant, loss) for loss in observed_losses(store, variant))


@dataclass(frozen=True, slots=True)
class Loss:
    """One loss or expenditure with its values ``[replication]``."""

    side: Side
    category: str
    item: str
    unit: str
    compute: Callable[[StudyResults, str], Values]

    @property
    def key(self) -> str:
        """By which it is found where only summaries are kept."""
        return f"{self.category}|{self.item}"


def observed_losses(results: StudyResults, variant: str) -> Iterator[Loss]:
    """Yield every loss and expenditure of a variant; labels are looked at, outcomes only when a loss is computed."""
    names = results.names(variant)
    for category, outcome, dimension, unit in _DEFENDER:
        for index, label in enumerate(names[dimension]):
            yield Loss("defender", category, label, unit, _element(outcome, index))
    yield Loss("defender", "cost of damage", "all sites", "USD", _final("damage_cost"))
    for category, outcome in _ATTACKER:
        for index, threat in enumerate(ThreatClass):
            yield Loss("attacker", category, THREAT_LABELS[threat], "count", _element(outcome, index))
    yield Loss("attacker", "cost of threats launched", "all classes", "USD", _final("attacker_cost"))


def _element(outcome: str, index: int) -> Callable[[StudyResults, str], Values]:
    def compute(results: StudyResults, variant: str) -> Values:
        values = results.outcome(variant, outcome)[..., index]
        return values if values.ndim == 1 else np.asarray(values.sum(axis=1))

    return compute


def _final(metric: str) -> Callable[[StudyResults, str], Values]:
    return lambda results, variant: results.metric(variant, metric)[:, -1]


def _row(store: ResultStore, variant: str, loss: Loss) -> LossRow:
    distribution = loss_distribution(store, variant, loss.key, loss.compute)
    q05, median, q95 = distribution.quantiles((0.05, 0.5, 0.95))
    return LossRow(loss.side, loss.category, loss.item, loss.unit, variant, distribution.plain_mean(), median, q05, q95)
