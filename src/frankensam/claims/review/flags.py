"""Every flag of a claim: what other claims and held facts say against it, and what looks wrong about it by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import groupby

from frankensam.claims.review.comparison import Flag, Found, Held, compare_group, compare_launchers, compare_sums, compare_uses, stream
from frankensam.claims.review.plausibility import flags_of_one

_STORED = "(? IS NULL OR stored_at <= ?)"


def flags_of_claims(
    connection: sqlite3.Connection, numbers: Sequence[int], held: Sequence[Held] = (), stored_by: str | None = None,
) -> dict[int, tuple[Flag, ...]]:
    """Return the flags of these claims, each compared with every other claim on its subject.

    With `stored_by` (UTC, ISO 8601) only with claims stored by then.
    """
    subjects: set[str] = set()
    documents: set[int] = set()
    for number in numbers:
        row = connection.execute("SELECT subject, document_number FROM claim_effective WHERE claim_number = ?", (number,)).fetchone()
        documents.add(row["document_number"])
        if row["subject"] is not None:
            subjects.add(row["subject"])
    found: Found = {}
    for subject in sorted(subjects):
        about = list(stream(
            connection, "claim_number IN (SELECT claim_number FROM claims WHERE subject = ? UNION SELECT claim_number FROM edited_claims"
            f" WHERE subject = ?) AND subject = ? AND {_STORED}", (subject, subject, subject, stored_by, stored_by)))
        for _, group in groupby(sorted(about, key=lambda one: one.type), key=lambda one: one.type):
            compare_group(list(group), held, found)
    for document in documents:
        compare_launchers(list(stream(connection, f"document_number = ? AND {_STORED}", (document, stored_by, stored_by))), found)
    compare_sums(connection, found, stored_by)
    compare_uses(stream(connection, f"type IN ('combat_use', 'test') AND interceptor IS NOT NULL AND {_STORED}", (stored_by, stored_by)),
        found)
    return {number: (*_once(found.get(number, ())), *flags_of_one(connection, number)) for number in numbers}


def _once(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    return tuple(dict.fromkeys(flags))
