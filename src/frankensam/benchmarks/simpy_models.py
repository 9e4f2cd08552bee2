"""What a user would write instead: a queue, a repair shop and a stock as processes of SimPy, in continuous time.

Written as SimPy's documentation does it, a process for each customer, machine
or demand; figures are means over the time after a warm-up, by the area under
the level.
"""

from __future__ import annotations

from collections.abc import Generator
from random import Random
from typing import Any

import simpy


class Level:
    """A number that changes in time, and the area under it since the warm-up."""

    def __init__(self, env: simpy.Environment, value: int, warm_up: float) -> None:
        self.env, self.value, self.warm_up, self.area, self.since = env, value, warm_up, 0.0, 0.0

    def add(self, change: int) -> None:
        """Change the level now."""
        now = self.env.now
        self.area += self.value * max(0.0, now - max(self.since, self.warm_up))
        self.since = now
        self.value += change

    def mean(self) -> float:
        """Return the mean level since the warm-up."""
        self.add(0)
        return self.area / (self.env.now - self.warm_up)


def queue(seed: int, arrivals: float, service: float, servers: int, days: float, warm_up: float) -> float:
    """Return the mean number in an M/M/c queue: `arrivals` a day, `service` days on average."""
    env, random = simpy.Environment(), Random(seed)
    crew, present = simpy.Resource(env, servers), Level(env, 0, warm_up)

    def customer() -> Generator[Any, Any, None]:
        present.add(1)
        with crew.request() as free:
            yield free
            yield env.timeout(random.expovariate(1.0 / service))
        present.add(-1)

    def source() -> Generator[Any, Any, None]:
        while True:
            yield env.timeout(random.expovariate(arrivals))
            env.process(customer())

    env.process(source())
    env.run(until=days)
    return present.mean()


def repair(seed: int, machines: int, crews: int, run: float, service: float, days: float, warm_up: float) -> float:
    """Return the mean number of machines running of `machines` that share `crews`: `run` and `service` days on average."""
    env, random = simpy.Environment(), Random(seed)
    crew, running = simpy.Resource(env, crews), Level(env, machines, warm_up)

    def machine() -> Generator[Any, Any, None]:
        while True:
            yield env.timeout(random.expovariate(1.0 / run))
            running.add(-1)
            with crew.request() as free:
                yield free
                yield env.timeout(random.expovariate(1.0 / service))
            running.add(1)

    for _ in range(machines):
        env.process(machine())
    env.run(until=days)
    return running.mean()


def stock(seed: int, demand: float, lead_time: float, level: int, days: float, warm_up: float) -> float:
    """Return the mean backorders of a base-stock policy: Poisson `demand` a day, each ordered again to come after `lead_time` days."""
    env, random = simpy.Environment(), Random(seed)
    shelf, backorders = simpy.Container(env, init=level), Level(env, 0, warm_up)

    def order() -> Generator[Any, Any, None]:
        yield env.timeout(lead_time)
        yield shelf.put(1)

    def customer() -> Generator[Any, Any, None]:
        backorders.add(1)
        yield shelf.get(1)
        backorders.add(-1)

    def source() -> Generator[Any, Any, None]:
        while True:
            yield env.timeout(random.expovariate(demand))
            env.process(order())
            env.process(customer())

    env.process(source())
    env.run(until=days)
    return backorders.mean()
