"""Strict CSV with a declared dialect (RFC 4180), and cells that no spreadsheet takes for a formula.

The dialect is never guessed: a file that does not fit the declared one is
refused, with the dialect it looks like as a suggestion.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from frankensam.errors import InputRefused, Place, Problem, printable
from frankensam.formats.files import read_regular_file
from frankensam.formats.near import did_you_mean
from frankensam.formats.text import decode, position

LARGEST_TABLE = 64 * 1024 * 1024
"""Bytes of a file."""
MOST_ROWS = 1_000_000
"""Rows below the header."""
LONGEST_FIELD = 20_000
"""Characters of one cell."""
MOST_PROBLEMS = 1_000
"""Problems gathered before reading stops."""

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
FORMULA_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "|", "%", "＝", "＋", "－", "＠")

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

CsvValue = str | int | float | None


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the file is written; declared by the caller."""

    delimiter: str = ","
    """One of `DELIMITERS`."""


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of one row, in the order of the header, and the line where it starts."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A header of distinct names and rows of as many cells."""

    file: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def place(self, row: Row, column: str | None = None) -> Place:
        """Return where a row, or its cell in a named column, stands."""
        return Place(self.file, row.line, pointer=column)


def read_csv(source: Path | bytes | str, *, dialect: Dialect, file: str | None = None) -> Table:
    """Return the table of a CSV file (a `Path`), of its bytes, or of a text (a `str`).

    Line ends may be LF, CR LF or CR; a quoted cell may hold delimiters, line
    ends and doubled quotes. Rows that are empty as a whole are skipped.

    Raises:
        InputRefused: with every problem of the file: encoding, quotes, ragged rows, header, size.
    """
    name = file or (str(source) if isinstance(source, Path) else "<csv>")
    content = read_regular_file(source, LARGEST_TABLE) if isinstance(source, Path) else source
    if len(content) > LARGEST_TABLE:
        raise InputRefused([Problem(slug="file-too-large", place=Place(name), rule=f"the table has more than {LARGEST_TABLE:,} bytes")])
    text = decode(content, name) if isinstance(content, bytes) else content
    problems = _control_characters(text, name)
    rows = _split(text, dialect.delimiter, name, problems)
    if not rows:
        raise InputRefused(problems or [Problem(slug="file-empty", place=Place(name), rule="the file is empty")])
    header = rows[0]
    problems += _header_problems(header, name, dialect.delimiter)
    width = len(header.cells)
    for row in rows[1:]:
        if len(row.cells) != width and len(problems) < MOST_PROBLEMS:
            problems.append(
                Problem(
                    slug="csv-ragged-row",
                    place=Place(name, row.line),
                    value=f"{len(row.cells)} cells",
                    rule=f"every row has as many cells as the header, {width}",
                    suggestion="put a cell that holds the delimiter in double quotes",
                )
            )
    if problems:
        raise InputRefused(problems)
    return Table(name, header.cells, tuple(rows[1:]))


def _control_characters(text: str, file: str) -> list[Problem]:
    """Invisible characters other than these are harmless in a cell: nothing compares or prints it as it stands."""
    return [
        Problem(
            slug="text-control",
            place=Place(file, *position(text, found.start())),
            value=f"U+{ord(found.group()):04X}",
            rule="control characters are not allowed",
        )
        for found, _ in zip(_CONTROL.finditer(text), range(10), strict=False)
    ]


def check_columns(table: Table, required: Iterable[str], optional: Iterable[str]) -> list[Problem]:
    """Return a problem for each required column that is missing and each column that is not known."""
    known = {*required, *optional}
    place = Place(table.file, 1)
    problems = [
        Problem(slug="csv-column-missing", place=place, value=name, rule="this column is required")
        for name in required
        if name not in table.header
    ]
    problems += [
        Problem(
            slug="csv-column-unknown",
            place=place,
            value=name,
            rule="this column is not known",
            suggestion=did_you_mean(name.strip(), known) or (f"did you mean '{name.strip()}'?" if name.strip() in known else None),
        )
        for name in table.header
        if name not in known
    ]
    return problems


