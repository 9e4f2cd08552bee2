"""Spare parts of repairs: launchers that wait for one, what is on order, and robbing one launcher for another."""

from __future__ import annotations

from dataclasses import dataclass, field

from frankensam.model.sampling import whole_days
from frankensam.model.world import Hybrid, Site, World


@dataclass(frozen=True)
class Streams:
    """Random streams of one level of repair: whether a part is needed, and how long the one ordered takes."""

    need: int
    order: int


@dataclass(eq=False)
class Bench:
    """Launchers of one hybrid that wait for a part in one place, each with the number of parts missing on it."""

    hybrid: Hybrid
    stock: Site
    robbing: bool
    parts: int
    missing: list[int] = field(default_factory=list)


def bench_at(world: World, place: object, hybrid: Hybrid, stock: Site, robbing: bool) -> Bench:
    """Return the bench of a fire unit or a shop for a hybrid, set up when it is first asked for."""
    parts = max(1, int(world.arrays.hybrid_spare_parts[hybrid.index]))
    bench: Bench = world.benches.setdefault((place, hybrid), Bench(hybrid, stock, robbing, parts))
    return bench


def receive_spares(world: World, day: int) -> None:
    """Put today's spares into the stock they were ordered for."""
    for hybrid, stock in world.calendar.spares.pop(day, []):
        stock.stock[hybrid.spare] += 1
        world.add("spares_resupplied", hybrid.index, 1)


def inspect(world: World, bench: Bench, day: int, share: float, streams: Streams, key: int, number: int) -> bool:
    """Inspect a launcher; if it needs a spare it goes to the bench, and where that is the rule one is ordered."""
    a, hybrid = world.arrays, bench.hybrid
    if hybrid.spare < 0 or not world.draws.uniform(streams.need, day, key, number) < share:
        return False
    bench.missing.append(1)
    world.add("spares_needed", hybrid.index, 1)
    if a.hybrid_spare_reorder[hybrid.index]:
        time = whole_days(a.hybrid_spare_resupply[hybrid.index], world.draws.uniform(streams.order, day, key, number))
        world.calendar.spares[day + time].append((hybrid, bench.stock))
        world.spending["repair"] += float(a.hybrid_spare_cost[hybrid.index])
    return True


def complete_one(world: World, bench: Bench) -> bool:
    """Make a launcher whole with spares, else by robbing others, if that can be done; it leaves the bench."""
    while bench.missing:
        bench.missing.sort()
        if bench.stock.stock[bench.hybrid.spare] > 0:
            bench.stock.stock[bench.hybrid.spare] -= 1
            bench.missing[0] -= 1
            world.add("spares_used", bench.hybrid.index, 1)
            if bench.missing[0] == 0:
                bench.missing.pop(0)
                return True
        else:
            return bench.robbing and rob(world, bench)
    return False


def rob(world: World, bench: Bench) -> bool:
    """Give the launcher that lacks least the parts it lacks, from those that lack most, if they still have as many."""
    receiver, donors = bench.missing[0], bench.missing[1:]
    if sum(bench.parts - lacking for lacking in donors) < receiver:
        return False
    for _ in range(receiver):
        donor = max(i for i, lacking in enumerate(donors) if lacking < bench.parts)
        donors[donor] += 1
    bench.missing = donors
    world.add("cannibalisations", bench.hybrid.index, 1)
    return True
