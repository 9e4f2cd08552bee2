"""Raids: fitted generator or list; the threats of a day by sector and class."""

from __future__ import annotations

import math

from frankensam.kernels.arrays import (
    RAIDS_LISTED,
    STREAM_RAID_DECOY,
    STREAM_RAID_SECTOR,
    STREAM_RAID_SIZE,
    STREAM_RAID_STRIKE,
    THREAT_DECOY,
    THREAT_UAV,
)
from frankensam.model.sampling import binomial, half_up, normal_quantile
from frankensam.model.world import World

Raid = list[list[int]]
"""Threats by sector and class."""


def sector_weights(world: World) -> list[float]:
    """Return the aimpoint weight of each sector's sites; equal weights where no site has any."""
    a = world.arrays
    weights = [0.0 for _ in a.sector_key]
    for site in world.sites:
        if site.sector >= 0:
            weights[site.sector] += float(a.site_aim_weight[site.index])
    return weights if any(weight > 0.0 for weight in weights) else [1.0 for _ in weights]


def draw_sizes(world: World, day: int) -> dict[int, int]:
    """Return today's number of each class, decoys split off the counted one-way attack UAVs."""
    a, draws = world.arrays, world.draws
    if a.raid_source == RAIDS_LISTED:
        return {c: int(a.raid_listed[day, c]) for c in world.threat_classes}
    period = max((p for p, start in enumerate(a.raid_period_start) if start <= day), default=0)
    strike = float(a.raid_strike[period]) * float(a.raid_weekday[(int(a.start_weekday) + day) % 7])
    regime = 1 if draws.uniform(STREAM_RAID_STRIKE, day) < strike else 0
    sizes = dict.fromkeys(world.threat_classes, 0)
    for c in world.threat_classes:
        level = float(a.raid_level[c])
        if draws.uniform(STREAM_RAID_SIZE, day, 0, 2 * c) >= a.raid_occurrence[period, c, regime] or level <= 0.0:
            continue
        z = normal_quantile(draws.uniform(STREAM_RAID_SIZE, day, 0, 2 * c + 1))
        size = level * math.exp(float(a.raid_log_mean[period, c, regime]) + float(a.raid_log_sd[c, regime]) * z)
        number = min(int(a.raid_size_cap[c]), max(1, half_up(size)))
        if c == THREAT_UAV and len(world.threat_classes) > THREAT_DECOY:
            decoys = binomial(number, float(a.raid_decoy_share[period]), draws.uniform(STREAM_RAID_DECOY, day))
            sizes[THREAT_DECOY] += decoys
            number -= decoys
        sizes[c] += number
    return sizes


def spread(world: World, day: int, c: int, number: int, raid: Raid) -> None:
    """Spread threats of one class over the sectors, each sector a binomial of what is left."""
    weights = sector_weights(world)
    attacked = [s for s, weight in enumerate(weights) if weight > 0.0]
    weight_left = 0.0
    for s in attacked:
        weight_left += weights[s]
    for s in attacked[:-1]:
        u = world.draws.uniform(STREAM_RAID_SECTOR, day, int(world.arrays.sector_key[s]), c)
        here = binomial(number, weights[s] / weight_left, u)
        raid[s][c] += here
        number -= here
        weight_left -= weights[s]
    raid[attacked[-1]][c] += number


def draw_raid(world: World, day: int) -> Raid:
    """Return today's threats by sector and class."""
    a = world.arrays
    raid = [[0 for _ in world.threat_classes] for _ in a.sector_key]
    for c, number in draw_sizes(world, day).items():
        world.add("threats", c, number)
        world.metrics["threats"] += number
        world.metrics["attacker_cost"] += number * float(a.threat_unit_cost[c])
        spread(world, day, c, number, raid)
    return raid
