"""Inventory: newsvendor, base stock, (s, S), economic order quantity with disruption and with yield uncertainty.

Notation of Snyder & Shen (2019) Fundamentals of Supply Chain Theory, 2nd ed.: h holding cost per
unit and time, p shortage cost per unit (and time where time runs), K cost of an order, d demand rate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from frankensam.analytics.arguments import require, require_count, require_not_negative, require_positive, require_probability

NEGLIGIBLE = 1e-22
MOST_PERIODS_DOWN = 1_000_000


@dataclass(frozen=True, slots=True)
class Policy:
    """A stock level or order quantity with its expected cost per unit of time."""

    level: float
    cost: float


# -- one period and base stock


def normal_stock_cost(holding: float, shortage: float, mean: float, sd: float, level: float) -> float:
    """Return h E[(S - D)+] + p E[(D - S)+] for normal demand D and stock level S."""
    require_positive(sd, "sd")
    z = (level - mean) / sd
    short = sd * (stats.norm.pdf(z) - z * stats.norm.sf(z))
    return float(holding * (level - mean + short) + shortage * short)


def newsvendor_normal(holding: float, shortage: float, mean: float, sd: float, lead_time: float = 0.0) -> Policy:
    """Return the best stock level for normal demand; with a lead time L, of the base-stock policy over L + 1 periods."""
    require_positive(holding, "holding")
    require_positive(shortage, "shortage")
    require_not_negative(lead_time, "lead_time")
    periods = lead_time + 1.0
    mean_risk, sd_risk = mean * periods, sd * math.sqrt(periods)
    z = float(stats.norm.ppf(shortage / (shortage + holding)))
    return Policy(mean_risk + z * sd_risk, float((holding + shortage) * sd_risk * stats.norm.pdf(z)))


def poisson_stock_cost(holding: float, shortage: float, mean: float, level: float) -> float:
    """Return h E[(S - D)+] + p E[(D - S)+] for Poisson demand D and a whole stock level S (may be negative)."""
    require_not_negative(mean, "mean")
    if level < 0:
        return shortage * (mean - level)
    short = mean * stats.poisson.sf(level - 2, mean) - level * stats.poisson.sf(level - 1, mean)
    return float(holding * (level - mean + short) + shortage * short)


def newsvendor_poisson(holding: float, shortage: float, mean: float, lead_time: float = 0.0) -> Policy:
    """Return the smallest stock level whose demand is met with at least the critical ratio, for Poisson demand."""
    require_positive(holding, "holding")
    require_positive(shortage, "shortage")
    risk = mean * (lead_time + 1.0)
    level = float(stats.poisson.ppf(shortage / (shortage + holding), risk))
    return Policy(level, poisson_stock_cost(holding, shortage, risk, level))


# -- reorder point and order-up-to level


def s_big_s_cost(holding: float, shortage: float, order: float, mean: float, reorder: int, up_to: int) -> float:
    """Return the cost per period of an (s, S) policy with Poisson demand, zero lead time, full backlog.

    At each review an order raises the position to S when it is at s or below; the
    cost is that of the stationary chain of positions after ordering (renewal form,
    Zheng & Federgruen 1991).
    """
    require(reorder < up_to, "s lies below S")
    require_positive(mean, "mean")
    visits = _visits_before_order(mean, up_to - reorder)
    levels = up_to - np.arange(up_to - reorder)
    period_costs = np.array([poisson_stock_cost(holding, shortage, mean, float(level)) for level in levels])
    return float((order + visits @ period_costs) / visits.sum())


def _visits_before_order(mean: float, depth: int) -> NDArray[np.float64]:
    """Mean number of periods spent j below S before the next order, j = 0 to depth - 1."""
    demand = stats.poisson.pmf(np.arange(depth), mean)
    visits = np.zeros(depth)
    visits[0] = 1.0 / (1.0 - demand[0])
    for j in range(1, depth):
        visits[j] = (demand[1:j + 1][::-1] @ visits[:j]) / (1.0 - demand[0])
    return visits


# -- economic order quantity


def eoq(order: float, holding: float, demand: float) -> Policy:
    """Return the economic order quantity: sqrt(2Kd/h), cost sqrt(2Kdh)."""
    for value, name in ((order, "order"), (holding, "holding"), (demand, "demand")):
        require_positive(value, name)
    return Policy(math.sqrt(2.0 * order * demand / holding), math.sqrt(2.0 * order * demand * holding))


def eoq_backorders(order: float, holding: float, shortage: float, demand: float) -> Policy:
    """Return the order quantity with planned backorders at p per unit and time."""
    factor = (holding + shortage) / shortage
    plain = eoq(order, holding, demand)
    return Policy(plain.level * math.sqrt(factor), plain.cost / math.sqrt(factor))


def eoq_disruptions_cost(
    order: float, holding: float, shortage: float, demand: float, failure: float, recovery: float, quantity: float,
) -> float:
    """Return the cost rate of ordering Q whenever stock is out from a supplier that fails and recovers.

    Supplier up ~ Exp(failure), down ~ Exp(recovery); demand while waiting is lost at p per
    unit. With psi = failure/(failure + recovery) (1 - exp(-(failure + recovery) Q/d)):
    (K + hQ^2/(2d) + p d psi/recovery) / (Q/d + psi/recovery) (Berk & Arreola-Risa 1994).
    """
    require_positive(quantity, "quantity")
    both = failure + recovery
    down = failure / both * -math.expm1(-both * quantity / demand)
    wait = down / recovery
    return (order + holding * quantity**2 / (2.0 * demand) + shortage * demand * wait) / (quantity / demand + wait)


def eoq_disruptions(order: float, holding: float, shortage: float, demand: float, failure: float, recovery: float) -> Policy:
    """Return the order quantity of least cost under supplier disruptions, and that cost (see `eoq_disruptions_cost`)."""
    for value, name in ((order, "order"), (holding, "holding"), (shortage, "shortage"), (demand, "demand")):
        require_positive(value, name)
    require_positive(failure, "failure")
    require_positive(recovery, "recovery")

    def cost(log_quantity: float) -> float:
        return eoq_disruptions_cost(order, holding, shortage, demand, failure, recovery, math.exp(log_quantity))

    def slope(log_quantity: float) -> float:
        return _disruption_slope(order, holding, shortage, demand, failure, recovery, math.exp(log_quantity))

    start = math.log(eoq(order, holding, demand).level)
    low, high = start - 1.0, start + 1.0
    while slope(low) > 0.0:
        low -= 1.0
    while slope(high) < 0.0:
        high += 1.0
    best = float(optimize.brentq(slope, low, high, xtol=1e-14, rtol=8.9e-16))
    return Policy(math.exp(best), cost(best))


def _disruption_slope(
    order: float, holding: float, shortage: float, demand: float, failure: float, recovery: float, quantity: float,
) -> float:
    """Sign of the derivative of the cost rate: numerator' x denominator - numerator x denominator'."""
    both = failure + recovery
    wait = failure / both * -math.expm1(-both * quantity / demand) / recovery
    wait_slope = failure / demand * math.exp(-both * quantity / demand) / recovery
    top = order + holding * quantity**2 / (2.0 * demand) + shortage * demand * wait
    bottom = quantity / demand + wait
    top_slope = holding * quantity / demand + shortage * demand * wait_slope
    return top_slope * bottom - top * (1.0 / demand + wait_slope)


def newsvendor_disruptions(holding: float, shortage: float, demand: float, failure: float, recovery: float) -> Policy:
    """Return the base-stock level for fixed demand per period and a supplier with geometric up and down times.

    With F(n) = 1 - failure/(failure + recovery) (1 - recovery)^n the chance to be down at most n
    periods: S = d (1 + smallest n with F(n) >= p/(p + h)) (Tomlin 2006; Snyder & Shen 2019).
    """
    require_probability(failure, "failure")
    require_probability(recovery, "recovery")
    require(failure + recovery > 0.0 and recovery > 0.0, "a supplier that never recovers has no steady state")
    ratio = shortage / (shortage + holding)
    share, periods = failure / (failure + recovery), 0
    while 1.0 - share * (1.0 - recovery) ** periods < ratio:
        periods += 1
    level = demand * (periods + 1)
    return Policy(level, newsvendor_disruptions_cost(holding, shortage, demand, failure, recovery, level))


def newsvendor_disruptions_cost(
    holding: float, shortage: float, demand: float, failure: float, recovery: float, level: float,
) -> float:
    """Return the cost per period of base-stock level S: sum of pi_n (h (S - (n+1)d)+ + p ((n+1)d - S)+).

    pi_n is the chance that the supplier has been down for n periods.
    """
    require(0.0 < failure <= 1.0 and 0.0 < recovery <= 1.0, "failure and recovery are probabilities above 0")

    def cost_of(periods_down: int) -> float:
        needed = (periods_down + 1) * demand
        return holding * max(level - needed, 0.0) + shortage * max(needed - level, 0.0)

    parts = [recovery / (failure + recovery) * cost_of(0)]
    n, chance = 1, failure * recovery / (failure + recovery)
    while chance > NEGLIGIBLE and n <= MOST_PERIODS_DOWN:
        parts.append(chance * cost_of(n))
        chance *= 1.0 - recovery
        n += 1
    return math.fsum(parts)


def eoq_additive_yield(order: float, holding: float, demand: float, yield_mean: float, yield_sd: float) -> Policy:
    """Return the order quantity when Q + Y arrives: sqrt(2Kd/h + sd^2) - mean, cost h sqrt(2Kd/h + sd^2)."""
    root = math.sqrt(eoq(order, holding, demand).level ** 2 + yield_sd**2)
    return Policy(root - yield_mean, holding * root)


def eoq_multiplicative_yield(order: float, holding: float, demand: float, yield_mean: float, yield_sd: float) -> Policy:
    """Return the order quantity when Q Z arrives: sqrt(2Kd/(h (mean^2 + sd^2)))."""
    require_positive(yield_mean, "yield_mean")
    second = yield_mean**2 + yield_sd**2
    plain = eoq(order, holding, demand)
    return Policy(plain.level / math.sqrt(second), plain.cost * math.sqrt(second) / yield_mean)


# -- unreliable production lines


def line_without_buffers(failure: Sequence[float], repair: Sequence[float]) -> float:
    """Return the throughput, per cycle, of a line without buffers: 1/(1 + sum p/r), operation-dependent failures (Buzacott)."""
    require(len(failure) == len(repair) > 0, "one repair rate for every machine")
    require(all(rate > 0.0 for rate in repair), "repair rates are above 0")
    return 1.0 / (1.0 + math.fsum(p / r for p, r in zip(failure, repair, strict=True)))


def line_with_infinite_buffers(failure: Sequence[float], repair: Sequence[float]) -> float:
    """Return the throughput with infinite buffers: that of the slowest machine alone, r/(r + p)."""
    require(len(failure) == len(repair) > 0, "one repair rate for every machine")
    return min(r / (r + p) for p, r in zip(failure, repair, strict=True))


def poisson_stockout(mean: float, level: int) -> float:
    """Return the chance that Poisson demand exceeds a stock level."""
    require_not_negative(mean, "mean")
    return float(stats.poisson.sf(require_count(level, "level"), mean))
