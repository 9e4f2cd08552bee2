"""Uncertain parameters: one value per design point, from a counter-based stream keyed by the parameter's path."""

from __future__ import annotations

import math
from dataclasses import dataclass

from frankensam.scenario.parameters import Distribution


@dataclass(frozen=True, slots=True)
class UncertainParameter:
    """A number with a range, and the cells of an array that it sets.

    A cell holds ``scale * x``, or ``scale / x`` for a `reciprocal` one, for a
    drawn x. `indices` count cells of the flattened array; low, best and high
    are in the unit of the scenario's number.
    """

    path: str
    key: int
    array: str
    indices: tuple[int, ...]
    low: float
    best: float
    high: float
    distribution: Distribution
    scale: float = 1.0
    reciprocal: bool = False

    def quantile(self, u: float) -> float:
        """Return the value below which the parameter lies with probability `u`, 0 <= u < 1.

        uniform: low + (high - low) u; loguniform: low (high / low)**u;
        triangular with mode m: low + sqrt(u (high - low) (m - low)) up to the
        mode, high - sqrt((1 - u) (high - low) (high - m)) above it.
        """
        width = self.high - self.low
        if self.distribution is Distribution.UNIFORM:
            return self.low + width * u
        if self.distribution is Distribution.LOGUNIFORM:
            return self.low * math.exp(u * math.log(self.high / self.low))
        if u * width < self.best - self.low:
            return self.low + math.sqrt(u * width * (self.best - self.low))
        return self.high - math.sqrt((1.0 - u) * width * (self.high - self.best))

    def cell(self, value: float) -> float:
        """Return what the array holds when the parameter has this value."""
        return self.scale / value if self.reciprocal else self.scale * value
