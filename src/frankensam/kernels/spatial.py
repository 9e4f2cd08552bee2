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

from frankensam.kernels.arrays import INPUTS
from frankensam.kernels.draws import draw_listed
from frankensam.kernels.event_heap import arrange, pop, push
from frankensam.kernels.options import inlined, stage
from frankensam.kernels.philox import uniform
from frankensam.kernels.spatial_arrays import (
    FAILED,
    IN_WINDOW,
    KILL,
    LATE,
    LAUNCH,
    MISS,
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
    DEEDS,
    ENGAGED,
    FIRST_PAIR,
    FIRST_WAITING,
    FLOWN,
    FOE,
    FOES,
    HELD,
    HITS,
    HYBRID,
    LACKED_CHANNEL,
    LACKED_ROUND,
    LOAD,
    LOGGED,
    NEXT,
    NOBODY,
    NUMBER,
    PAIRS,
    READY,
    RELOADS,
    SALVO,
    SECTOR,
    SPATIAL_WORK,
    SPENT,
    STOPPED,
    TRIED,
    UNDER_FIRE,
    UNIT,
    WITHOUT,
    assemble,
    man,
    note,
    prepare_theatre,
    settle,
)
from frankensam.kernels.sphere import (
    AIM,
    AIM_Z,
    ALONG_AIM,
    ALONG_TANGENT,
    ALTITUDE,
    ANGLE,
    ARRIVAL,
    CLOSEST,
    EARLIEST,
    ENTERED,
    FLIGHT,
    FLYING,
    HEIGHT,
    IMPACT,
    LATEST,
    LEAD,
    NEAREST,
    NEVER,
    NEVER_NEAR,
    PASSING,
    POINT,
    RATE,
    REACTION,
    SEEN,
    SLACK,
    SQUARE,
    TANGENT,
    TANGENT_Z,
    TURN,
    WHOLE,
    find_angles,
    find_windows,
    flight_time,
    pass_by,
    sift,
)
from frankensam.kernels.state import FIRED, ROUNDS
from frankensam.kernels.tables import ArrayType, TableType

SECTOR_STRIDE = 0x9E3779B1
"""Odd multiplier that sets apart the draws of one fire unit against threats of different sectors."""
ROUNDS_PER_PAIR = 4096
WORD = 0xFFFFFFFF

SpatialOutcomes = namedtuple("SpatialOutcomes", "engagements killed leak_reasons rounds_fired")


@stage
def join(w: Any, p: int, j: int) -> None:
    """Make a pair's threat a candidate of its fire unit."""
    w.battery[j, CANDIDATES] = push(
        w.candidate_time, w.candidate, w.battery[j, FIRST_PAIR], w.battery[j, CANDIDATES], w.leg[IMPACT, w.pair[p, FOE]], p,
    )


@stage
def list_near(a: Any, w: Any, batteries: int) -> int:
    """List, unit by unit in order of rank, the threats that perhaps come within reach of a fire unit, with what `pass_by` reads.

    Returns their number.
    """
    leg, foe, sight, pair, count, foes = w.leg, w.foe, w.sight, w.pair, 0, w.tally[FOES]
    for h in range(w.limit.shape[0]):
        reach = a.hybrid_reach[h]
        for i in range(foes):
            w.limit[h, i] = reach * reach + SLACK if w.engages[h, foe[i, CLASS]] else NEVER_NEAR
    for j in range(batteries):
        h, place = w.battery[j, HYBRID], a.site_position.shape[0] + w.battery[j, UNIT]
        x, y, z = w.point[place, POINT], w.point[place, POINT + 1], w.point[place, POINT + 2]
        square, reach, speed, reaction = x * x + y * y + z * z, a.hybrid_reach[h], a.hybrid_speed[h], a.hybrid_reaction[h]
        lead = reach / speed
        w.battery[j, FIRST_PAIR] = count
        for k in range(sift(leg, foes, x, y, z, square, w.limit, h, w.excess, w.near)):
            i = w.near[k]
            chord = w.chord[h, foe[i, CLASS]]
            sight[ALONG_AIM, count] = x * leg[AIM, i] + y * leg[AIM + 1, i] + z * leg[AIM + 2, i]
            sight[ALONG_TANGENT, count] = x * leg[TANGENT, i] + y * leg[TANGENT + 1, i] + z * leg[TANGENT + 2, i]
            sight[AIM_Z, count], sight[TANGENT_Z, count] = leg[AIM + 2, i], leg[TANGENT + 2, i]
            sight[HEIGHT, count], sight[SQUARE, count] = leg[ALTITUDE, i], square
            sight[SEEN, count], sight[ENTERED, count] = chord * chord, reach * reach
            sight[WHOLE, count], sight[TURN, count], sight[ARRIVAL, count] = leg[ANGLE, i], leg[RATE, i], leg[IMPACT, i]
            sight[REACTION, count], sight[LEAD, count], sight[FLYING, count] = reaction, lead, speed
            pair[count, BATTERY] = j
            pair[count, FOE] = i
            pair[count, TRIED] = 0
            pair[count, FLOWN] = 0
            count += 1
    return count


