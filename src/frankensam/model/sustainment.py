"""Failures and repair at unit and depot level, and shelf life."""

from __future__ import annotations

import math
from collections import Counter

from frankensam.kernels.arrays import (
    STREAM_EXPIRY_STOCK,
    STREAM_EXPIRY_UNIT,
    STREAM_FAILURE_DAY,
    STREAM_FAILURE_LEVEL,
    STREAM_SHOP_REPAIR,
    STREAM_SHOP_TRANSIT_BACK,
    STREAM_SHOP_TRANSIT_OUT,
    STREAM_UNIT_REPAIR,
)
from frankensam.model.sampling import binomial, half_up, whole_days
from frankensam.model.world import FireUnit, Hybrid, Shop, World


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
    """Return repaired launchers, let some fail, begin repairs in free bays."""
    a, h = world.arrays, unit.hybrid.index
    done = world.calendar.unit_repairs[day].count(unit)
    unit.in_bay -= done
    unit.available += done
    world.add("unit_repairs", h, done)
    world.spending["repair"] += done * float(a.unit_repair_cost[h])
    chance = 1.0 - math.exp(-float(a.hybrid_failure_rate[h]))
    fail(world, unit, day, binomial(unit.available, chance, world.draws.uniform(STREAM_FAILURE_DAY, day, unit.key)), cause=0)
    begun = 0
    while unit.waiting > 0 and unit.in_bay < a.unit_bays[unit.index]:
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


def send_to_shops(world: World, day: int) -> None:
    """Send waiting launchers to the first open shop, in the order of the shops."""
    sent: Counter[int] = Counter()
    for hybrid in world.hybrids:
        shop = next((shop for shop in world.shops if accepts(world, shop, hybrid, day)), None)
        if shop is None:
            continue
        for _ in range(hybrid.unassigned):
            u = world.draws.uniform(STREAM_SHOP_TRANSIT_OUT, day, shop.key, sent[shop.index])
            world.calendar.shop_arrivals[day + whole_days(world.arrays.shop_transit_out[shop.index], u)].append((shop, hybrid))
            sent[shop.index] += 1
        hybrid.unassigned = 0


def fill_bays(world: World, day: int) -> None:
    """Queue today's arrivals and begin repairs, first come first served, in the bays the site can run."""
    a = world.arrays
    for shop in world.shops:
        shop.queue.extend(in_hybrid_order(world.calendar.shop_arrivals[day], shop))
        bays = half_up(int(a.shop_bays[shop.index]) * shop.site.output_factor)
        begun = 0
        while shop.queue and shop.busy < bays:
            hybrid = shop.queue.popleft()
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
    """One day of sustainment."""
    for unit in world.units:
        maintain(world, unit, day)
    finish_shop_repairs(world, day)
    send_to_shops(world, day)
    fill_bays(world, day)
    expire(world, day)
