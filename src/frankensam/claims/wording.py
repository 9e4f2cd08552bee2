"""How a sentence qualifies what it says: hedge, negation, tense and modality, and the status they give."""

from __future__ import annotations

from frankensam.claims.reading import Mark, Sentence
from frankensam.glossary import ClaimType, Hedge, Status

_HEDGES = (("hedge_alleged", Hedge.ALLEGED), ("hedge_likely", Hedge.LIKELY), ("hedge_could", Hedge.COULD))
_NEAR_NEGATION = 7
_AUXILIARY_REACH = 2
_VERB_FINAL = frozenset({"de", "nl"})
_THAN = frozenset({"als", "than", "dan", "чем", "ніж", "niż", "niz", "nez"})
_BEGUN_GAP = 3
_PASSIVE = frozenset({"wird", "werden", "werde", "wurde", "wurden", "wordt", "worden"})


def touched_segments(sentence: Sentence, first: int, last: int) -> set[int]:
    """Return the numbers of the segments between two tokens."""
    return set(range(sentence.segment_of(first), sentence.segment_of(max(first, last - 1)) + 1))


def hedge_of(sentence: Sentence, first: int, last: int) -> Hedge:
    """Return the strongest qualification in the segments of a token span; hearsay ("allegedly") also covers what follows it."""
    segments = touched_segments(sentence, first, last)
    for concept, hedge in _HEDGES:
        marks = sentence.marks.get(concept, ())
        if sentence.in_segments(marks, segments) or any(_stands_alone_before(sentence, mark, min(segments)) for mark in marks):
            return hedge
        if hedge is Hedge.ALLEGED and _is_rumour(sentence, segments):
            return hedge
        if hedge is Hedge.ALLEGED and any(mark.first < first and not _broken(sentence, mark.last, first) for mark in marks):
            return hedge
    return Hedge.NONE


def _is_rumour(sentence: Sentence, segments: set[int]) -> bool:
    """Say whether a conditional of hearsay stands in these segments ("le missile atteindrait"): one that no past verb of saying governs."""
    marks = sentence.in_segments(sentence.marks.get("conditional", ()), segments)
    return any(not _is_told(sentence, mark) for mark in marks)


def _is_told(sentence: Sentence, conditional: Mark) -> bool:
    """Say whether a conditional is the future of what someone said ("avait déclaré que Kiev emploierait")."""
    return any(mark.tense == "done" and mark.first < conditional.first for mark in sentence.marks.get("say", ()))


def _stands_alone_before(sentence: Sentence, mark: Mark, segment: int) -> bool:
    """Say whether a mark is all of the segment just before ("Probably, the launchers ...")."""
    own = sentence.segment_of(mark.first)
    first, last = sentence.segments[own]
    words = sum(token.is_word for token in sentence.tokens[first:last])
    return own == segment - 1 and words <= mark.last - mark.first


def _broken(sentence: Sentence, first: int, last: int) -> bool:
    return any(token.key in {";", ":", "；", "："} for token in sentence.tokens[first:last])


def is_negated(sentence: Sentence, anchor: int) -> bool:
    """Say whether a negation stands shortly before the event's word in its own segment."""
    segment = sentence.segment_of(anchor)
    return any(
        sentence.segment_of(mark.first) == segment and 0 <= anchor - mark.first <= _NEAR_NEGATION
        for mark in sentence.marks.get("negation", ())
    )


def is_planned(sentence: Sentence, first: int, last: int, triggers: list[Mark]) -> bool:
    """Say whether the event lies ahead: a future form, or a word of plan or intent in its segments."""
    segments = touched_segments(sentence, first, last)
    if any(mark.tense == "coming" for mark in triggers):
        return True
    if triggers and all(mark.tense == "open" for mark in triggers):
        segments = segments | {min(segments) - 1}
    ahead = [mark for mark in sentence.in_segments(sentence.marks.get("future", ()), segments) if not _is_compared(sentence, mark)]
    told = sentence.in_segments(sentence.marks.get("conditional", ()), segments)
    ahead.extend(mark for mark in told if _is_told(sentence, mark))
    done = [mark for mark in triggers if mark.tense == "done"]
    if done:
        if sentence.language in _VERB_FINAL and any(_closes_clause(sentence, mark, other) for mark in done for other in ahead):
            return True
        return any(abs(mark.first - other.first) <= _AUXILIARY_REACH for mark in done for other in ahead)
    return bool(ahead)


