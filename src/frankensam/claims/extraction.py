"""From a document to its claims: every rule is applied to every sentence, then actors, dates and sources are added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from frankensam.claims.abilities import find_capability
from frankensam.claims.attribution import Source, attribution_of, chain
from frankensam.claims.claim import EXTRACTOR_NAME, EXTRACTOR_VERSION, Claim, DateBasis, Passage, make_claim
from frankensam.claims.dates import DateMention, find_dates
from frankensam.claims.draft import Draft, joined_names
from frankensam.claims.employment import find_combat_use, find_test, without_announcements
from frankensam.claims.lexicon import language_lexicon
from frankensam.claims.pairings import find_pairings
from frankensam.claims.parties import described_organisations
from frankensam.claims.places import find_places
from frankensam.claims.programme import find_agreement, find_production
from frankensam.claims.reading import Reading, Sentence, read_document
from frankensam.claims.relevance import is_relevant, topical_draft
from frankensam.claims.statements import find_statement
from frankensam.claims.supply import find_deliveries
from frankensam.claims.upkeep import find_cost, find_sustainment, with_next_sum, without_side_sums
from frankensam.glossary import ClaimType
from frankensam.news.documents import Document, ParagraphRole

ANCHOR_DAYS = 7
_UNDATED_BY_PUBLICATION = frozenset({ClaimType.PAIRING, ClaimType.CAPABILITY})


def extract_claims(document: Document) -> tuple[Claim, ...]:
    """Return what a document says about hybrid air defence and its programme, in the order of the text.

    Deterministic; needs no network and no model. A document in a language without a lexicon, or
    about something else, gives no claims.
    """
    reading = reading_of(document)
    return () if reading is None else claims_in(reading)


def reading_of(document: Document) -> Reading | None:
    """Return a document read for its claims, or None where its language has no lexicon."""
    language = document.language.used
    lexicon = language_lexicon(language) if language else None
    return None if lexicon is None else read_document(document, lexicon)


def claims_in(reading: Reading) -> tuple[Claim, ...]:
    """Return the claims of a document that has been read; see `extract_claims`."""
    body = [sentence for sentence in reading.sentences if sentence.role is not ParagraphRole.HEADLINE]
    drafts = [draft for sentence in body or reading.sentences for draft in _drafts(reading, sentence)]
    drafts = _without_repeats(drafts)
    if not is_relevant(reading, drafts):
        topical = topical_draft(reading, body)
        if topical is None:
            return ()
        drafts = [topical]
    dates = {sentence.number: find_dates(reading, sentence) for sentence in reading.sentences}
    claims = [_claim(reading, draft, dates) for draft in drafts]
    return tuple(dict.fromkeys(sorted(claims, key=lambda claim: (claim.quote_start, claim.type, claim.claim_id))))


def _drafts(reading: Reading, sentence: Sentence) -> Iterator[Draft]:
    if sentence.text.rstrip("»\"”' ").endswith(("?", "？")):
        return
    pairings = find_pairings(reading, sentence)
    found = list(pairings)
    if sentence.role is ParagraphRole.CAPTION:
        yield from found
        return
    agreement = find_agreement(reading, sentence)
    sustainment = find_sustainment(reading, sentence, pairings)
    combat = find_combat_use(reading, sentence)
    making = combat is None and _may_be_production(sentence, agreement, pairings)
    production = find_production(reading, sentence) if making else None
    if production is not None and agreement is not None and production.quote_span == agreement.quote_span:
        production = None
    single = [
        agreement, sustainment, production, combat, find_test(reading, sentence),
        find_capability(reading, sentence, pairings),
        find_cost(reading, sentence) if sustainment is None or sustainment.number is None else None,
    ]
    found.extend(draft for draft in single if draft is not None)
    if not sustainment and not (agreement and sentence.has("sign")):
        found.extend(find_deliveries(reading, sentence, pairings))
    if not found and (statement := find_statement(reading, sentence)) is not None:
        found.append(statement)
    yield from found


def _may_be_production(sentence: Sentence, agreement: Draft | None, pairings: list[Draft]) -> bool:
    """Say whether a sentence can be about making besides what it agrees on or pairs.

    One on a new company can also say what the company will make; one that builds a launcher for a
    missile is a pairing unless it speaks of joint work or technical data. A wish for licences is no making.
    """
    coming = any(mark.tense == "coming" for mark in sentence.marks.get("produce", ()))
    if sentence.has("ask") and not coming and not sentence.has("future", "begin", "technical_data"):
        return False
    if agreement is not None:
        return sentence.has("venture", "found") and coming
    return not pairings or sentence.has("joint", "technical_data", "production_noun")


def _without_repeats(drafts: list[Draft]) -> list[Draft]:
    """Keep one claim of each content: the first, or for an agreement the fullest sentence."""
    kept: dict[tuple[object, ...], Draft] = {}
    supplied: set[tuple[object, ...]] = set()
    for draft in drafts:
        count = draft.number.value if draft.number else None
        if draft.type is ClaimType.AGREEMENT:
            key: tuple[object, ...] = (draft.type, draft.status)
        elif draft.type is ClaimType.PAIRING:
            key = (draft.type, joined_names(draft.launchers), joined_names(draft.interceptors), draft.sensor, count)
        elif draft.type is ClaimType.DELIVERY:
            item = (joined_names(draft.launchers), joined_names(draft.interceptors), draft.hedge)
            if count is None and item in supplied:
                continue
            supplied.add(item)
            key = (draft.type, *item, count)
        else:
            key = (draft.type, draft.quote)
        if key not in kept or (draft.type is ClaimType.AGREEMENT and _fullness(draft) > _fullness(kept[key])):
            kept[key] = draft
    return _one_agreement(without_announcements(without_side_sums(with_next_sum(_without_vague_upkeep(list(kept.values()))))))


def _without_vague_upkeep(drafts: list[Draft]) -> list[Draft]:
    """Leave out upkeep of systems only described where the document also tells it of a named one."""
    upkeep = [draft for draft in drafts if draft.type is ClaimType.SUSTAINMENT]
    named = any(draft.launchers or draft.sentence.named("hybrid") for draft in upkeep)
    return [draft for draft in drafts if not named or draft not in upkeep or draft.launchers or draft.sentence.named("hybrid")]


def _one_agreement(drafts: list[Draft]) -> list[Draft]:
    """Keep the agreement a document tells most fully, and others only where they name parties of their own."""
    agreements = [draft for draft in drafts if draft.type is ClaimType.AGREEMENT]
    if len(agreements) <= 1:
        return drafts
    main = max(agreements, key=_fullness)
    others = [draft for draft in agreements if (parties := _parties(draft)) and not parties & _parties(main)]
    if not main.sentence.has("joint_venture", "venture"):
        others.extend(draft for draft in agreements if draft.sentence.has("joint_venture"))
    return [draft for draft in drafts if draft.type is not ClaimType.AGREEMENT or draft is main or draft in others]


def _parties(draft: Draft) -> frozenset[str]:
    """Return the organisations and people of an agreement's sentence, outlets left out."""
    return frozenset(mention.entity.name for mention in draft.sentence.named("organisation", "person") if not mention.entity.outlet)


