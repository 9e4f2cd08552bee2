"""The archive: once per bytes, every place and version kept, whole or refused."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from frankensam.errors import InputRefused, StoreDamaged, UsageRefused
from frankensam.news import archive as archive_module
from frankensam.news.archive import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    Archive,
    ArchiveRefused,
    ArchiveWriteFailed,
    Stored,
    default_archive_path,
)
from frankensam.news.documents import Document
from frankensam.news.reading import read_document

# 200 on demand: FRANKENSAM_INGEST_KILLS=200 pytest -k kill tests/unit/test_news_archive.py
KILLS = int(os.environ.get("FRANKENSAM_INGEST_KILLS", "40"))
NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
Item = tuple[Document, bytes, str]


def record(number: int, *, url: str | None = None, body: str | None = None, date: str = "2024-01-02") -> bytes:
    drawn = random.Random(number)
    words = " ".join(f"word{drawn.randrange(900)}" for _ in range(60))
    return (f"# Título: Report {number} - Gazette\n\n>Data: {date}\n>URL: {url or f'https://news.example/{number}'}\n"
            f">Origem: [Gazette](https://news.example)\n>Idioma: en\n\n### Conteúdo:\n\n{body or words}.\n").encode()


def item(content: bytes, path: str = "/records/a.txt") -> Item:
    return read_document(content, path.rpartition("/")[2]), content, path


def add(archive: Archive, *items: Item) -> list[Stored]:
    return list(archive.add(items, now=NOW))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db") as opened:
        yield opened


def rows(archive: Archive, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in archive.connection.execute(query)]


def test_the_same_bytes_are_stored_once_and_every_place_is_kept(archive: Archive) -> None:
    first, again, elsewhere = add(archive, item(record(1)), item(record(1)), item(record(1), "/other/b.md"))
    assert [stored.outcome for stored in (first, again, elsewhere)] == ["new", "known", "known"]
    assert archive.count() == 1
    assert rows(archive, "SELECT record_name, path FROM locations ORDER BY path") == [("b.md", "/other/b.md"), ("a.txt", "/records/a.txt")]


def test_a_document_comes_back_from_its_original_bytes(archive: Archive) -> None:
    document, content, path = item("\ufeff".encode() + record(1).replace(b"\n", b"\r\n"))
    add(archive, (document, content, path))
    assert archive.document(document.document_id) == document
    assert archive.document("0" * 32) is None
    assert list(archive.documents()) == [document]


def test_the_tables_say_what_the_document_says(archive: Archive) -> None:
    (stored,) = add(archive, item(record(1, body="A launcher. Photo: Agency\n\nThe ministry said so")))
    text = rows(archive, "SELECT text FROM documents")[0][0]
    assert isinstance(text, str)
    found = rows(archive, "SELECT role, start_offset, end_offset FROM paragraphs ORDER BY position")
    assert [(role, text[start:end]) for role, start, end in found] == [  # type: ignore[misc]
        ("headline", "Report 1"), ("caption", "A launcher. Photo: Agency"), ("body", "The ministry said so.")]
    assert rows(archive, "SELECT label, value FROM header_fields WHERE line = 3") == [("Data", "2024-01-02")]
    assert rows(archive, "SELECT published_first_day, published_last_day, language, outlet FROM documents") == [
        ("2024-01-02", "2024-01-02", "en", "Gazette")]
    assert stored.page_version == 1


def test_versions_of_a_changed_page_are_kept(archive: Archive) -> None:
    url = "https://news.example/page"
    first, second, known, third = add(archive, item(record(1, url=url)), item(record(2, url=url)), item(record(1, url=url)),
                                      item(record(3, url=url)))
    assert [stored.page_version for stored in (first, second, known, third)] == [1, 2, 1, 3]
    assert archive.count() == 3


def test_one_article_at_many_addresses_is_one_story(archive: Archive) -> None:
    body = " ".join(f"word{number}" for number in range(50))
    add(archive, *[item(record(number, body=body, date=f"2024-01-{20 - number:02d}"), f"/{number}.txt") for number in range(10)])
    (story,) = archive.stories()
    assert len(story) == 10
    origin = archive.document(story[0])
    assert origin is not None
    assert origin.title == "Report 9"


def test_a_document_between_two_stories_joins_them(archive: Archive) -> None:
    words = [f"word{number}" for number in range(200)]
    left, right, whole = words[:130], words[70:], words
    stories = [len(add(archive, item(record(number, body=" ".join(body))))) and len(archive.stories())
               for number, body in enumerate((left, right, whole))]
    assert stories == [1, 2, 1]
    assert rows(archive, "SELECT count(*) FROM stories") == [(1,)]


def test_warnings_are_stored_and_a_date_in_the_future_is_one(archive: Archive) -> None:
    (stored,) = add(archive, item(record(1, date="2024-06-03").replace(b">Idioma", b">Tom: calm\n>Idioma")))
    assert [warning.slug for warning in stored.warnings] == ["record-unknown-label", "record-date-in-future"]
    assert rows(archive, "SELECT slug, line FROM document_warnings ORDER BY position") == [
        ("record-unknown-label", 6), ("record-date-in-future", None)]


def test_a_date_within_a_day_is_no_warning(archive: Archive) -> None:
    (stored,) = add(archive, item(record(1, date="2024-06-02 11:00+00:00")))
    assert stored.warnings == ()


def test_the_file_says_what_it_is(archive: Archive) -> None:
    assert rows(archive, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert rows(archive, "PRAGMA user_version") == [(SCHEMA_VERSION,)]
    assert rows(archive, "PRAGMA journal_mode") == [("wal",)]
    assert rows(archive, "PRAGMA synchronous") == [(2,)]
    assert rows(archive, "PRAGMA foreign_key_check") == []


def test_nothing_is_yielded_before_its_transaction(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "DOCUMENTS_PER_COMMIT", 3)
    reader = sqlite3.connect(archive.path)
    for number, _ in enumerate(archive.add(item(record(index)) for index in range(8))):
        assert reader.execute("SELECT count(*) FROM documents").fetchone()[0] > number
    reader.close()


def test_an_input_that_fails_midway_loses_only_its_own_group(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "DOCUMENTS_PER_COMMIT", 3)

    def items() -> Iterator[Item]:
        for index in range(5):
            yield item(record(index))
        raise InputRefused([])

    yielded: list[Stored] = []
    with pytest.raises(InputRefused):
        yielded.extend(archive.add(items()))
    assert archive.count() == len(yielded) == 3


def test_a_full_disk_is_told_and_nothing_half_is_left(archive: Archive) -> None:
    add(archive, item(record(1)))
    pages = rows(archive, "PRAGMA page_count")[0][0]
    archive.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(ArchiveWriteFailed) as failure:
        add(archive, *[item(record(index)) for index in range(2, 40)])
    assert "full" in str(failure.value)
    assert archive.count() == 1
    archive.connection.execute("PRAGMA max_page_count = 100000")
    assert [stored.outcome for stored in add(archive, item(record(1)), item(record(2)))] == ["known", "new"]


def test_a_second_writer_waits_and_readers_see_whole_groups(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "LOCK_WAIT_SECONDS", 0.05)
    add(archive, item(record(1)))
    archive.connection.execute("BEGIN IMMEDIATE")
    with Archive.open(archive.path) as other, pytest.raises(ArchiveWriteFailed):
        add(other, item(record(2)))
    archive.connection.execute("ROLLBACK")
    with Archive.open_for_reading(archive.path) as reader:
        assert reader.count() == 1


def test_an_archive_opened_for_reading_cannot_be_changed(archive: Archive) -> None:
    with Archive.open_for_reading(archive.path) as reader, pytest.raises(ArchiveWriteFailed):
        add(reader, item(record(1)))


def test_changed_bytes_are_found(archive: Archive) -> None:
    (stored,) = add(archive, item(record(1)))
    archive.connection.execute("UPDATE originals SET content = CAST(replace(content, 'Gazette', 'Gazelle') AS BLOB)")
    with pytest.raises(StoreDamaged):
        archive.document(stored.document.document_id)


@pytest.mark.parametrize("content", [b"# T\xc3\xadtulo: a text", b"SQLite format 3", b"\x00" * 4096])
def test_a_file_that_is_something_else_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    for opened in (Archive.open, Archive.open_for_reading):
        with pytest.raises(ArchiveRefused) as refusal:
            opened(path)
        assert refusal.value.slug == "archive-not-an-archive"
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_another_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE t (x)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(ArchiveRefused):
        Archive.open(path)
    assert path.read_bytes() == before


def test_a_newer_archive_is_refused(archive: Archive) -> None:
    archive.connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    for opened in (Archive.open, Archive.open_for_reading):
        with pytest.raises(ArchiveRefused) as refusal:
            opened(archive.path)
        assert refusal.value.slug == "archive-newer"


def test_an_older_archive_is_migrated_by_writing_and_refused_for_reading(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    add(archive, item(record(1)))
    monkeypatch.setattr(archive_module, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    monkeypatch.setattr(archive_module, "SCHEMA_SCRIPTS", (*archive_module.SCHEMA_SCRIPTS, "pictures.toml"))
    monkeypatch.setattr(archive_module, "_statements", lambda script: ["CREATE TABLE added (x)", "INSERT INTO added VALUES (1)"])
    with pytest.raises(ArchiveRefused) as refusal:
        Archive.open_for_reading(archive.path)
    assert refusal.value.slug == "archive-older"
    with Archive.open(archive.path) as migrated:
        assert migrated.count() == 1
        assert rows(migrated, "SELECT x FROM added") == [(1,)]
    with Archive.open(archive.path) as again:
        assert rows(again, "SELECT x FROM added") == [(1,)]


def test_a_migration_that_fails_changes_nothing(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    monkeypatch.setattr(archive_module, "SCHEMA_SCRIPTS", (*archive_module.SCHEMA_SCRIPTS, "pictures.toml"))
    monkeypatch.setattr(archive_module, "_statements", lambda script: ["CREATE TABLE added (x)", "NOT SQL"])
    with pytest.raises(ArchiveRefused):
        Archive.open(archive.path)
    assert rows(archive, "PRAGMA user_version") == [(SCHEMA_VERSION,)]
    assert rows(archive, "SELECT count(*) FROM sqlite_master WHERE name = 'added'") == [(0,)]


def test_a_truncated_archive_ends_in_a_message(archive: Archive, tmp_path: Path) -> None:
    add(archive, *[item(record(index)) for index in range(20)])
    archive.close()
    whole = archive.path.read_bytes()
    path = tmp_path / "cut.db"
    ended = {"read": 0, "refused": 0}
    for length in range(0, len(whole), 3_001):
        path.write_bytes(whole[:length])
        try:
            with Archive.open_for_reading(path) as cut:
                ended["read"] += len(list(cut.documents())) == 20
        except (ArchiveRefused, StoreDamaged):
            ended["refused"] += 1
    assert ended["refused"] > 0.9 * len(range(0, len(whole), 3_001))


def test_an_empty_file_is_filled_by_writing_and_refused_for_reading(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.touch()
    with pytest.raises(ArchiveRefused):
        Archive.open_for_reading(path)
    with Archive.open(path) as opened:
        assert opened.count() == 0


def test_where_the_archive_is_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert default_archive_path({"XDG_DATA_HOME": "/data"}) == Path("/data/frankensam/archive.db")
    monkeypatch.setenv("HOME", "/home/a")
    assert default_archive_path({}) == Path("/home/a/.local/share/frankensam/archive.db")
    assert default_archive_path({"XDG_DATA_HOME": "relative"}) == Path("/home/a/.local/share/frankensam/archive.db")

    def no_home() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", no_home)
    with pytest.raises(UsageRefused):
        default_archive_path({})


def ingest_in_a_child(path: Path, items: list[Item], acknowledge: int) -> None:
    """Child process: store everything and write a line to `acknowledge` for each document reported as stored."""
    with Archive.open(path) as archive:
        for stored in archive.add(items):
            os.write(acknowledge, f"{stored.document.document_id}\n".encode())


@pytest.mark.slow
def test_a_kill_at_any_moment_loses_nothing_that_was_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kills from before the file exists to after the last document; every run goes on with the archive of the run before."""
    monkeypatch.setattr(archive_module, "DOCUMENTS_PER_COMMIT", 4)
    items = [item(record(index), f"/records/{index}.txt") for index in range(4 * KILLS)]
    path, drawn, reported = tmp_path / "archive.db", random.Random(7), set[str]()
    killed = 0
    for kill in range(KILLS):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            try:
                ingest_in_a_child(path, items[:4 * (kill + 1)], writing)
            finally:
                os._exit(0)
        os.close(writing)
        time.sleep(drawn.uniform(0.0, 0.04))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status)
        with os.fdopen(reading, encoding="ascii") as stream:
            reported |= set(stream.read().split())
        if reported:
            with Archive.open(path) as archive:
                assert rows(archive, "PRAGMA integrity_check") == [("ok",)]
                assert rows(archive, "PRAGMA foreign_key_check") == []
                assert reported <= {document.document_id for document in archive.documents()}
    assert killed >= KILLS // 2
    assert reported
    with Archive.open(path) as archive:
        add(archive, *items)
        assert archive.count() == len(items)
        for table in ("document_search", "story_documents", "locations"):
            assert rows(archive, f"SELECT count(*) FROM {table}") == [(len(items),)]
