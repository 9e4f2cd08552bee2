"""Failures, unit-level repair, depot-level repair in shops with bays and transit, shelf life."""

from __future__ import annotations

import math
from collections import namedtuple
from typing import Any

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
from frankensam.kernels.options import stage
from frankensam.kernels.philox import uniform
from frankensam.kernels.sampling import binomial, duration, whole_days
from frankensam.kernels.state import (
    AVAILABLE,
    BUSY,
    FACTOR,
    IN_BAY,
    IN_DEPOT_REPAIR,
    QUEUE_DAY,
    ROUNDS,
    SPENDING_NAMES,
    UNASSIGNED,
    WAITING,
)

REPAIR = SPENDING_NAMES.index("repair")

Inputs = namedtuple("Inputs", (
    "days hybrid_depot_share hybrid_interceptor hybrid_unit_turnaround item_key shop_bays shop_key shop_repair_cost shop_repairs "
    "shop_site shop_start_day shop_transit_back shop_transit_out shop_turnaround site_key unit_bays unit_hybrid unit_key "
    "unit_repair_cost"
))
Work = namedtuple("Work", "bay_calendar expiry failure hybrid return_calendar shop shop_calendar site stock unit unit_calendar")
Outcomes = namedtuple("Outcomes", "expired launcher_failures shop_repairs_done spending unit_repairs")
Arrays = tuple[Inputs, Work, Outcomes]


@stage
def fail(a: Any, w: Any, o: Any, n: int, seed: int, r: int, d: int, u: int, failures: int, cause: int) -> None:
    """Take failed launchers out of the available ones; some wait for unit-level repair, some leave for depot level.

    Other stages call it too, with arrays of theirs. `cause` numbers the draw: 0 failures of the day, 1 failures by rounds fired.
    """
    if failures <= 0:
        return
    h = a.unit_hybrid[u]
    beyond = binomial(failures, a.hybrid_depot_share[h], uniform(seed, r, STREAM_FAILURE_LEVEL, d, a.unit_key[u], cause))
    w.unit[u, AVAILABLE] -= failures
    w.unit[u, WAITING] += failures - beyond
    w.hybrid[h, UNASSIGNED] += beyond
    w.hybrid[h, IN_DEPOT_REPAIR] += beyond
    o.launcher_failures[n, h] += failures


@stage
def maintain_units(a: Inputs, w: Work, o: Outcomes, n: int, seed: int, r: int, d: int) -> None:
    """Unit-level repairs that end today, failures of the day, repairs that begin today."""
    days = a.days[()]
    for u in range(w.unit.shape[0]):
        h = a.unit_hybrid[u]
        key = a.unit_key[u]
        done = w.unit_calendar[d, u]
        if done > 0:
            w.unit[u, IN_BAY] -= done
            w.unit[u, AVAILABLE] += done
            o.unit_repairs[n, h] += done
            o.spending[n, REPAIR] += done * a.unit_repair_cost[h]
        available = w.unit[u, AVAILABLE]
        if available > 0 and w.failure[h] > 0.0:
            fail(a, w, o, n, seed, r, d, u, binomial(available, w.failure[h], uniform(seed, r, STREAM_FAILURE_DAY, d, key, 0)), 0)
        begun = 0
        while w.unit[u, WAITING] > 0 and w.unit[u, IN_BAY] < a.unit_bays[u]:
            v = uniform(seed, r, STREAM_UNIT_REPAIR, d, key, begun)
            turnaround = whole_days(
                duration(a.hybrid_unit_turnaround[h, 0], a.hybrid_unit_turnaround[h, 1], a.hybrid_unit_turnaround[h, 2], v)
            )
            w.unit[u, WAITING] -= 1
            w.unit[u, IN_BAY] += 1
            w.unit_calendar[min(d + turnaround, days), u] += 1
            begun += 1


@stage
def finish_shop_repairs(a: Inputs, w: Work, o: Outcomes, n: int, seed: int, r: int, d: int) -> None:
    """Launchers whose depot-level repair ends today start back to their issuing depot."""
    days = a.days[()]
    for s in range(w.shop.shape[0]):
        sent = 0
        for h in range(w.hybrid.shape[0]):
            for _ in range(w.bay_calendar[d, s, h]):
                v = uniform(seed, r, STREAM_SHOP_TRANSIT_BACK, d, a.shop_key[s], sent)
                transit = whole_days(duration(a.shop_transit_back[s, 0], a.shop_transit_back[s, 1], a.shop_transit_back[s, 2], v))
                w.return_calendar[min(d + transit, days), h] += 1
                w.shop[s, BUSY] -= 1
                o.shop_repairs_done[n, s] += 1
                o.spending[n, REPAIR] += a.shop_repair_cost[s]
                sent += 1


