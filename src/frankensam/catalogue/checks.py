"""Checks across the rows of the catalogue: references, dates, conflicts declared and founded, names that look alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from urllib.parse import urlsplit

from frankensam.catalogue.attributes import PAIRING
from frankensam.catalogue.facts import Entity, Fact, Source
from frankensam.catalogue.rows import Row
from frankensam.formats.look_alikes import skeleton

LONGEST_QUOTE_WORDS = 12
STORED_DOCUMENT = re.compile(r"document:[0-9a-f]{32}")
"""Address of a document that somebody's archive holds and that came without an address of its own: its id there."""
NO_LETTERS = re.compile(r"[\W\d_]+")
HYBRID_PARTS = ("launcher", "interceptor", "sensor")


def check_sources(
    sources: Mapping[str, Source], rows: Mapping[str, Row], compiled: date | None, *, known: Mapping[str, Source] | None = None,
) -> None:
    """Check that each source has a usable address, an origin if it is a relay, and no date in the future of the compilation.

    `known` are sources that a row may be derived from without their being in the files.
    """
    everything = {**(known or {}), **sources}
    for source in sources.values():
        row = rows[source.id]
        address = urlsplit(source.url) if source.url.isascii() else None
        if not STORED_DOCUMENT.fullmatch(source.url) and (
            address is None or address.scheme not in {"http", "https"} or not address.hostname or address.username
        ):
            row.refuse("catalogue-address", "a source has the http or https address where it was read", "url", source.url)
        if source.kind == "relay" and source.relay_of is None:
            row.refuse("catalogue-relay", "a relay says what it relays; write 'relay-of: not stated' where it does not tell")
        if source.kind == "original" and source.relay_of is not None:
            row.refuse("catalogue-relay", "an original report relays nobody", "relay-of", source.relay_of)
        if source.published is not None and compiled is not None and source.published.earliest > compiled:
            row.refuse("catalogue-date-order", f"published after the catalogue was compiled ({compiled})", "published", source.published)
        _refuse_mixed_scripts(row, "outlet", source.outlet)
        if source.derived_from is not None:
            _check_derivation(source, row, everything)
    _refuse_look_alikes([(rows[source.id], "outlet", (source.outlet,)) for source in sources.values()])


def _check_derivation(source: Source, row: Row, sources: Mapping[str, Source]) -> None:
    origin = sources.get(source.derived_from or "")
    if origin is None:
        row.refuse("catalogue-unknown-source", "there is no source of this id", "derived-from", source.derived_from)
        return
    chain = [source.id]
    while origin is not None and origin.id not in chain:
        chain.append(origin.id)
        origin = sources.get(origin.derived_from or "")
    if origin is not None:
        row.refuse("catalogue-circular", "sources are derived from each other in a circle", "derived-from",
                   " <- ".join([*chain, origin.id]))
        return
    origin = sources[source.derived_from or ""]
    if source.kind != "relay":
        row.refuse("catalogue-relay", "an original report is derived from nothing", "derived-from", source.derived_from)
    if source.story != origin.story:
        row.refuse("catalogue-story", f"what is derived from '{origin.id}' belongs to its story", "story", source.story,
                   f"write story: {origin.story}")
    if source.published is not None and origin.published is not None and source.published.latest < origin.published.earliest:
        row.refuse("catalogue-date-order", f"published before the source it is derived from ({origin.published})", "published",
                   source.published)


def check_entities(entities: Mapping[str, Entity], rows: Mapping[str, Row]) -> None:
    """Check that hybrids name parts of the right kind, that only hybrids have parts, and that names are of one script."""
    _refuse_look_alikes([(rows[entity.id], "name", (entity.name, *entity.aliases)) for entity in entities.values()])
    pairs: dict[tuple[str | None, str | None], str] = {}
    for entity in entities.values():
        row = rows[entity.id]
        for label in (entity.name, *entity.aliases):
            _refuse_mixed_scripts(row, "name", label)
        for kind in HYBRID_PARTS:
            part = getattr(entity, kind)
            if entity.kind != "hybrid":
                if part is not None:
                    row.refuse("catalogue-value", "only a hybrid has parts", kind, part)
            elif part is None and kind != "sensor":
                row.refuse("catalogue-missing-key", f"a hybrid names its {kind}")
            elif part is not None and (part not in entities or entities[part].kind != kind):
                row.refuse("catalogue-unknown-entity", f"there is no {kind} of this id", kind, part)
        if entity.kind == "hybrid":
            pair = (entity.launcher, entity.interceptor)
            if pair in pairs:
                row.refuse("catalogue-duplicate-pairing", f"the same launcher and interceptor as '{pairs[pair]}'", "id", entity.id)
            pairs.setdefault(pair, entity.id)


