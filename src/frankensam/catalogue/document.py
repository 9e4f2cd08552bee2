"""A catalogue as one document of the format of the curated files, for JSON exports; reading it gives the same catalogue."""

from __future__ import annotations

from typing import Any

from frankensam.catalogue.corrections import merged_statements
from frankensam.catalogue.curated import Catalogue
from frankensam.catalogue.facts import Correction, Entity, Fact, Source, Statement, Value, value_as_json
from frankensam.catalogue.loading import FORMAT
from frankensam.catalogue.tables import corrections_in


def catalogue_document(catalogue: Catalogue) -> dict[str, Any]:
    """Return the catalogue in its view as the mapping that a catalogue file holds; statements as said, corrections as rows."""
    catalogue = catalogue.trimmed()
    said = catalogue.facts if catalogue.said is None else catalogue.said
    holds = catalogue.view.holds
    facts = [fact.keeping(merged_statements(filter(holds, fact.statements))) for fact in said.values() if fact.id in catalogue.facts]
    return {
        "format": FORMAT, "compiled": str(catalogue.latest_change()),
        "sources": [_source(source) for source in catalogue.sources.values()],
        "entities": [_entity(entity) for entity in catalogue.entities.values()],
        "facts": [_fact(fact) for fact in facts],
        "corrections": [_correction(correction) for correction in corrections_in(catalogue)],
    }


def _present(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value not in (None, [], "")}


def _source(source: Source) -> dict[str, Any]:
    return _present({
        "id": source.id, "outlet": source.outlet, "url": source.url, "published": str(source.published or "unknown"),
        "language": source.language, "kind": source.kind, "relay-of": source.relay_of, "derived-from": source.derived_from,
        "story": source.story, "marking": source.marking, "read": source.read, "note": source.note,
    })


def _entity(entity: Entity) -> dict[str, Any]:
    return _present({
        "id": entity.id, "kind": entity.kind, "name": entity.name, "aliases": list(entity.aliases), "origin": entity.origin,
        "note": entity.note, "launcher": entity.launcher, "interceptor": entity.interceptor, "sensor": entity.sensor,
    })


def _fact(fact: Fact) -> dict[str, Any]:
    return _present({
        "id": fact.id, "subject": fact.subject, "attribute": fact.attribute, "conflict": fact.dispute,
        "unknown": None if fact.statements else fact.unknown,
        "unknown-source": fact.unknown_source.id if fact.unknown_source and not fact.statements else None,
    }) | {"statements": [_statement(statement) for statement in fact.statements]}


def _value(value: Value | None) -> Any:
    return None if value is None else value_as_json(value)


def _statement(statement: Statement) -> dict[str, Any]:
    return _present({
        "value": _value(statement.value), "unit": statement.unit, "bound": statement.bound, "source": statement.source.id,
        "stated": str(statement.stated) if statement.stated else None, "valid": str(statement.valid) if statement.valid else None,
        "decided": str(statement.decided) if statement.decided else None, "hedge": str(statement.hedge), "by": statement.by,
        "part": statement.part, "item": statement.item, "variant": statement.variant, "quote": statement.quote, "note": statement.note,
        "claim": statement.claim, "origin": statement.origin.shown,
    })


def _correction(correction: Correction) -> dict[str, Any]:
    bound = correction.bound if correction.value is not None else None
    return _present({
        "id": correction.id, "action": correction.action, "fact": correction.fact, "said-by": correction.said_by, "was": correction.was,
        "value": _value(correction.value), "unit": correction.unit, "bound": bound,
        "valid": str(correction.valid) if correction.valid else None, "reason": correction.reason, "by": correction.by,
        "date": str(correction.date), "source": correction.source.id,
    })
