"""Stories inside the archive: a new document joins the story whose text it repeats, or begins one."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np

from frankensam.news.documents import Document
from frankensam.news.stories import (
    SAME_STORY_SIMILARITY,
    Fingerprint,
    Signature,
    band_keys,
    compared_words,
    fingerprint,
    similarity,
)

MOST_CANDIDATES = 64
STORED_VALUES = np.dtype("<u4")


def join_story(connection: sqlite3.Connection, number: int, document: Document, keys: Sequence[Sequence[str]]) -> None:
    """Put a new document, of which `keys` are the `body_keys`, into its story, inside the caller's transaction.

    A document that resembles several stories joins them into one. The origin of a story is its
    earliest published document; documents without a date come after those with one.
    """
    made = fingerprint(compared_words(document, keys))
    nearest = _nearest(connection, made)
    _insert_fingerprint(connection, number, made, is_copy=any(likeness == 1.0 for likeness in nearest.values()))
    if not nearest:
        story = connection.execute("INSERT INTO stories (origin_document_number) VALUES (?)", (number,)).lastrowid
        connection.execute("INSERT INTO story_documents (document_number, story_number, similarity) VALUES (?, ?, 1.0)", (number, story))
        return
    story = min(nearest)
    connection.execute("INSERT INTO story_documents (document_number, story_number, similarity) VALUES (?, ?, ?)",
                       (number, story, max(nearest.values())))
    marks = ", ".join("?" * len(nearest))
    origins = connection.execute(f"SELECT origin_document_number FROM stories WHERE story_number IN ({marks})", tuple(nearest)).fetchall()
    connection.execute("UPDATE stories SET origin_document_number = ? WHERE story_number = ?",
                       (_earliest(connection, [number, *(int(row[0]) for row in origins)]), story))
    for other in sorted(set(nearest) - {story}):
        connection.execute("UPDATE story_documents SET story_number = ? WHERE story_number = ?", (story, other))
        connection.execute("DELETE FROM stories WHERE story_number = ?", (other,))


def _nearest(connection: sqlite3.Connection, made: Fingerprint) -> dict[int, float]:
    """Return the stories the text belongs to, each with the greatest similarity to one of its documents."""
    same = connection.execute(
        "SELECT s.story_number FROM fingerprints f JOIN story_documents s USING (document_number) WHERE f.words_key = ? LIMIT 1",
        (made.words_key,)).fetchone()
    if same is not None:
        return {int(same["story_number"]): 1.0}
    if made.signature is None:
        return {}
    keys = band_keys(made.signature)
    rows = connection.execute(
        "SELECT f.signature, s.story_number FROM fingerprint_bands b JOIN fingerprints f USING (document_number)"
        f" JOIN story_documents s USING (document_number) WHERE b.band_key IN ({', '.join('?' * len(keys))})"
        " GROUP BY b.document_number ORDER BY count(*) DESC, b.document_number LIMIT ?", (*keys, MOST_CANDIDATES))
    nearest: dict[int, float] = {}
    for row in rows:
        likeness = similarity(made.signature, _signature(row["signature"]))
        if likeness >= SAME_STORY_SIMILARITY:
            story = int(row["story_number"])
            nearest[story] = max(likeness, nearest.get(story, 0.0))
    return nearest


def _signature(stored: bytes) -> Signature:
    return np.frombuffer(stored, dtype=STORED_VALUES).astype(np.uint32)


def _insert_fingerprint(connection: sqlite3.Connection, number: int, made: Fingerprint, *, is_copy: bool) -> None:
    signature = None if made.signature is None else made.signature.astype(STORED_VALUES).tobytes()
    connection.execute("INSERT INTO fingerprints (document_number, words_key, signature) VALUES (?, ?, ?)",
                       (number, made.words_key, signature))
    if made.signature is not None and not is_copy:
        # A word-for-word copy is met through its words; its bands would only repeat those of the first.
        connection.executemany("INSERT OR IGNORE INTO fingerprint_bands (band_key, document_number) VALUES (?, ?)",
                               [(key, number) for key in band_keys(made.signature)])


def _earliest(connection: sqlite3.Connection, numbers: Sequence[int]) -> int:
    """Return the document that was published first; undated ones come last, then the order of storing decides."""
    row = connection.execute(
        f"SELECT document_number FROM documents WHERE document_number IN ({', '.join('?' * len(numbers))})"
        " ORDER BY published_utc IS NULL, published_utc, document_number LIMIT 1", tuple(numbers)).fetchone()
    return int(row["document_number"])
