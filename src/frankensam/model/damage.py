"""Leakers: aimpoints, hits, damage with feedback on sites and fire units, recovery."""

from __future__ import annotations

import math

from frankensam.kernels.arrays import STREAM_AIMPOINT, STREAM_HIT_LAUNCHER, STREAM_STOCK_LOSS
from frankensam.model.sampling import binomial, integer_power
from frankensam.model.sustainment import send_to_depot_level
from frankensam.model.world import FireUnit, Site, World

SMALLEST_DAMAGE = 1e-9


def update_output_factors(world: World) -> None:
    """Set each site's output factor from its own damage and that of its sector's power node."""
    a = world.arrays
    for site in world.sites:
        site.output_factor = 1.0 - site.damage
        node = int(a.sector_power_site[site.sector]) if site.sector >= 0 else -1
        if node >= 0 and node != site.index:
            site.output_factor *= 1.0 - float(a.site_power_dependence[site.index]) * world.sites[node].damage


def aiming_draw(world: World, aimpoint: Site | FireUnit, c: int) -> int:
    """Return the draw of how many of class `c` are aimed at something, apart for fire units; the next draw is of how many hit."""
    return 2 * c if isinstance(aimpoint, Site) else 2 * (len(world.threat_classes) + c)


def hits_of(world: World, day: int, aimpoint: Site | FireUnit, c: int, aimed: int) -> int:
    """Return how many of the aimed threats hit."""
    u = world.draws.uniform(STREAM_AIMPOINT, day, aimpoint.key, aiming_draw(world, aimpoint, c) + 1)
    hits = binomial(aimed, float(world.arrays.threat_accuracy[c]), u)
    world.add("hits", c, hits)
    world.metrics["hits"] += hits
    return hits


def hit_site(world: World, day: int, site: Site, c: int, aimed: int) -> None:
    """Each damaging hit takes the class's fraction of the output that is left."""
    hits = hits_of(world, day, site, c, aimed)
    taken = float(world.arrays.threat_damage[c])
    if hits > 0 and taken > 0.0:
        site.damaging_hits += hits
        damage = 1.0 - (1.0 - site.damage) * integer_power(1.0 - taken, hits)
        world.metrics["damage_cost"] += (damage - site.damage) * float(world.arrays.site_damage_cost[site.index])
        site.damage = damage


def hit_unit(world: World, day: int, unit: FireUnit, c: int, aimed: int) -> None:
    """A hit may take an available launcher out of action, to depot-level repair or for good."""
    a, h = world.arrays, unit.hybrid.index
    hits = hits_of(world, day, unit, c, aimed)
    struck = binomial(hits, float(a.threat_launcher_damage[c]), world.draws.uniform(STREAM_HIT_LAUNCHER, day, unit.key, 2 * c))
    struck = min(struck, unit.available)
    u = world.draws.uniform(STREAM_HIT_LAUNCHER, day, unit.key, 2 * c + 1)
    destroyed = binomial(struck, float(a.threat_launcher_destroyed[c]), u)
    unit.available -= struck
    send_to_depot_level(unit.hybrid, struck - destroyed)
    world.add("launchers_destroyed", h, destroyed)
    world.add("launchers_damaged", h, struck - destroyed)
    world.metrics["launchers_destroyed"] += destroyed


def aimpoints(world: World, sector: int) -> list[tuple[Site | FireUnit, float]]:
    """Return the sector's aimpoints with their weights: sites, then fire units that hold a launcher."""
    a = world.arrays
    sites = [(site, float(a.site_aim_weight[site.index])) for site in world.sites if site.sector == sector]
    present = [unit for unit in world.units if unit.sector == sector and unit.held > 0]
    ordered = sorted(present, key=lambda unit: (a.hybrid_layer[unit.hybrid.index], unit.key, unit.index))
    return [*sites, *((unit, float(a.unit_aim_weight[unit.index])) for unit in ordered)]


def strike(world: World, day: int, sector: int, leakers: list[int]) -> None:
    """Let the leakers of one sector fall on its aimpoints, class by class."""
    for c in world.threat_classes:
        left = leakers[c]
        targets = aimpoints(world, sector)
        weight_left = 0.0
        for _, weight in targets:
            weight_left += weight
        for aimpoint, weight in targets:
            if weight <= 0.0 or left == 0:
                continue
            u = world.draws.uniform(STREAM_AIMPOINT, day, aimpoint.key, aiming_draw(world, aimpoint, c))
            here = binomial(left, weight / weight_left, u)
            left -= here
            weight_left -= weight
            if isinstance(aimpoint, Site):
                hit_site(world, day, aimpoint, c, here)
            else:
                hit_unit(world, day, aimpoint, c, here)


def lose_stock(world: World, day: int) -> None:
    """Destroy what the day's damaging hits destroy of the stocks at each site."""
    a = world.arrays
    for site in world.sites:
        kept = integer_power(1.0 - float(a.site_stock_loss[site.index]), site.damaging_hits)
        site.damaging_hits = 0
        for item, count in enumerate(site.stock):
            u = world.draws.uniform(STREAM_STOCK_LOSS, day, site.key, int(a.item_key[item]))
            lost = binomial(count, 1.0 - kept, u)
            site.stock[item] -= lost
            world.add("destroyed_in_stock", item, lost)


def recover(world: World) -> None:
    """Make good a day's share of the damage."""
    for site in world.sites:
        repair_days = float(world.arrays.site_repair_days[site.index])
        left = site.damage * math.exp(-1.0 / repair_days) if repair_days > 0.0 else 0.0
        site.damage = left if left > SMALLEST_DAMAGE else 0.0
