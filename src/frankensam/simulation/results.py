"""Results of a study as a reader sees them, wherever they are kept: the interface that indicators, series and losses are computed from."""

from __future__ import annotations

import datetime as dt
import difflib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from frankensam.errors import UsageRefused, printable
from frankensam.kernels.arrays import METRICS, OutcomeArrays
from frankensam.simulation.manifest import Manifest

Values = NDArray[np.float64]

METRIC_INDEX = {name: index for index, (name, _, _) in enumerate(METRICS)}


class StudyResults(ABC):
    """Outcomes of replications of all variants, and what the manifest says of them. Arrays returned are read-only."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self._index = {record.name: number for number, record in enumerate(manifest.variants)}

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the variants in the scenario's order; the first is the default baseline."""
        return tuple(self._index)

    @property
    @abstractmethod
    def replications(self) -> int:
        """Number of replications of every variant."""

    @property
    def start(self) -> dt.date:
        """Date of day 0."""
        return dt.date.fromisoformat(self.manifest.start)

    @cached_property
    def recorded_days(self) -> NDArray[np.int64]:
        """Days ``[time]`` after which a state was recorded, counted from day 0."""
        return np.asarray(self.manifest.recorded_days, dtype=np.int64)

    @cached_property
    def times(self) -> tuple[dt.date, ...]:
        """Dates of the recorded days; a state belongs to the end of its day."""
        return tuple(self.start + dt.timedelta(days=day) for day in self.manifest.recorded_days)

    @cached_property
    @abstractmethod
    def design_points(self) -> NDArray[np.int64]:
        """Design point ``[replication]`` of each replication."""

    def variant(self, word: str) -> str:
        """Return `word` if it names a variant; refuse it otherwise, with the nearest name."""
        if word in self._index:
            return word
        close = difflib.get_close_matches(word, self.variants, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"the study has {', '.join(map(repr, self.variants))}"
        raise UsageRefused(f"no variant is called {printable(word)!r}", slug="unknown-variant", suggestion=hint)

    def names(self, variant: str) -> Mapping[str, tuple[str, ...]]:
        """Return the labels along each dimension of a variant's outcomes (``hybrid``, ``item``, ``threat``, ...)."""
        record = self.manifest.variants[self._index[self.variant(variant)]]
        return {dimension: tuple(labels) for dimension, labels in record.names.items()}

    def structure(self, variant: str) -> Mapping[str, NDArray[np.int64]]:
        """Return the integer arrays that indicators need: item_kind, line_output, hybrid_launcher, holdings at the start."""
        record = self.manifest.variants[self._index[self.variant(variant)]]
        return {name: np.asarray(values, dtype=np.int64) for name, values in record.structure.items()}

    @abstractmethod
    def outcome(self, variant: str, name: str) -> Values:
        """Return one outcome of `frankensam.kernels.arrays.OUTCOMES` as ``[replication, ...]``, all replications in order."""

    def metric(self, variant: str, metric: str) -> Values:
        """Return the series of one recorded metric as ``[replication, time]``."""
        if metric not in METRIC_INDEX:
            raise UsageRefused(f"no metric is called {printable(metric)!r}", slug="unknown-outcome")
        return self.outcome(variant, "series")[:, :, METRIC_INDEX[metric]]


class StretchResults(StudyResults):
    """Outcomes of one stretch of replications of all variants, just simulated and held in memory."""

    def __init__(self, manifest: Manifest, outcomes: Mapping[str, OutcomeArrays], first: int, count: int) -> None:
        super().__init__(manifest)
        self._outcomes, self._first, self._count = outcomes, first, count

    @property
    def replications(self) -> int:
        """Replications of the stretch."""
        return self._count

    @cached_property
    def design_points(self) -> NDArray[np.int64]:
        """Design point ``[replication]`` of each replication of the stretch."""
        return np.arange(self._first, self._first + self._count, dtype=np.int64) // self.manifest.replications_per_point

    def outcome(self, variant: str, name: str) -> Values:
        """Return one outcome as ``[replication, ...]``."""
        values: Values = getattr(self._outcomes[variant], name)
        return values