@stage
def find_pairs(a: Any, w: Any, batteries: int) -> None:
    """Find all pairs that perhaps meet, unit by unit in order of rank, and their windows."""
    pairs = list_near(a, w, batteries)
    w.tally[PAIRS] = pairs
    pass_by(w.sight, pairs)
    find_angles(w.sight, w.window, pairs)
    find_windows(w.sight, w.window, pairs)


@stage
def schedule_openings(w: Any) -> int:
    """List the pairs that meet by the opening of their windows; return how many."""
    count = 0
    for p in range(w.tally[PAIRS]):
        w.candidate_time[count], w.candidate[count] = w.window[EARLIEST, p], p
        count += int(w.window[EARLIEST, p] < NEVER)
    arrange(w.candidate_time, w.candidate, count, w.bucket, w.bucket_start, w.opening_time, w.opening)
    return count


@stage
def entity(unit_key: int, sector_key: int) -> int:
    """Return the key of a fire unit's draws against threats of one sector."""
    return (unit_key + sector_key * SECTOR_STRIDE) & WORD


@stage
def draw_rounds(a: Any, w: Any, seed: int, r: int, d: int) -> None:
    """Draw for the first two rounds of every pair, in rows: hardly any pair needs more, and a single draw costs five times as much."""
    pairs, failing = w.tally[PAIRS], 0.0
    for h in range(a.hybrid_prelaunch_failure.shape[0]):
        failing = max(failing, a.hybrid_prelaunch_failure[h])
    for p in range(pairs):
        i, u = w.pair[p, FOE], w.battery[w.pair[p, BATTERY], UNIT]
        w.draw_entity[p] = entity(a.unit_key[u], a.sector_key[w.foe[i, SECTOR]])
        w.draw_block[p] = w.foe[i, NUMBER] * (ROUNDS_PER_PAIR >> 1)
    if failing > 0.0:
        draw_listed(w.prelaunch_first, w.prelaunch_second, pairs, seed, r, STREAM_PRELAUNCH, d, w.draw_entity, w.draw_block)
    draw_listed(w.intercept_first, w.intercept_second, pairs, seed, r, STREAM_INTERCEPT, d, w.draw_entity, w.draw_block)


@stage
def round_draw(first: Any, second: Any, w: Any, seed: int, r: int, stream: int, d: int, p: int, k: int) -> float:
    """Return the draw of round `k` of a pair: of the first two from the rows of `draw_rounds`."""
    if k < 2:
        return second[p] if k == 1 else first[p]
    return uniform(seed, r, stream, d, w.draw_entity[p], 2 * w.draw_block[p] + k)


@stage
def launch(a: Any, w: Any, seed: int, r: int, d: int, now: float, p: int, j: int) -> int:
    """Spend a salvo on a pair, as far as rounds are ready; return how many left the launcher. Empty launchers begin to reload."""
    h = w.battery[j, HYBRID]
    shots, tried = min(a.hybrid_salvo[h], w.battery[j, READY]), w.pair[p, TRIED]
    failure = a.hybrid_prelaunch_failure[h]
    left = shots
    if failure > 0.0:
        for k in range(tried, tried + shots):
            left -= int(round_draw(w.prelaunch_first, w.prelaunch_second, w, seed, r, STREAM_PRELAUNCH, d, p, k) < failure)
        if left < shots:
            note(w.tally, w.raid_log_time, w.raid_log, now, FAILED, w.battery[j, UNIT], w.pair[p, FOE], shots - left)
    w.pair[p, TRIED] = tried + shots
    w.battery[j, READY] -= shots
    w.battery[j, HELD] -= shots
    w.battery[j, SPENT] += shots
    while w.battery[j, SPENT] >= w.battery[j, LOAD]:
        w.battery[j, SPENT] -= w.battery[j, LOAD]
        if w.battery[j, HELD] > w.battery[j, READY]:
            w.tally[RELOADS] = push(w.reload_time, w.reload_unit, 0, w.tally[RELOADS], now + a.hybrid_reload[h], j)
    return left


@stage
def may_launch(battery: Any, j: int) -> bool:
    """Say whether a fire unit has a free channel and a ready round."""
    return bool(battery[j, BUSY] < battery[j, CHANNELS] and battery[j, READY] > 0)


