"""From bytes to a document: what they are, metadata cleaned, language decided, paragraphs given their roles."""

from __future__ import annotations

import re
from dataclasses import dataclass

from frankensam.errors import InputRefused, Place, Problem, printable
from frankensam.news.dates import PublicationTime, parse_publication_time
from frankensam.news.documents import DOCUMENT_ID_DIGITS, Document, HeaderField, Paragraph, Record
from frankensam.news.kinds import Kind, kind_of
from frankensam.news.languages import decide_language
from frankensam.news.metadata import safe_address, title_without_outlet
from frankensam.news.paragraphs import find_paragraphs
from frankensam.news.records import FIELD_LABELS, folded_label, read_record

_MARKDOWN_LINK = re.compile(r"\[(?P<name>[^\n]{0,500}?)\]\((?P<url>[^\s()]{0,2048}(?:\([^\s()]{0,500}\)[^\s()]{0,500}){0,4})\)")


def read_document(content: bytes, name: str) -> Document:
    """Read one record, saved web page, feed of one entry or JSON article; the bytes decide what it is.

    Raises `InputRefused` as `read_record`, `read_page`, `read_feed_entry` and `read_json_article` do.
    """
    kind, _ = kind_of(content, name)
    if kind is Kind.PAGE:
        from frankensam.news.pages import read_page

        return read_page(content, name)
    if kind is Kind.FEED:
        from frankensam.news.feeds import read_feed_entry

        return read_feed_entry(content, name)
    if kind is Kind.JSON:
        from frankensam.news.json_articles import read_json_article

        return read_json_article(content, name)
    return document_from_record(read_record(content, name))


def document_from_record(record: Record) -> Document:
    """Return the document that a record holds; raises `InputRefused` where its body holds no words."""
    fields = _Fields(record)
    outlet, outlet_url = fields.outlet()
    title = title_without_outlet(record.title_as_written, outlet)
    title_span = None if title is None else (record.title_start, record.title_start + len(title))
    paragraphs = find_paragraphs(record.text, record.body_start, title_span)
    if not any(paragraph.part == "body" for paragraph in paragraphs):
        raise InputRefused([Problem(slug="record-without-body", place=Place(record.name), rule="there are no words below '### Conteúdo:'",
                                    suggestion="a record without its article cannot be a source; fetch the text again")])
    url = fields.url("url")
    published = fields.published()
    return Document(
        document_id=record.sha256[:DOCUMENT_ID_DIGITS], sha256=record.sha256, record_name=record.name, text=record.text,
        title=title, outlet=outlet, outlet_url=outlet_url, aggregator=fields.value("aggregator"),
        author=fields.value("author"), kind=fields.value("kind"), url=url,
        language=decide_language(fields.value("language"), _running_text(record.text, paragraphs)),
        published=published, paragraphs=paragraphs, warnings=(*record.warnings, *fields.warnings),
        header=record.fields, note=fields.value("note"),
    )


def _running_text(text: str, paragraphs: tuple[Paragraph, ...]) -> str:
    return "\n".join(text[paragraph.start:paragraph.end] for paragraph in paragraphs)


@dataclass
class _Fields:
    """The header of one record by meaning; gathers warnings on values it could not read."""

    record: Record

    def __post_init__(self) -> None:
        self.warnings: list[Problem] = []

    def _field(self, meaning: str) -> HeaderField | None:
        """The first field of this meaning that is not empty."""
        candidates = (field for field in self.record.fields if FIELD_LABELS.get(folded_label(field.label)) == meaning)
        return next((field for field in candidates if field.value), None)

    def value(self, meaning: str) -> str | None:
        """A field as written, None where it is unknown."""
        field = self._field(meaning)
        return field.value if field else None

    def _warn(self, field: HeaderField, slug: str, rule: str) -> None:
        self.warnings.append(Problem(slug=slug, place=Place(self.record.name, field.line), rule=rule,
                                     value=printable(field.value), severity="warning"))

    def published(self) -> PublicationTime | None:
        """The publication time; a spelling with no single reading is unknown, with a warning."""
        field = self._field("published")
        if field is None:
            return None
        published = parse_publication_time(field.value)
        if published is None:
            self._warn(field, slug="record-date-unread", rule="no single reading as a date; the publication time is unknown")
        return published

    def url(self, meaning: str) -> str | None:
        """The address where it is one that may be shown as a link: http or https, no blanks or controls."""
        field = self._field(meaning)
        if field is None:
            return None
        linked = _MARKDOWN_LINK.fullmatch(field.value)
        address = safe_address(linked["url"] if linked else field.value)
        if address is None:
            self._warn(field, slug="record-url-unread", rule="not an http or https address; the address is unknown")
        return address

    def outlet(self) -> tuple[str | None, str | None]:
        """Name and address of the outlet, written as ``[Name](address)`` or as a plain name."""
        field = self._field("outlet")
        if field is None:
            return None, None
        linked = _MARKDOWN_LINK.fullmatch(field.value)
        if linked is None:
            return field.value, None
        return linked["name"].strip() or None, safe_address(linked["url"])
