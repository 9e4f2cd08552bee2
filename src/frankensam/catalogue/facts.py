"""Sources, entities, statements and facts: the immutable rows of the catalogue.

A *statement* is what one source says; a *fact* gathers the statements about one
attribute of one entity. Nothing is averaged: statements that differ stay side by
side, and a fact says so (`Fact.disagrees`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from frankensam.catalogue.attributes import ATTRIBUTES, UNITS, Attribute, ValueKind
from frankensam.glossary import Hedge, Status
from frankensam.quantities.dates import PartialDate

SourceKind = Literal["original", "relay"]
Marking = Literal["none", "state", "partisan"]
Reading = Literal["page", "excerpt", "listed"]
Bound = Literal["exact", "about", "at least", "at most"]
EntityKind = Literal[
    "launcher", "interceptor", "sensor", "system", "hybrid", "programme", "agreement", "event", "delivery", "organisation", "person",
]


@dataclass(frozen=True, slots=True)
class Source:
    """A page or article. Accounts of one original publication share `story`: copies are not confirmations."""

    id: str
    outlet: str
    url: str
    published: PartialDate | None
    language: str
    kind: SourceKind
    story: str
    marking: Marking
    read: Reading
    relay_of: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing that facts are about; a hybrid names its parts by id."""

    id: str
    kind: EntityKind
    name: str
    aliases: tuple[str, ...] = ()
    origin: str | None = None
    note: str | None = None
    launcher: str | None = None
    interceptor: str | None = None
    sensor: str | None = None


@dataclass(frozen=True, slots=True)
class ValueRange:
    """A range as the source prints it, both ends included."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.low:g}–{self.high:g}"


Value = Status | PartialDate | float | ValueRange | str


def value_as_json(value: Value) -> Any:
    """Return a value as JSON holds it: number, text, or an object with ``low`` and ``high``."""
    if isinstance(value, ValueRange):
        return {"low": value.low, "high": value.high}
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return str(value)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source says about one attribute.

    `stated` is when the source said it (None: the source shows no date), `valid`
    when the thing was so (None: not stated). `by` is whom the source gives as its
    own source; `part` where in the article it stands.
    """

    value: Value
    source: Source
    stated: PartialDate | None
    valid: PartialDate | None = None
    unit: str | None = None
    bound: Bound = "exact"
    hedge: Hedge = Hedge.NONE
    by: str | None = None
    part: str | None = None
    item: str | None = None
    variant: str | None = None
    quote: str | None = None
    note: str | None = None

    @property
    def comparable(self) -> tuple[object, ...]:
        """What two statements share when they say the same: number in the base unit, status word, date or text."""
        if isinstance(self.value, (float, ValueRange)):
            unit = UNITS[self.unit or ""]
            ends = (self.value.low, self.value.high) if isinstance(self.value, ValueRange) else (self.value, self.value)
            return (unit.base, *(round(end * unit.scale, 6) for end in ends))
        return (str(self.value),)

    @property
    def shown(self) -> str:
        """The value with bound and unit, in one short text."""
        text = f"{value_as_json(self.value)}" if isinstance(self.value, float) else str(self.value)
        prefix = "" if self.bound == "exact" else f"{self.bound} "
        return f"{prefix}{text}{f' {self.unit}' if self.unit else ''}"

    def known_by(self, day: date) -> bool:
        """Whether the source had certainly said it by the end of `day`; an undated source never had."""
        return self.stated is not None and self.stated.latest <= day

    def began_by(self, day: date) -> bool:
        """Whether what is stated may have been so by `day`; without a stated time it may."""
        return self.valid is None or self.valid.earliest <= day

    def as_json(self) -> dict[str, Any]:
        """Return the statement with its source as one JSON object."""
        return {
            "value": value_as_json(self.value), "unit": self.unit, "bound": self.bound, "shown": self.shown, "hedge": str(self.hedge),
            "stated": str(self.stated) if self.stated else None, "valid": str(self.valid) if self.valid else None,
            "by": self.by, "part": self.part, "item": self.item, "variant": self.variant, "quote": self.quote, "note": self.note,
            "source": source_as_json(self.source),
        }


@dataclass(frozen=True, slots=True)
class Fact:
    """All statements about one attribute of one entity; `unknown` says why there is no value, `unknown_source` who leaves it open."""

    id: str
    subject: str
    attribute: str
    statements: tuple[Statement, ...]
    conflict: str | None = None
    unknown: str | None = None
    unknown_source: Source | None = None

    @property
    def kind(self) -> ValueKind:
        """How its values are compared."""
        return self.declared.kind

    @property
    def declared(self) -> Attribute:
        """The declaration of its attribute."""
        return ATTRIBUTES[self.attribute]

    @property
    def distinct(self) -> tuple[Statement, ...]:
        """The first statement of each different value, in the order of the file."""
        return tuple({statement.comparable: statement for statement in reversed(self.statements)}.values())[::-1]

    @property
    def disagrees(self) -> bool:
        """Whether its sources contradict each other; different statuses are progress, not contradiction."""
        return self.kind is not ValueKind.STATUS and len(self.distinct) > 1

    @property
    def stories(self) -> tuple[str, ...]:
        """The independent stories behind it, in the order of the file."""
        return tuple(dict.fromkeys(statement.source.story for statement in self.statements))

    def keeping(self, statements: tuple[Statement, ...]) -> Fact:
        """Return the fact with only these statements."""
        return replace(self, statements=statements)

    def as_json(self) -> dict[str, Any]:
        """Return the fact as one JSON object; `conflict` is null where its sources agree."""
        return {
            "id": self.id, "subject": self.subject, "attribute": self.attribute, "meaning": self.declared.meaning,
            "stories": len(self.stories), "conflict": (self.conflict or "values differ") if self.disagrees else None,
            "unknown": self.unknown, "unknown_source": source_as_json(self.unknown_source) if self.unknown_source else None,
            "statements": [statement.as_json() for statement in self.statements],
        }


def source_as_json(source: Source) -> dict[str, Any]:
    """Return a source as one JSON object."""
    return {
        "id": source.id, "outlet": source.outlet, "url": source.url, "published": str(source.published) if source.published else None,
        "language": source.language, "kind": source.kind, "relay_of": source.relay_of, "story": source.story,
        "marking": source.marking, "read": source.read, "note": source.note,
    }


def entity_as_json(entity: Entity) -> dict[str, Any]:
    """Return an entity as one JSON object."""
    return {
        "id": entity.id, "kind": entity.kind, "name": entity.name, "aliases": list(entity.aliases), "origin": entity.origin,
        "note": entity.note, "launcher": entity.launcher, "interceptor": entity.interceptor, "sensor": entity.sensor,
    }
