"""How many of something a sentence counts, and in what unit: missiles, launchers, batteries."""

from __future__ import annotations

from frankensam.claims.dates import FIRST_YEAR, LAST_YEAR
from frankensam.claims.lexicon import LanguageLexicon
from frankensam.claims.numbers import Number, find_numbers
from frankensam.claims.reading import Mention, Reading, Sentence

_YEARS = frozenset(float(year) for year in range(FIRST_YEAR, LAST_YEAR + 1))
_COUNT_GAP = 8
_CLOSE = 4
_UNIT_GAP = 4
_ORDINAL_GAP = 3
_UNITS = {
    "unit_missile": "missile", "unit_round": "missile", "unit_battery": "battery", "unit_launcher": "launcher",
    "unit_vehicle": "vehicle", "unit_system": "system",
}


_SHARE_GAP = 2
_OF_WORDS = frozenset({"of", "z", "ze", "из", "із", "з", "von", "de", "des", "di", "dei", "dos", "van", "din", "от"})


def plain_numbers(numbers: list[Number]) -> list[Number]:
    """Return the numbers that are neither money nor, by their look, a year."""
    return [
        number for number in numbers
        if number.currency is None and not (number.last - number.first == 1 and number.value in _YEARS and number.end - number.start == 4)
    ]


def count_of(
    sentence: Sentence, group: list[Mention], numbers: list[Number], lexicon: LanguageLexicon,
) -> tuple[Number | None, str | None]:
    """Return how many of the group are meant: the number before it, after it in East Asian order, or an ordinal ("second battery")."""
    head, tail = group[0], group[-1]
    unit = _unit(sentence, head, tail)
    plain = plain_numbers(numbers)
    shares = [number for number in plain if any(0 <= mark.first - number.last <= 0 for mark in sentence.marks.get("of_them", ()))]
    if shares:
        return shares[0], unit
    before = [number for number in plain if _counts(sentence, number, head) and not _counts_batches(sentence, number)]
    if before:
        return _share_of(sentence, before), unit
    counted = sentence.all_marks("unit_missile", "unit_system", "unit_battery", "unit_launcher")
    nouns = [mark.last for mark in counted if mark.first == tail.last]
    after = [number for number in plain if number.first in {tail.last, *nouns}]
    if after and sentence.language in {"ja", "zh"}:
        return after[0], unit
    single = _single(sentence, head, tail, unit, lexicon)
    return (single, unit) if single is not None else (None, None)


def _share_of(sentence: Sentence, before: list[Number]) -> Number:
    """Return the share where a share of a total is told ("eight of the fourteen missiles"), else the number nearest to the name."""
    total = before[-1]
    earlier = [number for number in before[:-1] if 0 < total.first - number.last <= _SHARE_GAP]
    linked = earlier and any(sentence.tokens[at].key in _OF_WORDS for at in range(earlier[-1].last, total.first))
    return earlier[-1] if linked else total


def _counts_batches(sentence: Sentence, number: Number) -> bool:
    """Say whether a one counts a batch of unknown size ("one more batch of missiles")."""
    return number.value == 1 and any(0 <= mark.first - number.last <= 1 for mark in sentence.marks.get("batch", ()))


def _counts(sentence: Sentence, number: Number, head: Mention) -> bool:
    """Say whether a number stands before a name with nothing but words of the same phrase between."""
    gap = range(number.last, head.first)
    if not 0 <= head.first - number.last <= _COUNT_GAP or any(sentence.tokens[at].key in {",", ";", ":", "(", ")"} for at in gap):
        return False
    if len(gap) <= _CLOSE:
        return True
    other = [mention for mention in sentence.mentions if number.last <= mention.first < head.first and mention.entity.kind != "country"]
    nouns = sentence.all_marks("unit_missile", "unit_round", "unit_battery", "unit_launcher", "interceptor_noun")
    return not other and any(number.last <= noun.first < head.first for noun in nouns)


def _single(sentence: Sentence, head: Mention, tail: Mention, unit: str | None, lexicon: LanguageLexicon) -> Number | None:
    """Return one for "a second battery" and for "a battery"."""
    if unit not in {"battery", "system", "launcher"}:
        return None
    words = lexicon.ordinals
    if unit == "battery":
        words = words | lexicon.articles
    nouns = [mark.first for mark in sentence.all_marks("unit_battery") if 0 <= head.first - mark.last <= _UNIT_GAP] or [head.first]
    for at in range(max(0, min(nouns) - _ORDINAL_GAP), head.first):
        token = sentence.tokens[at]
        if token.key in words:
            return Number(1.0, 1.0, 1.0, at, at + 1, token.start, token.end)
    return None


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


def counted_launchers(reading: Reading, sentence: Sentence) -> tuple[Number | None, str | None]:
    """Return how many launchers of Soviet design a sentence counts ("about 60 Buk systems")."""
    launchers = [mention for mention in sentence.named("launcher") if mention.entity.origin == "eastern"]
    if not launchers:
        return None, None
    return count_of(sentence, launchers[:1], find_numbers(sentence, reading.lexicon.numbers), reading.lexicon)
