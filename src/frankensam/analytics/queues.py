"""Queues in steady state: Erlang B and C, M/M/c, M/M/c/K, finite source.

Offered load `a` is in erlang (arrival rate times mean service time). References:
Erlang (1917); Kleinrock (1975) Queueing Systems I; Gross & Harris (1998).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from frankensam.analytics.arguments import require, require_count, require_not_negative, require_positive, require_probability


def erlang_b(offered: float, servers: int) -> float:
    """Return the blocking probability of `servers` servers without waiting: recursion B = aB / (k + aB)."""
    require_not_negative(offered, "offered")
    blocking = 1.0
    for k in range(1, require_count(servers, "servers") + 1):
        blocking = offered * blocking / (k + offered * blocking)
    return blocking


def erlang_b_offered(blocking: float, servers: int) -> float:
    """Return the offered load at which `servers` servers block with probability `blocking` (0 < blocking < 1)."""
    require_probability(blocking, "blocking")
    require(0.0 < blocking < 1.0, "blocking lies strictly between 0 and 1")
    c = require_count(servers, "servers", 1)
    high = 1.0
    while erlang_b(high, c) < blocking:
        high *= 2.0
    return float(optimize.brentq(lambda load: erlang_b(load, c) - blocking, 0.0, high, xtol=1e-12, rtol=8.9e-16))


def erlang_b_servers(offered: float, blocking: float) -> int:
    """Return the fewest servers that block with at most probability `blocking`."""
    require_probability(blocking, "blocking")
    require(blocking > 0.0, "blocking is above 0")
    servers, current = 0, 1.0
    while current > blocking:
        servers += 1
        current = offered * current / (servers + offered * current)
    return servers


def erlang_c(offered: float, servers: int) -> float:
    """Return the probability of waiting in M/M/c: cB / (c - a(1 - B)); 1 where the load is not below the servers."""
    c = require_count(servers, "servers", 1)
    if offered >= c:
        return 1.0
    blocking = erlang_b(offered, c)
    return c * blocking / (c - offered * (1.0 - blocking))


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Steady state of a queue: probabilities, mean numbers and mean times (time unit of the rates).

    `p` holds the probability of 0, 1, ... customers where the number is bounded,
    else of the empty system only. `throughput` is the rate of customers served.
    """

    p: NDArray[np.float64]
    p_wait: float
    queue_length: float
    system_length: float
    wait: float
    response: float
    throughput: float


def mmc(arrival: float, service: float, servers: int) -> QueueFigures:
    """Return the steady state of M/M/c.

    Raises:
        ArgumentRefused: the load is not below the number of servers.
    """
    require_positive(arrival, "arrival")
    require_positive(service, "service")
    c = require_count(servers, "servers", 1)
    a = arrival / service
    require(a < c, "the queue has a steady state only below full load")
    waiting = erlang_c(a, c)
    queue = waiting * a / (c - a)
    terms = [1.0]
    for k in range(1, c):
        terms.append(terms[-1] * a / k)
    empty = 1.0 / (math.fsum(terms) + terms[-1] * a / c * c / (c - a))
    wait = queue / arrival
    return QueueFigures(np.array([empty]), waiting, queue, queue + a, wait, wait + 1.0 / service, arrival)


def mmck(arrival: float, service: float, servers: int, places: int) -> QueueFigures:
    """Return the steady state of M/M/c/K: at most `places` customers, those being served included."""
    require_positive(arrival, "arrival")
    require_positive(service, "service")
    c = require_count(servers, "servers", 1)
    k_most = require_count(places, "places", c)
    births = np.full(k_most, float(arrival))
    deaths = service * np.minimum(np.arange(1, k_most + 1), c)
    p = birth_death(births, deaths)
    return _figures(p, births, c, arrivals_see=p[:-1] / (1.0 - p[-1]))


def finite_source(sources: int, servers: int, failure: float, repair: float) -> QueueFigures:
    """Return the steady state of M/M/c//N: `sources` machines fail at rate `failure` each, `servers` crews repair.

    The chance to wait is the one an arriving failure sees (a population one smaller
    in steady state); `system_length` counts machines down, `queue_length` those waiting.
    """
    require_positive(failure, "failure")
    require_positive(repair, "repair")
    n, c = require_count(sources, "sources", 1), require_count(servers, "servers", 1)
    births = failure * np.arange(n, 0, -1, dtype=float)
    deaths = repair * np.minimum(np.arange(1, n + 1), c)
    p = birth_death(births, deaths)
    seen = p[:-1] * births
    return _figures(p, births, c, arrivals_see=seen / seen.sum())


def birth_death(births: NDArray[np.float64], deaths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the stationary distribution of a birth-death chain of n + 1 states from its n birth and n death rates."""
    logs = np.concatenate(([0.0], np.cumsum(np.log(births) - np.log(deaths))))
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / math.fsum(weights), dtype=np.float64)


def _figures(p: NDArray[np.float64], births: NDArray[np.float64], servers: int, arrivals_see: NDArray[np.float64]) -> QueueFigures:
    states = np.arange(p.size)
    throughput = float((p[:-1] * births).sum())
    system = float((states * p).sum())
    queue = float((np.maximum(states - servers, 0) * p).sum())
    waiting = float(arrivals_see[servers:].sum())
    return QueueFigures(p, waiting, queue, system, queue / throughput, system / throughput, throughput)
