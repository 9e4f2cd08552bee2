"""What of a scenario can be read, even when part of it is refused: checks work on this."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from frankensam.formats.nodes import Node
from frankensam.glossary import ThreatClass
from frankensam.quantities import Duration, QuantityRefused
from frankensam.quantities.dates import parse_day
from frankensam.scenario import schema
from frankensam.scenario.parameters import Basis
from frankensam.scenario.raids import FittedRaids, ListedRaids, Raids
from frankensam.scenario.walk import Number, Path, numbers, with_inherited_basis

SECTIONS: Mapping[str, type[BaseModel]] = {
    "sectors": schema.Sector,
    "sites": schema.Site,
    "items": schema.Item,
    "stocks": schema.Stock,
    "supplies": schema.Supply,
    "lines": schema.Line,
    "routes": schema.Route,
    "hybrids": schema.Hybrid,
    "units": schema.FireUnit,
    "shops": schema.Shop,
}
_RAIDS: TypeAdapter[Any] = TypeAdapter(Raids)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entity as written: its place in the tree, and its model if it can be read."""

    section: str
    position: int
    node: Node
    model: Any

    @property
    def path(self) -> Path:
        """The path to it."""
        return (self.section, self.position)

    def text(self, key: str) -> str | None:
        """Return the text under a key, if one is there."""
        below = self.node.child(key)
        return below.value if below is not None and isinstance(below.value, str) else None

    @property
    def id(self) -> str:
        """Its id, or its position."""
        return self.text("id") or str(self.position)

    def keys_of(self, key: str) -> tuple[str, ...]:
        """Return the keys of the mapping under a key, if one is there."""
        below = self.node.child(key)
        return tuple(below.value) if below is not None and isinstance(below.value, Mapping) else ()


@dataclass(frozen=True, slots=True)
class Outline:
    """The readable part of a scenario."""

    root: Node
    start: date | None
    days: float | None
    record_every: float | None
    sections: Mapping[str, tuple[Entry, ...]]
    raids: FittedRaids | ListedRaids | None
    threats: Mapping[str, schema.Threat]
    engagement: schema.Engagement | None
    basis_readable: bool
    """Whether the basis of the whole file is absent or can be read."""

    @property
    def sections_readable(self) -> bool:
        """Whether every section that is there is a list."""
        return all(isinstance(node.value, tuple) for name in SECTIONS if (node := self.root.child(name)) is not None)

    def ids(self, section: str) -> list[str]:
        """Return the ids written in a section, or the keys of `sources`."""
        if section == "sources":
            return [str(key) for key, _ in _children(self.root.child("sources"))]
        return [text for entry in self.sections[section] if (text := entry.text("id")) is not None]

    def models(self, section: str) -> Iterator[tuple[Entry, Any]]:
        """Yield the entities of a section that can be read, with their models."""
        for entry in self.sections[section]:
            if entry.model is not None:
                yield entry, entry.model

    def numbers(self) -> Iterator[tuple[Path, Number]]:
        """Yield every number that can be read, with the path to it."""
        for entries in self.sections.values():
            for entry in entries:
                if entry.model is not None:
                    yield from numbers(entry.model, entry.path)
        for name, threat in self.threats.items():
            yield from numbers(threat, ("threats", name))
        if self.raids is not None:
            yield from numbers(self.raids, ("raids",))
        if self.engagement is not None:
            yield from numbers(self.engagement, ("engagement",))


def outline_of(root: Node, scenario: schema.Scenario | None, context: dict[str, Any]) -> Outline:
    """Return the outline of a tree; without a scenario each entity is read by itself, so that one error hides no other."""
    start = root.child("start")
    parts = _parts_of(root, scenario) if scenario is not None else _readable_parts(root, context)
    return Outline(
        root=root,
        start=_read(lambda: parse_day(start.value)) if start is not None else None,
        days=days_of(root.child("days")),
        record_every=days_of(root.child("record_every")),
        sections=parts.sections,
        raids=parts.raids,
        threats=parts.threats,
        engagement=parts.engagement,
        basis_readable=parts.basis_readable,
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    sections: Mapping[str, tuple[Entry, ...]]
    raids: FittedRaids | ListedRaids | None
    threats: Mapping[str, schema.Threat]
    engagement: schema.Engagement | None
    basis_readable: bool


def _parts_of(root: Node, scenario: schema.Scenario) -> _Parts:
    sections = {
        section: tuple(
            Entry(section, position, node, model)
            for (position, node), model in zip(_entries(root, section), getattr(scenario, section), strict=True)
        )
        for section in SECTIONS
    }
    threats = {str(key): threat for key, threat in scenario.threats.items()}
    return _Parts(sections, scenario.raids, threats, scenario.engagement, basis_readable=True)


def _readable_parts(root: Node, context: dict[str, Any]) -> _Parts:
    inherited = _read(lambda: Basis.model_validate(root.plain()["basis"])) if root.child("basis") is not None else None

    def model(reader: Callable[[Any], T], node: Node) -> T | None:
        return with_inherited_basis(_read(lambda: reader(node.plain())), inherited)

    def entries(section: str, kind: type[BaseModel]) -> tuple[Entry, ...]:
        return tuple(
            Entry(section, position, node, model(lambda plain: kind.model_validate(plain, context=context), node))
            for position, node in _entries(root, section)
        )

    known = set(ThreatClass)
    threats = {
        str(key): model(lambda plain: schema.Threat.model_validate(plain, context=context), node)
        for key, node in _children(root.child("threats"))
        if key in known
    }
    raids, engagement = root.child("raids"), root.child("engagement")
    return _Parts(
        sections={section: entries(section, kind) for section, kind in SECTIONS.items()},
        raids=model(lambda plain: _RAIDS.validate_python(plain, context=context), raids) if raids is not None else None,
        threats={key: threat for key, threat in threats.items() if threat is not None},
        engagement=(
            model(lambda plain: schema.Engagement.model_validate(plain, context=context), engagement) if engagement is not None else None
        ),
        basis_readable=inherited is not None or root.child("basis") is None,
    )


def _entries(root: Node, section: str) -> list[tuple[int, Node]]:
    return [(position, node) for position, node in _children(root.child(section)) if isinstance(position, int)]


def days_of(node: Node | None) -> float | None:
    """Return the days that a node says, or None if it cannot be read."""
    return _read(lambda: Duration.parse(node.value).magnitude) if node is not None else None


def _children(node: Node | None) -> list[tuple[str | int, Node]]:
    return list(node.items()) if node is not None else []


def _read(reader: Callable[[], T]) -> T | None:
    """Return what the reader reads, or None: what is wrong has been reported by the schema."""
    try:
        return reader()
    except (ValidationError, QuantityRefused):
        return None
