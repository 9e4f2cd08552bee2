"""Memory for results, shaped by the declarations of the outcome variables."""

from __future__ import annotations

import numpy as np

from frankensam.kernels.arrays import BEARINGS, METRICS, OUTCOMES, REASON_COUNT, SPENDING, CampaignArrays, OutcomeArrays

SIZED_BY: dict[str, str] = {
    "item": "item_kind", "site": "site_kind", "supply": "supply_key", "line": "line_key", "route": "route_key", "hybrid": "hybrid_key",
    "unit": "unit_key", "shop": "shop_key", "threat": "threat_appearance", "sector": "sector_key", "period": "raid_period_start",
}
"""Which input array's length is the size of a dimension."""


def recorded_days(days: int, record_every: int) -> np.ndarray:
    """Return the days whose evening is recorded: every `record_every`-th, and the last."""
    evenings = np.arange(days, dtype=np.int64)
    recorded: np.ndarray = evenings[((evenings + 1) % record_every == 0) | (evenings == days - 1)]
    return recorded


def sizes(arrays: CampaignArrays) -> dict[str, int]:
    """Return the size of every dimension of a compiled campaign."""
    fixed = {
        "partner": len(arrays.line_key), "weekday": 7, "regime": 2, "duration": 3, "coordinate": 2, "bearing": BEARINGS,
        "reason": REASON_COUNT, "metric": len(METRICS), "spending": len(SPENDING),
    }
    days = int(arrays.days)
    times = {"day": days, "time": len(recorded_days(days, int(arrays.record_every)))}
    return {**{dim: len(getattr(arrays, name)) for dim, name in SIZED_BY.items()}, **fixed, **times}


def allocate_outcomes(arrays: CampaignArrays, replications: int) -> OutcomeArrays:
    """Return zeroed outcome arrays for `replications` replications of a campaign."""
    lengths = {**sizes(arrays), "replication": replications}
    return OutcomeArrays(*(np.zeros(tuple(lengths[dim] for dim in variable.dims), variable.dtype) for variable in OUTCOMES))
