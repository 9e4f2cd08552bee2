"""A raid at the spatial resolution, before and after the shooting: who comes from where and when, and what comes through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from frankensam.kernels.arrays import STREAM_BACKGROUND_AFTER
from frankensam.kernels.spatial_arrays import (
    BACKGROUND,
    LEAK,
    STREAM_ARRIVAL,
    STREAM_INGRESS,
    STREAM_SPATIAL_AIMPOINT,
)
from frankensam.model.legs import located, straight_leg
from frankensam.model.sampling import Draws
from frankensam.model.spatial import Battery, Battle, Event, Threat, man_batteries


@dataclass(frozen=True)
class Leaker:
    """A threat that reaches its aimpoint: a site by number, or behind the sites a fire unit."""

    threat_class: int
    sector: int
    aimpoint: int
    reason: int


@dataclass(frozen=True)
class RaidResult:
    """What one raid did; `unaimed` are threats of sectors without an aimpoint, by sector and class."""

    threats: tuple[Threat, ...]
    batteries: tuple[Battery, ...]
    leakers: tuple[Leaker, ...]
    unaimed: dict[tuple[int, int], int]
    record: tuple[Event, ...]


def chosen(weights: list[float], target: float) -> tuple[int, float] | None:
    """Return the first place at which the cumulated weights exceed `target`, with what is left of the target there; None without weight."""
    below, last = 0.0, None
    for place, weight in enumerate(weights):
        if weight > 0.0:
            last = place, target - below
            below += weight
            if target < below:
                break
    return last


def added(weights: list[float]) -> float:
    """Return the sum, one rounding per term: `sum` compensates from Python 3.12 on."""
    total = 0.0
    for weight in weights:
        total += weight
    return total


def ingress_bearing(weights: list[float], u: float) -> float:
    """Return the bearing in degrees, from the aimpoint, from which a threat comes: a sector by weight, evenly within it."""
    total = added(weights)
    found = chosen(weights, u * total)
    if found is None:
        return 360.0 * u
    b, left = found
    return (b + min(1.0, left / weights[b])) * (360.0 / len(weights))


def aimpoint_weights(arrays: Any, sector: int, holds_launcher: list[bool]) -> list[float]:
    """Return the weight of every place as an aimpoint of a sector: its sites, then its fire units that hold a launcher."""
    a = arrays
    sites = [float(w) if s == sector else 0.0 for w, s in zip(a.site_aim_weight, a.site_sector, strict=True)]
    units = [
        float(w) if s == sector and holds else 0.0
        for w, s, holds in zip(a.unit_aim_weight, a.unit_sector, holds_launcher, strict=True)
    ]
    return [*sites, *units]


def draw_threats(arrays: Any, draws: Draws, day: int, raid: list[list[int]], holds_launcher: list[bool]) -> list[Threat]:
    """Turn numbers by sector and class into single threats: aimpoint, ingress bearing and time, drawn one by one."""
    a = arrays
    places = [located(float(lat), float(lon)) for lat, lon in [*a.site_position, *a.unit_position]]
    threats: list[Threat] = []
    for s, numbers in enumerate(raid):
        weights = aimpoint_weights(a, s, holds_launcher)
        total, key = added(weights), int(a.sector_key[s])
        if total <= 0.0:
            continue
        for c, many in enumerate(numbers):
            bearings = [float(w) for w in a.threat_bearing_weight[c]]
            for k in range(many):
                number = k * len(numbers) + c
                found = chosen(weights, total * draws.uniform(STREAM_SPATIAL_AIMPOINT, day, key, number))
                assert found is not None, "a sector with weight has a place with weight"
                bearing = ingress_bearing(bearings, draws.uniform(STREAM_INGRESS, day, key, number))
                spread = float(a.raid_arrival_span) * draws.uniform(STREAM_ARRIVAL, day, key, number)
                leg = straight_leg(
                    places[found[0]], bearing, float(a.threat_ingress_distance[c]), float(a.threat_speed[c]),
                    float(a.raid_first_arrival) + spread, float(a.threat_altitude[c]),
                )
                threats.append(Threat(len(threats), c, s, found[0], number, leg))
    return threats


def resolve(
    arrays: Any, draws: Draws, day: int, raid: list[list[int]], launchers: list[int], rounds: list[int], holds_launcher: list[bool],
) -> RaidResult:
    """Resolve one raid of `raid[sector][class]` threats against fire units with available `launchers` and `rounds`.

    `arrays` has the fields of `kernels.spatial_arrays.SpatialInputs`; nothing is changed.
    """
    threats = draw_threats(arrays, draws, day, raid, holds_launcher)
    fought = Battle(arrays, draws, day, threats, man_batteries(arrays, launchers, rounds))
    fought.fight()
    leakers = []
    for threat in threats:
        if threat.stopped:
            continue
        s, c = threat.sector, threat.threat_class
        u = draws.uniform(STREAM_BACKGROUND_AFTER, day, int(arrays.sector_key[s]), len(raid[s]) + threat.number)
        if u < arrays.background_after[s, c]:
            fought.note(threat.leg.impact, BACKGROUND, -1, threat.index, threat.reason)
        else:
            fought.note(threat.leg.impact, LEAK, -1, threat.index, threat.reason)
            leakers.append(Leaker(c, s, threat.aimpoint, threat.reason))
    aimed = {(threat.sector, threat.threat_class) for threat in threats}
    unaimed = {(s, c): many for s, numbers in enumerate(raid) for c, many in enumerate(numbers) if many and (s, c) not in aimed}
    return RaidResult(tuple(threats), tuple(fought.batteries), tuple(leakers), unaimed, tuple(fought.record))
