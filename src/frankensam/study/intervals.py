"""Intervals for means, shares and quantiles of a nested Monte Carlo study.

A study is nested: uncertain parameters are drawn once per *design point*, and
several replications share each point. Replications of one point are therefore
not independent, and a standard error that treated them as such would be too
small. The mean and the shares below treat the design point as the sampling
unit (a cluster): Cochran (1977), *Sampling Techniques*, 3rd ed., ch. 9 and
6.3 (ratio estimator for unequal clusters). Undefined values (NaN) are left out
and counted; they are never replaced.

References
----------
Wilson (1927), J. Am. Stat. Assoc. 22, 209-212.
Clopper & Pearson (1934), Biometrika 26, 404-413.
Brown, Cai & DasGupta (2001), Stat. Sci. 16, 101-133 (why not Wald near 0 and 1).
Korn & Graubard (1998), Survey Methodology 24, 193-201 (shares of clustered data).
Vehtari, Gelman, Simpson, Carpenter & Bürkner (2021), Bayesian Analysis 16,
667-718, section 4 (Monte Carlo standard error of a quantile from beta quantiles).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Values = NDArray[np.float64]
Points = NDArray[np.int64]

LEVEL = 0.95
"""Confidence level of every interval shown, unless a caller says otherwise."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval; both ends are NaN where the data cannot give one."""

    low: float
    high: float
    level: float = LEVEL


@dataclass(frozen=True, slots=True)
class MeanEstimate:
    """A mean with its standard error and interval, from `n` defined values at `clusters` design points."""

    mean: float
    standard_error: float
    interval: Interval
    n: int
    clusters: int
    undefined: int


@dataclass(frozen=True, slots=True)
class ShareEstimate:
    """A share of `n` replications with an interval that respects design points; `effective_n` is n over the design effect."""

    share: float
    interval: Interval
    successes: int
    n: int
    effective_n: float
