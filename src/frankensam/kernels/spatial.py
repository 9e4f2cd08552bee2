"""One raid at the spatial resolution: many threats against many fire units, event by event.

Events are ordered by (time, kind, rank): an intercept and a reload free what
an arrival in the window may then use. A unit with a free channel and a ready
round takes the most urgent threat it may engage, by least time to impact. Work
is done for the pairs of fire unit and threat that meet, and for each event in
the logarithm of their number; a pair that cannot meet costs one test without
trigonometry.
"""

from __future__ import annotations

import math
from collections import namedtuple
from functools import cache
from typing import Any

import numpy as np
from numba import types

from frankensam.kernels.arrays import INPUTS
from frankensam.kernels.event_heap import pop, push
from frankensam.kernels.options import kernel, stage
from frankensam.kernels.philox import uniform
from frankensam.kernels.spatial_arrays import (
    FAILED,
    IN_WINDOW,
    KILL,
    LATE,
    LAUNCH,
    MISS,
    REASONS,
    RELOADED,
    SPATIAL_INPUTS,
    STREAM_INTERCEPT,
    STREAM_PRELAUNCH,
    SpatialInputs,
)
from frankensam.kernels.spatial_raid import (
    ALONG_AIM,
    ALONG_TANGENT,
    BATTERY,
    BUSY,
    CANDIDATES,
    CHANNELS,
    CLASS,
    CLOSEST,
    DEEDS,
    EARLIEST,
    ENGAGED,
    EVENTS,
    FIRST_CANDIDATE,
    FIRST_PAIR,
    FLOWN,
    FOE,
    FOES,
    HELD,
    HYBRID,
    LACKED_CHANNEL,
    LACKED_ROUND,
    LATEST,
    LOAD,
    LOGGED,
    NUMBER,
    PAIRS,
    READY,
    SALVO,
    SECTOR,
    SEEN,
    SPATIAL_WORK,
    SPENT,
    SQUARE,
    STOPPED,
    TRIED,
    UNDER_FIRE,
    UNIT,
    WAITS,
    allocate_spatial_work,
    assemble,
    man,
    note,
    prepare_theatre,
    settle,
    spatial_shapes,
)
from frankensam.kernels.sphere import AIM, ALTITUDE, ANGLE, IMPACT, RATE, TANGENT, crossing, flight_time, nearness, sift
from frankensam.kernels.state import AVAILABLE, FIRED, ROUNDS
from frankensam.kernels.tables import ArrayType, Table, TableType

INTERCEPT_EVENT, RELOAD_EVENT, WINDOW_EVENT = 0, 1, 2
KIND_SHIFT = 48
ARGUMENT = (1 << KIND_SHIFT) - 1
SECTOR_STRIDE = 0x9E3779B1
"""Odd multiplier that sets apart the draws of one fire unit against threats of different sectors."""
ROUNDS_PER_PAIR = 4096
WORD = 0xFFFFFFFF

SpatialOutcomes = namedtuple("SpatialOutcomes", "engagements killed leak_reasons rounds_fired")


@stage
def join(w: Any, p: int) -> None:
    """Make a pair's threat a candidate of its fire unit."""
    j = w.pair[p, BATTERY]
    w.pair[p, WAITS] = 0
    w.battery[j, CANDIDATES] = push(
        w.candidate_time, w.candidate, w.battery[j, FIRST_CANDIDATE], w.battery[j, CANDIDATES], w.leg[IMPACT, w.pair[p, FOE]], p,
    )


