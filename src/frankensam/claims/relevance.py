"""Whether a document is about hybrids, their programme, or what feeds it; and what it says where no rule takes a sentence."""

from __future__ import annotations

from frankensam.claims.draft import Draft, quoted_tokens
from frankensam.claims.reading import Mention, Reading, Sentence, concerns_ukraine, names_aircraft
from frankensam.claims.wording import hedge_of, status_of
from frankensam.glossary import ClaimType
from frankensam.news.documents import ParagraphRole

_ANCHORING = frozenset({
    ClaimType.PAIRING, ClaimType.DELIVERY, ClaimType.AGREEMENT, ClaimType.PRODUCTION, ClaimType.SUSTAINMENT, ClaimType.TEST,
    ClaimType.COMBAT_USE,
})
_SUPPLY = ("deliver", "package", "sustain", "ask", "agree", "approve", "own", "future", "produce", "joint")
_OTHER_TOPICS = ("sea_drone", "comparison", "destroy", "hostile_weapon")


def is_relevant(reading: Reading, drafts: list[Draft]) -> bool:
    """Say whether the document is about hybrids, their programme, or what feeds it: otherwise it yields no claims at all."""
    speaks_of_missiles = any(draft.type in {ClaimType.STATEMENT, ClaimType.CAPABILITY} and draft.interceptors for draft in drafts)
    hybrids = reading.names(lambda entity: entity.kind == "hybrid")
    if not speaks_of_missiles and not hybrids and not any(draft.type in _ANCHORING for draft in drafts):
        return False
    eastern = reading.names(lambda entity: entity.kind == "launcher" and entity.origin == "eastern")
    if reading.marks("sea_drone") and not hybrids and not eastern:
        return False
    core = hybrids or any(draft.type is ClaimType.PAIRING for draft in drafts)
    return core or concerns_ukraine(reading)


def topical_draft(reading: Reading, body: list[Sentence]) -> Draft | None:
    """Return what a document on Ukraine that no rule could take says of programme missiles: a delivery, else a statement.

    The first sentence that names such a missile or launcher counts. Handed on, bought or promised it is a
    delivery; a stop, a wish or a refusal is a statement. Without it the document would be passed over.
    """
    if not concerns_ukraine(reading) or reading.marks("sea_drone"):
        return None
    for sentence in body:
        if sentence.role is ParagraphRole.CAPTION or names_aircraft(sentence) or sentence.has(*_OTHER_TOPICS):
            continue
        named = [
            mention for mention in sentence.named("interceptor", "launcher") if mention.entity.programme or mention.entity.supplied
        ]
        if named and sentence.has(*_SUPPLY):
            return _draft(sentence, named)
    return None


def _draft(sentence: Sentence, named: list[Mention]) -> Draft:
    supplied = sentence.has("deliver", "package") and not sentence.has("ask", "negation", "sustain")
    kind = ClaimType.DELIVERY if supplied else ClaimType.STATEMENT
    words = sentence.all_marks("deliver", "package") or sentence.all_marks(*_SUPPLY)
    first, last = quoted_tokens(sentence, [named[0].first, named[0].last - 1, words[0].first])
    triggers = [mark for mark in sentence.marks.get("deliver", ()) if first <= mark.first < last]
    return Draft(
        kind, sentence, first, last, named[0].first, status=status_of(kind, sentence, first, last, triggers),
        hedge=hedge_of(sentence, first, last),
        launchers=tuple(mention for mention in named if mention.entity.kind == "launcher"),
        interceptors=tuple(mention for mention in named if mention.entity.kind == "interceptor"),
    )
