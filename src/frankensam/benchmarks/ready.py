"""How long it takes until kernels are ready: compiled, or loaded from the cache."""

from __future__ import annotations

import time
from typing import Any

from frankensam.benchmarks.timing import SEED


def ready_kernels() -> dict[str, Any]:
    """Run the least that each resolution can; return the seconds until it was done, and whether kernels were compiled for it."""
    from frankensam.kernels.options import cache_folder

    found: dict[str, Any] = {}
    for name, work in (("salvo", _one_day), ("spatial", _one_threat)):
        before = len(list(cache_folder().glob("**/*.nbc")))
        began, processor = time.perf_counter(), time.process_time()
        work()
        seconds, worked = time.perf_counter() - began, time.process_time() - processor
        compiled = len(list(cache_folder().glob("**/*.nbc"))) - before
        found[name] = {"seconds": seconds, "processor_seconds": worked, "compiled": compiled > 0}
    return found


def _one_day() -> None:
    from frankensam.benchmarks.quiet import quiet_campaign
    from frankensam.kernels.campaign import simulate_block
    from frankensam.model.outcomes import allocate_outcomes

    arrays = quiet_campaign(1)
    simulate_block(arrays, SEED, 0, allocate_outcomes(arrays, 1))


def _one_threat() -> None:
    from frankensam.benchmarks.spatial import DAY, notional_raid
    from frankensam.kernels.raids_alone import play_raids

    play_raids(*notional_raid(1, 1), SEED, 0, DAY)
