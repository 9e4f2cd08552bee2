"""Reading the curated files: strict, everything wrong reported together, nothing used before all is right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import cast, get_args

from frankensam.catalogue.attributes import ATTRIBUTES, UNITS, ValueKind
from frankensam.catalogue.checks import check_entities, check_facts, check_sources
from frankensam.catalogue.curated import Catalogue
from frankensam.catalogue.facts import (
    Bound,
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
from frankensam.catalogue.rows import Row
from frankensam.errors import Place, ProblemCollector
from frankensam.formats.files import refuse_file
from frankensam.formats.near import did_you_mean
from frankensam.formats.yaml import read_yaml
from frankensam.glossary import Hedge, Status

FORMAT = "frankensam-catalogue-1"
CURATED_FILES = Path(__file__).parent / "data"

Rows = dict[str, Row]


@dataclass
class _Read:
    """What the files hold, with the row each thing stands in."""

    problems: ProblemCollector = field(default_factory=ProblemCollector)
    sources: dict[str, Source] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    source_rows: Rows = field(default_factory=dict)
    entity_rows: Rows = field(default_factory=dict)
    fact_rows: Rows = field(default_factory=dict)
    compiled: date | None = None


def load_catalogue(files: Path | Iterable[Path] | None = None) -> Catalogue:
    """Return the catalogue of the curated files, or of other files of the same format (a folder or a list).

    Raises:
        InputRefused: anything is wrong; every problem with file, line and column.
    """
    paths = _paths(CURATED_FILES if files is None else files)
    read = _Read()
    documents = []
    for path in paths:
        root = Row(read_yaml(path, file=path.name, problems=read.problems), "", read.problems)
        if root.choice("format", (FORMAT,)) == FORMAT:
            documents.append(root)
    for root in documents:
        _read_sources(root, read)
    for root in documents:
        _read_entities(root, read)
    for root in documents:
        _read_facts(root, read)
        root.refuse_unknown_keys()
    check_sources(read.sources, read.source_rows, read.compiled)
    check_entities(read.entities, read.entity_rows)
    check_facts(read.facts, read.fact_rows, read.entities)
    read.problems.refuse_if_any()
    return Catalogue(read.sources, read.entities, read.facts)


def _paths(files: Path | Iterable[Path]) -> list[Path]:
    if not isinstance(files, Path):
        return list(files)
    if not files.is_dir():
        return [files]
    found = sorted(files.glob("*.yaml"))
    if not found:
        raise refuse_file(str(files), "the folder holds no catalogue file (*.yaml)", slug="catalogue-empty")
    return found


def _is_new(row: Row, identifier: str, rows: Rows) -> bool:
    if identifier in rows:
        row.refuse("catalogue-duplicate-id", f"the id is already used at {_shown(rows[identifier].place('id'))}", "id", identifier)
        return False
    return bool(identifier)


def _shown(place: Place) -> str:
    return f"{place.file}:{place.line}"


def _read_sources(root: Row, read: _Read) -> None:
    compiled = root.date("compiled")
    if compiled is not None:
        read.compiled = compiled.latest
    for row in root.rows("sources"):
        source = Source(
            id=row.identifier(), outlet=row.text("outlet", required=True) or "", url=row.text("url", required=True) or "",
            published=row.date("published", unknown_allowed=True), language=row.text("language", required=True) or "",
            kind=cast("SourceKind", row.choice("kind", get_args(SourceKind))), story=row.identifier("story"),
            marking=cast("Marking", row.choice("marking", get_args(Marking))),
            read=cast("Reading", row.choice("read", get_args(Reading))),
            relay_of=row.text("relay-of"), note=row.text("note"),
        )
        row.refuse_unknown_keys()
        if _is_new(row, source.id, read.source_rows):
            read.sources[source.id] = source
            read.source_rows[source.id] = row


def _read_entities(root: Row, read: _Read) -> None:
    for row in root.rows("entities"):
        entity = Entity(
            id=row.identifier(), kind=cast("EntityKind", row.choice("kind", get_args(EntityKind))),
            name=row.text("name", required=True) or "", aliases=row.texts("aliases"), origin=row.text("origin"), note=row.text("note"),
            launcher=row.text("launcher"), interceptor=row.text("interceptor"), sensor=row.text("sensor"),
        )
        row.refuse_unknown_keys()
        if _is_new(row, entity.id, read.entity_rows):
            read.entities[entity.id] = entity
            read.entity_rows[entity.id] = row


def _read_facts(root: Row, read: _Read) -> None:
    for row in root.rows("facts"):
        identifier, subject = row.identifier(), row.identifier("subject")
        attribute = row.choice("attribute", tuple(ATTRIBUTES))
        conflict, unknown = row.text("conflict"), row.text("unknown")
        unknown_source = _source(row, "unknown-source", read) if row.child("unknown-source") else None
        statements: list[Statement] = []
        for statement_row in row.rows("statements"):
            statement = _statement(statement_row, attribute, read) if attribute else None
            if statement is not None:
                statements.append(statement)
        row.refuse_unknown_keys()
        if _is_new(row, identifier, read.fact_rows) and attribute:
            read.facts[identifier] = Fact(identifier, subject, attribute, tuple(statements), conflict, unknown, unknown_source)
            read.fact_rows[identifier] = row


def _statement(row: Row, attribute: str, read: _Read) -> Statement | None:
    value = _value(row, ATTRIBUTES[attribute].kind)
    unit = row.text("unit")
    if isinstance(value, str) or value is None:
        if unit is not None:
            row.refuse("catalogue-value", "only a number has a unit", "unit", unit)
    elif ATTRIBUTES[attribute].kind is ValueKind.NUMBER and unit not in UNITS:
        row.refuse("catalogue-unit", f"the unit is one of: {', '.join(UNITS)}", "unit", unit)
        value = None
    source = _source(row, "source", read)
    item = row.text("item")
    if item is not None and item not in read.entities:
        row.refuse("catalogue-unknown-entity", "there is no entity of this id", "item", item)
    about, bound = row.flag("about"), row.choice("bound", get_args(Bound), default="exact")
    stated = row.date("stated")
    hedge = Hedge(row.choice("hedge", tuple(Hedge), default=Hedge.NONE))
    rest = {key: row.text(key) for key in ("by", "part", "variant", "quote", "note")}
    valid = row.date("valid")
    row.refuse_unknown_keys()
    if value is None or source is None:
        return None
    return Statement(
        value=value, source=source, stated=stated or source.published, valid=valid, unit=unit,
        bound="about" if about else cast("Bound", bound), hedge=hedge, item=item, **rest,
    )


def _source(row: Row, key: str, read: _Read) -> Source | None:
    name = row.identifier(key)
    if name and name not in read.sources:
        row.refuse("catalogue-unknown-source", "there is no source of this id", key, name, did_you_mean(name, read.sources))
    return read.sources.get(name)


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
