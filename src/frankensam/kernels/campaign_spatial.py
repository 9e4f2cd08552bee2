"""The day loop at the spatial engagement resolution: an entry of its own, compiled only where a campaign asks for it.

The days run as in `campaign`; only the raid differs. A whole raid is resolved
at once by `spatial.resolve_raids`, because a fire unit may meet threats of any
sector; its results for the day are then added to those of the campaign.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np
from numba import types

from frankensam.kernels.accounting import account, finish, record
from frankensam.kernels.allocation import allocate, learn_demand
from frankensam.kernels.arrays import RAIDS_LISTED, REASON_COUNT, STREAM_FAILURE_ROUND, THREAT_DECOY, CampaignArrays, OutcomeArrays
from frankensam.kernels.damage import hit_site, hit_unit, lose_stock, output_factors, recover
from frankensam.kernels.engagement import ENGAGEMENTS, KILLED_BACKGROUND, KILLED_UNITS, LEAKERS, ROUNDS_EXPENDED, background
from frankensam.kernels.options import kernel, stage
from frankensam.kernels.philox import uniform
from frankensam.kernels.preparation import prepare, reset
from frankensam.kernels.production import produce
from frankensam.kernels.raids import raid
from frankensam.kernels.sampling import binomial
from frankensam.kernels.spatial import INPUT_TYPES, OUTCOME_TYPES, WORK_TYPES, SpatialOutcomes, resolve_raids
from frankensam.kernels.spatial_arrays import SpatialInputs
from frankensam.kernels.spatial_raid import FOES, LOGGED, allocate_spatial_work, spatial_shapes
from frankensam.kernels.state import AVAILABLE, FIRED, ROUNDS, allocate_work
from frankensam.kernels.sustainment import fail, sustain
from frankensam.kernels.transport import announce_supplies, arrive, dispatch
from frankensam.kernels.views import STAGES, stage_view, view_type

Theatre = namedtuple("Theatre", "inputs work day leak_reasons")
"""Arrays of the spatial resolution; `day` has outcomes of one day, `leak_reasons` is the campaign's outcome."""

DONE = 0
_THEATRE_TYPE = types.BaseTuple.from_types([INPUT_TYPES, WORK_TYPES, OUTCOME_TYPES, types.Array(types.float64, 3, "C")], Theatre)


@stage
def present(counts: Any) -> int:
    """Return the number of threats in a table by sector and class."""
    total = 0
    for s in range(counts.shape[0]):
        for c in range(counts.shape[1]):
            total += counts[s, c]
    return total


@stage
def add_raid(a: Any, w: Any, o: Any, t: Any, n: int) -> None:
    """Add the day's raid to the outcomes and metrics, and take the rounds fired from the fire units."""
    for c in range(w.raid.shape[1]):
        stopped, leaked = 0, 0
        for s in range(w.raid.shape[0]):
            stopped += w.raid[s, c]
            leaked += t.work.raid[s, c]
        for h in range(t.day.killed.shape[1]):
            o.engagements[n, h, c] += t.day.engagements[0, h, c]
            o.killed[n, h, c] += t.day.killed[0, h, c]
            w.metrics[ENGAGEMENTS] += t.day.engagements[0, h, c]
            w.metrics[KILLED_UNITS] += t.day.killed[0, h, c]
            stopped -= int(t.day.killed[0, h, c])
        stopped -= leaked
        o.background_killed[n, c] += stopped
        w.metrics[KILLED_BACKGROUND] += stopped
        o.leakers[n, c] += leaked
        if a.threat_appearance[c] == c:
            w.metrics[LEAKERS] += leaked
        for reason in range(t.leak_reasons.shape[2]):
            t.leak_reasons[n, c, reason] += t.day.leak_reasons[0, c, reason]
    for h in range(t.day.rounds_fired.shape[1]):
        o.rounds_fired[n, h] += t.day.rounds_fired[0, h]
        w.metrics[ROUNDS_EXPENDED] += t.day.rounds_fired[0, h]
    for u in range(w.unit.shape[0]):
        w.unit[u, ROUNDS] = t.work.unit[u, ROUNDS]
        w.unit[u, FIRED] = t.work.unit[u, FIRED]


@stage
def fail_by_firing(a: Any, w: Any, o: Any, n: int, seed: int, r: int, d: int) -> None:
    """Let launchers fail by the rounds fired today."""
    for u in range(w.unit.shape[0]):
        chance = a.hybrid_round_failure[a.unit_hybrid[u]]
        if w.unit[u, FIRED] > 0 and chance > 0.0:
            failures = binomial(w.unit[u, FIRED], chance, uniform(seed, r, STREAM_FAILURE_ROUND, d, a.unit_key[u], 0))
            fail(a, w, o, n, seed, r, d, u, min(failures, w.unit[u, AVAILABLE]), 1)


@stage
def fall(p: Any, aimed: Any, n: int, seed: int, r: int, d: int) -> None:
    """Let the leakers fall on their aimpoints, class by class: sites, then fire units."""
    a, w, o = p
    sites = w.site.shape[0]
    for c in range(aimed.shape[1]):
        for place in range(aimed.shape[0]):
            if aimed[place, c] > 0:
                if place < sites:
                    hit_site(a, w, o, n, seed, r, d, place, c, aimed[place, c])
                else:
                    hit_unit(a, w, o, n, seed, r, d, place - sites, c, aimed[place, c])


