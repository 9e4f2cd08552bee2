"""One raid at the spatial resolution, event by event: the reference that specifies `kernels.spatial`.

A plain list of events in a heap, ordered by (time, kind, rank), because ties
must fall the same way as in the kernel (decision 0035).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import Any

from frankensam.kernels.spatial_arrays import (
    FAILED,
    IN_WINDOW,
    KILL,
    LATE,
    LAUNCH,
    MISS,
    MISSED,
    NO_CHANNEL,
    NO_ROUND,
    NOT_DETECTED,
    OUT_OF_ENVELOPE,
    RELOADED,
    STREAM_INTERCEPT,
    STREAM_PRELAUNCH,
)
from frankensam.model.legs import Leg, Sight, Vector, chord_of, detection_distance, located
from frankensam.model.sampling import Draws, half_up

INTERCEPT_EVENT, RELOAD_EVENT, WINDOW_EVENT = 0, 1, 2
SECTOR_STRIDE = 0x9E3779B1
ROUNDS_PER_PAIR = 4096
CAN_SHOOT, LACKS_CHANNEL, LACKS_ROUND = 0, 1, 2


@dataclass(frozen=True)
class Event:
    """One line of a raid's record; `value` is explained in `kernels.spatial_arrays.EVENT_KINDS`, -1 stands for none."""

    time: float
    kind: int
    unit: int
    threat: int
    value: int


@dataclass(eq=False)
class Threat:
    """One threat of the raid and what was done about it."""

    index: int
    threat_class: int
    sector: int
    aimpoint: int
    number: int
    leg: Leg
    stopped: bool = False
    under_fire: int = 0
    seen: bool = False
    lacked_channel: bool = False
    lacked_round: bool = False
    engaged: bool = False

    @property
    def reason(self) -> int:
        """Why the fire units did not stop it: the furthest that any of them came."""
        if self.engaged:
            return MISSED
        if self.lacked_round:
            return NO_ROUND
        if self.lacked_channel:
            return NO_CHANNEL
        return OUT_OF_ENVELOPE if self.seen else NOT_DETECTED


@dataclass(eq=False)
class Chance:
    """A threat that a fire unit may engage: from when it may launch, until when it must intercept, and the rounds it has tried."""

    threat: Threat
    sight: Sight
    earliest: float
    latest: float
    tried: int = 0
    flown: int = 0


@dataclass(eq=False)
class Battery:
    """A fire unit that takes part in the raid."""

    rank: int
    unit: int
    hybrid: int
    key: int
    place: Vector
    channels: int
    load: int
    ready: int
    rounds: int
    busy: int = 0
    spent: int = 0
    candidates: list[Chance] = field(default_factory=list)
    chances: dict[int, Chance] = field(default_factory=dict)

    def may_launch(self) -> bool:
        """Say whether there is a free channel and a ready round."""
        return self.busy < self.channels and self.ready > 0


