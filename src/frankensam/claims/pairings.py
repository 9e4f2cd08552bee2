"""Pairings: which launcher or sensor a document joins with which missile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from frankensam.claims.anaphora import resolve_missiles
from frankensam.claims.claim import Passage
from frankensam.claims.draft import Draft, quoted_tokens
from frankensam.claims.joining import are_joined, distance, is_native, leading_to
from frankensam.claims.lexicon import gazetteer
from frankensam.claims.parts import MISSILE_NOUNS, Part, described_parts, makeshift_parts, named_parts, radars
from frankensam.claims.reading import Mark, Mention, Reading, Sentence, names_aircraft, points_at_systems
from frankensam.claims.wording import hedge_of, is_negated, status_of, touched_segments
from frankensam.glossary import ClaimType

_PLATFORMS_TRIED = 6
_SENTENCES_BACK = 2
_TURNED_GAP = 5
_MIXED_GAP = 14
_MIXED_KIND = 2
_OPENING = 1
_OTHER_TOPICS = ("negation", "comparison", "package", "funded_thing", "kilometre", "produce", "own", "ask", "test")


def find_pairings(reading: Reading, sentence: Sentence) -> list[Draft]:
    """Return the pairings that a sentence states; a missile on a drone boat is none of air defence's."""
    if sentence.has("sea_drone"):
        return []
    described = [part for part in described_parts(reading, sentence) if not _points_back(reading, sentence, part)]
    platforms = [
        *named_parts(sentence, "launcher"), *(part for part in described if part.kind == "launcher"), *radars(reading, sentence),
    ]
    missiles = [*named_parts(sentence, "interceptor"), *(part for part in described if part.kind == "interceptor")]
    if not platforms and not missiles and not sentence.has("improvised", "ground_launch") and not sentence.named("hybrid"):
        return []
    found = [_own_missile_foreign_radar(sentence, platforms)]
    if found[0] is not None:
        missiles = [part for part in missiles if not set(part.mentions) & set(found[0].interceptors)]
        platforms = [part for part in platforms if part.kind == "launcher" and not set(part.mentions) & set(found[0].launchers)]
    found.extend(_joined_parts(reading, sentence, platforms, missiles))
    for rule in (_pointed_at, _on_named_before):
        if not any(found):
            found.append(rule(reading, sentence, platforms, missiles))
    told = {sentence.part_of(draft.first) for draft in found if draft is not None}
    left = [part for part in _left_over(missiles, found) if sentence.part_of(part.first) not in told]
    found.extend(_joined_parts(reading, sentence, list(makeshift_parts(reading, sentence)), left))
    if not any(found):
        found.append(
            _two_origins(sentence, described) or _turned_hybrid(reading, sentence, missiles)
            or _by_hybrid_before(reading, sentence, platforms) or _mixed_origins(sentence)
        )
    if not any(found) or sentence.has("project", "improvised"):
        found.extend(_without_platform(reading, sentence, _left_over(missiles, found), platforms))
    return [draft for draft in found if draft is not None]


def _left_over(missiles: list[Part], found: list[Draft | None]) -> list[Part]:
    """Return the missiles that no pairing found so far quotes or names."""
    taken = {mention.first for draft in found if draft is not None for mention in draft.interceptors}
    spans = [(draft.first, draft.last) for draft in found if draft is not None and not draft.interceptors]
    return [
        part for part in missiles
        if not taken & {mention.first for mention in part.mentions} and not any(first <= part.first < last for first, last in spans)
    ]


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


def _mixed_origins(sentence: Sentence) -> Draft | None:
    """Soviet and Western equipment joined, in a sentence on a programme or on air defence that names neither side's model."""
    soviet, western = sentence.marks.get("soviet", ()), sentence.marks.get("western", ())
    links = [mark for mark in sentence.marks.get("link", ()) if not is_negated(sentence, mark.first)]
    topic = sentence.has("project", "improvised", "air_defence") and sentence.has("unit_system", "unit_round", "unit_missile", "component")
    if not (soviet and western and links and topic) or sentence.has("deliver", "comparison") or names_aircraft(sentence):
        return None
    first, last = min(soviet[0].first, western[0].first), max(soviet[0].last, western[0].last)
    if sentence.named("launcher", "interceptor") or not any(abs(mark.first - first) <= _MIXED_GAP for mark in links):
        return None
    return _draft(sentence, None, Part("interceptor", western[0].first, western[0].last), (first, last - 1, links[0].first))


