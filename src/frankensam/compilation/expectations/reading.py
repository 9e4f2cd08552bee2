"""Reading compiled arrays: their type to a static checker, and means and shares of durations."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from frankensam.analytics.sustainment import lognormal_mean
from frankensam.compilation.campaign import CompiledCampaign
from frankensam.kernels.arrays import DURATION_EXPONENTIAL, DURATION_LOGNORMAL, DURATION_UNIFORM

# CampaignArrays is made from the declarations when the program starts, so a static checker cannot see its fields
Arrays: TypeAlias = Any

LONG = 100.0
"""Mean days from which half a day of rounding does not count."""


def arrays_of(campaign: CompiledCampaign) -> Arrays:
    """Return the arrays of a compiled campaign at central values."""
    return campaign.arrays


def mean_duration(triple: ArrayLike) -> float:
    """Return the mean, in days, of a duration triple (family, first, second).

    uniform: (first + second) / 2; lognormal: first exp(second**2 / 2), first
    being the median; fixed and exponential: first.
    """
    family, first, second = (float(value) for value in np.asarray(triple, dtype=float))
    if family == DURATION_UNIFORM:
        return (first + second) / 2
    if family == DURATION_LOGNORMAL:
        return lognormal_mean(first, second)
    return first


def share_before(triple: ArrayLike, days: float) -> float:
    """Return the probability that a duration triple (family, first, second) lasts less than `days`."""
    family, first, second = (float(value) for value in np.asarray(triple, dtype=float))
    if family == DURATION_UNIFORM and second > first:
        return min(1.0, max(0.0, (days - first) / (second - first)))
    if family == DURATION_EXPONENTIAL and first > 0.0:
        return -math.expm1(-days / first) if days > 0.0 else 0.0
    if family == DURATION_LOGNORMAL and first > 0.0 and second > 0.0:
        return 0.5 * math.erfc(-math.log(days / first) / second / math.sqrt(2.0)) if days > 0.0 else 0.0
    return 1.0 if days > first else 0.0


def mean_whole_days(triple: ArrayLike) -> float:
    """Return the mean of a duration rounded half up to whole days, at least one: 1 + sum over k >= 1 of P(duration >= k + 1/2).

    Beyond `LONG` days the rounding makes no difference to the mean.
    """
    family, first, second = (float(value) for value in np.asarray(triple, dtype=float))
    return _mean_whole_days(family, first, second)


@lru_cache(maxsize=1024)
def _mean_whole_days(*triple: float) -> float:
    mean = mean_duration(triple)
    if mean > LONG:
        return mean
    total, k = 1.0, 1
    while (left := 1.0 - share_before(triple, k + 0.5)) > 1e-12 and k < LONG * LONG:
        total, k = total + left, k + 1
    return total
