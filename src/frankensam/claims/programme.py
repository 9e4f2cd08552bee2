"""Agreements and production: what was signed or founded, and what is made where with whose technical data."""

from __future__ import annotations

from dataclasses import replace

from frankensam.claims.counting import plain_numbers
from frankensam.claims.draft import Draft, quoted_tokens
from frankensam.claims.numbers import find_numbers
from frankensam.claims.reading import Mark, Mention, Reading, Sentence, about_air_defence, concerns_ukraine, points_at_systems
from frankensam.claims.wording import hedge_of, is_negated, status_of
from frankensam.glossary import ClaimType, Status

_PARTIES = 2
_TITLE_TOKENS = 16
_SHORT_WORD = 4
_NEAR_NOUN = 2
_OBJECT_GAP = 3
_SENTENCES_BACK = 2


def find_agreement(reading: Reading, sentence: Sentence) -> Draft | None:
    """Return the agreement on making or maintaining air defence or weapons together that a sentence reports."""
    if not _concerned(reading):
        return None
    if sentence.has("discuss") and not sentence.has("sign"):
        return None
    return (
        _signed(reading, sentence) or _founded(reading, sentence) or _agreed_to_make(reading, sentence)
        or _agreed_to_cooperate(sentence)
    )


def _concerned(reading: Reading) -> bool:
    """Say whether the document is about air defence or hybrids made, exchanged or kept up together with Ukraine."""
    together = reading.marks("joint", "technical_data", "produce", "venture", "agreement_document")
    return about_air_defence(reading) and together and concerns_ukraine(reading)


def _signed(reading: Reading, sentence: Sentence) -> Draft | None:
    documents = [mark for mark in sentence.marks.get("agreement_document", ()) if not is_negated(sentence, mark.first)]
    signings = [mark for mark in sentence.marks.get("sign", ()) if not is_negated(sentence, mark.first)]
    named = sentence.named("agreement")
    if sentence.has("negation") and not (documents and signings):
        return None
    topic = sentence.has("joint", "technical_data", "produce", "air_defence") or bool(sentence.named("hybrid"))
    if not signings and not named and not _speaks_of_document(sentence, documents):
        return None
    if not named and not any(_on_defence(other) for other in _around(reading, sentence)):
        return None
    parties = len(sentence.named("organisation", "person")) >= _PARTIES and reading.marks("agreement_document")
    if not ((documents and (signings or topic or named)) or (signings and (topic or parties))):
        return None
    anchor = (signings or documents)[0]
    tokens = [anchor.first, anchor.last - 1, *(at for mark in documents[:1] for at in (mark.first, mark.last - 1))]
    tokens.extend(at for mention in named for at in (mention.first, mention.last - 1))
    tokens.extend(at for mention in sentence.named("organisation", "person", "country") for at in (mention.first, mention.last - 1))
    words = named[0].entity.name if named else _document_words(reading, sentence, documents)
    draft = _draft(sentence, ClaimType.AGREEMENT, tokens, anchor, signings, words)
    counted = [
        number for number in plain_numbers(find_numbers(sentence, reading.lexicon.numbers))
        if any(number.last == mark.first for mark in documents)
    ]
    if counted:
        draft = replace(draft, number=counted[0], unit="agreement")
    if signings:
        firm = any(mark.tense == "done" for mark in signings) and not any(mark.tense == "coming" for mark in signings)
        return replace(draft, status=Status.AGREED) if firm and draft.status is Status.PLANNED and not sentence.has("negation") else draft
    return draft if _ahead_of(sentence, anchor) else replace(draft, status=Status.AGREED)


def _ahead_of(sentence: Sentence, document: Mark) -> bool:
    """Say whether an agreement is still to come: a plan, a wish or a refusal leads to it, or its hedge does."""
    before = [mark for mark in sentence.all_marks("future", "negation", "ask") if mark.last <= document.first]
    return bool(before) or sentence.has("hedge_alleged", "hedge_likely", "hedge_could")


