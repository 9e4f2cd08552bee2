"""What a study that keeps summaries only must be told: which numbers of each replication to tally."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from frankensam.simulation.results import StudyResults
from frankensam.simulation.tally import Column


class Observer(Protocol):
    """Derives the numbers to be tallied from the outcomes of any stretch of replications."""

    @property
    def source_sha256(self) -> str:
        """Digest of the source that derives them: a study is not continued with another."""

    def columns(self, results: StudyResults) -> tuple[Column, ...]:
        """Return what is tallied of such results; their labels and structure are known, their outcomes are not looked at."""

    def values(self, results: StudyResults) -> NDArray[np.float64]:
        """Return the numbers ``[replication, number]`` of all columns in their order; NaN where undefined."""
