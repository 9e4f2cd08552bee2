"""Feeds: RSS 0.9 to 2.0 and Atom, read by expat with no document type, no entities and bounded depth.

A feed is cut into its entries. What is kept of an entry is a feed of that entry alone: the feed's
own bytes of its start tags, its title, link and language, and the entry, copied and not rewritten.
So the same entry met again an hour later, in a feed that has moved on, is the same document.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from frankensam.errors import InputRefused, Place, Problem
from frankensam.news.article import Article, document_from_article
from frankensam.news.documents import Document
from frankensam.news.page_kinds import FEWEST_LETTERS, SHORT_PAGE_LETTERS, wall_of

LARGEST_FEED_BYTES = 20_000_000
DEEPEST_ELEMENT = 100
MOST_ELEMENTS = 1_000_000
MOST_ENTRIES = 10_000
_ENTRY = frozenset({"item", "entry"})
_FEED_FIELDS = frozenset({"title", "link", "language"})


@dataclass
class _Cut:
    """Byte spans of a feed: prologue, start tags around entries, the feed's own fields, entries."""

    prologue: tuple[int, int] = (0, 0)
    starts: list[tuple[str, int, int]] = field(default_factory=list)
    fields: list[tuple[int, int]] = field(default_factory=list)
    entries: list[tuple[int, int]] = field(default_factory=list)


def feed_entries(content: bytes, name: str) -> list[bytes]:
    """Return each entry of a feed as a feed of its own, in the order of the feed.

    Raises `InputRefused` for a feed with a document type, that is not well-formed, is too large
    or too deep, or has no entries.
    """
    if len(content) > LARGEST_FEED_BYTES:
        raise _refused(name, slug="feed-too-large", rule=f"a feed has at most {LARGEST_FEED_BYTES:,} bytes, this has more")
    cut = _Cutter(content, name).cut()
    if not cut.entries:
        raise _refused(name, slug="feed-without-entries", rule="the feed holds no entry", suggestion="fetch it again when it has some")
    head = content[cut.prologue[0] : cut.prologue[1]] + b"".join(content[start:end] for _, start, end in cut.starts)
    head += b"".join(content[start:end] for start, end in cut.fields)
    tail = b"".join(f"</{tag}>".encode() for tag, _, _ in reversed(cut.starts))
    return [head + content[start:end] + tail for start, end in cut.entries]


