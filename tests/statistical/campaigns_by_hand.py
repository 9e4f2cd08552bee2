"""Campaigns written by hand, in the quiet world of `frankensam.benchmarks.quiet`, run by kernel and reference."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from frankensam.benchmarks.quiet import METRIC, ONE_DAY
from frankensam.benchmarks.quiet import quiet_campaign as campaign
from frankensam.kernels.arrays import CampaignArrays, OutcomeArrays
from frankensam.kernels.campaign import simulate_block
from frankensam.model import campaign as model
from frankensam.model.outcomes import allocate_outcomes

__all__ = ["LAUNCHER", "METRIC", "ONE_DAY", "ROUND", "SEED", "Run", "campaign", "evening", "kernel", "listed", "reference"]

Run = Callable[[CampaignArrays, int], OutcomeArrays]
"""Simulates the replications 0, 1, ... of a campaign."""

SEED = 20231206
LAUNCHER, ROUND = 0, 1
"""The two items every campaign by hand has."""


def kernel(arrays: CampaignArrays, count: int) -> OutcomeArrays:
    """Run the compiled kernel."""
    outcomes = allocate_outcomes(arrays, count)
    simulate_block(arrays, SEED, 0, outcomes)
    return outcomes


def reference(arrays: CampaignArrays, count: int) -> OutcomeArrays:
    """Run the readable reference."""
    rows = [model.simulate(arrays, SEED, replication) for replication in range(count)]
    return OutcomeArrays(*(np.concatenate(parts) for parts in zip(*rows, strict=True)))


def evening(outcomes: OutcomeArrays, name: str, time: int = -1) -> np.ndarray:
    """Return a recorded quantity of every replication at a recorded time, the last unless told."""
    values: np.ndarray = outcomes.series[:, time, METRIC[name]]
    return values


def listed(days: int, **by_class: int) -> np.ndarray:
    """Return a list of raids that is the same every day: c0=3 for three of class 0."""
    raids = np.zeros((days, 5), dtype=np.int64)
    for name, number in by_class.items():
        raids[:, int(name[1:])] = number
    return raids
