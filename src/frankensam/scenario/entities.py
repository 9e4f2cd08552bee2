"""What every entity of a scenario has: id, name, basis; references between entities; coarse positions."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from frankensam.scenario.parameters import Basis, Reference, StrictModel, refused

MAXIMUM_ENTITIES = 1_000
SIGNIFICANT_FIGURES_OF_A_POSITION = 3


def _coarse(position: tuple[float, float]) -> tuple[float, float]:
    for degrees, limit, name in zip(position, (90.0, 180.0), ("latitude", "longitude"), strict=True):
        if abs(degrees) > limit:
            raise refused(f"a {name} lies between -{limit:g} and {limit:g} degrees", slug="position-bounds")
        coarse = float(f"{degrees:.{SIGNIFICANT_FIGURES_OF_A_POSITION}g}")
        if coarse != degrees:
            raise refused(
                f"a {name} has at most {SIGNIFICANT_FIGURES_OF_A_POSITION} significant figures: "
                "positions are notional, real ones are out of bounds",
                f"write {coarse:g}",
                slug="position-too-fine",
            )
    return position


Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
Text = Annotated[str, Field(min_length=1, max_length=4_000)]
Position = Annotated[tuple[float, float], AfterValidator(_coarse)]


SiteRef = Annotated[str, Reference("sites")]
ItemRef = Annotated[str, Reference("items")]
LineRef = Annotated[str, Reference("lines")]
HybridRef = Annotated[str, Reference("hybrids")]
SectorRef = Annotated[str, Reference("sectors")]


class Entity(StrictModel):
    """Something of the scenario with an id; its basis is inherited by the parameters inside."""

    id: Id
    """Stable name: small letters, digits and hyphens. Random streams are keyed by it, those of fire units by their content."""
    name: Text | None = None
    """Name to show; the id when absent."""
    note: Text | None = None
    """Remark for readers."""
    basis: Basis | None = None
    """Basis of every parameter inside that gives none of its own."""

    @property
    def label(self) -> str:
        """The name to show."""
        return self.name or self.id
