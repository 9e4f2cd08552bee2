"""Upkeep and money: what keeps delivered air defence in repair, and what is paid for it."""

from __future__ import annotations

from dataclasses import replace

from frankensam.claims.claim import Passage
from frankensam.claims.draft import Draft, quoted_tokens
from frankensam.claims.numbers import Number, find_numbers
from frankensam.claims.reading import Mark, Mention, Reading, Sentence, concerns_ukraine
from frankensam.claims.wording import hedge_of, is_negated, status_of
from frankensam.glossary import ClaimType

_NEAR = 6
_PRICE_GAP = 6
_PACKAGE_GAP = 3
_SENTENCES_BACK = 2


def find_sustainment(reading: Reading, sentence: Sentence, pairings: list[Draft]) -> Draft | None:
    """Return the upkeep of air defence given to Ukraine that a sentence is about, with its price where one is given.

    Work that joins a launcher with a missile is a pairing, not upkeep.
    """
    triggers = [mark for mark in sentence.marks.get("sustain", ()) if not is_negated(sentence, mark.first)]
    if not triggers or pairings or not concerns_ukraine(reading):
        return None
    systems = _kept_systems(reading, sentence)
    described = [] if systems or sentence.has("unit_round", "deployment_noun") else _described_systems(reading, sentence, triggers)
    if not systems and not described:
        return None
    trigger = triggers[0]
    numbers = [number for number in find_numbers(sentence, reading.lexicon.numbers) if number.currency]
    numbers = [] if _is_package(sentence, numbers) else numbers  # a package pays for more than the upkeep in it
    tokens = [trigger.first, trigger.last - 1, *(at for system in (systems or described)[:1] for at in (system.first, system.last - 1))]
    first, last = quoted_tokens(sentence, [*tokens, *(number.first for number in numbers[:1])])
    approvals = list(sentence.marks.get("approve", ()))
    return Draft(
        ClaimType.SUSTAINMENT, sentence, first, last, trigger.first,
        status=status_of(ClaimType.SUSTAINMENT, sentence, 0, len(sentence.tokens), approvals), hedge=hedge_of(sentence, first, last),
        launchers=tuple(mention for mention in systems if mention.entity.kind == "launcher"),
        interceptors=tuple(mention for mention in systems if mention.entity.kind == "interceptor"),
        number=numbers[0] if numbers else None, unit=numbers[0].currency if numbers else None, cost_of="sale" if numbers else None,
    )


def _kept_systems(reading: Reading, sentence: Sentence) -> list[Mention]:
    """Return the systems whose upkeep is a claim: hybrids, programme systems, Western air defence, Soviet launchers among hybrids."""
    hybrids = reading.names(lambda entity: entity.kind == "hybrid")
    return [
        mention for mention in sentence.named("launcher", "hybrid", "interceptor")
        if mention.entity.programme or mention.entity.origin == "western" or (hybrids and mention.entity.origin == "eastern")
    ]


def _described_systems(reading: Reading, sentence: Sentence, triggers: list[Mark]) -> list[Mark]:
    """Return words that describe the systems kept up ("air-defence equipment", "Western systems", "every launcher you give us")."""
    nouns = sentence.all_marks("air_defence", "unit_launcher")
    if reading.calls_hybrids or reading.marks("air_defence") or reading.names(lambda entity: entity.kind == "launcher"):
        owners = sentence.all_marks("western", "improvised")
        nouns.extend(mark for mark in sentence.all_marks("unit_system") if any(0 <= mark.first - owner.last <= 1 for owner in owners))
        nouns.extend(mark for mark in sentence.all_marks("improvised"))
    near = [noun for noun in nouns if any(abs(noun.first - trigger.first) <= _NEAR for trigger in triggers)]
    return sorted(near, key=lambda mark: mark.first)


