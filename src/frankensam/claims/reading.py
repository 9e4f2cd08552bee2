"""A document as extraction sees it: sentences with the things they name and the marks of the lexicon."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from frankensam.claims.lexicon import Concept, Entity, LanguageLexicon, gazetteer
from frankensam.claims.words import Match, Token, tokenize
from frankensam.news.documents import Document, ParagraphRole

LONGEST_SENTENCE = 250
_YEAR_DIGITS = 4
_FIRST_STATED_YEAR = 2014
_LAST_STATED_YEAR = 2045
_CLOSERS = frozenset("\"'”’»)]」』")
_SEGMENT_SIGNS = frozenset({",", ";", ":", "—", "–", "-", "、", "，", "；", "：", "("})
_STRONG_SIGNS = frozenset({";", "；"})
ACTOR_KINDS = frozenset({"organisation", "person", "country"})
SYSTEM_KINDS = frozenset({"launcher", "interceptor", "sensor", "hybrid"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A named thing in a sentence: token span ``first:last`` and characters ``start:end`` of the record's text."""

    entity: Entity
    first: int
    last: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A word of the lexicon in a sentence."""

    concept: str
    tense: str
    first: int
    last: int
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """One sentence with its tokens, mentions and marks; `segments` are its stretches between commas and the like."""

    number: int
    paragraph: int
    role: ParagraphRole
    start: int
    end: int
    text: str
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    marks: dict[str, tuple[Mark, ...]]
    segments: tuple[tuple[int, int], ...]
    language: str | None

    def has(self, *concepts: str) -> bool:
        """Say whether any of these concepts is marked."""
        return any(concept in self.marks for concept in concepts)

    def all_marks(self, *concepts: str) -> list[Mark]:
        """Return the marks of these concepts in the order of the text."""
        return sorted((mark for concept in concepts for mark in self.marks.get(concept, ())), key=lambda mark: mark.first)

    def named(self, *kinds: str) -> list[Mention]:
        """Return the mentions of these kinds in the order of the text."""
        return [mention for mention in self.mentions if mention.entity.kind in kinds]

    def segment_of(self, token: int) -> int:
        """Return the number of the segment that holds a token."""
        for number, (first, last) in enumerate(self.segments):
            if first <= token < last:
                return number
        return len(self.segments) - 1

    def in_segments(self, marks: Iterable[Mark], segments: set[int]) -> list[Mark]:
        """Return those of `marks` that stand in one of `segments`."""
        return [mark for mark in marks if self.segment_of(mark.first) in segments]

    def part_of(self, token: int) -> int:
        """Return the number of the part between semicolons that holds a token."""
        return sum(1 for other in self.tokens[:token] if other.key in _STRONG_SIGNS)


@dataclass(frozen=True)
class Reading:
    """A whole document read: its sentences, and what holds for all of it."""

    document: Document
    text: str
    language: str | None
    lexicon: LanguageLexicon
    sentences: tuple[Sentence, ...]
    published: date | None
    published_precision: str | None

    @cached_property
    def entities(self) -> frozenset[Entity]:
        """Everything the document names."""
        return frozenset(mention.entity for sentence in self.sentences for mention in sentence.mentions)

    @cached_property
    def concepts(self) -> frozenset[str]:
        """Every concept some sentence carries."""
        return frozenset(concept for sentence in self.sentences for concept in sentence.marks)

    @cached_property
    def calls_hybrids(self) -> bool:
        """Whether the document names a hybrid, or calls air-defence systems improvised or hybrid."""
        weapons = self.marks("air_defence", "interceptor_noun", "unit_launcher", "unit_missile")
        weapons = weapons or self.names(lambda entity: entity.programme)
        return self.names(lambda entity: entity.kind == "hybrid") or (self.marks("improvised") and weapons)

    @cached_property
    def joins_two_origins(self) -> bool:
        """Whether some sentence speaks of a Soviet launcher and of a Western missile."""
        return any(_names_both_sides(sentence) for sentence in self.sentences)

    @cached_property
    def stated_year(self) -> int | None:
        """The first year the document states in figures, for a document that does not say when it was published."""
        keys = (token.key for sentence in self.sentences for token in sentence.tokens if len(token.key) == _YEAR_DIGITS)
        return next((int(key) for key in keys if key.isdecimal() and _FIRST_STATED_YEAR <= int(key) <= _LAST_STATED_YEAR), None)

    def names(self, test: Callable[[Entity], bool]) -> bool:
        """Say whether any sentence names a thing that passes `test`."""
        return any(test(entity) for entity in self.entities)

    def marks(self, *concepts: str) -> bool:
        """Say whether any sentence carries one of these concepts."""
        return not self.concepts.isdisjoint(concepts)


def pairs_by_name(sentence: Sentence) -> bool:
    """Say whether the sentence names a Soviet launcher and a Western or aircraft missile, and is not about a delivery."""
    launcher = any(mention.entity.origin == "eastern" for mention in sentence.named("launcher"))
    missile = any(mention.entity.programme for mention in sentence.named("interceptor"))
    return launcher and missile and not sentence.has("deliver", "package", "comparison", "negation")


def _names_both_sides(sentence: Sentence) -> bool:
    if pairs_by_name(sentence):
        return True
    eastern = any(mention.entity.origin == "eastern" for mention in sentence.named("launcher")) or sentence.has("soviet")
    western = any(mention.entity.programme for mention in sentence.named("interceptor")) or sentence.has("western")
    aircraft_only = sentence.has("threat") and not sentence.has("improvised", "air_defence", "unit_launcher", "project")
    return eastern and western and not aircraft_only and sentence.has("link", "carry", "produce", "unit_launcher")


def concerns_ukraine(reading: Reading) -> bool:
    """Say whether the document names Ukraine, its capital, or one of its offices or office-holders."""
    return reading.names(lambda entity: "Ukraine" in {entity.name, entity.country})


def about_air_defence(reading: Reading) -> bool:
    """Say whether the document speaks of air defence, of a hybrid, or of a missile or launcher of the programme."""
    return reading.marks("air_defence", "interceptor_noun") or reading.names(
        lambda entity: entity.programme or entity.supplied or entity.kind in {"launcher", "hybrid"}
    )


def points_at_systems(sentence: Sentence) -> bool:
    """Say whether the sentence speaks of "these systems" or "such weapons"."""
    nouns = {mark.first for mark in sentence.marks.get("unit_system", ())}
    return any({mark.last, mark.last + 1} & nouns for mark in sentence.marks.get("demonstrative", ()))


def names_aircraft(sentence: Sentence) -> bool:
    """Say whether the sentence names a type of combat aircraft: missiles of such a sentence may simply be the aircraft's own."""
    return bool(sentence.named("aircraft"))


