"""``frankensam bench``: the kernel against the readable reference, and two threads against one, in one run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from frankensam.cli.output import print_json, say

if TYPE_CHECKING:
    from frankensam.kernels.arrays import CampaignArrays

SCENARIO = "coproduction"
SEED = 20231206
RAID_DAYS = 1000
RAID_THREATS = 60
RAID_UNITS = 10


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("bench")(bench)


def bench(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    replications: Annotated[int, typer.Option(min=1, max=100_000, metavar="N", help="Replications per timing of the kernel.")] = 100,
) -> None:
    """Measure the compiled kernel and the reference on the bundled campaign, and print their ratio.

    Both run here and now on one core; the ratio means something, the times
    belong to this machine as busy as it is. ``docs/performance.md`` says more.
    """
    found = measure(replications)
    if as_json:
        print_json(found)
        return
    machine, campaign, raid = found["machine"], found["campaign"], found["raid"]
    say(f"machine: {machine['processor']}, {machine['cores']} cores; Python {machine['python']}, Numba {machine['numba']}")
    say(f"kernels ready after {found['ready_seconds']:.1f} s (compiled now, or loaded from the cache)")
    say(f"campaign {campaign['scenario']}, {campaign['days']} days, salvo resolution:")
    say(f"  kernel     {campaign['kernel_ms']:9.2f} ms a replication")
    say(f"  reference  {campaign['reference_ms']:9.2f} ms a replication, same outcomes: {'yes' if campaign['equal'] else 'NO'}")
    say(f"  kernel is  {campaign['ratio']:9.0f} times the reference per core")
    say(f"  2 threads are {campaign['two_threads']:.2f} times one")
    say(f"raid of {raid['threats']} threats against {raid['units']} fire units, salvo resolution:")
    say(f"  {raid['one_thread_per_second']:,.0f} raids a second on 1 thread, {raid['two_threads_per_second']:,.0f} on 2")


def best_of(times: int, work: Callable[[], Any]) -> float:
    """Return the shortest of several timings of `work`, in seconds: the one least disturbed."""
    import time

    def once() -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    return min(once() for _ in range(times))


def on_threads(arrays: CampaignArrays, replications: int, threads: int) -> float:
    """Return the seconds for `replications` split evenly over threads."""
    from concurrent.futures import ThreadPoolExecutor

    from frankensam.kernels.campaign import simulate_block
    from frankensam.model.outcomes import allocate_outcomes

    share = max(1, replications // threads)
    outcomes = [allocate_outcomes(arrays, share) for _ in range(threads)]
    with ThreadPoolExecutor(threads) as pool:
        def work() -> None:
            for done in [pool.submit(simulate_block, arrays, SEED, k * share, outcomes[k]) for k in range(threads)]:
                done.result()

        return best_of(3, work) * replications / (share * threads)


def measure(replications: int) -> dict[str, Any]:
    """Run every measurement and return them with the machine they belong to."""
    import time

    began = time.perf_counter()
    import frankensam.kernels.campaign  # noqa: F401 - compiles, or loads the cache

    ready = time.perf_counter() - began
    return {
        "machine": describe_machine(), "ready_seconds": ready, "campaign": measure_campaign(replications),
        "raid": measure_raid(replications),
    }


def measure_campaign(replications: int) -> dict[str, Any]:
    """Time kernel and reference on the first variant of the bundled scenario, and compare their outcomes."""
    import numpy as np

    from frankensam.compilation import compile_scenario
    from frankensam.kernels.campaign import simulate_block
    from frankensam.model.campaign import simulate
    from frankensam.model.outcomes import allocate_outcomes

    campaigns = compile_scenario(SCENARIO).variants
    arrays = list(campaigns.values())[-1].arrays
    single = allocate_outcomes(arrays, 1)
    simulate_block(arrays, SEED, 0, single)
    equal = all(np.array_equal(x, y) for x, y in zip(single, simulate(arrays, SEED, 0), strict=True))
    reference = best_of(2, lambda: simulate(arrays, SEED, 0))
    one, two = on_threads(arrays, replications, 1), on_threads(arrays, replications, 2)
    return {
        "scenario": SCENARIO, "variant": list(campaigns)[-1], "days": int(arrays.days), "replications": replications,
        "kernel_ms": 1e3 * one / replications, "reference_ms": 1e3 * reference, "ratio": reference * replications / one,
        "two_threads": one / two, "equal": equal,
    }


def raid_campaign() -> CampaignArrays:
    """Return a campaign with nothing but a raid a day: the threats listed, 10 fire units in two layers, magazines refilled."""
    import numpy as np

    from frankensam.kernels.arrays import BEARINGS, INPUTS, CampaignArrays

    lengths = dict.fromkeys(("supply", "line", "partner", "route", "shop"), 0) | {
        "item": 2, "site": 1, "hybrid": 2, "unit": RAID_UNITS, "threat": 5, "sector": 1, "period": 1, "weekday": 7, "regime": 2,
        "day": RAID_DAYS, "duration": 3, "coordinate": 2, "bearing": BEARINGS,
    }
    values: dict[str, Any] = {
        "days": RAID_DAYS, "record_every": RAID_DAYS, "item_kind": [1, 2], "hybrid_interceptor": 1, "hybrid_layer": [0, 1],
        "stock_initial": [[0, 10**9]], "site_repair_days": 1.0, "site_aim_weight": 1.0, "hybrid_salvo": [1, 2], "hybrid_looks": 2,
        "hybrid_engagements": 3.0, "hybrid_sspk": 0.6, "hybrid_class_order": [[2, 1, 0, 3, -1]] * 2,
        "unit_hybrid": np.arange(RAID_UNITS) % 2,
        "unit_key": np.arange(RAID_UNITS), "unit_establishment": 2, "unit_launchers_initial": 2, "unit_round_capacity": 40,
        "unit_rounds_initial": 40, "unit_demand_prior": 5.0, "threat_appearance": [0, 1, 2, 3, 0], "background_before": 0.1,
        "background_after": 0.1, "raid_source": 1, "raid_listed": [40, 8, 2, 0, RAID_THREATS - 50], "sector_power_site": -1,
    }
    arrays = []
    for variable in INPUTS:
        shape = tuple(lengths[dim] for dim in variable.dims)
        array = np.ascontiguousarray(np.broadcast_to(np.asarray(values.get(variable.name, 0), variable.dtype), shape))
        array.setflags(write=False)
        arrays.append(array.reshape(shape))
    return CampaignArrays(*arrays)


def measure_raid(replications: int) -> dict[str, Any]:
    """Time days that hold a raid and its resupply and nothing else."""
    arrays = raid_campaign()
    one, two = on_threads(arrays, replications, 1), on_threads(arrays, replications, 2)
    return {
        "threats": RAID_THREATS, "units": RAID_UNITS, "raids": replications * RAID_DAYS,
        "one_thread_per_second": replications * RAID_DAYS / one, "two_threads_per_second": replications * RAID_DAYS / two,
    }


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
