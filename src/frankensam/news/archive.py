"""The archive: one SQLite file of documents, their stories and a full-text index.

A document is reported as stored only after the transaction that holds it is on disk (WAL,
``synchronous=FULL``), so a kill at any moment loses nothing that was reported. The same bytes are
stored once; every path they were found under is kept, and so is every version of a changed page.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from frankensam.errors import FrankensamError, Place, Problem, StoreDamaged, UsageRefused
from frankensam.news.archive_rows import RESTORE, document_row, sha256_of_text, stored_document, stored_original
from frankensam.news.archive_stories import join_story
from frankensam.news.documents import Document
from frankensam.news.intake import text_of_path
from frankensam.news.search_terms import keys_of
from frankensam.news.stories import body_keys

APPLICATION_ID = 0x4653_414D  # "FSAM"
SQLITE_MAGIC = b"SQLite format 3\x00"
SCHEMA_SCRIPTS = ("archive_schema.sql", "archive_schema_2.sql", "archive_schema_3.sql")
SCHEMA_VERSION = len(SCHEMA_SCRIPTS)
DOCUMENTS_PER_COMMIT = 64
LOCK_WAIT_SECONDS = 15.0
PAGE_CACHE_KIB = 64 * 1024
CLOCK_TOLERANCE = timedelta(hours=24)

_Preparation = Callable[[sqlite3.Connection, Path], None]
Beside = Callable[[sqlite3.Connection, int, Document, datetime], None]
"""What is written beside a new document in its own transaction: connection, document number, document, time of storing."""


class ArchiveRefused(FrankensamError):
    """The file given as archive cannot be used as one."""

    slug = "archive-refused"


class ArchiveWriteFailed(FrankensamError):
    """A document could not be written; everything reported before it is stored."""

    slug = "archive-write-failed"


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of one document handed to the archive.

    `warnings` are the document's own and those of the day of storing (a date in the future).
    """

    document: Document
    outcome: Literal["new", "known"]
    story_number: int
    page_version: int | None
    warnings: tuple[Problem, ...]


def default_archive_path(environment: Mapping[str, str] | None = None) -> Path:
    """Return where the archive is when no file is named: ``$XDG_DATA_HOME/frankensam/archive.db``.

    ``~/.local/share`` where that variable is unset or not absolute (XDG Base Directory
    Specification 0.8). Raises `UsageRefused` where there is no home folder.
    """
    variables = os.environ if environment is None else environment
    base = variables.get("XDG_DATA_HOME", "")
    if base.startswith("/"):
        return Path(base) / "frankensam" / "archive.db"
    try:
        return Path.home() / ".local" / "share" / "frankensam" / "archive.db"
    except RuntimeError:
        raise UsageRefused("there is no home folder to keep the archive in", slug="archive-no-home",
                           suggestion="name a file with --archive") from None


