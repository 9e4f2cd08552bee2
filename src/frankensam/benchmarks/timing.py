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
