"""Labour of lines before any draw: when they start, hours a day, hours of a unit after Wright (1936) and Crawford."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from frankensam.analytics.learning import crawford_unit, wright_unit
from frankensam.compilation.expectations.reading import Arrays, mean_whole_days
from frankensam.kernels.arrays import WRIGHT

Values = NDArray[np.float64]


def start_days(a: Arrays) -> Values:
    """Return the day on which each line starts: agreement + data + tooling."""
    return np.asarray(a.line_agreement_day + a.line_data_delay + a.line_tooling_lead, dtype=np.float64)


def unit_hours(a: Arrays, line: int, previous: float) -> float:
    """Return the labour hours of the unit made after `previous` equivalent units.

    Crawford: T1 x**b for x = previous + 1; Wright: T1 (x**(b + 1) - previous**(b + 1)); b = log2(slope).
    """
    slope, first = float(a.line_learning_slope[line]), float(a.line_first_unit_hours[line])
    if a.line_learning_theory[line] == WRIGHT:
        return wright_unit(first, previous + 1.0, slope)
    return crawford_unit(first, previous + 1.0, slope)


def good_share(a: Arrays, line: int) -> float:
    """Return the fraction of units begun that pass acceptance, at once or after rework: 1 - q (1 - s)."""
    return 1.0 - (1.0 - float(a.line_first_pass_yield[line])) * (1.0 - float(a.line_rework_share[line]))


def labour_of_a_unit(a: Arrays, line: int, previous: float) -> float:
    """Return the expected labour of a unit begun, good or scrapped: h (1 + q s f).

    q is the share that fails at first, s the share of those reworked, f the labour of a rework.
    """
    failed = 1.0 - float(a.line_first_pass_yield[line])
    return unit_hours(a, line, previous) * (1.0 + failed * float(a.line_rework_share[line]) * float(a.line_rework_fraction[line]))


def hours_per_good_unit(a: Arrays, line: int, previous: float) -> float:
    """Return the expected labour per accepted unit, h (1 + q s f) / (1 - q (1 - s))."""
    return labour_of_a_unit(a, line, previous) / max(good_share(a, line), 1e-9)


def down_days(a: Arrays, line: int) -> float:
    """Return the mean days down for each day up: (exp(rate) - 1) x length.

    On a day up an outage begins with probability p = 1 - exp(-rate), and that day is the first one down:
    (1 - p) / p days up to one outage.
    """
    return math.expm1(float(a.line_outage_rate[line])) * mean_whole_days(a.line_outage[line])


def labour_hours(a: Arrays) -> Values:
    """Return the mean hours a line could work [day, line]: capacity, its ramp, outages.

    Capacity rises linearly from zero over the ramp and counts at the middle of
    the day, as in the model; outages take the same share of every day.
    """
    age = np.arange(int(a.days))[:, None] - start_days(a)[None, :]
    ramp = np.asarray(a.line_ramp_days, dtype=np.float64)
    share = np.where(ramp > 0.0, np.minimum(1.0, (age + 0.5) / np.where(ramp > 0.0, ramp, 1.0)), 1.0)
    down = np.array([down_days(a, line) for line in range(len(a.line_site))])
    return np.asarray(np.where(age >= 0.0, share, 0.0) * a.line_capacity_hours / (1.0 + down))
