"""Campaigns written by hand: a quiet world in which nothing happens, and what a test changes in it.

Quiet: no line, route or supply unless asked for, no failures, no raids, no
power nodes; perfect lines without learning; every duration one day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from frankensam.kernels.arrays import BEARINGS, INPUTS, METRICS, CampaignArrays, OutcomeArrays
from frankensam.kernels.campaign import simulate_block
from frankensam.model import campaign as model
from frankensam.model.outcomes import allocate_outcomes

Run = Callable[[CampaignArrays, int], OutcomeArrays]
"""Simulates the replications 0, 1, ... of a campaign."""

SEED = 20231206
NOTHING: Mapping[str, int] = {
    "item": 2, "site": 1, "supply": 0, "line": 0, "route": 0, "hybrid": 1, "unit": 1, "shop": 0, "threat": 5, "sector": 1, "period": 1,
    "weekday": 7, "regime": 2, "duration": 3, "coordinate": 2, "bearing": BEARINGS,
}
LAUNCHER, ROUND = 0, 1
"""The two items every campaign by hand has."""
ONE_DAY = (0.0, 1.0, 0.0)
METRIC = {name: k for k, (name, _, _) in enumerate(METRICS)}

QUIET: Mapping[str, Any] = {
    "record_every": 1, "raid_source": 1, "raid_size_cap": 1000, "raid_level": 1.0, "raid_weekday": 1.0, "sector_power_site": -1,
    "site_aim_weight": 1.0, "line_learning_slope": 1.0, "line_persistence": 1.0, "line_first_pass_yield": 1.0, "hybrid_salvo": 1,
    "hybrid_looks": 1, "hybrid_class_order": np.arange(5), "hybrid_interceptor": ROUND, "unit_round_capacity": 1_000_000,
    "unit_establishment": 1_000_000, "unit_share": 1.0, "unit_demand_prior": 1.0, "threat_appearance": np.array([0, 1, 2, 3, 0]),
    "threat_accuracy": 1.0, "hybrid_spare": -1,
    **dict.fromkeys((variable.name for variable in INPUTS if variable.dims[-1:] == ("duration",)), ONE_DAY),
}
PLACES = ("item", "site", "supply", "line", "route", "hybrid", "unit", "shop", "sector")


def campaign(days: int, sizes: Mapping[str, int] | None = None, **changes: Any) -> CampaignArrays:
    """Return a quiet campaign of `days` days and the given sizes; `changes` are broadcast to the shape of their array."""
    lengths = {**NOTHING, **(sizes or {}), "day": days}
    lengths["partner"] = lengths["line"]
    keys = {f"{entity}_key": 1000 * (k + 1) + np.arange(lengths[entity]) for k, entity in enumerate(PLACES)}
    kinds = {"item_kind": np.array([1, 2, *[0] * (lengths["item"] - 2)])}
    unknown = set(changes) - {variable.name for variable in INPUTS}
    assert not unknown, unknown
    values = {**QUIET, **keys, **kinds, "days": days, **changes}
    arrays = []
    for variable in INPUTS:
        shape = tuple(lengths[dim] for dim in variable.dims)
        array = np.ascontiguousarray(np.broadcast_to(np.asarray(values.get(variable.name, 0), dtype=variable.dtype), shape)).reshape(shape)
        array.setflags(write=False)
        arrays.append(array)
    return CampaignArrays(*arrays)


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
