"""Claims by page: filters over the archive, so that a million claims can be looked through fifty at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from frankensam.claims.review.decisions import Standing, claim_numbers, standings
from frankensam.errors import StoreDamaged, UsageRefused
from frankensam.glossary import Review
from frankensam.news.archive import Archive
from frankensam.news.archive_rows import story_place
from frankensam.news.dates import PublicationTime
from frankensam.news.search_terms import keys_of
from frankensam.news.searching import SystemChoice

LARGEST_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class ClaimFilters:
    """What a claim must be, edits included; None asks nothing. Days are those of publication, as in a search."""

    type: str | None = None
    system: SystemChoice | None = None
    language: str | None = None
    outlet: str | None = None
    since: PublicationTime | None = None
    until: PublicationTime | None = None
    story: int | None = None
    review: Review | None = None
    record: str | None = None
    """File name of the record, or the id of the document."""


@dataclass(frozen=True, slots=True)
class DocumentOfClaim:
    """What a reader must know of the document a claim stands in.

    `story` numbers its story, `is_origin` says whether the document is the origin of it, `copies` how many other documents tell it.
    """

    document_id: str
    title: str | None
    outlet: str | None
    outlet_url: str | None
    url: str | None
    language: str | None
    published: PublicationTime | None
    story: int
    is_origin: bool
    copies: int


@dataclass(frozen=True, slots=True)
class ListedClaim:
    """A claim with where it stands and its document."""

    standing: Standing
    document: DocumentOfClaim


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """One page of claims in the order of storing; `matched` counts all pages, `next_after` is the id to go on after, or None.

    `damaged` tells of the claims of the page that were changed outside the tool; they are left out.
    """

    claims: tuple[ListedClaim, ...]
    matched: int
    next_after: str | None
    damaged: tuple[StoreDamaged, ...] = ()


def list_claims(archive: Archive, filters: ClaimFilters | None = None, *, limit: int = 50, after: str | None = None) -> ClaimPage:
    """Return a page of the claims that pass the filters, those stored after the claim `after`.

    Raises:
        UsageRefused: a limit outside 1 to 1,000.
        InputRefused: `after` names no claim.
    """
    if not 1 <= limit <= LARGEST_PAGE:
        raise UsageRefused(f"the limit must be 1 to {LARGEST_PAGE:,}", slug="search-limit")
    first = 0 if after is None else claim_numbers(archive, [after])[0]
    condition, values = _conditions(filters or ClaimFilters())
    with archive.reading() as connection:
        matched = int(connection.execute(f"SELECT count(*) FROM claims c WHERE {condition}", values).fetchone()[0])
        rows = connection.execute(
            f"SELECT c.claim_number, c.claim_id FROM claims c WHERE {condition} AND c.claim_number > ? ORDER BY c.claim_number LIMIT ?",
            (*values, first, limit + 1)).fetchall()
        damaged: list[StoreDamaged] = []
        listed = listed_claims(connection, [int(row[0]) for row in rows[:limit]], damaged)
    return ClaimPage(tuple(listed), matched, rows[limit - 1]["claim_id"] if len(rows) > limit else None, tuple(damaged))


def listed_claims(connection: sqlite3.Connection, numbers: Sequence[int], damaged: list[StoreDamaged] | None = None) -> list[ListedClaim]:
    """Return claims by their numbers, in that order, with their documents.

    Claims that were changed outside the tool are told in `damaged` and left out; without it they raise.
    """
    try:
        found = standings(connection, numbers)
    except StoreDamaged:
        if damaged is None:
            raise
        found = _sound_standings(connection, numbers, damaged)
    documents = {
        number: document_of_claim(connection, number) for number in {standing.stored.document_number for standing in found.values()}}
    return [ListedClaim(standing, documents[standing.stored.document_number]) for standing in found.values()]


def _sound_standings(connection: sqlite3.Connection, numbers: Sequence[int], damaged: list[StoreDamaged]) -> dict[int, Standing]:
    found: dict[int, Standing] = {}
    for number in numbers:
        try:
            found |= standings(connection, [number])
        except StoreDamaged as error:
            damaged.append(error)
    return found


def document_of_claim(connection: sqlite3.Connection, number: int, stored_by: str | None = None) -> DocumentOfClaim:
    """Return what is to be known of a document; with `stored_by` (UTC) its story is that of the documents stored by then."""
    row = connection.execute("SELECT * FROM documents WHERE document_number = ?", (number,)).fetchone()
    place = story_place(connection, number, stored_by)
    return DocumentOfClaim(
        row["document_id"], row["title"], row["outlet"], row["outlet_url"], row["url"], row["language"], place.published,
        place.story, place.is_origin, place.copies)


def _conditions(filters: ClaimFilters) -> tuple[str, list[str | int]]:
    """One condition for each filter, over the table ``claims c``; what edits change is asked of the edited rows too."""
    conditions: list[str] = ["1"]
    values: list[str | int] = []
    if filters.type is not None:
        conditions.append("coalesce((SELECT e.type FROM edited_claims e WHERE e.claim_number = c.claim_number), c.type) = ?")
        values.append(filters.type)
    if filters.system is not None:
        condition, named = filters.system.condition()
        conditions.append(f"c.claim_number IN (SELECT claim_number FROM claim_systems WHERE {condition})")
        values += named
    if filters.review is Review.UNDECIDED:
        conditions.append("NOT EXISTS (SELECT 1 FROM claim_reviews r WHERE r.claim_number = c.claim_number)")
    elif filters.review is not None:
        conditions.append("c.claim_number IN (SELECT claim_number FROM claim_reviews WHERE review = ?)")
        values.append(filters.review.value)
    for condition, value in _document_conditions(filters):
        conditions.append(f"c.document_number IN (SELECT document_number FROM {condition})")
        values += value
    return " AND ".join(conditions), values


def _document_conditions(filters: ClaimFilters) -> list[tuple[str, list[str | int]]]:
    found: list[tuple[str, list[str | int]]] = []
    if filters.language is not None:
        found.append(("documents WHERE language = ?", [filters.language]))
    if filters.outlet is not None:
        words = keys_of(filters.outlet)
        if not words:
            raise UsageRefused("there is no word in the outlet's name", slug="search-outlet", suggestion="give a word of its name")
        found.append(("documents WHERE instr(' ' || outlet_keys || ' ', ?) > 0", [f" {' '.join(words)} "]))
    if filters.since is not None:
        found.append(("documents WHERE published_last_day >= ?", [filters.since.first_day.isoformat()]))
    if filters.until is not None:
        found.append(("documents WHERE published_first_day <= ?", [filters.until.last_day.isoformat()]))
    if filters.story is not None:
        found.append(("story_documents WHERE story_number = ?", [filters.story]))
    if filters.record is not None:
        found.append(("locations WHERE record_name = ? UNION SELECT document_number FROM documents WHERE document_id = ?",
                      [filters.record, filters.record]))
    return found
