"""Articles as JSON: one object, an array, or one object a line, as aggregators hand them out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from frankensam.errors import InputRefused, Place, Problem
from frankensam.formats.json import read_json
from frankensam.news.article import Article, document_from_article
from frankensam.news.documents import Document
from frankensam.news.page_kinds import FEWEST_LETTERS, SHORT_PAGE_LETTERS, wall_of
from frankensam.news.records import folded_label

LARGEST_ARTICLE_BYTES = 5_000_000
LARGEST_ARRAY_BYTES = 50_000_000
MOST_ARTICLES = 200_000

# Folded key (no case, diacritics, "_" or "-") to meaning, the most common first.
_KEYS: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline", "name", "titulo"),
    "text": (
        "text",
        "content",
        "body",
        "articlebody",
        "fulltext",
        "maintext",
        "conteudo",
        "contenthtml",
        "contenttext",
        "description",
        "summary",
    ),
    "published": (
        "published",
        "publishedat",
        "datepublished",
        "pubdate",
        "publicationdate",
        "publishdate",
        "date",
        "published_at",
        "data",
        "timestamp",
        "time",
        "created",
        "createdat",
        "seendate",
    ),
    "outlet": ("outlet", "source", "sourcename", "publisher", "site", "sitename", "domain", "origem", "fonte", "veiculo"),
    "outlet_url": ("outleturl", "sourceurl", "publisherurl"),
    "url": ("url", "link", "permalink", "canonicalurl", "articleurl", "webpage"),
    "author": ("author", "authors", "byline", "creator", "autor"),
    "language": ("language", "lang", "idioma", "inlanguage", "locale"),
    "aggregator": ("aggregator", "agregador", "provider", "feed"),
    "kind": ("type", "kind", "tipo", "category"),
}
_BLANKS = re.compile(r"[ \t\r\n]*")


def json_articles(content: bytes, name: str) -> Iterator[bytes]:
    """Yield the bytes of each article of a JSON array or of JSON lines, as they stand in the file.

    Raises `InputRefused` where the text cannot be parted: not UTF-8, an array that is no JSON, too large.
    """
    if len(content) > LARGEST_ARRAY_BYTES:
        raise _refused(
            name,
            slug="json-too-large",
            rule=f"a JSON file has at most {LARGEST_ARRAY_BYTES:,} bytes, this has more",
            suggestion="part it into files with fewer lines",
        )
    content = content.removeprefix(b"\xef\xbb\xbf")
    if content.lstrip()[:1] != b"[":
        whole = _as_one(content)
        yield from [whole] if whole is not None else (line for line in content.splitlines() if line.strip())
        return
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused(
            name, slug="record-not-utf8", rule=f"byte {error.start} is not UTF-8, and JSON is", suggestion="fetch the file again"
        ) from None
    yield from _elements(text, name)


def _as_one(content: bytes) -> bytes | None:
    """The content if it is one JSON value (possibly over many lines), None where it is lines."""
    first = content.strip().split(b"\n", 1)
    if len(first) == 1:
        return content.strip()
    try:
        json.loads(first[0])
    except (ValueError, RecursionError):
        return content.strip()
    return None


def _elements(text: str, name: str) -> Iterator[bytes]:
    decoder = json.JSONDecoder()
    position = _after_blanks(text, text.index("[") + 1)
    while not text.startswith("]", position):
        try:
            _, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "too deep, or a number out of bounds"
            raise _refused(name, slug="json-syntax", rule=f"this is not JSON: {reason}", line=text.count("\n", 0, position) + 1) from None
        yield text[position:end].encode("utf-8", "surrogatepass")
        position = _after_blanks(text, end)
        if text.startswith(",", position):
            position = _after_blanks(text, position + 1)
        elif not text.startswith("]", position):
            raise _refused(name, slug="json-syntax", rule="this is not JSON: ',' or ']' expected", line=text.count("\n", 0, position) + 1)


def _after_blanks(text: str, position: int) -> int:
    match = _BLANKS.match(text, position)
    return match.end() if match else position


def read_json_article(content: bytes, name: str) -> Document:
    """Read one JSON object into a document; raises `InputRefused` for what is no object, has no text, or is no strict JSON."""
    from frankensam.news.pages import html_blocks

    value = read_json(content, file=name, largest=LARGEST_ARTICLE_BYTES)
    if not isinstance(value, dict):
        raise _refused(
            name, slug="json-not-an-article", rule="an article is a JSON object with keys such as 'title', 'url', 'date', 'text'"
        )
    fields = {_folded(key): item for key, item in value.items()}
    text = max((_text(fields[key]) or "" for key in _KEYS["text"] if key in fields), key=len, default="")
    title = _first(fields, "title")
    if not text.strip() and title is None:
        raise _refused(
            name,
            slug="json-not-an-article",
            rule="the object has neither a title nor a text",
            suggestion=f"the text is looked for under {', '.join(_KEYS['text'][:5])}",
        )
    blocks = html_blocks(text, name)
    letters = sum(map(str.isalpha, "".join(block.text for block in blocks)))
    reason = wall_of(text) if letters < SHORT_PAGE_LETTERS else None
    if letters < FEWEST_LETTERS // 2:
        reason = reason or "no running text"
    warnings = (
        ()
        if reason is None
        else (
            Problem(
                slug="page-without-article", place=Place(name), rule=f"stored as an article without text: {reason}", severity="warning"
            ),
        )
    )
    written = _first(fields, "published")
    return document_from_article(
        Article(
            format="JSON article",
            reader="json",
            title=title,
            outlet=_first(fields, "outlet"),
            outlet_url=_first(fields, "outlet_url") or _address_in(fields.get("source")),
            aggregator=_first(fields, "aggregator"),
            author=_first(fields, "author"),
            kind=_first(fields, "kind"),
            url=_first(fields, "url"),
            language=_first(fields, "language"),
            published=(("date", written),) if written else (),
            blocks=tuple(blocks),
            no_article=reason,
            warnings=warnings,
            found=tuple((key, shown) for key, item in value.items() if (shown := _text(item)) and len(shown) <= 2_000 and shown != text),
        ),
        content,
        name,
    )


def _folded(key: str) -> str:
    return re.sub(r"[\s_-]", "", folded_label(key[:60]))


def _first(fields: Mapping[str, Any], meaning: str) -> str | None:
    return next((found for key in _KEYS[meaning] if (found := _text(fields.get(key)))), None)


def _text(value: Any) -> str | None:
    """A value as text: a string, a number, the name of an object, the parts of a list joined."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, dict):
        return next((found for key in ("name", "title", "text") if isinstance(found := value.get(key), str) and found.strip()), None)
    if isinstance(value, list):
        parts = [part for item in value[:20] if (part := _text(item) if not isinstance(item, list) else None)]
        return ", ".join(parts) or None
    return None


def _address_in(value: Any) -> str | None:
    found = value.get("url") if isinstance(value, dict) else None
    return found if isinstance(found, str) else None


def _refused(name: str, *, slug: str, rule: str, suggestion: str | None = None, line: int | None = None) -> InputRefused:
    return InputRefused([Problem(slug=slug, place=Place(name, line), rule=rule, suggestion=suggestion)])
