"""Spare parts of repairs: need, order one for one, launchers that wait for a part, and robbing one of them for another.

Called by the sustainment stage with its arrays. A *place* is a row of
``short``: a fire unit, or one hybrid's launchers in one shop.
"""

from __future__ import annotations

from typing import Any

from frankensam.kernels.options import stage
from frankensam.kernels.philox import uniform
from frankensam.kernels.sampling import duration, whole_days
from frankensam.kernels.state import MISSING, SHORT, SPENDING_NAMES

REPAIR = SPENDING_NAMES.index("repair")


@stage
def receive_spares(a: Any, w: Any, o: Any, n: int, d: int) -> None:
    """Put into stock the spares ordered anew that arrive today: at the shop's site, or the issuing depot for the unit level."""
    shops = w.shop.shape[0]
    for h in range(w.hybrid.shape[0]):
        if a.hybrid_spare_reorder[h] <= 0 or a.hybrid_spare[h] < 0:
            continue
        for row in range(shops + 1):
            arrived = w.spare_calendar[d, row, h]
            if arrived > 0:
                site = a.shop_site[row] if row < shops else a.hybrid_depot[h]
                w.stock[site, a.hybrid_spare[h]] += arrived
                o.spares_resupplied[n, h] += arrived


@stage
def inspect(
    a: Any, w: Any, o: Any, n: int, seed: int, r: int, d: int, h: int, row: int, place: int, share: float, need_stream: int,
    order_stream: int, key: int, number: int,
) -> bool:
    """Return whether the launcher inspected needs a spare; it then waits for one, and where that is the rule one is ordered.

    `row` is the shop, or the number of shops for the unit level; `number` counts today's inspections there.
    """
    if a.hybrid_spare[h] < 0 or share <= 0.0 or uniform(seed, r, need_stream, d, key, number) >= share:
        return False
    w.short[place, SHORT] += 1
    w.short[place, MISSING] += 1
    o.spares_needed[n, h] += 1
    if a.hybrid_spare_reorder[h] > 0:
        v = uniform(seed, r, order_stream, d, key, number)
        time = whole_days(duration(a.hybrid_spare_resupply[h, 0], a.hybrid_spare_resupply[h, 1], a.hybrid_spare_resupply[h, 2], v))
        w.spare_calendar[min(d + time, a.days[()]), row, h] += 1
        o.spending[n, REPAIR] += a.hybrid_spare_cost[h]
    return True


@stage
def complete_one(a: Any, w: Any, o: Any, n: int, site: int, h: int, place: int, robbing: bool) -> bool:
    """Return whether a launcher that waits for a part there is made whole, with spares of `site`, else by robbing another.

    With S launchers short of M parts in all, and at most p missing on each,
    one can be made whole when the others can carry what is missing:
    M <= p (S - 1). Without robbing every launcher keeps its own gap, which is
    p = 1.
    """
    parts = max(1, a.hybrid_spare_parts[h]) if robbing else 1
    while w.short[place, MISSING] > 0:
        item = a.hybrid_spare[h]
        spare = w.stock[site, item] > 0
        if spare:
            w.stock[site, item] -= 1
            w.short[place, MISSING] -= 1
            o.spares_used[n, h] += 1
        if w.short[place, MISSING] <= parts * (w.short[place, SHORT] - 1):
            w.short[place, SHORT] -= 1
            if not spare:
                o.cannibalisations[n, h] += 1
            return True
        if not spare:
            return False
    return False