def _fullness(draft: Draft) -> int:
    return len(_parties(draft))


@dataclass(frozen=True)
class _Dated:
    value: str | None
    precision: str | None
    basis: DateBasis | None
    words: str | None
    passage: Passage | None = None


def _claim(reading: Reading, draft: Draft, dates: dict[int, list[DateMention]]) -> Claim:
    document = reading.document
    sources = attribution_of(reading, draft.sentence)
    dated = _date_of(reading, draft, dates)
    in_caption = draft.sentence.role is ParagraphRole.CAPTION
    statement_by_outlet = draft.type is ClaimType.STATEMENT and not sources
    start, end = draft.quote_span
    number = draft.number
    passages = [*draft.passages, *([dated.passage] if dated.passage else []), *_credits(reading, draft)]
    return make_claim(
        type=draft.type, launcher=joined_names(draft.launchers), launcher_words=draft.launcher_words,
        interceptor=joined_names(draft.interceptors), interceptor_words=draft.interceptor_words, sensor=draft.sensor,
        agreement=draft.agreement, hybrid=joined_names(draft.sentence.named("hybrid")),
        organisations=_organisations(reading, draft, in_caption, sources), people=_people(draft, sources),
        countries=_countries(reading, draft, in_caption), places=tuple(find_places(reading, draft.sentence)),
        quantity=number.value if number else None, low=number.low if number else None, high=number.high if number else None,
        unit=draft.unit, cost_of=draft.cost_of,
        date=dated.value, date_precision=dated.precision, date_basis=dated.basis, date_words=dated.words,
        status=draft.status, hedge=draft.hedge, negated=draft.negated,
        attributed_to=document.outlet if statement_by_outlet else chain(sources),
        attribution_basis="outlet" if statement_by_outlet and document.outlet else ("text" if sources else None),
        in_caption=in_caption, quote=reading.text[start:end], quote_start=start, passages=tuple(passages),
        document=document.document_id, record=document.record_name, language=reading.language,
        coverage="full" if reading.lexicon.coverage == "full" else "partial", extractor=f"{EXTRACTOR_NAME} {EXTRACTOR_VERSION}",
    )