def _speaks_of_document(sentence: Sentence, documents: list[Mark]) -> bool:
    """Say whether a sentence without a signature is still about an agreement: it names two parties, or what the document covers."""
    if len({mention.entity.country or mention.entity.name for mention in _parties(sentence)}) >= _PARTIES:
        return True
    own = {sentence.segment_of(mark.first) for mark in documents}
    return bool(sentence.in_segments(sentence.all_marks("air_defence", "technical_data", "produce"), own))


def _on_defence(sentence: Sentence) -> bool:
    """Say whether a sentence is about air defence, weapons made together, or the data for them, and not only about drones."""
    if sentence.has("air_defence", "interceptor_noun", "unit_missile") or sentence.named("hybrid", "launcher", "interceptor", "agreement"):
        return True
    return sentence.has("joint", "technical_data", "produce", "venture", "weapon_context") and not sentence.has("threat")


def _parties(sentence: Sentence) -> list[Mention]:
    """Return who could agree: countries, people and organisations that are no outlets."""
    return [mention for mention in sentence.named("organisation", "person", "country") if not mention.entity.outlet]


def _founded(reading: Reading, sentence: Sentence) -> Draft | None:
    """A company, office or joint venture set up in Ukraine, in a text about air defence."""
    ventures = [mark for mark in sentence.marks.get("venture", ()) if not is_negated(sentence, mark.first)]
    founding = [mark for mark in sentence.marks.get("found", ()) if not is_negated(sentence, mark.first)]
    if not founding and sentence.has("joint_venture") and sentence.has("say", "future", "sign", "agree", "deliver"):
        founding = list(sentence.marks["joint_venture"])
    here = any("Ukraine" in {mention.entity.name, mention.entity.country} for mention in sentence.mentions)
    founder = sentence.named("organisation") or sentence.has("air_defence") or (
        sentence.has("joint_venture") and reading.names(
            lambda entity: entity.kind == "organisation" and not entity.outlet and entity.country not in {None, "Ukraine", "Russia"}
        )
    )
    if not ventures or not founding or not here or not founder:
        return None
    subject = sentence.has("air_defence", "unit_missile") or bool(sentence.named("launcher", "interceptor"))
    if not subject and (sentence.has("threat") or not reading.marks("air_defence")):
        return None
    anchor = founding[0]
    tokens = [at for mark in (anchor, ventures[0]) for at in (mark.first, mark.last - 1)]
    tokens.extend(mark.first for mark in sentence.marks.get("air_defence", ())[:1])
    return _draft(sentence, ClaimType.AGREEMENT, tokens, anchor, founding, None)


def _agreed_to_make(reading: Reading, sentence: Sentence) -> Draft | None:
    """Two countries that will make air defence together, in a text that says they agreed on it."""
    agreed = sentence.has("agree") and sentence.has("joint")
    made = [mark for mark in sentence.marks.get("produce", ()) if agreed or mark.tense == "coming"]
    countries = {mention.entity.name for mention in sentence.named("country", "person")}
    on_topic = sentence.has("air_defence") or (agreed and any(other.has("air_defence") for other in _around(reading, sentence)))
    if not made or len(countries) < _PARTIES or not on_topic or not reading.marks("agree"):
        return None
    return _draft(sentence, ClaimType.AGREEMENT, [made[0].first, made[0].last - 1], made[0], made, None)


def _agreed_to_cooperate(sentence: Sentence) -> Draft | None:
    """Two parties, one of them Ukrainian, that agreed to work together on air defence."""
    agreed = [mark for mark in sentence.marks.get("agree", ()) if mark.tense == "done" and not is_negated(sentence, mark.first)]
    sides = {mention.entity.country or mention.entity.name for mention in _parties(sentence)}
    if not agreed or not sentence.has("joint") or not sentence.has("air_defence") or len(sides) < _PARTIES or "Ukraine" not in sides:
        return None
    return _draft(sentence, ClaimType.AGREEMENT, [agreed[0].first, agreed[0].last - 1], agreed[0], agreed, None)


