"""The limit of the salvo kernel in docs/performance.md: draws needed x cost of a draw.

    NUMBA_DISABLE_JIT=1 python tests/measurements/draws_of_a_raid.py
    python tests/measurements/draws_of_a_raid.py

The first counts: the kernels then run as plain Python, and every single block, row and variate of a raid and of a
campaign's day can be counted. The second measures what one of each costs, compiled, in processor time.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import numpy as np
from numba import njit

from frankensam.benchmarks.campaigns import SCENARIO, raid_campaign
from frankensam.benchmarks.timing import SEED
from frankensam.compilation import compile_scenario
from frankensam.kernels import damage, draws, engagement, philox, raids, sampling, sustainment
from frankensam.kernels.arrays import CampaignArrays
from frankensam.kernels.campaign import simulate_block
from frankensam.kernels.tables import ArrayType, Table, TableType
from frankensam.model.outcomes import allocate_outcomes

SEED_WORD: Any = np.uint64(SEED)
counted: Counter[str] = Counter()


def counting(name: str, function: Any) -> Any:
    """Return a function that counts its calls."""
    def counts(*arguments: Any) -> Any:
        counted[name] += 1
        return function(*arguments)

    return counts


def report(name: str, arrays: CampaignArrays) -> None:
    """Simulate one replication and print what a day takes."""
    counted.clear()
    with np.errstate(all="ignore"):
        simulate_block(arrays, SEED, 0, allocate_outcomes(arrays, 1))
    days = int(arrays.days)
    print(name, {what: round(number / days, 1) for what, number in counted.most_common()})


def count_draws() -> None:
    """Count the draws of the benchmark's raid and of the bundled campaign."""
    for module in (engagement, damage, raids, sustainment):
        vars(module)["binomial"] = counting("binomials", vars(module)["binomial"])
        vars(module)["uniform"] = counting("single blocks", philox.uniform)
    vars(engagement)["uniforms"] = counting("single blocks", philox.uniforms)
    vars(engagement)["hypergeometric"] = counting("hypergeometrics", vars(engagement)["hypergeometric"])
    for module, row in ((raids, "draw_blocks"), (engagement, "draw_blocks"), (damage, "draw_keys")):
        vars(module)[row] = counting("rows", getattr(draws, row))
    report("raid", raid_campaign()._replace(days=np.array(300, np.int64)))
    report(SCENARIO, list(compile_scenario(SCENARIO).variants.values())[-1].arrays)


@njit
def blocks(times: int, _row: Any) -> float:
    """Draw single blocks, none waiting for another."""
    total = 0.0
    for r in range(times):
        total += philox.uniforms(SEED_WORD, r, 26, 5, 7, 1)[0]
    return total


@njit
def rows(times: int, row: Any) -> float:
    """Draw rows of eight blocks."""
    for r in range(times):
        draws.draw_blocks(row.first, row.second, draws.LANES, SEED_WORD, r, 26, 5, 7, 0)
    return float(row.first[0])


@njit
def binomials(times: int, _row: Any) -> float:
    """Invert uniforms of a recurrence: six engagements at 0.6."""
    total, u = 0, 0.123
    for _ in range(times):
        u = (u * 1.234567 + 0.31830988) % 1.0
        total += sampling.binomial(6, 0.6, u)
    return float(total)


@njit
def hypergeometrics(times: int, _row: Any) -> float:
    """Invert uniforms of a recurrence: six of 50 threats of which 40 are real."""
    total, u = 0, 0.123
    for _ in range(times):
        u = (u * 1.234567 + 0.31830988) % 1.0
        total += sampling.hypergeometric(50, 40, 6, u)
    return float(total)


def measure_costs(times: int = 1_000_000) -> None:
    """Print the processor time of each kind of draw, ns, the shortest of five."""
    kind = TableType("measured.row", {"first": ArrayType("float64", 1), "second": ArrayType("float64", 1)})
    row = Table(kind, (np.zeros(2 * draws.LANES), np.zeros(2 * draws.LANES)))
    for work in (blocks, rows, binomials, hypergeometrics):
        work(1, row)
        spent = []
        for _ in range(5):
            began = time.thread_time()
            work(times, row)
            spent.append(time.thread_time() - began)
        print(f"{work.__name__}: {min(spent) / times * 1e9:.1f} ns")


if __name__ == "__main__":
    count_draws() if draws.PLAIN else measure_costs()