@stage
def meet(a: Any, w: Any, j: int, h: int, i: int, x: float, y: float, z: float, square: float) -> None:
    """Note whether a fire unit at (x, y, z) ever sees a threat, and when it may engage it."""
    c = w.foe[i, CLASS]
    chord, reach = w.chord[h, c], w.reach[h, c]
    along_aim = x * w.leg[AIM, i] + y * w.leg[AIM + 1, i] + z * w.leg[AIM + 2, i]
    along_tangent = x * w.leg[TANGENT, i] + y * w.leg[TANGENT + 1, i] + z * w.leg[TANGENT + 2, i]
    near = nearness(w.leg, i, 0.0, along_aim, along_tangent, square, chord * chord)
    if near == 0:
        return
    altitude = w.leg[ALTITUDE, i]
    engageable = reach > 0.0 and nearness(w.leg, i, altitude, along_aim, along_tangent, square, reach * reach) > 0
    if not engageable and (near == 2 or w.foe[i, DEEDS] & SEEN):
        w.foe[i, DEEDS] |= SEEN
        return
    m, psi = math.sqrt(along_aim * along_aim + along_tangent * along_tangent), math.atan2(along_tangent, along_aim)
    lost, seen = crossing(w.leg, i, 0.0, along_aim, along_tangent, m, psi, square, chord)
    if not lost < seen:
        return
    w.foe[i, DEEDS] |= SEEN
    if not engageable:
        return
    leave, enter = crossing(w.leg, i, altitude, along_aim, along_tangent, m, psi, square, reach)
    if not leave < enter:
        return
    impact, rate, angle = w.leg[IMPACT, i], w.leg[RATE, i], w.leg[ANGLE, i]
    earliest = impact - seen / rate + a.hybrid_reaction[h]
    if enter < angle:
        earliest = max(earliest, impact - enter / rate - reach / a.hybrid_speed[h])
    latest = impact - max(leave, lost) / rate
    if earliest < latest:
        p = w.tally[PAIRS]
        w.pair[p, BATTERY] = j
        w.pair[p, FOE] = i
        w.pair[p, WAITS] = 0
        w.pair[p, TRIED] = 0
        w.pair[p, FLOWN] = 0
        w.pair[p, SALVO] = 0
        w.window[p, EARLIEST] = earliest
        w.window[p, LATEST] = latest
        w.window[p, CLOSEST] = impact - min(max(psi, 0.0), angle) / rate
        w.window[p, ALONG_AIM] = along_aim
        w.window[p, ALONG_TANGENT] = along_tangent
        w.window[p, SQUARE] = square
        w.tally[PAIRS] = p + 1


@stage
def pair_up(a: Any, w: Any, batteries: int) -> None:
    """Find all pairs that meet, unit by unit in order of rank, list them by threat, and schedule the opening of their windows."""
    foes = w.tally[FOES]
    w.tally[PAIRS] = 0
    w.tally[EVENTS] = 0
    for j in range(batteries):
        w.battery[j, FIRST_CANDIDATE] = w.tally[PAIRS]
        h, place = w.battery[j, HYBRID], a.site_position.shape[0] + w.battery[j, UNIT]
        x, y, z = w.point[place, 0], w.point[place, 1], w.point[place, 2]
        square = x * x + y * y + z * z
        widest = 0.0
        for c in range(w.chord.shape[1]):
            widest = max(widest, w.chord[h, c])
        sift(w.leg, foes, x, y, z, square, widest * widest, w.excess)
        for i in range(foes):
            if w.excess[i] < 0.0:
                meet(a, w, j, h, i, x, y, z, square)
    pairs = w.tally[PAIRS]
    for i in range(foes):
        w.foe[i, FIRST_PAIR] = 0
    for p in range(pairs):
        w.foe[w.pair[p, FOE], FIRST_PAIR] += 1
    end = 0
    for i in range(foes):
        end += w.foe[i, FIRST_PAIR]
        w.foe[i, FIRST_PAIR] = end
    for p in range(pairs - 1, -1, -1):
        i = w.pair[p, FOE]
        w.foe[i, FIRST_PAIR] -= 1
        w.pair_of_foe[w.foe[i, FIRST_PAIR]] = p
    for p in range(pairs):
        w.tally[EVENTS] = push(w.event_time, w.event_code, 0, w.tally[EVENTS], w.window[p, EARLIEST], WINDOW_EVENT << KIND_SHIFT | p)


@stage
def entity(a: Any, w: Any, j: int, i: int) -> int:
    """Return the key of a fire unit's draws against threats of one sector."""
    return (a.unit_key[w.battery[j, UNIT]] + a.sector_key[w.foe[i, SECTOR]] * SECTOR_STRIDE) & WORD


