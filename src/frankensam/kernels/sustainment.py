"""Failures, unit-level repair, depot-level repair in shops with bays, transit and spares, shelf life."""

from __future__ import annotations

import math
from collections import namedtuple
from typing import Any

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
from frankensam.kernels.options import stage
from frankensam.kernels.philox import uniform
from frankensam.kernels.sampling import binomial, duration, whole_days
from frankensam.kernels.spares import complete_one, inspect, receive_spares
from frankensam.kernels.state import (
    AVAILABLE,
    BUSY,
    BY_KEY,
    FACTOR,
    IN_BAY,
    IN_DEPOT_REPAIR,
    QUEUE_DAY,
    ROUNDS,
    SHORT,
    SPENDING_NAMES,
    UNASSIGNED,
    WAITING,
)

REPAIR = SPENDING_NAMES.index("repair")

Inputs = namedtuple("Inputs", (
    "days hybrid_cannibalise hybrid_depot hybrid_depot_share hybrid_interceptor hybrid_key hybrid_spare hybrid_spare_cost "
    "hybrid_spare_depot_share hybrid_spare_parts hybrid_spare_reorder hybrid_spare_resupply hybrid_spare_unit_share "
    "hybrid_unit_turnaround item_key shop_bays shop_cannibalise shop_key shop_onward_share shop_repair_cost shop_repairs shop_site "
    "shop_start_day shop_transit_back shop_transit_out shop_turnaround site_key unit_bays unit_hybrid unit_key unit_repair_cost"
))
Work = namedtuple("Work", (
    "bay_calendar expiry failure hybrid onward order return_calendar shop shop_calendar short site spare_calendar stock unit unit_calendar"
))
Outcomes = namedtuple("Outcomes", (
    "cannibalisations expired launcher_failures shop_repairs_done spares_needed spares_resupplied spares_used spending unit_repairs"
))
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
def mend(a: Inputs, w: Work, o: Outcomes, n: int, seed: int, r: int, d: int, u: int) -> None:
    """Begin unit-level repairs in free bays: launchers whose part has come, then those that wait, each inspected first."""
    h, key, shops = a.unit_hybrid[u], a.unit_key[u], w.shop.shape[0]
    begun, inspected = 0, 0
    while w.unit[u, WAITING] > 0 and w.unit[u, IN_BAY] < a.unit_bays[u]:
        if not complete_one(a, w, o, n, a.hybrid_depot[h], h, u, a.hybrid_cannibalise[h] > 0):
            if w.unit[u, WAITING] <= w.short[u, SHORT]:
                break
            inspected += 1
            if inspect(
                a, w, o, n, seed, r, d, h, shops, u, a.hybrid_spare_unit_share[h], STREAM_SPARE_UNIT, STREAM_RESUPPLY_UNIT, key,
                inspected - 1,
            ):
                continue
        v = uniform(seed, r, STREAM_UNIT_REPAIR, d, key, begun)
        turnaround = whole_days(
            duration(a.hybrid_unit_turnaround[h, 0], a.hybrid_unit_turnaround[h, 1], a.hybrid_unit_turnaround[h, 2], v)
        )
        w.unit[u, WAITING] -= 1
        w.unit[u, IN_BAY] += 1
        w.unit_calendar[min(d + turnaround, a.days[()]), u] += 1
        begun += 1


@stage
def maintain_units(a: Inputs, w: Work, o: Outcomes, n: int, seed: int, r: int, d: int) -> None:
    """Unit-level repairs that end today, failures of the day, repairs that begin today; units by key, because they share spares."""
    for k in range(w.order.shape[0]):
        u = w.order[k, BY_KEY]
        h = a.unit_hybrid[u]
        done = w.unit_calendar[d, u]
        if done > 0:
            w.unit[u, IN_BAY] -= done
            w.unit[u, AVAILABLE] += done
            o.unit_repairs[n, h] += done
            o.spending[n, REPAIR] += done * a.unit_repair_cost[h]
        available = w.unit[u, AVAILABLE]
        if available > 0 and w.failure[h] > 0.0:
            v = uniform(seed, r, STREAM_FAILURE_DAY, d, a.unit_key[u], 0)
            fail(a, w, o, n, seed, r, d, u, binomial(available, w.failure[h], v), 0)
        mend(a, w, o, n, seed, r, d, u)


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
def is_open(a: Inputs, w: Work, d: int, s: int, h: int) -> bool:
    """Return whether shop `s` accepts launchers of hybrid `h` today."""
    return a.shop_repairs[s, h] > 0 and d >= a.shop_start_day[s] and a.shop_bays[s] > 0 and w.site[a.shop_site[s], FACTOR] > 0.0


