"""The slow change of level: a random walk of the logarithm, its variances known only as well as the record allows.

Local level model (Harvey 1989, Forecasting, Structural Time Series Models and
the Kalman Filter, section 2.3): log size = level + noise, level = level of the
day before + step; days without a size only let the level walk. Noise and step
are given a grid of values, each weighted by its likelihood, so that their
uncertainty goes into every draw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STEP_SDS = np.exp(np.linspace(np.log(0.03), np.log(0.30), 9))
"""Standard deviation of one day's step of the logarithm of the level."""
NOISE_SDS = np.exp(np.linspace(np.log(0.25), np.log(1.2), 8))
"""Standard deviation of the logarithm of a size around the level."""
START_SD = 2.0


@dataclass(frozen=True)
class LevelFit:
    """The level after the last day, for each pair of step and noise; arrays of shape (pairs,)."""

    step_sd: NDArray[np.float64]
    noise_sd: NDArray[np.float64]
    weight: NDArray[np.float64]
    mean: NDArray[np.float64]
    sd: NDArray[np.float64]

    def summary(self) -> dict[str, tuple[float, float, float]]:
        """Return mean and ends of the 80 % interval of the step, the noise and the level (launches when there is a raid)."""
        names = {"step_sd_per_day": self.step_sd, "noise_sd": self.noise_sd, "level": np.exp(self.mean)}
        return {name: weighted_summary(values, self.weight) for name, values in names.items()}


def weighted_summary(values: NDArray[np.float64], weight: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the mean and the 10 % and 90 % points of a discrete distribution."""
    order = np.argsort(values)
    positions = np.searchsorted(np.cumsum(weight[order]), (0.1, 0.9)).clip(max=values.size - 1)
    low, high = values[order][positions]
    return float(weight @ values), float(low), float(high)


def fit_level(log_sizes: NDArray[np.float64]) -> tuple[LevelFit, NDArray[np.float64]]:
    """Return the fit, and what each size exceeds its forecast by (NaN where there is none), at the likeliest pair.

    Args:
        log_sizes: shape (days,); NaN on days without a size.
    """
    step, noise = (grid.ravel() for grid in np.meshgrid(STEP_SDS, NOISE_SDS, indexing="ij"))
    known = np.flatnonzero(np.isfinite(log_sizes))
    mean = np.full(step.shape, log_sizes[known[0]] if known.size else 0.0)
    variance = np.full(step.shape, START_SD**2)
    likelihood = np.zeros(step.shape)
    surprises = np.full((log_sizes.size, step.size), np.nan)
    for day in range(known[0] + 1 if known.size else log_sizes.size, log_sizes.size):
        variance = variance + step**2
        if np.isfinite(log_sizes[day]):
            total = variance + noise**2
            surprise = log_sizes[day] - mean
            surprises[day] = surprise
            likelihood -= 0.5 * (np.log(total) + surprise**2 / total)
            gain = variance / total
            mean = mean + gain * surprise
            variance = variance * (1.0 - gain)
    weight = np.exp(likelihood - likelihood.max())
    weight /= weight.sum()
    return LevelFit(step, noise, weight, mean, np.sqrt(variance)), surprises[:, int(np.argmax(weight))]
