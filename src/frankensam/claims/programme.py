"""Agreements and production: what was signed, and what is made where with whose technical data."""

from __future__ import annotations

from frankensam.claims.draft import Draft, quoted_tokens
from frankensam.claims.reading import Mark, Reading, Sentence, concerns_ukraine
from frankensam.claims.wording import hedge_of, is_negated, status_of
from frankensam.glossary import ClaimType

_PARTIES = 2


def find_agreement(reading: Reading, sentence: Sentence) -> Draft | None:
    """Return the agreement on making or maintaining air defence or weapons together that a sentence reports."""
    documents = sentence.marks.get("agreement_document", ())
    signings = [mark for mark in sentence.marks.get("sign", ()) if not is_negated(sentence, mark.first)]
    named = sentence.named("agreement")
    topic = sentence.has("joint", "technical_data", "produce", "air_defence") or any(mention.entity.kind == "hybrid" for mention in sentence.mentions)
    parties = len(sentence.named("organisation", "person")) >= _PARTIES and reading.marks("agreement_document")
    if not (documents and (signings or topic or named) or (signings and (topic or parties))):
        return None
    if not _about_air_defence_or_arms(reading, sentence):
        return None
    anchor = (signings or [*documents])[0]
    tokens = [anchor.first, anchor.last - 1, *(mark.first for mark in documents[:1]), *(mark.last - 1 for mark in documents[:1])]
    tokens.extend(at for mention in named for at in (mention.first, mention.last - 1))
    tokens.extend(at for mention in sentence.named("organisation", "person", "country") for at in (mention.first, mention.last - 1))
    first, last = quoted_tokens(sentence, tokens)
    words = named[0].entity.name if named else _document_words(reading, sentence, documents)
    return Draft(
        ClaimType.AGREEMENT, sentence, first, last, anchor.first,
        status=status_of(ClaimType.AGREEMENT, sentence, first, last, signings), hedge=hedge_of(sentence, first, last), agreement=words,
    )


def _document_words(reading: Reading, sentence: Sentence, documents: tuple[Mark, ...]) -> str | None:
    """Return the agreement's name as written: its document noun and the capitalised or quoted words around it."""
    if not documents:
        return None
    last = documents[0].last
    while last < len(sentence.tokens) and last - documents[0].first < 16 and (sentence.tokens[last].capital or _links_title(sentence, last)):
        last += 1
    while last > documents[0].last and not sentence.tokens[last - 1].capital:
        last -= 1
    return reading.text[documents[0].start:sentence.tokens[last - 1].end]


def _links_title(sentence: Sentence, at: int) -> bool:
    following = sentence.tokens[at + 1:at + 3]
    short = sentence.tokens[at].key in {"-", "&"} or (sentence.tokens[at].is_word and len(sentence.tokens[at].key) <= 4)
    hyphenated = sentence.tokens[at - 1].key == "-"
    return hyphenated or (short and any(token.capital for token in following))


def _about_air_defence_or_arms(reading: Reading, sentence: Sentence) -> bool:
    """Say whether the document's agreement concerns the programme: air defence or hybrids, made or exchanged together."""
    concerned = reading.marks("air_defence") or reading.names(lambda entity: entity.kind == "hybrid" or (entity.programme and entity.kind != "hybrid"))
    together = reading.marks("joint", "technical_data", "produce")
    return concerned and together and concerns_ukraine(reading)


def _points_at_systems(sentence: Sentence) -> bool:
    """Say whether the sentence speaks of "these systems"."""
    nouns = {mark.first for mark in sentence.marks.get("unit_system", ())}
    return any({mark.last, mark.last + 1} & nouns for mark in sentence.marks.get("demonstrative", ()))


def find_production(reading: Reading, sentence: Sentence) -> Draft | None:
    """Return the making of hybrids, air-defence systems or their missiles that a sentence reports, plans included."""
    made = [mark for mark in sentence.marks.get("produce", ()) if not is_negated(sentence, mark.first)]
    data = list(sentence.marks.get("technical_data", ()))
    hybrids = sentence.named("hybrid")
    subject = bool(hybrids) or sentence.has("air_defence") or any(mention.entity.programme for mention in sentence.mentions)
    subject = subject or (bool(made) and _points_at_systems(sentence) and reading.names(lambda entity: entity.kind == "hybrid"))
    actors = sentence.has("joint") or any(mention.entity.name == "Ukraine" for mention in sentence.mentions)
    transfers_data = bool(data) and sentence.has("deliver") and bool(made or hybrids)
    if not transfers_data and not (made and subject and (actors or hybrids)):
        return None
    if not concerns_ukraine(reading):
        return None
    triggers = [*data[:1], *made]
    anchor = (made or data)[0]
    delivering = [mark for mark in sentence.marks.get("deliver", ()) if data]
    tokens = [at for mark in (*triggers, *delivering[:1]) for at in (mark.first, mark.last - 1)]
    first, last = quoted_tokens(sentence, tokens)
    return Draft(
        ClaimType.PRODUCTION, sentence, first, last, anchor.first,
        status=status_of(ClaimType.PRODUCTION, sentence, first, last, delivering or made), hedge=hedge_of(sentence, first, last),
    )
