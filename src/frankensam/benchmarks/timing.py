"""How long something takes, on what machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from frankensam.kernels.arrays import CampaignArrays

SEED = 20231206


def best_of(times: int, work: Callable[[], Any], clock: Callable[[], float] = time.thread_time) -> float:
    """Return the shortest of several timings of `work`, in seconds: the one least disturbed.

    Processor time of this thread unless another clock is given: it leaves out what other programs took.
    """
    def once() -> float:
        began = clock()
        work()
        return clock() - began

    return min(once() for _ in range(times))


def on_threads(arrays: CampaignArrays, replications: int, threads: int) -> float:
    """Return the seconds that passed for `replications` of a campaign split evenly over threads."""
    from frankensam.kernels.campaign import simulate_block
    from frankensam.model.outcomes import allocate_outcomes

    share = max(1, replications // threads)
    outcomes = [allocate_outcomes(arrays, share) for _ in range(threads)]
    with ThreadPoolExecutor(threads) as pool:
        def work() -> None:
            for done in [pool.submit(simulate_block, arrays, SEED, k * share, outcomes[k]) for k in range(threads)]:
                done.result()

        return best_of(3, work, time.perf_counter) * replications / (share * threads)


def describe_machine() -> dict[str, Any]:
    """Return processor, cores and versions: what the times belong to."""
    import os
    import platform
    from pathlib import Path

    import numba
    import numpy

    listing = Path("/proc/cpuinfo")
    lines = listing.read_text(encoding="utf-8", errors="replace").splitlines() if listing.is_file() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": models[0] if models else platform.processor() or platform.machine(), "cores": os.cpu_count(),
        "system": platform.system(), "python": platform.python_version(), "numba": numba.__version__, "numpy": numpy.__version__,
    }


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
    import frankensam.kernels.campaign  # noqa: F401 - compiles what a campaign needs, the spatial resolution included
    from frankensam.benchmarks.spatial import DAY, notional_raid
    from frankensam.kernels.raids_alone import play_raids

    play_raids(*notional_raid(1, 1), SEED, 0, DAY)
