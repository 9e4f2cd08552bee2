"""What a raid at the spatial resolution reads, and the words of its record; the arrays are declared in `arrays`.

Conventions: lengths in metres, times in seconds within the raid, positions in
degrees. A raid's clock starts at the beginning of the day.
"""

from __future__ import annotations

from collections import namedtuple

from frankensam.kernels.arrays import BEARINGS as BEARINGS
from frankensam.kernels.arrays import SPATIAL_INPUTS as SPATIAL_INPUTS

REASONS: tuple[tuple[str, str], ...] = (
    ("not_detected", "no fire unit could see it"),
    ("out_of_envelope", "seen, but never where a fire unit could have intercepted it"),
    ("no_channel", "within the envelope of a fire unit whose channels were in use for other threats"),
    ("no_round", "within the envelope of a fire unit that had a free channel for it but no ready round"),
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
