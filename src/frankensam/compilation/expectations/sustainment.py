"""Operational availability before any draw: ample bays (Palm), finite bays (finite-source queue), waiting for spares (METRIC)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from frankensam.analytics.queues import finite_source
from frankensam.analytics.sustainment import availability, expected_short
from frankensam.compilation.campaign import CompiledCampaign
from frankensam.compilation.expectations.accuracy import Accuracy
from frankensam.compilation.expectations.reading import Arrays, arrays_of, mean_duration

MONTH = 30.0
BISECTIONS = 60

ACCURACY = (
    Accuracy("availability", "operational availability, a share", 0.0, 0.006,
             "up to 0.004 lower: whole days, failures drawn in the morning, bays of the units",
             "steady state, full establishment, one shop for one pairing, no raids",
             "failures by firing, hits, launchers not yet fielded, limits of unit-level bays, pairings that share a shop"),
    Accuracy("availability with spares", "operational availability where repairs wait for spares ordered one for one", 0.0, 0.008,
             "up to 0.0045 lower where bays bind, else 0.001: a launcher that waits for its part leaves the queue, and comes back to it",
             "as availability; a base stock as at the start, ample unit-level bays, one fire unit where it robs launchers",
             "as availability; spares delivered or made, expired or destroyed, pairings that share a spare"),
    Accuracy("spares needed", "spares needed a month, unit level and shop together", 0.01, 0.05,
             "up to 0.6 %: as the availability it is worked out from", "as availability with spares", "as availability with spares"),
)


@dataclass(frozen=True, slots=True)
class AvailabilityExpectation:
    """Steady-state operational availability of one pairing's launchers with depot-level repair in one shop, or in several in order.

    `ample` is with bays for all, `finite` with the shop's bays, every launcher
    of the establishment fielded, and that pairing alone using the shop (where
    several shops share the work: bays for all); `loop_days` is the mean time
    from a depot-level failure to return, without waiting for spares.
    `spares_a_month` are needed at both levels together; `unit_wait_days` and
    `shop_wait_days` are what one that is needed is waited for, 0 where spares
    are not ordered one for one.
    """

    hybrid: str
    shop: str
    launchers: int
    failures_per_day: float
    unit_days: float
    loop_days: float
    ample: float
    finite: float
    spares_a_month: float = 0.0
    unit_wait_days: float = 0.0
    shop_wait_days: float = 0.0


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

    All time outside the bays (available, in unit-level repair, in transit,
    waiting for a spare) has room for all, Z days between two visits to the
    shop, so the bays are a finite-source queue M/M/c//N with failure rate
    1 / Z (Gross & Harris, Fundamentals of Queueing Theory; exponential bay times).
    """
    to_depot = failure_rate * depot_share
    if launchers <= 0 or to_depot <= 0.0 or bay_days <= 0.0:
        return ample_availability(failure_rate, depot_share, unit_days, transit_days)
    if bays <= 0:
        return 0.0
    outside = (1.0 + failure_rate * (1.0 - depot_share) * unit_days) / to_depot + transit_days
    in_shop = finite_source(launchers, bays, 1.0 / outside, 1.0 / bay_days).system_length
    return (launchers - in_shop) / outside / to_depot / launchers


def spare_wait(needs_a_day: float, resupply_days: float, stock: int, parts: int) -> float:
    """Return the mean days for which a repair that needs a spare waits, with a base stock replenished one for one.

    The launchers short of a part, E[ceil((X - s)+ / p)] with X Poisson of mean
    needs x resupply time (Palm; Sherbrooke 1968), over the needs a day
    (Little). `parts` p is 1 without cannibalisation.
    """
    return expected_short(needs_a_day * resupply_days, stock, parts) / needs_a_day if needs_a_day > 0.0 else resupply_days


