"""What bytes are, told from the bytes themselves; the name only decides where they leave it open."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePath

BYTES_LOOKED_AT = 4_096


class Kind(StrEnum):
    """What can be read, and OTHER for what cannot."""

    RECORD = "record"
    PAGE = "web page"
    FEED = "feed"
    JSON = "JSON"
    ZIP = "ZIP archive"
    OTHER = "other"


PAGE_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".shtml"})

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"\x1f\x8b", "a gzip file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\x00", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a picture or sound (RIFF)"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"{\\rtf", "a rich-text document"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"bplist00", "a Safari web archive"),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_MHTML = re.compile(r"(?:From:\s?<Saved by|MIME-Version:|Snapshot-Content-Location:)", re.IGNORECASE)
_SKIPPED = re.compile(r"(?:\s|<\?[^>]{0,500}\?>|<!--.{0,2000}?-->|<!doctype(?![^>]*\[)[^>]{0,500}>)*+", re.IGNORECASE | re.DOTALL)
_HTML_DOCTYPE = re.compile(r"<!doctype\s+html", re.IGNORECASE)
_FEED_ROOT = re.compile(r"<(?:rss|feed|(?:rdf:)?rdf|!doctype\s+(?:rss|feed))\b", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-z!/?]", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"\s*<\?xml\b", re.IGNORECASE)
_PAGE_TAG = re.compile(
    r"<(?:html|head|body|title|meta|link|div|p|article|section|main|h[1-6]|span|a|img|table|script|style|base|iframe|form|center|font|"
    r"svg|math|ul|ol|b|i|br|!doctype\s+html|!--|noscript|template|textarea|header)\b",
    re.IGNORECASE,
)
_JSON = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\]])|\{")
_RECORD_LINE = re.compile(r"\s*(?:#{1,6}[ \t]*[^:\n]{1,20}:|>[ \t]*[^:\n]{1,60}:)")


def kind_of(beginning: bytes, name: str) -> tuple[Kind, str]:
    """Return the kind of a file and, for OTHER, what it is in words ("a PDF").

    `beginning` is at least the first 4,096 bytes, or all of them. Anything that is neither marked
    up nor known otherwise is taken for a record, whose own reader is strict.
    """
    head = beginning[:BYTES_LOOKED_AT]
    if head.startswith(_ZIP):
        return Kind.ZIP, "a ZIP archive"
    if not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        for magic, words in _MAGIC:
            if head.startswith(magic):
                return Kind.OTHER, words
    return _kind_of_text(_text(head), name)


def _text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace").removeprefix("\ufeff")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _kind_of_text(text: str, name: str) -> tuple[Kind, str]:
    if _MHTML.match(text):
        return Kind.OTHER, "a page saved as one MHTML file, or a mail"
    if _JSON.match(text):
        return Kind.JSON, "JSON"
    skipped = _SKIPPED.match(text)
    rest = text[skipped.end() :] if skipped else text
    before = text[: len(text) - len(rest)]
    if _FEED_ROOT.match(rest):
        return Kind.FEED, "a feed"
    if _HTML_DOCTYPE.search(before) or _PAGE_TAG.match(rest):
        return Kind.PAGE, "a web page"
    if _XML_DECLARATION.match(text):
        return Kind.OTHER, "XML, but neither a feed nor a web page"
    if before.strip() or _MARKUP.match(rest):
        return Kind.PAGE, "a web page"
    if PurePath(name).suffix.lower() in PAGE_SUFFIXES and not _RECORD_LINE.match(text):
        return Kind.PAGE, "a web page"
    return Kind.RECORD, "text"


def begins_as_record(beginning: bytes) -> bool:
    """Tell whether a text begins with a title line or a header line of the record format."""
    return _RECORD_LINE.match(_text(beginning[:BYTES_LOOKED_AT])) is not None