@stage
def stand_back(w: Any, p: int, i: int) -> None:
    """Put a pair into the chain of those that stand back from a threat, in order of rank."""
    before, after = NOBODY, w.foe[i, FIRST_WAITING]
    while after != NOBODY and after < p:
        before, after = after, w.pair[after, NEXT]
    w.pair[p, NEXT] = after
    if before == NOBODY:
        w.foe[i, FIRST_WAITING] = p
    else:
        w.pair[before, NEXT] = p


@stage
def time_to_meet(window: Any, now: float, p: int, speed: float) -> float:
    """Return how long an interceptor launched now flies to the threat of a pair; -1 if it does not meet it."""
    if now == window[EARLIEST, p]:
        return window[FLIGHT, p]
    return flight_time(now, window[CLOSEST, p], window[NEAREST, p], window[PASSING, p], speed, window[LATEST, p])


@inlined
def engage(a: Any, w: Any, o: Any, n: int, seed: int, r: int, d: int, now: float, p: int, j: int) -> None:
    """Let a fire unit that may launch engage the threat of a pair, if it still can; if every round fails it stays a candidate."""
    i = w.pair[p, FOE]
    if w.foe[i, STOPPED] != 0 or not now < w.window[LATEST, p]:
        return
    if a.fire_coordination[()] != 0 and w.foe[i, UNDER_FIRE] > 0:
        stand_back(w, p, i)
        return
    h = w.battery[j, HYBRID]
    t = time_to_meet(w.window, now, p, a.hybrid_speed[h])
    if t < 0.0:
        return
    left = launch(a, w, seed, r, d, now, p, j)
    if left == 0:
        w.foe[i, DEEDS] |= LACKED_ROUND
        join(w, p, j)
        return
    w.pair[p, SALVO] = left
    w.battery[j, BUSY] += 1
    w.foe[i, UNDER_FIRE] += 1
    w.foe[i, DEEDS] |= ENGAGED
    o.engagements[n, h, w.foe[i, CLASS]] += 1
    note(w.tally, w.raid_log_time, w.raid_log, now, LAUNCH, w.battery[j, UNIT], i, left)
    w.tally[HITS] = push(w.hit_time, w.hit_pair, 0, w.tally[HITS], now + t, p)


@stage
def note_no_round(w: Any, now: float, j: int, speed: float) -> None:
    """Note with each candidate that could be met now that a channel is free and no round ready; who comes later is told at its coming."""
    first = w.battery[j, FIRST_PAIR]
    for k in range(first, first + w.battery[j, CANDIDATES]):
        p = w.candidate[k]
        if now < w.window[LATEST, p] and time_to_meet(w.window, now, p, speed) >= 0.0:
            w.foe[w.pair[p, FOE], DEEDS] |= LACKED_ROUND
    w.battery[j, WITHOUT] = 1


@inlined
def shoot(a: Any, w: Any, o: Any, n: int, seed: int, r: int, d: int, now: float, p: int, j: int) -> None:
    """Let a fire unit engage the most urgent of its candidates while it has a free channel and a ready round.

    `p` is a pair that becomes a candidate now, or -1. Most find their unit free
    and without other candidates, and are engaged without a step of the heap.
    """
    first = w.battery[j, FIRST_PAIR]
    if p >= 0 and (w.battery[j, CANDIDATES] > 0 or not may_launch(w.battery, j)):
        join(w, p, j)
        p = -1
    while may_launch(w.battery, j):
        if p < 0:
            if w.battery[j, CANDIDATES] == 0:
                break
            p = w.candidate[first]
            w.battery[j, CANDIDATES] = pop(w.candidate_time, w.candidate, first, w.battery[j, CANDIDATES])
        engage(a, w, o, n, seed, r, d, now, p, j)
        p = -1
    if w.battery[j, READY] == 0 and w.battery[j, WITHOUT] == 0 and w.battery[j, BUSY] < w.battery[j, CHANNELS]:
        note_no_round(w, now, j, a.hybrid_speed[w.battery[j, HYBRID]])


@stage
def open_window(w: Any, now: float, p: int, j: int) -> bool:
    """Say whether a threat becomes a candidate of a fire unit now; note what the unit lacks, if anything."""
    i = w.pair[p, FOE]
    if w.foe[i, STOPPED] != 0 or w.window[FLIGHT, p] < 0.0:  # below zero: too late even if launched at once
        return False
    lack = 0
    if w.battery[j, BUSY] >= w.battery[j, CHANNELS]:
        w.foe[i, DEEDS] |= LACKED_CHANNEL
        lack = 1
    elif w.battery[j, READY] == 0:
        w.foe[i, DEEDS] |= LACKED_ROUND
        lack = 2
    note(w.tally, w.raid_log_time, w.raid_log, now, IN_WINDOW, w.battery[j, UNIT], i, lack)
    return True