def _by_hybrid_before(reading: Reading, sentence: Sentence, platforms: list[Part]) -> Draft | None:
    """A hybrid of the sentence before, taken up as "the launcher" or "the system", that fires missiles only described."""
    before = reading.sentences[sentence.number - 1] if sentence.number else None
    named = [mention for mention in before.named("hybrid", "launcher") if not mention.entity.native] if before else []
    hybrids = [mention for mention in named if mention.entity.programme and mention.entity.family != "frankensam"]
    fires = [mark for mark in sentence.all_marks("carry", "link") if not is_negated(sentence, mark.first)]
    missiles = [mark for mark in sentence.marks.get("unit_missile", ()) if any(
        abs(mark.first - other.first) <= _MIXED_KIND for other in sentence.all_marks("soviet", "air_missile"))]
    taken_up = any(mark.first <= _OPENING for mark in sentence.all_marks("unit_launcher", "unit_system"))
    if not (hybrids and fires and missiles and taken_up) or sentence.named("hybrid", "launcher", "interceptor"):
        return None
    words = reading.text[missiles[0].start:missiles[0].end]
    draft = _draft(sentence, None, Part("interceptor", missiles[0].first, missiles[0].last, words=words), (fires[0].first,))
    assert before is not None
    return replace(draft, launchers=tuple(hybrids[:1]), passages=(Passage("antecedent", before.start, before.text),))


def _joined_parts(reading: Reading, sentence: Sentence, platforms: list[Part], missiles: list[Part]) -> Iterator[Draft | None]:
    """Yield a pairing for every missile part that is joined to a platform part, the nearest platform first."""
    options: list[tuple[int, Part, Part]] = []
    for missile in missiles:
        near = sorted(platforms, key=lambda platform: distance(sentence, platform, missile))[:_PLATFORMS_TRIED]
        joined = (platform for platform in near if are_joined(reading, sentence, platform, missile))
        options.extend((distance(sentence, platform, missile), platform, missile) for platform in joined)
    options.sort(key=lambda option: (not option[1].mentions, option[0], option[1].first))
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


def _narrowed(sentence: Sentence, draft: Draft, platform: Part, missile: Part) -> Draft:
    """Quote only the words from one side to the other, where one sentence holds several pairings."""
    nouns = [mark for mark in sentence.all_marks(*MISSILE_NOUNS, "unit_launcher") if mark.first == max(platform.last, missile.last)]
    return replace(draft, first=min(platform.first, missile.first), last=max(platform.last, missile.last, *(noun.last for noun in nouns)))


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
    radars_here = [part for part in platforms if part.kind == "sensor"]
    launchers = [part for part in platforms if part.kind == "launcher" and part.origin == "western" and part.mentions]
    own = [mention for mention in sentence.named("interceptor") if mention.entity.family == "mim104"]
    if not radars_here or not (launchers or own) or not sentence.has("link", "with", "carry") or sentence.has("sustain"):
        return None
    radar = radars_here[0]
    if any(radar.first <= mention.last and mention.first <= radar.last for part in launchers for mention in part.mentions):
        return None
    first_system = launchers[0] if launchers else Part("launcher", own[0].first, own[0].last, tuple(own))
    if sentence.part_of(radar.first) != sentence.part_of(first_system.first):
        return None
    draft = _draft(sentence, first_system, None, (radar.first, radar.last - 1))
    whole = launchers[0].mentions if launchers else ()
    if not launchers and sentence.has("unit_launcher"):
        whole = tuple(_launcher_of(mention) for mention in own)
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
    links = links or leading_to(sentence, launchers[0])
    if not links:
        return None
    part = sentence.part_of(launchers[0].first)
    if any(missile.mentions and sentence.part_of(missile.first) == part for missile in missiles):
        return None
    antecedent = resolve_missiles(reading, sentence)
    if antecedent is None:
        return _left_out(reading, sentence, launchers[0], links)
    missile = Part("interceptor", antecedent.first, antecedent.last, antecedent.interceptors, antecedent.words)
    draft = _draft(sentence, launchers[0], missile, (links[0].first,))
    return replace(draft, passages=antecedent.passages)


