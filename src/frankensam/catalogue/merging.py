"""One catalogue laid over another: the same things found again, everything else added, nothing overwritten.

What both hold stays as the first one spells it; where they differ, both stand side by side and
the fact says so. Corrections reach only statements of their own origin (see `corrections`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from frankensam.catalogue.curated import Catalogue, folded
from frankensam.catalogue.facts import Correction, Entity, Fact, Source, Statement


@dataclass(frozen=True, slots=True)
class Merged:
    """The catalogue made of two, and remarks for a person where both describe one source or thing differently."""

    catalogue: Catalogue
    remarks: tuple[str, ...]


def merge(base: Catalogue, other: Catalogue, *, name: str) -> Merged:
    """Return `base` with everything of `other`; ids of `other` that mean something else in `base` are put behind ``name--``.

    A source is the same where its address and what it relays are; a thing where its kind and name,
    or the parts of a hybrid, are; a fact where it is about the same attribute of the same thing (and the same items).
    Stories with a source in common are one story. Merging again adds nothing.
    """
    return _Merging(base, other, name).done()


@dataclass
class _Merging:
    base: Catalogue
    other: Catalogue
    name: str
    remarks: list[str] = field(default_factory=list)

    def done(self) -> Merged:
        base_said = self.base.facts if self.base.said is None else self.base.said
        other_said = self.other.facts if self.other.said is None else self.other.said
        sources = self._sources()
        entities = self._entities()
        added_sources = {source.id: source for source in sources.values() if source.id not in self.base.sources}
        added_entities = {entity.id: entity for entity in entities.values() if entity.id not in self.base.entities}
        facts = dict(base_said)
        alike: dict[tuple[str, str], list[str]] = {}
        for known in base_said.values():
            alike.setdefault((known.subject, known.attribute), []).append(known.id)
        fact_ids: dict[str, str] = {}
        for fact in other_said.values():
            moved = self._moved(fact, sources, entities)
            found = _same_fact(moved, facts, alike.get((moved.subject, moved.attribute), []))
            if found is None:
                found = replace(moved, id=self._free(moved.id, facts))
                facts[found.id] = found
            else:
                facts[found.id] = _joined(found, moved)
            fact_ids[fact.id] = found.id
        taken = {correction.id for correction in self.base.corrections}
        corrections = [self._moved_correction(one, sources, fact_ids, taken) for one in self.other.corrections]
        return Merged(
            Catalogue.held(
                {**self.base.sources, **added_sources}, {**self.base.entities, **added_entities}, facts,
                _distinct((*self.base.corrections, *corrections)), compiled=self.base.compiled,
            ),
            tuple(self.remarks),
        )

    def _free(self, identifier: str, taken: Iterable[str]) -> str:
        """Return an id that is not taken: the id itself, or the id behind the name of what is merged."""
        wanted = identifier if identifier not in taken else f"{self.name}--{identifier}"
        number = 2
        while wanted in taken:
            wanted, number = f"{self.name}--{identifier}-{number}", number + 1
        return wanted

    def _sources(self) -> dict[str, Source]:
        """Return the source that stands for each of the other's, under the other's id."""
        by_address: dict[str, list[Source]] = {}
        for source in self.base.sources.values():
            by_address.setdefault(source.url, []).append(source)
        found: dict[str, Source] = {}
        stories: dict[str, str] = {}
        for source in self.other.sources.values():
            same = [known for known in by_address.get(source.url, []) if len(by_address[source.url]) == 1 or known.id == source.id
                    or known.relay_of == source.relay_of]
            if same:
                found[source.id] = same[0]
                stories[source.story] = same[0].story
                self._remark_source(same[0], source)
        taken = dict(self.base.sources)
        for source in self.other.sources.values():
            if source.id not in found:
                new = replace(source, id=self._free(source.id, taken), story=stories.get(source.story, source.story))
                found[source.id] = taken[new.id] = new
        for identifier, source in found.items():
            if source.id not in self.base.sources and source.derived_from is not None:
                found[identifier] = replace(source, derived_from=found[source.derived_from].id)
        return found

    def _remark_source(self, mine: Source, theirs: Source) -> None:
        different = [
            f"{label} {one or 'not known'} here, {two or 'not known'} in {self.name}"
            for label, one, two in (
                ("published", mine.published, theirs.published), ("kind", mine.kind, theirs.kind),
                ("marking", mine.marking, theirs.marking),
            )
            if one != two and "unassessed" not in (one, two)
        ]
        if different:
            self.remarks.append(f"source {mine.id}: {'; '.join(different)}")

    def _entities(self) -> dict[str, Entity]:
        """Return the entity that stands for each of the other's, under the other's id; hybrids last, as they name the others."""
        found: dict[str, Entity] = {}
        taken = dict(self.base.entities)
        pairs = {(entity.launcher, entity.interceptor): entity for entity in taken.values() if entity.kind == "hybrid"}
        named = {(entity.kind, folded(entity.name)): entity for entity in reversed(taken.values())}
        for entity in sorted(self.other.entities.values(), key=lambda entity: entity.kind == "hybrid"):
            launcher, interceptor, sensor = (
                None if part is None else found[part].id for part in (entity.launcher, entity.interceptor, entity.sensor)
            )
            moved = replace(entity, launcher=launcher, interceptor=interceptor, sensor=sensor)
            held = taken.get(entity.id)
            same = pairs.get((moved.launcher, moved.interceptor)) if entity.kind == "hybrid" else (
                held if held is not None and held.kind == entity.kind and entity.id in self.base.entities
                else named.get((entity.kind, folded(entity.name)))
            )
            if same is None:
                same = replace(moved, id=self._free(entity.id, taken))
                taken[same.id] = same
                if same.kind == "hybrid":
                    pairs[same.launcher, same.interceptor] = same
            elif same.id in self.base.entities and folded(same.name) != folded(entity.name):
                self.remarks.append(f"{same.kind} {same.id}: called '{same.name}' here, '{entity.name}' in {self.name}")
            found[entity.id] = same
        return found

    def _moved(self, fact: Fact, sources: Mapping[str, Source], entities: Mapping[str, Entity]) -> Fact:
        """Return a fact of the other with its subject, items and sources as they are called here."""

        def moved(statement: Statement) -> Statement:
            item = None if statement.item is None else entities[statement.item].id
            return replace(statement, source=sources[statement.source.id], item=item)

        unknown = None if fact.unknown_source is None else sources[fact.unknown_source.id]
        return replace(
            fact, subject=entities[fact.subject].id, statements=tuple(moved(statement) for statement in fact.statements),
            unknown_source=unknown, amended=(),
        )

    def _moved_correction(
        self, correction: Correction, sources: Mapping[str, Source], facts: Mapping[str, str], taken: set[str],
    ) -> Correction:
        fact = None if correction.fact is None else facts[correction.fact]
        moved = replace(correction, fact=fact, said_by=sources[correction.said_by].id, source=sources[correction.source.id])
        same = next((known for known in self.base.corrections if replace(known, id=moved.id) == moved), None)
        if same is not None:
            return same
        free = self._free(correction.id, taken)
        taken.add(free)
        return replace(moved, id=free)


def _same_fact(fact: Fact, facts: Mapping[str, Fact], alike: Iterable[str]) -> Fact | None:
    """Return the fact that says the same kind of thing: that of the same id, else the only one of `alike` about the same items.

    `alike` are the facts of the base about the same attribute of the same thing.
    """
    named = facts.get(fact.id)
    if named is not None and (named.subject, named.attribute) == (fact.subject, fact.attribute):
        return named
    items = {statement.item for statement in fact.statements}
    candidates = [facts[known] for known in alike]
    if items - {None}:
        candidates = [known for known in candidates if items <= {statement.item for statement in known.statements}]
    return candidates[0] if len(candidates) == 1 and fact.attribute != "claim" else None


def _joined(mine: Fact, theirs: Fact) -> Fact:
    """Return a fact with the statements of both; a row that is already there, from the same origin, is not added again."""
    have = {(statement.identity, statement.origin) for statement in mine.statements}
    new = tuple(statement for statement in theirs.statements if (statement.identity, statement.origin) not in have)
    return replace(
        mine, statements=(*mine.statements, *new), conflict=mine.conflict or theirs.conflict, unknown=mine.unknown or theirs.unknown,
        unknown_source=mine.unknown_source or theirs.unknown_source,
    )


def _distinct(corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    return tuple(dict.fromkeys(corrections))


def identifier_of(text: str) -> str:
    """Return an id made of a text: lower-case Latin letters, digits and hyphens; empty where the text has none of these."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return "-".join("".join(letter if letter.isalnum() else " " for letter in plain).split())
