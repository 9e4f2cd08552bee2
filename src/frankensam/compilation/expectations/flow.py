"""Items before any draw: one mean-value recursion over the days for stocks, lines and routes, raids left out.

Every duration is its mean in whole days, every loss, failed acceptance and
expiry its mean share. What is whole in the model stays whole as far as the
means are: a line works on one unit after another and takes its whole bill of
materials, a route ships whole batches. Of a stock that is not a whole number
in the mean, say 3.4, three are there for certain and a fourth with
probability 0.4, so a unit or batch that needs the fourth is begun to 0.4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from frankensam.compilation.expectations.labour import good_share, labour_hours, labour_of_a_unit, start_days
from frankensam.compilation.expectations.reading import Arrays, mean_duration, mean_whole_days, share_before
from frankensam.kernels.arrays import LARGEST_DAILY_OUTPUT

Values = NDArray[np.float64]
NOTHING = 1e-9
"""Less of a unit, or of an item, than counts."""
LOTS_A_DAY = 20
"""A line that makes more units a day than this begins several at a time, at the hours of the one in the middle."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What one campaign does in the mean, without raids.

    Attributes
    ----------
    brought [day, site, item]
        Items that arrive by route or are finished by a line; `supplied` those of donors, each consignment on its mean day.
    shipped [day, route]
        Items that leave, those that are lost on the way included.
    consumed [line, item]
        Items taken by each line; `stock` [site, item] what is left at the end.
    begun, made [line]
        Units begun, and good ones in stock, by the end of the horizon.
    worked [day, line]
        Labour hours.
    first_day [line]
        Mean day of the first good unit, given that there is one; `none` the probability that there is none.
    experience [line]
        Equivalent units at the end.
    """

    brought: Values
    supplied: Values
    shipped: Values
    consumed: Values
    stock: Values
    begun: Values
    made: Values
    worked: Values
    first_day: Values
    none: Values
    experience: Values


def consignment_days(a: Arrays, supply: int) -> Values:
    """Return the announced days of the consignments of one supply."""
    return np.asarray(a.supply_first_day[supply] + a.supply_interval[supply] * np.arange(int(a.supply_count[supply])), dtype=np.float64)


def consignment_items(a: Arrays, supply: int) -> float:
    """Return the items in one consignment, rounded half up."""
    return float(max(0, math.floor(float(a.supply_quantity[supply]) + 0.5)))


def supplied_in_time(a: Arrays, supply: int) -> float:
    """Return the expected number of items that one supply brings within the horizon: consignments x probability of being in time."""
    late = float(a.days) - 0.5 - consignment_days(a, supply)
    return consignment_items(a, supply) * sum(share_before(a.supply_delay[supply], float(left)) for left in late)


def _supplies(a: Arrays) -> Values:
    """Return what donors bring [day, site, item], every consignment late by its mean delay."""
    items = np.zeros((int(a.days), *a.stock_initial.shape))
    for supply in range(len(a.supply_site)):
        late = consignment_days(a, supply) + mean_duration(a.supply_delay[supply])
        for day in np.maximum(0, np.floor(late + 0.5)).astype(int):
            if day < int(a.days):
                items[day, a.supply_site[supply], a.supply_item[supply]] += consignment_items(a, supply)
    return items


def part_of_a_whole(stock: float, need: float) -> float:
    """Return the part of one unit or batch of `need` items that a mean `stock` allows: 1, or the probability of the last item needed."""
    if stock >= need - NOTHING:
        return 1.0
    certain = math.floor(stock + NOTHING)
    return max(0.0, stock - certain) if certain + 1 >= need else 0.0


@dataclass
class _Unit:
    """The unit a line works on, or the part of one: hours left."""

    part: float = 0.0
    hours: float = 0.0


@dataclass
class _Lines:
    """Lines in the course of the recursion; `lead` is the processing time in whole days."""

    a: Arrays
    horizon: int
    fed: bool
    experience: Values
    finished: Values
    begun: Values
    made: Values
    worked: Values
    consumed: Values
    first: Values
    none: Values
    lead: list[int]
    good: list[float]
    units: list[_Unit] = field(default_factory=list)

    @classmethod
    def of(cls, a: Arrays, fed: bool) -> _Lines:
        """Return the lines on the morning of the first day; `fed` ones never lack inputs."""
        n = len(a.line_site)
        return cls(
            a, int(a.days), fed, np.array(a.line_prior_units, dtype=np.float64), np.zeros(n), np.zeros(n), np.zeros(n),
            np.zeros((int(a.days), n)), np.zeros((n, a.stock_initial.shape[1])), np.zeros(n), np.ones(n),
            [whole_mean(triple) for triple in a.line_processing_lead], [good_share(a, line) for line in range(n)],
            [_Unit() for _ in range(n)],
        )

    def learn(self, day: int, starts: Values) -> None:
        """Forget, count yesterday's own units, and what partners' units of yesterday transfer (Argote, Beckman & Epple 1990)."""
        a, yesterday = self.a, self.finished
        self.finished = np.zeros(len(yesterday))
        for line in range(len(yesterday)):
            kept = float(a.line_persistence[line]) if day - 1 >= starts[line] else 1.0
            self.experience[line] = kept * self.experience[line] + yesterday[line]
            if day >= a.line_agreement_day[line] + a.line_data_delay[line]:
                own = float(a.line_transfer[line, line] * yesterday[line])
                self.experience[line] += float(a.line_transfer[line] @ yesterday) - own

    def begin(self, line: int, hours: float, stock: Values) -> bool:
        """Take the bill of materials of a unit, or of the part that the stock allows; False if there is nothing to begin.

        `hours` left today say how many units are begun together.
        """
        site, needs = int(self.a.line_site[line]), self.a.line_input[line]
        items = [] if self.fed else [int(item) for item in np.flatnonzero(needs)]
        part = min((part_of_a_whole(float(stock[site, item]), float(needs[item])) for item in items), default=1.0)
        if part <= NOTHING:
            return False
        part = part if part < 1.0 else self.lot(line, hours, stock, items)
        for item in items:
            stock[site, item] = max(0.0, stock[site, item] - part * needs[item])
            self.consumed[line, item] += part * needs[item]
        self.begun[line] += part
        self.units[line] = _Unit(part, part * self.labour(line, 0.5 * max(0.0, part - 1.0)))
        return True

    def labour(self, line: int, later: float) -> float:
        """Return the expected labour of the unit begun `later` units after the next."""
        return labour_of_a_unit(self.a, line, float(self.experience[line] + self.finished[line]) + later)

    def lot(self, line: int, hours: float, stock: Values, items: list[int]) -> float:
        """Return how many whole units are begun together, 1 unless the line makes many a day and the stock allows it."""
        units = hours / (LOTS_A_DAY * max(self.labour(line, 0.0), NOTHING))
        if units < 2.0:
            return 1.0
        held = [float(stock[self.a.line_site[line], item]) / float(self.a.line_input[line, item]) + NOTHING for item in items]
        return max(1.0, math.floor(min(units, LARGEST_DAILY_OUTPUT - float(self.finished[line]), *held)))

    def work(self, line: int, day: int, hours: float, stock: Values, brought: Values) -> None:
        """Spend a day's hours on one unit after another."""
        capacity = hours
        while hours > NOTHING and self.finished[line] < LARGEST_DAILY_OUTPUT:
            if self.units[line].part <= 0.0 and not self.begin(line, hours, stock):
                break
            unit = self.units[line]
            spent = min(hours, unit.hours)
            hours -= spent
            unit.hours -= spent
            if unit.hours > NOTHING:
                break
            self.finish(line, day, unit.part, brought)
            self.units[line] = _Unit()
        self.worked[day, line] = capacity - hours

    def finish(self, line: int, day: int, part: float, brought: Values) -> None:
        """Send the good share of a finished unit into processing, and count it if it is through within the horizon."""
        self.finished[line] += part
        through, good = day + self.lead[line], part * self.good[line]
        if through < self.horizon:
            brought[through, self.a.line_site[line], self.a.line_output[line]] += good
            self.made[line] += good
            chance = min(1.0, good)
            self.first[line] += self.none[line] * chance * through
            self.none[line] *= 1.0 - chance


