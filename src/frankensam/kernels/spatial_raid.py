"""A raid at the spatial resolution, before and after the shooting: who is there, and what comes through.

Numbers of threats by sector and class become single threats with an aimpoint,
an ingress bearing and a time, each drawn by its sector's key and its own
number; nothing depends on how many others there are.
"""

from __future__ import annotations

import math
from collections import namedtuple
from typing import Any

import numpy as np

from frankensam.kernels.arrays import STREAM_BACKGROUND_AFTER
from frankensam.kernels.draws import LANES, draw_listed
from frankensam.kernels.options import stage
from frankensam.kernels.philox import uniform
from frankensam.kernels.spatial_arrays import (
    BACKGROUND,
    BEARINGS,
    LEAK,
    MISSED,
    NO_CHANNEL,
    NO_ROUND,
    NOT_DETECTED,
    OUT_OF_ENVELOPE,
    STREAM_ARRIVAL,
    STREAM_INGRESS,
    STREAM_SPATIAL_AIMPOINT,
)
from frankensam.kernels.sphere import (
    AIM,
    ANGLE,
    DISTANCE,
    IMPACT,
    LEG_COLUMNS,
    POINT,
    POINT_COLUMNS,
    SIGHT_ROWS,
    TANGENT,
    WINDOW_ROWS,
    crossing,
    detection_chord,
    ends,
    lay_legs,
    locate,
    nearness,
    point_leg,
)
from frankensam.kernels.state import AVAILABLE, IN_BAY, ROUNDS, UNIT_COLUMNS, WAITING

BEARING_WIDTH = 360.0 / BEARINGS

# tally[…]: threats, pairs, salvos in the air, loads on their way, events recorded
FOES, PAIRS, HITS, RELOADS, LOGGED, TALLIES = 0, 1, 2, 3, 4, 5
# foe[i, …]: one threat of the raid; DEEDS is a set of flags; FIRST_WAITING begins the chain, by rank, of pairs that stand back from it
CLASS, SECTOR, AIMPOINT, NUMBER, DEEDS, STOPPED, UNDER_FIRE, FIRST_WAITING, FOE_COLUMNS = 0, 1, 2, 3, 4, 5, 6, 7, 8
LACKED_CHANNEL, LACKED_ROUND, ENGAGED = 1, 2, 4
NOBODY = -1
"""Ends a chain of pairs."""
# battery[j, …]: one fire unit that takes part, in order of rank; its pairs begin at FIRST_PAIR
# WITHOUT says that its candidates have been told that it has a free channel and no ready round
UNIT, HYBRID, CHANNELS, BUSY, LOAD, READY, HELD, SPENT, CANDIDATES, FIRST_PAIR, WITHOUT = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
BATTERY_COLUMNS = 11
# pair[p, …]: a threat that comes near a fire unit; the next pair in the chain of those that stand back
BATTERY, FOE, NEXT, TRIED, FLOWN, SALVO, PAIR_COLUMNS = 0, 1, 2, 3, 4, 5, 6
# raid_log[k, …]
LOG_COLUMNS = 4

_INTEGERS = {
    "unit": 2, "raid": 2, "rank": 1, "tally": 1, "foe": 2, "battery": 2, "pair": 2, "hit_pair": 1, "reload_unit": 1, "candidate": 1,
    "aimed": 2, "place": 1, "raid_log": 2, "opening": 1, "near": 1, "bucket": 1, "bucket_start": 1, "engages": 2,
    "draw_entity": 1, "draw_block": 1,
}
_REALS = {
    "point": 2, "chord": 2, "cumulated": 1, "limit": 2, "leg": 2, "excess": 1, "sight": 2, "window": 2, "hit_time": 1, "reload_time": 1,
    "candidate_time": 1, "raid_log_time": 1, "opening_time": 1, "half_cosine": 2, "half_sine": 2,
    "bearing_total": 1, "aimpoint_even": 1, "aimpoint_odd": 1, "bearing_even": 1, "bearing_odd": 1, "arrival_even": 1,
    "arrival_odd": 1,
    "prelaunch_first": 1, "prelaunch_second": 1, "intercept_first": 1, "intercept_second": 1,
}
SPATIAL_WORK: dict[str, tuple[str, int]] = {
    **{name: ("int64", ndim) for name, ndim in _INTEGERS.items()}, **{name: ("float64", ndim) for name, ndim in _REALS.items()},
}
"""Working memory of the spatial resolution: type and dimensions by name, in the form of `state.WORK_DIMENSIONS`."""
SpatialWork = namedtuple("SpatialWork", SPATIAL_WORK)  # type: ignore[misc]


