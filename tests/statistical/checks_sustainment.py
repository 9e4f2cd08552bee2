"""Failures and repair: Palm's theorem, depot loops, finite crews, spares, shelf life."""

from __future__ import annotations

import math

import numpy as np
from campaigns_by_hand import LAUNCHER, METRIC, ONE_DAY, ROUND, Run, campaign, evening, listed
from checking import Check
from scipy.special import ndtr
from verdicts import Verdict, mean, same, share, variance

from frankensam.analytics.queues import finite_source
from frankensam.analytics.sustainment import expected_backorders

MANY = 1_000_000
"""Launchers: so many that the failing ones are not missed, and failures are Poisson."""


def mean_of_rounded_lognormal(median: float, sd: float) -> float:
    """Return the mean of max(1, half up) of a lognormal duration: 1 + P(X >= 1.5) + P(X >= 2.5) + ..."""
    return 1.0 + float(ndtr((math.log(median) - np.log(np.arange(1, 1000) + 0.5)) / sd).sum())


def hazard_of_mean_evenings(evenings: float) -> float:
    """Return the daily hazard with which a launcher is available for that many evenings between failures on average.

    A failure is drawn each morning with p = 1 - exp(-hazard); (1 - p) / p evenings pass before it.
    """
    return -math.log1p(-1.0 / (evenings + 1.0))


def exponential_of_rounded_mean(mean_days: float) -> tuple[float, float, float]:
    """Return the exponential duration whose whole days, half up and at least 1, have that mean."""
    low, high = 0.1 * mean_days, 2.0 * mean_days
    for _ in range(80):
        middle = 0.5 * (low + high)
        rounded = 1.0 + math.exp(-1.5 / middle) / -math.expm1(-1.0 / middle)
        low, high = (middle, high) if rounded < mean_days else (low, middle)
    return (2.0, low, 0.0)


def repair_pipeline_is_palm(run: Run, n: int) -> list[Verdict]:
    """Ample bays, 2 failures a day, lognormal turnaround of median 10 and sigma 0.3 (PALM-01): Poisson of mean and variance 20.92.

    Whole days change the mean turnaround by less than 1e-6, 35 days cut off
    less than 1e-4 of it, and a million launchers are depleted by 2e-5: the bias
    allowed is 0.001.
    """
    arrays = campaign(
        35, record_every=35, unit_launchers_initial=MANY, unit_bays=MANY, hybrid_failure_rate=-math.log1p(-2.0 / MANY),
        hybrid_unit_turnaround=(3.0, 10.0, 0.3),
    )
    pipeline = 2.0 * mean_of_rounded_lognormal(10.0, 0.3)
    in_repair = evening(run(arrays, n), "launchers_unit_repair")
    return [mean("mean", in_repair, pipeline, bias=0.001), variance("variance", in_repair, pipeline)]


def depot_loop_is_palm(run: Run, n: int) -> list[Verdict]:
    """Depot level abroad: 3 failures a day, 80 % beyond the unit; transit 6 out, 5 in the bay, 9 back: 48 in the loop."""
    arrays = campaign(
        40, {"shop": 1}, record_every=40, unit_launchers_initial=MANY, unit_bays=MANY, hybrid_failure_rate=-math.log1p(-3.0 / MANY),
        hybrid_depot_share=0.8, shop_bays=MANY, shop_repairs=1, shop_transit_out=(0.0, 6.0, 0.0), shop_turnaround=(0.0, 5.0, 0.0),
        shop_transit_back=(1.0, 4.5, 13.5),
    )
    o = run(arrays, n)
    loop = evening(o, "launchers_depot_repair")
    return [
        mean("mean", loop, 0.8 * 3.0 * 20.0, bias=0.01), variance("variance", loop, 0.8 * 3.0 * 20.0),
        mean("failures", o.launcher_failures[:, 0], 120.0, bias=0.01),
    ]


def crews_are_a_finite_source_queue(run: Run, n: int) -> list[Verdict]:
    """5 launchers, 1 bay, mean run 70 and mean repair 20 days: the mean number running, 2.961 (with ample bays 3.889).

    The means in whole days are matched exactly; the day step then moves the
    result by less than 0.02. Observed from day 300 on.
    """
    arrays = campaign(
        1500, record_every=300, unit_launchers_initial=5, unit_bays=1, hybrid_failure_rate=hazard_of_mean_evenings(70.0),
        hybrid_unit_turnaround=exponential_of_rounded_mean(20.0),
    )
    available = run(arrays, n).series[:, :, METRIC["launcher_days_available"]]
    expected = 5.0 - finite_source(5, 1, 1 / 70.0, 1 / 20.0).system_length
    return [mean("running", (available[:, -1] - available[:, 0]) / 1200.0, expected, bias=0.02)]