def read_document(document: Document, lexicon: LanguageLexicon) -> Reading:
    """Cut a document into sentences and find everything the gazetteers and the lexicon know in them."""
    sentences: list[Sentence] = []
    for number, paragraph in enumerate(document.paragraphs):
        tokens = tokenize(document.text[paragraph.start:paragraph.end], paragraph.start)
        for first, last in sentence_spans(tokens, document.text, lexicon):
            sentences.append(_read_sentence(document, lexicon, tokens[first:last], number, paragraph.role, len(sentences)))
    sentences = _without_false_friends(sentences)
    published = document.published
    precision = None if published is None else ("day" if published.day else "month" if published.month else "year")
    return Reading(
        document=document, text=document.text, language=lexicon.language, lexicon=lexicon, sentences=tuple(sentences),
        published=published.first_day if published else None, published_precision=precision,
    )


def sentence_spans(tokens: tuple[Token, ...], text: str, lexicon: LanguageLexicon) -> list[tuple[int, int]]:
    """Return the token spans of the sentences of one paragraph; text without an end is cut after `LONGEST_SENTENCE` tokens."""
    spans: list[tuple[int, int]] = []
    first = 0
    for at in range(len(tokens)):
        last = at + 1
        if at + 1 < len(tokens) and at - first < LONGEST_SENTENCE and not _ends_sentence(tokens, at, text, lexicon):
            continue
        while last < len(tokens) and tokens[last].key in _CLOSERS and tokens[last].start == tokens[last - 1].end:
            last += 1
        if last > first:
            spans.append((first, last))
        first = max(first, last)
    return [span for span in spans if any(token.is_word for token in tokens[span[0]:span[1]])]


