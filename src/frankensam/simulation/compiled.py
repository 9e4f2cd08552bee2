"""What the simulation needs of a compiled study: the interface that `frankensam.compilation` fulfils."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Protocol

from frankensam.kernels.arrays import CampaignArrays


class CompiledCampaign(Protocol):
    """One variant, compiled to arrays."""

    @property
    def arrays(self) -> CampaignArrays:
        """Read-only arrays at the central value of every parameter."""

    @property
    def names(self) -> Mapping[str, tuple[str, ...]]:
        """Labels along each dimension of `frankensam.kernels.arrays.DIMENSIONS` that has entities."""

    @property
    def digest(self) -> str:
        """SHA-256 of everything that decides the arrays at every design point."""

    def at_design_point(self, seed: int, point: int) -> CampaignArrays:
        """Arrays with the uncertain parameters drawn for a design point; a pure function of its arguments."""


class CompiledStudy(Protocol):
    """All variants of one scenario, in the scenario's order; the first is the baseline of comparisons."""

    @property
    def name(self) -> str:
        """Name of the scenario."""

    @property
    def variants(self) -> Mapping[str, CompiledCampaign]:
        """Compiled campaigns by the name of the variant."""

    @property
    def start(self) -> dt.date:
        """Date of day 0."""

    @property
    def replications_per_point(self) -> int:
        """Replications that share one design point."""

    @property
    def digest(self) -> str:
        """SHA-256 of the scenario."""

    def snapshot(self) -> dict[str, Any]:
        """Everything a report needs of the scenario, as plain JSON values."""
