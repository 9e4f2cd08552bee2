"""Claims side by side: where they contradict each other or what is held, where a unit may have slipped, what looks wrong.

Claims of one type about one subject are compared. Flags are for a person to look at; nothing is decided by them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from frankensam.claims.rows import changed_outside
from frankensam.claims.subjects import single_subjects, split_names
from frankensam.claims.systems import family_name
from frankensam.glossary import ClaimType, Review, Status

SLIP = 1_000.0
MOST_SUMS = 1_000
"""Pairs of sums of money a thousandfold apart that are looked at."""
_DONE = frozenset({Status.TESTED, Status.DELIVERED, Status.FIELDED, Status.USED_IN_COMBAT, Status.AGREED})
_PROGRESSES = frozenset({ClaimType.PAIRING, ClaimType.AGREEMENT})
_PLACED = frozenset({ClaimType.COMBAT_USE, ClaimType.TEST})
_SEASONS = {"winter": ("01", "02"), "spring": ("03", "05"), "summer": ("06", "08"), "autumn": ("09", "11")}


@dataclass(frozen=True, slots=True)
class Flag:
    """Something about a claim that a person should see; `other` is the claim or fact it is measured against."""

    slug: str
    words: str
    other: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the flag as one JSON object."""
        return {"flag": self.slug, "words": self.words, "other": self.other}


@dataclass(frozen=True, slots=True)
class Held:
    """A value that is held already: fact `reference` says it of claims of `type` about `subject`.

    `low` and `high` bound a number in `unit`, None where the fact holds none; `first_day` and `last_day` (ISO) bound
    when it was so.
    """

    reference: str
    type: ClaimType
    subject: str
    words: str
    unit: str | None = None
    cost_of: str | None = None
    low: float | None = None
    high: float | None = None
    first_day: str | None = None
    last_day: str | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """What of a claim is compared, edits included."""

    number: int
    claim_id: str
    type: ClaimType
    subject: str | None
    launcher: str | None
    interceptor: str | None
    unit: str | None
    cost_of: str | None
    low: float | None
    high: float | None
    exact: float | None
    first_day: str | None
    last_day: str | None
    date: str | None
    status: Status
    negated: bool
    in_caption: bool
    review: Review
    document: int
    story: int
    is_origin: bool
    outlet: str | None
    published: str | None
    stored_at: str


Found = dict[int, list[Flag]]
_COLUMNS = ("claim_number, claim_id, type, subject, launcher, interceptor, unit, cost_of, quantity, low, high, date, status, negated,"
            " in_caption, review, document_number, story_number, is_origin, outlet, published, stored_at")


def days_of(date: str | None) -> tuple[str | None, str | None]:
    """Return the first and the last day (ISO) that a claim's date can mean; a month is taken to have 31 days."""
    if date is None:
        return None, None
    year, _, rest = date.partition("-")
    if rest in _SEASONS:
        first, last = _SEASONS[rest]
        return f"{year}-{first}-01", f"{year}-{last}-31"
    return (f"{date}-01-01"[:10], f"{date}-12-31"[:10]) if not rest else (f"{date}-01"[:10], f"{date}-31"[:10])


def compared(row: sqlite3.Row) -> Compared:
    """Return a row of the view ``claim_effective`` as it is compared; one with words that no claim has was changed outside."""
    try:
        claim_type, status, review = ClaimType(row["type"]), Status(row["status"]), Review(row["review"])
    except ValueError:
        raise changed_outside(f"claim {row['claim_id']}") from None
    first, last = days_of(row["date"])
    low, high, quantity = row["low"], row["high"], row["quantity"]
    if low is None and high is None:
        low = high = quantity
    return Compared(
        row["claim_number"], row["claim_id"], claim_type, row["subject"], row["launcher"], row["interceptor"], row["unit"],
        row["cost_of"], low, high, quantity if low == high == quantity else None, first, last, row["date"], status,
        bool(row["negated"]), bool(row["in_caption"]), review, row["document_number"], row["story_number"],
        bool(row["is_origin"]),
        row["outlet"], row["published"], row["stored_at"])


