"""What a study will cost in time and disk, before it is begun; a large one is run only on express wish."""

from __future__ import annotations

import time
from dataclasses import dataclass

from frankensam.errors import UsageRefused
from frankensam.simulation.compiled import CompiledStudy
from frankensam.simulation.description import describe, describe_tallied, estimated_bytes
from frankensam.simulation.execution import Engine, check_arguments, compiled_engine
from frankensam.simulation.observation import Observer

LONG_RUN_SECONDS = 3_600.0
"""Estimated time from which a run needs consent."""
LARGE_STORE_BYTES = 10_000_000_000
"""Estimated disk space from which a run needs consent."""
TIMED_FROM = 1_000
"""Replications over all variants from which the time is estimated, by simulating a few."""
TIMED_REPLICATIONS = 2


@dataclass(frozen=True, slots=True)
class RunEstimate:
    """Cost of a study: replications over all variants, seconds with the workers given, bytes on disk before compression."""

    replications: int
    seconds: float
    bytes: int

    @property
    def is_large(self) -> bool:
        """Whether it needs consent."""
        return self.seconds >= LONG_RUN_SECONDS or self.bytes >= LARGE_STORE_BYTES

    def __str__(self) -> str:
        return f"{self.replications:,} replications: about {_time(self.seconds)} and up to {_size(self.bytes)} on disk"


def estimate_run(
    compiled: CompiledStudy, *, replications: int, workers: int, observer: Observer | None = None, engine: Engine | None = None,
) -> RunEstimate:
    """Return what `run_study` with these arguments will cost; the time from the replications 0 and 1 of every variant.

    Raises:
        UsageRefused: arguments out of bounds.
    """
    check_arguments(replications=replications, seed=0, workers=workers)
    engine = engine or compiled_engine()
    manifest = describe(compiled, engine.allocate, replications=replications, seed=0, snapshot_sha256="", command="")
    if observer is not None:
        manifest = describe_tallied(manifest, observer)
    total = replications * len(compiled.variants)
    seconds = replications * _seconds_of_a_replication(compiled, engine) / workers if total >= TIMED_FROM else 0.0
    return RunEstimate(total, seconds, estimated_bytes(manifest))


def refuse_without_consent(estimate: RunEstimate) -> None:
    """Refuse a large run.

    Raises:
        UsageRefused: with the estimate, and how to run it all the same.
    """
    if estimate.is_large:
        raise UsageRefused(
            str(estimate), slug="run-needs-yes",
            suggestion="add --yes to run it, --summaries-only to keep only sums and quantiles, or ask for fewer --replications",
        )


def _seconds_of_a_replication(compiled: CompiledStudy, engine: Engine) -> float:
    """Return the seconds that one replication of all variants takes in one thread; the first run of each is not counted."""
    spent = 0.0
    for campaign in compiled.variants.values():
        arrays = campaign.at_design_point(0, 0)
        outcomes = engine.allocate(arrays, TIMED_REPLICATIONS)
        engine.simulate(arrays, 0, 0, engine.allocate(arrays, 1))
        begun = time.perf_counter()
        engine.simulate(arrays, 0, 0, outcomes)
        spent += (time.perf_counter() - begun) / TIMED_REPLICATIONS
    return spent


def _time(seconds: float) -> str:
    for size, word in ((86_400.0, "days"), (3_600.0, "hours"), (60.0, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {word}"
    return f"{seconds:,.0f} seconds"


def _size(count: int) -> str:
    for size, word in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB")):
        if count >= size:
            return f"{count / size:,.1f} {word}"
    return f"{count:,} bytes"