@stage
def reload_launcher(w: Any, now: float, j: int) -> None:
    """A launcher gets its next load, as far as the magazine goes."""
    loaded = min(w.battery[j, LOAD], w.battery[j, HELD] - w.battery[j, READY])
    if loaded > 0:
        w.battery[j, READY] += loaded
        w.battery[j, WITHOUT] = 0
        note(w.tally, w.raid_log_time, w.raid_log, now, RELOADED, w.battery[j, UNIT], -1, loaded)


@stage
def intercept(a: Any, w: Any, o: Any, n: int, seed: int, r: int, d: int, now: float, p: int, j: int) -> bool:
    """A salvo meets its threat: one draw for each round. Say whether the threat flies on."""
    i, u, salvo, flown = w.pair[p, FOE], w.battery[j, UNIT], w.pair[p, SALVO], w.pair[p, FLOWN]
    w.battery[j, BUSY] -= 1
    w.foe[i, UNDER_FIRE] -= 1
    if w.foe[i, STOPPED] != 0:
        note(w.tally, w.raid_log_time, w.raid_log, now, LATE, u, i, salvo)
        return False
    h, c = w.battery[j, HYBRID], w.foe[i, CLASS]
    w.pair[p, FLOWN] = flown + salvo
    hits, chance = 0, a.hybrid_sspk[h, c]
    for k in range(flown, flown + salvo):
        hits += int(round_draw(w.intercept_first, w.intercept_second, w, seed, r, STREAM_INTERCEPT, d, p, k) < chance)
    if hits > 0:
        w.foe[i, STOPPED] = 1
        o.killed[n, h, c] += 1
    note(w.tally, w.raid_log_time, w.raid_log, now, KILL if hits > 0 else MISS, u, i, salvo)
    return hits == 0


@stage
def fight(a: Any, w: Any, o: Any, n: int, seed: int, r: int, d: int) -> None:
    """Play the events of the raid in their order: results of intercepts, loads, openings of windows, whichever is first."""
    openings, opened = schedule_openings(w), 0
    w.tally[HITS] = 0
    w.tally[RELOADS] = 0
    while True:
        opens = w.opening_time[opened] if opened < openings else NEVER
        loads = w.reload_time[0] if w.tally[RELOADS] > 0 else NEVER
        now = w.hit_time[0] if w.tally[HITS] > 0 else NEVER
        p, after = NOBODY, NOBODY
        if opens < min(now, loads):
            now, p = opens, w.opening[opened]
            opened += 1
            j = w.pair[p, BATTERY]
            if not open_window(w, now, p, j):
                continue
        elif loads < now:
            now, j = loads, w.reload_unit[0]
            w.tally[RELOADS] = pop(w.reload_time, w.reload_unit, 0, w.tally[RELOADS])
            reload_launcher(w, now, j)
        elif w.tally[HITS] > 0:
            hit = w.hit_pair[0]
            w.tally[HITS] = pop(w.hit_time, w.hit_pair, 0, w.tally[HITS])
            j = w.pair[hit, BATTERY]
            if intercept(a, w, o, n, seed, r, d, now, hit, j):
                # it flies on: every fire unit that had stood back tries again, and the one that missed
                i = w.pair[hit, FOE]
                stand_back(w, hit, i)
                p = w.foe[i, FIRST_WAITING]
                w.foe[i, FIRST_WAITING] = NOBODY
                j, after = w.pair[p, BATTERY], w.pair[p, NEXT]
        else:
            break
        while j != NOBODY:
            shoot(a, w, o, n, seed, r, d, now, p, j)
            p, j = after, NOBODY
            if p != NOBODY:
                j, after = w.pair[p, BATTERY], w.pair[p, NEXT]


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
        draw_rounds(a, w, seed, r, d)
        fight(a, w, o, n, seed, r, d)
        disarm(w.battery, w.unit, o.rounds_fired, n, batteries)
        settle(a, w, o, n, seed, r, d, batteries)


DECLARED = {v.name: v for v in (*INPUTS, *SPATIAL_INPUTS)}
INPUT_TABLE = TableType("spatial.Inputs", {
    name: ArrayType(DECLARED[name].dtype, len(DECLARED[name].dims), constant=True) for name in SpatialInputs._fields
})
WORK_TABLE = TableType("spatial.Work", {name: ArrayType(dtype, ndim) for name, (dtype, ndim) in SPATIAL_WORK.items()})
OUTCOME_TABLE = TableType(
    "spatial.Outcomes", {name: ArrayType("float64", ndim) for name, ndim in zip(SpatialOutcomes._fields, (3, 3, 3, 2), strict=True)},
)
START_TABLE = TableType("spatial.Start", {"raid": ArrayType("int64", 2), "unit": ArrayType("int64", 2)})
"""The raid and the fire units before it."""