def _ends_sentence(tokens: tuple[Token, ...], at: int, text: str, lexicon: LanguageLexicon) -> bool:
    token = tokens[at]
    if "\n" in text[token.end:tokens[at + 1].start]:
        return True
    if token.key in {"。", "！", "？"}:
        return True
    if token.key not in {".", "!", "?", "…"}:
        return False
    following = next((other for other in tokens[at + 1:at + 4] if other.key not in _CLOSERS and other.is_word), None)
    if following is None:
        return False
    apart = following.start > token.end and text[token.end:following.start].strip("\"'”’»)]“„«") != ""
    starts_new = following.capital or following.key.isdigit() or "\u3040" <= following.key[:1] <= "\u9fff"
    if not apart:
        return token.key == "." and starts_new and following.capital and following.end - following.start > 2 and _is_lower(tokens, at)
    return starts_new and not (token.key == "." and _is_abbreviation(tokens, at, lexicon))


def _is_lower(tokens: tuple[Token, ...], at: int) -> bool:
    return at > 0 and tokens[at - 1].is_word and not tokens[at - 1].capital and not tokens[at - 1].key.isdigit()


def _is_abbreviation(tokens: tuple[Token, ...], at: int, lexicon: LanguageLexicon) -> bool:
    if at == 0 or tokens[at - 1].end != tokens[at].start:
        return False
    before = tokens[at - 1]
    joined = tokens[at - 2] if at > 1 and tokens[at - 2].end == before.start else None
    if joined is not None and (joined.key in {"-", "–"} or joined.key.isdigit()):
        return False  # the end of a designation: IRIS-T, AIM-9M, MiG-29
    if before.key.isdigit():
        return lexicon.ordinal_point and len(before.key) <= 2
    return before.key in lexicon.abbreviations or (before.end - before.start == 1 and before.capital)


def _read_sentence(
    document: Document, lexicon: LanguageLexicon, tokens: tuple[Token, ...], paragraph: int, role: ParagraphRole, number: int,
) -> Sentence:
    start, end = tokens[0].start, tokens[-1].end
    text = document.text[start:end]
    return Sentence(
        number=number, paragraph=paragraph, role=role, start=start, end=end, text=text, tokens=tokens,
        mentions=mentions_in(tokens, text, start), marks=_find_marks(tokens, text, start, lexicon), segments=_segments(tokens),
        language=lexicon.language,
    )


def mentions_in(tokens: tuple[Token, ...], text: str, offset: int) -> tuple[Mention, ...]:
    """Return what the gazetteers know in these tokens of `text`, which begins at `offset`; of overlapping names the longest."""
    found = [
        Mention(match.payload, match.first, match.last, tokens[match.first].start, tokens[match.last - 1].end)
        for match in gazetteer().matcher.find(tokens)
    ]
    found.extend(_designated(tokens, text, offset, found))
    found.sort(key=lambda mention: (mention.first - mention.last, mention.first, mention.entity.ambiguous))
    kept: list[Mention] = []
    for mention in found:
        if not any(mention.first < other.last and other.first < mention.last for other in kept):
            kept.append(mention)
    return tuple(sorted(kept, key=lambda mention: mention.first))


def _designated(tokens: tuple[Token, ...], text: str, offset: int, known: list[Mention]) -> list[Mention]:
    """Return designations that no entry names (an unlisted ``AIM-...``), read by their form."""
    found: list[Mention] = []
    for designator in gazetteer().designators:
        for match in designator.pattern.finditer(text):
            start, end = match.start() + offset, match.end() + offset
            if any(mention.start < end and start < mention.end and mention.entity.kind in SYSTEM_KINDS for mention in known):
                continue
            span = [number for number, token in enumerate(tokens) if start <= token.start < end]
            name = match.group()
            entity = Entity(designator.kind, name, name.casefold(), origin=designator.origin, country=designator.country, carrier="both")
            found.append(Mention(entity, span[0], span[-1] + 1, start, end))
    return found


