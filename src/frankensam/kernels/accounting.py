"""Counting at the end of a day, recording, and what is left at the end of the horizon."""

from __future__ import annotations

from collections import namedtuple

from frankensam.kernels.options import stage
from frankensam.kernels.state import (
    AVAILABLE,
    EXPERIENCE,
    FACTOR,
    IN_DEPOT_REPAIR,
    LAUNCHER_POOL,
    METRIC_NAMES,
    MISSING,
    ROUND_POOL,
    ROUNDS,
    SHORT,
    held,
)

(
    LAUNCHERS_HELD, LAUNCHERS_AVAILABLE, LAUNCHERS_UNIT_REPAIR, LAUNCHERS_DEPOT_REPAIR, LAUNCHERS_WAITING_PART, LAUNCHERS_DEPOT,
    DAYS_HELD, DAYS_AVAILABLE, ROUNDS_UNITS, ROUNDS_DEPOT, DAYS_EMPTY, DAMAGE_NOW, DAMAGE_DAYS, SPEND,
) = (
    METRIC_NAMES.index(name)
    for name in (
        "launchers_held", "launchers_available", "launchers_unit_repair", "launchers_depot_repair", "launchers_waiting_part",
        "launchers_depot",
        "launcher_days_held", "launcher_days_available", "rounds_units", "rounds_depot", "unit_days_empty", "damage", "damage_days",
        "spend",
    )
)

Inputs = namedtuple("Inputs", (
    "days hybrid_depot hybrid_interceptor hybrid_launcher line_output route_item site_aim_weight site_sector unit_hybrid"
))
Work = namedtuple("Work", "hybrid line line_calendar line_labour metrics route_calendar short site spare_calendar stock unit")
Outcomes = namedtuple("Outcomes", (
    "first_empty_day first_held_day held_series in_processing_final in_transit_final launchers_held_final "
    "launchers_in_repair_final line_experience rounds_held_final series site_damage_days spares_missing_final spares_on_order_final "
    "spending stock_final stock_series"
))
Arrays = tuple[Inputs, Work, Outcomes]


@stage
def count_launchers(a: Inputs, w: Work, o: Outcomes, n: int, d: int) -> None:
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
    short = 0
    for place in range(w.short.shape[0]):
        short += w.short[place, SHORT]
    w.metrics[LAUNCHERS_HELD] = on_units
    w.metrics[LAUNCHERS_WAITING_PART] = short
    w.metrics[LAUNCHERS_AVAILABLE] = available
    w.metrics[LAUNCHERS_UNIT_REPAIR] = on_units - available
    w.metrics[LAUNCHERS_DEPOT_REPAIR] = in_depot_repair
    w.metrics[LAUNCHERS_DEPOT] = at_depot
    w.metrics[ROUNDS_UNITS] = rounds
    w.metrics[ROUNDS_DEPOT] = rounds_at_depot
    w.metrics[DAYS_HELD] += on_units + in_depot_repair
    w.metrics[DAYS_AVAILABLE] += available


@stage
def account(p: Arrays, n: int, d: int) -> None:
    """Add the evening's state to the cumulative quantities."""
    a, w, o = p
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
def record(p: Arrays, n: int, time: int) -> None:
    """Write one recorded day."""
    a, w, o = p
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
def finish(p: Arrays, n: int) -> None:
    """Write what is left at the end of the horizon."""
    a, w, o = p
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
        o.spares_missing_final[n, a.unit_hybrid[u]] += w.short[u, MISSING]
    hybrids = w.hybrid.shape[0]
    for h in range(hybrids):
        o.launchers_in_repair_final[n, h] = w.hybrid[h, IN_DEPOT_REPAIR]
        for row in range(w.spare_calendar.shape[1]):
            o.spares_on_order_final[n, h] += w.spare_calendar[days, row, h]
    for place in range(w.unit.shape[0], w.short.shape[0]):
        o.spares_missing_final[n, (place - w.unit.shape[0]) % hybrids] += w.short[place, MISSING]
