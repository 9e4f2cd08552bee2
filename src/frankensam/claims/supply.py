"""Deliveries, upkeep and money: what is sent to Ukraine, kept in repair, and paid for."""

from __future__ import annotations

from collections.abc import Iterator

from frankensam.claims.anaphora import resolve_missiles
from frankensam.claims.draft import Draft, quoted_tokens
from frankensam.claims.employment import about_hybrids
from frankensam.claims.numbers import Number, find_numbers
from frankensam.claims.reading import Mark, Mention, Reading, Sentence, concerns_ukraine
from frankensam.claims.wording import hedge_of, is_negated, status_of
from frankensam.glossary import ClaimType

_COUNT_GAP = 4
_UNIT_GAP = 4
_UNITS = {
    "unit_missile": "missile", "unit_round": "missile", "unit_battery": "battery", "unit_launcher": "launcher",
    "unit_vehicle": "vehicle", "unit_system": "system",
}


def find_deliveries(reading: Reading, sentence: Sentence, pairings: list[Draft]) -> Iterator[Draft]:
    """Yield what a sentence says is, was or will be handed over: programme missiles, HAWK units, hybrids."""
    triggers = [mark for mark in sentence.marks.get("deliver", ()) if not is_negated(sentence, mark.first)]
    if not triggers or (sentence.has("own") and not sentence.named("interceptor")):
        return
    numbers = find_numbers(sentence, reading.lexicon.numbers)
    found = False
    for group in _delivered_groups(sentence, numbers):
        trigger = _nearest_trigger(sentence, triggers, group)
        if trigger is None or _names_parts_of_a_pair(sentence, group, trigger, pairings):
            continue
        found = True
        yield _delivery(reading, sentence, group, trigger, numbers)
    if not found:
        draft = _described_missiles(reading, sentence, triggers, numbers) or _pointed_at(reading, sentence, triggers)
        if draft is not None:
            found = True
            yield draft
    if not found and (pairings or not sentence.named("interceptor", "launcher")) and _hands_over_the_system(reading, sentence, triggers):
        trigger = triggers[-1]
        first, last = quoted_tokens(sentence, (trigger.first, trigger.last - 1))
        yield Draft(
            ClaimType.DELIVERY, sentence, first, last, trigger.first,
            status=status_of(ClaimType.DELIVERY, sentence, first, last, [trigger]), hedge=hedge_of(sentence, first, last),
        )


def _described_missiles(reading: Reading, sentence: Sentence, triggers: list[Mark], numbers: list[Number]) -> Draft | None:
    """Return a delivery of missiles that are only called air-defence missiles."""
    if not concerns_ukraine(reading) or sentence.named("launcher"):
        return None
    for noun in sentence.all_marks("unit_missile", "unit_round"):
        near = [
            mark for mark in sentence.marks.get("air_defence", ())
            if -1 <= noun.first - mark.last <= 0 or 0 <= mark.first - noun.last <= 1 or mark.first == noun.first
        ]
        if not near:
            continue
        first_token, last_token = min(noun.first, near[0].first), max(noun.last, near[0].last)
        trigger = min(triggers, key=lambda mark: (mark.tense == "open", abs(mark.first - noun.first)))
        before = [number for number in numbers if number.currency is None and 0 <= first_token - number.last <= 1]
        first, last = quoted_tokens(sentence, (trigger.first, trigger.last - 1, first_token, last_token - 1))
        return Draft(
            ClaimType.DELIVERY, sentence, first, last, trigger.first,
            status=status_of(ClaimType.DELIVERY, sentence, first, last, [trigger]), hedge=hedge_of(sentence, first, last),
            interceptor_words=reading.text[sentence.tokens[first_token].start:sentence.tokens[last_token - 1].end],
            number=before[-1] if before else None, unit="missile" if before else None,
        )
    return None