def spatial_shapes(
    sites: int, units: int, sectors: int, hybrids: int, threats: int, most_threats: int, most_channels: int, most_launchers: int, log: int,
) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the working memory for raids of at most `most_threats`.

    `most_channels` and `most_launchers` are totals over all fire units; `log`
    is the number of events that can be recorded, 0 for none.
    """
    pairs = most_threats * units
    channels, launchers = max(1, most_channels), max(1, most_launchers)  # the first entry is read even where there is none
    draws = max(pairs, most_threats) + LANES
    return {
        "unit": (units, UNIT_COLUMNS), "raid": (sectors, threats), "rank": (units,), "tally": (TALLIES,),
        "foe": (most_threats, FOE_COLUMNS), "battery": (units, BATTERY_COLUMNS), "pair": (pairs, PAIR_COLUMNS), "hit_pair": (channels,),
        "hit_time": (channels,), "reload_unit": (launchers,), "reload_time": (launchers,), "candidate": (pairs,),
        "aimed": (sites + units, threats), "raid_log": (log, LOG_COLUMNS), "place": (sites + units,), "cumulated": (sites + units,),
        "point": (sites + units, POINT_COLUMNS), "chord": (hybrids, threats), "engages": (hybrids, threats),
        "limit": (hybrids, most_threats), "leg": (LEG_COLUMNS, most_threats), "excess": (most_threats,), "sight": (SIGHT_ROWS, pairs),
        "bucket": (pairs,), "bucket_start": (pairs,), "window": (WINDOW_ROWS, pairs), "opening": (pairs,), "opening_time": (pairs,),
        "near": (most_threats,), "half_cosine": (sites + units, threats), "half_sine": (sites + units, threats),
        "bearing_total": (threats,), "aimpoint_even": (most_threats + LANES,), "aimpoint_odd": (most_threats + LANES,),
        "bearing_even": (most_threats + LANES,), "bearing_odd": (most_threats + LANES,), "arrival_even": (most_threats + LANES,),
        "arrival_odd": (most_threats + LANES,), "draw_entity": (draws,), "draw_block": (draws,), "prelaunch_first": (draws,),
        "prelaunch_second": (draws,), "intercept_first": (draws,), "intercept_second": (draws,), "candidate_time": (pairs,),
        "raid_log_time": (log,),
    }


def allocate_spatial_work(shapes: dict[str, tuple[int, ...]]) -> SpatialWork:
    """Return zeroed working memory of the given shapes."""
    made: dict[str, Any] = {name: np.zeros(shapes[name], dtype) for name, (dtype, _) in SPATIAL_WORK.items()}
    return SpatialWork(**made)


@stage
def note(tally: Any, times: Any, log: Any, time: float, kind: int, unit: int, threat: int, value: int) -> None:
    """Record one event if there is room; all are counted, so that a log that was too short is known to be."""
    k = tally[LOGGED]
    tally[LOGGED] = k + 1
    if k < log.shape[0]:
        times[k] = time
        log[k, 0] = kind
        log[k, 1] = unit
        log[k, 2] = threat
        log[k, 3] = value


@stage
def prepare_theatre(a: Any, w: Any) -> None:
    """Compute once per block: places, half lengths of legs, detection distances, what is engaged, and the rank of the fire units.

    Rank is by (layer, key, index).
    """
    sites = a.site_position.shape[0]
    for site in range(sites):
        locate(a.site_position[site, 0], a.site_position[site, 1], w.point, site)
    units = a.unit_position.shape[0]
    for u in range(units):
        locate(a.unit_position[u, 0], a.unit_position[u, 1], w.point, sites + u)
        place = u
        while place > 0:
            v = w.rank[place - 1]
            layer_u, layer_v = a.hybrid_layer[a.unit_hybrid[u]], a.hybrid_layer[a.unit_hybrid[v]]
            if layer_v < layer_u or (layer_v == layer_u and a.unit_key[v] <= a.unit_key[u]):
                break
            w.rank[place] = v
            place -= 1
        w.rank[place] = u
    for c in range(w.bearing_total.shape[0]):
        w.bearing_total[c] = 0.0
        for b in range(BEARINGS):
            w.bearing_total[c] = w.bearing_total[c] + a.threat_bearing_weight[c, b]
    for place in range(w.point.shape[0]):
        for c in range(w.half_sine.shape[1]):
            half = 0.5 * a.threat_ingress_distance[c] / w.point[place, DISTANCE]
            w.half_cosine[place, c], w.half_sine[place, c] = math.cos(half), math.sin(half)
    for h in range(w.chord.shape[0]):
        for c in range(w.chord.shape[1]):
            altitude = a.threat_altitude[c]
            w.chord[h, c] = detection_chord(a.hybrid_sensor_reach[h], a.hybrid_antenna_height[h], altitude)
            engages = a.hybrid_class_order[h, a.threat_appearance[c]] >= 0 and a.hybrid_lowest[h] <= altitude <= a.hybrid_highest[h]
            w.engages[h, c] = int(engages)


@stage
def holds_launcher(unit: Any, u: int) -> bool:
    """Say whether a fire unit holds a launcher, whatever its state: only then can it be aimed at."""
    return bool(unit[u, AVAILABLE] + unit[u, WAITING] + unit[u, IN_BAY] > 0)


@stage
def list_aimpoints(a: Any, w: Any, s: int) -> int:
    """List the places that can be aimed at in sector `s`, sites before fire units, with cumulated weights; return how many."""
    sites, count, total = a.site_position.shape[0], 0, 0.0
    for place in range(w.point.shape[0]):
        weight = 0.0
        if place < sites:
            if a.site_sector[place] == s:
                weight = a.site_aim_weight[place]
        elif a.unit_sector[place - sites] == s and holds_launcher(w.unit, place - sites):
            weight = a.unit_aim_weight[place - sites]
        if weight > 0.0:
            total = total + weight
            w.place[count] = place
            w.cumulated[count] = total
            count += 1
    return count


@stage
def ingress_bearing(weights: Any, total: float, c: int, u: float) -> float:
    """Return the bearing, in degrees from the aimpoint, from which a threat of class `c` comes: by weight, even within a sector.

    `total` is the sum of the weights of the class, in their order.
    """
    if total <= 0.0:
        return 360.0 * u
    target = u * total
    below, bearing = 0.0, 0.0
    for b in range(BEARINGS):
        weight = weights[c, b]
        if weight > 0.0:
            bearing = (b + min(1.0, (target - below) / weight)) * BEARING_WIDTH
            below = below + weight
            if target < below:
                break
    return bearing


@stage
def choose_aimpoint(cumulated: Any, places: int, target: float) -> int:
    """Return which of the places with cumulated weights has `target` in its share: without branches, as nobody can predict it."""
    chosen = 0
    for k in range(places - 1):
        chosen += int(target >= cumulated[k])
    return chosen


@stage
def list_threats(foe: Any, raid: Any, entities: Any, blocks: Any, first: int, s: int, key: int) -> int:
    """List the threats of sector `s` from number `first` on, by class, with the blocks of their draws; return how many."""
    classes, many = raid.shape[1], 0
    for c in range(classes):
        for k in range(raid[s, c]):
            i, number = first + many, k * classes + c
            foe[i, CLASS] = c
            foe[i, SECTOR] = s
            foe[i, NUMBER] = number
            foe[i, DEEDS] = 0
            foe[i, STOPPED] = 0
            foe[i, UNDER_FIRE] = 0
            foe[i, FIRST_WAITING] = NOBODY
            entities[many] = key
            blocks[many] = number >> 1
            many += 1
    return many


@stage
def assemble(a: Any, w: Any, seed: int, r: int, d: int) -> None:
    """Turn the numbers in `raid[sector, class]` into single threats: aimpoint, bearing, time of arrival, leg.

    Threats of a sector in which nothing has weight as an aimpoint fly nowhere: they stay in `raid` and nobody meets them.
    """
    w.tally[FOES] = 0
    for s in range(w.raid.shape[0]):
        places = list_aimpoints(a, w, s)
        if places == 0:
            continue
        first, weight = w.tally[FOES], w.cumulated[places - 1]
        many = list_threats(w.foe, w.raid, w.draw_entity, w.draw_block, first, s, a.sector_key[s])
        draw_listed(w.aimpoint_even, w.aimpoint_odd, many, seed, r, STREAM_SPATIAL_AIMPOINT, d, w.draw_entity, w.draw_block)
        draw_listed(w.bearing_even, w.bearing_odd, many, seed, r, STREAM_INGRESS, d, w.draw_entity, w.draw_block)
        draw_listed(w.arrival_even, w.arrival_odd, many, seed, r, STREAM_ARRIVAL, d, w.draw_entity, w.draw_block)
        for k in range(many):
            i = first + k
            c, odd = w.foe[i, CLASS], w.foe[i, NUMBER] & 1
            target = weight * (w.aimpoint_odd[k] if odd else w.aimpoint_even[k])
            place = w.place[choose_aimpoint(w.cumulated, places, target)]
            bearing = ingress_bearing(a.threat_bearing_weight, w.bearing_total[c], c, w.bearing_odd[k] if odd else w.bearing_even[k])
            spread = a.raid_arrival_span[()] * (w.arrival_odd[k] if odd else w.arrival_even[k])
            w.foe[i, AIMPOINT] = place
            point_leg(
                w.leg, i, w.point, place, w.half_cosine[place, c], w.half_sine[place, c], bearing, a.threat_ingress_distance[c],
                a.threat_speed[c], a.raid_first_arrival[()] + spread, a.threat_altitude[c],
            )
        w.tally[FOES] = first + many
    lay_legs(w.leg, w.tally[FOES])


@stage
def man(a: Any, rank: Any, unit: Any, battery: Any) -> int:
    """List the fire units with an available launcher, by rank, with channels, ready rounds and magazine; return how many."""
    count = 0
    for k in range(rank.shape[0]):
        u = rank[k]
        launchers = unit[u, AVAILABLE]
        if launchers <= 0:
            continue
        h = a.unit_hybrid[u]
        load = a.hybrid_ready_rounds[h]
        battery[count, UNIT] = u
        battery[count, HYBRID] = h
        battery[count, CHANNELS] = max(1, int(a.hybrid_channels[h] * launchers + 0.5))
        battery[count, BUSY] = 0
        battery[count, LOAD] = load
        battery[count, HELD] = unit[u, ROUNDS]
        battery[count, READY] = min(load * launchers, unit[u, ROUNDS])
        battery[count, SPENT] = 0
        battery[count, WITHOUT] = 0
        battery[count, CANDIDATES] = 0
        count += 1
    return count


@stage
def seen_by_any(leg: Any, battery: Any, point: Any, chords: Any, sites: int, batteries: int, i: int, threat_class: int) -> bool:
    """Say whether any fire unit ever sees a threat: asked only of those for which it is the reason."""
    for j in range(batteries):
        place = sites + battery[j, UNIT]
        x, y, z = point[place, POINT], point[place, POINT + 1], point[place, POINT + 2]
        p = x * leg[AIM, i] + y * leg[AIM + 1, i] + z * leg[AIM + 2, i]
        q = x * leg[TANGENT, i] + y * leg[TANGENT + 1, i] + z * leg[TANGENT + 2, i]
        square, chord = x * x + y * y + z * z, chords[battery[j, HYBRID], threat_class]
        near = nearness(leg, i, p, q, square, chord * chord)
        if near == 1:
            m = math.sqrt(p * p + q * q)
            last, first = ends(0.0, leg[AIM + 2, i], leg[TANGENT + 2, i], m, p / m, q / m, chord * chord - (square - m * m))
            lost, seen = crossing(last, first, math.atan2(q, p), leg[ANGLE, i])
            near = 2 if lost < seen else 0
        if near == 2:
            return True
    return False


@stage
def reason_of(deeds: int) -> int:
    """Return why the fire units did not stop a threat: the furthest that any of them came, not counting that they saw it."""
    if deeds & ENGAGED:
        return MISSED
    if deeds & LACKED_ROUND:
        return NO_ROUND
    if deeds & LACKED_CHANNEL:
        return NO_CHANNEL
    return NOT_DETECTED


@stage
def settle(a: Any, w: Any, o: Any, n: int, seed: int, r: int, d: int, batteries: int) -> None:
    """Count who came through, let the background layers behind the fire units stop some, and note where the rest arrive.

    `raid` then holds the leakers, `aimed[place, class]` those with an aimpoint.
    """
    classes, sites = w.raid.shape[1], a.site_position.shape[0]
    for place in range(w.aimed.shape[0]):
        for c in range(classes):
            w.aimed[place, c] = 0
    for i in range(w.tally[FOES]):
        s, c = w.foe[i, SECTOR], w.foe[i, CLASS]
        if w.foe[i, STOPPED] != 0:
            w.raid[s, c] -= 1
            continue
        reason = reason_of(w.foe[i, DEEDS])
        if reason == NOT_DETECTED and seen_by_any(w.leg, w.battery, w.point, w.chord, sites, batteries, i, c):
            reason = OUT_OF_ENVELOPE
        o.leak_reasons[n, c, reason] += 1
        chance = a.background_after[s, c]
        draw = classes + w.foe[i, NUMBER]
        if chance > 0.0 and uniform(seed, r, STREAM_BACKGROUND_AFTER, d, a.sector_key[s], draw) < chance:
            w.raid[s, c] -= 1
            note(w.tally, w.raid_log_time, w.raid_log, w.leg[IMPACT, i], BACKGROUND, -1, i, reason)
        else:
            w.aimed[w.foe[i, AIMPOINT], c] += 1
            note(w.tally, w.raid_log_time, w.raid_log, w.leg[IMPACT, i], LEAK, -1, i, reason)
