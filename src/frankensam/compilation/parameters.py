"""Every number of a scenario, one entry each: path, label in words, value, range and basis."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel

from frankensam.glossary import THREAT_LABELS, ThreatClass
from frankensam.quantities import Moment, Money, Quantity
from frankensam.scenario.parameters import Basis, Distribution, DurationLaw, Fixed, Parameter
from frankensam.scenario.raids import RaidPeriod
from frankensam.scenario.schema import Entity, Scenario, Stock
from frankensam.scenario.walk import Number, Path, numbers, path_text

NUMBERS = (Parameter, Fixed, DurationLaw)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
THREAT_CLASSES = frozenset(threat.value for threat in ThreatClass)
ASIDE = re.compile(r"; |, with |, for example |, shown ")
"""What in the description of a field is no longer its name."""


@dataclass(frozen=True, slots=True)
class NumberEntry:
    """One number of a scenario with its place.

    `path` reads as in a variant's changes, for example
    ``lines[us-line].learning.slope``; `group` is the section, `owner` the
    entity or class it belongs to, `label` says in words what it is.
    """

    path: str
    group: str
    owner: str
    label: str
    number: Number

    @property
    def basis(self) -> Basis | None:
        """What it rests on, inherited from its surroundings where it has none of its own."""
        return self.number.basis

    @property
    def uncertain(self) -> bool:
        """Whether it is drawn at each design point."""
        return not isinstance(self.number, Fixed) and self.number.uncertain


def scenario_numbers(scenario: Scenario) -> dict[str, NumberEntry]:
    """Return every number of a resolved scenario by path, in the order of the file."""
    entries = (_entry(scenario, path, number) for path, number in numbers(scenario))
    return {entry.path: entry for entry in entries}


def _entry(scenario: Scenario, path: Path, number: Number) -> NumberEntry:
    words: list[str] = []
    owner = group = str(path[0])
    value: Any = getattr(scenario, group)
    for part in path[1:]:
        holder, value = value, _step(value, part)
        word = _word(scenario, holder, part, value)
        if not word:
            continue
        words.append(word)
        if len(words) == 1:
            owner = word
    return NumberEntry(path_text(scenario, path), group, owner, ": ".join(words), number)


def _field(holder: BaseModel, part: str | int) -> str:
    return next(name for name, info in type(holder).model_fields.items() if part in (name, info.alias))


def _step(holder: Any, part: str | int) -> Any:
    if isinstance(holder, BaseModel):
        return getattr(holder, _field(holder, part))
    if isinstance(holder, Mapping):
        return next(item for key, item in holder.items() if str(key) == part)
    return holder[part]


def _word(scenario: Scenario, holder: Any, part: str | int, value: Any) -> str | None:
    """Return what one step of a path adds to the label; None for a step that only groups."""
    if isinstance(holder, BaseModel):
        groups = isinstance(value, BaseModel) and not isinstance(value, NUMBERS)
        return None if groups or part == "periods" else _description(holder, part)
    if isinstance(holder, Mapping):
        return THREAT_LABELS[ThreatClass(part)] if part in THREAT_CLASSES else _entity_label(scenario, str(part))
    if isinstance(value, Entity):
        return value.label
    if isinstance(value, RaidPeriod):
        return f"raids from {value.start}"
    if isinstance(value, Stock):
        return f"{_entity_label(scenario, value.item)} at {_entity_label(scenario, value.site)}"
    return WEEKDAYS[int(part)]  # the only list of bare numbers: multipliers by weekday


def _description(holder: BaseModel, part: str | int) -> str:
    name = _field(holder, part)
    words = ASIDE.split((type(holder).model_fields[name].description or name).rstrip("."))[0]
    return words[0].lower() + words[1:]


def _entity_label(scenario: Scenario, identity: str) -> str:
    entities: tuple[Entity, ...] = (*scenario.items, *scenario.lines, *scenario.sites)
    return next((entity.label for entity in entities if entity.id == identity), identity)


def magnitude(value: Quantity | Moment, start: date) -> float:
    """Return a quantity in its canonical unit; a moment in days from `start`."""
    return float(value.day_after(start)) if isinstance(value, Moment) else float(value.magnitude)


def central_value(number: Number) -> Quantity | Moment:
    """Return the value, or the fixed value or mean of a duration law."""
    value: Quantity | Moment = number.centre if isinstance(number, DurationLaw) else number.value
    return value


def distribution_of(number: Number) -> Distribution | None:
    """Return how an uncertain number is drawn, triangular unless it says otherwise; None for a certain one."""
    if isinstance(number, Fixed) or number.range is None:
        return None
    return number.distribution or Distribution.TRIANGULAR


def unit_of(number: Number) -> str:
    """Return the canonical unit, with the price year for money."""
    value = central_value(number)
    return value.unit.replace("USD", f"USD({value.price_year})") if isinstance(value, Money) else value.unit
