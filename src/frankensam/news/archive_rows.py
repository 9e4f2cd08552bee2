"""A document as rows of the archive, and back: what was stored is what comes out, whatever would be read from the bytes today."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass

from frankensam.errors import Place, Problem, StoreDamaged
from frankensam.news.dates import PublicationTime, parse_publication_time
from frankensam.news.documents import Document, HeaderField, Language, Paragraph, ParagraphRole
from frankensam.news.search_terms import keys_of

RESTORE = "restore the archive from a copy; the records can also be ingested again into a new one"


def sha256_of_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def document_row(document: Document, stored_at: str) -> dict[str, str | float | None]:
    """Return the row of table ``documents`` for a document."""
    published, language = document.published, document.language
    return {
        "document_id": document.document_id,
        "sha256": document.sha256,
        "title": document.title,
        "outlet": document.outlet,
        "outlet_url": document.outlet_url,
        "aggregator": document.aggregator,
        "author": document.author,
        "kind": document.kind,
        "note": document.note,
        "url": document.url,
        "format": document.format,
        "reader": document.reader,
        "no_article": document.no_article,
        "language": language.used,
        "language_declared": language.declared,
        "language_detected": language.detected,
        "language_confidence": language.confidence,
        "published": None if published is None else published.iso,
        "published_as_written": None if published is None else published.as_written,
        "published_first_day": None if published is None else published.first_day.isoformat(),
        "published_last_day": None if published is None else published.last_day.isoformat(),
        "published_utc": None if published is None else published.earliest.isoformat(timespec="seconds"),
        "text": document.text,
        "text_sha256": sha256_of_text(document.text),
        "outlet_keys": " ".join(keys_of(document.outlet or "")),
        "stored_at": stored_at,
    }


def stored_original(connection: sqlite3.Connection, document_id: str) -> bytes | None:
    """Return the bytes of a document, or None; raises `StoreDamaged` where they are no longer those that were stored."""
    row = connection.execute(
        "SELECT d.sha256, o.content FROM documents d JOIN originals o USING (document_number) WHERE d.document_id = ?", (document_id,)
    ).fetchone()
    if row is None:
        return None
    content = bytes(row["content"])
    if hashlib.sha256(content).hexdigest() != row["sha256"]:
        raise _damaged(document_id)
    return content


def stored_document(connection: sqlite3.Connection, document_id: str) -> Document | None:
    """Return a document from its rows, or None; raises `StoreDamaged` where its text or its bytes have changed."""
    if stored_original(connection, document_id) is None:
        return None
    row = connection.execute("SELECT * FROM documents WHERE document_id = ?", (document_id,)).fetchone()
    if sha256_of_text(row["text"]) != row["text_sha256"]:
        raise _damaged(document_id)
    number = row["document_number"]
    name = connection.execute(
        "SELECT record_name FROM locations WHERE document_number = ? ORDER BY location_number LIMIT 1", (number,)
    ).fetchone()["record_name"]
    written = row["published_as_written"]
    return Document(
        document_id=row["document_id"],
        sha256=row["sha256"],
        record_name=name,
        text=row["text"],
        title=row["title"],
        outlet=row["outlet"],
        outlet_url=row["outlet_url"],
        aggregator=row["aggregator"],
        author=row["author"],
        kind=row["kind"],
        url=row["url"],
        language=Language(row["language_declared"], row["language_detected"], row["language_confidence"], row["language"]),
        published=None if written is None else parse_publication_time(written),
        paragraphs=_paragraphs(connection, number),
        warnings=_warnings(connection, number, name),
        header=_header(connection, number),
        note=row["note"],
        format=row["format"],
        reader=row["reader"],
        no_article=row["no_article"],
    )


def _damaged(document_id: str) -> StoreDamaged:
    return StoreDamaged(f"document {document_id} is not what was stored", slug="archive-damaged", suggestion=RESTORE)


def _paragraphs(connection: sqlite3.Connection, number: int) -> tuple[Paragraph, ...]:
    rows = connection.execute(
        "SELECT role, start_offset, end_offset, part, basis FROM paragraphs WHERE document_number = ? ORDER BY position", (number,)
    )
    return tuple(Paragraph(ParagraphRole(row["role"]), row["start_offset"], row["end_offset"], row["part"], row["basis"]) for row in rows)


def _warnings(connection: sqlite3.Connection, number: int, name: str) -> tuple[Problem, ...]:
    rows = connection.execute(
        "SELECT slug, line, rule, value FROM document_warnings WHERE document_number = ? ORDER BY position", (number,)
    )
    return tuple(Problem(row["slug"], Place(name, row["line"]), row["rule"], row["value"], severity="warning") for row in rows)


def _header(connection: sqlite3.Connection, number: int) -> tuple[HeaderField, ...]:
    rows = connection.execute("SELECT label, value, line FROM header_fields WHERE document_number = ? ORDER BY line", (number,))
    return tuple(HeaderField(row["label"], row["value"], row["line"]) for row in rows)


@dataclass(frozen=True, slots=True)
class StoryPlace:
    """A document's publication time and its place in its story; `copies` are the other documents of the story."""

    published: PublicationTime | None
    story: int
    is_origin: bool
    copies: int


def story_place(connection: sqlite3.Connection, number: int, stored_by: str | None = None) -> StoryPlace:
    """Return a stored document's place in its story; with `stored_by` (UTC, ISO 8601) among the documents stored by then.

    Which documents belong to one story is what is known now: stories that joined later are not parted again.
    """
    row = connection.execute(
        "SELECT d.published_as_written, s.story_number FROM documents d JOIN story_documents s USING (document_number)"
        " WHERE d.document_number = ?", (number,)).fetchone()
    members = [int(member[0]) for member in connection.execute(
        "SELECT d.document_number FROM story_documents s JOIN documents d USING (document_number)"
        " WHERE s.story_number = ? AND (? IS NULL OR d.stored_at <= ?)"
        " ORDER BY d.published_utc IS NULL, d.published_utc, d.document_number", (row["story_number"], stored_by, stored_by))]
    written = row["published_as_written"]
    published = None if written is None else parse_publication_time(written)
    return StoryPlace(published, int(row["story_number"]), members[:1] == [number], max(0, len(members) - 1))
