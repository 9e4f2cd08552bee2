"""Balances on generated campaigns, and what must not change a result."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from balances import imbalances
from campaigns_by_hand import Run
from checking import Check
from verdicts import Verdict, same

from frankensam.kernels.arrays import CampaignArrays, OutcomeArrays

sys.path.insert(0, str(Path(__file__).parents[1] / "parity"))
from generated_campaigns import Sizes, generated_campaign

ROUNDING = 1e-9
BALANCED = Sizes(days=25, units=4, lines=2, routes=4, shops=2, hybrids=2)


def everything_balances(run: Run, n: int) -> list[Verdict]:
    """12 generated campaigns: threats, items, money, states and records balance in every replication."""
    worst: dict[str, float] = {}
    for number in range(12):
        arrays = generated_campaign(number, BALANCED)
        for what, imbalance in imbalances(arrays, run(arrays, n)).items():
            worst[what] = max(worst.get(what, 0.0), imbalance)
    return [same(what, imbalance <= ROUNDING, 1.0) for what, imbalance in worst.items()]


def differing(left: OutcomeArrays, right: OutcomeArrays) -> list[str]:
    """Return the outcomes that are not equal bit for bit."""
    return [name for name, x, y in zip(left._fields, left, right, strict=True) if x.tobytes() != y.tobytes()]


def reordered_units(arrays: CampaignArrays, order: np.ndarray) -> CampaignArrays:
    """Return the campaign with its fire units in another order of the file."""
    names = [name for name in arrays._fields if name.startswith("unit_") and name != "unit_repair_cost"]
    return arrays._replace(**{name: np.ascontiguousarray(getattr(arrays, name)[order]) for name in names})


def order_of_units_is_nothing(run: Run, n: int) -> list[Verdict]:
    """4 generated campaigns with the fire units in another order: the same result, bit for bit."""
    verdicts = []
    for number in range(4):
        arrays = generated_campaign(number, Sizes(days=20, units=6))
        other = reordered_units(arrays, np.random.default_rng(number).permutation(6))
        verdicts.append(same(f"campaign {number}", len(differing(run(arrays, n), run(other, n))), 0))
    return verdicts


CHECKS = (Check(everything_balances, 3), Check(order_of_units_is_nothing, 3))