class Archive:
    """An open archive; use as a context manager.

    Several processes may read while one writes. A second writer waits up to 15 seconds for the
    first one's transaction.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Self:
        """Open an archive for reading and writing, creating it (and its folder) where there is none.

        Raises `ArchiveRefused` for a file that is something else or was written by a newer
        version, `StoreDamaged` for one that SQLite cannot read.
        """
        file = Path(path)
        _refuse_if_not_sqlite(file)
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            connection = sqlite3.connect(file, timeout=LOCK_WAIT_SECONDS, isolation_level=None)
        except (OSError, sqlite3.Error, ValueError) as error:
            raise ArchiveRefused(f"{text_of_path(file)} cannot be opened: {error}") from None
        return cls._prepared(connection, file, _prepare_for_writing)

    @classmethod
    def open_for_reading(cls, path: str | os.PathLike[str]) -> Self:
        """Open an existing archive; nothing can be changed through it. Raises as `open` does."""
        file = Path(path)
        if not file.is_file():
            raise ArchiveRefused(f"there is no archive at {text_of_path(file)}", slug="archive-not-found",
                                 suggestion="put records into one with: frankensam ingest PATH")
        _refuse_if_not_sqlite(file)
        try:
            connection = sqlite3.connect(file, timeout=LOCK_WAIT_SECONDS, isolation_level=None)
        except (sqlite3.Error, ValueError) as error:
            raise ArchiveRefused(f"{text_of_path(file)} cannot be opened: {error}") from None
        return cls._prepared(connection, file, _prepare_for_reading)

    @classmethod
    def _prepared(cls, connection: sqlite3.Connection, file: Path, prepare: _Preparation) -> Self:
        connection.row_factory = sqlite3.Row
        try:
            prepare(connection, file)
        except sqlite3.OperationalError as error:
            connection.close()
            raise ArchiveRefused(f"{text_of_path(file)} cannot be used: {error}") from None
        except sqlite3.DatabaseError as error:
            connection.close()
            raise StoreDamaged(f"{text_of_path(file)} cannot be read as an archive: {error}", slug="archive-damaged",
                               suggestion=RESTORE) from None
        except BaseException:
            connection.close()
            raise
        return cls(connection, file)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for queries; what SQLite cannot read becomes `StoreDamaged`."""
        try:
            yield self._connection
        except sqlite3.DatabaseError as error:
            raise StoreDamaged(f"{text_of_path(self.path)} cannot be read: {error}", slug="archive-damaged",
                               suggestion=RESTORE) from None

    @property
    def connection(self) -> sqlite3.Connection:
        """The SQLite connection, for the queries of this package and of those that keep rows beside documents."""
        return self._connection

    def add(
        self, documents: Iterable[tuple[Document, bytes, str]], *, now: datetime | None = None, beside: Beside | None = None,
    ) -> Iterator[Stored]:
        """Store documents and yield what became of each, after its transaction is on disk.

        `documents` are (document, original bytes, path) and are taken in groups of 64, one transaction each.
        `now` is the time of storing, for tests; `beside` writes what belongs to a new document into its
        transaction. Raises `ArchiveWriteFailed` where the disk refuses; the group in hand is then not
        stored, everything yielded before is.
        """
        remaining = iter(documents)
        while group := list(islice(remaining, DOCUMENTS_PER_COMMIT)):
            moment = now or datetime.now(UTC)
            with self.writing() as connection:
                stored = [_store(connection, document, content, path, moment, beside) for document, content, path in group]
            yield from stored

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection inside a write transaction: on disk when the block ends, undone where it raises.

        Raises `ArchiveWriteFailed` where the disk refuses or another process writes for more than 15 seconds.
        """
        connection = self._connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            _roll_back(connection)
            raise ArchiveWriteFailed(f"{text_of_path(self.path)}: {error}",
                                     suggestion="free disk space or end the other writer, then do it again") from None
        except BaseException:
            _roll_back(connection)
            raise

    def document(self, document_id: str) -> Document | None:
        """Return a stored document as it was when it was stored, or None.

        Raises `StoreDamaged` where the text or the original bytes are no longer those that were stored.
        """
        with self.reading() as connection:
            return stored_document(connection, document_id)

    def original(self, document_id: str) -> bytes | None:
        """Return the bytes a document was read from, or None. Raises `StoreDamaged` where they have changed."""
        with self.reading() as connection:
            return stored_original(connection, document_id)

    def documents(self) -> Iterator[Document]:
        """Yield every stored document in the order of storing."""
        with self.reading() as connection:
            ids = [row["document_id"] for row in connection.execute("SELECT document_id FROM documents ORDER BY document_number")]
        for document_id in ids:
            document = self.document(document_id)
            if document is not None:
                yield document

    def count(self) -> int:
        """Number of documents."""
        with self.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM documents").fetchone()[0])

    def stories(self) -> list[tuple[str, ...]]:
        """Return the stories as document ids, each with its origin first."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT s.story_number, d.document_id FROM stories s JOIN story_documents m USING (story_number)"
                " JOIN documents d ON d.document_number = m.document_number"
                " ORDER BY s.story_number, d.document_number <> s.origin_document_number, d.document_number").fetchall()
        grouped: dict[int, list[str]] = {}
        for row in rows:
            grouped.setdefault(row["story_number"], []).append(row["document_id"])
        return [tuple(ids) for ids in grouped.values()]


def _refuse_if_not_sqlite(file: Path) -> None:
    """Refuse what SQLite must not even open; a file of no bytes is what a kill at the first moment leaves."""
    try:
        if not file.exists():
            return
        if not file.is_file():
            raise ArchiveRefused(f"{text_of_path(file)} is not a regular file", slug="archive-not-an-archive",
                                 suggestion="name a file with --archive")
        with file.open("rb") as stream:
            beginning = stream.read(len(SQLITE_MAGIC))
    except (OSError, ValueError) as error:
        raise ArchiveRefused(f"{text_of_path(file)} cannot be read: {error}") from None
    if beginning and beginning != SQLITE_MAGIC:
        raise ArchiveRefused(f"{text_of_path(file)} is not a frankensam archive", slug="archive-not-an-archive",
                             suggestion="name another file with --archive")


def _roll_back(connection: sqlite3.Connection) -> None:
    with contextlib.suppress(sqlite3.Error):
        connection.execute("ROLLBACK")


