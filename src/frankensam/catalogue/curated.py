"""The catalogue as held: everything that is known, by whom, since when, and where sources disagree."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from frankensam.catalogue.facts import Entity, Fact, Source, Statement, entity_as_json
from frankensam.catalogue.matrix import PairingMatrix, build_matrix
from frankensam.errors import UsageRefused
from frankensam.quantities.dates import PartialDate
from frankensam.quantities.quantity import QuantityRefused


@dataclass(frozen=True, slots=True)
class EntityView:
    """One entity with the facts about it, and the hybrids it is part of with theirs."""

    entity: Entity
    facts: tuple[Fact, ...]
    hybrids: tuple[Entity, ...]
    hybrid_facts: tuple[Fact, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the view as one JSON object."""
        return {
            "entity": entity_as_json(self.entity), "facts": [fact.as_json() for fact in self.facts],
            "hybrids": [entity_as_json(hybrid) for hybrid in self.hybrids],
            "hybrid_facts": [fact.as_json() for fact in self.hybrid_facts],
        }


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Sources, entities and facts by id, in the order of the data files.

    `known_by` is set on a view made by `as_of`; `undated` counts the statements
    left out of such a view because their source shows no date.
    """

    sources: Mapping[str, Source]
    entities: Mapping[str, Entity]
    facts: Mapping[str, Fact]
    known_by: PartialDate | None = None
    undated: int = 0

    def fact(self, fact_id: str) -> Fact:
        """Return one fact.

        Raises:
            UsageRefused: there is no such fact; the nearest ids are suggested.
        """
        if fact_id not in self.facts:
            raise UsageRefused(f"no fact '{fact_id}' in the catalogue", slug="catalogue-no-such-fact",
                               suggestion=_nearest(fact_id, list(self.facts)))
        return self.facts[fact_id]

    def matrix(self, as_of: str | PartialDate | None = None) -> PairingMatrix:
        """Return the pairing matrix, of what was known by `as_of` where that is given."""
        view = self if as_of is None else self.as_of(as_of)
        return build_matrix(view.entities, view.facts.values(), str(view.known_by) if view.known_by else None)

    def conflicts(self) -> tuple[Fact, ...]:
        """Return the facts on which sources contradict each other."""
        return tuple(fact for fact in self.facts.values() if fact.disagrees)

    def as_of(self, known: str | PartialDate, *, valid: str | PartialDate | None = None) -> Catalogue:
        """Return what open sources had said by the end of `known`; with `valid`, only about times up to then.

        A source dated to a month counts from the month's last day; one without
        date never counts (see `undated`).

        Raises:
            UsageRefused: a date is none.
        """
        known_by = _as_date(known)
        valid_by = _as_date(valid) if valid is not None else None

        def holds(statement: Statement) -> bool:
            return statement.known_by(known_by.latest) and (valid_by is None or statement.began_by(valid_by.latest))

        kept: dict[str, Fact] = {}
        undated = 0
        for fact in self.facts.values():
            undated += sum(statement.stated is None for statement in fact.statements)
            statements = tuple(statement for statement in fact.statements if holds(statement))
            left_open = fact.unknown_source is not None and _published_by(fact.unknown_source, known_by)
            if statements or left_open:
                kept[fact.id] = fact.keeping(statements)
        return Catalogue(self.sources, self.entities, kept, known_by=known_by, undated=undated)

    def show(self, name: str) -> EntityView:
        """Return the entity of that id, name or alias with everything said about it.

        Raises:
            UsageRefused: nothing is called so, or more than one thing is.
        """
        entity = self._find(name)
        hybrids = tuple(
            hybrid for hybrid in self.entities.values()
            if hybrid.kind == "hybrid" and entity.id in {hybrid.launcher, hybrid.interceptor, hybrid.sensor}
        )
        parts = {hybrid.id for hybrid in hybrids}
        return EntityView(
            entity=entity,
            facts=tuple(fact for fact in self.facts.values() if fact.subject == entity.id),
            hybrids=hybrids,
            hybrid_facts=tuple(fact for fact in self.facts.values() if fact.subject in parts),
        )

    def _find(self, name: str) -> Entity:
        wanted = folded(name)
        called: dict[str, list[Entity]] = {}
        for entity in self.entities.values():
            for label in {folded(label) for label in (entity.id, entity.name, *entity.aliases)}:
                called.setdefault(label, []).append(entity)
        found = called.get(wanted, [])
        exact = [entity for entity in found if folded(entity.id) == wanted] or found
        if not exact:
            raise UsageRefused(f"nothing in the catalogue is called '{name}'", slug="catalogue-no-such-name",
                               suggestion=_nearest(wanted, list(called)))
        if len(exact) > 1:
            raise UsageRefused(f"'{name}' is more than one thing", slug="catalogue-ambiguous-name",
                               suggestion="say which: " + ", ".join(entity.id for entity in exact))
        return exact[0]


def _published_by(source: Source, known_by: PartialDate) -> bool:
    return source.published is not None and source.published.latest <= known_by.latest


def folded(text: str) -> str:
    """Return a text as names are compared: compatibility form, no case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _nearest(wanted: str, labels: list[str]) -> str | None:
    near = difflib.get_close_matches(wanted, labels, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else "'frankensam catalogue matrix' lists what there is"


def _as_date(written: str | PartialDate) -> PartialDate:
    try:
        return written if isinstance(written, PartialDate) else PartialDate.parse(written)
    except QuantityRefused as refused:
        raise UsageRefused(f"'{written}' is no date: {refused.args[0]}", slug="catalogue-date",
                           suggestion="write 2023-12-07, 2023-12 or 2023") from None