def stream(connection: sqlite3.Connection, condition: str = "1", values: Sequence[object] = (), order: str = "") -> Iterator[Compared]:
    """Yield claims that are not rejected, as they are compared."""
    query = f"SELECT {_COLUMNS} FROM claim_effective WHERE review <> 'rejected' AND {condition} {order}"
    return (compared(row) for row in connection.execute(query, values))


def compare_group(group: Sequence[Compared], held: Iterable[Held], found: Found) -> None:
    """Compare claims of one type about one subject with each other and with what is held; add flags to `found`."""
    measured: dict[tuple[str | None, str | None], list[Compared]] = {}
    for one in group:
        if one.low is not None or one.high is not None:
            measured.setdefault((one.unit, one.cost_of), []).append(one)
    for same in measured.values():
        _compare_quantities(same, found)
        _compare_scale(same, found)
    _compare_negation(group, found)
    if group and group[0].type in _PROGRESSES:
        _compare_progress(group, found)
    if group and group[0].type is ClaimType.AGREEMENT:
        _compare_dates(group, found)
    facts = facts_about(group[0], held) if group else []
    for one in group:
        for fact in facts:
            _compare_with_held(one, fact, found)


def facts_about(one: Compared, held: Iterable[Held]) -> list[Held]:
    """Return what is held about a claim's subject, or about a launcher and an interceptor that it names among others."""
    subjects = {one.subject, *single_subjects(one.launcher, one.interceptor)}
    return [fact for fact in held if fact.type is one.type and fact.subject in subjects]


def _flag(found: Found, one: Compared, slug: str, words: str, other: str | None) -> None:
    found.setdefault(one.number, []).append(Flag(slug, words, other))


def _contradiction(found: Found, one: Compared, what: str, own: str, other: Compared, said: str) -> None:
    where = other.outlet or "outlet unknown"
    _flag(found, one, "contradiction", f"{what}: {own} here, {said} in claim {other.claim_id[:8]} ({where})", other.claim_id)


def _measure(one: Compared) -> str:
    unit = f" {one.unit}" if one.unit else ""
    if one.low == one.high:
        return f"{one.low:,.12g}{unit}"
    low, high = (f"{bound:,.12g}" if bound is not None else "" for bound in (one.low, one.high))
    return f"at least {low}{unit}" if not high else f"at most {high}{unit}" if not low else f"{low} to {high}{unit}"


def _month(one: Compared) -> str | None:
    same = one.first_day is not None and one.last_day is not None and one.first_day[:7] == one.last_day[:7]
    return one.first_day[:7] if same and one.first_day is not None else None


class _Extremes:
    """The claims with the least upper and the greatest lower bound, from two different documents each, so that none meets itself."""

    def __init__(self, low: Callable[[Compared], Any], high: Callable[[Compared], Any]) -> None:
        self._low, self._high = low, high
        self._least: list[Compared] = []
        self._greatest: list[Compared] = []

    def add(self, one: Compared) -> None:
        if self._high(one) is not None:
            self._least = self._kept([*self._least, one], lambda other: self._high(other), reverse=False)
        if self._low(one) is not None:
            self._greatest = self._kept([*self._greatest, one], lambda other: self._low(other), reverse=True)

    @staticmethod
    def _kept(claims: list[Compared], bound: Callable[[Compared], Any], *, reverse: bool) -> list[Compared]:
        by_document: dict[int, Compared] = {}
        for one in sorted(claims, key=bound, reverse=reverse):
            by_document.setdefault(one.document, one)
        return list(by_document.values())[:2]

    def apart_from(self, one: Compared) -> Compared | None:
        """A claim of another document whose bounds exclude those of this one."""
        low, high = self._low(one), self._high(one)
        below = [other for other in self._least if low is not None and other.document != one.document and self._high(other) < low]
        above = [other for other in self._greatest if high is not None and other.document != one.document and self._low(other) > high]
        return next(iter((*below, *above)), None)