def _is_compared(sentence: Sentence, mark: Mark) -> bool:
    """Say whether a plan is only what the event is measured against ("earlier than planned", "früher als geplant")."""
    return mark.first > 0 and sentence.tokens[mark.first - 1].key in _THAN


def _closes_clause(sentence: Sentence, verb: Mark, auxiliary: Mark) -> bool:
    """Say whether a modal verb ("will", "soll") governs a verb that closes its clause; the passive "wird" does not."""
    passive = sentence.tokens[auxiliary.first].key in _PASSIVE
    return not passive and auxiliary.first < verb.first and sentence.segment_of(verb.first) == sentence.segment_of(auxiliary.first)


def status_of(kind: ClaimType, sentence: Sentence, first: int, last: int, triggers: list[Mark]) -> Status:
    """Return how far along the event is, from the tense of its words, plans, approvals and hedges."""
    planned = is_planned(sentence, first, last, triggers)
    segments = touched_segments(sentence, first, last)
    approved = bool(sentence.in_segments(sentence.marks.get("approve", ()), segments))
    if kind is not ClaimType.CAPABILITY and hedge_of(sentence, first, last) is Hedge.ALLEGED:
        return Status.ALLEGED
    match kind:
        case ClaimType.TEST:
            return Status.PLANNED if any(mark.tense == "coming" for mark in triggers) else Status.TESTED
        case ClaimType.COMBAT_USE:
            return Status.USED_IN_COMBAT
        case ClaimType.AGREEMENT:
            return Status.PLANNED if planned else Status.AGREED
        case ClaimType.DELIVERY:
            return _supply_status(sentence, planned, approved, triggers)
        case ClaimType.COST if sentence.has("each") or (sentence.named("interceptor", "launcher") and not sentence.has("package")):
            return Status.PLANNED if planned else Status.REPORTED
        case ClaimType.PAIRING if not planned and sentence.in_segments(sentence.marks.get("own", ()), segments):
            return Status.FIELDED
        case ClaimType.SUSTAINMENT if not approved and not sentence.has("funded_thing"):
            return Status.PLANNED if planned else Status.REPORTED
        case ClaimType.COST if not (planned or approved or _announced(sentence) or sentence.has("package", "funded_thing")):
            return Status.REPORTED
        case ClaimType.SUSTAINMENT | ClaimType.COST:
            return Status.AGREED if approved or not planned else Status.PLANNED
        case ClaimType.CAPABILITY | ClaimType.STATEMENT:
            return Status.REPORTED
        case _:
            return Status.PLANNED if planned else Status.REPORTED


def _announced(sentence: Sentence) -> bool:
    """Say whether the sum of a sentence is one just decided on: announced, signed or agreed, not only retold."""
    ahead = any(mark.tense == "coming" for mark in sentence.marks.get("deliver", ()))
    return ahead or sentence.has("sign", "agree", "announce")


def _supply_status(sentence: Sentence, planned: bool, approved: bool, triggers: list[Mark]) -> Status:
    """Return how far a transfer is: in service, consented to, ahead, handed over (received, arrived), or only reported (sent)."""
    if any(mark.concept == "own" for mark in triggers):
        return Status.FIELDED
    received = {mark.first for mark in sentence.marks.get("received", ())}
    handed_over = [mark for mark in triggers if mark.tense == "done" and (mark.first in received or mark.last - 1 in received)]
    promised = [mark for mark in triggers if mark.tense == "coming"]
    if handed_over and promised and max(mark.first for mark in promised) < handed_over[0].first:
        return Status.DELIVERED
    if approved:
        return Status.AGREED
    done = [mark for mark in triggers if mark.tense == "done"]
    begun = any(0 <= mark.first - other.last <= _BEGUN_GAP for mark in triggers for other in sentence.marks.get("begin", ()))
    if planned or not (done or begun):
        return Status.PLANNED
    return Status.DELIVERED if handed_over else Status.REPORTED
