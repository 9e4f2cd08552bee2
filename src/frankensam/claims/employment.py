"""Use and trials: what was shot down, what was lost to the enemy by his own account, what was tested."""

from __future__ import annotations

from dataclasses import replace

from frankensam.claims.counting import plain_numbers
from frankensam.claims.draft import Draft, quoted_tokens
from frankensam.claims.numbers import Number, find_numbers
from frankensam.claims.reading import Mark, Mention, Reading, Sentence, names_aircraft, pairs_by_name, points_at_systems
from frankensam.claims.wording import hedge_of, is_negated, status_of
from frankensam.glossary import ClaimType, Hedge, Status

_SHORTEST = 5
_COUNTED_GAP = 2
_PRONOUN_REACH = 4
_NEGATION_REACH = 4


def about_hybrids(reading: Reading) -> bool:
    """Say whether the document names a hybrid, calls a system improvised, or joins a Soviet launcher with a Western missile."""
    return reading.calls_hybrids or reading.joins_two_origins


def find_combat_use(reading: Reading, sentence: Sentence) -> Draft | None:
    """Return the combat use of a hybrid, or of the system the text is about; a launcher stays unknown where none is named."""
    if not about_hybrids(reading):
        return None
    verbs = [mark for mark in sentence.marks.get("employ", ()) if mark.tense == "done"]
    events = [mark for mark in (*verbs, *sentence.marks.get("combat_noun", ())) if not is_negated(sentence, mark.first)]
    hostile = _by_the_enemy(reading, sentence)
    if hostile and not events:
        events = list(sentence.marks["destroy"])
    if not events or sum(token.is_word for token in sentence.tokens) < _SHORTEST:
        return None
    if not hostile and _no_fight(sentence, bool(verbs)):
        return None
    if not hostile and not _by_a_hybrid(reading, sentence, events):
        return None
    event = events[0]
    threats = sentence.marks.get("threat", ())
    first, last = quoted_tokens(sentence, [event.first, event.last - 1, *(mark.first for mark in threats[:1])])
    draft = Draft(
        ClaimType.COMBAT_USE, sentence, first, last, event.first,
        status=status_of(ClaimType.COMBAT_USE, sentence, first, last, events), hedge=hedge_of(sentence, first, last),
        launchers=_employed(sentence), number=_counted(reading, sentence, ("combat_noun",)),
    )
    return replace(draft, status=Status.ALLEGED, hedge=Hedge.ALLEGED) if hostile else draft


def _no_fight(sentence: Sentence, has_verbs: bool) -> bool:
    """Say whether a sentence tells a trial, or only names a fight that is still to come."""
    return (sentence.has("test") and not sentence.has("combat_noun")) or (not has_verbs and sentence.has("future"))


def _employed(sentence: Sentence) -> tuple[Mention, ...]:
    """Return the launchers and one-off hybrids a sentence names; the programme's name is no launcher."""
    named = [mention for mention in sentence.named("launcher") if mention.entity.origin == "eastern" or not mention.entity.native]
    named.extend(mention for mention in sentence.named("hybrid") if mention.entity.family != "frankensam")
    return tuple(sorted(named, key=lambda mention: mention.first))


def _by_a_hybrid(reading: Reading, sentence: Sentence, events: list[Mark]) -> bool:
    """Say whether a hybrid does it: named, called improvised, pointed at, named just before, or in its first use."""
    subject = bool(sentence.named("hybrid")) or sentence.has("improvised") or pairs_by_name(sentence)
    subject = subject or (sentence.has("first_use") and not _other_shooter(sentence))
    pointed = sentence.has("demonstrative") and sentence.has("unit_system", "air_defence", "unit_missile", "unit_launcher")
    goes_on = _goes_on(reading, sentence) and not _attacker_named(sentence)
    if not (subject or pointed or goes_on):
        return False
    destroyed = {mark.first for mark in sentence.marks.get("destroy", ())} & {mark.first for mark in events}
    if sentence.named("hybrid") and destroyed:
        return True
    if _other_shooter(sentence) and not subject:
        return False
    in_combat = any(mark.concept == "combat_noun" for mark in events)
    if in_combat and (sentence.named("hybrid") or (pointed and sentence.has("unit_system"))):
        return True
    return sentence.has("threat", "improvised") or (subject and sentence.has("first_use")) or _kills_counted(reading, sentence, events)


def _other_shooter(sentence: Sentence) -> bool:
    """Say whether the sentence names a system that is no hybrid (a Patriot battery, a jet) as what may have fired."""
    whole = any(mention.entity.native for mention in sentence.named("launcher"))
    return not sentence.named("hybrid") and (whole or names_aircraft(sentence))


def _goes_on(reading: Reading, sentence: Sentence) -> bool:
    """Say whether one of the two sentences before names a hybrid or both sides of one."""
    for other in reading.sentences[max(0, sentence.number - _PRONOUN_REACH):sentence.number]:
        joined = other.named("interceptor") and (other.named("launcher") or other.has("soviet", "unit_launcher"))
        if other.named("hybrid") or joined:
            return True
    return False


