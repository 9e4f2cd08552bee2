"""The day loop, and the one entry that Python calls.

Order within a day: arrivals, production, dispatch, sustainment, allocation,
raid, accounting, recovery; ``docs/model.md`` specifies each step. Every stage
is handed only the arrays it declares that it reads (`Inputs`), keeps as state
(`Work`) and adds to (`Outcomes`): this documents the stages and keeps
compilation short, because its cost grows with arrays times functions.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types

from frankensam.kernels.accounting import account, finish, record
from frankensam.kernels.allocation import allocate, learn_demand
from frankensam.kernels.arrays import INPUTS, RESOLUTION_SPATIAL, CampaignArrays, OutcomeArrays
from frankensam.kernels.damage import lose_stock, output_factors, recover, strike
from frankensam.kernels.engagement import defend
from frankensam.kernels.options import kernel
from frankensam.kernels.preparation import prepare, reset
from frankensam.kernels.production import produce
from frankensam.kernels.raids import raid
from frankensam.kernels.state import allocate_work
from frankensam.kernels.sustainment import sustain
from frankensam.kernels.transport import announce_supplies, arrive, dispatch
from frankensam.kernels.views import STAGES, stage_view, view_type

NEVER = frozenset({"line_first_day", "first_held_day", "first_empty_day"})
"""Outcomes that are a day, or -1 for never."""


@kernel(types.void(*(view_type(stage) for stage in STAGES), types.uint64, types.int64, types.int64, types.int64, types.int64))
def simulate_replications(
    p_preparation: Any, p_production: Any, p_transport: Any, p_sustainment: Any, p_allocation: Any, p_raids: Any, p_engagement: Any,
    p_damage: Any, p_accounting: Any, seed: int, first_replication: int, count: int, days: int, record_every: int,
) -> None:
    """Simulate `count` replications from `first_replication` into rows 0, 1, … of the outcomes."""
    prepare(p_preparation)
    sectors = len(p_raids[1].sector_weight)
    for n in range(count):
        r = first_replication + n
        reset(p_preparation)
        announce_supplies(p_transport, seed, r)
        time = 0
        for d in range(days):
            output_factors(p_damage)
            arrive(p_transport, n, d)
            produce(p_production, n, seed, r, d)
            dispatch(p_transport, n, seed, r, d)
            sustain(p_sustainment, n, seed, r, d)
            allocate(p_allocation)
            raid(p_raids, n, seed, r, d)
            leakers = 0
            for s in range(sectors):
                here = defend(p_engagement, n, seed, r, d, s)
                if here > 0:
                    strike(p_damage, n, seed, r, d, s)
                leakers += here
            if leakers > 0:
                lose_stock(p_damage, n, seed, r, d)
                output_factors(p_damage)
            learn_demand(p_allocation)
            account(p_accounting, n, d)
            if (d + 1) % record_every == 0 or d == days - 1:
                record(p_accounting, n, time)
                time += 1
            recover(p_damage)
        finish(p_accounting, n)


def simulate_block(arrays: CampaignArrays, seed: int, first_replication: int, outcomes: OutcomeArrays) -> None:
    """Simulate the replications first_replication, first_replication + 1, … that `outcomes` has rows for.

    `arrays` holds one array per variable of `INPUTS`, in C order; it is only
    read. `seed` is an unsigned 64-bit number. `outcomes` comes from
    `frankensam.model.outcomes.allocate_outcomes`; every element of it is
    written. The interpreter lock is released, so blocks can run in threads.
    Results depend on the arrays, the seed and the replication's number, never
    on how replications are grouped in blocks.

    Raises:
        TypeError: if an array has not the type, the number of dimensions or the order in memory that `INPUTS` declares.
        ValueError: if there is no sector for threats to come to.
    """
    check(arrays)
    for name, outcome in zip(OutcomeArrays._fields, outcomes, strict=True):
        outcome.fill(-1.0 if name in NEVER else 0.0)
    inputs = CampaignArrays(*(_read_only(array) for array in arrays))
    if int(arrays.raid_resolution) == RESOLUTION_SPATIAL:
        from frankensam.kernels.campaign_spatial import simulate_spatial_block  # compiled only where a campaign asks for it

        simulate_spatial_block(inputs, seed, first_replication, outcomes)
        return
    work = allocate_work(arrays)
    views: list[Any] = [stage_view(stage, inputs, work, outcomes) for stage in STAGES]
    numbers: list[Any] = [np.uint64(seed), first_replication, outcomes.series.shape[0], int(arrays.days), int(arrays.record_every)]
    simulate_replications(*views, *numbers)


def check(arrays: CampaignArrays) -> None:
    """Refuse arrays that the compiled entry cannot take, by name."""
    for variable, array in zip(INPUTS, arrays, strict=True):
        if array.dtype != variable.dtype or array.ndim != len(variable.dims) or not array.flags.c_contiguous:
            expected = f"{variable.dtype} with {len(variable.dims)} dimensions in C order"
            raise TypeError(f"{variable.name}: expected {expected}, got {array.dtype} with {array.ndim}")
    if len(arrays.sector_key) == 0:
        raise ValueError("a campaign needs a sector")


def _read_only(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    view = np.asarray(array).view()
    view.setflags(write=False)
    return view