@stage
def launch(a: Any, w: Any, seed: int, r: int, d: int, now: float, p: int) -> int:
    """Spend a salvo on a pair, as far as rounds are ready; return how many left the launcher. Empty launchers begin to reload."""
    j, i = w.pair[p, BATTERY], w.pair[p, FOE]
    h, u = w.battery[j, HYBRID], w.battery[j, UNIT]
    shots = min(a.hybrid_salvo[h], w.battery[j, READY])
    failure = a.hybrid_prelaunch_failure[h]
    left = shots
    if failure > 0.0:
        key = entity(a, w, j, i)
        for k in range(shots):
            draw = w.foe[i, NUMBER] * ROUNDS_PER_PAIR + w.pair[p, TRIED] + k
            if uniform(seed, r, STREAM_PRELAUNCH, d, key, draw) < failure:
                left -= 1
        if left < shots:
            note(w.tally, w.raid_log_time, w.raid_log, now, FAILED, u, i, shots - left)
    w.pair[p, TRIED] += shots
    w.battery[j, READY] -= shots
    w.battery[j, HELD] -= shots
    w.battery[j, SPENT] += shots
    while w.battery[j, SPENT] >= w.battery[j, LOAD]:
        w.battery[j, SPENT] -= w.battery[j, LOAD]
        if w.battery[j, HELD] > w.battery[j, READY]:
            w.tally[EVENTS] = push(w.event_time, w.event_code, 0, w.tally[EVENTS], now + a.hybrid_reload[h], RELOAD_EVENT << KIND_SHIFT | j)
    return left


@stage
def shoot(a: Any, w: Any, o: Any, n: int, seed: int, r: int, d: int, now: float, j: int) -> None:
    """Let a fire unit engage the most urgent of its candidates while it has a free channel and a ready round."""
    first = w.battery[j, FIRST_CANDIDATE]
    h, u = w.battery[j, HYBRID], w.battery[j, UNIT]
    while w.battery[j, BUSY] < w.battery[j, CHANNELS] and w.battery[j, READY] > 0 and w.battery[j, CANDIDATES] > 0:
        p = w.candidate[first]
        i = w.pair[p, FOE]
        w.battery[j, CANDIDATES] = pop(w.candidate_time, w.candidate, first, w.battery[j, CANDIDATES])
        if w.foe[i, STOPPED] != 0 or not now < w.window[p, LATEST]:
            continue
        if a.fire_coordination[()] != 0 and w.foe[i, UNDER_FIRE] > 0:
            w.pair[p, WAITS] = 1
            continue
        t = flight_time(
            w.leg, i, now, w.window[p, ALONG_AIM], w.window[p, ALONG_TANGENT], w.window[p, SQUARE], a.hybrid_speed[h],
            w.window[p, CLOSEST], w.window[p, LATEST],
        )
        if t < 0.0:
            continue
        left = launch(a, w, seed, r, d, now, p)
        if left == 0:
            w.foe[i, DEEDS] |= LACKED_ROUND
            join(w, p)
            continue
        w.pair[p, SALVO] = left
        w.battery[j, BUSY] += 1
        w.foe[i, UNDER_FIRE] += 1
        w.foe[i, DEEDS] |= ENGAGED
        o.engagements[n, h, w.foe[i, CLASS]] += 1
        note(w.tally, w.raid_log_time, w.raid_log, now, LAUNCH, u, i, left)
        w.tally[EVENTS] = push(w.event_time, w.event_code, 0, w.tally[EVENTS], now + t, INTERCEPT_EVENT << KIND_SHIFT | p)


@stage
def open_window(w: Any, now: float, p: int) -> bool:
    """A threat becomes a candidate of a fire unit; say whether the unit could shoot now, and note what it lacks if not."""
    j, i = w.pair[p, BATTERY], w.pair[p, FOE]
    if w.foe[i, STOPPED] != 0:
        return False
    lack = 0
    if w.battery[j, BUSY] >= w.battery[j, CHANNELS]:
        w.foe[i, DEEDS] |= LACKED_CHANNEL
        lack = 1
    elif w.battery[j, READY] == 0:
        w.foe[i, DEEDS] |= LACKED_ROUND
        lack = 2
    note(w.tally, w.raid_log_time, w.raid_log, now, IN_WINDOW, w.battery[j, UNIT], i, lack)
    join(w, p)
    return lack == 0