@dataclass(frozen=True, slots=True)
class _Repair:
    """One pairing and the shops its launchers go to, each with the fraction that goes there."""

    a: Arrays
    h: int
    shops: tuple[tuple[int, float], ...]

    @property
    def launchers(self) -> int:
        return int(self.a.unit_establishment[self.a.unit_hybrid == self.h].sum())

    @property
    def rate(self) -> float:
        return float(self.a.hybrid_failure_rate[self.h])

    @property
    def share(self) -> float:
        return float(self.a.hybrid_depot_share[self.h])

    @property
    def unit_days(self) -> float:
        return mean_duration(self.a.hybrid_unit_turnaround[self.h])

    @property
    def transit_days(self) -> float:
        a = self.a
        return sum(part * (mean_duration(a.shop_transit_out[s]) + mean_duration(a.shop_transit_back[s])) for s, part in self.shops)

    @property
    def bay_days(self) -> float:
        return sum(part * mean_duration(self.a.shop_turnaround[s]) for s, part in self.shops)

    def needs(self, available: float) -> tuple[float, list[float]]:
        """Return spares needed a day at the unit level, and in each shop, at an availability."""
        a, h = self.a, self.h
        if a.hybrid_spare[h] < 0:
            return 0.0, [0.0] * len(self.shops)
        failures = self.rate * self.launchers * available
        in_shops = failures * self.share * float(a.hybrid_spare_depot_share[h])
        return failures * (1.0 - self.share) * float(a.hybrid_spare_unit_share[h]), [part * in_shops for _, part in self.shops]

    def waits(self, available: float) -> tuple[float, float]:
        """Return the days a needed spare is waited for, at the unit level and over the shops, at an availability."""
        a, h = self.a, self.h
        if a.hybrid_spare[h] < 0 or not a.hybrid_spare_reorder[h]:
            return 0.0, 0.0
        resupply, parts = mean_duration(a.hybrid_spare_resupply[h]), int(a.hybrid_spare_parts[h])
        stocks = a.stock_initial[:, a.hybrid_spare[h]]
        at_unit, in_shops = self.needs(available)
        unit = spare_wait(at_unit, resupply, int(stocks[a.hybrid_depot[h]]), parts if a.hybrid_cannibalise[h] else 1)
        shop = sum(
            part * spare_wait(needs, resupply, int(stocks[a.shop_site[s]]), parts if a.shop_cannibalise[s] else 1)
            for (s, part), needs in zip(self.shops, in_shops, strict=True)
        )
        return unit, shop

    def ample(self, unit_wait: float, shop_wait: float) -> float:
        unit, shop = self.with_waits(unit_wait, shop_wait)
        return ample_availability(self.rate, self.share, unit, shop + self.bay_days)

    def finite(self, unit_wait: float, shop_wait: float) -> float:
        unit, outside = self.with_waits(unit_wait, shop_wait)
        if len(self.shops) > 1:
            return ample_availability(self.rate, self.share, unit, outside + self.bay_days)
        bays = int(self.a.shop_bays[self.shops[0][0]])
        return finite_availability(self.launchers, self.rate, self.share, unit, outside, self.bay_days, bays)

    def with_waits(self, unit_wait: float, shop_wait: float) -> tuple[float, float]:
        """Return mean days of a unit-level repair, and outside the bays of a depot-level one, waiting for spares included."""
        unit_share, depot_share = float(self.a.hybrid_spare_unit_share[self.h]), float(self.a.hybrid_spare_depot_share[self.h])
        return self.unit_days + unit_share * unit_wait, self.transit_days + depot_share * shop_wait

    def settled(self, formula: Callable[[float, float], float]) -> float:
        """Return the availability A that `formula` gives for the waits at A; it falls with the waits, and they rise with A: one such A."""
        low, high = 0.0, 1.0
        for _ in range(BISECTIONS):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if formula(*self.waits(middle)) > middle else (low, middle)
        return formula(*self.waits(0.5 * (low + high)))


def _ways(a: Arrays, h: int) -> Iterator[tuple[tuple[int, float], ...]]:
    """Yield each shop that repairs the pairing, by itself; and all in order, where one leaves launchers to the next."""
    repairing = [int(s) for s in np.flatnonzero(a.shop_repairs[:, h])]
    yield from (((s, 1.0),) for s in repairing)
    onward = [float(a.shop_onward_share[s]) for s in repairing]
    if any(onward) and not onward[-1]:
        left = np.cumprod([1.0, *onward[:-1]])
        yield tuple((s, float(part * (1.0 - on))) for s, part, on in zip(repairing, left, onward, strict=True))


def availability_expectations(campaign: CompiledCampaign) -> tuple[AvailabilityExpectation, ...]:
    """Return the availability of every pairing with each shop that repairs it, at central values, failures by firing and hits left out."""
    a = arrays_of(campaign)
    names = campaign.names["shop"]
    rows: list[AvailabilityExpectation] = []
    for h in range(len(a.hybrid_launcher)):
        for way in _ways(a, h):
            repair = _Repair(a, h, way)
            finite = repair.settled(repair.finite)
            at_unit, in_shops = repair.needs(finite)
            unit_wait, shop_wait = repair.waits(finite)
            rows.append(AvailabilityExpectation(
                hybrid=campaign.names["hybrid"][h], shop=", then ".join(names[s] for s, _ in way), launchers=repair.launchers,
                failures_per_day=repair.rate, unit_days=repair.unit_days, loop_days=repair.transit_days + repair.bay_days,
                ample=repair.settled(repair.ample), finite=finite, spares_a_month=MONTH * (at_unit + sum(in_shops)),
                unit_wait_days=unit_wait, shop_wait_days=shop_wait,
            ))
    return tuple(rows)
