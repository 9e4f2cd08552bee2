"""The sections of a catalogue file, row by row: sources, entities, facts, corrections. What is wrong is collected, not raised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast, get_args

from frankensam.catalogue.attributes import ATTRIBUTES, UNITS, ValueKind
from frankensam.catalogue.facts import (
    Bound,
    Correction,
    CorrectionAction,
    Entity,
    EntityKind,
    Fact,
    Marking,
    Reading,
    Source,
    SourceKind,
    Statement,
    Value,
)
from frankensam.catalogue.origins import CURATED, Origin
from frankensam.catalogue.rows import Row
from frankensam.errors import Place, ProblemCollector
from frankensam.formats.near import did_you_mean
from frankensam.glossary import Hedge, Status
from frankensam.quantities.dates import PartialDate

Rows = dict[str, Row]


@dataclass
class Sections:
    """What files hold, with the row each thing stands in.

    `known_sources`, `known_entities` and `known_facts` are rows of a catalogue that the files may refer to without holding them.
    """

    origin: Origin = CURATED
    own: bool = False
    problems: ProblemCollector = field(default_factory=ProblemCollector)
    known_sources: Mapping[str, Source] = field(default_factory=dict)
    known_entities: Mapping[str, Entity] = field(default_factory=dict)
    known_facts: Mapping[str, Fact] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    corrections: dict[str, Correction] = field(default_factory=dict)
    source_rows: Rows = field(default_factory=dict)
    entity_rows: Rows = field(default_factory=dict)
    fact_rows: Rows = field(default_factory=dict)
    correction_rows: Rows = field(default_factory=dict)
    compiled: date | None = None

    def read_sources(self, root: Row) -> None:
        """Take the section ``sources`` and the day of compilation."""
        compiled = root.date("compiled")
        if compiled is not None:
            self.compiled = compiled.latest
        for row in root.rows("sources"):
            source = Source(
                id=row.identifier(), outlet=row.text("outlet", required=True) or "", url=row.text("url", required=True) or "",
                published=row.date("published", unknown_allowed=True), language=row.text("language", required=True) or "",
                kind=cast("SourceKind", row.choice("kind", get_args(SourceKind))), story=row.identifier("story"),
                marking=cast("Marking", row.choice("marking", get_args(Marking))),
                read=cast("Reading", row.choice("read", get_args(Reading))),
                relay_of=row.text("relay-of"), note=row.text("note"), derived_from=row.text("derived-from"),
            )
            row.refuse_unknown_keys()
            if _is_new(row, source.id, self.source_rows, self.known_sources):
                self.sources[source.id] = source
                self.source_rows[source.id] = row

    def read_entities(self, root: Row) -> None:
        """Take the section ``entities``."""
        for row in root.rows("entities"):
            entity = Entity(
                id=row.identifier(), kind=cast("EntityKind", row.choice("kind", get_args(EntityKind))),
                name=row.text("name", required=True) or "", aliases=row.texts("aliases"), origin=row.text("origin"), note=row.text("note"),
                launcher=row.text("launcher"), interceptor=row.text("interceptor"), sensor=row.text("sensor"),
            )
            row.refuse_unknown_keys()
            if _is_new(row, entity.id, self.entity_rows, self.known_entities):
                self.entities[entity.id] = entity
                self.entity_rows[entity.id] = row

    def read_facts(self, root: Row) -> None:
        """Take the section ``facts``."""
        for row in root.rows("facts"):
            identifier, subject = row.identifier(), row.identifier("subject")
            attribute = row.choice("attribute", tuple(ATTRIBUTES))
            conflict, unknown = row.text("conflict"), row.text("unknown")
            unknown_source = self.source(row, "unknown-source") if row.child("unknown-source") else None
            statements: list[Statement] = []
            for statement_row in row.rows("statements"):
                statement = self._statement(statement_row, attribute) if attribute else None
                if statement is not None:
                    statements.append(statement)
            row.refuse_unknown_keys()
            if _is_new(row, identifier, self.fact_rows, self.known_facts) and attribute:
                self.facts[identifier] = Fact(identifier, subject, attribute, tuple(statements), conflict, unknown, unknown_source)
                self.fact_rows[identifier] = row

    def read_corrections(self, root: Row) -> None:
        """Take the section ``corrections``; the sources and facts they name have been read."""
        for row in root.rows("corrections"):
            identifier, action = row.identifier(), row.choice("action", get_args(CorrectionAction))
            said_by, source = self.source(row, "said-by"), self.source(row, "source")
            correction_date = row.date("date") if row.child("date", required=True) else None
            rest = {key: row.text(key, required=True) or "" for key in ("reason", "by")}
            aimed = self._aim(row, action)
            row.refuse_unknown_keys()
            if not _is_new(row, identifier, self.correction_rows, {}) or said_by is None or source is None or correction_date is None:
                continue
            fact, was, value, unit, bound, valid = aimed
            self.corrections[identifier] = Correction(
                identifier, cast("CorrectionAction", action), said_by.id, rest["reason"], rest["by"], correction_date, source,
                fact=fact, was=was, value=value, unit=unit, bound=bound, valid=valid, origin=self.origin, own=self.own,
            )
            self.correction_rows[identifier] = row

    def _aim(self, row: Row, action: str) -> tuple[str | None, str | None, Value | None, str | None, Bound, PartialDate | None]:
        """Return fact, value as it was, new value, unit, bound and valid time of a correction, as far as its action has them."""
        if action == "source-retracted":
            return None, None, None, None, "exact", None
        fact = row.identifier("fact")
        held = self.facts.get(fact) or self.known_facts.get(fact)
        if fact and held is None:
            row.refuse("catalogue-no-such-fact", "there is no fact of this id", "fact", fact,
                       did_you_mean(fact, (*self.facts, *self.known_facts)))
        was = row.text("was", required=True)
        if action == "retracted" or held is None:
            for key in ("value", "unit", "bound", "about", "valid"):
                row.child(key)
                if action == "retracted" and row.node.child(key) is not None:
                    row.refuse("catalogue-value", "what is retracted has no new value", key)
            return fact, was, None, None, "exact", None
        value, unit = self._value_and_unit(row, held.attribute)
        return fact, was, value, unit, _bound(row), row.date("valid")

    def source(self, row: Row, key: str) -> Source | None:
        """Return the source that a row names; an unknown one is a problem."""
        name = row.identifier(key)
        found = self.sources.get(name) or self.known_sources.get(name)
        if name and found is None:
            known = (*self.sources, *self.known_sources)
            row.refuse("catalogue-unknown-source", "there is no source of this id", key, name, did_you_mean(name, known))
        return found

    def _statement(self, row: Row, attribute: str) -> Statement | None:
        value, unit = self._value_and_unit(row, attribute)
        source = self.source(row, "source")
        item = row.text("item")
        if item is not None and item not in self.entities and item not in self.known_entities:
            row.refuse("catalogue-unknown-entity", "there is no entity of this id", "item", item)
        bound = _bound(row)
        stated, valid, decided = row.date("stated"), row.date("valid"), row.date("decided")
        hedge = Hedge(row.choice("hedge", tuple(Hedge), default=Hedge.NONE))
        by, part, variant, quote, note, claim = (row.text(key) for key in ("by", "part", "variant", "quote", "note", "claim"))
        origin = _with_before(self.origin, row.text("origin"))
        row.refuse_unknown_keys()
        if value is None or source is None:
            return None
        compiled = None if self.compiled is None else PartialDate.parse(self.compiled)
        return Statement(
            value=value, source=source, stated=stated or source.published, valid=valid, unit=unit, bound=bound, hedge=hedge, item=item,
            decided=decided or compiled, origin=origin, by=by, part=part, variant=variant, quote=quote, note=note, claim=claim,
        )

    def _value_and_unit(self, row: Row, attribute: str) -> tuple[Value | None, str | None]:
        kind = ATTRIBUTES[attribute].kind
        value, unit = _value(row, kind), row.text("unit")
        if value is not None and not isinstance(value, str) and kind is ValueKind.NUMBER:
            if unit not in UNITS:
                row.refuse("catalogue-unit", f"the unit is one of: {', '.join(UNITS)}", "unit", unit)
                return None, None
        elif unit is not None:
            row.refuse("catalogue-value", "only a number has a unit", "unit", unit)
        return value, unit


def _with_before(origin: Origin, before: str | None) -> Origin:
    """Return the origin of the files, with the one that the row itself gives."""
    if before is None or origin.kind != "package":
        return origin
    return Origin(origin.kind, origin.name, origin.version, origin.publisher, origin.key, origin.trust, before=before)


def _bound(row: Row) -> Bound:
    about, bound = row.flag("about"), row.choice("bound", get_args(Bound), default="exact")
    return "about" if about else cast("Bound", bound)


def _is_new(row: Row, identifier: str, rows: Rows, known: Mapping[str, object]) -> bool:
    if identifier in rows:
        row.refuse("catalogue-duplicate-id", f"the id is already used at {_shown(rows[identifier].place('id'))}", "id", identifier)
        return False
    if identifier in known:
        row.refuse("catalogue-duplicate-id", "the catalogue that this file adds to already uses the id", "id", identifier)
        return False
    return bool(identifier)


def _shown(place: Place) -> str:
    return f"{place.file}:{place.line}" if place.line is not None else f"{place.file} ({place.pointer})"


def _value(row: Row, kind: ValueKind) -> Value | None:
    if kind is ValueKind.NUMBER:
        return row.number("value")
    if kind is ValueKind.STATUS:
        word = row.choice("value", tuple(Status))
        return Status(word) if word else None
    text = row.text("value", required=True)
    if kind is ValueKind.DATE and text is not None:
        return row.as_date(text, "value")
    return text
