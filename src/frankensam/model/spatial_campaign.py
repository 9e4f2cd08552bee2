"""A day's raid of a campaign at the spatial engagement resolution: background, fire units at once on all sectors, hits."""

from __future__ import annotations

from collections import Counter

from frankensam.kernels.arrays import STREAM_FAILURE_ROUND, THREAT_DECOY
from frankensam.kernels.spatial_arrays import KILL, LAUNCH
from frankensam.model.damage import hit_site, hit_unit
from frankensam.model.engagement import background
from frankensam.model.raids import Raid
from frankensam.model.sampling import binomial
from frankensam.model.spatial_raid import RaidResult, resolve
from frankensam.model.sustainment import fail
from frankensam.model.world import World


def defend_and_strike(world: World, day: int, raid: Raid) -> RaidResult:
    """Resolve the day's raid and let what comes through fall on its aimpoints; return what happened."""
    for sector, threats in enumerate(raid):
        background(world, day, sector, threats, after=False)
    result = resolve(
        world.arrays, world.draws, day, raid, [unit.available for unit in world.units],
        [unit.rounds for unit in world.units], [unit.held > 0 for unit in world.units],
    )
    spend_rounds(world, day, result)
    count_raid(world, result)
    strike(world, day, result)
    return result


def spend_rounds(world: World, day: int, result: RaidResult) -> None:
    """Take the rounds fired from the fire units, and let launchers fail by firing."""
    for battery in result.batteries:
        unit = world.units[battery.unit]
        h = unit.hybrid.index
        unit.fired_today = unit.rounds - battery.rounds
        unit.rounds = battery.rounds
        world.add("rounds_fired", h, unit.fired_today)
        world.metrics["rounds_expended"] += unit.fired_today
        u = world.draws.uniform(STREAM_FAILURE_ROUND, day, unit.key)
        failures = binomial(unit.fired_today, float(world.arrays.hybrid_round_failure[h]), u)
        fail(world, unit, day, min(failures, unit.available), cause=1)


def count_raid(world: World, result: RaidResult) -> None:
    """Count engagements, kills, leakers and their reasons, and what the background stopped behind the fire units."""
    for event in result.record:
        if event.kind in (LAUNCH, KILL):
            name, metric = ("engagements", "engagements") if event.kind == LAUNCH else ("killed", "killed_units")
            world.add(name, (world.units[event.unit].hybrid.index, result.threats[event.threat].threat_class), 1)
            world.metrics[metric] += 1
    passed = [threat for threat in result.threats if not threat.stopped]
    for threat in passed:
        world.add("leak_reasons", (threat.threat_class, threat.reason), 1)
    leaked = Counter(leaker.threat_class for leaker in result.leakers)
    stopped = Counter(threat.threat_class for threat in passed)
    stopped.subtract(leaked)
    for (_, c), many in result.unaimed.items():
        leaked[c] += many
    for c in world.threat_classes:
        world.add("background_killed", c, stopped[c])
        world.metrics["killed_background"] += stopped[c]
        world.add("leakers", c, leaked[c])
        if c != THREAT_DECOY:
            world.metrics["leakers"] += leaked[c]


def strike(world: World, day: int, result: RaidResult) -> None:
    """Let the leakers fall on their aimpoints, class by class: sites, then fire units."""
    aimed = Counter((leaker.threat_class, leaker.aimpoint) for leaker in result.leakers)
    for (c, aimpoint), many in sorted(aimed.items()):
        if aimpoint < len(world.sites):
            hit_site(world, day, world.sites[aimpoint], c, many)
        else:
            hit_unit(world, day, world.units[aimpoint - len(world.sites)], c, many)
