"""The day loop, and the one entry that Python calls.

Order within a day: arrivals, production, dispatch, sustainment, allocation,
raid, accounting, recovery; ``docs/model.md`` specifies each step.
"""

from __future__ import annotations

import math

import numpy as np
from numba import types

from frankensam.kernels.allocation import LAUNCHERS_ISSUED, ROUNDS_ISSUED, allocate, learn_demand
from frankensam.kernels.arrays import INPUTS, OUTCOMES, CampaignArrays, OutcomeArrays, Variable
from frankensam.kernels.damage import lose_stock, output_factors, recover, strike
from frankensam.kernels.engagement import defend
from frankensam.kernels.options import kernel, stage
from frankensam.kernels.production import produce
from frankensam.kernels.raids import raid
from frankensam.kernels.sampling import power
from frankensam.kernels.state import (
    AVAILABLE,
    BY_KEY,
    BY_SECTOR,
    EXPERIENCE,
    FACTOR,
    IN_DEPOT_REPAIR,
    KEPT_DAMAGE,
    LAUNCHER_POOL,
    METRIC_NAMES,
    ROUND_POOL,
    ROUNDS,
    WORK_TYPE,
    WorkArrays,
    allocate_work,
    held,
    reset,
)
from frankensam.kernels.sustainment import sustain
from frankensam.kernels.transport import announce_supplies, arrive, dispatch

(
    LAUNCHERS_HELD, LAUNCHERS_AVAILABLE, LAUNCHERS_UNIT_REPAIR, LAUNCHERS_DEPOT_REPAIR, LAUNCHERS_DEPOT, DAYS_HELD, DAYS_AVAILABLE,
    ROUNDS_UNITS, ROUNDS_DEPOT, DAYS_EMPTY, DAMAGE_NOW, DAMAGE_DAYS, SPEND,
) = (
    METRIC_NAMES.index(name)
    for name in (
        "launchers_held", "launchers_available", "launchers_unit_repair", "launchers_depot_repair", "launchers_depot",
        "launcher_days_held", "launcher_days_available", "rounds_units", "rounds_depot", "unit_days_empty", "damage", "damage_days",
        "spend",
    )
)


def _array_type(variable: Variable, *, readonly: bool) -> types.Array:
    return types.Array(types.int64 if variable.dtype == "int64" else types.float64, len(variable.dims), "C", readonly=readonly)


NEVER = frozenset({"line_first_day", "first_held_day", "first_empty_day"})
"""Outcomes that are a day, or -1 for never."""

INPUT_TYPE = types.NamedTuple([_array_type(variable, readonly=True) for variable in INPUTS], CampaignArrays)
OUTCOME_TYPE = types.NamedTuple([_array_type(variable, readonly=False) for variable in OUTCOMES], OutcomeArrays)


@stage
def comes_before(a: CampaignArrays, u: int, v: int, by_sector: bool) -> bool:
    """Compare two fire units: by (sector, layer, key, index), or by (key, index)."""
    if by_sector and a.unit_sector[u] != a.unit_sector[v]:
        return a.unit_sector[u] < a.unit_sector[v]
    if by_sector and a.hybrid_layer[a.unit_hybrid[u]] != a.hybrid_layer[a.unit_hybrid[v]]:
        return a.hybrid_layer[a.unit_hybrid[u]] < a.hybrid_layer[a.unit_hybrid[v]]
    if a.unit_key[u] != a.unit_key[v]:
        return a.unit_key[u] < a.unit_key[v]
    return u < v


@stage
def order_units(a: CampaignArrays, w: WorkArrays) -> None:
    """Sort the fire units by key and by sector, and note where each sector begins; the order in the arrays never matters."""
    units = w.unit.shape[0]
    for column in range(w.order.shape[1]):
        by_sector = column == BY_SECTOR
        for u in range(units):
            place = u
            while place > 0 and comes_before(a, u, w.order[place - 1, column], by_sector):
                w.order[place, column] = w.order[place - 1, column]
                place -= 1
            w.order[place, column] = u
    for s in range(w.sector_first.shape[0]):
        w.sector_first[s] = 0
        for u in range(units):
            if a.unit_sector[u] < s:
                w.sector_first[s] += 1


@stage
def order_classes(a: CampaignArrays, w: WorkArrays, h: int) -> None:
    """List the appearances that hybrid `h` engages by (rank, class), then -1."""
    threats = w.class_order.shape[1]
    count = 0
    for c in range(threats):
        w.class_order[h, c] = -1
        if a.hybrid_class_order[h, c] < 0:
            continue
        place = count
        while place > 0 and a.hybrid_class_order[h, c] < a.hybrid_class_order[h, w.class_order[h, place - 1]]:
            w.class_order[h, place] = w.class_order[h, place - 1]
            place -= 1
        w.class_order[h, place] = c
        count += 1


