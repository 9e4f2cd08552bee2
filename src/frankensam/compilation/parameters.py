"""Every number of a scenario, one entry each: path, label in words, value, range and basis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel

from frankensam.glossary import THREAT_LABELS, ThreatClass
from frankensam.quantities import Moment, Money, Quantity
from frankensam.scenario.parameters import Basis, Distribution, DurationLaw, Fixed
from frankensam.scenario.schema import Entity, Scenario
from frankensam.scenario.walk import Number, Path, numbers, path_text


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
        word = _word(holder, part, value)
        if word:
            words.append(word)
        if isinstance(value, Entity):
            owner = value.label
        elif owner == group and word:
            owner = word
    return NumberEntry(path_text(scenario, path), group, owner, ": ".join(words), number)


def _step(holder: Any, part: str | int) -> Any:
    if isinstance(holder, BaseModel):
        name = next(name for name, info in type(holder).model_fields.items() if part in (name, info.alias))
        return getattr(holder, name)
    if isinstance(holder, Mapping):
        return next(item for key, item in holder.items() if str(key) == part)
    return holder[part]


def _word(holder: Any, part: str | int, value: Any) -> str:
    if isinstance(holder, BaseModel):
        name = next(name for name, info in type(holder).model_fields.items() if part in (name, info.alias))
        words = (type(holder).model_fields[name].description or name).rstrip(".").split(";")[0]
        return words[0].lower() + words[1:]
    if isinstance(holder, Mapping):
        return THREAT_LABELS[ThreatClass(part)] if part in THREAT_CLASSES else str(part)
    if isinstance(value, Entity):
        return value.label
    if (start := getattr(value, "start", None)) is not None:
        return f"from {start}"
    names = [str(getattr(value, name)) for name in ("item", "site") if hasattr(value, name)]
    return " at ".join(names) or f"entry {int(part) + 1}"


THREAT_CLASSES = frozenset(threat.value for threat in ThreatClass)


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
