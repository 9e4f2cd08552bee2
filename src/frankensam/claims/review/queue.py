"""What to look at next: undecided claims, those first that are contradictory, new, or matter most to a study; each says why."""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from frankensam.claims.review.comparison import (
    Compared,
    Flag,
    Found,
    Held,
    compare_group,
    compare_launchers,
    compare_sums,
    compare_uses,
    facts_about,
    stream,
)
from frankensam.claims.review.listing import LARGEST_PAGE, ListedClaim, listed_claims
from frankensam.claims.review.plausibility import flags_of_one
from frankensam.claims.review.weights import StudyWeights
from frankensam.claims.subjects import single_subjects, split_names
from frankensam.claims.systems import entities_by_name
from frankensam.errors import StoreDamaged, UsageRefused
from frankensam.glossary import Review
from frankensam.news.archive import Archive

CONTRADICTORY = 1.0
SUSPECT = 0.75
NEW = 0.5
COPY = -2.0
"""What each reason counts; a study counts up to 1. A copy of what its story's origin says comes last."""
CANDIDATES = 2_000
"""Claims that are looked at one by one, after all were compared with each other."""
REASONS_SHOWN = 4
_NOT_SUSPECT = frozenset({"not-fully-read", "not-found-again", "contradiction"})
_BOTH_PLACES = ("document_number IN (SELECT document_number FROM claims WHERE type = 'pairing' AND interceptor IS NOT NULL"
                " GROUP BY document_number HAVING max(in_caption) <> min(in_caption)) AND type = 'pairing'")


