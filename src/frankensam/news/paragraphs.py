"""Paragraphs of a record's body and their roles: headline, caption, body, quotation.

Roles are decided by form alone (credits, brackets, quotation marks, repeated titles, lines without
a verb), never by what an article is about. The wording of captions stands in ``pictures.toml``.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from frankensam.news.documents import Paragraph, ParagraphRole

LONGEST_CAPTION_WORDS = 80
LONGEST_CREDIT_WORDS = 12
LONGEST_CREDIT_CHARACTERS = 240
LONGEST_LEADING_WORDS = 8
LONGEST_VERBLESS_WORDS = 14
SHORTEST_WRAPPED_LINE = 45
LONG_WRAPPED_LINE = 60
LONGEST_WRAPPED_LINE = 120
LONGEST_CAPTION_CHARACTERS = 1_000
PARAGRAPHS_BEFORE_HEADLINE = 4
HEADLINE_OVERLAP = 0.8
QUOTED_SHARE = 0.4

_END_OF_SENTENCE = tuple(".!?…。！？:;：；,、")
_BLANKS = " \t\u00a0\u2007\u202f\u3000\ufeff\u200b"
_LIST_ITEM = re.compile(r"(?:[•·▪●◦‣*+–—-]|\d{1,2}[.)])[ \t\u00a0]")
_HEADING = re.compile(r"#{1,6}[ \t]+")
_PICTURE = re.compile(r"!\[(?P<text>[^\]\n]{0,500})\]\([^)\n]{0,2048}\)")
_DESIGNATOR = re.compile(
    r"(?<!\w)(?:[^\W\d_]{1,6}[-\u2010\u2011]?\d{1,4}\w{0,4}|\d{1,3}[^\W\d_]{1,2}\d{1,3}\w{0,3}|[A-ZА-ЯІЇЄҐ]{3,})(?!\w)")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_OPENING = {"“": "”", "„": "“”", "«": "»", "»": "«", "‘": "’", "「": "」", "『": "』", '"': '"', "”": "”"}
_CLOCK_OR_DATE = re.compile(r"\d{1,2}:\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\b(?:19|20)\d{2}\s?$")
_DIALOGUE = re.compile(r"[—–-]\s.{3,}?[,.!?…]\s?[—–-]\s", re.DOTALL)
_AGENCY_AT_END = re.compile(
    r"(?:/|\bvia\b|\bby\b|\bthrough\b)\s{0,2}(?:Getty(?: Images)?|Shutterstock|AFP|EPA(?:-EFE)?|AP(?: Photo)?|Reuters|DPA|PAP|UNIAN|"
    r"УНІАН|Укрінформ|ТАСС|РИА Новости)\s?[)\]]?\.?$", re.IGNORECASE)
LONGEST_AGENCY = 32
"""Characters that an agency at the end of a caption takes at most, with what stands before it."""
_RIGHTS = re.compile(r"©\s?(?!\s?\d{4})\w|(?:^|\s)\([cс]\)\s\w", re.IGNORECASE)


def find_paragraphs(text: str, body_start: int, title: tuple[int, int] | None) -> tuple[Paragraph, ...]:
    """Return the title line (where there is one) and the paragraphs of the body, in text order.

    `title` is the span of the title in `text`. Spans never overlap, are not empty, and begin
    and end on something other than a blank.
    """
    spans = list(_body_spans(text, body_start))
    title_words = _words_of(text[title[0]:title[1]]) if title else frozenset[str]()
    repeated = next((index for index, span in enumerate(spans[:PARAGRAPHS_BEFORE_HEADLINE + 1])
                     if _repeats(title_words, text[span.start:span.end])), None)
    body = [_with_role(text, span, index, repeated, alone=len(spans) == 1) for index, span in enumerate(spans)]
    head = [Paragraph(ParagraphRole.HEADLINE, title[0], title[1], "title", "title line")] if title else []
    return (*head, *body)


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    basis: str | None = None


def _body_spans(text: str, body_start: int) -> Iterator[_Span]:
    """Yield the spans of the body: a line is a paragraph unless it was wrapped by hand."""
    open_span: _Span | None = None
    line_above = ""
    for start, end in _lines(text, body_start):
        span = _trimmed(text, start, end)
        line = "" if span is None else text[span.start:span.end]
        if span is not None and open_span is not None and _continues(line_above, line):
            open_span = _Span(open_span.start, span.end, open_span.basis)
        else:
            if open_span is not None:
                yield open_span
            open_span = span
        line_above = line
    if open_span is not None:
        yield open_span


def _lines(text: str, start: int) -> Iterator[tuple[int, int]]:
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


def _trimmed(text: str, start: int, end: int) -> _Span | None:
    """Cut blanks and Markdown signs off a line; None for a line without a letter or digit."""
    line = text[start:end]
    if not any(character.isalnum() for character in line):
        return None
    left = len(line) - len(line.lstrip(_BLANKS))
    right = len(line.rstrip(_BLANKS))
    line = line[:right]
    if match := _PICTURE.fullmatch(line, left):
        inner = match["text"]
        if not inner.strip():
            return None
        left_inner = match.start("text") + len(inner) - len(inner.lstrip())
        return _Span(start + left_inner, start + match.start("text") + len(inner.rstrip()), "picture text")
    if match := _HEADING.match(line, left):
        return _Span(start + match.end(), start + right, "marked as heading")
    return _Span(start + left, start + right)


def _continues(above: str, line: str) -> bool:
    """Tell whether a line goes on with the sentence of the line above it (hand-wrapped text)."""
    if not SHORTEST_WRAPPED_LINE <= len(above) <= LONGEST_WRAPPED_LINE or above.endswith(_END_OF_SENTENCE[:7]):
        return False
    return not _LIST_ITEM.match(line) and (line[0].islower() or above[-1] in ",-" or len(above) >= LONG_WRAPPED_LINE)


def _with_role(text: str, span: _Span, index: int, headline_index: int | None, *, alone: bool) -> Paragraph:
    words = text[span.start:span.end]
    role, basis = _role(words, span.basis, index, headline_index, alone=alone)
    return Paragraph(role, span.start, span.end, "body", basis)


def _role(words: str, basis: str | None, index: int, headline_index: int | None, *, alone: bool) -> tuple[ParagraphRole, str]:
    if basis is not None:
        return (ParagraphRole.CAPTION if basis == "picture text" else ParagraphRole.HEADLINE), basis
    if index == headline_index:
        return ParagraphRole.HEADLINE, "repeats the title"
    if rule := caption_rule(words):
        return ParagraphRole.CAPTION, rule
    if is_quotation(words):
        return ParagraphRole.QUOTATION, "mostly quoted words"
    if headline_index is not None and index < headline_index and _may_stand_above(words):
        return ParagraphRole.CAPTION, "above the repeated title"
    if not alone and _is_verbless_line(words):
        return ParagraphRole.CAPTION, "short line without a verb"
    return ParagraphRole.BODY, "running text"


def _words_of(text: str) -> frozenset[str]:
    return frozenset(match[0].casefold() for match in _WORD.finditer(text))


def _repeats(title_words: frozenset[str], paragraph: str) -> bool:
    if not title_words or len(paragraph) > 400:
        return False
    words = _words_of(paragraph)
    return bool(words) and len(words & title_words) / len(words | title_words) >= HEADLINE_OVERLAP


def _may_stand_above(words: str) -> bool:
    """A line above the title is a caption unless it is a date line, a by-line or a teaser of several sentences."""
    count = _length_in_words(words)
    letters = sum(character.isalpha() for character in words)
    digits = sum(character.isdigit() for character in words)
    return 3 <= count <= 30 and letters > 3 * digits


def _length_in_words(words: str) -> int:
    """Number of words; where words are not set apart by blanks, two characters count as one."""
    if words.isascii():
        return len(_WORD.findall(words))
    wide = len(_WIDE.findall(words))
    return len(_WORD.findall(_WIDE.sub(" ", words))) + (wide + 1) // 2


def caption_rule(words: str) -> str | None:
    """Return which rule makes this paragraph a photo caption or credit, None where none does."""
    if len(words) > LONGEST_CAPTION_CHARACTERS or (count := _length_in_words(words)) > LONGEST_CAPTION_WORDS:
        return None
    wording = _wording()
    for match in wording.credit.finditer(words, max(0, len(words) - LONGEST_CREDIT_CHARACTERS)):
        if _length_in_words(words[match.end():]) <= LONGEST_CREDIT_WORDS:
            return "photo credit"
    if count <= LONGEST_LEADING_WORDS and wording.leading.match(words) and not words.endswith(_END_OF_SENTENCE):
        return "photo credit"
    if count <= LONGEST_CAPTION_WORDS // 2 and _names_agency(words):
        return "photo agency"
    return None


def _names_agency(words: str) -> bool:
    """Tell whether an agency stands at the end, or a sign of rights anywhere; only what can hold them is searched."""
    if _AGENCY_AT_END.search(words, max(0, len(words) - LONGEST_AGENCY)):
        return True
    return ("©" in words or "(" in words) and _RIGHTS.search(words) is not None


def is_quotation(words: str) -> bool:
    """Tell whether a paragraph is mostly someone's quoted words: it opens with them and they are a good part of it."""
    closing = _OPENING.get(words[0])
    if closing is None:
        return _DIALOGUE.match(words) is not None
    quoted, position = 0, 0
    while position < len(words):
        character = words[position]
        ends = _OPENING.get(character)
        if ends is None:
            position += 1
            continue
        close = min((found for end in ends if (found := words.find(end, position + 1)) > 0), default=len(words))
        quoted += close - position
        position = close + 1
    return quoted >= QUOTED_SHARE * len(words)


