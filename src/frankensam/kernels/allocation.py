"""Issue of launchers, then rounds, from the depots to fire units: water filling, one item at a time."""

from __future__ import annotations

from collections import namedtuple

from frankensam.kernels.arrays import DEMAND_SMOOTHING_DAYS, EQUAL_DAYS, FIXED_SHARES
from frankensam.kernels.options import stage
from frankensam.kernels.state import AVAILABLE, BY_KEY, FIRED, LAUNCHER_POOL, METRIC_NAMES, RETURNED, ROUND_POOL, ROUNDS, held

LAUNCHERS_ISSUED, ROUNDS_ISSUED = (METRIC_NAMES.index(name) for name in ("launchers_issued", "rounds_issued"))
SMALLEST_DEMAND = 1e-9
NOT_WANTED = -1.0

Inputs = namedtuple("Inputs", (
    "allocation_rule hybrid_depot hybrid_interceptor hybrid_launcher unit_establishment unit_hybrid unit_priority "
    "unit_round_capacity unit_share"
))
Work = namedtuple("Work", "demand fill hybrid metrics order stock unit")
Arrays = tuple[Inputs, Work]


@stage
def level(a: Inputs, u: int, count: int, target: float) -> float:
    """Return how well unit `u` is supplied with `count` items under the rule; the lowest level is served next."""
    rule = a.allocation_rule[()]
    if rule == EQUAL_DAYS:
        return count / target
    if rule == FIXED_SHARES:
        return count / a.unit_share[u] if a.unit_share[u] > 0.0 else NOT_WANTED
    return float(a.unit_priority[u]) if a.unit_priority[u] > 0 else 0.0


@stage
def launcher_level(a: Inputs, w: Work, u: int, pool: int) -> float:
    """Return the level of launchers of unit `u`, or NOT_WANTED if it may not receive one from `pool`."""
    if w.hybrid[a.unit_hybrid[u], LAUNCHER_POOL] != pool or held(w, u) >= a.unit_establishment[u]:
        return NOT_WANTED
    return level(a, u, held(w, u), float(a.unit_establishment[u]))


@stage
def round_level(a: Inputs, w: Work, u: int, pool: int) -> float:
    """Return the level of rounds of unit `u`, or NOT_WANTED if it may not receive one from `pool`."""
    if w.hybrid[a.unit_hybrid[u], ROUND_POOL] != pool or held(w, u) <= 0 or w.unit[u, ROUNDS] >= a.unit_round_capacity[u]:
        return NOT_WANTED
    return level(a, u, w.unit[u, ROUNDS], max(w.demand[u], SMALLEST_DEMAND))


@stage
def neediest(w: Work) -> int:
    """Return the unit with the lowest level that wants an item, ties by key; -1 if none does."""
    best = -1
    for k in range(w.fill.shape[0]):
        u = w.order[k, BY_KEY]
        if w.fill[u] != NOT_WANTED and (best < 0 or w.fill[u] < w.fill[best]):
            best = u
    return best


@stage
def count_wanted(w: Work, u: int, room: int) -> int:
    """Return how many items unit `u`, whose level is in `fill`, takes if there is enough for all."""
    return room if w.fill[u] != NOT_WANTED else 0


@stage
def issue_launchers(a: Inputs, w: Work, pool: int) -> None:
    """Issue serviceable launchers of one pool, repaired ones first, while a unit has room."""
    depot, item = a.hybrid_depot[pool], a.hybrid_launcher[pool]
    w.hybrid[pool, RETURNED] = min(w.hybrid[pool, RETURNED], w.stock[depot, item])
    if w.stock[depot, item] <= 0:
        return
    wanted = 0
    for u in range(w.fill.shape[0]):
        w.fill[u] = launcher_level(a, w, u, pool)
        wanted += count_wanted(w, u, a.unit_establishment[u] - held(w, u))
    enough = wanted <= w.stock[depot, item]
    issued = 0
    if enough:  # for all: the order does not matter
        for u in range(w.fill.shape[0]):
            w.unit[u, AVAILABLE] += count_wanted(w, u, a.unit_establishment[u] - held(w, u))
        issued = wanted
    while not enough and issued < w.stock[depot, item]:
        u = neediest(w)
        w.unit[u, AVAILABLE] += 1
        issued += 1
        w.fill[u] = launcher_level(a, w, u, pool)
    w.stock[depot, item] -= issued
    again = min(issued, w.hybrid[pool, RETURNED])
    w.hybrid[pool, RETURNED] -= again
    w.metrics[LAUNCHERS_ISSUED] += issued - again


@stage
def issue_rounds(a: Inputs, w: Work, pool: int) -> None:
    """Issue serviceable rounds of one pool while a unit that holds a launcher has room."""
    depot, item = a.hybrid_depot[pool], a.hybrid_interceptor[pool]
    if w.stock[depot, item] <= 0:
        return
    wanted = 0
    for u in range(w.fill.shape[0]):
        w.fill[u] = round_level(a, w, u, pool)
        wanted += count_wanted(w, u, a.unit_round_capacity[u] - w.unit[u, ROUNDS])
    enough = wanted <= w.stock[depot, item]
    issued = 0
    if enough:  # for all: the order does not matter
        for u in range(w.fill.shape[0]):
            w.unit[u, ROUNDS] += count_wanted(w, u, a.unit_round_capacity[u] - w.unit[u, ROUNDS])
        issued = wanted
    while not enough and issued < w.stock[depot, item]:
        u = neediest(w)
        w.unit[u, ROUNDS] += 1
        issued += 1
        w.fill[u] = round_level(a, w, u, pool)
    w.stock[depot, item] -= issued
    w.metrics[ROUNDS_ISSUED] += issued


@stage
def allocate(p: Arrays) -> None:
    """Issue launchers of every pool, then rounds of every pool."""
    a, w = p
    for h in range(w.hybrid.shape[0]):
        if w.hybrid[h, LAUNCHER_POOL] == h:
            issue_launchers(a, w, h)
    for h in range(w.hybrid.shape[0]):
        if w.hybrid[h, ROUND_POOL] == h:
            issue_rounds(a, w, h)


@stage
def learn_demand(p: Arrays) -> None:
    """Blend today's expenditure into each unit's expected demand, starting from its prior."""
    _a, w = p
    for u in range(w.demand.shape[0]):
        w.demand[u] = w.demand[u] + (w.unit[u, FIRED] - w.demand[u]) / DEMAND_SMOOTHING_DAYS
        w.unit[u, FIRED] = 0
