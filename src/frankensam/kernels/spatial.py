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
from frankensam.kernels.event_heap import arrange, pop, push
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
    NEAR_END,
    NEAREST,
    NUMBER,
    PAIRS,
    PASSING,
    READY,
    SALVO,
    SECTOR,
    SPATIAL_WORK,
    SPENT,
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
from frankensam.kernels.sphere import (
    AIM,
    AIM_Z,
    ALONG_AIM,
    ALONG_TANGENT,
    ALTITUDE,
    ANGLE,
    ENTERED,
    HEIGHT,
    IMPACT,
    LEAST,
    LEFT,
    LOST,
    NEVER_NEAR,
    POINT,
    RATE,
    SEEN,
    SHIFT,
    SLACK,
    SPREAD,
    SQUARE,
    TANGENT,
    TANGENT_Z,
    crossing,
    flight_time,
    pass_by,
    sift,
)
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
def list_near(
    reaches: Any, engages: Any, chords: Any, point: Any, leg: Any, foe: Any, battery: Any, limit: Any, excess: Any, near: Any,
    near_foe: Any, sight: Any, sites: int, foes: int, batteries: int,
) -> int:
    """List, unit by unit in order of rank, the threats that perhaps come within reach of a fire unit, with what `pass_by` reads.

    Returns their number; `battery[j, NEAR_END]` is where those of unit j end.
    """
    count = 0
    for h in range(limit.shape[0]):
        reach = reaches[h]
        for i in range(foes):
            limit[h, i] = reach * reach + SLACK if engages[h, foe[i, CLASS]] else NEVER_NEAR
    for j in range(batteries):
        h, place = battery[j, HYBRID], sites + battery[j, UNIT]
        x, y, z = point[place, POINT], point[place, POINT + 1], point[place, POINT + 2]
        square, reach = x * x + y * y + z * z, reaches[h]
        for k in range(sift(leg, foes, x, y, z, square, limit, h, excess, near)):
            i = near[k]
            chord = chords[h, foe[i, CLASS]]
            near_foe[count] = i
            sight[ALONG_AIM, count] = x * leg[AIM, i] + y * leg[AIM + 1, i] + z * leg[AIM + 2, i]
            sight[ALONG_TANGENT, count] = x * leg[TANGENT, i] + y * leg[TANGENT + 1, i] + z * leg[TANGENT + 2, i]
            sight[AIM_Z, count], sight[TANGENT_Z, count] = leg[AIM + 2, i], leg[TANGENT + 2, i]
            sight[HEIGHT, count], sight[SQUARE, count] = leg[ALTITUDE, i], square
            sight[SEEN, count], sight[ENTERED, count] = chord * chord, reach * reach
            count += 1
        battery[j, NEAR_END] = count
    return count


@stage
def meet(
    sight: Any, leg: Any, pair: Any, window: Any, tally: Any, i: int, j: int, k: int, reaction: float, reach: float, speed: float,
) -> None:
    """List the pair of a fire unit and the threat that passes it as column `k` of `sight` says, if the unit may ever engage it."""
    angle, impact, rate = leg[ANGLE, i], leg[IMPACT, i], leg[RATE, i]
    psi = math.atan2(sight[ALONG_TANGENT, k], sight[ALONG_AIM, k])
    lost, seen = crossing(sight[LOST, k], sight[SEEN, k], psi, angle)
    leave, enter = crossing(sight[LEFT, k], sight[ENTERED, k], psi, angle)
    earliest = impact - seen / rate + reaction
    if enter < angle:
        earliest = max(earliest, impact - enter / rate - reach / speed)
    latest = impact - max(leave, lost) / rate
    p = tally[PAIRS]
    pair[p, BATTERY] = j
    pair[p, FOE] = i
    pair[p, WAITS] = 0
    pair[p, TRIED] = 0
    pair[p, FLOWN] = 0
    pair[p, SALVO] = 0
    window[p, EARLIEST] = earliest
    window[p, LATEST] = latest
    window[p, CLOSEST] = impact - (psi - sight[SHIFT, k]) / rate
    window[p, NEAREST] = sight[LEAST, k]
    window[p, PASSING] = sight[SPREAD, k] * rate * rate
    tally[PAIRS] = p + int(lost < seen and leave < enter and earliest < latest)


@stage
def find_pairs(a: Any, w: Any, batteries: int) -> None:
    """Find all pairs that meet, unit by unit in order of rank."""
    listed = list_near(
        a.hybrid_reach, w.engages, w.chord, w.point, w.leg, w.foe, w.battery, w.limit, w.excess, w.near, w.near_foe, w.sight,
        a.site_position.shape[0], w.tally[FOES], batteries,
    )
    pass_by(w.sight, listed)
    w.tally[PAIRS] = 0
    first = 0
    for j in range(batteries):
        w.battery[j, FIRST_CANDIDATE] = w.tally[PAIRS]
        h, end = w.battery[j, HYBRID], w.battery[j, NEAR_END]
        for k in range(first, end):
            meet(w.sight, w.leg, w.pair, w.window, w.tally, w.near_foe[k], j, k, a.hybrid_reaction[h], a.hybrid_reach[h], a.hybrid_speed[h])
        first = end


