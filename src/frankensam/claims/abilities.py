"""Abilities: how far a missile reaches, how often it hits, who has launchers for it."""

from __future__ import annotations

from dataclasses import replace

from frankensam.claims.anaphora import referring_phrase, resolve_missiles
from frankensam.claims.claim import Passage
from frankensam.claims.draft import Draft, quoted_tokens
from frankensam.claims.employment import about_hybrids
from frankensam.claims.numbers import Number, find_numbers
from frankensam.claims.reading import Mention, Reading, Sentence
from frankensam.claims.wording import hedge_of, is_negated, status_of
from frankensam.glossary import ClaimType

_UNIT_GAP = 2
_RATE_GAP = 6


def find_capability(reading: Reading, sentence: Sentence, pairings: list[Draft]) -> Draft | None:
    """Return a figure of performance, or who has launchers for a missile; the distance of a shoot-down is neither."""
    owned = None if pairings else _owned(reading, sentence) or _fits(reading, sentence)
    return owned or _range(reading, sentence) or _hit_rate(reading, sentence)


def _draft(sentence: Sentence, tokens: list[int], anchor: int) -> Draft:
    first, last = quoted_tokens(sentence, tokens)
    return Draft(
        ClaimType.CAPABILITY, sentence, first, last, anchor,
        status=status_of(ClaimType.CAPABILITY, sentence, first, last, []), hedge=hedge_of(sentence, first, last),
    )


def _items(sentence: Sentence) -> list[Mention]:
    return [mention for mention in sentence.named("interceptor", "hybrid") if mention.entity.programme]


def _with(draft: Draft, items: list[Mention], number: Number | None, unit: str | None, passages: tuple[Passage, ...] = ()) -> Draft:
    interceptors = tuple(mention for mention in items if mention.entity.kind == "interceptor")
    return replace(draft, interceptors=interceptors, number=number, unit=unit, passages=passages)


def _owned(reading: Reading, sentence: Sentence) -> Draft | None:
    """Who has the launchers, or who alone uses a missile from the ground."""
    owned = [mark for mark in sentence.marks.get("own", ()) if not is_negated(sentence, mark.first)]
    named = [mention for mention in _items(sentence) if mention.entity.kind == "interceptor"]
    if not owned or not (sentence.has("unit_launcher", "ground_launch") or named):
        return None
    passages: tuple[Passage, ...] = ()
    if not named and sentence.has("ground_launch"):
        antecedent = resolve_missiles(reading, sentence)
        named = list(antecedent.interceptors) if antecedent else []
    return _with(_draft(sentence, [owned[0].first, owned[0].last - 1], owned[0].first), named, None, None, passages)


def _fits(reading: Reading, sentence: Sentence) -> Draft | None:
    """Which launcher fires a missile that was made for it ("the AIM-120 is fired by NASAMS"): no pairing, but an ability."""
    if sentence.has("deliver", "employ", "agreement_document", "produce", "negation"):
        return None
    fired = sentence.all_marks("carry", "link")
    launchers = [mention for mention in sentence.named("launcher") if mention.entity.native]
    missiles = [mention for mention in sentence.named("interceptor") if mention.entity.programme or mention.entity.supplied]
    if not missiles and (antecedent := resolve_missiles(reading, sentence)) is not None:
        missiles = list(antecedent.interceptors)
    native = {family for mention in launchers for family in mention.entity.native}
    pointed = not sentence.named("interceptor") and referring_phrase(sentence) is not None
    western = any(mention.entity.origin == "western" for mention in launchers)
    both_western = pointed and western and _western_before(reading, sentence, missiles)
    if not fired or not (both_western or any(mention.entity.family in native for mention in missiles)):
        return None
    draft = _draft(sentence, [fired[0].first, launchers[0].first, launchers[0].last - 1], fired[0].first)
    return replace(draft, launchers=tuple(launchers), interceptors=tuple(missiles))


def _western_before(reading: Reading, sentence: Sentence, missiles: list[Mention]) -> bool:
    """Say whether "these missiles" are Western ones: named earlier, or those of a system the sentence before names."""
    before = reading.sentences[sentence.number - 1:sentence.number] if sentence.number and not missiles else ()
    named = [*missiles, *(mention for other in before for mention in other.named("launcher") if mention.entity.programme)]
    return bool(named) and all(mention.entity.origin == "western" for mention in named)


def _subject(reading: Reading, sentence: Sentence) -> tuple[list[Mention], tuple[Passage, ...]]:
    """Return what a figure is about: named here, or in the nearest earlier sentence that names a missile or hybrid."""
    if named := _items(sentence):
        return named, ()
    for other in reversed(reading.sentences[:sentence.number]):
        if named := _items(other):
            return named, (Passage("antecedent", other.start, other.text),)
    return [], ()


def _range(reading: Reading, sentence: Sentence) -> Draft | None:
    """Range or ceiling in kilometres: a word for range, or a missile named with no word of an event."""
    ranges = sentence.marks.get("range_word", ())
    reaching = {mark.first for mark in ranges}
    if sentence.has("combat_noun") or any(mark.first not in reaching for mark in sentence.marks.get("employ", ())):
        return None
    if not ranges and (not sentence.named("interceptor") or sentence.has("threat", "deliver", "test")):
        return None
    named, passages = _subject(reading, sentence)
    if not named and not about_hybrids(reading):
        return None
    for number in find_numbers(sentence, reading.lexicon.numbers):
        kilometres = [mark for mark in sentence.marks.get("kilometre", ()) if 0 <= mark.first - number.last <= _UNIT_GAP]
        if number.currency is None and kilometres:
            anchor = ranges[0].first if ranges else number.first
            return _with(_draft(sentence, [anchor, number.first, kilometres[0].last - 1], anchor), named, number, "km", passages)
    return None


def _hit_rate(reading: Reading, sentence: Sentence) -> Draft | None:
    """Share of shots that hit ("up to 90 per cent")."""
    rates = sentence.all_marks("hit_rate")
    if not rates:
        return None
    named, passages = _subject(reading, sentence)
    if not named and not about_hybrids(reading):
        return None
    for number in find_numbers(sentence, reading.lexicon.numbers):
        signs = [at for at in range(number.last, min(number.last + 2, len(sentence.tokens))) if sentence.tokens[at].key == "%"]
        signs.extend(mark.first for mark in sentence.marks.get("percent", ()) if 0 <= mark.first - number.last <= _UNIT_GAP)
        if number.currency is None and signs and any(abs(mark.first - signs[0]) <= _RATE_GAP for mark in rates):
            tokens = [number.first, signs[0], *(mark.first for mark in rates[:1])]
            return _with(_draft(sentence, tokens, number.first), named, number, "percent", passages)
    return None
