"""What was published (`Record`) and what is read of it (`Document`): the types of this package.

Every offset counts characters (code points) in `Document.text`. For the record format that is
exactly what ``open(path, encoding="utf-8").read()`` gives for the same file: a byte-order mark
stays as U+FEFF at offset 0, and CRLF and lone CR have become LF. For a web page, a feed's entry
or a JSON article it is the title and the article's paragraphs, with an empty line between. A
quote cut out by offsets is therefore an exact substring of that text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from frankensam.errors import Problem
from frankensam.news.dates import PublicationTime

DOCUMENT_ID_DIGITS = 32
DocumentFormat = Literal["record", "web page", "feed entry", "JSON article"]


class ParagraphRole(StrEnum):
    """What a paragraph is to its article."""

    HEADLINE = "headline"
    CAPTION = "caption"
    BODY = "body"
    QUOTATION = "quotation"


@dataclass(frozen=True, slots=True)
class HeaderField:
    """One header line as written: its label, its value (may be empty) and its line number from 1."""

    label: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Record:
    """A record as published: bytes untouched, header as written, body located.

    `name` is the file name. `text` is the decoded text (see the module's note on offsets),
    `body_start` the offset where the body begins. `warnings` are things accepted but worth
    knowing: unknown labels, empty or repeated fields.
    """

    name: str
    content: bytes
    sha256: str
    text: str
    title_as_written: str | None
    title_start: int
    fields: tuple[HeaderField, ...]
    body_start: int
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of `Document.text` with its role; `text[start:end]` is the paragraph.

    `part` says whether it stands in the record's title line or in its body. `basis` names the
    rule that gave the role ("photo credit", "before the headline", "as title", …).
    """

    role: ParagraphRole
    start: int
    end: int
    part: Literal["title", "body"]
    basis: str


@dataclass(frozen=True, slots=True)
class Language:
    """Language of a document as ISO 639-1 codes: declared by the record, detected, and the one used.

    `used` is the declared one unless the text clearly contradicts it, else the detected one;
    None where neither is known. `confidence` (0 to 1) belongs to `detected`.
    """

    declared: str | None
    detected: str | None
    confidence: float
    used: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """A record read: clean metadata, and paragraphs with roles, over the record's own text.

    `document_id` is the first 32 hexadecimal digits of the SHA-256 of the record's bytes: the
    same bytes are one document. Unknown metadata are None. `title` is without the outlet's name.
    `header` keeps every field as the record writes it, also those that are not used;
    `note` is what the record says about itself (such as that it is a rewording). `format` is
    what the bytes were and `reader` what made text of them. `no_article` says why a page holds no
    article (a consent wall, nothing but a title); it then has no paragraphs, so nothing is claimed from it.
    """

    document_id: str
    sha256: str
    record_name: str
    text: str
    title: str | None
    outlet: str | None
    outlet_url: str | None
    aggregator: str | None
    author: str | None
    kind: str | None
    url: str | None
    language: Language
    published: PublicationTime | None
    paragraphs: tuple[Paragraph, ...]
    warnings: tuple[Problem, ...] = ()
    header: tuple[HeaderField, ...] = ()
    note: str | None = None
    format: DocumentFormat = "record"
    reader: str = "record"
    no_article: str | None = None

    def text_of(self, paragraph: Paragraph) -> str:
        """Return the paragraph's words, exactly as they stand in the record."""
        return self.text[paragraph.start:paragraph.end]

    @property
    def body_paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs of the body, the title line left out."""
        return tuple(paragraph for paragraph in self.paragraphs if paragraph.part == "body")
