"""Binomial and hypergeometric counts from kept tables of their distribution functions.

A campaign asks for few distributions and for each of them very often: the
chance is a parameter or a quotient of weights, the count is small. Here the
bounds that a uniform is compared with are worked out the first time, in the
order of `sampling`, and kept; later a count is the number of bounds that the
uniform has reached, which eight lanes of a register count at once and without
a branch. The result is that of `sampling.binomial` and `sampling.hypergeometric`
for every argument, whatever is kept or overwritten.

A row is the distribution's two keys, the five numbers below, and consecutive
bounds, the first of which is below everything if none is left out. A row is
found by its keys, in one place only; another distribution that belongs there
overwrites it. A row of zeros belongs to none.
"""

from __future__ import annotations

import math
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from frankensam.kernels.draws import LANES, PLAIN
from frankensam.kernels.options import stage
from frankensam.kernels.sampling import (
    FROM_ZERO_MEAN,
    NEGLIGIBLE,
    ROUNDING,
    binomial,
    binomial_tails,
    hypergeometric,
    hypergeometric_tails,
    power,
)

# A uniform u is compared as (OFFSET + SLOPE u) SCALE; the count is FIRST + STEP x bounds reached. The last three are whole numbers.
KEY, OFFSET, SLOPE, SCALE, COUNT, FIRST, STEP = 0, 1, 2, 3, 4, 5, 6
BOUNDS = 8
MOST_BOUNDS = 24
ROW = BOUNDS + MOST_BOUNDS
ROWS = 8192
TABLE_LENGTH = ROW * ROWS

LARGEST_TOTAL = 1 << 26
"""Hypergeometrics of fewer have keys that are exact as reals."""
_SPREAD = 0x9E3779B97F4A7C15 >> 1
_HIGH = 40


@intrinsic
def _reached_of_eight(_typing: Any, table: Any, _at: Any, _target: Any) -> Any:
    """How many of the eight numbers from an index on are not above the target."""

    def lower(context: Any, b: Any, sig: Any, args: Any) -> Any:
        reals, bits = ir.VectorType(ir.DoubleType(), LANES), ir.IntType(LANES)
        data = cgutils.create_struct_proxy(sig.args[0])(context, b, args[0]).data
        bounds = b.load(b.bitcast(b.gep(data, [args[1]]), reals.as_pointer()), align=8)
        first = b.insert_element(ir.Constant(reals, ir.Undefined), args[2], ir.IntType(32)(0))
        target = b.shuffle_vector(first, first, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES))
        return b.zext(b.ctpop(b.bitcast(b.fcmp_ordered("<=", bounds, target), bits)), ir.IntType(64))

    return types.int64(table, types.int64, types.float64), lower


@intrinsic
def _whole_at(_typing: Any, table: Any, _at: Any) -> Any:
    """Read eight bytes as a whole number: conversions would take as long as all the rest."""

    def lower(context: Any, b: Any, sig: Any, args: Any) -> Any:
        data = cgutils.create_struct_proxy(sig.args[0])(context, b, args[0]).data
        return b.load(b.bitcast(b.gep(data, [args[1]]), ir.IntType(64).as_pointer()))

    return types.int64(table, types.int64), lower


@intrinsic
def _put_whole(_typing: Any, table: Any, _at: Any, _number: Any) -> Any:
    """Write a whole number into eight bytes."""

    def lower(context: Any, b: Any, sig: Any, args: Any) -> Any:
        data = cgutils.create_struct_proxy(sig.args[0])(context, b, args[0]).data
        b.store(args[2], b.bitcast(b.gep(data, [args[1]]), ir.IntType(64).as_pointer()))
        return context.get_dummy_value()

    return types.void(table, types.int64, types.int64), lower


@stage
def whole_at(table: Any, at: int) -> int:
    """Return the whole number at an index."""
    return int(table[at]) if PLAIN else _whole_at(table, at)  # type: ignore[call-arg]  # Numba gives the first


@stage
def put_whole(table: Any, at: int, number: int) -> None:
    """Put a whole number at an index."""
    if PLAIN:
        table[at] = number
    else:
        _put_whole(table, at, number)  # type: ignore[call-arg]  # Numba gives the first


@stage
def reached_of_eight(table: Any, at: int, target: float) -> int:
    """Return how many of table[at], …, table[at + 7], in ascending order, are not above `target`."""
    if PLAIN:
        reached = 0
        for k in range(LANES):
            if table[at + k] <= target:
                reached += 1
        return reached
    return _reached_of_eight(table, at, target)  # type: ignore[call-arg]  # Numba gives the first


@stage
def head(table: Any, at: int, key: float, count: int, reflected: bool, first: int) -> None:
    """Write what a row begins with, for bounds of which the first is passed to get to `first`; no bound yet."""
    table[at + KEY] = key
    table[at + OFFSET] = 1.0 if reflected else 0.0
    table[at + SLOPE] = -1.0 if reflected else 1.0
    table[at + SCALE] = 1.0
    put_whole(table, at + COUNT, count)
    put_whole(table, at + FIRST, count - first + 1 if reflected else first - 1)
    put_whole(table, at + STEP, -1 if reflected else 1)
    table[at + BOUNDS] = -math.inf
    for k in range(1, MOST_BOUNDS):
        table[at + BOUNDS + k] = math.inf