def _compare_quantities(same: Sequence[Compared], found: Found) -> None:
    """Numbers in one unit that exclude each other; months that are known and differ are different events."""
    def extremes() -> _Extremes:
        return _Extremes(lambda one: one.low, lambda one: one.high)

    everything, by_month = extremes(), dict[str | None, _Extremes]()
    for one in same:
        everything.add(one)
        by_month.setdefault(_month(one), extremes()).add(one)
    for one in same:
        month = _month(one)
        among = [everything] if month is None else [by_month[month], *([by_month[None]] if None in by_month else [])]
        other = next((other for group in among if (other := group.apart_from(one)) is not None), None)
        if other is not None:
            _contradiction(found, one, "quantity", _measure(one), other, _measure(other))


def _compare_scale(same: Sequence[Compared], found: Found) -> None:
    """A value that is a thousand times another's, as a slipped unit or thousands sign makes it."""
    exact: dict[float, list[Compared]] = {}
    for one in same:
        if one.exact:
            exact.setdefault(one.exact, [])
            if all(other.document != one.document for other in exact[one.exact]) and len(exact[one.exact]) < 2:
                exact[one.exact].append(one)
    for one in same:
        for value in ((one.exact * SLIP, one.exact / SLIP) if one.exact else ()):
            for other in exact.get(value, ()):
                if other.document != one.document:
                    _flag(found, one, "factor-of-thousand", f"{_measure(one)} here, {_measure(other)} in claim {other.claim_id[:8]}: "
                          "a unit or a thousands sign may have slipped", other.claim_id)
                    break


def _compare_negation(group: Sequence[Compared], found: Found) -> None:
    said = next((one for one in group if not one.negated), None)
    denied = next((one for one in group if one.negated), None)
    if said is None or denied is None:
        return
    for one in group:
        other = said if one.negated else denied
        _contradiction(found, one, "whether it is so", "denied" if one.negated else "said", other, "said" if one.negated else "denied")


def _compare_progress(group: Sequence[Compared], found: Found) -> None:
    """Something still planned by a report that is later than one of it being done."""
    dated = [one for one in group if one.published and not one.negated]
    first_done = min((one for one in dated if one.status in _DONE), key=lambda one: one.published or "", default=None)
    last_planned = max((one for one in dated if one.status is Status.PLANNED), key=lambda one: one.published or "", default=None)
    for one in dated if first_done and last_planned else ():
        if first_done and one.status is Status.PLANNED and (first_done.published or "")[:10] < (one.published or "")[:10]:
            _contradiction(found, one, "status", f"still planned on {(one.published or '')[:10]}", first_done,
                           f"{first_done.status} by {(first_done.published or '')[:10]}")
        if last_planned and one.status in _DONE and (one.published or "")[:10] < (last_planned.published or "")[:10]:
            _contradiction(found, one, "status", f"{one.status} by {(one.published or '')[:10]}", last_planned,
                           f"still planned on {(last_planned.published or '')[:10]}")


def _compare_dates(group: Sequence[Compared], found: Found) -> None:
    by_status: dict[Status, list[Compared]] = {}
    for one in group:
        if one.first_day is not None and not one.negated:
            by_status.setdefault(one.status, []).append(one)
    for same in by_status.values():
        extremes = _Extremes(lambda one: one.first_day, lambda one: one.last_day)
        for one in same:
            extremes.add(one)
        for one in same:
            if (other := extremes.apart_from(one)) is not None:
                _contradiction(found, one, "date", one.date or "", other, other.date or "")


def _compare_with_held(one: Compared, fact: Held, found: Found) -> None:
    if one.negated:
        _flag(found, one, "contradiction", f"denied here, held by fact {fact.reference}: {fact.words}", fact.reference)
        return
    if one.subject != fact.subject:
        return  # The number is of several systems together.
    if fact.low is None or fact.high is None or (one.unit, one.cost_of) != (fact.unit, fact.cost_of):
        return
    if one.first_day and fact.last_day and one.last_day and fact.first_day:
        if one.first_day[:7] > fact.last_day[:7] or one.last_day[:7] < fact.first_day[:7]:
            return
    elif one.type is ClaimType.DELIVERY:
        return  # Deliveries are many: without a month on both sides it may be another one.
    apart = (one.low is not None and one.low > fact.high) or (one.high is not None and one.high < fact.low)
    if apart:
        _flag(found, one, "contradiction", f"quantity: {_measure(one)} here, fact {fact.reference} holds {fact.words}", fact.reference)
    if one.exact and one.exact in (fact.high * SLIP, fact.high / SLIP):
        _flag(found, one, "factor-of-thousand", f"{_measure(one)} here, fact {fact.reference} holds {fact.words}: "
              "a unit or a thousands sign may have slipped", fact.reference)


