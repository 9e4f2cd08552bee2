"""Spares, cannibalisation and three echelons: expected backorders, complete cannibalisation, who mends what with whose parts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from campaigns_by_hand import METRIC, Run, campaign, evening
from checking import Check
from checks_sustainment import MANY, mean_of_rounded_lognormal
from verdicts import Verdict, mean, same, variance

from frankensam.analytics.sustainment import expected_backorders, expected_short
from frankensam.kernels.arrays import CampaignArrays

SPARE = 2
"""The item that is a spare part."""
AT_ONCE = 50.0
"""Failures a day of a launcher that fails every morning."""


def with_spares(days: int, stock: int, sizes: dict[str, int] | None = None, **changes: Any) -> CampaignArrays:
    """Return a campaign whose every repair needs a spare, with a stock of them at the issuing depot."""
    values: dict[str, Any] = {
        "record_every": days, "hybrid_spare": SPARE, "hybrid_spare_unit_share": 1.0, "hybrid_spare_depot_share": 1.0,
        "hybrid_spare_parts": 4, "stock_initial": at_site(0, stock, sizes), **changes,
    }
    return campaign(days, {"item": 3, **(sizes or {})}, **values)


def at_site(site: int, stock: int, sizes: dict[str, int] | None = None) -> np.ndarray:
    """Return the initial stocks with spares at one site."""
    stocks = np.zeros(((sizes or {}).get("site", 1), 3), dtype=np.int64)
    stocks[site, SPARE] = stock
    return stocks


def ordered_one_for_one(stock: int, **changes: Any) -> CampaignArrays:
    """Return a base stock in its steady state: 0.5 needs a day, each ordered anew at once, lognormal resupply of median 8 days."""
    return with_spares(
        60, stock, unit_launchers_initial=MANY, unit_bays=MANY, hybrid_failure_rate=-math.log1p(-0.5 / MANY),
        hybrid_spare_reorder=1, hybrid_spare_resupply=(3.0, 8.0, 0.4), **changes,
    )


PIPELINE = 0.5 * mean_of_rounded_lognormal(8.0, 0.4)
"""Mean number of parts on order, 4.33: Poisson by Palm's theorem."""


def a_base_stock_has_its_expected_backorders(run: Run, n: int) -> list[Verdict]:
    """METRIC (Sherbrooke 1968): on order is Poisson of mean 4.33; with 3 spares E[(X - 3)+] parts are missing, with none E[X].

    A launcher is short of one part each, and a day in the bay; bias as for the pipeline of repairs.
    """
    o, bare = run(ordered_one_for_one(3), n), run(ordered_one_for_one(0), n)
    on_order, missing = o.spares_on_order_final[:, 0], o.spares_missing_final[:, 0]
    return [
        mean("on order", on_order, PIPELINE, bias=0.002), variance("variance", on_order, PIPELINE),
        mean("missing", missing, expected_backorders(PIPELINE, 3), bias=0.002),
        mean("launchers down", evening(o, "launchers_unit_repair"), expected_backorders(PIPELINE, 3) + 0.5, bias=0.002),
        mean("missing without stock", bare.spares_missing_final[:, 0], PIPELINE, bias=0.002),
    ]


def complete_cannibalisation_fills_the_fewest_launchers(run: Run, n: int) -> list[Verdict]:
    """As above with robbing, four parts on a launcher: E[ceil((X - 3)+ / 4)] launchers are short, and as many parts as without."""
    o = run(ordered_one_for_one(3, hybrid_cannibalise=1), n)
    return [
        mean("launchers down", evening(o, "launchers_unit_repair"), expected_short(PIPELINE, 3, 4) + 0.5, bias=0.002),
        mean("launchers short", evening(o, "launchers_waiting_part"), expected_short(PIPELINE, 3, 4), bias=0.002),
        mean("missing", o.spares_missing_final[:, 0], expected_backorders(PIPELINE, 3), bias=0.002),
    ]


