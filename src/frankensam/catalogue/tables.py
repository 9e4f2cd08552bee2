"""The catalogue as tables: every column declared once, for writing, for the description of a package, and for reading back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from frankensam.catalogue.attributes import ATTRIBUTES, UNITS
from frankensam.catalogue.curated import Catalogue
from frankensam.catalogue.facts import (
    Bound,
    Correction,
    CorrectionAction,
    EntityKind,
    Marking,
    Reading,
    SourceKind,
    Statement,
    Value,
    ValueRange,
    value_as_json,
)
from frankensam.catalogue.independence import sides
from frankensam.formats.csv import CsvValue, csv_text
from frankensam.glossary import Hedge, Status

DATE_PATTERN = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
ID_PATTERN = "[a-z0-9]+(--?[a-z0-9]+)*"
LIST_DELIMITER = "|"

ColumnType = Literal["string", "number", "integer", "boolean", "list"]
Cells = Sequence[CsvValue]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: name, type of Table Schema, meaning, and what its cells have to satisfy."""

    name: str
    meaning: str
    type: ColumnType = "string"
    required: bool = False
    words: tuple[str, ...] = ()
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns, its key, where its columns point, and its rows of a catalogue.

    `derived` tables are worked out from the others and not read back.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[Catalogue], Iterable[Cells]]
    key: tuple[str, ...] = ("id",)
    references: tuple[tuple[str, str], ...] = ()
    derived: bool = False

    def csv(self, catalogue: Catalogue) -> str:
        """Return the table as CSV text; no cell can be taken for a formula."""
        return csv_text([column.name for column in self.columns], self.rows(catalogue))


def _id(meaning: str = "id") -> Column:
    return Column("id", meaning, required=True, pattern=ID_PATTERN)


def _date(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, meaning, required=required, pattern=DATE_PATTERN)


VALUE_COLUMNS = (
    Column("value", "the value as printed: number, status, date or text; empty for a range"),
    Column("low", "low end of a range", "number"), Column("high", "high end of a range", "number"),
    Column("unit", "unit of a number", words=tuple(UNITS)), Column("bound", "how the source bounds it", words=get_args(Bound)),
)


def statement_id(fact: str, statement: Statement) -> str:
    """Return the id of a statement: a hash of fact, source, place in the source, item and value; the same everywhere."""
    content = json.dumps([fact, *(str(part) for part in statement.identity), statement.origin.shown], ensure_ascii=False)
    return hashlib.sha256(content.encode("utf-8")).hexdigest()[:16]


def _value_cells(value: Value | None, unit: str | None, bound: str) -> Cells:
    if isinstance(value, ValueRange):
        return (None, value.low, value.high, unit, bound)
    if value is None:
        return (None, None, None, unit, bound)
    return (value_as_json(value), None, None, unit, bound)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _sources(catalogue: Catalogue) -> Iterable[Cells]:
    for source in catalogue.sources.values():
        yield (source.id, source.outlet, source.url, _text(source.published), source.language, source.kind, source.relay_of,
               source.derived_from, source.story, source.marking, source.read, source.note)


def _entities(catalogue: Catalogue) -> Iterable[Cells]:
    for entity in catalogue.entities.values():
        yield (entity.id, entity.kind, entity.name, LIST_DELIMITER.join(entity.aliases) or None, entity.origin, entity.note,
               entity.launcher, entity.interceptor, entity.sensor)


def _facts(catalogue: Catalogue) -> Iterable[Cells]:
    for fact in catalogue.facts.values():
        yield (fact.id, fact.subject, fact.attribute, fact.dispute, fact.unknown, fact.unknown_source.id if fact.unknown_source else None)


def _statements(catalogue: Catalogue) -> Iterable[Cells]:
    said = catalogue.facts if catalogue.said is None else catalogue.said
    for fact in said.values():
        for statement in fact.statements:
            if fact.id in catalogue.facts and catalogue.view.holds(statement):
                yield (
                    statement_id(fact.id, statement), fact.id, *_value_cells(statement.value, statement.unit, statement.bound),
                    str(statement.hedge), statement.source.id, _text(statement.stated), _text(statement.valid), _text(statement.decided),
                    statement.by, statement.part, statement.item, statement.variant, statement.quote, statement.note, statement.claim,
                    statement.origin.shown,
                )


def corrections_in(catalogue: Catalogue) -> tuple[Correction, ...]:
    """Return the corrections that apply in the catalogue's view to something it holds."""
    return tuple(
        correction for correction in catalogue.corrections
        if catalogue.view.applies(correction) and any(
            amendment.correction == correction for fact in catalogue.facts.values() for amendment in fact.amended
        )
    )


def _corrections(catalogue: Catalogue) -> Iterable[Cells]:
    for one in corrections_in(catalogue):
        yield (one.id, one.action, one.fact, one.said_by, one.was, *_value_cells(one.value, one.unit, one.bound), _text(one.valid),
               one.reason, one.by, str(one.date), one.source.id, one.origin.shown)


def _pairings(catalogue: Catalogue) -> Iterable[Cells]:
    for cell in catalogue.matrix().cells.values():
        yield (
            cell.hybrid.id, catalogue.entities[cell.hybrid.launcher or ""].name, catalogue.entities[cell.hybrid.interceptor or ""].name,
            str(cell.status), str(cell.hedge), len(cell.stories), "yes" if cell.in_conflict else "no",
            "yes" if cell.only_marked_sources else "no", " ".join(dict.fromkeys(statement.source.url for statement in cell.statements)),
        )


