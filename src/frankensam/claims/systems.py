"""Which systems a document names, in any language; and which system a person means by a spelling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from frankensam.claims.lexicon import Entity, gazetteer, read_data, split_phrases
from frankensam.claims.mentions import without_words
from frankensam.claims.reading import SYSTEM_KINDS, Reading, mentions_in, read_document
from frankensam.claims.words import tokenize
from frankensam.errors import UsageRefused, printable
from frankensam.formats.near import did_you_mean
from frankensam.news.documents import Document
from frankensam.news.search_terms import keys_of
from frankensam.news.searching import SystemChoice

LONGEST_SPELLING = 80


@dataclass(frozen=True, slots=True)
class NamedSystem:
    """A system as the gazetteer spells it, with its kind and family."""

    name: str
    kind: str
    family: str


def systems_in(document: Document, reading: Reading | None) -> Counter[NamedSystem]:
    """Return how often a document names each system.

    `reading` is the document read with its language's lexicon. Without one (None) it is read with the gazetteers
    alone, which know names in any script.
    """
    read = reading or read_document(document, without_words(document.language.used))
    return Counter(
        NamedSystem(found.entity.name, found.entity.kind, found.entity.family)
        for sentence in read.sentences for found in sentence.named(*SYSTEM_KINDS))


@cache
def entities_by_name() -> dict[str, Entity]:
    """Return the systems of the gazetteer by name."""
    return {entity.name: entity for entity in gazetteer().entities if entity.kind in SYSTEM_KINDS}


@cache
def _entities_by_keys() -> dict[tuple[str, ...], tuple[Entity, ...]]:
    """The systems by the search keys of their names and whole forms, for inflections that no form lists."""
    found: dict[tuple[str, ...], dict[str, Entity]] = {}
    for row in read_data("systems.yaml"):
        entity = entities_by_name().get(row["name"])
        if entity is None:
            continue
        for form in (row["name"], *split_phrases(row["forms"])):
            if "*" not in form and (keys := tuple(keys_of(form))):
                found.setdefault(keys, {}).setdefault(entity.name, entity)
    return {keys: tuple(entities.values()) for keys, entities in found.items()}


def meant_by(written: str) -> tuple[Entity, ...]:
    """Return the systems that a spelling means, in any inflection or transliteration; empty where none is known.

    More than one only where a spelling belongs to more than one.
    """
    written = written.strip()[:LONGEST_SPELLING]
    named = {entity.name: entity for entity in _named_by(written)}
    if not named:
        named = {entity.name: entity for entity in _entities_by_keys().get(tuple(keys_of(written)), ())}
    return tuple(named.values())


def _named_by(written: str) -> list[Entity]:
    """The systems whose forms are the whole spelling, written as it is or with a capital."""
    for spelling in dict.fromkeys((written, written.capitalize(), written.title(), written.upper())):
        tokens = tokenize(spelling)
        found = [
            mention.entity for mention in mentions_in(tokens, spelling, 0)
            if mention.entity.kind in SYSTEM_KINDS and (mention.first, mention.last) == (0, len(tokens))
        ]
        if found:
            return found
    return []


def choose_systems(written: str) -> SystemChoice:
    """Return the systems a filter asks for: a variant alone (AIM-9M), or a whole family (AIM-9).

    Raises:
        UsageRefused: no system is known by that spelling.
    """
    found = meant_by(written)
    if not found:
        raise UsageRefused(f"no system is called '{printable(written)}'", slug="system-unknown",
                           suggestion=did_you_mean(written, _spellings()) or "search for it as a word instead")
    listed = [entity for entity in found if entity.name in entities_by_name()]
    families = tuple(dict.fromkeys(entity.family for entity in listed if not entity.variant))
    names = tuple(entity.name for entity in found if entity.family not in families)
    return SystemChoice(names, families)


def _spellings() -> Iterable[str]:
    yield from entities_by_name()
    yield from (entity.name.split()[0] for entity in entities_by_name().values())


@cache
def family_name(name: str) -> str:
    """Return the name under which variants of a system are compared: that of its family's plain entry."""
    entity = entities_by_name().get(name)
    if entity is None or not entity.variant:
        return name
    plain = [other.name for other in entities_by_name().values() if other.family == entity.family and not other.variant]
    return plain[0] if plain else name