def _left_out(reading: Reading, sentence: Sentence, launcher: Part, links: list[Mark]) -> Draft | None:
    """A launcher that fires what the sentence before names, with no word for it ("Ukraine will fire from its own Buk launchers")."""
    before = reading.sentences[sentence.number - 1] if sentence.number else None
    if before is None or before.named("launcher") or sentence.has("deliver", "employ", "destroy", "own") or launcher.origin != "eastern":
        return None
    missiles = tuple(mention for mention in before.named("interceptor") if mention.entity.programme)
    if not missiles or sentence.has("unit_missile", "unit_round"):
        return None
    draft = _draft(sentence, launcher, None, (links[0].first,))
    return replace(draft, interceptors=missiles, passages=(Passage("antecedent", before.start, before.text),))


def _on_named_before(reading: Reading, sentence: Sentence, platforms: list[Part], missiles: list[Part]) -> Draft | None:
    """A named missile joined with launchers named just before ("the launchers were adapted to the RIM-7", "rails, and on them R-73s")."""
    named = [part for part in missiles if part.mentions and (part.mentions[0].entity.programme or part.air_carried)]
    if not named:
        return None
    missile = named[-1]
    links = [mark for mark in sentence.marks.get("link", ()) if not is_negated(sentence, mark.first)]
    here = [part for part in platforms if part.mentions and part.origin == "eastern" and part.last <= missile.first]
    if here and links:
        return replace(_draft(sentence, None, missile, (links[-1].first,)), launchers=here[-1].mentions)
    if platforms or not _fires_it(sentence, links):
        return None
    before = _launchers_before(reading, sentence)
    if before is None or (before.named("interceptor") and not _points_at_launcher(sentence)):
        return None
    launchers = _foreign_to(before, named[0])
    if not launchers:
        return None
    draft = _draft(sentence, None, named[0], tuple(mark.first for mark in links[:1]))
    return replace(draft, launchers=launchers, passages=(Passage("antecedent", before.start, before.text),))


def _fires_it(sentence: Sentence, links: list[Mark]) -> bool:
    """Say whether a sentence without a launcher may tell of a missile in use on the one named before: no other event is told."""
    if links:
        return True
    if sentence.has("package", "negation") and not sentence.has("unit_launcher"):
        return False
    if sentence.has("unit_launcher"):
        return not sentence.has("own", "employ")
    return not (sentence.has("deliver", "employ") or names_aircraft(sentence) or sentence.has(*_OTHER_TOPICS))


def _launchers_before(reading: Reading, sentence: Sentence) -> Sentence | None:
    """Return the nearest of the sentences just before that names a launcher or a hybrid."""
    for other in reversed(reading.sentences[max(0, sentence.number - _SENTENCES_BACK):sentence.number]):
        if named_parts(other, "launcher"):
            return other
    return None


def _points_at_launcher(sentence: Sentence) -> bool:
    """Say whether a sentence takes up a launcher of the one before ("on them as well", "the launcher", "these systems")."""
    return sentence.has("pronoun_missile", "unit_launcher") or points_at_systems(sentence)


def _foreign_to(before: Sentence, missile: Part) -> tuple[Mention, ...]:
    """Return the launchers of a sentence that the missile was not made for."""
    parts = [part for part in named_parts(before, "launcher") if not is_native(part, missile) and part.origin != "western"]
    return parts[-1].mentions if parts else ()


