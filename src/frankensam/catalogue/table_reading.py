"""Tables of a catalogue read back: CSV cells to the rows of a catalogue file, so that the same strict reader judges both."""

from __future__ import annotations

import re
from collections.abc import Mapping

from frankensam.catalogue.attributes import ATTRIBUTES, ValueKind
from frankensam.catalogue.curated import Catalogue
from frankensam.catalogue.loading import read_catalogue
from frankensam.catalogue.origins import Origin
from frankensam.catalogue.rows import Row
from frankensam.catalogue.sections import Sections
from frankensam.catalogue.tables import LIST_DELIMITER, TABLES
from frankensam.errors import InputRefused
from frankensam.formats.csv import Dialect, Table, check_columns, protected_cell, read_csv
from frankensam.formats.csv import Row as CsvRow
from frankensam.formats.nodes import Entry, Key, Node

PLAIN_NUMBER = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,20})?(?:e[+-]?[0-9]{1,3})?")


def catalogue_of_tables(files: Mapping[str, bytes], *, origin: Origin, compiled: str) -> Catalogue:
    """Return the catalogue of the tables in `files` (by the names of `TABLES`), every row of the given origin.

    Raises:
        InputRefused: a table is missing or wrong; every problem with file and line.
    """
    read = Sections(origin=origin)
    tables: dict[str, Table] = {}
    for declared in TABLES:
        if declared.derived:
            continue
        try:
            table = read_csv(files[declared.name], dialect=Dialect(), file=f"{declared.name}.csv")
        except InputRefused as error:
            for problem in error.problems:
                read.problems.add(problem)
            continue
        for problem in check_columns(table, [column.name for column in declared.columns], []):
            read.problems.add(problem)
        tables[declared.name] = table
    read.problems.refuse_if_any()
    root = Row(_document(tables, compiled), "", read.problems)
    return read_catalogue([root], read)


def _document(tables: Mapping[str, Table], compiled: str) -> Node:
    """Return the tables as the document that a catalogue file holds."""
    attributes = {row["id"]: row["attribute"] for row in _texts(tables["facts"])}
    statements: dict[str | None, list[Node]] = {}
    for table_row, cells in zip(tables["statements"].rows, _texts(tables["statements"]), strict=True):
        fact = cells.pop("fact")
        cells.pop("id")
        statements.setdefault(fact, []).append(_node(tables["statements"], table_row, cells, attributes.get(fact)))
    facts = []
    for table_row, cells in zip(tables["facts"].rows, _texts(tables["facts"]), strict=True):
        entries = _entries(tables["facts"], table_row, cells, None)
        held = tuple(statements.pop(cells["id"], []))
        entries["statements"] = Entry(Key("statements", table_row.line), Node(held, "facts.csv", table_row.line))
        facts.append(Node(entries, "facts.csv", table_row.line))
    sections = {
        "sources": _section(tables["sources"]), "entities": _section(tables["entities"]), "facts": tuple(facts),
        "corrections": _section(tables["corrections"], attributes),
        # what belongs to no fact of the table is left over, and refused as an unknown key
        **({"statements": tuple(node for nodes in statements.values() for node in nodes)} if statements else {}),
    }
    document = {name: Entry(Key(name, 1), Node(nodes, f"{name}.csv", 1)) for name, nodes in sections.items()}
    document["compiled"] = Entry(Key("compiled"), Node(compiled, "manifest.json", written=compiled))
    return Node(document, "tables")


def _section(table: Table, attributes: Mapping[str | None, str | None] | None = None) -> tuple[Node, ...]:
    return tuple(
        _node(table, row, cells, None if attributes is None else attributes.get(cells.get("fact")))
        for row, cells in zip(table.rows, _texts(table), strict=True)
    )


def _texts(table: Table) -> list[dict[str, str | None]]:
    """Return the cells of each row by column; an empty cell is None, the mark before a formula is taken off."""
    return [{name: _unprotected(cell) for name, cell in zip(table.header, row.cells, strict=True)} for row in table.rows]


def _unprotected(cell: str) -> str | None:
    if cell.startswith("'") and protected_cell(cell[1:]) == cell:
        return cell[1:]
    return cell or None


def _node(table: Table, row: CsvRow, cells: Mapping[str, str | None], attribute: str | None) -> Node:
    return Node(_entries(table, row, cells, attribute), table.file, row.line)


def _entries(table: Table, row: CsvRow, cells: Mapping[str, str | None], attribute: str | None) -> dict[str, Entry]:
    numeric = attribute in ATTRIBUTES and ATTRIBUTES[attribute or ""].kind is ValueKind.NUMBER
    held = dict(cells)
    entries: dict[str, Entry] = {}

    def put(name: str, value: object, written: str | None) -> None:
        entries[name] = Entry(Key(name, row.line), Node(value, table.file, row.line, written=written))  # type: ignore[arg-type]

    low, high = held.pop("low", None), held.pop("high", None)
    if low is not None or high is not None:
        ends = {
            name: Entry(Key(name, row.line), Node(_number(cell), table.file, row.line, written=cell))
            for name, cell in (("low", low), ("high", high)) if cell is not None
        }
        held.pop("value", None)
        put("value", ends, None)
    for name, cell in held.items():
        if name == "published" and cell is None:
            put(name, "unknown", "unknown")
        elif cell is None or (name == "origin" and table.file == "corrections.csv"):
            continue
        elif name == "aliases":
            put(name, tuple(Node(part, table.file, row.line, written=part) for part in cell.split(LIST_DELIMITER)), None)
        else:
            put(name.replace("_", "-"), _number(cell) if name == "value" and numeric else cell, cell)
    return entries


def _number(cell: str) -> float | str:
    return float(cell) if PLAIN_NUMBER.fullmatch(cell) else cell
