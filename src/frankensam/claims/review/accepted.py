"""Accepted claims as the catalogue takes them: as said, as edited, who decided when, from which document of which story."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from frankensam.claims.claim import Claim
from frankensam.claims.review.comparison import Flag
from frankensam.claims.review.decisions import Decision, Standing, standings
from frankensam.claims.review.flags import flags_of_claims
from frankensam.claims.review.listing import DocumentOfClaim, document_of_claim
from frankensam.glossary import Review
from frankensam.news.archive import Archive


@dataclass(frozen=True, slots=True)
class ReviewedClaim:
    """An accepted claim.

    `claim` is what the source said, `effective` how it reads after the edits in force (with the same id), `edited`
    names the fields they changed. `decision` is the latest in force. `stored_at` is when the claim came into the
    archive (UTC).
    """

    claim: Claim
    effective: Claim
    edited: tuple[str, ...]
    decision: Decision
    document: DocumentOfClaim
    stored_at: datetime
    flags: tuple[Flag, ...]

    @property
    def claim_id(self) -> str:
        """The claim's id, the same before and after edits."""
        return self.claim.claim_id

    @property
    def quote(self) -> str:
        """The quoted words, an exact substring of the document's stored text."""
        return self.effective.quote

    @property
    def quote_start(self) -> int:
        """Where the quote begins, in characters of the document's text."""
        return self.effective.quote_start

    @property
    def quote_end(self) -> int:
        """Where the quote ends."""
        return self.effective.quote_start + len(self.effective.quote)


def accepted_claims(
    archive: str | os.PathLike[str] | Archive | sqlite3.Connection, *, decided_by: date | None = None, published_by: date | None = None,
    with_flags: bool = True,
) -> tuple[ReviewedClaim, ...]:
    """Return the accepted claims in the order of storing; an edit accepts a claim as edited.

    With `decided_by`, what was accepted by the end of that day (UTC), from documents stored by then, read with the
    edits of that time. With `published_by`, only claims of documents certainly published by the end of that day;
    a document without date never was. Nothing that is derived is trusted: every claim and decision is checked.
    Flags need every claim on the same subjects to be compared; without `with_flags` they are left empty, which is
    quicker in a large archive.

    Raises:
        ArchiveRefused: there is no archive, it is something else, or of an older or newer schema.
        StoreDamaged: a claim or a decision was changed outside the tool (``claim-changed-outside``).
    """
    until = None if decided_by is None else datetime.combine(decided_by, time.max, UTC)
    with _connection(archive) as connection:
        decided = [int(row[0]) for row in connection.execute("SELECT DISTINCT claim_number FROM decisions ORDER BY claim_number")]
        accepted = {
            number: standing for number, standing in standings(connection, decided,
                until=until).items() if standing.review is Review.ACCEPTED}
        stored_by = None if until is None else until.isoformat(timespec="seconds")
        documents = {
            number: document_of_claim(connection, number, stored_by)
            for number in {standing.stored.document_number for standing in accepted.values()}}
        accepted = {
            number: standing for number, standing in accepted.items()
            if _published_by(documents[standing.stored.document_number], published_by)}
        flags = flags_of_claims(connection, list(accepted), stored_by=stored_by) if with_flags else {}
    return tuple(
        _reviewed(standing, documents[standing.stored.document_number], flags.get(number, ())) for number, standing in accepted.items())


def _published_by(document: DocumentOfClaim, day: date | None) -> bool:
    return day is None or (document.published is not None and document.published.last_day <= day)


def _reviewed(standing: Standing, document: DocumentOfClaim, flags: tuple[Flag, ...]) -> ReviewedClaim:
    return ReviewedClaim(
        claim=standing.stored.claim, effective=standing.effective, edited=standing.edited, decision=standing.in_force[-1],
        document=document, stored_at=standing.stored.stored_at, flags=flags)


@contextlib.contextmanager
def _connection(archive: str | os.PathLike[str] | Archive | sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Give a connection for reading; one that was handed in is left as it was."""
    if isinstance(archive, sqlite3.Connection):
        factory, archive.row_factory = archive.row_factory, sqlite3.Row
        try:
            yield archive
        finally:
            archive.row_factory = factory
    elif isinstance(archive, Archive):
        with archive.reading() as connection:
            yield connection
    else:
        with Archive.open_for_reading(archive) as opened, opened.reading() as connection:
            yield connection