@dataclass(frozen=True, slots=True)
class QueueRow:
    """An undecided claim in the queue: its score, the reasons in words, and its flags."""

    listed: ListedClaim
    score: float
    reasons: tuple[str, ...]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """The first rows, and how many claims are undecided in all; `damaged` tells of rows changed outside the tool, left out."""

    rows: tuple[QueueRow, ...]
    undecided: int
    damaged: tuple[StoreDamaged, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    score: float
    one: Compared
    reasons: tuple[str, ...]

    def order(self) -> tuple[float, str, int]:
        """Greater comes first: score, then what came in last, then the order of storing."""
        return self.score, self.one.stored_at, -self.one.number


def review_queue(archive: Archive, *, held: Sequence[Held] = (), weights: StudyWeights | None = None, limit: int = 20) -> Queue:
    """Return the undecided claims that a person should look at first.

    `held` is what is known already (the catalogue's facts), `weights` what matters to a study. All claims that are
    not rejected are compared; what looks wrong about a claim by itself is asked of the first 2,000 only.

    Raises:
        UsageRefused: a limit outside 1 to 1,000.
    """
    if not 1 <= limit <= LARGEST_PAGE:
        raise UsageRefused(f"the limit must be 1 to {LARGEST_PAGE:,}", slug="search-limit")
    with archive.reading() as connection:
        found = _found_across(connection)
        undecided = 0

        def counted() -> Iterator[_Candidate]:
            nonlocal undecided
            for candidate in _candidates(connection, held, weights, found):
                undecided += 1
                yield candidate

        chosen = heapq.nlargest(max(CANDIDATES, limit), counted(), key=_Candidate.order)
        ranked = [_with_own_flags(connection, candidate, found) for candidate in chosen]
        ranked.sort(key=lambda pair: pair[0].order(), reverse=True)
        damaged: list[StoreDamaged] = []
        first = listed_claims(connection, [one.one.number for one, _ in ranked[:limit]], damaged)
    listed = {row.standing.stored.number: row for row in first}
    rows = (QueueRow(listed[one.one.number], round(one.score, 3), one.reasons, flags) for one, flags in ranked[:limit]
            if one.one.number in listed)
    return Queue(tuple(rows), undecided, tuple(damaged))


def _found_across(connection: sqlite3.Connection) -> Found:
    """Flags that do not come from one type and subject: caption against body, one event with two launchers, sums."""
    found: Found = {}
    for _, pairs in groupby(stream(connection, _BOTH_PLACES, order="ORDER BY document_number"), key=lambda one: one.document):
        compare_launchers(list(pairs), found)
    compare_uses(stream(connection, "type IN ('combat_use', 'test') AND interceptor IS NOT NULL"), found)
    compare_sums(connection, found)
    return found


def _candidates(
    connection: sqlite3.Connection, held: Sequence[Held], weights: StudyWeights | None, found: Found,
) -> Iterator[_Candidate]:
    for (_, subject), rows in groupby(stream(connection, order="ORDER BY type, subject"), key=lambda one: (one.type, one.subject)):
        group = list(rows)
        about = facts_about(group[0], held) if subject is not None else []
        if subject is not None:
            compare_group(group, about, found)
        is_held = any(one.review is Review.ACCEPTED for one in group) or _all_held(group[0], about)
        first = _first_tellings(group)
        for one in group:
            if one.review is Review.UNDECIDED:
                yield _scored(one, found.get(one.number, []), about, weights, is_new=subject is not None and not is_held,
                              copy_of=first[_telling(one)] if subject is not None else one)


def _all_held(one: Compared, about: Sequence[Held]) -> bool:
    """Say whether something is held about everything the claim names."""
    subjects = {fact.subject for fact in about}
    return one.subject in subjects or (bool(subjects) and subjects.issuperset(single_subjects(one.launcher, one.interceptor)))


def _telling(one: Compared) -> tuple[object, ...]:
    return one.story, one.launcher, one.interceptor, one.low, one.high, one.unit, one.status, one.negated


def _first_tellings(group: Sequence[Compared]) -> dict[tuple[object, ...], Compared]:
    """Of claims that say the same in one story, that of the story's origin, else the first stored."""
    first: dict[tuple[object, ...], Compared] = {}
    for one in sorted(group, key=lambda one: (not one.is_origin, one.number)):
        first.setdefault(_telling(one), one)
    return first


def _scored(
    one: Compared, flags: Sequence[Flag], about: Sequence[Held], weights: StudyWeights | None, *, is_new: bool, copy_of: Compared,
) -> _Candidate:
    score, reasons = 0.0, list[str]()
    contradictions = [flag for flag in flags if flag.slug == "contradiction"]
    if contradictions:
        score += CONTRADICTORY
        reasons += [f"contradictory: {flag.words}" for flag in contradictions[:REASONS_SHOWN]]
    if any(flag.slug == "factor-of-thousand" for flag in flags):
        score += SUSPECT
        reasons += [flag.words for flag in flags if flag.slug == "factor-of-thousand"][:1]
    weight, words = _weight(one, about, weights)
    if weight > 0:
        score += weight
        reasons.append(f"matters to the study ({weight:.2f}): {words}")
    if is_new:
        score += NEW
        reasons.append(f"new: nothing is held or accepted about {one.subject} ({one.type.value.replace('_', ' ')})")
    if copy_of.number != one.number and copy_of.document != one.document:
        score += COPY
        reasons.append(f"repeats claim {copy_of.claim_id[:8]} of the same story")
    return _Candidate(score, one, tuple(reasons))


def _weight(one: Compared, about: Sequence[Held], weights: StudyWeights | None) -> tuple[float, str]:
    """The greatest weight that a study gives to the claim, to a fact on its subject, to its type or one of its systems."""
    if weights is None:
        return 0.0, ""
    found = [(weights.claims.get(one.claim_id, 0.0), "this claim"), (weights.types.get(one.type, 0.0), f"claims of type {one.type.value}")]
    for fact in about:
        if fact.reference in weights.facts:
            resting = weights.words.get(fact.reference)
            found.append((weights.facts[fact.reference], f"fact {fact.reference}" + (f" is under {resting}" if resting else "")))
    for name in (*split_names(one.launcher), *split_names(one.interceptor)):
        entity = entities_by_name().get(name)
        if entity is not None and entity.family in weights.families:
            found.append((weights.families[entity.family], name))
    return max(found, key=lambda pair: pair[0])


def _with_own_flags(connection: sqlite3.Connection, candidate: _Candidate, found: Found) -> tuple[_Candidate, tuple[Flag, ...]]:
    own = flags_of_one(connection, candidate.one.number)
    suspect = [flag for flag in own if flag.slug not in _NOT_SUSPECT]
    reasons = (*candidate.reasons, *(f"looks wrong: {flag.words}" for flag in suspect))
    if not reasons:
        reasons = ("undecided",)
    score = candidate.score + (SUSPECT if suspect else 0.0)
    return _Candidate(score, candidate.one, reasons), (*dict.fromkeys(found.get(candidate.one.number, ())), *own)
