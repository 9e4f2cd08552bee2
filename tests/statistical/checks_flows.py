"""What moves: shipments, consignments, issue to fire units; and what a hit does to places, stocks and launchers."""

from __future__ import annotations

import numpy as np
from campaigns_by_hand import LAUNCHER, METRIC, ROUND, Run, campaign, evening, listed
from checking import Check
from verdicts import Verdict, frequencies, same, share


def stocks(sites: int, **by_place: int) -> np.ndarray:
    """Return the initial stock [site, item] from words like s0i1=20."""
    stock = np.zeros((sites, 2), dtype=np.int64)
    for place, count in by_place.items():
        stock[int(place[1]), int(place[3])] = count
    return stock


def shipments_are_lost_by_chance(run: Run, n: int) -> list[Verdict]:
    """30 shipments of 2 on day 0, loss 0.15, transit 1 to 4 days: what is not lost has arrived by day 5."""
    arrays = campaign(
        6, {"site": 2, "route": 1}, stock_initial=stocks(2, s0i1=61), route_destination=1, route_item=ROUND, route_batch=2, route_loss=0.15,
        route_transit=(1.0, 0.5, 4.5),
    )
    o = run(arrays, n)
    return [
        share("shipments lost", o.lost_in_transit[:, 0].sum() / 2, 30 * n, 0.15),
        same("shipped", o.shipped[:, 0], np.full(n, 60.0)),
        same("arrived or kept", o.stock_final[:, ROUND], 61 - o.lost_in_transit[:, 0]),
    ]


def consignments_come_when_announced(run: Run, n: int) -> list[Verdict]:
    """3 consignments of 4 from day 2 every 5 days, each 1 day late: days 3, 8, 13."""
    arrays = campaign(
        15, {"supply": 1}, supply_item=ROUND, supply_count=3, supply_first_day=2.0, supply_interval=5.0, supply_quantity=4.0,
    )
    stock = run(arrays, n).stock_series[0, :, ROUND]
    return [same("stock by day", stock, 4 * np.searchsorted([3, 8, 13], np.arange(15), side="right"))]


def issue_keeps_days_of_supply_equal(run: Run, n: int) -> list[Verdict]:
    """Demand priors 1 and 3 a day, 40 rounds: 10 and 30."""
    arrays = campaign(
        1, {"unit": 2, "hybrid": 2}, unit_hybrid=[0, 1], stock_initial=stocks(1, s0i1=40), unit_launchers_initial=1,
        unit_demand_prior=[1.0, 3.0],
    )
    return [same("rounds", run(arrays, n).rounds_held_final[0], [10, 30])]


def ties_go_by_key(run: Run, n: int) -> list[Verdict]:
    """Three units alike and 4 rounds: the spare round goes to the smallest key, wherever that unit stands in the file."""
    verdicts = []
    for keys in ([5, 6, 7], [7, 6, 5], [6, 5, 7]):
        arrays = campaign(
            1, {"unit": 3, "hybrid": 3}, unit_hybrid=[0, 1, 2], unit_key=keys, stock_initial=stocks(1, s0i1=4), unit_launchers_initial=1,
        )
        verdicts.append(same(f"rounds for keys {keys}", run(arrays, n).rounds_held_final[0], 1 + (np.array(keys) == 5)))
    return verdicts


def demand_is_learnt(run: Run, n: int) -> list[Verdict]:
    """A unit that fires 7 rounds a day against a prior of 0 expects 7 (1 - (27/28)^10) after 10 days.

    40 rounds then arrive for it and for a twin in quiet with demand 1: they are shared as that is to 1.
    """
    fired, quiet = 7.0 * (1.0 - (27 / 28) ** 10), (27 / 28) ** 10
    arrays = campaign(
        11, {"unit": 2, "hybrid": 2, "sector": 2, "supply": 1}, raid_listed=listed(11, c0=7), unit_hybrid=[0, 1], unit_sector=[0, 1],
        unit_launchers_initial=1, unit_rounds_initial=[70, 0], hybrid_engagements=[100.0, 0.0], unit_demand_prior=[0.0, 1.0],
        supply_item=ROUND, supply_count=1, supply_first_day=9.0, supply_quantity=40.0,
    )
    o = run(arrays, n)
    served = [0, 0]
    for _ in range(40):
        poorer = 0 if served[0] / fired <= served[1] / quiet else 1
        served[poorer] += 1
    return [same("rounds of the quiet unit", o.rounds_held_final[0, 1], served[1]), same("fired", o.rounds_fired[0, 0], 77)]


def damage_recovers_exponentially(run: Run, n: int) -> list[Verdict]:
    """One hit for 0.8 on day 0, time constant 6 days: the loss on day d is 0.8 exp(-d / 6)."""
    raids = np.vstack([[[0, 1, 0, 0, 0]], np.zeros((19, 5), dtype=int)])
    o = run(campaign(20, raid_listed=raids, threat_damage=0.8, site_repair_days=6.0), n)
    expected = 0.8 * np.exp(-np.arange(20) / 6.0)
    return [
        same("damage by day", o.series[0, :, METRIC["damage"]], expected, 1e-9),
        same("sum", o.site_damage_days[0, 0], expected.sum(), 1e-9),
    ]