def check_facts(facts: Mapping[str, Fact], rows: Mapping[str, Row], entities: Mapping[str, Entity], *, declared: bool = True) -> None:
    """Check each fact against its subject, its sources' dates and, where conflicts are `declared` by hand, that declaration."""
    for fact in facts.values():
        row = rows[fact.id]
        subject = entities.get(fact.subject)
        if subject is None:
            row.refuse("catalogue-unknown-entity", "there is no entity of this id", "subject", fact.subject)
        elif fact.attribute == PAIRING and subject.kind != "hybrid":
            row.refuse("catalogue-value", "a pairing is a fact about a hybrid", "subject", fact.subject)
        if not fact.statements and fact.unknown is None and not row.node.child("statements"):
            row.refuse("catalogue-missing-key", "a fact has statements, or says under 'unknown' why there is no value")
        if declared and fact.statements and fact.unknown is not None:
            row.refuse("catalogue-value", "a fact with statements is not unknown", "unknown", fact.unknown)
        if declared and fact.disagrees and fact.conflict is None:
            values = "; ".join(statement.shown for statement in fact.distinct)
            row.refuse("catalogue-conflict-undeclared", "the values differ: say under 'conflict' what is in dispute", value=values)
        if declared and fact.conflict is not None and not fact.disagrees:
            row.refuse("catalogue-conflict-unfounded", "a conflict is declared but the values agree", "conflict", fact.conflict)
        _check_statements(fact, row)


def _check_statements(fact: Fact, row: Row) -> None:
    seen: set[tuple[object, ...]] = set()
    for statement, statement_row in zip(fact.statements, row.rows("statements"), strict=False):
        # in a package the same statement may have come to its publisher in two ways
        said = (statement.identity, statement.origin)
        if said in seen:
            statement_row.refuse("catalogue-said-twice", "this source is already down for the same value", "source", statement.source.id)
        seen.add(said)
        published = statement.source.published
        if published is not None and statement.stated is not None and statement.stated.earliest > published.latest:
            statement_row.refuse("catalogue-date-order", f"stated after its source was published ({published})", "stated", statement.stated)
        if statement.quote is not None and len(statement.quote.split()) > LONGEST_QUOTE_WORDS:
            statement_row.refuse("catalogue-quote", f"a quotation has at most {LONGEST_QUOTE_WORDS} words", "quote", statement.quote)


def _refuse_mixed_scripts(row: Row, key: str, text: str) -> None:
    # outlets are called Цензор.NET: a mixture inside one run of letters is what deceives
    for word in NO_LETTERS.split(text):
        if {"LATIN", "CYRILLIC"} <= _scripts(word):
            row.refuse("catalogue-mixed-scripts", "one word mixes Latin and Cyrillic letters", key, text, "use letters of one script")


def _refuse_look_alikes(named: Iterable[tuple[Row, str, tuple[str, ...]]]) -> None:
    """Refuse names that differ in letters of look-alike scripts only: a hurried reader takes them for one."""
    seen: dict[str, str] = {}
    for row, key, labels in named:
        for label in labels:
            other = seen.setdefault(skeleton(label), label)
            if _scripts(other) != _scripts(label):
                row.refuse("catalogue-look-alike", f"looks like '{other}', but has letters of another script", key, label,
                           "spell both names in the same script")


def _scripts(text: str) -> set[str]:
    return {unicodedata.name(letter, "").split(" ")[0] for letter in text if letter.isalpha()}
