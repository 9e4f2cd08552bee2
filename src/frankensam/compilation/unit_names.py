"""What a fire unit is called in random streams: by its content in the base scenario, never by its id.

Ids of fire units are labels, and renaming one must change no result. A fire
unit is named by everything that is said of it but id, name to show, note and
basis; units of the same content are exchangeable and told apart by a rank. A
unit that a variant changes keeps the name it has in the base scenario, so
variants are compared on the same random numbers.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from frankensam.compilation.parameters import central_value, distribution_of, magnitude
from frankensam.scenario.parameters import Fixed
from frankensam.scenario.schema import FireUnit, Scenario
from frankensam.scenario.walk import numbers

SECTION = "units"


def unit_content(unit: FireUnit, scenario: Scenario) -> str:
    """Return what is said of a fire unit, in canonical text: pairing, sector, position, priority, and its numbers with their ranges."""
    figures = []
    for path, number in numbers(unit):
        spread = None if isinstance(number, Fixed) or number.range is None else [magnitude(end, scenario.start) for end in number.range]
        law = distribution_of(number)
        figures.append([".".join(map(str, path)), magnitude(central_value(number), scenario.start), spread, law.value if law else None])
    return json.dumps([unit.hybrid, unit.sector, list(unit.position), unit.priority, figures], sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class UnitNames:
    """Stable names of the fire units of a scenario and of its variants."""

    base: Scenario

    def of(self, resolved: Scenario) -> Mapping[str, str]:
        """Return the stable name of every fire unit of a variant, by id.

        One that only the variant has is named by its content there; its rank
        follows those of the base scenario's units of that content.
        """
        names = {unit.id: self._base_names[unit.id] for unit in resolved.units if unit.id in self._base_names}
        ranks = Counter(unit_content(unit, self.base) for unit in self.base.units)
        for unit in sorted(resolved.units, key=lambda unit: unit.id):
            if unit.id not in names:
                content = unit_content(unit, resolved)
                names[unit.id] = _name(content, ranks[content])
                ranks[content] += 1
        return names

    @cached_property
    def _base_names(self) -> dict[str, str]:
        alike: dict[str, list[FireUnit]] = defaultdict(list)
        for unit in self.base.units:
            alike[unit_content(unit, self.base)].append(unit)
        return {
            unit.id: _name(content, rank) for content, units in alike.items() for rank, unit in enumerate(self._in_order(units))
        }

    def _in_order(self, units: Iterable[FireUnit]) -> list[FireUnit]:
        """Return units of one content by what the variants make of each; those still alike are alike everywhere."""
        group = sorted(units, key=lambda unit: unit.id)
        return sorted(group, key=lambda unit: [contents.get(unit.id, "") for contents in self._in_variants]) if len(group) > 1 else group

    @cached_property
    def _in_variants(self) -> list[dict[str, str]]:
        resolved = [self.base.for_variant(variant.id) for variant in self.base.variants]
        return [{unit.id: unit_content(unit, scenario) for unit in scenario.units} for scenario in resolved]


def _name(content: str, rank: int) -> str:
    return f"{content}#{rank}"
