"""Pairings: which launcher or sensor a document joins with which missile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from frankensam.claims.anaphora import resolve_missiles
from frankensam.claims.claim import Passage
from frankensam.claims.draft import Draft, quoted_tokens
from frankensam.claims.lexicon import gazetteer
from frankensam.claims.reading import Mark, Mention, Reading, Sentence, concerns_ukraine, points_at_systems
from frankensam.claims.wording import hedge_of, is_negated, status_of, touched_segments
from frankensam.glossary import ClaimType

_COORDINATION_GAP = 3
_PREPOSITION_GAP = 7
_GENERIC_GAP = 3
_ADJECTIVE_GAP = 2
_COMMA_WEIGHT = 10
_PLATFORMS_TRIED = 4
_SYSTEM_NOUNS = ("unit_launcher", "unit_system", "unit_battery", "air_defence", "component")
_MISSILE_NOUNS = ("unit_missile", "unit_round")


@dataclass(frozen=True)
class Part:
    """One side of a pairing in a sentence: coordinated names, or words that only describe it."""

    kind: Literal["launcher", "interceptor", "sensor"]
    first: int
    last: int
    mentions: tuple[Mention, ...] = ()
    words: str | None = None
    origin: str | None = None


def find_pairings(reading: Reading, sentence: Sentence) -> list[Draft]:
    """Return the pairings that a sentence states; a missile on a drone boat is none of air defence's."""
    if sentence.has("sea_drone"):
        return []
    described = [part for part in _described_parts(reading, sentence) if not _points_back(reading, sentence, part)]
    platforms = [*_named_parts(sentence, "launcher"), *(part for part in described if part.kind == "launcher"), *_radars(reading, sentence)]
    missiles = [*_named_parts(sentence, "interceptor"), *(part for part in described if part.kind == "interceptor")]
    found = [_own_missile_foreign_radar(sentence, platforms)]
    if found[0] is not None:
        missiles = [part for part in missiles if not set(part.mentions) & set(found[0].interceptors)]
        platforms = [part for part in platforms if part.kind == "launcher" and not set(part.mentions) & set(found[0].launchers)]
    found.extend(_joined_parts(reading, sentence, platforms, missiles))
    if not any(found):
        found.append(_two_origins(sentence, described))
    if not any(found):
        found.append(_pointed_at(reading, sentence, platforms, missiles))
    if not any(found):
        found.append(_on_named_before(reading, sentence, platforms, missiles))
    paired = {mention.first for draft in found if draft is not None for mention in draft.interceptors}
    left = [part for part in missiles if not paired & {mention.first for mention in part.mentions}]
    if not any(found) or sentence.has("project", "improvised"):
        found.extend(_without_platform(reading, sentence, left, platforms))
    return [draft for draft in found if draft is not None]


def _points_back(reading: Reading, sentence: Sentence, part: Part) -> bool:
    """Say whether a description ("these American missiles") stands for missiles named before."""
    pointed = any(mark.last == part.first for mark in sentence.marks.get("demonstrative", ()))
    return part.kind == "interceptor" and pointed and resolve_missiles(reading, sentence) is not None


def _two_origins(sentence: Sentence, described: list[Part]) -> Draft | None:
    """Western launchers and radars joined with Soviet-era equipment: a pairing whose missile is not stated."""
    eastern = [part for part in described if part.kind == "launcher" and part.origin == "eastern"]
    western = [part for part in described if part.kind == "launcher" and part.origin == "western"]
    links = [mark for mark in sentence.marks.get("link", ()) if not is_negated(sentence, mark.first)]
    if not eastern or not western or not links:
        return None
    return _draft(sentence, eastern[0], None, (western[0].first, western[0].last - 1, links[0].first))


