"""Arrivals of everything on its way, and dispatch of shipments."""

from __future__ import annotations

import math
from collections import namedtuple

from frankensam.kernels.arrays import STREAM_ROUTE_LOSS, STREAM_ROUTE_TRANSIT, STREAM_SUPPLY_DELAY
from frankensam.kernels.options import stage
from frankensam.kernels.philox import uniform
from frankensam.kernels.sampling import duration, half_up, whole_days
from frankensam.kernels.state import FACTOR, IN_DEPOT_REPAIR, LAUNCHER_POOL, RETURNED, SPENDING_NAMES

SUPPLY, TRANSPORT = (SPENDING_NAMES.index(name) for name in ("supply", "transport"))

Inputs = namedtuple("Inputs", (
    "days hybrid_depot hybrid_launcher line_output line_site route_batch route_destination route_item route_item_cost route_key "
    "route_loss route_origin route_transit supply_count supply_delay supply_first_day supply_interval supply_item supply_item_cost "
    "supply_key supply_quantity supply_site"
))
Work = namedtuple("Work", "hybrid line_calendar return_calendar route_calendar site stock supply_calendar")
Outcomes = namedtuple("Outcomes", "line_first_day lost_in_transit produced shipped spending supplied")
Arrays = tuple[Inputs, Work, Outcomes]


@stage
def announce_supplies(p: Arrays, seed: int, r: int) -> None:
    """Draw the arrival day of every consignment: announced day plus delay, rounded half up, not before day 0."""
    a, w, _o = p
    days = a.days[()]
    for v in range(a.supply_key.shape[0]):
        for k in range(a.supply_count[v]):
            u = uniform(seed, r, STREAM_SUPPLY_DELAY, 0, a.supply_key[v], k)
            delay = duration(a.supply_delay[v, 0], a.supply_delay[v, 1], a.supply_delay[v, 2], u)
            day = a.supply_first_day[v] + k * a.supply_interval[v] + delay
            if day < days:
                w.supply_calendar[min(days, max(0, math.floor(day + 0.5))), v] += 1


@stage
def arrive(p: Arrays, n: int, d: int) -> None:
    """Put into stock what arrives this morning: consignments, shipments, processed units, repaired launchers."""
    a, w, o = p
    for v in range(w.supply_calendar.shape[1]):
        if w.supply_calendar[d, v] > 0:
            items = w.supply_calendar[d, v] * half_up(a.supply_quantity[v])
            w.stock[a.supply_site[v], a.supply_item[v]] += items
            o.supplied[n, v] += items
            o.spending[n, SUPPLY] += items * a.supply_item_cost[v]
    for route in range(w.route_calendar.shape[1]):
        w.stock[a.route_destination[route], a.route_item[route]] += w.route_calendar[d, route]
    for line in range(w.line_calendar.shape[1]):
        if w.line_calendar[d, line] > 0:
            w.stock[a.line_site[line], a.line_output[line]] += w.line_calendar[d, line]
            o.produced[n, line] += w.line_calendar[d, line]
            if o.line_first_day[n, line] < 0.0:
                o.line_first_day[n, line] = d
    for h in range(w.return_calendar.shape[1]):
        returned = w.return_calendar[d, h]
        w.stock[a.hybrid_depot[h], a.hybrid_launcher[h]] += returned
        w.hybrid[h, IN_DEPOT_REPAIR] -= returned
        w.hybrid[w.hybrid[h, LAUNCHER_POOL], RETURNED] += returned


@stage
def dispatch(p: Arrays, n: int, seed: int, r: int, d: int) -> None:
    """Ship every whole batch that stands at the origin of a route and can be handled there, routes in their order."""
    a, w, o = p
    days = a.days[()]
    for route in range(a.route_key.shape[0]):
        batch = a.route_batch[route]
        origin, item, key = a.route_origin[route], a.route_item[route], a.route_key[route]
        if batch <= 0 or w.stock[origin, item] < batch:
            continue
        shipments = half_up(w.stock[origin, item] * w.site[origin, FACTOR]) // batch
        for k in range(shipments):
            w.stock[origin, item] -= batch
            o.shipped[n, route] += batch
            o.spending[n, TRANSPORT] += batch * a.route_item_cost[route]
            if uniform(seed, r, STREAM_ROUTE_LOSS, d, key, k) < a.route_loss[route]:
                o.lost_in_transit[n, route] += batch
                continue
            u = uniform(seed, r, STREAM_ROUTE_TRANSIT, d, key, k)
            transit = whole_days(duration(a.route_transit[route, 0], a.route_transit[route, 1], a.route_transit[route, 2], u))
            w.route_calendar[min(d + transit, days), route] += batch
