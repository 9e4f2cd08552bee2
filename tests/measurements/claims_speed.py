"""How long it takes to look through many claims: pages of a list, and the queue.

    .venv/bin/python tests/measurements/claims_speed.py /tmp/claims.db 1000000

Fills an archive with made-up claims of made-up documents first (twenty a document; goes on where it was stopped), a part
of them decided, and then asks for pages by several filters and for the queue. Times are of the process, in milliseconds;
what they are compared with is the same run's first page without filter.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from frankensam.claims.claim import Claim, make_claim
from frankensam.claims.review import accepted_claims, decide
from frankensam.claims.review.listing import ClaimFilters, list_claims
from frankensam.claims.review.queue import review_queue
from frankensam.claims.rows import insert_claim
from frankensam.claims.store import extractor_number
from frankensam.claims.systems import choose_systems
from frankensam.glossary import ClaimType, Hedge, Review, Status
from frankensam.news.archive import Archive
from frankensam.news.documents import Document
from frankensam.news.reading import read_document

CLAIMS_OF_A_DOCUMENT = 20
DOCUMENTS_AT_ONCE = 500
DECIDED = 1_000
LAUNCHERS = ("Buk", "Kub", "Osa", "S-125", "S-300", None)
INTERCEPTORS = ("RIM-7 Sea Sparrow", "AIM-9M", "AIM-7 Sparrow", "AIM-132 ASRAAM", None)


def record(number: int) -> tuple[Document, bytes, str]:
    """A document of as many sentences as it has claims."""
    drawn = random.Random(number)
    sentences = " ".join(f"Sentence {index} of report {number} is {drawn.getrandbits(64):x}." for index in range(CLAIMS_OF_A_DOCUMENT))
    content = (f"# Título: Report {number}\n\n>Data: {2022 + number % 4}-{1 + number % 12:02d}\n"
               f">Origem: [Gazette {number % 50}](https://a.example)\n"
               f">Idioma: {('en', 'uk', 'ru', 'pl')[number % 4]}\n\n### Conteúdo:\n\n{sentences}\n").encode()
    return read_document(content, f"{number}.txt"), content, f"/records/{number}.txt"


def claim(document: Document, index: int, drawn: random.Random) -> Claim:
    """A claim of one of a document's sentences."""
    quote_start = document.text.find(f"Sentence {index} of")
    count = float(drawn.randrange(1, 200)) if drawn.random() < 0.5 else None
    said: dict[str, Any] = dict.fromkeys((
        "launcher_words", "interceptor_words", "sensor", "agreement", "hybrid", "cost_of", "date_precision", "date_basis", "date_words",
        "attributed_to", "attribution_basis"))
    return make_claim(
        type=drawn.choice(list(ClaimType)), launcher=drawn.choice(LAUNCHERS), interceptor=drawn.choice(INTERCEPTORS),
        organisations=("Gazette",), people=(), countries=("Ukraine",), places=(), quantity=count, low=count, high=count,
        unit="missile" if count else None, date=f"{2022 + drawn.randrange(4)}-{1 + drawn.randrange(12):02d}",
        status=drawn.choice(list(Status)),
        hedge=Hedge.NONE, negated=drawn.random() < 0.02, in_caption=False, quote=document.text[quote_start:document.text.find(".",
            quote_start)],
        quote_start=quote_start, passages=(), document=document.document_id, record=document.record_name, language=document.language.used,
        coverage="full", extractor="made up 1", **said)


def fill(archive: Archive, wanted: int) -> None:
    """Store documents and claims until there are as many claims as wanted."""
    connection = archive.connection
    have = archive.count()
    for first in range(have, wanted // CLAIMS_OF_A_DOCUMENT, DOCUMENTS_AT_ONCE):
        stored = list(archive.add(record(number) for number in range(first, first + DOCUMENTS_AT_ONCE)))
        with archive.writing():
            at = datetime.now(UTC).isoformat(timespec="seconds")
            extractor = extractor_number(connection, "made up 1", "none", at)
            for item in stored:
                number = connection.execute(
                    "SELECT document_number FROM documents WHERE document_id = ?", (item.document.document_id,)).fetchone()[0]
                drawn = random.Random(number)
                for index in range(CLAIMS_OF_A_DOCUMENT):
                    insert_claim(connection, number, claim(item.document, index, drawn), extractor, at)
    left = DECIDED - connection.execute("SELECT count(*) FROM claim_reviews").fetchone()[0]
    if left > 0:
        ids = [row[0] for row in connection.execute(
            "SELECT claim_id FROM claims WHERE claim_number % 97 = 0 AND claim_number NOT IN (SELECT claim_number FROM claim_reviews)"
            " LIMIT ?", (left,))]
        decide(archive, ids, "accept", name="A", reason="made up")


def milliseconds(act: Callable[[], Any]) -> float:
    began = time.process_time()
    act()
    return 1_000 * (time.process_time() - began)


def measure(archive: Archive) -> None:
    total = archive.connection.execute("SELECT count(*) FROM claims").fetchone()[0]
    middle = archive.connection.execute("SELECT claim_id FROM claims WHERE claim_number = ?", (total // 2,)).fetchone()[0]
    print(f"{total:,} claims of {archive.count():,} documents")
    asked: list[tuple[str, Callable[[], Any]]] = [
        ("first page", lambda: list_claims(archive)), ("page in the middle", lambda: list_claims(archive, after=middle)),
        ("by type", lambda: list_claims(archive, ClaimFilters(type="cost"))),
        ("by system", lambda: list_claims(archive, ClaimFilters(system=choose_systems("Kub")))),
        ("by outlet and language", lambda: list_claims(archive, ClaimFilters(outlet="Gazette 7", language="uk"))),
        ("accepted", lambda: list_claims(archive, ClaimFilters(review=Review.ACCEPTED))),
        ("undecided", lambda: list_claims(archive, ClaimFilters(review=Review.UNDECIDED))),
        ("accepted claims without flags", lambda: accepted_claims(archive, with_flags=False)),
        ("accepted claims with flags", lambda: accepted_claims(archive)), ("queue", lambda: review_queue(archive)),
    ]
    for name, act in asked:
        print(f"{name:36} {milliseconds(act):10,.1f} ms")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with Archive.open(Path(sys.argv[1])) as opened:
        fill(opened, int(sys.argv[2]))
        measure(opened)
