"""Arrays in the making: sizes, positions of entities, and the one way in which a number reaches a cell."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frankensam.compilation.draws import UncertainParameter
from frankensam.compilation.keys import stream_key
from frankensam.compilation.parameters import WEEKDAYS, NumberEntry, central_value, distribution_of, magnitude, scenario_numbers
from frankensam.compilation.tables import DIMENSION_OF_SECTION, RECIPROCAL, SCALES
from frankensam.compilation.unit_names import SECTION, UnitNames
from frankensam.compilation.validation import declared_shape
from frankensam.glossary import DurationFamily, ThreatClass
from frankensam.kernels.arrays import BEARINGS, INPUTS, CampaignArrays
from frankensam.scenario.parameters import DurationLaw, Fixed
from frankensam.scenario.raids import FittedRaids
from frankensam.scenario.schema import Entity, Scenario

THREATS = tuple(ThreatClass)
REGIMES = ("ordinary", "strike")
UNIT_PATH = re.compile(rf"{SECTION}\[(?P<id>[^]]+)\]")
KEPT_ORDER = frozenset({"shops"})
"""Sections whose order in the file has a meaning: shops are in order of preference."""


class StableNames:
    """What entities and their parameters are called in random streams: by their ids, fire units by their content."""

    def __init__(self, units: Mapping[str, str]) -> None:
        self.units = units

    def of(self, section: str, entity: Entity) -> str:
        """Return the stable name of an entity."""
        return self.units[entity.id] if section == SECTION else entity.id

    def path(self, path: str) -> str:
        """Return the path of a parameter with stable names."""
        found = UNIT_PATH.match(path)
        return f"{SECTION}[{self.units[found['id']]}]{path[found.end():]}" if found else path


def ordered(section: str, entities: Sequence[Any], names: StableNames) -> tuple[Any, ...]:
    """Return entities in the order of the arrays: by stable name, or as in the file where that order has a meaning."""
    return tuple(entities) if section in KEPT_ORDER else tuple(sorted(entities, key=lambda entity: names.of(section, entity)))


def duration_triple(law: DurationLaw) -> tuple[tuple[float, float, float], float]:
    """Return the (family, first, second) of a duration law, and what its first is for each day of its centre.

    A lognormal of mean m and coefficient of variation c has the standard
    deviation of the logarithm s = sqrt(log(1 + c**2)) and the median m exp(-s**2 / 2).
    """
    family = float(list(DurationFamily).index(law.family))
    if law.uniform is not None:
        return (family, law.uniform[0].magnitude, law.uniform[1].magnitude), 1.0
    if law.lognormal is not None:
        variance = math.log1p(law.lognormal.cv**2)
        scale = math.exp(-variance / 2)
        return (family, law.lognormal.mean.magnitude * scale, math.sqrt(variance)), scale
    return (family, law.centre.magnitude, 0.0), 1.0


class Assembly:
    """Arrays of one resolved scenario while they are filled; `freeze` ends it."""

    def __init__(self, scenario: Scenario, unit_names: Mapping[str, str] | None = None) -> None:
        self.scenario = scenario
        self.stable = StableNames(UnitNames(scenario).of(scenario) if unit_names is None else unit_names)
        self.start = scenario.start
        self.numbers: Mapping[str, NumberEntry] = scenario_numbers(scenario)
        self.entities = {section: ordered(section, getattr(scenario, section), self.stable) for section in DIMENSION_OF_SECTION}
        self.position = {section: {entity.id: i for i, entity in enumerate(found)} for section, found in self.entities.items()}
        self.sizes = self._sizes()
        self.arrays: dict[str, NDArray[Any]] = {
            variable.name: np.zeros(declared_shape(variable, self.sizes), dtype=variable.dtype) for variable in INPUTS
        }
        self.uncertain: list[UncertainParameter] = []

    def _sizes(self) -> dict[str, int]:
        sizes = {dimension: len(self.entities[section]) for section, dimension in DIMENSION_OF_SECTION.items()}
        raids = self.scenario.raids
        return {
            **sizes, "partner": sizes["line"], "threat": len(THREATS), "weekday": len(WEEKDAYS), "regime": len(REGIMES),
            "period": len(raids.periods) if isinstance(raids, FittedRaids) else 1,
            "day": int(self.scenario.days.magnitude), "duration": 3, "coordinate": 2, "bearing": BEARINGS,
        }

    def put(self, array: str, index: tuple[int, ...], path: str, *more: tuple[int, ...]) -> None:
        """Write the number at `path` into a cell and into any `more` cells (a duration law: into triples); nothing if there is none."""
        entry = self.numbers.get(path)
        if entry is None:
            return
        number = entry.number
        scale = SCALES.get(array, 1.0)
        best = magnitude(central_value(number), self.start)
        cells = (index, *more)
        content: float | tuple[float, float, float] = 1.0 / best if array in RECIPROCAL else scale * best
        if isinstance(number, DurationLaw):
            content, scale = duration_triple(number)
        for cell in cells:
            self.arrays[array][cell] = content
        first = tuple((*cell, 1) for cell in cells) if isinstance(number, DurationLaw) else cells
        self._note_range(entry, array, first, best, scale)

    def _note_range(self, entry: NumberEntry, array: str, cells: tuple[tuple[int, ...], ...], best: float, scale: float) -> None:
        number = entry.number
        distribution = distribution_of(number)
        if isinstance(number, Fixed) or number.range is None or distribution is None:
            return
        low, high = (magnitude(bound, self.start) for bound in number.range)
        self.uncertain.append(UncertainParameter(
            path=entry.path, key=stream_key(self.stable.path(entry.path)), array=array,
            indices=tuple(int(np.ravel_multi_index(cell, self.arrays[array].shape)) for cell in cells),
            low=low, best=best, high=high, distribution=distribution, scale=scale, reciprocal=array in RECIPROCAL,
        ))

    def where(self, section: str, identity: str | None) -> int:
        """Return the position of an entity, -1 for none."""
        return -1 if identity is None else self.position[section][identity]

    def freeze(self) -> CampaignArrays:
        """Return the arrays, read-only."""
        for array in self.arrays.values():
            array.setflags(write=False)
        return CampaignArrays(**self.arrays)
