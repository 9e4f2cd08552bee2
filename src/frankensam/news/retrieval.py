"""From a fetched address to documents: what the bytes are is decided by the bytes, and the decision is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from frankensam.errors import InputRefused, Place, Problem
from frankensam.news.decoding import charset_of
from frankensam.news.documents import Document, HeaderField
from frankensam.news.fetching import PUBLIC_ONLY, Fetched, FetchPolicy, fetch
from frankensam.news.intake import Candidate, entries_of
from frankensam.news.kinds import Kind, kind_of
from frankensam.news.reading import read_document


def retrieve(url: str, policy: FetchPolicy = PUBLIC_ONLY) -> Iterator[tuple[Document, bytes, str] | Problem]:
    """Fetch one address and yield its documents as (document, original bytes, address), or problems.

    A page is one document, a feed one for each entry. Raises as `fetch` does.
    """
    fetched = fetch(url, policy)
    name = _name_of(fetched.address)
    for found in entries_of(fetched.content, Path(name)):
        if isinstance(found, Problem):
            yield replace(found, place=Place(fetched.address))
            continue
        content = found.content or b""
        try:
            document = _read(content, found, fetched)
        except InputRefused as error:
            yield from (replace(problem, place=replace(problem.place, file=fetched.address)) for problem in error.problems)
            continue
        mark = found.name.removeprefix(name)
        yield _with_transport(document, fetched), content, fetched.address + mark


def _name_of(address: str) -> str:
    parts = urlsplit(address)
    return unquote(PurePosixPath(parts.path).name)[:120].replace("/", "_").replace("\x00", "") or parts.hostname or "page"


def _read(content: bytes, found: Candidate, fetched: Fetched) -> Document:
    kind, _ = kind_of(content, found.name)
    if kind is Kind.PAGE:
        from frankensam.news.pages import read_page

        return read_page(content, found.name, transport_charset=charset_of(fetched.content_type), address=fetched.address)
    return read_document(content, found.name)


def _with_transport(document: Document, fetched: Fetched) -> Document:
    """The document with what the transport said behind its own header, and a warning where it was cut."""
    facts = [("fetched from", fetched.addresses[0])]
    facts += [("redirected to", address) for address in fetched.addresses[1:]]
    facts += [("server address", fetched.peer), ("Content-Type", fetched.content_type or "(none)")]
    facts += [("Content-Encoding", fetched.content_encoding)] if fetched.content_encoding else []
    facts += [("truncated", fetched.truncated)] if fetched.truncated else []
    first = 1 + max((own.line for own in document.header), default=0)
    header = (*document.header, *(HeaderField(label, value, first + number) for number, (label, value) in enumerate(facts)))
    warnings = document.warnings
    if fetched.truncated:
        warnings += (Problem(slug="fetch-truncated", place=Place(document.record_name), severity="warning",
                             rule=f"only the beginning was fetched: {fetched.truncated}"),)
    return replace(document, header=header, warnings=warnings, url=document.url or fetched.address)
