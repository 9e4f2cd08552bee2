"""One day's raid of one replication, re-simulated and recorded: who came, who launched at what and when, with what result.

Only a campaign at the spatial resolution has such events. The days before are
simulated too, so that the fire units stand where the campaign had them.
`frankensam.model.raid_illustration` resolves a raid of the salvo resolution
event by event, for explanation.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from frankensam.kernels.arrays import RESOLUTION_SPATIAL, CampaignArrays, OutcomeArrays
from frankensam.kernels.spatial_arrays import BACKGROUND, EVENT_KINDS, KILL, LEAK, REASONS
from frankensam.kernels.spatial_raid import AIMPOINT, CLASS, FOES, LOGGED, SECTOR
from frankensam.kernels.sphere import AIM, ANGLE, IMPACT, RATE, TANGENT
from frankensam.kernels.state import AVAILABLE, FIRED, ROUNDS
from frankensam.model.legs import ECCENTRICITY_SQUARED, Leg, Vector, blend
from frankensam.model.outcomes import allocate_outcomes

OUTCOMES: dict[int, Literal["killed", "background", "leaked"]] = {KILL: "killed", BACKGROUND: "background", LEAK: "leaked"}
"""Outcome of a threat by the kind of the event that ends it."""
POSITION_DECIMALS = 1
"""Positions are notional and coarse: tenths of a degree."""


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """One event of a raid.

    Attributes
    ----------
    time
        Seconds from the beginning of the day.
    kind
        A kind of `frankensam.kernels.spatial_arrays.EVENT_KINDS`.
    unit, threat
        Numbers of the fire unit and the threat; None where the event has none.
    value
        What the kind says: rounds, or the number of a reason.
    """

    time: float
    kind: str
    unit: int | None
    threat: int | None
    value: int


@dataclass(frozen=True, slots=True)
class RecordedThreat:
    """One threat of a raid.

    Attributes
    ----------
    threat_class, sector
        Numbers along the dimensions threat and sector.
    start, aimpoint
        Latitude and longitude in degrees, to a tenth: where its straight leg begins and ends.
    aimpoint_site, aimpoint_unit
        Number of the site or of the fire unit aimed at, the other None.
    departs, arrives
        Seconds from the beginning of the day; arrival is when it would reach its aimpoint.
    outcome
        ``killed`` by a fire unit, stopped by a ``background`` layer behind them, or ``leaked``.
    reason
        Why the fire units did not stop it, a reason of `frankensam.kernels.spatial_arrays.REASONS`; None where one did.
    leg
        The leg it flew, not rounded: what a fire unit saw and reached follows from it. It is worked with and never shown.
    """

    threat_class: int
    sector: int
    start: tuple[float, float]
    aimpoint: tuple[float, float]
    aimpoint_site: int | None
    aimpoint_unit: int | None
    departs: float
    arrives: float
    outcome: Literal["killed", "background", "leaked"]
    reason: str | None
    leg: Leg


@dataclass(frozen=True, slots=True)
class RecordedUnit:
    """A fire unit that took part, as it stood when the raid began.

    Attributes
    ----------
    unit
        Number of the fire unit.
    launchers
        Launchers available.
    channels
        Engagements that it can have in the air at once.
    ready, rounds
        Rounds ready on its launchers, and rounds in all.
    """

    unit: int
    launchers: int
    channels: int
    ready: int
    rounds: int


@dataclass(frozen=True, slots=True)
class RaidRecord:
    """A day's raid: its threats that reached the fire units, the fire units that took part, and its events in their order.

    `arrived` counts all threats of the day by class; `stopped_before` those that a background layer stopped before the
    fire units, and `unaimed` those of sectors where nothing can be aimed at: they fly nowhere and count as leakers.
    Neither is among `threats`. In every class arrived = stopped_before + unaimed + threats.
    `units` is empty on a day on which no threat reached the fire units.
    """

    replication: int
    day: int
    arrived: tuple[int, ...]
    stopped_before: tuple[int, ...]
    unaimed: tuple[int, ...]
    units: tuple[RecordedUnit, ...]
    threats: tuple[RecordedThreat, ...]
    events: tuple[RecordedEvent, ...]


def record_raid(arrays: CampaignArrays, seed: int, replication: int, day: int) -> RaidRecord:
    """Return the record of the raid of a day, counted from 0; exactly the raid that the campaign met.

    Raises:
        ValueError: for a campaign at the salvo resolution, or a day outside its horizon.
    """
    if int(arrays.raid_resolution) != RESOLUTION_SPATIAL:
        raise ValueError("a raid has events at the spatial resolution only")
    if not 0 <= day < int(arrays.days):
        raise ValueError(f"day {day} is not one of the {int(arrays.days)} days of the campaign")
    counted, through = _simulate(arrays, seed, replication, day, 0)
    work, _ = _simulate(arrays, seed, replication, day, int(counted.tally[LOGGED]))
    events = tuple(
        RecordedEvent(float(time), EVENT_KINDS[kind][0], unit if unit >= 0 else None, threat if threat >= 0 else None, value)
        for time, (kind, unit, threat, value) in zip(work.raid_log_time.tolist(), work.raid_log.tolist(), strict=True)
    )
    ends = {threat: (kind, value) for kind, _, threat, value in work.raid_log.tolist() if kind in (KILL, LEAK, BACKGROUND)}
    threats = tuple(_threat(arrays, work, i, *ends[i]) for i in range(work.tally[FOES]))
    before = _simulate(arrays, seed, replication, day - 1, 0)[1] if day else None
    arrived, leaked = (
        tuple((getattr(through, name)[0] - (0.0 if before is None else getattr(before, name)[0])).astype(int).tolist())
        for name in ("threats", "leakers")
    )
    unaimed = _less(leaked, _by_class(arrays, (threat for threat in threats if threat.outcome == "leaked")))
    stopped = _less(_less(arrived, unaimed), _by_class(arrays, threats))
    units = tuple(_unit(arrays, u, row) for u, row in enumerate(work.unit.tolist()) if row[AVAILABLE] > 0) if threats else ()
    return RaidRecord(replication, day, arrived, stopped, unaimed, units, threats, events)


def recorded_unit(arrays: CampaignArrays, unit: int, launchers: int, rounds: int) -> RecordedUnit:
    """Return how a fire unit with so many available launchers and rounds stands when a raid begins."""
    h = int(arrays.unit_hybrid[unit])
    channels = max(1, math.floor(float(arrays.hybrid_channels[h]) * launchers + 0.5))
    return RecordedUnit(unit, launchers, channels, min(int(arrays.hybrid_ready_rounds[h]) * launchers, rounds), rounds)


def _unit(arrays: CampaignArrays, unit: int, row: list[int]) -> RecordedUnit:
    return recorded_unit(arrays, unit, row[AVAILABLE], row[ROUNDS] + row[FIRED])


def _by_class(arrays: CampaignArrays, threats: Iterable[RecordedThreat]) -> tuple[int, ...]:
    counts = Counter(threat.threat_class for threat in threats)
    return tuple(counts[c] for c in range(len(arrays.threat_appearance)))


def _less(whole: tuple[int, ...], part: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(a - b for a, b in zip(whole, part, strict=True))


def _simulate(arrays: CampaignArrays, seed: int, replication: int, day: int, log: int) -> tuple[Any, OutcomeArrays]:
    """Simulate up to and including a day; return the working memory with that day's raid and its events, and the outcomes."""
    from frankensam.kernels.campaign import simulate_block  # importing it compiles it where it is not cached

    shortened = arrays._replace(days=np.array(day + 1, np.int64))
    views = [array.view() for array in shortened]
    for view in views:
        view.setflags(write=False)
    outcomes = allocate_outcomes(shortened, 1)
    return simulate_block(CampaignArrays(*views), seed, replication, outcomes, log=log), outcomes


