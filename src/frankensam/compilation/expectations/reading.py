"""Reading compiled arrays: their type to a static checker, and the mean of a duration."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from frankensam.analytics.sustainment import lognormal_mean
from frankensam.compilation.campaign import CompiledCampaign
from frankensam.kernels.arrays import DURATION_LOGNORMAL, DURATION_UNIFORM

# CampaignArrays is made from the declarations when the program starts, so a static checker cannot see its fields
Arrays: TypeAlias = Any


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
