"""Working memory of one block of replications: allocated once, reset for each replication.

States that belong together are columns of one array, so a stage touches few
cache lines and the compiled entry unpacks few arrays. The columns are the
named constants below.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from frankensam.kernels.arrays import METRICS, SPENDING, CampaignArrays
from frankensam.kernels.draws import LANES
from frankensam.kernels.options import stage

if TYPE_CHECKING:
    from numpy.typing import NDArray

# unit[u, …]
AVAILABLE, WAITING, IN_BAY, ROUNDS, FIRED, UNIT_COLUMNS = 0, 1, 2, 3, 4, 5
# line[l, …]
STARTED, DOWN_UNTIL, IN_PROGRESS, IN_REWORK, FINISHED_TODAY, FINISHED_YESTERDAY, LINE_COLUMNS = 0, 1, 2, 3, 4, 5, 6
# line_labour[l, …]
EXPERIENCE, HOURS_LEFT, UNIT_HOURS, LABOUR_COLUMNS = 0, 1, 2, 3
# hybrid[h, …]; RETURNED and the two pools are kept at the first hybrid with the same depot and item
UNASSIGNED, IN_DEPOT_REPAIR, RETURNED, LAUNCHER_POOL, ROUND_POOL, HYBRID_COLUMNS = 0, 1, 2, 3, 4, 5
# short[…]: launchers that wait for a part, and parts missing on them; fire units, then the hybrids of each shop
SHORT, MISSING, SHORT_COLUMNS = 0, 1, 2
# shop[s, …]
BUSY, QUEUE_DAY, SHOP_COLUMNS = 0, 1, 2
# site[s, …]
DAMAGE, FACTOR, KEPT_DAMAGE, SITE_COLUMNS = 0, 1, 2, 3
# sector_site[k]: the sites that can be aimed at, by sector; those of sector s are from sector_site_first[s] on; sector_site_key[k] and
# sector_unit_key[k] are the keys of the sites in that order and of the units by sector
# alike[c, …]: the classes that look like class c, then -1
# order[k, …]: units by (key) and by (sector, layer, key)
BY_KEY, BY_SECTOR, ORDER_COLUMNS = 0, 1, 2

METRIC_NAMES = tuple(name for name, _, _ in METRICS)
SPENDING_NAMES = tuple(name for name, _ in SPENDING)

_INTEGERS = {
    "stock": 2, "unit": 2, "line": 2, "hybrid": 2, "shop": 2, "order": 2, "class_order": 2, "alike": 2,
    "supply_calendar": 2, "route_calendar": 2, "line_calendar": 2, "unit_calendar": 2, "return_calendar": 2,
    "shop_calendar": 3, "bay_calendar": 3, "spare_calendar": 3, "onward": 2, "short": 2, "raid": 2, "sector_first": 1, "site_hits": 1,
    "sector_site": 1, "sector_site_first": 1, "sector_site_key": 1, "sector_unit_key": 1,
}
_REALS = {
    "line_labour": 2, "site": 2, "demand": 1, "fill": 1, "kill": 2, "failure": 1, "expiry": 1, "sector_weight": 1, "metrics": 1,
    "appears_draw": 1, "size_draw": 1, "before_draw": 1, "after_draw": 1, "aimed_draw": 1, "hit_draw": 1,
}
WORK_DIMENSIONS: dict[str, tuple[str, int]] = {
    **{name: ("int64", ndim) for name, ndim in _INTEGERS.items()}, **{name: ("float64", ndim) for name, ndim in _REALS.items()},
}
if TYPE_CHECKING:
    class WorkArrays(tuple[NDArray[Any], ...]):
        """One array per entry of `WORK_DIMENSIONS`."""

        def __new__(cls, **named: NDArray[Any]) -> Self: ...  # noqa: D102
else:
    WorkArrays = namedtuple("WorkArrays", WORK_DIMENSIONS)


def allocate_work(arrays: CampaignArrays) -> WorkArrays:
    """Return working memory for a campaign's dimensions; the kernel fills it."""
    days = int(arrays.days)
    sites, items = arrays.stock_initial.shape
    units, lines, routes, supplies = (len(getattr(arrays, name)) for name in ("unit_key", "line_key", "route_key", "supply_key"))
    hybrids, shops, sectors = (len(getattr(arrays, name)) for name in ("hybrid_key", "shop_key", "sector_key"))
    threats = len(arrays.threat_appearance)
    shapes: dict[str, tuple[int, ...]] = {
        "stock": (sites, items), "unit": (units, UNIT_COLUMNS), "line": (lines, LINE_COLUMNS), "hybrid": (hybrids, HYBRID_COLUMNS),
        "shop": (shops, SHOP_COLUMNS), "order": (units, ORDER_COLUMNS), "class_order": (hybrids, threats), "alike": (threats, threats),
        "supply_calendar": (days + 1, supplies), "route_calendar": (days + 1, routes), "line_calendar": (days + 1, lines),
        "unit_calendar": (days + 1, units), "return_calendar": (days + 1, hybrids),
        "shop_calendar": (days + 1, shops, hybrids), "bay_calendar": (days + 1, shops, hybrids),
        "spare_calendar": (days + 1, shops + 1, hybrids), "onward": (shops, hybrids), "short": (units + shops * hybrids, SHORT_COLUMNS),
        "raid": (sectors, threats), "sector_first": (sectors + 1,), "site_hits": (sites,),
        "line_labour": (lines, LABOUR_COLUMNS), "site": (sites, SITE_COLUMNS), "demand": (units,), "fill": (units,),
        "kill": (hybrids, threats), "failure": (hybrids,), "expiry": (items,), "sector_weight": (sectors,), "metrics": (len(METRICS),),
        "sector_site": (sites,), "sector_site_first": (sectors + 1,), "sector_site_key": (sites + LANES,),
        "sector_unit_key": (units + LANES,),
        **dict.fromkeys(("appears_draw", "size_draw", "before_draw", "after_draw"), (threats + LANES,)),
        **dict.fromkeys(("aimed_draw", "hit_draw"), (max(sites, units) + LANES,)),
    }
    made: dict[str, Any] = {name: np.zeros(shapes[name], dtype) for name, (dtype, _) in WORK_DIMENSIONS.items()}
    return WorkArrays(**made)


@stage
def held(w: Any, u: int) -> int:
    """Return the launchers that fire unit `u` holds, whatever their state."""
    return w.unit[u, AVAILABLE] + w.unit[u, WAITING] + w.unit[u, IN_BAY]
