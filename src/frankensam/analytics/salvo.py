"""Salvo models of missile combat: deterministic (Hughes), stochastic (Armstrong), heterogeneous.

References:
    Hughes W.P. (1995) A salvo model of warships in missile combat used to evaluate their staying
    power, Naval Research Logistics 42:267-289.
    Armstrong M.J. (2005) A stochastic salvo model for naval surface combat, Operations Research 53:830-841.
    Armstrong M.J. (2014) The salvo combat model with a sequential exchange of fire,
    J. Operational Research Society 65:1593-1601.
    Johns, Pilnick & Hughes (2001) Heterogeneous salvo model for the Navy After Next, NPS-IJWA-01-010.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from frankensam.analytics.arguments import require, require_count, require_not_negative, require_positive, require_probability

Order = Literal["simultaneous", "a_first", "b_first"]


@dataclass(frozen=True, slots=True)
class Side:
    """One side: units, well-aimed missiles per unit, intercepts per unit, hits that put one unit out of action."""

    units: float
    striking: float = 0.0
    defensive: float = 0.0
    staying: float = 1.0

    def __post_init__(self) -> None:
        """Refuse numbers outside the model's domain."""
        for name in ("units", "striking", "defensive"):
            require_not_negative(getattr(self, name), name)
        require_positive(self.staying, "staying")


def salvo_losses(attacker: Side, target: Side) -> float:
    """Return the units `target` loses to one salvo, between 0 and all of it.

    (striking x attackers - defensive x targets) / staying, clamped (Hughes 1995).
    """
    leakers = attacker.striking * attacker.units - target.defensive * target.units
    return min(max(leakers / target.staying, 0.0), target.units)


def exchange(a: Side, b: Side, order: Order = "simultaneous") -> tuple[float, float]:
    """Return the units lost by `a` and by `b` in one exchange.

    With an order, the side that is struck first answers with its survivors only
    (Armstrong 2014).
    """
    if order == "simultaneous":
        return salvo_losses(b, a), salvo_losses(a, b)
    first, second = (a, b) if order == "a_first" else (b, a)
    second_loss = salvo_losses(first, second)
    survivors = Side(second.units - second_loss, second.striking, second.defensive, second.staying)
    first_loss = salvo_losses(survivors, first)
    return (first_loss, second_loss) if order == "a_first" else (second_loss, first_loss)


def fractional_exchange_ratio(a: Side, b: Side) -> float:
    """Return (fraction of `b` lost) / (fraction of `a` lost) in a simultaneous exchange, without clamping.

    Raises:
        ArgumentRefused: `a` loses nothing, so the ratio is not defined.
    """
    fraction_a = (b.striking * b.units - a.defensive * a.units) / (a.staying * a.units)
    fraction_b = (a.striking * a.units - b.defensive * b.units) / (b.staying * b.units)
    require(fraction_a > 0.0, "the ratio needs a side that loses something")
    return fraction_b / fraction_a


def heterogeneous_attrition(
    shooters: float, hit_effectiveness: float, power_per_shooter: float, share_per_target: float, staying_power: float,
) -> float:
    """Return the units of one target put out of action by one group of shooters (Johns, Pilnick & Hughes 2001)."""
    require_positive(staying_power, "staying_power")
    return shooters * hit_effectiveness * power_per_shooter * share_per_target / staying_power


def stochastic_leakers(shots: int, hit_probability: float, intercepts: int, intercept_probability: float) -> NDArray[np.float64]:
    """Return the distribution of missiles that get through, index 0 to `shots` (Armstrong 2005, exact).

    Good shots are Binomial(shots, hit_probability), good intercepts
    Binomial(intercepts, intercept_probability), independent; leakers are the
    excess of the former over the latter, not below zero.
    """
    n, m = require_count(shots, "shots"), require_count(intercepts, "intercepts")
    require_probability(hit_probability, "hit_probability")
    require_probability(intercept_probability, "intercept_probability")
    good = stats.binom.pmf(np.arange(n + 1), n, hit_probability)
    stopped = stats.binom.pmf(np.arange(m + 1), m, intercept_probability)
    difference = np.convolve(good, stopped[::-1])  # index m means as many good shots as good intercepts
    leakers = difference[m:].copy()
    leakers[0] = difference[: m + 1].sum()
    return leakers


def first_strike_survivors(
    forces: Sequence[tuple[float, float]], striking_a: float, striking_b: float, defence: float = 0.0, staying: float = 1.0,
) -> list[list[float]]:
    """Return per pair of forces the survivors A, B after only A strikes, after only B strikes, after both at once.

    Hughes, Fleet Tactics, first-strike survivors table: with one kill per attacker.
    """
    table = []
    for units_a, units_b in forces:
        a, b = Side(units_a, striking_a, defence, staying), Side(units_b, striking_b, defence, staying)
        loss_a, loss_b = exchange(a, b)
        table.append([units_a, units_b - loss_b, units_a - loss_a, units_b, units_a - loss_a, units_b - loss_b])
    return table
