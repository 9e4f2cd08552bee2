"""Resupply of fire units from the issuing depots, one item at a time to the unit that is worst off."""

from __future__ import annotations

from collections.abc import Callable

from frankensam.kernels.arrays import DEMAND_SMOOTHING_DAYS, EQUAL_DAYS, FIXED_SHARES
from frankensam.model.world import FireUnit, World

SMALLEST_DEMAND = 1e-9


def level(world: World, unit: FireUnit, count: int, target: float) -> float | None:
    """Return how well a unit is supplied under the rule; None if the rule gives it nothing."""
    a = world.arrays
    if a.allocation_rule == EQUAL_DAYS:
        return count / target
    if a.allocation_rule == FIXED_SHARES:
        share = float(a.unit_share[unit.index])
        return count / share if share > 0.0 else None
    return float(max(0, a.unit_priority[unit.index]))


def next_served(units: list[FireUnit], level_of: Callable[[FireUnit], float | None]) -> FireUnit | None:
    """Return the unit with the lowest level, ties by key; None if no unit wants an item."""
    levels = [(found, unit.key, unit.index) for unit in units if (found := level_of(unit)) is not None]
    if not levels:
        return None
    index = min(levels)[2]
    return next(unit for unit in units if unit.index == index)


def issue_launchers(world: World, served: list[FireUnit]) -> None:
    """Issue the launchers of one pool of hybrids that share a depot and a launcher, repaired ones first."""
    hybrid = served[0].hybrid
    stock, item, pool = hybrid.depot.stock, hybrid.launcher, hybrid.pool
    pool.returned = min(pool.returned, stock[item])

    def level_of(unit: FireUnit) -> float | None:
        establishment = int(world.arrays.unit_establishment[unit.index])
        return level(world, unit, unit.held, float(establishment)) if unit.held < establishment else None

    for _ in range(hybrid.depot.handled(item)):
        if (unit := next_served(served, level_of)) is None:
            break
        stock[item] -= 1
        unit.available += 1
        if pool.returned > 0:
            pool.returned -= 1
        else:
            world.metrics["launchers_issued"] += 1.0


def issue_rounds(world: World, served: list[FireUnit]) -> None:
    """Issue the rounds of one pool of hybrids that share a depot and an interceptor, to units that hold a launcher."""
    hybrid = served[0].hybrid
    stock, item = hybrid.depot.stock, hybrid.interceptor

    def level_of(unit: FireUnit) -> float | None:
        if unit.held == 0 or unit.rounds >= world.arrays.unit_round_capacity[unit.index]:
            return None
        return level(world, unit, unit.rounds, max(unit.demand, SMALLEST_DEMAND))

    for _ in range(hybrid.depot.handled(item)):
        if (unit := next_served(served, level_of)) is None:
            break
        stock[item] -= 1
        unit.rounds += 1
        world.metrics["rounds_issued"] += 1.0


def pools(world: World, item_of: Callable[[FireUnit], int]) -> list[list[FireUnit]]:
    """Group the fire units by issuing depot and item, in the order of the first hybrid of each group."""
    groups: dict[tuple[int, int], list[FireUnit]] = {}
    for unit in sorted(world.units, key=lambda unit: unit.hybrid.index):
        groups.setdefault((unit.hybrid.depot.index, item_of(unit)), []).append(unit)
    return list(groups.values())


def allocate(world: World) -> None:
    """Issue launchers, then rounds."""
    for served in pools(world, lambda unit: unit.hybrid.launcher):
        issue_launchers(world, served)
    for served in pools(world, lambda unit: unit.hybrid.interceptor):
        issue_rounds(world, served)


def learn_demand(world: World) -> None:
    """Blend today's expenditure into each unit's expected demand."""
    for unit in world.units:
        unit.demand += (unit.fired_today - unit.demand) / DEMAND_SMOOTHING_DAYS
        unit.fired_today = 0
