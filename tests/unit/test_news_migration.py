"""An archive written by the first version is brought up to date, and says afterwards what it said before."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from frankensam.news.archive import SCHEMA_VERSION, Archive, ArchiveRefused
from frankensam.news.reading import read_document
from frankensam.news.searching import search

OLD = Path(__file__).resolve().parents[1] / "corpus" / "archives" / "version_1.db"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return Path(shutil.copy(OLD, tmp_path / "archive.db"))


def version(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    connection.close()
    return found


def test_the_stored_file_is_of_the_first_version() -> None:
    assert version(OLD) == 1 < SCHEMA_VERSION


def test_every_document_is_there_as_it_was(old: Path) -> None:
    with sqlite3.connect(old) as connection:
        before = connection.execute("SELECT document_id, content, record_name FROM documents JOIN originals USING (document_number)"
                                    " JOIN locations USING (document_number) ORDER BY document_number").fetchall()
    connection.close()
    with Archive.open(old) as archive:
        assert [tuple(row) for row in archive.connection.execute("PRAGMA integrity_check")] == [("ok",)]
        documents = list(archive.documents())
        assert [document.document_id for document in documents] == [row[0] for row in before]
        for document, (_, content, name) in zip(documents, before, strict=True):
            assert document == read_document(content, name)
            assert archive.original(document.document_id) == content
        assert sorted(map(len, archive.stories())) == [1, 1, 2]
        assert search(archive, "Buk Києва").matched == 1
    assert version(old) == SCHEMA_VERSION


def test_the_migrated_schema_is_that_of_a_new_archive(old: Path, tmp_path: Path) -> None:
    query = ("SELECT m.name, c.name, c.type, c.\"notnull\" FROM sqlite_master m, pragma_table_info(m.name) c"
             " WHERE m.type = 'table' ORDER BY 1, c.cid")
    with Archive.open(old) as migrated, Archive.open(tmp_path / "new.db") as new:
        assert [tuple(row) for row in migrated.connection.execute(query)] == [tuple(row) for row in new.connection.execute(query)]


def test_reading_alone_changes_nothing(old: Path) -> None:
    before = old.read_bytes()
    with pytest.raises(ArchiveRefused) as refusal:
        Archive.open_for_reading(old)
    assert refusal.value.slug == "archive-older"
    assert old.read_bytes() == before