def _named_parts(sentence: Sentence, kind: Literal["launcher", "interceptor"]) -> list[Part]:
    """Return the named launchers or missiles, those of one list or one family taken together."""
    parts: list[Part] = []
    for mention in sentence.named(kind):
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
    nouns = {at for mark in sentence.all_marks(*_MISSILE_NOUNS) for at in range(mark.first, mark.last)}
    listed = bool(joining & set(gap)) or any(sentence.tokens[at].key in {",", "/", "、"} for at in signs)
    return listed and set(gap) <= joining | signs | nouns


def _described_parts(reading: Reading, sentence: Sentence) -> Iterator[Part]:
    """Yield descriptions such as "Soviet-era launchers" or "Western missiles" where no name stands with them."""
    for adjective, origin in (("soviet", "eastern"), ("western", "western")):
        for mark in sentence.marks.get(adjective, ()):
            nouns = (*_SYSTEM_NOUNS, "radar") if origin == "western" else _SYSTEM_NOUNS
            platform = _nearest(mark, sentence.all_marks(*nouns), _GENERIC_GAP)
            missile = _nearest(mark, sentence.all_marks(*_MISSILE_NOUNS), _ADJECTIVE_GAP)
            if origin == "western" and missile is None and sentence.has("soviet"):
                missile = _nearest(mark, sentence.all_marks("component", "unit_system"), _ADJECTIVE_GAP)
            closer_missile = missile is not None and (platform is None or _gap(mark, missile) <= _gap(mark, platform))
            kind: Literal["launcher", "interceptor"] = "interceptor" if closer_missile else "launcher"
            noun = missile if closer_missile else platform
            if noun is None or (kind == "launcher" and origin == "western" and not sentence.has("soviet")):
                continue
            first, last = min(mark.first, noun.first), max(mark.last, noun.last)
            if any(mention.first - 1 <= last and first <= mention.last for mention in sentence.named(kind)):
                continue
            words = reading.text[sentence.tokens[first].start:sentence.tokens[last - 1].end]
            yield Part(kind, first, last, words=words, origin=origin)


def _gap(mark: Mark, noun: Mark) -> int:
    return noun.first - mark.last if noun.first >= mark.last else mark.first - noun.last


def _nearest(mark: Mark, nouns: list[Mark], reach: int) -> Mark | None:
    near = [noun for noun in nouns if (0 <= _gap(mark, noun) <= reach) or (noun.first <= mark.first < noun.last)]
    return min(near, key=lambda noun: _gap(mark, noun), default=None)


def _radars(reading: Reading, sentence: Sentence) -> Iterator[Part]:
    for mention in sentence.named("sensor"):
        yield Part("sensor", mention.first, mention.last, words=mention.entity.name)
    owners: list[Mark | Mention] = [*sentence.all_marks("soviet"), *sentence.named("country")]
    for radar in sentence.marks.get("radar", ()):
        near = [owner for owner in owners if 0 <= radar.first - owner.last <= 1 or 0 <= owner.first - radar.last <= 1]
        if near and not any(mention.first <= radar.first < mention.last for mention in sentence.named("sensor")):
            first, last = min(radar.first, near[0].first), max(radar.last, near[0].last)
            yield Part("sensor", first, last, words=reading.text[sentence.tokens[first].start:sentence.tokens[last - 1].end])


def _joined_parts(reading: Reading, sentence: Sentence, platforms: list[Part], missiles: list[Part]) -> Iterator[Draft | None]:
    """Yield a pairing for every missile part that is joined to a platform part, the nearest platform first."""
    options: list[tuple[int, Part, Part]] = []
    for missile in missiles:
        near = sorted(platforms, key=lambda platform: _distance(sentence, platform, missile))[:_PLATFORMS_TRIED]
        joined = (platform for platform in near if _are_joined(reading, sentence, platform, missile))
        options.extend((_distance(sentence, platform, missile), platform, missile) for platform in joined)
    options.sort(key=lambda option: (option[0], option[1].first))
    used: set[int] = set()
    chosen: list[tuple[Part, Part]] = []
    for _, platform, missile in options:
        if not used & {missile.first, platform.first}:
            used |= {missile.first, platform.first}
            chosen.append((platform, missile))
    for platform, missile in chosen:
        draft = _draft(sentence, platform, missile)
        alone = len(chosen) == 1 and sum(bool(part.mentions) for part in missiles) == 1
        yield draft if alone or not missile.mentions else _narrowed(sentence, draft, platform, missile)


