"""What is computed once per block: orders, kill probabilities, pools, weights; and the morning of day 0."""

from __future__ import annotations

import math
from collections import namedtuple

from frankensam.kernels.allocation import LAUNCHERS_ISSUED, ROUNDS_ISSUED
from frankensam.kernels.options import stage
from frankensam.kernels.sampling import power
from frankensam.kernels.state import (
    AVAILABLE,
    BY_SECTOR,
    DAMAGE,
    EXPERIENCE,
    FACTOR,
    FIRED,
    HOURS_LEFT,
    IN_BAY,
    IN_DEPOT_REPAIR,
    KEPT_DAMAGE,
    LAUNCHER_POOL,
    RETURNED,
    ROUND_POOL,
    ROUNDS,
    UNASSIGNED,
    UNIT_HOURS,
    WAITING,
)

Inputs = namedtuple("Inputs", (
    "hybrid_class_order hybrid_depot hybrid_failure_rate hybrid_interceptor hybrid_launcher hybrid_layer hybrid_prelaunch_failure "
    "hybrid_salvo hybrid_sspk item_expiry line_prior_units site_aim_weight site_key site_repair_days site_sector stock_initial "
    "threat_appearance unit_demand_prior unit_hybrid unit_key unit_launchers_initial unit_rounds_initial unit_sector"
))
Work = namedtuple("Work", (
    "alike bay_calendar class_order demand expiry failure hybrid kill line line_calendar line_labour metrics onward order "
    "return_calendar route_calendar sector_first sector_site sector_site_first sector_site_key sector_unit_key sector_weight shop "
    "shop_calendar short site site_hits spare_calendar stock supply_calendar unit unit_calendar"
))
Arrays = tuple[Inputs, Work]


@stage
def comes_before(a: Inputs, u: int, v: int, by_sector: bool) -> bool:
    """Compare two fire units: by (sector, layer, key, index), or by (key, index)."""
    if by_sector and a.unit_sector[u] != a.unit_sector[v]:
        return a.unit_sector[u] < a.unit_sector[v]
    if by_sector and a.hybrid_layer[a.unit_hybrid[u]] != a.hybrid_layer[a.unit_hybrid[v]]:
        return a.hybrid_layer[a.unit_hybrid[u]] < a.hybrid_layer[a.unit_hybrid[v]]
    if a.unit_key[u] != a.unit_key[v]:
        return a.unit_key[u] < a.unit_key[v]
    return u < v


@stage
def order_units(a: Inputs, w: Work) -> None:
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
def order_sites(a: Inputs, w: Work) -> None:
    """List the sites that can be aimed at by sector, and the keys of sites and fire units in the order in which leakers choose."""
    count = 0
    for s in range(w.sector_site_first.shape[0]):
        w.sector_site_first[s] = count
        for site in range(a.site_key.shape[0]):
            if a.site_sector[site] == s and a.site_aim_weight[site] > 0.0:
                w.sector_site[count] = site
                w.sector_site_key[count] = a.site_key[site]
                count += 1
    for k in range(w.order.shape[0]):
        w.sector_unit_key[k] = a.unit_key[w.order[k, BY_SECTOR]]


@stage
def order_classes(a: Inputs, w: Work, h: int) -> None:
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
def list_alike(a: Inputs, w: Work) -> None:
    """List for each appearance the classes that have it, then -1."""
    for appearance in range(w.alike.shape[0]):
        count = 0
        for c in range(w.alike.shape[1]):
            w.alike[appearance, c] = -1
            if a.threat_appearance[c] == appearance:
                w.alike[appearance, count] = c
                count += 1


@stage
def prepare_hybrids(a: Inputs, w: Work) -> None:
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
def prepare(p: Arrays) -> None:
    """Compute once per block what does not change between replications."""
    a, w = p
    order_units(a, w)
    order_sites(a, w)
    list_alike(a, w)
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
def reset(p: Arrays) -> None:
    """Put the working memory into the state of the morning of day 0."""
    a, w = p
    w.supply_calendar.fill(0)
    w.route_calendar.fill(0)
    w.line_calendar.fill(0)
    w.unit_calendar.fill(0)
    w.return_calendar.fill(0)
    w.shop_calendar.fill(0)
    w.bay_calendar.fill(0)
    w.spare_calendar.fill(0)
    w.onward.fill(0)
    w.short.fill(0)
    w.metrics.fill(0.0)
    w.line.fill(0)
    w.shop.fill(0)
    for site in range(w.stock.shape[0]):
        for item in range(w.stock.shape[1]):
            w.stock[site, item] = a.stock_initial[site, item]
    for u in range(w.unit.shape[0]):
        w.unit[u, AVAILABLE] = a.unit_launchers_initial[u]
        w.unit[u, WAITING] = 0
        w.unit[u, IN_BAY] = 0
        w.unit[u, ROUNDS] = a.unit_rounds_initial[u]
        w.unit[u, FIRED] = 0
        w.metrics[LAUNCHERS_ISSUED] += a.unit_launchers_initial[u]
        w.metrics[ROUNDS_ISSUED] += a.unit_rounds_initial[u]
        w.demand[u] = a.unit_demand_prior[u]
    for line in range(w.line.shape[0]):
        w.line_labour[line, EXPERIENCE] = a.line_prior_units[line]
        w.line_labour[line, HOURS_LEFT] = 0.0
        w.line_labour[line, UNIT_HOURS] = 0.0
    for h in range(w.hybrid.shape[0]):
        w.hybrid[h, UNASSIGNED] = 0
        w.hybrid[h, IN_DEPOT_REPAIR] = 0
        w.hybrid[h, RETURNED] = 0
    for site in range(w.site.shape[0]):
        w.site[site, DAMAGE] = 0.0
        w.site[site, FACTOR] = 1.0
