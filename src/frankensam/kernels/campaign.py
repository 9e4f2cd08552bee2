"""The day loop, and the one entry that Python calls.

Order within a day: arrivals, production, dispatch, sustainment, allocation,
raid, accounting, recovery; ``docs/model.md`` specifies each step. Every stage
is handed only the arrays it declares that it reads (`Inputs`), keeps as state
(`Work`) and adds to (`Outcomes`). Only the raid differs between the two
engagement resolutions.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types

from frankensam.kernels.accounting import account, finish, record
from frankensam.kernels.allocation import allocate, learn_demand
from frankensam.kernels.arrays import RESOLUTION_SPATIAL, CampaignArrays, OutcomeArrays
from frankensam.kernels.campaign_spatial import THEATRE_TYPE, allocate_theatre, defend_at_once
from frankensam.kernels.damage import lose_stock, output_factors, recover, strike
from frankensam.kernels.engagement import defend
from frankensam.kernels.options import kernel, stage
from frankensam.kernels.preparation import prepare, reset
from frankensam.kernels.production import produce
from frankensam.kernels.raids import raid
from frankensam.kernels.spatial import resolve_raids
from frankensam.kernels.state import allocate_work
from frankensam.kernels.sustainment import sustain
from frankensam.kernels.transport import announce_supplies, arrive, dispatch
from frankensam.kernels.views import STAGES, check_inputs, stage_view, view_type

NEVER = frozenset({"line_first_day", "first_held_day", "first_empty_day"})
"""Outcomes that are a day, or -1 for never."""
DONE = 0
SALVO, SPATIAL, ONE_RAID = range(3)
"""What the entry is asked to do."""


@stage
def defend_by_sector(p_engagement: Any, p_damage: Any, n: int, seed: int, r: int, d: int) -> int:
    """Resolve today's raid at the salvo resolution, sector by sector, and let the leakers fall; return how many there are."""
    leakers = 0
    for s in range(p_engagement[1].raid.shape[0]):
        here = defend(p_engagement, n, seed, r, d, s)
        if here > 0:
            strike(p_damage, n, seed, r, d, s)
        leakers += here
    return leakers


@kernel(types.int64(
    *(view_type(each) for each in STAGES), THEATRE_TYPE, types.uint64, types.int64, types.int64, types.int64, types.int64, types.int64,
))
def simulate_replications(
    p_preparation: Any, p_production: Any, p_transport: Any, p_sustainment: Any, p_allocation: Any, p_raids: Any, p_engagement: Any,
    p_damage: Any, p_accounting: Any, theatre: Any, seed: int, first_replication: int, count: int, days: int, record_every: int,
    work: int,
) -> int:
    """Simulate `count` replications from `first_replication` into rows 0, 1, … of the outcomes.

    `work` is `SALVO` or `SPATIAL`, a campaign of so many `days` at that resolution, or `ONE_RAID`: the raid of day `days`
    alone, from the theatre's own start and into its outcomes.

    Returns `DONE`, or 1 + the day of a raid too large for the memory of the spatial resolution.
    """
    if work == ONE_RAID:
        resolve_raids(theatre.inputs, theatre.work, theatre.day, theatre.start, seed, first_replication, count, days)
        return DONE
    prepare(p_preparation)
    for n in range(count):
        r = first_replication + n
        reset(p_preparation)
        announce_supplies(p_transport, seed, r)
        for d in range(days):
            output_factors(p_damage)
            arrive(p_transport, n, d)
            produce(p_production, n, seed, r, d)
            dispatch(p_transport, n, seed, r, d)
            sustain(p_sustainment, n, seed, r, d)
            allocate(p_allocation)
            raid(p_raids, n, seed, r, d)
            if work == SPATIAL:
                leakers = defend_at_once(p_engagement, p_damage, theatre, n, seed, r, d)
            else:
                leakers = defend_by_sector(p_engagement, p_damage, n, seed, r, d)
            if leakers < 0:
                return 1 + d
            if leakers > 0:
                lose_stock(p_damage, n, seed, r, d)
                output_factors(p_damage)
            learn_demand(p_allocation)
            account(p_accounting, n, d)
            if (d + 1) % record_every == 0 or d == days - 1:
                record(p_accounting, n, d // record_every)
            recover(p_damage)
        finish(p_accounting, n)
    return DONE


def simulate_block(arrays: CampaignArrays, seed: int, first_replication: int, outcomes: OutcomeArrays, *, log: int = 0) -> Any:
    """Simulate the replications first_replication, first_replication + 1, … that `outcomes` has rows for.

    `arrays` holds one array per variable of `INPUTS`, in C order; it is only
    read. `seed` is an unsigned 64-bit number. `outcomes` comes from
    `frankensam.model.outcomes.allocate_outcomes`; every element of it is
    written. The interpreter lock is released, so blocks can run in threads.
    Results depend on the arrays, the seed and the replication's number, never
    on how replications are grouped in blocks.

    Returns the working memory of the spatial resolution as the last day of the
    last replication leaves it: threats, legs, and the record of that day's raid
    with room for `log` events. At the salvo resolution it is empty.

    Raises:
        TypeError: if an array has not the type, the number of dimensions or the order in memory that `INPUTS` declares.
        ValueError: if there is no sector for threats to come to; at the spatial resolution, if a raid is larger than the
            arrays say it can be, or a speed, a distance flown or a load is zero.
    """
    check_inputs(arrays)
    if len(arrays.sector_key) == 0:
        raise ValueError("a campaign needs a sector")
    for name, outcome in zip(OutcomeArrays._fields, outcomes, strict=True):
        outcome.fill(-1.0 if name in NEVER else 0.0)
    work = allocate_work(arrays)
    theatre, spatial_work = allocate_theatre(arrays, work, outcomes, log)
    views: list[Any] = [stage_view(each, arrays, work, outcomes) for each in STAGES]
    numbers: list[Any] = [np.uint64(seed), first_replication, outcomes.series.shape[0], int(arrays.days), int(arrays.record_every)]
    views.append(theatre)
    numbers.append(SPATIAL if int(arrays.raid_resolution) == RESOLUTION_SPATIAL else SALVO)
    stopped = simulate_replications(*views, *numbers)
    if stopped != DONE:
        raise ValueError(f"day {stopped - 1}: the raid is larger than {len(spatial_work.foe)} threats, the most that the arrays allow")
    return spatial_work
