"""A result store as an xarray dataset."""

from __future__ import annotations

import numpy as np
import xarray

from frankensam.kernels.arrays import METRICS
from frankensam.simulation.store import ResultStore


def to_dataset(store: ResultStore) -> xarray.Dataset:
    """Return one variable per recorded metric, dims (variant, replication, time), with unit and meaning as attributes."""
    dims = ("variant", "replication", "time")
    variables = {
        name: xarray.Variable(
            dims, np.stack([store.metric(variant, name) for variant in store.variants]), attrs={"units": unit, "long_name": meaning}
        )
        for name, unit, meaning in METRICS
    }
    coordinates = {
        "variant": list(store.variants),
        "replication": np.arange(store.replications),
        "time": np.array(store.times, dtype="datetime64[ns]"),
        "design_point": ("replication", store.design_points),
    }
    manifest = store.manifest
    attributes = {
        "scenario": manifest.scenario,
        "scenario_digest": manifest.scenario_digest,
        "seed": str(manifest.seed),
        "results_digest": store.digest(),
    }
    return xarray.Dataset(variables, coords=coordinates, attrs=attributes)
