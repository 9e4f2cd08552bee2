"""Everything a document names and counts, whatever its language: systems, actors, places, agreements, quantities, dates.

In a language without word lists no claim is proposed, because what is said of a system cannot be told; but
its systems, numbers and dates are found as far as their script allows, and marked "not fully read".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from frankensam.claims.claim import PlaceCandidate
from frankensam.claims.dates import find_dates
from frankensam.claims.lexicon import LanguageLexicon, language_lexicon
from frankensam.claims.numbers import Number, find_numbers, is_scale_or_currency
from frankensam.claims.places import find_places
from frankensam.claims.reading import Reading, Sentence, read_document
from frankensam.claims.words import PhraseMatcher
from frankensam.news.documents import Document

Coverage = Literal["full", "partial", "not fully read"]
NOT_READ: Coverage = "not fully read"


@dataclass(frozen=True, slots=True)
class DocumentMention:
    """One thing a document names: `kind` (launcher, interceptor, sensor, hybrid, organisation, person, country,
    agreement, place, quantity, money, date), what it is as far as known, and the exact words at ``start:end``.

    `name` is the gazetteer's spelling; of a place its largest candidate, of a date its ISO form, None where that
    is not known. Numbers have `value`, or `low` and `high`; money has `currency`.
    """

    kind: str
    name: str | None
    words: str
    start: int
    end: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    currency: str | None = None
    candidates: tuple[PlaceCandidate, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentMentions:
    """The mentions of one document in the order of its text, and how far its language is read."""

    document: str
    record: str
    language: str | None
    coverage: Coverage
    mentions: tuple[DocumentMention, ...]

    def as_json(self) -> dict[str, Any]:
        """Return one JSON object; a mention carries only the keys that say something."""
        row = asdict(self)
        row["mentions"] = [{key: value for key, value in mention.items() if value not in (None, ())} for mention in row["mentions"]]
        return row


def find_mentions(document: Document) -> DocumentMentions:
    """Return what a document names and counts; deterministic, without network."""
    language = document.language.used
    lexicon = language_lexicon(language) if language else None
    reading = read_document(document, lexicon or without_words(language))
    found = sorted(_mentions(reading), key=lambda mention: (mention.start, mention.end))
    coverage: Coverage = NOT_READ if lexicon is None else "full" if lexicon.coverage == "full" else "partial"
    return DocumentMentions(document.document_id, document.record_name, language, coverage, tuple(found))


def without_words(language: str | None) -> LanguageLexicon:
    """Return a lexicon of no words, with which a document in any language is read for names and numbers."""
    return LanguageLexicon(
        language=language or "", coverage=NOT_READ, matcher=PhraseMatcher(()), numbers={}, ordinals=frozenset(),
        articles=frozenset(), abbreviations=frozenset(), ordinal_point=False, separable={}, endings=(),
    )


def _mentions(reading: Reading) -> Iterator[DocumentMention]:
    for sentence in reading.sentences:
        for mention in sentence.mentions:
            yield DocumentMention(
                mention.entity.kind, mention.entity.name, reading.text[mention.start:mention.end], mention.start, mention.end,
            )
        for place in find_places(reading, sentence):
            yield DocumentMention("place", place.candidates[0].name, place.words, place.start, place.end, candidates=place.candidates)
        yield from _counted(reading, sentence)


def _counted(reading: Reading, sentence: Sentence) -> Iterator[DocumentMention]:
    """Yield dates, and the numbers that are no part of one."""
    dates = find_dates(reading, sentence)
    for date in dates:
        yield DocumentMention("date", date.value, date.words, date.start, date.end)
    for number in find_numbers(sentence, reading.lexicon.numbers):
        if not any(number.start < date.end and date.start < number.end for date in dates):
            yield _number(reading, sentence, number)


def _number(reading: Reading, sentence: Sentence, number: Number) -> DocumentMention:
    """A number as a mention; where its language is not read and a word stands beside it that may be a scale, without a value."""
    kind = "money" if number.currency else "quantity"
    words = reading.text[number.start:number.end]
    if reading.lexicon.coverage == NOT_READ and _may_be_scaled(sentence, number):
        return DocumentMention(kind, None, words, number.start, number.end, currency=number.currency)
    return DocumentMention(
        kind, None, words, number.start, number.end, value=number.value, low=number.low, high=number.high, currency=number.currency,
    )


def _may_be_scaled(sentence: Sentence, number: Number) -> bool:
    """Say whether a word that no list knows stands inside an amount of money: 25 of it may be 25 million."""
    inside = sentence.tokens[number.first:number.last]
    return number.currency is not None and any(
        token.is_word and not token.key.isdecimal() and not is_scale_or_currency(token) for token in inside
    )
