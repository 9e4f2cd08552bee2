"""A replayed raid in numbers and words: who came and what became of them, why each came through, what each pairing fired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from frankensam.kernels.spatial_arrays import REASONS
from frankensam.model.raid_record import RecordedThreat
from frankensam.study.plain import as_plain
from frankensam.study.replay import RaidReplay
from frankensam.study.replay_reasons import REASON_LABELS, REASON_MEANINGS, engaged_by, why_it_leaked

Row = tuple[Any, ...]
OUTCOME_LABELS = {"killed": "stopped by a fire unit", "background": "stopped by other defences behind", "leaked": "came through"}
LACKS = ("can engage it", "all its channels are in use", "it has no ready round")

EVENT_WORDS: dict[str, Callable[[int], str]] = {
    "in_window": lambda value: f"may engage it from now on: {LACKS[value]}",
    "failed": lambda value: f"{_rounds(value)} failed before launch",
    "launch": lambda value: f"{_rounds(value)} launched",
    "miss": lambda value: f"{_rounds(value)} missed",
    "kill": lambda value: f"stopped, salvo of {_rounds(value)}",
    "late": lambda value: f"{_rounds(value)} too late: another fire unit had stopped it",
    "reloaded": lambda value: f"a launcher reloaded with {_rounds(value)}",
    "leak": lambda value: f"came through: {REASON_LABELS[REASONS[value][0]]}",
    "background": lambda value: f"stopped by other defences behind; why not by a fire unit: {REASON_LABELS[REASONS[value][0]]}",
}
"""What each kind of event says, by its value."""


def _rounds(many: int) -> str:
    return f"{many} round{'' if many == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Balance:
    """What became of the threats of one class: came = before + by_units + behind + leaked; the unaimed are among the leaked."""

    threat_class: str
    came: int
    before: int
    by_units: int
    behind: int
    leaked: int


@dataclass(frozen=True, slots=True)
class Firing:
    """What the fire units of one pairing did: engagements, rounds, and how the engagements ended."""

    pairing: str
    units: int
    launchers: int
    rounds_at_start: int
    engagements: int
    rounds_launched: int
    rounds_failed: int
    kills: int
    misses: int
    late: int
    reloads: int


def clock(seconds: float) -> str:
    """Return a time of the raid's day as hours, minutes and seconds; times of the evening before have a minus sign.

    >>> clock(3723.4), clock(-60.0), clock(90000.0)
    ('01:02:03', '-00:01:00', '25:00:00')
    """
    whole = abs(round(seconds))
    return f"{'-' if seconds < 0 and whole else ''}{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def balances(replay: RaidReplay) -> tuple[Balance, ...]:
    """Return one balance for each class that came."""
    record = replay.record
    ends = Counter((threat.threat_class, threat.outcome) for threat in record.threats)
    return tuple(
        Balance(
            name, record.arrived[c], record.stopped_before[c], ends[c, "killed"], ends[c, "background"],
            ends[c, "leaked"] + record.unaimed[c],
        )
        for c, name in enumerate(replay.names["threat"]) if record.arrived[c]
    )


def total_of(rows: tuple[Balance, ...]) -> Balance:
    """Return the balance of all classes together."""
    parts = ((row.came, row.before, row.by_units, row.behind, row.leaked) for row in rows)
    return Balance("all", *(sum(column) for column in zip(*parts, strict=True)) if rows else (0, 0, 0, 0, 0))


def firings(replay: RaidReplay) -> tuple[Firing, ...]:
    """Return what each pairing did of which a fire unit took part."""
    a, record = replay.arrays, replay.record
    events: Counter[tuple[int, str]] = Counter()
    rounds: Counter[tuple[int, str]] = Counter()
    for event in record.events:
        if event.unit is not None:
            h = int(a.unit_hybrid[event.unit])
            events[h, event.kind] += 1
            rounds[h, event.kind] += event.value
    found = []
    for h, name in enumerate(replay.names["hybrid"]):
        units = [unit for unit in record.units if int(a.unit_hybrid[unit.unit]) == h]
        if units:
            found.append(Firing(
                name, len(units), sum(unit.launchers for unit in units), sum(unit.rounds for unit in units), events[h, "launch"],
                rounds[h, "launch"], rounds[h, "failed"], events[h, "kill"], events[h, "miss"], events[h, "late"], events[h, "reloaded"],
            ))
    return tuple(found)


def reasons(replay: RaidReplay) -> dict[str, tuple[int, int]]:
    """Return how many threats came through, and how many other defences stopped behind, by the reason the fire units had not."""
    counts = Counter((threat.reason, threat.outcome) for threat in replay.record.threats)
    return {name: (counts[name, "leaked"], counts[name, "background"]) for name, _ in REASONS}


def aimpoint_of(replay: RaidReplay, threat: RecordedThreat) -> str:
    """Return the name of the place or fire unit that a threat was aimed at."""
    if threat.aimpoint_site is not None:
        return replay.names["site"][threat.aimpoint_site]
    return replay.names["unit"][threat.aimpoint_unit or 0]


def pairing_of(replay: RaidReplay, unit: int) -> str:
    """Return the name of a fire unit's pairing."""
    return replay.names["hybrid"][int(replay.arrays.unit_hybrid[unit])]