def find_cost(reading: Reading, sentence: Sentence) -> Draft | None:
    """Return the sum of money that a sentence is about; a package's value is marked as that, not as a system's cost.

    Totals of all aid ("so far", "since the invasion") and money that is stuck are no price of anything in the text.
    """
    numbers = [number for number in find_numbers(sentence, reading.lexicon.numbers) if number.currency]
    named = [mark for mention in sentence.named("interceptor", "hybrid") if mention.entity.programme for mark in [_at(mention)]]
    thing = sentence.all_marks("funded_thing", "each", "package") or named
    running_total = sentence.has("total") and not sentence.named("hybrid") and not _is_package(sentence, numbers)
    if not numbers or not thing or sentence.has("destroy") or running_total:
        return None
    number = min(numbers, key=lambda number: (min(abs(number.first - mark.first) for mark in thing), number.first))
    if not sentence.has("each", "package") and not _priced(reading, sentence, number, thing):
        return None
    hybrids = [at for mention in sentence.named("hybrid") for at in (mention.first, mention.last - 1)]
    first, last = quoted_tokens(sentence, (number.first, number.last - 1, *hybrids))
    cost_of = "unit" if sentence.has("each") else "package" if sentence.has("package") else "stated sum"
    priced = sentence.named("interceptor")
    return Draft(
        ClaimType.COST, sentence, first, last, number.first,
        status=status_of(ClaimType.COST, sentence, first, last, []), hedge=hedge_of(sentence, first, last),
        interceptors=tuple(priced) if cost_of == "unit" else (), number=number, unit=number.currency, cost_of=cost_of,
    )


def _at(mention: Mention) -> Mark:
    """Return where a name stands, as a mark."""
    return Mark("named", "open", mention.first, mention.last, mention.start, mention.end)


def _is_package(sentence: Sentence, numbers: list[Number]) -> bool:
    """Say whether a sum is a package's own ("a package of 6 billion, the largest so far"), not a running total."""
    return any(0 <= number.first - mark.last <= _PACKAGE_GAP for mark in sentence.marks.get("package", ()) for number in numbers)


def _priced(reading: Reading, sentence: Sentence, number: Number, thing: list[Mark]) -> bool:
    """Say whether a sum is the price of something the programme is about, named in the sentence or in the one before."""
    near = any(abs(number.first - mark.first) <= _PRICE_GAP or abs(number.last - mark.first) <= _PRICE_GAP for mark in thing)
    before = reading.sentences[max(0, sentence.number - _SENTENCES_BACK):sentence.number]
    named = any(other.named("interceptor", "launcher", "hybrid", "agreement") for other in (sentence, *before))
    return near and (named or any(other.has("air_defence", "unit_missile", "unit_round") for other in (sentence, *before[-1:])))


def with_next_sum(drafts: list[Draft]) -> list[Draft]:
    """Give approved upkeep without a price the sum of the next sentence ("The sale is worth 138 million"): no cost of its own."""
    kept = list(drafts)
    for at, draft in enumerate(kept):
        if draft.type is not ClaimType.SUSTAINMENT or draft.number is not None:
            continue
        sums = [other for other in kept if other.type is ClaimType.COST and other.sentence.number == draft.sentence.number + 1]
        if len(sums) != 1 or sums[0].cost_of == "unit" or not draft.sentence.has("approve", "sign", "agree"):
            continue
        passage = Passage("antecedent", sums[0].sentence.start, sums[0].sentence.text)
        kept[at] = replace(draft, number=sums[0].number, unit=sums[0].unit, cost_of="sale", passages=(*draft.passages, passage))
        kept.remove(sums[0])
        break
    return kept


def without_side_sums(drafts: list[Draft]) -> list[Draft]:
    """Leave out sums a document only mentions beside its own: those after the first that name nothing of the programme.

    Where the document prices upkeep, the price is told there, and a sum without a name beside it is another.
    """
    priced = {draft.number.value for draft in drafts if draft.type is ClaimType.SUSTAINMENT and draft.number is not None}
    kept: list[Draft] = []
    seen = bool(priced)
    for draft in drafts:
        if draft.type is ClaimType.COST and draft.cost_of != "unit":
            same = draft.number is not None and draft.number.value in priced
            named = any(mention.entity.programme for mention in draft.sentence.mentions)
            if same or (seen and not named):
                continue
            seen = True
        kept.append(draft)
    return kept
