"""What the catalogue holds, in the terms by which claims are compared: so that review sees where a claim contradicts a fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from frankensam.catalogue.attributes import PAIRING, UNITS
from frankensam.catalogue.curated import Catalogue
from frankensam.catalogue.facts import Entity, Fact, Statement, ValueRange
from frankensam.claims.review.comparison import Held
from frankensam.claims.subjects import systems_subject
from frankensam.claims.systems import family_name, meant_by
from frankensam.glossary import ClaimType
from frankensam.quantities.dates import PartialDate

_TYPES: Mapping[str, tuple[ClaimType, str | None]] = {
    PAIRING: (ClaimType.PAIRING, None), "launcher": (ClaimType.PAIRING, None), "sensor": (ClaimType.PAIRING, None),
    "quantity": (ClaimType.DELIVERY, None), "scale": (ClaimType.DELIVERY, None), "range": (ClaimType.CAPABILITY, None),
    "trials": (ClaimType.TEST, None), "package_value": (ClaimType.COST, "package"), "sale_value": (ClaimType.COST, "sale"),
    "unit_price": (ClaimType.COST, "unit"),
}
"""Which claims an attribute is compared with, and what their sum pays for."""


def held_values(catalogue: Catalogue) -> tuple[Held, ...]:
    """Return the facts that claims can be compared with, in the order of the catalogue: those whose systems the gazetteers know."""
    return tuple(held for fact in catalogue.facts.values() if fact.attribute in _TYPES for held in _held(catalogue, fact))


def _held(catalogue: Catalogue, fact: Fact) -> Iterator[Held]:
    entity = catalogue.entities.get(fact.subject)
    if entity is None:
        return
    claim_type, cost_of = _TYPES[fact.attribute]
    by_subject: dict[str, list[Statement]] = {}
    for statement in fact.statements:
        subject = _subject(catalogue, entity, statement.item)
        if subject is not None:
            by_subject.setdefault(subject, []).append(statement)
    first, last = _days(catalogue, entity)
    for subject, statements in by_subject.items():
        words = "; ".join(dict.fromkeys(f"{statement.shown} ({statement.source.outlet})" for statement in statements))
        unit, low, high = _bounds(statements)
        yield Held(fact.id, claim_type, subject, words, unit, cost_of, low, high, first, last)


def _subject(catalogue: Catalogue, entity: Entity, item: str | None) -> str | None:
    """The subject as claims have it: of a hybrid its parts, of a delivery what is delivered, of a system itself."""
    if entity.kind == "hybrid":
        return systems_subject(_gazetteer_name(catalogue, entity.launcher), _gazetteer_name(catalogue, entity.interceptor))
    return _gazetteer_name(catalogue, item or entity.id)


def _gazetteer_name(catalogue: Catalogue, entity_id: str | None) -> str | None:
    entity = catalogue.entities.get(entity_id or "")
    if entity is None:
        return None
    for label in (entity.name, *entity.aliases):
        known = meant_by(label)
        if known:
            return family_name(known[0].name)
    return None


def _days(catalogue: Catalogue, entity: Entity) -> tuple[str | None, str | None]:
    """First and last day that the catalogue gives for an event; none where it gives no date."""
    dates = [
        statement.value for fact in catalogue.facts.values() if fact.subject == entity.id and fact.attribute == "date"
        for statement in fact.statements if isinstance(statement.value, PartialDate)]
    if not dates:
        return None, None
    return min(date.earliest for date in dates).isoformat(), max(date.latest for date in dates).isoformat()


def _bounds(statements: list[Statement]) -> tuple[str | None, float | None, float | None]:
    """Unit and bounds over all sources; no bounds where the sources use several units, say "at least", or give no number."""
    ends: list[tuple[str, float, float]] = []
    for statement in statements:
        if not isinstance(statement.value, (float, ValueRange)) or statement.bound in {"at least", "at most"} or statement.unit is None:
            return None, None, None
        unit = UNITS[statement.unit]
        low, high = (statement.value.low, statement.value.high) if isinstance(statement.value, ValueRange) else (statement.value,) * 2
        ends.append((unit.base, low * unit.scale, high * unit.scale))
    if len({base for base, _, _ in ends}) != 1:
        return None, None, None
    return ends[0][0], min(low for _, low, _ in ends), max(high for _, _, high in ends)