def _is_verbless_line(words: str) -> bool:
    """A short line with a designator ("AIM-9M missile", "2P25"), no full stop and no frequent finite verb."""
    if words.endswith(_END_OF_SENTENCE) or not words[0].isalnum() or words[0].islower():
        return False
    if _CLOCK_OR_DATE.search(words) or _LIST_ITEM.match(words) or not _DESIGNATOR.search(words):
        return False
    if not 2 <= _length_in_words(words) <= LONGEST_VERBLESS_WORDS:
        return False
    return _words_of(words).isdisjoint(_wording().verbs)


@dataclass(frozen=True, slots=True)
class _Wording:
    credit: re.Pattern[str]
    leading: re.Pattern[str]
    verbs: frozenset[str]


def picture_wording() -> Mapping[str, Mapping[str, Any]]:
    """Return ``pictures.toml``: how captions are worded, by language code."""
    return tomllib.loads(resources.files(__package__).joinpath("pictures.toml").read_text(encoding="utf-8"))


@functools.cache
def _wording() -> _Wording:
    tables = picture_wording().values()
    colon = _alternatives(word for table in tables for word in table["before_colon"])
    phrases = _alternatives(word for table in tables for word in table["phrases"])
    leading = _alternatives(word for table in tables for word in table["leading"])
    begins = r"(?:^|(?<=[.!?…|(\[–—/。)」»”\"])\s{0,3}|(?<=[\u3040-\u9fff])\s{0,3})"
    return _Wording(
        credit=re.compile(rf"{begins}(?:(?:{colon})\s?[:：]|(?:{phrases})(?!\w))", re.IGNORECASE),
        leading=re.compile(rf"(?:{leading})\s", re.IGNORECASE),
        verbs=frozenset(verb for table in tables for verb in table["verbs"]),
    )


def _alternatives(words: Iterator[str]) -> str:
    return "|".join(sorted({re.escape(word) for word in words}, key=lambda word: (-len(word), word)))
