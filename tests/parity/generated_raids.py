"""Random theatres and raids at the spatial resolution, with edges on purpose: nobody there, no rounds, co-located units, all at once."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from frankensam.kernels.arrays import INPUTS
from frankensam.kernels.spatial_arrays import BEARINGS, SPATIAL_INPUTS, SpatialInputs

CLASSES = 5
_DTYPES = {v.name: v.dtype for v in (*INPUTS, *SPATIAL_INPUTS)}


class GeneratedRaid(NamedTuple):
    """The arrays, threats by sector and class, and the fire units' launchers and rounds."""

    arrays: SpatialInputs
    raid: np.ndarray
    launchers: np.ndarray
    rounds: np.ndarray


def frozen(values: dict[str, Any]) -> SpatialInputs:
    """Return declared arrays of the declared types, read-only."""
    made = []
    for name in SpatialInputs._fields:
        array = np.array(values[name], dtype=_DTYPES[name], order="C")
        array.setflags(write=False)
        made.append(array)
    return SpatialInputs(*made)


def theatre(
    rng: np.random.Generator, *, sectors: int = 2, sites: int = 4, units: int = 4, hybrids: int = 2, **changes: Any,
) -> SpatialInputs:
    """Return a random theatre some hundreds of kilometres wide; `changes` replaces arrays by name."""
    lat, lon = rng.uniform(-70.0, 70.0), rng.uniform(-180.0, 180.0)

    def places(many: int) -> np.ndarray:
        found = np.column_stack([lat + rng.uniform(-1.5, 1.5, many), lon + rng.uniform(-2.0, 2.0, many)]).round(1)
        if many > 1 and rng.random() < 0.4:
            found[-1] = found[0]  # co-located: windows open at the very same time
        return found

    def real(low: float, high: float, *shape: int) -> np.ndarray:
        value, edge = rng.uniform(low, high, shape), rng.random(shape)
        return np.where(edge < 0.08, low, np.where(edge > 0.95, high, value))

    lowest = real(0.0, 300.0, hybrids)
    values: dict[str, Any] = {
        "background_after": real(0.0, 0.6, sectors, CLASSES) * rng.integers(0, 2),
        "fire_coordination": rng.integers(0, 2),
        "hybrid_antenna_height": real(0.0, 30.0, hybrids), "hybrid_channels": real(0.2, 3.0, hybrids),
        "hybrid_class_order": rng.integers(-1, 4, (hybrids, CLASSES)), "hybrid_layer": rng.integers(0, 3, hybrids),
        "hybrid_lowest": lowest, "hybrid_highest": lowest + real(0.0, 20_000.0, hybrids),
        "hybrid_prelaunch_failure": real(0.0, 0.5, hybrids) * rng.integers(0, 2), "hybrid_reach": real(3_000.0, 120_000.0, hybrids),
        "hybrid_reaction": real(0.0, 60.0, hybrids), "hybrid_ready_rounds": rng.integers(1, 7, hybrids),
        "hybrid_reload": real(0.0, 1200.0, hybrids), "hybrid_salvo": rng.integers(1, 4, hybrids),
        "hybrid_sensor_reach": real(5_000.0, 250_000.0, hybrids), "hybrid_speed": real(150.0, 1500.0, hybrids),
        "hybrid_sspk": real(0.0, 1.0, hybrids, CLASSES),
        "raid_arrival_span": rng.choice([0.0, rng.uniform(0.0, 600.0), rng.uniform(0.0, 10_000.0)]),
        "raid_first_arrival": rng.uniform(0.0, 80_000.0),
        "sector_key": rng.choice(2**32, sectors, replace=False), "site_aim_weight": real(0.0, 3.0, sites),
        "site_position": places(sites), "site_sector": rng.integers(-1, sectors, sites),
        "threat_altitude": real(30.0, 12_000.0, CLASSES), "threat_appearance": [0, 1, 2, 3, rng.integers(0, 5)],
        "threat_bearing_weight": real(0.0, 1.0, CLASSES, BEARINGS) * rng.integers(0, 2, (CLASSES, 1)),
        "threat_ingress_distance": real(20_000.0, 500_000.0, CLASSES), "threat_speed": real(40.0, 1200.0, CLASSES),
        "unit_aim_weight": real(0.0, 1.0, units), "unit_hybrid": rng.integers(0, hybrids, units),
        "unit_key": rng.choice(2**32, units, replace=False), "unit_position": places(units),
        "unit_sector": rng.integers(0, sectors, units),
    }
    if values["fire_coordination"]:  # as good as any coin: some fly exactly at the floor or the ceiling of a pairing
        values["threat_altitude"][:2] = max(30.0, values["hybrid_lowest"][0]), values["hybrid_highest"][-1]
    return frozen({**values, **changes})


