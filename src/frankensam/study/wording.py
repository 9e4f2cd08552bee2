"""Differences in words: as many figures as the interval supports, and no direction the interval does not."""

from __future__ import annotations

import math

from frankensam.study.comparison import PairedDifference
from frankensam.study.intervals import Interval
from frankensam.study.rounding import Grain, grain

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
    mean, low, high = difference.difference, difference.interval.low, difference.interval.high
    if math.isnan(low):
        return f"{name}: a difference of {amount(mean, grain((mean,), unit), unit)} in a single pair, without an interval"
    if low == high == 0.0:
        return f"{name}: the same in every pair"
    held = grain_of(mean, difference.interval, unit)
    if low <= 0 <= high:
        return f"{name} not told apart (mean difference {amount(mean, held, unit)}, {interval_in_words(difference.interval, held)})"
    size = Interval(*((low, high) if low > 0 else (-high, -low)), difference.interval.level)
    interval = interval_in_words(size, held)
    if unit == "count" or "-days" in name:
        return f"{amount(abs(mean), held, 'count')} {'more' if low > 0 else 'fewer'} {name} ({interval})"
    more, less = ("longer", "shorter") if unit == "day" else ("higher", "lower")
    return f"{name} {more if low > 0 else less} by {amount(abs(mean), held, unit)} ({interval})"


def grain_of(mean: float, interval: Interval, unit: str) -> Grain:
    """Return how a mean difference and its interval are shown together."""
    return grain((mean, interval.low, interval.high), unit)


def interval_in_words(interval: Interval, held: Grain) -> str:
    """Return "95 % interval 180 to 240", without the unit, as `held` shows it."""
    low, high = amount(interval.low, held, ""), amount(interval.high, held, "")
    return f"{100 * interval.level:g} % interval {low} to {high}"


def amount(value: float, held: Grain, unit: str) -> str:
    """Return a value with its unit, as `held` shows it; without a unit where that is empty.

    Fractions are given in percentage points, money in thousands, millions or billions.
    """
    word = f" {MULTIPLES[held.multiple]}USD" if unit == "USD" else UNITS.get(unit, f" {unit}" if unit else "")
    return f"{MINUS if value < 0 else ''}{held.digits(value)}{word}"


UNITS = {"fraction": " percentage points", "count": "", "1": "", "day": " days"}
MULTIPLES = {"": "", "k": "thousand ", "m": "million ", "bn": "billion "}
