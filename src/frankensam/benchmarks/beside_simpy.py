"""The same three models in SimPy and as campaigns of the kernel, each against the closed form.

The campaign's clock is the day, SimPy's is continuous: they are the same model
in their steady state, durations in whole days having the mean of the
exponential ones. Both are therefore compared with the closed form of the
steady state, within `BIAS` for the day and the warm-up plus `ERRORS` standard
errors of the mean over replications.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from frankensam.analytics.queues import finite_source, mmc
from frankensam.analytics.sustainment import expected_backorders
from frankensam.benchmarks import simpy_models
from frankensam.benchmarks.quiet import METRIC, quiet_campaign
from frankensam.benchmarks.timing import SEED, best_of
from frankensam.kernels.arrays import DURATION_EXPONENTIAL, CampaignArrays, OutcomeArrays

DAYS = 4000
WARM_UP = 800
MANY = 1_000_000
"""Launchers: so many that those in repair are not missed, and failures are Poisson."""
BIAS = 0.01
"""Relative error allowed for the day step and the warm-up."""
ERRORS = 4.5
"""Standard errors allowed: a false alarm in 150,000 comparisons."""

SERVERS, ARRIVALS, SERVICE = 12, 0.25, 40.0
MACHINES, CREWS, RUN, REPAIR = 50, 4, 400.0, 30.0
DEMAND, LEAD_TIME, LEVEL = 0.5, 20, 10

Figure = Callable[[OutcomeArrays], "np.ndarray[Any, Any]"]


class Model(NamedTuple):
    """One model: what is compared, its closed form, the campaign with the figure read from it, and the same in SimPy by seed."""

    figure: str
    known: float
    arrays: CampaignArrays
    read: Figure
    in_simpy: Callable[[int], float]


def hazard(mean_evenings: float) -> float:
    """Return the daily hazard with which so many evenings pass between failures on average: drawn each morning with 1 - exp(-hazard)."""
    return -math.log1p(-1.0 / (mean_evenings + 1.0))


def exponential_of_whole_days(mean_days: float) -> tuple[float, float, float]:
    """Return the exponential duration of which the whole days, half up and at least 1, have that mean; by bisection."""
    low, high = 0.1 * mean_days, 2.0 * mean_days
    for _ in range(80):
        middle = 0.5 * (low + high)
        rounded = 1.0 + math.exp(-1.5 / middle) / -math.expm1(-1.0 / middle)
        low, high = (middle, high) if rounded < mean_days else (low, middle)
    return (float(DURATION_EXPONENTIAL), low, 0.0)


def mean_available(outcomes: OutcomeArrays) -> np.ndarray[Any, Any]:
    """Return the mean number of launchers available after the warm-up, by replication."""
    days = outcomes.series[:, :, METRIC["launcher_days_available"]]
    return np.asarray((days[:, -1] - days[:, 0]) / (DAYS - WARM_UP))


def models() -> dict[str, Model]:
    """Return the three models by name."""
    queue = quiet_campaign(
        DAYS, record_every=WARM_UP, unit_launchers_initial=MANY, unit_bays=SERVERS, hybrid_failure_rate=-math.log1p(-ARRIVALS / MANY),
        hybrid_unit_turnaround=exponential_of_whole_days(SERVICE),
    )
    repair = quiet_campaign(
        DAYS, record_every=WARM_UP, unit_launchers_initial=MACHINES, unit_bays=CREWS, hybrid_failure_rate=hazard(RUN),
        hybrid_unit_turnaround=exponential_of_whole_days(REPAIR),
    )
    stock = quiet_campaign(
        DAYS, {"shop": 1}, record_every=LEAD_TIME, unit_launchers_initial=MANY, unit_establishment=MANY, stock_initial=[[LEVEL, 0]],
        hybrid_failure_rate=-math.log1p(-DEMAND / MANY), hybrid_depot_share=1.0, shop_bays=MANY, shop_repairs=1,
        shop_turnaround=(0.0, LEAD_TIME - 2.0, 0.0),
    )
    return {
        "queue": Model(
            f"M/M/{SERVERS}, mean number in the system", mmc(ARRIVALS, 1.0 / SERVICE, SERVERS).system_length, queue,
            lambda outcomes: MANY - mean_available(outcomes),
            lambda seed: simpy_models.queue(seed, ARRIVALS, SERVICE, SERVERS, DAYS, WARM_UP),
        ),
        "repair": Model(
            f"{MACHINES} machines, {CREWS} crews, mean number running",
            MACHINES - finite_source(MACHINES, CREWS, 1.0 / RUN, 1.0 / REPAIR).system_length, repair, mean_available,
            lambda seed: simpy_models.repair(seed, MACHINES, CREWS, RUN, REPAIR, DAYS, WARM_UP),
        ),
        "stock": Model(
            f"base stock of {LEVEL}, Poisson demand, lead time {LEAD_TIME} days, mean backorders",
            expected_backorders(DEMAND * LEAD_TIME, LEVEL), stock,
            lambda outcomes: np.asarray(MANY - outcomes.series[:, WARM_UP // LEAD_TIME :, METRIC["launchers_held"]].mean(axis=1)),
            lambda seed: simpy_models.stock(seed, DEMAND, LEAD_TIME, LEVEL, DAYS, WARM_UP),
        ),
    }


def agreement(found: np.ndarray[Any, Any], known: float) -> dict[str, Any]:
    """Return the mean over replications, the difference allowed, and whether it agrees with the closed form."""
    allowed = BIAS * known + ERRORS * float(found.std(ddof=1)) / math.sqrt(len(found))
    return {"mean": float(found.mean()), "allowed": allowed, "agrees": bool(abs(found.mean() - known) <= allowed)}


def measure_beside_simpy(kernel_replications: int, simpy_replications: int) -> dict[str, Any]:
    """Time each model in both, a replication of `DAYS` days on one core, and compare both with the closed form."""
    from importlib.metadata import version

    from frankensam.kernels.campaign import simulate_block
    from frankensam.model.outcomes import allocate_outcomes

    rows: dict[str, Any] = {"simpy": version("simpy"), "days": DAYS, "warm_up_days": WARM_UP}
    for name, model in models().items():
        outcomes = allocate_outcomes(model.arrays, kernel_replications)

        def by_kernel(model: Model = model, outcomes: OutcomeArrays = outcomes) -> None:
            simulate_block(model.arrays, SEED, 0, outcomes)

        figures: list[float] = []

        def by_simpy(model: Model = model, figures: list[float] = figures) -> None:
            figures[:] = [model.in_simpy(SEED + k) for k in range(simpy_replications)]

        kernel = best_of(2, by_kernel) / kernel_replications
        other = best_of(1, by_simpy) / simpy_replications
        rows[name] = {
            "figure": model.figure, "closed_form": model.known, "kernel_ms": 1e3 * kernel, "simpy_ms": 1e3 * other, "ratio": other / kernel,
            "kernel": agreement(model.read(outcomes), model.known), "in_simpy": agreement(np.array(figures), model.known),
        }
    return rows