@stage
def defend_at_once(p_engagement: Any, t: Any, n: int, seed: int, r: int, d: int) -> int:
    """Resolve today's raid on all sectors; return the leakers, or -1 if it is larger than there is memory for."""
    a, w, o = p_engagement
    t.work.tally[FOES] = 0
    t.work.tally[LOGGED] = 0
    for s in range(w.raid.shape[0]):
        background(a, w, o, n, seed, r, d, s, False)
    threats = present(w.raid)
    if threats == 0:
        return 0
    if threats > t.work.foe.shape[0]:
        return -1
    t.day.engagements.fill(0.0)
    t.day.killed.fill(0.0)
    t.day.leak_reasons.fill(0.0)
    t.day.rounds_fired.fill(0.0)
    resolve_raids(t.inputs, t.work, t.day, w.raid, w.unit, seed, r, 1, d)
    add_raid(a, w, o, t, n)
    fail_by_firing(a, w, o, n, seed, r, d)
    return present(t.work.raid)


@kernel(types.int64(
    *(view_type(stage) for stage in STAGES), _THEATRE_TYPE, types.uint64, types.int64, types.int64, types.int64, types.int64,
))
def simulate_spatial_replications(
    p_preparation: Any, p_production: Any, p_transport: Any, p_sustainment: Any, p_allocation: Any, p_raids: Any, p_engagement: Any,
    p_damage: Any, p_accounting: Any, t: Any, seed: int, first_replication: int, count: int, days: int, record_every: int,
) -> int:
    """Simulate `count` replications from `first_replication`; return `DONE`, or 1 + the day of a raid too large for the memory given."""
    prepare(p_preparation)
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
            leakers = defend_at_once(p_engagement, t, n, seed, r, d)
            if leakers < 0:
                return 1 + d
            if leakers > 0:
                fall(p_damage, t.work.aimed, n, seed, r, d)
                lose_stock(p_damage, n, seed, r, d)
                output_factors(p_damage)
            learn_demand(p_allocation)
            account(p_accounting, n, d)
            if (d + 1) % record_every == 0 or d == days - 1:
                record(p_accounting, n, time)
                time += 1
            recover(p_damage)
        finish(p_accounting, n)
    return DONE


def largest_raid(arrays: CampaignArrays) -> int:
    """Return the largest number of threats that one day of a campaign can bring."""
    if int(arrays.raid_source) == RAIDS_LISTED:
        return int(arrays.raid_listed.sum(axis=1).max(initial=0))
    return int(arrays.raid_size_cap.sum())


def _check(arrays: CampaignArrays) -> None:
    """Refuse what would be divided by, or would load for ever."""
    listed = int(arrays.raid_source) == RAIDS_LISTED
    most = arrays.raid_listed.sum(axis=0) if listed else arrays.raid_size_cap
    comes = [c for c, many in enumerate(most.tolist()) if many > 0 or (not listed and c == THREAT_DECOY and arrays.raid_decoy_share.any())]
    for name in ("threat_speed", "threat_ingress_distance", "hybrid_speed", "hybrid_ready_rounds"):
        values = getattr(arrays, name)
        if not (values[comes] if name.startswith("threat") else values).all():
            raise ValueError(f"{name}: zero at the spatial resolution")


def _work_of(arrays: CampaignArrays, log: int) -> Any:
    launchers = np.maximum(arrays.unit_establishment, arrays.unit_launchers_initial)
    channels = np.maximum(1, np.floor(arrays.hybrid_channels[arrays.unit_hybrid] * launchers + 0.5)).sum()
    hybrids, threats = arrays.hybrid_sspk.shape
    return allocate_spatial_work(spatial_shapes(
        len(arrays.site_key), len(arrays.unit_key), len(arrays.sector_key), hybrids, threats, largest_raid(arrays), int(channels),
        int(launchers.sum()), log,
    ))


def simulate_spatial_block(
    inputs: CampaignArrays, seed: int, first_replication: int, outcomes: OutcomeArrays, *, log: int = 0,
) -> Any:
    """Simulate as `campaign.simulate_block` does, which checks the arrays, makes them read-only and clears the outcomes.

    Returns the working memory as the last day of the last replication leaves
    it: threats, legs, and the record of that day's raid with room for `log` events.

    Raises:
        ValueError: if a raid is larger than the campaign's arrays say it can be, or a speed, a distance flown or a load is zero.
    """
    _check(inputs)
    hybrids, threats = inputs.hybrid_sspk.shape
    shapes = ((hybrids, threats), (hybrids, threats), (threats, REASON_COUNT), (hybrids,))
    theatre = Theatre(
        SpatialInputs(*(getattr(inputs, name) for name in SpatialInputs._fields)), _work_of(inputs, log),
        SpatialOutcomes(*(np.zeros((1, *shape)) for shape in shapes)), outcomes.leak_reasons,
    )
    work = allocate_work(inputs)
    views: list[Any] = [stage_view(stage, inputs, work, outcomes) for stage in STAGES]
    numbers: list[Any] = [np.uint64(seed), first_replication, outcomes.series.shape[0], int(inputs.days), int(inputs.record_every)]
    views.append(theatre)
    stopped = simulate_spatial_replications(*views, *numbers)
    if stopped != DONE:
        raise ValueError(f"day {stopped - 1}: the raid is larger than {theatre.work.foe.shape[0]} threats, the most that the arrays allow")
    return theatre.work