@stage
def prepare_hybrids(a: CampaignArrays, w: WorkArrays) -> None:
    """Kill probability of one engagement, failure probability of one day, pools that share a depot and an item."""
    for h in range(w.hybrid.shape[0]):
        w.failure[h] = 1.0 - math.exp(-a.hybrid_failure_rate[h])
        for c in range(w.kill.shape[1]):
            miss = 1.0 - (1.0 - a.hybrid_prelaunch_failure[h]) * a.hybrid_sspk[h, c]
            w.kill[h, c] = 1.0 - power(miss, a.hybrid_salvo[h])
        order_classes(a, w, h)
        w.hybrid[h, LAUNCHER_POOL] = h
        w.hybrid[h, ROUND_POOL] = h
        for g in range(h - 1, -1, -1):
            if a.hybrid_depot[g] == a.hybrid_depot[h]:
                if a.hybrid_launcher[g] == a.hybrid_launcher[h]:
                    w.hybrid[h, LAUNCHER_POOL] = g
                if a.hybrid_interceptor[g] == a.hybrid_interceptor[h]:
                    w.hybrid[h, ROUND_POOL] = g


@stage
def prepare(a: CampaignArrays, w: WorkArrays) -> None:
    """Compute once per block what does not change between replications."""
    order_units(a, w)
    prepare_hybrids(a, w)
    for item in range(w.expiry.shape[0]):
        w.expiry[item] = 1.0 - math.exp(-a.item_expiry[item])
    total = 0.0
    w.sector_weight.fill(0.0)
    for site in range(w.site.shape[0]):
        w.site_hits[site] = 0
        w.site[site, KEPT_DAMAGE] = math.exp(-1.0 / a.site_repair_days[site]) if a.site_repair_days[site] > 0.0 else 0.0
        if a.site_sector[site] >= 0:
            w.sector_weight[a.site_sector[site]] += a.site_aim_weight[site]
            total = total + a.site_aim_weight[site]
    if total <= 0.0:
        w.sector_weight.fill(1.0)


@stage
def begin(a: CampaignArrays, w: WorkArrays, o: OutcomeArrays, n: int, seed: int, r: int) -> None:
    """Reset the state of one replication and draw when its supplies come."""
    reset(a, w)
    announce_supplies(a, w, seed, r)
    for u in range(w.unit.shape[0]):
        w.metrics[LAUNCHERS_ISSUED] += a.unit_launchers_initial[u]
        w.metrics[ROUNDS_ISSUED] += a.unit_rounds_initial[u]


@stage
def count_launchers(a: CampaignArrays, w: WorkArrays, o: OutcomeArrays, n: int, d: int) -> None:
    """Count launchers and rounds in each state this evening."""
    on_units, available, rounds, in_depot_repair, at_depot, rounds_at_depot = 0, 0, 0, 0, 0, 0
    for u in range(w.unit.shape[0]):
        h = a.unit_hybrid[u]
        holds = held(w, u)
        on_units += holds
        available += w.unit[u, AVAILABLE]
        rounds += w.unit[u, ROUNDS]
        if holds > 0:
            if o.first_held_day[n, h] < 0.0:
                o.first_held_day[n, h] = d
            if w.unit[u, ROUNDS] == 0:
                w.metrics[DAYS_EMPTY] += 1.0
                if o.first_empty_day[n, h] < 0.0:
                    o.first_empty_day[n, h] = d
    for h in range(w.hybrid.shape[0]):
        in_depot_repair += w.hybrid[h, IN_DEPOT_REPAIR]
        if w.hybrid[h, LAUNCHER_POOL] == h:
            at_depot += w.stock[a.hybrid_depot[h], a.hybrid_launcher[h]]
        if w.hybrid[h, ROUND_POOL] == h:
            rounds_at_depot += w.stock[a.hybrid_depot[h], a.hybrid_interceptor[h]]
    w.metrics[LAUNCHERS_HELD] = on_units
    w.metrics[LAUNCHERS_AVAILABLE] = available
    w.metrics[LAUNCHERS_UNIT_REPAIR] = on_units - available
    w.metrics[LAUNCHERS_DEPOT_REPAIR] = in_depot_repair
    w.metrics[LAUNCHERS_DEPOT] = at_depot
    w.metrics[ROUNDS_UNITS] = rounds
    w.metrics[ROUNDS_DEPOT] = rounds_at_depot
    w.metrics[DAYS_HELD] += on_units + in_depot_repair
    w.metrics[DAYS_AVAILABLE] += available


@stage
def account(a: CampaignArrays, w: WorkArrays, o: OutcomeArrays, n: int, d: int) -> None:
    """Add the evening's state to the cumulative quantities."""
    count_launchers(a, w, o, n, d)
    weight = 0.0
    lost = 0.0
    for site in range(w.site.shape[0]):
        missing = 1.0 - w.site[site, FACTOR]
        o.site_damage_days[n, site] += missing
        if a.site_sector[site] >= 0:
            weight = weight + a.site_aim_weight[site]
            lost = lost + a.site_aim_weight[site] * missing
    w.metrics[DAMAGE_NOW] = lost / weight if weight > 0.0 else 0.0
    w.metrics[DAMAGE_DAYS] += w.metrics[DAMAGE_NOW]
    spend = 0.0
    for category in range(o.spending.shape[1]):
        spend = spend + o.spending[n, category]
    w.metrics[SPEND] = spend


