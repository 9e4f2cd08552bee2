"""A finished study in Python."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from frankensam.compilation import CompiledStudy, compile_at_resolution, compile_scenario, compile_study
from frankensam.notebook.plots import Plots
from frankensam.notebook.tables import ComparisonTable
from frankensam.scenario import Scenario
from frankensam.simulation.execution import run_study
from frankensam.simulation.store import ResultStore, open_store
from frankensam.study.comparison import compare
from frankensam.study.indicators import indicator_values

if TYPE_CHECKING:
    import numpy as np
    import xarray
    from numpy.typing import NDArray


def run(
    scenario: Scenario | str | Path,
    *,
    variants: Iterable[str] | None = None,
    resolution: str | None = None,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: bool | None = None,
) -> StudyResult:
    """Simulate a scenario and return the finished study.

    Parameters
    ----------
    scenario
        A loaded scenario, the name of a bundled one, or the path of a scenario file.
    variants
        Names of the variants to run; all of them by default.
    resolution
        How raids are resolved, ``"salvo"`` or ``"spatial"``; as the scenario says by default.
    replications, seed
        Of each variant; the scenario's own by default.
    workers
        Threads; one per processor by default. They never change a result.
    out
        New folder for the result store. By default a temporary one that goes with the returned object.
    progress
        Whether to show a progress bar; by default where standard error is a terminal.

    Raises
    ------
    InputRefused
        The scenario cannot be run, or not at this resolution; every problem is listed.
    UsageRefused
        An argument out of bounds, or a variant or resolution that there is not.
    """
    chosen = None if variants is None else list(variants)
    compiled = _compiled(scenario, chosen, resolution)
    kept = tempfile.TemporaryDirectory(prefix="frankensam-") if out is None else None
    place = Path(kept.name) / "store" if kept is not None else Path(str(out))
    show = sys.stderr.isatty() if progress is None else progress
    store = run_study(
        compiled, place,
        replications=compiled.default_replications if replications is None else replications,
        seed=compiled.default_seed if seed is None else seed,
        workers=len(os.sched_getaffinity(0)) if workers is None else workers,
        progress=_print_progress if show else None,
    )
    return StudyResult(store, kept)


def _compiled(scenario: Scenario | str | Path, variants: list[str] | None, resolution: str | None) -> CompiledStudy:
    if not isinstance(scenario, Scenario):
        return compile_scenario(scenario, variants, resolution=resolution)
    return compile_study(scenario, variants) if resolution is None else compile_at_resolution(scenario, resolution, variants)


def open_result(path: str | Path) -> StudyResult:
    """Open the result store at `path` that ``frankensam run`` or `run` wrote."""
    return StudyResult(open_store(path), None)


def _print_progress(done: int, total: int) -> None:
    sys.stderr.write(f"\r{done:,} of {total:,} replications" + ("\n" if done >= total else ""))
    sys.stderr.flush()


class StudyResult:
    """Results of a study, with the questions people ask of them.

    `store` gives every array; `plot` draws; `compare` pairs variants. A result
    that was run without `out` keeps its store in a temporary folder for as
    long as the object lives.
    """

    def __init__(self, store: ResultStore, kept: tempfile.TemporaryDirectory[str] | None) -> None:
        self.store = store
        self.plot = Plots(store)
        self._kept = kept

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the variants; the first is the default baseline."""
        return self.store.variants

    @property
    def digest(self) -> str:
        """One SHA-256 over all results."""
        return self.store.digest()

    def compare(self, variant: str, baseline: str | None = None) -> ComparisonTable:
        """Return the paired differences of `variant` against `baseline` (the first variant by default)."""
        other = self.variants[0] if baseline is None else baseline
        return ComparisonTable(compare(self.store, variant, other))

    def indicator(self, variant: str, key: str) -> NDArray[np.float64]:
        """Return one derived indicator ``[replication]``; NaN where undefined. Keys: `frankensam.study.indicators.INDICATORS`."""
        return indicator_values(self.store, variant, key)

    def to_xarray(self) -> xarray.Dataset:
        """Return the recorded series as an xarray dataset: one variable per metric, dims (variant, replication, time), unit attributes."""
        from frankensam.notebook.dataset import to_dataset

        return to_dataset(self.store)

    def report(self, path: str | Path) -> Path:
        """Write the self-contained HTML report and return its path."""
        from frankensam.report.writing import write_report

        return write_report(self.store, path)

    def __repr__(self) -> str:
        return f"StudyResult({self.store.manifest.scenario!r}, {len(self.variants)} variants, {self.store.replications} replications each)"

    def _repr_html_(self) -> str:
        rows = "".join(f"<li>{escape(name)}</li>" for name in self.variants)
        heading = f"<b>{escape(self.store.manifest.scenario)}</b>: {self.store.replications:,} replications of each variant"
        return f"<p>{heading}</p><ul>{rows}</ul>"