def scarce(stock: int, robbing: int) -> CampaignArrays:
    """Return 12 launchers of one unit, few bays, 2 needs of a part every three days or so, a spare every ten."""
    return with_spares(
        200, stock, {"supply": 1}, unit_launchers_initial=12, unit_establishment=12, unit_bays=3, hybrid_failure_rate=0.06,
        hybrid_unit_turnaround=(0.0, 2.0, 0.0), hybrid_cannibalise=robbing, supply_item=SPARE, supply_count=20, supply_interval=10.0,
        supply_quantity=1.0, supply_first_day=9.0,
    )


def robbing_never_costs_availability(run: Run, n: int) -> list[Verdict]:
    """On the same random numbers: no replication with robbing has fewer launcher-days; with spares for all, none differs at all."""
    without, robbed, ample, ample_robbed = (run(scarce(stock, robbing), n) for stock in (0, 500) for robbing in (0, 1))
    gain = evening(robbed, "launcher_days_available") - evening(without, "launcher_days_available")
    return [
        same("worse off", float((gain < 0.0).sum()), 0.0), same("better off", float((gain > 0.0).all()), 1.0),
        same("without need", evening(ample, "launcher_days_available"), evening(ample_robbed, "launcher_days_available")),
        same("robbed without need", ample_robbed.cannibalisations.sum(), 0.0),
    ]


def a_spare_mends_once(run: Run, n: int) -> list[Verdict]:
    """One launcher that fails every morning, a day in the bay, 3 spares: it comes back 3 times and then waits for a part."""
    o = run(with_spares(20, 3, unit_launchers_initial=1, unit_establishment=1, unit_bays=1, hybrid_failure_rate=AT_ONCE), n)
    return [
        same("repairs", o.unit_repairs[0, 0], 3), same("used", o.spares_used[0, 0], 3), same("needed", o.spares_needed[0, 0], 4),
        same("missing", o.spares_missing_final[0, 0], 1), same("left", o.stock_final[0, SPARE], 0),
    ]


def a_robbed_launcher_lacks_what_it_gave(run: Run, n: int) -> list[Verdict]:
    """9 launchers fail at once, no spare, 4 parts each: 6 are made whole, 3 lack 9 parts; a spare at a time frees the last one first.

    One part is missing from the third, four from each of the others: spares on days 4, 8 and 12 bring one launcher back, then none.
    """
    o = run(with_spares(
        14, 0, {"supply": 1}, record_every=1, unit_launchers_initial=9, unit_establishment=9, unit_bays=9, hybrid_failure_rate=AT_ONCE,
        hybrid_unit_turnaround=(0.0, 100.0, 0.0), hybrid_cannibalise=1, supply_item=SPARE, supply_count=3, supply_interval=4.0,
        supply_quantity=1.0, supply_first_day=3.0,
    ), n)
    return [
        same("made whole", o.cannibalisations[0, 0], 6), same("missing", o.spares_missing_final[0, 0], 6),
        same("used", o.spares_used[0, 0], 3),
    ]


def each_echelon_mends_with_its_own_spares(run: Run, n: int) -> list[Verdict]:
    """Half of 10 launchers' failures stay with the unit; spares stand with the shop alone: the shop mends, the unit waits."""
    sizes = {"site": 2, "shop": 1}
    o = run(with_spares(
        12, 0, sizes, stock_initial=at_site(1, 40, sizes), unit_launchers_initial=10, unit_establishment=0, unit_bays=10,
        hybrid_failure_rate=AT_ONCE, hybrid_depot_share=0.5, shop_site=1, shop_bays=10, shop_repairs=1,
    ), n)
    beyond = 10 - evening(o, "launchers_unit_repair")
    return [
        same("unit", o.unit_repairs.sum(), 0),
        same("shop", o.shop_repairs_done[:, 0], beyond), same("used", o.spares_used[:, 0], beyond),
    ]


def fire_units_take_spares_by_key(run: Run, n: int) -> list[Verdict]:
    """One spare, two fire units of two pairings in need: the one with the lower key, second in the file, gets it."""
    o = run(with_spares(
        3, 1, {"hybrid": 2, "unit": 2}, unit_hybrid=[0, 1], unit_key=[9, 4], unit_launchers_initial=1, unit_bays=1,
        hybrid_failure_rate=AT_ONCE,
    ), n)
    return [same("used", o.spares_used[0], [0, 1])]


