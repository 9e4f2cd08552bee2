"""Search over an archive: inflections and transliterations, phrases, filters, snippets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from frankensam.errors import StoreDamaged, UsageRefused
from frankensam.news.archive import Archive
from frankensam.news.dates import PublicationTime, parse_publication_time
from frankensam.news.reading import read_document
from frankensam.news.searching import SNIPPET_CHARACTERS, Hit, SearchFilters, search

RECORDS = {
    "uk": ("Пускові установки Бука", "Київська газета", "2024-01-10", "У Києві показали дві пускові установки «Бука» та ракету АІМ-9М."),
    "ru": ("Ракеты для Киева", "Вестник", "2024-02", "Ракеты RIM-7 для комплекса «Бук» доставили в Киев в феврале."),
    "en": ("Buk launchers shown", "Kyiv Gazette", "2024-03-15", "Visitors of the range saw Buk launchers and a Sea Sparrow missile. " * 9),
    "pl": ("Buki w lesie", "Kurier Leśny", "", "Buki rosną na wzgórzach, a kora buków jest gładka."),
    "ja": ("ブークの発射機", "新聞", "2024-03-20", "シースパローをブークと組み合わせて使うと述べた。"),
    "de": ("Sea and sparrow", "Gazette am Meer", "2023", "A sparrow was seen at sea, far from any missile."),
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    def items() -> Iterator[tuple[object, bytes, str]]:
        for code, (title, outlet, date, body) in RECORDS.items():
            content = f"# Título: {title} - {outlet}\n>Data: {date}\n>Origem: {outlet}\n>Idioma: {code}\n### Conteúdo:\n\n{body}\n".encode()
            yield read_document(content, f"{code}.txt"), content, f"/{code}.txt"

    with Archive.open(tmp_path_factory.mktemp("search") / "archive.db") as opened:
        assert len(list(opened.add(items()))) == len(RECORDS)  # type: ignore[arg-type]
        yield opened


def names(archive: Archive, query: str, filters: SearchFilters | None = None) -> set[str]:
    return {hit.record_name.removesuffix(".txt") for hit in search(archive, query, filters).hits}


def day(written: str) -> PublicationTime:
    read = parse_publication_time(written)
    assert read is not None
    return read


@pytest.mark.parametrize(("query", "expected"), [
    ("Київ", {"uk", "ru"}), ("Kyiv", {"uk", "ru"}), ("Киева", {"uk", "ru"}), ("Kijów", {"uk", "ru"}),
    ("Buk", {"uk", "ru", "en", "pl"}), ("Бука", {"uk", "ru", "en", "pl"}), ("AIM-9", {"uk"}), ("aim9m", {"uk"}), ("RIM7 buk", {"ru"}),
    ("sea sparrow", {"en", "de"}), ('"sea sparrow"', {"en"}), ("シースパロー", {"ja"}), ("ブーク", {"ja"}), ("missile launchers", {"en"}),
    ("missiles", {"en", "de"}), ("nothing-like-this", set()), ("ракета", {"uk", "ru"}),
])
def test_what_is_found(archive: Archive, query: str, expected: set[str]) -> None:
    assert names(archive, query) == expected


@pytest.mark.parametrize("query", [
    "Buk AND", "NOT Buk*", "body_keys:Buk", '"Buk', "Buk)", "(Buk", "Buk^2", "NEAR(Buk, 3)", "Buk - ",
    "'Buk'; DROP TABLE documents", "Buk " * 300,
    "{a b}: Buk", "+Buk", "Buk\x00", "\ud800 Buk",
])
def test_no_query_is_a_syntax_error(archive: Archive, query: str) -> None:
    assert search(archive, query).matched >= 0


@pytest.mark.parametrize("query", ["", "  ", "***", '""', "—", "\x00"])
def test_a_query_without_words_is_refused(archive: Archive, query: str) -> None:
    with pytest.raises(UsageRefused) as refusal:
        search(archive, query)
    assert refusal.value.slug == "search-no-words"


@pytest.mark.parametrize("limit", [0, -1, 1_001])
def test_the_limit_has_limits(archive: Archive, limit: int) -> None:
    with pytest.raises(UsageRefused):
        search(archive, "Buk", limit=limit)


def test_the_number_matched_is_not_the_number_shown(archive: Archive) -> None:
    result = search(archive, "Buk", limit=2)
    assert (len(result.hits), result.matched) == (2, 4)


@pytest.mark.parametrize(("filters", "expected"), [
    (SearchFilters(language="en"), {"en"}), (SearchFilters(outlet="Gazette"), {"en", "uk"}),
    (SearchFilters(outlet="Киев gazette"), {"en", "uk"}), (SearchFilters(outlet="gazette kyiv"), set()),
    (SearchFilters(outlet="gaz"), set()),
    (SearchFilters(since=day("2024-02-20")), {"ru", "en"}), (SearchFilters(since=day("2024-03")), {"en"}),
    (SearchFilters(until=day("2024-02-01")), {"uk", "ru"}), (SearchFilters(since=day("2024"), until=day("2024")), {"uk", "ru", "en"}),
    (SearchFilters(since=day("2024"), language="ru"), {"ru"}),
])
def test_filters(archive: Archive, filters: SearchFilters, expected: set[str]) -> None:
    assert names(archive, "Buk", filters) == expected


def test_an_outlet_without_words_is_refused(archive: Archive) -> None:
    with pytest.raises(UsageRefused) as refusal:
        search(archive, "Buk", SearchFilters(outlet="%"))
    assert refusal.value.slug == "search-outlet"


def test_titles_count_more_than_bodies(archive: Archive) -> None:
    assert search(archive, "sparrow").hits[0].record_name == "de.txt"


def marked(hit: Hit) -> list[str]:
    return [hit.snippet.text[start - hit.snippet.start:end - hit.snippet.start] for start, end in hit.snippet.matches]


def test_snippets_are_exact_and_mark_the_words_of_the_record(archive: Archive) -> None:
    for hit in search(archive, "Buk").hits:
        document = archive.document(hit.document_id)
        assert document is not None
        assert document.text[hit.snippet.start:hit.snippet.start + len(hit.snippet.text)] == hit.snippet.text
        assert len(hit.snippet.text) <= SNIPPET_CHARACTERS
        assert marked(hit)
        assert set(marked(hit)) <= {"Бука", "Бук", "Buk", "Buki", "buków"}


def test_a_phrase_is_marked_as_one(archive: Archive) -> None:
    (hit,) = search(archive, '"sea sparrow" launcher').hits
    assert set(marked(hit)) == {"Sea Sparrow", "launchers"}
    (hit,) = search(archive, "シースパロー").hits
    assert marked(hit) == ["シースパロー"]


def test_a_match_in_the_title_alone_has_a_snippet_without_marks(archive: Archive) -> None:
    (hit,) = search(archive, "発射機").hits
    assert hit.snippet.matches == ()
    assert hit.snippet.text


def test_a_damaged_index_ends_in_a_message(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as opened:
        opened.connection.execute("DROP TABLE document_search_data")
        with pytest.raises(StoreDamaged):
            search(opened, "Buk")


def test_a_story_is_a_filter(archive: Archive) -> None:
    (hit,) = search(archive, "sparrow sea", SearchFilters(outlet="Kyiv Gazette")).hits
    assert names(archive, "sparrow", SearchFilters(story=hit.story_number)) == {"en"}
    assert names(archive, "sparrow", SearchFilters(story=10_000)) == set()