def leakers_choose_by_weight(run: Run, n: int) -> list[Verdict]:
    """One leaker, sites of weight 1, 2, 3 and a unit of weight 4: where it falls. It ruins a site, or a launcher."""
    arrays = campaign(
        1, {"site": 3}, raid_listed=listed(1, c1=1), site_aim_weight=[1.0, 2.0, 3.0], unit_aim_weight=4.0, unit_launchers_initial=1,
        threat_damage=1.0, threat_launcher_damage=1.0, threat_launcher_destroyed=1.0,
    )
    o = run(arrays, n)
    fallen = np.column_stack([o.site_damage_days, o.launchers_destroyed]).sum(axis=0)
    return [frequencies("aimpoints", fallen, [0.1, 0.2, 0.3, 0.4])]


def hits_are_binomial(run: Run, n: int) -> list[Verdict]:
    """20 leakers on one site with accuracy 0.35."""
    o = run(campaign(1, raid_listed=listed(1, c1=20), threat_accuracy=0.35), n)
    return [share("hits", o.hits[:, 1].sum(), 20 * n, 0.35)]


def a_hit_costs_stock(run: Run, n: int) -> list[Verdict]:
    """Two damaging hits that each destroy 30 % of a stock of 100: 0.7^2 is left; none of it is issued or shipped."""
    arrays = campaign(
        1, raid_listed=listed(1, c1=2), threat_damage=0.1, site_stock_loss=0.3, stock_initial=stocks(1, s0i1=100),
        unit_launchers_initial=0, unit_establishment=0,
    )
    o = run(arrays, n)
    return [
        share("left", o.stock_final[:, ROUND].sum(), 100 * n, 0.49),
        same("left or destroyed", o.stock_final[:, ROUND] + o.destroyed_in_stock[:, ROUND], np.full(n, 100.0)),
    ]


def a_damaged_depot_hands_out_less(run: Run, n: int) -> list[Verdict]:
    """Hit on day 0, a depot keeps 0.6 of its output; of 10 that come on day 1 it issues 6, then 2 of the 4, or ships 3 batches of 2."""
    damaged = {
        "threat_damage": 0.4, "site_repair_days": 1e12, "site_stock_loss": 0.0, "supply_count": 1, "supply_first_day": 1.0,
        "supply_quantity": 10.0, "supply_delay": (0.0, 0.0, 0.0),
    }

    def raid(days: int) -> np.ndarray:
        return listed(days, c1=1) * (np.arange(days) == 0)[:, np.newaxis]

    issued = [
        run(campaign(days, {"supply": 1}, raid_listed=raid(days), **damaged, supply_item=ROUND, unit_launchers_initial=1), n)
        for days in (2, 3)
    ]
    shipped = run(campaign(
        2, {"supply": 1, "site": 2, "route": 1}, raid_listed=raid(2), **damaged, supply_item=LAUNCHER, route_destination=1,
        route_item=LAUNCHER, route_batch=2, site_aim_weight=[1.0, 0.0], unit_establishment=0,
    ), n)
    return [
        *(same(f"rounds issued by day {day}", o.rounds_held_final[0], [many]) for day, many, o in zip((1, 2), (6, 8), issued, strict=True)),
        same("shipped", shipped.shipped[0], [6]),
    ]


def hits_take_launchers(run: Run, n: int) -> list[Verdict]:
    """10 hits on a unit of 50: each takes a launcher with probability 0.4, a quarter of those for good."""
    arrays = campaign(
        1, raid_listed=listed(1, c1=10), site_aim_weight=0.0, unit_aim_weight=1.0, unit_launchers_initial=50, threat_launcher_damage=0.4,
        threat_launcher_destroyed=0.25,
    )
    o = run(arrays, n)
    taken = o.launchers_destroyed[:, 0] + o.launchers_damaged[:, 0]
    return [
        share("taken", taken.sum(), 10 * n, 0.4), share("for good", o.launchers_destroyed.sum(), taken.sum(), 0.25),
        same("available", evening(o, "launchers_available"), 50 - taken),
    ]


def money_is_price_times_count(run: Run, n: int) -> list[Verdict]:
    """10 launchers bought at 7 and shipped at 3; 2 conversions of 5 h at 11 and material at 13, tooling 17; all booked once."""
    arrays = campaign(
        4, {"site": 2, "supply": 1, "route": 1, "line": 1, "item": 3}, supply_item=LAUNCHER, supply_count=1, supply_quantity=10.0,
        supply_item_cost=7.0, route_destination=1, route_item=LAUNCHER, route_batch=5, route_item_cost=3.0, line_site=1,
        line_output=ROUND, line_input=np.array([[0, 0, 1]]), stock_initial=np.array([[0, 0, 0], [0, 0, 2]]), line_capacity_hours=100.0,
        line_first_unit_hours=5.0, line_hour_cost=11.0, line_unit_cost=13.0, line_setup_cost=17.0, supply_delay=(0.0, 0.0, 0.0),
    )
    return [same("spending", run(arrays, n).spending[0], [70.0, 110.0, 26.0, 17.0, 30.0, 0.0])]


CHECKS = (
    Check(shipments_are_lost_by_chance, 5_000, 60),
    Check(consignments_come_when_announced),
    Check(issue_keeps_days_of_supply_equal),
    Check(ties_go_by_key),
    Check(demand_is_learnt),
    Check(damage_recovers_exponentially),
    Check(leakers_choose_by_weight, 10_000, 400),
    Check(hits_are_binomial, 10_000, 100),
    Check(a_hit_costs_stock, 5_000, 50),
    Check(a_damaged_depot_hands_out_less),
    Check(hits_take_launchers, 10_000, 100),
    Check(money_is_price_times_count),
)
