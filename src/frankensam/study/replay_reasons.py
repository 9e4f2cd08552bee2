"""Why the fire units of a replayed raid did not stop a threat: which of them came furthest, and what it lacked.

The record says one of five reasons. What "out of envelope" was is worked out here from the threat's leg and the drawn
values of the fire units that saw it, by the conditions of the resolution (`frankensam.model.spatial.meet`), for
explanation alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import IntEnum

from frankensam.kernels.spatial_arrays import MISSED, NO_CHANNEL, NO_ROUND, OUT_OF_ENVELOPE, REASONS
from frankensam.model.legs import Sight, chord_of, detection_distance, located
from frankensam.model.raid_record import RecordedThreat
from frankensam.study.replay import RaidReplay

REASON_MEANINGS = {
    **dict(REASONS), "not_detected": "no fire unit with a launcher available saw it",
    "out_of_envelope": "seen, but by no fire unit that engages its class at its altitude and had it within reach in time",
}
REASON_LABELS = {name: name.replace("_", " ") for name, _ in REASONS}
"""Reasons why the fire units did not stop a threat, in words."""


class Shortfall(IntEnum):
    """What kept a fire unit that saw a threat from engaging it; a greater one came further."""

    CLASS = 0
    TOO_LOW = 1
    TOO_HIGH = 2
    REACH = 3
    TIME = 4


SHORTFALL_LABELS = {
    Shortfall.CLASS: "of a class that none of the fire units that saw it engages",
    Shortfall.TOO_LOW: "below the altitudes that a fire unit engages", Shortfall.TOO_HIGH: "above the altitudes that a fire unit engages",
    Shortfall.REACH: "never within reach of a fire unit that engages it",
    Shortfall.TIME: "within reach, but too late for an intercept",
}


def saw(replay: RaidReplay, unit: int, threat: RecordedThreat) -> bool:
    """Return whether a fire unit ever saw a threat."""
    return _in_sight(replay, unit, threat) is not None


def shortfall(replay: RaidReplay, unit: int, threat: RecordedThreat) -> Shortfall | None:
    """Return what kept a fire unit that saw a threat from engaging it; None if it could have, channels and rounds aside.

    The conditions are those of `frankensam.model.spatial.meet`, asked one by one.

    Raises:
        ValueError: if the fire unit never saw the threat.
    """
    a, h, leg = replay.arrays, int(replay.arrays.unit_hybrid[unit]), threat.leg
    in_sight = _in_sight(replay, unit, threat)
    if in_sight is None:
        raise ValueError(f"fire unit {unit} never saw the threat")
    if a.hybrid_class_order[h, a.threat_appearance[threat.threat_class]] < 0:
        return Shortfall.CLASS
    if leg.altitude < a.hybrid_lowest[h]:
        return Shortfall.TOO_LOW
    if leg.altitude > a.hybrid_highest[h]:
        return Shortfall.TOO_HIGH
    sight, reach, speed = _sight(replay, unit, threat), float(a.hybrid_reach[h]), float(a.hybrid_speed[h])
    in_reach = sight.within(leg.altitude, reach)
    if in_reach is None:
        return Shortfall.REACH
    earliest = leg.impact - in_sight[1] / leg.rate + float(a.hybrid_reaction[h])
    if in_reach[1] < leg.angle:
        earliest = max(earliest, leg.impact - in_reach[1] / leg.rate - reach / speed)
    latest = leg.impact - max(in_reach[0], in_sight[0]) / leg.rate
    return None if earliest < latest and sight.flight_time(earliest, speed, latest) is not None else Shortfall.TIME


def _sight(replay: RaidReplay, unit: int, threat: RecordedThreat) -> Sight:
    return Sight(threat.leg, located(*map(float, replay.arrays.unit_position[unit])))


def _in_sight(replay: RaidReplay, unit: int, threat: RecordedThreat) -> tuple[float, float] | None:
    a, h = replay.arrays, int(replay.arrays.unit_hybrid[unit])
    distance = detection_distance(float(a.hybrid_sensor_reach[h]), float(a.hybrid_antenna_height[h]), threat.leg.altitude)
    return _sight(replay, unit, threat).within(0.0, chord_of(distance))


def furthest(replay: RaidReplay, threat: RecordedThreat) -> tuple[Shortfall, tuple[int, ...]] | None:
    """Return what kept the fire units that came furthest with a threat out of envelope from engaging it, and which these are.

    None where no fire unit saw it, or one could have engaged it.
    """
    lacks = {unit.unit: shortfall(replay, unit.unit, threat) for unit in replay.record.units if saw(replay, unit.unit, threat)}
    known = {unit: lack for unit, lack in lacks.items() if lack is not None}
    if not known or len(known) < len(lacks):
        return None
    most = max(known.values())
    return most, tuple(unit for unit, lack in known.items() if lack == most)


def shortfalls(replay: RaidReplay) -> Counter[Shortfall]:
    """Return how many of the threats out of envelope, whatever became of them behind the fire units, fell short in each way."""
    found = (furthest(replay, threat) for threat in replay.record.threats if threat.reason == REASONS[OUT_OF_ENVELOPE][0])
    return Counter(lack for lack, _ in filter(None, found))


def engaged_by(replay: RaidReplay) -> dict[int, tuple[str, ...]]:
    """Return the fire units that launched at each threat, by its number, each once in the order of their first launch."""
    found: dict[int, dict[str, None]] = {}
    for event in replay.record.events:
        if event.kind == "launch" and event.threat is not None and event.unit is not None:
            found.setdefault(event.threat, {})[replay.names["unit"][event.unit]] = None
    return {threat: tuple(units) for threat, units in found.items()}


def lacking(replay: RaidReplay, number: int, lack: int) -> tuple[int, ...]:
    """Return the fire units of which the record tells that a threat within their envelope met no channel, or no ready round.

    `lack` is `NO_CHANNEL` or `NO_ROUND`. A fire unit that runs out of rounds while a threat waits has no event of its
    own: where only one could have engaged the threat it is that one, otherwise the record does not tell.
    """
    windows = [event for event in replay.record.events if event.threat == number and event.kind in ("in_window", "failed")]
    said = {NO_CHANNEL: 1, NO_ROUND: 2}[lack]
    told = [event.unit for event in windows if event.kind == "in_window" and event.value == said]
    could = dict.fromkeys(event.unit for event in windows)
    found = told or (list(could) if len(could) == 1 else [])
    return tuple(unit for unit in dict.fromkeys(found) if unit is not None)


def why_it_leaked(replay: RaidReplay, number: int) -> str:
    """Return in words why the fire units did not stop the threat of this number, naming those that came furthest."""
    threat = replay.record.threats[number]
    reason = threat.reason or ""
    engaged = engaged_by(replay).get(number, ())
    if reason == REASONS[MISSED][0] and engaged:
        return f"engaged by {_all(engaged)}, and every round missed"
    if reason == REASONS[OUT_OF_ENVELOPE][0] and (found := furthest(replay, threat)) is not None:
        return _fell_short(replay, threat, *found)
    for lack, words in ((NO_CHANNEL, "with every channel in use for other threats"), (NO_ROUND, "with a channel free but no round ready")):
        if reason == REASONS[lack][0] and (units := lacking(replay, number, lack)):
            return f"within the envelope of {_names(replay, units)}, {words}"
    return REASON_MEANINGS.get(reason, "")


def _fell_short(replay: RaidReplay, threat: RecordedThreat, lack: Shortfall, units: Sequence[int]) -> str:
    a = replay.arrays
    if lack == Shortfall.CLASS:
        kind = replay.names["threat"][int(a.threat_appearance[threat.threat_class])]
        seems = "" if kind == replay.names["threat"][threat.threat_class] else "it appears as "
        return f"seen by {_names(replay, units)}: of a class not engaged there ({seems}{kind})"
    if lack == Shortfall.REACH:
        return f"seen, but never within reach of {_names(replay, units)}"
    if lack == Shortfall.TIME:
        return f"within reach of {_names(replay, units)}, but too late for an intercept"
    side = "too low" if lack == Shortfall.TOO_LOW else "too high"
    return f"seen, but {side} for {_names(replay, units)}"


def _names(replay: RaidReplay, units: Sequence[int]) -> str:
    return _all([replay.names["unit"][unit] for unit in units])


def _all(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
