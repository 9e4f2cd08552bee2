"""The manifest of a study that is about to run."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from frankensam.kernels.arrays import METRICS, OUTCOMES, SPENDING, CampaignArrays, OutcomeArrays
from frankensam.model.outcomes import recorded_days
from frankensam.simulation.compiled import CompiledCampaign, CompiledStudy
from frankensam.simulation.manifest import Manifest, VariantRecord, code_versions, machine_class
from frankensam.simulation.plan import block_size

STRUCTURE = (
    "item_kind", "line_output", "route_item", "hybrid_launcher", "hybrid_interceptor", "unit_hybrid", "unit_launchers_initial",
    "unit_rounds_initial",
)
"""Integer arrays of the compiled campaign that are kept with the results because indicators need them."""


def describe(
    compiled: CompiledStudy,
    allocate: Callable[[CampaignArrays, int], OutcomeArrays],
    *,
    replications: int,
    seed: int,
    snapshot_sha256: str,
    command: str,
) -> Manifest:
    """Return the manifest of a study; it holds no time of day, so that equal studies have equal manifests."""
    first = next(iter(compiled.variants.values())).arrays._asdict()
    return Manifest(
        format="frankensam-results/1",
        scenario=compiled.name,
        scenario_digest=compiled.digest,
        variants=[variant_record(name, campaign, allocate) for name, campaign in compiled.variants.items()],
        start=compiled.start.isoformat(),
        recorded_days=recorded_days(int(first["days"]), int(first["record_every"])).tolist(),
        seed=seed,
        replications=replications,
        replications_per_point=compiled.replications_per_point,
        block_replications=block_size(compiled.replications_per_point),
        snapshot_sha256=snapshot_sha256,
        code=code_versions(),
        machine=machine_class(),
        command=command,
        accepted_changes=[],
    )


def variant_record(name: str, campaign: CompiledCampaign, allocate: Callable[[CampaignArrays, int], OutcomeArrays]) -> VariantRecord:
    """Return what the store keeps of a compiled variant."""
    sample = allocate(campaign.arrays, 1)._asdict()
    inputs = campaign.arrays._asdict()
    names = {
        **{dimension: list(labels) for dimension, labels in campaign.names.items()},
        "metric": [metric for metric, _, _ in METRICS],
        "spending": [category for category, _ in SPENDING],
    }
    return VariantRecord(
        name=name,
        digest=campaign.digest,
        names=names,
        shapes={variable.name: list(sample[variable.name].shape[1:]) for variable in OUTCOMES},
        structure={array: np.asarray(inputs[array]).tolist() for array in STRUCTURE},
    )


def estimated_bytes(manifest: Manifest) -> int:
    """Return an upper estimate of the bytes of all results: their size before compression."""
    per_replication = sum(8 * int(np.prod(shape, dtype=np.int64)) for record in manifest.variants for shape in record.shapes.values())
    return manifest.replications * per_replication
