"""Who says it: the speaker, the outlet, and chains such as "Politico, citing officials"."""

from __future__ import annotations

from dataclasses import dataclass

from frankensam.claims.dates import holiday_tokens
from frankensam.claims.reading import Mark, Mention, Reading, Sentence

_SOURCE_REACH = 8
_PHRASE_TOKENS = 6
_NAME_TOKENS = 3
_MARKS_TRIED = 8


@dataclass(frozen=True, slots=True)
class Source:
    """A source as the sentence names it: the gazetteer's name, or the sentence's own words."""

    name: str
    first: int
    last: int
    person: bool = False
    in_gazetteer: bool = True


def attribution_of(reading: Reading, sentence: Sentence) -> tuple[Source, ...]:
    """Return the sources of a sentence, the nearest to the fact first; a chain has two or more."""
    sources: list[Source] = []
    for mark in sentence.all_marks("cite")[:_MARKS_TRIED]:
        _append(sources, _after(reading, sentence, mark))
    for mark in sentence.all_marks("according_to")[:_MARKS_TRIED]:
        if not any(mark.first <= other.first < mark.last for other in sentence.marks.get("cite", ())):
            _append(sources, _after(reading, sentence, mark))
    for mark in sentence.all_marks("say")[:_MARKS_TRIED]:
        inside_source = any(source.first <= mark.first < source.last for source in sources)
        negated_source = any(source.first - 2 <= mark.first < source.first for source in sources)
        if not inside_source and not negated_source:
            _append(sources, _speaker(reading, sentence, mark))
    return tuple(sources)


def chain(sources: tuple[Source, ...]) -> str | None:
    """Return the sources as one label: ``A via B``."""
    return " via ".join(dict.fromkeys(source.name for source in sources)) or None


def _append(sources: list[Source], source: Source | None) -> None:
    if source is None or any(source.name == other.name or (source.first < other.last and other.first < source.last) for other in sources):
        return
    sources.append(source)


def _from_mention(mention: Mention) -> Source:
    return Source(mention.entity.name, mention.first, mention.last, mention.entity.kind == "person")


def _after(reading: Reading, sentence: Sentence, mark: Mark) -> Source | None:
    """Return the source named after "according to", "laut", "по данным"."""
    limit = min(len(sentence.tokens), mark.last + _SOURCE_REACH)
    named = [mention for mention in sentence.named("person", "organisation") if mark.last <= mention.first < limit]
    stop = next((at for at in range(mark.last, limit) if sentence.tokens[at].key in {",", ";", ":", "(", "—", "–", "，"}), limit)
    if named and named[0].first < stop:
        return _from_mention(named[0])
    name = _capitalised(sentence, mark.last, stop)
    if name is not None:
        return _words(reading, sentence, *name, person=False)
    verbs = [other.first for other in sentence.all_marks("say", "deliver", "link", "produce") if mark.last < other.first < stop]
    stop = min([stop, mark.last + _PHRASE_TOKENS, *verbs])
    nouns = [other for other in sentence.marks.get("source_noun", ()) if mark.last <= other.first < stop]
    return _words(reading, sentence, mark.last, max(nouns[0].last, mark.last + 1), person=False) if nouns else None


def _speaker(reading: Reading, sentence: Sentence, mark: Mark) -> Source | None:
    """Return who speaks at a verb of saying: a name before it, else after it, else a description ("American sources")."""
    start, _ = sentence.segments[max(0, sentence.segment_of(mark.first) - 1)]
    before = [mention for mention in sentence.named("person", "organisation") if start <= mention.first and mention.last <= mark.first]
    after = [mention for mention in sentence.named("person", "organisation") if 0 <= mention.first - mark.last <= _SOURCE_REACH]
    close_after = [mention for mention in after if mention.first - mark.last <= _NAME_TOKENS]
    people = [mention for mention in before if mention.entity.kind == "person"]
    if people:
        return _from_mention(people[-1])
    unknown = _capitalised(sentence, max(start, mark.first - 6), mark.first)
    if before and (unknown is None or before[-1].first >= unknown[0]):
        people_after = [mention for mention in close_after if mention.entity.kind == "person"]
        return _from_mention(people_after[0] if people_after else before[-1])
    described = _description_before(reading, sentence, mark)
    if described is not None and (not close_after or described.last == mark.first):
        return described
    countries = [mention for mention in sentence.named("country") if 0 <= mark.first - mention.last <= 1]
    if countries and countries[-1].last == mark.first:
        return _from_mention(countries[-1])
    if after:
        people_after = [mention for mention in after if mention.entity.kind == "person"]
        return _from_mention((people_after or after)[0])
    later = _capitalised(sentence, mark.last, min(len(sentence.tokens), mark.last + _SOURCE_REACH))
    for name in (unknown, later):
        if name is not None:
            return _words(reading, sentence, *name, person=name[1] - name[0] > 1)
    return _from_mention(countries[-1]) if countries else None


def _description_before(reading: Reading, sentence: Sentence, mark: Mark) -> Source | None:
    segment_first = sentence.segments[sentence.segment_of(mark.first)][0]
    nouns = [noun for noun in sentence.marks.get("source_noun", ()) if segment_first <= noun.first < mark.first]
    if not nouns:
        return None
    first = nouns[-1].first
    if first - 1 >= segment_first and sentence.tokens[first - 1].is_word and any(
        mention.first <= first - 1 < mention.last for mention in sentence.named("country")
    ):
        first = next(mention.first for mention in sentence.named("country") if mention.first <= first - 1 < mention.last)
    last = next((at for at in range(nouns[-1].last, mark.first + 1) if not sentence.tokens[at].is_word), mark.first)
    name = _capitalised(sentence, nouns[-1].last, mark.first)
    if name is not None:
        return _words(reading, sentence, *name, person=True)
    return _words(reading, sentence, first, max(nouns[-1].last, min(last, nouns[-1].last)), person=False)


def _capitalised(sentence: Sentence, first: int, last: int) -> tuple[int, int] | None:
    """Return a run of two or three capitalised words that no gazetteer knows: most likely a person's or an outlet's name."""
    known = {at for mention in sentence.mentions for at in range(mention.first, mention.last)} | holiday_tokens(sentence.tokens)
    run: list[int] = []
    for at in range(first, last + 1):
        token = sentence.tokens[at] if at < last else None
        if token is not None and token.capital and token.is_word and at not in known and token.end - token.start > 1:
            run.append(at)
            continue
        if token is not None and token.key == "." and run and run[-1] == at - 1:
            continue
        if len(run) >= 2:
            return run[0], run[-1] + 1
        run = []
    return None


def _words(reading: Reading, sentence: Sentence, first: int, last: int, *, person: bool) -> Source | None:
    if last <= first:
        return None
    text = reading.text[sentence.tokens[first].start:sentence.tokens[last - 1].end].strip()
    return Source(text, first, last, person, in_gazetteer=False) if text else None
