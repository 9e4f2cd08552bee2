"""The campaign at the salvo resolution: kernel against reference, two threads against one, raids a second."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from frankensam.benchmarks.quiet import quiet_campaign
from frankensam.benchmarks.timing import SEED, best_of, on_threads
from frankensam.kernels.arrays import CampaignArrays

SCENARIO = "coproduction"
RAID_DAYS = 1000
RAID_THREATS = 60
RAID_UNITS = 10


def measure_campaign(replications: int) -> dict[str, Any]:
    """Time kernel and reference on the last variant of the bundled scenario, and compare their outcomes."""
    from frankensam.compilation import compile_scenario
    from frankensam.kernels.campaign import simulate_block
    from frankensam.model.campaign import simulate
    from frankensam.model.outcomes import allocate_outcomes

    campaigns = compile_scenario(SCENARIO).variants
    arrays = list(campaigns.values())[-1].arrays
    single, several = allocate_outcomes(arrays, 1), allocate_outcomes(arrays, replications)
    simulate_block(arrays, SEED, 0, single)
    equal = all(np.array_equal(x, y) for x, y in zip(single, simulate(arrays, SEED, 0), strict=True))
    kernel = best_of(3, lambda: simulate_block(arrays, SEED, 0, several)) / replications
    reference = best_of(2, lambda: simulate(arrays, SEED, 0))
    one, two = on_threads(arrays, replications, 1), on_threads(arrays, replications, 2)
    return {
        "scenario": SCENARIO, "variant": list(campaigns)[-1], "days": int(arrays.days), "replications": replications,
        "kernel_ms": 1e3 * kernel, "reference_ms": 1e3 * reference, "ratio": reference / kernel, "two_threads": one / two, "equal": equal,
    }


def raid_campaign(days: int = RAID_DAYS) -> CampaignArrays:
    """Return a campaign with nothing but a raid a day: the threats listed, 10 fire units in two layers, magazines refilled."""
    return quiet_campaign(
        days, {"hybrid": 2, "unit": RAID_UNITS}, record_every=days, hybrid_layer=[0, 1], stock_initial=[[0, 10**9]], site_repair_days=1.0,
        hybrid_salvo=[1, 2], hybrid_looks=2, hybrid_engagements=3.0, hybrid_sspk=0.6, hybrid_class_order=[[2, 1, 0, 3, -1]] * 2,
        unit_hybrid=np.arange(RAID_UNITS) % 2, unit_establishment=2, unit_launchers_initial=2, unit_round_capacity=40,
        unit_rounds_initial=40, unit_demand_prior=5.0, background_before=0.1, background_after=0.1, threat_accuracy=0.0,
        raid_listed=[40, 8, 2, 0, RAID_THREATS - 50],
    )


def measure_salvo_raids(days: int) -> dict[str, Any]:
    """Time days that hold a raid and its resupply and nothing else, and compare 3 days with the reference."""
    from frankensam.kernels.campaign import simulate_block
    from frankensam.model.campaign import simulate
    from frankensam.model.outcomes import allocate_outcomes

    few = raid_campaign(3)
    single = allocate_outcomes(few, 1)
    simulate_block(few, SEED, 0, single)
    equal = all(np.array_equal(x, y) for x, y in zip(single, simulate(few, SEED, 0), strict=True))
    replications = max(2, days // RAID_DAYS)
    arrays = raid_campaign(min(days, RAID_DAYS))
    raids = replications * int(arrays.days)
    one, two = on_threads(arrays, replications, 1), on_threads(arrays, replications, 2)
    outcomes = allocate_outcomes(arrays, replications)
    processor = best_of(2, lambda: simulate_block(arrays, SEED, 0, outcomes), time.thread_time)
    return {
        "threats": RAID_THREATS, "units": RAID_UNITS, "raids": raids, "one_thread_per_second": raids / one,
        "two_threads_per_second": raids / two, "per_processor_second": raids / processor, "equal": equal,
    }
