"""An article taken out of a page, a feed or JSON, and the document that is made of it."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import accumulate

from frankensam.errors import InputRefused, Place, Problem
from frankensam.news.dates import PublicationTime, parse_publication_time
from frankensam.news.documents import DOCUMENT_ID_DIGITS, Document, DocumentFormat, HeaderField, Paragraph, ParagraphRole
from frankensam.news.languages import decide_language
from frankensam.news.metadata import safe_address, title_without_outlet
from frankensam.news.paragraphs import find_paragraphs

LONGEST_VALUE = 2_000
MOST_VALUES = 200
MOST_PARAGRAPHS = 50_000

# Controls, bidirectional marks, zero-width characters and soft hyphens; ZWJ and ZWNJ, which Persian and emoji need, stay.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of an article; `role` and `basis` where the markup says what it is."""

    text: str
    role: ParagraphRole | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """What was found: metadata as written (unknown is None), blocks in order, everything found as (label, value).

    `published` holds the candidates as (label, value), the best first.
    """

    format: DocumentFormat
    reader: str
    title: str | None = None
    outlet: str | None = None
    outlet_url: str | None = None
    aggregator: str | None = None
    author: str | None = None
    kind: str | None = None
    url: str | None = None
    language: str | None = None
    published: tuple[tuple[str, str], ...] = ()
    blocks: tuple[Block, ...] = ()
    found: tuple[tuple[str, str], ...] = ()
    no_article: str | None = None
    warnings: tuple[Problem, ...] = ()


def one_line(text: str) -> str:
    """Return a text without invisible characters, with single blanks."""
    return " ".join(_INVISIBLE.sub("", text).split())


def invisible_characters(text: str) -> int:
    """Number of characters that `one_line` takes out because nobody can see them."""
    # Most pages have none: what is printable needs no look, character by character, for what is not.
    return 0 if text.replace("\n", "").replace("\t", "").isprintable() else len(_INVISIBLE.findall(text))


def document_from_article(article: Article, content: bytes, name: str) -> Document:
    """Return the document of an article. `content` are the bytes it was read from.

    Its text is the title and the blocks, with an empty line between. Raises `InputRefused` for
    more than 50,000 blocks.
    """
    if len(article.blocks) > MOST_PARAGRAPHS:
        raise InputRefused(
            [Problem(slug="record-too-many-lines", place=Place(name), rule=f"an article has at most {MOST_PARAGRAPHS:,} paragraphs")]
        )
    outlet = _known(article.outlet)
    title = title_without_outlet(_known(article.title), outlet)
    blocks = () if article.no_article else tuple(_cleaned(article.blocks))
    text = "\n\n".join([*([title] if title else []), *(block.text for block in blocks)])
    warnings = [replace(warning, place=Place(name, warning.place.line)) for warning in article.warnings]
    published = _publication_time(article.published, name, warnings)
    paragraphs = _paragraphs(text, title, blocks)
    no_article = article.no_article or (None if any(paragraph.part == "body" for paragraph in paragraphs) else "no running text")
    sha256 = hashlib.sha256(content).hexdigest()
    return Document(
        document_id=sha256[:DOCUMENT_ID_DIGITS],
        sha256=sha256,
        record_name=name,
        text=text,
        title=title,
        outlet=outlet,
        outlet_url=_address(article.outlet_url),
        aggregator=_known(article.aggregator),
        author=_known(article.author),
        kind=_known(article.kind),
        url=_address(article.url),
        language=decide_language(article.language, text),
        published=published,
        paragraphs=() if no_article else paragraphs,
        warnings=tuple(warnings),
        header=_header(article.found),
        format=article.format,
        reader=article.reader,
        no_article=no_article,
    )


def _known(value: str | None) -> str | None:
    return (one_line(value)[:LONGEST_VALUE] or None) if value else None


def _address(written: str | None) -> str | None:
    return safe_address(written.strip()) if written else None


def _cleaned(blocks: Iterable[Block]) -> Iterable[Block]:
    for block in blocks:
        text = one_line(block.text)
        if any(character.isalnum() for character in text):
            yield replace(block, text=text)


def _header(found: Iterable[tuple[str, str]]) -> tuple[HeaderField, ...]:
    shown = [(one_line(label)[:100], one_line(value)[:LONGEST_VALUE]) for label, value in found]
    return tuple(HeaderField(label, value, number) for number, (label, value) in enumerate(shown[:MOST_VALUES], start=1))


def _paragraphs(text: str, title: str | None, blocks: tuple[Block, ...]) -> tuple[Paragraph, ...]:
    """The paragraphs of the text; where the markup gave a role, that role."""
    start = len(title) + 2 if title and blocks else len(title or "")
    starts = list(accumulate((len(block.text) + 2 for block in blocks), initial=start))
    found = find_paragraphs(text, start, (0, len(title)) if title else None)
    return tuple(_with_role(paragraph, blocks[bisect_right(starts, paragraph.start) - 1]) if paragraph.part == "body" else paragraph
                 for paragraph in found)


def _with_role(paragraph: Paragraph, block: Block) -> Paragraph:
    if block.role is None:
        return paragraph
    return replace(paragraph, role=block.role, basis=block.basis or "markup")


def _publication_time(candidates: tuple[tuple[str, str], ...], name: str, warnings: list[Problem]) -> PublicationTime | None:
    """The first candidate with a single reading; what cannot be read, or differs by more than a day, is a warning."""
    chosen: PublicationTime | None = None
    for label, written in candidates:
        read = parse_publication_time(written.strip())
        if read is None:
            if chosen is None:
                warnings.append(
                    Problem(
                        slug="record-date-unread",
                        place=Place(name),
                        value=written,
                        severity="warning",
                        rule=f"{label}: no single reading as a date",
                    )
                )
        elif chosen is None:
            chosen = read
        elif abs((read.first_day - chosen.first_day).days) > 1:
            warnings.append(
                Problem(
                    slug="page-dates-differ",
                    place=Place(name),
                    value=written,
                    severity="warning",
                    rule=f"{label} says another day than the one used, {chosen.iso_date}",
                )
            )
            break
    return chosen
