"""One raid at the salvo resolution (Hughes 1995; Armstrong 2005; Wilkening 2000)."""

from __future__ import annotations

from frankensam.kernels.arrays import (
    STREAM_BACKGROUND,
    STREAM_ENGAGEMENT,
    STREAM_FAILURE_ROUND,
    THREAT_DECOY,
)
from frankensam.model.sampling import binomial, half_up, hypergeometric, integer_power
from frankensam.model.sustainment import fail
from frankensam.model.world import FireUnit, World


def background(world: World, day: int, sector: int, threats: list[int], *, after: bool) -> None:
    """Let everything that is not a fire unit stop threats, before or after the fire units."""
    a = world.arrays
    chances = a.background_after if after else a.background_before
    for c in world.threat_classes:
        u = world.draws.uniform(STREAM_BACKGROUND, day, int(a.sector_key[sector]), 2 * c + after)
        stopped = binomial(threats[c], float(chances[sector, c]), u)
        threats[c] -= stopped
        world.add("background_killed", c, stopped)
        world.metrics["killed_background"] += stopped


def kill_probability(world: World, unit: FireUnit, c: int) -> float:
    """Return the probability that one engagement, a salvo, stops a threat of class `c`."""
    a, h = world.arrays, unit.hybrid.index
    miss = 1.0 - (1.0 - float(a.hybrid_prelaunch_failure[h])) * float(a.hybrid_sspk[h, c])
    return 1.0 - integer_power(miss, int(a.hybrid_salvo[h]))


def engagement_order(world: World, unit: FireUnit) -> list[int]:
    """Return the appearances the unit engages, lowest rank first."""
    ranks = world.arrays.hybrid_class_order[unit.hybrid.index]
    return sorted((c for c in world.threat_classes if ranks[c] >= 0), key=lambda c: (ranks[c], c))


def engage_appearance(world: World, unit: FireUnit, day: int, look: int, appearance: int, most: int, threats: list[int]) -> int:
    """Engage up to `most` of the threats that look alike, real ones and decoys without distinction."""
    h = unit.hybrid.index
    alike = [c for c in world.threat_classes if world.arrays.threat_appearance[c] == appearance and threats[c] > 0]
    unseen = sum(threats[c] for c in alike)
    engaged = left = min(unseen, most)
    for c in alike:
        draw = 2 * (look * len(world.threat_classes) + c)
        present = threats[c]
        share = hypergeometric(unseen, present, left, world.draws.uniform(STREAM_ENGAGEMENT, day, unit.key, draw))
        killed = binomial(share, kill_probability(world, unit, c), world.draws.uniform(STREAM_ENGAGEMENT, day, unit.key, draw + 1))
        threats[c] -= killed
        unseen -= present
        left -= share
        world.add("engagements", (h, c), share)
        world.add("killed", (h, c), killed)
        world.metrics["killed_units"] += killed
    return engaged


def engage(world: World, unit: FireUnit, day: int, threats: list[int]) -> None:
    """One fire unit's part in the raid; an engagement needs the rounds of a whole salvo."""
    a, h = world.arrays, unit.hybrid.index
    salvo = int(a.hybrid_salvo[h])
    capacity = half_up(float(a.hybrid_engagements[h])) * unit.available
    for look in range(int(a.hybrid_looks[h])):
        for appearance in engagement_order(world, unit):
            engaged = engage_appearance(world, unit, day, look, appearance, min(capacity, unit.rounds // salvo), threats)
            capacity -= engaged
            unit.rounds -= engaged * salvo
            unit.fired_today += engaged * salvo
            world.metrics["engagements"] += engaged
    world.add("rounds_fired", h, unit.fired_today)
    world.metrics["rounds_expended"] += unit.fired_today
    u = world.draws.uniform(STREAM_FAILURE_ROUND, day, unit.key)
    failures = binomial(unit.fired_today, float(a.hybrid_round_failure[h]), u)
    fail(world, unit, day, min(failures, unit.available), cause=1)


def defend(world: World, day: int, sector: int, threats: list[int]) -> None:
    """Resolve the raid on one sector: background, fire units layer by layer, background; `threats` becomes the leakers."""
    a = world.arrays
    background(world, day, sector, threats, after=False)
    units = [unit for unit in world.units if unit.sector == sector]
    for unit in sorted(units, key=lambda unit: (a.hybrid_layer[unit.hybrid.index], unit.key, unit.index)):
        engage(world, unit, day, threats)
    background(world, day, sector, threats, after=True)
    for c in world.threat_classes:
        world.add("leakers", c, threats[c])
        if c != THREAT_DECOY:
            world.metrics["leakers"] += threats[c]