def _pointed_at(reading: Reading, sentence: Sentence, triggers: list[Mark]) -> Draft | None:
    """Return a delivery of missiles that the sentence before names ("they will be sent to Ukraine later")."""
    firm = [mark for mark in triggers if mark.tense != "open"] or (triggers if sentence.has("future") else [])
    before = reading.sentences[sentence.number - 1] if sentence.number else None
    recipient = sentence.has("package") or any(mention.entity.name == "Ukraine" for mention in sentence.mentions)
    if not firm or before is None or not before.named("interceptor") or not recipient:
        return None
    antecedent = resolve_missiles(reading, sentence)
    if antecedent is None or abs(antecedent.first - firm[0].first) > _UNIT_GAP:
        return None
    if not all(mention.entity.programme for mention in antecedent.interceptors):
        return None
    first, last = quoted_tokens(sentence, (firm[0].first, firm[0].last - 1, antecedent.first))
    return Draft(
        ClaimType.DELIVERY, sentence, first, last, firm[0].first,
        status=status_of(ClaimType.DELIVERY, sentence, first, last, firm[:1]), hedge=hedge_of(sentence, first, last),
        interceptors=antecedent.interceptors, interceptor_words=antecedent.words, passages=antecedent.passages,
    )


def _names_parts_of_a_pair(sentence: Sentence, group: list[Mention], trigger: Mark, pairings: list[Draft]) -> bool:
    """Say whether the missiles only describe a hybrid, and the word of delivery stands elsewhere in the sentence."""
    described = any(draft.first <= group[0].first < draft.last and not draft.first <= trigger.first < draft.last for draft in pairings)
    return described and sentence.segment_of(trigger.first) != sentence.segment_of(group[-1].first)


def _delivered_groups(sentence: Sentence, numbers: list[Number]) -> list[list[Mention]]:
    """Return the programme items of a sentence, the items of one list with one number together."""
    items = [
        mention for mention in sentence.named("interceptor", "launcher", "hybrid")
        if mention.entity.programme and not (mention.entity.kind == "hybrid" and mention.entity.family == "frankensam")
    ]
    groups: list[list[Mention]] = []
    for mention in items:
        before = groups[-1][-1] if groups else None
        listed = before is not None and before.entity.kind == mention.entity.kind and mention.first - before.last <= _COUNT_GAP
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
    return min(firm, key=lambda mark: (abs(sentence.segment_of(mark.first) - segment), abs(mark.first - group[0].first)), default=None)


def _delivery(reading: Reading, sentence: Sentence, group: list[Mention], trigger: Mark, numbers: list[Number]) -> Draft:
    first, last = quoted_tokens(sentence, (trigger.first, trigger.last - 1, group[0].first, group[-1].last - 1))
    number, unit = _count(sentence, group, numbers, reading.lexicon.ordinals)
    triggers = [mark for mark in sentence.marks["deliver"] if first <= mark.first < last]
    launchers = tuple(mention for mention in group if mention.entity.kind == "launcher")
    return Draft(
        ClaimType.DELIVERY, sentence, first, last, trigger.first,
        status=status_of(ClaimType.DELIVERY, sentence, first, last, triggers), hedge=hedge_of(sentence, first, last),
        launchers=launchers, interceptors=tuple(mention for mention in group if mention.entity.kind == "interceptor"),
        number=number, unit=unit,
    )


def _count(
    sentence: Sentence, group: list[Mention], numbers: list[Number], ordinals: frozenset[str],
) -> tuple[Number | None, str | None]:
    """Return how many of the group are meant: the number before it, after it in East Asian order, or an ordinal ("second battery")."""
    head, tail = group[0], group[-1]
    unit = _unit(sentence, head, tail)
    plain = [number for number in numbers if number.currency is None]
    shares = [number for number in plain if any(0 <= mark.first - number.last <= 0 for mark in sentence.marks.get("of_them", ()))]
    if shares:
        return shares[0], unit
    before = [number for number in plain if 0 <= head.first - number.last <= _COUNT_GAP
              and not any(token.key in {",", ";", ":"} for token in sentence.tokens[number.last:head.first])]
    if before:
        return before[-1], unit
    after = [number for number in plain if number.first == tail.last]
    if after and sentence.language in {"ja", "zh"}:
        return after[0], unit
    ordinal = [at for at in range(max(0, head.first - 3), head.first) if sentence.tokens[at].key in ordinals]
    if ordinal and unit in {"battery", "system", "launcher"}:
        token = sentence.tokens[ordinal[0]]
        return Number(1.0, 1.0, 1.0, ordinal[0], ordinal[0] + 1, token.start, token.end), unit
    return None, None


