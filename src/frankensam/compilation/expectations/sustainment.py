"""Operational availability before any draw: ample bays (Palm) and finite bays (finite-source queue)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from frankensam.analytics.queues import finite_source
from frankensam.analytics.sustainment import availability
from frankensam.compilation.campaign import CompiledCampaign
from frankensam.compilation.expectations.accuracy import Accuracy
from frankensam.compilation.expectations.reading import arrays_of, mean_duration

ACCURACY = (
    Accuracy("availability", "operational availability, a share", 0.0, 0.006,
             "up to 0.004 lower: whole days, failures drawn in the morning, bays of the units",
             "steady state, full establishment, one shop for one pairing, no raids",
             "failures by firing, hits, launchers not yet fielded, limits of unit-level bays, pairings that share a shop"),
)


@dataclass(frozen=True, slots=True)
class AvailabilityExpectation:
    """Steady-state operational availability of one pairing's launchers with depot-level repair in one shop.

    `ample` is with bays for all, `finite` with the shop's bays, every launcher
    of the establishment fielded, and that pairing alone using the shop;
    `loop_days` is the mean time from a depot-level failure to return.
    """

    hybrid: str
    shop: str
    launchers: int
    failures_per_day: float
    unit_days: float
    loop_days: float
    ample: float
    finite: float


def ample_availability(failure_rate: float, depot_share: float, unit_days: float, loop_days: float) -> float:
    """Return 1 / (1 + rate ((1 - share) unit + share loop)).

    With bays for all, the mean number in repair is rate x time whatever the
    distribution of the time (Palm 1938; Sherbrooke 1968).
    """
    down = (1.0 - depot_share) * unit_days + depot_share * loop_days
    return availability(1.0 / failure_rate, down) if failure_rate > 0.0 else 1.0


def finite_availability(
    launchers: int, failure_rate: float, depot_share: float, unit_days: float, transit_days: float, bay_days: float, bays: int,
) -> float:
    """Return the availability with `launchers` launchers and a shop of `bays` bays.

    All time outside the bays (available, in unit-level repair, in transit) has
    room for all, Z days between two visits to the shop, so the bays are a
    finite-source queue M/M/c//N with failure rate 1 / Z (Gross & Harris,
    Fundamentals of Queueing Theory; exponential bay times).
    """
    to_depot = failure_rate * depot_share
    if launchers <= 0 or to_depot <= 0.0 or bay_days <= 0.0:
        return ample_availability(failure_rate, depot_share, unit_days, transit_days)
    if bays <= 0:
        return 0.0
    outside = (1.0 + failure_rate * (1.0 - depot_share) * unit_days) / to_depot + transit_days
    in_shop = finite_source(launchers, bays, 1.0 / outside, 1.0 / bay_days).system_length
    return (launchers - in_shop) / outside / to_depot / launchers


def availability_expectations(campaign: CompiledCampaign) -> tuple[AvailabilityExpectation, ...]:
    """Return the availability of every pairing with each shop that repairs it, at central values, failures by firing and hits left out."""
    a = arrays_of(campaign)
    rows: list[AvailabilityExpectation] = []
    for h in range(len(a.hybrid_launcher)):
        launchers = int(a.unit_establishment[a.unit_hybrid == h].sum())
        rate, share = float(a.hybrid_failure_rate[h]), float(a.hybrid_depot_share[h])
        unit_days = mean_duration(a.hybrid_unit_turnaround[h])
        for s in np.flatnonzero(a.shop_repairs[:, h]):
            transit = mean_duration(a.shop_transit_out[s]) + mean_duration(a.shop_transit_back[s])
            bay_days, bays = mean_duration(a.shop_turnaround[s]), int(a.shop_bays[s])
            rows.append(AvailabilityExpectation(
                hybrid=campaign.names["hybrid"][h], shop=campaign.names["shop"][s], launchers=launchers, failures_per_day=rate,
                unit_days=unit_days, loop_days=transit + bay_days,
                ample=ample_availability(rate, share, unit_days, transit + bay_days),
                finite=finite_availability(launchers, rate, share, unit_days, transit, bay_days, bays),
            ))
    return tuple(rows)