def _find_marks(tokens: tuple[Token, ...], text: str, offset: int, lexicon: LanguageLexicon) -> dict[str, tuple[Mark, ...]]:
    by_concept: dict[str, list[Match[Concept]]] = {}
    for match in (*lexicon.matcher.find(tokens), *_separated(tokens, lexicon), *_inflected(tokens, text, offset, lexicon)):
        by_concept.setdefault(match.payload.name, []).append(match)
    misleading = [(match.first, match.last) for match in by_concept.pop("false_friend", ())]
    marks: dict[str, tuple[Mark, ...]] = {}
    for concept, found in by_concept.items():
        matches = [match for match in found if not any(first <= match.first and match.last <= last for first, last in misleading)]
        if not matches:
            continue
        matches.sort(key=lambda match: (match.first - match.last, match.first, match.payload.tense == "open"))
        kept: list[Match[Concept]] = []
        for match in matches:
            if not any(match.first < other.last and other.first < match.last for other in kept):
                kept.append(match)
        marks[concept] = tuple(
            Mark(concept, match.payload.tense, match.first, match.last, tokens[match.first].start, tokens[match.last - 1].end)
            for match in sorted(kept, key=lambda match: match.first)
        )
    return marks


def _separated(tokens: tuple[Token, ...], lexicon: LanguageLexicon) -> Iterator[Match[Concept]]:
    """Yield verbs whose particle stands apart from them, at the end of their clause."""
    if not lexicon.separable:
        return
    for first, token in enumerate(tokens):
        for particle, concept in lexicon.separable.get(token.key, ()):
            for at in range(first + 2, len(tokens)):
                closes = at + 1 == len(tokens) or not tokens[at + 1].is_word or tokens[at + 1].key in {"und", "oder"}
                if tokens[at].key == particle and closes:
                    yield Match(first, first + 1, concept)
                    break


def _inflected(tokens: tuple[Token, ...], text: str, offset: int, lexicon: LanguageLexicon) -> Iterator[Match[Concept]]:
    """Yield words whose ending tells tense or mood, whatever the verb; names and listed exceptions are left out."""
    for ending in lexicon.endings:
        starts = {match.start() + offset for match in ending.form.finditer(text)}
        for at, token in enumerate(tokens) if starts else ():
            if token.start not in starts or (token.capital and at and not ending.in_names):
                continue
            if ending.except_words is None or not any(True for _ in ending.except_words.find((token,))):
                yield Match(at, at + 1, Concept(ending.concept))


def _segments(tokens: tuple[Token, ...]) -> tuple[tuple[int, int], ...]:
    bounds = [0]
    for at, token in enumerate(tokens[:-1]):
        if token.key not in _SEGMENT_SIGNS:
            continue
        inside_number = at > 0 and tokens[at - 1].key.isdigit() and tokens[at + 1].key.isdigit() and tokens[at + 1].start == token.end
        inside_word = token.key in {"-", "–", ":"} and at > 0 and (tokens[at - 1].end == token.start and tokens[at + 1].start == token.end)
        if not inside_number and not inside_word:
            bounds.append(at + 1)
    bounds.append(len(tokens))
    return tuple((first, last) for first, last in pairwise(bounds) if last > first)


def _without_false_friends(sentences: list[Sentence]) -> list[Sentence]:
    """Drop ambiguous names (Buk the beech, a hawk) from documents that are not about weapons."""
    about_weapons = any(
        sentence.has("weapon_context", "air_defence", "unit_missile", "unit_launcher", "unit_battery", "radar") or any(
            mention.entity.kind in SYSTEM_KINDS and not mention.entity.ambiguous for mention in sentence.mentions
        )
        for sentence in sentences
    )
    cleaned: list[Sentence] = []
    for sentence in sentences:
        mentions = tuple(
            mention for mention in sentence.mentions
            if mention.entity.kind != "other" and (about_weapons or not mention.entity.ambiguous)
        )
        cleaned.append(Sentence(**{**{name: getattr(sentence, name) for name in Sentence.__dataclass_fields__}, "mentions": mentions}))
    return cleaned
