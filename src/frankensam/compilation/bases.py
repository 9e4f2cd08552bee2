"""What numbers rest on, joined with the catalogue: the text to show and the sources behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from frankensam.catalogue import Catalogue, Fact, load_catalogue
from frankensam.compilation.parameters import NumberEntry
from frankensam.compilation.rules import chosen_rules
from frankensam.errors import Place, Problem
from frankensam.scenario.parameters import Basis
from frankensam.scenario.schema import Scenario


@cache
def curated_catalogue() -> Catalogue:
    """Return the catalogue that ships with the project, read once."""
    return load_catalogue()


def unknown_claims(scenario: Scenario, numbers: Mapping[str, NumberEntry], file: str) -> list[Problem]:
    """Return a problem for every fact that a basis or a pairing names and the catalogue does not hold.

    The basis of a rule counts where no number rests on the same fact.
    """
    facts = curated_catalogue().facts
    named = [(path, entry.basis.claim) for path, entry in numbers.items() if entry.basis is not None and entry.basis.claim is not None]
    named += [(f"hybrids[{hybrid.id}].fact", hybrid.fact) for hybrid in scenario.hybrids if hybrid.fact is not None]
    known = {claim for _, claim in named}
    named += [(rule.path, rule.basis.claim) for rule in chosen_rules(scenario)
              if rule.basis is not None and rule.basis.claim is not None and rule.basis.claim not in known]
    return [
        Problem(slug="claim-unknown", place=Place(file, pointer=path), value=claim, rule="the catalogue holds no fact of this id",
                suggestion="see `frankensam catalogue`, or give a citation or an assumption instead")
        for path, claim in named if claim not in facts
    ]


def basis_row(scenario: Scenario, basis: Basis | None) -> dict[str, Any] | None:
    """Return what a number rests on: kind, reference, text to show, note, and the sources."""
    if basis is None:
        return None
    if basis.claim is not None:
        fact = curated_catalogue().fact(basis.claim)
        text, sources = fact_in_words(fact), fact_sources(fact)
    elif basis.citation is not None:
        source = cited_source(scenario, basis.citation)
        text, sources = "; ".join(str(source[part]) for part in ("author", "title", "publisher", "date") if source[part]), [source]
    else:
        text, sources = basis.text, []
    reference = basis.claim or basis.citation
    return {"kind": basis.kind.value, "reference": reference, "text": text, "note": basis.note, "sources": sources}


def fact_in_words(fact: Fact) -> str:
    """Return a fact of the catalogue as one line: what it is about, every value that differs, and whether sources disagree."""
    values = "; ".join(f"{statement.shown} ({statement.source.outlet})" for statement in fact.distinct) or fact.unknown or "unknown"
    conflict = f" – sources disagree: {fact.conflict}" if fact.disagrees and fact.conflict else ""
    return f"{subject_name(fact)}, {fact.declared.meaning}: {values}{conflict}"


def subject_name(fact: Fact) -> str:
    """Return the name of what a fact is about."""
    entity = curated_catalogue().entities.get(fact.subject)
    return entity.name if entity is not None else fact.subject


def fact_sources(fact: Fact) -> list[dict[str, Any]]:
    """Return the sources behind a fact, each once."""
    rows = {
        statement.source.id: {
            "key": f"catalogue:{statement.source.id}", "title": fact_title(fact), "publisher": statement.source.outlet,
            "author": statement.by, "date": str(statement.source.published) if statement.source.published else None,
            "url": statement.source.url, "quote": statement.quote,
        }
        for statement in fact.statements
    }
    return list(rows.values())


def fact_title(fact: Fact) -> str:
    """Return what stands for a title where only the page is known."""
    return f"{subject_name(fact)}: {fact.attribute.replace('_', ' ')}"


def cited_source(scenario: Scenario, key: str) -> dict[str, Any]:
    """Return a source of the scenario's own list."""
    source = scenario.sources[key]
    return {
        "key": key, "title": source.title, "publisher": source.publisher, "author": source.author,
        "date": str(source.date) if source.date else None, "url": source.url, "quote": source.quote,
    }


def sources_of(scenario: Scenario, bases: Iterable[Mapping[str, Any] | None]) -> list[dict[str, Any]]:
    """Return the scenario's own sources and those behind the facts used, each once, sorted by key."""
    rows = {key: cited_source(scenario, key) for key in scenario.sources}
    for basis in bases:
        rows.update((source["key"], source) for source in (basis or {}).get("sources", ()))
    return [rows[key] for key in sorted(rows)]