def _turned_hybrid(reading: Reading, sentence: Sentence, missiles: list[Part]) -> Draft | None:
    """Launchers named here or just before that were turned into hybrids; the missile is not stated."""
    hybrids: list[Mark | Mention] = [*sentence.marks.get("improvised", ()), *sentence.named("hybrid")]
    links = [mark for mark in sentence.marks.get("turned_into", ()) if not is_negated(sentence, mark.first)]
    after = [hybrid for hybrid in hybrids if links and 0 <= hybrid.first - links[0].last <= _TURNED_GAP]
    if missiles or not after:
        return None
    launchers = tuple(sentence.named("launcher"))
    earlier = reading.sentences[max(0, sentence.number - _SENTENCES_BACK):sentence.number]
    before = next((other for other in reversed(earlier) if other.named("launcher")), None) if not launchers else None
    launchers = launchers or tuple(before.named("launcher") if before else ())
    if not launchers and not sentence.named("hybrid"):
        return None
    draft = _draft(sentence, Part("launcher", after[0].first, after[0].last), None, (links[0].first,))
    passages = (Passage("antecedent", before.start, before.text),) if before else ()
    return replace(draft, launchers=launchers, passages=passages)


def _last_of_each_family(missiles: list[Part]) -> list[Part]:
    """Return one part for each family of missiles, the last: a nickname ("Sidewinder on wheels") comes before the designation."""
    families = {part.mentions[0].entity.family: part for part in missiles}
    return [part for part in missiles if families[part.mentions[0].entity.family] is part]


def _without_platform(reading: Reading, sentence: Sentence, missiles: list[Part], platforms: list[Part]) -> Iterator[Draft | None]:
    """Yield pairings whose launcher is not stated: projects "with" a missile, missiles "for these systems", ground launch."""
    named = [part for part in missiles if part.mentions and part.mentions[0].entity.programme]
    about_hybrids = reading.calls_hybrids or reading.joins_two_origins
    ground = sentence.marks.get("ground_launch", ())
    for part in _last_of_each_family(named):
        before = [mark for mark in sentence.marks.get("with", ()) if 0 < part.first - mark.first <= 2]
        in_project = sentence.has("project", "improvised") and (about_hybrids or sentence.has("improvised"))
        carried = about_hybrids and _carried(sentence, part, in_project)
        if (in_project and before and not sentence.has("deliver")) or carried:
            hybrids = [mention for mention in sentence.named("hybrid") if carried and mention.first > part.last]
            draft = _draft(sentence, None, part, tuple(mention.last - 1 for mention in hybrids[:1]))
            leading = before or [mark for mark in sentence.marks.get("carry", ()) if mark.first < part.first]
            start = leading[-1].first if leading else part.first
            yield draft if hybrids or (carried and len(missiles) + len(platforms) == 1) else replace(draft, first=start, last=part.last)
        elif sentence.has("intended_for") and about_hybrids and _meant_for_systems(sentence):
            yield _intended(sentence, part)
    linked = sentence.has("link", "carry", "produce")
    if sentence.has("own") or _tells_range(sentence):
        return
    if sentence.has("deliver") and (names_aircraft(sentence) or any(part.mentions[0].entity.family == "aim" for part in named)):
        return
    if ground and not platforms and not is_negated(sentence, ground[0].first) and (linked or not _told_otherwise(sentence)):
        yield _ground_launched(reading, sentence, named, ground[0])


def _tells_range(sentence: Sentence) -> bool:
    """Say whether a sentence gives a range: how far a missile flies from the ground is no news of a launcher."""
    return sentence.has("range_word") and sentence.has("kilometre")


def _told_otherwise(sentence: Sentence) -> bool:
    """Say whether a sentence on launch from the ground is about a range, a supply, or an aircraft's own missiles."""
    return names_aircraft(sentence) or sentence.has("kilometre", "deliver")


def _carried(sentence: Sentence, part: Part, in_project: bool) -> bool:
    """Say whether hybrids of the sentence, or what it speaks of in a text about hybrids, are said to fire the missile."""
    segments = touched_segments(sentence, part.first, part.last)
    beyond = {max(segments) + 1} if sentence.named("hybrid") else set()
    carrying = sentence.in_segments(sentence.all_marks("carry", "link"), {*segments, min(segments) - 1, *beyond})
    if not carrying or any(is_negated(sentence, mark.first) for mark in carrying):
        return False
    if names_aircraft(sentence) and not sentence.named("hybrid"):
        return False
    if in_project or points_at_systems(sentence) or sentence.named("hybrid"):
        return sentence.has("carry")
    return not sentence.in_segments(sentence.all_marks("deliver", "employ", "own", "test"), segments)


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
