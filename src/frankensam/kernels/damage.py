"""What leakers do: aimpoints, hits, damage to sites and fire units, loss of stock, recovery."""

from __future__ import annotations

from collections import namedtuple

from frankensam.kernels.arrays import (
    STREAM_AIMPOINT,
    STREAM_HIT_LAUNCHER,
    STREAM_STOCK_LOSS,
)
from frankensam.kernels.draws import draw_keys
from frankensam.kernels.options import stage
from frankensam.kernels.philox import uniform
from frankensam.kernels.sampling import binomial, power
from frankensam.kernels.state import (
    AVAILABLE,
    BY_SECTOR,
    DAMAGE,
    FACTOR,
    IN_DEPOT_REPAIR,
    KEPT_DAMAGE,
    METRIC_NAMES,
    UNASSIGNED,
    held,
)

HITS, DAMAGE_COST, LAUNCHERS_DESTROYED = (METRIC_NAMES.index(name) for name in ("hits", "damage_cost", "launchers_destroyed"))
SMALLEST_DAMAGE = 1e-9

Inputs = namedtuple("Inputs", (
    "item_key sector_power_site site_aim_weight site_damage_cost site_key site_power_dependence site_sector site_stock_loss "
    "threat_accuracy threat_damage threat_launcher_damage threat_launcher_destroyed unit_aim_weight unit_hybrid unit_key"
))
Work = namedtuple("Work", (
    "aimed_draw hit_draw hybrid metrics order raid sector_first sector_site sector_site_first sector_site_key sector_unit_key site "
    "site_hits stock unit"
))
Outcomes = namedtuple("Outcomes", "destroyed_in_stock hits launchers_damaged launchers_destroyed")
Arrays = tuple[Inputs, Work, Outcomes]


@stage
def output_factors(p: Arrays) -> None:
    """Set each site's output factor: (1 - damage) (1 - dependence x damage of the sector's power node)."""
    a, w, _o = p
    for site in range(w.site.shape[0]):
        factor = 1.0 - w.site[site, DAMAGE]
        if a.site_sector[site] >= 0:
            power_site = a.sector_power_site[a.site_sector[site]]
            if power_site >= 0 and power_site != site:
                factor = factor * (1.0 - a.site_power_dependence[site] * w.site[power_site, DAMAGE])
        w.site[site, FACTOR] = factor


@stage
def hit_site(
    a: Inputs, w: Work, o: Outcomes, n: int, site: int, c: int, aimed: int, u: float,
) -> None:
    """Threats of class `c` aimed at a site: hits, by the uniform `u`, and the fraction of remaining output each takes."""
    hits = binomial(aimed, a.threat_accuracy[c], u)
    o.hits[n, c] += hits
    w.metrics[HITS] += hits
    if hits > 0 and a.threat_damage[c] > 0.0:
        w.site_hits[site] += hits
        before = w.site[site, DAMAGE]
        after = 1.0 - (1.0 - before) * power(1.0 - a.threat_damage[c], hits)
        w.site[site, DAMAGE] = after
        w.metrics[DAMAGE_COST] += (after - before) * a.site_damage_cost[site]


@stage
def hit_unit(
    a: Inputs, w: Work, o: Outcomes, n: int, seed: int, r: int, d: int, u: int, c: int, aimed: int, v: float,
) -> None:
    """Threats of class `c` aimed at a fire unit: hits, by the uniform `v`; only its available launchers are exposed."""
    h = a.unit_hybrid[u]
    key = a.unit_key[u]
    hits = binomial(aimed, a.threat_accuracy[c], v)
    o.hits[n, c] += hits
    w.metrics[HITS] += hits
    struck = binomial(hits, a.threat_launcher_damage[c], uniform(seed, r, STREAM_HIT_LAUNCHER, d, key, 2 * c))
    struck = min(struck, w.unit[u, AVAILABLE])
    destroyed = binomial(struck, a.threat_launcher_destroyed[c], uniform(seed, r, STREAM_HIT_LAUNCHER, d, key, 2 * c + 1))
    w.unit[u, AVAILABLE] -= struck
    w.hybrid[h, UNASSIGNED] += struck - destroyed
    w.hybrid[h, IN_DEPOT_REPAIR] += struck - destroyed
    o.launchers_destroyed[n, h] += destroyed
    o.launchers_damaged[n, h] += struck - destroyed
    w.metrics[LAUNCHERS_DESTROYED] += destroyed


