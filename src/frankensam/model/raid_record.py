"""One day's raid of one replication, re-simulated and recorded: who came, who launched at what and when, with what result.

Only a campaign at the spatial resolution has such events. The days before are
simulated too, so that the fire units stand where the campaign had them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from frankensam.kernels.arrays import RESOLUTION_SPATIAL, CampaignArrays
from frankensam.kernels.spatial_arrays import BACKGROUND, EVENT_KINDS, KILL, LEAK, REASONS
from frankensam.kernels.spatial_raid import AIMPOINT, CLASS, FOES, LOGGED, SECTOR
from frankensam.kernels.sphere import AIM, ANGLE, ECCENTRICITY_SQUARED, IMPACT, RATE, TANGENT
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


@dataclass(frozen=True, slots=True)
class RaidRecord:
    """A day's raid: its threats, and its events in their order."""

    replication: int
    day: int
    threats: tuple[RecordedThreat, ...]
    events: tuple[RecordedEvent, ...]


def record_raid(arrays: CampaignArrays, seed: int, replication: int, day: int) -> RaidRecord:
    """Return the record of the raid of a day, counted from 0; exactly the raid that the campaign met.

    Threats that a background layer stopped before the fire units are not in it.

    Raises:
        ValueError: for a campaign at the salvo resolution, or a day outside its horizon.
    """
    if int(arrays.raid_resolution) != RESOLUTION_SPATIAL:
        raise ValueError("a raid has events at the spatial resolution only")
    if not 0 <= day < int(arrays.days):
        raise ValueError(f"day {day} is not one of the {int(arrays.days)} days of the campaign")
    counted = _simulate(arrays, seed, replication, day, 0)
    work = _simulate(arrays, seed, replication, day, int(counted.tally[LOGGED]))
    events = tuple(
        RecordedEvent(float(time), EVENT_KINDS[kind][0], unit if unit >= 0 else None, threat if threat >= 0 else None, value)
        for time, (kind, unit, threat, value) in zip(work.raid_log_time.tolist(), work.raid_log.tolist(), strict=True)
    )
    ends = {threat: (kind, value) for kind, _, threat, value in work.raid_log.tolist() if kind in (KILL, LEAK, BACKGROUND)}
    return RaidRecord(replication, day, tuple(_threat(arrays, work, i, *ends[i]) for i in range(work.tally[FOES])), events)


def _simulate(arrays: CampaignArrays, seed: int, replication: int, day: int, log: int) -> Any:
    """Simulate up to and including a day; return the working memory with that day's raid and its events."""
    from frankensam.kernels.campaign import simulate_block  # importing it compiles it where it is not cached

    shortened = arrays._replace(days=np.array(day + 1, np.int64))
    return simulate_block(shortened, seed, replication, allocate_outcomes(shortened, 1), log=log)


def _threat(arrays: CampaignArrays, work: Any, i: int, ended_by: int, value: int) -> RecordedThreat:
    foe, leg = work.foe[i], work.leg[:, i]
    aim, tangent = leg[AIM : AIM + 3], leg[TANGENT : TANGENT + 3]
    start = math.cos(leg[ANGLE]) * aim + math.sin(leg[ANGLE]) * tangent
    place, sites = int(foe[AIMPOINT]), len(arrays.site_key)
    return RecordedThreat(
        threat_class=int(foe[CLASS]), sector=int(foe[SECTOR]), start=_coarse_position(start), aimpoint=_coarse_position(aim),
        aimpoint_site=place if place < sites else None, aimpoint_unit=place - sites if place >= sites else None,
        departs=float(leg[IMPACT] - leg[ANGLE] / leg[RATE]), arrives=float(leg[IMPACT]),
        outcome=OUTCOMES[ended_by], reason=None if ended_by == KILL else REASONS[value][0],
    )


def _coarse_position(direction: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, float]:
    """Return the geodetic position below a geocentric direction, in degrees, coarse."""
    x, y, z = (float(component) for component in direction)
    latitude = math.atan2(z, (1.0 - ECCENTRICITY_SQUARED) * math.hypot(x, y))
    return round(math.degrees(latitude), POSITION_DECIMALS), round(math.degrees(math.atan2(y, x)), POSITION_DECIMALS)