@stage
def take_in(a: Inputs, w: Work, seed: int, r: int, d: int, s: int, h: int) -> int:
    """Return how many launchers leave for shop `s`: all that wait and no shop from `s` on has seen, less those beyond it."""
    come = w.hybrid[h, UNASSIGNED]
    w.hybrid[h, UNASSIGNED] = 0
    for earlier in range(s):
        come += w.onward[earlier, h]
        w.onward[earlier, h] = 0
    if come <= 0 or a.shop_onward_share[s] <= 0.0:
        return come
    beyond = binomial(come, a.shop_onward_share[s], uniform(seed, r, STREAM_SHOP_ONWARD, d, a.shop_key[s], a.hybrid_key[h]))
    w.onward[s, h] += beyond
    return come - beyond


@stage
def send_to_shops(a: Inputs, w: Work, seed: int, r: int, d: int) -> None:
    """Send launchers that need depot-level repair to the first open shop that can mend them; they wait where none is."""
    days = a.days[()]
    for s in range(w.shop.shape[0]):
        sent = 0
        for h in range(w.hybrid.shape[0]):
            if is_open(a, w, d, s, h):
                for _ in range(take_in(a, w, seed, r, d, s, h)):
                    v = uniform(seed, r, STREAM_SHOP_TRANSIT_OUT, d, a.shop_key[s], sent)
                    transit = whole_days(duration(a.shop_transit_out[s, 0], a.shop_transit_out[s, 1], a.shop_transit_out[s, 2], v))
                    w.shop_calendar[min(d + transit, days), s, h] += 1
                    sent += 1


@stage
def next_in_queue(w: Work, s: int, d: int) -> int:
    """Take the next launcher from the queue of shop `s` and return its hybrid: by day of arrival, then hybrid; -1 if there is none."""
    while w.shop[s, QUEUE_DAY] <= d:
        first = w.shop[s, QUEUE_DAY]
        for h in range(w.hybrid.shape[0]):
            if w.shop_calendar[first, s, h] > 0:
                w.shop_calendar[first, s, h] -= 1
                return h
        w.shop[s, QUEUE_DAY] = first + 1
    return -1


@stage
def next_with_its_part(a: Inputs, w: Work, o: Outcomes, n: int, s: int) -> int:
    """Return the first hybrid of which a launcher that waits for a part in shop `s` can be made whole; -1 if there is none."""
    hybrids = w.hybrid.shape[0]
    for h in range(hybrids):
        if complete_one(a, w, o, n, a.shop_site[s], h, w.unit.shape[0] + s * hybrids + h, a.shop_cannibalise[s] > 0):
            return h
    return -1


@stage
def fill_bays(a: Inputs, w: Work, o: Outcomes, n: int, seed: int, r: int, d: int) -> None:
    """Begin repairs in free bays: launchers whose part has come, then the queue, each inspected first."""
    days, hybrids = a.days[()], w.hybrid.shape[0]
    for s in range(w.shop.shape[0]):
        bays = math.floor(a.shop_bays[s] * w.site[a.shop_site[s], FACTOR] + 0.5)
        begun, inspected = 0, 0
        while w.shop[s, BUSY] < bays:
            chosen = next_with_its_part(a, w, o, n, s)
            if chosen < 0:
                chosen = next_in_queue(w, s, d)
                if chosen < 0:
                    break
                inspected += 1
                if inspect(
                    a, w, o, n, seed, r, d, chosen, s, w.unit.shape[0] + s * hybrids + chosen, a.hybrid_spare_depot_share[chosen],
                    STREAM_SPARE_SHOP, STREAM_RESUPPLY_SHOP, a.shop_key[s], inspected - 1,
                ):
                    continue
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
    receive_spares(a, w, o, n, d)
    maintain_units(a, w, o, n, seed, r, d)
    finish_shop_repairs(a, w, o, n, seed, r, d)
    send_to_shops(a, w, seed, r, d)
    fill_bays(a, w, o, n, seed, r, d)
    expire(a, w, o, n, seed, r, d)
