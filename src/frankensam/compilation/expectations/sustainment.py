"""Operational availability before any draw: ample bays (Palm), finite bays (finite-source queues), spares (METRIC, or a stock)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from frankensam.analytics.queues import finite_source
from frankensam.analytics.sustainment import availability, expected_short
from frankensam.compilation.campaign import CompiledCampaign
from frankensam.compilation.expectations.accuracy import Accuracy
from frankensam.compilation.expectations.flow import Flow, mean_flow
from frankensam.compilation.expectations.reading import Arrays, arrays_of, mean_whole_days

MONTH = 30.0
BISECTIONS = 60
ROUNDS_OF_QUEUES = 200
SETTLED = 1e-10

ACCURACY = (
    Accuracy("availability", "operational availability, a share", 0.0, 0.006,
             "up to 0.002 lower: repair times of units and shops taken as exponential in their queues",
             "steady state, full establishment, one shop for one pairing, a bay at the unit for nearly every launcher that waits, no raids",
             "failures by firing, hits, launchers not yet fielded, pairings that share a shop"),
    Accuracy("availability with few bays", "operational availability where the bays of fire units bind", 0.0, 0.015,
             "up to 0.006 higher or lower: each unit and the shop taken as a queue by itself, with exponential times",
             "as availability, whatever the bays of the units", "as availability"),
    Accuracy("availability with spares", "operational availability where repairs wait for spares ordered one for one", 0.0, 0.008,
             "up to 0.0045 lower where bays bind, else 0.001: a launcher that waits for its part leaves the queue, and comes back to it",
             "as availability; a base stock as at the start, one fire unit where it robs launchers",
             "as availability; spares delivered or made, expired or destroyed, pairings that share a spare"),
    Accuracy("spares needed", "spares needed a month, unit level and shop together", 0.01, 0.05,
             "up to 0.6 %: as the availability it is worked out from", "as availability with spares", "as availability with spares"),
    Accuracy("spares run out", "day by which a place of repair has no spares left, where they are not ordered one for one", 0.05, 10.0,
             "up to 3 days earlier",
             "as availability, all launchers available on the first day, spares within the horizon as the flow of items brings them",
             "as availability; pairings that share a spare, spares used by lines, expired or destroyed"),
    Accuracy("availability without spares", "operational availability in the long run after that", 0.0, 0.02,
             "up to 0.007 lower, where deliveries go on; 0.001 higher without: it takes years to fall to 0 where launchers are robbed",
             "as availability, long after; deliveries as in the horizon",
             "the time it takes to fall, longer where launchers are robbed; and as availability"),
)


@dataclass(frozen=True, slots=True)
class AvailabilityExpectation:
    """Steady-state operational availability of one pairing's launchers with depot-level repair in one shop, or in several in order.

    `ample` is with bays for all, `finite` with the bays of the fire units and
    of the shop, every launcher of the establishment fielded, and that pairing
    alone using the shop (where several shops share the work: shop bays for
    all); `loop_days` is the mean time from a depot-level failure to return,
    without waiting for spares. `spares_a_month` are needed at both levels
    together; `unit_wait_days` and `shop_wait_days` are what one that is needed
    is waited for where spares are ordered one for one. Where they are not,
    both are 0 and, as `ample` and `finite`, hold while spares last:
    `spares_run_out_day` is the day within the horizon by which the first
    place of repair has none left, None if that does not happen, and `lasting`
    what availability falls to in the long run after it, with deliveries as in
    the horizon: 0 without any; `finite` where spares do not run out.
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
    spares_run_out_day: float | None = None
    lasting: float = 1.0


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
        """Failures of a launcher for each evening on which it is available.

        With failures drawn in the morning, with probability p, a launcher that
        allocation issued stays for 1 / p evenings in the mean, one mended at
        the unit that very morning for one less.
        """
        p = -math.expm1(-float(self.a.hybrid_failure_rate[self.h]))
        return p / (1.0 - p * (1.0 - self.share))

    @property
    def share(self) -> float:
        return float(self.a.hybrid_depot_share[self.h])

    @property
    def unit_days(self) -> float:
        return mean_whole_days(self.a.hybrid_unit_turnaround[self.h])

    @property
    def transit_days(self) -> float:
        a = self.a
        return sum(part * (mean_whole_days(a.shop_transit_out[s]) + mean_whole_days(a.shop_transit_back[s])) for s, part in self.shops)

    @property
    def bay_days(self) -> float:
        return sum(part * mean_whole_days(self.a.shop_turnaround[s]) for s, part in self.shops)

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
        resupply, parts = mean_whole_days(a.hybrid_spare_resupply[h]), int(a.hybrid_spare_parts[h])
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
        """Return the availability with the bays of the units and of one shop, each a queue of launchers that come back to it."""
        unit, outside = self.with_waits(unit_wait, shop_wait)
        queue = 0.0
        for _ in range(ROUNDS_OF_QUEUES):
            found = self._with_shop(unit + queue, outside)
            longer = self._unit_queue(found, unit + queue, unit - self.unit_days)
            if abs(longer - queue) <= SETTLED * (1.0 + queue):
                break
            queue = 0.5 * (queue + longer)
        return found if math.isfinite(queue) else 0.0

    def _with_shop(self, unit: float, outside: float) -> float:
        if len(self.shops) > 1:
            return ample_availability(self.rate, self.share, unit, outside + self.bay_days)
        bays = int(self.a.shop_bays[self.shops[0][0]])
        return finite_availability(self.launchers, self.rate, self.share, unit, outside, self.bay_days, bays)

    def _unit_queue(self, available: float, unit: float, spare_days: float) -> float:
        """Return the mean days in the queue for a bay of a unit, at an availability; `unit` days down there include it."""
        a, at_unit = self.a, 1.0 - self.share
        mine = a.unit_hybrid == self.h
        units = [(int(n), int(b)) for n, b in zip(a.unit_establishment[mine], a.unit_bays[mine], strict=True) if n > 0]
        if at_unit * self.rate <= 0.0 or available <= 0.0 or all(bays >= launchers for launchers, bays in units):
            return 0.0
        if any(bays == 0 for _, bays in units):
            return math.inf
        down = (1.0 / available - 1.0) / self.rate
        outside = (1.0 / self.rate + down - at_unit * unit) / at_unit + spare_days
        return sum(n * _queue_days(n, bays, outside, self.unit_days) for n, bays in units) / self.launchers

    def with_waits(self, unit_wait: float, shop_wait: float) -> tuple[float, float]:
        """Return mean days of a unit-level repair, and outside the bays of a depot-level one, waiting for spares included."""
        unit_share, depot_share = float(self.a.hybrid_spare_unit_share[self.h]), float(self.a.hybrid_spare_depot_share[self.h])
        return self.unit_days + unit_share * unit_wait, self.transit_days + depot_share * shop_wait

    def settled(self, formula: Callable[[float, float], float]) -> float:
        """Return the availability A that `formula` gives for the waits at A; it falls with the waits, and they rise with A: one such A."""
        if self.a.hybrid_spare[self.h] < 0 or not self.a.hybrid_spare_reorder[self.h]:
            return formula(0.0, 0.0)
        low, high = 0.0, 1.0
        for _ in range(BISECTIONS):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if formula(*self.waits(middle)) > middle else (low, middle)
        return formula(*self.waits(0.5 * (low + high)))


    def places(self, available: float) -> list[tuple[int, float]]:
        """Return each site whose stock of spares repairs are served from, with the spares needed from it a day at an availability."""
        a, (at_unit, in_shops) = self.a, self.needs(available)
        needed: dict[int, float] = {int(a.hybrid_depot[self.h]): at_unit}
        for (s, _), needs in zip(self.shops, in_shops, strict=True):
            needed[int(a.shop_site[s])] = needed.get(int(a.shop_site[s]), 0.0) + needs
        return [(site, needs) for site, needs in needed.items() if needs > 0.0]

    def run_out(self, available: float, flow: Flow) -> tuple[float | None, float]:
        """Return the day by which the spares of some place are gone, None within the horizon, and the availability in the long run.

        All launchers are available on the first day, so availability comes
        down from 1 to `available` A at the rate r / (1 - A) of two states. In
        the long run repairs use what is delivered: A such that needs are that.
        """
        a, item = self.a, int(self.a.hybrid_spare[self.h])
        if item < 0 or a.hybrid_spare_reorder[self.h] or not self.places(available):
            return None, available
        settling = (1.0 - available) / self.rate
        days = np.arange(1.0, float(a.days) + 1.0)
        more = settling * (1.0 / available - 1.0) * -np.expm1(-days / settling) if settling > 0.0 else 0.0
        first, lasting = math.inf, available
        for site, needs in self.places(available):
            away = flow.shipped[:, (a.route_origin == site) & (a.route_item == item)].sum(axis=1)
            come = (flow.brought[:, site, item] + flow.supplied[:, site, item] - away).cumsum()
            short = np.flatnonzero(needs * (days + more) > float(a.stock_initial[site, item]) + come)
            if short.size:
                first = min(first, float(short[0]))
                lasting = min(lasting, available * max(0.0, float(come[-1])) / float(a.days) / needs)
        return (first, lasting) if math.isfinite(first) else (None, available)


