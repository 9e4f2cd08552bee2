"""Deliveries: what is sent to Ukraine for the programme, named, described, or pointed at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from frankensam.claims.anaphora import resolve_missiles
from frankensam.claims.claim import Passage
from frankensam.claims.counting import count_of, plain_numbers
from frankensam.claims.draft import Draft, quoted_tokens
from frankensam.claims.employment import about_hybrids
from frankensam.claims.numbers import Number, find_numbers
from frankensam.claims.reading import Mark, Mention, Reading, Sentence, concerns_ukraine
from frankensam.claims.wording import hedge_of, is_negated, status_of
from frankensam.glossary import ClaimType

_LIST_GAP = 4
_PRICE_GAP = 3
_NO_COUNT = 100_000
_POINTING_GAP = 4
_NOUN_GAP = 3
_SENDER_GAP = 2
_SENTENCES_BACK = 3
_HALT_BEFORE = 8
_HALT_AFTER = 4
_OTHER_EVENTS = ("employ", "combat_noun", "own", "range_word", "sustain", "test", "hit_rate")


def find_deliveries(reading: Reading, sentence: Sentence, pairings: list[Draft]) -> Iterator[Draft]:
    """Yield what a sentence says is, was or will be handed over: programme missiles, HAWK units, hybrids."""
    triggers = [mark for mark in sentence.marks.get("deliver", ()) if not _is_refused(sentence, mark)]
    numbers = find_numbers(sentence, reading.lexicon.numbers)
    found = False
    if sentence.has("own") and not sentence.named("interceptor"):
        in_service = list(_in_service(reading, sentence, numbers))
        yield from in_service
        found = bool(in_service)
    if not triggers:
        yield from () if found else _implied(reading, sentence, numbers, pairings)
        return
    if sentence.has("own") and not sentence.named("interceptor") and all(mark.tense == "open" for mark in triggers):
        return
    told: list[Draft] = []
    for group in _delivered_groups(reading, sentence, numbers):
        trigger = _nearest_trigger(sentence, triggers, group)
        if trigger is None or _is_price_of(sentence, group, numbers) or not _is_transfer(reading, sentence, trigger, group, numbers):
            continue
        if _names_parts_of_a_pair(reading, sentence, group, trigger, pairings, numbers):
            continue
        told.append(_delivery(reading, sentence, group, trigger, numbers))
    yield from _narrowed(told)
    if told and (further := _and_further(sentence, triggers, numbers, told)) is not None:
        yield further
    found = found or bool(told)
    if found and not sentence.has("own"):
        return
    draft = (
        _described_missiles(reading, sentence, triggers, numbers, pairings) or _pointed_at(reading, sentence, triggers)
        or _more_of_the_same(reading, sentence, triggers, numbers, pairings)
        or _the_system(reading, sentence, triggers, numbers, pairings)
    )
    if draft is not None:
        yield draft


def _and_further(sentence: Sentence, triggers: list[Mark], numbers: list[Number], told: list[Draft]) -> Draft | None:
    """Return the rest of a delivery told in the same sentence ("eight have arrived, five more are on their way")."""
    used = {draft.number.first for draft in told if draft.number is not None}
    last_item = max(item.last for draft in told for item in (*draft.launchers, *draft.interceptors))
    for number in plain_numbers(numbers):
        beside = sentence.in_segments(triggers, {sentence.segment_of(number.first)})
        later = [mark for mark in beside if mark.first > last_item and mark.first not in {draft.anchor for draft in told}]
        if number.first in used or number.first < last_item or not later or not _counts_pieces(sentence, number, []):
            continue
        draft = _draft(sentence, [number.first, later[0].first, later[0].last - 1], later[:1])
        return replace(draft, launchers=told[-1].launchers, interceptors=told[-1].interceptors, number=number, unit=told[-1].unit)
    return None


def _is_price_of(sentence: Sentence, group: list[Mention], numbers: list[Number]) -> bool:
    """Say whether what stands before a missile is its price ("150,000 dollars for a Sea Sparrow"), in no package and for nobody."""
    if sentence.has("package", "future") or _to_ukraine(sentence):
        return False
    sums = [number for number in numbers if number.currency or (number.value or 0) >= _NO_COUNT]
    return any(0 < group[0].first - number.last <= _PRICE_GAP for number in sums)


def _is_refused(sentence: Sentence, trigger: Mark) -> bool:
    """Say whether a transfer is negated, asked for, refused or halted, in its own clause or by the one before it."""
    segment = sentence.segment_of(trigger.first)
    open_question = sentence.in_segments(sentence.marks.get("question_word", ()), {segment, segment - 1})
    if is_negated(sentence, trigger.first) or any(mark.first <= trigger.first for mark in open_question):
        return True
    asked = any(0 <= trigger.first - mark.last <= _HALT_BEFORE for mark in sentence.all_marks("ask", "discuss"))
    if asked and trigger.tense == "open" and not sentence.has("approve"):
        return True
    halts = sentence.in_segments(sentence.marks.get("halt", ()), {segment, segment - 1})
    halting = [mark for mark in halts if not _is_lifted(sentence, mark)]
    ahead = [mark for mark in halting if 0 <= trigger.first - mark.last <= _HALT_BEFORE]
    after = [mark for mark in halting if trigger.tense == "open" and 0 <= mark.first - trigger.last <= _HALT_AFTER]
    return bool(ahead or after)


def _is_lifted(sentence: Sentence, halt: Mark) -> bool:
    """Say whether a refusal is itself denied ("does not rule out", "n'exclut plus")."""
    negations = [mark for mark in sentence.marks.get("negation", ()) if mark.first != halt.first]
    around = any(mark.first < halt.first and halt.last < mark.last for mark in negations)
    return around or any(0 <= halt.first - mark.last <= 1 or 0 <= mark.first - halt.last <= 1 for mark in negations)


def _narrowed(drafts: list[Draft]) -> Iterator[Draft]:
    """Yield the deliveries of one sentence; each after the first quotes its own items only."""
    for number, draft in enumerate(drafts):
        items = [*draft.launchers, *draft.interceptors]
        if number == 0 or not items:
            yield draft
            continue
        first = min([item.first for item in items] + ([draft.number.first] if draft.number else []))
        yield replace(draft, first=first, last=max(item.last for item in items))


def _is_transfer(reading: Reading, sentence: Sentence, trigger: Mark, group: list[Mention], numbers: list[Number]) -> bool:
    """Say whether a sentence tells a transfer rather than what an order or a battery includes."""
    if trigger.tense != "open" or sentence.has("future", "handover") or _to_ukraine(sentence):
        return True
    near = reading.sentences[max(0, sentence.number - _SENTENCES_BACK):sentence.number + 1]
    if any(other.has("package") for other in near):
        return True
    if concerns_ukraine(reading) and not any(mark.first <= trigger.first < mark.last for mark in sentence.marks.get("contains", ())):
        return True
    return any(number.currency is None and 0 <= group[0].first - number.last <= _LIST_GAP for number in numbers)


def _draft(sentence: Sentence, tokens: list[int], triggers: list[Mark]) -> Draft:
    first, last = quoted_tokens(sentence, tokens)
    governing = [mark for mark in triggers if first <= mark.first < last] or triggers
    return Draft(
        ClaimType.DELIVERY, sentence, first, last, triggers[0].first,
        status=status_of(ClaimType.DELIVERY, sentence, first, last, governing), hedge=hedge_of(sentence, first, last),
    )


def _to_ukraine(sentence: Sentence) -> bool:
    return any("Ukraine" in {mention.entity.name, mention.entity.country} for mention in sentence.mentions)


def _implied(reading: Reading, sentence: Sentence, numbers: list[Number], pairings: list[Draft]) -> Iterator[Draft]:
    """Programme missiles, counted or ahead, and Ukraine in a sentence on no other event: a transfer told in words no list has."""
    if pairings or sentence.has(*_OTHER_EVENTS) or sentence.has("sea_drone", "halt"):
        return
    before = reading.sentences[sentence.number - 1:sentence.number] if sentence.number else ()
    in_package = sentence.has("package") or (concerns_ukraine(reading) and any(other.has("package") for other in before))
    listed = in_package and not sentence.has("link", "improvised", "project")
    one_off = any(mention.entity.programme and mention.entity.family != "frankensam" for mention in sentence.named("hybrid"))
    if not _to_ukraine(sentence) and not listed and not one_off:
        return
    ahead = sentence.has("future", "conditional", "approve", "agree", "handover") and not sentence.has("ask", "link", "carry", "produce")
    for group in _delivered_groups(reading, sentence, numbers):
        number, _ = count_of(sentence, group, numbers, reading.lexicon)
        if is_negated(sentence, group[0].first):
            continue
        missiles = group[0].entity.kind == "interceptor" and (listed or (ahead and _to_ukraine(sentence)))
        if number is not None or missiles:
            draft = _draft(sentence, [group[0].first, group[-1].last - 1, *([number.first] if number else [])], _motion(sentence, group))
            yield _with_items(reading, sentence, draft, group, numbers)
            return
    yield from _counted_missiles(reading, sentence, numbers)


def _counted_missiles(reading: Reading, sentence: Sentence, numbers: list[Number]) -> Iterator[Draft]:
    """Counted air-defence missiles without a name, and Ukraine: a transfer too."""
    if sentence.named("interceptor", "launcher") or not _to_ukraine(sentence) or sentence.has("threat", "produce", "agreement_document"):
        return
    following = reading.sentences[sentence.number + 1:sentence.number + 2]
    named_next = any(mention.entity.programme for other in following for mention in other.named("interceptor"))
    shared_out = list(sentence.marks.get("unit_missile", ())) if sentence.has("of_them") and named_next else []
    for noun in (*sentence.marks.get("interceptor_noun", ()), *shared_out):
        before = [number for number in plain_numbers(numbers) if 0 <= noun.first - number.last <= _NOUN_GAP]
        if before:
            verb = Mark("deliver", "open", noun.first, noun.last, noun.start, noun.end)
            draft = _draft(sentence, [before[-1].first, noun.last - 1], [verb])
            words = reading.text[noun.start:noun.end]
            yield replace(draft, interceptor_words=words, number=before[-1], unit="missile")
            return


def _motion(sentence: Sentence, group: list[Mention]) -> list[Mark]:
    """Return a stand-in for the verb that no list has: where the group stands, its tense open."""
    head = group[0]
    return [Mark("deliver", "open", head.first, head.first + 1, head.start, head.start)]


def _in_service(reading: Reading, sentence: Sentence, numbers: list[Number]) -> Iterator[Draft]:
    """Hybrids or HAWK units, counted, that are in service with Ukraine."""
    owned = sentence.marks["own"]
    groups = _delivered_groups(reading, sentence, numbers)
    counted = plain_numbers(numbers)
    before = _last_supplied(reading, sentence)
    there = _to_ukraine(sentence) or (before is not None and _to_ukraine(before))
    if not there or not counted or sentence.has("unit_launcher", "ground_launch"):
        return
    if groups and count_of(sentence, groups[0], numbers, reading.lexicon)[0] is None:
        return
    if not groups and (before is None or before.named("interceptor")):
        return
    draft = _draft(sentence, [owned[0].first, owned[0].last - 1, counted[0].first], list(owned))
    if groups:
        yield _with_items(reading, sentence, draft, groups[0], numbers)
        return
    launchers = tuple(before.named("hybrid", "launcher")) if before is not None else ()
    yield replace(draft, launchers=launchers, number=counted[0], unit="system")


def _described_missiles(
    reading: Reading, sentence: Sentence, triggers: list[Mark], numbers: list[Number], pairings: list[Draft],
) -> Draft | None:
    """Return a delivery of missiles that are only described: as air-defence missiles, or as missiles in a text about air defence."""
    if pairings or not concerns_ukraine(reading) or sentence.named("interceptor"):
        return None
    if any(not mention.entity.native for mention in sentence.named("launcher")):
        return None
    if sentence.has("employ", "technical_data", "kilometre") or any(mark.tense == "done" for mark in sentence.marks.get("link", ())):
        return None
    firm = any(mark.tense != "open" for mark in triggers) or sentence.has("future", "package", "handover", "approve", "agree")
    for noun in sentence.all_marks("interceptor_noun", "unit_missile", "unit_round"):
        near = [mark for mark in sentence.marks.get("air_defence", ()) if abs(mark.first - noun.first) <= _NOUN_GAP]
        named_later = noun.concept == "unit_missile" and _to_ukraine(sentence) and reading.names(
            lambda entity: entity.kind == "interceptor" and entity.programme
        )
        told = noun.concept == "interceptor_noun" or bool(near) or named_later
        if not told and not (noun.concept == "unit_missile" and reading.marks("air_defence") and _follows_air_defence(reading, sentence)):
            continue
        first_token = min([noun.first, *(mark.first for mark in near[:1])])
        last_token = max([noun.last, *(mark.last for mark in near[:1])])
        trigger = min(triggers, key=lambda mark: (mark.tense == "open", abs(mark.first - noun.first)))
        before = [number for number in plain_numbers(numbers) if 0 <= first_token - number.last <= _NOUN_GAP]
        many = [mark for mark in sentence.marks.get("many", ()) if 0 <= first_token - mark.last <= _NOUN_GAP]
        papers = sentence.in_segments(sentence.marks.get("agreement_document", ()), {sentence.segment_of(noun.first)})
        in_document = bool(papers) and not sentence.has("handover")
        if in_document or not (firm or before or many):
            continue
        draft = _draft(sentence, [trigger.first, trigger.last - 1, first_token, last_token - 1], [trigger])
        return replace(
            draft, interceptor_words=reading.text[sentence.tokens[first_token].start:sentence.tokens[last_token - 1].end],
            number=before[-1] if before else None, unit="missile" if before else None,
        )
    return None


def _follows_air_defence(reading: Reading, sentence: Sentence) -> bool:
    """Say whether the sentence or the one before speaks of air defence, or of the amounts in which it is supplied."""
    before = reading.sentences[sentence.number - 1:sentence.number] if sentence.number else ()
    return any(other.has("air_defence") or other.named("launcher", "interceptor") for other in (sentence, *before))


def _pointed_at(reading: Reading, sentence: Sentence, triggers: list[Mark]) -> Draft | None:
    """Return a delivery of missiles that the sentence before names ("they will be sent to Ukraine later")."""
    firm = [mark for mark in triggers if mark.tense != "open"] or (triggers if sentence.has("future") else [])
    named_before = any(other.named("interceptor") for other in reading.sentences[max(0, sentence.number - 2):sentence.number])
    recipient = sentence.has("package") or any(mention.entity.name == "Ukraine" for mention in sentence.mentions)
    if not firm or not named_before or not recipient:
        return None
    antecedent = resolve_missiles(reading, sentence)
    if antecedent is None or abs(antecedent.first - firm[0].first) > _POINTING_GAP:
        return None
    if not all(mention.entity.programme for mention in antecedent.interceptors):
        return None
    draft = _draft(sentence, [firm[0].first, firm[0].last - 1, antecedent.first], firm[:1])
    shares = [mark.first for mark in sentence.marks.get("of_them", ())]
    number = next((number for number in plain_numbers(find_numbers(sentence, reading.lexicon.numbers)) if number.last in shares), None)
    if number is not None:
        draft = replace(draft, number=number, unit="missile")
    return replace(draft, interceptors=antecedent.interceptors, interceptor_words=antecedent.words, passages=antecedent.passages)


def _more_of_the_same(
    reading: Reading, sentence: Sentence, triggers: list[Mark], numbers: list[Number], pairings: list[Draft],
) -> Draft | None:
    """Return a counted delivery of what an earlier sentence names ("five more will follow", "the first two have arrived")."""
    named = sentence.named("interceptor", "launcher")
    if pairings or named or sentence.has("employ", "package", "agreement_document", "unit_vehicle", "threat"):
        return None
    before = _last_supplied(reading, sentence)
    counted = plain_numbers(numbers)
    firm = [mark for mark in triggers if mark.tense != "open"] or (triggers if sentence.has("future") else [])
    counted = [number for number in counted if _counts_pieces(sentence, number, triggers)]
    if before is None or not firm or not counted:
        return None
    trigger = min(firm, key=lambda mark: abs(mark.first - counted[0].first))
    number = min(counted, key=lambda number: abs(number.first - trigger.first))
    draft = _draft(sentence, [trigger.first, trigger.last - 1, number.first], [trigger])
    launchers = tuple(mention for mention in before.named("launcher", "hybrid") if mention.entity.programme)
    interceptors = () if launchers else tuple(before.named("interceptor"))
    unit = "launcher" if sentence.has("unit_launcher") else "missile" if interceptors else "system"
    return replace(
        draft, launchers=launchers, interceptors=interceptors, number=number, unit=unit,
        passages=(Passage("antecedent", before.start, before.text),),
    )


def _counts_pieces(sentence: Sentence, number: Number, triggers: list[Mark]) -> bool:
    """Say whether a number counts pieces of what was named before ("five more", "two sets"), not some other thing."""
    nouns = sentence.all_marks("unit_system", "unit_launcher", "unit_missile", "unit_battery", "piece", "of_them", "future")
    if any(0 <= mark.first - number.last <= 1 or mark.last == number.first for mark in nouns):
        return True
    other_thing = number.last < len(sentence.tokens) and sentence.tokens[number.last].is_word and not any(
        mark.first == number.last for mark in sentence.all_marks("with", "and", "future", "deliver", "demonstrative")
    )
    return not other_thing and any(0 <= mark.first - number.last <= 1 or mark.last == number.first for mark in triggers)


def _last_supplied(reading: Reading, sentence: Sentence) -> Sentence | None:
    """Return the nearest of the sentences just before that names something the programme supplies."""
    for other in reversed(reading.sentences[max(0, sentence.number - _SENTENCES_BACK):sentence.number]):
        if any(mention.entity.programme and mention.entity.family != "frankensam" for mention in other.mentions):
            return other
    return None


def _the_system(
    reading: Reading, sentence: Sentence, triggers: list[Mark], numbers: list[Number], pairings: list[Draft],
) -> Draft | None:
    """Return the handover of the hybrids a text is about ("delivery is planned for the autumn", "such systems were sent to Kyiv")."""
    if not (pairings or not sentence.named("interceptor", "launcher")) or not about_hybrids(reading):
        return None
    ahead = sentence.has("future") or any(mark.tense == "coming" for mark in triggers)
    other_topic = sentence.has("technical_data", "agreement_document", "own", "package", "joint", "employ", "produce")
    in_lists = sentence.named("hybrid") and not any(mention.entity.family == "frankensam" for mention in sentence.named("hybrid"))
    told = (ahead and sentence.has("handover")) or (_to_ukraine(sentence) and sentence.has("unit_system", "piece") and (
        ahead or any(mark.tense == "done" for mark in triggers)))
    naming = bool(sentence.named("hybrid")) and not ahead
    if other_topic or in_lists or naming or not told or any(number.currency for number in numbers):
        return None
    trigger = triggers[-1]
    return _draft(sentence, [trigger.first, trigger.last - 1], [trigger])


def _names_parts_of_a_pair(
    reading: Reading, sentence: Sentence, group: list[Mention], trigger: Mark, pairings: list[Draft], numbers: list[Number],
) -> bool:
    """Say whether the missiles only describe a hybrid: the word of transfer stands elsewhere, or is no transfer to Ukraine."""
    holding = [draft for draft in pairings if draft.first <= group[0].first < draft.last]
    opens = sentence.mentions[0] if sentence.mentions and sentence.mentions[0].first == 0 else None
    sends = opens is not None and opens.entity.name == "Ukraine" and 0 < trigger.first - opens.last <= _SENDER_GAP
    if holding and sends and trigger.first not in {mark.first for mark in sentence.marks.get("received", ())}:
        return True
    if not holding:
        return False
    if not any(draft.launchers or draft.launcher_words or draft.sensor for draft in holding) and _to_ukraine(sentence):
        return trigger.tense == "open" and not sentence.has("handover")
    if not any(draft.first <= trigger.first < draft.last for draft in holding):
        return sentence.segment_of(trigger.first) != sentence.segment_of(group[-1].first)
    counted = count_of(sentence, group, numbers, reading.lexicon)[0] is not None
    joins = any(mark.first <= trigger.first < mark.last for mark in sentence.all_marks("link", "carry"))
    listed = reading.marks("package") and any(mark.first == trigger.first for mark in sentence.marks.get("contains", ()))
    return not counted and not listed and trigger.tense != "coming" and (joins or not _to_ukraine(sentence))


def _delivered_groups(reading: Reading, sentence: Sentence, numbers: list[Number]) -> list[list[Mention]]:
    """Return the programme items of a sentence, the items of one list with one number together."""
    items = [
        mention for mention in sentence.named("interceptor", "launcher", "hybrid")
        if (mention.entity.programme or (mention.entity.supplied and concerns_ukraine(reading)))
        and not (mention.entity.kind == "hybrid" and mention.entity.family == "frankensam")
    ]
    groups: list[list[Mention]] = []
    for mention in items:
        before = groups[-1][-1] if groups else None
        listed = before is not None and before.entity.kind == mention.entity.kind and mention.first - before.last <= _LIST_GAP
        if before is not None and listed and not any(before.last <= number.first < mention.first for number in numbers):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups


def _nearest_trigger(sentence: Sentence, triggers: list[Mark], group: list[Mention]) -> Mark | None:
    part = sentence.part_of(group[0].first)
    segment = sentence.segment_of(group[0].first)
    near = [mark for mark in triggers if sentence.part_of(mark.first) == part]
    firm = [mark for mark in near if mark.tense != "open"] or near
    if shares := sentence.marks.get("of_them"):
        return min(firm, key=lambda mark: abs(mark.first - shares[0].first), default=None)
    recipients = {sentence.segment_of(mention.first) for mention in sentence.mentions if mention.entity.name == "Ukraine"}

    def distance(mark: Mark) -> tuple[int, int]:
        own = sentence.segment_of(mark.first)
        return abs(own - segment) - (own in recipients), abs(mark.first - group[0].first)

    return min(firm, key=distance, default=None)


def _delivery(reading: Reading, sentence: Sentence, group: list[Mention], trigger: Mark, numbers: list[Number]) -> Draft:
    first, last = quoted_tokens(sentence, (trigger.first, trigger.last - 1, group[0].first, group[-1].last - 1))
    triggers = [mark for mark in sentence.marks["deliver"] if first <= mark.first < last]
    draft = Draft(
        ClaimType.DELIVERY, sentence, first, last, trigger.first,
        status=status_of(ClaimType.DELIVERY, sentence, first, last, triggers), hedge=hedge_of(sentence, first, last),
    )
    return _with_items(reading, sentence, draft, group, numbers)


def _with_items(reading: Reading, sentence: Sentence, draft: Draft, group: list[Mention], numbers: list[Number]) -> Draft:
    number, unit = count_of(sentence, group, numbers, reading.lexicon)
    return replace(
        draft, launchers=tuple(mention for mention in group if mention.entity.kind in {"launcher", "hybrid"}),
        interceptors=tuple(mention for mention in group if mention.entity.kind == "interceptor"), number=number, unit=unit,
    )