@dataclass
class Battle:
    """A raid being fought: the campaign's arrays, who takes part, what is still to happen, and the record so far."""

    arrays: Any
    draws: Draws
    day: int
    threats: list[Threat]
    batteries: list[Battery]
    calendar: list[tuple[float, int, int, int, int]] = field(default_factory=list)
    record: list[Event] = field(default_factory=list)

    def note(self, time: float, kind: int, unit: int, threat: int, value: int) -> None:
        """Record an event."""
        self.record.append(Event(time, kind, unit, threat, value))

    def schedule(self, time: float, kind: int, battery: Battery, threat: int, salvo: int = 0) -> None:
        """Add an event; ties fall by kind, then by the fire unit's rank, then by the threat."""
        heapq.heappush(self.calendar, (time, kind, battery.rank, threat, salvo))

    def fight(self) -> None:
        """Play the events in their order; after each one the fire units, by rank, engage what they can."""
        for battery in self.batteries:
            for threat in self.threats:
                chance = meet(self.arrays, battery, threat)
                if chance is not None:
                    battery.chances[threat.index] = chance
                    self.schedule(chance.earliest, WINDOW_EVENT, battery, threat.index)
        while self.calendar:
            now, kind, rank, target, salvo = heapq.heappop(self.calendar)
            battery = self.batteries[rank]
            if kind == WINDOW_EVENT:
                self.open_window(now, battery, battery.chances[target])
            elif kind == RELOAD_EVENT:
                self.reload(now, battery)
            else:
                self.intercept(now, battery, battery.chances[target], salvo)
            for each in self.batteries:
                self.shoot(now, each)

    def open_window(self, now: float, battery: Battery, chance: Chance) -> None:
        """A threat becomes a candidate; what the fire unit lacks is noted with the threat."""
        threat = chance.threat
        if threat.stopped:
            return
        lack = CAN_SHOOT
        if battery.busy >= battery.channels:
            threat.lacked_channel, lack = True, LACKS_CHANNEL
        elif battery.ready == 0:
            threat.lacked_round, lack = True, LACKS_ROUND
        self.note(now, IN_WINDOW, battery.unit, threat.index, lack)
        battery.candidates.append(chance)

    def reload(self, now: float, battery: Battery) -> None:
        """A launcher gets its next load, as far as the magazine goes."""
        loaded = min(battery.load, battery.rounds - battery.ready)
        if loaded > 0:
            battery.ready += loaded
            self.note(now, RELOADED, battery.unit, -1, loaded)

    def most_urgent(self, now: float, battery: Battery) -> Chance | None:
        """Return the candidate with the least time to impact; coordinated fire units leave alone what is under fire."""
        open_to_it = [
            chance for chance in battery.candidates
            if not chance.threat.stopped and now < chance.latest and not (self.arrays.fire_coordination and chance.threat.under_fire)
        ]
        return min(open_to_it, key=lambda chance: (chance.threat.leg.impact, chance.threat.index), default=None)

    def shoot(self, now: float, battery: Battery) -> None:
        """Engage the most urgent candidates while there is a free channel and a ready round; drop those that can no longer be met.

        What is left for want of a round, with a channel free, is noted with each threat that could still be met.
        """
        while battery.may_launch() and (chance := self.most_urgent(now, battery)):
            threat = chance.threat
            flight = chance.sight.flight_time(now, float(self.arrays.hybrid_speed[battery.hybrid]), chance.latest)
            if flight is None:
                battery.candidates.remove(chance)
                continue
            left = self.launch(now, battery, chance)
            if left == 0:
                threat.lacked_round = True
                continue
            battery.candidates.remove(chance)
            battery.busy += 1
            threat.under_fire += 1
            threat.engaged = True
            self.note(now, LAUNCH, battery.unit, threat.index, left)
            self.schedule(now + flight, INTERCEPT_EVENT, battery, threat.index, left)
        if battery.busy < battery.channels and battery.ready == 0:
            speed = float(self.arrays.hybrid_speed[battery.hybrid])
            for chance in battery.candidates:
                threat = chance.threat
                if not (threat.stopped or threat.lacked_round) and chance.sight.flight_time(now, speed, chance.latest) is not None:
                    threat.lacked_round = True

    def launch(self, now: float, battery: Battery, chance: Chance) -> int:
        """Spend a salvo as far as rounds are ready; return how many left the launcher. Each emptied launcher begins to reload."""
        a, h, threat = self.arrays, battery.hybrid, chance.threat
        shots = min(int(a.hybrid_salvo[h]), battery.ready)
        failed = sum(
            self.draw(STREAM_PRELAUNCH, battery, threat, chance.tried + k) < float(a.hybrid_prelaunch_failure[h]) for k in range(shots)
        )
        if failed:
            self.note(now, FAILED, battery.unit, threat.index, failed)
        chance.tried += shots
        battery.ready -= shots
        battery.rounds -= shots
        battery.spent += shots
        while battery.spent >= battery.load:
            battery.spent -= battery.load
            if battery.rounds > battery.ready:
                self.schedule(now + float(a.hybrid_reload[h]), RELOAD_EVENT, battery, -1)
        return shots - failed

    def intercept(self, now: float, battery: Battery, chance: Chance, salvo: int) -> None:
        """A salvo meets its threat: one draw for each round."""
        threat = chance.threat
        battery.busy -= 1
        threat.under_fire -= 1
        if threat.stopped:
            self.note(now, LATE, battery.unit, threat.index, salvo)
            return
        sspk = float(self.arrays.hybrid_sspk[battery.hybrid, threat.threat_class])
        if any(self.draw(STREAM_INTERCEPT, battery, threat, chance.flown + k) < sspk for k in range(salvo)):
            threat.stopped = True
            self.note(now, KILL, battery.unit, threat.index, salvo)
            return
        chance.flown += salvo
        self.note(now, MISS, battery.unit, threat.index, salvo)
        battery.candidates.append(chance)

    def draw(self, stream: int, battery: Battery, threat: Threat, shot: int) -> float:
        """Return the uniform of one round: named by fire unit, sector, threat and the round's place among the unit's at this threat."""
        entity = (battery.key + int(self.arrays.sector_key[threat.sector]) * SECTOR_STRIDE) % 2**32
        return self.draws.uniform(stream, self.day, entity, threat.number * ROUNDS_PER_PAIR + shot)


