"""How fast the archive is: search over many documents, pages ingested against the article extractor alone.

    .venv/bin/python tests/measurements/archive_speed.py search /tmp/large.db 100000
    .venv/bin/python tests/measurements/archive_speed.py pages

`search` fills the archive with generated reports first (and goes on where it was stopped), then asks each query of
a mixed list several times. `pages` makes news pages with the furniture of real ones (menus, teasers, scripts,
sheets) and does both things in turn, so that the machine's mood falls on both.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from frankensam.claims.store import store_document_claims
from frankensam.claims.systems import choose_systems
from frankensam.news.archive import Archive
from frankensam.news.dates import parse_publication_time
from frankensam.news.documents import Document
from frankensam.news.reading import read_document
from frankensam.news.searching import SearchFilters, search

VOCABULARY = 40_000
WORDS_PER_REPORT = 220
LANGUAGES = ("en", "uk", "ru", "pl", "de", "fr", "es", "pt")
NAMES = ("Buk launcher", "AIM-9M", "Sea Sparrow RIM-7", "S-300", "Київ", "Kharkiv", "FrankenSAM", "Osa", "Бук", "Hawk", "IRIS-T", "R-73")
SYLLABLES = ["ka", "to", "ren", "mil", "vo", "sha", "din", "er", "pra", "lu", "gost",
             "ne", "bal", "tis", "or", "we", "fin", "zu", "cham", "ri"]


def word(rank: int) -> str:
    """The word of a rank: syllables by the digits of the rank, so that each rank has one of its own."""
    parts = []
    while True:
        parts.append(SYLLABLES[rank % len(SYLLABLES)])
        rank //= len(SYLLABLES)
        if rank == 0:
            return "".join(parts)


WORDS = [word(rank) for rank in range(VOCABULARY)]


def report(number: int) -> tuple[Document, bytes, str]:
    """One generated report: words drawn by Zipf's law, a name or two, a date, an outlet."""
    drawn = random.Random(number)
    words = [WORDS[min(VOCABULARY - 1, int(VOCABULARY ** drawn.random()))] for _ in range(WORDS_PER_REPORT)]
    for _ in range(2):
        words.insert(drawn.randrange(len(words)), NAMES[min(len(NAMES) - 1, int(len(NAMES) ** drawn.random()))])
    body = "\n\n".join(" ".join(words[start:start + 40]) + "." for start in range(0, len(words), 40))
    content = (f"# Título: {' '.join(words[:8])}\n\n>Data: {2022 + number % 4}-{1 + number % 12:02d}-{1 + number % 28:02d}\n"
               f">URL: https://news.example/{number}\n>Origem: [Gazette {number % 50}](https://news.example)\n"
               f">Idioma: {LANGUAGES[number % len(LANGUAGES)]}\n\n### Conteúdo:\n\n{body}\n").encode()
    return read_document(content, f"{number}.txt"), content, f"/records/{number}.txt"


def queries() -> list[tuple[str, str, SearchFilters | None]]:
    day = parse_publication_time
    return [
        ("rare word", WORDS[30_000], None), ("seldom word", WORDS[3_000], None), ("usual word", WORDS[300], None),
        ("frequent word", WORDS[20], None), ("name", "Buk", None), ("name in another script", "Київ", None), ("designator", "AIM-9M", None),
        ("two names", "Buk AIM-9M", None), ("name and word", f"Osa {WORDS[200]}", None), ("phrase", '"Sea Sparrow"', None),
        ("name, language", "Buk", SearchFilters(language="uk")), ("name, outlet", "Hawk", SearchFilters(outlet="Gazette 7")),
        ("name, dates", "Hawk", SearchFilters(since=day("2023-03"), until=day("2023-06"))),
        ("name, system", "Hawk", SearchFilters(system=choose_systems("AIM-9M"))),
        ("frequent word, system", WORDS[20], SearchFilters(system=choose_systems("сі спарроу"))),
        ("word, variant, language", WORDS[300], SearchFilters(system=choose_systems("AIM-9M"), language="uk")),
        ("three words", f"{WORDS[50]} {WORDS[90]} {WORDS[400]}", None),
        ("nothing", "qqqxyzzy", None),
    ]