def _attacker_named(sentence: Sentence) -> bool:
    """Say whether Russia is named as who attacks, not only as whose drone it was ("a Russian drone")."""
    threats = sentence.marks.get("threat", ())
    russia = [mention for mention in sentence.named("country") if mention.entity.name == "Russia"]
    near = [mention for mention in russia for mark in threats if 0 <= mark.first - mention.last <= 1 or 0 <= mention.first - mark.last <= 1]
    return any(mention not in near for mention in russia)


def _kills_counted(reading: Reading, sentence: Sentence, events: list[Mark]) -> bool:
    numbers = plain_numbers(find_numbers(sentence, reading.lexicon.numbers))
    nouns = [mark for mark in events if mark.concept == "combat_noun"]
    return any(0 <= noun.first - number.last <= _COUNTED_GAP for noun in nouns for number in numbers)


def _by_the_enemy(reading: Reading, sentence: Sentence) -> bool:
    """Say whether the sentence tells a hybrid's loss: a Russian weapon or a Russian claim, and a hybrid or its parts as the target."""
    russian = any("Russia" in {mention.entity.name, mention.entity.country} for mention in sentence.mentions)
    weapon = sentence.marks.get("hostile_weapon", ())
    struck = [mark for mark in sentence.marks.get("destroy", ()) if not is_negated(sentence, mark.first)]
    launchers = sentence.named("launcher")
    part_of_one = bool(launchers) and (bool(sentence.named("interceptor")) or any(
        mention.entity.origin == "western" and not mention.entity.native for mention in launchers))
    pointing = points_at_systems(sentence) or bool(weapon) or sentence.has("demonstrative")
    pointed = not launchers and pointing and _goes_on(reading, sentence)
    target = part_of_one or pointed or bool(sentence.named("hybrid")) or sentence.has("improvised")
    if not target or not struck:
        return False
    if weapon:
        shooters = [mention for mention in sentence.named("hybrid", "launcher") if mention.first < struck[0].first < weapon[0].first]
        return not shooters or russian
    return russian and sentence.has("say", "according_to", "hedge_alleged") and not sentence.has("threat")


def find_test(reading: Reading, sentence: Sentence) -> Draft | None:
    """Return the trial of a hybrid that a sentence reports."""
    tests = [mark for mark in sentence.marks.get("test", ()) if not is_negated(sentence, mark.first)]
    events = [mark for mark in tests if not _did_not_happen(sentence, mark)]
    if not events or not about_hybrids(reading):
        return None
    event = events[0]
    first, last = quoted_tokens(sentence, (event.first, event.last - 1))
    launchers = _employed(sentence)
    if not launchers and sentence.number and not sentence.named("hybrid"):
        launchers = tuple(mention for mention in _employed(reading.sentences[sentence.number - 1]) if mention.entity.kind == "hybrid")
    return Draft(
        ClaimType.TEST, sentence, first, last, event.first,
        status=status_of(ClaimType.TEST, sentence, first, last, events), hedge=hedge_of(sentence, first, last),
        launchers=launchers, number=_counted(reading, sentence, ("unit_system", "unit_launcher", "piece")),
    )


def _did_not_happen(sentence: Sentence, event: Mark) -> bool:
    """Say whether a negation follows a noun of the event in its clause ("trials did not take place")."""
    after = sentence.in_segments(sentence.marks.get("negation", ()), {sentence.segment_of(event.first)})
    return event.tense == "open" and any(0 <= mark.first - event.last <= _NEGATION_REACH for mark in after)


def _counted(reading: Reading, sentence: Sentence, nouns: tuple[str, ...]) -> Number | None:
    """Return the number that counts one of these nouns ("two prototypes", "400 engagements")."""
    marks = sentence.all_marks(*nouns)
    for number in plain_numbers(find_numbers(sentence, reading.lexicon.numbers)):
        if any(0 <= mark.first - number.last <= 1 for mark in marks):
            return number
    return None


def without_announcements(drafts: list[Draft]) -> list[Draft]:
    """Leave out a combat use only named ("a successful debut") before the sentence that tells it, and a loss told twice on end."""
    combat = [draft for draft in drafts if draft.type is ClaimType.COMBAT_USE]
    told = {draft.sentence.number for draft in combat if draft.sentence.has("threat")}
    lost = {draft.sentence.number for draft in combat if draft.status is Status.ALLEGED}
    repeats = [
        draft for draft in combat
        if (draft.status is not Status.ALLEGED and draft.sentence.number + 1 in told and not draft.sentence.has("threat", "employ"))
        or (draft.status is not Status.ALLEGED and draft.sentence.number - 1 in told and not draft.sentence.has("threat", "employ"))
        or (draft.sentence.number - 1 in lost and not draft.sentence.named("hybrid", "launcher"))
    ]
    return [draft for draft in drafts if draft not in repeats]