def read_feed_entry(content: bytes, name: str) -> Document:
    """Read a feed of one entry into a document; raises `InputRefused` as `feed_entries` does, and for several entries."""
    from frankensam.news.pages import html_blocks

    found = _Reader(content, name).read()
    if found.count != 1:
        several = "the feed holds no entry" if found.count == 0 else f"the feed holds {found.count} entries, one is expected here"
        raise _refused(name, slug="feed-not-one-entry", rule=several, suggestion="hand the file to 'frankensam ingest', which parts it")
    entry, feed = found.entry, found.feed
    written = max((entry.get(key, "") for key in ("encoded", "content", "description", "summary")), key=len)
    blocks = html_blocks(written, name) if written.strip() else []
    letters = sum(map(str.isalpha, "".join(block.text for block in blocks)))
    wall = wall_of("\n".join(block.text for block in blocks)) if letters < SHORT_PAGE_LETTERS else None
    reason = wall or ("no running text" if letters < FEWEST_LETTERS // 2 else None)
    dates = tuple((key, entry[key]) for key in ("published", "pubDate", "issued", "date", "updated") if key in entry)
    warnings = (
        ()
        if reason is None
        else (
            Problem(
                slug="page-without-article", place=Place(name), rule=f"stored as an entry without article: {reason}", severity="warning"
            ),
        )
    )
    return document_from_article(
        Article(
            format="feed entry",
            reader="feed",
            title=_plain(entry.get("title")),
            outlet=_plain(entry.get("source") or feed.get("title")),
            outlet_url=feed.get("link"),
            author=_plain(entry.get("creator") or entry.get("author")),
            kind=None,
            url=entry.get("link"),
            language=feed.get("language"),
            published=dates,
            blocks=tuple(blocks),
            no_article=reason,
            warnings=warnings,
            found=(
                *((f"feed {key}", value) for key, value in feed.items()),
                *((key, value) for key, value in entry.items() if value != written),
            ),
        ),
        content,
        name,
    )


def _plain(value: str | None) -> str | None:
    """A title or name without the markup that some feeds put into it."""
    return None if value is None else re.sub(r"<[^<>]{0,500}>", "", value)


def _refused(name: str, *, slug: str, rule: str, suggestion: str | None = None, line: int | None = None) -> InputRefused:
    return InputRefused([Problem(slug=slug, place=Place(name, line), rule=rule, suggestion=suggestion)])


class _Bounded:
    """An expat parser that refuses document types and entities and counts depth and elements."""

    def __init__(self, content: bytes, name: str) -> None:
        self.content, self.name = content, name
        self.depth = self.elements = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.EntityDeclHandler = self._refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def parse(self) -> None:
        try:
            self.parser.Parse(self.content, True)
        except expat.ExpatError as error:
            raise _refused(
                self.name,
                slug="feed-not-well-formed",
                rule=f"the feed is not well-formed XML: {expat.ErrorString(error.code)}",
                line=error.lineno,
                suggestion="fetch it again; a feed is only read whole",
            ) from None
        except (ValueError, LookupError) as error:
            raise _refused(
                self.name,
                slug="feed-not-well-formed",
                rule=f"the feed's encoding cannot be read: {error}",
                suggestion="convert it to UTF-8",
            ) from None

    def _refuse_doctype(self, *_: object) -> None:
        raise _refused(
            self.name,
            slug="feed-document-type",
            rule="the feed declares a document type or entities",
            suggestion="take the DOCTYPE out; no feed needs one",
            line=self.parser.CurrentLineNumber,
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > DEEPEST_ELEMENT or self.elements > MOST_ELEMENTS:
            raise _refused(
                self.name,
                slug="feed-too-complex",
                line=self.parser.CurrentLineNumber,
                rule=f"a feed has at most {DEEPEST_ELEMENT} levels and {MOST_ELEMENTS:,} elements",
            )
        self.opened(tag, attributes)

    def _end(self, tag: str) -> None:
        self.closed(tag)
        self.depth -= 1

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def closed(self, tag: str) -> None:
        raise NotImplementedError


class _Cutter(_Bounded):
    """Finds the byte spans of entries and of what must stand around each."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content, name)
        self._cut = _Cut()
        self._open: list[tuple[str, int]] = []
        self._entry_depth: int | None = None

    def cut(self) -> _Cut:
        if self.content.startswith((b"\xff\xfe", b"\xfe\xff")):
            # Cutting by bytes and closing tags in ASCII needs an encoding that holds ASCII.
            raise _refused(self.name, slug="feed-not-well-formed", rule="the feed is UTF-16", suggestion="convert it to UTF-8")
        self.parse()
        return self._cut

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        position = self.parser.CurrentByteIndex
        local = tag.rpartition(":")[2]
        if self.depth == 1:
            self._cut.prologue = (0, self._start_of_root(position))
        if self._entry_depth is None and self.depth <= 3 and local.lower() in _ENTRY:
            self._entry_depth = self.depth
            if not self._cut.entries:
                self._cut.starts = [(open_tag, start, self._end_of_tag(start)) for open_tag, start in self._open]
        self._open.append((tag, position))

    def closed(self, tag: str) -> None:
        _, start = self._open.pop()
        local = tag.rpartition(":")[2]
        end = self._end_of_element(start, tag)
        if self._entry_depth == self.depth:
            self._entry_depth = None
            self._cut.entries.append((start, end))
            if len(self._cut.entries) > MOST_ENTRIES:
                raise _refused(self.name, slug="feed-too-complex", rule=f"a feed has at most {MOST_ENTRIES:,} entries")
        elif self._entry_depth is None and 2 <= self.depth <= 3 and local in _FEED_FIELDS and len(self._cut.fields) < 10:
            parent = self._open[-1][0].rpartition(":")[2].lower()
            if parent in {"channel", "feed"} and end - start < 5_000:
                self._cut.fields.append((start, end))

    def _start_of_root(self, position: int) -> int:
        declaration = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}\?>", self.content)
        return declaration.end() if declaration and declaration.end() <= position else 0

    def _end_of_tag(self, start: int) -> int:
        """End of the start tag that begins at `start`: the first ">" outside of quotes."""
        match = re.compile(rb"<(?:[^>\"']|\"[^\"]*\"|'[^']*')*+>").match(self.content, start)
        return match.end() if match else start

    def _end_of_element(self, start: int, tag: str) -> int:
        position = self.parser.CurrentByteIndex
        if self.content.startswith(b"</", position):
            return self.content.index(b">", position) + 1
        return self._end_of_tag(start)


@dataclass
class _Found:
    feed: dict[str, str] = field(default_factory=dict)
    entry: dict[str, str] = field(default_factory=dict)
    count: int = 0


class _Reader(_Bounded):
    """Collects the fields of the feed and of its one entry; Atom's XHTML content is written out again as markup."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content, name)
        self.parser.CharacterDataHandler = self._text
        self._found = _Found()
        self._entry_depth: int | None = None
        self._field: tuple[str, int] | None = None
        self._pieces: list[str] = []
        self._author = 0
        self._xhtml = False

    def read(self) -> _Found:
        self.parse()
        return self._found

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if self.depth == 1 and (language := attributes.get("xml:lang")):
            self._found.feed["language"] = language
        if self._field is not None:
            # Markup inside a field: XHTML content, or an author with a name.
            if self._field[0] in {"content", "summary", "title", "description"}:
                self._pieces.append(f"<{local}>")
            elif local == "uri" or local == "email":
                self._author += 1
            return
        if self._entry_depth is None and self.depth <= 3 and local.lower() in _ENTRY:
            self._entry_depth = self.depth
            self._found.count += 1
            return
        inside = self._entry_depth is not None and self.depth == self._entry_depth + 1
        if local == "link" and attributes.get("href") and attributes.get("rel", "alternate") == "alternate":
            self._target(inside).setdefault("link", attributes["href"])
        if inside or (self._entry_depth is None and 2 <= self.depth <= 3 and local in _FEED_FIELDS):
            self._field = (
                "encoded" if tag.endswith(":encoded") else "media" if tag.startswith(("media:", "itunes:")) else local,
                self.depth,
            )
            self._pieces = []
            self._xhtml = attributes.get("type") == "xhtml"

    def _target(self, inside: bool) -> dict[str, str]:
        return self._found.entry if inside else self._found.feed

    def _text(self, data: str) -> None:
        if self._field is not None and not self._author:
            # Inside XHTML a "<" is a letter; it must not become markup when the pieces are read as HTML.
            self._pieces.append(html.escape(data, quote=False) if self._xhtml else data)

    def closed(self, tag: str) -> None:
        local = tag.rpartition(":")[2]
        if self._field is not None:
            if self.depth == self._field[1]:
                value = "".join(self._pieces).strip()
                if value and self._field[0] != "media":
                    self._target(self._entry_depth is not None).setdefault(self._field[0], value)
                self._field = None
            elif self._author and local in {"uri", "email"}:
                self._author -= 1
            elif self._field[0] in {"content", "summary", "title", "description"}:
                self._pieces.append(f"</{local}>")
        if self._entry_depth == self.depth:
            self._entry_depth = None


def entries_named(content: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """Yield (name, bytes) of each entry; the name is the feed's with the entry's number from 1."""
    for number, entry in enumerate(feed_entries(content, name), start=1):
        yield f"{name}#{number}", entry
