"""Learning curves: Crawford (unit) and Wright (cumulative average), never mixed.

The slope s is the ratio of hours at each doubling of the quantity, b = ln s / ln 2.
References: Wright (1936); Crawford (1944); Goldberg & Touw (2003) Statistical Methods for
Learning Curves and Cost Analysis; the functions of the public learningCurve package.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from frankensam.analytics.arguments import require, require_count, require_positive

LARGEST_SUM = 50_000_000


def exponent(slope: float) -> float:
    """Return b = ln s / ln 2, not above 0 for slopes up to 1."""
    require_positive(slope, "slope")
    return math.log2(slope)


def slope_of_exponent(b: float) -> float:
    """Return s = 2^b."""
    return float(2.0**b)


def crawford_unit(hours: float, unit: float, slope: float, reference: float = 1.0) -> float:
    """Return the hours of `unit` when unit `reference` took `hours`."""
    require_positive(unit, "unit")
    require_positive(reference, "reference")
    return float(hours * (unit / reference) ** exponent(slope))


def first_unit(hours: float, unit: float, slope: float) -> float:
    """Return the hours of the first unit implied by `hours` at `unit` (Crawford)."""
    return crawford_unit(hours, 1.0, slope, reference=unit)


def crawford_total(first: float, units: int, slope: float, start: int = 1) -> float:
    """Return the hours of units `start` to `units`, by the exact sum; `first` is unit 1's hours."""
    last, begin = require_count(units, "units", 1), require_count(start, "start", 1)
    require(begin <= last <= LARGEST_SUM, f"units run from start up to at most {LARGEST_SUM}")
    return first * _power_sum(begin, last, exponent(slope))


def crawford_total_approximate(first: float, units: int, slope: float, start: int = 1) -> float:
    """Return the same by the integral with half-unit correction; poor for steep learning on few units."""
    b = exponent(slope)
    low, high = start - 0.5, units + 0.5
    if math.isclose(b, -1.0, abs_tol=1e-12):
        return first * math.log(high / low)
    return float(first * (high ** (b + 1.0) - low ** (b + 1.0)) / (b + 1.0))


def lot_midpoint(first: int, last: int, slope: float) -> float:
    """Return the unit whose hours are the lot's average, by the integral with half-unit correction.

    [((M + 1/2)^(1+b) - (m - 1/2)^(1+b)) / ((1 + b)(M - m + 1))]^(1/b)
    """
    require(1 <= first <= last, "a lot runs from its first to its last unit")
    b = exponent(slope)
    require(b != 0.0, "without learning every unit is the average")
    return float((crawford_total_approximate(1.0, last, slope, start=first) / (last - first + 1)) ** (1.0 / b))


def wright_total(first: float, units: float, slope: float) -> float:
    """Return the hours of units 1 to `units`: a n^(1+b) (Wright)."""
    require(units >= 0, "units are not below 0")
    return 0.0 if units == 0 else float(first * units ** (1.0 + exponent(slope)))


def wright_average(first: float, units: float, slope: float) -> float:
    """Return the average hours of the first `units`: a n^b (Wright)."""
    require_positive(units, "units")
    return float(first * units ** exponent(slope))


def wright_unit(hours: float, unit: float, slope: float, reference: float = 1.0) -> float:
    """Return the hours of one unit, the difference of two totals, when unit `reference` took `hours` (Wright)."""
    require(unit >= 1 and reference >= 1, "units count from 1")
    return hours * wright_block(1.0, unit, unit, slope) / wright_block(1.0, reference, reference, slope)


def wright_block(first: float, start: float, last: float, slope: float) -> float:
    """Return the hours of units `start` to `last`: a (M^(1+b) - (m - 1)^(1+b)) (Wright)."""
    require(1 <= start <= last, "a block runs from its first to its last unit")
    return wright_total(first, last, slope) - wright_total(first, start - 1.0, slope)


def wright_exponent_of_total(total: float, first: float, units: float) -> float:
    """Return b from the hours of all `units` and of the first: (ln T - ln a) / ln n - 1 (Wright)."""
    require_positive(total, "total")
    require_positive(first, "first")
    require(units > 1, "two units at least show learning")
    return math.log(total / first) / math.log(units) - 1.0


def wrong_slope_error(units: float, assumed: float, actual: float) -> float:
    """Return the relative error in total hours when `assumed` was taken and `actual` holds: n^(b_actual - b_assumed) - 1."""
    require_positive(units, "units")
    return float(units ** (exponent(actual) - exponent(assumed)) - 1.0)


def composite_total(first: Sequence[float], slopes: Sequence[float], units: float) -> float:
    """Return the hours of `units` over several departments, each with its own first-unit hours and slope (Wright)."""
    require(len(first) == len(slopes) > 0, "one slope for every department")
    return math.fsum(wright_total(hours, units, slope) for hours, slope in zip(first, slopes, strict=True))


def crawford_minus_wright(first: float, units: int, slope: float) -> NDArray[np.float64]:
    """Return for units 1 to `units` the hours of the Crawford curve less those of the Wright curve."""
    n = np.arange(1, require_count(units, "units", 1) + 1, dtype=float)
    b = exponent(slope)
    return np.asarray(first * (n**b - (n ** (1.0 + b) - (n - 1.0) ** (1.0 + b))), dtype=np.float64)


def _power_sum(start: int, last: int, b: float, chunk: int = 1_000_000) -> float:
    parts = []
    for low in range(start, last + 1, chunk):
        units = np.arange(low, min(low + chunk, last + 1), dtype=float)
        parts.append(float(np.sum(units**b)))  # NumPy sums pairwise, fsum joins the parts exactly
    return math.fsum(parts)