def whole_mean(triple: Values) -> int:
    """Return the mean of a duration in whole days, rounded half up to whole days, at least one."""
    return max(1, math.floor(mean_whole_days(triple) + 0.5))


def _ship(a: Arrays, route: int, stock: Values) -> float:
    """Take the whole batches of a route from its origin, or the part of a batch that the stock allows; return the items."""
    batch, origin, item = float(a.route_batch[route]), int(a.route_origin[route]), int(a.route_item[route])
    if batch <= 0.0:
        return 0.0
    whole = math.floor((stock[origin, item] + NOTHING) / batch)
    items: float = whole * batch + batch * part_of_a_whole(float(stock[origin, item]) - whole * batch, batch)
    stock[origin, item] = max(0.0, stock[origin, item] - items)
    return items


def mean_flow(a: Arrays, fed: bool = False) -> Flow:
    """Return the mean flow of items through stocks, lines and routes of a campaign at central values, raids left out.

    On each day, as in the model: arrivals, lines in their order, routes in
    their order, shelf life. Lines that are `fed` need no inputs. What depots
    issue to fire units and repairs take of spares is not subtracted.
    """
    days, routes = int(a.days), range(len(a.route_item))
    lines, starts, hours = _Lines.of(a, fed), start_days(a), labour_hours(a)
    stock, supplied = np.array(a.stock_initial, dtype=np.float64), _supplies(a)
    brought, shipped = np.zeros((days, *stock.shape)), np.zeros((days, len(routes)))
    transit, kept = [whole_mean(triple) for triple in a.route_transit], np.exp(-np.asarray(a.item_expiry, dtype=np.float64))
    for day in range(days):
        stock += supplied[day] + brought[day]
        if day > 0:
            lines.learn(day, starts)
        for line in np.flatnonzero(day >= starts):
            lines.work(int(line), day, float(hours[day, line]), stock, brought)
        for route in routes:
            items = _ship(a, route, stock)
            shipped[day, route] = items
            if day + transit[route] < days:
                arrive = items * (1.0 - float(a.route_loss[route]))
                brought[day + transit[route], a.route_destination[route], a.route_item[route]] += arrive
        stock *= kept
    chance = 1.0 - lines.none
    return Flow(
        brought=brought, supplied=supplied, shipped=shipped, consumed=lines.consumed, stock=stock,
        begun=lines.begun, made=lines.made, worked=lines.worked,
        first_day=np.where(chance > 0.0, lines.first / np.where(chance > 0.0, chance, 1.0), math.inf),
        none=lines.none, experience=lines.experience,
    )