def _distance(sentence: Sentence, one: Part, other: Part) -> int:
    """Return the tokens between two parts; a comma between them counts as several."""
    between = max(one.first, other.first) - min(one.last, other.last)
    return between + _COMMA_WEIGHT * abs(sentence.segment_of(one.first) - sentence.segment_of(other.first))


def _narrowed(sentence: Sentence, draft: Draft, platform: Part, missile: Part) -> Draft:
    """Quote only the words from one side to the other, where one sentence holds several pairings."""
    nouns = [mark for mark in sentence.all_marks(*_MISSILE_NOUNS, "unit_launcher") if mark.first == max(platform.last, missile.last)]
    return replace(draft, first=min(platform.first, missile.first), last=max(platform.last, missile.last, *(noun.last for noun in nouns)))


def _are_joined(reading: Reading, sentence: Sentence, platform: Part, missile: Part) -> bool:
    if sentence.part_of(platform.first) != sentence.part_of(missile.first):
        return False
    first, last = min(platform.first, missile.first), max(platform.last, missile.last)
    links = sentence.in_segments(sentence.all_marks("link", "carry"), touched_segments(sentence, first, last))
    negated = [mark for mark in links if is_negated(sentence, mark.first)]
    links = [mark for mark in links if mark not in negated]
    if negated and not links:
        return False
    between = [
        at for at in range(min(platform.last, missile.last), max(platform.first, missile.first)) if sentence.tokens[at].is_word
    ]
    prepositions = [mark for mark in sentence.marks.get("with", ()) if mark.first in between]
    close = len(between) <= _PREPOSITION_GAP and bool(prepositions)
    if _is_native(platform, missile):
        return False
    if platform.words is not None and missile.words is not None and platform.kind == "launcher":
        coordinated = len(between) <= _GENERIC_GAP and sentence.has("and", "with")
        in_programme = concerns_ukraine(reading) or sentence.has("improvised", "project")
        return platform.origin != missile.origin and (bool(links) or (coordinated and in_programme))
    if missile.words is not None and not links:
        close = False
    if platform.origin == "western" and platform.kind == "launcher":
        return close or (bool(links) and not (platform.mentions and platform.mentions[0].entity.native))
    crosses_delivery = any(mark.first in between for mark in sentence.all_marks("deliver", "employ"))
    one_segment = sentence.segment_of(first) == sentence.segment_of(last - 1) and bool(platform.mentions) and bool(missile.mentions)
    beside = close or (one_segment and len(between) <= _PREPOSITION_GAP and platform.kind == "launcher")
    return bool(links) or (beside and not crosses_delivery)


def _is_native(platform: Part, missile: Part) -> bool:
    """Say whether the launcher was built for the missile, or both are of one Soviet design line."""
    families = {mention.entity.family for mention in missile.mentions}
    native = {family for mention in platform.mentions for family in mention.entity.native}
    carriers = {mention.entity.carrier for mention in missile.mentions}
    if platform.origin == "eastern" and missile.origin == "eastern" and "air" not in carriers:
        return True
    western_pair = platform.origin == "western" and bool(native) and missile.origin == "western"
    return bool(families and families <= native) or western_pair