@stage
def schedule_pairs(
    foe: Any, pair: Any, window: Any, pair_of_foe: Any, times: Any, room: Any, opening_time: Any, opening: Any, foes: int, pairs: int,
) -> None:
    """List the pairs by threat and by the opening of their windows."""
    for i in range(foes):
        foe[i, FIRST_PAIR] = 0
    for p in range(pairs):
        foe[pair[p, FOE], FIRST_PAIR] += 1
        times[p] = window[p, EARLIEST]
    end = 0
    for i in range(foes):
        end += foe[i, FIRST_PAIR]
        foe[i, FIRST_PAIR] = end
    for p in range(pairs - 1, -1, -1):
        i = pair[p, FOE]
        foe[i, FIRST_PAIR] -= 1
        pair_of_foe[foe[i, FIRST_PAIR]] = p
    arrange(times, pairs, room, opening_time, opening)


@stage
def entity(unit_key: int, sector_key: int) -> int:
    """Return the key of a fire unit's draws against threats of one sector."""
    return (unit_key + sector_key * SECTOR_STRIDE) & WORD


@stage
def launch(a: Any, w: Any, seed: int, r: int, d: int, now: float, p: int) -> int:
    """Spend a salvo on a pair, as far as rounds are ready; return how many left the launcher. Empty launchers begin to reload."""
    j, i = w.pair[p, BATTERY], w.pair[p, FOE]
    h, u = w.battery[j, HYBRID], w.battery[j, UNIT]
    shots = min(a.hybrid_salvo[h], w.battery[j, READY])
    failure = a.hybrid_prelaunch_failure[h]
    left = shots
    if failure > 0.0:
        key = entity(a.unit_key[u], a.sector_key[w.foe[i, SECTOR]])
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
def shoot(a: Any, w: Any, engagements: Any, n: int, seed: int, r: int, d: int, now: float, j: int) -> None:
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
        t = flight_time(now, w.window[p, CLOSEST], w.window[p, NEAREST], w.window[p, PASSING], a.hybrid_speed[h], w.window[p, LATEST])
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
        engagements[n, h, w.foe[i, CLASS]] += 1
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
def intercept(a: Any, w: Any, killed: Any, n: int, seed: int, r: int, d: int, now: float, p: int) -> bool:
    """A salvo meets its threat: one draw for each round. Say whether the threat flies on."""
    j, i = w.pair[p, BATTERY], w.pair[p, FOE]
    h, u, c = w.battery[j, HYBRID], w.battery[j, UNIT], w.foe[i, CLASS]
    salvo = w.pair[p, SALVO]
    w.battery[j, BUSY] -= 1
    w.foe[i, UNDER_FIRE] -= 1
    if w.foe[i, STOPPED] != 0:
        note(w.tally, w.raid_log_time, w.raid_log, now, LATE, u, i, salvo)
        return False
    key = entity(a.unit_key[u], a.sector_key[w.foe[i, SECTOR]])
    first = w.foe[i, NUMBER] * ROUNDS_PER_PAIR + w.pair[p, FLOWN]
    w.pair[p, FLOWN] += salvo
    for k in range(salvo):
        if uniform(seed, r, STREAM_INTERCEPT, d, key, first + k) < a.hybrid_sspk[h, c]:
            w.foe[i, STOPPED] = 1
            killed[n, h, c] += 1
            note(w.tally, w.raid_log_time, w.raid_log, now, KILL, u, i, salvo)
            return False
    note(w.tally, w.raid_log_time, w.raid_log, now, MISS, u, i, salvo)
    return True


@stage
def fight(a: Any, w: Any, engagements: Any, killed: Any, n: int, seed: int, r: int, d: int) -> None:
    """Play the events of the raid in their order."""
    foes, pairs, opened = w.tally[FOES], w.tally[PAIRS], 0
    w.tally[EVENTS] = 0
    while opened < pairs or w.tally[EVENTS] > 0:
        # at equal times what frees a channel or brings rounds comes before a window that opens
        if w.tally[EVENTS] == 0 or (opened < pairs and w.opening_time[opened] < w.event_time[0]):
            now, kind, argument = w.opening_time[opened], WINDOW_EVENT, w.opening[opened]
            opened += 1
        else:
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
            if intercept(a, w, killed, n, seed, r, d, now, argument):
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
            shoot(a, w, engagements, n, seed, r, d, now, j)
            j = -1


@stage
def disarm(battery: Any, unit: Any, rounds_fired: Any, n: int, batteries: int) -> None:
    """Take the rounds fired from the fire units."""
    for j in range(batteries):
        u = battery[j, UNIT]
        fired = unit[u, ROUNDS] - battery[j, HELD]
        unit[u, ROUNDS] -= fired
        unit[u, FIRED] = fired
        rounds_fired[n, battery[j, HYBRID]] += fired


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
        batteries = man(a, w.rank, w.unit, w.battery)
        find_pairs(a, w, batteries)
        schedule_pairs(
            w.foe, w.pair, w.window, w.pair_of_foe, w.candidate_time, w.candidate, w.opening_time, w.opening, w.tally[FOES], w.tally[PAIRS],
        )
        fight(a, w, o.engagements, o.killed, n, seed, r, d)
        disarm(w.battery, w.unit, o.rounds_fired, n, batteries)
        settle(a, w, o, n, seed, r, d, batteries)


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

