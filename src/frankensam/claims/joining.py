"""Whether a sentence joins a platform with a missile: by a verb, a preposition, or by naming both in one breath."""

from __future__ import annotations

from frankensam.claims.parts import MISSILE_NOUNS, Part
from frankensam.claims.reading import Mark, Reading, Sentence, concerns_ukraine, names_aircraft
from frankensam.claims.wording import is_negated, touched_segments

_PREPOSITION_GAP = 7
_GENERIC_GAP = 3
_COMMA_WEIGHT = 10
_REACH_WORDS = 18
_REACH_SEGMENTS = 3
_LIST_WORDS = 3


def are_joined(reading: Reading, sentence: Sentence, platform: Part, missile: Part) -> bool:
    """Say whether a sentence says that `platform` works with `missile`."""
    if is_native(platform, missile):
        return False
    if sentence.part_of(platform.first) != sentence.part_of(missile.first):
        return _inside_hybrid(sentence, platform, missile)
    first, last = min(platform.first, missile.first), max(platform.last, missile.last)
    touching = sentence.in_segments(sentence.all_marks("link", "carry"), touched_segments(sentence, first, last))
    links = [mark for mark in touching if not is_negated(sentence, mark.first)]
    if touching and not links:
        return False
    between = words_between(sentence, platform, missile)
    if _crosses(sentence, between, "deliver", "employ"):
        links = [mark for mark in links if mark.concept == "link"]
    close = len(between) <= _PREPOSITION_GAP and any(mark.first in between for mark in sentence.marks.get("with", ()))
    close = close or _led_by_with(sentence, platform, missile, between)
    if platform.origin == "makeshift":
        return _on_makeshift(reading, sentence, platform, missile, links, close)
    if platform.words is not None and missile.words is not None:
        return _both_described(reading, sentence, platform, missile, links, between)
    if missile.weak and platform.mentions and platform.origin == "western" and missile.origin == "eastern":
        return bool(links) or _in_one_breath(reading, sentence, platform, missile, between)
    if missile.weak or platform.weak:
        return any(mark.concept == "link" or mark.tense == "done" for mark in links)
    if missile.words is not None:
        return bool(links) or _in_one_breath(reading, sentence, platform, missile, between)
    if platform.origin == "western" and platform.mentions and platform.mentions[0].entity.native:
        return close or (bool(links) and missile.origin == "eastern")
    if links or (close and not _crosses(sentence, between, "deliver", "employ")):
        return True
    return _in_one_breath(reading, sentence, platform, missile, between)


def _inside_hybrid(sentence: Sentence, platform: Part, missile: Part) -> bool:
    """Say whether a later part of the sentence names the aircraft missile in a hybrid of its own ("; inside were R-73s")."""
    one_off = any(mention.entity.kind == "hybrid" and mention.entity.family != "frankensam" for mention in platform.mentions)
    here = sentence.part_of(missile.first)
    others = any(sentence.part_of(mention.first) == here for mention in sentence.named("launcher", "hybrid"))
    return one_off and platform.first < missile.first and missile.air_carried and not others and not names_aircraft(sentence)


def words_between(sentence: Sentence, one: Part, other: Part) -> list[int]:
    """Return the word tokens between two parts."""
    return [at for at in range(min(one.last, other.last), max(one.first, other.first)) if sentence.tokens[at].is_word]


def distance(sentence: Sentence, one: Part, other: Part) -> int:
    """Return the tokens between two parts; a comma between them counts as several."""
    between = max(one.first, other.first) - min(one.last, other.last)
    return between + _COMMA_WEIGHT * abs(sentence.segment_of(one.first) - sentence.segment_of(other.first))


def in_reach(sentence: Sentence, one: Part, other: Part) -> bool:
    """Say whether two parts stand near enough to belong together without a word that joins them."""
    segments = abs(sentence.segment_of(one.first) - sentence.segment_of(other.first))
    return segments <= _REACH_SEGMENTS and len(words_between(sentence, one, other)) <= _REACH_WORDS


def leading_to(sentence: Sentence, launcher: Part) -> list[Mark]:
    """Return the preposition before a launcher in a sentence about what may become of missiles ("they could end up on Buk launchers")."""
    ahead = sentence.has("future", "hedge_could", "hedge_likely")
    return [mark for mark in sentence.marks.get("with", ()) if ahead and 0 < launcher.first - mark.first <= _GENERIC_GAP]


