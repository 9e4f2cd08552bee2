"""Claims into the archive: beside a new document in its own transaction, and for documents stored before or by older rules.

A claim is stored once: its id is a hash of what it says and of its document. A newer extractor that no longer finds it
does not delete it; the row says since when it is not found again.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from frankensam.claims.claim import EXTRACTOR_NAME, EXTRACTOR_VERSION, Claim, Passage, PlaceMention, content_id
from frankensam.claims.extraction import claims_in, reading_of
from frankensam.claims.quotes import locate
from frankensam.claims.rows import insert_claim, insert_system
from frankensam.claims.systems import systems_in
from frankensam.errors import InputRefused, Place, Problem, StoreDamaged, printable
from frankensam.news.archive import DOCUMENTS_PER_COMMIT, Archive
from frankensam.news.archive_rows import stored_document
from frankensam.news.documents import Document

LONGEST_FIELD = 2_000
"""Characters of one field of a claim, the quote included."""
MOST_NAMES = 200
"""Names in one list of a claim, and passages."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What reading one document for claims gave: claims new to the archive, known ones, and ones no longer found."""

    document_id: str
    title: str | None
    new: int
    known: int
    lost: int
    fully_read: bool


@cache
def vocabulary_sha256() -> str:
    """Return one hash of all gazetteers and word lists: with the version of the rules it names what extracted a claim."""
    digest = hashlib.sha256()
    for name, content in _data_files(resources.files("frankensam.claims") / "data", ""):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _data_files(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.is_dir():
            yield from _data_files(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".yaml", ".tsv")):
            yield f"{prefix}{entry.name}", entry.read_bytes()


def store_document_claims(connection: sqlite3.Connection, number: int, document: Document, now: datetime) -> None:
    """Read a new document for systems and claims and store them inside the caller's transaction (see `Archive.add`)."""
    _extract_into(connection, number, document, now)


class Unread(StrEnum):
    """Which stored documents are meant."""

    NEVER = "read by no extractor"
    NOT_BY_THIS = "not read by the present rules and word lists"
    ANY = "all"


def count_unread(archive: Archive, which: Unread) -> int:
    """Number of stored documents of which that is so."""
    with archive.reading() as connection:
        return len(_unread(connection, which))


def extract_stored(archive: Archive, which: Unread = Unread.NOT_BY_THIS, *, now: datetime | None = None) -> Iterator[Extracted | Problem]:
    """Read stored documents for claims and yield what each gave, after its transaction is on disk.

    A document that is not what was stored becomes a `Problem`; the others are read. Several processes may do
    this at once: what one has read the other passes over. Raises `ArchiveWriteFailed` where the disk refuses.
    """
    with archive.reading() as connection:
        ids = _unread(connection, which)
    for start in range(0, len(ids), DOCUMENTS_PER_COMMIT):
        group = ids[start:start + DOCUMENTS_PER_COMMIT]
        with archive.writing() as connection:
            left = set(_unread(connection, which, group[0][0], group[-1][0]))
            done = [_extract_one(connection, number, document_id, now or datetime.now(UTC))
                    for number, document_id in group if (number, document_id) in left]
        yield from done


def _unread(connection: sqlite3.Connection, which: Unread, first: int = 0, last: int = sys.maxsize) -> list[tuple[int, str]]:
    """Numbers and ids of the documents from number `first` to `last` of which `which` is so."""
    by, values = "", list[str | int]()
    if which is Unread.NOT_BY_THIS:
        by, values = " AND x.name = ? AND x.vocabulary_sha256 = ?", [_name(), vocabulary_sha256()]
    read = ("NOT EXISTS (SELECT 1 FROM extractions e JOIN extractors x USING (extractor_number)"
            f" WHERE e.document_number = d.document_number{by})")
    rows = connection.execute(
        "SELECT document_number, document_id FROM documents d WHERE document_number BETWEEN ? AND ?"
        f" AND {'1' if which is Unread.ANY else read} ORDER BY 1", (first, last, *values))
    return [(int(row[0]), str(row[1])) for row in rows]


def _extract_one(connection: sqlite3.Connection, number: int, document_id: str, now: datetime) -> Extracted | Problem:
    try:
        document = stored_document(connection, document_id)
    except StoreDamaged as error:
        return Problem(error.slug, Place(f"document {document_id}"), Exception.__str__(error), suggestion=error.suggestion)
    if document is None:
        raise sqlite3.IntegrityError(f"document {document_id} has gone")
    return _extract_into(connection, number, document, now)


def _name() -> str:
    return f"{EXTRACTOR_NAME} {EXTRACTOR_VERSION}"


def _extract_into(connection: sqlite3.Connection, number: int, document: Document, now: datetime) -> Extracted:
    reading = reading_of(document)
    claims = () if reading is None else claims_in(reading)
    at = now.astimezone(UTC).isoformat(timespec="seconds")
    extractor = extractor_number(connection, _name(), vocabulary_sha256(), at)
    connection.execute("DELETE FROM document_systems WHERE document_number = ?", (number,))
    for system, mentions in systems_in(document, reading).items():
        insert_system(connection, system.name, system.kind, system.family)
        connection.execute("INSERT INTO document_systems (system_name, document_number, mentions) VALUES (?, ?, ?)",
                           (system.name, number, mentions))
    # What a hostile page makes too large to be a claim is left out and counted; the document and its other claims stay.
    sound = [claim for claim in claims if isinstance(checked_claim(claim, document.text), Claim)]
    new = store_claims(connection, number, document.text, sound, extractor, at)
    lost = _mark_lost(connection, number, [claim.claim_id for claim in sound], extractor, at)
    coverage = "none" if reading is None else reading.lexicon.coverage
    connection.execute(
        "INSERT INTO extractions (document_number, extractor_number, extracted_at, coverage, claims_found, claims_left_out)"
        " VALUES (?, ?, ?, ?, ?, ?)", (number, extractor, at, coverage, len(sound), len(claims) - len(sound)))
    return Extracted(document.document_id, document.title, new, len(sound) - new, lost, coverage == "full")


