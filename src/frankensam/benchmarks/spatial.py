"""A raid at the spatial resolution: kernel against reference at every event, and what a launch costs in a large raid."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from frankensam.benchmarks.timing import SEED, best_of
from frankensam.kernels.arrays import BEARINGS, INPUTS
from frankensam.kernels.spatial_arrays import SpatialInputs
from frankensam.model.sampling import Draws
from frankensam.model.spatial_raid import RaidResult, resolve

DAY = 3
CLASSES = 5
DEGREES = (2.0, 3.0)
"""North-south and east-west extent of the theatre of the small raid; a larger one grows with the number of fire units."""
MOST_EVENTS = 100_000


class Raid(NamedTuple):
    """The arrays of a theatre, threats by sector and class, and the fire units' launchers and rounds."""

    arrays: SpatialInputs
    threats: np.ndarray[Any, Any]
    launchers: np.ndarray[Any, Any]
    rounds: np.ndarray[Any, Any]


def notional_raid(threats: int, units: int) -> Raid:
    """Return a notional raid: an hour of one-way drones, cruise and ballistic missiles and decoys against sites with two units each.

    Half of the units reach 30 km, half 12 km, with two launchers and 40 rounds
    each; areas grow with the number of units, so that the density is the same.
    Positions are drawn, to a tenth of a degree.
    """
    rng, sites, extent = np.random.default_rng(1), max(1, units // 2), np.sqrt(units / 10.0)
    site = (np.array([49.0, 32.0]) + rng.uniform(-0.5, 0.5, (sites, 2)) * np.array(DEGREES) * extent).round(1)
    values: dict[str, Any] = {
        "background_after": 0.1, "fire_coordination": 1, "hybrid_antenna_height": [15.0, 8.0], "hybrid_channels": [1.0, 0.5],
        "hybrid_class_order": [2, 1, 0, 3, -1], "hybrid_layer": [0, 1], "hybrid_lowest": [30.0, 15.0], "hybrid_highest": [20e3, 6e3],
        "hybrid_prelaunch_failure": 0.03, "hybrid_reach": [30e3, 12e3], "hybrid_reaction": [15.0, 10.0], "hybrid_ready_rounds": 4,
        "hybrid_reload": 900.0, "hybrid_salvo": [1, 2], "hybrid_sensor_reach": [80e3, 35e3], "hybrid_speed": [800.0, 600.0],
        "hybrid_sspk": 0.6, "raid_arrival_span": 3600.0, "raid_first_arrival": 7200.0, "sector_key": 99, "site_aim_weight": 1.0,
        "site_position": site, "threat_altitude": [1000.0, 60.0, 12_000.0, 5000.0, 1000.0], "threat_appearance": [0, 1, 2, 3, 0],
        "threat_ingress_distance": 300e3, "threat_speed": [50.0, 250.0, 1200.0, 300.0, 50.0], "unit_hybrid": np.arange(units) % 2,
        "unit_key": np.arange(units) * 7919 + 11,
        "unit_position": (site[np.arange(units) % sites] + rng.uniform(-0.2, 0.2, (units, 2))).round(1),
    }
    lengths = {"hybrid": 2, "unit": units, "site": sites, "sector": 1, "threat": CLASSES, "bearing": BEARINGS, "coordinate": 2}
    declared = {variable.name: variable for variable in INPUTS}
    arrays = [
        np.array(np.broadcast_to(values.get(name, 0), tuple(lengths[dim] for dim in declared[name].dims)), declared[name].dtype, order="C")
        for name in SpatialInputs._fields
    ]
    by_class = np.array([[40, 8, 2, 0, 10]], dtype=np.int64) * threats // 60
    by_class[0, 0] += threats - by_class.sum()
    return Raid(SpatialInputs(*arrays), by_class, np.full(units, 2), np.full(units, 40))


def by_reference(raid: Raid, replication: int) -> RaidResult:
    """Resolve a raid with the reference."""
    holds = [count > 0 for count in raid.launchers]
    return resolve(raid.arrays, Draws(SEED, replication), DAY, raid.threats.tolist(), raid.launchers.tolist(), raid.rounds.tolist(), holds)


def equal_events(raid: Raid, replication: int, result: RaidResult) -> bool:
    """Say whether the kernel has the same events in the same order at the same times, to the last bit, and the same rounds left."""
    from frankensam.kernels.raids_alone import play_raids

    played = play_raids(*raid, SEED, replication, DAY, log=MOST_EVENTS)
    ours = [(float(time), *map(int, row)) for time, row in zip(played.event_times, played.events, strict=True)]
    rounds = raid.rounds.copy()
    for battery in result.batteries:
        rounds[battery.unit] = battery.rounds
    theirs = [(event.time, event.kind, event.unit, event.threat, event.value) for event in result.record]
    return ours == theirs and rounds.tolist() == played.rounds_left.tolist()


def measure_spatial(threats: int, units: int, raids: int, by_hand: int) -> dict[str, Any]:
    """Time `raids` raids of the kernel and `by_hand` of the reference on one core, and compare every event of the latter."""
    from frankensam.kernels.raids_alone import play_raids

    raid = notional_raid(threats, units)
    results = [by_reference(raid, replication) for replication in range(by_hand)]
    equal = all(equal_events(raid, replication, result) for replication, result in enumerate(results))
    launches = play_raids(*raid, SEED, 0, DAY, count=raids).outcomes.engagements.sum() / raids
    kernel = best_of(7, lambda: play_raids(*raid, SEED, 0, DAY, count=raids)) / raids
    reference = best_of(3, lambda: [by_reference(raid, replication) for replication in range(by_hand)]) / by_hand
    return {
        "threats": threats, "units": units, "raids": raids, "launches_a_raid": float(launches), "kernel_us": 1e6 * kernel,
        "kernel_us_a_launch": 1e6 * kernel / float(launches), "reference_ms": 1e3 * reference, "ratio": reference / kernel,
        "events_compared": sum(len(result.record) for result in results), "equal": equal,
    }