@stage
def aim(a: Inputs, w: Work, o: Outcomes, n: int, seed: int, r: int, d: int, s: int, c: int) -> None:
    """Spread the leakers of one class in one sector over its aimpoints: sites in order, then fire units that hold a launcher.

    Each aimpoint's share is a binomial of what is left with its weight over
    the weight that is left; where nothing has weight, leakers hit nothing.
    """
    first_site, sites = w.sector_site_first[s], w.sector_site_first[s + 1] - w.sector_site_first[s]
    first_unit, units = w.sector_first[s], w.sector_first[s + 1] - w.sector_first[s]
    weight = 0.0
    for k in range(first_site, first_site + sites):
        weight = weight + a.site_aim_weight[w.sector_site[k]]
    for k in range(first_unit, first_unit + units):
        u = w.order[k, BY_SECTOR]
        if held(w, u) > 0:
            weight = weight + a.unit_aim_weight[u]
    left = w.raid[s, c]
    draw_keys(w.aimed_draw, w.hit_draw, sites, seed, r, STREAM_AIMPOINT, d, w.sector_site_key, first_site, c)
    for k in range(sites):
        if left <= 0:
            return
        site = w.sector_site[first_site + k]
        here = binomial(left, a.site_aim_weight[site] / weight, w.aimed_draw[k])
        weight = weight - a.site_aim_weight[site]
        left -= here
        if here > 0:
            hit_site(a, w, o, n, site, c, here, w.hit_draw[k])
    if left <= 0:
        return
    draw_keys(w.aimed_draw, w.hit_draw, units, seed, r, STREAM_AIMPOINT, d, w.sector_unit_key, first_unit, w.raid.shape[1] + c)
    for k in range(units):
        u = w.order[first_unit + k, BY_SECTOR]
        if held(w, u) > 0 and a.unit_aim_weight[u] > 0.0 and left > 0:
            here = binomial(left, a.unit_aim_weight[u] / weight, w.aimed_draw[k])
            weight = weight - a.unit_aim_weight[u]
            left -= here
            if here > 0:
                hit_unit(a, w, o, n, seed, r, d, u, c, here, w.hit_draw[k])


@stage
def lose_stock(p: Arrays, n: int, seed: int, r: int, d: int) -> None:
    """Each damaging hit of the day destroyed a fraction of every stock at the site."""
    a, w, o = p
    for site in range(w.site_hits.shape[0]):
        if w.site_hits[site] <= 0:
            continue
        chance = 1.0 - power(1.0 - a.site_stock_loss[site], w.site_hits[site])
        w.site_hits[site] = 0
        if chance <= 0.0:
            continue
        for item in range(w.stock.shape[1]):
            if w.stock[site, item] > 0:
                lost = binomial(w.stock[site, item], chance, uniform(seed, r, STREAM_STOCK_LOSS, d, a.site_key[site], a.item_key[item]))
                w.stock[site, item] -= lost
                o.destroyed_in_stock[n, item] += lost


@stage
def strike(p: Arrays, n: int, seed: int, r: int, d: int, s: int) -> None:
    """Let the leakers of sector `s` fall, class by class."""
    a, w, o = p
    for c in range(w.raid.shape[1]):
        if w.raid[s, c] > 0:
            aim(a, w, o, n, seed, r, d, s, c)


@stage
def recover(p: Arrays) -> None:
    """Make good a day's share of the damage: d falls by the factor exp(-1 / repair days)."""
    _a, w, _o = p
    for site in range(w.site.shape[0]):
        if w.site[site, DAMAGE] > 0.0:
            left = w.site[site, DAMAGE] * w.site[site, KEPT_DAMAGE]
            w.site[site, DAMAGE] = left if left > SMALLEST_DAMAGE else 0.0
