"""Losses and expenditures by side and type, per variant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Side = Literal["defender", "attacker"]


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
