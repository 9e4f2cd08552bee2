"""Whether a document is about hybrids, their programme, or what feeds it; and what it says where no rule takes a sentence."""

from __future__ import annotations

from frankensam.claims.draft import Draft, quoted_tokens
from frankensam.claims.reading import Reading, Sentence, concerns_ukraine, names_aircraft
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
    core = hybrids or any(draft.type is ClaimType.PAIRING for draft in drafts)
    return core or concerns_ukraine(reading)


def topical_statement(reading: Reading, body: list[Sentence]) -> Draft | None:
    """Return the first sentence on the supply of programme missiles in a document on Ukraine that no rule could take.

    A stop of deliveries or a wish is then kept as a statement, so that the document is not passed over.
    """
    if not concerns_ukraine(reading) or reading.marks("sea_drone"):
        return None
    for sentence in body:
        if sentence.role is ParagraphRole.CAPTION or names_aircraft(sentence) or sentence.has(*_OTHER_TOPICS):
            continue
        named = [mention for mention in sentence.named("interceptor", "launcher") if mention.entity.programme]
        if named and sentence.has(*_SUPPLY):
            tokens = [named[0].first, named[0].last - 1, *(mark.first for mark in sentence.all_marks(*_SUPPLY)[:1])]
            return _statement(sentence, tokens)
    return None


def _statement(sentence: Sentence, tokens: list[int]) -> Draft:
    first, last = quoted_tokens(sentence, tokens)
    return Draft(
        ClaimType.STATEMENT, sentence, first, last, tokens[0], status=status_of(ClaimType.STATEMENT, sentence, first, last, []),
        hedge=hedge_of(sentence, first, last),
        launchers=tuple(mention for mention in sentence.named("launcher") if mention.entity.programme),
        interceptors=tuple(mention for mention in sentence.named("interceptor") if mention.entity.programme),
    )