@stage
def record(a: CampaignArrays, w: WorkArrays, o: OutcomeArrays, n: int, time: int) -> None:
    """Write one recorded day."""
    for metric in range(w.metrics.shape[0]):
        o.series[n, time, metric] = w.metrics[metric]
    for u in range(w.unit.shape[0]):
        o.held_series[n, time, a.unit_hybrid[u]] += held(w, u)
    for item in range(w.stock.shape[1]):
        total = 0
        for site in range(w.stock.shape[0]):
            total += w.stock[site, item]
        o.stock_series[n, time, item] = total


@stage
def finish(a: CampaignArrays, w: WorkArrays, o: OutcomeArrays, n: int) -> None:
    """Write what is left at the end of the horizon."""
    days = a.days[()]
    for item in range(w.stock.shape[1]):
        o.stock_final[n, item] = o.stock_series[n, o.stock_series.shape[1] - 1, item]
    for route in range(w.route_calendar.shape[1]):
        o.in_transit_final[n, a.route_item[route]] += w.route_calendar[days, route]
    for line in range(w.line.shape[0]):
        o.in_processing_final[n, line] = w.line_calendar[days, line]
        o.in_transit_final[n, a.line_output[line]] += w.line_calendar[days, line]
        o.line_experience[n, line] = w.line_labour[line, EXPERIENCE]
    for u in range(w.unit.shape[0]):
        o.rounds_held_final[n, a.unit_hybrid[u]] += w.unit[u, ROUNDS]
        o.launchers_held_final[n, a.unit_hybrid[u]] += held(w, u)
    for h in range(w.hybrid.shape[0]):
        o.launchers_in_repair_final[n, h] = w.hybrid[h, IN_DEPOT_REPAIR]


@stage
def replicate(a: CampaignArrays, w: WorkArrays, o: OutcomeArrays, n: int, seed: int, r: int) -> None:
    """Simulate replication `r` into row `n` of the outcomes."""
    begin(a, w, o, n, seed, r)
    days = a.days[()]
    time = 0
    for d in range(days):
        output_factors(a, w)
        arrive(a, w, o, n, d)
        produce(a, w, o, n, seed, r, d)
        dispatch(a, w, o, n, seed, r, d)
        sustain(a, w, o, n, seed, r, d)
        allocate(a, w)
        raid(a, w, o, n, seed, r, d)
        leakers = 0
        for s in range(w.raid.shape[0]):
            here = defend(a, w, o, n, seed, r, d, s)
            if here > 0:
                strike(a, w, o, n, seed, r, d, s)
            leakers += here
        if leakers > 0:
            lose_stock(a, w, o, n, seed, r, d)
            output_factors(a, w)
        learn_demand(w)
        account(a, w, o, n, d)
        if (d + 1) % a.record_every[()] == 0 or d == days - 1:
            record(a, w, o, n, time)
            time += 1
        recover(w)
    finish(a, w, o, n)


@kernel(types.void(INPUT_TYPE, WORK_TYPE, OUTCOME_TYPE, types.uint64, types.int64, types.int64))
def simulate_replications(a: CampaignArrays, w: WorkArrays, o: OutcomeArrays, seed: int, first_replication: int, count: int) -> None:
    """Simulate `count` replications from `first_replication` into rows 0, 1, … of the outcomes."""
    prepare(a, w)
    for n in range(count):
        replicate(a, w, o, n, seed, first_replication + n)


def simulate_block(arrays: CampaignArrays, seed: int, first_replication: int, outcomes: OutcomeArrays) -> None:
    """Simulate the replications first_replication, first_replication + 1, … that `outcomes` has rows for.

    `arrays` holds one array per variable of `INPUTS`, in C order; it is only
    read. `seed` is an unsigned 64-bit number. `outcomes` comes from
    `frankensam.model.outcomes.allocate_outcomes`; every element of it is
    written. The interpreter lock is released, so blocks can run in threads.
    Results depend on the arrays, the seed and the replication's number, never
    on how replications are grouped in blocks.
    """
    for name, outcome in zip(OutcomeArrays._fields, outcomes, strict=True):
        outcome.fill(-1.0 if name in NEVER else 0.0)
    inputs = CampaignArrays(*(_read_only(array) for array in arrays))
    simulate_replications(inputs, allocate_work(arrays), outcomes, np.uint64(seed), first_replication, outcomes.series.shape[0])


def _read_only(array: np.ndarray) -> np.ndarray:
    view = np.asarray(array).view()
    view.setflags(write=False)
    return view