def _draft(sentence: Sentence, kind: ClaimType, tokens: list[int], anchor: Mark, triggers: list[Mark], agreement: str | None) -> Draft:
    first, last = quoted_tokens(sentence, tokens)
    return Draft(
        kind, sentence, first, last, anchor.first, status=status_of(kind, sentence, first, last, triggers),
        hedge=hedge_of(sentence, first, last), agreement=agreement,
    )


def _document_words(reading: Reading, sentence: Sentence, documents: list[Mark]) -> str | None:
    """Return the agreement's name as written: its document noun and the capitalised words that follow it."""
    if not documents:
        return None
    tokens, last = sentence.tokens, documents[0].last
    while last < len(tokens) and last - documents[0].first < _TITLE_TOKENS and (tokens[last].capital or _links_title(sentence, last)):
        last += 1
    while last > documents[0].last and not tokens[last - 1].capital:
        last -= 1
    return reading.text[documents[0].start:tokens[last - 1].end]


def _links_title(sentence: Sentence, at: int) -> bool:
    following = sentence.tokens[at + 1:at + 3]
    short = sentence.tokens[at].key in {"-", "&"} or (sentence.tokens[at].is_word and len(sentence.tokens[at].key) <= _SHORT_WORD)
    return sentence.tokens[at - 1].key == "-" or (short and any(token.capital for token in following))


def find_production(reading: Reading, sentence: Sentence) -> Draft | None:
    """Return the making of hybrids, air-defence systems or their missiles that a sentence reports, plans included."""
    marks = [mark for mark in sentence.marks.get("produce", ()) if not (_in_compound(sentence, mark) or _describes_part(sentence, mark))]
    made = [mark for mark in (*marks, *_making(sentence)) if not is_negated(sentence, mark.first)]
    data = list(sentence.marks.get("technical_data", ()))
    for_what = made or sentence.named("hybrid") or sentence.has("unit_launcher", "air_defence", "interceptor_noun")
    transfers_data = bool(data) and sentence.has("deliver") and bool(for_what)
    if not (concerns_ukraine(reading) or reading.calls_hybrids) or not (transfers_data or (made and _made_here(reading, sentence, made))):
        return None
    if not transfers_data and all(mark.tense == "open" for mark in made) and _denied(sentence, made):
        return None
    delivering = [mark for mark in sentence.marks.get("deliver", ()) if data]
    tokens = [at for mark in (*data[:1], *made, *delivering[:1]) for at in (mark.first, mark.last - 1)]
    return _draft(sentence, ClaimType.PRODUCTION, tokens, (made or data)[0], delivering or made, None)


def _denied(sentence: Sentence, made: list[Mark]) -> bool:
    """Say whether a negation stands in the clause of the making, or closes the sentence ("ресурсов для создания ... нет")."""
    own = {sentence.segment_of(mark.first) for mark in made}
    words = [at for at, token in enumerate(sentence.tokens) if token.is_word]
    negations = sentence.marks.get("negation", ())
    return bool(sentence.in_segments(negations, own)) or any(mark.first == words[-1] for mark in negations)


def _in_compound(sentence: Sentence, mark: Mark) -> bool:
    """Say whether a word of making is the second half of an adjective ("Soviet-built", "US-made")."""
    before = sentence.tokens[mark.first - 1] if mark.first else None
    return before is not None and before.key in {"-", "‑", "–"} and before.end == sentence.tokens[mark.first].start


