"""Claims as rows of the archive, and back; what comes back is checked to be what was stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from frankensam.claims.claim import Claim, Passage, PlaceCandidate, PlaceMention, content_id
from frankensam.claims.subjects import split_names, subject_of
from frankensam.claims.systems import entities_by_name
from frankensam.errors import StoreDamaged
from frankensam.glossary import ClaimType, Hedge, Status

ACTOR_ROLES = {"organisations": "organisation", "people": "person", "countries": "country"}
SYSTEM_ROLES = ("launcher", "interceptor", "sensor", "hybrid")
_COPIED = (
    "launcher", "launcher_words", "interceptor", "interceptor_words", "sensor", "agreement", "hybrid", "quantity", "low", "high", "unit",
    "cost_of", "date", "date_precision", "date_basis", "date_words", "attributed_to", "attribution_basis", "quote", "quote_start",
    "language", "coverage",
)
_SELECT = (
    "SELECT c.*, d.document_id, x.name AS extractor_name, (SELECT record_name FROM locations l WHERE l.document_number = c.document_number"
    " ORDER BY location_number LIMIT 1) AS record_name, substr(d.text, c.quote_start + 1, c.quote_end - c.quote_start) AS words"
    " FROM claims c JOIN documents d USING (document_number) JOIN extractors x USING (extractor_number)"
)
MOST_VALUES = 500


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """A claim as it is in the archive: its number, when it was stored, and since when its extractor no longer finds it."""

    number: int
    document_number: int
    claim: Claim
    stored_at: datetime
    lost_at: datetime | None


def insert_claim(connection: sqlite3.Connection, document_number: int, claim: Claim, extractor_number: int, stored_at: str) -> int:
    """Write a claim with its actors, passages and systems inside the caller's transaction; return its number."""
    row: dict[str, object] = {name: getattr(claim, name) for name in _COPIED}
    row |= {
        "claim_id": claim.claim_id, "document_number": document_number, "type": claim.type.value, "subject": subject_of(claim),
        "status": claim.status.value, "hedge": claim.hedge.value, "negated": int(claim.negated), "in_caption": int(claim.in_caption),
        "quote_end": claim.quote_start + len(claim.quote), "extractor_number": extractor_number, "stored_at": stored_at,
    }
    cursor = connection.execute(f"INSERT INTO claims ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))
    number = cursor.lastrowid
    if number is None:
        raise sqlite3.IntegrityError("the claim got no number")
    connection.executemany(
        "INSERT INTO claim_actors (claim_number, role, position, name) VALUES (?, ?, ?, ?)",
        [(number, role, position, name) for field, role in ACTOR_ROLES.items() for position, name in enumerate(getattr(claim, field))])
    connection.executemany(
        "INSERT INTO claim_passages (claim_number, position, why, quote, start_offset, end_offset) VALUES (?, ?, ?, ?, ?, ?)",
        [(number, position, passage.why, passage.quote, passage.start, passage.start + len(passage.quote))
         for position, passage in enumerate(claim.passages)])
    for position, place in enumerate(claim.places):
        _insert_place(connection, number, position, place)
    insert_claim_systems(connection, number, claim)
    return number


def _insert_place(connection: sqlite3.Connection, number: int, position: int, place: PlaceMention) -> None:
    mention = connection.execute(
        "INSERT INTO claim_places (claim_number, position, words, start_offset, end_offset) VALUES (?, ?, ?, ?, ?)",
        (number, position, place.words, place.start, place.end)).lastrowid
    for rank, candidate in enumerate(place.candidates):
        row = asdict(candidate)
        same = " AND ".join(f"{name} IS ?" for name in row)
        known = connection.execute(f"SELECT place_number FROM places WHERE {same}", tuple(row.values())).fetchone()
        place_number = known[0] if known else connection.execute(
            f"INSERT INTO places ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values())).lastrowid
        connection.execute("INSERT INTO claim_place_candidates (claim_place_number, rank, place_number) VALUES (?, ?, ?)",
                           (mention, rank, place_number))


def insert_claim_systems(connection: sqlite3.Connection, number: int, claim: Claim) -> None:
    """Write which systems a claim names; of a system that no gazetteer lists, the field says the kind."""
    for role in SYSTEM_ROLES:
        for name in split_names(getattr(claim, role)):
            entity = entities_by_name().get(name)
            insert_system(connection, name, entity.kind if entity else role, entity.family if entity else name.casefold())
            connection.execute("INSERT OR IGNORE INTO claim_systems (system_name, claim_number) VALUES (?, ?)", (name, number))


def insert_system(connection: sqlite3.Connection, name: str, kind: str, family: str) -> None:
    """Write a system unless it is there."""
    connection.execute("INSERT INTO systems (name, kind, family) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (name, kind, family))


def claims_by_number(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, StoredClaim]:
    """Return claims by their numbers, in that order, each checked.

    Raises:
        StoreDamaged: a claim is not what its id says, or its quote is not in its document (``claim-changed-outside``).
    """
    found: dict[int, StoredClaim] = {}
    for start in range(0, len(numbers), MOST_VALUES):
        part = numbers[start:start + MOST_VALUES]
        marks = ", ".join("?" * len(part))
        actors, passages = _actors(connection, marks, part), _passages(connection, marks, part)
        places = _places(connection, marks, part)
        for row in connection.execute(f"{_SELECT} WHERE c.claim_number IN ({marks})", part):
            number = int(row["claim_number"])
            lists = {field: tuple(actors.get(number, {}).get(role, ())) for field, role in ACTOR_ROLES.items()}
            found[number] = _checked(
                row, {**lists, "passages": tuple(passages.get(number, ())), "places": tuple(places.get(number, ()))})
    return {number: found[number] for number in numbers if number in found}


def _actors(connection: sqlite3.Connection, marks: str, numbers: Sequence[int]) -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = {}
    rows = connection.execute(
        f"SELECT claim_number, role, name FROM claim_actors WHERE claim_number IN ({marks}) ORDER BY claim_number, role, position", numbers)
    for row in rows:
        found.setdefault(int(row["claim_number"]), {}).setdefault(row["role"], []).append(row["name"])
    return found


def _passages(connection: sqlite3.Connection, marks: str, numbers: Sequence[int]) -> dict[int, list[Passage]]:
    found: dict[int, list[Passage]] = {}
    rows = connection.execute(
        f"SELECT * FROM claim_passages WHERE claim_number IN ({marks}) ORDER BY claim_number, position", numbers)
    for row in rows:
        found.setdefault(int(row["claim_number"]), []).append(Passage(row["why"], row["start_offset"], row["quote"]))
    return found


def _places(connection: sqlite3.Connection, marks: str, numbers: Sequence[int]) -> dict[int, list[PlaceMention]]:
    candidates: dict[int, list[PlaceCandidate]] = {}
    columns = tuple(field.name for field in fields(PlaceCandidate))
    for row in connection.execute(
        "SELECT k.claim_place_number, p.* FROM claim_places m JOIN claim_place_candidates k USING (claim_place_number)"
        f" JOIN places p USING (place_number) WHERE m.claim_number IN ({marks}) ORDER BY k.claim_place_number, k.rank", numbers,
    ):
        candidates.setdefault(int(row["claim_place_number"]), []).append(PlaceCandidate(*(row[column] for column in columns)))
    found: dict[int, list[PlaceMention]] = {}
    for row in connection.execute(
        f"SELECT * FROM claim_places WHERE claim_number IN ({marks}) ORDER BY claim_number, position", numbers,
    ):
        named = tuple(candidates.get(int(row["claim_place_number"]), ()))
        found.setdefault(int(row["claim_number"]), []).append(PlaceMention(row["words"], row["start_offset"], row["end_offset"], named))
    return found


def _checked(row: sqlite3.Row, lists: dict[str, tuple[Any, ...]]) -> StoredClaim:
    try:
        claim = _claim(row, lists)
        stored_at, lost_at = datetime.fromisoformat(row["stored_at"]), row["lost_at"]
        lost = None if lost_at is None else datetime.fromisoformat(lost_at)
        whole = content_id(claim) == row["claim_id"] and row["words"] == claim.quote
    except ValueError:
        whole = False
    if not whole:
        raise changed_outside(f"claim {row['claim_id']}")
    return StoredClaim(int(row["claim_number"]), int(row["document_number"]), claim, stored_at, lost)


def changed_outside(what: str) -> StoreDamaged:
    """Return the error for a row that is no longer what its hash says."""
    return StoreDamaged(f"{what}: the record was changed outside the tool", slug="claim-changed-outside",
                        suggestion="restore the archive from a copy; change claims with 'frankensam claims edit'")


def _claim(row: sqlite3.Row, lists: dict[str, tuple[Any, ...]]) -> Claim:
    copied: dict[str, Any] = {**{name: row[name] for name in _COPIED}, **lists}
    return Claim(
        claim_id=row["claim_id"], type=ClaimType(row["type"]), status=Status(row["status"]), hedge=Hedge(row["hedge"]),
        negated=bool(row["negated"]), in_caption=bool(row["in_caption"]), document=row["document_id"], record=row["record_name"],
        extractor=row["extractor_name"], **copied,
    )
