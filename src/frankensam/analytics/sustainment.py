"""Repairable items: Palm's theorem, expected backorders, machines and repair crews.

References: Palm (1938); Sherbrooke (2004) Optimal Inventory Modeling of Systems, 2nd ed.;
Peck & Hazelwood (1958) Finite Queuing Tables;
Fisher (1990) Markov process modelling of a maintenance system with spares, repair, cannibalization and manpower constraints.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from frankensam.analytics.arguments import require, require_count, require_not_negative, require_positive
from frankensam.analytics.queues import finite_source


def palm_outstanding(demand_rate: float, mean_lead_time: float) -> float:
    """Return the mean of the Poisson number of orders outstanding; by Palm's theorem only the mean lead time matters."""
    require_not_negative(demand_rate, "demand_rate")
    require_not_negative(mean_lead_time, "mean_lead_time")
    return demand_rate * mean_lead_time


def lognormal_mean(median: float, sigma: float) -> float:
    """Return the mean of a lognormal duration of that median and standard deviation of the logarithm."""
    require_positive(median, "median")
    return median * math.exp(sigma**2 / 2.0)


def expected_backorders(pipeline: float, stock: int) -> float:
    """Return E[(X - s)+] for X Poisson of mean `pipeline` and `stock` s spares (Sherbrooke 2004)."""
    require_not_negative(pipeline, "pipeline")
    s = require_count(stock, "stock")
    return float(pipeline * stats.poisson.sf(s - 2, pipeline) - s * stats.poisson.sf(s - 1, pipeline)) if s else pipeline


def expected_short(pipeline: float, stock: int, parts: int) -> float:
    """Return E[ceil((X - s)+ / p)]: systems short of a part when what is missing is gathered in as few of them as can carry it.

    X is Poisson of mean `pipeline`, s the `stock` of spares, p the `parts` of the kind on one system: complete
    cannibalisation (as in Fisher 1990), which with p = 1 is none and gives the expected backorders.
    """
    require_not_negative(pipeline, "pipeline")
    s, p = require_count(stock, "stock"), require_count(parts, "parts", 1)
    # sum over k >= 0 of P(ceil((X - s)+ / p) > k) = P(X > s + k p)
    last = int(stats.poisson.isf(1e-16, pipeline)) + 1
    return float(stats.poisson.sf(np.arange(s, max(s, last) + p, p), pipeline).sum())


def fill_rate(pipeline: float, stock: int) -> float:
    """Return the chance that a demand finds a spare on the shelf: P(X <= s - 1)."""
    require_not_negative(pipeline, "pipeline")
    return float(stats.poisson.cdf(require_count(stock, "stock") - 1, pipeline))


def availability(mean_up: float, mean_down: float) -> float:
    """Return up / (up + down), the steady-state availability of one item."""
    require_positive(mean_up, "mean_up")
    require_not_negative(mean_down, "mean_down")
    return mean_up / (mean_up + mean_down)


def operational_availability(backorders: Sequence[float], per_system: Sequence[int], systems: int) -> float:
    """Return METRIC's availability: the product over items of (1 - EBO / (systems x z))^z, z items per system."""
    n = require_count(systems, "systems", 1)
    require(len(backorders) == len(per_system), "one number per system for every item")
    return math.prod(max(0.0, 1.0 - ebo / (n * z)) ** z for ebo, z in zip(backorders, per_system, strict=True))


def metric_depot_delay(demand_rate: float, depot_repair: float, depot_stock: int) -> float:
    """Return the mean delay a base sees because the depot is out of stock: EBO(depot) / demand rate (METRIC)."""
    require_positive(demand_rate, "demand_rate")
    return expected_backorders(demand_rate * depot_repair, depot_stock) / demand_rate


def metric_base_pipeline(
    demand_rate: float, repaired_at_base: float, base_repair: float, transit: float, depot_delay: float,
) -> float:
    """Return the mean number in a base's pipeline: m (r T + (1 - r)(O + delay)) (Sherbrooke 1968)."""
    return demand_rate * (repaired_at_base * base_repair + (1.0 - repaired_at_base) * (transit + depot_delay))


@dataclass(frozen=True, slots=True)
class MachineRepair:
    """N machines and M crews: chance an arriving failure waits (D), efficiency (F), mean waiting (L), running (J), mean wait (W)."""

    waiting_probability: float
    efficiency: float
    waiting: float
    running: float
    wait: float


def machine_repair(machines: int, crews: int, mean_repair: float, mean_run: float) -> MachineRepair:
    """Return the figures of Peck & Hazelwood's tables for exponential run and repair times.

    Efficiency is (running + in repair) / machines; `wait` is in the unit of the two means.
    """
    require_positive(mean_repair, "mean_repair")
    require_positive(mean_run, "mean_run")
    queue = finite_source(machines, crews, 1.0 / mean_run, 1.0 / mean_repair)
    states = np.arange(machines + 1)
    running = float(((machines - states) * queue.p).sum())
    return MachineRepair(queue.p_wait, (machines - queue.queue_length) / machines, queue.queue_length, running, queue.wait)
