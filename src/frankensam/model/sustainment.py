"""Failures and repair at unit and depot level, with spares; shelf life."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

from frankensam.kernels.arrays import (
    STREAM_EXPIRY_STOCK,
    STREAM_EXPIRY_UNIT,
    STREAM_FAILURE_DAY,
    STREAM_FAILURE_LEVEL,
    STREAM_RESUPPLY_SHOP,
    STREAM_RESUPPLY_UNIT,
    STREAM_SHOP_ONWARD,
    STREAM_SHOP_REPAIR,
    STREAM_SHOP_TRANSIT_BACK,
    STREAM_SHOP_TRANSIT_OUT,
    STREAM_SPARE_SHOP,
    STREAM_SPARE_UNIT,
    STREAM_UNIT_REPAIR,
)
from frankensam.model.sampling import binomial, half_up, whole_days
from frankensam.model.spares import Streams, bench_at, complete_one, inspect, receive_spares
from frankensam.model.world import FireUnit, Hybrid, Shop, World

AT_UNIT = Streams(need=STREAM_SPARE_UNIT, order=STREAM_RESUPPLY_UNIT)
AT_SHOP = Streams(need=STREAM_SPARE_SHOP, order=STREAM_RESUPPLY_SHOP)


def send_to_depot_level(hybrid: Hybrid, launchers: int) -> None:
    """Hand launchers over for depot-level repair; they wait for an open shop."""
    hybrid.unassigned += launchers
    hybrid.in_depot_repair += launchers


def fail(world: World, unit: FireUnit, day: int, failures: int, cause: int) -> None:
    """Let available launchers fail; `cause` is 0 for the day's failures, 1 for those by rounds fired."""
    hybrid = unit.hybrid
    share = float(world.arrays.hybrid_depot_share[hybrid.index])
    beyond_unit = binomial(failures, share, world.draws.uniform(STREAM_FAILURE_LEVEL, day, unit.key, cause))
    unit.available -= failures
    unit.waiting += failures - beyond_unit
    send_to_depot_level(hybrid, beyond_unit)
    world.add("launcher_failures", hybrid.index, failures)


def maintain(world: World, unit: FireUnit, day: int) -> None:
    """Return repaired launchers, let some fail, begin repairs."""
    a, h = world.arrays, unit.hybrid.index
    done = world.calendar.unit_repairs[day].count(unit)
    unit.in_bay -= done
    unit.available += done
    world.add("unit_repairs", h, done)
    world.spending["repair"] += done * float(a.unit_repair_cost[h])
    chance = 1.0 - math.exp(-float(a.hybrid_failure_rate[h]))
    fail(world, unit, day, binomial(unit.available, chance, world.draws.uniform(STREAM_FAILURE_DAY, day, unit.key)), cause=0)
    mend(world, unit, day)


def mend(world: World, unit: FireUnit, day: int) -> None:
    """Begin repairs in free bays: launchers whose part has come first, then those that wait, each inspected for a part it needs."""
    a, h = world.arrays, unit.hybrid.index
    bench = bench_at(world, unit, unit.hybrid, unit.hybrid.depot, robbing=bool(a.hybrid_cannibalise[h]))
    share = float(a.hybrid_spare_unit_share[h])
    begun = inspected = 0
    while unit.waiting > 0 and unit.in_bay < a.unit_bays[unit.index]:
        if not complete_one(world, bench):
            if unit.waiting == len(bench.missing):
                break  # all that wait, wait for a part
            needy = inspect(world, bench, day, share, AT_UNIT, unit.key, inspected)
            inspected += 1
            if needy:
                continue
        turnaround = whole_days(a.hybrid_unit_turnaround[h], world.draws.uniform(STREAM_UNIT_REPAIR, day, unit.key, begun))
        unit.waiting -= 1
        unit.in_bay += 1
        world.calendar.unit_repairs[day + turnaround].append(unit)
        begun += 1


def in_hybrid_order(launchers: list[tuple[Shop, Hybrid]], shop: Shop) -> list[Hybrid]:
    """Return the launchers of one shop, by number of their hybrid."""
    return sorted((hybrid for place, hybrid in launchers if place is shop), key=lambda hybrid: hybrid.index)


def finish_shop_repairs(world: World, day: int) -> None:
    """Send launchers whose repair ends today back to their issuing depot."""
    a = world.arrays
    for shop in world.shops:
        for sent, hybrid in enumerate(in_hybrid_order(world.calendar.shop_repairs[day], shop)):
            transit = whole_days(a.shop_transit_back[shop.index], world.draws.uniform(STREAM_SHOP_TRANSIT_BACK, day, shop.key, sent))
            world.calendar.returns[day + transit].append(hybrid)
            shop.busy -= 1
            world.add("shop_repairs_done", shop.index, 1)
            world.spending["repair"] += float(a.shop_repair_cost[shop.index])