@stage
def keep(table: Any, at: int, first: int, k: int, bound: float) -> None:
    """Keep the bound that is passed from `k` to `k` + 1, if it is among those of the row: the first is passed to get to `first`."""
    place = k + 1 - first
    if 0 <= place < MOST_BOUNDS:
        table[at + BOUNDS + place] = bound


@stage
def tabulate_binomial(table: Any, at: int, n: int, p: float) -> None:
    """Write the row of a binomial: the sums in the order in which `sampling.binomial` forms them."""
    reflected = p > 0.5
    q = 1.0 - p if reflected else p
    odds = q / (1.0 - q)
    first = 0 if n < MOST_BOUNDS else max(0, math.floor(n * q) - MOST_BOUNDS // 2)
    head(table, at, p, n, reflected, first)
    if n * q <= FROM_ZERO_MEAN:
        mass = power(1.0 - q, n)
        below = mass
        for k in range(n):
            keep(table, at, first, k, below)
            mass = mass * (((n - k) * odds) / (k + 1))
            below = below + mass
            if mass < NEGLIGIBLE and k + 1 > n * q:
                break
        return
    mode = min(n, math.floor((n + 1) * q))
    lower, upper, last = binomial_tails(n, odds, mode)
    table[at + SCALE] = lower + 1.0 + upper
    mass, below = 1.0, lower + 1.0
    for up in range(mode, last):
        keep(table, at, first, up, below)
        mass = mass * (((n - up) * odds) / (up + 1))
        below = below + mass
    mass = 1.0
    for down in range(mode, 0, -1):
        keep(table, at, first, down - 1, lower)
        mass = mass * (down / ((n - down + 1) * odds))
        lower = lower - mass


@stage
def tabulate_hypergeometric(table: Any, at: int, key: float, total: int, marked: int, drawn: int) -> None:
    """Write the row of a hypergeometric: the sums in the order in which `sampling.hypergeometric` forms them."""
    lowest, highest = max(0, drawn - (total - marked)), min(drawn, marked)
    mode = min(highest, max(lowest, ((drawn + 1) * (marked + 1)) // (total + 2)))
    rest = total - marked - drawn
    first = lowest if highest - lowest < MOST_BOUNDS else max(lowest, mode - MOST_BOUNDS // 2)
    head(table, at, key, drawn, False, first)
    lower, upper, last = hypergeometric_tails(total, marked, drawn, mode)
    table[at + SCALE] = lower + 1.0 + upper
    mass, below = 1.0, lower + 1.0
    for up in range(mode, last):
        keep(table, at, first, up, below)
        mass = mass * (((marked - up) * (drawn - up)) / ((up + 1) * (rest + up + 1)))
        below = below + mass
    mass = 1.0
    for down in range(mode, lowest, -1):
        keep(table, at, first, down - 1, lower)
        mass = mass * ((down * (rest + down)) / ((marked - down + 1) * (drawn - down + 1)))
        lower = lower - mass


@stage
def reached_further(table: Any, at: int, target: float) -> int:
    """Return how many bounds of a row `target` has reached if it has reached the first eight, or 0 if it is beyond the last."""
    reached = LANES
    for k in range(BOUNDS + LANES, ROW, LANES):
        here = reached_of_eight(table, at + k, target)
        reached += here
        if here < LANES:
            return reached
    return 0


@stage
def count_from_row(table: Any, at: int, u: float) -> int:
    """Return the count that belongs to the uniform `u` by the row that begins at `at`, or -1 if its bounds do not tell."""
    target = (table[at + OFFSET] + table[at + SLOPE] * u) * table[at + SCALE]
    reached = reached_of_eight(table, at + BOUNDS, target)
    if reached == LANES:
        reached = reached_further(table, at, target)
    if reached == 0:
        return -1
    return whole_at(table, at + FIRST) + whole_at(table, at + STEP) * reached


@stage
def kept_binomial(table: Any, n: int, p: float, u: float) -> int:
    """Return `sampling.binomial(n, p, u)`."""
    if n <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return n
    at = ((((int(p * 4294967296.0) * _SPREAD) >> _HIGH) + n) & (ROWS - 1)) * ROW
    if table[at + KEY] != p or whole_at(table, at + COUNT) != n:
        tabulate_binomial(table, at, n, p)
    count = count_from_row(table, at, u)
    return binomial(n, p, u) if count < 0 else count


@stage
def rare_binomial(table: Any, n: int, p: float, u: float) -> int:
    """Return `sampling.binomial(n, p, u)`, sooner where that is most often zero."""
    if p <= 0.5 and u < 1.0 - n * (p + ROUNDING):  # <= (1 - p)**n, Bernoulli's inequality
        return 0
    return kept_binomial(table, n, p, u)


@stage
def kept_hypergeometric(table: Any, total: int, marked: int, drawn: int, u: float) -> int:
    """Return `sampling.hypergeometric(total, marked, drawn, u)`."""
    lowest, highest = max(0, drawn - (total - marked)), min(drawn, marked)
    if lowest >= highest:
        return highest
    if total >= LARGEST_TOTAL:
        return hypergeometric(total, marked, drawn, u)
    named = total * LARGEST_TOTAL + marked
    at = (((named * _SPREAD) >> _HIGH) + drawn & (ROWS - 1)) * ROW
    if table[at + KEY] != -float(named) or whole_at(table, at + COUNT) != drawn:
        tabulate_hypergeometric(table, at, -float(named), total, marked, drawn)
    count = count_from_row(table, at, u)
    return hypergeometric(total, marked, drawn, u) if count < 0 else count
