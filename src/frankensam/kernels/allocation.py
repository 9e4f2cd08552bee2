"""Issue of launchers, then rounds, from the depots to fire units: water filling, one item at a time."""

from __future__ import annotations

from collections import namedtuple

from frankensam.kernels.arrays import DEMAND_SMOOTHING_DAYS, EQUAL_DAYS, FIXED_SHARES
from frankensam.kernels.options import stage
from frankensam.kernels.sampling import half_up
from frankensam.kernels.state import AVAILABLE, BY_KEY, FACTOR, FIRED, LAUNCHER_POOL, METRIC_NAMES, RETURNED, ROUND_POOL, ROUNDS, held

LAUNCHERS_ISSUED, ROUNDS_ISSUED = (METRIC_NAMES.index(name) for name in ("launchers_issued", "rounds_issued"))
SMALLEST_DEMAND = 1e-9
NOT_WANTED = -1.0

Inputs = namedtuple("Inputs", (
    "allocation_rule hybrid_depot hybrid_interceptor hybrid_launcher unit_establishment unit_hybrid unit_priority "
    "unit_round_capacity unit_share"
))
Work = namedtuple("Work", "demand fill hybrid metrics order site stock unit")
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
def served(a: Inputs, u: int) -> bool:
    """Say whether the rule gives unit `u` anything at all."""
    return a.allocation_rule[()] != FIXED_SHARES or a.unit_share[u] > 0.0


@stage
def room(a: Inputs, w: Work, u: int, pool: int, column: int) -> int:
    """Return how many launchers or rounds (`column` of the state) unit `u` takes from `pool` if there is enough for all."""
    if not served(a, u):
        return 0
    if column == AVAILABLE:
        return max(0, a.unit_establishment[u] - held(w, u)) if w.hybrid[a.unit_hybrid[u], LAUNCHER_POOL] == pool else 0
    if w.hybrid[a.unit_hybrid[u], ROUND_POOL] != pool or held(w, u) <= 0:
        return 0
    return max(0, a.unit_round_capacity[u] - w.unit[u, ROUNDS])


@stage
def need(a: Inputs, w: Work, u: int, pool: int, column: int) -> float:
    """Return the level of launchers or rounds of unit `u`, or NOT_WANTED if it takes none from `pool`."""
    if room(a, w, u, pool, column) == 0:
        return NOT_WANTED
    if column == AVAILABLE:
        return level(a, u, held(w, u), float(a.unit_establishment[u]))
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
def issue(a: Inputs, w: Work, pool: int, item: int, column: int) -> int:
    """Issue launchers or rounds (`column` of the state) of one pool, as many as the depot can handle and units have room for.

    Returns how many.
    """
    depot, issued = a.hybrid_depot[pool], 0
    if w.stock[depot, item] <= 0:
        return 0
    handled = half_up(w.stock[depot, item] * w.site[depot, FACTOR])
    wanted = 0
    for u in range(w.fill.shape[0]):
        wanted += room(a, w, u, pool, column)
    if wanted == 0:
        return 0
    enough = wanted <= handled
    for u in range(w.fill.shape[0]):
        if enough:  # for all: the order does not matter
            w.unit[u, column] += room(a, w, u, pool, column)
        else:
            w.fill[u] = need(a, w, u, pool, column)
    if enough:
        issued = wanted
    while not enough and issued < handled:
        u = neediest(w)
        w.unit[u, column] += 1
        issued += 1
        w.fill[u] = need(a, w, u, pool, column)
    w.stock[depot, item] -= issued
    return issued


@stage
def issue_launchers(a: Inputs, w: Work, pool: int) -> None:
    """Issue serviceable launchers of one pool; repaired ones count as issued first."""
    item = a.hybrid_launcher[pool]
    w.hybrid[pool, RETURNED] = min(w.hybrid[pool, RETURNED], w.stock[a.hybrid_depot[pool], item])
    issued = issue(a, w, pool, item, AVAILABLE)
    again = min(issued, w.hybrid[pool, RETURNED])
    w.hybrid[pool, RETURNED] -= again
    w.metrics[LAUNCHERS_ISSUED] += issued - again


@stage
def allocate(p: Arrays) -> None:
    """Issue launchers of every pool, then rounds of every pool."""
    a, w = p
    for h in range(w.hybrid.shape[0]):
        if w.hybrid[h, LAUNCHER_POOL] == h:
            issue_launchers(a, w, h)
    for h in range(w.hybrid.shape[0]):
        if w.hybrid[h, ROUND_POOL] == h:
            w.metrics[ROUNDS_ISSUED] += issue(a, w, h, a.hybrid_interceptor[h], ROUNDS)


@stage
def learn_demand(p: Arrays) -> None:
    """Blend today's expenditure into each unit's expected demand, starting from its prior."""
    _a, w = p
    for u in range(w.demand.shape[0]):
        w.demand[u] = w.demand[u] + (w.unit[u, FIRED] - w.demand[u]) / DEMAND_SMOOTHING_DAYS
        w.unit[u, FIRED] = 0
