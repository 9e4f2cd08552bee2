"""The bundled records: our own rewordings, marked as such, readable, in the languages the extractor reads first."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from frankensam.catalogue import load_catalogue
from frankensam.news.reading import read_document

BUNDLED = Path(str(files("frankensam.news"))) / "bundled"
RECORDS = sorted(BUNDLED.glob("*.txt"))
SHARED = Path(__file__).resolve().parents[2].parent / "shared"
LONGEST_SHARED_RUN = 12


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.name)
def test_a_bundled_record_is_read_and_marked(record: Path) -> None:
    content = record.read_bytes()
    document = read_document(content, record.name)
    assert document.url is not None
    assert document.url.startswith("http")
    assert document.language.used == record.stem.split("_")[1]
    assert len(document.paragraphs) >= 2
    text = content.decode("utf-8")
    assert ">Tipo: Reformulação própria\n" in text
    assert ">Nota: own short rewording of the report at the URL; not the outlet's words\n" in text


def test_languages_and_number() -> None:
    assert 12 <= len(RECORDS) <= 16
    assert {record.stem.split("_")[1] for record in RECORDS} == {"en", "uk", "ru", "pl", "de", "fr", "es", "pt"}


def test_every_bundled_record_rewords_a_source_of_the_catalogue() -> None:
    known = {source.url for source in load_catalogue().sources.values()}
    assert {read_document(record.read_bytes(), record.name).url for record in RECORDS} <= known


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the development material is not beside the project")
def test_no_sentence_is_taken_from_the_development_material() -> None:
    """No run of twelve words in common; names of agreements and ministries are shorter."""
    theirs: set[tuple[str, ...]] = set()
    for folder in ("seed", "evidence/records"):
        for path in (SHARED / folder).glob("*.txt"):
            theirs |= runs(path.read_text(encoding="utf-8").partition("### Conteúdo:")[2])
    for record in RECORDS:
        assert not runs(record.read_text(encoding="utf-8").partition("### Conteúdo:")[2]) & theirs, record.name


def runs(text: str) -> set[tuple[str, ...]]:
    words = text.casefold().split()
    return {tuple(words[start:start + LONGEST_SHARED_RUN]) for start in range(len(words) - LONGEST_SHARED_RUN + 1)}
