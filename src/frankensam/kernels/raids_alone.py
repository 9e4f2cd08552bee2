"""Raids at the spatial resolution outside a campaign: the same compiled code as within one, for tests and benchmarks."""

from __future__ import annotations

from collections import namedtuple
from functools import cache
from typing import Any

import numpy as np

from frankensam.kernels.campaign import ONE_RAID, simulate_replications
from frankensam.kernels.campaign_spatial import LEAKS_TABLE, Theatre
from frankensam.kernels.spatial import DECLARED, INPUT_TABLE, OUTCOME_TABLE, START_TABLE, WORK_TABLE, SpatialOutcomes
from frankensam.kernels.spatial_arrays import REASONS, SpatialInputs
from frankensam.kernels.spatial_raid import LOGGED, allocate_spatial_work, spatial_shapes
from frankensam.kernels.state import AVAILABLE, ROUNDS
from frankensam.kernels.tables import Table
from frankensam.kernels.views import STAGES, empty_view

PlayedRaids = namedtuple("PlayedRaids", "outcomes leakers aimed rounds_left event_times events")
"""Outcome arrays by replication; of the last one leakers[sector, class], aimed[place, class], rounds left by fire unit, and the record."""


@cache
def _no_campaign() -> tuple[Any, ...]:
    """Return the arrays of every stage of a campaign, all of length zero: no stage is run."""
    return tuple(empty_view(each) for each in STAGES)


def play_raids(
    a: SpatialInputs, raid: np.ndarray, launchers: np.ndarray, rounds: np.ndarray, seed: int, first_replication: int, day: int, *,
    count: int = 1, log: int = 0,
) -> PlayedRaids:
    """Resolve one raid of `raid[sector, class]` threats against fire units with available `launchers` and `rounds`, `count` times.

    Room for `log` events of the last replication is made; `events[k]` is (kind, unit, threat, value).
    """
    units, hybrids, classes = len(launchers), len(a.hybrid_reach), raid.shape[1]
    channels = np.maximum(1, np.floor(a.hybrid_channels[a.unit_hybrid] * launchers + 0.5)).sum()
    w: Any = allocate_spatial_work(spatial_shapes(
        len(a.site_position), units, len(raid), hybrids, classes, int(raid.sum()), int(channels), int(launchers.sum()), log,
    ))
    unit = np.zeros_like(w.unit)
    unit[:, AVAILABLE] = launchers
    unit[:, ROUNDS] = rounds
    shapes = ((hybrids, classes), (hybrids, classes), (classes, len(REASONS)), (hybrids,))
    inputs = [np.asarray(array, DECLARED[name].dtype, order="C") for name, array in zip(SpatialInputs._fields, a, strict=True)]
    o = SpatialOutcomes(*(np.zeros((count, *shape)) for shape in shapes))
    numbers = np.array(raid, np.int64, order="C")
    theatre = Theatre(
        Table(INPUT_TABLE, inputs), Table(WORK_TABLE, w), Table(OUTCOME_TABLE, o), Table(START_TABLE, (numbers, unit)),
        Table(LEAKS_TABLE, (np.zeros((0, 0, 0)),)),
    )
    asked: list[Any] = [*_no_campaign(), theatre, np.uint64(seed), first_replication, count, day, 1, ONE_RAID]
    simulate_replications(*asked)
    logged = min(log, int(w.tally[LOGGED]))
    return PlayedRaids(o, w.raid, w.aimed, w.unit[:, ROUNDS].copy(), w.raid_log_time[:logged], w.raid_log[:logged])
