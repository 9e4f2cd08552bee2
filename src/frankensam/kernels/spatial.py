"""One raid at the spatial resolution: many threats against many fire units, event by event.

Events are ordered by (time, kind, rank): an intercept and a reload free what
an arrival in the window may then use. A unit with a free channel and a ready
round takes the most urgent threat it may engage, by least time to impact. Work
is done for the pairs of fire unit and threat that meet, and for each event in
the logarithm of their number; a pair that cannot meet costs one test without
trigonometry.
"""

from __future__ import annotations

from collections import namedtuple
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
    RELOADED,
    REASONS,
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
    STOPPED,
    TRIED,
    UNDER_FIRE,
    UNIT,
    WAITS,
    SpatialWork,
    allocate_spatial_work,
    assemble,
    man,
    note,
    prepare_theatre,
    settle,
    spatial_shapes,
)
from frankensam.kernels.sphere import ANGLE, IMPACT, RATE, SLACK, crossing, flight_time, nearness
from frankensam.kernels.state import AVAILABLE, FIRED, ROUNDS

INTERCEPT_EVENT, RELOAD_EVENT, WINDOW_EVENT = 0, 1, 2
KIND_SHIFT = 48
ARGUMENT = (1 << KIND_SHIFT) - 1
SECTOR_STRIDE = 0x9E3779B1
"""Odd multiplier that sets apart the draws of one fire unit against threats of different sectors."""
ROUNDS_PER_PAIR = 4096
WORD = 0xFFFFFFFF

SpatialOutcomes = namedtuple("SpatialOutcomes", "engagements killed leak_reasons rounds_fired")


@stage
def schedule(w: Any, time: float, kind: int, argument: int) -> None:
    """Add an event."""
    w.tally[EVENTS] = push(w.event_time, w.event_code, 0, w.tally[EVENTS], time, (kind << KIND_SHIFT) | argument)


@stage
def join(w: Any, p: int) -> None:
    """Make a pair's threat a candidate of its fire unit."""
    j = w.pair[p, BATTERY]
    w.pair[p, WAITS] = 0
    w.battery[j, CANDIDATES] = push(
        w.candidate_time, w.candidate, w.battery[j, FIRST_CANDIDATE], w.battery[j, CANDIDATES], w.leg[w.pair[p, FOE], IMPACT], p,
    )


@stage
def meet(a: Any, w: Any, j: int, i: int) -> None:
    """Note whether a fire unit ever sees a threat, and when it may engage it."""
    u, h, c = w.battery[j, UNIT], w.battery[j, HYBRID], w.foe[i, CLASS]
    place = a.site_position.shape[0] + u
    chord = w.chord[h, c]
    near = nearness(w.leg, i, 0.0, w.point, place)
    if near > chord * chord + SLACK:
        return
    reach, altitude = a.hybrid_reach[h], a.threat_altitude[c]
    engageable = (
        a.hybrid_class_order[h, a.threat_appearance[c]] >= 0 and a.hybrid_lowest[h] <= altitude <= a.hybrid_highest[h]
        and nearness(w.leg, i, altitude, w.point, place) < reach * reach + SLACK
    )
    if not engageable and near < chord * chord - SLACK:
        w.foe[i, DEEDS] |= SEEN
        return
    lost, seen = crossing(w.leg, i, 0.0, w.point, place, chord)
    if not lost < seen:
        return
    w.foe[i, DEEDS] |= SEEN
    if not engageable:
        return
    leave, enter = crossing(w.leg, i, altitude, w.point, place, reach)
    if not leave < enter:
        return
    impact, rate = w.leg[i, IMPACT], w.leg[i, RATE]
    earliest = impact - seen / rate + a.hybrid_reaction[h]
    if enter < w.leg[i, ANGLE]:
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
        w.tally[PAIRS] = p + 1


