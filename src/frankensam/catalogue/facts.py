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
from frankensam.catalogue.origins import CURATED, Origin
from frankensam.glossary import Hedge, Status
from frankensam.quantities.dates import PartialDate

SourceKind = Literal["original", "relay"]
Marking = Literal["none", "state", "partisan", "unassessed"]
Reading = Literal["page", "excerpt", "listed"]
Bound = Literal["exact", "about", "at least", "at most"]
CorrectionAction = Literal["corrected", "superseded", "retracted", "source-retracted"]
EntityKind = Literal[
    "launcher", "interceptor", "sensor", "system", "hybrid", "programme", "agreement", "event", "delivery", "organisation", "person",
]


@dataclass(frozen=True, slots=True)
class Source:
    """A page or article. Accounts of one original publication share `story`: copies are not confirmations.

    `derived_from` is the id of the source it relays, where the catalogue has that one. An outlet
    that nobody has looked at is marked ``unassessed``.
    """

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
    derived_from: str | None = None

    @property
    def marked(self) -> bool:
        """Whether it is a state or partisan outlet."""
        return self.marking in {"state", "partisan"}


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


def shown_value(value: Value, unit: str | None, bound: Bound) -> str:
    """Return a value with bound and unit, in one short text."""
    text = f"{value_as_json(value)}" if isinstance(value, float) else str(value)
    prefix = "" if bound == "exact" else f"{bound} "
    return f"{prefix}{text}{f' {unit}' if unit else ''}"


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source says about one attribute.

    `stated` is when the source said it (None: the source shows no date), `valid`
    when the thing was so (None: not stated), `decided` when it was taken into the
    catalogue. `by` is whom the source gives as its own source; `part` where in the
    article it stands. `origin` is how it came here and `also` how it came here
    besides; `claim` is the id of the accepted claim it was made of.
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
    decided: PartialDate | None = None
    origin: Origin = CURATED
    also: tuple[Origin, ...] = ()
    claim: str | None = None

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
        return shown_value(self.value, self.unit, self.bound)

    @property
    def identity(self) -> tuple[object, ...]:
        """What two rows share when they are the same statement of the same source, however they came here."""
        return (self.source.id, self.part, self.item, *self.comparable)

    def known_by(self, day: date) -> bool:
        """Whether the source had certainly said it by the end of `day`; an undated source never had."""
        return self.stated is not None and self.stated.latest <= day

    def began_by(self, day: date) -> bool:
        """Whether what is stated may have been so by `day`; without a stated time it may."""
        return self.valid is None or self.valid.earliest <= day

    def decided_by(self, day: date) -> bool:
        """Whether it was in the catalogue by the end of `day`."""
        return self.decided is not None and self.decided.latest <= day

    def as_json(self) -> dict[str, Any]:
        """Return the statement with its source as one JSON object."""
        return {
            "value": value_as_json(self.value), "unit": self.unit, "bound": self.bound, "shown": self.shown, "hedge": str(self.hedge),
            "stated": str(self.stated) if self.stated else None, "valid": str(self.valid) if self.valid else None,
            "by": self.by, "part": self.part, "item": self.item, "variant": self.variant, "quote": self.quote, "note": self.note,
            "decided": str(self.decided) if self.decided else None, "claim": self.claim,
            "origin": self.origin.as_json(), "also": [origin.as_json() for origin in self.also],
            "source": source_as_json(self.source),
        }


@dataclass(frozen=True, slots=True)
class Correction:
    """A declared row that takes the place of a statement, or takes it or a whole source back; the original stays.

    ``corrected``: it was wrong; ``superseded``: it was right until something newer was said;
    ``retracted``: it is withdrawn; ``source-retracted``: the source withdrew the whole page.
    `was` is the statement's value as it stood, so that a row can never hit another value
    than its writer saw. `date` is when it was decided; `source` is where the new value, or
    the withdrawal, can be read. The correction of `own` files holds for whatever it names;
    any other only for statements of the same origin.
    """

    id: str
    action: CorrectionAction
    said_by: str
    reason: str
    by: str
    date: PartialDate
    source: Source
    fact: str | None = None
    was: str | None = None
    value: Value | None = None
    unit: str | None = None
    bound: Bound = "exact"
    valid: PartialDate | None = None
    origin: Origin = CURATED
    own: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the correction as one JSON object."""
        return {
            "id": self.id, "action": self.action, "fact": self.fact, "said_by": self.said_by, "was": self.was,
            "value": None if self.value is None else value_as_json(self.value), "unit": self.unit, "bound": self.bound,
            "valid": str(self.valid) if self.valid else None, "reason": self.reason, "by": self.by, "date": str(self.date),
            "source": source_as_json(self.source), "origin": self.origin.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Amendment:
    """A statement set aside, and the correction that did it."""

    original: Statement
    correction: Correction

    def as_json(self) -> dict[str, Any]:
        """Return both as one JSON object."""
        return {"original": self.original.as_json(), "correction": self.correction.as_json()}


@dataclass(frozen=True, slots=True)
class Fact:
    """The statements about one attribute of one entity that are in force, and those set aside by corrections (`amended`).

    `unknown` says why there is no value, `unknown_source` who leaves it open.
    """

    id: str
    subject: str
    attribute: str
    statements: tuple[Statement, ...]
    conflict: str | None = None
    unknown: str | None = None
    unknown_source: Source | None = None
    amended: tuple[Amendment, ...] = ()

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
    def dispute(self) -> str | None:
        """What is in dispute, None where its sources agree; unless the file says it, the values."""
        if not self.disagrees:
            return None
        return self.conflict or "the values differ: " + "; ".join(statement.shown for statement in self.distinct)

    @property
    def stories(self) -> tuple[str, ...]:
        """The independent stories behind it, in the order of the file."""
        return tuple(dict.fromkeys(statement.source.story for statement in self.statements))

    def keeping(self, statements: tuple[Statement, ...], amended: tuple[Amendment, ...] = ()) -> Fact:
        """Return the fact with only these statements in force and these set aside."""
        return replace(self, statements=statements, amended=amended)

    def as_json(self) -> dict[str, Any]:
        """Return the fact as one JSON object; `conflict` is null where its sources agree."""
        return {
            "id": self.id, "subject": self.subject, "attribute": self.attribute, "meaning": self.declared.meaning,
            "stories": len(self.stories), "conflict": self.dispute,
            "unknown": self.unknown, "unknown_source": source_as_json(self.unknown_source) if self.unknown_source else None,
            "statements": [statement.as_json() for statement in self.statements],
            "amended": [amendment.as_json() for amendment in self.amended],
        }


def source_as_json(source: Source) -> dict[str, Any]:
    """Return a source as one JSON object."""
    return {
        "id": source.id, "outlet": source.outlet, "url": source.url, "published": str(source.published) if source.published else None,
        "language": source.language, "kind": source.kind, "relay_of": source.relay_of, "derived_from": source.derived_from,
        "story": source.story,
        "marking": source.marking, "read": source.read, "note": source.note,
    }


def entity_as_json(entity: Entity) -> dict[str, Any]:
    """Return an entity as one JSON object."""
    return {
        "id": entity.id, "kind": entity.kind, "name": entity.name, "aliases": list(entity.aliases), "origin": entity.origin,
        "note": entity.note, "launcher": entity.launcher, "interceptor": entity.interceptor, "sensor": entity.sensor,
    }
