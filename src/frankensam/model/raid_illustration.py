"""One day's raid of a campaign at the salvo resolution, resolved event by event: for explanation, not as a result.

The campaign up to that day is simulated by the reference, at the salvo
resolution, so the fire units, their launchers and rounds, and the threats of
the day are exactly the campaign's. Only this one raid is then resolved by
`frankensam.model.spatial_raid`, with the geometry of the same scenario at the
same design point. The campaign's own outcome of the raid is returned beside it:
the two resolutions ask different questions of a raid and need not agree.
"""

from __future__ import annotations

from dataclasses import dataclass

from frankensam.kernels.arrays import RESOLUTION_SPATIAL, CampaignArrays
from frankensam.kernels.spatial_arrays import BACKGROUND, EVENT_KINDS, KILL, LEAK
from frankensam.model.campaign import begin_day, new_world, simulate_day
from frankensam.model.damage import recover
from frankensam.model.engagement import background, defend
from frankensam.model.raid_record import RaidRecord, RecordedEvent, RecordedThreat, RecordedUnit, recorded_threat, recorded_unit
from frankensam.model.raids import Raid
from frankensam.model.spatial import Threat
from frankensam.model.spatial_raid import RaidResult, resolve
from frankensam.model.world import World


@dataclass(frozen=True, slots=True)
class SalvoOutcome:
    """What the campaign counted of a raid, by class: stopped by background layers and by fire units, leakers; and rounds fired."""

    stopped_by_background: tuple[int, ...]
    stopped_by_units: tuple[int, ...]
    leakers: tuple[int, ...]
    rounds: int


def illustrate_raid(
    salvo: CampaignArrays, spatial: CampaignArrays, seed: int, replication: int, day: int,
) -> tuple[RaidRecord, SalvoOutcome]:
    """Return the raid of a day, counted from 0, resolved event by event, and what the campaign counted of it.

    `salvo` and `spatial` are one campaign compiled at each resolution, at one design point.

    Raises:
        ValueError: when they are not that, or for a day outside the horizon.
    """
    if int(salvo.raid_resolution) == RESOLUTION_SPATIAL or int(spatial.raid_resolution) != RESOLUTION_SPATIAL:
        raise ValueError("a raid of the salvo resolution is illustrated with the same campaign at the spatial resolution")
    if not 0 <= day < int(salvo.days):
        raise ValueError(f"day {day} is not one of the {int(salvo.days)} days of the campaign")
    world = new_world(salvo, seed, replication)
    for earlier in range(day):
        simulate_day(world, earlier)
        recover(world)
    raid = begin_day(world, day)
    arrived = _sums(raid)
    passed = [list(threats) for threats in raid]
    for sector, threats in enumerate(passed):
        background(world, day, sector, threats, after=False)
    launchers, rounds = [unit.available for unit in world.units], [unit.rounds for unit in world.units]
    result = resolve(spatial, world.draws, day, passed, launchers, rounds, [unit.held > 0 for unit in world.units])
    units = tuple(
        recorded_unit(spatial, u, many, rounds[u]) for u, many in enumerate(launchers) if many > 0
    ) if result.threats else ()
    record = _record(spatial, replication, day, raid=(arrived, _sums(passed)), units=units, result=result)
    return record, _salvo_outcome(world, day, raid)


def _record(
    arrays: CampaignArrays, replication: int, day: int, *, raid: tuple[tuple[int, ...], tuple[int, ...]],
    units: tuple[RecordedUnit, ...], result: RaidResult,
) -> RaidRecord:
    arrived, passed = raid
    unaimed = [0] * len(arrived)
    for (_, c), many in result.unaimed.items():
        unaimed[c] += many
    ends = {event.threat: (event.kind, event.value) for event in result.record if event.kind in (KILL, LEAK, BACKGROUND)}
    events = tuple(
        RecordedEvent(
            event.time, EVENT_KINDS[event.kind][0], event.unit if event.unit >= 0 else None,
            event.threat if event.threat >= 0 else None, event.value,
        )
        for event in result.record
    )
    threats = tuple(_threat(arrays, threat, *ends[threat.index]) for threat in result.threats)
    before = tuple(a - b for a, b in zip(arrived, passed, strict=True))
    return RaidRecord(replication, day, arrived, before, tuple(unaimed), units, threats, events)


def _threat(arrays: CampaignArrays, threat: Threat, ended_by: int, value: int) -> RecordedThreat:
    return recorded_threat(arrays, threat.threat_class, threat.sector, threat.aimpoint, threat.leg, ended_by, value)


def _salvo_outcome(world: World, day: int, raid: Raid) -> SalvoOutcome:
    """Let the campaign go through the raid as it does, and return what it counts; `raid` becomes the leakers."""
    before = {name: world.totals[name].copy() for name in ("killed", "leakers")}
    arrived = _sums(raid)
    for sector, threats in enumerate(raid):
        defend(world, day, sector, threats)
    killed = (world.totals["killed"] - before["killed"]).sum(axis=0)
    leakers = world.totals["leakers"] - before["leakers"]
    by_units, left = (tuple(int(many) for many in counts) for counts in (killed, leakers))
    stopped = tuple(a - b - c for a, b, c in zip(arrived, by_units, left, strict=True))
    return SalvoOutcome(stopped, by_units, left, sum(unit.fired_today for unit in world.units))


def _sums(raid: Raid) -> tuple[int, ...]:
    """Return the threats of a raid by class, over all sectors."""
    return tuple(sum(threats) for threats in zip(*raid, strict=True))