@stage
def pair_up(a: Any, w: Any, batteries: int) -> None:
    """Find all pairs that meet, unit by unit in order of rank, list them by threat, and schedule the opening of their windows."""
    foes = w.tally[FOES]
    w.tally[PAIRS] = 0
    w.tally[EVENTS] = 0
    for j in range(batteries):
        w.battery[j, FIRST_CANDIDATE] = w.tally[PAIRS]
        for i in range(foes):
            meet(a, w, j, i)
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
        schedule(w, w.window[p, EARLIEST], WINDOW_EVENT, p)


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
            note(w, now, FAILED, u, i, shots - left)
    w.pair[p, TRIED] += shots
    w.battery[j, READY] -= shots
    w.battery[j, HELD] -= shots
    w.battery[j, SPENT] += shots
    while w.battery[j, SPENT] >= w.battery[j, LOAD]:
        w.battery[j, SPENT] -= w.battery[j, LOAD]
        if w.battery[j, HELD] > w.battery[j, READY]:
            schedule(w, now + a.hybrid_reload[h], RELOAD_EVENT, j)
    return left


@stage
def shoot(a: Any, w: Any, o: Any, n: int, seed: int, r: int, d: int, now: float, j: int) -> None:
    """Let a fire unit engage the most urgent of its candidates while it has a free channel and a ready round."""
    first = w.battery[j, FIRST_CANDIDATE]
    h, u = w.battery[j, HYBRID], w.battery[j, UNIT]
    place = a.site_position.shape[0] + u
    reach, speed = a.hybrid_reach[h], a.hybrid_speed[h]
    while w.battery[j, BUSY] < w.battery[j, CHANNELS] and w.battery[j, READY] > 0 and w.battery[j, CANDIDATES] > 0:
        p = w.candidate[first]
        i = w.pair[p, FOE]
        w.battery[j, CANDIDATES] = pop(w.candidate_time, w.candidate, first, w.battery[j, CANDIDATES])
        if w.foe[i, STOPPED] != 0 or not now < w.window[p, LATEST]:
            continue
        if a.fire_coordination[()] != 0 and w.foe[i, UNDER_FIRE] > 0:
            w.pair[p, WAITS] = 1
            continue
        t = flight_time(w.leg, i, now, w.point, place, speed, min(reach / speed, w.window[p, LATEST] - now))
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
        note(w, now, LAUNCH, u, i, left)
        schedule(w, now + t, INTERCEPT_EVENT, p)


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
    note(w, now, IN_WINDOW, w.battery[j, UNIT], i, lack)
    join(w, p)
    return lack == 0


@stage
def reload_launcher(w: Any, now: float, j: int) -> None:
    """A launcher gets its next load, as far as the magazine goes."""
    loaded = min(w.battery[j, LOAD], w.battery[j, HELD] - w.battery[j, READY])
    if loaded > 0:
        w.battery[j, READY] += loaded
        note(w, now, RELOADED, w.battery[j, UNIT], -1, loaded)


@stage
def intercept(a: Any, w: Any, o: Any, n: int, seed: int, r: int, d: int, now: float, p: int) -> bool:
    """A salvo meets its threat: one draw for each round. Say whether the threat flies on."""
    j, i = w.pair[p, BATTERY], w.pair[p, FOE]
    h, u, c = w.battery[j, HYBRID], w.battery[j, UNIT], w.foe[i, CLASS]
    salvo = w.pair[p, SALVO]
    w.battery[j, BUSY] -= 1
    w.foe[i, UNDER_FIRE] -= 1
    if w.foe[i, STOPPED] != 0:
        note(w, now, LATE, u, i, salvo)
        return False
    key = entity(a, w, j, i)
    first = w.foe[i, NUMBER] * ROUNDS_PER_PAIR + w.pair[p, FLOWN]
    w.pair[p, FLOWN] += salvo
    for k in range(salvo):
        if uniform(seed, r, STREAM_INTERCEPT, d, key, first + k) < a.hybrid_sspk[h, c]:
            w.foe[i, STOPPED] = 1
            o.killed[n, h, c] += 1
            note(w, now, KILL, u, i, salvo)
            return False
    note(w, now, MISS, u, i, salvo)
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
def resolve(a: Any, w: Any, o: Any, n: int, seed: int, r: int, d: int) -> None:
    """Resolve the raid in `raid[sector, class]` on the whole theatre; leave leakers there and rounds fired with the units."""
    w.tally[LOGGED] = 0
    assemble(a, w, seed, r, d)
    batteries = man(a, w)
    pair_up(a, w, batteries)
    fight(a, w, o, n, seed, r, d)
    for j in range(batteries):
        u = w.battery[j, UNIT]
        fired = w.unit[u, ROUNDS] - w.battery[j, HELD]
        w.unit[u, ROUNDS] -= fired
        w.unit[u, FIRED] = fired
        o.rounds_fired[n, w.battery[j, HYBRID]] += fired
    settle(a, w, o, n, seed, r, d)