def _draft(sentence: Sentence, platform: Part | None, missile: Part | None, extra: tuple[int, ...] = ()) -> Draft:
    parts = [part for part in (platform, missile) if part is not None]
    tokens = [*extra, *(part.first for part in parts), *(part.last - 1 for part in parts)]
    first, last = quoted_tokens(sentence, tokens)
    links = [mark for mark in sentence.marks.get("link", ()) if first <= mark.first < last]
    if not links:
        links = [mark for mark in sentence.marks.get("intended_for", ()) if first <= mark.first < last]
    anchor = links[0].first if links else parts[0].first
    is_launcher = platform is not None and platform.kind == "launcher"
    return Draft(
        ClaimType.PAIRING, sentence, first, last, anchor,
        status=status_of(ClaimType.PAIRING, sentence, first, last, links), hedge=hedge_of(sentence, first, last),
        launchers=platform.mentions if platform is not None and is_launcher else (),
        launcher_words=platform.words if platform is not None and is_launcher else None,
        sensor=platform.words if platform is not None and not is_launcher else None,
        interceptors=missile.mentions if missile else (), interceptor_words=missile.words if missile else None,
    )


def _own_missile_foreign_radar(sentence: Sentence, platforms: list[Part]) -> Draft | None:
    """A Western system joined with a radar that is not its own: launcher, its own missile, the other's radar."""
    radars = [part for part in platforms if part.kind == "sensor"]
    launchers = [part for part in platforms if part.kind == "launcher" and part.origin == "western" and part.mentions]
    own = [mention for mention in sentence.named("interceptor") if mention.entity.family == "mim104"]
    if not radars or not (launchers or own) or not sentence.has("link", "with"):
        return None
    radar = radars[0]
    first_system = launchers[0] if launchers else Part("launcher", own[0].first, own[0].last, tuple(own))
    if sentence.part_of(radar.first) != sentence.part_of(first_system.first):
        return None
    draft = _draft(sentence, first_system, None, (radar.first, radar.last - 1))
    whole = launchers[0].mentions if launchers else tuple(_launcher_of(mention) for mention in own)
    return replace(draft, launchers=whole, sensor=radar.words, interceptors=tuple(own) or draft.launchers)


def _launcher_of(missile: Mention) -> Mention:
    """Return the system a missile belongs to, standing where the missile is named ("Patriot missiles and launchers")."""
    system = next(entity for entity in gazetteer().entities if missile.entity.family in entity.native)
    return replace(missile, entity=system)


def _pointed_at(reading: Reading, sentence: Sentence, platforms: list[Part], missiles: list[Part]) -> Draft | None:
    """A named launcher joined with "these missiles": the missile is looked up in what stands before."""
    launchers = [part for part in platforms if part.kind == "launcher" and part.mentions and not part.mentions[0].entity.native]
    if not launchers:
        return None
    links = [mark for mark in sentence.all_marks("link", "carry") if not is_negated(sentence, mark.first)]
    links = links or _leading_to(sentence, launchers[0])
    if not links:
        return None
    part = sentence.part_of(launchers[0].first)
    if any(missile.mentions and sentence.part_of(missile.first) == part for missile in missiles):
        return None
    antecedent = resolve_missiles(reading, sentence)
    if antecedent is None:
        return None
    missile = Part("interceptor", antecedent.first, antecedent.last, antecedent.interceptors, antecedent.words)
    draft = _draft(sentence, launchers[0], missile, (links[0].first,))
    return replace(draft, passages=antecedent.passages)


def _leading_to(sentence: Sentence, launcher: Part) -> list[Mark]:
    """Return the preposition before a launcher in a sentence about what may become of missiles ("they could end up on Buk launchers")."""
    ahead = sentence.has("future", "hedge_could", "hedge_likely")
    return [mark for mark in sentence.marks.get("with", ()) if ahead and 0 < launcher.first - mark.first <= _GENERIC_GAP]


