"""Decisions on claims: accept, reject, edit, undo. Each is a row of its own with name, time and reason; nothing is overwritten."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from frankensam.claims.claim import Claim
from frankensam.claims.review.edits import FIELDS, LIST_FIELDS, EditedValue, check_together, with_edits
from frankensam.claims.rows import MOST_VALUES, StoredClaim, changed_outside, claims_by_number, insert_claim_systems
from frankensam.claims.subjects import SEPARATOR, subject_of
from frankensam.errors import FrankensamError, InputRefused, Place, Problem, UsageRefused, printable
from frankensam.glossary import Review, ReviewAction
from frankensam.news.archive import Archive

MOST_CLAIMS_AT_ONCE = 1_000
LONGEST_NAME = 200
LONGEST_REASON = 2_000
_ID = re.compile(r"[0-9a-f]{6,32}")
_ID_DIGITS = 32
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class DecidedMeanwhile(FrankensamError):
    """Another process decided on a claim between the look at it and the saving; nothing was saved."""

    slug = "review-decided-meanwhile"
    exit_code = 1


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: who, when (UTC), why; for an edit the new values, for an undo the decision taken back."""

    decision_id: str
    number: int
    claim_id: str
    action: ReviewAction
    name: str
    at: datetime
    reason: str
    fields: tuple[tuple[str, EditedValue], ...] = ()
    undoes: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the decision as one JSON object."""
        return {
            "decision": self.decision_id, "claim": self.claim_id, "action": self.action.value, "by": self.name,
            "at": self.at.isoformat(), "reason": self.reason, "undoes": self.undoes,
            "fields": {name: list(value) if isinstance(value, tuple) else value for name, value in self.fields},
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a claim stands: every decision in order, those in force, and the claim as it reads with the edits in force."""

    stored: StoredClaim
    decisions: tuple[Decision, ...]
    in_force: tuple[Decision, ...]
    effective: Claim

    @property
    def review(self) -> Review:
        """What the latest decision in force says; an edit accepts the claim as edited."""
        if not self.in_force:
            return Review.UNDECIDED
        return Review.REJECTED if self.in_force[-1].action is ReviewAction.REJECT else Review.ACCEPTED

    @property
    def edited(self) -> tuple[str, ...]:
        """The fields that edits in force changed, in the order of `FIELDS`."""
        changed = {name for decision in self.in_force for name, _ in decision.fields}
        return tuple(name for name in FIELDS if name in changed)