def a_shop_robs_too(run: Run, n: int) -> list[Verdict]:
    """8 launchers in a shop without spares, 3 parts each: 5 are mended, 3 lack 8 parts."""
    o = run(with_spares(
        12, 0, {"shop": 1}, unit_launchers_initial=8, unit_establishment=0, hybrid_failure_rate=AT_ONCE, hybrid_depot_share=1.0,
        hybrid_spare_parts=3, shop_bays=8, shop_repairs=1, shop_cannibalise=1,
    ), n)
    return [
        same("mended", o.shop_repairs_done[0, 0], 5), same("missing", o.spares_missing_final[0, 0], 8),
        same("waiting", evening(o, "launchers_waiting_part")[0], 3),
    ]


def three_echelons_share_the_work(run: Run, n: int) -> list[Verdict]:
    """3 failures a day: 20 % mended at the unit; of the rest 70 % at the local depot (8 days in all), 30 % abroad (31 days).

    Poisson thinned stays Poisson, so each loop is Palm's: 13.44 launchers at home and 22.32 abroad.
    """
    arrays = campaign(
        70, {"shop": 2}, record_every=70, unit_launchers_initial=MANY, unit_bays=MANY, hybrid_failure_rate=-math.log1p(-3.0 / MANY),
        hybrid_depot_share=0.8, shop_bays=MANY, shop_repairs=1, shop_onward_share=[0.3, 0.0],
        shop_transit_out=[(0.0, 2.0, 0.0), (0.0, 9.0, 0.0)], shop_turnaround=[(0.0, 4.0, 0.0), (0.0, 12.0, 0.0)],
        shop_transit_back=[(0.0, 2.0, 0.0), (0.0, 10.0, 0.0)],
    )
    o = run(arrays, n)
    loop, expected = evening(o, "launchers_depot_repair"), 2.4 * (0.7 * 8.0 + 0.3 * 31.0)
    # repairs end 6 days after the launcher left at home, 21 abroad: by the evening of day 69 those of days 0 to 63 and 0 to 48
    return [
        mean("in the loops", loop, expected, bias=0.01), variance("variance", loop, expected),
        mean("mended at home", o.shop_repairs_done[:, 0], 2.4 * 0.7 * 64.0, bias=0.02),
        mean("mended abroad", o.shop_repairs_done[:, 1], 2.4 * 0.3 * 49.0, bias=0.02),
    ]


def what_nobody_mends_waits(run: Run, n: int) -> list[Verdict]:
    """All of 6 launchers are beyond the first shop; the second opens on day 10: from then on they are mended there."""
    arrays = campaign(
        20, {"shop": 2}, record_every=1, unit_launchers_initial=6, unit_establishment=0, hybrid_failure_rate=AT_ONCE,
        hybrid_depot_share=1.0, shop_bays=6, shop_repairs=1, shop_onward_share=[1.0, 0.0], shop_start_day=[0.0, 10.0],
    )
    o = run(arrays, n)
    back = o.series[:, :, METRIC["launchers_depot"]]
    return [
        same("repairs", o.shop_repairs_done[0], [0, 6]), same("back", back[0, [12, 13]], [0, 6]),
    ]


CHECKS = (
    Check(a_base_stock_has_its_expected_backorders, 10_000, 800),
    Check(complete_cannibalisation_fills_the_fewest_launchers, 10_000, 800),
    Check(robbing_never_costs_availability, 300, 6),
    Check(a_spare_mends_once),
    Check(a_robbed_launcher_lacks_what_it_gave),
    Check(each_echelon_mends_with_its_own_spares, 3, 3),
    Check(fire_units_take_spares_by_key),
    Check(a_shop_robs_too),
    Check(three_echelons_share_the_work, 4_000, 60),
    Check(what_nobody_mends_waits),
)
