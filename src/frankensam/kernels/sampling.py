"""Random variates, each by inversion of one uniform, in arithmetic that a reference can repeat bit for bit.

Only + - * /, comparisons, `math.floor`, `math.exp`, `math.log` and
`math.sqrt` are used: no power operator, whose compiled form may be rewritten.
Inversion is monotone in the uniform, so common random numbers stay common
when a probability or a count differs a little between two variants.
"""

from __future__ import annotations

import math

from frankensam.kernels.arrays import DURATION_EXPONENTIAL, DURATION_FIXED, DURATION_UNIFORM
from frankensam.kernels.options import stage

LONGEST_DAYS = 1_000_000
NEGLIGIBLE = 1e-18
FROM_ZERO_MEAN = 30.0
ROUNDING = 1e-15
"""More than what n products can be off by, relative to n."""
SMALLEST_UNIFORM = 1.0 / 9007199254740992.0


@stage
def power(base: float, exponent: int) -> float:
    """Return base**exponent for exponent >= 0 by repeated squaring, lowest bit first."""
    result = 1.0
    square = base
    left = exponent
    while left > 0:
        result = result * (square if left & 1 else 1.0)
        square = square * square
        left >>= 1
    return result


@stage
def _binomial_from_zero(n: int, p: float, u: float) -> int:
    if u < 1.0 - n * (p + ROUNDING):  # <= (1 - p)**n, Bernoulli's inequality: certain without the power
        return 0
    odds = p / (1.0 - p)
    mass = power(1.0 - p, n)
    below = mass
    k = 0
    while u >= below and k < n:
        k += 1
        mass = mass * (((n - k + 1) * odds) / k)
        below = below + mass
        if mass < NEGLIGIBLE and k > n * p:
            break
    return k


@stage
def binomial_tails(n: int, odds: float, mode: int) -> tuple[float, float, int]:
    """Return the sums of the masses below and above the mode, relative to its own, and the largest count above that is not negligible."""
    mass, lower, k = 1.0, 0.0, mode
    while k > 0 and mass > NEGLIGIBLE:
        mass = mass * (k / ((n - k + 1) * odds))
        lower = lower + mass
        k -= 1
    mass, upper, k = 1.0, 0.0, mode
    while k < n and mass > NEGLIGIBLE:
        mass = mass * (((n - k) * odds) / (k + 1))
        upper = upper + mass
        k += 1
    return lower, upper, k


@stage
def hypergeometric_tails(total: int, marked: int, drawn: int, mode: int) -> tuple[float, float, int]:
    """Return the sums of the masses below and above the mode, relative to its own, and the largest count above that is not negligible."""
    lowest, highest = max(0, drawn - (total - marked)), min(drawn, marked)
    rest = total - marked - drawn
    mass, lower, k = 1.0, 0.0, mode
    while k > lowest and mass > NEGLIGIBLE:
        mass = mass * ((k * (rest + k)) / ((marked - k + 1) * (drawn - k + 1)))
        lower = lower + mass
        k -= 1
    mass, upper, k = 1.0, 0.0, mode
    while k < highest and mass > NEGLIGIBLE:
        mass = mass * (((marked - k) * (drawn - k)) / ((k + 1) * (rest + k + 1)))
        upper = upper + mass
        k += 1
    return lower, upper, k


@stage
def _binomial_from_mode(n: int, p: float, u: float) -> int:
    odds = p / (1.0 - p)
    mode = min(n, math.floor((n + 1) * p))
    lower, upper, highest = binomial_tails(n, odds, mode)
    target = u * (lower + 1.0 + upper)
    mass, k = 1.0, mode
    if target < lower:
        while target < lower and k > 0:
            mass = mass * (k / ((n - k + 1) * odds))
            lower = lower - mass
            k -= 1
        return k
    below = lower + 1.0
    while target >= below and k < highest:
        mass = mass * (((n - k) * odds) / (k + 1))
        below = below + mass
        k += 1
    return k


