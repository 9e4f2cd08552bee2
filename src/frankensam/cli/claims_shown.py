"""How ``frankensam claims`` shows claims: for a person, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from frankensam.cli.extract import summary
from frankensam.cli.output import say
from frankensam.errors import printable

if TYPE_CHECKING:
    from frankensam.claims.review.comparison import Flag
    from frankensam.claims.review.decisions import Decision, Standing
    from frankensam.claims.review.listing import ListedClaim

AROUND = 160
"""Characters of the document shown before and after a quote."""


def claim_as_json(listed: ListedClaim, flags: Sequence[Flag] | None = None, text: str | None = None) -> dict[str, Any]:
    """Return a claim as it reads now, as it was said where that differs, its document, and where it stands."""
    standing, document = listed.standing, listed.document
    stored = standing.stored
    shown: dict[str, Any] = {
        "id": stored.claim.claim_id, "review": standing.review, "edited": list(standing.edited),
        "claim": standing.effective.as_json(), "as_said": stored.claim.as_json() if standing.edited else None,
        "decision": standing.in_force[-1].as_json() if standing.in_force else None, "decisions": len(standing.decisions),
        "stored_at": stored.stored_at.isoformat(), "not_found_since": stored.lost_at.isoformat() if stored.lost_at else None,
        "document": {
            "id": document.document_id, "title": document.title, "outlet": document.outlet, "url": document.url,
            "language": document.language, "published": document.published.iso if document.published else None,
            "story": document.story, "is_origin": document.is_origin, "copies": document.copies,
        },
    }
    if flags is not None:
        shown["flags"] = [flag.as_json() for flag in flags]
    if text is not None:
        before, quote, after = _surroundings(standing, text)
        shown["context"] = {"before": before, "quote": quote, "after": after}
    return shown


def say_listed(listed: ListedClaim) -> None:
    """Print a claim on three lines: where it stands and what it says; the quote; the document."""
    standing, document = listed.standing, listed.document
    claim = standing.effective
    hedge = "" if claim.hedge.value == "none" else f", {claim.hedge.value}"
    edited = ", edited" if standing.edited else ""
    negated = "not: " if claim.negated else ""
    say(f"{standing.stored.claim.claim_id[:12]}  {standing.review}{edited}  {claim.type.value.replace('_', ' ')}"
        f" ({claim.status.value}{hedge})  {negated}{printable(summary(claim), 200)}")
    say(f"    “{printable(claim.quote, 300)}”")
    known = [document.outlet or "outlet unknown", document.published.iso if document.published else "date unknown",
             document.language or "language unknown", f"story {document.story}" + ("" if document.is_origin else ", not its origin")]
    say(f"    {printable(' | '.join(known), 200)}")


def say_whole(listed: ListedClaim, flags: Sequence[Flag], text: str) -> None:
    """Print everything about a claim."""
    standing, document = listed.standing, listed.document
    said, now = standing.stored.claim, standing.effective
    say(f"claim {said.claim_id}: {standing.review}")
    before, quote, after = _surroundings(standing, text)
    say(f"  …{printable(before, 2 * AROUND)}[{printable(quote, 2_000)}]{printable(after, 2 * AROUND)}…")
    for name, value in now.as_json().items():
        original = said.as_json()[name]
        if name not in {"id", "passages", "quote"} and (value not in (None, [], "") or original != value):
            shown = printable("; ".join(value) if isinstance(value, list) else str(value), 300)
            was = "" if original == value else f"   (said: {printable(str(original), 200)})"
            say(f"  {name}: {shown}{was}")
    for passage in said.passages:
        say(f"  {passage.why}: “{printable(passage.quote, 300)}”")
    title = f"{document.title or 'no title'} | {document.outlet or 'outlet unknown'} | {document.url or 'no address'}"
    say(f"  document {document.document_id}: {printable(title, 300)}")
    origin = "its origin" if document.is_origin else "not its origin"
    say(f"  published {document.published.iso if document.published else 'at an unknown time'}; story {document.story}, {origin}, "
        f"{document.copies} other documents")
    if standing.stored.lost_at:
        say(f"  not found again since {standing.stored.lost_at.isoformat()}")
    for flag in flags:
        say(f"  ! {flag.slug}: {printable(flag.words, 300)}")
    for decision in standing.decisions:
        _say_decision(standing, decision)
    say()


def say_history(standing: Standing) -> None:
    """Print all decisions on a claim."""
    say(f"claim {standing.stored.claim.claim_id}: {standing.review}, {len(standing.decisions)} decisions")
    for decision in standing.decisions:
        _say_decision(standing, decision)


def _say_decision(standing: Standing, decision: Decision) -> None:
    taken_back = "" if decision in standing.in_force or decision.action == "undo" else " (taken back)"
    undone = f" of {decision.undoes[:12]}" if decision.undoes else ""
    say(f"  {decision.at.isoformat(timespec='seconds')}  {decision.action}{undone} by {printable(decision.name, 200)}{taken_back}: "
        f"{printable(decision.reason, 400)}")
    for name, value in decision.fields:
        shown = "; ".join(value) if isinstance(value, tuple) else "unknown" if value is None else str(value)
        say(f"      {name} = {printable(shown, 300)}")


def _surroundings(standing: Standing, text: str) -> tuple[str, str, str]:
    claim = standing.effective
    start, end = claim.quote_start, claim.quote_start + len(claim.quote)
    return text[max(0, start - AROUND):start], text[start:end], text[end:end + AROUND]
