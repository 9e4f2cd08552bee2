"""Derived indicators: one number per replication, each with its unit, meaning and direction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frankensam.simulation.store import ResultStore

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A quantity derived from the outcomes of each replication.

    `more_is_better` is None where neither direction is good in itself (rounds
    expended), and such an indicator never decides a claim. `compute` returns
    an array ``[replication]``; NaN stands for undefined, such as 0/0.
    """

    key: str
    name: str
    unit: str
    meaning: str
    more_is_better: bool | None
    compute: Callable[[ResultStore, str], Values]
