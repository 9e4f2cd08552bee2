"""The things of a campaign and their state: sites, lines, routes, hybrids, fire units, shops."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from frankensam.kernels.arrays import METRICS, OUTCOMES, SPENDING, CampaignArrays
from frankensam.model.sampling import Draws, half_up


@dataclass(eq=False)
class Site:
    """A place with stocks and damage."""

    index: int
    key: int
    sector: int
    stock: list[int]
    damage: float = 0.0
    output_factor: float = 1.0
    damaging_hits: int = 0

    def handled(self, item: int) -> int:
        """Return how many of an item in stock the site can hand out: as many as its output factor lets it, rounded half up."""
        return half_up(self.stock[item] * self.output_factor)


@dataclass(eq=False)
class Line:
    """A production line: its experience, and the unit in progress."""

    index: int
    key: int
    site: Site
    output: int
    experience: float
    started: bool = False
    down_until: int = 0
    in_progress: bool = False
    in_rework: bool = False
    unit_hours: float = 0.0
    hours_left: float = 0.0
    finished_today: int = 0
    finished_yesterday: int = 0


@dataclass(eq=False)
class Pool:
    """Launchers of one item at one depot that came back from repair and wait for re-issue."""

    returned: int = 0


@dataclass(eq=False)
class Hybrid:
    """A pairing of launcher and interceptor, with its launchers beyond unit-level repair."""

    index: int
    depot: Site
    launcher: int
    interceptor: int
    pool: Pool
    spare: int
    key: int
    unassigned: int = 0
    in_depot_repair: int = 0


@dataclass(eq=False)
class FireUnit:
    """A fire unit: launchers by state and rounds."""

    index: int
    key: int
    hybrid: Hybrid
    sector: int
    available: int
    rounds: int
    demand: float
    waiting: int = 0
    in_bay: int = 0
    fired_today: int = 0

    @property
    def held(self) -> int:
        """Launchers held, whatever their state."""
        return self.available + self.waiting + self.in_bay


@dataclass(eq=False)
class Shop:
    """A depot-level repair shop: first come, first served."""

    index: int
    key: int
    site: Site
    busy: int = 0
    queue: deque[Hybrid] = field(default_factory=deque)
    beyond: dict[Hybrid, int] = field(default_factory=lambda: defaultdict(int))
    """Launchers that the shop has found beyond it, and that wait for a later one."""


@dataclass(eq=False)
class Calendar:
    """What ends on which day, by the stage that cares."""

    consignments: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    shipments: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    processed: dict[int, list[Line]] = field(default_factory=lambda: defaultdict(list))
    returns: dict[int, list[Hybrid]] = field(default_factory=lambda: defaultdict(list))
    unit_repairs: dict[int, list[FireUnit]] = field(default_factory=lambda: defaultdict(list))
    shop_arrivals: dict[int, list[tuple[Shop, Hybrid]]] = field(default_factory=lambda: defaultdict(list))
    shop_repairs: dict[int, list[tuple[Shop, Hybrid]]] = field(default_factory=lambda: defaultdict(list))
    spares: dict[int, list[tuple[Hybrid, Site]]] = field(default_factory=lambda: defaultdict(list))


class World:
    """One replication of a campaign: the compiled arrays, the things, the calendar, the totals so far."""

    def __init__(self, arrays: CampaignArrays, seed: int, replication: int, shapes: dict[str, tuple[int, ...]]) -> None:
        a = self.arrays = arrays
        self.draws = Draws(seed, replication)
        self.days = int(a.days)
        self.calendar = Calendar()
        self.benches: dict[tuple[object, Hybrid], Any] = {}
        self.totals: dict[str, Any] = {v.name: np.zeros(shapes[v.name]) for v in OUTCOMES}
        for name in ("line_first_day", "first_held_day", "first_empty_day"):
            self.totals[name][:] = -1.0
        self.metrics = {name: 0.0 for name, _, _ in METRICS}
        self.spending = {name: 0.0 for name, _ in SPENDING}
        self.sites = [
            Site(i, int(a.site_key[i]), int(a.site_sector[i]), [int(count) for count in a.stock_initial[i]]) for i in range(len(a.site_key))
        ]
        self.lines = [
            Line(i, int(a.line_key[i]), self.sites[a.line_site[i]], int(a.line_output[i]), float(a.line_prior_units[i]))
            for i in range(len(a.line_key))
        ]
        pools: dict[tuple[int, int], Pool] = defaultdict(Pool)
        self.hybrids = [
            Hybrid(
                i, self.sites[depot], int(launcher), int(interceptor), pools[depot, launcher], int(a.hybrid_spare[i]), int(a.hybrid_key[i]),
            )
            for i, (depot, launcher, interceptor) in enumerate(zip(a.hybrid_depot, a.hybrid_launcher, a.hybrid_interceptor, strict=True))
        ]
        self.units = [
            FireUnit(
                i, int(a.unit_key[i]), self.hybrids[a.unit_hybrid[i]], int(a.unit_sector[i]), int(a.unit_launchers_initial[i]),
                int(a.unit_rounds_initial[i]), float(a.unit_demand_prior[i]),
            )
            for i in range(len(a.unit_key))
        ]
        self.shops = [Shop(i, int(a.shop_key[i]), self.sites[a.shop_site[i]]) for i in range(len(a.shop_key))]
        self.metrics["launchers_issued"] = float(sum(unit.held for unit in self.units))
        self.metrics["rounds_issued"] = float(sum(unit.rounds for unit in self.units))

    @property
    def threat_classes(self) -> range:
        """The threat classes by number."""
        return range(len(self.arrays.threat_appearance))

    def add(self, name: str, index: int | tuple[int, ...], amount: float) -> None:
        """Add to a total."""
        self.totals[name][index] += amount
