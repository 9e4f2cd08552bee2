"""The sides of a pairing that a sentence holds: launchers, missiles and radars, named or only described."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from frankensam.claims.reading import Mark, Mention, Reading, Sentence

_COORDINATION_GAP = 3
_GENERIC_GAP = 3
_AFTER_NOUN_GAP = 5
_ADJECTIVE_GAP = 2
_RADAR_GAP = 3
SYSTEM_NOUNS = ("unit_launcher", "unit_system", "unit_battery", "air_defence", "component")
WESTERN_SYSTEM_NOUNS = ("unit_launcher", "unit_system", "unit_battery", "component", "radar")
MISSILE_NOUNS = ("unit_missile", "unit_round")
OWN_NAME_HYBRIDS = frozenset({"frankensam"})  # the programme's name: it stands for many hybrids, not for one


@dataclass(frozen=True)
class Part:
    """One side of a pairing in a sentence: coordinated names, or words that only describe it.

    `weak` marks a description by the owner alone ("Ukrainian systems"): only a verb of joining makes it a side.
    """

    kind: Literal["launcher", "interceptor", "sensor"]
    first: int
    last: int
    mentions: tuple[Mention, ...] = ()
    words: str | None = None
    origin: str | None = None
    weak: bool = False
    from_aircraft: bool = False

    @property
    def air_carried(self) -> bool:
        """Whether every missile named is one that aircraft carry, or the description says so."""
        return self.from_aircraft or (bool(self.mentions) and all(mention.entity.carrier in {"air", "both"} for mention in self.mentions))


def named_parts(sentence: Sentence, kind: Literal["launcher", "interceptor"]) -> list[Part]:
    """Return the named launchers (hybrids with a name of their own too) or missiles, those of one list or family together."""
    mentions = sentence.named(kind) if kind == "interceptor" else [
        mention for mention in sentence.named("launcher", "hybrid") if mention.entity.family not in OWN_NAME_HYBRIDS
    ]
    parts: list[Part] = []
    for mention in mentions:
        before = parts[-1] if parts else None
        if before is not None and _coordinated(sentence, before, mention):
            parts[-1] = replace(before, last=mention.last, mentions=(*before.mentions, mention))
        else:
            parts.append(Part(kind, mention.first, mention.last, (mention,), origin=mention.entity.origin))
    return parts


def _coordinated(sentence: Sentence, part: Part, mention: Mention) -> bool:
    gap = range(part.last, mention.first)
    if any(part.last <= other.first < mention.first for other in sentence.named("launcher", "interceptor", "hybrid")):
        return False
    if part.mentions[-1].entity.family == mention.entity.family and len(gap) <= _COORDINATION_GAP + 1:
        return True
    if part.origin != mention.entity.origin or len(gap) > _COORDINATION_GAP:
        return False
    joining = {at for mark in sentence.all_marks("and") for at in range(mark.first, mark.last)}
    signs = {at for at in gap if not sentence.tokens[at].is_word}
    nouns = {at for mark in sentence.all_marks(*MISSILE_NOUNS) for at in range(mark.first, mark.last)}
    listed = bool(joining & set(gap)) or any(sentence.tokens[at].key in {",", "/", "、"} for at in signs)
    return listed and set(gap) <= joining | signs | nouns


def described_parts(reading: Reading, sentence: Sentence) -> Iterator[Part]:
    """Yield descriptions such as "Soviet-era launchers" or "Western missiles" where no name stands with them.

    The origin is told by an adjective of the lexicon or by a country ("US armament", "Ukrainian systems").
    """
    owners: list[tuple[Mark | Mention, str]] = [(mark, "eastern") for mark in sentence.marks.get("soviet", ())]
    owners.extend((mark, "western") for mark in sentence.marks.get("western", ()))
    marked = {at for mark, _ in owners for at in range(mark.first, mark.last)}
    owners.extend(
        (mention, mention.entity.origin) for mention in sentence.named("country")
        if mention.entity.origin is not None and mention.first not in marked
    )
    both = len({origin for _, origin in owners}) > 1
    named = sentence.named("interceptor")
    for mark in sentence.marks.get("air_missile", ()):
        if not any(mention.first - 1 <= mark.last and mark.first <= mention.last + 1 for mention in named):
            words = reading.text[mark.start:mark.end]
            yield Part("interceptor", mark.first, mark.last, words=words, origin="western", from_aircraft=True)
    for owner, origin in owners:
        if (part := _described(reading, sentence, owner, origin, both)) is not None:
            yield part


def _described(reading: Reading, sentence: Sentence, owner: Mark | Mention, origin: str, both: bool) -> Part | None:
    by_country = isinstance(owner, Mention)
    reach = 1 if by_country else _GENERIC_GAP
    nouns = SYSTEM_NOUNS if origin == "eastern" else WESTERN_SYSTEM_NOUNS
    platform = _nearest(owner, sentence.all_marks(*nouns), reach)
    missile = _nearest(owner, sentence.all_marks(*MISSILE_NOUNS), 1 if by_country else _ADJECTIVE_GAP)
    if origin == "western" and missile is None and both:
        missile = _nearest(owner, sentence.all_marks("component", "unit_system"), 1 if by_country else _ADJECTIVE_GAP)
    closer_missile = missile is not None and (platform is None or _gap(owner, missile) <= _gap(owner, platform))
    kind: Literal["launcher", "interceptor"] = "interceptor" if closer_missile else "launcher"
    noun = missile if closer_missile else platform
    if noun is None or (kind == "launcher" and origin == "western" and not both):
        return None
    first, last = min(owner.first, noun.first), max(owner.last, noun.last)
    if any(mention.first - 1 <= last and first <= mention.last for mention in sentence.named(kind)):
        return None
    if any(first <= mention.first < last for mention in sentence.named("launcher", "interceptor", "hybrid")):
        return None
    words = reading.text[sentence.tokens[first].start:sentence.tokens[last - 1].end]
    return Part(kind, first, last, words=words, origin=origin, weak=by_country)


def makeshift_parts(reading: Reading, sentence: Sentence) -> Iterator[Part]:
    """Yield launchers that are only called a launcher, a vehicle or the ground: places from where a missile is fired."""
    named = sentence.named("launcher", "hybrid", "sensor")
    for mark in sentence.all_marks("unit_launcher", "unit_vehicle", "ground_launch"):
        if not any(mention.first - 2 <= mark.last and mark.first <= mention.last + 1 for mention in named):
            words = reading.text[sentence.tokens[mark.first].start:sentence.tokens[mark.last - 1].end]
            yield Part("launcher", mark.first, mark.last, words=words, origin="makeshift")


def radars(reading: Reading, sentence: Sentence) -> Iterator[Part]:
    """Yield radars that are named, or told by whose they are ("an elderly Ukrainian radar", "radars given by allies")."""
    for mention in sentence.named("sensor"):
        yield Part("sensor", mention.first, mention.last, words=mention.entity.name)
    owners: list[Mark | Mention] = [*sentence.all_marks("soviet"), *sentence.named("country"), *sentence.all_marks("western")]
    eastern = [mention for mention in sentence.named("launcher") if mention.entity.origin == "eastern"]
    for radar in sentence.marks.get("radar", ()):
        of_one = [mention for mention in eastern if 0 <= radar.first - mention.last <= 1 or 0 < mention.first - radar.last <= _RADAR_GAP]
        near: list[Mark | Mention] = [*of_one] or [
            owner for owner in owners
            if 0 <= radar.first - owner.last <= 1 or 0 <= owner.first - radar.last <= _owner_gap(sentence, owner)
        ]
        if near and not any(mention.first <= radar.first < mention.last for mention in sentence.named("sensor")):
            first, last = min(radar.first, near[0].first), max(radar.last, near[0].last)
            yield Part("sensor", first, last, words=reading.text[sentence.tokens[first].start:sentence.tokens[last - 1].end])


def _owner_gap(sentence: Sentence, owner: Mark | Mention) -> int:
    """Return how far behind a radar its owner may stand: a country only where it says where it was made ("a radar made in Ukraine")."""
    made = sentence.marks.get("produce", ())
    told = isinstance(owner, Mark) or any(0 <= owner.first - mark.last <= 1 or mark.first <= owner.first < mark.last for mark in made)
    return _RADAR_GAP if told else 0


def _gap(mark: Mark | Mention, noun: Mark) -> int:
    return noun.first - mark.last if noun.first >= mark.last else mark.first - noun.last


def _nearest(mark: Mark | Mention, nouns: list[Mark], reach: int) -> Mark | None:
    after = max(reach, _AFTER_NOUN_GAP) if isinstance(mark, Mark) else 0
    near = [
        noun for noun in nouns
        if noun.first <= mark.first < noun.last or 0 <= _gap(mark, noun) <= (reach if noun.first >= mark.last else after)
    ]
    return min(near, key=lambda noun: _gap(mark, noun), default=None)