def meet(arrays: Any, battery: Battery, threat: Threat) -> Chance | None:
    """Note whether a fire unit ever sees a threat; return when it may engage it.

    It may launch once it has seen the threat for its reaction time, and so that
    the intercept lies within reach; it must intercept before the threat leaves
    reach or sight, and before impact.
    """
    a, h, c, leg = arrays, battery.hybrid, threat.threat_class, threat.leg
    sight = Sight(leg, battery.place)
    distance = detection_distance(float(a.hybrid_sensor_reach[h]), float(a.hybrid_antenna_height[h]), leg.altitude)
    reach = float(a.hybrid_reach[h])
    in_sight = sight.within(0.0, chord_of(distance))
    in_reach = sight.within(leg.altitude, reach)
    engages = a.hybrid_class_order[h, a.threat_appearance[c]] >= 0 and a.hybrid_lowest[h] <= leg.altitude <= a.hybrid_highest[h]
    threat.seen = threat.seen or in_sight is not None
    if in_sight is None or in_reach is None or not engages:
        return None
    earliest = leg.impact - in_sight[1] / leg.rate + float(a.hybrid_reaction[h])
    if in_reach[1] < leg.angle:
        earliest = max(earliest, leg.impact - in_reach[1] / leg.rate - reach / float(a.hybrid_speed[h]))
    latest = leg.impact - max(in_reach[0], in_sight[0]) / leg.rate
    if not earliest < latest or sight.flight_time(earliest, float(a.hybrid_speed[h]), latest) is None:
        return None  # too late for an intercept even if launched at once, and later all the more
    return Chance(threat, sight, earliest, latest)


def man_batteries(arrays: Any, launchers: list[int], rounds: list[int]) -> list[Battery]:
    """Return the fire units with an available launcher, by (layer, key, index)."""
    a = arrays
    order = sorted(range(len(a.unit_key)), key=lambda u: (a.hybrid_layer[a.unit_hybrid[u]], a.unit_key[u], u))
    batteries: list[Battery] = []
    for u in order:
        if launchers[u] <= 0:
            continue
        h = int(a.unit_hybrid[u])
        load = int(a.hybrid_ready_rounds[h])
        batteries.append(Battery(
            rank=len(batteries), unit=u, hybrid=h, key=int(a.unit_key[u]), place=located(*map(float, a.unit_position[u])),
            channels=max(1, half_up(float(a.hybrid_channels[h]) * launchers[u])), load=load,
            ready=min(load * launchers[u], rounds[u]), rounds=rounds[u],
        ))
    return batteries
