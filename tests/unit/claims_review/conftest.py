"""An archive in which tests say exactly what documents claim."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from frankensam.claims.claim import Claim, make_claim
from frankensam.claims.store import extractor_number, store_claims
from frankensam.glossary import ClaimType, Hedge, Status
from frankensam.news.archive import Archive
from frankensam.news.documents import Document
from frankensam.news.reading import read_document

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
UNSAID: dict[str, Any] = {
    "launcher": None, "launcher_words": None, "interceptor": None, "interceptor_words": None, "sensor": None, "agreement": None,
    "hybrid": None, "organisations": (), "people": (), "countries": (), "places": (), "quantity": None, "low": None, "high": None,
    "unit": None, "cost_of": None, "date": None, "date_precision": None, "date_basis": None, "date_words": None,
    "status": Status.REPORTED, "hedge": Hedge.NONE, "negated": False, "attributed_to": None, "attribution_basis": None,
    "in_caption": False, "passages": (), "language": "en", "coverage": "full", "extractor": "by hand 1",
}


class ClaimArchive:
    """An archive with documents and claims made up sentence by sentence."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.archive = Archive.open(path)
        self._records = 0

    def record(
        self, body: str, *, published: str = "2023-12-07", outlet: str = "Gazette", language: str = "en", title: str | None = None,
    ) -> tuple[Document, bytes, str]:
        """One record as ingest would hand it over."""
        self._records += 1
        content = (
            f"# Título: {title or f'Report {self._records}'}\n\n>Data: {published}\n>URL: https://news.example/{self._records}\n"
            f">Origem: [{outlet}](https://news.example)\n>Idioma: {language}\n\n### Conteúdo:\n\n{body}\n").encode()
        return read_document(content, f"{self._records}.txt"), content, f"/records/{self._records}.txt"

    def add(self, body: str, *, now: datetime = NOW, beside: Any = None, **about: str) -> Document:
        """Store a document."""
        (stored,) = self.archive.add([self.record(body, **about)], now=now, beside=beside)
        return stored.document

    def say(
        self, kind: ClaimType, *, quote: str = "They said so.", document: Document | None = None, now: datetime = NOW, published: str =
        "2023-12-07", outlet: str = "Gazette", **said: Any,
    ) -> str:
        """Store a claim of a document of its own, or of `document`; return its id."""
        # The number keeps documents from being copies of each other.
        source = document or self.add(f"{quote} Dispatch {self._records} by a reporter.", now=now, published=published, outlet=outlet)
        exact = said.get("quantity")
        bounds = {} if exact is None else {"low": exact, "high": exact}
        claim = self.claim(source, kind, quote, **{**bounds, **said})
        with self.archive.writing() as connection:
            at = now.isoformat(timespec="seconds")
            number = connection.execute("SELECT document_number FROM documents WHERE document_id = ?", (source.document_id,)).fetchone()[0]
            store_claims(connection, number, source.text, [claim], extractor_number(connection, "by hand 1", "none", at), at)
        return claim.claim_id

    @staticmethod
    def claim(source: Document, kind: ClaimType, quote: str, **said: Any) -> Claim:
        """A claim of a document."""
        return make_claim(**{
            **UNSAID, "type": kind, "quote": quote, "quote_start": source.text.find(quote), "document": source.document_id,
            "record": source.record_name, **said})

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return [tuple(row) for row in self.archive.connection.execute(query, values)]


@pytest.fixture
def claims(tmp_path: Path) -> Iterator[ClaimArchive]:
    """An empty archive."""
    made = ClaimArchive(tmp_path / "archive.db")
    yield made
    made.archive.close()