def spares_cover_expected_backorders(run: Run, n: int) -> list[Verdict]:
    """METRIC (Sherbrooke 1968): launchers short of establishment are E[(X - s)+], X Poisson of the loop's mean 4, s = 3 spares."""
    stock = np.zeros((1, 2), dtype=np.int64)
    stock[0, LAUNCHER] = 3
    arrays = campaign(
        25, {"shop": 1}, record_every=25, unit_launchers_initial=MANY, unit_establishment=MANY, stock_initial=stock,
        hybrid_failure_rate=-math.log1p(-0.5 / MANY), hybrid_depot_share=1.0, shop_bays=MANY, shop_repairs=1,
        shop_turnaround=(0.0, 6.0, 0.0),
    )
    short = MANY - evening(run(arrays, n), "launchers_held")
    return [mean("short", short, expected_backorders(0.5 * 8.0, 3), bias=0.001)]


def repaired_launchers_are_not_issued_anew(run: Run, n: int) -> list[Verdict]:
    """One launcher that fails every morning and is away for 3 days is mended on days 2, 6, 10, 14, 18 and newly issued once."""
    arrays = campaign(
        20, {"shop": 1}, unit_launchers_initial=1, unit_establishment=1, hybrid_failure_rate=50.0, hybrid_depot_share=1.0, shop_bays=1,
        shop_repairs=1,
    )
    o = run(arrays, n)
    return [same("issued", evening(o, "launchers_issued")[0], 1), same("repairs", o.shop_repairs_done[0, 0], 5)]


def failures_come_by_rounds_fired(run: Run, n: int) -> list[Verdict]:
    """10 rounds fired, 0.1 failures a round, 50 launchers: a binomial number fails."""
    arrays = campaign(
        1, raid_listed=listed(1, c0=10), unit_launchers_initial=50, unit_rounds_initial=10, hybrid_engagements=1.0,
        hybrid_round_failure=0.1,
    )
    return [share("failures", run(arrays, n).launcher_failures.sum(), 10 * n, 0.1)]


def items_expire_wherever_they_are(run: Run, n: int) -> list[Verdict]:
    """Hazard 0.02 over 30 days: exp(-0.6) of 200 rounds in stock, and of 300 with a unit, are left."""
    stock = np.zeros((2, 2), dtype=np.int64)
    stock[1, ROUND] = 200
    arrays = campaign(
        30, {"site": 2}, record_every=30, item_expiry=[0.0, 0.02], stock_initial=stock, unit_rounds_initial=300, unit_launchers_initial=1,
        unit_round_capacity=300,
    )
    o = run(arrays, n)
    return [
        share("left in stock", o.stock_final[:, ROUND].sum(), 200 * n, math.exp(-0.6)),
        share("left on the unit", o.rounds_held_final[:, 0].sum(), 300 * n, math.exp(-0.6)),
        same("expired", o.expired[:, ROUND], 500 - o.stock_final[:, ROUND] - o.rounds_held_final[:, 0]),
    ]


def a_shop_works_its_bays_only(run: Run, n: int) -> list[Verdict]:
    """6 launchers fail on day 0; 2 bays, 5 days each, 1 day each way: 2 are mended by day 6, 4 by day 11, all by day 16."""
    arrays = campaign(
        20, {"shop": 1}, unit_launchers_initial=6, unit_establishment=0, hybrid_failure_rate=50.0, hybrid_depot_share=1.0, shop_bays=2,
        shop_repairs=1, shop_turnaround=(0.0, 5.0, 0.0), shop_transit_out=ONE_DAY, shop_transit_back=ONE_DAY,
    )
    depot = run(arrays, n).series[0, :, METRIC["launchers_depot"]]
    return [same("mended", depot[[6, 7, 11, 12, 16, 17]], [0, 2, 2, 4, 4, 6])]


CHECKS = (
    Check(repair_pipeline_is_palm, 10_000, 600),
    Check(depot_loop_is_palm, 4_000, 100),
    Check(crews_are_a_finite_source_queue, 1_000, 10),
    Check(spares_cover_expected_backorders, 10_000, 100),
    Check(repaired_launchers_are_not_issued_anew),
    Check(failures_come_by_rounds_fired, 10_000, 200),
    Check(items_expire_wherever_they_are, 2_000, 20),
    Check(a_shop_works_its_bays_only),
)
