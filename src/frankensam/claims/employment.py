"""Use, trials and abilities: what was shot down, what was tested, what a system is said to do."""

from __future__ import annotations

from frankensam.claims.anaphora import resolve_missiles
from frankensam.claims.claim import Passage
from frankensam.claims.draft import Draft, quoted_tokens
from frankensam.claims.numbers import find_numbers
from frankensam.claims.reading import Reading, Sentence
from frankensam.claims.wording import hedge_of, is_negated, status_of
from frankensam.glossary import ClaimType

_UNIT_GAP = 1


def about_hybrids(reading: Reading) -> bool:
    """Say whether the document names a hybrid, calls a system improvised, or joins a Soviet launcher with a Western missile."""
    return reading.calls_hybrids or reading.joins_two_origins


def find_combat_use(reading: Reading, sentence: Sentence) -> Draft | None:
    """Return the combat use of a hybrid, or of the system the text is about; a launcher stays unknown where none is named."""
    verbs = [mark for mark in sentence.marks.get("employ", ()) if mark.tense == "done"]
    events = [mark for mark in (*verbs, *sentence.marks.get("combat_noun", ())) if not is_negated(sentence, mark.first)]
    if not events or not about_hybrids(reading):
        return None
    subject = bool(sentence.named("hybrid")) or sentence.has("improvised") or sentence.has("first_use")
    pointed = sentence.has("demonstrative") and sentence.has("unit_system", "air_defence")
    if not (subject or pointed) or not (sentence.has("threat") or sentence.has("first_use") or sentence.has("improvised")):
        return None
    event = events[0]
    threats = sentence.marks.get("threat", ())
    first, last = quoted_tokens(sentence, [event.first, event.last - 1, *(mark.first for mark in threats[:1])])
    launchers = tuple(mention for mention in sentence.named("launcher") if mention.entity.origin == "eastern" or not mention.entity.native)
    return Draft(
        ClaimType.COMBAT_USE, sentence, first, last, event.first,
        status=status_of(ClaimType.COMBAT_USE, sentence, first, last, events), hedge=hedge_of(sentence, first, last), launchers=launchers,
    )


def find_test(reading: Reading, sentence: Sentence) -> Draft | None:
    """Return the trial of a hybrid that a sentence reports."""
    events = [mark for mark in sentence.marks.get("test", ()) if not is_negated(sentence, mark.first)]
    if not events or not about_hybrids(reading):
        return None
    event = events[0]
    first, last = quoted_tokens(sentence, (event.first, event.last - 1))
    return Draft(
        ClaimType.TEST, sentence, first, last, event.first,
        status=status_of(ClaimType.TEST, sentence, first, last, events), hedge=hedge_of(sentence, first, last),
    )


def find_capability(reading: Reading, sentence: Sentence) -> Draft | None:
    """Return a figure of performance, or who has launchers for a missile; the distance of a shoot-down is neither."""
    named = [mention for mention in sentence.named("interceptor", "hybrid") if mention.entity.programme]
    if sentence.has("own") and (sentence.has("unit_launcher", "ground_launch") or named):
        owned = sentence.marks["own"][0]
        first, last = quoted_tokens(sentence, (owned.first, owned.last - 1))
        interceptors = tuple(mention for mention in named if mention.entity.kind == "interceptor")
        if not interceptors and sentence.has("ground_launch"):
            antecedent = resolve_missiles(reading, sentence)
            interceptors = antecedent.interceptors if antecedent else ()
        return Draft(ClaimType.CAPABILITY, sentence, first, last, owned.first, status=status_of(
            ClaimType.CAPABILITY, sentence, first, last, []), hedge=hedge_of(sentence, first, last), interceptors=interceptors)
    ranges = sentence.marks.get("range_word", ())
    if not ranges or sentence.has("employ", "combat_noun"):
        return None
    passages: tuple[Passage, ...] = ()
    if not named and (earlier := _last_named(reading, sentence)) is not None:
        named = [mention for mention in earlier.named("interceptor", "hybrid") if mention.entity.programme]
        passages = (Passage("antecedent", earlier.start, earlier.text),)
    for number in find_numbers(sentence, reading.lexicon.numbers):
        kilometres = [mark for mark in sentence.marks.get("kilometre", ()) if 0 <= mark.first - number.last <= _UNIT_GAP]
        if number.currency is None and kilometres:
            first, last = quoted_tokens(sentence, (ranges[0].first, number.first, kilometres[0].last - 1))
            return Draft(
                ClaimType.CAPABILITY, sentence, first, last, ranges[0].first,
                status=status_of(ClaimType.CAPABILITY, sentence, first, last, []), hedge=hedge_of(sentence, first, last),
                interceptors=tuple(mention for mention in named if mention.entity.kind == "interceptor"), number=number, unit="km",
                passages=passages,
            )
    return None


def _last_named(reading: Reading, sentence: Sentence) -> Sentence | None:
    """Return the nearest earlier sentence of the same text that names a programme missile or hybrid."""
    for other in reversed(reading.sentences[:sentence.number]):
        if any(mention.entity.programme for mention in other.named("interceptor", "hybrid")):
            return other
    return None
