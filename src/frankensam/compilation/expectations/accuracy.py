"""How far an expected figure may lie from the mean of the simulation, stated beside each expectation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accuracy:
    """What an expected figure leaves out, and how far the simulation's mean may lie from it at central values.

    Attributes
    ----------
    figure
        Name of the figure, unique among all expectations.
    meaning
        The figure in words, with its unit.
    relative, absolute
        The difference allowed as a fraction of the figure, and in its unit; the larger counts.
    measured
        The largest difference seen in the tested scenarios, and why there is one.
    state
        The state of the world for which the figure is meant.
    leaves_out
        What the simulation has and the figure has not, beyond that state.
    """

    figure: str
    meaning: str
    relative: float
    absolute: float
    measured: str
    state: str
    leaves_out: str

    def allowed(self, expected: float) -> float:
        """Return the difference allowed from an expected value, in its unit."""
        return max(self.relative * abs(expected), self.absolute)

    @property
    def tolerance(self) -> str:
        """The difference allowed, in words."""
        parts = [f"{self.relative * 100:g} %"] if self.relative > 0.0 else []
        parts += [f"{self.absolute:g}"] if self.absolute > 0.0 else []
        return " or ".join(parts) or "exact"