def accepts(world: World, shop: Shop, hybrid: Hybrid, day: int) -> bool:
    """Return whether a shop takes launchers of a hybrid today."""
    a, s = world.arrays, shop.index
    return bool(a.shop_repairs[s, hybrid.index] and day >= a.shop_start_day[s] and a.shop_bays[s] > 0 and shop.site.output_factor > 0.0)


def take_in(world: World, shop: Shop, hybrid: Hybrid, day: int) -> int:
    """Return how many launchers leave for a shop: all that wait and no shop from it on has seen, less those beyond it."""
    come, hybrid.unassigned = hybrid.unassigned, 0
    for earlier in world.shops[: shop.index]:
        come += earlier.beyond.pop(hybrid, 0)
    share = float(world.arrays.shop_onward_share[shop.index])
    beyond = binomial(come, share, world.draws.uniform(STREAM_SHOP_ONWARD, day, shop.key, hybrid.key))
    shop.beyond[hybrid] += beyond
    return come - beyond


def send_to_shops(world: World, day: int) -> None:
    """Send waiting launchers to the first open shop that can mend them, in the order of the shops."""
    for shop in world.shops:
        sent = 0
        for hybrid in world.hybrids:
            if not accepts(world, shop, hybrid, day):
                continue
            for _ in range(take_in(world, shop, hybrid, day)):
                u = world.draws.uniform(STREAM_SHOP_TRANSIT_OUT, day, shop.key, sent)
                world.calendar.shop_arrivals[day + whole_days(world.arrays.shop_transit_out[shop.index], u)].append((shop, hybrid))
                sent += 1


def next_to_mend(world: World, shop: Shop, day: int, numbers: Iterator[int]) -> Hybrid | None:
    """Return the hybrid of the launcher that takes the next free bay: one whose part has come, else the next in the queue that needs none.

    Those inspected that need a part wait for it; if it is at hand they are next.
    """
    a = world.arrays
    benches = [bench_at(world, shop, hybrid, shop.site, robbing=bool(a.shop_cannibalise[shop.index])) for hybrid in world.hybrids]
    while True:
        whole = next((bench.hybrid for bench in benches if complete_one(world, bench)), None)
        if whole is not None or not shop.queue:
            return whole
        hybrid = shop.queue.popleft()
        share = float(a.hybrid_spare_depot_share[hybrid.index])
        if not inspect(world, benches[hybrid.index], day, share, AT_SHOP, shop.key, next(numbers)):
            return hybrid


def fill_bays(world: World, day: int) -> None:
    """Queue today's arrivals and begin repairs, first come first served, in the bays the site can run."""
    a = world.arrays
    for shop in world.shops:
        shop.queue.extend(in_hybrid_order(world.calendar.shop_arrivals[day], shop))
        bays = half_up(int(a.shop_bays[shop.index]) * shop.site.output_factor)
        begun, inspections = 0, itertools.count()
        while shop.busy < bays and (hybrid := next_to_mend(world, shop, day, inspections)):
            shop.busy += 1
            turnaround = whole_days(a.shop_turnaround[shop.index], world.draws.uniform(STREAM_SHOP_REPAIR, day, shop.key, begun))
            world.calendar.shop_repairs[day + turnaround].append((shop, hybrid))
            begun += 1


def expire(world: World, day: int) -> None:
    """Remove items whose shelf life ends today, in stock and on fire units."""
    a = world.arrays
    chances = [1.0 - math.exp(-float(hazard)) for hazard in a.item_expiry]
    for item, chance in enumerate(chances):
        for site in world.sites:
            lost = binomial(site.stock[item], chance, world.draws.uniform(STREAM_EXPIRY_STOCK, day, site.key, int(a.item_key[item])))
            site.stock[item] -= lost
            world.add("expired", item, lost)
    for unit in world.units:
        item = unit.hybrid.interceptor
        lost = binomial(unit.rounds, chances[item], world.draws.uniform(STREAM_EXPIRY_UNIT, day, unit.key))
        unit.rounds -= lost
        world.add("expired", item, lost)


def sustain(world: World, day: int) -> None:
    """One day of sustainment; fire units by key, because they share the spares of a depot."""
    receive_spares(world, day)
    for unit in sorted(world.units, key=lambda unit: (unit.key, unit.index)):
        maintain(world, unit, day)
    finish_shop_repairs(world, day)
    send_to_shops(world, day)
    fill_bays(world, day)
    expire(world, day)