def generated_raid(seed: int, *, most: int = 12, **sizes: Any) -> GeneratedRaid:
    """Return a random raid on a random theatre."""
    rng = np.random.default_rng(seed)
    arrays = theatre(rng, **sizes)
    sectors, units = len(arrays.sector_key), len(arrays.unit_key)
    raid = rng.integers(0, most, (sectors, CLASSES), endpoint=True) * rng.integers(0, 2, (sectors, CLASSES))
    return GeneratedRaid(arrays, raid.astype(np.int64), rng.integers(0, 4, units, endpoint=True), rng.integers(0, 30, units, endpoint=True))


def plain_raid(
    threats: list[int], *, units: int = 1, launchers: int = 1, rounds: int = 100, **changes: Any,
) -> GeneratedRaid:
    """Return a raid one can work out by hand: fire units and the one site at 50 N 30 E, everything sure, slow and in plain view.

    `threats` are the numbers by class; single values in `changes` fill their array.
    """
    many = {"hybrid": 1, "unit": units, "site": 1, "sector": 1, "threat": CLASSES, "bearing": BEARINGS, "coordinate": 2}
    values: dict[str, Any] = {
        "background_after": 0.0, "fire_coordination": 1, "hybrid_antenna_height": 10.0, "hybrid_channels": 1.0, "hybrid_class_order": 0,
        "hybrid_layer": 0, "hybrid_lowest": 0.0, "hybrid_highest": 20_000.0, "hybrid_prelaunch_failure": 0.0, "hybrid_reach": 20_000.0,
        "hybrid_reaction": 10.0, "hybrid_ready_rounds": 100, "hybrid_reload": 300.0, "hybrid_salvo": 1, "hybrid_sensor_reach": 60_000.0,
        "hybrid_speed": 800.0, "hybrid_sspk": 1.0, "raid_arrival_span": 0.0, "raid_first_arrival": 10_000.0, "sector_key": 99,
        "site_aim_weight": 1.0, "site_position": [50.0, 30.0], "site_sector": 0, "threat_altitude": 1_000.0,
        "threat_appearance": np.arange(CLASSES), "threat_bearing_weight": 0.0, "threat_ingress_distance": 200_000.0, "threat_speed": 100.0,
        "unit_aim_weight": 0.0, "unit_hybrid": 0, "unit_key": np.arange(units) * 7919 + 11, "unit_position": [50.0, 30.0], "unit_sector": 0,
        **changes,
    }
    many["hybrid"] = max((len(v) for k, v in changes.items() if k.startswith("hybrid_") and np.ndim(v) == 1), default=1)
    dims = {v.name: v.dims for v in (*INPUTS, *SPATIAL_INPUTS)}
    shaped = {name: np.broadcast_to(np.asarray(values[name]), tuple(many[d] for d in dims[name])) for name in SpatialInputs._fields}
    numbers = np.zeros((1, CLASSES), np.int64)
    numbers[0, : len(threats)] = threats
    return GeneratedRaid(frozen(shaped), numbers, np.full(units, launchers), np.full(units, rounds))
