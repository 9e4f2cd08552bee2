"""Random variates by inversion of one uniform, written out as ``docs/model.md`` specifies them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from frankensam.kernels.arrays import DURATION_EXPONENTIAL, DURATION_FIXED, DURATION_UNIFORM
from frankensam.kernels.philox import uniform

NEGLIGIBLE = 1e-18
FROM_ZERO_MEAN = 30.0
LONGEST_DAYS = 1_000_000


@dataclass(frozen=True)
class Draws:
    """The random numbers of one replication: a uniform for every name."""

    seed: int
    replication: int

    def uniform(self, stream: int, day: int, entity: int = 0, draw: int = 0) -> float:
        """Return the uniform in [0, 1) of a stream, a day, an entity's key and a draw number."""
        return uniform(self.seed, self.replication, stream, day, entity, draw)


def integer_power(base: float, exponent: int) -> float:
    """Return base**exponent by squaring, lowest bit first, one rounding per product."""
    result = 1.0
    for bit in reversed(f"{exponent:b}"):
        if bit == "1":
            result *= base
        base *= base
    return result


def _invert_from_mode(mode: int, lowest: int, highest: int, down: Callable[[int], float], up: Callable[[int], float], u: float) -> int:
    """Invert a unimodal distribution whose masses are known relative to its mode.

    `down(k)` is mass(k - 1) / mass(k), `up(k)` is mass(k + 1) / mass(k). Masses
    are followed until they are negligible.
    """
    below, mass, k = 0.0, 1.0, mode
    while k > lowest and mass > NEGLIGIBLE:
        mass *= down(k)
        below += mass
        k -= 1
    above, mass, k = 0.0, 1.0, mode
    while k < highest and mass > NEGLIGIBLE:
        mass *= up(k)
        above += mass
        k += 1
    last = k
    target = u * (below + 1.0 + above)
    mass, k = 1.0, mode
    if target < below:
        while target < below and k > lowest:
            mass *= down(k)
            below -= mass
            k -= 1
        return k
    cumulated = below + 1.0
    while target >= cumulated and k < last:
        mass *= up(k)
        cumulated += mass
        k += 1
    return k


def _binomial_lower_half(n: int, p: float, u: float) -> int:
    odds = p / (1.0 - p)
    if n * p > FROM_ZERO_MEAN:
        mode = min(n, math.floor((n + 1) * p))
        return _invert_from_mode(mode, 0, n, lambda k: k / ((n - k + 1) * odds), lambda k: ((n - k) * odds) / (k + 1), u)
    mass = cumulated = integer_power(1.0 - p, n)
    for k in range(n):
        if u < cumulated:
            return k
        mass *= ((n - k) * odds) / (k + 1)
        cumulated += mass
        if mass < NEGLIGIBLE and k + 1 > n * p:
            return k + 1
    return n


def binomial(n: int, p: float, u: float) -> int:
    """Return the smallest k with F(k) > u for the binomial of `n` trials with probability `p`."""
    if n <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return n
    if p > 0.5:
        return n - _binomial_lower_half(n, 1.0 - p, 1.0 - u)
    return _binomial_lower_half(n, p, u)


def hypergeometric(total: int, marked: int, drawn: int, u: float) -> int:
    """Return how many of `drawn` taken without replacement from `total` are among the `marked`."""
    lowest, highest = max(0, drawn - (total - marked)), min(drawn, marked)
    if lowest >= highest:
        return highest
    unmarked_left = total - marked - drawn
    mode = min(highest, max(lowest, (drawn + 1) * (marked + 1) // (total + 2)))
    return _invert_from_mode(
        mode, lowest, highest,
        lambda k: (k * (unmarked_left + k)) / ((marked - k + 1) * (drawn - k + 1)),
        lambda k: ((marked - k) * (drawn - k)) / ((k + 1) * (unmarked_left + k + 1)),
        u,
    )


def _polynomial(r: float, coefficients: Sequence[float]) -> float:
    value = coefficients[0]
    for coefficient in coefficients[1:]:
        value = value * r + coefficient
    return value


CENTRE = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125,
     1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867, 5394.1960214247511077,
     687.1870074920579083, 42.313330701600911252, 1.0),
)
MIDDLE = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258, 3.64784832476320460504,
     5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459, 0.68976733498510000455,
     1.6763848301838038494, 2.05319162663775882187, 1.0),
)
TAIL = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093, 0.29656057182850489123,
     1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772),
    (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4, 0.0148753612908506148525,
     0.13692988092273580531, 0.59983220655588793769, 1.0),
)


def normal_quantile(probability: float) -> float:
    """Return the standard normal quantile by algorithm AS 241 (Wichura 1988), probabilities of at least 2**-53."""
    p = max(probability, 2.0**-53)
    q = p - 0.5
    if abs(q) <= 0.425:
        top, bottom = (_polynomial(0.180625 - q * q, part) for part in CENTRE)
        return q * top / bottom
    r = math.sqrt(-math.log(p if q < 0.0 else 1.0 - p))
    shift, table = (1.6, MIDDLE) if r <= 5.0 else (5.0, TAIL)
    top, bottom = (_polynomial(r - shift, part) for part in table)
    return -top / bottom if q < 0.0 else top / bottom


def duration_days(triple: Sequence[float], u: float) -> float:
    """Return a duration in days from its triple (family, first, second) and a uniform."""
    family, first, second = int(triple[0]), float(triple[1]), float(triple[2])
    if family == DURATION_FIXED:
        return first
    if family == DURATION_UNIFORM:
        return first + (second - first) * u
    if family == DURATION_EXPONENTIAL:
        return -first * math.log(1.0 - u)
    return first * math.exp(second * normal_quantile(u))


def whole_days(triple: Sequence[float], u: float) -> int:
    """Return a duration rounded half up to whole days, at least one."""
    days = duration_days(triple, u)
    return max(1, math.floor(days + 0.5)) if days < LONGEST_DAYS else LONGEST_DAYS


def half_up(value: float) -> int:
    """Round half up; nothing below zero."""
    return max(0, math.floor(min(value, 2.0**53) + 0.5))
