"""What is counted in the evening, recorded, and left at the end."""

from __future__ import annotations

from frankensam.kernels.arrays import METRICS, SPENDING
from frankensam.model.world import World


def count(world: World, day: int) -> None:
    """Count launchers and rounds by state, and note first days."""
    metrics, totals = world.metrics, world.totals
    held = sum(unit.held for unit in world.units)
    available = sum(unit.available for unit in world.units)
    in_depot_repair = sum(hybrid.in_depot_repair for hybrid in world.hybrids)
    launcher_stocks = {(hybrid.depot.index, hybrid.launcher) for hybrid in world.hybrids}
    round_stocks = {(hybrid.depot.index, hybrid.interceptor) for hybrid in world.hybrids}
    metrics["launchers_held"] = held
    metrics["launchers_available"] = available
    metrics["launchers_unit_repair"] = held - available
    metrics["launchers_depot_repair"] = in_depot_repair
    metrics["launchers_waiting_part"] = sum(len(bench.missing) for bench in world.benches.values())
    metrics["launchers_depot"] = sum(world.sites[depot].stock[item] for depot, item in launcher_stocks)
    metrics["rounds_units"] = sum(unit.rounds for unit in world.units)
    metrics["rounds_depot"] = sum(world.sites[depot].stock[item] for depot, item in round_stocks)
    metrics["launcher_days_held"] += held + in_depot_repair
    metrics["launcher_days_available"] += available
    for unit in world.units:
        h = unit.hybrid.index
        if unit.held > 0 and totals["first_held_day"][h] < 0:
            totals["first_held_day"][h] = day
        if unit.held > 0 and unit.rounds == 0:
            metrics["unit_days_empty"] += 1
            if totals["first_empty_day"][h] < 0:
                totals["first_empty_day"][h] = day


def account(world: World, day: int) -> None:
    """Add the evening's state to the cumulative quantities."""
    count(world, day)
    weight = lost = 0.0
    for site in world.sites:
        missing = 1.0 - site.output_factor
        world.add("site_damage_days", site.index, missing)
        if site.sector >= 0:
            aim_weight = float(world.arrays.site_aim_weight[site.index])
            weight += aim_weight
            lost += aim_weight * missing
    world.metrics["damage"] = lost / weight if weight > 0.0 else 0.0
    world.metrics["damage_days"] += world.metrics["damage"]
    world.metrics["spend"] = sum((world.spending[name] for name, _ in SPENDING), 0.0)


def record(world: World, time: int) -> None:
    """Write one recorded day."""
    world.totals["series"][time] = [world.metrics[name] for name, _, _ in METRICS]
    for unit in world.units:
        world.totals["held_series"][time, unit.hybrid.index] += unit.held
    for site in world.sites:
        world.totals["stock_series"][time] += site.stock


def finish(world: World) -> None:
    """Write what is left at the end of the horizon."""
    a, totals = world.arrays, world.totals
    totals["stock_final"][:] = totals["stock_series"][-1]
    for shipments in world.calendar.shipments.values():
        for route, items in shipments:
            world.add("in_transit_final", a.route_item[route], items)
    for finished in world.calendar.processed.values():
        for line in finished:
            world.add("in_transit_final", line.output, 1)
            world.add("in_processing_final", line.index, 1)
    for line in world.lines:
        totals["line_experience"][line.index] = line.experience
    for unit in world.units:
        world.add("rounds_held_final", unit.hybrid.index, unit.rounds)
        world.add("launchers_held_final", unit.hybrid.index, unit.held)
    for hybrid in world.hybrids:
        totals["launchers_in_repair_final"][hybrid.index] = hybrid.in_depot_repair
    for bench in world.benches.values():
        world.add("spares_missing_final", bench.hybrid.index, sum(bench.missing))
    for orders in world.calendar.spares.values():
        for hybrid, _ in orders:
            world.add("spares_on_order_final", hybrid.index, 1)
    totals["spending"][:] = [world.spending[name] for name, _ in SPENDING]