def _on_named_before(reading: Reading, sentence: Sentence, platforms: list[Part], missiles: list[Part]) -> Draft | None:
    """A named missile joined with launchers named just before ("the launchers were adapted to the RIM-7", "it can be used on them")."""
    named = [part for part in missiles if part.mentions and part.origin == "western" and part.mentions[0].entity.programme]
    links = [mark for mark in sentence.marks.get("link", ()) if not is_negated(sentence, mark.first)]
    if not named or not links:
        return None
    here = [part for part in platforms if part.mentions and part.origin == "eastern" and part.last <= named[-1].first]
    if here:
        return replace(_draft(sentence, None, named[-1], (links[-1].first,)), launchers=here[-1].mentions)
    before = reading.sentences[sentence.number - 1] if sentence.number else None
    if platforms or before is None or not sentence.has("unit_system", "unit_launcher"):
        return None
    launchers = tuple(mention for mention in before.named("launcher") if mention.entity.origin == "eastern")
    if not launchers:
        return None
    draft = _draft(sentence, None, named[0], (links[0].first,))
    return replace(draft, launchers=launchers, passages=(Passage("antecedent", before.start, before.text),))


def _without_platform(reading: Reading, sentence: Sentence, missiles: list[Part], platforms: list[Part]) -> Iterator[Draft | None]:
    """Yield pairings whose launcher is not stated: projects "with" a missile, missiles "for these systems", ground launch."""
    named = [part for part in missiles if part.mentions and part.mentions[0].entity.programme]
    about_hybrids = reading.calls_hybrids
    ground = sentence.marks.get("ground_launch", ())
    for part in named:
        before = [mark for mark in sentence.marks.get("with", ()) if 0 < part.first - mark.first <= 2]
        in_project = sentence.has("project", "improvised") and (about_hybrids or sentence.has("improvised"))
        carried = sentence.has("carry") and about_hybrids and (in_project or points_at_systems(sentence) or bool(sentence.named("hybrid")))
        if (in_project and before and not sentence.has("deliver")) or carried:
            draft = _draft(sentence, None, part)
            leading = before or [mark for mark in sentence.marks.get("carry", ()) if mark.first < part.first]
            start = leading[-1].first if leading else part.first
            yield draft if carried and len(missiles) + len(platforms) == 1 else replace(draft, first=start, last=part.last)
        elif sentence.has("intended_for") and about_hybrids and _meant_for_systems(sentence):
            yield _intended(sentence, part)
    if ground and not platforms and sentence.has("link", "produce", "employ", "new"):
        yield _ground_launched(reading, sentence, named, ground[0])


def _meant_for_systems(sentence: Sentence) -> bool:
    """Say whether the missiles are meant for "these", "new" or hybrid systems rather than for a named one."""
    for mark in sentence.marks.get("intended_for", ()):
        after = [other for other in sentence.all_marks("demonstrative", "new", "improvised") if 0 <= other.first - mark.last <= 2]
        hybrids = [mention for mention in sentence.named("hybrid") if 0 <= mention.first - mark.last <= 3]
        if after or hybrids:
            return True
    return False


def _intended(sentence: Sentence, part: Part) -> Draft:
    mark = sentence.marks["intended_for"][0]
    draft = _draft(sentence, None, part, (mark.first,))
    own_first, own_last = quoted_tokens(sentence, (mark.first,))
    return replace(
        draft, anchor=mark.first, first=own_first, last=own_last, hedge=hedge_of(sentence, own_first, own_last),
        status=status_of(ClaimType.PAIRING, sentence, own_first, own_last, []),
    )


def _ground_launched(reading: Reading, sentence: Sentence, named: list[Part], ground: Mark) -> Draft | None:
    if named and all(mention.entity.carrier in {"air", "both"} for mention in named[0].mentions):
        return _draft(sentence, None, named[0], (ground.first,))
    antecedent = resolve_missiles(reading, sentence)
    if named or antecedent is None or not all(mention.entity.carrier in {"air", "both"} for mention in antecedent.interceptors):
        return None
    missile = Part("interceptor", antecedent.first, antecedent.last, antecedent.interceptors, antecedent.words)
    return replace(_draft(sentence, None, missile, (ground.first,)), passages=antecedent.passages)
