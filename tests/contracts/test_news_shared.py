"""The development material beside the project: every record is read whole, stored once, known the second time."""

from __future__ import annotations

from pathlib import Path

import pytest

from frankensam.news.archive import Archive
from frankensam.news.documents import Document
from frankensam.news.intake import Candidate, find_records, read_bytes
from frankensam.news.reading import read_document

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
FOLDERS = (SHARED / "seed", SHARED / "evidence" / "records")

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not all(folder.is_dir() for folder in FOLDERS), reason="the development material is not beside the project"),
]


def items() -> list[tuple[Document, bytes, str]]:
    found = []
    for candidate in find_records(FOLDERS):
        assert isinstance(candidate, Candidate)
        content = read_bytes(candidate)
        found.append((read_document(content, candidate.name), content, str(candidate.path)))
    return found


def test_all_are_stored_and_the_second_time_known(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        first, second = [list(archive.add(items())) for _ in range(2)]
        assert {stored.outcome for stored in first} == {"new"}
        assert {stored.outcome for stored in second} == {"known"}
        assert archive.count() == len(first) >= 60


def test_texts_are_what_python_reads_and_headers_need_no_warning() -> None:
    for document, _, path in items():
        with open(path, encoding="utf-8") as stream:
            assert document.text == stream.read()
        assert document.warnings == ()
        assert document.title is not None
        assert document.outlet is not None
        assert document.language.used == document.language.declared


def test_roles_of_the_real_report() -> None:
    document = next(document for document, _, path in items() if Path(path).parent == FOLDERS[0])
    roles = [paragraph.role.value for paragraph in document.body_paragraphs]
    assert roles[:2] == ["caption", "headline"]
    assert (roles.count("caption"), roles.count("headline"), roles.count("quotation")) == (3, 1, 2)
    assert document.published is not None
    assert document.published.iso == "2023-12-07T05:00:00-03:00"