def _store(
    connection: sqlite3.Connection, document: Document, content: bytes, path: str, now: datetime, beside: Beside | None,
) -> Stored:
    """Write one document inside the open transaction, and what belongs beside it."""
    stored_at = now.isoformat(timespec="seconds")
    warnings = (*document.warnings, *_date_in_future(document, now))
    known = connection.execute("SELECT document_number FROM documents WHERE sha256 = ?", (document.sha256,)).fetchone()
    keys = [] if known else body_keys(document)
    number = int(known["document_number"]) if known else _insert_document(connection, document, content, stored_at, keys)
    connection.execute(
        "INSERT INTO locations (document_number, record_name, path, first_seen_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (number, document.record_name, path, stored_at))
    if not known:
        connection.executemany(
            "INSERT INTO document_warnings (document_number, position, slug, line, rule, value) VALUES (?, ?, ?, ?, ?, ?)",
            [(number, position, warning.slug, warning.place.line, warning.rule, warning.value)
             for position, warning in enumerate(warnings)])
        join_story(connection, number, document, keys)
        if beside is not None:
            beside(connection, number, document, now)
    story = connection.execute("SELECT story_number FROM story_documents WHERE document_number = ?", (number,)).fetchone()
    version = connection.execute("SELECT version FROM page_versions WHERE document_number = ?", (number,)).fetchone()
    return Stored(document, "known" if known else "new", int(story["story_number"]),
                  None if version is None else int(version["version"]), warnings)


def _date_in_future(document: Document, now: datetime) -> tuple[Problem, ...]:
    published = document.published
    if published is None or published.earliest <= now + CLOCK_TOLERANCE:
        return ()
    return (Problem(slug="record-date-in-future", place=Place(document.record_name), value=published.as_written, severity="warning",
                    rule=f"published more than a day after it was stored ({now.date().isoformat()})"),)


def _insert_document(connection: sqlite3.Connection, document: Document, content: bytes, stored_at: str,
                     keys: list[list[str]]) -> int:
    row = document_row(document, stored_at)
    columns, marks = ", ".join(row), ", ".join("?" * len(row))
    number = connection.execute(f"INSERT INTO documents ({columns}) VALUES ({marks})", tuple(row.values())).lastrowid
    if number is None:
        raise sqlite3.IntegrityError("the document got no number")
    connection.execute("INSERT INTO originals (document_number, content) VALUES (?, ?)", (number, content))
    connection.executemany(
        "INSERT INTO header_fields (document_number, line, label, value) VALUES (?, ?, ?, ?)",
        [(number, field.line, field.label, field.value) for field in document.header])
    connection.executemany(
        "INSERT INTO paragraphs (document_number, position, role, part, basis, start_offset, end_offset) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(number, position, paragraph.role.value, paragraph.part, paragraph.basis, paragraph.start, paragraph.end)
         for position, paragraph in enumerate(document.paragraphs)])
    if document.url is not None:
        connection.execute(
            "INSERT INTO page_versions (url, version, document_number)"
            " SELECT ?, 1 + coalesce(max(version), 0), ? FROM page_versions WHERE url = ?", (document.url, number, document.url))
    body = " ".join(chain.from_iterable(keys))
    connection.execute("INSERT INTO document_search (rowid, title_keys, body_keys) VALUES (?, ?, ?)",
                       (number, " ".join(keys_of(document.title or "")), body))
    return number


def _identity(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """Return (application id, schema version, number of things in the schema)."""
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    return application, version, int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def _refuse_other_files(connection: sqlite3.Connection, file: Path, *, may_be_empty: bool) -> None:
    application, version, things = _identity(connection)
    if may_be_empty and (application, version, things) == (0, 0, 0):
        return
    if application != APPLICATION_ID:
        raise ArchiveRefused(f"{text_of_path(file)} is not a frankensam archive", slug="archive-not-an-archive",
                             suggestion="name another file with --archive")
    if version > SCHEMA_VERSION:
        raise ArchiveRefused(f"{text_of_path(file)} was written by a newer version (schema {version}, this one knows {SCHEMA_VERSION})",
                             slug="archive-newer", suggestion="use the newer frankensam")
    if version < SCHEMA_VERSION and not may_be_empty:
        raise ArchiveRefused(f"{text_of_path(file)} has the older schema {version}", slug="archive-older",
                             suggestion="run 'frankensam claims extract' on it once to bring it up to date")


def _prepare_for_reading(connection: sqlite3.Connection, file: Path) -> None:
    _refuse_other_files(connection, file, may_be_empty=False)
    connection.execute("PRAGMA query_only = ON")


def _prepare_for_writing(connection: sqlite3.Connection, file: Path) -> None:
    _refuse_other_files(connection, file, may_be_empty=True)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{PAGE_CACHE_KIB}")
    if _identity(connection)[1] < SCHEMA_VERSION:
        _migrate(connection)


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema up to date in one transaction; a kill leaves the old schema whole."""
    connection.create_function("sha256_of_text", 1, sha256_of_text, deterministic=True)
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have migrated between the look and the lock.
        for name in SCHEMA_SCRIPTS[_identity(connection)[1]:]:
            for statement in _statements(resources.files(__package__).joinpath(name).read_text(encoding="utf-8")):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        _roll_back(connection)
        raise


def _statements(script: str) -> Iterator[str]:
    """Split a script: ``executescript`` would commit in between."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