_NUMBA = {"int64": types.int64, "float64": types.float64}
_DECLARED = {v.name: v for v in (*INPUTS, *SPATIAL_INPUTS)}
_INPUT_TYPES = types.BaseTuple.from_types([
    types.Array(_NUMBA[_DECLARED[name].dtype], len(_DECLARED[name].dims), "C", readonly=True) for name in SpatialInputs._fields
], SpatialInputs)
_WORK_TYPES = types.BaseTuple.from_types([types.Array(_NUMBA[dtype], ndim, "C") for dtype, ndim in SPATIAL_WORK.values()], SpatialWork)
_OUTCOME_TYPES = types.BaseTuple.from_types(
    [types.Array(types.float64, ndim, "C") for ndim in (3, 3, 3, 2)], SpatialOutcomes,
)


@kernel(types.void(_INPUT_TYPES, _WORK_TYPES, _OUTCOME_TYPES, types.int64, types.uint64, types.int64, types.int64))
def resolve_raid(a: SpatialInputs, w: SpatialWork, o: SpatialOutcomes, n: int, seed: int, r: int, d: int) -> None:
    """Resolve one raid from the numbers in `w.raid` and the fire units' state in `w.unit`; add to row `n` of the outcomes."""
    prepare_theatre(a, w)
    resolve(a, w, o, n, seed, r, d)


PlayedRaid = namedtuple("PlayedRaid", "outcomes leakers aimed rounds_left event_times events")
"""What one raid did: outcome arrays of one row, leakers[sector, class], aimed[place, class], rounds left by fire unit, the record."""


def play_raid(
    a: SpatialInputs, raid: np.ndarray, launchers: np.ndarray, rounds: np.ndarray, seed: int, replication: int, day: int, log: int = 0,
) -> PlayedRaid:
    """Resolve one raid of `raid[sector, class]` threats against fire units with available `launchers` and `rounds`.

    Room for `log` events is made; `events[k]` is (kind, unit, threat, value).
    """
    inputs = SpatialInputs(*(_read_only(array) for array in a))
    units, classes = len(launchers), raid.shape[1]
    channels = np.maximum(1, np.floor(inputs.hybrid_channels[inputs.unit_hybrid] * launchers + 0.5)).sum()
    w = allocate_spatial_work(spatial_shapes(
        len(inputs.site_position), units, len(raid), len(inputs.hybrid_reach), classes, int(raid.sum()), int(channels), int(launchers.sum()), log,
    ))
    w.raid[:] = raid
    w.unit[:, AVAILABLE] = launchers
    w.unit[:, ROUNDS] = rounds
    hybrids = len(inputs.hybrid_reach)
    o = SpatialOutcomes(*(np.zeros((1, *shape)) for shape in ((hybrids, classes), (hybrids, classes), (classes, len(REASONS)), (hybrids,))))
    resolve_raid(inputs, w, o, 0, np.uint64(seed), replication, day)
    logged = int(w.tally[LOGGED])
    return PlayedRaid(o, w.raid, w.aimed, w.unit[:, ROUNDS].copy(), w.raid_log_time[:logged], w.raid_log[:logged])


def _read_only(array: np.ndarray) -> np.ndarray:
    view = np.asarray(array).view()
    view.setflags(write=False)
    return view