def compare_launchers(claims: Sequence[Compared], found: Found) -> None:
    """Compare the pairings of one document: a caption that names another launcher for the interceptor than the body does."""
    pairs = [one for one in claims if one.type is ClaimType.PAIRING and one.launcher and one.interceptor and not one.negated]
    for one in pairs:
        for other in pairs:
            if one.in_caption != other.in_caption and _families(one.interceptor) & _families(other.interceptor) \
                    and not _families(one.launcher) & _families(other.launcher):
                place, elsewhere = ("caption", "body") if one.in_caption else ("body", "caption")
                _flag(found, one, "contradiction", f"launcher: {one.launcher} in the {place}, {other.launcher} in the {elsewhere} of the "
                      f"same document, claim {other.claim_id[:8]}", other.claim_id)


def compare_uses(claims: Iterable[Compared], found: Found) -> None:
    """Compare uses and tests of one interceptor at one date: two launchers for them."""
    by_event: dict[tuple[ClaimType, str, str], list[Compared]] = {}
    for one in claims:
        if one.type in _PLACED and one.launcher and one.interceptor and _month(one):
            by_event.setdefault((one.type, one.interceptor, one.date or ""), []).append(one)
    for event in by_event.values():
        for one in event:
            other = next((other for other in event if not _families(one.launcher) & _families(other.launcher)), None)
            if other is not None:
                _contradiction(found, one, "launcher", one.launcher or "", other, other.launcher or "")


def _families(names: str | None) -> set[str]:
    return {family_name(name) for name in split_names(names)}


def compare_sums(connection: sqlite3.Connection, found: Found, stored_by: str | None = None) -> None:
    """Compare sums of money across subjects: a thousandfold of each other, in documents that name a system in common.

    With `stored_by` (UTC, ISO 8601) only those of claims stored by then.
    """
    # CROSS JOIN and INDEXED BY hold SQLite to looking each sum's thousandfold up; left to itself it scans all pairs.
    rows = connection.execute(
        "SELECT a.claim_number AS small, a.claim_id AS small_id, b.claim_number AS large, b.claim_id AS large_id, a.quantity, a.unit"
        " FROM claims a CROSS JOIN claims b INDEXED BY claims_by_sum"
        " WHERE b.type = 'cost' AND b.unit = a.unit AND b.quantity = a.quantity * ?"
        " AND a.type = 'cost' AND a.quantity > 0 AND a.document_number <> b.document_number"
        " AND EXISTS (SELECT 1 FROM document_systems s JOIN document_systems t USING (system_name)"
        " WHERE s.document_number = a.document_number AND t.document_number = b.document_number)"
        " AND NOT EXISTS (SELECT 1 FROM edited_claims e WHERE e.claim_number IN (a.claim_number, b.claim_number))"
        " AND NOT EXISTS (SELECT 1 FROM claim_reviews r WHERE r.review = 'rejected' AND r.claim_number IN (a.claim_number, b.claim_number))"
        " AND (? IS NULL OR max(a.stored_at, b.stored_at) <= ?) ORDER BY 1, 3 LIMIT ?", (SLIP, stored_by, stored_by, MOST_SUMS)).fetchall()
    for row in rows:
        small, large = (f"{value:,.12g} {row['unit']}" for value in (row["quantity"], row["quantity"] * SLIP))
        for number, own, said, other in ((row["small"], small, large, row["large_id"]), (row["large"], large, small, row["small_id"])):
            found.setdefault(number, []).append(Flag(
                "factor-of-thousand", f"{own} here, {said} in claim {other[:8]}: a unit or a thousands sign may have slipped", other))