@stage
def reload_launcher(w: Any, now: float, j: int) -> None:
    """A launcher gets its next load, as far as the magazine goes."""
    loaded = min(w.battery[j, LOAD], w.battery[j, HELD] - w.battery[j, READY])
    if loaded > 0:
        w.battery[j, READY] += loaded
        note(w.tally, w.raid_log_time, w.raid_log, now, RELOADED, w.battery[j, UNIT], -1, loaded)


@stage
def intercept(a: Any, w: Any, o: Any, n: int, seed: int, r: int, d: int, now: float, p: int) -> bool:
    """A salvo meets its threat: one draw for each round. Say whether the threat flies on."""
    j, i = w.pair[p, BATTERY], w.pair[p, FOE]
    h, u, c = w.battery[j, HYBRID], w.battery[j, UNIT], w.foe[i, CLASS]
    salvo = w.pair[p, SALVO]
    w.battery[j, BUSY] -= 1
    w.foe[i, UNDER_FIRE] -= 1
    if w.foe[i, STOPPED] != 0:
        note(w.tally, w.raid_log_time, w.raid_log, now, LATE, u, i, salvo)
        return False
    key = entity(a, w, j, i)
    first = w.foe[i, NUMBER] * ROUNDS_PER_PAIR + w.pair[p, FLOWN]
    w.pair[p, FLOWN] += salvo
    for k in range(salvo):
        if uniform(seed, r, STREAM_INTERCEPT, d, key, first + k) < a.hybrid_sspk[h, c]:
            w.foe[i, STOPPED] = 1
            o.killed[n, h, c] += 1
            note(w.tally, w.raid_log_time, w.raid_log, now, KILL, u, i, salvo)
            return False
    note(w.tally, w.raid_log_time, w.raid_log, now, MISS, u, i, salvo)
    return True


@stage
def fight(a: Any, w: Any, o: Any, n: int, seed: int, r: int, d: int) -> None:
    """Play the events of the raid in their order."""
    foes, pairs = w.tally[FOES], w.tally[PAIRS]
    while w.tally[EVENTS] > 0:
        now = w.event_time[0]
        kind, argument = w.event_code[0] >> KIND_SHIFT, w.event_code[0] & ARGUMENT
        w.tally[EVENTS] = pop(w.event_time, w.event_code, 0, w.tally[EVENTS])
        first, last, j = 0, -1, -1
        if kind == WINDOW_EVENT:
            if open_window(w, now, argument):
                j = w.pair[argument, BATTERY]
        elif kind == RELOAD_EVENT:
            reload_launcher(w, now, argument)
            j = argument
        else:
            j = w.pair[argument, BATTERY]
            if intercept(a, w, o, n, seed, r, d, now, argument):
                # it flies on: every fire unit that had stood back tries again, and the one that missed
                i = w.pair[argument, FOE]
                w.pair[argument, WAITS] = 1
                first = w.foe[i, FIRST_PAIR]
                last = (w.foe[i + 1, FIRST_PAIR] if i + 1 < foes else pairs) - 1
                j = -1
        k = first
        while j >= 0 or k <= last:
            if j < 0:
                p = w.pair_of_foe[k]
                k += 1
                if w.pair[p, WAITS] == 0:
                    continue
                join(w, p)
                j = w.pair[p, BATTERY]
            shoot(a, w, o, n, seed, r, d, now, j)
            j = -1


@stage
def disarm(w: Any, o: Any, n: int, batteries: int) -> None:
    """Take the rounds fired from the fire units."""
    for j in range(batteries):
        u = w.battery[j, UNIT]
        fired = w.unit[u, ROUNDS] - w.battery[j, HELD]
        w.unit[u, ROUNDS] -= fired
        w.unit[u, FIRED] = fired
        o.rounds_fired[n, w.battery[j, HYBRID]] += fired


@stage
def copy(source: Any, target: Any) -> None:
    """Copy a table of counts."""
    for i in range(source.shape[0]):
        for j in range(source.shape[1]):
            target[i, j] = source[i, j]


