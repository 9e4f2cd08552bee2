"""Test functions of sensitivity analysis with known indices.

References: Ishigami & Homma (1990); Saltelli & Sobol' (1995); Sobol' (2001) Math. Comput. Simul. 55:271-280.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frankensam.analytics.arguments import require


@dataclass(frozen=True, slots=True)
class SobolIndices:
    """First-order and total indices of each input, and the variance of the output."""

    first: NDArray[np.float64]
    total: NDArray[np.float64]
    variance: float


def ishigami(x: NDArray[np.float64], a: float = 7.0, b: float = 0.1) -> NDArray[np.float64]:
    """Return sin x1 + a sin^2 x2 + b x3^4 sin x1 for `x` of shape (3, n), each input uniform on -pi to pi."""
    return np.asarray(np.sin(x[0]) + a * np.sin(x[1]) ** 2 + b * x[2] ** 4 * np.sin(x[0]), dtype=np.float64)


def ishigami_indices(a: float, b: float) -> SobolIndices:
    """Return the exact indices of the Ishigami function."""
    v1 = 0.5 * (1.0 + b * math.pi**4 / 5.0) ** 2
    v2 = a**2 / 8.0
    v13 = b**2 * math.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    variance = v1 + v2 + v13
    return SobolIndices(np.array([v1, v2, 0.0]) / variance, np.array([v1 + v13, v2, v13]) / variance, variance)


def sobol_g(x: NDArray[np.float64], a: Sequence[float]) -> NDArray[np.float64]:
    """Return the product of (|4 x - 2| + a) / (1 + a) for `x` of shape (d, n), each input uniform on 0 to 1."""
    weights = np.asarray(a, dtype=float)[:, np.newaxis]
    return np.asarray(np.prod((np.abs(4.0 * x - 2.0) + weights) / (1.0 + weights), axis=0), dtype=np.float64)


def sobol_g_indices(a: Sequence[float]) -> SobolIndices:
    """Return the exact indices of the Sobol' G function of parameters `a`, none below 0."""
    weights = np.asarray(a, dtype=float)
    require(weights.size > 0 and bool(np.all(weights >= 0.0)), "the parameters of the G function are not below 0")
    partial = 1.0 / (3.0 * (1.0 + weights) ** 2)
    product = math.prod(1.0 + partial)
    variance = product - 1.0
    return SobolIndices(partial / variance, partial * (product / (1.0 + partial)) / variance, variance)
