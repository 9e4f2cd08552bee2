"""Differences in words: as many figures as the interval supports, and no direction the interval does not."""

from __future__ import annotations

import math

from frankensam.study.comparison import PairedDifference
from frankensam.study.intervals import Interval

MINUS = "−"


def direction(difference: PairedDifference) -> int:
    """Return +1 if the interval of the mean difference lies wholly on the better side, -1 on the worse side, 0 otherwise."""
    low, high = difference.interval.low, difference.interval.high
    if difference.more_is_better is None or math.isnan(low):
        return 0
    sign = 1 if difference.more_is_better else -1
    if low > 0:
        return sign
    return -sign if high < 0 else 0


def difference_in_words(difference: PairedDifference) -> str:
    """Return one clause: what is more or less, by how much, with its interval.

    "210 fewer leakers (95 % interval 180 to 240)", "cost of damage lower by 30
    million USD (95 % interval 20 to 40)"; where the interval includes zero no
    direction is claimed; where no pair is defined it says so.
    """
    name, unit = difference.name, difference.unit
    if difference.n_pairs == 0:
        return f"{name}: undefined in every pair of replications"
    low, high = difference.interval.low, difference.interval.high
    if math.isnan(low):
        return f"{name}: a difference of {amount(difference.difference, 0.0, unit)} in a single pair, without an interval"
    width = high - low
    if low <= 0 <= high:
        if width == 0:
            return f"{name}: the same in every pair"
        mean = amount(difference.difference, width, unit)
        return f"{name} not told apart (mean difference {mean}, {interval_in_words(difference.interval, unit)})"
    size = Interval(*((low, high) if low > 0 else (-high, -low)), difference.interval.level)
    interval = interval_in_words(size, unit)
    if unit == "count" or "-days" in name:
        return f"{amount(abs(difference.difference), width, 'count')} {'more' if low > 0 else 'fewer'} {name} ({interval})"
    more, less = ("longer", "shorter") if unit == "day" else ("higher", "lower")
    return f"{name} {more if low > 0 else less} by {amount(abs(difference.difference), width, unit)} ({interval})"


def interval_in_words(interval: Interval, unit: str) -> str:
    """Return "95 % interval 180 to 240" in the scale of `unit`, with the figures that the interval's width supports."""
    width = interval.high - interval.low
    low, high = amount(interval.low, width, unit, bare=True), amount(interval.high, width, unit, bare=True)
    return f"{100 * interval.level:g} % interval {low} to {high}"


def amount(value: float, width: float, unit: str, *, bare: bool = False) -> str:
    """Return a value with its unit, rounded to two figures of the `width` of its interval; `bare` leaves the unit out.

    Fractions are given in percentage points and money in millions, so that a
    reader compares small numbers. What is not zero is never shown as zero.
    """
    scale, word = _SCALES.get(unit, (1.0, f" {unit}"))
    value, width = value * scale, width * scale
    decimals = _decimals(width if width > 0 else abs(value))
    if value != 0 and round(value, decimals) == 0:
        decimals = -math.floor(math.log10(abs(value)))  # rounding never crosses zero: the digit that keeps the side is shown
    rounded = round(value, decimals)
    shown = f"{abs(rounded):,.{max(decimals, 0)}f}"
    sign = MINUS if rounded < 0 else ""
    return f"{sign}{shown}{'' if bare else word}"


_SCALES: dict[str, tuple[float, str]] = {
    "fraction": (100.0, " percentage points"), "count": (1.0, ""), "1": (1.0, ""), "day": (1.0, " days"), "USD": (1e-6, " million USD"),
}


def _decimals(width: float) -> int:
    """Return the decimals at which `width` shows two figures, at most six."""
    return 0 if width == 0 else min(6, 1 - math.floor(math.log10(width)))
