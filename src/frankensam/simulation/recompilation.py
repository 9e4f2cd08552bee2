"""The study of a result store, compiled again from the scenario that the store keeps."""

from __future__ import annotations

from frankensam.compilation.study import CompiledStudy, compile_inspected, compile_scenario
from frankensam.scenario.loading import inspect_text
from frankensam.simulation.store import ResultStore


def compiled_again(store: ResultStore, scenario: str | None = None, *, resolution: str | None = None) -> CompiledStudy:
    """Compile the scenario kept in the store, or the one given; the variants are those of the store.

    Raids are resolved as the study was asked to resolve them, or at `resolution` where one is named.

    Raises:
        InputRefused: with every problem of the scenario; the geometry it lacks, for example, where `resolution` needs it.
        StoreDamaged: if the store's copy of the scenario is not what its checksum says.
    """
    if scenario is not None:
        return compile_scenario(scenario, store.variants, resolution=resolution)
    kept = store.snapshot["scenario"]
    asked = kept.get("resolution_asked") if resolution is None else resolution
    inspection = inspect_text(kept["text"], f"{kept['name']}.yaml in {store.path}", resolution=asked)
    variants = store.variants if inspection.scenario is not None and inspection.scenario.variants else None
    return compile_inspected(inspection, variants, asked)