def _split(text: str, delimiter: str, file: str, problems: list[Problem]) -> list[Row]:
    """Return the rows of the text; problems of quoting and size are appended."""
    plain = re.compile(f'[^{re.escape(delimiter)}"\r\n]*')
    quoted = re.compile(r'"((?:[^"]|"")*)"')
    line_end = re.compile(r"\r\n|\r|\n")
    rows: list[Row] = []
    cells: list[str] = []
    position, line, start = 0, 1, 1
    length = len(text)
    while position < length:
        if text[position] == '"':
            found = quoted.match(text, position)
            if found is None:
                problems.append(
                    Problem(slug="csv-quote-unclosed", place=Place(file, line), rule="a quoted cell begins here and never ends")
                )
                return rows
            cell = found.group(1).replace('""', '"')
            position = found.end()
            line += len(line_end.findall(found.group(1)))
        else:
            found = plain.match(text, position)
            assert found is not None  # the pattern matches the empty text
            cell = found.group()
            position = found.end()
        if len(cell) > LONGEST_FIELD:
            problems.append(
                Problem(
                    slug="csv-cell-too-long", place=Place(file, line), value=cell, rule=f"a cell has at most {LONGEST_FIELD:,} characters"
                )
            )
        cells.append(cell)
        at = text[position] if position < length else ""
        if at == delimiter:
            position += 1
            if position == length:
                cells.append("")
            continue
        if at and at not in "\r\n":
            problems.append(
                Problem(
                    slug="csv-quote-misplaced",
                    place=Place(file, line),
                    value=text[max(0, position - 20) : position + 20],
                    rule="a quote stands only at the start and the end of a cell",
                    suggestion='double a quote inside a quoted cell: ""',
                )
            )
            rest = line_end.search(text, position)
            position = rest.start() if rest else length
        if cells != [""]:
            rows.append(Row(start, tuple(cells)))
        cells = []
        ended = line_end.match(text, position)
        if ended is not None:
            position, line = ended.end(), line + 1
        start = line
        if len(rows) > MOST_ROWS + 1:
            problems.append(Problem(slug="csv-too-many-rows", place=Place(file, line), rule=f"a table has at most {MOST_ROWS:,} rows"))
        if len(rows) > MOST_ROWS + 1 or len(problems) >= MOST_PROBLEMS:
            return rows
    if cells:
        rows.append(Row(start, tuple(cells)))
    return rows


def _header_problems(header: Row, file: str, delimiter: str) -> list[Problem]:
    place = Place(file, header.line)
    problems = []
    if len(header.cells) == 1:
        other = [mark for mark in DELIMITERS if mark != delimiter and mark in header.cells[0]]
        problems.append(
            Problem(
                slug="csv-one-column",
                place=place,
                value=header.cells[0],
                rule=f"the header has one column only with the declared delimiter, {DELIMITERS[delimiter]}",
                suggestion=f"the delimiter looks like {DELIMITERS[other[0]]}: declare it" if other else None,
            )
        )
    for index, name in enumerate(header.cells):
        if not name.strip():
            problems.append(Problem(slug="csv-column-blank", place=place, rule=f"column {index + 1} has no name"))
        elif name in header.cells[:index]:
            problems.append(Problem(slug="csv-column-twice", place=place, value=name, rule="two columns have the same name"))
        elif name.strip() != name or name.strip().casefold() in {other.strip().casefold() for other in header.cells[:index]}:
            problems.append(
                Problem(
                    slug="csv-column-spelling",
                    place=place,
                    value=name,
                    rule="a column name has no spaces around it and no twin in other case",
                    suggestion=f"write '{printable(name.strip())}'",
                )
            )
    return problems


def protected_cell(value: CsvValue) -> str:
    """Return one CSV cell that no spreadsheet takes for a formula.

    Text that begins with a character that starts a formula, also after spaces or
    quotes, gets a leading apostrophe (OWASP ASVS 1.2.10); numbers are written as
    numbers, shortest form that reads back the same; None is an empty cell.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        if value.isprintable() and value[:1].isalnum():
            return value
        text = "".join(" " if unicodedata.category(character) == "Cc" and character not in "\t\r\n" else character for character in value)
        start = text.lstrip(" \u00a0\ufeff\"'")
        return f"'{text}" if start.startswith(FORMULA_STARTERS) or text.startswith(FORMULA_STARTERS) else text
    if isinstance(value, float):
        return "" if value != value else repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(int(value))


def csv_text(header: Sequence[str], rows: Iterable[Sequence[CsvValue]]) -> str:
    """Return a table as RFC 4180 CSV text with a header line, comma as delimiter."""
    lines = [header, *rows]
    return "".join(",".join(_quoted(protected_cell(value)) for value in line) + "\r\n" for line in lines)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in ',"\r\n') else cell
