"""The catalogue as held: everything that is known, by whom, since when, and where sources disagree."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from frankensam.catalogue.corrections import EVERYTHING, View, in_force
from frankensam.catalogue.facts import Correction, Entity, Fact, Source, entity_as_json
from frankensam.catalogue.independence import fact_as_json
from frankensam.catalogue.matrix import PairingMatrix, build_matrix
from frankensam.errors import UsageRefused
from frankensam.quantities.dates import PartialDate
from frankensam.quantities.quantity import QuantityRefused


@dataclass(frozen=True, slots=True)
class EntityView:
    """One entity with the facts about it, those in which it is the item counted or handed over, and the hybrids it is part of."""

    entity: Entity
    facts: tuple[Fact, ...]
    item_facts: tuple[Fact, ...]
    hybrids: tuple[Entity, ...]
    hybrid_facts: tuple[Fact, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the view as one JSON object."""
        return {
            "entity": entity_as_json(self.entity), "facts": [fact_as_json(fact) for fact in self.facts],
            "item_facts": [fact_as_json(fact) for fact in self.item_facts],
            "hybrids": [entity_as_json(hybrid) for hybrid in self.hybrids],
            "hybrid_facts": [fact_as_json(fact) for fact in self.hybrid_facts],
        }


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Sources, entities and facts by id, in the order of the data files.

    `facts` are what is in force in the `view`; `said` are the facts as stated, before any
    correction, and `corrections` the declared rows. `undated` counts the statements left out of
    a view because their source shows no date, `late` those taken in after its `decided`.
    """

    sources: Mapping[str, Source]
    entities: Mapping[str, Entity]
    facts: Mapping[str, Fact]
    view: View = EVERYTHING
    undated: int = 0
    late: int = 0
    said: Mapping[str, Fact] | None = None
    corrections: tuple[Correction, ...] = ()
    compiled: date | None = None

    @classmethod
    def held(
        cls, sources: Mapping[str, Source], entities: Mapping[str, Entity], said: Mapping[str, Fact],
        corrections: tuple[Correction, ...] = (), *, view: View = EVERYTHING, compiled: date | None = None,
    ) -> Self:
        """Return the catalogue of these rows as it is seen in `view`."""
        kept = {}
        for fact in said.values():
            found = in_force(fact, corrections, view)
            if found.statements or found.amended or _left_open(fact, view):
                kept[fact.id] = found
        statements = [statement for fact in said.values() for statement in fact.statements]
        return cls(
            sources, entities, kept, view=view, said=said, corrections=corrections, compiled=compiled,
            undated=sum(statement.stated is None for statement in statements) if view.known else 0,
            late=sum(not statement.decided_by(view.decided.latest) for statement in statements) if view.decided else 0,
        )

    @property
    def known_by(self) -> PartialDate | None:
        """The end of what sources had said, where the view has one."""
        return self.view.known

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
        return build_matrix(view.entities, view.facts.values(), view.view)

    def conflicts(self) -> tuple[Fact, ...]:
        """Return the facts on which sources contradict each other."""
        return tuple(fact for fact in self.facts.values() if fact.disagrees)

    def as_of(
        self, known: str | PartialDate | None = None, *, valid: str | PartialDate | None = None, decided: str | PartialDate | None = None,
    ) -> Catalogue:
        """Return what open sources had said by the end of `known`; with `valid`, only about times up to then.

        With `decided`, only what this catalogue itself had taken in, corrected or accepted by then.
        A source dated to a month counts from the month's last day; one without
        date never counts (see `undated`).

        Raises:
            UsageRefused: a date is none.
        """
        view = View(*(None if limit is None else as_date(limit) for limit in (known, valid, decided)))
        said = self.facts if self.said is None else self.said
        return Catalogue.held(self.sources, self.entities, said, self.corrections, view=view, compiled=self.compiled)

    def trimmed(self) -> Catalogue:
        """Return the catalogue with only the sources that something in its view rests on."""
        used: set[str] = set()
        for fact in self.facts.values():
            used |= {statement.source.id for statement in fact.statements}
            used |= {source.id for amendment in fact.amended for source in (amendment.original.source, amendment.correction.source)}
            used |= {fact.unknown_source.id} if fact.unknown_source is not None else set()
        waiting = list(used)
        while waiting:
            origin = self.sources[waiting.pop()].derived_from
            if origin is not None and origin not in used:
                used.add(origin)
                waiting.append(origin)
        return replace(self, sources={source.id: source for source in self.sources.values() if source.id in used})

    def latest_change(self) -> PartialDate:
        """Return the last day on which something in the view was published, compiled, accepted or corrected.

        Raises:
            UsageRefused: nothing in it has a date.
        """
        statements = [statement for fact in self.facts.values() for statement in fact.statements]
        days = [statement.decided.latest for statement in statements if statement.decided is not None]
        days += [source.published.earliest for source in self.sources.values() if source.published is not None]
        days += [amendment.correction.date.latest for fact in self.facts.values() for amendment in fact.amended]
        days += [] if self.compiled is None else [self.compiled]
        if not days:
            raise UsageRefused("nothing in the catalogue has a date", slug="export-empty", suggestion="export at a later date")
        return PartialDate.parse(max(days))

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
            item_facts=tuple(
                fact for fact in self.facts.values()
                if fact.subject not in {entity.id, *parts} and any(statement.item == entity.id for statement in fact.statements)
            ),
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


def _left_open(fact: Fact, view: View) -> bool:
    """Return whether the view knows of the fact that some source leaves it open."""
    if fact.unknown is None:
        return False
    source = fact.unknown_source
    return view.known is None or (source is not None and source.published is not None and source.published.latest <= view.known.latest)


def folded(text: str) -> str:
    """Return a text as names are compared: compatibility form, no case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _nearest(wanted: str, labels: list[str]) -> str | None:
    near = difflib.get_close_matches(wanted, labels, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else "'frankensam catalogue matrix' lists what there is"


def as_date(written: str | PartialDate) -> PartialDate:
    """Return a date that a person wrote; raises UsageRefused where it is none."""
    try:
        return written if isinstance(written, PartialDate) else PartialDate.parse(written)
    except QuantityRefused as refused:
        raise UsageRefused(f"'{written}' is no date: {refused.args[0]}", slug="catalogue-date",
                           suggestion="write 2023-12-07, 2023-12 or 2023") from None
