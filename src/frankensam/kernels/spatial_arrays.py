"""The arrays of the spatial resolution, declared once: what a raid needs beyond what the salvo resolution uses.

Conventions: lengths in metres, times in seconds within the raid, positions in
degrees. A raid's clock starts at the beginning of the day.
"""

from __future__ import annotations

from collections import namedtuple

from frankensam.kernels.arrays import Variable

RESOLUTION_SALVO, RESOLUTION_SPATIAL = 0, 1
BEARINGS = 16

SPATIAL_DIMENSIONS: dict[str, str] = {
    "coordinate": "latitude, longitude",
    "bearing": "16 equal sectors of the compass, the first from 0 to 22.5 degrees clockwise from north",
    "reason": "why a leaker was not stopped, see REASONS",
}


def _structure(name: str, dims: str, unit: str, meaning: str) -> Variable:
    return Variable(name, tuple(dims.split()), "int64", unit, "structure", meaning)


def _parameter(name: str, dims: str, unit: str, meaning: str) -> Variable:
    return Variable(name, tuple(dims.split()), "float64", unit, "parameter", meaning)


SPATIAL_INPUTS: tuple[Variable, ...] = (
    _structure("raid_resolution", "", "1", "engagement resolution: 0 salvo, 1 spatial"),
    _structure("fire_coordination", "", "1", "1 if fire units leave a threat alone while another engages it, 0 if each decides for itself"),
    _parameter("site_position", "site coordinate", "degree", "notional latitude and longitude, three significant figures at most"),
    _parameter("unit_position", "unit coordinate", "degree", "notional latitude and longitude, three significant figures at most"),
    _parameter("hybrid_sensor_reach", "hybrid", "m", "greatest detection distance over ground, before the horizon"),
    _parameter("hybrid_antenna_height", "hybrid", "m", "height of the sensor's antenna above ground, for the radio horizon"),
    _parameter("hybrid_reach", "hybrid", "m", "greatest straight-line distance of an intercept"),
    _parameter("hybrid_lowest", "hybrid", "m", "least altitude of an intercept"),
    _parameter("hybrid_highest", "hybrid", "m", "greatest altitude of an intercept"),
    _parameter("hybrid_speed", "hybrid", "m/s", "mean speed of the interceptor"),
    _parameter("hybrid_reaction", "hybrid", "s", "time from detection to the earliest launch"),
    _parameter("hybrid_channels", "hybrid", "count", "simultaneous engagements per available launcher; a unit has at least 1"),
    _structure("hybrid_ready_rounds", "hybrid", "count", "rounds ready on one launcher"),
    _parameter("hybrid_reload", "hybrid", "s", "time from a launcher's last ready round to its next load"),
    _parameter("threat_speed", "threat", "m/s", "ground speed"),
    _parameter("threat_altitude", "threat", "m", "altitude above ground"),
    _parameter("threat_ingress_distance", "threat", "m", "distance from the aimpoint at which the leg begins"),
    _parameter("threat_bearing_weight", "threat bearing", "1", "relative weight of each sector of ingress bearing; all zero for uniform"),
    _parameter("raid_first_arrival", "", "s", "second of the day at which the first threat can arrive"),
    _parameter("raid_arrival_span", "", "s", "time over which arrivals are spread evenly"),
)
"""To be joined to `arrays.INPUTS`."""

REASONS: tuple[tuple[str, str], ...] = (
    ("not_detected", "no fire unit could see it"),
    ("out_of_envelope", "seen, but never where a fire unit could have intercepted it"),
    ("no_channel", "within the envelope of a fire unit whose channels were all in use"),
    ("no_round", "within the envelope of a fire unit that had a channel but no ready round"),
    ("missed", "engaged, and every round missed"),
)
NOT_DETECTED, OUT_OF_ENVELOPE, NO_CHANNEL, NO_ROUND, MISSED = range(len(REASONS))

EVENT_KINDS: tuple[tuple[str, str], ...] = (
    ("in_window", "a fire unit may launch at the threat from now on; value: 0 it can, 1 no channel, 2 no ready round"),
    ("failed", "rounds failed before launch; value: rounds"),
    ("launch", "rounds were launched; value: rounds"),
    ("miss", "every round of the salvo missed; value: rounds"),
    ("kill", "the threat is stopped; value: rounds of the salvo"),
    ("late", "the threat had been stopped by another unit before the salvo arrived; value: rounds of the salvo"),
    ("reloaded", "a launcher has its next load; value: rounds loaded"),
    ("leak", "the threat reaches its aimpoint; value: reason, see REASONS"),
    ("background", "a background layer behind the fire units stops the threat; value: reason why the fire units did not"),
)
IN_WINDOW, FAILED, LAUNCH, MISS, KILL, LATE, RELOADED, LEAK, BACKGROUND = range(len(EVENT_KINDS))

SPATIAL_OUTCOMES: tuple[Variable, ...] = (
    Variable(
        "leak_reasons", ("replication", "threat", "reason"), "float64", "count", "total",
        "threats that the fire units did not stop, by reason; zero at the salvo resolution",
    ),
)
"""To be joined to `arrays.OUTCOMES`."""

SpatialInputs = namedtuple("SpatialInputs", (
    "background_after fire_coordination hybrid_antenna_height hybrid_channels hybrid_class_order hybrid_highest hybrid_layer hybrid_lowest "
    "hybrid_prelaunch_failure hybrid_reach hybrid_reaction hybrid_ready_rounds hybrid_reload hybrid_salvo hybrid_sensor_reach hybrid_speed "
    "hybrid_sspk raid_arrival_span raid_first_arrival sector_key site_aim_weight site_position site_sector threat_altitude "
    "threat_appearance threat_bearing_weight threat_ingress_distance threat_speed unit_aim_weight unit_hybrid unit_key unit_position "
    "unit_sector"
))
"""The campaign arrays that the spatial resolution reads, by their names."""

# Named random streams of the spatial resolution
STREAM_INGRESS = 40
STREAM_ARRIVAL = 41
STREAM_SPATIAL_AIMPOINT = 42
STREAM_INTERCEPT = 43
STREAM_PRELAUNCH = 44
