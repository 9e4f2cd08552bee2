"""The raid of a day at the spatial engagement resolution, within a campaign.

A whole raid is resolved at once by `spatial.resolve_raids`, because a fire
unit may meet threats of any sector; its results for the day are then added to
those of the campaign. Everything else of a day is as at the salvo resolution.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np
from numba import types

from frankensam.kernels.arrays import (
    RAIDS_LISTED,
    REASON_COUNT,
    RESOLUTION_SPATIAL,
    STREAM_AIMPOINT,
    STREAM_FAILURE_ROUND,
    THREAT_DECOY,
    CampaignArrays,
    OutcomeArrays,
)
from frankensam.kernels.damage import hit_site, hit_unit
from frankensam.kernels.engagement import ENGAGEMENTS, KILLED_BACKGROUND, KILLED_UNITS, LEAKERS, ROUNDS_EXPENDED, background_before
from frankensam.kernels.options import stage
from frankensam.kernels.philox import uniform
from frankensam.kernels.sampling import binomial
from frankensam.kernels.spatial import INPUT_TABLE, OUTCOME_TABLE, START_TABLE, WORK_TABLE, SpatialOutcomes, resolve_raids
from frankensam.kernels.spatial_arrays import SpatialInputs
from frankensam.kernels.spatial_raid import FOES, LOGGED, allocate_spatial_work, spatial_shapes
from frankensam.kernels.state import AVAILABLE, FIRED, ROUNDS
from frankensam.kernels.sustainment import fail
from frankensam.kernels.tables import ArrayType, Table, TableType

Theatre = namedtuple("Theatre", "inputs work day start leaks")
"""Arrays of the spatial resolution; `day` has outcomes of one day, `start` and `leaks` are the campaign's own."""

LEAKS_TABLE = TableType("spatial.Leaks", {"leak_reasons": ArrayType("float64", 3)})
THEATRE_TYPE = types.BaseTuple.from_types([INPUT_TABLE, WORK_TABLE, OUTCOME_TABLE, START_TABLE, LEAKS_TABLE], Theatre)


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
        if c != THREAT_DECOY:
            w.metrics[LEAKERS] += leaked
        for reason in range(t.leaks.leak_reasons.shape[2]):
            t.leaks.leak_reasons[n, c, reason] += t.day.leak_reasons[0, c, reason]
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
                    u = uniform(seed, r, STREAM_AIMPOINT, d, a.site_key[place], 2 * c + 1)
                    hit_site(a, w, o, n, place, c, aimed[place, c], u)
                else:
                    u = uniform(seed, r, STREAM_AIMPOINT, d, a.unit_key[place - sites], 2 * (aimed.shape[1] + c) + 1)
                    hit_unit(a, w, o, n, seed, r, d, place - sites, c, aimed[place, c], u)


@stage
def defend_at_once(p_engagement: Any, p_damage: Any, t: Any, n: int, seed: int, r: int, d: int) -> int:
    """Resolve today's raid on all sectors and let the leakers fall; return how many, or -1 if it is larger than there is memory for."""
    a, w, o = p_engagement
    t.work.tally[FOES] = 0
    t.work.tally[LOGGED] = 0
    for s in range(w.raid.shape[0]):
        background_before(a, w, o, n, seed, r, d, s)
    threats = present(w.raid)
    if threats == 0:
        return 0
    if threats > t.work.foe.shape[0]:
        return -1
    t.day.engagements.fill(0.0)
    t.day.killed.fill(0.0)
    t.day.leak_reasons.fill(0.0)
    t.day.rounds_fired.fill(0.0)
    resolve_raids(t.inputs, t.work, t.day, t.start, seed, r, 1, d)
    add_raid(a, w, o, t, n)
    fail_by_firing(a, w, o, n, seed, r, d)
    leakers = present(t.work.raid)
    if leakers > 0:
        fall(p_damage, t.work.aimed, n, seed, r, d)
    return leakers


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


def _work_of(arrays: CampaignArrays, most_threats: int, log: int) -> Any:
    launchers = np.maximum(arrays.unit_establishment, arrays.unit_launchers_initial)
    channels = np.maximum(1, np.floor(arrays.hybrid_channels[arrays.unit_hybrid] * launchers + 0.5)).sum()
    hybrids, threats = arrays.hybrid_sspk.shape
    return allocate_spatial_work(spatial_shapes(
        len(arrays.site_key), len(arrays.unit_key), len(arrays.sector_key), hybrids, threats, most_threats, int(channels),
        int(launchers.sum()), log,
    ))


def allocate_theatre(inputs: CampaignArrays, work: Any, outcomes: OutcomeArrays, log: int) -> tuple[Theatre, Any]:
    """Return the tables of the spatial resolution, and its working memory with room for `log` events of one raid; check what it needs.

    At the salvo resolution the memory is for no threat at all.

    Raises:
        ValueError: if a speed, a distance flown or a load is zero at the spatial resolution.
    """
    spatial = int(inputs.raid_resolution) == RESOLUTION_SPATIAL
    if spatial:
        _check(inputs)
    spatial_work = _work_of(inputs, largest_raid(inputs) if spatial else 0, log)
    hybrids, threats = inputs.hybrid_sspk.shape
    shapes = ((hybrids, threats), (hybrids, threats), (threats, REASON_COUNT), (hybrids,))
    day = SpatialOutcomes(*(np.zeros((1, *shape)) for shape in shapes))
    return Theatre(
        Table(INPUT_TABLE, (getattr(inputs, name) for name in SpatialInputs._fields)), Table(WORK_TABLE, spatial_work),
        Table(OUTCOME_TABLE, day), Table(START_TABLE, (work.raid, work.unit)), Table(LEAKS_TABLE, (outcomes.leak_reasons,)),
    ), spatial_work
