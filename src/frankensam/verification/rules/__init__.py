"""Which public function computes which form of case, area by area."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from frankensam.verification.rules.chance import COVERAGE, RNG, SCORES, SENSITIVITY
from frankensam.verification.rules.declaration import Rule
from frankensam.verification.rules.earth import GEO
from frankensam.verification.rules.engagement import ATTRITION, SALVO, SHOTS
from frankensam.verification.rules.sustaining import INVENTORY, LEARNING, QUEUES, SUSTAINMENT

RULES: Mapping[str, tuple[Rule, ...]] = MappingProxyType({
    "salvo": SALVO, "shots": SHOTS, "attrition": ATTRITION, "queues": QUEUES, "sustainment": SUSTAINMENT, "learning": LEARNING,
    "inventory": INVENTORY, "geo": GEO, "rng": RNG, "coverage": COVERAGE, "scores": SCORES, "sensitivity": SENSITIVITY,
})


def rules_for(area: str) -> tuple[Rule, ...]:
    """Return the rules of an area; none for an area nothing here computes."""
    return RULES.get(area, ())
