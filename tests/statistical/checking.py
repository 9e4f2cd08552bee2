"""What a check of the model is: a function of a simulation, and how many replications it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from campaigns_by_hand import Run
from verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Check:
    """Comparisons of a simulation with theory.

    `kernel` and `reference` are the replications with which the compiled kernel
    and the readable reference are checked; an exact check needs one.
    """

    verdicts: Callable[[Run, int], list[Verdict]]
    kernel: int = 1
    reference: int = 1

    @property
    def name(self) -> str:
        """Name of the check: that of its function."""
        return self.verdicts.__name__