def is_native(platform: Part, missile: Part) -> bool:
    """Say whether the launcher was built for the missile, or both are of one Soviet design line."""
    families = {mention.entity.family for mention in missile.mentions}
    native = {family for mention in platform.mentions for family in mention.entity.native}
    carriers = {mention.entity.carrier for mention in missile.mentions}
    if platform.origin == "eastern" and missile.origin == "eastern" and "air" not in carriers:
        return True
    western_pair = platform.origin == "western" and bool(native) and missile.origin == "western"
    return bool(families and families <= native) or western_pair


def _both_described(reading: Reading, sentence: Sentence, platform: Part, missile: Part, links: list[Mark], between: list[int]) -> bool:
    if platform.kind != "launcher":
        return bool(links) and platform.origin != missile.origin
    if platform.weak or missile.weak:
        return platform.origin != missile.origin and any(mark.concept == "link" for mark in links)
    coordinated = len(between) <= _GENERIC_GAP and sentence.has("and", "with")
    in_programme = concerns_ukraine(reading) or sentence.has("improvised", "project")
    if platform.origin == missile.origin:
        return False
    return bool(links) or (coordinated and in_programme) or _in_one_breath(reading, sentence, platform, missile, between)


def _on_makeshift(reading: Reading, sentence: Sentence, platform: Part, missile: Part, links: list[Mark], close: bool) -> bool:
    """A missile that aircraft carry, fired from "a launcher", "a truck" or "the ground"."""
    between = words_between(sentence, platform, missile)
    if not missile.air_carried or (names_aircraft(sentence) and not links) or _crosses(sentence, between, "employ"):
        return False
    from_ground = any(platform.first == mark.first for mark in sentence.marks.get("ground_launch", ()))
    supplied = sentence.has("deliver", "package")
    if from_ground:
        return bool(links) or not (supplied or sentence.has("kilometre"))
    soviet = missile.origin == "eastern" and not names_aircraft(sentence)
    makeshift = sentence.has("improvised") or soviet or reading.calls_hybrids or reading.joins_two_origins or missile.from_aircraft
    return makeshift and (bool(links) or (not supplied and in_reach(sentence, platform, missile)))


def _in_one_breath(reading: Reading, sentence: Sentence, platform: Part, missile: Part, between: list[int]) -> bool:
    """A launcher and a missile not made for it, named near each other: a pairing, unless they are items of a list or of two events."""
    first, last = min(platform.first, missile.first), max(platform.last, missile.last)
    denied = sentence.in_segments(sentence.marks.get("negation", ()), touched_segments(sentence, first, last))
    if denied or sentence.has("kilometre", "comparison") or names_aircraft(sentence) or not in_reach(sentence, platform, missile):
        return False
    if _crosses(sentence, between, "deliver", "employ", "own"):
        return False
    if platform.kind == "sensor":
        return reading.calls_hybrids and not sentence.has("deliver")
    if any(mention.entity.kind == "hybrid" for mention in platform.mentions):
        return not sentence.has("package")
    joining = {at for mark in sentence.all_marks("and") for at in range(mark.first, mark.last)}
    nouns = {at for mark in sentence.all_marks(*MISSILE_NOUNS) for at in range(mark.first, mark.last)}
    others = [at for at in between if at not in joining | nouns]
    apart = sentence.segment_of(platform.first) != sentence.segment_of(missile.first)
    listed = (bool(joining & set(between)) or apart) and len(others) < _LIST_WORDS
    described = platform.words is not None or missile.words is not None
    in_parcel = (apart and sentence.has("package", "employ")) or (described and sentence.has("deliver", "package", "employ", "ask", "own"))
    return not in_parcel and (not listed or sentence.has("improvised"))


def _led_by_with(sentence: Sentence, platform: Part, missile: Part, between: list[int]) -> bool:
    """Say whether "with the missile" leads straight to the launcher ("with the RIM-7 the Buk reaches ...")."""
    near = missile.last <= platform.first and len(between) <= _GENERIC_GAP and bool(missile.mentions) and bool(platform.mentions)
    return near and any(0 <= missile.first - mark.last <= 1 for mark in sentence.marks.get("with", ()))


def _nearer_to_aircraft(sentence: Sentence, platform: Part, missile: Part) -> bool:
    """Say whether an aircraft stands nearer to the missile than the launcher does: then it may be the aircraft's own."""
    gap = max(platform.first, missile.first) - min(platform.last, missile.last)
    aircraft = (max(mention.first, missile.first) - min(mention.last, missile.last) for mention in sentence.named("aircraft"))
    return any(other <= gap for other in aircraft)


def _crosses(sentence: Sentence, between: list[int], *concepts: str) -> bool:
    return any(mark.first in between for mark in sentence.all_marks(*concepts))