def extractor_number(connection: sqlite3.Connection, name: str, vocabulary: str, at: str) -> int:
    """Return the number of an extractor, which is written down where it is new, inside the caller's transaction."""
    connection.execute("INSERT INTO extractors (name, vocabulary_sha256, first_used_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                       (name, vocabulary, at))
    row = connection.execute("SELECT extractor_number FROM extractors WHERE name = ? AND vocabulary_sha256 = ?", (name, vocabulary))
    return int(row.fetchone()[0])


def store_claims(
    connection: sqlite3.Connection, number: int, text: str, claims: Sequence[Claim], extractor: int, at: str,
) -> int:
    """Store the claims of document `number`, whose text is `text`, that are not there yet, inside the caller's transaction.

    Returns how many were new. Raises `InputRefused` with every problem of every claim: a quote that is not in the text,
    a field beyond its limit, an id that does not belong to the content.
    """
    checked = [checked_claim(claim, text) for claim in claims]
    problems = [item for item in checked if isinstance(item, list)]
    if problems:
        raise InputRefused([problem for found in problems for problem in found])
    new = 0
    for claim in checked:
        if isinstance(claim, list):
            continue
        known = connection.execute("SELECT claim_number FROM claims WHERE claim_id = ?", (claim.claim_id,)).fetchone()
        if known is None:
            insert_claim(connection, number, claim, extractor, at)
            new += 1
    return new


def checked_claim(claim: Claim, text: str) -> Claim | list[Problem]:
    """Return the claim with its quote as it stands in `text`, or everything wrong with it.

    A quote that is found only after normalisation is replaced by the text's own words with their offset, and the
    claim gets the id that belongs to that.
    """
    place = Place(f"claim {claim.claim_id}")
    problems = [
        Problem(slug="claim-too-large", place=replace(place, pointer=name), value=f"{len(value):,}",
                rule=f"at most {limit:,} {unit} in a field of a claim")
        for name, value, limit, unit in _sizes(claim) if len(value) > limit
    ]
    if problems:
        return problems
    if content_id(claim) != claim.claim_id:
        return [Problem(slug="claim-id-stale", place=place, rule="the id does not belong to what the claim says: changed after extraction")]
    for index, passage in enumerate(claim.passages):
        if text[passage.start:passage.start + len(passage.quote)] != passage.quote or not passage.quote:
            problems.append(_not_found(f"passages[{index}]", place, passage.quote))
    for index, named in enumerate(claim.places):
        if text[named.start:named.end] != named.words or not named.words:
            problems.append(_not_found(f"places[{index}]", place, named.words))
    found = locate(text, claim.quote, near=claim.quote_start)
    if found is None:
        problems.append(_not_found("quote", place, claim.quote))
    if problems or found is None:
        return problems
    if (found.start, found.words) == (claim.quote_start, claim.quote):
        return claim
    moved = replace(claim, quote=found.words, quote_start=found.start)
    return replace(moved, claim_id=content_id(moved))


def _not_found(pointer: str, place: Place, quote: str) -> Problem:
    return Problem(slug="claim-quote-not-found", place=replace(place, pointer=pointer), value=printable(quote),
                   rule="the quoted words are not in the stored text of the document",
                   suggestion="quote the document's own words: 'frankensam claims show' prints them in their surroundings")


def _sizes(claim: Claim) -> Iterator[tuple[str, str | tuple[object, ...], int, str]]:
    for name in Claim.__dataclass_fields__:
        value = getattr(claim, name)
        if isinstance(value, str):
            yield name, value, LONGEST_FIELD, "characters"
        elif isinstance(value, tuple):
            yield name, value, MOST_NAMES, "entries"
            for index, entry in enumerate(value):
                yield f"{name}[{index}]", _words_of(entry), LONGEST_FIELD, "characters"


def _words_of(entry: str | Passage | PlaceMention) -> str:
    if isinstance(entry, str):
        return entry
    return entry.quote if isinstance(entry, Passage) else entry.words


def _mark_lost(connection: sqlite3.Connection, number: int, found: Sequence[str], extractor: int, at: str) -> int:
    """Mark the claims of a document that its extractor no longer finds, and take the mark off those it finds again."""
    own = connection.execute(
        "SELECT claim_number, claim_id, lost_at FROM claims c JOIN extractors x USING (extractor_number)"
        " WHERE document_number = ? AND substr(x.name, 1, ?) = ?", (number, len(EXTRACTOR_NAME) + 1, f"{EXTRACTOR_NAME} ")).fetchall()
    wanted = set(found)
    lost = [row["claim_number"] for row in own if row["claim_id"] not in wanted and row["lost_at"] is None]
    again = [row["claim_number"] for row in own if row["claim_id"] in wanted and row["lost_at"] is not None]
    connection.executemany("UPDATE claims SET lost_to_extractor_number = ?, lost_at = ? WHERE claim_number = ?",
                           [(extractor, at, claim) for claim in lost])
    connection.executemany("UPDATE claims SET lost_to_extractor_number = NULL, lost_at = NULL WHERE claim_number = ?",
                           [(claim,) for claim in again])
    return len(lost)
