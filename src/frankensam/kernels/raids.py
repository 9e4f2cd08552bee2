"""What arrives today: fitted generator or list, split over classes and sectors."""

from __future__ import annotations

import math
from collections import namedtuple

from frankensam.kernels.arrays import (
    RAIDS_LISTED,
    STREAM_RAID_DECOY,
    STREAM_RAID_SECTOR,
    STREAM_RAID_SIZE,
    STREAM_RAID_STRIKE,
    THREAT_DECOY,
    THREAT_UAV,
)
from frankensam.kernels.draws import draw_blocks
from frankensam.kernels.options import stage
from frankensam.kernels.philox import uniform
from frankensam.kernels.sampling import binomial, half_up, normal_quantile
from frankensam.kernels.state import METRIC_NAMES

THREATS, ATTACKER_COST = (METRIC_NAMES.index(name) for name in ("threats", "attacker_cost"))
DAYS_IN_WEEK = 7

Inputs = namedtuple("Inputs", (
    "raid_decoy_share raid_level raid_listed raid_log_mean raid_log_sd raid_occurrence raid_period_start raid_size_cap raid_source "
    "raid_strike raid_weekday sector_key start_weekday threat_unit_cost"
))
Work = namedtuple("Work", "appears_draw metrics raid sector_weight size_draw")
Outcomes = namedtuple("Outcomes", "threats")
Arrays = tuple[Inputs, Work, Outcomes]


@stage
def period_of(a: Inputs, d: int) -> int:
    """Return the last period that has begun by day `d`."""
    period = 0
    for p in range(a.raid_period_start.shape[0]):
        if a.raid_period_start[p] <= d:
            period = p
    return period


@stage
def regime_of(a: Inputs, seed: int, r: int, d: int, period: int) -> int:
    """Return 1 if day `d` is a combined strike, 0 if it is an ordinary day."""
    chance = a.raid_strike[period] * a.raid_weekday[(a.start_weekday[()] + d) % DAYS_IN_WEEK]
    return 1 if uniform(seed, r, STREAM_RAID_STRIKE, d, 0, 0) < chance else 0


@stage
def class_size(a: Inputs, w: Work, period: int, regime: int, c: int) -> int:
    """Return today's number of class `c`: 0 unless it appears, else lognormal, rounded half up, at least 1, capped."""
    if w.appears_draw[c] >= a.raid_occurrence[period, c, regime] or a.raid_level[c] <= 0.0:
        return 0
    z = normal_quantile(w.size_draw[c])
    size = a.raid_level[c] * math.exp(a.raid_log_mean[period, c, regime] + a.raid_log_sd[c, regime] * z)
    return min(a.raid_size_cap[c], max(1, half_up(size)))


@stage
def attack(a: Inputs, w: Work, o: Outcomes, n: int, seed: int, r: int, d: int, c: int, size: int) -> None:
    """Spread `size` threats of class `c` over the sectors in proportion to the aimpoint weights of their sites."""
    o.threats[n, c] += size
    w.metrics[THREATS] += size
    w.metrics[ATTACKER_COST] += size * a.threat_unit_cost[c]
    weight = 0.0
    last = 0
    for s in range(w.sector_weight.shape[0]):
        if w.sector_weight[s] > 0.0:
            weight = weight + w.sector_weight[s]
            last = s
    left = size
    for s in range(last + 1):
        if left <= 0 or w.sector_weight[s] <= 0.0:
            continue
        here = left
        if s < last:
            here = binomial(left, w.sector_weight[s] / weight, uniform(seed, r, STREAM_RAID_SECTOR, d, a.sector_key[s], c))
        w.raid[s, c] += here
        left -= here
        weight = weight - w.sector_weight[s]


@stage
def raid(p: Arrays, n: int, seed: int, r: int, d: int) -> None:
    """Fill `raid[sector, class]` with the threats of day `d`."""
    a, w, o = p
    w.raid.fill(0)
    threats = w.raid.shape[1]
    if a.raid_source[()] == RAIDS_LISTED:
        for c in range(threats):
            if a.raid_listed[d, c] > 0:
                attack(a, w, o, n, seed, r, d, c, a.raid_listed[d, c])
        return
    period = period_of(a, d)
    regime = regime_of(a, seed, r, d, period)
    decoys = 0
    draw_blocks(w.appears_draw, w.size_draw, threats, seed, r, STREAM_RAID_SIZE, d, 0, 0)
    for c in range(threats):
        size = class_size(a, w, period, regime, c)
        if c == THREAT_UAV and threats > THREAT_DECOY and size > 0:
            decoys = binomial(size, a.raid_decoy_share[period], uniform(seed, r, STREAM_RAID_DECOY, d, 0, 0))
            size -= decoys
        if c == THREAT_DECOY:
            size += decoys
        if size > 0:
            attack(a, w, o, n, seed, r, d, c, size)
