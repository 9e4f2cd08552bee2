"""Deliveries, shipments and arrivals."""

from __future__ import annotations

import math

from frankensam.kernels.arrays import STREAM_ROUTE_LOSS, STREAM_ROUTE_TRANSIT, STREAM_SUPPLY_DELAY
from frankensam.model.sampling import duration_days, half_up, whole_days
from frankensam.model.world import World


def announce_supplies(world: World) -> None:
    """Enter every consignment in the calendar: announced day + delay, rounded half up, not before day 0."""
    a = world.arrays
    for v in range(len(a.supply_key)):
        for k in range(int(a.supply_count[v])):
            delay = duration_days(a.supply_delay[v], world.draws.uniform(STREAM_SUPPLY_DELAY, 0, int(a.supply_key[v]), k))
            day = float(a.supply_first_day[v]) + k * float(a.supply_interval[v]) + delay
            if day < world.days:
                world.calendar.consignments[max(0, math.floor(day + 0.5))].append(v)


def arrive(world: World, day: int) -> None:
    """Put this morning's arrivals into stock."""
    a = world.arrays
    consignments = world.calendar.consignments[day]
    for v in sorted(set(consignments)):
        items = consignments.count(v) * half_up(float(a.supply_quantity[v]))
        world.sites[a.supply_site[v]].stock[a.supply_item[v]] += items
        world.add("supplied", v, items)
        world.spending["supply"] += items * float(a.supply_item_cost[v])
    for route, items in world.calendar.shipments.pop(day, []):
        world.sites[a.route_destination[route]].stock[a.route_item[route]] += items
    for line in world.calendar.processed.pop(day, []):
        line.site.stock[line.output] += 1
        world.add("produced", line.index, 1)
        if world.totals["line_first_day"][line.index] < 0:
            world.totals["line_first_day"][line.index] = day
    for hybrid in world.calendar.returns.pop(day, []):
        hybrid.depot.stock[hybrid.launcher] += 1
        hybrid.in_depot_repair -= 1
        hybrid.pool.returned += 1


def dispatch(world: World, day: int) -> None:
    """Ship whole batches on each route in turn, as far as the site can handle its stock; a shipment may be lost."""
    a, draws = world.arrays, world.draws
    for route, key in enumerate(int(key) for key in a.route_key):
        batch, item = int(a.route_batch[route]), a.route_item[route]
        origin = world.sites[a.route_origin[route]]
        stock, handled = origin.stock, origin.handled(item)
        shipment = 0
        while batch > 0 and handled >= batch:
            stock[item] -= batch
            handled -= batch
            world.add("shipped", route, batch)
            world.spending["transport"] += batch * float(a.route_item_cost[route])
            if draws.uniform(STREAM_ROUTE_LOSS, day, key, shipment) < a.route_loss[route]:
                world.add("lost_in_transit", route, batch)
            else:
                transit = whole_days(a.route_transit[route], draws.uniform(STREAM_ROUTE_TRANSIT, day, key, shipment))
                world.calendar.shipments[day + transit].append((route, batch))
            shipment += 1