@stage
def binomial(n: int, p: float, u: float) -> int:
    """Return the smallest k with F(k) > u for the binomial of n trials with probability p.

    Probabilities above one half are reflected. Means up to 30 sum the masses
    from zero; larger ones from the mode with masses relative to it, so nothing
    underflows for any n.
    """
    if n <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return n
    if p > 0.5:
        if n * (1.0 - p) <= FROM_ZERO_MEAN:
            return n - _binomial_from_zero(n, 1.0 - p, 1.0 - u)
        return n - _binomial_from_mode(n, 1.0 - p, 1.0 - u)
    if n * p <= FROM_ZERO_MEAN:
        return _binomial_from_zero(n, p, u)
    return _binomial_from_mode(n, p, u)


@stage
def hypergeometric(total: int, marked: int, drawn: int, u: float) -> int:
    """Return the number of marked ones among `drawn` taken without replacement from `total`, `marked` of them marked."""
    lowest = max(0, drawn - (total - marked))
    highest = min(drawn, marked)
    if lowest >= highest:
        return highest
    mode = min(highest, max(lowest, ((drawn + 1) * (marked + 1)) // (total + 2)))
    rest = total - marked - drawn
    lower, upper, last = hypergeometric_tails(total, marked, drawn, mode)
    target = u * (lower + 1.0 + upper)
    mass, k = 1.0, mode
    if target < lower:
        while target < lower and k > lowest:
            mass = mass * ((k * (rest + k)) / ((marked - k + 1) * (drawn - k + 1)))
            lower = lower - mass
            k -= 1
        return k
    below = lower + 1.0
    while target >= below and k < last:
        mass = mass * (((marked - k) * (drawn - k)) / ((k + 1) * (rest + k + 1)))
        below = below + mass
        k += 1
    return k


@stage
def normal_quantile(probability: float) -> float:
    """Return the standard normal quantile: algorithm AS 241, PPND16 (Wichura 1988), relative error about 1e-16.

    A probability below 2**-53 counts as 2**-53.
    """
    p = max(probability, SMALLEST_UNIFORM)
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r + 45921.953931549871457) * r
                  + 13731.693765509461125) * r + 1971.5909503065514427) * r + 133.14166789178437745) * r + 3.387132872796366608)
        bottom = (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867) * r
                     + 5394.1960214247511077) * r + 687.1870074920579083) * r + 42.313330701600911252) * r + 1.0)
        return q * top / bottom
    r = p if q < 0.0 else 1.0 - p
    r = math.sqrt(-math.log(r))
    if r <= 5.0:
        r = r - 1.6
        top = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                  + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r + 4.6303378461565452959) * r
               + 1.42343711074968357734)
        bottom = (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
                      + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r + 2.05319162663775882187) * r
                  + 1.0)
    else:
        r = r - 5.0
        top = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
                   + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r + 5.4637849111641143699) * r
               + 6.6579046435011037772)
        bottom = (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
                      + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
                  + 0.59983220655588793769) * r + 1.0)
    return -top / bottom if q < 0.0 else top / bottom


@stage
def whole_days(days: float) -> int:
    """Round a duration half up to whole days, at least one: what begins on a day ends on a later one."""
    if not days < LONGEST_DAYS:
        return LONGEST_DAYS
    return max(1, math.floor(days + 0.5))


@stage
def duration(family: float, first: float, second: float, u: float) -> float:
    """Return a duration in days by inversion: the triple is explained in `arrays`.

    fixed: first; uniform: first + (second - first) u; exponential:
    -first log(1 - u); lognormal: first exp(second z), z the normal quantile of u.
    """
    code = int(family)
    if code == DURATION_FIXED:
        return first
    if code == DURATION_UNIFORM:
        return first + (second - first) * u
    if code == DURATION_EXPONENTIAL:
        return -first * math.log(1.0 - u)
    return first * math.exp(second * normal_quantile(u))


@stage
def half_up(value: float) -> int:
    """Round half up to a whole number; nothing below zero, nothing above 2**53."""
    if not value < 9007199254740992.0:
        return 9007199254740992
    return max(0, math.floor(value + 0.5))