@stage
def open_shop(a: Inputs, w: Work, d: int, h: int) -> int:
    """Return the first shop, in order, that accepts launchers of hybrid `h` today; -1 if none."""
    for s in range(w.shop.shape[0]):
        if a.shop_repairs[s, h] and d >= a.shop_start_day[s] and a.shop_bays[s] > 0 and w.site[a.shop_site[s], FACTOR] > 0.0:
            return s
    return -1


@stage
def send_to_shops(a: Inputs, w: Work, seed: int, r: int, d: int) -> None:
    """Send launchers that need depot-level repair to a shop; they wait where none is open."""
    days = a.days[()]
    for s in range(w.shop.shape[0]):
        sent = 0
        for h in range(w.hybrid.shape[0]):
            if w.hybrid[h, UNASSIGNED] > 0 and open_shop(a, w, d, h) == s:
                for _ in range(w.hybrid[h, UNASSIGNED]):
                    v = uniform(seed, r, STREAM_SHOP_TRANSIT_OUT, d, a.shop_key[s], sent)
                    transit = whole_days(duration(a.shop_transit_out[s, 0], a.shop_transit_out[s, 1], a.shop_transit_out[s, 2], v))
                    w.shop_calendar[min(d + transit, days), s, h] += 1
                    sent += 1
                w.hybrid[h, UNASSIGNED] = 0


@stage
def fill_bays(a: Inputs, w: Work, seed: int, r: int, d: int) -> None:
    """Begin repairs in free bays: first come first served by day of arrival, hybrids in order within a day."""
    days = a.days[()]
    for s in range(w.shop.shape[0]):
        bays = math.floor(a.shop_bays[s] * w.site[a.shop_site[s], FACTOR] + 0.5)
        begun = 0
        while w.shop[s, QUEUE_DAY] <= d and w.shop[s, BUSY] < bays:
            first = w.shop[s, QUEUE_DAY]
            chosen = -1
            for h in range(w.hybrid.shape[0]):
                if w.shop_calendar[first, s, h] > 0:
                    chosen = h
                    break
            if chosen < 0:
                w.shop[s, QUEUE_DAY] = first + 1
                continue
            w.shop_calendar[first, s, chosen] -= 1
            w.shop[s, BUSY] += 1
            v = uniform(seed, r, STREAM_SHOP_REPAIR, d, a.shop_key[s], begun)
            turnaround = whole_days(duration(a.shop_turnaround[s, 0], a.shop_turnaround[s, 1], a.shop_turnaround[s, 2], v))
            w.bay_calendar[min(d + turnaround, days), s, chosen] += 1
            begun += 1


@stage
def expire(a: Inputs, w: Work, o: Outcomes, n: int, seed: int, r: int, d: int) -> None:
    """Remove what reaches the end of its shelf life today, in stock and on fire units."""
    for item in range(w.stock.shape[1]):
        chance = w.expiry[item]
        if chance <= 0.0:
            continue
        for site in range(w.stock.shape[0]):
            if w.stock[site, item] > 0:
                lost = binomial(w.stock[site, item], chance, uniform(seed, r, STREAM_EXPIRY_STOCK, d, a.site_key[site], a.item_key[item]))
                w.stock[site, item] -= lost
                o.expired[n, item] += lost
    for u in range(w.unit.shape[0]):
        item = a.hybrid_interceptor[a.unit_hybrid[u]]
        if w.unit[u, ROUNDS] > 0 and w.expiry[item] > 0.0:
            lost = binomial(w.unit[u, ROUNDS], w.expiry[item], uniform(seed, r, STREAM_EXPIRY_UNIT, d, a.unit_key[u], 0))
            w.unit[u, ROUNDS] -= lost
            o.expired[n, item] += lost


@stage
def sustain(p: Arrays, n: int, seed: int, r: int, d: int) -> None:
    """One day of sustainment, in the order of docs/model.md."""
    a, w, o = p
    maintain_units(a, w, o, n, seed, r, d)
    finish_shop_repairs(a, w, o, n, seed, r, d)
    send_to_shops(a, w, seed, r, d)
    fill_bays(a, w, seed, r, d)
    expire(a, w, o, n, seed, r, d)