def _queue_days(launchers: int, bays: int, outside: float, in_bay: float) -> float:
    """Return the mean wait for a bay of `launchers` that come back `outside` days after each repair of `in_bay` days (M/M/c//N)."""
    return finite_source(launchers, bays, 1.0 / outside, 1.0 / in_bay).wait if bays < launchers else 0.0


def _ways(a: Arrays, h: int) -> Iterator[tuple[tuple[int, float], ...]]:
    """Yield each shop that repairs the pairing, by itself; and all in order, where one leaves launchers to the next."""
    repairing = [int(s) for s in np.flatnonzero(a.shop_repairs[:, h])]
    yield from (((s, 1.0),) for s in repairing)
    onward = [float(a.shop_onward_share[s]) for s in repairing]
    if any(onward) and not onward[-1]:
        left = np.cumprod([1.0, *onward[:-1]])
        yield tuple((s, float(part * (1.0 - on))) for s, part, on in zip(repairing, left, onward, strict=True))


def availability_expectations(campaign: CompiledCampaign, flow: Flow | None = None) -> tuple[AvailabilityExpectation, ...]:
    """Return the availability of every pairing with each shop that repairs it, at central values, failures by firing and hits left out.

    `flow` is that of the campaign, if known: it brings spares that are not ordered one for one.
    """
    a = arrays_of(campaign)
    flow = flow or mean_flow(a)
    names = campaign.names["shop"]
    rows: list[AvailabilityExpectation] = []
    for h in range(len(a.hybrid_launcher)):
        for way in _ways(a, h):
            repair = _Repair(a, h, way)
            finite = repair.settled(repair.finite)
            at_unit, in_shops = repair.needs(finite)
            unit_wait, shop_wait = repair.waits(finite)
            run_out, lasting = repair.run_out(finite, flow)
            rows.append(AvailabilityExpectation(
                hybrid=campaign.names["hybrid"][h], shop=", then ".join(names[s] for s, _ in way), launchers=repair.launchers,
                failures_per_day=float(a.hybrid_failure_rate[h]), unit_days=repair.unit_days,
                loop_days=repair.transit_days + repair.bay_days,
                ample=repair.settled(repair.ample), finite=finite, spares_a_month=MONTH * (at_unit + sum(in_shops)),
                unit_wait_days=unit_wait, shop_wait_days=shop_wait, spares_run_out_day=run_out, lasting=lasting,
            ))
    return tuple(rows)