def measure_search(path: Path, documents: int) -> None:
    with Archive.open(path) as archive:
        have, began = archive.count(), time.perf_counter()
        for _ in archive.add((report(number) for number in range(have, documents)), beside=store_document_claims):
            pass
        if documents > have:
            print(f"stored {documents - have:,} documents, {(documents - have) / (time.perf_counter() - began):.0f} a second")
    with Archive.open_for_reading(path) as archive:
        print(f"{archive.count():,} documents, {path.stat().st_size / 1e6:,.0f} MB")
        everything: list[float] = []
        for name, query, filters in queries():
            times = []
            for _ in range(7):
                began = time.perf_counter()
                found = search(archive, query, filters)
                times.append(1_000 * (time.perf_counter() - began))
            everything += times
            print(f"{name:24} {found.matched:7,} found  median {statistics.median(times):7.1f} ms  worst {max(times):7.1f} ms")
        print(f"all: median {statistics.median(everything):.1f} ms, worst {max(everything):.1f} ms")


def news_page(number: int) -> bytes:
    """A page of some 60 kB, of which 4 kB are article."""
    drawn = random.Random(number)

    def words(count: int) -> str:
        return " ".join(WORDS[min(VOCABULARY - 1, int(VOCABULARY ** drawn.random()))] for _ in range(count))

    menu = "".join(f"<li><a href='/s/{index}'>{words(2)}</a></li>" for index in range(80))
    teasers = "".join(f"<div class=teaser><a href='/t/{index}'><img src=x alt=y><h3>{words(8)}</h3></a><p>{words(14)}</p></div>"
                      for index in range(60))
    article = "".join(f"<p>{words(45)}.</p>" for _ in range(14))
    return (f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{words(8)} - Gazette</title>"
            f"<meta property=og:site_name content=Gazette>"
            f"<script type=application/ld+json>{{\"@type\":\"NewsArticle\",\"headline\":\"{words(8)}\","
            f"\"datePublished\":\"2024-03-05T10:00:00Z\"}}</script>"
            f"<style>{'.a{color:red}' * 400}</style><script>{'var a = 1;' * 800}</script></head><body>"
            f"<header><nav><ul>{menu}</ul></nav></header><main>"
            f"<article><h1>{words(8)}</h1><figure><img src=x><figcaption>{words(10)}</figcaption></figure>{article}</article>"
            f"<aside>{teasers}</aside></main><footer>{menu}</footer></body></html>").encode()


def measure_pages(count: int = 150, rounds: int = 5) -> None:
    """Print the rate of ingesting pages as a multiple of the rate of extracting their articles with trafilatura's own defaults."""
    from trafilatura import bare_extraction

    def ingest(pages: list[bytes], folder: Path) -> None:
        def items() -> Iterator[tuple[Document, bytes, str]]:
            for index, page in enumerate(pages):
                yield read_document(page, f"{index}.html"), page, f"/{index}.html"

        with Archive.open(folder / "a.db") as archive:
            for _ in archive.add(items(), beside=store_document_claims):
                pass

    def extract(pages: list[bytes], **options: bool) -> None:
        for page in pages:
            bare_extraction(page, **options)  # type: ignore[arg-type]

    def seconds(act: Callable[[], None]) -> float:
        began = time.perf_counter()
        act()
        return time.perf_counter() - began

    ratios: dict[str, list[float]] = {"text only, as it comes": [], "fast": [], "with metadata": []}
    options: dict[str, dict[str, bool]] = {"text only, as it comes": {}, "fast": {"fast": True}, "with metadata": {"with_metadata": True}}
    ingest([news_page(0)], Path(tempfile.mkdtemp()))
    for round_number in range(rounds):
        pages = [news_page(1_000 * round_number + index) for index in range(count)]
        with tempfile.TemporaryDirectory() as folder:
            own = seconds(lambda pages=pages, folder=folder: ingest(pages, Path(folder)))  # type: ignore[misc]
        for name, chosen in options.items():
            alone = seconds(lambda pages=pages, chosen=chosen: extract(pages, **chosen))  # type: ignore[misc]
            ratios[name].append(alone / own)
        print(f"round {round_number + 1}: ingested {count / own:.0f} pages a second; of the extractor's rate: "
              + ", ".join(f"{name} {values[-1]:.2f}" for name, values in ratios.items()))
    print("median: " + ", ".join(f"{name} {statistics.median(values):.2f}" for name, values in ratios.items()))


if __name__ == "__main__":
    if sys.argv[1:2] == ["search"]:
        measure_search(Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:] == ["pages"]:
        measure_pages()
    else:
        sys.exit(__doc__)