@stage
def resolve_raids(a: Any, w: Any, o: Any, start: Any, seed: int, first: int, count: int, d: int) -> None:
    """Resolve one raid, `start.raid[sector, class]` against fire units in the state `start.unit`, in `count` replications from `first`."""
    prepare_theatre(a, w)
    for n in range(count):
        copy(start.raid, w.raid)
        copy(start.unit, w.unit)
        r = first + n
        w.tally[LOGGED] = 0
        assemble(a, w, seed, r, d)
        batteries = man(a, w)
        pair_up(a, w, batteries)
        fight(a, w, o, n, seed, r, d)
        disarm(w, o, n, batteries)
        settle(a, w, o, n, seed, r, d)


_DECLARED = {v.name: v for v in (*INPUTS, *SPATIAL_INPUTS)}
INPUT_TABLE = TableType("spatial.Inputs", {
    name: ArrayType(_DECLARED[name].dtype, len(_DECLARED[name].dims), constant=True) for name in SpatialInputs._fields
})
WORK_TABLE = TableType("spatial.Work", {name: ArrayType(dtype, ndim) for name, (dtype, ndim) in SPATIAL_WORK.items()})
OUTCOME_TABLE = TableType(
    "spatial.Outcomes", {name: ArrayType("float64", ndim) for name, ndim in zip(SpatialOutcomes._fields, (3, 3, 3, 2), strict=True)},
)
START_TABLE = TableType("spatial.Start", {"raid": ArrayType("int64", 2), "unit": ArrayType("int64", 2)})
"""The raid and the fire units before it."""


@cache
def raids_alone() -> Any:
    """Return the entry for raids outside a campaign; the first call compiles it where it is not cached."""

    @kernel(types.void(INPUT_TABLE, WORK_TABLE, OUTCOME_TABLE, START_TABLE, types.uint64, types.int64, types.int64, types.int64))
    def resolve_raids_alone(a: Any, w: Any, o: Any, start: Any, seed: int, first: int, count: int, d: int) -> None:
        resolve_raids(a, w, o, start, seed, first, count, d)

    return resolve_raids_alone


PlayedRaids = namedtuple("PlayedRaids", "outcomes leakers aimed rounds_left event_times events")
"""Outcome arrays by replication; of the last one leakers[sector, class], aimed[place, class], rounds left by fire unit, and the record."""


def play_raids(
    a: SpatialInputs, raid: np.ndarray, launchers: np.ndarray, rounds: np.ndarray, seed: int, first_replication: int, day: int, *,
    count: int = 1, log: int = 0,
) -> PlayedRaids:
    """Resolve one raid of `raid[sector, class]` threats against fire units with available `launchers` and `rounds`, `count` times.

    Room for `log` events of the last replication is made; `events[k]` is (kind, unit, threat, value).
    """
    units, hybrids, classes = len(launchers), len(a.hybrid_reach), raid.shape[1]
    channels = np.maximum(1, np.floor(a.hybrid_channels[a.unit_hybrid] * launchers + 0.5)).sum()
    w: Any = allocate_spatial_work(spatial_shapes(
        len(a.site_position), units, len(raid), hybrids, classes, int(raid.sum()), int(channels), int(launchers.sum()), log,
    ))
    unit = np.zeros_like(w.unit)
    unit[:, AVAILABLE] = launchers
    unit[:, ROUNDS] = rounds
    shapes = ((hybrids, classes), (hybrids, classes), (classes, len(REASONS)), (hybrids,))
    inputs = [np.asarray(array, _DECLARED[name].dtype, order="C") for name, array in zip(SpatialInputs._fields, a, strict=True)]
    o = SpatialOutcomes(*(np.zeros((count, *shape)) for shape in shapes))
    numbers = np.array(raid, np.int64, order="C")
    tables = (Table(INPUT_TABLE, inputs), Table(WORK_TABLE, w), Table(OUTCOME_TABLE, o), Table(START_TABLE, (numbers, unit)))
    raids_alone()(*tables, np.uint64(seed), first_replication, count, day)
    logged = min(log, int(w.tally[LOGGED]))
    return PlayedRaids(o, w.raid, w.aimed, w.unit[:, ROUNDS].copy(), w.raid_log_time[:logged], w.raid_log[:logged])