def _describes_part(sentence: Sentence, mark: Mark) -> bool:
    """Say whether a word of making only says what a part is like ("a radar made in Ukraine", "a launcher, put together with radars")."""
    before = [noun for noun in sentence.all_marks("radar", "unit_launcher") if 0 <= mark.first - noun.last <= _NEAR_NOUN]
    joins = any(other.first == mark.first for other in sentence.marks.get("link", ()))
    radar = any(noun.concept == "radar" and noun.last == mark.first for noun in before)
    return mark.tense != "coming" and (radar or (bool(before) and joins and sentence.has("radar")))


def _making(sentence: Sentence) -> list[Mark]:
    """Return verbs of making ("make") whose object is a missile or a system."""
    nouns = [mark.first for mark in sentence.all_marks("unit_missile", "unit_system", "unit_round", "radar")]
    nouns.extend(mention.first for mention in sentence.named("interceptor", "launcher", "hybrid"))
    return [mark for mark in sentence.marks.get("make_verb", ()) if any(0 <= noun - mark.last <= _OBJECT_GAP for noun in nouns)]


def _stands_in(sentence: Sentence, place: Mention) -> bool:
    """Say whether a country is where something happens ("in Ukraine", "на Украине"), not whom it is for."""
    before = sentence.tokens[place.first - 1].key if place.first else ""
    key = sentence.tokens[place.first].key
    return before in {"in", "en", "em", "у", "в"} or (before in {"на", "na"} and key.endswith(("не", "nie")))


def _made_here(reading: Reading, sentence: Sentence, made: list[Mark]) -> bool:
    """Say whether what is made is air defence, and by or with Ukraine and someone else."""
    if not _with_partner(reading, sentence):
        return False
    hybrids = bool(sentence.named("hybrid"))
    subject = hybrids or sentence.has("air_defence", "interceptor_noun") or any(
        mention.entity.programme or (mention.entity.kind == "launcher" and mention.entity.origin == "eastern")
        for mention in sentence.mentions
    )
    subject = subject or (points_at_systems(sentence) and reading.names(lambda entity: entity.kind == "hybrid"))
    subject = subject or (reading.calls_hybrids and sentence.has("unit_launcher") and sentence.has("production_noun"))
    in_ukraine = any(_stands_in(sentence, mention) for mention in sentence.named("country") if mention.entity.name == "Ukraine")
    if in_ukraine and sentence.has("unit_missile") and sentence.named("launcher", "interceptor"):
        return True
    actors = sentence.has("joint") or any("Ukraine" in {mention.entity.name, mention.entity.country} for mention in sentence.mentions)
    if subject and (actors or hybrids):
        return True
    ahead = sentence.has("future", "joint", "hedge_likely", "hedge_could") or any(mark.tense != "open" for mark in made)
    if not ahead or not sentence.has("production_noun") or sentence.has("threat"):
        return False
    return any(_tells_of_making(reading, other) for other in _around(reading, sentence))


def _with_partner(reading: Reading, sentence: Sentence) -> bool:
    """Say whether someone besides Ukraine has a hand in it: a partner, a foreign name, a hybrid, an agreement."""
    own = {None, "Ukraine", "Russia"}
    abroad = any(mention.entity.kind == "country" and mention.entity.name not in own for mention in sentence.mentions)
    foreign = reading.names(lambda entity: entity.kind in {"organisation", "person"} and not entity.outlet and entity.country not in own)
    return abroad or foreign or reading.marks("joint", "technical_data") or reading.calls_hybrids


def _around(reading: Reading, sentence: Sentence) -> tuple[Sentence, ...]:
    return reading.sentences[max(0, sentence.number - _SENTENCES_BACK):sentence.number + _SENTENCES_BACK + 1]


def _tells_of_making(reading: Reading, sentence: Sentence) -> bool:
    """Say whether a neighbouring sentence is about making air defence together, so that "production" in the next one means that."""
    if _founded(reading, sentence) is not None or _agreed_to_make(reading, sentence) is not None:
        return True
    subject = sentence.has("air_defence", "interceptor_noun") or bool(sentence.named("hybrid"))
    return subject and sentence.has("produce", "technical_data", "venture", "agreement_document")