def _threat(arrays: CampaignArrays, work: Any, i: int, ended_by: int, value: int) -> RecordedThreat:
    foe, leg = work.foe[i], work.leg[:, i].tolist()
    c = int(foe[CLASS])
    flown = Leg(
        Vector(*leg[AIM : AIM + 3]), Vector(*leg[TANGENT : TANGENT + 3]), leg[ANGLE], leg[RATE], leg[IMPACT],
        float(arrays.threat_altitude[c]),
    )
    return recorded_threat(arrays, c, int(foe[SECTOR]), int(foe[AIMPOINT]), flown, ended_by, value)


def recorded_threat(
    arrays: CampaignArrays, threat_class: int, sector: int, place: int, leg: Leg, ended_by: int, value: int,
) -> RecordedThreat:
    """Return a threat's record: `place` numbers sites and behind them fire units."""
    sites = len(arrays.site_key)
    start = blend(math.cos(leg.angle), leg.aim, math.sin(leg.angle), leg.tangent)
    return RecordedThreat(
        threat_class=threat_class, sector=sector, start=_coarse_position(start), aimpoint=_coarse_position(leg.aim),
        aimpoint_site=place if place < sites else None, aimpoint_unit=place - sites if place >= sites else None,
        departs=leg.impact - leg.angle / leg.rate, arrives=leg.impact, outcome=OUTCOMES[ended_by],
        reason=None if ended_by == KILL else REASONS[value][0], leg=leg,
    )


def _coarse_position(direction: Vector) -> tuple[float, float]:
    """Return the geodetic position below a geocentric direction, in degrees, coarse."""
    x, y, z = direction
    latitude = math.atan2(z, (1.0 - ECCENTRICITY_SQUARED) * math.hypot(x, y))
    return round(math.degrees(latitude), POSITION_DECIMALS), round(math.degrees(math.atan2(y, x)), POSITION_DECIMALS)