THREAT_HEADER = (
    "threat", "class", "sector", "aimed_at", "start_latitude", "start_longitude", "aim_latitude", "aim_longitude", "departs", "arrives",
    "outcome", "reason", "engaged_by",
)


def threat_rows(replay: RaidReplay) -> list[Row]:
    """Return one row of `THREAT_HEADER` for each threat that reached the fire units; positions are notional."""
    names, engaged = replay.names, engaged_by(replay)
    return [
        (
            number, names["threat"][threat.threat_class], names["sector"][threat.sector], aimpoint_of(replay, threat), *threat.start,
            *threat.aimpoint, clock(threat.departs), clock(threat.arrives), threat.outcome, threat.reason,
            "; ".join(engaged.get(number, ())),
        )
        for number, threat in enumerate(replay.record.threats)
    ]


EVENT_HEADER = ("time", "seconds", "event", "fire_unit", "pairing", "threat", "class", "value", "meaning")


def event_rows(replay: RaidReplay) -> list[Row]:
    """Return one row of `EVENT_HEADER` for each event, in order of time; at one time as the record has them."""
    names = replay.names
    rows: list[Row] = []
    for event in sorted(replay.record.events, key=lambda event: event.time):
        unit = None if event.unit is None else names["unit"][event.unit]
        pairing = None if event.unit is None else pairing_of(replay, event.unit)
        what = None if event.threat is None else names["threat"][replay.record.threats[event.threat].threat_class]
        rows.append((
            clock(event.time), round(event.time, 3), event.kind, unit, pairing, event.threat, what, event.value,
            EVENT_WORDS[event.kind](event.value),
        ))
    return rows


def replay_as_json(replay: RaidReplay) -> dict[str, Any]:
    """Return what ``frankensam replay --json`` prints, but for the store and the command."""
    record, rows = replay.record, balances(replay)
    return {
        "variant": replay.chosen.variant, "replication": replay.chosen.replication, "day": replay.chosen.day, "date": str(replay.date),
        "rule": replay.chosen.rule, "design_point": replay.design_point, "seed": replay.seed,
        "illustration": replay.salvo is not None,
        "balance": [as_plain(row) for row in rows], "total": as_plain(total_of(rows)),
        "campaign_counted": None if replay.salvo is None else as_plain(replay.salvo),
        "fire_units": [
            {**as_plain(unit), "unit": replay.names["unit"][unit.unit], "pairing": pairing_of(replay, unit.unit)} for unit in record.units
        ],
        "launches": [as_plain(row) for row in firings(replay)],
        "reasons": [
            {"reason": name, "meaning": REASON_MEANINGS[name], "leaked": leaked, "stopped_behind": behind}
            for name, (leaked, behind) in reasons(replay).items()
        ],
        "leakers": [
            {**dict(zip(THREAT_HEADER, row, strict=True)), "why": why_it_leaked(replay, row[0])}
            for row in threat_rows(replay) if row[THREAT_HEADER.index("outcome")] == "leaked"
        ],
        "threats": [dict(zip(THREAT_HEADER, row, strict=True)) for row in threat_rows(replay)],
        "events": [dict(zip(EVENT_HEADER, row, strict=True)) for row in event_rows(replay)],
    }