def in_force_of(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """Return the decisions that no undo has taken back, undos themselves left out."""
    taken_back = {decision.undoes for decision in decisions}
    return tuple(decision for decision in decisions if decision.action is not ReviewAction.UNDO and decision.decision_id not in taken_back)


def claim_numbers(archive: Archive, ids: Iterable[str]) -> list[int]:
    """Return the numbers of claims named by id or by the first six or more digits of it.

    Raises:
        InputRefused: with a problem for every id that is none, names no claim or more than one, or is named twice.
    """
    problems: list[Problem] = []
    numbers: list[int] = []
    with archive.reading() as connection:
        for given in ids:
            rows = connection.execute("SELECT claim_number FROM claims WHERE claim_id >= ? AND claim_id < ? LIMIT 3",
                                      (given, f"{given}g")).fetchall() if _ID.fullmatch(given) else []
            if len(rows) == 1 and rows[0][0] not in numbers:
                numbers.append(int(rows[0][0]))
                continue
            rule = (f"an id is {_ID_DIGITS} digits 0-9 and a-f, of which the first six or more are enough" if not _ID.fullmatch(given)
                    else "no claim has this id" if not rows else "the claim is named twice" if len(rows) == 1
                    else "more than one claim begins with these digits")
            problems.append(Problem(slug="claim-id-unknown", place=Place("claim id"), value=given, rule=rule,
                                    suggestion="'frankensam claims list' shows the ids"))
    if problems:
        raise InputRefused(problems)
    return numbers


def standings(connection: sqlite3.Connection, numbers: Sequence[int], *, until: datetime | None = None) -> dict[int, Standing]:
    """Return where claims stand, or stood at the moment `until`; every row is checked (``claim-changed-outside``)."""
    stored = claims_by_number(connection, numbers)
    decided = _decisions(connection, numbers)
    found: dict[int, Standing] = {}
    for number, claim in stored.items():
        decisions = tuple(one for one in decided.get(number, ()) if until is None or one.at <= until)
        in_force = in_force_of(decisions)
        effective = claim.claim
        for decision in in_force:
            effective = with_edits(effective, dict(decision.fields))
        found[number] = Standing(claim, decisions, in_force, effective)
    return found


def _decisions(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, list[Decision]]:
    found: dict[int, list[Decision]] = {}
    ids: dict[int, str] = {}
    for start in range(0, len(numbers), MOST_VALUES):
        part = numbers[start:start + MOST_VALUES]
        marks = ", ".join("?" * len(part))
        fields: dict[int, dict[str, list[str | None]]] = {}
        for row in connection.execute(
            "SELECT f.* FROM decision_fields f JOIN decisions d USING (decision_number)"
            f" WHERE d.claim_number IN ({marks}) ORDER BY f.decision_number, f.field, f.position", part,
        ):
            fields.setdefault(int(row["decision_number"]), {}).setdefault(row["field"], []).append(row["value"])
        for row in connection.execute(
            "SELECT d.*, c.claim_id FROM decisions d JOIN claims c USING (claim_number)"
            f" WHERE d.claim_number IN ({marks}) ORDER BY d.decision_number", part,
        ):
            earlier = found.setdefault(int(row["claim_number"]), [])
            ids[int(row["decision_number"])] = row["decision_id"]
            earlier.append(_decision(row, fields.get(int(row["decision_number"]), {}), ids, earlier[-1] if earlier else None))
    return found


def _decision(row: sqlite3.Row, fields: Mapping[str, list[str | None]], ids: Mapping[int, str], before: Decision | None) -> Decision:
    undone = row["undoes_decision_number"]
    try:
        decision = Decision(
            row["decision_id"], int(row["decision_number"]), row["claim_id"], ReviewAction(row["action"]), row["decided_by"],
            datetime.fromisoformat(row["decided_at"]), row["reason"],
            tuple((name, _value_of(name, values)) for name, values in fields.items()), None if undone is None else ids.get(undone, ""))
    except (ValueError, TypeError):
        raise changed_outside(f"decision {row['decision_id']}") from None
    if decision_hash(decision, before) != decision.decision_id:
        raise changed_outside(f"decision {row['decision_id']} on claim {row['claim_id']}")
    return decision


def decision_hash(decision: Decision, before: Decision | None) -> str:
    """Return the id of a decision: a hash of it and of the decision on the same claim before it, so that none can be taken out."""
    content = decision.as_json() | {"decision": before.decision_id if before else None}
    content["fields"] = dict(sorted(content["fields"].items()))
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()[:32]


NUMBER_FIELDS = frozenset({"quantity", "low", "high", "quote_start"})


def _value_of(name: str, values: list[str | None]) -> EditedValue:
    """Return an edited value from its rows."""
    if name in LIST_FIELDS:
        return tuple(value for value in values if value is not None)
    (value,) = values
    if value is None:
        return None
    return float(value) if name in NUMBER_FIELDS else value == "true" if name == "negated" else value


def _rows_of(value: EditedValue) -> list[str | None]:
    if isinstance(value, tuple):
        return [*value] or [None]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return [repr(value) if isinstance(value, float) else value]


def decide(
    archive: Archive, ids: Sequence[str], action: ReviewAction | str, *, name: str, reason: str,
    fields: Mapping[str, EditedValue] | None = None, now: datetime | None = None, seen: Mapping[int, int | None] | None = None,
) -> tuple[Standing, ...]:
    """Save one decision on each claim, all or none, and return where the claims then stand.

    `seen` gives the number of the latest decision on each claim that the decider has seen; without it, what stands
    when this is called. Where another process decided in between, nothing is saved.

    Raises:
        InputRefused: with every problem of the name, the reason and every claim.
        UsageRefused: no claim, too many claims, or fields that do not go with the action.
        DecidedMeanwhile: someone else's decision came first.
    """
    action = ReviewAction(action)
    if not ids:
        raise UsageRefused("no claim is named", slug="review-no-claims", suggestion="name claims by their ids")
    if len(ids) > MOST_CLAIMS_AT_ONCE:
        raise UsageRefused(f"at most {MOST_CLAIMS_AT_ONCE:,} claims at once", slug="review-no-claims", suggestion="decide in several goes")
    if (action is ReviewAction.EDIT) != bool(fields) or not set(fields or {}) <= set(FIELDS):
        raise UsageRefused("an edit names the fields it changes, and nothing else does", slug="review-edit-form",
                           suggestion="the fields are " + ", ".join(FIELDS))
    numbers = _named(archive, ids, problems_of_signature(name, reason))
    name, reason = _folded(name), reason.strip()
    if seen is None:
        with archive.reading() as connection:
            seen = latest_decisions(connection, numbers)
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    with archive.writing() as connection:
        before = standings(connection, numbers)
        _refuse_if_decided_meanwhile(before, seen)
        planned: list[tuple[Standing, dict[str, EditedValue]]] = []
        problems: list[Problem] = []
        for number in numbers:
            values, wrong = _checked(connection, before[number], action, name, fields or {})
            problems += wrong
            planned.append((before[number], values))
        if problems:
            raise InputRefused(problems)
        for standing, values in planned:
            _insert(connection, standing, action, name, reason, values, moment)
        after = standings(connection, numbers)
        for standing in after.values():
            _refresh(connection, standing)
    return tuple(after.values())


def latest_decisions(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, int | None]:
    """Return the number of the latest decision on each claim, None where there is none."""
    found: dict[int, int | None] = {}
    for number in numbers:
        row = connection.execute("SELECT max(decision_number) FROM decisions WHERE claim_number = ?", (number,)).fetchone()
        found[number] = row[0]
    return found


def _folded(name: str) -> str:
    """Return a name without blanks around it or doubled in it."""
    return " ".join(name.split())


def problems_of_signature(name: str, reason: str) -> list[Problem]:
    """Return what is wrong with the name and the reason that every decision needs."""
    problems: list[Problem] = []
    name, reason = _folded(name), reason.strip()
    if not name or len(name) > LONGEST_NAME or _CONTROL.search(name):
        problems.append(Problem(
            slug="review-no-name", place=Place("--by"), value=name or None,
            rule=f"a decision needs the name of who decides, at most {LONGEST_NAME} printable characters",
            suggestion="give it with --by NAME, or set FRANKENSAM_REVIEWER"))
    if not reason or len(reason) > LONGEST_REASON or _CONTROL.search(reason):
        problems.append(Problem(
            slug="review-no-reason", place=Place("--reason"), value=reason or None,
            rule=f"a decision needs a reason, at most {LONGEST_REASON:,} printable characters", suggestion="give it with --reason WORDS"))
    return problems


def _named(archive: Archive, ids: Sequence[str], problems: list[Problem]) -> list[int]:
    """Return the numbers of the claims; what is wrong with their ids is told together with `problems`."""
    numbers: list[int] = []
    try:
        numbers = claim_numbers(archive, ids)
    except InputRefused as refused:
        problems += refused.problems
    if problems:
        raise InputRefused(problems)
    return numbers


def _refuse_if_decided_meanwhile(before: Mapping[int, Standing], seen: Mapping[int, int | None]) -> None:
    late = [
        standing for number, standing in before.items()
        if (standing.decisions[-1].number if standing.decisions else None) != seen.get(number)
    ]
    if late:
        told = "; ".join(
            f"claim {one.stored.claim.claim_id}: {one.decisions[-1].action} by {printable(one.decisions[-1].name)}" for one in late
            if one.decisions)
        raise DecidedMeanwhile(f"another process decided meanwhile, nothing was saved: {told}",
                               suggestion="look at the claims again, then decide")


def _checked(
    connection: sqlite3.Connection, standing: Standing, action: ReviewAction, name: str, fields: Mapping[str, EditedValue],
) -> tuple[dict[str, EditedValue], list[Problem]]:
    claim = standing.stored.claim
    place = Place(f"claim {claim.claim_id}")
    if action is ReviewAction.EDIT:
        text = connection.execute("SELECT text FROM documents WHERE document_number = ?", (standing.stored.document_number,)).fetchone()[0]
        return check_together(standing.effective, fields, text, place)
    if action is ReviewAction.UNDO:
        wrong = [] if standing.in_force else [
            Problem(slug="review-nothing-to-undo", place=place, rule="no decision on this claim is in force",
                    suggestion="'frankensam claims history' shows what was decided")]
        return {}, wrong
    latest = standing.in_force[-1] if standing.in_force else None
    if latest is not None and (latest.action, latest.name) == (action, name):
        return {}, [Problem(slug="review-nothing-new", place=place, value=latest.at.isoformat(timespec="seconds"),
                            rule=f"the same person already decided so ({action})", suggestion="leave this claim out")]
    return {}, []


def _insert(
    connection: sqlite3.Connection, standing: Standing, action: ReviewAction, name: str, reason: str, values: Mapping[str, EditedValue],
    moment: datetime,
) -> None:
    before = standing.decisions[-1] if standing.decisions else None
    undone = standing.in_force[-1] if action is ReviewAction.UNDO else None
    # A clock that goes backwards must not put a decision before the one it follows.
    moment = max(moment, before.at) if before else moment
    draft = Decision("", 0, standing.stored.claim.claim_id, action, name, moment, reason, tuple(values.items()),
                     undone.decision_id if undone else None)
    cursor = connection.execute(
        "INSERT INTO decisions (decision_id, claim_number, action, decided_by, decided_at, reason, undoes_decision_number)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (decision_hash(draft, before), standing.stored.number, action.value, name, moment.isoformat(), reason,
            undone.number if undone else None))
    connection.executemany(
        "INSERT INTO decision_fields (decision_number, field, position, value) VALUES (?, ?, ?, ?)",
        [(cursor.lastrowid, field, position, row) for field, value in values.items() for position, row in enumerate(_rows_of(value))])


def _refresh(connection: sqlite3.Connection, standing: Standing) -> None:
    """Write what follows from the decisions: where the claim stands, how it reads, which systems it names."""
    number, claim = standing.stored.number, standing.effective
    for table in ("claim_reviews", "edited_claims", "claim_systems"):
        connection.execute(f"DELETE FROM {table} WHERE claim_number = ?", (number,))
    insert_claim_systems(connection, number, claim)
    if standing.in_force:
        connection.execute("INSERT INTO claim_reviews (claim_number, review, edited, decision_number) VALUES (?, ?, ?, ?)",
                           (number, standing.review.value, int(bool(standing.edited)), standing.in_force[-1].number))
    if standing.edited:
        row = {"claim_number": number, "subject": subject_of(claim), "quote_start": claim.quote_start,
               "quote_end": claim.quote_start + len(claim.quote)}
        # Places have tables of their own, as said; which candidate is meant stands in the decision.
        row |= {name: _shown(getattr(claim, name)) for name in FIELDS if name != "places"}
        connection.execute(f"INSERT INTO edited_claims ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))


def _shown(value: object) -> Any:
    if isinstance(value, tuple):
        return SEPARATOR.join(value) or None
    return int(value) if isinstance(value, bool) else value
