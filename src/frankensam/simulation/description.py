"""The manifest of a study that is about to run."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from frankensam.kernels.arrays import METRICS, OUTCOMES, SPENDING, CampaignArrays, OutcomeArrays
from frankensam.model.outcomes import recorded_days
from frankensam.simulation.compiled import CompiledCampaign, CompiledStudy
from frankensam.simulation.manifest import FORMAT, SUMMARY_FORMAT, Manifest, VariantRecord, code_versions, machine_class
from frankensam.simulation.observation import Observer
from frankensam.simulation.plan import block_size, tallied_block_size
from frankensam.simulation.results import StretchResults
from frankensam.simulation.tally import Layout

STRUCTURE = (
    "item_kind", "line_output", "route_item", "hybrid_launcher", "hybrid_interceptor", "unit_hybrid", "unit_launchers_initial",
    "unit_rounds_initial",
)
"""Integer arrays of the compiled campaign that are kept with the results because indicators need them."""

PIECE_BYTES = 48 * 2**20
"""Memory of one worker for outcomes and what is derived from them, in a study that keeps summaries only."""
WORKING_ARRAYS = 6
"""Arrays of the size of the derived numbers that tallying holds at a time."""
LARGEST_PIECE = 2000
BYTES_OF_A_COUNTED_NUMBER = 512


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
        format=FORMAT,
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


def describe_tallied(manifest: Manifest, observer: Observer) -> Manifest:
    """Return the manifest of the same study if only summaries are kept, as `observer` derives them."""
    columns = observer.columns(StretchResults(manifest, {}, 0, 0))
    return manifest.model_copy(update={
        "format": SUMMARY_FORMAT, "columns": list(columns), "code": {**manifest.code, **observer_version(observer)},
        "block_replications": tallied_block_size(manifest.replications, manifest.replications_per_point),
    })


def observer_version(observer: Observer) -> dict[str, str]:
    """Return what stands for the observer among the versions of the code."""
    return {"observer_source_sha256": observer.source_sha256}


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
    """Return an upper estimate of the bytes of all results: their size before compression.

    Of a store that keeps summaries only, that of its tallies with `BYTES_OF_A_COUNTED_NUMBER` for the counts of each number.
    """
    if manifest.columns is not None:
        layout = Layout(manifest.columns)
        sums = sum(8 * int(np.prod(shape, dtype=np.int64)) for shape in layout.shapes.values())
        return len(manifest.plan) * (sums + BYTES_OF_A_COUNTED_NUMBER * layout.width)
    return manifest.replications * bytes_of_a_replication(manifest)


def bytes_of_a_replication(manifest: Manifest) -> int:
    """Return the bytes of the outcomes of one replication of all variants."""
    return sum(8 * int(np.prod(shape, dtype=np.int64)) for record in manifest.variants for shape in record.shapes.values())


def piece_replications(manifest: Manifest) -> int:
    """Return how many replications of all variants are tallied at once: as many as `PIECE_BYTES` hold with what is derived from them."""
    derived = WORKING_ARRAYS * 8 * Layout(manifest.columns or ()).width
    return max(1, min(LARGEST_PIECE, PIECE_BYTES // (bytes_of_a_replication(manifest) + derived)))
