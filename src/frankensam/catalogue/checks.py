"""Checks across the rows of the catalogue: references, dates, conflicts declared and founded, names that look alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

from frankensam.catalogue.attributes import PAIRING
from frankensam.catalogue.facts import Entity, Fact, Source
from frankensam.catalogue.rows import Row

LONGEST_QUOTE_WORDS = 12
HYBRID_PARTS = ("launcher", "interceptor", "sensor")


def check_sources(sources: Mapping[str, Source], rows: Mapping[str, Row], compiled: date | None) -> None:
    """Check that each source has a usable address, an origin if it is a relay, and no date in the future of the compilation."""
    for source in sources.values():
        row = rows[source.id]
        address = urlsplit(source.url) if source.url.isascii() else None
        if address is None or address.scheme not in {"http", "https"} or not address.hostname or address.username:
            row.refuse("catalogue-address", "a source has the http or https address where it was read", "url", source.url)
        if source.kind == "relay" and source.relay_of is None:
            row.refuse("catalogue-relay", "a relay says what it relays; write 'relay-of: not stated' where it does not tell")
        if source.kind == "original" and source.relay_of is not None:
            row.refuse("catalogue-relay", "an original report relays nobody", "relay-of", source.relay_of)
        if source.published is not None and compiled is not None and source.published.earliest > compiled:
            row.refuse("catalogue-date-order", f"published after the catalogue was compiled ({compiled})", "published", source.published)
        _refuse_mixed_scripts(row, "outlet", source.outlet)


def check_entities(entities: Mapping[str, Entity], rows: Mapping[str, Row]) -> None:
    """Check that hybrids name parts of the right kind, that only hybrids have parts, and that names are of one script."""
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


def check_facts(facts: Mapping[str, Fact], rows: Mapping[str, Row], entities: Mapping[str, Entity]) -> None:
    """Check each fact against its subject, its sources' dates and its own declaration of conflict."""
    for fact in facts.values():
        row = rows[fact.id]
        subject = entities.get(fact.subject)
        if subject is None:
            row.refuse("catalogue-unknown-entity", "there is no entity of this id", "subject", fact.subject)
        elif fact.attribute == PAIRING and subject.kind != "hybrid":
            row.refuse("catalogue-value", "a pairing is a fact about a hybrid", "subject", fact.subject)
        if not fact.statements and fact.unknown is None and not row.node.child("statements"):
            row.refuse("catalogue-missing-key", "a fact has statements, or says under 'unknown' why there is no value")
        if fact.statements and fact.unknown is not None:
            row.refuse("catalogue-value", "a fact with statements is not unknown", "unknown", fact.unknown)
        if fact.disagrees and fact.conflict is None:
            values = "; ".join(statement.shown for statement in fact.distinct)
            row.refuse("catalogue-conflict-undeclared", "the values differ: say under 'conflict' what is in dispute", value=values)
        if fact.conflict is not None and not fact.disagrees:
            row.refuse("catalogue-conflict-unfounded", "a conflict is declared but the values agree", "conflict", fact.conflict)
        _check_statements(fact, row)


def _check_statements(fact: Fact, row: Row) -> None:
    seen: set[tuple[object, ...]] = set()
    for statement, statement_row in zip(fact.statements, row.rows("statements"), strict=False):
        said = (statement.source.id, statement.part, statement.item, *statement.comparable)
        if said in seen:
            statement_row.refuse("catalogue-said-twice", "this source is already down for the same value", "source", statement.source.id)
        seen.add(said)
        published = statement.source.published
        if published is not None and statement.stated is not None and statement.stated.earliest > published.latest:
            statement_row.refuse("catalogue-date-order", f"stated after its source was published ({published})", "stated", statement.stated)
        if statement.quote is not None and len(statement.quote.split()) > LONGEST_QUOTE_WORDS:
            statement_row.refuse("catalogue-quote", f"a quotation has at most {LONGEST_QUOTE_WORDS} words", "quote", statement.quote)


def factor_of_thousand(fact: Fact) -> bool:
    """Return whether two of its numbers in one unit differ by a factor of a thousand, as a slipped unit does."""
    numbers: list[tuple[object, ...]] = [
        statement.comparable for statement in fact.distinct if isinstance(statement.value, float) and statement.value > 0.0
    ]
    return any(
        first[0] == second[0] and float(str(second[1])) == 1000.0 * float(str(first[1])) for first in numbers for second in numbers
    )


def mixed_scripts(word: str) -> bool:
    """Return whether a word mixes Latin and Cyrillic letters, as a look-alike spelling does."""
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in word if letter.isalpha()}
    return {"LATIN", "CYRILLIC"} <= scripts


def _refuse_mixed_scripts(row: Row, key: str, text: str) -> None:
    for word in text.replace("-", " ").split():
        if mixed_scripts(word):
            row.refuse("catalogue-mixed-scripts", "one word mixes Latin and Cyrillic letters", key, text, "use letters of one script")


