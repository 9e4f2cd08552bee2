"""Campaigns written as arrays: a quiet world in which nothing happens, and what a benchmark changes in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from frankensam.kernels.arrays import BEARINGS, INPUTS, METRICS, CampaignArrays

METRIC = {name: k for k, (name, _, _) in enumerate(METRICS)}
PLACES = ("item", "site", "supply", "line", "route", "hybrid", "unit", "shop", "sector")
LENGTHS: Mapping[str, int] = {
    "item": 2, "site": 1, "supply": 0, "line": 0, "route": 0, "hybrid": 1, "unit": 1, "shop": 0, "threat": 5, "sector": 1, "period": 1,
    "weekday": 7, "regime": 2, "duration": 3, "coordinate": 2, "bearing": BEARINGS,
}
ONE_DAY = (0.0, 1.0, 0.0)
QUIET: Mapping[str, Any] = {
    "record_every": 1, "raid_source": 1, "raid_size_cap": 1000, "raid_level": 1.0, "raid_weekday": 1.0, "sector_power_site": -1,
    "site_aim_weight": 1.0, "hybrid_salvo": 1, "hybrid_looks": 1, "hybrid_class_order": np.arange(5), "hybrid_interceptor": 1,
    "item_kind": [1, 2], "unit_round_capacity": 1_000_000, "unit_establishment": 1_000_000, "unit_share": 1.0, "unit_demand_prior": 1.0,
    "threat_appearance": [0, 1, 2, 3, 0], "threat_accuracy": 1.0,
    **dict.fromkeys((variable.name for variable in INPUTS if variable.dims[-1:] == ("duration",)), ONE_DAY),
}
"""No line, route or supply, no failures, no raids; every duration one day; item 0 is a launcher, item 1 a round."""


def quiet_campaign(days: int, sizes: Mapping[str, int] | None = None, **changes: Any) -> CampaignArrays:
    """Return a campaign of `days` days and the given sizes; `changes` are spread over the shape of their array."""
    lengths = {**LENGTHS, **(sizes or {}), "day": days}
    lengths["partner"] = lengths["line"]
    keys = {f"{entity}_key": 1000 * (k + 1) + np.arange(lengths[entity]) for k, entity in enumerate(PLACES)}
    values = {**QUIET, **keys, "days": days, **changes}
    arrays = []
    for variable in INPUTS:
        shape = tuple(lengths[dim] for dim in variable.dims)
        array = np.ascontiguousarray(np.broadcast_to(np.asarray(values.get(variable.name, 0), dtype=variable.dtype), shape)).reshape(shape)
        array.setflags(write=False)
        arrays.append(array)
    return CampaignArrays(*arrays)