def _caption_sentences(reading: Reading, draft: Draft) -> list[Sentence]:
    return [sentence for sentence in reading.sentences if sentence.paragraph == draft.sentence.paragraph]


def _credits(reading: Reading, draft: Draft) -> list[Passage]:
    """Return the sentences of a caption that credit someone, where the claim stands in that caption."""
    if draft.sentence.role is not ParagraphRole.CAPTION:
        return []
    others = [sentence for sentence in _caption_sentences(reading, draft) if sentence.number != draft.sentence.number]
    return [Passage("credit", sentence.start, sentence.text) for sentence in others if sentence.has("credit")]


def _organisations(reading: Reading, draft: Draft, in_caption: bool, sources: tuple[Source, ...]) -> tuple[str, ...]:
    sentences = _caption_sentences(reading, draft) if in_caption else [draft.sentence]
    used = {(source.first, source.last) for source in sources}
    names: list[str] = []
    for sentence in sentences:
        found = [(mention.start, mention.entity.name) for mention in sentence.named("organisation") if not (
            mention.entity.outlet and (in_caption or (mention.first, mention.last) in used or sentence.number == draft.sentence.number)
        )]
        found.extend(described_organisations(reading, sentence, credited=in_caption))
        names.extend(name for _, name in sorted(found))
    return tuple(dict.fromkeys(names))


def _people(draft: Draft, sources: tuple[Source, ...]) -> tuple[str, ...]:
    names = [mention.entity.name for mention in draft.sentence.named("person")]
    names.extend(source.name for source in sources if source.person and not source.in_gazetteer)
    return tuple(dict.fromkeys(names))


def _countries(reading: Reading, draft: Draft, in_caption: bool) -> tuple[str, ...]:
    sentences = _caption_sentences(reading, draft) if in_caption else [draft.sentence]
    names = [mention.entity.name for sentence in sentences for mention in sentence.named("country")]
    names.extend(
        mention.entity.country for sentence in sentences for mention in sentence.named("organisation", "person")
        if mention.entity.country and not mention.entity.outlet
    )
    return tuple(dict.fromkeys(names))


def _date_of(reading: Reading, draft: Draft, dates: dict[int, list[DateMention]]) -> _Dated:
    own = [mention for mention in dates[draft.sentence.number] if _dates_event(draft, mention)]
    if own:
        nearest = min(own, key=lambda mention: (mention.value is None, _distance(mention, draft.anchor)))
        return _Dated(nearest.value, nearest.precision if nearest.value else None, nearest.basis, nearest.words)
    if draft.type is ClaimType.AGREEMENT and (anchor := _document_day(reading, draft, dates)) is not None:
        return anchor
    if draft.type in _UNDATED_BY_PUBLICATION or reading.published is None:
        return _Dated(None, None, None, None)
    iso = reading.published.isoformat()
    length, precision = (4, "year") if reading.published_precision == "year" else (7, "month")
    return _Dated(iso[:length], precision, "publication", None)


def _distance(mention: DateMention, token: int) -> int:
    return min(abs(mention.first - token), abs(mention.last - 1 - token))


def _dates_event(draft: Draft, mention: DateMention) -> bool:
    """Say whether a date belongs to the event rather than to the report of it ("the ministry said on Friday")."""
    if draft.type in {ClaimType.STATEMENT, ClaimType.COST}:
        return True
    segment = draft.sentence.segment_of(mention.first)
    says = [mark for mark in draft.sentence.in_segments(draft.sentence.marks.get("say", ()), {segment}) if mark.first != draft.anchor]
    to_event = _distance(mention, draft.anchor)
    to_report = min((min(abs(mention.first - mark.last), abs(mark.first - mention.last)) for mark in says), default=99)
    return not (says and to_report <= 1 < to_event)


def _document_day(reading: Reading, draft: Draft, dates: dict[int, list[DateMention]]) -> _Dated | None:
    """Return the one day in the week before publication that other sentences name, with the words that name it."""
    published = reading.published
    if published is None or reading.published_precision != "day":
        return None
    days: dict[str, tuple[int, DateMention]] = {}
    for number, mentions in dates.items():
        for mention in mentions:
            if mention.value is None or mention.precision != "day" or number == draft.sentence.number:
                continue
            age = (published - type(published).fromisoformat(mention.value)).days
            if 0 <= age <= ANCHOR_DAYS:
                days.setdefault(mention.value, (number, mention))
    earlier = {value: place for value, place in days.items() if value != published.isoformat()} or days
    if len(earlier) != 1:
        return None
    (value, (number, mention)), = earlier.items()
    sentence = reading.sentences[number]
    return _Dated(value, "day", "document", mention.words, Passage("date", sentence.start, sentence.text))