def _unit(sentence: Sentence, head: Mention, tail: Mention) -> str:
    near: list[tuple[int, str]] = []
    for concept, unit in _UNITS.items():
        for mark in sentence.marks.get(concept, ()):
            gap = mark.first - tail.last if mark.first >= tail.last else head.first - mark.last
            if 0 <= gap <= _UNIT_GAP:
                near.append((gap, unit))
    if near:
        return min(near)[1]
    return "missile" if head.entity.kind == "interceptor" else "system"


def _hands_over_the_system(reading: Reading, sentence: Sentence, triggers: list[Mark]) -> bool:
    """Say whether a text about a hybrid goes on about its handover ("delivery is planned for the autumn")."""
    ahead = sentence.has("future") or any(mark.tense == "coming" for mark in triggers)
    other_topic = sentence.has("technical_data", "agreement_document", "own", "package", "joint")
    in_lists = sentence.named("hybrid") and not any(mention.entity.family == "frankensam" for mention in sentence.named("hybrid"))
    return about_hybrids(reading) and ahead and sentence.has("handover") and not other_topic and not in_lists


def find_sustainment(reading: Reading, sentence: Sentence) -> Draft | None:
    """Return the upkeep of a named system that a sentence is about, with its price where one is given."""
    triggers = sentence.marks.get("sustain", ())
    hybrids = reading.names(lambda entity: entity.kind == "hybrid")
    systems = [
        mention for mention in sentence.named("launcher", "hybrid")
        if mention.entity.programme or (hybrids and mention.entity.origin == "eastern")
    ]
    if not triggers or not systems:
        return None
    trigger = triggers[0]
    numbers = [number for number in find_numbers(sentence, reading.lexicon.numbers) if number.currency]
    tokens = [trigger.first, systems[0].first, systems[0].last - 1, *(number.first for number in numbers[:1])]
    first, last = quoted_tokens(sentence, tokens)
    approvals = list(sentence.marks.get("approve", ()))
    return Draft(
        ClaimType.SUSTAINMENT, sentence, first, last, trigger.first,
        status=status_of(ClaimType.SUSTAINMENT, sentence, 0, len(sentence.tokens), approvals), hedge=hedge_of(sentence, first, last),
        launchers=tuple(mention for mention in systems if mention.entity.kind == "launcher"),
        number=numbers[0] if numbers else None, unit=numbers[0].currency if numbers else None, cost_of="sale" if numbers else None,
    )


def find_cost(reading: Reading, sentence: Sentence) -> Draft | None:
    """Return the sum of money that a sentence is about; a package's value is marked as that, not as a system's cost."""
    numbers = [number for number in find_numbers(sentence, reading.lexicon.numbers) if number.currency]
    thing = sentence.all_marks("funded_thing", "each")
    if not numbers or not thing:
        return None
    number = min(numbers, key=lambda number: min(abs(number.first - mark.first) for mark in thing))
    hybrids = [at for mention in sentence.named("hybrid") for at in (mention.first, mention.last - 1)]
    first, last = quoted_tokens(sentence, (number.first, number.last - 1, *hybrids))
    cost_of = "unit" if sentence.has("each") else "package" if sentence.has("package") else "stated sum"
    named = sentence.named("interceptor")
    return Draft(
        ClaimType.COST, sentence, first, last, number.first,
        status=status_of(ClaimType.COST, sentence, first, last, []), hedge=hedge_of(sentence, first, last),
        interceptors=tuple(named) if cost_of == "unit" else (), number=number, unit=number.currency, cost_of=cost_of,
    )


def counted_launchers(reading: Reading, sentence: Sentence) -> tuple[Number | None, str | None]:
    """Return how many launchers of Soviet design a sentence counts ("about 60 Buk systems")."""
    launchers = [mention for mention in sentence.named("launcher") if mention.entity.origin == "eastern"]
    if not launchers:
        return None, None
    numbers = find_numbers(sentence, reading.lexicon.numbers)
    return _count(sentence, launchers[:1], numbers, reading.lexicon.ordinals)