def _conflicts(catalogue: Catalogue) -> Iterable[Cells]:
    for fact in catalogue.conflicts():
        for number, side in enumerate(sides(fact), start=1):
            yield (
                fact.id, number, fact.dispute, side.shown, len(side.stories), len(side.shared), len(side.originals), len(side.relays),
                "; ".join(f"{source.outlet} from {source.relay_of}" for source in side.relays) or None,
                sum(source.marking == "state" for source in side.sources), sum(source.marking == "partisan" for source in side.sources),
                "yes" if side.only_hedged else "no", " ".join(source.url for source in side.sources),
            )


YES_NO = ("yes", "no")
PAIRINGS = Table(
    "pairings", "The pairing matrix: furthest status of each launcher with each interceptor", (
        Column("hybrid", "id of the pairing", required=True), Column("launcher", "name of the launcher"),
        Column("interceptor", "name of the interceptor"), Column("status", "furthest status a source gives", words=tuple(Status)),
        Column("hedge", "how that source qualifies it", words=tuple(Hedge)),
        Column("independent_stories", "number of independent stories behind it", "integer"),
        Column("sources_disagree", "whether sources contradict each other about it", words=YES_NO),
        Column("only_state_or_partisan_sources", "whether only state or partisan outlets say so", words=YES_NO),
        Column("sources", "addresses of the sources, separated by spaces"),
    ), _pairings, key=("hybrid",), derived=True,
)
TABLES: tuple[Table, ...] = (
    Table("sources", "Pages and articles where values were read", (
        _id(), Column("outlet", "who published it", required=True), Column("url", "where it was read", required=True),
        _date("published", "the day, month or year the source shows; empty where it shows none"),
        Column("language", "language of the page", required=True),
        Column("kind", "own reporting, or the retelling of another", required=True, words=get_args(SourceKind)),
        Column("relay_of", "whom a relay retells"), Column("derived_from", "id of the source it retells"),
        Column("story", "accounts of one original publication share a story", required=True, pattern=ID_PATTERN),
        Column("marking", "state or partisan outlet", required=True, words=get_args(Marking)),
        Column("read", "how much of it was read", required=True, words=get_args(Reading)), Column("note", "remark"),
    ), _sources, references=(("derived_from", "sources"),)),
    Table("entities", "Systems, hybrids, actors and events", (
        _id(), Column("kind", "what it is", required=True, words=get_args(EntityKind)), Column("name", "what it is called", required=True),
        Column("aliases", "other names", "list"), Column("origin", "where it comes from"), Column("note", "remark"),
        Column("launcher", "launcher of a hybrid"), Column("interceptor", "interceptor of a hybrid"),
        Column("sensor", "sensor of a hybrid"),
    ), _entities, references=(("launcher", "entities"), ("interceptor", "entities"), ("sensor", "entities"))),
    Table("facts", "What statements are about: one attribute of one thing", (
        _id(), Column("subject", "the thing", required=True), Column("attribute", "what is said of it", required=True,
                                                                     words=tuple(ATTRIBUTES)),
        Column("conflict", "what is in dispute between its sources"), Column("unknown", "why there is no value"),
        Column("unknown_source", "source that leaves it open"),
    ), _facts, references=(("subject", "entities"), ("unknown_source", "sources"))),
    Table("statements", "What one source says, before any correction", (
        Column("id", "hash of what the row says", required=True, pattern="[0-9a-f]{16}"),
        Column("fact", "the fact it is about", required=True), *VALUE_COLUMNS,
        Column("hedge", "how the source qualifies it", required=True, words=tuple(Hedge)),
        Column("source", "the source", required=True), _date("stated", "when the source said it"),
        _date("valid", "when the thing was so"), _date("decided", "when it was taken into the catalogue"),
        Column("by", "whom the source names as its own source"), Column("part", "where in the article it stands"),
        Column("item", "the thing counted or handed over"), Column("variant", "variant of the thing"),
        Column("quote", "short quotation"), Column("note", "remark"), Column("claim", "id of the accepted claim it was made of"),
        Column("origin", "how it came into the catalogue that was exported", required=True),
    ), _statements, references=(("fact", "facts"), ("source", "sources"), ("item", "entities"))),
    Table("corrections", "Declared rows that correct, supersede or retract a statement, or retract a source", (
        _id(), Column("action", "what is done", required=True, words=get_args(CorrectionAction)), Column("fact", "the fact"),
        Column("said_by", "the source whose statement it is", required=True), Column("was", "its value before"), *VALUE_COLUMNS,
        _date("valid", "when the new value holds"), Column("reason", "why", required=True), Column("by", "who decided", required=True),
        _date("date", "when", required=True), Column("source", "where the new value or the withdrawal can be read", required=True),
        Column("origin", "how it came into the catalogue that was exported", required=True),
    ), _corrections, references=(("fact", "facts"), ("said_by", "sources"), ("source", "sources"))),
    PAIRINGS,
    Table("conflicts", "Values of one fact that contradict each other, each with its independence", (
        Column("fact", "the fact", required=True), Column("side", "number of the value", "integer", required=True),
        Column("about", "what is in dispute"), Column("value", "the value"),
        Column("independent_stories", "stories behind it", "integer"),
        Column("stories_shared", "of these, stories told with another value too", "integer"),
        Column("original_reports", "sources that report it themselves", "integer"),
        Column("relays", "sources that retell another", "integer"), Column("who_relays_whom", "each relay with what it retells"),
        Column("state_outlets", "outlets of a state party to the war", "integer"),
        Column("partisan_outlets", "partisan outlets", "integer"),
        Column("only_hedged", "whether every source hedges it", words=YES_NO), Column("sources", "addresses, separated by spaces"),
    ), _conflicts, key=("fact", "side"), references=(("fact", "facts"),), derived=True),
)
